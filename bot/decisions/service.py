"""Verbs on proposals: read by whoever reads reports, decided by admins, each by name and with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.decisions.model import LEAST_REASON, LONGEST_REASON, Proposal, ProposalState
from bot.decisions.proposing import held, show
from bot.kernel.errors import Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number
from storage.core.pages import Page
from storage.engine.database import Database, Transaction
from storage.governance import proposals

MOST = 5_000  # rows of the file


@dataclass(frozen=True, slots=True)
class Log:
    """Some of the decision log, at a time; more: whether there are others before them."""

    proposals: Sequence[Proposal]
    more: bool
    now: datetime


class Decisions:
    """The decision log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, who: Person, which: Page, state: ProposalState | None = None) -> Sequence[Proposal]:
        """A page of the log, or of what is in that state. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        async with self._database.reading() as connection:
            return await proposals.page(connection, who.tenant, which, state)

    async def get(self, who: Person, proposal_id: int) -> Proposal:
        """The proposal; raises Forbidden, or Refusal where the tenant has none of that number."""
        who.require(Permission.READ_REPORTS)
        async with self._database.reading() as connection:
            found = await proposals.find(connection, who.tenant, proposal_id)
        return _there(found, proposal_id)

    async def to_decide(self, who: Person, proposal_id: int, seen: int) -> Proposal:
        """The proposal that the person wants to decide on. Raises what deciding would raise."""
        who.require(Permission.GOVERN)
        async with self._database.reading() as connection:
            found = _there(await proposals.find(connection, who.tenant, proposal_id), proposal_id)
        _check_open(found, seen)
        return found

    async def decide(self, who: Person, proposal_id: int, seen: int, reason: str, *, adopt: bool) -> Proposal:
        """Adopt or decline it, by the person and for their reason, which stays.

        Raises Forbidden; Refusal where the reason says nothing; Stale where somebody decided before.
        """
        who.require(Permission.GOVERN)
        reason = " ".join(reason.split())
        _check_reason(reason)
        state = ProposalState.ADOPTED if adopt else ProposalState.DECLINED

        async def work(tx: Transaction) -> Proposal:
            found = _there(await proposals.find(tx.connection, who.tenant, proposal_id), proposal_id)
            _check_open(found, seen)
            await proposals.change(tx, found, state=state, decided_at=tx.now, decided_by=who.id, reason=reason)
            after = await held(tx, who.tenant, proposal_id)
            said = {"before": ProposalState.OPEN.value, "after": state.value}
            await record(tx, who.tenant, who, f"proposal.{state}", found.subject, thing=after, **said)
            await show(tx, after)
            return after

        return await self._database.write(work)

    async def to_explain(self, who: Person, proposal_id: int) -> Proposal:
        """The proposal that the person decided and gave no reason for. Raises what explaining would raise."""
        who.require(Permission.GOVERN)
        async with self._database.reading() as connection:
            found = _there(await proposals.find(connection, who.tenant, proposal_id), proposal_id)
        _check_unexplained(found, who)
        return found

    async def explain(self, who: Person, proposal_id: int, reason: str) -> Proposal:
        """Say why they decided so, once. Raises Forbidden, Refusal where it says nothing or somebody else decided, and
        Stale where the reason is there.
        """
        who.require(Permission.GOVERN)
        reason = " ".join(reason.split())
        _check_reason(reason)

        async def work(tx: Transaction) -> Proposal:
            found = _there(await proposals.find(tx.connection, who.tenant, proposal_id), proposal_id)
            _check_unexplained(found, who)
            await proposals.change(tx, found, reason=reason)
            await record(tx, who.tenant, who, "proposal.explained", found.subject)
            return await held(tx, who.tenant, proposal_id)

        return await self._database.write(work)

    async def table(self, who: Person, state: ProposalState | None = None) -> Log:
        """The newest of the log, 5,000 at most. Raises Forbidden."""
        found = await self.page(who, Page(limit=MOST + 1), state)
        return Log(found[:MOST], len(found) > MOST, self._database.clock.now())


def _there(found: Proposal | None, number_: int) -> Proposal:
    if found is None:
        raise Refusal(_("There is no proposal {number}. /decisions lists those that there are.", number=number_))
    return found


def _check_open(found: Proposal, seen: int) -> None:
    if found.state is not ProposalState.OPEN or found.version != seen:
        raise Stale(_("Proposal {number} needs no decision any more: /decision_{number}", number=found.id))


def _check_unexplained(found: Proposal, who: Person) -> None:
    if found.reason or found.state is ProposalState.OPEN:
        raise Stale(_("Proposal {number} needs no reason: /decision_{number}", number=found.id))
    if found.decided_by != who.id:
        raise Refusal(_("{name} decided on proposal {number}, so they say why.", name=found.decider, number=found.id))


def _check_reason(reason: str) -> None:
    if len(reason) < LEAST_REASON:
        raise Refusal(_("Write why, in a few words, for example: saves money and is just as good."))
    if len(reason) > LONGEST_REASON:
        raise Refusal(
            _("That reason has {n} characters; {most} are the most. Write it shorter.",
              n=number(len(reason)), most=number(LONGEST_REASON))
        )  # fmt: skip
