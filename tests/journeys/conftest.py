"""A demo store, made once a run: the export, ingested and trained on, as a newcomer would have it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from copilot import Report, generate_strategy
from copilot.api import Copilot
from copilot.deciding.training import write_demo_shop
from copilot.domain.explanation import Explanation
from copilot.domain.record import RunRecord
from copilot.doors.cli import main

SPRING: dict[str, Any] = {
    "brief_id": "spring",
    "categories": ["beauty"],
    "budget": 800,
    "max_discount_percent": 30,
    "strategies": 3,
}


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON: nothing else may be on it."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a copilot command in this process."""

    def command(*arguments: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ran(int(stopped.value.code or 0), printed.out, printed.err)

    return command


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with a small demo shop and its predictor; copy it before writing to it."""
    folder = tmp_path_factory.mktemp("demo")
    write_demo_shop(folder / "export", customers=1500, seed=3)
    with Copilot(str(folder / "copilot.db")) as copilot:
        copilot.ingest(folder / "export")
        copilot.train(seed=0)
    return folder / "copilot.db"


@pytest.fixture
def db(trained: Path, tmp_path: Path) -> Path:
    """A store of one's own with the demo shop and its predictor."""
    return Path(shutil.copy(trained, tmp_path / "copilot.db"))


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    """Three drafts, the middle one impossible."""
    path = tmp_path / "drafts.jsonl"
    lines = [
        {
            "draft_id": "mail",
            "channel": "email",
            "category": "beauty",
            "offer": {"type": "percent_off", "value": 10},
        },
        {
            "draft_id": "deep",
            "channel": "email",
            "category": "beauty",
            "offer": {"type": "percent_off", "value": 250},
        },
        {
            "draft_id": "text",
            "channel": "sms",
            "category": "beauty",
            "offer": {"type": "free_shipping", "min_spend": 40},
        },
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def passage(found: Explanation, topic: str) -> str:
    """What is told on a topic."""
    return " ".join(next((one.sentences for one in found.passages if one.topic == topic), ()))


@pytest.fixture(scope="session")
def planned(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """A store with a report that the planner wrote."""
    db = Path(shutil.copy(trained, tmp_path_factory.mktemp("planned") / "copilot.db"))
    return db, generate_strategy(SPRING, db=str(db))


@pytest.fixture(scope="session")
def explained(planned: tuple[Path, Report]) -> tuple[Report, list[Explanation], RunRecord]:
    """That report, the explanation of each of its strategies, and the record."""
    db, report = planned
    with Copilot(str(db)) as copilot:
        record = copilot.record(report.strategies[0].strategy_id)
        assert record is not None
        return report, [copilot.explain(one.strategy_id) for one in report.strategies], record
