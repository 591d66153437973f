"""Where Telegram can call us: https://core.telegram.org/bots/api#setwebhook, https://core.telegram.org/bots/webhooks"""

from urllib.parse import urlsplit

from bot.config.addresses import is_private

PORTS = (443, 80, 88, 8443)
OFFICIAL = "api.telegram.org"


def check(url: str, api_url: str) -> None:
    """Raise ValueError with words where the Bot API at `api_url` would refuse `url`.

    A Bot API server of one's own, as in the sandbox, also calls its own network, by http and at any port.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    ours = is_private(host)
    if ours and urlsplit(api_url).hostname != OFFICIAL:
        return
    if parts.scheme != "https":
        raise ValueError(f"“{url}” has to begin with https://, or Telegram does not send updates there")
    if (parts.port or PORTS[0]) not in PORTS:
        allowed = f"{', '.join(map(str, PORTS[:-1]))} or {PORTS[-1]}"
        raise ValueError(f"“{url}” has port {parts.port}; Telegram sends updates to port {allowed} only")
    if ours or "." not in host:
        raise ValueError(f"“{url}” cannot be reached from outside, and Telegram has to; name a public host, or poll")
