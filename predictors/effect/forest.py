"""Forests as tables of bits: many customers through many trees, equal to LightGBM to the last bit.

A split that a customer fails rules out the leaves to its left. For each attribute the values fall in bins
between the thresholds of all trees, so what an attribute rules out in a tree is one mask of a table; the mask
left when all attributes have spoken has the exit leaf as its lowest bit (QuickScorer: Lucchese et al. 2015,
with whole bins in place of single splits). Trees are summed in LightGBM's order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from predictors.effect.saved import SavedForest, Tree
from predictors.interface import FloatArray

__all__ = ["MOST_LEAVES", "NOTHING", "Forest", "UnfitForest", "compile_forests", "run_in_numpy", "why_not"]

Ints = npt.NDArray[np.int64]
MOST_LEAVES = 64
NOTHING = float(np.float32(1e-35))  # LightGBM reads what is no larger as 0
WORDS = ((16, np.uint16), (32, np.uint32), (64, np.uint64))
BLOCK = 60_000  # pairs of customer and tree in memory at once, without numba


class UnfitForest(ValueError):
    """A model holds what the tables cannot say; LightGBM has to score it."""


@dataclass(frozen=True)
class Forest:
    """T trees of one or several models, over the same k columns.

    columns: (c,) those that any tree splits; edges: thresholds of each, ascending, one column after another;
    starts: (c + 1,) where each begins; masks: (rows, T), for each column a row for each bin of values and one
    for NaN, and at the end a row that rules nothing out; values: (leaves,); leaf: (T,) where each tree's
    leaves begin; model: (M + 1,) where each model's trees begin.
    """

    columns: Ints
    edges: FloatArray
    starts: Ints
    masks: npt.NDArray[Any]
    values: FloatArray
    leaf: Ints
    model: Ints


@dataclass(frozen=True)
class _Split:
    tree: int
    column: int
    threshold: float
    missing_left: bool
    left: int  # bits of the leaves on its left


def why_not(saved: SavedForest) -> str | None:
    """What of a model keeps it from being compiled; None = nothing."""
    if not saved.trees:
        return "it has no trees"
    if "average_output" in saved.header:
        return "its score is the mean of its trees"
    if saved.header.get("num_tree_per_iteration", "1") != "1":
        return f"it gives {saved.header['num_tree_per_iteration']} scores"
    for number, tree in enumerate(saved.trees):
        if len(tree.value) > MOST_LEAVES:
            return f"tree {number} has {len(tree.value)} leaves, more than {MOST_LEAVES}"
        if tree.linear:
            return f"tree {number} has linear leaves"
        for split, column in enumerate(tree.column):
            if tree.by_category(split):
                return f"tree {number} splits column {column} by category"
            if tree.missing(split) == "Zero":
                return f"tree {number} takes 0 for missing in column {column}"
    return None


def compile_forests(models: Sequence[SavedForest]) -> Forest:
    """Models over the same columns as one table.

    Raises:
        UnfitForest: one of them cannot be compiled, and why.
    """
    for number, model in enumerate(models):
        if (reason := why_not(model)) is not None:
            raise UnfitForest(f"model {number} cannot be compiled: {reason}")
    trees = [tree for model in models for tree in model.trees]
    splits: list[_Split] = []
    values: list[float] = []
    leaf, most = [], 1
    for number, tree in enumerate(trees):
        leaf.append(len(values))
        _walk(tree, number, 0 if len(tree.column) else -1, splits, values, leaf[-1])
        most = max(most, len(tree.value))
    word = next(kind for bits, kind in WORDS if most <= bits)
    columns = sorted({one.column for one in splits})
    edges = [np.unique([one.threshold for one in splits if one.column == column]) for column in columns]
    place = {column: number for number, column in enumerate(columns)}
    # A column's rows: one for each bin, which end at its thresholds, and one for NaN.
    rows = np.cumsum([0, *(len(own) + 2 for own in edges)])
    masks = np.full((int(rows[-1]) + 1, len(trees)), np.iinfo(word).max, dtype=word)
    for one in splits:
        number = place[one.column]
        first, last = int(rows[number]), int(rows[number + 1]) - 1
        ruled_out = ~word(one.left)
        masks[first + int(np.searchsorted(edges[number], one.threshold)) + 1 : last, one.tree] &= ruled_out
        if not one.missing_left:
            masks[last, one.tree] &= ruled_out
    return Forest(
        np.array(columns, dtype=np.int64),
        np.concatenate([*edges, np.zeros(0)]),
        np.cumsum([0, *map(len, edges)]),
        masks,
        np.array(values, dtype=float),
        np.array(leaf, dtype=np.int64),
        np.cumsum([0, *(len(model.trees) for model in models)]),
    )


def run_in_numpy(forest: Forest, matrix: FloatArray) -> FloatArray:
    """(M, n) raw scores of matrix (n, k) by M models, as `Booster.predict` gives them; see `kernel`."""
    step = max(BLOCK // max(len(forest.leaf), 1), 1)
    parts = [_block(forest, matrix[start : start + step]) for start in range(0, len(matrix), step)]
    return np.concatenate([np.zeros((len(forest.model) - 1, 0)), *parts], axis=1)


def _block(forest: Forest, matrix: FloatArray) -> FloatArray:
    alive = np.repeat(forest.masks[-1:], len(matrix), axis=0)
    for number, column in enumerate(forest.columns):
        first, last = forest.starts[number], forest.starts[number + 1]
        values = matrix[:, column]
        bins = np.searchsorted(forest.edges[first:last], np.where(np.abs(values) <= NOTHING, 0.0, values))
        bins[np.isnan(values)] = last - first + 1
        alive &= forest.masks[first + 2 * number + bins]
    lowest = np.bitwise_count((alive & -alive) - alive.dtype.type(1))
    reached = forest.values[forest.leaf + lowest]
    ends = zip(forest.model[:-1], forest.model[1:], strict=True)
    # Summed one after another, as LightGBM does: `sum` would add in pairs.
    return np.array([np.cumsum(reached[:, first:last], axis=1)[:, -1] for first, last in ends])


def _walk(tree: Tree, number: int, node: int, splits: list[_Split], values: list[float], first: int) -> None:
    """Add the splits and leaves of a tree below a node, leaves from left to right; `first`: where its leaves
    begin.
    """
    if node < 0:
        values.append(float(tree.value[~node]))
        return
    before = len(values) - first
    _walk(tree, number, int(tree.left[node]), splits, values, first)
    left = (1 << (len(values) - first)) - (1 << before)
    threshold = float(tree.threshold[node])
    # Where NaN has no side of its own it is read as 0.
    missing_left = tree.missing_left(node) if tree.missing(node) == "NaN" else threshold >= 0
    splits.append(_Split(number, int(tree.column[node]), threshold, missing_left, left))
    _walk(tree, number, int(tree.right[node]), splits, values, first)
