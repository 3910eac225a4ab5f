"""One schema for training and scoring: customers, offers, and what an offer is to a customer.

Every function works on arrays that broadcast: (n,) beside (n,) for past exposures, (D, 1) beside (1, U) for
drafts over customers, so that both sides see the same numbers. The customer's basket enters mixed features
only by its bucket: such a feature is a function of (bucket, draft), which a fast scorer can tabulate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from predictors.interface import ATTRIBUTE_PROMOTED_SHARE, Economics, FloatArray

__all__ = [
    "COPY_FEATURES",
    "EXTREME",
    "Customers",
    "Offers",
    "Pairs",
    "Schema",
    "copy_features",
    "learn_schema",
    "pair",
    "read_customers",
    "read_offers",
    "take_rows",
    "without_extremes",
]

Ints = npt.NDArray[np.int64]
BASKET_COLUMNS = ("average_basket", "last_basket")
ORDERS_COLUMN = "orders_total"
BUCKETS = 32
MOST_LEVELS = 12
SPREAD = 0.45  # of the log of one customer's orders around the usual basket
EXTREME = 100.0  # times the median order: what is beyond is a slip or nothing to count on
STRETCH = 0.15  # how far (log) people stretch a basket to qualify
WHOLE = ("gift", "free_shipping", "points", "buy_x_get_y")  # kinds that an order's value does not limit
COPY_FEATURES = ("question", "exclamation", "urgency", "giving", "personal", "long_subject", "no_subject")
_URGENCY = re.compile(r"\b(today|tonight|now|ends?|last|hurry|soon|only|final|limited)\b", re.IGNORECASE)
_GIVING = re.compile(r"\b(gift|free|treat|thanks?|thank you|present|bonus|reward)\b", re.IGNORECASE)
_PERSONAL = re.compile(r"\b(you|your|yours)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Schema:
    """How frames become numbers; learned once from the training data and saved with the model.

    numeric: column -> (fill, centre, scale); levels: column -> known values, commonest first.
    baskets: centre of each bucket, `edges` between them.
    """

    numeric: Mapping[str, tuple[float, float, float]]
    levels: Mapping[str, tuple[str, ...]]
    basket_column: str | None
    edges: tuple[float, ...]
    baskets: tuple[float, ...]
    channels: tuple[str, ...]
    offer_types: tuple[str, ...]
    categories: tuple[str, ...]
    middle_basket: float = 1.0  # usual basket of the median customer
    days: float = 7.0  # usual validity, for offers that do not state one
    days_sent: tuple[float, float] = (7.0, 7.0)  # shortest and longest that were sent
    copy: tuple[float, ...] = (0.0,) * len(COPY_FEATURES)  # usual traits of what was sent
    assumed_channels: tuple[str, ...] = ()  # never used, but something is assumed of them

    def as_json(self) -> dict[str, Any]:
        """Plain values for the manifest."""
        # As lists: the order of columns is the order of the model's coefficients, and JSON objects have none.
        lists = {"numeric": list(self.numeric.items()), "levels": list(self.levels.items())}
        return asdict(self) | lists

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Schema:
        """The schema that `as_json` described."""
        return cls(
            numeric={name: (float(a), float(b), float(c)) for name, (a, b, c) in data["numeric"]},
            levels={name: tuple(values) for name, values in data["levels"]},
            basket_column=data["basket_column"],
            **{
                name: tuple(data[name])
                for name in ("edges", "baskets", "channels", "offer_types", "categories")
            },
            middle_basket=float(data["middle_basket"]),
            days=float(data["days"]),
            days_sent=(float(data["days_sent"][0]), float(data["days_sent"][1])),
            copy=tuple(map(float, data["copy"])),
            assumed_channels=tuple(data["assumed_channels"]),
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of `Customers.matrix`."""
        return (*self.numeric, *(f"{name}={level}" for name, known in self.levels.items() for level in known))

    @property
    def owners(self) -> tuple[str, ...]:
        """The attribute that each of `columns` belongs to."""
        return (*self.numeric, *(name for name, known in self.levels.items() for _ in known))


@dataclass(frozen=True)
class Customers:
    """n customers as numbers. matrix: (n, k) for trees, NaN = unknown; the rest (n,)."""

    matrix: FloatArray
    covariates: FloatArray  # (n, k) standardised, unknown = 0
    bucket: Ints
    missing: tuple[str, ...] = field(default=())  # columns of the schema that the frame lacked


