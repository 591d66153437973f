"""What went wrong in a played business, who saw to it, and what was counted."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from apscheduler.triggers.cron import CronTrigger

from bot.config.cron import trigger
from bot.ops.series import PROVIDERS, Series, of_provider
from bot.slo.model import SLOS
from jobs.catalog import JOBS
from sandbox.history.lives import HOUR, MINUTE, SECOND, Life, micros
from sandbox.history.sheet import Sheet
from sandbox.history.studio import FIRST_PERSON, Studio

STILL_OPEN = 50  # what went wrong with the newest so many briefs still is
HEARTBEATS, LONGEST = timedelta(days=90), timedelta(days=120)
WRONG = (  # rule, how bad, facts
    ("job_failed", "warning", {"job": "payout_reconcile", "reason": "Stripe: no answer"}),
    ("job_failed", "warning", {"job": "uptime", "reason": "Notion: no answer"}),
    ("provider_down", "critical", {"provider": "Notion", "reason": "no answer (TimeoutError)"}),
)
OFTEN = {  # in an hour, and how seldom one of them is bad
    Series.LOOKS: (240, 9_000), Series.WEB: (130, 4_000), Series.WEB_QUICK: (130, 90), Series.CHAT_QUICK: (60, 70),
    Series.WEBHOOKS: (8, 900), Series.CANARY: (1, 400), Series.JOBS: (110, 2_500),
    **{of_provider(name): (40, 700) for name in PROVIDERS},
}  # fmt: skip


class Watch:
    """Writes down what went wrong with some of the briefs, and what is counted."""

    def __init__(self, studio: Studio, sheet: Sheet, now: datetime) -> None:
        self._studio, self._sheet, self._now = studio, sheet, now

    def add(self, life: Life) -> None:
        """Every tenth brief something went wrong; every hundredth it was an incident, and somebody's duty ended."""
        if life.n % 10 == 0:
            self._alert(life)
        if life.n % 100 == 0:
            since = life.quoted_at
            self._sheet.add("duties", person_id=FIRST_PERSON, place=1, offered_at=since, since=since,
                            until=since + min(8 * HOUR, (micros(self._now) - since) // 2))  # fmt: skip

    def _alert(self, life: Life) -> None:
        at, still = life.quoted_at, life.n > self._studio.briefs - STILL_OPEN
        after = min(10 * MINUTE + life.n * 7 // 10 % 50 * MINUTE, (micros(self._now) - at) // 2)
        gone = None if still else at + after
        serious = life.n % 100 == 0
        rule, severity, facts = WRONG[2] if serious else WRONG[life.n // 10 % 2]
        incident = life.id if serious else None
        if incident is not None:
            self._incident(incident, severity, at, gone, {"rule": rule, "facts": facts})
        taken = at + after // 3 if serious and gone else None
        self._sheet.add(
            "alerts", id=life.id, rule=rule, fingerprint=f"seed{life.n}", severity=severity,
            facts=orjson.dumps(facts).decode(), version=1 + (gone is not None) + (taken is not None), told="[1001]",
            opened_at=at, seen_at=gone or at, openings_since=at, came_at=at, nagged_at=at, resolved_at=gone,
            incident_id=incident, taken_by=FIRST_PERSON if taken else None, taken_at=taken,
        )  # fmt: skip
        name, said = f"alert:{life.id}", {"rule": rule, "fingerprint": f"seed{life.n}", "facts": facts}
        self._sheet.happened("alert.raised", name, at, **said)
        if taken is not None:
            self._sheet.happened("alert.taken", name, taken, FIRST_PERSON)
            base = {"alert_version": 2, "person_id": FIRST_PERSON, "done_at": taken, "facts": "{}", "state": "helped"}
            self._sheet.add("runbook_runs", alert_id=life.id, action="pause_job", **base, checked_at=gone)
        if gone is not None:
            self._sheet.happened("alert.resolved", name, gone, rule=rule)

    def _incident(self, number: int, severity: str, at: int, gone: int | None, said: Mapping[str, Any]) -> None:
        closed, name = None if gone is None else gone + SECOND, f"incident:{number}"
        self._sheet.add("incidents", id=number, title="", severity=severity, opened_at=at, changed_at=at,
                        calm_since=gone, closed_at=closed)  # fmt: skip
        self._sheet.happened("incident.opened", name, at)
        self._sheet.happened("incident.joined", name, at, alert=number, **said)
        if closed is not None:
            self._sheet.happened("incident.recovered", name, closed)

    def counted(self) -> None:
        """Of each series what went well by the hour, and where each service level stood then."""
        hour = self._now.replace(minute=0, second=0, microsecond=0)
        for back in range(24 * self._studio.counted_days, 0, -1):
            at = micros(hour - timedelta(hours=back))
            for number, (series, (often, seldom)) in enumerate(OFTEN.items()):
                total = max(1, round(often * (1 + 0.4 * math.sin(back / 24 * math.tau))))
                bad = int((back * 7_919 + number * 104_729 + self._studio.seed) % seldom < total)
                self._sheet.add("metric_counts", series=series, at=at, stretch=3_600, source="", good=total - bad,
                                bad=bad)  # fmt: skip
            for number, slo in enumerate(SLOS):
                base = {"slo": slo.name, "at": at, "good": 10_000, "bad": 3 + number}
                used = 900 + 37 * number + (back * 31) % 1_300
                self._sheet.add("slo_reports", **base, used=used, burn=20 + (back * 17 + number) % 90)

    def jobs(self) -> None:
        """The last runs of each job, so that none was missed when the program starts."""
        for job in JOBS:
            cron = trigger(job.cron)
            since = self._since(cron, HEARTBEATS if job.name == "heartbeat" else None)
            at = cron.get_next_fire_time(None, since)
            while at is not None and at < self._now:
                self._run(job.name, micros(at))
                at = cron.get_next_fire_time(at, at + timedelta(seconds=1))

    def _since(self, cron: CronTrigger, back: timedelta | None) -> datetime:
        """From when on its runs are kept."""
        first = cron.get_next_fire_time(None, self._now)
        then = cron.get_next_fire_time(first, first + timedelta(seconds=1)) if first else None
        pause = then - first if first and then else timedelta()
        return self._now - (back or min(self._studio.runs * pause, LONGEST))

    def _run(self, job: str, at: int) -> None:
        took = SECOND // 20 + (at // SECOND * 7_919) % (2 * SECOND)
        self._sheet.add("job_runs", job=job, scheduled_at=at, state="done", commit="played", started_at=at,
                        finished_at=at + took, result="nothing to do")  # fmt: skip
