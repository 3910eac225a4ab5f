"""What the store holds and cannot be read any more: told as such, with what to do."""

from __future__ import annotations

import json
from typing import Any

from copilot.errors import StoreUnavailable, shorten

__all__ = ["damaged", "load_json"]


def damaged(what: str, reason: object) -> StoreUnavailable:
    """The error for a value of the store that makes no sense."""
    return StoreUnavailable(
        f"the store is damaged: {what} in it cannot be read ({shorten(reason)}); "
        "restore a backup, or name another store with --db"
    )


def load_json(text: str | bytes, what: str) -> Any:
    """JSON that the store holds.

    Raises:
        StoreUnavailable: it is damaged.
    """
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise damaged(what, error) from None
