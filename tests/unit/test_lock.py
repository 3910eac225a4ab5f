"""The lock holds what `make test` installs, and says nothing of the machine it was made on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def extras_of_the_tests() -> list[str]:
    """The extras the Makefile installs for the tests."""
    named = re.search(r"^TEST_EXTRAS := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert named is not None
    return named[1].split(",")


def requirements() -> list[str]:
    """Base requirements and those of the tested extras."""
    extras = PROJECT["optional-dependencies"]
    return PROJECT["dependencies"] + [text for extra in extras_of_the_tests() for text in extras[extra]]


@pytest.mark.parametrize("text", requirements())
def test_a_requirement_is_locked_at_a_version_it_allows(text: str) -> None:
    wanted = Requirement(text)
    locked = [Requirement(line) for line in LOCK.splitlines() if line and not line.startswith((" ", "#"))]
    pins = [pin for pin in locked if canonicalize_name(pin.name) == canonicalize_name(wanted.name)]
    assert pins, "run `make lock`"
    for pin in pins:
        (exact,) = pin.specifier
        assert exact.operator == "=="
        assert wanted.specifier.contains(exact.version, prereleases=True), "run `make lock`"


def test_the_lock_constrains_by_version_alone() -> None:
    # pip refuses constraints with extras, and an address would bind everybody to one index.
    pinned = re.compile(r"[a-z0-9-]+==[0-9][^\s;\[]*( ; .+)?")
    lines = [line for line in LOCK.splitlines() if line and not line.lstrip().startswith("#")]
    assert not [line for line in lines if not pinned.fullmatch(line)]
    assert "://" not in LOCK
