"""What can be set from outside, by environment variable or argument. Read when asked for, not at import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from copilot.errors import InvalidInput

__all__ = ["Settings", "load_settings"]


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
    seed: int = Field(default=0, ge=0, description="Seed of everything that is drawn at random.")

    @field_validator("openai_api_key", "openai_base_url", "db", mode="before")
    @classmethod
    def _blank_is_unset(cls, value: Any) -> Any:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not isinstance(text, str):
            return value
        # A key from a file often ends in a newline, which no header can hold.
        return type(value)(text.strip()) if text.strip() else None


def load_settings(**given: Any) -> Settings:
    """The settings: what is `given` by field name first, then the environment, then the defaults.

    Raises:
        InvalidInput: a variable holds what cannot be used; names the variable.
    """
    fields = Settings.model_fields
    named = {fields[name].alias or name: value for name, value in given.items() if name in fields}
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise InvalidInput(unknown[0], f"one of {', '.join(fields)}", given[unknown[0]], where="settings")
    try:
        return Settings(**named)
    except ValidationError as error:
        raise _first(error) from None


def _first(error: ValidationError) -> InvalidInput:
    found = error.errors(include_url=False, include_context=False, include_input=True)[0]
    field = str(found["loc"][0]) if found["loc"] else "settings"
    name = field if field.startswith("OPENAI_") else f"COPILOT_{field.upper()}"
    received = "a value kept secret" if "KEY" in name else found["input"]
    return InvalidInput(name, found["msg"].removeprefix("Input should be "), received, where="settings")
