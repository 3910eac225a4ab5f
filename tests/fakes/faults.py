"""What a model server can do wrong, in one table: the answer, how it must end, what must be said of it.

Knows no test: `recoverable` faults pass (the next answer is good), `tolerated` ones are odd answers that are
good all the same (they hold the tool call of `SWEEP`), and any other leaves the rest to the planner.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any, Literal

from copilot.errors import ModelError, ModelMisbehaved, ModelMisconfigured, ModelUnavailable
from tests.fakes.drafts import a_draft, submit
from tests.fakes.openai_server import (
    NO_HEAD,
    Reply,
    broken,
    calls,
    completion,
    drip,
    hang,
    text,
)

__all__ = ["FAULTS", "GOOD", "SECRET", "SWEEP", "Fault", "Kind", "changed", "faults", "gzipped"]

SECRET = "sk-canary-7f3a9b2c"
GOOD = submit(a_draft("a", 20), a_draft("b", 20, channel="sms"))
SWEEP = calls(("sweep_offers", {}))
Kind = Literal["recoverable", "completed", "tolerated"]

_JSON = {"content-type": "application/json"}
_HTML = {"content-type": "text/html"}
_SOON = {"retry-after-ms": "20"}
_HALF = len(SWEEP.body) // 2
_DEEP = b"[" * 100_000 + b"]" * 100_000


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong: `said` stands in the notes, on standard error and in the typed error."""

    reply: Reply
    kind: Kind
    said: str = ""
    raises: type[ModelError] = ModelMisbehaved
    requests: int = 1  # that are made before it is given up
    holds: bool = False  # until the deadline


def changed(reply: Reply, **fields: Any) -> Reply:
    """A completion with other fields."""
    return replace(reply, body=json.dumps({**json.loads(reply.body), **fields}).encode())


def faults(kind: Kind, *, holds: bool = False) -> dict[str, Fault]:
    """Those of one kind."""
    return {name: one for name, one in FAULTS.items() if (one.kind, one.holds) == (kind, holds)}


def gzipped(body: bytes, *, megabytes: int) -> Reply:
    """A small answer that unpacks to so many megabytes of blanks and the body."""
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    parts = [packer.compress(b" " * 1_000_000) for _ in range(megabytes)]
    packed = b"".join([*parts, packer.compress(body), packer.flush()])
    return Reply(packed, headers={**_JSON, "content-encoding": "gzip"})


def _choice(**fields: Any) -> Reply:
    body = json.loads(GOOD.body)
    body["choices"][0] |= fields
    return changed(GOOD, choices=body["choices"])


def _message(**fields: Any) -> Reply:
    message = json.loads(SWEEP.body)["choices"][0]["message"]
    return completion({**message, **fields}, "tool_calls")


def _call(of: Reply = SWEEP, **fields: Any) -> Reply:
    (call,) = json.loads(of.body)["choices"][0]["message"]["tool_calls"]
    return _message(tool_calls=[{**call, "function": {**call["function"], **fields}}])


def _told(old: bytes, new: bytes) -> Reply:
    assert old in SWEEP.body
    return replace(SWEEP, body=SWEEP.body.replace(old, new, 1))


def _usage(usage: Any) -> Reply:
    return changed(SWEEP, usage=usage)


def _tokens(sent: Any, received: Any, **more: Any) -> Reply:
    return _usage({"prompt_tokens": sent, "completion_tokens": received, "total_tokens": 1, **more})


def _recoverable(reply: Reply) -> Fault:
    return Fault(reply, "recoverable")


def _tolerated(reply: Reply) -> Fault:
    return Fault(reply, "tolerated")


def _misbehaved(reply: Reply, said: str) -> Fault:
    return Fault(reply, "completed", said)


def _misconfigured(reply: Reply, said: str) -> Fault:
    return Fault(reply, "completed", said, ModelMisconfigured)


def _held(reply: Reply) -> Fault:
    return Fault(reply, "completed", "no complete answer in time", ModelUnavailable, holds=True)


def _busy(headers: Mapping[str, str]) -> Reply:
    return broken(429, headers=headers)


