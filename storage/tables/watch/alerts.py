"""The tables of alerts, and of what people did about them by runbooks."""

from sqlalchemy import Column, Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Json, constant

# One row for whatever a rule can find wrong, by what it found it of; it opens again when that comes back.
alerts = table(
    "alerts",
    text("rule"),
    # of what: "heartbeat" for a job; the same one is never told of twice
    text("fingerprint"),
    # critical, warning, notice
    text("severity"),
    Column("facts", Json, nullable=False),
    whole("version", server_default="1"),
    moment("opened_at"),
    moment("seen_at"),
    # how often it was found since it opened
    whole("times", server_default="1"),
    # how often it opened since that time: one that comes and goes is told more quietly
    whole("openings", server_default="1"),
    moment("openings_since"),
    # when it came last: it opened, or was there again after it was gone for a moment
    moment("came_at", nullable=True),
    # of one that comes and goes: since when it is gone
    moment("gone_since", nullable=True),
    # the people who were shown its card
    Column("told", Json, nullable=False),
    points_to("taken_by", "people", nullable=True),
    moment("taken_at", nullable=True),
    moment("snoozed_until", nullable=True),
    # when it was last told loudly, and how often since it opened
    moment("nagged_at", nullable=True),
    whole("nags", server_default="0"),
    moment("resolved_at", nullable=True),
    # none where it went by itself
    points_to("resolved_by", "people", nullable=True),
    points_to("incident_id", "incidents", nullable=True),
    # when it went by mail since it opened, until that it is over went so, too
    moment("mailed_at", nullable=True),
    # when it opened: how much of its service level's budget was used up, in hundredths of a percent, and what somebody
    # had changed last
    whole("budget_used", nullable=True),
    Column("changed", Json, nullable=True),
    UniqueConstraint("tenant", "rule", "fingerprint"),
)
OPEN = alerts.c.resolved_at.is_(None)
Index("ix_alerts_open", alerts.c.tenant, alerts.c.id, sqlite_where=OPEN, postgresql_where=OPEN)
Index("ix_alerts_opened_at", alerts.c.tenant, alerts.c.opened_at)
Index("ix_alerts_incident_id", alerts.c.incident_id, alerts.c.id)
MAILED = alerts.c.mailed_at.is_not(None)
Index("ix_alerts_mailed", alerts.c.tenant, alerts.c.id, sqlite_where=MAILED, postgresql_where=MAILED)
GONE = alerts.c.resolved_at.is_not(None)
Index("ix_alerts_resolved_at", alerts.c.resolved_at, sqlite_where=GONE, postgresql_where=GONE)

# What somebody did about an alert by its runbook, and whether that helped.
runbook_runs = table(
    "runbook_runs",
    points_to("alert_id", "alerts"),
    # the alert's version that it was asked for: one tap does it once
    whole("alert_version"),
    text("action"),
    points_to("person_id", "people"),
    moment("done_at"),
    # in words of the program, by facts: what was done
    Column("facts", Json, nullable=False),
    # done until it was looked at; then helped or in_vain
    text("state"),
    moment("checked_at", nullable=True),
    UniqueConstraint("alert_id", "alert_version"),
)
UNCHECKED = runbook_runs.c.state == constant("done")
Index("ix_runbook_runs_unchecked", runbook_runs.c.tenant, runbook_runs.c.id, sqlite_where=UNCHECKED,
      postgresql_where=UNCHECKED)  # fmt: skip
