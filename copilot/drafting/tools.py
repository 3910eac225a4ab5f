"""The tools a writer has. Their descriptions and schemas are read by the model; their answers are small JSON.

Arguments arrive as the model sent them: nobody has checked them, so that every refusal is ours and says
field, expected and received.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Collection, Mapping
from typing import Any

from copilot.domain.brief import CHANNELS
from copilot.domain.noun import parse
from copilot.domain.offer import OFFER_TYPES
from copilot.drafting.answers import (
    as_json,
    fault_answer,
    group_answer,
    offer_answer,
    past_answer,
    products_answer,
)
from copilot.drafting.outgoing import ANSWER_TOKENS, leaving
from copilot.drafting.schemas import (
    AUDIENCE_SCHEMA,
    CHECK_SCHEMA,
    FILTERS,
    MOST_SHOWN,
    PAST_SCHEMA,
    PRODUCTS_SCHEMA,
    SCORE_SCHEMA,
    SUBMIT_SCHEMA,
    SWEEP_SCHEMA,
    AudienceQuestion,
    ProductQuestion,
)
from copilot.drafting.session import FRONTIER, MAX_DRAFTS, Session
from copilot.errors import CallerError, InvalidInput
from copilot.wording.privacy import masked

__all__ = ["TOOLS", "run_tool", "tool_schemas"]

_logger = logging.getLogger(__name__)


def sweep_offers(session: Session, args: Mapping[str, Any]) -> dict[str, Any]:
    """Best offers that keep every rule of the brief, found by searching the whole offer space, best first.
    Each has its forecast; incremental_profit is [low, mean, high] per customer contacted. Take terms from
    here instead of guessing percentages. Filter to look for other ideas. Of an offer to fewer than 20
    customers no figures are told; its place in the list is.
    """
    found = session.sweep(**_filters(args, limit=FRONTIER))
    return {
        "currency": session.case.facts.currency,
        "offers": [offer_answer(one, session.case.brief, exact=session.trusted) for one in found],
    }


def past_campaigns(session: Session, args: Mapping[str, Any]) -> dict[str, Any]:
    """What past campaigns of this shop really did, per customer: those nearest to the channel, offer_type,
    category and value asked for, then the newest; `matches` says which of these an arm has.
    holdout_conversion is what the same customers did without a message.
    """
    wanted = _filters(args, limit=5, more=("value",))
    if args.get("value") is not None:
        wanted["value"] = _amount(args["value"], "value")
    found = session.case.past_campaigns(**wanted)
    return {"arms": [past_answer(arm, wanted) for arm in found]}


def audience_facts(session: Session, args: Mapping[str, Any]) -> dict[str, Any]:
    """Who could be contacted: how many customers of the brief's audience fit these conditions too, how many
    of them each channel reaches, and how one attribute is spread over them (percentiles, or common values
    with shares). Without an attribute: which there are. Counts are rounded to two digits; a group of fewer
    than 20 customers is only called that.
    """
    asked = parse(AudienceQuestion, args)
    return group_answer(session.case.audience_facts(asked.audience, asked.attribute))


def product_facts(session: Session, args: Mapping[str, Any]) -> dict[str, Any]:
    """Products by id, by category or by words of their name, best selling first: price, margin, stock, brand,
    description, lowest price of 30 days, each where known. more: how many others fit.
    """
    asked = parse(ProductQuestion, args)
    found, more = session.case.product_facts(
        product_ids=asked.product_ids,
        category=asked.category,
        query=asked.query,
        limit=max(asked.limit, len(asked.product_ids)),
    )
    shown = {one.product_id for one in found}
    anything = asked.category is None and not asked.query
    unknown = [key for key in asked.product_ids if key not in shown] if anything else []
    return products_answer(found, more, unknown)


def check_copy(session: Session, args: Mapping[str, Any]) -> dict[str, Any]:
    """Check copy at once and without a forecast: which copy rules it breaks and why, advice (what is cut or
    costs more is not refused), and the message as the customer would read it. Give a whole `draft`, or the
    `draft_id` of one scored before and new `copy`.
    appeal: what the line a customer sees first (subject, else body) does to the click rate: factor is [low,
    mean, high], 1 is an average line; why: the phrases or traits that do most, in percent.
    """
    _only(args, ("draft", "draft_id", "copy"))
    if "draft" in args:
        return session.proofread(args["draft"])
    scored = session.scored.get(_text(args.get("draft_id"), "draft_id"))
    if scored is None:
        raise InvalidInput("draft_id", "the draft_id of a draft scored before", args["draft_id"])
    draft = scored.draft.model_dump(mode="json", exclude_none=True)
    return session.proofread({**draft, "copy": args["copy"]} if "copy" in args else draft)


def score_drafts(session: Session, args: Mapping[str, Any]) -> dict[str, Any]:
    """Forecast drafts and check them against the rules of the brief: what each would earn (utility: higher
    is better), which rules it breaks and why, and which could not be read. levers: the steps of one term that
    would move most what the brief asks for, gain is [low, mean, high] over the audience; of the five best
    drafts and of others that break one rule, eight at most. appeal: as in check_copy. Of a draft to fewer
    than 20 customers no other figures are told but utility_rank: its place among the drafts of this call, 1
    is best.
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
    "sweep_offers": (sweep_offers, SWEEP_SCHEMA),
    "past_campaigns": (past_campaigns, PAST_SCHEMA),
    "audience_facts": (audience_facts, AUDIENCE_SCHEMA),
    "product_facts": (product_facts, PRODUCTS_SCHEMA),
    "check_copy": (check_copy, CHECK_SCHEMA),
    "score_drafts": (score_drafts, SCORE_SCHEMA),
    "submit_strategies": (submit_strategies, SUBMIT_SCHEMA),
}


