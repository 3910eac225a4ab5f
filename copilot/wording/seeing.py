"""Text as its reader sees it, with the way back: where in the written text each seen character stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

__all__ = ["MASK", "Figure", "found_in", "plain", "seen"]

MASK = "\ufffc"  # neither space, letter, digit nor sign: what stood there joins nothing

# Traditional characters of our patterns, so that each pattern is written once.
_SIMPLER = str.maketrans(
    "價雙積贈運優碼僅買減滿後個週時錢歐塊兩萬費輸單領禮郵現結獎賬號這隻陸貳參終倒計束將馬過購滿員國際號機會圓鎊節",
    "价双积赠运优码仅买减满后个周时钱欧块两万费输单领礼邮现结奖账号这只陆贰叁终倒计束将马过购满员国际号机会圆镑节",
)


class Figure(NamedTuple):
    """Something said that nothing supports: what kind, the text of it, where it begins."""

    kind: str
    text: str
    at: int


def plain(text: str) -> str:
    """Text to compare: NFKC, nothing invisible, one kind of space, case folded."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join(seen.split()).casefold()


def found_in(text: str, patterns: Iterable[tuple[str, re.Pattern[str]]]) -> Iterator[Figure]:
    """What the patterns (kind, pattern) find, told by its place in the text as written.

    A pattern with a group `it` means that group. Where matches overlap, the first found is told.
    """
    shown, places = seen(text)
    told: list[tuple[int, int]] = []
    for kind, pattern in patterns:
        group = "it" if "it" in pattern.groupindex else 0
        for match in pattern.finditer(shown):
            start, end = places[match.start(group)], places[match.end(group) - 1] + 1
            if not any(start < other_end and other_start < end for other_start, other_end in told):
                told.append((start, end))
                yield Figure(kind, text[start:end], start)


def seen(text: str) -> tuple[str, Sequence[int]]:
    """The text as it is seen, and where in the written text each of its characters stands."""
    if text.isascii():
        return text, range(len(text))  # written and seen are the same
    shown: list[str] = []
    places: list[int] = []
    for at, written in enumerate(text):
        for c in unicodedata.normalize("NFKC", written).translate(_SIMPLER):
            category = unicodedata.category(c)
            if category != "Cf":
                shown.append("-" if category == "Pd" else "'" if c in "‘’" else c)
                places.append(at)
    return "".join(shown), places
