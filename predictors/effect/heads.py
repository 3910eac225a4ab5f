"""The four response heads and how each is learned from exposures.

click given sent; conversion, held-out rows included; order value given conversion (log); redemption given
conversion under an offer. What an offer costs is then worked out from its terms, never learned blind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag

from predictors.effect.mixed import FREE, Prior, fit_mixed, from_prior
from predictors.effect.monotone import gift_steps, nowhere_negative
from predictors.effect.priors import Priors, head_prior
from predictors.effect.reading import Training, some_rows
from predictors.effect.terms import (
    VALUE_COLUMNS,
    effect_names,
    person_blocks,
    person_names,
)
from predictors.features import (
    Schema,
)
from predictors.interface import FloatArray

__all__ = [
    "HEADS",
    "Head",
    "Prognosis",
    "before_campaigns",
    "fit_heads",
    "groups_of",
    "prognose",
]

Ints = npt.NDArray[np.int64]
HEADS = ("click", "convert", "value", "redeem")
# First guesses of variances, on the logit or log scale; a first guess weighs like two coefficients.
START = {
    "main": 0.02,
    "score": 0.5,
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
    "risk": 0.3,
    "risk@category": 0.01,
    "copy": 0.003,
    # Of order values: that a message without an offer changes them is unlikely.
    "mere": 0.002,
    "stretch": 0.02,
    "season": 0.02,
    "campaign": 0.04,
    "quiet": 0.003,
    "mood": 0.003,
    "arm": 0.003,
}
# What clicks say of an offer, orders mostly confirm: their own deviations from it are smaller.
CLOSER = 0.2
OFFER_GROUPS = ("shape", "days", "channel", "pull@channel", "type", "pull@type", "category", "pull@category",
                "who", "pull@who", "copy")  # fmt: skip
# Order values, on the log scale, differ less.
VALUE_START = {"season": 0.001, "campaign": 0.001, "quiet": 0.001, "mood": 0.0003, "arm": 0.0003}
FEWEST_ORDERS = 20  # and fewest clicks, below which assumptions are all that can be said
FEWEST_ARMS = 8  # from which on clicks tell offers apart
BASKET_NOISE, BASKET_DOUBT = 0.2, 0.25  # variances of a log order, and of its level, where few are known
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
class Prognosis:
    """How likely customers are to buy, as far as straight lines tell: what the forests start from.

    direction: (k,) of the covariates; line: (n,) logit of each row of the training data.
    """

    direction: FloatArray
    line: FloatArray


def prognose(data: Training, schema: Schema, rng: np.random.Generator) -> Prognosis:
    """The conversion head without any effect of who, from a sample of rows."""
    rows = some_rows(np.arange(len(data.converted)), RISK_ROWS, rng)
    groups = [*_main_groups(schema), *(group for group, _ in effect_names(schema))]
    columns = np.hstack([data.main, data.effect])
    kept = replace(data.cells, cell=data.cells.cell[rows]).among(np.ones(len(rows), dtype=bool))
    fit = fit_mixed(columns[rows], data.converted[rows], kept, groups, START, rng=rng)
    past = np.zeros(len(data.cells.sent))
    past[np.unique(data.cells.cell[rows])] = fit.cells
    width = 1 + data.customers.covariates.shape[1]
    # The forests' score, which comes last and is not known yet, will be on the scale of the line.
    direction = np.r_[fit.mean[1 : width - 1], 1.0]
    return Prognosis(direction, columns @ fit.mean + past[data.cells.cell])


def _main_groups(schema: Schema) -> list[str]:
    return [FREE, *(["main"] * len(schema.columns)), "score"]


def groups_of(head: str, schema: Schema) -> list[str]:
    """The group of each of a head's K coefficients."""
    main = _main_groups(schema)
    if head == "value":
        return main + ["mere"] + ["stretch"] * (VALUE_COLUMNS - 1)
    return main + [group for group, _ in (*person_names(schema), *effect_names(schema))]


def before_campaigns(head: str, priors: Priors, schema: Schema) -> FloatArray:
    """(K, K) covariance of a head's coefficients before anything is learned of this shop."""
    groups = groups_of(head, schema)
    return from_prior(head_prior(priors.of_head(head), head, schema, groups, START), groups, START)[1]


def fit_heads(
    data: Training, schema: Schema, direction: FloatArray, rng: np.random.Generator, priors: Priors
) -> dict[str, Head]:
    """Fit every head; where the data says nothing of one, it is what the priors say.

    direction: of `Prognosis`. `click` is left out where messages were sent and clicks never recorded, `value`
    where no order's value is known.
    """
    groups, value_groups = groups_of("convert", schema), groups_of("value", schema)
    prior = {
        name: head_prior(priors.of_head(name), name, schema, groups_of(name, schema), START) for name in HEADS
    }
    columns = _without_holdout(data, data.columns) if data.sent.all() else data.columns
    steps = gift_steps(schema)
    found: dict[str, Head] = {}
    risk = _risk_columns(data, direction, schema)
    told = data.sent & np.isfinite(data.clicked)
    if told.any():
        head = _fit(data, columns, data.clicked, told, groups, prior["click"], rng)
        found["click"] = _rising(head, steps)
    elif not data.sent.any():
        found["click"] = _rising(_assumed(prior["click"], groups), steps)
    learned = data.cells.sent.sum() >= FEWEST_ARMS and data.clicked[told].sum() >= FEWEST_ORDERS
    clicks = found["click"] if learned else None
    head = _fit_conversion(data, columns, groups, clicks, risk, direction, prior["convert"], rng)
    found["convert"] = _rising(head, steps)
    bought = data.paid
    if bought.sum() >= FEWEST_ORDERS:
        logs = np.log(np.maximum(data.revenue, 0.01))
        columns_of = np.hstack([data.main, data.value])
        known = prior["value"]
        start = START | VALUE_START
        found["value"] = _fit(
            data, columns_of, logs, bought, value_groups, known, rng, start=start, binary=False
        )
    elif schema.basket_column is not None or bought.any():
        found["value"] = _assumed(_around_basket(prior["value"], schema), value_groups)
    offered = bought & data.sent & (data.offers.kind != "none")
    if offered.sum() >= FEWEST_ORDERS:
        used = (data.discount > 0).astype(float)
        found["redeem"] = _fit(data, columns, used, offered, groups, prior["redeem"], rng)
    else:
        found["redeem"] = _assumed(prior["redeem"], groups)
    return found


