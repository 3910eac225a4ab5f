"""Traits of a text that LightGBM looks at: how long, how it asks, whom it speaks of, in figures.

The lists are of plain English words; in other languages only length, signs and digits tell texts apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from predictors.copy_effect.reading import LONGEST
from predictors.interface import FloatArray

__all__ = ["TRAITS", "traits_of"]


_LISTS: Mapping[str, str] = {
    "speaks of I": "i i'm i've i'd i'll me my mine myself",
    "speaks to you": "you your you're you'll you've yours yourself",
    "speaks of us": "we us our we're we've ours",
    "speaks of a man": "he him his he's he'd guy man dude boy father dad husband son",
    "speaks of a woman": "she her hers she's she'd woman girl mom mother wife daughter lady",
    "speaks of them": "they them their they're they've",
    "points at something": "this these that those here's here",
    "says it": "it its it's",
    "question words": "what why how who when where which",
    "denies": "no not never don't can't won't isn't didn't doesn't nobody nothing without",
    "small amplifiers": "just only even actually really literally totally pretty very so too",
    "tells in order": "until then after before when while because but",
    "something to see": (
        "watch watching see seen look listen hear video photo photos picture pictures clip song chart map "
        "graph infographic comic cartoon ad commercial"
    ),
    "extremes": (
        "best worst most least greatest biggest first last ever all every everyone everything entire"
    ),
    "feelings": (
        "love hate fear cry tears heart heartbreaking beautiful amazing awesome incredible shocking "
        "disgusting scary funny hilarious angry sad happy proud gross wow creepy terrifying brilliant "
        "powerful perfect crazy insane ridiculous stunning chilling adorable"
    ),
    "life and death": (
        "kill killed die died dead death sex sexual rape naked body gay murder gun shot war baby kid kids "
        "child children dog cat cancer drug drugs"
    ),
    "public affairs": (
        "congress senate republican democrat obama policy law government economy climate tax bill vote "
        "corporation corporations wage inequality science global america american americans country world "
        "political politics change issue support sign petition"
    ),
    "money": "money rich poor pay cost wage dollar dollars billion million price save free discount off",
    "time": "minute minutes second seconds year years day days hour hours today now time",
    "something withheld": (
        "secret secrets reason thing things something someone somebody one guess truth real weird strange "
        "surprising unexpected wrong idea"
    ),
    "obligation": "need have should must might want going gonna probably maybe could",
}
_FIRST = ("speaks of I", "speaks to you", "speaks of us", "speaks of a man", "speaks of a woman",
          "speaks of them", "points at something", "question words", "says it")  # fmt: skip
_SIGNS = {
    "question marks": "?", "exclamation marks": "!", "commas": ",", "points": ".", "colons": ":",
    "apostrophes": "'’‘", "quotation marks": '"“”', "brackets": "(", "dashes": "-–—", "asterisks": "*",
    "number signs": "#", "money signs": "$€£¥", "percent signs": "%",
}  # fmt: skip
_SHAPES = (
    "length", "number of words", "mean length of words", "longest word", "sentences", "ellipses",
    "words that are numbers", "words in capitals", "share of words with a capital", "ends with a point",
    "ends with a question mark", "ends with an exclamation mark", "share of different words",
    "share of long words", "share of short words", "begins with a number", "length of the first sentence",
)  # fmt: skip
TRAITS: tuple[str, ...] = (*_SHAPES, *_SIGNS, *_LISTS, *(f"begins: {name}" for name in _FIRST))

_NAMES = tuple(_LISTS)
# Each listed word once, with the lists it is on: a text is looked through once, not once a list.
_ON = {
    word: tuple(at for at, listed in enumerate(_LISTS.values()) if word in listed.split())
    for listed in _LISTS.values()
    for word in listed.split()
}
_BEGINS = tuple(_NAMES.index(name) for name in _FIRST)
_TOKEN = re.compile(r"[\w'’]+")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)|[。！？]+")


def traits_of(texts: Sequence[str]) -> FloatArray:
    """(n, len(TRAITS)) of n texts."""
    return np.array([_traits(text[:LONGEST]) for text in texts], dtype=float).reshape(len(texts), len(TRAITS))


def _traits(text: str) -> list[float]:
    words = _TOKEN.findall(text)
    signs = [float(sum(map(text.count, sign))) for sign in _SIGNS.values()]
    listed = [0.0] * len(_NAMES)
    first: tuple[int, ...] = ()
    for place, word in enumerate(words):
        on = _ON.get(word.replace("’", "'").strip("'").lower(), ())
        first = on if place == 0 else first
        for at in on:
            listed[at] += 1.0
    return [*_shapes(text, words), *signs, *listed, *(float(at in first) for at in _BEGINS)]


def _shapes(text: str, words: Sequence[str]) -> list[float]:
    many = max(len(words), 1)
    lengths = [len(word) for word in words] or [0]
    sentences = [one for one in _SENTENCE.split(text) if one.strip()] or [""]
    end = text.rstrip("\"'”’ ")[-1:]
    return [
        float(len(text)),
        float(len(words)),
        sum(lengths) / many,
        float(max(lengths)),
        float(len(sentences)),
        float(text.count("...") + text.count("…")),
        float(sum(word[0].isdigit() for word in words)),
        float(sum(word.isupper() and len(word) > 2 for word in words)),
        sum(word[0].isupper() for word in words) / many,
        float(end in (".", "。")),
        float(end in ("?", "？")),
        float(end in ("!", "！")),
        len({word.lower() for word in words}) / many,
        sum(length > 7 for length in lengths) / many,
        sum(length <= 3 for length in lengths) / many,
        float(bool(words) and words[0][0].isdigit()),
        float(len(sentences[0])),
    ]
