"""What may be told of a group of customers to somebody who must not know any one of them.

Nothing that tells on fewer than `FEWEST`: not a value that fewer hold, nor a percentile beyond which fewer
lie. Knows the attribute table and nothing of who asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from copilot.domain.group import AttributeFacts, GroupFacts, Share
from copilot.shop.audience import column

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FEWEST", "OTHER", "attribute_facts", "group_facts"]

FEWEST = 20  # customers
OTHER = "(other)"

_PERCENTILES = (5, 25, 50, 75, 95)
_VALUES_SHOWN = 20
_FEW_NUMBERS = 10  # a number with no more values than these is a kind of category: 0/1, stars
_TOLD_AT_LEAST = 0.5  # of those whose value is known; else it is free text, an id, a street

Mask = npt.NDArray[np.bool_]


def group_facts(
    attributes: pd.DataFrame, rows: Mask, reached: Mapping[str, Mask], attribute: str | None = None
) -> GroupFacts:
    """The group of the `rows` (U,): its size, who may be contacted where, and one attribute if asked.

    Raises:
        UnknownName: the shop has no attribute of this name.
    """
    values = None if attribute is None else column(attributes, attribute)
    size = int(rows.sum())
    if size < FEWEST:
        return GroupFacts(size=None, fewest=FEWEST)
    return GroupFacts(
        size=size,
        fewest=FEWEST,
        reachable={channel: _told(int((rows & mask).sum())) for channel, mask in reached.items()},
        told=None if values is None else attribute_facts(values[rows]),
        attributes=_by_kind(attributes) if values is None else {},
    )


def attribute_facts(values: pd.Series[Any]) -> AttributeFacts:
    """How the values of a group (n,) are spread."""
    kind, name = _kind(values), str(values.name)
    known = values.dropna()
    if len(known) < FEWEST:
        told = f"known of fewer than {FEWEST} customers"
        return AttributeFacts(attribute=name, kind=kind, nothing_to_tell=told)
    unknown = len(values) - len(known)
    share = round(len(known) / len(values), 2) if not 0 < unknown < FEWEST else None
    by_value = kind == "category" or (kind == "number" and known.nunique() <= _FEW_NUMBERS)
    facts = _common(known, name, kind) if by_value else _spread(known, name, kind)
    return facts.model_copy(update={"known": share})


def _told(customers: int) -> int | None:
    return customers if customers >= FEWEST or customers == 0 else None


def _common(known: pd.Series[Any], name: str, kind: str) -> AttributeFacts:
    counts = known.value_counts()
    common = counts[counts >= FEWEST]
    if common.sum() < _TOLD_AT_LEAST * len(known):
        told = f"most of its values are held by fewer than {FEWEST} customers each"
        return AttributeFacts(attribute=name, kind=kind, nothing_to_tell=told)
    common = common.iloc[:_VALUES_SHOWN]
    if 0 < len(known) - common.sum() < FEWEST:
        common = common.iloc[:-1]  # else the few that hold another are what is left of one
    if common.empty:
        told = f"all but fewer than {FEWEST} customers hold one value"
        return AttributeFacts(attribute=name, kind=kind, nothing_to_tell=told)
    shown = [
        Share(value=float(value) if kind == "number" else str(value), share=_short(count / len(known)))
        for value, count in common.items()
    ]
    rest = int(len(known) - common.sum())
    if rest:
        shown.append(Share(value=OTHER, share=_short(rest / len(known))))
    return AttributeFacts(attribute=name, kind=kind, values=tuple(shown))


def _spread(known: pd.Series[Any], name: str, kind: str) -> AttributeFacts:
    fit = [p for p in _PERCENTILES if min(p, 100 - p) * len(known) >= 100 * FEWEST]
    if not fit:
        told = f"fewer than {FEWEST} customers lie on either side of its middle"
        return AttributeFacts(attribute=name, kind=kind, nothing_to_tell=told)
    if kind == "date":
        days = known.astype("datetime64[us]").quantile([p / 100 for p in fit])
        dates = {f"p{p}": day.date().isoformat() for p, day in zip(fit, days, strict=True)}
        return AttributeFacts(attribute=name, kind=kind, percentiles=dates)
    numbers = np.percentile(known.to_numpy(dtype=np.float64), fit)
    spread = {f"p{p}": _short(number) for p, number in zip(fit, numbers, strict=True)}
    return AttributeFacts(attribute=name, kind=kind, percentiles=spread)


def _by_kind(attributes: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in attributes:
        found.setdefault(_kind(attributes[name]), []).append(str(name))
    return {kind: tuple(names) for kind, names in found.items()}


def _kind(values: pd.Series[Any]) -> str:
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    return "number" if pd.api.types.is_numeric_dtype(values) else "category"


def _short(value: float) -> float:
    # Three digits: a percentile is the value of somebody, and need not be told to the cent.
    return float(f"{value:.3g}")
