"""An effect model small enough to work out by hand, for testing what is decided from forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from predictors.evaluation.record import Evaluation
from predictors.interface import (
    CUSTOMER_FIGURES,
    FIGURES,
    Comparison,
    CustomerTable,
    Driver,
    DriverGroup,
    Drivers,
    Economics,
    EffectForecasts,
    Figures,
    Note,
    Side,
)


class HandMadeModel:
    """Per customer: conversion rises by 0.004 per percent off (0.002 per money off) up to 20 and not beyond;
    everybody's basket is `average_basket`; the discount is what the offer says of it.

    `judged` multiplies the lift on the judging side, so that tests can tell the sides apart.
    """

    version = "hand-made"
    metrics: Mapping[str, float] = {}
    evaluation = Evaluation()
    notes: tuple[Note, ...] = ()
    attributes = frozenset(("average_basket",))
    support = 0.8

    def __init__(self, judged: float = 1.0, doubt: float = 0.1) -> None:
        self.judged = judged
        self.doubt = doubt
        self.calls: list[tuple[str, int, int]] = []

    def forecast(
        self,
        offers: Any,
        customers: CustomerTable,
        economics: Economics,
        *,
        side: Side = "judge",
        per_customer: bool = False,
    ) -> EffectForecasts:
        self.calls.append((side, len(offers), len(customers)))
        basket = customers.attributes["average_basket"].to_numpy(float)[None, :]
        value = offers["offer_value"].fillna(0.0).to_numpy(float)[:, None]
        percent = (offers["offer_type"] == "percent_off").to_numpy()[:, None]
        minimum = offers["min_spend"].fillna(0.0).to_numpy(float)[:, None]
        reaches = basket >= minimum
        lift = np.where(percent, 0.004, 0.002) * np.minimum(value, 20.0) * reaches
        lift = lift * (self.judged if side == "judge" else 1.0)
        conversion = 0.10 + lift
        saved = np.where(percent, basket * value / 100, np.minimum(value, basket)) * reaches
        gain = lift * basket
        discount = conversion * saved
        contact = np.array([[economics.contact_cost.get(name, 0.0)] for name in offers["channel"]])
        known, default = economics.category_margin, economics.default_margin
        margin = np.array([[known.get(name, default)] for name in offers["category"]])
        worth = lift * economics.unit_profit if economics.unit_profit else gain * margin
        each = {
            "ctr": conversion,
            "conversion": conversion,
            "baseline_conversion": conversion - lift,
            "incremental_conversion": lift,
            "revenue": conversion * basket,
            "incremental_revenue": gain,
            "discount_cost": discount,
            "contact_cost": contact + 0 * discount,
            "incremental_profit": worth - discount - contact,
        }
        mean = {name: (0 * discount + values).mean(axis=1) for name, values in each.items()}
        cost = mean["discount_cost"] + mean["contact_cost"]
        with np.errstate(divide="ignore", invalid="ignore"):
            mean["roi"] = np.where(cost > 0, mean["incremental_profit"] / cost, np.nan)
            mean["gross_return"] = np.where(
                mean["discount_cost"] > 0, mean["revenue"] / mean["discount_cost"], np.nan
            )
        figures = {name: self._figure(name, mean[name]) for name in FIGURES}
        detail = {name: 0 * discount + each[name] for name in CUSTOMER_FIGURES} if per_customer else None
        count = len(offers)
        return EffectForecasts(figures, np.full(count, self.support), True, ((),) * count, detail)

    def compare(
        self,
        offers: Any,
        customers: CustomerTable,
        economics: Economics,
        *,
        reached: np.ndarray | None = None,
    ) -> Comparison:
        """Differences of totals; a difference is doubted by `doubt` of its own size."""
        rows = np.ones((len(offers), len(customers)), dtype=bool) if reached is None else reached
        found = [
            self.forecast(
                offers.iloc[[place]],
                CustomerTable(customers.attributes[row], customers.affinity[row]),
                economics,
                side="search",
            )
            for place, row in enumerate(rows)
        ]
        figures = {
            name: Figures(
                *(
                    np.concatenate([getattr(one.figures[name], bound) for one in found])
                    for bound in ("mean", "low", "high")
                )
            )
            for name in FIGURES
        }
        count = rows.sum(axis=1).astype(float)
        differences = {
            name: self._figure("", count * figure.mean - count[0] * figure.mean[0])
            for name, figure in figures.items()
            if name not in ("roi", "gross_return")
        }
        told = EffectForecasts(figures, np.full(len(rows), self.support), True, ((),) * len(rows))
        return Comparison(told, differences, count)

    def drivers(self, offers: Any, customers: CustomerTable, economics: Economics, *, figure: str) -> Drivers:
        """Everything here turns on the basket: those above and below 50."""
        found = self.forecast(offers, customers, economics, side="search", per_customer=True)
        assert found.per_customer is not None
        values = found.per_customer[figure][0]
        large = customers.attributes["average_basket"].to_numpy(float) >= 50
        groups = tuple(
            DriverGroup(float(rows.mean()), float(values[rows].mean()), low, high)
            for rows, low, high in ((~large, None, 50.0), (large, 50.0, None))
            if rows.any()
        )
        return Drivers(1.0, (Driver("average_basket", float(np.abs(values).mean()), groups),))

    def _figure(self, name: str, mean: Any) -> Figures:
        spread = np.abs(mean) * (0.0 if name == "contact_cost" else self.doubt)
        return Figures(mean, mean - spread, mean + spread)

    def to_parts(self) -> dict[str, bytes]:
        return {}
