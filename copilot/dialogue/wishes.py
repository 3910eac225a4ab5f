"""What a person may wish for: fields of a brief, and follow-ups on the last report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

__all__ = [
    "Bye",
    "Cheaper",
    "Help",
    "More",
    "Read",
    "Rewrite",
    "Set",
    "Show",
    "StartOver",
    "Terms",
    "WhatIf",
    "WhyNot",
    "Wish",
]


@dataclass(frozen=True)
class Set:
    """A field of the brief shall be this; None takes the limit away."""

    field: str
    value: Any
    assumed: str = ""  # which assumption this reading is, where it could have been meant otherwise


@dataclass(frozen=True)
class Terms:
    """What an offer is changed to; None and "" leave a term as it is."""

    type: str = ""
    value: Decimal | None = None
    min_spend: Decimal | None = None
    valid_days: int | None = None
    channel: str = ""

    def __bool__(self) -> bool:
        return self != Terms()


@dataclass(frozen=True)
class WhatIf:
    """What a strategy would do with other terms."""

    terms: Terms
    number: int | None = None


@dataclass(frozen=True)
class WhyNot:
    """Why there is none such among the strategies: of an offer type, else of a channel."""

    type: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Rewrite:
    """The words of a strategy, otherwise."""

    number: int
    shorter: bool = False
    language: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Show:
    """One strategy in full."""

    number: int


@dataclass(frozen=True)
class Cheaper:
    """Spend less: of the whole budget, or on each discount."""

    what: Literal["budget", "discount"] = "budget"


@dataclass(frozen=True)
class More:
    """More strategies than now."""


@dataclass(frozen=True)
class StartOver:
    """Forget the brief."""


@dataclass(frozen=True)
class Help:
    """What can be said?"""


@dataclass(frozen=True)
class Bye:
    """The end."""


Wish = Set | WhatIf | WhyNot | Rewrite | Show | Cheaper | More | StartOver | Help | Bye


@dataclass(frozen=True)
class Read:
    """A sentence as it was understood. unclear: what of it was not; foreign: a budget in another currency."""

    wishes: tuple[Wish, ...]
    unclear: tuple[str, ...] = ()
    chinese: bool | None = None
    foreign: Mapping[str, Decimal] = field(default_factory=dict)
    cut: bool = False

    def fields(self) -> dict[str, Any]:
        """The fields of a brief that it sets."""
        return {one.field: one.value for one in self.wishes if isinstance(one, Set)}
