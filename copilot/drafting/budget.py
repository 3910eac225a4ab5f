"""What one writer may spend on one brief, and what it has spent. Knows no model and no tool."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from copilot.errors import BudgetSpent
from copilot.settings import Price

__all__ = ["Budget"]

_ABSURD = 10_000_000  # tokens of one answer; no model holds that many


@dataclass
class Budget:
    """Limits and the running account. Every `take_` raises `BudgetSpent` instead of going over.

    Nobody knows what a request costs before it is answered. The first is expected to cost what its length
    says, and each further one what the last one did, as a conversation only grows; one that would go over
    by that is not begun.
    """

    model_calls: int
    tool_calls: int
    tokens: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    money: float | None = None
    used_model_calls: int = 0
    used_tool_calls: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    guessed_tokens: int = 0
    cost: float = 0.0
    began: float = field(init=False)
    _priced: bool = field(default=True, init=False)
    _last_tokens: int = field(default=0, init=False)
    _last_cost: float = field(default=0.0, init=False)

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

    def spent_money(self) -> float | None:
        """What it cost; None where nothing was asked, or where a price or a count is not known."""
        return self.cost if self.used_model_calls and self._priced and not self.guessed_tokens else None

    def take_model_call(self, length: int = 0, price: Price | None = None) -> None:
        """Before every request to the model, retries included.

        length: tokens of the request, as far as can be told from its text.
        """
        self._within("seconds", self.seconds, self.spent_seconds())
        self._within("model calls", self.model_calls, self.used_model_calls)
        self._within("tokens", self.tokens, self.spent_tokens(), self._last_tokens or length)
        if self.money is not None:
            least = price.of(length, 0, 0) if price else 0.0
            self._within("money", self.money, self.cost, self._last_cost or least)
        self.used_model_calls += 1

    def take_tool_call(self) -> None:
        """Before every tool call."""
        self._within("seconds", self.seconds, self.spent_seconds())
        self._within("tool calls", self.tool_calls, self.used_tool_calls)
        self.used_tool_calls += 1

    def count(
        self, sent: object, received: object, cached: object, *, guess: int, price: Price | None
    ) -> None:
        """Book what one answer cost.

        sent, received: tokens by the server's count; cached: those of `sent` it had read before.
        guess: tokens of both, for where that count is missing or absurd.
        """
        if not (_credible(sent) and _credible(received)):
            self.guessed_tokens += guess
            self._last_tokens = guess
            self._last_cost = price.of(0, 0, guess) if price else 0.0
            self.cost += self._last_cost
            return
        read, written = int(str(sent)), int(str(received))
        known = min(int(str(cached)), read) if _credible(cached) else 0
        self.input_tokens = (self.input_tokens or 0) + read
        self.output_tokens = (self.output_tokens or 0) + written
        self._last_tokens = read + written
        self._last_cost = price.of(read - known, known, written) if price else 0.0
        self.cost += self._last_cost
        self._priced = self._priced and price is not None

    def _within(self, limit: str, allowed: float, used: float, needed: float = 0) -> None:
        if used >= allowed or used + needed > allowed:
            raise BudgetSpent(limit, allowed, used, needed)


def _credible(count: object) -> bool:
    return isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= _ABSURD
