"""Other words for a draft, and the best draft of a kind: what a dialogue asks of a case."""

from __future__ import annotations

from collections.abc import Iterator

from copilot.deciding.case import Case
from copilot.deciding.reporting import binding_note
from copilot.dialogue.thread import Alternative, Rewritten
from copilot.domain.draft import Copy, StrategyDraft
from copilot.drafting.template_copy import copy_variants, write_copy

__all__ = ["best_of", "reworded"]

_WRITTEN = ("en", "zh")  # languages of the built-in planner
_WAYS = 6  # of wording it that are held against each other
_SHORTER = 0.9  # of the characters, at most


def best_of(case: Case) -> Alternative:
    """The best offer of a case with the planner's words, as the judging side forecasts it."""
    swept = case.sweep(limit=1)
    written = [_with(one.draft, write_copy(one.draft, case.brief, case.grounds(one.draft))) for one in swept]
    judged = case.judge(written)
    found = next((one for one in judged if one.admissible), None)
    return Alternative(found=found) if found else Alternative(binding=binding_note(case, judged))


def reworded(case: Case, draft: StrategyDraft, *, shorter: bool) -> Rewritten | None:
    """The draft in other words, in the language and tone of the case's brief; None where there are none."""
    if case.brief.language.partition("-")[0] not in _WRITTEN:
        return None
    found = next(iter(_shorter(case, draft)), None) if shorter else _otherwise(case, draft)
    if found is None:
        return None
    after = _with(draft, found)
    return Rewritten(draft=after, message=case.message(after))


def _otherwise(case: Case, draft: StrategyDraft) -> Copy | None:
    grounds = case.grounds(draft)
    ways = (write_copy(draft, case.brief, grounds, turn=turn) for turn in range(_WAYS))
    return next((way for way in ways if way != draft.message), None)


def _shorter(case: Case, draft: StrategyDraft) -> list[Copy]:
    """Shorter copy that keeps the rules, shortest first."""
    ways = [*_trimmed(draft.message)]
    for one in copy_variants(draft, case.brief, case.grounds(draft), _WAYS):
        ways += [one.copy, *_trimmed(one.copy)]
    most = _SHORTER * _length(draft.message)
    short = sorted((way for way in ways if 0 < _length(way) <= most), key=_length)
    return [way for way in short if all(check.passed for check in case.check_copy(_with(draft, way)))]


def _trimmed(copy: Copy) -> Iterator[Copy]:
    """Without the paragraphs that say nothing of the offer."""
    paragraphs = copy.body.split("\n\n")
    kept = [one for one in paragraphs if "{" in one]
    if kept and len(kept) < len(paragraphs):
        yield copy.model_copy(update={"body": "\n\n".join(kept)})
        yield copy.model_copy(update={"body": "\n\n".join(kept), "preheader": ""})


def _length(copy: Copy) -> int:
    return len(copy.subject) + len(copy.preheader) + len(copy.body) + len(copy.call_to_action)


def _with(draft: StrategyDraft, copy: Copy) -> StrategyDraft:
    return draft.model_copy(update={"message": copy})
