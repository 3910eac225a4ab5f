"""Change the offer and the copy follows: no figure of an old offer is left over, and none is ever written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from copilot.domain import CampaignBrief, Copy, StrategyDraft, parse
from copilot.domain.prices import PricedProduct
from copilot.wording import Grounds, check_copy, last_day, render
from copilot.wording.price_law import claim_of
from copilot.wording.slots import SLOT, slot_values

LANGUAGES = ["en", "en-US", "de", "de-CH", "fr", "es", "zh", "zh-TW", "ja", "ar", "tr", "xx"]
CURRENCIES = ["EUR", "USD", "CNY", "JPY", "CHF", "KWD", "ZZZ"]
# Words that say nothing, between the slots of a generated template.
PLAIN = [
    "for you",
    "with",
    "and",
    "here it is",
    "we thought of you",
    "为您准备",
    "来看看",
    "schön, oder",
    "voilà",
]

cents = st.integers(1, 300_000).map(lambda value: value / 100)
codes = st.none() | st.from_regex(r"[A-Z]{3,8}[0-9]{0,3}", fullmatch=True)


def _terms(
    kind: str, value: Any, minimum: float | None, most: float | None, code: str | None
) -> dict[str, Any]:
    # More may not come off than the basket holds.
    floor = None if minimum is None else minimum + (value if kind == "amount_off" else 0)
    return {"type": kind, "value": value, "min_spend": floor, "max_discount": most, "code": code}


def _valued(kind: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(_terms, st.just(kind), values, st.none() | cents, st.none() | cents, codes)


OFFERS = st.one_of(
    _valued("percent_off", st.integers(1, 1000).map(lambda tenths: tenths / 10)),
    _valued("amount_off", cents),
    _valued("fixed_price", cents),
    _valued("points", st.integers(1, 50_000)),
    _valued("gift", cents),
    st.builds(
        lambda buy, get: {"type": "buy_x_get_y", "buy_quantity": buy, "get_quantity": get},
        st.integers(1, 9), st.integers(1, 9),
    ),
    st.builds(lambda minimum, code: {"type": "free_shipping", "min_spend": minimum, "code": code},
              st.none() | cents, codes),
)  # fmt: skip
PLANS = st.builds(
    lambda start, days: {"starts_on": str(start), "ends_on": str(start + timedelta(days=days))},
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    st.integers(0, 364),
)
PRICED = st.none() | st.builds(
    lambda price, lowest: PricedProduct("Glow", Decimal(str(price)), lowest and Decimal(str(lowest))),
    cents,
    st.none() | cents,
)
PLACES = ("subject", "preheader", "body", "call_to_action")


@st.composite
def drafts(draw: st.DrawFn) -> StrategyDraft:
    """A draft without copy."""
    data = {
        "draft_id": "d",
        "channel": draw(st.sampled_from(["email", "sms", "push"])),
        "product_ids": ["p1"],
    }
    offer = {**draw(OFFERS), "valid_days": draw(st.integers(1, 365))}
    return parse(StrategyDraft, {**data, "offer": offer, "plan": draw(PLANS)})


@st.composite
def grounds(draw: st.DrawFn) -> Grounds:
    """What its copy may rest on."""
    priced = draw(PRICED)
    return Grounds(draw(st.sampled_from(CURRENCIES)), ("Glow",), priced=(priced,) if priced else ())


@st.composite
def templates(draw: st.DrawFn, slots: list[str]) -> Copy:
    """Copy of these slots, each at least once, in generated sentences over generated fields."""
    parts = [f"{{{slot}}}" for slot in slots] + draw(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=6))
    parts = draw(st.permutations(parts))
    fields: dict[str, list[str]] = {name: [] for name in PLACES}
    for part in parts:
        fields[draw(st.sampled_from(PLACES))].append(part)
    joint = draw(st.sampled_from([" ", "\n", ", ", ". ", "，", " – "]))
    return Copy(**{name: joint.join(texts) for name, texts in fields.items()})


def runs(text: str) -> list[str]:
    """The figures of a text: each run of digits with what stands within."""
    return re.findall(r"\d(?:[\d.,’٬٫\xa0]*\d)?", text)


def grouped(text: str, values: Iterable[str]) -> str:
    """The text with these values' figures in one piece: text messages group digits by a plain blank."""
    for value in values:
        text = text.replace(value, re.sub(r"(?<=\d) (?=\d{3})", "\xa0", value))
    return text


