"""Importance by shuffling, of a forecast that is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from predictors.evaluation.importance import importance
from predictors.metrics import auc, log_loss


def test_what_the_forecast_rests_on_costs_and_what_it_ignores_costs_nothing() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({name: rng.random(4_000) for name in ("strong", "weak", "ignored")})
    frame["word"] = rng.choice(np.array(["a", "b"], dtype=object), 4_000)

    def forecast(given: pd.DataFrame) -> np.ndarray:
        return np.asarray(0.05 + 0.5 * given["strong"] + 0.1 * given["weak"] + 0.2 * (given["word"] == "a"))

    converted = (rng.random(4_000) < forecast(frame)).astype(float)
    found = importance(frame, converted, forecast, {"weak": 0.7, "strong": 0.3}, np.random.default_rng(2))
    assert [one.attribute for one in found] == ["strong", "word", "weak", "ignored"]
    assert (found[-1].auc_drop, found[-1].log_loss_rise) == (0, 0)
    assert [one.gain_share for one in found] == [0.3, 0.0, 0.7, 0.0]
    # Without its main attribute a forecast is about as good as one that never had it, or worse.
    assert found[0].auc_drop > auc(converted, frame["strong"].to_numpy()) - 0.5 - 0.05
    strong = frame["strong"].to_numpy()
    shuffled = [np.random.default_rng(seed).permutation(strong) for seed in range(20)]
    losses = [log_loss(converted, forecast(frame.assign(strong=values))) for values in shuffled]
    rise = np.mean(losses) - log_loss(converted, forecast(frame))
    assert found[0].log_loss_rise == pytest.approx(rise, rel=0.15)
    again = importance(frame, converted, forecast, {}, np.random.default_rng(2))
    assert [one.log_loss_rise for one in again] == [one.log_loss_rise for one in found]
    assert all(one.gain_share is None for one in again)


def test_one_outcome_for_all_has_no_importance() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0]})
    assert importance(frame, np.zeros(2), lambda _: np.full(2, 0.1), {}, np.random.default_rng(0)) == ()
