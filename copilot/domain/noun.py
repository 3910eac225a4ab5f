"""What all nouns share: frozen, nothing unknown accepted, one way from outside data to an object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.errors import InvalidInput

__all__ = ["Noun", "json_object", "parse"]


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


def parse(noun: type[NounType], data: object, *, where: str = "") -> NounType:
    """Turn outside data (a mapping or JSON text) into a noun.

    Raises:
        InvalidInput: names the first wrong field, what was expected and what came.
    """
    if isinstance(data, noun):
        return data
    if isinstance(data, str):
        data = json_object(data, where=where)
    if not isinstance(data, Mapping):
        raise InvalidInput(noun.__name__, "an object", type(data).__name__, where=where)
    try:
        return noun.model_validate(dict(data))
    except ValidationError as error:
        raise _first(error, where) from None


def json_object(text: str, *, where: str = "") -> Any:
    """What a JSON text holds; NaN and infinity are not JSON.

    Raises:
        InvalidInput: the text is not JSON.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise ValueError(f"{twice[0]} is there twice")
        return dict(pairs)

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(text, parse_constant=refuse, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("JSON", "a readable JSON object", str(error), where=where) from None


def _first(error: ValidationError, where: str) -> InvalidInput:
    found = error.errors(include_url=False, include_context=False)[0]
    place, kind, received = _path(found["loc"]), found["type"], found["input"]
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        # The tag of every discriminated union here is its `type`.
        place.append("type")
        received = received.get("type") if isinstance(received, Mapping) else received
    if kind in ("missing", "union_tag_not_found"):
        received = "nothing"
    expected = _EXPECTED.get(kind) or _in_words(found["msg"])
    return InvalidInput(".".join(place) or "object", expected, received, where=where)


_EXPECTED = {
    "dataclass_type": "an object",
    "dict_type": "an object",
    "extra_forbidden": "no field of this name",
    "invalid_key": "text as name of a field",
    "missing": "a value",
    "model_attributes_type": "an object",
    "model_type": "an object",
    "string_type": "text",
    "string_unicode": "readable text",
    "tuple_type": "a list",
    "union_tag_not_found": "a value",
}


def _in_words(message: str) -> str:
    """What pydantic says, as what was expected."""
    if "expected tags: " in message:
        return f"one of {message.rpartition('expected tags: ')[2]}"
    for said, meant in (
        ("Value error, ", ""),
        ("Input should be ", ""),
        ("String should", "text that should"),
    ):
        if message.startswith(said):
            return meant + message.removeprefix(said)
    return message


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
