"""One line of scoring: a draft's forecast, or what is wrong with it."""

from __future__ import annotations

from copilot.domain.forecast import EffectForecast
from copilot.domain.noun import Noun
from copilot.domain.report import Check
from copilot.domain.why import Why
from copilot.errors import CopilotError, InvalidInput

__all__ = ["LineError", "ScoreLine"]


class LineError(Noun):
    """What is wrong with one line of input, and what was expected."""

    type: str
    field: str | None = None
    expected: str | None = None
    received: str | None = None
    message: str

    @classmethod
    def of(cls, error: CopilotError) -> LineError:
        """The error as data."""
        name = type(error).__name__
        if isinstance(error, InvalidInput):
            return cls(
                type=name,
                field=error.field,
                expected=error.expected,
                received=error.received,
                message=str(error),
            )
        return cls(type=name, message=str(error))


class ScoreLine(Noun):
    """The answer to one draft: a forecast or an error; `why` where it was asked for.

    broken: the rules of copy that its message breaks, and of a brief it was scored for; a forecast does not
        make it fit to be sent.
    """

    draft_id: str
    forecast: EffectForecast | None = None
    error: LineError | None = None
    why: Why | None = None
    broken: tuple[Check, ...] = ()
