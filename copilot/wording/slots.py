"""The slots copy may hold, and what each says for one draft. A slot the offer cannot fill has no value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from copilot.domain.draft import Copy, StrategyDraft
from copilot.domain.offer import AmountOff, BuyXGetY, FixedPrice, Gift, PercentOff, Points
from copilot.wording.grounds import Grounds
from copilot.wording.naming import in_words
from copilot.wording.price_law import claim_of
from copilot.wording.spelling import day, money, number, percent

__all__ = ["SLOT", "SLOTS", "as_sent", "fill", "filled", "last_day", "slot_values"]

SLOT = re.compile(r"\{([a-z_]{1,30})\}")

SLOTS: Mapping[str, str] = {
    "discount": "what percent_off or amount_off takes off, with its sign",
    "reduction": "the price reduction that may be claimed, counted from the lowest price of the last 30 days",
    "prior_price": "that lowest price (the list price where it is not known), of one product",
    "price": "the price of fixed_price",
    "gift": "the words for a free gift, of an offer of type gift",
    "points": "how many points",
    "buy": "how many to buy, of buy_x_get_y",
    "get": "how many come free, of buy_x_get_y",
    "min_spend": "the minimum spend",
    "max_discount": "the most that is taken off",
    "starts_on": "first day of the plan",
    "ends_on": "last day the offer surely holds",
    "code": "the code to type in",
    "product": "names of the promoted products",
    "category": "name of the promoted category, where it has words",
}
_GIFT = {
    "de": "ein Gratisgeschenk",
    "en": "a free gift",
    "es": "un regalo",
    "fr": "un cadeau offert",
    "it": "un omaggio",
    "nl": "een gratis cadeau",
    "pt": "um presente",
    "zh": "精美赠品",
}
_SAME_YEAR = timedelta(days=300)  # a day that is nearer to the plan's first needs no year


def slot_values(draft: StrategyDraft, grounds: Grounds, *, language: str) -> dict[str, str]:
    """What each slot says for this draft; slots without a value are left out."""
    values = _offer_values(draft, grounds.currency, language) | _price_values(draft, grounds, language)
    if grounds.product_names and all(grounds.product_names):
        values["product"] = _listed(grounds.product_names, _base(language))
    if draft.category and (named := in_words(draft.category)):
        values["category"] = named
    if draft.offer.code:
        values["code"] = draft.offer.code
    for slot, value in (("starts_on", draft.plan.starts_on), ("ends_on", last_day(draft))):
        if value is not None:
            values[slot] = day(value, language, year=value - (draft.plan.starts_on or value) > _SAME_YEAR)
    return as_sent(values, draft.channel)


def as_sent(values: Mapping[str, str], channel: str) -> dict[str, str]:
    """What the slots say in a message by this channel, which for a follow-up is its own."""
    # The alphabet of text messages has no blank that keeps a line: one would cost half of the message.
    blank = " " if channel == "sms" else "\xa0"
    return {slot: value.replace("\xa0", blank) for slot, value in values.items()}


def last_day(draft: StrategyDraft) -> date | None:
    """The last day the offer surely holds: the plan's end, or the last of its `valid_days` if sooner.

    The plan's first day is day one, as in the rule `valid_days`.
    """
    plan = draft.plan
    days = [plan.ends_on] if plan.ends_on else []
    if plan.starts_on:
        days.append(plan.starts_on + timedelta(days=draft.offer.valid_days - 1))
    return min(days, default=None)


def fill(text: str, values: Mapping[str, str], *, capitals: bool = False) -> str:
    """The text with every slot that has a value filled; others stay as they are.

    capitals: a sentence that begins with a slot begins with a capital; a code or a name with a capital of
    its own ("iPhone") stays as it is spelt.
    """

    def said(found: re.Match[str]) -> str:
        value = values.get(found[1], found[0])
        begins = capitals and found[1] != "code" and _begins(text, found.start())
        return value[:1].upper() + value[1:] if begins and value.split(" ")[0].islower() else value

    return SLOT.sub(said, text)


def filled(message: Copy, values: Mapping[str, str], language: str) -> Copy:
    """The message with every slot that has a value filled. It may be longer than a writer's fields are."""
    english = _base(language) == "en"
    texts = {name: fill(text, values, capitals=english) for name, text in message.model_dump().items()}
    return message.model_copy(update=texts)


def _begins(text: str, at: int) -> bool:
    # A sentence begins with the text, with a line, or after the end of another; a quote may open it.
    before = text[:at].rstrip(" \t\"'“‘([")
    after_space = text[len(before)].isspace()
    return not before or before[-1] == "\n" or (before[-1] in ".!?…" and after_space)


def _offer_values(draft: StrategyDraft, currency: str, language: str) -> dict[str, str]:
    offer = draft.offer

    def cash(value: Decimal) -> str:
        return money(value, currency, language)

    values: dict[str, str] = {}
    match offer:
        case PercentOff(value=value):
            values["discount"] = percent(value, language)
        case AmountOff(value=value):
            values["discount"] = cash(value)
        case FixedPrice(value=value):
            values["price"] = cash(value)
        case Points(value=value):
            values["points"] = number(value, language)
        case BuyXGetY(buy_quantity=buy, get_quantity=get):
            values |= {"buy": number(Decimal(buy), language), "get": number(Decimal(get), language)}
        case Gift():
            values["gift"] = _GIFT.get(_base(language), _GIFT["en"])
        case _:
            pass
    if offer.min_spend is not None:
        values["min_spend"] = cash(offer.min_spend)
    if offer.max_discount is not None:
        values["max_discount"] = cash(offer.max_discount)
    return values


def _listed(names: Sequence[str], language: str) -> str:
    # As a sentence lists them: in English "A, B and C".
    if language == "zh":
        return "、".join(names)
    *others, last = names
    return f"{', '.join(others)} and {last}" if others and language == "en" else ", ".join(names)


def _price_values(draft: StrategyDraft, grounds: Grounds, language: str) -> dict[str, str]:
    offer, currency = draft.offer, grounds.currency
    if not isinstance(offer, PercentOff | AmountOff | FixedPrice):
        return {}
    values: dict[str, str] = {}
    most = claim_of(offer, grounds).most
    if most is None and not isinstance(offer, FixedPrice):
        most = offer.value
    if most:
        values["reduction"] = (
            money(most, currency, language) if isinstance(offer, AmountOff) else percent(most, language)
        )
    # A price before that is not above the new one reads as a reduction that there is not.
    if most and len(set(draft.product_ids)) == 1 and grounds.priced and grounds.priced[0].prior:
        values["prior_price"] = money(grounds.priced[0].prior, currency, language)
    return values


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0]
