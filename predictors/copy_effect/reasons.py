"""Why a text is expected to draw clicks: its phrases and traits, each with what it adds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from predictors.copy_effect.design import Line, word_values
from predictors.copy_effect.reading import kind_and_text, words_of
from predictors.copy_effect.traits import TRAITS, traits_of
from predictors.interface import CopyReason, FloatArray

__all__ = ["reasons", "strongest"]

MOST = 12
SMALLEST = 0.002  # log appeal: less is not worth a reader's time


def reasons(
    line: Line, text: str, trees: Callable[[FloatArray], FloatArray], factor: float
) -> tuple[CopyReason, ...]:
    """The strongest phrases and traits of a text, in log appeal; factor: log appeal for a unit of score.

    A word has what it, its letters and its meaning add, on the surface what the text would lose without it;
    two neighbours have what they add beyond that. A trait has what the text would gain or lose if the trait
    were as usual; what a text does not have at all is no reason that its writer could see.
    """
    found = [CopyReason(phrase, False, factor * value) for phrase, value in _phrases(line, text).items()]
    found += [
        CopyReason(name, True, factor * value)
        for name, value in zip(TRAITS, _traits(line, text, trees), strict=True)
    ]
    return strongest(found)


def strongest(found: Iterable[CopyReason]) -> tuple[CopyReason, ...]:
    """Those worth a reader's time, strongest first."""
    strong = [
        CopyReason(one.phrase, one.trait, float(one.effect)) for one in found if abs(one.effect) >= SMALLEST
    ]
    return tuple(sorted(strong, key=lambda one: (-abs(one.effect), one.phrase))[:MOST])


def _phrases(line: Line, text: str) -> dict[str, float]:
    words = words_of(text)
    told: dict[str, float] = defaultdict(float)
    for term, value in word_values(line, text, words):
        kind, own = ("word", term[1:]) if term[0] == "m" else kind_and_text(term)
        if kind == "characters":
            # Letters belong to the words that they stand in, in equal parts.
            inside = [word for word in dict.fromkeys(words) if own.strip() in word] or words[:1]
            for word in inside:
                told[word] += value / len(inside)
        else:
            told[own] += value
    for word, value in _on_surface(line, text, words):
        told[word] += value
    return told


def _on_surface(line: Line, text: str, words: Sequence[str]) -> list[tuple[str, float]]:
    """Each different word, and by how much the surface is higher with it than without."""
    if line.surface is None or not words:
        return []
    different = list(dict.fromkeys(words))
    without = [[word for word in words if word != left] for left in different]
    spreads = np.repeat(line.spreads(traits_of([text])), 1 + len(different), axis=0)
    height = line.surface.of([words, *without], spreads)
    return list(zip(different, height[0] - height[1:], strict=True))


def _traits(line: Line, text: str, trees: Callable[[FloatArray], FloatArray]) -> FloatArray:
    own = traits_of([text])
    usual = np.repeat(own, len(TRAITS), axis=0)
    np.fill_diagonal(usual, line.centre)
    effects = line.spreads(own)[0] * line.traits + trees(own)[0] - trees(usual)
    if line.surface is not None:
        height = line.surface.of([words_of(text)] * (1 + len(TRAITS)), line.spreads(np.vstack([own, usual])))
        effects += height[0] - height[1:]
    return np.where(own[0] != 0, effects, 0.0)
