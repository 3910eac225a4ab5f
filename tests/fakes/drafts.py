"""Drafts as a model words them, and the answer that hands them in."""

from __future__ import annotations

from typing import Any

from tests.fakes.openai_server import Reply, calls

__all__ = ["BODY", "a_draft", "submit"]

BODY = "Get {discount} off, until {ends_on}."


def a_draft(key: str, value: Any = 10, **changed: Any) -> dict[str, Any]:
    """An e-mail with so many percent off beauty; any of it changed."""
    offer = {"type": "percent_off", "value": value}
    draft = {"draft_id": key, "channel": "email", "category": "beauty", "offer": offer}
    return {**draft, "copy": {"subject": "For you", "body": BODY}, **changed}


def submit(*drafts: Any) -> Reply:
    """An answer that hands these in."""
    return calls(("submit_strategies", {"drafts": list(drafts)}))
