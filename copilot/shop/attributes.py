"""What is known of a customer as of a moment: one implementation for training and for scoring.

Strictly what happened before the moment counts. Unknown is NaN, never 0: a customer who never ordered has 0
orders and an unknown basket. Customer columns come from the shop's latest export and are taken as they are,
because their own past is not recorded. Knows nothing of offers or predictors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from copilot.errors import InvalidInput
from copilot.shop.history import (
    UNIT,
    History,
    Ints,
    codes_of,
    index_of,
    microseconds,
    read_history,
    running,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MOST_CATEGORIES",
    "OTHER_CATEGORIES",
    "PROMOTED_SHARE",
    "WINDOWS",
    "as_features",
    "attributes_as_of",
    "category_affinity",
    "describe_attributes",
    "share_column",
]

Floats = npt.NDArray[np.float64]

WINDOWS = (30, 90, 365)  # days
PROMOTED_SHARE = "promoted_share"
MOST_CATEGORIES = 30  # categories with a share of their own; further ones are pooled
OTHER_CATEGORIES = "(other)"

_DAY = 86_400_000_000  # microseconds
# Who somebody is, or what must stay out of features by FORMATS section 1.
_NOT_ATTRIBUTES = frozenset(("customer_id", "email", "phone", "name"))
_OPT_INS = ("email_opt_in", "sms_opt_in", "push_opt_in")


def attributes_as_of(
    keys: pd.DataFrame, customers: pd.DataFrame, orders: pd.DataFrame | None, products: pd.DataFrame
) -> pd.DataFrame:
    """Attributes of n (customer, moment) pairs.

    keys: (n rows) `customer_id`, `as_of`, and optionally `category`, the one promoted to that customer.
    customers: one row a customer. orders: lines; None = the shop's orders are not known, so that what is
    computed from them is NaN. products: for categories. Either may be empty.
    Returns n rows aligned with `keys` (same index): customer columns (numbers float, dates datetime64, the
    rest object), then the computed ones, numeric except `favourite_category`.

    Raises:
        InvalidInput: a key without a time, or a customer or product listed twice.
    """
    import pandas as pd

    moment = _key_moments(keys)
    ids, customer = _key_customers(keys["customer_id"])
    known = orders is not None
    lines = orders if orders is not None else pd.DataFrame()
    history = read_history(ids, lines, products, until=int(moment.max(initial=0)))
    columns = _customer_columns(keys["customer_id"], moment, customers)
    computed = _order_columns(history, customer, moment)
    computed |= _category_columns(history, customer, moment, products)
    if "category" in keys:
        computed[PROMOTED_SHARE] = _promoted_share(history, customer, moment, keys["category"])
    if not known:
        computed = {name: _unknown_like(values) for name, values in computed.items()}
    table = {**columns, **computed}
    # The type is named, or pandas would turn text into its own string type and None into NaN.
    typed = {name: pd.Series(values, keys.index, dtype=values.dtype) for name, values in table.items()}
    return pd.DataFrame(typed, index=keys.index)


def category_affinity(
    customer_ids: Sequence[Any] | npt.NDArray[Any],
    as_of: Any,
    orders: pd.DataFrame | None,
    products: pd.DataFrame,
    categories: Sequence[str],
) -> pd.DataFrame:
    """Share of each customer's spending in each category before `as_of`: (U, c), NaN where nothing was spent.

    Its column of a category equals `promoted_share` of keys that promote that category, to the last digit.
    """
    import pandas as pd

    ids = pd.Index(index_of(customer_ids).to_numpy())
    until = int(microseconds([as_of])[0])
    lines = orders if orders is not None else pd.DataFrame()
    history = read_history(ids, lines, products, until=until)
    everybody = np.arange(len(ids), dtype=np.int64)
    spent = running(history.bought)
    total = spent[history.since(everybody + 1)] - spent[history.since(everybody)]
    shares = {
        name: _ratio(_sum_by_customer(history, code, len(ids)), total)
        for name, code in zip(categories, _category_codes(history, categories), strict=True)
    }
    return pd.DataFrame(shares, index=ids, columns=list(categories), dtype=np.float64)


def as_features(attributes: pd.DataFrame) -> pd.DataFrame:
    """The columns a predictor may use: numbers as float, categories as object; dates are left out."""
    import pandas as pd

    kept = [name for name in attributes if not pd.api.types.is_datetime64_any_dtype(attributes[name])]
    return attributes[kept]


def share_column(category: str) -> str:
    """Name of the attribute that holds a category's share: no blanks or signs, so conditions can name it."""
    return "share_" + "".join("_" if sign.isspace() or sign in "<>=!;|" else sign for sign in category)


