"""Why a strategy ranks where it does: told afterwards, from what was kept of its run."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from copilot import Copilot, Report, generate_strategy
from copilot.domain.explanation import Explanation
from copilot.domain.noun import parse
from copilot.domain.record import Answered, RunRecord, ToolAnswered
from copilot.drafting.tools import TOOLS
from copilot.errors import StoreUnavailable, UnknownName
from tests.fakes.openai_server import MODEL, OpenAIServer, broken, calls
from tests.journeys.conftest import SPRING, Run, passage
from tests.unit.drafting.test_record import replayed

TABLES = ("reports", "strategies", "records")


def draft(key: str, value: int, **changed: Any) -> dict[str, Any]:
    copy = {"subject": "{discount} for you", "body": "Until {ends_on}: {discount} in {category}."}
    offer = {"type": "percent_off", "value": value, "valid_days": 7}
    return {
        "draft_id": key,
        "channel": "email",
        "category": "beauty",
        "offer": offer,
        "copy": copy,
        **changed,
    }


# In words of its own: what says the same as another draft goes back for that.
MILD = draft(
    "mild", 5, copy={"subject": "A thank-you", "body": "Thanks for coming back. {discount} is yours."}
)
REVISING = (
    calls(("score_drafts", {"drafts": [draft("deep", 45), MILD, draft("text", 10, channel="sms")]})),
    calls(("submit_strategies", {"drafts": [draft("deep", 45)], "scored_ids": ["mild"]})),
    calls(("submit_strategies", {"drafts": [draft("deep", 15), draft("near", 16)], "scored_ids": []})),
    calls(("submit_strategies", {"scored_ids": ["mild"]})),
)


def asked(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch, *replies: Any) -> None:
    """Let the scripted model write from here on."""
    server.script(*replies)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-1234567890")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)


def rows(db: Path) -> list[int]:
    with closing(sqlite3.connect(db)) as store:
        return [store.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]


def test_it_tells_where_a_strategy_ranks_and_by_what(
    explained: tuple[Report, list[Explanation], RunRecord],
) -> None:
    report, found, record = explained
    utility = {one.judged.draft_id: one.judged.utility for one in record.verdicts}
    first, second, *_ = found
    assert [one.standing.rank for one in found] == [1, 2, 3]
    for one, strategy in zip(found, report.strategies, strict=True):
        profit = strategy.forecast.totals.incremental_profit
        assert one.standing.total.mean == pytest.approx(profit.mean)
        assert one.standing.of == 3
        assert one.standing.utility == utility[strategy.draft.draft_id]
        assert set(strategy.reasons) <= set(next(p for p in one.passages if p.topic == "standing").sentences)
    gap = utility[first.draft_id] - utility[second.draft_id]
    assert first.standing.ahead_of_next == second.standing.behind_first == pytest.approx(gap)
    assert first.standing.behind_first is None
    assert found[-1].standing.ahead_of_next is None
    assert f"{gap:,.0f} EUR of profit ahead of number 2" in passage(first, "standing")


def test_it_tells_what_was_asked_and_which_rules_were_checked(
    explained: tuple[Report, list[Explanation], RunRecord],
) -> None:
    report, (first, *_), _ = explained
    asked_for = passage(first, "asked")
    assert "As much profit as possible, against sending nothing" in asked_for
    assert "budget 800 EUR, discount at most 30 %" in asked_for
    for check in report.strategies[0].checks:
        assert check.rule.replace("_", " ") in passage(first, "rules")


def test_it_tells_what_the_search_said_and_what_the_judge_says(
    explained: tuple[Report, list[Explanation], RunRecord],
) -> None:
    report, (first, *_), record = explained
    assert first.searched is not None
    assert first.judged is not None
    assert first.searched.total is not None
    assert first.searched == next(
        trial for trial in record.writings[0].handed_in if trial.draft_id == first.draft_id
    )
    told = passage(first, "writing")
    assert f"where the search said {first.searched.total.mean:,.0f} EUR of profit" in told
    assert f"The report says {report.strategies[0].forecast.totals.incremental_profit.mean:,.0f} EUR" in told


def test_it_tells_what_else_was_tried_and_why_it_was_left_out(
    explained: tuple[Report, list[Explanation], RunRecord],
) -> None:
    report, (first, *_), record = explained
    returned = {one.draft.draft_id for one in report.strategies}
    others = {one.trial.draft_id: one for one in first.others}
    assert others
    assert returned.isdisjoint(others)
    assert {one.judged.draft_id for one in record.verdicts} - returned <= set(others)
    assert {one.why for one in first.others} <= {"enough", "near-duplicate", "not handed in"}


def test_a_model_that_revised_is_followed_from_round_to_round(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIServer() as server:
        asked(server, monkeypatch, *REVISING)
        report = generate_strategy({**SPRING, "budget": 9000, "strategies": 2}, db=str(db), fallback=False)
        requests = [request["messages"] for request in server.requests]
    deep = next(one for one in report.strategies if one.draft.draft_id == "deep")
    with Copilot(str(db)) as copilot:
        found, record = copilot.explain(deep.strategy_id), copilot.record(deep.strategy_id)
    assert record is not None
    assert replayed(record.writings[0]) == requests
    assert [(turn.round, turn.trial and turn.trial.terms.split(",")[0]) for turn in found.turns] == [
        (1, "45 % off"),
        (2, "45 % off"),
        (3, "15 % off"),
    ]
    assert ["max_discount_percent" in " ".join(turn.problems) for turn in found.turns] == [True, True, False]
    told = passage(found, "writing")
    assert f"Written by {MODEL}, which called it deep." in told
    assert "Round 1: proposed as 45 % off" in told
    assert "Sent back: max_discount_percent: 45.0 % off the smallest basket" in told
    assert "Round 3: revised to 15 % off" in told
    near = next(one for one in found.others if one.trial.draft_id == "near")
    assert (near.author, near.judged, near.why) == (MODEL, False, "sent back")
    assert "sent back: distinct: too like deep" in passage(found, "others")
    assert f"Model {MODEL}, prompts strategist." in passage(found, "cost")
    assert "4 model calls, 4 tool calls, 400 tokens sent and 80 received" in passage(found, "cost")


def test_a_revision_that_is_worse_is_told_and_so_is_a_model_that_gave_up(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIServer() as server:
        asked(
            server,
            monkeypatch,
            calls(("score_drafts", {"drafts": [draft("mine", 15)]})),
            broken(401),
            calls(("submit_strategies", {"drafts": [draft("mine", 1)]})),
            calls(("submit_strategies", {"scored_ids": ["mine"]})),
        )
        monkeypatch.setenv("COPILOT_MODEL", "First-Model")
        monkeypatch.setenv("COPILOT_FALLBACK_MODEL", "spare")
        report = generate_strategy({**SPRING, "budget": 9000, "strategies": 1}, db=str(db))
    with Copilot(str(db)) as copilot:
        found = copilot.explain(report.strategies[0].strategy_id)
    assert [turn.kept for turn in found.turns] == [True, False]
    assert found.searched == found.turns[0].trial
    told = passage(found, "writing")
    assert "First-Model did not finish: the language model's server refused the key" in told
    assert "Round 2: revised to 1 % off" in told
    assert "That is worse, so the draft before stays." in told


def test_the_same_answers_give_the_same_record(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = []
    for name in ("one.db", "two.db"):
        db = str(shutil.copy(trained, tmp_path / name))
        with OpenAIServer() as server, Copilot(db) as copilot:
            asked(server, monkeypatch, *REVISING)
            report = generate_strategy(SPRING, db=db)
            records.append(copilot.record(report.strategies[0].strategy_id))
    assert records[0] is not None
    assert records[0] == records[1]


def test_after_a_model_failed_it_tells_who_failed_and_who_wrote(
    run: Run, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = tmp_path / "brief.json"
    brief.write_text(json.dumps(SPRING), encoding="utf-8")
    with OpenAIServer() as server:
        asked(server, monkeypatch, broken(401, "wrong key: sk-canary-1234567890"))
        report = run("generate", brief, "--db", db, "--json").json
    monkeypatch.delenv("OPENAI_API_KEY")
    done = run("explain", report["strategies"][0]["strategy_id"], "--db", db)
    told = " ".join(done.out.split())
    assert done.status == 0
    assert "did not finish: the language model's server refused the key" in told
    assert "Written by the built-in planner" in told
    assert "canary" not in done.out
    with closing(sqlite3.connect(db)) as store:
        assert "canary" not in store.execute("SELECT record FROM records").fetchone()[0]


def test_a_person_reads_it_on_two_screens(run: Run, planned: tuple[Path, Report]) -> None:
    db, report = planned
    name = report.strategies[1].strategy_id
    told = run("explain", name, "--db", db).out
    assert told.startswith(name)
    for title in ("What was asked", "Why it ranks 2 of 3", "How it came about", "What else was tried"):
        assert title in told
    assert len(told.splitlines()) <= 80
    as_json = run("explain", name, "--db", db, "--json").json
    with Copilot(str(db)) as copilot:
        assert parse(Explanation, as_json) == copilot.explain(name)


def test_all_that_was_said_can_be_read_again(run: Run, planned: tuple[Path, Report]) -> None:
    db, report = planned
    name = report.strategies[0].strategy_id
    record = parse(RunRecord, run("explain", name, "--messages", "--db", db, "--json").json)
    told = run("explain", name, "--messages", "--db", db).out
    for step in record.writings[0].steps:
        if isinstance(step, Answered):
            assert all(f"{call.name} {call.arguments}" in told for call in step.calls)


def test_an_unknown_strategy_is_refused_as_by_show(run: Run, planned: tuple[Path, Report]) -> None:
    db, report = planned
    for more in ((), ("--messages",)):
        done = run("explain", "s-none", *more, "--db", db, "--json")
        assert done.status == 1
        assert done.json["error"]["type"] == "UnknownName"
        assert report.strategies[0].strategy_id in done.err
    with Copilot(str(db)) as copilot, pytest.raises(UnknownName):
        copilot.explain("spring")


@pytest.mark.parametrize("table", TABLES)
def test_where_saving_fails_there_is_neither_report_nor_record(db: Path, table: str) -> None:
    generate_strategy({**SPRING, "strategies": 1}, db=str(db))
    before = rows(db)
    with closing(sqlite3.connect(db)) as store:
        full = "SELECT RAISE(ABORT, 'database or disk is full')"
        store.execute(f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN {full}; END")
        store.commit()
    with pytest.raises(StoreUnavailable, match="disk space"):
        generate_strategy(SPRING, db=str(db))
    assert rows(db) == before == [1, 1, 1]


def test_a_report_of_before_records_is_explained_as_far_as_it_goes(
    run: Run, planned: tuple[Path, Report], tmp_path: Path
) -> None:
    kept, report = planned
    db = Path(shutil.copy(kept, tmp_path / "old.db"))
    with closing(sqlite3.connect(db)) as store:  # what revision 0001 left
        store.executescript("DROP TABLE records; UPDATE alembic_version SET version_num = '0001'")
    first, second, _ = report.strategies
    with Copilot(str(db)) as copilot:
        found = copilot.explain(second.strategy_id)
        assert copilot.record(second.strategy_id) is None
    assert not found.recorded
    assert (found.standing.rank, found.standing.utility, found.turns, found.others) == (2, None, (), ())
    assert "the report was made by a version that kept no record" in passage(found, "writing")
    assert set(second.reasons) <= set(next(p for p in found.passages if p.topic == "standing").sentences)
    assert "No record was kept" in run("explain", first.strategy_id, "--messages", "--db", db).out


ASKING = (
    calls(
        ("sweep_offers", {"limit": 40}),
        ("past_campaigns", {"channel": "email", "limit": 40}),
        ("audience_facts", {}),
        ("audience_facts", {"attribute": "customer_id"}),
        ("audience_facts", {"attribute": "orders_365d"}),
        ("audience_facts", {"audience": "orders_365d >= 9", "attribute": "favourite_category"}),
        ("product_facts", {"category": "beauty"}),
    ),
    calls(("check_copy", {"draft": draft("mine", 10)}), ("score_drafts", {"drafts": [draft("mine", 10)]})),
    calls(("submit_strategies", {"scored_ids": ["mine"]})),
)


def test_what_is_recorded_names_no_customer(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        asked(server, monkeypatch, *ASKING)
        brief = {**SPRING, "budget": 9000, "strategies": 1}
        report = generate_strategy(brief, db=str(db), fallback=False)
    with Copilot(str(db)) as copilot:
        kept = copilot.record(report.strategies[0].strategy_id)
    assert kept is not None
    steps = kept.writings[0].steps
    answers = [json.loads(step.text) for step in steps if isinstance(step, ToolAnswered)]
    assert {step.name for step in steps if isinstance(step, ToolAnswered)} == set(TOOLS)
    assert ["error" in answer for answer in answers] == [n == 3 for n in range(len(answers))]
    with closing(sqlite3.connect(db)) as store:
        record = store.execute("SELECT record FROM records").fetchone()[0]
        customers = [one for (one,) in store.execute("SELECT customer_id FROM customers")]
    assert len(customers) == 1500
    assert not [one for one in customers if one in record]
