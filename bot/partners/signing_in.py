"""A partner's key is exchanged for a token that lasts minutes; every call shows it."""

import secrets
from datetime import datetime, timedelta

from bot.audit.service import record
from bot.partners.calls import Calls
from bot.partners.model import ApiKey, Caller, NotSignedIn, Partner, fits, read_key
from bot.partners.ports import Tokens
from bot.rotation.model import Purpose
from bot.rotation.service import Rotation
from storage.engine.database import Database, Transaction
from storage.partners import partners
from storage.people import people

LASTS = timedelta(minutes=15)
AHEAD = timedelta(seconds=60)  # by which the clocks of two processes of ours may differ
AUDIENCE = "echopilot/api/v1"
ROLE = "partner"


class SignIn:
    """Verbs of a partner's program at the door. keys: what tokens are signed by."""

    def __init__(self, database: Database, calls: Calls, tokens: Tokens, keys: Rotation) -> None:
        self._database = database
        self._calls = calls
        self._tokens = tokens
        self._keys = keys

    async def exchange(self, key: str, address: str, most: int) -> tuple[str, timedelta]:
        """A token for the key, and how long it lasts.

        most: how often an address may ask within 60 seconds. Raises NotSignedIn; TooMany for who asks too often, or
        failed too often.
        """
        failures = f"api:failures:{address}"
        await self._calls.check_failures(failures)
        await self._calls.count(f"api:tokens:{address}", most)
        try:
            partner, kept = await self._opened_by(key)
        except NotSignedIn:
            await self._calls.failed(failures)
            raise
        await self._calls.succeeded(failures)
        number, secret = self._keys.held[Purpose.API_TOKENS].newest
        now, token_id = self._database.clock.now(), secrets.token_hex(16)
        claims = {"sub": f"partner:{partner.id}", "role": ROLE, "key": kept.id, "aud": AUDIENCE, "jti": token_id}
        claims |= {"iat": int(now.timestamp()), "exp": int((now + LASTS).timestamp())}

        async def work(tx: Transaction) -> None:
            client = await people.by_id(tx.connection, partner.tenant, partner.client_id)
            subject = f"partner:{partner.id}"
            await record(tx, partner.tenant, client, "partner.signed_in", subject, token=token_id, key=kept.id)

        await self._database.write(work)
        return self._tokens.sign(claims, secret, number), LASTS

    async def caller(self, token: str) -> Caller:
        """Who shows the token. Raises NotSignedIn, also where the key was ended or the partner switched off since."""
        key = await self._keys.with_id(Purpose.API_TOKENS, self._tokens.key_id_in(token))
        claims = None if key is None else self._tokens.read(token, key, AUDIENCE)
        if claims is None or claims["role"] != ROLE or not isinstance(claims.get("key"), int):
            raise NotSignedIn
        now = self._database.clock.now()
        if not claims["iat"] - AHEAD.total_seconds() <= now.timestamp() < claims["exp"]:
            raise NotSignedIn
        async with self._database.reading() as connection:
            found = await partners.by_key(connection, claims["key"])
            if found is None or claims["sub"] != f"partner:{found[0].id}":
                raise NotSignedIn
            partner, _ = _checked(*found, now)
            return Caller(partner, await people.by_id(connection, partner.tenant, partner.client_id))

    async def _opened_by(self, key: str) -> tuple[Partner, ApiKey]:
        number, secret = read_key(key)
        async with self._database.reading() as connection:
            found = await partners.by_key(connection, number)
        if not fits(secret, found[1].hash if found is not None else "") or found is None:
            raise NotSignedIn
        return _checked(*found, self._database.clock.now())


def _checked(partner: Partner, kept: ApiKey, now: datetime) -> tuple[Partner, ApiKey]:
    if not partner.enabled or not kept.counts(now):
        raise NotSignedIn
    return partner, kept
