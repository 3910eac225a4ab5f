"""How audience means move with the coefficients of each head: what an interval is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from predictors.effect.expectation import state_of
from predictors.effect.sides import DOWN, CustomerSide, DraftSide
from predictors.effect.terms import person_blocks
from predictors.features import Offers, Schema
from predictors.interface import FloatArray

__all__ = ["Gradient", "gradients"]


@dataclass(frozen=True)
class Gradient:
    """Derivatives of audience means by head.

    of: head -> figure -> (D, K), along its coefficients; arm: head -> figure -> (D,), along a shift of the
    draft's own effect, which leaves the unsent customer alone.
    """

    of: Mapping[str, Mapping[str, FloatArray]]
    arm: Mapping[str, Mapping[str, FloatArray]]


def _person_slope(weighted: FloatArray, offers: Offers, schema: Schema) -> FloatArray:
    """(D, P) from (D, k): the same covariates, once for each block that applies to the draft."""
    blocks = person_blocks(schema)
    here = [1.0 if name is None else (offers.category == name).astype(float)[:, None] for name in blocks]
    return np.hstack([weighted * applies for applies in here])


def gradients(drafts: DraftSide, customers: CustomerSide, schema: Schema) -> Gradient:
    """How the audience means of the figures move with the coefficients of each head."""
    state, offers, worth = state_of(drafts, customers), drafts.offers, drafts.worth
    main, people = customers.audience.main, customers.audience.people
    users, scope = len(main), customers.audience.scope
    here = np.eye(drafts.pull.shape[1])[people.bucket]  # (U, B)
    pull, share = drafts.pull[:, people.bucket], customers.audience.share[scope]
    places = list(customers.traits)
    traits = np.array(list(customers.traits.values())).reshape(-1, users).T  # (U, traits)

    def along(weight: FloatArray) -> FloatArray:
        """(D, K): mean over customers of weight times (main, person, effect columns)."""
        inner = np.matmul((weight @ here)[:, None, :], drafts.effect)[:, 0, :]
        pulled = weight * pull
        inner[:, places] = pulled @ traits
        inner[:, customers.pull_share_at] = np.einsum("du,du->d", pulled, share)
        inner[:, customers.share_at] = np.einsum("du,du->d", weight, share)
        base = weight @ main
        who = _person_slope(base[:, 1:], offers, schema)  # the covariates follow the constant
        return np.asarray(np.hstack([base, who, inner]) / users)

    def along_value(weight: FloatArray) -> FloatArray:
        """(D, K) of the value head, which has no person columns."""
        inner = np.matmul((weight @ here)[:, None, :], drafts.stretch)[:, 0, :]
        return np.asarray(np.hstack([weight @ main, inner]) / users)

    def aside(weight: FloatArray, width: int) -> FloatArray:
        """The same for what does not depend on the offer."""
        return np.asarray(np.hstack([weight @ main, np.zeros((len(weight), width))]) / users)

    flat = np.ones_like(state.buys)
    persons = len(person_blocks(schema)) * people.covariates.shape[1]
    width = persons + drafts.effect.shape[2]
    move, still = state.buys * (1 - state.buys), state.unsent * (1 - state.unsent) * flat
    cost = worth.paid * state.redeem * state.given
    sent, base = along(move), aside(still, width)
    sent_money, base_money = (
        along(move * state.value * worth.paid),
        aside(still * state.plain * worth.paid, width),
    )
    discount = along(move * cost)
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
    if "click" in drafts.tables:
        of["click"] = {"ctr": along(state.click * (1 - state.click))}
    if "redeem" in drafts.tables:
        turn = state.buys * worth.paid * state.redeem * (1 - state.willing) * state.given
        moved = along(turn)
        of["redeem"] = {"discount_cost": moved, "incremental_profit": -moved}
    if "value" in drafts.tables:
        narrow = drafts.stretch.shape[2]
        revenue = along_value(worth.paid * state.buys * state.value)
        gain = revenue - aside(worth.paid * state.unsent * state.plain * flat, narrow)
        share = offers.percent[DOWN] * state.buys * worth.paid * state.redeem * state.value
        paid = along_value(share)
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
    if "value" in drafts.tables:
        shift = revenue[:, 0]
        arm["value"] = {
            "revenue": shift,
            "incremental_revenue": shift,
            "discount_cost": paid[:, 0],
            "incremental_profit": worth.margin * shift * (worth.unit_profit is None) - paid[:, 0],
        }
    return Gradient(of, arm)
