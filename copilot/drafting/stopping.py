"""How a run is ended from outside, by another thread: at once, whatever it is waiting for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from copilot.errors import Cancelled

__all__ = ["Stop"]


class Stop:
    """Set once, by whoever wants the run to end. What waits for something says how it is woken."""

    def __init__(self) -> None:
        self._set = threading.Event()
        self._lock = threading.Lock()
        self._wakers: list[Callable[[], None]] = []

    def set(self) -> None:
        """End the run: nothing is asked of a model after this, and nothing is saved."""
        with self._lock:
            self._set.set()
            wakers = tuple(self._wakers)
        for wake in wakers:
            wake()

    def check(self) -> None:
        """Raise `Cancelled` if it is set."""
        if self._set.is_set():
            raise Cancelled

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until it is set."""
        self._set.wait(seconds)

    @contextmanager
    def waking(self, wake: Callable[[], None]) -> Iterator[None]:
        """While inside, `wake` is called when it is set, and at once if it was before."""
        with self._lock:
            self._wakers.append(wake)
            late = self._set.is_set()
        if late:
            wake()
        try:
            yield
        finally:
            with self._lock:
                self._wakers.remove(wake)
