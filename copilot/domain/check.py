"""One rule, checked by code on one draft."""

from __future__ import annotations

from copilot.domain.noun import Noun

__all__ = ["Check"]


class Check(Noun):
    """One rule, checked by code on one draft."""

    rule: str
    passed: bool
    message: str
