"""How busy the machine is, what is too much, and how many tasks a worker should run at a time. Pure."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.alerts.model import Facts
from bot.capacity.settings import CapacitySettings
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import Load

SHARES = ("cpu_busy", "memory_low")  # what is measured in per cent
RELIEVED = 0.9  # what was too much is over below this part of its limit, so that it does not come and go
MEGABYTE = 1_000_000
FEWEST_CALLS = 10  # of fewer nothing is said of how models answer
SLOWER = 2.0  # times as long as usual is a provider at its limit
FAILING = 0.2  # and so is this part of its answers
UP, DOWN = 1.2, 0.8  # in one step, of which there is one in ten minutes


class Series(StrEnum):
    """What is kept of each hour: what was counted in it, or what was measured."""

    UPDATES = "updates"
    BRIEFS = "briefs"
    SPEND = "spend"
    FAILURES = "failures"
    REFUSED = "refused"
    FREE = "free_mb"
    DATABASE = "database_mb"
    MEMORY = "memory_mb"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Measured:
    """The machine at this moment. cpu: per cent of all its processors, on average of the last minutes; None while that
    is not known.

    memory: per cent of it that is taken; own_bytes: what this process holds. free_bytes: of the disk that the database
    is on, and database_bytes: how large that is; None where it is another machine's.
    """

    cpu: int | None
    memory: int
    own_bytes: int
    free_bytes: int | None
    database_bytes: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The machine, the queue, and how late the event loop is at worst, in milliseconds."""

    machine: Measured
    queue: int
    lag_ms: int


@dataclass(frozen=True, slots=True)
class Held:
    """A value held against its limit. rule: the alert that it is where it is too much. over: None between the limit and
    where it is surely over.
    """

    rule: str
    value: int
    limit: int
    over: bool | None

    @property
    def facts(self) -> Facts:
        """What the alert's words name."""
        return {"share": self.value} if self.rule in SHARES else {"value": self.value, "limit": self.limit}


def held_against(reading: Reading, limits: CapacitySettings) -> Iterator[Held]:
    """Everything that has a limit."""
    machine = reading.machine
    if machine.cpu is not None:
        yield _most("cpu_busy", machine.cpu, limits.cpu_limit_percent)
    yield _most("memory_low", machine.memory, limits.memory_limit_percent)
    yield _most("loop_late", reading.lag_ms, limits.lag_limit_ms)
    yield _most("queue_long", reading.queue, limits.queue_limit)
    if machine.free_bytes is not None:
        free = machine.free_bytes // MEGABYTE
        least = limits.disk_least_mb
        yield Held("disk_low", free, least, True if free < least else False if free * RELIEVED >= least else None)


def _most(rule: str, value: int, limit: int) -> Held:
    return Held(rule, value, limit, True if value > limit else False if value <= limit * RELIEVED else None)


def pressed(reading: Reading, limits: CapacitySettings) -> str | None:
    """What of the machine is at its limit, so that it should be given less to do; None where nothing is."""
    too_much = {held.rule for held in held_against(reading, limits) if held.over}
    words = {"cpu_busy": "the processors are busy", "memory_low": "memory is short", "loop_late": "answers are late"}
    return next((said for rule, said in words.items() if rule in too_much), None)


@dataclass(frozen=True, slots=True)
class Answers:
    """How models answered in the last minutes: how many calls, of which so many failed, and how long half of them took
    at most, in milliseconds; usual_ms: the same of the day before.
    """

    calls: int
    failed: int
    latency_ms: int
    usual_ms: int

    @property
    def strained(self) -> str | None:
        """What says that the provider is at its limit; None where nothing does, or too few calls were made."""
        if self.calls < FEWEST_CALLS:
            return None
        if self.failed >= FAILING * self.calls:
            return f"{self.failed} of {self.calls} calls of models failed"
        if self.usual_ms and self.latency_ms >= SLOWER * self.usual_ms:
            return f"models take {self.latency_ms} ms, usually {self.usual_ms} ms"
        return None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which numbers a worker's size may move, and the one that the setting gives it."""

    least: int
    normal: int
    most: int

    @classmethod
    def of(cls, normal: int, limits: CapacitySettings) -> "Bounds":
        """The setting is within the bounds, whatever these say."""
        least, most = limits.worker_concurrency_least, limits.worker_concurrency_most
        return cls(min(least, normal), normal, max(most, normal))


@dataclass(frozen=True, slots=True)
class Size:
    """How many tasks a worker should run at a time, and why."""

    size: int
    reason: str


def next_size(load: Load, answers: Answers, pressure: str | None, bounds: Bounds) -> Size:
    """One step: down where the provider or the machine is at its limit, up where work waits, else back to the setting.

    A step is a fifth at most, so it takes an hour to double, and it never goes below what runs: nothing is broken off.
    """
    now = min(max(load.size, bounds.least), bounds.most)
    strain = pressure or answers.strained
    if strain is not None:
        lower = max(bounds.least, math.floor(now * DOWN), min(load.running, now))
        return Size(lower, strain if lower < now else f"{strain}; it is as low as it may be for now")
    if load.ready and load.running >= now:
        higher = min(bounds.most, math.ceil(now * UP))
        return Size(higher, f"{load.ready} tasks wait" if higher > now else f"{load.ready} tasks wait at the bound")
    if now < bounds.normal:
        return Size(min(bounds.normal, math.ceil(now * UP)), "nothing is at its limit any more")
    if now > bounds.normal and load.running < bounds.normal:
        return Size(max(bounds.normal, math.floor(now * DOWN), load.running), "the rush is over")
    return Size(now, "as it should be")


def workers_needed(load: Load, size: int) -> int:
    """How many worker processes of this size all that runs and waits would fill."""
    return max(1, math.ceil((load.ready + load.everywhere) / max(1, size)))


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a model drafted of a type: so many were decided on, and so many of them approved."""

    task_type: TaskType
    model: str
    decided: int
    approved: int


@dataclass(frozen=True, slots=True)
class Route:
    """A model for a type that would do as well for less. Costs are of a draft, in millionths of a US dollar."""

    task_type: TaskType
    present: Drafted
    better: Drafted
    present_cost: int
    better_cost: int

    @property
    def saved(self) -> int:
        """What the last thirty days would have cost less."""
        return self.present.decided * (self.present_cost - self.better_cost)

    @property
    def facts(self) -> Facts:
        """What a proposal's words name."""
        return {
            "type": self.task_type.value,
            "setting": f"DRAFT_MODEL_{self.task_type.name}",
            "present": self.present.model,
            "present_share": _share(self.present),
            "present_usd": self.present_cost,
            "model": self.better.model,
            "model_share": _share(self.better),
            "model_usd": self.better_cost,
            "saved_usd": self.saved,
            "drafts": self.present.decided,
        }


def _share(of: Drafted) -> int:
    return round(100 * of.approved / of.decided)


@dataclass(frozen=True, slots=True)
class Concurrency:
    """A number of tasks at once that held against the setting; tasks waited in so many of so many hours."""

    present: int
    proposed: int
    reason: str
    since: datetime
    waited: int
    hours: int

    def facts(self, now: datetime) -> Facts:
        """What a proposal's words name."""
        return {
            "setting": "WORKER_CONCURRENCY",
            "present": self.present,
            "n": self.proposed,
            "held_hours": round((now - self.since).total_seconds() / 3600),
            "reason": self.reason,
            "busy": self.waited,
            "all": self.hours,
        }
