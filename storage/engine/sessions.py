"""How PostgreSQL is connected to: either side soon knows that the other has vanished, and what needs a session has one.

A cable that is pulled says nothing. Left to itself a kernel waits two hours for a silent peer, and a quarter of an hour
for one that takes nothing; so long a vanished machine would keep its roles, and the rows that it had locked.
"""

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, text

# What the client's kernel is told: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
OURS = {
    "connect_timeout": "10",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
# The same of the server's: https://www.postgresql.org/docs/current/runtime-config-connection.html
THEIRS = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
# Of a connection that only runs our short transactions: none waits for ever for a row, or holds one while nothing runs.
LIMITS = {
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "20s",
    "statement_timeout": "5min",
}
VANISHED_SECONDS = 11.0  # after which the server lets go of what a vanished machine held; see THEIRS
LOOKS = 3
WHICH = text("SELECT current_database(), pg_postmaster_start_time()")
SERVED_BY = text("SELECT pg_backend_pid()")


def direct(url: URL, *, limited: bool = False) -> URL:
    """The address of PostgreSQL itself. What the setting's own address says goes before what we say.

    limited: for our short transactions.
    """
    ours = " ".join(f"-c {name}={value}" for name, value in (THEIRS | (LIMITS if limited else {})).items())
    theirs = url.query.get("options", "")
    return pooled(url).update_query_dict({"options": f"{ours} {theirs}".strip()})


def pooled(url: URL) -> URL:
    """The address of a pooler, which lends the server's sessions out by the transaction and takes no options."""
    return url.update_query_dict({name: value for name, value in OURS.items() if name not in url.query})


def conninfo(url: URL) -> str:
    """The address as libpq wants it."""
    from psycopg.conninfo import make_conninfo

    return make_conninfo("", **url.get_dialect()().create_connect_args(url)[1])


def reaching(url: URL) -> Engine:
    """An engine that takes a pooler for what it is. Dispose of it."""
    plain = pooled(url.set(drivername="postgresql+psycopg"))
    return create_engine(plain, connect_args={"prepare_threshold": None})


def which(connection: Connection) -> tuple[str, str]:
    """What tells one database from all others: its name, and when its server started."""
    row = connection.execute(WHICH).one()
    connection.commit()
    return str(row[0]), str(row[1])


def by_transaction(engine: Engine, connection: Connection) -> bool:
    """Whether a pooler stands there that gives every transaction another session, as PgBouncer's transaction mode does.

    Behind it a lock of a session is anybody's, and LISTEN hears nothing, without an error. A pooler tells its clients
    numbers of its own in place of their sessions', so that without one a single question is enough.
    """
    if _told(connection) == _serving(connection):
        return False
    with engine.connect() as other:
        mine, others = set[int](), set[int]()
        for _ in range(LOOKS):
            mine.add(_serving(connection))
            others.add(_serving(other))
    return len(mine) > 1 or bool(mine & others)


def _told(connection: Connection) -> int:
    driver: Any = connection.connection.driver_connection
    return int(driver.info.backend_pid)


def _serving(connection: Connection) -> int:
    number = int(connection.execute(SERVED_BY).scalar_one())
    connection.commit()  # a transaction keeps its session to its end
    return number
