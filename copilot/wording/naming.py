"""What a category is called in copy: shops write ids where customers read words."""

from __future__ import annotations

import re

__all__ = ["in_words"]

# A number, as such or behind a word for "category" or "product"; and what machines count in.
_RAW = re.compile(
    r"[\W_]*(?:(?:c|cat|ctg|categor(?:y|ie|ia)|id|group|grp|dept|department|node|kat|sku|prod(?:uct)?|coll(?:ection)?|tag"
    r"|类目|分类|品类|类别)[\W_]*)+\d[\d\W_]*[a-z]?"
    r"|[\W_]*\d[\d\W_]*|[\W_]*"
    r"|[0-9a-f]{8}-[0-9a-f-]{20,40}|(?=[a-f]*\d)[0-9a-f]{16,}",
    re.IGNORECASE,
)
_LONGEST_RAW = 80  # characters
_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+")
# What keeps its hyphen: T-shirts, e-bikes, make-up, ready-to-wear; pre-owned, anti-ageing.
_SHORT = 2  # letters of a part
_PREFIXES = frozenset(("pre", "non", "anti", "self", "semi", "multi", "mid", "second", "plus", "off", "all"))


def in_words(name: str) -> str:
    """The name as a customer reads it: `beauty_care` is "beauty care"; empty where it is only a raw id.

    "T-shirts" and "make-up" keep their hyphens.
    """
    if len(name) <= _LONGEST_RAW and _RAW.fullmatch(name.strip()):
        return ""
    apart = " ".join(name.replace("_", " ").split())
    return apart.replace("-", " ") if _ID.fullmatch(name) and not _hyphened(apart) else apart


def _hyphened(name: str) -> bool:
    return any(
        parts[0] in _PREFIXES or min(map(len, parts)) <= _SHORT
        for word in name.split()
        if len(parts := word.split("-")) > 1
    )
