"""What comes back from a model, in any wrapping: nothing of it is lost, and what is no answer does not pass for one."""

import json
from typing import Any

import pytest
from aiohttp import web

from tests.handlers.routing.asked import DRAFTS, JUDGES, asking
from tests.scripted_models import DRAFT, USAGE, Body, chunk, completion

BOM = b"\xef\xbb\xbf"
SAID = (chunk({"content": DRAFT[:40]}), chunk({"content": DRAFT[40:]}), chunk({}, "stop"), USAGE)


def sse(*chunks: Body, done: bool = True, prefix: bytes = b"", indent: int | None = None) -> web.Response:
    def event(one: Body) -> str:
        return "".join(f"data: {line}\n" for line in json.dumps(one, indent=indent).splitlines()) + "\n"

    text = "".join(map(event, chunks)) + ("data: [DONE]\n\n" if done else "")
    return web.Response(body=prefix + text.encode(), content_type="text/event-stream")


def lines(*chunks: Body) -> bytes:
    return b"".join(f"data: {json.dumps(one)}\n\n".encode() for one in chunks)


def raw(body: bytes, kind: str = "application/json") -> web.Response:
    return web.Response(body=body, content_type=kind)


WRAPPED: dict[str, Any] = {
    "a byte order mark before JSON": lambda: raw(BOM + json.dumps(completion(DRAFT)).encode()),
    "a byte order mark before a stream": lambda: sse(*SAID, prefix=BOM),
    "spaces before JSON": lambda: raw(b"\n\n  \n" + json.dumps(completion(DRAFT)).encode()),
    "UTF-16": lambda: raw(json.dumps(completion(DRAFT)).encode("utf-16")),
    "in one piece": lambda: completion(DRAFT),
    "as a stream": lambda: sse(*SAID),
    "a stream that is called JSON": lambda: raw(lines(*SAID), "application/json"),
    "JSON that is called a stream": lambda: raw(json.dumps(completion(DRAFT)).encode(), "text/event-stream"),
    "data over several lines": lambda: sse(*SAID, indent=1),
    "no blank lines": lambda: raw(
        "".join(f"data: {json.dumps(one)}\n" for one in SAID).encode(), "text/event-stream"
    ),
    "lines that end in CR and LF": lambda: raw(
        "".join(f"data:{json.dumps(one)}\r\n\r\n" for one in SAID).encode(), "text/event-stream"
    ),
    "another choice first": lambda: completion(DRAFT, choices=[{"index": 1}, completion(DRAFT)["choices"][0]]),
}  # fmt: skip


@pytest.mark.parametrize("preview", [False, True], ids=["in one piece", "as a stream"])
@pytest.mark.parametrize("reply", WRAPPED.values(), ids=list(WRAPPED))
async def test_whatever_it_is_wrapped_in(reply: Any, preview: bool) -> None:
    """A whole reply is whole, and costs what it counted, whichever way it was asked for and comes."""
    async with asking(lambda _: reply()) as asked:
        assert (await asked.drafts(preview=preview)).cost_micro_usd == 40
        assert not preview or "".join(asked.shown) == DRAFT


def message(**fields: Any) -> Body:
    reply = completion(DRAFT)
    reply["choices"][0]["message"] |= fields
    return reply


def choice(**fields: Any) -> Body:
    reply = completion(DRAFT)
    reply["choices"][0] |= fields
    return reply


