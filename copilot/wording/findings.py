"""What is amiss in a text: where, which words, why, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.domain.check import Check
from copilot.wording.seeing import MASK

__all__ = ["Finding", "as_check"]

_SHOWN = 3
_LONGEST = 60


@dataclass(frozen=True)
class Finding:
    """One thing amiss.

    rule: the check that finds it. kind: what sort of thing. place: the field it stands in, empty for a text
    by itself. at: place of its first character, from 0; None where something is missing.
    """

    rule: str
    kind: str
    words: str
    why: str
    instead: str
    at: int | None = None
    place: str = ""

    def __str__(self) -> str:
        where = self.place if self.at is None else f"{self.place}, character {self.at + 1}"
        return f"{where}: {self.kind} {_shown(self.words)}: {self.why}; {self.instead}"


def as_check(rule: str, found: Sequence[Finding], praise: str) -> Check:
    """The findings as one check; the first few are told."""
    more = f" (and {len(found) - _SHOWN} more)" if len(found) > _SHOWN else ""
    told = "; ".join(map(str, found[:_SHOWN])) + more
    return Check(rule=rule, passed=not found, message=told if found else praise)


def _shown(words: str) -> str:
    text = words.replace(MASK, "")
    return repr(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
