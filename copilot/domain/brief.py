"""The brief: what the marketer wants, with hard limits. FORMATS.md section 2 is its contract."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from copilot.domain.audience import Audience
from copilot.domain.dates import Day, not_before_start
from copilot.domain.noun import Noun
from copilot.domain.numbers import Count, Money, Percent, Rate
from copilot.domain.offer import OfferType

__all__ = ["CHANNELS", "CampaignBrief", "Channel", "Objective"]

Objective = Literal["profit", "revenue", "conversion", "clicks"]
Channel = Literal["email", "sms", "push", "onsite", "ads"]
CHANNELS: tuple[Channel, ...] = ("email", "sms", "push", "onsite", "ads")

Phrase = Annotated[str, Field(min_length=1, max_length=500)]
# No control characters: ids are printed to terminals.
Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
# `a < b` and `<3` open no tag.
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>|<!--|<!\[CDATA\[|<!DOCTYPE")
_SLOT = re.compile(r"[{｛][^{}｛｝]{0,40}[}｝]")


class CampaignBrief(Noun):
    """What is wanted. Every limit in it is hard: no returned strategy breaks one."""

    brief_id: Id | None = None
    objective: Objective = "profit"
    categories: tuple[Id, ...] = ()
    product_ids: tuple[Id, ...] = ()
    audience: Audience = ()
    channels: tuple[Channel, ...] = ()
    offer_types: tuple[OfferType, ...] = ()
    budget: Money | None = None
    max_discount_percent: Percent | None = None
    min_margin_percent: Annotated[Rate, Field(ge=-1000, le=100)] | None = None
    min_roi: Annotated[Rate, Field(ge=-1, le=10_000)] | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    tone: Annotated[str, Field(max_length=2_000)] = ""
    notes: Annotated[str, Field(max_length=10_000)] = ""
    must_say: tuple[Phrase, ...] = ()
    must_not_say: tuple[Phrase, ...] = ()
    unit_profit: Money | None = None
    strategies: Annotated[Count, Field(le=20)] = 5

    @field_validator("ends_on")
    @classmethod
    def _ends_after_it_starts(cls, ends_on: date | None, info: ValidationInfo) -> date | None:
        return not_before_start(ends_on, info)

    @field_validator("must_say", mode="after")
    @classmethod
    def _phrases_are_said_as_they_stand(cls, wanted: tuple[str, ...]) -> tuple[str, ...]:
        for phrase in wanted:
            if tag := _TAG.search(phrase):
                raise ValueError(f"plain text without tags; leave {tag[0]} out")
            if slot := _SLOT.search(phrase):
                raise ValueError(f"phrases as they are read; slots are not filled here, leave {slot[0]} out")
        return wanted

    @field_validator("must_not_say", mode="after")
    @classmethod
    def _phrases_agree(cls, banned: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        said = [phrase.casefold() for phrase in info.data.get("must_say", ())]
        if any(phrase.casefold() in wanted for phrase in banned for wanted in said):
            raise ValueError("no phrase that must_say asks for")
        return banned

    def window(self, as_of: date) -> tuple[date, date]:
        """First and last day of the campaign; `as_of` fills what the brief leaves open."""
        starts = self.starts_on or (min(as_of, self.ends_on) if self.ends_on else as_of)
        return starts, self.ends_on or starts + timedelta(days=14)
