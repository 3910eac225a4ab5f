"""Why a draft is forecast as it is: what one step of its terms would change, and whom it depends on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from copilot.domain.brief import Channel, Objective
from copilot.domain.check import Check
from copilot.domain.forecast import Estimate
from copilot.domain.noun import Noun
from copilot.domain.offer import Offer

__all__ = ["Change", "Driver", "DriverGroup", "Lever", "LeverKind", "Why"]

LeverKind = Literal["value", "min_spend", "valid_days", "channel"]
Share = Annotated[float, Field(ge=0, le=1)]


class Change(Noun):
    """A forecast after a step less the forecast before; `low` and `high` bound 90 % of that difference."""

    objective: Estimate
    incremental_profit: Estimate
    incremental_conversion: Estimate


class Lever(Noun):
    """One step of one term, all else as it is.

    before, after: the term, in its own unit; None = none. channel, offer: of the draft after the step.
    total: change over all customers contacted; per_customer: None where the step reaches other customers.
    broken: the rules that the draft would break after the step. words: all of it in a sentence.
    """

    kind: LeverKind
    before: float | str | None
    after: float | str | None
    channel: Channel
    offer: Offer
    audience_size: int
    total: Change
    per_customer: Change | None
    support: Share
    broken: tuple[Check, ...] = ()
    words: str


class DriverGroup(Noun):
    """Some of the customers contacted: who, what share of all, and their mean forecast of the objective."""

    words: str
    share: Share
    mean: float


class Driver(Noun):
    """A customer attribute that the forecast turns on. strength: mean absolute contribution to it."""

    attribute: str
    strength: float
    groups: tuple[DriverGroup, ...]


class Why(Noun):
    """What a forecast depends on: levers by how much they move the objective, drivers strongest first.

    unit: what the numbers of drivers are in. fidelity: how well the drivers tell the customers' forecasts
    apart (R2); note: why none is named.
    """

    draft_id: str
    objective: Objective
    unit: str
    levers: tuple[Lever, ...]
    drivers: tuple[Driver, ...]
    fidelity: float
    note: str = ""
