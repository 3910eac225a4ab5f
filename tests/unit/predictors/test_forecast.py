"""What a forecast promises: bounded figures, honest support, and warnings where history is silent."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from predictors.interface import FIGURES, CustomerTable, Economics, EffectForecasts
from tests.unit.predictors.conftest import Fitted


def odd_offers(fitted: Fitted) -> pd.DataFrame:
    plain = fitted.shop.candidate_offers("home").iloc[:1]
    changes: list[dict[str, object]] = [
        {},
        {"offer_type": "none", "offer_value": np.nan, "valid_days": np.nan},
        {"offer_type": "percent_off", "offer_value": 100.0, "max_discount": 3.0},
        {"offer_type": "amount_off", "offer_value": 5_000.0},
        {"offer_type": "percent_off", "offer_value": 10.0, "min_spend": 1e6},
        {"offer_type": "buy_x_get_y", "offer_value": np.nan, "buy_quantity": 2.0, "get_quantity": 1.0},
        {"offer_type": "fixed_price", "offer_value": 3.0, "product_id": "HOM-004"},
        {"offer_type": "points", "offer_value": 100.0},
        {"offer_type": "gift", "offer_value": 0.01, "valid_days": 365.0},
        {"channel": "carrier pigeon", "category": "spaceships"},
        {"category": None, "subject": "", "body": ""},
    ]
    return pd.concat([plain.assign(**change) for change in changes], ignore_index=True)


def check(found: EffectForecasts, drafts: int) -> None:
    assert set(found.figures) == set(FIGURES)
    unrecorded = all("clicks were not recorded in past campaigns" in said for said in found.warnings)
    assert np.isnan(found.figures["ctr"].mean).all() == unrecorded
    for name, figure in found.figures.items():
        assert figure.mean.shape == (drafts,)
        defined = np.isfinite(figure.mean)
        assert defined.all() or name in ("roi", "gross_return") or (name == "ctr" and unrecorded)
        for bound in (figure.low, figure.high):
            assert (np.isfinite(bound) == defined).all()
        assert (figure.low[defined] <= figure.mean[defined]).all()
        assert (figure.mean[defined] <= figure.high[defined]).all()
    for name in ("ctr", "conversion", "baseline_conversion"):
        assert not (found.figures[name].low < 0).any()
        assert not (found.figures[name].high > 1).any()
    assert ((found.support >= 0) & (found.support <= 1)).all()
    assert len(found.warnings) == drafts


def test_figures_are_finite_ordered_and_within_their_range(fitted: Fitted, people: CustomerTable) -> None:
    offers = odd_offers(fitted)
    check(fitted.model.forecast(offers, people, fitted.shop.economics), len(offers))
    check(fitted.model.forecast(offers, people, Economics()), len(offers))


def test_one_customer_and_one_draft_are_enough(fitted: Fitted, people: CustomerTable) -> None:
    one = CustomerTable(people.attributes.iloc[:1], people.affinity.iloc[:1])
    offers = fitted.shop.candidate_offers("home").iloc[:1]
    check(fitted.model.forecast(offers, one, fitted.shop.economics), 1)


def test_profit_is_what_its_parts_make_it(fitted: Fitted, people: CustomerTable) -> None:
    offers, economics = fitted.shop.candidate_offers("home"), fitted.shop.economics
    mean = {name: one.mean for name, one in fitted.model.forecast(offers, people, economics).figures.items()}
    margin = economics.category_margin["home"]
    worth = margin * mean["incremental_revenue"] - mean["discount_cost"] - mean["contact_cost"]
    assert mean["incremental_profit"] == pytest.approx(worth)
    assert mean["incremental_conversion"] == pytest.approx(mean["conversion"] - mean["baseline_conversion"])
    paid = mean["discount_cost"] + mean["contact_cost"]
    assert mean["roi"] == pytest.approx(mean["incremental_profit"] / paid)


def test_a_unit_profit_replaces_the_margin(fitted: Fitted, people: CustomerTable) -> None:
    offers = fitted.shop.candidate_offers("home")
    offers = offers[offers["offer_type"] == "none"]
    figures = fitted.model.forecast(offers, people, Economics(unit_profit=3.0)).figures
    assert figures["incremental_profit"].mean == pytest.approx(3 * figures["incremental_conversion"].mean)
    assert np.isnan(figures["roi"].mean).all()
    assert np.isnan(figures["gross_return"].mean).all()


def test_customers_average_to_the_audience(fitted: Fitted, people: CustomerTable) -> None:
    offers = fitted.shop.candidate_offers("garden").iloc[::30]
    found = fitted.model.forecast(offers, people, fitted.shop.economics, per_customer=True)
    assert found.per_customer is not None
    for name, values in found.per_customer.items():
        assert values.shape == (len(offers), len(people))
        assert values.mean(axis=1) == pytest.approx(found.figures[name].mean)


def test_a_draft_is_forecast_the_same_alone_and_in_company(fitted: Fitted, people: CustomerTable) -> None:
    offers = pd.concat([fitted.shop.candidate_offers(name).iloc[::50] for name in ("home", "books")])
    together = fitted.model.forecast(offers, people, fitted.shop.economics)
    alone = fitted.model.forecast(offers.iloc[9:10], people, fitted.shop.economics)
    for name in FIGURES:
        assert alone.figures[name].mean == pytest.approx(together.figures[name].mean[9:10], nan_ok=True)
        assert alone.figures[name].high == pytest.approx(together.figures[name].high[9:10], nan_ok=True)


def test_the_two_sides_differ_a_little(fitted: Fitted, people: CustomerTable) -> None:
    offers = fitted.shop.candidate_offers("home")
    search, judge = (
        fitted.model.forecast(offers, people, fitted.shop.economics, side=side).figures["conversion"].mean
        for side in ("search", "judge")
    )
    assert not np.array_equal(search, judge)
    assert np.corrcoef(search, judge)[0, 1] > 0.95


def test_what_was_often_sent_is_supported_and_what_never_was_is_not(
    fitted: Fitted, people: CustomerTable
) -> None:
    past = fitted.shop.exposures
    sent = past[past["channel"] == "email"].drop_duplicates("arm_id").iloc[:5]
    strange = sent.assign(offer_type="buy_x_get_y", buy_quantity=2.0, get_quantity=1.0)
    known = fitted.model.forecast(sent, people, fitted.shop.economics)
    far = fitted.model.forecast(strange, people, fitted.shop.economics)
    assert (known.support > 0.4).all()
    assert (far.support < 0.05).all()
    assert all(any("buy_x_get_y" in text for text in said) for said in far.warnings)
    width = {
        name: found.figures["incremental_conversion"].high - found.figures["incremental_conversion"].low
        for name, found in (("known", known), ("far", far))
    }
    assert (width["far"] > 2 * width["known"]).all()


@pytest.mark.parametrize(
    ("column", "value", "said"), [("channel", "ads", "ads"), ("category", "spaceships", "spaceships")]
)
def test_what_no_campaign_had_is_named(
    fitted: Fitted, people: CustomerTable, column: str, value: str, said: str
) -> None:
    usual = fitted.shop.candidate_offers("home").iloc[100:101]
    found = fitted.model.forecast(usual.assign(**{column: value}), people, fitted.shop.economics)
    before = fitted.model.forecast(usual, people, fitted.shop.economics)
    assert any("extrapolation" in text and said in text for text in found.warnings[0])
    assert found.support[0] < 0.1 < before.support[0]


def test_a_column_the_model_does_not_know_changes_nothing(fitted: Fitted, people: CustomerTable) -> None:
    offers = fitted.shop.candidate_offers("home").iloc[::50]
    wider = CustomerTable(people.attributes.assign(shoe_size=41.0, mood="fine"), people.affinity)
    one, two = (fitted.model.forecast(offers, who, fitted.shop.economics) for who in (people, wider))
    np.testing.assert_array_equal(one.figures["conversion"].mean, two.figures["conversion"].mean)
    assert one.warnings == two.warnings


def test_missing_columns_are_named_and_lower_the_support(fitted: Fitted, people: CustomerTable) -> None:
    offers = fitted.shop.candidate_offers("home").iloc[::50]
    poor = CustomerTable(people.attributes[["age"]], people.affinity.iloc[:, :0])
    rich, found = (fitted.model.forecast(offers, who, fitted.shop.economics) for who in (people, poor))
    check(found, len(offers))
    assert (found.support < rich.support).all()
    assert all("counted as missing" in said[0] for said in found.warnings)


def test_nobody_to_forecast_for_is_refused(fitted: Fitted, people: CustomerTable) -> None:
    with pytest.raises(ValueError, match="at least one"):
        fitted.model.forecast(fitted.shop.candidate_offers("home").iloc[:0], people, Economics())


def test_held_out_figures_are_reported_and_better_than_chance(fitted: Fitted) -> None:
    metrics = fitted.model.metrics
    assert metrics["conversion_auc"] > 0.6
    assert metrics["click_auc"] > 0.55
    assert 0 < metrics["conversion_log_loss"] < 0.69
    assert metrics["conversion_calibration_error"] < 0.05
    assert "conversion_qini" in metrics
    assert all(np.isfinite(value) for value in metrics.values())


def test_the_first_ranked_offer_earns_most_of_what_the_best_would(fitted: Fitted) -> None:
    # A shop of an eighth of the benchmark's size: over six categories the mean share is far above chance,
    # which is about 0.35 for an offer drawn at random.
    ids = fitted.shop.contactable("email")[:250]
    shares = []
    for category in fitted.shop.categories:
        offers = fitted.shop.candidate_offers(category)
        offers = offers[offers["channel"] == "email"]
        told = fitted.model.forecast(offers, fitted.table(ids), fitted.shop.economics)
        earns = fitted.shop.true_effect(ids, offers)["incremental_profit"]
        shares.append(earns[told.figures["incremental_profit"].mean.argmax()] / earns.max())
    assert np.mean(shares) > 0.6
