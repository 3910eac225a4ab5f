"""Learning: exposures in, everything a predictor forecasts from out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import pandas as pd

from predictors.effect.assignment import propensities, recorded
from predictors.effect.crossfit import PRIOR, crossfit
from predictors.effect.heads import Head, fit_heads, prognose
from predictors.effect.natural import with_natural
from predictors.effect.notes import assumption_note, beliefs_of, training_notes
from predictors.effect.priors import Priors
from predictors.effect.reading import Training, read_training
from predictors.effect.saved import SavedForest, read_forest
from predictors.effect.support import arm_points
from predictors.effect.trees import Task, fit_forests, out_of_fold
from predictors.features import Schema, learn_schema
from predictors.interface import Economics, FloatArray, Natural

__all__ = ["Learned", "learn"]


@dataclass(frozen=True)
class Learned:
    """What was learned: how frames become numbers, the heads, their forests, and facts as plain values."""

    schema: Schema
    heads: Mapping[str, Head]
    forests: Mapping[str, list[SavedForest]]
    facts: Mapping[str, Any]


def learn(
    exposures: pd.DataFrame,
    attributes: pd.DataFrame,
    economics: Economics,
    *,
    natural: Natural | None = None,
    priors: Priors,
    seed: int,
    threads: int,
    cross: bool = True,
) -> Learned:
    """Learn from n checked exposures and n aligned rows of attributes, and from natural demand.

    cross: whether to leave campaigns out for what they say of intervals and of choosing.
    """
    from threadpoolctl import threadpool_limits

    rng = np.random.default_rng(seed)
    rows, known = with_natural(exposures, attributes, natural)
    schema = learn_schema(known, rows, priors.channels)
    data = read_training(rows, known, schema, economics, len(rows) - len(exposures))
    # Halves of the customers, not of their rows: nobody is in both.
    people = pd.factorize(rows["customer_id"])[0]
    folds = rng.integers(0, 2, int(people.max()) + 1)[people]
    matrix = data.customers.matrix
    # Many small products: more threads of linear algebra would only wait for each other.
    with threadpool_limits(limits=1):
        first = prognose(data, schema, rng)
    # Who buys anyway comes before what messages do: where contact was targeted, the one looks like the other.
    forests = fit_forests(
        {"convert": Task(matrix, data.converted, first.line, folds)}, seed=seed, threads=threads
    )
    data = data.scored(out_of_fold(forests.get("convert", []), matrix, folds), schema)
    with threadpool_limits(limits=1):
        heads = fit_heads(data, schema, first.direction, rng, priors)
    told = data.sent & np.isfinite(data.clicked)
    if "click" in heads and told.any():
        head = heads["click"]
        line = data.columns[told] @ head.mean + head.past[data.cells.cell[told]]
        task = Task(matrix[told], data.clicked[told], line, folds[told])
        forests |= fit_forests({"click": task}, seed=seed, threads=threads)
    found = PRIOR
    if cross:
        chance = propensities(recorded(rows), data.customers.covariates, data.cells)
        with threadpool_limits(limits=1):
            found = crossfit(data, schema, first.direction, 1 / chance, rng, priors=priors, threads=threads)
        heads = {name: head.widened(found.factor) for name, head in heads.items()}
    beliefs = beliefs_of(priors, heads, schema)
    assumed = assumption_note(beliefs, priors)
    notes = (
        *training_notes(data, exposures, known, heads, schema, natural),
        *([assumed] if assumed else []),
    )
    # Natural orders always have a value: whether campaigns' do is a trait of how they are counted.
    counted = (data.converted == 1) & ~data.natural
    bought = counted if counted.any() else data.converted == 1
    facts = {
        "factor": found.factor,  # by which left-out campaigns widened every head
        "chosen": found.chosen,
        "incremental": bool((~data.sent & ~data.natural).any() and data.sent.any()),
        "paid": float((data.revenue[bought] > 0).mean()) if bought.any() else 1.0,
        "arms": _sent_arms(data, schema).tolist(),
        "window": [str(rows["sent_at"].min()), str(rows["sent_at"].max())],
        "notes": [list(astuple(note)) for note in notes],
        "beliefs": [list(astuple(one)) for one in beliefs],
    }
    saved = {
        name: [read_forest(one.model_to_string().encode()) for one in own] for name, own in forests.items()
    }
    return Learned(schema, heads, saved, facts)


def _sent_arms(data: Training, schema: Schema) -> FloatArray:
    """Points of the arms that were sent, one row each."""
    first = np.unique(data.cells.cell, return_index=True)[1][data.cells.sent]
    return np.asarray(arm_points(data.offers, schema)[first])
