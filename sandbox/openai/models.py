"""The models the stand-in offers, and until when.

Sources: https://platform.openai.com/docs/models and https://developers.openai.com/api/docs/deprecations, read on
27 November 2026; the efforts from the models' own refusals.
"""

from dataclasses import dataclass
from datetime import date

TODAY = date(2026, 11, 27)  # the day of the list; a stand-in may be told another
_GPT_5 = ("minimal", "low", "medium", "high")
_LUNA = ("none", "low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True)
class Model:
    """`snapshot` is the dated name in answers; `context` and `longest` (of an answer) are in tokens.

    efforts: how hard it may be told to think; none for a model that does not. shutdown: the day after which it is gone.
    """

    snapshot: str
    context: int = 128_000
    longest: int = 16_384
    efforts: tuple[str, ...] = ()
    shutdown: date | None = None
    audio: bool = False
    moderation: bool = False
    # seconds of sound; None where no end is known
    hears: int | None = None

    @property
    def reasoning(self) -> bool:
        """Whether it thinks before it answers."""
        return bool(self.efforts)


# What answers on this machine, by names of its own: the small model of `sandbox.openai.local`, and the plain rules.
LOCAL, RULES = "smollm2-135m-instruct", "sandbox-rules"
MODELS: dict[str, Model] = {
    "gpt-6-luna": Model("gpt-6-luna", 1_050_000, 128_000, _LUNA),
    "gpt-6.1-terra": Model("gpt-6.1-terra", 1_050_000, 128_000, _LUNA),
    "gpt-6-astra": Model("gpt-6-astra", 1_050_000, 128_000, ("low", "medium", "high", "xhigh", "max")),
    "gpt-5.6-luna": Model("gpt-5.6-luna", 1_050_000, 128_000, _LUNA),
    "gpt-5.1": Model("gpt-5.1-2025-11-13", 400_000, 128_000, ("none", "low", "medium", "high"), date(2027, 4, 1)),
    "gpt-5": Model("gpt-5-2025-08-07", 400_000, 128_000, _GPT_5, date(2026, 12, 11)),
    "gpt-5-mini": Model("gpt-5-mini-2025-08-07", 400_000, 128_000, _GPT_5, date(2026, 12, 11)),
    "gpt-4o": Model("gpt-4o-2024-08-06", shutdown=date(2027, 1, 14)),
    "gpt-4o-mini": Model("gpt-4o-mini-2024-07-18", shutdown=date(2027, 1, 14)),
    "gpt-4.1": Model("gpt-4.1-2025-04-14", 1_047_576, 32_768, shutdown=date(2027, 1, 14)),
    "gpt-4.1-mini": Model("gpt-4.1-mini-2025-04-14", 1_047_576, 32_768, shutdown=date(2027, 1, 14)),
    "gpt-4.1-nano": Model("gpt-4.1-nano-2025-04-14", 1_047_576, 32_768, shutdown=date(2026, 10, 23)),
    "o4-mini": Model("o4-mini-2025-04-16", 200_000, 100_000, _GPT_5[1:], date(2026, 10, 23)),
    "o3-mini": Model("o3-mini-2025-01-31", 200_000, 100_000, _GPT_5[1:], date(2026, 10, 23)),
    "o1": Model("o1-2024-12-17", 200_000, 100_000, _GPT_5[1:], date(2026, 10, 23)),
    "gpt-4": Model("gpt-4-0613", 8_192, 8_192, shutdown=date(2026, 10, 23)),
    LOCAL: Model(LOCAL),
    RULES: Model(RULES),
    "whisper-1": Model("whisper-1", shutdown=date(2027, 2, 26), audio=True),
    "gpt-transcribe": Model("gpt-transcribe", audio=True),
    "gpt-4o-transcribe": Model("gpt-4o-transcribe", shutdown=date(2027, 2, 26), audio=True, hears=1_400),
    "gpt-4o-mini-transcribe": Model("gpt-4o-mini-transcribe", shutdown=date(2027, 2, 26), audio=True, hears=1_400),
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


def is_served(model: Model, today: date) -> bool:
    """Whether the model is not shut down yet; on the day itself it is."""
    return model.shutdown is None or today < model.shutdown
