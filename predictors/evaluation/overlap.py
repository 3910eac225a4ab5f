"""Overlap and balance: how comparable those who were sent something and those held out were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from predictors.evaluation.record import Balance, Finding, Overlap
from predictors.interface import FloatArray
from predictors.metrics import auc

__all__ = ["Assigned", "balance", "balance_findings", "overlap", "overlap_findings"]

BINS = 20
DIFFERS = 0.1  # standard deviations; above it a difference is worth a look (Austin 2009)
TOLD_APART = 0.6
FEW_EFFECTIVE = 0.3
BEYOND_CHANCE = 6.0  # standard errors: of a hundred attributes none gets there by luck


@dataclass(frozen=True)
class Assigned:
    """n exposures of campaigns that held somebody out, and how they came to be what they are; (n,) each.

    covariates: (n, k) standardised, `names` (k,) of the attribute that each belongs to.
    cell: arm or held-out group, `labels` of each; chance: propensity of the cell; recorded: whether it was
    recorded; least: the limit it is cut to; likely: estimated chance of being sent anything.
    """

    covariates: FloatArray
    names: tuple[str, ...]
    sent: npt.NDArray[np.bool_]
    campaign: npt.NDArray[np.int64]
    cell: npt.NDArray[np.int64]
    labels: Sequence[str]
    chance: FloatArray
    recorded: npt.NDArray[np.bool_]
    least: float
    likely: FloatArray


def overlap(given: Assigned) -> Overlap | None:
    """None where only held-out customers, or only others, are left."""
    if given.sent.all() or not given.sent.any():
        return None
    # Within campaigns: that one campaign held out more than another tells nobody apart.
    level = np.bincount(given.campaign, given.likely) / np.maximum(np.bincount(given.campaign), 1)
    beyond = given.likely - level[given.campaign]
    effective = {
        int(cell): _effective(1 / given.chance[given.cell == cell]) for cell in np.unique(given.cell)
    }
    worst = min(effective, key=lambda cell: effective[cell])
    apart = auc(given.sent.astype(float), beyond)
    return Overlap(
        recorded=float(given.recorded.mean()),
        told_apart=apart if np.isfinite(apart) else None,
        sent=_histogram(given.likely[given.sent]),
        unsent=_histogram(given.likely[~given.sent]),
        effective=effective[worst],
        worst=given.labels[worst],
        extreme=float((given.chance <= given.least).mean()),
    )


def _effective(weight: FloatArray) -> float:
    """Kish's effective sample size as a share of the sample."""
    return float(weight.sum() ** 2 / ((weight**2).sum() * len(weight)))


def _histogram(chance: FloatArray) -> tuple[float, ...]:
    counts = np.histogram(chance, np.linspace(0, 1, BINS + 1))[0]
    return tuple(map(float, counts / max(len(chance), 1)))


def overlap_findings(found: Overlap | None) -> tuple[Finding, ...]:
    """What to know of how customers came to their arms."""
    if found is None:
        return (
            Finding(
                "holdout",
                "bad",
                "No campaign held customers out, so what sending as such does cannot be learnt.",
                "Hold out 5-10 % of the audience of each campaign at random.",
            ),
        )
    said = []
    if found.recorded == 1:
        said.append(Finding("propensities", "ok", "Every exposure has a recorded propensity."))
    else:
        said.append(
            Finding(
                "propensities",
                "look",
                f"{1 - found.recorded:.0%} of the exposures have no recorded propensity; theirs are "
                "estimated from attributes, which is right only if those explain who was chosen.",
                "Record with each exposure the probability with which it was drawn (column propensity).",
            )
        )
    thin = found.effective < FEW_EFFECTIVE or found.extreme > 0.05
    targeted = found.told_apart is not None and found.told_apart > TOLD_APART
    text = (
        f"Weighting leaves at least {found.effective:.0%} of each group's customers (least: {found.worst}); "
        f"{found.extreme:.1%} of propensities lie at the limit."
    )
    if targeted:
        text = f"Who was sent is told from attributes with AUC {found.told_apart:.2f} (0.5 = random). " + text
    advice = "Comparisons rest on few customers: randomise more of each campaign." if thin else ""
    said.append(Finding("overlap", "bad" if thin else "look" if targeted else "ok", text, advice))
    return tuple(said)


def balance(given: Assigned) -> tuple[Balance, ...]:
    """Each attribute by its most different column, the most different attribute after weighting first."""
    if not given.covariates.shape[1]:
        return ()
    raw, _ = _differences(given, np.ones(len(given.sent)))
    weighted, error = _differences(given, 1 / given.chance)
    worst: dict[str, Balance] = {}
    for place, name in enumerate(given.names):
        one = Balance(name, float(raw[place]), float(weighted[place]), float(error[place]))
        if name not in worst or abs(one.weighted) > abs(worst[name].weighted):
            worst[name] = one
    return tuple(sorted(worst.values(), key=lambda one: -abs(one.weighted)))


def _differences(given: Assigned, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(k,) mean over campaigns of sent less held out, in standard deviations, and its standard error."""
    spread = np.maximum(given.covariates.std(axis=0), 1e-9)
    total, variance, size = np.zeros(len(spread)), np.zeros(len(spread)), 0
    for campaign in np.unique(given.campaign):
        here = given.campaign == campaign
        groups = [here & given.sent, here & ~given.sent]
        if not all(rows.any() for rows in groups):
            continue
        means, errors = zip(*(_moments(given.covariates[rows], weight[rows]) for rows in groups), strict=True)
        count = int(here.sum())
        total += count * (means[0] - means[1])
        variance += count**2 * (errors[0] + errors[1])
        size += count
    return total / (max(size, 1) * spread), np.sqrt(variance) / (max(size, 1) * spread)


def _moments(columns: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weighted means and the variances of these means."""
    part = weight / weight.sum()
    mean = part @ columns
    return mean, (part**2) @ (columns - mean) ** 2


def balance_findings(found: Sequence[Balance], recorded: bool) -> tuple[Finding, ...]:
    """Differences that weighting leaves; with recorded propensities they are a sign of a leak."""
    if not found:
        return ()
    worst = found[0]
    said = (
        f"After weighting, {worst.attribute} differs most between sent and held out: by "
        f"{abs(worst.weighted):.2f} standard deviations ({abs(worst.raw):.2f} before)."
    )
    after = [one for one in found if _differs(one)] if recorded else []
    if after:
        named = ", ".join(one.attribute for one in after[:4])
        return (
            Finding("balance", "bad", said),
            Finding(
                "leakage",
                "bad",
                f"Customers were drawn at random, and yet {named} differs between sent and held out far "
                "beyond chance: it looks measured after sending, or the recorded propensities are wrong.",
                "Load such attributes as they were when the message went out, or leave them out.",
            ),
        )
    differs = abs(worst.weighted) > max(DIFFERS, 3 * worst.error)
    advice = "Effects may be those of who was chosen: hold out at random." if differs else ""
    return (Finding("balance", "look" if differs else "ok", said, advice),)


def _differs(one: Balance) -> bool:
    return abs(one.weighted) > max(DIFFERS, BEYOND_CHANCE * one.error)
