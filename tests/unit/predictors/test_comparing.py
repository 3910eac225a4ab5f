"""What changes from one draft to another is told with its own doubt, much less than the doubt of either."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from predictors.demo import DemoShop
from predictors.effect import EffectPredictor
from predictors.interface import CustomerTable
from tests.unit.predictors.conftest import Fitted, attributes_of, customers_of

COMPARED = ("incremental_profit", "incremental_conversion")


def variants(shop: DemoShop, place: int = 0) -> pd.DataFrame:
    """A percentage by e-mail, and one step of each of its terms."""
    offers = shop.candidate_offers(shop.categories[place])
    base = offers[
        (offers["offer_type"] == "percent_off")
        & (offers["offer_value"] == 15)
        & (offers["min_spend"] == 40)
        & (offers["valid_days"] == 7)
        & (offers["channel"] == "email")
    ]
    steps: list[dict[str, object]] = [
        {},
        {"offer_value": 20.0},
        {"offer_value": 10.0},
        {"min_spend": 50.0},
        {"min_spend": np.nan},
        {"valid_days": 14.0},
        {"channel": "sms"},
    ]
    return pd.concat([base.assign(**step) for step in steps], ignore_index=True)


def test_a_difference_is_that_of_the_two_forecasts(fitted: Fitted, people: CustomerTable) -> None:
    offers, economics = variants(fitted.shop), fitted.shop.economics
    found = fitted.model.compare(offers, people, economics)
    told = fitted.model.forecast(offers, people, economics, side="search")
    for name, figure in found.differences.items():
        mean = told.figures[name].mean
        assert figure.mean == pytest.approx(len(people) * (mean - mean[0]))
        assert found.forecasts.figures[name].high == pytest.approx(told.figures[name].high)
    assert found.forecasts.warnings == told.warnings
    assert (found.customers == len(people)).all()


def test_a_draft_does_not_differ_from_itself(fitted: Fitted, people: CustomerTable) -> None:
    twice = variants(fitted.shop).iloc[[0, 0]]
    for figure in fitted.model.compare(twice, people, fitted.shop.economics).differences.values():
        for bound in (figure.low, figure.mean, figure.high):
            assert bound == pytest.approx([0.0, 0.0], abs=1e-4)


def test_a_difference_is_surer_than_the_two_forecasts_would_be_apart(
    fitted: Fitted, people: CustomerTable
) -> None:
    found = fitted.model.compare(variants(fitted.shop), people, fitted.shop.economics)
    for name in COMPARED:
        difference, each = found.differences[name], found.forecasts.figures[name]
        width = len(people) * (each.high - each.low)
        apart = np.hypot(width[0], width[1:])
        assert ((difference.high - difference.low)[1:] < 0.7 * apart).all()


def test_the_further_the_step_the_wider_its_doubt(fitted: Fitted, people: CustomerTable) -> None:
    base = variants(fitted.shop).iloc[:1]
    steps = pd.concat([base.assign(offer_value=value) for value in (15.0, 17.0, 20.0, 30.0, 50.0)])
    profit = fitted.model.compare(steps, people, fitted.shop.economics).differences["incremental_profit"]
    assert (np.diff(profit.high - profit.low) > 0).all()


def test_a_message_in_other_words_is_another_message(fitted: Fitted, people: CustomerTable) -> None:
    base = variants(fitted.shop).iloc[:1]
    more = base.assign(offer_value=16.0)
    other = more.assign(subject="Have you seen what is new?")
    found = fitted.model.compare(pd.concat([base, more, other]), people, fitted.shop.economics)
    profit = found.differences["incremental_profit"]
    width = profit.high - profit.low
    assert width[2] > 2 * width[1]


def test_drafts_may_reach_different_customers(fitted: Fitted) -> None:
    shop = fitted.shop
    email, sms = (shop.contactable(channel)[:150] for channel in ("email", "sms"))
    both = np.array(sorted({*email, *sms}))
    offers = variants(shop).iloc[[0, 1, 6]]
    reached = np.array([np.isin(both, ids) for ids in (email, email, sms)])
    found = fitted.model.compare(offers, fitted.table(both), shop.economics, reached=reached)
    assert found.customers.tolist() == [150, 150, 150]
    for place, ids in ((0, email), (2, sms)):
        alone = fitted.model.forecast(
            offers.iloc[[place]], fitted.table(ids), shop.economics, side="search"
        ).figures["incremental_profit"]
        assert found.forecasts.figures["incremental_profit"].mean[place] == pytest.approx(alone.mean[0])
    profit = found.forecasts.figures["incremental_profit"].mean * found.customers
    assert found.differences["incremental_profit"].mean == pytest.approx(profit - profit[0])


def test_a_draft_that_reaches_nobody_is_refused(fitted: Fitted, people: CustomerTable) -> None:
    reached = np.ones((2, len(people)), dtype=bool)
    reached[1] = False
    with pytest.raises(ValueError, match="reaches"):
        fitted.model.compare(variants(fitted.shop).iloc[:2], people, fitted.shop.economics, reached=reached)


def test_intervals_of_differences_hold_the_truth_across_shops() -> None:
    held: dict[str, list[np.ndarray]] = {name: [] for name in COMPARED}
    for seed in range(21, 25):
        shop = DemoShop(seed, customers=2_000, campaigns=12)
        model = EffectPredictor.fit(shop.exposures, attributes_of(shop), shop.economics, seed=0, threads=1)
        ids = shop.contactable("email")[:200]
        table = customers_of(shop, ids)
        for place in range(len(shop.categories)):
            offers = variants(shop, place)
            truth = shop.true_effect(ids, offers)
            found = model.compare(offers, table, shop.economics)
            for name, hits in held.items():
                told, true = found.differences[name], len(ids) * (truth[name] - truth[name][0])
                hits.append(((told.low <= true) & (true <= told.high))[1:])
    for hits in held.values():
        # 4 shops x 6 categories x 6 steps, of which those of one shop err together: 90 % less two standard
        # errors of some 24 independent ones.
        assert np.mean(hits) > 0.90 - 2 * np.sqrt(0.9 * 0.1 / 24)
