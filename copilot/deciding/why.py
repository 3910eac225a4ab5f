"""Why a forecast is what it is: the levers of a draft, and the customers it depends on, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copilot.deciding.levers import levers, unit
from copilot.deciding.scoring import Scorer
from copilot.domain.draft import StrategyDraft
from copilot.domain.why import Driver, DriverGroup, Why

if TYPE_CHECKING:
    from copilot.deciding.scoring import FoundGroup

__all__ = ["why"]

WORDS = {"promoted_share": "share of spending in what is promoted"}


def why(scorer: Scorer, draft: StrategyDraft) -> Why:
    """Levers and drivers of a draft that reaches somebody."""
    found = scorer.drivers(draft)
    objective = scorer.brief.objective
    against = "" if objective == "clicks" else " against sending nothing"
    drivers = tuple(
        Driver(
            attribute=one.attribute,
            strength=one.strength,
            groups=tuple(
                DriverGroup(words=_words(one.attribute, group), share=group.share, mean=group.mean)
                for group in one.groups
            ),
        )
        for one in found.drivers
    )
    return Why(
        draft_id=draft.draft_id,
        objective=objective,
        unit=f"{unit(objective, scorer.shop.settings.currency)} a customer{against}",
        levers=levers(scorer, draft),
        drivers=drivers,
        fidelity=found.fidelity,
        note=found.note,
    )


def _words(attribute: str, group: FoundGroup) -> str:
    """`average_basket below 54.2`, `loyalty_tier gold or silver`."""
    name = WORDS.get(attribute, attribute)
    if group.unknown:
        return f"{name} not known"
    if group.others:
        return f"any other {name}"
    if group.levels:
        return f"{name} {' or '.join(group.levels)}"
    if group.low is None or group.high is None:
        return f"{name} below {group.high:g}" if group.low is None else f"{name} {group.low:g} or more"
    return f"{name} from {group.low:g}, below {group.high:g}"
