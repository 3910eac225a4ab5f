"""Settings: by variable or argument, empty counts as unset, a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.errors import InvalidInput
from copilot.settings import Price, Settings, load_settings


def test_defaults_need_no_environment() -> None:
    settings = load_settings()

    assert settings.openai_api_key is None
    assert (settings.deadline_seconds, settings.model_calls, settings.seed) == (90, 20, 0)


def test_variables_are_read_when_asked_for_and_arguments_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("COPILOT_MODEL", "local")
    monkeypatch.setenv("COPILOT_MODEL_CALLS", "7")

    settings = load_settings(model_calls=3)

    assert (settings.model, settings.model_calls) == ("local", 3)
    assert settings.openai_base_url == "http://127.0.0.1:1/v1"
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-canary"
    assert "canary" not in repr(settings) + settings.model_dump_json()


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "COPILOT_DB", "COPILOT_DEADLINE_SECONDS", "COPILOT_MODEL"):
        monkeypatch.setenv(name, "")

    assert load_settings() == Settings()


def test_a_key_is_taken_without_the_newline_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", " sk-canary\n")
    key = load_settings().openai_api_key
    monkeypatch.setenv("OPENAI_API_KEY", " \n")

    assert key is not None
    assert key.get_secret_value() == "sk-canary"
    assert load_settings().openai_api_key is None


@pytest.mark.parametrize("value", ["soon", "-1", "0", "inf", "nan", "1e9"])
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("COPILOT_DEADLINE_SECONDS", value)

    with pytest.raises(InvalidInput, match="COPILOT_DEADLINE_SECONDS"):
        load_settings()


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(InvalidInput, match="colour"):
        load_settings(colour="red")


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "copilot.toml"
    path.write_text(
        'model = "from-the-file"\nmodel_calls = 5\nopenai_api_key = "sk-canary"\n'
        '[prices."from-the-file"]\ninput = 1\noutput = 2.5\n'
    )
    return path


def test_a_file_comes_after_the_environment_and_arguments(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPILOT_SETTINGS", str(file))
    monkeypatch.setenv("COPILOT_MODEL", "from-the-environment")

    settings = load_settings(tool_calls=3)

    assert (settings.model, settings.model_calls, settings.tool_calls) == ("from-the-environment", 5, 3)
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-canary"
    assert settings.price_of("from-the-file") == Price(input=1.0, output=2.5)
    assert load_settings(file, model_calls=9).model_calls == 9


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("model_calls = 0", "copilot.toml: COPILOT_MODEL_CALLS: expected greater than or equal to 1"),
        ("colour = 1", "copilot.toml: colour: expected one of db, "),
        ("model =", "COPILOT_SETTINGS: expected a TOML file that can be read"),
        ('[prices.m]\ninput = "dear"\noutput = 1', "COPILOT_PRICES.m.input: expected a valid number"),
        ("[prices.m]\ninput = 1", "COPILOT_PRICES.m.output: expected a value"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(file: Path, text: str, told: str) -> None:
    file.write_text(text)

    with pytest.raises(InvalidInput) as caught:
        load_settings(file)

    assert told in str(caught.value)


def test_a_file_that_is_not_there_is_no_silent_default(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="COPILOT_SETTINGS"):
        load_settings(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("model", "input_price"),
    [
        ("gpt-5.4-mini", 0.75),
        ("gpt-5.4-mini-2026-03-17", 0.75),
        ("gpt-5.4", 2.5),
        ("gpt-5.4-pro", None),
        ("gpt-5.4-mini-high", None),
        ("llama", None),
        ("mine", 3.0),
    ],
)
def test_prices_are_found_by_the_name_of_a_model(
    monkeypatch: pytest.MonkeyPatch, model: str, input_price: float | None
) -> None:
    monkeypatch.setenv("COPILOT_PRICES", '{"mine": {"input": 3, "output": 4}}')

    price = load_settings().price_of(model)

    assert (price.input if price else None) == input_price


def test_a_price_of_ones_own_wins_over_the_known_one() -> None:
    own = Price(input=9.0, output=9.0)

    assert load_settings(prices={"gpt-5.4": own}).price_of("gpt-5.4") == own


@pytest.mark.parametrize("value", ["nonsense", "[1]", '{"m": 3}', '{"m": {"input": -1, "output": 1}}'])
def test_prices_that_cannot_be_read_are_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("COPILOT_PRICES", value)

    with pytest.raises(InvalidInput, match="COPILOT_PRICES"):
        load_settings()
