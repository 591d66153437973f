"""The tables of signing in to the pages.

Each has a tenant; times are UTC. Of links, keys and cookies only the SHA-256 is kept.
"""

from sqlalchemy import Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole

# A link to sign in by: for one person, once, and not for long.
sign_in_links = table(
    "sign_in_links",
    points_to("person_id", "people"),
    # what they were when they asked for it: a link of before a change is void
    text("role"),
    text("code_hash", unique=True),
    moment("made_at"),
    moment("used_at", nullable=True),
)
Index("ix_sign_in_links_made_at", sign_in_links.c.made_at)

# A person's dashboard key; a new one takes the place of the one before.
dashboard_keys = table(
    "dashboard_keys",
    points_to("person_id", "people"),
    text("key_hash", unique=True),
    moment("made_at"),
    moment("used_at", nullable=True),
    UniqueConstraint("tenant", "person_id"),
)

sessions = table(
    "sessions",
    points_to("person_id", "people"),
    text("role"),
    text("token_hash", unique=True),
    # link, key, telegram
    text("way"),
    # browser and machine, in few words
    text("device"),
    moment("began_at"),
    moment("seen_at"),
    moment("ended_at", nullable=True),
)
Index("ix_sessions_person_id", sessions.c.person_id, sessions.c.id)
Index("ix_sessions_seen_at", sessions.c.seen_at)

# How often somebody tried to sign in from one place, which is the checksum of an address.
sign_in_places = table(
    "sign_in_places",
    text("place"),
    moment("since"),
    whole("tries", server_default="0"),
    # failures in a row, and the last of them
    whole("failures", server_default="0"),
    moment("failed_at", nullable=True),
    UniqueConstraint("tenant", "place"),
)
Index("ix_sign_in_places_since", sign_in_places.c.since)