def describe_attributes(customers: pd.DataFrame, products: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Every attribute an audience may name: (name, `number` `category` or `date`, what it means)."""
    told = [
        (name, _kind(values), _MEANINGS.get(name, "as in the shop's customers.csv"))
        for name, values in _raw_columns(customers).items()
    ]
    told += [("tenure_days", "number", "days since signing up")] if "signed_up_on" in customers else []
    for days in WINDOWS:
        told.append((f"orders_{days}d", "number", f"orders of the last {days} days"))
        told.append((f"revenue_{days}d", "number", f"bought less returned, list price, last {days} days"))
    told += [(name, "number", meaning) for name, meaning in _COMPUTED.items()]
    told.append(("favourite_category", "category", "where most was spent"))
    shares = [(share_column(name), "number", f"share of spending in {name}") for name in _shown(products)]
    return told + shares


_MEANINGS = {
    "signed_up_on": "day of signing up",
    "email_opt_in": "1 = may be sent e-mail",
    "sms_opt_in": "1 = may be sent SMS",
    "push_opt_in": "1 = may be sent push messages",
}
_COMPUTED = {
    "orders_total": "orders ever",
    "revenue_total": "bought less returned, list price, ever",
    "days_since_order": "days since the latest order",
    "average_basket": "list price of what an order holds, on average",
    "last_basket": "list price of what the latest order holds",
    "discount_share": "discount over list price of all that was bought",
    "returns_share": "list price of what was sent back over what was bought",
}


def _key_moments(keys: pd.DataFrame) -> Ints:
    moment = microseconds(keys["as_of"])
    if (moment == np.iinfo(np.int64).min).any():
        raise InvalidInput("as_of", "a time in every row", "none")
    return moment


def _key_customers(customer_ids: Any) -> tuple[pd.Index[Any], Ints]:
    import pandas as pd

    code, ids = pd.factorize(index_of(customer_ids))
    return ids, code.astype(np.int64)


def _raw_columns(customers: pd.DataFrame) -> dict[str, Any]:
    """Customer columns in the types of the attribute table: float, datetime64 or object with None."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for name in customers.columns:
        values = customers[name]
        if name in _NOT_ATTRIBUTES:
            continue
        if name == "signed_up_on" or pd.api.types.is_datetime64_any_dtype(values):
            columns[name] = pd.to_datetime(values, format="ISO8601").to_numpy(dtype="datetime64[us]")
        elif name in _OPT_INS or pd.api.types.is_numeric_dtype(values):
            columns[name] = pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan)
        else:
            columns[name] = values.astype(object).where(values.notna(), None).to_numpy(dtype=object)
    return columns


def _customer_columns(customer_ids: Any, moment: Ints, customers: pd.DataFrame) -> dict[str, Any]:
    if "customer_id" not in customers:
        return {}
    index = index_of(customers["customer_id"])
    if not index.is_unique:
        twice = index[index.duplicated()][0]
        raise InvalidInput("customers.customer_id", "each customer once", f"{twice} twice")
    place = codes_of(index, customer_ids)
    columns = {name: _take(values, place) for name, values in _raw_columns(customers).items()}
    if "signed_up_on" in columns:
        days = (moment - microseconds(columns["signed_up_on"])) / _DAY
        # Not yet signed up at that moment: not known then.
        unknown = np.isnat(columns["signed_up_on"]) | (days < 0)
        columns["tenure_days"] = np.where(unknown, np.nan, days)
    return columns


def _take(values: Any, place: Ints) -> Any:
    missing: Any = None
    if values.dtype != object:
        missing = np.nan if values.dtype == np.float64 else np.datetime64("NaT", "us")
    if not len(values):
        return np.full(len(place), missing, dtype=values.dtype)
    taken = values[place]
    taken[place < 0] = missing
    return taken


def _order_columns(history: History, customer: Ints, moment: Ints) -> dict[str, Any]:
    start, end = history.since(customer), history.before(customer, moment)
    opens, bought, returned = running(history.opens), running(history.bought), running(history.returned)
    net = bought - returned
    columns: dict[str, Any] = {}
    for days in WINDOWS:
        since = history.before(customer, moment - days * _DAY)
        columns[f"orders_{days}d"] = (opens[end] - opens[since]).astype(np.float64)
        columns[f"revenue_{days}d"] = (net[end] - net[since]) / UNIT
    orders, spent = opens[end] - opens[start], bought[end] - bought[start]
    columns["orders_total"] = orders.astype(np.float64)
    columns["revenue_total"] = (net[end] - net[start]) / UNIT
    columns |= _last_order(history, bought, start, end, moment)
    columns["average_basket"] = _ratio(spent, orders) / UNIT
    discount = running(history.discount)
    columns["discount_share"] = _ratio(discount[end] - discount[start], spent)
    columns["returns_share"] = _ratio(returned[end] - returned[start], spent)
    return columns


