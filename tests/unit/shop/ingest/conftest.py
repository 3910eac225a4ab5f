"""Shop exports written by hand, and a fresh store to load them into."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.store import Store, open_store
from tests.unit.shop.ingest.exports import CUSTOMERS, EXPOSURES, ORDERS, PRODUCTS, Export


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


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Writes the files of an export: `export(customers="...", orders=b"...")`; customers are there anyway."""
    folder = tmp_path / "export"

    def write(**files: str | bytes | None) -> Path:
        folder.mkdir(exist_ok=True)
        for name, content in ({"customers": CUSTOMERS} | files).items():
            path = folder / (name.replace("__", ".") if "__" in name else f"{name}.csv")
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write


@pytest.fixture
def whole(export: Export) -> Path:
    """A small export with every file."""
    return export(products=PRODUCTS, orders=ORDERS, exposures=EXPOSURES)
