"""Training on whatever a shop has: one campaign, no holdout, nothing sold, nothing known of customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from predictors.effect import EffectPredictor
from predictors.interface import OFFER_COLUMNS, CustomerTable, Economics, UnusableTrainingData
from tests.unit.predictors.conftest import Fitted
from tests.unit.predictors.test_forecast import check

WORTH = Economics(unit_profit=1.0, contact_cost={"email": 0.05})
RATES = {"holdout": 0.106, "mens": 0.183, "womens": 0.151}


def experiment(seed: int, size: int = 12_000) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One campaign, two messages without an offer that differ by category alone, and a holdout."""
    rng = np.random.default_rng(seed)
    arm = rng.choice(["holdout", "mens", "womens"], size)
    attributes = pd.DataFrame(
        {
            "recency": rng.integers(1, 13, size).astype(float),
            "bought_womens": rng.integers(0, 2, size).astype(float),
            "zip": rng.choice(np.array(["urban", "rural"], dtype=object), size),
        }
    )
    rate = np.array([RATES[name] for name in arm])
    # Whoever bought women's things before answers the women's message, others hardly do.
    rate += np.where(arm == "womens", 0.09 * (attributes["bought_womens"] - 0.5), 0.0)
    exposures = pd.DataFrame(
        {
            "channel": np.where(arm == "holdout", "holdout", "email"),
            "offer_type": "none",
            "category": np.where(arm == "holdout", None, arm),
            "campaign_id": "only",
            "customer_id": [f"c{number}" for number in range(size)],
            "sent_at": pd.Timestamp("2008-03-01"),
            "clicked": np.nan,
            "converted": (rng.random(size) < rate).astype(float),
            "revenue": 0.0,
            "discount": 0.0,
        }
    )
    blank = {name: np.nan for name in OFFER_COLUMNS if name not in exposures} | {
        "product_id": None,
        "subject": "",
        "body": "",
    }
    return exposures.assign(**blank), attributes


def messages() -> pd.DataFrame:
    rows = [
        {"channel": "email", "offer_type": "none", "category": "mens"},
        {"channel": "email", "offer_type": "none", "category": "womens"},
        {"channel": "email", "offer_type": "percent_off", "offer_value": 20.0, "category": "mens"},
    ]
    return pd.DataFrame(rows).reindex(columns=list(OFFER_COLUMNS))


def table(attributes: pd.DataFrame) -> CustomerTable:
    return CustomerTable(attributes, pd.DataFrame(index=attributes.index))


@pytest.fixture(scope="module")
def one_campaign() -> tuple[EffectPredictor, pd.DataFrame]:
    exposures, attributes = experiment(1)
    return EffectPredictor.fit(exposures, attributes, WORTH, seed=0, threads=1), attributes


def test_one_experiment_is_forecast_as_its_arms_turned_out(
    one_campaign: tuple[EffectPredictor, pd.DataFrame],
) -> None:
    model, attributes = one_campaign
    found = model.forecast(messages(), table(attributes), WORTH)
    check(found, 3)
    for place, name in enumerate(("mens", "womens")):
        figure = found.figures["conversion"]
        assert figure.low[place] <= RATES[name] <= figure.high[place]
        # 4,000 customers an arm: standard error 0.006.
        assert figure.mean[place] == pytest.approx(RATES[name], abs=3 * 0.006)
    base = found.figures["baseline_conversion"]
    assert base.mean[0] == pytest.approx(RATES["holdout"], abs=3 * 0.005)


def test_an_offer_that_was_never_made_gets_no_support_a_warning_and_a_wide_interval(
    one_campaign: tuple[EffectPredictor, pd.DataFrame],
) -> None:
    model, attributes = one_campaign
    found = model.forecast(messages(), table(attributes), WORTH)
    assert found.support[2] < 0.05 < 0.3 < found.support[0]
    assert any("extrapolation" in text for text in found.warnings[2])
    assert not any("extrapolation" in text for text in found.warnings[0])
    figure = found.figures["incremental_conversion"]
    width = figure.high - figure.low
    assert width[2] > 3 * width[0]


def test_customers_are_told_apart_by_what_they_answer_to() -> None:
    gains = []
    for seed in (1, 2, 3):
        exposures, attributes = experiment(seed)
        model = EffectPredictor.fit(exposures, attributes, WORTH, seed=0, threads=1)
        found = model.forecast(messages().iloc[:2], table(attributes), WORTH, per_customer=True)
        assert found.per_customer is not None
        womens = found.per_customer["incremental_conversion"][1]
        likes = attributes["bought_womens"].to_numpy() == 1
        gains.append(womens[likes].mean() - womens[~likes].mean())
    # The true difference is 0.09; shrinkage takes a part of it, chance another.
    assert 0.04 < np.mean(gains) < 0.12


