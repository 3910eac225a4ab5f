"""What can go wrong between us and a model, turned into one typed error each. Knows no tool and no draft.

Upstream text is quoted only shortened and with every secret taken out.
"""

from __future__ import annotations

import email.utils
import json
import math
import re
import ssl
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pydantic

from copilot.drafting.connections import TooLate, TooMuch
from copilot.errors import ModelError, ModelMisbehaved, ModelMisconfigured, ModelUnavailable, shorten

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

__all__ = ["passing", "require_usable", "retry_after", "scrub", "typed"]

_KEY = re.compile(r"\b(?:sk-|Bearer\s+)[\w*.-]{4,}")
_BROKEN_OFF = frozenset(("ReadError", "RemoteProtocolError", "WriteError", "DecodingError"))
_CUT = {
    "length": "was cut off by the model's length limit",
    "content_filter": "was stopped by a content filter",
}
_LONG_WAIT = 3_000_000.0  # seconds; beyond it a wait is told in days
_NAMED = 3  # tools named in one message
_LONGEST = 500_000  # characters of one answer; twenty strategies need a tenth


def passing(error: BaseException) -> bool:
    """Whether the same request may succeed a moment later."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return False  # the timeout is what is left of the deadline: there is no later
    if isinstance(error, openai.APIConnectionError):
        return not _untrusted(error)
    if not isinstance(error, openai.APIStatusError):
        return False
    return (error.status_code in (408, 409, 429) or error.status_code >= 500) and not _out_of_quota(error)


def retry_after(error: BaseException | None) -> float | None:
    """Seconds the server asks us to wait, if it says so in a way that can be read."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    if headers is None:
        return None
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    try:
        when = email.utils.parsedate_to_datetime(headers.get("retry-after", ""))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return max(0.0, when.timestamp() - time.time())


def typed(error: BaseException, *, secret: str = "") -> ModelError:
    """The one typed error for whatever came up while asking a model."""
    import openai

    if isinstance(error, ModelError):
        return error
    if isinstance(error, TooLate | openai.APITimeoutError):
        return ModelUnavailable("the language model gave no complete answer in time", cause="timeout")
    if isinstance(error, openai.APIStatusError):
        return _refused(error, secret)
    if isinstance(error, TooMuch):
        told = "the language model's answer is far longer than any, or packed, which nobody asked for"
        return ModelMisbehaved(told, cause="size")
    if _untrusted(error):
        told = (
            "the certificate of the language model's server is not trusted; name the file that holds it, or "
        )
        return ModelMisconfigured(f"{told}the one of your company, in SSL_CERT_FILE", cause="certificate")
    if isinstance(error, openai.APIConnectionError) and type(error.__cause__).__name__ in _BROKEN_OFF:
        told = "the language model's server broke the connection off before its answer was complete"
        return ModelUnavailable(told, cause="connection")
    if isinstance(error, openai.APIConnectionError):
        told = "the language model's server cannot be reached; check OPENAI_BASE_URL and the network"
        return ModelUnavailable(told, cause="connection")
    if isinstance(error, pydantic.ValidationError):
        told = "the language model's answer has parts of the wrong type, say arguments that are no object"
        return ModelMisbehaved(told, cause="wrong type")
    # Bare JSON, key, type, index and validation errors: LangChain meeting a body that is no chat completion.
    told = f"the language model's server sent something that is no chat completion ({type(error).__name__})"
    return ModelMisbehaved(
        f"{told}; check that OPENAI_BASE_URL is right, most end in /v1", cause="wrong shape"
    )


def scrub(text: str, secret: str = "") -> str:
    """Text from upstream made safe to show: one short line, no key in it."""
    if secret:
        text = text.replace(secret, "***")
    return shorten(" ".join(_KEY.sub("***", text).split()), 200)


