"""How far a predictor can be trusted: what was measured when it was trained, put into words with figures.

Nothing is measured here but what is missing of the shop's costs: the figures are the predictor's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb
from typing import Any

from copilot.deciding.case import Case
from copilot.deciding.response import Response, responses
from copilot.deciding.scoring import Evaluation, Finding, Level

__all__ = ["PredictorReport", "predictor_report"]

WORST_FIRST = {"bad": 0, "look": 1, "ok": 2}
PROMISED = 0.9
RARE, VERY_RARE = 0.05, 0.005  # chances of so many misses, were the intervals right
OFF, FAR_OFF = 0.05, 0.25  # of the observed rate, beyond what chance makes
LEAST_OFF = 0.001  # a difference in rates that never matters
TIMES_OFF = 1.5  # forecast over observed effect, or the other way round
FEW_CAMPAIGNS = 3
FEW_ORDERS = 20  # and few clicks: any verdict on them would be luck
FEW_ARMS, VAGUE_SLOPE = 8, 1.0  # judged; standard error of the slope of observed on forecast effects
UNKNOWN_COST = 0.2  # share of sales


@dataclass(frozen=True)
class PredictorReport:
    """A predictor, what is to be thought of it, and all figures behind that.

    summary: what can be trusted; findings: on data and costs; both the worst first. notes: every note that
    training gave, as it gave it.
    """

    predictor: str
    shop: str
    currency: str
    as_of: str
    customers: int
    summary: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    evaluation: Evaluation
    responses: tuple[Response, ...]
    notes: tuple[str, ...] = ()


def predictor_report(case: Case) -> PredictorReport:
    """The report of a case's predictor; response curves are over the customers of the case."""
    evaluation, shop = case.scorer.model.evaluation, case.shop
    findings = sorted(
        (*evaluation.findings, *_notes(case), *_costs(case)),
        key=lambda one: (WORST_FIRST[one.level], one.topic),
    )
    return PredictorReport(
        predictor=case.scorer.model.version,
        shop=shop.settings.name,
        currency=shop.settings.currency,
        as_of=shop.as_of.isoformat(),
        customers=len(shop.attributes),
        summary=tuple(_summary(evaluation, findings, shop.settings.currency)),
        findings=tuple(findings),
        evaluation=evaluation,
        responses=responses(case, evaluation),
        notes=tuple(note.message for note in case.scorer.model.notes),
    )


def _costs(case: Case) -> Iterator[Finding]:
    """What sales cost is where profit comes from."""
    shop = case.shop
    products = shop.catalogue.products
    free = [channel for channel in shop.channels if channel not in shop.settings.contact_cost]
    if free:
        yield Finding(
            "costs",
            "look",
            f"What a message by {', '.join(free)} costs is not known: counted as 0.",
            "State it in shop.json (contact_cost).",
        )
    if products.empty:
        yield Finding(
            "costs",
            "look",
            f"No products are known: every sale is taken to earn {shop.settings.default_margin:.0%}.",
            "Load products.csv with unit_cost.",
        )
        return
    blank = products["unit_cost"].isna() if "unit_cost" in products else products["price"].isna() | True
    weight = products["sold"] if products["sold"].sum() > 0 else products["price"].fillna(0) + 1e-9
    share = float(weight[blank].sum() / weight.sum())
    text = (
        f"Unit costs are missing for {share:.0%} of sales: {shop.settings.default_margin:.0%} margin assumed."
    )
    if share:
        advice = "Load products.csv with unit_cost; profit forecasts are as good as margins are."
        yield Finding("costs", "look" if share > UNKNOWN_COST else "ok", text, advice)
    else:
        yield Finding("costs", "ok", "Every product that sells has a unit cost.")


def _notes(case: Case) -> Iterator[Finding]:
    """What every forecast says of what it was learned from, unless a finding says it better."""
    said = {one.topic for one in case.scorer.model.evaluation.findings if one.level != "ok"}
    for note in case.scorer.model.notes:
        if note.forecasts and note.topic not in said:
            yield Finding(note.topic, "look", f"{note.message[0].upper()}{note.message[1:]}.")


def _summary(evaluation: Evaluation, findings: list[Finding], currency: str) -> Iterator[Finding]:
    if not evaluation.splits:
        why = " ".join(evaluation.unmeasured) or "There were no campaigns to measure it on."
        advice = "Hold some customers out of the next campaign, load it, and train again."
        yield Finding("measured", "bad", f"Nothing is measured of this predictor. {why}", advice)
    else:
        wrong = any(one.topic == "outcomes" and one.level == "bad" for one in evaluation.findings)
        for one in _measured(evaluation.splits[0], currency):
            if wrong and one.level == "ok" and one.topic != "clicks":
                # Forecasts that repeat what is wrong fit it well.
                text = f"{one.text} But these outcomes cannot be right: see below."
                yield Finding(one.topic, "look", text, "Export outcomes again, and train again.")
            else:
                yield one
    open_ = [one for one in findings if one.level != "ok"]
    if open_:
        worst = next(one.level for one in findings)
        topics = ", ".join(dict.fromkeys(one.topic for one in open_))
        yield Finding("data", worst, f"Look at what the data lack, below: {topics}.")
    else:
        yield Finding("data", "ok", "Nothing amiss was found in the data it learnt from.")


