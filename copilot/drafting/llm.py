"""Which language model answers, and the line to it: time limit, retries, one typed error, tokens.

The only place that builds a client. The client itself never retries, and its `timeout` is per read: a server
that drips bytes never trips it, so every request runs in a thread that is left behind when time is up.
"""

from __future__ import annotations

import contextvars
import queue
import ssl
import threading
import time
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import SecretStr

from copilot.drafting.budget import Budget
from copilot.drafting.faults import TooLate, passing, require_usable, retry_after, typed
from copilot.errors import ModelError
from copilot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from tenacity import RetryCallState

__all__ = ["Line", "LocalLine", "ServerLine", "connect"]

_OPENAI = "https://api.openai.com/v1"
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 8.0

Ask = Callable[[float], "AIMessage"]


class Line(Protocol):
    """How a model is asked. `answered_by` is the model id that the last answer carried."""

    answered_by: str | None

    def per_call(self, timeout: float) -> dict[str, Any]: ...
    def ask(self, call: Ask, budget: Budget, sent: Callable[[], int]) -> AIMessage: ...
    def close(self) -> None: ...


class LocalLine:
    """The line to a model in this process: nothing to retry, nothing to wait for."""

    answered_by: str | None = None

    def per_call(self, timeout: float) -> dict[str, Any]:
        """Nothing to set per call."""
        return {}

    def ask(self, call: Ask, budget: Budget, sent: Callable[[], int]) -> AIMessage:
        """Count the call and make it."""
        budget.take_model_call()
        return call(budget.left_seconds())

    def close(self) -> None:
        """Nothing to let go."""


class ServerLine:
    """The line to a model behind HTTP."""

    def __init__(
        self,
        *,
        attempts: int,
        secret: str,
        close: Callable[[], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.answered_by: str | None = None
        self._attempts = attempts
        self._secret = secret
        self._close = close
        self._sleep = sleep

    def per_call(self, timeout: float) -> dict[str, Any]:
        """Arguments of one request: what is left of the deadline."""
        return {"timeout": max(timeout, 0.001)}

    def ask(self, call: Ask, budget: Budget, sent: Callable[[], int]) -> AIMessage:
        """One usable answer within the budget.

        sent: characters of the request, asked for only where the server does not count tokens.

        Raises:
            ModelError: typed; the exception it came from is not chained, it holds the request and its key.
        """
        failure: ModelError
        try:
            message: AIMessage = self._retrying(budget)(self._once, call, budget)
        except Exception as error:
            failure = typed(error, secret=self._secret)
        else:
            self._book(message, budget, sent)
            _name_calls(message)
            require_usable(message)
            return message
        raise failure

    def close(self) -> None:
        """Close the connections; a request left behind ends with its next byte."""
        self._close()

    def _once(self, call: Ask, budget: Budget) -> AIMessage:
        budget.take_model_call()
        left = budget.left_seconds()
        try:
            return _in_time(lambda: call(left), left)
        except TooLate:
            self._close()
            raise

    def _retrying(self, budget: Budget) -> Any:
        import tenacity

        attempts = tenacity.stop_after_attempt(self._attempts)

        def too_long(state: RetryCallState) -> bool:
            return state.upcoming_sleep >= budget.left_seconds()

        return tenacity.Retrying(
            retry=tenacity.retry_if_exception(passing),
            wait=_wait,
            stop=lambda state: attempts(state) or too_long(state),
            sleep=self._sleep,
            reraise=True,
        )

    def _book(self, message: AIMessage, budget: Budget, sent: Callable[[], int]) -> None:
        name = message.response_metadata.get("model_name")
        if isinstance(name, str) and name.isprintable() and 0 < len(name) <= 200:
            self.answered_by = name
        usage: Any = message.usage_metadata or {}
        guess = 0 if usage else _guess(sent() + len(str(message.content)) + len(str(message.tool_calls)))
        budget.count_tokens(usage.get("input_tokens"), usage.get("output_tokens"), guess=guess)


def connect(settings: Settings) -> tuple[BaseChatModel, ServerLine]:
    """The language model the settings name, and the line to ask it through. `openai_api_key` must be set."""
    import openai
    from langchain_openai import ChatOpenAI

    secret = settings.openai_api_key.get_secret_value().strip() if settings.openai_api_key else ""
    address = settings.openai_base_url or _OPENAI
    # Redirects are not followed: they would carry the brief to an address nobody configured.
    client = openai.DefaultHttpxClient(follow_redirects=False, verify=_tls(address.startswith("https")))
    model = ChatOpenAI(
        model=settings.model,
        api_key=SecretStr(secret),
        base_url=address,
        http_client=client,
        timeout=settings.deadline_seconds,
        max_retries=0,
        openai_proxy=None,  # the client above heeds the usual proxy variables; two ways would collide
        use_responses_api=False,
        stream_usage=True,
        reasoning_effort=settings.reasoning_effort,
    )
    return model, ServerLine(attempts=settings.model_attempts, secret=secret, close=client.close)


@lru_cache(maxsize=2)
def _tls(needed: bool) -> ssl.SSLContext:
    # Reading the certificates takes 40 ms: once per process, and not at all for a server on plain HTTP.
    if not needed:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _in_time(call: Callable[[], AIMessage], seconds: float) -> AIMessage:
    answers: queue.SimpleQueue[tuple[AIMessage | None, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put((call(), None))
        except BaseException as error:
            answers.put((None, error))

    # A daemon: an answer that never ends must not keep the process from ending.
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work,), name="copilot-model", daemon=True).start()
    try:
        message, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise TooLate from None
    if error is not None:
        raise error
    assert message is not None
    return message


def _wait(state: RetryCallState) -> float:
    import random

    error = state.outcome.exception() if state.outcome else None
    asked = retry_after(error)
    if asked is not None:
        return asked
    doubled = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (state.attempt_number - 1))
    return float(doubled * random.uniform(0.5, 1.0))


def _name_calls(message: AIMessage) -> None:
    # Some servers leave the ids out; answers are told apart by them.
    for call in message.tool_calls:
        call["id"] = call["id"] or f"call-{uuid.uuid4().hex[:12]}"


def _guess(characters: int) -> int:
    return characters // 3
