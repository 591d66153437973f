"""What a process counts of itself: one port, over a registry of prometheus-client and counts by the minute.

Names and units as Prometheus wants them: https://prometheus.io/docs/practices/naming/. What is counted for a page of
metrics is this process's own, since it began; what is counted by the minute is kept in the database, for all processes.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.kernel.clock import Clock
from bot.kernel.errors import CircuitOpen, ProviderError
from bot.kernel.money import Money
from bot.ops.minutes import Minutes
from bot.ops.series import QUICK_SECONDS, Series, of_provider
from storage.engine.database import Database, despite_faults

FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, QUICK_SECONDS, 1.0, 2.5, 10.0)
SLOW = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
LOOP_SECONDS = 1.0
WRITE_SECONDS = 15.0
NO_ROUTE = "none"
NAMESPACE = "echopilot"
WEBHOOKS = "/webhooks/"
MOST_MODELS, OTHER = 50, "other"  # a provider names the model that served as it likes, and each is a row for ever


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits when somebody asks: tasks, and how long the oldest has been due; items of the outbox by channel."""

    tasks: int
    oldest_seconds: float
    outbox: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Requests:
    """What one route answered with one status: in all, and since it was last counted by the minute."""

    seconds: Histogram
    quick: int = 0
    slow: int = 0


@dataclass(frozen=True, slots=True)
class Running:
    """A process of this database: where and what it is, whether it gave a sign of life of late, and its roles, each
    since when in seconds since 1970.
    """

    host: str
    process: str
    parts: str
    version: str
    alive: bool
    roles: Mapping[str, float] = field(default_factory=dict)


