"""How deep an offer cuts: into the smallest basket that qualifies for it, and into the margin on that.

By columns of an offer table, so that a sweep of thousands and one draft of a writer are measured alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

    from copilot.shop.catalogue import Scope
    from copilot.shop.context import ShopContext

__all__ = ["Cuts", "cuts"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cuts:
    """(D,) each, NaN = the usual basket is not known. discount: percent of the list price that is taken off;
    margin: percent of what is paid that is left, minus infinity where nothing is paid.
    """

    discount: Floats
    margin: Floats


def cuts(offers: pd.DataFrame, scope: Scope, shop: ShopContext) -> Cuts:
    """What D rows of an offer table take off the smallest basket of their scope that qualifies.

    A percentage without minimum spend is the same share of any basket. An amount, a gift, points or free
    shipping without minimum spend are held against the median basket of the promoted scope.
    """
    facts, settings = shop.catalogue.facts(scope), shop.settings
    kind = offers["offer_type"].to_numpy()
    value, minimum, most, bought, given = (
        np.nan_to_num(offers[name].to_numpy(dtype=float))
        for name in ("offer_value", "min_spend", "max_discount", "buy_quantity", "get_quantity")
    )
    most = np.where(most > 0, most, np.inf)
    percent, fixed, bundle = (
        np.isin(kind, ("none", "percent_off")),
        kind == "fixed_price",
        kind == "buy_x_get_y",
    )
    price, dearest = facts.unit_price or 1.0, facts.dearest or np.nan
    basket = np.where(minimum > 0, minimum, facts.median_basket or np.nan)
    # Without a minimum the smallest basket is so small that no cap on the discount can bind.
    tiny = percent & ~(minimum > 0)
    cost = np.select(
        [percent, kind == "free_shipping", kind == "points"],
        [basket * value / 100, float(settings.shipping_cost), value * float(settings.point_value)],
        value,
    )
    listed = np.select([fixed, bundle, tiny], [dearest, price * (bought + given), 1.0], basket)
    off = np.select(
        [fixed, bundle, tiny],
        [np.maximum(dearest - value, 0.0), np.minimum(price * given, most), value / 100],
        np.minimum(np.minimum(cost, basket), most),
    )
    paid = listed - off
    left = 100 * (paid - listed * (1 - facts.margin)) / np.where(paid > 0, paid, np.nan)
    return Cuts(100 * off / listed, np.where(paid <= 0, -np.inf, left))
