"""Every setting, once: one frozen class read from the environment, `.env`, or `*_FILE` secrets.

`docs/settings.md` and `.env.example` are generated from it (`python -m bot docs`).
"""

from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import NoDecode

from bot import setting_keys as keys
from bot import setting_types as types
from bot import settings_together
from bot.briefs.pricing import Prices
from bot.invoices.charges import check_currency
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.models.budget import Ceiling
from bot.quality.model import CRITERIA, Criterion
from bot.reading_settings import ReadSettings
from bot.setting_types import Address, Effort, Minutes, ModelOrNone, ModelPrice, Odd, Points, Price, Rate, Usd


class Settings(ReadSettings):
    """What can be set. A name here in capitals is the environment variable; empty means not set."""

    # Telegram
    telegram_bot_token: keys.BotToken = Field(description="The bot's token, from @BotFather.")
    admin_telegram_ids: types.PeopleIds = Field(
        description="Telegram user ids of the admins, one at least, separated by commas; whose id is taken out is no "
        "admin any more at the next start. @userinfobot tells yours."
    )
    telegram_updates: Literal["polling", "webhook"] = Field(
        default="polling", description="How updates arrive: the bot asks (polling), or Telegram calls PUBLIC_URL."
    )
    telegram_webhook_secret: keys.WebhookSecret = Field(
        default=None, description="What Telegram must send with each webhook call; 1 to 256 of A-Z a-z 0-9 _ -."
    )
    telegram_api_url: Address = Field(default="https://api.telegram.org", description="Where the Bot API is.")
    telegram_messages_per_second: Rate = Field(default=25, description="Messages a second to all chats together.")
    telegram_chat_messages_per_second: Rate = Field(default=1, description="Messages a second to one chat.")
    telegram_group_messages_per_minute: Rate = Field(default=18, description="Messages a minute to one group.")

    # Models
    openai_api_key: keys.ModelKey = Field(description="Key for the models that draft and judge.")
    openai_base_url: Address = Field(default="https://api.openai.com/v1", description="Any compatible API.")
    draft_model: types.Model = Field(default="gpt-6-luna", description="The model that drafts.")
    judge_model: types.Model = Field(default="gpt-6-luna", description="The model that judges drafts.")
    draft_reasoning_effort: Effort = Field(
        default="none",
        description="How hard the drafting model thinks first, which is paid for and counts in DRAFT_MAX_TOKENS; a "
        "model that takes no such order gets none. default: as it likes.",
    )
    judge_reasoning_effort: Effort = Field(default="none", description="The same, for the judge. default: as it likes.")
    draft_model_research: ModelOrNone = Field(default="", description="Drafts Research briefs; empty: DRAFT_MODEL.")
    draft_model_drafting: ModelOrNone = Field(default="", description="Drafts Drafting briefs; empty: DRAFT_MODEL.")
    draft_model_data_transform: ModelOrNone = Field(
        default="", description="Drafts Data-transform briefs; empty: DRAFT_MODEL."
    )
    draft_model_transcription: ModelOrNone = Field(
        default="", description="Drafts Transcription briefs; empty: DRAFT_MODEL."
    )
    draft_model_other: ModelOrNone = Field(default="", description="Drafts any other brief; empty: DRAFT_MODEL.")
    fallback_model: types.Model = Field(
        default="gpt-5.6-luna",
        description="Drafts when the brief's model refuses, is cut off, or fails for good. Take one of another "
        "generation, which is not shut down on the same day.",
    )
    draft_max_tokens: int = Field(
        default=8_000,
        ge=256,
        le=1_000_000,
        description="Tokens that a draft may have at most, with the reasoning that some models do first.",
    )
    preview: bool = Field(
        default=True, description="Show clients their draft while it is written; the models' API has to stream."
    )
    transcribe_model: types.Model = Field(
        default="gpt-transcribe", description="The model that writes recordings down. whisper-1 ends 26 February 2027."
    )
    model_timeout_seconds: float = Field(
        default=90, ge=0.1, le=3600, allow_inf_nan=False, description="How long a model may take to answer."
    )
    model_prices: Annotated[dict[str, ModelPrice], NoDecode, types.pairs("model=read/written")] = Field(
        default={},
        description="What models cost that the price list does not know, as model=read/written in USD for a million "
        "tokens. Without it such a model counts as the dearest one. Example: qwen3:8b=0/0; house-model=0.4/2",
    )
    ceiling_brief_usd: Usd = Field(
        default=Decimal(5),
        description="What models may cost for one brief, in USD; above it the brief waits. 0: no ceiling. Before each "
        "call the most that it may cost is set aside, about 0.01 for a draft by gpt-6-luna, so leave room for that.",
    )
    ceiling_client_month_usd: Usd = Field(
        default=Decimal(200), description="The same, for one client's briefs in a calendar month (UTC)."
    )
    ceiling_day_usd: Usd = Field(default=Decimal(100), description="The same, for everything in a day (UTC).")
    ceiling_month_usd: Usd = Field(
        default=Decimal(1000), description="The same, for everything in a calendar month (UTC)."
    )

    # Quality
    qa_target: int = Field(default=80, ge=0, le=100, description="The line: the score from which a draft passes alone.")
    qa_target_research: Points | None = Field(default=None, description="The line of Research; empty: QA_TARGET.")
    qa_target_drafting: Points | None = Field(default=None, description="The line of Drafting; empty: QA_TARGET.")
    qa_target_data_transform: Points | None = Field(
        default=None, description="The line of Data-transform; empty: QA_TARGET."
    )
    qa_target_transcription: Points | None = Field(
        default=None, description="The line of Transcription; empty: QA_TARGET."
    )
    qa_target_other: Points | None = Field(default=None, description="The line of any other brief; empty: QA_TARGET.")
    qa_floors: Annotated[dict[Criterion, Points], NoDecode, types.pairs("criterion=points")] = Field(
        default={},
        description="Other floors than "
        + ", ".join(f"{criterion}={criterion.floor}" for criterion in CRITERIA)
        + ": no criterion may be under its own in a draft that passes alone. Example: accuracy=75; tone=50",
    )
    qa_near_points: int = Field(
        default=10, ge=0, le=50, description="So near to the line QA_LOOKS looks are taken, and their median counts."
    )
    qa_looks: Odd = Field(default=7, ge=3, le=15, description="Looks at a draft near the line, an odd number.")
    draft_attempts: int = Field(default=3, ge=1, le=10, description="Drafts of a brief before a person decides.")
    audit_percent: float = Field(
        default=5,
        ge=0,
        le=100,
        description="Of the drafts that would pass alone, how many a person decides on unawares. As many of the others "
        "are shown without scores too, so that such a card does not tell.",
    )
    probe_percent: float = Field(
        default=5, ge=0, le=100, description="With how many judged briefs a known-bad draft is put before the judge."
    )

    # Review
    claim_minutes: Minutes = Field(default=30, description="How long a draft that an operator took is theirs alone.")
    remind_minutes: Minutes = Field(
        default=30, description="After this wait for a decision the same operators are reminded."
    )
    escalate_minutes: Minutes = Field(
        default=120, description="After this wait all other operators are told, and a claim is let go."
    )
    admin_minutes: Minutes = Field(default=480, description="After this wait the admins are told.")
    last_rung_hours: int = Field(
        default=24,
        ge=1,
        le=8760,
        description="After this wait it is listed to the admins every day until it is decided.",
    )

    # Money
    currency: str = Field(default="USD", description="Currency of prices, ISO 4217; one that Stripe charges in.")
    price_research: Price = Field(default=Decimal(180), description="Price of a Research brief, in CURRENCY.")
    price_drafting: Price = Field(default=Decimal(120), description="Price of a Drafting brief.")
    price_data_transform: Price = Field(default=Decimal(90), description="Price of a Data-transform brief.")
    price_transcription: Price = Field(default=Decimal(60), description="Price of a Transcription brief.")
    price_other: Price = Field(default=Decimal(100), description="Price of any other brief.")
    price_transcription_minute: Price = Field(
        default=Decimal(2),
        description="Price of each minute begun of a recording to transcribe, in place of PRICE_TRANSCRIPTION; "
        "a short one costs the least that Stripe can charge.",
    )
    invoice_days: int = Field(default=14, ge=0, le=90, description="Days until an invoice is due.")
    stripe_secret_key: keys.StripeKey = Field(description="Stripe's secret key (sk_test_… to try).")
    stripe_webhook_secret: keys.StripeWebhookSecrets = Field(
        description="Signing secret (whsec_…) of the webhook that calls PUBLIC_URL/webhooks/stripe; while "
        "rotating, two separated by a comma."
    )
    stripe_api_url: Address = Field(default="https://api.stripe.com", description="Where Stripe's API is.")

    # Mirror and mail
    notion_token: keys.NotionToken = Field(default=None, description="Notion integration token; empty: no mirror.")
    notion_parent_page_id: types.PageId = Field(
        default="", description="Page below which the mirror's databases are made."
    )
    notion_api_url: Address = Field(default="https://api.notion.com", description="Where Notion's API is.")
    notion_requests_per_second: Rate = Field(
        default=3, description="Requests a second to Notion, which takes three on average."
    )
    smtp_host: types.Host = Field(default="", description="Mail server for reports; empty: no mail.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] | None = Field(
        default=None,
        description="How the connection to the mail server is encrypted: after the greeting (starttls, port 587), from "
        "the first byte (tls, port 465), or not at all (none). Empty: tls on port 465, else starttls.",
    )
    smtp_username: types.UserName = Field(default="", description="User at the mail server; empty: no sign-in.")
    smtp_password: SecretStr | None = Field(default=None, description="That user's password.")
    mail_from: types.Sender = Field(default="", description="Sender of reports.")
    report_recipients: types.Recipients = Field(
        default=(), description="Mail addresses that get the daily report, separated by commas."
    )

    # Running
    database_url: types.DatabaseAddress = Field(
        default="sqlite:///data/echopilot.db",
        repr=False,
        description="sqlite:///path or postgresql://user:password@host/name.",
    )
    public_url: Address | None = Field(default=None, description="Where the world reaches the web part, for webhooks.")
    web_host: types.Host = Field(default="127.0.0.1", description="Address that the web part listens on.")
    web_port: int = Field(default=8080, ge=0, le=65535, description="Port that the web part listens on; 0: any.")
    worker_concurrency: int = Field(
        default=50, ge=1, le=1000, description="Tasks on models that a worker runs at once."
    )
    reading_seconds: float = Field(
        default=10, gt=0, le=600, allow_inf_nan=False, description="How long reading one file may take."
    )
    drain_seconds: float = Field(
        default=20, ge=0, le=3600, allow_inf_nan=False, description="How long a stop waits for work under way."
    )
    heartbeat_url: types.PingAddress | None = Field(
        default=None, description="Outside dead-man's switch to ping each hour."
    )
    retention_days: int = Field(
        default=30, ge=1, le=3650, description="Days that handled updates and sent messages are kept."
    )
    job_times: types.CronTimes = Field(
        default={},
        description="Other times for jobs, as job=cron; UTC. Example: daily_report=0 8 * * *; heartbeat=*/30 * * * *",
    )
    allow_dirty: bool = Field(default=False, description="Run live although the git tree has uncommitted changes.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="What is logged.")

    @field_validator("currency")
    @classmethod
    def _currency_to_charge(cls, value: str) -> str:
        try:
            check_currency(value)
        except Refusal as refusal:
            raise ValueError(str(refusal).removesuffix(".")) from None
        return value

    @field_validator("*")
    @classmethod
    def _together(cls, value: Any, info: ValidationInfo) -> Any:
        if found := settings_together.problems(str(info.field_name), value, info.data):
            raise ValueError("\n".join(found))
        return value

    def target_of(self, task_type: TaskType) -> int:
        """The line of a brief of that type where neither its client nor an admin set another."""
        own: int | None = getattr(self, f"qa_target_{_in_names(task_type)}")
        return self.qa_target if own is None else own

    def price_of(self, task_type: TaskType) -> Money:
        """The price of a brief of that type.

        Raises Refusal where the price has more decimals than the currency.
        """
        amount: Decimal = getattr(self, f"price_{_in_names(task_type)}")
        return Money.parse(str(amount), self.currency)

    def model_of(self, task_type: TaskType) -> str:
        """The model that drafts briefs of that type."""
        return getattr(self, f"draft_model_{_in_names(task_type)}") or self.draft_model

    def drafted_types(self) -> list[TaskType]:
        """The types of brief that have a drafting model of their own."""
        return [task_type for task_type in TaskType if getattr(self, f"draft_model_{_in_names(task_type)}")]

    def efforts(self) -> dict[str, str]:
        """How hard models think, by what they are asked for."""
        return {"draft": self.draft_reasoning_effort, "judge": self.judge_reasoning_effort}

    def models_named(self) -> dict[str, str]:
        """Every model that a setting names, and which settings do."""
        named: dict[str, list[str]] = {}
        for setting in ("draft_model", *_DRAFTERS, "judge_model", "fallback_model", "transcribe_model"):
            if model := getattr(self, setting):
                named.setdefault(model, []).append(setting.upper())
        return {model: " and ".join(settings) for model, settings in named.items()}

    def ceilings(self) -> dict[Ceiling, int]:
        """What models may cost, in millionths of a US dollar; 0: as much as it takes."""
        usd = {
            Ceiling.BRIEF: self.ceiling_brief_usd,
            Ceiling.CLIENT: self.ceiling_client_month_usd,
            Ceiling.DAY: self.ceiling_day_usd,
            Ceiling.MONTH: self.ceiling_month_usd,
        }
        return {ceiling: int(amount * 1_000_000) for ceiling, amount in usd.items()}

    def prices(self) -> Prices:
        """Every price that a client may be quoted."""
        minute = Money.parse(str(self.price_transcription_minute), self.currency)
        return Prices({task_type: self.price_of(task_type) for task_type in TaskType}, minute)

    def secrets(self) -> list[str]:
        """Every secret value, so that logs can be kept free of them."""
        values = (getattr(self, name) for name in type(self).model_fields)
        password = urlsplit(self.database_url).password or ""
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return [*found, *(secret for secret in {password, unquote(password)} if secret)]


_DRAFTERS = tuple(f"draft_model_{task_type.value.lower().replace('-', '_')}" for task_type in TaskType)


def _in_names(task_type: TaskType) -> str:
    """The type as it stands in the names of settings."""
    return task_type.value.lower().replace("-", "_")
