"""A shop without campaigns is forecast from assumptions, and evidence takes over as campaigns come in."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import numpy as np
import pandas as pd
import pytest

from copilot.shop.attributes import as_features, attributes_as_of
from copilot.shop.natural import natural_exposures
from predictors.demo import DemoShop
from predictors.effect import EffectPredictor
from predictors.effect.priors import load_priors
from predictors.interface import CustomerTable, EffectForecasts, Natural, UnusableTrainingData
from tests.unit.predictors.conftest import attributes_of, customers_of

CUSTOMERS = 2_500
SEEDS = (1, 2, 3)
CAMPAIGNS = (0, 1, 4, 36)
FIGURES = ("incremental_profit", "incremental_conversion", "baseline_conversion")


def natural_of(shop: DemoShop, exposures: pd.DataFrame) -> Natural:
    customers = shop.customers.assign(signed_up_on=pd.to_datetime(shop.customers["signed_up_on"]))
    rows = natural_exposures(customers, shop.orders, exposures, window_days=7, rng=np.random.default_rng(0))
    keys = rows[["customer_id", "category"]].assign(as_of=rows["sent_at"])
    return Natural(rows, as_features(attributes_as_of(keys, shop.customers, shop.orders, shop.products)))


@dataclass(frozen=True)
class Young:
    shop: DemoShop
    model: EffectPredictor
    table: CustomerTable
    offers: pd.DataFrame
    found: EffectForecasts

    @classmethod
    def of(cls, seed: int, campaigns: int) -> Young:
        """A shop after so many campaigns, a quarter of its customers in each."""
        shop = DemoShop(
            seed, CUSTOMERS, max(campaigns, 1), exposures=CUSTOMERS // 4 * campaigns if campaigns else 50
        )
        exposures = shop.exposures if campaigns else shop.exposures.iloc[:0]
        natural = natural_of(shop, exposures)
        attributes = attributes_of(shop).iloc[: len(exposures)]
        model = EffectPredictor.fit(exposures, attributes, shop.economics, seed=0, threads=1, natural=natural)
        table = customers_of(shop, shop.contactable("email")[:500])
        offers = pd.concat([shop.candidate_offers(name).iloc[3::17] for name in ("beauty", "home")])
        return cls(shop, model, table, offers, model.forecast(offers, table, shop.economics))


@pytest.fixture(scope="module")
def young() -> dict[tuple[int, int], Young]:
    return {(seed, campaigns): Young.of(seed, campaigns) for seed in SEEDS for campaigns in CAMPAIGNS}


def test_intervals_cover_the_truth_after_no_one_four_and_thirty_six_campaigns_and_shrink(
    young: dict[tuple[int, int], Young],
) -> None:
    widths, base = [], []
    for campaigns in CAMPAIGNS:
        covered = {name: [] for name in FIGURES}
        wide = []
        for seed in SEEDS:
            one = young[seed, campaigns]
            true = one.shop.true_effect(one.table.attributes.index.to_numpy(), one.offers)
            for name in FIGURES:
                told = one.found.figures[name]
                covered[name].append(np.mean((true[name] >= told.low) & (true[name] <= told.high)))
            profit = one.found.figures["incremental_profit"]
            wide.append(np.mean(profit.high - profit.low))
        base += covered.pop("baseline_conversion")
        assert {
            name: round(np.mean(shares), 2) for name, shares in covered.items() if np.mean(shares) < 0.85
        } == {}
        widths.append(np.mean(wide))
    # One baseline a shop: two standard errors of as many of them below what is promised.
    assert np.mean(base) >= 0.9 - 2 * np.sqrt(0.9 * 0.1 / len(base))
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.5 * widths[0]


def test_evidence_takes_over_from_assumptions(young: dict[tuple[int, int], Young]) -> None:
    def weight(campaigns: int) -> float:
        beliefs = young[1, campaigns].model.beliefs
        return float(np.mean([one.weight for one in beliefs if one.figure == "conversion"]))

    weights = [weight(campaigns) for campaigns in CAMPAIGNS]
    assert weights[0] == pytest.approx(1.0, abs=0.02)
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] < 0.5


def test_without_campaigns_what_is_believed_is_what_is_assumed(young: dict[tuple[int, int], Young]) -> None:
    for one in young[1, 0].model.beliefs:
        assert one.believed[0] == pytest.approx(one.assumed[0], rel=0.1), one.name
        # Channels are much alike, so statements about each back the others.
        if one.figure != "clicks":
            assert one.believed[1:] == pytest.approx(one.assumed[1:], rel=0.15), one.name


def test_forecasts_without_campaigns_are_labelled_and_have_no_support(
    young: dict[tuple[int, int], Young],
) -> None:
    found = young[1, 0].found
    assert (found.support == 0).all()
    assert not found.incremental
    for said in found.warnings:
        assert any("who orders unsent is taken from past orders" in text for text in said)
        assert any(text.startswith("assumption: what messages and offers do to orders") for text in said)
    settled = young[1, 36].found
    assert settled.incremental
    assert not any(text.startswith("assumption") for said in settled.warnings for text in said)


def test_base_rates_come_from_the_orders_of_the_shop(young: dict[tuple[int, int], Young]) -> None:
    ratios = []
    for seed in SEEDS:
        one = young[seed, 0]
        true = one.shop.true_effect(one.table.attributes.index.to_numpy(), one.offers.iloc[:1])
        ratios.append(one.found.figures["baseline_conversion"].mean[0] / true["baseline_conversion"][0])
    assert 0.85 < np.mean(ratios) < 1.15


def test_changed_assumptions_change_forecasts_without_campaigns() -> None:
    shop = DemoShop(4, 1_000, 1, exposures=50)
    nothing, natural = shop.exposures.iloc[:0], natural_of(shop, shop.exposures.iloc[:0])
    table = customers_of(shop, shop.contactable("email")[:100])
    offers = shop.candidate_offers("home").query("offer_type == 'none'").iloc[:1]
    shipped = resources.files("predictors.effect").joinpath("priors.toml").read_text(encoding="utf-8")
    means = []
    for value, low, high in ((1.0, 0.95, 1.05), (2.0, 1.9, 2.1)):
        numbers = f"value = {value}\nlow = {low}\nhigh = {high}\n"
        priors = load_priors(shipped.replace("value = 1.5\nlow = 0.9\nhigh = 2.5\n", numbers), "mine.toml")
        model = EffectPredictor.fit(
            nothing, natural.attributes.iloc[:0], shop.economics, seed=0, natural=natural, priors=priors
        )
        found = model.forecast(offers, table, shop.economics, side="search")
        assert any("taken from mine.toml" in said for said in found.warnings[0])
        means.append(found.figures["incremental_conversion"].mean[0])
    assert abs(means[0]) < 0.01
    assert means[1] > 0.03


def test_a_model_of_assumptions_survives_saving(young: dict[tuple[int, int], Young]) -> None:
    one = young[1, 0]
    again = EffectPredictor.from_parts(one.model.to_parts())
    assert (again.version, again.notes, again.beliefs) == (
        one.model.version,
        one.model.notes,
        one.model.beliefs,
    )
    found = again.forecast(one.offers, one.table, one.shop.economics)
    assert np.array_equal(
        found.figures["incremental_profit"].high, one.found.figures["incremental_profit"].high
    )


def test_neither_campaigns_nor_natural_demand_is_refused() -> None:
    shop = DemoShop(4, 300, 1, exposures=50)
    with pytest.raises(UnusableTrainingData, match="no message was ever sent"):
        EffectPredictor.fit(shop.exposures.iloc[:0], attributes_of(shop).iloc[:0], shop.economics, seed=0)


def test_natural_demand_leaves_out_whom_a_campaign_was_contacting() -> None:
    shop = DemoShop(5, 400, 2, exposures=400)
    rows = natural_of(shop, shop.exposures).exposures
    sent = shop.exposures[shop.exposures["channel"] != "holdout"]
    pairs = rows.merge(sent[["customer_id", "sent_at"]], on="customer_id", suffixes=("", "_campaign"))
    apart = (pairs["sent_at"] - pairs["sent_at_campaign"]).abs()
    assert len(pairs)
    assert (apart >= pd.Timedelta(days=7)).all()
    assert set(rows["channel"]) == {"holdout"}
    assert rows["sent_at"].max() + pd.Timedelta(days=7) <= shop.orders["ordered_at"].max()


def test_natural_demand_counts_what_was_bought_in_the_window() -> None:
    start = pd.Timestamp("2026-01-01")
    days = [0, 50, 99, 100, 108]
    orders = pd.DataFrame(
        {
            "order_id": [f"o{day}" for day in days],
            "customer_id": ["a", "a", "a", "b", "b"],
            "product_id": "p",
            "ordered_at": [start + pd.Timedelta(days=day) for day in days],
            "quantity": [1.0, 1.0, 2.0, 1.0, -1.0],
            "unit_price": [10.0, 10.0, 15.0, 20.0, 20.0],
            "discount": 0.0,
            "exposure_id": None,
        }
    )
    customers = pd.DataFrame({"customer_id": ["a", "b", "c"]})
    blank = pd.DataFrame(columns=["campaign_id", "customer_id", "sent_at", "channel", "converted"])
    rows = natural_exposures(customers, orders, blank, window_days=10, rng=np.random.default_rng(0))
    # b was not known as a customer before the day of its only order, c never.
    assert set(rows["customer_id"]) == {"a"}
    latest = rows[rows["sent_at"] == rows["sent_at"].max()]
    assert latest[["converted", "revenue"]].to_numpy().tolist() == [[1.0, 30.0]]
    assert rows.loc[rows["sent_at"] < start + pd.Timedelta(days=40), "converted"].sum() == 0


def test_natural_demand_is_left_out_where_campaigns_count_something_else() -> None:
    shop = DemoShop(6, 1_500, 6, exposures=6_000)
    assert len(natural_of(shop, shop.exposures).exposures)
    visits = shop.exposures.assign(converted=1.0)
    nothing = shop.exposures.assign(converted=0.0)
    category = shop.exposures.assign(outcome_scope="category")
    for other in (visits, nothing, category):
        assert natural_of(shop, other).exposures.empty


def test_natural_demand_does_not_stand_in_for_a_control_group() -> None:
    shop = DemoShop(7, 1_500, 6, exposures=6_000)
    everybody = shop.exposures[shop.exposures["channel"] != "holdout"]
    attributes = attributes_of(shop).loc[everybody.index]
    natural = natural_of(shop, everybody)
    with_it, without = (
        EffectPredictor.fit(everybody, attributes, shop.economics, seed=0, threads=1, natural=known)
        for known in (natural, None)
    )
    assert with_it.version == without.version
    assert any("not incremental" in note.message for note in with_it.notes)
