"""Which provider of the demo is real and which is the sandbox: real where a key is set."""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dotenv import dotenv_values

from bot.config.types import in_names
from bot.kernel.errors import InvalidSettings
from bot.kernel.task_type import TaskType
from sandbox.chat.page import ChatPage
from sandbox.history.at_stripe import KEY, PER_SECOND, PlayedClock
from sandbox.memory import Remembers
from sandbox.notion.server import NotionStandIn
from sandbox.openai.local import LocalModel
from sandbox.openai.models import LOCAL, RULES
from sandbox.openai.server import OpenAIStandIn
from sandbox.server import StandIn
from sandbox.smtp import SmtpStandIn
from sandbox.start.page import StartPage
from sandbox.start.studio import Studio
from sandbox.stripe.server import StripeStandIn
from sandbox.telegram.limits import Limits
from sandbox.telegram.server import TelegramStandIn

ALICE, BOB, CAROL, ERIN = 1001, 1002, 1003, 1004
PIECE_SECONDS = 0.03  # slow enough to be seen writing
SLOW_PIECE_SECONDS = 0.1  # slow enough that a draft is not ready before something happens to it
BURST = 3  # messages at once in one chat, which Telegram bears for a short time and gives no number for
# Who answers under MODEL=local, and that it costs nothing.
LOCAL_MODELS = {
    "draft_model": LOCAL,
    **{f"draft_model_{in_names(task_type)}": "" for task_type in TaskType},
    "judge_model": RULES,
    "fallback_model": RULES,
    "model_prices": f"{LOCAL}=0/0; {RULES}=0/0",
}
CAPTIONS = {ALICE: "client", BOB: "operator", CAROL: "admin", ERIN: "admin"}
MAILBOX = "carol@example.org"


def writes_at_its_pace(openai: OpenAIStandIn | None) -> None:
    """Let the stand-in write as a model does; a real one has a pace of its own."""
    if openai is not None:
        openai.pause = PIECE_SECONDS


def writes_slowly(openai: OpenAIStandIn | None) -> None:
    """Let the stand-in take its time for what it writes from now on."""
    if openai is not None:
        openai.pause = SLOW_PIECE_SECONDS


def environment() -> Mapping[str, str]:
    """What is set, in the environment or in `.env`."""
    found = {name: value for name, value in dotenv_values(".env").items() if value}
    return found | {name: value for name, value in os.environ.items() if value}


@dataclass
class DemoProviders:
    """The stand-ins, made for every provider whose key is not in `given`."""

    given: Mapping[str, str]
    model: str = "rules"
    webhook_secret: str = field(default_factory=lambda: f"whsec_{secrets.token_hex(16)}")

    def __post_init__(self) -> None:
        if self.given.get("STRIPE_SECRET_KEY", "").startswith("sk_live"):
            raise InvalidSettings(["STRIPE_SECRET_KEY: is a live key; the demo takes a test key (sk_test_…) only."])
        has = self.given.get
        local = LocalModel() if self.model == "local" else None
        self.telegram = None if has("TELEGRAM_BOT_TOKEN") else TelegramStandIn(Limits(burst=BURST))
        self.openai = None if has("OPENAI_API_KEY") and local is None else OpenAIStandIn(drafter=local)
        writes_at_its_pace(self.openai)
        self.stripe_clock = PlayedClock()
        self.stripe = None if has("STRIPE_SECRET_KEY") else StripeStandIn(clock=self.stripe_clock)
        if self.stripe is not None:
            self.stripe.limit_rate(PER_SECOND)
        self.notion = None if has("NOTION_TOKEN") else NotionStandIn(enforce_rate=True)
        self.smtp = None if has("SMTP_HOST") else SmtpStandIn()
        self.page = None if self.telegram is None else ChatPage(CAPTIONS)
        self.studio = Studio()
        self.start = None if self.telegram is None else StartPage(self.studio, people=tuple(CAPTIONS))

    def stand_ins(self) -> list[StandIn]:
        """What is served over HTTP."""
        made = [self.telegram, self.openai, self.stripe, self.notion, self.page, self.studio, self.start]
        return [stand_in for stand_in in made if stand_in is not None]

    def remembering(self) -> list[Remembers]:
        """Those that know something worth keeping."""
        made: list[Remembers | None] = [self.telegram, self.stripe, self.notion]
        return [stand_in for stand_in in made if stand_in is not None]

    def settings(self, url: str, smtp_port: int, database_url: str) -> dict[str, Any]:
        """The settings that lead to the stand-ins at `url`; what is real keeps its own."""
        settings: dict[str, Any] = {"database_url": database_url, "allow_dirty": True, "log_level": "error"}
        settings["web_port"] = int(self.given.get("WEB_PORT") or _free_port())  # links to the pages name it
        if self.telegram is not None:
            settings |= {
                "telegram_bot_token": self.telegram.token,
                "telegram_api_url": f"{url}/telegram",
                "telegram_updates": "polling",
                "telegram_webhook_secret": None,
                "admin_telegram_ids": str(CAROL),
                "played": True,
                "referral_percent": 10,
                "public_url": f"{url}{self.studio.path('')}",  # so that links in the chats lead into the start page
            }
        if self.openai is not None:
            settings |= {"openai_api_key": "sk-sandbox", "openai_base_url": f"{url}/openai/v1"}
            settings |= LOCAL_MODELS if self.model == "local" else {}
        if self.stripe is not None:
            settings |= {"stripe_secret_key": KEY, "stripe_webhook_secret": self.webhook_secret}
            settings |= {"stripe_api_url": f"{url}/stripe"}
        elif not self.given.get("STRIPE_WEBHOOK_SECRET"):
            settings["stripe_webhook_secret"] = self.webhook_secret
        if self.notion is not None:
            settings |= {"notion_token": "ntn_sandbox", "notion_parent_page_id": self.notion.parent_page_id}
            settings |= {"notion_api_url": f"{url}/notion"}
        if self.smtp is not None:
            settings |= {"smtp_host": "127.0.0.1", "smtp_port": smtp_port, "smtp_security": "none"}
            settings |= {"mail_from": "studio@example.org", "report_recipients": MAILBOX}
        return settings

    def table(self) -> list[str]:
        """A line per provider: real or sandbox, and what that means."""
        drafts = "drafts (in English, Spanish or Urdu) and scores come from plain rules, not from a model"
        if self.model == "local":
            drafts = f"{LOCAL} drafts on this machine, plain rules judge, at no cost"
        rows = [
            ("Telegram", self.telegram, "the chat page below", "TELEGRAM_BOT_TOKEN"),
            ("Models", self.openai, drafts, "OPENAI_API_KEY"),
            ("Stripe", self.stripe, "invoices, test cards and webhooks, no money", "STRIPE_SECRET_KEY"),
            ("Notion", self.notion, "the mirror's rows are kept in memory", "NOTION_TOKEN"),
            ("Mail", self.smtp, "mails are kept in memory", "SMTP_HOST"),
        ]
        return [
            f"  {name:<9} real     by {key}" if stand_in is None else f"  {name:<9} sandbox  {what} (real with {key})"
            for name, stand_in, what, key in rows
        ]


def _free_port() -> int:
    """One that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])
