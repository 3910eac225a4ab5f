"""The brand kit: how a brand speaks, what it always says, what it never says, what it can prove."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from copilot.domain.brief import Channel
from copilot.domain.dates import Day
from copilot.domain.noun import Noun

__all__ = ["EVERY_LANGUAGE", "BrandClaim", "BrandKit", "BrandSection", "RequiredPhrase"]

EVERY_LANGUAGE = "all"
# Phrases are sought in copy as the customer reads it, where no slot is left.
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^{}]+$")
]
Guidance = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class RequiredPhrase(Noun):
    """A phrase that every message says, or every message by these channels."""

    phrase: Words
    channels: tuple[Channel, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, data: Any) -> Any:
        return {"phrase": data} if isinstance(data, str) else data

    def on(self, channel: str) -> bool:
        """Whether messages by this channel say it."""
        return not self.channels or channel in self.channels


class BrandClaim(Noun):
    """A claim that may be made with its proof, until the last day the proof holds. No proof: not at all."""

    phrase: Words
    proof: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] = ""
    until: Day | None = None

    def holds(self, day: date | None) -> bool:
        """Whether copy that is read until this day may say it. An unknown day is after any `until`."""
        return bool(self.proof) and (self.until is None or (day is not None and day <= self.until))


class BrandSection(Noun):
    """What a kit says for one language, or for all of them."""

    voice: Annotated[str, Field(max_length=2_000)] = ""
    do: Annotated[tuple[Guidance, ...], Field(max_length=50)] = ()
    dont: Annotated[tuple[Guidance, ...], Field(max_length=50)] = ()
    required: Annotated[tuple[RequiredPhrase, ...], Field(max_length=50)] = ()
    banned: Annotated[tuple[Words, ...], Field(max_length=500)] = ()
    claims: Annotated[tuple[BrandClaim, ...], Field(max_length=200)] = ()

    def joined(self, other: BrandSection) -> BrandSection:
        """Both together; the voice is the other's where it has one."""
        lists = {
            name: (*getattr(self, name), *getattr(other, name))
            for name in ("do", "dont", "required", "banned", "claims")
        }
        return BrandSection(voice=other.voice or self.voice, **lists)

    @property
    def phrases(self) -> tuple[str, ...]:
        """What it requires and what it claims, with or without proof."""
        return (*(one.phrase for one in self.required), *(one.phrase for one in self.claims))

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything it says in words."""
        return (self.voice, *self.do, *self.dont, *self.phrases, *self.banned)

    def required_on(self, channel: str) -> tuple[str, ...]:
        """The phrases that messages by this channel say."""
        return tuple(one.phrase for one in self.required if one.on(channel))

    def proven(self, day: date | None) -> tuple[str, ...]:
        """The claims that copy may make which is read until this day."""
        return tuple(one.phrase for one in self.claims if one.holds(day))


class BrandKit(Noun):
    """A brand's sections by language tag; `all` goes for every language."""

    name: Annotated[str, Field(max_length=200)] = ""
    sections: dict[str, BrandSection]

    def section(self, language: str) -> BrandSection | None:
        """What goes for a language: `all` with its own section, else that of the language it is a kind of.

        `en-GB` goes by the section `en` where there is none of its own. None: the kit says nothing of it.
        """
        tags = language.split("-")
        nearest = ("-".join(tags[:length]) for length in range(len(tags), 0, -1))
        own = next((self.sections[tag] for tag in nearest if tag in self.sections), None)
        general = self.sections.get(EVERY_LANGUAGE)
        if own is None or general is None:
            return own or general
        return general.joined(own)
