"""How customers are counted for a language model: roughly, and fewer than `FEWEST` of them not at all.

Counts are exact for the planner, which is at home in this process.
"""

from __future__ import annotations

from collections.abc import Mapping

from copilot.domain.forecast import EffectForecast
from copilot.shop.group import FEWEST

__all__ = ["FEW", "about_few", "roughly", "roughly_reached"]

FEW = f"fewer than {FEWEST}"
_ALL_BUT_FEW = f"all but {FEW}"


def roughly(customers: int) -> int | str:
    """Two digits of a count: what one customer more or less changes is seldom seen.

    Nobody is told as nobody: what reaches no one cannot be sent, which a writer has to know.
    """
    if 0 < customers < FEWEST:
        return FEW
    return int(float(f"{customers:.2g}"))


def roughly_reached(reached: Mapping[str, int | None], size: int) -> dict[str, int | str]:
    """How many of a group of this size each channel reaches; nothing of a group too small to tell."""
    return {name: _part(count, size) for name, count in reached.items()} if size >= FEWEST else {}


def _part(count: int | None, size: int) -> int | str:
    # Those who are not reached are a group too: the size less those who are.
    if count is None:
        return FEW
    return _ALL_BUT_FEW if 0 < size - count < FEWEST else roughly(count)


def about_few(forecast: EffectForecast | None) -> bool:
    """Whether a forecast is about so few customers that its figures would tell on them."""
    return forecast is not None and forecast.audience_size < FEWEST
