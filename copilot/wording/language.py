"""Whether copy is in the language that the brief asks for, by scripts and small words, with a wide margin.

Short texts and names tell nothing. English is told and not refused where neither English nor Chinese was
asked for: the built-in planner writes no third language, and its copy is better than none.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from copilot.domain.check import Check
from copilot.wording.advice import advised
from copilot.wording.figures import without
from copilot.wording.seeing import MASK
from copilot.wording.slots import SLOT

__all__ = ["check_language", "other_language", "spelt_as"]

_WORD = re.compile(r"[^\W\d_]+")
_NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch",
    "pt": "Portuguese", "sv": "Swedish", "da": "Danish", "nb": "Norwegian", "pl": "Polish", "tr": "Turkish",
    "han": "Chinese", "hiragana": "Japanese", "katakana": "Japanese", "hangul": "Korean", "thai": "Thai",
    "cyrillic": "Cyrillic", "greek": "Greek", "arabic": "Arabic", "hebrew": "Hebrew",
    "devanagari": "Devanagari",
}  # fmt: skip
# Where blocks of Unicode begin that are one script; "" is none of ours.
_BLOCKS: tuple[tuple[int, str], ...] = (
    (0, "latin"), (0x250, ""), (0x370, "greek"), (0x400, "cyrillic"), (0x530, ""), (0x590, "hebrew"),
    (0x600, "arabic"), (0x700, ""), (0x900, "devanagari"), (0x980, ""), (0xE00, "thai"), (0xE80, ""),
    (0x1100, "hangul"), (0x1200, ""), (0x1E00, "latin"), (0x1F00, "greek"), (0x2000, ""),
    (0x3040, "hiragana"), (0x30A0, "katakana"), (0x3100, ""), (0x3400, "han"),
    (0xA000, ""), (0xAC00, "hangul"), (0xD7B0, ""),
    (0xF900, "han"), (0xFB00, ""), (0xFF21, "latin"), (0xFF66, "katakana"), (0xFFA0, ""), (0x20000, "han"),
)  # fmt: skip
_BEGINS = tuple(begin for begin, _ in _BLOCKS)
# How many Latin letters say as much as one; hiragana stands between many Han characters, which are shared.
_WEIGHT = {"han": 3, "hangul": 2, "hiragana": 8, "katakana": 2}
_FEWEST = {"han": 4, "hiragana": 6}  # letters; of other scripts:
_FEWEST_LETTERS = 8
_TIMES, _TIMES_IN_SHORT = 2, 8  # as much as the script asked for; a short field may be a name
# Of Latin letters where another script was asked for: words in English, in others, small words among them.
_FEWEST_WORDS, _FEWEST_OTHER, _SMALL_WORDS = 6, 10, 3
_THEIRS, _DIFFERENT = 4, 3  # small words of another language of Latin letters, different ones among them
_OVER_OURS = 3  # and so many times as many as of the one asked for
_DENSE = 0.2  # and this share of all words; fewer are names' and chance's
_LONG = 15  # words that tell a language alone
_HAN_ALONE = 20  # characters in which a Japanese would have put some kana


def check_language(texts: Sequence[tuple[str, str]], names: Sequence[str], language: str) -> Iterator[Check]:
    """Texts with their places against the language asked for. names: what may be in any language."""
    found = list(_found(texts, names, language))
    told = [f"{place}: reads as {other}; the brief asks for {language}" for place, other in found]
    if _base(language) not in ("en", "zh") and {other for _, other in found} == {_NAMES["en"]}:
        yield advised("copy_language", (), "told, not refused", told)
    else:
        yield advised("copy_language", told, "in the language asked for, as far as can be told")


def other_language(text: str, language: str, *, short: bool = False) -> str | None:
    """What a text reads as, where that is surely not the language asked for; `short` texts may be a name."""
    asked = _base(language)
    own = _data()["scripts"].get(asked, ["latin"] if asked in _words() else None)
    if own is None:
        return None
    letters = _letters(text)
    said = sum(letters[script] * _WEIGHT.get(script, 1) for script in own)
    other = _by_script(letters, own, said * (_TIMES_IN_SHORT if short else _TIMES))
    if other or (short and own == ["latin"]):
        return other
    if own == ["latin"]:
        return _by_words(text, asked)
    return _latin_instead(text, letters["latin"], said, fewest=_SMALL_WORDS + short)


def spelt_as(text: str, language: str) -> str:
    """The language whose numbers and days go with a text: English where it surely is in English, else the one
    asked for, so that no "until 6. Juli" stands in an English sentence.
    """
    return "en" if other_language(text, language) == _NAMES["en"] else language


def _found(
    texts: Sequence[tuple[str, str]], names: Sequence[str], language: str
) -> Iterator[tuple[str, str]]:
    told = False
    shown = [(place, _unnamed(text, names)) for place, text in texts]
    for place, text in shown:
        short = len(_WORD.findall(text)) < _LONG and not place.endswith(".body")
        if other := other_language(text, language, short=short):
            told = True
            yield place, other
    if not told and (other := other_language("\n".join(text for _, text in shown), language)):
        yield "copy", other


def _unnamed(text: str, names: Sequence[str]) -> str:
    return without(SLOT.sub(MASK, text), names).replace(MASK, " ")


def _by_script(letters: Mapping[str, int], own: Sequence[str], most: int) -> str | None:
    for script, count in letters.items():
        if script in own or script not in _NAMES:
            continue
        if count >= _FEWEST.get(script, _FEWEST_LETTERS) and count * _WEIGHT.get(script, 1) > most:
            return _NAMES[script]
    kana = letters["hiragana"] + letters["katakana"]
    return _NAMES["han"] if "hiragana" in own and not kana and letters["han"] >= _HAN_ALONE else None


def _latin_instead(text: str, latin: int, said: int, *, fewest: int) -> str | None:
    """The language of Latin letters that stand where another script was asked for."""
    words = [word for word in _WORD.findall(text.casefold()) if _letters(word)["latin"]]
    best = max(_words(), key=lambda language: len(_words()[language].intersection(words)))
    small = len(_words()[best].intersection(words))
    # Perfumes and wines have French and Italian names of many words; English is what is written by mistake.
    long, many = (_FEWEST_WORDS, fewest) if best == "en" else (_FEWEST_OTHER, fewest + 1)
    return _NAMES[best] if latin > _TIMES * said and len(words) >= long and small >= many else None


def _by_words(text: str, asked: str) -> str | None:
    words = _WORD.findall(text.casefold())
    own = _words()[asked]
    for other, small in _words().items():
        theirs = [word for word in words if word in small and word not in own]
        ours = sum(word in own and word not in small for word in words)
        many = len(theirs) >= _THEIRS and len(set(theirs)) >= _DIFFERENT
        if many and len(theirs) > _OVER_OURS * ours and len(theirs) >= _DENSE * len(words):
            return _NAMES[other]
    return None


def _letters(text: str) -> Counter[str]:
    if text.isascii():
        return Counter(latin=sum(map(str.isalpha, text)))
    return Counter(_BLOCKS[bisect_right(_BEGINS, ord(c)) - 1][1] for c in text if c.isalpha())


def _base(language: str) -> str:
    base = language.split("-")[0]
    return "nb" if base in ("no", "nn") else base


@cache
def _words() -> Mapping[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in _data()["words"].items()}


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("copilot.wording").joinpath("languages.toml").read_text(encoding="utf-8"))
