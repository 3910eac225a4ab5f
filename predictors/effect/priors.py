"""What is assumed before a shop has campaigns: statements about offers, turned into priors of coefficients.

An assumption speaks of an offer and not of a coefficient, so the columns of the response model may change
without it. Per head, the smallest coefficients that say what the assumptions say are the centre of its prior;
how far the shop may be from each statement is as if the statement had been measured with that error.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from predictors.effect.mixed import FREE_VARIANCE, Prior
from predictors.effect.terms import effect_columns, value_columns
from predictors.features import COPY_FEATURES, Offers, Schema, pair, read_offers
from predictors.interface import Belief, Economics, FloatArray, UnusablePriors
from predictors.metrics import NORMAL_90

__all__ = ["Assumption", "Priors", "believed", "head_prior", "load_priors", "statement_rows"]

HEAD_OF = {"conversion": "convert", "order_value": "value", "clicks": "click", "redemption": "redeem"}
RISING = ("clicks", "conversion")  # figures that a larger discount cannot lower
SHARES = ("clicks", "redemption")  # figures that can be stated as they are, not only compared
DEFAULT_NAME = "the assumptions that come with the predictor"
NOTHING = "nothing"
KEYS = ("name", "means", "figure", "offer", "value", "low", "high", "source")
OFFER_KEYS = ("type", "percent", "min_spend_baskets", "channel")
# The centre meets its statements but for so much of their own variance, which keeps it unique.
SLACK = 1e-3
TOGETHER = 0.25  # variance of a free coefficient by which statements are judged alike


@dataclass(frozen=True)
class Assumption:
    """One statement of a priors file, in the units of its figure; `compared_with` None = a level."""

    name: str
    means: str
    figure: str
    offer: Mapping[str, Any]
    compared_with: Mapping[str, Any] | None
    value: float
    low: float
    high: float
    source: str

    @property
    def share(self) -> bool:
        """Whether it states a share, else a ratio."""
        return self.compared_with is None

    def scaled(self, value: float) -> float:
        """Onto the scale of the coefficients: logit of a share, log of a ratio."""
        return float(logit(value)) if self.share else math.log(value)

    def natural(self, value: float) -> float:
        """Back from the scale of the coefficients."""
        return float(expit(value)) if self.share else math.exp(value)

    @property
    def variance(self) -> float:
        """Of the statement, on the scale of the coefficients."""
        return float(((self.scaled(self.high) - self.scaled(self.low)) / 2 / NORMAL_90) ** 2)


@dataclass(frozen=True)
class Priors:
    """A priors file. name: what a person knows it by."""

    name: str
    assumptions: tuple[Assumption, ...]

    def of_head(self, head: str) -> tuple[Assumption, ...]:
        """The statements about one head."""
        return tuple(one for one in self.assumptions if HEAD_OF[one.figure] == head)

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels that a statement names."""
        named = (one.offer.get("channel") for one in self.assumptions)
        return tuple(dict.fromkeys(str(channel) for channel in named if channel))


def load_priors(text: str | None = None, name: str = DEFAULT_NAME) -> Priors:
    """The assumptions of a priors file, or those that come with the predictor.

    Raises:
        UnusablePriors: it is not TOML, or an entry is wrong; names the entry, what was expected, what came.
    """
    if text is None:
        text = resources.files("predictors.effect").joinpath("priors.toml").read_text(encoding="utf-8")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnusablePriors("the file", "TOML", str(error)) from None
    entries = table.get("assumption")
    if not isinstance(entries, list) or not entries or set(table) != {"assumption"}:
        raise UnusablePriors(
            "the file", "entries [[assumption]] and nothing else", ", ".join(table) or "none"
        )
    found = tuple(_assumption(entry, place) for place, entry in enumerate(entries, start=1))
    names = [one.name for one in found]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise UnusablePriors(twice[0], "a name of its own", "the same name twice")
    for figure in HEAD_OF:
        about = [one for one in found if one.figure == figure]
        if not any(one.share or figure not in SHARES for one in about):
            wanted = "a share (no compared_with)" if figure in SHARES else "a comparison"
            raise UnusablePriors(figure, f"at least one assumption that states {wanted}", "none")
    _check_response([one for one in found if one.figure == "conversion"])
    _check_rising(found)
    return Priors(name, found)


