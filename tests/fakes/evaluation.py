"""An evaluation as training would have kept it, of figures that are given."""

from __future__ import annotations

from dataclasses import replace

from predictors.evaluation.record import (
    ArmFigures,
    ArmOutcome,
    Balance,
    Calibration,
    Curve,
    Decile,
    Evaluation,
    Finding,
    Importance,
    Outcome,
    Overlap,
    Sent,
    Split,
    Uplift,
)
from predictors.metrics import CalibrationBin, Confusion, Errors

__all__ = ["arms", "evaluation", "outcome", "uplift"]


def outcome(forecast: float = 0.1, observed: float = 0.1, error: float = 0.004) -> Outcome:
    """Of 1,000 exposures."""
    positives = round(1_000 * observed)
    bins = (CalibrationBin(1_000, forecast, observed, observed * 0.9, observed * 1.1),)
    every = Calibration("all", "all", 1_000, positives, error, 0.004, bins)
    return Outcome(
        count=1_000,
        positives=positives,
        forecast=forecast,
        auc=0.7,
        log_loss=0.3,
        constant_log_loss=0.33,
        brier=0.08,
        constant_brier=0.09,
        confusion=Confusion(0.1, 60, 300, 40, 600, 0.66, 60 / 360, 0.6, 0.26),
        roc=Curve((0.0, 0.3, 1.0), (0.0, 0.6, 1.0)),
        precision_recall=Curve((0.1, 1.0), (0.3, 0.1)),
        calibrations=(every, replace(every, of="channel", name="email")),
    )


def uplift(low: float = 0.001, high: float = 0.01) -> Uplift:
    """With this interval of its area."""
    curve = Curve((0.0, 0.5, 1.0), (0.0, 0.02, 0.03), (0.0, 0.01, 0.02), (0.0, 0.03, 0.04))
    deciles = tuple(Decile(0.1 - 0.01 * k, 0.09 - 0.01 * k, 0.0, 0.1, 80, 20) for k in range(10))
    return Uplift(800, 200, curve, curve, (low + high) / 2, low, high, deciles)


def arms(held: int, count: int) -> ArmFigures:
    """`held` of `count` arms within their bounds."""
    one = ArmOutcome("c1", "email percent off 10", 200, 0.03, 0.01, 0.05, 0.04, 0.02, 0.06, 0.8)
    return ArmFigures((one,) * count, held / count, 0.1, 0.9, 0.2, 0.001, 1.1, 0.004)


def evaluation(**changes: object) -> Evaluation:
    """One split where everything is measured; `changes` replace fields of the split."""
    split = Split(
        name="later campaigns",
        about="The latest.",
        exposures=1_000,
        customers=900,
        campaigns=3,
        click=outcome(),
        conversion=outcome(),
        order_value=Errors(100, 50.0, 51.0, 400.0, 20.0, 15.0, 0.3),
        revenue=Errors(1_000, 5.0, 5.1, 100.0, 10.0, 4.0, 0.05),
        uplift=uplift(),
        arms=arms(9, 10),
        unmeasured=(),
    )
    return Evaluation(
        splits=(replace(split, **changes),),  # type: ignore[arg-type]
        importance=(Importance("average_basket", 0.02, 0.003, 0.5), Importance("tier", 0.0, 0.0, 0.5)),
        overlap=Overlap(1.0, 0.51, (0.0, 1.0), (0.2, 0.8), 0.99, "c1, email", 0.0),
        balance=(Balance("average_basket", 0.02, 0.01, 0.01),),
        findings=(Finding("history", "ok", "9 campaigns over 400 days."),),
        sent=(
            Sent("onsite", "percent_off", 10.0, None, 100),
            Sent("email", "percent_off", 30.0, 25.0, 50),
            Sent("email", "none", None, None, 25),
        ),
    )
