"""A run as a stream of its events: it works in a thread of its own while its events are looked at."""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable, Generator

from copilot.domain.events import Event
from copilot.domain.report import Report
from copilot.drafting.stopping import Stop

__all__ = ["as_they_happen"]

Run = Callable[[Callable[[Event], None], Stop], Report]


def as_they_happen(run: Run) -> Generator[Event, None, Report]:
    """The events of a run, which begins with the first one asked for; what it raises is raised here.

    Closing the generator stops the run and waits for it: a request to a model is cut off at once, work of
    ours ends with its next event. Nothing is saved before the event after `ranked` is asked for.
    """
    told: queue.SimpleQueue[Event | Report | BaseException] = queue.SimpleQueue()
    stop, asked_on = Stop(), threading.Event()

    def tell(event: Event) -> None:
        stop.check()
        told.put(event)
        if event.stage == "ranked":
            # What comes next is saving, and who leaves the loop before that wants nothing saved.
            asked_on.wait()
            stop.check()

    def work() -> None:
        try:
            told.put(run(tell, stop))
        except BaseException as error:
            told.put(error)

    worker = threading.Thread(
        target=contextvars.copy_context().run, args=(work,), name="copilot-run", daemon=True
    )
    worker.start()
    try:
        while True:
            now = told.get()
            if isinstance(now, Report):
                return now
            if isinstance(now, BaseException):
                raise now
            yield now
            if now.stage == "ranked":
                asked_on.set()
    finally:
        stop.set()
        asked_on.set()
        worker.join()
