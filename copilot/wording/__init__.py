"""What may be said: copy with slots, filled from the offer and held against it."""

from copilot.wording.copylock import check_copy, render, supported_sentences
from copilot.wording.grounds import Grounds
from copilot.wording.slots import SLOTS, last_day

__all__ = ["SLOTS", "Grounds", "check_copy", "last_day", "render", "supported_sentences"]
