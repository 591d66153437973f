"""The address that the web part says it is at."""

import aiohttp
import pytest

from tests.house import Providers, house

pytestmark = pytest.mark.wire


@pytest.mark.parametrize(("host", "shown"), [("::1", "http://[::1]:"), ("127.0.0.1", "http://127.0.0.1:")])
async def test_web_address(stand_ins: Providers, database_url: str, host: str, shown: str) -> None:
    """Wherever the web part listens, the address that it tells can be opened as it is; IPv6 stands in brackets."""
    async with house(stand_ins, database_url, web_host=host) as home:
        assert home.running.server is not None
        url = home.running.server.url
        assert url.startswith(shown)
        async with aiohttp.ClientSession() as session, session.get(f"{url}/healthz") as answer:
            assert answer.status == 200
