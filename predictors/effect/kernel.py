"""The loop over pairs of draft and customer, as machine code; import it only where numba is installed.

Nothing of a pair is kept unless it is asked for, so a pair costs a few exponentials. `expectation.py` says
the same in NumPy, and is what runs without numba (the `[fast]` extra).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt
from numba.cpython.unsafe.numbers import trailing_zeros

from predictors.effect.expectation import RARE, REDEEMED
from predictors.effect.forest import NOTHING
from predictors.interface import FloatArray

__all__ = ["run_forests", "score_block"]

Ints = npt.NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., Any])
USERS = 512  # whose places in the masks are found at once
FEW = 16  # whose masks are summed up while they are still in the nearest cache
TOGETHER = 4  # columns whose masks are taken at once
ROOT_HALF = math.sqrt(0.5)


def _machine_code(function: Function) -> Function:
    try:
        found: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:  # nowhere to keep it from one process to the next
        found = numba.njit(nogil=True, error_model="numpy")(function)
    return cast(Function, found)


@_machine_code
def _chance(line: float) -> float:
    return 1.0 / (1.0 + math.exp(-min(max(line, -35.0), 35.0)))


@_machine_code
def _normal(room: float) -> float:
    return 0.5 * math.erfc(-room * ROOT_HALF)


@_machine_code
def _mean_above(basket: float, room: float, edge: float, spread: float) -> float:
    if room > 9.0:  # the chance is 1 to the last bit
        return basket
    if room < -5.0:
        return max(edge, basket) * 1.05
    return float(basket * (_normal(room + spread) / max(_normal(room), RARE)))


@_machine_code
def _given(basket: float, log_basket: float, terms: FloatArray, spread: float) -> float:
    """Expected cost of an offer on a redeemed order. terms: percent, cap, most of the flat part, whether
    all of that is paid whatever the order, floor, its log, edge (from which on the cap binds), its log.
    """
    percent, cap, most, whole, spend, log_spend, edge, log_edge = terms
    room = (log_basket - spread * spread / 2 - log_spend) / spread
    above = _mean_above(basket, room, spend, spread)
    if edge < np.inf:
        far = (log_basket - spread * spread / 2 - log_edge) / spread
        over = max(_normal(far), RARE) / max(_normal(room), RARE)
        above -= over * max(_mean_above(basket, far, edge, spread) - edge, 0.0)
    return float(min(percent * above, cap) + (most if whole > 0 else min(most, above)))


@_machine_code
def score_block(
    begin: int,
    end: int,
    scope: Ints,
    bucket: Ints,
    known: npt.NDArray[np.bool_],
    who: FloatArray,
    lean: FloatArray,
    tables: FloatArray,
    pull: FloatArray,
    eligible: FloatArray,
    within: FloatArray,
    stretch: FloatArray,
    unsent: FloatArray,
    usual: FloatArray,
    plain: FloatArray,
    money: npt.NDArray[np.bool_],
    offered: FloatArray,
    terms: FloatArray,
    worth: FloatArray,
    paid: float,
    spread: float,
    unit_profit: float,
    sums: FloatArray,
    figures: Ints,
    detail: FloatArray,
) -> None:
    """Add the figures of D drafts over customers begin to end of U to sums (D, 9), as `expectation.MEANS`.

    scope: (D,); bucket: (U,); known: (3,) which of the heads click, convert and redeem there are; who, lean:
    (3, S, U); tables: (3, D, B); pull, eligible, within, stretch: (D, B); unsent: (U,) chance of buying
    unsent; usual, plain: (U,) log of the usual basket, and the value of an order that nothing was sent for;
    money: (1,) whether orders have values; offered: (D,); terms: (D, 8); worth: (D, 2) margin and contact
    cost; unit_profit: NaN = margins count. figures: (F,) of which detail (F, D, U) takes every pair.
    """
    found, total, lost = np.zeros(9), np.zeros(9), np.zeros(9)
    for draft in range(len(scope)):
        at = scope[draft]
        total[:], lost[:] = 0.0, 0.0
        margin, contact = worth[draft]
        for user in range(begin, end):
            basket = bucket[user]
            strength = pull[draft, basket]
            found[0] = 0.0
            if known[0]:
                found[0] = _chance(tables[0, draft, basket] + who[0, at, user] + strength * lean[0, at, user])
            buys = _chance(tables[1, draft, basket] + who[1, at, user] + strength * lean[1, at, user])
            value, before, log_basket = 0.0, 0.0, usual[user]
            if money[0]:
                log_basket += stretch[draft, basket]
                value = math.exp(log_basket)
                before = paid * unsent[user] * plain[user]
            cost = 0.0
            if offered[draft] > 0:
                redeem = REDEEMED * eligible[draft, basket]
                if known[2]:
                    redeem = _chance(
                        tables[2, draft, basket] + who[2, at, user] + strength * lean[2, at, user]
                    )
                size = value if money[0] else plain[user]
                cost = (
                    buys
                    * paid
                    * redeem
                    * within[draft, basket]
                    * _given(size, log_basket, terms[draft], spread)
                )
            revenue = paid * buys * value
            gain = buys - unsent[user]
            profit = margin * (revenue - before)
            if unit_profit == unit_profit:
                profit = unit_profit * gain
            found[1], found[2], found[3] = buys, unsent[user], gain
            found[4], found[5], found[6], found[7] = revenue, revenue - before, cost, contact
            found[8] = profit - cost - contact
            for place in range(9):  # what rounding takes from a sum is carried along (Kahan)
                more = found[place] - lost[place]
                whole = total[place] + more
                lost[place] = (whole - total[place]) - more
                total[place] = whole
            for place in range(len(figures)):
                detail[place, draft, user] = found[figures[place]]
        sums[draft] += total


@_machine_code
def _lowest_bit(word: Any) -> Any:
    return np.int64(trailing_zeros(word))  # type: ignore[call-arg]  # numba hands its own context over


@_machine_code
def _find_bins(
    matrix: FloatArray,
    start: int,
    users: int,
    columns: Ints,
    edges: FloatArray,
    starts: Ints,
    value: FloatArray,
    count: Ints,
    found: Ints,
) -> None:
    """Put in found (users, c or more) which row of the masks the values of matrix (k, n) have in each column.

    Thresholds below a value are counted rather than searched: without a branch, many customers at once.
    value, count: (users or more,) room to work in.
    """
    for number in range(len(columns)):
        first, last, column = starts[number], starts[number + 1], columns[number]
        base, line = first + 2 * number, matrix[column, start : start + users]
        for user in range(users):
            own = line[user]
            # Minus infinity lies above no threshold, and the row of NaN is where its count begins.
            value[user] = -np.inf if own != own else (own if abs(own) > NOTHING else 0.0)
            count[user] = base + last - first + 1 if own != own else base
        place = first
        while place + 4 <= last:
            one, two, three, four = edges[place], edges[place + 1], edges[place + 2], edges[place + 3]
            for user in range(users):
                own = value[user]
                count[user] += (
                    np.int64(one < own) + np.int64(two < own) + np.int64(three < own) + np.int64(four < own)
                )
            place += 4
        while place < last:
            one = edges[place]
            for user in range(users):
                count[user] += np.int64(one < value[user])
            place += 1
        for user in range(users):
            found[user, number] = count[user]


@_machine_code
def run_forests(
    matrix: FloatArray,
    begin: int,
    end: int,
    columns: Ints,
    edges: FloatArray,
    starts: Ints,
    masks: npt.NDArray[Any],
    values: FloatArray,
    leaf: Ints,
    model: Ints,
    out: FloatArray,
) -> None:
    """Put the raw scores of customers begin to end of matrix (k, n) by M models in out (M, n).

    The rest are the fields of `Forest`.
    """
    trees, taken = len(leaf), -(-len(columns) // TOGETHER) * TOGETHER
    alive = np.empty((FEW, trees), masks.dtype)
    value, count = np.empty(USERS), np.empty(USERS, np.int64)
    # Columns are taken four at a time; what is missing in the last four rules nothing out.
    rows = np.full((USERS, taken), len(masks) - 1, np.int64)
    for start in range(begin, end, USERS):
        users = min(USERS, end - start)
        _find_bins(matrix, start, users, columns, edges, starts, value, count, rows)
        for first in range(0, users, FEW):
            few = min(FEW, users - first)
            for user in range(few):
                own, at = alive[user], rows[first + user]
                own[:] = masks[len(masks) - 1]
                for place in range(0, taken, TOGETHER):
                    one, two = masks[at[place]], masks[at[place + 1]]
                    three, four = masks[at[place + 2]], masks[at[place + 3]]
                    for tree in range(trees):
                        own[tree] &= one[tree] & two[tree] & three[tree] & four[tree]
            for user in range(few):
                own = alive[user]
                for number in range(len(model) - 1):
                    total = 0.0
                    for tree in range(model[number], model[number + 1]):
                        total += values[leaf[tree] + _lowest_bit(np.uint64(own[tree]))]
                    out[number, start + first + user] = total
