"""Copy from a small grammar: complete, with slots, for every offer type and channel. No model needed.

Each message leads with one angle. Nothing here is left to chance: the same draft, brief and turn give the
same words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import NamedTuple

from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Copy, StrategyDraft
from copilot.domain.offer import NoOffer
from copilot.drafting.addressing import kind_of
from copilot.drafting.grammar import DISCOUNT, Telling, begin, scope_of, sentence
from copilot.drafting.phrases import Lead, Manner, Phrases, Scope, phrases_of
from copilot.drafting.room import Room
from copilot.drafting.tones import register_of
from copilot.wording import Grounds, check_copy
from copilot.wording.angles import Angle, angle_of
from copilot.wording.counting import length
from copilot.wording.likeness import likeness, what_is_said
from copilot.wording.price_law import discount_slot
from copilot.wording.seeing import plain
from copilot.wording.slots import last_day, slot_values

__all__ = ["Variant", "copy_variants", "write_copy", "write_variant"]

# Best first: the more a message knows of its readers and the offer, the sooner.
_BEST_FIRST: tuple[Angle, ...] = ("personal", "social_proof", "benefit", "urgency", "question")
_WAYS = 4  # of wording one angle
# Characters of a name that has room in every channel, and of the longest that a sentence can carry.
_SHORT_NAME, _LONGEST_NAME = 20, 60
_LONGEST_SENDER = 30  # characters, of a name at the head of a text message
_MOST_CHECKED = 24  # ways; holding one against the rules is what costs time


class Variant(NamedTuple):
    """One way to word a draft, and the angle that it leads with."""

    angle: Angle
    copy: Copy


def write_copy(draft: StrategyDraft, brief: CampaignBrief, grounds: Grounds, *, turn: int = 0) -> Copy:
    """Copy for the draft; see `write_variant`."""
    return write_variant(draft, brief, grounds, turn=turn).copy


def write_variant(
    draft: StrategyDraft,
    brief: CampaignBrief,
    grounds: Grounds,
    *,
    turn: int = 0,
    after: Sequence[Variant] = (),
) -> Variant:
    """Copy for the draft and the angle it leads with; another `turn` puts it another way.

    after: what other drafts of the same set say: an angle that leads few of them is taken, in words that are
    not theirs. Social proof is what the brief's must_say or the brand kit's proven claims say of it.

    The first way that keeps the copy rules and shows whole on its channel is taken. Where none does (a
    phrase that must not be said is in all of them) it is the plainest, and the rules will say what is wrong
    with it.
    """
    writers = _writers(draft, brief, grounds)
    found = next(filter(None, (one.first(turn, after) for one in writers)), None)
    return found or writers[0].next_best(turn, after)


def copy_variants(
    draft: StrategyDraft,
    brief: CampaignBrief,
    grounds: Grounds,
    count: int,
    *,
    turn: int = 0,
    after: Sequence[Variant] = (),
) -> tuple[Variant, ...]:
    """At most `count` ways to word the draft: each of another angle first, then in other words.

    All keep the copy rules; none says what another, or one of `after`, says in other small words.
    """
    writers = _writers(draft, brief, grounds)
    return next(filter(None, (one.several(turn, after, count) for one in writers)), ())


@dataclass(frozen=True)
class _Writer:
    sent: StrategyDraft
    draft: StrategyDraft  # as copy may tell it
    brief: CampaignBrief
    grounds: Grounds
    phrases: Phrases
    manner: Manner | None
    language: str
    room: Room
    leads: Mapping[Angle, Sequence[Lead]]
    tellings: tuple[Telling, ...]  # with names, and without where the names may be too long
    proofs: tuple[str, ...]
    sender: str  # how a text message begins
    signs: bool = True

    @classmethod
    def of(cls, draft: StrategyDraft, brief: CampaignBrief, grounds: Grounds) -> _Writer:
        phrases, language = phrases_of(brief.language)
        brief = _with_brand(draft, brief, grounds)
        sent, (draft, off) = draft, _tellable(draft, grounds)
        kind = kind_of(draft, brief)
        values = slot_values(draft, grounds, language=brief.language)
        scopes = _scopes(draft, grounds, values)
        register = register_of(brief.tone)
        manner = phrases.manners[register] if register else None
        prior = _has_prior(draft, grounds, values)
        tellings = tuple(Telling(draft, phrases, scope, kind, off, manner, prior=prior) for scope in scopes)
        kit = grounds.brand.section(brief.language) if grounds.brand else None
        said = (*brief.must_say, *(kit.proven(last_day(draft)) if kit else ()))
        proofs = tuple(dict.fromkeys(one for one in said if _is_proof(one, language)))
        leads = dict(phrases.leads)
        leads["question"] = phrases.of_scope[scopes[0]] if manner is None or manner.asks else ()
        leads["personal"] = phrases.of_kind.get(kind or "", ())
        if draft.offer.type == "none":
            leads["personal"] = tuple(lead for lead in leads["personal"] if not lead.gives)
        if not tellings[0].has_end:
            leads["urgency"] = ()
        if not proofs:
            leads["social_proof"] = ()
        room = Room(draft.channel, values)
        sender = _sender(draft, phrases, grounds)
        return cls(
            sent, draft, brief, grounds, phrases, manner, language, room, leads, tellings, proofs, sender
        )

    def several(self, turn: int, after: Sequence[Variant], count: int) -> tuple[Variant, ...]:
        """At most so many, each of which is new beside those before it."""
        found: list[Variant] = []
        while len(found) < count and (one := self.first(turn, [*after, *found])):
            found.append(one)
        return tuple(found)

    def first(self, turn: int, after: Sequence[Variant]) -> Variant | None:
        """The first way that is new, keeps the rules and, where one does, shows whole."""
        heard = self.heard(after)
        long: list[Variant] = []
        fit = (
            one
            for wanted, one in self.ways(turn, after)
            if one.angle == wanted and self.likeness(one, heard) < 1 and self.whole(one, long)
        )
        tried = chain(fit, self.shortest(long))
        return next(filter(self.allowed, islice(tried, _MOST_CHECKED)), None)

    def whole(self, one: Variant, otherwise: list[Variant]) -> bool:
        """Whether it shows whole; where it does not, it is put aside."""
        if self.room.excess_of(one.copy):
            otherwise.append(one)
            return False
        return True

    def shortest(self, ways: list[Variant]) -> Iterator[Variant]:
        """The ways that come to be in the list, the least long first."""
        yield from sorted(ways, key=lambda one: self.room.excess_of(one.copy))

    def next_best(self, turn: int, after: Sequence[Variant]) -> Variant:
        """Where no way is all that: one that keeps the rules, the shortest and newest first."""
        heard = self.heard(after)
        ways = [one for _, one in self.ways(turn, after)]
        ways.sort(key=lambda one: (self.room.excess_of(one.copy), self.likeness(one, heard)))
        if self.draft.offer.type == "none":
            ways.append(self.bare())  # bare words would keep an offer to themselves
        tried = ways[:_MOST_CHECKED] + ways[_MOST_CHECKED:][-1:]
        return next(filter(self.allowed, tried), ways[-1])

    def heard(self, after: Sequence[Variant]) -> list[frozenset[str]]:
        return [self.said(one) for one in after]

    def said(self, way: Variant) -> frozenset[str]:
        """What it says but for who says it."""
        body = way.copy.body.removeprefix(self.sender)
        return what_is_said(way.copy.model_copy(update={"body": body}), self.language)

    def likeness(self, way: Variant, heard: Sequence[frozenset[str]]) -> float:
        said = self.said(way)
        return max((likeness(said, other) for other in heard), default=0.0)

    def ways(self, turn: int, after: Sequence[Variant]) -> Iterator[tuple[Angle, Variant]]:
        """Every way to say it, with the angle it was meant to have, angle by angle."""
        fitting = [angle for angle in _BEST_FIRST if self.leads[angle]]
        told = Counter(one.angle for one in after)
        place = 0 if after else turn % len(fitting)  # what was said before decides, where there is any
        angles = sorted((*fitting[place:], *fitting[:place]), key=lambda angle: told[angle])
        for angle in angles:
            leads = self.leads[angle]
            for way in range(turn, turn + _WAYS):
                for telling in self.tellings:
                    copy = self.compose(telling, angle, leads[way % len(leads)], way)
                    yield angle, Variant(self.angle(copy, angle), copy)

    def angle(self, copy: Copy, meant: Angle) -> Angle:
        """What the copy really leads with: where room is short, the plain offer is left."""
        if meant == "social_proof" and any(proof in copy.body for proof in self.proofs):
            return meant
        return angle_of(copy, self.language)

    def allowed(self, way: Variant) -> bool:
        tried = self.sent.model_copy(update={"message": way.copy})
        return all(check.passed for check in check_copy(tried, self.brief, self.grounds))

    def compose(self, telling: Telling, angle: Angle, lead: Lead, way: int) -> Copy:
        channel, proof = self.draft.channel, self.proofs[way % len(self.proofs)] if self.proofs else ""
        if channel == "email":
            return self.email(telling, angle, lead, way, proof)
        body = self.brief_body(telling, lead, way, proof)
        if channel == "sms":
            return Copy(body=body)
        subject = self.subject(telling, lead, way, proof)
        return Copy(subject=subject, body=body, call_to_action=telling.action(way))

    def email(self, telling: Telling, angle: Angle, lead: Lead, way: int, proof: str) -> Copy:
        space = self.phrases.space
        first = self.lively(telling.lead(lead, way))
        if angle == "benefit" or self.draft.offer.type == "none":
            first = space.join(filter(None, (first, telling.more(way))))
        first = begin(first.replace("<proof>", sentence(proof, self.phrases.full_stop)))
        kind = kind_of(self.draft, self.brief)
        paragraphs = [
            self.manner.greeting if self.manner else self.phrases.greeting,
            first,
            space.join(filter(None, (telling.prior(), *telling.conditions(first)))),
            space.join(self.duties(first)),
            telling.closing(kind, way),
        ]
        subject = self.subject(telling, lead, way, proof)
        return Copy(
            subject=subject,
            preheader=self.preheader(telling, subject),
            body="\n\n".join(filter(None, paragraphs)),
            call_to_action=telling.action(way),
        )

    def preheader(self, telling: Telling, subject: str) -> str:
        terms, stop = self.phrases.terms, self.phrases.full_stop
        clauses = begin(telling.clauses(terms, subject).lstrip(" ,，"))
        told = [telling.hint(), clauses + stop if clauses else "", telling.cap()]
        whole = self.phrases.space.join(filter(None, told))
        return telling.hint() if self.room.excess("preheader", whole) else whole

    def subject(self, telling: Telling, lead: Lead, way: int, proof: str) -> str:
        told = [begin(telling.headline(lead, way).replace("<proof>", proof.rstrip(".。")))]
        told += [telling.core(), telling.short() or telling.action(way)]
        return next((one for one in told if one and not self.room.excess("subject", one)), told[-1])

    def brief_body(self, telling: Telling, lead: Lead, way: int, proof: str) -> str:
        """One sentence or two, the terms in it; shorter where the channel has less room."""
        terms, tight, stop = self.phrases.terms, self.phrases.tight, self.phrases.full_stop
        plain_lead = self.phrases.leads["benefit"][0]
        told = [
            telling.lead(lead, way, terms),
            telling.lead(lead, way, tight),
            telling.lead(plain_lead, way, tight),
        ]
        # An advertisement leads where the rest is said; elsewhere the message says what the offer is on.
        if not (short := telling.short()):
            told.insert(0, (told[0] + self.phrases.space + telling.more(way)).rstrip())
        elif self.draft.channel == "ads":
            told.append(short + telling.clauses(tight, "") + stop)
        priors = dict.fromkeys((telling.prior(), ""))  # it is told where there is room
        bodies = [self.closed(first, (prior, telling.cap()), proof) for prior in priors for first in told]
        return next((body for body in bodies if not self.room.excess("body", body)), bodies[-1])

    def closed(self, first: str, more: Sequence[str], proof: str) -> str:
        first = begin(self.lively(first).replace("<proof>", sentence(proof, self.phrases.full_stop)))
        # A shop may be called as any word is: only where the line begins with its signature is it signed.
        if self.sender and self.signs and not plain(first).startswith(plain(self.sender)):
            first = self.sender + first
        owed = self.duties(first) + ([self.phrases.opt_out] if self.draft.channel == "sms" else [])
        return self.phrases.space.join(filter(None, (first, *more, *owed)))

    def bare(self) -> Variant:
        """The least that can be said: what is promoted, and what the brief demands."""
        name = self.tellings[0].offer.words.on[scope_of(self.draft, named=all(self.grounds.product_names))]
        text = begin(name)
        body = self.closed(text + self.phrases.full_stop, (), "")
        sms = self.draft.channel == "sms"
        return Variant("benefit", Copy(subject="" if sms else text, body=body))

    def duties(self, said: str) -> list[str]:
        """What the brief obliges us to say, and is not said yet."""
        owed = [phrase for phrase in self.brief.must_say if plain(phrase) not in plain(said)]
        return [sentence(phrase, self.phrases.full_stop) for phrase in owed]

    def lively(self, first: str) -> str:
        stop = self.phrases.full_stop
        if not (self.manner and self.manner.exclaims and first.endswith(stop)):
            return first
        return first.removesuffix(stop) + self.phrases.exclamation


def _writers(draft: StrategyDraft, brief: CampaignBrief, grounds: Grounds) -> tuple[_Writer, ...]:
    """The writer; and one that does not sign, for where the sender's name is what may not be said."""
    writer = _Writer.of(draft, brief, grounds)
    return (writer, replace(writer, signs=False)) if writer.sender else (writer,)


