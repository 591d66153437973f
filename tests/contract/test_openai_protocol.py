"""OpenAI's wire protocol as the real SDK meets it: whole answers, streams, structured output, errors and faults."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from openai import (
    APIConnectionError,
    APIStatusError,
    AsyncOpenAI,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    LengthFinishReasonError,
    NotFoundError,
    RateLimitError,
)
from openai.types.chat import ChatCompletionMessageParam
from pydantic import BaseModel, ValidationError

from sandbox.faults import Fault, FaultKind
from sandbox.ogg import voice_note
from sandbox.openai.server import Call, OpenAIStandIn
from sandbox.server import Sandbox
from tests.contract.openai_calls import GOOD_BRIEF, Verdict, fenced, judge
from tests.sounds import recording

ASK: list[ChatCompletionMessageParam] = [{"role": "user", "content": fenced(brief=GOOD_BRIEF)}]
CHAT = "POST /openai/v1/chat/completions"


@pytest.fixture
def openai() -> OpenAIStandIn:
    return OpenAIStandIn()


@pytest.fixture
async def client(openai: OpenAIStandIn) -> AsyncIterator[AsyncOpenAI]:
    async with (
        Sandbox(openai) as sandbox,
        AsyncOpenAI(base_url=f"{sandbox.url}/openai/v1", api_key="sk-sandbox", max_retries=0) as client,
    ):
        yield client


async def test_models_are_listed_and_found(client: AsyncOpenAI) -> None:
    """The default models are listed, one can be retrieved, an unknown one is model_not_found."""
    listed = {model.id async for model in client.models.list()}
    assert {"gpt-4o", "gpt-4o-mini"} <= listed
    assert (await client.models.retrieve("gpt-4o")).id == "gpt-4o"
    with pytest.raises(NotFoundError) as caught:
        await client.models.retrieve("gpt-9")
    assert caught.value.code == "model_not_found"


async def test_plain_answer_has_usage_and_dated_model(client: AsyncOpenAI, openai: OpenAIStandIn) -> None:
    """A plain completion carries text, finish reason, fingerprint, token counts and the dated model name."""
    answer = await client.chat.completions.create(model="gpt-4o", messages=ASK)
    assert answer.usage is not None
    assert (answer.model, answer.choices[0].finish_reason) == ("gpt-4o-2024-08-06", "stop")
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.usage.completion_tokens == -(-len(answer.choices[0].message.content or "") // 4)
    assert answer.system_fingerprint is not None
    assert openai.calls == {("chat/completions", "gpt-4o"): 1}


async def test_stream_gives_the_same_text_and_its_usage(client: AsyncOpenAI) -> None:
    """Streamed pieces join to the plain answer; the last chunk carries usage when it is asked for."""
    plain = await client.chat.completions.create(model="gpt-4o", messages=ASK)
    stream = await client.chat.completions.create(
        model="gpt-4o", messages=ASK, stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text == plain.choices[0].message.content
    assert len(chunks) > 10
    assert chunks[-1].usage == plain.usage
    assert chunks[-2].choices[0].finish_reason == "stop"


async def test_responses_plain_streamed_and_structured(client: AsyncOpenAI) -> None:
    """The Responses API gives the same draft whole and streamed, and fills a schema."""
    brief = fenced(brief=GOOD_BRIEF)
    plain = await client.responses.create(model="gpt-4o", instructions="Task type: Other", input=brief)
    async with client.responses.stream(model="gpt-4o", instructions="Task type: Other", input=brief) as stream:
        deltas = [event.delta async for event in stream if event.type == "response.output_text.delta"]
        final = await stream.get_final_response()
    assert "## In short" in plain.output_text
    assert "".join(deltas) == plain.output_text == final.output_text
    assert final.usage == plain.usage
    parsed = await client.responses.parse(
        model="gpt-4o-mini", input=fenced(brief=GOOD_BRIEF, draft="Bread."), text_format=Verdict
    )
    assert parsed.output_parsed is not None
    assert set(parsed.output_parsed.scores) == {"clarity", "accuracy", "completeness", "tone"}


async def test_any_other_schema_is_filled(client: AsyncOpenAI) -> None:
    """A schema that is not the judge's is filled with valid values."""

    class Item(BaseModel):
        label: str
        amount: float

    class Form(BaseModel):
        title: str
        urgent: bool
        items: list[Item]
        first: Item
        remark: str | None

    answer = await client.chat.completions.parse(model="gpt-4o", messages=ASK, response_format=Form)
    parsed = answer.choices[0].message.parsed
    assert parsed is not None
    assert (parsed.urgent, parsed.items, parsed.first.amount, parsed.remark) == (False, [], 0.0, None)


