"""Questions in plain words: a query is chosen for each, by rules or by a model, and code runs it for its asker."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import structlog

from bot.access.model import Permission, Person
from bot.ask import prompt, rules
from bot.ask.catalog import QUERIES
from bot.ask.model import Choice, Named, Result
from bot.ask.running.looking import Look
from bot.ask.running.registry import RUN
from bot.kernel.errors import EchoPilotError, Refusal
from bot.kernel.translation import gettext as _
from bot.models.budget import Payer
from bot.models.spending import Spend
from bot.prices.settings import PriceSettings
from bot.tenants.service import Tenants
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.people import people

log = structlog.get_logger(__name__)
MODEL_SECONDS = 15.0
TRIES = 2


class Way(StrEnum):
    """How a question was read. WORDS: by those that the rules knew, since no model answered."""

    RULES = "rules"
    MODEL = "model"
    WORDS = "words"


class NoModel(EchoPilotError):
    """Only a model could have read the question, and none answered."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question was read; choice: None where no query answers it."""

    choice: Choice | None
    way: Way


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question; None where no query answers it."""

    result: Result | None
    way: Way


class Ask:
    """Verbs that only read. model: the one that is asked which query it is."""

    def __init__(self, database: Database, spend: Spend, tenants: Tenants, prices: PriceSettings, model: str) -> None:
        self._database = database
        self._spend = spend
        self._tenants = tenants
        self._prices = prices
        self._model = model

    async def ask(self, who: Person, question: str) -> Answer:
        """Choose a query for the question and run it. Raises Forbidden; Refusal; NoModel."""
        who.require(Permission.READ_REPORTS)
        reading = await self.read(who, question)
        if reading.choice is None:
            return Answer(None, reading.way)
        return Answer(await self.run(who, reading.choice), reading.way)

    async def read(self, who: Person, question: str) -> Reading:
        """Which query it asks for: by the rules where they are sure of it, else by a model. Raises NoModel."""
        today = self._database.clock.now().astimezone(await self._tenants.zone(who.tenant)).date()
        known = rules.read(question, today)
        if known.off or known.sure:
            return Reading(known.choice, Way.RULES)
        try:
            return Reading(await self._chosen_by_model(who, question, today), Way.MODEL)
        except (EchoPilotError, TimeoutError) as error:  # a ceiling, a switch, or no answer of the provider
            log.warning("no model read a question", error=str(error) or type(error).__name__)
            if known.choice is None:
                raise NoModel(str(error)) from None
            return Reading(known.choice, Way.WORDS)

    async def _chosen_by_model(self, who: Person, question: str, today: date) -> Choice | None:
        """None too where it chose twice what there is not."""
        payer, complaint = Payer(who.tenant), ""
        for _try in range(TRIES):
            async with asyncio.timeout(MODEL_SECONDS):
                paid = await self._spend.ask(
                    payer, self._model, prompt.prompt(question[: rules.LONGEST], today, complaint)
                )
            await self._database.write(lambda tx, paid=paid: self._spend.record(tx, payer, [paid]))  # type: ignore[misc]
            try:
                return prompt.read(paid.result.text if paid.result.outcome == "ok" else "")
            except prompt.NotRead as error:
                complaint = str(error)
        log.info("a model chose no query", why=complaint)
        return None

    async def run(self, who: Person, choice: Choice) -> Result:
        """The query's answer out of the rows of its asker's tenant. Raises Forbidden; Refusal for a client unknown."""
        who.require(Permission.READ_REPORTS)
        who.require(QUERIES[choice.name].permission)
        zone = await self._tenants.zone(who.tenant)
        usual = (await self._tenants.over(self._prices, who.tenant)).currency
        client: int | None = getattr(choice.given, "client", None)
        now = self._database.clock.now()

        async def work(connection: Connection) -> Result:
            named = None if client is None else await _client(connection, who.tenant, client)
            look = Look(connection, who.tenant, zone, usual, now)
            return replace(await RUN[choice.name](look, choice), client=named)

        return await self._database.snapshot(work)


async def _client(connection: Connection, tenant: str, number: int) -> Named:
    found = await people.find(connection, tenant, number)
    if found is None:
        raise Refusal(_("There is no client {id}. /clients lists them.", id=number))
    return Named(found.id, found.name)
