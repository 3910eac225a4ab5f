"""What may be told of a group of customers: how many, and how they are spread, never one of them."""

from __future__ import annotations

from pydantic import Field

from copilot.domain.noun import Noun

__all__ = ["AttributeFacts", "GroupFacts", "Share"]


class Share(Noun):
    """How much of a group has a value."""

    value: float | str
    share: float


class AttributeFacts(Noun):
    """How one attribute is spread over a group; by percentiles (p5 .. p95), or by its common values.

    kind: `number`, `category` or `date`. known: share of the group that has a value at all, where both
    sides are large enough to be told. nothing_to_tell: why neither is given.
    """

    attribute: str
    kind: str
    known: float | None = None
    percentiles: dict[str, float | str] = Field(default_factory=dict)
    values: tuple[Share, ...] = ()
    nothing_to_tell: str | None = None


class GroupFacts(Noun):
    """A group of customers. size, reachable: None = fewer than `fewest`, which is not told.

    attributes: kind -> names of those there are, where none was asked for.
    """

    size: int | None
    fewest: int
    reachable: dict[str, int | None] = Field(default_factory=dict)
    told: AttributeFacts | None = None
    attributes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
