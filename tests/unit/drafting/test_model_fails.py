"""A model that fails, lies, loops or hangs: all end in time, with strategies and a named cause."""

from __future__ import annotations

import json
import logging
import threading
import time
import traceback
from email.utils import formatdate
from typing import Any

import pytest

from copilot.drafting.agent import PLANNER, Written, write_drafts
from copilot.errors import CopilotError, ModelError, ModelMisbehaved, ModelMisconfigured, ModelUnavailable
from copilot.settings import Price
from tests.fakes.case import FakeCase
from tests.fakes.openai_server import OpenAIServer, Reply, broken, calls, completion, drip, hang, text
from tests.unit.drafting.conftest import SECRET, settings_for
from tests.unit.drafting.test_model_writes import a_draft, submit

GOOD = submit(a_draft("a"), a_draft("b", 20))
SWEEP = calls(("sweep_offers", {}))


def written(server: OpenAIServer, *replies: Any, fallback: bool = True, **settings: Any) -> Written:
    server.script(*replies)
    return write_drafts(FakeCase(strategies=2).as_case, settings_for(server, **settings), fallback=fallback)


def changed(reply: Reply, **fields: Any) -> Reply:
    return Reply(json.dumps({**json.loads(reply.body), **fields}).encode())


def choice(**fields: Any) -> Reply:
    """A completion whose only choice is changed."""
    body = json.loads(GOOD.body)
    body["choices"][0] |= fields
    return Reply(json.dumps(body).encode())


RECOVERABLE = {
    "busy": broken(429, headers={"retry-after": "0.2"}),
    "busy by the clock": broken(429, headers={"retry-after": formatdate(time.time(), usegmt=True)}),
    "busy in milliseconds": broken(429, headers={"retry-after-ms": "30"}),
    "nonsense to wait for": broken(429, headers={"retry-after": "soon"}),
    "timeout of theirs": broken(408),
    "conflict": broken(409),
    "500": broken(500),
    "503": broken(503),
    "HTML with 502": Reply(b"<html>bad gateway</html>", 502, {"content-type": "text/html"}),
    "reset": Reply(reset=True),
}


@pytest.mark.parametrize("fault", RECOVERABLE.values(), ids=RECOVERABLE)
def test_a_fault_that_passes_leaves_no_trace_in_the_result(server: OpenAIServer, fault: Reply) -> None:
    without = written(server, SWEEP, GOOD)

    done = written(server, SWEEP, fault, GOOD)

    assert done.drafts == without.drafts
    assert (done.authors, done.writer, done.notes) == (without.authors, without.writer, ())
    assert done.usage.model_calls == without.usage.model_calls + 1


