"""`make demo`: EchoPilot on the sandbox. In a terminal it stays and a browser shows the chats; without one it tells the
whole story as a transcript, and fails unless every step of it was seen.
"""

import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.kernel.errors import InvalidSettings
from bot.kernel.timing import IN_PRODUCTION
from bot.locale import catalogs
from bot.ops.logs import logs
from bot.settings import Settings
from sandbox.demo.cast import Cast
from sandbox.demo.dashboard import PastChapter
from sandbox.demo.kept import FOLDER, CannotGoOn, Kept
from sandbox.demo.money import FUSE_MINUTES, MINUTE_SECONDS
from sandbox.demo.process import BotProcess
from sandbox.demo.providers import ALICE, BOB, CAROL, ERIN, DemoProviders, environment
from sandbox.demo.story import Story
from sandbox.demo.words import Words, chosen
from sandbox.history.at_stripe import tell
from sandbox.history.studio import Named
from sandbox.history.year import make, year
from sandbox.notion.server import NotWritten
from sandbox.server import Sandbox
from sandbox.telegram.seen import NotSeen

PORT = 8100
SEED = 1  # of the year that is played
TEAM = (Named(BOB, "Bob"), Named(CAROL, "Carol"), Named(ERIN, "Erin"))
# Else one good draft of twenty is held, for a person to decide on unawares; the story is of one that passes alone.
IN_THE_STORY = {"audit_percent": 0, "refund_fuse_minutes": FUSE_MINUTES}


@dataclass(frozen=True, slots=True)
class _Demo:
    """What there is of a demo before it runs.

    kept: where its data stays; None: nowhere. goes_on: whether there was one before. port: of the sandbox; 0: any.
    stays: it is for people to play; else the story is told. history: a played year lies behind it.
    """

    providers: DemoProviders
    words: Words
    kept: Kept | None
    goes_on: bool
    port: int
    stays: bool
    history: bool


async def demo(stop: asyncio.Event, model: str) -> int:
    """Run the demo until `stop`, or tell the story; returns the exit code."""
    logs.configure("error", [])  # this process's own; EchoPilot is another
    interactive = sys.stdin.isatty()
    this = _demo(model, interactive=interactive)
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(*this.providers.stand_ins(), port=this.port))
        bot = await _bot(stack, this, sandbox.url)
        this.providers.studio.address = bot.address
        if this.providers.stripe is not None:
            this.providers.stripe.webhook(f"{bot.address}/webhooks/stripe", this.providers.webhook_secret)
        say("EchoPilot, the demo. What is real and what is the sandbox:")
        for line in [*this.providers.table(), *this.words.table()]:
            say(line)
        return await (_stay(stop, this, sandbox.url, bot) if this.stays else _tell(this, bot))


def _demo(model: str, *, interactive: bool) -> _Demo:
    given = environment()
    catalogs.install_all()
    providers = DemoProviders(given, model)
    if not interactive and (providers.telegram is None or providers.stripe is None):
        raise InvalidSettings(
            ["The transcript plays all the people itself, so it needs the sandbox's Telegram and Stripe. Unset "
             "TELEGRAM_BOT_TOKEN and STRIPE_SECRET_KEY, or run the demo in a terminal."]
        )  # fmt: skip
    kept = Kept(FOLDER, providers.remembering()) if given.get("KEEP", "0") != "0" else None
    goes_on = kept is not None and kept.take_up()
    if goes_on and not interactive:
        raise CannotGoOn(f"The transcript begins from nothing, and there is a demo in {FOLDER}: rm -r {FOLDER}")
    # the addresses of a demo that is kept lead to it the next time too
    port = int(given.get("DEMO_PORT", PORT)) if interactive or kept is not None else 0
    words = Words(chosen(given.get("LANGUAGE", "")))
    for page in (providers.page, providers.start):
        if page is not None:
            page.language = words.language
    history = given.get("HISTORY", "0") != "0" and providers.telegram is not None
    return _Demo(providers, words, kept, goes_on, port, stays=interactive, history=history)