FLAGGED = {"violence": {"filtered": True, "severity": "high"}}
LATE = {"choices": [{"index": 0, "finish_reason": None, "delta": {}, "content_filter_results": FLAGGED}]}
CALL = {"id": "1", "type": "function", "function": {"name": "search", "arguments": "{}"}}
NOT_WHOLE: dict[str, tuple[Any, str]] = {
    "a call of a tool": (lambda: message(tool_calls=[CALL]), "malformed"),
    "a call of a function": (lambda: message(function_call={"name": "x"}), "malformed"),
    "a call of a tool in a stream": (lambda: sse(*SAID[:2], chunk({"tool_calls": [CALL]}), *SAID[2:]), "malformed"),
    "a filter": (lambda: choice(content_filter_results=FLAGGED), "filtered"),
    "a filter after its end": (lambda: sse(*SAID[:3], LATE, USAGE), "filtered"),
    "more after its end": (lambda: sse(*SAID, chunk({"content": "Hm."})), "malformed"),
    "its provider says it was cut": (lambda: choice(native_finish_reason="MAX_TOKENS"), "cut"),
    "vLLM says it was cut": (lambda: choice(stop_reason="length"), "cut"),
    "its provider says it was filtered": (lambda: choice(native_finish_reason="SAFETY"), "filtered"),
    "an event named error": (
        lambda: raw(lines(*SAID[:3]) + b'event: error\ndata: {"message": "lost"}\n\n', "text/event-stream"),
        "malformed",
    ),
    "an error among the events": (lambda: sse(*SAID[:2], {"type": "error"}, *SAID[2:]), "malformed"),
    "an object of errors": (lambda: sse(*SAID[:2], {"object": "error"}, *SAID[2:]), "malformed"),
    "what may be a thought": (lambda: completion(f"{DRAFT}\n<reflection>Hm.</reflection>"), "malformed"),
}


@pytest.mark.parametrize(("reply", "outcome"), NOT_WHOLE.values(), ids=list(NOT_WHOLE))
async def test_what_is_not_whole_is_told(reply: Any, outcome: str) -> None:
    """A "stop" is no end where something else says otherwise."""
    async with asking(lambda _: reply()) as asked:
        answer = await asked.ask(preview=True)
        assert (answer.outcome, answer.whole) == (outcome, False)
        assert answer.cost_micro_usd >= 40


async def test_a_part_that_is_marked_as_a_thought() -> None:
    """A part of text with a mark that it was thought is left out (Gemini)."""
    parts = [{"type": "text", "text": "Hm.", "thought": True}, {"type": "text", "text": DRAFT}]
    async with asking(lambda _: completion(parts)) as asked:
        await asked.drafts()


@pytest.mark.parametrize("text", ["\u200b\ufeff", " \n\u2060"])
async def test_nothing_visible_is_no_answer(text: str) -> None:
    """What has no width is nothing."""
    async with asking(lambda _: completion(text)) as asked:
        assert not (await asked.ask()).whole


COUNTS: dict[str, tuple[Body, int, int]] = {
    "in the total alone": ({"prompt_tokens": 200, "completion_tokens": 40, "total_tokens": 5_240}, 2_540, 2_540),
    "thoughts apart": (
        {"prompt_tokens": 200, "completion_tokens": 40, "completion_tokens_details": {"reasoning_tokens": 5_000}},
        2_540, 2_540,
    ),
    "thoughts within": (
        {"prompt_tokens": 200, "completion_tokens": 5_040, "completion_tokens_details": {"reasoning_tokens": 5_000}},
        2_540, 2_540,
    ),
    "more than it may write": ({"prompt_tokens": 200, "completion_tokens": 9_000_000}, 4_000, 4_100),
    "more than it was given": ({"prompt_tokens": 9_000_000, "completion_tokens": 40}, 40, 100),
    "less than its letters": ({"prompt_tokens": 1, "completion_tokens": 1}, 4_000, 4_100),
    "other names": ({"input_tokens": 200, "output_tokens": 40}, 40, 40),
    "with a decimal point": ({"prompt_tokens": 200.0, "completion_tokens": 40.0}, 40, 40),
    "none": ({}, 4_000, 4_100),
}  # fmt: skip


@pytest.mark.parametrize(("usage", "least", "most"), COUNTS.values(), ids=list(COUNTS))
async def test_counts_within_what_can_be(usage: Body, least: int, most: int) -> None:
    """A count is believed between what the texts must have cost and what the call could cost; else it is the most."""
    async with asking(lambda _: completion(DRAFT, usage=usage)) as asked:
        assert least <= (await asked.drafts()).cost_micro_usd <= most <= asked.models.most("gpt-6-luna", DRAFTS) + 100


