"""Nothing personal and no secret leaves: a real shop with canaries in every file, brief and setting."""

from __future__ import annotations

import json
import logging
import traceback
from typing import Any

import pytest

from copilot.api import Copilot
from copilot.domain.events import Event
from copilot.domain.report import Report
from copilot.drafting.tools import TOOLS
from copilot.errors import ModelError
from copilot.settings import Settings
from tests.fakes.openai_server import OpenAIServer, Reply, broken, calls, text
from tests.fakes.planted import CANARIES, MUST_SAY, SAFE_NAME, planted_brief
from tests.unit.drafting.conftest import SECRET, settings_for

DRAFT: dict[str, Any] = {
    "draft_id": "a",
    "channel": "email",
    "category": "beauty",
    "offer": {"type": "percent_off", "value": 10, "valid_days": 7},
    "copy": {"subject": "For you", "body": "{discount} off until {ends_on}. Questions: [e-mail]"},
}
PRODUCT = {**DRAFT, "draft_id": "b", "product_ids": ["BEA-001", "BEA-004"], "category": None}
SALON = {"attribute": "salon", "operator": "=", "value": "south"}


def every_question() -> list[tuple[str, dict[str, Any]]]:
    """Every tool, asked in every way: right, wrong, for all there is, for what is not there."""
    attributes = ["salon", "stylist", "region", "age", "home", "name", "email", "referred_by", "account"]
    attributes += ["signed_up_on", "favourite_category", "average_basket", "share_beauty", "nothing"]
    products: list[dict[str, Any]] = [{}, {"category": "beauty"}, {"query": "serum"}, {"category": "nothing"}]
    products += [{"product_ids": ["BEA-001", "id@secret.exampl", "BEA-004"]}, {"query": "@"}, {"limit": "x"}]
    past: list[dict[str, Any]] = [
        {"limit": 40},
        {"channel": "sms", "category": "books", "value": 20},
        {"value": "x"},
    ]
    sweeps: list[dict[str, Any]] = [
        {},
        {"limit": 40},
        {"category": "beauty"},
        {"offer_type": "gift"},
        {"channel": "x"},
    ]
    facts: list[dict[str, Any]] = [
        {},
        {"audience": [SALON]},
        {"audience": "stylist = any", "attribute": "salon"},
    ]
    facts += [{"attribute": name} for name in attributes] + [
        {"audience": "salon < 3"},
        {"audience": "age > x"},
    ]
    copies: list[dict[str, Any]] = [
        {"draft": DRAFT},
        {"draft": PRODUCT},
        {"draft_id": "zz"},
        {"draft": {**DRAFT, "copy": {}}},
    ]
    copies += [{"draft": {**DRAFT, "copy": {"body": "{product} [phone]"}}}]
    drafts = [
        DRAFT,
        PRODUCT,
        {**DRAFT, "draft_id": "c", "audience": [SALON]},
        {**DRAFT, "draft_id": "d", "category": "no"},
    ]
    asked = {
        "sweep_offers": sweeps,
        "past_campaigns": past,
        "audience_facts": facts,
        "product_facts": products,
        "check_copy": copies,
        "score_drafts": [{"drafts": drafts}, {"drafts": "x"}],
        "submit_strategies": [{"scored_ids": ["zz"]}],
    }
    assert set(asked) == set(TOOLS)
    return [(name, args) for name, all_args in asked.items() for args in all_args]  # fmt: skip


def settings(server: OpenAIServer, **changed: Any) -> Settings:
    address = "postgresql+psycopg://canary:canary-pw@db.secret.example/shop"
    limits: dict[str, Any] = {"tool_calls": 500, "model_attempts": 2, "db": address}
    return settings_for(server, **{**limits, **changed})


def generate(db: str, server: OpenAIServer, events: list[Event], **options: Any) -> Report:
    with Copilot(db, settings=settings(server)) as copilot:
        return copilot.generate(planted_brief(), on_event=events.append, **options)


def found_in(*said: Any, but: tuple[str, ...] = ()) -> list[str]:
    """The canaries that can be read in any of these."""
    words = "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in said)
    return [canary for canary in (*CANARIES, SECRET) if canary not in but and canary in words]


@pytest.fixture(autouse=True)
def _everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("copilot", "httpcore2", "httpx2", "langchain", "langsmith", "openai"):
        caplog.set_level(logging.DEBUG, name)


