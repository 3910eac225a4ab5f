"""The four response heads and how each is learned from exposures.

click given sent; conversion, held-out rows included; order value given conversion (log); redemption given
conversion under an offer. What an offer costs is then worked out from its terms, never learned blind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.effect.mixed import FREE, Cells, fit_mixed
from predictors.effect.terms import (
    MODIFIERS,
    effect_columns,
    effect_names,
    person_blocks,
    person_columns,
    person_names,
    value_columns,
)
from predictors.features import Customers, Offers, Schema, pair, read_customers, read_offers
from predictors.interface import ATTRIBUTE_PROMOTED_SHARE, Economics, FloatArray

__all__ = [
    "HEADS",
    "Head",
    "Prognosis",
    "Training",
    "centred_share",
    "fit_heads",
    "main_columns",
    "modifiers",
    "prognose",
    "read_training",
]

Ints = npt.NDArray[np.int64]
HEADS = ("click", "convert", "value", "redeem")
ARM_KEYS = ("channel", "offer_type", "offer_value", "buy_quantity", "get_quantity", "min_spend",
            "max_discount", "valid_days", "category", "product_id", "subject", "body")  # fmt: skip
# First guesses of variances, on the logit or log scale; a first guess weighs like two coefficients.
START = {
    "main": 0.02,
    "shape": 0.05,
    "days": 0.03,
    "channel": 0.02,
    "pull@channel": 0.03,
    "type": 0.02,
    "pull@type": 0.05,
    "category": 0.02,
    "pull@category": 0.05,
    "who": 0.01,
    "pull@who": 0.03,
    "person": 0.0005,
    "person@category": 0.0005,
    "risk": 0.05,
    "copy": 0.003,
    # Of order values: that a message without an offer changes them is unlikely.
    "mere": 0.0003,
    "stretch": 0.01,
    "season": 0.02,
    "campaign": 0.04,
    "quiet": 0.003,
    "mood": 0.003,
    "arm": 0.003,
}
# What clicks say of an offer, orders mostly confirm: their own deviations from it are smaller.
CLOSER = 0.3
OFFER_GROUPS = ("shape", "days", "channel", "pull@channel", "type", "pull@type", "category", "pull@category",
                "who", "pull@who", "copy")  # fmt: skip
# Order values, on the log scale, differ less.
VALUE_START = {"season": 0.001, "campaign": 0.001, "quiet": 0.001, "mood": 0.0003, "arm": 0.0003}
FEWEST_ORDERS = 20
RISK_ROWS = 40_000


@dataclass(frozen=True)
class Head:
    """A head ready to forecast: mean (K,), covariance (K, K); `noise`: variance of a log value.

    The first coefficient holds the level of demand expected now, its doubt included; `past`: (J,) how far
    each cell of the training data that the head was fitted on stood from that.
    """

    mean: FloatArray
    covariance: FloatArray
    noise: float
    arm_variance: float
    past: FloatArray = field(default_factory=lambda: np.zeros(0))

    def widened(self, factor: float) -> Head:
        """The same with every standard deviation `factor` times as large."""
        covariance, arm_variance = factor**2 * self.covariance, factor**2 * self.arm_variance
        return replace(self, covariance=covariance, arm_variance=arm_variance)


@dataclass(frozen=True)
class Training:
    """n exposures as numbers; every array is (n, ...)."""

    customers: Customers
    offers: Offers
    main: FloatArray
    person: FloatArray
    effect: FloatArray
    value: FloatArray
    cells: Cells
    clicked: FloatArray  # NaN = not recorded
    converted: FloatArray
    revenue: FloatArray
    discount: FloatArray

    @property
    def columns(self) -> FloatArray:
        """(n, K) columns of the click, conversion and redemption heads: main, person, effect."""
        return np.hstack([self.main, self.person, self.effect])

    def scored(self, score: FloatArray) -> Training:
        """The same with the forests' `score` (n,) of each row among the main columns."""
        return replace(self, main=np.column_stack([self.main[:, :-1], score]))

    @property
    def campaign(self) -> Ints:
        """(n,) number of each row's campaign."""
        return self.cells.campaign[self.cells.cell]

    @property
    def sent(self) -> npt.NDArray[np.bool_]:
        """(n,) whether anything was sent."""
        return np.asarray(self.offers.sent == 1)


def main_columns(people: Customers, score: FloatArray) -> FloatArray:
    """(n, 1 + k + 1) who the customer is: the constant, the covariates, and the forests' `score` (n,)."""
    return np.column_stack([np.ones(len(people.bucket)), people.covariates, score])


def modifiers(people: Customers, schema: Schema) -> dict[str, FloatArray]:
    """Covariates that may change how strongly an offer pulls, each (n,)."""
    place = {name: index for index, name in enumerate(schema.columns)}
    return {name: people.covariates[:, place[name]] for name in MODIFIERS if name in place}


def centred_share(share: FloatArray) -> FloatArray:
    """Promoted share on the scale the model uses; unknown counts as nothing."""
    return np.asarray(np.sqrt(np.nan_to_num(share).clip(0, 1)) - 0.3)


