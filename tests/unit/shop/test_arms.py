"""Past campaigns arm by arm: what is over counts, and nothing is made up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from copilot.shop.arms import nearest_arms, past_arms

DAY = date(2025, 6, 30)


def sent(*rows: dict[str, Any]) -> pd.DataFrame:
    """Exposures as the store gives them."""
    usual: dict[str, Any] = {
        "campaign_id": "k1",
        "sent_at": pd.Timestamp("2025-06-01 09:00"),
        "channel": "email",
        "offer_type": "percent_off",
        "offer_value": 10.0,
        **dict.fromkeys(
            ("buy_quantity", "get_quantity", "min_spend", "max_discount", "valid_days"), float("nan")
        ),
        **dict.fromkeys(("category", "product_id", "arm_id")),
        "subject": "",
        "body": "",
        "clicked": 0.0,
        "converted": 1.0,
        "revenue": 20.0,
        "discount": 2.0,
        "window_days": float("nan"),
    }
    return pd.DataFrame([usual | row for row in rows])


def test_an_arm_is_compared_with_the_held_out_of_its_campaign() -> None:
    held = {"channel": "holdout", "offer_type": "none", "converted": 0.0}
    [arm] = past_arms(sent({}, {"converted": 0.0}, held, held | {"campaign_id": "k2"}))
    assert (arm.campaign_id, arm.customers, arm.conversion, arm.holdout_conversion) == ("k1", 2, 0.5, 0.0)


@pytest.mark.parametrize(
    ("sent_at", "window", "over"),
    [
        ("2025-06-23 00:00", None, True),
        ("2025-06-23 00:01", None, False),
        ("2025-06-28 00:00", 2.0, True),
        ("2025-06-20 00:00", 14.0, False),
        ("2025-07-20 00:00", None, False),
    ],
)
def test_only_what_ended_before_the_day_counts(sent_at: str, window: float | None, over: bool) -> None:
    rows = sent({"sent_at": pd.Timestamp(sent_at), "window_days": window})
    assert bool(past_arms(rows, DAY, 7)) is over
    assert len(past_arms(rows)) == 1


def test_of_a_campaign_that_runs_on_what_is_over_counts_held_out_customers_too() -> None:
    late = {"sent_at": pd.Timestamp("2025-06-29")}
    held = {"channel": "holdout", "converted": 0.0}
    [arm] = past_arms(sent({}, late, held, held | late | {"converted": 1.0}), DAY, 7)
    assert (arm.customers, arm.holdout_conversion) == (1, 0.0)
    assert arm.sent_on == date(2025, 6, 1)


def test_what_is_not_known_is_none_and_never_nan() -> None:
    unknown = dict.fromkeys(("clicked", "revenue", "discount"), float("nan"))
    held = {"channel": "holdout", "converted": float("nan")}
    [arm] = past_arms(sent({**unknown, "offer_value": float("nan")}, held))
    assert (arm.ctr, arm.holdout_conversion) == (None, None)
    assert not any(value != value for value in arm.model_dump().values())
    assert "NaN" not in arm.model_dump_json()


def test_where_no_outcome_is_known_there_is_no_arm() -> None:
    assert past_arms(sent({"converted": float("nan")})) == ()
    assert past_arms(sent({"converted": float("nan")}), DAY, 7) == ()


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        ({}, ["late", "deep", "text", "gift"]),
        ({"channel": "sms"}, ["text", "late", "deep", "gift"]),
        ({"channel": "push"}, ["late", "deep", "text", "gift"]),
        ({"offer_type": "gift", "channel": "email"}, ["gift", "late", "deep", "text"]),
        ({"offer_type": "percent_off", "value": 28}, ["deep", "late", "text", "gift"]),
        ({"value": 28}, ["deep", "late", "text", "gift"]),
        ({"value": 10, "category": "tea"}, ["late", "text", "deep", "gift"]),
    ],
)
def test_the_arms_most_like_what_is_asked_come_first(wanted: dict[str, Any], order: list[str]) -> None:
    rows = sent(
        {"campaign_id": "late", "sent_at": pd.Timestamp("2025-06-04"), "category": "tea"},
        {"campaign_id": "deep", "sent_at": pd.Timestamp("2025-06-03"), "offer_value": 30.0},
        {"campaign_id": "text", "sent_at": pd.Timestamp("2025-06-02"), "channel": "sms"},
        {"campaign_id": "gift", "sent_at": pd.Timestamp("2025-06-01"), "offer_type": "gift"},
    )
    assert [arm.campaign_id for arm in nearest_arms(past_arms(rows), wanted, 9)] == order
    assert len(nearest_arms(past_arms(rows), wanted, 2)) == 2
