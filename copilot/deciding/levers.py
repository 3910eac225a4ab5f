"""Levers: what one step more or less of a draft's terms, or another channel, would change.

A step that breaks a rule is shown with the rule: what a limit costs is worth knowing. Copy is left out of
that, as it would be written anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from copilot.deciding.offers import DAYS, MINIMUM_SHARES, UNKNOWN_BASKET, round_money
from copilot.deciding.ranking import OBJECTIVE_FIGURE
from copilot.deciding.rules import check_forecast, check_terms
from copilot.deciding.scoring import Compared, Scorer
from copilot.domain.brief import CampaignBrief, Objective
from copilot.domain.draft import StrategyDraft
from copilot.domain.forecast import Estimate
from copilot.domain.noun import parse
from copilot.domain.terms import terms_in_words
from copilot.domain.why import Change, Lever, LeverKind
from copilot.errors import InvalidInput

__all__ = ["levers", "unit"]

POINTS = 5  # of a percentage
VALUE_STEP = 0.2
SPEND_STEP = 0.25
MOST_DAYS = 365
FEW = 0.3  # support below which a step is an extrapolation


def levers(scorer: Scorer, draft: StrategyDraft, *, most: int | None = None) -> tuple[Lever, ...]:
    """Every step from a draft, those that move the brief's objective most first; none if it reaches nobody.

    Steps of terms are forecast for the customers that the draft goes to; another channel for its own.
    most: customers to look at, for a quick answer; None = all.
    """
    if not scorer.reached(draft.channel, draft.audience).any():
        return ()
    steps = list(_steps(scorer, draft))
    if not steps:
        return ()
    found = scorer.compare([draft, *(after for _, after in steps)], most=most)
    every = [_lever(scorer, draft, *step, found, place) for place, step in enumerate(steps, start=1)]
    return tuple(sorted(every, key=lambda one: -abs(one.total.objective.mean)))


def _steps(scorer: Scorer, draft: StrategyDraft) -> Iterator[tuple[LeverKind, StrategyDraft]]:
    for kind, change in _terms(scorer, draft):
        try:
            offer = draft.offer.model_dump() | change
            yield kind, parse(StrategyDraft, {**draft.model_dump(), "offer": offer})
        except InvalidInput:
            continue  # not an offer: more money off than the minimum spend, say
    for channel in scorer.brief.channels or scorer.shop.channels:
        if channel != draft.channel and scorer.reached(channel, draft.audience).any():
            yield "channel", draft.model_copy(update={"channel": channel})


def _terms(scorer: Scorer, draft: StrategyDraft) -> Iterator[tuple[LeverKind, dict[str, Any]]]:
    offer = draft.offer
    if offer.type == "none":
        return
    if offer.value is not None:
        value = float(offer.value)
        for step in (-1, 1):
            near = round_money(value * (1 + step * VALUE_STEP))
            after = value + step * POINTS if offer.type == "percent_off" else near
            if after > 0 and after != value:
                yield "value", {"value": after}
    spend = float(offer.min_spend) if offer.min_spend else None
    for after in _spends(scorer, spend):
        if after != spend and after > 0:
            yield "min_spend", {"min_spend": after}
    days = offer.valid_days
    shorter, longer = [d for d in DAYS if d < days][-1:], [d for d in DAYS if d > days][:1]
    for count in shorter + (longer or [2 * days]):
        if count <= MOST_DAYS:
            yield "valid_days", {"valid_days": count}


def _spends(scorer: Scorer, spend: float | None) -> tuple[float, ...]:
    if spend is None:
        basket = scorer.shop.catalogue.facts((None, ())).median_basket or UNKNOWN_BASKET
        return (round_money(MINIMUM_SHARES[1] * basket),)
    return round_money(spend * (1 - SPEND_STEP)), round_money(spend * (1 + SPEND_STEP))


def _lever(
    scorer: Scorer, draft: StrategyDraft, kind: LeverKind, after: StrategyDraft, found: Compared, place: int
) -> Lever:
    brief, shop, forecast = scorer.brief, scorer.shop, found.forecasts[place]
    total = _change(found, place, brief)
    same = kind != "channel"
    checks = (*check_terms(after, brief, shop), *check_forecast(forecast, brief))
    broken = tuple(check for check in checks if not check.passed)
    each = _times(total, 1 / forecast.audience_size) if same else None
    before, now = _term(draft, kind), _term(after, kind)
    currency = shop.settings.currency
    told = [f"{_step(draft, after, kind, currency)}: {_gain(total, each, brief.objective, currency)}"]
    if forecast.audience_size != found.forecasts[0].audience_size:
        told.append(f"{forecast.audience_size:,} customers instead of {found.forecasts[0].audience_size:,}")
    told += ["hardly anything like it was ever sent"] if forecast.support < FEW else []
    told += [f"would break a rule ({check.message})" for check in broken]
    return Lever(
        kind=kind,
        before=before,
        after=now,
        channel=after.channel,
        offer=after.offer,
        audience_size=forecast.audience_size,
        total=total,
        per_customer=each,
        support=forecast.support,
        broken=broken,
        words="; ".join(told),
    )


def _change(found: Compared, place: int, brief: CampaignBrief) -> Change:
    return Change(
        objective=found.differences[OBJECTIVE_FIGURE[brief.objective]][place],
        incremental_profit=found.differences["incremental_profit"][place],
        incremental_conversion=found.differences["incremental_conversion"][place],
    )


def _times(change: Change, factor: float) -> Change:
    return Change(
        objective=change.objective.times(factor),
        incremental_profit=change.incremental_profit.times(factor),
        incremental_conversion=change.incremental_conversion.times(factor),
    )


def _term(draft: StrategyDraft, kind: LeverKind) -> float | str | None:
    if kind == "channel":
        return draft.channel
    value = getattr(draft.offer, kind)
    return None if value is None else float(value)


def _step(draft: StrategyDraft, after: StrategyDraft, kind: LeverKind, currency: str) -> str:
    """`20 % off instead of 15 % off`."""
    before, now = _term(draft, kind), _term(after, kind)
    if kind == "channel":
        return f"by {now} instead of {before}"
    if kind == "valid_days":
        return f"{now:g} days instead of {before:g}"
    if kind == "min_spend":
        usual = "none" if before is None else f"{before:g} {currency}"
        return f"minimum spend {now:g} {currency} instead of {usual}"
    one, other = (
        terms_in_words(each.offer.type, float(each.offer.value or 0), currency=currency)
        for each in (after, draft)
    )
    return f"{one} instead of {other}"


def _gain(total: Change, each: Change | None, objective: Objective, currency: str) -> str:
    """`+0.02 EUR of profit a customer (90 %: -0.01 to +0.05)`, or in total where customers differ."""
    what = unit(objective, currency)
    if each is None:
        return _range(total.objective, ",.0f", f"{what} in all")
    if objective in ("profit", "revenue"):
        return _range(each.objective, ".3f", f"{what} a customer")
    return _range(each.objective.times(1000), ".1f", f"{what} per 1,000 customers")


def unit(objective: Objective, currency: str) -> str:
    """What an objective is counted in: `EUR of profit`, `conversions`."""
    if objective in ("profit", "revenue"):
        return f"{currency} of {objective}"
    return "clicks" if objective == "clicks" else "conversions"


def _range(gain: Estimate, form: str, unit: str) -> str:
    return f"{gain.mean:+{form}} {unit} (90 %: {gain.low:+{form}} to {gain.high:+{form}})"
