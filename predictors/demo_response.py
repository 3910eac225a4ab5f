"""How a customer of the demo shop answers a message: the truth that predictors try to learn.

A message is noticed or not, clicked or not; both raise the odds of buying within the window above those of
being left alone. Whoever buys may redeem, also those who would have bought anyway. Nothing here is seen by
a predictor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from predictors.demo_people import CATEGORIES, CHANNELS, Goods, People

__all__ = [
    "BASKET_NOISE",
    "REDEEM_CLICKED",
    "REDEEM_NOTICED",
    "REDEEM_UNNOTICED",
    "SHIPPING_COST",
    "Answer",
    "Terms",
    "answer",
    "baseline",
    "copy_appeal",
    "given_away",
    "orders_given",
    "terms_of",
]

Array = npt.NDArray[np.float64]
SHIPPING_COST = 4.9
POINT_VALUE = 0.01
BASKET_NOISE = 0.42
# The chance that a buyer uses the offer, by how the message was met.
REDEEM_CLICKED, REDEEM_NOTICED, REDEEM_UNNOTICED = 0.9, 0.55, 0.15
_CHANNEL_NOTICE = {"email": -0.3, "sms": 0.7, "push": -0.1, "onsite": -1.2, "ads": -1.8}
_CHANNEL_CLICK = {"email": 0.0, "sms": -0.45, "push": -0.1, "onsite": 0.1, "ads": -0.5}
_URGENT = re.compile(r"\b(today|tonight|ends|last|hurry|soon|only)\b", re.IGNORECASE)
_GIVING = re.compile(r"\b(gift|free|treat|thank|present)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Terms:
    """One offer in the response's own words; money in the shop's currency."""

    kind: str
    value: float
    min_spend: float
    max_discount: float
    days: float
    channel: str
    category: str | None
    copy: float  # appeal of the copy, 0 = plain


@dataclass(frozen=True)
class Answer:
    """What U customers would do: probabilities, and how far the offer stretches a basket. Each (U,)."""

    unsent: Array  # buys within the window if nothing is sent
    noticed: Array
    clicked: Array  # click and notice together
    buys_clicked: Array
    buys_noticed: Array  # noticed, not clicked
    depth: Array  # perceived share of the basket given away
    reach_up: Array  # share of the minimum spend that a customer makes up to qualify


def copy_appeal(subject: str, body: str) -> float:
    """How much the words add to the odds of a click: a little."""
    text = f"{subject} {body}"
    appeal = 0.16 * bool(_GIVING.search(text)) + 0.12 * bool(_URGENT.search(text))
    appeal += 0.10 * ("?" in subject) - 0.10 * ("!" in subject) - 0.004 * max(len(subject) - 40, 0)
    return appeal if text.strip() else 0.0


def terms_of(row: Mapping[str, Any], goods: Goods) -> Terms:
    """Read one row of an offer table."""

    def number(name: str, default: float = 0.0) -> float:
        value = row.get(name)
        return default if value is None or value != value else float(value)

    kind, value, spend = str(row["offer_type"]), number("offer_value"), number("min_spend")
    prices = goods.products.set_index("product_id")["price"]
    price = float(prices.get(row.get("product_id"), 30.0))
    if kind == "buy_x_get_y":  # so many units must be in the basket, and a share of them is free
        bought, given = number("buy_quantity", 1.0), number("get_quantity", 1.0)
        spend = max(spend, price * (bought + given))
        kind, value = "amount_off", price * given
    elif kind == "fixed_price":
        spend, kind, value = max(spend, price), "amount_off", max(price - value, 0.0)
    category = row.get("category")
    return Terms(
        kind=kind,
        value=value,
        min_spend=spend,
        max_discount=number("max_discount") or np.inf,
        days=max(number("valid_days", 7.0), 1.0),
        channel=str(row["channel"]),
        category=category if category in CATEGORIES else None,
        copy=copy_appeal(str(row.get("subject") or ""), str(row.get("body") or "")),
    )


def baseline(people: People, since_order: Array, demand: float) -> Array:
    """Odds (logit) of buying within a week unsent; `demand` is season and shock together."""
    return people.propensity + 0.35 - 0.4 * np.log1p(since_order / 25) + demand


def given_away(terms: Terms, basket: Array) -> Array:
    """Cost of the offer on a basket that qualifies and is redeemed."""
    if terms.kind == "percent_off":
        return np.minimum(basket * terms.value / 100, terms.max_discount)
    flat = {
        "amount_off": terms.value,
        "free_shipping": SHIPPING_COST,
        "gift": terms.value,
        "points": terms.value * POINT_VALUE,
    }.get(terms.kind, 0.0)
    return np.minimum(np.full_like(basket, min(flat, terms.max_discount)), basket)


def _perceived(people: People, terms: Terms, basket: Array) -> Array:
    """Worth of the offer in the customer's eyes, as money."""
    face = given_away(terms, basket)
    if terms.kind == "amount_off":
        return face * np.where(basket < 60, 1.1, 0.95)
    if terms.kind == "free_shipping":
        return face * 1.3
    if terms.kind == "gift":
        return face * 0.9 * np.exp(0.35 * people.gift_taste)
    return face * (0.5 if terms.kind == "points" else 1.0)


