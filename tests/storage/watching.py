"""Somebody who hears of tasks that do not succeed."""

import asyncio
from dataclasses import dataclass, field

from bot.kernel.tasks import Task


@dataclass
class Heard:
    """See `bot.kernel.tasks.Watch`. deaf: how often telling of a task that is given up fails."""

    deaf: int = 0
    given_up_tasks: list[tuple[Task, str]] = field(default_factory=list)
    late_tasks: list[tuple[Task, str, bool]] = field(default_factory=list)
    over_tasks: list[Task] = field(default_factory=list)
    wanted: bool = True
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def given_up(self, task: Task, reason: str, *, passing: bool) -> None:
        if self.deaf:
            self.deaf -= 1
            raise ValueError("no room to write it down")
        self.given_up_tasks.append((task, reason))
        self.news.set()

    async def late(self, task: Task, reason: str, *, told: bool) -> bool:
        self.late_tasks.append((task, reason, told))
        self.news.set()
        return self.wanted

    async def over(self, task: Task) -> None:
        self.over_tasks.append(task)
        self.news.set()
