"""Shops of other forms than the demo shop, so that no predictor is tuned to one generator.

Same face as `DemoShop`: frames of an export, `candidate_offers`, `contactable`, `true_effect`.
`RateShop`: offers multiply the rate of ordering, clicks mediate nothing, the coupon applies itself to every
basket, shocks are multiplicative, contact may be targeted with propensities recorded or hidden.
`TypesShop`: three kinds of customers: hunters who answer from a depth on, regulars who would have come and
are put off by text messages, sleepers who answer to money and to being reminded.
`ClickShop`: a message moves nobody but through the click, and what an offer adds to the click turns on its
money beside the customer's own thrift; it was written after the predictor, and judges it last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from predictors.demo import DemoShop
from predictors.interface import OFFER_COLUMNS, Economics

Array = np.ndarray[Any, Any]
DAYS, WINDOW, FIRST = 540, 7, 160
NOISE = 0.5
CHANNELS = ("email", "sms", "push")
CATEGORIES = ("audio", "bikes", "coffee", "games", "shoes")
COST = {"email": 0.01, "sms": 0.09, "push": 0.004}
START = pd.Timestamp("2023-03-01")
SHIPPING = 5.5
SUBJECTS = ("Have you seen our {}?", "{} for you", "{}: ends soon", "New {}")
NUMBERS = ("offer_value", "min_spend", "valid_days", "buy_quantity", "get_quantity", "max_discount")
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
Targeting = Literal["random", "recorded", "hidden"]


@dataclass(frozen=True)
class Terms:
    kind: str
    value: float
    spend: float
    days: float
    channel: str
    category: int
    appeal: float

    def cost(self, basket: Array) -> Array:
        """What a redeemed order of this list value costs."""
        flat = {"amount_off": self.value, "gift": self.value, "free_shipping": SHIPPING}.get(self.kind, 0.0)
        if self.kind == "percent_off":
            return basket * self.value / 100
        return np.minimum(np.full_like(basket, flat), basket)


@dataclass(frozen=True)
class Reply:
    """Each (U,): chances of a click, of an order, of using the offer; share of the minimum made up."""

    clicks: Array
    buys: Array
    redeems: Array
    stretch: Array


class RateShop:
    """See the module. Args as of DemoShop; targeting: who is held out depends on past orders."""

    def __init__(
        self, seed: int, customers: int = 20_000, campaigns: int = 36, targeting: Targeting = "random"
    ) -> None:
        rng = np.random.default_rng(seed + 1_000)
        self._size, self._targeting, self.categories = customers, targeting, CATEGORIES
        self._people(rng)
        self.as_of = START + pd.Timedelta(days=DAYS)
        rows = [
            (
                f"{name[:2].upper()}-{i:02d}",
                f"{name} {i}",
                name,
                float(p),
                float(p) * (1 - self._margin[c]),
                500,
            )
            for c, name in enumerate(CATEGORIES)
            for i, p in enumerate(np.round(np.geomspace(6, 180, 12), 1))
        ]
        columns = ["product_id", "name", "category", "price", "unit_cost", "stock"]
        self.products = pd.DataFrame(rows, columns=columns)
        self._simulate(campaigns, rng)
        margin = dict(zip(CATEGORIES, map(float, self._margin), strict=True))
        self.economics = Economics(0.4, margin, contact_cost=COST, shipping_cost=SHIPPING)

    def _people(self, rng: np.random.Generator) -> None:
        size = self._size
        self._margin = rng.permutation([0.3, 0.38, 0.45, 0.52, 0.6])
        self._strength = np.exp(0.25 * rng.standard_normal(len(CATEGORIES)))
        self.keen, self.engaged = rng.standard_normal(size), rng.standard_normal((size, 3))
        self.basket = np.exp(3.9 + 0.5 * rng.standard_normal(size) - 0.1 * self.keen)
        self.rate = np.exp(-5.0 + 0.8 * rng.standard_normal(size))  # orders a day
        self.taste = rng.dirichlet(np.full(len(CATEGORIES), 0.5), size)
        self.opt_in = rng.random((size, 3)) < np.array([0.9, 0.6, 0.65])
        self.ids = np.array([f"R{number:06d}" for number in range(size)], dtype=object)
        age = np.clip(np.round(40 - 5 * self.keen + 12 * rng.standard_normal(size)), 18, 90)
        used = np.argmax(self.engaged + rng.gumbel(size=(size, 3)), axis=1)
        joined = START - pd.to_timedelta(rng.integers(1, 900, size), unit="D")
        opt = {f"{name}_opt_in": self.opt_in[:, i].astype(int) for i, name in enumerate(CHANNELS)}
        self.customers = pd.DataFrame(
            {
                "customer_id": self.ids,
                "signed_up_on": joined.strftime("%Y-%m-%d"),
                "age": age.astype(int),
                "came_by": np.array(["search", "app", "friend"], dtype=object)[used],
                **opt,
            }
        )

    def _season(self, day: float) -> float:
        return float(np.exp(0.3 * np.sin(2 * np.pi * day / 365.25) + 0.25 * (day % 365 > 320)))

    def _reply(self, rows: Array, terms: Terms | None, demand: float, mood: float = 1.0) -> Reply:
        """What these customers do; terms None: nothing is sent."""
        hazard = self.rate[rows] * WINDOW * demand
        if terms is None:
            nothing = np.zeros(len(rows))
            return Reply(nothing, 1 - np.exp(-hazard), nothing, nothing)
        keen, basket = self.keen[rows], self.basket[rows]
        engaged = 1 / (1 + np.exp(-self.engaged[rows, CHANNELS.index(terms.channel)]))
        aim = np.maximum(basket, terms.spend)
        depth = terms.cost(aim) / aim * (1.4 if terms.kind == "free_shipping" else 1.0)
        able = np.exp(-1.6 * np.maximum(terms.spend / basket - 1, 0))
        lift = 1.5 * np.log1p(depth / 0.15) * able * np.exp(0.4 * keen) * (1 - np.exp(-terms.days / 3))
        liking = self.taste[rows, terms.category]
        reach = {"email": 0.75, "sms": 1.15, "push": 0.85}[terms.channel] * engaged * mood
        pull = reach * (self._strength[terms.category] * lift + 0.5 * liking + 0.4 * terms.appeal)
        fresh = 0.008 * reach * liking * (1 + 4 * depth * able)  # orders that nobody had in mind
        clicks = 0.25 * engaged * (0.4 + liking + depth)
        buys = 1 - np.exp(-(hazard * np.exp(pull) + fresh))
        return Reply(np.clip(clicks, 0, 1), buys, np.full(len(rows), 0.85), 0.25 * able)

    def _arm(self, category: int, channel: str, rng: np.random.Generator) -> dict[str, Any]:
        kind = str(
            rng.choice(
                ["percent_off", "amount_off", "free_shipping", "gift", "none"], p=[0.4, 0.3, 0.1, 0.1, 0.1]
            )
        )
        value = {"percent_off": [5, 10, 15, 20, 30], "amount_off": [5, 8, 10, 15], "gift": [4, 6, 9]}.get(
            kind
        )
        spend = float(rng.choice([0, 0, 25, 40, 60, 80])) if kind != "none" else 0.0
        return dict.fromkeys(OFFER_COLUMNS) | {
            "channel": channel,
            "offer_type": kind,
            "offer_value": float(rng.choice(value)) if value else np.nan,
            "min_spend": spend or np.nan,
            "valid_days": float(rng.choice([2, 4, 7, 10, 14])),
            "category": CATEGORIES[category],
            "body": "From our shelves.",
            "subject": str(rng.choice(SUBJECTS)).format(CATEGORIES[category]),
        }

    def _terms(self, row: Mapping[Any, Any]) -> Terms:
        def number(name: str) -> float:
            return 0.0 if row[name] is None or row[name] != row[name] else float(row[name])

        words = str(row["subject"])
        appeal = 0.3 * ("?" in words) + 0.2 * ("soon" in words)
        return Terms(
            str(row["offer_type"]),
            number("offer_value"),
            number("min_spend"),
            number("valid_days") or 7.0,
            str(row["channel"]),
            CATEGORIES.index(row["category"]),
            appeal,
        )

    def _orders(self, terms: Terms, reply: Reply, natural: Array, redeems: Array) -> tuple[Array, Array]:
        short = (natural < terms.spend) & (natural > terms.spend * (1 - reply.stretch))
        lifted = np.where(short, terms.spend * 1.01, natural)
        used = np.where((lifted >= terms.spend) & (terms.kind != "none"), redeems, 0.0)
        return used * lifted + (1 - used) * natural, used * terms.cost(lifted)

    def _simulate(self, campaigns: int, rng: np.random.Generator) -> None:
        count = rng.poisson(self.rate * 2.2 * (DAYS + 300))
        who, day = np.repeat(np.arange(self._size), count), rng.uniform(-300, DAYS, count.sum())
        kept = (
            rng.random(len(who))
            < np.array([self._season(d) for d in range(-300, DAYS)])[(day + 300).astype(int)] / 2.2
        )
        who, day = who[kept], day[kept]
        value = self.basket[who] * np.exp(NOISE * rng.standard_normal(len(who)) - NOISE**2 / 2)
        orders = pd.DataFrame({"who": who, "day": day, "value": value, "discount": 0.0})
        shown = []
        starts = np.linspace(FIRST, DAYS - WINDOW - 1, campaigns).astype(int)
        for number, start in enumerate(starts):
            part = self._campaign(f"K{number:02d}", int(start), orders, 9 * self._size // 36, rng)
            busy = np.zeros(self._size, dtype=bool)
            busy[part["who"]] = True
            inside = (orders["day"] >= start) & (orders["day"] < start + WINDOW) & busy[orders["who"]]
            bought = part[part["converted"] == 1]
            new = bought[["who", "discount"]].assign(
                value=bought["revenue"], day=start + rng.uniform(0, WINDOW, len(bought))
            )
            orders = pd.concat([orders[~inside], new], ignore_index=True)
            shown.append(part)
        self.exposures = pd.concat(shown, ignore_index=True)
        self.exposures["customer_id"] = self.ids[self.exposures.pop("who")]
        self.orders = self._lines(orders.sort_values("day", ignore_index=True), rng)

    def _campaign(
        self, name: str, start: int, orders: pd.DataFrame, size: int, rng: np.random.Generator
    ) -> pd.DataFrame:
        category = int(rng.integers(len(CATEGORIES)))
        used = rng.permutation(3)[: rng.integers(1, 3)]
        arms = [self._arm(category, CHANNELS[rng.choice(used)], rng) for _ in range(4)]
        able = np.flatnonzero(self.opt_in[:, used].all(axis=1))
        who = rng.permutation(able)[:size]
        chances = np.tile([0.2, 0.2, 0.2, 0.2, 0.2], (len(who), 1))
        if self._targeting != "random":  # recent buyers are held out less and get the first arms more
            recent = orders["who"][(orders["day"] < start) & (orders["day"] > start - 90)]
            score = np.minimum(np.bincount(recent, minlength=self._size)[who], 3)
            chances = np.exp(np.outer(score, rng.normal([-0.5, 0.3, 0.2, 0, 0], 0.2)))
            chances /= chances.sum(axis=1, keepdims=True)
        arm = (np.cumsum(chances, axis=1) < rng.random((len(who), 1))).sum(axis=1).clip(max=4) - 1
        demand, mood = (
            self._season(start) * np.exp(0.25 * rng.standard_normal() - 0.03),
            np.exp(0.1 * rng.standard_normal()),
        )
        held = dict.fromkeys(OFFER_COLUMNS) | {
            "channel": "holdout",
            "offer_type": "none",
            "category": CATEGORIES[category],
        }
        parts = []
        for number, row in enumerate([held, *arms]):
            rows = np.flatnonzero(arm == number - 1)
            terms = self._terms(row) if number else None
            reply = self._reply(who[rows], terms, demand, mood)
            natural = self.basket[who[rows]] * np.exp(NOISE * rng.standard_normal(len(rows)) - NOISE**2 / 2)
            buys = rng.random(len(rows)) < reply.buys
            uses = (rng.random(len(rows)) < reply.redeems).astype(float)
            value, cost = self._orders(terms, reply, natural, uses) if terms else (natural, 0 * natural)
            outcome: dict[str, Any] = {
                "who": who[rows],
                "arm_id": f"{name}-{number}",
                "clicked": (rng.random(len(rows)) < reply.clicks).astype(int),
                "converted": buys.astype(int),
                "revenue": np.round(buys * value, 2),
                "discount": np.round(buys * cost, 2),
                "propensity": np.nan if self._targeting == "hidden" else chances[rows, number],
            }
            parts.append(pd.DataFrame(dict(row) | outcome, index=rows))
        numbers = dict.fromkeys(NUMBERS, float)
        frame = pd.concat([part.astype(numbers) for part in parts], ignore_index=True)
        return frame.assign(
            campaign_id=name,
            sent_at=START + pd.Timedelta(days=start, hours=9),
            outcome_scope="basket",
            window_days=WINDOW,
        )

    def _lines(self, orders: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        who = orders["who"].to_numpy()
        drawn = (np.cumsum(self.taste[who], axis=1) < rng.random((len(who), 1))).sum(axis=1).clip(max=4)
        return pd.DataFrame(
            {
                "order_id": [f"O{n:07d}" for n in range(len(who))],
                "customer_id": self.ids[who],
                "product_id": self.products["product_id"].to_numpy()[
                    drawn * 12 + rng.integers(0, 12, len(who))
                ],
                "ordered_at": START + pd.to_timedelta(np.round(orders["day"].to_numpy() * 86_400), unit="s"),
                "quantity": 1,
                "unit_price": orders["value"].round(2),
                "discount": orders["discount"],
                "exposure_id": None,
            }
        )

    def candidate_offers(self, category: str) -> pd.DataFrame:
        """The demo shop's grid."""
        return DemoShop.candidate_offers(self, category)  # type: ignore[arg-type]

    def contactable(self, channel: str) -> Array:
        """Ids of those who opted in."""
        return self.ids[self.opt_in[:, CHANNELS.index(channel)]]

    def true_effect(self, customers: Array | None, offers: pd.DataFrame) -> dict[str, Array]:
        """Expected figures as of `as_of`, shocks at their mean: name -> (D,), per customer contacted."""
        rows = (
            np.arange(self._size)
            if customers is None
            else pd.Index(self.ids).get_indexer(pd.Index(customers))
        )
        natural = self.basket[rows][:, None] * np.exp(NOISE * NODES - NOISE**2 / 2)
        weights, demand = WEIGHTS / WEIGHTS.sum(), self._season(DAYS)
        unsent = self._reply(rows, None, demand).buys
        found = []
        for row in offers.to_dict("records"):
            terms = self._terms(row)
            reply = self._reply(rows, terms, demand)
            column = Reply(*(getattr(reply, n)[:, None] for n in ("clicks", "buys", "redeems", "stretch")))
            value, cost = self._orders(terms, column, natural, column.redeems)
            gain = reply.buys * (value @ weights) - unsent * self.basket[rows]
            profit = self._margin[terms.category] * gain - reply.buys * (cost @ weights) - COST[terms.channel]
            found.append([reply.buys.mean(), (reply.buys - unsent).mean(), unsent.mean(), profit.mean()])
        names = ("conversion", "incremental_conversion", "baseline_conversion", "incremental_profit")
        return dict(zip(names, np.array(found).T, strict=True))


