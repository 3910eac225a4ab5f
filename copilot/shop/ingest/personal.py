"""Personal data by the name of its column, in the languages shops use (`words.yaml`).

A name counts if all of it is about a person: `billing_phone_number` does, `phone_brand` and
`email_opens_90d` do not. What a name does not tell, `looks` may.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

__all__ = ["personal_by_name", "postal_by_name"]

_SPLIT = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class _Words:
    personal: frozenset[str]
    weak: frozenset[str]
    qualifiers: frozenset[str]
    pairs: frozenset[tuple[str, ...]]
    unspaced: tuple[str, ...]
    unspaced_qualifiers: tuple[str, ...]
    postal: frozenset[str]


@cache
def _lists() -> _Words:
    import yaml

    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    longest_first = {
        name: sorted(data[name].split(), key=len, reverse=True) for name in data if name != "pairs"
    }
    return _Words(
        personal=frozenset(longest_first["personal"]),
        weak=frozenset(longest_first["weak"]),
        qualifiers=frozenset(longest_first["qualifiers"]),
        pairs=frozenset(tuple(pair.split()) for pair in data["pairs"]),
        unspaced=tuple(longest_first["unspaced"]),
        unspaced_qualifiers=tuple(longest_first["unspaced_qualifiers"]),
        postal=frozenset(longest_first["postal"]),
    )


def personal_by_name(header: str) -> bool:
    """Whether a column of this name holds personal data, whatever is in it."""
    known, words = _lists(), _split(header)
    if "".join(words) in known.personal:
        return True
    paired = {word for pair in pairwise(words) if pair in known.pairs for word in pair}
    about = {word for word in words if word in known.personal - known.weak} | paired
    rest = set(words) - about - known.weak - known.personal - known.qualifiers
    return bool(about and not rest) or _unspaced(header)


def postal_by_name(header: str) -> bool:
    """Whether it is a postal code by name; whether it tells where somebody lives, the values say."""
    known, words = _lists(), _split(header)
    joined = "".join(words)
    others = known.postal | known.qualifiers | {"code", "postal", "post"}
    return joined in known.postal or (
        any(word in known.postal or word == "postal" for word in words)
        and all(word in others for word in words)
    )


def _split(header: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", _CAMEL.sub(" ", header).casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return [word for word in _SPLIT.split(plain) if word]


def _unspaced(header: str) -> bool:
    rest = "".join(letter for letter in header.casefold() if letter.isalnum())
    found = False
    for word in _lists().unspaced:
        found, rest = found or word in rest, rest.replace(word, "")
    for word in _lists().unspaced_qualifiers:
        rest = rest.replace(word, "")
    return found and not rest.strip("0123456789")
