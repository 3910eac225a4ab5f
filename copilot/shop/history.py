"""Order lines arranged so that a question about one customer before one moment is a subtraction.

Lines are sorted by customer and time and summed up once; what somebody bought between two moments is then
the difference of two running sums. Sums are held as whole ten-thousandths of the currency, because
differences of integers are exact: the answer for one customer never depends on who else was asked about, nor
on anything that happened later. Knows nothing of campaigns, offers or features.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from copilot.errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["UNIT", "History", "codes_of", "index_of", "microseconds", "read_history", "running"]

Ints = npt.NDArray[np.int64]
Strings = npt.NDArray[np.object_]

UNIT = 10_000  # parts of one unit of currency
_LARGEST_LINE = 1e12


@dataclass(frozen=True)
class History:
    """n order lines sorted by customer, then time.

    moments: every distinct time, ascending, in microseconds.
    places: (n,) customer code and rank of the moment as one ascending integer.
    customer, category: (n,) codes; category -1 = the product or its category is not known.
    bought, returned, discount: (n,) money in 1/UNIT, `bought` and `returned` at list price and >= 0.
    opens: (n,) 1 on the first bought line of each order, else 0.
    categories: names of the category codes.
    """

    moments: Ints
    places: Ints
    customer: Ints
    category: Ints
    bought: Ints
    returned: Ints
    discount: Ints
    opens: Ints
    categories: tuple[str, ...]

    def before(self, customer: Ints, moment: Ints) -> Ints:
        """How many sorted lines lie before each (customer, moment): an index into `running` sums."""
        return np.searchsorted(self.places, self._place(customer, moment), side="left")

    def since(self, customer: Ints) -> Ints:
        """Where each customer's lines start."""
        return np.searchsorted(self.places, customer * (len(self.moments) + 1), side="left")

    def spent_in(self, customer: Ints, moment: Ints, category: Ints) -> Ints:
        """What each customer bought of one category before a moment; 0 for a category code below 0."""
        stride = max(len(self.categories), 1)
        pair = self.customer * stride + self.category
        known = np.flatnonzero(self.category >= 0)
        known = known[np.argsort(pair[known], kind="stable")]
        ranks = self.places[known] - self.customer[known] * (len(self.moments) + 1)
        places = pair[known] * (len(self.moments) + 1) + ranks
        sums = running(self.bought[known])
        needle = (customer * stride + category) * (len(self.moments) + 1)
        low = np.searchsorted(places, needle, side="left")
        high = np.searchsorted(places, needle + np.searchsorted(self.moments, moment), side="left")
        return np.where(category >= 0, sums[high] - sums[low], 0)

    def _place(self, customer: Ints, moment: Ints) -> Ints:
        return customer * (len(self.moments) + 1) + np.searchsorted(self.moments, moment, side="left")


def running(values: Ints) -> Ints:
    """Sums of the first 0, 1, ... n values, (n + 1,). Wrapping around leaves differences right."""
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def read_history(
    customer_ids: pd.Index[Any], orders: pd.DataFrame, products: pd.DataFrame, *, until: int
) -> History:
    """The lines of these customers (their codes are positions in `customer_ids`) before `until`."""
    if orders.empty or not len(customer_ids):
        return _nothing(products)
    moment = microseconds(orders["ordered_at"])
    customer = codes_of(customer_ids, orders["customer_id"])
    known = np.iinfo(np.int64).min  # what an unreadable time (NaT) becomes
    kept = np.flatnonzero((customer >= 0) & (moment < until) & (moment > known))
    kept = kept[np.lexsort((moment[kept], customer[kept]))]
    customer, moment = customer[kept], moment[kept]
    moments, rank = np.unique(moment, return_inverse=True)
    lines = orders.iloc[kept]
    category, categories = _categories(lines["product_id"], products)
    quantity = _floats(lines, "quantity")
    value = _money(_floats(lines, "unit_price") * quantity)
    bought = np.where(quantity > 0, value, 0)
    return History(
        moments=moments,
        places=customer * (len(moments) + 1) + rank.astype(np.int64),
        customer=customer,
        category=category,
        bought=bought,
        returned=np.where(quantity < 0, -value, 0),
        discount=np.where(quantity > 0, _money(_floats(lines, "discount")), 0),
        opens=_opening_lines(customer, lines["order_id"], quantity > 0),
        categories=categories,
    )


def microseconds(times: Any) -> Ints:
    """Times as whole microseconds; the smallest integer where there is none."""
    import pandas as pd

    stamps = pd.to_datetime(pd.Series(times), format="ISO8601").astype("datetime64[us]")
    return np.asarray(stamps.to_numpy().astype(np.int64), dtype=np.int64)


def codes_of(index: pd.Index[Any], values: Any) -> Ints:
    """Position of each value in an index of unique values, -1 where it is not there."""
    return np.asarray(index.get_indexer(index_of(values)), dtype=np.int64)


def index_of(values: Any) -> pd.Index[Any]:
    """Ids as an index: whole numbers as they are, all else as plain objects."""
    import pandas as pd

    kind = getattr(values, "dtype", None)  # of pandas' own whole numbers some may be missing
    whole = isinstance(kind, np.dtype) and np.issubdtype(kind, np.integer)
    return pd.Index(values, dtype="int64" if whole else object)


def _categories(product_ids: Any, products: pd.DataFrame) -> tuple[Ints, tuple[str, ...]]:
    import pandas as pd

    if products.empty or "category" not in products:
        return np.full(len(product_ids), -1, dtype=np.int64), ()
    index = pd.Index(products["product_id"], dtype=object)
    if not index.is_unique:
        twice = index[index.duplicated()][0]
        raise InvalidInput("products.product_id", "each product once", f"{twice} twice")
    code, names = pd.factorize(products["category"].astype(object), sort=True)
    place = codes_of(index, product_ids)
    return np.where(place >= 0, code[place], -1).astype(np.int64), tuple(map(str, names))


def _opening_lines(customer: Ints, order_ids: Any, bought: npt.NDArray[np.bool_]) -> Ints:
    import pandas as pd

    order = pd.factorize(order_ids)[0].astype(np.int64)
    pair = customer * (int(order.max(initial=0)) + 2) + order
    opens = np.zeros(len(pair), dtype=np.int64)
    lines = np.flatnonzero(bought)
    opens[lines[~pd.Series(pair[lines]).duplicated().to_numpy()]] = 1
    return opens


def _floats(lines: pd.DataFrame, column: str) -> npt.NDArray[np.float64]:
    import pandas as pd

    if column not in lines:
        return np.zeros(len(lines))
    values = pd.to_numeric(lines[column]).to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(np.nan_to_num(values), dtype=np.float64)


def _money(amounts: npt.NDArray[np.float64]) -> Ints:
    return np.rint(np.clip(amounts, -_LARGEST_LINE, _LARGEST_LINE) * UNIT).astype(np.int64)


def _nothing(products: pd.DataFrame) -> History:
    none = np.zeros(0, dtype=np.int64)
    categories = _categories([], products)[1]
    return History(none, none, none, none, none, none, none, none, categories)
