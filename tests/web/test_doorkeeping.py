"""Who asks, how often, and how many at once: the parts of the web's door, each by itself."""

import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.ops.settings import RunSettings
from web.callers import Callers
from web.connections import Connections, Guarded
from web.paging import asked, listed
from web.probe import probe
from web.rates import MINUTE, Rate


class Wire(asyncio.Transport):
    """A connection from an address that notes whether it was cut."""

    def __init__(self, address: str) -> None:
        super().__init__({"peername": (address, 4242)})
        self.cut = False

    def abort(self) -> None:
        self.cut = True


class Heard:
    """In the place of aiohttp's protocol: counts what reaches it."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def connection_made(self, _: asyncio.BaseTransport) -> None:
        self.calls.append("made")

    def data_received(self, _: bytes) -> None:
        self.calls.append("data")

    def connection_lost(self, _: BaseException | None) -> None:
        self.calls.append("lost")


def come(connections: Connections, address: str) -> tuple[Guarded, Heard, Wire]:
    heard: Any = Heard()
    guarded, wire = Guarded(connections, heard), Wire(address)
    guarded.connection_made(wire)
    guarded.data_received(b"GET / HTTP/1.1\r\n")
    return guarded, heard, wire


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450::1"])
def test_too_many_connections(address: str) -> None:
    """Beyond the most of one address connections are cut, and nothing of them is heard; one that ends makes room."""
    connections = Connections(most=2)
    first, second = come(connections, address), come(connections, address)
    _, heard, wire = come(connections, address)
    assert (wire.cut, heard.calls) == (True, [])
    assert not come(connections, "9.9.9.9")[2].cut
    first[0].connection_lost(None)
    assert (first[1].calls, second[1].calls) == (["made", "data", "lost"], ["made", "data"])
    assert not come(connections, address)[2].cut


def test_one_customer_has_many_addresses() -> None:
    """Connections from one customer's IPv6 network count together, whichever of its addresses each comes from."""
    connections = Connections(most=2)
    cut = [come(connections, f"2a00:1450:1:2::{last}")[2].cut for last in range(1, 5)]
    assert cut == [False, False, True, True]
    assert not come(connections, "2a00:1450:1:3::1")[2].cut


def test_proxies_of_our_own_network() -> None:
    """What comes from this machine or its network is not counted, since all callers of a proxy share its address."""
    connections = Connections(most=1)
    assert not any(come(connections, address)[2].cut for address in ["127.0.0.1", "10.0.0.5", "::1"] * 3)


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("203.0.113.9", "8.8.8.8", "203.0.113.9"),  # nobody's word is believed but a proxy's
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "8.8.8.8", "8.8.8.8"),
        ("10.0.0.5", "1.1.1.1, 8.8.8.8, 10.0.0.9", "8.8.8.8"),  # what stands before it the caller wrote
        ("10.0.0.5", "nonsense, 10.0.0.9", "10.0.0.9"),
        ("10.0.0.5", "::ffff:8.8.8.8", "8.8.8.8"),
        ("10.0.0.5", "2a00:1450:1:2:3:4:5:6", "2a00:1450:1:2::/64"),
        ("::ffff:10.0.0.5", "8.8.4.4", "8.8.4.4"),
    ],
)
def test_who_asks(remote: str, forwarded: str, address: str) -> None:
    """Whose request it is says the connection, or the last of the proxies that the settings name."""
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = make_mocked_request("GET", "/", headers=headers, transport=Wire(remote))
    assert Callers(["10.0.0.0/8"]).address(request) == address


def test_rate() -> None:
    """So many in a minute are let through; the next one is told when to come again, and then may."""
    now = 100.0
    rate = Rate(3, lambda: now)
    assert [rate.wait("a") for _ in range(4)] == [0, 0, 0, 60]
    assert rate.wait("b") == 0
    now += 59.5
    assert rate.wait("a") == 1
    now += MINUTE
    assert rate.wait("a") == 0


@pytest.mark.parametrize("order", ["", "oldest"])
def test_pages_there_and_back(order: str) -> None:
    """Going on by the page's own ways, and back again, shows every row once, in order, and stops at both ends."""
    rows = list(range(1, 48))
    query: Any = {"q": "x", "order": order}
    seen: list[list[int]] = []
    while query is not None:
        shown = listed(query, fetched(rows, query), lambda one: one)
        seen.append(list(shown.rows))
        back, query = shown.back, shown.on
    assert [one for page in seen for one in page] == (rows if order else rows[::-1])
    assert back is not None
    there = listed(back, fetched(rows, back), lambda one: one)
    assert list(there.rows) == seen[-2]
    assert there.back is not None
    first = listed(there.back, fetched(rows, there.back), lambda one: one)
    assert (list(first.rows), first.back, dict(first.on or {})["q"]) == (seen[0], None, "x")


def fetched(rows: list[int], query: Any) -> list[int]:
    """What storage gives for the page that the address asks for."""
    which = asked(query)
    found = sorted(rows, reverse=not which.oldest_first)
    if which.before is not None:
        found = [row for row in found if row < which.before]
    if which.after is not None:
        found = [row for row in found if row > which.after]
    upwards = which.oldest_first if which.before is None and which.after is None else which.after is not None
    return found[: which.limit] if upwards is which.oldest_first else found[-which.limit :]


def test_odd_pages() -> None:
    """An address that names no row, or two, asks for the first page, or for the newer one."""
    assert asked({"before": "-1"}).before is asked({"before": "9" * 30}).before is asked({"after": "x"}).after is None
    both = asked({"before": "5", "after": "7"})
    assert (both.before, both.after) == (None, 7)


async def test_a_proxy_that_nobody_named() -> None:
    """The doctor says that callers cannot be told apart where the address is https and its proxy is not named."""
    address, here = "https://studio.echopilot.test", "127.0.0.1"
    for url, proxies, told in ((address, (), True), (address, ("10.0.0.0/8",), False), (None, (), False)):
        settings = RunSettings.model_construct(public_url=url, trusted_proxies=proxies, web_host=here, web_port=0)
        found = await probe(settings)
        assert (found.verdict, "TRUSTED_PROXIES" in found.words) == ("fine", told)
