"""The proxy that the environment names. aiohttp's own look at it also searches for a netrc file, at every request."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_for(url: str) -> str | None:
    """Through what `url` is to be reached, by HTTPS_PROXY, HTTP_PROXY and NO_PROXY; None: directly."""
    place = urlsplit(url)
    return None if proxy_bypass(place.netloc) else getproxies().get(place.scheme)
