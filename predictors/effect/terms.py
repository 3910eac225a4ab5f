"""The columns of the response model: few degrees of freedom for the offer, none that cannot be named.

A column is a product of what the offer is, what it is to the customer, and who the customer is. Everything
is 0 on a held-out row, so the model's answer to these columns is the effect of sending.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from predictors.features import COPY_FEATURES, Offers, Pairs, Schema
from predictors.interface import FloatArray

__all__ = ["MODIFIERS", "effect_columns", "effect_names", "saturation"]

# Covariates that may change how strongly an offer pulls, where the shop has them.
MODIFIERS = ("discount_share", "average_basket", "days_since_order", "orders_365d", "orders_90d")
SATURATION = 0.12


def saturation(depth: FloatArray) -> FloatArray:
    """Diminishing returns of depth, 0 at nothing, towards 1."""
    return np.asarray(1 - np.exp(-depth / SATURATION))


def effect_names(schema: Schema) -> tuple[str, ...]:
    """Names of the effect columns, in order."""
    zero = np.zeros(1)
    blank = np.array([""], dtype=object)
    offers = Offers(
        zero, blank, blank, zero, zero, zero, zero, zero + 1, blank, np.zeros((1, len(COPY_FEATURES)))
    )
    pairs = Pairs(zero, zero, zero)
    return tuple(name for name, _ in _columns(offers, pairs, {}, zero, schema, slice(None)))


def effect_columns(
    offers: Offers,
    pairs: Pairs,
    modifiers: dict[str, FloatArray],
    share: FloatArray,
    schema: Schema,
    rows: object = slice(None),
) -> FloatArray:
    """(..., K) effect columns in the broadcast shape of the pairs.

    modifiers: standardised covariates by name, broadcastable; share: of spending in the promoted category,
    centred; rows: how the offers' arrays are indexed to broadcast.
    """
    shape = np.broadcast_shapes(pairs.depth.shape, share.shape)
    columns = [
        np.broadcast_to(column, shape)
        for _, column in _columns(offers, pairs, modifiers, share, schema, rows)
    ]
    return np.stack(columns, axis=-1)


def _columns(
    offers: Offers,
    pairs: Pairs,
    modifiers: dict[str, FloatArray],
    share: FloatArray,
    schema: Schema,
    rows: object,
) -> Iterator[tuple[str, FloatArray]]:
    def of(values: FloatArray) -> FloatArray:
        picked: FloatArray = values[rows]  # type: ignore[index]
        return picked

    sent = of(offers.sent)
    kind, channel, category = offers.kind, offers.channel, offers.category
    yield "sent", sent
    for name in schema.channels:
        yield f"channel={name}", sent * of((channel == name).astype(float))
    offered = of((kind != "none").astype(float)) * sent
    depth, able = pairs.depth, pairs.eligible * sent
    pull = able * saturation(depth)
    yield "offered", offered
    yield "eligible", able * offered
    yield "gap", offered * pairs.gap
    yield "depth_10", able * np.minimum(depth, 0.1) * 10
    yield "depth_20", able * np.clip(depth - 0.1, 0, 0.1) * 10
    yield "depth_40", able * np.clip(depth - 0.2, 0, 0.2) * 5
    for name in schema.offer_types:
        if name not in ("none", "percent_off"):
            yield f"type={name}", pull * of((kind == name).astype(float))
    for name in schema.channels:
        yield f"pull@{name}", pull * of((channel == name).astype(float))
    days = of(np.log(offers.days / schema.days).clip(-2, 2))
    yield "days", pull * days
    yield "days2", pull * days**2
    for name in schema.categories:
        here = of((category == name).astype(float))
        yield f"category={name}", sent * here
        yield f"pull@{name}", pull * here
    yield "share", sent * share
    yield "pull:share", pull * share
    for name in MODIFIERS:
        value = modifiers.get(name, np.zeros(1))
        yield name, sent * value
        yield f"pull:{name}", pull * value
    for place, name in enumerate(COPY_FEATURES):
        yield f"copy:{name}", sent * of(offers.copy[:, place])
