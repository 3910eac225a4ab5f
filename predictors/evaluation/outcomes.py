"""How well yes-or-no outcomes and amounts were forecast."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from predictors.evaluation.judged import Judged
from predictors.evaluation.record import Calibration, Curve, Outcome
from predictors.interface import FloatArray
from predictors.metrics import (
    Errors,
    auc,
    brier,
    calibration,
    confusion,
    error_by_chance,
    errors,
    expected_calibration_error,
    log_loss,
    precision_recall,
    roc,
)

__all__ = ["amounts", "clicks", "conversions", "thinned"]

POINTS = 60  # of a curve that is drawn
FEWEST = 100  # rows for a calibration curve of its own
FEWEST_POSITIVE = 10
FEWEST_ORDERS = 10


def clicks(judged: Judged, base: float) -> Outcome | None:
    """Clicks of those sent, where they were recorded and forecast; base: rate in the training part."""
    told = judged.sent & np.isfinite(judged.clicked)
    if judged.click is None or not told.any():
        return None
    return _outcome(judged, told, judged.clicked, judged.click, base)


def conversions(judged: Judged, base: float) -> Outcome | None:
    """Conversions of everybody, held-out customers included; base: rate in the training part."""
    if not len(judged.converted):
        return None
    everyone = np.ones(len(judged.converted), dtype=bool)
    return _outcome(judged, everyone, judged.converted, judged.conversion, base)


def _outcome(
    judged: Judged, rows: npt.NDArray[np.bool_], target: FloatArray, chance: FloatArray, base: float
) -> Outcome:
    hit, told = target[rows], chance[rows]
    rate = np.full(len(hit), hit.mean())
    measured = auc(hit, told)
    recall, precision = precision_recall(hit, told)
    return Outcome(
        count=len(hit),
        positives=int(hit.sum()),
        forecast=float(told.mean()),
        auc=measured if np.isfinite(measured) else None,
        log_loss=log_loss(hit, told),
        constant_log_loss=log_loss(hit, rate),
        brier=brier(hit, told),
        constant_brier=brier(hit, rate),
        confusion=confusion(hit, told, base),
        roc=thinned(*roc(hit, told)),
        precision_recall=thinned(recall, precision),
        calibrations=tuple(_calibrations(judged, rows, target, chance)),
    )


def _calibrations(
    judged: Judged, rows: npt.NDArray[np.bool_], target: FloatArray, chance: FloatArray
) -> Iterator[Calibration]:
    yield _calibration("all", "all", target[rows], chance[rows])
    for of, names, among in (
        ("channel", judged.channel, rows),
        ("offer type", judged.kind, rows & judged.sent),
    ):
        for name in sorted(set(names[among].tolist())):
            here = among & (names == name)
            if here.sum() >= FEWEST and target[here].sum() >= FEWEST_POSITIVE:
                yield _calibration(of, str(name), target[here], chance[here])


def _calibration(of: str, name: str, target: FloatArray, chance: FloatArray) -> Calibration:
    return Calibration(
        of,
        name,
        len(target),
        int(target.sum()),
        expected_calibration_error(target, chance),
        error_by_chance(chance),
        tuple(calibration(target, chance)),
    )


def thinned(x: FloatArray, y: FloatArray) -> Curve:
    """At most POINTS of the points of a line, both ends among them, evenly along x."""
    if len(x) > POINTS:
        places = np.searchsorted(x, np.linspace(x[0], x[-1], POINTS)).clip(0, len(x) - 1)
        places = np.unique(np.concatenate([[0], places, [len(x) - 1]]))
        x, y = x[places], y[places]
    return Curve(tuple(map(float, x)), tuple(map(float, y)))


def amounts(judged: Judged) -> tuple[Errors | None, Errors | None]:
    """Errors of the value of an order, among buyers, and of revenue per customer, among everybody."""
    if judged.order_value is None or judged.expected_revenue is None:
        return None, None
    bought = (judged.converted == 1) & (judged.revenue > 0)
    if bought.sum() < FEWEST_ORDERS:
        return None, None
    value = errors(judged.revenue[bought], judged.order_value[bought])
    return value, errors(judged.revenue, judged.expected_revenue)
