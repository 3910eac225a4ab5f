"""How tests did as wholes, which no contest within a test tells.

What all the texts of a test have in common (a story, an occasion) is in none of its contests, though it draws
clicks or not. Tests differ in more than words (time, place, readers), so their levels count little each, and
`learning` leaves them out where they do harm to forecasts of tests that it did not see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.copy_effect.contests import EVEN, Contests, check_counts
from predictors.interface import FloatArray

__all__ = ["Levels", "read_levels"]

FEWEST = 50  # tests; fewer say nothing of what makes a test as a whole
NEIGHBOURS = 75  # tests to either side that a test's time is judged by
_COUNTED = re.compile(r"(\D*)(\d+)(?:\.0)?", re.ASCII)  # t17, 17, and 17.0 as pandas writes it beside gaps
WITHIN = 0.1  # variance of the log click rates of a test's texts


@dataclass(frozen=True)
class Levels:
    """k tests. test: (k,) places in `Contests.tests`. share: sparse (k, n), what part each of n texts has in
    a test, 1 in all. rate: (k,) log click rate, less that of the tests around it.
    """

    test: npt.NDArray[np.int64]
    share: Any
    rate: FloatArray

    def part(self, rows: npt.NDArray[np.bool_]) -> Levels:
        """Some of the tests."""
        return Levels(self.test[rows], self.share[rows], self.rate[rows])


def read_levels(counts: pd.DataFrame | None, contests: Contests) -> Levels:
    """The levels of the tests of a table, over the texts of the contests; none where tests are few."""
    from scipy.sparse import csr_matrix

    if counts is None:
        return Levels(np.zeros(0, dtype=np.int64), csr_matrix((0, len(contests.texts))), np.zeros(0))
    shown = check_counts(counts).groupby(["test_id", "text"], sort=True)[["impressions", "clicks"]].sum()
    shown = shown[shown["impressions"] > 0].reset_index()
    names, test = np.unique(shown["test_id"].to_numpy(dtype=object), return_inverse=True)
    if len(names) < FEWEST:
        return read_levels(None, contests)
    place = pd.Index(contests.texts).get_indexer(shown["text"])
    clicks, people = shown["clicks"].to_numpy(), shown["impressions"].to_numpy()
    rate = np.log((clicks + EVEN) / (people + EVEN * people.sum() / max(clicks.sum(), EVEN)))
    sure = 1 / (1 / (clicks + EVEN) + WITHIN)
    share = sure / np.bincount(test, sure)[test]
    level: FloatArray = np.bincount(test, share * rate).astype(float)
    return Levels(
        pd.Index(contests.tests).get_indexer(names).astype(np.int64),
        csr_matrix((share, (test, place)), shape=(len(names), len(contests.texts))),
        level - _usual(level, _order(names)),
    )


def _order(names: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """Places of ids in the order in which they were given out, as far as ids tell: many count upwards."""
    found = [_COUNTED.fullmatch(name) for name in names]
    if not all(found) or len({one[1] for one in found if one}) > 1:
        return np.arange(len(names))
    digits = [one[2].lstrip("0") for one in found if one]
    return np.array(sorted(range(len(digits)), key=lambda at: (len(digits[at]), digits[at])))


def _usual(level: FloatArray, order: npt.NDArray[np.int64]) -> FloatArray:
    """(k,) what other tests had: those near in the order, where they tell a test better than all do, and by
    more than chance.
    """
    others = (level.sum() - level) / (len(level) - 1)
    total = np.concatenate([[0.0], np.cumsum(level[order])])
    at = np.arange(len(level))
    low, high = np.maximum(at - NEIGHBOURS, 0), np.minimum(at + NEIGHBOURS + 1, len(level))
    near = np.empty(len(level))
    near[order] = (total[high] - total[low] - level[order]) / (high - low - 1)
    gain = (level - others) ** 2 - (level - near) ** 2
    return near if gain.sum() > 2 * np.sqrt((gain**2).sum()) else others
