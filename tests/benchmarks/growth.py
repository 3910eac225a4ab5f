"""How a cost grows with size: the slope of a line on a log-log plot. 1 = linear; below 1, better."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["slope"]


def slope(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Least-squares slope of log cost on log size."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])
