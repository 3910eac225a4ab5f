"""English of the built-in planner: how a message begins, its terms, its end. `phrases` explains the marks."""

from __future__ import annotations

from collections.abc import Mapping

from copilot.drafting.offers_en import OFFERS
from copilot.drafting.phrases import Lead, Manner, Phrases, Scope, Terms

__all__ = ["ENGLISH"]

_IDEA = (
    Lead("Looking for an idea? <core>", "Would a suggestion help? <stem>."),
    Lead("Would you like a suggestion? <core>", "Looking for an idea? <stem>."),
)
_THIS = (
    Lead("Thinking of {product}? <short>", "Is {product} something for you? <stem>.", names=True),
    Lead("{product}, perhaps? <short>", "Have you had {product} in mind? <stem>.", names=True),
)
_THESE = (
    Lead("Thinking of {product}? <short>", "Are {product} something for you? <stem>.", names=True),
    Lead("{product}, perhaps? <short>", "Have you had {product} in mind? <stem>.", names=True),
)
_QUESTIONS: Mapping[Scope, tuple[Lead, ...]] = {
    "product": _THIS,
    "products": _THESE,
    "pick": _IDEA,
    "picks": _IDEA,
    "selection": _IDEA,
    "category": (
        Lead(
            "Something from {category}? <short>",
            "Is there anything from {category} on your list? <stem>.",
            names=True,
        ),
        Lead("Ideas from {category}? <short>", "Thinking of something from {category}? <stem>.", names=True),
    ),
    "all": (
        Lead("Anything on your list? <core>", "Is there something you need? <stem>."),
        Lead("Is there something you need? <core>", "What is on your shopping list? <stem>."),
    ),
}
_PERSONAL: Mapping[str, tuple[Lead, ...]] = {
    "loyal": (
        Lead(
            "A thank-you to our regulars: <core>",
            "You have shopped with us more than once, and that makes us glad. <stem>.",
            gives=True,
        ),
        Lead(
            "For our regulars: <core>",
            "Regular customers keep a shop like ours going, and you are one of them. <stem>.",
        ),
    ),
    "member": (
        Lead("A thank-you to our members: <core>", "Thank you for being a member. <stem>.", gives=True),
        Lead("For our members: <core>", "As one of our members, you are always welcome here. <stem>."),
    ),
    "customer": (
        Lead("A thank-you from us: <core>", "Thank you for shopping with us. <stem>.", gives=True),
        Lead(
            "For our customers: <core>",
            "You have shopped with us before, and we were glad to have you. <stem>.",
        ),
    ),
    "lapsed": (
        Lead(
            "It has been a while: <core>",
            "It has been a while, and we would be glad to see you again. <stem>.",
        ),
        Lead(
            "Good to see you again: <core>",
            "Some time has passed since your last order, and we would like to say hello. <stem>.",
        ),
    ),
    "new": (
        Lead("For your first order: <short>", "Welcome! It is nice to have you here. <stem>."),
        Lead("Welcome to our shop: <core>", "Every one of our customers was new here once. <stem>."),
    ),
    "fan": (
        Lead(
            "For everyone who likes {category}: <short>",
            "If you like {category}, this is for you. <stem>.",
            names=True,
        ),
        Lead(
            "If you like {category}: <short>",
            "This one is for everyone who likes {category}. <stem>.",
            names=True,
        ),
    ),
}
_PLAIN = Manner(greeting="Hello,", closings={}, asks=False, elaborates=False)
_WARM = Manner(
    greeting="A warm hello,",
    closings={
        "one": ("We hope <it> will brighten your day.", "Take good care, and enjoy <it>."),
        "many": ("Take good care, and enjoy choosing.", "It is lovely to have you with us."),
        "new": ("It is lovely to have you with us.",),
        "lapsed": ("It would be lovely to have you back.",),
    },
    actions=("Come and see", "Have a look"),
)
_PLAYFUL = Manner(
    greeting="Hi there,",
    closings={
        "one": ("Have fun with <it>!",),
        "many": ("Have fun choosing!", "Happy browsing!"),
        "new": ("See you soon!",),
        "lapsed": ("See you soon!",),
    },
    actions=("Take a peek", "Let's see", "Have a look"),
    exclaims=True,
)
_FORMAL = Manner(
    greeting="Dear customer,",
    closings={
        "one": ("Thank you for your interest.", "We look forward to your order."),
        "many": ("Thank you for your interest.", "We look forward to your order."),
        "new": ("We look forward to your visit.",),
        "lapsed": ("We look forward to your visit.",),
    },
    actions=("View details", "Visit our shop"),
    asks=False,
)

