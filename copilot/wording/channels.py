"""Whether a message fits its channel: fields, lengths and segments as the customer gets it, a way to opt out.

Knows numbers from `limits` only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from copilot.domain.check import Check
from copilot.domain.draft import Copy, StrategyDraft
from copilot.wording.advice import advised
from copilot.wording.counting import length
from copilot.wording.limits import ChannelRules, Limit, Platform, channel_rules, opt_out
from copilot.wording.slots import as_sent, filled
from copilot.wording.sms import Segments, segments

__all__ = ["check_channel"]

_FIELDS = ("subject", "preheader", "body", "call_to_action")
_FEW = 5  # characters that are named one by one


class _Found(NamedTuple):
    """Something about a field: a fault, or advice."""

    refused: bool
    words: str


def check_channel(draft: StrategyDraft, values: Mapping[str, str], *, language: str) -> Iterator[Check]:
    """The draft's message and its follow-ups, slots filled with `values`, each against its own channel.

    A message that is not written yet has nothing to check.
    """
    messages = [("copy", draft.channel, draft.message)]
    messages += [
        (f"plan.follow_ups.{n}.copy", one.channel, one.message) for n, one in enumerate(draft.plan.follow_ups)
    ]
    found = [
        one
        for place, channel, message in messages
        if any(_texts(message).values())
        for sent in [_texts(filled(message, as_sent(values, channel), language))]
        for one in _held(place, channel_rules()[channel], sent, language)
    ]
    faults = [one.words for one in found if one.refused]
    told = [one.words for one in found if not one.refused]
    yield advised("copy_channel", faults, f"fits {draft.channel}", told)


def _texts(message: Copy) -> dict[str, str]:
    return {name: getattr(message, name).strip() for name in _FIELDS}


def _held(place: str, channel: ChannelRules, texts: Mapping[str, str], language: str) -> Iterator[_Found]:
    for name, text in texts.items():
        limit = channel.fields.get(name)
        if limit is None and text:
            yield _Found(True, f"{place}.{name}: {channel.name} does not show it; say it in the body")
        elif not text and name in channel.required:
            yield _Found(True, f"{place}.{name}: expected text, received nothing; {channel.name} needs it")
        elif limit is not None and limit.unit == "segments" and text:
            yield _segmented(f"{place}.{name}", limit, segments(text))
            yield from _opted_out(f"{place}.{name}", text, language)
        elif limit is not None:
            yield from _measured(f"{place}.{name}", channel.name, limit, length(text, wide=limit.wide))
    if channel.platforms:
        yield _placed(place, channel.platforms, texts)


def _measured(place: str, channel: str, limit: Limit, size: int) -> Iterator[_Found]:
    if limit.hard is not None and size > limit.hard:
        counted = " (full-width ones count two)" if limit.wide else ""
        read = f"{size} characters as the customer reads it"
        yield _Found(True, f"{place}: {read}; at most {limit.hard}{counted} on {channel}")
    elif limit.advised is not None and size > limit.advised:
        yield _Found(False, f"{place}: {size} characters, better {limit.advised}: {limit.note}")


def _segmented(place: str, limit: Limit, needs: Segments) -> _Found:
    count = f"{needs.count} SMS segment{'' if needs.count == 1 else 's'}"
    told = f"{place}: {count} of {needs.encoding}{_because(needs)}"
    if limit.hard is not None and needs.count > limit.hard:
        return _Found(True, f"{told}; at most {limit.hard}")
    dear = limit.advised is not None and needs.count > limit.advised
    return _Found(False, f"{told}, room for {needs.left} more" + (f"; {limit.note}" if dear else ""))


def _because(needs: Segments) -> str:
    # Of a language that the GSM alphabet cannot write there is nothing to spare by other signs.
    named = needs.because_of if len(needs.because_of) <= _FEW else ()
    return f" because of {' '.join(map(repr, named))}" if named else ""


def _opted_out(place: str, text: str, language: str) -> Iterator[_Found]:
    wanted = opt_out(language)
    if not wanted.told_in(text):
        yield _Found(True, f"{place}: does not say how to get no more of them; add {wanted.such_as!r}")


def _placed(place: str, platforms: Iterable[Platform], texts: Mapping[str, str]) -> _Found:
    """Which platforms take it; a draft names none, so that one of them will do."""
    taken: list[str] = []
    off: dict[str, list[str]] = {}
    cut: dict[str, list[str]] = {}
    for one in platforms:
        if wrong := _beyond(one, texts, "hard"):
            off.setdefault(wrong, []).append(one.name)
            continue
        taken.append(one.name)
        if long := _beyond(one, texts, "advised"):
            cut.setdefault(long, []).append(one.name)
    told = [f"{place}: taken by {', '.join(taken)}"]
    told += [f"not by {', '.join(names)} ({why})" for why, names in off.items()]
    told += [f"{', '.join(names)} may cut it ({why})" for why, names in cut.items()]
    return _Found(False, "; ".join(told))


def _beyond(platform: Platform, texts: Mapping[str, str], which: str) -> str:
    wrong = [f"no {name}" for name in platform.required if not texts[name]] if which == "hard" else []
    for name, limit in platform.fields.items():
        most, size = getattr(limit, which), length(texts[name], wide=limit.wide)
        if most is not None and size > most:
            wrong.append(f"{limit.called} {size} of {most} characters")
    return ", ".join(wrong)
