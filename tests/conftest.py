"""The fixtures of every test, and which databases they run on."""

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from pathlib import Path

import certifi
import pytest
import stripe
import structlog
from aiohttp import web_urldispatcher
from structlog.dev import ConsoleRenderer, plain_traceback

from tests import chromium, compiled_once, engines, in_memory, slowest
from tests.house import House, Providers, house, providers
from tests.postgres import Cluster, NoPostgres, cluster, migrated

FIGURES: list[str] = []
END = "-----END CERTIFICATE-----"


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """What the run is about stands in modules of its own."""
    pluginmanager.register(engines)
    pluginmanager.register(slowest)


def pytest_configure(config: pytest.Config) -> None:
    """What each start of the program would pay for again, and no journey needs.

    No run asks git which commit it is, twice; the tests of the version take this away again. One authority is trusted
    in place of all: the stand-ins speak plain HTTP, and to read 150 certificates takes each client 30 ms. Tracebacks
    are plain: to draw one takes up to two seconds. Stripe's client waits for no stand-in that is to recover, and paths
    of routes are quoted once.
    """
    os.environ.setdefault("ECHOPILOT_COMMIT", "test")
    if not hasattr(config, "workerinput"):  # xdist's workers have the environment of who started them
        in_memory.use(config)
        os.environ["SSL_CERT_FILE"] = _one_authority(config)
    stripe.ca_bundle_path = os.environ["SSL_CERT_FILE"]
    plain = ConsoleRenderer(exception_formatter=plain_traceback)
    structlog.configure([*structlog.get_config()["processors"][:-1], plain])
    compiled_once.use()
    stripe.HTTPClient.INITIAL_DELAY, stripe.HTTPClient.MAX_DELAY = 0.05, 1
    web_urldispatcher._quote_path = cache(web_urldispatcher._quote_path)


def _one_authority(config: pytest.Config) -> str:
    """A file with the first certificate of all that are known."""
    kept = tempfile.TemporaryDirectory(prefix="echopilot-tests-")
    config.add_cleanup(kept.cleanup)
    authority = Path(kept.name) / "authority.pem"
    authority.write_text(f"{Path(certifi.where()).read_text().partition(END)[0]}{END}\n")
    return str(authority)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from going through all modules and tests again and again, as the program does once it
    is loaded: that took a fifth of a journey's time.
    """
    gc.freeze()
    gc.set_threshold(10_000, 10, 3)


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many as there are cores: journeys mostly wait."""
    return (os.cpu_count() or 1) * 2


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test's figures come with its report, from whichever process ran it."""
    if report.when == "call":
        FIGURES.extend(str(figure) for name, figure in report.user_properties if name == "measured")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in (engines.databases(config), chromium.line(), *FIGURES):
        terminalreporter.write_line(line)


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
    if "postgresql" not in engines.engines(request.config):
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
    if "sqlite" not in engines.engines(request.config):
        pytest.skip("--database leaves SQLite out")
    return f"sqlite:///{tmp_path}/echopilot.db"


@pytest.fixture
def sqlite_url(new_sqlite_url: str, migrated_file: Path) -> str:
    """The address of a fresh, migrated SQLite file."""
    shutil.copyfile(migrated_file, new_sqlite_url.removeprefix("sqlite:///"))
    return new_sqlite_url


@pytest.fixture
def postgres_url(postgres: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh, migrated PostgreSQL database."""
    with postgres.database(new=request.node.get_closest_marker("new_database") is not None) as url:
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
