"""Means of D drafts over U customers, in blocks of customers: no array of all pairs, whatever their number.

With numba (the `[fast]` extra) pairs run through machine code on two threads, without it through NumPy: the
same figures up to the rounding of sums. What is small is not worth the seconds that loading numba takes.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from predictors.effect.expectation import MEANS, figures_of, state_of
from predictors.effect.forest import Forest, UnfitForest, compile_forests
from predictors.effect.heads import Head
from predictors.effect.sides import (
    LOGITS,
    Audience,
    CustomerSide,
    DraftSide,
    customer_side,
    some_of,
    take_customers,
)
from predictors.effect.trees import residual
from predictors.features import Schema
from predictors.interface import FloatArray

if TYPE_CHECKING:
    import lightgbm

__all__ = ["Residuals", "fast", "means_of", "raw_scores"]

BLOCK = 60_000  # pairs of draft and customer in memory at once
CUSTOMERS = 8_192  # made ready at once
WORTH_LOADING = 2_000_000  # pairs from which on numba is loaded
FEWEST_ROWS = 300  # customers below whom LightGBM itself is as fast
PAIRS_OF_A_ROW = 20  # that take as long as one customer takes in the forests
THREADS = 2


@cache
def _installed() -> bool:
    return find_spec("numba") is not None


def fast(pairs: int) -> ModuleType | None:
    """The compiled loops, where numba is installed and already loaded or worth loading; else None."""
    if not _installed() or (pairs < WORTH_LOADING and "predictors.effect.kernel" not in sys.modules):
        return None
    from predictors.effect import kernel

    return kernel


class Residuals:
    """What the forests of each head add for a customer, the mean over a head's forests.

    Customers by the hundred run through the compiled forests, where numba is there and the models allow it;
    else through LightGBM. Both say the same to the last bit.
    """

    def __init__(self, forests: Mapping[str, Sequence[lightgbm.Booster]]) -> None:
        self._forests = {name: list(boosters) for name, boosters in forests.items() if boosters}
        self._compiled: Forest | None = None
        self._able = bool(self._forests)

    def of(self, matrix: FloatArray) -> dict[str, FloatArray]:
        """Head -> (n,) logit to add to that of customers (n, k); only heads that have forests."""
        kernel = fast(PAIRS_OF_A_ROW * len(matrix)) if self._able and len(matrix) >= FEWEST_ROWS else None
        if kernel is not None and self._compiled is None:
            try:
                self._compiled = compile_forests([one for own in self._forests.values() for one in own])
            except UnfitForest:  # LightGBM itself then says the same, later
                self._able = False
        if kernel is None or self._compiled is None:
            return {name: residual(boosters, matrix) for name, boosters in self._forests.items()}
        scores, first, found = raw_scores(self._compiled, matrix, kernel), 0, {}
        for name, boosters in self._forests.items():
            found[name] = np.asarray(np.mean(scores[first : first + len(boosters)], axis=0))
            first += len(boosters)
        return found


def raw_scores(forest: Forest, matrix: FloatArray, kernel: ModuleType) -> FloatArray:
    """(M, n) raw scores of n customers by M models, as `Booster.predict` gives them."""
    out = np.zeros((len(forest.model) - 1, len(matrix)))
    numbers = np.ascontiguousarray(matrix, dtype=np.float64)
    tables = (forest.edges, forest.starts, forest.masks, forest.values, forest.leaf, forest.model)

    step = _at_once(len(numbers))

    def part(start: int) -> None:
        rows = slice(start, start + step)
        own = np.zeros((len(out), len(numbers[rows])))
        kernel.run_forests(numbers[rows], *tables, own)
        out[:, rows] = own

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(part, range(0, len(numbers), step)))
    return out


def _at_once(customers: int) -> int:
    """Customers a block: as many as memory likes, and no thread without work."""
    return min(CUSTOMERS, -(-customers // THREADS))


def means_of(
    heads: Mapping[str, Head],
    drafts: DraftSide,
    audience: Audience,
    schema: Schema,
    detail: Sequence[str] = (),
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Figure of MEANS -> (D,), and of `detail` -> (D, U)."""
    number, users = len(drafts.pull), len(audience.main)
    kernel, step = fast(number * users), _at_once(users)
    found = np.zeros((len(detail), number, users))

    def part(start: int) -> FloatArray:
        rows = slice(start, min(start + step, users))
        people, own = customer_side(heads, take_customers(audience, rows), schema), found[:, :, rows]
        if kernel is None:
            return _in_numpy(drafts, people, detail, own)
        sums = np.zeros((number, len(MEANS)))
        figures = np.array([MEANS.index(name) for name in detail], dtype=np.int64)
        kernel.score_block(*_arguments(drafts, people), sums, figures, own)
        return sums.T

    starts = range(0, users, step)
    with ThreadPoolExecutor(THREADS if kernel else 1) as pool:
        sums = sum(pool.map(part, starts), start=np.zeros((len(MEANS), number)))
    return dict(zip(MEANS, sums / users, strict=True)), dict(zip(detail, found, strict=True))


def _in_numpy(
    drafts: DraftSide, people: CustomerSide, detail: Sequence[str], found: FloatArray
) -> FloatArray:
    """(figures, D) sums over these customers; each pair's figures of `detail` are put in found (F, D, U)."""
    users, sums = found.shape[2], np.zeros((len(MEANS), len(drafts.pull)))
    step = max(BLOCK // len(drafts.pull), 1)
    for start in range(0, users, step):
        rows = slice(start, min(start + step, users))
        block = figures_of(state_of(drafts, some_of(people, rows)), drafts.worth)
        sums += np.array([block[name].sum(axis=1) for name in MEANS])
        for place, name in enumerate(detail):
            found[place, :, rows] = block[name]
    return sums


def _arguments(drafts: DraftSide, customers: CustomerSide) -> tuple[object, ...]:
    """What `kernel.score_block` takes, up to where it puts its answer."""
    offers, worth, shape = drafts.offers, drafts.worth, drafts.pull.shape
    audience, empty = customers.audience, np.zeros(drafts.pull.shape)
    scopes = (len(audience.categories), len(audience.main))
    heads = [name for name in LOGITS if name in drafts.tables]
    known = np.array([name in heads for name in LOGITS])
    who = np.array([customers.who.get(name, np.zeros(scopes)) for name in LOGITS])
    lean = np.array([customers.lean.get(name, np.zeros(scopes)) for name in LOGITS])
    tables = np.array([drafts.tables.get(name, np.zeros(shape)) for name in LOGITS])
    usual = np.log(customers.baskets) if customers.usual is None else customers.usual
    terms = np.column_stack([
        offers.percent, offers.cap, np.minimum(offers.flat, offers.cap), offers.whole, drafts.floor,
        np.log(drafts.floor), drafts.edge, np.log(drafts.edge),
    ])  # fmt: skip
    return (
        audience.scope, audience.people.bucket, known, who, lean, tables, drafts.pull,
        drafts.pairs.eligible, drafts.within, drafts.tables.get("value", empty), customers.unsent, usual,
        np.exp(usual), np.array([customers.usual is not None]), drafts.offered, terms,
        np.column_stack([worth.margin, worth.contact]), worth.paid, customers.spread,
        np.nan if worth.unit_profit is None else worth.unit_profit,
    )  # fmt: skip
