"""Scoring drafts over customers: the tables say what the columns say, and machine code what NumPy says."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from predictors.effect import scorer
from predictors.effect.expectation import MEANS, figures_of, state_of
from predictors.effect.gradients import gradients
from predictors.effect.mixed import sigmoid
from predictors.effect.reading import modifiers
from predictors.effect.scorer import sums_of
from predictors.effect.sides import customer_side, draft_side, take_customers, worth_of
from predictors.effect.terms import effect_columns, person_columns, value_columns
from predictors.features import pair, read_offers
from predictors.interface import CUSTOMER_FIGURES, CustomerTable, FloatArray
from tests.unit.predictors.conftest import Fitted

ODD = [
    {"offer_type": "percent_off", "offer_value": 20.0, "max_discount": 8.0, "min_spend": 30.0},
    {"offer_type": "percent_off", "offer_value": 60.0, "max_discount": 0.5},
    {"offer_type": "percent_off", "offer_value": 20.0, "max_discount": 5.0, "min_spend": 100.0},
    {"offer_type": "amount_off", "offer_value": 500.0, "min_spend": 40.0},
    {"offer_type": "gift", "offer_value": 300.0},
    {"offer_type": "free_shipping", "min_spend": 2_000.0, "valid_days": 400.0},
    {"offer_type": "none"},
]


def drafts_of(fitted: Fitted) -> pd.DataFrame:
    """A part of the usual candidates, of every category, and odd ones."""
    usual = pd.concat([fitted.shop.candidate_offers(name).iloc[::37] for name in fitted.shop.categories])
    blank = dict.fromkeys(("offer_value", "min_spend"), np.nan)
    odd = pd.concat([usual.iloc[:1].assign(**(blank | one)) for one in ODD])
    return pd.concat([usual, odd], ignore_index=True)


@pytest.fixture(scope="module")
def ready(fitted: Fitted, people: CustomerTable) -> dict[str, Any]:
    model, offers = fitted.model, drafts_of(fitted)
    table = read_offers(offers, model._schema, fitted.shop.economics)
    worth = worth_of(offers, fitted.shop.economics, 0.9)
    return {
        "heads": model._heads,
        "drafts": draft_side(model._heads, table, worth, model._schema),
        "audience": model._audience(people, table.category),
        "schema": model._schema,
    }


def by_columns(ready: dict[str, Any]) -> dict[str, FloatArray]:
    """Head -> (D, U) chance or value, from all columns of all pairs at once."""
    heads, offers, audience, schema = (
        ready["heads"],
        ready["drafts"].offers,
        ready["audience"],
        ready["schema"],
    )
    people, down = audience.people, (slice(None), None)
    pairs = pair(np.array(schema.baskets)[people.bucket][None, :], offers, down)
    across = {name: values[None, :] for name, values in modifiers(people, schema).items()}
    effect = effect_columns(offers, pairs, across, audience.share[audience.scope], schema, down)
    found = {}
    for draft in range(len(offers.kind)):
        copies = replace(offers, **{
            name: np.repeat(getattr(offers, name)[[draft]], len(people.bucket), axis=0)
            for name in offers.__dataclass_fields__
        })  # fmt: skip
        person = person_columns(people.covariates, copies, schema)
        columns = np.hstack([audience.main, person, effect[draft]])
        for name in ("click", "convert", "redeem"):
            extra = audience.click_residual if name == "click" else 0.0
            found.setdefault(name, []).append(sigmoid(columns @ heads[name].mean + extra))
        stretch = value_columns(replace(copies), pair(np.array(schema.baskets)[people.bucket], copies))
        log = np.hstack([audience.main, stretch]) @ heads["value"].mean + heads["value"].noise / 2
        found.setdefault("value", []).append(np.exp(log))
    return {name: np.array(values) for name, values in found.items()}


def means_of(
    heads: Any, drafts: Any, audience: Any, schema: Any, detail: tuple[str, ...] = ()
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    sums, each = sums_of(heads, drafts, audience, schema, detail)
    return dict(zip(MEANS, sums / len(audience.main), strict=True)), dict(zip(detail, each, strict=True))


def test_tables_say_what_the_columns_of_each_pair_say(ready: dict[str, Any]) -> None:
    told = by_columns(ready)
    state = state_of(ready["drafts"], customer_side(ready["heads"], ready["audience"], ready["schema"]))
    use = ready["drafts"].offered[:, None] * ready["drafts"].within[:, ready["audience"].people.bucket]
    np.testing.assert_allclose(state.click, told["click"], rtol=1e-12)
    np.testing.assert_allclose(state.buys, told["convert"], rtol=1e-12)
    np.testing.assert_allclose(state.redeem, told["redeem"] * use, rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(state.value, told["value"], rtol=1e-12)


@pytest.mark.parametrize("lacking", [(), ("click",), ("redeem",), ("value",)])
@pytest.mark.parametrize("unit_profit", [None, 2.5])
def test_machine_code_says_what_numpy_says(
    ready: dict[str, Any],
    lacking: tuple[str, ...],
    unit_profit: float | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kernel = pytest.importorskip(
        "predictors.effect.kernel", reason="numba, the [fast] extra, is not installed"
    )
    heads = {name: head for name, head in ready["heads"].items() if name not in lacking}
    worth = replace(ready["drafts"].worth, unit_profit=unit_profit)
    drafts = draft_side(heads, ready["drafts"].offers, worth, ready["schema"])
    answers = []
    for chosen in (None, kernel):

        def choose(pairs: int, chosen: ModuleType | None = chosen) -> ModuleType | None:
            return chosen

        monkeypatch.setattr(scorer, "fast", choose)
        monkeypatch.setattr(scorer, "CUSTOMERS", 77)  # several blocks, the last a part of one
        answers.append(means_of(heads, drafts, ready["audience"], ready["schema"], CUSTOMER_FIGURES))
    (means, each), (fast_means, fast_each) = answers
    for name in MEANS:
        # What an offer costs goes through the tails of the normal, which the two work out differently.
        digits = 1e-12 if name in ("discount_cost", "incremental_profit") else 1e-15
        # Differences are as exact as what they are the differences of.
        size = np.abs(means[name]) + np.abs(means.get(name.replace("incremental_", ""), means["revenue"]))
        assert (np.abs(fast_means[name] - means[name]) <= digits * size).all(), name
    for name in CUSTOMER_FIGURES:
        chance = name in ("ctr", "conversion")
        np.testing.assert_allclose(
            fast_each[name], each[name], rtol=1e-15 if chance else 1e-9, atol=0.0 if chance else 1e-12
        )


def test_machine_codes_own_functions_are_those_of_scipy() -> None:
    kernel = pytest.importorskip(
        "predictors.effect.kernel", reason="numba, the [fast] extra, is not installed"
    )
    room, found = np.linspace(-8.5, 8.5, 100_001), np.empty(100_001)
    for more in (0.0, 0.45):
        kernel._put_normal(room, more, found)
        np.testing.assert_allclose(found, ndtr((room + more).clip(-9, 9)), rtol=2e-14)
    lines = np.concatenate([np.linspace(-40, 40, 100_001), [-1e300, 1e300]])
    out, zero = np.empty_like(lines), np.zeros(len(lines), dtype=np.int64)
    kernel._put_chances(zero, np.zeros(1), np.zeros(1), lines, lines, out)
    np.testing.assert_allclose(out, sigmoid(lines), rtol=1e-15)


def test_blocks_change_nothing(ready: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorer, "fast", lambda pairs: None)
    whole = figures_of(
        state_of(ready["drafts"], customer_side(ready["heads"], ready["audience"], ready["schema"])),
        ready["drafts"].worth,
    )
    for block in (1, 40_000):
        monkeypatch.setattr(scorer, "BLOCK", block)
        audience = take_customers(ready["audience"], slice(0, 60)) if block == 1 else ready["audience"]
        means, _ = means_of(ready["heads"], ready["drafts"], audience, ready["schema"])
        for name in MEANS:
            told = whole[name][:, : len(audience.main)].mean(axis=1)
            np.testing.assert_allclose(means[name], told, rtol=1e-10, atol=1e-12)


def forecast(fitted: Fitted, people: CustomerTable, figure: str, **offer: Any) -> FloatArray:
    values = next(values for values in offer.values() if isinstance(values, list))
    drafts = (
        drafts_of(fitted)
        .iloc[[0] * len(values)]
        .assign(**dict.fromkeys(("offer_value", "min_spend"), np.nan))
    )
    told = fitted.model.forecast(drafts.assign(**offer), people, fitted.shop.economics, side="search")
    return told.figures[figure].mean


def test_what_an_offer_costs_falls_to_nothing_as_nobody_reaches_its_minimum(
    fitted: Fitted, people: CustomerTable
) -> None:
    spends = [100.0, 300.0, 1_000.0, 5_000.0, 1e9]
    cost = forecast(
        fitted, people, "discount_cost", offer_type="percent_off", offer_value=20.0, min_spend=spends
    )
    revenue = forecast(
        fitted, people, "revenue", offer_type="percent_off", offer_value=20.0, min_spend=spends
    )
    assert (cost <= revenue).all()
    assert (np.diff(cost) <= 0).all()
    assert cost[-1] < 1e-9


def test_a_cap_holds_where_every_order_that_qualifies_reaches_it(ready: dict[str, Any]) -> None:
    offers = ready["drafts"].offers
    (capped,) = np.flatnonzero(offers.cap == 5.0)
    state = state_of(ready["drafts"], customer_side(ready["heads"], ready["audience"], ready["schema"]))
    np.testing.assert_allclose(state.given[capped], 5.0)


@pytest.mark.parametrize("unit_profit", [None, 2.5])
def test_gradients_are_the_slopes_of_the_means(ready: dict[str, Any], unit_profit: float | None) -> None:
    schema, audience = ready["schema"], ready["audience"]
    # What a larger order does to what is given away is taken as if nothing bounded it.
    free = (ready["drafts"].offers.min_spend == 0) & np.isinf(ready["drafts"].offers.cap)
    free &= ready["drafts"].offers.flat == 0
    worth = replace(ready["drafts"].worth, unit_profit=unit_profit)

    def means(heads: dict[str, Any]) -> dict[str, FloatArray]:
        drafts = draft_side(heads, ready["drafts"].offers, worth, schema)
        return means_of(heads, drafts, audience, schema)[0]

    heads = ready["heads"]
    found = gradients(
        draft_side(heads, ready["drafts"].offers, worth, schema),
        customer_side(heads, audience, schema),
        schema,
    )
    rng = np.random.default_rng(0)
    for name, by_figure in found.of.items():
        for place in {0, *rng.integers(0, len(heads[name].mean), 12).tolist(), len(heads[name].mean) - 8}:
            step = 1e-5 * np.eye(len(heads[name].mean))[place]
            up, down = (
                means(heads | {name: replace(heads[name], mean=heads[name].mean + way * step)})
                for way in (1, -1)
            )
            for figure, slopes in by_figure.items():
                told = (up[figure] - down[figure]) / 2e-5
                rows = free if name == "value" else np.ones(len(free), dtype=bool)
                np.testing.assert_allclose(
                    slopes[rows, place], told[rows], rtol=1e-4, atol=1e-6, err_msg=f"{name} {figure} {place}"
                )


def test_a_gift_costs_what_it_costs_whatever_the_order(fitted: Fitted, people: CustomerTable) -> None:
    cost = forecast(fitted, people, "discount_cost", offer_type="gift", offer_value=[400.0, 4_000.0])
    assert cost[1] > 8 * cost[0]
    off = forecast(fitted, people, "discount_cost", offer_type="amount_off", offer_value=[4_000.0, 40_000.0])
    assert off[1] < 1.5 * off[0]  # nobody is given back more than the order


def test_more_units_for_nothing_bring_no_fewer_orders(fitted: Fitted, people: CustomerTable) -> None:
    product = fitted.shop.products["product_id"].iloc[0]
    price = float(fitted.shop.products["price"].iloc[0])
    drafts = drafts_of(fitted).iloc[[0] * 5].assign(
        offer_type="buy_x_get_y", offer_value=np.nan, min_spend=np.nan, buy_quantity=1.0,
        get_quantity=[1.0, 2.0, 3.0, 10.0, 100.0], product_id=product,
    )  # fmt: skip
    economics = replace(fitted.shop.economics, product_price={product: price})
    told = fitted.model.forecast(drafts, people, economics, side="search")
    assert (np.diff(told.figures["conversion"].mean) >= -1e-9).all()


def test_validity_beyond_any_that_was_sent_counts_as_the_longest(
    fitted: Fitted, people: CustomerTable
) -> None:
    longest = fitted.model._schema.days_sent[1]
    told = forecast(
        fitted, people, "conversion", offer_type="percent_off", offer_value=20.0,
        valid_days=[longest, 2 * longest, 365.0],
    )  # fmt: skip
    assert told[0] == told[1] == told[2]
