"""Advice that is not a refusal: it stands in the message of a check that is passed, behind what fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from copilot.domain.check import Check

__all__ = ["advice", "advised"]

_ADVISING = ("copy_channel", "copy_language", "copy_price_law")
_SHOWN = 3


def advised(rule: str, faults: Sequence[str], fits: str, told: Sequence[str] = ()) -> Check:
    """A check that fails by its faults; where it has none, what fits and then what is `told`."""
    more = f" (and {len(faults) - _SHOWN} more)" if len(faults) > _SHOWN else ""
    message = "; ".join(faults[:_SHOWN]) + more if faults else "; ".join((fits, *told))
    return Check(rule=rule, passed=not faults, message=message)


def advice(checks: Iterable[Check]) -> str:
    """What copy that breaks no rule is better told of; empty where there is nothing to say."""
    told = [one.message.partition("; ")[2] for one in checks if one.passed and one.rule in _ADVISING]
    return "; ".join(filter(None, told))
