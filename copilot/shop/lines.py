"""A shop's order lines by customer: the customers of a shop are looked at some thousand at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from copilot.shop.history import codes_of, index_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Lines"]


@dataclass(frozen=True)
class Lines:
    """frame: order lines as `store.read_lines` has them, customers as places among `customers` of them."""

    frame: pd.DataFrame
    customers: int

    @classmethod
    def of(cls, orders: pd.DataFrame, customer_ids: npt.NDArray[Any]) -> Lines:
        """From order lines that name their customers by id."""
        places = codes_of(index_of(customer_ids), orders["customer_id"])
        return cls(orders.assign(customer_id=places.astype(np.int32)), len(customer_ids))

    def bought_by(self, first: int, end: int) -> pd.DataFrame:
        """The lines of the customers at places from `first` up to `end`, customer by customer."""
        return self.frame.iloc[self._order[self._edges[first] : self._edges[end]]]

    @cached_property
    def _order(self) -> npt.NDArray[np.int32]:
        customer = self.frame["customer_id"].to_numpy()
        return np.argsort(customer, kind="stable").astype(np.int32)

    @cached_property
    def _edges(self) -> npt.NDArray[np.int64]:
        customer = self.frame["customer_id"].to_numpy()
        known = np.bincount(customer[customer >= 0], minlength=self.customers)
        edges = np.full(self.customers + 1, int((customer < 0).sum()), dtype=np.int64)
        edges[1:] += np.cumsum(known)
        return edges
