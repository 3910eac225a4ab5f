"""Figures in free text that nothing supports: numbers in digits and words, signs, codes.

Knows text only. What supports a figure (a slot, the name of a known product) is taken out of the text first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from copilot.wording.numerals import number_words
from copilot.wording.promises import codes
from copilot.wording.seeing import MASK, Figure

__all__ = ["figures", "without"]


def without(text: str, phrases: Iterable[str]) -> str:
    """The text with known phrases masked; places of everything else stay what they were."""
    for phrase in sorted(filter(None, phrases), key=len, reverse=True):
        # A phrase ends where its word ends: the product "Serum 2" must not excuse the 2 of "Serum 20".
        pattern = rf"(?<!\w){re.escape(phrase)}(?!\w)" if phrase.isascii() else re.escape(phrase)
        if phrase[-1].isdigit():
            pattern += r"(?![\d.,]*\d)"
        text = re.sub(pattern, lambda found: MASK * len(found[0]), text, flags=re.I)
    return text


def figures(text: str) -> list[Figure]:
    """Every figure in the text, in order of place."""
    found = [*_numbers(text), *_signs(text), *number_words(text), *codes(text)]
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
    return [
        Figure("sign", c, at)
        for at, c in enumerate(text)
        if _is_sign(c) and not any(map(_is_digit, text[slice(*_edges(text, at, 0))]))
    ]


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
    return unicodedata.category(c) in ("Nd", "No", "Nl")


def _is_sign(c: str) -> bool:
    return c in "%％‰٪" or unicodedata.category(c) == "Sc"
