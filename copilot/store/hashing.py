"""Personal values as keyed hashes. The key is random, made once per store, and lives in it.

A plain hash of an e-mail address can be undone by trying addresses; without the key this one cannot.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import Connection, insert, select

from copilot.errors import InvalidInput
from copilot.store.damage import damaged
from copilot.store.tables import settings

__all__ = ["hash_key", "hash_value", "hashed_id", "stored_hash_key", "tidy_email"]


def hash_key(conn: Connection, given: str | None = None) -> bytes:
    """The store's key, made on first use; `given` (from COPILOT_HASH_KEY) is used in its place.

    A given key is never stored; a fingerprint of it is, so that a later load with another key is refused
    instead of making every customer a stranger.

    Raises:
        InvalidInput: the store was filled with another key.
    """
    stored = dict(conn.execute(select(settings.c.name, settings.c.value)).all())
    key = given.encode() if given else _stored_key(stored)
    if not key:
        if "hash_key_check" in stored:
            raise InvalidInput("COPILOT_HASH_KEY", "the key this store was filled with", "nothing")
        key = secrets.token_bytes(32)
        conn.execute(insert(settings), {"name": "hash_key", "value": key.hex()})
    check = hash_value(key, "hash key check")
    if "hash_key_check" not in stored:
        conn.execute(insert(settings), {"name": "hash_key_check", "value": check})
    elif not hmac.compare_digest(stored["hash_key_check"], check):
        raise InvalidInput("COPILOT_HASH_KEY", "the key this store was filled with", "another key")
    return key


def stored_hash_key(conn: Connection, given: str | None) -> bytes:
    """The key that names were hashed with; empty where none was ever made. Makes none."""
    if given:
        return given.encode()
    return _stored_key(dict(conn.execute(select(settings.c.name, settings.c.value)).all()))


def _stored_key(stored: Mapping[str, str]) -> bytes:
    try:
        return bytes.fromhex(stored.get("hash_key", ""))
    except (TypeError, ValueError):
        raise damaged("the key for hashes", "not hexadecimal") from None


def hash_value(key: bytes, value: str) -> str:
    """HMAC-SHA256 of a value as 32 hexadecimal digits (128 bits)."""
    return hmac.new(key, value.encode(), sha256).hexdigest()[:32]


def hashed_id(conn: Connection, customer_id: str) -> str | None:
    """The id under which a customer known by e-mail address is kept; None where no hash was ever made."""
    stored = dict(conn.execute(select(settings.c.name, settings.c.value)).all())
    given = os.environ.get("COPILOT_HASH_KEY", "")
    key = given.encode() if given else _stored_key(stored)
    return hash_value(key, tidy_email(customer_id)) if key else None


def tidy_email(value: str) -> str:
    """An e-mail address as it is hashed: case and stray spaces do not make another person."""
    return value.strip().casefold()
