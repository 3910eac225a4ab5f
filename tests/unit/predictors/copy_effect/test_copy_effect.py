"""The copy effect on worlds whose truth is known: what it learns, how sure it is, what it refuses."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from predictors import CopyEffect
from predictors.copy_effect import NotFitted
from predictors.copy_effect.saved import LARGEST, read_zip, write_zip
from predictors.interface import UnusableModel, UnusableTrainingData
from tests.unit.predictors.copy_effect.worlds import World

SEEDS = range(5)
NEW = 300  # texts that no test held


@cache
def learned(seed: int) -> tuple[World, CopyEffect]:
    """A world and what 300 of its tests teach."""
    world = World(seed)
    return world, CopyEffect().fit(world.counts())


def slope(told: Any, true: Any) -> float:
    """Of the truth on what was told: 1 = neither too bold nor too shy."""
    return float(np.polyfit(told, true, 1)[0])


def test_new_texts_are_told_apart_in_the_right_measure() -> None:
    slopes = []
    for seed in SEEDS:
        world, model = learned(seed)
        texts = world.texts(NEW)
        told, true = model.predict(texts), world.appeal(texts)
        # 900 contests over 48 words leave an error of a tenth of what words do: nine tenths are told.
        assert np.corrcoef(told, true)[0, 1] > 0.9
        slopes.append(slope(told, true))
    # The scale is measured on some 900 contests; over five worlds its mean is known to a few percent.
    assert np.mean(slopes) == pytest.approx(1, abs=0.15)


def test_intervals_hold_what_they_promise() -> None:
    held = []
    for seed in SEEDS:
        world, model = learned(seed)
        texts = world.texts(NEW)
        low, high = model.interval(texts)
        held.append(np.mean((low <= world.appeal(texts)) & (world.appeal(texts) <= high)))
        assert (high - low).max() < 4 * world.appeal(texts).std(), "they are not held by being endless"
    # Texts of one world share their errors, so worlds are the observations.
    assert np.mean(held) >= 0.9 - 2 * np.std(held) / np.sqrt(len(held))


def test_the_probability_of_winning_is_a_probability() -> None:
    told, won = [], []
    for seed in SEEDS:
        world, model = learned(seed)
        counts = world.counts(tests=150, size=2)
        first, second = counts.iloc[::2], counts.iloc[1::2]
        told.append(model.compare(list(first["text"]), list(second["text"])))
        won.append(first["clicks"].to_numpy() > second["clicks"].to_numpy())
    chance, came = np.concatenate(told), np.concatenate(won)
    assert ((chance > 0) & (chance < 1)).all()
    for low, high in ((0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1)):
        rows = (chance >= low) & (chance < high)
        expected, error = chance[rows].mean(), 0.5 / np.sqrt(rows.sum())
        assert came[rows].mean() == pytest.approx(expected, abs=3 * error)


def test_a_pair_turned_round_has_the_other_probability_and_a_text_does_not_beat_itself() -> None:
    world, model = learned(0)
    a, b = world.texts(20), world.texts(20)

    assert model.compare(a, b) == pytest.approx(1 - model.compare(b, a))
    assert model.compare(a, a) == pytest.approx(0.5)


def test_pairs_alone_teach_which_text_wins() -> None:
    world = World(3)
    model = CopyEffect().fit(pairs=world.pairs())
    a, b = world.texts(NEW), world.texts(NEW)

    right = (model.predict(a) > model.predict(b)) == (world.appeal(a) > world.appeal(b))

    assert right.mean() > 0.8


def test_counts_and_pairs_teach_more_than_either() -> None:
    gained = []
    for seed in SEEDS:
        world = World(seed)
        counts, pairs = world.counts(tests=40), world.pairs(150)
        texts = world.texts(NEW)
        each = [CopyEffect().fit(counts), CopyEffect().fit(pairs=pairs), CopyEffect().fit(counts, pairs)]
        found = [np.corrcoef(model.predict(texts), world.appeal(texts))[0, 1] for model in each]
        gained.append(found[2] - max(found[:2]))
    assert np.mean(gained) > 0


def test_the_words_that_count_are_named_with_what_they_add() -> None:
    world, model = learned(1)
    best = max(world.effects, key=lambda word: world.effects[word])
    worst = min(world.effects, key=lambda word: world.effects[word])
    usual = sorted(world.effects, key=lambda word: abs(world.effects[word]))[:3]

    told = {one.phrase: one.effect for one in model.why(" ".join([best, *usual, worst])) if not one.trait}

    assert max(told, key=lambda name: told[name]) == best
    assert min(told, key=lambda name: told[name]) == worst


def test_texts_of_which_nothing_is_known_are_average_and_in_doubt() -> None:
    world, model = learned(2)
    low, high = model.interval(["Qqq zzz xxyy", "本周美妆八折", "", world.texts(1)[0]])

    assert model.predict(["Qqq zzz xxyy", "本周美妆八折", ""]) == pytest.approx(0)
    assert (high - low)[:3].min() > 1.5 * (high - low)[3]
    assert model.why("") == ()


def test_long_and_odd_texts_are_read() -> None:
    _, model = learned(2)
    odd = ["a" * 5000, "\x00\ud800", "؀؁", "<b>", "{discount}", "\n\n", "😀" * 500]

    assert np.isfinite(model.predict(odd)).all()
    assert [model.why(text) for text in odd]


def test_what_was_saved_says_the_same(tmp_path: Path) -> None:
    world, model = learned(0)
    texts = world.texts(NEW)
    model.save(tmp_path / "model.zip")

    loaded = CopyEffect.load(tmp_path / "model.zip")

    # Values are kept in half precision: three digits of each word's.
    assert loaded.predict(texts) == pytest.approx(model.predict(texts), abs=0.005)
    assert loaded.compare(texts[:9], texts[9:18]) == pytest.approx(
        model.compare(texts[:9], texts[9:18]), abs=0.01
    )
    loaded.save(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "model.zip").read_bytes()
    assert loaded.version == model.version


def test_the_same_tests_teach_the_same_in_whatever_order() -> None:
    counts = World(7).counts(tests=30)
    texts = World(8).texts(20)

    one = CopyEffect().fit(counts).predict(texts)
    other = CopyEffect().fit(counts.sample(frac=1, random_state=1)).predict(texts)

    assert one == pytest.approx(other, abs=1e-6)


@pytest.mark.parametrize("how", ["cut", "flipped", "part", "no zip", "empty", "renamed"])
def test_a_damaged_file_is_refused_before_it_is_read(tmp_path: Path, how: str) -> None:
    path = tmp_path / "model.zip"
    learned(0)[1].save(path)
    whole = path.read_bytes()
    parts = read_zip(whole)
    damaged = {
        "cut": whole[: len(whole) // 2],
        "flipped": whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:],
        "part": write_zip({**parts, "model.json": parts["model.json"] + b" "}),
        "no zip": b"hello",
        "empty": b"",
        "renamed": write_zip({name: part for name, part in parts.items() if name != "terms.npy"}),
    }[how]
    path.write_bytes(damaged)

    with pytest.raises(UnusableModel):
        CopyEffect.load(path)


def test_a_file_packed_in_another_way_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("terms.txt", "a" * 1000)
    damaged = bytearray(packed.getvalue())
    damaged[60] ^= 255

    for content in (packed.getvalue(), bytes(damaged)):
        with pytest.raises(UnusableModel):
            read_zip(content)


def test_embeddings_that_were_not_learned_from_are_not_asked_for() -> None:
    model = CopyEffect.from_parts(learned(0)[1].to_parts(), embed=lambda texts: np.ones((len(texts), 3)))

    assert model.predict(["baran"]).shape == (1,)


def test_a_file_that_swells_is_refused() -> None:
    with pytest.raises(UnusableModel, match="more than a model"):
        read_zip(write_zip({"terms.txt": b"\0" * (LARGEST + 1)}))


def test_embeddings_from_outside_are_learned_from() -> None:
    world = World(5)
    asked: list[int] = []

    def embed(texts: Any) -> Any:
        asked.append(len(texts))
        return np.array([[world.appeal([text])[0]] if text else [0.0] for text in texts])

    counts, texts = world.counts(tests=30, people=1000), world.texts(NEW)
    with_it, without = CopyEffect(embed=embed).fit(counts), CopyEffect().fit(counts)

    def near(model: CopyEffect) -> float:
        return float(np.corrcoef(model.predict(texts), world.appeal(texts))[0, 1])

    assert near(with_it) > near(without)
    assert asked
    with pytest.raises(UnusableModel, match="embed"):
        CopyEffect.from_parts(with_it.to_parts())
    loaded = CopyEffect.from_parts(with_it.to_parts(), embed=embed)
    assert loaded.predict(texts) == pytest.approx(with_it.predict(texts), abs=0.005)


GOOD = {"test_id": ["t", "t"], "text": ["one", "two"], "impressions": [10, 10], "clicks": [1, 2]}
PAIR = {"test_id": ["t"], "text_a": ["one"], "text_b": ["two"], "winner": ["a"]}


@pytest.mark.parametrize(
    ("counts", "pairs", "told"),
    [
        (None, None, "text_a"),
        ({**GOOD, "clicks": [1, 11]}, None, "row 1, clicks: expected no more than impressions"),
        ({**GOOD, "clicks": [-1, 2]}, None, "row 0, clicks: expected a number of 0 or more"),
        ({**GOOD, "impressions": ["x", 2]}, None, "row 0, impressions"),
        ({**GOOD, "text": ["one", None]}, None, "row 1, text: expected a text"),
        ({**GOOD, "test_id": [None, "t"]}, None, "row 0, test_id"),
        ({"text": ["one"]}, None, "expected the columns test_id"),
        ({**GOOD, "text": ["one", "one"]}, None, "no two different texts"),
        ({**GOOD, "test_id": ["t", "u"]}, None, "no two different texts"),
        (None, {**PAIR, "winner": ["c"]}, "row 0, winner: expected a or b, received 'c'"),
        (None, {**PAIR, "text_b": [7]}, "row 0, text_b: expected a text, received 7"),
        (None, {"text_a": ["one"]}, "pairs: expected the columns"),
        (None, {**PAIR, "text_b": ["one"]}, "no two different texts"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_by_row_and_column(
    counts: dict[str, Any] | None, pairs: dict[str, Any] | None, told: str
) -> None:
    tables = [None if one is None else pd.DataFrame(one) for one in (counts, pairs)]

    with pytest.raises(UnusableTrainingData, match=told):
        CopyEffect().fit(*tables)


def test_two_texts_are_enough_to_begin_with() -> None:
    model = CopyEffect().fit(pd.DataFrame({**GOOD, "impressions": [1000, 1000], "clicks": [10, 40]}))

    one, two = model.predict(["one", "two"])

    assert two >= one
    assert np.isfinite([one, two, *model.interval(["one"])[0]]).all()


def test_it_is_asked_with_a_list_and_after_it_was_fitted() -> None:
    with pytest.raises(NotFitted, match="fit"):
        CopyEffect().predict(["a"])
    _, model = learned(0)
    with pytest.raises(TypeError, match="put it in a list"):
        model.predict("a text")
    with pytest.raises(TypeError, match=r"texts\[1\]"):
        model.predict(["a", None])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="2 for 1"):
        model.compare(["a"], ["b", "c"])
    assert model.predict([]).shape == (0,)


def test_tests_that_contradict_each_other_teach_next_to_nothing() -> None:
    world = World(0)
    texts = world.texts(30)
    rows = [
        (test, f"{colour} {text}", 3000, 180 if colour == better else 60)
        for test, better in (("a", "red"), ("b", "blue"))
        for text in texts
        for colour in ("red", "blue")
    ]
    model = CopyEffect().fit(pd.DataFrame(rows, columns=["test_id", "text", "impressions", "clicks"]))

    red, blue = (model.predict([f"{colour} {text}" for text in texts]) for colour in ("red", "blue"))

    # Either test alone says log 3.
    assert np.abs(red - blue).max() < 0.1 * np.log(3)


def test_a_text_unlike_any_other_is_no_miracle_and_in_doubt() -> None:
    world, model = learned(0)
    best = max(world.effects, key=lambda word: world.effects[word])
    odd, usual = [" ".join([best] * 150)], world.texts(1)

    low, high = model.interval(odd)
    least, most = model.interval(usual)

    assert abs(model.predict(odd)[0]) < 5 * world.appeal(world.texts(NEW)).std()
    assert high - low > 3 * (most - least)


def test_it_says_whether_it_knows_a_word() -> None:
    world, model = learned(0)
    assert model.known([world.texts(1)[0], "送您礼物", ""]).tolist() == [True, False, False]


def test_tests_without_a_click_teach_nothing_and_can_be_kept() -> None:
    counts = World(0).counts(tests=100).assign(clicks=0)
    model = CopyEffect().fit(counts)
    assert model.facts["left_out_accuracy"] is None
    assert np.abs(model.predict(World(0).texts(5))).max() < 0.01
    assert model.version


def test_embeddings_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(UnusableTrainingData, match="embed: expected"):
        CopyEffect(embed=lambda texts: np.full((len(texts), 2), np.nan)).fit(World(0).counts(tests=20))


@pytest.mark.parametrize("wrong", [[{"test_id": 1}], {"test_id": [1]}])
def test_what_is_no_table_is_refused(wrong: Any) -> None:
    with pytest.raises(UnusableTrainingData, match="expected a DataFrame"):
        CopyEffect().fit(wrong)


def test_a_missing_number_is_named_by_its_own_row() -> None:
    counts = World(0).counts(tests=5).astype({"clicks": "Int64"})
    counts.loc[2, "clicks"] = pd.NA
    with pytest.raises(UnusableTrainingData, match="row 2, clicks"):
        CopyEffect().fit(counts)
