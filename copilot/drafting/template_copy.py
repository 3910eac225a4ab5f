"""Copy from templates: complete, plain, with slots, for every offer type and channel. No model needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Copy, StrategyDraft
from copilot.drafting.phrases import Phrases, Pitch, phrases_of
from copilot.wording import Grounds, check_copy, render
from copilot.wording.seeing import plain

__all__ = ["write_copy"]

_PLAYFUL = re.compile(r"playful|funny|fun\b|cheer|lively|excit|bold|活泼|俏皮|热情|轻松", re.I)
_LONGEST_SUBJECT = 60
_NAMED = 2  # products; more of them are a selection
_ENDS = (".", "!", "?", "。", "！", "？", "…")


def write_copy(draft: StrategyDraft, brief: CampaignBrief, grounds: Grounds, *, turn: int = 0) -> Copy:
    """Copy for the draft; another `turn` puts it another way.

    The first way that keeps the copy rules is taken, one with a short subject before others. Where none
    does (a phrase that must not be said is in all of them) it is the plainest, and the rules will say what
    is wrong with it.
    """
    phrases, language = phrases_of(brief.language)
    brief = _with_brand(draft, brief, grounds)
    scope = _scope(draft, named=all(grounds.product_names))
    ways = list(_ways(draft, brief, phrases, turn, scope))

    def allowed(way: Copy) -> bool:
        tried = draft.model_copy(update={"message": way})
        return all(check.passed for check in check_copy(tried, brief, grounds))

    def short(way: Copy) -> bool:
        return len(render(way, draft, grounds, language=language).subject) <= _LONGEST_SUBJECT

    fit = [way for way in ways if allowed(way)]
    if not fit and scope in ("product", "category"):
        # A name may be longer than the channel takes.
        fit = [way for way in _ways(draft, brief, phrases, turn, "selection") if allowed(way)]
    return next(filter(short, fit), fit[0] if fit else ways[-1])


def _with_brand(draft: StrategyDraft, brief: CampaignBrief, grounds: Grounds) -> CampaignBrief:
    # What the brand requires is owed in the same way as what the brief does.
    section = grounds.brand.section(brief.language) if grounds.brand else None
    if section is None:
        return brief
    owed = dict.fromkeys((*brief.must_say, *section.required_on(draft.channel)))
    return brief.model_copy(update={"must_say": tuple(owed)})


def _ways(
    draft: StrategyDraft, brief: CampaignBrief, phrases: Phrases, turn: int, scope: str
) -> Iterator[Copy]:
    targets = dict(phrases.promoted[scope])
    if scope == "all" and draft.offer.type in phrases.all_of_it:
        targets = dict.fromkeys(targets, phrases.all_of_it[draft.offer.type])
    pitches = phrases.pitches[draft.offer.type]
    for n in range(len(pitches)):
        yield _copy(draft, brief, phrases, _aimed(pitches[(turn + n) % len(pitches)], targets))
    if draft.offer.type != "none":
        return  # bare words would keep the offer to themselves
    bare = _put(phrases.bare, targets)
    subject = bare.rstrip("".join(_ENDS))
    yield Copy(
        subject=subject, body=phrases.space.join(filter(None, (bare, *_duties(draft, brief, phrases, bare))))
    )


def _scope(draft: StrategyDraft, *, named: bool) -> str:
    if draft.product_ids:
        return "product" if named and len(draft.product_ids) <= _NAMED else "selection"
    return "category" if draft.category else "all"


def _aimed(pitch: Pitch, targets: dict[str, str]) -> Pitch:
    return Pitch(*(_put(text, targets) for text in pitch))


def _put(text: str, targets: dict[str, str]) -> str:
    for mark, words in targets.items():
        text = text.replace(mark, words)
    return text


def _copy(draft: StrategyDraft, brief: CampaignBrief, phrases: Phrases, pitch: Pitch) -> Copy:
    lead = pitch.lead
    if _PLAYFUL.search(brief.tone):
        lead = (
            lead.removesuffix(phrases.full_stop) + phrases.exclamation
            if lead.endswith(phrases.full_stop)
            else lead
        )
    if draft.channel == "email":
        return _email(draft, brief, phrases, pitch._replace(lead=lead))
    conditions = _conditions(draft, phrases.short_conditions)
    duties = _duties(draft, brief, phrases, lead)
    body = phrases.space.join((lead, *conditions, *duties))
    if draft.channel == "sms":
        return Copy(body=body)
    return Copy(subject=pitch.subject, body=body, call_to_action=pitch.action)


def _email(draft: StrategyDraft, brief: CampaignBrief, phrases: Phrases, pitch: Pitch) -> Copy:
    conditions = _conditions(draft, phrases.conditions)
    paragraphs = [phrases.greeting, pitch.lead, phrases.space.join(conditions)]
    paragraphs += [phrases.space.join(_duties(draft, brief, phrases, pitch.lead)), phrases.closing]
    short = _conditions(draft, phrases.short_conditions)
    return Copy(
        subject=pitch.subject,
        preheader=phrases.space.join(short) or phrases.closing,
        body="\n\n".join(filter(None, paragraphs)),
        call_to_action=pitch.action,
    )


def _conditions(draft: StrategyDraft, sentences: Any) -> list[str]:
    offer = draft.offer
    if offer.type == "none":
        return []
    holds = {
        "min_spend": offer.min_spend is not None,
        "max_discount": offer.max_discount is not None,
        "code": offer.code is not None,
        "ends_on": draft.plan.starts_on is not None or draft.plan.ends_on is not None,
        "once": offer.limit_per_customer == 1,
    }
    return [sentences[name] for name, held in holds.items() if held and name in sentences]


def _duties(draft: StrategyDraft, brief: CampaignBrief, phrases: Phrases, said: str) -> list[str]:
    # What the brief and the channel oblige us to say.
    owed = [_sentence(phrase, phrases) for phrase in brief.must_say if plain(phrase) not in plain(said)]
    return [*owed, phrases.opt_out] if draft.channel == "sms" else owed


def _sentence(phrase: str, phrases: Phrases) -> str:
    phrase = phrase.strip()
    return phrase if phrase.endswith(_ENDS) else phrase + phrases.full_stop
