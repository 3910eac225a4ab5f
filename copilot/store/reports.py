"""Reports and their strategies: written once, in one transaction, never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, insert, or_, select

from copilot.errors import UnknownName
from copilot.store.damage import damaged, load_json
from copilot.store.tables import records, reports, strategies
from copilot.store.times import from_micros, to_micros

__all__ = ["find_report", "find_run", "find_strategy", "list_reports", "save_report"]


def save_report(
    conn: Connection,
    brief_json: Mapping[str, Any],
    report_json: Mapping[str, Any],
    created_at: datetime,
    predictor_version: str | None,
    extra: Mapping[str, Any] | None = None,
    record_json: Mapping[str, Any] | None = None,
) -> str:
    """Keep a report with the brief it answers, and each of its strategies. Returns the report's id.

    `report_json` is a report as FORMATS has it; `extra` is what else must be known to use it (day,
    lineage); `record_json` what was said and answered on the way. All must be JSON: NaN and infinity are
    refused.
    """
    report_id = f"r_{uuid4().hex[:16]}"
    brief_id = str(report_json["brief_id"])
    row = {
        "report_id": report_id,
        "brief_id": brief_id,
        "created_at": to_micros(created_at),
        "predictor_version": predictor_version,
        "brief": _dump(brief_json),
        "report": _dump(report_json),
        "extra": _dump(extra or {}),
    }
    conn.execute(insert(reports), row)
    if record_json is not None:
        conn.execute(insert(records), {"report_id": report_id, "record": _dump(record_json)})
    rows = [_strategy_row(report_id, brief_id, item) for item in report_json.get("strategies", ())]
    if rows:
        conn.execute(insert(strategies), rows)
    return report_id


def _strategy_row(report_id: str, brief_id: str, item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "strategy_id": item["strategy_id"],
        "report_id": report_id,
        "brief_id": brief_id,
        "rank": item["rank"],
        "as_of": (item.get("forecast") or {}).get("as_of"),
        "author": item["author"],
        "draft": _dump(item["draft"]),
        "forecast": _dump(item["forecast"]),
        "reasons": _dump(item.get("reasons", [])),
        "checks": _dump(item.get("checks", [])),
    }


def find_strategy(conn: Connection, strategy_id: str) -> dict[str, Any]:
    """One strategy with the brief behind it.

    Keys: `strategy_id`, `report_id`, `brief_id`, `rank`, `author`, `as_of`, `draft`, `forecast`, `reasons`,
    `checks`, `brief`, `created_at`, `predictor_version`, `extra`.

    Raises:
        UnknownName: no such strategy; names some that exist.
    """
    query = (
        select(
            strategies,
            reports.c.brief,
            reports.c.created_at,
            reports.c.predictor_version,
            reports.c.extra,
        )
        .join(reports, reports.c.report_id == strategies.c.report_id)
        .where(strategies.c.strategy_id == strategy_id)
    )
    row = conn.execute(query).first()
    if row is None:
        raise UnknownName("strategy", strategy_id, _recent(conn), hint="`copilot list` shows them")
    return _loaded(row, ("draft", "forecast", "reasons", "checks", "brief", "extra"))


def find_report(conn: Connection, name: str) -> dict[str, Any]:
    """A report by its own id or its brief's; the newest where a brief was answered more than once.

    Keys: `report_id`, `brief_id`, `created_at`, `predictor_version`, `brief`, `report`, `extra`.

    Raises:
        UnknownName: no such report.
    """
    named = or_(reports.c.report_id == name, reports.c.brief_id == name)
    # A brief may be called like a report: the report of that id comes first.
    ranked = select(reports).where(named).order_by((reports.c.report_id == name).desc())
    row = conn.execute(_newest(ranked).limit(1)).first()
    if row is None:
        known = [
            str(other) for other in conn.execute(_newest(select(reports.c.brief_id)).limit(12)).scalars()
        ]
        raise UnknownName("report", name, known, hint="`copilot list` shows them")
    return _loaded(row, ("brief", "report", "extra"))


def find_run(conn: Connection, strategy_id: str) -> dict[str, Any]:
    """How the report of a strategy came about.

    Keys: those of `find_report`, and `record`, what was said and answered on the way; None where it was not
    kept.

    Raises:
        UnknownName: no such strategy; names some that exist.
    """
    report_id = find_strategy(conn, strategy_id)["report_id"]
    text = conn.execute(select(records.c.record).where(records.c.report_id == report_id)).scalar()
    record = None if text is None else load_json(text, f"record of report {report_id}")
    return {**find_report(conn, report_id), "record": record}


def list_reports(conn: Connection, limit: int = 50) -> list[dict[str, Any]]:
    """The newest reports, newest first.

    Keys: `report_id`, `brief_id`, `created_at`, `predictor_version`, `status`, `writer` (the model that wrote
    it, or the built-in planner; None where the report does not say), `strategies` (how many), `strategy_ids`
    (best first).
    """
    rows = conn.execute(_newest(select(reports)).limit(limit)).all()
    return [_summary(row) for row in rows]


def _summary(row: Row[Any]) -> dict[str, Any]:
    report = load_json(row.report, f"report {row.report_id}")
    try:
        ids = [item["strategy_id"] for item in report.get("strategies", ())]
        status, writer = report.get("status"), (report.get("models") or {}).get("writer")
    except (AttributeError, KeyError, TypeError) as error:
        raise damaged(f"report {row.report_id}", repr(error)) from None
    return {
        "report_id": row.report_id,
        "brief_id": row.brief_id,
        "created_at": from_micros(row.created_at),
        "predictor_version": row.predictor_version,
        "status": status,
        "writer": writer,
        "strategies": len(ids),
        "strategy_ids": ids,
    }


def _newest(query: Select[Any]) -> Select[Any]:
    return query.order_by(reports.c.created_at.desc(), reports.c.report_id.desc())


def _recent(conn: Connection) -> list[str]:
    query = (
        select(strategies.c.strategy_id)
        .join(reports, reports.c.report_id == strategies.c.report_id)
        .order_by(reports.c.created_at.desc(), strategies.c.rank)
        .limit(12)
    )
    return [str(name) for name in conn.execute(query).scalars()]


def _loaded(row: Row[Any], as_json: tuple[str, ...]) -> dict[str, Any]:
    data = dict(row._mapping)
    for name in as_json:
        data[name] = load_json(data[name], f"{name} of report {data['report_id']}")
    data["created_at"] = from_micros(data["created_at"])
    return data


def _dump(value: Any) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False)
