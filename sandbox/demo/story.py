"""The main job as a transcript: who said and saw what, and when. A step that does not come fails the story."""

import asyncio
import textwrap
import time
from collections.abc import Callable

from bot.kernel.words import count
from sandbox.demo.cast import Cast
from sandbox.demo.providers import DemoProviders
from sandbox.stripe.server import StripeStandIn
from sandbox.telegram.seen import Seen
from sandbox.telegram.server import TelegramStandIn
from sandbox.telegram.state import ChatEvent

GOOD = (
    "Write a landing page text for Nordwind, a bicycle courier in Hamburg. Delivery takes 48 hours. "
    "Mention that every parcel is insured up to 500 EUR and that pickup is free."
)
OPEN = (
    "Write a short product page for the solar lamp L2, for campers. Battery life: TBC. "
    "Say that it folds flat and weighs 140 grams."
)
NOTE = "Leave the battery life out, we do not know it yet."
SHOWN_LINES = 9
FIRST_BRIEF = 1001


class Story:
    """Plays Carol, Alice and Bob, and prints what each of them sees."""

    def __init__(self, cast: Cast, telegram: TelegramStandIn, stripe: StripeStandIn, providers: DemoProviders) -> None:
        self._cast = cast
        self._stripe = stripe
        self._notion = providers.notion
        self._telegram = telegram
        self._names = {person.id: person.account.first_name for person in (cast.alice, cast.bob, cast.carol)}
        self._say: Callable[[str], None] = lambda _: None
        self._began = time.monotonic()
        # What a real model writes is not known beforehand, nor how long it takes.
        self._by_rules = providers.model == "rules"
        self._patience = 60 if self._by_rules else 300  # perhaps on a busy machine

    async def tell(self, say: Callable[[str], None]) -> None:
        """Play every chapter; raises NotSeen where something that must happen does not."""
        self._say, self._began = say, time.monotonic()
        self._telegram.on_change.append(self._print)
        self._chapter("Carol, the admin, invites a client and an operator")
        await self._cast.settle_in()
        self._chapter("Alice hands in a brief; its draft passes alone")
        await self._brief_that_passes()
        self._chapter("Alice hands in a brief that leaves a figure open; Bob sends the draft back, then approves")
        await self._brief_that_needs_bob()
        self._chapter("The mirror and the books")
        await self._books()
        self._say(f"\nEvery step was seen, in {time.monotonic() - self._began:.1f} s.")

    async def _brief_that_passes(self) -> None:
        number = await self._hand_in(GOOD)
        if not self._by_rules:
            await self._approved_by_somebody(number)
        await self._delivered_and_paid(number)

    async def _approved_by_somebody(self, number: int) -> None:
        """The gate lets the draft pass, or Bob does."""
        alice, bob = self._cast.alice, self._cast.bob
        delivered = asyncio.create_task(alice.sees(f"Brief {number} · Delivered", timeout=self._patience))
        card = asyncio.create_task(bob.sees(f"Brief {number} · Needs your decision", timeout=self._patience))
        await asyncio.wait([delivered, card], return_when=asyncio.FIRST_COMPLETED)
        if not delivered.done():
            await bob.taps("Approve", await card)
        card.cancel()
        await delivered

    async def _brief_that_needs_bob(self) -> None:
        alice, bob = self._cast.alice, self._cast.bob
        number = await self._hand_in(OPEN)
        card = await bob.sees(f"Brief {number} · Needs your decision", timeout=self._patience)
        mark = bob.mark()
        await bob.taps("Send back", card)
        await bob.sees("What should change?", after=mark)
        await bob.says(NOTE)
        await bob.sees("Sent back by Bob", after=mark)
        again = await bob.sees(f"Brief {number} · Needs your decision", after=mark, timeout=self._patience)
        await bob.taps("Approve", again)
        await bob.sees("Approved by Bob")
        await self._delivered_and_paid(number)
        await alice.says("/briefs")
        await alice.sees("Your briefs")

    async def _hand_in(self, text: str) -> int:
        alice = self._cast.alice
        mark = alice.mark()
        await alice.says(text)
        quote = await alice.sees("Nothing is spent until you say yes", after=mark)
        number = int(quote.text.split()[1])
        await alice.taps("Yes, start", quote)
        if number == FIRST_BRIEF:
            await self._say_where_invoices_go()
        return number

    async def _say_where_invoices_go(self) -> None:
        """What the first yes asks, and no other."""
        alice = self._cast.alice
        await alice.sees("Where should the invoice go?")
        await alice.says("accounts@example.org")
        await alice.sees("Which name goes on the invoice?")
        await alice.says("Nordwind GmbH")
        await alice.taps("Germany", await alice.sees("Which country?"))
        await alice.sees("is started")

    async def _delivered_and_paid(self, number: int) -> None:
        alice = self._cast.alice
        await alice.sees(f"Brief {number} · Delivered")
        await alice.sees(f"brief-{number}.md")
        card = await alice.sees(f"for brief {number}: ")
        await self._pay(card)
        await alice.sees(f"Brief {number} · Paid")
        mark = alice.mark()
        await alice.says(f"/brief_{number}")
        await alice.sees(f"Brief {number} · Paid", after=mark)

    async def _pay(self, card: Seen) -> None:
        alice = self._cast.alice
        address = next(button.target for row in card.buttons for button in row if button.label.startswith("Pay"))
        invoice = next(i for i in self._stripe.invoices.values() if i["hosted_invoice_url"] == address)
        mark = alice.mark()
        self._line("Alice", "pays", f"{card.labels[0]} on Stripe's page, card 4242 4242 4242 4242")
        await self._stripe.pay(str(invoice["id"]))
        await alice.sees("thank you", after=mark)

    async def _books(self) -> None:
        carol = self._cast.carol
        mark = carol.mark()
        await carol.says("/report day")
        await carol.sees("2 briefs handed in: 2 delivered", after=mark)
        await carol.says("/jobs")
        await carol.sees("jobs", after=mark)
        if self._notion is not None:
            await self._rows("Job Log", "paid")
            await self._rows("Finance", "paid")

    async def _rows(self, table: str, state: str) -> None:
        assert self._notion is not None
        rows = await self._notion.wait_for(table, lambda found: [row["State"] for row in found] == [state, state])
        for row in rows:
            self._line("Notion", table, " · ".join(f"{name} {value}" for name, value in row.items() if value))

    def _chapter(self, title: str) -> None:
        self._say(f"\n== {title}")

    def _print(self, event: ChatEvent) -> None:
        for person_id in event.audience:
            who = self._names.get(person_id, str(person_id))
            if event.kind in {"new", "file", "edit"} and event.message is not None:
                verb = {"new": "sees", "file": "gets", "edit": "sees*"}[event.kind]
                if not event.message.from_bot:
                    verb = "says"
                self._line(who, verb, self._readable(event))
            elif event.kind == "tap":
                self._line(who, "taps", f"[{event.detail.get('label', '')}]")
            elif event.kind == "toast" and event.detail.get("text"):
                self._line(who, "reads", f"({event.detail['text']})")

    def _readable(self, event: ChatEvent) -> str:
        assert event.message is not None
        text = event.message.text
        if event.message.file_id is not None:
            text += f"  <{event.message.body['document']['file_name']}>"
        lines = text.splitlines()
        if len(lines) > SHOWN_LINES:
            lines = [*lines[:SHOWN_LINES], f"… {count(len(lines) - SHOWN_LINES, 'more line')}"]
        rows = ["".join(f"[{button['text']}] " for button in row).rstrip() for row in event.message.rows()]
        return "\n".join([*lines, *rows])

    def _line(self, who: str, verb: str, text: str) -> None:
        head = f"{time.monotonic() - self._began:6.1f} s  {who:<7}{verb:<8}"
        wrapped = [part for line in text.splitlines() for part in textwrap.wrap(line, 90) or [""]]
        for index, line in enumerate(wrapped):
            self._say(f"{head if index == 0 else ' ' * len(head)}{line}")
