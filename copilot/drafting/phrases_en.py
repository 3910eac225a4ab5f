"""English sentences of the built-in planner. `<on>` and `<any>` stand for what is promoted."""

from __future__ import annotations

from copilot.drafting.phrases import Phrases, Pitch

__all__ = ["ENGLISH"]

_DISCOUNT = (
    Pitch("{discount} off <on>", "You get {discount} off <on>.", "Shop now"),
    Pitch(
        "Your {discount} off <on> is waiting",
        "We have set {discount} off <on> aside for you.",
        "Use my discount",
    ),
    Pitch(
        "A good moment for <on>: {discount} off",
        "If you have been thinking about <on>, you now pay {discount} less.",
        "Have a look",
    ),
    Pitch("For you: {discount} off <on>", "Pick what you like; we take {discount} off <on>.", "Choose yours"),
)
ENGLISH = Phrases(
    promoted={
        "category": {"<on>": "{category}", "<any>": "anything from {category}"},
        "product": {"<on>": "{product}", "<any>": "{product}"},
        "selection": {"<on>": "our selection", "<any>": "anything from our selection"},
        "all": {"<on>": "your next order", "<any>": "your next order"},
    },
    pitches={
        "percent_off": _DISCOUNT,
        "amount_off": _DISCOUNT,
        "free_shipping": (
            Pitch("Free shipping on <on>", "Order as usual: shipping is free on <on>.", "Shop now"),
            Pitch(
                "We pay the shipping on <on>", "Your parcel is on us: no shipping costs on <on>.", "Order now"
            ),
            Pitch(
                "Delivered free: <on>",
                "From our shelves to your door without shipping costs, on <on>.",
                "Have a look",
            ),
        ),
        "fixed_price": (
            Pitch("Now {price}: <on>", "You pay {price} for <on>.", "Get yours"),
            Pitch("A special price on <on>", "We have put <on> at {price} for you.", "See the price"),
            Pitch("{price} for <on>", "If you have been waiting for <on>, it is {price} now.", "Have a look"),
        ),
        "buy_x_get_y": (
            Pitch(
                "Buy {buy}, get {get} free: <on>",
                "On <on>: buy {buy} and {get} more come free.",
                "Choose yours",
            ),
            Pitch(
                "{get} for free with {buy}: <on>",
                "Take {buy} and we add {get} at no charge, on <on>.",
                "Shop now",
            ),
            Pitch(
                "More of <on>: buy {buy}, get {get} free",
                "Stock up on <on>: with {buy} you get {get} free.",
                "Stock up",
            ),
        ),
        "gift": (
            Pitch("{gift} with <any>", "There is {gift} for you with <any>.", "Get my gift"),
            Pitch("Something extra with <any>", "Order <any> and we put {gift} in the parcel.", "Shop now"),
            Pitch("A thank-you with <any>", "As a thank-you, you get {gift} with <any>.", "Have a look"),
        ),
        "points": (
            Pitch(
                "{points} points with <any>",
                "You collect {points} loyalty points with <any>.",
                "Collect points",
            ),
            Pitch("Collect {points} points", "{points} points go to your account with <any>.", "Shop now"),
            Pitch(
                "Your points grow: {points} with <any>",
                "With <any> you add {points} points to your account.",
                "Have a look",
            ),
        ),
        "none": (
            Pitch(
                "Have you seen <on> lately?",
                "Have a look at <on>: you may find just what you need.",
                "Have a look",
            ),
            Pitch("A few ideas: <on>", "We have put together a few ideas for you: <on>.", "See the ideas"),
            Pitch(
                "Something for you: <on>", "Take a moment for <on>; there is plenty to discover.", "Discover"
            ),
        ),
    },
    all_of_it={"none": "our shop", "buy_x_get_y": "everything in the shop", "fixed_price": "our selection"},
    greeting="Hello,",
    closing="Thank you for shopping with us.",
    opt_out="Reply STOP to opt out.",
    conditions={
        "min_spend": "It applies to orders of {min_spend} or more.",
        "max_discount": "It is worth up to {max_discount}.",
        "code": "Enter the code {code} at the checkout.",
        "ends_on": "The offer ends on {ends_on}.",
        "once": "It can be used once per customer.",
    },
    short_conditions={
        "min_spend": "From {min_spend}.",
        "max_discount": "Up to {max_discount}.",
        "code": "Code {code}.",
        "ends_on": "Until {ends_on}.",
    },
    full_stop=".",
    exclamation="!",
    space=" ",
    bare="<on>.",
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
