"""The terms of an offer in a few plain words, for tables, reasons and past campaigns alike."""

from __future__ import annotations

from decimal import Decimal

from copilot.domain.draft import StrategyDraft

__all__ = ["draft_in_words", "terms_in_words"]


def terms_in_words(
    kind: str,
    value: float | None,
    *,
    buy: float | None = None,
    get: float | None = None,
    min_spend: float | None = None,
    max_discount: float | None = None,
    valid_days: float | None = None,
    currency: str = "",
) -> str:
    """`15 % off from 40 EUR, at most 20 EUR, 7 days`. None or 0 = the offer has no such term."""

    def money(amount: float | None) -> str:
        return f"{amount or 0:g} {currency}".rstrip()

    words = {
        "none": "message without an offer",
        "percent_off": f"{value or 0:g} % off",
        "amount_off": f"{money(value)} off",
        "free_shipping": "free shipping",
        "fixed_price": f"for {money(value)}",
        "buy_x_get_y": f"buy {buy or 0:g}, get {get or 0:g} free",
        "gift": f"gift that costs {money(value)}",
        "points": f"{value or 0:g} points",
    }[kind]
    words += f" from {money(min_spend)}" if min_spend else ""
    words += f", at most {money(max_discount)}" if max_discount else ""
    return words + (f", {valid_days:g} days" if valid_days and kind != "none" else "")


def draft_in_words(draft: StrategyDraft, currency: str = "") -> str:
    """`15 % off from 40 EUR, 7 days, beauty, by email`."""
    offer = draft.offer
    words = terms_in_words(
        offer.type,
        _float(offer.value),
        buy=offer.buy_quantity,
        get=offer.get_quantity,
        min_spend=_float(offer.min_spend),
        max_discount=_float(offer.max_discount),
        valid_days=offer.valid_days,
        currency=currency,
    )
    promoted = ", ".join(draft.product_ids) or draft.category
    return ", ".join(part for part in (words, promoted, f"by {draft.channel}") if part)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