MISBEHAVED = ModelMisbehaved
FAILURES: dict[str, tuple[Reply, type[ModelError], str]] = {
    "401": (broken(401, f"Incorrect API key provided: {SECRET}"), ModelMisconfigured, "set OPENAI_API_KEY"),
    "403": (broken(403), ModelMisconfigured, "set COPILOT_MODEL"),
    "404": (
        broken(404, "The model `scripted` does not exist"),
        ModelMisconfigured,
        "set COPILOT_MODEL and OPENAI_BASE",
    ),
    "400": (broken(400, "tools are not supported"), ModelMisconfigured, "tools are not supported"),
    "400 for thinking": (
        broken(400, "Function tools with reasoning_effort are not supported; use 'none'"),
        ModelMisconfigured,
        "set COPILOT_REASONING_EFFORT=none",
    ),
    "no quota": (broken(429, code="insufficient_quota"), ModelMisconfigured, "top it up"),
    "a day": (broken(429, headers={"retry-after": "86400"}), ModelUnavailable, "asks to wait 86400 s"),
    "redirect": (
        Reply(b"", 307, {"location": "http://127.0.0.1:9/v1"}),
        ModelMisconfigured,
        "set OPENAI_BASE_URL",
    ),
    "HTML": (
        Reply(b"<html>hello</html>", headers={"content-type": "text/html"}),
        MISBEHAVED,
        "OPENAI_BASE_URL",
    ),
    "HTML as JSON": (Reply(b"<html>hello</html>"), MISBEHAVED, "no chat completion"),
    "nothing": (Reply(b""), MISBEHAVED, "no chat completion"),
    "null": (Reply(b"null"), MISBEHAVED, "no chat completion"),
    "list": (Reply(b"[1]"), MISBEHAVED, "no chat completion"),
    "wrong shape": (Reply(b'{"answer": 42}'), MISBEHAVED, "no chat completion"),
    "error with 200": (Reply(b'{"error": {"message": "oops"}}'), MISBEHAVED, "no chat completion"),
    "no choices": (changed(GOOD, choices=[]), MISBEHAVED, "no chat completion"),
    "null choices": (changed(GOOD, choices=None), MISBEHAVED, "no chat completion"),
    "null content": (completion({"content": None}), MISBEHAVED, "empty"),
    "blank": (text("  \n"), MISBEHAVED, "empty"),
    "refusal": (completion({"content": None, "refusal": "I cannot"}), MISBEHAVED, "refused to answer"),
    "filtered": (choice(finish_reason="content_filter"), MISBEHAVED, "content filter"),
    "cut by length": (choice(finish_reason="length"), MISBEHAVED, "length limit"),
    "cut without a word": (choice(finish_reason=None), MISBEHAVED, "no finish_reason"),
    "cut arguments": (
        calls(("submit_strategies", '{"drafts": [{"draft_id": "a"')),
        MISBEHAVED,
        "are no JSON",
    ),
    "arguments a list": (calls(("score_drafts", "[1, 2]")), MISBEHAVED, "no object"),
    "arguments a number": (calls(("score_drafts", "7")), MISBEHAVED, "no object"),
    "twice the same id": (
        calls(("sweep_offers", {}), ("past_campaigns", {}), ids=("x", "x")),
        MISBEHAVED,
        "same id",
    ),
    "half a character": (submit(a_draft("a", rationale="\ud83d")), MISBEHAVED, "half a character"),
    "two megabytes": (text("x" * 2_000_000), MISBEHAVED, "characters long"),
    "hopeless usage": (
        changed(text("hi"), usage={"prompt_tokens": "many"}),
        MISBEHAVED,
        "no chat completion",
    ),
}


@pytest.mark.parametrize(("reply", "kind", "said"), FAILURES.values(), ids=FAILURES)
def test_any_other_fault_is_completed_by_the_planner_with_its_cause(
    server: OpenAIServer, reply: Reply, kind: type[ModelError], said: str
) -> None:
    done = written(server, reply)

    assert len(done.drafts) >= 2
    assert done.completed_by_planner
    assert set(done.authors.values()) == {PLANNER}
    assert said in done.notes[0]
    assert len(server.requests) == (2 if reply.body == text("hi").body else 1)


@pytest.mark.parametrize(("reply", "kind", "said"), FAILURES.values(), ids=FAILURES)
def test_without_the_fallback_it_is_one_typed_error(
    server: OpenAIServer, reply: Reply, kind: type[ModelError], said: str
) -> None:
    with pytest.raises(ModelError, match=said) as caught:
        written(server, reply, fallback=False)

    assert caught.type is kind
    assert caught.value.__context__ is None


def test_what_was_handed_in_before_the_fault_is_kept(server: OpenAIServer) -> None:
    done = written(server, submit(a_draft("a")), broken(401))

    assert set(done.authors.values()) == {"scripted-model-2026", PLANNER}
    assert "wrote a: " in done.notes[0]


