"""The wire shape of chat completions. Source: https://platform.openai.com/docs/api-reference/chat/object"""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from sandbox.openai.answers import Answer

FINGERPRINT = "fp_5a8db0c1e5"


def completion(answer: Answer, model: str) -> dict[str, Any]:
    """A whole chat.completion object; `model` is the dated snapshot."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if answer.refusal else answer.text,
        "refusal": answer.refusal,
        "annotations": [],
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish}
    return {**_head("chat.completion", model), "choices": [choice], "usage": usage(answer)}


def chunks(answer: Answer, model: str, options: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    """The chat.completion.chunk objects of a stream; `options` is the request's `stream_options`."""
    head = _head("chat.completion.chunk", model)
    with_usage = bool(options and options.get("include_usage"))
    if with_usage:
        head["usage"] = None
    field = "refusal" if answer.refusal else "content"
    first = {"role": "assistant", "content": None if answer.refusal else "", "refusal": None}
    for delta in (first, *({field: piece} for piece in answer.pieces())):
        yield {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}]}
    yield {**head, "choices": [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": answer.finish}]}
    if with_usage:
        yield {**head, "choices": [], "usage": usage(answer)}


def usage(answer: Answer) -> dict[str, Any]:
    """What the answer used, as OpenAI counts it."""
    return {
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.completion_tokens,
        "total_tokens": answer.prompt_tokens + answer.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": answer.thinking,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _head(kind: str, model: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid4().hex[:29]}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
        "service_tier": "default",
        "system_fingerprint": FINGERPRINT,
    }
