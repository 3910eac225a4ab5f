"""The chat model of an OpenAI-compatible server, as LangChain has it.

Slow to import: only when one is asked.
"""

from __future__ import annotations

from typing import Any

from langchain_openai import ChatOpenAI
from pydantic import SecretStr

__all__ = ["chat_model"]


class _ChatModel(ChatOpenAI):
    """Sends messages and tools as they are.

    The client would walk through every part of them to rename fields that are in need of it; none of ours
    is, and that walk is half of what a call costs.
    """

    def _get_request_payload(self, *given: Any, **settings: Any) -> dict[str, Any]:
        payload: dict[str, Any] = super()._get_request_payload(*given, **settings)
        as_they_are = {name: payload.pop(name) for name in ("messages", "tools") if name in payload}
        return {**payload, "messages": [], "extra_body": {**(payload.get("extra_body") or {}), **as_they_are}}


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
        stream_usage=True,
        reasoning_effort=reasoning_effort,
    )
