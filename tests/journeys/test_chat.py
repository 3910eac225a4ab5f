"""A conversation through the real command on the demo store."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot import CampaignBrief, Copilot
from copilot.domain import parse
from tests.journeys.conftest import Ran, Run

Chat = Callable[..., Ran]
PROFIT = re.compile(r"^1\. .*?: ([\d,]+) EUR of profit", re.M)


@pytest.fixture
def chat(run: Run, db: Path, monkeypatch: pytest.MonkeyPatch) -> Chat:
    """Pipe lines into `copilot chat`."""

    def command(*lines: str, store: Path = db) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
        return run("chat", "--db", store, "--as-of", "2025-06-30")

    return command


def test_a_marketer_gets_a_report_and_asks_on(chat: Chat, db: Path) -> None:
    done = chat(
        "sell something",
        "beauty",
        "800 EUR, at most 30 % off, 2 ideas, until 20 July",
        "why not gifts?",
        "what would 25 % do?",
        "number 1 in Chinese",
        "/brief",
        "/report 2",
        "bye",
        "never read",
    )
    assert (done.status, "Traceback" in done.err) == (0, False)
    assert "What shall it promote?" in done.out
    assert "ranking" in done.err
    assert "25 % off" in done.out
    assert "gift" in done.out
    assert re.search("[\u4e00-\u9fff]{4}", done.out.split("number 1 in Chinese")[1])
    assert "budget 800 EUR; at most 30 % off; from 2025-06-30; until 2025-07-20" in done.out
    assert "never read" not in done.out
    with Copilot(str(db)) as copilot:
        saved = copilot.reports()
        assert len(saved) == 2, "one for each brief; questions save nothing"
        best = copilot.report(saved[0]["brief_id"]).strategies[0].forecast.totals.incremental_profit.mean
    assert PROFIT.findall(done.out)[-1] == f"{best:,.0f}"


def test_the_same_in_chinese(chat: Chat, db: Path) -> None:
    done = chat(
        "推广美妆，预算800欧元，最多打7折，两个方案",
        "只给金卡会员",
        "如果打75折呢？",
        "为什么不包邮？",
        "第1个短一点",
        "退出",
    )
    assert done.status == 0
    assert "loyalty_tier = gold" in done.out
    assert "减 25 %" in done.out
    assert "再见" in done.out
    with Copilot(str(db)) as copilot:
        report = copilot.report(copilot.reports()[0]["brief_id"])
    assert re.search("[\u4e00-\u9fff]", report.strategies[0].message.body)


def test_the_end_of_the_input_ends_it(chat: Chat) -> None:
    assert chat("").status == 0
    done = chat("x" * 9_000, "region = nowhere", "\x00\x1b[2J/report", "/nonsense")
    assert done.status == 0
    assert "Only the first" in done.out
    assert "\x1b" not in done.out


def test_a_store_without_a_predictor_is_told_before_anything_is_asked(chat: Chat, tmp_path: Path) -> None:
    done = chat("beauty", store=tmp_path / "empty.db")
    assert (done.status, done.out) == (1, "")
    assert "copilot" in done.err


def test_drafts_scored_for_a_brief_tell_which_of_its_limits_they_break(db: Path) -> None:
    offer = {"type": "percent_off", "value": 25}
    draft = {"draft_id": "deep", "channel": "sms", "category": "books", "offer": offer}
    brief = parse(
        CampaignBrief,
        {"categories": ["beauty"], "budget": 5, "max_discount_percent": 20, "channels": ["email"]},
    )
    with Copilot(str(db)) as copilot:
        (free,) = copilot.score([draft])
        (held,) = copilot.score([draft], brief=brief)
    rules = {one.rule for one in held.broken} - {one.rule for one in free.broken}
    assert {"budget", "channel", "max_discount_percent"} <= rules
    assert free.forecast == held.forecast
