"""Verbs on the keys that EchoPilot issues itself."""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.access.issued_keys import HeldKeys
from bot.access.model import TENANT, Permission, Person
from bot.audit.service import record
from bot.kernel.errors import Forbidden
from bot.kernel.translation import gettext as _
from bot.rotation.model import TOKEN, TURNS, Given, Inventory, Issued, Own, Purpose, Roots, as_webhook_secret, is_due
from bot.step_up.checking import check
from bot.step_up.model import Kind
from storage.engine.database import Database, Transaction, despite_faults
from storage.rotation import issued_keys
from storage.security import marks

log = structlog.get_logger(__name__)
SALT_BYTES = 32
FOLLOW_SECONDS = 60.0
BETWEEN_LOOKS = timedelta(seconds=1)


TellTelegram = Callable[[str], Awaitable[None]]


class Rotation:
    """The keys as this process holds them, and verbs on them.

    roots: the installation's secrets. secret_days: after which secrets of others are due. purposes: those that keys
    are needed for. tell_telegram: has Telegram send another secret with its webhooks; None where it sends none, or one
    that was set.
    """

    tell_telegram: TellTelegram | None = None

    def __init__(self, database: Database, roots: Roots, secret_days: int, purposes: Sequence[Purpose]) -> None:
        self.held: Mapping[Purpose, HeldKeys] = {purpose: HeldKeys() for purpose in purposes}
        self._database, self.roots, self._secret_days = database, roots, secret_days
        self._looked: datetime | None = None

    async def start(self) -> None:
        """Hold the keys that count; make those that there are not yet, or of which the secret is not known here."""
        await self.look()
        if any(not held.by_id for held in self.held.values()):
            await self._database.write(self._missing)
            await self.look()

    async def look(self) -> None:
        """Hold what counts now: another process may have turned a key since."""
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            found = await issued_keys.counting(connection, now)
        self._looked = now
        keys = [(one, self.roots.key(one)) for one in found]
        for purpose, held in self.held.items():
            held.by_id = {str(one.id): key for one, key in keys if one.purpose is purpose and key is not None}
        if unknown := sum(key is None for _one, key in keys):
            log.warning("keys are missing", count=unknown, setting="SECRET_KEY")

    async def follow(self) -> None:
        """Hold what another process turned or ended, let go of what has ended, and lack none, until cancelled."""
        while True:
            await self._database.signals.wait(issued_keys.SIGNAL, FOLLOW_SECONDS)
            await despite_faults(self.start)

    async def with_id(self, purpose: Purpose, key_id: str) -> bytes | None:
        """The key of that id; None where it does not count, or never was."""
        if key_id not in self.held[purpose].by_id:
            await self.look()
        return self.held[purpose].by_id.get(key_id)

    @property
    def webhook_secret(self) -> str:
        """What Telegram is to send with its webhooks from now on."""
        return as_webhook_secret(self.held[Purpose.WEBHOOK].newest[1])

    async def is_webhook_secret(self, given: str) -> bool:
        """Whether a webhook came with a secret that counts. Strangers who guess have the keys read once a second."""
        if self._fits(given):
            return True
        if self._looked is None or self._database.clock.now() - self._looked >= BETWEEN_LOOKS:
            await self.look()
        return self._fits(given)

    async def turn_due(self) -> list[Purpose]:
        """Make a new key for each purpose whose newest is old, or comes from a secret that was replaced.

        Telegram is told each time, since it may not have heard of the last one. Raises ProviderError.
        """
        turned = await self._database.write(self._due)
        await self._tell()
        return turned

    async def turn(self, who: Person, purpose: Purpose) -> None:
        """Make a new key now; the one before counts for its overlap. Raises Forbidden, StepUpNeeded, ProviderError."""
        _require(who)

        async def work(tx: Transaction) -> None:
            await check(tx, who, Kind.SECRETS)
            await self._turn(tx, purpose, who)

        await self._database.write(work)
        await self._tell()

    async def end_older(self, who: Person, purpose: Purpose) -> int:
        """End what counts beside the newest, since somebody may have it; returns how many keys.

        Raises Forbidden, StepUpNeeded.
        """
        _require(who)

        async def work(tx: Transaction) -> int:
            await check(tx, who, Kind.SECRETS)
            count = await issued_keys.end_older(tx, purpose)
            if count:
                await record(tx, TENANT, who, "key.ended", f"key:{purpose.name.lower()}", count=count)
            return count

        ended = await self._database.write(work)
        await self.look()
        return ended

    async def inventory(self, who: Person) -> Inventory:
        """Every secret with its age. Raises Forbidden."""
        _require(who)
        async with self._database.reading() as connection:
            found = await issued_keys.counting(connection, self._database.clock.now())
            given = await marks.all_since(connection)
        due = timedelta(days=self._secret_days)
        others = sorted((Given(name, since, since + due) for name, since in given.items()), key=lambda one: one.due)
        unknown = sum(self.roots.key(one) is None for one in found)
        return Inventory([_own(purpose, found) for purpose in self.held], others, unknown)

    async def _tell(self) -> None:
        await self.look()
        if self.tell_telegram is not None and Purpose.WEBHOOK in self.held:
            await self.tell_telegram(self.webhook_secret)

    def _fits(self, given: str) -> bool:
        keys = self.held[Purpose.WEBHOOK].by_id.values()
        return any(hmac.compare_digest(given.encode(), as_webhook_secret(key).encode()) for key in keys)

    async def _missing(self, tx: Transaction) -> None:
        counting = await issued_keys.counting(tx.connection, tx.now)
        known = {one.purpose for one in counting if self.roots.key(one) is not None}
        for purpose in [one for one in self.held if one not in known]:
            await self._turn(tx, purpose, None)

    async def _due(self, tx: Transaction) -> list[Purpose]:
        newest = _newest(await issued_keys.counting(tx.connection, tx.now))
        due = [purpose for purpose in self.held if is_due(newest.get(purpose), self.roots, tx.now)]
        for purpose in due:
            await self._turn(tx, purpose, None)
        return due

    async def _turn(self, tx: Transaction, purpose: Purpose, who: Person | None) -> None:
        salt = secrets.token_hex(SALT_BYTES)
        await issued_keys.add(tx, purpose, self.roots.newest, salt, tx.now + TURNS[purpose].overlap)
        await record(tx, TENANT, who, "key.turned", f"key:{purpose.name.lower()}")


def _require(who: Person) -> None:
    """Keys are the installation's: admins of another studio on it have no say in them. Raises Forbidden."""
    who.require(Permission.MANAGE_PEOPLE)
    if who.tenant != TENANT:
        raise Forbidden(_("Secrets are the installation's; only its own admins may see and replace them."))


def _newest(found: Sequence[Issued]) -> dict[Purpose, Issued]:
    return {one.purpose: one for one in reversed(found)}


def _own(purpose: Purpose, found: Sequence[Issued]) -> Own:
    keys = [one for one in found if one.purpose is purpose]
    if not keys:
        return Own(purpose, None, None, 0, from_token=False)
    newest = keys[0]
    due = newest.created_at + TURNS[purpose].every
    return Own(purpose, newest.created_at, due, len(keys) - 1, from_token=newest.root == TOKEN)
