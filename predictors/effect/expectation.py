"""From heads to money: what D drafts do to U customers, and how that moves with each coefficient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from predictors.effect.heads import Head
from predictors.effect.mixed import sigmoid
from predictors.effect.reading import modifiers
from predictors.effect.terms import effect_columns, person_blocks, value_columns
from predictors.features import Customers, Offers, Schema, pair
from predictors.interface import Economics, FloatArray

__all__ = ["MEANS", "Audience", "Gradient", "Worth", "expected", "gradients", "take_customers", "worth_of"]

DOWN = (slice(None), None)  # drafts down, customers across
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


@dataclass(frozen=True)
class Audience:
    """U customers ready to be scored. share: (D, U) centred; the rest (U, ...)."""

    people: Customers
    main: FloatArray
    share: FloatArray
    click_residual: FloatArray


@dataclass(frozen=True)
class Worth:
    """What outcomes are worth, (D,) each; unit_profit replaces margin x revenue where it is given."""

    margin: FloatArray
    contact: FloatArray
    unit_profit: float | None
    paid: float  # share of conversions that spend anything


@dataclass(frozen=True)
class Gradient:
    """Derivatives of audience means by head.

    of: head -> figure -> (D, K), along its coefficients; arm: head -> figure -> (D,), along a shift of the
    draft's own effect, which leaves the unsent customer alone.
    """

    of: Mapping[str, Mapping[str, FloatArray]]
    arm: Mapping[str, Mapping[str, FloatArray]]


@dataclass(frozen=True)
class _State:
    """Everything per (draft, customer): (D, U) each, but those of an unsent customer (1, U)."""

    effect: FloatArray
    stretch: FloatArray
    click: FloatArray
    buys: FloatArray
    unsent: FloatArray
    value: FloatArray
    plain: FloatArray
    redeem: FloatArray
    given: FloatArray


def worth_of(offers: pd.DataFrame, economics: Economics, paid: float) -> Worth:
    """What outcomes of D rows of an offer table are worth."""
    blank = [None] * len(offers)
    products, categories = offers.get("product_id", blank), offers.get("category", blank)
    margins = [
        economics.product_margin.get(
            product, economics.category_margin.get(category, economics.default_margin)
        )
        for product, category in zip(products, categories, strict=True)
    ]
    contact = [economics.contact_cost.get(str(channel), 0.0) for channel in offers["channel"]]
    return Worth(np.array(margins, dtype=float), np.array(contact, dtype=float), economics.unit_profit, paid)


def take_customers(audience: Audience, rows: slice | npt.NDArray[np.bool_]) -> Audience:
    """The customers of these rows."""
    people = audience.people
    part = replace(
        people, matrix=people.matrix[rows], covariates=people.covariates[rows], bucket=people.bucket[rows]
    )
    return Audience(
        part,
        audience.main[rows],
        audience.share[:, rows],
        audience.click_residual[rows],
    )


def expected(
    heads: Mapping[str, Head], offers: Offers, audience: Audience, worth: Worth, schema: Schema
) -> dict[str, FloatArray]:
    """Figure of MEANS -> (D, U)."""
    return _figures(_state(heads, offers, audience, worth, schema), worth)


def _state(
    heads: Mapping[str, Head], offers: Offers, audience: Audience, worth: Worth, schema: Schema
) -> _State:
    people, main = audience.people, audience.main
    pairs = pair(np.array(schema.baskets)[people.bucket][None, :], offers, DOWN)
    across = {name: values[None, :] for name, values in modifiers(people, schema).items()}
    effect = effect_columns(offers, pairs, across, audience.share, schema, DOWN)
    stretch = value_columns(offers, pairs, DOWN)
    width = main.shape[1]
    shape = effect.shape[:2]

    middle = width + len(person_blocks(schema)) * people.covariates.shape[1]

    def line(head: str, extra: FloatArray | float = 0.0) -> FloatArray:
        mean = heads[head].mean
        who = (main @ mean[:width] + extra)[None, :] + _person_line(
            mean[width:middle], people, offers, schema
        )
        return np.asarray(who + effect @ mean[middle:])

    buys = sigmoid(line("convert"))
    unsent = sigmoid((main @ heads["convert"].mean[:width])[None, :])
    click = sigmoid(line("click", audience.click_residual)) if "click" in heads else np.zeros(shape)
    value, plain = np.zeros(shape), np.zeros((1, shape[1]))
    if "value" in heads:
        noise = heads["value"].noise
        usual = (main @ heads["value"].mean[:width] + noise / 2)[None, :]
        plain = np.exp(usual)
        value = np.exp(usual + stretch @ heads["value"].mean[width:])
    offered = (offers.kind != "none").astype(float)[DOWN]
    redeem = offered * (sigmoid(line("redeem")) if "redeem" in heads else 0.5 * pairs.eligible)
    spread = float(np.sqrt(heads["value"].noise)) if "value" in heads else 0.45
    basket = value if "value" in heads else np.array(schema.baskets)[people.bucket][None, :] + value
    given = offered * _given_away(offers, basket, spread)
    return _State(effect, stretch, click, buys, unsent, value, plain, redeem, given)


def _person_line(mean: FloatArray, people: Customers, offers: Offers, schema: Schema) -> FloatArray:
    """(D, U) or (1, U): how these customers respond to messages, by what is promoted where that differs."""
    blocks = person_blocks(schema)
    each = people.covariates @ mean.reshape(len(blocks), -1).T  # (U, blocks)
    if len(blocks) == 1:
        return np.asarray(each.T)
    place = np.array([blocks.index(name) if name in blocks else 0 for name in offers.category.tolist()])
    return np.asarray(each[:, 0][None, :] + np.where(place[:, None] > 0, each.T[place], 0.0))


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


def _figures(state: _State, worth: Worth) -> dict[str, FloatArray]:
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


def _person_slope(weighted: FloatArray, offers: Offers, schema: Schema) -> FloatArray:
    """(D, P) from (D, k): the same covariates, once for each block that applies to the draft."""
    blocks = person_blocks(schema)
    here = [1.0 if name is None else (offers.category == name).astype(float)[:, None] for name in blocks]
    return np.hstack([weighted * applies for applies in here])


def gradients(
    heads: Mapping[str, Head], offers: Offers, audience: Audience, worth: Worth, schema: Schema
) -> Gradient:
    """How the audience means of the figures move with the coefficients of each head."""
    state = _state(heads, offers, audience, worth, schema)
    main, covariates, users = audience.main, audience.people.covariates, state.buys.shape[1]

    def along(weight: FloatArray, columns: FloatArray, person: bool = True) -> FloatArray:
        """(D, K): mean over customers of weight times (main, person, columns)."""
        inner = np.matmul(weight[:, None, :], columns)[:, 0, :]
        who = [_person_slope(weight @ covariates, offers, schema)] if person else []
        return np.asarray(np.hstack([weight @ main, *who, inner]) / users)

    def aside(weight: FloatArray, width: int) -> FloatArray:
        """The same for what does not depend on the offer."""
        return np.asarray(np.hstack([weight @ main, np.zeros((len(weight), width))]) / users)

    flat = np.ones_like(state.buys)
    persons = len(person_blocks(schema)) * covariates.shape[1]
    width = persons + state.effect.shape[2]
    move, still = state.buys * (1 - state.buys), state.unsent * (1 - state.unsent) * flat
    cost = worth.paid * state.redeem * state.given
    sent, base = along(move, state.effect), aside(still, width)
    sent_money, base_money = (
        along(move * state.value * worth.paid, state.effect),
        aside(still * state.plain * worth.paid, width),
    )
    discount = along(move * cost, state.effect)
    margin = worth.margin[DOWN]
    income = (
        margin * (sent_money - base_money) if worth.unit_profit is None else worth.unit_profit * (sent - base)
    )
    of = {
        "convert": {
            "conversion": sent,
            "baseline_conversion": base,
            "incremental_conversion": sent - base,
            "revenue": sent_money,
            "incremental_revenue": sent_money - base_money,
            "discount_cost": discount,
            "incremental_profit": income - discount,
        }
    }
    if "click" in heads:
        of["click"] = {"ctr": along(state.click * (1 - state.click), state.effect)}
    if "redeem" in heads:
        turn = state.buys * worth.paid * state.redeem * (1 - state.redeem) * state.given
        moved = along(turn, state.effect)
        of["redeem"] = {"discount_cost": moved, "incremental_profit": -moved}
    if "value" in heads:
        narrow = state.stretch.shape[2]
        revenue = along(worth.paid * state.buys * state.value, state.stretch, person=False)
        gain = revenue - aside(worth.paid * state.unsent * state.plain * flat, narrow)
        share = offers.percent[DOWN] * state.buys * worth.paid * state.redeem * state.value
        paid = along(share, state.stretch, person=False)
        earned = margin * gain if worth.unit_profit is None else 0 * gain
        of["value"] = {
            "revenue": revenue,
            "incremental_revenue": gain,
            "discount_cost": paid,
            "incremental_profit": earned - paid,
        }
    sent_at = main.shape[1] + persons
    arm = {
        head: {name: slope[:, sent_at] for name, slope in by.items()}
        for head, by in of.items()
        if head != "value"
    }
    if "value" in heads:
        shift = revenue[:, 0]
        arm["value"] = {
            "revenue": shift,
            "incremental_revenue": shift,
            "discount_cost": paid[:, 0],
            "incremental_profit": worth.margin * shift * (worth.unit_profit is None) - paid[:, 0],
        }
    return Gradient(of, arm)
