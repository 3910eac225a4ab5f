"""Histories that lack what forecasts need, through the commands: stated, no crash, no silent number."""

from __future__ import annotations

import csv
import json
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from predictors.demo import DemoShop
from tests.journeys.conftest import Run


def changed(folder: Path, **columns: object) -> Path:
    """An export whose exposures hold the same value, or none, in these columns."""
    shop = DemoShop(31, customers=1_200, campaigns=5, exposures=4_000)
    shop.write_export(folder)
    table = pd.read_csv(folder / "exposures.csv", dtype=str, keep_default_na=False)
    table.assign(**columns).to_csv(folder / "exposures.csv", index=False)
    return folder


def without_holdout(folder: Path) -> Path:
    changed(folder)
    table = pd.read_csv(folder / "exposures.csv", dtype=str, keep_default_na=False)
    table[table["channel"] != "holdout"].to_csv(folder / "exposures.csv", index=False)
    return folder


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    path = tmp_path / "brief.json"
    path.write_text(json.dumps({"categories": ["beauty"], "strategies": 2}), encoding="utf-8")
    return path


def test_clicks_that_were_never_recorded_are_null_and_not_an_objective(
    run: Run, tmp_path: Path, brief: Path
) -> None:
    db = tmp_path / "shop.db"
    run("ingest", changed(tmp_path / "export", clicked=""), "--db", db)
    assert "clicks were not recorded" in " ".join(run("train", "--db", db, "--json").json["notes"])
    strategies = run("generate", brief, "--db", db, "--json").json["strategies"]
    assert [one["forecast"]["ctr"] for one in strategies] == [None] * len(strategies)
    shown = run("generate", brief, "--db", db)
    assert shown.status == 0
    drafts, figures = tmp_path / "drafts.jsonl", tmp_path / "figures.csv"
    drafts.write_text(json.dumps(strategies[0]["draft"]), encoding="utf-8")
    assert run("score", drafts, "--per-customer", figures, "--db", db).status == 0
    with figures.open(encoding="utf-8", newline="") as opened:
        assert {row["ctr"] for row in csv.DictReader(opened)} == {""}
    brief.write_text(json.dumps({"objective": "clicks"}), encoding="utf-8")
    refused = run("generate", brief, "--db", db)
    assert refused.status == 1
    assert "clicked" in refused.err


def test_every_note_of_training_is_in_the_report_on_its_predictor(run: Run, tmp_path: Path) -> None:
    db, page = tmp_path / "shop.db", tmp_path / "report.html"
    folder = changed(tmp_path / "export", propensity="")
    table = pd.read_csv(folder / "exposures.csv", dtype=str, keep_default_na=False)
    table.loc[:2, "sent_at"] = "2150-01-01T00:00:00"
    table.to_csv(folder / "exposures.csv", index=False)
    run("ingest", folder, "--db", db)
    notes = run("train", "--db", db, "--json").json["notes"]
    assert any("propensities" in note for note in notes)
    assert any("rows of exposures.csv are dated after now" in note for note in notes)
    assert run("report", "predictor", "--json", "--out", page, "--db", db).json["notes"] == notes
    text = unescape(page.read_text(encoding="utf-8"))
    assert all(note in text for note in notes)


def test_held_out_customers_are_not_counted_as_messages(run: Run, tmp_path: Path) -> None:
    db, page = tmp_path / "shop.db", tmp_path / "report.html"
    table = pd.read_csv(changed(tmp_path / "export") / "exposures.csv")
    run("ingest", tmp_path / "export", "--db", db)
    assert (
        f" on {len(table):,} exposures (messages sent or held out) of 5 campaigns"
        in run("train", "--db", db).err
    )
    found = run("report", "predictor", "--json", "--out", page, "--db", db).json
    sent = sum(one["messages"] for one in found["evaluation"]["sent"])
    assert sent == (table["channel"] != "holdout").sum() < len(table)
    assert "Measured on exposures, messages sent or held out," in page.read_text(encoding="utf-8")


def test_orders_that_campaigns_never_recorded_are_not_made_up(run: Run, tmp_path: Path, brief: Path) -> None:
    db = tmp_path / "shop.db"
    lost = changed(tmp_path / "export", converted="0", revenue="0", discount="0", margin_amount="")
    run("ingest", lost, "--db", db)
    notes = " ".join(run("train", "--db", db, "--json").json["notes"])
    assert "no order was ever recorded" in notes
    report = run("generate", brief, "--db", db, "--json").json
    for one in report["strategies"]:
        assert one["forecast"]["conversion"]["mean"] < 0.01
        assert any("no order was ever recorded" in said for said in one["forecast"]["warnings"])


def test_without_held_out_customers_every_strategy_says_that_it_is_not_incremental(
    run: Run, tmp_path: Path, brief: Path
) -> None:
    db = tmp_path / "shop.db"
    run("ingest", without_holdout(tmp_path / "export"), "--db", db)
    assert run("train", "--db", db).status == 0
    report = run("generate", brief, "--db", db, "--json").json
    assert report["strategies"]
    for one in report["strategies"]:
        assert not one["forecast"]["incremental"]
        assert any("not incremental" in said for said in one["forecast"]["warnings"])


def test_customers_known_by_their_ids_alone_are_enough(run: Run, tmp_path: Path, brief: Path) -> None:
    db, folder = tmp_path / "shop.db", changed(tmp_path / "export")
    table = pd.read_csv(folder / "customers.csv", dtype=str)
    table[["customer_id"]].to_csv(folder / "customers.csv", index=False)
    run("ingest", folder, "--db", db)
    assert run("train", "--db", db).status == 0
    brief.write_text(json.dumps({"channels": ["email"], "strategies": 1}), encoding="utf-8")
    assert run("generate", brief, "--db", db).status == 0
