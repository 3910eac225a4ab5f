"""Which exposures to judge on: later campaigns, and customers never seen, kept apart by one refit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["CUSTOMERS", "LATER", "held_out"]

LATER = "later campaigns"
CUSTOMERS = "new customers"
FEWEST_CAMPAIGNS = 4  # below this only customers are held out, as no campaign can be spared
SHARE = 0.2


def held_out(exposures: pd.DataFrame, rng: np.random.Generator) -> dict[str, npt.NDArray[np.bool_]]:
    """Split -> (n,) which exposures it judges on; what is in none is left to learn from.

    Later campaigns, everybody in them: forecasts are about campaigns yet to come. New customers: a random
    fifth, in the earlier campaigns; where campaigns are few, in all of them, and there is no other split.
    """
    people = pd.factorize(exposures["customer_id"])[0]
    fresh = (rng.random(int(people.max()) + 1) < SHARE)[people]
    starts = exposures.groupby("campaign_id")["sent_at"].min().sort_values(kind="stable")
    if len(starts) < FEWEST_CAMPAIGNS:
        return {CUSTOMERS: np.asarray(fresh)}
    latest = starts.index[-max(round(SHARE * len(starts)), 1) :]
    later = exposures["campaign_id"].isin(latest).to_numpy(dtype=bool)
    return {LATER: np.asarray(later), CUSTOMERS: np.asarray(fresh & ~later)}
