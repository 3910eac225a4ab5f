"""How far a text is beyond what its channel shows whole: measured as its reader gets it, slots filled.

The lengths are those of `copilot.wording.limits`; a text may be longer than these and still be allowed.
"""

from __future__ import annotations

from collections.abc import Mapping

from copilot.domain.draft import Copy
from copilot.wording.counting import length
from copilot.wording.limits import channel_rules
from copilot.wording.slots import fill
from copilot.wording.sms import segments

__all__ = ["Room"]

_FIELDS = ("subject", "preheader", "body", "call_to_action")


class Room:
    """What one channel shows of texts whose slots have these values."""

    def __init__(self, channel: str, values: Mapping[str, str]) -> None:
        rules = channel_rules()[channel]
        self._aims = {name: aim for name in _FIELDS if (aim := rules.aim(name))}
        self._values = values

    def excess(self, field: str, text: str) -> int:
        """By how much a text is longer than is shown whole, in characters or, of an SMS, in units."""
        aim = self._aims.get(field)
        if aim is None or aim.advised is None:
            return 0
        shown = fill(text, self._values)
        if aim.unit == "segments":
            needs = segments(shown)
            return 0 if needs.count <= aim.advised else needs.units
        return max(length(shown, wide=aim.wide) - aim.advised, 0)

    def excess_of(self, copy: Copy) -> int:
        """The same of all that a message says."""
        return sum(self.excess(name, getattr(copy, name)) for name in self._aims)