def read_training(
    exposures: pd.DataFrame, attributes: pd.DataFrame, schema: Schema, economics: Economics
) -> Training:
    """Turn n exposures and n aligned rows of attributes into numbers."""
    offers, people = read_offers(exposures, schema, economics), read_customers(attributes, schema)
    steady = _without_drift(people, exposures)
    pairs = pair(np.array(schema.baskets)[people.bucket], offers)
    known = ATTRIBUTE_PROMOTED_SHARE in attributes.columns
    share = _floats(attributes[ATTRIBUTE_PROMOTED_SHARE]) if known else np.full(len(attributes), np.nan)
    cells = _cells(exposures, offers)
    return Training(
        customers=steady,
        offers=offers,
        main=main_columns(people, np.zeros(len(people.bucket))),
        person=person_columns(steady.covariates, offers, schema),
        effect=effect_columns(offers, pairs, modifiers(steady, schema), centred_share(share), schema),
        value=value_columns(offers, pairs),
        cells=cells,
        clicked=_floats(exposures["clicked"]),
        converted=np.nan_to_num(_floats(exposures["converted"])),
        revenue=np.nan_to_num(_floats(exposures["revenue"])).clip(0),
        discount=np.nan_to_num(_floats(exposures["discount"])).clip(0),
    )


def _without_drift(people: Customers, exposures: pd.DataFrame) -> Customers:
    """Covariates as they would be today, their common drift over the history taken out.

    Counts of orders grow with the history they are counted in. Within a campaign they say who orders more;
    across campaigns they would say that everybody answers more strongly now than then.
    """
    when = pd.to_datetime(exposures["sent_at"])
    days = np.nan_to_num(((when - when.max()) / pd.Timedelta(days=1)).to_numpy(dtype=float))
    centred = days - days.mean()
    spread = float(centred @ centred)
    if spread <= 0:
        return people
    slope = centred @ people.covariates / spread
    return replace(people, covariates=people.covariates - np.outer(days, slope))


def _floats(column: pd.Series[float]) -> FloatArray:
    values: FloatArray = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return values


def _cells(exposures: pd.DataFrame, offers: Offers) -> Cells:
    """Arms of campaigns. Held-out rows of a campaign are one cell, whatever their columns say."""
    scope = exposures["outcome_scope"].fillna("basket") if "outcome_scope" in exposures else "basket"
    frame = pd.DataFrame({"campaign": exposures["campaign_id"].astype(str), "scope": scope}, exposures.index)
    campaign = frame.groupby(["campaign", "scope"], sort=False).ngroup().to_numpy(dtype=np.int64)
    arms = exposures.reindex(columns=[*ARM_KEYS, "arm_id"])
    arms.insert(0, "campaign", campaign)
    arm = arms.groupby(list(arms.columns), dropna=False, sort=False).ngroup().to_numpy(dtype=np.int64)
    cell = pd.factorize(np.where(offers.sent == 1, arm, -1 - campaign))[0].astype(np.int64)
    first = np.unique(cell, return_index=True)[1]
    when = pd.to_datetime(exposures["sent_at"])
    start = pd.Series(when.to_numpy()).groupby(campaign).min()
    days = ((start - when.max()) / pd.Timedelta(days=1)).to_numpy(dtype=float)
    return Cells(cell, campaign[first], offers.sent[first] == 1, np.nan_to_num(days))


@dataclass(frozen=True)
class Prognosis:
    """How likely customers are to buy, as far as straight lines tell: what the forests start from.

    direction: (k,) of the covariates; line: (n,) logit of each row of the training data.
    """

    direction: FloatArray
    line: FloatArray


def prognose(data: Training, schema: Schema, rng: np.random.Generator) -> Prognosis:
    """The conversion head without any effect of who, from a sample of rows."""
    rows = _some(len(data.converted), rng)
    groups = [*_main_groups(data), *(group for group, _ in effect_names(schema))]
    columns = np.hstack([data.main, data.effect])
    kept = replace(data.cells, cell=data.cells.cell[rows]).among(np.ones(len(rows), dtype=bool))
    fit = fit_mixed(columns[rows], data.converted[rows], kept, groups, START, rng=rng)
    past = np.zeros(len(data.cells.sent))
    past[np.unique(data.cells.cell[rows])] = fit.cells
    width = 1 + data.customers.covariates.shape[1]
    return Prognosis(fit.mean[1:width], columns @ fit.mean + past[data.cells.cell])


def _main_groups(data: Training) -> list[str]:
    return [FREE, *(["main"] * data.customers.covariates.shape[1]), FREE]


