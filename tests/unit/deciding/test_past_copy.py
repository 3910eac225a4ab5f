"""Past messages as a copy model learns from them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from copilot.deciding.past_copy import ENOUGH, past_counts
from predictors.interface import OFFER_COLUMNS

TERMS: dict[str, Any] = {
    **dict.fromkeys(OFFER_COLUMNS, float("nan")),
    "campaign_id": "K1",
    "channel": "email",
    "offer_type": "none",
    "category": None,
    "product_id": None,
    "subject": "New tea",
    "body": "Have a look.",
}


def sent(count: int, clicks: float, **terms: Any) -> list[dict[str, Any]]:
    """So many exposures, the first of them clicked; NaN = nothing was recorded."""
    known = clicks == clicks
    return [{**TERMS, **terms, "clicked": float(n < clicks) if known else float("nan")} for n in range(count)]


def counted(*arms: list[dict[str, Any]]) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """The counts, and what expectations were asked for: channel and customers."""
    exposures = pd.DataFrame([row for arm in arms for row in arm])
    attributes = pd.DataFrame({"row": range(len(exposures))}, index=exposures.index)
    asked = []

    def expect(some: pd.DataFrame, people: pd.DataFrame) -> float:
        assert list(some.index) == list(people["row"])
        asked.append((some["channel"].iloc[0], len(some)))
        return 0.25

    return past_counts(exposures, attributes, expect), asked


def test_an_arm_is_a_campaigns_messages_of_one_channel_the_same_terms_and_words() -> None:
    found, _ = counted(
        sent(40, 10),
        sent(30, 3, channel="sms"),
        sent(50, 5, offer_type="percent_off", offer_value=10.0),
        sent(60, 0, subject="", body="Boring\ntea"),
        sent(25, 1, campaign_id="K2"),
    )
    rows = found.sort_values("impressions", ascending=False).to_dict("records")
    assert rows == [
        {"test_id": "K1", "text": "Boring tea", "impressions": 60, "clicks": 0, "expected": 0.25},
        {"test_id": "K1", "text": "New tea", "impressions": 50, "clicks": 5, "expected": 0.25},
        {"test_id": "K1", "text": "New tea", "impressions": 40, "clicks": 10, "expected": 0.25},
        {"test_id": "K1", "text": "New tea", "impressions": 30, "clicks": 3, "expected": 0.25},
        {"test_id": "K2", "text": "New tea", "impressions": 25, "clicks": 1, "expected": 0.25},
    ]


@pytest.mark.parametrize(
    "nothing",
    [
        sent(100, 0, channel="holdout"),
        sent(100, float("nan"), subject="Never recorded"),
        sent(100, 9, subject="", body=" "),
        sent(19, 9, subject="For Anna alone"),
    ],
)
def test_what_teaches_nothing_is_left_out(nothing: list[dict[str, Any]]) -> None:
    found, _ = counted(nothing, sent(40, 10))
    assert found["text"].tolist() == ["New tea"]
    assert counted(nothing)[0].empty


def test_only_those_whose_clicks_were_recorded_count() -> None:
    found, asked = counted(sent(30, float("nan")), sent(40, 10))
    assert found[["impressions", "clicks"]].to_numpy().tolist() == [[40, 10]]
    assert asked == [("email", 40)]


def test_of_a_large_arm_some_customers_stand_for_all() -> None:
    found, asked = counted(sent(2 * ENOUGH + 1, 7))
    assert asked == [("email", 1334)]  # every third
    assert found["impressions"].tolist() == [2 * ENOUGH + 1]
