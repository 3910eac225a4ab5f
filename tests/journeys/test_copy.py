"""The appeal of copy, from a shop's own campaigns to its forecasts and commands."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from copilot import Copilot, CopyComparison, EffectForecast, StrategyDraft, generate_strategy
from copilot.deciding.scoring import UNTAUGHT, Scorer, Side
from copilot.domain import parse
from copilot.domain.forecast import FIGURES
from tests.journeys.conftest import SPRING, Run

DRAFT: dict[str, Any] = {
    "draft_id": "mail",
    "channel": "email",
    "category": "beauty",
    "offer": {"type": "percent_off", "value": 10},
    "copy": {"subject": "New in {category}: why you will love it", "body": "{discount} off until {ends_on}."},
}
LINES = ["New in beauty: why you will love it", "10 reasons nobody talks about", "新品上市，全场包邮"]


def without_copy_model(db: Path) -> None:
    """A store as it was before there were copy models."""
    with sqlite3.connect(db) as connection:
        gone = connection.execute("DELETE FROM predictor_parts WHERE name LIKE 'copy/%'").rowcount
    connection.close()
    assert gone


def plain_and_told(engine: Copilot, side: Side) -> tuple[EffectForecast, EffectForecast]:
    """The forecast of the draft without the appeal of its words, and with it."""
    case, draft = engine.case(), parse(StrategyDraft, DRAFT)
    plain = Scorer(case.shop, case.scorer.model, case.brief).forecast([draft], side=side)[0]
    told = case.scorer.forecast([draft], side=side)[0]
    assert plain is not None
    assert told is not None
    return plain, told


@pytest.mark.parametrize("side", ["search", "judge"])
def test_the_click_rate_moves_by_the_factor_of_the_words_and_nothing_else_moves(db: Path, side: Side) -> None:
    with Copilot(str(db)) as engine:
        plain, told = plain_and_told(engine, side)
        line = engine.copy_scores(["New in beauty: why you will love it"])[0].percent
    assert plain.copy_appeal is None
    assert told.copy_appeal is not None
    assert plain.ctr is not None
    assert told.ctr is not None
    assert line is not None
    assert told.copy_appeal.mean == pytest.approx(1 + line.mean / 100)
    assert told.ctr.mean == pytest.approx(plain.ctr.mean * told.copy_appeal.mean)
    assert told.ctr.high / told.ctr.low > plain.ctr.high / plain.ctr.low
    assert {name for name in FIGURES if getattr(told, name) != getattr(plain, name)} <= {"ctr"}
    assert told.totals == plain.totals


def test_scores_carry_the_appeal_and_are_the_same_each_time(run: Run, db: Path, tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    wordless = {name: value for name, value in DRAFT.items() if name != "copy"} | {"draft_id": "bare"}
    path.write_text(f"{json.dumps(DRAFT)}\n{json.dumps(wordless)}\n", encoding="utf-8")
    mail, bare = run("score", path, "--db", db, "--json").json
    assert mail["forecast"]["copy_appeal"]["low"] < mail["forecast"]["copy_appeal"]["mean"]
    assert bare["forecast"]["copy_appeal"] is None
    assert run("score", path, "--db", db, "--json").json == [mail, bare]


def test_a_report_has_the_appeal_of_each_strategy_from_the_store_and_inline(db: Path) -> None:
    customers = [{"customer_id": str(n), "loyalty_tier": "gold", "email_opt_in": 1} for n in range(3)]
    brief = {**SPRING, "objective": "clicks", "brief_id": None, "budget": None}
    for given in ({}, {"customers": customers}):
        for one in generate_strategy(brief, db=str(db), **given).strategies:
            assert one.forecast.copy_appeal is not None
            assert one.forecast.ctr is not None


def test_a_store_of_before_copy_models_is_forecast_by_the_general_model_and_says_so(
    run: Run, db: Path
) -> None:
    without_copy_model(db)
    with Copilot(str(db)) as engine:
        plain, told = plain_and_told(engine, "search")
    assert plain.ctr is not None
    assert told.ctr is not None
    assert told.copy_appeal is not None
    assert told.ctr.mean == pytest.approx(plain.ctr.mean * told.copy_appeal.mean)
    assert UNTAUGHT in generate_strategy(SPRING, db=str(db)).notes
    assert "copilot train" in run("copy", "score", "New in beauty", "--db", db).err


def test_training_holds_the_general_model_against_the_shops_campaigns_beside_the_same_predictor(
    run: Run, db: Path
) -> None:
    with Copilot(str(db)) as engine:
        before = engine.model.version
    told = run("train", "--seed", "0", "--db", db, "--json").json
    assert told["version"] == before
    assert told["copy_facts"]["messages"] > 100
    assert told["copy_facts"]["campaigns"] > 30


def test_texts_are_scored_for_a_program_and_for_a_person(run: Run, db: Path, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("\n\n".join(LINES), encoding="utf-8")
    found = run("copy", "score", "--file", file, "--db", db, "--json")
    assert found.status == 0
    assert [one["text"] for one in found.json] == LINES
    assert all(one["percent"]["low"] < one["percent"]["mean"] < one["percent"]["high"] for one in found.json)
    assert run("copy", "score", *LINES, "--db", db, "--json").json == found.json
    shown = run("copy", "score", *LINES, "--db", db)
    assert " %" in shown.out
    assert "knows none of these words" in shown.err


def test_standard_input_is_a_file_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(LINES)))
    assert len(run("copy", "score", "--file", "-", "--general", "--json").json) == len(LINES)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n\n".join(LINES)))
    found = run("copy", "score", "A line of mine", "-", "--general", "--json").json
    assert [one["text"] for one in found] == ["A line of mine", *LINES]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert run("copy", "score", "-", "--general").status == 2


def test_of_words_that_nobody_knows_it_is_said_that_nothing_can_be_told(run: Run) -> None:
    texts = ("Wunderbare Angebote für Sie", "Neue Schuhe eingetroffen")
    assert "cannot be told" in run("copy", "compare", *texts, "--general").out
    found = run("copy", "compare", *texts, "--general", "--json").json
    assert (found["better"], found["probability"]) == (None, None)


def test_the_general_model_needs_no_store(run: Run, tmp_path: Path) -> None:
    nowhere = tmp_path / "none.db"
    assert run("copy", "score", LINES[0], "--general", "--db", nowhere, "--json").status == 0
    assert run("copy", "compare", *LINES[:2], "--general", "--db", nowhere).status == 0
    assert not nowhere.exists()
    missing = run("copy", "score", LINES[0], "--db", nowhere, "--json")
    assert (missing.status, missing.json["error"]["type"]) == (1, "NotTrained")


def test_of_two_texts_the_better_is_named_with_why(run: Run, db: Path) -> None:
    found = parse(CopyComparison, run("copy", "compare", *LINES[:2], "--db", db, "--json").json)
    turned = parse(CopyComparison, run("copy", "compare", LINES[1], LINES[0], "--db", db, "--json").json)
    assert {found.better, turned.better} in ({"a", "b"}, {None})
    assert turned.probability == pytest.approx(found.probability)
    assert (found.a, found.b) == (turned.b, turned.a)
    told = run("copy", "compare", *LINES[:2], "--db", db).out
    assert "probability" in told or "Neither" in told
    with Copilot(str(db)) as engine:
        assert engine.copy_compare(*LINES[:2]) == found


@pytest.mark.parametrize("text", ["", " \t\u200b", "\x00\x1b\r\n", "x" * 5_001])
def test_a_text_that_cannot_be_read_is_told_and_the_others_are_scored(run: Run, text: str) -> None:
    done = run("copy", "score", text, LINES[0], "--general", "--json")
    assert done.status == 1
    assert [one["percent"] is None for one in done.json] == [True, False]
    assert done.json[0]["note"]
    assert run("copy", "compare", text, LINES[0], "--general", "--json").json["error"]["field"] == "a"


@pytest.mark.parametrize(
    "call",
    [["score"], ["score", "--file", "no-such-file"], ["compare", "one"], ["nonsense"]],
)
def test_a_call_that_is_wrong_exits_2(run: Run, call: list[str]) -> None:
    done = run("copy", *call, "--general") if call != ["nonsense"] else run("copy", *call)
    assert (done.status, done.out) == (2, "")
