"""The connections to a model's server: no redirects, no bombs, and an end to them whenever we want it."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

__all__ = ["Connections", "TooMuch"]

_LONGEST = 20_000_000  # bytes of one answer; twenty strategies need a hundredth
_LONGEST_PACKED = 200_000  # may become a thousand times as much


class TooMuch(Exception):
    """An answer longer than any answer of a model, or packed and likely to become so."""


class Connections:
    """An HTTP client for one server, and the sockets it holds."""

    def __init__(self, address: str) -> None:
        import openai

        self._sockets: list[socket.socket] = []
        # Redirects are not followed: they would carry the brief to an address nobody configured.
        self.client = openai.DefaultHttpxClient(
            follow_redirects=False,
            verify=_tls(address.startswith("https")),
            headers={"accept-encoding": "identity"},
            event_hooks={"request": [self._watched], "response": [_bounded]},
        )

    def close(self) -> None:
        """End every connection, one that is being waited on too: closing alone would not wake its reader."""
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._sockets.clear()
        self.client.close()

    def _watched(self, request: Any) -> None:
        request.extensions["trace"] = self._note

    def _note(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._sockets.append(info["return_value"].get_extra_info("socket"))


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
