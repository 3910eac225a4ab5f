"""A copy model small enough to work out by hand: what each word adds is listed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import predictors
from predictors.interface import CopyReason, FloatArray, UnusableModel

WEAKEST = 0.002  # of less effect, a known word is no reason
WORDS = {"new": 0.2, "free": 0.1, "boring": -0.3}


class HandMadeCopy:
    """Each of `words` adds its log appeal; `damped` is how much of it is believed, `doubt` half the width.

    `asked` lists the batches of texts it was asked about; `counts` is what the shop's own campaigns were.
    """

    version = "hand-made-copy"

    def __init__(self, damped: float = 1.0, doubt: float = 0.1, words: Mapping[str, float] = WORDS) -> None:
        self.damped, self.doubt, self.words = damped, doubt, words
        self.asked: list[tuple[str, ...]] = []
        self.counts: Any = None

    @classmethod
    def general(cls) -> HandMadeCopy:
        return cls()

    def for_shop(self, counts: Any) -> HandMadeCopy:
        own = HandMadeCopy(damped=0.5 if counts is None else 0.75, doubt=0.2)
        own.counts = counts
        return own

    @property
    def facts(self) -> dict[str, float]:
        return {"weight": self.damped}

    def predict(self, texts: Sequence[str]) -> FloatArray:
        self.asked.append(tuple(texts))
        return np.array([sum(effect for _, effect in self._known(text)) for text in texts])

    def interval(self, texts: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        middle = np.array([sum(effect for _, effect in self._known(text)) for text in texts])
        return middle - self.doubt, middle + self.doubt

    def compare(self, a: Sequence[str], b: Sequence[str]) -> FloatArray:
        return 1 / (1 + np.exp(self.predict(b) - self.predict(a)))

    def known(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        return np.array([bool(self._known(text)) for text in texts], dtype=bool)

    def why(self, text: str) -> tuple[CopyReason, ...]:
        known = self._known(text)
        found = [CopyReason(word, False, effect) for word, effect in known if abs(effect) >= WEAKEST]
        return tuple(sorted(found, key=lambda one: -abs(one.effect)))

    def to_parts(self) -> dict[str, bytes]:
        return {"manifest.json": json.dumps([self.damped, self.doubt]).encode()}

    @classmethod
    def from_parts(cls, parts: Mapping[str, bytes]) -> HandMadeCopy:
        try:
            return cls(*json.loads(parts["manifest.json"]))
        except (KeyError, ValueError) as error:
            raise UnusableModel(f"no readable manifest.json: {error}") from error

    def _known(self, text: str) -> list[tuple[str, float]]:
        known = re.findall(r"\w+", text.casefold())
        return [(word, self.damped * self.words[word]) for word in known if word in self.words]


def installed(patch: pytest.MonkeyPatch) -> None:
    """Put the hand-made model in the place of the one that comes with the package, for one test."""
    patch.setitem(vars(predictors), "CopyEffect", HandMadeCopy)
