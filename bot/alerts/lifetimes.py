"""Until when the models are there that the settings name: admins hear of an end while there is time to act."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.access.model import TENANT
from bot.alerts.raising import clear_others, first_to_tell, raise_, raise_with, tell
from bot.models.ports import Models
from storage.alerts import alerts
from storage.engine.database import Database, Transaction

# So many days before the end admins are told again; of a model that is gone they hear until somebody sees to it.
RUNGS = (60, 30, 14, 7, 3, 1)
ENDS, ENDED, MISSING = "model_ends", "model_ended", "model_missing"


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
                await self._ends(tx, model, end, (end - today).days)
            for model in missing:
                await raise_(tx, MISSING, model, model=model, settings=self._settings(model))
            await clear_others(tx, ENDS, [model for model, end in due.items() if end >= today])
            await clear_others(tx, ENDED, [model for model, end in due.items() if end < today])
            await clear_others(tx, MISSING, missing, among=None if listed else ())

        await self._database.write(work)
        return _words(len(self._named), bool(listed), ends, missing)

    async def _ends(self, tx: Transaction, model: str, end: date, days: int) -> None:
        facts: dict[str, str | int] = {"model": model, "day": end.isoformat(), "settings": self._settings(model)}
        if days < 0:
            await raise_with(tx, ENDED, model, facts)
            return
        rung = min(rung for rung in RUNGS if days <= rung)
        before = await alerts.of(tx.connection, TENANT, ENDS, model)
        now = await raise_with(tx, ENDS, model, {**facts, "days": days, "rung": rung})
        if before is not None and before.open and before.facts.get("rung") != rung and now.taken_by is None:
            await tell(tx, now, await first_to_tell(tx, TENANT, now.severity))

    def _settings(self, model: str) -> str:
        return ", ".join(self._named[model])


def _words(named: int, listed: bool, ends: Mapping[str, date], missing: list[str]) -> str:
    if not listed:
        return f"{named} models named; the provider lists none, so their ends are not known"
    said = [f"{model} ends on {end}" for model, end in ends.items()]
    said += [f"{model} is not in the list" for model in missing]
    return f"{named} models named; {', '.join(said) or 'no end is announced'}"
