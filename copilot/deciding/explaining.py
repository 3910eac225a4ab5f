"""Why a saved strategy ranks where it does, from its report and the record of its run. Nothing is forecast
again: what cannot be told from these two is not told.
"""

from __future__ import annotations

from collections.abc import Iterator

from copilot.deciding.explaining_words import passages
from copilot.deciding.saved_run import SavedRun
from copilot.domain.explanation import Explanation, OtherDraft, Standing, Turn, WhyNot
from copilot.domain.record import Accepted, Answered, Returned, Trial, Tried, Writing
from copilot.domain.report import RankedStrategy
from copilot.domain.terms import draft_in_words

__all__ = ["explain"]


def explain(run: SavedRun, strategy_id: str) -> Explanation:
    """The explanation of one strategy of a report."""
    one = next(found for found in run.report.strategies if found.strategy_id == strategy_id)
    key = one.draft.draft_id
    writing, verdict = _writing(run, key), run.verdict(key)
    searched = (
        next((trial for trial in writing.handed_in if trial.draft_id == key), None) if writing else None
    )
    found = Explanation(
        strategy_id=strategy_id,
        brief_id=run.report.brief_id,
        draft_id=key,
        terms=draft_in_words(one.draft, run.currency),
        author=one.author,
        recorded=run.record is not None,
        standing=_standing(run, one),
        turns=_turns(writing, key) if writing else (),
        searched=searched,
        judged=verdict.judged if verdict else None,
        others=tuple(_others(run)),
    )
    return found.model_copy(update={"passages": passages(found, run, one, writing)})


def _writing(run: SavedRun, draft_id: str) -> Writing | None:
    found = run.record.writings if run.record else ()
    return next((one for one in found if draft_id in {trial.draft_id for trial in one.handed_in}), None)


def _standing(run: SavedRun, one: RankedStrategy) -> Standing:
    first, after = run.strategy(1), run.strategy(one.rank + 1)
    first = None if one.rank == 1 else first
    return Standing(
        rank=one.rank,
        of=len(run.report.strategies),
        total=run.total(one),
        utility=run.utility(one),
        behind_first=_distance(run, first, one),
        ahead_of_next=_distance(run, one, after),
        overlaps_first=_overlap(run, one, first),
        overlaps_next=_overlap(run, one, after),
    )


def _distance(run: SavedRun, better: RankedStrategy | None, worse: RankedStrategy | None) -> float | None:
    if better is None or worse is None:
        return None
    above, below = run.utility(better), run.utility(worse)
    return None if above is None or below is None else above - below


def _overlap(run: SavedRun, one: RankedStrategy, other: RankedStrategy | None) -> bool | None:
    if other is None:
        return None
    mine, theirs = run.total(one), run.total(other)
    return mine.low <= theirs.high and theirs.low <= mine.high


def _turns(writing: Writing, draft_id: str) -> tuple[Turn, ...]:
    """The rounds of a draft up to where it was handed in for the last time."""
    turns: list[Turn] = []
    final = 0
    for step in writing.steps:
        if isinstance(step, Tried):
            turns += [
                Turn(
                    round=step.round,
                    trial=trial,
                    problems=_broken(trial),
                    kept=draft_id not in step.dropped,
                )
                for trial in step.trials
                if trial.draft_id == draft_id
            ]
        elif isinstance(step, Returned) and step.draft_id == draft_id:
            turns = _sent_back(turns, step)
        elif isinstance(step, Accepted) and draft_id in step.draft_ids:
            final = len(turns)
    return tuple(turns[: final or len(turns)])


def _broken(trial: Trial) -> tuple[str, ...]:
    return tuple(f"{check.rule}: {check.message}" for check in trial.broken)


def _sent_back(turns: list[Turn], back: Returned) -> list[Turn]:
    # What was forecast goes back for what is wrong with it; what could not be read was never forecast.
    if not back.read or not turns:
        return [*turns, Turn(round=None, trial=None, problems=back.problems)]
    more = tuple(dict.fromkeys((*turns[-1].problems, *back.problems)))
    return [*turns[:-1], turns[-1].model_copy(update={"problems": more})]


def _others(run: SavedRun) -> Iterator[OtherDraft]:
    """Drafts that are not in the report: those that were judged first, then those only scored."""
    if run.record is None:
        return
    for one in run.record.verdicts:
        if one.left_out is not None:
            rank = run.ranks.get(one.like) if one.like is not None else None
            yield OtherDraft(
                trial=one.judged, author=one.author, judged=True, why=one.left_out, like_rank=rank
            )
    for writing in run.record.writings:
        yield from _left_behind(writing)


def _left_behind(writing: Writing) -> Iterator[OtherDraft]:
    handed_in = {trial.draft_id for trial in writing.handed_in}
    last: dict[str, Trial] = {}
    problems: dict[str, tuple[str, ...]] = {}
    dropped: set[str] = set()  # by the last call: what comes back now is the revision, not what stayed
    for step in writing.steps:
        if isinstance(step, Answered):
            dropped.clear()
        elif isinstance(step, Tried):
            dropped = set(step.dropped)
            stood = [trial for trial in step.trials if trial.draft_id not in dropped]
            last |= {trial.draft_id: trial for trial in stood}
            problems |= {trial.draft_id: _broken(trial) for trial in stood}
        elif isinstance(step, Returned) and step.draft_id not in dropped:
            problems[step.draft_id] = step.problems
    for key, trial in last.items():
        if key not in handed_in:
            yield OtherDraft(
                trial=trial,
                author=writing.author,
                judged=False,
                why=_why_left(trial, problems[key]),
                problems=problems[key],
            )


def _why_left(trial: Trial, problems: tuple[str, ...]) -> WhyNot:
    if trial.broken:
        return "breaks a rule"
    if trial.total is None:
        return "reaches nobody"
    return "sent back" if problems else "not handed in"
