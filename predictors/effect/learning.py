"""Learning: exposures in, everything a predictor forecasts from out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from predictors.effect.assignment import propensities, recorded
from predictors.effect.crossfit import PRIOR, crossfit
from predictors.effect.heads import Head, Training, fit_heads, prognose, read_training
from predictors.effect.support import arm_points
from predictors.effect.trees import Task, fit_forests, out_of_fold
from predictors.features import Schema, learn_schema
from predictors.interface import Economics, FloatArray, UnusableTrainingData

if TYPE_CHECKING:
    import lightgbm

__all__ = ["Learned", "check", "learn"]


@dataclass(frozen=True)
class Learned:
    """What was learned: how frames become numbers, the heads, their forests, and facts as plain values."""

    schema: Schema
    heads: Mapping[str, Head]
    forests: Mapping[str, list[lightgbm.Booster]]
    facts: Mapping[str, Any]


def check(exposures: pd.DataFrame, attributes: pd.DataFrame) -> None:
    """Raise UnusableTrainingData where nothing was sent, columns are missing, or frames do not line up."""
    if len(exposures) != len(attributes):
        raise UnusableTrainingData(f"{len(exposures)} exposures, but {len(attributes)} rows of attributes")
    needed = (
        "channel",
        "offer_type",
        "campaign_id",
        "customer_id",
        "sent_at",
        "converted",
        "revenue",
        "discount",
    )
    lacking = [name for name in needed if name not in exposures.columns]
    if lacking:
        raise UnusableTrainingData(f"exposures lack the columns {', '.join(lacking)}")
    if not (exposures["channel"] != "holdout").any():
        raise UnusableTrainingData("no message was ever sent: every exposure is held out, or there is none")


def learn(
    exposures: pd.DataFrame,
    attributes: pd.DataFrame,
    economics: Economics,
    *,
    seed: int,
    threads: int,
    cross: bool = True,
) -> Learned:
    """Learn from n exposures and n aligned rows of attributes; `check` says what they must be.

    cross: whether to leave campaigns out for what they say of intervals and of choosing.

    Campaigns that sent nothing to anybody are quiet days: they tell who buys anyway, and what demand is.
    """
    from threadpoolctl import threadpool_limits

    rng = np.random.default_rng(seed)
    schema = learn_schema(attributes, exposures)
    data = read_training(exposures, attributes, schema, economics)
    # Halves of the customers, not of their rows: nobody is in both.
    people = pd.factorize(exposures["customer_id"])[0]
    folds = rng.integers(0, 2, int(people.max()) + 1)[people]
    matrix = data.customers.matrix
    # Many small products: more threads of linear algebra would only wait for each other.
    with threadpool_limits(limits=1):
        first = prognose(data, schema, rng)
    # Who buys anyway comes before what messages do: where contact was targeted, the one looks like the other.
    forests = fit_forests(
        {"convert": Task(matrix, data.converted, first.line, folds)}, seed=seed, threads=threads
    )
    data = data.scored(out_of_fold(forests.get("convert", []), matrix, folds))
    with threadpool_limits(limits=1):
        heads = fit_heads(data, schema, first.direction, rng)
    if "click" in heads:
        rows, head = data.sent & np.isfinite(data.clicked), heads["click"]
        line = data.columns[rows] @ head.mean + head.past[data.cells.cell[rows]]
        task = Task(matrix[rows], data.clicked[rows], line, folds[rows])
        forests |= fit_forests({"click": task}, seed=seed, threads=threads)
    found = PRIOR
    if cross:
        chance = propensities(recorded(exposures), data.customers.covariates, data.cells)
        with threadpool_limits(limits=1):
            found = crossfit(data, schema, first.direction, 1 / chance, rng, threads=threads)
        heads = {name: head.widened(found.factor) for name, head in heads.items()}
    bought = data.converted == 1
    facts = {
        "factor": found.factor,  # by which left-out campaigns widened every head
        "chosen": found.chosen,
        "incremental": bool((~data.sent).any()),
        "paid": float((data.revenue[bought] > 0).mean()) if bought.any() else 1.0,
        "arms": _sent_arms(data, schema).tolist(),
        "recorded": bool(np.isfinite(recorded(exposures)).all()),
        "window": [str(exposures["sent_at"].min()), str(exposures["sent_at"].max())],
    }
    return Learned(schema, heads, forests, facts)


def _sent_arms(data: Training, schema: Schema) -> FloatArray:
    """Points of the arms that were sent, one row each."""
    first = np.unique(data.cells.cell, return_index=True)[1][data.cells.sent]
    return np.asarray(arm_points(data.offers, schema)[first])
