"""What was measured of a predictor, as saved beside it and read again. Fractions, and the shop's money."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from predictors.interface import UnusableModel
from predictors.metrics import CalibrationBin, Confusion, Errors
from predictors.persistence import json_bytes

__all__ = [
    "ArmFigures",
    "ArmOutcome",
    "Balance",
    "Calibration",
    "Curve",
    "Decile",
    "Evaluation",
    "Finding",
    "Importance",
    "Level",
    "Outcome",
    "Overlap",
    "Sent",
    "Split",
    "Uplift",
    "read_evaluation",
    "write_evaluation",
]

Level = Literal["ok", "look", "bad"]
Points = tuple[float, ...]


@dataclass(frozen=True)
class Finding:
    """Something to know of the data or the forecasts: a sentence with its figure, and what to do about it."""

    topic: str
    level: Level
    text: str
    advice: str = ""


@dataclass(frozen=True)
class Curve:
    """Points of a line, and of a 90 % band around it where there is one."""

    x: Points
    y: Points
    low: Points = ()
    high: Points = ()


@dataclass(frozen=True)
class Calibration:
    """Forecast beside observed rates. of: "all", "channel" or "offer type"; name: which one.

    error: expected calibration error; by_chance: what perfect forecasts would show on so few outcomes.
    """

    of: str
    name: str
    count: int
    positives: int
    error: float
    by_chance: float
    bins: tuple[CalibrationBin, ...]


@dataclass(frozen=True)
class Outcome:
    """How well one yes-or-no outcome was forecast.

    constant_*: the same of a forecast that says the observed rate for everybody.
    auc, roc, precision_recall: None or empty where the outcome never varies.
    """

    count: int
    positives: int
    forecast: float  # mean
    auc: float | None
    log_loss: float
    constant_log_loss: float
    brier: float
    constant_brier: float
    confusion: Confusion
    roc: Curve
    precision_recall: Curve
    calibrations: tuple[Calibration, ...]


@dataclass(frozen=True)
class Decile:
    """A tenth of the customers by forecast effect, the highest first: forecast beside observed effect."""

    forecast: float
    observed: float | None
    low: float | None
    high: float | None
    sent: int
    unsent: int


@dataclass(frozen=True)
class Uplift:
    """Whether those forecast to respond most did. Curves over the share of customers targeted, best first.

    qini: incremental conversions per customer targeted in full (Radcliffe 2007); gain: the uplift curve,
    observed effect among those targeted times their share (Gutierrez and Gerardy 2017). Bands by resampling
    customers. area: between the Qini curve and random targeting; its 90 % interval.
    """

    sent: int
    unsent: int
    qini: Curve
    gain: Curve
    area: float
    area_low: float
    area_high: float
    deciles: tuple[Decile, ...]


@dataclass(frozen=True)
class ArmOutcome:
    """Incremental conversion of one arm: forecast before, and observed (doubly robust), 90 % intervals."""

    campaign: str
    arm: str
    customers: int
    forecast: float
    forecast_low: float
    forecast_high: float
    observed: float
    observed_low: float
    observed_high: float
    support: float


@dataclass(frozen=True)
class ArmFigures:
    """Forecasts of arms beside what they did.

    covered: share of arms whose observed effect lies within 90 % bounds of both uncertainties together;
    winkler: score of those bounds; slope, intercept: of observed on forecast, weighted by certainty;
    ratio: forecast over observed, all arms together; excess: standard deviation of forecast less observed
    beyond what the observed effects' own errors explain.
    """

    arms: tuple[ArmOutcome, ...]
    covered: float
    winkler: float
    slope: float | None
    slope_error: float | None
    intercept: float | None
    ratio: float | None
    excess: float | None


@dataclass(frozen=True)
class Split:
    """Figures on exposures that the judged model never saw. None: not measured, `unmeasured` says why."""

    name: str
    about: str
    exposures: int
    customers: int
    campaigns: int
    click: Outcome | None
    conversion: Outcome | None
    order_value: Errors | None
    revenue: Errors | None  # per customer, buyers or not
    uplift: Uplift | None
    arms: ArmFigures | None
    unmeasured: tuple[str, ...]


@dataclass(frozen=True)
class Importance:
    """What forecasts of conversion lose when one attribute is shuffled among held-out exposures.

    gain_share: share of what the trees of the residual forest gained by splitting on it; None: no trees.
    """

    attribute: str
    auc_drop: float
    log_loss_rise: float
    gain_share: float | None


@dataclass(frozen=True)
class Overlap:
    """How comparable those sent and those held out were.

    recorded: share of exposures with a recorded propensity. told_apart: chance that somebody sent looks
    likelier, by attributes, to be sent than somebody held out of the same campaign (0.5 = randomised).
    sent, unsent: share of each by estimated chance of being sent, in equal bins from 0 to 1.
    effective: of the arms, the smallest share of customers left once weighted by propensity; of `worst`.
    extreme: share of exposures whose propensity lies at the limit it is cut to.
    """

    recorded: float
    told_apart: float | None
    sent: Points
    unsent: Points
    effective: float
    worst: str
    extreme: float


@dataclass(frozen=True)
class Balance:
    """Difference of an attribute between sent and held out, within campaigns, in standard deviations.

    weighted: after weighting by propensity; error: its standard error.
    """

    attribute: str
    raw: float
    weighted: float
    error: float


@dataclass(frozen=True)
class Sent:
    """Terms that were sent, and how often; value, min_spend: None where the offer has none."""

    channel: str
    offer_type: str
    value: float | None
    min_spend: float | None
    messages: int


@dataclass(frozen=True)
class Evaluation:
    """Everything measured when a predictor was trained."""

    splits: tuple[Split, ...] = ()
    importance: tuple[Importance, ...] = ()
    overlap: Overlap | None = None
    balance: tuple[Balance, ...] = ()
    findings: tuple[Finding, ...] = ()
    sent: tuple[Sent, ...] = ()
    unmeasured: tuple[str, ...] = ()


def write_evaluation(evaluation: Evaluation) -> bytes:
    """As JSON."""
    return json_bytes(asdict(evaluation))


def read_evaluation(part: bytes) -> Evaluation:
    """What `write_evaluation` wrote.

    Raises:
        UnusableModel: it is of another schema.
    """
    from pydantic import TypeAdapter, ValidationError

    reader: TypeAdapter[Any] = TypeAdapter(Evaluation)
    try:
        found: Evaluation = reader.validate_json(part)
    except ValidationError as error:
        raise UnusableModel(f"the saved evaluation cannot be read: {error.errors()[0]['msg']}") from error
    return found
