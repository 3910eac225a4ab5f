"""Settings: by variable or argument, empty counts as unset, a wrong one is named."""

from __future__ import annotations

import pytest

from copilot.errors import InvalidInput
from copilot.settings import Settings, load_settings


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
