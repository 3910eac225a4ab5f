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
from numpy.polynomial import chebyshev
from scipy.special import erfcx

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
PER_HALVING = 1 / math.log(2)
HALVING = (float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33"))  # log 2 in two parts
SERIES = tuple(1 / math.factorial(power) for power in range(14))
POWERS = np.exp2(np.arange(-128.0, 129.0))
FAR = 9.0  # standard deviations within which chances are told from 0 and 1
# The normal's tail is exp(-size^2) times what hardly bends: its logarithm, as a polynomial of where 1 / (1 +
# size / 2) lies between what it is at FAR and 1.
LEAST = 1 / (1 + FAR * ROOT_HALF / 2)
MIDDLE, HALF = (1 + LEAST) / 2, (1 - LEAST) / 2
PLACES = chebyshev.chebpts1(19)
PARTS = MIDDLE + HALF * PLACES
FITTED = chebyshev.chebfit(PLACES, np.log(erfcx(2 / PARTS - 2) / PARTS), len(PLACES) - 1)
BEND = tuple(chebyshev.cheb2poly(FITTED).tolist())


# Constants of other files are compiled in, and what was compiled is kept until this file changes.
def _machine_code(function: Function) -> Function:
    try:
        found: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:  # nowhere to keep it from one process to the next
        found = numba.njit(nogil=True, error_model="numpy")(function)
    return cast(Function, found)


@_machine_code
def _exp(value: float) -> float:
    """The exponential of -45 to 45, to the last digit or the one before: a power of 2, and a series between.

    Written out, as the compiler then works on several numbers at once.
    """
    whole = math.floor(value * PER_HALVING + 0.5)
    rest = (value - whole * HALVING[0]) - whole * HALVING[1]
    series = 0.0
    for power in range(13, 1, -1):
        series = series * rest + SERIES[power]
    return float((series * rest * rest + rest + 1.0) * POWERS[np.int32(whole) + 128])


@_machine_code
def _put_normal(room: FloatArray, more: float, out: FloatArray) -> None:
    """The distribution function of the standard normal at room + more, (n,), to some 14 digits; the tail
    beyond FAR is that at FAR.
    """
    for user in range(len(out)):
        size = min(abs(room[user] + more), FAR) * ROOT_HALF
        place, bend = (1.0 / (1.0 + size / 2) - MIDDLE) / HALF, 0.0
        for power in range(len(BEND) - 1, -1, -1):
            bend = bend * place + BEND[power]
        out[user] = bend - size * size
    for user in range(len(out)):
        size = min(abs(room[user] + more), FAR) * ROOT_HALF
        tail = 0.5 / (1.0 + size / 2) * _exp(out[user])
        out[user] = tail if room[user] + more < 0 else 1.0 - tail


@_machine_code
def _put_mean_above(
    basket: FloatArray, edge: float, room: FloatArray, chance: FloatArray, spread: float, out: FloatArray
) -> None:
    """Mean of log-normal orders above an edge, (n,); chance: that an order lies there."""
    _put_normal(room, spread, out)
    for user in range(len(out)):
        near = basket[user] * (out[user] / max(chance[user], RARE))
        beyond = max(edge, basket[user]) * 1.05
        out[user] = beyond if room[user] < -5.0 else (basket[user] if room[user] > FAR else near)


@_machine_code
def _put_chances(
    bucket: Ints, table: FloatArray, pull: FloatArray, who: FloatArray, lean: FloatArray, out: FloatArray
) -> None:
    """The chance of each customer's line; see `sides`. table, pull: (B,); the rest (n,)."""
    for user in range(len(out)):
        out[user] = table[bucket[user]] + who[user] + pull[bucket[user]] * lean[user]
    for user in range(len(out)):
        out[user] = 1.0 / (1.0 + _exp(-min(max(out[user], -35.0), 35.0)))


@_machine_code
def _put_given(
    basket: FloatArray, logs: FloatArray, terms: FloatArray, spread: float, work: FloatArray, out: FloatArray
) -> None:
    """Expected cost of an offer on a redeemed order of (n,) baskets. terms: percent, cap, most of the flat
    part, whether all of that is paid whatever the order, floor (0 = none), its log, edge (from which on the
    cap binds), its log. work: (5, n or more).
    """
    percent, cap, most, whole, spend, log_spend, edge, log_edge = terms
    room, chance = work[0, : len(out)], work[1, : len(out)]
    out[:] = basket
    shift = spread * spread / 2
    if spend > 0 or edge < np.inf:
        for user in range(len(out)):
            room[user] = (logs[user] - shift - log_spend) / spread
        _put_normal(room, 0.0, chance)
        _put_mean_above(basket, spend, room, chance, spread, out)
    if edge < np.inf:
        far, there, beyond = work[2, : len(out)], work[3, : len(out)], work[4, : len(out)]
        for user in range(len(out)):
            far[user] = (logs[user] - shift - log_edge) / spread
        _put_normal(far, 0.0, there)
        _put_mean_above(basket, edge, far, there, spread, beyond)
        for user in range(len(out)):
            over = max(there[user], RARE) / max(chance[user], RARE)
            out[user] -= over * max(beyond[user] - edge, 0.0)
    for user in range(len(out)):
        flat = most if whole > 0 else min(most, out[user])
        out[user] = min(percent * out[user], cap) + flat


@_machine_code
def _sum(values: FloatArray, users: int) -> float:
    """The sum of the first `users`, which are lost: halves are added to halves, so that little is rounded."""
    while users > 1:
        half = (users + 1) // 2
        for user in range(users - half):
            values[user] += values[half + user]
        users = half
    return float(values[0])


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
    money: float,
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
    (3, S, U); tables: (3, D, B); pull, eligible, within: (D, B); stretch: (2, D, B) of the usual order by the
    offer, as a log and as a factor; unsent: (U,) chance of buying unsent; usual, plain: (U,) log of the usual
    order, and the order itself; money: 0 where no order's value was ever seen, else 1; offered: (D,); terms:
    (D, 8); worth: (D, 2) margin and contact cost; unit_profit: NaN = margins count. figures: (F,) of which
    detail (F, D, U) takes every pair.
    """
    block, work = np.zeros((9, USERS)), np.empty((5, USERS))
    logs, size, given = np.empty(USERS), np.empty(USERS), np.empty(USERS)
    for draft in range(len(scope)):
        at, own = scope[draft], pull[draft]
        margin, contact = worth[draft]
        for start in range(begin, end, USERS):
            users = min(USERS, end - start)
            rows = slice(start, start + users)
            here, before = bucket[rows], unsent[rows]
            click, buys, gain, cost = block[0, :users], block[1, :users], block[3, :users], block[6, :users]
            revenue, more, profit = block[4, :users], block[5, :users], block[8, :users]
            click[:] = 0.0
            if known[0]:
                _put_chances(here, tables[0, draft], own, who[0, at, rows], lean[0, at, rows], click)
            _put_chances(here, tables[1, draft], own, who[1, at, rows], lean[1, at, rows], buys)
            for user in range(users):
                logs[user] = usual[start + user] + stretch[0, draft, here[user]]
                size[user] = plain[start + user] * stretch[1, draft, here[user]]
            cost[:] = 0.0
            if offered[draft] > 0:
                if known[2]:
                    _put_chances(here, tables[2, draft], own, who[2, at, rows], lean[2, at, rows], cost)
                else:
                    for user in range(users):
                        cost[user] = REDEEMED * eligible[draft, here[user]]
                _put_given(size[:users], logs[:users], terms[draft], spread, work, given[:users])
                for user in range(users):
                    cost[user] *= buys[user] * paid * within[draft, here[user]] * given[user]
            for user in range(users):
                gain[user] = buys[user] - before[user]
                revenue[user] = money * paid * buys[user] * size[user]
                more[user] = revenue[user] - money * paid * before[user] * plain[start + user]
                earned = unit_profit * gain[user] if unit_profit == unit_profit else margin * more[user]
                profit[user] = earned - cost[user] - contact
            block[2, :users], block[7, :users] = before, contact
            for place in range(len(figures)):
                detail[place, draft, rows] = block[figures[place], :users]
            for place in range(9):
                sums[draft, place] += _sum(block[place], users)


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
