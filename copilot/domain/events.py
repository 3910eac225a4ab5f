"""What happens while a brief is worked on, one frozen event each, in the order it happens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from copilot.domain.noun import Noun
from copilot.domain.report import Report

__all__ = [
    "ContextRead",
    "Cost",
    "Drafting",
    "DraftsScored",
    "Event",
    "FrontierSwept",
    "Ranked",
    "Revised",
    "Saved",
]


class ContextRead(Noun):
    """The store was read once; nothing is looked up after this."""

    stage: Literal["context"] = "context"
    customers: int
    products: int
    past_arms: int
    as_of: str


class FrontierSwept(Noun):
    """The offer space was swept by code before any writing."""

    stage: Literal["frontier"] = "frontier"
    candidates: int
    customers: int
    best: str


class Drafting(Noun):
    """A writer took over: a model id, or the built-in planner; `because`: what kept another from going on."""

    stage: Literal["draft"] = "draft"
    author: str
    because: str = ""


class DraftsScored(Noun):
    """Drafts were forecast and checked at the writer's request."""

    stage: Literal["scored"] = "scored"
    round: int
    drafts: int
    rejected: int
    best: str


class Revised(Noun):
    """A draft was changed and scored again; `kept`: whether the change stays, as it is no worse."""

    stage: Literal["revised"] = "revised"
    draft_id: str
    before: str
    after: str
    kept: bool


class Ranked(Noun):
    """Code ranked what was submitted."""

    stage: Literal["ranked"] = "ranked"
    strategies: int
    status: str


class Saved(Noun):
    """The report is in the store."""

    stage: Literal["saved"] = "saved"
    brief_id: str
    report: Report


class Cost(Noun):
    """What the brief took; the last event. `None` is what is not known, as in the report's usage."""

    stage: Literal["cost"] = "cost"
    model_calls: int
    tool_calls: int
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None
    seconds: float


Event = Annotated[
    ContextRead | FrontierSwept | Drafting | DraftsScored | Revised | Ranked | Saved | Cost,
    Field(discriminator="stage"),
]
