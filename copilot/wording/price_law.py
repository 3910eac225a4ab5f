"""What price reduction may be claimed: counted from the lowest price of the last 30 days.

Directive 98/6/EC, Article 6a (inserted by Directive (EU) 2019/2161); that a stated percentage is held to that
price as well: Court of Justice, C-330/23 (Aldi Süd), 26 September 2024. Where a shop does not know its lowest
prices, nothing is held against them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from copilot.domain.check import Check
from copilot.domain.draft import StrategyDraft
from copilot.domain.offer import AmountOff, FixedPrice, Offer, PercentOff
from copilot.domain.prices import PricedProduct
from copilot.wording.advice import advised
from copilot.wording.grounds import Grounds
from copilot.wording.promises import price_cuts
from copilot.wording.seeing import MASK
from copilot.wording.spelling import money, percent, quantum

__all__ = ["Claim", "check_price_law", "claim_of", "discount_slot", "reference"]

_SAYS_IT = re.compile(r"\{(?:discount|max_discount)\}")
_COUNTED_FROM = re.compile(r"\{(?:reduction|prior_price)\}")
# How the law has the reference told; its 30 is no figure of an offer.
_REFERENCE = re.compile(
    r"(?:lowest|previous|prior)\s+price\s+(?:(?:of|in|over|within|during|from)\s+)?(?:the\s+)?(?:last|past|previous)\s+"
    r"(?:30|thirty)\s+days|30[\s-]day\s+(?:lowest|low|best)\s+price"
    r"|niedrigste[rsnm]?\s+(?:gesamt)?preis(?:es)?\s+der\s+(?:letzten|vergangenen)\s+30\s+tage"
    r"|prix\s+le\s+plus\s+bas\s+(?:pratiqué\s+)?(?:au\s+cours\s+)?(?:des|pendant\s+les|sur\s+les)\s+30\s+derniers\s+jours"
    r"|precio\s+más\s+bajo\s+(?:de|en|durante)\s+los\s+últimos\s+30\s+días"
    r"|(?:过去|最近|近|前)\s*(?:30|三十)\s*[天日](?:内|以来)?的?最低(?:售?价|价格)",
    re.I,
)


@dataclass(frozen=True)
class Claim:
    """The most that may be claimed of an offer.

    most: percent, or money for amount_off; 0 = nothing; None = no lower price is known that limits it.
    product: the one whose lowest price decides.
    """

    most: Decimal | None = None
    product: PricedProduct | None = None


def claim_of(offer: Offer, grounds: Grounds) -> Claim:
    """The weakest claim among the promoted products: what is said must hold for each of them."""
    limits = [(_most(offer, product, grounds.currency), product) for product in grounds.priced]
    known = [(most, product) for most, product in limits if most is not None]
    return Claim(*min(known, key=lambda one: one[0])) if known else Claim()


def discount_slot(offer: Offer, grounds: Grounds) -> str | None:
    """The slot in which copy may say how much is taken off: {discount}, {reduction}, or None for neither."""
    most = claim_of(offer, grounds).most
    if isinstance(offer, PercentOff | AmountOff):
        return "{discount}" if most is None or most >= offer.value else "{reduction}" if most else None
    return "{reduction}" if isinstance(offer, FixedPrice) and most else None


def reference(text: str) -> re.Pattern[str] | None:
    """What tells, beside a slot that is counted from it, which price that is."""
    return _REFERENCE if _COUNTED_FROM.search(text) else None


def check_price_law(
    texts: Iterable[tuple[str, str, str]], draft: StrategyDraft, grounds: Grounds, *, language: str
) -> Iterator[Check]:
    """One check, where a lower price is known to hold the copy against; else none.

    texts: place, text, and the text without what is known, every other character where it was.
    """
    claim = claim_of(draft.offer, grounds)
    if claim.most is None or claim.product is None:
        return
    told = _told(claim.product, grounds.currency, language)
    faults = [
        f"{place}, character {at + 1}: {fault}"
        for place, text, masked in texts
        for at, fault in (*_figures(text, draft.offer, claim.most, told, grounds.currency, language),
                          *_words(masked, claim.most, told))
    ]  # fmt: skip
    spelt = _spelt(draft.offer, claim.most, grounds.currency, language)
    advice = (
        f"{told} a reduction of {spelt} may be announced" if claim.most else f"{told} none may be announced"
    )
    yield advised("copy_price_law", faults, "no more of a reduction is claimed than may be", [advice])


def _figures(
    text: str, offer: Offer, most: Decimal, told: str, currency: str, language: str
) -> Iterator[tuple[int, str]]:
    """Slots that say more than may be claimed."""
    if not isinstance(offer, PercentOff | AmountOff) or most >= offer.value:
        return
    says, may = (_spelt(offer, amount, currency, language) for amount in (offer.value, most))
    for found in _SAYS_IT.finditer(text):
        if not most:
            yield found.start(), f"{found[0]} claims a reduction, but {told} there is none; leave it out"
        elif found[0] == "{discount}":
            yield found.start(), f"{{discount}} says {says}; {told} it is {may}: write {{reduction}}"


def _words(masked: str, most: Decimal, told: str) -> Iterator[tuple[int, str]]:
    """Words that claim a reduction where there is none; those around a slot are told with the slot."""
    for one in price_cuts(masked) if not most else ():
        if MASK not in one.text:
            yield one.at, f"{one.text!r} claims a reduction, but {told} there is none; leave it out"


def _most(offer: Offer, product: PricedProduct, currency: str) -> Decimal | None:
    """The most that may be claimed for one product; None where its lowest price limits nothing."""
    prior, price = product.prior, product.price
    if prior is None:
        return None
    if isinstance(offer, FixedPrice):
        return _share(prior - offer.value, prior)
    if price is None or prior >= price or not isinstance(offer, PercentOff | AmountOff):
        return None
    capped = offer.value if offer.max_discount is None else offer.max_discount
    if isinstance(offer, PercentOff):
        cut = price * offer.value / 100
        cut = cut if offer.max_discount is None else min(cut, capped)
        return min(_share(prior - (price - cut), prior), offer.value)
    # An amount comes off the smallest basket of the product that qualifies.
    whole, rest = divmod(offer.min_spend or Decimal(0), price)
    units = max(whole + (rest > 0), Decimal(1))
    paid = max(units * price - min(offer.value, capped), Decimal(0))
    claimed = (units * prior - paid).quantize(quantum(currency), ROUND_DOWN)
    return min(max(claimed, Decimal(0)), offer.value)


def _share(part: Decimal, whole: Decimal) -> Decimal:
    """Percent, down to a tenth."""
    return max(part * 1000 // whole, Decimal(0)) / 10 if whole > 0 else Decimal(0)


def _spelt(offer: Offer, value: Decimal, currency: str, language: str) -> str:
    return money(value, currency, language) if isinstance(offer, AmountOff) else percent(value, language)


def _told(product: PricedProduct, currency: str, language: str) -> str:
    lowest, price = (
        None if value is None else money(value, currency, language)
        for value in (product.lowest, product.price)
    )
    if lowest is None:
        return f"against the price of {product.name} ({price})"
    listed = f", listed at {price}" if price else ""
    return f"against the lowest price of the last 30 days ({product.name}: {lowest}{listed})"
