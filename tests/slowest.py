"""What the run's time went to: its slowest tests, and the sum of each folder."""

from collections import defaultdict

import pytest

SHOWN = 10


def pytest_configure(config: pytest.Config) -> None:
    """Each run has sums of its own."""
    config.pluginmanager.register(Slowest())


class Slowest:
    """Adds up the reports, which come here from whichever process ran the test."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test's time is that of its fixtures as well."""
        self.seconds[report.nodeid] += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The lists, at the end of the run."""
        if len(self.seconds) > 1:
            for line in lines(self.seconds):
                terminalreporter.write_line(line)


def lines(seconds: dict[str, float]) -> list[str]:
    """The slowest tests, then the folders, the dearest first."""
    slowest = sorted(seconds.items(), key=lambda each: -each[1])[:SHOWN]
    folders: dict[str, list[float]] = defaultdict(list)
    for name, spent in seconds.items():
        folders[name.partition("::")[0].rpartition("/")[0]].append(spent)
    dearest = sorted(folders.items(), key=lambda each: -sum(each[1]))
    return [
        "the slowest tests:",
        *(f"{spent:8.1f} s  {name}" for name, spent in slowest),
        "the folders, all their tests added up:",
        *(f"{sum(spent):8.1f} s  {name} ({len(spent)} tests)" for name, spent in dearest),
    ]
