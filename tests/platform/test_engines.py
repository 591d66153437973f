"""Which database a test runs on."""

from collections import defaultdict

import pytest

from tests.engines import ENGINES, one_of
from tests.slowest import lines


def test_both_in_each_folder(request: pytest.FixtureRequest) -> None:
    """Where ten tests of a folder take a database, both databases are met there."""
    if request.config.getoption("--database") != "spread":
        pytest.skip("all run on what --database says")
    met: dict[str, list[str]] = defaultdict(list)
    for item in request.session.items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and "database_engine" in callspec.params:
            met[str(item.path.parent)].append(callspec.params["database_engine"])
    assert [folder for folder, found in met.items() if len(found) >= 10 and set(found) != set(ENGINES)] == []


def test_the_name_chooses() -> None:
    """Of a thousand names each chooses one engine for ever, and about one in three chooses PostgreSQL."""
    names = [f"tests/test_it.py::test_it[{number}]" for number in range(1000)]
    chosen = [one_of(name) for name in names]
    assert chosen == [one_of(name) for name in names]
    assert 600 < chosen.count("sqlite") < 730 or set(chosen) == {"sqlite"}  # where there is no PostgreSQL


def test_what_the_time_went_to() -> None:
    """The ten slowest come first, then each folder with its sum and its number of tests, the dearest first."""
    told = lines({f"tests/a/test_x.py::test_{number}": float(number) for number in range(12)} | {"tests/b/t.py::t": 99})
    assert told[1:3] == ["    99.0 s  tests/b/t.py::t", "    11.0 s  tests/a/test_x.py::test_11"]
    assert told[11:] == [
        "the folders, all their tests added up:",
        "    99.0 s  tests/b (1 tests)",
        "    66.0 s  tests/a (12 tests)",
    ]
