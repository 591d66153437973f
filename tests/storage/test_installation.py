"""The code of a database."""

import re
from pathlib import Path

from storage.core.installation import installation_code
from storage.engine.database import Database
from tests.storage.conftest import opened


async def test_kept(database: Database) -> None:
    """A database keeps its code; another tenant has another."""
    code = await installation_code(database, "main")
    assert re.fullmatch("[0-9a-f]{12}", code)
    assert await installation_code(database, "main") == code
    assert await installation_code(database, "other") != code


async def test_another_database(database: Database, tmp_path: Path) -> None:
    """Another database has another code."""
    async with opened(f"sqlite:///{tmp_path}/another.db") as another:
        assert await installation_code(database, "main") != await installation_code(another, "main")
