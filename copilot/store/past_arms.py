"""The arms of past campaigns as the database counts them, without a row reaching Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Table, case, func, null, select

from copilot.store.tables import exposures

__all__ = ["ArmPropensity", "arm_propensities"]

_TERMS = (
    "offer_type",
    "offer_value",
    "buy_quantity",
    "get_quantity",
    "min_spend",
    "max_discount",
    "valid_days",
    "category",
    "product_id",
    "copy_id",
)


@dataclass(frozen=True)
class ArmPropensity:
    """One arm of a campaign: how many of its rows state a propensity p, and the sums of 1/p and 1/p^2."""

    campaign_id: str
    told: int
    inverse_sum: float
    inverse_squares: float


def arm_propensities(conn: Connection, stage: Table) -> Iterator[ArmPropensity]:
    """The arms of every campaign that a staging table mentions, from all that the store holds of them.

    Customers who were held out are one arm; the others are told apart by `arm_id`, else by terms and copy.
    """
    mentioned = select(stage.c.campaign_id).where(stage.c.propensity.is_not(None))
    held = exposures.c.channel == "holdout"
    named = held | exposures.c.arm_id.is_not(None)
    arm_id = case((held, null()), else_=exposures.c.arm_id)
    terms = [case((named, null()), else_=exposures.c[name]) for name in _TERMS]
    channel = case((~held & exposures.c.arm_id.is_not(None), null()), else_=exposures.c.channel)
    arms = (
        select(
            exposures.c.campaign_id,
            (1.0 / exposures.c.propensity).label("inverse"),
            channel.label("channel"),
            arm_id.label("arm_id"),
            *(term.label(name) for name, term in zip(_TERMS, terms, strict=True)),
        )
        .where(exposures.c.campaign_id.in_(mentioned))
        .subquery()
    )
    inverse = arms.c.inverse
    query = (
        select(arms.c.campaign_id, func.count(inverse), func.sum(inverse), func.sum(inverse * inverse))
        .group_by(arms.c.campaign_id, arms.c.channel, arms.c.arm_id, *(arms.c[name] for name in _TERMS))
        .order_by(arms.c.campaign_id)
    )
    for campaign_id, told, total, squares in conn.execute(query):
        yield ArmPropensity(campaign_id, told, total or 0.0, squares or 0.0)
