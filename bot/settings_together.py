"""What settings cannot be together: each is right alone, and the two of them cannot work.

A rule belongs to the last of its settings, in the order of `bot.settings`. It is given the others as far as they are
right themselves, so that one mistake is told once.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.config import webhook_address
from bot.config.addresses import OFFICIAL, is_private
from bot.invoices.charges import check_price
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.prices.model import check_rate

Others = Mapping[str, Any]
Rule = Callable[[Any, Others], Iterator[str]]
LEVELS = ("remind_minutes", "escalate_minutes", "admin_minutes", "last_reminder_hours")
# How the keys of other providers begin; they are of no use at OpenAI.
OTHER_PROVIDERS = {"sk-ant-": "Anthropic", "sk-or-": "OpenRouter", "gsk_": "Groq", "AIza": "Google", "xai-": "xAI"}
THEIR_HOSTS = {
    "api.anthropic.com": "Anthropic",
    "openrouter.ai": "OpenRouter",
    "api.groq.com": "Groq",
    "generativelanguage.googleapis.com": "Google",
    "api.x.ai": "xAI",
    "api.openai.com": "OpenAI",
}
SMTPS_PORT = 465  # RFC 8314
OPEN_PORTS = frozenset({25, 587})  # RFC 5321, RFC 6409


def problems(setting: str, value: Any, others: Others) -> list[str]:
    """What is wrong with the setting beside the others."""
    return [words for rule in RULES.get(setting, ()) for words in rule(value, others)]


def _admins(value: tuple[int, ...], others: Others) -> Iterator[str]:
    token = _secret(others.get("telegram_bot_token"))
    if token and int(token.partition(":")[0]) in value:
        yield "names the bot itself, by the number that its token begins with; an admin is a person"


def _telegram_secret(value: SecretStr | None, others: Others) -> Iterator[str]:
    if others.get("telegram_updates") == "polling" and value is not None:
        yield "does nothing while updates are polled; set TELEGRAM_UPDATES=webhook, or leave it empty"


def _chat_rate(value: float, others: Others) -> Iterator[str]:
    if value > others.get("telegram_messages_per_second", value):
        yield "is more to one chat than TELEGRAM_MESSAGES_PER_SECOND allows to all of them"


def _group_rate(value: float, others: Others) -> Iterator[str]:
    if value > 60 * others.get("telegram_messages_per_second", value):
        yield "is more to one group than TELEGRAM_MESSAGES_PER_SECOND allows to all chats"


def _models_url(value: str, others: Others) -> Iterator[str]:
    key = _secret(others.get("openai_api_key"))
    whose = next((name for start, name in OTHER_PROVIDERS.items() if key.startswith(start)), None)
    whose = whose or ("OpenAI" if key.startswith(("sk-proj-", "sk-svcacct-")) else None)
    leads_to = THEIR_HOSTS.get(_host(value), whose)
    if whose and leads_to != whose:
        yield f"leads to {leads_to}, and OPENAI_API_KEY is a key of {whose}; set the address of {whose}'s API"


def _level(setting: str) -> Rule:
    before = LEVELS[LEVELS.index(setting) - 1]

    def rule(value: int, others: Others) -> Iterator[str]:
        minutes = value * 60 if setting == LEVELS[-1] else value
        if minutes <= others.get(before, 0):
            yield f"has to be longer than {before.upper()}"

    return rule


def _price(value: Any, others: Others) -> Iterator[str]:
    yield from _in_currency(value, others, check_price)


def _rate(value: Any, others: Others) -> Iterator[str]:
    yield from _in_currency(value, others, check_rate)


def _in_currency(value: Any, others: Others, check: Callable[[Money], None]) -> Iterator[str]:
    currency = others.get("currency")
    if currency is None:
        return
    try:
        check(Money.parse(f"{value:f}", currency))
    except Refusal as refusal:
        yield str(refusal).removesuffix(".")


def _stripe_url(value: str, others: Others) -> Iterator[str]:
    key, host = _secret(others.get("stripe_secret_key")), _host(value)
    if "_live_" in key[:9] and host not in OFFICIAL and not is_private(host) and "." in host:
        yield f"leads to {host}, and a live key (STRIPE_SECRET_KEY) is shown to nobody but api.stripe.com"


def _notion_page(value: str, others: Others) -> Iterator[str]:
    yield from _both(value, others, "notion_token")


def _of_mail(value: Any, others: Others) -> Iterator[str]:
    if value and others.get("smtp_host") == "":
        yield "does nothing without SMTP_HOST; set that, or leave this empty"


def _sender(value: str, others: Others) -> Iterator[str]:
    if _by_gmail(others):
        if not value:
            yield "is not set, and MAIL_BY=gmail needs it"
        return
    yield from _both(value, others, "smtp_host")


def _both(value: str, others: Others, other: str) -> Iterator[str]:
    if other not in others:
        return
    if others[other] and not value:
        yield f"is not set, and {other.upper()} needs it"
    if value and not others[other]:
        yield f"does nothing without {other.upper()}; set that, or leave this empty"


def _security(value: str | None, others: Others) -> Iterator[str]:
    port = others.get("smtp_port")
    if value == "starttls" and port == SMTPS_PORT:
        yield "is starttls, and port 465 (SMTP_PORT) is encrypted from the first byte; write tls, or leave this empty"
    if value == "none" and port == SMTPS_PORT:
        yield "is none, and port 465 (SMTP_PORT) is encrypted from the first byte; write tls, or leave this empty"
    if value == "tls" and port in OPEN_PORTS:
        yield f"is tls, and port {port} (SMTP_PORT) begins in the open; write starttls, or leave this empty"
    yield from _of_mail(value, others)


def _user_name(value: str, others: Others) -> Iterator[str]:
    host = others.get("smtp_host", "")
    if value and host and others.get("smtp_security") == "none" and "." in host and not is_private(host):
        yield f"and its password would go to {host} in the open, as SMTP_SECURITY is none; write starttls or tls there"
    yield from _of_mail(value, others)


def _by_gmail(others: Others) -> bool:
    return others.get("mail_by") == "gmail"


def _missing_of_google(others: Others) -> str:
    needed = ("google_client_id", "google_client_secret", "google_refresh_token")
    return ", ".join(name.upper() for name in needed if name in others and not others[name])


def _mail_by(value: str, others: Others) -> Iterator[str]:
    missing = _missing_of_google(others)
    if value == "gmail" and missing:
        yield f"is gmail, and {missing} is not set"


def _google_client(value: str, others: Others) -> Iterator[str]:  # noqa: ARG001 - every rule's shape
    if value.isdecimal() or value.endswith(".gserviceaccount.com"):
        yield "is a service account, which owns no storage and has no mailbox; make a client of the kind desktop app"


def _google_drive(value: bool, others: Others) -> Iterator[str]:
    missing = _missing_of_google(others)
    if value and missing:
        yield f"is on, and {missing} is not set; `python -m bot google-login` gets a refresh token"


def _mail_server(value: str, others: Others) -> Iterator[str]:
    if value and _by_gmail(others):
        yield "does nothing, since mail goes by Gmail (MAIL_BY); leave it empty, or set MAIL_BY=smtp"


def _mailbox(value: str, others: Others) -> Iterator[str]:
    if value and others.get("smtp_host") == "" and not _by_gmail(others):
        yield "is set, and answers to mails go out by SMTP_HOST; set that too, or leave this empty"


def _of_mailbox(value: str, others: Others) -> Iterator[str]:
    yield from _both(value, others, "imap_host")


def _mailbox_password(value: SecretStr | None, others: Others) -> Iterator[str]:
    yield from _both(_secret(value), others, "imap_host")


def _password(value: SecretStr | None, others: Others) -> Iterator[str]:
    user = others.get("smtp_username")
    if user and value is None:
        yield "is not set, and SMTP_USERNAME needs it"
    if value is not None and user == "":
        yield "does nothing without SMTP_USERNAME; set that, or leave this empty"


def _recipients(value: tuple[str, ...], others: Others) -> Iterator[str]:
    if _by_gmail(others):
        return
    if others.get("smtp_host") and not value:
        yield "is not set, so that SMTP_HOST sends nothing; name who gets the report, or leave SMTP_HOST empty"
    yield from _of_mail(value, others)


def _second_place(value: str, others: Others) -> Iterator[str]:
    if value and others.get("backup_public_key") == "":
        hint = "`echopilot backups --new-key` makes a pair"
        yield f"needs BACKUP_PUBLIC_KEY: what leaves this machine is encrypted; {hint}"


def _other_disk(value: str, others: Others) -> Iterator[str]:
    folder = others.get("backup_folder")
    if folder and value and not value.startswith("s3:") and Path(folder).absolute() == Path(value).absolute():
        yield "is BACKUP_FOLDER itself, so that whatever takes the one takes the other; name a folder of another disk"


def _most(value: int, others: Others) -> Iterator[str]:
    if value < others.get("worker_concurrency_least", 0):
        yield "is less than WORKER_CONCURRENCY_LEAST"


def _health_file(value: str | None, others: Others) -> Iterator[str]:
    scheme, _, path = others.get("database_url", "").partition(":///")
    file, its = Path(value or "").absolute(), Path(path).absolute()
    if value and scheme == "sqlite" and file.parent == its.parent and file.name.startswith(its.name):
        yield "is a file of the database (DATABASE_URL), which it would be written over; name another"


def _of_bucket(value: Any, others: Others) -> Iterator[str]:
    places = (others.get("backup_second_place", "s3:"), others.get("files_place", "s3:"))
    if value and not any(place.startswith("s3:") for place in places):
        yield "does nothing unless BACKUP_SECOND_PLACE or FILES_PLACE is s3://…; leave this empty"


def _bucket_secret(value: SecretStr | None, others: Others) -> Iterator[str]:
    yield from _both(_secret(value), others, "backup_bucket_key_id")
    yield from _of_bucket(value, others)


def _public_url(value: str | None, others: Others) -> Iterator[str]:
    live = "_live_" in _secret(others.get("stripe_secret_key"))[:9]
    if live and value and urlsplit(value).scheme != "https":
        yield "has to begin with https://, since Stripe calls no other address for a live key (STRIPE_SECRET_KEY)"
        return
    if live and value and _is_at_home(_host(value)):
        yield "is in a network of your own, where Stripe cannot call it for a live key (STRIPE_SECRET_KEY)"
        return
    if others.get("telegram_updates") != "webhook":
        return
    if value is None:
        yield "is not set, and TELEGRAM_UPDATES=webhook needs it"
    elif "telegram_api_url" in others:
        try:
            webhook_address.check(value, others["telegram_api_url"])
        except ValueError as error:
            yield str(error)


def _is_at_home(host: str) -> bool:
    return is_private(host) or "." not in host or host.endswith((".internal", ".local", ".lan", ".home.arpa"))


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()


def _pooler(value: str | None, others: Others) -> Iterator[str]:
    database = others.get("database_url")
    if value is None or database is None:
        return
    if not database.startswith("postgresql"):
        yield "is set, and DATABASE_URL is no PostgreSQL"
    elif value == database:
        yield "is DATABASE_URL itself; leave it empty, or write the address of the pooler"


RULES: Mapping[str, tuple[Rule, ...]] = {
    "admin_telegram_ids": (_admins,),
    "telegram_webhook_secret": (_telegram_secret,),
    "telegram_chat_messages_per_second": (_chat_rate,),
    "telegram_group_messages_per_minute": (_group_rate,),
    "openai_base_url": (_models_url,),
    **{setting: (_level(setting),) for setting in LEVELS[1:]},
    **dict.fromkeys(
        ("price_research", "price_drafting", "price_data_transform", "price_transcription", "price_other"), (_price,)
    ),
    "price_transcription_minute": (_rate,),
    "stripe_api_url": (_stripe_url,),
    "notion_parent_page_id": (_notion_page,),
    "google_client_id": (_google_client,),
    "google_drive": (_google_drive,),
    "mail_by": (_mail_by,),
    "smtp_host": (_mail_server,),
    "smtp_security": (_security,),
    "smtp_username": (_user_name,),
    "smtp_password": (_password,),
    "mail_from": (_sender,),
    "report_recipients": (_recipients,),
    "imap_host": (_mailbox,),
    "imap_username": (_of_mailbox,),
    "imap_password": (_mailbox_password,),
    "worker_concurrency_most": (_most,),
    "backup_second_place": (_second_place, _other_disk),
    "backup_bucket_url": (_of_bucket,),
    "backup_bucket_key_id": (_of_bucket,),
    "backup_bucket_secret": (_bucket_secret,),
    "database_pooler_url": (_pooler,),
    "public_url": (_public_url,),
    "health_path": (_health_file,),
}
