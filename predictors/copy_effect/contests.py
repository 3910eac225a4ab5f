"""Randomised tests as contests: two texts shown to the same kind of people, and how they did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.interface import FloatArray, UnusableTrainingData

__all__ = ["EVEN", "Contests", "check_counts", "read_contests"]

Ints = npt.NDArray[np.int64]
EVEN = 0.5  # a click more than counted, so that nobody's click rate is 0


@dataclass(frozen=True)
class Contests:
    """m contests of two texts each, by their places in `texts`.

    texts, tests: those of all tests, of tests of one text too. first, second: (m,) places in `texts`. test:
    (m,) places in `tests`. gap: (m,) log of the first's click rate less that of the second, NaN where only
    the winner is known. variance: (m,) of `gap` by chance of the count. won: (m,) 1 if the first did better.
    weight: (m,) such that a test of n texts counts as n - 1 contests.
    """

    texts: tuple[str, ...]
    tests: tuple[str, ...]
    first: Ints
    second: Ints
    test: Ints
    gap: FloatArray
    variance: FloatArray
    won: FloatArray
    weight: FloatArray

    @property
    def counted(self) -> npt.NDArray[np.bool_]:
        """(m,) whether clicks were counted."""
        return ~np.isnan(self.gap)

    def part(self, rows: npt.NDArray[np.bool_]) -> Contests:
        """Some of the contests, over the same texts."""
        return Contests(
            self.texts,
            self.tests,
            self.first[rows],
            self.second[rows],
            self.test[rows],
            self.gap[rows],
            self.variance[rows],
            self.won[rows],
            self.weight[rows],
        )


def read_contests(counts: pd.DataFrame | None, pairs: pd.DataFrame | None) -> Contests:
    """The contests of two tables, either of which may be None; see `CopyEffect.fit`.

    Raises:
        UnusableTrainingData: no table, a column or value that cannot be used, or nothing to compare.
    """
    rows: list[tuple[str, str, str, float, float, float, float]] = []
    others: list[str] = []
    tests: list[str] = []
    if counts is not None:
        shown = check_counts(counts)
        others, tests = shown["text"].tolist(), shown["test_id"].tolist()
        rows += _from_counts(shown)
    if pairs is not None:
        rows += _from_pairs(_checked_pairs(pairs))
    if not rows:
        raise UnusableTrainingData(
            "no two different texts were ever shown in one test: counts need tests of at least two texts "
            "(test_id, text, impressions, clicks), pairs need text_a, text_b and a winner"
        )
    test, first, second, gap, variance, won, weight = zip(*rows, strict=True)
    texts, places = np.unique(np.array([*first, *second, *others], dtype=object), return_inverse=True)
    names, codes = np.unique(np.array([*test, *tests], dtype=object), return_inverse=True)
    numbers = [np.array(column, dtype=float) for column in (gap, variance, won, weight)]
    ends = (places[: len(rows)], places[len(rows) : 2 * len(rows)])
    return Contests(tuple(texts.tolist()), tuple(names.tolist()), *ends, codes[: len(rows)], *numbers)


def _from_counts(counts: pd.DataFrame) -> Iterator[tuple[str, str, str, float, float, float, float]]:
    shown = counts.groupby(["test_id", "shown_with", "text"], sort=True)[["impressions", "clicks"]].sum()
    shown = shown[shown["impressions"] > 0].reset_index()
    for (test, _), own in shown.groupby(["test_id", "shown_with"], sort=True):
        texts = own["text"].tolist()
        clicks, people = own["clicks"].to_numpy(dtype=float), own["impressions"].to_numpy(dtype=float)
        usual = clicks.sum() / people.sum()
        # Shrunk to the test's own rate, so that a text without a click is no miracle.
        rate = np.log((clicks + EVEN) / (people + EVEN / max(usual, EVEN / people.sum())))
        noise = 1 / (clicks + EVEN)
        for one in range(len(texts)):
            for other in range(one + 1, len(texts)):
                gap = rate[one] - rate[other]
                yield (
                    test, texts[one], texts[other], gap, noise[one] + noise[other],
                    0.5 * (1 + np.sign(gap)), 2 / len(texts),
                )  # fmt: skip


def _from_pairs(pairs: pd.DataFrame) -> Iterator[tuple[str, str, str, float, float, float, float]]:
    columns = (pairs[name] for name in ("test_id", "text_a", "text_b", "winner"))
    for test, one, other, winner in zip(*columns, strict=True):
        if one != other:
            yield str(test), one, other, np.nan, np.nan, float(winner == "a"), 1.0


def check_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """The table with numbers as numbers, ids as text, and a `shown_with`.

    Raises:
        UnusableTrainingData: a column is missing, or a value cannot be used; names the row.
    """
    _require(counts, "counts", ("test_id", "text", "impressions", "clicks"))
    table = counts.reset_index(drop=True)
    _refuse(table, "counts", "text", ~_is_text(table["text"]), "a text")
    _refuse(table, "counts", "test_id", table["test_id"].isna(), "an id")
    beside: Any = ""
    if "shown_with" in table:
        beside = table["shown_with"].astype(object).where(table["shown_with"].notna(), "").astype(str)
    table = table.assign(test_id=table["test_id"].astype(str), shown_with=beside)
    for name in ("impressions", "clicks"):
        number = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        _refuse(
            table, "counts", name, pd.Series(~(np.isfinite(number) & (number >= 0))), "a number of 0 or more"
        )
        table = table.assign(**{name: number})
    _refuse(table, "counts", "clicks", table["clicks"] > table["impressions"], "no more than impressions")
    if "expected" in table:
        rate = pd.to_numeric(table["expected"], errors="coerce")
        _refuse(table, "counts", "expected", ~rate.between(0, 1), "a rate between 0 and 1")
        table = table.assign(expected=rate.astype(float))
    return table


def _checked_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    _require(pairs, "pairs", ("test_id", "text_a", "text_b", "winner"))
    table = pairs.reset_index(drop=True)
    _refuse(table, "pairs", "test_id", table["test_id"].isna(), "an id")
    for name in ("text_a", "text_b"):
        _refuse(table, "pairs", name, ~_is_text(table[name]), "a text")
    _refuse(table, "pairs", "winner", ~table["winner"].isin(["a", "b"]), "a or b")
    return table


def _is_text(column: pd.Series[Any]) -> pd.Series[bool]:
    return column.map(lambda value: isinstance(value, str))


def _require(table: pd.DataFrame, name: str, columns: Iterable[str]) -> None:
    if not isinstance(table, pd.DataFrame):
        raise UnusableTrainingData(f"{name}: expected a DataFrame, received {type(table).__name__}")
    missing = [column for column in columns if column not in table]
    if missing:
        known = ", ".join(map(str, table.columns)) or "no column"
        raise UnusableTrainingData(f"{name}: expected the columns {', '.join(columns)}, received {known}")


def _refuse(table: pd.DataFrame, name: str, column: str, wrong: pd.Series[bool], expected: str) -> None:
    if wrong.any():
        place = int(np.flatnonzero(wrong.to_numpy())[0])
        value = table[column].iloc[place]
        value = value.item() if isinstance(value, np.generic) else value
        raise UnusableTrainingData(f"{name}, row {place}, {column}: expected {expected}, received {value!r}")
