"""The surface over meanings and traits: what no straight line says, learned, told and kept."""

from __future__ import annotations

import numpy as np
import pandas as pd

from predictors import CopyEffect
from predictors.copy_effect.meanings import learn_meanings
from predictors.copy_effect.surface import choose_landmarks

KINDS = (("ruby", "onyx", "opal", "jade"), ("oak", "elm", "ash", "fir"))
PLACES = (("lake", "pond", "cove", "bay"), ("hill", "peak", "ridge", "crag"))
FILLERS = ("now", "here", "soon", "again", "today", "there")


def text(rng: np.random.Generator, kind: int, place: int) -> str:
    one, other = rng.choice(KINDS[kind]), rng.choice(PLACES[place])
    return f"{one} {rng.choice(FILLERS)} {one} {rng.choice(FILLERS)} {other}"


def matched(seed: int) -> tuple[CopyEffect, np.random.Generator]:
    """A world in which stones go with water and trees with heights, and either alone does nothing."""
    rng = np.random.default_rng(seed)
    corpus = [" ".join(rng.permutation(group)) for group in (*KINDS, *PLACES) for _ in range(60)]
    rows = []
    for test in range(500):
        for _ in range(3):
            kind, place = rng.integers(2, size=2)
            rate = 0.03 * np.exp(0.25 if kind == place else -0.25)
            rows.append((f"t{test}", text(rng, kind, place), 3000, rng.binomial(3000, rate)))
    counts = pd.DataFrame(rows, columns=["test_id", "text", "impressions", "clicks"])
    return CopyEffect(corpus=corpus).fit(counts), rng


def test_what_goes_together_is_learned_of_texts_that_were_never_shown() -> None:
    right = []
    for seed in range(3):
        model, rng = matched(seed)
        for _ in range(100):
            kind = int(rng.integers(2))
            good, bad = model.predict([text(rng, kind, kind), text(rng, kind, 1 - kind)])
            right.append(good > bad)
    assert np.mean(right) > 0.9


def test_reasons_add_up_what_the_surface_says_of_words() -> None:
    model, _ = matched(0)

    told = {one.phrase: one.effect for one in model.why("ruby now ruby here lake") if not one.trait}

    assert told["lake"] > 0
    assert told["ruby"] > 0


def test_few_texts_have_no_surface() -> None:
    meanings = learn_meanings(["ruby now here"] * 20)
    assert choose_landmarks([["ruby"]] * 5, np.zeros((5, 2)), meanings) is None


def test_texts_that_are_all_alike_have_a_flat_surface() -> None:
    meanings = learn_meanings([f"w{n} w{n + 1} w{n + 2}" for n in range(30) for _ in range(9)], dimensions=4)
    read = [["w1", "w2"]] * 50
    landmarks, axes = choose_landmarks(read, np.zeros((50, 2)), meanings) or (None, np.zeros(0))
    assert landmarks is not None
    assert np.ptp(landmarks.near(read, np.zeros((50, 2))) @ axes, axis=0).max() < 1e-9
