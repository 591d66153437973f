"""A whole EchoPilot on the sandbox, with the cast of people, for the tests: the same wiring as in production."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.access.model import Permission, Role
from bot.invoices.payer import BillingDetails
from bot.kernel.clock import Clock
from bot.kernel.timing import Timing
from bot.parts import Part, Running, running
from bot.settings import Settings
from handlers.people.start import show_menu
from sandbox.notion.server import NotionStandIn
from sandbox.openai.server import OpenAIStandIn
from sandbox.server import Sandbox
from sandbox.smtp import SmtpStandIn
from sandbox.stripe.server import StripeStandIn
from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from sandbox.telegram.server import TelegramStandIn
from sandbox.telegram.state import Toast
from tests.contract.bot_api_schema import BotApiSchema
from tests.eventually import eventually

ALICE, BOB, CAROL, DAN, EVE = 1001, 1002, 1003, 1004, 1005
QUICK = Timing(first_retry=0.1, room=(0.1, 0.2), lag=0.0, turn=0.1)
WEBHOOK_SECRET = "whsec_sandbox_signing_secret"
BRIEF = (
    "Write a landing page text for Nordwind, a bicycle courier in Hamburg. Delivery takes 48 hours. "
    "Mention that every parcel is insured up to 500 EUR and that pickup is free."
)
OPEN_BRIEF = (
    "Write a landing page text for Nordwind, a bicycle courier in Hamburg. Delivery time: TBC. "
    "Mention that every parcel is insured up to 500 EUR."
)


LOOKING = ("uptime", "self_check", "slo_guard", "slo_budget", "support_inbox")


@dataclass
class Providers:
    """The stand-ins, alive across restarts of the program."""

    telegram: TelegramStandIn = field(default_factory=TelegramStandIn)
    stripe: StripeStandIn = field(default_factory=StripeStandIn)
    openai: OpenAIStandIn = field(default_factory=OpenAIStandIn)
    notion: NotionStandIn = field(default_factory=NotionStandIn)
    schema: BotApiSchema = field(default_factory=BotApiSchema)
    mail: SmtpStandIn = field(default_factory=SmtpStandIn)
    url: str = ""
    backups: str = ""

    def people(self) -> dict[str, Person]:
        """The cast, by the first names of `House`'s fields."""
        ids = {"alice": ALICE, "bob": BOB, "carol": CAROL, "dan": DAN, "eve": EVE}
        return {name: self.telegram.person(name.capitalize(), id=number) for name, number in ids.items()}

    def settings(self, database_url: str, **changes: Any) -> Settings:
        """Settings that point every provider at its stand-in, fast enough for tests."""
        return Settings(_env_file=None, **(self.environment(database_url) | changes))  # type: ignore[call-arg]

    def environment(self, database_url: str) -> dict[str, Any]:
        """The same, as plain values by setting."""
        return {
            "telegram_bot_token": self.telegram.token,
            "telegram_api_url": f"{self.url}/telegram",
            "telegram_messages_per_second": 1000,
            "telegram_chat_messages_per_second": 500,
            "telegram_group_messages_per_minute": 30_000,
            "admin_telegram_ids": str(CAROL),
            "openai_api_key": "sk-sandbox",
            "model_timeout_seconds": 20,  # a busy machine is no model that does not answer
            "judge_model": "gpt-6.1-terra",  # so that calls of the drafter and of the judge are counted apart
            # what a journey tells of looks should fit on a page
            "qa_near_points": 3,
            "qa_samples": 3,
            "audit_percent": 0,
            "probe_percent": 0,
            "office_hours": "Mon-Sun 09:00-18:00",  # so that tomorrow is tomorrow on every day that tests run
            "openai_base_url": f"{self.url}/openai/v1",
            "stripe_secret_key": "sk_test_sandbox_key",
            "stripe_webhook_secret": WEBHOOK_SECRET,
            "stripe_api_url": f"{self.url}/stripe",
            "notion_token": "ntn_sandbox",
            "notion_parent_page_id": self.notion.parent_page_id,
            "notion_api_url": f"{self.url}/notion",
            "notion_requests_per_second": 1000,
            "smtp_host": self.mail.host,
            "smtp_port": self.mail.port,
            "smtp_security": self.mail.security,
            "mail_from": "studio@example.org",
            "report_recipients": "carol@example.org",
            # how busy the machine is that tests run on is nothing that they are about
            "cpu_limit_percent": 100,
            "memory_limit_percent": 100,
            "lag_limit_ms": 60_000,
            "backup_folder": self.backups,
            "audit_key": "the-key-of-the-audit-log-in-tests",
            "secret_key": "the-secret-that-keys-come-from-in-tests",
            "referral_percent": 10,
            # tests write as fast as they can, and by one person what many would
            "chat_most_per_minute": 0,
            "briefs_most_per_hour": 0,
            "strangers_most_per_hour": 0,
            "database_url": database_url,
            # these ask providers, or tell admins of a busy machine, at whatever moment of a test a minute turns
            "job_times": "; ".join(f"{job}=0 0 1 1 *" for job in LOOKING),
            "web_port": 0,
        }


@asynccontextmanager
async def providers(
    telegram: TelegramStandIn | None = None,
    mail: SmtpStandIn | None = None,
    notion: NotionStandIn | None = None,
    host: str = "127.0.0.1",
    stripe: StripeStandIn | None = None,
) -> AsyncIterator[Providers]:
    """The stand-ins, served at the host; afterwards no call may have broken the Bot API's schema."""
    stand_ins = Providers(
        telegram=telegram or TelegramStandIn(),
        stripe=stripe or StripeStandIn(),
        notion=notion or NotionStandIn(),
        mail=mail or SmtpStandIn(host),
    )
    stand_ins.telegram.on_call.append(stand_ins.schema)
    sandbox = Sandbox(stand_ins.telegram, stand_ins.stripe, stand_ins.openai, stand_ins.notion, host=host)
    with tempfile.TemporaryDirectory(prefix="echopilot-backups-") as stand_ins.backups:
        async with sandbox, stand_ins.mail:
            stand_ins.url = sandbox.url
            yield stand_ins
    assert stand_ins.schema.found == []


