"""A small shop export as text, and what its rejects file says."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

CUSTOMERS = (
    "customer_id,signed_up_on,email_opt_in,loyalty_tier\n"
    "c1,2024-01-05,1,gold\nc2,,0,silver\nc3,2024-02-01,,\n"
)
PRODUCTS = "product_id,name,category,price\np1,Soap,beauty,4.50\np2,Robot,toys,20\n"
ORDERS = (
    "order_id,customer_id,product_id,ordered_at,quantity,unit_price\n"
    "o1,c1,p1,2024-03-01T10:00:00Z,2,4.50\no1,c1,p2,2024-03-01T10:00:00Z,1,20\no2,c2,p1,2024-03-02,1,4.50\n"
)
EXPOSURES = (
    "exposure_id,campaign_id,customer_id,sent_at,channel,offer_type,offer_value,propensity,revenue,discount,"
    "clicked,converted\n"
    "e1,k1,c1,2024-03-01T08:00:00Z,email,percent_off,10,0.5,29,2.9,1,1\n"
    "e2,k1,c2,2024-03-01T08:00:00Z,holdout,none,,0.5,0,0,,0\n"
)

Export = Callable[..., Path]


def rejected(path: Path | None) -> list[tuple[str, int, str, str]]:
    """The rows of a rejects file: file, line, reason, row."""
    assert path is not None
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["file", "line", "reason", "row"]
    return [(name, int(line), reason, row) for name, line, reason, row in rows[1:]]
