"""The only file that knows everybody: builds the services, and starts and stops the parts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

import structlog

from bot import areas
from bot.access.buttons import ButtonSigner
from bot.access.model import TENANT, Role
from bot.adapters.documents.documents import DocumentReader
from bot.adapters.documents.spreadsheet import workbook
from bot.adapters.languages import detect
from bot.adapters.notion.mirror import NotionMirror
from bot.adapters.openai.models import OpenAIModels
from bot.adapters.smtp_mail import SmtpMail
from bot.adapters.stripe.payments import StripePayments
from bot.adapters.telegram.chat import Telegram
from bot.alerts.failed_tasks import FailedTasks
from bot.alerts.late_messages import LateMessages
from bot.alerts.lifetimes import Lifetimes
from bot.alerts.service import Outages
from bot.billing.details import Details
from bot.billing.service import Billing
from bot.briefs.failures import Failures
from bot.briefs.ratings import Ratings
from bot.calibration.service import Quality
from bot.checks.checks import PlainChecks
from bot.drafting import prompts as drafter
from bot.drafting.asking import Writers
from bot.drafting.drafting import Drafting
from bot.drafting.judging import Gate
from bot.drafting.media import Senses
from bot.drafting.pipeline import Production
from bot.experiments.service import Duels
from bot.intake import prompt as intake_prompt
from bot.intake.materials import Intake
from bot.intake.quotes import Quotes
from bot.intake.reading import FileReading
from bot.intake.recordings import Recordings
from bot.intake.service import Briefs, Terms
from bot.invoices.ports import Payments
from bot.invoices.watched import WatchedPayments
from bot.kernel.clock import Clock as TimeSource
from bot.kernel.clock import SystemClock
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import Crew, Handler, Kind, TaskQueue
from bot.messages.service import TELEGRAM
from bot.mirror.service import CHANNEL as MIRROR
from bot.models.guard import Guard
from bot.models.guarded_models import GuardedModels
from bot.models.ports import Models
from bot.models.spending import Spend
from bot.ops import version
from bot.people.joining import Access
from bot.people.roles import People
from bot.people.rooms import Rooms
from bot.prompts.service import Prompts
from bot.providers import mail_of, models_of, notion_of, payments_of, telegram_of
from bot.quality import judge
from bot.quality.gate import Rules, floors_of
from bot.quality.model import Floors
from bot.replay.service import Replay
from bot.reports.service import MAIL, Reports
from bot.review.model import Desk, Patience
from bot.review.reminders import Reminders
from bot.review.service import Review
from bot.services import Services
from bot.settings import Settings
from handlers.catalog import menu
from handlers.dispatch import Dispatcher
from handlers.inbox import InboxWorker
from handlers.people.people import settle_roles
from handlers.routing.polling import poll
from jobs import pipeline, undelivered
from jobs.catalog import check_times
from jobs.clock import Clock
from jobs.deliveries import to_chats, to_mailboxes
from jobs.giving_up import Watcher
from jobs.mirror_deliveries import to_mirror
from jobs.outbox import Sender
from storage.engine.database import Database, despite_faults
from storage.engine.locks import exclusively, only_process
from storage.engine.migrate import migrate
from storage.engine.unusable import told
from storage.queue.procrastinate import ProcrastinateTaskQueue
from storage.queue.sqlite import SqliteTaskQueue
from web.server import WebServer, application

log = structlog.get_logger(__name__)
ERRANDS_AT_ONCE = 10


class Part(StrEnum):
    """What a process may run; without `--only` it runs them all."""

    CHAT = "chat"
    WEB = "web"
    WORKER = "worker"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class App:
    """A built application: its services, and the adapters that only the parts need.

    loaded: set once all code is loaded that a worker needs.
    """

    services: Services
    telegram: Telegram
    payments: StripePayments
    models: OpenAIModels
    notion: NotionMirror | None
    mail: SmtpMail | None
    signer: ButtonSigner
    outages: Outages
    loaded: asyncio.Event = field(default_factory=asyncio.Event)


def database_of(settings: Settings, clock: TimeSource | None = None) -> Database:
    """The database, with a pool as wide as the work that may run at a time."""
    pool = min(settings.worker_concurrency, 16) + 4
    return Database(settings.database_url, clock or SystemClock(), pool_size=pool)


def queue_of(database: Database) -> TaskQueue:
    """The engine that belongs to the database."""
    return SqliteTaskQueue(database) if database.sqlite else ProcrastinateTaskQueue(database)


@asynccontextmanager
async def build(settings: Settings, clock: TimeSource | None = None) -> AsyncIterator[App]:
    """Everything wired up: the database migrated, Telegram greeted, nothing running yet.

    clock: the machine's, unless a test brings its own. Raises InvalidSettings, AlreadyRunning, Unusable, ProviderError.
    """
    check_times(settings)
    async with AsyncExitStack() as stack:
        database = database_of(settings, clock)
        stack.push_async_callback(database.close)
        stack.enter_context(only_process(database))
        await migrate(database)
        await database.start()
        signer = ButtonSigner(settings.telegram_bot_token.get_secret_value())
        telegram = await stack.enter_async_context(telegram_of(settings, signer))
        payments = payments_of(settings)
        stack.push_async_callback(payments.close)
        models = models_of(settings)
        stack.push_async_callback(models.close)
        notion = notion_of(settings)
        if notion is not None:
            stack.push_async_callback(notion.close)
        outages = Outages(database)
        guarded = GuardedModels(models, Guard("The models", database.clock, outages.changes))
        watched = WatchedPayments(payments, database.clock, outages.changes)
        services = services_of(settings, database, telegram, watched, guarded)
        with told(database.url):
            await services.prompts.ship(TENANT)
            await settle_roles(services)
        yield App(services, telegram, payments, models, notion, mail_of(settings), signer, outages)


def services_of(
    settings: Settings, database: Database, telegram: Telegram, payments: Payments, models: Models
) -> Services:
    """The verbs of every area on these adapters."""
    queue = queue_of(database)
    floors = Floors(settings.qa_floors)
    targets = {task_type: settings.target_of(task_type) for task_type in TaskType}
    checks = PlainChecks(detect)
    desk = Desk(floors, settings.draft_attempts, patience_of(settings), checks)
    database.reactions = areas.reactions(desk, mirrored=settings.notion_token is not None)
    terms = Terms(settings.prices(), targets, desk)
    spend = Spend(database, models, settings.ceilings())
    prompts = Prompts(database, (drafter.TEMPLATE, judge.TEMPLATE, intake_prompt.TEMPLATE))
    failures, failed_tasks = Failures(database, queue), FailedTasks(database, queue)
    senses = Senses(database, spend, telegram)
    longest = settings.draft_max_tokens
    duels = Duels(database, queue, spend, senses, judge_model=settings.judge_model, max_output_tokens=longest)
    preview = telegram if settings.preview else None
    draining = asyncio.Event()
    documents = DocumentReader(settings.reading_seconds, draining)
    drafting = Drafting(database, spend, writers_of(settings), senses, prompts, duels, checks, preview)
    gate = gate_of(settings)
    production = Production(database, spend, drafting, queue, gate, desk, prompts, failures, workbook)
    return Services(
        settings=settings,
        version=version.current(),
        database=database,
        queue=queue,
        chat=telegram,
        bot_name=telegram.username,
        menu=menu,
        access=Access(database, settings.admin_telegram_ids),
        people=People(database, settings.admin_telegram_ids),
        rooms=Rooms(database),
        intake=Intake(database, FileReading(database, telegram, documents), spend, prompts, settings.judge_model),
        recordings=Recordings(database, queue, telegram, spend, settings.prices(), failed_tasks),
        briefs=Briefs(database, queue, terms),
        quotes=Quotes(database, settings.prices()),
        review=Review(database, queue, desk),
        reminders=Reminders(database, desk),
        replay=Replay(database),
        production=production,
        failures=failures,
        failed_tasks=failed_tasks,
        late_messages=LateMessages(database),
        prompts=prompts,
        duels=duels,
        ratings=Ratings(database, queue),
        billing=Billing(database, queue, payments, settings.invoice_days, TENANT),
        details=Details(database, queue),
        quality=Quality(database, floors, targets),
        reports=Reports(database, settings.report_recipients if settings.smtp_host else ()),
        spend=spend,
        lifetimes=Lifetimes(database, models, settings.models_named()),
        draining=draining,
    )


def writers_of(settings: Settings) -> Writers:
    """Who writes."""
    models = {task_type: settings.model_of(task_type) for task_type in TaskType}
    return Writers(models, settings.fallback_model, settings.draft_max_tokens, settings.draft_attempts)


def gate_of(settings: Settings) -> Gate:
    """When a draft passes without a person, and how that is watched."""
    floors = Floors(settings.qa_floors)
    rules = Rules(
        near=settings.qa_near_points,
        looks=settings.qa_looks,
        attempts=settings.draft_attempts,
        floors=floors_of(floors),
    )
    return Gate(settings.judge_model, rules, floors, settings.audit_percent, settings.probe_percent)


def patience_of(settings: Settings) -> Patience:
    return Patience(
        claim=timedelta(minutes=settings.claim_minutes),
        remind=timedelta(minutes=settings.remind_minutes),
        escalate=timedelta(minutes=settings.escalate_minutes),
        admins=timedelta(minutes=settings.admin_minutes),
        last=timedelta(hours=settings.last_rung_hours),
    )


@asynccontextmanager
async def running(
    settings: Settings, parts: frozenset[Part] = frozenset(Part), clock: TimeSource | None = None
) -> AsyncIterator["Running"]:
    """The parts at work within the context; then what is under way is finished, within DRAIN_SECONDS."""
    async with build(settings, clock) as app:
        tasks: list[asyncio.Task[None]] = []
        async with AsyncExitStack() as stack:
            server: WebServer | None = None
            if Part.WEB in parts:
                server = WebServer(application(app.services, app.payments), settings.web_host, settings.web_port)
                await stack.enter_async_context(server)
            if Part.CLOCK in parts:
                fires = Clock(app.services)
                with told(app.services.database.url):
                    await fires.start()
                stack.callback(fires.stop)
            tasks = [asyncio.create_task(work, name=name) for name, work in await _loops(app, parts)]
            address = server.url if server else None
            log.info("running", parts=sorted(parts), version=str(app.services.version), address=address)
            try:
                yield Running(app, server, tasks)
            finally:
                app.services.draining.set()
                await _drain(tasks, settings.drain_seconds)


@dataclass(frozen=True, slots=True)
class Running:
    """A running application: the loops end only by a fault, or by being cancelled."""

    app: App
    server: WebServer | None
    tasks: list[asyncio.Task[None]]

    async def until(self, stop: asyncio.Event) -> None:
        """Wait until `stop` is set; where a loop ends by a fault before, raise that."""
        stopped = asyncio.create_task(stop.wait())
        try:
            done, _ = await asyncio.wait([stopped, *self.tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            stopped.cancel()


async def _loops(app: App, parts: frozenset[Part]) -> list[tuple[str, Coroutine[Any, Any, None]]]:
    services, settings = app.services, app.services.settings
    loops: list[tuple[str, Coroutine[Any, Any, None]]] = []

    def one_process(role: str, work: Callable[[], Awaitable[None]]) -> None:
        loops.append((role, exclusively(services.database, role, work)))

    if parts & {Part.CHAT, Part.WORKER}:
        loops.append(("outages", app.outages.run()))
    if Part.CHAT in parts:
        await app.telegram.set_menu(menu(Role.STRANGER))
        if settings.telegram_updates == "webhook":
            assert settings.public_url is not None
            assert settings.telegram_webhook_secret is not None
            secret = settings.telegram_webhook_secret.get_secret_value()
            await app.telegram.receive_by_webhook(f"{settings.public_url}/webhooks/telegram", secret)
        else:
            await app.telegram.receive_by_polling()
            one_process("updates", lambda: poll(services.database, app.telegram, app.telegram))
        one_process("inbox", InboxWorker(services, Dispatcher(services, app.signer)).run)
        settle = undelivered.settle_chats(services.queue)
        chats = to_chats(services.database, app.telegram)
        one_process("messages", Sender(services.database, TELEGRAM, chats, lanes=20, settle=settle).run)
    if Part.WORKER in parts:
        handlers = pipeline.handlers(services)
        loops.append(("worker", _work(app, handlers)))
        if app.notion is not None:
            mirror = to_mirror(services.database, app.notion)
            one_process("mirror", Sender(services.database, MIRROR, mirror, lanes=1, hold=True).run)
        if app.mail is not None:
            one_process("mail", Sender(services.database, MAIL, to_mailboxes(app.mail), lanes=2).run)
    return loops


async def _work(app: App, handlers: Mapping[Kind, Handler]) -> None:
    at_once = {Crew.MODELS: app.services.settings.worker_concurrency, Crew.ERRANDS: ERRANDS_AT_ONCE}
    warming = asyncio.create_task(_warm_up(app))
    try:
        await despite_faults(lambda: pipeline.look_for_room(app.services))
        await app.services.queue.work(handlers, at_once, Watcher(app.services))
    finally:
        await warming


async def _warm_up(app: App) -> None:
    await asyncio.to_thread(app.models.warm_up)
    app.loaded.set()


async def _drain(tasks: list[asyncio.Task[None]], seconds: float) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=seconds)
        if late:
            log.warning(
                "stopped before all work was done; it goes on at the next start", parts=[t.get_name() for t in late]
            )
