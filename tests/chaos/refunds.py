"""How money goes back while the program dies: a clerk asks for refunds, admins approve, refuse and stop them."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.invoices.events import OUR_REFUND
from sandbox.stripe.server import StripeStandIn
from sandbox.telegram.people import Person
from sandbox.telegram.seen import NotSeen, Seen
from tests.chaos.people import FOREVER, PATIENCE_SECONDS, VISA, Story

SETTINGS = {
    "refund_solo_limit": "USD 5",  # above it two have to approve
    "refund_fuse_minutes": 2,
    "limit_person_day_usd": 10**9,
    "limit_person_day_count": 100_000,
    "limit_day_usd": 10**9,
    "limit_day_count": 100_000,
}
ENDS = ("Sent back", "Under way", "Failed", "Refused", "Stopped")
NOT_NOW = "does not answer|our fault"  # Stripe's fault or ours: nothing was asked for
STAYS_PENDING, FAILS_LATER = "4000000000007726", "4000000000005126"  # https://docs.stripe.com/testing#refunds
APPROVE, REFUSE, STOP = "approve it", "refuse it", "stop it"


@dataclass(frozen=True)
class Course:
    """What the card that paid does, and the refunds that follow: how much, in minor units, and what admins do."""

    card: str
    refunds: tuple[tuple[int, str], ...]


COURSES = (
    Course(VISA, ((300, APPROVE), (7_000, APPROVE))),
    Course(VISA, ((400, REFUSE), (12_000, APPROVE))),
    Course(STAYS_PENDING, ((500, APPROVE),)),
    Course(VISA, ((6_000, STOP), (350, APPROVE))),
    Course(FAILS_LATER, ((250, APPROVE),)),
)


@dataclass
class Back:
    """A refund as the clerk lives it. code: stands in its reason. wish: what its reason has admins do.

    number: of the refund here. told: how it ended, in the clerk's chat.
    """

    story: Story
    minor: int
    wish: str
    code: str
    number: int = 0
    told: str = ""
    done: bool = False

    @property
    def amount(self) -> str:
        return f"{self.minor // 100}.{self.minor % 100:02}"


class Clerk:
    """Fay, who asks for one refund after the other, and waits for what becomes of all of them.

    here: set once she and those who approve came in.
    """

    def __init__(self, fay: Person, stripe: StripeStandIn) -> None:
        self.backs: list[Back] = []
        self.here = asyncio.Event()
        self._fay = fay
        self._stripe = stripe
        self._one_at_a_time = asyncio.Lock()

    async def send_back(self, story: Story, refunds: Sequence[tuple[int, str]]) -> None:
        """Ask for these refunds of a paid invoice, and wait for how each ends."""
        await self.here.wait()
        for minor, wish in refunds:
            back = Back(story, minor, wish, f"R{len(self.backs):05}")
            self.backs.append(back)
            async with self._one_at_a_time:
                while not back.number:
                    await self._asks(back)
            await self._follow(back)
        story.refunded = True

    def asked_of(self, story: Story) -> int:
        """How much of the brief's payment she asked for, in minor units."""
        return sum(back.minor for back in self.backs if back.story is story)

    async def _asks(self, back: Back) -> None:
        """One try; where Stripe does not answer, or a fault was ours, nothing was asked for."""
        if not await self._answered(f"/refund {back.story.invoice}", "Left to refund"):
            return
        if not await self._answered(back.amount, "Why\\?"):
            return
        preview = await self._answered(f"{back.code}, please {back.wish}", f"Not asked for yet[\\s\\S]*{back.code}")
        if preview is not None:
            await self._ask_for_approval(back, preview)

    async def _answered(self, words: str, wanted: str) -> Seen | None:
        """The wanted answer; None where it cannot be given just now."""
        mark = self._fay.mark()
        await self._fay.says(words)
        either = re.compile(f"{wanted}|{NOT_NOW}")
        answer = await self._fay.sees(either, after=mark, timeout=FOREVER)
        return answer if re.search(wanted, answer.text) else None

    async def _ask_for_approval(self, back: Back, preview: Seen) -> None:
        """Tap until something happens. Once the tap went out, only what was asked for can be waited for."""
        asked = re.compile(rf"^Refund \d+ · [\s\S]*{back.code}")
        while True:
            with suppress(NotSeen):
                await self._fay.taps("Ask for approval", preview, timeout=PATIENCE_SECONDS)
            with suppress(NotSeen):
                seen = await self._fay.sees(asked, timeout=PATIENCE_SECONDS)
                back.number = int(seen.text.split()[1])
                return

    async def _follow(self, back: Back) -> None:
        back.told = await self._ends(back, ENDS)
        if back.told == "Sent back" and back.story.card == FAILS_LATER:
            for theirs in at_stripe(self._stripe, back.number):
                self._stripe.settle_refund(theirs)
            back.told = await self._ends(back, ("Failed",))
        back.done = True

    async def _ends(self, back: Back, ends: Sequence[str]) -> str:
        pattern = re.compile(rf"^Refund {back.number} · ({'|'.join(ends)})$", re.MULTILINE)
        seen = await self._fay.sees(pattern, timeout=FOREVER)
        return seen.text.splitlines()[0].partition(" · ")[2]


def at_stripe(stripe: StripeStandIn, number: int) -> list[str]:
    """Stripe's ids of what was sent back for the refund of that number here."""
    found = stripe.refunds.values()
    return [str(one["id"]) for one in found if one["metadata"].get(OUR_REFUND) == str(number)]


class Approver:
    """An admin who does with each refund what its reason says; of those who may only one refuses, and stops."""

    def __init__(self, person: Person, *, refuses: bool) -> None:
        self._person = person
        self._refuses = refuses

    async def work(self) -> None:
        """Decide until cancelled."""
        while True:
            for card in self._person.messages():
                label = self._wants(card)
                if label is not None:
                    await self._taps(label, card)
            mark = self._person.mark()
            try:
                await self._person.sees("Refund ", after=mark, timeout=0.5)
            except NotSeen:
                continue

    def _wants(self, card: Seen) -> str | None:
        """The button that the person would tap, if it is there."""
        if not card.from_bot or not card.text.startswith("Refund "):
            return None
        label = "Approve"
        if f"please {REFUSE}" in card.text:
            label = "Refuse" if self._refuses else ""
        elif f"please {STOP}" in card.text and self._refuses and "Stop" in card.labels:
            label = "Stop"
        return label if label in card.labels else None

    async def _taps(self, label: str, card: Seen) -> None:
        try:
            await self._person.taps(label, card, timeout=PATIENCE_SECONDS)
        except NotSeen:
            return


def shown_to_client(back: Back) -> re.Pattern[str]:
    """What the client reads once the money is on its way."""
    return re.compile(rf"^Refund of {back.amount} USD · (?:Sent|Under way)\n[\s\S]*{back.story.invoice}\b")
