"""A whole offer space at once: the same table and the same rules as draft by draft."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from copilot.deciding.offer_table import offer_table, terms_table
from copilot.deciding.offers import neighbours, offer_space, to_draft
from copilot.deciding.rules import check_terms, keep_terms
from copilot.domain import CampaignBrief, parse
from copilot.domain.offer import OFFER_TYPES
from copilot.shop.catalogue import Catalogue
from tests.fakes.shop import small_case, small_shop

EVERY_TYPE = {"offer_types": OFFER_TYPES}
UNKNOWN_BASKETS = small_shop(
    catalogue=Catalogue.of(small_shop().catalogue.products.reset_index(), None, small_shop().settings)
)


@pytest.mark.parametrize("shop", [small_shop(), UNKNOWN_BASKETS], ids=["orders", "no orders"])
@pytest.mark.parametrize(
    "brief",
    [
        {},
        {**EVERY_TYPE, "categories": ["tea", "mugs"], "max_discount_percent": 20},
        {**EVERY_TYPE, "categories": ["tea"], "min_margin_percent": 45},
        {**EVERY_TYPE, "product_ids": ["green"], "max_discount_percent": 30, "min_margin_percent": 20},
        {**EVERY_TYPE, "product_ids": ["green", "black"], "categories": ["tea"], "ends_on": "2025-07-05"},
        {**EVERY_TYPE, "product_ids": ["mug"], "channels": ["ads"]},
        {"categories": ["unheard-of"], "max_discount_percent": 10},
    ],
    ids=str,
)
def test_rules_on_a_space_say_what_they_say_draft_by_draft(brief: dict[str, Any], shop: Any) -> None:
    case = small_case(brief, shop=shop)
    # The polish leaves the grid; days are those of the space and some beyond the window.
    space = offer_space(case.brief, shop)
    space += [step for terms in space[:: max(len(space) // 50, 1)] for step in neighbours(terms, 30)]
    drafts = [to_draft(terms, "d", case.plan) for terms in space]
    one_by_one = [all(check.passed for check in check_terms(draft, case.brief, shop)) for draft in drafts]
    assert keep_terms(space, case.plan, case.brief, shop).tolist() == one_by_one
    pd.testing.assert_frame_equal(terms_table(space, shop), offer_table(drafts, shop))


def test_the_spaces_of_those_briefs_hold_what_is_kept_and_what_is_not() -> None:
    brief = parse(CampaignBrief, {**EVERY_TYPE, "categories": ["tea", "mugs"], "max_discount_percent": 20})
    shop = small_shop()
    case = small_case(brief.model_dump(exclude={"brief_id"}), shop=shop)
    kept = keep_terms(offer_space(brief, shop), case.plan, brief, shop)
    assert 0 < np.count_nonzero(kept) < len(kept)


def test_an_empty_space_keeps_nothing() -> None:
    case = small_case()
    assert keep_terms([], case.plan, case.brief, case.shop).tolist() == []
