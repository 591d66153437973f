"""Why a database cannot be used, in one sentence for whoever starts EchoPilot: what is wrong, and what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pysqlite3.dbapi2 as sqlite3
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from bot.kernel.errors import EchoPilotError

SMALL_BYTES = 16_000_000  # a file up to here is looked through at every start; it takes some hundredths of a second
ANOTHER = "name another file in DATABASE_URL, or put your copy back"
# What a file's faults say, by words of SQLite's.
OF_FILES = (
    ("file is not a database", f"is not a database; {ANOTHER}"),
    (
        "malformed",
        "is damaged; put the newest backup back (`echopilot restore newest`), or your copy (one from before each "
        "migration lies beside it, *.before-…)",
    ),
    ("readonly", "cannot be written to; see who owns the file and its folder, and whether the disk is read-only"),
    ("locked", "is locked by another program; end that one, or a copy or backup of the file that is under way"),
    ("is full", "has no room left on its disk; make room and start again"),
    ("disk i/o error", "does not take what is written; is its disk full or failing, or a network drive"),
    ("unable to open", "cannot be opened; see who owns the file and its folder"),
)
OF_FOLDERS = {
    errno.EACCES: "cannot be made or opened; see who owns its folder",
    errno.EPERM: "cannot be made or opened; see who owns its folder",
    errno.EROFS: "cannot be written to, since the disk is read-only; name another place in DATABASE_URL",
    errno.ENOSPC: "has no room left on its disk; make room and start again",
    errno.EDQUOT: "has no room left in its quota; make room and start again",
    errno.EFBIG: "has no room left on its disk; make room and start again",
    errno.ENOTDIR: "cannot be made, since a part of its path is a file; name another place in DATABASE_URL",
    errno.EEXIST: "cannot be made, since a part of its path is a file; name another place in DATABASE_URL",
    errno.ENOENT: "cannot be made there; name another place in DATABASE_URL",
    errno.EISDIR: "is a folder; add the name of a file in DATABASE_URL",
    errno.ENAMETOOLONG: "has too long a name; name another place in DATABASE_URL",
}
OF_SERVERS = (
    (
        "startup parameter",
        "a pooler stands there; name PostgreSQL itself in DATABASE_URL, and the pooler in DATABASE_POOLER_URL",
    ),
    ("query_wait_timeout", "its pooler has no session left; raise its default_pool_size"),
    ("failed to resolve host", "its host has no address; check the host in DATABASE_URL"),
    ("could not translate host", "its host has no address; check the host in DATABASE_URL"),
    ("connection refused", "nobody listens there; is PostgreSQL up, and are host and port in DATABASE_URL right"),
    ("timeout", "it does not answer; is PostgreSQL up, and are host and port in DATABASE_URL right"),
    ("unreachable", "its host cannot be reached; is the network up, and the host in DATABASE_URL right"),
    ("password authentication failed", "it does not take the user or the password; check both in DATABASE_URL"),
    ("no password supplied", "it asks for a password; write user:password@ before the host in DATABASE_URL"),
    ("no pg_hba.conf entry", "it does not let this machine in; see its pg_hba.conf"),
    ("too many clients", "it has no connection left; raise its max_connections, or run fewer processes"),
    ("remaining connection slots", "it has no connection left; raise its max_connections, or run fewer processes"),
    ("starting up", "it is starting; try again in a moment"),
    ("read-only transaction", "it takes no changes, as a standby does; name the primary in DATABASE_URL"),
    ("permission denied", "the user may not make tables there; make the user the owner of the database"),
    ("no space left", "it has no room left on its disk; make room there"),
    ("ssl", "the encrypted connection fails; see sslmode in DATABASE_URL, and the server's certificate"),
)


class Unusable(EchoPilotError):
    """The database cannot be used; the sentence says why and what to do."""


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Turn a database's faults into a sentence."""
    try:
        yield
    except _faults(url) as error:
        raise Unusable(sentence(url, error)) from None


def _faults(url: URL) -> tuple[type[Exception], ...]:
    faults = (SQLAlchemyError, sqlite3.Error, OSError)
    if url.get_backend_name() == "sqlite":
        return faults
    import psycopg

    return (*faults, psycopg.Error)


def sentence(url: URL, error: BaseException) -> str:
    """What the fault means; it holds no password."""
    reason = " ".join(str(getattr(error, "orig", None) or error).strip().partition("\n")[0].split())
    if url.get_backend_name() == "sqlite":
        return f"The database {url.database} {_of_file(error, reason)}."
    return f"The database {named(url)} cannot be used: {_of_server(url, reason)}."


def named(url: URL) -> str:
    """The address, without its password."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def look_at_file(path: Path) -> None:
    """Raise Unusable where no database can be there, before anything is opened or made."""
    if path.is_dir():
        raise Unusable(f"The database {path} is a folder; add the name of a file in DATABASE_URL.")
    if path.exists() and path.stat().st_size == 0:
        raise Unusable(f"The database {path} is an empty file; delete it to begin anew, or put your copy back.")


def look_through(connection: sqlite3.Connection, path: Path) -> None:
    """Raise sqlite3.DatabaseError where a small file is damaged anywhere in it; of a large one the doctor says so."""
    if path.stat().st_size <= SMALL_BYTES:
        check_pages(connection)


def check_pages(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError where a page of the file is damaged."""
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"database disk image is malformed: {found}")


def _of_file(error: BaseException, reason: str) -> str:
    if isinstance(error, OSError):
        return OF_FOLDERS.get(error.errno or 0, f"cannot be used ({error.strerror}); {ANOTHER}")
    known = next((words for part, words in OF_FILES if part in reason.lower()), None)
    return known or f"cannot be used ({reason}); {ANOTHER}"


def _of_server(url: URL, reason: str) -> str:
    if "does not exist" in reason and "database" in reason:
        return f"there is no database {url.database}; make it, or correct its name in DATABASE_URL"
    if "does not exist" in reason and "role" in reason:
        return f"there is no user {url.username}; make it, or correct it in DATABASE_URL"
    known = next((words for part, words in OF_SERVERS if part in reason.lower()), None)
    return known or f"{reason}; check DATABASE_URL"
