"""Where Telegram can call us: https://core.telegram.org/bots/api#setwebhook, https://core.telegram.org/bots/webhooks"""

import ipaddress
import re
from urllib.parse import urlsplit

PORTS = (443, 80, 88, 8443)
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
OFFICIAL = "api.telegram.org"


def check(url: str, api_url: str) -> None:
    """Raise ValueError with words where the Bot API at `api_url` would refuse `url`.

    A Bot API server of one's own, as in the sandbox, also calls its own network, by http and at any port.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    ours = _private(host)
    if ours and urlsplit(api_url).hostname != OFFICIAL:
        return
    if parts.scheme != "https":
        raise ValueError(f"“{url}” has to begin with https://, or Telegram does not send updates there")
    if (parts.port or PORTS[0]) not in PORTS:
        allowed = f"{', '.join(map(str, PORTS[:-1]))} or {PORTS[-1]}"
        raise ValueError(f"“{url}” has port {parts.port}; Telegram sends updates to port {allowed} only")
    if ours or "." not in host:
        raise ValueError(f"“{url}” cannot be reached from outside, and Telegram has to; name a public host, or poll")


def _private(host: str) -> bool:
    """Whether the host is a name or an address of our own network."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
