"""Open a store: from nothing, a path or a database URL to a migrated database with sane settings.

Knows databases and where they lie. Refuses to print a password.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from copilot.errors import InvalidInput, MissingExtra, StoreUnavailable, shorten
from copilot.store.migrating import migrate

__all__ = ["Store", "database_errors", "default_path", "explain", "open_store"]

_BUSY_SECONDS = 60
_SECRET = "***"
_FOREIGN = re.compile(r"no such (table|column)|already exists|(relation|column) .* does not exist")


@dataclass(frozen=True)
class Store:
    """An open, migrated database. `url` is safe to print: a password in it is masked."""

    url: str
    engine: Engine = field(repr=False)

    @contextmanager
    def begin(self, *, write: bool = False, snapshot: bool = False) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on an error.

        Say `write=True` when it reads before it writes: SQLite then takes the write lock at the start and
        waits for it, instead of failing when another writer came in between. Say `snapshot=True` when what
        one query finds must fit what another found: PostgreSQL would show what was committed in between.

        Raises:
            StoreUnavailable: the database broke, filled up or stayed locked.
        """
        try:
            with self.engine.connect() as conn:
                if write:
                    conn = conn.execution_options(sqlite_begin="IMMEDIATE")
                if snapshot and conn.dialect.name == "postgresql":
                    conn = conn.execution_options(isolation_level="REPEATABLE READ")
                with conn.begin():
                    yield conn
        except database_errors(self.engine) as error:
            raise StoreUnavailable(explain(error, self.engine.url)) from error

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def default_path() -> Path:
    """The SQLite file in the user's data folder that is used when nothing is named."""
    from platformdirs import user_data_dir

    return Path(user_data_dir("strategy-copilot", appauthor=False)) / "store.db"


def open_store(url: str | Path | None = None) -> Store:
    """Open a store, making and migrating its tables on first use.

    Args:
        url: `sqlite:///PATH`, `postgresql+psycopg://...`, a bare path (SQLite), or None for the default file.

    Raises:
        InvalidInput: the URL or path cannot be read or names another kind of database.
        MissingExtra: PostgreSQL without its driver.
        StoreUnavailable: the database cannot be opened or migrated.
    """
    parsed = _parse(url)
    # `file:` is SQLite's own kind of URL, which says itself whether a file may be made.
    if parsed.database and parsed.get_backend_name() == "sqlite" and not parsed.database.startswith("file:"):
        _make_folder(Path(parsed.database))
    try:
        engine = create_engine(parsed, hide_parameters=True, connect_args=_connect_args(parsed))
    except (ImportError, NoSuchModuleError):
        raise MissingExtra("postgres", "a PostgreSQL store") from None
    except (ArgumentError, ValueError):
        raise InvalidInput(
            "db", _EXPECTED, f"{parsed.drivername}://… with options that cannot be read"
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    broken: tuple[type[Exception], ...] = (*database_errors(engine), OSError, ValueError)
    try:
        migrate(engine)
    except broken as error:
        # Not from the error: what a driver says may hold a password.
        engine.dispose()
        raise StoreUnavailable(explain(error, parsed)) from None
    except StoreUnavailable:
        engine.dispose()
        raise
    return Store(url=_masked(parsed), engine=engine)


def _parse(name: str | Path | None) -> URL:
    url = "" if name is None else str(name)
    if not url.strip():
        return URL.create("sqlite", database=str(default_path()))
    if "://" not in url:
        return _parse_path(url)
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text itself is left out on purpose: it may hold a password.
        raise InvalidInput("db", _EXPECTED, f"{url.split('://')[0]}://… that cannot be read") from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise InvalidInput("db", _EXPECTED, f"{parsed.drivername}://…")
    return parsed


def _parse_path(path: str) -> URL:
    kind, colon, _ = path.partition(":")
    if colon and kind.casefold() in ("sqlite", "postgres", "postgresql"):
        raise InvalidInput("db", _EXPECTED, f"{kind}:… without ://")
    if "\0" in path:
        raise InvalidInput("db", _EXPECTED, path)
    try:
        return URL.create("sqlite", database=str(Path(path).expanduser()))
    except RuntimeError:
        raise InvalidInput("db", "a path in a home folder that exists", path) from None


_EXPECTED = "a path, sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME"


def _connect_args(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"timeout": _BUSY_SECONDS}
    return {} if "connect_timeout" in url.query else {"connect_timeout": 10}


def _make_folder(path: Path) -> None:
    try:
        is_folder = path.is_dir()
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"the folder {shorten(str(path.parent), 200)} for the store cannot be made or used "
            f"({error.strerror}): name another place with --db or COPILOT_DB"
        ) from None
    if is_folder:
        raise StoreUnavailable(
            f"the store {path} is a folder: name a file in it with --db {path / 'store.db'}"
        )


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own way of opening transactions leaves DDL outside them; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    _enter_wal(connection)


def _enter_wal(connection: sqlite3.Connection) -> None:
    # Two processes that open a new file at once collide here, and SQLite does not wait for this one.
    for attempt in range(50):
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except sqlite3.OperationalError as error:
            if "readonly" in str(error):
                return
            if "locked" not in str(error) or attempt == 49:
                raise
            time.sleep(0.02)


def _begin_sqlite(conn: Connection) -> None:
    mode = conn.get_execution_options().get("sqlite_begin", "DEFERRED")
    conn.exec_driver_sql(f"BEGIN {mode}")


def _masked(url: URL) -> str:
    hidden = {name: _SECRET for name in url.query if "password" in name.lower() or "secret" in name.lower()}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


def database_errors(engine: Engine) -> tuple[type[Exception], ...]:
    """What a failing database raises: through SQLAlchemy, or straight from the driver where rows are many.

    A damaged file may hold text that is none, which the driver then cannot decode.
    """
    driver: Any = engine.dialect.loaded_dbapi
    return DBAPIError, NoConnectionLeft, UnicodeDecodeError, driver.Error


def explain(error: Exception, url: URL) -> str:
    """What went wrong with a database and what to do, without its password."""
    lines = str(getattr(error, "orig", error)).strip().splitlines()
    reason = lines[0] if lines else "no reason given"
    for secret in _secrets(url):
        reason = reason.replace(secret, _SECRET)
    return f"the store {_masked(url)} cannot be used ({reason}): {_advice(reason, url)}"


def _secrets(url: URL) -> list[str]:
    values = [str(url.password or "")]
    for name, value in url.query.items():
        if "password" in name.lower() or "secret" in name.lower():
            values += [value] if isinstance(value, str) else list(value)
    return sorted((value for value in values if value), key=len, reverse=True)


def _advice(reason: str, url: URL) -> str:
    if any(sign in reason for sign in ("not a database", "malformed", "decode")):
        return "the file is no SQLite database or is damaged; name another with --db, or restore a backup"
    if _FOREIGN.search(reason):
        return "it holds the tables of something else or is damaged; name another with --db"
    if "QueuePool" in reason:
        return "too many requests at once; try again"
    if "constraint" in reason.casefold():
        return "nothing was changed; this should not happen, please report it"
    if "locked" in reason:
        return "another process is writing to it; try again when it is done"
    if "full" in reason:
        return "free some disk space and try again"
    if "readonly" in reason:
        return "it can be read but not written; check its permissions or name another with --db"
    if url.get_backend_name() == "sqlite":
        return "check the path and its permissions, or name another with --db or COPILOT_DB"
    return "check that the server runs and that host, user and database of --db or COPILOT_DB are right"
