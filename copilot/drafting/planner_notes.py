"""What a reader must know of the built-in planner's copy: what of the brief it heeds, what cost it drafts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import StrategyDraft
from copilot.domain.scored import ScoredDraft
from copilot.drafting.phrases import phrases_of
from copilot.drafting.tones import REGISTERS, register_of
from copilot.wording.brand import unwanted
from copilot.wording.seeing import plain, says

if TYPE_CHECKING:
    from copilot.deciding.case import Case

__all__ = ["banned_phrases", "fewer_note", "heeded_notes"]

_TRADITIONAL = re.compile(r"zh(?=.*-(?:tw|hk|mo|hant)\b)(?!.*-hans\b)", re.IGNORECASE)
_SHOWN, _LONGEST = 5, 60  # phrases, and characters of one


def heeded_notes(brief: CampaignBrief, author: str) -> Iterator[str]:
    """What of the brief's wishes for its words this author does not heed."""
    written = phrases_of(brief.language)[1]
    if brief.language.split("-")[0] != written:
        yield (
            f"The {author} writes English and simplified Chinese: its copy is in English, "
            f"{brief.language} was asked for."
        )
    elif _TRADITIONAL.match(brief.language):
        yield f"The {author} writes simplified Chinese; {brief.language} was asked for."
    if brief.tone.strip() and register_of(brief.tone) is None:
        known = f"{', '.join(REGISTERS[:-1])} and {REGISTERS[-1]}"
        yield f"The {author} knows the tones {known}; the brief's is none of them, its copy is as usual."
    if brief.notes.strip():
        yield f"The {author} does not read the brief's notes."


def banned_phrases(case: Case, scored: Iterable[ScoredDraft]) -> Counter[str]:
    """The phrases that drafts were refused for, of must_not_say and of the brand's banned words."""
    return Counter(phrase for one in scored if one.broken for phrase in set(_banned(case, one.draft)))


def _banned(case: Case, draft: StrategyDraft) -> Iterator[str]:
    brief, message = case.brief, case.message(draft)
    texts = [text for text in message.model_dump().values() if text]
    said = plain(" ".join(texts))
    yield from (phrase for phrase in brief.must_not_say if says(said, phrase))
    if section := case.facts.brand:
        found = (one for text in texts for one in unwanted(text, section, brief.language, None))
        yield from (one.words for one in found if one.kind == "banned word")


def fewer_note(brief: CampaignBrief, count: int, banned: Counter[str], author: str) -> str:
    """Why a report has fewer strategies than were asked for, where phrases took drafts; else empty."""
    if count >= brief.strategies or not banned:
        return ""
    told = ", ".join(f"{_short(phrase)!r} ({_drafts(times)})" for phrase, times in banned.most_common(_SHOWN))
    more = f" and {len(banned) - _SHOWN} more" if len(banned) > _SHOWN else ""
    return (
        f"{count} of {brief.strategies} strategies: drafts of the {author} were refused for what must not "
        f"be said: {told}{more}."
    )


def _short(phrase: str) -> str:
    return phrase if len(phrase) <= _LONGEST else f"{phrase[: _LONGEST - 1]}…"


def _drafts(times: int) -> str:
    return "1 draft" if times == 1 else f"{times} drafts"
