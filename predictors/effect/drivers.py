"""Which customers a draft's forecast depends on: trees that repeat it, taken apart by TreeSHAP.

A forecast per customer is a function of what is known of the customer. A few small LightGBM trees learn that
function; the exact contributions of each attribute (Lundberg et al. 2020, TreeSHAP) say which ones it turns
on, and a cut or two along the attribute turns them into groups a person can name. Where the trees do not
repeat the forecast, or it is the same for everybody, nothing is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from predictors.features import Schema, read_customers
from predictors.interface import (
    ATTRIBUTE_PROMOTED_SHARE,
    CustomerTable,
    Driver,
    DriverGroup,
    Drivers,
    FloatArray,
)

if TYPE_CHECKING:
    import lightgbm

__all__ = ["contributions", "find_drivers"]

Rows = npt.NDArray[np.bool_]
SAMPLE = 2_000
HELD = 4  # every fourth customer of the sample is kept to judge the trees by
TREES = 60
PARAMETERS = {
    "objective": "regression",
    "learning_rate": 0.2,
    "num_leaves": 8,
    "min_data_in_leaf": 10,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 0,
    "verbosity": -1,
}
FEWEST = 50  # customers, below which groups of them mean little
LEAST_FIDELITY = 0.5
LEAST_SPREAD = 0.01  # standard deviation over customers, as a share of the mean's size
NAMED = 4  # attributes
LEAST_SHARE = 0.05  # of all contributions; less is not worth a name
CUTS = 19  # quantiles tried as edges between groups
SMALLEST_GROUP = 0.1  # of the customers whose value is known
THIRD_GROUP = 0.1  # of the variance explained, below which two groups say it


def find_drivers(
    values: FloatArray, customers: CustomerTable, schema: Schema, category: str | None
) -> Drivers:
    """The attributes that `values`, (U,) one figure of one draft by customer, turns on; strongest first."""
    spread = float(values.std())
    if len(values) < FEWEST:
        return Drivers(0.0, (), f"fewer than {FEWEST} customers: too few to tell by what they differ")
    if spread <= LEAST_SPREAD * abs(float(values.mean())) or spread < 1e-12:
        return Drivers(0.0, (), "the forecast is nearly the same for every customer")
    matrix, owner = _matrix(customers, schema, category)
    some = np.arange(0, len(values), max(len(values) // SAMPLE, 1))
    held = np.arange(len(some)) % HELD == HELD - 1
    told = (values[some] - values.mean()) / spread
    trees = _grow(matrix[some][~held], told[~held])
    fidelity = _r_squared(told[held], np.asarray(trees.predict(matrix[some][held], num_threads=1)))
    if fidelity < LEAST_FIDELITY:
        return Drivers(fidelity, (), "no few attributes tell the forecasts of customers apart")
    parts, _ = contributions(trees, matrix[some], owner)
    strength = {name: spread * float(np.abs(part).mean()) for name, part in parts.items()}
    order = sorted(strength, key=lambda name: (-strength[name], name))[:NAMED]
    whole = sum(strength.values())
    frame = customers.attributes
    drivers = []
    for name in order:
        if strength[name] < LEAST_SHARE * whole:
            break
        if name in schema.levels:
            known = frame[name].to_numpy(dtype=object) if name in frame else np.full(len(frame), None)
            groups = _level_groups(known, schema.levels[name], parts[name], some, values)
        else:
            groups = _number_groups(matrix[:, owner.index(name)], parts[name], some, values)
        if len(groups) > 1:
            drivers.append(Driver(name, strength[name], groups))
    return Drivers(fidelity, tuple(drivers))


def contributions(
    trees: lightgbm.Booster, matrix: FloatArray, owner: Sequence[str]
) -> tuple[dict[str, FloatArray], float]:
    """TreeSHAP of n rows by attribute, (n,) each, and the constant; with it they sum to the prediction.

    owner: attribute of each column: the levels of one attribute count together.
    """
    every = np.asarray(trees.predict(matrix, pred_contrib=True, num_threads=1), dtype=float)
    found: dict[str, FloatArray] = {name: np.zeros(len(matrix)) for name in owner}
    for place, name in enumerate(owner):
        found[name] = found[name] + every[:, place]
    return found, float(every[0, -1])


def _matrix(customers: CustomerTable, schema: Schema, category: str | None) -> tuple[FloatArray, list[str]]:
    """(U, k) what the model knows of customers, and the attribute of each column."""
    owner = [*schema.numeric, *(name for name, known in schema.levels.items() for _ in known)]
    matrix = read_customers(customers.attributes, schema).matrix
    if category is not None and category in customers.affinity:
        share = customers.affinity[category].to_numpy(dtype=float)
        return np.column_stack([matrix, share]), [*owner, ATTRIBUTE_PROMOTED_SHARE]
    return matrix, owner


def _grow(matrix: FloatArray, target: FloatArray) -> lightgbm.Booster:
    import lightgbm as lgb

    data = lgb.Dataset(matrix, label=target, params={"verbosity": -1, "min_data_in_bin": 1})
    return lgb.train(PARAMETERS, data, num_boost_round=TREES)


def _r_squared(truth: FloatArray, told: FloatArray) -> float:
    left, whole = float(((truth - told) ** 2).sum()), float(((truth - truth.mean()) ** 2).sum())
    return 1 - left / whole if whole > 0 else 0.0


def _number_groups(
    column: FloatArray, part: FloatArray, some: npt.NDArray[np.int64], values: FloatArray
) -> tuple[DriverGroup, ...]:
    """Two or three ranges of a number, cut where its contributions differ most; unknown apart."""
    known = np.isfinite(column[some])
    numbers, effects = column[some][known], part[known]
    if not len(numbers):
        return ()
    quantiles = np.quantile(numbers, np.linspace(0, 1, CUTS + 2)[1:-1])
    edges = sorted({_rounded(float(edge)) for edge in quantiles})
    cuts = _best_cuts(numbers, effects, edges)
    bounds = [None, *cuts, None]
    groups = []
    for low, high in pairwise(bounds):
        inside = np.isfinite(column)
        inside &= column >= low if low is not None else True
        inside &= column < high if high is not None else True
        groups.append(_group(inside, values, low=low, high=high))
    groups.append(_group(~np.isfinite(column), values, unknown=True))
    return tuple(one for one in groups if one.share > 0)


def _rounded(value: float) -> float:
    """To three digits, as a person would say it."""
    return float(f"{value:.3g}")


def _best_cuts(numbers: FloatArray, effects: FloatArray, edges: Sequence[float]) -> tuple[float, ...]:
    """The one or two edges between which the effects differ most; none if no group would be large enough."""
    order = np.argsort(numbers, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum((effects - effects.mean())[order])])
    places = dict(zip(edges, np.searchsorted(numbers[order], edges, side="left").tolist(), strict=True))
    least = SMALLEST_GROUP * len(numbers)

    def explained(cuts: tuple[float, ...]) -> float:
        bounds = [0, *(places[cut] for cut in cuts), len(numbers)]
        pairs = list(pairwise(bounds))
        if min(end - start for start, end in pairs) < max(least, 1):
            return -1.0
        return float(sum((sums[end] - sums[start]) ** 2 / (end - start) for start, end in pairs))

    one = max(((edge,) for edge in edges), key=explained)
    two = max(combinations(edges, 2), key=explained, default=one)
    best = two if explained(two) - explained(one) > THIRD_GROUP * explained(two) else one
    return best if explained(best) >= 0 else ()


def _level_groups(
    column: npt.NDArray[np.object_],
    levels: Sequence[str],
    part: FloatArray,
    some: npt.NDArray[np.int64],
    values: FloatArray,
) -> tuple[DriverGroup, ...]:
    """The levels that stand out, and all the others, those not known among them."""
    here = column[some]
    means: Mapping[str, float] = {
        level: float(part[here == level].mean()) for level in levels if (here == level).any()
    }
    order = sorted(means, key=lambda level: -means[level])
    sizes = {level: float((here == level).mean()) for level in order}
    middle = float(part.mean())

    def apart(some_levels: Sequence[str]) -> float:
        """Variance that telling these from all the others explains."""
        share = sum(sizes[level] for level in some_levels)
        if not SMALLEST_GROUP / 2 <= share < 1:
            return -1.0
        mean = sum(sizes[level] * (means[level] - middle) for level in some_levels) / share
        # Telling some from the rest and the rest from some is the same but for rounding: fewer are named.
        return float(f"{mean**2 * share / (1 - share):.6g}")

    candidates = [pick for count in range(1, len(order)) for pick in (order[:count], order[-count:])]
    chosen = max(candidates, key=lambda pick: (apart(pick), -len(pick)), default=None)
    if chosen is None or apart(chosen) < 0:
        return ()
    inside = np.isin(column.astype(str), list(chosen))
    return (_group(inside, values, levels=tuple(chosen)), _group(~inside, values, others=True))


def _group(inside: Rows, values: FloatArray, **terms: Any) -> DriverGroup:
    share = float(inside.mean())
    return DriverGroup(share=share, mean=float(values[inside].mean()) if inside.any() else 0.0, **terms)
