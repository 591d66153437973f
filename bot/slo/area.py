"""The area wired up: its verbs, what it says happened, and how it counts what happens elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.core import Core
from bot.intake.area import Verbs as Intake
from bot.invoices.remote import TakenOver
from bot.kernel.events import Event, Reaction
from bot.kernel.money import Money
from bot.ops.settings import RunSettings
from bot.prompts.service import Prompts
from bot.refunds.model import Refund
from bot.slo.canary import Canary
from bot.slo.guard import Guard
from bot.slo.rollup import RollUp
from bot.slo.service import ServiceLevels
from bot.slo.uptime import Look, Uptime
from storage.engine.database import Transaction

EVENTS: Mapping[str, str] = {
    "slo.burning": "The budget of a service level burns too fast.",
    "slo.calm": "It does not any more.",
    "slo.budget": "Another step of a service level's budget is used up, or free again.",
}


@dataclass(frozen=True, slots=True)
class Verbs:
    """How well the installation runs: levels to read, and what jobs do about them."""

    levels: ServiceLevels
    guard: Guard
    uptime: Uptime
    rolled: RollUp
    canary: Canary


Count = Callable[[str, Money], None]


def nobody(what: str, amount: Money) -> None:
    """Nobody counts."""


def reactions(count: Count = nobody) -> Mapping[str, Reaction]:
    """Money that moved is counted, once it is written down. count: of the process's metrics."""

    async def paid(tx: Transaction, event: Event) -> None:
        if isinstance(event.thing, TakenOver):
            tx.afterwards(partial(count, "paid", event.thing.invoice.paid))

    async def refunded(tx: Transaction, event: Event) -> None:
        if isinstance(event.thing, Refund):
            tx.afterwards(partial(count, "refunded", event.thing.amount))

    return {"invoice.paid": paid, "refund.succeeded": refunded}


def build(core: Core, settings: RunSettings, prompts: Prompts, intake: Intake, looks: Mapping[str, Look]) -> Verbs:
    """The area on what it stands on. looks: how each provider is asked whether it answers."""
    database, minutes = core.database, core.metrics.minutes
    canary = Canary(database, core.tenants, prompts, intake.briefs, intake.cancelling, core.flags, minutes)
    uptime = Uptime(database, core.metrics, core.tenants, own_address(settings), looks)
    return Verbs(ServiceLevels(database), Guard(database), uptime, RollUp(database), canary)


def own_address(settings: RunSettings) -> str:
    """Where our own web part is looked for; "" where its port is chosen at its start."""
    if settings.uptime_url is not None:
        return settings.uptime_url
    return settings.at_home if settings.web_port else ""