def _check_response(about: Sequence[Assumption]) -> None:
    """Without these two, no campaign and no assumption would bound what a message or an offer does."""
    if not any(not one.compared_with for one in about):
        raise UnusablePriors("conversion", f'an assumption compared with "{NOTHING}"', "none")
    if not any(one.offer["type"] != "none" and one.compared_with for one in about):
        raise UnusablePriors(
            "conversion", "an assumption that compares percent_off with another offer", "none"
        )


def _check_rising(found: Sequence[Assumption]) -> None:
    """A larger discount, all else equal, cannot bring fewer clicks or orders: forecasts are held to that."""
    for one in found:
        for other in found:
            alike = [{**about.offer, "percent": 0, "compared": about.compared_with} for about in (one, other)]
            rises = float(one.offer.get("percent", 0)) < float(other.offer.get("percent", 0))
            if one.figure != other.figure or one.figure not in RISING or alike[0] != alike[1] or not rises:
                continue
            if other.value < one.value:
                wanted = f"at least {one.value:g}, as {one.name!r} has for the smaller discount"
                raise UnusablePriors(f"{other.name}: value", wanted, f"{other.value:g}")


def _assumption(entry: Any, place: int) -> Assumption:
    if not isinstance(entry, dict):
        raise UnusablePriors(f"assumption {place}", "a table", str(entry))
    called = str(entry.get("name") or f"assumption {place}")
    lacking = [key for key in KEYS if key not in entry]
    if lacking:
        raise UnusablePriors(called, f"the key {lacking[0]}", "none")
    unknown = sorted(set(entry) - {*KEYS, "compared_with"})
    if unknown:
        raise UnusablePriors(called, f"keys among {', '.join((*KEYS, 'compared_with'))}", unknown[0])
    for key in ("name", "means", "source"):
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise UnusablePriors(f"{called}: {key}", "text", str(entry[key]))
    if entry["figure"] not in HEAD_OF:
        raise UnusablePriors(f"{called}: figure", f"one of {', '.join(HEAD_OF)}", str(entry["figure"]))
    other = entry.get("compared_with")
    if other is None and entry["figure"] not in SHARES:
        wanted = f'"{NOTHING}" or an offer, as {entry["figure"]} is stated as a ratio'
        raise UnusablePriors(f"{called}: compared_with", wanted, "none")
    if other == NOTHING and entry["figure"] in SHARES:
        raise UnusablePriors(f"{called}: compared_with", "an offer: nothing sent has none of it", NOTHING)
    compared = (
        other if other is None else {} if other == NOTHING else _offer(other, f"{called}: compared_with")
    )
    numbers = [_number(entry[key], f"{called}: {key}") for key in ("low", "value", "high")]
    low, value, high = numbers
    top = 1.0 if other is None else math.inf
    if not 0 < low < value < high < top:
        wanted = f"0 < low < value < high{' < 1' if other is None else ''}"
        raise UnusablePriors(called, wanted, ", ".join(map(str, numbers)))
    offer = _offer(entry["offer"], f"{called}: offer")
    source = " ".join(entry["source"].split())
    return Assumption(
        entry["name"], entry["means"], entry["figure"], offer, compared, value, low, high, source
    )


def _offer(given: Any, where: str) -> dict[str, Any]:
    if not isinstance(given, dict) or set(given) - set(OFFER_KEYS):
        raise UnusablePriors(where, f"a table of {', '.join(OFFER_KEYS)}", str(given))
    if given.get("type") not in ("none", "percent_off"):
        raise UnusablePriors(f"{where}: type", "none or percent_off", str(given.get("type")))
    percent = _number(given.get("percent", 0), f"{where}: percent")
    if (given["type"] == "percent_off") != (0 < percent <= 100):
        raise UnusablePriors(f"{where}: percent", "above 0 to 100 with percent_off, else none", str(percent))
    if _number(given.get("min_spend_baskets", 0), f"{where}: min_spend_baskets") < 0:
        raise UnusablePriors(f"{where}: min_spend_baskets", "0 or more", str(given["min_spend_baskets"]))
    if not isinstance(given.get("channel", ""), str):
        raise UnusablePriors(f"{where}: channel", "the name of a channel", str(given["channel"]))
    return dict(given)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UnusablePriors(where, "a number", str(value))
    return float(value)


