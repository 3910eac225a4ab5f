"""Header maps: which file is which, which of their columns is which of ours, which rows are left out.

A map is YAML, read as plain data:

    files:
      orders:
        source: orders_export*.csv            # a name or pattern inside the folder, or a list of them
        columns: {order_id: Name, ...}        # ours: theirs, or an expression (see `expressions`)
        fill_down: {by: Name, columns: [Email]}   # an empty cell takes the value of the row above
        skip_rows: [{column: Status, in: [voided]}, {column: Price, empty: true}]
      customers:
        other_columns: keep                   # or drop: what is not named is not read
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from copilot.errors import InvalidInput, UnknownName
from copilot.shop.ingest.expressions import Expression, parse_expression
from copilot.shop.ingest.headers import normal
from copilot.shop.ingest.schema import FILES

__all__ = ["Columns", "FileMap", "RowState", "bundled_maps", "read_map"]

Columns = dict[str, list[str]]

_LARGEST_MAP = 1_000_000
_KEYS = ("source", "columns", "fill_down", "skip_rows", "other_columns")


@dataclass
class RowState:
    """What is remembered from one batch to the next: the last key and values of `fill_down`."""

    key: str | None = None
    last: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FileMap:
    """The map of one kind of rows. An empty one leaves the columns as they are."""

    sources: tuple[str, ...]
    columns: Mapping[str, Expression] = field(default_factory=dict)
    keep_others: bool = True
    fill_by: Expression | None = None
    fill: tuple[str, ...] = ()
    skips: tuple[Callable[[Columns, int], list[bool]], ...] = ()

    def names(self, theirs: Sequence[str]) -> list[str]:
        """Our columns that a file with these columns gives."""
        have = set(theirs)
        made = [name for name, expression in self.columns.items() if expression.available(have)]
        if not self.keep_others:
            return made
        used = set(self.columns).union(*(expression.reads for expression in self.columns.values()))
        return made + [name for name in theirs if name not in used]

    def apply(
        self, theirs: Columns, lines: list[int], wanted: Sequence[str], state: RowState
    ) -> tuple[Columns, list[int]]:
        """A batch of theirs as a batch of ours, without the rows that the map skips."""
        if self.fill_by is not None:
            theirs = self._filled(theirs, len(lines), state)
        if self.skips:
            theirs, lines = self._kept(theirs, lines)
        rows = len(lines)
        return {name: self._values(name, theirs, rows) for name in wanted}, lines

    def _values(self, name: str, theirs: Columns, rows: int) -> list[str]:
        return list(self.columns[name].values(theirs, rows)) if name in self.columns else theirs[name]

    def _filled(self, theirs: Columns, rows: int, state: RowState) -> Columns:
        assert self.fill_by is not None
        keys = self.fill_by.values(theirs, rows)
        filled = {name: list(theirs[name]) for name in self.fill if name in theirs}
        for place, key in enumerate(keys):
            same = key == state.key
            for name, values in filled.items():
                if same and not values[place].strip():
                    values[place] = state.last.get(name, "")
                else:
                    state.last[name] = values[place]
            state.key = key
        return theirs | filled

    def _kept(self, theirs: Columns, lines: list[int]) -> tuple[Columns, list[int]]:
        out = [skip(theirs, len(lines)) for skip in self.skips]
        keep = [not any(row) for row in zip(*out, strict=True)]
        if all(keep):
            return theirs, lines
        kept = {n: [v for v, ok in zip(values, keep, strict=True) if ok] for n, values in theirs.items()}
        return kept, [line for line, ok in zip(lines, keep, strict=True) if ok]


def bundled_maps() -> dict[str, str]:
    """The maps that come with the copilot: name and YAML text."""
    folder = resources.files(__package__).joinpath("maps")
    found = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name
    )
    return {item.name.removesuffix(".yaml"): item.read_text(encoding="utf-8") for item in found}


def read_map(mapping: Path | str | None) -> dict[str, FileMap]:
    """The map of every kind of file; None is the map of an export in our own format.

    Raises:
        UnknownName: neither a file nor a bundled map.
        InvalidInput: not a map, or one that names what does not exist.
    """
    plain = {name: FileMap((schema.source,)) for name, schema in FILES.items()}
    if mapping is None:
        return plain
    data = _load(mapping)
    files = data.get("files")
    if not isinstance(files, Mapping) or not files:
        raise InvalidInput("files", f"a map of {', '.join(FILES)}", files, where="map")
    unknown = [str(name) for name in files if name not in FILES]
    if unknown:
        raise InvalidInput("files", f"one of {', '.join(FILES)}", ", ".join(unknown), where="map")
    return plain | {str(name): _file_map(str(name), part) for name, part in files.items()}


def _load(mapping: Path | str) -> Mapping[str, Any]:
    import yaml

    try:
        data = yaml.safe_load(_text(mapping))
    except (yaml.YAMLError, RecursionError) as error:
        raise InvalidInput("map", "readable YAML", str(error), where=str(mapping)) from None
    if not isinstance(data, Mapping):
        raise InvalidInput("map", "YAML with `files:`", type(data).__name__, where=str(mapping))
    return data


def _text(mapping: Path | str) -> str:
    bundled = bundled_maps()
    if str(mapping) in bundled:
        return bundled[str(mapping)]
    path = Path(mapping)
    if not path.is_file():
        raise UnknownName("map", str(mapping), sorted(bundled), hint="give a YAML file or one of these names")
    if path.stat().st_size > _LARGEST_MAP:
        raise InvalidInput("map", f"at most {_LARGEST_MAP} bytes", path.stat().st_size, where=path.name)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("encoding", "UTF-8 text", "other bytes", where=path.name) from None


def _file_map(kind: str, data: Any) -> FileMap:
    where = f"map, {kind}"
    if not isinstance(data, Mapping) or set(data) - set(_KEYS):
        raise InvalidInput(kind, f"only {', '.join(_KEYS)}", data, where="map")
    columns = data.get("columns") or {}
    if not isinstance(columns, Mapping):
        raise InvalidInput("columns", "our column: their column", columns, where=where)
    _require_known(kind, [str(name) for name in columns], where)
    others = data.get("other_columns", "keep")
    if others not in ("keep", "drop"):
        raise InvalidInput("other_columns", "keep or drop", others, where=where)
    fill = data.get("fill_down") or {}
    return FileMap(
        sources=_sources(kind, data.get("source"), where),
        columns={
            normal(str(name)): parse_expression(part, where=f"{where}, {name}")
            for name, part in columns.items()
        },
        keep_others=others == "keep",
        fill_by=parse_expression(fill["by"], where=where) if "by" in fill else None,
        fill=tuple(normal(str(name)) for name in fill.get("columns", ())),
        skips=tuple(_skip(part, where) for part in data.get("skip_rows") or ()),
    )


def _require_known(kind: str, names: list[str], where: str) -> None:
    # Customers may have any attribute; elsewhere an unknown name is a slip of the pen.
    known = [field.name for field in FILES[kind].fields]
    wrong = [name for name in names if normal(name) not in known]
    if wrong and kind != "customers":
        raise InvalidInput("columns", f"columns of {kind}: {', '.join(known)}", ", ".join(wrong), where=where)


def _sources(kind: str, data: Any, where: str) -> tuple[str, ...]:
    names = [FILES[kind].source] if data is None else data if isinstance(data, list) else [data]
    if not all(isinstance(name, str) and name for name in names):
        raise InvalidInput("source", "the name of a file or a list of names", data, where=where)
    return tuple(names)


def _skip(data: Any, where: str) -> Callable[[Columns, int], list[bool]]:
    if not isinstance(data, Mapping) or "column" not in data or not ({"in", "empty", "filled"} & set(data)):
        raise InvalidInput(
            "skip_rows",
            "{column: NAME, in: [values]}, {…, empty: true} or {…, filled: true}",
            data,
            where=where,
        )
    expression = parse_expression(data["column"], where=where)
    if "in" in data:
        wanted = {str(value).casefold() for value in data["in"]}
        return lambda columns, rows: [
            v.strip().casefold() in wanted for v in expression.values(columns, rows)
        ]
    empty = bool(data.get("empty"))
    # A column that the file does not have says nothing about its rows.
    return lambda columns, rows: [
        expression.available(set(columns)) and (not v.strip()) == empty
        for v in expression.values(columns, rows)
    ]
