"""What a conversation has come to, as data: a store can keep it and another process go on with it."""

from __future__ import annotations

from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Copy, StrategyDraft
from copilot.domain.noun import Noun
from copilot.domain.report import RankedStrategy, Report
from copilot.domain.scored import ScoredDraft

__all__ = ["Alternative", "Question", "Reply", "Rewritten", "Thread", "Turn"]

MOST_TURNS = 200  # kept; older ones are forgotten


class Question(Noun):
    """One thing that has to be known, with likely answers from the shop."""

    field: str
    words: str
    answers: tuple[str, ...] = ()


class Turn(Noun):
    """What was said and answered."""

    sentence: str
    words: str


class Thread(Noun):
    """The brief so far, the last report, drafts of it that were rewritten, what was asked, and the turns.

    settled: fields that were answered by "no such limit", which a brief cannot tell from what was never said.
    """

    brief: CampaignBrief = CampaignBrief()
    report: Report | None = None
    rewritten: tuple[tuple[int, StrategyDraft], ...] = ()
    question: Question | None = None
    settled: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    chinese: bool = False

    def strategy(self, number: int) -> RankedStrategy | None:
        """A strategy of the last report by its place."""
        strategies = self.report.strategies if self.report else ()
        return next((one for one in strategies if one.rank == number), None)

    def draft(self, number: int) -> StrategyDraft | None:
        """That strategy's draft, as it was last rewritten."""
        found = self.strategy(number)
        return dict(self.rewritten).get(number, found.draft) if found else None

    def with_turn(self, sentence: str, words: str) -> Thread:
        """The same thread, one turn on."""
        turns = (*self.turns, Turn(sentence=sentence, words=words))[-MOST_TURNS:]
        return self.model_copy(update={"turns": turns})


class Reply(Noun):
    """The answer to a sentence: words, perhaps one question, perhaps a report; `over`: it was the last."""

    words: tuple[str, ...] = ()
    question: Question | None = None
    report: Report | None = None
    over: bool = False


class Alternative(Noun):
    """The best draft of a kind as a person sees it forecast; None, and what binds, where none is feasible."""

    found: ScoredDraft | None = None
    binding: str = ""


class Rewritten(Noun):
    """A draft with other words, and those as the customer reads them."""

    draft: StrategyDraft
    message: Copy
