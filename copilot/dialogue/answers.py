"""The answer to a question that was asked, read as the wish that it stands for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from copilot.dialogue.amounts import number_of
from copilot.dialogue.sentence import cleaned
from copilot.dialogue.thread import Question, Thread
from copilot.dialogue.tools import Tools
from copilot.dialogue.wishes import Read, Set

__all__ = ["answered"]

_YES = frozenset(
    [
        "yes",
        "y",
        "yep",
        "yeah",
        "ok",
        "okay",
        "sure",
        "right",
        "correct",
        "是",
        "是的",
        "对",
        "对的",
        "好",
        "好的",
        "嗯",
        "可以",
        "没错",
    ]
)


def answered(thread: Thread, sentence: str, found: Read, tools: Tools) -> Read:
    """What was read, with a bare answer such as `2`, `yes` or `都可以` understood by what was asked."""
    question = thread.question
    if question is None or found.wishes:
        return found
    said = cleaned(sentence).lower().strip(" .!?。")
    place = int(said) - 1 if said.isdecimal() and len(said) < 4 else -1
    choice = question.answers[place] if 0 <= place < len(question.answers) else said
    if question.field == "budget":
        return _budget(question, choice, found)
    known = next((name for name in tools.shop.categories if name.lower() == choice.lower()), None)
    if known is not None:
        return replace(found, wishes=(Set("categories", (known,)),), unclear=())
    if question.answers and choice.lower() == question.answers[-1].lower():
        return replace(found, wishes=(Set("categories", ()),), unclear=())
    return found


def _budget(question: Question, choice: str, found: Read) -> Read:
    if choice in _YES or choice == question.answers[0]:
        amount = number_of(question.answers[0]) or Decimal(0)
        return replace(found, wishes=(Set("budget", amount),), unclear=())
    if choice == question.answers[-1]:
        return replace(found, wishes=(Set("budget", None),), unclear=())
    return found
