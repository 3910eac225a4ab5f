"""Claims in copy that nothing supports: superlatives, pressure, prices before, popularity, cures.

What counts as a claim, why, and what is none, is data: `claims/en.toml` and `claims/zh.toml`. Knows words,
and which facts make them true; not whether a superlative is true, for that a brand kit gives proof.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from copilot.domain.check import Check
from copilot.domain.draft import StrategyDraft
from copilot.wording.disguises import whole
from copilot.wording.figures import without
from copilot.wording.findings import Finding, as_check
from copilot.wording.grounds import Grounds
from copilot.wording.price_law import reference
from copilot.wording.promises import dates
from copilot.wording.seeing import MASK, seen
from copilot.wording.slots import SLOT

__all__ = ["claims", "copy_claims", "judged"]

# A text of either language may hold words of the other: `No.1` in Chinese copy, `绝无仅有` in English.
_LETTERS = {"en": re.compile("[a-z#]"), "zh": re.compile("[\u4e00-\u9fff]")}
_MONEY_SLOTS = frozenset(("price", "discount", "min_spend", "max_discount", "prior_price", "reduction"))
_MONEY, _OTHER = "\ue000", "\ufffd"  # what stands where a slot stood; neither a letter nor a sign
_FIGURE = r"\d(?:[\d.,]{0,12}\d)?"
_AMOUNT = rf"(?:{_MONEY}+|[€$£¥] ?{_FIGURE}|{_FIGURE} ?(?:€|eur|usd|gbp|euros?|dollars?|pounds?|元|块))"
_PRAISE = "nothing is claimed that needs proof"
_TOLD_BESIDE = frozenset(("prior_price",))  # slots that bear out their own sentence only
_SENTENCE_ENDS = re.compile(r"[.!?;](?=\s|$)|[。！？；\n]")
_NEVER = re.compile(r"(?!)")


class _Rule(NamedTuple):
    kind: str
    why: str
    instead: str
    unless: frozenset[str]
    said: re.Pattern[str]
    excepted: re.Pattern[str]


class _Said(NamedTuple):
    rule: _Rule
    start: int
    end: int


def judged(language: str) -> bool:
    """Whether there are rules for claims in this language."""
    return language.split("-")[0] in _LETTERS


def copy_claims(
    texts: Sequence[tuple[str, str]],
    names: Sequence[str],
    draft: StrategyDraft,
    language: str,
    grounds: Grounds,
) -> Iterator[Check]:
    """The check of a draft's texts, told by their places, against the rules for claims.

    names: may hold any words, as the shop did not choose them for this message or answers for them itself.
    Ends that are told from the day of reading are left to `copy_figures`: no last day makes them true.
    """
    facts, slots = _facts(draft, grounds), _slots(texts)
    found = [
        finding
        for place, text in texts
        for finding in claims(text, language, names, facts | slots[_message(place)], place=place, ends=False)
    ]
    unjudged = f"not judged: there are no rules for claims in {language} yet"
    yield as_check("copy_claims", found, _PRAISE if judged(language) else unjudged)


def claims(
    text: str,
    language: str,
    names: Iterable[str] = (),
    facts: Set[str] = frozenset(),
    *,
    place: str = "",
    ends: bool = True,
) -> Iterator[Finding]:
    """Every claim in a text that none of the facts supports, in order of place; none where it is not judged.

    facts: of those that the rules name under `unless`, and the names of the slots of its message; of a price
        before its own sentence has to tell, whatever stands in the others.
    ends: whether words count that tell an end from the day of reading ("only hours left").
    """
    if not judged(language):
        return
    told, unknown = reference(text), SLOT.sub(_slot_mark, text)
    unknown = without(told.sub(_blank, unknown) if told else unknown, names)
    for rule, start, end in _said(unknown if ends else _without_ends(unknown)):
        beside = _told_beside(text, start, end) if rule.unless & _TOLD_BESIDE else frozenset()
        if rule.unless.isdisjoint(facts - _TOLD_BESIDE | beside):
            words = text[start:end]
            yield Finding("copy_claims", rule.kind, words, rule.why, rule.instead, start, place)


def _slot_mark(found: re.Match[str]) -> str:
    return (_MONEY if found[1] in _MONEY_SLOTS else _OTHER) * len(found[0])


def _told_beside(text: str, start: int, end: int) -> frozenset[str]:
    """The slots of a sentence that bear out what it says from start to end."""
    begins = max((found.end() for found in _SENTENCE_ENDS.finditer(text, 0, start)), default=0)
    stop = _SENTENCE_ENDS.search(text, end)
    return _TOLD_BESIDE.intersection(SLOT.findall(text[begins : stop.start() if stop else len(text)]))


def _blank(found: re.Match[str]) -> str:
    return MASK * len(found[0])


def _without_ends(text: str) -> str:
    for one in dates(text):
        text = text[: one.at] + MASK * len(one.text) + text[one.at + len(one.text) :]
    return text


def _facts(draft: StrategyDraft, grounds: Grounds) -> frozenset[str]:
    limited = draft.offer.limit_total is not None
    held = {"few_left": grounds.few_left or limited, "stock": grounds.stock is not None or limited}
    return frozenset(fact for fact, holds in held.items() if holds)


def _slots(texts: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    slots: dict[str, frozenset[str]] = {}
    for place, text in texts:
        slots[_message(place)] = slots.get(_message(place), frozenset()) | set(SLOT.findall(text))
    return slots


def _message(place: str) -> str:
    return place.rpartition(".")[0]


# A writer tries many ways to put one thing: most of their texts are looked at again.
@lru_cache(maxsize=1024)
def _said(text: str) -> tuple[_Said, ...]:
    """What the rules find, the first rule where two find the same words, by places in the text as written."""
    shown, places = seen(text)
    shown, places = whole(_lower(shown), places)
    taken, told = bytearray(len(shown)), []
    for rule in _rules_for(shown):
        found = [match.span() for match in rule.said.finditer(shown)]
        spared = bytearray(len(shown))
        for exception in rule.excepted.finditer(shown) if found else ():
            spared[slice(*exception.span())] = b"x" * len(exception[0])
        for start, end in found:
            if not any(taken[start:end]) and not any(spared[start:end]):
                taken[start:end] = b"x" * (end - start)
                told.append(_Said(rule, start, end))
    return tuple(
        _Said(rule, places[start], places[end - 1] + 1)
        for rule, start, end in sorted(told, key=lambda one: one.start)
    )


def _lower(text: str) -> str:
    # Matched in small letters: patterns that ignore case are several times slower. Places stay as they were.
    lowered = text.lower()
    return (
        lowered
        if len(lowered) == len(text)
        else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    )


def _rules_for(text: str) -> Iterator[_Rule]:
    """The rules of the languages whose letters stand in the text."""
    for language, letters in _LETTERS.items():
        if letters.search(text):
            yield from _rules(language)


@cache
def _rules(language: str) -> tuple[_Rule, ...]:
    return tuple(_read(language))


def _read(language: str) -> Iterator[_Rule]:
    path = files("copilot.wording").joinpath("claims", f"{language}.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    terms = {"money": _AMOUNT, **table["terms"]}
    for entry in table["rule"]:
        said = [*map(re.escape, entry.get("words", ())), *entry.get("patterns", ())]
        yield _Rule(
            entry["kind"],
            entry["why"],
            entry["instead"],
            frozenset(entry.get("unless", ())),
            _pattern(said, terms, language),
            _pattern(entry.get("except", ()), terms, language),
        )


def _pattern(parts: Iterable[str], terms: Mapping[str, Any], language: str) -> re.Pattern[str]:
    joined = "|".join(sorted(parts, key=len, reverse=True))
    if not joined:
        return _NEVER
    for _ in range(2):  # a term may name another
        joined = re.sub(r"<(\w+)>", lambda found: str(terms[found[1]]), joined)
    joined = joined.replace("\\ ", " ").replace("[- ]", r"[-\s]").lower()
    if language == "zh":
        return re.compile(joined.replace(" ?", r"\s{0,3}").replace(" ", r"\s{0,3}"))
    spaced = joined.replace(" ?", r"\s{0,3}").replace(" ", r"\s{1,4}")
    return re.compile(rf"(?<![\w-])(?:{spaced})(?!\w)")
