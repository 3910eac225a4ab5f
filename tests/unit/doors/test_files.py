"""Files that people hand in and take away."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from copilot.doors.files import as_json, parse_brief, read_lines, read_text, write_csv
from copilot.errors import InvalidInput


def test_no_cell_is_taken_for_a_formula_and_numbers_stay_numbers(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_csv(path, ("id", "value"), [("=1+1", -1.5), ("@cmd", 2), ("plain", "-3"), ("\t=1", "+4+cmd")])
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1:] == [["'=1+1", "-1.5"], ["'@cmd", "2"], ["plain", "-3"], ["'\t=1", "'+4+cmd"]]


def test_a_brief_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "brief.json"
    path.write_bytes(b'\xef\xbb\xbf{"categories": ["tea"]}')
    assert parse_brief(read_text(path), path.name).categories == ("tea",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "{"),
        ("a.json", "[1]"),
        ("a.yaml", "a: [1"),
        ("a.yaml", "just text"),
        ("a.json", '{"budget": NaN}'),
    ],
)
def test_a_brief_that_cannot_be_read_is_named(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=name):
        parse_brief(read_text(path), path.name)


def test_yaml_makes_no_objects(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text("!!python/object/apply:os.system ['true']", encoding="utf-8")
    with pytest.raises(InvalidInput):
        parse_brief(read_text(path), path.name)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    path.write_bytes(b"\xff\xfe{")
    with pytest.raises(InvalidInput, match=r"drafts\.jsonl"):
        read_lines(path)


def test_blank_lines_are_no_drafts(tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    path.write_text("{}\n\n  \n{}\n", encoding="utf-8")
    assert read_lines(path) == ["{}", "{}"]


def test_json_never_holds_nan() -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json({"value": float("nan")})


def test_standard_input_may_be_yaml_too() -> None:
    assert parse_brief("categories: [tea]", "-").categories == ("tea",)
    assert parse_brief('{"categories": ["tea"]}', "-").categories == ("tea",)


def test_a_field_that_is_there_twice_is_named() -> None:
    with pytest.raises(InvalidInput, match="budget is there twice"):
        parse_brief('{"budget": 5, "budget": 6}', "brief.json")
