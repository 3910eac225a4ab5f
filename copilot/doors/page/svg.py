"""Plots as inline SVG: lines, bands, points, bars. Colours come from the page, so dark and print follow it.

Knows nothing of predictors. Every text is escaped here; sizes are in the units of the drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, isfinite, log10

__all__ = ["Axis", "Band", "Bars", "Dots", "Line", "Mark", "Rug", "percent", "plain", "plot"]

WIDTH, HEIGHT = 460, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 12, 46
LEGEND, LETTER = 22, 7.4  # height of a legend, width of a letter
DIGIT, TURNED = 9.6, 28  # width of a digit where plots are small and letters large; room of a turned label
Numbers = Sequence[float]


def percent(value: float) -> str:
    """0.125 -> 12.5%."""
    return f"{100 * value:.3g}%"


def plain(value: float) -> str:
    """A number without needless digits."""
    return f"{value:,.4g}"


@dataclass(frozen=True)
class Axis:
    """A labelled axis. include: values it shows in any case."""

    label: str
    format: Callable[[float], str] = plain
    include: Numbers = ()


@dataclass(frozen=True)
class Line:
    """A line through points; style: a class of the page."""

    x: Numbers
    y: Numbers
    style: str = "main"
    label: str = ""


@dataclass(frozen=True)
class Band:
    """The room between two lines."""

    x: Numbers
    low: Numbers
    high: Numbers
    style: str = "main"


@dataclass(frozen=True)
class Dots:
    """Points, and bars of doubt along either axis where given: (low, high) of each.

    told: what each is, shown when pointed at; names: what is written beside each.
    """

    x: Numbers
    y: Numbers
    style: str = "main"
    label: str = ""
    told: Sequence[str] = ()
    names: Sequence[str] = ()
    across: Sequence[tuple[float, float]] = ()
    along: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True)
class Bars:
    """Upright bars of one width from 0."""

    x: Numbers
    y: Numbers
    width: float
    style: str = "main"
    label: str = ""


@dataclass(frozen=True)
class Rug:
    """Ticks at the foot of the plot."""

    x: Numbers


Mark = Line | Band | Dots | Bars | Rug


def plot(title: str, x: Axis, y: Axis, marks: Iterable[Mark], *, height: int = HEIGHT) -> str:
    """An SVG element of these marks, the first at the back."""
    drawn = list(marks)
    across = _ticks([*x.include, *_xs(drawn)])
    ends = _ends([*x.include, *_xs(drawn)])
    inside = [tick for tick in across if ends[0] <= tick <= ends[1]]
    named = [mark for mark in drawn if not isinstance(mark, Band | Rug) and mark.label]
    top = TOP + LEGEND if named else TOP
    up = _ticks([*y.include, *_ys(drawn)])
    # Figures of small rates are long: they push the plot to the right, not into the label.
    left = max(LEFT, ceil(TURNED + max(_wide(y, tick) for tick in up)))
    area = _Area(ends, inside, up, height, top, left)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">',
        *area.frame(x, y),
        *(part for mark in drawn for part in _draw(mark, area)),
        *_legend(named, left),
        "</svg>",
    ]
    return "".join(parts)


@dataclass(frozen=True)
class _Area:
    """Where values lie on the paper: x as far as there are any, y to the next round number."""

    x_ends: tuple[float, float]
    x_ticks: Numbers
    y_ticks: Numbers
    height: int
    top: int
    left: int

    def across(self, value: float) -> float:
        first, last = self.x_ends
        return round(self.left + (value - first) / (last - first) * (WIDTH - self.left - RIGHT), 1)

    def up(self, value: float) -> float:
        first, last = self.y_ticks[0], self.y_ticks[-1]
        return round(
            self.height - BOTTOM - (value - first) / (last - first) * (self.height - self.top - BOTTOM), 1
        )

    def frame(self, x: Axis, y: Axis) -> Iterable[str]:
        floor_, middle = self.height - BOTTOM, (self.height - BOTTOM + self.top) / 2
        for tick in self.y_ticks:
            at, style = self.up(tick), "zero" if tick == 0 else "grid"
            yield f'<line class="{style}" x1="{self.left}" x2="{WIDTH - RIGHT}" y1="{at}" y2="{at}"/>'
            told = escape(y.format(tick))
            yield f'<text class="tick" x="{self.left - 6}" y="{at + 4}" text-anchor="end">{told}</text>'
        for tick in self._apart(x):
            at = min(self.across(tick), round(WIDTH - _wide(x, tick) / 2, 1))
            told = escape(x.format(tick))
            yield f'<text class="tick" x="{at}" y="{floor_ + 19}" text-anchor="middle">{told}</text>'
        foot = f'x="{(WIDTH + self.left - RIGHT) / 2}" y="{self.height - 8}" text-anchor="middle"'
        yield f'<text class="label" {foot}>{escape(x.label)}</text>'
        turned = f'transform="translate(12 {middle}) rotate(-90)" text-anchor="middle"'
        yield f'<text class="label" {turned}>{escape(y.label)}</text>'

    def _apart(self, x: Axis) -> Numbers:
        """Ticks of x, as many as can stand beside each other."""
        if len(self.x_ticks) < 2:
            return self.x_ticks
        room = self.across(self.x_ticks[1]) - self.across(self.x_ticks[0])
        return self.x_ticks[:: ceil(max(_wide(x, tick) for tick in self.x_ticks) / room)]


def _wide(axis: Axis, tick: float) -> float:
    return DIGIT * len(axis.format(tick))


def _draw(mark: Mark, area: _Area) -> Iterable[str]:
    match mark:
        case Line():
            yield f'<polyline class="line {mark.style}" points="{_path(mark.x, mark.y, area)}"/>'
        case Band():
            edge = _path(mark.x, mark.high, area) + " " + _path(mark.x[::-1], mark.low[::-1], area)
            yield f'<polygon class="band {mark.style}" points="{edge}"/>'
        case Bars():
            for x, y in zip(mark.x, mark.y, strict=True):
                left, right = area.across(x - mark.width / 2), area.across(x + mark.width / 2)
                low, high = sorted((area.up(0), area.up(y)))
                size = f'width="{right - left:.1f}" height="{low - high if low > high else high - low:.1f}"'
                yield f'<rect class="bar {mark.style}" x="{left}" y="{low}" {size}/>'
        case Rug():
            foot = area.height - BOTTOM
            for x in mark.x:
                if area.x_ends[0] <= x <= area.x_ends[1]:
                    at = area.across(x)
                    yield f'<line class="rug" x1="{at}" x2="{at}" y1="{foot}" y2="{foot - 9}"/>'
        case Dots():
            yield from _dots(mark, area)


def _dots(mark: Dots, area: _Area) -> Iterable[str]:
    for (low, high), y in zip(mark.across, mark.y, strict=False):
        ends = f'x1="{area.across(low)}" x2="{area.across(high)}" y1="{area.up(y)}" y2="{area.up(y)}"'
        yield f'<line class="doubt {mark.style}" {ends}/>'
    for (low, high), x in zip(mark.along, mark.x, strict=False):
        ends = f'x1="{area.across(x)}" x2="{area.across(x)}" y1="{area.up(low)}" y2="{area.up(high)}"'
        yield f'<line class="doubt {mark.style}" {ends}/>'
    for place, (x, y) in enumerate(zip(mark.x, mark.y, strict=True)):
        told = f"<title>{escape(mark.told[place])}</title>" if mark.told else ""
        at = f'cx="{area.across(x)}" cy="{area.up(y)}" r="3.6"'
        yield f'<circle class="dot {mark.style}" {at}>{told}</circle>'
    for name, x, y in zip(mark.names, mark.x, mark.y, strict=False):
        right = area.across(x) < (area.left + WIDTH - RIGHT) / 2
        at = f'x="{area.across(x) + (9 if right else -9):.1f}" y="{area.up(y) + 4:.1f}"'
        yield f'<text class="name" {at} text-anchor="{"start" if right else "end"}">{escape(name)}</text>'


def _path(x: Numbers, y: Numbers, area: _Area) -> str:
    return " ".join(f"{area.across(a)},{area.up(b)}" for a, b in zip(x, y, strict=True))


def _legend(marks: Sequence[Mark], start: int) -> Iterable[str]:
    left = float(start)
    for mark in marks:
        assert not isinstance(mark, Band | Rug)
        yield f'<line class="key {mark.style}" x1="{left:.0f}" x2="{left + 16:.0f}" y1="{TOP}" y2="{TOP}"/>'
        yield f'<text class="legend" x="{left + 21:.0f}" y="{TOP + 4}">{escape(mark.label)}</text>'
        left += 21 + LETTER * len(mark.label) + 14


def _xs(marks: Iterable[Mark]) -> Iterable[float]:
    for mark in marks:
        if isinstance(mark, Bars):
            yield from (x + side * mark.width / 2 for x in mark.x for side in (-1, 1))
        elif not isinstance(mark, Rug):
            yield from mark.x
        if isinstance(mark, Dots):
            yield from (end for ends in mark.across for end in ends)


def _ys(marks: Iterable[Mark]) -> Iterable[float]:
    for mark in marks:
        match mark:
            case Band():
                yield from (*mark.low, *mark.high)
            case Line() | Dots() | Bars():
                yield from mark.y
        if isinstance(mark, Dots):
            yield from (end for ends in mark.along for end in ends)


def _ends(values: Iterable[float]) -> tuple[float, float]:
    """The least and the largest, drawn apart where they are one."""
    known = [value for value in values if isfinite(value)] or [0.0, 1.0]
    low, high = min(known), max(known)
    if high - low > 1e-12:
        return low, high
    return low - (abs(low) / 2 or 0.5), high + (abs(high) / 2 or 0.5)


def _ticks(values: Iterable[float], wanted: int = 5) -> list[float]:
    """Round numbers around all values, at least two."""
    low, high = _ends(values)
    rough = (high - low) / wanted
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]
