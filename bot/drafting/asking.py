"""Asking models for a draft: the one for its type, another where that one fails, and a person where nobody writes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.alerts.raising import raise_
from bot.briefs.model import Brief
from bot.drafting.model_calls import budget_of
from bot.drafting.preview import WrittenDraft
from bot.kernel.errors import ProviderError
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import home, ngettext, reading_as
from bot.messages.ports import Chat
from bot.models.ports import Answer, Prompt
from bot.models.spending import BilledCall, BudgetExceeded, Spend
from storage.briefs import drafts
from storage.engine.database import Database, Transaction
from storage.models import routes
from storage.people import people

WHY = {
    "refused": N_("the model refused"),
    "cut": N_("the answer was cut off"),
    "filtered": N_("the provider's filter stopped it"),
    "malformed": N_("the answer was not whole"),
}
EMPTY = N_("the answer was empty")
TRIES_OF_FIRST = 3  # calls of unknown outcome until the other model is asked
MOST_TRIES = 5  # calls that were or may have been paid for, and led to nothing, until nobody is asked any more
ALWAYS = 3  # times in a row that the other model had to serve, and admins hear of it


class NoAnswer(ProviderError):
    """The models were asked as often as may be, and there is nothing that counts."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("No draft"), reason, permanent=True)


@dataclass(frozen=True, slots=True)
class DraftingModels:
    """Who writes: a model by type of brief, and another one where that one fails for good.

    max_output_tokens: the longest answer. attempts: drafts that may be in another format than the one asked for.
    """

    models: Mapping[TaskType, str]
    fallback: str
    max_output_tokens: int
    attempts: int

    def of(self, task_type: TaskType) -> tuple[str, ...]:
        """The models to ask, in order."""
        return tuple(dict.fromkeys((self.models[task_type], self.fallback)))


class Asking:
    """Asks for drafts. preview: where they are shown while they are written; None: nowhere."""

    def __init__(self, database: Database, spend: Spend, writers: DraftingModels, preview: Chat | None) -> None:
        self._database = database
        self._spend = spend
        self._writers = writers
        self._preview = preview
        self._passed_over: Counter[str] = Counter()

    async def ask(self, brief: Brief, prompt: Prompt) -> BilledCall[Answer]:
        """The first whole answer of the models for this type. Raises NoRoom; ProviderError where one may answer later;
        NoAnswer where none will.
        """
        began = self._database.clock.now()
        _paid, unanswered, _since = await self._asked(brief, prompt, began)
        try:
            return await self._first_whole(brief, prompt, unanswered)
        except (ProviderError, BudgetExceeded) as error:
            if isinstance(error, ProviderError) and error.permanent:
                raise
            now, _unanswered, in_vain = await self._asked(brief, prompt, began)
            if in_vain and now >= MOST_TRIES:
                raise NoAnswer(asked_in_all(error, now)) from None
            raise

    async def _asked(self, brief: Brief, prompt: Prompt, since: datetime) -> tuple[int, int, int]:
        async with self._database.reading() as connection:
            return await drafts.asked(connection, brief, prompt.purpose, since)

    async def _first_whole(self, brief: Brief, prompt: Prompt, unanswered: int) -> BilledCall[Answer]:
        models = await self._models(brief)
        why: Callable[[], str] = str
        for number, model in enumerate(models, start=1):
            last = number == len(models)
            if unanswered >= TRIES_OF_FIRST and not last:
                why = partial(_silent, model, unanswered)
                continue
            try:
                paid = await self._ask_one(brief, model, prompt)
            except ProviderError as error:
                if last or not error.permanent:
                    raise
                why = partial(str, error)
                continue
            if paid.result.whole:
                await self._served(brief, models[0], model, why)
                return paid
            await self._database.write(lambda tx, paid=paid: self._spend.record(tx, budget_of(brief), [paid]))  # type: ignore[misc]
            why = partial(_, WHY.get(paid.result.outcome, EMPTY))
            if last:
                raise NoAnswer(why())
        raise AssertionError("there is a model for every type")

    async def _models(self, brief: Brief) -> Sequence[str]:
        """The models to ask, in order, without those that somebody had left out; the last one always stays."""
        *first, last = self._writers.of(brief.task_type)
        async with self._database.reading() as connection:
            left_out = await routes.left_out(connection, brief.tenant, self._database.clock.now())
        return [*(model for model in first if model not in left_out), last]

    async def _ask_one(self, brief: Brief, model: str, prompt: Prompt) -> BilledCall[Answer]:
        if self._preview is None:
            return await self._spend.ask(budget_of(brief), model, prompt)
        async with self._database.reading() as connection:
            client = await people.by_id(connection, brief.tenant, brief.client_id)
        written = WrittenDraft(self._preview, brief, client.reader, self._database.timing)
        try:
            return await self._spend.ask(budget_of(brief), model, prompt, written)
        finally:
            await written.close()

    async def _served(self, brief: Brief, first: str, model: str, why: Callable[[], str]) -> None:
        """Count who wrote; where it is always the other model, that is an alert."""
        if model == first:
            del self._passed_over[first]
            return
        self._passed_over[first] += 1
        if self._passed_over[first] < ALWAYS:
            return

        with reading_as(home()):  # it is written down for others to read
            reason = why()

        async def work(tx: Transaction) -> None:
            facts = {"model": first, "fallback": model, "reason": reason}
            await raise_(tx, "fallback_serves", first, tenant=brief.tenant, **facts)

        await self._database.write(work)


def asked_in_all(error: Exception, times: int) -> str:
    """Why nobody is asked any more."""
    return ngettext("{error}, asked {n} time in all", "{error}, asked {n} times in all", times, error=error)


def _silent(model: str, times: int) -> str:
    return ngettext("{model} did not answer {n} time", "{model} did not answer {n} times", times, model=model)
