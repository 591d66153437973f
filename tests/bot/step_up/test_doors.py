"""What somebody may try at the doors of step-up, and is refused: nothing is done by it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pyotp
import pytest

from bot.access.model import TENANT, Person, Role
from bot.backups.model import Kind as Waiting
from bot.flags.model import Change, Flag, Mode
from bot.kernel.errors import Refusal
from bot.rotation.model import Purpose
from bot.services import Services
from bot.step_up.model import LASTS, Kind, LockedOut, StepUpNeeded, WrongCode
from bot.step_up.probe import probe
from storage.engine.database import Transaction
from storage.people import people
from storage.step_up import rows
from tests.clock import SimulatedClock
from tests.desk import desk
from tests.house import Providers

STEP = timedelta(seconds=30)


@dataclass
class Scene:
    """Carol, who has an authenticator, and Erin and Frank, who have none, are admins; Bob is an operator, Gil a client.

    recovery: Carol's codes. foreign: an admin of another studio.
    """

    services: Services
    clock: SimulatedClock
    carol: Person
    erin: Person
    frank: Person
    bob: Person
    gil: Person
    foreign: Person
    secret: str
    recovery: list[str]

    def code(self, ahead: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self.clock.now() + ahead * STEP)

    async def confirmed(self, kind: Kind = Kind.ROLES) -> None:
        """Carol confirms."""
        self.clock.passes(seconds=60)
        await self.services.step_up.confirm(self.carol, kind, self.code())

    async def raised(self, who: Person | None = None) -> None:
        """The thing that needs a step-up: Gil becomes an admin."""
        await self.services.people.roles.change_role(who or self.carol, self.gil.id, Role.CLIENT, Role.ADMIN)

    async def asked(self, who: Person, kind: Kind = Kind.ROLES) -> int:
        """The person asks the others; returns the request's number."""
        self.number = getattr(self, "number", 1000) + 1
        await self.services.step_up.ask_others(who, kind, {})
        return self.number


async def nothing_confirmed(scene: Scene) -> None:
    """Nobody confirmed anything."""
    await scene.raised()


async def without_an_authenticator(scene: Scene) -> None:
    """Who has none needs another admin."""
    await scene.raised(scene.erin)


async def another_kind(scene: Scene) -> None:
    """What was confirmed is of another kind."""
    await scene.confirmed(Kind.SECRETS)
    await scene.raised()


async def another_person(scene: Scene) -> None:
    """Another admin confirmed, not this one."""
    await scene.confirmed()
    await scene.raised(scene.erin)


async def too_late(scene: Scene) -> None:
    """It was confirmed too long ago."""
    await scene.confirmed()
    scene.clock.passes(seconds=LASTS.total_seconds())
    await scene.raised()


async def a_wrong_code(scene: Scene) -> None:
    """The code is wrong."""
    await scene.services.step_up.confirm(scene.carol, Kind.ROLES, f"{(int(scene.code()) + 1) % 1_000_000:06}")


async def a_code_twice(scene: Scene) -> None:
    """The same code comes twice, for another kind the second time."""
    await scene.confirmed()
    await scene.services.step_up.confirm(scene.carol, Kind.SECRETS, scene.code())


async def an_older_code(scene: Scene) -> None:
    """The code before the one that was used."""
    await scene.confirmed()
    await scene.services.step_up.confirm(scene.carol, Kind.SECRETS, scene.code(-1))


async def an_old_code(scene: Scene) -> None:
    """A code of two steps ago."""
    scene.clock.passes(seconds=300)
    await scene.services.step_up.confirm(scene.carol, Kind.ROLES, scene.code(-2))


async def a_recovery_code_twice(scene: Scene) -> None:
    """The same recovery code comes twice."""
    await scene.services.step_up.confirm(scene.carol, Kind.ROLES, scene.recovery[0])
    await scene.services.step_up.confirm(scene.carol, Kind.ROLES, scene.recovery[0])


async def a_recovery_code_of_before(scene: Scene) -> None:
    """There are new recovery codes since."""
    await scene.confirmed(Kind.AUTHENTICATOR)
    await scene.services.step_up.renew_recovery(scene.carol)
    await scene.services.step_up.confirm(scene.carol, Kind.ROLES, scene.recovery[0])


async def somebody_elses_code(scene: Scene) -> None:
    """Erin writes Carol's code."""
    await scene.services.step_up.confirm(scene.erin, Kind.ROLES, scene.code())


async def after_too_many(scene: Scene) -> None:
    """After five wrong ones the right one does not count."""
    for _ in range(5):
        with pytest.raises((WrongCode, LockedOut)):
            await a_wrong_code(scene)
    scene.clock.passes(seconds=59)
    await scene.services.step_up.confirm(scene.carol, Kind.ROLES, scene.code())


