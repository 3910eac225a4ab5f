"""Bring a database to the newest revision. Alembic is loaded only when there is something to do."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select, table, text
from sqlalchemy import column as sql_column

from copilot.errors import StoreUnavailable

__all__ = ["HEAD", "migrate"]

HEAD = "0002"

_FOLDER = Path(__file__).parent / "migrations"
# Any constant will do, as long as every process of ours asks for the same one.
_POSTGRES_LOCK = 7_305_411_229


def migrate(engine: Engine) -> None:
    """Make or upgrade the tables. Cheap when they are up to date; safe when two processes do it at once.

    Raises:
        StoreUnavailable: the store was written by a newer version of this package.
    """
    with engine.connect() as conn:
        if _revision(conn) == HEAD:
            return
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as conn, conn.begin():
        if conn.dialect.name == "postgresql":
            conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
        # Somebody else may have done it while this process waited for the lock.
        if _revision(conn) != HEAD:
            _upgrade(conn)


def _revision(conn: Connection) -> str | None:
    if not inspect(conn).has_table("alembic_version"):
        return None
    found = conn.execute(select(table("alembic_version", sql_column("version_num")))).scalar()
    return None if found is None else str(found)


def _upgrade(conn: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = conn
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnavailable(
            f"the store is at revision {_revision(conn)}, this version of the copilot knows up to {HEAD}: "
            f"upgrade strategy-copilot, or name another store with --db ({error})"
        ) from None
