"""Metrics on frames small enough to work out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from predictors.metrics import auc, calibration, expected_calibration_error, log_loss, qini


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


def test_qini_of_a_ranking_that_puts_the_persuadable_first_is_positive() -> None:
    # Two persuadable customers (one sent and bought, one held out and did not), then two indifferent ones.
    treated, outcome = np.array([1, 0, 1, 0.0]), np.array([1, 0, 0, 0.0])
    first_right, first_wrong = np.array([0.9, 0.8, 0.1, 0.0]), np.array([0.0, 0.1, 0.8, 0.9])
    # The curve is 1, 1, 1, 1 against 0.25, 0.5, 0.75, 1; two treated.
    assert qini(treated, outcome, first_right) == pytest.approx((0.75 + 0.5 + 0.25 + 0) / 4 / 2)
    assert qini(treated, outcome, first_wrong) < 0


def test_qini_without_a_control_group_is_not_a_number() -> None:
    assert math.isnan(qini(np.ones(4), np.ones(4), np.arange(4.0)))
