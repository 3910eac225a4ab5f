"""The built-in planner: whole strategies without a model, a key or a network."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from copilot.domain import StrategyDraft, parse
from copilot.domain.brand import BrandKit
from copilot.domain.scored import ScoredDraft
from copilot.drafting.agent import PLANNER, Written, write_drafts
from copilot.drafting.planner_notes import fewer_note
from copilot.drafting.template_copy import write_copy
from copilot.settings import load_settings
from copilot.wording import check_copy
from copilot.wording.angles import angle_of
from copilot.wording.likeness import too_alike
from tests.fakes.case import PRODUCTS, FakeCase


def planned(case: FakeCase) -> Written:
    return write_drafts(case.as_case, load_settings())


def test_it_returns_as_many_admissible_strategies_as_the_brief_wants_or_more() -> None:
    case = FakeCase(strategies=7)

    done = planned(case)

    assert 7 <= len(done.drafts) <= 9
    assert all(one.admissible for one in case.score(done.drafts))
    assert set(done.authors.values()) == {PLANNER}
    assert "levers" not in case.calls  # it does not read them: they would only take time
    assert (done.writer, done.completed_by_planner, done.notes, done.prompts) == (PLANNER, False, (), ())
    assert done.usage.model_calls == 0
    assert done.usage.input_tokens is None


def test_the_best_offer_of_the_frontier_is_among_them() -> None:
    case = FakeCase(strategies=1)
    best = case.sweep(limit=1)[0].draft

    drafts = planned(case).drafts

    assert (best.channel, best.offer) in [(draft.channel, draft.offer) for draft in drafts]


def test_strategies_differ_in_kind_not_only_in_percentages() -> None:
    drafts = planned(FakeCase(strategies=5)).drafts

    assert len({draft.offer.type for draft in drafts}) >= 3
    assert len({draft.channel for draft in drafts}) >= 2
    assert len({draft.message.body for draft in drafts}) == len(drafts)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_strategies_of_one_report_lead_with_different_angles(language: str) -> None:
    drafts = planned(FakeCase(strategies=5, language=language)).drafts

    angles = [angle_of(draft.message, language) for draft in drafts]
    assert len(set(angles)) >= 4
    assert "personal" in angles  # those that go to fans of the category say so
    same_channel = [
        (one, other)
        for n, one in enumerate(drafts)
        for other in drafts[:n]
        if one.channel == other.channel and too_alike(one.message, other.message, language)
    ]
    assert not same_channel


class Asked(FakeCase):
    """Customers who respond by so much more to messages that ask them something."""

    def __init__(self, more: float, **brief: Any) -> None:
        super().__init__(**brief)
        self._more = more

    def score(self, drafts: Sequence[StrategyDraft]) -> tuple[ScoredDraft, ...]:
        asked = [angle_of(one.message, "en") == "question" for one in drafts]
        return tuple(
            one.model_copy(update={"utility": one.utility * (1 + self._more * asks)})
            for one, asks in zip(super().score(drafts), asked, strict=True)
        )


@pytest.mark.parametrize(("more", "least", "most"), [(0.5, 4, 7), (0.02, 0, 3), (-0.5, 0, 0)])
def test_forecasts_decide_what_copy_leads_with_unless_little_depends_on_it(
    more: float, least: int, most: int
) -> None:
    case = Asked(more, strategies=5)

    drafts = planned(case).drafts

    asking = [angle_of(draft.message, "en") == "question" for draft in drafts]
    assert least <= sum(asking) <= most
    assert case.calls.count("score") <= 4  # the words are scored with the offers, in no call of their own
    assert len({(one.channel, one.offer) for one in drafts}) == len(drafts)


def test_a_narrower_audience_replaces_the_wider_only_where_it_is_worth_more() -> None:
    case = FakeCase(strategies=3)

    drafts = planned(case).drafts

    targeted = [draft for draft in drafts if draft.audience]
    assert targeted
    for draft in targeted:
        narrow, wide = case.score([draft, draft.model_copy(update={"audience": ()})])
        assert narrow.utility > wide.utility
        same = [other for other in drafts if (other.channel, other.offer) == (draft.channel, draft.offer)]
        assert same == [draft]


def test_offers_on_named_products_say_so_and_on_many_say_a_selection() -> None:
    def bodies(*product_ids: str) -> str:
        case = FakeCase(strategies=3, categories=[], product_ids=list(product_ids))
        return " ".join(draft.message.body for draft in planned(case).drafts)

    assert "{product}" in bodies("p1", "p2")
    assert "our selection" in bodies("p1", "p2", "p1")
    assert "next order" not in bodies("p1", "p2", "p1")


def test_it_never_leaves_the_offers_that_the_search_found() -> None:
    case = FakeCase(strategies=5)
    found = {one.draft.offer.model_dump_json() for one in case.sweep(limit=100)}

    assert {draft.offer.model_dump_json() for draft in planned(case).drafts} <= found


def test_the_same_case_gives_the_same_drafts() -> None:
    assert planned(FakeCase()).drafts == planned(FakeCase()).drafts


def test_nothing_feasible_is_nothing_written() -> None:
    done = planned(FakeCase(feasible=False))

    assert done.drafts == ()


def test_it_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Any] = []

    def refuse(*address: Any, **_: Any) -> None:
        tried.append(address)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2_canary")

    assert planned(FakeCase()).drafts
    time.sleep(0.5)  # a tracer would send from a thread of its own, a moment later
    assert tried == []


def test_a_broken_predictor_is_raised_not_called_infeasible(monkeypatch: pytest.MonkeyPatch) -> None:
    case = FakeCase()
    monkeypatch.setattr(case, "sweep", lambda **_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        planned(case)


def test_what_the_brief_demands_is_said_and_what_it_bans_is_not() -> None:
    banned = ["waiting", "thinking about", "shop now"]
    case = FakeCase(strategies=5, must_say=["Since 1998", "Family owned"], must_not_say=banned)

    drafts = planned(case).drafts

    assert len(drafts) >= 5
    for draft in drafts:
        assert "Since 1998." in draft.message.body
        assert "waiting" not in draft.message.subject


@pytest.mark.parametrize(
    ("brief", "said"),
    [
        ({"language": "de"}, "its copy is in English, de was asked for"),
        ({"language": "zh-TW"}, "writes simplified Chinese; zh-TW was asked for"),
        ({"language": "zh-Hant-HK"}, "writes simplified Chinese; zh-Hant-HK was asked for"),
        ({"language": "zh-CN"}, ""),
        ({"language": "zh-Hans-HK"}, ""),
        ({"language": "en-GB"}, ""),
        ({"tone": "like a pirate"}, "knows the tones plain, warm, playful and formal"),
        ({"tone": "professional"}, ""),
        ({"tone": " "}, ""),
        ({"notes": "Mention the new terrace."}, "does not read the brief's notes"),
    ],
)
def test_what_of_the_brief_it_cannot_heed_is_told(brief: dict[str, Any], said: str) -> None:
    notes = planned(FakeCase(**brief)).notes

    assert len(notes) == bool(said)
    assert all(said in note for note in notes)


def test_phrases_that_cost_strategies_are_named() -> None:
    case = FakeCase(must_not_say=["Off", "shipping", "terrace"])

    banned = planned(case).banned

    assert set(banned) == {"Off", "shipping"}
    note = fewer_note(case.brief, 1, banned, PLANNER)
    assert note.startswith("1 of 5 strategies")
    assert "'Off' (" in note
    assert fewer_note(case.brief, 5, banned, PLANNER) == ""
    assert planned(FakeCase()).banned == Counter()


def test_banned_words_of_the_brand_that_cost_strategies_are_named() -> None:
    brand = parse(BrandKit, {"sections": {"en": {"banned": ["off", "terrace"]}}})

    assert set(planned(FakeCase(brand=brand)).banned) == {"off"}


LONG = "Home, garden and kitchen, "


@pytest.mark.parametrize(
    ("channel", "target"),
    [
        ("email", {"product_ids": ["p1"]}),
        ("sms", {"product_ids": ["p1"]}),
        ("push", {"product_ids": ["p1"]}),
        ("email", {"category": LONG * 3}),
        ("push", {"category": LONG * 3}),
    ],
)
def test_names_too_long_for_the_channel_are_left_out(
    channel: str, target: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRODUCTS, "p1", "Stainless steel kettle with temperature control " * 12)
    case = FakeCase()
    offer = {"type": "percent_off", "value": 20}
    draft = parse(StrategyDraft, {"draft_id": "d", "channel": channel, "offer": offer, **target})
    grounds = case.grounds(draft)

    copy = write_copy(draft, case.brief, grounds)

    checks = check_copy(draft.model_copy(update={"message": copy}), case.brief, grounds)
    assert all(check.passed for check in checks), checks
    assert "our selection" in copy.body


def test_a_playful_tone_is_heard() -> None:
    def first(tone: str) -> str:
        case = FakeCase(tone=tone)
        draft = case.sweep(limit=1)[0].draft
        return write_copy(draft, case.brief, case.grounds(draft)).body

    assert "!" in first("playful, please")
    assert "!" not in first("sober")


def test_a_past_campaign_is_called_the_newest_by_its_channel_not_one_like_it() -> None:
    drafts = planned(FakeCase(strategies=5)).drafts

    by_email = [draft for draft in drafts if draft.channel == "email"]
    assert {draft.offer.type for draft in by_email} - {"percent_off"}
    for draft in by_email:
        assert "The newest campaign by this channel: winter, 20 % off." in (draft.rationale or "")
