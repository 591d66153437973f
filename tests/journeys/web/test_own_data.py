"""A person's own data by a link that works once, where the pages have a public address."""

import io
import zipfile
from datetime import timedelta
from urllib.parse import urlsplit

import orjson
import pytest

from bot.access.model import TENANT
from jobs.catalog import BY_NAME
from tests.clock import Hands
from tests.house import ALICE, Providers
from tests.pages import Window, window

pytestmark = pytest.mark.wire
ADDRESS = "https://studio.echopilot.test"


async def link_of(shown: Window) -> str:
    """The path of the link that Alice is given in the chat."""
    card = await shown.home.says(shown.home.alice, "/privacy")
    given = (await shown.home.taps(shown.home.alice, "My data", card)).card
    assert given is not None
    assert given.rows[0][0].url.startswith(f"{ADDRESS}/my-data/")
    return urlsplit(given.rows[0][0].url).path


async def test_once(stand_ins: Providers, database_url: str) -> None:
    """Looking at the link uses nothing up, the first download does, and a newer link ends the one before."""
    async with window(stand_ins, database_url, public_url=ADDRESS) as shown:
        before, path = await link_of(shown), await link_of(shown)
        alice, eve = shown.looker(), shown.looker()
        for _look in range(3):
            assert (await eve.opens(path)).status == 200
        done = await alice.sends(path, {"form": await alice.form(path)})
        assert (done.status, done.headers["Content-Type"]) == (200, "application/zip")
        assert done.headers["Cache-Control"] == "no-store"
        with zipfile.ZipFile(io.BytesIO(done.body)) as archive:
            said = orjson.loads(archive.read("data.json"))
        assert said["person"][0]["telegram_id"] == ALICE
        for late in (path, before):
            again = await eve.sends(late, {"form": await eve.form(late)})
            assert again.status == 403
            assert "no longer works" in again.text


async def test_not_opened_in_time(stand_ins: Providers, database_url: str) -> None:
    """A link that nobody used ends after a day; the job then sends the file into the chat, once."""
    clock = Hands()
    async with window(stand_ins, database_url, clock, public_url=ADDRESS) as shown:
        path, run = await link_of(shown), BY_NAME["compliance_deadlines"]
        services = shown.home.app.services
        assert "0 answered" in await run.carry_out(services, TENANT)
        clock.ahead += timedelta(hours=25)
        looker = shown.looker()
        assert (await looker.sends(path, {"form": await looker.form(path)})).status == 403
        assert "1 answered" in await run.carry_out(services, TENANT)
        assert "0 requests open" in await run.carry_out(services, TENANT)
        files = [card.document for card in await shown.home.told(shown.home.alice.id) if card.document is not None]
        assert [file.name.partition("-")[0] for file in files] == ["my"]
