"""The tables of incidents, and of who is on duty."""

from sqlalchemy import Index

from storage.engine.schema import moment, points_to, table, text, whole

# Alerts of one time and cause; what happened to it are events of its subject.
incidents = table(
    "incidents",
    # of one that a person opened; else it is called after its first alert
    text("title"),
    text("severity"),
    whole("version", server_default="1"),
    moment("opened_at"),
    # none where alerts opened it
    points_to("opened_by", "people", nullable=True),
    # when the last alert joined it, or somebody wrote something
    moment("changed_at"),
    # since when no alert of it is open
    moment("calm_since", nullable=True),
    points_to("taken_by", "people", nullable=True),
    moment("taken_at", nullable=True),
    # how far the ladder of paging was climbed, and when last
    whole("rung", server_default="0"),
    moment("paged_at", nullable=True),
    moment("closed_at", nullable=True),
    # none where it ended by itself
    points_to("closed_by", "people", nullable=True),
    # what a model made of its events, which model, and up to which event; no model: plain rules
    text("summary", nullable=True),
    text("summary_model", nullable=True),
    whole("summary_event", server_default="0"),
)
OPEN = incidents.c.closed_at.is_(None)
Index("ix_incidents_open", incidents.c.tenant, incidents.c.id, sqlite_where=OPEN, postgresql_where=OPEN)
Index("ix_incidents_tenant_id", incidents.c.tenant, incidents.c.id)
Index("ix_incidents_opened_at", incidents.c.tenant, incidents.c.opened_at)

# Who is paged first and second; a duty that was offered begins when its person takes it.
duties = table(
    "duties",
    points_to("person_id", "people"),
    # 1 is paged first, 2 after that
    whole("place"),
    points_to("offered_by", "people", nullable=True),
    moment("offered_at"),
    # the note on the shift before, and the model that wrote it; no model: plain rules
    text("note", nullable=True),
    text("note_model", nullable=True),
    moment("since", nullable=True),
    moment("until", nullable=True),
)
NOW = duties.c.since.is_not(None) & duties.c.until.is_(None)
Index("ix_duties_now", duties.c.tenant, duties.c.place, unique=True, sqlite_where=NOW, postgresql_where=NOW)
STANDS = duties.c.until.is_(None)
Index("ix_duties_stands", duties.c.tenant, duties.c.person_id, sqlite_where=STANDS, postgresql_where=STANDS)
