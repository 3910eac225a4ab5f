"""The line to a model: another model that goes on, money, answers too long or packed, connections cut."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from copilot.domain.events import Event
from copilot.drafting.agent import PLANNER, Written, write_drafts
from copilot.drafting.budget import Budget
from copilot.errors import BudgetSpent, ModelMisconfigured, ModelUnavailable
from copilot.settings import Price
from tests.fakes.case import FakeCase
from tests.fakes.drafts import a_draft, submit
from tests.fakes.faults import SECRET
from tests.fakes.openai_server import MODEL, OpenAIServer, Reply, broken, calls, hang, text
from tests.unit.drafting.conftest import settings_for

OTHER = "another-model"
GOOD = submit(a_draft("a"), a_draft("b", 20))


def by(model: str, reply: Reply, **usage: Any) -> Reply:
    """The same answer, by that model, at that cost."""
    body = {**json.loads(reply.body), "model": model}
    return Reply(json.dumps({**body, "usage": usage} if usage else body).encode())


def only(model: str, reply: Reply) -> Any:
    """A server that knows one model: anything else gets a 404."""
    return lambda request: by(model, reply) if request["model"] == model else broken(404, "no such model")


def written(server: OpenAIServer, *replies: Any, fallback: bool = True, **settings: Any) -> Written:
    server.script(*replies)
    return write_drafts(FakeCase(strategies=2).as_case, settings_for(server, **settings), fallback=fallback)


def test_the_fallback_model_goes_on_where_the_first_fails(server: OpenAIServer) -> None:
    done = written(server, only(OTHER, GOOD), fallback_model=OTHER, fallback=False)

    assert [request["model"] for request in server.requests] == ["scripted", OTHER]
    assert (done.writer, set(done.authors.values()), done.completed_by_planner) == (OTHER, {OTHER}, False)
    assert "The language model scripted was given up: unknown model or address (404" in done.notes[0]


def test_the_fallback_goes_on_with_the_same_conversation(server: OpenAIServer) -> None:
    scored = calls(("score_drafts", {"drafts": [a_draft("a")]}))
    handed_in = calls(("submit_strategies", {"drafts": [a_draft("b", 20)], "scored_ids": ["a"]}))

    done = written(server, scored, text(""), by(OTHER, handed_in), fallback_model=OTHER)

    assert server.requests[2]["messages"] == server.requests[1]["messages"]
    assert done.authors == {"a": MODEL, "b": OTHER}
    assert "was given up: the language model's answer is empty" in done.notes[0]


def test_a_first_model_that_hangs_leaves_time_for_the_other(server: OpenAIServer) -> None:
    with OpenAIServer() as second:
        second.script(by(OTHER, GOOD))
        done = written(
            server,
            hang(),
            fallback_model=OTHER,
            fallback_base_url=second.url,
            fallback_api_key="sk-of-the-other",
            deadline_seconds=3.0,
        )

        assert second.headers[0]["authorization"] == "Bearer sk-of-the-other"
    assert (done.writer, done.completed_by_planner) == (OTHER, False)
    assert "no complete answer in time" in done.notes[0]


def test_a_slow_model_that_keeps_answering_is_not_given_up(server: OpenAIServer) -> None:
    slow = replace(calls(("past_campaigns", {})), silence=0.4)

    done = written(
        server, *[slow] * 5, replace(GOOD, silence=0.4), fallback_model=OTHER, deadline_seconds=6.0
    )

    assert (done.writer, done.notes) == (MODEL, ())


def test_where_both_fail_the_planner_writes_and_both_causes_are_told(server: OpenAIServer) -> None:
    done = written(server, broken(401), broken(400, "tools?"), fallback_model=OTHER)

    assert done.writer == PLANNER
    assert "scripted was given up: the language model's server refused the key" in done.notes[0]
    assert f"{OTHER} handed in none of 2 usable strategies: " in done.notes[1]
    assert "does not take the request" in done.notes[1]


def test_without_the_planner_the_last_failure_is_the_error(server: OpenAIServer) -> None:
    with pytest.raises(ModelMisconfigured, match="COPILOT_MODEL") as caught:
        written(server, broken(401), broken(404), fallback_model=OTHER, fallback=False)

    assert caught.value.__context__ is None


def test_a_spent_budget_is_no_reason_to_ask_another_model(server: OpenAIServer) -> None:
    done = written(server, calls(("past_campaigns", {})), fallback_model=OTHER, model_calls=2)

    assert {request["model"] for request in server.requests} == {"scripted"}
    assert "the budget of model calls is spent" in done.notes[0]


def test_a_brief_costs_what_its_tokens_do(server: OpenAIServer) -> None:
    cached = {"prompt_tokens_details": {"cached_tokens": 400}}
    done = written(
        server,
        by(
            "gpt-5.4-mini-2026-03-17", calls(("past_campaigns", {})), prompt_tokens=1000, completion_tokens=50
        ),
        by("gpt-5.4-mini-2026-03-17", GOOD, prompt_tokens=1200, completion_tokens=300, **cached),
    )

    # 0.75 a million read, 0.075 read again, 4.5 written, by the price list.
    assert done.usage.cost == pytest.approx((1800 * 0.75 + 400 * 0.075 + 350 * 4.5) / 1e6)


@pytest.mark.parametrize(
    "reply",
    [GOOD, by("gpt-5.4-mini", GOOD, prompt_tokens=-4, completion_tokens=5)],
    ids=["no price", "no count"],
)
def test_what_cannot_be_priced_is_unknown(server: OpenAIServer, reply: Reply) -> None:
    assert written(server, reply).usage.cost is None


def test_a_limit_on_money_needs_a_price(server: OpenAIServer) -> None:
    done = written(server, GOOD, money=1.0)

    assert server.requests == []
    assert "the price of scripted is not known: set COPILOT_PRICES" in done.notes[0]


def test_money_is_kept_within_its_limit(server: OpenAIServer) -> None:
    dear = by(MODEL, calls(("past_campaigns", {})), prompt_tokens=10_000, completion_tokens=10_000)
    prices = {"scripted": Price(input=1.0, output=9.0)}

    done = written(server, dear, money=0.25, prices=prices)

    assert done.usage.cost == pytest.approx(0.2)
    assert "the budget of money is spent: 0.2 of 0.25, and the next request takes about 0.1" in done.notes[0]


def test_a_request_too_long_for_the_budget_is_not_begun() -> None:
    budget = Budget(model_calls=5, tool_calls=5, tokens=1000, seconds=10, clock=lambda: 0.0)

    with pytest.raises(BudgetSpent, match="0 of 1000, and the next request takes about 1200"):
        budget.take_model_call(1200)
    budget.take_model_call(900)
    budget.count(300, 100, length=900, answer=30)
    budget.take_model_call(1200)  # a third of its length, as the last one, and the same answer: 500
    budget.count(400, 150, length=1200, answer=30)
    with pytest.raises(BudgetSpent, match="950 of 1000, and the next request takes about 650"):
        budget.take_model_call(1500)

    assert budget.used_model_calls == 2


@pytest.mark.parametrize(
    ("sent", "received"),
    [(9_000_000, 20), (100, 900_000), (-1, 20), (100, -1), (True, 20), ("100", 20), (None, None), (0, 0)],
)
def test_a_count_that_cannot_be_is_not_believed(sent: object, received: object) -> None:
    budget = Budget(model_calls=5, tool_calls=5, tokens=10_000, seconds=10, clock=lambda: 0.0)

    budget.take_model_call(1000)
    budget.count(sent, received, length=1000, answer=50)

    assert (budget.input_tokens, budget.output_tokens, budget.spent_tokens()) == (None, None, 1050)
    assert budget.spent_money() is None


PACKED = Reply(
    gzip.compress(b" " * 400_000_000, 1),
    headers={"content-type": "application/json", "content-encoding": "gzip"},
)
ENDLESS = Reply(b" " * 25_000_000)


TWICE = Reply(
    gzip.compress(PACKED.body),
    headers={"content-type": "application/json", "content-encoding": "gzip, gzip"},
)


@pytest.mark.parametrize("reply", [PACKED, TWICE, ENDLESS], ids=["packed", "packed twice", "endless"])
def test_an_answer_that_would_fill_the_memory_is_not_read(server: OpenAIServer, reply: Reply) -> None:
    done = written(server, reply)

    assert len(server.requests) == 1
    assert "far longer than any, or packed" in done.notes[0]
    assert server.headers[0]["accept-encoding"] == "identity"


def test_each_of_two_keys_is_kept_out_of_what_is_told(server: OpenAIServer) -> None:
    other = "sk-canary-other-91"
    done = written(
        server,
        broken(401, f"no: {SECRET}"),
        broken(401, f"no: {other}"),
        fallback_model=OTHER,
        fallback_api_key=other,
    )

    assert not [note for note in done.notes if SECRET in note or other in note]


def test_a_busy_server_is_given_up_for_the_other_after_its_attempts(server: OpenAIServer) -> None:
    busy = broken(503, headers={"retry-after": "0"})
    done = written(server, busy, busy, by(OTHER, GOOD), fallback_model=OTHER, model_attempts=2)

    assert (done.writer, done.usage.model_calls) == (OTHER, 3)
    with pytest.raises(ModelUnavailable):
        written(server, busy, fallback_model=OTHER, model_attempts=2, fallback=False)


def test_an_address_without_a_server_opens_nothing_and_is_named(server: OpenAIServer) -> None:
    for address in ("localhost:8000/v1", "http://", "http://[::1", "ftp://host/v1"):
        done = written(server, GOOD, fallback_model=OTHER, fallback_base_url=address)

        assert "set COPILOT_FALLBACK_BASE_URL to one that begins with http:// or https://" in done.notes[0]
    assert server.requests == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of one's own for 127.0.0.1, key and all, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate, and is not installed")
    path = tmp_path / "own.pem"
    make = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=own -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run(
        [*make.split(), "-keyout", path, "-out", tmp_path / "c.pem"], check=True, capture_output=True
    )
    path.write_text(path.read_text() + (tmp_path / "c.pem").read_text())
    return path


def test_a_server_with_a_certificate_of_ones_own_is_trusted_where_it_is_named(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIServer(certificate=certificate) as server:
        untrusted = written(server, GOOD)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        trusted = written(server, GOOD)

    assert "is not trusted; name the file that holds it" in untrusted.notes[0]
    assert untrusted.usage.model_calls == 1
    assert (trusted.writer, trusted.notes) == (MODEL, ())


def test_a_model_that_takes_over_is_told_as_it_does(server: OpenAIServer) -> None:
    told: list[Event] = []
    server.script(only(OTHER, GOOD))
    settings = settings_for(server, fallback_model=OTHER)

    write_drafts(FakeCase(strategies=2).as_case, settings, on_event=told.append)

    first, second = (event for event in told if event.stage == "draft")
    assert (first.author, second.author) == ("scripted", OTHER)
    assert "unknown model or address (404" in second.because


def test_a_key_that_is_none_is_named(server: OpenAIServer) -> None:
    done = written(server, GOOD, openai_api_key="schl\u00fcssel")

    assert "holds a character that no key has" in done.notes[0]
    assert server.requests == []
