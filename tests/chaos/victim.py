"""The program as the harness starts it: `bot`, with shorter waits, and by environment a crash point or a planted fault.

CHAOS_POINT names a file; while it holds "place:side:n" (for example "commit:before:7" or "stripe.invoice:after:1"), the
process kills itself the n-th time it passes there, counted from when the file was written. CHAOS_FAULT names a fault of
`tests.chaos.faults`. Nothing of this is in the program itself.
"""

import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

import bot.adapters.stripe.events as stripe_events
import bot.adapters.stripe.requests as stripe_requests
import bot.reconciliation.model as reconciling
import bot.refunds.sending as refunding
import handlers.routing.polling as updates
from bot.adapters.notion.mirror import NotionMirror
from bot.adapters.openai.models import OpenAIModels
from bot.adapters.stripe.payments import StripePayments
from bot.adapters.telegram.chat import Telegram
from bot.billing.webhooks import Webhooks
from bot.kernel.timing import IN_PRODUCTION
from sandbox.demo.lifeline import end_with_the_parent
from tests.chaos.faults import FAULTS

MINUTE_SECONDS = 1.0  # of a fuse
VERBS: dict[str, tuple[type, str]] = {
    "telegram.send": (Telegram, "send"),
    "telegram.edit": (Telegram, "edit"),
    "telegram.answer": (Telegram, "answer"),
    "openai.ask": (OpenAIModels, "ask"),
    "stripe.customer": (StripePayments, "customer"),
    "stripe.invoice": (StripePayments, "invoice"),
    "stripe.read_invoice": (StripePayments, "read_invoice"),
    "stripe.charges": (StripePayments, "charges"),
    "stripe.refund": (StripePayments, "refund"),
    "stripe.moves": (StripePayments, "moves"),
    "notion.find_row": (NotionMirror, "find_row"),
    "notion.make_row": (NotionMirror, "make_row"),
    "notion.change_row": (NotionMirror, "change_row"),
}


def hurry() -> None:
    """The sandbox is not Notion, and nobody has to be spared by waiting: with the real waits a trial takes hours."""
    shorter = {"first_retry": 0.2, "longest_retry": 2.0, "left_alone": 3.0, "minute": MINUTE_SECONDS}
    for name, seconds in shorter.items():
        object.__setattr__(IN_PRODUCTION, name, seconds)  # the program is started as anybody starts it
    polling: Any = updates
    polling.PAUSE_SECONDS, polling.LONGEST_PAUSE_SECONDS = 0.1, 1.0
    refunds: Any = refunding
    refunds.CHECKS = tuple(timedelta(seconds=seconds) for seconds in (0.5, 1.0, 2.0))
    books: Any = reconciling
    books.ON_ITS_WAY = timedelta(0)


class Point:
    """The place where the process is to die, read anew from `file` each time a place is passed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._wanted = ""
        self._passed: Counter[str] = Counter()

    def passing(self, place: str) -> None:
        try:
            wanted = self._file.read_text()
        except FileNotFoundError:
            wanted = ""
        if wanted != self._wanted:
            self._wanted = wanted
            self._passed.clear()
        self._passed[place] += 1
        if wanted == f"{place}:{self._passed[place]}":
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_verb(self, name: str, owner: Any, method: str) -> None:
        """Before the call, and after the provider has answered it."""
        original: Callable[..., Awaitable[Any]] = getattr(owner, method)

        async def watched(*arguments: Any, **named: Any) -> Any:
            self.passing(f"{name}:before")
            result = await original(*arguments, **named)
            self.passing(f"{name}:after")
            return result

        setattr(owner, method, watched)

    def watch_webhooks(self) -> None:
        """Between a webhook's check and its keeping; the place has the event's type."""
        adapter: Any = stripe_events
        original = adapter.event_in

        def watched(payload: bytes) -> Any:
            event = original(payload)
            self.passing(f"webhook {event.type}:after")
            return event

        adapter.event_in = watched

    def watch_events(self) -> None:
        """Between what a kept event brings about and its being marked as handled; the place has the event's type."""
        webhooks: Any = Webhooks
        original = webhooks._deal

        async def watched(service: Webhooks, payload: dict[str, Any]) -> Any:
            ended = await original(service, payload)
            self.passing(f"event {payload['type']}:after")
            return ended

        webhooks._deal = watched

    def watch_commits(self) -> None:
        """Before and after each commit of a transaction that writes."""
        original: Callable[..., None] = DefaultDialect.do_commit

        def do_commit(dialect: DefaultDialect, connection: Any) -> None:
            self.passing("commit:before")
            original(dialect, connection)
            self.passing("commit:after")

        class_: Any = DefaultDialect
        class_.do_commit = do_commit


def main() -> None:
    """What `python -m bot` does, on the terms above."""
    end_with_the_parent()
    hurry()
    if name := os.environ.get("CHAOS_FAULT"):
        FAULTS[name].plant()
    if file := os.environ.get("CHAOS_POINT"):
        point = Point(Path(file))
        for name, (owner, method) in VERBS.items():
            point.watch_verb(name, owner, method)
        point.watch_verb("stripe.call", stripe_requests, "ask")
        point.watch_webhooks()
        point.watch_events()
        point.watch_commits()
    from bot.__main__ import main as run

    run()


if __name__ == "__main__":
    main()