def statement_rows(about: Sequence[Assumption], head: str, schema: Schema, size: int) -> FloatArray:
    """(m, K = size) what each statement is of: columns of its offer less those of what it is compared with.

    The customer is the usual one, so who it is does not enter.
    """
    rows = []
    for one in about:
        row = _columns(one.offer, head, schema, size)
        other = one.compared_with
        rows.append(row if other is None else row - _columns(other, head, schema, size))
    return np.array(rows)


def _columns(offer: Mapping[str, Any], head: str, schema: Schema, size: int) -> FloatArray:
    """(K,) columns of the usual customer, who is sent this offer, or nothing if it is empty.

    The constant comes first, what the offer is last; who the customer is, between them, is 0.
    """
    basket = np.array([float(np.median(schema.baskets))])
    table = pd.DataFrame(
        [
            {
                "channel": offer.get("channel", "") if offer else "holdout",
                "offer_type": offer.get("type", "none"),
                "offer_value": float(offer.get("percent", math.nan)),
                "min_spend": float(offer.get("min_spend_baskets", 0)) * float(basket[0]),
            }
        ]
    )
    offers: Offers = replace(read_offers(table, schema, Economics()), copy=np.zeros((1, len(COPY_FEATURES))))
    pairs = pair(basket, offers)
    if head == "value":
        last = value_columns(offers, pairs)[0]
    else:
        last = effect_columns(offers, pairs, {}, np.zeros(1), schema)[0]
    return np.asarray(np.r_[1.0, np.zeros(size - 1 - len(last)), last], dtype=np.float64)


def head_prior(
    about: Sequence[Assumption],
    head: str,
    schema: Schema,
    groups: Sequence[str],
    variances: Mapping[str, float],
) -> Prior:
    """The prior of a head's K coefficients, whose groups have these variances before anything is learned.

    Statements that speak of much the same coefficients are wrong together: a shop that answers more strongly
    to 10 % off than assumed does so to 30 %. Each alone keeps the range it states.
    """
    rows = statement_rows(about, head, schema, len(groups))
    told = np.array([one.scaled(one.value) for one in about])
    error = np.sqrt([one.variance for one in about])
    spread = np.array([variances.get(group, FREE_VARIANCE) for group in groups])
    across = (rows * spread) @ rows.T + np.diag(SLACK * error**2)
    mean = spread * (rows.T @ np.linalg.solve(across, told))
    near = np.array([variances.get(group, TOGETHER) for group in groups])
    alike = (rows * near) @ rows.T + np.diag(SLACK * error**2)
    scale = error / np.sqrt(np.diag(alike))
    # What the groups' variances already say is taken off, so that both together give the ranges stated.
    beyond = np.linalg.inv(alike * np.outer(scale, scale)) - np.linalg.inv(across)
    values, vectors = np.linalg.eigh((beyond + beyond.T) / 2)
    return Prior(mean, rows, (vectors * np.maximum(values, 0)) @ vectors.T)


def believed(
    one: Assumption, row: FloatArray, mean: FloatArray, covariance: FloatArray, before: FloatArray
) -> Belief:
    """What is believed of a statement with the shop's campaigns weighed in.

    row, mean: (K,); covariance, and `before` any campaign: (K, K).
    """
    middle, variance = float(row @ mean), float(row @ covariance @ row)
    half = NORMAL_90 * math.sqrt(max(variance, 0.0))
    return Belief(
        name=one.name,
        means=one.means,
        figure=one.figure,
        assumed=(one.value, one.low, one.high),
        believed=(one.natural(middle), one.natural(middle - half), one.natural(middle + half)),
        weight=min(max(variance, 0.0) / float(row @ before @ row), 1.0),
    )
