"""Replies that are odd in one way: what is whole is delivered, what is not is never sold, nothing goes on for ever."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select

from bot.drafting.asking import ALWAYS, MOST_TRIES
from storage.tables.models import model_calls
from tests.house import BRIEF, House, Providers
from tests.judged import verdict
from tests.scripted_models import DRAFT, USAGE, Answer, Body, chunk, completion, events, refusal, studio

pytestmark = pytest.mark.wire

THOUGHT = "The client haggles; reuse the old text."
PARTS = [{"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}, {"type": "text", "text": DRAFT}]


def message(**fields: Any) -> Body:
    """A whole reply with more fields in its message."""
    reply = completion(DRAFT)
    reply["choices"][0]["message"] |= fields
    return reply


WHOLE: dict[str, Body] = {
    "content in parts": completion(PARTS),
    "a think block": completion(f"<think>{THOUGHT}</think>\n\n{DRAFT}"),
    "a think block without its beginning": completion(f"{THOUGHT}</think>\n\n{DRAFT}"),
    "harmony channels": completion(f"<|channel|>analysis<|message|>{THOUGHT}<|channel|>final<|message|>{DRAFT}"),
    "reasoning fields": message(reasoning_content=THOUGHT, reasoning=THOUGHT),
    "no usage": completion(DRAFT, usage=None),
    "usage with null": completion(DRAFT, usage={"prompt_tokens": 200, "completion_tokens": None}),
    "usage below 0": completion(DRAFT, usage={"prompt_tokens": -1, "completion_tokens": 40}),
    "usage beyond all bounds": completion(DRAFT, usage={"prompt_tokens": 200, "completion_tokens": 10**12}),
    "usage in words": completion(DRAFT, usage={"prompt_tokens": "200", "completion_tokens": "40"}),
    "a NUL": completion(f"{DRAFT}\0"),
    "no error": completion(DRAFT, error=None),
}


@pytest.mark.parametrize("reply", WHOLE.values(), ids=list(WHOLE))
async def test_a_whole_reply(stand_ins: Providers, database_url: str, reply: Body) -> None:
    """A reply that is whole is delivered without what the model thought; a count that cannot be costs the most."""
    async with studio(stand_ins, database_url, lambda _: reply) as home:
        await home.brief()
        await home.alice.sees("To pay", timeout=15)
        assert "haggles" not in (await home.alice.sees("48 hours")).text
        usage = reply["usage"]
        counted = usage == {"prompt_tokens": 200, "completion_tokens": 40, "total_tokens": 240}
        [draft] = [call for call in await _calls(home) if call.purpose == "draft"]
        assert (draft.cost_micro_usd == 40) == counted
        assert draft.cost_micro_usd >= 40


STREAMS: dict[str, tuple[Body, ...]] = {
    "a chunk without delta": ({"choices": [{"index": 0, "finish_reason": None, "content_filter_offsets": {}}]},),
    "no error": ({**chunk({"content": " "}), "error": None},),
    "a delta of null": (chunk(None),),
    "an event without choices": ({"choices": [], "prompt_filter_results": []}, {"choices": None}),
    "another choice": ({"choices": [{"index": 1, "delta": {"content": THOUGHT}, "finish_reason": "error"}]},),
}


@pytest.mark.parametrize("odd", STREAMS.values(), ids=list(STREAMS))
async def test_a_stream_with_what_says_nothing(stand_ins: Providers, database_url: str, odd: tuple[Body, ...]) -> None:
    """What carries no text in a stream is passed over."""

    def answer(body: Body) -> Any:
        return events(chunk({"content": DRAFT[:60]}), *odd, chunk({"content": DRAFT[60:]}), chunk({}, "stop"), USAGE)

    async with studio(stand_ins, database_url, answer, preview=True) as home:
        await home.brief()
        await home.alice.sees("To pay", timeout=15)


HALF = DRAFT[:40]
FINISHES = ("error", "eos", "tool_calls", "length", "", 7, None)
NOT_WHOLE: dict[str, Any] = {
    **{f"finish {reason}": completion(HALF, reason) for reason in FINISHES},
    "an error in a 200": {"error": {"message": "overloaded", "code": 502}},
    "an error beside the text": completion(HALF, error={"message": "lost the upstream"}),
    "no choices": completion(HALF, choices=[]),
    "content of another type": completion({"text": HALF}),
    "a part of another type": completion([{"type": "video"}, {"type": "text", "text": HALF}]),
    "only thoughts": completion(f"<think>{HALF}"),
    "no JSON": None,
    "flagged": None,
    "never finished": None,
}  # fmt: skip


@pytest.mark.parametrize("name", list(NOT_WHOLE))
async def test_a_reply_that_is_not_whole(stand_ins: Providers, sqlite_url: str, name: str) -> None:
    """Both models are asked, once each and each counted; then the brief stops, and nothing of it is sold."""
    others = {
        "no JSON": lambda: web.Response(text="<html>502", content_type="text/html"),
        "flagged": lambda: refusal(400, "flagged", code="invalid_prompt"),
        "never finished": lambda: events(chunk({"content": HALF}), USAGE),
    }

    def answer(body: Body) -> Any:
        return others[name]() if name in others else NOT_WHOLE[name]

    async with studio(stand_ins, sqlite_url, answer, preview=name == "never finished") as home:
        number = await home.brief()
        await home.carol.sees(f"Brief {number} · Stopped by a fault", timeout=15)
        calls = await _calls(home)
        assert len({call.model for call in calls}) == len(calls) == 2
        assert min(call.cost_micro_usd for call in calls) > 0
        assert not stand_ins.stripe.invoices


def once(first: Any) -> Answer:
    """A drafter that answers so once, and then a draft."""
    replies = iter([first])
    return lambda _: next(replies, completion(DRAFT))


@pytest.mark.parametrize("status", [408, 409, 425, 504])
async def test_what_passes(stand_ins: Providers, database_url: str, status: int) -> None:
    """A gateway that gave up, or a provider that cannot just now, is asked again."""
    async with studio(stand_ins, database_url, once(refusal(status, "later"))) as home:
        await home.brief()
        await home.alice.sees("To pay", timeout=20)


def without(*fields: str) -> Answer:
    """A drafter, or a judge who puts JSON into a fence, that refuses these fields one by one."""

    def answer(body: Body) -> Any:
        refused = next((field for field in fields if field in body), None)
        if refused is not None:
            return refusal(422, f"{refused}: Extra inputs are not permitted")
        judges = "For each criterion" in str(body["messages"])
        return completion(f"```json\n{verdict(95)}\n```" if judges else DRAFT)

    return answer


async def test_a_provider_of_few_words(stand_ins: Providers, database_url: str) -> None:
    """One that knows none of the newer fields serves the whole path, the judge's JSON cut out of its fence."""
    plain = without("max_completion_tokens", "response_format", "reasoning_effort")
    async with studio(stand_ins, database_url, plain, plain) as home:
        await home.brief()
        await home.alice.sees("To pay", timeout=15)


