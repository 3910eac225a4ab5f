"""Past campaigns, arm by arm: what was sent and what came of it. Only what is over counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from copilot.domain.scored import PastArm
from copilot.domain.terms import terms_in_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TERMS", "likeness", "nearest_arms", "past_arms"]

TERMS = (
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
_WANTED = ("offer_type", "channel", "category")


def past_arms(
    exposures: pd.DataFrame, day: date | None = None, attribution_days: float = 7
) -> tuple[PastArm, ...]:
    """One PastArm per campaign and arm, newest first; held-out customers give the comparison.

    Args:
        day: counts only exposures whose attribution window had ended when this day began: what came of
            the others was not known yet. None = all of them.
        attribution_days: the window of exposures that do not state their own (`window_days`).
    """
    # Where it is not known whether somebody bought, nothing is known of what came of it.
    known = exposures[exposures["converted"].notna()]
    known = known if day is None else _over(known, day, attribution_days)
    sent = known[known["channel"] != "holdout"]
    if sent.empty:
        return ()
    held = known[known["channel"] == "holdout"].groupby("campaign_id")["converted"].mean()
    keys = ["campaign_id", "arm_id", *TERMS, "subject", "body"]
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


def nearest_arms(arms: Iterable[PastArm], wanted: Mapping[str, Any], limit: int) -> tuple[PastArm, ...]:
    """The arms most like what is wanted, of alike ones the newest first.

    wanted: `channel`, `offer_type`, `category` and `value` (see `likeness`), each only if it matters.
    """
    ranked = sorted(arms, key=lambda arm: (likeness(arm, wanted), arm.sent_on), reverse=True)
    return tuple(ranked[:limit])


def likeness(arm: PastArm, wanted: Mapping[str, Any]) -> float:
    """How many of the wanted terms an arm has; another value of the same type counts in part.

    A value is compared within the wanted type, within percent_off where none is wanted: 20 EUR are not 20 %.
    """
    same = sum(getattr(arm, name) == wanted[name] for name in _WANTED if name in wanted)
    value = wanted.get("value")
    if value is None or arm.value is None or arm.offer_type != wanted.get("offer_type", "percent_off"):
        return float(same)
    return float(same + 1 - abs(arm.value - value) / max(arm.value, value, 1e-9))


def _over(exposures: pd.DataFrame, day: date, attribution_days: float) -> pd.DataFrame:
    import pandas as pd

    window = pd.to_timedelta(exposures["window_days"].astype(float).fillna(attribution_days), unit="D")
    return exposures[exposures["sent_at"] + window <= pd.Timestamp(day)]


def _arm(row: dict[str, Any], held: pd.Series) -> PastArm:
    campaign = str(row["campaign_id"])
    return PastArm.model_validate(
        {
            "campaign_id": campaign,
            "sent_on": row["sent_at"].date(),
            "channel": row["channel"],
            "offer_type": row["offer_type"],
            "value": _number(row["offer_value"]),
            "terms": _words(row),
            "category": _text(row["category"]),
            "customers": row["customers"],
            "ctr": _number(row["ctr"]),
            "conversion": _number(row["conversion"]) or 0.0,
            "holdout_conversion": _number(held.get(campaign)),
            "revenue": _number(row["revenue"]) or 0.0,
            "discount_cost": _number(row["discount"]) or 0.0,
        }
    )


def _words(row: dict[str, Any]) -> str:
    return terms_in_words(
        str(row["offer_type"]),
        _number(row["offer_value"]),
        buy=_number(row["buy_quantity"]),
        get=_number(row["get_quantity"]),
        min_spend=_number(row["min_spend"]),
        max_discount=_number(row["max_discount"]),
        valid_days=_number(row["valid_days"]),
    )


def _number(value: Any) -> float | None:
    import pandas as pd

    return None if value is None or pd.isna(value) else float(value)


def _text(value: Any) -> str | None:
    import pandas as pd

    return None if value is None or pd.isna(value) else str(value)
