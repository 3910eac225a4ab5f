"""The report on a predictor, from the command line and from Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from copilot import Copilot
from copilot.doors.cli import main
from predictors.demo import DemoShop
from tests.journeys.conftest import Run


def test_the_command_writes_one_page_and_tells_what_can_be_trusted(
    run: Run, db: Path, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    done = run("report", "predictor", "--out", page, "--db", db)
    assert done.status == 0
    assert str(page) in done.err
    assert "conversion" in done.out
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "http" not in re.sub(r"http-equiv", "", text)


def test_the_data_behind_it_are_json_and_the_same_in_python(run: Run, db: Path) -> None:
    found = run("report", "predictor", "--json", "--db", db).json
    with Copilot(str(db)) as copilot:
        report = copilot.predictor_report()
    assert found["predictor"] == report.predictor
    assert [one["text"] for one in found["summary"]] == [one.text for one in report.summary]
    split, told = found["evaluation"]["splits"][0], report.evaluation.splits[0]
    assert told.conversion is not None
    assert split["conversion"]["auc"] == told.conversion.auc
    assert {one["lever"] for one in found["responses"]} == {"discount", "minimum spend"}
    assert {one["channel"] for one in found["responses"]} == {"email", "sms", "push"}


def test_another_report_or_nowhere_to_put_it_is_a_wrong_call(run: Run, db: Path) -> None:
    assert run("report", "weather", "--json", "--db", db).status == 2
    done = run("report", "predictor", "--db", db)
    assert done.status == 2
    assert "--out" in done.err


def test_a_store_without_a_predictor_names_the_command_to_run(run: Run, tmp_path: Path) -> None:
    DemoShop(1, customers=200, campaigns=1, exposures=200).write_export(tmp_path / "export")
    run("ingest", tmp_path / "export", "--db", tmp_path / "new.db")
    done = run("report", "predictor", "--json", "--db", tmp_path / "new.db")
    assert done.status == 1
    assert "copilot train" in done.json["error"]["message"]


@pytest.mark.parametrize(
    "lack", ["holdouts", "clicks", "propensities", "conversions", "all but one campaign"]
)
def test_shops_that_lack_something_have_a_report_too(lack: str, tmp_path: Path) -> None:
    shop = DemoShop(2, customers=500, campaigns=6, exposures=3_000)
    folder = shop.write_export(tmp_path / "export")
    rows = shop.exposures
    if lack == "holdouts":
        rows = rows[rows["channel"] != "holdout"]
    elif lack == "clicks":
        rows = rows.assign(clicked=None)
    elif lack == "propensities":
        rows = rows.drop(columns="propensity")
    elif lack == "conversions":
        rows = rows.assign(converted=0, revenue=0, discount=0)
    else:
        rows = rows[rows["campaign_id"] == rows["campaign_id"].iloc[0]]
    rows.to_csv(folder / "exposures.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S")
    store, page = str(tmp_path / "shop.db"), tmp_path / "report.html"
    with Copilot(store) as copilot:
        copilot.ingest(folder)
        copilot.train(seed=0)
    with pytest.raises(SystemExit) as stopped:
        main(["report", "predictor", "--out", str(page), "--db", store])
    assert not stopped.value.code
    text = page.read_text(encoding="utf-8")
    said = {
        "holdouts": "No campaign held customers out",
        "clicks": "Clicks were not recorded",
        "propensities": "100% of the exposures have no recorded propensity",
        "conversions": "Nobody in any past campaign converted",
        "all but one campaign": "One campaign only.",
    }[lack]
    assert said in text
