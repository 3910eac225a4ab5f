"""A model that fails, lies, loops or hangs: all end in time, with strategies and a named cause."""

from __future__ import annotations

import logging
import re
import threading
import time
import traceback
from typing import Any

import pytest

from copilot.drafting.agent import PLANNER, Written, write_drafts
from copilot.errors import CopilotError, ModelError
from copilot.settings import Price
from tests.fakes.case import FakeCase
from tests.fakes.drafts import a_draft, submit
from tests.fakes.faults import GOOD, SECRET, SWEEP, Fault, changed, faults
from tests.fakes.openai_server import OpenAIServer, Reply, broken, calls, drip, hang
from tests.unit.drafting.conftest import settings_for

RECOVERABLE, TOLERATED, FAILURES = faults("recoverable"), faults("tolerated"), faults("completed")
HOLDING = faults("completed", holds=True)


def written(server: OpenAIServer, *replies: Any, fallback: bool = True, **settings: Any) -> Written:
    server.script(*replies)
    return write_drafts(FakeCase(strategies=2).as_case, settings_for(server, **settings), fallback=fallback)


@pytest.mark.parametrize("fault", RECOVERABLE.values(), ids=RECOVERABLE)
def test_a_fault_that_passes_leaves_no_trace_in_the_result(server: OpenAIServer, fault: Fault) -> None:
    without = written(server, SWEEP, GOOD)

    done = written(server, SWEEP, fault.reply, GOOD)

    assert done.drafts == without.drafts
    assert (done.authors, done.writer, done.notes) == (without.authors, without.writer, ())
    assert done.usage.model_calls == without.usage.model_calls + 1


@pytest.mark.parametrize("fault", TOLERATED.values(), ids=TOLERATED)
def test_an_answer_that_is_only_odd_is_used(server: OpenAIServer, fault: Fault) -> None:
    without = written(server, SWEEP, GOOD)

    done = written(server, fault.reply, GOOD)

    assert [set(answer) for answer in server.tool_answers(-1)] == [{"currency", "offers"}]
    assert done.drafts == without.drafts
    assert (done.authors, done.writer, done.notes) == (without.authors, without.writer, ())
    assert done.usage.model_calls == without.usage.model_calls


@pytest.mark.parametrize("fault", FAILURES.values(), ids=FAILURES)
def test_any_other_fault_is_completed_by_the_planner_with_its_cause(
    server: OpenAIServer, fault: Fault
) -> None:
    done = written(server, fault.reply)

    assert len(done.drafts) >= 2
    assert done.completed_by_planner
    assert set(done.authors.values()) == {PLANNER}
    assert fault.said in done.notes[0]
    assert len(server.requests) == fault.requests


@pytest.mark.parametrize("fault", FAILURES.values(), ids=FAILURES)
def test_without_the_fallback_it_is_one_typed_error(server: OpenAIServer, fault: Fault) -> None:
    with pytest.raises(ModelError, match=re.escape(fault.said)) as caught:
        written(server, fault.reply, fallback=False)

    assert caught.type is fault.raises
    assert caught.value.__context__ is None
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


def test_what_was_handed_in_before_the_fault_is_kept(server: OpenAIServer) -> None:
    done = written(server, submit(a_draft("a")), broken(401))

    assert set(done.authors.values()) == {"scripted-model-2026", PLANNER}
    assert "handed in 1 of 2 usable strategies: " in done.notes[0]


@pytest.mark.parametrize("fault", HOLDING.values(), ids=HOLDING)
def test_a_server_that_does_not_end_is_left_at_the_deadline(server: OpenAIServer, fault: Fault) -> None:
    began = time.monotonic()

    done = written(server, fault.reply, deadline_seconds=2.0)

    assert time.monotonic() - began < 2.5  # a shared machine may be late by a little
    assert done.completed_by_planner
    assert fault.said in done.notes[0]


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
            "tokens is spent: 15000 of 19000, and the next request takes about 5",
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
