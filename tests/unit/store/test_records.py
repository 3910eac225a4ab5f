"""Records of runs: kept with their report or not at all, and absent from stores of before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

import copilot.store.migrations as migrations
from copilot.errors import StoreUnavailable, UnknownName
from copilot.store import Store, find_run, forget_customer, list_reports, open_store, save_report
from tests.unit.store.test_keeping import report

MONDAY = datetime(2026, 3, 2, 9, 30)
RECORD = {"objective": "profit", "writings": [{"author": "für 你好 \\ud800", "steps": [{"text": "\x00"}]}]}
TABLES = ("reports", "strategies", "records")


def save(store: Store, record: Any = RECORD, brief_id: str = "b1", strategy_id: str = "s1") -> None:
    with store.begin() as conn:
        save_report(conn, {"n": 1}, report(brief_id, strategy_id), MONDAY, "v1", None, record)


def rows(store: Store) -> dict[str, int]:
    with store.begin() as conn:
        return {name: int(conn.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()) for name in TABLES}


def test_a_record_comes_back_with_the_report_of_its_strategy(store: Store) -> None:
    save(store)
    with store.begin() as conn:
        found = find_run(conn, "s1")
    assert found["record"] == RECORD
    assert found["report"]["strategies"][0]["strategy_id"] == "s1"
    assert found["brief"] == {"n": 1}


def test_a_report_without_a_record_has_none(store: Store) -> None:
    save(store, None)
    with store.begin() as conn:
        assert find_run(conn, "s1")["record"] is None
        with pytest.raises(UnknownName, match="known: s1"):
            find_run(conn, "s2")


@pytest.mark.parametrize("table", TABLES)
def test_where_one_part_cannot_be_saved_none_is(store: Store, table: str) -> None:
    save(store, brief_id="before", strategy_id="s0")
    with store.begin() as conn:
        conn.execute(
            text(
                f"CREATE TRIGGER full BEFORE INSERT ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
        )
    with pytest.raises(StoreUnavailable, match="free some disk space"):
        save(store)
    assert rows(store) == dict.fromkeys(TABLES, 1)


def test_a_record_that_is_no_json_leaves_the_report_out(store: Store) -> None:
    with pytest.raises(ValueError, match="JSON"):
        save(store, {"seed": float("nan")})
    assert rows(store) == dict.fromkeys(TABLES, 0)


def test_a_damaged_record_is_told_as_such(store: Store) -> None:
    save(store)
    with store.begin() as conn:
        conn.execute(text("UPDATE records SET record = '{no'"))
        with pytest.raises(StoreUnavailable, match=r"record of report .* cannot be read"):
            find_run(conn, "s1")


def test_forgetting_a_customer_leaves_records_alone(store: Store) -> None:
    save(store)
    with store.begin(write=True) as conn:
        conn.execute(text("INSERT INTO customers (customer_id) VALUES ('c1')"))
        forget_customer(conn, "c1")
        assert find_run(conn, "s1")["record"] == RECORD


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store at revision 0001, with a report."""
    path = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "0001")
        save_report(conn, {"n": 1}, report("b1", "s1"), MONDAY, "v1")
    engine.dispose()
    return path


def test_a_store_of_before_records_is_migrated_and_keeps_its_reports(old: Path) -> None:
    store = open_store(old)
    save(store, brief_id="b2", strategy_id="s2")
    with store.begin() as conn:
        assert {one["brief_id"] for one in list_reports(conn)} == {"b1", "b2"}
        assert find_run(conn, "s1")["record"] is None
        assert find_run(conn, "s2")["record"] == RECORD
    store.dispose()
