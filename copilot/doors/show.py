"""What a person reads in a terminal: progress lines and tables. Rich is loaded when something is printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from copilot.domain.events import ContextRead, Drafting, DraftsScored, Event, FrontierSwept, Ranked, Revised
from copilot.domain.forecast import EffectForecast, Estimate
from copilot.domain.report import RankedStrategy, Report, Usage
from copilot.domain.score import ScoreLine
from copilot.domain.terms import draft_in_words
from copilot.domain.why import Lever, Why
from copilot.wording.advice import advice

if TYPE_CHECKING:
    from rich.table import Table

    from copilot.deciding.scoring import Finding
    from copilot.deciding.training import Trained
    from copilot.shop.ingest import IngestResult

__all__ = [
    "plain",
    "progress",
    "say",
    "show_findings",
    "show_ingest",
    "show_report",
    "show_scores",
    "show_table",
    "show_trained",
]

SHOWN_LEVERS = 3
AT_LARGE = (
    "Assumptions are about a message at large (clicks: of a channel) to a usual customer; what its channel, "
    "category and words do comes on top, so the forecast of one message may lie outside of these ranges."
)


def say(text: str) -> None:
    """A message for a person, on standard error so that output stays clean."""
    print(text, file=sys.stderr, flush=True)


def progress(event: Event) -> None:
    """One short line per stage."""
    line = _line(event)
    if line:
        say(line)


def _line(event: Event) -> str:
    match event:
        case ContextRead():
            return (
                f"  context   {event.customers:,} customers, {event.products:,} products, "
                f"{event.past_arms} past campaign arms, as of {event.as_of}"
            )
        case FrontierSwept():
            swept = f"{event.candidates:,} offers on {event.customers:,} customers"
            return f"  search    {swept}; best: {event.best}"
        case Drafting():
            told = f", as {event.because}" if event.because else ""
            return f"  drafting  by {event.author}{told}"
        case DraftsScored():
            return f"  scoring   round {event.round}: {event.drafts} drafts, {event.rejected} break a rule"
        case Revised():
            ends = "kept" if event.kept else "dropped, as it forecasts worse"
            return f"  revising  {event.before} -> {event.after}: {ends}"
        case Ranked():
            return f"  ranking   {event.strategies} strategies, {event.status.replace('_', ' ')}"
    return ""


def show_report(report: Report, currency: str) -> None:
    """The ranked strategies as a table, then why the first is first and what it says."""
    from rich.console import Console

    console = Console()
    if report.strategies:
        console.print(_strategies(report, currency))
        _first(console, report.strategies[0])
    for note in report.notes:
        console.print(f"[yellow]note[/] {plain(note)}")
    usage = report.usage
    console.print(
        f"[dim]brief {plain(report.brief_id)} · {report.status.replace('_', ' ')} · written by "
        f"{plain(report.models.writer)} · predictor {plain(report.models.predictor)} · "
        f"{_spent(usage)}, {usage.seconds:.1f} s[/]"
    )


def _spent(usage: Usage) -> str:
    told = f"{usage.model_calls} model calls, {usage.tool_calls} tool calls"
    if usage.input_tokens is not None and usage.output_tokens is not None:
        told += f", {usage.input_tokens + usage.output_tokens:,} tokens"
    return told if usage.cost is None else f"{told}, {usage.cost:.4f} for the model"


def _strategies(report: Report, currency: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title="Strategies, best first", title_justify="left", pad_edge=False)
    table.add_column("#", justify="right")
    table.add_column("strategy", ratio=1)
    for name in ("CTR", "conversion", f"profit ({currency})", "ROI"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in report.strategies:
        forecast = one.forecast
        lift, profit = forecast.incremental_conversion, forecast.totals.incremental_profit
        about = f"{forecast.audience_size:,} customers, support {forecast.support:.2f}, {one.strategy_id}"
        if one.author != report.models.writer:
            about += f", by {plain(one.author)}"
        table.add_row(
            str(one.rank),
            f"{plain(draft_in_words(one.draft, currency))}\n[dim]{about}[/]",
            f"{forecast.ctr.mean:.1%}" if forecast.ctr else "-",
            f"{forecast.conversion.mean:.2%}\n[dim]{lift.mean:+.2%}[/]",
            f"[bold]{profit.mean:,.0f}[/]\n[dim]{profit.low:,.0f} to {profit.high:,.0f}[/]",
            _two(forecast.roi),
        )
    return table


def plain(text: str) -> str:
    """Text of others for a terminal: no control characters, no markup."""
    from rich.markup import escape

    return escape("".join(sign for sign in text if sign.isprintable() or sign in "\n\t"))


def _two(estimate: Estimate | None) -> str:
    return "–" if estimate is None else f"{estimate.mean:.2f}"


def _first(console: Any, first: RankedStrategy) -> None:
    console.print("[bold]Why the first is first[/]  [dim](by the objective, less a price on its doubt)[/]")
    for reason in first.reasons:
        console.print(f"  {plain(reason)}")
    for warning in first.forecast.warnings:
        console.print(f"  [yellow]{plain(warning)}[/]")
    if first.levers:
        _levers(console, first.levers[:SHOWN_LEVERS])
    _appeal(console, first.forecast)
    message = first.message
    parts = {
        "Subject": message.subject,
        "Preheader": message.preheader,
        "Body": message.body,
        "Button": message.call_to_action,
    }
    if any(parts.values()):
        console.print(f"[bold]What it says[/]  [dim](written by {plain(first.author)})[/]")
    for name, text in parts.items():
        if text:
            lines = "\n".join(f"    {line}" for line in plain(text).splitlines())
            console.print(f"  [dim]{name}[/]\n{lines}")
    if better := advice(first.checks):
        console.print(f"  [yellow]{plain(better)}[/]")


def _appeal(console: Any, forecast: EffectForecast) -> None:
    factor = forecast.copy_appeal
    if factor is not None and forecast.ctr is not None:
        told = f"{factor.mean:.3f} (90 %: {factor.low:.3f} to {factor.high:.3f})"
        console.print(
            "[bold]Its words[/]  [dim](the appeal of the line seen first: a factor on the CTR alone)[/]\n"
            f"  CTR times {told}"
        )


def _levers(console: Any, levers: Sequence[Lever]) -> None:
    console.print("[bold]Levers[/]  [dim](one step of the terms, all else as it is)[/]")
    for one in levers:
        console.print(f"  {plain(one.words)}")


def _why(console: Any, found: Why) -> None:
    if found.levers:
        _levers(console, found.levers)
    about = f"share of the customers: their mean forecast, in {plain(found.unit)}"
    console.print(f"[bold]Who drives it[/]  [dim]({about})[/]")
    if found.note:
        console.print(f"  {plain(found.note)}")
    for driver in found.drivers:
        groups = (f"{one.words} ({one.share:.0%}): {one.mean:.3g}" for one in driver.groups)
        console.print(f"  {plain('; '.join(groups))}")


def show_scores(lines: Sequence[ScoreLine]) -> None:
    """Forecasts of drafts, per customer contacted."""
    rows = []
    for line in lines:
        forecast = line.forecast
        if forecast is None:
            say(f"{line.draft_id}: {line.error.message if line.error else 'no forecast'}")
            continue
        for warning in (*forecast.warnings, *(f"may not be sent: {one.message}" for one in line.broken)):
            say(f"{line.draft_id}: {warning}")
        profit = forecast.incremental_profit
        rows.append(
            (
                line.draft_id,
                f"{forecast.audience_size:,}",
                f"{forecast.ctr.mean:.2%}" if forecast.ctr else "-",
                f"{forecast.conversion.mean:.2%} ({forecast.incremental_conversion.mean:+.2%})",
                f"{profit.mean:.3f} ({profit.low:.3f} to {profit.high:.3f})",
                _two(forecast.roi),
                f"{forecast.support:.2f}",
            )
        )
    show_table(
        ("draft", "customers", "CTR", "conversion (lift)", "profit per customer", "ROI", "support"), rows
    )
    for line in lines:
        if line.why is not None:
            from rich.console import Console

            console = Console()
            console.print(f"\n[bold]{plain(line.draft_id)}[/]")
            _why(console, line.why)


def show_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A plain table."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*header, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(plain(str(cell)) for cell in row))
    Console().print(table)


def show_ingest(result: IngestResult) -> None:
    """Counts per file, what was kept out, and where the refused rows are."""
    header = ("file", "read", "new", "changed", "same", "refused")
    rows = [
        (one.file, one.read, one.inserted, one.updated, one.unchanged, one.rejected) for one in result.files
    ]
    show_table(header, [(name, *(f"{count:,}" for count in counts)) for name, *counts in rows])
    if result.personal:
        say(f"personal, kept out of every model: {', '.join(result.personal)}")
    if result.left_out:
        say(f"of no use as attributes: {', '.join(result.left_out)}")
    for note in result.notes:
        say(note)
    if result.rejects is not None:
        say(f"{result.rejected:,} rows were refused; {result.rejects} says where and why")


def show_findings(found: Iterable[Finding]) -> None:
    """What is to be thought of something, a line each."""
    show_table(("topic", "", "what was found"), [(one.topic, one.level, one.text) for one in found])


def show_trained(trained: Trained) -> None:
    """What was learnt from, the held-out figures, what is assumed, and what cannot be forecast."""
    exposures = f"{trained.exposures:,} exposures (messages sent or held out)"
    campaigns = f"{trained.campaigns} campaign{'' if trained.campaigns == 1 else 's'}"
    say(f"trained {trained.version} on {exposures} of {campaigns}")
    rows = [(name.replace("_", " "), _figure(value)) for name, value in trained.metrics.items()]
    show_table(("learnt from, and held out", "value"), rows)
    show_table(
        ("assumption", "assumed (90 %)", "believed now (90 %)", "rests on the assumption"),
        [
            (one.name, _range(one.assumed), _range(one.believed), f"{one.weight:.0%}")
            for one in trained.assumptions
        ],
    )
    if trained.assumptions:
        say(AT_LARGE)
    if trained.copy_facts:
        facts = (f"{name.replace('_', ' ')} {_fact(value)}" for name, value in trained.copy_facts.items())
        say(f"what these campaigns say of the general copy model: {'; '.join(facts)}")
    for note in trained.notes:
        say(f"note: {note}")


def _range(figures: tuple[float, float, float]) -> str:
    value, low, high = figures
    return f"{value:.3g} ({low:.2g} to {high:.2g})"


def _fact(value: str | float) -> str:
    return value if isinstance(value, str) else _figure(value)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) and abs(value) >= 1 else f"{value:.3g}"
