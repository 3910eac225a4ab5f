"""Sums of D drafts over U customers, in blocks of customers: no array of all pairs, whatever their number.

With numba (the `[fast]` extra) pairs run through machine code, on two threads where there is work for them,
without it through NumPy: the same figures up to rounding. What is small is not worth the second that loading
numba takes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from functools import cache, cached_property
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from predictors.effect.expectation import MEANS, figures_of, state_of
from predictors.effect.forest import Forest, UnfitForest, compile_forests, run_in_numpy
from predictors.effect.heads import Head
from predictors.effect.saved import SavedForest
from predictors.effect.sides import (
    LOGITS,
    Audience,
    CustomerSide,
    DraftSide,
    customer_side,
    some_of,
)
from predictors.features import Schema
from predictors.interface import FloatArray

if TYPE_CHECKING:
    import lightgbm

__all__ = ["Residuals", "fast", "load_if_worth", "raw_scores", "sums_of"]

T = TypeVar("T")
BLOCK = 60_000  # pairs of draft and customer in memory at once
CUSTOMERS = 8_192  # of one thread at a time, so that none waits for the other
WORTH_LOADING = 2_000_000  # pairs from which on numba is loaded
WORTH_THREADS = 100_000  # pairs from which on threads are worth starting
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


def load_if_worth(drafts: int, customers: int) -> None:
    """Load the compiled loops where customers come in blocks and all blocks together are worth it."""
    fast((drafts + PAIRS_OF_A_ROW) * customers)


class Residuals:
    """What the forests of each head add for a customer, the mean over a head's forests.

    They run as tables, in machine code where numba is loaded or worth loading; a model that the tables cannot
    hold runs through LightGBM. All say the same to the last bit.
    """

    def __init__(self, forests: Mapping[str, Sequence[SavedForest]]) -> None:
        self._forests = {name: tuple(own) for name, own in forests.items() if own}

    @cached_property
    def _models(self) -> Forest | list[lightgbm.Booster]:
        every = [one for own in self._forests.values() for one in own]
        try:
            return compile_forests(every)
        except UnfitForest:
            return [one.booster() for one in every]

    def of(self, matrix: FloatArray) -> dict[str, FloatArray]:
        """Head -> (n,) logit to add to that of customers (n, k); only heads that have forests."""
        if not self._forests:
            return {}
        scores, first, found = raw_scores(self._models, matrix), 0, {}
        for name, own in self._forests.items():
            found[name] = np.asarray(np.mean(scores[first : first + len(own)], axis=0))
            first += len(own)
        return found


def raw_scores(models: Forest | Sequence[lightgbm.Booster], matrix: FloatArray) -> FloatArray:
    """(M, n) raw scores of n customers (n, k) by M models, as `Booster.predict` gives them."""
    if not isinstance(models, Forest):
        return np.array([one.predict(matrix, raw_score=True, num_threads=THREADS) for one in models])
    pairs = PAIRS_OF_A_ROW * len(matrix)
    kernel = fast(pairs)
    if kernel is None:
        return run_in_numpy(models, matrix)
    out = np.empty((len(models.model) - 1, len(matrix)))
    numbers = np.ascontiguousarray(matrix.T)
    tables = [getattr(models, field.name) for field in fields(models)]

    def part(rows: slice) -> None:
        kernel.run_forests(numbers, rows.start, rows.stop, *tables, out)

    for _ in _side_by_side(part, len(matrix), pairs):
        pass
    return out


def _side_by_side(part: Callable[[slice], T], customers: int, pairs: int) -> Iterator[T]:
    """What a part says of all customers, in order; threads only where there is work for them."""
    threads = THREADS if pairs >= WORTH_THREADS else 1
    step = max(min(CUSTOMERS, -(-customers // threads)), 1)
    rows = [slice(start, min(start + step, customers)) for start in range(0, customers, step)]
    if len(rows) < 2:
        yield from map(part, rows)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(part, rows)


def sums_of(
    heads: Mapping[str, Head],
    drafts: DraftSide,
    audience: Audience,
    schema: Schema,
    detail: Sequence[str] = (),
) -> tuple[FloatArray, FloatArray]:
    """(figures of MEANS, D) sums over U customers, and of each figure in `detail` (F, D, U) each pair."""
    number, users = len(drafts.pull), len(audience.main)
    people, found = customer_side(heads, audience, schema), np.zeros((len(detail), number, users))
    kernel = fast(number * users)
    if kernel is None:
        return _in_numpy(drafts, people, detail, found), found
    arguments, figures = (
        _arguments(drafts, people),
        np.array([MEANS.index(name) for name in detail], dtype=np.int64),
    )

    def part(rows: slice) -> FloatArray:
        sums = np.zeros((number, len(MEANS)))
        kernel.score_block(rows.start, rows.stop, *arguments, sums, figures, found)
        return sums

    parts = _side_by_side(part, users, number * users)
    return np.asarray(sum(parts, start=np.zeros((number, len(MEANS)))).T), found


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
    audience, stretch = customers.audience, drafts.tables.get("value", np.zeros(shape))
    scopes = (len(audience.categories), len(audience.main))
    heads = [name for name in LOGITS if name in drafts.tables]
    known = np.array([name in heads for name in LOGITS])
    who = np.array([customers.who.get(name, np.zeros(scopes)) for name in LOGITS])
    lean = np.array([customers.lean.get(name, np.zeros(scopes)) for name in LOGITS])
    tables = np.array([drafts.tables.get(name, np.zeros(shape)) for name in LOGITS])
    usual = np.log(customers.baskets) if customers.usual is None else customers.usual
    terms = np.column_stack([
        offers.percent, offers.cap, np.minimum(offers.flat, offers.cap), offers.whole, offers.min_spend,
        np.log(drafts.floor), drafts.edge, np.log(drafts.edge),
    ])  # fmt: skip
    return (
        audience.scope, audience.people.bucket, known, who, lean, tables, drafts.pull,
        drafts.pairs.eligible, drafts.within, np.array([stretch, np.exp(stretch)]), customers.unsent, usual,
        np.exp(usual), float(customers.usual is not None), drafts.offered, terms,
        np.column_stack([worth.margin, worth.contact]), worth.paid, customers.spread,
        np.nan if worth.unit_profit is None else worth.unit_profit,
    )  # fmt: skip
