"""Forests as tables of bits: many customers through many trees, equal to LightGBM to the last bit.

A split that a customer fails rules out the leaves to its left. For each attribute the values fall in bins
between the thresholds of all trees, so what an attribute rules out in a tree is one mask of a table; the mask
left when all attributes have spoken has the exit leaf as its lowest bit (QuickScorer: Lucchese et al. 2015,
with whole bins in place of single splits). Trees are summed in LightGBM's order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from predictors.interface import FloatArray

if TYPE_CHECKING:
    import lightgbm

__all__ = ["MOST_LEAVES", "Forest", "UnfitForest", "compile_forests", "why_not"]

Ints = npt.NDArray[np.int64]
MOST_LEAVES = 64
DUMPED_INFINITY = 1e300  # LightGBM's dump writes so for a threshold beyond every number
WORDS = ((16, np.uint16), (32, np.uint32), (64, np.uint64))


class UnfitForest(ValueError):
    """A model holds what the tables cannot say; LightGBM has to score it."""


@dataclass(frozen=True)
class Forest:
    """T trees of one or several models, over the same k columns.

    edges: thresholds of each column, ascending, one column after another; starts: (k + 1,) where each begins;
    masks: (rows, T), for each column a row for each bin of values, and one for NaN; values: (leaves,); leaf:
    (T,) where each tree's leaves begin; model: (M + 1,) where each model's trees begin.
    """

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
    nan: bool  # whether NaN has a side of its own; else it is read as 0
    missing_left: bool
    left: int  # bits of the leaves on its left


def why_not(booster: lightgbm.Booster) -> str | None:
    """What of a model keeps it from being compiled; None = nothing."""
    return _why_not(booster.dump_model()["tree_info"])


def _why_not(trees: Sequence[Mapping[str, Any]]) -> str | None:
    for number, tree in enumerate(trees):
        if tree["num_leaves"] > MOST_LEAVES:
            return f"tree {number} has {tree['num_leaves']} leaves, more than {MOST_LEAVES}"
        for node in _nodes(tree["tree_structure"]):
            if "leaf_features" in node:
                return f"tree {number} has linear leaves"
            if "split_feature" in node and node["decision_type"] != "<=":
                return f"tree {number} splits column {node['split_feature']} by category"
            if "split_feature" in node and node["missing_type"] == "Zero":
                return f"tree {number} takes 0 for missing in column {node['split_feature']}"
    return None


def compile_forests(boosters: Sequence[lightgbm.Booster]) -> Forest:
    """Models over the same columns as one table.

    Raises:
        UnfitForest: one of them cannot be compiled, and why.
    """
    dumped = [booster.dump_model()["tree_info"] for booster in boosters]
    for number, model in enumerate(dumped):
        if (reason := _why_not(model)) is not None:
            raise UnfitForest(f"model {number} cannot be compiled: {reason}")
    trees = [tree["tree_structure"] for model in dumped for tree in model]
    columns = max((booster.num_feature() for booster in boosters), default=0)
    splits: list[_Split] = []
    values: list[float] = []
    leaf, most = [], 1
    for number, tree in enumerate(trees):
        leaf.append(len(values))
        _walk(tree, number, splits, values, leaf[-1])
        most = max(most, len(values) - leaf[-1])
    word = next(kind for bits, kind in WORDS if most <= bits)
    edges = [sorted({one.threshold for one in splits if one.column == k}) for k in range(columns)]
    # A column's rows: one for each bin, which end at its thresholds, and one for NaN.
    rows = np.cumsum([0, *(len(own) + 2 for own in edges)])
    masks = np.full((int(rows[-1]), len(trees)), np.iinfo(word).max, dtype=word)
    for one in splits:
        first, own = int(rows[one.column]), edges[one.column]
        ruled_out = np.invert(np.array(one.left, dtype=word))
        masks[first + own.index(one.threshold) + 1 : first + len(own) + 1, one.tree] &= ruled_out
        left = one.missing_left if one.nan else one.threshold >= 0
        if not left:
            masks[first + len(own) + 1, one.tree] &= ruled_out
    return Forest(
        np.array([edge for own in edges for edge in own], dtype=float),
        np.cumsum([0, *map(len, edges)]),
        masks,
        np.array(values, dtype=float),
        np.array(leaf, dtype=np.int64),
        np.cumsum([0, *map(len, dumped)]),
    )


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for side in ("left_child", "right_child"):
        if side in node:
            yield from _nodes(node[side])


def _walk(node: Mapping[str, Any], tree: int, splits: list[_Split], values: list[float], first: int) -> None:
    """Add the splits and leaves of a tree, leaves from left to right; `first`: where its leaves begin."""
    if "split_feature" not in node:
        values.append(float(node["leaf_value"]))
        return
    before = len(values) - first
    _walk(node["left_child"], tree, splits, values, first)
    left = (1 << (len(values) - first)) - (1 << before)
    splits.append(
        _Split(
            tree,
            node["split_feature"],
            float(node["threshold"]) if node["threshold"] < DUMPED_INFINITY else np.inf,
            node["missing_type"] == "NaN",
            node["default_left"],
            left,
        )
    )
    _walk(node["right_child"], tree, splits, values, first)
