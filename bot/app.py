"""The application: the database migrated, the adapters made, the services on them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bot import providers
from bot.access.buttons import ButtonSigner
from bot.adapters.mail.gmail import GmailMail
from bot.adapters.mail.smtp import SmtpMail
from bot.adapters.openai.models import OpenAIModels
from bot.adapters.stripe.payments import StripePayments
from bot.adapters.telegram.chat import Telegram
from bot.alerts.service import Outages
from bot.core import Core
from bot.databases import database_of, queue_of
from bot.flags.service import Flags
from bot.invoices.watched import WatchedPayments
from bot.kernel import translation
from bot.kernel.clock import Clock as TimeSource
from bot.kernel.text import played
from bot.kernel.timing import IN_PRODUCTION, Timing
from bot.kernel.translation import Reader
from bot.locale import catalogs
from bot.models import area as spending
from bot.ops.metrics import Metrics
from bot.rotation import area as rotation
from bot.rotation.model import Purpose
from bot.services import Services
from bot.settings import Settings
from bot.tenants.service import Tenants
from bot.wiring import services_of
from handlers.people.people import settle_roles
from jobs.catalog import check_times
from jobs.switched import carry_on
from storage.engine.locks import only_process
from storage.engine.unusable import told
from storage.migrations.migrate import migrate

if TYPE_CHECKING:
    from bot.adapters.notion.mirror import NotionMirror


@dataclass(frozen=True, slots=True)
class App:
    """A built application, with the adapters that only the parts need. loaded: all code is that the process needs."""

    services: Services
    telegram: Telegram
    payments: StripePayments
    models: OpenAIModels
    notion: "NotionMirror | None"
    mail: SmtpMail | GmailMail | None
    signer: ButtonSigner
    outages: Outages
    loaded: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def build(
    settings: Settings, clock: TimeSource | None = None, timing: Timing = IN_PRODUCTION, *, pooled: bool = False
) -> AsyncIterator[App]:
    """Everything wired up: the database migrated, Telegram greeted, nothing running yet.

    clock, timing: the machine's and production's, unless a test brings its own. pooled: see `database_of`. Raises
    InvalidSettings, AlreadyRunning, Unusable, ProviderError.
    """
    check_times(settings)
    catalogs.install_all()
    async with AsyncExitStack() as stack:
        translation.settle(Reader(translation.best_language(settings.language), settings.time_zone))
        played.settle(settings.played)
        stack.callback(translation.settle, Reader())
        database = database_of(settings, clock, timing, pooled=pooled)
        stack.push_async_callback(database.close)
        stack.enter_context(only_process(database))
        await migrate(database)
        await database.start()
        turning = rotation.build(database, settings, settings, providers.secrets_of(settings))
        signer = ButtonSigner(turning.held[Purpose.BUTTONS])
        metrics = Metrics(database.clock)
        telegram = await stack.enter_async_context(providers.telegram_of(settings, signer))
        telegram.heard_by(partial(metrics.called, "telegram"))
        payments = providers.payments_of(settings)
        stack.push_async_callback(payments.close)
        models = providers.models_of(settings)
        stack.push_async_callback(models.close)
        notion = providers.notion_of(settings)
        if notion is not None:
            stack.push_async_callback(notion.close)
        outages = Outages(database)
        guarded = spending.guarded(models, database, outages.changes, metrics)
        watched = WatchedPayments(payments, database.clock, outages.changes, metrics)
        queue = queue_of(database)
        tenants = Tenants(database, settings)
        files = providers.kept_files_of(settings, telegram)
        flags = Flags(database, carry_on(queue))
        core = Core(database, queue, telegram, flags, tenants, metrics, files or telegram, files)
        mail = providers.mail_of(settings)
        looks = providers.looks_of(telegram, payments, models, notion, mail)
        services = services_of(settings, core, telegram.username, watched, guarded, looks, turning)
        with told(database.url):
            await tenants.install()
            await turning.start()
            if Purpose.WEBHOOK in turning.held:
                turning.tell_telegram = partial(telegram.receive_by_webhook, settings.telegram_webhook_url)
            for tenant in await tenants.active():
                await services.prompts.ship(tenant.name)
            await services.ledger.rates.settle()
            await settle_roles(services)
            await services.people.setup.look_again()
        yield App(services, telegram, payments, models, notion, mail, signer, outages)