class TypesShop(RateShop):
    """See the module."""

    def _people(self, rng: np.random.Generator) -> None:
        super()._people(rng)
        self.kind = rng.choice(3, self._size, p=[0.3, 0.25, 0.45])  # hunters, regulars, sleepers
        self.rate *= np.array([0.8, 2.2, 0.5])[self.kind]
        self.basket *= np.array([0.85, 1.2, 1.0])[self.kind]
        self.customers["club"] = np.where(
            rng.random(self._size) < np.array([0.3, 0.8, 0.1])[self.kind], "yes", "no"
        )
        self.customers["newsletter_topic"] = np.array(CATEGORIES, dtype=object)[
            np.argmax(self.taste + 0.3 * rng.gumbel(size=self.taste.shape), axis=1)
        ]

    def _reply(self, rows: Array, terms: Terms | None, demand: float, mood: float = 1.0) -> Reply:
        base = np.log(self.rate[rows] * WINDOW) + np.log(demand)
        if terms is None:
            nothing = np.zeros(len(rows))
            return Reply(nothing, 1 / (1 + np.exp(-base)), nothing, nothing)
        kind, basket, slot = self.kind[rows], self.basket[rows], CHANNELS.index(terms.channel)
        aim = np.maximum(basket, terms.spend)
        face = terms.cost(aim)
        near = 1 / (1 + np.exp((terms.spend / basket - 1.3) / 0.15))
        hunters = 2.2 / (1 + np.exp(-(face / aim - 0.16) / 0.03)) * near
        sleepers = 0.35 + 1.1 * near * np.minimum(face / 12, 1.2)
        regulars = 0.15 - 0.35 * (terms.channel == "sms") + 0.9 * near * face / aim
        urge = np.select([kind == 0, kind == 1], [hunters, regulars], sleepers)
        timing = np.minimum(1.0, 0.45 + terms.days / 10) * (0.8 if terms.days > 12 else 1.0)
        liking = self._strength[terms.category] * (0.5 + 1.1 * np.sqrt(self.taste[rows, terms.category]))
        opens = 1 / (1 + np.exp(-(0.2 + 0.9 * self.engaged[rows, slot] + [0.0, 1.0, -0.4][slot])))
        opens = np.clip(opens * mood, 0, 0.98)
        seen = 1 / (1 + np.exp(-(base + urge * timing * liking + 0.3 * terms.appeal)))
        missed = 1 / (1 + np.exp(-base))
        clicks = opens * (0.1 + 0.25 * np.tanh(np.maximum(urge, 0) * liking))
        redeems = np.array([0.95, 0.75, 0.6])[kind] * opens
        return Reply(clicks, opens * seen + (1 - opens) * missed, redeems, 0.3 * near)