def _last_order(history: History, bought: Ints, start: Ints, end: Ints, moment: Ints) -> dict[str, Floats]:
    """When somebody bought last and for how much; orders of the same instant count as one basket."""
    lines = np.arange(len(history.bought), dtype=np.int64)
    latest = np.full(len(lines) + 1, -1, dtype=np.int64)
    # An order is a bought line: a later return is not one. `latest[i]`: last bought line among the first i.
    is_order = (history.bought > 0) | (history.opens > 0)
    np.maximum.accumulate(np.where(is_order, lines, -1), out=latest[1:])
    last = latest[end]
    ordered = last >= start
    if not len(lines):
        return {name: np.full(len(start), np.nan) for name in ("days_since_order", "last_basket")}
    place = history.places[last]
    first = np.searchsorted(history.places, place, side="left")
    past = np.searchsorted(history.places, place, side="right")
    when = history.moments[place % (len(history.moments) + 1)]
    return {
        "days_since_order": np.where(ordered, (moment - when) / _DAY, np.nan),
        "last_basket": np.where(ordered, (bought[past] - bought[first]) / UNIT, np.nan),
    }


def _shown(products: pd.DataFrame) -> list[str]:
    """Categories with a share of their own, by name.

    Chosen by the catalogue and not by sales, so that a later sale cannot change what an earlier moment shows.
    """
    if products.empty or "category" not in products:
        return []
    counts = products["category"].dropna().astype(str).value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return sorted(str(name) for name, _ in ordered[:MOST_CATEGORIES])


def _category_columns(
    history: History, customer: Ints, moment: Ints, products: pd.DataFrame
) -> dict[str, Any]:
    start, end = history.since(customer), history.before(customer, moment)
    spent = running(history.bought)
    total = spent[end] - spent[start]
    shown = _shown(products)
    best, favourite = np.zeros(len(start), dtype=np.int64), np.full(len(start), -1)
    rest = total.copy()
    shares: dict[str, Any] = {}
    for place, code in enumerate(_category_codes(history, shown)):
        sums = running(np.where(history.category == code, history.bought, 0))
        amount = sums[end] - sums[start]
        shares[share_column(shown[place])] = _ratio(amount, total)
        favourite, best = np.where(amount > best, place, favourite), np.maximum(amount, best)
        rest -= amount
    names = np.array([*shown, OTHER_CATEGORIES, None], dtype=object)
    favourite = np.where((favourite < 0) & (rest > 0), len(shown), favourite)
    return {"favourite_category": names[favourite], **shares}


def _promoted_share(history: History, customer: Ints, moment: Ints, category: Any) -> Floats:
    names = np.asarray(category, dtype=object)
    spent = running(history.bought)
    total = spent[history.before(customer, moment)] - spent[history.since(customer)]
    amount = history.spent_in(customer, moment, _category_codes(history, names))
    named = np.array([isinstance(name, str) and name != "" for name in names], dtype=bool)
    return np.where(named, _ratio(amount, total), np.nan)


def _category_codes(history: History, names: Any) -> Ints:
    import pandas as pd

    return codes_of(pd.Index(history.categories, dtype=object), names)


def _sum_by_customer(history: History, code: int, customers: int) -> Ints:
    lines = np.flatnonzero(history.category == code) if code >= 0 else np.zeros(0, dtype=np.int64)
    sums = running(history.bought[lines])
    edges = np.searchsorted(history.customer[lines], np.arange(customers + 1))
    return sums[edges[1:]] - sums[edges[:-1]]


def _ratio(part: Any, whole: Any) -> Floats:
    """Part over whole, NaN where the whole is not positive."""
    whole = np.asarray(whole, dtype=np.float64)
    shares = np.full(len(whole), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares


def _unknown_like(values: Any) -> Any:
    return np.full(len(values), None if values.dtype == object else np.nan, dtype=values.dtype)


def _kind(values: Any) -> str:
    if values.dtype == object:
        return "category"
    return "number" if values.dtype == np.float64 else "date"
