"""Where theory is sure: a larger gift, all else equal, brings no fewer clicks and no fewer orders.

A customer who is given more may still do what they would have done for less, so the response cannot fall.
No single coefficient decides that, but sums of them do; a fitted head is moved to the likeliest place, by its
own posterior, at which none of these sums is negative: a projection in the metric of the posterior, solved
through its dual by nonnegative least squares (Lawson & Hanson 1974, chapter 23).

A minimum spend is left alone, though a lower one cannot repel anybody either: how many orders a minimum
excludes is a fixed curve of the model, and holding small errors of that curve to a sign moved forecasts on
shops of a known truth away from it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd

from predictors.effect.terms import MODIFIERS, effect_columns
from predictors.features import COPY_FEATURES, Schema, pair, read_offers
from predictors.interface import Economics, FloatArray

__all__ = ["gift_steps", "nowhere_negative"]

# The grid: gifts as shares of the usual basket; minimum spends in usual baskets; quantiles of usual baskets.
GIFTS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6)
SPENDS = (0.0, 0.9, 1.5)
BASKETS = (0.1, 0.5, 0.9)
GRADED = ("percent_off", "amount_off", "gift")  # kinds whose value says how much is given
UNUSUAL = 2.0  # standard deviations of what may change how strongly an offer pulls on a customer
SHARES = (-0.3, 0.3)  # of spending in the promoted category, centred: none, and much
TOLERANCE = 1e-9
WORST = 200  # rows looked at together


def gift_steps(schema: Schema) -> FloatArray:
    """(m, E) effect columns of an offer less those of the same offer with a smaller gift.

    For each channel, kind and promoted category known, and none promoted: the usual customer, and those
    unusual in one respect.
    """
    return np.vstack(
        [_steps(schema, SPENDS, BASKETS, unusual=False), _steps(schema, (0.0,), (0.5,), unusual=True)]
    )


def _steps(
    schema: Schema, spends: tuple[float, ...], baskets: tuple[float, ...], *, unusual: bool
) -> FloatArray:
    categories = (*schema.categories, "")
    kinds = [kind for kind in GRADED if kind in schema.offer_types] or [GRADED[0]]
    channels = (*schema.channels, *schema.assumed_channels) or ("",)
    table = pd.DataFrame(
        [
            {
                "channel": channel,
                "offer_type": kind,
                "offer_value": gift * (100 if kind == "percent_off" else schema.middle_basket),
                "min_spend": spend * schema.middle_basket,
                "category": category,
            }
            for channel, kind, category, spend, gift in product(channels, kinds, categories, spends, GIFTS)
        ]
    )
    offers = replace(read_offers(table, schema, Economics()), copy=np.zeros((len(table), len(COPY_FEATURES))))
    names = [name for name in MODIFIERS if name in schema.numeric]
    # A row for each respect, a column for each customer: the share, then the modifiers.
    traits = np.zeros((1 + len(names), 1))
    if unusual:
        apart = np.diag([SHARES[1], *[UNUSUAL] * len(names)])
        traits = np.hstack([-apart, apart])
    basket = np.repeat(np.quantile(schema.baskets, baskets), traits.shape[1])[None, :]
    share, *others = np.tile(traits, len(baskets))[:, None, :]
    down = (slice(None), None)
    columns = effect_columns(
        offers, pair(basket, offers, down), dict(zip(names, others, strict=True)), share, schema, down
    )
    steps = np.diff(columns.reshape(-1, len(GIFTS), basket.size, columns.shape[-1]), axis=1)
    return np.asarray(steps.reshape(-1, steps.shape[-1]))


def nowhere_negative(mean: FloatArray, covariance: FloatArray, rows: FloatArray) -> FloatArray:
    """(K,) the likeliest coefficients under a normal posterior at which no row of rows (m, E) is negative.

    The rows are of the last E coefficients.
    """
    from scipy.optimize import nnls

    last = slice(len(mean) - rows.shape[1], None)
    values, kept = mean, np.zeros(len(rows), dtype=bool)
    # Rounding may have left a direction of next to no variance with a little less than none.
    root = np.linalg.cholesky(covariance + np.eye(len(mean)) * 1e-12 * np.trace(covariance) / len(mean))
    target = -np.linalg.solve(root, mean)
    while True:
        told = rows @ values[last]
        told[kept] = 0.0
        worst = np.argsort(told)[:WORST]
        worst = worst[told[worst] < -TOLERANCE]
        if not len(worst):
            return values
        # Few at a time: most of what is broken is mended with the worst of it.
        kept[worst] = True
        push, _ = nnls(root[last].T @ rows[kept].T, target, maxiter=100 * len(mean))
        values = mean + covariance[:, last] @ (rows[kept].T @ push)
