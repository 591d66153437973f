"""Calls of partners' programs, at addresses that others wrote: nothing private is ever reached.

A name is resolved once, every address of it is looked at, and exactly those are connected to; redirects are not
followed, and no proxy of the environment is asked. https://cheatsheetseries.owasp.org (Server-Side Request Forgery)
"""

import ipaddress
import socket
import time
from collections.abc import Collection, Mapping

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from bot.kernel.errors import ProviderError
from bot.partners.ports import RefusedAddress, Reply

PROVIDER = "Partner"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# In these an IPv4 address stands within an IPv6 one, which reaches it where the network translates.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
COMPATIBLE = ipaddress.IPv6Network("::/96")


class PartnerDoor:
    """See `bot.partners.ports.Door`. but: hosts that may be private, and without https."""

    def __init__(self, but: Collection[str] = (), seconds: float = 15.0) -> None:
        self._but = frozenset(host.lower() for host in but)
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        host = self._host_of(url)
        connector = aiohttp.TCPConnector(
            resolver=ThreadedResolver() if host in self._but else PublicAddresses(),
            use_dns_cache=False,
            force_close=True,
        )
        began = time.perf_counter()
        try:
            async with (
                aiohttp.ClientSession(connector=connector, timeout=self._timeout) as session,
                session.post(url, data=body, headers=dict(headers), allow_redirects=False) as answer,
            ):
                took = round((time.perf_counter() - began) * 1000)
                return Reply(answer.status, took, _seconds(answer.headers.get("Retry-After", "")))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            if isinstance(refused := _cause(error), RefusedAddress):
                raise refused from None
            raise ProviderError(PROVIDER, f"no answer ({type(error).__name__})", unknown=True) from None

    def _host_of(self, url: str) -> str:
        """The host. Raises RefusedAddress."""
        parts = URL(url)  # as aiohttp reads it
        host = (parts.host or "").lower()
        if host in self._but:
            return host
        if parts.scheme != "https":
            raise RefusedAddress("only https is called")
        if (literal := _literal(host)) is not None and not is_public(literal):
            raise RefusedAddress(f"{host} is no public address")
        return host


class PublicAddresses(AbstractResolver):
    """Resolves a name; raises RefusedAddress where any of its addresses is not public."""

    def __init__(self) -> None:
        self._system = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._system.resolve(host, port, family)
        for one in found:
            if not is_public(ipaddress.ip_address(one["host"].partition("%")[0])):
                raise _Refused(f"{host} is no public address")
        return found

    async def close(self) -> None:
        await self._system.close()


class _Refused(RefusedAddress, OSError):
    """As the connector passes it on."""


def is_public(address: Address) -> bool:
    """Whether it is one of the internet's own, also within."""
    if isinstance(address, ipaddress.IPv6Address):
        within = _within(address)
        if within is not None:
            return is_public(within)
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_loopback or address.is_unspecified
    )


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one carries."""
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo is not None else None)


def _literal(host: str) -> Address | None:
    """The address that a host is without being asked for; in every way of writing that the system knows."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))  # 127.1, 0x7f000001, 2130706433
    except OSError:
        return None


def _cause(error: BaseException) -> BaseException | None:
    """What it came of."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, RefusedAddress):
        seen = getattr(seen, "os_error", None) or seen.__cause__
    return seen


def _seconds(said: str) -> float | None:
    return float(said) if said.isascii() and said.isdigit() and len(said) < 10 else None