def shown(copy: Copy) -> str:
    return "\n".join(getattr(copy, name) for name in PLACES)


def terms_of(draft: StrategyDraft, known: Grounds) -> dict[str, Any]:
    """The term behind each slot, read off the draft itself."""
    offer, last = draft.offer, last_day(draft)
    start = draft.plan.starts_on
    assert start
    assert last
    years = {} if (last - start).days <= 300 else {"year": last.year}
    return {
        **dict.fromkeys(("discount", "price", "points"), offer.value),
        "reduction": (claim_of(offer, known).most, offer.value),
        "prior_price": [product.prior for product in known.priced],
        "min_spend": offer.min_spend,
        "max_discount": offer.max_discount,
        "buy": offer.buy_quantity,
        "get": offer.get_quantity,
        "code": offer.code,
        "starts_on": (start.month, start.day),
        "ends_on": (last.month, last.day, *years.values()),
    }


def digits(term: Any) -> set[str]:
    """The digits a term may be written with, idle zeros left away."""
    if isinstance(term, list | tuple):
        return set().union(*map(digits, term)) if term else set()
    if isinstance(term, Decimal | int):
        return {bare(f"{term:f}" if isinstance(term, Decimal) else str(term))}
    return set(map(bare, runs(term or "")))


def bare(figure: str) -> str:
    only = "".join(c for c in figure if c.isdigit())
    return only.strip("0")


@settings(max_examples=200, deadline=None)
@given(data=st.data(), before=drafts(), after=drafts(), known=grounds(), language=st.sampled_from(LANGUAGES))
def test_copy_written_with_slots_follows_the_offer(
    data: st.DataObject, before: StrategyDraft, after: StrategyDraft, known: Grounds, language: str
) -> None:
    old, new = (slot_values(one, known, language=language) for one in (before, after))
    common = sorted(set(old) & set(new))
    assume(common)
    template = data.draw(templates(data.draw(st.lists(st.sampled_from(common), min_size=1, unique=True))))
    named = set(SLOT.findall(shown(template))) - {"product", "gift"}

    first, second = (shown(render(template, one, known, language=language)) for one in (before, after))

    terms, were = terms_of(after, known), terms_of(before, known)
    allowed = digits([terms[slot] for slot in named])
    # A language that CLDR does not know has the day as an ISO date.
    read = grouped(second, (new[slot] for slot in named)).replace("-", " ")
    orphans = [figure for figure in runs(read) if bare(figure) not in allowed]
    if language != "xx":
        assert orphans == []
    changed = [slot for slot in named if terms[slot] != were[slot] and slot != "reduction"]
    if changed:
        assert first != second
    for slot in named:
        assert new[slot].casefold() in second.casefold()


@pytest.mark.parametrize(
    ("channel", "said"), [("sms", "1 000 Glow, 12 500 €"), ("email", "1\xa0000 Glow, 12\xa0500\xa0€")]
)
def test_digits_grouped_by_a_blank_are_one_figure_in_a_text_message_too(channel: str, said: str) -> None:
    data = {"draft_id": "d", "channel": channel, "product_ids": ["p1"]}
    offer = {"type": "points", "value": 1000, "min_spend": 12500}
    draft = parse(StrategyDraft, {**data, "offer": offer})
    known = Grounds("EUR", ("Glow",))
    values = slot_values(draft, known, language="fr")

    text = render(Copy(body="{points} {product}, {min_spend}"), draft, known, language="fr").body

    assert text == said
    assert [bare(figure) for figure in runs(grouped(text, values.values()))] == ["1", "125"]


