"""CSV that other programs read: figures per customer, and who gets what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot.domain.draft import StrategyDraft
from copilot.domain.score import ScoreLine
from copilot.doors.files import write_csv

if TYPE_CHECKING:
    from copilot.deciding.allocation import Assignment
    from copilot.deciding.case import Case

__all__ = ["write_assignment", "write_per_customer"]

FIGURES = (
    "ctr",
    "conversion",
    "incremental_conversion",
    "incremental_revenue",
    "incremental_profit",
    "discount_cost",
)


def write_per_customer(
    path: Path, case: Case, answered: Iterable[tuple[StrategyDraft | ScoreLine, ScoreLine]]
) -> None:
    """One row per contactable customer and draft that has a forecast."""

    def rows() -> Iterator[tuple[Any, ...]]:
        for draft, answer in answered:
            if isinstance(draft, ScoreLine) or answer.forecast is None:
                continue
            found = case.scorer.per_customer(draft, side="search")
            for place, customer_id in enumerate(found.customer_ids):
                figures = (float(found.figures[name][place]) for name in FIGURES)
                known = ("" if figure != figure else figure for figure in figures)
                yield (str(customer_id), draft.draft_id, *known)

    write_csv(path, ("customer_id", "draft_id", *FIGURES), rows())


def write_assignment(path: Path, assignment: Assignment, drafts: Sequence[StrategyDraft]) -> dict[str, float]:
    """One row per customer; counts and the total expected profit come back."""
    names = [draft.draft_id for draft in drafts]
    rows = (
        (str(customer_id), names[place] if place >= 0 else "", float(profit))
        for customer_id, place, profit in zip(
            assignment.customer_ids, assignment.draft, assignment.incremental_profit, strict=True
        )
    )
    write_csv(path, ("customer_id", "draft_id", "incremental_profit"), rows)
    return {
        "customers": len(assignment.customer_ids),
        "assigned": int((assignment.draft >= 0).sum()),
        "incremental_profit": float(assignment.incremental_profit.sum()),
    }
