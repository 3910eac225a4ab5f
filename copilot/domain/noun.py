"""What all nouns share: frozen, nothing unknown accepted, one way from outside data to an object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.errors import InvalidInput

__all__ = ["Noun", "parse"]


class Noun(BaseModel):
    """A frozen value. Unknown fields, NaN and infinity are refused; JSON goes out and comes back equal."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        str_max_length=20_000,
    )


NounType = TypeVar("NounType", bound=BaseModel)


def parse(noun: type[NounType], data: NounType | Mapping[str, Any] | str, *, where: str = "") -> NounType:
    """Turn outside data (a mapping or JSON text) into a noun.

    Raises:
        InvalidInput: names the first wrong field, what was expected and what came.
    """
    if isinstance(data, noun):
        return data
    if isinstance(data, str):
        data = _json_object(data, where)
    if not isinstance(data, Mapping):
        raise InvalidInput(noun.__name__, "an object", type(data).__name__, where=where)
    try:
        return noun.model_validate(dict(data))
    except ValidationError as error:
        raise _first(error, where) from None


def _json_object(text: str, where: str) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("JSON", "a readable JSON object", str(error), where=where) from None


def _first(error: ValidationError, where: str) -> InvalidInput:
    found = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(_path(found["loc"])) or "object"
    expected = found["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    if found["type"] == "extra_forbidden":
        expected = "no field of this name"
    if found["type"] == "missing":
        return InvalidInput(field, "a value", "nothing", where=where)
    return InvalidInput(field, expected, found["input"], where=where)


def _path(location: tuple[int | str, ...]) -> list[str]:
    # pydantic puts the tag of a discriminated union (`percent_off`) behind its field (`offer`): drop it.
    return [
        str(part)
        for before, part in zip((None, *location), location, strict=False)
        if before not in ("offer",) or part not in _OFFER_TAGS
    ]


_OFFER_TAGS = frozenset(
    ("none", "percent_off", "amount_off", "free_shipping", "fixed_price", "buy_x_get_y", "gift", "points")
)