@pytest.mark.parametrize(
    "reply", [hang(), drip(), Reply(b"x" * 10, per_byte=0.3)], ids=["hang", "drip", "slow"]
)
def test_a_server_that_does_not_end_is_left_at_the_deadline(server: OpenAIServer, reply: Reply) -> None:
    began = time.monotonic()

    done = written(server, reply, deadline_seconds=2.0)

    assert time.monotonic() - began < 2.5  # a shared machine may be late by a little
    assert done.completed_by_planner
    assert "no complete answer in time" in done.notes[0]


def test_a_request_left_behind_ends_by_itself(server: OpenAIServer) -> None:
    written(server, drip(0.1), deadline_seconds=0.6)

    ends = time.monotonic() + 5
    while any(thread.name == "copilot-model" for thread in threading.enumerate()) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not any(thread.name == "copilot-model" for thread in threading.enumerate())


def test_a_server_that_is_not_there(server: OpenAIServer) -> None:
    done = written(server, GOOD, openai_base_url="http://127.0.0.1:9/v1", deadline_seconds=3.0)

    assert "cannot be reached; check OPENAI_BASE_URL" in done.notes[0]


def test_a_server_that_stays_busy_is_given_up_within_the_attempts(server: OpenAIServer) -> None:
    done = written(server, broken(503, headers={"retry-after": "0"}), model_attempts=3)

    assert len(server.requests) == 3
    assert "busy or broken (503: 'status 503', asks to wait 0 s)" in done.notes[0]


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ({"model_calls": 3}, "model calls is spent: 3 of 3"),
        ({"tool_calls": 2}, "tool calls is spent: 2 of 2"),
        (
            {"tokens": 19_000},
            "tokens is spent: 15000 of 19000, and the next request takes about 5000",
        ),
        (
            {"money": 0.019, "prices": {"scripted": Price(input=1.0, output=1.0)}},
            "money is spent: 0.015 of 0.019",
        ),
    ],
)
def test_an_endless_loop_ends_at_a_limit_and_keeps_the_best(
    server: OpenAIServer, limits: dict[str, Any], named: str
) -> None:
    usage = {"prompt_tokens": 4000, "completion_tokens": 1000, "total_tokens": 5000}
    endless = changed(calls(("score_drafts", {"drafts": [a_draft("a")]})), usage=usage)

    done = written(server, endless, **limits)

    assert len(server.requests) == 3
    assert named in done.notes[0]
    assert done.authors["a"] == "scripted-model-2026"
    assert len(done.drafts) >= 2


def test_retries_count_as_calls(server: OpenAIServer) -> None:
    written(server, broken(500, headers={"retry-after": "0"}), model_calls=2, model_attempts=9)

    assert len(server.requests) == 2


def test_absurd_usage_does_not_spend_the_budget(server: OpenAIServer) -> None:
    usage = {"prompt_tokens": -5, "completion_tokens": 10**15, "total_tokens": 1}

    done = written(server, changed(SWEEP, usage=usage), GOOD)

    assert not done.completed_by_planner
    assert (done.usage.input_tokens, done.usage.output_tokens) == (100, 20)


@pytest.mark.parametrize(
    "reply", [broken(401, f"no: {SECRET}"), broken(400, SECRET), Reply(SECRET.encode()), hang()]
)
def test_the_key_never_shows(
    server: OpenAIServer, reply: Reply, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, "copilot")
    settings = settings_for(server, deadline_seconds=0.6)
    done = written(server, reply, deadline_seconds=0.6)
    with pytest.raises(CopilotError) as caught:
        written(server, reply, deadline_seconds=0.6, fallback=False)

    shown = [repr(done), repr(settings), settings.model_dump_json(), caplog.text, *capfd.readouterr()]
    shown += traceback.format_exception(caught.value, chain=True)
    assert not [words for words in shown if SECRET in words]


def test_a_key_that_no_header_can_hold_is_not_told(server: OpenAIServer) -> None:
    done = written(server, GOOD, openai_api_key="sk-canary\nx-evil: 1\u00e9")

    assert done.completed_by_planner
    assert "canary" not in str(done.notes)
    assert server.requests == []
