"""Models behind a guard."""

from collections.abc import Mapping
from datetime import date

from bot.models.guard import Guard
from bot.models.ports import Answer, Models, Preview, Prompt, Recording, Transcript
from bot.ops.metrics import Metrics

PROVIDER = "models"


class GuardedModels:
    """See `bot.models.ports.Models`."""

    def __init__(self, models: Models, guard: Guard, metrics: Metrics) -> None:
        self._models = models
        self._guard = guard
        self._metrics = metrics

    async def ask(self, model: str, prompt: Prompt, preview: Preview | None = None) -> Answer:
        return await self._guard.call(lambda: self._ask(model, prompt, preview))

    async def _ask(self, model: str, prompt: Prompt, preview: Preview | None) -> Answer:
        with self._metrics.call(PROVIDER, prompt.purpose):
            answer = await self._models.ask(model, prompt, preview)
        tokens = (answer.input_tokens, answer.output_tokens)
        self._metrics.answer(answer.model, prompt.purpose, tokens, answer.cost_micro_usd)
        return answer

    async def transcribe(self, recording: Recording) -> Transcript:
        return await self._guard.call(lambda: self._transcribe(recording))

    async def _transcribe(self, recording: Recording) -> Transcript:
        with self._metrics.call(PROVIDER, "transcribe"):
            heard = await self._models.transcribe(recording)
        self._metrics.answer(heard.model, "transcribe", (0, 0), heard.cost_micro_usd)
        return heard

    def longest_recording(self) -> int | None:
        return self._models.longest_recording()

    def most(self, model: str, prompt: Prompt) -> int:
        return self._models.most(model, prompt)

    def most_to_transcribe(self, seconds: int) -> int:
        return self._models.most_to_transcribe(seconds)

    async def shutdowns(self) -> Mapping[str, date | None]:
        return await self._guard.call(self._models.shutdowns)