def fit_heads(
    data: Training, schema: Schema, direction: FloatArray, rng: np.random.Generator
) -> dict[str, Head]:
    """Fit every head that the data allows; `convert` is always there. direction: of `Prognosis`."""
    main_groups = _main_groups(data)
    groups = main_groups + [group for group, _ in (*person_names(schema), *effect_names(schema))]
    columns = data.columns
    if data.sent.all():
        columns, groups = _without_holdout(data, columns, groups)
    found: dict[str, Head] = {}
    risk = _risk_columns(data, direction, schema)
    told = data.sent & np.isfinite(data.clicked)
    if told.any() and data.clicked[told].sum() > 0:
        found["click"] = _fit(data, columns, data.clicked, told, groups, rng)
    found["convert"] = _fit_conversion(data, columns, groups, found.get("click"), risk, direction, rng)
    bought = (data.converted == 1) & (data.revenue > 0)
    if bought.sum() >= FEWEST_ORDERS:
        logs = np.log(np.maximum(data.revenue, 0.01))
        value_groups = main_groups + ["mere"] + ["stretch"] * (data.value.shape[1] - 1)
        found["value"] = _fit(
            data,
            np.hstack([data.main, data.value]),
            logs,
            bought,
            value_groups,
            rng,
            start=START | VALUE_START,
            binary=False,
        )
    offered = bought & data.sent & (data.offers.kind != "none")
    if offered.sum() >= FEWEST_ORDERS:
        found["redeem"] = _fit(data, columns, (data.discount > 0).astype(float), offered, groups, rng)
    return found


def _without_holdout(data: Training, columns: FloatArray, groups: list[str]) -> tuple[FloatArray, list[str]]:
    """Columns and groups where nobody was held out: what sending as such does cannot be learned.

    Its coefficients keep their prior, no effect give or take, so that they do not divide the level of demand
    with the constant at random; offers are then compared with a message without one.
    """
    first = data.main.shape[1]
    unknown = slice(first, first + data.person.shape[1] + 1)  # who x sent, and sent itself
    columns = columns.copy()
    columns[:, unknown] = 0.0
    return columns, [
        *groups[: unknown.start],
        *(["unheld"] * (unknown.stop - first)),
        *groups[unknown.stop :],
    ]


def _risk_columns(data: Training, direction: FloatArray, schema: Schema) -> FloatArray:
    """(K, blocks) directions along which a message may do more or less: how likely one is to buy unsent.

    Whether a message adds to the odds, to the rate or to neither differs by shop, and the chance of buying
    anyway is what it differs along. One coefficient a block learns it.
    """
    width, each, blocks = data.main.shape[1], len(direction), len(person_blocks(schema))
    found = np.zeros((width + blocks * each + data.effect.shape[1], blocks))
    for block in range(blocks):
        found[width + block * each : width + (block + 1) * each, block] = direction
    return found


def _some(count: int, rng: np.random.Generator) -> Ints:
    """Rows enough to learn a direction from."""
    if count <= RISK_ROWS:
        return np.arange(count)
    return np.sort(rng.choice(count, RISK_ROWS, replace=False))


def _fit_conversion(
    data: Training,
    columns: FloatArray,
    groups: list[str],
    click: Head | None,
    risk: FloatArray,
    direction: FloatArray,
    rng: np.random.Generator,
) -> Head:
    """What attracts clicks is a first guess of what attracts orders, up to a factor learned here.

    Clicks say more of an offer than orders do: there are more of them, and none without the message. The
    offer's coefficients are shrunk towards that guess instead of towards nothing.
    """
    # Nor are coefficients of who buys anyway shrunk towards nothing, which would shrink what risk explains.
    level = np.zeros(columns.shape[1])
    level[1 : 1 + len(direction)] = direction
    guesses, more = np.column_stack([risk, level]), [*(["risk"] * risk.shape[1]), FREE]
    if click is not None:
        width = data.main.shape[1] + data.person.shape[1]
        guess = np.zeros(columns.shape[1])
        guess[width + 1 :] = click.mean[width + 1 :]  # all but the effect of sending as such
        guesses, more = np.column_stack([guesses, guess]), [*more, FREE]
    everyone = np.ones(len(data.converted), dtype=bool)
    wide = np.hstack([columns, columns @ guesses])
    start = START if click is None else START | {name: CLOSER * START[name] for name in OFFER_GROUPS}
    head = _fit(data, wide, data.converted, everyone, [*groups, *more], rng, start=start)
    fold = np.hstack([np.eye(columns.shape[1]), guesses])
    # The guesses are taken as given: where they are wrong, the conversions themselves correct them.
    return replace(head, mean=fold @ head.mean, covariance=fold @ head.covariance @ fold.T)


def _fit(
    data: Training,
    columns: FloatArray,
    target: FloatArray,
    rows: npt.NDArray[np.bool_],
    groups: list[str],
    rng: np.random.Generator,
    *,
    start: Mapping[str, float] = START,
    binary: bool = True,
) -> Head:
    cells = data.cells.among(rows)
    fit = fit_mixed(columns[rows], target[rows], cells, groups, start, binary=binary, rng=rng)
    past = np.zeros(len(data.cells.sent))
    past[np.unique(data.cells.cell[rows])] = fit.cells
    return Head(fit.mean, fit.covariance, fit.noise, fit.variances.get("arm", 0.0), past)
