"""A run told as it happens, and ended from outside: at once, whatever it waits for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from copilot.domain.events import Drafting, Event, Ranked
from copilot.domain.report import Models, Report, Usage
from copilot.drafting.agent import write_drafts
from copilot.drafting.stopping import Stop
from copilot.drafting.streaming import as_they_happen
from copilot.errors import Cancelled, InvalidInput
from tests.fakes.case import FakeCase
from tests.fakes.openai_server import OpenAIServer, broken
from tests.unit.drafting.conftest import settings_for

REPORT = Report(
    brief_id="b", status="complete", models=Models(writer="w", predictor="p"), usage=Usage(seconds=1.0)
)
Tell = Callable[[Event], None]


def test_events_come_in_order_and_the_report_at_the_end() -> None:
    def run(tell: Tell, stop: Stop) -> Report:
        for author in "abc":
            tell(Drafting(author=author))
        return REPORT

    reports = []

    def all_of() -> Iterator[Event]:
        reports.append((yield from as_they_happen(run)))

    assert [event.author for event in all_of() if isinstance(event, Drafting)] == ["a", "b", "c"]
    assert reports == [REPORT]


def test_what_the_run_raises_is_raised_where_its_events_are_read() -> None:
    def run(tell: Tell, stop: Stop) -> Report:
        tell(Drafting(author="a"))
        raise InvalidInput("budget", "a number", "much")

    stream = as_they_happen(run)

    assert next(stream).stage == "draft"
    with pytest.raises(InvalidInput, match="budget"):
        next(stream)


def test_nothing_runs_before_it_is_asked_for_nor_after_the_loop_is_left() -> None:
    began, cancelled = threading.Event(), threading.Event()

    def run(tell: Tell, stop: Stop) -> Report:
        began.set()
        try:
            while True:
                tell(Drafting(author="a"))
                time.sleep(0.001)
        except Cancelled:
            cancelled.set()
            raise

    stream = as_they_happen(run)
    assert not began.is_set()
    for _ in stream:
        break
    stream.close()

    assert cancelled.is_set()
    assert not any(thread.name == "copilot-run" for thread in threading.enumerate())


@pytest.fixture
def hole() -> Iterator[tuple[str, threading.Event, threading.Event]]:
    """A server that takes a request and says nothing: its address, when it was asked, when it was left."""
    asked, left = threading.Event(), threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(100)
            asked.set()
            while connection.recv(1 << 16):
                pass
        left.set()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1", asked, left
    listening.close()


def test_a_stop_cuts_the_request_that_is_waited_on(
    server: OpenAIServer, hole: tuple[str, threading.Event, threading.Event]
) -> None:
    address, asked, left = hole
    stop = Stop()
    settings = settings_for(server, openai_base_url=address, deadline_seconds=60.0)

    def end() -> None:
        assert asked.wait(20)
        stop.set()

    threading.Thread(target=end, daemon=True).start()
    with pytest.raises(Cancelled):
        write_drafts(FakeCase(strategies=2).as_case, settings, stop=stop)

    assert left.wait(2), "the server was left hanging on"


def test_a_stop_ends_the_wait_for_a_busy_server(server: OpenAIServer) -> None:
    stop = Stop()
    server.script(broken(503, headers={"retry-after": "50"}))
    threading.Timer(0.5, stop.set).start()
    began = time.monotonic()

    with pytest.raises(Cancelled):
        write_drafts(FakeCase(strategies=2).as_case, settings_for(server, deadline_seconds=90.0), stop=stop)

    assert time.monotonic() - began < 10
    assert len(server.requests) == 1


def test_nothing_is_asked_once_it_is_set(server: OpenAIServer) -> None:
    stop = Stop()
    stop.set()

    with pytest.raises(Cancelled):
        write_drafts(FakeCase(strategies=2).as_case, settings_for(server), stop=stop)

    assert server.requests == []


def test_what_waits_is_woken_even_where_it_began_to_wait_too_late() -> None:
    stop, woken = Stop(), []
    with stop.waking(lambda: woken.append("before")):
        stop.set()
    with stop.waking(lambda: woken.append("after")):
        pass

    assert woken == ["before", "after"]


def test_a_run_is_not_saved_before_the_event_after_ranked_is_asked_for() -> None:
    saved = threading.Event()

    def run(tell: Tell, stop: Stop) -> Report:
        tell(Drafting(author="a"))
        tell(Ranked(strategies=1, status="complete"))
        saved.set()
        return REPORT

    for last in ("draft", "ranked"):
        stream = as_they_happen(run)
        while next(stream).stage != last:
            pass
        time.sleep(0.2)  # the run is ahead of who looks at its events
        stream.close()
        assert not saved.is_set()
    for _ in as_they_happen(run):
        pass
    assert saved.is_set()


def test_a_look_up_that_hangs_on_a_second_try_does_not_pass_the_deadline(
    server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def looked_up(host: str, *_: object, **__: object) -> list[object]:
        tries.append(host)
        if len(tries) == 1:
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        time.sleep(6)
        raise socket.gaierror(socket.EAI_AGAIN, "too late")

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    settings = settings_for(server, openai_base_url="http://model.example/v1", deadline_seconds=3.0)
    began = time.monotonic()

    done = write_drafts(FakeCase(strategies=2).as_case, settings)

    assert len(tries) == 2
    assert time.monotonic() - began < 5
    assert "no complete answer in time" in done.notes[0]
