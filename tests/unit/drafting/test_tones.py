"""The register that the built-in planner takes for a brief's tone, and what it does to the copy."""

from __future__ import annotations

import time
from typing import Any

import pytest

from copilot.domain.draft import Copy
from copilot.drafting.template_copy import copy_variants, write_copy
from copilot.drafting.tones import REGISTERS, register_of
from copilot.wording import check_copy, render
from tests.fakes.case import FakeCase
from tests.unit.drafting.test_template_copy import CHANNELS, OFFERS, a_draft, assert_reads_well


@pytest.mark.parametrize(
    ("tone", "register"),
    [
        ("plain", "plain"),
        ("Clear and concise, please", "plain"),
        ("Warm and plain, like a baker who knows your name.", "warm"),
        ("informal", "warm"),
        ("friendly, never pushy", "warm"),
        ("fun!", "playful"),
        ("cheerful", "playful"),
        ("not too formal, rather playful", "playful"),
        ("professional", "formal"),
        ("polite and reserved", "formal"),
        ("avoid a formal tone", None),
        ("not at all formal, warm", "warm"),
        ("confident without being formal", None),
        ("it isn't formal, it's playful", "playful"),
        ("don’t be too formal", None),
        ("kind of formal", "formal"),
        ("kind and patient", "warm"),
        ("not only formal", "formal"),
        ("no jokes, formal", "formal"),
        ("not chatty but formal", "formal"),
        ("不那么正式，活泼些", "playful"),
        ("不要那么正式", None),
        ("那么正式一点", "formal"),
        ("简洁明了", "plain"),
        ("亲切自然", "warm"),
        ("活泼一点", "playful"),
        ("不要太正式，轻松一些", "playful"),
        ("正式、专业", "formal"),
        ("", None),
        ("no fun", None),
        ("like a pirate", None),
        ("functional information", None),
        ("as our founder would speak", None),
        ("像海盗一样", None),
    ],
)
def test_a_tone_is_known_by_its_words(tone: str, register: str | None) -> None:
    assert register_of(tone) == register


def test_a_long_tone_is_read_in_no_time() -> None:
    began = time.perf_counter()
    register_of("not too " * 250)
    register_of("不太过" * 600)
    assert time.perf_counter() - began < 0.1


def email(tone: str, language: str = "en") -> Copy:
    case, draft = FakeCase(tone=tone, language=language), a_draft(category="beauty")
    return write_copy(draft, case.brief, case.grounds(draft))


def test_each_register_speaks_in_its_own_way() -> None:
    for language in ("en", "zh"):
        told = {tone: email(tone, language) for tone in ("", *REGISTERS)}
        assert len({copy.body for copy in told.values()}) == len(told)
        assert len({copy.call_to_action for copy in told.values()}) >= 4
        assert len(told["plain"].body) < len(told[""].body)
        assert [tone for tone, copy in told.items() if "!" in copy.body or "！" in copy.body] == ["playful"]
    assert email("formal").body.startswith("Dear customer,")
    assert email("formal", "zh").body.startswith("尊敬的顾客：")


def test_a_tone_that_is_not_known_is_the_usual() -> None:
    assert email("like a pirate") == email("")


def test_plain_and_formal_copy_asks_nothing() -> None:
    def asks(tone: str) -> bool:
        case, draft = FakeCase(tone=tone), a_draft(category="beauty")
        found = copy_variants(draft, case.brief, case.grounds(draft), 8)
        return any("?" in one.copy.subject + one.copy.body for one in found)

    assert [tone for tone in REGISTERS if asks(tone)] == ["warm", "playful"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("tone", REGISTERS)
def test_every_register_keeps_the_rules(tone: str, language: str) -> None:
    audiences = ("", "orders_total = 0", "days_since_order >= 120", "orders_total >= 3")
    targets: list[dict[str, Any]] = [{"category": "beauty"}, {"product_ids": ["p1"]}]
    for n, (channel, offer) in enumerate((channel, offer) for channel in CHANNELS for offer in OFFERS):
        case = FakeCase(tone=tone, language=language)
        draft = a_draft(channel, offer, audience=audiences[n % 4], **targets[n % 2])
        copy = write_copy(draft, case.brief, case.grounds(draft), turn=n)
        worded = draft.model_copy(update={"message": copy})
        assert [one for one in check_copy(worded, case.brief, case.grounds(draft)) if not one.passed] == []
        shown = render(copy, draft, case.grounds(draft), language=language)
        for text in filter(None, shown.model_dump().values()):
            assert_reads_well(text, language)
