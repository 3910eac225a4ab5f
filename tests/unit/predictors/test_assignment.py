"""Effects of arms are right where customers were chosen by what is known of them."""

from __future__ import annotations

import numpy as np
import pytest

from predictors.effect.assignment import ArmEffects, agreement, arm_effects, propensities
from predictors.effect.mixed import Cells, sigmoid


def chosen(seed: int, size: int = 40_000) -> tuple[np.ndarray, Cells, np.ndarray, np.ndarray]:
    """Buyers of one campaign: those likely to buy are sent more often. True effect 0.1 for everybody."""
    rng = np.random.default_rng(seed)
    likely = rng.standard_normal((size, 1))
    chance = sigmoid(1.2 * likely[:, 0])
    sent = rng.random(size) < chance
    cells = Cells(sent.astype(np.int64), np.zeros(2, dtype=np.int64), np.array([False, True]), np.zeros(1))
    bought = (rng.random(size) < 0.2 + 0.1 * np.tanh(likely[:, 0]) + 0.1 * sent).astype(float)
    return likely, cells, bought, np.where(sent, chance, 1 - chance)


def test_estimated_propensities_are_near_the_true_ones() -> None:
    likely, cells, _, true = chosen(1)
    found = propensities(np.full(len(true), np.nan), likely, cells)
    assert np.abs(found - true.clip(0.02, 1)).mean() < 0.01


def test_recorded_propensities_are_believed_and_gaps_are_filled() -> None:
    likely, cells, _, true = chosen(2, 4_000)
    half = np.where(np.arange(len(true)) % 2 == 0, 0.5, np.nan)
    found = propensities(half, likely, cells)
    assert (found[::2] == 0.5).all()
    assert np.isfinite(found).all()


@pytest.mark.parametrize("recorded", [True, False])
def test_the_effect_of_an_arm_is_found_although_the_outcome_model_is_wrong(recorded: bool) -> None:
    likely, cells, bought, true = chosen(3)
    chance = propensities(true if recorded else np.full(len(true), np.nan), likely, cells)
    flat = np.full(len(bought), 0.2)
    found = arm_effects(bought, flat, flat, chance, cells)
    sent = cells.cell == 1
    naive = bought[sent].mean() - bought[~sent].mean()
    assert naive > 0.14
    assert found.observed[0] == pytest.approx(0.1, abs=4 * found.error[0])
    assert found.error[0] < 0.01


def test_what_errors_explain_is_no_excess_and_what_they_do_not_is() -> None:
    rng = np.random.default_rng(4)
    error, truth = np.full(400, 0.01), rng.normal(0.05, 0.02, 400)
    observed = truth + error * rng.standard_normal(400)
    campaign = np.arange(400)
    exact = agreement(ArmEffects(campaign, observed, error, truth, campaign))
    wrong = agreement(
        ArmEffects(campaign, observed, error, truth + 0.03 * rng.standard_normal(400), campaign)
    )
    assert exact["arm_effect_excess"] < 0.004
    assert wrong["arm_effect_excess"] == pytest.approx(0.03, abs=0.005)
    assert exact["arm_effect_ratio"] == pytest.approx(1, abs=0.05)


def test_no_arm_to_compare_with_gives_no_figures() -> None:
    none = np.zeros(0)
    nobody = np.zeros(0, dtype=np.int64)
    assert agreement(ArmEffects(nobody, none, none, none, nobody)) == {}