async def after_more(scene: Scene) -> None:
    """Each wrong one after the wait doubles it."""
    for wait in (0, 0, 0, 0, 0, 60):
        scene.clock.passes(seconds=wait)
        with pytest.raises((WrongCode, LockedOut)):
            await a_wrong_code(scene)
    scene.clock.passes(seconds=119)
    await scene.services.step_up.confirm(scene.carol, Kind.ROLES, scene.recovery[0])


async def a_code_by_an_operator(scene: Scene) -> None:
    """Who is no admin confirms nothing."""
    await scene.services.step_up.confirm(scene.bob, Kind.ROLES, scene.code())


async def ones_own_request(scene: Scene) -> None:
    """Who asked confirms it."""
    number = await scene.asked(scene.erin)
    await scene.services.step_up.answer(scene.erin, number, yes=True)


async def a_yes_by_an_operator(scene: Scene) -> None:
    """An operator confirms it."""
    await scene.services.step_up.answer(scene.bob, await scene.asked(scene.erin), yes=True)


async def a_yes_from_elsewhere(scene: Scene) -> None:
    """An admin of another studio confirms it."""
    await scene.services.step_up.answer(scene.foreign, await scene.asked(scene.erin), yes=True)


async def a_yes_of_a_former_admin(scene: Scene) -> None:
    """Somebody who was an admin when their update came confirms it."""
    number = await scene.asked(scene.erin)
    await scene.services.database.write(lambda tx: people.set_role(tx, scene.frank, Role.OPERATOR))
    await scene.services.step_up.answer(scene.frank, number, yes=True)


async def a_yes_too_late(scene: Scene) -> None:
    """Nobody answered for a quarter of an hour."""
    number = await scene.asked(scene.erin)
    scene.clock.passes(minutes=15)
    await scene.services.step_up.answer(scene.frank, number, yes=True)


async def a_yes_after_a_no(scene: Scene) -> None:
    """Another admin refused it."""
    number = await scene.asked(scene.erin)
    await scene.services.step_up.answer(scene.carol, number, yes=False)
    await scene.services.step_up.answer(scene.frank, number, yes=True)


async def a_yes_to_nothing(scene: Scene) -> None:
    """There is no request of that number."""
    await scene.services.step_up.answer(scene.frank, 4711, yes=True)


async def one_yes_to_a_reset(scene: Scene) -> None:
    """One of two who are needed says yes twice."""
    await scene.services.step_up.lost(scene.carol)
    await scene.services.step_up.answer(scene.erin, 1001, yes=True)
    await scene.services.step_up.answer(scene.erin, 1001, yes=True)


async def setting_up_without(scene: Scene) -> None:
    """Somebody on Erin's phone sets an authenticator up, to confirm by it."""
    await scene.services.step_up.begin(scene.erin)


async def setting_up_anew_without(scene: Scene) -> None:
    """Somebody on Carol's phone sets another one up."""
    await scene.services.step_up.begin(scene.carol)


async def finishing_too_late(scene: Scene) -> None:
    """Somebody finds the picture of one that was begun."""
    await scene.confirmed(Kind.AUTHENTICATOR)
    key = await scene.services.step_up.begin(scene.carol)
    scene.clock.passes(seconds=LASTS.total_seconds())
    await scene.services.step_up.finish(scene.carol, pyotp.TOTP(key.secret).at(scene.clock.now()))


async def taking_it_off_without(scene: Scene) -> None:
    """Somebody on Carol's phone takes it off."""
    await scene.services.step_up.take_off(scene.carol)


async def recovery_codes_without(scene: Scene) -> None:
    """Somebody on Carol's phone makes recovery codes."""
    await scene.services.step_up.renew_recovery(scene.carol)


async def another_key_in_the_row(scene: Scene) -> None:
    """Somebody who writes to the database puts Carol's key into Erin's row."""

    async def work(tx: Transaction) -> None:
        carols = await rows.find(tx.connection, TENANT, scene.carol.id)
        await rows.held(tx, scene.erin)
        assert carols is not None
        await rows.put(tx, scene.erin, replace(carols, last_step=0))

    await scene.services.database.write(work)
    await scene.services.step_up.confirm(scene.erin, Kind.ROLES, scene.code())


async def an_invitation(scene: Scene) -> None:
    """An admin is invited."""
    await scene.services.people.joining.invite(scene.carol, Role.ADMIN)


async def an_admin_removed(scene: Scene) -> None:
    """Another admin is let out."""
    await scene.services.people.roles.change_role(scene.carol, scene.erin.id, Role.ADMIN, Role.REMOVED)


async def a_key_turned(scene: Scene) -> None:
    """A key is replaced."""
    await scene.services.rotation.turn(scene.carol, Purpose.BUTTONS)


async def keys_ended(scene: Scene) -> None:
    """Older keys are ended."""
    await scene.services.rotation.end_older(scene.carol, Purpose.BUTTONS)


