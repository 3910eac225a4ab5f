"""How long a text is for its reader: what is seen as one character counts one."""

from __future__ import annotations

import unicodedata

__all__ = ["length"]

_JOINER = "\u200d"  # joins emoji into one


def length(text: str, *, wide: bool = False) -> int:
    """Characters as a person counts them.

    Accents set by combining marks, variation selectors, skin tones, the invisible and what a joiner glues on
    do not count; a flag is one. wide: full-width characters count two, as they take the room of two.
    """
    if text.isascii():
        return len(text)
    count = 0
    before, flag_open = "", False
    for c in unicodedata.normalize("NFC", text):
        flag = "\U0001f1e6" <= c <= "\U0001f1ff"
        hidden = _adds_to_the_one_before(c) or before == _JOINER or (flag and flag_open)
        flag_open = flag and not flag_open
        before = c
        if not hidden:
            count += 2 if wide and (flag or unicodedata.east_asian_width(c) in "WF") else 1
    return count


def _adds_to_the_one_before(c: str) -> bool:
    return unicodedata.category(c) in ("Mn", "Me", "Cf") or "\U0001f3fb" <= c <= "\U0001f3ff"
