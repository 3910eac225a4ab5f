"""Past campaigns, arm by arm: what was sent and what came of it. Only campaigns already over count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copilot.domain.scored import PastArm
from copilot.domain.terms import terms_in_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["past_arms"]

_TERMS = (
    "channel",
    "offer_type",
    "offer_value",
    "buy_quantity",
    "get_quantity",
    "min_spend",
    "max_discount",
    "valid_days",
    "category",
    "product_id",
)


def past_arms(exposures: pd.DataFrame) -> tuple[PastArm, ...]:
    """One PastArm per campaign and arm, newest first; held-out customers give the comparison."""
    sent = exposures[exposures["channel"] != "holdout"]
    if sent.empty:
        return ()
    held = exposures[exposures["channel"] == "holdout"].groupby("campaign_id")["converted"].mean()
    keys = ["campaign_id", "arm_id", *_TERMS, "subject", "body"]
    groups = sent.groupby(keys, dropna=False, sort=False).agg(
        sent_at=("sent_at", "max"),
        customers=("converted", "size"),
        ctr=("clicked", "mean"),
        conversion=("converted", "mean"),
        revenue=("revenue", "mean"),
        discount=("discount", "mean"),
    )
    arms = [_arm(row, held) for row in groups.reset_index().to_dict("records")]
    return tuple(sorted(arms, key=lambda arm: (arm.sent_on, arm.campaign_id), reverse=True))


def _arm(row: dict[str, object], held: pd.Series) -> PastArm:
    campaign = str(row["campaign_id"])
    return PastArm.model_validate(
        {
            "campaign_id": campaign,
            "sent_on": row["sent_at"].date(),  # type: ignore[attr-defined]
            "channel": row["channel"],
            "offer_type": row["offer_type"],
            "terms": _words(row),
            "category": _text(row["category"]),
            "customers": row["customers"],
            "ctr": _number(row["ctr"]),
            "conversion": _number(row["conversion"]) or 0.0,
            "holdout_conversion": float(held[campaign]) if campaign in held.index else None,
            "revenue": _number(row["revenue"]) or 0.0,
            "discount_cost": _number(row["discount"]) or 0.0,
        }
    )


def _words(row: dict[str, object]) -> str:
    return terms_in_words(
        str(row["offer_type"]),
        _number(row["offer_value"]),
        buy=_number(row["buy_quantity"]),
        get=_number(row["get_quantity"]),
        min_spend=_number(row["min_spend"]),
        max_discount=_number(row["max_discount"]),
        valid_days=_number(row["valid_days"]),
    )


def _number(value: object) -> float | None:
    import pandas as pd

    return None if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type]


def _text(value: object) -> str | None:
    import pandas as pd

    return None if value is None or pd.isna(value) else str(value)
