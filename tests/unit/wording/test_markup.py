"""A message is plain text: what its reader would see as code is refused with its place."""

from __future__ import annotations

import time
from datetime import date

import pytest

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.wording import Grounds, check_copy
from copilot.wording.markup import markup
from copilot.wording.proofreading import proofread


def refusal(body: str, *, language: str = "en") -> str | None:
    data = {"draft_id": "d", "channel": "email", "offer": {"type": "none"}, "product_ids": ["p1"]}
    draft = parse(StrategyDraft, {**data, "copy": {"subject": "News", "body": body}})
    named = Grounds("EUR", ("Tee <slim>",))
    checks = check_copy(draft, parse(CampaignBrief, {"language": language}), named)
    return next((one.message for one in checks if one.rule == "copy_markup" and not one.passed), None)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("It is <b>soft</b>.", "tag", "<b>"), ("Soft</b> wool", "tag", "</b>"),
        ("Wool<br/>Silk", "tag", "<br/>"),
        ('See <a href="x">wool</a>', "tag", '<a href="x">'), ("<!-- later --> Wool", "tag", "<!--"),
        ("Dear <first_name>,", "tag", "<first_name>"), ("<b>{product}</b>", "tag", "<b>"),
        ("＜b＞ Wool", "tag", "＜b＞"), ("<\u200bb> Wool", "tag", "<\u200bb>"),
        ("纯棉<strong>透气</strong>", "tag", "<strong>"),
        ("w&#111;&#111;l", "entity", "&#111;"), ("w&#x6f;ol", "entity", "&#x6f;"),
        ("Wool &amp; silk", "entity", "&amp;"),
        ("Wool&nbsp;and silk", "entity", "&nbsp;"), ("棉&middot;麻", "entity", "&middot;"),
        ("Our **softest** wool", "Markdown", "**softest**"), ("Our __soft__ wool", "Markdown", "__soft__"),
        ("**新品**上架", "Markdown", "**新品**"),
        ("Now **{product}** off", "Markdown", "**{product}**"),
        ("[Have a look](#wool)", "Markdown", "[Have a look](#wool)"),
        ("w\x01ool", "control character", "U+0001"), ("wool\x7f", "control character", "U+007F"),
        ("wo\x85ol", "control character", "U+0085"), ("\u202eloow", "control character", "U+202E"),
    ],
)  # fmt: skip
def test_what_is_meant_for_a_machine_is_told_with_its_place(text: str, kind: str, words: str) -> None:
    found = next(markup(text))
    message = refusal(text, language="en" if text.isascii() else "zh")

    assert (found.kind, found.words) == (kind, words)
    assert message is not None
    assert message.startswith(f"copy.body, character {(found.at or 0) + 1}: {kind} ")


@pytest.mark.parametrize(
    "text",
    [
        "I <3 wool", "a < b and c > d", "wool <-> silk", "Soft > warm > kind", "Wool & silk",
        "Tom &Jerry; friends",
        "Socks & shoes; gloves & hats;",
        "R&D; and then some", "*** NEW ***", "Wool** and silk\n**of our own farm",
        "Name: ____ and ____", "snake__case__here", "Wool [undyed] (from our farm)",
        "Tab\tand\r\nline\n",
        "Happy 🏳️‍🌈 👨‍👩‍👧 days", "schö\u00adne Wolle", "من \u200eWool\u200f", "纯棉《透气》系列",
        "「棉」<3「麻」",
        "Tee <slim> is back",
    ],
)  # fmt: skip
def test_signs_that_people_write_may_stand(text: str) -> None:
    assert refusal(text) is None


def test_a_text_by_itself_is_read_for_it_too() -> None:
    (slot,) = (one for one in proofread("Now **{discount}** off", "en", day=date(2026, 3, 1)))
    assert (slot.kind, slot.words) == ("Markdown", "**{discount}**")

    found = proofread("Our <b>softest</b> wool", "en", day=date(2026, 3, 1))

    assert [(one.rule, one.words) for one in found] == [("copy_markup", "<b>"), ("copy_markup", "</b>")]


@pytest.mark.parametrize(
    "part", ["<", "<a ", "&", "&a", "**", "**a", "__a", "[", "[a](", "\x01", "<a\n", "*a*"]
)
def test_a_long_hostile_text_takes_milliseconds(part: str) -> None:
    begun = time.process_time()
    list(markup((part * 5_000)[:5_000]))

    assert time.process_time() - begun < 0.2
