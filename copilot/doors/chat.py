"""`copilot chat`: the dialogue in a terminal, or one sentence a line from a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import typer

from copilot.doors.options import AsOf, Db, Model, SettingsFile, day_of, settings_of

if TYPE_CHECKING:
    from rich.console import Console

    from copilot.api import Copilot
    from copilot.dialogue.thread import Alternative, Reply, Rewritten, Thread
    from copilot.dialogue.vocabulary import Vocabulary
    from copilot.domain.brief import CampaignBrief
    from copilot.domain.draft import StrategyDraft
    from copilot.domain.report import Report
    from copilot.domain.score import ScoreLine

__all__ = ["app"]

GREETING = (
    "Say what you want to promote, in English or Chinese. /help tells what is understood, /quit ends.\n"
    "说说想推广什么，中文或英文都可以。/help 查看说法，/quit 退出。"
)
COMMANDS = "Commands: /brief, /report N, /help, /quit"

app = typer.Typer()


@app.command()
def chat(
    as_of: AsOf = None,
    model: Model = None,
    settings: SettingsFile = None,
    db: Db = None,
) -> None:
    """Say what you want and get strategies; then ask what else would do."""
    from rich.console import Console

    from copilot.api import Copilot

    with Copilot(db, settings=settings_of(settings, model)) as copilot:
        tools = Desk(copilot, day_of(as_of))
        currency = tools.shop.currency  # a store that cannot be used is told before anything is asked
        console = Console(soft_wrap=True, highlight=False)
        console.print(f"[dim]{GREETING}[/]")
        _talk(console, tools, currency)


def _talk(console: Console, tools: Desk, currency: str) -> None:
    from copilot.dialogue.conversation import reply
    from copilot.dialogue.thread import Thread
    from copilot.doors.show import say

    thread = Thread()
    for sentence in _sentences(console):
        if sentence.startswith("/"):
            thread, told = _command(thread, sentence, tools)
        else:
            try:
                thread, told = reply(thread, sentence, tools)
            except KeyboardInterrupt:
                say("stopped; nothing was saved")
                continue
        _show(console, thread, told, currency)
        if told.over:
            return


def _sentences(console: Console) -> Iterator[str]:
    """What is typed, or piped in; a line that holds nothing is passed over."""
    from copilot.doors.show import plain

    typed = sys.stdin.isatty()
    if not typed and hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    while True:
        try:
            line = input("> ") if typed else sys.stdin.readline()
        except (EOFError, KeyboardInterrupt):
            return
        if not typed and not line:
            return
        if line.strip():
            if not typed:
                console.print(f"> {plain(line.strip())}")
            yield line.strip()


def _command(thread: Thread, sentence: str, tools: Desk) -> tuple[Thread, Reply]:
    """A slash command: what the thread holds, without anything being worked out."""
    from copilot.dialogue.conversation import reply
    from copilot.dialogue.phrases import brief_words
    from copilot.dialogue.phrases import say as phrase
    from copilot.dialogue.thread import Reply

    name, _, rest = sentence.lower().partition(" ")
    if name == "/brief":
        told = brief_words(thread.brief, tools.shop.currency, thread.chinese)
        return thread, Reply(words=(phrase("brief", thread.chinese, brief=told),))
    if name == "/report" and not rest.strip():
        words = () if thread.report else (phrase("no report", thread.chinese),)
        return thread, Reply(words=words, report=thread.report)
    if name == "/report" and rest.strip().isdecimal():
        return reply(thread, f"#{rest.strip()[:3]}", tools)
    if name in ("/quit", "/exit"):
        return thread, Reply(words=(phrase("bye", thread.chinese),), over=True)
    return thread, Reply(words=(phrase("help", thread.chinese), COMMANDS))


def _show(console: Console, thread: Thread, told: Reply, currency: str) -> None:
    from copilot.dialogue.figures import report_lines
    from copilot.doors.show import plain, show_report

    for line in told.words:
        console.print(plain(line))
    if told.report is not None and console.is_terminal and not thread.chinese:
        show_report(told.report, currency)
    elif told.report is not None:
        for line in report_lines(told.report, thread.brief.objective, currency, thread.chinese):
            console.print(plain(line))
    if told.question is not None:
        console.print(f"[bold]{plain(told.question.words)}[/]")
        for place, answer in enumerate(told.question.answers, start=1):
            console.print(f"  {place} {plain(answer)}")


@dataclass(frozen=True)
class Desk:
    """The engine as a dialogue sees it."""

    copilot: Copilot
    as_of: date | None

    @cached_property
    def shop(self) -> Vocabulary:
        """The shop's own names, read once."""
        from copilot.dialogue.vocabulary import vocabulary_of

        return vocabulary_of(self.copilot.case(as_of=self.as_of).shop)

    @property
    def today(self) -> date:
        """The day that was named, else the clock's."""
        return self.as_of or datetime.now(UTC).date()

    def run(self, brief: CampaignBrief) -> Report:
        """The report for a brief, told as it is made; interrupting ends the run."""
        from copilot.doors.show import progress

        events = self.copilot.stream(brief, as_of=self.as_of)
        try:
            while True:
                progress(next(events))
        except StopIteration as done:
            report: Report = done.value
            return report
        finally:
            events.close()

    def score(self, drafts: Sequence[StrategyDraft], brief: CampaignBrief) -> list[ScoreLine]:
        """Forecasts of drafts, held against the brief."""
        return self.copilot.score(drafts, brief=brief, as_of=self.as_of)

    def best(self, brief: CampaignBrief) -> Alternative:
        """The best offer that the brief allows."""
        from copilot.dialogue.rewording import best_of

        return best_of(self.copilot.case(brief=brief, as_of=self.as_of))

    def rewrite(self, draft: StrategyDraft, brief: CampaignBrief, *, shorter: bool) -> Rewritten | None:
        """The draft in the built-in planner's other words."""
        from copilot.dialogue.rewording import reworded

        return reworded(self.copilot.case(brief=brief, as_of=self.as_of), draft, shorter=shorter)
