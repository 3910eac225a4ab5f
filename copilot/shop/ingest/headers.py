"""Header names: the same column whatever its case and spaces; which are missing, and what comes near."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from copilot.errors import InvalidInput

__all__ = ["near", "normal", "positions"]

_GAPS = re.compile(r"[\s\-]+")
# Characters that the text form of an audience condition reads as its own.
_RESERVED = re.compile(r"[<>=!;|]+")


def normal(name: str) -> str:
    """A header as a column name: trimmed, lower case, underscores for spaces and hyphens."""
    return _RESERVED.sub("_", _GAPS.sub("_", name.strip().strip("\ufeff").strip())).casefold()


def positions(header: Sequence[str], *, where: str) -> dict[str, int]:
    """Where each named column is. Columns without a name are left out.

    Raises:
        InvalidInput: two columns of one name.
    """
    found: dict[str, int] = {}
    for place, name in enumerate(map(normal, header)):
        if name in found:
            received = f"{header[found[name]].strip()!r} and {header[place].strip()!r}"
            raise InvalidInput("header", "each column once", received, where=where)
        if name:
            found[name] = place
    return found


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name most like this one, if any is."""
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.6)), None)
