"""A small OpenAI-compatible server on this machine, with scripted answers, over real HTTP.

    with OpenAIServer() as server:
        server.script(calls(("sweep_offers", {})), text("done"))
        ... OPENAI_BASE_URL=server.url ...

Each request takes the next answer; the last one is given again for whatever comes after it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["MODEL", "OpenAIServer", "Reply", "broken", "calls", "completion", "drip", "hang", "text"]

MODEL = "scripted-model-2026"
USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


@dataclass(frozen=True)
class Reply:
    """One answer: what is sent, how slowly."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    silence: float = 0.0  # seconds before anything is sent
    per_byte: float = 0.0  # seconds between bytes
    reset: bool = False  # close the connection instead of answering


Scripted = Reply | Callable[[dict[str, Any]], Reply]


def completion(message: Mapping[str, Any], finish_reason: Any = "stop", **changed: Any) -> Reply:
    """A chat completion with this message."""
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": MODEL,
        "choices": [
            {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish_reason}
        ],
        "usage": USAGE,
        **changed,
    }
    return Reply(json.dumps(body).encode())


def text(words: str, **changed: Any) -> Reply:
    """An answer in words."""
    return completion({"content": words}, **changed)


def calls(*wanted: tuple[str, Any], finish_reason: Any = "tool_calls", ids: Sequence[str] = ()) -> Reply:
    """An answer with tool calls; arguments given as text are sent as they are."""
    made = [
        {
            "id": ids[n] if ids else f"call-{n}-{name}",
            "type": "function",
            "function": {"name": name, "arguments": args if isinstance(args, str) else json.dumps(args)},
        }
        for n, (name, args) in enumerate(wanted)
    ]
    return completion({"content": None, "tool_calls": made}, finish_reason)


def broken(
    status: int, message: str = "", *, code: str | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """An error as OpenAI words it."""
    body = {"error": {"message": message or f"status {status}", "type": code, "code": code}}
    return Reply(json.dumps(body).encode(), status, {"content-type": "application/json", **(headers or {})})


def hang(seconds: float = 30.0) -> Reply:
    """Nothing, for a long time."""
    return Reply(silence=seconds)


def drip(seconds_per_byte: float = 0.05) -> Reply:
    """A good answer, one byte at a time."""
    return Reply(text("slow").body, per_byte=seconds_per_byte)


class OpenAIServer:
    """The server; `requests` holds the bodies it got, `headers` their headers."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self._script: list[Scripted] = []
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> OpenAIServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """What OPENAI_BASE_URL is set to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def script(self, *replies: Scripted) -> None:
        """The answers from now on."""
        self._script = list(replies)

    def tool_answers(self, request: int = -1) -> list[dict[str, Any]]:
        """What the tools said, as the model read it in one of its requests."""
        messages = self.requests[request]["messages"]
        last = max((n for n, message in enumerate(messages) if message["role"] == "assistant"), default=-1)
        return [json.loads(m["content"]) for m in messages[last + 1 :] if m["role"] == "tool"]

    def _next(self, request: dict[str, Any], headers: dict[str, str]) -> Reply:
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            reply = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        return reply if isinstance(reply, Reply) else reply(request)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # head and body are written apart: 40 ms a request otherwise

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                reply = server._next(json.loads(body), {k.lower(): v for k, v in self.headers.items()})
                try:
                    self._send(reply)
                except OSError:  # the client has gone
                    self.close_connection = True

            def _send(self, reply: Reply) -> None:
                if reply.silence and server._closing.wait(reply.silence):
                    return
                if reply.reset:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                if not reply.per_byte:
                    self.wfile.write(reply.body)
                    return
                for byte in reply.body:
                    self.wfile.write(bytes([byte]))
                    if server._closing.wait(reply.per_byte):
                        return

            def log_message(self, *_: object) -> None:
                return

        return Handler
