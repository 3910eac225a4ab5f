"""How much of history speaks to a draft: a count of past arms like it, in [0, 1].

Offers are points of an economic space: depth on the shop's usual basket, distance of the minimum spend,
validity, kind, channel, promoted category. What was never sent in any form is far from everything.
"""

from __future__ import annotations

import numpy as np

from predictors.features import Customers, Offers, Schema, pair
from predictors.interface import FloatArray

__all__ = ["arm_points", "support_of", "warnings_of"]

DEPTH, ROOM, DAYS = 0.05, 0.25, 0.6  # one unit of distance each
OTHER_CHANNEL, OTHER_KIND, OTHER_CATEGORY = 1.8, 1.6, 1.4
NEVER = 4.0
FEW = 0.3


def arm_points(offers: Offers, schema: Schema) -> FloatArray:
    """(D, 6) offers as points; the last three: codes of channel, kind and category, -1 = never sent."""
    usual = np.full(len(offers.kind), float(np.median(schema.baskets)))
    pairs = pair(usual, offers)
    codes = [
        np.array([known.index(value) if value in known else -1 for value in values.tolist()], dtype=float)
        for values, known in (
            (offers.channel, schema.channels),
            (offers.kind, schema.offer_types),
            (offers.category, ("", *schema.categories)),
        )
    ]
    days = np.where(offers.kind == "none", 0.0, np.log(offers.days / schema.days))
    return np.column_stack([pairs.depth / DEPTH, pairs.gap / ROOM, days / DAYS, *codes])


def support_of(points: FloatArray, arms: FloatArray, people: Customers, schema: Schema) -> FloatArray:
    """(D,) support of drafts at `points` by the past `arms`, less where attributes are missing."""
    distance = (np.abs(points[:, None, :3] - arms[None, :, :3]) ** 2).sum(axis=2)
    for column, far in zip((3, 4, 5), (OTHER_CHANNEL, OTHER_KIND, OTHER_CATEGORY), strict=True):
        differs = points[:, None, column] != arms[None, :, column]
        distance += far**2 * differs + NEVER**2 * (points[:, None, column] < 0)
    alike = np.exp(-distance / 2).sum(axis=1)
    known = 1 - len(people.missing) / max(len(schema.numeric) + len(schema.levels), 1)
    return np.asarray((1 - np.exp(-0.7 * alike)) * (0.4 + 0.6 * known)).clip(0, 1)


def warnings_of(
    offers: Offers, people: Customers, support: FloatArray, schema: Schema, common: list[str]
) -> tuple[tuple[str, ...], ...]:
    """What to say beside each forecast: (D,) tuples of sentences, `common` ones first."""
    if people.missing:
        named = ", ".join(people.missing[:5]) + (", ..." if len(people.missing) > 5 else "")
        common = [*common, f"customer attributes unknown here, counted as missing: {named}"]
    if not schema.channels:
        # Nothing was ever sent: each draft is as far from history as any other.
        return (tuple(common),) * len(support)
    every = []
    for place in range(len(support)):
        channel, kind, category = offers.channel[place], offers.kind[place], offers.category[place]
        said = list(common)
        if channel not in schema.channels:
            said.append(f"extrapolation: no past campaign used the channel {channel or '(none)'}")
        if kind not in schema.offer_types:
            said.append(f"extrapolation: no past campaign had an offer of type {kind or '(none)'}")
        if category and category not in schema.categories:
            said.append(f"extrapolation: no past campaign promoted {category}")
        if support[place] < FEW and len(said) == len(common):
            said.append("extrapolation: hardly any past message had terms like these")
        every.append(tuple(said))
    return tuple(every)
