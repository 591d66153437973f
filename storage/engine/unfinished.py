"""The mark of a server's database into which a backup is being put back: until that is done nobody may work with it.

A kill in the middle would else leave one that looks whole, and from which everything that waits would be sent. It is a
schema, which no backup of ours holds.
"""

from sqlalchemy import URL, Connection, text

from storage.engine.unusable import Unusable, named

MARK = "echopilot_being_restored"


def mark(connection: Connection) -> None:
    """Set the mark; the connection commits by itself."""
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {MARK}"))


def unmark(connection: Connection) -> None:
    """Take it away."""
    connection.execute(text(f"DROP SCHEMA IF EXISTS {MARK}"))


def check_finished(connection: Connection, url: URL) -> None:
    """Raise Unusable where the mark stands."""
    if connection.execute(text("SELECT to_regnamespace(:mark) IS NOT NULL"), {"mark": MARK}).scalar_one():
        raise Unusable(
            f"A backup is being put back into the database {named(url)}, or that was broken off. Let it end; if it did "
            "not say “Put back”, make an empty database, name it in DATABASE_URL, and run `echopilot restore` again."
        )
