"""An empty database of the same kind, for a while: what is tried in it touches nothing that anybody uses."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from storage.backups.copying import NotCopied
from storage.engine.migrate import engine_of


@contextmanager
def scratch(url: str, folder: Path) -> Iterator[str]:
    """The address of a database beside the one at `url`: a file in the folder, or another one on the same server.

    Raises NotCopied.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        yield f"sqlite:///{folder / 'scratch.db'}"
        return
    name = f"echopilot_scratch_{secrets.token_hex(4)}"
    _run(url, f'CREATE DATABASE "{name}" TEMPLATE template0', str(address.username))
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        _run(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', str(address.username))


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
