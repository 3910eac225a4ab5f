"""Words that make a slot say more than it holds: "at least {discount}", "{discount} for life"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.wording.seeing import Figure

__all__ = ["stretched"]

_GIVES = r"\{(?:discount|reduction|points|max_discount)\}"
_OFF = r"(?:\s+(?:off|points|less))?"
_STRETCHED = re.compile(
    rf"(?<!\w)(?:at\s+least|no\s+less\s+than|more\s+than|upwards\s+of|over)\s+{_GIVES}"
    rf"|{_GIVES}{_OFF}\s+(?:(?:or|and)\s+(?:more(?=\s*(?:[.,;:!?)]|$))|higher|up(?!\s*to))"
    rf"|for\s+(?:life|ever)|forever|and\s+the\s+same\s+again)(?!\w)"
    rf"|{_GIVES}\s*{_GIVES}"
    rf"|\{{ends_on\}}\s+(?:and\s+beyond|or\s+later|and\s+after)(?!\w)"
    rf"|(?:至少|不少于|超过|高于)\s*{_GIVES}|{_GIVES}\s*(?:以上|起步|打底)|打\s*{_GIVES}\s*折|\{{ends_on\}}\s*(?:以后|之后)仍",
    re.IGNORECASE,
)


def stretched(text: str) -> Iterator[Figure]:
    """Every place where words add to a slot, in a text with its slots."""
    for found in _STRETCHED.finditer(text):
        yield Figure("more than the slot holds", found[0], found.start())
