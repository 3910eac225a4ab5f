"""Audience conditions: who is meant, as data. Parsed from text, never evaluated as code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from copilot.domain.noun import Noun, parse
from copilot.errors import InvalidInput

__all__ = ["OPERATORS", "Audience", "Condition", "format_audience", "parse_audience"]

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not_in", "is_null", "not_null"]
OPERATORS: tuple[Operator, ...] = ("=", "!=", "<", "<=", ">", ">=", "in", "not_in", "is_null", "not_null")

Scalar = bool | int | float | str

_PARTS = re.compile(
    r"^\s*(?P<attribute>[^\s<>=!]+)\s*"
    r"(?:(?P<operator><=|>=|!=|=|<|>|(?<=\s)in(?=\s)|(?<=\s)not_in(?=\s))\s*(?P<value>.+?)"
    r"|(?<=\s)(?P<test>is_null|not_null))\s*$",
    re.DOTALL,
)
_NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)$")


class Condition(Noun):
    """One test on one customer attribute. Conditions of an audience are joined by *and*."""

    attribute: Annotated[str, Field(min_length=1, max_length=200)]
    operator: Operator
    value: Scalar | tuple[Scalar, ...] | None = None

    @model_validator(mode="after")
    def _value_fits_operator(self) -> Condition:
        if self.operator in ("is_null", "not_null"):
            if self.value is not None:
                raise ValueError(f"no value with {self.operator}")
        elif self.operator in ("in", "not_in"):
            if not isinstance(self.value, tuple) or not self.value:
                raise ValueError(f"a list of values with {self.operator}")
        elif self.value is None or isinstance(self.value, tuple):
            raise ValueError(f"one value with {self.operator}")
        return self

    def __str__(self) -> str:
        if self.operator in ("is_null", "not_null"):
            return f"{self.attribute} {self.operator}"
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return f"{self.attribute} {self.operator} {'|'.join(map(_scalar_text, values))}"


def _scalar_text(value: Scalar | None) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


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
    if _NUMBER.match(text) and len(text) <= 17:
        return float(text) if "." in text else int(text)
    return text


def format_audience(conditions: Iterable[Condition]) -> str:
    """The text form of conditions; `everyone` is the empty text."""
    return "; ".join(str(condition) for condition in conditions)
