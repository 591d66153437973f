"""What every area stands on, and what an area brings with it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.flags.service import Flags
from bot.kernel.tasks import Task, TaskHandler, TaskKind, TaskQueue
from bot.messages.ports import Chat, Files, Store
from bot.ops.metrics import Metrics
from bot.tenants.service import Tenants
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Core:
    """Built once. files: where what people sent is had from; store: where it is kept, None where the chat alone has it.

    draining: set once the process is to stop; long work ends at its next step.
    """

    database: Database
    queue: TaskQueue
    chat: Chat
    flags: Flags
    tenants: Tenants
    metrics: Metrics
    files: Files
    store: Store | None = None
    draining: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Keep:
    """Rows that are only kept to be safe. forget: deletes those from before then, and says how many.

    what: as the job's record calls them; empty: it does not mention them.
    """

    what: str
    forget: Callable[[Transaction, datetime], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Stalled:
    """Work that stands still although nothing should keep it. words: what the job's record says of it, if anything."""

    tasks: Sequence[Task]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """What an area brings: handlers of its tasks, what it keeps for a while, and how to find what stalled.

    stalled: given a connection and a time, the work that has not moved since then.
    """

    tasks: Mapping[TaskKind, TaskHandler] = field(default_factory=dict)
    keeps: Sequence[Keep] = ()
    stalled: Sequence[Callable[[Connection, datetime], Awaitable[Stalled]]] = ()
