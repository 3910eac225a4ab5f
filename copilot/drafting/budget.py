"""What one writer may spend on one brief, and what it has spent. Knows no model and no tool."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from copilot.errors import BudgetSpent

__all__ = ["Budget"]

_ABSURD = 10_000_000  # tokens of one answer; no model holds that many


@dataclass
class Budget:
    """Limits and the running account. Every `take_` raises `BudgetSpent` instead of going over."""

    model_calls: int
    tool_calls: int
    tokens: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    used_model_calls: int = 0
    used_tool_calls: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    guessed_tokens: int = 0
    began: float = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def spent_seconds(self) -> float:
        """Seconds since the writer began."""
        return self.clock() - self.began

    def left_seconds(self) -> float:
        """Seconds left; never negative."""
        return max(0.0, self.seconds - self.spent_seconds())

    def spent_tokens(self) -> int:
        """Tokens counted by the server, or guessed where it did not say."""
        return (self.input_tokens or 0) + (self.output_tokens or 0) + self.guessed_tokens

    def take_model_call(self) -> None:
        """Before every request to the model, retries included."""
        with self._lock:
            self._within("seconds", self.seconds, self.spent_seconds())
            self._within("tokens", self.tokens, self.spent_tokens())
            self._within("model calls", self.model_calls, self.used_model_calls)
            self.used_model_calls += 1

    def take_tool_call(self) -> None:
        """Before every tool call."""
        with self._lock:
            self._within("seconds", self.seconds, self.spent_seconds())
            self._within("tool calls", self.tool_calls, self.used_tool_calls)
            self.used_tool_calls += 1

    def count_tokens(self, sent: object, received: object, *, guess: int) -> None:
        """Book what one answer cost; `guess` where the server's count is missing or absurd."""
        with self._lock:
            if not (_credible(sent) and _credible(received)):
                self.guessed_tokens += guess
                return
            self.input_tokens = (self.input_tokens or 0) + int(str(sent))
            self.output_tokens = (self.output_tokens or 0) + int(str(received))

    def _within(self, limit: str, allowed: float, used: float) -> None:
        if used >= allowed:
            raise BudgetSpent(limit, allowed, used)


def _credible(count: object) -> bool:
    return isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= _ABSURD