@dataclass(frozen=True)
class Offers:
    """D offers as numbers; each (D,) unless said otherwise. Money columns are 0 where there is none."""

    sent: FloatArray  # 0 on held-out rows
    channel: npt.NDArray[np.object_]
    kind: npt.NDArray[np.object_]
    percent: FloatArray  # share of the basket given away
    flat: FloatArray  # money given away whatever the basket
    whole: npt.NDArray[np.bool_]  # whether it costs the shop that much even where the order is smaller
    min_spend: FloatArray
    cap: FloatArray  # infinity = none
    days: FloatArray
    category: npt.NDArray[np.object_]
    copy: FloatArray  # (D, len(COPY_FEATURES)), less what is usual


@dataclass(frozen=True)
class Pairs:
    """What an offer is to a customer, arrays of one broadcast shape."""

    depth: FloatArray  # share of the basket that qualifies
    eligible: FloatArray  # chance that an order qualifies, or is stretched to
    gap: FloatArray  # log of minimum spend over usual basket, where above it, at most 1


def learn_schema(
    attributes: pd.DataFrame, exposures: pd.DataFrame, assumed_channels: Sequence[str] = ()
) -> Schema:
    """The schema of n aligned rows of customer attributes and exposures.

    assumed_channels: those that have a place in the model whether they were used or not.
    """
    numeric: dict[str, tuple[float, float, float]] = {}
    levels: dict[str, tuple[str, ...]] = {}
    for name in map(str, attributes.columns):
        column = attributes[name]
        if name == ATTRIBUTE_PROMOTED_SHARE:
            continue
        if pd.api.types.is_numeric_dtype(column):
            values = column.to_numpy(dtype=float, na_value=np.nan)
            known = values[np.isfinite(values)]
            if len(known) and known.min() < known.max():
                numeric[name] = _scale(known)
        else:
            counts = column.dropna().astype(str).value_counts()
            if len(counts) > 1:
                levels[name] = tuple(
                    sorted(counts.index, key=lambda level: (-counts[level], level))[:MOST_LEVELS]
                )
    basket = next((name for name in BASKET_COLUMNS if name in numeric), None)
    spent = exposures["revenue"].to_numpy(dtype=float, na_value=np.nan)
    spent = spent[np.isfinite(spent) & (spent > 0)]
    usual = _numbers(attributes, basket) if basket else spent
    known = usual[np.isfinite(usual) & (usual > 0)]
    middle = float(np.median(known)) if len(known) else float(np.median(spent)) if len(spent) else 1.0
    usual = _usual_basket(attributes, basket, middle) if basket else spent
    edges, baskets = _buckets(usual, middle)
    sent = exposures["channel"].to_numpy() != "holdout"
    used = _names(exposures["channel"][sent])
    words = copy_features(_text(exposures, "subject")[sent], _text(exposures, "body")[sent])
    days = exposures["valid_days"].to_numpy(dtype=float, na_value=np.nan)[sent]
    stated = days[np.isfinite(days) & (days > 0)]
    usually = float(np.median(stated)) if len(stated) else 7.0
    return Schema(
        numeric=numeric,
        levels=levels,
        basket_column=basket,
        edges=edges,
        baskets=baskets,
        channels=used,
        offer_types=_names(exposures["offer_type"][sent]),
        categories=_names(exposures["category"]),
        middle_basket=middle,
        days=usually,
        days_sent=(float(stated.min()), float(stated.max())) if len(stated) else (usually, usually),
        copy=tuple(map(float, words.mean(axis=0))) if len(words) else (0.0,) * len(COPY_FEATURES),
        assumed_channels=tuple(name for name in assumed_channels if name not in used),
    )


def _scale(known: FloatArray) -> tuple[float, float, float]:
    """(fill, centre, scale) after squeezing long tails by `_squeeze`."""
    squeezed = _squeeze(known)
    return float(np.median(known)), float(squeezed.mean()), float(max(squeezed.std(), 1e-9))


def _squeeze(values: FloatArray) -> FloatArray:
    squeezed: FloatArray = np.arcsinh(values)
    return squeezed


