"""The chat model of an OpenAI-compatible server, as LangChain has it.

Slow to import: only when one is asked.
"""

from __future__ import annotations

import json
from typing import Any

import httpx2
from langchain.messages import AIMessage
from langchain_core.messages import BaseMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

__all__ = ["ChatModel", "chat_model"]

_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")


class ChatModel(ChatOpenAI):
    """LangChain's translation of messages for OpenAI-compatible servers, asked without a detour.

    On LangChain's own way callbacks are told, the client walks through every part of the request to rename
    fields, and builds objects from the answer that LangChain takes apart again: half of what a call costs.
    """

    def answer(self, messages: list[BaseMessage], tools: list[dict[str, Any]], seconds: float) -> AIMessage:
        """The answer to a conversation, of a model that may call these tools.

        seconds: that one read of the connection may take.

        Raises:
            openai.APIError, and whatever a body that is no chat completion makes of itself.
        """
        answer: httpx2.Response = self.root_client.post(
            "/chat/completions",
            body=self._get_request_payload(messages, tools=tools),
            options={"timeout": seconds},
            cast_to=httpx2.Response,
        )
        read = _counted(json.loads(answer.content))
        result = self._create_chat_result(read)
        first, choice = result.generations[0], read["choices"][0]
        message = first.message
        assert isinstance(message, AIMessage)
        if refusal := choice["message"].get("refusal"):
            message.additional_kwargs["refusal"] = str(refusal)
        told = {**(result.llm_output or {}), **(first.generation_info or {})}
        message.response_metadata = {**told, **message.response_metadata}
        return message


def _counted(answer: Any) -> Any:
    # Not every server counts as it should; whatever is amiss with the count, the answer is as good.
    if not isinstance(answer, dict) or "usage" not in answer:
        return answer
    usage = answer["usage"] if isinstance(answer["usage"], dict) else {}
    kept = {name: usage[name] for name in _COUNTS if type(usage.get(name)) is int}
    details = usage.get("prompt_tokens_details")
    if isinstance(details, dict) and type(details.get("cached_tokens")) is int:
        kept["prompt_tokens_details"] = {"cached_tokens": details["cached_tokens"]}
    return {**answer, "usage": kept if set(_COUNTS[:2]) <= set(kept) else None}


def chat_model(name: str, secret: str, address: str, client: Any, reasoning_effort: str | None) -> ChatModel:
    """A model by its name at an address, over that HTTP client."""
    return ChatModel(
        model=name,
        api_key=SecretStr(secret),
        base_url=address,
        http_client=client,
        max_retries=0,
        openai_proxy=None,  # the client above heeds the usual proxy variables; two ways would collide
        use_responses_api=False,
        reasoning_effort=reasoning_effort,
    )
