"""Why a message comes to these customers, as far as it may be said to them.

Read from the audience's conditions. Only what any shopkeeper would say is ever put into words: somebody is
new, comes often, has not been here for a while, likes a category. What somebody spent or returned, or where
they live, is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from copilot.domain.audience import Condition
from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import StrategyDraft
from copilot.wording.naming import in_words

__all__ = ["Kind", "kind_of"]

Kind = Literal["new", "lapsed", "loyal", "member", "customer", "fan"]

_A_WHILE, _LATELY = 60, 60  # days since the latest order
_OFTEN = {"orders_total": 3, "orders_365d": 3, "orders_90d": 2, "orders_30d": 2}
_MEMBERSHIP = re.compile(r"(?:^|_)(?:tier|loyalty|member|membership|vip|club)(?:_|$)", re.I)
_NO_MEMBER = frozenset(("", "0", "no", "none", "false", "non-member", "guest", "无", "否"))


def kind_of(draft: StrategyDraft, brief: CampaignBrief) -> Kind | None:
    """Who is meant, the most telling first; None where nothing fit to be said is known."""
    conditions = (*brief.audience, *draft.audience)
    return next((kind for kind, holds in _KINDS.items() if holds(conditions, draft)), None)


def _new(conditions: Sequence[Condition], draft: StrategyDraft) -> bool:
    return any(
        (one.attribute == "orders_total" and _below(one, 1))
        or (one.attribute in ("days_since_order", "last_basket") and one.operator == "is_null")
        for one in conditions
    )


def _lapsed(conditions: Sequence[Condition], draft: StrategyDraft) -> bool:
    return any(one.attribute == "days_since_order" and _from(one, _A_WHILE) for one in conditions)


def _member(conditions: Sequence[Condition], draft: StrategyDraft) -> bool:
    return any(_MEMBERSHIP.search(one.attribute) and _is_one(one) for one in conditions)


def _loyal(conditions: Sequence[Condition], draft: StrategyDraft) -> bool:
    return any(one.attribute in _OFTEN and _from(one, _OFTEN[one.attribute]) for one in conditions)


def _fan(conditions: Sequence[Condition], draft: StrategyDraft) -> bool:
    # Nobody is told to like a raw id.
    return bool(in_words(draft.category or "")) and any(
        one.attribute == "favourite_category" and one.operator == "=" and one.value == draft.category
        for one in conditions
    )


def _customer(conditions: Sequence[Condition], draft: StrategyDraft) -> bool:
    return any(
        (one.attribute in _OFTEN and _from(one, 1))
        or (one.attribute == "days_since_order" and _below(one, _LATELY + 1))
        for one in conditions
    )


_KINDS: Mapping[Kind, Callable[[Sequence[Condition], StrategyDraft], bool]] = {
    "new": _new,
    "lapsed": _lapsed,
    "member": _member,
    "loyal": _loyal,
    "fan": _fan,
    "customer": _customer,
}


def _from(one: Condition, least: int) -> bool:
    """Whether all that fit the condition have at least so much."""
    value = _number(one)
    if value is None:
        return False
    return (one.operator in ("=", ">=") and value >= least) or (one.operator == ">" and value >= least - 1)


def _below(one: Condition, bound: int) -> bool:
    """Whether all that fit the condition have less than this."""
    value = _number(one)
    if value is None:
        return False
    return (one.operator in ("=", "<=") and value < bound) or (one.operator == "<" and value <= bound)


def _number(one: Condition) -> float | None:
    held = one.value
    return float(held) if isinstance(held, int | float) and not isinstance(held, bool) else None


def _is_one(one: Condition) -> bool:
    if one.operator == "not_null":
        return True
    if one.operator not in ("=", "in"):
        return False
    values = one.value if isinstance(one.value, tuple) else (one.value,)
    return all(held is not False and str(held).casefold() not in _NO_MEMBER for held in values)
