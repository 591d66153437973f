"""The only file that knows every area and every adapter: builds the services."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bot import areas, providers
from bot.access.buttons import ButtonSigner
from bot.adapters import places
from bot.adapters.documents.spreadsheet import workbook
from bot.adapters.languages import detect
from bot.adapters.notion.mirror import NotionMirror
from bot.adapters.openai.models import OpenAIModels
from bot.adapters.smtp_mail import SmtpMail
from bot.adapters.stripe.payments import StripePayments
from bot.adapters.telegram.chat import Telegram
from bot.alerts import area as alerts
from bot.alerts.service import Outages
from bot.approvals import area as approvals
from bot.billing import area as billing
from bot.briefs import area as briefs
from bot.calibration import area as calibration
from bot.capacity import area as capacity
from bot.checks.checks import PlainChecks
from bot.core import Core
from bot.databases import database_of, queue_of
from bot.drafting import area as drafting
from bot.dunning import area as dunning
from bot.escalation import area as escalation
from bot.experiments import area as experiments
from bot.feedback import area as feedback
from bot.finance import area as finance
from bot.flags.service import Flags
from bot.incidents import area as incidents
from bot.intake import area as intake
from bot.invoices.ports import Payments
from bot.invoices.watched import WatchedPayments
from bot.kernel import translation
from bot.kernel.clock import Clock as TimeSource
from bot.kernel.timing import IN_PRODUCTION, Timing
from bot.kernel.translation import Reader
from bot.ledger import area as ledger
from bot.locale import catalogs
from bot.manual_invoices import area as manual_invoices
from bot.models import area as spending
from bot.models.ports import Models
from bot.ops import version
from bot.people import area as people
from bot.people.ports import Places
from bot.people.setup import said_in
from bot.prompts.service import Prompts
from bot.reconciliation import area as reconciliation
from bot.recordings import area as recordings
from bot.refunds import area as refunds
from bot.remarks import area as remarks
from bot.replay.service import Replay
from bot.reports import area as reports
from bot.review import area as review
from bot.security import area as security
from bot.services import Services
from bot.settings import Settings
from bot.support import area as support
from bot.tenants.service import Tenants
from bot.watch import area as watch
from handlers.catalog import menu
from handlers.people.people import settle_roles
from jobs.catalog import check_times
from jobs.switched import carry_on
from storage.engine.locks import only_process
from storage.engine.migrate import migrate
from storage.engine.unusable import told


@dataclass(frozen=True, slots=True)
class App:
    """A built application, with the adapters that only the parts need. loaded: all code is that a worker needs."""

    services: Services
    telegram: Telegram
    payments: StripePayments
    models: OpenAIModels
    notion: NotionMirror | None
    mail: SmtpMail | None
    signer: ButtonSigner
    outages: Outages
    loaded: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def build(
    settings: Settings, clock: TimeSource | None = None, timing: Timing = IN_PRODUCTION
) -> AsyncIterator[App]:
    """Everything wired up: the database migrated, Telegram greeted, nothing running yet.

    clock, timing: the machine's and production's, unless a test brings its own. Raises InvalidSettings,
    AlreadyRunning, Unusable, ProviderError.
    """
    check_times(settings)
    catalogs.install_all()
    async with AsyncExitStack() as stack:
        translation.settle(Reader(translation.best_language(settings.language), settings.time_zone))
        stack.callback(translation.settle, Reader())
        database = database_of(settings, clock, timing)
        stack.push_async_callback(database.close)
        stack.enter_context(only_process(database))
        await migrate(database)
        await database.start()
        signer = ButtonSigner(settings.telegram_bot_token.get_secret_value())
        telegram = await stack.enter_async_context(providers.telegram_of(settings, signer))
        payments = providers.payments_of(settings)
        stack.push_async_callback(payments.close)
        models = providers.models_of(settings)
        stack.push_async_callback(models.close)
        notion = providers.notion_of(settings)
        if notion is not None:
            stack.push_async_callback(notion.close)
        outages = Outages(database)
        guarded = spending.guarded(models, database, outages.changes)
        watched = WatchedPayments(payments, database.clock, outages.changes)
        queue = queue_of(database)
        tenants = Tenants(database, settings)
        core = Core(database, queue, telegram, Flags(database, carry_on(queue)), tenants)
        services = services_of(settings, core, telegram.username, watched, guarded)
        with told(database.url):
            await tenants.install()
            for tenant in await tenants.active():
                await services.prompts.ship(tenant.name)
            await services.ledger.rates.settle()
            await settle_roles(services)
            await services.people.setup.look_again()
        yield App(services, telegram, payments, models, notion, providers.mail_of(settings), signer, outages)


def services_of(settings: Settings, core: Core, bot_name: str, payments: Payments, models: Models) -> Services:
    """The verbs of every area on these adapters, each area on those before it."""
    people_verbs = people.build(core, settings, Places(places.called, places.zone_at))
    spend = spending.build(core, settings, models)
    prompts = Prompts(core.database, areas.TEMPLATES)
    briefs_verbs = briefs.build(core)
    alerts_verbs, of_alerts = alerts.build(core, settings, models)
    review_verbs = review.build(core, settings, settings, PlainChecks(detect))
    policy = review_verbs.policy
    support_verbs, of_support = support.build(core, review_verbs)
    read, documents = intake.Settings(settings, settings, settings), providers.documents_of(settings, core.draining)
    intake_verbs, of_intake = intake.build(core, read, documents, spend, prompts, policy)
    remarks_verbs, of_remarks = remarks.build(core)
    spoken, of_recordings = recordings.build(core, intake_verbs.policy, spend, alerts_verbs.failed_tasks)
    duels, of_experiments = experiments.build(core, settings, spend)
    write, failures = drafting.Settings(settings, settings), briefs_verbs.failures
    production, of_drafting = drafting.build(core, write, spend, prompts, policy, duels, failures, workbook)
    approving, of_approvals = approvals.build(core, areas.DEEDS)
    billing_verbs, of_billing = billing.build(core, settings, payments)
    ledger_verbs = ledger.build(core, settings)
    reconciled, of_books = reconciliation.build(core, settings, payments, billing_verbs, ledger_verbs, approving)
    refund_verbs, of_refunds = refunds.build(core, settings, settings, payments, approving)
    running = version.current()
    load, of_load = capacity.build(core, settings, settings, settings, providers.machine_of(settings))
    of_watch = (of_alerts, of_load)
    of_money = (of_approvals, of_billing, of_refunds, of_books)
    core.database.reactions = areas.reactions(policy, said_in(settings), mirrored=bool(settings.notion_token))
    return Services(
        settings=settings,
        version=running,
        database=core.database,
        queue=core.queue,
        chat=core.chat,
        bot_name=bot_name,
        menu=menu,
        draining=core.draining,
        people=people_verbs,
        models=spend,
        flags=core.flags,
        tenants=core.tenants,
        prompts=prompts,
        briefs=briefs_verbs,
        feedback=feedback.build(core, settings),
        replay=Replay(core.database),
        alerts=alerts_verbs,
        review=review_verbs,
        escalation=escalation.build(core, policy),
        support=support_verbs,
        remarks=remarks_verbs,
        intake=intake_verbs,
        recordings=spoken,
        drafting=production,
        experiments=duels,
        calibration=calibration.build(core, settings),
        approvals=approving,
        billing=billing_verbs,
        refunds=refund_verbs,
        ledger=ledger_verbs,
        reconciliation=reconciled,
        dunning=dunning.build(core, settings, billing_verbs.invoices),
        manual_invoices=manual_invoices.build(core, settings, settings, settings, payments, billing_verbs.invoices),
        finance=(money := finance.build(core, settings, settings, settings, providers.painter_of())),
        watch=(watching := watch.build(core, settings, settings, alerts_verbs.failed_tasks, money.guards)),
        incidents=incidents.build(core, spend, settings.draft_model, watching.mailing),
        capacity=load,
        security=security.build(core, settings, running, providers.advisories_of(), providers.certificates_of()),
        reports=reports.build(core, settings, areas.TABLES.values()),
        brought=(*of_watch, of_support, of_intake, of_remarks, of_recordings, of_drafting, of_experiments, *of_money),
    )