def _rising(head: Head, steps: FloatArray) -> Head:
    """The head with a response that falls along none of these steps (m, E) of its offer columns.

    Its covariance stays: of what the steps rule out it says a little too much, never too little.
    """
    return replace(head, mean=nowhere_negative(head.mean, head.covariance, steps))


def _assumed(prior: Prior, groups: list[str]) -> Head:
    """A head of which the data says nothing."""
    mean, covariance = from_prior(prior, groups, START)
    return Head(mean, covariance, BASKET_NOISE, START["arm"])


def _around_basket(prior: Prior, schema: Schema) -> Prior:
    """The prior of order values around the usual basket of the shop, where too few orders were seen."""
    constant = np.eye(1, len(prior.mean))
    mean = prior.mean + constant[0] * np.log(max(schema.middle_basket, 0.01))
    precision = block_diag(prior.precision, 1 / BASKET_DOUBT)
    return Prior(mean, np.vstack([prior.rows, constant]), precision)


def _without_holdout(data: Training, columns: FloatArray) -> FloatArray:
    """(n, K) columns where nobody was held out: who responds cannot be told from who buys anyway.

    What sending as such does stays what the priors say of it; offers are compared with a message without one.
    """
    first = data.main.shape[1]
    columns = columns.copy()
    columns[:, first : first + data.person.shape[1]] = 0.0
    return columns


def _risk_columns(data: Training, direction: FloatArray, schema: Schema) -> FloatArray:
    """(K, blocks) directions along which a message may do more or less: how likely one is to buy unsent.

    Whether a message adds to the odds, to the rate or to neither differs by shop, and the chance of buying
    anyway is what it differs along. One coefficient for any message learns it, hardly shrunk, and one for
    each category what differs there.
    """
    width, each, blocks = data.main.shape[1], len(direction), len(person_blocks(schema))
    found = np.zeros((width + blocks * each + data.effect.shape[1], blocks))
    for block in range(blocks):
        found[width + block * each : width + (block + 1) * each, block] = direction
    return found


def _fit_conversion(
    data: Training,
    columns: FloatArray,
    groups: list[str],
    click: Head | None,
    risk: FloatArray,
    direction: FloatArray,
    prior: Prior,
    rng: np.random.Generator,
) -> Head:
    """What attracts clicks is a first guess of what attracts orders, up to a factor learned here.

    Clicks say more of an offer than orders do: there are more of them, and none without the message. The
    offer's coefficients are shrunk towards that guess instead of towards nothing.
    """
    # Nor are coefficients of who buys anyway shrunk towards nothing, which would shrink what risk explains.
    level = np.zeros(columns.shape[1])
    level[1 : 1 + len(direction)] = direction
    by_category = ["risk@category"] * (risk.shape[1] - 1)
    guesses, more = np.column_stack([risk, level]), ["risk", *by_category, FREE]
    if click is not None:
        width = data.main.shape[1] + data.person.shape[1]
        guess = np.zeros(columns.shape[1])
        guess[width + 1 :] = click.mean[width + 1 :]  # all but the effect of sending as such
        guesses, more = np.column_stack([guesses, guess]), [*more, FREE]
    everyone = np.ones(len(data.converted), dtype=bool)
    wide = np.hstack([columns, columns @ guesses])
    start = START if click is None else START | {name: CLOSER * START[name] for name in OFFER_GROUPS}
    fold = np.hstack([np.eye(columns.shape[1]), guesses])
    # What is assumed of an offer is assumed of the sum of both, its own coefficients and the guesses.
    whole = Prior(np.pad(prior.mean, (0, guesses.shape[1])), prior.rows @ fold, prior.precision)
    head = _fit(data, wide, data.converted, everyone, [*groups, *more], whole, rng, start=start)
    # The guesses are taken as given: where they are wrong, the conversions themselves correct them.
    return replace(head, mean=fold @ head.mean, covariance=fold @ head.covariance @ fold.T)


def _fit(
    data: Training,
    columns: FloatArray,
    target: FloatArray,
    rows: npt.NDArray[np.bool_],
    groups: list[str],
    prior: Prior,
    rng: np.random.Generator,
    *,
    start: Mapping[str, float] = START,
    binary: bool = True,
) -> Head:
    cells = data.cells.among(rows)
    fit = fit_mixed(columns[rows], target[rows], cells, groups, start, binary=binary, rng=rng, prior=prior)
    past = np.zeros(len(data.cells.sent))
    past[np.unique(data.cells.cell[rows])] = fit.cells
    return Head(fit.mean, fit.covariance, fit.noise, fit.variances.get("arm", START["arm"]), past)
