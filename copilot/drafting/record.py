"""Writing down what happens to one writer, as it happens, and what became of its drafts.

Texts are kept as they were said; half characters and control characters, which no database takes, are
written as escapes, and what is endless is cut.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from copilot.deciding.verdicts import trial
from copilot.domain.brief import Objective
from copilot.domain.record import (
    LONGEST,
    Accepted,
    Answered,
    Failed,
    Returned,
    Said,
    Step,
    ToolAnswered,
    ToolCall,
    Trial,
    Tried,
    Writing,
)
from copilot.domain.scored import ScoredDraft
from copilot.drafting.budget import Budget
from copilot.errors import ModelError

if TYPE_CHECKING:
    from langchain.messages import AIMessage
    from langchain_core.messages import BaseMessage

__all__ = ["Record", "kept"]

_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class _Account(NamedTuple):
    requests: int = 0
    sent: int | None = None
    received: int | None = None


class Record:
    """The steps of one writer. Whoever sees one writes it down; nothing is read back on the way."""

    def __init__(self, objective: Objective = "profit", currency: str = "") -> None:
        self._objective: Objective = objective
        self._currency = currency
        self._steps: list[Step] = []
        self._said = 0  # messages of ours that are written down
        self._booked = _Account()
        self._failure: ModelError | None = None

    def said(self, messages: Sequence[BaseMessage]) -> None:
        """What is new of ours in a conversation: the opening, a reminder."""
        ours = [message for message in messages if message.type in ("system", "human")]
        for message in ours[self._said :]:
            role: Literal["system", "user"] = "system" if message.type == "system" else "user"
            self._steps.append(Said(role=role, text=kept(message.content)))
        self._said = len(ours)

    def answered(self, message: AIMessage, budget: Budget) -> None:
        """An answer came and is booked."""
        spent = self._since(budget)
        about = message.response_metadata
        calls: list[tuple[Any, Any, Any]] = [
            (call["id"], call["name"], _json(call["args"])) for call in message.tool_calls
        ]
        calls += [(call["id"], call["name"], call["args"]) for call in message.invalid_tool_calls]
        answer = Answered(
            text=kept(message.content),
            calls=tuple(
                ToolCall(call_id=kept(key or ""), name=kept(name or ""), arguments=kept(args or ""))
                for key, name, args in calls
            ),
            model=_text(about.get("model_name")),
            finish_reason=_text(about.get("finish_reason")),
            input_tokens=spent.sent,
            output_tokens=spent.received,
            requests=spent.requests,
        )
        self._steps.append(answer)

    def refused(self) -> None:
        """The last answer cannot be used: it is no part of the conversation."""
        last = self._steps.pop()
        self._steps.append(last.model_copy(update={"used": False}))

    def failed(self, error: ModelError, author: str = "", budget: Budget | None = None) -> None:
        """A model failed; told once, however often it is passed on."""
        if error is self._failure:
            return
        self._failure = error
        requests = self._since(budget).requests if budget else 0
        told = Failed(
            author=kept(author),
            type=type(error).__name__,
            cause=error.cause,
            message=kept(error),
            requests=requests,
        )
        self._steps.append(told)

    def tool_answered(self, call: Mapping[str, Any], text: object) -> None:
        """What a tool said."""
        said = ToolAnswered(call_id=kept(call["id"]), name=kept(call["name"]), text=kept(text))
        self._steps.append(said)

    def tried(self, round_: int, scored: Sequence[ScoredDraft], dropped: Sequence[str]) -> None:
        """Drafts were forecast; dropped: revisions that are worse than what they revise."""
        step = Tried(round=round_, trials=self._trials(scored), dropped=tuple(dropped))
        self._steps.append(step)

    def returned(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Drafts went back to the writer."""
        self._steps += [
            Returned(
                draft_id=kept(fault.get("draft_id", "")),
                problems=tuple(kept(problem) for problem in _problems(fault)),
                read="broken" in fault,
                final="dropped" in fault,
            )
            for fault in faults
        ]

    def sent_back_for(self) -> tuple[str, ...]:
        """The rules, or fields, for which drafts went back, the most frequent first."""
        steps = (step for step in self._steps if isinstance(step, Returned))
        found = Counter(problem.split(":")[0] for step in steps for problem in step.problems)
        return tuple(name for name, _ in found.most_common(3))

    def accepted(self, draft_ids: Sequence[str]) -> None:
        """Drafts were taken."""
        if draft_ids:
            self._steps.append(Accepted(draft_ids=tuple(draft_ids)))

    def writing(
        self, author: str, drafts: Sequence[ScoredDraft], failure: ModelError | None, *, planner: bool
    ) -> Writing:
        """All of it, once the writer is done; drafts: those of it that are to be judged."""
        if failure is not None:
            self.failed(failure, author)
        return Writing(
            author=kept(author), planner=planner, steps=tuple(self._steps), handed_in=self._trials(drafts)
        )

    def _trials(self, scored: Sequence[ScoredDraft]) -> tuple[Trial, ...]:
        return tuple(trial(one, self._objective, self._currency) for one in scored)

    def _since(self, budget: Budget) -> _Account:
        # What the budget booked: a count that is absurd, or that the server left out, is none.
        now = _Account(budget.used_model_calls, budget.input_tokens, budget.output_tokens)
        before, self._booked = self._booked, now
        requests = now.requests - before.requests
        if (now.sent, now.received) == (before.sent, before.received):
            return _Account(requests)
        return _Account(
            requests, (now.sent or 0) - (before.sent or 0), (now.received or 0) - (before.received or 0)
        )


def kept(said: object) -> str:
    """Text that any database takes, of bounded length; what is no text as JSON."""
    text = said if isinstance(said, str) else str(said) if isinstance(said, Exception) else _json(said)
    safe = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text[:LONGEST])
    if len(text) <= LONGEST and len(safe) <= LONGEST:
        return safe
    return f"{safe[:LONGEST]}… (cut here: {len(text):,} characters were sent)"


def _problems(fault: Mapping[str, Any]) -> list[str]:
    """`max_discount_percent: 40 % of ...`; or the field that could not be read."""
    if "broken" in fault:
        return [f"{one['rule']}: {one['message']}" for one in fault["broken"]]
    if "field" in fault:
        return [f"{fault['field']}: expected {fault.get('expected')}, received {fault.get('received')}"]
    return [str(fault.get("message", ""))]


def _text(said: object) -> str | None:
    return kept(said) if isinstance(said, str) else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
