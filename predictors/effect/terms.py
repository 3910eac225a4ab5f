"""The columns of the response model: few degrees of freedom for the offer, none that cannot be named.

A column is a product of what the offer is, what it is to the customer, and who the customer is. Everything is
0 on a held-out row, so the model's answer to these columns is the effect of sending. Each column belongs to a
group whose coefficients are shrunk alike; the effect of a message and the pull of an offer are free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from predictors.effect.mixed import FREE
from predictors.features import COPY_FEATURES, Offers, Pairs, Schema
from predictors.interface import FloatArray

__all__ = [
    "MODIFIERS",
    "VALUE_COLUMNS",
    "effect_columns",
    "effect_names",
    "person_blocks",
    "person_columns",
    "person_names",
    "value_columns",
]

# Covariates that may change how strongly an offer pulls, where the shop has them.
MODIFIERS = ("discount_share", "average_basket", "days_since_order", "orders_365d", "orders_90d")
SATURATION = 0.12
VALUE_COLUMNS = 7
OTHER_KINDS = ("none", "percent_off")
# Up to so many columns, who responds may differ by promoted category.
MOST_PERSON_COLUMNS = 80


def effect_names(schema: Schema) -> list[tuple[str, str]]:
    """(group, name) of the effect columns, in order."""
    zero, blank = np.zeros(1), np.array([""], dtype=object)
    copy = np.zeros((1, len(COPY_FEATURES)))
    offers = Offers(zero, blank, blank, zero, zero, zero > 0, zero, zero, zero + 1, blank, copy)
    return [
        (group, name) for group, name, _ in _columns(offers, Pairs(zero, zero, zero), {}, zero, schema, ...)
    ]


def effect_columns(
    offers: Offers,
    pairs: Pairs,
    modifiers: Mapping[str, FloatArray],
    share: FloatArray,
    schema: Schema,
    rows: Any = ...,
) -> FloatArray:
    """(..., K) effect columns in the broadcast shape of the pairs.

    modifiers: standardised covariates by name, broadcastable; share: of spending in the promoted category,
    centred; rows: how the offers' arrays are indexed to broadcast.
    """
    shape = np.broadcast_shapes(pairs.depth.shape, share.shape)
    columns = list(_columns(offers, pairs, modifiers, share, schema, rows))
    out = np.empty((*shape, len(columns)))
    for place, (_, _, column) in enumerate(columns):
        out[..., place] = column
    return out


def person_blocks(schema: Schema) -> tuple[str | None, ...]:
    """What a customer's response to a message may depend on: None = any message, then categories promoted."""
    by_category = (
        len(schema.categories) > 1 and len(schema.categories) * len(schema.columns) <= MOST_PERSON_COLUMNS
    )
    return (None, *schema.categories) if by_category else (None,)


def person_names(schema: Schema) -> list[tuple[str, str]]:
    """(group, name) of the person columns: covariates and the forests' score, for each of `person_blocks`."""
    return [
        ("person" if block is None else "person@category", f"{column}@{block or 'sent'}")
        for block in person_blocks(schema)
        for column in (*schema.columns, "score")
    ]


def person_columns(covariates: FloatArray, offers: Offers, schema: Schema) -> FloatArray:
    """(n, P) covariates of whoever was sent something, (n, k), once for each block that applies."""
    sent = offers.sent[:, None]
    parts = [
        covariates * sent * (1.0 if block is None else (offers.category == block).astype(float)[:, None])
        for block in person_blocks(schema)
    ]
    return np.hstack(parts)


def value_columns(offers: Offers, pairs: Pairs, rows: Any = ...) -> FloatArray:
    """(..., 7) columns of how a message changes the value of an order.

    An offer moves who buys as well as what they buy: a flat sum is a larger gift to a small basket, so the
    orders that it brings are small ones, and more so the stronger it pulls.
    """
    sent = offers.sent[rows]
    offered = sent * (offers.kind != "none").astype(float)[rows]
    flat = (offers.flat > 0).astype(float)[rows]
    given = offered * pairs.eligible * pairs.depth
    columns = (
        sent,
        given,
        given * flat,
        offered * pairs.eligible * (1 - np.exp(-pairs.depth / SATURATION)),
        offered * pairs.gap,
        given * pairs.gap,
        offered * pairs.eligible * (1 - pairs.eligible),
    )
    out = np.empty((*pairs.depth.shape, len(columns)))
    for place, column in enumerate(columns):
        out[..., place] = column
    return out


def _columns(
    offers: Offers,
    pairs: Pairs,
    modifiers: Mapping[str, FloatArray],
    share: FloatArray,
    schema: Schema,
    rows: Any,
) -> Iterator[tuple[str, str, FloatArray]]:
    def where(column: Any, name: str) -> FloatArray:
        return np.asarray((column == name).astype(float)[rows])

    sent = offers.sent[rows]
    offered = sent * (offers.kind != "none").astype(float)[rows]
    depth, able = pairs.depth, pairs.eligible * sent
    pull = able * (1 - np.exp(-depth / SATURATION))
    # A validity beyond any that was sent is taken for the nearest that was: the curve is unknown there.
    days = np.log(offers.days.clip(*schema.days_sent) / schema.days).clip(-2, 2)[rows]
    yield FREE, "sent", sent
    yield FREE, "pull", pull
    yield "shape", "offered", offered
    yield "shape", "eligible", able * offered
    yield "shape", "gap", offered * pairs.gap
    yield "shape", "pull@eligible", able * pull
    yield "shape", "pull@gap", pull * pairs.gap
    yield "shape", "depth_10", able * np.minimum(depth, 0.1) * 10
    yield "shape", "depth_20", able * np.clip(depth - 0.1, 0, 0.1) * 10
    yield "shape", "depth_40", able * np.clip(depth - 0.2, 0, 0.2) * 5
    yield "days", "days", pull * days
    yield "days", "days2", pull * days**2
    for name in (*schema.channels, *schema.assumed_channels):
        here = where(offers.channel, name)
        yield "channel", f"channel={name}", sent * here
        yield "pull@channel", f"pull@{name}", pull * here
    for name in schema.offer_types:
        if name not in OTHER_KINDS:
            here = where(offers.kind, name)
            yield "type", f"type={name}", offered * here
            yield "pull@type", f"pull@{name}", pull * here
    for name in schema.categories:
        here = where(offers.category, name)
        yield "category", f"category={name}", sent * here
        yield "pull@category", f"pull@{name}", pull * here
    yield "who", "share", sent * share
    yield "pull@who", "pull@share", pull * share
    for name in MODIFIERS:
        if name in schema.numeric:
            yield "pull@who", f"pull@{name}", pull * modifiers.get(name, np.zeros(1))
    for place, name in enumerate(COPY_FEATURES):
        yield "copy", f"copy:{name}", sent * offers.copy[:, place][rows]
