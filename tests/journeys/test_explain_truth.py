"""What an explanation says is so: each figure is its own, no cause is named that the record does not bear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from copilot import Copilot, Report
from copilot.deciding.explaining import explain
from copilot.deciding.saved_run import read_run
from copilot.domain.explanation import Explanation, OtherDraft
from copilot.domain.record import Answered, Returned, RunRecord, Step, Trial, Tried, Writing
from copilot.domain.report import RankedStrategy
from copilot.domain.terms import draft_in_words
from copilot.wording.advice import advice
from tests.journeys.conftest import passage


def test_every_number_told_is_the_one_of_its_own_field(
    explained: tuple[Report, list[Explanation], RunRecord],
) -> None:
    report, found, record = explained
    for one, strategy in zip(found, report.strategies, strict=True):
        told = [sentence for part in one.passages for sentence in part.sentences]
        for sentence, (start, values) in zip(told, due(one, strategy, report, record), strict=True):
            assert sentence.startswith(start)
            figures = FIGURE.findall(sentence)
            assert len(figures) == len(values), sentence
            for figure, value in zip(figures, values, strict=True):
                near = 0.5 * 10 ** -len(figure.partition(".")[2]) + 1e-9
                assert abs(as_number(figure) - abs(value)) <= near, (sentence, figure, value)


FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
Due = tuple[str, list[float]]  # how a sentence starts, and its numbers in order


def as_number(figure: str) -> float:
    return float(figure.strip(",").replace(",", ""))


def within(text: object) -> list[float]:
    """The numbers of a text that is told as it is."""
    return [as_number(figure) for figure in FIGURE.findall(str(text))]


def due(one: Explanation, strategy: RankedStrategy, report: Report, record: RunRecord) -> Iterator[Due]:
    yield "As much profit as possible", []
    yield "Limits: budget 800 EUR, discount at most 30 %. 3 strategies", [800, 30, 3]
    yield from due_of_standing(one, strategy, report)
    yield "Customers as of", within(f"{strategy.forecast.as_of} {strategy.forecast.model_version}")
    yield from ((warning[:1].upper(), within(warning)) for warning in strategy.forecast.warnings)
    yield "Before anybody wrote", [record.candidates]
    yield "Written by the built-in planner", within(one.draft_id)
    yield "Its reason", within(strategy.draft.rationale)
    (turn,) = one.turns
    assert turn.trial is not None
    assert turn.trial.total is not None
    assert one.searched is not None
    assert one.searched.total is not None
    assert one.judged is not None
    total = turn.trial.total
    forecast = [total.mean, 90, total.low, total.high, turn.trial.audience_size]
    yield "Round 1", [1, *within(turn.trial.terms), *within(turn.trial.audience), *forecast]
    mean = strategy.forecast.totals.incremental_profit.mean
    yield "The report says", [mean, one.searched.total.mean]
    yield "With the price on doubt taken off", [one.searched.utility, one.judged.utility]
    for other in one.others[:6]:
        trial, more = other.trial, [len(report.strategies)] if other.why == "enough" else []
        terms = f"{trial.draft_id} {trial.terms} {trial.audience}"
        yield trial.draft_id, [*within(terms), trial.utility, *(more or filter(None, [other.like_rank]))]
    if len(one.others) > 6:
        yield "And", [len(one.others) - 6]
    yield "Checked by code and kept", []
    if better := advice(strategy.checks):
        yield "Of its copy", within(better)
    yield "No language model was called", [report.usage.tool_calls, report.usage.seconds]
    yield "Predictor", within(f"{report.models.predictor} {strategy.forecast.as_of} {record.seed}")


def due_of_standing(one: Explanation, strategy: RankedStrategy, report: Report) -> Iterator[Due]:
    forecast, standing = strategy.forecast, one.standing
    total, lift = forecast.totals.incremental_profit, forecast.incremental_conversion
    assert standing.utility is not None
    yield "", [total.mean, forecast.audience_size, 90, total.low, total.high]
    if standing.rank > 1:
        assert standing.behind_first is not None
        yield "Ranks", [standing.rank, standing.behind_first]
    shares = [100 * part.mean for part in (forecast.conversion, forecast.baseline_conversion, lift)]
    yield "Conversion", [*shares, 90, 100 * lift.low, 100 * lift.high]
    assert forecast.roi is not None
    spent = [forecast.totals.discount_cost.mean, forecast.totals.contact_cost.mean]
    yield "Costs", [*spent, forecast.roi.mean]
    yield "Support", [forecast.support]
    yield "Ranking takes", [total.mean - standing.utility, standing.utility]
    beside = {1, standing.rank, standing.rank + 1} - {standing.rank, len(report.strategies) + 1}
    if standing.ahead_of_next is not None:
        after = report.strategies[standing.rank]  # the next one: ranks count from 1
        terms = draft_in_words(after.draft, "EUR")
        yield "By that it is", [standing.ahead_of_next, standing.rank + 1, *within(terms)]
    for overlaps, words in ((True, "overlaps"), (False, "does not overlap")):
        ranks = [
            rank for rank in sorted(beside) if overlap(strategy, report.strategies[rank - 1]) is overlaps
        ]
        if ranks:
            yield f"Its 90 % interval {words}", [90, *ranks]


def overlap(one: RankedStrategy, other: RankedStrategy) -> bool:
    mine, theirs = (each.forecast.totals.incremental_profit for each in (one, other))
    return mine.low <= theirs.high and theirs.low <= mine.high


def test_what_came_of_judging_is_told_as_it_was(planned: tuple[Path, Report]) -> None:
    db, report = planned
    name, key = report.strategies[0].strategy_id, report.strategies[0].draft.draft_id
    with Copilot(str(db)) as copilot:
        run = read_run(copilot.store, name)
    assert run.record is not None
    first, *others = run.record.verdicts
    assert first.judged.total is not None

    def told(judged: Trial, **other: Any) -> Explanation:
        left = others[-1].model_copy(update=other)
        verdicts = (first.model_copy(update={"judged": judged}), *others[:-1], left)
        assert run.record is not None
        record = run.record.model_copy(update={"verdicts": verdicts})
        return explain(replace(run, record=record), name)

    searched = explain(run, name).searched
    assert searched is not None
    assert searched.total is not None
    wins, confirms = "looks better than it is", "confirms it"
    above = "puts it above the 90 % interval of the search"

    def causes(mean: float, size: int = searched.audience_size) -> tuple[str, list[str]]:
        assert first.judged.total is not None
        total = first.judged.total.model_copy(update={"mean": mean})
        writing = passage(
            told(first.judged.model_copy(update={"total": total, "audience_size": size})), "writing"
        )
        return writing, [cause for cause in (wins, confirms, above) if cause in writing]

    said, high = searched.total.mean, searched.total.high
    assert causes(said - 1)[1] == [wins]
    assert causes(said)[1] == causes(high)[1] == [confirms]
    assert causes(high + 1)[1] == causes(40 * said)[1] == [above]
    for mean in (said / 2, 2 * said):  # the cut alone may make it so: nothing else is blamed or praised
        writing, found = causes(mean, 500)
        assert found == []
        assert "keeps it to 500 customers instead of 1,043, to stay within the budget." in writing
        assert (
            f"{mean:,.0f} EUR of profit where the search said {said:,.0f} EUR of profit over all" in writing
        )
    assert "too like number 1" in passage(told(first.judged, left_out="near-duplicate", like=key), "others")
    assert ": reaches nobody." in passage(told(first.judged, left_out="reaches nobody"), "others")


def test_a_draft_left_behind_is_told_as_it_stood_not_by_the_revision_that_was_dropped(
    planned: tuple[Path, Report],
) -> None:
    db, report = planned
    name = report.strategies[0].strategy_id
    with Copilot(str(db)) as copilot:
        run = read_run(copilot.store, name)
    assert run.record is not None
    stood = run.record.verdicts[0].judged.model_copy(update={"draft_id": "left", "utility": 900.0})
    worse = stood.model_copy(update={"terms": "1 % off", "utility": 5.0})
    steps: tuple[Step, ...] = (
        Answered(text=""),
        Tried(round=1, trials=(stood,)),
        Answered(text=""),
        Tried(round=2, trials=(worse,), dropped=("left",)),
        Returned(draft_id="left", problems=("distinct: too like plan-1",), read=True),
    )

    def left(*steps: Step) -> OtherDraft:
        assert run.record is not None
        writing = Writing(author="somebody", planner=False, steps=steps, handed_in=())
        record = run.record.model_copy(update={"writings": (*run.record.writings, writing)})
        others = explain(replace(run, record=record), name).others
        return next(one for one in others if one.trial.draft_id == "left")

    found = left(*steps)
    assert (found.trial, found.why, found.problems) == (stood, "not handed in", ())
    # Handed in by its id later, what comes back is the draft that stayed.
    back = Returned(draft_id="left", problems=("distinct: too like plan-2",), read=True)
    found = left(*steps, Answered(text=""), back)
    assert (found.trial, found.why, found.problems) == (stood, "sent back", back.problems)


def test_intervals_are_only_said_to_overlap_or_not(planned: tuple[Path, Report]) -> None:
    db, report = planned
    with Copilot(str(db)) as copilot:
        run = read_run(copilot.store, report.strategies[0].strategy_id)
    first, second, third = run.report.strategies
    assert "Its 90 % interval overlaps that of number 2." in passage(
        explain(run, first.strategy_id), "standing"
    )
    far = second.forecast.incremental_profit.model_copy(update={"mean": -8.0, "low": -9.0, "high": -7.0})
    forecast = second.forecast.model_copy(update={"incremental_profit": far})
    apart = second.model_copy(update={"forecast": forecast})
    answer = run.report.model_copy(update={"strategies": (first, apart, third)})
    told = passage(explain(replace(run, report=answer), second.strategy_id), "standing")
    assert "Its 90 % interval does not overlap that of number 1 and 3." in told
