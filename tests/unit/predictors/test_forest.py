"""Compiled forests say what LightGBM says, to the last bit, or refuse by name."""

from __future__ import annotations

import re
from typing import Any

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predictors.effect import forest, scorer
from predictors.effect.forest import UnfitForest, compile_forests, why_not
from predictors.effect.saved import SavedForest, read_forest
from predictors.effect.scorer import Residuals, raw_scores
from predictors.interface import FloatArray, UnusableModel

QUIET = {
    "verbosity": -1,
    "num_threads": 1,
    "min_data_in_leaf": 2,
    "deterministic": True,
    "force_row_wise": True,
}


def numbers(rng: np.random.Generator, rows: int, columns: int) -> FloatArray:
    """Columns of every kind: continuous, few values, flags, constants; missing in some and in none."""
    found = rng.standard_normal((rows, columns)) * np.exp(4 * rng.standard_normal(columns))
    for column in range(columns):
        kind = rng.integers(5)
        if kind == 1:
            found[:, column] = np.round(rng.standard_normal(rows))
        elif kind == 2:
            found[:, column] = rng.random(rows) < 0.3
        elif kind == 3:
            found[:, column] = 0.0
        if rng.random() < 0.6:
            found[rng.random(rows) < rng.uniform(0, 0.5), column] = np.nan
    return found


def grown(rng: np.random.Generator, matrix: FloatArray, **given: Any) -> lgb.Booster:
    target = (rng.random(len(matrix)) < 0.4).astype(int)
    options = QUIET | {"objective": "binary", "seed": int(rng.integers(1_000))} | given
    return lgb.train(options, lgb.Dataset(matrix, target), num_boost_round=int(rng.integers(1, 9)))


