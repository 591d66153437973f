"""What the security scan needs from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.kernel.errors import EchoPilotError
from bot.security.model import Vulnerability


class NotChecked(EchoPilotError):
    """It could not be found out; the text says why."""


class Advisories(Protocol):
    """Where known vulnerabilities of packages are listed."""

    async def vulnerabilities(self) -> Sequence[Vulnerability]:
        """Those of all that is installed. Raises NotChecked unless every package was looked up."""
        ...


class Certificates(Protocol):
    """What a server shows that it is."""

    async def ends(self, address: str) -> datetime:
        """When the certificate at the https address ends. Raises NotChecked: nothing answers there; BadCertificate."""
        ...


class BadCertificate(EchoPilotError):
    """What the server shows is not valid for its name; the text says why."""