@settings(max_examples=100, deadline=None)
@given(
    data=st.data(), before=drafts(), known=grounds(),
    currency=st.sampled_from(CURRENCIES), language=st.sampled_from(LANGUAGES),
)  # fmt: skip
def test_copy_follows_the_currency_and_the_language_too(
    data: st.DataObject, before: StrategyDraft, known: Grounds, currency: str, language: str
) -> None:
    other = Grounds(currency, known.product_names, priced=known.priced)
    values = slot_values(before, other, language=language)
    template = data.draw(templates(sorted(values)))

    text = shown(render(template, before, other, language=language))

    assert set(runs(text)) <= {figure for value in values.values() for figure in runs(value)}
    assert not SLOT.search(text)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), one=drafts(), known=grounds(), language=st.sampled_from(["en", "de", "zh"]))
def test_slots_that_have_a_value_pass_whatever_the_offer(
    data: st.DataObject, one: StrategyDraft, known: Grounds, language: str
) -> None:
    values = slot_values(one, known, language=language)
    lawful = sorted(set(values) - {"discount", "max_discount"})
    assume(lawful)
    template = data.draw(templates(lawful))

    checks = check_copy(
        one.model_copy(update={"message": template}), parse(CampaignBrief, {"language": language}), known
    )

    # Generated sentences are of many languages, and in no field that a channel asks for.
    elsewhere = {"copy_channel", "copy_language"}
    assert [check.message for check in checks if not check.passed and check.rule not in elsewhere] == []


LITERALS: list[Callable[[int], str]] = [
    lambda n: f"{n}%", lambda n: f"€{n}", lambda n: f"{n} €", lambda n: f"{n}元", lambda n: f"{n},50",
    lambda n: f"{n}折", lambda n: f"SAVE{n}", lambda n: f"{n}.{n}.", lambda n: chr(0x2460 + n % 20),
    lambda n: f"{n} Prozent", lambda n: "".join(chr(0x0660 + int(digit)) for digit in str(n)),
    lambda n: "".join(chr(0xFF10 + int(digit)) for digit in str(n)),
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    data=st.data(), one=drafts(), known=grounds(), n=st.integers(2, 99_999), write=st.sampled_from(LITERALS),
    place=st.sampled_from(PLACES),
)  # fmt: skip
def test_a_literal_figure_is_refused_whatever_the_offer(
    data: st.DataObject, one: StrategyDraft, known: Grounds, n: int, write: Callable[[int], str], place: str
) -> None:
    values = slot_values(one, known, language="en")
    template = data.draw(templates(sorted(values)))
    slipped = template.model_copy(update={place: f"{getattr(template, place)} {write(n)}".strip()})

    checks = check_copy(one.model_copy(update={"message": slipped}), parse(CampaignBrief, {}), known)

    told = {check.rule: check.message for check in checks if not check.passed}
    assert f"copy.{place}, character " in told["copy_figures"]


@settings(max_examples=150, deadline=None)
@given(one=drafts(), known=grounds(), value=st.data())
def test_a_figure_of_the_offer_itself_is_refused_when_it_is_written_out(
    one: StrategyDraft, known: Grounds, value: st.DataObject
) -> None:
    # It would be true today and stay when the offer changes.
    values = slot_values(one, known, language="en")
    figures = sorted(slot for slot in values if runs(values[slot]))
    assume(figures)
    slot = value.draw(st.sampled_from(figures))
    copy = Copy(body=f"For you: {values[slot]}")

    checks = check_copy(one.model_copy(update={"message": copy}), parse(CampaignBrief, {}), known)

    assert "copy_figures" in {check.rule for check in checks if not check.passed}
