"""Who writes, and what comes of it: a language model on a leash, completed by the built-in planner.

Both writers go through the same loop, with the same tools and the same limits.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from copilot.deciding.ranking import rank
from copilot.domain.events import Drafting, Event
from copilot.domain.scored import ScoredDraft
from copilot.drafting.budget import Budget
from copilot.drafting.listener import Listener
from copilot.drafting.llm import LocalLine, connect
from copilot.drafting.loop import converse
from copilot.drafting.planner import PLANNER, Planner
from copilot.drafting.planner_notes import banned_phrases
from copilot.drafting.prompting import opening, planner_opening
from copilot.drafting.session import FRONTIER, Session
from copilot.drafting.stopping import Stop
from copilot.drafting.tools import tool_schemas
from copilot.drafting.written import Part, Written, joined, missed, notes
from copilot.errors import Cancelled, ModelError, ModelMisbehaved
from copilot.settings import Settings

if TYPE_CHECKING:
    from copilot.deciding.case import Case

__all__ = ["PLANNER", "Written", "write_drafts"]

Clock = Callable[[], float]

_ENOUGH = 40  # calls of either kind; the planner makes about five
_RESERVE = 5.0  # seconds kept from the model for the planner to finish in, at most a third of all
_NO_KEY = (
    "OPENAI_BASE_URL is set without OPENAI_API_KEY: the built-in planner wrote. "
    "Where the server asks for no key, set any text."
)
_NOT_ASKED = (
    "No offer within the brief's limits beats sending nothing by forecast: no language model was asked."
)
_logger = logging.getLogger(__name__)


def write_drafts(
    case: Case,
    settings: Settings,
    *,
    on_event: Callable[[Event], None] | None = None,
    clock: Clock = time.monotonic,
    fallback: bool = True,
    stop: Stop | None = None,
) -> Written:
    """Drafts for the case's brief, as many as it asks for where that many are admissible.

    With a key in the settings a language model writes; what it leaves undone the planner completes, and
    the notes say why. Without a key the planner writes everything. An exception of `on_event` ends the
    writing and is raised; so does `stop`, at once.

    Raises:
        Cancelled: `stop` was set.
        ModelError: the model failed, or handed in too few usable drafts, and `fallback` is False.
    """
    began, listener, wanted = clock(), Listener(on_event, stop), case.brief.strategies
    by_model, told = None, []
    if settings.openai_api_key:
        by_model = _by_model(case, settings, listener, clock)
        told += [] if by_model else [_NOT_ASKED]
    if by_model:
        if not fallback:
            _require_enough(case, by_model)
        if by_model.usable >= wanted or not fallback:
            return joined(by_model, None, notes(case.brief, by_model, None))
    left = max(settings.deadline_seconds - (clock() - began), _reserve(settings))
    by_planner = _by_planner(case, by_model, listener, Budget(_ENOUGH, _ENOUGH, _ENOUGH, left, clock))
    told += [_NO_KEY] if settings.openai_base_url and not settings.openai_api_key else []
    return joined(by_model, by_planner, [*told, *notes(case.brief, by_model, by_planner)])


def _by_model(case: Case, settings: Settings, listener: Listener, clock: Clock) -> Part | None:
    session = Session(case, wanted=case.brief.strategies, listener=listener)
    frontier = session.sweep(limit=FRONTIER)
    if not frontier:
        return None
    listener.tell(Drafting(author=settings.model))
    prompt = opening(case, frontier)
    line, failure, budget = None, None, _budget(settings, clock)
    try:
        line = connect(settings, tool_schemas(), listener.stop, session.record, _telling(listener))
        # From here on: what the first brief of a process pays for imports is not the model's time.
        budget = _budget(settings, clock)
        converse(line, session, budget, prompt)
    except Cancelled:
        raise
    except ModelError as error:
        failure = error
    except Exception as error:
        listener.check()
        _logger.warning("the writing stopped on %s", type(error).__name__)
        failure = ModelMisbehaved(f"the writing could not go on ({type(error).__name__})", cause="loop")
    finally:
        if line:
            line.close()
    drafts = _taken(session, case.brief.strategies)
    if failure is None and not session.finished:
        failure = ModelMisbehaved("it stopped before it handed in its strategies", cause="stopped")
    author = line.answered_by if line else settings.model
    given_up = tuple(line.failures) if line else ()
    usable = rank(case.judge([one.draft for one in drafts]), case.brief.strategies)
    return Part(
        author,
        drafts,
        budget,
        session.record,
        failure,
        usable=len(usable),
        prompts=prompt.versions,
        authors=session.authors,
        given_up=given_up,
    )


def _telling(listener: Listener) -> Callable[[str, ModelError], None]:
    return lambda model, cause: listener.tell(Drafting(author=model, because=str(cause)))


def _budget(settings: Settings, clock: Clock) -> Budget:
    seconds = settings.deadline_seconds - _reserve(settings)
    return Budget(settings.model_calls, settings.tool_calls, settings.tokens, seconds, clock, settings.money)


def _by_planner(case: Case, by_model: Part | None, listener: Listener, budget: Budget) -> Part:
    # Its loop is short by construction: limits meant for a model do not keep it from finishing.
    from copilot.drafting.planner_model import PlannerModel

    listener.tell(Drafting(author=PLANNER, because=missed(case.brief, by_model) if by_model else ""))
    taken = by_model.drafts if by_model else ()
    missing = case.brief.strategies - (by_model.usable if by_model else 0)
    session = Session(case, wanted=missing, listener=listener, trusted=True, taken=taken)
    others = [one.draft for one in taken]
    planner = Planner(case.brief, case.facts, case.grounds, wanted=missing, taken=others)
    failure = None
    try:
        line = LocalLine(PlannerModel(planner=planner).invoke, PLANNER, session.record)
        converse(line, session, budget, planner_opening())
    except ModelError as error:
        failure = error
    drafts = _taken(session, max(missing, len(session.accepted)))
    if session.failure is not None and not drafts:
        raise session.failure  # a tool is broken: "nothing feasible" would be a lie
    banned = banned_phrases(case, session.scored.values())
    return Part(PLANNER, drafts, budget, session.record, failure, authors=session.authors, banned=banned)


def _taken(session: Session, count: int) -> tuple[ScoredDraft, ...]:
    """What was handed in, and where the writer could not finish, the best of what it had forecast."""
    # All that were accepted, as the judge may find fault with one.
    accepted = sorted(session.accepted.values(), key=lambda one: -one.utility)
    # What a model tried and then did not choose to hand in is no strategy of its own.
    left = () if session.finished and not session.trusted else session.best_scored(count - len(accepted))
    return (*accepted, *left)


def _require_enough(case: Case, by_model: Part) -> None:
    wanted, got = case.brief.strategies, by_model.usable
    if got >= wanted:
        return
    if by_model.failure:
        raise by_model.failure
    if got < len(case.sweep(limit=wanted)):
        told = f"the language model handed in {got} usable strategies of {wanted}"
        raise ModelMisbehaved(told, cause="too few")


def _reserve(settings: Settings) -> float:
    return min(_RESERVE, settings.deadline_seconds / 3)
