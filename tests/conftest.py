"""The fixtures of every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.house import House, Providers, house, providers


@pytest.fixture
async def stand_ins() -> AsyncIterator[Providers]:
    async with providers() as made:
        yield made


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/echopilot.db"


@pytest.fixture
async def home(stand_ins: Providers, database_url: str) -> AsyncIterator[House]:
    """A running EchoPilot with its cast; only Carol, the admin, is known yet."""
    async with house(stand_ins, database_url) as running:
        await running.carol.says("/start")
        await running.carol.sees("Welcome")
        yield running
