"""How the built-in planner tells an offer in English, by its type. `phrases` explains the marks."""

from __future__ import annotations

from collections.abc import Mapping

from copilot.drafting.phrases import OfferWords, Scope, Words

__all__ = ["OFFERS"]

_PRODUCTS: Mapping[Scope, str] = {
    "product": "{product}",
    "products": "{product}",
    "pick": "our pick",
    "picks": "our picks",
    "selection": "our selection",
}
_PLAIN: Mapping[Scope, str] = {**_PRODUCTS, "category": "{category}", "all": "your next order"}
_ANY: Mapping[Scope, str] = {
    **_PRODUCTS,
    "selection": "any order from our selection",
    "category": "any order from {category}",
    "all": "your next order",
}

_PERCENT = Words(
    on=_PLAIN,
    again={"product": "the price", "products": "both", "category": "the whole range"},
    name=_PLAIN,
)
_AMOUNT = Words(
    on={
        **_PLAIN,
        "selection": "an order from our selection",
        "category": "an order from {category}",
    },
    again={"product": "the price", "products": "your order", "category": "an order from the range"},
    name=_PLAIN,
)
_SHIPPING = Words(
    on={
        **_PLAIN,
        "selection": "everything in our selection",
        "category": "everything in {category}",
    },
    again={"product": "it", "products": "both", "category": "the whole range"},
    name=_PLAIN,
)
_PRICED = Words(
    on={
        **_PRODUCTS,
        "selection": "items from our selection",
        "category": "selected items from {category}",
        "all": "items from our selection",
    },
    again={"product": "it", "products": "both", "category": "selected items from it"},
    name={
        **_PRODUCTS,
        "selection": "items from our selection",
        "category": "items from {category}",
        "all": "items from our selection",
    },
)
_BUNDLED = Words(
    on={**_PLAIN, "all": "everything in the shop"},
    again={"product": "", "products": "", "category": "the whole range"},
    name={**_PLAIN, "all": "everything"},
)
_WITH = Words(
    on=_ANY,
    again={"product": "it", "products": "either of them", "category": "any order from the range"},
    name={
        **_PRODUCTS,
        "selection": "our selection",
        "category": "{category} orders",
        "all": "your next order",
    },
)
_SHOWN = Words(
    on={**_PLAIN, "all": "our shop"},
    again={"product": "it", "products": "them", "category": "the range"},
    name={**_PLAIN, "all": "our shop"},
)

_CHOICE = (
    "Choose at your own pace, for yourself or for somebody else.",
    "Take what you have had in mind for a while, or something you have never tried.",
)
_IN_MIND = (
    "If you have had <it> in mind, this is a good moment.",
    "A good reason to try <it>, or to stock up.",
)
_DISCOUNT_STEMS = (
    "you get <off> off <on>",
    "we take <off> off <on>",
    "there is <off> off <on> for you",
)
_DISCOUNT_HEADLINES = ("<off> off <name>", "enjoy <off> off <name>", "for you: <off> off <name>")

OFFERS: Mapping[str, OfferWords] = {
    "percent_off": OfferWords(
        words=_PERCENT,
        headlines=_DISCOUNT_HEADLINES,
        short="<off> off",
        stems=_DISCOUNT_STEMS,
        more={"one": _IN_MIND, "many": _CHOICE},
        hint="It comes off at the checkout.",
        actions=("Shop now", "Have a look", "Go to the shop"),
    ),
    "amount_off": OfferWords(
        words=_AMOUNT,
        headlines=_DISCOUNT_HEADLINES,
        short="<off> off",
        stems=_DISCOUNT_STEMS,
        more={"one": _IN_MIND, "many": _CHOICE},
        hint="It comes off at the checkout.",
        actions=("Shop now", "Have a look", "Go to the shop"),
    ),
    "free_shipping": OfferWords(
        words=_SHIPPING,
        headlines=("free shipping on <name>", "we pay the shipping on <name>", "no shipping costs on <name>"),
        short="free shipping",
        stems=(
            "shipping is free on <on>",
            "we pay the shipping on <on>",
            "we send <on> with free shipping",
        ),
        more={
            "one": ("It comes to your door, and you pay for nothing but the goods.",),
            "many": (
                "You pay for what you order, and nothing for the way to your door.",
                "Put together what you need; the parcel is our business.",
            ),
        },
        hint="You pay only for what you order.",
        actions=("Shop now", "Order now", "Have a look"),
    ),
    "fixed_price": OfferWords(
        words=_PRICED,
        headlines=("<name> for {price}[<each>]", "{price}[<each>] for <name>", "{price}[<each>]: <name>"),
        short="{price}[<each>]",
        stems=(
            "you get <on> for {price}[<each>]",
            "you pay {price}[<each>] for <on>",
            "we have put <on> at {price}[<each>]",
        ),
        more={"one": _IN_MIND, "many": ("See which of them suit you.", "Pick the ones you like.")},
        hint="See the details before you decide.",
        actions=("See the details", "Have a look", "Shop now"),
    ),
    "buy_x_get_y": OfferWords(
        words=_BUNDLED,
        headlines=(
            "buy {buy}, get {get} free on <name>",
            "{get} free when you buy {buy}",
        ),
        short="buy {buy}, get {get} free",
        stems=(
            "buy {buy} and get {get} free[ on <on>]",
            "you buy {buy} and get {get} free[ on <on>]",
            "choose {buy} and we add {get} free of charge[ on <on>]",
        ),
        more={
            "one": ("Enough for your own shelf, and some to give away.",),
            "many": (
                "Stock up on what you use, or share it with a friend.",
                "Enough for your own shelf, and some to give away.",
            ),
        },
        hint="Enough for you, or to share.",
        actions=("Go to the shop", "Shop now", "Stock up"),
    ),
    "gift": OfferWords(
        words=_WITH,
        headlines=("{gift} with <name>", "something extra with <name>", "yours with <name>: {gift}"),
        short="{gift}",
        stems=(
            "you get {gift} with <on>",
            "there is {gift} for you with <on>",
            "we put {gift} in the box with <on>",
        ),
        more={
            "one": ("A little surprise for you, or for somebody you like.",),
            "many": (
                "Order what you need; the little surprise is from us.",
                "A little surprise for you, or for somebody you like.",
            ),
        },
        hint="It comes in the same parcel.",
        actions=("Shop now", "Have a look", "Go to the shop"),
    ),
    "points": OfferWords(
        words=_WITH,
        headlines=(
            "{points} points with <name>",
            "collect {points} points with <name>",
            "{points} points: <name>",
        ),
        short="{points} points",
        stems=(
            "you collect {points} points with <on>",
            "we add {points} points to your account for <on>",
            "you earn {points} points with <on>",
        ),
        more={
            "one": ("They are yours to use on a later order.",),
            "many": (
                "They are yours to use on a later order.",
                "Save them up, or use them the next time you order.",
            ),
        },
        hint="Yours to use on a later order.",
        actions=("Collect points", "Shop now", "Have a look"),
    ),
    "none": OfferWords(
        words=_SHOWN,
        headlines=("a look at <name>", "worth a look: <name>", "a few minutes for <name>"),
        short="",
        stems=(
            "we would like to show you <on>",
            "take a moment for <on>",
            "have a look at <on>",
        ),
        more={
            "one": ("You will find all the details in the shop.",),
            "many": (
                "Perhaps there is something you need, or something to give away.",
                "You will find things for every day, and some to treat yourself to.",
            ),
        },
        hint="For when you have a quiet minute.",
        actions=("Have a look", "Discover more", "See more"),
    ),
}
