"""How people behave while the program dies under their hands: they wait, tap again where nothing happened, and pay."""

import asyncio
import re
from dataclasses import dataclass
from random import Random

import aiohttp

from sandbox.telegram.people import Person
from sandbox.telegram.seen import NotSeen, Seen
from tests.house import BRIEF, OPEN_BRIEF

FOREVER = 3600.0
PATIENCE_SECONDS = 2.0
AMOUNT = "120.00 USD"
VISA = "4242424242424242"


@dataclass
class Story:
    """One brief as its client lives it. `code` is in its text; `number` is known from the quote.

    card: that its invoice is paid with. invoice: its number, as people know it. refunds: what is sent back afterwards,
    and what admins do with it, see `tests.chaos.refunds.Course`.
    """

    code: str
    open_question: bool
    client: Person
    card: str = VISA
    refunds: tuple[tuple[int, str], ...] = ()
    number: int = 0
    invoice: str = ""
    said_yes: bool = False
    invoice_url: str = ""
    paid: bool = False
    done: bool = False
    refunded: bool = False

    @property
    def come(self) -> float:
        """How far it has come: 1 once nothing of it is left to do."""
        steps = [self.said_yes, self.number > 0, self.paid, self.done, *([self.refunded] if self.refunds else [])]
        return sum(steps) / len(steps)

    @property
    def text(self) -> str:
        return f"Landing page text {self.code} for Nordwind.\n{OPEN_BRIEF if self.open_question else BRIEF}"


class Front:
    """Carol at the door: one invitation at a time, and another where somebody cannot use theirs."""

    def __init__(self, carol: Person) -> None:
        self._carol = carol
        self._one_at_a_time = asyncio.Lock()

    async def let_in(self, person: Person, role: str) -> None:
        """Until the person was welcomed: a link, and /start again where nothing came of it. A client then says where
        invoices go.
        """
        welcomed = False
        while not welcomed:
            code = await self._invitation(role)
            welcomed = await self.enters(person, f"/start {code}")
        if role == "client":
            await _billed(person)

    async def _invitation(self, role: str) -> str:
        async with self._one_at_a_time:
            mark = self._carol.mark()
            await self._carol.says(f"/invite {role}")
            card = await self._carol.sees(f"{role}\nhttps://", after=mark, timeout=FOREVER)
            return card.text.partition("?start=")[2].split()[0]

    async def enters(self, person: Person, words: str) -> bool:
        """Whether the invitation was good; a fault of the bot's is answered by saying /start again."""
        while True:
            mark = person.mark()
            await person.says(words)
            answer = await person.sees(
                re.compile("Welcome|no longer works|our fault|open /start"), after=mark, timeout=FOREVER
            )
            if "our fault" not in answer.text:
                return "Welcome" in answer.text


async def _billed(client: Person) -> None:
    """Until it is saved; a fault of the bot's is answered by saying it again."""
    saved = False
    while not saved:
        mark = client.mark()
        await client.says(f"/billing {client.account.first_name}, client{client.id}@example.org, Germany")
        answer = await client.sees(re.compile("Billing details saved|our fault"), after=mark, timeout=FOREVER)
        saved = "our fault" not in answer.text


async def live(story: Story, browser: aiohttp.ClientSession) -> None:
    """Hand the brief in, say yes, read the work, pay, read the receipt."""
    client = story.client
    await client.says(story.text)
    quote = await client.sees(re.compile(rf"Quote · {AMOUNT}\n[\s\S]*{story.code}"), timeout=FOREVER)
    await say_yes(story, quote)
    work = await client.sees(re.compile(rf"Brief \d+ · Delivered\n[\s\S]*{story.code}"), timeout=FOREVER)
    story.number = int(work.text.split()[1])
    await client.sees(f"brief-{story.number}.md", timeout=FOREVER)
    card = await client.sees(invoice_shown(story.number), timeout=FOREVER)
    story.invoice_url, story.invoice = card.buttons[0][0].target, card.text.split()[1]
    async with browser.post(story.invoice_url, data={"card": story.card}) as page:
        page.raise_for_status()
    story.paid = True
    await client.sees(receipt_shown(story.number), timeout=FOREVER)
    await client.sees(f"Brief {story.number} · Paid", timeout=FOREVER)
    story.done = True


def invoice_shown(number: int) -> re.Pattern[str]:
    return re.compile(rf"Invoice \S+ · To pay\n[\s\S]*{AMOUNT} for brief {number}\b")


def receipt_shown(number: int) -> re.Pattern[str]:
    return re.compile(rf"Received {AMOUNT} [\s\S]*for brief {number}\b")


async def say_yes(story: Story, quote: Seen) -> None:
    """Tap until something happens: the bot answers, or the message is no longer the quote."""
    story.said_yes = True
    while True:
        try:
            await story.client.taps("Yes, start", quote, timeout=PATIENCE_SECONDS)
        except NotSeen:
            shown = next(message for message in story.client.messages() if message.id == quote.id)
            if "Yes, start" not in shown.labels:
                return
        else:
            return


class Operator:
    """Bob: approves what he is shown, sometimes from the card, sometimes by way of /brief_1042."""

    def __init__(self, bob: Person, random: Random) -> None:
        self.approved: set[int] = set()
        self._bob = bob
        self._random = random

    async def work(self) -> None:
        """Decide until cancelled."""
        await self._clear_queue()
        while True:
            for card in self._waiting():
                number = int(card.text.split()[1])
                if number not in self.approved:
                    await self._approve(number, card)
            mark = self._bob.mark()
            try:
                await self._bob.sees("Needs your decision", after=mark, timeout=0.5)
            except NotSeen:
                continue

    async def _clear_queue(self) -> None:
        """What waited before he came was shown to those who were there; he finds it in the queue, a page at a time."""
        listed: list[str] | None = None
        while listed != []:
            mark = self._bob.mark()
            await self._bob.says("/queue")
            page = await self._bob.sees(re.compile("to decide|Nothing waits"), after=mark, timeout=FOREVER)
            listed = [number for number in re.findall(r"/brief_(\d+)", page.text) if int(number) not in self.approved]
            for number in listed:
                await self._approve(int(number), None)

    def _waiting(self) -> list[Seen]:
        return [message for message in self._bob.messages() if "Approve" in message.labels]

    async def _approve(self, number: int, card: Seen | None) -> None:
        if card is None or self._random.random() < 0.25:
            mark = self._bob.mark()
            await self._bob.says(f"/brief_{number}")
            try:
                card = await self._bob.sees(f"Brief {number} · ", after=mark, timeout=PATIENCE_SECONDS)
            except NotSeen:
                return
            if "Approve" not in card.labels:
                self.approved.add(number)
                return
        try:
            await self._bob.taps("Approve", card, timeout=PATIENCE_SECONDS)
        except NotSeen:
            return
        self.approved.add(number)
