"""What is meant for a machine and would be seen by the customer: tags, entities, control characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.entities import html5

from copilot.domain.check import Check
from copilot.wording.findings import Finding, as_check
from copilot.wording.seeing import found_in

__all__ = ["check_markup", "markup"]

_WHY = {
    "tag": ("a message is plain text, and its reader would see the tag", "leave it out"),
    "entity": ("a message is plain text, and its reader would see the entity", "write the character itself"),
    "Markdown": ("a message is plain text, and its reader would see the signs", "leave them out"),
}
# `a < b`, `<3` and `<-` open nothing.
_TAG = r"</?[A-Za-z][\w:-]{0,30}(?:\s[^<>]{0,300})?/?>|<!--|<!\[CDATA\[|<!DOCTYPE"
_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_BOLD = (
    r"(?<![*\w])\*\*(?=[^\s*])[^*\n]{1,120}(?<=[^\s*])\*\*(?!\*)"
    r"|(?<![_\w])__(?=[^\s_])[^_\n]{1,120}(?<=[^\s_])__(?![_\w])"
)
_LINK = r"\[[^\[\]\n]{1,120}\]\([^()\s]{1,300}\)"
_PATTERNS = (
    ("tag", re.compile(_TAG)),
    ("entity", re.compile(_ENTITY)),
    ("Markdown", re.compile(f"{_BOLD}|{_LINK}")),
)
# Characters that steer a machine: all controls but tab and line ends, and those that turn the text around.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e]")


def check_markup(texts: Sequence[tuple[str, str, str]]) -> Iterator[Check]:
    """Texts with their places, as written and with what is known masked, as one check."""
    found = [finding for place, text, masked in texts for finding in markup(text, masked, place=place)]
    yield as_check("copy_markup", found, "it is plain text")


def markup(text: str, masked: str | None = None, *, place: str = "") -> Iterator[Finding]:
    """Everything in a text that its reader should not see, in order of kind and place, as it was written.

    masked: the text without slots and known names, every other character where it was; what they hold passes.
    """
    read = text if masked is None else masked
    for one in found_in(read, _PATTERNS):
        if one.kind != "entity" or _is_entity(one.text):
            words = text[one.at : one.at + len(one.text)]
            yield Finding("copy_markup", one.kind, words, *_WHY[one.kind], one.at, place)
    for control in _CONTROL.finditer(read):
        words = f"U+{ord(control[0]):04X}"
        why = "it is no letter, and machines take it for an order"
        yield Finding("copy_markup", "control character", words, why, "leave it out", control.start(), place)


def _is_entity(written: str) -> bool:
    return written.startswith("&#") or written[1:] in html5
