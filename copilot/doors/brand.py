"""`copilot brand`: hold a text against the rules for claims and the brand kit, and show the kit.

Exit status: 0 nothing amiss, 1 something is, 2 the call itself was wrong.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.doors.options import AsJson, SettingsFile, argument, settings_of

if TYPE_CHECKING:
    from copilot.domain.brand import BrandKit, BrandSection
    from copilot.wording.findings import Finding

__all__ = ["app"]

app = typer.Typer(
    help="What copy may say: claims that need proof, and the brand kit.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
KitFile = Annotated[
    Path | None,
    typer.Option("--brand", metavar="FILE.toml", help="Brand kit. Default: COPILOT_BRAND, if set."),
]
Language = Annotated[str, typer.Option("--language", metavar="TAG", help="As in en, en-GB, zh.")]
NO_RULES = "there are no rules for claims in {} yet: only the brand kit is looked at"


@app.command()
def check(
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="The copy; - is input.")] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="A file with the copy.")] = None,
    language: Language = "en",
    channel: Annotated[
        str | None,
        typer.Option("--channel", help="The copy is a whole message by email, sms, push, onsite or ads."),
    ] = None,
    brand: KitFile = None,
    settings: SettingsFile = None,
    json: AsJson = False,
) -> None:
    """Claims that nothing supports, banned words, missing phrases: each with its place and why."""
    from copilot.wording.claims import judged
    from copilot.wording.proofreading import proofread

    _known(language, channel)
    copy, kit = _copy(text, file), _kit(brand, settings)
    found = proofread(copy, language, kit=kit, channel=channel, day=date.today())
    if not judged(language):
        from copilot.doors.show import say

        say(f"note: {NO_RULES.format(language)}")
    if json:
        _print_json(
            {
                "language": language,
                "channel": channel,
                "brand": kit.name if kit else None,
                "judged": judged(language),
                "findings": [_as_data(one, copy) for one in found],
            }
        )
    else:
        _show(found, copy)
    if found:
        raise typer.Exit(1)


@app.command()
def show(
    language: Annotated[
        str | None, typer.Option("--language", metavar="TAG", help="Only what goes for this language.")
    ] = None,
    brand: KitFile = None,
    settings: SettingsFile = None,
    json: AsJson = False,
) -> None:
    """The brand kit in force."""
    kit = _kit(brand, settings)
    if kit is None:
        raise typer.BadParameter("no brand kit is set; name one, or set COPILOT_BRAND", param_hint="--brand")
    sections = kit.sections
    if language is not None:
        _known(language, None)
        section = kit.section(language)
        if section is None:
            known = ", ".join(sections)
            raise typer.BadParameter(f"the kit has {known}, nothing for {language}", param_hint="--language")
        sections = {language: section}
    if json:
        _print_json({"name": kit.name, "sections": sections})
    else:
        _show_kit(kit.name, sections)


def _copy(text: str | None, file: Path | None) -> str:
    from copilot.doors.files import read_text

    if (text is None) == (file is None):
        raise typer.BadParameter("give the copy as TEXT or by --file, one of them", param_hint="TEXT")
    source = file or (Path("-") if text == "-" else None)
    copy = text or "" if source is None else argument("--file", lambda: read_text(source))
    if not copy.strip():
        raise typer.BadParameter("expected copy to check, received nothing", param_hint="TEXT")
    return copy


def _kit(given: Path | None, settings: Path | None) -> BrandKit | None:
    from copilot.wording.brand import read_brand

    path, hint = (given, "--brand") if given else (settings_of(settings, None).brand, "COPILOT_BRAND")
    return argument(hint, lambda: read_brand(path)) if path else None


def _known(language: str, channel: str | None) -> None:
    from copilot.domain import CampaignBrief, parse
    from copilot.domain.brief import CHANNELS

    argument("--language", lambda: parse(CampaignBrief, {"language": language}))
    if channel is not None and channel not in CHANNELS:
        raise typer.BadParameter(f"one of {', '.join(CHANNELS)}, not {channel}", param_hint="--channel")


def _as_data(one: Finding, copy: str) -> dict[str, Any]:
    line, character = _place(one, copy) or (None, None)
    return {
        "rule": one.rule,
        "kind": one.kind,
        "line": line,
        "character": character,
        "words": one.words,
        "why": one.why,
        "instead": one.instead,
    }


def _place(one: Finding, copy: str) -> tuple[int, int] | None:
    """Line and character of a finding, both from 1; None where something is missing."""
    if one.at is None:
        return None
    before = copy[: one.at]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _show(found: list[Finding], copy: str) -> None:
    if not found:
        print("nothing amiss")
    for one in found:
        place = _place(one, copy)
        where = f"line {place[0]}, character {place[1]}: " if place else ""
        print(f'{where}{one.kind} "{_plain(one.words)}"\n    why: {one.why}\n    instead: {one.instead}')


def _show_kit(name: str, sections: dict[str, BrandSection]) -> None:
    if name:
        print(_plain(name))
    for language, section in sections.items():
        print(f"\n[{language}]")
        for title, lines in _told(section).items():
            for line in lines:
                print(f"  {title:<15} {_plain(line)}")


def _told(section: BrandSection) -> dict[str, list[str]]:
    required = [
        f"{one.phrase} ({', '.join(one.channels)})" if one.channels else one.phrase
        for one in section.required
    ]
    claims = [
        f"{one.phrase} (proof: {one.proof or 'none, so it may not be said'}"
        f"{f'; until {one.until}' if one.until else ''})"
        for one in section.claims
    ]
    return {
        "voice": [section.voice] if section.voice else [],
        "do": list(section.do),
        "don't": list(section.dont),
        "always say": required,
        "never say": list(section.banned),
        "claim": claims,
    }


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _print_json(value: Any) -> None:
    from copilot.doors.files import as_json

    print(as_json(value))
