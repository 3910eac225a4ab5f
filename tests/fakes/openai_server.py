"""A small OpenAI-compatible server on this machine, with scripted answers, over real HTTP.

    with OpenAIServer() as server:
        server.script(calls(("sweep_offers", {})), text("done"))
        ... OPENAI_BASE_URL=server.url ...

Each request takes the next answer; the last one is given again for whatever comes after it.
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

__all__ = [
    "MODEL",
    "NO_HEAD",
    "OpenAIServer",
    "Reply",
    "Scripted",
    "broken",
    "calls",
    "completion",
    "drip",
    "hang",
    "text",
]

MODEL = "scripted-model-2026"
NO_HEAD = -1
USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


@dataclass(frozen=True)
class Reply:
    """One answer: what is sent, how slowly, and how far it gets."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    silence: float = 0.0  # seconds before anything is sent
    per_byte: float = 0.0  # seconds between bytes
    spaces: int = 0  # sent in front of the body: a large answer that nobody has to hold here
    chunked: bool = False  # chunks in place of a length that is told beforehand
    stops_at: int | None = None  # this byte of the body is not sent any more; `NO_HEAD`: nothing is
    hangs: bool = False  # where it stops it falls silent, in place of closing the connection
    reset: bool = False  # where it stops the client sees a reset; by itself: in place of any answer
    endless_head: bool = False  # header upon header, `per_byte` seconds apart
    leaves: bool = False  # closes the connection after the answer, without having said so


_SPACES = b" " * 1_000_000

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
    """The server; `requests` holds the bodies it got, `headers` their headers.

    certificate: a file with a certificate and its key, to speak HTTPS.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self._script: list[Scripted] = []
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # The handshake is made where a request is read: one that fails ends its own connection alone.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
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
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}/v1"

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

            def handle(self) -> None:
                with suppress(
                    ConnectionError, ssl.SSLError
                ):  # a client that has had enough resets while we wait for more
                    super().handle()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                reply = server._next(json.loads(body), {k.lower(): v for k, v in self.headers.items()})
                try:
                    self._send(reply)
                except OSError:  # the client has gone
                    self.close_connection = True

            def _send(self, reply: Reply) -> None:
                stops_at = NO_HEAD if reply.reset and reply.stops_at is None else reply.stops_at
                self.close_connection = reply.leaves or stops_at is not None
                if reply.silence and server._closing.wait(reply.silence):
                    return
                if stops_at != NO_HEAD:
                    self._send_head(reply)
                    self._send_body(reply, reply.body[:stops_at])
                if reply.hangs:
                    server._closing.wait()
                if reply.reset:
                    self._reset()

            def _send_head(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                while reply.endless_head and not server._closing.wait(reply.per_byte):
                    self.send_header("x-more", "and more")
                    self.flush_headers()
                if reply.chunked:
                    self.send_header("transfer-encoding", "chunked")
                else:
                    self.send_header("content-length", str(reply.spaces + len(reply.body)))
                self.end_headers()

            def _send_body(self, reply: Reply, body: bytes) -> None:
                for start in range(0, reply.spaces, len(_SPACES)):
                    self.wfile.write(_SPACES[: reply.spaces - start])
                size = 1 if reply.per_byte else max(1, len(body))
                for start in range(0, len(body), size):
                    part = body[start : start + size]
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if reply.chunked else part)
                    if reply.per_byte and server._closing.wait(reply.per_byte):
                        return
                if reply.chunked and reply.stops_at is None:
                    self.wfile.write(b"0\r\n\r\n")

            def _reset(self) -> None:
                # Lingering for no time makes closing a reset; both must go, or the socket stays open.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.rfile.close()
                self.connection.close()

            def log_message(self, *_: object) -> None:
                return

        return Handler
