"""THE LOOP: a writer is asked, its tools run, and it is asked again, until its strategies are in.

Every limit is a line here or in what it calls. Why this is not LangChain's own agent: docs/agent.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from copilot.drafting.budget import Budget
from copilot.drafting.llm import Line
from copilot.drafting.prompting import Prompt, reminder
from copilot.drafting.session import Session
from copilot.drafting.tools import run_tool

if TYPE_CHECKING:
    from langchain.messages import AIMessage, ToolMessage
    from langchain_core.messages import BaseMessage

__all__ = ["converse"]


def converse(line: Line, session: Session, budget: Budget, prompt: Prompt) -> None:
    """Let one writer work until its strategies are in, it stops by itself, or a limit is reached.

    Raises:
        BudgetSpent: what it handed in, and what it had scored, is in the session.
        ModelError: so is it where the writer fails.
    """
    from langsmith import tracing_context

    # Nothing of a brief goes to a tracing service that was set up for something else.
    with tracing_context(enabled=False):
        _converse(line, session, budget, prompt)
    session.listener.check()


def _converse(line: Line, session: Session, budget: Budget, prompt: Prompt) -> None:
    from langchain.messages import HumanMessage, SystemMessage

    messages: list[BaseMessage] = [SystemMessage(prompt.system)] if prompt.system else []
    messages.append(HumanMessage(prompt.user))
    reminders = [reminder(session.case)] if prompt.reminds else []
    while not session.finished:
        session.listener.check()
        session.record.said(messages)
        answer = line.ask(messages, budget)
        messages.append(answer)
        session.author = line.answered_by
        if answer.tool_calls:
            messages.extend(_run(answer, session, budget))
        elif reminders:
            messages.append(HumanMessage(reminders.pop()))
        else:
            return


def _run(answer: AIMessage, session: Session, budget: Budget) -> Iterator[ToolMessage]:
    from langchain.messages import ToolMessage

    for call in answer.tool_calls:
        budget.take_tool_call()
        told = run_tool(session, call["name"], call["args"])
        session.record.tool_answered(call, told)
        yield ToolMessage(told, name=call["name"], tool_call_id=call["id"])
