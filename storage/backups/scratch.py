"""An empty database of the same kind, for a while: what is tried in it touches nothing that anybody uses."""

import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from storage.backups.copying import NotCopied
from storage.migrations.migrate import engine_of


@contextmanager
def scratch(url: str, folder: Path) -> Iterator[str]:
    """The address of a database beside the one at `url`: a file in the folder, or another one on the same server.

    Raises NotCopied.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        yield f"sqlite:///{folder / 'scratch.db'}"
        return
    prefix = f"echopilot_scratch_{zlib.crc32(str(address.database).encode()):08x}_"
    _drop_left(url, prefix)
    name = f"{prefix}{secrets.token_hex(4)}"
    _run(url, f'CREATE DATABASE "{name}" TEMPLATE template0', str(address.username))
    made = address.set(database=name).render_as_string(hide_password=False)
    try:
        with _held(made):
            yield made
    finally:
        _run(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', str(address.username))


def _drop_left(url: str, prefix: str) -> None:
    """Drop those of ours that a killed process left: nobody is connected to them, so that it is let happen."""
    engine = engine_of(url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            query = text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)")
            for name in connection.execute(query, {"prefix": prefix}).scalars().all():
                with suppress(DBAPIError):
                    connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
    finally:
        engine.dispose()


@contextmanager
def _held(url: str) -> Iterator[None]:
    """Be connected to the database, by which others see that it is in use, until this process ends."""
    engine = engine_of(url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT 1"))
            yield
    finally:
        engine.dispose()


def _run(url: str, statement: str, user: str) -> None:
    engine = engine_of(url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        hint = f"; let it make databases: ALTER ROLE {user} CREATEDB" if "permission denied" in reason else ""
        raise NotCopied(f"A backup is tried in a database of its own, which cannot be made: {reason}{hint}.") from None
    finally:
        engine.dispose()
