"""The command line. It reads files and options, calls the engine, prints; it decides nothing.

Exit status: 0 done, 1 some rows failed or the job could not be done, 2 the call itself was wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from copilot.doors.brand import app as brand
from copilot.doors.chat import app as chat_app
from copilot.doors.copy import app as copy_app
from copilot.doors.options import (
    AsJson,
    AsOf,
    AudienceText,
    Db,
    DraftsFile,
    Model,
    SettingsFile,
    argument,
    conditions,
    day_of,
    not_the_input,
    readable_priors,
    settings_of,
)
from copilot.errors import CopilotError

if TYPE_CHECKING:
    from copilot.api import Copilot
    from copilot.settings import Settings

__all__ = ["app", "main"]

app = typer.Typer(
    name="copilot",
    help="Drafts campaigns for an online shop and says what each would do, against sending nothing.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(brand, name="brand")
app.add_typer(copy_app)
app.add_typer(chat_app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and turn the copilot's own errors into a message and an exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        app(given, prog_name="copilot")
    except CopilotError as error:
        _fail(error, as_json="--json" in given)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        print(f"copilot: cannot read or write: {error}", file=sys.stderr)
        sys.exit(1)


def _fail(error: CopilotError, *, as_json: bool) -> NoReturn:
    from copilot.domain.score import LineError
    from copilot.doors.files import as_json as to_json

    print(f"copilot: {error}", file=sys.stderr)
    if as_json:
        print(to_json({"error": LineError.of(error)}))
    sys.exit(1)


def _open(db: str | None, settings: Settings | None = None) -> Copilot:
    from copilot.api import Copilot

    return Copilot(db, settings=settings)


def _print_json(value: Any) -> None:
    from copilot.doors.files import as_json

    print(as_json(value))


@app.command()
def ingest(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", exists=True, file_okay=False)],
    mapping: Annotated[str | None, typer.Option("--map", help="MAP.yaml, or shopify or woocommerce.")] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="Where rows that were refused go.")
    ] = None,
    keep_personal: Annotated[
        bool, typer.Option("--keep-personal", help="Store contact data as it is.")
    ] = False,
    db: Db = None,
    json: AsJson = False,
) -> None:
    """Load a shop export; rows that cannot be used go to a rejects file."""
    from copilot.doors.show import show_ingest

    with _open(db) as copilot:
        result = copilot.ingest(folder, mapping=mapping, rejects=rejects, keep_personal=keep_personal)
    _print_json(result) if json else show_ingest(result)
    if result.rejected:
        raise typer.Exit(1)


@app.command()
def train(
    db: Db = None,
    json: AsJson = False,
    seed: Annotated[int | None, typer.Option(min=0, help="Of what is random. Default: COPILOT_SEED.")] = None,
    priors: Annotated[
        Path | None,
        typer.Option("--priors", metavar="FILE", help="What is assumed where campaigns say little."),
    ] = None,
) -> None:
    """Fit every predictor the data allows; print held-out figures and what is assumed."""
    from copilot.doors.show import show_trained

    with _open(db) as copilot:
        trained = copilot.train(seed=seed, priors=readable_priors(priors, copilot.settings.priors))
    _print_json(trained) if json else show_trained(trained)


@app.command()
def score(
    drafts: DraftsFile,
    audience: AudienceText = "",
    per_customer: Annotated[
        Path | None,
        typer.Option("--per-customer", metavar="OUT.csv", help="Also one row per customer and draft."),
    ] = None,
    why: Annotated[
        bool, typer.Option("--why", help="Also what one step of the terms changes, and who responds.")
    ] = False,
    as_of: AsOf = None,
    db: Db = None,
    json: AsJson = False,
) -> None:
    """Forecast drafts, in order."""
    from copilot.deciding.batches import parse_drafts, score_lines
    from copilot.doors.files import read_lines
    from copilot.doors.show import show_scores
    from copilot.doors.tables import write_per_customer

    narrowed = conditions(audience)
    not_the_input(per_customer, drafts)
    lines = argument("DRAFTS.jsonl", lambda: read_lines(drafts))
    with _open(db) as copilot:
        case = copilot.case(narrowed, as_of=day_of(as_of))
        parsed = parse_drafts(lines)
        answers = score_lines(case, parsed, why=why)
        if per_customer is not None:
            write_per_customer(per_customer, case, zip(parsed, answers, strict=True))
    _print_json(answers) if json else show_scores(answers)
    if any(answer.error for answer in answers):
        raise typer.Exit(1)


@app.command()
def allocate(
    drafts: DraftsFile,
    out: Annotated[
        Path, typer.Option("--out", metavar="ASSIGN.csv", help="One row per customer of the audience.")
    ],
    audience: AudienceText = "",
    as_of: AsOf = None,
    db: Db = None,
    json: AsJson = False,
) -> None:
    """Give each customer the draft that earns the most, or none."""
    from copilot.deciding.batches import parse_drafts
    from copilot.domain import StrategyDraft
    from copilot.domain.score import ScoreLine
    from copilot.doors.files import read_lines
    from copilot.doors.show import say
    from copilot.doors.tables import write_assignment

    narrowed = conditions(audience)
    not_the_input(out, drafts)
    lines = argument("DRAFTS.jsonl", lambda: read_lines(drafts))
    with _open(db) as copilot:
        given = parse_drafts(lines)
        drafts_read = [one for one in given if isinstance(one, StrategyDraft)]
        wrong = [one for one in given if isinstance(one, ScoreLine)]
        assignment = copilot.allocate(drafts_read, audience=narrowed, as_of=day_of(as_of))
    summary = write_assignment(out, assignment, drafts_read)
    for line in wrong:
        say(f"copilot: {line.error.message if line.error else line.draft_id}")
    if json:
        _print_json({**summary, "errors": wrong})
    else:
        say(f"{summary['assigned']:,} of {summary['customers']:,} customers get a draft; see {out}")
    if wrong:
        raise typer.Exit(1)


@app.command()
def generate(
    brief: Annotated[
        Path,
        typer.Argument(metavar="BRIEF.json", help="JSON or YAML; - is input."),
    ],
    as_of: AsOf = None,
    fallback: Annotated[
        bool, typer.Option("--fallback/--no-fallback", help="Let the planner finish what a model cannot.")
    ] = True,
    model: Model = None,
    settings: SettingsFile = None,
    db: Db = None,
    json: AsJson = False,
) -> None:
    """Draft, forecast and rank strategies for a brief."""
    from copilot.doors.files import parse_brief, read_text
    from copilot.doors.show import progress, say, show_report

    text = argument("BRIEF.json", lambda: read_text(brief))
    with _open(db, settings_of(settings, model)) as copilot:
        wanted = parse_brief(text, brief.name)
        report = copilot.generate(wanted, as_of=day_of(as_of), on_event=progress, fallback=fallback)
        currency = copilot.shop_settings().currency
    if json:
        for note in report.notes:
            say(f"note: {note}")
        _print_json(report)
    else:
        show_report(report, currency)


@app.command()
def audience(
    strategy_id: Annotated[str, typer.Argument(metavar="STRATEGY_ID")],
    as_of: AsOf = None,
    db: Db = None,
    json: AsJson = False,
) -> None:
    """The customers a strategy would go to, one id a line."""
    with _open(db) as copilot:
        ids = copilot.audience(strategy_id, as_of=day_of(as_of))
    if json:
        _print_json(ids)
    else:
        for customer_id in ids:
            print(customer_id)


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20, db: Db = None, json: AsJson = False
) -> None:
    """Reports in the store, newest first."""
    from copilot.doors.show import show_table

    with _open(db) as copilot:
        found = copilot.reports(limit)
    if json:
        _print_json(found)
    else:
        columns = ("brief_id", "created_at", "status", "strategies", "writer")
        show_table(columns, [[one.get(name, "") for name in columns] for one in found])


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A brief's or a strategy's id.")],
    db: Db = None,
    json: AsJson = False,
) -> None:
    """A saved report, or one strategy of it."""
    from copilot.doors.show import show_report

    with _open(db) as copilot:
        report = copilot.report(name)
        currency = copilot.shop_settings().currency
    _print_json(report) if json else show_report(report, currency)


@app.command()
def explain(
    strategy_id: Annotated[str, typer.Argument(metavar="STRATEGY_ID")],
    messages: Annotated[
        bool, typer.Option("--messages", help="Instead, all that was said to the writers and answered.")
    ] = False,
    db: Db = None,
    json: AsJson = False,
) -> None:
    """Why a saved strategy ranks where it does, from the record of its run."""
    from copilot.doors.explained import show_explanation, show_record

    with _open(db) as copilot:
        if messages:
            record = copilot.record(strategy_id)
            _print_json(record) if json else show_record(record)
        else:
            found = copilot.explain(strategy_id)
            _print_json(found) if json else show_explanation(found)


@app.command("report")
def report_(
    what: Annotated[str, typer.Argument(metavar="predictor", help="What the report is on.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="REPORT.html", help="Where the page goes.")
    ] = None,
    as_of: AsOf = None,
    db: Db = None,
    json: AsJson = False,
) -> None:
    """How far the forecasts can be trusted: one page with figures and plots, or the data."""
    from copilot.doors.page.predictor import predictor_page
    from copilot.doors.show import say, show_findings

    if what != "predictor":
        raise typer.BadParameter(f"there is a report on predictor, not on {what}", param_hint="what")
    if out is None and not json:
        raise typer.BadParameter("name the page to write (--out report.html) or ask for --json")
    with _open(db) as copilot:
        found = copilot.predictor_report(as_of=day_of(as_of))
    if out is not None:
        out.write_text(predictor_page(found), encoding="utf-8")
        say(f"{out} shows how far predictor {found.predictor} can be trusted")
    _print_json(found) if json else show_findings(found.summary)


@app.command()
def attributes(db: Db = None, json: AsJson = False) -> None:
    """Customer attributes that an audience may be told by."""
    from copilot.doors.show import show_table

    with _open(db) as copilot:
        found = copilot.attributes()
    columns = ("attribute", "kind", "meaning")
    if json:
        _print_json([dict(zip(columns, one, strict=True)) for one in found])
    else:
        show_table(columns, found)


@app.command()
def schema(noun: Annotated[str, typer.Argument(metavar="brief|draft|forecast|report")]) -> None:
    """The JSON schema of what goes in or comes out."""
    from copilot.domain import schemas

    _print_json(argument("NOUN", lambda: schemas.schema(noun)))


@app.command()
def forget(
    customer_id: Annotated[str, typer.Argument(metavar="CUSTOMER_ID")], db: Db = None, json: AsJson = False
) -> None:
    """Delete a customer and all that is keyed by them."""
    from copilot.doors.show import show_table

    with _open(db) as copilot:
        gone = copilot.forget(customer_id)
    _print_json(gone) if json else show_table(("table", "rows deleted"), gone.items())


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo shop goes.")] = Path("demo"),
    customers: Annotated[int, typer.Option(min=200, help="How many customers it has.")] = 6000,
    seed: Annotated[int, typer.Option(help="Which shop.")] = 0,
    db: Db = None,
) -> None:
    """Make a demo shop, load it, train, and answer a brief."""
    from copilot.doors.demo import run_demo

    run_demo(folder, customers=customers, seed=seed, db=db)


if __name__ == "__main__":
    main()
