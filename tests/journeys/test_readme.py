"""The README is run: its shell blocks and its Python blocks, in order, in a folder with a small demo shop.

A block that cannot run here stands below `<!-- not run: reason -->` and is skipped with that reason.
`make` targets are only looked up, since running the suite from the suite would not end. The README's brief is
the folder's `brief.json`.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from copilot.domain import CampaignBrief, parse
from copilot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^(?:<!-- not run: (?P<reason>.+?) -->\n+)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)
DRAFTS = (
    {"draft_id": "a", "channel": "email", "offer": {"type": "percent_off", "value": 10, "min_spend": 40}},
    {"draft_id": "b", "channel": "email", "category": "beauty", "offer": {"type": "none"}},
)


class Block(NamedTuple):
    """A fenced block of the README and the line it stands on."""

    line: int
    language: str
    text: str
    reason: str | None


def blocks(*languages: str) -> list[Block]:
    """Blocks in one of these languages, in order."""
    found = [
        Block(README.count("\n", 0, match.start("text")), match["language"], match["text"], match["reason"])
        for match in BLOCK.finditer(README)
    ]
    return [block for block in found if block.language in languages]


def written_brief() -> dict[str, Any]:
    """The first JSON block that is a brief."""
    briefs = [json.loads(block.text) for block in blocks("json")]
    return next(data for data in briefs if set(data) <= set(CampaignBrief.model_fields))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `export/`, `brief.json`, `drafts.jsonl` and a trained store."""
    place = tmp_path_factory.mktemp("readme")
    (place / "brief.json").write_text(json.dumps(written_brief()), encoding="utf-8")
    (place / "drafts.jsonl").write_text("\n".join(map(json.dumps, DRAFTS)), encoding="utf-8")
    run(["copilot", "demo", "--customers", "600", "--folder", "."], place)
    return place


def run(command: list[str], folder: Path) -> str:
    """Run a command as a person would in that folder, and return what it prints."""
    scripts = Path(sys.executable).parent
    environment = os.environ | {
        "COPILOT_DB": f"sqlite:///{(folder / 'copilot.db').resolve()}",
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("block", blocks("sh", "python"), ids=lambda block: f"line {block.line}")
def test_what_the_readme_says_to_type_works(block: Block, request: pytest.FixtureRequest) -> None:
    if block.reason:
        pytest.skip(f"README line {block.line}: {block.reason}")
    lines = [line for line in block.text.splitlines() if line.strip()]
    if block.language == "sh" and all(line.startswith("make ") for line in lines):
        for line in lines:
            run([*shlex.split(line, comments=True), "--dry-run"], ROOT)
        return
    folder = request.getfixturevalue("folder")
    if block.language == "python":
        run([sys.executable, "-W", "error", "-c", block.text], folder)
    else:
        run(["bash", "-euo", "pipefail", "-c", block.text], folder)


def test_the_readme_has_a_brief_that_is_one() -> None:
    assert parse(CampaignBrief, written_brief()).audience


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_in_the_readme(name: str) -> None:
    field = Settings.model_fields[name]
    assert f"`{field.alias or f'COPILOT_{name.upper()}'}`" in README


def test_every_command_is_in_the_readme() -> None:
    from typer.main import get_command

    from copilot.doors.cli import app

    commands = get_command(app).commands
    missing = [name for name in commands if not re.search(rf"`?copilot {name}\b|`{name}`", README)]
    assert not missing
