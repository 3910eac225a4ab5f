"""Metrics on frames small enough to work out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics as sklearn

from predictors.metrics import (
    auc,
    brier,
    calibration,
    confusion,
    error_by_chance,
    errors,
    expected_calibration_error,
    log_loss,
    precision_recall,
    roc,
    wilson,
    winkler,
)


def test_auc_counts_pairs_in_the_right_order_and_ties_half() -> None:
    target, score = np.array([0, 0, 1, 1.0]), np.array([0.1, 0.4, 0.4, 0.8])
    assert auc(target, score) == pytest.approx(3.5 / 4)


def test_auc_of_one_class_is_not_a_number() -> None:
    assert math.isnan(auc(np.ones(3), np.array([0.1, 0.2, 0.3])))


def test_log_loss_is_the_mean_surprise_and_finite_when_certain_and_wrong() -> None:
    assert log_loss(np.array([1.0, 0.0]), np.array([0.5, 0.5])) == pytest.approx(math.log(2))
    assert math.isfinite(log_loss(np.array([1.0]), np.array([0.0])))


def test_calibration_bins_hold_equally_many_in_the_order_of_the_forecast() -> None:
    found = calibration(np.array([1, 0, 0, 1.0]), np.array([0.9, 0.1, 0.3, 0.7]), bins=2)
    assert [(one.count, one.forecast, one.observed) for one in found] == [
        (2, pytest.approx(0.2), 0.0),
        (2, pytest.approx(0.8), 1.0),
    ]


def test_calibration_error_is_the_mean_distance_of_forecast_and_rate() -> None:
    target, chance = np.array([1, 0, 0, 1.0]), np.array([0.9, 0.1, 0.3, 0.7])
    assert expected_calibration_error(target, chance, bins=2) == pytest.approx(0.2)


def outcomes(seed: int, size: int = 800) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and forecasts that tell something of them, with ties."""
    rng = np.random.default_rng(seed)
    chance = np.round(rng.beta(1, 5, size), 2)
    return (rng.random(size) < chance).astype(float), chance


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_figures_are_those_of_scikit_learn(seed: int) -> None:
    target, chance = outcomes(seed)
    assert auc(target, chance) == pytest.approx(sklearn.roc_auc_score(target, chance))
    assert brier(target, chance) == pytest.approx(sklearn.brier_score_loss(target, chance))
    # scikit-learn thins collinear points out on its own accord; all of them are asked for.
    wrong, right, _ = sklearn.roc_curve(target, chance, drop_intermediate=False)
    assert np.allclose(roc(target, chance), (wrong, right))
    precision, recall, _ = sklearn.precision_recall_curve(target, chance)
    assert np.allclose(precision_recall(target, chance), (recall[-2::-1], precision[-2::-1]))
    said = (chance > 0.2).astype(float)
    found = confusion(target, chance, 0.2)
    (tn, fp), (fn, tp) = sklearn.confusion_matrix(target, said)
    counted = (found.true_negatives, found.false_positives, found.false_negatives, found.true_positives)
    assert counted == (tn, fp, fn, tp)
    assert found.accuracy == pytest.approx(sklearn.accuracy_score(target, said))
    assert found.precision == pytest.approx(sklearn.precision_score(target, said))
    assert found.recall == pytest.approx(sklearn.recall_score(target, said))
    assert found.f1 == pytest.approx(sklearn.f1_score(target, said))


@pytest.mark.parametrize("seed", [1, 2])
def test_errors_of_amounts_are_those_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    observed = rng.gamma(2, 20, 300)
    forecast = observed + rng.normal(0, 15, 300)
    found = errors(observed, forecast)
    assert found.mse == pytest.approx(sklearn.mean_squared_error(observed, forecast))
    assert found.rmse == pytest.approx(math.sqrt(found.mse))
    assert found.mae == pytest.approx(sklearn.mean_absolute_error(observed, forecast))
    assert found.r2 == pytest.approx(sklearn.r2_score(observed, forecast))
    assert errors(np.ones(3), np.zeros(3)).r2 is None


def test_shares_of_nothing_are_unknown_and_curves_of_one_class_empty() -> None:
    nobody = confusion(np.zeros(4), np.zeros(4), 0.5)
    assert (nobody.precision, nobody.recall, nobody.f1, nobody.accuracy) == (None, None, None, 1.0)
    for curve in (roc, precision_recall):
        assert [len(axis) for axis in curve(np.zeros(4), np.arange(4.0))] == [0, 0]
    assert [len(axis) for axis in roc(np.ones(4), np.arange(4.0))] == [0, 0]


def test_the_interval_of_a_rate_holds_it_nine_times_in_ten() -> None:
    rng = np.random.default_rng(5)
    for rate, count in ((0.02, 200), (0.3, 60)):
        bounds = [wilson(float(hits), count) for hits in rng.binomial(count, rate, 3_000)]
        assert 0.86 < np.mean([low <= rate <= high for low, high in bounds]) < 0.95
    low, high = wilson(0, 50)
    assert low == 0.0
    assert 0.02 < high < 0.08


def test_perfect_forecasts_are_off_by_what_chance_makes() -> None:
    rng = np.random.default_rng(6)
    chance = rng.beta(1, 9, 2_000)
    drawn = [
        expected_calibration_error((rng.random(2_000) < chance).astype(float), chance) for _ in range(200)
    ]
    assert np.mean(drawn) == pytest.approx(error_by_chance(chance), rel=0.05)


def test_the_winkler_score_is_width_and_ten_times_what_is_missed_on_either_side() -> None:
    low, high = np.array([0.0, 0.0, 0.0]), np.array([1.0, 1.0, 1.0])
    found = winkler(np.array([0.5, 1.2, -0.1]), low, high, level=0.8)
    assert found == pytest.approx(1 + (10 * 0.2 + 10 * 0.1) / 3)
