"""Days that lie beyond what is known, in an export or asked for, through the commands: told, and no harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from predictors.demo import DemoShop
from tests.journeys.conftest import Run

TIMES = {"orders": "ordered_at", "exposures": "sent_at"}


def exported(folder: Path) -> dict[str, pd.DataFrame]:
    """A small export in a folder, and those of its tables that have times, as text."""
    DemoShop(31, customers=1_200, campaigns=5, exposures=4_000).write_export(folder)
    return {name: pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False) for name in TIMES}


def forecasts(run: Run, db: Path, drafts: Path) -> list[dict[str, Any]]:
    """What is forecast of each draft, without the name of the predictor."""
    found = [one["forecast"] for one in run("score", drafts, "--db", db, "--json").json if one["forecast"]]
    return [{**forecast, "model_version": None} for forecast in found]


def test_mistyped_dates_are_told_and_spoil_no_forecast(run: Run, tmp_path: Path, drafts: Path) -> None:
    folder, db, clean = tmp_path / "export", tmp_path / "shop.db", tmp_path / "clean.db"
    tables = exported(folder)
    for name, wrong in (("orders", "2127-08-05"), ("exposures", "2199-01-01T09:00:00")):
        table = tables[name]
        # The last order and exposure: ids that no other row bears.
        table.loc[table.index[-1], TIMES[name]] = wrong
        table.to_csv(folder / f"{name}.csv", index=False)
    run("ingest", folder, "--db", db)
    told = f"1 of {len(tables['orders']):,} rows of orders.csv and 1 of {len(tables['exposures']):,} rows of "
    trained = run("train", "--db", db, "--json").json
    assert [note for note in trained["notes"] if note.startswith(told) and "up to 2199-01-01" in note]
    assert trained["exposures"] == len(tables["exposures"]) - 1
    again = {one["file"]: one for one in run("ingest", folder, "--db", db, "--json").json["files"]}
    assert all(again[name]["unchanged"] == len(tables[name]) for name in TIMES)
    brief = tmp_path / "brief.json"
    brief.write_text(json.dumps({"categories": ["beauty"], "strategies": 1}), encoding="utf-8")
    report = run("generate", brief, "--db", db, "--json").json
    assert [note for note in report["notes"] if note.startswith(told)]
    for name, table in tables.items():
        table.iloc[:-1].to_csv(folder / f"{name}.csv", index=False)
    run("ingest", folder, "--db", clean)
    run("train", "--db", clean)
    assert forecasts(run, db, drafts) == forecasts(run, clean, drafts)


def test_a_shop_that_lies_in_the_future_is_learnt_from_and_the_clock_doubted(
    run: Run, tmp_path: Path, drafts: Path
) -> None:
    folder, db = tmp_path / "export", tmp_path / "shop.db"
    tables = exported(folder)
    for name, time in TIMES.items():
        tables[name][time] = "21" + tables[name][time].str[2:]
        tables[name].to_csv(folder / f"{name}.csv", index=False)
    run("ingest", folder, "--db", db)
    trained = run("train", "--db", db, "--json").json
    [note] = [note for note in trained["notes"] if "after now" in note]
    assert note.startswith("most rows of orders.csv (")
    assert "is this machine's clock right?" in note
    assert trained["exposures"] == len(tables["exposures"])
    assert {one["as_of"][:2] for one in forecasts(run, db, drafts)} == {"21"}


def test_a_day_asked_for_far_beyond_the_last_order_is_warned_of(
    run: Run, tmp_path: Path, db: Path, drafts: Path
) -> None:
    last = "the last order or campaign known is of 2025-06-29, "
    far = run("score", drafts, "--as-of", "2026-06-29", "--db", db, "--json").json
    warned = [one["forecast"]["warnings"] for one in far if one["forecast"]]
    assert warned
    assert all(any(said.startswith(f"{last}365 days before 2026-06-29") for said in one) for one in warned)
    near = run("score", drafts, "--as-of", "2025-09-01", "--db", db, "--json")
    assert last not in near.out
    brief = tmp_path / "brief.json"
    brief.write_text(json.dumps({"categories": ["beauty"], "strategies": 1}), encoding="utf-8")
    generated = run("generate", brief, "--as-of", "2026-06-29", "--db", db, "--json").json
    assert generated["strategies"]
    for one in generated["strategies"]:
        assert any(said.startswith(last) for said in one["forecast"]["warnings"])
    shown = run("generate", brief, "--as-of", "2026-06-29", "--db", db)
    assert "365 days" in " ".join(shown.out.split() + shown.err.split())
