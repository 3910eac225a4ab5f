"""A draft: one whole strategy as a model or a person proposes it. It holds no predicted number."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from copilot.domain.audience import Audience
from copilot.domain.brief import Channel, Id
from copilot.domain.dates import Day, not_before_start
from copilot.domain.noun import Noun
from copilot.domain.numbers import Count
from copilot.domain.offer import Offer

__all__ = ["Copy", "FollowUp", "Plan", "StrategyDraft"]

Text = Annotated[str, Field(max_length=5_000)]


class Copy(Noun):
    """What the message says, with slots such as `{discount}` that the offer fills."""

    subject: Text = ""
    preheader: Text = ""
    body: Text = ""
    call_to_action: Text = ""


class FollowUp(Noun):
    """A second message to those who did not react."""

    after_days: Annotated[Count, Field(le=90)]
    channel: Channel
    message: Copy = Field(default_factory=Copy, alias="copy")


class Plan(Noun):
    """When it is sent."""

    starts_on: Day | None = None
    ends_on: Day | None = None
    send_hour: Annotated[int, Field(ge=0, le=23, strict=True)] | None = None
    follow_ups: Annotated[tuple[FollowUp, ...], Field(max_length=5)] = ()

    @field_validator("ends_on")
    @classmethod
    def _ends_after_it_starts(cls, ends_on: date | None, info: ValidationInfo) -> date | None:
        return not_before_start(ends_on, info)


class StrategyDraft(Noun):
    """Offer, copy, audience and plan. `copy` in JSON is `message` in Python (pydantic keeps `copy`)."""

    draft_id: Id
    channel: Channel
    category: Id | None = None
    product_ids: tuple[Id, ...] = ()
    audience: Audience = ()
    audience_limit: Count | None = None
    offer: Offer
    message: Copy = Field(default_factory=Copy, alias="copy")
    plan: Plan = Field(default_factory=Plan)
    rationale: Text = ""
