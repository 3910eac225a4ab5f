"""The habits of the house, held by tests.

Imports go down only; one room per dependency:

    doors                                   typer, rich, fastapi, nicegui, mcp
    dialogue, api, launching, learning      (dialogue: langchain)
    drafting                                langchain, openai, tenacity; prompts by `prompting` alone
    deciding                                predictors, by `training` and `scoring` alone
    wording, shop
    store                                   sqlalchemy, alembic
    domain, settings
    errors

`predictors` import nothing of ours, and are the only room of lightgbm.
"""

from __future__ import annotations

import ast
import importlib
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("copilot", "predictors", "prompts")
LONGEST = 400  # lines; a longer file usually holds two ideas

FLOORS = (
    ("errors",),
    ("domain", "settings"),
    ("store",),
    ("wording", "shop"),
    ("deciding",),
    ("drafting",),
    ("dialogue", "api", "launching", "learning"),
    ("calls",),
    ("", "__main__"),  # the public face, `copilot/__init__.py`
    ("doors",),
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
SEES_PREDICTORS = {"copilot.deciding.training", "copilot.deciding.scoring"}
SEES_PROMPTS = {"copilot.drafting.prompting"}
ROOMS_OF = {
    "alembic": {"store"},
    "babel": {"wording"},
    "fastapi": {"doors"},
    "httpx2": {"drafting"},
    "langchain": {"drafting", "dialogue"},
    "langchain_core": {"drafting", "dialogue"},
    "langchain_openai": {"drafting", "dialogue"},
    "langgraph": {"drafting", "dialogue"},
    "lightgbm": {"predictors"},
    "mcp": {"doors"},
    "nicegui": {"doors"},
    "openai": {"drafting", "dialogue"},
    "rich": {"doors"},
    "sqlalchemy": {"store"},
    "tenacity": {"drafting"},
    "typer": {"doors"},
}
SLOW_TO_IMPORT = (
    "alembic",
    "babel",
    "langchain",
    "langchain_core",
    "lightgbm",
    "numba",
    "openai",
    "pandas",
    "rich",
    "scipy",
    "sklearn",
    "sqlalchemy",
)
UNSAFE_MODULES = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
UNSAFE_CALLS = {"__import__", "compile", "eval", "exec"}
UNSAFE_METHODS = {"eval", "read_pickle", "to_pickle", "unsafe_load"}


class Import(NamedTuple):
    """One import statement, wherever in its module it stands."""

    by: str
    line: int
    name: str

    def __str__(self) -> str:
        return f"{self.by}:{self.line} imports {self.name}"


@cache
def sources() -> dict[str, Path]:
    """Every module of the packages: dotted name -> file."""
    found = {}
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(module: str) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(sources()[module].read_text(encoding="utf-8"))


@cache
def imports() -> tuple[Import, ...]:
    """Every import of the packages, those inside functions and for type checking included."""
    return tuple(found for module in sources() for found in imports_of(module))


def imports_of(module: str) -> Iterator[Import]:
    """Imports of one module, by the full name of what is imported."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (Import(module, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} imports by a relative name"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield Import(module, node.lineno, full if full in sources() else str(node.module))


def room(module: str) -> str:
    """`copilot.shop.audience` -> `shop`; the public face is the empty name."""
    return module.partition(".")[2].partition(".")[0]


def said(broken: list[Import]) -> str:
    """The offending imports, one a line."""
    return "\n".join(map(str, broken))


def test_every_room_of_the_package_has_its_floor() -> None:
    rooms = {room(module) for module in sources() if module.partition(".")[0] == "copilot"}
    assert rooms <= set(FLOOR)


def test_imports_go_down_only() -> None:
    broken = [
        found
        for found in imports()
        if found.by.startswith("copilot") and found.name.partition(".")[0] == "copilot" and goes_up(found)
    ]
    assert not broken, said(broken)


def goes_up(found: Import) -> bool:
    """Whether an import leaves its room for one that is not below."""
    here, there = room(found.by), room(found.name)
    if here == there:
        return False
    peers = {here, there} <= {"dialogue", "api", "launching", "learning"}
    return FLOOR[there] > FLOOR[here] or (FLOOR[there] == FLOOR[here] and not peers)


def test_predictors_know_nothing_of_the_copilot() -> None:
    broken = [
        found
        for found in imports()
        if found.by.startswith("predictors") and found.name.partition(".")[0] in ("copilot", "prompts")
    ]
    assert not broken, said(broken)


@pytest.mark.parametrize(("package", "seen_by"), [("predictors", SEES_PREDICTORS), ("prompts", SEES_PROMPTS)])
def test_a_package_beside_the_copilot_has_few_doors(package: str, seen_by: set[str]) -> None:
    broken = [
        found
        for found in imports()
        if found.name.partition(".")[0] == package
        and found.by.partition(".")[0] != package
        and found.by not in seen_by
    ]
    assert not broken, said(broken)


def test_each_dependency_has_one_room() -> None:
    broken = []
    for found in imports():
        allowed = ROOMS_OF.get(found.name.partition(".")[0])
        here = room(found.by) if found.by.startswith("copilot") else found.by.partition(".")[0]
        if allowed is not None and here not in allowed:
            broken.append(found)
    assert not broken, said(broken)


@pytest.mark.parametrize("module", [name for name, path in sources().items() if path.stat().st_size])
def test_a_module_says_what_it_is_and_is_short(module: str) -> None:
    assert ast.get_docstring(tree(module)), "its first lines say what it knows"
    lines = len(sources()[module].read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{lines} lines hold more than one idea"


def public_modules() -> list[str]:
    """Modules that define something public; migrations are Alembic's."""
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [
        module
        for module in sources()
        if ".migrations" not in module
        and any(isinstance(node, definitions) and not node.name.startswith("_") for node in tree(module).body)
    ]


@pytest.mark.parametrize("module", public_modules())
def test_a_public_module_lists_what_it_offers_in_order(module: str) -> None:
    loaded = importlib.import_module(module)
    offered = getattr(loaded, "__all__", None)
    assert offered is not None, "it says what it offers"
    assert list(offered) == sorted(set(offered), key=by_kind)
    missing = [name for name in offered if not hasattr(loaded, name)]
    assert not missing


def by_kind(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions: the order the linter keeps."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def test_the_public_face_shows_what_it_lists() -> None:
    face = importlib.import_module("copilot")
    offered = getattr(face, "__all__", [])
    assert list(offered) == sorted(offered, key=by_kind)
    assert not [name for name in offered if not hasattr(face, name)]


@pytest.mark.parametrize("module", ["copilot", "copilot.doors.cli"])
def test_importing_it_loads_nothing_slow(module: str) -> None:
    code = f"import sys, {module}; print(*(name for name in {SLOW_TO_IMPORT} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


@pytest.mark.parametrize("module", list(sources()))
def test_nothing_is_unpickled_or_evaluated(module: str) -> None:
    assert not [found for found in imports_of(module) if found.name.partition(".")[0] in UNSAFE_MODULES]
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call):
            called = node.func
            assert not (isinstance(called, ast.Name) and called.id in UNSAFE_CALLS), node.lineno
            assert not (isinstance(called, ast.Attribute) and called.attr in UNSAFE_METHODS), node.lineno
            assert not any(map(allows_pickle, node.keywords)), node.lineno


def allows_pickle(word: ast.keyword) -> bool:
    """Whether an argument lets NumPy unpickle."""
    refused = isinstance(word.value, ast.Constant) and word.value.value is False
    return word.arg == "allow_pickle" and not refused


@pytest.mark.parametrize("path", sorted((ROOT / "prompts").glob("*.md")), ids=lambda path: path.name)
def test_a_prompt_declares_its_variables(path: Path) -> None:
    assert re.fullmatch(r"[a-z_]+\.v[1-9][0-9]*\.md", path.name)
    head, text = path.read_text(encoding="utf-8").removeprefix("---\n").split("\n---\n", 1)
    declared = re.fullmatch(r"variables:(?P<names>[ a-z_,]*)", head)
    assert declared is not None
    names = [name.strip() for name in declared["names"].split(",") if name.strip()]
    assert sorted(names) == sorted(set(re.findall(r"<<([a-z_]+)>>", text)))


def test_help_is_instant() -> None:
    helped = "import sys; sys.argv = ['copilot', '--help']; import copilot.doors.cli as cli; cli.main()"
    assert least_work(helped) <= 12 * least_work("pass")


def least_work(code: str) -> float:
    """Processor seconds of a fresh Python, the least of several: a busy machine does not change them."""
    spent = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(spent)


def test_no_file_names_a_path_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True, cwd=ROOT)
    homes = tuple("/" + folder + "/" for folder in ("home", "Users", "root", "work"))
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        text = (ROOT / name).read_bytes().decode("utf-8", errors="replace")
        found += [name for home in homes if f'"{home}' in text or f" {home}" in text or f"={home}" in text]
    assert not found
