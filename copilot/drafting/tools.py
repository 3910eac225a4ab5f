"""The tools a writer has. Their descriptions and schemas are read by the model; their answers are small JSON.

Arguments arrive as the model sent them: nobody has checked them, so that every refusal is ours and says
field, expected and received.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any

from copilot.domain.brief import CHANNELS
from copilot.domain.offer import OFFER_TYPES
from copilot.drafting.answers import as_json, fault_answer, offer_answer, past_answer
from copilot.drafting.session import FRONTIER, MAX_DRAFTS, Session
from copilot.errors import CallerError, InvalidInput
from copilot.wording.slots import SLOTS

__all__ = ["TOOLS", "run_tool", "tool_schemas"]

_LIMIT = 40
_logger = logging.getLogger(__name__)

_FILTERS: dict[str, Any] = {
    "channel": {"type": "string", "enum": list(CHANNELS)},
    "offer_type": {"type": "string", "enum": list(OFFER_TYPES)},
    "category": {"type": "string"},
    "limit": {"type": "integer", "minimum": 1, "maximum": _LIMIT},
}
_COPY: dict[str, Any] = {
    "type": "object",
    "description": f"Text with slots, never figures. Slots: {', '.join(f'{{{name}}}' for name in SLOTS)}",
    "properties": {name: {"type": "string"} for name in ("subject", "preheader", "body", "call_to_action")},
}
_DRAFT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "draft_id": {
            "type": "string",
            "description": "your name for it; the same name again revises it, and the better one is kept",
        },
        "channel": _FILTERS["channel"],
        "category": {"type": "string", "description": "category it promotes; leave out for all"},
        "product_ids": {"type": "array", "items": {"type": "string"}},
        "audience": {
            "type": "array",
            "description": "conditions joined by and; narrows the brief's audience",
            "items": {
                "type": "object",
                "properties": {
                    "attribute": {"type": "string"},
                    "operator": {"type": "string"},
                    "value": {"description": "a number, a text, or a list with in / not_in"},
                },
                "required": ["attribute", "operator"],
            },
        },
        "audience_limit": {"type": "integer", "description": "send only to this many, the best by forecast"},
        "offer": {
            "type": "object",
            "properties": {
                "type": _FILTERS["offer_type"],
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
        "copy": _COPY,
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
                            "channel": _FILTERS["channel"],
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
_DRAFTS: dict[str, Any] = {"type": "array", "items": _DRAFT, "maxItems": MAX_DRAFTS}


def sweep_offers(session: Session, args: Mapping[str, Any]) -> dict[str, Any]:
    """Best offers that keep every rule of the brief, found by searching the whole offer space, best first.
    Each has its forecast; incremental_profit is [low, mean, high] per customer contacted. Take terms from
    here instead of guessing percentages. Filter to look for other ideas.
    """
    found = session.sweep(**_filters(args, limit=FRONTIER))
    return {
        "currency": session.case.facts.currency,
        "offers": [offer_answer(one, session.case.brief) for one in found],
    }


def past_campaigns(session: Session, args: Mapping[str, Any]) -> dict[str, Any]:
    """What past campaigns of this shop really did, per customer, newest first. holdout_conversion is what
    the same customers did without a message.
    """
    found = session.case.past_campaigns(**_filters(args, limit=5))
    return {"arms": [past_answer(arm) for arm in found]}


def score_drafts(session: Session, args: Mapping[str, Any]) -> dict[str, Any]:
    """Forecast drafts and check them against the rules of the brief: what each would earn (utility: higher
    is better), which rules it breaks and why, and which could not be read. levers: the steps
    of one term that would move most what the brief asks for; gain is [low, mean, high] over the audience.
    """
    _only(args, ("drafts",))
    return session.appraise(_list(args, "drafts", required=True))


def submit_strategies(session: Session, args: Mapping[str, Any]) -> dict[str, Any]:
    """Hand in the final strategies, each with its copy: new drafts in `drafts`, drafts scored before and
    unchanged by id in `scored_ids`. What breaks a rule comes back at most twice: correct and resubmit it.
    """
    _only(args, ("drafts", "scored_ids"))
    ids = _list(args, "scored_ids")
    for one in ids:
        _text(one, "scored_ids")
    if not ids:
        return session.submit(_list(args, "drafts", required=True), ids)
    return session.submit(_list(args, "drafts"), ids)


Tool = Callable[[Session, Mapping[str, Any]], dict[str, Any]]
TOOLS: Mapping[str, tuple[Tool, dict[str, Any]]] = {
    "sweep_offers": (sweep_offers, {"type": "object", "properties": _FILTERS}),
    "past_campaigns": (past_campaigns, {"type": "object", "properties": _FILTERS}),
    "score_drafts": (
        score_drafts,
        {"type": "object", "properties": {"drafts": _DRAFTS}, "required": ["drafts"]},
    ),
    "submit_strategies": (
        submit_strategies,
        {
            "type": "object",
            "properties": {"drafts": _DRAFTS, "scored_ids": {"type": "array", "items": {"type": "string"}}},
        },
    ),
}


def run_tool(session: Session, name: str, args: Mapping[str, Any]) -> str:
    """One tool call as the model made it; whatever goes wrong is the answer, not the end of the run."""
    try:
        if name not in TOOLS:
            raise InvalidInput("name", f"the name of a tool: {', '.join(TOOLS)}", name)
        return as_json(TOOLS[name][0](session, args))
    except InvalidInput as error:
        return as_json({"error": fault_answer(error)})
    except CallerError as error:
        return as_json({"error": {"message": str(error)}})
    except Exception as error:
        # Ours or the predictor's fault, not the model's: it is kept, and raised if nobody can finish.
        session.failure = error
        _logger.warning("tool %s failed", name, exc_info=True)
        return as_json({"error": {"message": f"{name} failed ({type(error).__name__}); go on without it"}})


def tool_schemas() -> list[dict[str, Any]]:
    """The tools as a model is told of them, in the form of the chat completions API."""
    return [
        {
            "type": "function",
            "function": {
                "name": name,
                "description": " ".join((tool.__doc__ or "").split()),
                "parameters": parameters,
            },
        }
        for name, (tool, parameters) in TOOLS.items()
    ]


def _filters(args: Mapping[str, Any], *, limit: int) -> dict[str, Any]:
    _only(args, _FILTERS)
    wanted = {
        name: args[name] for name in ("channel", "offer_type", "category") if args.get(name) is not None
    }
    for name, known in (("channel", CHANNELS), ("offer_type", OFFER_TYPES)):
        if name in wanted and wanted[name] not in known:
            raise InvalidInput(name, f"one of {', '.join(known)}", wanted[name])
    if "category" in wanted:
        _text(wanted["category"], "category")
    count = args.get("limit", limit)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= _LIMIT:
        raise InvalidInput("limit", f"a whole number from 1 to {_LIMIT}", count)
    return {**wanted, "limit": count}


def _only(args: Mapping[str, Any], known: Collection[str]) -> None:
    unknown = next((name for name in args if name not in known), None)
    if unknown is not None:
        raise InvalidInput(unknown, f"no argument of this name; known: {', '.join(known)}", args[unknown])


def _list(args: Mapping[str, Any], name: str, *, required: bool = False) -> list[Any]:
    value = args.get(name, [])
    if not isinstance(value, list) or len(value) > MAX_DRAFTS or (required and not value):
        received = f"{len(value)} entries" if isinstance(value, list) else value
        raise InvalidInput(name, f"a list of {1 if required else 0} to {MAX_DRAFTS} entries", received)
    return value


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise InvalidInput(name, "a text", value)
    return value
