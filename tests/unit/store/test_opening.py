"""Opening a store: from nothing, twice at once, damaged, out of reach."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, text

import copilot.store.migrations as migrations
from copilot.errors import InvalidInput, MissingExtra, StoreUnavailable
from copilot.store import (
    Store,
    count_rows,
    default_path,
    list_reports,
    open_store,
    read_products,
    read_shop,
    read_spans,
    save_report,
)
from copilot.store.migrating import HEAD
from copilot.store.tables import metadata, settings

EMPTY = {"customers": 0, "products": 0, "orders": 0, "exposures": 0}


def use(path: Path) -> None:
    """Open a store and read what is in it."""
    store = open_store(path)
    try:
        with store.begin() as conn:
            count_rows(conn)
            read_shop(conn)
            read_products(conn)
            read_spans(conn, datetime(2024, 1, 1))
            list_reports(conn)
    finally:
        store.dispose()


def test_a_new_store_is_made_with_its_folder(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "deep" / "er" / "shop.db"))
    with store.begin() as conn:
        assert count_rows(conn) == EMPTY
    store.dispose()
    assert (tmp_path / "deep" / "er" / "shop.db").is_file()


def test_without_a_name_it_lies_in_the_users_data_folder() -> None:
    store = open_store()
    store.dispose()
    assert default_path().is_file()
    assert default_path().parent.name == "strategy-copilot"


@pytest.mark.parametrize("name", ["sqlite:///{}", "{}"])
def test_a_path_and_a_url_name_the_same_store(tmp_path: Path, name: str) -> None:
    path = tmp_path / "my shop.db"
    store = open_store(name.format(path))
    store.dispose()
    assert path.is_file()


def test_the_tables_that_queries_use_are_those_that_the_migrations_make(store: Store) -> None:
    with store.begin() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []


def test_the_newest_revision_is_the_one_that_is_looked_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_opening_again_costs_next_to_nothing_and_loads_no_migrations(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    open_store(str(path)).dispose()
    code = (
        "import sys, time; from copilot.store import open_store; t = time.process_time();"
        f"open_store({str(path)!r}).dispose(); print(time.process_time() - t, 'alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, loaded = done.stdout.split()
    assert float(seconds) < 0.05
    assert loaded == "False"


def test_two_processes_open_a_new_store_at_once(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    code = (
        f"from copilot.store import open_store, count_rows; s = open_store({str(path)!r});\n"
        "with s.begin() as conn: print(count_rows(conn)['orders'])"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [process.communicate() for process in started]
    assert [out for out, _ in said] == [b"0\n"] * 3, said


def test_a_store_of_a_newer_version_is_refused(store: Store) -> None:
    with store.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match=r"9999.*upgrade strategy-copilot"):
        open_store(store.url)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are my notes, not a database. " * 50)
    with pytest.raises(StoreUnavailable, match="no SQLite database"):
        open_store(str(path))
    assert path.read_text().startswith("These are my notes")


@pytest.mark.parametrize("kept", [10, 100, 4096, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, empty_store: Path, kept: float) -> None:
    whole = empty_store.read_bytes()
    path = tmp_path / "cut.db"
    path.write_bytes(whole[: int(kept if kept > 1 else kept * len(whole))])
    with pytest.raises(StoreUnavailable, match="damaged; name another with --db, or restore a backup"):
        use(path)


@pytest.mark.parametrize("seed", range(8))
def test_a_file_with_flipped_bytes_is_refused_or_read_but_never_a_crash(
    tmp_path: Path, empty_store: Path, seed: int
) -> None:
    draw, content = random.Random(seed), bytearray(empty_store.read_bytes())
    for _ in range(300):
        content[draw.randrange(100, len(content))] = draw.randrange(256)
    path = tmp_path / "flipped.db"
    path.write_bytes(content)
    with contextlib.suppress(StoreUnavailable):
        use(path)


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO settings VALUES ('shop', '{no')",
        "INSERT INTO settings VALUES ('shop', '{\"currency\": 3}')",
        "UPDATE reports SET report = '[1]'",
        "UPDATE reports SET report = x'ff'",
        "UPDATE reports SET report = CAST(x'ff' AS TEXT)",
        "UPDATE reports SET created_at = 'soon'",
        "UPDATE products SET price = 'dear'",
        "DROP TABLE settings",
    ],
)
def test_content_that_makes_no_sense_is_told_with_what_to_do(store: Store, change: str) -> None:
    report = {"brief_id": "b1", "status": "complete", "strategies": []}
    with store.begin() as conn:
        save_report(conn, {}, report, datetime(2026, 3, 2), None)
        conn.execute(text("INSERT INTO products (product_id, price) VALUES ('p1', 1)"))
        conn.execute(text(change))
    with pytest.raises(StoreUnavailable, match=r"damaged.*--db"):
        use(Path(str(store.engine.url.database)))


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE customers (id INTEGER)")
        other.commit()
    with pytest.raises(StoreUnavailable, match="tables of something else"):
        open_store(path)


def test_a_file_that_cannot_be_written_is_read_and_the_first_write_says_so(empty_store: Path) -> None:
    store = open_store(f"sqlite:///file:{empty_store}?mode=ro&uri=true")
    with store.begin() as conn:
        assert count_rows(conn) == EMPTY
    with pytest.raises(StoreUnavailable, match="check its permissions"), store.begin() as conn:
        conn.execute(insert(settings), {"name": "shop", "value": "{}"})
    store.dispose()


def test_a_url_that_names_no_file_makes_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url in ("sqlite:/shop.db", "sqlite:///file:shop.db?mode=ro&uri=true"):
        with pytest.raises((InvalidInput, StoreUnavailable)):
            open_store(url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a\0b", "~nobody-of-this-name/shop.db", "sqlite:///x.db?timeout=soon"])
def test_a_name_that_no_file_can_have_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidInput, match="db: expected a path"):
        open_store(name)


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="COPILOT_DB"):
        open_store(tmp_path / ("x" * 300))


def test_without_the_driver_of_postgresql_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra, match=r"strategy-copilot\[postgres\]"):
        open_store("postgresql://127.0.0.1:1/shop")


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/shop", "postgresql://a..b/shop"])
def test_a_server_that_cannot_be_reached_is_told(url: str) -> None:
    pytest.importorskip("psycopg", reason="the `postgres` extra is not installed")
    with pytest.raises(StoreUnavailable, match="check that the server runs"):
        open_store(url)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="name a file in it"):
        open_store(str(tmp_path))


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="COPILOT_DB"):
        open_store(str(tmp_path / "file" / "shop.db"))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://anna:s3cret@127.0.0.1:1/shop",
        "postgresql://anna:s3cret@127.0.0.1:1/shop?connect_timeout=1",
        "postgres://anna@127.0.0.1:1/shop?password=s3cret",
    ],
)
def test_a_password_is_never_shown(url: str) -> None:
    pytest.importorskip("psycopg", reason="the `postgres` extra is not installed")
    with pytest.raises(StoreUnavailable) as caught:
        open_store(url)
    assert "s3cret" not in f"{caught.value} {caught.value!r} {caught.value.__cause__}"
    assert "check that the server runs" in str(caught.value)


@pytest.mark.parametrize("url", ["mysql://root:s3cret@host/shop", "postgresql://u:s3cret@host:port/shop"])
def test_a_url_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(InvalidInput, match="sqlite:///PATH") as caught:
        open_store(url)
    assert "s3cret" not in str(caught.value)


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def begin_and_fail() -> None:
        with store.begin() as conn:
            conn.execute(insert(settings), {"name": "shop", "value": '{"name": "Half"}'})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        begin_and_fail()
    with store.begin() as conn:
        assert read_shop(conn).name == "Shop"


def test_writers_wait_for_each_other(store: Store) -> None:
    def add(name: str) -> None:
        with store.begin(write=True) as conn:
            found = conn.execute(text("SELECT count(*) FROM settings")).scalar()
            time.sleep(0.05)
            conn.execute(insert(settings), {"name": name, "value": str(found)})

    threads = [threading.Thread(target=add, args=(f"n{number}",)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.begin() as conn:
        assert sorted(conn.execute(text("SELECT value FROM settings")).scalars()) == ["0", "1", "2", "3", "4"]
