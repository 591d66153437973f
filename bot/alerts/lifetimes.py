"""Until when the models are there that the settings name: admins hear of an end while there is time to act."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from bot.access.model import TENANT
from bot.alerts import cards
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.models.ports import Models
from storage.engine.database import Database, Transaction

# So many days before the end admins are told again; a model that is gone they hear of every day.
RUNGS = (60, 30, 14, 7, 3, 1)


class Lifetimes:
    """Looks after the models that are named. named: the settings that name each."""

    def __init__(self, database: Database, models: Models, named: Mapping[str, Sequence[str]]) -> None:
        self._database = database
        self._models = models
        self._named = named

    async def look(self) -> str:
        """Read the provider's list, and tell admins of models that end or are not there; returns what was seen.

        Raises ProviderError.
        """
        listed = await self._models.shutdowns()
        today = self._database.clock.now().date()
        ends = {model: end for model in self._named if (end := listed.get(model)) is not None}
        missing = [model for model in self._named if listed and model not in listed]
        due = {model: end for model, end in ends.items() if (end - today).days <= RUNGS[0]}

        async def work(tx: Transaction) -> None:
            for model, end in due.items():
                days = (end - today).days
                rung = min((rung for rung in RUNGS if days <= rung), default=0) if days > 0 else f"past:{today}"
                show = partial(cards.shutdown_ahead, model, self._named[model], end, days)
                await notify_roles(tx, TENANT, ADMINS, Topic.TROUBLE, show, key=f"shutdown:{model}:{end}:{rung}")
            for model in missing:
                show = partial(cards.model_missing, model, self._named[model])
                await notify_roles(tx, TENANT, ADMINS, Topic.TROUBLE, show, key=f"missing:{model}:{today:%Y-%m}")

        if due or missing:
            await self._database.write(work)
        return _words(len(self._named), bool(listed), ends, missing)


def _words(named: int, listed: bool, ends: Mapping[str, date], missing: list[str]) -> str:
    if not listed:
        return f"{named} models named; the provider lists none, so their ends are not known"
    said = [f"{model} ends on {end}" for model, end in ends.items()]
    said += [f"{model} is not in the list" for model in missing]
    return f"{named} models named; {', '.join(said) or 'no end is announced'}"
