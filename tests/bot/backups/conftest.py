"""An installation whose backups are encrypted, and copied to a second place."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.backups.making import KEY
from tests.desk import Desk, desk
from tests.house import Providers


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Encrypted, with a folder as the second place."""
    second: dict[str, Any] = {"backup_public_key": KEY.public, "backup_second_place": str(tmp_path / "second")}
    async with desk(stand_ins, database_url, **second) as made:
        yield made
