"""Addresses in copy: where a message leads is the shop's to say, not a writer's.

Pages, domains and e-mail addresses as they are written out. Bounded: a text may be long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.wording.seeing import Figure

__all__ = ["links"]

# Endings that no sentence has by chance, where a blank is missing after its point.
_ENDINGS = (
    "app|at|be|biz|ch|club|cn|co|com|de|dk|edu|es|eu|example|fi|fr|gov|hk|in|info|io|it|jp|kr|link|ly|me|net|"
    "nl|no|online|org|pl|pt|ru|se|shop|site|store|test|top|tr|tv|tw|uk|us|vip|xyz"
)
_LINK = re.compile(
    r"(?P<page>(?:https?://|www\.)\S{1,300})"
    r"|(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})"
    rf"|(?P<domain>(?<![\w.-])[a-z0-9-]{{2,63}}(?:\.[a-z0-9-]{{1,63}}){{0,4}}\.(?:{_ENDINGS})(?![\w-]|\.\w))",
    re.IGNORECASE,
)


def links(text: str) -> Iterator[Figure]:
    """Every address in a text, where it stands."""
    for found in _LINK.finditer(text):
        yield Figure("address", found[0], found.start())
