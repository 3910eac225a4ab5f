"""Chinese words pulled apart or half written by their sound (`最.好`, `zui好`), read as they are meant.

What anybody would read as two sentences stays two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["whole"]

_HAN = "[\u4e00-\u9fff]"
_SIGNS = r"(?:[^\w\n\ue000\ufffc\ufffd]|_|丶){1,4}"  # no slot and no known name
# After words that do end a phrase, no stop does: 山顶、尖峰; 楼顶.级别 reads on as another word.
_NO_STOP = r"(?:[^\w\n\ue000\ufffc\ufffd，、；：。,;:]|_|丶){1,4}"
_PULLED_APART = re.compile(
    # What ends no sentence, between any two characters; points, where one stands between each of several.
    rf"(?<={_HAN})[ \t·•・*_~|/-]{{1,3}}(?={_HAN})"
    rf"|(?<={_HAN})\.(?={_HAN}\.{_HAN})|(?<={_HAN}\.{_HAN})\.(?={_HAN})"
    # Anything, after what no sentence ends with.
    rf"|(?<=最)(?<!之最){_SIGNS}(?={_HAN})|(?<=[第唯]){_SIGNS}(?=一)|(?<=顶){_NO_STOP}(?=级(?!别)|尖(?!叫))"
    rf"|(?<=国家){_NO_STOP}(?=级(?!别))|(?<=全网){_SIGNS}(?=最)"
)
_SOUNDS = re.compile(
    rf"(?<![a-z])(?P<begins>zui(?=\s{{0,2}}{_HAN})|ding(?=[级尖]))|(?<=最)(?:hao|jia|qiang|gao|di)(?![a-z])"
)
_SOUNDED = {"zui": "最", "ding": "顶", "hao": "好", "jia": "佳", "qiang": "强", "gao": "高", "di": "低"}


def whole(shown: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    """A text in small letters as it is meant, and the places of its characters, of those given."""
    return _joined(*_sounded(shown, places))


def _sounded(shown: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    read, stood, end = "", list[int](), 0
    for found in _SOUNDS.finditer(shown):
        read += shown[end : found.start()] + _SOUNDED[found[0]]
        stood += [*places[end : found.start()], places[found.start() if found["begins"] else found.end() - 1]]
        end = found.end()
    return (read + shown[end:], [*stood, *places[end:]]) if end else (shown, places)


def _joined(shown: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    gaps = [place for found in _PULLED_APART.finditer(shown) for place in range(*found.span())]
    if not gaps:
        return shown, places
    left_out = set(gaps)
    kept = [place for place in range(len(shown)) if place not in left_out]
    return "".join(shown[place] for place in kept), [places[place] for place in kept]
