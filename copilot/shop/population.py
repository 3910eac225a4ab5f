"""Attributes and affinity of every customer of a shop, worked out for some thousand customers at a time.

What is made on the way is many times what is kept: only the finished columns of all customers are ever held
together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from copilot.shop.attributes import attributes_as_of, category_affinity
from copilot.shop.lines import Lines

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["population"]


def population(
    people: Iterable[pd.DataFrame],
    customer_ids: npt.NDArray[Any],
    lines: Lines | None,
    products: pd.DataFrame,
    categories: Sequence[str],
    day: date,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Attributes (U, k) and affinity (U, c) of the customers as of a day; who signed up later is not there.

    people: the customers in frames of any number of rows, in the order of `customer_ids`.
    """
    import pandas as pd

    moment, place = pd.Timestamp(day), 0
    there = np.ones(len(customer_ids), dtype=bool)
    attributes, affinity = _Columns(len(customer_ids)), _Columns(len(customer_ids))
    for some in people:
        places = np.arange(place, place + len(some))
        bought = None if lines is None else lines.bought_by(place, place + len(some))
        place += len(some)
        if "signed_up_on" in some:
            # Whoever signed up later was no customer on that day.
            known = ~(some["signed_up_on"] >= moment).to_numpy()
            there[places], places, some = known, places[known], some[known]
        keys = pd.DataFrame({"customer_id": places, "as_of": moment})
        attributes.add(attributes_as_of(keys, some.assign(customer_id=places), bought, products))
        affinity.add(category_affinity(places, moment, bought, products, categories))
    index = pd.Index(customer_ids if there.all() else customer_ids[there], name="customer_id")
    return attributes.frame(index), affinity.frame(index.rename(None))


class _Columns:
    """Columns of at most `rows` rows, filled from the top."""

    def __init__(self, rows: int) -> None:
        self._rows, self._filled = rows, 0
        self._columns: dict[str, npt.NDArray[Any]] = {}

    def add(self, frame: pd.DataFrame) -> None:
        """Put a frame below what is there."""
        end = self._filled + len(frame)
        for name in frame.columns:
            values = frame[name].to_numpy()
            if name not in self._columns:
                # Not touched before it is filled: memory for who is left out is never taken.
                self._columns[name] = np.empty(self._rows, dtype=values.dtype)
            self._columns[name][self._filled : end] = values
        self._filled = end

    def frame(self, index: pd.Index[Any]) -> pd.DataFrame:
        """All of it, without a copy."""
        import pandas as pd

        # The type is named, or pandas would turn text into its own string type.
        columns = {
            name: pd.Series(values[: self._filled], index, dtype=values.dtype, copy=False)
            for name, values in self._columns.items()
        }
        return pd.DataFrame(columns, index=index, columns=list(columns), copy=False)
