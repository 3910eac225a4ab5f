"""Qini and uplift curves: against a slow reference, and where campaigns differ in who was held out."""

from __future__ import annotations

import numpy as np
import pytest

from predictors.evaluation.uplift import GRID, curves, uplift, weights
from tests.unit.predictors.evaluation.people import judged


def slow_qini(sent: np.ndarray, outcome: np.ndarray, effect: np.ndarray, share: float) -> float:
    """Conversions gained among the first so many, per sent customer, by counting (Radcliffe 2007)."""
    first = sorted(range(len(sent)), key=lambda place: -effect[place])[: round(share * len(sent))]
    told = [place for place in first if sent[place]]
    held = [place for place in first if not sent[place]]
    if not held:
        return sum(outcome[told]) / sent.sum()
    return (sum(outcome[told]) - sum(outcome[held]) * len(told) / len(held)) / sent.sum()


def test_curves_are_what_counting_gives() -> None:
    one = judged(1, size=400)
    found = curves(one.sent, one.converted, one.effect, np.ones(400))
    for place in range(1, GRID + 1):
        slow = slow_qini(one.sent, one.converted, one.effect, place / GRID)
        assert found.qini[place] == pytest.approx(slow)
    naive = one.converted[one.sent].mean() - one.converted[~one.sent].mean()
    assert [found.gain[-1], found.qini[-1]] == pytest.approx([naive, naive])
    assert found.gain[0] == found.qini[0] == 0.0


def test_the_area_of_four_customers_is_what_it_is_by_hand() -> None:
    # Two persuadable customers (one sent and bought, one held out and did not), then two indifferent ones.
    sent, bought = np.array([True, False, True, False]), np.array([1.0, 0, 0, 0])
    found = curves(sent, bought, np.array([0.9, 0.8, 0.1, 0.0]), np.ones(4))
    assert found.qini * 2 == pytest.approx([0, 1, 1, 1, 1])
    # The gap to the straight line is 0, 3/4, 1/2, 1/4, 0 conversions, of two sent customers.
    assert found.area == pytest.approx((0 + 2 * (0.75 + 0.5 + 0.25) + 0) / 8 / 2)
    assert curves(sent, bought, np.array([0.0, 0.1, 0.8, 0.9]), np.ones(4)).area < 0


def test_a_right_ranking_bows_above_the_random_line_a_wrong_one_below_and_none_at_all_nowhere() -> None:
    one = judged(2, size=20_000)
    found = uplift(one, np.random.default_rng(0))
    assert found is not None
    assert found.area_low > 0
    # The true area: integral of share x (mean effect of the first so many - mean effect), 0.2 x 1/12.
    assert found.area == pytest.approx(0.2 / 12, abs=3 * (found.area_high - found.area_low) / 3.3)
    turned = uplift(judged(2, size=20_000, effect=-one.effect), np.random.default_rng(0))
    assert turned is not None
    assert turned.area_high < 0
    held = [
        low <= 0 <= high
        for seed in range(20)
        for shuffled in [np.random.default_rng(seed + 1_000).random(5_000)]
        for drawn in [uplift(judged(seed, size=5_000, effect=shuffled), np.random.default_rng(seed))]
        if drawn is not None
        for low, high in [(drawn.area_low, drawn.area_high)]
    ]
    assert sum(held) >= 15


def test_campaigns_that_held_out_more_or_sold_more_do_not_pass_for_an_effect() -> None:
    # The second campaign holds most out, has three arms and sells more anyway: nobody responds.
    one = judged(3, size=60_000, held=(0.1, 0.8), arms=(1, 3), base=(0.05, 0.3))
    rng = np.random.default_rng(4)
    flat = judged(
        3,
        size=60_000,
        held=(0.1, 0.8),
        arms=(1, 3),
        base=(0.05, 0.3),
        converted=(rng.random(60_000) < one.unsent).astype(float),
        effect=one.unsent + 0.001 * rng.random(60_000),
    )
    naive = flat.converted[flat.sent].mean() - flat.converted[~flat.sent].mean()
    assert naive < -0.1
    found = uplift(flat, rng)
    assert found is not None
    assert abs(found.gain.y[-1]) < 0.01
    unweighted = curves(flat.sent, flat.converted, flat.effect, np.ones(60_000)).area
    assert abs(unweighted) > 0.01
    assert abs(found.area) < 0.003


def test_weights_make_every_arm_and_the_holdout_stand_for_its_campaign() -> None:
    one = judged(5, size=40_000, held=(0.1, 0.5), arms=(2, 4), base=(0.1, 0.1))
    weight = weights(one)
    for campaign in (0, 1):
        here = one.campaign == campaign
        for group in (one.sent, ~one.sent):
            assert weight[here & group].sum() == pytest.approx(here.sum(), rel=0.05)


def test_deciles_show_the_true_effect_where_they_say() -> None:
    found = uplift(judged(6, size=60_000), np.random.default_rng(0))
    assert found is not None
    assert [one.forecast for one in found.deciles] == sorted(
        (one.forecast for one in found.deciles), reverse=True
    )
    inside = [
        one.low <= one.forecast <= one.high
        for one in found.deciles
        if one.low is not None and one.high is not None
    ]
    assert len(inside) == 10
    assert sum(inside) >= 7
    assert found.deciles[0].observed == pytest.approx(0.19, abs=0.03)


def test_too_few_held_out_give_no_curve() -> None:
    one = judged(7, size=100, held=(0.05,))
    assert uplift(one, np.random.default_rng(0)) is None
