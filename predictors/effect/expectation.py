"""From lines to money: what D drafts do to U customers, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from predictors.effect.mixed import sigmoid
from predictors.effect.sides import DOWN, CustomerSide, DraftSide, Worth
from predictors.interface import FloatArray

__all__ = ["MEANS", "RARE", "REDEEMED", "State", "figures_of", "state_of"]

MEANS = (
    "ctr",
    "conversion",
    "baseline_conversion",
    "incremental_conversion",
    "revenue",
    "incremental_revenue",
    "discount_cost",
    "contact_cost",
    "incremental_profit",
)
RARE = 1e-12
REDEEMED = 0.5  # share of offers used that could be, where none was ever seen


@dataclass(frozen=True)
class State:
    """Everything per (draft, customer): (D, U) each, but those of an unsent customer (1, U).

    redeem: share of orders that use the offer; willing: what the head alone says of it, before `within`.
    """

    click: FloatArray
    buys: FloatArray
    unsent: FloatArray
    value: FloatArray
    plain: FloatArray
    redeem: FloatArray
    willing: FloatArray
    given: FloatArray


def state_of(drafts: DraftSide, customers: CustomerSide) -> State:
    """What D drafts make of U customers; all pairs are held at once."""
    bucket, scope = customers.audience.people.bucket, customers.audience.scope
    shape = (len(drafts.pull), len(bucket))
    pull = drafts.pull[:, bucket]

    def chance(head: str) -> FloatArray:
        line = drafts.tables[head][:, bucket]
        line += customers.who[head][scope]
        line += pull * customers.lean[head][scope]
        return sigmoid(line)

    buys, unsent = chance("convert"), customers.unsent[None, :]
    click = chance("click") if "click" in drafts.tables else np.zeros(shape)
    value, plain = np.zeros(shape), np.zeros((1, shape[1]))
    basket = np.broadcast_to(np.log(customers.baskets), shape)
    if customers.usual is not None:
        plain = np.exp(customers.usual)[None, :]
        basket = drafts.tables["value"][:, bucket] + customers.usual
        value = np.exp(basket)
    redeem = chance("redeem") if "redeem" in drafts.tables else REDEEMED * drafts.pairs.eligible[:, bucket]
    willing = redeem
    redeem = willing * drafts.offered[DOWN] * drafts.within[:, bucket]
    given = drafts.offered[DOWN] * _given_away(drafts, basket, customers.spread)
    return State(click, buys, unsent, value, plain, redeem, willing, given)


def figures_of(state: State, worth: Worth) -> dict[str, FloatArray]:
    """Figure of MEANS -> (D, U)."""
    revenue, before = worth.paid * state.buys * state.value, worth.paid * state.unsent * state.plain
    discount = state.buys * worth.paid * state.redeem * state.given
    gain = state.buys - state.unsent
    profit = (
        worth.unit_profit * gain if worth.unit_profit is not None else worth.margin[DOWN] * (revenue - before)
    )
    contact = np.broadcast_to(worth.contact[DOWN], revenue.shape)
    return {
        "ctr": state.click,
        "conversion": state.buys,
        "baseline_conversion": np.broadcast_to(state.unsent, revenue.shape),
        "incremental_conversion": gain,
        "revenue": revenue,
        "incremental_revenue": revenue - before,
        "discount_cost": discount,
        "contact_cost": contact,
        "incremental_profit": profit - discount - contact,
    }


def _given_away(drafts: DraftSide, log_basket: FloatArray, spread: float) -> FloatArray:
    """Expected cost of the offer on a redeemed order: log-normal around the basket, above the minimum."""
    offers = drafts.offers
    most, share = np.minimum(offers.flat, offers.cap)[DOWN], offers.percent[DOWN]
    above = np.exp(log_basket)
    # A minimum of nothing leaves every order; only the rest need the tails of the normal.
    bound = np.flatnonzero((offers.min_spend > 0) | np.isfinite(drafts.edge))
    floor, edge = drafts.floor[bound, None], drafts.edge[bound, None]
    basket = log_basket[bound] - spread**2 / 2
    room = (basket - np.log(floor)) / spread
    mean = _mean_above(above[bound], room, floor, spread)
    # Orders beyond the one where the cap binds give away the cap.
    capped = np.flatnonzero(np.isfinite(edge[:, 0]))
    far = (basket[capped] - np.log(edge[capped])) / spread
    over = np.maximum(ndtr(far), RARE) / np.maximum(ndtr(room[capped]), RARE)
    beyond = _mean_above(above[bound[capped]], far, edge[capped], spread) - edge[capped]
    mean[capped] -= over * np.maximum(beyond, 0)
    above[bound] = mean
    flat = np.where(offers.whole[DOWN], most, np.minimum(most, above))
    # A cap below what the least order that qualifies would give binds on every order.
    return np.asarray(np.minimum(share * above, offers.cap[DOWN]) + flat)


def _mean_above(basket: FloatArray, room: FloatArray, edge: FloatArray, spread: float) -> FloatArray:
    """Mean of log-normal orders above an edge, whose mean over all orders is `basket`."""
    ratio = ndtr(room + spread) / np.maximum(ndtr(room), RARE)
    # Far below the edge both chances vanish; orders there are hardly above it.
    return np.asarray(np.where(room < -5, np.maximum(edge, basket) * 1.05, basket * ratio))
