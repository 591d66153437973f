"""Certificates of servers, by asking them."""

import asyncio
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.security.ports import BadCertificate, NotChecked

SECONDS = 10.0
HTTPS = 443


class ServerCertificates:
    """See `bot.security.ports.Certificates`. trusted: the authorities that count; None: the system's."""

    def __init__(self, trusted: ssl.SSLContext | None = None) -> None:
        self._trusted = trusted

    async def ends(self, address: str) -> datetime:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or HTTPS
        context = self._trusted or ssl.create_default_context()
        try:
            async with asyncio.timeout(SECONDS):
                _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            raise BadCertificate(error.verify_message) from None
        except ssl.SSLError as error:
            raise NotChecked(f"{host} answers, and not by TLS ({error.reason})") from None
        except (OSError, TimeoutError) as error:
            raise NotChecked(f"{host} does not answer ({type(error).__name__})") from None
        try:
            shown = writer.get_extra_info("peercert")
            return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
        finally:
            writer.close()
