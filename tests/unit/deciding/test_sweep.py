"""What a sweep picks is next to the best of the whole space, whoever was drawn into its sample."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from copilot.deciding.case import Case
from copilot.deciding.offers import offer_space, to_draft
from copilot.deciding.ranking import forecast_utility
from copilot.deciding.search import sweep_space
from copilot.shop.context import ShopContext
from tests.fakes.effect import HandMadeModel
from tests.fakes.shop import small_case, small_shop

CUSTOMERS = 5_000


def uneven_shop(seed: int) -> ShopContext:
    """A shop with baskets of a long tail, of whom few may be sent an SMS."""
    shop, random = small_shop(CUSTOMERS), np.random.default_rng(seed)
    attributes = shop.attributes.assign(
        average_basket=random.lognormal(3.5, 0.9, CUSTOMERS),
        email_opt_in=(random.random(CUSTOMERS) < 0.5).astype(float),
        sms_opt_in=(np.arange(CUSTOMERS) < 12).astype(float),
    )
    opt_ins = frozenset(("email_opt_in", "sms_opt_in"))
    return replace(shop, attributes=attributes, opt_ins=opt_ins, channels=("email", "sms", "onsite"))


@pytest.mark.parametrize(
    "brief",
    [{}, {"budget": 2000}, {"objective": "conversion", "min_roi": 0.2}, {"min_margin_percent": 50}],
    ids=str,
)
def test_the_pick_is_within_one_percent_of_the_best(brief: dict[str, Any]) -> None:
    regrets = []
    for seed in range(5):
        case = small_case({"categories": ["tea"], **brief}, shop=uneven_shop(seed))
        swept = sweep_space(case.scorer, case.plan, seed)
        # The rules of terms are the sweep's own here: whatever it left out was never a pick.
        space = [terms for terms in offer_space(case.brief, case.shop) if terms in set(swept.terms)]
        everyone = case.scorer.utilities(space, side="search")
        assert everyone.max() > 0
        picked = case.scorer.utilities(swept.terms[:1], side="search")[0]
        assert picked == pytest.approx(swept.utility[0])
        regrets.append(1 - picked / everyone.max())
    assert np.median(regrets) <= 0.01
    assert max(regrets) <= 0.02


def test_a_channel_of_few_customers_is_not_lost_in_the_sample() -> None:
    model = HandMadeModel()
    case = small_case({"categories": ["tea"], "channels": ["email", "sms"]}, model=model, shop=uneven_shop(0))
    swept = case.swept
    assert {12, 500} <= {customers for _, _, customers in model.calls}
    by_sms = [
        value for terms, value in zip(swept.terms, swept.utility, strict=True) if terms.channel == "sms"
    ]
    assert np.isfinite(by_sms).all()
    assert max(by_sms) > 0


def test_the_first_of_a_sweep_are_forecast_on_everyone() -> None:
    case = small_case({"categories": ["tea"], "channels": ["onsite"]}, shop=uneven_shop(1))
    found = sweep_space(case.scorer, case.plan, 0, finalists=8)
    exact = case.scorer.utilities(found.terms[:8], side="search")
    assert found.utility[:8] == pytest.approx(exact)
    assert sorted(exact, reverse=True) == exact.tolist()


def test_offers_of_several_categories_are_worth_what_each_is_worth_by_itself() -> None:
    case = small_case({"categories": ["tea", "mugs"]}, shop=uneven_shop(2))
    space = offer_space(case.brief, case.shop)[::7]
    assert len({terms.scope for terms in space}) == 2
    together = case.scorer.utilities(space, side="search")
    each = case.scorer.forecast([to_draft(terms, "d", case.plan) for terms in space], side="search")
    assert together == pytest.approx([forecast_utility(one, "profit") for one in each])


def test_what_misses_the_roi_floor_comes_after_all_that_keeps_it() -> None:
    case = small_case({"categories": ["tea"], "min_roi": 0.2}, shop=uneven_shop(3))
    first = list(case.swept.terms[:50])
    told = case.scorer.forecast([to_draft(terms, "d", case.plan) for terms in first], side="search")
    keeps = [one is not None and one.roi is not None and one.roi.mean >= 0.2 for one in told]
    assert any(keeps)
    assert keeps == sorted(keeps, reverse=True)


def test_a_sweep_is_the_same_for_the_same_seed() -> None:
    first, second = (
        Case(case.brief, case.shop, HandMadeModel(), seed=7).swept
        for case in (small_case({"categories": ["tea"]}, shop=uneven_shop(4)) for _ in range(2))
    )
    assert first.terms == second.terms
    assert first.utility.tolist() == second.utility.tolist()
