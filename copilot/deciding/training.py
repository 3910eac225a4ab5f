"""Training: the only door to predictors for learning. The store's past in, a predictor in the store out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot import store
from copilot.deciding.past_copy import Expect, past_counts
from copilot.deciding.scoring import COPY_PARTS, REINSTALL, damage_told
from copilot.errors import CannotTrain, InvalidInput, MissingData
from copilot.shop.attributes import as_features, attributes_as_of
from copilot.shop.catalogue import Catalogue
from copilot.shop.natural import natural_exposures
from copilot.shop.past import known_by, past_of
from predictors.interface import (
    ATTRIBUTE_PROMOTED_SHARE,
    Belief,
    CopyModel,
    CustomerTable,
    Economics,
    EffectModel,
    Natural,
    Note,
    UnusablePriors,
    UnusableTrainingData,
)

if TYPE_CHECKING:
    import pandas as pd

    from predictors.effect.priors import Priors

__all__ = ["Trained", "train"]


@dataclass(frozen=True)
class Trained:
    """What training made: the predictor's version, what it learnt from, and its held-out figures.

    notes: what can and cannot be forecast; assumptions: each beside what is believed of it now.
    copy_facts: what the shop's own messages say of the general copy model.
    """

    version: str
    exposures: int
    campaigns: int
    metrics: Mapping[str, float]
    notes: tuple[str, ...] = ()
    assumptions: tuple[Belief, ...] = ()
    copy_facts: Mapping[str, str | float] = field(default_factory=dict)


def train(opened: store.Store, *, seed: int, now: datetime, priors: Path | None = None) -> Trained:
    """Fit every predictor the data allows and keep it in the store it learnt from.

    priors: a file of what is assumed where campaigns say little; None = what comes with the predictor.

    Raises:
        MissingData: neither past campaigns nor orders were ingested.
        InvalidInput: an entry of the priors file is wrong.
        CannotTrain: what there is cannot support a predictor.
    """
    from predictors import CopyEffect
    from predictors.effect import EffectPredictor

    assumed = _read_priors(priors)
    with opened.begin() as connection:
        settings = store.read_shop(connection)
        past = past_of(store.read_spans(connection, known_by(now)), now)
        exposures = past.rows(store.read_exposures(connection), "sent_at")
        lines = past.rows(store.read_orders(connection), "ordered_at")
        if exposures.empty and lines.empty:
            what = "orders.csv (what customers bought) or exposures.csv (past campaigns)"
            raise MissingData(what, "training the effect predictor")
        customers, products = store.read_customers(connection), store.read_products(connection)
    orders = None if lines.empty else lines
    catalogue = Catalogue.of(products, orders, settings)
    natural = None if orders is None else _natural(exposures, customers, orders, products, settings, seed)
    if exposures.empty and natural is None:
        raise CannotTrain(
            f"there are no past campaigns, and orders.csv spans less than the {settings.attribution_days} "
            "days over which outcomes are counted: load more orders, or past campaigns, with `copilot ingest`"
        )
    attributes = _attributes(exposures, customers, orders, products)
    economics = _economics(settings, catalogue)
    try:
        model = EffectPredictor.fit(
            exposures,
            attributes,
            economics,
            seed=seed,
            natural=natural,
            priors=assumed,
            notes=tuple(Note("future", told, forecasts=False) for told in past.notes),
        )
        counts = past_counts(exposures, attributes, _expected_clicks(model, economics))
        with damage_told(REINSTALL):
            words = CopyEffect.general().for_shop(_informed(counts))
    except UnusableTrainingData as error:
        raise CannotTrain(str(error)) from error
    parts = {**model.to_parts(), **{f"{COPY_PARTS}{name}": part for name, part in words.to_parts().items()}}
    with opened.begin() as connection:
        store.save_predictor(connection, model.version, parts, dict(model.metrics), now)
    return Trained(
        model.version,
        len(exposures),
        exposures["campaign_id"].nunique(),
        model.metrics,
        tuple(note.message for note in model.notes),
        model.beliefs,
        _copy_facts(words, counts),
    )


def _expected_clicks(model: EffectModel, economics: Economics) -> Expect:
    """The click rate that the effect predictor expects of an arm, by all it looks at and nothing else."""

    def expected(sent: pd.DataFrame, people: pd.DataFrame) -> float:
        import pandas as pd

        category = sent["category"].iloc[0]
        known = isinstance(category, str) and ATTRIBUTE_PROMOTED_SHARE in people
        shares = {category: people[ATTRIBUTE_PROMOTED_SHARE]} if known else {}
        table = CustomerTable(people, pd.DataFrame(shares, index=people.index))
        found = model.forecast(sent.iloc[:1], table, economics, side="search")
        return float(found.figures["ctr"].mean[0])

    return expected


def _informed(counts: pd.DataFrame) -> pd.DataFrame | None:
    """What a copy model can learn from: no expectation where the effect predictor has none of clicks."""
    if counts.empty:
        return None
    told = counts.dropna(subset="expected")
    return counts.drop(columns="expected") if told.empty else told


def _copy_facts(words: CopyModel, counts: pd.DataFrame) -> dict[str, Any]:
    """What the shop's own messages say of the general copy model: how many they are, and its facts."""
    about = {
        "messages": len(counts),
        "campaigns": counts["test_id"].nunique(),
        "clicks": counts["clicks"].sum(),
    }
    told = {name: value for name, value in words.facts.items() if isinstance(value, str | int | float)}
    return {"version": words.version, **{name: int(count) for name, count in about.items()}, **told}


