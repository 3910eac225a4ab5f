"""From lines to money: what D drafts do to U customers, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from predictors.effect.mixed import sigmoid
from predictors.effect.sides import DOWN, CustomerSide, DraftSide, Worth
from predictors.features import Offers
from predictors.interface import FloatArray

__all__ = ["MEANS", "State", "figures_of", "state_of"]

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
REDEEMED = 0.5  # share of offers used that could be, where none was ever seen


@dataclass(frozen=True)
class State:
    """Everything per (draft, customer): (D, U) each, but those of an unsent customer (1, U)."""

    click: FloatArray
    buys: FloatArray
    unsent: FloatArray
    value: FloatArray
    plain: FloatArray
    redeem: FloatArray
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

    buys, unsent = chance("convert"), sigmoid(customers.unsent[None, :])
    click = chance("click") if "click" in drafts.tables else np.zeros(shape)
    value, plain, basket = np.zeros(shape), np.zeros((1, shape[1])), customers.baskets[None, :]
    if customers.usual is not None:
        plain = np.exp(customers.usual)[None, :]
        value = basket = plain * np.exp(drafts.tables["value"])[:, bucket]
    offered = (drafts.offers.kind != "none").astype(float)[DOWN]
    redeem = chance("redeem") if "redeem" in drafts.tables else REDEEMED * drafts.pairs.eligible[:, bucket]
    given = offered * _given_away(drafts.offers, np.broadcast_to(basket, shape), customers.spread)
    return State(click, buys, unsent, value, plain, offered * redeem, given)


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


def _given_away(offers: Offers, basket: FloatArray, spread: float) -> FloatArray:
    """Expected cost of the offer on a redeemed order: log-normal around `basket`, above the minimum."""
    spend, cap, flat = offers.min_spend[DOWN], offers.cap[DOWN], offers.flat[DOWN]
    percent = offers.percent[DOWN]
    above = _mean_above(basket, np.maximum(spend, 1e-9), spread)
    if np.isfinite(cap).any():
        # Orders beyond the one where the cap binds give away the cap.
        with np.errstate(divide="ignore"):
            edge = np.maximum(np.where(percent > 0, cap / np.maximum(percent, 1e-9), np.inf), spend)
        over = _chance_above(basket, edge, spread) / _chance_above(basket, np.maximum(spend, 1e-9), spread)
        beyond = np.where(np.isfinite(edge), _mean_above(basket, np.minimum(edge, 1e12), spread) - edge, 0.0)
        above = above - np.where(np.isfinite(edge), over * np.maximum(beyond, 0), 0.0)
    return np.asarray(percent * above + np.minimum(np.minimum(flat, cap), above))


def _chance_above(basket: FloatArray, edge: FloatArray, spread: float) -> FloatArray:
    room = (np.log(np.maximum(basket, 1e-9)) - spread**2 / 2 - np.log(np.maximum(edge, 1e-9))) / spread
    return np.asarray(np.maximum(ndtr(room), 1e-12))


def _mean_above(basket: FloatArray, edge: FloatArray, spread: float) -> FloatArray:
    """Mean of log-normal orders above an edge, whose mean over all orders is `basket`."""
    room = (np.log(np.maximum(basket, 1e-9)) - spread**2 / 2 - np.log(edge)) / spread
    ratio = ndtr(room + spread) / np.maximum(ndtr(room), 1e-12)
    # Far below the edge both chances vanish; orders there are hardly above it.
    return np.asarray(np.where(room < -5, np.maximum(edge, basket) * 1.05, basket * ratio))