def require_usable(message: AIMessage) -> None:
    """Refuse an answer that is empty, refused, cut off or ambiguous: none of its tools may run.

    Raises:
        ModelMisbehaved: says what is wrong with it.
    """
    reason = message.response_metadata.get("finish_reason")
    if reason in _CUT:
        raise ModelMisbehaved(f"the language model's answer {_CUT[reason]}", cause=str(reason))
    if message.additional_kwargs.get("refusal"):
        raise ModelMisbehaved("the language model refused to answer", cause="refusal")
    if not isinstance(reason, str) or not reason:
        raise ModelMisbehaved("the language model's answer is cut off: it has no finish_reason", cause="cut")
    if message.invalid_tool_calls:
        told = _names([call.get("name") for call in message.invalid_tool_calls])
        raise ModelMisbehaved(
            f"the language model called {told} with arguments that are no JSON", cause="arguments"
        )
    if not _whole(message):
        raise ModelMisbehaved("the language model's answer holds half a character", cause="encoding")
    ids = [call["id"] for call in message.tool_calls]
    if len(set(ids)) < len(ids):
        raise ModelMisbehaved(
            "the language model gave two tool calls the same id; none was run", cause="duplicate ids"
        )
    if not message.tool_calls and not str(message.text).strip():
        raise ModelMisbehaved("the language model's answer is empty", cause="empty")
    size = len(str(message.content)) + sum(len(str(call)) for call in message.tool_calls)
    if size > _LONGEST:
        raise ModelMisbehaved(
            f"the language model's answer is {size} characters long; at most {_LONGEST}", cause="size"
        )


def _untrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _whole(message: AIMessage) -> bool:
    # A lone surrogate can be read but never be sent back: the next request would fail.
    try:
        json.dumps([message.content, message.tool_calls], ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _names(called: Sequence[object]) -> str:
    # A name is the model's text: quoted, so that half a character or an escape sequence in it does no harm.
    more = f" and {len(called) - _NAMED} more" if len(called) > _NAMED else ""
    return ", ".join(scrub(str(name)) for name in called[:_NAMED]) + more


def _refused(error: Any, secret: str) -> ModelError:
    status, said = error.status_code, _said(error, secret)
    if status == 401:
        return ModelMisconfigured(
            f"the language model's server refused the key (401{said}); set OPENAI_API_KEY", cause="401"
        )
    if status == 403:
        told = f"this key may not use this model (403{said}); set COPILOT_MODEL or another OPENAI_API_KEY"
        return ModelMisconfigured(told, cause="403")
    if status == 404:
        told = (
            f"unknown model or address (404{said}); set COPILOT_MODEL and OPENAI_BASE_URL (most end in /v1)"
        )
        return ModelMisconfigured(told, cause="404")
    if status == 402 or _out_of_quota(error):
        told = f"the quota of this key is used up{said}; top it up or set another OPENAI_API_KEY"
        return ModelMisconfigured(told, cause="insufficient_quota")
    if error.code == "content_filter":
        told = f"a content filter of the language model's server stopped the request ({status}{said})"
        return ModelMisbehaved(told, cause="content_filter")
    if 300 <= status < 400:
        told = f"the language model's server redirects ({status}); set OPENAI_BASE_URL to its final address"
        return ModelMisconfigured(told, cause="redirect")
    if status in (400, 405, 410, 413, 415, 422):
        told = f"the language model's server does not take the request ({status}{said})"
        advice = "set COPILOT_MODEL to a model that can call tools"
        if "reasoning_effort" in said:
            advice = "set COPILOT_REASONING_EFFORT=none, or COPILOT_MODEL to another model"
        return ModelMisconfigured(f"{told}; {advice}", cause=str(status))
    wait = retry_after(error)
    asks = f", asks to wait {_duration(wait)}" if wait is not None else ""
    return ModelUnavailable(
        f"the language model's server is busy or broken ({status}{said}{asks})", cause=str(status)
    )


def _duration(seconds: float) -> str:
    # Any number can stand in a header, and 1e300 has three hundred digits.
    return f"{seconds:.0f} s" if seconds < _LONG_WAIT else f"{seconds / 86_400:.3g} days"


def _out_of_quota(error: Any) -> bool:
    body = error.body if isinstance(error.body, Mapping) else {}
    return "insufficient_quota" in (error.code, error.type, body.get("code"), body.get("type"))


def _said(error: Any, secret: str) -> str:
    # OpenAI's shape, FastAPI's, or a bare text as Ollama has it; a page of HTML tells nothing.
    body = error.body
    message = body.get("message") or body.get("detail") if isinstance(body, Mapping) else body
    if not isinstance(message, str) or not message.strip() or message.lstrip().startswith("<"):
        return ""
    return f": {scrub(message, secret)}"
