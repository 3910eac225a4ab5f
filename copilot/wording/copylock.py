"""Copy is stored with slots that the offer fills. Figures that no slot or known fact supports are refused.

Change the offer and the copy follows; nothing a writer made up reaches a customer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Copy, StrategyDraft
from copilot.domain.report import Check
from copilot.wording.brand import brand_check, own_phrases
from copilot.wording.channels import check_channel
from copilot.wording.claims import copy_claims
from copilot.wording.codes import check_code
from copilot.wording.figures import figures, without
from copilot.wording.grounds import Grounds
from copilot.wording.language import check_language
from copilot.wording.links import links
from copilot.wording.markup import check_markup
from copilot.wording.naming import in_words
from copilot.wording.numerals import number_words
from copilot.wording.offer_terms import misstated
from copilot.wording.price_law import check_price_law, reference
from copilot.wording.promises import dates, promises
from copilot.wording.reach import overreaching
from copilot.wording.seeing import MASK, Figure, plain, says
from copilot.wording.slots import SLOT, SLOTS, fill, filled, slot_values
from copilot.wording.stretched import stretched

__all__ = ["ADVICE", "check_copy", "render", "supported_sentences", "unknown"]

# Shares and multiples in words: no figures in copy, where an offer may well be half of something, but a
# forecast in a rationale.
_MULTIPLES = re.compile(
    r"\b(?:doubl|tripl|quadrupl|halv|verdoppel|verdreifach)\w*|\b(?:half|twice|thrice|tenfold|hälfte|doppelt)\b"
    r"|翻倍|翻番|翻一番|倍增|加倍|一半|半数|过半",
    re.IGNORECASE,
)
_Masked = tuple[str, str, str]  # place, text, and the text without what is known
_FIELDS = ("subject", "preheader", "body", "call_to_action")
_SHOWN = 3
# A shop or a brand may be called so; the word still promises what it promises.
_PROMISING = {
    "free", "sale", "sales", "off", "save", "deal", "deals", "discount", "offer", "gratis", "shop",
    "免费", "特价", "折扣", "优惠", "包邮",
}  # fmt: skip
_STOPS = (".", "!", "?", "…", ":", "。", "！", "？", "：")
_NEAR = 60  # characters either side of where two fields meet
ADVICE = {
    "percentage": "write {discount}",
    "price": "write {discount}, {price} or {min_spend}",
    "discount": "write {discount}",
    "code": "write {code}",
    "date": "write {ends_on}",
    "sign": "a slot writes its own sign",
    "number": "leave it out or use a slot",
    "quantity": "leave it out or use a slot: {discount}, {price}, {points}, {buy}, {get}",
}


def render(message: Copy, draft: StrategyDraft, grounds: Grounds, *, language: str = "en") -> Copy:
    """The message with every slot filled from the draft.

    A slot without a value stays as it is: `check_copy` has refused it before anything is sent.
    """
    return filled(message, slot_values(draft, grounds, language=language), language)


def check_copy(draft: StrategyDraft, brief: CampaignBrief, grounds: Grounds) -> tuple[Check, ...]:
    """Hold a draft's copy, follow-ups included, against its offer and the brief.

    A draft without any copy yet has nothing to check: the answer is empty. Figures may stand in the names
    that the grounds hold, in the promoted category's and in the phrases of the brief's `must_say`.
    Addresses are the shop's to name: only those in such names and phrases may stand in the copy.
    """
    texts = list(_texts(draft))
    if not texts:
        return ()
    values = slot_values(draft, grounds, language=brief.language)
    known = (name for name in (*grounds.known, grounds.sender) if name.casefold() not in _PROMISING)
    names = [*grounds.product_names, *_category_names(draft.category or ""), *known, *brief.must_say]
    names += own_phrases(draft, brief.language, grounds.brand)
    said = plain(" ".join(fill(text, values) for _, text in texts))
    masked = [(place, text, unknown(text, names)) for place, text in texts]
    return (
        _check("copy_figures", _figure_faults(masked), "every figure comes from the offer"),
        _check("copy_links", _link_faults(masked), "it leads nowhere but to the shop"),
        _check("copy_promises", _promise_faults(masked, draft, values), "nothing but the offer is promised"),
        _check("copy_slots", _slot_faults(texts, values), "every slot has a value"),
        *check_markup(masked),
        *check_price_law(masked, draft, grounds, language=brief.language),
        *check_code(draft, texts, brief.must_say, grounds, language=brief.language),
        *check_channel(draft, values, language=brief.language),
        *check_language(texts, names, brief.language),
        *_phrases("must_say", brief.must_say, said, wanted=True),
        *_phrases("must_not_say", brief.must_not_say, said, wanted=False),
        *copy_claims(texts, names, draft, brief.language, grounds),
        *brand_check(texts, values, names, draft, brief.language, grounds.brand),
    )


def _category_names(category: str) -> Iterator[str]:
    """The category as stored; as it is read only where a figure is in it: elsewhere the slot says it."""
    yield category
    if any(c.isdigit() for c in category):
        yield in_words(category)


def supported_sentences(text: str, known: Iterable[str]) -> str:
    """The text without the sentences that hold a figure, or a multiple in words, that is not `known`."""
    known = list(known)
    sentences = re.split(r"(?<=[.!?。！？；;])(?!\d)\s*|\n+", text)
    return " ".join(
        sentence for sentence in sentences if sentence and not _measured(without(sentence, known))
    )


def unknown(text: str, names: Iterable[str]) -> str:
    """The text with slots, known names and the reference of a reduction masked, all else where it was."""

    def mask(found: re.Match[str]) -> str:
        return MASK * len(found[0])

    told = reference(text)
    masked = SLOT.sub(mask, text)
    return without(told.sub(mask, masked) if told else masked, names)


def _measured(text: str) -> bool:
    return bool(figures(text)) or _MULTIPLES.search(text) is not None


def _texts(draft: StrategyDraft) -> Iterator[tuple[str, str]]:
    places = [("copy", draft.message)]
    places += [
        (f"plan.follow_ups.{n}.copy", follow_up.message) for n, follow_up in enumerate(draft.plan.follow_ups)
    ]
    for place, message in places:
        for name in _FIELDS:
            if text := getattr(message, name).strip():
                yield f"{place}.{name}", text


def _check(rule: str, faults: Sequence[str], praise: str) -> Check:
    more = f" (and {len(faults) - _SHOWN} more)" if len(faults) > _SHOWN else ""
    return Check(
        rule=rule, passed=not faults, message="; ".join(faults[:_SHOWN]) + more if faults else praise
    )


def _figure_faults(texts: Sequence[_Masked]) -> list[str]:
    faults: list[str] = []
    for place, _, masked in texts:
        found = sorted([*figures(masked), *dates(masked)], key=lambda figure: figure.at)
        faults += [_told(place, figure) for figure in found]
    for (place, _, before), (_, _, after) in pairwise(texts):
        faults += [_told(place, figure) for figure in _across(before, after)]
    return faults


def _across(before: str, after: str) -> Iterator[Figure]:
    """Numbers in words that begin in one field and end in the next, as a preheader follows its subject."""
    if before.endswith(_STOPS):
        return
    start = max(len(before) - _NEAR, 0)
    for figure in number_words(f"{before[start:]}\n{after[:_NEAR]}"):
        at, end = start + figure.at, start + figure.at + len(figure.text)
        if at < len(before) < end:
            yield figure._replace(at=at)


def _link_faults(texts: Sequence[_Masked]) -> list[str]:
    return [
        f"{_at(place, one)} {_shown(one)} is an address; leave it out (those to give are named in must_say)"
        for place, _, masked in texts
        for one in links(masked)
    ]


def _promise_faults(texts: Sequence[_Masked], draft: StrategyDraft, values: Mapping[str, str]) -> list[str]:
    offer_type = draft.offer.type
    return (
        [
            f"{_at(place, one)} {_shown(one)} promises {one.kind}; "
            f"an offer of type {offer_type} does not give that, leave it out"
            for place, _, masked in texts
            for one in sorted(promises(masked, offer_type), key=lambda one: one.at)
        ]
        + [
            f"{_at(place, one)} {_shown(one)} says {one.kind}; let the slot stand for itself"
            for place, text, _ in texts
            for one in stretched(text)
        ]
        + [
            f"{_at(place, one)} {_shown(one)} {one.kind}"
            for place, text, masked in texts
            for one in misstated(text, masked, draft)
        ]
        + [*_reach_faults(texts, draft, values)]
    )


def _reach_faults(texts: Sequence[_Masked], draft: StrategyDraft, values: Mapping[str, str]) -> Iterator[str]:
    if draft.offer.type == "none" or not (draft.category or draft.product_ids):
        return
    promoted = "the category {category}" if draft.category else "{product}"
    if ("category" if draft.category else "product") not in values:
        promoted = '"our selection"'  # the slot has no value: advice to write it would be refused
    for place, text, masked in texts:
        for one in overreaching(text, masked):
            yield (
                f"{_at(place, one)} {_shown(one)} promises the offer for {one.kind}; it holds for {promoted} "
                f"only, name that instead"
            )


def _told(place: str, figure: Figure) -> str:
    return (
        f"{_at(place, figure)} {figure.kind} {_shown(figure)} is no slot and no known fact; "
        f"{ADVICE[figure.kind]}"
    )


def _at(place: str, figure: Figure) -> str:
    return f"{place}, character {figure.at + 1}:"


def _shown(figure: Figure) -> str:
    text = figure.text.replace(MASK, "")
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _slot_faults(texts: Sequence[tuple[str, str]], values: Mapping[str, str]) -> list[str]:
    faults: list[str] = []
    for place, text in texts:
        for name in dict.fromkeys(SLOT.findall(text)):
            if name not in SLOTS:
                faults.append(f"{place}: unknown slot {{{name}}}; known: {', '.join(SLOTS)}")
            elif name not in values:
                faults.append(f"{place}: this draft has no value for {{{name}}} ({SLOTS[name]})")
        stray = re.search(r"[{}｛｝]", SLOT.sub("", text))
        if stray:
            faults.append(f"{place}: a brace {stray[0]!r} that is not part of a slot such as {{discount}}")
    return faults


def _phrases(rule: str, phrases: Sequence[str], said: str, *, wanted: bool) -> Iterator[Check]:
    if not phrases:
        return
    off = [phrase for phrase in phrases if says(said, phrase) is not wanted]
    verb = "is missing" if wanted else "must not be said"
    praise = "all phrases are there" if wanted else "none of the phrases is there"
    yield _check(rule, [f"{phrase!r} {verb}" for phrase in off], praise)
