"""Trained predictors belong to their store: kept as named parts, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from copilot.errors import DamagedPredictor, NotTrained, UnknownName
from copilot.store.damage import load_json
from copilot.store.tables import predictor_parts, predictors
from copilot.store.times import to_micros

__all__ = ["load_predictor", "newest_predictor", "predictor_metrics", "save_predictor"]


def save_predictor(
    conn: Connection,
    version: str,
    parts: Mapping[str, bytes],
    metrics: Mapping[str, float],
    trained_at: datetime,
) -> None:
    """Keep a trained predictor; the same version saved again replaces the earlier one."""
    conn.execute(delete(predictor_parts).where(predictor_parts.c.version == version))
    conn.execute(delete(predictors).where(predictors.c.version == version))
    conn.execute(
        insert(predictors),
        {"version": version, "trained_at": to_micros(trained_at), "metrics": _json(metrics)},
    )
    rows = [{"version": version, "name": name, "content": bytes(part)} for name, part in parts.items()]
    if rows:
        conn.execute(insert(predictor_parts), rows)


def load_predictor(conn: Connection, version: str | None = None) -> tuple[str, dict[str, bytes]]:
    """A predictor's version and parts; the one trained last unless a version is named.

    Raises:
        NotTrained: the store holds none.
        UnknownName: it holds none of that version.
        DamagedPredictor: a part is not of bytes.
    """
    known = _versions(conn)
    if not known:
        raise NotTrained
    if version is not None and version not in known:
        raise UnknownName("predictor version", version, known)
    chosen = version or known[0]
    rows = conn.execute(
        select(predictor_parts.c.name, predictor_parts.c.content).where(predictor_parts.c.version == chosen)
    )
    parts = {row.name: row.content for row in rows}
    for name, content in parts.items():
        # SQLite keeps whatever was put into a column, of any type.
        if not isinstance(content, bytes | memoryview):
            raise DamagedPredictor(f"part {name} is {type(content).__name__}; run `copilot train` again")
    return chosen, {name: bytes(content) for name, content in parts.items()}


def newest_predictor(conn: Connection) -> str:
    """The version trained last, without its parts: cheap enough to ask before every forecast.

    Raises:
        NotTrained: the store holds none.
    """
    known = _versions(conn)
    if not known:
        raise NotTrained
    return known[0]


def predictor_metrics(conn: Connection, version: str) -> dict[str, float | None]:
    """The held-out figures that were saved with a predictor; None where one was not a number.

    Raises:
        UnknownName: no such version.
    """
    found = conn.execute(select(predictors.c.metrics).where(predictors.c.version == version)).scalar()
    if found is None:
        raise UnknownName("predictor version", version, _versions(conn))
    metrics = load_json(found, f"the figures of predictor {version}")
    return {str(name): value for name, value in metrics.items()}


def _versions(conn: Connection) -> list[str]:
    newest = predictors.c.trained_at.desc(), predictors.c.version.desc()
    return [
        str(version) for version in conn.execute(select(predictors.c.version).order_by(*newest)).scalars()
    ]


def _json(metrics: Mapping[str, float]) -> str:
    # NaN is not JSON: a figure that does not exist is null.
    finite = {name: float(value) if _finite(value) else None for name, value in metrics.items()}
    return json.dumps(finite, allow_nan=False)


def _finite(value: float) -> bool:
    return value is not None and abs(float(value)) < float("inf")