class Metrics:
    """Counts. Each verb takes a few microseconds and raises nothing."""

    def __init__(self, clock: Clock) -> None:
        self.minutes = Minutes(clock)
        self.registry = CollectorRegistry()
        self._web = self._seconds("http_seconds", "Requests answered.", ["route", "status"])
        self._updates = self._seconds("update_seconds", "From an update's arrival to its answer.", ["kind", "outcome"])
        self._jobs = self._seconds("job_seconds", "Runs of scheduled jobs.", ["job", "state"], SLOW)
        self._calls = self._seconds("provider_seconds", "Calls to providers.", ["provider", "verb", "outcome"], SLOW)
        self._sent = self._counter("outbox", "Items of the outbox, by what became of them.", ["channel", "state"])
        self._tokens = self._counter("model_tokens", "Tokens of models.", ["model", "way"])
        self._cost = self._counter("model_cost_usd", "What models cost.", ["model", "purpose"])
        self._money = self._counter("money_minor", "Money that moved, in minor units.", ["what", "currency"])
        self._lag = self._seconds("loop_lag_seconds", "How late the event loop is.", [])
        self._tasks = self._gauge("tasks_waiting", "Tasks that wait or run.", [])
        self._oldest = self._gauge("tasks_oldest_seconds", "How long the oldest waiting task has been due.", [])
        self._outbox = self._gauge("outbox_waiting", "Items that wait to be sent.", ["channel"])
        self._left = self._gauge("slo_budget_left", "The share of a service level's budget that is left.", ["slo"])
        of_process = ["host", "process"]
        self._up = self._gauge("process_up", "Whether a process is alive.", [*of_process, "parts", "version"])
        self._roles = self._gauge("role_since_seconds", "Since when a process has a role alone.", [*of_process, "role"])
        self._requests: dict[tuple[str, int], _Requests] = {}
        self._models: set[str] = set()
        ProcessCollector(namespace=NAMESPACE, registry=self.registry)

    def _seconds(self, name: str, words: str, labels: list[str], buckets: Sequence[float] = FAST) -> Histogram:
        return Histogram(name, words, labels, namespace=NAMESPACE, registry=self.registry, buckets=buckets)

    def _counter(self, name: str, words: str, labels: list[str]) -> Counter:
        return Counter(name, words, labels, namespace=NAMESPACE, registry=self.registry)

    def _gauge(self, name: str, words: str, labels: list[str]) -> Gauge:
        return Gauge(name, words, labels, namespace=NAMESPACE, registry=self.registry)

    def request(self, route: str, status: int, seconds: float) -> None:
        """A request was answered. route: as the router names it."""
        known = self._requests.get((route, status))
        if known is None:
            known = self._requests[route, status] = _Requests(self._web.labels(route, status))
        known.seconds.observe(seconds)
        if seconds < QUICK_SECONDS:
            known.quick += 1
        else:
            known.slow += 1

    def settle(self) -> None:
        """Count the requests since the last time by the minute: webhooks come by the thousand a second."""
        for (route, status), known in self._requests.items():
            quick, slow, known.quick, known.slow = known.quick, known.slow, 0, 0
            if not quick + slow:
                continue
            self.minutes.note(Series.WEB, good=status < 500, times=quick + slow)
            self.minutes.note(Series.WEB_QUICK, good=True, times=quick)
            self.minutes.note(Series.WEB_QUICK, good=False, times=slow)
            if route.startswith(WEBHOOKS) and 400 <= status < 500:  # of what is ours it says nothing
                self.minutes.note(Series.DOOR, good=False, times=quick + slow)
            elif route.startswith(WEBHOOKS):
                self.minutes.note(Series.WEBHOOKS, good=status < 400, times=quick + slow)

    def update(self, kind: str, outcome: str, seconds: float) -> None:
        """Something that came from a chat was answered, so long after it arrived."""
        self._updates.labels(kind, outcome).observe(max(0.0, seconds))
        self.minutes.note(Series.CHAT_QUICK, good=seconds < QUICK_SECONDS and outcome != "fault")

    def job(self, name: str, state: str, seconds: float) -> None:
        """A run of a job ended."""
        self._jobs.labels(name, state).observe(max(0.0, seconds))
        self.minutes.note(Series.JOBS, good=state == "done")

    @contextmanager
    def call(self, provider: str, verb: str) -> Iterator[None]:
        """Within it a provider is asked: how long that takes, and what comes of it."""
        began, outcome = time.perf_counter(), "answered"
        try:
            yield
        except CircuitOpen:
            outcome = "not asked"
            raise
        except ProviderError as error:
            outcome = "refused" if error.permanent else "not answered"
            raise
        except BaseException:
            outcome = "left"
            raise
        finally:
            self.called(provider, verb, outcome, time.perf_counter() - began)

    def called(self, provider: str, verb: str, outcome: str, seconds: float) -> None:
        """A call to a provider ended: "answered", "refused", "not answered", or one that says nothing of it."""
        self._calls.labels(provider, verb, outcome).observe(seconds)
        if outcome in {"answered", "refused", "not answered"}:
            self.minutes.note(of_provider(provider), good=outcome != "not answered")

    def answer(self, model: str, purpose: str, tokens: tuple[int, int], micro_usd: int) -> None:
        """What an answer of a model cost. tokens: those that it read, and those that it wrote."""
        if model not in self._models and len(self._models) >= MOST_MODELS:
            model = OTHER
        self._models.add(model)
        self._tokens.labels(model, "in").inc(tokens[0])
        self._tokens.labels(model, "out").inc(tokens[1])
        self._cost.labels(model, purpose).inc(micro_usd / 1_000_000)

    def item(self, channel: str, state: str) -> None:
        """Something of the outbox was delivered, or not."""
        self._sent.labels(channel, state).inc()

    def money(self, what: str, amount: Money) -> None:
        """Money moved: "paid", "refunded"."""
        self._money.labels(what, amount.currency).inc(max(0, amount.minor))

    def lag(self, seconds: float) -> None:
        """The event loop was so late."""
        self._lag.observe(seconds)

    async def write(self, database: Database) -> None:
        """Write what was counted by the minute since the last time; what is not taken is written later."""
        self.settle()
        await self.minutes.write(database)

    def page(self, waiting: Waiting, left: Mapping[str, float], running: Sequence[Running] = ()) -> bytes:
        """All of it as Prometheus reads it. left: of each service level's budget, 1 is all."""
        self._set_running(running)
        self._tasks.set(waiting.tasks)
        self._oldest.set(waiting.oldest_seconds)
        self._outbox.clear()  # what waits nowhere is not named
        for channel, number in waiting.outbox.items():
            self._outbox.labels(channel).set(number)
        for name, share in left.items():
            self._left.labels(name).set(share)
        return generate_latest(self.registry)

    def _set_running(self, running: Sequence[Running]) -> None:
        """Processes and roles come and go, so what was said of them before is forgotten."""
        self._up.clear()
        self._roles.clear()
        for one in running:
            self._up.labels(one.host, one.process, one.parts, one.version).set(one.alive)
            for role, since in one.roles.items():
                self._roles.labels(one.host, one.process, role).set(since)


async def watch_loop(metrics: Metrics) -> None:
    """Measure how late the event loop is, and count the requests to the minute that they are in, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        await asyncio.sleep(LOOP_SECONDS)
        metrics.lag(max(0.0, loop.time() - began - LOOP_SECONDS))
        metrics.settle()


async def keep_written(metrics: Metrics, database: Database) -> None:
    """Write what is counted by the minute every WRITE_SECONDS until cancelled, and then once more."""
    try:
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            await despite_faults(lambda: metrics.write(database))
    finally:
        await despite_faults(lambda: metrics.write(database))