def answer(people: People, goods: Goods, terms: Terms, odds: Array, mood: float = 0.0) -> Answer:
    """What U customers with unsent odds (logit, (U,)) would do on this offer.

    mood: how well the campaign as a whole is noticed (logit), 0 = as usual.
    """
    aim = np.maximum(people.basket, terms.min_spend)
    depth = _perceived(people, terms, aim) / aim
    gap = np.maximum(terms.min_spend / people.basket - 1, 0)
    eligible = 1 / (1 + np.exp((gap - 0.3) / 0.12))
    keenness = np.exp(0.45 * people.sensitivity - 0.1)
    share = people.affinity[:, CATEGORIES.index(terms.category)] if terms.category else 1 / len(CATEGORIES)
    response = goods.response[terms.category] if terms.category else 1.0
    # Too short a time misses people, too long a one can wait.
    timing = 1.35 * (1 - np.exp(-terms.days / 2.2)) / (1 + (terms.days / 20) ** 1.4)
    half = 0.13 * np.exp(-0.25 * people.sensitivity)
    notable = depth**1.7 / (depth**1.7 + half**1.7)
    pull = 2.7 * notable * eligible * keenness * timing * response
    liking = 0.9 * (np.sqrt(share) - 0.33)
    slot = CHANNELS.index(terms.channel) if terms.channel in CHANNELS else 0
    noticed = _sigmoid(_CHANNEL_NOTICE[terms.channel] + 0.7 * people.engagement[:, slot] + mood)
    click = _sigmoid(-1.6 + 0.8 * pull + 1.4 * liking + terms.copy + _CHANNEL_CLICK[terms.channel])
    return Answer(
        unsent=_sigmoid(odds),
        noticed=noticed,
        clicked=noticed * click,
        buys_clicked=_sigmoid(odds + 0.5 + 0.6 * liking + 0.95 * pull),
        buys_noticed=_sigmoid(odds + 0.03 + 0.2 * pull),
        depth=depth,
        reach_up=(0.1 + 0.6 * np.minimum(depth, 0.4)) * eligible,
    )


def orders_given(terms: Terms, reply: Answer, natural: Array, redeems: Array | float) -> tuple[Array, Array]:
    """(list value, cost of the offer) of orders whose natural value is `natural`, by those who use the offer.

    redeems: 1 where the buyer uses the offer if the basket qualifies, or the chance of it.
    """
    raised = (natural < terms.min_spend) & (natural > terms.min_spend * (1 - reply.reach_up))
    lifted = np.where(raised, terms.min_spend * 1.02, natural * (1 + 0.2 * np.minimum(reply.depth, 0.5)))
    qualifies = (lifted >= terms.min_spend) & (terms.kind != "none")
    value = np.where(qualifies, redeems * lifted + (1 - redeems) * natural, natural)
    return value, np.where(qualifies, redeems * given_away(terms, lifted), 0.0)


def _sigmoid(odds: Array) -> Array:
    return 1 / (1 + np.exp(-odds))