@pytest.fixture(params=["numpy", "machine code"])
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How tables are run, whatever else this process has loaded."""
    kernel = None
    if request.param != "numpy":
        reason = "numba, the [fast] extra, is not installed"
        kernel = pytest.importorskip("predictors.effect.kernel", reason=reason)
    monkeypatch.setattr(scorer, "fast", lambda pairs: kernel)
    monkeypatch.setattr(forest, "BLOCK", 1_000)  # several blocks
    return str(request.param)


def saved(booster: lgb.Booster) -> SavedForest:
    return read_forest(booster.model_to_string().encode())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10_000),
    models=st.integers(1, 4),
    leaves=st.sampled_from([2, 3, 15, 16, 17, 31, 33, 64]),
)
def test_raw_scores_are_those_of_lightgbm(path: str, seed: int, models: int, leaves: int) -> None:
    rng = np.random.default_rng(seed)
    learned = numbers(rng, int(rng.integers(20, 400)), int(rng.integers(1, 8)))
    boosters = [
        grown(rng, learned, num_leaves=leaves, max_bin=int(rng.integers(3, 255))) for _ in range(models)
    ]
    asked = np.vstack([learned, numbers(rng, 50, learned.shape[1])])
    # At thresholds, beyond every value, and missing where it never was.
    asked[0], asked[1], asked[2] = np.inf, -np.inf, np.nan
    tables = compile_forests([saved(one) for one in boosters])
    for place in range(min(len(tables.edges), 40)):
        column = tables.columns[int(np.searchsorted(tables.starts, place, side="right")) - 1]
        asked[3 + place % (len(asked) - 3), column] = tables.edges[place]
    told = np.array([booster.predict(asked, raw_score=True, num_threads=1) for booster in boosters])
    assert np.array_equal(raw_scores(tables, asked), told)
    again = np.array([saved(one).booster().predict(asked, raw_score=True, num_threads=1) for one in boosters])
    assert np.array_equal(again, told)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"num_leaves": 200, "max_bin": 255}, "more than 64"),
        ({"num_leaves": 8, "zero_as_missing": True}, "takes 0 for missing"),
        (
            {"num_leaves": 8, "categorical_feature": [0], "cat_smooth": 1, "min_data_per_group": 1},
            "by category",
        ),
        ({"num_leaves": 8, "linear_tree": True}, "linear leaves"),
        (
            {"num_leaves": 8, "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5},
            "the mean of its trees",
        ),
    ],
)
def test_what_cannot_be_compiled_is_refused_by_name(options: dict[str, Any], reason: str) -> None:
    rng = np.random.default_rng(0)
    matrix = rng.standard_normal((3_000, 3))
    matrix[:, 0] = rng.integers(0, 6, 3_000)
    target = (rng.random(3_000) < np.where(matrix[:, 0] % 2, 0.8, 0.2) + 0.1 * (matrix[:, 1] > 0)).astype(int)
    fixed = {name: options.pop(name) for name in ("categorical_feature",) if name in options}
    data = lgb.Dataset(matrix, target, params={"verbosity": -1} | options, **fixed)
    booster = lgb.train(QUIET | {"objective": "binary"} | options, data, num_boost_round=3)
    assert reason in str(why_not(saved(booster)))
    with pytest.raises(UnfitForest, match="model 0"):
        compile_forests([saved(booster)])
    # Through LightGBM it is scored all the same.
    asked = rng.standard_normal((500, 3))
    assert np.array_equal(
        Residuals({"convert": [saved(booster)]}).of(asked)["convert"], booster.predict(asked, raw_score=True)
    )


@pytest.mark.parametrize("rows", [0, 1, 499, 513, 5_000])
def test_residuals_are_the_mean_of_each_heads_forests(path: str, rows: int) -> None:
    rng = np.random.default_rng(rows)
    learned = numbers(rng, 800, 6)
    forests = {
        "click": [grown(rng, learned)],
        "convert": [grown(rng, learned), grown(rng, learned)],
        "value": [],
    }
    asked = numbers(rng, rows, 6)
    found = Residuals({name: [saved(one) for one in own] for name, own in forests.items()}).of(asked)
    assert set(found) == {"click", "convert"}
    for name, values in found.items():
        told = [
            booster.predict(asked, raw_score=True, num_threads=1) if rows else np.zeros(0)
            for booster in forests[name]
        ]
        assert np.array_equal(values, np.mean(told, axis=0))


def test_gains_are_those_of_lightgbm() -> None:
    rng = np.random.default_rng(3)
    booster = grown(rng, numbers(rng, 800, 6), num_leaves=15)
    # The text keeps six digits of each.
    assert saved(booster).gains() == pytest.approx(booster.feature_importance("gain"), rel=1e-5)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("max_feature_idx=2", "max_feature_idx=0"),
        ("max_feature_idx=2", ""),
        ("leaf_value=", "leaf_value=0.5 "),
        ("left_child=", "left_child=7 "),
        (r"(right_child=.*) \S+\n", r"\1 -1\n"),  # a leaf on two branches
        (r"(right_child=)\S+", r"\g<1>0"),  # a split below itself
        ("decision_type=", "decision_type=x"),
        ("num_leaves=", "num_leaves=9"),
        (r"(?s)Tree=1\n.*?(?=end of trees)", ""),  # one tree of two
        (r"(threshold=)\S+", r"\g<1>nan"),
    ],
)
def test_a_damaged_text_is_refused(before: str, after: str) -> None:
    rng = np.random.default_rng(0)
    matrix = rng.standard_normal((500, 3))
    data = lgb.Dataset(matrix, (matrix.sum(axis=1) > 0).astype(int))
    text = lgb.train(QUIET | {"objective": "binary", "num_leaves": 5}, data, 2).model_to_string()
    damaged = re.sub(before, after, text, count=1)
    assert damaged != text
    with pytest.raises(UnusableModel, match="cannot be read"):
        read_forest(damaged.encode())


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnusableModel, match="cannot be read"):
        read_forest(b"tree\xff\xfe")
