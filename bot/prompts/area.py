"""What the area says happened, and how it follows what happens elsewhere."""

from collections.abc import Mapping, Sequence

from bot.kernel.events import Event, Reaction
from bot.prompts.model import Template
from bot.prompts.service import ship_in
from storage.engine.database import Transaction

EVENTS: Mapping[str, str] = {
    "prompt.added": "A version was written.",
    "prompt.used": "A version was put in use.",
    "prompt.rested": "A version was taken out of use.",
}


def reactions(templates: Sequence[Template]) -> Mapping[str, Reaction]:
    """A new tenant has the texts that come with the program."""

    async def ship(tx: Transaction, event: Event) -> None:
        await ship_in(tx, event.tenant, templates)

    return {"tenant.founded": ship}
