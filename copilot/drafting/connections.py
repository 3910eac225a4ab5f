"""The connections to a model's server: no redirects, no bombs, and an end to them whenever we want it.

A client's own timeout is per read: a server that drips bytes never trips it. Here time ends for good: the
sockets are shut down under whoever waits on them.
"""

from __future__ import annotations

import contextlib
import contextvars
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from copilot.drafting.stopping import Stop

__all__ = ["Connections", "TooLate", "TooMuch"]

Answer = TypeVar("Answer")

_LONGEST = 20_000_000  # bytes of one answer; twenty strategies need a hundredth
_LONGEST_PACKED = 200_000  # may become a thousand times as much


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
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._is_cut = threading.Event()
        self._watch: threading.Timer | None = None
        # Redirects are not followed: they would carry the brief to an address nobody configured.
        self.client = openai.DefaultHttpxClient(
            follow_redirects=False,
            verify=_tls(address.startswith("https")),
            headers={"accept-encoding": "identity"},
            event_hooks={"request": [self._watched], "response": [_bounded]},
        )
        self._open = contextlib.ExitStack()
        self._open.enter_context(stop.waking(self._cut))

    def in_time(self, call: Callable[[], Answer], seconds: float) -> Answer:
        """What a call over the client gives. The first one says for how long there may be any.

        Raises:
            TooLate: that time is over.
            Cancelled: the run was ended.
        """
        first = self._watch is None
        if self._watch is None:
            self._watch = threading.Timer(seconds, self._cut)
            self._watch.daemon = True
            self._watch.start()
        try:
            return self._aside(call) if first else call()
        except Exception:
            self._stop.check()
            if self._is_cut.is_set():
                raise TooLate from None
            raise

    def _aside(self, call: Callable[[], Answer]) -> Answer:
        # The first call looks a name up, which nothing can cut off: in a thread that may be left behind, and
        # does not keep the process from ending.
        def work() -> None:
            try:
                self._ended.put((call(), None))
            except BaseException as error:
                self._ended.put((None, error))

        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(work,), name="copilot-model", daemon=True).start()
        answer, error = self._ended.get()
        if error is not None:
            raise error
        return answer  # type: ignore[no-any-return]

    def close(self) -> None:
        """End every connection, one that is being waited on too."""
        if self._watch is not None:
            self._watch.cancel()
        self._open.close()
        self._cut()
        for one in self._sockets:
            one.close()

    def _cut(self) -> None:
        self._is_cut.set()
        # Closing alone would not wake a reader.
        for one in list(self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._ended.put((None, TooLate()))
        self.client.close()

    def _watched(self, request: Any) -> None:
        request.extensions["trace"] = self._note

    def _note(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith("connect_tcp.complete"):
            if self._is_cut.is_set():
                raise TooLate  # it took its time to connect
            # One of our own: TLS takes away the one it is given.
            self._sockets.append(info["return_value"].get_extra_info("socket").dup())


def _bounded(response: Any) -> None:
    # Nothing packed is asked for: what comes so all the same may be small here and fill the memory unpacked.
    packed = response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")
    response.stream = _counted(response.stream, _LONGEST_PACKED if packed else _LONGEST)


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
def _tls(needed: bool) -> ssl.SSLContext:
    # Reading the certificates takes 40 ms: once per process, and not at all for a server on plain HTTP.
    if not needed:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())
