"""Which words are the name of a customer: asked of the store, which keeps names as keyed hashes."""

from __future__ import annotations

import os
from collections.abc import Collection

from sqlalchemy import Connection, func, select

from copilot.store.hashing import hash_value, stored_hash_key
from copilot.store.tables import customers

__all__ = ["names_among"]

_AT_ONCE = 500


def names_among(conn: Connection, words: Collection[str]) -> frozenset[str]:
    """Those of the words that are a customer's name; all in small letters, with single spaces."""
    key = stored_hash_key(conn, os.environ.get("COPILOT_HASH_KEY"))
    hashed = {hash_value(key, word): word for word in words} if key else {}
    known = {**hashed, **{word: word for word in words}}
    name = func.lower(customers.c.name)
    query = select(name).where(name.is_not(None)).distinct()
    if len(known) <= _AT_ONCE:
        query = query.where(name.in_(known))
    # A long text has more words than a statement takes values: then every name is looked at, once.
    return frozenset(known[kept] for kept in conn.execute(query).scalars() if kept in known)
