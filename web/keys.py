"""What the routes find in the application."""

from aiohttp import web

from bot.billing.ports import PaymentEvent, Payments
from bot.services import Services
from storage.batches import Batches
from storage.inbox import Arrival
from storage.probe import Probe

SERVICES = web.AppKey("services", Services)
PROBE = web.AppKey("probe", Probe)
PAYMENTS = web.AppKey("payments", Payments)
EVENTS: web.AppKey[Batches[PaymentEvent]] = web.AppKey("events", Batches)
UPDATES: web.AppKey[Batches[Arrival]] = web.AppKey("updates", Batches)