def _measured(split: Any, currency: str) -> Iterator[Finding]:
    yield from _rate("conversion", split.conversion, split)
    yield from _rate("clicks", split.click, split)
    yield _ranking(split)
    yield from _arms(split)
    if split.order_value is not None:
        value = split.order_value
        said = Finding(
            "order value",
            "ok" if abs(value.forecast / value.observed - 1) < 0.1 else "look",
            f"Orders were {currency} {value.observed:,.2f} on average, forecast {value.forecast:,.2f}; "
            f"a single order differs from its forecast by {value.mae:,.2f}, much of it luck.",
        )
        yield _sober(said, _few(value.count, "orders"))


def _sober(said: Finding, lacking: str) -> Finding:
    """The finding, or, where evidence is `lacking`, that there is too little of it: neither good nor bad."""
    if not lacking:
        return said
    advice = "Load more campaigns, larger ones, and train again."
    return Finding(said.topic, "look", f"Too little to tell: {lacking}. {said.text}", advice)


def _few(count: int, what: str) -> str:
    seen = f"{count:,} {what if count != 1 else what[:-1]}" if count else f"no {what}"
    return f"{seen} among what is judged" if count < FEW_ORDERS else ""


def _orders(split: Any) -> str:
    """What is lacking of orders in what is judged."""
    return _few(0 if split.conversion is None else split.conversion.positives, "orders")


def _rate(name: str, outcome: Any, split: Any) -> Iterator[Finding]:
    """Whether rates come true, and whether customers are told apart."""
    if outcome is None:
        return
    count = split.campaigns if split.name == "later campaigns" else split.customers
    seen = f"{outcome.count:,} exposures of {count:,} {split.name if count > 1 else split.name[:-1]}"
    overall = outcome.calibrations[0]
    observed = outcome.positives / outcome.count
    excess = overall.error - overall.by_chance
    room = {"ok": OFF * observed + LEAST_OFF, "look": FAR_OFF * observed + LEAST_OFF}
    level: Level = "ok" if excess < room["ok"] else "look" if excess < room["look"] else "bad"
    told = "" if outcome.auc is None else f" Customers are told apart with AUC {outcome.auc:.2f} (0.5 = not)."
    text = (
        f"Over {seen}, {outcome.forecast:.1%} were forecast and {observed:.1%} observed. Over tenths of "
        f"the customers they are {100 * overall.error:.2f} points apart on average; chance alone makes "
        f"{100 * overall.by_chance:.2f}.{told}"
    )
    advice = "" if level == "ok" else "Compare drafts with each other; take the level with care."
    if level == "bad" and split.campaigns < FEW_CAMPAIGNS:
        # Demand moves from campaign to campaign, and the interval of a forecast allows for it.
        level, advice = "look", f"So few campaigns say little of the level of demand. {advice}"
    lacking = _few(outcome.positives, "orders" if name == "conversion" else "clicks")
    yield _sober(Finding(name, level, text, advice), lacking)


def _ranking(split: Any) -> Finding:
    uplift = split.uplift
    if uplift is None:
        text = "Whether those forecast to respond most do cannot be measured: too few were held out."
        advice = "Hold out 5-10 % of the audience of each campaign at random."
        return Finding("who responds", "bad", text, advice)
    level: Level = "ok" if uplift.area_low > 0 else "look" if uplift.area_high > 0 else "bad"
    first, last = uplift.deciles[0], uplift.deciles[-1]
    text = (
        "Choosing customers by forecast beats choosing at random"
        if level == "ok"
        else "It is not shown that choosing customers by forecast beats choosing at random"
    )
    if first.observed is not None and last.observed is not None:
        text += (
            f": the tenth forecast to respond most bought {first.observed:+.1%} for the message (forecast "
            f"{first.forecast:+.1%}), the last tenth {last.observed:+.1%} (forecast {last.forecast:+.1%})"
        )
    advice = ""
    if level == "ok" and first.high is not None and first.forecast > first.high:
        level, advice = "look", "Choose customers by the order of their forecasts, not by the figures."
    return _sober(Finding("who responds", level, f"{text}.", advice), _orders(split))


def _arms(split: Any) -> Iterator[Finding]:
    arms = split.arms
    if arms is None:
        return
    what = (
        "later offers" if split.name == "later campaigns" else "offers that it learnt from, on new customers"
    )
    count = len(arms.arms)
    held = round(arms.covered * count)
    luck = sum(comb(count, k) * PROMISED**k * (1 - PROMISED) ** (count - k) for k in range(held + 1))
    level: Level = "ok" if luck > RARE else "look" if luck > VERY_RARE else "bad"
    ratio = (
        ""
        if arms.ratio is None
        else f" All together, {arms.ratio:.2f} times the observed effect was forecast."
    )
    text = (
        f"Of {count} {what}, the 90 % bounds held what was observed in {held} "
        f"({PROMISED * count:.0f} to be expected).{ratio}"
    )
    advice = "" if level == "ok" else "Intervals are too narrow here: leave more room than they show."
    if level == "ok" and arms.ratio is not None and not 1 / TIMES_OFF < arms.ratio < TIMES_OFF:
        level, advice = (
            "look",
            "The intervals allow for it; trust the order of offers more than their figures.",
        )
    yield _sober(Finding("offers", level, text, advice), _vague(arms) or _orders(split))


def _vague(arms: Any) -> str:
    """What is lacking of offers in what is judged."""
    count = len(arms.arms)
    if count < FEW_ARMS:
        return f"{count} offer{'s' if count != 1 else ''} with a holdout among what is judged"
    if arms.slope_error is None:
        return "forecasts of offers, or what became of them, do not differ"
    if arms.slope_error > VAGUE_SLOPE:
        return f"the slope of observed on forecast effects has a standard error of {arms.slope_error:.1f}"
    return ""
