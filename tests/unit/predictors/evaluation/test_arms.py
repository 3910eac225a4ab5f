"""Forecasts of arms beside their outcomes."""

from __future__ import annotations

import numpy as np
import pytest

from predictors.evaluation.arms import arm_figures
from predictors.evaluation.record import ArmOutcome


def arm(forecast: float, observed: float, told: float, seen: float) -> ArmOutcome:
    """An arm with half widths of its two intervals."""
    return ArmOutcome(
        "c",
        "mail",
        100,
        forecast,
        forecast - told,
        forecast + told,
        observed,
        observed - seen,
        observed + seen,
        1,
    )


def test_both_uncertainties_together_hold_what_was_observed() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(0.05, 0.03, 2_000)
    forecast, observed = truth + rng.normal(0, 0.02, 2_000), truth + rng.normal(0, 0.03, 2_000)
    found = arm_figures(
        [arm(a, b, 1.645 * 0.02, 1.645 * 0.03) for a, b in zip(forecast, observed, strict=True)], {}
    )
    assert found is not None
    assert found.covered == pytest.approx(0.9, abs=0.03)
    # The score of a right normal interval of this width, about 4.13 standard deviations for 90 %.
    assert found.winkler == pytest.approx(4.13 * np.hypot(0.02, 0.03), rel=0.08)


def test_slope_and_intercept_say_how_forecasts_are_off() -> None:
    forecast = np.linspace(0.0, 0.1, 11)
    found = arm_figures([arm(one, 0.01 + 0.5 * one, 0.01, 0.01) for one in forecast], {"ratio": 1.2})
    assert found is not None
    assert (found.slope, found.intercept) == (pytest.approx(0.5), pytest.approx(0.01))
    assert found.slope_error == pytest.approx(np.hypot(0.01, 0.01) / 1.645 / (forecast.std() * np.sqrt(11)))
    assert (found.ratio, found.excess) == (1.2, None)


def test_a_line_needs_more_than_two_arms_and_figures_at_least_one() -> None:
    found = arm_figures([arm(0.01, 0.02, 0.01, 0.01), arm(0.03, 0.02, 0.01, 0.01)], {})
    assert found is not None
    assert found.slope is None
    assert arm_figures([], {}) is None
