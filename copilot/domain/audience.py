"""Audience conditions: who is meant, as data. Parsed from text, never evaluated as code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from copilot.domain.noun import Noun, parse
from copilot.errors import InvalidInput

__all__ = ["OPERATORS", "Audience", "Condition", "format_audience", "parse_audience"]

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not_in", "is_null", "not_null"]
OPERATORS: tuple[Operator, ...] = ("=", "!=", "<", "<=", ">", ">=", "in", "not_in", "is_null", "not_null")

Scalar = bool | int | float | str
_LARGEST = 10**15


def _usable(value: Any) -> Any:
    if value is None:
        return None
    for item in value if isinstance(value, list | tuple) else (value,):
        if not isinstance(item, bool | int | float | str):
            raise ValueError("a number, a text or a list of them")
        if isinstance(item, str) and not item.strip():
            raise ValueError("a value that is not empty (`is_null` asks for the unknown)")
        # NaN fails the comparison too.
        if isinstance(item, int | float) and not abs(item) <= _LARGEST:
            raise ValueError("a finite number of at most 15 digits")
    return tuple(value) if isinstance(value, list) else value


Value = Annotated[Scalar | tuple[Scalar, ...] | None, BeforeValidator(_usable)]

_PARTS = re.compile(
    r"^\s*(?P<attribute>[^\s<>=!]+)\s*"
    r"(?:(?P<operator><=|>=|!=|=|<|>|(?<=\s)in(?=\s)|(?<=\s)not_in(?=\s))(?!\s*[<>=])\s*(?P<value>.+?)"
    r"|(?<=\s)(?P<test>is_null|not_null))\s*$",
    re.DOTALL,
)
# Only what a number is usually written as: `007` and `+49` are names of something.
_NUMBER = re.compile(r"-?((0|[1-9]\d*)(\.\d+)?|\.\d+)")


class Condition(Noun):
    """One test on one customer attribute. Conditions of an audience are joined by *and*."""

    attribute: Annotated[str, Field(min_length=1, max_length=200)]
    operator: Operator
    value: Value = Field(default=None, validate_default=True)

    @field_validator("value")
    @classmethod
    def _fits_operator(cls, value: Value, info: ValidationInfo) -> Value:
        operator = info.data.get("operator")
        if operator in ("is_null", "not_null"):
            if value is not None:
                raise ValueError(f"no value with {operator}")
        elif operator in ("in", "not_in"):
            if not isinstance(value, tuple) or not value:
                raise ValueError(f"a list of values with {operator}")
        elif value is None or isinstance(value, tuple):
            raise ValueError(f"one value with {operator}")
        return value

    def __str__(self) -> str:
        if self.operator in ("is_null", "not_null"):
            return f"{self.attribute} {self.operator}"
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return f"{self.attribute} {self.operator} {'|'.join(map(_scalar_text, values))}"


def _scalar_text(value: Scalar | None) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    # Digits, never `1e-07`: what is written here is read again.
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


def _from_text(value: Any) -> Any:
    return parse_audience(value) if isinstance(value, str) else value


Audience = Annotated[tuple[Condition, ...], BeforeValidator(_from_text), Field(max_length=50)]


def parse_audience(text: str) -> tuple[Condition, ...]:
    """Read `loyalty_tier in gold|silver; orders_90d >= 1`.

    Numbers become numbers, everything else stays text. An empty text is everyone.

    Raises:
        InvalidInput: a part that is not `attribute operator value`.
    """
    return tuple(_condition(part) for part in text.split(";") if part.strip())


def _condition(part: str) -> Condition:
    match = _PARTS.match(part)
    if match is None:
        raise InvalidInput(
            "audience", f"`attribute operator value` with one of {' '.join(OPERATORS)}", part.strip()
        )
    operator = match["test"] or match["operator"]
    value: Any = None
    if operator in ("in", "not_in"):
        value = tuple(_scalar(item) for item in match["value"].split("|"))
    elif match["value"] is not None:
        value = _scalar(match["value"])
    data = {"attribute": match["attribute"], "operator": operator, "value": value}
    return parse(Condition, data, where=f"audience {part.strip()!r}")


def _scalar(text: str) -> Scalar:
    text = text.strip()
    if _NUMBER.fullmatch(text) and len(text) <= 400 and abs(float(text)) <= _LARGEST:
        return float(text) if "." in text else int(text)
    return text


def format_audience(conditions: Iterable[Condition]) -> str:
    """The text form of conditions; `everyone` is the empty text."""
    return "; ".join(str(condition) for condition in conditions)
