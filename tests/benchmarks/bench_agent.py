"""What our agent costs beside LangChain's own, and how many briefs at once it can keep waiting for a model.

    python -m tests.benchmarks.bench_agent [--briefs 200] [--at-once 64] [--seconds 20] [--processes 2]

A server on this machine, in a process of its own, gives four scripted answers to every brief over HTTP: look
around, score two drafts, score a revision, hand in (LangChain's own agent: say done). What deciding takes is
left out: its answers are worked out once, by arithmetic.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from statistics import median
from typing import Any

from pydantic import SecretStr

from copilot.drafting.agent import write_drafts
from copilot.settings import Settings, load_settings
from tests.fakes.case import FakeCase
from tests.fakes.drafts import a_draft
from tests.fakes.openai_server import calls, text

CALLS = 4
OURS, THEIRS = "ours", "langchain"
DELAY = 0.2
LOOK = calls(("sweep_offers", {"channel": "email"}), ("past_campaigns", {}))
SCORE = calls(("score_drafts", {"drafts": [a_draft("a"), a_draft("b", 30)]}))
REVISE = calls(("score_drafts", {"drafts": [a_draft("b", 20)]}))
HAND_IN = calls(("submit_strategies", {"scored_ids": ["a", "b"]}))
SCRIPT = {
    OURS: [one.body for one in (LOOK, SCORE, REVISE, HAND_IN)],
    THEIRS: [one.body for one in (LOOK, SCORE, REVISE, text("Done."))],
}


def main() -> None:
    """Overhead in one thread, then throughput over processes."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--briefs", type=int, default=200)
    reader.add_argument("--at-once", type=int, default=64)
    reader.add_argument("--seconds", type=float, default=20.0)
    reader.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = reader.parse_args()
    with serving(delay=0.0) as port:
        overhead(port, asked.briefs)
    with serving(delay=DELAY) as port:
        for who in (OURS, THEIRS, OURS):
            throughput(who, port, asked.at_once, asked.seconds, asked.processes)


