"""What is said of a predictor follows from what was measured of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from copilot.deciding.trust import PredictorReport, predictor_report
from copilot.domain.shop import ShopSettings
from predictors.evaluation.record import ArmFigures, Evaluation, Finding, Uplift
from predictors.metrics import Errors
from tests.fakes.effect import HandMadeModel
from tests.fakes.evaluation import arms, evaluation, outcome, uplift
from tests.fakes.shop import small_case, small_shop


def report(found: Evaluation, shop: Any = None) -> PredictorReport:
    model = HandMadeModel()
    model.evaluation = found
    return predictor_report(small_case(model=model, shop=shop))


def flattered() -> Uplift:
    """The right order, but the first tenth responds far less than forecast."""
    found = uplift()
    first = replace(found.deciles[0], forecast=0.2, observed=0.08, low=0.05, high=0.11)
    return replace(found, deciles=(first, *found.deciles[1:]))


def levels(found: PredictorReport) -> dict[str, str]:
    return {one.topic: one.level for one in found.summary}


def test_a_predictor_that_measures_well_is_said_to_with_its_figures() -> None:
    found = report(evaluation(), small_shop(channels=("email",)))
    assert set(levels(found).values()) == {"ok"}
    said = {one.topic: one.text for one in found.summary}
    assert "10.0% were forecast and 10.0% observed" in said["conversion"]
    assert "AUC 0.70" in said["conversion"]
    assert "bought +9.0% for the message (forecast +10.0%)" in said["who responds"]
    assert "held what was observed in 9 (9 to be expected)" in said["offers"]
    assert "1.10 times the observed" in said["offers"]
    assert "EUR 50.00 on average, forecast 51.00" in said["order value"]


@pytest.mark.parametrize(
    ("changes", "topic", "level"),
    [
        ({"conversion": outcome(0.105, 0.1, 0.009)}, "conversion", "ok"),
        ({"conversion": outcome(0.0215, 0.02, 0.0055)}, "conversion", "ok"),
        ({"conversion": outcome(0.12, 0.1, 0.02)}, "conversion", "look"),
        ({"conversion": outcome(0.2, 0.1, 0.1)}, "conversion", "bad"),
        ({"click": outcome(0.12, 0.1, 0.02)}, "clicks", "look"),
        ({"uplift": uplift(-0.002, 0.004)}, "who responds", "look"),
        ({"uplift": uplift(-0.004, -0.001)}, "who responds", "bad"),
        ({"uplift": flattered()}, "who responds", "look"),
        ({"arms": replace(arms(18, 20), ratio=2.0)}, "offers", "look"),
        ({"arms": replace(arms(18, 20), ratio=0.5)}, "offers", "look"),
        ({"uplift": None}, "who responds", "bad"),
        ({"arms": arms(17, 20)}, "offers", "ok"),
        ({"arms": arms(14, 20)}, "offers", "look"),
        ({"arms": arms(10, 20)}, "offers", "bad"),
    ],
)
def test_what_measures_badly_is_said_to(changes: dict[str, Any], topic: str, level: str) -> None:
    found = report(evaluation(**changes))
    assert levels(found)[topic] == level
    assert all(
        one.advice
        for one in found.summary
        if one.topic == topic and level != "ok" and topic != "who responds"
    )


def vague() -> ArmFigures:
    return replace(arms(9, 10), slope=3.24, slope_error=2.7)


NO_ORDERS = outcome(0.001, 0.0, 0.001)
FEW_BAD = outcome(0.3, 0.019, 0.3)


@pytest.mark.parametrize(
    ("changes", "topic", "lacking"),
    [
        ({"conversion": NO_ORDERS}, "conversion", "no orders among what is judged"),
        ({"conversion": FEW_BAD}, "conversion", "19 orders among"),
        ({"click": outcome(0.001, 0.001, 0.0)}, "clicks", "1 click among"),
        ({"order_value": Errors(19, 50.0, 51.0, 400.0, 20.0, 15.0, 0.3)}, "order value", "19 orders among"),
        ({"conversion": NO_ORDERS}, "who responds", "no orders among"),
        ({"conversion": FEW_BAD, "uplift": uplift(-0.004, -0.001)}, "who responds", "19 orders among"),
        ({"conversion": NO_ORDERS}, "offers", "no orders among"),
        ({"arms": arms(7, 7)}, "offers", "7 offers with a holdout"),
        ({"arms": arms(1, 7)}, "offers", "7 offers with a holdout"),
        ({"arms": vague()}, "offers", "has a standard error of 2.7"),
        ({"arms": replace(vague(), slope=None, slope_error=None)}, "offers", "do not differ"),
    ],
)
def test_no_verdict_good_or_bad_rests_on_hardly_any_evidence(
    changes: dict[str, Any], topic: str, lacking: str
) -> None:
    (said,) = [one for one in report(evaluation(**changes)).summary if one.topic == topic]
    assert said.level == "look"
    assert said.text.startswith("Too little to tell: ")
    assert lacking in said.text
    assert said.advice


def test_what_was_not_measured_is_not_spoken_of() -> None:
    found = levels(report(evaluation(click=None, arms=None, order_value=None)))
    assert set(found) == {"conversion", "who responds", "data"}


def test_without_an_evaluation_it_says_that_nothing_is_measured() -> None:
    found = report(Evaluation())
    assert levels(found)["measured"] == "bad"


def test_findings_come_worst_first_and_the_summary_names_what_is_amiss() -> None:
    planted = replace(
        evaluation(),
        findings=(
            Finding("history", "ok", "Long."),
            Finding("drift", "look", "Moved."),
            Finding("leakage", "bad", "Tells."),
        ),
    )
    found = report(planted, small_shop(channels=("email",)))
    assert [one.level for one in found.findings][:2] == ["bad", "look"]
    (data,) = [one for one in found.summary if one.topic == "data"]
    assert data.level == "bad"
    assert "leakage, drift" in data.text


def test_missing_costs_are_said_with_their_share_of_sales() -> None:
    shop = small_shop()
    products = shop.catalogue.products.copy()
    # Green tea sold for 20, the mug for 15, black tea for 40.
    products.loc["black", "unit_cost"] = None
    found = report(evaluation(), replace(shop, catalogue=replace(shop.catalogue, products=products)))
    costs = [one for one in found.findings if one.topic == "costs"]
    assert any("missing for 53% of sales" in one.text and one.level == "look" for one in costs)
    assert any("a message by onsite costs is not known" in one.text for one in costs)
    stated = ShopSettings(contact_cost={"email": 0.02, "onsite": 0.0})
    tidy = [
        one for one in report(evaluation(), replace(shop, settings=stated)).findings if one.topic == "costs"
    ]
    assert [one.level for one in tidy] == ["ok"]


def test_responses_go_along_each_lever_on_each_channel_the_most_used_first() -> None:
    found = report(evaluation()).responses
    assert [(one.channel, one.lever) for one in found] == [
        ("onsite", "discount"),
        ("onsite", "minimum spend"),
        ("email", "discount"),
        ("email", "minimum spend"),
    ]
    first = found[0]
    # The hand-made model: 0.004 per percent up to 20, and not beyond.
    lift = [one.mean for one in first.conversion]
    assert first.values[:5] == (0, 5, 10, 15, 20)
    assert lift[4] - lift[2] == pytest.approx(0.04)
    assert lift[8] == pytest.approx(lift[4])
    assert all(one.low <= one.mean <= one.high for one in first.profit)
    assert first.sent == (10.0,)
    assert found[2].sent == (0.0, 30.0)
    assert found[3].sent == (25.0,)
    # The median message with a percentage off had 10 %.
    assert found[1].offer.startswith("10 % off")


def test_a_channel_that_reaches_nobody_has_no_curve() -> None:
    shop = small_shop()
    nobody = replace(shop, attributes=shop.attributes.assign(email_opt_in=0.0))
    assert {one.channel for one in report(evaluation(), nobody).responses} == {"onsite"}


def test_the_level_of_demand_is_not_judged_by_one_campaign_alone() -> None:
    found = report(evaluation(conversion=outcome(0.2, 0.1, 0.1), campaigns=1))
    (said,) = [one for one in found.summary if one.topic == "conversion"]
    assert said.level == "look"
    assert "of 1 later campaign," in said.text


def test_forecasts_that_fit_outcomes_that_cannot_be_right_are_not_said_to_be_good() -> None:
    amiss = (Finding("outcomes", "bad", "No order was ever recorded of anybody who was sent something."),)
    found = report(replace(evaluation(), findings=amiss))
    assert levels(found) == {
        "conversion": "look",
        "clicks": "ok",
        "who responds": "look",
        "offers": "look",
        "order value": "look",
        "data": "bad",
    }
    (said,) = [one.text for one in found.summary if one.topic == "who responds"]
    assert "cannot be right: see below" in said
