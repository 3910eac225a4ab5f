"""One step of a conversation: a thread and a sentence -> the thread after it, and the reply.

Knows no store and no network: what it needs of them is in the `Tools` it is given.
"""

from __future__ import annotations

from copilot.dialogue.answers import answered
from copilot.dialogue.changing import changed, to_ask
from copilot.dialogue.follow_ups import rewritten, shown, what_if, why_not
from copilot.dialogue.phrases import brief_words, say
from copilot.dialogue.reading import read
from copilot.dialogue.sentence import LONGEST, cleaned
from copilot.dialogue.thread import Reply, Thread
from copilot.dialogue.tools import Tools
from copilot.dialogue.wishes import (
    Bye,
    Cheaper,
    Help,
    More,
    Read,
    Rewrite,
    Set,
    Show,
    StartOver,
    WhatIf,
    WhyNot,
)
from copilot.errors import CopilotError

__all__ = ["reply"]


def reply(thread: Thread, sentence: str, tools: Tools) -> tuple[Thread, Reply]:
    """What a sentence leads to. What goes wrong is told in words, and the thread stays as it was."""
    found = answered(thread, sentence, read(sentence, tools.shop, tools.today), tools)
    chinese = thread.chinese if found.chinese is None else found.chinese
    thread = thread.model_copy(update={"chinese": chinese})
    try:
        after, told = _step(thread, found, tools)
    except CopilotError as error:
        after, told = thread, Reply(words=(say("failed", chinese, error=error),))
    notes = _notes(found, chinese)
    told = told.model_copy(update={"words": (*notes, *told.words), "question": after.question})
    words = "\n".join((*told.words, *((after.question.words,) if after.question else ())))
    return after.with_turn(cleaned(sentence), words), told


def _notes(found: Read, chinese: bool) -> tuple[str, ...]:
    """What was not read, whatever came of the rest."""
    told = []
    if found.cut:
        told.append(say("cut", chinese, most=LONGEST))
    if found.unclear:
        told.append(say("unclear", chinese, what="; ".join(found.unclear)))
    return tuple(told)


def _step(thread: Thread, found: Read, tools: Tools) -> tuple[Thread, Reply]:
    chinese = thread.chinese
    for wish in found.wishes:
        match wish:
            case Bye():
                return thread.model_copy(update={"question": None}), Reply(
                    words=(say("bye", chinese),), over=True
                )
            case Help():
                return thread, Reply(words=(say("help", chinese),))
            case WhatIf() | WhyNot() | Rewrite() | Show():
                return _about_the_report(thread, wish, tools)
    if any(isinstance(one, Set | Cheaper | More | StartOver) for one in found.wishes) or found.foreign:
        return _new_brief(thread, found, tools)
    if thread.report is None:
        return thread.model_copy(update={"question": to_ask(thread, found, tools)}), Reply()
    if not found.unclear:
        return thread, Reply(words=(say("ready", chinese),))
    category = (tools.shop.categories or ("stock",))[0]
    nothing = say("nothing", chinese, category=category, currency=tools.shop.currency)
    return thread, Reply(words=(nothing,))


def _about_the_report(
    thread: Thread, wish: WhatIf | WhyNot | Rewrite | Show, tools: Tools
) -> tuple[Thread, Reply]:
    if thread.report is None or not thread.report.strategies:
        if isinstance(wish, WhyNot) and thread.report is not None:
            return thread, why_not(thread, wish, tools)
        return thread, Reply(words=(say("no report", thread.chinese),))
    number = 1 if isinstance(wish, WhyNot) else wish.number or 1
    if thread.strategy(number) is None:
        count = len(thread.report.strategies)
        return thread, Reply(words=(say("no number", thread.chinese, number=number, count=count),))
    match wish:
        case WhatIf():
            return thread, what_if(thread, wish, tools)
        case WhyNot():
            return thread, why_not(thread, wish, tools)
        case Rewrite():
            return rewritten(thread, wish, tools)
        case Show():
            return thread, shown(thread, number, tools)


def _new_brief(thread: Thread, found: Read, tools: Tools) -> tuple[Thread, Reply]:
    """The brief with what was said, and a report for it, unless something has to be asked first."""
    after, notes = changed(thread, found, tools)
    chinese = after.chinese
    asked = to_ask(after, found, tools)
    if asked is not None:
        return after.model_copy(update={"question": asked}), Reply(words=notes)
    after = after.model_copy(update={"question": None})
    if after.brief == thread.brief and thread.report is not None:
        return after, Reply(words=notes or (say("unchanged", chinese),))
    if not found.fields() and after.report is None and after.brief == Thread().brief:
        return after, Reply(words=notes)
    report = tools.run(after.brief)
    brief = say("brief", chinese, brief=brief_words(after.brief, tools.shop.currency, chinese))
    after = after.model_copy(update={"report": report, "rewritten": ()})
    return after, Reply(words=(brief, *notes), report=report)
