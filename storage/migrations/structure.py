"""The newest schema of a SQLite file as SQL, so that a new file need not go through every migration that ever was.

It is what the migrations leave, statement by statement, made by `python -m bot docs`; compare structure.sql of Rails:
https://guides.rubyonrails.org/active_record_migrations.html#schema-dumping-and-you
"""

from contextlib import closing
from pathlib import Path

import pysqlite3.dbapi2 as sqlite3

FILE = Path(__file__).with_name("structure.sql")
MADE = "-- Made by `python -m bot docs` of what the migrations leave; do not edit. See storage/migrations/structure.py."
# What a virtual table or a column makes by itself; triggers last, so that none of them minds the first rows.
OBJECTS = """
SELECT s.type, s.name, s.sql FROM sqlite_master s LEFT JOIN pragma_table_list l ON l.name = s.name AND l.schema = 'main'
WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND coalesce(l.type, '') != 'shadow'
ORDER BY s.type = 'trigger', s.type = 'index', s.rowid
"""


def structure_of(path: Path) -> str:
    """The SQL that makes the schema of that file, with the rows that its migrations put there."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(OBJECTS).fetchall()
        made = [(kind == "trigger", f"{sql.strip()};") for kind, _, sql in found]
        tables = sorted(name for kind, name, sql in found if kind == "table" and "VIRTUAL" not in sql)
        rows = [line for table in (*tables, "sqlite_sequence") for line in _rows(connection, table)]
    last = [sql for is_trigger, sql in made if is_trigger]
    first = [sql for is_trigger, sql in made if not is_trigger]
    return "\n".join([MADE, "BEGIN IMMEDIATE;", *first, *rows, *last, "COMMIT;", ""])


def _rows(connection: sqlite3.Connection, table: str) -> list[str]:
    columns = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
    quoted = " || ', ' || ".join(f'quote("{column}")' for column in columns)
    rows = connection.execute(f"SELECT {quoted} FROM {table}")  # noqa: S608 - our own names
    return [f"INSERT INTO {table} VALUES ({row});" for (row,) in rows]  # noqa: S608 - quoted by SQLite


def lay(path: Path) -> None:
    """Make the newest schema in a file that has none: all of it, or nothing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(FILE.read_text(encoding="utf-8"))
