"""What can and cannot be forecast from a shop's data, said once when the predictor is trained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from predictors.effect.assignment import UNRECORDED, recorded
from predictors.effect.heads import FEWEST_ARMS, FEWEST_ORDERS, Head, before_campaigns
from predictors.effect.mixed import sigmoid
from predictors.effect.priors import Priors, believed, statement_rows
from predictors.effect.reading import Training
from predictors.evaluation.diagnostics import one_sided
from predictors.features import EXTREME, Schema
from predictors.interface import Belief, FloatArray, Natural, Note

__all__ = ["assumption_note", "beliefs_of", "training_notes"]

NOT_INCREMENTAL = "not incremental: no held-out customers"
NO_CLICKS = "clicks were not recorded in past campaigns"
FEWEST_HELD = 100
BEYOND_CHANCE = 2.6  # standard errors
# Demand moves from campaign to campaign by so much (standard deviation, share of it), and without that and
# chance what two sources count is the same.
SHOCK, APART, SURELY = 0.25, 0.25, 3.0
MOSTLY = 0.5  # weight of an assumption from which a forecast rests on it
TOPICS = {
    "conversion": "what messages and offers do to orders",
    "order_value": "what messages and offers do to the value of an order",
    "clicks": "who clicks",
    "redemption": "who uses an offer",
}
SENDING = "what a message as such does to orders"


def assumption_note(beliefs: Sequence[Belief], priors: Priors) -> Note | None:
    """Names what is believed more from the priors than from campaigns; None if nothing is."""
    weights = {name: [one.weight for one in beliefs if one.figure == name] for name in TOPICS}
    named = {name: told for name, told in TOPICS.items() if weights[name] and np.mean(weights[name]) > MOSTLY}
    # Where nobody was held out, offers are learned by comparing them, and what any of them adds is not.
    alone = {one.name for one in priors.assumptions if one.figure == "conversion" and one.compared_with == {}}
    sending = [one.weight for one in beliefs if one.name in alone]
    if "conversion" not in named and sending and np.mean(sending) > MOSTLY:
        named = {"conversion": SENDING, **named}
    if not named:
        return None
    return Note(
        "assumptions",
        f"assumption: {'; '.join(named.values())}: taken from {priors.name} more than from this shop's own "
        "campaigns",
    )


def beliefs_of(priors: Priors, heads: Mapping[str, Head], schema: Schema) -> tuple[Belief, ...]:
    """Every assumption beside what its head holds of it now."""
    found: list[Belief] = []
    for name, head in heads.items():
        about = priors.of_head(name)
        rows = statement_rows(about, name, schema, len(head.mean))
        before = before_campaigns(name, priors, schema)
        found += [
            believed(one, row, head.mean, head.covariance, before)
            for one, row in zip(about, rows, strict=True)
        ]
    return tuple(found)


def training_notes(
    data: Training,
    exposures: pd.DataFrame,
    attributes: pd.DataFrame,
    heads: Mapping[str, Head],
    schema: Schema,
    natural: Natural | None,
) -> tuple[Note, ...]:
    """The notes of a predictor learned from these exposures, rows of natural demand among `data` alone."""
    real = ~data.natural
    return (
        *_of_assignment(data, exposures, real, natural),
        *_of_orders(data, exposures, heads, real),
        *_of_demand(data, heads["convert"]),
        *_of_clicks(data, real),
        *_of_offers(data, real),
        *_of_discounts(data, heads["convert"], real),
        *_of_attributes(attributes, schema),
    )


def _of_assignment(
    data: Training, exposures: pd.DataFrame, real: Any, natural: Natural | None
) -> Iterator[Note]:
    held = int((~data.sent & real).sum())
    if not held:
        yield Note("holdout", NOT_INCREMENTAL)
    elif held < FEWEST_HELD:
        rows = f"{held} held-out row{'s' if held > 1 else ''}"
        yield Note("holdout", f"only {rows}: effects against sending nothing are uncertain")
    if natural is not None:
        days = natural.exposures["campaign_id"].nunique()
        seen = f"(customers on {days} days, {len(natural.exposures):,} looks)"
        if held < FEWEST_HELD:
            beside = ", beside few held-out customers" if held else ""
            yield Note("baseline", f"assumption: who orders unsent is taken from past orders {seen}{beside}")
        else:
            yield Note("baseline", f"past orders {seen} say what demand is now", forecasts=False)
    known = recorded(exposures)
    given = exposures["propensity"].notna() if "propensity" in exposures else np.zeros(len(exposures), bool)
    wrong = int((np.asarray(given, dtype=bool) & ~np.isfinite(known)).sum())
    if wrong:
        yield Note("propensities", f"{wrong:,} propensities are not in (0, 1]: taken as not recorded")
    lacking = float((~np.isfinite(known)).mean()) if len(known) else 0.0
    if held and lacking == 1 and not wrong:
        yield Note("propensities", UNRECORDED)
    elif held and lacking:
        share = "under 1 %" if lacking < 0.01 else f"{100 * lacking:.0f} %"
        yield Note(
            "propensities",
            f"{share} of the exposures have no usable propensity: theirs are estimated, which is right only "
            "if the known attributes explain who was chosen",
        )
    twice = int(exposures.duplicated(["campaign_id", "customer_id"]).sum())
    if twice and exposures["customer_id"].nunique() > 1:
        yield Note(
            "customers", f"{twice:,} exposures are there twice, a customer in one campaign", forecasts=False
        )
    off = _sums_off(data, known, real)
    if off:
        yield Note("propensities", f"propensities do not sum to 1 over the arms of {off} campaigns")


def _sums_off(data: Training, chances: FloatArray, real: Any) -> int:
    """Campaigns whose arms' mean recorded propensities add up to something else than 1."""
    cell = data.cells.cell[real]
    counts = np.bincount(cell, minlength=len(data.cells.campaign))
    # Those drawn into an arm had more of a chance of it than others: 1 / chance each makes up for that.
    sums = np.bincount(cell, 1 / np.where(np.isfinite(chances), chances, 1.0), len(counts))
    known = np.bincount(cell, np.isfinite(chances), len(counts)) == counts
    means = np.divide(counts, sums, out=np.zeros(len(counts)), where=counts > 0)
    off = 0
    for campaign in np.unique(data.cells.campaign[counts > 0]):
        here = (data.cells.campaign == campaign) & (counts > 0)
        whole = here.sum() > 1 and known[here].all()
        off += int(whole and not 0.9 < means[here].sum() < 1.1)
    return off


