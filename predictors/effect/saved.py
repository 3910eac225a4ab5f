"""Forests as LightGBM writes them, read without LightGBM: importing it takes longer than most forecasts.

The text holds every threshold and leaf with all its digits, so nothing is lost by reading it ourselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from predictors.interface import FloatArray, UnusableModel

if TYPE_CHECKING:
    import lightgbm

__all__ = ["MISSING", "SavedForest", "Tree", "read_forest"]

Ints = npt.NDArray[np.int64]
MISSING = ("None", "Zero", "NaN")  # what a split takes for missing, as LightGBM numbers it
CATEGORY, DEFAULT_LEFT = 1, 2  # bits of a split's kind; from the third on, what it takes for missing


@dataclass(frozen=True)
class Tree:
    """One tree of L leaves and L - 1 splits, the first of them the root.

    A split sends values up to its threshold to its left child: another split, or ~leaf where that is below 0.
    """

    column: Ints
    threshold: FloatArray
    gain: FloatArray
    kind: Ints
    left: Ints
    right: Ints
    value: FloatArray
    linear: bool

    def by_category(self, split: int) -> bool:
        """Whether a split asks for membership in a set of categories."""
        return bool(self.kind[split] & CATEGORY)

    def missing_left(self, split: int) -> bool:
        """Whether what is missing goes left."""
        return bool(self.kind[split] & DEFAULT_LEFT)

    def missing(self, split: int) -> str:
        """What a split takes for missing, one of MISSING."""
        return MISSING[(int(self.kind[split]) >> 2) & 3]


@dataclass(frozen=True)
class SavedForest:
    """One model: its text, the columns it was trained on, its trees, and what says how they make a score."""

    text: str
    columns: int
    trees: tuple[Tree, ...]
    header: Mapping[str, str]

    def booster(self) -> lightgbm.Booster:
        """The model in LightGBM's own hands.

        Raises:
            UnusableModel: LightGBM cannot read it.
        """
        import lightgbm as lgb

        try:
            return lgb.Booster(model_str=self.text)
        except lgb.basic.LightGBMError as error:
            raise UnusableModel(f"LightGBM cannot read a saved forest: {error}") from error

    def gains(self) -> FloatArray:
        """(columns,) what all splits on each column gained in training."""
        total = np.zeros(self.columns)
        for tree in self.trees:
            np.add.at(total, tree.column, np.maximum(tree.gain, 0))
        return total


def read_forest(part: bytes) -> SavedForest:
    """A model from its text.

    Raises:
        UnusableModel: it is no such text, or not all of it.
    """
    try:
        text = part.decode()
        head, *rest = text.split("\nTree=")
        header = dict(_fields(head))
        columns = int(header["max_feature_idx"]) + 1
        trees = tuple(_tree(dict(_fields(part.split("end of trees")[0])), columns) for part in rest)
        if len(trees) != len(header["tree_sizes"].split()):
            raise ValueError(f"it holds {len(trees)} of {len(header['tree_sizes'].split())} trees")
    except (KeyError, ValueError, IndexError) as error:
        raise UnusableModel(f"a saved forest cannot be read: {type(error).__name__}: {error}") from error
    return SavedForest(text, columns, trees, header)


def _fields(lines: str) -> Iterator[tuple[str, str]]:
    for line in lines.splitlines():
        name, _, value = line.partition("=")
        yield name, value


def _tree(fields: Mapping[str, str], columns: int) -> Tree:
    leaves = int(fields["num_leaves"])
    splits = leaves - 1

    def numbers(name: str, count: int, kind: Any) -> Any:
        found = np.array(fields.get(name, "").split(), dtype=kind)
        if len(found) != count:
            raise ValueError(f"{name} has {len(found)} values for {leaves} leaves")
        return found

    tree = Tree(
        numbers("split_feature", splits, np.int64),
        numbers("threshold", splits, np.float64),
        numbers("split_gain", splits, np.float64),
        numbers("decision_type", splits, np.int64),
        numbers("left_child", splits, np.int64),
        numbers("right_child", splits, np.int64),
        numbers("leaf_value", leaves, np.float64),
        fields.get("is_linear", "0") == "1",
    )
    if not splits:
        return tree
    # Every leaf, and every split but the root, hangs on one branch, of a split that comes before it.
    branches, own = np.concatenate([tree.left, tree.right]), np.tile(np.arange(splits), 2)
    every = sorted(branches.tolist()) == [*range(-leaves, 0), *range(1, splits)]
    if not every or (own >= branches)[branches > 0].any():
        raise ValueError("its branches make no tree")
    if tree.column.min() < 0 or tree.column.max() >= columns:
        raise ValueError(f"it splits a column beyond the {columns} there are")
    if np.isnan(tree.threshold).any():
        raise ValueError("a threshold is no number")
    if tree.kind.min() < 0 or tree.kind.max() >> 2 >= len(MISSING):
        raise ValueError("a split of an unknown kind")
    return tree
