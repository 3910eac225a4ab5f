"""What a priors file may say, and what becomes of it."""

from __future__ import annotations

from importlib import resources

import pytest

from predictors.effect.priors import load_priors
from predictors.interface import UnusablePriors

SHIPPED = resources.files("predictors.effect").joinpath("priors.toml").read_text(encoding="utf-8")


def test_every_shipped_assumption_states_its_source_and_lies_in_its_range() -> None:
    priors = load_priors()
    assert {one.figure for one in priors.assumptions} == {"conversion", "order_value", "clicks", "redemption"}
    for one in priors.assumptions:
        assert one.low < one.value < one.high
        assert len(one.source) > 30


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value = 1.5", "value = 2.6", r"message and orders: expected 0 < low < value < high"),
        ("value = 1.5", 'value = "much"', r"message and orders: value: expected a number, received much"),
        ("value = 1.5", "worth = 1.5", r"message and orders: expected the key value"),
        ("value = 0.5\n", "value = 0.5\nhigh_ = 2\n", r"redemption: expected keys among .* received high_"),
        ("high = 0.85", "high = 1.2", r"redemption: expected 0 < low < value < high < 1"),
        (
            'figure = "clicks"',
            'figure = "opens"',
            r"clicks by e-mail: figure: expected one of .* received opens",
        ),
        ("percent = 10 }", "percent = 0 }", r"10 % off and orders: offer: percent: expected above 0"),
        ('{ type = "none" }', '{ kind = "none" }', r"message and orders: offer: expected a table of"),
        ('{ type = "none" }', '{ type = "gift" }', r"type: expected none or percent_off, received gift"),
        ('compared_with = "nothing"', "", r"message and orders: compared_with: expected"),
        ('name = "redemption"', 'name = "message and orders"', r"expected a name of its own"),
        ("[[assumption]]", "[[assumptions]]", r"the file: expected entries"),
        ("value = 1.5", "value = ", r"the file: expected TOML"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(old: str, new: str, said: str) -> None:
    assert old in SHIPPED
    with pytest.raises(UnusablePriors, match=said):
        load_priors(SHIPPED.replace(old, new, 1))


@pytest.mark.parametrize(
    ("kept", "said"),
    [("message and orders", "compares percent_off"), ("10 % off and orders", 'compared with "nothing"')],
)
def test_a_file_that_leaves_the_response_open_is_refused(kept: str, said: str) -> None:
    head, *entries = SHIPPED.split("[[assumption]]")
    of_orders = [one for one in entries if 'figure = "conversion"' in one]
    others = [one for one in entries if one not in of_orders]
    chosen = [one for one in of_orders if f'name = "{kept}"' in one]
    with pytest.raises(UnusablePriors, match=said):
        load_priors("[[assumption]]".join([head, *others, *chosen]))


def test_a_file_that_is_silent_on_a_figure_is_refused() -> None:
    first = SHIPPED.index("[[assumption]]")
    second = SHIPPED.index("[[assumption]]", first + 1)
    with pytest.raises(UnusablePriors, match="order_value: expected at least one assumption"):
        load_priors(SHIPPED[first:second])


def test_a_larger_discount_that_sells_less_is_refused() -> None:
    head, *entries = SHIPPED.split("[[assumption]]")
    changed = [one.replace("value = 2.1", "value = 1.1") for one in entries]
    assert changed != entries
    with pytest.raises(UnusablePriors, match=r"30 % off and orders: value: expected at least 1\.3"):
        load_priors("[[assumption]]".join([head, *changed]))
