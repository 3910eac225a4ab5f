"""Uplift learners that others have published, each set up as its authors advise, on the same columns.

A learner is a function of the training customers, the arm each was given (0 nobody, 1, 2, ...), their outcome
(0 or 1), the customers to judge and a seed; it answers (m, arms) effects on the chance of the outcome. Arms
were given at random with equal chances, and learners that use propensities are told so. LightGBM is the same
everywhere but in the plain learner, which is what one writes first: shallow and slow, since effects are small
beside outcomes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["PEERS", "Learner"]

Array = np.ndarray[Any, Any]
Learner = Callable[[Array, Array, Array, Array, int], Array]
FOREST_TREES = 400
BOOSTED = {
    "n_estimators": 120,
    "learning_rate": 0.05,
    "num_leaves": 8,
    "min_child_samples": 200,
    "subsample": 0.8,
    "subsample_freq": 1,
    "n_jobs": 1,
    "verbosity": -1,
}


def plain_s_learner(rows: Array, arm: Array, outcome: Array, judged: Array, seed: int) -> Array:
    """One LightGBM with its defaults, the arm among its columns."""
    import lightgbm as lgb

    arms = range(int(arm.max()) + 1)

    def beside(people: Array, given: Array) -> Array:
        return np.column_stack([people, *((given == number).astype(float) for number in arms[1:])])

    model = lgb.LGBMClassifier(n_jobs=1, verbosity=-1, random_state=seed).fit(beside(rows, arm), outcome)
    chance = [
        model.predict_proba(beside(judged, np.full(len(judged), number)))[:, 1]  # type: ignore[index]
        for number in arms
    ]
    return np.column_stack([one - chance[0] for one in chance[1:]])


def solo_model(rows: Array, arm: Array, outcome: Array, judged: Array, seed: int) -> Array:
    """scikit-uplift: one model with the treatment and its interactions with every column."""
    from sklift.models import SoloModel

    return _arm_by_arm(
        lambda: SoloModel(_classifier(seed), method="treatment_interaction"), rows, arm, outcome, judged
    )


def two_models(rows: Array, arm: Array, outcome: Array, judged: Array, seed: int) -> Array:
    """scikit-uplift: a model of the treated and one of the others."""
    from sklift.models import TwoModels

    return _arm_by_arm(
        lambda: TwoModels(_classifier(seed), _classifier(seed), method="vanilla"), rows, arm, outcome, judged
    )


def class_transformation(rows: Array, arm: Array, outcome: Array, judged: Array, seed: int) -> Array:
    """scikit-uplift: the outcome turned round for the untreated, which halves drawn at random allow."""
    from sklift.models import ClassTransformation

    return _arm_by_arm(lambda: ClassTransformation(_classifier(seed)), rows, arm, outcome, judged)


def causal_forest(rows: Array, arm: Array, outcome: Array, judged: Array, seed: int) -> Array:
    """econml: an honest causal forest of all arms at once on residuals of cross-fitted LightGBM."""
    from econml.dml import CausalForestDML
    from sklearn.dummy import DummyClassifier

    forest = CausalForestDML(
        model_y=_regressor(seed),
        model_t=DummyClassifier(strategy="prior"),
        discrete_treatment=True,
        cv=3,
        n_estimators=FOREST_TREES,
        min_samples_leaf=50,
        max_samples=0.4,
        inference=False,
        n_jobs=1,
        random_state=seed,
    )
    forest.fit(outcome, arm, X=rows)
    return np.asarray(forest.const_marginal_effect(judged)).reshape(len(judged), -1)


def x_learner(rows: Array, arm: Array, outcome: Array, judged: Array, seed: int) -> Array:
    """causalml: effects imputed from the other arm's model."""
    from causalml.inference.meta import BaseXClassifier

    model = BaseXClassifier(_classifier(seed), effect_learner=_regressor(seed), control_name=0)
    model.fit(rows, arm, outcome, p=_halves(arm, len(rows)))
    return np.asarray(model.predict(judged, p=_halves(arm, len(judged))))


def r_learner(rows: Array, arm: Array, outcome: Array, judged: Array, seed: int) -> Array:
    """causalml: effects that explain what cross-fitted outcomes leave."""
    from causalml.inference.meta import BaseRClassifier

    model = BaseRClassifier(
        _classifier(seed), effect_learner=_regressor(seed), control_name=0, random_state=seed
    )
    model.fit(rows, arm, outcome, p=_halves(arm, len(rows)), verbose=False)
    return np.asarray(model.predict(judged))


def uplift_forest(rows: Array, arm: Array, outcome: Array, judged: Array, seed: int) -> Array:
    """causalml: trees that split where the arms' outcomes part most (Kullback and Leibler)."""
    from causalml.inference.tree import UpliftRandomForestClassifier

    model = UpliftRandomForestClassifier(
        control_name="0",
        n_estimators=50,
        max_depth=6,
        min_samples_leaf=200,
        min_samples_treatment=50,
        n_reg=100,
        evaluationFunction="KL",
        random_state=seed,
        n_jobs=1,
    )
    model.fit(rows, arm.astype(str), outcome)
    return np.asarray(model.predict(judged))


PEERS: dict[str, Learner] = {
    "S-learner, LightGBM defaults": plain_s_learner,
    "scikit-uplift SoloModel": solo_model,
    "scikit-uplift TwoModels": two_models,
    "scikit-uplift ClassTransformation": class_transformation,
    "econml CausalForestDML": causal_forest,
    "causalml X-learner": x_learner,
    "causalml R-learner": r_learner,
    "causalml UpliftRandomForest": uplift_forest,
}


def _classifier(seed: int) -> Any:
    import lightgbm as lgb

    return lgb.LGBMClassifier(**BOOSTED, random_state=seed)


def _regressor(seed: int) -> Any:
    import lightgbm as lgb

    return lgb.LGBMRegressor(**BOOSTED, random_state=seed)


def _halves(arm: Array, size: int) -> dict[int, Array]:
    """The chance of each arm beside the untreated alone."""
    return {number: np.full(size, 0.5) for number in range(1, int(arm.max()) + 1)}


def _arm_by_arm(make: Callable[[], Any], rows: Array, arm: Array, outcome: Array, judged: Array) -> Array:
    """Effects of learners that know one treatment: each arm beside the untreated."""
    import pandas as pd

    frame, asked = pd.DataFrame(rows).add_prefix("x"), pd.DataFrame(judged).add_prefix("x")
    found = []
    for number in range(1, int(arm.max()) + 1):
        kept = np.flatnonzero((arm == number) | (arm == 0))
        treated = pd.Series((arm[kept] == number).astype(int))
        part = frame.iloc[kept].reset_index(drop=True)
        found.append(make().fit(part, pd.Series(outcome[kept].astype(int)), treated).predict(asked))
    return np.column_stack(found)
