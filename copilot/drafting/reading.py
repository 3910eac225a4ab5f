"""From what a writer sends to a draft: strict types, the brief's defaults, no figures of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Copy, Plan, StrategyDraft
from copilot.domain.noun import parse
from copilot.domain.scored import CaseFacts
from copilot.errors import InvalidInput
from copilot.wording import Grounds, supported_sentences
from copilot.wording.privacy import holds_stand_in, with_phrases
from copilot.wording.slots import slot_values

__all__ = ["id_of", "read_draft"]

_DEEPEST = 12


def read_draft(entry: Any, brief: CampaignBrief, facts: CaseFacts, *, trusted: bool) -> StrategyDraft:
    """One draft out of a tool's arguments; dates and scope it leaves open are the brief's.

    trusted: keep figures in the rationale (the planner's come from forecasts).

    Raises:
        InvalidInput: field, expected, received.
    """
    if not isinstance(entry, Mapping):
        raise InvalidInput("draft", "an object with the fields of a draft", entry)
    _refuse_unprintable(entry, "draft", 0)
    draft = parse(StrategyDraft, entry)
    filled = draft.model_copy(update={"plan": _dated(draft.plan, facts), **_promoted(draft, brief)})
    if trusted:
        return filled
    copy = _written_out(filled.message, [*brief.must_say, *(facts.brand.phrases if facts.brand else ())])
    return filled.model_copy(update={"message": copy, "rationale": _own_words(filled, brief, facts)})


def id_of(entry: Any) -> str | None:
    """The draft's id where it can be read, however broken the rest is."""
    key = entry.get("draft_id") if isinstance(entry, Mapping) else None
    return key if isinstance(key, str) and 0 < len(key) <= 200 else None


def _dated(plan: Plan, facts: CaseFacts) -> Plan:
    dates = {"starts_on": plan.starts_on or facts.starts_on, "ends_on": plan.ends_on or facts.ends_on}
    return plan.model_copy(update=dates)


def _promoted(draft: StrategyDraft, brief: CampaignBrief) -> dict[str, Any]:
    # What a draft leaves open is what the brief is about, where that is one thing.
    if draft.category is not None or draft.product_ids:
        return {}
    if brief.product_ids:
        return {"product_ids": brief.product_ids}
    return {"category": brief.categories[0]} if len(brief.categories) == 1 else {}


def _written_out(copy: Copy, phrases: Sequence[str]) -> Copy:
    # A phrase of must_say or the brand kit with an address in it was shown masked, and is meant as it stands.
    shown = {name: with_phrases(text, phrases) for name, text in copy.model_dump().items()}
    for name, text in shown.items():
        if stand_in := holds_stand_in(text):
            expected = "no word in brackets that stands for data which is not shown to you"
            raise InvalidInput(f"copy.{name}", expected, stand_in)
    return Copy(**shown)


def _own_words(draft: StrategyDraft, brief: CampaignBrief, facts: CaseFacts) -> str:
    # A figure in a rationale reads like a forecast, and no forecast is ever written by a model.
    names = {product.product_id: product.name for product in facts.products}
    named = tuple(names.get(product_id, "") for product_id in draft.product_ids)
    values = slot_values(draft, Grounds(facts.currency, named), language=brief.language)
    return supported_sentences(draft.rationale, [*values.values(), *named, facts.shop])


def _refuse_unprintable(value: Any, place: str, depth: int) -> None:
    # Lone surrogates and control characters: no file, database or terminal takes them.
    if depth > _DEEPEST:
        raise InvalidInput(place, f"at most {_DEEPEST} levels", "more")
    if isinstance(value, str):
        bad = next((c for c in value if "\ud800" <= c <= "\udfff" or (c < " " and c not in "\n\t\r")), None)
        if bad is not None:
            raise InvalidInput(
                place, "text without control characters and lone surrogates", f"U+{ord(bad):04X}"
            )
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _refuse_unprintable(key, place, depth + 1)
            _refuse_unprintable(item, f"{place}.{key}", depth + 1)
    elif isinstance(value, list | tuple):
        for n, item in enumerate(value):
            _refuse_unprintable(item, f"{place}.{n}", depth + 1)
