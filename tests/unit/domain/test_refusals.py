"""What never becomes a noun, and that the refusal names the field, what was expected and what came."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.errors import InvalidInput

HUGE = 10**400


def draft(**offer: Any) -> dict[str, Any]:
    terms = {"type": "percent_off", "value": 15} | offer
    return {"draft_id": "d1", "channel": "email", "offer": terms}


def refusal(noun: Any, data: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        parse(noun, data)
    assert caught.value.expected
    assert len(str(caught.value)) < 400, "no input floods a message"
    return caught.value


@pytest.mark.parametrize(
    ("offer", "field", "expected", "received"),
    [
        ({"value": 250}, "offer.value", "less than or equal to 100", "250"),
        ({"value": 0}, "offer.value", "greater than 0", "0"),
        ({"value": -5}, "offer.value", "greater than 0", "-5"),
        ({"value": math.nan}, "offer.value", "a finite number", "nan"),
        ({"value": math.inf}, "offer.value", "a finite number", "inf"),
        ({"value": HUGE}, "offer.value", "at most 15 digits", "an integer of about 400 digits"),
        ({"value": Decimal("sNaN")}, "offer.value", "a finite number", "sNaN"),
        ({"value": Decimal("1e9999999")}, "offer.value", "at most 15 digits", "1E+9999999"),
        ({"value": "15"}, "offer.value", "a number", "'15'"),
        ({"value": True}, "offer.value", "a number", "True"),
        ({"value": None}, "offer.value", "a number", "None"),
        ({"min_spend": -1}, "offer.min_spend", "greater than or equal to 0", "-1"),
        ({"min_spend": False}, "offer.min_spend", "a number", "False"),
        ({"min_spend": math.nan}, "offer.min_spend", "a finite number", "nan"),
        ({"max_discount": HUGE}, "offer.max_discount", "at most 15 digits", "400 digits"),
        ({"valid_days": 0}, "offer.valid_days", "greater than or equal to 1", "0"),
        ({"valid_days": 1.5}, "offer.valid_days", "a whole number", "1.5"),
        ({"valid_days": HUGE}, "offer.valid_days", "at most 15 digits", "400 digits"),
        ({"stackable": "yes"}, "offer.stackable", "a valid boolean", "'yes'"),
        ({"buy_quantity": 2}, "offer.buy_quantity", "None", "2"),
        ({"code": "two words"}, "offer.code", "pattern", "'two words'"),
        ({"colour": "red"}, "offer.colour", "no field of this name", "'red'"),
        ({"type": "amount_off", "value": 50, "min_spend": 40}, "offer.value", "at most min_spend (40)", "50"),
        ({"type": "amount_off", "value": -5}, "offer.value", "greater than 0", "-5"),
        ({"type": "fixed_price", "value": -5}, "offer.value", "greater than 0", "-5"),
        ({"type": "free_shipping", "value": 5}, "offer.value", "None", "5"),
        ({"type": "half_off"}, "offer.type", "one of 'none', 'percent_off'", "'half_off'"),
        ({"type": ["gift"]}, "offer.type", "one of 'none', 'percent_off'", "['gift']"),
    ],
)
def test_an_offer_that_cannot_be_is_refused(
    offer: dict[str, Any], field: str, expected: str, received: str
) -> None:
    error = refusal(StrategyDraft, draft(**offer))
    assert error.field == field
    assert expected in error.expected
    assert received in error.received


@pytest.mark.parametrize(
    ("data", "field", "received"),
    [
        ({"channel": "email", "offer": {"type": "none"}}, "draft_id", "'nothing'"),
        ({"draft_id": "d1", "channel": "email"}, "offer", "'nothing'"),
        ({"draft_id": "d1", "channel": "email", "offer": {"value": 5}}, "offer.type", "'nothing'"),
        (
            {"draft_id": "d1", "channel": "email", "offer": {"type": "percent_off"}},
            "offer.value",
            "'nothing'",
        ),
        ({"draft_id": "d1", "channel": "email", "offer": None}, "offer", "None"),
        ({"draft_id": "d1", "channel": "holdout", "offer": {"type": "none"}}, "channel", "'holdout'"),
        (draft() | {"audience_limit": 0}, "audience_limit", "0"),
        (draft() | {"audience_limit": True}, "audience_limit", "True"),
        (draft() | {"plan": {"send_hour": 24}}, "plan.send_hour", "24"),
        (draft() | {"plan": {"follow_ups": [{"after_days": 3}]}}, "plan.follow_ups.0.channel", "'nothing'"),
        (draft() | {"copy": {"subject": "\ud800"}}, "copy.subject", "'\\ud800'"),
        (draft() | {"ctr": 0.04}, "ctr", "0.04"),
        (draft() | {7: 1}, "7", "7"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(data: Any, field: str, received: str) -> None:
    error = refusal(StrategyDraft, data)
    assert (error.field, error.received) == (field, received)


@pytest.mark.parametrize(
    ("data", "field", "expected"),
    [
        ({"budget": -1}, "budget", "greater than or equal to 0"),
        ({"budget": HUGE}, "budget", "at most 15 digits"),
        ({"budget": 1e308}, "budget", "at most 15 digits"),
        ({"max_discount_percent": 250}, "max_discount_percent", "less than or equal to 100"),
        ({"min_margin_percent": 101}, "min_margin_percent", "less than or equal to 100"),
        ({"min_roi": math.inf}, "min_roi", "a finite number"),
        ({"unit_profit": -1}, "unit_profit", "greater than or equal to 0"),
        ({"strategies": 0}, "strategies", "greater than or equal to 1"),
        ({"strategies": 21}, "strategies", "less than or equal to 20"),
        ({"strategies": math.nan}, "strategies", "a finite number"),
        ({"objective": "fame"}, "objective", "'profit', 'revenue', 'conversion' or 'clicks'"),
        ({"categories": "beauty"}, "categories", "a list"),
        ({"language": "English"}, "language", "pattern"),
        ({"brief_id": 7}, "brief_id", "text"),
        ({"buget": 5}, "buget", "no field of this name"),
    ],
)
def test_a_brief_that_cannot_be_is_refused(data: Any, field: str, expected: str) -> None:
    error = refusal(CampaignBrief, data)
    assert error.field == field
    assert expected in error.expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("<b>hi</b>", "plain text without tags; leave <b> out"),
        ("Hello<br/>", "plain text without tags; leave <br/> out"),
        ("<a href='https://shop.example'>here</a>", "plain text without tags"),
        ("hi <!-- you -->", "plain text without tags; leave <!-- out"),
        ("Save {discount} now", "slots are not filled here, leave {discount} out"),
        ("立减｛discount｝", "slots are not filled here, leave ｛discount｝ out"),
    ],
)
def test_what_must_be_said_is_plain_text_without_slots(phrase: str, expected: str) -> None:
    error = refusal(CampaignBrief, {"must_say": ["Welcome", phrase]})

    assert error.field == "must_say"
    assert expected in error.expected
    assert phrase in error.received


@pytest.mark.parametrize(
    "phrase", ["We <3 lamps", "a < b > c", "Terms & conditions", "20 % off", "立减《灯》"]
)
def test_signs_in_what_must_be_said_are_no_markup(phrase: str) -> None:
    assert parse(CampaignBrief, {"must_say": [phrase]}).must_say == (phrase,)


@pytest.mark.parametrize("noun", ["brief", "plan"])
def test_an_end_before_its_start_is_refused(noun: str) -> None:
    window = {"starts_on": "2024-05-02", "ends_on": "2024-05-01"}
    if noun == "brief":
        error = refusal(CampaignBrief, window)
    else:
        error = refusal(StrategyDraft, draft() | {"plan": window})
    assert error.field.endswith("ends_on")
    assert error.expected == "a date not before starts_on (2024-05-02)"
    assert error.received == "'2024-05-01'"


@pytest.mark.parametrize(
    "value", [20240501, "1714521600", 1.7e9, True, "soon", "2024-05-01T10:00", "2024-13-01", "0001-01-01", []]
)
def test_what_is_no_day_is_refused(value: Any) -> None:
    error = refusal(CampaignBrief, {"starts_on": value})
    assert error.field == "starts_on"
    assert error.expected.startswith("a date")


@pytest.mark.parametrize(
    "value", ["2024-05-01", "2024-05-01T00:00:00", date(2024, 5, 1), datetime(2024, 5, 1)]
)
def test_a_day_is_read_from_any_of_its_forms(value: Any) -> None:
    assert parse(CampaignBrief, {"starts_on": value}).starts_on == date(2024, 5, 1)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "7", '{"budget": NaN}', '{"budget": -Infinity}', '{"budget": 1e999}'],
)
def test_text_that_is_no_object_is_refused(text: str) -> None:
    refusal(CampaignBrief, text)


def test_text_too_deep_or_too_long_is_refused() -> None:
    refusal(CampaignBrief, "[" * 100_000)
    refusal(CampaignBrief, '{"budget": ' + "9" * 5_000 + "}")


@pytest.mark.parametrize("value", [7, None, [], ("a",), object()])
def test_what_is_no_object_is_refused(value: Any) -> None:
    assert refusal(CampaignBrief, value).expected == "an object"


def test_a_noun_cannot_be_changed() -> None:
    brief = parse(CampaignBrief, {"budget": 100})
    with pytest.raises(ValueError, match="frozen"):
        brief.budget = Decimal(-1)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(HUGE) | st.just(-HUGE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(CampaignBrief.model_fields, anything)))
def test_whatever_comes_a_brief_is_sound_or_refused(data: dict[str, Any]) -> None:
    try:
        brief = parse(CampaignBrief, data)
    except InvalidInput:
        return
    assert parse(CampaignBrief, strictly(brief.model_dump_json())) == brief
    assert brief.starts_on is None or brief.ends_on is None or brief.starts_on <= brief.ends_on


TERMS = ("value", "min_spend", "max_discount", "valid_days", "buy_quantity", "get_quantity", "limit_total")


@given(
    kind=st.sampled_from(["none", "percent_off", "amount_off", "free_shipping", "buy_x_get_y", "gift", "x"]),
    terms=st.fixed_dictionaries({}, optional=dict.fromkeys(TERMS, anything)),
)
def test_whatever_comes_an_offer_is_sound_or_refused(kind: str, terms: dict[str, Any]) -> None:
    try:
        offer = parse(StrategyDraft, draft() | {"offer": {"type": kind, **terms}}).offer
    except InvalidInput:
        return
    numbers = [getattr(offer, name) for name in TERMS if getattr(offer, name) is not None]
    assert all(0 < number <= 10**15 for number in numbers)
    assert offer.type != "percent_off" or offer.value <= 100


def strictly(text: str) -> dict[str, Any]:
    """Read JSON that holds no NaN or infinity."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in JSON")

    read: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return read
