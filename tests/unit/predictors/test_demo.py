"""The demo shop: its export keeps the contract, and its truth is the one its history was drawn from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from predictors.demo import TRUE_FIGURES, DemoShop
from predictors.interface import OFFER_COLUMNS


@pytest.fixture(scope="module")
def shop() -> DemoShop:
    return DemoShop(3, customers=1_500, campaigns=12)


def test_the_same_seed_gives_the_same_shop_and_another_seed_another(shop: DemoShop) -> None:
    again, other = DemoShop(3, customers=1_500, campaigns=12), DemoShop(4, customers=1_500, campaigns=12)
    for name in ("customers", "products", "orders", "exposures"):
        pd.testing.assert_frame_equal(getattr(shop, name), getattr(again, name))
    assert not shop.orders.equals(other.orders)


def test_the_export_is_written_with_the_documented_columns(shop: DemoShop, tmp_path: Path) -> None:
    folder = shop.write_export(tmp_path / "export")
    columns = {name: set(pd.read_csv(folder / f"{name}.csv", nrows=5)) for name in
               ("customers", "products", "orders", "exposures")}  # fmt: skip
    assert {"customer_id", "email", "name", "email_opt_in", "sms_opt_in", "push_opt_in"} <= columns[
        "customers"
    ]
    assert columns["products"] == {"product_id", "name", "category", "price", "unit_cost", "stock"}
    assert {"order_id", "customer_id", "product_id", "ordered_at", "quantity", "unit_price"} <= columns[
        "orders"
    ]
    assert {*OFFER_COLUMNS, "exposure_id", "campaign_id", "customer_id", "sent_at"} <= columns["exposures"]
    assert json.loads((folder / "shop.json").read_text())["attribution_days"] == 7


def test_the_chances_of_a_campaigns_arms_sum_to_one(shop: DemoShop) -> None:
    arms = shop.exposures.drop_duplicates("arm_id")
    assert arms.groupby("campaign_id")["propensity"].sum().to_numpy() == pytest.approx(1.0)
    assert (arms.groupby("campaign_id").size() == 5).all()


def test_customers_are_contacted_only_where_they_agreed(shop: DemoShop) -> None:
    sent = shop.exposures[shop.exposures["channel"] != "holdout"].merge(shop.customers, on="customer_id")
    for channel in ("email", "sms", "push"):
        assert (sent.loc[sent["channel"] == channel, f"{channel}_opt_in"] == 1).all()


def test_orders_credited_to_a_message_are_what_the_message_reports(shop: DemoShop) -> None:
    lines = shop.orders.dropna(subset=["exposure_id"])
    value = (lines["quantity"] * lines["unit_price"]).groupby(lines["exposure_id"]).sum()
    known = shop.exposures.set_index("exposure_id").loc[value.index]
    assert value.to_numpy() == pytest.approx(known["revenue"].to_numpy(), abs=0.02)
    given = lines.groupby("exposure_id")["discount"].sum()
    assert given.to_numpy() == pytest.approx(known["discount"].to_numpy(), abs=0.011)
    assert (known["converted"] == 1).all()


def test_whoever_converted_ordered_within_the_window(shop: DemoShop) -> None:
    buyers = shop.exposures[shop.exposures["converted"] == 1][["customer_id", "sent_at"]]
    pairs = buyers.merge(shop.orders[["customer_id", "ordered_at"]], on="customer_id")
    days = (pairs["ordered_at"] - pairs["sent_at"]) / pd.Timedelta(days=1)
    found = pairs[(days >= 0) & (days < 8)].drop_duplicates(["customer_id", "sent_at"])
    assert len(found) == len(buyers)


def test_the_offer_that_sells_most_is_not_the_one_that_earns_most(shop: DemoShop) -> None:
    for category in shop.categories:
        truth = shop.true_effect(None, shop.candidate_offers(category))
        assert truth["conversion"].argmax() != truth["incremental_profit"].argmax()
        assert truth["incremental_profit"].max() > 0


def test_the_truth_per_customer_averages_to_the_truth_of_the_audience(shop: DemoShop) -> None:
    offers, ids = shop.candidate_offers("home").iloc[::60], shop.contactable("sms")[:40]
    every, mean = shop.true_effect(ids, offers, per_customer=True), shop.true_effect(ids, offers)
    for name in TRUE_FIGURES:
        assert every[name].shape == (len(offers), 40)
        assert every[name].mean(axis=1) == pytest.approx(mean[name])
    one = shop.true_effect(ids, offers.iloc[2])
    assert one["conversion"] == pytest.approx(mean["conversion"][2:3])


def test_arms_did_on_average_what_the_truth_says_of_them() -> None:
    # Past arms were sent at other times than the truth speaks of, so only their mean over shops is compared.
    gaps = []
    for seed in (1, 2, 3):
        shop = DemoShop(seed, customers=3_000, campaigns=24)
        past = shop.exposures
        held = past[past["channel"] == "holdout"].groupby("campaign_id")["converted"].mean()
        sent = past[past["channel"] != "holdout"]
        arms = sent.drop_duplicates("arm_id")
        seen = sent.groupby("arm_id")["converted"].mean().reindex(arms["arm_id"]).to_numpy()
        gain = seen - held.reindex(arms["campaign_id"]).to_numpy()
        gaps.append(gain.mean() - shop.true_effect(None, arms)["incremental_conversion"].mean())
    # 27,000 exposures a shop, a fifth of them held out at a rate near 0.07: standard error 0.004 of a shop.
    assert abs(np.mean(gaps)) < 3 * 0.004 / np.sqrt(3)


def test_a_customer_of_another_shop_is_refused_by_name(shop: DemoShop) -> None:
    with pytest.raises(KeyError, match="C999999"):
        shop.true_effect(["C000001", "C999999"], shop.candidate_offers("home").iloc[0])


def test_every_kind_of_offer_has_a_truth(shop: DemoShop) -> None:
    row = shop.candidate_offers("books").iloc[0].to_dict()
    kinds = [
        {"offer_type": "points", "offer_value": 500.0},
        {"offer_type": "buy_x_get_y", "buy_quantity": 2.0, "get_quantity": 1.0, "product_id": "BOO-004"},
        {"offer_type": "fixed_price", "offer_value": 9.0, "product_id": "BOO-006"},
        {"offer_type": "percent_off", "offer_value": 30.0, "max_discount": 5.0},
    ]
    for kind in kinds:
        truth = shop.true_effect(None, row | kind)
        assert all(np.isfinite(values).all() for values in truth.values())
        assert truth["conversion"] > truth["baseline_conversion"]
