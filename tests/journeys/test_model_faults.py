"""A model's server that fails, lies, loops or hangs, and the command that a person runs against it.

Whatever it does, `ask` holds the command to: done in time, one JSON on standard output, calls and tokens
within their limits, and a store with one report more or none.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from copilot.api import Copilot
from copilot.deciding.training import write_demo_shop
from tests.fakes.drafts import BROKEN_DRAFTS, DIGITS, WRONG_CALLS, a_draft, submit
from tests.fakes.faults import FAULTS, GOOD, SWEEP, Fault, Kind, changed, faults, gzipped
from tests.fakes.openai_server import MODEL, OpenAIServer, Reply, broken, calls, completion
from tests.journeys.asking import (
    BRIEF,
    PLANNER,
    SHORT,
    SLACK,
    Asked,
    hold,
    plain,
    rows,
    settings_of,
    started,
    wait_for,
)
from tests.journeys.conftest import Ran, Run

# Those that go the same way as another of the table; the tests of drafting try them all.
ALIKE = {"HTML as JSON", "no content", "null", "list", "error with 200", "10**5000", "null choices", "blank",
         "nested deeply in a field", "arguments a number", "usage a list", "drip", "slow",
         "hang between chunks", "usage below zero", "usage of nothing", "infinity", "chunks"}  # fmt: skip


def chosen(kind: Kind, *, holds: bool = False) -> dict[str, Fault]:
    return {name: fault for name, fault in faults(kind, holds=holds).items() if name not in ALIKE}


RECOVERABLE, TOLERATED, FAILURES = chosen("recoverable"), chosen("tolerated"), chosen("completed")
HOLDING = chosen("completed", holds=True)
# One for each way that an error takes.
TYPED = ("401", "404", "402", "redirect", "a day", "nothing", "refusal", "cut by length", "cut arguments",
         "half a character in a name", "calls without end", "done without a tool")  # fmt: skip


Ask = Callable[..., Asked]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop small enough to ask a hundred times."""
    folder = tmp_path_factory.mktemp("faults")
    write_demo_shop(folder / "export", customers=300, seed=3)
    with Copilot(str(folder / "copilot.db")) as copilot:
        copilot.ingest(folder / "export")
        copilot.train(seed=0)
    # The first answer of a process pays for imports, and would pay out of its deadline.
    importlib.import_module("langchain.agents")
    importlib.import_module("langchain_openai")
    return folder / "copilot.db"


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    """Reports that many tests compare with, asked for once."""
    return {}


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        yield running


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    path = tmp_path / "brief.json"
    path.write_text(json.dumps(BRIEF), encoding="utf-8")
    return path


