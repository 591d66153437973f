"""A code that Google gave is made into a refresh token, once."""

from bot.adapters.google.access import asked
from bot.google.login import Login, NotGiven
from bot.google.model import Consent
from bot.kernel.errors import ProviderError


async def consent_of(login: Login, code: str, client_secret: str, token_url: str) -> Consent:
    """The consent. Raises NotGiven, ProviderError."""
    form = {
        "client_id": login.client_id,
        "client_secret": client_secret,
        "code": code,
        "code_verifier": login.verifier,
        "redirect_uri": login.redirect,
        "grant_type": "authorization_code",
    }
    status, said = await asked("Google", token_url, form)
    if status >= 500:
        raise ProviderError("Google", f"no answer ({status}); run this again", unknown=True)
    if status != 200:
        why = f"{said.get('error', status)}: {said.get('error_description', '')}"
        raise NotGiven(f"Google refused ({why}). Run this again.")
    token, scopes = str(said.get("refresh_token", "")), frozenset(str(said.get("scope", "")).split())
    if not token:
        raise NotGiven("Google gave no refresh token. Run this again.")
    if missing := sorted(set(login.scopes) - scopes):
        raise NotGiven(f"The consent does not cover {', '.join(missing)}. Run this again, and tick every box there.")
    ends = said.get("refresh_token_expires_in")
    return Consent(token, scopes, None if ends is None else int(ends))