def test_without_held_out_customers_forecasts_say_they_are_not_incremental(fitted: Fitted) -> None:
    sent = (fitted.shop.exposures["channel"] != "holdout").to_numpy()
    model = EffectPredictor.fit(
        fitted.shop.exposures[sent], fitted.attributes[sent], fitted.shop.economics, seed=0, threads=1
    )
    offers = fitted.shop.candidate_offers("home").iloc[::60]
    found = model.forecast(offers, fitted.table(fitted.shop.contactable("sms")[:50]), fitted.shop.economics)
    check(found, len(offers))
    assert not found.incremental
    assert all("not incremental: no held-out customers" in said for said in found.warnings)
    assert "conversion_qini" not in model.metrics


def test_propensities_and_optional_columns_may_be_absent() -> None:
    exposures, attributes = experiment(2, 3_000)
    bare = exposures.drop(columns=["subject", "body", "buy_quantity", "get_quantity", "product_id"])
    found = EffectPredictor.fit(bare, attributes, WORTH, seed=0, threads=1).forecast(
        messages(), table(attributes), WORTH
    )
    check(found, 3)


@pytest.mark.parametrize("converted", [0.0, 1.0])
def test_outcomes_that_never_vary_are_forecast_as_such(converted: float) -> None:
    exposures, attributes = experiment(3, 3_000)
    exposures["converted"] = converted
    model = EffectPredictor.fit(exposures, attributes, WORTH, seed=0, threads=1)
    found = model.forecast(messages(), table(attributes), WORTH)
    check(found, 3)
    assert found.figures["conversion"].mean[0] == pytest.approx(converted, abs=0.02)
    assert np.abs(found.figures["incremental_conversion"].mean[:2]).max() < 0.02


def test_attributes_that_say_nothing_do_no_harm() -> None:
    exposures, attributes = experiment(4, 3_000)
    useless = attributes.assign(constant=1.0, unknown=np.nan, blank=None, infinite=np.inf)
    model = EffectPredictor.fit(exposures, useless, WORTH, seed=0, threads=1)
    check(model.forecast(messages(), table(useless), WORTH), 3)
    nothing = useless[["constant", "unknown"]]
    model = EffectPredictor.fit(exposures, nothing, WORTH, seed=0, threads=1)
    check(model.forecast(messages(), table(nothing), WORTH), 3)


def test_a_handful_of_exposures_is_enough_to_answer_with_much_doubt() -> None:
    exposures, attributes = experiment(5, 30)
    model = EffectPredictor.fit(exposures, attributes, WORTH, seed=0, threads=1)
    found = model.forecast(messages(), table(attributes), WORTH)
    check(found, 3)
    figure = found.figures["conversion"]
    assert figure.high[0] - figure.low[0] > 0.1


def test_the_same_seed_gives_the_same_predictor() -> None:
    exposures, attributes = experiment(6, 4_000)
    one, two = (EffectPredictor.fit(exposures, attributes, WORTH, seed=3, threads=1) for _ in range(2))
    assert one.version == two.version


def test_what_cannot_be_learned_from_is_refused_with_the_reason() -> None:
    exposures, attributes = experiment(7, 60)
    with pytest.raises(UnusableTrainingData, match="60 exposures, but 59 rows"):
        EffectPredictor.fit(exposures, attributes.iloc[1:], WORTH, seed=0)
    with pytest.raises(UnusableTrainingData, match="no message was ever sent"):
        EffectPredictor.fit(exposures.assign(channel="holdout"), attributes, WORTH, seed=0)
    with pytest.raises(UnusableTrainingData, match="revenue"):
        EffectPredictor.fit(exposures.drop(columns="revenue"), attributes, WORTH, seed=0)


def test_forecasts_say_where_propensities_were_not_recorded() -> None:
    exposures, attributes = experiment(8, 3_000)
    for recorded in (True, False):
        known = exposures.assign(propensity=1 / 3 if recorded else np.nan)
        model = EffectPredictor.fit(known, attributes, WORTH, seed=0, threads=1)
        found = model.forecast(messages(), table(attributes), WORTH)
        assert all(
            any("propensities were not" in text for text in said) != recorded for said in found.warnings
        )
        assert "arm_effect_excess" in model.metrics
