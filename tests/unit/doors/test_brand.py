"""`copilot brand`: what a marketer gets told of a text, and of the kit it is held against."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from copilot.doors.cli import main

KIT = Path(__file__).resolve().parents[3] / "examples" / "brand.toml"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `copilot brand` with arguments: exit status, standard output, standard error."""

    def command(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["brand", *map(str, arguments)])
        printed = capsys.readouterr()
        return int(stopped.value.code or 0), printed.out, printed.err

    return command


def test_honest_copy_is_clean(run: Any) -> None:
    status, out, _ = run("check", "Fresh bread, {discount} off until {ends_on}.")

    assert (status, out) == (0, "nothing amiss\n")


def test_each_finding_tells_its_place_why_and_what_to_write(run: Any) -> None:
    status, out, _ = run("check", "Fresh bread.\nThe best bread, was {price}.")

    assert status == 1
    assert out.splitlines()[0] == 'line 2, character 1: absolute term "The best"'
    assert 'line 2, character 17: prior price "was {price}"' in out
    assert "    why: a price before must be the lowest of 30 days: Directive 98/6/EC art. 6a" in out
    assert "    instead: write {prior_price}" in out


def test_json_has_the_documented_shape(run: Any) -> None:
    status, out, _ = run("check", "您好：\n史上最低价", "--language", "zh", "--json", "--brand", KIT)
    (finding,) = (data := json.loads(out))["findings"]

    assert status == 1
    assert {name: data[name] for name in ("language", "channel", "brand", "judged")} == {
        "language": "zh",
        "channel": None,
        "brand": "Linden & Loaf",
        "judged": True,
    }
    assert set(finding) == {"rule", "kind", "line", "character", "words", "why", "instead"}
    assert (finding["rule"], finding["line"], finding["character"], finding["words"]) == (
        "copy_claims",
        2,
        1,
        "史上最低",
    )


def kinds(out: str) -> list[tuple[str, str]]:
    return [(one["kind"], one["words"]) for one in json.loads(out)["findings"]]


def test_a_kit_bans_and_proves(run: Any) -> None:
    text = "Our award-winning sourdough: cheaper, and the healthiest bread of the country"

    _, without, _ = run("check", text, "--json")
    _, held, _ = run("check", text, "--json", "--brand", KIT)

    assert ("unproven popularity", "award-winning") in kinds(without)
    assert kinds(held) == [
        ("banned word", "cheaper"),
        ("unproven claim", "the healthiest bread of the country"),
    ]


def test_a_part_of_a_message_owes_no_phrases_and_a_whole_one_does(run: Any) -> None:
    part = run("check", "Warm rolls", "--brand", KIT)
    _, out, _ = run(
        "check",
        "Warm rolls, 20% off at rolls.example, {pricee}",
        "--brand",
        KIT,
        "--channel",
        "email",
        "--json",
    )

    assert part[0] == 0
    assert kinds(out) == [
        ("percentage", "20%"),
        ("address", "rolls.example"),
        ("slot", "{pricee}"),
        ("missing phrase", "Baked in Utrecht"),
        ("missing phrase", "Allergens: see the label"),
    ]
    percentage = json.loads(out)["findings"][0]
    assert "needs a slot" in percentage["why"]
    assert percentage["instead"] == "write {discount}"


def test_copy_comes_from_a_file_or_standard_input(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "copy.txt"
    file.write_text("Hurry!", encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO("Hurry!"))

    assert run("check", "--file", file)[0] == 1
    assert run("check", "-")[0] == 1


def test_a_language_without_rules_is_told_so(run: Any) -> None:
    status, out, err = run("check", "Hurry, das beste Brot", "--language", "de", "--json")

    assert status == 0
    assert json.loads(out)["judged"] is False
    assert "no rules for claims in de" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check"], "as TEXT or by --file, one of them"),
        (["check", "x", "--file", "y"], "as TEXT or by --file, one of them"),
        (["check", " "], "expected copy to check"),
        (["check", "x", "--channel", "fax"], "one of email, sms, push, onsite, ads, not fax"),
        (["check", "x", "--language", "English"], "language: expected"),
        (["check", "x", "--brand", "nowhere.toml"], "expected a TOML file that can be read"),
        (["check", "--file", "nowhere.txt"], "expected a readable UTF-8 file"),
        (["show"], "no brand kit is set"),
        (["show", "--brand", str(KIT), "--language", "x"], "language: expected"),
    ],
)
def test_a_wrong_call_is_told_and_is_status_two(run: Any, arguments: list[str], told: str) -> None:
    status, out, err = run(*arguments)

    assert (status, out) == (2, "")
    assert told in " ".join(err.split())


def test_the_kit_in_force_is_shown_whole_or_for_a_language(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_BRAND", str(KIT))

    _, whole, _ = run("show")
    _, english, _ = run("show", "--language", "en-GB", "--json")
    sections = json.loads(english)["sections"]

    assert "the healthiest bread of the country (proof: none, so it may not be said)" in whole
    assert "过敏原信息见标签 (email, onsite)" in whole
    assert list(sections) == ["en-GB"]
    assert sections["en-GB"]["banned"][:2] == ["Bread4You", "cheap"]


def test_a_language_that_the_kit_lacks_is_told(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "kit.toml"
    file.write_text("[zh]\nbanned = ['x']", encoding="utf-8")

    status, _, err = run("show", "--brand", file, "--language", "en")

    assert status == 2
    assert "nothing for en" in " ".join(err.split())
