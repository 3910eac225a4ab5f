"""The arguments of tools as JSON schemas, which a model reads, and as nouns, by which code refuses them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from copilot.domain.audience import OPERATORS, Audience
from copilot.domain.brief import CHANNELS, Id
from copilot.domain.noun import Noun
from copilot.domain.numbers import Count
from copilot.domain.offer import OFFER_TYPES
from copilot.drafting.session import MAX_DRAFTS
from copilot.wording.slots import SLOTS

__all__ = [
    "AUDIENCE_SCHEMA",
    "CHECK_SCHEMA",
    "FILTERS",
    "MOST_PRODUCTS",
    "MOST_SHOWN",
    "PAST_SCHEMA",
    "PRODUCTS_SCHEMA",
    "SCORE_SCHEMA",
    "SUBMIT_SCHEMA",
    "SWEEP_SCHEMA",
    "AudienceQuestion",
    "ProductQuestion",
]

MOST_SHOWN = 40  # offers or past campaigns of one answer
MOST_PRODUCTS = 20


class AudienceQuestion(Noun):
    """What is asked of an audience."""

    audience: Audience = ()
    attribute: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class ProductQuestion(Noun):
    """Which products are asked for."""

    product_ids: Annotated[tuple[Id, ...], Field(max_length=MOST_PRODUCTS)] = ()
    category: Id | None = None
    query: Annotated[str, Field(max_length=200)] = ""
    limit: Annotated[Count, Field(le=MOST_PRODUCTS)] = MOST_PRODUCTS


FILTERS: dict[str, Any] = {
    "channel": {"type": "string", "enum": list(CHANNELS)},
    "offer_type": {"type": "string", "enum": list(OFFER_TYPES)},
    "category": {"type": "string"},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST_SHOWN},
}
COPY: dict[str, Any] = {
    "type": "object",
    "description": f"Text with slots, never figures. Slots: {', '.join(f'{{{name}}}' for name in SLOTS)}",
    "properties": {name: {"type": "string"} for name in ("subject", "preheader", "body", "call_to_action")},
}
CONDITION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "attribute": {"type": "string"},
        "operator": {"type": "string", "enum": list(OPERATORS)},
        "value": {"description": "a number, a text, or a list with in / not_in"},
    },
    "required": ["attribute", "operator"],
}
DRAFT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "draft_id": {
            "type": "string",
            "description": "your name for it; the same name again revises it, and the better one is kept",
        },
        "channel": FILTERS["channel"],
        "category": {"type": "string", "description": "category it promotes; leave out for all"},
        "product_ids": {"type": "array", "items": {"type": "string"}},
        "audience": {
            "type": "array",
            "description": "conditions joined by and; narrows the brief's audience",
            "items": CONDITION,
        },
        "audience_limit": {"type": "integer", "description": "send only to this many, the best by forecast"},
        "offer": {
            "type": "object",
            "properties": {
                "type": FILTERS["offer_type"],
                "value": {"type": "number", "description": "percent, money or points, by type"},
                "buy_quantity": {"type": "integer"},
                "get_quantity": {"type": "integer"},
                "min_spend": {"type": "number"},
                "max_discount": {"type": "number"},
                "valid_days": {"type": "integer"},
                "code": {"type": "string"},
                "limit_per_customer": {"type": "integer"},
                "limit_total": {"type": "integer"},
                "stackable": {"type": "boolean"},
            },
            "required": ["type"],
        },
        "copy": COPY,
        "plan": {
            "type": "object",
            "properties": {
                "starts_on": {"type": "string"},
                "ends_on": {"type": "string"},
                "send_hour": {"type": "integer"},
                "follow_ups": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "after_days": {"type": "integer"},
                            "channel": FILTERS["channel"],
                            "copy": {"type": "object"},
                        },
                    },
                },
            },
        },
        "rationale": {"type": "string", "description": "why, in words; sentences with figures are cut"},
    },
    "required": ["draft_id", "channel", "offer"],
}
DRAFTS: dict[str, Any] = {"type": "array", "items": DRAFT, "maxItems": MAX_DRAFTS}
_IDS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    told = {"type": "object", "properties": properties}
    return {**told, "required": list(required)} if required else told


SWEEP_SCHEMA = _object(FILTERS)
PAST_SCHEMA = _object(
    {
        **FILTERS,
        "value": {"type": "number", "description": "how deep: percent, money or points, by offer_type"},
    }
)
AUDIENCE_SCHEMA = _object(
    {
        "audience": {"type": "array", "description": "as in a draft", "items": CONDITION},
        "attribute": {"type": "string", "description": "the one to be told how it is spread"},
    }
)
PRODUCTS_SCHEMA = _object(
    {
        "product_ids": {**_IDS, "maxItems": MOST_PRODUCTS},
        "category": FILTERS["category"],
        "query": {"type": "string", "description": "words of the name"},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST_PRODUCTS},
    }
)
CHECK_SCHEMA = _object({"draft": DRAFT, "draft_id": {"type": "string"}, "copy": COPY})
SCORE_SCHEMA = _object({"drafts": DRAFTS}, "drafts")
SUBMIT_SCHEMA = _object({"drafts": DRAFTS, "scored_ids": _IDS})
