"""The report on a predictor, top to bottom: what to trust, in words, then the figures behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copilot.doors.page.accuracy import amounts, clicks, conversions
from copilot.doors.page.effects import offers, response, who_responds
from copilot.doors.page.parts import closed, document, figure, findings, grid, paragraph, section, table
from copilot.doors.page.svg import Axis, Bars, Dots, Line, percent, plain, plot

if TYPE_CHECKING:
    from copilot.deciding.trust import PredictorReport

__all__ = ["predictor_page"]

SHOWN = 14


def predictor_page(report: PredictorReport) -> str:
    """One self-contained HTML page."""
    parts = (
        ("responses", "What a discount does", response(report)),
        ("offers", "Offers: forecast and outcome", offers(report)),
        ("who", "Who responds", who_responds(report)),
        ("conversion", "Conversion", conversions(report)),
        ("clicks", "Clicks", clicks(report)),
        ("money", "Order value and revenue", amounts(report)),
        ("importance", "What forecasts of conversion rest on", _importance(report)),
        ("data", "The data", findings(report.findings) + _notes(report) + _comparable(report)),
        ("unmeasured", "What could not be measured", _unmeasured(report)),
    )
    sections = [section(name, title, inner) for name, title, inner in parts]
    links = "".join(f'<a href="#{name}">{title}</a>' for name, title, inner in parts if inner)
    head = (
        "<header>\n<h1>How far can these forecasts be trusted?</h1>\n"
        + paragraph(
            f"{report.shop} · predictor {report.predictor} · customers as of {report.as_of} · "
            f"{report.customers:,} customers"
        )
        + (
            paragraph(
                "Measured on exposures, messages sent or held out, that a second predictor, made the same "
                "way, had never seen: what it forecast is laid beside what customers did.",
                "",
            )
            if report.evaluation.splits
            else ""
        )
        + f"<nav>{links}</nav>\n</header>\n"
    )
    foot = (
        "<footer>Intervals and bands hold 90 %. ECE: expected calibration error over tenths of the forecast. "
        "Incremental means against customers of the same campaign who were held out. The predictor in use "
        "learnt from everything, the judged one from less: the figures here err on the careful side.</footer>"
    )
    return document(
        f"Forecasts of {report.shop}", head + findings(report.summary) + "\n".join(sections) + foot
    )


def _importance(report: PredictorReport) -> str:
    found = report.evaluation.importance
    if not found:
        return ""
    most = max(max(one.log_loss_rise for one in found), 1e-12)
    rows = [
        [
            one.attribute,
            f"{max(one.log_loss_rise, 0) / most:.3f}",
            f"{one.log_loss_rise:+.5f}",
            f"{one.auc_drop:+.4f}",
            "–" if one.gain_share is None else f"{one.gain_share:.1%}",
        ]
        for one in found
    ]
    header = ["attribute", "", "log loss rises by", "AUC falls by", "share of the trees' gain"]
    about = (
        "Each attribute is shuffled among held-out customers, and the forecasts are made again: what gets "
        "worse rested on it. Attributes that say the same share what they say."
    )
    return (
        paragraph(about)
        + table(header, rows[:SHOWN], meter=1)
        + closed(f"{len(rows) - SHOWN} more attributes", table(header, rows[SHOWN:], meter=1))
    )


def _notes(report: PredictorReport) -> str:
    """What training noted, word for word: findings are fewer, and in other words."""
    return table(["noted by training"], [[note] for note in report.notes])


def _comparable(report: PredictorReport) -> str:
    """Overlap and balance of sent and held out."""
    found, evaluation = report.evaluation.overlap, report.evaluation
    if found is None:
        return ""
    width = 1 / len(found.sent)
    centres = [(place + 0.5) * width for place in range(len(found.sent))]
    drawn = plot(
        "Overlap",
        Axis("estimated chance of being sent", percent, (0, 1)),
        Axis("share of customers", percent, (0,)),
        [
            Bars(centres, found.sent, width, "main", "sent"),
            Bars(centres, found.unsent, width, "second", "held out"),
        ],
    )
    recorded = (
        f"{found.recorded:.0%} of propensities are recorded." if found.recorded else "None are recorded."
    )
    overlap = figure(
        "Overlap",
        f"Sent and held out should look alike to a model of who is sent. {recorded}",
        drawn,
    )
    worst = sorted(evaluation.balance, key=lambda one: -max(abs(one.raw), abs(one.weighted)))[:SHOWN]
    rows = [
        [one.attribute, f"{one.raw:+.3f}", f"{one.weighted:+.3f}", f"{one.error:.3f}"]
        for one in evaluation.balance
    ]
    places = [float(len(worst) - place) for place in range(len(worst))]
    balance = figure(
        "Balance",
        "Attributes that differ most between sent and held out, in standard deviations: below 0.1 is fine.",
        plot(
            "Balance",
            Axis("difference, sent less held out", plain, (-0.1, 0.1)),
            Axis("attributes, worst on top", lambda _: "", (0.0, len(worst) + 1.0)),
            [
                *(Line([edge, edge], [0.0, len(worst) + 1.0], "third") for edge in (-0.1, 0.1)),
                Dots([one.raw for one in worst], places, "third", "as they are"),
                Dots(
                    [one.weighted for one in worst],
                    places,
                    "main",
                    "weighted by propensity",
                    names=[one.attribute for one in worst],
                ),
            ],
            height=360,
        ),
    )
    header = ["attribute", "difference", "after weighting", "its standard error"]
    return grid([overlap, balance if worst else ""]) + closed(
        "Balance of every attribute", table(header, rows)
    )


def _unmeasured(report: PredictorReport) -> str:
    evaluation = report.evaluation
    rows = [("all", why) for why in evaluation.unmeasured]
    rows += [(one.name, why) for one in evaluation.splits for why in one.unmeasured]
    return table(["on", "what, and why"], rows, texts=2)
