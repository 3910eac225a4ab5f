"""What one writer may spend on one brief, and what it has spent. Knows no model and no tool."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from copilot.errors import BudgetSpent
from copilot.settings import Price

__all__ = ["Budget"]

_ADDED = 10_000  # tokens that a server may add to what it was sent
_THOUGHTS = 100_000  # tokens of an answer, by length, that need not show in its text: a model may think


@dataclass
class Budget:
    """Limits and the running account. Every `take_` raises `BudgetSpent` instead of going over.

    Nobody knows what a request takes before it is answered. The first is expected to take what its length
    says, each further one as much by its length as the last one did, and the same answer; one that would go
    over by that is not begun.
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
    _per_length: float = field(default=1.0, init=False)  # tokens counted of a token by length
    _last_answer: int = field(default=0, init=False)  # tokens

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
        counted = self.input_tokens is not None and not self.guessed_tokens
        return self.cost if counted and self._priced else None

    def take_model_call(self, length: int = 0, price: Price | None = None) -> None:
        """Before every request to the model, retries included.

        length: tokens of the request, as far as can be told from its text.
        """
        self._within("seconds", self.seconds, self.spent_seconds())
        self._within("model calls", self.model_calls, self.used_model_calls)
        read = math.ceil(length * self._per_length)
        self._within("tokens", self.tokens, self.spent_tokens(), read + self._last_answer)
        if self.money is not None and price is not None:
            self._within("money", self.money, self.cost, price.of(read, 0, self._last_answer))
        self.used_model_calls += 1

    def take_tool_call(self) -> None:
        """Before every tool call."""
        self._within("seconds", self.seconds, self.spent_seconds())
        self._within("tool calls", self.tool_calls, self.used_tool_calls)
        self.used_tool_calls += 1

    def count(
        self,
        sent: object,
        received: object,
        cached: object = None,
        *,
        length: int,
        answer: int,
        price: Price | None = None,
    ) -> None:
        """Book what one answer took.

        sent, received: tokens by the server's count; cached: those of `sent` it had read before.
        length, answer: tokens of both by their text, for where that count is missing or absurd.
        """
        if not (sent and _credible(sent, length) and _credible(received, _THOUGHTS)):
            self.guessed_tokens += length + answer
            self.cost += price.of(length, 0, answer) if price else 0.0
            self._per_length, self._last_answer = 1.0, answer
            return
        read, written = int(str(sent)), int(str(received))
        known = min(int(str(cached)), read) if _credible(cached, length) else 0
        self.input_tokens = (self.input_tokens or 0) + read
        self.output_tokens = (self.output_tokens or 0) + written
        self.cost += price.of(read - known, known, written) if price else 0.0
        self._priced = self._priced and price is not None
        self._per_length, self._last_answer = read / max(length, 1), written

    def _within(self, limit: str, allowed: float, used: float, needed: float = 0) -> None:
        if used >= allowed or used + needed > allowed:
            raise BudgetSpent(limit, allowed, used, needed)


def _credible(count: object, length: int) -> bool:
    # A token is a byte at the least, and `length` counts three to one; servers add some of their own.
    most = 3 * length + _ADDED
    return isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= most
