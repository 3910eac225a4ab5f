"""The page on a predictor: whole, safe, and asking for nothing from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from copilot.deciding.trust import PredictorReport, predictor_report
from copilot.doors.page.predictor import predictor_page
from copilot.doors.page.svg import Axis, Band, Bars, Dots, Line, Rug, percent, plot
from predictors.evaluation.record import Balance, Evaluation, Finding, Importance
from tests.fakes.effect import HandMadeModel
from tests.fakes.evaluation import arms, evaluation
from tests.fakes.shop import small_case

NASTY = '<script>alert("x")</script>&\'"'
VOID = {"meta", "link", "br", "hr", "img", "input", "line", "polyline", "polygon", "rect"}


class Reader(HTMLParser):
    """Reads a page, checks that every element is closed, and keeps what it holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """What a person reads."""
        return " ".join(self.words)


def report(found: Evaluation | None = None) -> PredictorReport:
    model = HandMadeModel()
    model.evaluation = found or evaluation()
    return predictor_report(small_case(model=model))


def test_a_page_holds_its_figures_and_every_plot() -> None:
    page = Reader(predictor_page(report()))
    for words in ("How far can these forecasts be trusted?", "Tea", "hand-made", "AUC", "Brier", "RMSE",
                  "Qini", "precision", "F1", "Winkler", "later campaigns", "average_basket"):  # fmt: skip
        assert words in page.text
    drawn = [about["aria-label"] for tag, about in page.tags if tag == "svg"]
    for name in (
        "Calibration",
        "ROC",
        "Precision and recall",
        "Effect by decile",
        "Offers",
        "Overlap",
        "Balance",
    ):
        assert name in drawn
    assert len([name for name in drawn if name and "Discount" in name]) == 4


def test_a_page_asks_for_nothing_from_outside_and_runs_nothing() -> None:
    text = predictor_page(report())
    page = Reader(text)
    assert "http:" not in text
    assert "https:" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "embed", "base"}
    names = {name for _, about in page.tags for name in about}
    assert not [name for name in names if name in ("src", "srcset", "action") or name.startswith("on")]
    assert all((about.get("href") or "#").startswith("#") for _, about in page.tags)
    assert ("meta", {"http-equiv": "Content-Security-Policy",
                     "content": "default-src 'none'; style-src 'unsafe-inline'"}) in page.tags  # fmt: skip


def test_names_from_the_data_are_text_wherever_they_stand() -> None:
    found = evaluation(
        arms=replace(arms(9, 10), arms=(replace(arms(1, 1).arms[0], campaign=NASTY, arm=NASTY),))
    )
    assert found.overlap is not None
    planted = replace(
        found,
        importance=(Importance(NASTY, 0.1, 0.1, None),),
        balance=(Balance(NASTY, 0.1, 0.1, 0.1),),
        overlap=replace(found.overlap, worst=NASTY),
        findings=(Finding(NASTY, "bad", NASTY, NASTY),),
        unmeasured=(NASTY,),
    )
    said = replace(report(planted), shop=NASTY, currency=NASTY)
    said = replace(said, responses=tuple(replace(one, channel=NASTY, offer=NASTY) for one in said.responses))
    text = predictor_page(said)
    page = Reader(text)
    assert "<script" not in text
    assert not {tag for tag, _ in page.tags} & {"script"}
    assert page.text.count(NASTY) >= 10


@pytest.mark.parametrize(
    "changes",
    [
        {"click": None},
        {"conversion": None, "click": None},
        {
            "uplift": None,
            "arms": None,
            "order_value": None,
            "revenue": None,
            "unmeasured": ("Qini: why not.",),
        },
    ],
)
def test_what_was_not_measured_leaves_no_hole(changes: dict[str, Any]) -> None:
    page = Reader(predictor_page(report(evaluation(**changes))))
    headings = [word for word in page.words if word in ("Clicks", "Who responds", "Conversion")]
    assert ("Clicks" in headings) == ("click" not in changes)
    assert all(why in page.text for why in changes.get("unmeasured", ()))
    linked = {about["href"] for tag, about in page.tags if tag == "a"}
    sections = {f"#{about['id']}" for tag, about in page.tags if tag == "section"}
    assert linked == sections