async def test_token_limit_cuts_the_answer(client: AsyncOpenAI) -> None:
    """`max_tokens` ends the answer with finish reason length; the Responses API calls it incomplete."""
    answer = await client.chat.completions.create(model="gpt-4o", messages=ASK, max_tokens=20)
    assert answer.usage is not None
    assert (answer.choices[0].finish_reason, answer.usage.completion_tokens) == ("length", 20)
    response = await client.responses.create(model="gpt-4o", input=fenced(brief=GOOD_BRIEF), max_output_tokens=20)
    assert response.incomplete_details is not None
    assert (response.status, response.incomplete_details.reason) == ("incomplete", "max_output_tokens")


@pytest.mark.parametrize(
    ("request_", "code", "param"),
    [
        ({"model": "gpt-4o", "messages": []}, "empty_array", "messages"),
        ({"model": "gpt-4o", "messages": ASK, "temperature": 3}, "decimal_above_max_value", "temperature"),
        ({"model": "gpt-4o", "messages": ASK, "max_tokens": 0}, "integer_below_min_value", "max_tokens"),
        ({"model": "gpt-5", "messages": ASK, "max_tokens": 9}, "unsupported_parameter", "max_tokens"),
        ({"model": "gpt-4o", "messages": [{"role": "boss", "content": "x"}]}, "invalid_value", "messages[0].role"),
        ({"model": "gpt-4o", "messages": [{"role": "user"}]}, "invalid_type", "messages[0].content"),
        ({"model": "gpt-4o", "messages": ASK, "stream_options": {"include_usage": True}}, None, "stream_options"),
        ({"model": "gpt-4o", "messages": ASK, "extra_body": {"max_token": 5}}, None, None),
        (
            {
                "model": "gpt-4o",
                "messages": ASK,
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "x", "strict": True, "schema": {"type": "object", "properties": {}}},
                },
            },
            None,
            "response_format",
        ),
        (
            {"model": "gpt-4o", "messages": [{"role": "user", "content": "x" * 600_000}]},
            "context_length_exceeded",
            "messages",
        ),
    ],
)
async def test_invalid_requests_are_refused(
    client: AsyncOpenAI, openai: OpenAIStandIn, request_: dict[str, Any], code: str | None, param: str | None
) -> None:
    """A request that the API would refuse is refused with its code and parameter, and no model is called."""
    with pytest.raises(BadRequestError) as caught:
        await client.chat.completions.create(**request_)
    assert (caught.value.code, caught.value.param, caught.value.type) == (code, param, "invalid_request_error")
    assert not openai.calls


async def test_wrong_key_and_unknown_model(client: AsyncOpenAI) -> None:
    """A wrong key is 401 and is not repeated in full; an unknown model is 404."""
    with pytest.raises(AuthenticationError) as wrong:
        await client.with_options(api_key="sk-proj-a-long-wrong-key").models.list()
    assert (wrong.value.code, "sk-proj-a-long-wrong-key" in wrong.value.message) == ("invalid_api_key", False)
    with pytest.raises(NotFoundError) as unknown:
        await client.chat.completions.create(model="gpt-9", messages=ASK)
    assert unknown.value.code == "model_not_found"


async def test_transport_faults_reach_the_sdk(client: AsyncOpenAI, openai: OpenAIStandIn) -> None:
    """A planned 429 with Retry-After, a 500 and a lost reply arrive as the SDK's own errors, then service resumes."""
    openai.faults.add(Fault(CHAT, "status", status=429, retry_after=7))
    openai.faults.add(Fault(CHAT, "status", status=500))
    openai.faults.add(Fault(CHAT, "lose_reply"))
    with pytest.raises(RateLimitError) as limited:
        await client.chat.completions.create(model="gpt-4o", messages=ASK)
    assert limited.value.response.headers["retry-after"] == "7"
    with pytest.raises(InternalServerError):
        await client.chat.completions.create(model="gpt-4o", messages=ASK)
    with pytest.raises(APIConnectionError):
        await client.chat.completions.create(model="gpt-4o", messages=ASK)
    assert (await client.chat.completions.create(model="gpt-4o", messages=ASK)).choices
    assert openai.calls["chat/completions", "gpt-4o"] == 2


