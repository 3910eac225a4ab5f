"""Rates and amounts: calibration, ROC, precision and recall, confusion, and the usual errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from copilot.doors.page.parts import closed, figure, grid, paragraph, table
from copilot.doors.page.svg import Axis, Dots, Line, percent, plot

if TYPE_CHECKING:
    from copilot.deciding.trust import PredictorReport

__all__ = ["amounts", "clicks", "conversions"]

STYLES = ("main", "second")
Judged = Sequence[tuple[str, Any]]  # name of a split, its outcome


def conversions(report: PredictorReport) -> str:
    """Of everybody, held-out customers included."""
    found = [(one.name, one.conversion) for one in report.evaluation.splits if one.conversion]
    return _abouts(report) + _outcome(found, "buy") if found else ""


def clicks(report: PredictorReport) -> str:
    """Of those who were sent something."""
    found = [(one.name, one.click) for one in report.evaluation.splits if one.click]
    return _outcome(found, "click") if found else ""


def _abouts(report: PredictorReport) -> str:
    return "".join(
        paragraph(
            f"{one.name.capitalize()} ({one.exposures:,} exposures, {one.campaigns:,} "
            f"campaign{'' if one.campaigns == 1 else 's'}): {one.about}"
        )
        for one in report.evaluation.splits
    )


def _outcome(found: Judged, verb: str) -> str:
    figures = [
        figure(
            f"Calibration, {name}",
            "Each dot is a tenth of the customers; on the line, what was forecast happened.",
            _calibration(outcome.calibrations[0], verb, STYLES[place]),
        )
        for place, (name, outcome) in enumerate(found)
    ]
    curves = [(name, one, STYLES[place]) for place, (name, one) in enumerate(found) if one.roc.x]
    if curves:
        figures.append(
            figure(
                "ROC",
                "The further above the diagonal, the better customers are told apart. AUC: "
                + ", ".join(f"{name} {one.auc:.3f}" for name, one, _ in curves)
                + ".",
                plot(
                    "ROC",
                    Axis("false positive rate", percent, (0, 1)),
                    Axis("true positive rate", percent, (0, 1)),
                    [
                        Line([0, 1], [0, 1], "third"),
                        *(Line(one.roc.x, one.roc.y, style, name) for name, one, style in curves),
                    ],
                ),
            )
        )
        figures.append(
            figure(
                "Precision and recall",
                f"Of those forecast above a threshold, the share who {verb}; dashed: of everybody.",
                plot(
                    "Precision and recall",
                    Axis(f"recall: share found of those who {verb}", percent, (0, 1)),
                    Axis("precision", percent, (0,)),
                    [
                        mark
                        for name, one, style in curves
                        for mark in (
                            Line([0, 1], [one.positives / one.count] * 2, "third"),
                            Line(*_from_few(one.precision_recall), style, name),
                        )
                    ],
                ),
            )
        )
    return grid(figures, "three" if len(figures) == 3 else "") + _figures(found) + _groups(found, verb)


def _from_few(curve: Any) -> tuple[Sequence[float], Sequence[float]]:
    """Without the first few customers, whose precision is luck."""
    kept = [place for place, x in enumerate(curve.x) if x >= 0.02]
    return [curve.x[place] for place in kept], [curve.y[place] for place in kept]


def _calibration(one: Any, verb: str, style: str) -> str:
    bins = one.bins
    top = max(max(each.high for each in bins), max(each.forecast for each in bins))
    return plot(
        "Calibration",
        Axis(f"forecast share who {verb}", percent, (0, top)),
        Axis(f"observed share who {verb}", percent, (0, top)),
        [
            Line([0, top], [0, top], "third"),
            Dots(
                [each.forecast for each in bins],
                [each.observed for each in bins],
                style,
                "",
                [
                    f"{each.count:,} customers: forecast {each.forecast:.2%}, observed {each.observed:.2%} "
                    f"({each.low:.2%} to {each.high:.2%})"
                    for each in bins
                ],
                along=[(each.low, each.high) for each in bins],
            ),
        ],
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _figures(found: Judged) -> str:
    """The usual figures, splits across."""
    shown: tuple[tuple[str, Callable[[Any], str]], ...] = (
        ("exposures", lambda one: f"{one.count:,}"),
        ("forecast rate", lambda one: f"{one.forecast:.2%}"),
        ("observed rate", lambda one: f"{one.positives / one.count:.2%}"),
        ("AUC", lambda one: "–" if one.auc is None else f"{one.auc:.3f}"),
        ("log loss", lambda one: f"{one.log_loss:.4f}"),
        ("log loss of always the observed rate", lambda one: f"{one.constant_log_loss:.4f}"),
        ("Brier score", lambda one: f"{one.brier:.4f}"),
        ("Brier score of always the observed rate", lambda one: f"{one.constant_brier:.4f}"),
        ("ECE", lambda one: f"{one.calibrations[0].error:.2%}"),
        ("ECE of perfect forecasts, by chance", lambda one: f"{one.calibrations[0].by_chance:.2%}"),
    )
    rows = [(name, *(show(one) for _, one in found)) for name, show in shown]
    return table(["", *(name for name, _ in found)], rows) + _confusion(found)


def _confusion(found: Judged) -> str:
    rows = [
        (
            name,
            f"{one.confusion.threshold:.2%}",
            f"{one.confusion.true_positives:,}",
            f"{one.confusion.false_positives:,}",
            f"{one.confusion.false_negatives:,}",
            f"{one.confusion.true_negatives:,}",
            *(
                _share(value)
                for value in (
                    one.confusion.accuracy,
                    one.confusion.precision,
                    one.confusion.recall,
                    one.confusion.f1,
                )
            ),
        )
        for name, one in found
    ]
    header = ["confusion matrix", "threshold", "true positives", "false positives",
              "false negatives", "true negatives", "accuracy", "precision", "recall", "F1"]  # fmt: skip
    about = (
        "Positive: forecast above the rate in the part learnt from. Accuracy is low by this choice of "
        "threshold; of a rare outcome, to expect it of nobody is the most accurate."
    )
    return table(header, rows) + paragraph(about)


def _groups(found: Judged, verb: str) -> str:
    """Calibration by channel and offer type."""
    rows, figures = [], []
    for place, (split, outcome) in enumerate(found):
        for one in outcome.calibrations[1:]:
            name = "held out" if one.name == "holdout" else one.name.replace("_", " ")
            rows.append(
                (
                    f"{one.of}: {name}",
                    split,
                    f"{one.count:,}",
                    f"{sum(each.count * each.forecast for each in one.bins) / one.count:.2%}",
                    f"{one.positives / one.count:.2%}",
                    f"{one.error:.2%}",
                    f"{one.by_chance:.2%}",
                )
            )
            drawn = _calibration(one, verb, STYLES[place])
            figures.append(figure(f"{one.of.capitalize()}: {name}", f"{split}; ECE {one.error:.2%}", drawn))
    header = ["", "on", "exposures", "forecast", "observed", "ECE", "by chance"]
    return closed(
        "Calibration by channel and offer type", table(header, rows, texts=2), grid(figures, "small")
    )


def amounts(report: PredictorReport) -> str:
    """Errors in money."""
    rows = [row for one in report.evaluation.splits for row in _amounts(one, report.currency)]
    if not rows:
        return ""
    header = ["", "on", "count", "observed mean", "forecast mean", "MSE", "RMSE", "MAE", "R²"]
    about = (
        "What a single order comes to is mostly luck, so R² is small even for a perfect forecast; the means "
        "are what campaigns are judged by."
    )
    return paragraph(about) + table(header, rows, texts=2)


def _amounts(split: Any, currency: str) -> Iterator[tuple[str, ...]]:
    for name, one in (("value of an order", split.order_value), ("revenue per customer", split.revenue)):
        if one is not None:
            yield (
                f"{name} ({currency})",
                split.name,
                f"{one.count:,}",
                *(f"{value:,.2f}" for value in (one.observed, one.forecast, one.mse, one.rmse, one.mae)),
                "–" if one.r2 is None else f"{one.r2:.3f}",
            )
