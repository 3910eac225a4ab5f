"""What is measured when a predictor is trained: of a demo shop, and of shops that lack nearly everything."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from predictors.demo_history import SHOCK
from predictors.effect import EffectPredictor
from predictors.evaluation.record import Evaluation, Split, read_evaluation, write_evaluation
from predictors.evaluation.splits import CUSTOMERS, LATER, held_out
from predictors.interface import UnusableModel
from tests.unit.predictors.conftest import Fitted
from tests.unit.predictors.test_training import WORTH, experiment


@pytest.fixture(scope="module")
def evaluation(fitted: Fitted) -> Evaluation:
    return fitted.model.evaluation


@pytest.fixture(scope="module")
def later(evaluation: Evaluation) -> Split:
    return evaluation.splits[0]


def test_later_campaigns_and_new_customers_are_never_learnt_from(fitted: Fitted) -> None:
    exposures = fitted.shop.exposures
    found = held_out(exposures, np.random.default_rng(0))
    late, fresh = found[LATER], found[CUSTOMERS]
    rest = exposures[~(late | fresh)]
    assert not (late & fresh).any()
    assert rest["sent_at"].max() < exposures["sent_at"][late].min()
    assert not set(exposures["customer_id"][fresh]) & set(rest["customer_id"])
    assert exposures["campaign_id"][late].nunique() == round(0.2 * exposures["campaign_id"].nunique())
    few = exposures[exposures["campaign_id"].isin(exposures["campaign_id"].unique()[:3])]
    assert list(held_out(few, np.random.default_rng(0))) == [CUSTOMERS]


def test_both_splits_are_judged_on_every_head(evaluation: Evaluation, fitted: Fitted) -> None:
    campaigns = round(0.2 * fitted.shop.exposures["campaign_id"].nunique())
    assert [one.name for one in evaluation.splits] == [LATER, CUSTOMERS]
    for split in evaluation.splits:
        assert not split.unmeasured
        for outcome in (split.click, split.conversion):
            assert outcome is not None
            assert outcome.auc is not None
            assert 0.5 < outcome.auc < 1
            assert outcome.log_loss < outcome.constant_log_loss
            assert outcome.brier < outcome.constant_brier
            whole = outcome.calibrations[0]
            assert (whole.of, whole.count, whole.positives) == ("all", outcome.count, outcome.positives)
            assert sum(one.count for one in whole.bins) == outcome.count
            # What demand will be in one campaign to come, nobody can know.
            swing = 2 * SHOCK / np.sqrt(campaigns) if split.name == LATER else 0.0
            assert whole.error < 3 * whole.by_chance + swing * whole.positives / whole.count
            assert {one.of for one in outcome.calibrations} == {"all", "channel", "offer type"}
            assert (outcome.roc.x[0], outcome.roc.y[0], outcome.roc.x[-1], outcome.roc.y[-1]) == (0, 0, 1, 1)
            assert len(outcome.roc.x) <= 62
        assert split.order_value is not None
        assert split.order_value.forecast == pytest.approx(split.order_value.observed, rel=0.2)
        assert split.revenue is not None
        assert split.revenue.count == split.exposures


def test_arms_are_compared_with_forecasts_made_before_they_ran(later: Split, evaluation: Evaluation) -> None:
    assert later.arms is not None
    assert len(later.arms.arms) == 4 * later.campaigns
    for one in later.arms.arms:
        assert one.forecast_low <= one.forecast <= one.forecast_high
        assert one.observed_low < one.observed < one.observed_high
        assert 0 <= one.support <= 1
    assert later.arms.covered >= 0.7
    # Arms of campaigns that were learnt from are no test.
    assert evaluation.splits[1].arms is None


def test_importance_is_of_every_attribute_and_the_trees_share_their_gain(evaluation: Evaluation) -> None:
    rise = {one.attribute: one.log_loss_rise for one in evaluation.importance}
    # In the demo shop neither a region nor a device changes what anybody does.
    assert abs(rise["region"]) < 0.2 * max(rise.values())
    assert list(rise.values()) == sorted(rise.values(), reverse=True)
    gains = [one.gain_share for one in evaluation.importance]
    assert sum(gain or 0.0 for gain in gains) == pytest.approx(1)


def test_it_is_saved_with_the_model_and_checked_like_every_part(fitted: Fitted) -> None:
    parts = fitted.model.to_parts()
    again = EffectPredictor.from_parts(parts)
    assert again.evaluation == fitted.model.evaluation
    assert again.version == fitted.model.version
    with pytest.raises(UnusableModel, match="damaged"):
        EffectPredictor.from_parts({**parts, "evaluation.json": parts["evaluation.json"] + b" "})


def test_an_evaluation_of_another_schema_is_refused() -> None:
    assert read_evaluation(write_evaluation(Evaluation())) == Evaluation()
    with pytest.raises(UnusableModel, match="cannot be read"):
        read_evaluation(b'{"splits": [{"name": 1}]}')


def test_the_same_data_give_the_same_evaluation_and_no_personal_id_is_in_it() -> None:
    exposures, attributes = experiment(3, 2_000)
    one, two = (EffectPredictor.fit(exposures, attributes, WORTH, seed=1, threads=1) for _ in range(2))
    assert write_evaluation(one.evaluation) == write_evaluation(two.evaluation)
    assert not set(exposures["customer_id"]) & set(
        json.dumps(json.loads(write_evaluation(one.evaluation))).split('"')
    )


EMPTY = {
    "nobody converted": ({"converted": 0.0}, "nobody converted, or everybody did"),
    "everybody converted": ({"converted": 1.0}, "nobody converted, or everybody did"),
    "no clicks": ({"clicked": 0.0}, "Clicks: they were not recorded, or nobody clicked"),
}


@pytest.mark.parametrize(("changes", "said"), EMPTY.values(), ids=list(EMPTY))
def test_what_cannot_be_measured_is_said_with_the_reason(changes: dict[str, Any], said: str) -> None:
    exposures, attributes = experiment(1, 2_500)
    model = EffectPredictor.fit(exposures.assign(**changes), attributes, WORTH, seed=0, threads=1)
    (split,) = model.evaluation.splits
    assert any(said in why for why in split.unmeasured)
    assert read_evaluation(write_evaluation(model.evaluation)) == model.evaluation


def test_a_shop_without_a_holdout_is_told_what_that_costs() -> None:
    exposures, attributes = experiment(2, 2_500)
    sent = (exposures["channel"] != "holdout").to_numpy()
    model = EffectPredictor.fit(exposures[sent], attributes[sent], WORTH, seed=0, threads=1)
    found = model.evaluation
    assert found.overlap is None
    assert found.splits[0].uplift is None
    assert any("too few customers were held out" in why for why in found.splits[0].unmeasured)
    assert any(one.topic == "holdout" and one.level == "bad" for one in found.findings)


@pytest.mark.parametrize("rows", [2, 6, 40])
def test_a_handful_of_exposures_is_judged_as_far_as_it_goes(rows: int) -> None:
    exposures, attributes = experiment(4, 40)
    exposures["channel"] = np.where(np.arange(40) % 2 == 0, "email", exposures["channel"])
    model = EffectPredictor.fit(exposures.iloc[:rows], attributes.iloc[:rows], WORTH, seed=0, threads=1)
    found = model.evaluation
    assert found.unmeasured or found.splits[0].unmeasured
    assert read_evaluation(write_evaluation(found)) == found


def test_arms_of_several_categories_in_one_campaign_are_judged_each_by_its_own(fitted: Fitted) -> None:
    exposures, attributes = experiment(5, 6_000)
    many = pd.concat([exposures.assign(campaign_id=f"k{place}", sent_at=day) for place, day in enumerate(
        pd.date_range("2024-01-01", periods=5, freq="30D"))], ignore_index=True)  # fmt: skip
    model = EffectPredictor.fit(many, pd.concat([attributes] * 5), WORTH, seed=0, threads=1)
    arms = model.evaluation.splits[0].arms
    assert arms is not None
    assert len(arms.arms) == 2
    assert arms.covered == 1
