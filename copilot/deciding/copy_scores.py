"""Texts beside the average of what a copy model learnt from, and beside each other. Any text is taken."""

from __future__ import annotations

from collections.abc import Iterable
from math import expm1

from copilot.deciding.appeal import CopyPredictor, legible, log_appeals, reasons
from copilot.domain.appeal import CopyComparison, CopyScore
from copilot.domain.forecast import Estimate
from copilot.errors import InvalidInput

__all__ = ["copy_comparison", "copy_scores"]

LONGEST = 5_000  # characters, as in a draft
REASONS = 5
SHOWN = 80  # characters of a text that is too long
NO_WORDS = "there are no words to read"
TOO_LONG = f"longer than the {LONGEST:,} characters that copy may have"
UNKNOWN = (
    "the model knows none of these words (it learnt from English headlines): the interval says how little is "
    "known of this text"
)


def copy_scores(words: CopyPredictor, texts: Iterable[str]) -> list[CopyScore]:
    """One line a text, same order; one that cannot be read has no figures, and a note says why.

    Raises:
        InvalidInput: something is no text at all.
    """
    shown = [_legible(text, row) for row, text in enumerate(_listed(texts), start=1)]
    read = [text for text in shown if 0 < len(text) <= LONGEST]
    found = zip(log_appeals(words.model, read), words.model.known(read), strict=True)
    return [
        _score(words, text, *next(found)) if 0 < len(text) <= LONGEST else _unread(text) for text in shown
    ]


def _listed(texts: Iterable[str]) -> Iterable[str]:
    if isinstance(texts, str):
        raise InvalidInput("texts", "a list of texts", texts)
    return texts


def _legible(text: str, row: int) -> str:
    if not isinstance(text, str):
        raise InvalidInput(f"texts[{row}]", "a text", text)
    return legible(text)


def _score(words: CopyPredictor, text: str, appeal: Estimate, known: bool) -> CopyScore:
    low, mean, high = (100 * expm1(value) for value in (appeal.low, appeal.mean, appeal.high))
    notes = [words.note, "" if known else UNKNOWN]
    return CopyScore(
        text=text,
        percent=Estimate(mean=mean, low=low, high=high),
        reasons=reasons(words.model, text, REASONS),
        note=" ".join(filter(None, notes)),
    )


def _unread(text: str) -> CopyScore:
    return CopyScore(
        text=f"{text[:SHOWN]}…" if text else "", percent=None, note=TOO_LONG if text else NO_WORDS
    )


def copy_comparison(words: CopyPredictor, a: str, b: str) -> CopyComparison:
    """Which of two texts draws the higher click rate, and with what probability.

    What a text of unknown words only looks like (its length, its marks) decides nothing between two of them.

    Raises:
        InvalidInput: one of them cannot be read.
    """
    first, second = copy_scores(words, (a, b))
    for name, one in (("a", first), ("b", second)):
        if one.percent is None:
            raise InvalidInput(name, f"a text of 1 to {LONGEST:,} characters", one.text)
    if first.text == second.text:
        return CopyComparison(better=None, probability=0.5, a=first, b=second)
    if not any(words.model.known([first.text, second.text])):
        return CopyComparison(better=None, probability=None, a=first, b=second)
    chance = float(words.model.compare([first.text], [second.text])[0])
    better = None if chance == 0.5 else "a" if chance > 0.5 else "b"
    return CopyComparison(better=better, probability=max(chance, 1 - chance), a=first, b=second)
