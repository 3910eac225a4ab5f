"""The brand kit: its file is read strictly, and copy is held to it in the language of the brief."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.domain.brand import BrandKit
from copilot.errors import InvalidInput
from copilot.wording import Grounds, check_copy
from copilot.wording.brand import read_brand
from copilot.wording.inflection import in_any_form

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "brand.toml"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "brand.toml"


def refusal(
    section: dict[str, Any], body: str, *, language: str = "en", tag: str = "en", **fields: Any
) -> str | None:
    """What the check `brand` says of the copy, if it refuses it."""
    data = {
        "draft_id": "d",
        "channel": "email",
        "offer": {"type": "percent_off", "value": 15},
        "plan": {"starts_on": "2026-03-01", "ends_on": "2026-03-14"},
        "copy": {"body": body},
    }
    draft = parse(StrategyDraft, {**data, **fields})
    grounds = Grounds("EUR", ("Cheap Thrills Novel",), brand=parse(BrandKit, {"sections": {tag: section}}))
    checks = check_copy(draft, parse(CampaignBrief, {"language": language}), grounds)
    return next((one.message for one in checks if one.rule == "brand" and not one.passed), None)


def test_the_example_kit_is_read() -> None:
    kit = read_brand(EXAMPLE)
    english, chinese = kit.section("en-GB"), kit.section("zh-CN")

    assert kit.name == "Linden & Loaf"
    assert english is not None
    assert chinese is not None
    assert english.banned[0] == chinese.banned[0] == "Bread4You", "what goes for all languages"
    assert english.required_on("sms") == ("Baked in Utrecht",)
    assert english.required_on("email") == ("Baked in Utrecht", "Allergens: see the label")
    assert english.proven(date(2026, 3, 1)) == ("award-winning sourdough", "loved by thousands")
    assert chinese.proven(date(2100, 1, 1)) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[en]\nvoice = 3", "brand.toml [en]: voice: expected text, received 3"),
        ("[en]\nbaned = ['x']", "brand.toml [en]: baned: expected no field of this name"),
        ("[en]\nbanned = 'x'", "brand.toml [en]: banned: expected a list, received 'x'"),
        ("[en]\nbanned = ['']", "brand.toml [en]: banned.0: expected text that should"),
        (
            "[en]\nrequired = ['from {price}']",
            "brand.toml [en]: required.0.phrase: expected text that should",
        ),
        (
            "[en]\nrequired = [{phrase = 'x', channels = ['fax']}]",
            "required.0.channels.0: expected 'email', 'sms'",
        ),
        ("[[en.claims]]\nphrase = 'x'\nuntil = 'soon'", "claims.0.until: expected a date such as 2024-12-31"),
        (
            "[[en.claims]]\nproof = 'x'",
            "brand.toml [en]: claims.0.phrase: expected a value, received 'nothing'",
        ),
        ("[EN]\nbanned = ['x']", "brand.toml: [EN]: expected a language such as [en] or [zh-CN], or [all]"),
        ("english = true", "brand.toml: english: expected `name`, or a table such as [en] or [all]"),
        ("name = 'x'", "brand.toml: [en]: expected a table for at least one language, received 'none'"),
        ("name = 3\n[en]", "brand.toml: name: expected text, received 3"),
        ("[en", "brand.toml: file: expected a TOML file that can be read"),
        (
            "[en]\nrequired = ['Cheaper than tea']\nbanned = ['cheap']",
            "brand.toml: en.banned: expected no word of what is required or claimed ('Cheaper than tea')",
        ),
        (
            "[all]\nbanned = ['tea']\n[zh]\nrequired = ['green tea']",
            "brand.toml: zh.banned: expected no word of",
        ),
    ],
)
def test_a_wrong_kit_is_told_with_the_key_what_was_expected_and_what_came(
    file: Path, text: str, told: str
) -> None:
    file.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidInput) as caught:
        read_brand(file)

    assert told in str(caught.value)


def test_a_kit_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(InvalidInput, match="expected a TOML file that can be read"):
        read_brand(file)


FORMS = [
    (
        "cheap",
        ["cheap", "Cheaper", "cheapest", "CHEAP!", "cheap-looking", "ｃｈｅａｐ", "ch\u200beap"],
        ["cheapskate", "uncheap"],
    ),
    ("deal", ["deals", "deal's", "dealing"], ["dealer", "ideal", "dealership"]),
    ("sale", ["sales", "sale"], ["wholesale", "salesman", "salem"]),
    ("foodie", ["foodies"], ["food", "foodiest"]),
    ("party", ["parties", "partying"], ["part"]),
    ("shop", ["shops", "shopped", "shopping"], ["shopper", "bishop"]),
    ("nice", ["nicer", "nicest"], ["niche"]),
    ("off", ["off"], ["offer", "offers", "coffee"]),
    ("custom", ["customs"], ["customer", "customers"]),
    ("guilt-free", ["guilt-free", "Guilt-Free"], ["guilt", "guilt-freely"]),
    ("artisan*", ["artisan", "artisanal", "artisans"], ["partisan"]),
    ("low price", ["low prices", "low\nprice", "low-priced"], ["slow price", "low in price"]),
    ("it", ["it", "its"], ["item", "with"]),
    ("网红", ["網紅", "网红款"], ["红网"]),
]


@pytest.mark.parametrize(("word", "found", "other"), FORMS)
def test_a_banned_word_is_found_in_its_forms_and_in_no_other_word(
    word: str, found: list[str], other: list[str]
) -> None:
    for text in found:
        assert refusal({"banned": [word]}, f"So {text} here"), text
    for text in other:
        assert refusal({"banned": [word]}, f"So {text} here") is None, text


def test_only_english_words_have_english_forms() -> None:
    assert in_any_form("rot", "de").search("rots") is None
    assert in_any_form("günstig", "de").search("ungünstig") is None


def test_a_banned_word_is_told_with_its_place_and_names_may_hold_it() -> None:
    section = {"banned": ["cheap"]}

    assert (refusal(section, "Ah, cheap bread") or "").startswith(
        "copy.body, character 5: banned word 'cheap': "
    )
    assert refusal(section, "Read {product} or Cheap Thrills Novel", product_ids=["p"]) is None


def test_a_required_phrase_is_sought_in_the_message_of_its_channel_as_the_customer_reads_it() -> None:
    section = {"required": ["Save 15% now", {"phrase": "Reply STOP", "channels": ["sms"]}]}

    assert refusal(section, "SAVE  {discount} now.") is None
    assert refusal(section, "Save {discount} now.", channel="sms") == (
        "copy: missing phrase 'Reply STOP': the brand kit requires it on sms; add it"
    )
    follow_up = {"after_days": 2, "channel": "sms", "copy": {"body": "Save {discount} now"}}
    told = refusal(section, "Save {discount} now", plan={"follow_ups": [follow_up]})
    assert (
        told
        == "plan.follow_ups.0.copy: missing phrase 'Reply STOP': the brand kit requires it on sms; add it"
    )


def test_a_claim_of_the_kit_needs_a_proof_that_holds_to_the_last_day() -> None:
    def claim(**given: Any) -> str | None:
        return refusal({"claims": [{"phrase": "softest wool", **given}]}, "The Softest wool")

    assert "character 5: unproven claim 'Softest wool': the brand kit has no proof" in (claim() or "")
    assert claim(proof="lab report 7") is None
    assert claim(proof="lab report 7", until=date(2026, 3, 7)) is None, "seven days of the offer"
    assert "its proof holds until 2026-03-06" in (claim(proof="lab report 7", until=date(2026, 3, 6)) or "")


def test_figures_that_the_brand_answers_for_may_stand() -> None:
    section = {
        "required": ["Since 1998"],
        "claims": [{"phrase": "4,812 five-star reviews", "proof": "export"}],
    }
    grounds = Grounds("EUR", brand=parse(BrandKit, {"sections": {"en": section}}))
    copy = {"body": "Since 1998. Over 4,812 five-star reviews."}
    draft = parse(StrategyDraft, {"draft_id": "d", "channel": "ads", "offer": {"type": "none"}, "copy": copy})

    assert all(one.passed for one in check_copy(draft, parse(CampaignBrief, {}), grounds))


@pytest.mark.parametrize(
    ("tag", "language", "held"),
    [
        ("en", "en-GB", True),
        ("en-GB", "en", False),
        ("all", "de", True),
        ("zh", "en", False),
        ("zh", "zh-Hant-TW", True),
    ],
)
def test_a_section_goes_for_its_language_and_its_kinds(tag: str, language: str, held: bool) -> None:
    assert bool(refusal({"banned": ["tea"]}, "green tea", tag=tag, language=language)) is held


def test_a_kit_without_a_section_for_the_language_has_no_check() -> None:
    draft = parse(
        StrategyDraft, {"draft_id": "d", "channel": "ads", "offer": {"type": "none"}, "copy": {"body": "Tee"}}
    )
    grounds = Grounds("EUR", brand=parse(BrandKit, {"sections": {"en": {"banned": ["tea"]}}}))

    assert "brand" not in [
        one.rule for one in check_copy(draft, parse(CampaignBrief, {"language": "de"}), grounds)
    ]
