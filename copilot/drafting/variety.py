"""Whether the drafts of one set say different things, and what to tell the writer of one that does not.

The same offer by another channel may be told in the same words: there the channel is what differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Copy, StrategyDraft
from copilot.drafting.addressing import kind_of
from copilot.drafting.phrases import phrases_of
from copilot.wording.angles import Angle, angle_of
from copilot.wording.likeness import too_alike

__all__ = ["RULE", "said_before"]

RULE = "copy_variety"


def said_before(draft: StrategyDraft, others: Iterable[StrategyDraft], brief: CampaignBrief) -> str | None:
    """Which of the others says the same, and which angles are left; None if none does.

    Another version of the draft itself, by its id, is no other.
    """
    others = [one for one in others if one.draft_id != draft.draft_id]
    twin = next((one for one in others if _twins(draft, one, brief.language)), None)
    if twin is None:
        return None
    used = {angle_of(one.message, brief.language) for one in (draft, *others)}
    left = ", ".join(angle for angle in _open_to(draft, brief) if angle not in used)
    return (
        f"says the same as {twin.draft_id}; take another angle: {left or 'another benefit, in its own words'}"
    )


def _twins(one: StrategyDraft, other: StrategyDraft, language: str) -> bool:
    if not one.message.body.strip() or not other.message.body.strip():
        return False
    if one.channel != other.channel and one.offer == other.offer:
        return False
    return too_alike(one.message, other.message, phrases_of(language)[1])


def _open_to(draft: StrategyDraft, brief: CampaignBrief) -> Iterator[Angle]:
    """Angles that need nothing which this draft does not have."""
    yield "benefit"
    yield "question"
    if draft.offer.type != "none":
        yield "urgency"
    if kind_of(draft, brief):
        yield "personal"
    if any(angle_of(Copy(body=phrase), brief.language) == "social_proof" for phrase in brief.must_say):
        yield "social_proof"