ENGLISH = Phrases(
    offers=OFFERS,
    each=" each",
    it={"one": "it", "many": "them"},
    leads={
        "benefit": (Lead("<core>", "<stem>."),),
        "urgency": (
            Lead("<core>, until {ends_on}", "Until {ends_on}, <stem>."),
            Lead("Until {ends_on}: <core>", "A date for your calendar: {ends_on}. Until then, <stem>."),
            Lead("<core>, until {ends_on}", "You have until {ends_on}: <stem>."),
        ),
        "social_proof": (Lead("<core>", "<proof> <stem>."),),
    },
    of_scope=_QUESTIONS,
    of_kind=_PERSONAL,
    next_order=("next order", "first order"),
    terms=Terms(
        code=" with code {code}",
        code_after_with=", code {code},",
        ends_on=" until {ends_on}",
        min_spend=" if you spend {min_spend} or more",
        cap="Worth up to {max_discount}.",
        cap_off="Up to {max_discount} off.",
        prior="Lowest price of the last 30 days: {prior_price}.",
    ),
    tight=Terms(
        code=" with code {code}",
        code_after_with=", code {code},",
        ends_on=" until {ends_on}",
        min_spend=", from {min_spend}",
        cap="Worth up to {max_discount}.",
        cap_off="Up to {max_discount} off.",
        prior="Lowest price of the last 30 days: {prior_price}.",
    ),
    sentences={
        "min_spend": "The offer is for orders of {min_spend} or more.",
        "min_spend+cap": "The offer is for orders of {min_spend} or more and worth {max_discount} at most.",
        "min_spend+cap_off": "The offer is for orders of {min_spend} or more, {max_discount} off at most.",
        "cap": "The offer is worth {max_discount} at most.",
        "cap_off": "The offer takes {max_discount} off at most.",
        "code": "Just enter the code {code} at the checkout.",
        "code+ends_on": "Just enter the code {code} at the checkout; it is valid until {ends_on}.",
        "code+ends_on+once": "Enter the code {code} at the checkout, once, until {ends_on}.",
        "code+once": "Just enter the code {code} at the checkout; it can be used once.",
        "ends_on": "The offer ends on {ends_on}.",
        "ends_on+once": "The offer ends on {ends_on} and can be used once.",
        "once": "The offer can be used once.",
    },
    once_named=("The offer ", "It "),
    closings={
        "one": ("We hope you like <it>.", "Enjoy <it>."),
        "many": ("Enjoy choosing.", "We hope you find something you like."),
        "new": ("We are looking forward to your visit.",),
        "lapsed": ("We are looking forward to your visit.",),
    },
    greeting="Hello,",
    manners={"plain": _PLAIN, "warm": _WARM, "playful": _PLAYFUL, "formal": _FORMAL},
    sender="{}: ",
    opt_out="Reply STOP to opt out.",
    full_stop=".",
    exclamation="!",
    space=" ",
    objectives={
        "profit": "incremental profit",
        "revenue": "incremental revenue",
        "conversion": "incremental conversions",
        "clicks": "clicks",
    },
    why={
        "found": "Among the best offers that the search of all allowed terms found for {objective}.",
        "targeted": "Kept to customers who respond better than the rest.",
        "limited": "Kept to the customers with the best forecast.",
        "past": "The newest campaign by this channel: {campaign}, {terms}.",
    },
)
