"""The tables of people, their invitations and rooms, and of who is signed in to the pages.

Each has a tenant; times are UTC; amounts are whole minor units beside a currency.
"""

from sqlalchemy import Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole

people = table(
    "people",
    whole("telegram_id", unique=True),
    text("name"),
    text("role"),
    # the role that an invitation or an admin gave; null where only ADMIN_TELEGRAM_IDS makes them an admin
    text("granted", nullable=True),
    # as their app says
    text("language"),
    # what they chose themselves, in place of what their app and their tenant say
    text("preferred_language", nullable=True),
    text("time_zone", nullable=True),
    # from when to when nothing is loud, "22:00-07:00", with a "!" behind it where that holds for what is critical too
    text("quiet_hours", nullable=True),
    # the topics that they do not hear, or only silently: "jobs=off mirror=silent"
    text("heard", nullable=True),
    text("email", nullable=True),
    # the target of a client's briefs where it is not their type's
    whole("qa_target", nullable=True),
    # "open", or "blocked" once Telegram says that the person stopped the bot
    text("reach", server_default="open"),
    moment("created_at"),
    moment("removed_at", nullable=True),
    # how they want finished texts as files: md, docx, pdf; null: md
    text("file_format", nullable=True),
    # of an admin's card of what is to be set up: what it showed as done, or that it is at an end
    text("setup_shown", nullable=True),
)
Index("ix_people_tenant_id", people.c.tenant, people.c.id)
Index("ix_people_tenant_role", people.c.tenant, people.c.role, people.c.id)
Index("ix_people_tenant_role_created_at", people.c.tenant, people.c.role, people.c.created_at)
Index("ix_people_own_line", people.c.tenant, people.c.id, sqlite_where=people.c.qa_target.is_not(None),
      postgresql_where=people.c.qa_target.is_not(None))  # fmt: skip

invites = table(
    "invites",
    text("code_hash", unique=True),
    text("role"),
    points_to("created_by", "people"),
    moment("created_at"),
    moment("expires_at"),
    points_to("redeemed_by", "people", nullable=True),
    moment("redeemed_at", nullable=True),
    moment("revoked_at", nullable=True),
)

# Groups in which what is otherwise told in private may be answered.
team_rooms = table(
    "team_rooms",
    whole("chat_id", unique=True),
    text("title"),
    points_to("bound_by", "people"),
    moment("bound_at"),
    moment("ended_at", nullable=True),
    # the /here that changed it last: the same one twice has one effect
    whole("message_id"),
)

# A link to sign in to the pages by: for one person, once, and not for long. Of links, keys and cookies only the SHA-256
# is kept.
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
