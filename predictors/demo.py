"""A shop whose truth is known: a whole export to learn from, and what any offer would really do.

Deterministic by seed. Past campaigns are randomised with a holdout, each promotes one category, demand moves
between them. Those who would have bought anyway redeem too, so the offer with most conversions is not the
one with most profit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.demo_history import (
    NEVER,
    WINDOW,
    History,
    plan_campaigns,
    season,
    simulate,
)
from predictors.demo_orders import order_lines
from predictors.demo_people import CATEGORIES, CHANNELS, contact_columns, make_goods, make_people, take
from predictors.demo_response import (
    BASKET_NOISE,
    REDEEM_CLICKED,
    REDEEM_NOTICED,
    REDEEM_UNNOTICED,
    SHIPPING_COST,
    Answer,
    Terms,
    answer,
    baseline,
    orders_given,
    terms_of,
)
from predictors.interface import OFFER_COLUMNS, Economics

__all__ = ["TRUE_FIGURES", "DemoShop"]

Array = npt.NDArray[np.float64]
FIRST_DAY = pd.Timestamp("2024-01-01")
DAYS = 546
CONTACT_COST = {"email": 0.02, "sms": 0.08, "push": 0.005}
TRUE_FIGURES = (
    "ctr",
    "conversion",
    "baseline_conversion",
    "incremental_conversion",
    "revenue",
    "incremental_revenue",
    "discount_cost",
    "contact_cost",
    "incremental_profit",
)
EXPOSURE_COLUMNS = (
    "exposure_id",
    "campaign_id",
    "customer_id",
    "sent_at",
    *OFFER_COLUMNS,
    "outcome_scope",
    "arm_id",
    "propensity",
    "clicked",
    "converted",
    "revenue",
    "discount",
    "window_days",
)
# Gauss-Hermite nodes: the expectation over how large an order happens to be.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)


class DemoShop:
    """One simulated shop.

    Args:
        seed: everything random follows from it.
        customers, campaigns, arms: size; the benchmark size is 20,000, 36 and 4 (and a holdout).
        exposures: customers contacted or held out over all campaigns; default 9 per customer.

    Attributes (data frames with the columns of a shop export): `customers`, `products`, `orders`,
    `exposures`; `shop` is the content of shop.json, `as_of` the day after the last event.
    """

    def __init__(
        self,
        seed: int,
        customers: int = 20_000,
        campaigns: int = 36,
        arms: int = 4,
        exposures: int | None = None,
    ) -> None:
        rng = np.random.default_rng(seed)
        total = 9 * customers if exposures is None else exposures
        self._rng_seed = seed
        self._people = make_people(customers, DAYS, rng)
        self._goods = make_goods(rng)
        self._plan = plan_campaigns(campaigns, arms, total // max(campaigns, 1), DAYS, rng)
        self._history: History = simulate(self._people, self._goods, DAYS, self._plan, rng)
        self.products = self._goods.products
        self.as_of = FIRST_DAY + pd.Timedelta(days=DAYS)
        self.shop: dict[str, Any] = {
            "name": "Demo shop",
            "currency": "EUR",
            "default_margin": 0.4,
            "shipping_cost": SHIPPING_COST,
            "point_value": 0.01,
            "contact_cost": CONTACT_COST,
            "attribution_days": WINDOW,
        }

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category was promoted by some past campaign."""
        return CATEGORIES

    @property
    def economics(self) -> Economics:
        """What a sale is worth and a message costs here."""
        prices = self.products.groupby("category")["price"].median()
        return Economics(
            default_margin=self.shop["default_margin"],
            category_margin=self._goods.margin,
            category_price={str(name): float(price) for name, price in prices.items()},
            product_price=dict(zip(self.products["product_id"], self.products["price"], strict=True)),
            contact_cost=CONTACT_COST,
            shipping_cost=SHIPPING_COST,
            point_value=self.shop["point_value"],
            attribution_days=WINDOW,
        )

    @cached_property
    def customers(self) -> pd.DataFrame:
        """Columns of customers.csv, personal ones among them."""
        people = self._people
        columns: dict[str, Any] = {
            "customer_id": people.ids,
            "signed_up_on": (FIRST_DAY + pd.to_timedelta(people.signed_up, unit="D")).strftime("%Y-%m-%d"),
            **contact_columns(people, np.random.default_rng(self._rng_seed + 1)),
            **{f"{channel}_opt_in": people.opt_in[:, i].astype(int) for i, channel in enumerate(CHANNELS)},
            "age": people.age.astype(int),
            "region": people.region,
            "loyalty_tier": people.loyalty_tier,
            "device": people.device,
        }
        return pd.DataFrame(columns)

    @cached_property
    def exposures(self) -> pd.DataFrame:
        """Columns of exposures.csv; held-out rows carry the category of their campaign."""
        parts = []
        for campaign in self._plan:
            shown = self._history.exposures[self._history.exposures["campaign_id"] == campaign.name]
            held = dict.fromkeys(OFFER_COLUMNS) | {
                "channel": "holdout",
                "offer_type": "none",
                "category": campaign.category,
                "subject": "",
                "body": "",
            }
            terms = pd.concat([pd.DataFrame([held]).astype(campaign.arms.dtypes), campaign.arms])
            rows = terms.iloc[shown["arm"].to_numpy() + 1].reset_index(drop=True)
            rows["arm_id"] = [f"{campaign.name}-{'holdout' if arm < 0 else arm}" for arm in shown["arm"]]
            parts.append(pd.concat([shown.reset_index(drop=True), rows], axis=1))
        frame = pd.concat(parts, ignore_index=True)
        frame.insert(0, "exposure_id", [f"X{number:07d}" for number in range(1, len(frame) + 1)])
        frame["customer_id"] = self._people.ids[frame["who"].to_numpy()]
        frame["sent_at"] = FIRST_DAY + pd.to_timedelta(frame["day"], unit="D") + pd.Timedelta(hours=9)
        frame["outcome_scope"] = "basket"
        frame["window_days"] = WINDOW
        for name in ("clicked", "converted"):
            frame[name] = frame[name].astype(int)
        return frame[list(EXPOSURE_COLUMNS)]

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Columns of orders.csv, one row per order line, oldest first."""
        starts = (
            self._history.exposures.groupby("campaign_id", sort=False).size().cumsum().shift(fill_value=0)
        )
        orders = self._history.orders.copy()
        offset = orders["campaign_id"].map(starts).fillna(0).to_numpy(dtype=int)
        credited = orders["exposure"].to_numpy() >= 0
        position = np.where(credited, orders["exposure"].to_numpy() + offset, 0)
        ids = self.exposures["exposure_id"].to_numpy() if credited.any() else np.array([None], dtype=object)
        orders["exposure_id"] = pd.Series(ids[position], index=orders.index, dtype=object).where(
            credited, None
        )
        return order_lines(
            orders, self._people, self.products, FIRST_DAY, np.random.default_rng(self._rng_seed + 2)
        )

    def write_export(self, folder: Path | str) -> Path:
        """Write customers, products, orders, exposures as CSV and shop.json. Returns the folder."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        for name in ("customers", "products", "orders", "exposures"):
            frame: pd.DataFrame = getattr(self, name)
            frame.to_csv(target / f"{name}.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S")
        (target / "shop.json").write_text(json.dumps(self.shop, indent=1), encoding="utf-8")
        return target

    def contactable(self, channel: str) -> npt.NDArray[np.object_]:
        """Ids of the customers who agreed to be contacted on this channel."""
        if channel not in CHANNELS:
            return self._people.ids
        return self._people.ids[self._people.opt_in[:, CHANNELS.index(channel)]]

    def true_effect(
        self,
        customers: Sequence[str] | npt.NDArray[np.object_] | None,
        offers: pd.DataFrame | pd.Series[Any] | Mapping[str, Any],
        *,
        per_customer: bool = False,
    ) -> dict[str, Array]:
        """What offers would really do as of `as_of`, demand at its mean, per customer contacted.

        Args:
            customers: ids, None = everyone; all are taken as contacted, opted in or not.
            offers: an offer table of D rows, or one row of it.

        Returns: figure -> (D,) means over the customers, or (D, U) where `per_customer`.

        Raises:
            KeyError: a customer who is not of this shop.
        """
        table = offers.to_dict("records") if isinstance(offers, pd.DataFrame) else [dict(offers)]
        rows = np.arange(len(self._people)) if customers is None else self._positions(customers)
        people = take(self._people, rows)
        last = self._history.last_order[rows]
        since = np.where(np.isnan(last), NEVER, DAYS - last)
        odds = baseline(people, since, season(DAYS))
        natural = people.basket[:, None] * np.exp(BASKET_NOISE * _NODES - BASKET_NOISE**2 / 2)
        parts = []
        for row in table:
            terms = terms_of({str(key): value for key, value in row.items()}, self._goods)
            reply = answer(people, self._goods, terms, odds)
            truth = _expected(terms, reply, natural, people.basket, self._margin(terms.category))
            parts.append({name: values if per_customer else values.mean() for name, values in truth.items()})
        return {name: np.array([part[name] for part in parts]) for name in TRUE_FIGURES}

    def candidate_offers(self, category: str) -> pd.DataFrame:
        """About 350 offers a marketer might consider for one category: the oracle's choice is among them."""
        rows: list[dict[str, Any]] = []
        for days, channel in product((3.0, 7.0, 14.0), CHANNELS):
            terms: list[tuple[str, float, float]] = [
                ("percent_off", value, spend)
                for value, spend in product((5, 10, 15, 20, 25, 30, 40), (0, 40, 70))
            ]
            terms += [("amount_off", value, spend) for value, spend in product((5, 10, 15), (30, 50, 80))]
            terms += [("free_shipping", np.nan, spend) for spend in (0, 40, 70)]
            terms += [("gift", value, spend) for value, spend in product((4, 8), (40, 70))]
            terms += [("none", np.nan, 0)]
            rows += [
                {"channel": channel, "offer_type": kind, "offer_value": float(value),
                 "min_spend": float(spend) if spend else np.nan, "valid_days": days}
                for kind, value, spend in terms
            ]  # fmt: skip
        frame = pd.DataFrame(rows).reindex(columns=list(OFFER_COLUMNS))
        frame["category"] = category
        frame["subject"] = f"New in {category}"
        frame["body"] = "We picked these for you."
        return frame.astype({"product_id": object})

    def _margin(self, category: str | None) -> float:
        margin = self._goods.margin.get(category) if category else None
        return float(self.shop["default_margin"]) if margin is None else margin

    def _positions(self, customers: Sequence[str] | npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
        index = pd.Index(self._people.ids)
        rows = index.get_indexer(pd.Index(customers))
        if (rows < 0).any():
            raise KeyError(f"not a customer of this shop: {np.asarray(customers)[rows < 0][0]}")
        return np.asarray(rows, dtype=np.int64)


def _expected(terms: Terms, reply: Answer, natural: Array, basket: Array, margin: float) -> dict[str, Array]:
    """Expected figures of U customers; natural: (U, nodes) order values they would have placed."""
    clicked, noticed = reply.clicked, reply.noticed - reply.clicked
    unnoticed = 1 - reply.noticed
    buys = (clicked * reply.buys_clicked, noticed * reply.buys_noticed, unnoticed * reply.unsent)
    redeems = buys[0] * REDEEM_CLICKED + buys[1] * REDEEM_NOTICED + buys[2] * REDEEM_UNNOTICED
    conversion = sum(buys)
    column = Answer(**{name: getattr(reply, name)[:, None] for name in Answer.__dataclass_fields__})
    value, cost = orders_given(terms, column, natural, 1.0)
    weights = _WEIGHTS / _WEIGHTS.sum()
    revenue = (conversion - redeems) * basket + redeems * (value @ weights)
    discount = redeems * (cost @ weights)
    contact = np.full(len(basket), CONTACT_COST.get(terms.channel, 0.0))
    gain = revenue - reply.unsent * basket
    return {
        "ctr": clicked,
        "conversion": conversion,
        "baseline_conversion": reply.unsent,
        "incremental_conversion": conversion - reply.unsent,
        "revenue": revenue,
        "incremental_revenue": gain,
        "discount_cost": discount,
        "contact_cost": contact,
        "incremental_profit": margin * gain - discount - contact,
    }
