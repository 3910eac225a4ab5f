"""A word in the forms a reader takes for the same: English plurals, verb forms and comparatives.

By rule and not by dictionary: where a rule would take in another word (`custom`, `customer`) it is left out,
and `custom*` is the way to say that any ending counts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from copilot.wording.seeing import seen

__all__ = ["in_any_form"]

# Short words of praise and blame, the only ones with -er and -est: `deal` must not find `dealer`.
_ADJECTIVES = frozenset(
    ("big", "bold", "bright", "cheap", "clean", "cool", "crazy", "cute", "easy", "fancy", "fast",
     "fine", "fresh", "great", "happy", "healthy", "hot", "huge", "large", "light", "low", "mad",
     "neat", "new", "nice", "quick", "rich", "safe", "sexy", "sharp", "shiny", "silly", "slim",
     "smart", "smooth", "soft", "strong", "sweet", "thin", "tiny", "trendy", "ugly", "warm", "weak",
     "wild", "wise", "young")
)  # fmt: skip
_VOWELS = "aeiou"


@lru_cache(maxsize=2048)
def in_any_form(phrase: str, language: str) -> re.Pattern[str]:
    """What finds the phrase as words of its own, its last word in any form where the language is English.

    A phrase that ends in `*` is found with any ending. Scripts without blanks are found anywhere.
    """
    shown = " ".join(seen(phrase)[0].split())
    stem, any_ending = (shown[:-1], True) if shown.endswith("*") and len(shown) > 1 else (shown, False)
    first, _, last = stem.rpartition(" ")
    words = [re.escape(word) for word in first.split()]
    english = language.split("-")[0] in ("en", "all")
    if any_ending:
        words.append(re.escape(last) + r"\w{0,40}")
    elif english and last.isascii() and last.isalpha():
        words.append(f"(?:{_forms(last.lower())})")
    else:
        words.append(re.escape(last))
    left, right = (r"(?<!\w)" if _spaced(stem[0]) else ""), (r"(?!\w)" if _spaced(stem[-1]) else "")
    return re.compile(left + r"[\s-]{1,4}".join(words) + right, re.IGNORECASE)


def _spaced(c: str) -> bool:
    """Whether a character is of a script that puts blanks between words."""
    return c.isalnum() and c < "\u2e80"


def _forms(word: str) -> str:
    """A pattern of an English word in its regular forms."""
    adjective = "|er|est" if word in _ADJECTIVES else ""
    plain = rf"{word}(?:s|es|'s|s'|ed|ing{adjective})?"
    if len(word) < 3:
        return rf"{word}(?:s|'s)?"
    if word.endswith("e"):
        return rf"{word}(?:s|'s|s'|d{'|r|st' if adjective else ''})?|{word[:-1]}ing"
    if word.endswith("y") and word[-2] not in _VOWELS:
        return rf"{plain}|{word[:-1]}(?:ies|ied{'|ier|iest' if adjective else ''})"
    if word[-1] not in f"{_VOWELS}wxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS:
        return rf"{plain}|{word}{word[-1]}(?:ed|ing{adjective})"
    return plain
