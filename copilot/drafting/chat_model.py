"""The chat model of an OpenAI-compatible server, as LangChain has it.

Slow to import: only when one is asked.
"""

from __future__ import annotations

import json
from typing import Any

import httpx2
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

__all__ = ["chat_model"]

_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")


class _ChatModel(ChatOpenAI):
    """Sends messages and tools as LangChain words them, and reads the answer as the JSON it is.

    On LangChain's own way the client walks through every part of the request to rename fields, and builds its
    own objects from the answer, which LangChain takes apart again: half of what a call costs.
    """

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **settings: Any,
    ) -> ChatResult:
        seconds = settings.pop("timeout", self.request_timeout)
        answer: httpx2.Response = self.root_client.post(
            "/chat/completions",
            body=self._get_request_payload(messages, stop=stop, **settings),
            options={"timeout": seconds},
            cast_to=httpx2.Response,
        )
        read = _counted(json.loads(answer.content))
        result = self._create_chat_result(read)
        for generation, choice in zip(result.generations, read["choices"], strict=True):
            if refusal := choice["message"].get("refusal"):
                generation.message.additional_kwargs["refusal"] = str(refusal)
        return result


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


def chat_model(name: str, secret: str, address: str, client: Any, reasoning_effort: str | None) -> ChatOpenAI:
    """A model by its name at an address, over that HTTP client."""
    return _ChatModel(
        model=name,
        api_key=SecretStr(secret),
        base_url=address,
        http_client=client,
        max_retries=0,
        cache=False,  # a cache that somebody set up for something else must not answer
        openai_proxy=None,  # the client above heeds the usual proxy variables; two ways would collide
        use_responses_api=False,
        reasoning_effort=reasoning_effort,
    )
