"""The fixtures of every test, and which databases they run on."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import certifi
import pysqlite3.dbapi2 as sqlite3
import pytest
import stripe
import structlog
from structlog.dev import ConsoleRenderer, plain_traceback

from tests.house import House, Providers, house, providers
from tests.postgres import Cluster, NoPostgres, cluster, find, migrated

FIGURES: list[str] = []
END = "-----END CERTIFICATE-----"
ENGINES = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    """What each start of the program would pay for again, and no journey needs.

    No run asks git which commit it is, twice; the tests of the version take this away again. One authority is trusted
    in place of all: the stand-ins speak plain HTTP, and to read 150 certificates takes each client 30 ms. Tracebacks
    are plain: to draw one takes up to two seconds.
    """
    os.environ.setdefault("ECHOPILOT_COMMIT", "test")
    if not hasattr(config, "workerinput"):  # xdist's workers have the environment of who started them
        os.environ["SSL_CERT_FILE"] = _one_authority(config)
    stripe.ca_bundle_path = os.environ["SSL_CERT_FILE"]
    plain = ConsoleRenderer(exception_formatter=plain_traceback)
    structlog.configure([*structlog.get_config()["processors"][:-1], plain])


def _one_authority(config: pytest.Config) -> str:
    """A file with the first certificate of all that are known."""
    kept = tempfile.TemporaryDirectory(prefix="echopilot-tests-")
    config.add_cleanup(kept.cleanup)
    authority = Path(kept.name) / "authority.pem"
    authority.write_text(f"{Path(certifi.where()).read_text().partition(END)[0]}{END}\n")
    return str(authority)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=[*ENGINES, "both"], default="both", help="which database the journeys run on"
    )


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: journeys mostly wait."""
    return (os.cpu_count() or 1) * 3 // 2


def pytest_report_header(config: pytest.Config) -> str:
    return _databases(config)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test's figures come with its report, from whichever process ran it."""
    if report.when == "call":
        FIGURES.extend(str(figure) for name, figure in report.user_properties if name == "measured")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in (_databases(config), *FIGURES):
        terminalreporter.write_line(line)


def _databases(config: pytest.Config) -> str:
    chosen = _chosen(config)
    told = []
    if "sqlite" in chosen:
        told.append(f"sqlite {sqlite3.sqlite_version}")
    if "postgresql" in chosen:
        try:
            told.append(str(find()))
        except NoPostgres as reason:
            told.append(f"postgresql skipped ({reason})")
    return f"databases: {', '.join(told)}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_engine" in metafunc.fixturenames:
        chosen = _chosen(metafunc.config)
        wire = metafunc.definition.get_closest_marker("wire") is not None
        metafunc.parametrize("database_engine", chosen[:1] if wire else chosen, scope="session")


def _chosen(config: pytest.Config) -> tuple[str, ...]:
    chosen = config.getoption("--database")
    return ENGINES if chosen == "both" else (chosen,)


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Prints a figure at the end of the run."""
    return lambda figure: request.node.user_properties.append(("measured", figure))


@pytest.fixture
async def stand_ins() -> AsyncIterator[Providers]:
    async with providers() as made:
        yield made


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A PostgreSQL server for the whole session."""
    if "postgresql" not in _chosen(request.config):
        pytest.skip("--database leaves PostgreSQL out")
    try:
        with cluster(durable=False) as server:
            yield server
    except NoPostgres as reason:
        pytest.skip(f"no PostgreSQL: {reason}")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that nobody writes to."""
    path = tmp_path_factory.mktemp("migrated") / "echopilot.db"
    asyncio.run(migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture
def new_sqlite_url(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a SQLite file that is not there yet."""
    if "sqlite" not in _chosen(request.config):
        pytest.skip("--database leaves SQLite out")
    return f"sqlite:///{tmp_path}/echopilot.db"


@pytest.fixture
def sqlite_url(new_sqlite_url: str, migrated_file: Path) -> str:
    """The address of a fresh, migrated SQLite file."""
    shutil.copyfile(migrated_file, new_sqlite_url.removeprefix("sqlite:///"))
    return new_sqlite_url


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """The address of a fresh, migrated PostgreSQL database."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def database_url(database_engine: str, request: pytest.FixtureRequest) -> str:
    """The address of a fresh database, on each engine in turn."""
    return str(request.getfixturevalue("sqlite_url" if database_engine == "sqlite" else "postgres_url"))


@pytest.fixture
async def home(stand_ins: Providers, database_url: str) -> AsyncIterator[House]:
    """A running EchoPilot with its cast; only Carol, the admin, is known yet."""
    async with house(stand_ins, database_url) as running:
        await running.carol.says("/start")
        await running.carol.sees("Welcome")
        yield running
