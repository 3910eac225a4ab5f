"""The shape of the planner's sentences in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Phrases", "Pitch", "phrases_of"]


class Pitch(NamedTuple):
    """One way to put an offer."""

    subject: str
    lead: str
    action: str


@dataclass(frozen=True)
class Phrases:
    """All sentences of one language. `pitches` by offer type, the conditions by slot."""

    promoted: Mapping[str, Mapping[str, str]]
    pitches: Mapping[str, tuple[Pitch, ...]]
    all_of_it: Mapping[str, str]
    greeting: str
    closing: str
    opt_out: str
    conditions: Mapping[str, str]
    short_conditions: Mapping[str, str]
    full_stop: str
    exclamation: str
    space: str
    bare: str
    objectives: Mapping[str, str]
    why: Mapping[str, str]


def phrases_of(language: str) -> tuple[Phrases, str]:
    """The phrases for a language, and the language they really are in (English where we have no better)."""
    if language.split("-")[0] == "zh":
        from copilot.drafting.phrases_zh import CHINESE

        return CHINESE, "zh"
    from copilot.drafting.phrases_en import ENGLISH

    return ENGLISH, "en"