def _read_priors(path: Path | None) -> Priors:
    from predictors.effect.priors import load_priors

    if path is None:
        return load_priors()
    try:
        return load_priors(path.read_text(encoding="utf-8"), path.name)
    except UnusablePriors as error:
        raise InvalidInput(error.entry, error.expected, error.received, where=path.name) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("priors", "a readable TOML file", str(error), where=str(path)) from None


def _natural(
    exposures: pd.DataFrame,
    customers: pd.DataFrame,
    orders: pd.DataFrame,
    products: pd.DataFrame,
    settings: store.ShopSettings,
    seed: int,
) -> Natural | None:
    """What customers bought unsent, read off the orders; None where they span too little time."""
    import numpy as np

    rows = natural_exposures(
        customers,
        orders,
        exposures,
        window_days=settings.attribution_days,
        rng=np.random.default_rng(seed),
    )
    return None if rows.empty else Natural(rows, _attributes(rows, customers, orders, products))


def _attributes(
    exposures: pd.DataFrame, customers: pd.DataFrame, orders: pd.DataFrame | None, products: pd.DataFrame
) -> pd.DataFrame:
    keys = exposures[["customer_id", "sent_at", "category"]].rename(columns={"sent_at": "as_of"})
    return as_features(attributes_as_of(keys, customers, orders, products))


def _economics(settings: store.ShopSettings, catalogue: Catalogue) -> Economics:
    scopes = [(name, catalogue) for name in catalogue.categories]
    prices = {name: catalogue.facts((name, ())).unit_price for name, _ in scopes}
    return Economics(
        default_margin=catalogue.facts((None, ())).margin,
        category_margin={name: catalogue.facts((name, ())).margin for name, _ in scopes},
        category_price={name: price for name, price in prices.items() if price is not None},
        product_price=catalogue.products["price"].dropna().to_dict(),
        contact_cost={name: float(cost) for name, cost in settings.contact_cost.items()},
        shipping_cost=float(settings.shipping_cost),
        point_value=float(settings.point_value),
        attribution_days=settings.attribution_days,
    )


def write_demo_shop(folder: Path, *, customers: int, seed: int) -> None:
    """Write the export of a made-up shop whose truth is known."""
    from predictors.demo import DemoShop

    DemoShop(seed, customers=customers).write_export(folder)
