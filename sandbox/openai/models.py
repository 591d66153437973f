"""The models the stand-in offers. Source: https://platform.openai.com/docs/models"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Model:
    """`snapshot` is the dated name in answers; `context` is in tokens; a reasoning model refuses some settings."""

    snapshot: str
    context: int = 128_000
    reasoning: bool = False
    audio: bool = False
    moderation: bool = False
    # seconds of sound; None where no end is known
    hears: int | None = None


MODELS: dict[str, Model] = {
    "gpt-4o": Model("gpt-4o-2024-08-06"),
    "gpt-4o-mini": Model("gpt-4o-mini-2024-07-18"),
    "gpt-4.1": Model("gpt-4.1-2025-04-14", context=1_047_576),
    "gpt-4.1-mini": Model("gpt-4.1-mini-2025-04-14", context=1_047_576),
    "gpt-4.1-nano": Model("gpt-4.1-nano-2025-04-14", context=1_047_576),
    "gpt-5": Model("gpt-5-2025-08-07", context=400_000, reasoning=True),
    "gpt-5-mini": Model("gpt-5-mini-2025-08-07", context=400_000, reasoning=True),
    "o4-mini": Model("o4-mini-2025-04-16", context=200_000, reasoning=True),
    "whisper-1": Model("whisper-1", audio=True),
    "gpt-transcribe": Model("gpt-transcribe", audio=True),
    "gpt-4o-transcribe": Model("gpt-4o-transcribe", audio=True, hears=1_400),
    "gpt-4o-mini-transcribe": Model("gpt-4o-mini-transcribe", audio=True, hears=1_400),
    "omni-moderation-latest": Model("omni-moderation-2024-09-26", moderation=True),
}
CHAT_MODELS = {name: model for name, model in MODELS.items() if not (model.audio or model.moderation)}
AUDIO_MODELS = {name: model for name, model in MODELS.items() if model.audio}
MODERATION_MODELS = {name: model for name, model in MODELS.items() if model.moderation}


def find(name: str, among: dict[str, Model]) -> Model | None:
    """The model of this name or of this dated snapshot."""
    if name in among:
        return among[name]
    return next((model for model in among.values() if model.snapshot == name), None)
