"""What can be set from outside, by environment variable or argument. Read when asked for, not at import."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from copilot.errors import InvalidInput

__all__ = ["FILE", "Price", "Settings", "load_settings"]

FILE = "COPILOT_SETTINGS"


class Price(BaseModel):
    """What a million tokens of a model cost, in US dollars or whatever currency the owner of the table uses.

    cached_input: of what the server had read before; None = the same as `input`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    input: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]
    cached_input: Annotated[float, Field(ge=0)] | None = None

    def of(self, read: int, cached: int, written: int) -> float:
        """What so many tokens cost: read for the first time, read again, written."""
        again = self.input if self.cached_input is None else self.cached_input
        return (read * self.input + cached * again + written * self.output) / 1_000_000


# OpenAI's published prices of its GPT-5.4 models in US dollars, as announced on 17 March 2026. Prices change:
# COPILOT_PRICES corrects them and adds other models.
PRICES: Mapping[str, Price] = {
    "gpt-5.4": Price(input=2.5, cached_input=0.25, output=15.0),
    "gpt-5.4-mini": Price(input=0.75, cached_input=0.075, output=4.5),
    "gpt-5.4-nano": Price(input=0.2, cached_input=0.02, output=1.25),
}


class Settings(BaseSettings):
    """Everything that can be set. An empty variable counts as unset; secrets never show in a repr."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_prefix="COPILOT_",
        env_ignore_empty=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        allow_inf_nan=False,
        protected_namespaces=(),
    )

    db: str | None = Field(
        default=None,
        description="Database URL of the store. Unset: a SQLite file in the user's data folder.",
    )
    openai_api_key: SecretStr | None = Field(
        default=None,
        alias="OPENAI_API_KEY",
        description="Key of the language model's server. Unset: the built-in planner writes, offline.",
    )
    openai_base_url: str | None = Field(
        default=None,
        alias="OPENAI_BASE_URL",
        description="Address of any OpenAI-compatible server, ending in /v1 for most. Unset: OpenAI's own.",
    )
    model: Annotated[str, Field(min_length=1)] = Field(
        default="gpt-5.4-mini",
        description="Name of the language model, as its server calls it. It must be able to call tools.",
    )
    fallback_model: Annotated[str, Field(min_length=1)] | None = Field(
        default=None,
        description="Model that goes on where the first one fails. Unset: the built-in planner does.",
    )
    fallback_base_url: str | None = Field(
        default=None, description="Address of the fallback model's server. Unset: the first model's."
    )
    fallback_api_key: SecretStr | None = Field(
        default=None, description="Key of the fallback model's server. Unset: the first model's."
    )
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh"] | None = Field(
        default=None,
        description="How much the model may think. Unset: not sent. Some models call tools only with `none`.",
    )
    deadline_seconds: float = Field(
        default=90.0, gt=0, le=3600, description="Seconds that writing the drafts of one brief may take."
    )
    model_calls: int = Field(
        default=20, ge=1, le=1000, description="Requests to the language model per brief, retries included."
    )
    tool_calls: int = Field(default=40, ge=1, le=10_000, description="Tool calls per brief.")
    tokens: int = Field(
        default=300_000,
        ge=1,
        description="Tokens per brief, sent and received together; a request is not begun past it.",
    )
    money: float | None = Field(
        default=None,
        ge=0,
        description="Money per brief, in the currency of the prices; a request is not begun that would go "
        "past it. Unset: no limit. Needs the model's price.",
    )
    prices: dict[str, Price] = Field(
        default_factory=dict,
        description='What a million tokens of a model cost, as JSON: {"MODEL": {"input": 1, "output": 2, '
        '"cached_input": 0.1}}. Adds to the prices of OpenAI models that are known; of others only tokens '
        "are counted.",
    )
    model_attempts: int = Field(
        default=4,
        ge=1,
        le=20,
        description="How often one request is tried when the server is busy or unreachable.",
    )
    priors: Path | None = Field(
        default=None,
        description="File of what is assumed where campaigns say little. Unset: the predictor's own.",
    )
    brand: Path | None = Field(
        default=None,
        description="Brand kit, a TOML file: voice, required and banned words, claims. Unset: none.",
    )
    seed: int = Field(default=0, ge=0, description="Seed of everything that is drawn at random.")

    def price_of(self, model: str) -> Price | None:
        """What a model costs, by the name it goes by or answers with; a date behind its name is no matter."""
        known = {**PRICES, **self.prices}
        dated = [name for name in known if model == name or _is_date(model.removeprefix(f"{name}-"))]
        return known[max(dated, key=len)] if dated else None

    @field_validator(
        "openai_api_key", "openai_base_url", "fallback_base_url", "fallback_api_key", "db", mode="before"
    )
    @classmethod
    def _blank_is_unset(cls, value: Any) -> Any:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not isinstance(text, str):
            return value
        # A key from a file often ends in a newline, which no header can hold.
        return type(value)(text.strip()) if text.strip() else None


def load_settings(file: Path | str | None = None, **given: Any) -> Settings:
    """The settings: what is `given` by field name, else the environment's, else a file's, else the default.

    file: TOML with the names of the fields, in small letters. Unset: the one that `COPILOT_SETTINGS` names.

    Raises:
        InvalidInput: a setting holds what cannot be used; names the variable or the line of the file.
    """
    _require_known(given, "settings")
    path = file or os.environ.get(FILE, "").strip()
    try:
        settings = Settings(**_by_alias(given))
        if not path:
            return settings
        read = {
            name: value for name, value in _read(Path(path)).items() if name not in settings.model_fields_set
        }
    except ValidationError as error:
        raise _first(error, "settings") from None
    except SettingsError:
        # Of all variables only this one is read as JSON; the error itself quotes no value.
        value = os.environ.get("COPILOT_PRICES")
        told = 'JSON such as {"MODEL": {"input": 1, "output": 2}}'
        raise InvalidInput("COPILOT_PRICES", told, value, where="settings") from None
    try:
        return Settings(**_by_alias({**read, **given}))
    except ValidationError as error:
        raise _first(error, str(path)) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInput(
            FILE, "a TOML file that can be read", f"{path} ({error})", where="settings"
        ) from None
    _require_known(read, str(path))
    return read


def _require_known(given: Mapping[str, Any], where: str) -> None:
    fields = Settings.model_fields
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise InvalidInput(unknown[0], f"one of {', '.join(fields)}", given[unknown[0]], where=where)


def _by_alias(given: Mapping[str, Any]) -> dict[str, Any]:
    return {Settings.model_fields[name].alias or name: value for name, value in given.items()}


def _first(error: ValidationError, where: str) -> InvalidInput:
    found = error.errors(include_url=False, include_context=False, include_input=True)[0]
    field, *inside = map(str, found["loc"] or ("settings",))
    name = field if field.startswith("OPENAI_") else f"COPILOT_{field.upper()}"
    secret = "KEY" in name
    place = ".".join([name, *inside])
    told = "a value" if found["type"] == "missing" else found["msg"].removeprefix("Input should be ")
    return InvalidInput(place, told, "a value kept secret" if secret else found["input"], where=where)


def _is_date(text: str) -> bool:
    # As in gpt-5.4-mini-2026-03-17; a name such as gpt-5.4-mini-high is another model.
    return len(text) >= 4 and text.replace("-", "").isdigit()
