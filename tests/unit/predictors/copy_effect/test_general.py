"""The model that comes with the package, and what a shop makes of a general one."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from predictors import CopyEffect
from predictors.copy_effect.meanings import learn_meanings, shipped_meanings
from predictors.copy_effect.saved import read_zip
from predictors.interface import UnusableModel, UnusableTrainingData
from predictors.persistence import json_bytes, with_manifest
from tests.unit.predictors.copy_effect.test_copy_effect import NEW, SEEDS, learned

MEGABYTE = 1_000_000
SHIPPED = ("general.zip", "meanings.zip")


def test_what_is_shipped_is_small_and_says_where_it_comes_from() -> None:
    folder = files("predictors.copy_effect")
    sizes = [len(folder.joinpath(name).read_bytes()) for name in SHIPPED]

    assert sum(sizes) < 3 * MEGABYTE
    for name in SHIPPED:
        manifest = json.loads(read_zip(folder.joinpath(name).read_bytes())["manifest.json"])
        assert manifest["licence"] == "CC BY 4.0"
        assert "Upworthy" in manifest["source"]
        assert "not product copy" in manifest["about"]


def test_no_headline_is_shipped() -> None:
    """Words and neighbours only: what is kept of a text could not be put together again."""
    for name in SHIPPED:
        for part, content in read_zip(files("predictors.copy_effect").joinpath(name).read_bytes()).items():
            if part.endswith(".txt") and "lightgbm" not in part:
                assert max(len(line.split()) for line in content.decode().split("\n")) <= 2


def test_the_general_model_tells_headlines_apart() -> None:
    model = CopyEffect.general()
    good, dull = (
        "You Won't Believe What This Kid Did When He Saw Her",
        "Annual report on administrative policy",
    )

    assert model.predict([good])[0] > model.predict([dull])[0]
    assert model.compare([good], [dull])[0] > 0.6
    assert all(np.isfinite(one.effect) for one in model.why(good))
    assert model.facts["contests"] > 10_000


def test_reasons_are_of_what_stands_in_the_text() -> None:
    text = "A gift for you"

    told = CopyEffect.general().why(text)

    assert {one.phrase for one in told if not one.trait} <= {
        "a",
        "gift",
        "for",
        "you",
        "a gift",
        "gift for",
        "for you",
    }
    assert "question marks" not in {one.phrase for one in told}


def test_near_words_keep_near_company() -> None:
    meanings = shipped_meanings()

    def likeness(one: str, other: str) -> float:
        return float(meanings.vectors[meanings.words[one]] @ meanings.vectors[meanings.words[other]])

    assert likeness("girl", "boy") > likeness("girl", "economy")
    assert likeness("amazing", "incredible") > likeness("amazing", "tax")


def test_meanings_are_learned_from_text_alone() -> None:
    texts = [
        "the red cat sleeps now",
        "the red dog sleeps now",
        "a blue stone falls down",
        "a blue rock falls down",
    ]
    meanings = learn_meanings(texts * 5, dimensions=4)

    def likeness(one: str, other: str) -> float:
        return float(meanings.vectors[meanings.words[one]] @ meanings.vectors[meanings.words[other]])

    assert likeness("cat", "dog") > likeness("cat", "stone")


def test_without_campaigns_a_shop_has_the_general_model_damped() -> None:
    world, general = learned(0)
    texts = world.texts(50)
    shop = general.for_shop(None)

    damped = shop.predict(texts) / general.predict(texts)

    assert damped == pytest.approx(np.full(50, shop.facts["weight_of_general_model"]))
    assert shop.facts["weight_of_general_model"] < 0.5
    assert shop.facts["weight_low"] < 0 < shop.facts["weight_high"] < 1


def test_the_weight_of_the_general_model_is_what_the_shop_confirms() -> None:
    agreeing, contrary = [], []
    for seed in SEEDS:
        world, general = learned(seed)
        for share, found in ((1.0, agreeing), (0.0, contrary)):
            counts = world.like(share, seed + 40).counts(tests=40, size=3, people=4000)
            facts = general.for_shop(counts).facts
            found.append(
                (facts["weight_low"] <= share <= facts["weight_high"], facts["weight_of_general_model"])
            )
    # Of five 90 % intervals fewer than three hold once in a hundred times.
    assert sum(held for held, _ in agreeing) >= 3
    assert sum(held for held, _ in contrary) >= 3
    assert min(weight for _, weight in agreeing) > 0.6
    assert max(weight for _, weight in contrary) < 0.35


def test_a_shop_learns_words_of_its_own_and_its_intervals_hold() -> None:
    held, gained = [], []
    for seed in SEEDS:
        world, general = learned(seed)
        shop_world = world.like(0.3, seed + 60)
        model = general.for_shop(shop_world.counts(tests=60, size=3, people=4000))
        texts = shop_world.texts(NEW)
        true, told = shop_world.appeal(texts), model.predict(texts)
        low, high = model.interval(texts)
        held.append(np.mean((low <= true) & (true <= high)))
        before = general.for_shop(None).predict(texts)
        gained.append(np.mean((before - true) ** 2) - np.mean((told - true) ** 2))
    assert np.mean(gained) > 2 * np.std(gained) / np.sqrt(len(gained))
    assert np.mean(held) >= 0.9 - 2 * np.std(held) / np.sqrt(len(held)) - 0.02


def test_the_message_that_customers_were_usually_sent_is_average() -> None:
    world, general = learned(3)
    counts = world.counts(tests=20, people=2000)
    counts["impressions"] += np.arange(len(counts)) * 50
    told = general.for_shop(counts).predict(list(counts["text"]))

    assert np.average(told, weights=counts["impressions"]) == pytest.approx(0, abs=1e-9)
    assert np.std(told) > 0.05


def test_what_is_expected_of_an_arm_anyway_is_not_laid_to_its_words() -> None:
    world, general = learned(1)
    text, other = world.texts(2)
    rows = [
        (f"c{place}", words, 5000, clicks, rate)
        for place in range(8)
        for words, clicks, rate in ((text, 500, 0.1), (other, 50, 0.01))
    ]
    counts = pd.DataFrame(rows, columns=["test_id", "text", "impressions", "clicks", "expected"])

    aware = general.for_shop(counts)
    blind = general.for_shop(counts.drop(columns="expected"))

    assert abs(np.diff(aware.predict([text, other]))[0]) < 0.2
    assert blind.predict([text])[0] - blind.predict([other])[0] > 0.5


def test_a_shop_model_comes_back_from_its_parts() -> None:
    world, general = learned(2)
    model = general.for_shop(world.counts(tests=10))
    texts = world.texts(20)

    loaded = CopyEffect.from_parts(model.to_parts())

    assert loaded.predict(texts) == pytest.approx(model.predict(texts), abs=0.005)
    assert loaded.compare(texts[:9], texts[9:18]) == pytest.approx(
        model.compare(texts[:9], texts[9:18]), abs=0.01
    )
    assert loaded.why(texts[0])[0].phrase == model.why(texts[0])[0].phrase


@pytest.mark.parametrize(
    "wrong",
    [{"gap": [0.1]}, {"own": -5}, {"variance": [-1.0]}, {"people": [0.0]}, {"texts": "x"}, {"arm": None}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_saved_messages_that_no_shop_can_have_are_refused(wrong: dict[str, Any]) -> None:
    world, general = learned(2)
    parts = dict(general.for_shop(world.counts(tests=2, size=2)).to_parts())
    manifest, saved = json.loads(parts.pop("manifest.json")), json.loads(parts["shop.json"])
    bad = {
        name: value * len(saved[name]) if name in ("variance", "people") else value
        for name, value in wrong.items()
    }
    parts["shop.json"] = json_bytes({**saved, **bad})
    about = {name: value for name, value in manifest.items() if name != "sha256"}

    with pytest.raises(UnusableModel):
        CopyEffect.from_parts(with_manifest(parts, about))


def test_messages_that_differ_by_more_than_words_leave_doubt() -> None:
    """Each text has an effect of its own, of a standard deviation of 0.3, that no word explains."""
    held, told, came = [], [], []
    for seed in SEEDS:
        world, general = learned(seed)
        own = np.random.default_rng([seed, 7])
        rows = []
        for test in range(60):
            texts = world.texts(3)
            rate = 0.05 * np.exp(world.appeal(texts) + own.normal(0, 0.3, 3))
            clicks = own.binomial(4000, np.minimum(rate, 0.9))
            rows += [(f"c{test}", text, 4000, count) for text, count in zip(texts, clicks, strict=True)]
        model = general.for_shop(pd.DataFrame(rows, columns=["test_id", "text", "impressions", "clicks"]))
        new = world.texts(NEW)
        true = world.appeal(new) + own.normal(0, 0.3, NEW)
        low, high = model.interval(new)
        held.append(np.mean((low <= true) & (true <= high)))
        told.append(model.compare(new[::2], new[1::2]))
        came.append(true[::2] > true[1::2])
    assert np.mean(held) >= 0.9 - 2 * np.std(held) / np.sqrt(len(held)) - 0.02
    chance, won = np.concatenate(told), np.concatenate(came)
    for first, last in ((0, 0.3), (0.3, 0.7), (0.7, 1)):
        rows_of = (chance >= first) & (chance < last)
        error = 0.5 / np.sqrt(rows_of.sum())
        assert won[rows_of].mean() == pytest.approx(chance[rows_of].mean(), abs=3 * error)


def test_campaigns_of_one_message_teach_nothing_where_nothing_was_expected() -> None:
    world, general = learned(4)
    texts = world.texts(40)
    counts = pd.DataFrame(
        {"test_id": [f"c{place}" for place in range(40)], "text": texts, "impressions": 4000, "clicks": 200}
    )

    assert general.for_shop(counts).facts == general.for_shop(None).facts


def test_a_thousand_messages_are_learned_from_in_a_moment() -> None:
    world, general = learned(4)
    counts = world.counts(tests=250, size=4)

    # Once for each variance tried: pairs of messages are compared by one product, not one by one.
    assert general.for_shop(counts).facts["messages"] == 1000


def test_the_general_model_cannot_be_taught_for_everybody() -> None:
    before = CopyEffect.general().version

    CopyEffect.general().fit(learned(0)[0].counts(tests=5))

    assert CopyEffect.general().version == before


def test_few_words_have_no_meaning() -> None:
    assert not learn_meanings(["a b"] * 9).words
    assert not learn_meanings([]).words


@pytest.mark.parametrize("wrong", [-0.1, 1.5, "much"])
def test_an_expectation_that_is_no_rate_is_refused(wrong: Any) -> None:
    counts = pd.DataFrame(
        {"test_id": ["c"], "text": ["a"], "impressions": [9], "clicks": [2], "expected": [wrong]}
    )

    with pytest.raises(UnusableTrainingData, match="row 0, expected: expected a rate between 0 and 1"):
        CopyEffect.general().for_shop(counts)


@pytest.mark.parametrize("language", ["zh", "de"])
def test_a_shop_in_another_language_learns_from_its_own_messages(language: str) -> None:
    good, plain = {
        "zh": ("新品到店，先睹为快", "本周通知"),
        "de": ("Neu eingetroffen für Sie", "Mitteilung"),
    }[language]
    rows = [
        (f"c{place}", words, 5000, clicks)
        for place in range(6)
        for words, clicks in ((good, 300), (plain, 150))
    ]
    model = CopyEffect.general().for_shop(
        pd.DataFrame(rows, columns=["test_id", "text", "impressions", "clicks"])
    )

    assert model.compare([good], [plain])[0] > 0.9
    assert {one.phrase for one in model.why(good)}


def test_bad_counts_of_a_shop_are_refused_by_row() -> None:
    counts = pd.DataFrame({"test_id": ["c"], "text": ["a"], "impressions": [1], "clicks": [2]})

    with pytest.raises(UnusableTrainingData, match="row 0, clicks"):
        CopyEffect.general().for_shop(counts)


def test_asking_for_one_text_in_place_of_a_list_is_refused() -> None:
    shop = CopyEffect.general().for_shop(None)

    for ask in (shop.predict, shop.interval):
        with pytest.raises(TypeError, match="list"):
            ask("a text")
    assert shop.predict([]).shape == (0,)
    assert shop.compare(["a"], ["a"]) == pytest.approx(0.5)


def test_of_words_that_a_taught_shop_has_never_met_nothing_is_said(tmp_path: Path) -> None:
    world, general = learned(1)
    shop = general.for_shop(world.like(1.0, 41).counts(tests=40, size=3, people=4000))
    shop.save(tmp_path / "shop.copy")

    assert shop.predict(["送您礼物", "xqzv wkjj"]) == pytest.approx(np.zeros(2), abs=0.02)
    assert CopyEffect.load(tmp_path / "shop.copy").predict(["送您礼物"]) == pytest.approx([0], abs=0.02)
    assert shop.known(["送您礼物", world.texts(1)[0]]).tolist() == [False, True]


def test_a_text_is_told_the_same_whatever_it_is_asked_about_with() -> None:
    model, (world, _) = CopyEffect.general(), learned(0)
    texts = [f"{text} you will not believe what this girl saw" for text in world.texts(100)]

    together = model.predict(texts)

    assert together.tolist() == [model.predict([text])[0] for text in texts]
    assert together[:33].tolist() == model.predict(texts[:33]).tolist()
