"""The text form of an audience: written, read again, and never evaluated."""

from __future__ import annotations

import builtins
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain import CampaignBrief, Condition, format_audience, parse, parse_audience
from copilot.errors import InvalidInput

names = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
words = st.from_regex(r"[A-Za-z][A-Za-z0-9_ &'.-]{0,15}[A-Za-z]", fullmatch=True)
numbers = st.integers(-(10**15), 10**15) | st.floats(-1e9, 1e9).map(lambda value: value + 0.0)
values = words | numbers


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    operator = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "in", "not_in", "is_null", "not_null"]))
    value: Any = None
    if operator in ("in", "not_in"):
        value = tuple(draw(st.lists(values, min_size=1, max_size=4)))
    elif "null" not in operator:
        value = draw(values)
    return Condition(attribute=draw(names), operator=operator, value=value)


@given(st.lists(conditions(), max_size=4).map(tuple))
def test_what_is_written_is_read_again(audience: tuple[Condition, ...]) -> None:
    assert parse_audience(format_audience(audience)) == audience


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" ; ", []),
        ("loyalty_tier in gold|silver; orders_90d >= 1", [("in", ("gold", "silver")), (">=", 1)]),
        ("share>=.5", [(">=", 0.5)]),
        ("zone = 007", [("=", "007")]),
        ("phone_prefix in +49|+1", [("in", ("+49", "+1"))]),
        ("balance < -12.50", [("<", -12.5)]),
        ("city = New York", [("=", "New York")]),
        ("origin = is_null", [("=", "is_null")]),
        ("in in in|not_in", [("in", ("in", "not_in"))]),
        ("last_order is_null", [("is_null", None)]),
        ("signed_up_on >= 2024-01-01", [(">=", "2024-01-01")]),
        ("rate = 1e5", [("=", "1e5")]),
        ("number = 12345678901234567890", [("=", "12345678901234567890")]),
    ],
)
def test_text_is_read_as_people_mean_it(text: str, expected: list[tuple[str, Any]]) -> None:
    assert [(found.operator, found.value) for found in parse_audience(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "gold",
        "tier ~ gold",
        "tier in",
        "tier in gold||silver",
        "= gold",
        "tier is_null 3",
        "tier ==",
        "tier == gold",
        "age =< 5",
    ],
)
def test_text_that_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(CampaignBrief, {"audience": text})
    assert "audience" in str(caught.value)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"operator": "in", "value": "gold"}, "a list of values with in"),
        ({"operator": "in", "value": []}, "a list of values with in"),
        ({"operator": "="}, "one value with ="),
        ({"operator": "=", "value": ["gold"]}, "one value with ="),
        ({"operator": "is_null", "value": 1}, "no value with is_null"),
        ({"operator": "=", "value": 10**400}, "at most 15 digits"),
        ({"operator": "=", "value": float("nan")}, "a finite number"),
        ({"operator": "in", "value": [1, float("inf")]}, "a finite number"),
        ({"operator": "=", "value": {"a": 1}}, "a number, a text or a list"),
        ({"operator": "in", "value": [None]}, "a number, a text or a list"),
        ({"operator": "=", "value": " "}, "not empty"),
    ],
)
def test_a_value_that_does_not_fit_its_operator_is_refused(condition: dict[str, Any], expected: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(CampaignBrief, {"audience": [{"attribute": "tier", **condition}]})
    assert caught.value.field == "audience.0.value"
    assert expected in caught.value.expected


def test_reading_an_audience_evaluates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("evaluated")

    for name in ("eval", "exec", "compile"):
        monkeypatch.setattr(builtins, name, forbidden)
    text = "__import__('os').getcwd() = {0.__class__}; orders_90d in __builtins__|`id`|$(id)"
    assert [found.value for found in parse_audience(text)] == [
        "{0.__class__}",
        ("__builtins__", "`id`", "$(id)"),
    ]
