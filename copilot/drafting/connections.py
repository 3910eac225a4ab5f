"""The connections to a model's server: no redirects, no bombs, and an end to them whenever we want it.

A client's own timeout is per read: a server that drips bytes never trips it. Here time ends for good: the
sockets are shut down under whoever waits on them.
"""

from __future__ import annotations

import contextlib
import contextvars
import os
import queue
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from copilot.drafting.stopping import Stop

__all__ = ["Connections", "TooLate", "TooMuch"]

Answer = TypeVar("Answer")

_LONGEST = 20_000_000  # bytes of one answer; twenty strategies need a hundredth
_LONGEST_PACKED = 200_000  # may become a thousand times as much
_SAME_TIME = 0.05  # seconds
_OWN_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


class TooLate(Exception):
    """No complete answer before the deadline."""


class TooMuch(Exception):
    """An answer longer than any answer of a model, or packed and likely to become so."""


class Connections:
    """An HTTP client for one server, and the sockets it holds."""

    def __init__(self, address: str, stop: Stop) -> None:
        import openai

        self._stop = stop
        self._sockets: list[socket.socket] = []
        self._waiting: queue.SimpleQueue[Any] | None = None
        self._is_cut = threading.Event()
        self._watch: threading.Timer | None = None
        self._ends = 0.0
        # Redirects are not followed: they would carry the brief to an address nobody configured.
        self.client = openai.DefaultHttpxClient(
            follow_redirects=False,
            verify=_tls(urlsplit(address).scheme == "https", *map(os.environ.get, _OWN_CERTIFICATES)),
            headers={"accept-encoding": "identity"},
            event_hooks={"request": [self._watched], "response": [_bounded]},
        )
        self._open = contextlib.ExitStack()
        self._open.enter_context(stop.waking(self._cut))

    def in_time(self, call: Callable[[], Answer], seconds: float) -> Answer:
        """What a call over the client gives.

        Raises:
            TooLate: so many seconds are over.
            Cancelled: the run was ended.
        """
        self._set_watch(time.monotonic() + seconds)
        try:
            return call() if self._is_open() else self._aside(call)
        except Exception:
            self._stop.check()
            if self._is_cut.is_set():
                raise TooLate from None
            raise

    def _set_watch(self, ends: float) -> None:
        # A watch is a thread: one serves all calls of a line, as long as they end at the same time.
        if self._watch is not None and abs(ends - self._ends) < _SAME_TIME:
            return
        if self._watch is not None:
            self._watch.cancel()
        self._ends = ends
        self._watch = threading.Timer(ends - time.monotonic(), self._cut)
        self._watch.daemon = True
        self._watch.start()

    def _is_open(self) -> bool:
        # Nothing is to be read from a connection between two answers, unless it has ended.
        if not self._sockets:
            return False
        readable, _, _ = select.select(self._sockets[-1:], [], [], 0)
        return not readable

    def _aside(self, call: Callable[[], Answer]) -> Answer:
        # To connect, a name is looked up, which nothing can cut off: in a thread that may be left behind, and
        # does not keep the process from ending.
        waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._waiting = waiting
        if self._is_cut.is_set():
            raise TooLate

        def work() -> None:
            try:
                waiting.put((call(), None))
            except BaseException as error:
                waiting.put((None, error))

        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(work,), name="copilot-model", daemon=True).start()
        answer, error = waiting.get()
        self._waiting = None
        if error is not None:
            raise error
        return answer  # type: ignore[no-any-return]

    def close(self) -> None:
        """End every connection."""
        if self._watch is not None:
            self._watch.cancel()
        self._open.close()
        self._cut()
        self.client.close()
        for one in self._sockets:
            one.close()

    def _cut(self) -> None:
        self._is_cut.set()
        for one in list(self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)  # closing would not wake its reader
        if (waiting := self._waiting) is not None:
            waiting.put((None, TooLate()))

    def _watched(self, request: Any) -> None:
        request.extensions["trace"] = self._note

    def _note(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith("connect_tcp.complete"):
            if self._is_cut.is_set():
                raise TooLate  # it took its time to connect
            # One of our own: TLS takes away the one it is given.
            self._sockets.append(info["return_value"].get_extra_info("socket").dup())
            if self._is_cut.is_set():
                self._cut()


def _bounded(response: Any) -> None:
    # Nothing packed is asked for: what comes so all the same may be small here and fill the memory unpacked.
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "deflate"):
        raise TooMuch  # packed twice, say
    response.stream = _counted(response.stream, _LONGEST if packing in ("", "identity") else _LONGEST_PACKED)


def _counted(stream: Any, most: int) -> Any:
    from httpx2 import SyncByteStream

    class Counted(SyncByteStream):
        """The body of an answer as it comes in."""

        elapsed = None  # of the stream it stands for: asked for by nobody here

        def __iter__(self) -> Iterator[bytes]:
            length = 0
            for part in stream:
                length += len(part)
                if length > most:
                    raise TooMuch
                yield part

        def close(self) -> None:
            stream.close()

    return Counted()


@lru_cache(maxsize=2)
def _tls(needed: bool, *own: str | None) -> ssl.SSLContext:
    # Reading the certificates takes 40 ms: once per process, and not at all for a server on plain HTTP. `own`
    # tells one set of them from another; which are read is the client's own way.
    if not needed:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    from httpx2 import create_ssl_context

    return create_ssl_context()