def run_tool(session: Session, name: str, args: Mapping[str, Any]) -> str:
    """One tool call as the model made it; whatever goes wrong is the answer, not the end of the run."""
    answer = _answer(session, name, args)
    # The planner is at home in this process: nothing is kept from it.
    return (
        as_json(answer) if session.trusted else leaving(answer, most=ANSWER_TOKENS, names=session.case.names)
    )


def _answer(session: Session, name: str, args: Mapping[str, Any]) -> dict[str, Any]:
    try:
        if name not in TOOLS:
            raise InvalidInput("name", f"the name of a tool: {', '.join(TOOLS)}", name)
        return TOOLS[name][0](session, args)
    except InvalidInput as error:
        return {"error": fault_answer(error)}
    except CallerError as error:
        return {"error": {"message": str(error)}}
    except Exception as error:
        # Ours or the predictor's fault, not the model's: it is kept, and raised if nobody can finish.
        session.failure = error
        _logger.warning("tool %s failed\n%s", name, masked("".join(traceback.format_exception(error))))
        return {"error": {"message": f"{name} failed ({type(error).__name__}); go on without it"}}


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


def _filters(args: Mapping[str, Any], *, limit: int, more: Collection[str] = ()) -> dict[str, Any]:
    _only(args, (*FILTERS, *more))
    wanted = {
        name: args[name] for name in ("channel", "offer_type", "category") if args.get(name) is not None
    }
    for name, known in (("channel", CHANNELS), ("offer_type", OFFER_TYPES)):
        if name in wanted and wanted[name] not in known:
            raise InvalidInput(name, f"one of {', '.join(known)}", wanted[name])
    if "category" in wanted:
        _text(wanted["category"], "category")
    count = args.get("limit", limit)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_SHOWN:
        raise InvalidInput("limit", f"a whole number from 1 to {MOST_SHOWN}", count)
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


def _amount(value: Any, name: str) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= 10**15:  # not true of NaN
        raise InvalidInput(name, "a number from 0 on", value)
    return float(value)
