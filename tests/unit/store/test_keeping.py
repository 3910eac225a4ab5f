"""Predictors and reports: kept as they were, found by name, never changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from copilot.errors import DamagedPredictor, NotTrained, UnknownName
from copilot.store import (
    Store,
    find_report,
    find_strategy,
    list_reports,
    load_predictor,
    open_store,
    predictor_metrics,
    save_predictor,
    save_report,
)

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 9, 30)


def report(brief_id: str, *strategy_ids: str) -> dict[str, Any]:
    """A report as FORMATS has it, as far as the store looks into it."""
    strategies = [
        {
            "rank": rank,
            "strategy_id": strategy_id,
            "draft": {"draft_id": f"d{rank}", "copy": {"subject": "Für dich 🎁"}},
            "forecast": {"ctr": {"mean": 0.1}, "as_of": "2026-03-01"},
            "reasons": ["most profit"],
            "checks": [{"rule": "budget", "passed": True, "message": "kept"}],
            "author": "built-in planner",
        }
        for rank, strategy_id in enumerate(strategy_ids, 1)
    ]
    return {"brief_id": brief_id, "status": "complete", "strategies": strategies, "notes": []}


def test_without_training_there_is_no_predictor(store: Store) -> None:
    with store.begin() as conn, pytest.raises(NotTrained):
        load_predictor(conn)


def test_a_predictor_comes_back_byte_for_byte(store: Store) -> None:
    parts = {"manifest.json": b"{}", "click.txt": bytes(range(256)) * 1000}
    with store.begin() as conn:
        save_predictor(conn, "v1", parts, {"auc": 0.7, "qini": float("nan")}, MONDAY)
    with store.begin() as conn:
        assert load_predictor(conn) == ("v1", parts)
        assert predictor_metrics(conn, "v1") == {"auc": 0.7, "qini": None}


def test_a_part_that_is_no_bytes_is_damage(store: Store) -> None:
    with store.begin(write=True) as conn:
        save_predictor(conn, "v1", {"x": b"1"}, {}, MONDAY)
        if conn.dialect.name != "sqlite":
            pytest.skip("only SQLite takes text where bytes belong")
        conn.exec_driver_sql("update predictor_parts set content = 'abc'")
        with pytest.raises(DamagedPredictor, match="part x"):
            load_predictor(conn)


def test_the_predictor_trained_last_is_the_one_unless_another_is_named(store: Store) -> None:
    with store.begin() as conn:
        save_predictor(conn, "b", {"x": b"new"}, {}, TUESDAY)
        save_predictor(conn, "a", {"x": b"old"}, {}, MONDAY)
        assert load_predictor(conn) == ("b", {"x": b"new"})
        assert load_predictor(conn, "a") == ("a", {"x": b"old"})
        with pytest.raises(UnknownName, match="known: b, a"):
            load_predictor(conn, "c")


def test_a_version_saved_again_replaces_the_earlier_one(store: Store) -> None:
    with store.begin() as conn:
        save_predictor(conn, "v1", {"x": b"1", "y": b"2"}, {}, MONDAY)
        save_predictor(conn, "v1", {"x": b"3"}, {}, TUESDAY)
        assert load_predictor(conn) == ("v1", {"x": b"3"})


def test_a_trained_predictor_belongs_to_its_store(store: Store, tmp_path_factory: Any) -> None:
    other = open_store(str(tmp_path_factory.mktemp("other") / "shop.db"))
    with store.begin() as conn:
        save_predictor(conn, "v1", {"x": b"1"}, {}, MONDAY)
    with other.begin() as conn, pytest.raises(NotTrained):
        load_predictor(conn)
    other.dispose()


def test_a_strategy_is_found_with_all_that_explains_it(store: Store) -> None:
    with store.begin() as conn:
        report_id = save_report(
            conn, {"objective": "profit"}, report("b1", "s1", "s2"), MONDAY, "v1", {"seed": 7}
        )
    with store.begin() as conn:
        found = find_strategy(conn, "s2")
    assert found["rank"] == 2
    assert found["report_id"] == report_id
    assert found["brief"] == {"objective": "profit"}
    assert found["draft"]["copy"]["subject"] == "Für dich 🎁"
    assert found["as_of"] == "2026-03-01"
    assert found["created_at"] == datetime(2026, 3, 2, 9, 30)
    assert (found["predictor_version"], found["extra"]) == ("v1", {"seed": 7})
    assert found["checks"][0]["passed"] is True


def test_an_unknown_strategy_is_refused_by_name(store: Store) -> None:
    with store.begin() as conn:
        save_report(conn, {}, report("b1", "s1"), MONDAY, None)
        with pytest.raises(UnknownName, match="known: s1"):
            find_strategy(conn, "s9")
        with pytest.raises(UnknownName, match="known: b1"):
            find_report(conn, "b9")


def test_a_brief_answered_twice_gives_the_newer_report(store: Store) -> None:
    with store.begin() as conn:
        save_report(conn, {"n": 2}, report("b1", "s2"), TUESDAY, None)
        first = save_report(conn, {"n": 1}, report("b1", "s1"), MONDAY, None)
        assert find_report(conn, "b1")["brief"] == {"n": 2}
        assert find_report(conn, first)["brief"] == {"n": 1}
        assert find_report(conn, first)["report"]["strategies"][0]["strategy_id"] == "s1"


def test_a_strategy_of_an_older_answer_leads_to_its_own_report(store: Store) -> None:
    with store.begin() as conn:
        save_report(conn, {"n": 1}, report("b1", "s1"), MONDAY, None)
        save_report(conn, {"n": 2}, report("b1", "s2"), TUESDAY, None)
    with store.begin() as conn:
        found = find_report(conn, find_strategy(conn, "s1")["report_id"])
        assert found["brief"] == {"n": 1}
        assert [item["strategy_id"] for item in found["report"]["strategies"]] == ["s1"]


def test_a_report_is_found_by_its_id_whatever_a_brief_is_called(store: Store) -> None:
    with store.begin() as conn:
        report_id = save_report(conn, {"n": 1}, report("b1", "s1"), MONDAY, None)
        save_report(conn, {"n": 2}, report(report_id, "s2"), TUESDAY, None)
        assert find_report(conn, report_id)["brief"] == {"n": 1}


def test_reports_are_listed_newest_first(store: Store) -> None:
    with store.begin() as conn:
        for day, name in enumerate(("b1", "b2", "b3"), 1):
            save_report(conn, {}, report(name, f"s{day}"), datetime(2026, 3, day), "v1")
        listed = list_reports(conn, limit=2)
    assert [item["brief_id"] for item in listed] == ["b3", "b2"]
    assert listed[0]["strategy_ids"] == ["s3"]
    assert (listed[0]["status"], listed[0]["strategies"]) == ("complete", 1)


def test_the_list_of_reports_says_who_wrote_them(store: Store) -> None:
    with store.begin() as conn:
        save_report(conn, {}, report("b1", "s1") | {"models": {"writer": "gpt-9"}}, MONDAY, None)
        save_report(conn, {}, report("b2", "s2"), TUESDAY, None)
        assert [item["writer"] for item in list_reports(conn)] == [None, "gpt-9"]


def test_what_is_not_json_is_not_kept(store: Store) -> None:
    broken = report("b1", "s1") | {"usage": {"cost": float("nan")}}
    with pytest.raises(ValueError, match="JSON"), store.begin() as conn:
        save_report(conn, {}, broken, MONDAY, None)
    with store.begin() as conn:
        assert list_reports(conn) == []


def test_a_strategy_id_that_exists_leaves_the_whole_report_out(store: Store) -> None:
    with store.begin() as conn:
        save_report(conn, {}, report("b1", "s1"), MONDAY, None)
    with pytest.raises(Exception, match="UNIQUE"), store.begin() as conn:
        save_report(conn, {}, report("b2", "s0", "s1"), MONDAY, None)
    with store.begin() as conn:
        assert [item["brief_id"] for item in list_reports(conn)] == ["b1"]
