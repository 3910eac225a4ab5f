"""The shape of the planner's sentences in one language: a small grammar, filled in by `template_copy`.

Marks stand for what a draft says: `<on>` what is promoted, `<name>` the same in a headline, `<it>` a word for
it, `<each>` where a price is that of each of several, `<off>` the slot for what is taken off, `<stem>` the
sentence that tells the offer, `<core>` the offer in a headline, `<short>` the same without what is promoted,
`<proof>` a phrase that is proven. What stands in square brackets goes where a mark in it has no word. All is
written small, and begins with a capital where a sentence does. Slots in braces are the offer's, and stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from copilot.drafting.tones import Register
from copilot.wording.angles import Angle

__all__ = ["Lead", "Manner", "OfferWords", "Phrases", "Scope", "Terms", "Words", "phrases_of"]

# What is promoted: one or two products by name, as many without a name, more of them, a category, all.
Scope = Literal["product", "products", "pick", "picks", "selection", "category", "all"]


class Lead(NamedTuple):
    """One way to begin: a headline, and the sentences that lead to the offer.

    names: it says what is promoted, so that the offer is told with the words for a second mention. gives: it
    makes sense only where something is given.
    """

    subject: str
    line: str
    names: bool = False
    gives: bool = False


@dataclass(frozen=True)
class Words:
    """How what is promoted is called with one kind of offer."""

    on: Mapping[Scope, str]
    again: Mapping[Scope, str]
    name: Mapping[Scope, str]


@dataclass(frozen=True)
class OfferWords:
    """How offers of one type are told.

    headlines: the first fits after a colon too. more: a second sentence, where there is room; for one thing,
    and for a choice of things. hint: for the line beside the subject.
    """

    words: Words
    headlines: tuple[str, ...]
    short: str
    stems: tuple[str, ...]
    more: Mapping[Literal["one", "many"], tuple[str, ...]]
    hint: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """Conditions as clauses that follow a sentence; a cap and a price before are sentences of their own."""

    code: str
    code_after_with: str  # where the sentence has a "with" already
    ends_on: str
    min_spend: str
    cap: str
    cap_off: str  # of money taken off
    prior: str  # what the product cost at least of late, beside a fixed price


@dataclass(frozen=True)
class Manner:
    """What a register says in its own way; the rest, and all that is left empty, is as usual.

    closings: as those of `Phrases`. asks: whether it leads with questions. elaborates: whether it says more
    than the offer. exclaims: whether it exclaims what it leads with.
    """

    greeting: str
    closings: Mapping[str, tuple[str, ...]]
    actions: tuple[str, ...] = ()
    asks: bool = True
    elaborates: bool = True
    exclaims: bool = False


@dataclass(frozen=True)
class Phrases:
    """All that is said in one language.

    leads: by angle. of_scope: questions, by what is promoted; of_kind: personal, by who is meant. sentences:
    the conditions in full, by which of them hold, joined by "+"; once_named: how the second of them begins.
    next_order: its name, and that of a first one. sender: how a text message
    begins, around the name of who sends it. closings: by who is meant or how much is
    promoted. manners: by the register of a tone; the usual one is none of them.
    """

    offers: Mapping[str, OfferWords]
    each: str
    it: Mapping[Literal["one", "many"], str]
    leads: Mapping[Angle, tuple[Lead, ...]]
    of_scope: Mapping[Scope, tuple[Lead, ...]]
    of_kind: Mapping[str, tuple[Lead, ...]]
    next_order: tuple[str, str]
    terms: Terms
    tight: Terms
    sentences: Mapping[str, str]
    once_named: tuple[str, str]
    closings: Mapping[str, tuple[str, ...]]
    greeting: str
    manners: Mapping[Register, Manner]
    sender: str
    opt_out: str
    full_stop: str
    exclamation: str
    space: str
    objectives: Mapping[str, str]
    why: Mapping[str, str]


def phrases_of(language: str) -> tuple[Phrases, str]:
    """The phrases for a language, and the language they really are in (English where we have no better)."""
    if language.split("-")[0] == "zh":
        from copilot.drafting.phrases_zh import CHINESE

        return CHINESE, "zh"
    from copilot.drafting.phrases_en import ENGLISH

    return ENGLISH, "en"