async def test_the_field_is_named(stand_ins: Providers, database_url: str) -> None:
    """Where nothing helps, the reason names the field that was refused."""

    def answer(body: Body) -> Any:
        return web.json_response({"detail": [{"loc": ["body", "messages"], "msg": "too odd", "type": "t"}]}, status=422)

    async with studio(stand_ins, database_url, answer) as home:
        number = await home.brief()
        card = await home.carol.sees(f"Brief {number} · Stopped by a fault", timeout=15)
        assert "messages: too odd" in card.text


async def test_thinking_that_ate_the_answer(stand_ins: Providers, database_url: str) -> None:
    """A model that thought until it had no room is asked once more with more; both calls are counted."""
    limits: list[int] = []

    def answer(body: Body) -> Any:
        limits.append(body["max_completion_tokens"])
        return completion("", "length") if len(limits) == 1 else completion(DRAFT)

    async with studio(stand_ins, database_url, answer) as home:
        await home.brief()
        await home.alice.sees("To pay", timeout=15)
        assert limits == [8_000, 32_000]
        assert [call.outcome for call in await _calls(home) if call.purpose == "draft"] == ["cut", "ok"]


async def test_no_room_to_finish(stand_ins: Providers, database_url: str) -> None:
    """A 400 that says there was no room to finish counts as a reply that was cut: paid, and asked once more."""
    words = "Could not finish the message because max_tokens or model output limit was reached."
    async with studio(stand_ins, database_url, once(refusal(400, words))) as home:
        await home.brief()
        await home.alice.sees("To pay", timeout=15)
        drafts = [call for call in await _calls(home) if call.purpose == "draft"]
        assert [call.outcome for call in drafts] == ["cut", "ok"]
        assert min(call.cost_micro_usd for call in drafts) > 0


async def test_more_than_the_model_can_write(stand_ins: Providers, database_url: str) -> None:
    """The end that a refusal names is taken and remembered."""
    limits: list[int] = []

    def answer(body: Body) -> Any:
        limits.append(body["max_completion_tokens"])
        if limits[-1] > 4_096:
            return refusal(400, f"max_tokens is too large: {limits[-1]}. This model supports at most 4096 tokens.")
        return completion(DRAFT)

    async with studio(stand_ins, database_url, answer) as home:
        for number in range(2):
            mark = home.alice.mark()
            await home.brief(f"{BRIEF} Number {number}.")
            await home.alice.sees("To pay", after=mark, timeout=15)
        assert limits == [8_000, 4_096, 4_096]


async def test_no_answer_for_ever(stand_ins: Providers, sqlite_url: str) -> None:
    """A provider that takes each call and never answers is asked a bounded number of times, each counted; then people
    decide.
    """

    def answer(body: Body) -> Any:
        return web.Response(status=408)

    async with studio(stand_ins, sqlite_url, answer) as home:
        number = await home.brief()
        await home.carol.sees(f"Brief {number} · Stopped by a fault", timeout=60)
        calls = await _calls(home)
        assert [call.outcome for call in calls] == ["failed"] * MOST_TRIES
        assert len({call.model for call in calls}) == 2
        assert min(call.cost_micro_usd for call in calls) > 0


async def test_another_model_always_serves(stand_ins: Providers, database_url: str) -> None:
    """Admins hear that the fallback writes again and again, and why."""

    def answer(body: Body) -> Any:
        return completion(HALF, "error") if body["model"] == "gpt-6-luna" else completion(DRAFT)

    async with studio(stand_ins, database_url, answer) as home:
        for number in range(ALWAYS):
            mark = home.alice.mark()
            await home.brief(f"{BRIEF} Number {number}.")
            await home.alice.sees("To pay", after=mark, timeout=15)
        told = await home.carol.sees("writes in place of gpt-6-luna")
        assert "the answer was not whole" in told.text


async def _calls(home: House) -> list[Any]:
    async with asyncio.timeout(10), home.running.app.services.database.reading() as connection:
        return list((await connection.execute(select(model_calls).order_by(model_calls.c.id))).all())
