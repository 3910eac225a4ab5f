"""The leash, as LangChain middleware: every model call and every tool call of an agent passes through here.

Imports LangChain, so it is imported only when an agent is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.types import Command

from copilot.drafting.answers import as_json
from copilot.drafting.budget import Budget
from copilot.drafting.llm import Line
from copilot.drafting.session import Session
from copilot.errors import CopilotError

__all__ = ["Limits"]

_FINISHED = "The strategies are handed in."


class Limits(AgentMiddleware[Any, Any, Any]):
    """Holds one writer to its budget and ends the run as soon as its strategies are in."""

    def __init__(self, session: Session, budget: Budget, line: Line) -> None:
        super().__init__()
        self._session = session
        self._budget = budget
        self._line = line

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Ask through the line, which retries, watches the clock and refuses unusable answers."""
        self._session.listener.check()
        if self._session.finished:
            # An agent ends with a message without tool calls; asking the model for it would cost a call.
            return ModelResponse(result=[AIMessage(_FINISHED)])

        def call(timeout: float) -> AIMessage:
            timed = request.override(
                model_settings={**request.model_settings, **self._line.per_call(timeout)}
            )
            return next(message for message in handler(timed).result if isinstance(message, AIMessage))

        def sent() -> int:
            return sum(len(str(message.content)) for message in request.messages)

        return ModelResponse(result=[self._line.ask(call, self._budget, sent)])

    def wrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]],
    ) -> ToolMessage | Command[Any]:
        """Count the call; an exception on the way goes back to the model as the tool's answer."""
        self._budget.take_tool_call()
        try:
            return handler(request)
        except CopilotError:
            raise
        except Exception as error:
            call = request.tool_call
            told = as_json(
                {"error": {"message": f"{call['name']} could not be called: {type(error).__name__}"}}
            )
            return ToolMessage(told, name=call["name"], tool_call_id=call["id"], status="error")
