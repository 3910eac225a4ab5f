"""Which columns of customers become attributes, and which are kept out. Decided over the whole file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from copilot.shop.ingest.personal import personal_by_name, postal_by_name
from copilot.shop.ingest.profiling import ColumnProfile
from copilot.shop.ingest.schema import FILES
from copilot.shop.ingest.source import Source
from copilot.store import ColumnKind

__all__ = ["Attributes", "personal_by_values", "sort_columns"]

_POSTAL_AREAS = 10


@dataclass(frozen=True)
class Attributes:
    """Attribute columns with their kind, those kept only as hashes, and those kept out, with the reason."""

    kinds: Mapping[str, ColumnKind]
    hashed: tuple[str, ...]
    personal: Mapping[str, str]
    free_text: tuple[str, ...]
    empty: tuple[str, ...]


def sort_columns(source: Source) -> Attributes:
    """Read the file once and say what each unknown column is."""
    known = {field.name for field in FILES["customers"].fields}
    others = [name for name in source.columns() if name not in known]
    personal = {name: "its name" for name in others if personal_by_name(name)}
    profiles = {name: ColumnProfile() for name in others if name not in personal}
    for batch in source.batches() if profiles else ():
        for name, profile in profiles.items():
            profile.add(batch.columns[name])
    kinds: dict[str, ColumnKind] = {}
    free_text, empty = [], []
    for name, profile in profiles.items():
        look = personal_by_values(name, profile)
        if look:
            personal[name] = look
        elif not profile.filled:
            empty.append(name)
        elif profile.free_text:
            free_text.append(name)
        else:
            kinds[name] = "number" if profile.numeric else "category"
    hashed = tuple(name for name in source.columns() if name in FILES["customers"].personal)
    return Attributes(kinds, hashed, personal, tuple(free_text), tuple(empty))


def personal_by_values(name: str, profile: ColumnProfile) -> str | None:
    """What personal data a column of this name holds, judged by its values; None if it holds none."""
    look = profile.looks.personal(profile.distinct_share)
    if look:
        return (
            f"values that look like an {look}" if look[0] in "aeiouI" else f"values that look like a {look}"
        )
    # `zip_code` may hold Urban and Rural, which is an attribute, or where somebody lives, which is not.
    areas = sum(any(map(str.isdigit, value)) for value in profile.distinct)
    return "postal codes" if postal_by_name(name) and areas > _POSTAL_AREAS else None
