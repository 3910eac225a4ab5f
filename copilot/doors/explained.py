"""Why a strategy ranks where it does, and what was said on the way, for a person at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copilot.domain.explanation import Explanation
from copilot.domain.record import Answered, Failed, RunRecord, Said, Step, ToolAnswered
from copilot.doors.show import plain

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["show_explanation", "show_record"]

NOT_KEPT = "No record was kept of this run: the report was made by a version before records."


def show_explanation(found: Explanation) -> None:
    """Titles and sentences, a page or two."""
    from rich.console import Console
    from rich.text import Text

    console = Console()
    standing = found.standing
    console.print(f"[bold]{plain(found.strategy_id)}[/]  {plain(found.terms)}")
    console.print(f"[dim]number {standing.rank} of {standing.of} for brief {plain(found.brief_id)}[/]")
    for passage in found.passages:
        console.print(f"\n[bold]{plain(passage.title)}[/]")
        for sentence in passage.sentences:
            for line in Text.from_markup(plain(sentence)).wrap(console, console.width - 2):
                line.rstrip()
                console.print("  ", line, sep="")


def show_record(record: RunRecord | None) -> None:
    """Every message of a run, in order, as it was sent and received."""
    from rich.console import Console

    console = Console(soft_wrap=True)
    if record is None:
        console.print(NOT_KEPT)
        return
    for writing in record.writings:
        console.print(f"[bold]{plain(writing.author)}[/]")
        for step in writing.steps:
            _step(console, step)


def _step(console: Console, step: Step) -> None:
    match step:
        case Said():
            _message(console, f"to the writer ({step.role})", step.text)
        case Answered():
            calls = "\n".join(f"{call.name} {call.arguments}" for call in step.calls)
            _message(console, _kind(step), "\n".join(part for part in (step.text, calls) if part))
        case ToolAnswered():
            _message(console, f"{step.name} said", step.text)
        case Failed():
            _message(console, f"ended by {step.type}", step.message)


def _kind(answer: Answered) -> str:
    return "answer" if answer.used else "answer that was not used"


def _message(console: Console, who: str, text: str) -> None:
    console.print(f"[dim]-- {plain(who)}[/]\n{plain(text)}")
