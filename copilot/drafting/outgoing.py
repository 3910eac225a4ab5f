"""What leaves for a language model: the one way out, for openings and answers of tools alike.

Personal data is masked, no text can look like a fence, and nothing is longer than its limit, whatever the
shop. Knows the fields of what is said by name, and nothing of how they came about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from copilot.drafting.answers import compact
from copilot.wording.privacy import NAME, masked, masked_id

__all__ = ["ANSWER_TOKENS", "OPENING_TOKENS", "leaving", "token_estimate"]

OPENING_TOKENS = 12_000  # system and user together; a usual one has less than four thousand
ANSWER_TOKENS = 6_000  # of one tool
_BYTES_A_TOKEN = 3  # of any language: English has four or more, Chinese about three

# How many entries of a list and characters of a text are left, mildest first.
_CUTS = (
    *((50, 4_000), (30, 1_500), (30, 600), (24, 300), (20, 160), (20, 80)),
    *((12, 80), (8, 60), (5, 60), (3, 40), (2, 40), (1, 30)),
)
_LONGEST: Mapping[str, int] = {"description": 240, "name": 160}
_LONGEST_ID = 200  # what a draft may name
_PHONE_SIZED = 10**10  # a condition may compare with a number
# What comes back as it went or not at all: never cut inside.
_IDS = frozenset(("attribute", "categories", "category", "draft_id", "product_id", "product_ids", "unknown"))
_IDENTITY = ("product_id", "product_ids", "category", "value")
_PHRASES = frozenset(
    ("must_say", "must_not_say", "required", "phrase", "banned", "proven_claims", "claims_without_proof")
)
# Lists a writer picks from, of objects and of names: what it could not name exactly is left out.
_PICKED = frozenset(("offers", "products", "categories", "values"))
_PICKED_NAMES = frozenset(("number", "category", "date"))
# Limits of the brief that are lists.
_WHOLE = frozenset(("channels", "offer_types"))


class _Cut(NamedTuple):
    """How many entries of a list and characters of a text are left, but for the lists left whole."""

    entries: int
    characters: int
    whole: frozenset[str]


def leaving(data: Any, *, most: int, name: str = "", names: re.Pattern[str] | None = None) -> str:
    """Data as the JSON text that a model reads: at most so many tokens, of long lists the first.

    name: of the field the data would stand in, where it is a list. names: of customers, to be masked.
    """
    text = _bounded(data, most, name)
    return text if names is None else names.sub(NAME, text)


def _bounded(data: Any, most: int, name: str) -> str:
    clean = _clean(compact(data), name)
    # What copy is held to is cut last: a writer cannot keep a rule that it was not shown.
    for whole, (entries, characters) in product((_WHOLE | _PHRASES, _WHOLE), _CUTS):
        text = _fenceless(_cut(clean, name, _Cut(entries, characters, whole)))
        if token_estimate(text) <= most:
            return text
    return _fenceless({"error": {"message": "too much to show; ask for less"}})


def token_estimate(text: str) -> int:
    """Tokens of a text, rather too many than too few."""
    return -(-len(text.encode("utf-8", "replace")) // _BYTES_A_TOKEN)


def _fenceless(data: Any) -> str:
    # With < and > written as escapes no text of the shop can close the fence it stands in. Half a character
    # that a caller gave inline could not be sent.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.encode("utf-8", "replace").decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def _clean(value: Any, name: str) -> Any:
    """The value without anything personal."""
    if isinstance(value, str):
        return masked_id(value) if name in _IDS else masked(value)
    if isinstance(value, dict):
        cleaned = {}
        for field, item in value.items():
            key = str(field)
            cleaned[masked(key)] = kept = _clean(item, key)
            if isinstance(item, list) and len(kept) < len(item):
                cleaned[f"hidden_{key}"] = len(item) - len(kept)  # as they could not come back
        return cleaned
    if isinstance(value, list):
        picked = name in _PICKED or name in _PICKED_NAMES
        return [_clean(item, name) for item in value if not picked or _can_come_back(item, name)]
    if name == "value" and isinstance(value, int | float) and abs(value) >= _PHONE_SIZED:
        digits = f"{value:.0f}"
        return value if masked(digits) == digits else masked(digits)
    return value


def _can_come_back(item: Any, name: str) -> bool:
    if isinstance(item, dict):
        named = ((key, one) for key in _IDENTITY for one in _each(item.get(key)))
        return name not in _PICKED or all(_as_it_is(one, key) for key, one in named)
    return name not in _PICKED_NAMES or _as_it_is(item, name)


def _each(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def _as_it_is(value: Any, name: str) -> bool:
    if not isinstance(value, str):
        return True
    return len(value) <= _LONGEST_ID and _clean(value, name) == value


def _cut(value: Any, name: str, to: _Cut) -> Any:
    """The value with long lists and texts cut; how many entries are left out stands beside a list."""
    if isinstance(value, str):
        most = _LONGEST_ID if name in _IDS else 10**6 if name in _PHRASES else to.characters
        most = min(most, _LONGEST.get(name, most))
        return value if len(value) <= most else f"{value[: most - 1]}…"
    if isinstance(value, dict):
        kept = {key: _cut(item, key, to) for key, item in value.items()}
        for key, item in value.items():
            if isinstance(item, list) and len(kept[key]) < len(item):
                kept[f"more_{key}"] = len(item) - len(kept[key]) + value.get(f"more_{key}", 0)
        return kept
    if isinstance(value, list):
        figures = all(isinstance(item, int | float | None) for item in value) and len(value) <= 3
        shown = value if figures or name in to.whole else value[: to.entries]
        return [_cut(item, name, to) for item in shown]
    return value
