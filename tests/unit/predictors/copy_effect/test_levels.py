"""How tests did as wholes: read in the order of their ids, learned from where that helps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from predictors import CopyEffect
from predictors.copy_effect.contests import read_contests
from predictors.copy_effect.levels import FEWEST, read_levels
from tests.unit.predictors.copy_effect.worlds import Array, World

TESTS = 1_200
THEMES = tuple(f"theme{letter}" for letter in "abcdefgh")


def themed(seed: int, honest: bool, tests: int = 300) -> tuple[pd.DataFrame, Array]:
    """Tests of which all texts share a theme, and what each theme does: (8,) log click rate.

    Not honest: what moves a test as a whole goes against what the words of its texts do within it.
    """
    world = World(seed)
    does = world.rng.normal(0, 0.6, len(THEMES))
    rows = []
    for test in range(tests):
        theme, texts = int(world.rng.integers(len(THEMES))), world.texts(3)
        whole = does[theme] if honest else -4 * world.appeal(texts).mean()
        rate = np.log(0.03) + whole + world.appeal(texts)
        clicks = world.rng.binomial(3000, np.minimum(np.exp(rate), 0.9))
        rows += [
            (f"t{test:04d}", f"{THEMES[theme]} {text}" if honest else text, 3000, told)
            for text, told in zip(texts, clicks, strict=True)
        ]
    return pd.DataFrame(rows, columns=["test_id", "text", "impressions", "clicks"]), does


def test_words_that_all_texts_of_a_test_share_are_learned_from_its_level() -> None:
    found = []
    for seed in range(3):
        counts, does = themed(seed, honest=True)
        model = CopyEffect().fit(counts)
        assert model.facts["levels"] == 300
        found.append(np.corrcoef(model.predict(list(THEMES)), does)[0, 1])
    # Some 37 tests show each theme, whose words move a test by far less than the theme does.
    assert min(found) > 0.8


def test_levels_that_mislead_are_not_learned_from() -> None:
    for seed in range(3):
        counts, _ = themed(seed, honest=False)
        assert CopyEffect().fit(counts).facts["levels"] == 0


@pytest.mark.parametrize("name", ["{}", "t{:05d}"])
def test_tests_are_held_against_those_of_their_time(name: str) -> None:
    rng = np.random.default_rng(0)
    drift = np.cos(np.arange(TESTS) * 2 * np.pi / TESTS) / 2
    own = rng.normal(0, 0.1, TESTS)
    rows = [
        (
            name.format(at),
            f"text {at} {one}",
            100_000,
            rng.binomial(100_000, 0.02 * np.exp(drift[at] + own[at])),
        )
        for at in rng.permutation(TESTS)
        for one in "ab"
    ]
    counts = pd.DataFrame(rows, columns=["test_id", "text", "impressions", "clicks"])

    contests = read_contests(counts, None)
    levels = read_levels(counts, contests)

    order = [int(contests.tests[place].lstrip("t") or 0) for place in levels.test]
    # Half of what the drift moves, 0.35, would leave a correlation of 0.5.
    assert np.corrcoef(levels.rate, own[order])[0, 1] > 0.9


def test_where_ids_tell_no_time_tests_are_held_against_all_others() -> None:
    rng = np.random.default_rng(1)
    rows = [
        (name, f"text {name} {one}", 10_000, int(clicks))
        for name, clicks in zip(
            (f"{number:08x}" for number in rng.integers(16**8, size=400)),
            rng.binomial(10_000, 0.02 * np.exp(rng.normal(0, 0.5, 400))),
            strict=True,
        )
        for one in "ab"
    ]
    counts = pd.DataFrame(rows, columns=["test_id", "text", "impressions", "clicks"])

    levels = read_levels(counts, read_contests(counts, None))

    assert levels.rate.mean() == pytest.approx(0, abs=1e-9)
    # Neighbours would add the chance of their own mean; their number tells how much.
    assert levels.rate.std() == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(2 * 400))


def test_few_tests_have_no_levels() -> None:
    counts = World(0).counts(tests=FEWEST - 1)
    assert not len(read_levels(counts, read_contests(counts, None)).rate)


def test_texts_are_compared_beside_the_same_picture_and_counted_in_one_test() -> None:
    counts = pd.DataFrame(
        [("t", "one", "x", 1000, 10), ("t", "two", "x", 1000, 20), ("t", "three", "y", 1000, 90)],
        columns=["test_id", "text", "shown_with", "impressions", "clicks"],
    )
    contests = read_contests(counts, None)

    assert len(contests.first) == 1
    assert {contests.texts[contests.first[0]], contests.texts[contests.second[0]]} == {"one", "two"}
    assert len(contests.tests) == 1
    assert len(read_contests(counts.drop(columns="shown_with"), None).first) == 3


@pytest.mark.parametrize(
    "column", [pd.array([1, 1, None], "Int64"), [1.0, 1.0, np.nan], pd.Categorical(["x", "x", None])]
)
def test_what_else_was_shown_may_be_of_any_kind(column: object) -> None:
    counts = pd.DataFrame(
        {"test_id": ["t"] * 3, "text": ["one", "two", "three"], "impressions": 1000, "clicks": 9}
    )
    assert len(read_contests(counts.assign(shown_with=column), None).first) == 1


def test_ids_that_count_upwards_are_in_the_order_of_their_numbers() -> None:
    drift = np.linspace(-1, 1, 300)
    rows = [
        (f"t{at}", f"text {at} {one}", 100_000, int(2_000 * np.exp(drift[at])))
        for at in range(300)
        for one in "ab"
    ]
    counts = pd.DataFrame(rows, columns=["test_id", "text", "impressions", "clicks"])

    levels = read_levels(counts, read_contests(counts, None))

    # A straight drift leaves nothing but at its ends, where there are neighbours on one side only.
    assert np.abs(levels.rate).max() < 0.3
    assert np.median(np.abs(levels.rate)) < 0.01
