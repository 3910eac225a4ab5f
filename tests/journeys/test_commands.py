"""The commands that scripts rely on, each run as a script would."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from copilot.domain.forecast import FIGURES
from tests.journeys.conftest import Run

BRIEF = {
    "brief_id": "spring",
    "categories": ["beauty"],
    "budget": 800,
    "max_discount_percent": 30,
    "strategies": 3,
}


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    path = tmp_path / "brief.json"
    path.write_text(json.dumps(BRIEF), encoding="utf-8")
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_generate_answers_a_brief_with_ranked_strategies_that_keep_its_limits(
    run: Run, db: Path, brief: Path
) -> None:
    done = run("generate", brief, "--db", db, "--json")
    report = done.json
    assert done.status == 0
    assert (report["brief_id"], report["status"]) == ("spring", "complete")
    assert [one["rank"] for one in report["strategies"]] == list(range(1, len(report["strategies"]) + 1))
    assert 1 <= len(report["strategies"]) <= 3
    for one in report["strategies"]:
        totals = one["forecast"]["totals"]
        assert totals["discount_cost"]["mean"] + totals["contact_cost"]["mean"] <= 800
        assert all(check["passed"] for check in one["checks"])
        assert one["draft"]["category"] == "beauty"
        assert set(FIGURES) <= set(one["forecast"])
        assert one["author"] == "built-in planner"
        assert one["message"]["body"]
        assert "{" not in one["message"]["body"]


def test_generate_for_a_person_tells_its_stages_and_shows_a_table(run: Run, db: Path, brief: Path) -> None:
    done = run("generate", brief, "--db", db)
    assert done.status == 0
    assert [line.split()[0] for line in done.err.splitlines()][:3] == ["context", "search", "drafting"]
    assert "Strategies, best first" in done.out
    assert "Why the first is first" in done.out
    levers = done.out.partition("Levers")[2]
    assert "instead of" in levers
    assert "(90 %:" in levers
    assert "What it says  (written by built-in planner)" in done.out


def test_generate_says_of_the_first_strategy_what_one_step_of_its_terms_would_change(
    run: Run, db: Path, brief: Path
) -> None:
    first, *others = run("generate", brief, "--db", db, "--json").json["strategies"]
    assert {one["kind"] for one in first["levers"]} >= {"valid_days", "channel"}
    for one in first["levers"]:
        profit = one["total"]["incremental_profit"]
        assert one["total"]["objective"] == profit
        assert profit["low"] < profit["mean"] < profit["high"]
        assert one["offer"]["type"] == first["draft"]["offer"]["type"]
    assert not any(one["levers"] for one in others)


def test_a_brief_may_be_yaml(run: Run, db: Path, tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text("categories: [books]\nstrategies: 1\naudience: email_opt_in = 1\n", encoding="utf-8")
    assert len(run("generate", path, "--db", db, "--json").json["strategies"]) == 1


def test_a_brief_that_is_wrong_names_field_expected_and_received(run: Run, db: Path, tmp_path: Path) -> None:
    path = tmp_path / "brief.json"
    path.write_text('{"max_discount_percent": 250}', encoding="utf-8")
    done = run("generate", path, "--db", db, "--json")
    assert done.status == 1
    assert done.json["error"]["field"] == "max_discount_percent"
    assert done.json["error"]["received"] == "250"
    assert "max_discount_percent" in done.err


def test_limits_that_leave_nothing_give_no_strategy_and_name_what_binds(
    run: Run, db: Path, tmp_path: Path
) -> None:
    path = tmp_path / "brief.json"
    path.write_text('{"categories": ["beauty"], "min_roi": 9000}', encoding="utf-8")
    done = run("generate", path, "--db", db, "--json")
    assert done.status == 0
    assert done.json["status"] == "nothing_feasible"
    assert done.json["strategies"] == []
    assert any("min_roi" in note for note in done.json["notes"])


def test_a_saved_report_is_listed_shown_and_its_audience_told(run: Run, db: Path, brief: Path) -> None:
    report = run("generate", brief, "--db", db, "--json").json
    first = report["strategies"][0]
    assert [one["brief_id"] for one in run("list", "--db", db, "--json").json] == ["spring"]
    assert run("show", "spring", "--db", db, "--json").json == report
    assert run("show", first["strategy_id"], "--db", db, "--json").json["strategies"] == [first]
    told = run("audience", first["strategy_id"], "--db", db)
    assert len(told.out.split()) == first["forecast"]["audience_size"]
    assert len(set(told.out.split())) == len(told.out.split())


def test_score_answers_every_draft_in_order_and_exits_1_if_one_was_wrong(
    run: Run, db: Path, drafts: Path
) -> None:
    done = run("score", drafts, "--db", db, "--json")
    assert done.status == 1
    assert [line["draft_id"] for line in done.json] == ["mail", "deep", "text"]
    assert [line["forecast"] is None for line in done.json] == [False, True, False]
    assert done.json[1]["error"]["field"] == "offer.value"


def test_score_says_why_where_it_is_asked(run: Run, db: Path, drafts: Path) -> None:
    plain = run("score", drafts, "--db", db, "--json").json
    lines = run("score", drafts, "--db", db, "--json", "--why").json
    assert [{**line, "why": None} for line in lines] == plain
    mail, wrong, _ = lines
    assert wrong["why"] is None
    why = mail["why"]
    assert why["objective"] == "profit"
    after = {(one["kind"], one["after"]): one for one in why["levers"]}
    assert {("value", 5), ("value", 15), ("channel", "sms")} <= set(after)
    # A lever is what scoring the changed draft would show, whoever asks.
    offer = {"type": "percent_off", "value": 15}
    changed = {"draft_id": "mail", "channel": "email", "category": "beauty", "offer": offer}
    drafts.write_text(json.dumps(changed), encoding="utf-8")
    (again,) = run("score", drafts, "--db", db, "--json").json
    gain = again["forecast"]["incremental_profit"]["mean"] - mail["forecast"]["incremental_profit"]["mean"]
    assert after["value", 15]["per_customer"]["incremental_profit"]["mean"] == pytest.approx(gain)
    assert why["drivers"] or why["note"]
    for driver in why["drivers"]:
        whole = sum(group["share"] * group["mean"] for group in driver["groups"])
        assert whole == pytest.approx(mail["forecast"]["incremental_profit"]["mean"])


def test_score_tells_a_person_why(run: Run, db: Path, drafts: Path) -> None:
    told = run("score", drafts, "--db", db, "--why").out
    assert "15 % off instead of 10 % off" in told
    assert "Who drives it" in told
    assert "mean forecast, in EUR of profit a customer" in " ".join(told.split())


def test_figures_per_customer_average_to_the_forecast(
    run: Run, db: Path, drafts: Path, tmp_path: Path
) -> None:
    out = tmp_path / "per.csv"
    done = run("score", drafts, "--db", db, "--json", "--per-customer", out)
    rows = read_csv(out)
    assert list(rows[0]) == ["customer_id", "draft_id", "ctr", "conversion", "incremental_conversion",
                             "incremental_revenue", "incremental_profit", "discount_cost"]  # fmt: skip
    for line in done.json:
        mine = [row for row in rows if row["draft_id"] == line["draft_id"]]
        if line["forecast"] is None:
            assert mine == []
            continue
        assert len(mine) == line["forecast"]["audience_size"]
        mean = sum(float(row["conversion"]) for row in mine) / len(mine)
        assert mean == pytest.approx(line["forecast"]["conversion"]["mean"], rel=0.02)


def test_allocate_gives_every_customer_of_the_audience_one_row(
    run: Run, db: Path, drafts: Path, tmp_path: Path
) -> None:
    out = tmp_path / "assign.csv"
    done = run(
        "allocate", drafts, "--db", db, "--out", out, "--audience", "loyalty_tier in gold|silver", "--json"
    )
    rows = read_csv(out)
    assert len(rows) == done.json["customers"] == len({row["customer_id"] for row in rows})
    assert {row["draft_id"] for row in rows} <= {"mail", "text", ""}
    assert all(float(row["incremental_profit"]) == 0 for row in rows if not row["draft_id"])


def test_attributes_names_what_an_audience_may_be_told_by(run: Run, db: Path) -> None:
    names = {one["attribute"] for one in run("attributes", "--db", db, "--json").json}
    assert {"orders_90d", "revenue_365d", "days_since_order", "average_basket", "discount_share",
            "favourite_category", "loyalty_tier"} <= names  # fmt: skip
    assert not {"email", "name", "phone"} & names


@pytest.mark.parametrize("noun", ["brief", "draft", "forecast", "report"])
def test_schema_prints_a_json_schema(run: Run, noun: str) -> None:
    assert run("schema", noun).json["type"] == "object"


def test_forget_leaves_nothing_of_a_customer(run: Run, db: Path, drafts: Path, tmp_path: Path) -> None:
    gone = run("forget", "C000001", "--db", db, "--json")
    assert gone.status == 0
    out = tmp_path / "per.csv"
    run("score", drafts, "--db", db, "--json", "--per-customer", out)
    assert "C000001" not in {row["customer_id"] for row in read_csv(out)}
    again = run("forget", "C000001", "--db", db)
    assert again.status == 1
    assert "C000001" in again.err


@pytest.mark.parametrize(
    "call",
    [
        ["generate"],
        ["generate", "brief.json", "--unknown"],
        ["score", "missing.jsonl"],
        ["score", "missing.jsonl", "--audience", "gold customers please"],
        ["schema", "strategy"],
        ["ingest", "no-such-folder"],
        ["nonsense"],
    ],
)
def test_a_call_that_is_wrong_exits_2(run: Run, db: Path, call: list[str]) -> None:
    wants_db = call[0] not in ("schema", "nonsense")
    done = run(*call, *(["--db", db] if wants_db else []))
    assert done.status == 2
    assert done.out == ""


def test_without_a_predictor_it_says_what_to_run(run: Run, tmp_path: Path, drafts: Path) -> None:
    done = run("score", drafts, "--db", tmp_path / "empty.db", "--json")
    assert done.status == 1
    assert "copilot ingest" in done.err or "copilot train" in done.err


def test_two_stores_never_share_a_predictor(run: Run, db: Path, tmp_path: Path, drafts: Path) -> None:
    from copilot.deciding.training import write_demo_shop

    write_demo_shop(tmp_path / "other", customers=200, seed=1)
    other = tmp_path / "other.db"
    assert run("ingest", tmp_path / "other", "--db", other, "--json").status == 0
    assert run("score", drafts, "--db", db, "--json").json[0]["forecast"]
    done = run("score", drafts, "--db", other, "--json")
    assert done.status == 1
    assert done.json["error"]["type"] == "NotTrained"


def test_help_is_quick_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from copilot.doors.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'rich', 'pandas', 'lightgbm', 'langchain', 'sqlalchemy', 'numpy'}\n"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "generate" in done.stdout
    assert done.stdout.splitlines()[-1] == ""
