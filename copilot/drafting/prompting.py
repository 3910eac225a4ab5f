"""What is said to a model: versioned files, declared variables, the shop's words fenced as data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot.domain.scored import ScoredDraft
from copilot.drafting.answers import brief_answer, facts_answer, offer_answer
from copilot.drafting.outgoing import OPENING_TOKENS, leaving, token_estimate
from copilot.errors import CopilotError

if TYPE_CHECKING:
    from copilot.deciding.case import Case

__all__ = ["Prompt", "PromptError", "fill_prompt", "opening", "planner_opening", "reminder"]

_HEAD = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<text>.*)\Z", re.DOTALL)
_VARIABLE = re.compile(r"<<([a-z_]+)>>")
_CASE = ("brief", "shop", "frontier")


class PromptError(CopilotError):
    """A prompt file and what fills it do not fit: a mistake in the program, found before any model call."""


@dataclass(frozen=True)
class Prompt:
    """The opening of a conversation. `reminds`: whether a writer that stops early is asked once to go on."""

    system: str | None
    user: str
    versions: tuple[str, ...] = ()
    reminds: bool = True


def opening(case: Case, frontier: Sequence[ScoredDraft]) -> Prompt:
    """The opening for a language model: its task, and the brief, the shop and the frontier as data.

    At most OPENING_TOKENS: what comes first may take so much of what is left, the rest has what it left over.
    """
    chinese = case.brief.language.split("-")[0] == "zh"
    task = ("strategist_zh" if chinese else "strategist", 4)
    values = {"strategies": str(case.brief.strategies), "language": case.brief.language}
    system = fill_prompt(*task, values)
    parts: tuple[tuple[str, Any, float], ...] = (
        ("brief", brief_answer(case.brief), 0.45),
        ("offers", [offer_answer(one, case.brief) for one in frontier], 0.6),
        ("shop", facts_answer(case.facts), 1.0),
    )
    left = OPENING_TOKENS - token_estimate(system + fill_prompt("case", 1, dict.fromkeys(_CASE, "")))
    said = []
    for name, data, share in parts:
        said.append(leaving(data, most=int(left * share), name=name, names=case.names))
        left -= token_estimate(said[-1])
    brief, offers, shop = said
    user = fill_prompt("case", 1, {"brief": brief, "shop": shop, "frontier": offers})
    return Prompt(system, user, tuple(f"{name}.v{version}" for name, version in (task, ("case", 1))))


def planner_opening() -> Prompt:
    """The planner reads no words: it has the brief and the tools."""
    return Prompt(None, "Plan.", reminds=False)


def reminder(case: Case) -> str:
    """Said once to a writer that stopped without handing in enough."""
    return fill_prompt("reminder", 1, {"strategies": str(case.brief.strategies)})


def fill_prompt(name: str, version: int, values: Mapping[str, str]) -> str:
    """The text of `NAME.vN.md` with its declared variables filled.

    Raises:
        PromptError: a variable is undeclared, unused, missing or unknown.
    """
    file = f"{name}.v{version}.md"
    match = _HEAD.match(_read(str(files("prompts").joinpath(file))))
    if match is None:
        raise PromptError(f"{file}: expected a head between two lines of ---, with `variables:`")
    declared = _declared(file, match["head"])
    used = set(_VARIABLE.findall(match["text"]))
    for fault, names in (
        ("uses undeclared", used - declared),
        ("declares but does not use", declared - used),
        ("was not given", declared - set(values)),
        ("does not know", set(values) - declared),
    ):
        if names:
            raise PromptError(f"{file} {fault}: {', '.join(sorted(names))}")
    return _VARIABLE.sub(lambda found: values[found[1]], match["text"]).strip()


@lru_cache(maxsize=32)
def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def _declared(file: str, head: str) -> set[str]:
    lines = dict(line.split(":", 1) for line in head.splitlines() if ":" in line)
    if "variables" not in lines:
        raise PromptError(f"{file}: its head does not declare `variables:`")
    return {name for name in re.split(r"[,\s]+", lines["variables"]) if name}
