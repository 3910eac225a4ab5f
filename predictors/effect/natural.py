"""Past exposures and natural demand: checked, and put into one table, as who orders is learned from both."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.interface import Natural, UnusableTrainingData

__all__ = ["before", "check_exposures", "with_natural"]


def with_natural(
    exposures: pd.DataFrame, attributes: pd.DataFrame, natural: Natural | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Exposures and attributes with the rows of natural demand after them."""
    if natural is None:
        return exposures, attributes
    if not len(exposures):
        return natural.exposures.reset_index(drop=True), natural.attributes.reset_index(drop=True)
    return (
        pd.concat([exposures, natural.exposures], ignore_index=True),
        pd.concat([attributes, natural.attributes], ignore_index=True),
    )


def before(
    natural: Natural | None, exposures: pd.DataFrame, rows: npt.NDArray[np.int64], days: int
) -> Natural | None:
    """Natural demand as it was known when the last of these rows of the exposures was sent.

    Its outcomes take so many `days`; customers whose every exposure is among the other rows are left out.
    """
    if natural is None:
        return None
    part = exposures.iloc[rows]
    seen = natural.exposures["sent_at"] + pd.Timedelta(days=days) <= part["sent_at"].max()
    name = natural.exposures["customer_id"]
    apart = name.isin(exposures["customer_id"]) & ~name.isin(part["customer_id"])
    known = (seen & ~apart).to_numpy(dtype=bool)
    return Natural(natural.exposures[known], natural.attributes[known]) if known.any() else None


def check_exposures(exposures: pd.DataFrame, attributes: pd.DataFrame, natural: Natural | None) -> None:
    """Raise UnusableTrainingData where they cannot be learned from; the message says what is missing."""
    if len(exposures) != len(attributes):
        raise UnusableTrainingData(f"{len(exposures)} exposures, but {len(attributes)} rows of attributes")
    needed = (
        "channel",
        "offer_type",
        "campaign_id",
        "customer_id",
        "sent_at",
        "converted",
        "revenue",
        "discount",
    )
    lacking = [name for name in needed if name not in exposures.columns]
    if lacking:
        raise UnusableTrainingData(f"exposures lack the columns {', '.join(lacking)}")
    nothing = natural is None or not len(natural.exposures)
    if nothing and not (exposures["channel"] != "holdout").any():
        raise UnusableTrainingData("no message was ever sent: every exposure is held out, or there is none")
