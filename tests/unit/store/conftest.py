"""A fresh store for each test, in a temporary folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.store import Store, open_store


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty store, to be copied: quicker than migrating one for each test."""
    path = tmp_path_factory.mktemp("empty") / "shop.db"
    open_store(str(path)).dispose()
    return path


@pytest.fixture
def store(tmp_path: Path, empty_store: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(shutil.copy(empty_store, tmp_path / "shop.db"))
    yield opened
    opened.dispose()
