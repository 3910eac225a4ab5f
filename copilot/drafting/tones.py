"""Which of its registers the built-in planner takes for the tone that a brief asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

__all__ = ["REGISTERS", "Register", "register_of"]

Register = Literal["plain", "warm", "playful", "formal"]

_WORDS: Mapping[Register, str] = {
    "plain": r"plain|simpl[ey]|neutral|factual|sober|matter[- ]of[- ]fact|concise|brief\b|direct\b|clear|calm"
    r"|understated|no[- ]nonsense|简洁|简单|简短|平实|朴素|朴实|直接|中性|客观|冷静",
    "warm": r"warm|friendly|casual|informal|kind\b(?!\s+of\b)|caring|cosy|cozy|heartfelt|personal\b|welcoming"
    r"|relaxed|温暖|亲切|友好|友善|温馨|贴心|随和|暖心",
    "playful": r"playful|funny|fun\b|cheer|lively|excit|bold|humou?r|witty|cheeky|quirky"
    r"|活泼|俏皮|热情|轻松|幽默|有趣|欢快",
    "formal": r"formal|professional|polite|respectful|elegant|official|businesslike|reserved"
    r"|正式|专业|礼貌|庄重|商务|严谨|优雅|尊敬",
}
REGISTERS: tuple[Register, ...] = tuple(_WORDS)
_ASKED = {name: re.compile(rf"(?<![a-z])(?:{words})", re.IGNORECASE) for name, words in _WORDS.items()}
# "Not only formal", "no jokes but formal" and "less chatty and formal": what follows is asked for.
_JUST = r"(?:only|just|merely|but|and|yet|rather|instead|please)"
_UNWANTED = re.compile(
    r"(?:\b(?:not|never|no|nothing|neither|nor|less|without|avoid|(?:is|are|does|do|was|should|ca|wo)n['’]t)"
    rf"(?:\s+(?!{_JUST}\b)\w+){{0,2}}\s+"
    r"|(?:不要?|别|勿|避免)(?:那么|这么)?[太过很]?于?|\bnon-?)$",
    re.IGNORECASE,
)
_BEFORE = 40  # characters in which a tone is called unwanted


def register_of(tone: str) -> Register | None:
    """The first register that the tone asks for; None if none of its words is known."""
    places = {at: name for name, words in _ASKED.items() for at in _wanted(words, tone)}
    return places[min(places)] if places else None


def _wanted(words: re.Pattern[str], tone: str) -> Iterator[int]:
    """Where a tone is asked for, and not asked to be avoided."""
    for found in words.finditer(tone):
        if not _UNWANTED.search(tone[max(found.start() - _BEFORE, 0) : found.start()]):
            yield found.start()