async def test_a_count_before_the_end() -> None:
    """A count that came with the first piece of a stream that broke off is not that of the call."""
    first = chunk({"content": DRAFT}) | {"usage": {"prompt_tokens": 200, "completion_tokens": 40}}
    async with asking(lambda _: sse(first, done=False)) as asked:
        answer = await asked.ask(preview=True)
        assert (answer.outcome, answer.cost_micro_usd) == ("cut", asked.models.most("gpt-6-luna", DRAFTS))


OBJECT = '{"results": [{"a": "}"}]}'


@pytest.mark.parametrize(
    ("text", "read"),
    [(OBJECT, OBJECT), (f"```json\n{OBJECT}\n```", OBJECT), (f"Here is my verdict:\n\n{OBJECT}\nThat is all.", OBJECT),
     (f"{OBJECT}\n\nI hope this helps.", OBJECT), (f"{OBJECT} or {OBJECT}", f"{OBJECT} or {OBJECT}"),
     ("no JSON {at all}", "no JSON {at all}"), ("{" * 5_000, "{" * 5_000)],
)  # fmt: skip
async def test_one_object_is_cut_out(text: str, read: str) -> None:
    """A judge who takes the schema and wraps the JSON all the same is read where there is one object, and no more."""
    async with asking(lambda _: completion(text)) as asked:
        assert (await asked.ask(JUDGES)).text == read


SECRET = "what nobody may read"
MARKED: dict[str, Any] = {
    "a mark of its own": {"thought": True},
    "Gemini's mark": {"extra_content": {"google": {"thought": True}}},
    "another mark": {"is_thinking": True},
    "a channel": {"channel": "analysis"},
    "a phase": {"phase": "thinking"},
    "a role": {"role": "thinking"},
}


@pytest.mark.parametrize("preview", [False, True], ids=["in one piece", "as a stream"])
@pytest.mark.parametrize("mark", MARKED.values(), ids=list(MARKED))
async def test_thoughts_that_are_marked_beside(mark: dict[str, Any], preview: bool) -> None:
    """What is marked as a thought beside its text, as a piece of a stream or as a part of the content, is not said."""
    pieces = sse(chunk({"content": SECRET} | mark), *SAID)
    parts = completion([{"type": "text", "text": SECRET} | mark, {"type": "text", "text": DRAFT}])
    async with asking(lambda _: pieces if preview else parts) as asked:
        await asked.drafts(preview=preview)
        assert SECRET not in "".join(asked.shown)


@pytest.mark.parametrize("mark", [{"channel": "aside"}, {"phase": 7, "role": "tool"}], ids=["channel", "role"])
async def test_marks_that_nobody_knows(mark: dict[str, Any]) -> None:
    """What says of itself something that is not known is not taken for work."""
    async with asking(lambda _: sse(chunk({"content": DRAFT} | mark), chunk({}, "stop"), USAGE)) as asked:
        assert (await asked.ask(preview=True)).outcome == "malformed"


@pytest.mark.parametrize(
    ("beside", "top", "outcome"),
    [
        ({"native_finish_reason": "error"}, {}, "malformed"),
        ({"native_finish_reason": "cancelled"}, {}, "malformed"),
        ({"truncated": True}, {}, "cut"),
        ({}, {"status": "incomplete"}, "malformed"),
        ({"native_finish_reason": "STOP"}, {"status": "completed"}, "ok"),
    ],
)
async def test_a_stop_that_was_none(beside: dict[str, Any], top: dict[str, Any], outcome: str) -> None:
    """A "stop" is not believed where something beside it says that it was not the end."""
    whole = completion(DRAFT, **top)
    whole["choices"][0] |= beside
    async with asking(lambda _: whole) as asked:
        assert (await asked.ask()).outcome == outcome


async def test_a_stream_that_repeats_itself_as_a_whole() -> None:
    """The whole message behind its pieces is not said twice; another one is no answer."""
    for said, outcome in ((DRAFT, "ok"), ("Something else.", "malformed")):
        last = {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}]}
        async with asking(lambda _, last=last: sse(*SAID[:2], last, USAGE)) as asked:  # type: ignore[misc]
            answer = await asked.ask(preview=True)
        assert (answer.outcome, answer.text) == (outcome, DRAFT)
