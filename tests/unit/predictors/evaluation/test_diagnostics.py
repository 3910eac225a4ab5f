"""What is planted in the data is found, and clean shops are left in peace."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from predictors.demo import DemoShop
from predictors.evaluation.diagnostics import data_findings, sent_terms
from predictors.evaluation.record import Finding
from tests.unit.predictors.conftest import attributes_of

Frames = tuple[pd.DataFrame, pd.DataFrame]


def frames(seed: int, campaigns: int = 10) -> Frames:
    shop = DemoShop(seed, customers=1_200, campaigns=campaigns, exposures=9_000)
    return shop.exposures, attributes_of(shop)


@pytest.fixture(scope="module")
def clean() -> Frames:
    return frames(1)


def about(topic: str, given: Frames) -> list[Finding]:
    return [one for one in data_findings(*given) if one.topic == topic]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_clean_shop_leaks_nothing(seed: int) -> None:
    (said,) = about("leakage", frames(seed))
    assert said.level == "ok"


def after_the_fact(exposures: pd.DataFrame) -> np.ndarray:
    """Spending that counts the purchases the campaign is judged by."""
    return exposures["revenue"].to_numpy() + np.random.default_rng(0).gamma(1, 5, len(exposures))


@pytest.mark.parametrize(
    "plant",
    [
        lambda exposures: after_the_fact(exposures),
        lambda exposures: -after_the_fact(exposures),
        lambda exposures: np.where(exposures["converted"] == 1, 1.0, np.nan),
        lambda exposures: np.where(exposures["converted"] == 1, "active", "dormant").astype(object),
    ],
    ids=["a sum", "turned", "known of buyers only", "a category"],
)
def test_an_attribute_measured_after_sending_is_named(
    clean: Frames, plant: Callable[[pd.DataFrame], np.ndarray]
) -> None:
    exposures, attributes = clean
    said = about("leakage", (exposures, attributes.assign(planted=plant(exposures))))
    assert [(one.level, one.text.split()[0]) for one in said] == [("bad", "planted")]


def test_a_random_category_with_many_levels_is_no_leak(clean: Frames) -> None:
    exposures, attributes = clean
    codes = np.random.default_rng(1).integers(0, 400, len(exposures)).astype(str).astype(object)
    (said,) = about("leakage", (exposures, attributes.assign(planted=codes)))
    assert said.level == "ok"


def test_columns_that_say_nothing_are_named(clean: Frames) -> None:
    exposures, attributes = clean
    said = about("columns", (exposures, attributes.assign(constant=1.0, empty=np.nan, blank=None)))
    assert "blank, empty" in said[0].text
    assert "constant" in said[1].text


def test_campaigns_without_a_holdout_are_named(clean: Frames) -> None:
    exposures, attributes = clean
    first = exposures["campaign_id"].iloc[0]
    kept = ((exposures["campaign_id"] != first) | (exposures["channel"] != "holdout")).to_numpy()
    (said,) = about("holdout", (exposures[kept], attributes[kept]))
    assert said.level == "look"
    assert f"1 of 10 campaigns held nobody out: {first}." in said.text


def test_what_was_hardly_ever_sent_is_a_thin_cell(clean: Frames) -> None:
    exposures, attributes = clean
    rare = exposures.index[exposures["channel"] == "email"][:5]
    changed = exposures.assign(
        offer_type=exposures["offer_type"].where(~exposures.index.isin(rare), "points"), category="tea"
    )
    (said,) = about("thin cells", (changed, attributes))
    assert "email / points / tea (5)" in said.text


def test_outcomes_of_the_category_alone_are_said_to_flatter(clean: Frames) -> None:
    exposures, attributes = clean
    assert not about("outcome scope", clean)
    (said,) = about("outcome scope", (exposures.assign(outcome_scope="category"), attributes))
    assert "sales taken from the rest of the shop are counted as gains" in said.text


def test_no_conversions_and_no_clicks_are_said(clean: Frames) -> None:
    exposures, attributes = clean
    (said,) = about("outcomes", (exposures.assign(converted=0), attributes))
    assert said.level == "bad"
    (said,) = about("clicks", (exposures.assign(clicked=np.nan), attributes))
    assert "not recorded" in said.text


def test_demand_and_customers_that_moved_are_said(clean: Frames) -> None:
    exposures, attributes = clean
    late = (exposures["sent_at"] > exposures["sent_at"].median()).to_numpy()
    moved = attributes.assign(age=attributes["age"] + 20.0 * late)
    assert any("in age" in one.text and one.level == "look" for one in about("drift", (exposures, moved)))
    more = exposures["converted"].where(~late, 1)
    assert any("Without a message" in one.text and one.level == "look"
               for one in about("drift", (exposures.assign(converted=more), attributes)))  # fmt: skip


@pytest.mark.parametrize(("campaigns", "level"), [(1, "bad"), (5, "look"), (10, "ok")])
def test_a_short_history_is_said(clean: Frames, campaigns: int, level: str) -> None:
    exposures, attributes = clean
    kept = exposures["campaign_id"].isin(exposures["campaign_id"].unique()[:campaigns]).to_numpy()
    (said,) = about("history", (exposures[kept], attributes[kept]))
    assert said.level == level


def test_terms_that_were_sent_are_counted(clean: Frames) -> None:
    exposures, _ = clean
    found = sent_terms(exposures)
    assert sum(one.messages for one in found) == (exposures["channel"] != "holdout").sum()
    assert all(one.channel != "holdout" for one in found)
    assert [one.messages for one in found] == sorted((one.messages for one in found), reverse=True)


def test_outcomes_that_lack_for_all_who_were_sent_something_are_no_effect(clean: Frames) -> None:
    exposures, attributes = clean
    sent = exposures["channel"] != "holdout"
    (said,) = about(
        "outcomes", (exposures.assign(converted=exposures["converted"].mask(sent, 0)), attributes)
    )
    assert said.level == "bad"
    assert f"({sent.sum():,} messages), though held-out customers ordered" in said.text
    # A few messages may well have sold nothing.
    rows = ~sent | (np.cumsum(sent) <= 100)
    few = exposures[rows].assign(converted=exposures["converted"].mask(sent, 0))
    assert not any("sent something" in one.text for one in about("outcomes", (few, attributes[rows])))


def test_an_export_of_buyers_alone_is_found(clean: Frames) -> None:
    exposures, attributes = clean
    all_but_a_few = np.where(np.arange(len(exposures)) % 200 == 0, 0, 1)
    (said,) = about("outcomes", (exposures.assign(converted=all_but_a_few), attributes))
    assert said.level == "bad"
    assert said.text.startswith("Nearly everybody in the export ordered (99.5% of")
    two_thirds = np.where(np.arange(len(exposures)) % 3 == 0, 0, 1)
    assert not about("outcomes", (exposures.assign(converted=two_thirds), attributes))
