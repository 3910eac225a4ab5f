"""What changes from one draft to another, with its doubt: much less than the doubt of either.

Two drafts share nearly all that may be wrong with them: coefficients, the level of demand, who the customers
are. So a difference is doubted through the difference of the two gradients, and what an arm does beyond its
terms counts as far as the two are different arms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from predictors.effect.doubt import errors
from predictors.effect.expectation import MEANS
from predictors.effect.gradients import Gradient
from predictors.effect.heads import Head
from predictors.effect.sides import Worth
from predictors.effect.support import OTHER_CATEGORY, OTHER_CHANNEL, OTHER_KIND, arm_points
from predictors.features import Offers, Schema, pair
from predictors.interface import Comparison, EffectForecasts, Figures, FloatArray
from predictors.metrics import NORMAL_90

__all__ = ["Part", "alike_rows", "compared", "likeness", "narrowed"]

# How much further apart than for support two offers are before nothing beyond their terms is shared, and what
# share of baskets that qualify makes one unit of distance. Measured on made-up shops of three forms.
REACH = 3.0
ABLE = 0.1
Places = npt.NDArray[np.int64]
Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """Drafts that reach the same customers: their places among all, what they do, and what may be wrong.

    near: (D,) the support that their intervals were opened by.
    """

    places: Places
    told: EffectForecasts
    slopes: Gradient
    near: FloatArray


def alike_rows(reached: Rows) -> list[Places]:
    """(D, U) whom each draft reaches -> places of the drafts that reach the same customers."""
    same: dict[bytes, list[int]] = {}
    for place, row in enumerate(reached):
        same.setdefault(np.packbits(row).tobytes(), []).append(place)
    return [np.array(places, dtype=np.int64) for places in same.values()]


def narrowed(offers: Offers, worth: Worth, places: Places) -> tuple[Offers, Worth]:
    """What belongs to the drafts at `places`."""
    some = replace(offers, **{one.name: getattr(offers, one.name)[places] for one in fields(offers)})
    return some, replace(worth, margin=worth.margin[places], contact=worth.contact[places])


def likeness(offers: Offers, schema: Schema) -> FloatArray:
    """(D,) in [0, 1] how much of what the first draft does beyond its terms each of the others does too.

    By distance in offer space, as for support but longer: most of it is the message's own. 1 for the same
    offer; nothing is shared between messages of other words.
    """
    points = arm_points(offers, schema)
    usual = np.full(len(offers.kind), float(np.median(schema.baskets)))
    able = pair(usual, offers).eligible
    gap = ((points[:, :3] - points[0, :3]) ** 2).sum(axis=1) + ((able - able[0]) / ABLE) ** 2
    for values, far in (
        (offers.channel, OTHER_CHANNEL),
        (offers.kind, OTHER_KIND),
        (offers.category, OTHER_CATEGORY),
    ):
        gap = gap + far**2 * (values != values[0])
    same_words = (offers.copy == offers.copy[0]).all(axis=1)
    return np.asarray(np.exp(-gap / (2 * REACH**2)) * same_words)


def compared(
    parts: Sequence[Part], heads: Mapping[str, Head], customers: FloatArray, alike: FloatArray
) -> Comparison:
    """The parts as one, in the order of the drafts, and what differs from the first.

    customers: (D,) reached by each; alike: (D,) as `likeness` says.
    """
    told, slopes = _forecasts(parts), _slopes(parts)
    near = _in_order(parts, [part.near for part in parts])
    variance = _variance(slopes, heads, near, customers, alike)
    found = {}
    for name in MEANS:
        total = customers * told.figures[name].mean
        middle, spread = total - total[0], NORMAL_90 * np.sqrt(np.maximum(variance[name], 0))
        found[name] = Figures(middle, middle - spread, middle + spread)
    return Comparison(told, found, customers)


def _variance(
    slopes: Gradient, heads: Mapping[str, Head], near: FloatArray, customers: FloatArray, alike: FloatArray
) -> dict[str, FloatArray]:
    """Figure of MEANS -> (D,) variance of the difference of totals."""
    size = customers[:, None]
    moved = {
        head: {name: size * slope - size[0] * slope[0] for name, slope in by.items()}
        for head, by in slopes.of.items()
    }
    still = {head: {name: 0 * slope for name, slope in by.items()} for head, by in slopes.arm.items()}
    found = dict(errors(Gradient(moved, still), heads, near, MEANS).variance)
    for head, by in slopes.arm.items():
        flat = {name: 0 * slopes.of[head][name] for name in by}
        alone = errors(Gradient({head: flat}, {head: by}), heads, near, MEANS).variance
        for name, slope in by.items():
            own = customers * np.sign(slope) * np.sqrt(np.maximum(alone[name], 0))
            found[name] = found[name] + (own - own[0]) ** 2 + 2 * (1 - alike) * own * own[0]
    return found


def _slopes(parts: Sequence[Part]) -> Gradient:
    def join(pick: str) -> dict[str, dict[str, FloatArray]]:
        every = [getattr(part.slopes, pick) for part in parts]
        return {
            head: {name: _in_order(parts, [one[head][name] for one in every]) for name in by}
            for head, by in every[0].items()
        }

    return Gradient(join("of"), join("arm"))


def _forecasts(parts: Sequence[Part]) -> EffectForecasts:
    every = [part.told for part in parts]
    figures = {
        name: Figures(
            _in_order(parts, [told.figures[name].mean for told in every]),
            _in_order(parts, [told.figures[name].low for told in every]),
            _in_order(parts, [told.figures[name].high for told in every]),
        )
        for name in every[0].figures
    }
    said = dict(pair for part in parts for pair in zip(part.places.tolist(), part.told.warnings, strict=True))
    support = _in_order(parts, [told.support for told in every])
    return EffectForecasts(figures, support, every[0].incremental, tuple(said[n] for n in sorted(said)))


def _in_order(parts: Sequence[Part], values: Sequence[FloatArray]) -> FloatArray:
    order = np.argsort(np.concatenate([part.places for part in parts]))
    return np.asarray(np.concatenate(values)[order])
