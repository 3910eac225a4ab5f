"""Who writes, and what comes of it: a language model on a leash, completed by the built-in planner.

Both writers run in the same LangChain agent, with the same tools and the same limits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from copilot.domain.draft import StrategyDraft
from copilot.domain.events import Drafting, Event
from copilot.domain.report import Usage
from copilot.domain.scored import ScoredDraft
from copilot.drafting.budget import Budget
from copilot.drafting.llm import Line, LocalLine, connect
from copilot.drafting.planner import PLANNER, Planner
from copilot.drafting.prompting import Prompt, opening, planner_opening, reminder
from copilot.drafting.session import Case, Session
from copilot.drafting.tools import build_tools
from copilot.errors import ModelError, ModelMisbehaved
from copilot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["PLANNER", "Written", "write_drafts"]

OnEvent = Callable[[Event], None]
Clock = Callable[[], float]

_NO_KEY = (
    "OPENAI_BASE_URL is set without OPENAI_API_KEY: the built-in planner wrote. "
    "Where the server asks for no key, set any text."
)
_ENOUGH = 40  # calls of either kind; the planner makes about five
_RESERVE = 5.0  # seconds kept from the model for the planner to finish in, at most a third of all


@dataclass(frozen=True)
class Written:
    """Drafts for one brief and who wrote each; `writer` is the model id that really answered."""

    drafts: tuple[StrategyDraft, ...]
    authors: Mapping[str, str]
    usage: Usage
    notes: tuple[str, ...]
    writer: str
    completed_by_planner: bool
    prompts: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """What one writer brought."""

    author: str
    drafts: tuple[ScoredDraft, ...]
    budget: Budget
    failure: ModelError | None = None
    prompts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def write_drafts(
    case: Case,
    settings: Settings,
    *,
    on_event: OnEvent | None = None,
    clock: Clock = time.monotonic,
    fallback: bool = True,
) -> Written:
    """Drafts for the case's brief, as many as it asks for where that many are admissible.

    With a key in the settings a language model writes; what it leaves undone the planner completes, and
    the notes say why. Without a key the planner writes everything.

    Raises:
        ModelError: the model failed, or handed in too few usable drafts, and `fallback` is False.
    """
    began, tell = clock(), on_event or _silent
    by_model = _by_model(case, settings, tell, clock) if settings.openai_api_key else None
    missing = case.brief.strategies - (len(by_model.drafts) if by_model else 0)
    if missing <= 0 and by_model:
        return _joined(by_model, None, ())
    if by_model and not fallback:
        return _without_fallback(case, by_model)
    left = max(settings.deadline_seconds - (clock() - began), _reserve(settings))
    by_planner = _by_planner(case, settings, tell, clock, missing, by_model, left)
    return _joined(by_model, by_planner, _notes(case, settings, by_model, by_planner))


def _by_model(case: Case, settings: Settings, tell: OnEvent, clock: Clock) -> _Part:
    tell(Drafting(author=settings.model))
    session = Session(case, wanted=case.brief.strategies, on_event=tell)
    seconds = settings.deadline_seconds - _reserve(settings)
    budget = Budget(settings.model_calls, settings.tool_calls, settings.tokens, seconds, clock)
    prompt = opening(case)
    model, line = connect(settings)
    failure = None
    try:
        _run(model, session, budget, line, prompt)
        if not session.finished:
            raise ModelMisbehaved(
                "the language model stopped before it handed in its strategies", cause="stopped"
            )
    except ModelError as error:
        failure = error
    finally:
        line.close()
    drafts = _taken(session, case.brief.strategies)
    return _Part(line.answered_by or settings.model, drafts, budget, failure, prompt.versions)


def _by_planner(
    case: Case,
    settings: Settings,
    tell: OnEvent,
    clock: Clock,
    missing: int,
    by_model: _Part | None,
    seconds: float,
) -> _Part:
    from copilot.drafting.planner_model import PlannerModel

    tell(Drafting(author=PLANNER))
    taken = [one.draft for one in by_model.drafts] if by_model else []
    session = Session(
        case, wanted=missing, trusted=True, taken=[draft.draft_id for draft in taken], on_event=tell
    )
    # Its loop is short by construction: limits meant for a model must not keep it from finishing.
    budget = Budget(_ENOUGH, _ENOUGH, _ENOUGH, seconds, clock)
    planner = Planner(case.brief, case.facts, wanted=missing, taken=taken)
    failure = None
    try:
        _run(PlannerModel(planner=planner), session, budget, LocalLine(), planner_opening())
    except ModelError as error:
        failure = error
    drafts = _taken(session, len(session.accepted) or missing)
    if session.failure is not None and not drafts:
        raise session.failure  # a tool is broken: "nothing feasible" would be a lie
    return _Part(PLANNER, drafts, budget, failure)


def _run(model: BaseChatModel, session: Session, budget: Budget, line: Line, prompt: Prompt) -> None:
    """Let one writer work until its strategies are in, it stops, or a limit is reached."""
    from langchain.agents import create_agent
    from langsmith import tracing_context

    from copilot.drafting.limits import Limits

    agent: Any = create_agent(
        model,
        tools=build_tools(session),
        system_prompt=prompt.system,
        middleware=[Limits(session, budget, line)],
    )
    messages: list[Any] = [{"role": "user", "content": prompt.user}]
    # Nothing of a brief goes to a tracing service that was set up for something else.
    with tracing_context(enabled=False):
        messages = agent.invoke({"messages": messages})["messages"]
        if not session.finished and prompt.reminds:
            agent.invoke({"messages": [*messages, {"role": "user", "content": reminder(session.case)}]})


def _taken(session: Session, count: int) -> tuple[ScoredDraft, ...]:
    accepted = sorted(session.accepted.values(), key=lambda one: -one.utility)[:count]
    return (*accepted, *session.best_scored(count - len(accepted)))


def _joined(by_model: _Part | None, by_planner: _Part | None, notes: Sequence[str]) -> Written:
    parts = [part for part in (by_model, by_planner) if part]
    drafts = {one.draft.draft_id: one.draft for part in parts for one in part.drafts}
    return Written(
        drafts=tuple(drafts.values()),
        authors={one.draft.draft_id: part.author for part in parts for one in part.drafts},
        usage=_usage(by_model, by_planner),
        notes=tuple(notes),
        writer=by_model.author if by_model and by_model.drafts else PLANNER,
        completed_by_planner=bool(by_model and by_planner),
        prompts=by_model.prompts if by_model else (),
    )


def _usage(by_model: _Part | None, by_planner: _Part | None) -> Usage:
    # The planner costs nothing but time: its turns are no calls to a model.
    budgets = [part.budget for part in (by_model, by_planner) if part]
    spent = by_model.budget if by_model else None
    return Usage(
        model_calls=spent.used_model_calls if spent else 0,
        tool_calls=sum(budget.used_tool_calls for budget in budgets),
        input_tokens=spent.input_tokens if spent else None,
        output_tokens=spent.output_tokens if spent else None,
        seconds=round(sum(budget.spent_seconds() for budget in budgets), 3),
    )


def _notes(case: Case, settings: Settings, by_model: _Part | None, by_planner: _Part) -> list[str]:
    from copilot.drafting.phrases import phrases_of

    notes: list[str] = []
    wanted = case.brief.strategies
    if by_model:
        cause = by_model.failure or f"it handed in {len(by_model.drafts)} usable strategies of {wanted}"
        wrote = _ids(by_model) if by_model.drafts else "none"
        notes.append(f"The language model {by_model.author} wrote {wrote}: {cause}.")
        notes.append(f"The {PLANNER} completed the rest: {_ids(by_planner)}.")
    elif settings.openai_base_url:
        notes.append(_NO_KEY)
    if by_planner.failure:
        notes.append(f"The {PLANNER} stopped early: {by_planner.failure}.")
    written = phrases_of(case.brief.language)[1]
    if by_planner.drafts and case.brief.language.split("-")[0] != written:
        notes.append(f"The {PLANNER} writes English and Chinese; {case.brief.language} was asked for.")
    return notes


def _ids(part: _Part) -> str:
    return ", ".join(one.draft.draft_id for one in part.drafts) or "nothing"


def _without_fallback(case: Case, by_model: _Part) -> Written:
    if by_model.failure:
        raise by_model.failure
    wanted, got = case.brief.strategies, len(by_model.drafts)
    if got < len(case.sweep(limit=wanted)):
        told = f"the language model handed in {got} usable strategies of {wanted}"
        raise ModelMisbehaved(told, cause="too few")
    return _joined(by_model, None, ())


def _reserve(settings: Settings) -> float:
    return min(_RESERVE, settings.deadline_seconds / 3)


def _silent(_: Event) -> None:
    return None