def _of_orders(
    data: Training, exposures: pd.DataFrame, heads: Mapping[str, Head], real: Any
) -> Iterator[Note]:
    count, orders = int(real.sum()), int(data.converted[real].sum())
    if count and not orders:
        yield Note(
            "orders",
            f"no order was ever recorded in {count:,} exposures: conversions are forecast near 0; check that "
            "`converted` was exported",
        )
    elif count and orders < FEWEST_ORDERS:
        yield Note("orders", f"only {orders} orders in {count:,} exposures: conversions are uncertain")
    amiss = one_sided(data.sent[real], data.converted[real])
    if amiss is not None:
        yield Note("outcomes", "; ".join(amiss))
    valued = int(data.paid[real].sum())
    if orders and not valued:
        yield Note(
            "order values", f"{orders:,} orders, none with a revenue: the value of an order is assumed"
        )
    elif orders and valued < 0.9 * orders:
        yield Note("order values", f"{orders - valued:,} of {orders:,} orders have no revenue: counted as 0")
    if "value" not in heads:
        yield Note(
            "order values", "the value of no order is known: revenue and the profit on it are counted as 0"
        )
    revenue = np.nan_to_num(_numbers(exposures["revenue"]), posinf=0.0)
    paid = revenue[revenue > 0]
    far = int((paid > EXTREME * np.median(paid)).sum()) if len(paid) else 0
    if far:
        yield Note(
            "order values",
            f"{far:,} orders are worth over {EXTREME:.0f} times the median one: counted as that",
            forecasts=False,
        )
    discount = np.nan_to_num(_numbers(exposures["discount"]))
    above = int(((discount > revenue) & (revenue > 0)).sum())
    if above:
        yield Note(
            "discounts",
            f"{above:,} orders have a discount above their revenue, which is to be the list value",
            forecasts=False,
        )


