"""The brief of a thread with what a sentence changes in it, and what has to be asked before its use."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Any

from copilot.dialogue.phrases import say
from copilot.dialogue.thread import Question, Thread
from copilot.dialogue.tools import Tools
from copilot.dialogue.wishes import Cheaper, More, Read, Set, StartOver
from copilot.domain.brief import CampaignBrief
from copilot.domain.noun import parse

__all__ = ["changed", "to_ask"]

_SHOWN = 8  # answers of a question
_MOST_STRATEGIES = 20
_SCOPE = ("categories", "product_ids", "audience")
_CHEAPER = Decimal("0.75")


def changed(thread: Thread, found: Read, tools: Tools) -> tuple[Thread, tuple[str, ...]]:
    """The thread with its new brief, and what has to be said of it.

    Raises:
        InvalidInput: a field of the brief cannot be what was said.
    """
    if any(isinstance(one, StartOver) for one in found.wishes):
        thread = Thread(turns=thread.turns, chinese=thread.chinese)
        notes = [say("over", thread.chinese)]
    else:
        notes = []
    fields, told = _fields(thread, found, tools)
    before = thread.brief.model_dump(exclude_unset=True) if thread.brief else {}
    brief = parse(CampaignBrief, {**before, **fields})
    settled = (*thread.settled, *(name for name in found.fields() if name in (*_SCOPE, "budget")))
    after = thread.model_copy(update={"brief": brief, "settled": tuple(dict.fromkeys(settled))})
    return after, (*notes, *told, *_assumed(thread, after, found))


def _fields(thread: Thread, found: Read, tools: Tools) -> tuple[dict[str, Any], list[str]]:
    chinese, fields, notes = thread.chinese, dict(found.fields()), []
    for wish in found.wishes:
        match wish:
            case Cheaper() if "budget" not in fields and "max_discount_percent" not in fields:
                notes.append(_cheaper(thread, wish, fields, tools))
            case More() if thread.report is not None:
                wanted = min(thread.brief.strategies + 5, _MOST_STRATEGIES)
                fields["strategies"] = wanted
                notes += [say("most", chinese)] if wanted == thread.brief.strategies else []
            case Set(field="max_discount_percent", assumed="cap", value=percent):
                notes.append(say("assume cap", chinese, percent=percent))
    if chinese and thread.brief == CampaignBrief() and "language" not in fields and fields:
        fields["language"] = "zh"
        notes.append(say("assume language", chinese))
    notes += _dates(thread, fields, tools)
    return fields, notes


def _cheaper(thread: Thread, wish: Cheaper, fields: dict[str, Any], tools: Tools) -> str:
    first = thread.strategy(1)
    if first is None:
        return say("no report", thread.chinese)
    offer = first.draft.offer
    if wish.what == "discount":
        cap = offer.value if offer.type == "percent_off" else thread.brief.max_discount_percent
        if cap is None:
            return say("no cheaper", thread.chinese)
        fields["max_discount_percent"] = max((cap * _CHEAPER).to_integral_value(ROUND_FLOOR), Decimal(1))
        return say("cheaper discount", thread.chinese, percent=fields["max_discount_percent"])
    totals = first.forecast.totals
    spent = totals.discount_cost.mean + totals.contact_cost.mean
    budget = Decimal(f"{spent:.2f}") * _CHEAPER
    if budget <= 0:
        return say("no cheaper", thread.chinese)
    fields["budget"] = (
        budget.to_integral_value(ROUND_FLOOR) if budget > 10 else budget.quantize(Decimal("0.01"))
    )
    return say("cheaper budget", thread.chinese, spent=f"{spent:,.0f}", currency=tools.shop.currency)


def _dates(thread: Thread, fields: dict[str, Any], tools: Tools) -> list[str]:
    """A window that holds together: an old day that contradicts a new one goes, an open start is today."""
    chinese, notes = thread.chinese, []
    old_start, old_end = thread.brief.starts_on, thread.brief.ends_on
    starts, ends = fields.get("starts_on", old_start), fields.get("ends_on", old_end)
    if starts and ends and starts > ends:
        if "ends_on" in fields and "starts_on" not in fields:
            notes.append(say("start dropped", chinese, day=starts))
            fields["starts_on"] = starts = None
        elif "starts_on" in fields and "ends_on" not in fields:
            notes.append(say("end dropped", chinese, day=ends))
            fields["ends_on"] = None
    if fields.get("ends_on") and fields["ends_on"] < tools.today:
        notes.append(say("past", chinese, day=fields["ends_on"]))
    if "ends_on" in fields and not starts and ends and ends >= tools.today:
        fields["starts_on"] = tools.today
        notes.append(say("assume today", chinese, day=tools.today))
    return notes


def _assumed(before: Thread, after: Thread, found: Read) -> list[str]:
    """What a new brief leaves open, said once."""
    if before.report is not None or to_ask_scope(after):
        return []
    brief, notes = after.brief, []
    if not (brief.categories or brief.product_ids) and "categories" not in after.settled:
        notes.append(say("assume all", after.chinese))
    if brief.budget is None and "budget" not in after.settled and not found.foreign:
        notes.append(say("assume no budget", after.chinese))
    return notes


def to_ask_scope(thread: Thread) -> bool:
    """Whether neither what to promote nor what to spend is known: any report would be a guess."""
    brief = thread.brief
    known = brief.categories or brief.product_ids or brief.budget is not None
    return not known and not {"categories", "product_ids"} & set(thread.settled)


def to_ask(thread: Thread, found: Read, tools: Tools) -> Question | None:
    """The one thing to ask before there can be a report."""
    chinese = thread.chinese
    for code, amount in found.foreign.items():
        if code != tools.shop.currency and "budget" not in found.fields():
            currency = tools.shop.currency
            return Question(
                field="budget",
                words=say("currency", chinese, currency=currency, amount=amount),
                answers=(f"{amount:,} {currency}", say("no limit", chinese)),
            )
    if thread.report is None and to_ask_scope(thread):
        answers = (*tools.shop.categories[:_SHOWN], say("everything", chinese))
        return Question(field="categories", words=say("which", chinese), answers=answers)
    return None
