"""The adapters, made by the settings."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.access.buttons import ButtonSigner
from bot.adapters.backups.places import Second
from bot.adapters.backups.vault import ChildVault, second_of
from bot.adapters.certificates import ServerCertificates
from bot.adapters.charts.painter import ChildPainter
from bot.adapters.deliverables.maker import DeliverableMaker
from bot.adapters.documents.documents import DocumentReader
from bot.adapters.google.access import GoogleAccess
from bot.adapters.google.consent import consent_of
from bot.adapters.google.drive import PROVIDER as DRIVE
from bot.adapters.google.drive import GoogleDrive
from bot.adapters.jwt_tokens import JwtTokens
from bot.adapters.kept_files import KeptFiles
from bot.adapters.machine import ThisMachine
from bot.adapters.mail.gmail import GmailMail
from bot.adapters.mail.imap import ImapMailbox
from bot.adapters.mail.smtp import SmtpMail
from bot.adapters.openai.models import OpenAIModels
from bot.adapters.partner_door import PartnerDoor
from bot.adapters.pdf.typesetter import ChildTypesetter
from bot.adapters.pip_audit import PipAudit
from bot.adapters.stripe.payments import StripePayments
from bot.adapters.telegram.chat import Telegram
from bot.adapters.telegram.pace import Pace
from bot.audit.keys import Keys
from bot.audit.settings import keys_of
from bot.backups.settings import beside_the_database, folder_of
from bot.google.login import Login
from bot.google.model import Consent
from bot.google.settings import GoogleSettings
from bot.invoices.ports import AccessRefused
from bot.messages.ports import Files
from bot.ops.probes import database_file
from bot.ops.version import ROOT
from bot.rotation.model import Roots
from bot.rotation.settings import roots_of
from bot.settings import Settings
from bot.slo.uptime import Look

if TYPE_CHECKING:
    from bot.adapters.notion.mirror import NotionMirror

SMTPS_PORT = 465  # RFC 8314: TLS from the first byte


def advisories_of() -> PipAudit:
    """Where known vulnerabilities of our packages are listed."""
    return PipAudit(ROOT / "requirements.txt")


def certificates_of() -> ServerCertificates:
    """What servers show that they are."""
    return ServerCertificates()


def machine_of(settings: Settings) -> ThisMachine:
    """The machine that this process runs on."""
    return ThisMachine(database_file(settings))


def telegram_of(settings: Settings, signer: ButtonSigner) -> Telegram:
    """The bot at Telegram, at the pace of the settings."""
    pace = Pace(
        settings.telegram_messages_per_second,
        settings.telegram_chat_messages_per_second,
        settings.telegram_group_messages_per_minute,
        settings.telegram_chat_burst,
    )
    return Telegram(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url, signer, pace)


def payments_of(settings: Settings) -> StripePayments:
    """Stripe, with every secret that signs its webhooks."""
    secrets = tuple(s.strip() for s in settings.stripe_webhook_secret.get_secret_value().split(",") if s.strip())
    return StripePayments(settings.stripe_secret_key.get_secret_value(), settings.stripe_api_url, secrets)


def models_of(settings: Settings) -> OpenAIModels:
    """The models, with the effort and the prices of the settings."""
    key = settings.openai_api_key.get_secret_value()
    return OpenAIModels(
        key,
        settings.openai_base_url,
        settings.model_timeout_seconds,
        transcribe_model=settings.transcribe_model,
        efforts={purpose: "" if effort == "default" else effort for purpose, effort in settings.efforts().items()},
        prices=settings.model_prices,
    )


def notion_of(settings: Settings) -> "NotionMirror | None":
    """The mirror at Notion; None where it is off."""
    if settings.notion_token is None:
        return None
    from bot.adapters.notion.mirror import NotionMirror  # its client takes 40 ms to load

    return NotionMirror(
        settings.notion_token.get_secret_value(),
        settings.notion_api_url,
        settings.notion_parent_page_id,
        settings.notion_requests_per_second,
    )


def looks_of(
    telegram: Telegram,
    payments: StripePayments,
    models: OpenAIModels,
    notion: "NotionMirror | None",
    mail: SmtpMail | GmailMail | None,
) -> dict[str, Look]:
    """How each provider is asked, for nothing, whether it answers. Past guards: a look says nothing of an outage."""

    async def stripe() -> None:
        with suppress(AccessRefused):  # a key that may not read these was answered
            await payments.payouts(datetime.now(UTC))

    looks = {"telegram": Look(telegram.webhook), "models": Look(models.shutdowns), "stripe": Look(stripe)}
    if notion is not None:
        looks["notion"] = Look(notion.user, every=5)
    if mail is not None:
        looks["mail"] = Look(mail.probe, every=15)
    return looks


def tokens_of() -> JwtTokens:
    """What makes and reads the tokens of partners' programs."""
    return JwtTokens("echopilot")