def overhead(port: int, briefs: int) -> None:
    """CPU of this process per brief, taking turns, medians of rounds of twenty."""
    runs = {
        "LangChain's own agent, made once": theirs(port, again=False),
        "LangChain's own agent, made for each brief": theirs(port, again=True),
        "ours": ours(port),
    }
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(max(briefs // 20, 1)):
        for name, run in runs.items():
            began = time.process_time()
            left_out = sum(run() for _ in range(20))
            spent[name].append((time.process_time() - began - left_out) / 20)
    least = median(next(iter(spent.values())))
    for name, every in spent.items():
        print(
            f"{name}: {1000 * median(every):.1f} ms of CPU per brief of {CALLS} calls, "
            f"{1000 * (median(every) - least):+.1f} ms"
        )


def ours(port: int) -> Any:
    """Writes one brief; returns the seconds of CPU that deciding took."""
    settings = settings_for(port)

    def run() -> float:
        case = TimedCase(strategies=2)
        done = write_drafts(case.as_case, settings)
        assert len(done.drafts) == 2, done.notes
        assert not done.completed_by_planner, done.notes
        assert done.usage.model_calls == CALLS, done.usage
        return case.spent

    return run


def theirs(port: int, *, again: bool) -> Any:
    """The same answers of the model to LangChain's own agent, with tools that say at once what ours said."""
    from langchain.agents import create_agent
    from langchain_core.tools import StructuredTool
    from langchain_openai import ChatOpenAI

    from copilot.drafting.listener import Listener
    from copilot.drafting.prompting import opening
    from copilot.drafting.session import FRONTIER, Session
    from copilot.drafting.tools import run_tool, tool_schemas

    case = TimedCase(strategies=2)
    session = Session(case.as_case, wanted=2, listener=Listener(None))
    prompt = opening(case.as_case, case.sweep(limit=FRONTIER))
    said = {
        "sweep_offers": run_tool(session, "sweep_offers", {"channel": "email"}),
        "past_campaigns": run_tool(session, "past_campaigns", {}),
        "score_drafts": run_tool(session, "score_drafts", {"drafts": [a_draft("a"), a_draft("b", 30)]}),
    }

    def telling(name: str) -> Any:
        def call(**_: Any) -> str:
            return str(said.get(name, "{}"))

        return call

    def made() -> Any:
        model = ChatOpenAI(
            model=THEIRS, api_key=SecretStr("none"), base_url=f"http://127.0.0.1:{port}/v1", max_retries=0
        )
        quiet = [
            StructuredTool(
                name=one["name"],
                description=one["description"],
                args_schema=one["parameters"],
                func=telling(one["name"]),
            )
            for one in (schema["function"] for schema in tool_schemas())
        ]
        return create_agent(model, tools=quiet, system_prompt=prompt.system)

    kept = made()

    def run() -> float:
        agent = made() if again else kept
        done = agent.invoke({"messages": [{"role": "user", "content": prompt.user}]})
        assert done["messages"][-1].content == "Done."
        return 0.0

    return run


def throughput(who: str, port: int, at_once: int, seconds: float, processes: int) -> None:
    """Briefs a second, against what waiting alone would allow."""
    context = multiprocessing.get_context("spawn")
    results: Any = context.Queue()
    start = context.Barrier(processes + 1)
    shares = [at_once // processes + (n < at_once % processes) for n in range(processes)]
    workers = [
        context.Process(target=keep_writing, args=(who, port, n, share, seconds, start, results))
        for n, share in enumerate(shares)
    ]
    for worker in workers:
        worker.start()
    start.wait()
    found = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    done, cpu = sum(one[0] for one in found), sum(one[1] for one in found)
    rate, ideal = done / seconds, at_once / (CALLS * DELAY)
    print(
        f"{who}: {at_once} briefs at once, {processes} processes, a model that takes {1000 * DELAY:.0f} ms: "
        f"{rate:.1f} briefs/s, {rate / ideal:.2f} of the ideal {ideal:.0f}; "
        f"{1000 * cpu / done:.1f} ms of CPU each"
    )


def keep_writing(
    who: str, port: int, place: int, threads: int, seconds: float, start: Any, results: Any
) -> None:
    """One process, on a core of its own: each thread writes brief after brief; those done in time count."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[place % len(cores)]})
    run = ours(port) if who == OURS else theirs(port, again=False)
    run()
    finished = [0.0] * threads
    start.wait()
    ends = time.monotonic() + seconds
    began = time.process_time()

    def work(n: int) -> None:
        while True:
            last = time.monotonic()
            run()
            now = time.monotonic()
            if now >= ends:
                finished[n] += max(0.0, ends - last) / (now - last)
                return
            finished[n] += 1

    every = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for thread in every:
        thread.start()
    for thread in every:
        thread.join()
    results.put((sum(finished), time.process_time() - began))


class TimedCase(FakeCase):
    """Deciding by arithmetic, each question worked out once in a process; `spent` is the CPU it took."""

    def __init__(self, **brief: Any) -> None:
        super().__init__(**brief)
        self.spent = 0.0

    @cached_property
    def facts(self) -> Any:
        return self._known("facts", (), lambda: FakeCase.facts.fget(self))  # type: ignore[attr-defined]

    def sweep(self, **filters: Any) -> Any:
        return self._known("sweep", sorted(filters.items()), lambda: FakeCase.sweep(self, **filters))

    def score(self, drafts: Any) -> Any:
        return self._known("score", drafts, lambda: FakeCase.score(self, drafts))

    def judge(self, drafts: Any) -> Any:
        return self._known("judge", drafts, lambda: FakeCase.judge(self, drafts))

    def levers(self, draft: Any) -> Any:
        return self._known("levers", draft, lambda: FakeCase.levers(self, draft))

    def _known(self, question: str, about: Any, work_out: Callable[[], Any]) -> Any:
        began = time.thread_time()
        key = (question, repr(about))
        if key not in _KNOWN:
            _KNOWN[key] = work_out()
        self.spent += time.thread_time() - began
        return _KNOWN[key]


_KNOWN: dict[tuple[str, str], Any] = {}


def settings_for(port: int) -> Settings:
    """Settings under which the server below writes."""
    return load_settings(
        openai_api_key=SecretStr("none"),
        openai_base_url=f"http://127.0.0.1:{port}/v1",
        model=OURS,
        deadline_seconds=60.0,
    )


@contextlib.contextmanager
def serving(*, delay: float) -> Iterator[int]:
    """The server in a process of its own; yields its port."""
    context = multiprocessing.get_context("spawn")
    ours_end, its_end = context.Pipe()
    process = context.Process(target=_serve, args=(delay, its_end), daemon=True)
    process.start()
    try:
        yield ours_end.recv()
    finally:
        process.kill()
        process.join()


def _serve(delay: float, told: Any) -> None:
    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Answering(delay), "127.0.0.1", 0, backlog=1024)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


class _Answering(asyncio.Protocol):
    """Takes little: what the server uses of the machine the briefs cannot."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._read = bytearray()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = bytes(self._read).partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if not found or length is None or len(body) < int(length[1]):
            return
        self._read.clear()
        script = SCRIPT[THEIRS if b'"model":"langchain"' in body else OURS]
        reply = script[min(body.count(b'"role":"assistant"'), CALLS - 1)]
        asyncio.get_running_loop().call_later(self._delay, self._answer, reply)

    def _answer(self, reply: bytes) -> None:
        told = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        self._transport.write(told % len(reply) + reply)


if __name__ == "__main__":
    main()
