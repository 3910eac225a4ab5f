"""Options that several commands share, and what is read out of them. A wrong one is a wrong call: exit 2."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from copilot.errors import CopilotError

if TYPE_CHECKING:
    from datetime import date

    from copilot.settings import Settings

__all__ = [
    "AsJson",
    "AsOf",
    "AudienceText",
    "Db",
    "DraftsFile",
    "Model",
    "SettingsFile",
    "argument",
    "conditions",
    "day_of",
    "not_the_input",
    "readable_priors",
    "settings_of",
]

Read = TypeVar("Read")
Db = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="Store: a database URL or a file. Default: COPILOT_DB."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone on standard output.")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Day the customers are looked at.")
]
AudienceText = Annotated[
    str, typer.Option("--audience", help='Conditions, as in "loyalty_tier in gold|silver; orders_90d >= 1".')
]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", metavar="FILE.toml", help="Settings. Default: COPILOT_SETTINGS, if set."),
]
Model = Annotated[
    str | None, typer.Option("--model", metavar="NAME", help="The language model. Default: COPILOT_MODEL.")
]
DraftsFile = Annotated[
    Path,
    typer.Argument(metavar="DRAFTS.jsonl", help="One draft a line; - is input."),
]


def day_of(moment: datetime | None) -> date | None:
    """The day that `--as-of` names, if it was given."""
    return None if moment is None else moment.date()


def conditions(text: str) -> tuple[Any, ...]:
    """The conditions of `--audience`."""
    from copilot.domain.audience import parse_audience

    return argument("--audience", lambda: parse_audience(text))


def argument(name: str, read: Callable[[], Read]) -> Read:
    """What `read` makes of an argument; one that it refuses is a wrong call, as an unknown option is."""
    try:
        return read()
    except CopilotError as error:
        raise typer.BadParameter(str(error), param_hint=name) from None


def settings_of(file: Path | None, model: str | None) -> Settings:
    """The settings, with what options say of them."""
    from copilot.settings import load_settings

    given = {"model": model} if model else {}
    if file is None:
        return load_settings(**given)
    return argument("--settings", lambda: load_settings(file, **given))


def readable_priors(given: Path | None, named: Path | None) -> Path | None:
    """The file of assumptions: the option's, else the setting's; one that cannot be read is a wrong call."""
    path, hint = (given, "--priors") if given is not None else (named, "COPILOT_PRIORS")
    if path is not None and (path.is_dir() or not os.access(path, os.R_OK)):
        advice = "leave it out to train with the assumptions that come with the predictor"
        raise typer.BadParameter(
            f"{path} is not a file that can be read; name one, or {advice}", param_hint=hint
        )
    return path


def not_the_input(out: Path | None, drafts: Path) -> None:
    """Refuse to write over the file that is read."""
    if out is not None and out.exists() and drafts.exists() and out.samefile(drafts):
        raise typer.BadParameter(f"{out} is the file of drafts: name another to write to")
