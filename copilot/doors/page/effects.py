"""Effects: response to discounts, offers against outcomes, and whether the right customers were picked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copilot.doors.page.parts import closed, figure, grid, paragraph, table
from copilot.doors.page.svg import Axis, Band, Dots, Line, Mark, Rug, percent, plain, plot

if TYPE_CHECKING:
    from copilot.deciding.response import Response
    from copilot.deciding.trust import PredictorReport

__all__ = ["offers", "response", "who_responds"]

STYLES = ("main", "second")


def response(report: PredictorReport) -> str:
    """Curves of the main channel, those of the others on request."""
    found = report.responses
    if not found:
        return ""
    main = found[0].channel
    about = (
        f"Forecasts per customer contacted, by {main}, the channel used most. The band holds 90 %; ticks at "
        "the foot are values that were ever sent: far from them the band opens."
        if report.evaluation.sent
        else f"Forecasts per customer contacted, by {main}, from assumptions: nothing was ever sent."
    )
    others = [one for one in found if one.channel != main]
    named = ", ".join(dict.fromkeys(one.channel for one in others))
    return (
        paragraph(about)
        + grid(drawn for one in found if one.channel == main for drawn in _responses(one, report.currency))
        + closed(f"By {named}", grid(drawn for one in others for drawn in _responses(one, report.currency)))
    )


def _responses(one: Response, currency: str) -> list[str]:
    discount = one.lever == "discount"
    x = Axis("discount, % off" if discount else f"minimum spend, {currency}", plain)
    title = f"{'Discount' if discount else 'Minimum spend'} by {one.channel}, {one.offer}"
    least = min(one.support)
    drawn = []
    for what, figures, y in (
        ("incremental conversion", one.conversion, Axis("more who buy than unsent", percent, (0,))),
        ("incremental profit", one.profit, Axis(f"profit per customer, {currency}", plain, (0,))),
    ):
        marks: list[Mark] = [
            Band(one.values, [each.low for each in figures], [each.high for each in figures]),
            Line(one.values, [each.mean for each in figures]),
            Dots(
                one.values,
                [each.mean for each in figures],
                told=[
                    f"{value:g}: {y.format(each.mean)} ({y.format(each.low)} to {y.format(each.high)}), "
                    f"support {support:.2f}"
                    for value, each, support in zip(one.values, figures, one.support, strict=True)
                ],
            ),
            Rug(one.sent),
        ]
        about = f"{what.capitalize()}; support {least:.2f} to {max(one.support):.2f}."
        drawn.append(figure(title, about, plot(f"{title}: {what}", x, y, marks)))
    return drawn


def offers(report: PredictorReport) -> str:
    """Forecast of each arm beside its observed effect."""
    found = [(one.name, one.arms) for one in report.evaluation.splits if one.arms]
    return "".join(_arms(name, one) for name, one in found)


def _arms(split: str, found: Any) -> str:
    arms = found.arms
    ends = [
        end
        for one in arms
        for end in (one.forecast_low, one.forecast_high, one.observed_low, one.observed_high)
    ]
    low, high = min(0.0, *ends), max(ends)
    drawn = plot(
        "Offers",
        Axis("forecast incremental conversion", percent, (low, high)),
        Axis("observed incremental conversion", percent, (low, high)),
        [
            Line([low, high], [low, high], "third"),
            Dots(
                [one.forecast for one in arms],
                [one.observed for one in arms],
                told=[f"{one.campaign}: {one.arm}" for one in arms],
                across=[(one.forecast_low, one.forecast_high) for one in arms],
                along=[(one.observed_low, one.observed_high) for one in arms],
            ),
        ],
        height=380,
    )
    rows = [
        ("offers", f"{len(arms)}"),
        ("observed within 90 % bounds of both uncertainties", f"{found.covered:.0%}"),
        ("Winkler score of these bounds (lower is better)", f"{found.winkler:.2%}"),
    ]
    if found.ratio is not None:
        rows.append(("forecast over observed, all together", f"{found.ratio:.2f}"))
    if found.excess is not None:
        rows.append(("error beyond the luck of the outcomes, one standard deviation", f"{found.excess:.2%}"))
    if found.slope is not None:
        half = 1.645 * found.slope_error  # a normal 90 % interval
        slope = f"{found.slope:.2f} ± {half:.2f}"
        rows += [
            ("slope of observed on forecast (1 is right)", slope),
            ("intercept", f"{found.intercept:+.2%}"),
        ]
    about = (
        f"{split.capitalize()}. A dot is an offer that was sent; its bars are the 90 % intervals of forecast "
        "and of observed effect (doubly robust, against held-out customers)."
    )
    header = [
        "campaign",
        "offer",
        "customers",
        "forecast",
        "low",
        "high",
        "observed",
        "low",
        "high",
        "support",
    ]
    every = [
        (
            one.campaign,
            one.arm,
            f"{one.customers:,}",
            *(
                f"{value:+.2%}"
                for value in (
                    one.forecast,
                    one.forecast_low,
                    one.forecast_high,
                    one.observed,
                    one.observed_low,
                    one.observed_high,
                )
            ),
            f"{one.support:.2f}",
        )
        for one in arms
    ]
    return (
        grid([figure("Forecast and observed effect of offers", about, drawn), table(["", ""], rows)])
        + closed("Every offer", table(header, every, texts=2))
    )  # fmt: skip


def who_responds(report: PredictorReport) -> str:
    """Qini and uplift curves and deciles, by split."""
    found = [(one.name, one.uplift) for one in report.evaluation.splits if one.uplift]
    return "".join(_uplift(name, one, STYLES[place]) for place, (name, one) in enumerate(found))


def _uplift(split: str, one: Any, style: str) -> str:
    figures = [
        figure(title, about, _curve(title, y, curve, style))
        for title, about, y, curve in (
            (
                f"Qini curve, {split}",
                f"Conversions gained by sending to the first so many; area {one.area:.2%} "
                f"({one.area_low:.2%} to {one.area_high:.2%}), random is 0.",
                "gained per customer",
                one.qini,
            ),
            (
                f"Uplift curve, {split}",
                "Observed effect among those targeted, times their share; dashed: chosen at random.",
                "effect times share",
                one.gain,
            ),
        )
    ]
    known = [(place, each) for place, each in enumerate(one.deciles, start=1) if each.observed is not None]
    if known:
        figures.append(
            figure(
                f"Effect by decile, {split}",
                "Tenths of the customers by forecast effect, the highest first.",
                plot(
                    "Effect by decile",
                    Axis("decile of forecast effect", plain, (0.5, 10.5)),
                    Axis("incremental conversion", percent, (0,)),
                    [
                        Line(
                            [place for place, _ in known],
                            [each.forecast for _, each in known],
                            "third",
                            "forecast",
                        ),
                        Dots(
                            [place for place, _ in known],
                            [each.observed for _, each in known],
                            style,
                            "observed",
                            [f"{each.sent:,} sent, {each.unsent:,} held out" for _, each in known],
                            along=[(each.low, each.high) for _, each in known],
                        ),
                    ],
                ),
            )
        )
    return grid(figures, "three")


def _curve(title: str, label: str, curve: Any, style: str) -> str:
    return plot(
        title,
        Axis("share of customers targeted, best first", percent, (0, 1)),
        Axis(label, percent, (0,)),
        [
            Band(curve.x, curve.low, curve.high, style),
            Line([0, 1], [0, curve.y[-1]], "third"),
            Line(curve.x, curve.y, style),
        ],
    )
