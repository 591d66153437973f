"""Partners' programs are called at public addresses alone, and nowhere else than was looked at."""

import ipaddress
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.adapters.partner_door import PartnerDoor, is_public
from bot.kernel.errors import ProviderError
from bot.partners.ports import RefusedAddress
from sandbox.faults import Fault
from sandbox.partner import PartnerStandIn
from sandbox.server import Sandbox

PRIVATE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254",
    "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:c0a8:101::", "2001:0:0:0:0:0:80ff:fffe",
)  # fmt: skip
LITERALS = ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[fe80::1]")


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    """No address of a machine, a network of one's own, a cloud's metadata, or one that carries such, is public."""
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    """What is the internet's own is public."""
    assert is_public(ipaddress.ip_address(address))


@pytest.fixture
async def partner() -> AsyncIterator[tuple[PartnerStandIn, str]]:
    """A program on this machine, and its address."""
    stand_in = PartnerStandIn()
    async with Sandbox(stand_in) as sandbox:
        yield stand_in, f"{sandbox.url}/partner"


@pytest.mark.parametrize("host", LITERALS)
async def test_private_hosts(partner: tuple[PartnerStandIn, str], host: str) -> None:
    """However this machine is written, it is not called."""
    stand_in, url = partner
    port = url.rpartition(":")[2]
    with pytest.raises(RefusedAddress, match="no public address"):
        await PartnerDoor().post(f"https://{host}:{port}/hook", {}, b"{}")
    assert stand_in.calls == 0


async def test_a_name_of_a_private_address(partner: tuple[PartnerStandIn, str]) -> None:
    """A name that leads to this machine is resolved, looked at, and not called."""
    stand_in, url = partner
    port = url.rpartition(":")[2].partition("/")[0]
    with pytest.raises(RefusedAddress, match="localhost is no public address"):
        await PartnerDoor().post(f"https://localhost:{port}/partner/hook", {}, b"{}")
    assert stand_in.calls == 0


async def test_a_name_with_two_answers(partner: tuple[PartnerStandIn, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is asked for once; where one of its addresses is private, none is called (DNS rebinding)."""
    asked: list[str] = []

    async def resolve(
        _: ThreadedResolver, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        asked.append(host)
        answers = ["93.184.215.14", "127.0.0.1"]
        return [ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0) for one in answers]

    monkeypatch.setattr(ThreadedResolver, "resolve", resolve)
    with pytest.raises(RefusedAddress):
        await PartnerDoor().post("https://partner.example/hook", {}, b"{}")
    assert asked == ["partner.example"]


async def test_only_https(partner: tuple[PartnerStandIn, str]) -> None:
    """Nothing is told in the open."""
    with pytest.raises(RefusedAddress, match="https"):
        await PartnerDoor().post("http://93.184.215.14/hook", {}, b"{}")


async def test_redirects(partner: tuple[PartnerStandIn, str]) -> None:
    """A redirect is an answer that is not followed."""
    stand_in, url = partner
    reply = await PartnerDoor(["127.0.0.1"]).post(f"{url}/moved", {}, b"{}")
    assert (reply.status, stand_in.calls) == (307, 1)


async def test_when_to_come_again(partner: tuple[PartnerStandIn, str]) -> None:
    """A program that says when to come again is heard."""
    stand_in, url = partner
    stand_in.faults.add(Fault("POST", "status", status=503, retry_after=7))
    reply = await PartnerDoor(["127.0.0.1"]).post(f"{url}/hook", {}, b"{}")
    assert (reply.status, reply.retry_after) == (503, 7)


async def test_slow_programs(partner: tuple[PartnerStandIn, str]) -> None:
    """A program that does not answer in time is left for later."""
    stand_in, url = partner
    with pytest.raises(ProviderError) as raised:
        await PartnerDoor(["127.0.0.1"], seconds=0.3).post(f"{url}/slow", {}, b"{}")
    assert (raised.value.permanent, stand_in.calls) == (False, 1)


async def test_no_answer(partner: tuple[PartnerStandIn, str]) -> None:
    """A cut connection is a fault that passes."""
    stand_in, url = partner
    stand_in.faults.add(Fault("POST", "lose_reply"))
    with pytest.raises(ProviderError) as raised:
        await PartnerDoor(["127.0.0.1"]).post(f"{url}/hook", {}, b"{}")
    assert not raised.value.permanent
