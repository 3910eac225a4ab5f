"""D drafts and U customers, each made ready once, so that a pair of them costs a few additions.

What an offer is to a customer depends on the customer's basket, which comes in B buckets. So the line (logit
or log) of a head for a pair is a sum of three things: who the customer is; a table of (draft, bucket); and a
second such table, the pull of the offer, times how strongly offers pull on this customer:

    line[d, u] = who[scope[d], u] + table[d, bucket[u]] + pull[d, bucket[u]] * lean[scope[d], u]

Nothing is approximated: the columns of the model (`terms.py`) are such products.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from predictors.effect.heads import Head
from predictors.effect.mixed import FREE, sigmoid
from predictors.effect.reading import modifiers
from predictors.effect.terms import MODIFIERS, effect_columns, effect_names, person_blocks, value_columns
from predictors.features import SPREAD, STRETCH, Customers, Offers, Pairs, Schema, pair, take_rows
from predictors.interface import Economics, FloatArray

__all__ = [
    "LOGITS",
    "Audience",
    "CustomerSide",
    "DraftSide",
    "Worth",
    "customer_side",
    "draft_side",
    "some_of",
    "take_customers",
    "worth_of",
]

Ints = npt.NDArray[np.int64]
DOWN = (slice(None), None)  # drafts down, buckets across
LOGITS = ("click", "convert", "redeem")
ELIGIBLE_AT_GAP = float(ndtr((-1 + STRETCH) / SPREAD))


@dataclass(frozen=True)
class Audience:
    """U customers as read, beside what is promoted to them.

    main: (U, 1 + k); click_residual: (U,); categories: S that are promoted, "" = none; share: (S, U) of
    spending in each, centred; scope: (D,) which of them each draft promotes.
    """

    people: Customers
    main: FloatArray
    click_residual: FloatArray
    categories: tuple[str, ...]
    share: FloatArray
    scope: Ints


@dataclass(frozen=True)
class Worth:
    """What outcomes are worth, (D,) each; unit_profit replaces margin x revenue where it is given."""

    margin: FloatArray
    contact: FloatArray
    unit_profit: float | None
    paid: float  # share of conversions that spend anything


@dataclass(frozen=True)
class DraftSide:
    """D drafts. effect: (D, B, E), stretch: (D, B, V) columns for a customer of no traits.

    tables: head -> (D, B), `value` among them where its head is; pull: (D, B). floor: (D,) the least order
    that qualifies, above 0; edge: (D,) the order from which on the cap binds, infinity = none. within: (D, B)
    what share of the offer's use is left where the minimum lies beyond what the model tells apart.
    """

    offers: Offers
    worth: Worth
    pairs: Pairs
    effect: FloatArray
    stretch: FloatArray
    pull: FloatArray
    tables: Mapping[str, FloatArray]
    offered: FloatArray  # (D,) 0 for a message without an offer
    floor: FloatArray
    edge: FloatArray
    within: FloatArray


@dataclass(frozen=True)
class CustomerSide:
    """U customers. who, lean: head -> (S, U); unsent: (U,) chance of buying unsent; usual: (U,) log of the
    value of an order without a message; baskets: (U,) centre of the bucket; spread: of the log of an order.

    traits: place among the effect columns -> (1, U) what the pull is multiplied by there; pull_share_at,
    share_at: the places where that, and a message as such, is multiplied by the promoted share.
    """

    audience: Audience
    who: Mapping[str, FloatArray]
    lean: Mapping[str, FloatArray]
    unsent: FloatArray
    usual: FloatArray | None
    baskets: FloatArray
    spread: float
    traits: Mapping[int, FloatArray]
    pull_share_at: int
    share_at: int


def worth_of(offers: pd.DataFrame, economics: Economics, paid: float) -> Worth:
    """What outcomes of D rows of an offer table are worth."""
    blank = [None] * len(offers)
    products, categories = offers.get("product_id", blank), offers.get("category", blank)
    margins = [
        economics.product_margin.get(
            product, economics.category_margin.get(category, economics.default_margin)
        )
        for product, category in zip(products, categories, strict=True)
    ]
    contact = [economics.contact_cost.get(str(channel), 0.0) for channel in offers["channel"]]
    return Worth(np.array(margins, dtype=float), np.array(contact, dtype=float), economics.unit_profit, paid)


def take_customers(audience: Audience, rows: slice | npt.NDArray[np.bool_]) -> Audience:
    """The customers of these rows."""
    return replace(
        audience,
        people=take_rows(audience.people, rows),
        main=audience.main[rows],
        click_residual=audience.click_residual[rows],
        share=audience.share[:, rows],
    )


def some_of(side: CustomerSide, rows: slice) -> CustomerSide:
    """The customers of these rows."""
    return replace(
        side,
        audience=take_customers(side.audience, rows),
        who={name: values[:, rows] for name, values in side.who.items()},
        lean={name: values[:, rows] for name, values in side.lean.items()},
        unsent=side.unsent[rows],
        usual=None if side.usual is None else side.usual[rows],
        baskets=side.baskets[rows],
        traits={place: values[:, rows] for place, values in side.traits.items()},
    )


def draft_side(heads: Mapping[str, Head], offers: Offers, worth: Worth, schema: Schema) -> DraftSide:
    """The tables of D offers."""
    pairs = pair(np.array(schema.baskets)[None, :], offers, DOWN)
    effect = effect_columns(offers, pairs, {}, np.zeros((1, 1)), schema, DOWN)
    stretch = value_columns(offers, pairs, DOWN)
    effects, stretches = effect.shape[2], stretch.shape[2]
    tables = {name: effect @ heads[name].mean[-effects:] for name in LOGITS if name in heads}
    if "value" in heads:
        tables["value"] = stretch @ heads["value"].mean[-stretches:]
    pull = np.ascontiguousarray(effect[..., effect_names(schema).index((FREE, "pull"))])
    floor = np.maximum(offers.min_spend, 1e-9)
    share = np.where(offers.percent > 0, offers.percent, np.nan)
    edge = np.nan_to_num(np.maximum(offers.cap / share, floor), nan=np.inf, posinf=np.inf)
    offered = (offers.kind != "none").astype(float)
    # Gaps are told apart up to 1 (`pair`); beyond, fewer use the offer as fewer orders qualify.
    within = np.where(pairs.gap < 1, 1.0, np.minimum(pairs.eligible / ELIGIBLE_AT_GAP, 1.0))
    return DraftSide(offers, worth, pairs, effect, stretch, pull, tables, offered, floor, edge, within)


def customer_side(heads: Mapping[str, Head], audience: Audience, schema: Schema) -> CustomerSide:
    """The lines of U customers."""
    people, main, columns = audience.people, audience.main, effect_names(schema)
    width, effects = main.shape[1], len(columns)
    across = {name: values[None, :] for name, values in modifiers(people, schema).items()}
    # A category may be called what a trait is: the group tells them apart.
    traits = {
        columns.index(("pull@who", f"pull@{name}")): across[name]
        for name in MODIFIERS
        if name in schema.numeric
    }
    pull_share_at, share_at = columns.index(("pull@who", "pull@share")), columns.index(("who", "share"))
    # All that straight lines say of a customer is one product: a row for each line.
    means = {name: heads[name].mean for name in LOGITS if name in heads}
    rows = {
        name: _who_rows(mean, width, effects, audience.categories, schema) for name, mean in means.items()
    }
    rows["unsent"] = means["convert"][None, :width]
    if "value" in heads:
        rows["usual"] = heads["value"].mean[None, :width]
    ends = np.cumsum([len(own) for own in rows.values()])
    lines = np.split(np.vstack(list(rows.values())) @ main.T, ends[:-1])
    who = dict(zip(rows, lines, strict=True))
    unsent, usual, spread = sigmoid(who.pop("unsent")[0]), None, SPREAD
    if "value" in heads:  # else no order's value was ever seen
        noise = heads["value"].noise
        usual, spread = who.pop("usual")[0] + noise / 2, float(np.sqrt(noise))
    lean = {}
    for name, mean in means.items():
        own = mean[-effects:]
        if name == "click":
            who[name] += audience.click_residual
        who[name] += own[share_at] * audience.share
        pulled = sum((own[at] * values for at, values in traits.items()), start=np.zeros((1, len(main))))
        lean[name] = pulled + own[pull_share_at] * audience.share
    baskets = np.array(schema.baskets)[people.bucket]
    return CustomerSide(audience, who, lean, unsent, usual, baskets, spread, traits, pull_share_at, share_at)


def _who_rows(
    mean: FloatArray, width: int, effects: int, categories: Sequence[str], schema: Schema
) -> FloatArray:
    """(S, 1 + k) what each main column counts for who a customer is and how they respond to messages, by what
    is promoted where that differs.
    """
    blocks = person_blocks(schema)
    persons = mean[width:-effects].reshape(len(blocks), -1)
    rows = np.tile(mean[:width], (len(categories), 1))
    rows[:, 1:] += persons[0]  # the covariates follow the constant
    for place, name in enumerate(categories):
        if name in blocks:
            rows[place, 1:] += persons[blocks.index(name)]
    return rows
