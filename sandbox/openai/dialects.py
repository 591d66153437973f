"""Other providers' ways of speaking OpenAI's protocol, put between the wire and the stand-in.

They refuse what OpenAI takes, and answer what it does not.

A dialect sees a request as it comes, and gives it on as OpenAI would have been asked; it sees each answer before it is
sent. Sources stand with each.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from sandbox.openai.errors import APIError

Body = dict[str, Any]
THOUGHT = "The client haggles, so I had better reuse the old text."


_MISTRAL_FIELDS = frozenset(
    ["model", "messages", "max_tokens", "temperature", "top_p", "stream", "stop", "response_format", "random_seed"]
)
_FINE = {name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")}
_PROMPT_FINE = [{"prompt_index": 0, "content_filter_results": _FINE}]


class OpenAIDialect:
    """OpenAI itself. `models`: the names that are served, by the model of the stand-in that answers for each; empty:
    they are the same.
    """

    models: ClassVar[Mapping[str, str]] = {}
    audio = True

    def asked(self, body: Body) -> Body:
        """The request as OpenAI would be asked; raises APIError."""
        return body

    def completion(self, body: Body) -> Body:
        """A whole answer."""
        return body

    def events(self, events: Iterable[Body]) -> Iterator[Body | str]:
        """The events of a stream; a string is a comment."""
        yield from events


class AzureDialect(OpenAIDialect):
    """Azure, with its asynchronous filter.

    The first event has no choices, and what the filter found of a text comes after it, in events without a delta.
    Source: https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/content-streaming
    """

    models: ClassVar[Mapping[str, str]] = {"studio-luna": "gpt-6-luna", "studio-old": "gpt-5.6-luna"}

    def completion(self, body: Body) -> Body:
        first = {**body["choices"][0], "content_filter_results": _FINE}
        return body | {
            "choices": [first],
            "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": _FINE}],
        }

    def events(self, events: Iterable[Body]) -> Iterator[Body | str]:
        head: Body = {"id": "", "object": "", "created": 0, "model": ""}
        yield head | {"choices": [], "prompt_filter_results": _PROMPT_FINE}
        for number, event in enumerate(events):
            yield event
            if event["choices"] and number % 3 == 1:
                offsets = {"check_offset": number, "start_offset": 0, "end_offset": number}
                found = {"content_filter_offsets": offsets, "content_filter_results": _FINE}
                yield head | {"choices": [{"index": 0, "finish_reason": None, **found}]}


class OpenRouterDialect(OpenAIDialect):
    """OpenRouter: comments while it waits, reasoning in fields of its own, and a null where OpenAI sends nothing.

    Which provider serves is its choice, and some do not stream what they counted, or take no schema.
    Source: https://openrouter.ai/docs/api-reference/streaming and .../errors
    """

    models: ClassVar[Mapping[str, str]] = {"openai/gpt-6-luna": "gpt-6-luna", "qwen/qwen3-max": "gpt-5.6-luna"}
    audio = False

    def completion(self, body: Body) -> Body:
        first = dict(body["choices"][0])
        first["message"] = {**first["message"], "reasoning": THOUGHT, "reasoning_details": [{"text": THOUGHT}]}
        return body | {"choices": [{**first, "native_finish_reason": "STOP"}], "error": None, "provider": "Somebody"}

    def events(self, events: Iterable[Body]) -> Iterator[Body | str]:
        yield ": OPENROUTER PROCESSING"
        for number, event in enumerate(events):
            if number == 1:
                yield ": OPENROUTER PROCESSING"
                delta = {"role": "assistant", "content": "", "reasoning": THOUGHT}
                yield event | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
            yield event | {"error": None}


class VllmDialect(OpenAIDialect):
    """vLLM or Ollama without a reasoning parser: thoughts stand in the text, every one between tags.

    A window is small, and says what room is left. Structured output is served.
    Source: https://docs.vllm.ai/en/latest/features/reasoning_outputs.html
    """

    models: ClassVar[Mapping[str, str]] = {"qwen3:8b": "gpt-4o", "llama3.1:8b": "gpt-4o-mini"}
    window = 16_384

    def asked(self, body: Body) -> Body:
        given = {key: value for key, value in body.items() if key != "reasoning_effort"}  # taken, and to no effect
        limit, name = body.get("max_completion_tokens") or body.get("max_tokens"), "max_completion_tokens"
        read = len(json.dumps(body.get("messages"))) // 4
        if isinstance(limit, int) and read + limit > self.window:
            message = (
                f"'max_tokens' or 'max_completion_tokens' is too large: {limit}. This model's maximum context length is"
                f" {self.window} tokens and your request has {read} input tokens ({limit} > {self.window} - {read})."
            )
            raise APIError(400, message, None, "400", "BadRequestError")
        return given | ({name: limit} if limit else {})

    def completion(self, body: Body) -> Body:
        first = dict(body["choices"][0])
        message = first["message"]
        said = message["content"] or ""
        first["message"] = {**message, "content": f"<think>\n{THOUGHT}\n</think>\n\n{said}", "reasoning_content": None}
        return body | {"choices": [first]}

    def events(self, events: Iterable[Body]) -> Iterator[Body | str]:
        for number, event in enumerate(events):
            if number == 1:
                for piece in ("<th", "ink>\n", THOUGHT[:20], THOUGHT[20:], "\n</thi", "nk>", "\n\n"):
                    yield event | {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
            yield event


class MistralDialect(OpenAIDialect):
    """Mistral or DeepSeek: `max_tokens` alone, nothing that is not known, JSON without a schema, content in parts.

    Sources: https://docs.mistral.ai/api/ and https://api-docs.deepseek.com/guides/json_mode; the refusals as in
    vectorize-io/hindsight#852
    """

    models: ClassVar[Mapping[str, str]] = {"magistral-medium-latest": "gpt-4o", "mistral-large-latest": "gpt-4.1"}
    fields = frozenset(
        [
            "model",
            "messages",
            "max_tokens",
            "temperature",
            "top_p",
            "stream",
            "stop",
            "response_format",
            "n",
            "random_seed",
            "tools",
        ]
    )

    def asked(self, body: Body) -> Body:
        unknown = [name for name in body if name not in _MISTRAL_FIELDS]
        if unknown:
            detail = [
                {"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted", "input": 0}
                for name in unknown
            ]
            raise Unprocessable(detail)
        form = body.get("response_format") or {}
        if form.get("type") == "json_schema":
            raise APIError(400, "This response_format type is unavailable now", None, "invalid_request_error")
        given = dict(body)
        if body.get("stream"):
            given["stream_options"] = {"include_usage": True}  # it always says what it counted
        # the rules that stand in for the model obey a schema that it is told in words
        told = re.search(r"fits this JSON schema, and nothing else:\n(\{.*\})", str(body["messages"][0].get("content")))
        if form.get("type") == "json_object" and told:
            schema = {"name": "told", "schema": json.loads(told[1])}
            given["response_format"] = {"type": "json_schema", "json_schema": schema}
        return given

    def completion(self, body: Body) -> Body:
        first = dict(body["choices"][0])
        first["message"] = {**first["message"], "content": self._parts(first["message"]["content"] or "")}
        return body | {"choices": [first]}

    def events(self, events: Iterable[Body]) -> Iterator[Body | str]:
        """A thought in parts, then text as a string; what was counted comes with the last choice."""
        for number, event in enumerate(events):
            if number == 1:
                delta = {"content": self._parts("")[:1]}
                yield event | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
            yield event

    def _parts(self, text: str) -> list[Body]:
        thought = {"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}
        return [thought, {"type": "text", "text": text}]


class Unprocessable(APIError):
    """A refusal as FastAPI words it."""

    def __init__(self, detail: list[Body]) -> None:
        super().__init__(422, "", type="invalid_request_error")
        self.detail = detail

    def body(self) -> Body:
        return {"detail": self.detail}


DIALECTS: dict[str, OpenAIDialect] = {
    "openai": OpenAIDialect(),
    "azure": AzureDialect(),
    "openrouter": OpenRouterDialect(),
    "vllm": VllmDialect(),
    "mistral": MistralDialect(),
}
