"""The effect predictor: past exposures in, incremental forecasts of drafts out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from predictors.effect.ridge import fit_linear, fit_logistic, sigmoid
from predictors.effect.terms import MODIFIERS, effect_columns, effect_names
from predictors.features import (
    Customers,
    Offers,
    Pairs,
    Schema,
    learn_schema,
    pair,
    read_customers,
    read_offers,
)
from predictors.interface import (
    ATTRIBUTE_PROMOTED_SHARE,
    CUSTOMER_FIGURES,
    FIGURES,
    CustomerTable,
    Economics,
    EffectForecasts,
    Figures,
    FloatArray,
    Side,
    UnusableTrainingData,
)
from predictors.persistence import array_bytes, array_from, content_version, read_manifest, with_manifest

__all__ = ["EffectPredictor"]

FORMAT = "effect-predictor-1"
REPLICAS = 8
BLOCK = 200_000
NOT_INCREMENTAL = "not incremental: no held-out customers"
HEADS = ("click", "convert", "value", "redeem")


@dataclass(frozen=True)
class _Data:
    customers: Customers
    offers: Offers
    main: FloatArray
    effect: FloatArray
    campaign: npt.NDArray[np.int64]
    arm: npt.NDArray[np.int64]
    clicked: FloatArray
    converted: FloatArray
    revenue: FloatArray
    discount: FloatArray


class EffectPredictor:
    """Forecasts what a draft would do, against sending nothing. Make one with `fit` or `from_parts`."""

    def __init__(
        self,
        schema: Schema,
        coefficients: Mapping[str, FloatArray],
        facts: Mapping[str, Any],
        metrics: Mapping[str, float],
    ) -> None:
        self._schema = schema
        self._coefficients = dict(coefficients)
        self._facts = dict(facts)
        self.metrics: Mapping[str, float] = dict(metrics)
        self._names = effect_names(schema)
        self.version = content_version(self._parts(), "effect")

    @classmethod
    def fit(
        cls,
        exposures: pd.DataFrame,
        attributes: pd.DataFrame,
        economics: Economics,
        *,
        seed: int,
        threads: int = 2,
    ) -> EffectPredictor:
        """Learn from n exposures (offer and outcome columns) and n aligned rows of attributes as of sending.

        Raises:
            UnusableTrainingData: nothing was ever sent, or the frames do not line up.
        """
        if len(exposures) != len(attributes):
            raise UnusableTrainingData(f"{len(exposures)} exposures, {len(attributes)} rows of attributes")
        if not (exposures["channel"] != "holdout").any():
            raise UnusableTrainingData("no message was ever sent: every exposure is held out")
        schema = learn_schema(attributes, exposures)
        data = _read(exposures, attributes, schema, economics)
        rng = np.random.default_rng(seed)
        held = bool((data.offers.sent == 0).any())
        replicas = [_fit_once(data, schema, _weights(data, rng, whole=r == 0), held) for r in range(REPLICAS)]
        coefficients = {name: np.stack([one[name] for one in replicas]) for name in HEADS}
        facts = {
            "incremental": held,
            "noise": float(np.mean([one["noise"][0] for one in replicas])),
            "rows": len(exposures),
            "arms": _arms_seen(data, exposures, schema).tolist(),
            "window": [str(exposures["sent_at"].min()), str(exposures["sent_at"].max())],
        }
        return cls(schema, coefficients, facts, {"rows": float(len(exposures))})

    def forecast(
        self,
        offers: pd.DataFrame,
        customers: CustomerTable,
        economics: Economics,
        *,
        side: Side = "judge",
        per_customer: bool = False,
    ) -> EffectForecasts:
        """Forecast D rows of an offer table over U customers; see `interface.EffectModel`."""
        table = read_offers(offers, self._schema, economics)
        people = read_customers(customers.attributes, self._schema)
        share = _shares(customers.affinity, table, self._schema)
        count, users = len(offers), len(customers)
        replicas = REPLICAS
        sums = {name: np.zeros((count, replicas)) for name in FIGURES}
        detail = {name: np.zeros((count, users)) for name in CUSTOMER_FIGURES} if per_customer else None
        margin = _margins(offers, economics)
        contact = np.array(
            [economics.contact_cost.get(str(name), 0.0) for name in offers["channel"]], dtype=float
        )
        step = max(BLOCK // max(count, 1), 1)
        for start in range(0, users, step):
            part = slice(start, min(start + step, users))
            figures = self._figures(table, people, share, part, margin, contact, economics)
            for name, values in figures.items():
                sums[name] += values.sum(axis=1)
                if detail is not None and name in detail:
                    detail[name][:, part] = values.mean(axis=2)
        means = {name: values / users for name, values in sums.items()}
        paid = means["discount_cost"] + means["contact_cost"]
        with np.errstate(divide="ignore", invalid="ignore"):
            means["roi"] = np.where(paid > 0, means["incremental_profit"] / paid, np.nan)
            given = means["discount_cost"]
            means["gross_return"] = np.where(given > 1e-12, means["revenue"] / given, np.nan)
        support = self._support(table, offers)
        return EffectForecasts(
            figures={name: _interval(name, values, support) for name, values in means.items()},
            support=support,
            incremental=bool(self._facts["incremental"]),
            warnings=self._warnings(offers, people, support),
            per_customer=detail,
        )

    def _figures(
        self,
        table: Offers,
        people: Customers,
        share: FloatArray,
        part: slice,
        margin: FloatArray,
        contact: FloatArray,
        economics: Economics,
    ) -> dict[str, FloatArray]:
        """Figure -> (D, users of the part, replicas)."""
        schema = self._schema
        basket = np.array(schema.baskets)[people.bucket[part]]
        rows = (slice(None), None)
        pairs = pair(basket[None, :], table, rows)
        modifiers = {name: values[None, part] for name, values in _modifiers(people, schema).items()}
        effect = effect_columns(table, pairs, modifiers, share[:, part], schema, rows)
        main = _main(people, schema)[part]
        width = main.shape[1]
        heads = self._coefficients

        def line(head: str, columns: FloatArray) -> FloatArray:
            every: FloatArray = (main @ heads[head][:, :width].T)[None] + columns @ heads[head][:, width:].T
            return every

        click, convert = sigmoid(line("click", effect)), sigmoid(line("convert", effect))
        base = np.broadcast_to(sigmoid((main @ heads["convert"][:, :width].T))[None], convert.shape)
        stretch = _value_columns(table, pairs, rows)
        noise = float(self._facts["noise"])
        value = np.exp(line("value", stretch) + noise**2 / 2)
        plain = np.broadcast_to(np.exp(main @ heads["value"][:, :width].T + noise**2 / 2)[None], value.shape)
        redeem = sigmoid(line("redeem", effect)) * (table.kind != "none")[:, None, None]
        usual = value.mean(axis=2)
        per_order = _given(table, usual, noise, rows)[:, :, None] * (value / usual[:, :, None])
        discount = convert * redeem * per_order
        if economics.unit_profit is not None:
            worth = economics.unit_profit * (convert - base)
        else:
            worth = margin[:, None, None] * (convert * value - base * plain)
        cost = np.broadcast_to(contact[:, None, None], convert.shape)
        return {
            "ctr": click,
            "conversion": convert,
            "baseline_conversion": base,
            "incremental_conversion": convert - base,
            "revenue": convert * value,
            "incremental_revenue": convert * value - base * plain,
            "discount_cost": discount,
            "contact_cost": cost,
            "incremental_profit": worth - discount - cost,
        }

    def _support(self, table: Offers, offers: pd.DataFrame) -> FloatArray:
        points = _offer_points(table, self._schema)
        arms = np.array(self._facts["arms"], dtype=float).reshape(-1, points.shape[1])
        distance = np.abs(points[:, None, :] - arms[None, :, :]).sum(axis=2)
        near = np.exp(-distance / 0.5).sum(axis=1)
        known = np.isin(table.channel.astype(str), self._schema.channels)
        known &= np.isin(table.kind.astype(str), self._schema.offer_types)
        return np.asarray(np.where(known, 1 - np.exp(-near), 0.02))

    def _warnings(
        self, offers: pd.DataFrame, people: Customers, support: FloatArray
    ) -> tuple[tuple[str, ...], ...]:
        common = [] if self._facts["incremental"] else [NOT_INCREMENTAL]
        if people.missing:
            common.append(f"customer attributes missing: {', '.join(people.missing[:5])}")
        every = []
        for place, row in enumerate(offers[["channel", "offer_type", "category"]].itertuples(index=False)):
            said = list(common)
            if row.channel not in self._schema.channels:
                said.append(f"extrapolation: no past campaign used {row.channel}")
            if row.offer_type not in self._schema.offer_types:
                said.append(f"extrapolation: no past campaign had a {row.offer_type} offer")
            if isinstance(row.category, str) and row.category and row.category not in self._schema.categories:
                said.append(f"extrapolation: no past campaign promoted {row.category}")
            if support[place] < 0.2 and not any("extrapolation" in text for text in said):
                said.append("extrapolation: few past messages are like this one")
            every.append(tuple(said))
        return tuple(every)

    def _parts(self) -> dict[str, bytes]:
        return {f"{name}.npy": array_bytes(values) for name, values in self._coefficients.items()}

    def to_parts(self) -> dict[str, bytes]:
        """The model as named parts, a manifest among them."""
        facts = {
            "format": FORMAT,
            "schema": self._schema.as_json(),
            "facts": self._facts,
            "metrics": dict(self.metrics),
            "version": self.version,
        }
        return with_manifest(self._parts(), facts)

    @classmethod
    def from_parts(cls, parts: Mapping[str, bytes]) -> EffectPredictor:
        """The model that `to_parts` gave.

        Raises:
            UnusableModel: a part is missing, damaged or of another format.
        """
        manifest = read_manifest(parts, FORMAT)
        coefficients = {name: array_from(parts[f"{name}.npy"]) for name in HEADS}
        return cls(Schema.from_json(manifest["schema"]), coefficients, manifest["facts"], manifest["metrics"])


def _read(exposures: pd.DataFrame, attributes: pd.DataFrame, schema: Schema, economics: Economics) -> _Data:
    offers = read_offers(exposures, schema, economics)
    customers = read_customers(attributes, schema)
    pairs = pair(np.array(schema.baskets)[customers.bucket], offers)
    share = (
        np.nan_to_num(pd.to_numeric(attributes[ATTRIBUTE_PROMOTED_SHARE]).to_numpy(dtype=float))
        if ATTRIBUTE_PROMOTED_SHARE in attributes
        else np.zeros(len(attributes))
    )
    share = np.sqrt(share.clip(0, 1)) - _usual_share(schema)
    effect = effect_columns(offers, pairs, _modifiers(customers, schema), share, schema)
    campaign = pd.factorize(exposures["campaign_id"])[0].astype(np.int64)
    held = np.where(offers.sent == 1, "", "holdout")
    terms = [
        exposures[name].astype(str)
        for name in (
            "campaign_id",
            "channel",
            "offer_type",
            "offer_value",
            "min_spend",
            "valid_days",
            "category",
            "subject",
            "body",
        )
    ]
    arm = pd.factorize(pd.Series(held, index=exposures.index).str.cat(terms, sep="|"))[0].astype(np.int64)

    def outcome(name: str) -> FloatArray:
        return np.nan_to_num(pd.to_numeric(exposures[name]).to_numpy(dtype=float, na_value=np.nan))

    return _Data(
        customers,
        offers,
        _main(customers, schema),
        effect,
        campaign,
        arm,
        outcome("clicked"),
        outcome("converted"),
        outcome("revenue"),
        outcome("discount"),
    )


def _usual_share(schema: Schema) -> float:
    return float(np.sqrt(1 / max(len(schema.categories), 1)) * 0.8)


def _shares(affinity: pd.DataFrame, table: Offers, schema: Schema) -> FloatArray:
    known = {str(name): affinity[name].to_numpy(dtype=float) for name in affinity.columns}
    rows = [np.nan_to_num(known.get(str(name), np.zeros(len(affinity)))) for name in table.category]
    return np.sqrt(np.array(rows).reshape(len(rows), len(affinity)).clip(0, 1)) - _usual_share(schema)


def _main(people: Customers, schema: Schema) -> FloatArray:
    return np.column_stack([np.ones(len(people.covariates)), people.covariates])


def _modifiers(people: Customers, schema: Schema) -> dict[str, FloatArray]:
    place = {name: index for index, name in enumerate(schema.columns)}
    return {name: people.covariates[:, place[name]] for name in MODIFIERS if name in place}


def _weights(data: _Data, rng: np.random.Generator, whole: bool) -> FloatArray:
    if whole:
        return np.ones(len(data.arm))
    return np.asarray(rng.exponential(1, data.arm.max() + 1)[data.arm] * rng.exponential(1, len(data.arm)))


def _value_columns(offers: Offers, pairs: Pairs, rows: object = slice(None)) -> FloatArray:
    offered = (offers.kind != "none").astype(float)[rows] * offers.sent[rows]  # type: ignore[index]
    columns = [offered * pairs.eligible * pairs.depth, offered * pairs.gap]
    return np.stack([np.broadcast_to(one, pairs.depth.shape) for one in columns], axis=-1)


def _fit_once(data: _Data, schema: Schema, weight: FloatArray, held: bool) -> dict[str, FloatArray]:
    width = data.main.shape[1]
    main_penalty = np.r_[0.0, np.full(width - 1, 20.0)]
    effect_penalty = np.full(data.effect.shape[1], 4.0)
    effect_penalty[0] = 0.1 if held else 1e6
    columns = np.hstack([data.main, data.effect])
    penalty = np.r_[main_penalty, effect_penalty]
    sent = data.offers.sent == 1
    found: dict[str, FloatArray] = {}
    found["click"] = fit_logistic(columns[sent], data.clicked[sent], penalty, weight=weight[sent])
    shocks = np.eye(data.campaign.max() + 1)[data.campaign]
    wide = np.hstack([columns, shocks])
    every = fit_logistic(wide, data.converted, np.r_[penalty, np.full(shocks.shape[1], 10.0)], weight=weight)
    spread = every[columns.shape[1] :]
    found["convert"] = every[: columns.shape[1]].copy()
    found["convert"][0] += np.log(np.mean(np.exp(spread)))
    bought = (data.converted == 1) & (data.revenue > 0)
    basket = np.array(schema.baskets)[data.customers.bucket]
    pairs = pair(basket, data.offers)
    stretch = _value_columns(data.offers, pairs)
    value_columns = np.hstack([data.main, stretch])[bought]
    value_penalty = np.r_[main_penalty, 1.0, 1.0]
    target = np.log(np.maximum(data.revenue[bought], 0.01))
    found["value"] = fit_linear(value_columns, target, value_penalty, weight=weight[bought])
    left = target - value_columns @ found["value"]
    found["noise"] = np.array([left.std() if len(left) > 1 else 0.3])
    used = bought & sent & (data.offers.kind != "none")
    found["redeem"] = fit_logistic(
        columns[used], (data.discount[used] > 0).astype(float), penalty * 0.5 + 0.5, weight=weight[used]
    )
    return found


def _given(offers: Offers, usual: FloatArray, noise: float, rows: tuple[Any, ...]) -> FloatArray:
    """Expected cost of the offer on a redeemed order around `usual`."""
    aim = np.maximum(usual, offers.min_spend[rows])
    return np.asarray(
        np.minimum(np.minimum(offers.percent[rows] * aim + offers.flat[rows], offers.cap[rows]), aim)
    )


def _margins(offers: pd.DataFrame, economics: Economics) -> FloatArray:
    rows = zip(offers["product_id"], offers["category"], strict=True)
    found = [
        economics.product_margin.get(p, economics.category_margin.get(c, economics.default_margin))
        for p, c in rows
    ]
    return np.array(found, dtype=float)


def _offer_points(table: Offers, schema: Schema) -> FloatArray:
    """Offers as points whose distances mean something: (D, m)."""
    basket = float(np.median(schema.baskets))
    pairs = pair(np.full(len(table.kind), basket), table)
    columns = [pairs.depth / 0.1, pairs.gap / 0.3, np.log(table.days / schema.days)]
    columns += [(table.channel == name).astype(float) for name in schema.channels]
    columns += [(table.kind == name).astype(float) for name in schema.offer_types]
    columns += [(table.category == name) * 0.3 for name in schema.categories]
    return np.column_stack(columns).astype(float)


def _arms_seen(data: _Data, exposures: pd.DataFrame, schema: Schema) -> FloatArray:
    first = pd.Series(np.arange(len(data.arm))).groupby(data.arm).first().to_numpy()
    first = first[data.offers.sent[first] == 1]
    points = _offer_points(data.offers, schema)
    return points[first]


def _interval(name: str, values: FloatArray, support: FloatArray) -> Figures:
    mean = values.mean(axis=1)
    spread = values.std(axis=1)
    if name in (
        "incremental_conversion",
        "incremental_revenue",
        "incremental_profit",
        "discount_cost",
        "roi",
    ):
        spread = spread + np.abs(mean) * (0.1 + 0.6 * (1 - support))
    elif name != "contact_cost":
        spread = spread + np.abs(mean) * (0.03 + 0.2 * (1 - support))
    low, high = mean - 1.645 * spread, mean + 1.645 * spread
    if name in ("ctr", "conversion", "baseline_conversion"):
        low, high = np.maximum(low, 0), np.minimum(high, 1)
    if name in ("revenue", "discount_cost", "contact_cost", "gross_return"):
        low = np.maximum(low, 0)
    return Figures(mean, low, high)
