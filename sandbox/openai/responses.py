"""The wire shape of the Responses API. Source: https://platform.openai.com/docs/api-reference/responses/object"""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from sandbox.openai.answers import Answer

_INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}


def response(answer: Answer, model: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A whole response object; `model` is the dated snapshot, `body` the request."""
    return _finished(_started(model, body), answer, f"msg_{uuid4().hex}")


def events(answer: Answer, model: str, body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The typed events of a stream, numbered from 0."""
    for number, event in enumerate(_events(answer, model, body)):
        yield {**event, "sequence_number": number}


def _events(answer: Answer, model: str, body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    started, item_id = _started(model, body), f"msg_{uuid4().hex}"
    kind, field = ("refusal", "refusal") if answer.refusal else ("output_text", "text")
    place = {"item_id": item_id, "output_index": 0, "content_index": 0}
    item = {"id": item_id, "type": "message", "status": "in_progress", "role": "assistant", "content": []}
    finished = _finished(started, answer, item_id)
    (done_item,) = finished["output"]
    (part,) = done_item["content"]
    logprobs: dict[str, Any] = {} if answer.refusal else {"logprobs": []}
    yield {"type": "response.created", "response": started}
    yield {"type": "response.in_progress", "response": started}
    yield {"type": "response.output_item.added", "output_index": 0, "item": item}
    yield {"type": "response.content_part.added", **place, "part": {**part, field: ""}}
    for piece in answer.pieces():
        yield {"type": f"response.{kind}.delta", **place, "delta": piece, **logprobs}
    yield {"type": f"response.{kind}.done", **place, field: answer.refusal or answer.text, **logprobs}
    yield {"type": "response.content_part.done", **place, "part": part}
    yield {"type": "response.output_item.done", "output_index": 0, "item": done_item}
    yield {"type": f"response.{finished['status']}", "response": finished}


def _started(model: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": f"resp_{uuid4().hex}",
        "object": "response",
        "created_at": int(time.time()),
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "metadata": body.get("metadata") or {},
        "model": model,
        "output": [],
        "parallel_tool_calls": True,
        "previous_response_id": body.get("previous_response_id"),
        "service_tier": "default",
        "store": body.get("store", True),
        "temperature": body.get("temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": body.get("top_p", 1.0),
        "truncation": "disabled",
        "usage": None,
        "user": body.get("user"),
    }


def _finished(started: Mapping[str, Any], answer: Answer, item_id: str) -> dict[str, Any]:
    status = "incomplete" if answer.finish in _INCOMPLETE else "completed"
    part: dict[str, Any] = (
        {"type": "refusal", "refusal": answer.refusal}
        if answer.refusal
        else {"type": "output_text", "text": answer.text, "annotations": [], "logprobs": []}
    )
    item = {"id": item_id, "type": "message", "status": status, "role": "assistant", "content": [part]}
    return {
        **started,
        "status": status,
        "incomplete_details": {"reason": _INCOMPLETE[answer.finish]} if status == "incomplete" else None,
        "output": [item],
        "usage": {
            "input_tokens": answer.prompt_tokens,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": answer.completion_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": answer.prompt_tokens + answer.completion_tokens,
        },
    }
