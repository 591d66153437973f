"""Tokens by PyJWT: https://pyjwt.readthedocs.io/en/stable/api.html"""

from collections.abc import Mapping
from typing import Any

ALGORITHM = "HS256"
NEEDED = ("iss", "aud", "sub", "role", "iat", "exp", "jti")
# Times are held against our own clock, by whoever reads the claims.
CHECKS = {"require": list(NEEDED), "verify_exp": False, "verify_iat": False, "verify_nbf": False}


class JwtTokens:
    """See `bot.partners.ports.Tokens`."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def sign(self, claims: Mapping[str, Any], key: bytes, key_id: str) -> str:
        import jwt  # takes as long to load as all of a call, and only partners need it

        return jwt.encode({**claims, "iss": self._issuer}, key, algorithm=ALGORITHM, headers={"kid": key_id})

    def key_id_in(self, token: str) -> str:
        import jwt

        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError):
            return ""
        key_id = header.get("kid", "")
        return key_id if isinstance(key_id, str) else ""

    def read(self, token: str, key: bytes, audience: str) -> Mapping[str, Any] | None:
        import jwt

        try:
            options: Any = CHECKS
            claims: Mapping[str, Any] = jwt.decode(
                token, key, algorithms=[ALGORITHM], audience=audience, issuer=self._issuer, options=options
            )
        except (jwt.PyJWTError, ValueError):
            return None
        return claims
