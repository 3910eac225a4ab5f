"""What is wrong, thin or missing in the data that a predictor learns from: findings with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.evaluation.record import Finding, Sent
from predictors.interface import FloatArray
from predictors.metrics import auc

__all__ = ["data_findings", "leaks", "one_sided", "sent_terms"]

LEAK, SUSPECT = 0.9, 0.8  # AUC of one attribute alone for conversions without a message
FEWEST_UNSENT_BUYERS = 20
FEW_SENT, FEW_BOUGHT = 300, 10
MANY = 500  # exposures of which some would have ordered, were orders recorded
NEARLY_ALL, ENOUGH = 0.99, 100  # share who ordered, and exposures, from which on only buyers were exported
FEW_HELD = 0.02
MOSTLY_MISSING = 0.5
SHORT_HISTORY = 90  # days
FEW_CAMPAIGNS = 8
DRIFTED = 1.0  # standard deviations; what is counted since signing up grows by itself
NAMED = 4


def data_findings(exposures: pd.DataFrame, attributes: pd.DataFrame) -> Iterator[Finding]:
    """Findings on n exposures and n aligned rows of attributes as of sending."""
    sent = (exposures["channel"] != "holdout").to_numpy(dtype=bool)
    converted = _floats(exposures["converted"])
    yield from _history(exposures)
    yield from _holdouts(exposures, sent)
    yield from _outcomes(exposures, sent, converted)
    yield from _leakage(attributes[~sent], converted[~sent])
    yield from _thin_cells(exposures[sent], converted[sent])
    yield from _columns(attributes)
    yield from _drift(exposures, attributes, sent, converted)


def sent_terms(exposures: pd.DataFrame) -> tuple[Sent, ...]:
    """Every combination of channel, kind, value and minimum spend of n exposures, commonest first."""
    rows = exposures[exposures["channel"] != "holdout"]
    frame = pd.DataFrame(
        {
            "channel": rows["channel"].astype(str),
            "kind": rows["offer_type"].astype(str),
            "value": _floats(rows["offer_value"]),
            "spend": _floats(rows["min_spend"]),
        }
    )
    counts = frame.groupby(list(frame.columns), dropna=False, sort=True).size()
    counts = counts.sort_values(ascending=False, kind="stable")
    return tuple(
        Sent(channel, kind, _known(value), _known(spend), int(count))
        for (channel, kind, value, spend), count in counts.items()
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _floats(column: Any) -> FloatArray:
    values: FloatArray = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return values


def _history(exposures: pd.DataFrame) -> Iterator[Finding]:
    when = pd.to_datetime(exposures["sent_at"])
    days, campaigns = int((when.max() - when.min()).days), exposures["campaign_id"].nunique()
    text = f"{campaigns:,} campaigns over {days:,} days." if campaigns > 1 else "One campaign only."
    if campaigns < FEW_CAMPAIGNS:
        advice = "What offers do is learnt from campaigns: with so few, forecasts are guesses."
        yield Finding("history", "bad" if campaigns < FEW_CAMPAIGNS // 2 else "look", text, advice)
    elif days < SHORT_HISTORY:
        yield Finding("history", "look", text, "Seasons are not known from so short a time.")
    else:
        yield Finding("history", "ok", text)


def _holdouts(exposures: pd.DataFrame, sent: npt.NDArray[np.bool_]) -> Iterator[Finding]:
    campaign = exposures["campaign_id"].astype(str)
    share = pd.Series(~sent).groupby(campaign.to_numpy()).mean()
    without = sorted(map(str, share.index[share == 0]))
    if not len(without):
        few = share.min() < FEW_HELD
        yield Finding(
            "holdout",
            "look" if few else "ok",
            f"Every campaign held customers out ({share.min():.1%} or more).",
            "So few show little of what happens without a message: hold out 5-10 %." if few else "",
        )
    elif len(without) < len(share):
        yield Finding(
            "holdout",
            "look",
            f"{len(without)} of {len(share)} campaigns held nobody out: {_named(without)}. What their "
            "messages as such did is not learnt from them.",
            "Hold out 5-10 % of the audience of each campaign at random.",
        )


def _named(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")


def one_sided(sent: npt.NDArray[np.bool_], converted: FloatArray) -> tuple[str, str] | None:
    """What cannot be true of n recorded outcomes and what to check; None where nothing is amiss.

    Outcomes that lack for one side look like a huge effect, outcomes without variety like none at all; either
    way every measure of fit would praise the forecasts.
    """
    messages, bought = int(sent.sum()), int(np.nansum(converted[sent]))
    if messages >= MANY and not bought and np.nansum(converted) > 0:
        return (
            f"no order was ever recorded of anybody who was sent something ({messages:,} messages), though "
            "held-out customers ordered",
            "check that `converted` was exported for them",
        )
    share = float(np.nanmean(converted)) if np.isfinite(converted).any() else 0.0
    if len(converted) >= ENOUGH and share > NEARLY_ALL:
        return (
            f"nearly everybody in the export ordered ({share:.1%} of {len(converted):,} exposures): effects "
            "cannot be told, as probably only buyers were exported",
            "export those who did not order too",
        )
    return None


def _outcomes(
    exposures: pd.DataFrame, sent: npt.NDArray[np.bool_], converted: FloatArray
) -> Iterator[Finding]:
    bought = int(np.nansum(converted))
    amiss = one_sided(sent, converted)
    if amiss is not None:
        said, check = amiss
        yield Finding("outcomes", "bad", f"{said[0].upper()}{said[1:]}.", f"{check[0].upper()}{check[1:]}.")
    elif not bought:
        yield Finding(
            "outcomes",
            "bad",
            "Nobody in any past campaign converted: there is no response to learn.",
            "Check the column converted, and that orders fall into the attribution window.",
        )
    elif bought < 100:
        yield Finding("outcomes", "look", f"Only {bought} conversions in all.", "Expect wide intervals.")
    clicked = _floats(exposures["clicked"])[sent]
    if not np.isfinite(clicked).any():
        yield Finding(
            "clicks",
            "look",
            "Clicks were not recorded, so click-through is not forecast.",
            "Export the column clicked; it also helps to tell offers apart.",
        )
    elif not np.nansum(clicked):
        yield Finding("clicks", "look", "No message was ever clicked.", "Check the column clicked.")
    if "outcome_scope" in exposures:
        narrow = exposures["outcome_scope"].isin(("category", "product")).mean()
        if narrow:
            yield Finding(
                "outcome scope",
                "look",
                f"{narrow:.0%} of outcomes count only purchases of what was promoted: sales taken from the "
                "rest of the shop are counted as gains.",
                "Export outcomes of the whole basket (outcome_scope basket).",
            )


def _leakage(attributes: pd.DataFrame, converted: FloatArray) -> Iterator[Finding]:
    known = np.isfinite(converted)
    attributes, converted = attributes[known], converted[known]
    buyers = int(converted.sum())
    if buyers < FEWEST_UNSENT_BUYERS or buyers > len(converted) - FEWEST_UNSENT_BUYERS:
        yield Finding(
            "leakage",
            "look",
            f"{buyers:,} of {len(converted):,} held-out customers converted: too few of one kind to look for "
            "attributes that give conversions away.",
        )
        return
    found = leaks(attributes, converted)
    telling = [(name, value) for name, value in found if value > SUSPECT]
    if not telling:
        best = f" (strongest: {found[0][0]}, AUC {found[0][1]:.2f})" if found else ""
        yield Finding("leakage", "ok", f"No attribute gives away who buys without a message{best}.")
    for name, value in telling:
        yield Finding(
            "leakage",
            "bad" if value > LEAK else "look",
            f"{name} alone tells who buys without a message with AUC {value:.2f}: it may have been measured "
            "after sending.",
            "Load it as it was when the message went out, or leave it out; then train again.",
        )


def leaks(attributes: pd.DataFrame, converted: FloatArray) -> list[tuple[str, float]]:
    """Attributes with the AUC that each has alone for conversions of unsent customers, strongest first.

    attributes: n rows; converted: (n,). The AUC is a lower bound, two standard errors below the estimate. A
    value is unknown lowest, so an attribute known only of those who bought is found too; categories stand for
    the rate of their other half.
    """
    found = []
    for name in map(str, attributes.columns):
        column = attributes[name]
        if pd.api.types.is_numeric_dtype(column):
            values = _floats(column)
            low = np.nanmin(values) - 1 if np.isfinite(values).any() else 0.0
            measured = [auc(converted, np.where(np.isnan(values), low, values))]
        else:
            measured = _auc_of_levels(column, converted)
        strength = max(max(value, 1 - value) for value in measured)
        found.append((name, strength - 2 * _error(strength, converted)))
    return sorted(found, key=lambda one: -one[1])


def _auc_of_levels(column: Any, converted: FloatArray) -> list[float]:
    codes = pd.factorize(column, use_na_sentinel=False)[0]
    half = np.arange(len(codes)) % 2 == 0
    measured = []
    for learnt in (half, ~half):
        counts = np.bincount(codes[learnt], minlength=int(codes.max()) + 1)
        rates = (np.bincount(codes[learnt], converted[learnt], len(counts)) + converted.mean()) / (counts + 1)
        measured.append(auc(converted[~learnt], rates[codes[~learnt]]))
    return [value for value in measured if np.isfinite(value)] or [0.5]


def _error(area: float, converted: FloatArray) -> float:
    """Standard error of an AUC (Hanley and McNeil 1982)."""
    ones = float(converted.sum())
    zeros = len(converted) - ones
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (ones - 1) * (first - area**2) + (zeros - 1) * (second - area**2)
    return float(np.sqrt(max(spread, 0.0) / (ones * zeros)))


def _thin_cells(sent: pd.DataFrame, converted: FloatArray) -> Iterator[Finding]:
    keys = ["channel", "offer_type", "category"]
    frame = sent.reindex(columns=keys).astype(object).where(lambda values: values.notna(), "(none)")
    counts = frame.assign(bought=converted).groupby(keys, sort=True)["bought"].agg(["size", "sum"])
    thin = counts[(counts["size"] < FEW_SENT) | (counts["sum"] < FEW_BOUGHT)]
    text = (
        f"{len(thin)} of {len(counts)} combinations of channel, offer type and category have fewer than "
        f"{FEW_SENT} messages or {FEW_BOUGHT} conversions"
    )
    if thin.empty:
        yield Finding("thin cells", "ok", text + ".")
        return
    first = thin.sort_values("size", kind="stable").head(NAMED)
    named = "; ".join(f"{' / '.join(map(str, key))} ({size:,})" for key, size in first["size"].items())
    mostly = len(thin) > len(counts) / 2
    advice = "Forecasts there borrow from the others: look at their support."
    yield Finding("thin cells", "look" if mostly else "ok", f"{text}; fewest: {named}.", advice)


def _columns(attributes: pd.DataFrame) -> Iterator[Finding]:
    missing = attributes.isna().mean()
    empty = sorted(map(str, missing.index[missing > MOSTLY_MISSING]))
    constant = sorted(
        str(name) for name in attributes.columns if attributes[name].nunique() == 1 and not missing[name]
    )
    if empty:
        advice = "They say little: fill them or drop them."
        yield Finding("columns", "look", f"Attributes mostly unknown: {_named(empty)}.", advice)
    if constant:
        yield Finding("columns", "look", f"Attributes that never differ: {_named(constant)}.")
    if not empty and not constant:
        told = f"{len(attributes.columns)} attributes, none mostly unknown, none that never differs."
        yield Finding("columns", "ok", told)


def _drift(
    exposures: pd.DataFrame, attributes: pd.DataFrame, sent: npt.NDArray[np.bool_], converted: FloatArray
) -> Iterator[Finding]:
    """The later half of the campaigns against the earlier one."""
    starts = exposures.groupby("campaign_id")["sent_at"].min().sort_values(kind="stable")
    if len(starts) < 2:
        return
    late = exposures["campaign_id"].isin(starts.index[len(starts) // 2 :]).to_numpy(dtype=bool)
    numbers = attributes.select_dtypes("number")
    shifts = {}
    for name in map(str, numbers.columns):
        values = _floats(numbers[name])
        known = np.isfinite(values)
        if known[late].any() and known[~late].any() and values[known].std() > 0:
            gap = values[known & late].mean() - values[known & ~late].mean()
            shifts[name] = abs(float(gap / values[known].std()))
    moved = sorted((name for name in shifts if shifts[name] > DRIFTED), key=lambda name: -shifts[name])
    if moved:
        yield Finding(
            "drift",
            "look",
            f"Customers of later campaigns differ from earlier ones by {shifts[moved[0]]:.1f} standard "
            f"deviations in {moved[0]}" + (f"; also {_named(moved[1:])}" if moved[1:] else "") + ".",
            "Train again after each campaign, so that the latest customers are known.",
        )
    rates = [converted[~sent & part] for part in (~late, late)]
    if all(np.isfinite(part).any() for part in rates):
        first, last = (float(np.nanmean(part)) for part in rates)
        spread = float(np.sqrt(sum(np.nanvar(part) / len(part) for part in rates)))
        change = abs(last - first) > max(3 * spread, 0.25 * first)
        yield Finding(
            "drift",
            "look" if change else "ok",
            f"Without a message {first:.1%} bought in the earlier half of the campaigns, {last:.1%} in the "
            "later.",
            "Demand moved: forecasts are for demand as it is after the last campaign." if change else "",
        )
