"""Products as deciding needs them: prices, margins, stock and usual baskets, by product and by scope.

A *scope* is what a draft promotes: products, else a category, else everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from copilot.domain.scored import CategoryFacts, ProductDetails, ProductFacts
from copilot.errors import UnknownName
from copilot.shop.prior_prices import PriorPrices

if TYPE_CHECKING:
    import pandas as pd

    from copilot.domain.offer import Offer
    from copilot.domain.prices import PricedProduct
    from copilot.domain.shop import ShopSettings

__all__ = ["Catalogue", "Scope", "ScopeFacts"]

LONGEST = 5_000  # characters of a name or description; nouns hold no page of HTML

_MOST_BRANDS = 200
_LOOKED_AT = 300  # characters of a name that a search looks at

T = TypeVar("T")
Scope = tuple[str | None, tuple[str, ...]]  # category, product_ids


@dataclass(frozen=True)
class ScopeFacts:
    """A scope in numbers; None = not known.

    margin: gross margin as a share of list price, weighted by sales, else by price, else the shop's default.
    unit_price, dearest: median and highest list price of one unit.
    median_basket: median, over past orders that hold any of it, of the list value they hold of it.
    out_of_stock: every product of it is known to have no stock left.
    """

    margin: float
    unit_price: float | None
    dearest: float | None
    median_basket: float | None
    out_of_stock: bool


@dataclass(frozen=True)
class Catalogue:
    """products: frame indexed by product_id with name, category, price, margin, stock, sold (list value).

    lines: order lines with order_id, value (list price x quantity, no returns), and as categories product_id
        and category.
    """

    products: pd.DataFrame
    lines: pd.DataFrame
    default_margin: float
    _facts: dict[Scope, ScopeFacts] = field(default_factory=dict, repr=False)
    _brands: dict[Scope, tuple[str, ...]] = field(default_factory=dict, repr=False)
    _prior: dict[Scope, PriorPrices] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, products: pd.DataFrame, orders: pd.DataFrame | None, settings: ShopSettings) -> Catalogue:
        """From the store's frames; a product without a unit cost has the shop's default margin."""
        import pandas as pd

        default = float(settings.default_margin)
        table = products.set_index("product_id")
        price = table["price"].astype(float)
        cost = (
            table["unit_cost"].astype(float) if "unit_cost" in table else pd.Series(float("nan"), price.index)
        )
        margin = ((price - cost) / price.where(price > 0)).fillna(default)
        lines = _lines(orders, table)
        sold = lines.groupby("product_id", observed=True)["value"].sum().reindex(table.index).fillna(0.0)
        return cls(table.assign(price=price, margin=margin, sold=sold), lines, default)

    @property
    def categories(self) -> tuple[str, ...]:
        """Categories, best selling first."""
        known = self.products.dropna(subset=["category"])
        sold = known.groupby("category")["sold"].sum().sort_values(ascending=False, kind="stable")
        return tuple(str(name) for name in sold.index)

    def in_scope(self, scope: Scope) -> pd.DataFrame:
        """The products of a scope."""
        category, product_ids = scope
        if product_ids:
            return self.products.loc[self.products.index.isin(product_ids)]
        if category is not None:
            return self.products[self.products["category"] == category]
        return self.products

    def facts(self, scope: Scope) -> ScopeFacts:
        """What deciding asks of a scope, worked out once."""
        if scope not in self._facts:
            self._facts[scope] = self._scope_facts(scope)
        return self._facts[scope]

    def _scope_facts(self, scope: Scope) -> ScopeFacts:
        products = self.in_scope(scope)
        prices = products["price"].dropna()
        stock = products["stock"] if "stock" in products else prices.iloc[:0]
        return ScopeFacts(
            margin=self._margin(products),
            unit_price=float(prices.median()) if len(prices) else None,
            dearest=float(prices.max()) if len(prices) else None,
            median_basket=self._median_basket(scope),
            out_of_stock=len(stock) > 0 and bool((stock.fillna(1) <= 0).all()),
        )

    def _margin(self, products: pd.DataFrame) -> float:
        for weight in (products["sold"], products["price"].fillna(0.0)):
            if weight.sum() > 0:
                return float((products["margin"] * weight).sum() / weight.sum())
        return self.default_margin

    def _median_basket(self, scope: Scope) -> float | None:
        category, product_ids = scope
        lines = self.lines
        if product_ids:
            lines = lines[lines["product_id"].isin(product_ids)]
        elif category is not None:
            lines = lines[lines["category"] == category]
        if lines.empty:
            return None
        return float(lines.groupby("order_id")["value"].sum().median())

    def priced(self, scope: Scope, offer: Offer) -> tuple[PricedProduct, ...]:
        """What decides how much of a reduction may be claimed in a scope: see `PriorPrices.weakest`."""
        if not scope[1] and not self._knows_lowest:
            return ()
        if scope not in self._prior:
            self._prior[scope] = PriorPrices.of(self.in_scope(scope))
        return self._prior[scope].weakest(offer)

    @cached_property
    def _knows_lowest(self) -> bool:
        return "lowest_price_30d" in self.products and bool(self.products["lowest_price_30d"].notna().any())

    def brands(self, scope: Scope) -> tuple[str, ...]:
        """Brands of a scope, best selling first, at most 200."""
        if "brand" not in self.products:
            return ()
        if scope not in self._brands:
            known = self.in_scope(scope).dropna(subset=["brand"])
            sold = known.groupby("brand")["sold"].sum().sort_values(ascending=False, kind="stable")
            self._brands[scope] = tuple(str(name)[:_LOOKED_AT] for name in sold.index[:_MOST_BRANDS])
        return self._brands[scope]

    def category_of(self, product_id: str) -> str | None:
        """The category of a product, if both are known."""
        if product_id not in self.products.index:
            return None
        return _known(self.products.at[product_id, "category"], str)

    def name_of(self, product_id: str) -> str:
        """The name of a product; its id where it is not known."""
        if product_id not in self.products.index:
            return product_id
        return str(self.products.at[product_id, "name"])

    def stock_of(self, product_ids: Sequence[str]) -> int | None:
        """Units left of the one of these products that most is left of; None unless known of each of them."""
        known = all(product_id in self.products.index for product_id in product_ids)
        if not product_ids or not known or "stock" not in self.products:
            return None
        stock = self.products.loc[list(product_ids), "stock"]
        return None if stock.isna().any() else int(stock.max())

    def best_sellers(self, scope: Scope, limit: int) -> Sequence[str]:
        """Product ids of a scope, best selling first."""
        order = self.in_scope(scope)["sold"].sort_values(ascending=False, kind="stable")
        return [str(product_id) for product_id in order.index[:limit]]

    def find(
        self,
        *,
        product_ids: Sequence[str] = (),
        category: str | None = None,
        query: str = "",
        limit: int,
    ) -> tuple[list[str], int]:
        """Ids of the products that fit all of it, best selling first, and how many more there are.

        query: words that a name holds, in any case and place of its first 300 characters.

        Raises:
            UnknownName: no category of this name; names those near it.
        """
        products, names = self._by_sales
        fits = np.ones(len(products), dtype=bool)
        if category is not None:
            fits &= (products["category"] == category).to_numpy()
            if not fits.any():
                known = self.categories
                raise UnknownName("category", category, get_close_matches(category, known, n=5) or known)
        if product_ids:
            fits &= products.index.isin(product_ids)
        for word in query.casefold().split():
            fits[fits] = [word in names[place] for place in np.flatnonzero(fits)]
        found = products.index[fits]
        return [str(product_id) for product_id in found[:limit]], max(len(found) - limit, 0)

    @cached_property
    def _by_sales(self) -> tuple[pd.DataFrame, list[str]]:
        ordered = self.products.sort_values("sold", ascending=False, kind="stable")
        # Folded once a name, and not in full: a feed may give 50,000 products pages of text for names.
        names = [str(name)[:_LOOKED_AT] for name in ordered["name"]]
        folded = {name: name.casefold() for name in set(names)}
        return ordered, [folded[name] for name in names]

    def category_facts(self, name: str) -> CategoryFacts:
        """What a writer may know of a category."""
        scope: Scope = (name, ())
        return CategoryFacts(
            name=name,
            products=len(self.in_scope(scope)),
            median_price=self.facts(scope).unit_price,
            margin=self.facts(scope).margin,
        )

    def product_facts(self, product_id: str) -> ProductFacts:
        """What a writer may know of a product."""
        row = self.products.loc[product_id]
        return ProductFacts(
            product_id=product_id,
            name=str(row["name"])[:LONGEST],
            category=_known(row["category"], str),
            price=_known(row["price"], float),
            margin=float(row["margin"]),
            stock=_known(row.get("stock"), int),
        )

    def product_details(self, product_id: str) -> ProductDetails:
        """What a writer may know of a product that it asks for."""
        row = self.products.loc[product_id]
        return ProductDetails(
            **self.product_facts(product_id).model_dump(),
            brand=_known(row.get("brand"), _text),
            description=_known(row.get("description"), _text),
            lowest_price_30d=_known(row.get("lowest_price_30d"), float),
        )


def _lines(orders: pd.DataFrame | None, products: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    if orders is None:
        return pd.DataFrame({"order_id": [], "product_id": [], "category": [], "value": []})
    bought = orders[orders["quantity"] > 0]
    # Codes in place of text: a shop has millions of lines, and of few products.
    product = pd.Categorical(bought["product_id"])
    code, names = pd.factorize(products["category"].reindex(product.categories).to_numpy(dtype=object))
    category = np.append(code, -1)[product.codes]
    return pd.DataFrame(
        {
            "order_id": bought["order_id"].to_numpy(),
            "product_id": product,
            "category": pd.Categorical.from_codes(category, categories=pd.Index(names, dtype=object)),
            "value": (bought["unit_price"] * bought["quantity"]).to_numpy(),
        }
    )


def _text(value: Any) -> str:
    return str(value)[:LONGEST]


def _known(value: Any, kind: Callable[[Any], T]) -> T | None:
    import pandas as pd

    return None if value is None or pd.isna(value) else kind(value)
