"""Models behind a guard."""

from collections.abc import Mapping
from datetime import date

from bot.models.guard import Guard
from bot.models.ports import Answer, Models, Preview, Prompt, Recording, Transcript


class GuardedModels:
    """See `bot.models.ports.Models`."""

    def __init__(self, models: Models, guard: Guard) -> None:
        self._models = models
        self._guard = guard

    async def ask(self, model: str, prompt: Prompt, preview: Preview | None = None) -> Answer:
        return await self._guard.call(lambda: self._models.ask(model, prompt, preview))

    async def transcribe(self, recording: Recording) -> Transcript:
        return await self._guard.call(lambda: self._models.transcribe(recording))

    def longest_recording(self) -> int | None:
        return self._models.longest_recording()

    def most(self, model: str, prompt: Prompt) -> int:
        return self._models.most(model, prompt)

    def most_to_transcribe(self, seconds: int) -> int:
        return self._models.most_to_transcribe(seconds)

    async def shutdowns(self) -> Mapping[str, date | None]:
        return await self._guard.call(self._models.shutdowns)
