"""Held-out exposures whose truth is known, for judging the judges."""

from __future__ import annotations

from typing import Any

import numpy as np

from predictors.evaluation.judged import Judged


def judged(
    seed: int = 0,
    size: int = 4_000,
    held: tuple[float, ...] = (0.3,),
    arms: tuple[int, ...] = (1,),
    base: tuple[float, ...] = (0.1,),
    **changes: Any,
) -> Judged:
    """Campaigns of equal size with these shares held out, arms and base rates.

    The true effect rises from 0 to 0.2 along `effect`, which is forecast exactly.
    """
    rng = np.random.default_rng(seed)
    campaign = np.arange(size) % len(held)
    share, count = np.array(held)[campaign], np.array(arms)[campaign]
    sent = rng.random(size) >= share
    effect = 0.2 * rng.random(size)
    unsent = np.array(base)[campaign]
    arm = rng.integers(0, count)
    _, cell = np.unique(np.where(sent, 100 * campaign + arm + 1, 100 * campaign), return_inverse=True)
    chance = np.where(sent, (1 - share) / count, share)
    conversion = unsent + np.where(sent, effect, 0)
    fields: dict[str, Any] = {
        "sent": sent,
        "channel": np.where(sent, "email", "holdout").astype(object),
        "kind": np.where(sent, "percent_off", "none").astype(object),
        "customer": np.arange(size),
        "campaign": campaign,
        "cell": cell,
        "chance": chance,
        "clicked": np.full(size, np.nan),
        "converted": (rng.random(size) < conversion).astype(float),
        "revenue": np.zeros(size),
        "click": None,
        "conversion": conversion,
        "unsent": unsent,
        "effect": effect,
        "order_value": None,
        "expected_revenue": None,
    }
    return Judged(**{**fields, **changes})
