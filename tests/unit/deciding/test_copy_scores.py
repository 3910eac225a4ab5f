"""Texts beside average and beside each other, whatever somebody hands in."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest

from copilot.deciding.appeal import CopyPredictor
from copilot.deciding.copy_scores import LONGEST, NO_WORDS, TOO_LONG, UNKNOWN, copy_comparison, copy_scores
from copilot.deciding.scoring import load_copy, load_model
from copilot.errors import DamagedPredictor, InvalidInput
from tests.fakes.copy import HandMadeCopy, installed


def scores(*texts: Any, **model: Any) -> Any:
    return copy_scores(CopyPredictor(HandMadeCopy(**model)), texts)


def test_a_text_is_told_in_percent_against_average_with_what_makes_it() -> None:
    (found,) = scores("New and boring", doubt=0.1)
    assert found.percent.mean == pytest.approx(100 * (exp(-0.1) - 1))
    assert found.percent.low == pytest.approx(100 * (exp(-0.2) - 1))
    assert found.percent.high == pytest.approx(0)
    assert [(one.phrase, round(one.percent, 1)) for one in found.reasons] == [
        ("boring", -25.9),
        ("new", 22.1),
    ]
    assert found.note == ""


def test_texts_are_asked_about_in_one_batch_and_answered_in_order() -> None:
    model = HandMadeCopy()
    texts = [f"{word} tea" for word in ("new", "boring", "free")] * 300
    found = copy_scores(CopyPredictor(model), texts)
    assert [one.text for one in found] == texts
    assert len(model.asked) == 1


def test_a_text_that_cannot_be_read_spoils_no_other() -> None:
    empty, long, blank, new = scores("", "x" * (LONGEST + 1), "\x00\u200b \n", "New")
    assert [one.percent for one in (empty, long, blank)] == [None, None, None]
    assert [one.note for one in (empty, long, blank)] == [NO_WORDS, TOO_LONG, NO_WORDS]
    assert len(long.text) < 100
    assert new.percent is not None


@pytest.mark.parametrize("text", ["新品上市，全场包邮", "Schönes für den Frühling", "5,000", "🎁" * 2_500])
def test_words_that_the_model_knows_nothing_of_are_said_to_be_unknown(text: str) -> None:
    (found,) = scores(text)
    assert found.percent is not None
    assert found.note == UNKNOWN


def test_a_known_word_too_weak_to_be_a_reason_is_still_known() -> None:
    weak = {"tea": 0.001, "cup": -0.001}
    (found,) = scores("Tea", words=weak)
    assert (found.reasons, found.note) == ((), "")
    both = copy_comparison(CopyPredictor(HandMadeCopy(words=weak)), "Tea", "Cup")
    assert both.better == "a"
    assert both.probability is not None
    (unknown,) = scores("New", words=weak)
    assert unknown.note == UNKNOWN


def test_control_characters_and_halves_of_characters_are_left_out() -> None:
    (found,) = scores("\x1b[2JNew\ud83d\r\ntea\u202e")
    assert found.text == "[2JNew tea"
    found.text.encode()


@pytest.mark.parametrize(("texts", "field"), [("New", "texts"), (["New", 5], r"texts\[2\]")])
def test_what_is_no_list_of_texts_is_refused(texts: Any, field: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        copy_scores(CopyPredictor(HandMadeCopy()), texts)


def test_the_better_of_two_is_named_with_its_probability() -> None:
    words = CopyPredictor(HandMadeCopy())
    one, other = copy_comparison(words, "New tea", "Tea"), copy_comparison(words, "Boring tea", "Tea")
    assert (one.better, other.better) == ("a", "b")
    assert one.probability == pytest.approx(1 / (1 + exp(-0.2)))
    assert other.probability == pytest.approx(1 / (1 + exp(-0.3)))
    assert [reason.phrase for reason in one.a.reasons] == ["new"]


def test_of_two_that_read_the_same_neither_is_better() -> None:
    found = copy_comparison(CopyPredictor(HandMadeCopy()), "New  tea", "New tea\n")
    assert (found.better, found.probability) == (None, 0.5)


@pytest.mark.parametrize("known", ["", "New "])
def test_of_two_texts_of_unknown_words_nothing_can_be_told(known: str) -> None:
    words = CopyPredictor(HandMadeCopy())
    found = copy_comparison(words, f"{known}Schönes für den Frühling", "今日上新？")
    if known:
        assert found.better == "a"
        assert found.probability is not None
    else:
        assert (found.better, found.probability) == (None, None)
        assert (found.a.note, found.b.note) == (UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    ("a", "b", "field"), [("", "New", "a"), ("New", " ", "b"), ("New", "x" * 6_000, "b")]
)
def test_two_texts_of_which_one_cannot_be_read_are_not_compared(a: str, b: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        copy_comparison(CopyPredictor(HandMadeCopy()), a, b)
    assert caught.value.field == field


def test_a_predictor_of_before_copy_models_has_what_may_be_said_of_any_shop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installed(monkeypatch)
    found = load_copy({"manifest.json": b"{}"})
    assert found.model.predict(["New"]).tolist() == [0.5 * 0.2]
    assert "copilot train" in found.note


def test_the_parts_of_the_two_models_are_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch)
    parts = {f"copy/{name}": part for name, part in HandMadeCopy(damped=0.75).to_parts().items()}
    found = load_copy({"manifest.json": b"{}", **parts})
    assert found.model.predict(["New"]).tolist() == [pytest.approx(0.15)]
    assert found.note == ""
    with pytest.raises(DamagedPredictor, match="copilot train"):
        load_copy({"copy/manifest.json": b"{"})
    with pytest.raises(DamagedPredictor, match=r"manifest\.json"):
        load_model(parts)
