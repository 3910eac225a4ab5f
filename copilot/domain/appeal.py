"""What a copy model says of words: how much they draw clicks, how sure that is, and which words do it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from copilot.domain.forecast import Estimate
from copilot.domain.noun import Noun

__all__ = ["CopyAppeal", "CopyComparison", "CopyReason", "CopyScore"]


class CopyReason(Noun):
    """A phrase of a text, or a trait of the whole of it, and what it adds to the click rate in percent."""

    phrase: str
    trait: bool
    percent: float


class CopyAppeal(Noun):
    """The appeal of a draft's words, as a factor on its click rate, and why, strongest first."""

    factor: Estimate
    reasons: tuple[CopyReason, ...]


class CopyScore(Noun):
    """One text beside the average of what the model learnt from.

    text: as it was read. percent: change of the click rate, None where there was nothing to read. note: what
    a reader of the figures has to know.
    """

    text: str
    percent: Estimate | None
    reasons: tuple[CopyReason, ...] = ()
    note: str = ""


class CopyComparison(Noun):
    """Two texts: which draws the higher click rate (None: neither), and with what probability.

    probability: None where it cannot be told, as no word of either text is known.
    """

    better: Literal["a", "b"] | None
    probability: Annotated[float, Field(ge=0.5, le=1)] | None
    a: CopyScore
    b: CopyScore
