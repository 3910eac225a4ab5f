"""Texts as words and n-grams. Knows nothing of outcomes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

__all__ = ["LONGEST", "kind_and_text", "terms_of", "words_of"]

LONGEST = 1_000  # characters that are read: nobody sees more of a first line
USUAL = 20  # characters of a word that may come again
CHARACTERS = (2, 5)  # lengths of character n-grams, within words and their edges

# Scripts without blanks between words: a character stands for a word.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W\d_{_UNSPACED}]+(?:'[^\W\d_{_UNSPACED}]+)*|\d+|[^\w\s]|_")
_QUOTES = str.maketrans("’‘“”«»", '\'\'""""')


def words_of(text: str) -> list[str]:
    """Words, numbers and signs of a text in order, in small letters."""
    return _WORD.findall(_plain(text))


def terms_of(text: str, words: Sequence[str] | None = None) -> Counter[str]:
    """How often each n-gram occurs: single words, pairs of neighbours, characters within words.

    words: those of the text, where they are known already.
    """
    known = words_of(text) if words is None else words
    counted = Counter(f"1{word}" for word in known)
    counted.update(f"2{one} {other}" for one, other in pairwise(known))
    for chunk in _plain(text).split():
        counted.update(_usual_characters(chunk) if len(chunk) <= USUAL else _characters(chunk))
    return counted


def kind_and_text(term: str) -> tuple[str, str]:
    """What a term is (`word`, `pair`, `characters`), and its text."""
    return {"1": "word", "2": "pair", "c": "characters"}[term[0]], term[1:]


# The same few thousand words make most texts; what has no blanks is no word, and is not kept.
@lru_cache(maxsize=20_000)
def _usual_characters(chunk: str) -> tuple[str, ...]:
    return _characters(chunk)


def _characters(chunk: str) -> tuple[str, ...]:
    shortest, longest = CHARACTERS
    padded = f" {chunk} "
    found = []
    for length in range(shortest, min(longest, len(padded)) + 1):
        found += [f"c{padded[at : at + length]}" for at in range(len(padded) - length + 1)]
    return tuple(found)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:LONGEST]).translate(_QUOTES).lower()