def test_a_predictor_of_which_nothing_was_measured_has_a_page_that_says_so() -> None:
    page = Reader(predictor_page(report(Evaluation())))
    assert "Nothing is measured of this predictor" in page.text


def test_the_same_report_is_the_same_page() -> None:
    assert predictor_page(report()) == predictor_page(report())


def test_a_plot_keeps_its_marks_on_the_paper() -> None:
    drawn = plot(
        "Some <plot>",
        Axis("x", percent, (0, 1)),
        Axis("y", include=(0,)),
        [
            Band([0, 1], [-3, -2], [8, 9]),
            Line([0, 0.5, 1], [1, 2, 3], "second", "a line & more"),
            Dots([0.2], [5.0], told=["<b>"], across=[(0.1, 0.4)], along=[(4, 12)]),
            Bars([0.5], [-2.5], 0.2),
            Rug([0.3, 7.0]),
        ],
    )
    page = Reader(drawn)
    assert ("svg", {"viewbox": "0 0 460 300", "role": "img", "aria-label": "Some <plot>"}) in page.tags
    assert "a line & more" in page.words
    numbers = [
        float(one) for points in re.findall(r'points="([^"]+)"', drawn) for one in re.split("[ ,]", points)
    ]
    assert all(0 <= x <= 460 for x in numbers[::2])
    assert all(0 <= y <= 300 for y in numbers[1::2])
    rugs = [about for tag, about in page.tags if about.get("class") == "rug"]
    assert len(rugs) == 1
    assert all(float(about["height"] or 0) > 0 for tag, about in page.tags if tag == "rect")


@pytest.mark.parametrize("values", [[0.5], [0.0], [3e-7, 4e-7], [1e6, 2e6], [-0.031, 0.12]])
def test_axes_have_round_ticks_around_any_values(values: list[float]) -> None:
    drawn = plot("p", Axis("x"), Axis("y"), [Dots(values, values)])
    heights = [float(one) for one in re.findall(r'class="(?:grid|zero)"[^>]* y1="([^"]+)"', drawn)]
    dots = [float(one) for one in re.findall(r'cy="([^"]+)"', drawn)]
    assert 2 <= len(heights) <= 8
    assert all(min(heights) <= one <= max(heights) for one in dots)
    ticks = re.findall(r'text-anchor="end">([^<]+)<', drawn)
    assert len(set(ticks)) == len(heights)
    assert all(len(tick.replace(",", "")) <= 8 for tick in ticks)


@pytest.mark.parametrize("scale", [1.0, 0.1, 0.001, 0.000_35, 1e-5, 1e-7])
def test_figures_at_an_axis_touch_neither_each_other_nor_the_label(scale: float) -> None:
    values = [-0.6 * scale, 0.5 * scale, scale]
    drawn = plot("p", Axis("x", percent), Axis("y", percent), [Dots(values, values)])
    width = 15 * 0.636  # of a digit of the largest letters on the page, in the widest font it asks for
    found = re.findall(r'class="tick" x="([^"]+)" y="[^"]+" text-anchor="(\w+)">([^<]+)<', drawn)
    beside = [float(x) - width * len(told) for x, anchor, told in found if anchor == "end"]
    assert min(beside) >= 16  # the turned label ends here
    below = [(float(x), width * len(told) / 2) for x, anchor, told in found if anchor == "middle"]
    ends = [(at - half, at + half) for at, half in below]
    assert len(ends) >= 2
    assert all(left[1] < right[0] for left, right in pairwise(ends))
    assert ends[-1][1] <= 460


def test_one_campaign_is_not_many() -> None:
    one = Reader(predictor_page(report(evaluation(campaigns=1)))).words
    assert any("1 campaign)" in text for text in one)
    assert any("3 campaigns)" in text for text in Reader(predictor_page(report(evaluation()))).words)
