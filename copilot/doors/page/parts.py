"""Pieces of a page: figures, tables, lists. Every text that comes in is escaped here, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.deciding.scoring import Finding

__all__ = ["closed", "document", "figure", "findings", "grid", "paragraph", "section", "table"]

LEVELS = {"ok": "✓ good", "look": "! have a look", "bad": "✕ not good"}
# What a reader of the page may load: nothing but the styles that are in it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def document(title: str, body: str) -> str:
    """A whole page that needs nothing from outside."""
    style = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def section(name: str, title: str, *parts: str) -> str:
    """A titled section; empty where it has no parts."""
    inner = "\n".join(part for part in parts if part)
    return f'<section id="{name}">\n<h2>{escape(title)}</h2>\n{inner}\n</section>' if inner else ""


def paragraph(text: str, style: str = "about") -> str:
    """A paragraph."""
    return f'<p class="{style}">{escape(text)}</p>'


def figure(title: str, about: str, drawing: str) -> str:
    """A plot with its title and how to read it."""
    caption = f"<b>{escape(title)}</b><span>{escape(about)}</span>"
    return f"<figure><figcaption>{caption}</figcaption>{drawing}</figure>"


def grid(figures: Iterable[str], style: str = "") -> str:
    """Figures beside each other."""
    inner = "\n".join(one for one in figures if one)
    return f'<div class="plots {style}">\n{inner}\n</div>' if inner else ""


def closed(title: str, *parts: str) -> str:
    """What is shown when asked for; empty where there is nothing."""
    inner = "\n".join(part for part in parts if part)
    return f"<details><summary>{escape(title)}</summary>\n{inner}\n</details>" if inner else ""


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, texts: int = 1, meter: int = -1) -> str:
    """Rows of text; the first `texts` columns to the left; a bar after column `meter`, its cell a share."""
    head = "".join(
        f"<th{_side(place < texts or place == meter)}>{escape(name)}</th>"
        for place, name in enumerate(header)
    )
    lines = []
    for row in rows:
        cells = [
            f"<td{_side(place < texts)}>{escape(cell)}</td>" if place != meter else f"<td>{_bar(cell)}</td>"
            for place, cell in enumerate(row)
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    if not lines:
        return ""
    inner = f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
    return f'<div class="wide"><table>{inner}</table></div>'


def _side(text: bool) -> str:
    return ' class="text"' if text else ""


def _bar(share: str) -> str:
    return f'<span class="meter" style="width:{max(float(share), 0.0) * 160:.0f}px"></span>'


def findings(found: Iterable[Finding]) -> str:
    """A list of what is to be thought of something, with a mark that does not rest on colour."""
    lines = []
    for one in found:
        advice = f'<span class="advice">{escape(one.advice)}</span>' if one.advice else ""
        head = f'<b>{escape(one.topic)}</b><span class="level">{LEVELS[one.level]}</span>'
        said = f"<div>{escape(one.text)}{advice}</div>"
        lines.append(f'<li class="{one.level}"><div class="head">{head}</div>{said}</li>')
    return f'<ul class="said">\n{chr(10).join(lines)}\n</ul>' if lines else ""
