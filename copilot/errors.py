"""Every error of the copilot, grouped by who can put it right.

    CopilotError
    ├── CallerError              the person or program that called can fix it
    │   ├── InvalidInput         a field of a brief, draft, file or option is wrong
    │   │   └── UnknownHeaders   a shop export has other column names: proposes a map
    │   ├── UnknownName          an id, attribute or column that does not exist here
    │   ├── MissingData          a file or table is needed that was never ingested
    │   ├── CannotTrain          past campaigns cannot support a predictor
    │   ├── NotTrained           no predictor yet in this store: run `copilot train`
    │   └── Cancelled            the caller ended the run; nothing was saved
    ├── ModelError               the language model or the road to it failed
    │   ├── ModelUnavailable     refused, timed out, overloaded, unreachable
    │   ├── ModelMisconfigured   key, address or model name is wrong: says what to set
    │   ├── ModelMisbehaved      an answer came that cannot be used
    │   └── BudgetSpent          calls, tool calls, tokens, money or seconds ran out
    └── InstallationError        the machine or an installed part is at fault
        ├── StoreUnavailable     the database cannot be opened, read or migrated
        ├── DamagedPredictor     a saved predictor fails its checksum or schema
        └── MissingExtra         an optional package is not installed

Messages say what was expected, what came, and what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "BudgetSpent",
    "CallerError",
    "Cancelled",
    "CannotTrain",
    "CopilotError",
    "DamagedPredictor",
    "InstallationError",
    "InvalidInput",
    "MissingData",
    "MissingExtra",
    "ModelError",
    "ModelMisbehaved",
    "ModelMisconfigured",
    "ModelUnavailable",
    "NotTrained",
    "StoreUnavailable",
    "UnknownHeaders",
    "UnknownName",
]


class CopilotError(Exception):
    """Root of every error this package raises on purpose."""


class CallerError(CopilotError):
    """The caller can put this right."""


class InvalidInput(CallerError):
    """A value that cannot be used: which field, what was expected, what came."""

    def __init__(self, field: str, expected: str, received: object, *, where: str = "") -> None:
        self.field = field
        self.expected = expected
        self.received = shorten(received)
        self.where = where
        place = f"{where}: " if where else ""
        super().__init__(f"{place}{field}: expected {expected}, received {self.received}")


class UnknownHeaders(InvalidInput):
    """Columns of a shop export that are not called as documented. `proposal` is a map to save and edit."""

    def __init__(
        self, field: str, expected: str, received: object, proposal: str, *, where: str = ""
    ) -> None:
        super().__init__(field, expected, received, where=where)
        self.proposal = proposal
        self.args = (
            f"{self}. Save this as map.yaml, correct it, and pass it with --map map.yaml:\n\n{proposal}",
        )


class UnknownName(CallerError):
    """An id, attribute or column that does not exist here."""

    def __init__(self, kind: str, name: str, known: Sequence[str] = (), *, hint: str = "") -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(known)
        near = f"; known: {', '.join(self.known[:12])}" if self.known else ""
        super().__init__(f"unknown {kind} {shorten(name)}{near}{'. ' + hint if hint else ''}")


class MissingData(CallerError):
    """A file or table is needed that was never ingested."""

    def __init__(self, what: str, needed_for: str) -> None:
        self.what = what
        self.needed_for = needed_for
        super().__init__(f"{needed_for} needs {what}; load a shop export that has it with `copilot ingest`")


class CannotTrain(CallerError):
    """The past campaigns cannot support a predictor; the message says what is missing."""


class NotTrained(CallerError):
    """This store holds no trained predictor."""

    def __init__(self) -> None:
        super().__init__("no trained predictor in this store; run `copilot train` first")


class Cancelled(CallerError):
    """The caller ended the run before it was done; nothing was saved."""

    def __init__(self) -> None:
        super().__init__("the run was cancelled before it was done; nothing was saved")


class ModelError(CopilotError):
    """The language model, or the road to it, failed. The planner can still finish."""

    def __init__(self, message: str, *, cause: str = "") -> None:
        self.cause = cause
        super().__init__(message)


class ModelUnavailable(ModelError):
    """Refused, timed out, overloaded or unreachable after the allowed retries."""


class ModelMisconfigured(ModelError):
    """Key, address or model name is wrong; the message says which setting to change."""


class ModelMisbehaved(ModelError):
    """An answer came that cannot be used: empty, cut off, refused, not what was asked."""


class BudgetSpent(ModelError):
    """A limit of the brief was reached: calls, tool calls, tokens, money or seconds."""

    def __init__(self, limit: str, allowed: float, used: float, needed: float = 0) -> None:
        self.limit = limit
        self.allowed = allowed
        self.used = used
        self.needed = needed
        told = f"the budget of {limit} is spent: {_amount(used)} of {_amount(allowed)}"
        if used < allowed:
            told += f", and the next request takes about {_amount(needed)}"
        told += f"; {_SETTINGS[limit]} sets it" if limit in _SETTINGS else ""
        super().__init__(told, cause="budget")


class InstallationError(CopilotError):
    """The machine, or something installed on it, is at fault."""


class StoreUnavailable(InstallationError):
    """The database cannot be opened, read or migrated."""


class DamagedPredictor(InstallationError):
    """A saved predictor fails its checksum or has another schema; train again."""


class MissingExtra(InstallationError):
    """An optional package is not installed."""

    def __init__(self, extra: str, needed_for: str) -> None:
        self.extra = extra
        super().__init__(f"{needed_for} needs an extra: pip install 'strategy-copilot[{extra}]'")


_SETTINGS = {
    "model calls": "COPILOT_MODEL_CALLS",
    "money": "COPILOT_MONEY",
    "seconds": "COPILOT_DEADLINE_SECONDS",
    "tokens": "COPILOT_TOKENS",
    "tool calls": "COPILOT_TOOL_CALLS",
}


def _amount(value: float) -> str:
    return f"{value:.0f}" if value >= 10_000 else f"{value:.4g}"


def shorten(value: object, limit: int = 80) -> str:
    """A value as text for a message, cut so that no input floods it."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 256:
        return f"an integer of about {int(value.bit_length() * 0.30103)} digits"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