async def payments_on(scene: Scene) -> None:
    """Payments are switched on again."""
    await scene.services.flags.switch(scene.carol, Flag.PAYMENTS, Change(Mode.ON), "trying it")


async def released(scene: Scene) -> None:
    """What waits after a restore goes out."""
    await scene.services.backups.holding.send(scene.carol, 1, Waiting.CLIENTS)


async def discarded(scene: Scene) -> None:
    """What waits after a restore is dropped."""
    await scene.services.backups.holding.drop(scene.carol, 1, Waiting.CLIENTS, 1)


TRIED: list[Callable[[Scene], Awaitable[None]]] = [
    nothing_confirmed, without_an_authenticator, another_kind, another_person, too_late, a_wrong_code, a_code_twice,
    an_older_code, an_old_code, a_recovery_code_twice, a_recovery_code_of_before, somebody_elses_code, after_too_many,
    after_more, a_code_by_an_operator, ones_own_request, a_yes_by_an_operator, a_yes_from_elsewhere,
    a_yes_of_a_former_admin, a_yes_too_late, a_yes_after_a_no, a_yes_to_nothing, one_yes_to_a_reset, setting_up_without,
    setting_up_anew_without, finishing_too_late, taking_it_off_without, recovery_codes_without, another_key_in_the_row,
    an_invitation, an_admin_removed, a_key_turned, keys_ended, payments_on, released, discarded,
]  # fmt: skip


async def scene_of(services: Services, clock: SimulatedClock) -> Scene:
    """The cast, by the verbs."""
    carol = await services.people.joining.identify(1003, "Carol", "en")
    key = await services.step_up.begin(carol)
    recovery = await services.step_up.finish(carol, pyotp.TOTP(key.secret).at(clock.now()))
    await services.tenants.found("acme", "Acme Studio")

    def enrolled(number: int, name: str, role: Role, tenant: str = TENANT) -> Awaitable[Person]:
        return services.database.write(lambda tx: people.enroll(tx, tenant, number, name, role, "en"))

    erin, frank = await enrolled(11, "Erin", Role.ADMIN), await enrolled(12, "Frank", Role.ADMIN)
    bob, gil = await enrolled(13, "Bob", Role.OPERATOR), await enrolled(14, "Gil", Role.CLIENT)
    foreign = await enrolled(15, "Fay", Role.ADMIN, "acme")
    return Scene(services, clock, carol, erin, frank, bob, gil, foreign, key.secret, list(recovery))


@pytest.mark.both_databases
@pytest.mark.parametrize("tries", TRIED, ids=lambda tries: tries.__name__)
async def test_refused(stand_ins: Providers, database_url: str, tries: Callable[[Scene], Awaitable[None]]) -> None:
    """Each is refused, and Gil stays what he is."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        scene = await scene_of(home.app.services, clock)
        with pytest.raises(Refusal):
            await tries(scene)
        with pytest.raises(StepUpNeeded):
            await scene.raised(scene.frank if tries is not a_yes_of_a_former_admin else scene.erin)


@pytest.mark.both_databases
async def test_let_through(stand_ins: Providers, database_url: str) -> None:
    """What is confirmed is let through: by a code, by a recovery code, by another admin; and a reset by two others."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        scene = await scene_of(home.app.services, clock)
        step_up = scene.services.step_up
        await scene.confirmed()
        await scene.raised()
        await step_up.confirm(scene.carol, Kind.SECRETS, scene.recovery[0])
        await scene.services.rotation.turn(scene.carol, Purpose.BUTTONS)
        await step_up.answer(scene.carol, await scene.asked(scene.erin), yes=True)
        await scene.services.people.joining.invite(scene.erin, Role.ADMIN)
        await step_up.lost(scene.carol)
        for one in (scene.erin, scene.frank):
            await step_up.answer(one, 1002, yes=True)
        assert (await step_up.standing(scene.carol)).set_up_at is None


@pytest.mark.both_databases
async def test_at_the_server(stand_ins: Providers, database_url: str) -> None:
    """Whoever runs the server takes off what was lost, which the other admins are told; doctor says how it stands."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        scene = await scene_of(home.app.services, clock)
        step_up = scene.services.step_up
        assert (
            probe(*await step_up.ready(TENANT)).words
            == "1 of 3 admins have an authenticator; the others ask another admin"
        )
        assert await step_up.reset(scene.carol.telegram_id)
        assert not await step_up.reset(scene.carol.telegram_id)
        assert any(
            "Carol took their authenticator off" in card.text for card in await home.told(scene.erin.telegram_id)
        )
        assert probe(1, 0).words.startswith("the only admin has no authenticator")
        with pytest.raises(Refusal):
            await step_up.confirm(scene.carol, Kind.ROLES, scene.code(1))
