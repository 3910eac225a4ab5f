"""Personal data and secrets taken out of words: a bracketed word such as [e-mail] stands in for each.

Knows looks, not people: a name within a sentence stays what it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from copilot.wording.seeing import seen
from copilot.wording.sensitive import LOOKS, WORDS

__all__ = [
    "NAME",
    "holds_stand_in",
    "masked",
    "masked_id",
    "name_candidates",
    "names_pattern",
    "with_phrases",
]

NAME = "[name]"
_STAND_IN = re.compile("|".join(map(re.escape, (*WORDS, NAME))))
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\d*")
_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,200}")
_NAME_WORDS = (2, 3, 4)
_LOOKED_AT = 20_000  # characters of a text that are searched for names
_SHORT = 16  # a plain word of this length is neither an address nor a key


def masked(text: str) -> str:
    """The text with a word in place of whatever looks personal or secret."""
    return _masked(text, False) if len(text) <= 200 else _without(text, ids=False)


def masked_id(text: str) -> str:
    """The same for an id or a name that has to come back as it went: what may be an article number stays."""
    return _masked(text, True) if len(text) <= 200 else _without(text, ids=True)


def name_candidates(texts: Iterable[str]) -> frozenset[str]:
    """What in these texts could be a name: two to four words in a row, or two to four Han characters."""
    found: set[str] = set()
    for text in texts:
        words = [word.casefold() for word in _WORD.findall(text[:_LOOKED_AT])]
        runs = _HAN_RUN.findall(text[:_LOOKED_AT])
        for length in _NAME_WORDS:
            found |= {" ".join(words[n : n + length]) for n in range(len(words) - length + 1)}
            found |= {run[n : n + length] for run in runs for n in range(len(run) - length + 1)}
    return frozenset(found)


def names_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds these names in a text, however they are spaced and written; None for none."""
    # Between words stands what stands within a sentence, and never a quotation mark: the text may be JSON.
    spaced = [
        r"(?:[ \u00a0.,'’-]|\\[nrt]){1,5}".join(map(re.escape, name.split()))
        for name in sorted(names, key=lambda name: (-len(name), name))
    ]
    han = "\u4e00-\u9fff"
    found = "|".join(spaced)
    return re.compile(rf"(?<![^\W{han}])(?:{found})(?![^\W{han}])", re.IGNORECASE) if spaced else None


def holds_stand_in(text: str) -> str | None:
    """The first word in brackets that stands in for something masked, if any."""
    found = _STAND_IN.search(text)
    return found[0] if found else None


def with_phrases(text: str, phrases: Iterable[str]) -> str:
    """The text with those phrases written out that its writer was shown masked, alike ones in turn."""
    if not holds_stand_in(text):
        return text
    hidden: dict[str, list[str]] = {}
    for phrase in phrases:
        if (told := masked(phrase)) != phrase:
            hidden.setdefault(told, []).append(phrase)
    for told, meant in hidden.items():
        before, *after = text.split(told)
        text = "".join([before, *(meant[min(n, len(meant) - 1)] + rest for n, rest in enumerate(after))])
    return text


@lru_cache(maxsize=8192)
def _masked(text: str, ids: bool) -> str:
    plain_word = len(text) < _SHORT and text.isascii() and text.replace("_", "").isalpha()
    return text if plain_word else _without(text, ids=ids)


def _without(text: str, *, ids: bool) -> str:
    found = sorted(_found(text, ids))
    kept, at = [], 0
    for start, end, word in found:
        kept += [text[at:start], word]
        at = end
    return "".join([*kept, text[at:]])


def _found(text: str, ids: bool) -> Iterator[tuple[int, int, str]]:
    """What stands where in the text as it was written; no two overlap."""
    shown, places = seen(text)
    there = {"0" if sign.isdecimal() else sign for sign in shown}
    taken = bytearray(len(shown))
    for look in LOOKS:
        if (ids and not look.in_ids) or there.isdisjoint(look.needs):
            continue
        for match in look.found.finditer(shown):
            start, length = match.start(), look.length(match[0])
            end = start + length
            if length and not any(taken[start:end]):
                taken[start:end] = b"\x01" * length
                yield places[start], places[end - 1] + 1, look.word
