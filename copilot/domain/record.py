"""The record of one run: what was said to each writer, what it answered, what was made of its drafts.

It holds no secret and no clock: the same seed and the same answers give the same record.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from copilot.domain.brief import Objective
from copilot.domain.check import Check
from copilot.domain.forecast import Estimate
from copilot.domain.noun import Noun

__all__ = [
    "LONGEST",
    "Accepted",
    "Answered",
    "Failed",
    "LeftOut",
    "Returned",
    "RunRecord",
    "Said",
    "Step",
    "ToolAnswered",
    "ToolCall",
    "Trial",
    "Tried",
    "Verdict",
    "Writing",
]

LONGEST = 200_000  # characters of one text; what is longer is cut, and says so
LeftOut = Literal["breaks a rule", "reaches nobody", "near-duplicate", "enough"]

Long = Annotated[str, Field(max_length=LONGEST + 100)]


class Said(Noun):
    """What was said to the writer: its task, the opening, or a reminder."""

    stage: Literal["said"] = "said"
    role: Literal["system", "user"]
    text: Long


class ToolCall(Noun):
    """A tool that the writer called; the arguments as JSON text."""

    call_id: Long
    name: Long
    arguments: Long


class Answered(Noun):
    """One answer, as it came.

    used: False if it was refused: empty, cut off, ambiguous; then the conversation goes on without it.
    requests: how many it took, retries included. model: the id the answer carried. tokens: None where the
    server did not count them.
    """

    stage: Literal["answered"] = "answered"
    text: Long
    calls: tuple[ToolCall, ...] = ()
    model: Long | None = None
    finish_reason: Long | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    requests: int = 1
    used: bool = True


class ToolAnswered(Noun):
    """What a tool said, as the writer reads it."""

    stage: Literal["tool"] = "tool"
    call_id: Long
    name: Long
    text: Long


class Trial(Noun):
    """A draft as it stood and was forecast at one moment.

    terms: in words; audience: the conditions that narrow it; total: what the brief asks for, over the
    customers contacted, None where it reaches nobody; utility: that with the price on doubt taken off.
    """

    draft_id: str
    terms: Long
    audience: Long = ""
    audience_size: int
    total: Estimate | None
    utility: float
    broken: tuple[Check, ...] = ()


class Tried(Noun):
    """Drafts that were forecast and checked at the writer's request, by the searching side.

    dropped: revisions that forecast worse than the draft they revise, which stays.
    """

    stage: Literal["tried"] = "tried"
    round: int
    trials: tuple[Trial, ...]
    dropped: tuple[str, ...] = ()


class Returned(Noun):
    """A draft that went back to the writer, and why.

    read: whether it could be; final: whether it was dropped, having come back too often.
    """

    stage: Literal["returned"] = "returned"
    draft_id: Long
    problems: tuple[Long, ...]
    read: bool
    final: bool = False


class Accepted(Noun):
    """Drafts that were handed in and keep every rule."""

    stage: Literal["accepted"] = "accepted"
    draft_ids: tuple[str, ...]


class Failed(Noun):
    """What a writer failed by, after which another model went on or the writing ended.

    author: who failed, where it is known; message: safe to show; requests: made in vain.
    """

    stage: Literal["failed"] = "failed"
    author: Long = ""
    type: str
    cause: str
    message: Long
    requests: int = 0


Step = Annotated[
    Said | Answered | ToolAnswered | Tried | Returned | Accepted | Failed, Field(discriminator="stage")
]


class Writing(Noun):
    """One writer's part, in the order it happened. handed_in: its drafts that were judged, as searched."""

    author: str
    planner: bool
    steps: tuple[Step, ...]
    handed_in: tuple[Trial, ...]


class Verdict(Noun):
    """What became of a draft that was judged.

    judged: as a person sees it; rank: its place in the report, else None, and `left_out` says why; like: the
    returned draft that it is a near-duplicate of.
    """

    author: str
    judged: Trial
    rank: int | None = None
    left_out: LeftOut | None = None
    like: str | None = None


class RunRecord(Noun):
    """One brief being answered. candidates: offers that were searched before any writing."""

    objective: Objective
    currency: str
    seed: int
    as_of: date
    candidates: int
    writings: tuple[Writing, ...]
    verdicts: tuple[Verdict, ...]