@dataclass
class House:
    """A running EchoPilot with Carol as its admin."""

    providers: Providers
    settings: Settings
    running: Running
    alice: Person
    bob: Person
    carol: Person
    dan: Person
    eve: Person

    @property
    def telegram(self) -> TelegramStandIn:
        return self.providers.telegram

    @property
    def stripe(self) -> StripeStandIn:
        return self.providers.stripe

    @property
    def openai(self) -> OpenAIStandIn:
        return self.providers.openai

    @property
    def notion(self) -> NotionStandIn:
        return self.providers.notion

    async def invite(self, person: Person, role: str, *, billed: bool = True) -> None:
        """Carol makes an invitation, and the person opens its link; who may hand briefs in then says where invoices go,
        so that the first yes does not ask.
        """
        mark = self.carol.mark()
        await self.carol.says(f"/invite {role}")
        card = await self.carol.sees("Invitation for", after=mark)
        code = card.text.partition("?start=")[2].split()[0]
        await person.says(f"/start {code}")
        await person.sees("Welcome")
        if billed and role != "analyst":
            await self.billed(person)

    async def billed(self, person: Person, country: str = "Germany") -> None:
        """The person says where their invoices go."""
        name = person.account.first_name
        await person.says(f"/billing {name}, {name.lower()}@example.org, {country}")
        await person.sees("Billing details saved")

    async def staff(self) -> None:
        """Alice is a client, Bob an operator, Dan an analyst; Eve stays a stranger.

        By the verbs: hundreds of tests begin with it, and how people come in by the chat is what tests/journeys/people
        is about.
        """
        self.carol.account.started = True
        for person, role in ((self.alice, Role.CLIENT), (self.bob, Role.OPERATOR), (self.dan, Role.ANALYST)):
            await self._enrolled(person, role)

    async def _enrolled(self, person: Person, role: Role) -> None:
        services, account = self.running.app.services, person.account
        joining, language = services.people.joining, account.language_code or ""
        carol = await joining.identify(CAROL, "Carol", "")
        code = await joining.invite(carol, role)
        account.started = True
        who = await joining.identify(account.id, account.first_name, language)
        who = await joining.redeem(who, code, language)
        await show_menu(who, services)
        if who.may(Permission.SUBMIT_BRIEFS):
            await services.billing.details.keep(who, billed_to(account.first_name))

    async def brief(self, text: str = BRIEF) -> int:
        """Alice hands a brief in and says yes; returns its number."""
        mark = self.alice.mark()
        await self.alice.says(text)
        quote = await self.alice.sees(
            re.compile("Nothing is spent until you say yes|You sent this already"), after=mark
        )
        if "You sent this already" in quote.text:
            await self.alice.taps("It is new", quote)
            quote = await self.alice.sees("Nothing is spent until you say yes", after=quote)
        return number_in(await self.alice.taps("Yes, start", quote))

    async def quote_of(self, person: Person) -> Seen:
        """The newest quote, which the person opens from their list."""
        mark = person.mark()
        await person.says("/briefs")
        listed = await person.sees(re.compile("Waiting for a yes: "), after=mark)
        await person.taps(listed.labels[0], listed)
        return await person.sees("Quote · ", after=listed)

    def named_by(self, seen: Seen) -> int:
        """The id that the first button of a message is about: of a quote, which has no number, as well."""
        target = next(str(button.target) for row in seen.buttons for button in row if "://" not in str(button.target))
        tap = self.running.app.signer.unpack(target, chat_id=seen.chat_id)
        assert tap is not None
        return tap.subject

    async def stripe_has(self, status: str) -> None:
        """Wait until Stripe has an invoice of this status."""
        await eventually(lambda: any(i["status"] == status for i in self.stripe.invoices.values()), within=30)

    async def pay(self, number: int) -> None:
        """The client pays the brief's invoice on Stripe's page."""
        invoices = self.stripe.invoices.values()
        ours = next(i for i in invoices if i["metadata"].get("echopilot_brief") == str(number))
        await self.stripe.pay(str(ours["id"]))


def billed_to(name: str) -> BillingDetails:
    """Where the invoices of one of the cast go."""
    return BillingDetails(name, f"{name.lower()}@example.org", "DE")


def number_in(started: Toast) -> int:
    """The number that a brief got, as the toast of the yes says it: "Brief 1001 is started"."""
    return int(started.text.split()[1])


@asynccontextmanager
async def house(
    stand_ins: Providers,
    database_url: str,
    parts: frozenset[Part] = frozenset(Part),
    clock: Clock | None = None,
    timing: Timing = QUICK,
    **changes: Any,
) -> AsyncIterator[House]:
    """Run EchoPilot against the stand-ins, with Stripe's webhooks pointed at it."""
    settings = stand_ins.settings(database_url, **changes)
    async with running(settings, parts, clock, timing) as run:
        if run.server is not None:
            url = f"{run.server.url}/webhooks/stripe"
            endpoints = stand_ins.stripe.webhooks.endpoints
            if endpoints:
                endpoints[0].url = url
            else:
                stand_ins.stripe.webhook(url, WEBHOOK_SECRET)
        cast = House(stand_ins, settings, run, **stand_ins.people())
        faults = asyncio.create_task(run.until(asyncio.Event()))
        try:
            yield cast
        finally:
            if faults.done():
                faults.result()
            faults.cancel()