def _scopes(draft: StrategyDraft, grounds: Grounds, values: Mapping[str, str]) -> tuple[Scope, ...]:
    """What is promoted, and what else it may be called where its name takes too much room."""
    named = scope_of(draft, named=all(grounds.product_names))
    size = length(values.get({"category": "category"}.get(named, "product"), ""), wide=True)
    if named not in ("product", "products", "category") or size <= _SHORT_NAME:
        return (named,)
    return (named, "selection") if size <= _LONGEST_NAME else ("selection",)


def _with_brand(draft: StrategyDraft, brief: CampaignBrief, grounds: Grounds) -> CampaignBrief:
    # What the brand requires is owed in the same way as what the brief does.
    section = grounds.brand.section(brief.language) if grounds.brand else None
    if section is None:
        return brief
    owed = dict.fromkeys((*brief.must_say, *section.required_on(draft.channel)))
    return brief.model_copy(update={"must_say": tuple(owed)})


def _tellable(draft: StrategyDraft, grounds: Grounds) -> tuple[StrategyDraft, str]:
    """The draft as copy may tell it, and the slot for what it takes off.

    Where price law lets no reduction be claimed, it is a message without an offer; a code is still told.
    """
    offer = draft.offer
    if offer.type not in ("percent_off", "amount_off"):
        return draft, DISCOUNT
    if slot := discount_slot(offer, grounds):
        return draft, slot
    kept = {name: getattr(offer, name) for name in ("code", "min_spend", "valid_days", "limit_per_customer")}
    return draft.model_copy(update={"offer": NoOffer(**kept)}), DISCOUNT


def _has_prior(draft: StrategyDraft, grounds: Grounds, values: Mapping[str, str]) -> bool:
    """Whether the lowest price of the last 30 days is known and above the fixed price of one product."""
    fixed = draft.offer.type == "fixed_price" and "prior_price" in values
    return fixed and grounds.priced[0].lowest is not None


def _sender(draft: StrategyDraft, phrases: Phrases, grounds: Grounds) -> str:
    """How a text message begins: its reader sees a number, and is to know who writes."""
    if draft.channel != "sms" or not 0 < length(grounds.sender, wide=True) <= _LONGEST_SENDER:
        return ""
    return phrases.sender.format(grounds.sender)


def _is_proof(phrase: str, language: str) -> bool:
    return angle_of(Copy(body=phrase), language) == "social_proof"
