"""The names a shop has for things, and where a sentence says them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from copilot.dialogue.sentence import Sentence, cleaned
from copilot.domain.brief import CHANNELS
from copilot.shop.context import ShopContext

__all__ = ["Names", "Vocabulary", "vocabulary_of"]

_MOST_VALUES = 60  # of an attribute; a city column of thousands is no vocabulary
_LONGEST_NAME = 60  # characters
_START = re.compile(r"[a-z0-9]+|[^\x00-\x7f\s]")
# How shops and people call the same thing, where one says it in English and the other in Chinese.
_ALSO: Mapping[str, tuple[str, ...]] = {
    "beauty": ("美妆", "美容", "护肤", "化妆品", "cosmetics"), "books": ("图书", "书籍"),
    "fashion": ("服装", "时装", "服饰", "clothes", "clothing"), "garden": ("园艺", "花园"),
    "home": ("家居", "家用"), "sports": ("运动", "体育"), "toys": ("玩具",), "shoes": ("鞋", "鞋子"),
    "food": ("食品", "零食"), "electronics": ("电子产品", "数码"), "furniture": ("家具",), "baby": ("母婴",),
    "gold": ("金卡", "黄金会员", "金牌"), "silver": ("银卡", "白银会员", "银牌"), "bronze": ("铜卡", "铜牌"),
    "platinum": ("白金", "铂金"), "diamond": ("钻石",), "mobile": ("手机",), "desktop": ("电脑",),
    "male": ("男性", "男士"), "female": ("女性", "女士"),
    "north": ("北部", "北方"), "south": ("南部", "南方"),
    "east": ("东部",), "west": ("西部",),
}  # fmt: skip
Meant = TypeVar("Meant")


class Names(Generic[Meant]):
    """Names and what they mean; a text is searched in time that does not grow with the number of names."""

    def __init__(self, names: Iterable[tuple[str, Meant]]) -> None:
        self._meant: dict[str, Meant] = {}
        self._lengths: dict[str, set[int]] = {}
        for name, meant in names:
            for said in _ways(cleaned(name).lower()):
                if len(said) <= _LONGEST_NAME and self._meant.setdefault(said, meant) is meant:
                    self._lengths.setdefault(said[:2], set()).add(len(said))

    def take(self, sentence: Sentence) -> list[Meant]:
        """What a sentence names, in order, each once."""
        return list(dict.fromkeys(meant for meant, _, _ in self.places(sentence)))

    def places(self, sentence: Sentence) -> list[tuple[Meant, int, int]]:
        """What a sentence names and where; longer names before shorter ones at the same place."""
        found, over, text = [], 0, sentence.text
        for start in _START.finditer(text):
            if start.start() >= over and (said := self._at(text, start.start())):
                over = start.start() + len(said)
                found.append((self._meant[said], start.start(), over))
        sentence.drop([(start, end) for _, start, end in found])
        return found

    def _at(self, text: str, at: int) -> str:
        for length in sorted(self._lengths.get(text[at : at + 2], ()), reverse=True):
            said, after = text[at : at + length], text[at + length : at + length + 1]
            ends = not said[-1:].isascii() or not (after.isascii() and after.isalnum())
            if said in self._meant and ends:
                return said
        return ""


def _ways(name: str) -> Iterator[str]:
    if len(name) < 2 or name.isdigit():
        return
    yield name
    yield from _ALSO.get(name, ())
    if name.isascii() and len(name) > 3:
        yield name[:-1] if name.endswith("s") else f"{name}s"


@dataclass(frozen=True)
class Vocabulary:
    """What a shop calls its things; categories best selling first, products name -> id.

    attributes: name -> the values it has, where they are few words; numbers and dates have none.
    """

    currency: str
    categories: tuple[str, ...] = ()
    products: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    channels: tuple[str, ...] = CHANNELS

    @cached_property
    def category_names(self) -> Names[str]:
        """Categories by their names."""
        return Names((name, name) for name in self.categories)

    @cached_property
    def product_names(self) -> Names[str]:
        """Product ids by id and name."""
        pairs = [(one, key) for name, key in self.products.items() for one in (name, key)]
        return Names(pairs)

    @cached_property
    def value_names(self) -> Names[tuple[str, str]]:
        """(attribute, value) by the value; a category of goods is no value."""
        goods = {name.lower() for name in self.categories}
        return Names(
            (value, (attribute, value))
            for attribute, values in self.attributes.items()
            for value in values
            if value.lower() not in goods
        )


def vocabulary_of(shop: ShopContext) -> Vocabulary:
    """The names of a shop that was read."""
    names = shop.catalogue.products["name"]
    return Vocabulary(
        currency=shop.settings.currency,
        categories=shop.catalogue.categories,
        products={str(name): str(key) for key, name in names.dropna().items()},
        attributes={str(name): _values(shop.attributes[name]) for name in shop.attributes},
        channels=shop.channels,
    )


def _values(column: Any) -> tuple[str, ...]:
    if column.dtype.kind in "biufM":
        return ()
    found = [one for one in column.dropna().unique()[: _MOST_VALUES + 1] if isinstance(one, str)]
    return tuple(sorted(found)) if len(found) <= _MOST_VALUES else ()
