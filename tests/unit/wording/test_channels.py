"""Copy against its channel: what is refused, what is only told, and what may well be sent."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.domain.brief import CHANNELS
from copilot.domain.report import Check
from copilot.wording import Grounds, check_copy
from copilot.wording.advice import advice
from copilot.wording.counting import length
from copilot.wording.limits import Limit, channel_rules, opt_out

DOCS = Path(__file__).resolve().parents[3] / "docs" / "channels.md"
END = " Reply STOP to opt out."


def checked(
    channel: str, *, language: str = "en", product: str = "Serum", follow_ups: Any = (), **copy: str
) -> Check:
    data = {
        "draft_id": "d",
        "channel": channel,
        "product_ids": ["p1"],
        "offer": {"type": "percent_off", "value": 20},
        "copy": copy,
        "plan": {"follow_ups": list(follow_ups)},
    }
    brief = parse(CampaignBrief, {"language": language})
    found = check_copy(parse(StrategyDraft, data), brief, Grounds("EUR", (product,)))
    return next(check for check in found if check.rule == "copy_channel")


def refused(channel: str, **copy: Any) -> str:
    check = checked(channel, **copy)
    assert not check.passed
    return check.message


def told(channel: str, **copy: Any) -> str:
    check = checked(channel, **copy)
    assert check.passed, check.message
    return advice([check])


@pytest.mark.parametrize(
    ("text", "narrow", "wide"),
    [
        ("", 0, 0),
        ("Hello", 5, 5),
        ("Crème brûlée", 12, 12),
        ("Cre\u0300me bru\u0302le\u0301e", 12, 12),
        ("新品上市", 4, 8),
        ("ＡＢ", 2, 4),
        ("❤️", 1, 1),
        ("👍🏽", 1, 2),
        ("👩‍👩‍👧", 1, 2),
        ("🇩🇪🇨🇳", 2, 4),
        ("소식", 2, 4),
        ("a\u200bb\ufeff", 2, 2),
        ("नमस्ते", 4, 4),
    ],
)
def test_characters_are_counted_as_a_reader_counts_them(text: str, narrow: int, wide: int) -> None:
    assert (length(text), length(text, wide=True)) == (narrow, wide)


GOOD = [
    (
        "email",
        "en",
        {
            "subject": "A little something for your bathroom shelf",
            "body": "Hello,\n\nyou get {discount} off.",
        },
    ),
    (
        "email",
        "zh",
        {"subject": "给您的护肤小心意：立减{discount}", "body": "您好：\n\n{product}立减{discount}。"},
    ),
    ("sms", "en", {"body": "Hi! {discount} off {product} for you." + END}),
    ("sms", "en", {"body": "{discount} off {product}. Text STOP to end."}),
    ("sms", "en", {"body": "{discount} off {product}. To unsubscribe reply NO"}),
    ("sms", "en", {"body": "{discount} off {product}. Opt-out: STOP"}),
    ("sms", "zh", {"body": "【花店】{product}立减{discount}，快来看看。拒收请回复R"}),
    ("sms", "zh", {"body": "【花店】{product}立减{discount}。回T退订"}),
    ("sms", "zh", {"body": "【花店】{product}立减{discount}。如需退订，请回复TD"}),
    ("sms", "zh", {"body": "【花店】{product}立减{discount}。退订回0"}),
    ("sms", "zh", {"body": "【花店】{product}立减{discount} 拒收R"}),
    ("sms", "zh", {"body": "【花店】{product}立减{discount}。TD退订"}),
    ("sms", "zh", {"body": "【花店】{product}立减{discount}。回复“R”拒收"}),
    ("sms", "zh", {"body": "【花店】{product}立减{discount}。不再接收请回复N"}),
    ("sms", "zh-TW", {"body": "{product}立減{discount}，退訂請回覆TD"}),
    ("sms", "de", {"body": "{discount} auf {product}. Abmelden: STOP"}),
    ("sms", "de", {"body": "{discount} auf {product}. Keine SMS mehr? Antworte STOPP"}),
    ("sms", "fr", {"body": "{discount} sur {product}. STOP SMS au numéro court"}),
    ("sms", "es", {"body": "{discount} en {product}. Para darte de baja responde BAJA"}),
    ("sms", "it", {"body": "{discount} su {product}. Per non ricevere altri SMS rispondi STOP"}),
    ("sms", "nl", {"body": "{discount} op {product}. Afmelden? Sms STOP"}),
    ("sms", "pt", {"body": "{discount} em {product}. Para sair responda SAIR"}),
    ("sms", "fi", {"body": "{discount} {product}. Peruuta: STOP"}),
    (
        "push",
        "en",
        {"subject": "{discount} off {product}", "body": "Just for app users.", "call_to_action": "Look"},
    ),
    ("push", "en", {"body": "Your favourite is back."}),
    ("push", "zh", {"subject": "{product}立减{discount}", "body": "今天的小惊喜，点开看看。"}),
    (
        "onsite",
        "en",
        {"subject": "{discount} off", "body": "On {product}, in your basket.", "call_to_action": "Shop"},
    ),
    (
        "ads",
        "en",
        {
            "subject": "{discount} off {product}",
            "body": "Gentle care for every day.",
            "call_to_action": "Shop now",
        },
    ),
    ("ads", "zh", {"subject": "{product}立减{discount}", "body": "温和护肤，每天都舒服。"}),
    ("ads", "en", {"body": "Gentle care for every day, and {discount} off."}),
]


@pytest.mark.parametrize(("channel", "language", "copy"), GOOD)
def test_a_message_that_a_marketer_would_send_passes(
    channel: str, language: str, copy: dict[str, str]
) -> None:
    check = checked(channel, language=language, **copy)

    assert check.passed, check.message


REFUSED = [
    ("email", {"body": "Hi"}, "copy.subject: expected text, received nothing; email needs it"),
    ("email", {"subject": "Hi"}, "copy.body: expected text"),
    (
        "email",
        {"subject": "x" * 74, "body": "Hi"},
        "copy.subject: 74 characters as the customer reads it; at most 60 (",
    ),
    ("email", {"subject": "新" * 31, "body": "Hi"}, "copy.subject: 62 characters"),
    ("email", {"subject": "Hi", "body": "Hi", "call_to_action": "x" * 51}, "copy.call_to_action: 51"),
    ("sms", {"subject": "Hi", "body": "Hi." + END}, "copy.subject: sms does not show it; say it in the body"),
    ("sms", {"body": "Stop by our shop, it is the end of the row"}, "add 'Reply STOP to opt out.'"),
    ("sms", {"body": "STOP scrolling! {discount} off"}, "how to get no more of them"),
    ("sms", {"body": "{discount} off", "language": "zh"}, "add '拒收请回复R'"),
    ("sms", {"body": "拒收骚扰，安心购物", "language": "zh"}, "add '拒收请回复R'"),
    ("sms", {"body": "下单后三日内可退订，回头客更优惠", "language": "zh"}, "add '拒收请回复R'"),
    ("sms", {"body": "拒收骚扰，回复满意度问卷", "language": "zh"}, "add '拒收请回复R'"),
    ("sms", {"body": "Precios de baja temporada", "language": "es"}, "add 'Baja: responde STOP'"),
    ("sms", {"body": "{discount}", "language": "fi"}, "add 'STOP'"),
    ("sms", {"body": "x" * 450 + END}, "copy.body: 4 SMS segments of GSM-7; at most 3"),
    ("sms", {"body": "’" + "x" * 200 + END}, "4 SMS segments of UCS-2 because of '’'; at most 3"),
    ("push", {"body": "Hi", "preheader": "Hi"}, "copy.preheader: push does not show it"),
    ("push", {"subject": "x" * 66, "body": "Hi"}, "at most 65"),
    ("push", {"body": "新" * 121}, "copy.body: 242 characters"),
    ("onsite", {"body": "x" * 301}, "at most 300"),
    ("ads", {"subject": "x" * 201, "body": "Hi"}, "at most 200 on ads"),
]


@pytest.mark.parametrize(("channel", "copy", "expected"), REFUSED)
def test_what_does_not_fit_is_refused_by_place_with_what_would(
    channel: str, copy: dict[str, str], expected: str
) -> None:
    assert expected in refused(channel, **copy)


def test_lengths_are_those_of_the_message_as_the_customer_reads_it() -> None:
    subject = "{discount} off {product}"

    assert told("email", subject=subject, body="Hi") == ""
    assert "copy.subject: 68 characters" in refused("email", subject=subject, body="Hi", product="x" * 60)
    assert "better 50: phones show the first 33 to 48" in told(
        "email", subject=subject, body="Hi", product="x" * 45
    )


def test_a_name_can_push_a_text_message_over_a_segment() -> None:
    body = "x" * 120 + " {product}" + END

    assert told("sms", body=body) == "copy.body: 1 SMS segment of GSM-7, room for 11 more"
    assert told("sms", body=body, product="Serum Nº 20") == (
        "copy.body: 3 SMS segments of UCS-2 because of 'º', room for 46 more; "
        "each is billed as a message, forecasts count one"
    )


def test_a_follow_up_is_held_to_the_limits_of_its_own_channel() -> None:
    late = {"after_days": 2, "channel": "sms", "copy": {"subject": "Hi", "body": "Still there"}}

    message = refused("email", subject="x" * 61, body="Hi", follow_ups=[late])

    assert "copy.subject: 61" in message
    assert "plan.follow_ups.0.copy.subject: sms does not show it" in message
    assert "plan.follow_ups.0.copy.body: does not say how" in message


def test_a_follow_up_by_text_message_is_counted_as_it_is_sent() -> None:
    late = {"after_days": 2, "channel": "sms", "copy": {"body": "{discount} Rabatt. Antworten Sie mit STOP."}}

    advised = told("email", language="de", subject="Hallo", body="Hallo", follow_ups=[late])

    assert advised.startswith("plan.follow_ups.0.copy.body: 1 SMS segment of GSM-7, ")


def test_a_follow_up_without_words_yet_is_not_held_against_the_draft() -> None:
    assert told("email", subject="Hi", body="Hi", follow_ups=[{"after_days": 2, "channel": "sms"}]) == ""


def test_each_ad_platform_has_its_say_and_one_is_enough() -> None:
    short = told("ads", subject="Serum, {discount} off", body="Gentle care.")
    long = told("ads", subject="x" * 41, body="x" * 130)
    chinese = told("ads", subject="新" * 16, body="新" * 45)

    assert short == "copy: taken by Google Ads, Microsoft Advertising, Meta, LinkedIn, TikTok"
    assert long.startswith("copy: taken by Meta, LinkedIn; not by Google Ads, Microsoft Advertising (")
    assert "(headline 41 of 30 characters, description 130 of 90 characters)" in long
    assert "Meta may cut it (headline 41 of 40 characters, description 130 of 125 characters)" in long
    assert "Google Ads, Microsoft Advertising (headline 32 of 30 characters)" in chinese
    assert "not by Google Ads, Microsoft Advertising (no subject)" in told("ads", body="Gentle care.")


def test_no_ad_is_refused_that_a_platform_takes() -> None:
    ads = channel_rules()["ads"]
    for name in ("subject", "body"):
        widest = max(one.fields[name].hard or 0 for one in ads.platforms if name in one.fields)
        assert ads.fields[name].hard == widest


def test_a_message_longer_than_a_field_once_filled_is_shown_and_refused() -> None:
    assert "at most 5000" in refused("email", subject="Hi", body="{product} " * 500, product="A long name")


@pytest.mark.parametrize("text", ["stop " * 1000, "to stop " * 600, "opt " * 1250, "回T" * 1600, "a" * 5000])
@pytest.mark.parametrize("language", ["en", "zh", "de", "es", "pt"])
def test_a_long_text_is_searched_for_a_way_out_in_milliseconds(text: str, language: str) -> None:
    way = opt_out(language)
    begun = time.perf_counter()
    way.told_in(text)
    assert time.perf_counter() - begun < 0.05


def test_what_a_language_suggests_to_opt_out_is_understood_in_it() -> None:
    for language in ("en", "zh", "de", "fr", "es", "it", "nl", "pt", "pl"):
        assert opt_out(language).told_in(f"News for you. {opt_out(language).such_as}"), language


def all_limits() -> list[tuple[str, str, Limit]]:
    """Channel or platform, field, limit: each row of the table in the docs."""
    found = []
    for channel in channel_rules().values():
        places = [(channel.name, channel.fields)]
        places += [(f"{channel.name}: {one.name}", one.fields) for one in channel.platforms]
        found += [(place, name, limit) for place, fields in places for name, limit in fields.items()]
    return found


def test_every_channel_has_limits_and_every_limit_its_source() -> None:
    assert tuple(channel_rules()) == CHANNELS
    for place, name, limit in all_limits():
        assert limit.source, (place, name)
        assert limit.hard or limit.advised, (place, name)
        assert not (limit.hard and limit.advised) or limit.advised < limit.hard
        assert limit.note or not limit.advised or ":" in place
        assert limit.source.startswith("house") or re.search(r"\b20\d\d\b|undated|3GPP|widest", limit.source)


def row(place: str, name: str, limit: Limit) -> str:
    """A row of the table in docs/channels.md."""
    unit = " segments" if limit.unit == "segments" else ", wide ones two" if limit.wide else ""
    hard = f"{limit.hard}{unit}" if limit.hard else ""
    advised = f"{limit.advised}{unit}{': ' + limit.note if limit.note else ''}" if limit.advised else ""
    return f"| {place} | `{name}`, {limit.called} | {hard} | {advised} | {limit.source} |"


def test_the_table_in_the_docs_is_the_data() -> None:
    text = DOCS.read_text(encoding="utf-8")
    table = [line for line in text.splitlines() if re.match(r"\| (?:email|sms|push|onsite|ads)\b", line)]

    assert table == [row(*one) for one in all_limits()]
    assert opt_out("en").source in text
