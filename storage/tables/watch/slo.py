"""The tables of service levels. Whose they are is the installation, whoever caused what is counted."""

from sqlalchemy import Index, UniqueConstraint

from storage.engine.schema import moment, table, text, whole

# How many events of a series went well, and how many did not, in a minute or an hour.
metric_counts = table(
    "metric_counts",
    # see bot.ops.series
    text("series"),
    moment("at"),
    # seconds: 60, or 3600 once the minutes of an hour were added up
    whole("stretch"),
    # the process that counted; "" once those of all were added up
    text("source"),
    whole("good"),
    whole("bad"),
    UniqueConstraint("tenant", "series", "at", "stretch", "source"),
)
Index("ix_metric_counts_stretch_at", metric_counts.c.stretch, metric_counts.c.at)

# How a service level stands, as admins were last told.
slo_states = table(
    "slo_states",
    text("slo"),
    # page, ticket; none while its budget does not burn
    text("burning", nullable=True),
    moment("burning_since", nullable=True),
    # percent of the budget that admins heard of as used up
    whole("step", server_default="0"),
    UniqueConstraint("tenant", "slo"),
)

# How each stood at each hour: over its window then.
slo_reports = table(
    "slo_reports",
    text("slo"),
    moment("at"),
    whole("good"),
    whole("bad"),
    # hundredths of a percent of the budget
    whole("used"),
    # hundredths: 100 uses up exactly all of it within its window
    whole("burn"),
    UniqueConstraint("tenant", "slo", "at"),
)
Index("ix_slo_reports_tenant_at", slo_reports.c.tenant, slo_reports.c.at)

# Up to which row each stream of what happened was written to its file.
stream_marks = table(
    "stream_marks",
    text("stream"),
    whole("mark"),
    UniqueConstraint("tenant", "stream"),
)
