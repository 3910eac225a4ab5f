"""What left-out campaigns say: of intervals that are too narrow, and of what choosing costs."""

from __future__ import annotations

import numpy as np
import pytest

from predictors.effect.crossfit import CHOSEN, LeftOut, factor_of, optimism_of

CAMPAIGNS, ARMS, SEEDS = 36, 4, 20


def left_out(seed: int, wrong: float, flattered: float = 0.0, noise: float = 0.012) -> list[LeftOut]:
    """Campaigns whose forecasts are `wrong` times as wrong as they say, and the first of each flattered."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(CAMPAIGNS):
        doubt = 0.01**2 * (0.5 * np.eye(ARMS) + 0.5)
        luck = noise**2 * (np.eye(ARMS) + 0.25)
        gap = rng.multivariate_normal(np.zeros(ARMS), wrong**2 * doubt + luck)
        forecast = 0.03 + 0.02 * rng.standard_normal(ARMS)
        gap[forecast.argmax()] += flattered * 0.01
        found.append(LeftOut(forecast, gap, doubt, luck))
    return found


def test_intervals_that_hold_are_left_alone() -> None:
    factors = [factor_of(left_out(seed, wrong=1.0)) for seed in range(SEEDS)]
    error = np.std(factors) / np.sqrt(SEEDS)
    assert abs(np.mean(factors) - 1) < 3 * error + 0.03


@pytest.mark.parametrize("wrong", [0.5, 2.0])
def test_intervals_follow_what_was_left_out_and_stay_between_it_and_the_first_guess(wrong: float) -> None:
    factors = [factor_of(left_out(seed, wrong)) for seed in range(SEEDS)]
    low, high = sorted([1.0, wrong])
    assert low < np.mean(factors) < high
    assert abs(np.log(np.mean(factors))) > 0.4 * abs(np.log(wrong))


def test_outcomes_that_are_all_luck_change_nothing() -> None:
    drowned = left_out(0, wrong=3.0, noise=10.0)
    assert factor_of(drowned) == pytest.approx(1, abs=0.01)
    assert optimism_of(drowned, 1.0) == pytest.approx(CHOSEN, abs=0.01)


def test_what_choosing_costs_is_learned_from_the_best_forecast_of_each_campaign() -> None:
    fair = np.mean([optimism_of(left_out(seed, 1.0), 1.0) for seed in range(SEEDS)])
    flattered = np.mean([optimism_of(left_out(seed, 1.0, flattered=0.8), 1.0) for seed in range(SEEDS)])
    assert 0 <= fair < CHOSEN < flattered <= 2 * CHOSEN
