"""What customers buy when nobody sends them anything, read off the shop's orders: what demand is now, and a
base rate where few or no customers were held out of campaigns.

Customers are looked at on days of the past as if a campaign had begun there and held all of them out. Whoever
was in a campaign at the time, held out or not, is left out. Knows nothing of predictors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["natural_exposures"]

DAYS = 14
CUSTOMERS = 4_000  # looked at on each day
YEAR = 365
# Orders of the held-out, seen or to be expected, from which on they show if campaigns count what orders show.
FEWEST = 30
AS_MANY = (0.5, 2.0)  # times the share of the held-out who ordered, within which both count the same
SETTLED = 0.25  # of the history comes before the first day, so that attributes know something
CAMPAIGN = "unsent "


def natural_exposures(
    customers: pd.DataFrame,
    orders: pd.DataFrame,
    exposures: pd.DataFrame,
    *,
    window_days: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Rows shaped as held-out exposures: what customers bought in the window after days of the past.

    customers, orders, exposures: frames of the store; the latter may be empty. window_days: how long
    outcomes are counted. Returns up to 14 days of 4,000 customers each, one campaign a day; empty where
    orders span too little time for even one window, and where campaigns counted something else than orders
    (visits, sales of one category).
    """
    import pandas as pd

    bought = orders[orders["quantity"] > 0]
    window = pd.Timedelta(days=window_days)
    parts = [
        _outcomes(bought, _customers_on(day, customers, bought, exposures, window, rng), day, window)
        for day in _days(bought, window)
    ]
    columns = ["campaign_id", "customer_id", "sent_at", "converted", "revenue"]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    if not _alike(frame, exposures):
        frame = frame[:0]
    return frame.assign(
        channel="holdout",
        offer_type="none",
        discount=0.0,
        clicked=np.nan,
        outcome_scope="basket",
        category=None,
    ).reindex(columns=list(dict.fromkeys([*exposures.columns, *frame.columns, *_ADDED])))


_ADDED = ("channel", "offer_type", "discount", "clicked", "outcome_scope", "category")


def _alike(natural: pd.DataFrame, exposures: pd.DataFrame) -> bool:
    """Whether campaigns' outcomes are what orders show: the whole basket, and about as often."""
    if len(exposures) and not exposures["outcome_scope"].fillna("basket").eq("basket").all():
        return False
    held = exposures.loc[exposures["channel"] == "holdout", "converted"]
    usual = 0.0 if natural.empty else float(natural["converted"].mean())
    if max(held.sum(), usual * len(held)) < FEWEST:
        return True
    low, high = AS_MANY
    return bool(low * held.mean() < usual < high * held.mean())


def _days(bought: pd.DataFrame, window: pd.Timedelta) -> list[pd.Timestamp]:
    """Days of the latest year with a whole window after them, closer together the later, none overlapping.

    What comes next is most like what was last; the rest of the year shows how far demand moves.
    """
    import pandas as pd

    if bought.empty:
        return []
    first, last = bought["ordered_at"].min(), bought["ordered_at"].max()
    start = max(first + SETTLED * (last - first), last - pd.Timedelta(days=YEAR))
    room = (last - window) - start
    if room < pd.Timedelta(0):
        return []
    back = [max(place * window, (place / (DAYS - 1)) ** 2 * room) for place in range(DAYS)]
    return [pd.Timestamp(last - window - past).floor("s") for past in reversed(back) if past <= room]


def _customers_on(
    day: pd.Timestamp,
    customers: pd.DataFrame,
    bought: pd.DataFrame,
    exposures: pd.DataFrame,
    window: pd.Timedelta,
    rng: np.random.Generator,
) -> npt.NDArray[Any]:
    """A sample of who was a customer on that day and in no campaign around it."""
    ids = customers["customer_id"].to_numpy(dtype=object)
    # Who signed up when is not always recorded: whoever had ordered was a customer.
    before = bought.loc[bought["ordered_at"] <= day, "customer_id"]
    there = customers["customer_id"].isin(before).to_numpy(copy=True)
    if "signed_up_on" in customers:
        signed = customers["signed_up_on"]
        there = np.where(signed.notna(), (signed <= day).to_numpy(), there)
    if len(exposures):
        sent = exposures["sent_at"]
        # Held out or not: what the held-out did is known from their campaign.
        near = (sent > day - window) & (sent < day + window)
        there &= ~customers["customer_id"].isin(exposures.loc[near, "customer_id"]).to_numpy()
    known = ids[there]
    return known if len(known) <= CUSTOMERS else rng.choice(known, CUSTOMERS, replace=False)


def _outcomes(
    bought: pd.DataFrame, ids: npt.NDArray[Any], day: pd.Timestamp, window: pd.Timedelta
) -> pd.DataFrame:
    import pandas as pd

    lines = bought[(bought["ordered_at"] >= day) & (bought["ordered_at"] < day + window)]
    value = (lines["unit_price"] * lines["quantity"]).groupby(lines["customer_id"]).sum()
    spent = value.reindex(ids)
    return pd.DataFrame(
        {
            "campaign_id": f"{CAMPAIGN}{day.date()}",
            "customer_id": ids,
            "sent_at": day,
            "converted": spent.notna().to_numpy(dtype=float),
            "revenue": spent.fillna(0.0).to_numpy(dtype=float),
        }
    )
