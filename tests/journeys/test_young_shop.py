"""A shop that never sent anything: from customers, products and orders to labelled forecasts, and onwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from predictors.demo import DemoShop
from tests.journeys.conftest import Run

# Of the first assumption: what a message without an offer does to orders.
SHIPPED = "value = 1.5\nlow = 0.9\nhigh = 2.5\n"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export without past campaigns."""
    folder = DemoShop(9, customers=1_200, campaigns=1, exposures=60).write_export(
        tmp_path_factory.mktemp("young") / "export"
    )
    (folder / "exposures.csv").unlink()
    return folder


def test_a_shop_without_campaigns_gets_strategies_labelled_as_assumptions(
    run: Run, export: Path, tmp_path: Path
) -> None:
    db, brief = tmp_path / "young.db", tmp_path / "brief.json"
    brief.write_text(json.dumps({"brief_id": "first", "budget": 2000, "strategies": 2}), encoding="utf-8")
    assert run("ingest", export, "--db", db).status == 0
    untrained = run("generate", brief, "--db", db)
    assert untrained.status == 1
    assert "copilot train" in untrained.err
    trained = run("train", "--db", db)
    assert trained.status == 0
    assert "no message was ever sent" in trained.err
    assert "message and orders" in trained.out
    report = run("generate", brief, "--db", db, "--json").json
    assert report["strategies"]
    assert {one["draft"]["channel"] for one in report["strategies"]} <= {"email", "sms", "push"}
    assert any(note.startswith("Not incremental") for note in report["notes"])
    for one in report["strategies"]:
        forecast = one["forecast"]
        assert forecast["support"] == 0
        assert not forecast["incremental"]
        assert any(
            said.startswith("assumption: what messages and offers do") for said in forecast["warnings"]
        )
        assert forecast["ctr"]["low"] < forecast["ctr"]["mean"] < forecast["ctr"]["high"]


def test_assumptions_of_ones_own_are_used_and_checked(
    run: Run, export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import predictors.effect

    shipped = Path(predictors.effect.__file__).with_name("priors.toml").read_text(encoding="utf-8")
    db, mine = tmp_path / "young.db", tmp_path / "mine.toml"
    run("ingest", export, "--db", db)
    mine.write_text(shipped.replace(SHIPPED, SHIPPED.replace("1.5", "1.7")), encoding="utf-8")
    trained = run("train", "--db", db, "--priors", mine, "--json").json
    told = {one["name"]: one["assumed"][0] for one in trained["assumptions"]}
    assert told["message and orders"] == 1.7
    assert any("taken from mine.toml" in note for note in trained["notes"])
    mine.write_text(shipped.replace(SHIPPED, SHIPPED.replace("1.5", "9")), encoding="utf-8")
    monkeypatch.setenv("COPILOT_PRIORS", str(mine))
    refused = run("train", "--db", db, "--json")
    assert refused.status == 1
    error = refused.json["error"]
    assert (error["type"], error["field"]) == ("InvalidInput", "message and orders")
    assert "low < value < high" in error["message"]


def test_a_file_of_assumptions_that_is_not_there_is_a_wrong_call_and_says_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent, db = tmp_path / "nowhere.toml", tmp_path / "young.db"
    named = run("train", "--db", db, "--priors", absent)
    monkeypatch.setenv("COPILOT_PRIORS", str(absent))
    for done, by in ((named, "--priors"), (run("train", "--db", db, "--json"), "COPILOT_PRIORS")):
        assert (done.status, done.out) == (2, "")
        assert by in done.err
        assert "nowhere.toml" in "".join(done.err.split())
        assert "leave it out" in " ".join(done.err.split())
    assert run("train", "--db", db, "--priors", tmp_path).status == 2
    assert not db.exists()


def test_what_is_needed_is_named_where_there_are_neither_orders_nor_campaigns(
    run: Run, export: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    (folder / "customers.csv").write_bytes((export / "customers.csv").read_bytes())
    run("ingest", folder, "--db", tmp_path / "bare.db")
    refused = run("train", "--db", tmp_path / "bare.db")
    assert refused.status == 1
    assert "orders.csv" in refused.err
    assert "exposures.csv" in refused.err


def test_the_report_of_a_shop_without_campaigns_says_what_is_assumed(
    run: Run, export: Path, tmp_path: Path
) -> None:
    db, page = tmp_path / "young.db", tmp_path / "report.html"
    run("ingest", export, "--db", db)
    run("train", "--db", db)
    assert run("report", "predictor", "--out", page, "--db", db).status == 0
    text = page.read_text(encoding="utf-8")
    assert "Nothing is measured of this predictor" in text
    assert "from assumptions: nothing was ever sent" in text
    assert "Assumption: " in text
    assert "had never seen" not in text
    assert "Nothing amiss" not in text
