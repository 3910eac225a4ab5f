"""The effect predictor: past exposures in, incremental forecasts of drafts out. The story of this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.effect.comparing import Part, alike_rows, compared, likeness, narrowed
from predictors.effect.doubt import errors, intervals, optimism
from predictors.effect.drivers import find_drivers
from predictors.effect.expectation import MEANS, figures_of, state_of
from predictors.effect.gradients import Gradient, gradients
from predictors.effect.heads import HEADS, Head
from predictors.effect.judging import Refit, evaluate, headline
from predictors.effect.learning import Learned, learn
from predictors.effect.natural import before, check_exposures
from predictors.effect.notes import FEWEST_HELD
from predictors.effect.priors import Priors, load_priors
from predictors.effect.reading import centred_share, main_columns, with_score
from predictors.effect.saved import SavedForest, read_forest
from predictors.effect.scorer import Residuals, load_if_worth, sums_of
from predictors.effect.sides import Audience, Worth, customer_side, draft_side, take_customers, worth_of
from predictors.effect.support import arm_points, support_of, warnings_of
from predictors.effect.trees import gains
from predictors.evaluation.record import Evaluation, read_evaluation, write_evaluation
from predictors.features import Customers, Offers, Schema, read_customers, read_offers, take_rows
from predictors.interface import (
    CUSTOMER_FIGURES,
    Belief,
    Comparison,
    CustomerTable,
    Drivers,
    Economics,
    EffectForecasts,
    Figures,
    FloatArray,
    Natural,
    Note,
    Side,
    UnusableModel,
)
from predictors.persistence import (
    array_bytes,
    array_from,
    content_version,
    json_bytes,
    read_manifest,
    with_manifest,
)

__all__ = ["EffectPredictor"]

FORMAT = "effect-predictor-6"
FEW_OF_ALL = 0.01  # share of exposures held out, below which it is as good as none
EVALUATION = "evaluation.json"
ARMS_OF_ASSUMPTIONS = 2  # as many arms weigh like the assumptions where a forecast is far from both
READ_AT_ONCE = 32_768  # customers, so that memory does not grow with the audience
DOUBT_CUSTOMERS = 400  # a sample is enough for the width of an interval
SIDES: tuple[Side, ...] = ("search", "judge")


class EffectPredictor:
    """Forecasts what a draft would do, against sending nothing. Make one with `fit` or `from_parts`.

    version: the same if and only if the model is; metrics: held-out figures by name; evaluation: all of them;
    notes: what can and cannot be forecast; beliefs: assumptions beside what became of them.
    """

    def __init__(
        self,
        schema: Schema,
        heads: Mapping[str, Head],
        forests: Mapping[str, Sequence[SavedForest]],
        facts: Mapping[str, Any],
        metrics: Mapping[str, float],
        evaluation: Evaluation | None = None,
    ) -> None:
        self._schema, self._heads, self._forests = schema, dict(heads), dict(forests)
        self._residuals = Residuals(self._forests)
        self._read: WeakKeyDictionary[CustomerTable, tuple[Customers, FloatArray, FloatArray]]
        self._read = WeakKeyDictionary()
        self._facts = dict(facts)
        self.metrics: Mapping[str, float] = dict(metrics)
        self.evaluation = evaluation or Evaluation()
        self.notes = tuple(Note(*one) for one in self._facts["notes"])
        self.beliefs = tuple(
            Belief(name, means, figure, tuple(assumed), tuple(held), weight)
            for name, means, figure, assumed, held, weight in self._facts["beliefs"]
        )
        self._arms = np.array(self._facts["arms"], dtype=float).reshape(-1, 6)
        self.version = content_version(self._parts(), "effect")

    @classmethod
    def fit(
        cls,
        exposures: pd.DataFrame,
        attributes: pd.DataFrame,
        economics: Economics,
        *,
        seed: int,
        threads: int = 2,
        natural: Natural | None = None,
        priors: Priors | None = None,
        notes: Sequence[Note] = (),
    ) -> EffectPredictor:
        """Learn from n exposures (offer and outcome columns) and n aligned rows of attributes as of sending.

        natural: what customers bought unsent, as of days when they were sent nothing: learned from, but never
        judged on; with it, n may be 0. priors: what is assumed where campaigns say little; None = what comes
        with the predictor. notes: what the caller found in the exposures, kept after its own.

        Raises:
            UnusableTrainingData: nothing was ever sent and `natural` is not given, columns are missing, or
                the frames do not line up.
        """
        check_exposures(exposures, attributes, natural)
        exposures, attributes = exposures.reset_index(drop=True), attributes.reset_index(drop=True)
        assumed = priors or load_priors()

        held = int((exposures["channel"] == "holdout").sum())
        if len(exposures) and held < min(FEWEST_HELD, FEW_OF_ALL * len(exposures)):
            # Beside messages sent to everybody, other days would pass for a control group that nobody drew.
            natural = None

        def among(rows: npt.NDArray[np.int64], known: Natural | None, *, cross: bool) -> Learned:
            part = exposures.iloc[rows].reset_index(drop=True)
            return learn(
                part,
                attributes.iloc[rows].reset_index(drop=True),
                economics,
                natural=known,
                priors=assumed,
                seed=seed,
                threads=threads,
                cross=cross,
            )

        def refit(rows: npt.NDArray[np.int64]) -> Refit:
            known = before(natural, exposures, rows, economics.attribution_days)
            part = among(rows, known, cross=False)
            return cls(part.schema, part.heads, part.forests, part.facts, {})._refit(economics)

        whole = among(np.arange(len(exposures)), natural, cross=True)
        told = [*whole.facts["notes"], *(list(astuple(note)) for note in notes)]
        whole = replace(whole, facts={**whole.facts, "notes": told})
        metrics = {
            "exposures": float(len(exposures)),
            "campaigns": float(exposures["campaign_id"].nunique()),
            "arms": float(len(whole.facts["arms"])),
        }
        if not (exposures["channel"] != "holdout").any():
            return cls(whole.schema, whole.heads, whole.forests, whole.facts, metrics)
        judged = evaluate(exposures, attributes, economics, refit, np.random.default_rng([seed, 1]))
        metrics |= headline(judged)
        return cls(whole.schema, whole.heads, whole.forests, whole.facts, metrics, judged)

    @property
    def attributes(self) -> frozenset[str]:
        """Names of the customer attributes it uses."""
        return frozenset(self._schema.numeric) | frozenset(self._schema.levels)

    def forecast(
        self,
        offers: pd.DataFrame,
        customers: CustomerTable,
        economics: Economics,
        *,
        side: Side = "judge",
        per_customer: bool = False,
    ) -> EffectForecasts:
        """Forecast D rows of an offer table over U customers; see `interface.EffectModel`.

        side: "search" to choose by; "judge" for what to expect of a draft chosen for its profit.

        Raises:
            ValueError: no customer or no draft was given.
        """
        if not len(offers) or not len(customers):
            raise ValueError("a forecast needs at least one draft and one customer")
        table = read_offers(offers, self._schema, economics)
        worth = worth_of(offers, economics, float(self._facts["paid"]))
        return self._told(table, worth, customers, side, per_customer)[0]

    def compare(
        self,
        offers: pd.DataFrame,
        customers: CustomerTable,
        economics: Economics,
        *,
        reached: npt.NDArray[np.bool_] | None = None,
    ) -> Comparison:
        """How D rows of an offer table differ from the first of them; see `interface.EffectModel`.

        Raises:
            ValueError: a draft reaches no customer, or no draft was given.
        """
        rows = np.ones((len(offers), len(customers)), dtype=bool) if reached is None else reached
        if not len(offers) or not rows.any(axis=1).all():
            raise ValueError("a comparison needs at least one draft, and a customer whom each reaches")
        table = read_offers(offers, self._schema, economics)
        worth = worth_of(offers, economics, float(self._facts["paid"]))
        parts = [
            Part(
                places,
                *self._told(*narrowed(table, worth, places), customers.part(rows[places[0]]), "search"),
            )
            for places in alike_rows(rows)
        ]
        alike = likeness(table, self._schema)
        return compared(parts, self._heads, rows.sum(axis=1).astype(float), alike)

    def drivers(
        self, offers: pd.DataFrame, customers: CustomerTable, economics: Economics, *, figure: str
    ) -> Drivers:
        """Which attributes of the customers a figure of one draft turns on; see `interface.EffectModel`."""
        found = self.forecast(offers.iloc[:1], customers, economics, side="search", per_customer=True)
        assert found.per_customer is not None
        category = read_offers(offers.iloc[:1], self._schema, economics).category[0]
        return find_drivers(found.per_customer[figure][0], customers, self._schema, category or None)

    def _told(
        self, table: Offers, worth: Worth, customers: CustomerTable, side: Side, per_customer: bool = False
    ) -> tuple[EffectForecasts, Gradient, FloatArray]:
        """Forecasts of drafts over an audience, how they move with the coefficients, what opened them."""
        ready = draft_side(self._heads, table, worth, self._schema)
        wanted = CUSTOMER_FIGURES if per_customer else ()
        load_if_worth(len(ready.pull), len(customers))
        sums, each = np.zeros((len(MEANS), len(ready.pull))), []
        for some in _blocks(customers):
            audience = self._audience(some, table.category)
            found, pairs = sums_of(self._heads, ready, audience, self._schema, wanted)
            sums += found
            each.append(pairs)
        means = dict(zip(MEANS, sums / len(customers), strict=True))
        detail = dict(zip(wanted, np.concatenate(each, axis=2), strict=True)) if per_customer else None
        every = slice(None, None, max(len(customers) // DOUBT_CUSTOMERS, 1))
        sample = (
            take_customers(audience, every)
            if len(each) == 1
            else self._audience(customers.part(every), table.category)
        )
        support = support_of(arm_points(table, self._schema), self._arms, sample.people, self._schema)
        slopes = gradients(ready, customer_side(self._heads, sample, self._schema), self._schema)
        # Distance from campaigns opens intervals as far as campaigns are what a forecast rests on:
        # assumptions have ranges of their own.
        near = 1 - (1 - support) * len(self._arms) / (len(self._arms) + ARMS_OF_ASSUMPTIONS)
        doubt = errors(slopes, self._heads, near, means)
        off = optimism(means, doubt, float(self._facts["chosen"])) if side == "judge" else {}
        if off and detail is not None:
            detail = {name: values - off[name][:, None] for name, values in detail.items()}
        figures = intervals(means, doubt, off)
        if "click" not in self._heads:
            # Clicks that were never recorded are not known, which is not the same as none.
            unknown = np.full(len(support), np.nan)
            figures["ctr"] = Figures(unknown, unknown, unknown)
            if detail is not None:
                detail["ctr"] = np.full_like(detail["ctr"], np.nan)
        common = [note.message for note in self.notes if note.forecasts]
        told = EffectForecasts(
            figures=figures,
            support=support,
            incremental=bool(self._facts["incremental"]),
            warnings=warnings_of(table, sample.people, support, self._schema, common),
            per_customer=detail,
        )
        return told, slopes, near

    def _customers(self, table: CustomerTable) -> tuple[Customers, FloatArray, FloatArray]:
        """Customers as read, their main columns, and what forests add to their clicks.

        Kept as long as their table lives, and parts are taken from it: while drafts change, and while a draft
        is narrowed to its best customers, they are asked about again and again.
        """
        if table not in self._read:
            if table.whole is not None and len(table.whole) <= READ_AT_ONCE:
                people, main, click = self._customers(table.whole)
                self._read[table] = take_rows(people, table.rows), main[table.rows], click[table.rows]
            else:
                people, nobody = read_customers(table.attributes, self._schema), np.zeros(len(table))
                forests = self._residuals.of(people.matrix)
                people = with_score(people, forests.get("convert", nobody))
                self._read[table] = people, main_columns(people), forests.get("click", nobody)
        return self._read[table]

    def _audience(self, customers: CustomerTable, category: npt.NDArray[np.object_]) -> Audience:
        categories, scope = np.unique(category.astype(str), return_inverse=True)
        shares, nothing = customers.affinity, np.zeros(len(customers))
        known = {str(name): name for name in shares}
        share = [
            shares[known[name]].to_numpy(dtype=float) if name in known else nothing for name in categories
        ]
        names = tuple(categories.tolist())
        return Audience(*self._customers(customers), names, centred_share(np.array(share)), scope)

    def _refit(self, economics: Economics) -> Refit:
        """What judging needs of a predictor."""
        paid = float(self._facts["paid"])

        def each(offers: pd.DataFrame, customers: CustomerTable) -> Mapping[str, FloatArray]:
            table = read_offers(offers, self._schema, economics)
            audience, worth = self._audience(customers, table.category), worth_of(offers, economics, paid)
            drafts = draft_side(self._heads, table, worth, self._schema)
            people = customer_side(self._heads, audience, self._schema)
            found = figures_of(state_of(drafts, people), worth)
            plain, unsent = found["revenue"] - found["incremental_revenue"], found["baseline_conversion"]
            return {
                **found,
                "order_value": found["revenue"] / np.maximum(paid * found["conversion"], 1e-12),
                "plain_order_value": plain / np.maximum(paid * unsent, 1e-12),
            }

        return Refit(
            self._schema,
            "click" in self._heads,
            "value" in self._heads,
            each,
            lambda offers, customers: self.forecast(offers, customers, economics, side="search"),
            gains(self._forests.get("convert", []), self._schema.owners),
        )

    def _parts(self) -> dict[str, bytes]:
        parts = {"schema.json": json_bytes(self._schema.as_json())}
        for name, head in self._heads.items():
            parts[f"{name}.mean.npy"] = array_bytes(head.mean)
            parts[f"{name}.covariance.npy"] = array_bytes(head.covariance)
        for name, forests in self._forests.items():
            for place, forest in enumerate(forests):
                parts[f"{name}.{SIDES[place]}.lightgbm.txt"] = forest.text.encode()
        scalars = {name: [head.noise, head.arm_variance] for name, head in self._heads.items()}
        return {**parts, "facts.json": json_bytes({"facts": self._facts, "scalars": scalars})}

    def to_parts(self) -> dict[str, bytes]:
        """The model as named parts, a manifest with sha256 of every other part among them."""
        about = {
            "format": FORMAT,
            "version": self.version,
            "metrics": {name: value for name, value in self.metrics.items() if np.isfinite(value)},
            "window": self._facts["window"],
            "features": list(self._schema.columns),
        }
        return with_manifest({**self._parts(), EVALUATION: write_evaluation(self.evaluation)}, about)

    @classmethod
    def from_parts(cls, parts: Mapping[str, bytes]) -> EffectPredictor:
        """The model that `to_parts` gave; every part is verified before any is read.

        Raises:
            UnusableModel: a part is missing, damaged or of another format.
        """
        import json

        manifest = read_manifest(parts, FORMAT)
        try:
            saved = json.loads(parts["facts.json"])
            heads = {
                name: Head(
                    array_from(parts[f"{name}.mean.npy"]),
                    array_from(parts[f"{name}.covariance.npy"]),
                    *scalars,
                )
                for name, scalars in saved["scalars"].items()
                if name in HEADS
            }
            schema = Schema.from_json(json.loads(parts["schema.json"]))
        except (KeyError, TypeError, ValueError) as error:
            raise UnusableModel(f"saved parts do not make a model: {error}") from error
        forests = {
            name: [
                read_forest(parts[key]) for side in SIDES if (key := f"{name}.{side}.lightgbm.txt") in parts
            ]
            for name in heads
        }
        kept = {name: forest for name, forest in forests.items() if forest}
        if any(one.columns != len(schema.columns) for own in kept.values() for one in own):
            raise UnusableModel(f"a saved forest is not of the {len(schema.columns)} columns of its schema")
        # Parts written by other means may have none; the report then says that nothing was measured.
        judged = read_evaluation(parts[EVALUATION]) if EVALUATION in parts else None
        return cls(schema, heads, kept, saved["facts"], manifest["metrics"], judged)


def _blocks(customers: CustomerTable) -> Iterator[CustomerTable]:
    """All of them, some at a time; the table itself where that is all, as what is read of it is kept."""
    if len(customers) <= READ_AT_ONCE:
        yield customers
        return
    for start in range(0, len(customers), READ_AT_ONCE):
        yield customers.part(slice(start, start + READ_AT_ONCE))
