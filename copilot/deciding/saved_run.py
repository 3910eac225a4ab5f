"""A brief, its saved answer and the record of the run between them, as an explanation reads them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from copilot.deciding.ranking import OBJECTIVE_FIGURE
from copilot.domain.brief import CampaignBrief
from copilot.domain.forecast import Estimate
from copilot.domain.noun import parse
from copilot.domain.record import RunRecord, Verdict
from copilot.domain.report import RankedStrategy, Report
from copilot.store import Store, find_run, read_shop

__all__ = ["SavedRun", "read_run"]


@dataclass(frozen=True)
class SavedRun:
    """A brief and its saved answer. record: None for reports of before records were kept."""

    brief: CampaignBrief
    report: Report
    record: RunRecord | None
    currency: str

    def strategy(self, rank: int) -> RankedStrategy | None:
        """The strategy of a rank, if there is one."""
        return next((one for one in self.report.strategies if one.rank == rank), None)

    def verdict(self, draft_id: str) -> Verdict | None:
        """What became of a draft that was judged."""
        found = self.record.verdicts if self.record else ()
        return next((one for one in found if one.judged.draft_id == draft_id), None)

    def total(self, one: RankedStrategy) -> Estimate:
        """What the brief asks for, over the customers contacted."""
        figure: Estimate = getattr(one.forecast, OBJECTIVE_FIGURE[self.brief.objective])
        return figure.times(one.forecast.audience_size)

    def utility(self, one: RankedStrategy) -> float | None:
        """What ranking went by."""
        verdict = self.verdict(one.draft.draft_id)
        return verdict.judged.utility if verdict else None

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of each draft that was returned."""
        return {one.draft.draft_id: one.rank for one in self.report.strategies}


def read_run(store: Store, strategy_id: str) -> SavedRun:
    """The run behind a saved strategy.

    Raises:
        UnknownName: no such strategy.
    """
    with store.begin() as connection:
        saved, shop = find_run(connection, strategy_id), read_shop(connection)
    record = None if saved["record"] is None else parse(RunRecord, saved["record"])
    return SavedRun(
        brief=parse(CampaignBrief, saved["brief"]),
        report=parse(Report, saved["report"]),
        record=record,
        currency=record.currency if record else shop.currency,
    )
