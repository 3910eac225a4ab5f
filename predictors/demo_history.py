"""The past of the demo shop: a day by day run of buying, and the randomised campaigns within it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.demo_people import CATEGORIES, CHANNELS, Goods, People, take
from predictors.demo_response import (
    BASKET_NOISE,
    REDEEM_CLICKED,
    REDEEM_NOTICED,
    REDEEM_UNNOTICED,
    answer,
    baseline,
    orders_given,
    terms_of,
)

__all__ = ["WINDOW", "Campaign", "History", "plan_campaigns", "season", "simulate"]

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
WINDOW = 7
FIRST_CAMPAIGN = 150
SHOCK = 0.22
MOOD = 0.12
NEVER = 400.0  # days since order where there was none

_SUBJECTS = (
    "New in {0}",
    "Your {0} picks are here",
    "Looking for something in {0}?",
    "A treat for you in {0}",
    "Ends soon: {0} favourites",
    "{0}: last chance this week!",
    "Thank you for shopping {0}",
    "What we love in {0} this month, and why you might love it too",
)
_BODIES = (
    "We picked these for you.",
    "Have a look while stocks last.",
    "A small thank you from all of us.",
    "Fresh arrivals, chosen by our team.",
)


@dataclass(frozen=True)
class Campaign:
    """One randomised campaign: arms are rows of an offer table, `chances` holdout first."""

    name: str
    day: int
    category: str
    arms: pd.DataFrame
    chances: Array
    shock: float
    mood: float
    size: int


@dataclass(frozen=True)
class History:
    """Exposures as exported, and every order as one row; the day each customer last ordered, NaN = never."""

    exposures: pd.DataFrame
    orders: pd.DataFrame
    last_order: Array


def season(day: float) -> float:
    """Demand of the day of the year, in logit."""
    return float(0.18 * np.sin(2 * np.pi * (day - 40) / 365.25) + 0.1 * np.sin(4 * np.pi * day / 365.25))


def _arm(category: str, channel: str, rng: np.random.Generator) -> dict[str, object]:
    kind = str(
        rng.choice(
            ["percent_off", "amount_off", "free_shipping", "gift", "none"], p=[0.45, 0.25, 0.1, 0.1, 0.1]
        )
    )
    spend = float(rng.choice([0, 0, 30, 40, 50, 60, 80]))
    value = {
        "percent_off": float(rng.choice([5, 8, 10, 12, 15, 20, 25, 30, 40])),
        "amount_off": float(rng.choice([4, 5, 8, 10, 12, 15, 20])),
        "gift": float(rng.choice([3, 5, 8, 10])),
    }.get(kind, np.nan)
    if kind == "amount_off":
        spend = max(spend, 2 * value)
    return {
        "channel": channel,
        "offer_type": kind,
        "offer_value": value,
        "buy_quantity": np.nan,
        "get_quantity": np.nan,
        "min_spend": np.nan if kind == "none" or spend == 0 else spend,
        "max_discount": np.nan,
        "valid_days": float(rng.choice([2, 3, 5, 7, 10, 14, 21])),
        "category": category,
        "product_id": None,
        "subject": str(rng.choice(_SUBJECTS)).format(category),
        "body": str(rng.choice(_BODIES)),
    }


def plan_campaigns(count: int, arms: int, size: int, days: int, rng: np.random.Generator) -> list[Campaign]:
    """Spread `count` campaigns over the later part of the history; each promotes one category."""
    starts = np.linspace(min(FIRST_CAMPAIGN, days // 3), days - WINDOW - 2, count).astype(int)
    order = np.concatenate([rng.permutation(len(CATEGORIES)) for _ in range(count // len(CATEGORIES) + 1)])
    plan = []
    for number, (day, index) in enumerate(zip(starts, order[:count], strict=True), start=1):
        category = CATEGORIES[index]
        used = rng.permutation(CHANNELS)[: rng.integers(1, 3)]
        channels = [*used, *rng.choice(used, max(arms - len(used), 0))][:arms]
        table = pd.DataFrame([_arm(category, str(channel), rng) for channel in channels])
        held = float(rng.choice([0.15, 0.2, 0.25]))
        plan.append(
            Campaign(
                name=f"K{number:03d}",
                day=int(day),
                category=category,
                arms=table,
                chances=np.array([held] + [(1 - held) / arms] * arms),
                shock=float(SHOCK * rng.standard_normal() - SHOCK**2 / 2),
                mood=float(MOOD * rng.standard_normal()),
                size=size,
            )
        )
    return plan


def simulate(
    people: People, goods: Goods, days: int, plan: list[Campaign], rng: np.random.Generator
) -> History:
    """Run the shop for `days` days. Demand outside campaigns moves by the season alone."""
    last = np.where(people.signed_up < 0, -rng.exponential(90, len(people)), np.nan)
    busy_until = np.full(len(people), -1)
    by_day = {campaign.day: campaign for campaign in plan}
    exposures, orders = [], []
    for day in range(days):
        if (campaign := by_day.get(day)) is not None:
            shown, bought = _run(people, goods, campaign, last, rng)
            exposures.append(shown)
            orders.append(bought)
            who = shown["who"].to_numpy()
            busy_until[who] = day + WINDOW - 1
            # Known only as of a day later than the window, when these customers are free again.
            last[bought["who"].to_numpy()] = bought["day"].to_numpy()
        since = _since(last, day)
        weekly = 1 / (1 + np.exp(-baseline(people, since, season(day))))
        free = (busy_until < day) & (people.signed_up <= day)
        buyers = np.flatnonzero(free & (rng.random(len(people)) < 1 - (1 - weekly) ** (1 / WINDOW)))
        last[buyers] = day
        orders.append(_organic(people, buyers, day, rng))
    every = pd.concat(orders, ignore_index=True)
    last_order = every.groupby("who")["day"].max().reindex(range(len(people))).to_numpy(dtype=float)
    shown = pd.concat(exposures, ignore_index=True) if exposures else pd.DataFrame()
    return History(exposures=shown, orders=every, last_order=last_order)


def _since(last: Array, day: float) -> Array:
    since: Array = np.where(np.isnan(last), NEVER, day - last)
    return since


def _organic(people: People, buyers: Ints, day: int, rng: np.random.Generator) -> pd.DataFrame:
    value = people.basket[buyers] * _noise(len(buyers), rng)
    # Vouchers on the site: the price sensitive find them more often.
    voucher = rng.random(len(buyers)) < 1 / (1 + np.exp(1.7 - 1.0 * people.sensitivity[buyers]))
    cut = np.where(voucher, rng.choice([0.1, 0.15, 0.2], len(buyers)), 0.0)
    return pd.DataFrame(
        {"who": buyers, "day": day, "value": value, "discount": cut * value, "promoted": -1, "exposure": -1}
    )


def _noise(count: int, rng: np.random.Generator) -> Array:
    noise: Array = np.exp(BASKET_NOISE * rng.standard_normal(count) - BASKET_NOISE**2 / 2)
    return noise


def _run(
    people: People, goods: Goods, campaign: Campaign, last: Array, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    slots = [CHANNELS.index(channel) for channel in campaign.arms["channel"]]
    able = np.flatnonzero(people.opt_in[:, slots].all(axis=1) & (people.signed_up < campaign.day - 1))
    who = np.sort(rng.permutation(able)[: campaign.size])
    arm = rng.choice(len(campaign.chances), len(who), p=campaign.chances) - 1
    odds = baseline(take(people, who), _since(last[who], campaign.day), season(campaign.day) + campaign.shock)
    outcome = {name: np.zeros(len(who)) for name in ("clicked", "converted", "revenue", "discount")}
    for number in range(-1, len(campaign.arms)):
        rows = np.flatnonzero(arm == number)
        drawn = _draw(take(people, who[rows]), goods, campaign, number, odds[rows], rng)
        for name, values in drawn.items():
            outcome[name][rows] = values
    shown = pd.DataFrame(
        {"campaign_id": campaign.name, "who": who, "arm": arm, "day": campaign.day, **outcome}
    )
    shown["propensity"] = campaign.chances[arm + 1]
    buyers = np.flatnonzero(shown["converted"].to_numpy() == 1)
    credited = (shown["clicked"].to_numpy() == 1) | (shown["discount"].to_numpy() > 0)
    bought = pd.DataFrame(
        {
            "who": who[buyers],
            "day": campaign.day + rng.integers(0, WINDOW, len(buyers)),
            "value": outcome["revenue"][buyers],
            "discount": outcome["discount"][buyers],
            "promoted": np.where(arm[buyers] >= 0, CATEGORIES.index(campaign.category), -1),
            "exposure": np.where(credited[buyers], buyers, -1),
        }
    )
    bought["campaign_id"] = campaign.name
    return shown, bought


def _draw(
    people: People, goods: Goods, campaign: Campaign, arm: int, odds: Array, rng: np.random.Generator
) -> dict[str, Array]:
    """Outcomes of the customers of one arm; arm -1 is held out."""
    size = len(people)
    natural = people.basket * _noise(size, rng)
    chance, luck, use = rng.random(size), rng.random(size), rng.random(size)
    if arm < 0:
        converted = (luck < 1 / (1 + np.exp(-odds))).astype(float)
        return {"converted": converted, "revenue": np.round(converted * natural, 2)}
    terms = terms_of(campaign.arms.iloc[arm].to_dict(), goods)
    reply = answer(people, goods, terms, odds, campaign.mood)
    clicked, noticed = chance < reply.clicked, chance < reply.noticed
    buys = np.where(clicked, reply.buys_clicked, np.where(noticed, reply.buys_noticed, reply.unsent))
    redeem = np.where(clicked, REDEEM_CLICKED, np.where(noticed, REDEEM_NOTICED, REDEEM_UNNOTICED))
    converted = (luck < buys).astype(float)
    value, cost = orders_given(terms, reply, natural, (use < redeem).astype(float))
    return {
        "clicked": clicked.astype(float),
        "converted": converted,
        "revenue": np.round(converted * value, 2),
        "discount": np.round(converted * cost, 2),
    }
