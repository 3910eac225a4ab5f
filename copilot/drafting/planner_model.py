"""The planner behind the interface of a chat model, so that it runs in the loop a language model runs in.

Imports LangChain, so it is imported only when the planner is asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import ConfigDict

from copilot.drafting.planner import PLANNER, Planner

__all__ = ["PlannerModel"]


class PlannerModel(BaseChatModel):
    """Speaks tool calls like a language model; says so wherever it is named."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    planner: Planner

    @property
    def _llm_type(self) -> str:
        return PLANNER

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        calls = self.planner.next_calls(_answers(messages))
        round_ = sum(isinstance(message, AIMessage) for message in messages)
        tool_calls = [
            {"name": name, "args": args, "id": f"plan-{round_}-{n}", "type": "tool_call"}
            for n, (name, args) in enumerate(calls)
        ]
        message = AIMessage(content="" if calls else "Done.", tool_calls=tool_calls)
        return ChatResult(generations=[ChatGeneration(message=message)])


def _answers(messages: Sequence[BaseMessage]) -> list[tuple[str, dict[str, Any]]]:
    """What the tools said after the last message of the planner, in the order it asked."""
    last = max(
        (n for n, message in enumerate(messages) if isinstance(message, AIMessage)), default=len(messages)
    )
    told = {m.tool_call_id: m for m in messages[last:] if isinstance(m, ToolMessage)}
    asked = messages[last].tool_calls if last < len(messages) else []  # type: ignore[attr-defined]
    return [
        (str(told[key].name), json.loads(str(told[key].content)))
        for call in asked
        if (key := call["id"]) in told
    ]
