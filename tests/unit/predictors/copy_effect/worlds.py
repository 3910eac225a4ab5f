"""Made-up worlds in which each word has a known effect on clicks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, Any]
BEGINNINGS = ("ba", "de", "fi", "go", "ku", "la", "me", "no")
ENDS = ("ran", "sel", "tim", "vor", "dex", "pul")
WORDS = tuple("".join(parts) for parts in product(BEGINNINGS, ENDS))


class World:
    """Words with effects drawn from a seed, and tests of texts of five words each."""

    def __init__(self, seed: int, effects: Mapping[str, float] | None = None) -> None:
        self.rng = np.random.default_rng([seed, 1])
        drawn = np.random.default_rng(seed).normal(0, 0.18, len(WORDS))
        self.effects = dict(zip(WORDS, drawn, strict=True)) if effects is None else effects

    def like(self, share: float, seed: int) -> World:
        """Another world in which words do so much of what they do here, and something of its own."""
        own = np.random.default_rng(seed).normal(0, 0.05, len(WORDS))
        return World(
            seed, {word: share * self.effects[word] + more for word, more in zip(WORDS, own, strict=True)}
        )

    def texts(self, count: int) -> list[str]:
        return [" ".join(self.rng.choice(WORDS, 5, replace=False)) for _ in range(count)]

    def appeal(self, texts: Sequence[str]) -> Array:
        """(n,) true log appeal, less that of the average text."""
        average = 5 * np.mean(list(self.effects.values()))
        return np.array([sum(self.effects[word] for word in text.split()) for text in texts]) - average

    def counts(self, tests: int = 300, size: int = 4, people: int = 3000, rate: float = 0.03) -> pd.DataFrame:
        """Counted tests; other things move a test as a whole, and a little each of its texts."""
        rows = []
        for test in range(tests):
            texts = self.texts(size)
            usual = np.log(rate) + self.rng.normal(0, 0.3)
            chance = np.exp(usual + self.appeal(texts) + self.rng.normal(0, 0.05, size))
            for text, clicks in zip(texts, self.rng.binomial(people, np.minimum(chance, 0.9)), strict=True):
                rows.append((f"t{test}", text, people, clicks))
        return pd.DataFrame(rows, columns=["test_id", "text", "impressions", "clicks"])

    def pairs(self, count: int = 600) -> pd.DataFrame:
        """Pairs whose winner is told, now and then the wrong one."""
        a, b = self.texts(count), self.texts(count)
        gap = self.appeal(a) - self.appeal(b) + self.rng.normal(0, 0.1, count)
        ids = [f"p{number}" for number in range(count)]
        return pd.DataFrame({"test_id": ids, "text_a": a, "text_b": b, "winner": np.where(gap > 0, "a", "b")})