def _names(column: Any) -> tuple[str, ...]:
    return tuple(sorted({str(name) for name in column if isinstance(name, str) and name}))


def _buckets(usual: FloatArray, default: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Edges and centres of basket buckets; one bucket where baskets are not known."""
    known = usual[np.isfinite(usual) & (usual > 0)]
    if not len(known):
        return (), (default,)
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BUCKETS + 1)[1:-1]))
    place = np.searchsorted(edges, known, side="right")
    centres = [
        float(np.median(known[place == i])) if (place == i).any() else float(edges[min(i, len(edges) - 1)])
        for i in range(len(edges) + 1)
    ]
    return tuple(map(float, edges)), tuple(centres)


def read_customers(frame: pd.DataFrame, schema: Schema) -> Customers:
    """Turn n rows of attributes into numbers; columns the schema does not know are ignored."""
    users, numeric = len(frame), len(schema.numeric)
    # Column by column in memory: that is how they are written here and read later.
    matrix = np.empty((users, len(schema.columns)), order="F")
    covariates = np.zeros_like(matrix)
    for place, (name, (_, centre, scale)) in enumerate(schema.numeric.items()):
        matrix[:, place] = values = _numbers(frame, name)
        covariates[:, place] = np.nan_to_num((_squeeze(values) - centre) / scale).clip(-4, 4)
    place = numeric
    for name, known in schema.levels.items():
        found, unknown = _places(frame, name, known)
        for level in range(len(known)):
            hit = found == level
            covariates[:, place] = hit
            matrix[:, place] = np.where(unknown, np.nan, hit)
            place += 1
    usual = _usual_basket(frame, schema.basket_column, schema.middle_basket)
    bucket = np.searchsorted(np.array(schema.edges), usual, side="right")
    middle = len(schema.baskets) // 2
    return Customers(
        matrix=matrix,
        covariates=covariates,
        bucket=np.where(np.isfinite(usual) & (usual > 0), bucket, middle).astype(np.int64),
        missing=tuple(name for name in (*schema.numeric, *schema.levels) if name not in frame.columns),
    )


def take_rows(people: Customers, rows: Any) -> Customers:
    """The customers of these rows, a slice or (n,) a mask."""
    return replace(
        people, matrix=people.matrix[rows], covariates=people.covariates[rows], bucket=people.bucket[rows]
    )


def _places(frame: pd.DataFrame, name: str, known: Sequence[str]) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """(n,) which of the known values each row has, -1 = none of them, and (n,) whether that is unknown."""
    if name not in frame.columns:
        return np.full(len(frame), -1), np.ones(len(frame), dtype=bool)
    column, levels = frame[name], pd.Index(known, dtype=object)
    if isinstance(column.dtype, pd.CategoricalDtype):  # a place for each distinct value, not for each row
        of_value = np.append(levels.get_indexer(column.cat.categories.astype(object)), -1)
        return of_value[column.cat.codes], column.cat.codes.to_numpy() < 0
    values = column.to_numpy(dtype=object)
    found = levels.get_indexer(values)
    unknown = found < 0
    unknown[unknown] = pd.isna(values[unknown])
    return found, unknown


def _numbers(frame: pd.DataFrame, name: str | None) -> FloatArray:
    if name is None or name not in frame.columns:
        return np.full(len(frame), np.nan)
    column = frame[name]
    if column.dtype != np.float64:
        column = pd.to_numeric(column, errors="coerce")
    values: FloatArray = column.to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _usual_basket(frame: pd.DataFrame, column: str | None, middle: float) -> FloatArray:
    """(n,) usual basket; what few orders say is drawn towards the median, as half of it is luck."""
    basket = _numbers(frame, column)
    known = np.isfinite(basket) & (basket > 0)
    orders = _numbers(frame, ORDERS_COLUMN)
    weight = np.where(np.isfinite(orders) & (orders > 0), orders / (orders + 1), 1.0)
    logs = np.log(np.where(known, basket, middle))
    return np.asarray(np.where(known, np.exp(weight * logs + (1 - weight) * np.log(middle)), np.nan))


def read_offers(table: pd.DataFrame, schema: Schema, economics: Economics) -> Offers:
    """Turn an offer table of D rows into numbers; a missing column counts as empty."""
    size = len(table)
    channel, kind = _text(table, "channel"), _text(table, "offer_type")
    value, spend = _money(table, "offer_value"), _money(table, "min_spend")
    cap = _money(table, "max_discount")
    days = _numbers(table, "valid_days")
    category, product = _text(table, "category"), _text(table, "product_id")
    price = np.array(
        [_unit_price(c, p, economics) for c, p in zip(category, product, strict=True)], dtype=float
    )
    bought, given = np.maximum(_money(table, "buy_quantity"), 1), np.maximum(_money(table, "get_quantity"), 1)
    flat = np.select(
        [kind == "amount_off", kind == "gift", kind == "free_shipping", kind == "points",
         kind == "buy_x_get_y", kind == "fixed_price"],
        [value, value, np.full(size, economics.shipping_cost), value * economics.point_value,
         price * given, np.maximum(price - value, 0)],
        0.0,
    )  # fmt: skip
    # What has to be paid for, that is: units that come free are the gift and no hurdle.
    units = np.select([kind == "buy_x_get_y", kind == "fixed_price"], [price * bought, price], 0.0)
    return Offers(
        sent=(channel != "holdout").astype(float),
        channel=channel,
        kind=kind,
        percent=np.where(kind == "percent_off", value / 100, 0.0),
        flat=flat,
        whole=np.isin(kind, WHOLE),
        min_spend=np.where(kind == "none", 0.0, np.maximum(spend, units)),
        cap=np.where(cap > 0, cap, np.inf),
        days=np.where(np.isfinite(days) & (days > 0), days, schema.days),
        category=category,
        copy=copy_features(_text(table, "subject"), _text(table, "body")) - np.array(schema.copy),
    )


def _text(table: pd.DataFrame, name: str) -> npt.NDArray[np.object_]:
    if name not in table.columns:
        return np.full(len(table), "", dtype=object)
    values = table[name].to_numpy(dtype=object)
    return np.array([value if isinstance(value, str) else "" for value in values], dtype=object)


def _money(table: pd.DataFrame, name: str) -> FloatArray:
    return np.nan_to_num(np.maximum(_numbers(table, name), 0))


def _unit_price(category: str, product: str, economics: Economics) -> float:
    known = economics.product_price.get(product, economics.category_price.get(category))
    return float(known) if known is not None else 0.0


def copy_features(subjects: npt.NDArray[np.object_], bodies: npt.NDArray[np.object_]) -> FloatArray:
    """(D, len(COPY_FEATURES)) simple traits of the words, each in [0, 1]."""
    seen: dict[tuple[str, str], list[float]] = {}
    rows = []
    for subject, body in zip(subjects, bodies, strict=True):
        if (subject, body) not in seen:
            seen[subject, body] = _traits(subject, body)
        rows.append(seen[subject, body])
    return np.array(rows, dtype=float).reshape(len(subjects), len(COPY_FEATURES))


def _traits(subject: str, body: str) -> list[float]:
    text = f"{subject} {body}"
    return [
        float("?" in subject),
        float("!" in subject),
        float(bool(_URGENCY.search(text))),
        float(bool(_GIVING.search(text))),
        float(bool(_PERSONAL.search(subject))),
        float(np.clip((len(subject) - 40) / 40, 0, 1)),
        float(not subject.strip()),
    ]


def without_extremes(revenue: FloatArray) -> FloatArray:
    """(n,) order values, those beyond `EXTREME` times the median one brought down to it."""
    orders = revenue[revenue > 0]
    return revenue if not len(orders) else np.minimum(revenue, EXTREME * float(np.median(orders)))


def pair(basket: FloatArray, offers: Offers, rows: Any = slice(None)) -> Pairs:
    """What offers are to baskets.

    basket: usual basket, of any shape that broadcasts with the offers' arrays indexed by `rows`
    (`rows=(slice(None), None)` makes them (D, 1)).
    """
    spend = offers.min_spend[rows]
    aim = np.maximum(basket, spend)
    face = np.minimum(np.minimum(offers.percent[rows] * aim + offers.flat[rows], offers.cap[rows]), aim)
    room = np.log(basket / np.maximum(spend, 0.01))
    return Pairs(depth=face / aim, eligible=ndtr((room + STRETCH) / SPREAD), gap=np.clip(-room, 0, 1))
