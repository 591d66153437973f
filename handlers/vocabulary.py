"""The words that the program itself writes down of what happened: all else may be a person's."""

from collections.abc import Iterator

from bot.areas import EVENTS
from bot.invoices.events import OCCASIONS
from bot.kernel.errors import Refusal
from bot.models.settings import ModelSettings
from bot.ops.streams import Vocabulary
from bot.slo.model import SLOS
from handlers.catalog import ACTIONS, BY_NAME, STEPS, WITH_SUBJECT
from jobs.catalog import BY_NAME as JOBS

ASKED = ("message", "edit", "location", "part", "reply", "support", "brief")  # what an update can be besides
PURPOSES = ("draft", "judge", "intake", "compare", "transcribe")


def vocabulary(settings: ModelSettings) -> Vocabulary:
    """What the streams may say."""
    done = {name for events in EVENTS.values() for name in events}
    asked = {f"/{name}" for name in BY_NAME} | {f"/{name}_" for name in WITH_SUBJECT}
    return Vocabulary(
        actions=frozenset({*done, *asked, *ASKED, *STEPS, *(f"tap {name}" for name in ACTIONS)}),
        outcomes=frozenset({"done", *_refusals(Refusal)}),
        jobs=frozenset(JOBS),
        levels=frozenset(slo.name for slo in SLOS),
        purposes=frozenset(PURPOSES),
        models=frozenset(settings.models_named()),
        event_types=frozenset(OCCASIONS),
    )


def _refusals(kind: type[Refusal]) -> Iterator[str]:
    yield kind.__name__.lower()
    for narrower in kind.__subclasses__():
        yield from _refusals(narrower)