async def _bot(stack: AsyncExitStack, this: _Demo, url: str) -> BotProcess:
    """EchoPilot, running until the stack is left; then what is kept is written down."""
    smtp = this.providers.smtp
    smtp_port = 0 if smtp is None else (await stack.enter_async_context(smtp)).port
    if this.kept is None:
        database = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="echopilot-demo-"))) / "demo.db"
    else:
        database = this.kept.database
    told = {"language": this.words.language} | ({} if this.stays else IN_THE_STORY)
    settings = this.providers.settings(url, smtp_port, f"sqlite:///{database}") | told
    Settings.load(**settings)  # what is wrong with them is told before anything runs
    await _past(this, database, url)
    if this.kept is not None:
        this.kept.begin()
        stack.callback(this.kept.keep)
    minute = IN_PRODUCTION.minute if this.stays else MINUTE_SECONDS
    return await stack.enter_async_context(BotProcess(settings, minute))


async def _past(this: _Demo, database: Path, url: str) -> None:
    """With HISTORY=1, a year behind the people of the demo, whose clients have Telegram accounts."""
    telegram, stripe = this.providers.telegram, this.providers.stripe
    if not this.history or telegram is None:
        return
    studio = year(Named(ALICE, "Alice"), TEAM, SEED, this.words.language, owing=stripe is not None)
    for one in studio.clients:
        telegram.person(one.name, id=one.telegram_id, language_code=studio.language).account.started = True
    if not this.goes_on:
        told = None if stripe is None else partial(tell, stripe, this.providers.stripe_clock, url)
        for line in await make(database, studio, told):
            say(line)


async def _tell(this: _Demo, bot: BotProcess) -> int:
    telegram, stripe = this.providers.telegram, this.providers.stripe
    assert telegram is not None
    assert stripe is not None
    try:
        if this.history:
            await PastChapter(Cast(telegram, this.words), telegram, this.providers.studio).tell(say)
            return 0
        await Story(Cast(telegram, this.words), telegram, stripe, this.providers, bot).tell(say)
    except (NotSeen, NotWritten) as missing:
        say(f"\nThe story broke off: {missing}")
        return 1
    finally:
        for line in _what_is_kept(this):
            say(line)
    return 0


def say(line: str) -> None:
    """Print at once, so that a transcript in a pipe is live."""
    print(line, flush=True)  # noqa: T201 - the demo's whole purpose


async def _stay(stop: asyncio.Event, this: _Demo, url: str, bot: BotProcess) -> int:
    telegram, stripe = this.providers.telegram, this.providers.stripe
    if telegram is not None:
        cast = Cast(telegram, this.words)
        if not this.goes_on:
            await (cast.come_back() if this.history else cast.settle_in())
        assert this.providers.start is not None
        this.providers.start.link = cast.link
        say("\nOpen in a browser:")
        say(f"  {url}/start/                   the chats beside the dashboard, as Carol sees it")
        say(f"  {url}/chat/?people={ALICE},{BOB}   Alice, a client, beside Bob, an operator")
        say(f"  {url}/chat/?people={CAROL},{ERIN}   Carol and Erin, the admins: /jobs, /report day, /invite")
        say(f"  {url}/chat/                    everybody")
        say(
            "\nTry it: as Alice, write what you need in one message, and tap “Yes, start”. A brief that leaves a figure"
        )
        say("open (“Delivery time: TBC”) ends up with Bob. Pay the invoice with one of Stripe's test cards.")
    else:
        say(f"\nWrite to @{bot.bot_name} in Telegram.")
    if stripe is None:
        say(f"Real Stripe reaches this machine by: stripe listen --forward-to {bot.address}/webhooks/stripe")
        say("and its signing secret in STRIPE_WEBHOOK_SECRET.")
    say("\nCtrl+C ends it.")
    for line in _what_is_kept(this):
        say(line)
    await bot.until(stop)
    return 0


def _what_is_kept(this: _Demo) -> list[str]:
    if this.kept is None:
        return ["Nothing is kept; KEEP=1 make demo keeps its data."]
    folder, database = this.kept.folder, this.kept.database
    return [
        f"Its data stays in {folder}: {database} is EchoPilot's database (SQLite), the rest is the sandbox's.",
        "In a terminal KEEP=1 make demo goes on with it: everybody, every message and every invoice is there again.",
        f"To begin anew: rm -r {folder}",
    ]
