"""`copilot copy`: how much words draw clicks, and which of two texts draws more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.doors.options import AsJson, Db, argument

if TYPE_CHECKING:
    from copilot.domain.appeal import CopyComparison, CopyReason, CopyScore

__all__ = ["app"]

SHOWN = 3
General = Annotated[
    bool, typer.Option("--general", help="By the model that comes with the package alone; needs no store.")
]

app = typer.Typer(
    name="copy", help="How much words draw clicks, before anybody reads them.", no_args_is_help=True
)


@app.command()
def score(
    texts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TEXT...", help="Subject lines or headlines; - reads them from standard input."
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="One text a line; - is standard input.")
    ] = None,
    general: General = False,
    db: Db = None,
    json: AsJson = False,
) -> None:
    """The click rate of each text against average, with what raises or lowers it."""
    from copilot.api import Copilot
    from copilot.doors.files import as_json, read_lines

    given = [line for text in texts or () for line in (_from_stdin() if text == "-" else [text])]
    if file is not None:
        given += argument("--file", lambda: read_lines(file))
    if not given:
        raise typer.BadParameter("give a text, or a file of them (--file)", param_hint="TEXT")
    with Copilot(db) as copilot:
        found = copilot.copy_scores(given, general=general)
    print(as_json(found)) if json else _show_scores(found)
    if any(one.percent is None for one in found):
        raise typer.Exit(1)


@app.command()
def compare(
    a: Annotated[str, typer.Argument(metavar="A")],
    b: Annotated[str, typer.Argument(metavar="B")],
    general: General = False,
    db: Db = None,
    json: AsJson = False,
) -> None:
    """Which of two texts draws the higher click rate, with what probability, and why."""
    from copilot.api import Copilot
    from copilot.doors.files import as_json

    with Copilot(db) as copilot:
        found = copilot.copy_compare(a, b, general=general)
    print(as_json(found)) if json else _show_comparison(found)


def _from_stdin() -> list[str]:
    from copilot.doors.files import read_lines

    return argument("TEXT", lambda: read_lines(Path("-")))


def _show_scores(found: list[CopyScore]) -> None:
    from copilot.doors.show import plain, say, show_table

    rows = [(one.text, *_figures(one), _why(one)) for one in found]
    show_table(("text", "clicks vs average", "90 %", "why"), rows)
    notes: dict[str, list[str]] = {}
    for one in found:
        if one.note:
            notes.setdefault(one.note, []).append(one.text)
    for note, texts in notes.items():
        about = "" if len(texts) == len(found) else f"{plain(texts[0] or 'no words')}: "
        more = f" (and {len(texts) - 1} more)" if about and len(texts) > 1 else ""
        say(f"note: {about}{note}{more}")


def _show_comparison(found: CopyComparison) -> None:
    from copilot.doors.show import say, show_table

    rows = [(name, one.text, *_figures(one), _why(one)) for name, one in (("A", found.a), ("B", found.b))]
    show_table(("", "text", "clicks vs average", "90 %", "why"), rows)
    if found.probability is None:
        print("It cannot be told which draws more clicks: no word of either is known.")
    elif found.better is None:
        print("Neither is expected to draw more clicks than the other.")
    else:
        print(f"{found.better.upper()} draws the higher click rate with probability {found.probability:.0%}.")
    for note in dict.fromkeys(one.note for one in (found.a, found.b) if one.note):
        say(f"note: {note}")


def _figures(one: CopyScore) -> tuple[str, str]:
    if one.percent is None:
        return "-", "-"
    return f"{one.percent.mean:+.1f} %", f"{one.percent.low:+.1f} to {one.percent.high:+.1f} %"


def _why(one: CopyScore) -> str:
    return "; ".join(map(_reason, one.reasons[:SHOWN]))


def _reason(one: CopyReason) -> str:
    said = one.phrase if one.trait else f'"{one.phrase}"'
    return f"{said} {one.percent:+.1f} %"
