"""What is printed of things, in words that fit them."""

from __future__ import annotations

import pytest

from copilot.deciding.training import Trained
from copilot.domain import StrategyDraft, parse
from copilot.domain.report import Models, RankedStrategy, Report, Usage
from copilot.doors.show import show_report, show_trained
from predictors.interface import Belief
from tests.fakes.case import FakeCase
from tests.fakes.drafts import a_draft


@pytest.mark.parametrize(("campaigns", "told"), [(1, " of 1 campaign\n"), (2, " of 2 campaigns\n")])
def test_campaigns_are_counted_in_words_that_fit(
    campaigns: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_trained(Trained("effect-1", 80, campaigns, {}))
    assert told in capsys.readouterr().err


def test_the_table_of_assumptions_says_what_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    belief = Belief("message and orders", "", "conversion", (1.5, 0.9, 2.5), (1.2, 1.0, 1.4), 0.3)
    show_trained(Trained("effect-1", 80, 4, {}, (), (belief,)))
    assert "about a message at large" in capsys.readouterr().err
    show_trained(Trained("effect-1", 80, 4, {}))
    assert "about a message at large" not in capsys.readouterr().err


def test_what_is_advised_of_the_first_message_is_printed_below_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = FakeCase()
    (one,) = case.judge([parse(StrategyDraft, a_draft("a", channel="sms"))])
    assert one.forecast is not None
    first = RankedStrategy(
        rank=1,
        strategy_id="s-1",
        draft=one.draft,
        forecast=one.forecast,
        message=case.message(one.draft),
        checks=one.checks,
        author="m",
    )
    models = Models(writer="m", predictor="effect-1")
    show_report(
        Report(brief_id="b", status="complete", strategies=(first,), models=models, usage=Usage()), "EUR"
    )

    said = capsys.readouterr().out
    assert said.index("Reply STOP to opt out.") < said.index("1 SMS segment of GSM-7")


def test_what_campaigns_say_of_the_copy_model_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    facts: dict[str, str | float] = {"messages": 1440, "held_out_gain": 0.0123456, "verdict": "it agrees"}
    show_trained(Trained("effect-1", 80, 4, {}, copy_facts=facts))
    told = capsys.readouterr().err.splitlines()
    assert "general copy model: messages 1,440; held out gain 0.0123; verdict it agrees" in told[-1]
