"""Customers as they are read: in parts, once, from text or categories, by forests of the same columns."""

from __future__ import annotations

import json
import re
import tracemalloc
from typing import Any

import numpy as np
import pandas as pd
import pytest

from predictors.demo import DemoShop
from predictors.effect import predictor, scorer
from predictors.effect.forest import why_not
from predictors.effect.predictor import EffectPredictor
from predictors.features import Customers, Schema, read_customers
from predictors.interface import CustomerTable, EffectForecasts, FloatArray, UnusableModel
from predictors.persistence import MANIFEST, with_manifest
from tests.unit.predictors.conftest import Fitted, attributes_of
from tests.unit.predictors.test_scorer import drafts_of


def test_customers_read_in_parts_change_nothing(
    fitted: Fitted, people: CustomerTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> EffectForecasts:
        return fitted.model.forecast(drafts_of(fitted), people, fitted.shop.economics, per_customer=True)

    whole = told()
    monkeypatch.setattr(predictor, "READ_AT_ONCE", len(people) // 3)
    parts = told()
    for name, figure in whole.figures.items():
        for bound in ("mean", "low", "high"):
            np.testing.assert_allclose(getattr(parts.figures[name], bound), getattr(figure, bound), rtol=1e-9)
    assert whole.per_customer is not None
    assert parts.per_customer is not None
    for name, each in whole.per_customer.items():
        np.testing.assert_allclose(parts.per_customer[name], each, rtol=1e-9, atol=1e-9)
    assert (parts.warnings, parts.support.tolist()) == (whole.warnings, whole.support.tolist())


def test_memory_does_not_grow_with_pairs_of_draft_and_customer(
    fitted: Fitted, people: CustomerTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predictor, "READ_AT_ONCE", 500)
    monkeypatch.setattr(scorer, "BLOCK", 10_000)
    monkeypatch.setattr(scorer, "fast", lambda pairs: None)  # NumPy's memory is what can be traced
    drafts = drafts_of(fitted)

    def peak(users: int) -> int:
        rows = np.resize(np.arange(len(people)), users)
        table = CustomerTable(people.attributes.iloc[rows], people.affinity.iloc[rows])
        fitted.model.forecast(drafts, table, fitted.shop.economics)  # what is made once is no part of it
        tracemalloc.start()
        fitted.model.forecast(drafts, table, fitted.shop.economics)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few, many = 2_000, 10_000
    grown = peak(many) - peak(few)
    # Twenty numbers a customer, where one figure of every pair would be more than sixty.
    assert len(drafts) > 60
    assert grown < 20 * 8 * (many - few)


def test_parts_of_customers_are_read_from_the_whole(
    fitted: Fitted, people: CustomerTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    mask = np.arange(len(people)) % 3 == 1
    part = people.part(mask).part(slice(5, 60))
    alone = CustomerTable(part.attributes, part.affinity)
    assert list(part.attributes.index) == list(people.attributes.index[mask][5:60])

    def told(table: CustomerTable) -> FloatArray:
        found = fitted.model.forecast(drafts_of(fitted), table, fitted.shop.economics)
        return found.figures["incremental_profit"].mean

    np.testing.assert_allclose(told(part), told(alone), rtol=1e-9)
    monkeypatch.setattr(predictor, "READ_AT_ONCE", 20)  # the whole is too large to be kept
    np.testing.assert_allclose(told(people.part(mask).part(slice(5, 60))), told(alone), rtol=1e-9)


def test_customers_are_read_once_while_drafts_change(
    fitted: Fitted, people: CustomerTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def counted(frame: pd.DataFrame, schema: Schema) -> Customers:
        read.append(len(frame))
        return read_customers(frame, schema)

    monkeypatch.setattr(predictor, "read_customers", counted)
    drafts, table = drafts_of(fitted), CustomerTable(people.attributes, people.affinity)
    part = table.part(np.arange(len(table)) % 2 == 0)
    for customers in (table, part, part, table, table.part(slice(0, 9))):
        fitted.model.forecast(drafts.iloc[:3], customers, fitted.shop.economics)
    assert read == [len(table)]
    # Of a whole that would take too much room only the part is read, once too.
    monkeypatch.setattr(predictor, "READ_AT_ONCE", len(table) - 1)
    large = CustomerTable(people.attributes, people.affinity)
    few, kept = large.part(slice(0, 40)), len(fitted.model._read)
    for _ in range(2):
        fitted.model.forecast(drafts.iloc[:3], few, fitted.shop.economics)
    assert read == [len(table), 40]
    # What was read goes with its table.
    del few, large
    assert len(fitted.model._read) == kept


def test_a_part_takes_customers_in_order_and_once(people: CustomerTable) -> None:
    for rows in (np.array([0, 2, 2]), slice(None, None, -1)):
        with pytest.raises(ValueError, match="in the order of the table"):
            people.part(rows)


@pytest.mark.parametrize("missing", [None, np.nan])
def test_categories_are_read_as_text_is(fitted: Fitted, people: CustomerTable, missing: Any) -> None:
    schema = fitted.model._schema
    name = next(iter(schema.levels))
    frame = people.attributes.copy()
    frame[name] = np.resize(np.array([*schema.levels[name], "never seen", missing], dtype=object), len(frame))
    text, category = read_customers(frame, schema), read_customers(frame.astype({name: "category"}), schema)
    np.testing.assert_array_equal(text.matrix, category.matrix)
    np.testing.assert_array_equal(text.covariates, category.covariates)


@pytest.fixture(scope="module")
def with_forests() -> EffectPredictor:
    """A model of a demo shop large enough for forests."""
    shop = DemoShop(5, customers=4_000, campaigns=12, exposures=24_000)
    return EffectPredictor.fit(shop.exposures, attributes_of(shop), shop.economics, seed=0, threads=1)


def test_the_forests_of_the_demo_shop_can_be_compiled(with_forests: EffectPredictor) -> None:
    every = [one for forests in with_forests._forests.values() for one in forests]
    assert every
    assert {why_not(one) for one in every} == {None}


def test_a_forest_of_other_columns_is_refused(with_forests: EffectPredictor) -> None:
    parts = with_forests.to_parts()
    name = next(one for one in parts if one.endswith("lightgbm.txt"))
    wider = re.sub(rb"max_feature_idx=(\d+)", rb"max_feature_idx=1\1", parts[name])
    about = {key: value for key, value in json.loads(parts[MANIFEST]).items() if key != "sha256"}
    changed = {key: value for key, value in parts.items() if key != MANIFEST} | {name: wider}
    with pytest.raises(UnusableModel, match="columns of its schema"):
        EffectPredictor.from_parts(with_manifest(changed, about))
