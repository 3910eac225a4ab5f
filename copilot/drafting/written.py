"""What the writers brought, put together: drafts, authors, usage, notes on who wrote what and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import StrategyDraft
from copilot.domain.record import Writing
from copilot.domain.report import Usage
from copilot.domain.scored import ScoredDraft
from copilot.drafting.budget import Budget
from copilot.drafting.planner import PLANNER
from copilot.drafting.planner_notes import heeded_notes
from copilot.drafting.record import Record
from copilot.errors import ModelError

__all__ = ["Part", "Written", "joined", "missed", "notes"]


@dataclass(frozen=True)
class Written:
    """Drafts for one brief and who wrote each; `writer` is the model id that really answered.

    banned: phrases that drafts of the planner were refused for, and how many.
    """

    drafts: tuple[StrategyDraft, ...]
    authors: Mapping[str, str]
    usage: Usage
    notes: tuple[str, ...]
    writer: str
    completed_by_planner: bool
    prompts: tuple[str, ...]
    writings: tuple[Writing, ...]
    banned: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Part:
    """What one writer brought, and what kept it from bringing more.

    usable: how many of its drafts the judge admits, near-duplicates left out. author: who wrote last;
    authors: who wrote each draft, where a fallback model went on; given_up: the models before it, and why.
    banned: phrases that drafts were refused for, and how many.
    """

    author: str
    drafts: tuple[ScoredDraft, ...]
    budget: Budget
    record: Record
    failure: ModelError | None = None
    usable: int = 0
    prompts: tuple[str, ...] = ()
    authors: Mapping[str, str] = field(default_factory=dict)
    given_up: tuple[tuple[str, ModelError], ...] = ()
    banned: Counter[str] = field(default_factory=Counter)


def joined(by_model: Part | None, by_planner: Part | None, told: Sequence[str]) -> Written:
    """The parts as one."""
    parts = [part for part in (by_model, by_planner) if part]
    drafts = {one.draft.draft_id: one.draft for part in parts for one in part.drafts}
    return Written(
        drafts=tuple(drafts.values()),
        authors={
            one.draft.draft_id: part.authors.get(one.draft.draft_id, part.author)
            for part in parts
            for one in part.drafts
        },
        usage=_usage(by_model, parts),
        notes=tuple(told),
        writer=by_model.author if by_model and by_model.drafts else PLANNER,
        completed_by_planner=bool(by_model and by_planner),
        prompts=by_model.prompts if by_model else (),
        writings=tuple(_writing(part) for part in parts),
        banned=by_planner.banned if by_planner else Counter(),
    )


def notes(brief: CampaignBrief, by_model: Part | None, by_planner: Part | None) -> list[str]:
    """Who wrote what where more than one did, and what went wrong."""
    given_up = by_model.given_up if by_model else ()
    told = [f"The language model {name} was given up: {cause}." for name, cause in given_up]
    if by_model and by_planner:
        told.append(f"The language model {missed(brief, by_model)}. The {PLANNER} completed the rest.")
    elif by_model and by_model.failure:
        told.append(f"The language model {by_model.author} stopped early: {by_model.failure}.")
    if by_planner and by_planner.failure:
        told.append(f"The {PLANNER} stopped early: {by_planner.failure}.")
    if by_planner and by_planner.drafts:
        told += heeded_notes(brief, PLANNER)
    return told


def missed(brief: CampaignBrief, by_model: Part) -> str:
    """What a language model brought, and why not more."""
    told = f"{by_model.author} handed in {by_model.usable or 'none'} of {brief.strategies} usable strategies"
    if by_model.failure:
        return f"{told}: {by_model.failure}"
    rules = by_model.record.sent_back_for()
    return f"{told}; drafts went back for {', '.join(rules)}" if rules else told


def _writing(part: Part) -> Writing:
    return part.record.writing(part.author, part.drafts, part.failure, planner=part.author == PLANNER)


def _usage(by_model: Part | None, parts: Sequence[Part]) -> Usage:
    # The planner costs nothing but time: its turns are no calls to a model.
    spent = by_model.budget if by_model else None
    return Usage(
        model_calls=spent.used_model_calls if spent else 0,
        tool_calls=spent.used_tool_calls if spent else sum(part.budget.used_tool_calls for part in parts),
        input_tokens=spent.input_tokens if spent else None,
        output_tokens=spent.output_tokens if spent else None,
        cost=spent.spent_money() if spent else None,
        seconds=round(sum(part.budget.spent_seconds() for part in parts), 3),
    )
