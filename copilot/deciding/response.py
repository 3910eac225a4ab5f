"""What a deeper discount or a higher minimum spend would do, step by step, by channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from copilot.deciding.case import Case
from copilot.deciding.offers import MINIMUM_SHARES, UNKNOWN_BASKET, Terms, round_money, to_draft
from copilot.deciding.scoring import Evaluation, Scorer
from copilot.domain.forecast import EffectForecast, Estimate
from copilot.shop.catalogue import Scope

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Response", "responses"]

DEPTHS = (0, 5, 10, 15, 20, 25, 30, 35, 40)
USUAL_DEPTH = 15
CUSTOMERS = 1_000
PERCENT = "percent_off"


@dataclass(frozen=True)
class Response:
    """Forecasts along one lever of an offer on one channel, per customer contacted, 90 % intervals.

    lever: "discount" in percent, or "minimum spend" in money; offer: the rest of the terms, in words.
    values: (k,) of the lever, 0 = none; sent: the values that were ever sent on this channel.
    """

    lever: str
    channel: str
    offer: str
    values: tuple[float, ...]
    conversion: tuple[Estimate, ...]
    profit: tuple[Estimate, ...]
    support: tuple[float, ...]
    sent: tuple[float, ...]


def responses(case: Case, evaluation: Evaluation) -> tuple[Response, ...]:
    """Response to discount depth and to the minimum spend on each channel used, the most used first.

    Over a sample of the customers who may be contacted; channels that reach nobody are left out.
    """
    shop = case.shop
    messages: Counter[str] = Counter()
    for one in evaluation.sent:
        messages[one.channel] += one.messages
    step = max(len(shop.attributes) // CUSTOMERS, 1)
    few = shop.only(_every(step, len(shop.attributes)))
    scorer = Scorer(few, case.scorer.model, case.brief)
    scope = _usual_scope(case)
    about = f"on {scope[0]}" if scope[0] else "on everything"
    basket = shop.catalogue.facts((None, ())).median_basket or UNKNOWN_BASKET
    usual = _usual_depth(evaluation)
    minimums = tuple(dict.fromkeys(round_money(share * basket) for share in (*MINIMUM_SHARES, 0.4, 2.25)))
    found = []
    for channel in sorted(shop.channels, key=lambda name: -messages[name]):
        plain = Terms(channel, scope, "none")
        deep = [replace(plain, type=PERCENT, value=float(depth)) if depth else plain for depth in DEPTHS]
        sent = [one for one in evaluation.sent if one.channel == channel]
        depths = {one.value or 0.0 for one in sent if one.offer_type in (PERCENT, "none")}
        found += _response(case, scorer, "discount", about, deep, DEPTHS, sorted(depths))
        spends = tuple(sorted(minimums))
        offer = Terms(channel, scope, PERCENT, value=float(usual))
        asked = [replace(offer, min_spend=spend or None) for spend in spends]
        least = {one.min_spend or 0.0 for one in sent if one.offer_type != "none"}
        found += _response(
            case, scorer, "minimum spend", f"{usual:g} % off {about}", asked, spends, sorted(least)
        )
    return tuple(found)


def _every(step: int, count: int) -> npt.NDArray[np.bool_]:
    import numpy as np

    return np.asarray(np.arange(count) % step == 0)


def _usual_scope(case: Case) -> Scope:
    """The category that past campaigns promoted to most customers; everything, if they named none."""
    customers: Counter[str] = Counter()
    for arm in case.shop.arms:
        if arm.category:
            customers[arm.category] += arm.customers
    return (customers.most_common(1)[0][0], ()) if customers else (None, ())


def _usual_depth(evaluation: Evaluation) -> float:
    """The median depth of the messages with a percentage off, else a common one."""
    sent = sorted(
        (one.value, one.messages) for one in evaluation.sent if one.offer_type == PERCENT and one.value
    )
    left = sum(messages for _, messages in sent) / 2
    for depth, messages in sent:
        left -= messages
        if left <= 0:
            return depth
    return USUAL_DEPTH


def _response(
    case: Case,
    scorer: Scorer,
    lever: str,
    offer: str,
    terms: Sequence[Terms],
    values: Sequence[float],
    sent: Sequence[float],
) -> list[Response]:
    drafts = [to_draft(one, f"{lever}-{place}", case.plan) for place, one in enumerate(terms)]
    # Nobody chose these for their forecast, so nothing is to be corrected.
    told = scorer.forecast(drafts, side="search")
    known: list[EffectForecast] = [one for one in told if one is not None]
    if len(known) < len(drafts):
        return []
    return [
        Response(
            lever,
            terms[0].channel,
            offer,
            tuple(map(float, values)),
            tuple(one.incremental_conversion for one in known),
            tuple(one.incremental_profit for one in known),
            tuple(one.support for one in known),
            tuple(sent),
        )
    ]
