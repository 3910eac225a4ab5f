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

    def along(*weights: FloatArray) -> list[FloatArray]:
        """For each weight (D, U), (D, K): mean over customers of it times (main, person, effect columns)."""
        # The columns of (draft, bucket) are the largest thing here: they are gone through once for all.
        inner = np.matmul(np.stack([weight @ here for weight in weights], axis=1), drafts.effect)
        found = []
        for place, weight in enumerate(weights):
            pulled, own = weight * pull, inner[:, place]
            own[:, places] = pulled @ traits
            own[:, customers.pull_share_at] = np.einsum("du,du->d", pulled, share)
            own[:, customers.share_at] = np.einsum("du,du->d", weight, share)
            base = weight @ main
            who = _person_slope(base[:, 1:], offers, schema)  # the covariates follow the constant
            found.append(np.hstack([base, who, own]) / users)
        return found

    def along_value(weight: FloatArray) -> FloatArray:
        """(D, K) of the value head, which has no person columns."""
        inner = np.matmul((weight @ here)[:, None, :], drafts.stretch)[:, 0, :]
        return np.asarray(np.hstack([weight @ main, inner]) / users)

    def aside(weight: FloatArray, width: int) -> FloatArray:
        """The same for what does not depend on the offer: weight (1, U), the same row for every draft."""
        row = np.hstack([weight @ main, np.zeros((1, width))]) / users
        return np.repeat(row, len(pull), axis=0)

    persons = len(person_blocks(schema)) * people.covariates.shape[1]
    width = persons + drafts.effect.shape[2]
    move, still = state.buys * (1 - state.buys), state.unsent * (1 - state.unsent)
    cost = worth.paid * state.redeem * state.given
    weights = {"sent": move, "sent_money": move * state.value * worth.paid, "discount": move * cost}
    if "click" in drafts.tables:
        weights["click"] = state.click * (1 - state.click)
    if "redeem" in drafts.tables:
        weights["redeem"] = state.buys * worth.paid * state.redeem * (1 - state.willing) * state.given
    slopes = dict(zip(weights, along(*weights.values()), strict=True))
    sent, sent_money, discount = slopes["sent"], slopes["sent_money"], slopes["discount"]
    base, base_money = aside(still, width), aside(still * state.plain * worth.paid, width)
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
        of["click"] = {"ctr": slopes["click"]}
    if "redeem" in drafts.tables:
        of["redeem"] = {"discount_cost": slopes["redeem"], "incremental_profit": -slopes["redeem"]}
    if "value" in drafts.tables:
        narrow = drafts.stretch.shape[2]
        revenue = along_value(worth.paid * state.buys * state.value)
        gain = revenue - aside(worth.paid * state.unsent * state.plain, narrow)
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
