"""A brand kit: reading its file, and holding copy to what it says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from copilot.domain.brand import BrandKit, BrandSection
from copilot.domain.check import Check
from copilot.domain.draft import StrategyDraft
from copilot.domain.noun import parse
from copilot.errors import InvalidInput
from copilot.wording.figures import without
from copilot.wording.findings import Finding, as_check
from copilot.wording.inflection import in_any_form
from copilot.wording.seeing import MASK, Figure, found_in, plain, says
from copilot.wording.slots import SLOT, fill, last_day

__all__ = ["brand_check", "missing", "own_phrases", "read_brand", "unwanted"]

_RULE = "brand"
_TAG = re.compile(r"all|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def read_brand(path: Path) -> BrandKit:
    """The brand kit of a TOML file: a table for each language, `[en]`, `[zh]`, and `[all]` for every one.

    Raises:
        InvalidInput: it cannot be read, or a key of it is wrong; names the key, what was expected, what came.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InvalidInput("file", "a TOML file that can be read", str(error), where=path.name) from None
    name = table.pop("name", "")
    sections = {key: _section(key, value, path) for key, value in table.items()}
    if not sections:
        raise InvalidInput("[en]", "a table for at least one language", "none", where=path.name)
    kit = parse(BrandKit, {"name": name, "sections": sections}, where=path.name)
    _refuse_contradictions(kit, path)
    return kit


def _section(key: str, value: object, path: Path) -> BrandSection:
    if not isinstance(value, dict):
        raise InvalidInput(key, "`name`, or a table such as [en] or [all]", value, where=path.name)
    if not _TAG.fullmatch(key):
        raise InvalidInput(f"[{key}]", "a language such as [en] or [zh-CN], or [all]", key, where=path.name)
    return parse(BrandSection, value, where=f"{path.name} [{key}]")


def _refuse_contradictions(kit: BrandKit, path: Path) -> None:
    # Copy that cannot be written by anybody is told of when the kit is read, not with every draft.
    for language in kit.sections:
        section = kit.section(language)
        assert section is not None
        for phrase in section.phrases:
            if banned := next(_banned(phrase, section, language), None):
                field = f"{language}.banned"
                expected = f"no word of what is required or claimed ({phrase!r})"
                raise InvalidInput(field, expected, banned.text, where=path.name)


def own_phrases(draft: StrategyDraft, language: str, kit: BrandKit | None) -> tuple[str, ...]:
    """What the brand answers for itself: phrases that it requires, and claims that it can prove."""
    section = kit.section(language) if kit else None
    if section is None:
        return ()
    return (*(one.phrase for one in section.required), *section.proven(last_day(draft)))


def brand_check(
    texts: Sequence[tuple[str, str]],
    values: Mapping[str, str],
    names: Sequence[str],
    draft: StrategyDraft,
    language: str,
    kit: BrandKit | None,
) -> Iterator[Check]:
    """The check of a draft's texts, told by their places, against the kit; none if it lacks the language.

    values: of the slots. names: may hold any words.
    """
    section = kit.section(language) if kit else None
    if section is None:
        return
    day = last_day(draft)
    found = [
        finding for place, text in texts for finding in unwanted(text, section, language, day, names, place)
    ]
    for place, channel in _messages(draft):
        said = " ".join(fill(text, values) for at, text in texts if at.startswith(f"{place}."))
        found += missing(said, section, channel, place) if said else []
    yield as_check(_RULE, found, "it keeps to the brand kit")


def _messages(draft: StrategyDraft) -> Iterator[tuple[str, str]]:
    yield "copy", draft.channel
    for n, follow_up in enumerate(draft.plan.follow_ups):
        yield f"plan.follow_ups.{n}.copy", follow_up.channel


def missing(said: str, section: BrandSection, channel: str, place: str = "") -> list[Finding]:
    """The phrases that a message by this channel, as the customer reads it, has to say and does not."""
    seen = plain(said)
    return [
        Finding(
            _RULE, "missing phrase", phrase, f"the brand kit requires it on {channel}", "add it", None, place
        )
        for phrase in section.required_on(channel)
        if not says(seen, phrase)
    ]


def unwanted(
    text: str,
    section: BrandSection,
    language: str,
    day: date | None,
    names: Iterable[str] = (),
    place: str = "",
) -> Iterator[Finding]:
    """Banned words, and claims of the kit that lack a proof on this day; names may hold any words."""
    masked = without(SLOT.sub(lambda found: MASK * len(found[0]), text), names)
    for one in sorted(_banned(masked, section, language), key=lambda one: one.at):
        yield Finding(
            _RULE, "banned word", one.text, "the brand kit bans it", "put it another way", one.at, place
        )
    unproven = {claim.phrase: claim for claim in section.claims if not claim.holds(day)}
    for one in found_in(masked, [(phrase, in_any_form(phrase, language)) for phrase in unproven]):
        claim = unproven[one.kind]
        why = f"its proof holds until {claim.until}" if claim.proof else "the brand kit has no proof of it"
        instead = "leave it out, or add a proof that holds to the brand kit"
        yield Finding(_RULE, "unproven claim", one.text, why, instead, one.at, place)


def _banned(text: str, section: BrandSection, language: str) -> Iterator[Figure]:
    return found_in(text, [(word, in_any_form(word, language)) for word in section.banned])
