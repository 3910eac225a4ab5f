"""A conversation, sentence by sentence: what it asks, assumes, changes and answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from copilot.dialogue.conversation import reply
from copilot.dialogue.thread import Alternative, Reply, Thread
from copilot.domain.audience import format_audience
from copilot.domain.draft import Copy
from copilot.domain.noun import parse
from copilot.errors import NotTrained
from tests.unit.dialogue.shop import TODAY, Engine, found


def talk(engine: Engine, *sentences: str) -> tuple[Thread, Reply]:
    """The thread and the last reply after these sentences; the thread is kept as JSON in between."""
    thread, told = Thread(), Reply()
    for sentence in sentences:
        thread = parse(Thread, thread.model_dump_json())
        thread, told = reply(thread, sentence, engine)
    return thread, told


def said(told: Reply) -> str:
    return "\n".join(told.words)


def test_a_whole_wish_becomes_a_brief_and_a_report_without_a_question() -> None:
    engine = Engine()
    thread, told = talk(engine, "move books before the 20th, 5,000 EUR, keep 10 % margin")
    (brief,) = engine.briefs
    assert (brief.categories, brief.budget, brief.min_margin_percent) == (("books",), 5000, 10)
    assert (brief.starts_on, brief.ends_on) == (TODAY, date(2026, 12, 19))
    assert told.report == thread.report
    assert told.question is None
    assert "starts today, 2026-11-23" in said(told)


def test_where_nothing_is_known_one_question_is_asked_with_the_shops_own_answers() -> None:
    engine = Engine()
    thread, told = talk(engine, "3 ideas, in a playful tone")
    assert not engine.briefs
    assert told.question is not None
    assert told.question.answers == ("books", "beauty", "garden", "home", "everything")
    assert thread.question == told.question


@pytest.mark.parametrize(
    ("answer", "categories"), [("2", ("beauty",)), ("Garden", ("garden",)), ("everything", ()), ("5", ())]
)
def test_an_answer_completes_what_was_said_before(answer: str, categories: tuple[str, ...]) -> None:
    engine = Engine()
    _, told = talk(engine, "3 ideas, in a playful tone", answer)
    (brief,) = engine.briefs
    assert (brief.categories, brief.strategies, brief.tone) == (categories, 3, "playful")
    assert "no limit on the budget" in said(told)


def test_a_budget_alone_is_enough_and_the_rest_is_told_as_assumed() -> None:
    engine = Engine()
    _, told = talk(engine, "500 EUR")
    assert engine.briefs[0].categories == ()
    assert "the whole shop" in said(told)


def test_money_of_another_currency_is_asked_about_and_never_converted() -> None:
    engine = Engine()
    _, told = talk(engine, "books, 900 USD")
    assert told.question is not None
    assert not engine.briefs
    assert talk(engine, "books, 900 USD", "yes")[0].brief.budget == 900
    assert talk(engine, "books, 900 USD", "2")[0].brief.budget is None


def test_follow_ups_change_the_brief_and_leave_the_rest_of_it() -> None:
    engine = Engine()
    talk(
        engine,
        "books, 500 EUR",
        "only gold customers",
        "other channel: sms",
        "no free shipping",
        "more",
        "in Chinese",
    )
    last = engine.briefs[-1]
    assert (last.categories, last.budget, last.channels) == (("books",), 500, ("sms",))
    assert format_audience(last.audience) == "loyalty_tier = gold"
    assert "free_shipping" not in last.offer_types
    assert (last.strategies, last.language) == (10, "zh")
    assert len(engine.briefs) == 6


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [("cheaper", "budget", Decimal(390)), ("smaller discount", "max_discount_percent", Decimal(15))],
)
def test_cheaper_is_three_quarters_of_what_the_first_takes(sentence: str, field: str, value: Decimal) -> None:
    engine = Engine()
    _, told = talk(engine, "books", sentence)
    assert getattr(engine.briefs[-1], field) == value
    assert "520 EUR" in said(told) or "15 %" in said(told)


def test_starting_over_forgets_the_brief_and_may_begin_the_next() -> None:
    engine = Engine()
    thread, told = talk(engine, "books, 500 EUR", "start over")
    assert told.question is not None
    assert thread.report is None
    talk(engine, "books, 500 EUR", "start over: garden")
    assert (engine.briefs[-1].categories, engine.briefs[-1].budget) == (("garden",), None)


def test_what_if_is_forecast_beside_the_strategy_it_changes_and_no_report_is_made() -> None:
    engine = Engine()
    _, told = talk(engine, "books", "what would 25 % do?")
    ((drafts, brief),) = engine.asked
    assert [one.offer.value for one in drafts] == [25, 20]
    assert brief.categories == ("books",)
    assert "25 % off" in said(told)
    assert "1,500 EUR of profit (90 %: 1,100 to 1,900)" in said(told)
    assert "600 EUR of profit less" in said(told)
    assert len(engine.briefs) == 1


def test_why_not_tells_the_best_of_the_kind_and_what_keeps_it_below() -> None:
    engine = Engine(best_found=found(700, type="free_shipping", value=None))
    _, told = talk(engine, "books", "why not free shipping?")
    assert engine.asked[0].offer_types == ("free_shipping",)
    assert "700 EUR of profit (90 %: 300 to 1,100)" in said(told)
    assert "1,300 EUR of profit less" in said(told)
    assert "+1.00% where number 1 lifts it by +2.00%" in said(told)


def test_why_not_may_be_of_a_channel_and_leaves_the_brief_alone() -> None:
    engine = Engine(best_found=found(700))
    thread, told = talk(engine, "books", "why not sms?")
    assert engine.asked[0].channels == ("sms",)
    assert thread.brief.channels == ()
    assert "1,300 EUR of profit less" in said(told)


@pytest.mark.parametrize(
    ("sentence", "answer"), [("thanks", "Say what to change"), ("books", "in the brief already")]
)
def test_what_changes_nothing_makes_no_report(sentence: str, answer: str) -> None:
    engine = Engine()
    assert answer in said(talk(engine, "books", sentence)[1])
    assert len(engine.briefs) == 1


def test_why_not_of_what_binds_or_is_there_already() -> None:
    bound = Engine(best_found=Alternative(binding="What binds: budget."))
    assert "What binds: budget." in said(talk(bound, "books", "why not free shipping?")[1])
    there = Engine()
    assert "Number 2 is one" in said(talk(there, "books", "why not money off?")[1])
    assert not there.asked


def test_a_better_kind_that_nobody_handed_in_is_not_explained_away() -> None:
    engine = Engine(best_found=found(3_000, type="free_shipping", value=None))
    told = said(talk(engine, "books", "why not free shipping?")[1])
    assert "forecast above number 1, by 1,000 EUR of profit" in told


def test_other_words_are_kept_for_what_is_asked_next() -> None:
    engine = Engine(other_words=Copy(subject="书", body="立减{discount}，欢迎选购图书。"))
    thread, told = talk(engine, "books", "number 1 in Chinese", "number 1 shorter")
    assert [one for one in engine.asked if isinstance(one[1], bool)] == [("zh", False), ("zh", True)]
    assert dict(thread.rewritten)[1].message.subject == "书"
    assert "书" in said(told)
    assert len(engine.briefs) == 1


@pytest.mark.parametrize(
    "sentence", ["number 2 shorter", "why not gifts?", "what would 25 % do?", "show number 1"]
)
def test_what_is_about_a_report_needs_one(sentence: str) -> None:
    assert "no report yet" in said(talk(Engine(), sentence)[1])


def test_a_number_that_is_not_there_is_told() -> None:
    assert "has 2 strategies" in said(talk(Engine(), "books", "number 7 shorter")[1])


def test_what_fails_is_told_in_words_and_the_thread_is_as_before() -> None:
    engine = Engine()
    before, _ = talk(engine, "books")
    engine.fails = NotTrained()
    after, told = reply(before, "garden", engine)
    assert "copilot train" in said(told)
    assert (after.brief, after.report) == (before.brief, before.report)


def test_what_was_not_understood_is_told_and_the_rest_is_done() -> None:
    engine = Engine()
    _, told = talk(engine, "books and a dancing unicorn")
    assert "dancing unicorn" in said(told)
    assert len(engine.briefs) == 1


def test_terms_that_no_offer_can_have_are_told() -> None:
    assert "min_spend" in said(talk(Engine(), "books", "what about 10 EUR off from 5 EUR?")[1])


def test_a_new_end_before_the_old_start_lets_go_of_the_start() -> None:
    engine = Engine()
    _, told = talk(engine, "books from 10 December", "until 1 December")
    assert (engine.briefs[-1].starts_on, engine.briefs[-1].ends_on) == (TODAY, date(2026, 12, 1))
    assert "2026-12-10" in said(told)


def test_who_writes_chinese_is_answered_in_chinese_and_gets_chinese_copy() -> None:
    engine = Engine(best_found=found(700, type="free_shipping", value=None))
    thread, told = talk(engine, "推广图书，预算500元", "为什么不包邮？")
    assert engine.briefs[0].language == "zh"
    assert "包邮" in said(told)
    assert "比不发送多 700 EUR 利润(90 %: 300 至 1,100)" in said(told)
    assert thread.turns[0].sentence.startswith("推广图书")


def test_every_figure_of_an_answer_comes_from_a_forecast() -> None:
    told: list[Any] = []
    for scored in (1_500.0, 1_777.0):
        told.append(talk(Engine(scored=scored), "books", "what would 25 % do?")[1].words[0])
    moved = (("1,500", "1,777"), ("1,100 to 1,900", "1,377 to 2,177"), ("ROI 2.88", "ROI 3.42"))
    for before, after in moved:
        told[0] = told[0].replace(before, after)
    assert told[0] == told[1]


def test_bye_ends_it() -> None:
    assert talk(Engine(), "bye")[1].over
    assert talk(Engine(), "退出")[1].over
