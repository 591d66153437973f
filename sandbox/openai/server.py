"""OpenAI's API on this machine: chat completions, responses, transcription, moderation and models.

Nothing here is intelligent: answers come from plain rules (`sandbox.openai.rules`) or, for drafts, from a small model
that the caller hands in. Source of the wire format: https://platform.openai.com/docs/api-reference
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from sandbox.faults import Faults
from sandbox.openai import audio, chat, moderation, requests, responses, rules
from sandbox.openai.account import Account
from sandbox.openai.answers import MODEL_FAULTS, Answer, Breakage, shape
from sandbox.openai.dialects import DIALECTS
from sandbox.openai.errors import APIError, unknown_model, wrong_key
from sandbox.openai.models import CHAT_MODELS, MODELS, TODAY, Model, find, is_served
from sandbox.openai.prompt import Prompt
from sandbox.openai.wire import send_events, send_json

_CREATED = 1_715_367_049  # any fixed time; the API dates its models
_DRAFT_TOKENS = 512


@dataclass(frozen=True)
class Call:
    """One model call as it arrives.

    purpose: judge, intake, choice, structured, draft, chat, transcription or moderation.
    """

    route: str
    model: str
    purpose: str
    at: float  # time.perf_counter()
    prompt: Prompt | None = None


class OpenAIStandIn:
    """The stand-in below `/openai`; give `<sandbox>/openai/v1` to the SDK as its base URL.

    `latency` (seconds) delays every model call, and `pause` each piece of a streamed answer. `transcripts` maps an
    uploaded file's name to what was said in it, a voice note of the sandbox says it itself, `transcript` is said in
    every other file. `dictated` may answer in
    place of the rules (None: it leaves the call to them). `calls` counts by (route, model), `used` the tokens of
    answers by (model, "input" or "output"); `on_call` hears of each call at once. `account` is whose key it is,
    `dialect` how the provider speaks, `today` says which models are shut down.
    """

    name = "openai"

    def __init__(
        self, *, api_key: str = "sk-sandbox", drafter: rules.Drafter | None = None, dialect: str = "openai"
    ) -> None:
        self.faults = Faults()
        self.account = Account()
        self.dialect = DIALECTS[dialect]
        self.today = TODAY
        self.latency = 0.0
        self.pause = 0.0
        self.calls: Counter[tuple[str, str]] = Counter()
        self.used: Counter[tuple[str, str]] = Counter()
        self.on_call: list[Callable[[Call], None]] = []
        self.dictated: Callable[[Prompt], str | None] | None = None
        self.transcripts: dict[str, str] = {}
        self.transcript = (
            "Please write a short notice for our customers. The studio moves to Harbour Street on the first of June."
            " Opening hours stay the same. Parking is free behind the house."
        )
        self._api_key, self._drafter = api_key, drafter
        self._breakage = Breakage()

    def application(self) -> web.Application:
        application = web.Application(
            middlewares=[self.faults.middleware, self._guard], client_max_size=audio.LARGEST_FILE * 2
        )
        application.router.add_get("/v1/models", self._list_models)
        application.router.add_get("/v1/models/{model}", self._retrieve_model)
        application.router.add_post("/v1/chat/completions", self._complete)
        application.router.add_post("/v1/responses", self._respond)
        application.router.add_post("/v1/audio/transcriptions", self._transcribe)
        application.router.add_post("/v1/moderations", self._moderate)
        return application

    async def close(self) -> None:
        """Nothing runs by itself here."""

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Checks the key and words every refusal as the API does."""
        try:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
            if given != self._api_key:
                raise wrong_key(given)
            return await handler(request)
        except APIError as error:
            return error.response()
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            path = request.path.partition(f"/{self.name}")[2] or request.path
            return APIError(404, f"Invalid URL ({request.method} {path})").response()

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await requests.read_json(request)
        name = str(body.get("model", ""))
        if self.dialect.models:
            body = self.dialect.asked(body)
            body = body | {"model": self.dialect.models.get(name, name)}
        prompt = requests.chat_prompt(body, self.today)
        self.account.check(prompt, streams=bool(body.get("stream")))
        answer, model = await self._answer(request, "chat/completions", prompt, name)
        if body.get("stream"):
            events = self.dialect.events(chat.chunks(answer, model, body.get("stream_options")))
            return await send_events(request, events, named=False, broken=answer.cut, pause=self.pause)
        return await send_json(request, self.dialect.completion(chat.completion(answer, model)), broken=answer.cut)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        body = await requests.read_json(request)
        prompt = requests.responses_prompt(body, self.today)
        answer, model = await self._answer(request, "responses", prompt, prompt.model)
        if body.get("stream"):
            events = responses.events(answer, model, body)
            return await send_events(request, events, named=True, broken=answer.cut, pause=self.pause)
        return await send_json(request, responses.response(answer, model, body), broken=answer.cut)

    async def _transcribe(self, request: web.Request) -> web.StreamResponse:
        if not self.dialect.audio:
            raise web.HTTPNotFound
        recording = await audio.read(request)
        await self._called("audio/transcriptions", recording.model, "transcription")
        return audio.transcription(recording, self.transcripts.get(recording.name) or recording.said or self.transcript)

    async def _moderate(self, request: web.Request) -> web.StreamResponse:
        body = await requests.read_json(request)
        result = moderation.moderation(body)
        await self._called("moderations", str(body.get("model", "omni-moderation-latest")), "moderation")
        return web.json_response(result)

    async def _list_models(self, _request: web.Request) -> web.StreamResponse:
        if self.dialect.models:
            return web.json_response(
                {"object": "list", "data": [_model_card(name, None) for name in self.dialect.models]}
            )
        served = {name: model for name, model in MODELS.items() if is_served(model, self.today)}
        return web.json_response({"object": "list", "data": [_model_card(*one) for one in served.items()]})

    async def _retrieve_model(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["model"]
        model = find(name, MODELS)
        if model is None or not is_served(model, self.today):
            raise unknown_model(name)
        return web.json_response(_model_card(name, model))

    async def _answer(self, request: web.Request, route: str, prompt: Prompt, name: str) -> tuple[Answer, str]:
        """The model's answer and the snapshot that gave it; `name` is what the caller called it."""
        await self._called(route, name, prompt.purpose, prompt)
        fault = self.faults.take(request, *MODEL_FAULTS)
        text = self.dictated(prompt) if self.dictated is not None else None
        if text is None:
            text = await rules.answer(prompt, self._drafter, prompt.limit or _DRAFT_TOKENS)
        model = find(prompt.model, CHAT_MODELS)
        assert model is not None
        answer = shape(prompt, text, fault, self._breakage)
        self.used[name, "input"] += answer.prompt_tokens
        self.used[name, "output"] += answer.completion_tokens
        return answer, model.snapshot

    async def _called(self, route: str, model: str, purpose: str, prompt: Prompt | None = None) -> None:
        self.calls[route, model] += 1
        call = Call(route, model, purpose, time.perf_counter(), prompt)
        for hear in self.on_call:
            hear(call)
        if self.latency:
            await asyncio.sleep(self.latency)


def _model_card(name: str, model: Model | None) -> dict[str, object]:
    """A row of the list; another provider's has no day of shutdown."""
    card: dict[str, object] = {"id": name, "object": "model", "created": _CREATED, "owned_by": "system"}
    if model is None:
        return card
    return card | {"shutdown_date": model.shutdown.isoformat() if model.shutdown else None}
