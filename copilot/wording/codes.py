"""What a code says of the offer: SAVE50, HALFPRICE, FREE100. A lie in a code is one in the copy.

Only words that promise are read, and the numbers they join: SPRING20, WELCOME10, VIP2026 say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from copilot.domain.check import Check
from copilot.domain.draft import StrategyDraft
from copilot.domain.offer import AmountOff, BuyXGetY, FixedPrice, Offer, PercentOff, Points
from copilot.wording.grounds import Grounds
from copilot.wording.price_law import claim_of
from copilot.wording.seeing import plain, says
from copilot.wording.spelling import money, number, percent

__all__ = ["check_code"]


class _Said(NamedTuple):
    """A number that a promising word joins, and of what: "" where the word does not tell."""

    value: Decimal
    unit: str


_TENS = {
    word: str(ten * 10)
    for ten, word in enumerate(
        ("TWENTY", "THIRTY", "FORTY", "FIFTY", "SIXTY", "SEVENTY", "EIGHTY", "NINETY"), start=2
    )
}
_TEN_WORDS = re.compile("|".join(_TENS))
_PERCENT = r"PERCENT|PROZENT|PROZ|PCT|POURCENT|PORCIENTO"
_CASH = r"EUROS?(?!P)|EUR(?!O)|USD|GBP|CHF|YUAN|DOLLARS?|POUNDS?|QUID|BUCKS"
_POINTS = r"POINTS|PUNKTE|PUNTOS|JIFEN"
_UNITS = (("percent", _PERCENT), ("money", _CASH), ("points", _POINTS))
# Short words stand alone: BUDGET20 gets nobody anything, KICKOFF25 takes nothing off.
_BEFORE = re.compile(
    r"(?:SAVE|SAVING|SAVINGS|MINUS|RABATT|DISCOUNT|SPARE|SPAREN|REMISE|AHORRA|DESCUENTO|LIJIAN"
    r"|(?<![A-Z])(?:GET|TAKE|OFF|CUT|LESS|EXTRA|SPAR|JIAN|UPTO))-?$"
)
_AFTER = re.compile(
    rf"-?(?:OFF(?!IC|ER|LIN|ROAD|SEASON|SPRING|BEAT)|RABATT|DISCOUNT|REMISE|DESCUENTO|LESS(?![A-Z])|WENIGER"
    rf"|{_PERCENT}|{_CASH}|{_POINTS})"
)
_SALE = re.compile(r"SALES?-?$")
_ZHE = re.compile(r"(?<!\d)(\d{1,2})ZHE(?![A-Z])")  # 8折: eight tenths are left to pay
_YEAR = re.compile(r"(?:19|20)\d\d")
_OVER = re.compile(r"\d-?OFF-?$")  # 10OFF50: off orders of 50

_GIVE_FREE = ("free_shipping", "gift", "buy_x_get_y")
_SHIPPING = "SHIP|DELIVER|POSTAGE"
_FREE_SHIPPING = re.compile(
    rf"(?:FREE|GRATIS)-?(?:{_SHIPPING}|VERSAND)|(?:SHIP|SHIPS|SHIPPING)-?FREE(?![A-Z])"
)
_FREE_GIFT = re.compile(r"(?:FREE|GRATIS)-?(?:GIFT|SAMPLE|GESCHENK)|FREEBIE|GIFT-?FREE(?![A-Z])")
_FREE = re.compile(
    r"(?<![A-Z])(?:(?:ITS|GET|ALL|FOR|ONE|TOTALLY|GO)-?)?(?:FREE|GRATIS|GRATUIT|MIANFEI|UMSONST)"
    r"(?![A-Z]|-(?:SPIRIT|RANGE|TIME|FROM|PEOPLE))|(?<![A-Z])FREE(?:FORYOU|FORALL|NOW|TODAY|STUFF|ITEM)"
)
_HALF = re.compile(
    r"(?:HALF|HALB(?:E[RM])?)-?(?:THE-?)?(?:PRICE|PREIS|OFF(?!IC))|BANJIA|MOITIE-?PRIX|MITAD-?DE-?PRECIO"
    r"|(?<![A-Z])HALF(?![A-Z]|-(?:TERM|TIME|MOON|MARATHON|YEAR))"
)
_BOGO = re.compile(
    r"(?<![A-Z])BOGO|BUY-?ONE-?GET-?ONE|(?:BUY|B)-?(?P<buy>\d{1,2})-?(?:GET|G)-?(?P<get>\d{1,2})"
    r"|(?<!\d)(?P<all>\d{1,2})-?(?:FOR|FUER)-?(?P<paid>\d{1,2})(?!\d)"
)
_BEST = re.compile(
    r"(?:BEST|LOWEST|BESTER?)-?(?:EVER-?)?(?:PRICE|DEAL|OFFER|VALUE|PREIS)|CHEAPEST|UNBEATABLE|BEST-?EVER|ZUIDIJIA"
)
_TODAY = re.compile(
    r"(?:ONLY|JUST)-?(?:TODAY|TONIGHT|NOW)|(?:TODAY|TONIGHT|1DAY|ONEDAY|24H)-?ONLY|LAST-?(?:DAY|HOUR)|FINAL-?(?:DAY|HOUR)"
    r"|NUR-?HEUTE|SOLO-?HOY|LETZTER-?TAG|DERNIERS?-?JOURS?"
)
_LAST = re.compile(r"(?:LAST|FINAL)-?(?:CHANCE|CALL)|LETZTE-?CHANCE|DERNIERE-?CHANCE|NOW-?OR-?NEVER")


def check_code(
    draft: StrategyDraft,
    texts: Sequence[tuple[str, str]],
    must_say: Iterable[str],
    grounds: Grounds,
    *,
    language: str,
) -> Iterator[Check]:
    """One check, where copy shows the offer's code; else none.

    texts: place and text. A code that the brief orders to say is the brief's to answer for.
    """
    code = draft.offer.code
    places = [(place, text.index("{code}")) for place, text in texts if "{code}" in text]
    if code is None or not places:
        return
    ordered = any(says(plain(phrase), code) for phrase in must_say)
    dated = all(_dated(place, texts) for place, _ in places)
    wrong = "" if ordered else _lie(code, draft, grounds, language, dated=dated)
    place, at = places[0]
    told = f"{place}, character {at + 1}: {{code}} says {wrong}; take another code"
    yield Check(
        rule="copy_code", passed=not wrong, message=told if wrong else "the code says no more than the offer"
    )


def _dated(place: str, texts: Sequence[tuple[str, str]]) -> bool:
    """Whether the message of this place tells the last day."""
    message = place.rpartition(".")[0]
    return any("{ends_on}" in text for other, text in texts if other.rpartition(".")[0] == message)


def _lie(code: str, draft: StrategyDraft, grounds: Grounds, language: str, *, dated: bool) -> str:
    """What the code says that is not so, and what is; empty where it says nothing of the kind."""
    offer = draft.offer
    most = claim_of(offer, grounds).most
    shown = _TEN_WORDS.sub(lambda found: _TENS[found[0]], code.upper().replace("_", "-"))
    gives = _gives(offer, most, grounds.currency, language)
    for word in _words(shown, offer, most):
        return f"{word!r} ({code}), {gives}"
    if found := _BEST.search(shown):
        return f"{found[0]!r} ({code}), which nothing here proves"
    if found := _TODAY.search(shown):
        return f"{found[0]!r} ({code}), and which day that is depends on when it is read"
    if not dated and (found := _LAST.search(shown)):
        return f"{found[0]!r} ({code}), and the message tells no last day by {{ends_on}}"
    given = _given(offer, most)
    plan = draft.plan.starts_on
    for said in _numbers(shown, year=plan.year % 100 if plan else None):
        if not any(said.value == value and said.unit in ("", unit) for value, unit in given):
            return f"{_spelt(said, grounds.currency, language)!r} ({code}), {gives}"
    return ""


def _words(shown: str, offer: Offer, most: Decimal | None) -> Iterator[str]:
    """Words for half, for nothing or for one more that this offer does not keep."""
    nothing_to_pay = isinstance(offer, PercentOff) and offer.value == 100 and most in (None, 100)
    free = (*_GIVE_FREE, "percent_off") if nothing_to_pay else _GIVE_FREE
    kept = ((_FREE_SHIPPING, ("free_shipping",)), (_FREE_GIFT, ("gift",)), (_FREE, free))
    for pattern, givers in kept:
        if (found := pattern.search(shown)) and offer.type not in givers:
            yield found[0]
    if (found := _HALF.search(shown)) and not _halves(offer, most):
        yield found[0]
    for found in _BOGO.finditer(shown):
        if not _adds(found, offer):
            yield found[0]


def _halves(offer: Offer, most: Decimal | None) -> bool:
    if isinstance(offer, PercentOff):
        return min(offer.value, offer.value if most is None else most) >= 50
    return isinstance(offer, FixedPrice) and most is not None and most >= 50


def _adds(found: re.Match[str], offer: Offer) -> bool:
    if not isinstance(offer, BuyXGetY):
        return False
    counts = (offer.buy_quantity, offer.get_quantity)
    if found["buy"]:
        return counts == (int(found["buy"]), int(found["get"]))
    if found["all"]:
        return counts == (int(found["paid"]), int(found["all"]) - int(found["paid"]))
    return counts == (1, 1)


def _numbers(shown: str, *, year: int | None) -> Iterator[_Said]:
    """Every number that a promising word joins. year: of the plan, of which SALE26 may be one."""
    for found in _ZHE.finditer(shown):
        left = Decimal(found[1]) * (10 if len(found[1]) == 1 else 1)
        yield _Said(100 - left, "percent")
    bought = [found.span() for found in _BOGO.finditer(shown)]
    for found in re.finditer(r"\d+", shown):
        before, after = shown[: found.start()], shown[found.end() :]
        inside = any(start <= found.start() < end for start, end in bought)
        if inside or _YEAR.fullmatch(found[0]) or _OVER.search(before) or after.startswith("ZHE"):
            continue
        sale = _SALE.search(before) is not None and int(found[0]) != year
        if sale or _BEFORE.search(before) or _AFTER.match(after):
            yield _Said(Decimal(found[0]), _unit(after))


def _unit(after: str) -> str:
    return next((unit for unit, words in _UNITS if re.match(f"-?(?:{words})", after)), "")


def _given(offer: Offer, most: Decimal | None) -> set[tuple[Decimal, str]]:
    """The figures that a code may say, with their units; of 12.5 it may say 12."""
    found: list[tuple[Decimal, str]] = []
    if isinstance(offer, PercentOff | AmountOff):
        unit = "percent" if isinstance(offer, PercentOff) else "money"
        found += [(offer.value if most is None else min(most, offer.value), unit)]
    elif isinstance(offer, FixedPrice):
        found += [(offer.value, "money"), *([(most, "percent")] if most else [])]
    elif isinstance(offer, Points):
        found += [(offer.value, "points")]
    whole = [(value.to_integral_value(ROUND_DOWN), unit) for value, unit in found]
    return {one for one in (*found, *whole) if one[0]}


def _gives(offer: Offer, most: Decimal | None, currency: str, language: str) -> str:
    if isinstance(offer, PercentOff | AmountOff):
        unit = "percent" if isinstance(offer, PercentOff) else "money"
        told = f"the offer gives {_spelt(_Said(offer.value, unit), currency, language)}"
        if most is not None and most < offer.value:
            may = _spelt(_Said(most, unit), currency, language) if most else "nothing"
            told += f", of which {may} may be claimed against the lowest price of the last 30 days"
        return told
    if isinstance(offer, Points):
        return f"the offer gives {number(offer.value, language)} points"
    if isinstance(offer, BuyXGetY):
        return f"the offer is buy {offer.buy_quantity}, get {offer.get_quantity}"
    return f"an offer of type {offer.type} does not give that"


def _spelt(said: _Said, currency: str, language: str) -> str:
    spelt = {
        "percent": lambda: percent(said.value, language),
        "money": lambda: money(said.value, currency, language),
    }
    return spelt.get(said.unit, lambda: number(said.value, language))()
