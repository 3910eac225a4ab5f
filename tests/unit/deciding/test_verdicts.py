"""What became of each draft that was judged: its place, or why it has none."""

from __future__ import annotations

from typing import Any

from copilot.deciding.ranking import alike
from copilot.deciding.reporting import ranked_strategies
from copilot.deciding.verdicts import trial, verdicts
from copilot.domain import StrategyDraft, parse
from copilot.domain.record import Verdict
from tests.fakes.shop import small_case

COPY = {"subject": "{category}", "body": "{discount} off."}


def a_draft(key: str, value: float, **changed: Any) -> StrategyDraft:
    offer = {"type": "percent_off", "value": value, "valid_days": 5}
    data = {"draft_id": key, "channel": "email", "category": "tea", "offer": offer, "copy": COPY, **changed}
    return parse(StrategyDraft, data)


def judged(*drafts: StrategyDraft, **brief: Any) -> dict[str, Verdict]:
    case = small_case({"categories": ["tea"], "max_discount_percent": 30, **brief})
    scored = case.judge(drafts)
    authors = {draft.draft_id: "somebody" for draft in drafts}
    strategies = ranked_strategies(case, scored, authors, "now")
    found = verdicts(scored, strategies, authors, case.brief.objective, "EUR")
    return {one.judged.draft_id: one for one in found}


def test_each_judged_draft_has_a_place_or_a_reason() -> None:
    found = judged(
        a_draft("ten", 10),
        a_draft("eleven", 11),
        a_draft("deep", 60),
        a_draft("nobody", 10, audience="tier = platinum"),
        a_draft("five", 5),
        strategies=1,
    )
    first = next(one for one in found.values() if one.rank == 1)
    assert first.judged.draft_id in ("ten", "eleven")
    twin = found["eleven" if first.judged.draft_id == "ten" else "ten"]
    assert (twin.rank, twin.left_out, twin.like) == (None, "near-duplicate", first.judged.draft_id)
    assert (found["deep"].left_out, found["deep"].judged.broken[0].rule) == (
        "breaks a rule",
        "max_discount_percent",
    )
    assert (found["five"].left_out, found["five"].like) == ("enough", None)
    nobody = found["nobody"]
    assert (nobody.judged.total, nobody.judged.audience_size, nobody.rank) == (None, 0, None)
    assert nobody.judged.audience == "tier = platinum"


def test_the_best_comes_first_and_totals_are_over_the_audience() -> None:
    found = list(judged(a_draft("ten", 10), a_draft("five", 5)).values())
    assert [one.rank for one in found] == [1, 2]
    assert found[0].judged.utility >= found[1].judged.utility
    case = small_case({"categories": ["tea"]})
    (scored,) = case.score([a_draft("ten", 10)])
    kept = trial(scored, "profit", "EUR")
    assert scored.forecast is not None
    assert kept.total == scored.forecast.totals.incremental_profit
    assert kept.terms == "10 % off, 5 days, tea, by email"


def test_drafts_are_alike_that_differ_by_little_in_their_terms_alone() -> None:
    case = small_case({"categories": ["tea"]})
    drafts = [
        a_draft("ten", 10),
        a_draft("eleven", 11),
        a_draft("five", 5),
        a_draft("text", 10, channel="sms"),
    ]
    ten, eleven, five, text = case.score(drafts)
    assert alike(ten, eleven)
    assert alike(eleven, ten)
    assert not alike(ten, five)
    assert not alike(ten, text)


def test_the_same_words_to_fewer_customers_are_the_same_strategy() -> None:
    case = small_case({"categories": ["tea"]})
    all_of_them, few = a_draft("all", 10), a_draft("few", 10, audience_limit=2)
    other = few.message.model_copy(update={"subject": "Another line"})
    told_otherwise = few.model_copy(update={"message": other})
    every, fewer, fewer_in_other_words = case.score([all_of_them, few, told_otherwise])

    assert alike(every, fewer)
    assert not alike(every, fewer_in_other_words)
