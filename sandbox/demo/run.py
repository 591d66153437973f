"""`make demo`: EchoPilot on the sandbox. In a terminal it stays and a browser shows the chats; without one it tells the
whole story as a transcript, and fails unless every step of it was seen.
"""

import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from bot.kernel.errors import InvalidSettings
from bot.locale import catalogs
from bot.settings import Settings
from sandbox.demo.cast import Cast
from sandbox.demo.process import BotProcess
from sandbox.demo.providers import ALICE, BOB, CAROL, DemoProviders, environment
from sandbox.demo.story import Story
from sandbox.demo.words import Words, chosen
from sandbox.notion.server import NotWritten
from sandbox.server import Sandbox
from sandbox.telegram.seen import NotSeen

PORT = 8100
# Else one good draft of twenty is held, for a person to decide on unawares; the story is of one that passes alone.
IN_THE_STORY = {"audit_percent": 0}


async def demo(stop: asyncio.Event, model: str) -> int:
    """Run the demo until `stop`, or tell the story; returns the exit code."""
    given = environment()
    catalogs.install_all()
    words = Words(chosen(given.get("LANGUAGE", "")))
    providers = DemoProviders(given, model)
    interactive = sys.stdin.isatty()
    if not interactive and (providers.telegram is None or providers.stripe is None):
        raise InvalidSettings(
            ["The transcript plays all the people itself, so it needs the sandbox's Telegram and Stripe. Unset "
             "TELEGRAM_BOT_TOKEN and STRIPE_SECRET_KEY, or run the demo in a terminal."]
        )  # fmt: skip
    async with AsyncExitStack() as stack:
        port = int(given.get("DEMO_PORT", PORT)) if interactive else 0
        sandbox = await stack.enter_async_context(Sandbox(*providers.stand_ins(), port=port))
        smtp_port = 0
        if providers.smtp is not None:
            smtp_port = (await stack.enter_async_context(providers.smtp)).port
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="echopilot-demo-"))
        database = f"sqlite:///{Path(folder) / 'demo.db'}"
        told = {"language": words.language} | ({} if interactive else IN_THE_STORY)
        settings = providers.settings(sandbox.url, smtp_port, database) | told
        Settings.load(**settings)  # what is wrong with them is told before anything runs
        bot = await stack.enter_async_context(BotProcess(settings))
        if providers.stripe is not None:
            providers.stripe.webhook(f"{bot.address}/webhooks/stripe", providers.webhook_secret)
        say("EchoPilot, the demo. What is real and what is the sandbox:")
        for line in [*providers.table(), *words.table()]:
            say(line)
        if interactive:
            return await _stay(stop, providers, sandbox.url, bot, words)
        return await _tell(providers, bot, words)


async def _tell(providers: DemoProviders, bot: BotProcess, words: Words) -> int:
    assert providers.telegram is not None
    assert providers.stripe is not None
    try:
        cast = Cast(providers.telegram, words)
        await Story(cast, providers.telegram, providers.stripe, providers, bot).tell(say)
    except (NotSeen, NotWritten) as missing:
        say(f"\nThe story broke off: {missing}")
        return 1
    return 0


def say(line: str) -> None:
    """Print at once, so that a transcript in a pipe is live."""
    print(line, flush=True)  # noqa: T201 - the demo's whole purpose


async def _stay(stop: asyncio.Event, providers: DemoProviders, url: str, bot: BotProcess, words: Words) -> int:
    if providers.telegram is not None:
        await Cast(providers.telegram, words).settle_in()
        say("\nOpen in a browser:")
        say(f"  {url}/chat/?people={ALICE},{BOB}   Alice, a client, beside Bob, an operator")
        say(f"  {url}/chat/?person={CAROL}        Carol, the admin: /jobs, /report day, /invite")
        say(f"  {url}/chat/                    everybody")
        say(
            "\nTry it: as Alice, write what you need in one message, and tap “Yes, start”. A brief that leaves a figure"
        )
        say("open (“Delivery time: TBC”) ends up with Bob. Pay the invoice with one of Stripe's test cards.")
    else:
        say(f"\nWrite to @{bot.bot_name} in Telegram.")
    if providers.stripe is None:
        say(f"Real Stripe reaches this machine by: stripe listen --forward-to {bot.address}/webhooks/stripe")
        say("and its signing secret in STRIPE_WEBHOOK_SECRET.")
    say("\nCtrl+C ends it; nothing is kept.")
    await bot.until(stop)
    return 0