@pytest.mark.parametrize(
    ("kind", "finish"), [("length", "length"), ("content_filter", "content_filter"), ("refusal", "stop")]
)
async def test_model_faults_end_the_answer(
    client: AsyncOpenAI, openai: OpenAIStandIn, kind: FaultKind, finish: str
) -> None:
    """Length, filter and refusal look as OpenAI's do, whole and streamed."""
    openai.faults.add(Fault(CHAT, kind, times=2))
    answer = (await client.chat.completions.create(model="gpt-4o", messages=ASK)).choices[0]
    assert answer.finish_reason == finish
    assert (answer.message.refusal is not None, answer.message.content is None) == (
        kind == "refusal",
        kind == "refusal",
    )
    stream = await client.chat.completions.create(model="gpt-4o", messages=ASK, stream=True)
    choices = [choice async for chunk in stream for choice in chunk.choices]
    assert choices[-1].finish_reason == finish
    assert any(choice.delta.refusal for choice in choices) == (kind == "refusal")


async def test_refusal_in_the_responses_api(client: AsyncOpenAI, openai: OpenAIStandIn) -> None:
    """A refusal is a content part of its own in the Responses API, and `output_text` is empty."""
    openai.faults.add(Fault("/v1/responses", "refusal"))
    response = await client.responses.create(model="gpt-4o", input="Hello")
    (item,) = response.output
    assert item.type == "message"
    assert (item.content[0].type, response.output_text) == ("refusal", "")


async def test_truncated_body_is_a_connection_error(client: AsyncOpenAI, openai: OpenAIStandIn) -> None:
    """A body that breaks off midway is the SDK's connection error."""
    openai.faults.add(Fault(CHAT, "truncate"))
    with pytest.raises(APIConnectionError):
        await client.chat.completions.create(model="gpt-4o", messages=ASK)


async def test_truncated_stream_ends_silently(client: AsyncOpenAI, openai: OpenAIStandIn) -> None:
    """A stream that breaks off ends without error and without finish reason: the caller must look for it."""
    openai.faults.add(Fault(CHAT, "truncate"))
    stream = await client.chat.completions.create(model="gpt-4o", messages=ASK, stream=True)
    choices = [choice async for chunk in stream for choice in chunk.choices]
    assert choices
    assert {choice.finish_reason for choice in choices} == {None}


@pytest.mark.parametrize("variant", ["cut", "fenced", "prose", "comma", "shape"])
async def test_broken_json_does_not_parse(client: AsyncOpenAI, openai: OpenAIStandIn, variant: str) -> None:
    """Every broken variant fails in the SDK's parser with pydantic's error."""
    openai.faults.add(Fault(CHAT, "broken_json", body=variant))
    with pytest.raises(ValidationError):
        await judge(client, brief=GOOD_BRIEF, draft="Bread.")


@pytest.mark.parametrize(("variant", "count"), [("lost", 3), ("twice", 5)])
async def test_wrong_number_of_results_is_valid_json(
    client: AsyncOpenAI, openai: OpenAIStandIn, variant: str, count: int
) -> None:
    """A lost or doubled criterion parses, so that only the caller's own count can notice it."""
    openai.faults.add(Fault(CHAT, "broken_json", body=variant))
    assert len((await judge(client, brief=GOOD_BRIEF, draft="Bread.")).results) == count


async def test_length_in_structured_output(client: AsyncOpenAI, openai: OpenAIStandIn) -> None:
    """A structured answer that hits the limit raises the SDK's own length error."""
    openai.faults.add(Fault(CHAT, "length"))
    with pytest.raises(LengthFinishReasonError):
        await judge(client, brief=GOOD_BRIEF, draft="Bread.")


async def test_listeners_hear_each_call(client: AsyncOpenAI, openai: OpenAIStandIn) -> None:
    """A listener hears route, model, purpose and time of each call, before it is answered."""
    heard: list[Call] = []
    openai.on_call.append(heard.append)
    await client.chat.completions.create(model="gpt-4o", messages=ASK)
    await judge(client, brief=GOOD_BRIEF, draft="Bread.")
    assert [(call.model, call.purpose) for call in heard] == [("gpt-4o", "draft"), ("gpt-4o-mini", "judge")]
    assert heard[0].at < heard[1].at


