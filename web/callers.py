"""Who asks: their address, also behind proxies that the settings name, and nobody else's word for it."""

import ipaddress
from collections.abc import Sequence

from aiohttp import web

FORWARDED = "X-Forwarded-For"
BY_A_PROXY = (FORWARDED, "Forwarded", "X-Real-IP")  # then whoever asks only looks like this machine
SUBNET_OF_ONE = 64  # so much of an IPv6 address is one customer's line; the rest they choose themselves
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Callers:
    """Knows the proxies."""

    def __init__(self, proxies: Sequence[str]) -> None:
        self._proxies = [ipaddress.ip_network(one) for one in proxies]

    def address(self, request: web.BaseRequest) -> str:
        """Whose request it is, as an address, or as an IPv6 network of one customer; "" where that is not known.

        Each proxy adds whom it heard it from at the end, and what stands before that anybody may have written.
        """
        address = parsed(request.remote or "")
        if address is None or not self.is_proxy(address):
            return of_one(address)
        for said in reversed(",".join(request.headers.getall(FORWARDED, [])).split(",")):
            before = parsed(said.strip())
            if before is None:
                break
            address = before
            if not self.is_proxy(address):
                break
        return of_one(address)

    def is_proxy(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        """Whether it is one that the settings name."""
        return any(address in network for network in self._proxies)


def parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address; of an IPv4 address in IPv6's clothes the former. None where it is none."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def of_one(address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> str:
    """What stands for whoever has that address: of IPv6 the network, within which one customer has every address."""
    if address is None:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network(f"{address}/{SUBNET_OF_ONE}", strict=False))


def is_here(request: web.BaseRequest) -> bool:
    """Whether it comes from this machine itself, and through no proxy."""
    address = parsed(request.remote or "")
    return address is not None and address.is_loopback and not any(name in request.headers for name in BY_A_PROXY)
