"""The main job as a transcript. A step that does not come fails the story."""

import asyncio
import re
from collections.abc import Callable, Mapping

from sandbox.demo.cast import Cast, tap
from sandbox.demo.dashboard import DashboardChapter
from sandbox.demo.money import MoneyChapters
from sandbox.demo.process import BotProcess
from sandbox.demo.providers import DemoProviders, writes_at_its_pace, writes_slowly
from sandbox.demo.transcript import Transcript
from sandbox.stripe.server import StripeStandIn
from sandbox.telegram.seen import NotSeen, Seen
from sandbox.telegram.server import TelegramStandIn
from sandbox.telegram.state import ChatEvent

COUNTRY = "DE"


class Story:
    """Plays Carol, Erin, Alice and Bob, kills the process once, and prints what each of them sees."""

    def __init__(
        self, cast: Cast, telegram: TelegramStandIn, stripe: StripeStandIn, providers: DemoProviders, bot: BotProcess
    ) -> None:
        self._cast, self._words = cast, cast.words
        self._telegram, self._stripe, self._notion = telegram, stripe, providers.notion
        self._openai, self._studio, self._bot = providers.openai, providers.studio, bot
        # What a real model writes is not known beforehand, nor how long it takes.
        self._by_rules = providers.model == "rules" and providers.openai is not None
        self._patience = 60 if self._by_rules else 300  # perhaps on a busy machine

    async def tell(self, say: Callable[[str], None]) -> None:
        """Play every chapter; raises NotSeen where something that must happen does not."""
        names = {person.id: person.account.first_name for person in self._cast.everybody}
        told = self._told = Transcript(say, names)
        self._telegram.on_change.append(told.event)
        told.chapter("Carol, the admin, invites a client, an operator and another admin")
        await self._cast.settle_in()
        told.chapter(
            "Alice hands in a brief; the process is killed in the middle of its draft, and another one goes on"
        )
        first = await self._brief_that_passes()
        told.chapter("Alice hands in a brief that leaves a figure open; Bob sends the draft back, then approves")
        second = await self._brief_that_needs_bob()
        money = MoneyChapters(self._cast, self._stripe, told, self._bot.database_url)
        told.chapter("Bob wants a payment refunded, which two others approve: it is stopped once, then sent")
        await money.refund(first)
        told.chapter("A wrong entry is planted in the ledger; comparing it with Stripe finds it, and a tap repairs it")
        await money.mismatch(second)
        told.chapter("Nothing was lost or doubled; the mirror and the books")
        self._once_each(first, second)
        await self._books()
        told.chapter("Carol signs in to the dashboard, and reads the overview")
        await DashboardChapter(self._cast, self._studio, told).overview(delivered=2)
        told.end("Every step was seen")

    async def _brief_that_passes(self) -> int:
        writes_slowly(self._openai)
        number = await self._hand_in(self._words.said.good, first=True)
        await self._half_written(number)
        await self._bot.kill()
        self._told.line("System", "kills", "the process, by kill -9, in the middle of the draft")
        writes_at_its_pace(self._openai)
        await self._bot.start()
        self._told.line("System", "starts", "another process, on the same database")
        if not self._by_rules:
            await self._approved_by_somebody(number)
        await self._delivered_and_paid(number)
        return number

    async def _half_written(self, number: int) -> None:
        """Wait until Alice reads what there is of a draft; a real model may be done before she does."""
        if self._openai is None:
            state = self._words.words("drafting")
            await self._cast.alice.sees(self._words.shown("brief", brief=number, state=state), timeout=self._patience)
            return
        read: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def hear(event: ChatEvent) -> None:
            if event.kind == "draft" and not read.done():
                read.set_result(str(event.detail["text"]))

        self._telegram.on_change.append(hear)
        try:
            async with asyncio.timeout(self._patience):
                self._told.line("Alice", "reads…", await read)
        except TimeoutError:
            raise NotSeen("Alice: nothing of the draft was shown while it was written") from None
        finally:
            self._telegram.on_change.remove(hear)

    async def _approved_by_somebody(self, number: int) -> None:
        """The gate lets the draft pass, or Bob does."""
        alice, bob, shown = self._cast.alice, self._cast.bob, self._words.shown
        delivered = asyncio.create_task(alice.sees(shown("delivered", brief=number), timeout=self._patience))
        card = asyncio.create_task(bob.sees(shown("decide", brief=number), timeout=self._patience))
        await asyncio.wait([delivered, card], return_when=asyncio.FIRST_COMPLETED)
        if not delivered.done():
            await tap(bob, "approve", await card)
        card.cancel()
        await delivered

    async def _brief_that_needs_bob(self) -> int:
        alice, bob, shown = self._cast.alice, self._cast.bob, self._words.shown
        number = await self._hand_in(self._words.said.open_)
        card = await bob.sees(shown("decide", brief=number), timeout=self._patience)
        mark = bob.mark()
        await tap(bob, "sendback", card)
        await bob.sees(shown("reasons", "change"), after=mark)
        await bob.says(self._words.said.note)
        await bob.sees(shown("sent back", brief=number, name="Bob"), after=mark)
        again = await bob.sees(shown("decide", brief=number), after=mark, timeout=self._patience)
        await tap(bob, "approve", again)
        await bob.sees(shown("approved", brief=number, name="Bob"))
        await self._delivered_and_paid(number)
        await alice.says("/briefs")
        await alice.sees(shown("briefs"))
        return number

    async def _hand_in(self, text: str, *, first: bool = False) -> int:
        alice = self._cast.alice
        mark = alice.mark()
        await alice.says(text)
        quote = await alice.sees(self._words.shown("quote"), after=mark)
        toast = await tap(alice, "start", quote)
        started = await self._say_where_invoices_go() if first else toast.text
        return int(re.findall(r"\d+", started)[0])

    async def _say_where_invoices_go(self) -> str:
        """What the first yes asks, and no other; and the answer, which says what is started."""
        alice, shown = self._cast.alice, self._words.shown
        await alice.sees(shown("where"))
        await alice.says("accounts@example.org")
        await alice.sees(shown("name"))
        await alice.says("Nordwind GmbH")
        await alice.taps(self._words.country(COUNTRY), await alice.sees(shown("country")))
        return (await alice.sees(shown("started"))).text

    async def _delivered_and_paid(self, number: int) -> None:
        alice, shown = self._cast.alice, self._words.shown
        await alice.sees(shown("delivered", brief=number))
        await alice.sees(f"brief-{number}.md")
        await self._pay(await alice.sees(shown("to pay", brief=number)))
        paid = shown("brief", brief=number, state=self._words.words("paid"))
        await alice.sees(paid)
        mark = alice.mark()
        await alice.says(f"/brief_{number}")
        await alice.sees(paid, after=mark)

    async def _pay(self, card: Seen) -> None:
        alice = self._cast.alice
        pay = next(button for row in card.buttons for button in row if "://" in button.target)
        invoice = next(i for i in self._stripe.invoices.values() if i["hosted_invoice_url"] == pay.target)
        mark = alice.mark()
        self._told.line("Alice", "pays", f"[{pay.label}] on Stripe's page, card 4242 4242 4242 4242")
        await self._stripe.pay(str(invoice["id"]))
        await alice.sees(self._words.shown("received"), after=mark)

    def _once_each(self, *numbers: int) -> None:
        """Each brief was delivered, invoiced and paid once, although the process was killed under one of them."""
        shown, messages = self._words.shown, [m for m in self._cast.alice.messages() if m.from_bot]
        for number in numbers:
            found = {
                "delivery": sum(bool(shown("delivered", brief=number).match(m.text)) for m in messages),
                "file": sum(m.document is not None and m.document.name == f"brief-{number}.md" for m in messages),
                "receipt": sum(bool(shown("receipt", brief=number).search(m.text)) for m in messages),
            }
            self._expect(f"{number}", found, 1)
        paid = [charge for charge in self._stripe.charges.values() if charge["paid"]]
        self._expect("Stripe", {"invoices": len(self._stripe.invoices), "payments": len(paid)}, len(numbers))

    def _expect(self, who: str, found: Mapping[str, int], wanted: int) -> None:
        said = ", ".join(f"{count} {what}" for what, count in found.items())
        if set(found.values()) != {wanted}:
            raise NotSeen(f"{who} was to have {wanted} of each, and has {said}")
        self._told.line(who, "has", said)

    async def _books(self) -> None:
        carol, words = self._cast.carol, self._words
        mark = carol.mark()
        await carol.says("/report day")
        await carol.sees(words.shown("handed in", n=2, parts=words.delivered(2)), after=mark)
        await carol.says("/jobs")
        await carol.sees("/job_", after=mark)
        if self._notion is not None:
            await self._rows("Job Log", "paid")
            await self._rows("Finance", "paid")

    async def _rows(self, table: str, state: str) -> None:
        assert self._notion is not None
        rows = await self._notion.wait_for(table, lambda found: [row["State"] for row in found] == [state, state])
        for row in rows:
            self._told.line("Notion", table, " · ".join(f"{name} {value}" for name, value in row.items() if value))