@pytest.fixture
def ask(run: Run, server: OpenAIServer, store: Path, brief: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Have the brief answered by a model that gives these replies."""

    def asked(*replies: Any, options: tuple[str, ...] = (), **changed: Any) -> Asked:
        server.requests.clear()
        server.script(*replies)
        settings = settings_of(server, **changed)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        before, began = rows(store), time.monotonic()
        ran = run("generate", brief, "--db", store, "--json", *options)
        seconds = time.monotonic() - began
        assert seconds < float(settings["COPILOT_DEADLINE_SECONDS"]) + SLACK
        assert len(server.requests) <= int(settings["COPILOT_MODEL_CALLS"])
        hold(ran, before, rows(store), tokens=int(settings["COPILOT_TOKENS"]))
        return Asked(ran, server)

    return asked


@pytest.fixture
def usual(ask: Ask, kept: dict[str, Any]) -> Any:
    """The report of a model that looks once and hands in two good drafts."""
    if "usual" not in kept:
        kept["usual"] = ask(SWEEP, GOOD).report
    assert (kept["usual"]["status"], kept["usual"]["models"]["writer"]) == ("complete", MODEL)
    assert [one["author"] for one in kept["usual"]["strategies"]] == [MODEL, MODEL]
    return kept["usual"]


@pytest.fixture
def by_planner(run: Run, store: Path, brief: Path, kept: dict[str, Any]) -> Any:
    """What the planner answers where no model is set."""
    if "planner" not in kept:
        kept["planner"] = run("generate", brief, "--db", store, "--json").json
    return kept["planner"]


@pytest.mark.parametrize("fault", RECOVERABLE.values(), ids=RECOVERABLE)
def test_a_fault_that_passes_leaves_the_same_report(ask: Ask, usual: Any, fault: Fault) -> None:
    report = ask(SWEEP, fault.reply, GOOD).report

    assert plain(report, but=("model_calls",)) == plain(usual, but=("model_calls",))
    assert report["usage"]["model_calls"] == usual["usage"]["model_calls"] + 1


@pytest.mark.parametrize("name", TOLERATED)
def test_an_answer_that_is_only_odd_leaves_the_same_report(ask: Ask, usual: Any, name: str) -> None:
    counted = ("input_tokens", "output_tokens") if "usage" in name else ()

    report = ask(TOLERATED[name].reply, GOOD).report

    assert plain(report, but=counted) == plain(usual, but=counted)


@pytest.mark.parametrize("fault", FAILURES.values(), ids=FAILURES)
def test_any_other_fault_is_completed_by_the_planner_and_named(
    ask: Ask, by_planner: Any, fault: Fault
) -> None:
    asked = ask(fault.reply)

    named_and_completed(asked, fault)
    assert plain(asked.report)["strategies"] == plain(by_planner)["strategies"]


@pytest.mark.parametrize("fault", HOLDING.values(), ids=HOLDING)
def test_a_server_that_holds_on_is_left_at_the_deadline(ask: Ask, fault: Fault) -> None:
    named_and_completed(ask(fault.reply, deadline_seconds=SHORT), fault)


def named_and_completed(asked: Asked, fault: Fault) -> None:
    report = asked.report
    assert report["status"] == "completed_by_planner"
    assert report["models"]["writer"] == PLANNER
    assert set(asked.authors) == {PLANNER}
    assert fault.said in report["notes"][0]
    assert f"note: {report['notes'][0]}" in asked.ran.err
    assert len(asked.server.requests) == report["usage"]["model_calls"] == fault.requests


@pytest.mark.parametrize("name", TYPED)
def test_without_the_fallback_it_is_one_typed_error(ask: Ask, name: str) -> None:
    fault = FAULTS[name]

    asked = ask(fault.reply, options=("--no-fallback",))

    assert asked.ran.status == 1
    error = asked.ran.json["error"]
    assert error["type"] == fault.raises.__name__
    assert fault.said in error["message"]
    assert f"copilot: {error['message']}" in asked.ran.err


def test_without_the_fallback_a_server_that_holds_on_is_one_typed_error(ask: Ask) -> None:
    asked = ask(FAULTS["hang in the middle"].reply, options=("--no-fallback",), deadline_seconds=1.0)

    assert asked.ran.json["error"]["type"] == "ModelUnavailable"


def test_a_server_that_stays_down_is_given_up(ask: Ask, by_planner: Any) -> None:
    for reply in (broken(503, headers={"retry-after": "0"}), Reply(reset=True)):
        report = ask(reply).report
        assert report["status"] == "completed_by_planner"
        assert plain(report)["strategies"] == plain(by_planner)["strategies"]


@pytest.mark.parametrize(("name", "args", "said"), WRONG_CALLS.values(), ids=WRONG_CALLS)
def test_a_wrong_tool_call_is_answered_and_changes_nothing(
    ask: Ask, usual: Any, name: str, args: Any, said: str
) -> None:
    asked = ask(calls((name, args)), GOOD)

    answer = asked.server.requests[1]["messages"][-1]["content"]
    assert said in answer
    assert len(answer) < 1000
    assert plain(asked.report) == plain(usual)


@pytest.mark.parametrize(("draft", "wrong"), BROKEN_DRAFTS.values(), ids=BROKEN_DRAFTS)
def test_a_broken_draft_comes_back_with_what_is_wrong_and_may_be_corrected(
    ask: Ask, usual: Any, draft: Any, wrong: str
) -> None:
    good, other = a_draft("a", 20), a_draft("b", 20, channel="sms")

    asked = ask(submit(draft, other), submit(good, other))

    (answer,) = asked.server.tool_answers(1)
    (fault,) = answer["returned"]
    told = [fault.get("field", ""), *(one["rule"] for one in fault.get("broken", ()))]
    assert any(wrong in one for one in told)
    assert no_figure_of_its_own(asked)
    assert plain(asked.report) == plain(usual)


@pytest.mark.parametrize("name", ["more than all", "over in 1999", "uplift of its own"])
def test_a_draft_that_stays_broken_is_never_in_the_report(ask: Ask, name: str) -> None:
    draft, _ = BROKEN_DRAFTS[name]

    asked = ask(submit(draft, a_draft("b", 20, channel="sms")))

    assert asked.report["status"] == "completed_by_planner"
    assert "handed in 1 of 2 usable strategies" in asked.ran.err
    assert len(asked.authors) == 2
    assert "a" not in [one["draft"]["draft_id"] for one in asked.report["strategies"]]
    assert no_figure_of_its_own(asked)


def no_figure_of_its_own(asked: Asked) -> bool:
    return DIGITS not in asked.ran.out + asked.ran.err


def test_a_figure_that_the_model_states_is_nowhere_in_the_report(ask: Ask, usual: Any) -> None:
    boast = "Beauty fans like it. We expect an uplift of 37.773377 %."
    message = json.loads(submit(a_draft("a", 20, rationale=boast), a_draft("b", 20, channel="sms")).body)
    said = completion({**message["choices"][0]["message"], "content": boast}, "tool_calls")

    asked = ask(SWEEP, said)

    assert no_figure_of_its_own(asked)
    report = asked.report
    with_words = next(one["draft"] for one in report["strategies"] if one["draft"]["draft_id"] == "a")
    assert with_words["rationale"] == "Beauty fans like it."
    with_words["rationale"] = ""
    assert plain(report) == plain(usual)


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ({"model_calls": 3}, "model calls is spent: 3 of 3"),
        ({"tool_calls": 2}, "tool calls is spent: 2 of 2"),
    ],
)
def test_an_endless_loop_ends_at_a_limit_and_keeps_the_best(
    ask: Ask, limits: dict[str, int], named: str
) -> None:
    asked = ask(calls(("score_drafts", {"drafts": [a_draft("b", 20, channel="sms")]})), **limits)

    assert named in asked.ran.err
    assert sorted(asked.authors) == [PLANNER, MODEL]


def test_a_flood_of_tool_calls_in_one_answer_ends_at_the_limit(ask: Ask) -> None:
    asked = ask(calls(*[("past_campaigns", {"limit": 1 + n % 40}) for n in range(500)]))

    assert "tool calls is spent: 40 of 40" in asked.ran.err
    assert asked.authors == [PLANNER, PLANNER]


def test_four_tool_calls_at_once_are_answered_each(ask: Ask, usual: Any) -> None:
    wanted = [(channel, kind) for channel in BRIEF["channels"] for kind in BRIEF["offer_types"]]
    sweeps = [("sweep_offers", {"channel": channel, "offer_type": kind}) for channel, kind in wanted]

    asked = ask(calls(*sweeps), GOOD)

    found = [
        {(one["channel"], one["offer"]["type"]) for one in answer["offers"]}
        for answer in asked.server.tool_answers(1)
    ]
    assert found == [{one} for one in wanted]
    assert plain(asked.report, but=("tool_calls",)) == plain(usual, but=("tool_calls",))


def test_the_same_seed_and_the_same_answers_give_the_same_report(ask: Ask) -> None:
    scripts = (
        (calls(("sweep_offers", {}), ("past_campaigns", {})), submit(a_draft("a", 250)), GOOD),
        (submit(a_draft("b", 20, channel="sms")), broken(401)),
    )
    for replies in scripts:
        first, second = ask(*replies).report, ask(*replies).report

        assert plain(first) == plain(second)
        ids = [one["strategy_id"] for report in (first, second) for one in report["strategies"]]
        assert len(set(ids)) == len(ids)


def test_a_process_ends_though_the_server_holds_on(server: OpenAIServer, store: Path, brief: Path) -> None:
    server.script(FAULTS["hang in the middle"].reply)
    before = rows(store)

    process = started(server, store, brief, deadline_seconds=SHORT)
    out, err = process.communicate(timeout=20)

    hold(Ran(process.returncode, out, err), before, rows(store))
    assert json.loads(out)["status"] == "completed_by_planner"
    assert "no complete answer in time" in err


def test_a_process_that_is_interrupted_ends_at_once_and_saves_nothing(
    server: OpenAIServer, store: Path, brief: Path
) -> None:
    server.script(FAULTS["hang"].reply)
    before = rows(store)

    process = started(server, store, brief, deadline_seconds=25)
    wait_for(lambda: server.requests)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=5)

    assert process.returncode != 0
    assert out == ""
    assert "Traceback" not in err
    assert rows(store) == before


def test_an_honest_count_of_tokens_never_passes_the_limit(ask: Ask) -> None:
    def counted(request: dict[str, Any]) -> Reply:
        sent = len(json.dumps(request)) // 4
        return changed(
            SWEEP, usage={"prompt_tokens": sent, "completion_tokens": 30, "total_tokens": sent + 30}
        )

    for limit in (300, 30_000):
        asked = ask(counted, tokens=limit, model_calls=50)

        assert "tokens" in asked.report["notes"][0]
        assert asked.authors == [PLANNER, PLANNER]


def test_what_the_judge_throws_out_the_planner_makes_good(ask: Ask) -> None:
    # Ten percent keep every rule by the search's forecast, and lose money by the one that is shown.
    asked = ask(submit(a_draft("a", 10), a_draft("b", 20, channel="sms")))

    assert len(asked.authors) == 2


def test_an_address_that_is_none_says_what_to_set(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OpenAIServer, "url", "http://[::1")

    assert "OPENAI_BASE_URL" in ask(GOOD).ran.err


# What a child is said to have used at most holds its parent's memory too; this is its own.
TELLS_PEAK = """
import atexit, pathlib, re, sys
from copilot.doors.cli import main
status = pathlib.Path("/proc/self/status")
peak = lambda: print("peak of", re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1], file=sys.stderr)
atexit.register(peak)
main()
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is told by Linux")
@pytest.mark.parametrize(
    "flood",
    [lambda: replace(SWEEP, spaces=200_000_000), lambda: gzipped(SWEEP.body, megabytes=300)],
    ids=["200 MB", "300 MB in 300 kB"],
)
def test_a_flood_is_cut_off_before_it_fills_the_memory(
    server: OpenAIServer, store: Path, brief: Path, flood: Callable[[], Reply]
) -> None:
    server.script(flood())

    command = [sys.executable, "-c", TELLS_PEAK, "generate", brief, "--db", store, "--json"]
    env = {**os.environ, **settings_of(server)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=30, check=True)

    assert json.loads(done.stdout)["status"] == "completed_by_planner"
    assert int(done.stderr.rpartition("peak of ")[2]) < 500_000, "an ordinary run takes 220,000 kB"
