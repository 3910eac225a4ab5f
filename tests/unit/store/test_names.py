"""Names of customers are recognised among words, though the store keeps them as keyed hashes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from copilot.store import hash_value, names_among, open_store
from copilot.store.hashing import hash_key
from copilot.store.tables import customers


@pytest.mark.parametrize("more", [0, 2000])
def test_names_are_found_hashed_or_plain(tmp_path: Path, more: int) -> None:
    words = {"anna schmidt", "bo li", "nobody here", *(f"word {n}" for n in range(more))}
    store = open_store(tmp_path / "names.db")
    with store.begin(write=True) as connection:
        key = hash_key(connection)
        names = {"1": hash_value(key, "anna schmidt"), "2": "Bo Li", "3": None}
        rows = [{"customer_id": customer, "name": name} for customer, name in names.items()]
        connection.execute(insert(customers), rows)
    with store.begin() as connection:
        assert names_among(connection, words) == {"anna schmidt", "bo li"}
    store.dispose()


def test_a_store_that_never_hashed_anything_makes_no_key(tmp_path: Path) -> None:
    store = open_store(tmp_path / "empty.db")
    with store.begin() as connection:
        assert names_among(connection, ["anna schmidt"]) == frozenset()
    store.dispose()