def secrets_of(settings: Settings) -> Roots:
    """The secrets that EchoPilot's own keys come from. Raises NoKey."""
    beside = None
    if settings.database_url.startswith("sqlite"):
        beside = beside_the_database(settings, settings.database_url)
    return roots_of(settings, settings.telegram_bot_token.get_secret_value(), beside)


def partner_door_of(settings: Settings) -> PartnerDoor:
    """How partners' programs are called."""
    return PartnerDoor(settings.partner_webhook_hosts)


def documents_of(settings: Settings, draining: asyncio.Event) -> DocumentReader:
    """What reads files. draining: set once the program is to stop."""
    return DocumentReader(settings.reading_seconds, draining)


def painter_of() -> ChildPainter:
    """What makes pictures of charts."""
    return ChildPainter()


def typesetter_of() -> ChildTypesetter:
    """What makes PDFs."""
    return ChildTypesetter()


def deliverables_of() -> DeliverableMaker:
    """What makes Word files and PDFs of finished work."""
    return DeliverableMaker()


def kept_files_of(settings: Settings, chat: Files) -> KeptFiles | None:
    """Where what people sent is kept; None where the chat alone has it."""
    return KeptFiles(chat, Second(settings.files_place, **_bucket(settings))) if settings.files_place else None


def _bucket(settings: Settings) -> dict[str, str]:
    """How a bucket is reached."""
    secret = settings.backup_bucket_secret
    return {
        "url": settings.backup_bucket_url or "",
        "region": settings.backup_bucket_region,
        "key_id": settings.backup_bucket_key_id,
        "secret": secret.get_secret_value() if secret is not None else "",
    }


def vault_of(settings: Settings) -> ChildVault:
    """What makes backups of the database, and keeps them."""
    second = second_of(settings.backup_second_place, **_bucket(settings))
    folder = folder_of(settings, settings.database_url)
    return ChildVault(folder, settings.database_url, settings.backup_public_key, second)


def audit_keys_of(settings: Settings) -> Keys:
    """The keys of the audit log's chain."""
    return keys_of(settings, beside_the_database(settings, settings.database_url))


def google_of(settings: Settings, provider: str) -> GoogleAccess:
    """Access to one of Google's services."""
    secret, token = settings.google_client_secret, settings.google_refresh_token
    assert secret is not None
    assert token is not None
    return GoogleAccess(
        settings.google_client_id,
        secret.get_secret_value(),
        token.get_secret_value(),
        settings.google_token_url,
        provider,
    )


async def google_consent_of(settings: GoogleSettings, login: Login, code: str) -> Consent:
    """What comes of a sign-in. Raises NotGiven, ProviderError."""
    secret = settings.google_client_secret
    assert secret is not None
    return await consent_of(login, code, secret.get_secret_value(), settings.google_token_url)


def drive_of(settings: Settings) -> GoogleDrive | None:
    """Where finished work and reports are kept; None where they are not."""
    return GoogleDrive(google_of(settings, DRIVE), settings.drive_api_url) if settings.google_drive else None


def mailbox_of(settings: Settings) -> ImapMailbox | None:
    """The mailbox that clients write to; None where none is read."""
    if not settings.imap_host or settings.imap_password is None:
        return None
    password = settings.imap_password.get_secret_value()
    return ImapMailbox(settings.imap_host, settings.imap_port, settings.imap_username, password, settings.imap_folder)


def mail_of(settings: Settings) -> SmtpMail | GmailMail | None:
    """What mail goes out by; None where there is nothing."""
    if settings.mail_by == "gmail":
        return GmailMail(google_of(settings, "Gmail"), settings.gmail_api_url, settings.mail_from)
    if not settings.smtp_host:
        return None
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    return SmtpMail(
        settings.smtp_host,
        settings.smtp_port,
        sender=settings.mail_from,
        security=settings.smtp_security or ("tls" if settings.smtp_port == SMTPS_PORT else "starttls"),
        username=settings.smtp_username,
        password=password,
    )
