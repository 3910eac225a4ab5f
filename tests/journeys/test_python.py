"""The Python face: the same report as a typed object, from the store or from context given inline."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import copilot
from copilot import (
    CampaignBrief,
    Cancelled,
    Copilot,
    InvalidInput,
    NotTrained,
    Report,
    Why,
    generate_strategy,
    stream_strategy,
)
from copilot.domain.events import Event
from copilot.domain.noun import parse
from copilot.drafting.stopping import Stop
from copilot.errors import MissingData
from tests.fakes.openai_server import MODEL, OpenAIServer, broken, calls

BRIEF: dict[str, Any] = {"categories": ["beauty"], "strategies": 2}
ONE_CUSTOMER = [{"customer_id": "42", "loyalty_tier": "gold", "email_opt_in": 1}]
ONE_PRODUCT = [
    {"product_id": "cream", "name": "Night cream", "category": "beauty", "price": 30, "unit_cost": 12}
]


def test_a_brief_gives_a_typed_report_that_comes_back_from_json(db: Path) -> None:
    report = generate_strategy(BRIEF, db=str(db))
    assert isinstance(report, Report)
    assert report.status == "complete"
    assert parse(Report, report.model_dump_json()) == report


def test_the_store_may_be_named_by_the_environment(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_DB", str(db))
    assert generate_strategy(CampaignBrief(categories=("books",), strategies=1)).strategies


def test_the_same_brief_and_seed_give_the_same_strategies(db: Path) -> None:
    first, second = (generate_strategy(BRIEF, db=str(db)).strategies for _ in range(2))
    assert [one.draft for one in first] == [one.draft for one in second]
    assert [one.forecast for one in first] == [one.forecast for one in second]
    assert {one.strategy_id for one in first}.isdisjoint(one.strategy_id for one in second)


def test_events_tell_the_stages_in_order(db: Path) -> None:
    seen: list[Event] = []
    generate_strategy(BRIEF, db=str(db), on_event=seen.append)
    stages = list(dict.fromkeys(event.stage for event in seen))
    assert stages == ["context", "frontier", "draft", "scored", "ranked", "saved", "cost"]


def test_a_stream_tells_the_same_events_and_brings_the_report(db: Path) -> None:
    reports: list[Report] = []

    def watched() -> Iterator[Event]:
        reports.append((yield from stream_strategy(BRIEF, db=str(db))))

    told = list(watched())

    stages = list(dict.fromkeys(event.stage for event in told))
    assert stages == ["context", "frontier", "draft", "scored", "ranked", "saved", "cost"]
    assert [event.report for event in told if event.stage == "saved"] == reports


@pytest.mark.parametrize("last", ["context", "draft", "ranked"])
def test_a_stream_that_is_left_saves_nothing(db: Path, last: str) -> None:
    with Copilot(str(db)) as engine:
        before = engine.reports()
        for event in engine.stream(BRIEF):
            if event.stage == last:
                time.sleep(1.0)  # the run goes on meanwhile, as far as it may
                break
        assert engine.reports() == before


def test_a_run_that_is_stopped_at_the_last_moment_saves_nothing(db: Path) -> None:
    stop = Stop()

    def tell(event: Event) -> None:
        if event.stage == "ranked":
            stop.set()

    with Copilot(str(db)) as engine:
        before = engine.reports()
        with pytest.raises(Cancelled):
            engine.generate(BRIEF, on_event=tell, stop=stop)
        assert engine.reports() == before


def test_one_customer_and_one_product_are_enough(db: Path) -> None:
    report = generate_strategy(BRIEF, customers=ONE_CUSTOMER, products=ONE_PRODUCT, db=str(db))
    assert report.strategies
    for one in report.strategies:
        assert one.forecast.audience_size == 1
        # Nothing is known of the customer's orders, and the report says that it was not.
        assert any("missing" in warning for warning in one.forecast.warnings)


def test_inline_context_lowers_the_support_and_names_what_it_cannot_use(db: Path) -> None:
    stored = generate_strategy(BRIEF, db=str(db))
    customers = [{**ONE_CUSTOMER[0], "shoe_size": 40}]
    inline = generate_strategy(BRIEF, customers=customers, products=ONE_PRODUCT, db=str(db))
    draft = inline.strategies[0].draft
    with Copilot(str(db)) as engine:
        same = engine.score([draft.model_copy(update={"audience": (), "audience_limit": None})])[0].forecast
    assert same is not None
    assert inline.strategies[0].forecast.support < same.support
    assert any("shoe_size" in note for note in inline.notes)
    assert not any("shoe_size" in note for note in stored.notes)


def test_what_looks_personal_in_inline_context_is_in_no_report(db: Path) -> None:
    customers = [{**ONE_CUSTOMER[0], "field_7": "anna@example.com", "phone": "+49 170 1234567"}]
    report = generate_strategy(BRIEF, customers=customers, products=ONE_PRODUCT, db=str(db))
    said = report.model_dump_json()
    assert not any(value in said for value in ("anna@", "1234567"))


def test_the_audience_of_an_inline_strategy_is_not_looked_for_in_the_store(db: Path) -> None:
    report = generate_strategy(BRIEF, customers=ONE_CUSTOMER, products=ONE_PRODUCT, db=str(db))
    with Copilot(str(db)) as engine, pytest.raises(InvalidInput, match="inline"):
        engine.audience(report.strategies[0].strategy_id)


def test_inline_context_may_be_data_frames_with_orders(db: Path) -> None:
    customers = pd.DataFrame(
        {"customer_id": ["a", "b"], "email_opt_in": [1, 1], "loyalty_tier": ["gold", "bronze"]}
    )
    orders = pd.DataFrame(
        {
            "order_id": ["1", "2"],
            "customer_id": ["a", "a"],
            "product_id": ["cream", "cream"],
            "ordered_at": ["2025-05-01", "2025-06-01T10:00:00"],
            "quantity": [1, 2],
            "unit_price": [30.0, 30.0],
        }
    )
    brief = {**BRIEF, "audience": "orders_90d >= 1"}
    report = generate_strategy(brief, customers=customers, products=ONE_PRODUCT, orders=orders, db=str(db))
    assert report.strategies
    assert report.strategies[0].forecast.audience_size == 1
    assert report.strategies[0].forecast.as_of.isoformat() == "2025-06-02"


@pytest.mark.parametrize(
    ("customers", "field"),
    [
        ([], "customers"),
        ([{"id": 1}], "customers.customer_id"),
        ([{"customer_id": "a"}, {"customer_id": "a"}], "customers.customer_id"),
        ([{"customer_id": "a", "email_opt_in": "perhaps"}], "customers.email_opt_in"),
        ("c1,c2", "customers"),
        ([1, 2], "customers[1]"),
    ],
)
def test_inline_context_that_is_wrong_is_named(db: Path, customers: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        generate_strategy(BRIEF, customers=customers, products=ONE_PRODUCT, db=str(db))
    assert caught.value.field == field


def test_without_a_predictor_a_typed_error_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(NotTrained, match="copilot train"):
        generate_strategy(BRIEF, customers=ONE_CUSTOMER, products=ONE_PRODUCT, db=str(tmp_path / "new.db"))


def test_a_stale_store_is_told(db: Path) -> None:
    report = generate_strategy({**BRIEF, "starts_on": "2027-01-01"}, db=str(db))
    assert any("last event" in note for note in report.notes)
    assert report.strategies[0].forecast.as_of.isoformat() < "2026-01-01"


def test_why_of_one_draft(db: Path) -> None:
    draft = {"draft_id": "d", "channel": "email", "category": "beauty", "offer": {"type": "free_shipping"}}
    with Copilot(str(db)) as engine:
        found = engine.why(draft, audience="loyalty_tier in gold|silver")
        assert parse(Why, found.model_dump_json()) == found
        assert {one.kind for one in found.levers} == {"min_spend", "valid_days", "channel"}
        line = engine.score([draft], audience="loyalty_tier in gold|silver", why=True)[0]
        assert line.why == found
        with pytest.raises(MissingData, match="contacted"):
            engine.why({**draft, "audience": "orders_total < 0"})


def test_every_public_name_is_there() -> None:
    assert all(hasattr(copilot, name) for name in copilot.__all__)
    with pytest.raises(AttributeError):
        copilot.no_such_name  # noqa: B018


def test_with_a_key_the_model_drafts_over_http_and_code_ranks(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = {
        "draft_id": "mine",
        "channel": "email",
        "category": "beauty",
        "offer": {"type": "percent_off", "value": 10, "valid_days": 7},
        "copy": {"subject": "{discount} for you", "body": "Until {ends_on}: {discount} in {category}."},
        "rationale": "Sells twice as much.",
    }
    with OpenAIServer() as server:
        server.script(
            calls(("sweep_offers", {}), ("past_campaigns", {})),
            calls(("score_drafts", {"drafts": [draft]})),
            calls(("submit_strategies", {"scored_ids": ["mine"]})),
        )
        monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-1234567890")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        report = generate_strategy({**BRIEF, "strategies": 1}, db=str(db))
    assert report.models.writer == MODEL
    assert [one.author for one in report.strategies] == [MODEL]
    assert report.strategies[0].draft.draft_id == "mine"
    assert "10" in report.strategies[0].message.subject
    assert report.usage.model_calls == 3


def test_when_the_model_fails_the_planner_completes_and_says_why(
    db: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = "sk-canary-1234567890"
    with OpenAIServer() as server:
        server.script(broken(401, f"Incorrect API key provided: {key}"))
        monkeypatch.setenv("OPENAI_API_KEY", key)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        report = generate_strategy(BRIEF, db=str(db))
    assert report.status == "completed_by_planner"
    assert report.strategies
    assert any("OPENAI_API_KEY" in note for note in report.notes)
    assert key not in report.model_dump_json() + caplog.text
