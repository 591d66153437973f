"""Sign-in by the owner's browser: https://developers.google.com/identity/protocols/oauth2/native-app

The link has a challenge (PKCE) and a state; what comes back counts only with both. Google leads the browser to this
machine's own address: where the browser is on another, nothing is there, and the address is pasted here instead.
"""

import base64
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.kernel.errors import EchoPilotError


class NotGiven(EchoPilotError):
    """There is no consent; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Login:
    """One sign-in. redirect: where the browser is led afterwards."""

    client_id: str
    scopes: Collection[str]
    redirect: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)

    def link(self, page: str) -> str:
        """What the owner opens. Asked for offline and anew, since else a second consent brings no refresh token."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect,
            "response_type": "code",
            "scope": " ".join(sorted(self.scopes)),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "state": self.state,
            "access_type": "offline",
            "prompt": "consent",
        }
        return f"{page}?{urlencode(asked)}"

    def code_in(self, address: str) -> str:
        """The code out of the address that the browser was led to. Raises NotGiven."""
        said = parse_qs(urlsplit(address.strip()).query)
        state, error, code = (next(iter(said.get(name, ())), "") for name in ("state", "error", "code"))
        if not secrets.compare_digest(state.encode(), self.state.encode()):
            raise NotGiven("That address is not of this sign-in. Open the link above, and paste where it leads to.")
        if error == "access_denied":
            raise NotGiven("Consent was refused on Google's page. Run this again to be asked anew.")
        if error or not code:
            raise NotGiven(f"Google gave no consent ({error or 'no code'}). Run this again.")
        return code
