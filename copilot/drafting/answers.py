"""What tools say to a writer: small JSON, three significant digits, nothing that is empty."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from copilot.domain.appeal import CopyAppeal
from copilot.domain.brand import BrandSection
from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Copy, StrategyDraft
from copilot.domain.forecast import EffectForecast
from copilot.domain.group import GroupFacts
from copilot.domain.offer import Offer
from copilot.domain.scored import CaseFacts, PastArm, ProductDetails, ScoredDraft
from copilot.domain.why import Lever
from copilot.drafting.counts import FEW, about_few, roughly, roughly_reached
from copilot.errors import InvalidInput
from copilot.wording.advice import advice
from copilot.wording.angles import angle_of

__all__ = [
    "as_json",
    "brief_answer",
    "broken_answer",
    "checked_answer",
    "compact",
    "facts_answer",
    "fault_answer",
    "group_answer",
    "offer_answer",
    "past_answer",
    "products_answer",
    "scored_answer",
]

_DIGITS = 9  # of any number: enough for money, and 0.42 is not 0.42000000000000004
_LEVERS = 3  # of one draft
_LONGEST_FIELD = 200  # characters: a field that nobody knows is the asker's own text
_FORECAST_RULES = frozenset(
    ("beats_nothing", "budget", "min_roi")
)  # their messages hold figures of a forecast
_NOT_TOLD = f"not kept; by how much is not told of {FEW} customers"
_OFFER_DEFAULTS: Mapping[str, Any] = {"limit_per_customer": 1, "stackable": False}


def as_json(answer: Any) -> str:
    """Compact JSON: whole numbers without a point, the letters of any language as they are."""
    return json.dumps(compact(answer), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def offer_answer(one: ScoredDraft, brief: CampaignBrief, *, exact: bool = False) -> dict[str, Any]:
    """An offer of the frontier: terms and target as a draft has them, and its forecast.

    exact: also where the figures are about few customers.
    """
    target = _target(one.draft)
    if one.draft.product_ids == brief.product_ids:
        target.pop("product_ids", None)  # a draft that names none promotes the brief's
    return {**target, **_figures(one, exact=exact)}


def scored_answer(
    one: ScoredDraft,
    levers: Iterable[Lever] = (),
    *,
    language: str,
    appeal: CopyAppeal | None = None,
    rank: int | None = None,
    exact: bool = False,
) -> dict[str, Any]:
    """A draft's forecast, the rules it breaks and its strongest levers; the draft is known to the asker.

    language: of its copy, whose angle is told. appeal: of its words, whoever they go to. rank: its place by
    utility, told in place of figures about few customers.
    """
    answer: dict[str, Any] = {"draft_id": one.draft.draft_id, **_figures(one, exact=exact)}
    answer |= _angle(one.draft.message, language)
    if one.forecast is None:
        del answer["forecast"]
    if "utility" not in answer and rank is not None:
        answer["utility_rank"] = rank
    if one.broken:
        answer["broken"] = broken_answer(one, exact=exact)
    if better := advice(one.checks):
        answer["advice"] = better
    if told := [_lever(lever) for lever, _ in zip(levers, range(_LEVERS), strict=False)]:
        answer["levers"] = told
    return answer | _appeal(appeal)


def broken_answer(one: ScoredDraft, *, exact: bool = False) -> list[dict[str, str]]:
    """The rules that a draft breaks; of few customers not by how much, where that is forecast."""
    hidden = _FORECAST_RULES if not exact and about_few(one.forecast) else ()
    return [
        {"rule": check.rule, "message": _NOT_TOLD if check.rule in hidden else check.message}
        for check in one.broken
    ]


def _figures(one: ScoredDraft, *, exact: bool) -> dict[str, Any]:
    if not exact and about_few(one.forecast):
        return {"forecast": {"audience_size": FEW}}
    told = _forecast(one.forecast)
    if not exact:
        told["audience_size"] = roughly(told["audience_size"])
    return {"forecast": told, "utility": _short(one.utility)}


def _lever(one: Lever) -> dict[str, Any]:
    gain = one.total.objective
    told = {one.kind: one.after, "gain": [_short(value) for value in (gain.low, gain.mean, gain.high)]}
    return {**told, "breaks": [check.rule for check in one.broken]} if one.broken else told


def past_answer(arm: PastArm, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """One arm of a past campaign, what came of it, and which of the wanted terms it had."""
    told = {
        "campaign": arm.campaign_id,
        "matches": [name for name in ("channel", "offer_type", "category") if _matches(arm, wanted, name)],
        "sent_on": arm.sent_on.isoformat(),
        "channel": arm.channel,
        "terms": arm.terms,
        "category": arm.category,
        "customers": roughly(arm.customers),
        "ctr": _short(arm.ctr),
        "conversion": _short(arm.conversion),
        "holdout_conversion": _short(arm.holdout_conversion),
        "revenue": _short(arm.revenue),
        "discount_cost": _short(arm.discount_cost),
    }
    return _without_empty(told)


def _matches(arm: PastArm, wanted: Mapping[str, Any], name: str) -> bool:
    return name in wanted and getattr(arm, name) == wanted[name]


def brief_answer(brief: CampaignBrief) -> dict[str, Any]:
    """The brief, what it leaves open left out."""
    told = brief.model_dump(mode="json", exclude_defaults=True)
    for name in ("channels", "offer_types"):
        if name in told:
            told[name] = list(dict.fromkeys(told[name]))
    return told


def facts_answer(facts: CaseFacts) -> dict[str, Any]:
    """What a language model may know of the shop: aggregates only, counts of customers roughly."""
    told = facts.model_dump(mode="json")
    told["audience_size"] = roughly(facts.audience_size)
    told["reachable"] = roughly_reached(facts.reachable, facts.audience_size)
    # Called what a draft calls it.
    told["categories"] = [{"category": one.pop("name"), **one} for one in told["categories"]]
    told["products"] = list(map(_without_empty, told["products"]))
    told["brand"] = _brand(facts.brand, facts.ends_on) if facts.brand else None
    return {name: value for name, value in _without_empty(told).items() if value != 0}


def _brand(section: BrandSection, ends_on: date) -> dict[str, Any]:
    proven = section.proven(ends_on)
    told = {
        "voice": section.voice,
        "do": list(section.do),
        "dont": list(section.dont),
        "required": [_without_empty(one.model_dump(mode="json")) for one in section.required],
        "banned": list(section.banned),
        "proven_claims": list(proven),
        "claims_without_proof": [one.phrase for one in section.claims if one.phrase not in proven],
    }
    return _without_empty(told)


def group_answer(group: GroupFacts) -> dict[str, Any]:
    """Who could be contacted, roughly, and how one attribute is spread; nothing of too small a group."""
    if group.size is None:
        return {"size": FEW}
    told = None if group.told is None else _without_empty(group.told.model_dump(mode="json"))
    answer = {
        "size": roughly(group.size),
        "reachable": roughly_reached(group.reachable, group.size),
        "attribute": told,
    }
    return _without_empty({**answer, "attributes": {k: list(v) for k, v in group.attributes.items()}})


def products_answer(products: Iterable[ProductDetails], more: int, unknown: Iterable[str]) -> dict[str, Any]:
    """Products, how many more fit, and ids that are not in the catalogue."""
    shown = [_without_empty(one.model_dump(mode="json")) for one in products]
    for one in shown:
        one["margin"] = _short(one.get("margin"))
    return {"products": shown, **_without_empty({"more": more or None, "unknown": list(unknown)})}


def checked_answer(
    draft: StrategyDraft,
    broken: list[dict[str, str]],
    message: Copy,
    better: str = "",
    appeal: CopyAppeal | None = None,
    *,
    language: str,
) -> dict[str, Any]:
    """The copy rules that a draft breaks, advice, its angle, its message as the customer reads it, and the
    appeal of its words.
    """
    return {
        "draft_id": draft.draft_id,
        **_angle(draft.message, language),
        "broken": broken,
        **({"advice": better} if better else {}),
        "message": _without_empty(message.model_dump(mode="json")),
        **_appeal(appeal),
    }


def _angle(copy: Copy, language: str) -> dict[str, str]:
    return {"angle": angle_of(copy, language)} if copy.body.strip() else {}


def _appeal(appeal: CopyAppeal | None) -> dict[str, Any]:
    """The factor on the click rate as [low, mean, high], and what does it."""
    if appeal is None:
        return {}
    factor = appeal.factor
    why = [{"phrase": one.phrase, "percent": _short(one.percent)} for one in appeal.reasons]
    told = {"factor": [_short(value) for value in (factor.low, factor.mean, factor.high)], "why": why}
    return {"appeal": _without_empty(told)}


def fault_answer(error: InvalidInput, draft_id: str | None = None) -> dict[str, Any]:
    """A value that could not be read: field, expected, received."""
    told = {
        "draft_id": draft_id,
        "field": error.field[:_LONGEST_FIELD],
        "expected": error.expected,
        "received": error.received,
    }
    return _without_empty(told)


def _target(draft: StrategyDraft) -> dict[str, Any]:
    told = {
        "channel": draft.channel,
        "category": draft.category,
        "product_ids": list(draft.product_ids),
        "audience": [condition.model_dump(mode="json") for condition in draft.audience],
        "audience_limit": draft.audience_limit,
        "offer": _terms(draft.offer),
    }
    return _without_empty(told)


def _terms(offer: Offer) -> dict[str, Any]:
    data = offer.model_dump(mode="json")
    return {
        name: value
        for name, value in data.items()
        if value is not None and (name not in _OFFER_DEFAULTS or value != _OFFER_DEFAULTS[name])
    }


def _forecast(forecast: EffectForecast | None) -> dict[str, Any]:
    if forecast is None:
        return {"audience_size": 0}
    profit = forecast.incremental_profit
    told = {
        "audience_size": forecast.audience_size,
        "ctr": _short(forecast.ctr.mean) if forecast.ctr else None,
        "conversion": _short(forecast.conversion.mean),
        "incremental_conversion": _short(forecast.incremental_conversion.mean),
        "incremental_profit": list(_shorts((profit.low, profit.mean, profit.high))),
        "discount_cost": _short(forecast.discount_cost.mean),
        "roi": _short(forecast.roi.mean) if forecast.roi else None,
        "support": _short(forecast.support),
        "warnings": list(forecast.warnings),
    }
    return _without_empty(told)


def _without_empty(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None and value not in ([], {}, "")}


def compact(value: Any) -> Any:
    """The value as JSON has it, of dictionaries and lists; whole numbers without a point."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        value = float(f"{value:.{_DIGITS}g}")
        return int(value) if value.is_integer() else value
    if isinstance(value, dict | Mapping):
        return {name: compact(item) for name, item in value.items()}
    return [compact(item) for item in value] if isinstance(value, list | tuple) else value


def _shorts(values: Iterable[float]) -> Iterable[float | None]:
    return map(_short, values)


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.3g}")
