"""Who is told what happens. A listener that fails, or wants to stop, ends the writing at its next step."""

from __future__ import annotations

from collections.abc import Callable

from copilot.domain.events import Event
from copilot.drafting.stopping import Stop

__all__ = ["Listener"]


class Listener:
    """Tells events to a function of the caller's.

    What that function raises must reach the caller, and not a model as the answer of the tool that happened
    to be running: it is kept, and raised by `check` between the steps.
    """

    def __init__(self, on_event: Callable[[Event], None] | None, stop: Stop | None = None) -> None:
        self.stop = stop or Stop()
        self._on_event = on_event
        self._raised: Exception | None = None

    def tell(self, event: Event) -> None:
        """Pass an event on; nothing after the function raised."""
        if self._on_event is None or self._raised is not None:
            return
        try:
            self._on_event(event)
        except Exception as error:
            self._raised = error

    def check(self) -> None:
        """Raise what the function raised, if it did, and `Cancelled` if the run is to end."""
        self.stop.check()
        if self._raised is not None:
            raise self._raised
