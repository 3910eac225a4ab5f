"""An explanation in plain sentences, for somebody who plans campaigns and has never seen the program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from copilot.deciding.ranking import amount
from copilot.deciding.saved_run import SavedRun
from copilot.domain.audience import format_audience
from copilot.domain.explanation import Explanation, OtherDraft, Passage, Topic, Turn
from copilot.domain.forecast import Estimate
from copilot.domain.record import Answered, Failed, Trial, Writing
from copilot.domain.report import RankedStrategy, Usage
from copilot.wording.advice import advice

__all__ = ["passages"]

_SHOWN = 6  # other drafts
_REASON = 300  # characters of what the writer said for it
_WANTED = {
    "profit": "As much profit as possible, against sending nothing",
    "revenue": "As much revenue as possible, against sending nothing",
    "conversion": "As many orders as possible, against sending nothing",
    "clicks": "As many clicks as possible",
}


def passages(
    found: Explanation, run: SavedRun, one: RankedStrategy, writing: Writing | None
) -> tuple[Passage, ...]:
    """All that is told, in the order a reader asks for it."""
    standing = found.standing
    parts: Sequence[tuple[Topic, str, Iterator[str]]] = (
        ("asked", "What was asked", _asked(run)),
        ("standing", f"Why it ranks {standing.rank} of {standing.of}", _standing(found, run, one)),
        ("evidence", "What the forecast rests on", _evidence(one)),
        ("writing", "How it came about", _came_about(found, run, one)),
        ("others", "What else was tried", _others(found, run)),
        ("rules", "Rules", _rules(one)),
        ("cost", "What it took", _cost(run, one, writing)),
    )
    told = (Passage(topic=topic, title=title, sentences=tuple(said)) for topic, title, said in parts)
    return tuple(passage for passage in told if passage.sentences)


def _asked(run: SavedRun) -> Iterator[str]:
    brief = run.brief
    promoted = ", ".join((*brief.categories, *brief.product_ids)) or "the whole catalogue"
    who = format_audience(brief.audience) or "everyone"
    yield f"{_WANTED[brief.objective]}. To promote: {promoted}. To whom: {who}."
    limits = {
        "channels": ", ".join(brief.channels),
        "kinds of offer": ", ".join(kind.replace("_", " ") for kind in brief.offer_types),
        "budget": _money(brief.budget, run.currency),
        "discount at most": _percent(brief.max_discount_percent),
        "margin at least": _percent(brief.min_margin_percent),
        "ROI at least": None if brief.min_roi is None else f"{brief.min_roi:g}",
        "profit of a conversion": _money(brief.unit_profit, run.currency),
        "from": brief.starts_on,
        "until": brief.ends_on,
        "must say": "; ".join(brief.must_say),
        "must not say": "; ".join(brief.must_not_say),
    }
    given = [f"{name} {value}" for name, value in limits.items() if value not in (None, "")]
    wanted = "1 strategy" if brief.strategies == 1 else f"{brief.strategies} strategies"
    yield f"Limits: {', '.join(given) or 'none'}. {wanted} asked for."


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{float(value):g} %"


def _money(value: Decimal | None, currency: str) -> str:
    return "" if value is None else f"{value:,.2f} {currency}".replace(".00 ", " ")


def _standing(found: Explanation, run: SavedRun, one: RankedStrategy) -> Iterator[str]:
    yield from one.reasons
    standing = found.standing
    if standing.utility is not None:
        price = _amount(standing.total.mean - standing.utility, run)
        counted = _amount(standing.utility, run)
        yield f"Ranking takes {price} off for doubt, which leaves {counted}: of two alike the surer wins."
    if standing.ahead_of_next is not None:
        ahead = _amount(standing.ahead_of_next, run)
        yield f"By that it is {ahead} ahead of number {standing.rank + 1}{_named(run, standing.rank + 1)}."
    beside = {1: standing.overlaps_first, standing.rank + 1: standing.overlaps_next}
    near = [str(rank) for rank, overlaps in beside.items() if overlaps]
    apart = [str(rank) for rank, overlaps in beside.items() if overlaps is False]
    if near:
        yield f"Its 90 % interval overlaps that of number {' and '.join(near)}."
    if apart:
        yield f"Its 90 % interval does not overlap that of number {' and '.join(apart)}."


def _named(run: SavedRun, rank: int) -> str:
    one = run.strategy(rank)
    verdict = run.verdict(one.draft.draft_id) if one else None
    return f" ({verdict.judged.terms})" if verdict else ""


def _evidence(one: RankedStrategy) -> Iterator[str]:
    forecast = one.forecast
    against = (
        "against customers who were held out of past campaigns"
        if forecast.incremental
        else "not incremental: nobody was held out of past campaigns"
    )
    yield f"Customers as of {forecast.as_of}, by predictor {forecast.model_version}, {against}."
    for warning in forecast.warnings:
        yield f"{warning[:1].upper()}{warning[1:]}."


def _came_about(found: Explanation, run: SavedRun, one: RankedStrategy) -> Iterator[str]:
    if run.record is None:
        yield f"Written by {one.author}."
        yield "How is not known: the report was made by a version that kept no record."
        return
    yield f"Before anybody wrote, {run.record.candidates:,} possible offers were searched by code."
    for other in run.record.writings:
        for failed in (step for step in other.steps if isinstance(step, Failed)):
            who = failed.author or other.author
            yield f"{'The ' if other.planner else ''}{who} did not finish: {failed.message}."
    planners = [other.author for other in run.record.writings if other.planner]
    the = "the " if found.author in planners else ""
    for model in (other.author for other in run.record.writings if the and not other.planner):
        yield f"{model} was asked first; the built-in planner completed what it left open."
    yield f"Written by {the}{found.author}, which called it {found.draft_id}."
    if one.draft.rationale:
        yield f"Its reason: {_short(one.draft.rationale)}"
    before: Trial | None = None
    for turn in found.turns:
        yield _turn(turn, before, run)
        before = turn.trial if turn.trial and turn.kept else before
    if found.searched is not None:
        yield from _judged(found, found.searched, run)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _REASON else f"{words[:_REASON]}…"


def _turn(turn: Turn, before: Trial | None, run: SavedRun) -> str:
    back = f" Sent back: {'; '.join(turn.problems)}." if turn.problems else ""
    if turn.trial is None:
        return f"It could not be read.{back}"
    now = turn.trial
    terms = now.terms + (f", to {now.audience}" if now.audience else "")
    if before is None:
        what = f"proposed as {terms}"
    elif (before.terms, before.audience) == (now.terms, now.audience):
        what = "the same terms again"
    else:
        what = f"revised to {terms}"
    stays = "" if turn.kept else " That is worse, so the draft before stays."
    return f"Round {turn.round}: {what}. {_searched(now, run)}{back}{stays}"


def _searched(trial: Trial, run: SavedRun) -> str:
    if trial.total is None:
        return "It reaches nobody."
    return f"The search forecast {_range(trial.total, run)} over {trial.audience_size:,} customers."


def _judged(found: Explanation, searched: Trial, run: SavedRun) -> Iterator[str]:
    judged = found.judged
    if judged is None or judged.total is None or searched.total is None:
        return
    said, says = searched.total, judged.total
    told = f"The report says {_amount(says.mean, run)} where the search said {_amount(said.mean, run)}"
    if judged.audience_size != searched.audience_size:
        # Two totals over different customers do not say which forecast was the better one.
        yield (
            f"The report keeps it to {judged.audience_size:,} customers instead of "
            f"{searched.audience_size:,}, to stay within the budget."
        )
        yield f"{told} over all of them: not a comparison of like with like."
    elif says.mean < said.mean:
        yield (
            f"{told}: what is picked for its forecast looks better than it is, so it is forecast anew by a "
            "side of the predictor that did not pick it."
        )
    elif says.mean <= said.high:
        yield f"{told}: a side of the predictor that did not pick it confirms it."
    else:
        yield (
            f"{told}: a side of the predictor that did not pick it puts it above the 90 % interval of the "
            "search."
        )


def _others(found: Explanation, run: SavedRun) -> Iterator[str]:
    if not found.others:
        return
    if found.searched is not None and found.judged is not None:
        yield (
            f"With the price on doubt taken off, this one got {_amount(found.searched.utility, run)} in the "
            f"search and {_amount(found.judged.utility, run)} when judged. Beside it:"
        )
    for other in found.others[:_SHOWN]:
        yield f"{other.trial.draft_id}, {_in_words(other.trial)}: {_why_not(other, run)}."
    if len(found.others) > _SHOWN:
        yield f"And {len(found.others) - _SHOWN} more that were scored and left behind (--json lists them)."


def _in_words(trial: Trial) -> str:
    return trial.terms + (f", to {trial.audience}" if trial.audience else "")


def _why_not(other: OtherDraft, run: SavedRun) -> str:
    worth = _amount(other.trial.utility, run)
    if other.why == "breaks a rule":
        return "; ".join(f"breaks {check.rule}, {check.message}" for check in other.trial.broken)
    if other.why == "reaches nobody":
        return "reaches nobody"
    if other.why == "near-duplicate":
        return f"{worth} when judged; too like number {other.like_rank}"
    if other.why == "enough":
        return f"{worth} when judged; not among the best {len(run.report.strategies)}"
    if other.why == "sent back":
        return f"{worth} in the search; sent back: {'; '.join(other.problems)}"
    return f"{worth} in the search; not handed in"


def _rules(one: RankedStrategy) -> Iterator[str]:
    kept = [check.rule.replace("_", " ") for check in one.checks if check.passed]
    if kept:
        yield f"Checked by code and kept: {', '.join(kept)}."
    if better := advice(one.checks):
        yield f"Of its copy: {better}."
    for check in one.checks:
        if not check.passed:
            yield f"Not kept: {check.rule}, {check.message}."


def _cost(run: SavedRun, one: RankedStrategy, writing: Writing | None) -> Iterator[str]:
    yield f"{_spent(run.report.usage)} for the whole brief."
    models = run.report.models
    used = {
        "model": ", ".join(_models(writing)) if writing else "",
        "prompts": ", ".join(models.prompts),
        "predictor": models.predictor,
        "as of": one.forecast.as_of,
        "seed": run.record.seed if run.record else "",
    }
    told = ", ".join(f"{name} {value}" for name, value in used.items() if value != "")
    yield f"{told[:1].upper()}{told[1:]}."


def _spent(usage: Usage) -> str:
    parts = [f"{usage.model_calls} model calls" if usage.model_calls else "No language model was called"]
    parts.append(f"{usage.tool_calls} tool calls")
    if usage.input_tokens is not None and usage.output_tokens is not None:
        parts.append(f"{usage.input_tokens:,} tokens sent and {usage.output_tokens:,} received")
    if usage.cost is not None:
        parts.append(f"cost {usage.cost:.4f}")
    return f"{', '.join(parts)}, {usage.seconds:.1f} s"


def _models(writing: Writing) -> list[str]:
    names = [step.model for step in writing.steps if isinstance(step, Answered) and step.model]
    return list(dict.fromkeys(names))


def _amount(value: float, run: SavedRun) -> str:
    return amount(value, run.brief.objective, run.currency)


def _range(total: Estimate, run: SavedRun) -> str:
    return f"{_amount(total.mean, run)} (90 %: {total.low:,.0f} to {total.high:,.0f})"