def _of_clicks(data: Training, real: Any) -> Iterator[Note]:
    told = data.sent & real & np.isfinite(data.clicked)
    clicks = int(data.clicked[told].sum())
    if (data.sent & real).any() and not told.any():
        yield Note("clicks", NO_CLICKS)
    elif told.any() and not clicks:
        yield Note(
            "clicks",
            f"no click was ever recorded in {int(told.sum()):,} messages: clicks are forecast near 0; leave "
            "`clicked` empty where clicks were not tracked",
        )


def _of_offers(data: Training, real: Any) -> Iterator[Note]:
    sent = np.unique(data.cells.cell[data.sent & real])
    campaigns = len(np.unique(data.cells.campaign[sent]))
    if not len(sent):
        yield Note("campaigns", "no message was ever sent: what messages and offers do is assumed")
        return
    if campaigns == 1:
        yield Note("campaigns", "one campaign only: how campaigns differ is not known from this shop")
    rows = np.unique(data.cells.cell, return_index=True)[1][sent]
    offers = {
        (kind, round(float(percent), 4), round(float(flat), 2), round(float(spend), 2))
        for kind, percent, flat, spend in zip(
            data.offers.kind[rows],
            data.offers.percent[rows],
            data.offers.flat[rows],
            data.offers.min_spend[rows],
            strict=True,
        )
    }
    if len(offers) == 1:
        yield Note(
            "offers", "one and the same offer was ever sent: what other offers do is not known from this shop"
        )
    sizes = np.bincount(data.cells.cell[real])
    thin = int((sizes[sent] < FEWEST_ORDERS).sum())
    if thin:
        yield Note(
            "offers", f"{thin} of {len(sent)} arms went to fewer than {FEWEST_ORDERS} customers", False
        )


def _unsent(data: Training, convert: Head) -> FloatArray:
    """(n,) how likely each customer is to buy unsent at one level of demand: who they are, not when."""
    width = data.main.shape[1]
    return sigmoid(data.main @ convert.mean[:width])


def _of_demand(data: Training, convert: Head) -> Iterator[Note]:
    """Whether held-out customers order about as often as past orders say of customers like them.

    Campaigns, and days of natural demand, are the observations: demand of the day is common to everybody
    in one. Campaigns from before the first of these days are left out: demand has moved since.
    """
    unsent, days = _unsent(data, convert), data.cells.days[data.campaign]
    held = ~data.sent & ~data.natural
    if data.natural.any():
        held &= days >= days[data.natural].min()
    if not held.any() or not data.natural.any():
        return
    (ordered, ordered_error), (bought, bought_error) = (
        _times_expected(data.campaign[rows], data.converted[rows], unsent[rows])
        for rows in (held, data.natural)
    )
    gap = abs(ordered - bought)
    if gap > SURELY * np.hypot(ordered_error, bought_error) and gap > APART * max(bought, 1e-9):
        expected = float(unsent[held].mean())
        yield Note(
            "demand",
            f"`converted` of held-out customers and orders.csv disagree: {ordered * expected:.1%} against "
            f"{bought * expected:.1%} of customers like them ordered; check that both count the same orders "
            "over the same days",
        )


def _times_expected(campaign: Any, converted: FloatArray, unsent: FloatArray) -> tuple[float, float]:
    """Orders as a multiple of those to be expected, and its standard error, campaigns as observations."""
    codes = np.unique(campaign, return_inverse=True)[1]
    orders, expected = np.bincount(codes, converted), np.bincount(codes, unsent)
    total, count = float(expected.sum()), len(orders)
    times = float(orders.sum()) / total
    seen = float(((orders - times * expected) ** 2).sum()) * count / max(count - 1, 1)
    # The scatter of few campaigns may be small by luck.
    usual = max(times, 1 / total)
    least = float((usual * expected + (SHOCK * usual * expected) ** 2).sum())
    return times, float(np.sqrt(max(seen, least))) / total


