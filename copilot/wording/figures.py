"""Figures in free text that nothing supports: numbers in digits and words, signs, codes.

Knows text only. What supports a figure (a slot, the name of a known product) is taken out of the text first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from copilot.wording.numerals import number_words
from copilot.wording.promises import codes
from copilot.wording.seeing import MASK, SPACED, Figure

__all__ = ["figures", "without"]

# Pictures of digits that Unicode does not file under numbers: a keycap, dice, Braille.
_PICTURED = frozenset("🔟⚀⚁⚂⚃⚄⚅").union(map(chr, range(0x2801, 0x2900)))
_UNITS = (
    r"\s*(?:[%％‰]|(?:percent|per\s?cent|off|points?|euros?|eur|dollars?|usd|pounds?|gbp|days?|prozent)(?!\w)"
    r"|元|折|块|积分|天)"
)
# Names that are written with a digit and say nothing of an offer.
_TERMS = re.compile(
    r"(?<![\w.,])(?:CO[2₂]|H[2₂]O|O[2₂]|[23]D|[48]K|[45]G|MP[34]|A[3-6]|Y2K|Q10|omega[\s-]?[369]"
    rf"|(?:vitamins?|vitamine?|维生素|維生素)\s*[BDK]\d{{1,2}}|B12)(?![\w]|[.,]\d|{_UNITS})",
    re.I,
)


def without(text: str, phrases: Iterable[str]) -> str:
    """The text with known phrases masked; places of everything else stay what they were."""
    folded = _folded(text)
    for phrase in sorted(filter(None, phrases), key=len, reverse=True):
        if _folded(phrase) in folded:
            text = _pattern(phrase).sub(lambda found: MASK * len(found[0]), text)
    return text


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


@lru_cache(512)
def _pattern(phrase: str) -> re.Pattern[str]:
    # A phrase ends where its word ends: the product "Serum 2" must not excuse the 2 of "Serum 20". Beside
    # Chinese it ends anyway. A blank may be one that keeps the line.
    sought = r"\s+".join(map(re.escape, phrase.split()))
    pattern = rf"(?<!{SPACED}){sought}(?!{SPACED})" if phrase.isascii() else sought
    if phrase.rstrip()[-1:].isdigit():
        # Nor the 20 of "Serum 20 % off".
        pattern += rf"(?![\d.,]*\d|{_UNITS})"
    return re.compile(pattern, re.I)


def figures(text: str) -> list[Figure]:
    """Every figure in the text, in order of place."""
    shown = _TERMS.sub(lambda found: MASK * len(found[0]), text)
    found = [*_numbers(shown), *_signs(shown), *number_words(shown), *codes(text)]
    return sorted(found, key=lambda figure: figure.at)


def _numbers(text: str) -> list[Figure]:
    found: list[Figure] = []
    end = 0
    for at, c in enumerate(text):
        if at >= end and _is_digit(c):
            start, end = _edges(text, at, end)
            found.append(Figure(_kind(text[start:end]), text[start:end], start))
    return found


def _edges(text: str, at: int, floor: int) -> tuple[int, int]:
    # What clings to a digit belongs to the figure: `€9.90`, `SAVE20`, `１２％`, `11月20日`.
    start, end = at, at + 1
    while start > floor and _clings(text[start - 1]):
        start -= 1
    while end < len(text) and _clings(text[end]):
        end += 1
    while end > at + 1 and text[end - 1] in ".,:/-":
        end -= 1
    return start, end


def _clings(c: str) -> bool:
    return _is_digit(c) or _is_sign(c) or c in ".,:/-_元折年月日号点" or (c.isascii() and c.isalnum())


def _signs(text: str) -> list[Figure]:
    # Beside a number these belong to it; alone they double the sign that a slot already writes.
    found: list[Figure] = []
    alone: list[Figure] = []  # of the run of clinging characters that is being read
    numbered = False
    for at, c in enumerate(text):
        if not _clings(c):
            found += () if numbered else alone
            alone, numbered = [], False
        elif _is_digit(c):
            numbered = True
        elif _is_sign(c):
            alone.append(Figure("sign", c, at))
    return found if numbered else found + alone


def _kind(word: str) -> str:
    if any(c in "%％‰٪" for c in word):
        return "percentage"
    if any(unicodedata.category(c) == "Sc" for c in word) or "元" in word or "折" in word:
        return "price"
    if any(c.isascii() and c.isupper() for c in word) and sum(c.isalnum() for c in word) > 2:
        return "code"
    return "number"


def _is_digit(c: str) -> bool:
    # Nd: digits of any script, full-width ones too. No, Nl: fractions, superscripts, Roman numerals.
    return unicodedata.category(c) in ("Nd", "No", "Nl") or c in _PICTURED


def _is_sign(c: str) -> bool:
    return c in "%％‰٪" or unicodedata.category(c) == "Sc"