async def test_transcription(client: AsyncOpenAI, openai: OpenAIStandIn) -> None:
    """A recording becomes the text that was set for it, with the true duration of a WAV file, in each format."""
    openai.transcripts["note.wav"] = "Move the studio on Monday."
    sound = ("note.wav", recording(3))
    plain = await client.audio.transcriptions.create(model="gpt-4o-transcribe", file=sound)
    verbose = await client.audio.transcriptions.create(model="whisper-1", file=sound, response_format="verbose_json")
    text = await client.audio.transcriptions.create(model="whisper-1", file=sound, response_format="text")
    other = await client.audio.transcriptions.create(model="whisper-1", file=("voice.oga", bytes(9_000)))
    spoken = ("voice.oga", voice_note("Two lamps, please."))
    note = await client.audio.transcriptions.create(model="whisper-1", file=spoken)
    assert plain.text == verbose.text == text.strip() == "Move the studio on Monday."
    assert verbose.duration == 3.0
    assert other.text == openai.transcript
    assert note.text == "Two lamps, please."


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("brief.pdf", b"%PDF", "Invalid file format"),
        ("note.wav", b"RIFF", "could not be decoded"),
        ("a.mp3", b"", "too short"),
    ],
)
async def test_unusable_recordings_are_refused(client: AsyncOpenAI, name: str, data: bytes, message: str) -> None:
    """A file that is no audio, is damaged or is empty is refused with 400."""
    with pytest.raises(BadRequestError, match=message):
        await client.audio.transcriptions.create(model="whisper-1", file=(name, data))


async def test_moderation(client: AsyncOpenAI) -> None:
    """A threat is flagged with its category; an ordinary brief is not."""
    checked = await client.moderations.create(model="omni-moderation-latest", input=["I will hurt you", GOOD_BRIEF])
    assert [result.flagged for result in checked.results] == [True, False]
    assert checked.results[0].categories.harassment_threatening


async def test_drafter_writes_instead_of_the_rules() -> None:
    """A drafter that is handed in writes the drafts, within the token limit, and the judge stays rules."""

    class Parrot:
        async def write(self, prompt: str, max_tokens: int) -> str:
            return f"{max_tokens}: {prompt.splitlines()[-1]}"

    async with (
        Sandbox(OpenAIStandIn(drafter=Parrot())) as sandbox,
        AsyncOpenAI(base_url=f"{sandbox.url}/openai/v1", api_key="sk-sandbox", max_retries=0) as client,
    ):
        answer = await client.chat.completions.create(model="gpt-4o", messages=ASK, max_tokens=64)
        assert answer.choices[0].message.content == "64: Audience: regular customers"
        assert len((await judge(client, brief=GOOD_BRIEF, draft="Bread.")).results) == 4


@pytest.mark.parametrize(
    ("asked", "code", "param"),
    [
        ({"model": "gpt-4.1-nano"}, "model_not_found", None),
        ({"model": "o4-mini"}, "model_not_found", None),
        ({"model": "gpt-4o", "max_tokens": 16_385}, "invalid_value", "max_tokens"),
        ({"model": "gpt-4o", "reasoning_effort": "low"}, None, None),
        ({"model": "gpt-6-luna", "reasoning_effort": "minimal"}, "unsupported_value", "reasoning_effort"),
        ({"model": "gpt-6-astra", "reasoning_effort": "none"}, "unsupported_value", "reasoning_effort"),
        ({"model": "gpt-6-luna", "temperature": 0.2}, "unsupported_value", "temperature"),
    ],
)
async def test_what_newer_models_refuse(
    client: AsyncOpenAI, asked: dict[str, Any], code: str | None, param: str | None
) -> None:
    """Models that are gone, efforts that they do not know, and answers longer than they write are refused."""
    with pytest.raises(APIStatusError) as refused:
        await client.chat.completions.create(messages=ASK, **asked)
    assert (refused.value.code, refused.value.param) == (code, param)


async def test_thinking_counts_as_output(client: AsyncOpenAI) -> None:
    """A model thinks with medium effort unless it is told otherwise, and that can take all the room there is."""
    thought = await client.chat.completions.create(model="gpt-6-luna", messages=ASK, max_completion_tokens=500)
    assert (thought.choices[0].finish_reason, thought.choices[0].message.content) == ("length", "")
    plain = await client.chat.completions.create(
        model="gpt-6-luna", messages=ASK, max_completion_tokens=500, reasoning_effort="none"
    )
    assert plain.choices[0].message.content


async def test_days_of_shutdown(client: AsyncOpenAI) -> None:
    """The list says when a model ends; those that are gone do not stand in it."""
    ends = {model.id: model.shutdown_date async for model in client.models.list()}
    assert (ends["gpt-4o"], ends["gpt-6-luna"], ends["whisper-1"]) == ("2027-01-14", None, "2027-02-26")
    assert not {"o4-mini", "gpt-4", "o1"} & ends.keys()
