"""The gate's tables: prompts and their duels, what the gate would have decided, and how people judged it."""

from sqlalchemy import Column, Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Bool, Json

# Versions of what models are told; at most one is active per purpose and type.
prompts = table(
    "prompts",
    # draft, judge, intake
    text("purpose"),
    # a task type, or "" for all of them
    text("task_type"),
    whole("version"),
    text("system"),
    text("changelog"),
    points_to("author_id", "people", nullable=True),
    Column("active", Bool, nullable=False),
    moment("created_at"),
    UniqueConstraint("tenant", "purpose", "task_type", "version"),
)

# What the gate said of the draft that it decided on, and what a person said of the same text.
verdicts = table(
    "verdicts",
    points_to("brief_id", "briefs"),
    points_to("draft_id", "drafts"),
    text("content_hash"),
    text("task_type"),
    # the judge's score that counts, in hundredths of a point; null where not scored
    whole("weighted", nullable=True),
    whole("target"),
    Column("passed", Bool, nullable=False),
    # passed, and yet shown to a person who does not know it
    Column("audited", Bool, nullable=False),
    # a person decides on it without its scores; a random share of what passed and of what did not, so that it tells
    # nothing
    Column("blind", Bool, nullable=False),
    points_to("prompt_id", "prompts", nullable=True),
    text("judge_model"),
    # approved, sent_back, rejected, edited; null until a person decided, or where none was asked
    text("human", nullable=True),
    points_to("person_id", "people", nullable=True),
    moment("created_at"),
    moment("decided_at", nullable=True),
    UniqueConstraint("draft_id"),
)
Index("ix_verdicts_tenant_created_at", verdicts.c.tenant, verdicts.c.created_at)
Index("ix_verdicts_tenant_task_type", verdicts.c.tenant, verdicts.c.task_type, verdicts.c.id)
Index("ix_verdicts_brief_id", verdicts.c.brief_id)

# Stretches of time of which the four tables below hold counts (storage.quality.folds). A stretch in which
# something changes is deleted with its counts, and counted anew by the job `learning`.
verdict_folds = table(
    "verdict_folds",
    # how long the stretch is (1, 8, 64 or 512), and how many of that length there were since 1970
    whole("days"),
    whole("number"),
    # the criteria's floors that were in force: other floors, other counts
    text("floors"),
    UniqueConstraint("tenant", "days", "number"),
)

# Of every stretch: how many verdicts there were of each kind, and the sum of their scores.
verdict_counts = table(
    "verdict_counts",
    points_to("fold_id", "verdict_folds"),
    text("task_type"),
    points_to("prompt_id", "prompts", nullable=True),
    text("judge_model"),
    Column("passed", Bool, nullable=False),
    Column("blind", Bool, nullable=False),
    # a person let it out as it was; null where nobody decided
    Column("good", Bool, nullable=True),
    whole("decisions"),
    whole("scored"),
    whole("weighted"),
)
Index("ix_verdict_counts_fold_id", verdict_counts.c.fold_id)

# Of every stretch: how many drafts with so many points people let out or did not, of those that a target decides on.
label_counts = table(
    "label_counts",
    points_to("fold_id", "verdict_folds"),
    text("task_type"),
    text("judge_model"),
    whole("points"),
    Column("good", Bool, nullable=False),
    whole("labels"),
)
Index("ix_label_counts_fold_id", label_counts.c.fold_id)

# Of every stretch: how many ratings there were of each number of stars.
star_counts = table(
    "star_counts",
    points_to("fold_id", "verdict_folds"),
    text("task_type"),
    whole("stars"),
    whole("ratings"),
)
Index("ix_star_counts_fold_id", star_counts.c.fold_id)

# Of every stretch: how many known-bad drafts the judge let through, and how many it held.
probe_counts = table(
    "probe_counts",
    points_to("fold_id", "verdict_folds"),
    text("task_type"),
    Column("passed", Bool, nullable=False),
    whole("probes"),
)
Index("ix_probe_counts_fold_id", probe_counts.c.fold_id)

# Known-bad drafts that were put before the judge unannounced.
probes = table(
    "probes",
    points_to("brief_id", "briefs", nullable=True),
    text("golden"),
    text("task_type"),
    text("judge_model"),
    whole("weighted", nullable=True),
    # the judge let it through
    Column("passed", Bool, nullable=False),
    moment("created_at"),
)
Index("ix_probes_tenant_created_at", probes.c.tenant, probes.c.created_at)
Index("ix_probes_brief_id", probes.c.brief_id, sqlite_where=probes.c.brief_id.is_not(None),
      postgresql_where=probes.c.brief_id.is_not(None))  # fmt: skip

# What clients thought of delivered work: labels of their own, kept apart from operators' verdicts.
ratings = table(
    "ratings",
    points_to("brief_id", "briefs"),
    points_to("client_id", "people"),
    # the brief's
    text("task_type", server_default=""),
    # 1 to 5
    whole("stars"),
    text("comment", nullable=True),
    points_to("revision_id", "briefs", nullable=True),
    moment("created_at"),
    UniqueConstraint("brief_id"),
)
Index("ix_ratings_client_id_id", ratings.c.client_id, ratings.c.id)
Index("ix_ratings_revision_id", ratings.c.revision_id, sqlite_where=ratings.c.revision_id.is_not(None),
      postgresql_where=ratings.c.revision_id.is_not(None))  # fmt: skip
Index("ix_ratings_tenant_created_at_stars", ratings.c.tenant, ratings.c.created_at, ratings.c.stars)
Index("ix_ratings_tenant_task_type", ratings.c.tenant, ratings.c.task_type, ratings.c.created_at, ratings.c.stars)

# Targets that an admin adopted; the newest of a task type counts.
adopted_lines = table(
    "adopted_lines",
    text("task_type"),
    whole("target"),
    # the target that was the newest before, 0 for none: of two that are adopted at once, one is too late
    whole("replaces"),
    Column("evidence", Json, nullable=False),
    points_to("person_id", "people"),
    moment("created_at"),
    UniqueConstraint("tenant", "task_type", "replaces"),
)
Index("ix_adopted_lines_tenant_task_type", adopted_lines.c.tenant, adopted_lines.c.task_type, adopted_lines.c.id)

duels = table(
    "duels",
    text("task_type"),
    points_to("prompt_a", "prompts"),
    points_to("prompt_b", "prompts"),
    # running; won_a, won_b, undecided; stopped by a person
    text("state"),
    points_to("person_id", "people"),
    moment("created_at"),
    moment("ended_at", nullable=True),
)

Index("ix_duels_running", duels.c.tenant, duels.c.task_type, unique=True, sqlite_where=duels.c.state == "running",
      postgresql_where=duels.c.state == "running")  # fmt: skip

duel_pairs = table(
    "duel_pairs",
    points_to("duel_id", "duels"),
    points_to("brief_id", "briefs"),
    text("text_a"),
    text("text_b"),
    # a, b or tie; null until it was judged
    text("winner", nullable=True),
    moment("created_at"),
    UniqueConstraint("duel_id", "brief_id"),
)
Index("ix_duel_pairs_brief_id", duel_pairs.c.brief_id)
