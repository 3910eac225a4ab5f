"""Why a saved strategy ranks where it does: told from its report and the record of its run, nothing else."""

from __future__ import annotations

from typing import Literal

from copilot.domain.forecast import Estimate
from copilot.domain.noun import Noun
from copilot.domain.record import Trial

__all__ = ["Explanation", "OtherDraft", "Passage", "Standing", "Topic", "Turn", "WhyNot"]

Topic = Literal["asked", "standing", "evidence", "writing", "others", "rules", "cost"]
WhyNot = Literal["breaks a rule", "reaches nobody", "near-duplicate", "enough", "sent back", "not handed in"]


class Standing(Noun):
    """Where it ranks and by what. total: what the brief asks for, over the customers contacted.

    utility: what ranking goes by, the total with a price on its doubt taken off; behind_first, ahead_of_next:
    distances in it. overlaps_first, overlaps_next: whether the 90 % intervals of the totals do. None where
    there is no such other, or nothing was recorded.
    """

    rank: int
    of: int
    total: Estimate
    utility: float | None = None
    behind_first: float | None = None
    ahead_of_next: float | None = None
    overlaps_first: bool | None = None
    overlaps_next: bool | None = None


class Turn(Noun):
    """One round of a draft: as it stood (None: it could not be read), and what it was sent back for.

    kept: False for a revision that forecast worse than what it revises, which stayed.
    """

    round: int | None
    trial: Trial | None
    problems: tuple[str, ...] = ()
    kept: bool = True


class OtherDraft(Noun):
    """A draft that was scored and is not in the report.

    like_rank: of the strategy that it is too like; problems: what it was sent back for.
    """

    trial: Trial
    author: str
    judged: bool
    why: WhyNot
    like_rank: int | None = None
    problems: tuple[str, ...] = ()


class Passage(Noun):
    """A part of the explanation in plain words."""

    topic: Topic
    title: str
    sentences: tuple[str, ...]


class Explanation(Noun):
    """What is known of why a strategy ranks where it does.

    recorded: whether its run was; if not, only what the report holds is told. searched: the draft as the
    searching side saw it when it was handed in; judged: as the report has it, corrected for being chosen.
    """

    strategy_id: str
    brief_id: str
    draft_id: str
    terms: str
    author: str
    recorded: bool
    standing: Standing
    turns: tuple[Turn, ...] = ()
    searched: Trial | None = None
    judged: Trial | None = None
    others: tuple[OtherDraft, ...] = ()
    passages: tuple[Passage, ...] = ()
