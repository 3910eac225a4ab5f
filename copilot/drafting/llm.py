"""Which language model answers, and the line to it: time limit, retries, one typed error, tokens, money.

The only place that builds a client. The client itself never retries; `connections` holds it to the deadline.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from copilot.drafting.budget import Budget
from copilot.drafting.connections import Connections
from copilot.drafting.faults import passing, require_usable, retry_after, typed
from copilot.drafting.record import Record
from copilot.drafting.stopping import Stop
from copilot.errors import BudgetSpent, Cancelled, ModelError, ModelMisconfigured, shorten
from copilot.settings import Price, Settings

if TYPE_CHECKING:
    from langchain.messages import AIMessage
    from langchain_core.messages import BaseMessage
    from tenacity import RetryCallState

__all__ = ["Line", "LocalLine", "Server", "ServerLine", "connect"]

_OPENAI = "https://api.openai.com/v1"
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 8.0
_SHARE = 0.5  # of the time left that a model may be silent for while another one stands by


class Line(Protocol):
    """How a writer is asked. `answered_by` is the name that the last answer carried."""

    answered_by: str

    def ask(self, messages: Sequence[BaseMessage], budget: Budget) -> AIMessage: ...


class LocalLine:
    """The line to a writer in this process: nothing to retry, nothing to wait for."""

    def __init__(
        self, ask: Callable[[list[BaseMessage]], AIMessage], name: str, record: Record | None = None
    ) -> None:
        self.answered_by = name
        self._ask = ask
        self._record = record or Record()

    def ask(self, messages: Sequence[BaseMessage], budget: Budget) -> AIMessage:
        """Count the call and make it."""
        budget.take_model_call()
        answer = self._ask(list(messages))
        self._record.answered(answer, budget)
        return answer


@dataclass(frozen=True)
class Server:
    """A model behind HTTP.

    ask: messages and the seconds that a read may take -> its answer. overhead: characters of a request that
    are not in its messages, the tools.
    """

    name: str
    ask: Callable[[list[BaseMessage], float], AIMessage]
    secret: str
    connections: Connections
    price: Callable[[str], Price | None]
    attempts: int = 4
    overhead: int = 0


class ServerLine:
    """The line to a model behind HTTP, and to the one that goes on where it fails."""

    def __init__(
        self,
        servers: Sequence[Server],
        stop: Stop,
        record: Record | None = None,
        on_change: Callable[[str, ModelError], None] | None = None,
    ) -> None:
        """`failures`: models that were given up, and why; the last one is never among them.

        on_change: is told which model goes on, and why the one before does not.
        """
        self.answered_by = servers[0].name
        self.failures: list[tuple[str, ModelError]] = []
        self._servers = list(servers)
        self._stop = stop
        self._record = record or Record()
        self._on_change = on_change

    def ask(self, messages: Sequence[BaseMessage], budget: Budget) -> AIMessage:
        """One usable answer within the budget.

        Raises:
            ModelError: typed; the exception it came from is not chained, it holds the request and its key.
            Cancelled: the run was ended from outside.
        """
        while True:
            server, spare = self._servers[0], len(self._servers) > 1
            answer = self._answer(server, messages, budget, _SHARE if spare else 1.0)
            if not isinstance(answer, ModelError):
                return answer
            self._record.failed(answer, server.name, budget)
            if not spare or isinstance(answer, BudgetSpent):
                raise answer
            self.failures.append((server.name, answer))
            self._servers.pop(0).connections.close()
            self.answered_by = self._servers[0].name
            if self._on_change:
                self._on_change(self.answered_by, answer)

    def _answer(
        self, server: Server, messages: Sequence[BaseMessage], budget: Budget, share: float
    ) -> AIMessage | ModelError:
        price, length = server.price(self.answered_by), _length(messages, server)
        if budget.money is not None and price is None:
            return ModelMisconfigured(
                f"COPILOT_MONEY is set and the price of {self.answered_by} is not known: set COPILOT_PRICES",
                cause="price",
            )
        until = budget.spent_seconds() + share * budget.left_seconds()

        def left() -> float:
            return max(until - budget.spent_seconds(), 0.001)

        def once() -> AIMessage:
            self._stop.check()
            budget.take_model_call(length, price)
            return server.connections.in_time(lambda: server.ask(list(messages), left()), left())

        try:
            answer = _retrying(server.attempts, left, self._stop)(once)
        except Cancelled:
            raise
        except Exception as error:
            return typed(error, secret=server.secret)
        for place, call in enumerate(answer.tool_calls):
            # Some servers leave the ids out; answers are told apart by them.
            call["id"] = call["id"] or f"call-{len(messages)}-{place}"
        return self._booked(server, answer, budget, length)

    def _booked(
        self, server: Server, answer: AIMessage, budget: Budget, length: int
    ) -> AIMessage | ModelError:
        name = answer.response_metadata.get("model_name")
        if isinstance(name, str) and name.isprintable() and 0 < len(name) <= 200:
            self.answered_by = name
        usage: Mapping[str, Any] = answer.usage_metadata or {}
        details = usage.get("input_token_details")
        budget.count(
            usage.get("input_tokens"),
            usage.get("output_tokens"),
            details.get("cache_read") if isinstance(details, Mapping) else None,
            length=length,
            answer=_tokens(str(answer.content) + str(answer.tool_calls)),
            price=server.price(self.answered_by),
        )
        self._record.answered(answer, budget)
        try:
            require_usable(answer)
        except ModelError as error:
            self._record.refused()
            return error
        return answer

    def close(self) -> None:
        """Close the connections."""
        for server in self._servers:
            server.connections.close()


def connect(
    settings: Settings,
    tools: list[dict[str, Any]],
    stop: Stop,
    record: Record | None = None,
    on_change: Callable[[str, ModelError], None] | None = None,
) -> ServerLine:
    """The line to the model that the settings name, with its tools. `openai_api_key` must be set."""
    key, address = settings.openai_api_key, _checked(settings.openai_base_url or _OPENAI)
    other, elsewhere = settings.fallback_api_key or key, settings.fallback_base_url
    elsewhere = _checked(elsewhere, "COPILOT_FALLBACK_BASE_URL") if elsewhere else address
    servers = [_server(settings, settings.model, key, address, tools, stop)]
    if settings.fallback_model:
        servers.append(_server(settings, settings.fallback_model, other, elsewhere, tools, stop))
    return ServerLine(servers, stop, record, on_change)


def _server(
    settings: Settings,
    name: str,
    key: SecretStr | None,
    address: str,
    tools: list[dict[str, Any]],
    stop: Stop,
) -> Server:
    from copilot.drafting.chat_model import chat_model

    secret = key.get_secret_value() if key else ""
    if not (secret.isascii() and secret.isprintable()):
        told = f"the key for {name} holds a character that no key has; copy it again into OPENAI_API_KEY"
        raise ModelMisconfigured(told, cause="key")
    connections = Connections(address, stop)
    model = chat_model(name, secret, address, connections.client, settings.reasoning_effort)
    return Server(
        name=name,
        ask=lambda messages, seconds: model.answer(messages, tools, seconds),
        secret=secret,
        connections=connections,
        # Whoever gave a price to the name a model is asked by meant what answers, whatever it calls itself.
        price=lambda answered: settings.price_of(answered) or settings.prices.get(name),
        attempts=settings.model_attempts,
        overhead=len(str(tools)),
    )


def _checked(address: str, setting: str = "OPENAI_BASE_URL") -> str:
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits:
        told = f"{shorten(address)} is no address of a server: set {setting} to one that begins with"
        raise ModelMisconfigured(f"{told} http:// or https:// and ends in /v1 for most", cause="address")
    return address


def _retrying(attempts: int, left: Callable[[], float], stop: Stop) -> Any:
    import tenacity

    enough = tenacity.stop_after_attempt(attempts)
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(passing),
        wait=_wait,
        stop=lambda state: enough(state) or state.upcoming_sleep >= left(),
        sleep=stop.sleep,
        reraise=True,
    )


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = retry_after(error)
    if asked is not None:
        return asked
    doubled = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (state.attempt_number - 1))
    return float(doubled * random.uniform(0.5, 1.0))


def _length(messages: Sequence[BaseMessage], server: Server) -> int:
    return sum(map(_tokens, _texts(messages))) + server.overhead // 3


def _texts(messages: Sequence[BaseMessage]) -> Iterator[str]:
    for message in messages:
        yield str(message.content)
        yield from (str(call["args"]) for call in getattr(message, "tool_calls", ()))


def _tokens(text: str) -> int:
    # Three bytes a token: a little much for English, about right for Chinese.
    return len(text.encode("utf-8", "replace")) // 3
