"""Drafts as a model words them, the answer that hands them in, and what can be wrong with either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.openai_server import Reply, calls

__all__ = ["BODY", "BROKEN_DRAFTS", "DIGITS", "WRONG_CALLS", "a_draft", "submit"]

DIGITS = "773377"  # of every figure that a model states here
BODY = "Get {discount} off, until {ends_on}."
# Each begins another way: a set of drafts that say the same goes back.
_BEGINNINGS = (
    "",
    "It has been a while. ",
    "Is there anything on your list? ",
    "Loved by dry skin all winter. ",
)


def a_draft(key: str, value: Any = 10, **changed: Any) -> dict[str, Any]:
    """An e-mail with so many percent off beauty; any of it changed. A text message says how to opt out."""
    offer = {"type": "percent_off", "value": value}
    draft = {"draft_id": key, "channel": "email", "category": "beauty", "offer": offer}
    beginning = _BEGINNINGS[(ord(key[0]) - ord("a")) % len(_BEGINNINGS)]
    copy = {"subject": "For you", "body": f"{beginning}{BODY}"}
    if changed.get("channel") == "sms":
        copy = {"body": f"{beginning}{BODY} Reply STOP to opt out."}
    return {**draft, "copy": copy, **changed}


def submit(*drafts: Any) -> Reply:
    """An answer that hands these in."""
    return calls(("submit_strategies", {"drafts": list(drafts)}))


def _an_offer(**changed: Any) -> dict[str, Any]:
    return a_draft("a", offer={"type": "percent_off", "value": 20, **changed})


# A draft, and the field or rule that must be named.
BROKEN_DRAFTS: Mapping[str, tuple[Any, str]] = {
    "text for a number": (_an_offer(value="20"), "offer.value"),
    "true for a number": (_an_offer(value=True), "offer.value"),
    "more than all": (_an_offer(value=250), "offer.value"),
    "below zero": (_an_offer(value=-1), "offer.value"),
    "not a number": (_an_offer(value=float("nan")), "offer.value"),
    "1e308": (_an_offer(value=1e308), "offer.value"),
    "10**400": (_an_offer(value=10**400), "offer.value"),
    "more than the brief allows": (_an_offer(value=90), "max_discount_percent"),
    "valid for less than a day": (_an_offer(valid_days=-3), "offer.valid_days"),
    "over in 1999": (a_draft("a", 20, plan={"ends_on": "1999-12-31"}), "dates"),
    "all in 1999": (a_draft("a", 20, plan={"starts_on": "1999-01-01", "ends_on": "1999-12-31"}), "dates"),
    "ends before it starts": (
        a_draft("a", 20, plan={"starts_on": "2025-07-09", "ends_on": "2025-07-02"}),
        "plan.ends_on",
    ),
    "a control character": (a_draft("a", 20, copy={"body": f"\u0007{BODY}"}), "copy.body"),
    "a control character as id": (a_draft("a\u0000", 20), "draft_id"),
    "uplift of its own": (a_draft("a", 20, uplift=0.37773377), "uplift"),
    "a forecast of its own": (a_draft("a", 20, forecast={"incremental_conversion": 0.37773377}), "forecast"),
    "uplift in the offer": (_an_offer(uplift=0.37773377), "offer.uplift"),
    "uplift in the copy": (a_draft("a", 20, copy={"body": f"37.773377 % more. {BODY}"}), "copy_figures"),
    "to nobody": (a_draft("a", 20, audience_limit=0), "audience_limit"),
    "of nothing known": (a_draft("a", 20, category="nope"), "promoted"),
    "no draft": ("a", "draft"),
}
# Tool, arguments (text is sent as it is), and what its answer must say.
WRONG_CALLS: Mapping[str, tuple[str, Any, str]] = {
    "of no tool": ("publish_everything", {}, "the name of a tool"),
    "text for a number": ("sweep_offers", {"limit": "5"}, "whole number from 1"),
    "true for a number": ("sweep_offers", {"limit": True}, "whole number from 1"),
    "too many": ("sweep_offers", {"limit": 250}, "whole number from 1"),
    "none at all": ("sweep_offers", {"limit": -1}, "whole number from 1"),
    "not a number": ("sweep_offers", '{"limit": NaN}', "whole number from 1"),
    "1e308": ("sweep_offers", '{"limit": 1e308}', "whole number from 1"),
    "10**400": ("sweep_offers", {"limit": 10**400}, "an integer of about 400 digits"),
    "of an unknown name": ("sweep_offers", {"x" * 20_000: 1}, "no argument of this name"),
    "a list in a text": ("score_drafts", {"drafts": "[]"}, "a list of 1 to 20"),
    "nested": ("score_drafts", f'{{"drafts": {"[" * 900}{"]" * 900}}}', "an object with the fields"),
    "nothing to hand in": ("submit_strategies", {}, "a list of 1 to 20"),
    "never scored": ("submit_strategies", {"scored_ids": ["zz"]}, "scored before"),
    "meant for Python": ("sweep_offers", {"self": 1, "run_manager": {}}, "no argument of this name"),
}