def test_no_request_log_event_or_note_holds_anything_personal(
    server: OpenAIServer,
    planted_db: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    asked, events = every_question(), list[Event]()
    server.script(
        *(calls(*asked[start : start + 8]) for start in range(0, len(asked), 8)),
        calls(("submit_strategies", {"scored_ids": ["a", "b", "c"]})),
        text("done"),
    )

    report = generate(planted_db, server, events)

    answered = [m for m in server.requests[-1]["messages"] if m["role"] == "tool"]
    assert len(answered) >= len(asked)
    assert found_in(server.requests) == []
    assert [name for name, value in _headers(server) if found_in(value)] == ["authorization"]
    # The report that comes with the last but one is the marketer's, who wrote the address into must_say.
    shown = [event.model_dump_json(exclude={"report"}) for event in events]
    assert found_in(*shown, *report.notes, caplog.text, *capfd.readouterr()) == []
    assert any(record.name.startswith("openai") for record in caplog.records)


def test_what_is_hidden_is_hidden_by_a_word_and_the_rest_is_there(
    server: OpenAIServer, planted_db: str
) -> None:
    server.script(
        calls(
            ("product_facts", {"category": "beauty", "limit": 20}), ("audience_facts", {"attribute": "salon"})
        ),
        text("done"),
    )

    generate(planted_db, server, [])

    opening = server.requests[0]["messages"][1]["content"]
    brief, shop, frontier = (json.loads(part.split("\n</data>")[0]) for part in opening.split("<data>\n")[1:])
    assert brief["notes"].startswith("[name] is at [e-mail], card [card number] or [card number].")
    assert "[database address]" in brief["notes"]
    assert (brief["must_say"], brief["max_discount_percent"]) == (["Questions: [e-mail]"], 25)
    assert shop["shop"].startswith("Shop of [e-mail]")
    assert frontier
    products, salon = server.tool_answers(1)
    ids = {one["product_id"] for one in products["products"]}
    assert ids
    assert not ids & {"id@secret.example", "[e-mail]", "[card number]"}
    assert {one["brand"] for one in products["products"]} == {"Brand of [key]"}
    assert [one["value"] for one in salon["attribute"]["values"]] == ["south"]


def test_what_the_marketer_wrote_is_in_the_report_as_it_was_written(
    server: OpenAIServer, planted_db: str
) -> None:
    server.script(
        calls(("submit_strategies", {"drafts": [DRAFT, {**PRODUCT, "offer": {"type": "free_shipping"}}]}))
    )

    report = generate(planted_db, server, [])

    assert report.strategies
    assert all(MUST_SAY in one.message.body for one in report.strategies)
    assert found_in(server.requests) == []


def test_a_product_can_be_found_and_named_as_before(server: OpenAIServer, planted_db: str) -> None:
    server.script(calls(("product_facts", {"product_ids": ["BEA-001"]})), text("done"))

    generate(planted_db, server, [])

    (facts,) = server.tool_answers(1)
    assert [one["name"] for one in facts["products"]] == [SAFE_NAME]


FAILURES: dict[str, Any] = {
    "401": lambda request: broken(401, f"no: {SECRET} {json.dumps(request)[:5000]}"),
    "400": lambda request: broken(400, f"cannot read {json.dumps(request)[-5000:]}"),
    "500": lambda request: broken(500, json.dumps(request), headers={"retry-after": "0"}),
    "no JSON": lambda request: Reply(json.dumps(request).encode()[:-1]),
    "reset": lambda request: Reply(reset=True),
    "echo": lambda request: text(json.dumps(request)),
}


# What a caller gets in place of a report is made in one place of all of them: two ways to it are enough.
TYPED = ("401", "no JSON")


@pytest.mark.parametrize("name", FAILURES)
def test_a_model_that_fails_makes_nobody_tell(
    server: OpenAIServer,
    planted_db: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    name: str,
) -> None:
    events: list[Event] = []
    server.script(calls(*every_question()[:12]), FAILURES[name])

    report = generate(planted_db, server, events)

    # The report that comes with the last but one is the marketer's, who wrote the address into must_say.
    shown = [event.model_dump_json(exclude={"report"}) for event in events]
    assert found_in(server.requests) == []
    assert found_in(*report.notes, *shown, caplog.text, *capfd.readouterr()) == []
    assert report.notes


@pytest.mark.parametrize("name", TYPED)
def test_the_error_of_a_model_that_fails_tells_nobody(
    server: OpenAIServer,
    planted_db: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    name: str,
) -> None:
    events: list[Event] = []
    server.script(calls(*every_question()[:12]), FAILURES[name])

    with pytest.raises(ModelError) as caught:
        generate(planted_db, server, events, fallback=False)

    trace = "".join(traceback.format_exception(caught.value, chain=True))
    shown = [event.model_dump_json() for event in events]
    assert found_in(server.requests) == []
    assert found_in(trace, *shown, caplog.text, *capfd.readouterr()) == []


def test_a_tool_that_breaks_tells_nobody_over_what(
    server: OpenAIServer, planted_db: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise KeyError("anna@secret.example")

    monkeypatch.setattr("copilot.shop.catalogue.Catalogue.find", breaks)
    server.script(calls(("product_facts", {})), text("done"))

    generate(planted_db, server, [])

    assert "product_facts failed (KeyError)" in str(server.requests[1])
    assert "KeyError" in caplog.text
    assert found_in(server.requests, caplog.text) == []


def _headers(server: OpenAIServer) -> list[tuple[str, str]]:
    return [(name, value) for name, value in server.headers[-1].items()]
