"""Whether the propensities of past campaigns can be right: over a campaign's arms they sum to 1.

Wrong ones are no reason to reject a row, as the outcomes may be right; but effects learnt from them are not.
"""

from __future__ import annotations

import math
from collections import defaultdict

from copilot.errors import shorten
from copilot.store import ArmPropensity, Loading

__all__ = ["odd_propensities"]

_TOLERANCE = 0.02
_LUCK = 3.0  # standard errors that chance may add where propensities differ from customer to customer
_MOST_NAMED = 10


def odd_propensities(load: Loading) -> list[str]:
    """A note for each campaign of this load whose arms' propensities do not sum to 1."""
    campaigns: dict[str, list[ArmPropensity]] = defaultdict(list)
    for arm in load.arm_propensities():
        campaigns[arm.campaign_id].append(arm)
    odd = {name: total for name, arms in campaigns.items() if (total := _odd_sum(arms)) is not None}
    notes = [
        f"exposures: the propensities of campaign {shorten(name)} sum to {total:.2f} over its "
        f"{len(campaigns[name])} arms, not to 1: check that each is the probability of the arm that was "
        "given, and that held-out customers are there (arms are told apart by arm_id, else by terms and copy)"
        for name, total in list(odd.items())[:_MOST_NAMED]
    ]
    more = len(odd) - len(notes)
    return notes + ([f"exposures: so do those of {more} more campaigns"] if more else [])


def _odd_sum(arms: list[ArmPropensity]) -> float | None:
    """What the shares of the arms sum to, where that is not 1 and chance does not explain it."""
    known = [arm for arm in arms if arm.told]
    # Each 1 / p stands for the customers who could have been given the arm: so its mean is the inverse of the
    # arm's share, also where the probability differs from customer to customer (a plain mean of p is not).
    shares = [arm.told / arm.inverse_sum for arm in known]
    total = sum(shares)
    errors = [share * _relative_error(arm) for share, arm in zip(shares, known, strict=True)]
    allowed = _TOLERANCE + _LUCK * math.sqrt(sum(error**2 for error in errors))
    if len(known) < len(arms):
        # An arm whose propensity is not known has what the others leave.
        return total if total > 1 + allowed else None
    return total if known and abs(total - 1) > allowed else None


def _relative_error(arm: ArmPropensity) -> float:
    mean = arm.inverse_sum / arm.told
    variance = max(0.0, arm.inverse_squares / arm.told - mean**2)
    return math.sqrt(variance / arm.told) / mean
