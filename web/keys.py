"""What the routes find in the application."""

from aiohttp import StreamReader, web

from bot.invoices.ports import PaymentEvent, Payments
from bot.services import Services
from storage.core.inbox import Arrival
from storage.core.probe import Probe
from storage.engine.group_commit import GroupCommit
from web.callers import Callers

SERVICES = web.AppKey("services", Services)
PROBE = web.AppKey("probe", Probe)
PAYMENTS = web.AppKey("payments", Payments)
EVENTS: web.AppKey[GroupCommit[PaymentEvent]] = web.AppKey("events", GroupCommit)
UPDATES: web.AppKey[GroupCommit[Arrival]] = web.AppKey("updates", GroupCommit)
CALLERS = web.AppKey("callers", Callers)
# Bodies of what is being dealt with, which may not be here yet.
READING: web.AppKey[set[StreamReader]] = web.AppKey("reading", set)
