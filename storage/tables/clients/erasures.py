"""The table of erasures: who asked to be erased, until when they can stop it, and what became of it."""

from sqlalchemy import Column, Index

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Json, constant

erasures = table(
    "erasures",
    points_to("person_id", "people"),
    # asked, stopped, erased (its rows), done (everything else as well); see bot.privacy.model
    text("state"),
    whole("version", server_default="1"),
    moment("asked_at"),
    # when it is done, unless it is stopped before
    moment("due_at"),
    moment("erased_at", nullable=True),
    moment("ended_at", nullable=True),
    # when the person came in: with their number it names them in an older backup too, where that may be another's
    moment("person_since"),
    # how many things of each kind went, and stay; see bot.privacy.model
    Column("gone", Json, nullable=True),
    Column("stays", Json, nullable=True),
    # by what they are named in what came and was sent, and their files; none once these are swept
    Column("marks", Json, nullable=True),
    Column("files", Json, nullable=True),
)
# Of all there ever were few are under way; a query that is to use the index says its very words.
UNDER_WAY = erasures.c.state.in_([constant(state) for state in ("asked", "erased")])
Index("ix_erasures_under_way", erasures.c.tenant, erasures.c.person_id, unique=True,
      sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)  # fmt: skip
Index("ix_erasures_person_id", erasures.c.person_id, erasures.c.id)
ENDED = erasures.c.erased_at.is_not(None)
Index("ix_erasures_erased", erasures.c.id, sqlite_where=ENDED, postgresql_where=ENDED)