_PASSING = {
    "busy": _busy({"retry-after": "0.2"}),
    "busy by the clock": _busy({"retry-after": formatdate(time.time(), usegmt=True)}),
    "busy in milliseconds": _busy({"retry-after-ms": "30"}),
    "nonsense to wait for": _busy({"retry-after": "soon"}),
    "a date of no calendar": _busy({"retry-after": f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT"}),
    "timeout of theirs": broken(408, headers=_SOON),
    "conflict": broken(409, headers=_SOON),
    "500": broken(500),
    "503": broken(503, headers=_SOON),
    "HTML with 502": Reply(b"<html>bad gateway</html>", 502, {**_HTML, **_SOON}),
    "no text with 500": Reply(b"\xff\xfe{", 500, {**_JSON, **_SOON}),
    "reset": Reply(reset=True),
    "reset in the middle": replace(SWEEP, stops_at=_HALF, reset=True),
    "closed in place of an answer": Reply(stops_at=NO_HEAD),
    "closed in the middle": replace(SWEEP, stops_at=_HALF),
    "chunks that stop": replace(SWEEP, chunked=True, stops_at=_HALF),
    "headers without end": Reply(endless_head=True),
    "gzip that is none": replace(SWEEP, headers={**_JSON, "content-encoding": "gzip"}),
}
_ODD = {
    "chunks": replace(SWEEP, chunked=True),
    "leaves without a word": replace(SWEEP, leaves=True),
    "content-type of text": replace(SWEEP, headers={"content-type": "text/plain"}),
    "no content-type": replace(SWEEP, headers={}),
    "byte order mark": replace(SWEEP, body=b"\xef\xbb\xbf" + SWEEP.body),
    "a key twice": _told(b'"object"', b'"choices": [], "object"'),
    "NaN": _told(b'"created": 1', b'"created": NaN'),
    "infinity": _told(b'"created": 1', b'"created": -Infinity'),
    "10**400": _told(b'"created": 1', b'"created": 1' + b"0" * 400),
    "no arguments": _call(arguments=""),
    "arguments null": _call(arguments=None),
    "arguments an empty list": _call(arguments="[]"),
    "content beside the calls": _message(content="Let me look. Uplift will be 37.773377 %."),
    "model id of the wrong type": changed(SWEEP, model=["m"]),
    "no usage": _usage(None),
    "usage of nothing": _usage({}),
    "usage below zero": _tokens(-5, -1),
    "usage beyond belief": _tokens(10**15, 10**400),
    "usage of millions": _tokens(9_000_000, 20),
    "usage in text": _tokens("100", "20"),
    "usage in words": _usage({"prompt_tokens": "many"}),
    "usage a list": _usage([1, 2]),
    "usage nested": _tokens({"a": 1}, [1], prompt_tokens_details="none"),
    "usage in fractions": _tokens(100.5, 20.25),
    "usage without end": _tokens(float("inf"), float("nan")),
}
_MISBEHAVED = {
    "HTML": (Reply(b"<html>hello</html>", headers=_HTML), "OPENAI_BASE_URL"),
    "HTML as JSON": (Reply(b"<html>hello</html>"), "no chat completion"),
    "nothing": (Reply(b""), "no chat completion"),
    "no content": (Reply(b"", 204), "no chat completion"),
    "null": (Reply(b"null"), "no chat completion"),
    "list": (Reply(b"[1]"), "no chat completion"),
    "wrong shape": (Reply(b'{"answer": 42}'), "no chat completion"),
    "error with 200": (Reply(b'{"error": {"message": "oops"}}'), "no chat completion"),
    "events": (
        Reply(b"data: " + SWEEP.body + b"\n\n", headers={"content-type": "text/event-stream"}),
        "no chat completion",
    ),
    "invalid UTF-8": (_told(b"call-0", b"\xff\xfe"), "no chat completion"),
    "10**5000": (_told(b'"created": 1', b'"created": 1' + b"0" * 5000), "no chat completion"),
    "nested deeply": (Reply(_DEEP), "no chat completion"),
    "nested deeply in a field": (
        _told(b'"created": 1', b'"created": ' + _DEEP),
        "no chat completion",
    ),
    "no choices": (changed(GOOD, choices=[]), "no chat completion"),
    "null choices": (changed(GOOD, choices=None), "no chat completion"),
    "null content": (completion({"content": None}), "empty"),
    "blank": (text("  \n"), "empty"),
    "refusal": (completion({"content": None, "refusal": "I cannot"}), "refused to answer"),
    "refused by a filter": (broken(400, "prompt stopped", code="content_filter"), "content filter"),
    "filtered": (_choice(finish_reason="content_filter"), "content filter"),
    "cut by length": (_choice(finish_reason="length"), "length limit"),
    "cut without a word": (_choice(finish_reason=None), "no finish_reason"),
    "cut arguments": (calls(("submit_strategies", '{"drafts": [{"draft_id": "a"')), "are no JSON"),
    "arguments nested deeply": (calls(("score_drafts", f'{{"drafts": {_DEEP.decode()}}}')), "are no JSON"),
    "arguments a list": (calls(("score_drafts", "[1, 2]")), "no object"),
    "arguments a number": (calls(("score_drafts", "7")), "no object"),
    "arguments a text": (calls(("score_drafts", json.dumps('{"drafts": []}'))), "no object"),
    "twice the same id": (
        calls(("sweep_offers", {}), ("past_campaigns", {}), ids=("x", "x")),
        "same id",
    ),
    "half a character": (submit(a_draft("a", rationale="\ud83d")), "half a character"),
    "half a character in a name": (_call(name="\ud83d", arguments="{"), "are no JSON"),
    "escapes in a name": (_call(name="\u001b[31mx\u0000", arguments="{"), r"'\x1b[31mx\x00'"),
    "calls without end": (calls(*[(f"{n:040}", "{") for n in range(2000)]), "1997 more"),
    "two megabytes": (text("x" * 2_000_000), "characters long"),
    "a name of two megabytes": (_call(name="x" * 2_000_000), "characters long"),
}
_MISCONFIGURED = {
    "401": (broken(401, f"Incorrect API key provided: {SECRET}"), "set OPENAI_API_KEY"),
    "402": (broken(402, "Insufficient Balance"), "top it up"),
    "403": (broken(403), "set COPILOT_MODEL"),
    "404": (broken(404, "The model `scripted` does not exist"), "set COPILOT_MODEL and OPENAI_BASE"),
    "404 in a text": (Reply(b'{"error": "model not found, pull it"}', 404), "model not found, pull it"),
    "400": (broken(400, "tools are not supported"), "tools are not supported"),
    "400 for thinking": (
        broken(400, "Function tools with reasoning_effort are not supported; use 'none'"),
        "set COPILOT_REASONING_EFFORT=none",
    ),
    "no quota": (broken(429, code="insufficient_quota"), "top it up"),
    "redirect": (Reply(b"", 307, {"location": "http://127.0.0.1:9/v1"}), "set OPENAI_BASE_URL"),
    "redirect to itself": (Reply(b"", 302, {"location": "/v1/chat/completions"}), "set OPENAI_BASE_URL"),
}
_UNAVAILABLE = {
    "a day": (_busy({"retry-after": "86400"}), "asks to wait 86400 s"),
    "for ever": (_busy({"retry-after": "1e300"}), "asks to wait 1.16e+295 days"),
}
_HOLDING = {
    "hang": hang(),
    "drip": drip(),
    "slow": Reply(b"x" * 10, per_byte=0.3),
    "a byte a second": replace(SWEEP, per_byte=1.0),
    "hang in the middle": replace(SWEEP, stops_at=_HALF, hangs=True),
    "hang between chunks": replace(SWEEP, chunked=True, stops_at=_HALF, hangs=True),
    "headers drop by drop": Reply(endless_head=True, per_byte=0.05),
}

FAULTS: Mapping[str, Fault] = {
    **{name: _recoverable(reply) for name, reply in _PASSING.items()},
    **{name: _tolerated(reply) for name, reply in _ODD.items()},
    **{name: _misbehaved(*told) for name, told in _MISBEHAVED.items()},
    **{name: _misconfigured(*told) for name, told in _MISCONFIGURED.items()},
    **{
        name: Fault(reply, "completed", said, ModelUnavailable)
        for name, (reply, said) in _UNAVAILABLE.items()
    },
    **{name: _held(reply) for name, reply in _HOLDING.items()},
    "done without a tool": Fault(text("Done!"), "completed", "it stopped before it handed in", requests=2),
}