class ClickShop(RateShop):
    """See the module."""

    def _people(self, rng: np.random.Generator) -> None:
        super()._people(rng)
        self.thrift = np.exp(0.6 * rng.standard_normal(self._size) - 0.2 * self.keen)
        self.rate *= 0.8 + 0.2 * self.thrift
        levels = np.array(["low", "middle", "high"], dtype=object)
        seen = np.log(self.thrift) + 0.4 * rng.standard_normal(self._size)
        self.customers["coupon_use"] = levels[np.digitize(seen, [-0.4, 0.4])]

    def _reply(self, rows: Array, terms: Terms | None, demand: float, mood: float = 1.0) -> Reply:
        unsent = 1 - np.exp(-self.rate[rows] * WINDOW * demand)
        if terms is None:
            nothing = np.zeros(len(rows))
            return Reply(nothing, unsent, nothing, nothing)
        basket, slot = self.basket[rows], CHANNELS.index(terms.channel)
        aim = np.maximum(basket, terms.spend)
        near = 1 / (1 + (terms.spend / basket) ** 3)
        money = self.thrift[rows] * terms.cost(aim) / np.sqrt(aim) * near
        timing = 1.0 if terms.days >= 5 else 0.8
        liking = self.taste[rows, terms.category] * self._strength[terms.category]
        wish = [-2.1, -2.4, -2.3][slot] + 0.7 * self.engaged[rows, slot] + 1.2 * liking + 0.4 * terms.appeal
        clicks = 1 / (1 + np.exp(-(wish + np.log(mood) + 0.9 * np.log1p(money) * timing)))
        # Some of those who click buy what they would not have; the rest of them only look.
        won = clicks * (0.04 + 0.3 * money / (1.5 + money))
        buys = 1 - (1 - unsent) * (1 - won)
        redeems = np.clip((won + 0.8 * unsent * clicks + 0.1 * unsent) / np.maximum(buys, 1e-9), 0, 1)
        return Reply(clicks, buys, redeems, 0.3 * near)
