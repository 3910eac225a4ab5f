"""What each channel takes, from `channels.toml`: lengths, required fields, ways to opt out, with sources."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["ChannelRules", "Limit", "OptOut", "Platform", "channel_rules", "opt_out"]


@dataclass(frozen=True)
class Limit:
    """How long one field may be. hard: refused beyond; advised: told beyond. None: no such limit.

    unit: of the two, "characters" or "segments". wide: full-width characters count two.
    """

    called: str
    hard: int | None = None
    advised: int | None = None
    unit: str = "characters"
    wide: bool = False
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class Platform:
    """One of the places where a channel's messages are shown, with limits of its own."""

    name: str
    required: Sequence[str]
    fields: Mapping[str, Limit]
    source: str


@dataclass(frozen=True)
class ChannelRules:
    """The fields of a draft's copy that a channel shows; others must be empty."""

    name: str
    required: Sequence[str]
    fields: Mapping[str, Limit]
    platforms: Sequence[Platform] = ()

    def aim(self, name: str) -> Limit | None:
        """What a field had best keep to, as `advised`: the least that the channel or a platform shows whole.

        None: nothing says how long it had best be.
        """
        places = (self.fields, *(one.fields for one in self.platforms))
        told = [limit for fields in places if (limit := fields.get(name))]
        aims = [replace(limit, advised=limit.advised or limit.hard) for limit in told]
        return min(
            (aim for aim in aims if aim.advised is not None), key=lambda aim: aim.advised or 0, default=None
        )


@dataclass(frozen=True)
class OptOut:
    """Words by which a text message tells how to get no more of them."""

    such_as: str
    source: str
    words: Sequence[re.Pattern[str]] = field(repr=False)

    def told_in(self, text: str) -> bool:
        """Whether the text says how."""
        return any(pattern.search(text) for pattern in self.words)


@cache
def channel_rules() -> Mapping[str, ChannelRules]:
    """The rules of every channel, by its name in a draft."""
    return {name: _channel(name, data) for name, data in _data().items()}


@cache
def opt_out(language: str) -> OptOut:
    """How to opt out in a language, or in English, which is understood everywhere."""
    data = _data()["sms"]["opt_out"]
    base = language.split("-")[0]
    words = [*data["words"]["en"]]
    if base != "en":
        words += data["words"].get(base, data["words"]["other"])
    return OptOut(
        such_as=data["such_as"].get(base, "STOP"),
        source=data["source"],
        words=[re.compile(word, re.IGNORECASE) for word in words],
    )


@cache
def _data() -> Mapping[str, Any]:
    text = files("copilot.wording").joinpath("channels.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _channel(name: str, data: Mapping[str, Any]) -> ChannelRules:
    limits = {key: Limit(**told) for key, told in data["fields"].items()}
    platforms = [_platform(key, told, limits) for key, told in data.get("platforms", {}).items()]
    return ChannelRules(name, tuple(data["required"]), limits, tuple(platforms))


def _platform(name: str, data: Mapping[str, Any], channel: Mapping[str, Limit]) -> Platform:
    # A platform counts alike in all its fields, and one document tells of all of them.
    limits = {
        key: Limit(called=channel[key].called, wide=data["wide"], source=data["source"], **told)
        for key, told in data["fields"].items()
    }
    return Platform(name, tuple(data["required"]), limits, data["source"])
