"""The parts of a running application: each is started where it is wanted, and stopped in time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import structlog

from bot.app import App, build
from bot.drive.model import CHANNEL as DRIVE
from bot.flags.model import Flag
from bot.kernel import translation
from bot.kernel.clock import Clock as TimeSource
from bot.kernel.tasks import Pool, TaskHandler, TaskKind
from bot.kernel.text import markdown, patterns
from bot.kernel.timing import IN_PRODUCTION, Timing
from bot.messages.mails import MAIL
from bot.messages.service import TELEGRAM
from bot.mirror.service import CHANNEL as MIRROR
from bot.ops import pulse
from bot.ops.metrics import keep_written, watch_loop
from bot.partners.model import CHANNEL as PARTNERS
from bot.partners.telling import Telling
from bot.providers import drive_of, partner_door_of
from bot.settings import Settings
from handlers.dispatch import Dispatcher
from handlers.inbox import InboxWorker
from handlers.people.start import show_menus
from handlers.routing.polling import poll
from handlers.vocabulary import vocabulary
from jobs.outbox import undelivered
from jobs.outbox.deliveries import counted, to_chats, to_mailboxes, to_partners
from jobs.outbox.drive_deliveries import to_drive
from jobs.outbox.mirror_deliveries import to_mirror
from jobs.outbox.sender import Sender
from jobs.outbox.streams import Streams
from jobs.schedule.clock import Clock
from jobs.switched import Both, Switched
from jobs.worker import tasks
from jobs.worker.giving_up import Watcher
from storage.core.probe import Probe
from storage.engine.database import despite_faults
from storage.engine.locks import exclusively
from storage.engine.unusable import told
from web.server import WebServer, application

log = structlog.get_logger(__name__)
QUICK_AT_ONCE = 10


class Part(StrEnum):
    """What a process may run; without `--only` it runs them all."""

    CHAT = "chat"
    WEB = "web"
    WORKER = "worker"
    CLOCK = "clock"


@asynccontextmanager
async def running(
    settings: Settings,
    parts: frozenset[Part] = frozenset(Part),
    clock: TimeSource | None = None,
    timing: Timing = IN_PRODUCTION,
) -> AsyncIterator["Running"]:
    """The parts at work within the context; then what is under way is finished, within DRAIN_SECONDS."""
    pooled = not parts & {Part.WORKER, Part.CLOCK}
    async with build(settings, clock, timing, pooled=pooled) as app:
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
            if pulse.is_watched(settings.health_path):
                probe = Probe(app.services.database)
                stack.push_async_callback(probe.close)
                beats = pulse.beat(probe.problem, settings.health_path, timing)
                tasks.append(asyncio.create_task(beats, name="pulse"))
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
    loops: list[tuple[str, Coroutine[Any, Any, None]]] = [("loading", _warm_up(app, parts))]

    def one_process(role: str, work: Callable[[], Awaitable[None]]) -> None:
        loops.append((role, exclusively(services.database, role, work)))

    loops.append(("minutes", keep_written(services.metrics, services.database)))
    if Part.CLOCK in parts and settings.streams_path:
        one_process("streams", Streams(services.database, Path(settings.streams_path), vocabulary(settings)).run)
    loops.append(("loop", watch_loop(services.metrics)))
    loops.append(("keys", services.rotation.follow()))
    loops.append(("signs of life", services.hosts.processes.beat(parts)))
    if parts & {Part.CHAT, Part.WORKER}:
        loops.append(("outages", app.outages.run()))
    if Part.CHAT in parts:
        if settings.telegram_updates == "webhook":
            given = settings.telegram_webhook_secret
            secret = given.get_secret_value() if given is not None else services.rotation.webhook_secret
            await app.telegram.receive_by_webhook(settings.telegram_webhook_url, secret)
        else:
            await app.telegram.receive_by_polling()
            one_process("updates", lambda: poll(services.database, app.telegram, app.telegram, services.step_up.hide))
        one_process("inbox", InboxWorker(services, Dispatcher(services, app.signer)).run)
        one_process("messages", _messages(app).run)
    if Part.WORKER in parts:
        handlers = tasks.handlers(services)
        loops.append(("worker", _work(app, handlers)))
        loops.append(("worker's size", services.capacity.now.follow()))
        if app.notion is not None:
            mirror = counted(services.metrics, to_mirror(services.database, app.notion, services.automation), "notion")
            switched = Both(Switched(services.flags, Flag.MIRROR), services.backups.gate)
            one_process("mirror", Sender(services.database, MIRROR, mirror, lanes=1, hold=True, switched=switched).run)
        told, open_to = to_partners(Telling(services.database, partner_door_of(settings))), services.backups.gate
        told, switched = counted(services.metrics, told), Both(Switched(services.flags, Flag.PARTNER_API), open_to)
        one_process("partners", Sender(services.database, PARTNERS, told, lanes=4, switched=switched).run)
        if app.mail is not None:
            mails = counted(services.metrics, to_mailboxes(app.mail), "mail")
            switched = Both(Switched(services.flags, Flag.MAIL), services.backups.gate)
            one_process("mail", Sender(services.database, MAIL, mails, lanes=2, switched=switched).run)
        if (drive := drive_of(settings)) is not None:
            files = counted(services.metrics, to_drive(services, drive))
            switched = Both(Switched(services.flags, Flag.DRIVE), services.backups.gate)
            one_process("drive", Sender(services.database, DRIVE, files, lanes=1, hold=True, switched=switched).run)
    return loops


async def _warm_up(app: App, parts: frozenset[Part]) -> None:
    """Load, beside the first answers, what they need not wait for: it takes seconds, so it is done in a thread."""
    of_models = [app.models.warm_up] if Part.WORKER in parts else []
    for warm_up in (*of_models, translation.warm_up, patterns.warm_up, markdown.warm_up):
        await asyncio.to_thread(warm_up)
    app.loaded.set()
    if Part.CHAT in parts:
        await show_menus(app.services)
    await asyncio.Event().wait()  # as the other loops, it ends only by a fault


def _messages(app: App) -> Sender:
    database, gate = app.services.database, app.services.backups.gate
    settle, awaited = undelivered.settle_chats(app.services.queue), undelivered.is_awaited
    chats = counted(app.services.metrics, to_chats(database, app.telegram))
    return Sender(database, TELEGRAM, chats, lanes=20, settle=settle, switched=gate, messages=True, awaited=awaited)


async def _work(app: App, handlers: Mapping[TaskKind, TaskHandler]) -> None:
    at_once = {Pool.MODELS: app.services.settings.worker_concurrency, Pool.QUICK: QUICK_AT_ONCE}
    await despite_faults(lambda: tasks.look_for_budget(app.services))
    await app.services.queue.work(handlers, at_once, Watcher(app.services))


async def _drain(tasks: list[asyncio.Task[None]], seconds: float) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=seconds)
        if late:
            log.warning(
                "stopped before all work was done; it goes on at the next start", parts=[t.get_name() for t in late]
            )
