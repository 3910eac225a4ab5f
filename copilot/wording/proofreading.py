"""A text by itself, without an offer: what of it no offer and no fact could make right.

Knows no draft. What only an offer decides (whether it gives what is promised, whether a slot has a value) is
left to `check_copy`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from copilot.domain.brand import BrandKit
from copilot.wording.brand import missing, unwanted
from copilot.wording.claims import claims
from copilot.wording.copylock import ADVICE, unknown
from copilot.wording.figures import figures
from copilot.wording.findings import Finding
from copilot.wording.links import links
from copilot.wording.markup import markup
from copilot.wording.promises import dates
from copilot.wording.slots import SLOT, SLOTS

__all__ = ["proofread"]


def proofread(
    text: str, language: str, *, kit: BrandKit | None = None, channel: str | None = None, day: date
) -> list[Finding]:
    """Everything amiss in a text, in order of place, what is missing last.

    channel: the text is a whole message by it, so that required phrases, figures, addresses and slots count
    too. day: on which proofs of the kit have to hold.
    """
    section = kit.section(language) if kit else None
    names = (*(one.phrase for one in section.required), *section.proven(day)) if section else ()
    found = [*claims(text, language, names, frozenset(SLOT.findall(text)), ends=channel is None)]
    found += markup(text, unknown(text, names))
    found += unwanted(text, section, language, day, names) if section else []
    found += _of_a_message(text, names) if channel else []
    found.sort(key=lambda one: one.at or 0)
    return [*found, *(missing(text, section, channel) if section and channel else [])]


def _of_a_message(text: str, names: Iterable[str]) -> Iterator[Finding]:
    masked = unknown(text, names)
    for one in (*figures(masked), *dates(masked)):
        why = "it needs a slot, which the offer fills"
        yield Finding("copy_figures", one.kind, one.text, why, ADVICE[one.kind], one.at)
    for one in links(masked):
        instead = "leave it out (those to give are named in must_say or in the brand kit)"
        yield Finding(
            "copy_links", one.kind, one.text, "where a message leads is the shop's to say", instead, one.at
        )
    for slot in SLOT.finditer(text):
        if slot[1] not in SLOTS:
            instead = f"write one of {', '.join(f'{{{name}}}' for name in SLOTS)}"
            yield Finding("copy_slots", "slot", slot[0], "there is no such slot", instead, slot.start())
