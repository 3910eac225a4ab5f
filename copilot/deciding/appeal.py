"""The appeal of words: a factor on a draft's click rate, by the line that a customer sees first.

No data stand behind a claim that this factor goes on after the click, so it multiplies clicks alone. What the
effect predictor makes of its own few traits of copy is in its forecast already.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import exp, expm1, hypot, log
from typing import TYPE_CHECKING

from copilot.domain.appeal import CopyAppeal, CopyReason
from copilot.domain.draft import StrategyDraft
from copilot.domain.forecast import EffectForecast, Estimate

if TYPE_CHECKING:
    from copilot.deciding.scoring import CopyModel, Drivers

__all__ = [
    "Appeal",
    "CopyPredictor",
    "difference",
    "first_line",
    "legible",
    "log_appeals",
    "reasons",
    "scaled",
    "with_appeal",
]

AVERAGE = Estimate(mean=1.0, low=1.0, high=1.0)
_PERCENT = 100


@dataclass(frozen=True)
class CopyPredictor:
    """What the appeal of copy is forecast by, and what a reader of the forecasts has to know of it."""

    model: CopyModel
    note: str = ""


class Appeal:
    """What a copy model says of the drafts of one brief. Every text is asked about once, many at a time.

    words: the line that a customer sees first of a draft, slots filled; "" = none.
    note: what a reader of the forecasts has to know of the model.
    """

    def __init__(self, predictor: CopyPredictor, words: Callable[[StrategyDraft], str]) -> None:
        self.words, self.note = words, predictor.note
        self._model = predictor.model
        self._known: dict[str, Estimate] = {}

    def factors(self, texts: Sequence[str]) -> list[Estimate | None]:
        """The factor on the click rate that each text makes, with its 90 % interval; None without words."""
        new = list(dict.fromkeys(text for text in texts if text and text not in self._known))
        for text, found in zip(new, log_appeals(self._model, new), strict=True):
            self._known[text] = Estimate(mean=exp(found.mean), low=exp(found.low), high=exp(found.high))
        return [self._known[text] if text else None for text in texts]

    def of(self, draft: StrategyDraft, most: int) -> CopyAppeal | None:
        """A draft's factor and the strongest reasons, at most so many; None for a draft without words."""
        text = self.words(draft)
        factor = self.factors([text])[0]
        return None if factor is None else CopyAppeal(factor=factor, reasons=reasons(self._model, text, most))


def first_line(subject: str, body: str) -> str:
    """The line a customer sees first, of a draft as of a past message: the subject, else the body."""
    return legible(subject) or legible(body)


def legible(text: str) -> str:
    """The text without what nobody sees, one space between words."""
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else _unseen(sign) for sign in text)
    return " ".join(text.split())


def _unseen(sign: str) -> str:
    # Soft hyphens and joiners stand inside of words; line ends and tabs between them.
    return "" if unicodedata.category(sign) == "Cf" else " "


def log_appeals(model: CopyModel, texts: Sequence[str]) -> list[Estimate]:
    """The log of the factor of each text; 0 = average."""
    if not texts:
        return []
    low, high = model.interval(texts)
    rows = zip(model.predict(texts).tolist(), low.tolist(), high.tolist(), strict=True)
    return [Estimate(mean=mean, low=min(below, mean), high=max(above, mean)) for mean, below, above in rows]


def reasons(model: CopyModel, text: str, most: int | None) -> tuple[CopyReason, ...]:
    """What raises or lowers the appeal of a text, strongest first, as a change of the click rate; most: how
    many, None = all there are.
    """
    return tuple(
        CopyReason(phrase=one.phrase, trait=one.trait, percent=_PERCENT * expm1(one.effect))
        for one in model.why(text)[:most]
    )


def with_appeal(forecast: EffectForecast, factor: Estimate | None) -> EffectForecast:
    """The forecast with the appeal of its words in its click rate; as it is where there are none."""
    if factor is None:
        return forecast
    ctr = None if forecast.ctr is None else _multiplied(forecast.ctr, factor)
    return forecast.model_copy(update={"ctr": ctr, "copy_appeal": factor})


def _multiplied(rate: Estimate, factor: Estimate) -> Estimate:
    """A rate times a factor; their errors are independent, so widths add up in quadrature, in the log."""
    mean = rate.mean * factor.mean
    if rate.mean <= 0:
        return rate
    above = hypot(log(rate.high / rate.mean), log(factor.high / factor.mean))
    # A rate that may be nothing may still be nothing.
    below = hypot(log(rate.mean / rate.low), log(factor.mean / factor.low)) if rate.low > 0 else None
    low = 0.0 if below is None else mean * exp(-below)
    return Estimate(mean=min(mean, 1.0), low=min(low, 1.0), high=min(mean * exp(above), 1.0))


def difference(
    clicks: Iterable[float], found: Iterable[Estimate], factors: Iterable[Estimate | None]
) -> tuple[Estimate, ...]:
    """How the clicks of drafts differ from the first one's, the appeal of their words included.

    clicks: expected of each draft by an average line; found: what they differ by then. The drafts are steps
    from one draft: whatever the model has wrong of its words, it has wrong of all of them alike.
    """
    every = [(one, factor or AVERAGE) for one, factor in zip(clicks, factors, strict=True)]
    first, usual = every[0]

    told = []
    for (one, factor), plain in zip(every, found, strict=True):
        mean = one * factor.mean - first * usual.mean
        lowest, highest = one * factor.low - first * usual.low, one * factor.high - first * usual.high
        larger = max(factor.mean, usual.mean)
        below = hypot(larger * (plain.mean - plain.low), lowest - mean)
        above = hypot(larger * (plain.high - plain.mean), highest - mean)
        told.append(Estimate(mean=mean, low=mean - below, high=mean + above))
    return tuple(told)


def scaled(found: Drivers, factor: float) -> Drivers:
    """Drivers of a figure that is so many times as large for everybody."""
    return replace(
        found,
        drivers=tuple(
            replace(
                one,
                strength=one.strength * factor,
                groups=tuple(replace(group, mean=group.mean * factor) for group in one.groups),
            )
            for one in found.drivers
        ),
    )
