"""Check the rows of one file and stage the good ones. What is wrong with the others is remembered by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from copilot.shop.ingest.looks import looks_like_email
from copilot.shop.ingest.rows import BadRow
from copilot.shop.ingest.schema import Field, FileSchema
from copilot.shop.ingest.source import Mapped, Source
from copilot.shop.ingest.values import Column, Parse, identifier, text
from copilot.store import Loading, hash_value, tidy_email

__all__ = ["StagedFile", "stage_file"]

_NOT_DIGITS = re.compile(r"\D+")


@dataclass
class StagedFile:
    """A file whose good rows are staged. `reasons` says by line what is wrong with the others."""

    schema: FileSchema
    source: Source
    read: int = 0
    skipped: int = 0
    reasons: dict[int, str] = field(default_factory=dict)
    broken: dict[int, BadRow] = field(default_factory=dict)

    def reject(self, line: int, reason: str) -> None:
        """Remember that a line does not go in."""
        self.reasons[line] = reason


def stage_file(
    load: Loading,
    schema: FileSchema,
    source: Source,
    attributes: Sequence[str],
    key: bytes | None,
    on_rows: Callable[[int], None],
) -> StagedFile:
    """Stage one file. `key` hashes what is personal; None keeps it as it is."""
    staged = StagedFile(schema, source)
    given = source.columns()
    fields = [
        field for field in schema.fields if field.name in given or field.empty is not None or schema.whole
    ]
    columns = [Column(f.name, _parse(f, key), filled=f.filled, private=f.personal) for f in fields]
    columns += [Column(name, text) for name in attributes]
    names = _staged_names([column.name for column in columns])
    load.stage(schema.name, names)
    for batch in source.batches():
        values, good = _check(batch, columns, fields, staged)
        if "copy_id" in names:
            values["copy_id"], texts = _copies(values, len(batch.lines))
            load.add_copies(texts)
        rows = zip(batch.lines, *(values[name] for name in names), strict=True)
        load.add(
            schema.name, rows if good is None else [row for row, ok in zip(rows, good, strict=True) if ok]
        )
        on_rows(staged.read)
    return staged


def _check(
    batch: Mapped, columns: Sequence[Column], fields: Sequence[Field], staged: StagedFile
) -> tuple[dict[str, list[Any]], list[bool] | None]:
    """The batch as values, and which rows are good (None: all of them)."""
    problems: dict[int, list[str]] = {}
    blank = [""] * len(batch.lines)
    values = {c.name: c.convert(batch.columns.get(c.name, blank), problems) for c in columns}
    if staged.schema.check:
        for place, reason in staged.schema.check(values):
            # What cannot be read is reason enough; what follows from it would only confuse.
            problems.setdefault(place, [reason])
    for one in fields:
        if one.empty is not None:
            values[one.name] = [one.empty if value is None else value for value in values[one.name]]
    staged.read += len(batch.lines) + len(batch.bad)
    staged.skipped += batch.skipped
    for row in batch.bad:
        staged.reject(row.line, row.reason)
        staged.broken[row.line] = row
    for place, reasons in problems.items():
        staged.reject(batch.lines[place], "; ".join(reasons))
    good = [place not in problems for place in range(len(batch.lines))] if problems else None
    return values, good


def _staged_names(names: Sequence[str]) -> list[str]:
    if not {"subject", "body"} & set(names):
        return list(names)
    return [name for name in names if name not in ("subject", "body")] + ["copy_id"]


def _copies(
    values: Mapping[str, list[Any]], rows: int
) -> tuple[list[str | None], dict[str, tuple[str, str]]]:
    """For each row the id of its copy (None where it has none), and the texts behind the ids."""
    blank: list[str | None] = [None] * rows
    pairs = [
        (subject or "", body or "")
        for subject, body in zip(values.get("subject", blank), values.get("body", blank), strict=True)
    ]
    ids = {pair: _copy_id(*pair) for pair in set(pairs) if any(pair)}
    return [ids.get(pair) for pair in pairs], {copy_id: pair for pair, copy_id in ids.items()}


def _copy_id(subject: str, body: str) -> str:
    return blake2b(f"{len(subject)}:{subject}{body}".encode(), digest_size=12).hexdigest()


def _parse(field_: Field, key: bytes | None) -> Parse:
    if key is None:
        return field_.parse
    if field_.name == "customer_id":
        return lambda value: (
            hash_value(key, tidy_email(value)) if looks_like_email(value) else identifier(value)
        )
    if field_.personal:
        tidy = _TIDY[field_.name]
        return lambda value: hash_value(key, tidy(value))
    return field_.parse


def _tidy_phone(value: str) -> str:
    return _NOT_DIGITS.sub("", value)


def _tidy_name(value: str) -> str:
    return " ".join(value.casefold().split())


_TIDY: dict[str, Callable[[str], str]] = {"email": tidy_email, "phone": _tidy_phone, "name": _tidy_name}
