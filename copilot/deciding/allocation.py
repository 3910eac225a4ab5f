"""Allocation: who gets which draft, or nothing. Without a budget each customer simply gets the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from copilot.deciding.scoring import Scorer
from copilot.domain.draft import StrategyDraft

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Assignment", "allocate"]


@dataclass(frozen=True)
class Assignment:
    """One entry per customer of the audience, (U,) each; `draft` is the place of the draft, -1 = nothing."""

    customer_ids: npt.NDArray[Any]
    draft: npt.NDArray[np.int64]
    incremental_profit: npt.NDArray[np.float64]


def allocate(scorer: Scorer, drafts: Sequence[StrategyDraft]) -> Assignment:
    """Give every customer the draft with the highest expected incremental profit, if it is above 0.

    Who gets what is decided on the searching side; the profit shown is the judging side's.
    """
    import numpy as np

    ids = scorer.shop.attributes.index.to_numpy()
    place_of = {customer: row for row, customer in enumerate(ids)}
    best, chosen, shown = np.zeros(len(ids)), np.full(len(ids), -1), np.zeros(len(ids))
    for place, draft in enumerate(drafts):
        searched = scorer.per_customer(draft, side="search")
        if not len(searched.customer_ids):
            continue
        rows = np.array([place_of[customer] for customer in searched.customer_ids])
        value = searched.figures["incremental_profit"]
        better = value > best[rows]
        best[rows[better]], chosen[rows[better]] = value[better], place
        judged = scorer.per_customer(draft, side="judge").figures["incremental_profit"]
        shown[rows[better]] = judged[better]
    return Assignment(ids, chosen, shown)
