"""Judging a predictor: a refit forecasts what it never saw, and what came of it is laid beside.

Forecasts are the ones that users get: customers as of sending, through the same path as any draft.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.effect.assignment import LEAST, agreement, arm_effects, chance_sent, propensities, recorded
from predictors.effect.mixed import Cells
from predictors.effect.reading import read_training, some_rows
from predictors.evaluation.arms import arm_figures
from predictors.evaluation.diagnostics import data_findings, sent_terms
from predictors.evaluation.importance import importance
from predictors.evaluation.judged import Judged
from predictors.evaluation.outcomes import amounts, clicks, conversions
from predictors.evaluation.overlap import (
    Assigned,
    balance,
    balance_findings,
    overlap,
    overlap_findings,
)
from predictors.evaluation.record import ArmFigures, ArmOutcome, Evaluation, Importance, Split
from predictors.evaluation.splits import CUSTOMERS, LATER, held_out
from predictors.evaluation.uplift import uplift
from predictors.features import Schema
from predictors.interface import (
    ATTRIBUTE_PROMOTED_SHARE,
    CustomerTable,
    Economics,
    EffectForecasts,
    FloatArray,
)
from predictors.metrics import NORMAL_90

__all__ = ["Refit", "evaluate", "headline"]

Ints = npt.NDArray[np.int64]
REFIT_ROWS = 50_000
JUDGED_ROWS = 40_000
ASSIGNED_ROWS = 60_000
SHUFFLED_ROWS = 2_000
ARM_CUSTOMERS = 500
BLOCK = 40_000  # pairs of arm and customer at once
ABOUT = {
    LATER: "The latest campaigns, everybody in them: other messages at a later time, most customers known.",
    CUSTOMERS: "A random fifth of the customers, kept out of training, in campaigns that were in it.",
}


@dataclass(frozen=True)
class Refit:
    """A predictor that saw only a part. each: offers and customers -> figure -> (D, U), `order_value` too.

    gains: attribute -> share of the gain of the trees of the conversion head, {} without trees.
    """

    schema: Schema
    clicks: bool
    amounts: bool
    each: Callable[[pd.DataFrame, CustomerTable], Mapping[str, FloatArray]]
    forecast: Callable[[pd.DataFrame, CustomerTable], EffectForecasts]
    gains: Mapping[str, float]


def evaluate(
    exposures: pd.DataFrame,
    attributes: pd.DataFrame,
    economics: Economics,
    refit: Callable[[Ints], Refit],
    rng: np.random.Generator,
) -> Evaluation:
    """Judge on n exposures; refit: rows to learn from -> a predictor that saw only them."""
    findings = tuple(data_findings(exposures, attributes))
    splits = held_out(exposures, rng)
    rest = some_rows(np.flatnonzero(~np.any(list(splits.values()), axis=0)), REFIT_ROWS, rng)
    splits = {name: rows for name, rows in splits.items() if rows.any()}
    if not splits or not (exposures["channel"].to_numpy()[rest] != "holdout").any():
        why = "Too few exposures to keep some apart: nothing could be measured on held-out exposures."
        return Evaluation(findings=findings, sent=sent_terms(exposures), unmeasured=(why,))
    model = refit(rest)
    base = _rates(exposures.iloc[rest])
    judged: list[Split] = []
    shuffled: tuple[Importance, ...] = ()
    for name, chosen in splits.items():
        rows = some_rows(np.flatnonzero(chosen), JUDGED_ROWS, rng)
        past, known = exposures.iloc[rows], attributes.iloc[rows]
        found, cells = _judge(model, past, known, economics)
        arms = None if judged else _arms(model, past, known, found, cells)
        judged.append(_split(name, found, arms, base, rng, model))
        if not shuffled:
            shuffled = _importance(model, past, known, rng)
    assigned = _assigned(exposures, attributes, economics, model.schema, rng)
    likeness = None if assigned is None else overlap(assigned)
    differences = () if assigned is None else balance(assigned)
    randomised = likeness is not None and likeness.recorded == 1
    return Evaluation(
        splits=tuple(judged),
        importance=shuffled,
        overlap=likeness,
        balance=differences,
        findings=(*findings, *overlap_findings(likeness), *balance_findings(differences, randomised)),
        sent=sent_terms(exposures),
        unmeasured=() if shuffled else ("Importance: no attributes, or conversion never varies.",),
    )


def headline(evaluation: Evaluation) -> dict[str, float]:
    """Figures of the first split by name, for a table; what was not measured is absent."""
    if not evaluation.splits:
        return {}
    first = evaluation.splits[0]
    found: dict[str, float | None] = {"held_out_exposures": float(first.exposures)}
    for name, outcome in (("conversion", first.conversion), ("click", first.click)):
        if outcome is not None:
            found |= {
                f"{name}_auc": outcome.auc,
                f"{name}_log_loss": outcome.log_loss,
                f"{name}_calibration_error": outcome.calibrations[0].error,
            }
    if first.revenue is not None:
        found["revenue_r2"] = first.revenue.r2
    if first.uplift is not None:
        found["conversion_qini"] = first.uplift.area
    if first.arms is not None:
        found |= {
            "arm_interval_coverage": first.arms.covered,
            "arm_effect_ratio": first.arms.ratio,
            "arm_effect_excess": first.arms.excess,
        }
    return {name: value for name, value in found.items() if value is not None and np.isfinite(value)}


def _rates(rest: pd.DataFrame) -> tuple[float, float]:
    """Rates of clicks among those sent, and of conversions among all, in the training part."""
    sent = rest["channel"] != "holdout"
    rates = (rest.loc[sent, "clicked"], rest["converted"])
    clicked, converted = (float(pd.to_numeric(column, errors="coerce").mean()) for column in rates)
    return (clicked if np.isfinite(clicked) else 0.0), (converted if np.isfinite(converted) else 0.0)


def _customers(rows: pd.DataFrame, attributes: pd.DataFrame, categories: list[str]) -> CustomerTable:
    """Rows as customers; a share is known of the category that the row itself was about."""
    shares = pd.DataFrame(index=attributes.index)
    if ATTRIBUTE_PROMOTED_SHARE in attributes:
        for name in categories:
            shares[name] = attributes[ATTRIBUTE_PROMOTED_SHARE].where(rows["category"] == name)
    return CustomerTable(attributes, shares)


def _own(model: Refit, rows: pd.DataFrame, attributes: pd.DataFrame, cell: Ints) -> dict[str, FloatArray]:
    """Figures of the rows of one campaign, (r,) each: as sent or held out, unsent, and of all its arms.

    cell: (r,) arm of each row, -1 = held out.
    """
    codes, first = np.unique(cell[cell >= 0], return_index=True)
    arms = rows[cell >= 0].iloc[first] if len(codes) else rows.iloc[:1].assign(channel="email")
    categories = sorted({str(name) for name in arms["category"] if isinstance(name, str)})
    size = np.array([(cell == code).sum() for code in codes], dtype=float) if len(codes) else np.ones(1)
    place = np.searchsorted(codes, cell)
    parts: list[dict[str, FloatArray]] = []
    for start in range(0, len(rows), max(BLOCK // len(arms), 1)):
        part = slice(start, start + max(BLOCK // len(arms), 1))
        found = model.each(arms, _customers(rows.iloc[part], attributes.iloc[part], categories))
        held, mine = cell[part] < 0, place[part].clip(0, len(arms) - 1)
        across = np.arange(len(mine))
        unsent = found["baseline_conversion"][0]
        plain = (found["revenue"] - found["incremental_revenue"])[0]
        parts.append(
            {
                "click": np.where(held, np.nan, found["ctr"][mine, across]),
                "conversion": np.where(held, unsent, found["conversion"][mine, across]),
                "unsent": unsent,
                "effect": size / size.sum() @ found["incremental_conversion"],
                "order_value": np.where(
                    held, found["plain_order_value"][0], found["order_value"][mine, across]
                ),
                "revenue": np.where(held, plain, found["revenue"][mine, across]),
            }
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _judge(
    model: Refit, exposures: pd.DataFrame, attributes: pd.DataFrame, economics: Economics
) -> tuple[Judged, Cells]:
    data = read_training(exposures, attributes, model.schema, economics)
    cells = data.cells
    campaign = cells.campaign[cells.cell]
    told: dict[str, FloatArray] = {}
    for one in np.unique(campaign):
        rows = np.flatnonzero(campaign == one)
        arm = np.where(data.sent[rows], cells.cell[rows], -1)
        for name, values in _own(model, exposures.iloc[rows], attributes.iloc[rows], arm).items():
            told.setdefault(name, np.full(len(exposures), np.nan))[rows] = values
    return Judged(
        sent=data.sent,
        channel=data.offers.channel,
        kind=data.offers.kind,
        customer=pd.factorize(exposures["customer_id"])[0].astype(np.int64),
        campaign=campaign,
        cell=cells.cell,
        chance=propensities(recorded(exposures), data.customers.covariates, cells),
        clicked=data.clicked,
        converted=data.converted,
        revenue=data.revenue,
        click=told["click"] if model.clicks else None,
        conversion=told["conversion"],
        unsent=told["unsent"],
        effect=told["effect"],
        order_value=told["order_value"] if model.amounts else None,
        expected_revenue=told["revenue"] if model.amounts else None,
    ), cells


def _split(
    name: str,
    judged: Judged,
    agreed: ArmFigures | None,
    base: tuple[float, float],
    rng: np.random.Generator,
    model: Refit,
) -> Split:
    about, click, conversion = ABOUT[name], clicks(judged, base[0]), conversions(judged, base[1])
    value, revenue = amounts(judged)
    ranking = uplift(_compared(judged), rng)
    lacking = []
    if click is None or click.auc is None:
        lacking.append("Clicks: they were not recorded, or nobody clicked.")
    if conversion is not None and conversion.auc is None:
        lacking.append("ROC, AUC and precision of conversion: nobody converted, or everybody did.")
    if value is None:
        why = "too few orders with revenue" if model.amounts else "no orders to learn amounts from"
        lacking.append(f"Order value and revenue: {why}.")
    if ranking is None:
        lacking.append("Qini, uplift and deciles: too few customers were held out beside those sent.")
    if name == LATER and agreed is None:
        lacking.append("Arms against forecasts: no campaign here held customers out.")
    return Split(
        name=name,
        about=about,
        exposures=len(judged.sent),
        customers=len(np.unique(judged.customer)),
        campaigns=len(np.unique(judged.campaign)),
        click=click,
        conversion=conversion,
        order_value=value,
        revenue=revenue,
        uplift=ranking,
        arms=agreed,
        unmeasured=tuple(lacking),
    )


def _compared(judged: Judged) -> Judged:
    """Only the campaigns that both sent and held out: elsewhere there is nothing to compare."""
    size = int(judged.campaign.max()) + 1
    both = np.bincount(judged.campaign[judged.sent], minlength=size) > 0
    both &= np.bincount(judged.campaign[~judged.sent], minlength=size) > 0
    rows = both[judged.campaign]
    arrays = {name: values[rows] for name, values in vars(judged).items() if isinstance(values, np.ndarray)}
    return replace(judged, **arrays)


def _arms(
    model: Refit, exposures: pd.DataFrame, attributes: pd.DataFrame, judged: Judged, cells: Cells
) -> ArmFigures | None:
    """Every arm of campaigns with a holdout: its forecast over the campaign's customers, and its effect."""
    seen = arm_effects(judged.converted, judged.conversion, judged.unsent, judged.chance, cells)
    found = []
    for campaign in np.unique(seen.campaign):
        places = np.flatnonzero(seen.campaign == campaign)
        first = [int(np.flatnonzero(cells.cell == seen.arm[place])[0]) for place in places]
        offers = exposures.iloc[first]
        rows = np.flatnonzero(judged.campaign == campaign)
        rows = rows[:: max(len(rows) // ARM_CUSTOMERS, 1)]
        categories = sorted({str(name) for name in offers["category"] if isinstance(name, str)})
        table = _customers(exposures.iloc[rows], attributes.iloc[rows], categories)
        told = model.forecast(offers, table)
        figure = told.figures["incremental_conversion"]
        for index, place in enumerate(places):
            observed, half = float(seen.observed[place]), NORMAL_90 * float(seen.error[place])
            found.append(
                ArmOutcome(
                    campaign=str(offers["campaign_id"].iloc[index]),
                    arm=_label(offers.iloc[index]),
                    customers=int((cells.cell == seen.arm[place]).sum()),
                    forecast=float(figure.mean[index]),
                    forecast_low=float(figure.low[index]),
                    forecast_high=float(figure.high[index]),
                    observed=observed,
                    observed_low=observed - half,
                    observed_high=observed + half,
                    support=float(told.support[index]),
                )
            )
    agreed = {name.removeprefix("arm_effect_"): value for name, value in agreement(seen).items()}
    return arm_figures(found, agreed)


def _label(row: pd.Series) -> str:
    """An arm in a few words."""
    if row["channel"] == "holdout":
        return "held out"
    value, spend = (pd.to_numeric(row.get(name), errors="coerce") for name in ("offer_value", "min_spend"))
    words = [str(row["channel"]), str(row["offer_type"]).replace("_", " ")]
    words += [f"{value:g}"] if np.isfinite(value) else []
    words += [f"from {spend:g}"] if np.isfinite(spend) and spend > 0 else []
    return " ".join(words)


def _importance(
    model: Refit, exposures: pd.DataFrame, attributes: pd.DataFrame, rng: np.random.Generator
) -> tuple[Importance, ...]:
    rows = some_rows(np.arange(len(exposures)), SHUFFLED_ROWS, rng)
    past, known = exposures.iloc[rows], attributes.iloc[rows]
    keys = ["channel", "offer_type", "offer_value", "min_spend", "valid_days", "category", "subject", "body"]
    frame = past.reindex(columns=["campaign_id", *keys])
    sent = (past["channel"] != "holdout").to_numpy(dtype=bool)
    arm = np.where(sent, frame.groupby(list(frame.columns), dropna=False, sort=False).ngroup(), -1)
    groups = [np.flatnonzero(codes) for codes in _each(pd.factorize(past["campaign_id"])[0])]

    def forecast(changed: pd.DataFrame) -> FloatArray:
        chance = np.zeros(len(changed))
        for group in groups:
            chance[group] = _own(model, past.iloc[group], changed.iloc[group], arm[group])["conversion"]
        return chance

    converted = np.nan_to_num(pd.to_numeric(past["converted"], errors="coerce").to_numpy(dtype=float))
    return importance(known, converted, forecast, model.gains, rng)


def _each(codes: Ints) -> list[npt.NDArray[np.bool_]]:
    return [codes == code for code in np.unique(codes)]


def _assigned(
    exposures: pd.DataFrame,
    attributes: pd.DataFrame,
    economics: Economics,
    schema: Schema,
    rng: np.random.Generator,
) -> Assigned | None:
    """How customers of the campaigns that held somebody out came to their arms; from a sample."""
    held = (exposures["channel"] == "holdout").groupby(exposures["campaign_id"]).transform("any")
    rows = some_rows(np.flatnonzero(held.to_numpy(dtype=bool)), ASSIGNED_ROWS, rng)
    if not len(rows):
        return None
    past = exposures.iloc[rows]
    data = read_training(past, attributes.iloc[rows], schema, economics)
    cells, covariates, given = data.cells, data.customers.covariates, recorded(past)
    first = np.unique(cells.cell, return_index=True)[1]
    labels = [f"{past['campaign_id'].iloc[row]}, {_label(past.iloc[row])}" for row in first]
    campaign = cells.campaign[cells.cell]
    return Assigned(
        covariates=covariates,
        names=schema.owners,
        sent=data.sent,
        campaign=campaign,
        cell=cells.cell,
        labels=labels,
        chance=propensities(given, covariates, cells),
        recorded=np.isfinite(given),
        least=LEAST,
        likely=chance_sent(covariates, data.sent.astype(float), campaign),
    )
