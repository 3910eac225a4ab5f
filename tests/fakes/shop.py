"""A shop of a few customers whose numbers can be followed by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from copilot.deciding.appeal import CopyPredictor
from copilot.deciding.case import Case
from copilot.domain import CampaignBrief, parse
from copilot.domain.shop import ShopSettings
from copilot.shop.catalogue import Catalogue
from copilot.shop.context import ShopContext
from tests.fakes.effect import HandMadeModel

AS_OF = date(2025, 6, 30)


def small_shop(customers: int = 100, **changes: Any) -> ShopContext:
    """`customers` with baskets 1, 2, ... 100 (then again); every tenth has not opted in for e-mail.

    Two categories: tea (margin 0.6) and mugs (margin 0.3, the only mug has no stock).
    """
    ids = pd.Index([f"c{number}" for number in range(customers)], name="customer_id")
    attributes = pd.DataFrame(
        {
            "average_basket": [float(1 + number % 100) for number in range(customers)],
            "days_since_order": [float(number % 30) for number in range(customers)],
            "email_opt_in": [0.0 if number % 10 == 0 else 1.0 for number in range(customers)],
            "tier": ["gold" if number % 4 == 0 else "none" for number in range(customers)],
        },
        index=ids,
    )
    products = pd.DataFrame(
        {
            "product_id": ["green", "black", "mug"],
            "name": ["Green tea", "Black tea", "Mug"],
            "category": ["tea", "tea", "mugs"],
            "price": [10.0, 20.0, 15.0],
            "unit_cost": [4.0, 8.0, 10.5],
            "stock": [5.0, None, 0.0],
        }
    )
    orders = pd.DataFrame(
        {
            "order_id": ["1", "1", "2", "3"],
            "product_id": ["green", "mug", "black", "green"],
            "quantity": [2, 1, 2, -1],
            "unit_price": [10.0, 15.0, 20.0, 10.0],
        }
    )
    settings = ShopSettings(name="Tea", currency="EUR", contact_cost={"email": 0.02, "sms": 0.1})
    shop = ShopContext(
        settings=settings,
        as_of=AS_OF,
        attributes=attributes,
        affinity=pd.DataFrame({"tea": 0.5, "mugs": 0.5}, index=ids),
        opt_ins=frozenset(("email_opt_in",)),
        catalogue=Catalogue.of(products, orders, settings),
        arms=(),
        channels=("email", "onsite"),
        offer_types=("none", "percent_off", "amount_off"),
    )
    from dataclasses import replace

    return replace(shop, **changes)


def small_case(
    brief: dict[str, Any] | None = None, *, model: Any = None, shop: Any = None, words: Any = None
) -> Case:
    """A case on the small shop; words: a copy model."""
    wanted = parse(CampaignBrief, {"brief_id": "b", **(brief or {})})
    known = CopyPredictor(words, "As it comes.") if words else None
    return Case(wanted, shop or small_shop(), model or HandMadeModel(), words=known)