def _of_discounts(data: Training, convert: Head, real: Any) -> Iterator[Note]:
    """Whether arms with a larger percentage sold less than others of their campaign.

    Orders beyond what the arm's customers would have placed anyway, so that it does not matter whom larger
    discounts went to; the minimum spend that came with them is allowed for, and arms vary beyond luck.
    """
    rows = real & data.sent & (data.offers.kind == "percent_off")
    cells, first, place = np.unique(data.cells.cell[rows], return_index=True, return_inverse=True)
    size = np.bincount(place).astype(float)
    rate = np.bincount(place, data.converted[rows]) / np.maximum(size, 1)
    beyond = rate - np.bincount(place, _unsent(data, convert)[rows]) / np.maximum(size, 1)
    campaign = data.cells.campaign[cells]
    terms = np.column_stack([data.offers.percent[rows][first], data.offers.min_spend[rows][first]])
    # Where a campaign's arms have one and the same depth, they say nothing of depth.
    spread = [np.ptp(terms[campaign == one, 0]) for one in campaign]
    told = np.array(spread) > 0
    arms, campaigns = int(told.sum()), len(np.unique(campaign[told]))
    if arms < FEWEST_ARMS:
        return
    usual = float(rate[told] @ size[told] / size[told].sum())
    weight = size[told] / max(usual * (1 - usual), 1e-4)
    codes = np.unique(campaign[told], return_inverse=True)[1]
    centred = [_centred(column, weight, codes) for column in terms[told].T]
    columns = np.column_stack([column / np.ptp(column) for column in centred if np.ptp(column) > 1e-6])
    free = arms - campaigns - columns.shape[1]
    if free < 1 or np.linalg.matrix_rank(columns, tol=0.01) < columns.shape[1]:
        return
    target = _centred(beyond[told], weight, codes)
    curve = np.linalg.inv(columns.T @ (weight[:, None] * columns))
    slope = curve @ (columns.T @ (weight * target))
    scatter = float(weight @ (target - columns @ slope) ** 2) / free
    error = float(np.sqrt(max(scatter, 1.0) * curve[0, 0]))
    if slope[0] < -BEYOND_CHANCE * error:
        fewer = 0.1 * -slope[0] / np.ptp(centred[0])
        yield Note(
            "discounts",
            f"in your campaigns larger discounts sold less: 10 points more, and {fewer:.1%} of the customers "
            f"fewer ordered ({arms} arms of {campaigns} campaigns, {-slope[0] / error:.1f} standard errors); "
            "forecasts are held to not falling with the gift; check that `converted` was exported for every "
            "arm, and that large discounts did not go to those who would not have ordered",
        )


def _centred(values: FloatArray, weight: FloatArray, codes: Any) -> FloatArray:
    """Values less the weighted mean of their group."""
    means = np.bincount(codes, weight * values) / np.bincount(codes, weight)
    return np.asarray(values - means[codes])


def _of_attributes(attributes: pd.DataFrame, schema: Schema) -> Iterator[Note]:
    known = {*schema.numeric, *schema.levels}
    if not known:
        yield Note("attributes", "no customer attribute tells customers apart: all get the same forecast")
        return
    empty = [str(name) for name in attributes.columns if not attributes[name].notna().any()]
    if empty:
        yield Note("attributes", f"always unknown, not used: {_listed(empty)}", forecasts=False)
    pooled = [name for name in schema.levels if attributes[name].nunique() > 2 * len(schema.levels[name])]
    if pooled:
        yield Note(
            "attributes", f"only the commonest values are told apart of: {_listed(pooled)}", forecasts=False
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")


def _numbers(column: Any) -> FloatArray:
    return np.asarray(pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan))
