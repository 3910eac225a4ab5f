"""A sentence being read: what is understood is taken out of it, what is left was not.

Every pattern that reads it is bounded, as sentences are of anybody and any length.
"""

from __future__ import annotations

import re
import unicodedata

from copilot.dialogue.small_words import SMALL, SMALL_HAN

__all__ = ["LONGEST", "Sentence", "cleaned", "in_chinese"]

LONGEST = 2_000  # characters that are read; a wish that long is a text pasted by mistake
_MOST_LEFT, _LEFT_LENGTH = 5, 40
_TAKEN = "\x1f"
_HAN = re.compile(r"[\u3400-\u9fff]")
# `ROI不低于1` has no boundary of words that a pattern could see.
_BETWEEN = re.compile(r"(?<=[A-Za-z])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=[A-Za-z])")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_PIECE = re.compile(r"[^\x1f,;.!?:\n()\"、。]{1,5000}")
_WORD = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+(?:['-][^\W_\u3400-\u9fff]+)*|[%€$£¥]")


def cleaned(text: str) -> str:
    """At most `LONGEST` readable characters, full-width signs as the plain ones, on one line."""
    text = text[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    text = _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text))[:LONGEST]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def in_chinese(text: str) -> bool | None:
    """Whether a person writes Chinese; None where the text does not tell."""
    han, words = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
    return None if not han and not words else han > 2 * words or (han > 1 and han >= words)


class Sentence:
    """What of a sentence is still to be read, in small letters."""

    def __init__(self, text: str) -> None:
        self.text = text.lower()

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Every place of the pattern, which nobody else reads again."""
        found = [one for one in pattern.finditer(self.text) if one.group()]
        self.drop([one.span() for one in found])
        return found

    def drop(self, spans: list[tuple[int, int]]) -> None:
        """Places, in order, that are understood."""
        parts, at = [], 0
        for start, end in spans:
            parts += [self.text[at:start], _TAKEN * (end - start)]
            at = max(at, end)
        self.text = "".join([*parts, self.text[at:]])

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether the pattern is in what is left."""
        return pattern.search(self.text) is not None

    def left(self) -> tuple[str, ...]:
        """What was not understood, small words aside."""
        found = []
        for piece in _PIECE.finditer(self.text):
            words = [one.group() for one in _WORD.finditer(piece.group())]
            first = next((n for n, word in enumerate(words) if _says_something(word)), None)
            if first is not None:
                last = max(n for n, word in enumerate(words) if _says_something(word))
                glue = "" if _HAN.search(words[first]) else " "
                found.append(glue.join(words[first : last + 1])[:_LEFT_LENGTH])
            if len(found) == _MOST_LEFT:
                break
        return tuple(dict.fromkeys(found))


def _says_something(word: str) -> bool:
    if _HAN.match(word):
        return bool(SMALL_HAN.sub("", word))
    return word not in SMALL and word not in "%€$£¥"
