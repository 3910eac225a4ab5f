"""What was chosen for its profit is forecast lower than it looked, and every figure goes with it."""

from __future__ import annotations

import numpy as np
import pytest

from predictors.effect.crossfit import CHOSEN
from predictors.effect.doubt import Errors, intervals, optimism
from predictors.interface import CustomerTable
from tests.unit.predictors.conftest import Fitted

NAMES = (
    "ctr",
    "conversion",
    "baseline_conversion",
    "incremental_conversion",
    "revenue",
    "incremental_revenue",
    "discount_cost",
    "contact_cost",
    "incremental_profit",
)


def test_profit_is_lowered_by_its_own_doubt_and_what_is_not_tied_to_it_stays() -> None:
    means = {name: np.full(2, 0.5) for name in NAMES}
    variance = {name: np.array([0.01, 0.0]) for name in NAMES}
    shared = {name: np.zeros(2) for name in NAMES} | {"incremental_profit": np.array([0.01, 0.0])}
    off = optimism(means, Errors(variance, shared), CHOSEN)
    assert off["incremental_profit"] == pytest.approx([CHOSEN * 0.1, 0.0])
    assert (off["ctr"] == 0).all()
    found = intervals(means, Errors(variance, shared), off)["incremental_profit"]
    assert found.mean == pytest.approx([0.5 - CHOSEN * 0.1, 0.5])
    assert found.low == pytest.approx([0.5 - 1.645 * 0.1, 0.5])
    assert found.high == pytest.approx([0.5 + 1.645 * 0.1, 0.5])


def test_no_rate_is_taken_below_half_of_what_it_was() -> None:
    means = {name: np.full(1, 0.1) for name in NAMES}
    one = {name: np.ones(1) for name in NAMES}
    off = optimism(means, Errors(one, one), CHOSEN)
    assert off["conversion"] == pytest.approx(0.05)
    assert off["incremental_profit"] == pytest.approx(0.05)


def test_the_judge_expects_less_of_every_draft_than_the_search(fitted: Fitted, people: CustomerTable) -> None:
    offers = fitted.shop.candidate_offers("home")
    search, judge = (
        fitted.model.forecast(offers, people, fitted.shop.economics, side=side).figures
        for side in ("search", "judge")
    )
    gap = search["incremental_profit"].mean - judge["incremental_profit"].mean
    doubt = (search["incremental_profit"].high - search["incremental_profit"].low) / 3.29
    assert (gap >= -1e-12).all()
    assert 0 < np.median(gap / doubt) <= 2 * CHOSEN + 0.02
