"""Which of the two databases a test runs on.

A test whose claim is about the database carries the mark `both_databases`, and all of `tests/storage` counts as if it
did. Any other runs on one engine, chosen by its own name: the same in every run, and both within each folder. One in
three runs on PostgreSQL, where a test takes twice as long.
"""

import re
import zlib
from pathlib import Path

import pysqlite3.dbapi2 as sqlite3
import pytest

from tests.postgres import NoPostgres, find

ENGINES = ("sqlite", "postgresql")
STORAGE = Path(__file__).parent / "storage"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database` says where the tests run."""
    parser.addoption(
        "--database",
        choices=["spread", "both", *ENGINES],
        default="spread",
        help="spread: each test on one of the databases, those about the database on both; both: every test on both",
    )


def pytest_report_header(config: pytest.Config) -> str:
    """The databases and their versions."""
    return databases(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that takes a database is made for each engine; what is too many goes once all are collected."""
    if "database_engine" in metafunc.fixturenames:
        metafunc.parametrize("database_engine", engines(metafunc.config), scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test that needs one database, only that stays which its name chooses."""
    asked = config.getoption("--database")
    if asked not in ENGINES:
        stay = [item for item in items if _on_both(item, asked == "both") or _chosen(item)]
        config.hook.pytest_deselected(items=list(set(items).difference(stay)))
        items[:] = stay


def engines(config: pytest.Config) -> tuple[str, ...]:
    """The engines that have a part in this run."""
    chosen = config.getoption("--database")
    return (chosen,) if chosen in ENGINES else ENGINES


def databases(config: pytest.Config) -> str:
    """The databases of this run with their versions, or why one is left out."""
    told = []
    if "sqlite" in engines(config):
        told.append(f"sqlite {sqlite3.sqlite_version}")
    if "postgresql" in engines(config):
        try:
            told.append(str(find()))
        except NoPostgres as reason:
            told.append(f"postgresql skipped ({reason})")
    return f"databases ({config.getoption('--database')}): {', '.join(told)}"


def _on_both(item: pytest.Item, everything: bool) -> bool:
    if everything:
        return item.get_closest_marker("wire") is None
    return item.get_closest_marker("both_databases") is not None or STORAGE in item.path.parents


def _chosen(item: pytest.Item) -> bool:
    """Whether the item's engine, if it has one, is that of its name."""
    callspec = getattr(item, "callspec", None)
    engine = callspec.params.get("database_engine") if callspec else None
    name = re.sub(rf"(?<=[\[-]){engine}(?=[\]-])", "", item.nodeid)
    if item.get_closest_marker("wire") is not None:
        return engine in {None, "sqlite"}  # the quick one, since no database has a part in it
    return engine is None or engine == one_of(name)


def one_of(name: str) -> str:
    """The engine of a test that needs one: by the name alone, or SQLite where there is no PostgreSQL."""
    try:
        find()
    except NoPostgres:
        return "sqlite"
    return "sqlite" if zlib.crc32(name.encode()) % 3 else "postgresql"
