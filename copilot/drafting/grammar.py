"""The sentences of one draft: marks of the planner's grammar replaced by what the draft promotes and offers.

Knows words and terms; nothing of channels, lengths or rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from copilot.domain.draft import StrategyDraft
from copilot.drafting.addressing import Kind
from copilot.drafting.phrases import Lead, Manner, OfferWords, Phrases, Scope, Terms
from copilot.wording.naming import in_words

__all__ = ["DISCOUNT", "Telling", "begin", "scope_of", "sentence"]

DISCOUNT = "{discount}"  # the slot that says what is taken off

_NAMED = 2  # products; more of them are a selection
_SEVERAL: frozenset[Scope] = frozenset(("products", "picks", "selection", "category", "all"))
_OFF = ("percent_off", "amount_off")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_BEGINS = re.compile(r"(?:^|(?<=[.?!>]\s)|(?<=\n))[a-z]")
_ENDS = (".", "!", "?", "。", "！", "？", "…")


def scope_of(draft: StrategyDraft, *, named: bool) -> Scope:
    """What is promoted, as far as words go; named: the names of the products may be told.

    A category that is called by a raw id is a selection of products.
    """
    count = len(draft.product_ids)
    if not count:
        if not draft.category:
            return "all"
        return "category" if in_words(draft.category) else "selection"
    if count > _NAMED:
        return "selection"
    if named:
        return "product" if count == 1 else "products"
    return "pick" if count == 1 else "picks"


class Telling:
    """How one draft is told, with one scope.

    off: the slot that says what is taken off. manner: None = the usual one.
    prior: the lowest price of late may be told beside a fixed price.
    """

    def __init__(
        self,
        draft: StrategyDraft,
        phrases: Phrases,
        scope: Scope,
        kind: Kind | None,
        off: str = DISCOUNT,
        manner: Manner | None = None,
        *,
        prior: bool = False,
    ) -> None:
        self._off = off
        self.manner = manner
        self._prior = prior
        self.phrases = phrases
        self.offer: OfferWords = phrases.offers[draft.offer.type]
        self._draft = draft
        self._scope: Scope = scope
        self._swap = phrases.next_order if kind == "new" else ("", "")
        self._ends = draft.plan.starts_on is not None or draft.plan.ends_on is not None

    @property
    def has_end(self) -> bool:
        """Whether there is an offer, and the day it ends is known."""
        return self._ends and self._draft.offer.type != "none"

    @property
    def size(self) -> Literal["one", "many"]:
        """`one` thing or a choice of `many`."""
        return "many" if self._scope in ("selection", "category", "all") else "one"

    def headline(self, lead: Lead, way: int) -> str:
        """The lead's subject; a bare offer is put in all its ways, one in a frame in the first."""
        bare = lead.subject == "<core>"
        core = self.offer.headlines[way % len(self.offer.headlines) if bare else 0]
        short = self._put(self.offer.short)
        text = lead.subject.replace("<core>", core).replace("<short>", short)
        return begin(self._put(text).strip().rstrip(":：,，"))

    def core(self) -> str:
        """The offer as a plain headline."""
        return begin(self._put(self.offer.headlines[0]))

    def short(self) -> str:
        """The offer without what is promoted; empty where there is none."""
        return begin(self._put(self.offer.short))

    def lead(self, lead: Lead, way: int, terms: Terms | None = None) -> str:
        """The sentences that begin a message; terms: also the conditions, as clauses of the offer."""
        stem = self._put(self.offer.stems[way % len(self.offer.stems)], again=lead.names)
        if terms:
            stem += self.clauses(terms, lead.line, stem)
        return begin(self._put(lead.line.replace("<stem>", stem)))

    def more(self, way: int) -> str:
        """A second sentence about the offer; empty where the register says no more than it."""
        if self.manner and not self.manner.elaborates:
            return ""
        sentences = self.offer.more[self.size]
        return self._put(sentences[way % len(sentences)])

    def hint(self) -> str:
        """What a preheader adds."""
        return self._put(self.offer.hint)

    def closing(self, kind: Kind | None, way: int) -> str:
        """The last sentence; empty where the register has none."""
        closings = self.manner.closings if self.manner else self.phrases.closings
        sentences = closings.get(kind or "") or closings.get(self.size, ("",))
        return self._put(sentences[way % len(sentences)])

    def action(self, way: int) -> str:
        """What the button says."""
        actions = (self.manner and self.manner.actions) or self.offer.actions
        return actions[way % len(actions)]

    def clauses(self, terms: Terms, said: str, stem: str = "") -> str:
        """The conditions that are not yet said, as clauses to end this stem of a sentence."""
        held = self._held(said)
        code = terms.code_after_with if " with " in stem else terms.code
        told = {"code": code, "ends_on": terms.ends_on, "min_spend": terms.min_spend}
        return "".join(clause for name, clause in told.items() if name in held).replace(",,", ",").rstrip(",")

    def cap(self) -> str:
        """The most an offer is worth, as a sentence of its own."""
        held, terms = self._held(""), self.phrases.terms
        return terms.cap_off if "cap_off" in held else terms.cap if "cap" in held else ""

    def prior(self) -> str:
        """What a fixed price is best seen beside; empty where that is not known, or not higher."""
        return self.phrases.terms.prior if self._prior else ""

    def conditions(self, said: str) -> list[str]:
        """The conditions that are not yet said, in full sentences."""
        held = self._held(said)
        parts = ("min_spend", "cap", "cap_off"), ("code", "ends_on", "once")
        keys = ("+".join(name for name in part if name in held) for part in parts)
        told = [self.phrases.sentences[key] for key in keys if key]
        return [told[0], *(one.replace(*self.phrases.once_named, 1) for one in told[1:])] if told else []

    def _held(self, said: str) -> set[str]:
        offer = self._draft.offer
        if offer.type == "none" and not offer.code:
            return set()
        cap = "cap_off" if offer.type in _OFF else "cap"
        holds: Mapping[str, bool] = {
            "min_spend": offer.min_spend is not None,
            cap: offer.max_discount is not None,
            "code": offer.code is not None,
            "ends_on": self.has_end and "{ends_on}" not in said,
            "once": offer.limit_per_customer == 1 and offer.type != "none",
        }
        return {name for name, held in holds.items() if held}

    def _put(self, text: str, *, again: bool = False) -> str:
        words = self.offer.words
        on = words.again.get(self._scope) if again else None
        marks = {
            "<on>": words.on[self._scope] if on is None else on,
            "<name>": words.name[self._scope],
            "<it>": self.phrases.it["many" if self._scope in _SEVERAL else "one"],
            "<each>": self.phrases.each if self._scope in _SEVERAL else "",
            "<off>": self._off,
        }
        text = _OPTIONAL.sub(lambda group: _kept(group[1], marks), text)
        for mark, word in marks.items():
            text = text.replace(mark, word)
        return text.replace(*self._swap) if self._swap[0] else text


def begin(text: str) -> str:
    """Every sentence with a capital; what a slot begins with is the slot's."""
    return _BEGINS.sub(lambda letter: letter[0].upper(), text)


def sentence(phrase: str, full_stop: str) -> str:
    """A phrase as a sentence of its own."""
    phrase = phrase.strip()
    return phrase if phrase.endswith(_ENDS) else phrase + full_stop


def _kept(group: str, marks: Mapping[str, str]) -> str:
    return "" if any(mark in group and not word for mark, word in marks.items()) else group
