"""Probes: of the models, one cheap question each, as the program would ask it, and when they end; of finished files."""

import asyncio
import io
import math
import wave
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Protocol
from urllib.parse import urlsplit

from bot.drafting.ports import Deliverables, NotMade
from bot.kernel.errors import EchoPilotError, ProviderError, Unreadable
from bot.kernel.probe import Finding, advice
from bot.kernel.text.file_format import FileFormat
from bot.models.ports import Models, Prompt, Recording
from bot.models.settings import ModelSettings
from bot.quality import judge

AHEAD_DAYS = 60
DRAFT = Prompt("draft", "doctor", "Answer with the single word: ready", "Are you there?")
LOOK = judge.prompt("Write one sentence on bread.", "", "Bread is baked from flour, water and salt.", 1)
TONE_HERTZ, RATE = 440, 8_000


class Probed(Models, Protocol):
    """Models that also tell what they learnt of those that they asked."""

    def learnt(self, model: str) -> list[str]:
        """What the model does otherwise than OpenAI's, in words."""
        ...

    def is_priced(self, model: str) -> bool:
        """Whether a price is known for the model."""
        ...


async def files(deliverables: Deliverables) -> Finding:
    """Whether finished texts can be had as Word files and PDFs; without them they come as Markdown."""
    try:
        for wanted in (FileFormat.WORD, FileFormat.PDF):
            await deliverables.make(wanted, "# آزمائش\n\nTrial", title="Probe", language="ur", whose="")
    except NotMade as error:
        return Finding(
            "problem",
            f"no Word files or PDFs of finished work can be made ({error}), so it comes as Markdown; are the packages "
            "of requirements.txt installed, and is there room for another process?",
        )
    return Finding("fine", "finished work can be had as Word files and PDFs")


async def probe(settings: ModelSettings, models: Probed, today: date) -> Finding:
    """Whether the models that the settings name answer as they will be asked, and go on being served."""
    async with advice("OPENAI_API_KEY", settings.openai_base_url):
        return await _asked(settings, models, today)


async def _asked(settings: ModelSettings, models: Probed, today: date) -> Finding:
    listed = await _listed(models)
    drafters = list(dict.fromkeys([settings.draft_model, *(settings.model_of(t) for t in settings.drafted_types())]))
    roles = [(model, "drafts", DRAFT) for model in drafters]
    roles += [(settings.judge_model, "judges", LOOK), (settings.fallback_model, "stands in", DRAFT)]
    asked = [_ask(models, settings, *role, listed) for role in roles]
    told = await asyncio.gather(*asked, _hear(models, settings), return_exceptions=False)
    words, faults = [line for line, _ in told], [line for line, fine in told if not fine]
    faults += _shut(listed, settings, today)
    if settings.fallback_model in drafters:
        words.append(f"FALLBACK_MODEL is {settings.fallback_model} too, so it saves nothing when that one fails")
    if not listed:
        words.append("the provider lists no models, so nobody is told when one of them ends")
    if faults:
        check = "Check DRAFT_MODEL, JUDGE_MODEL, FALLBACK_MODEL and TRANSCRIBE_MODEL."
        return Finding("problem", f"{'; '.join(faults)}. {check}")
    return Finding("fine", f"at {urlsplit(settings.openai_base_url).hostname}: {'; '.join(words)}")


async def _listed(models: Models) -> Mapping[str, date | None]:
    """What the provider lists; nothing where it has no list, which some have not."""
    try:
        return await models.shutdowns()
    except ProviderError as error:
        if isinstance(error, Unreadable) or (error.permanent and "401" not in str(error)):
            return {}
        raise


async def _ask(
    models: Probed, settings: ModelSettings, model: str, role: str, prompt: Prompt, listed: Mapping[str, date | None]
) -> tuple[str, bool]:
    """What came of asking, and whether it is fine."""
    if prompt.purpose == "draft":
        prompt = replace(prompt, max_output_tokens=settings.draft_max_tokens)
    streams = settings.preview and prompt.purpose == "draft"
    try:
        answer = await models.ask(model, prompt, _unseen if streams else None)
        if answer.starved:
            answer = await models.ask(model, prompt.with_more_room(), _unseen if streams else None)
    except EchoPilotError as error:
        missing = f", and this key has no model {model}" if listed and model not in listed else ""
        return f"{model} ({role}): {error}{missing}", False
    if not answer.whole:
        return f"{model} ({role}): its answer to a plain question was {answer.outcome}", False
    if prompt.schema is not None and not judge.read(answer.text, ""):
        return f"{model} ({role}): its judgement has not the form that was asked for; it would not be scored", False
    learnt = list(models.learnt(model))
    if not models.is_priced(model):
        learnt.append("has no known price and counts as the dearest, unless MODEL_PRICES says more")
    return f"{model} {role}{' (' + ', '.join(learnt) + ')' if learnt else ''}", True


async def _hear(models: Models, settings: ModelSettings) -> tuple[str, bool]:
    """Whether the transcriber takes a second of sound."""
    model = settings.transcribe_model
    try:
        await models.transcribe(Recording(_tone(), "doctor.wav", 1))
    except EchoPilotError as error:
        return f"{model} (transcribes): {error}", False
    return f"{model} transcribes", True


def _shut(listed: Mapping[str, date | None], settings: ModelSettings, today: date) -> list[str]:
    """The models whose end is near, or past."""
    found = []
    for model, names in settings.models_named().items():
        named_by = " and ".join(names)
        if (end := listed.get(model)) is not None and (days := (end - today).days) <= AHEAD_DAYS:
            found.append(f"{model} ({named_by}) is shut down on {end:%d %B %Y}, in {days} days")
    return found


def _unseen(piece: str) -> None:
    """Nobody looks on."""


def _tone() -> bytes:
    """A second of a tone."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(bytes(round(128 + 60 * math.sin(2 * math.pi * TONE_HERTZ * n / RATE)) for n in range(RATE)))
    return sound.getvalue()
