"""Asking the command for strategies while a scripted model writes, and what must hold whatever it does."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.faults import SECRET
from tests.fakes.openai_server import OpenAIServer
from tests.journeys.conftest import Ran

BRIEF: dict[str, Any] = {
    "brief_id": "spring",
    "categories": ["beauty"],
    "channels": ["email", "sms"],
    "offer_types": ["percent_off", "free_shipping"],
    "budget": 800,
    "max_discount_percent": 30,
    "strategies": 2,
}
PLANNER = "built-in planner"
DEADLINE = 8.0  # seconds; only a busy machine needs so many
SHORT = 3.0  # for what holds on until the deadline
SLACK = 2.5  # what reading the store, ranking and saving may take beside it
CALLS, TOKENS = 6, 50_000


@dataclass(frozen=True)
class Asked:
    """What the command left behind, and what the server saw of it."""

    ran: Ran
    server: OpenAIServer

    @property
    def report(self) -> Any:
        return self.ran.json

    @property
    def authors(self) -> list[str]:
        return [one["author"] for one in self.report["strategies"]]


def settings_of(server: OpenAIServer, **changed: Any) -> dict[str, str]:
    """The environment under which the scripted model writes."""
    limits = {"deadline_seconds": DEADLINE, "model_calls": CALLS, "tokens": TOKENS, **changed}
    return {
        "OPENAI_API_KEY": SECRET,
        "OPENAI_BASE_URL": server.url,
        "COPILOT_MODEL": "scripted",
        **{f"COPILOT_{name.upper()}": str(value) for name, value in limits.items()},
    }


def hold(ran: Ran, before: dict[str, int], after: dict[str, int], *, tokens: int = TOKENS) -> None:
    """What is so after every run."""
    assert ran.out.count("\n") == 1, "one JSON and nothing else"
    assert SECRET not in ran.out + ran.err
    if ran.status == 1:
        assert set(ran.json) == {"error"}
        assert after == before
        return
    report = ran.json
    assert ran.status == 0
    usage = report["usage"]
    assert (usage["input_tokens"] or 0) + (usage["output_tokens"] or 0) <= tokens
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown.pop("reports") == 1
    assert grown.pop("strategies") == len(report["strategies"])
    assert set(grown.values()) <= {1}, "beside it at most a record of the run"


def rows(store: Path) -> dict[str, int]:
    """How many rows each table has; none may belong to a report that is not there."""
    with closing(sqlite3.connect(store)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            if any(column[1] == "report_id" for column in db.execute(f'PRAGMA table_info("{name}")')):
                orphans = (
                    f'SELECT count(*) FROM "{name}" WHERE report_id NOT IN (SELECT report_id FROM reports)'
                )
                assert db.execute(orphans).fetchone() == (0,)
        return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def plain(report: Any, *, but: tuple[str, ...] = ()) -> Any:
    """A report without what tells two equal runs apart."""
    usage = {name: value for name, value in report["usage"].items() if name not in ("seconds", *but)}
    told = [{**one, "strategy_id": ""} for one in report["strategies"]]
    return {**report, "usage": usage, "strategies": told}


def started(server: OpenAIServer, store: Path, brief: Path, **changed: Any) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    command = [
        sys.executable,
        "-m",
        "copilot.doors.cli",
        "generate",
        str(brief),
        "--db",
        str(store),
        "--json",
    ]
    env = {**os.environ, **settings_of(server, **changed)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)


def wait_for(something: Callable[[], object]) -> None:
    ends = time.monotonic() + 20
    while not something() and time.monotonic() < ends:
        time.sleep(0.02)
