"""How many segments a text message takes: 3GPP TS 23.038 (alphabets), TS 23.040 (long messages).

One segment holds 140 octets: 160 septets of the GSM alphabet or 70 code units of UCS-2. In a longer message
six octets of each segment say where it belongs: 153 and 67 are left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Segments", "segments"]

Encoding = Literal["GSM-7", "UCS-2"]

# The GSM 7-bit default alphabet, in the order of the standard; position 27 is the escape.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # an escape and a second septet
_ROOM: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}


@dataclass(frozen=True)
class Segments:
    """units: septets or code units used. left: those free in the last segment.

    because_of: characters that the GSM alphabet has not, each once, in order; UCS-2 is for them.
    """

    count: int
    encoding: Encoding
    units: int
    left: int
    because_of: tuple[str, ...] = ()


def segments(text: str) -> Segments:
    """What sending this text takes; nothing is one empty segment."""
    strange = tuple(dict.fromkeys(c for c in text if c not in _BASIC and c not in _EXTENDED))
    encoding: Encoding = "UCS-2" if strange else "GSM-7"
    sizes = list(map(_code_units if strange else _septets, text))
    whole, part = _ROOM[encoding]
    units = sum(sizes)
    if units <= whole:
        return Segments(1, encoding, units, whole - units, strange)
    count, used = _filled(sizes, part)
    return Segments(count, encoding, units, part - used, strange)


def _filled(sizes: Iterable[int], room: int) -> tuple[int, int]:
    """Segments, and how far the last is filled; neither an escape nor a surrogate pair is torn apart."""
    count, used = 1, 0
    for size in sizes:
        if used + size > room:
            count, used = count + 1, 0
        used += size
    return count, used


def _septets(c: str) -> int:
    return 2 if c in _EXTENDED else 1


def _code_units(c: str) -> int:
    return 2 if c > "\uffff" else 1
