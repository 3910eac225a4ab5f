"""Files that people hand in and take away: briefs, drafts, CSV. Everything in them is untrusted."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from copilot.domain.brief import CampaignBrief
from copilot.domain.noun import parse
from copilot.errors import InvalidInput

__all__ = ["as_json", "parse_brief", "plain_cell", "read_lines", "read_text", "write_csv"]

_SIGNED = re.compile(r"[+-]\d+([.,]\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def parse_brief(text: str, name: str) -> CampaignBrief:
    """A brief from the text of a file of this name: JSON, or YAML by its ending or where it is no object.

    Raises:
        InvalidInput: the text is not readable or a field of the brief is wrong.
    """
    if not name.lower().endswith((".yaml", ".yml")) and (name != "-" or text.lstrip().startswith("{")):
        return parse(CampaignBrief, text, where=name)
    import yaml

    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInput("YAML", "a readable YAML mapping", str(error), where=name) from None
    return parse(CampaignBrief, data, where=name)


def read_lines(path: Path) -> list[str]:
    """The lines of a JSON Lines file that are not blank; `-` reads standard input."""
    return [line for line in read_text(path).splitlines() if line.strip()]


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; `-` reads standard input.

    Raises:
        InvalidInput: it cannot be read.
    """
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("file", "a readable UTF-8 file", f"{path.name}: {error}") from None


def plain_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula. Signed numbers stay as they are: ids are joined on."""
    if isinstance(value, str) and value.startswith(_FORMULA) and not _SIGNED.fullmatch(value):
        return f"'{value}"
    return value


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([plain_cell(cell) for cell in row] for row in rows)


def as_json(value: Any) -> str:
    """Nouns, lists and mappings as JSON text without NaN."""
    return json.dumps(value, default=_plain, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")
