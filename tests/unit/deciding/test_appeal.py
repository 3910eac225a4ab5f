"""The appeal of words: a factor on the click rate of a draft, worked out by hand, and on nothing else."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest

from copilot.deciding.appeal import first_line
from copilot.deciding.ranking import rank
from copilot.deciding.reporting import report_notes
from copilot.deciding.scoring import Side
from copilot.domain import EffectForecast, StrategyDraft, parse
from copilot.domain.forecast import FIGURES
from tests.fakes.copy import HandMadeCopy
from tests.fakes.effect import HandMadeModel
from tests.fakes.shop import small_case

TEN = {"type": "percent_off", "value": 10}


def draft(subject: str = "", body: str = "", name: str = "d", **more: Any) -> StrategyDraft:
    copy = {"subject": subject, "body": body}
    told = {"draft_id": name, "channel": "email", "category": "tea", "offer": TEN, "copy": copy}
    return parse(StrategyDraft, told | more)


def forecast(one: StrategyDraft, words: Any = None, side: Side = "judge", **model: Any) -> EffectForecast:
    found = small_case(words=words, model=HandMadeModel(**model)).scorer.forecast([one], side=side)[0]
    assert found is not None
    return found


def test_the_click_rate_is_multiplied_and_its_doubt_grows_in_quadrature_of_the_log() -> None:
    one = draft("New tea")
    plain, told = forecast(one), forecast(one, HandMadeCopy(doubt=0.1))
    assert plain.ctr is not None
    assert told.ctr is not None
    assert told.copy_appeal is not None
    assert told.copy_appeal.mean == pytest.approx(1.2214, abs=1e-4)  # exp(0.2)
    assert told.ctr.mean == pytest.approx(plain.ctr.mean * 1.2214, rel=1e-4)
    # 10 % either way is ln(1/0.9) below and ln(1.1) above: hypot(0.10536, 0.1) and hypot(0.09531, 0.1).
    assert told.ctr.low / told.ctr.mean == pytest.approx(exp(-0.14526), rel=1e-4)
    assert told.ctr.high / told.ctr.mean == pytest.approx(exp(0.13814), rel=1e-4)


@pytest.mark.parametrize("side", ["search", "judge"])
def test_nothing_but_the_click_rate_moves(side: Side) -> None:
    one = draft("Boring tea", "New and free")
    plain = forecast(one, side=side)
    told = forecast(one, HandMadeCopy(), side=side)
    moved = {name for name in FIGURES if getattr(plain, name) != getattr(told, name)}
    assert moved == {"ctr"}
    back = told.model_copy(update={"ctr": plain.ctr, "copy_appeal": None})
    assert back == plain


def test_a_rate_is_at_most_1() -> None:
    told = forecast(draft("New"), HandMadeCopy(words={"new": 5.0}))
    assert told.ctr is not None
    assert told.ctr.mean == told.ctr.high == 1.0
    assert told.copy_appeal is not None
    assert told.copy_appeal.mean == pytest.approx(exp(5.0))


def test_a_rate_that_may_be_nothing_may_still_be_nothing() -> None:
    told = forecast(draft("New"), HandMadeCopy(), doubt=1.0)
    assert told.ctr is not None
    assert told.ctr.low == 0


@pytest.mark.parametrize("copy", [("", ""), (" \n", "\u200b")])
def test_a_draft_without_words_is_forecast_as_without_a_copy_model(copy: tuple[str, str]) -> None:
    words = HandMadeCopy()
    assert forecast(draft(*copy), words) == forecast(draft(*copy))
    assert words.asked == []


def test_the_offers_of_a_sweep_have_no_words_to_ask_about() -> None:
    words = HandMadeCopy()
    brief = {"objective": "clicks", "categories": ["tea"]}
    assert small_case(brief, words=words).swept.terms == small_case(brief).swept.terms
    assert words.asked == []


def test_texts_are_asked_about_in_one_batch_and_once() -> None:
    words = HandMadeCopy()
    scorer = small_case(words=words).scorer
    drafts = [
        draft("New tea", name="a"),
        draft("Free tea", name="b", channel="onsite"),
        draft("", "New tea", name="c", audience="tier = gold"),
        draft("New tea", name="e", offer={"type": "percent_off", "value": 20}),
        draft(name="g"),
    ]
    scorer.forecast(drafts, side="search")
    scorer.forecast(drafts, side="judge")
    scorer.per_customer(drafts[0])
    assert words.asked == [("New tea", "Free tea")]


def test_drafts_that_differ_in_their_words_alone_are_told_apart() -> None:
    scorer = small_case(words=HandMadeCopy()).scorer
    new, boring = scorer.forecast([draft("New {category}"), draft("Boring {category}")])
    again = scorer.forecast([draft("Boring {category}")])[0]
    assert new is not None
    assert boring is not None
    assert new.ctr != boring.ctr
    assert again == boring


def test_what_a_slot_says_is_among_the_words() -> None:
    words = HandMadeCopy(words={"july": 0.3, "june": -0.3})
    scorer = small_case(words=words).scorer
    drafts = [
        draft("Until {ends_on}", plan={"starts_on": "2025-06-01", "ends_on": day})
        for day in ("2025-06-05", "2025-07-05")
    ]
    long = [
        one.model_copy(update={"offer": one.offer.model_copy(update={"valid_days": 60})}) for one in drafts
    ]
    june, july = (scorer.forecast([one])[0] for one in long)
    assert june is not None
    assert july is not None
    assert june.copy_appeal is not None
    assert july.copy_appeal is not None
    assert (june.copy_appeal.mean, july.copy_appeal.mean) == pytest.approx((exp(-0.3), exp(0.3)))


def test_clicks_of_each_customer_average_to_the_forecast() -> None:
    case = small_case(words=HandMadeCopy())
    figures = case.scorer.per_customer(draft("New tea")).figures
    told = case.scorer.forecast([draft("New tea")])[0]
    plain = small_case().scorer.per_customer(draft("New tea")).figures
    assert told is not None
    assert told.ctr is not None
    assert figures["ctr"].mean() == pytest.approx(told.ctr.mean)
    assert all((figures[name] == plain[name]).all() for name in figures if name != "ctr")


def test_where_clicks_are_the_objective_the_words_that_draw_them_come_first() -> None:
    drafts = [
        draft("Boring tea", "Leaves", name="dull"),
        draft("New tea", "Leaves", name="lively", channel="onsite"),
    ]
    clicks, profit = (
        rank(small_case({"objective": objective}, words=HandMadeCopy()).judge(drafts), 2)
        for objective in ("clicks", "profit")
    )
    same = rank(small_case().judge(drafts), 2)
    assert clicks[0].draft.draft_id == "lively"
    assert [one.utility for one in profit] == [one.utility for one in same]


def test_a_lever_on_clicks_is_what_scoring_the_changed_draft_shows() -> None:
    words = HandMadeCopy(words={"new": 0.2, "15": 0.1})
    case = small_case({"objective": "clicks"}, words=words)
    one = draft("New: {discount} off")
    found = {(step.kind, step.after): step for step in case.levers(one)}
    more = draft("New: {discount} off", offer={"type": "percent_off", "value": 15})
    before, after = case.scorer.forecast([one, more], side="search")
    assert before is not None
    assert after is not None
    assert before.ctr is not None
    assert after.ctr is not None
    gain = found["value", 15].total.objective
    assert gain.mean == pytest.approx(90 * (after.ctr.mean - before.ctr.mean))
    # What is wrong of the words is wrong of both alike: less than either is in doubt.
    assert 0 < gain.high - gain.low < 90 * (before.ctr.high - before.ctr.low)


def test_drivers_of_clicks_average_to_the_forecast() -> None:
    case = small_case({"objective": "clicks"}, words=HandMadeCopy())
    found = case.scorer.drivers(draft("New tea")).drivers[0]
    told = case.scorer.forecast([draft("New tea")], side="search")[0]
    assert told is not None
    assert told.ctr is not None
    assert sum(group.share * group.mean for group in found.groups) == pytest.approx(told.ctr.mean)


def test_why_words_draw_clicks_is_told_of_a_draft_with_words() -> None:
    case = small_case(words=HandMadeCopy())
    found = case.appeal(draft("New, free and boring"))
    assert found is not None
    assert [one.phrase for one in found.reasons] == ["boring", "new"]
    assert found.reasons[1].percent == pytest.approx(22.14, abs=0.01)
    assert case.appeal(draft()) is None
    assert small_case().appeal(draft("New")) is None


def test_what_is_to_be_known_of_the_model_is_in_the_notes_of_a_report() -> None:
    assert "As it comes." in report_notes(small_case(words=HandMadeCopy()), (), (), ())


@pytest.mark.parametrize(
    ("subject", "body", "line"),
    [
        ("Tea", "Mugs", "Tea"),
        ("", "Mugs", "Mugs"),
        ("\u200b \t", "A\nmug", "A mug"),
        ("Ra\u00adbatt\x00\x1b[31m\ud800!", "", "Rabatt [31m !"),
        ("春季 新品", "", "春季 新品"),
        ("", "", ""),
    ],
)
def test_the_line_a_customer_sees_first_is_the_subject_or_else_the_body(
    subject: str, body: str, line: str
) -> None:
    assert first_line(subject, body) == line
