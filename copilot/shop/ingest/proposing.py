"""Propose a map for headers nobody described: by what columns are called, and whether their values fit.

A proposal is a start for a person to correct, never something that is loaded by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from copilot.errors import InvalidInput
from copilot.shop.ingest.lines import check_text
from copilot.shop.ingest.rows import read_batches, read_header
from copilot.shop.ingest.schema import FILES, Field, FileSchema
from copilot.shop.ingest.values import BadValue

__all__ = ["propose_map"]

_LOOKED_AT = 200
_CLOSE_ENOUGH = 0.8
_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class _Sample:
    path: Path
    columns: Mapping[str, Sequence[str]]


@cache
def _synonyms() -> dict[str, dict[str, list[str]]]:
    import yaml

    text = resources.files(__package__).joinpath("synonyms.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return loaded


def propose_map(paths: Sequence[Path]) -> str:
    """A map for these CSV files as YAML text; what could not be guessed is left as a comment."""
    samples = [sample for sample in map(_sample, paths) if sample is not None]
    chosen: dict[str, tuple[float, _Sample, dict[str, str]]] = {}
    for sample in samples:
        fits = {kind: _match(schema, sample) for kind, schema in FILES.items()}
        scores = {kind: _score(FILES[kind], sample, found) for kind, found in fits.items()}
        kind = max(scores, key=lambda name: scores[name])
        if scores[kind] > chosen.get(kind, (0.0,))[0]:
            chosen[kind] = (scores[kind], sample, fits[kind])
    parts = [_part(FILES[kind], chosen[kind][1], chosen[kind][2]) for kind in FILES if kind in chosen]
    return "files:\n" + "".join(parts or ["  {}  # no CSV file here looks like part of a shop export\n"])


def _sample(path: Path) -> _Sample | None:
    try:
        check_text(path)
        header, delimiter = read_header(path)
    except InvalidInput:
        return None
    batch = next(iter(read_batches(path, len(header), delimiter)), None)
    rows = batch.columns if batch else [[] for _ in header]
    return _Sample(path, {name.strip(): rows[place][:_LOOKED_AT] for place, name in enumerate(header)})


def _match(schema: FileSchema, sample: _Sample) -> dict[str, str]:
    """Ours to theirs, the surest pairs first; each column of theirs is used once."""
    pairs = [
        (_likeness(schema.name, field, theirs, values), -place, field.name, theirs)
        for place, field in enumerate(schema.fields)
        for theirs, values in sample.columns.items()
        if theirs
    ]
    found: dict[str, str] = {}
    for likeness, _, ours, theirs in sorted(pairs, reverse=True):
        if likeness >= _CLOSE_ENOUGH and ours not in found and theirs not in found.values():
            found[ours] = theirs
    return found


def _likeness(kind: str, field: Field, theirs: str, values: Sequence[str]) -> float:
    if not _fits(field, values):
        return 0.0
    name = _bare(theirs)
    if name == _bare(field.name):
        return 1.0
    others = [_bare(synonym) for synonym in _synonyms()[kind].get(field.name, ())]
    if name in others:
        # An earlier synonym is the likelier meaning.
        return 0.99 - others.index(name) / 1000
    return 0.9 * max(SequenceMatcher(None, name, other).ratio() for other in [_bare(field.name), *others])


def _fits(field: Field, values: Sequence[str]) -> bool:
    filled = [value.strip() for value in values if value.strip()]
    good = 0
    for value in filled:
        try:
            field.parse(value.replace(",", "."))
        except BadValue:
            continue
        good += 1
    # Dates and numbers may be written in ways that the map must say; words never become either.
    return good >= 0.5 * len(filled) or all(any(map(str.isdigit, value)) for value in filled)


def _score(schema: FileSchema, sample: _Sample, found: Mapping[str, str]) -> float:
    named = 0.5 if schema.name.rstrip("s") in sample.path.stem.casefold() else 0.0
    required = sum(name in found for name in schema.required) / len(schema.required)
    return required + named + len(found) / 100 if required >= 0.5 or named else 0.0


def _part(schema: FileSchema, sample: _Sample, found: Mapping[str, str]) -> str:
    lines = [f"  {schema.name}:", f"    source: {_quoted(sample.path.name)}", "    columns:"]
    for field in schema.fields:
        if field.name in found:
            lines.append(f"      {field.name}: {_quoted(found[field.name])}")
        elif field.required:
            lines.append(f"      # {field.name}: WHICH COLUMN?")
    if not found:
        lines[-1] = (
            lines[-1].replace("columns:", "columns: {}") if lines[-1].endswith("columns:") else lines[-1]
        )
    rest = [name for name in sample.columns if name and name not in found.values()]
    if rest and schema.name != "customers":
        lines.append(f"    # not used: {_one_line(', '.join(rest))}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    import json

    # A JSON string is a YAML string: nothing in a header can break out of it.
    return json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)[:300]


def _bare(name: Any) -> str:
    return _PUNCTUATION.sub("", str(name)).casefold()
