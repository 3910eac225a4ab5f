"""Ranking: which admissible strategies come first, and why, from their numbers alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from copilot.domain.brief import CampaignBrief, Objective
from copilot.domain.forecast import EffectForecast, Estimate
from copilot.domain.scored import ScoredDraft

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = [
    "OBJECTIVE_FIGURE",
    "alike",
    "amount",
    "distinct",
    "forecast_utility",
    "rank",
    "reasons",
    "utility",
    "worth",
]

OBJECTIVE_FIGURE: dict[Objective, str] = {
    "profit": "incremental_profit",
    "revenue": "incremental_revenue",
    "conversion": "incremental_conversion",
    "clicks": "ctr",
}
# What one standard deviation of doubt costs, in standard deviations of the objective. Small on purpose:
# the mean decides, doubt breaks near-ties and keeps extrapolations from winning by a wide guess.
PRICE_OF_DOUBT = 0.25
MISSED_ROI = 1e12  # more than any objective over any audience: an offer that misses the floor comes last
FEW = 10  # an amount below it is told with its cents
_WIDTH_90 = 3.29  # a normal 90 % interval is this many standard deviations wide


def utility(
    mean: npt.NDArray[np.float64] | float,
    low: npt.NDArray[np.float64] | float,
    high: npt.NDArray[np.float64] | float,
    customers: float,
) -> Any:
    """The objective over the audience with the price on doubt taken off."""
    return customers * (mean - PRICE_OF_DOUBT * (high - low) / _WIDTH_90)


def worth(figures: Mapping[str, Any], brief: CampaignBrief, customers: float) -> npt.NDArray[np.float64]:
    """(D,) utility of offers as far as the brief's budget pays for them; figures: name -> (D,) each.

    What misses the brief's ROI floor comes after everything that keeps it.
    """
    import numpy as np

    aim = figures[OBJECTIVE_FIGURE[brief.objective]]
    value: npt.NDArray[np.float64] = utility(aim.mean, aim.low, aim.high, customers)
    spent = customers * (figures["discount_cost"].mean + figures["contact_cost"].mean)
    if brief.budget is not None:
        paid_for = float(brief.budget) / np.maximum(spent, 1e-12)
        value = np.where(value > 0, value * np.minimum(paid_for, 1.0), value)
    if brief.min_roi is not None:
        missed = customers * figures["incremental_profit"].mean < float(brief.min_roi) * spent
        value = np.where(missed, value - MISSED_ROI, value)
    return value


def forecast_utility(forecast: EffectForecast | None, objective: Objective) -> float:
    """The utility of one forecast; 0 for a draft that reaches nobody (and is never admissible)."""
    if forecast is None:
        return 0.0
    figure: Estimate = getattr(forecast, OBJECTIVE_FIGURE[objective])
    return float(utility(figure.mean, figure.low, figure.high, forecast.audience_size))


def rank(scored: Sequence[ScoredDraft], limit: int) -> tuple[ScoredDraft, ...]:
    """The admissible drafts, best utility first, near-duplicates left out."""
    order = sorted((one for one in scored if one.admissible), key=lambda one: -one.utility)
    return distinct(order, limit)


def distinct(ordered: Sequence[ScoredDraft], limit: int) -> tuple[ScoredDraft, ...]:
    """The first of each set of near-duplicates, in order, at most `limit`."""
    kept: list[ScoredDraft] = []
    for one in ordered:
        if len(kept) == limit:
            break
        if not any(alike(one, other) for other in kept):
            kept.append(one)
    return tuple(kept)


def alike(one: ScoredDraft, other: ScoredDraft) -> bool:
    """Whether a marketer would call the two the same strategy."""
    first, second = one.draft, other.draft
    # The same words for the same terms are one message, to however many of its customers it goes.
    said_alike = bool(first.message.body) and first.message == second.message
    same = (
        first.channel == second.channel
        and first.category == second.category
        and first.product_ids == second.product_ids
        and first.audience == second.audience
        and (said_alike or _close(first.audience_limit, second.audience_limit))
        and first.offer.type == second.offer.type
        and first.offer.buy_quantity == second.offer.buy_quantity
        and first.offer.get_quantity == second.offer.get_quantity
    )
    return (
        same
        and _close(first.offer.value, second.offer.value)
        and _close(first.offer.min_spend, second.offer.min_spend)
    )


def _close(one: Any, other: Any) -> bool:
    if not one or not other:
        return bool(one) == bool(other)
    return abs(float(one) - float(other)) <= 0.15 * max(float(one), float(other))


def reasons(
    one: ScoredDraft, place: int, best: ScoredDraft, brief: CampaignBrief, currency: str
) -> tuple[str, ...]:
    """Why it ranks where it does: sentences made of its own figures."""
    forecast = one.forecast
    assert forecast is not None
    found = [_headline(forecast, brief.objective, currency)]
    if place > 1 and best.forecast is not None:
        behind = best.utility - one.utility
        found.append(
            f"Ranks {place}: {amount(behind, brief.objective, currency)} behind the first, "
            "the price on doubt taken off."
        )
    lift = forecast.incremental_conversion
    found.append(
        f"Conversion {forecast.conversion.mean:.2%} if sent, {forecast.baseline_conversion.mean:.2%} if not: "
        f"{lift.mean:+.2%} (90 %: {lift.low:+.2%} to {lift.high:+.2%})."
    )
    return (*found, _costs(forecast, currency), _evidence(forecast))


def _costs(forecast: EffectForecast, currency: str) -> str:
    given, messages = forecast.totals.discount_cost.mean, forecast.totals.contact_cost.mean
    parts = (
        [f"{given:,.0f} {currency} of discounts, to people who would have bought anyway too"] if given else []
    )
    parts += [f"{messages:,.0f} {currency} of messages"] if messages else []
    roi = f"; ROI {forecast.roi.mean:.2f}" if forecast.roi else ""
    return f"Costs {' and '.join(parts) or 'nothing'}{roi}."


def _headline(forecast: EffectForecast, objective: Objective, currency: str) -> str:
    size = forecast.audience_size
    figure: Estimate = getattr(forecast, OBJECTIVE_FIGURE[objective])
    total = figure.times(size)
    against = "than sending nothing" if objective != "clicks" and forecast.incremental else "expected"
    more = "more " if against == "than sending nothing" else ""
    return (
        f"{amount(total.mean, objective, currency)} {more}{against} over {size:,} customers "
        f"(90 %: {total.low:,.0f} to {total.high:,.0f})."
    )


def amount(value: float, objective: Objective, currency: str) -> str:
    """`1,234 EUR of profit`, `56 conversions`."""
    figure = f"{value:,.0f}" if abs(value) >= FEW else f"{value:,.2f}"
    if objective in ("profit", "revenue"):
        return f"{figure} {currency} of {objective}" if currency else f"{figure} {objective}"
    return f"{figure} {'clicks' if objective == 'clicks' else 'conversions'}"


def _evidence(forecast: EffectForecast) -> str:
    words = (
        "much like what was sent before" if forecast.support >= 0.6 else "partly like what was sent before"
    )
    if forecast.support < 0.3:
        words = "little like anything sent before: an extrapolation"
    return f"Support {forecast.support:.2f}: {words}."
