"""Keys and tokens, told apart by how their providers write them, so that none is taken for another.

https://core.telegram.org/bots/api#authorizing-your-bot, https://docs.stripe.com/keys,
https://docs.stripe.com/webhooks#verify-events, https://developers.notion.com/reference/authentication,
https://age-encryption.org/v1 and https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki (Bech32)
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, SecretStr

EDGES = "\"'`“”‘’<>"  # what is copied along with a key, and belongs to none
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
BOT_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{30,}")
STRIPE_KEY = re.compile(r"[sr]k_(?:test|live)_[A-Za-z0-9_]+")
STRIPE_WEBHOOK = re.compile(r"whsec_[A-Za-z0-9+/=_-]+")
NOTION_TOKEN = re.compile(r"(?:ntn|secret)_[A-Za-z0-9_]+")
TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
METRICS_TOKEN = re.compile(r"[A-Za-z0-9._~-]{16,256}")
AUDIT_KEY = re.compile(r"[A-Za-z0-9._~+/=-]{32,512}")
PRINTABLE = re.compile(r"[!-~]+")
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
AGE_PUBLIC = re.compile(rf"age1[{BECH32}]{{58}}")
AGE_SECRET = re.compile(rf"AGE-SECRET-KEY-1[{BECH32}]{{58}}", re.IGNORECASE)
_CHECKSUM = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


@dataclass(frozen=True, slots=True)
class KeyKind:
    """A kind of key: how it looks, what it is to people, and the setting that it belongs in ("" where none is)."""

    shape: re.Pattern[str]
    words: str
    setting: str = ""


KINDS = (
    KeyKind(BOT_TOKEN, "a bot token of Telegram", "TELEGRAM_BOT_TOKEN"),
    KeyKind(re.compile(r"pk_(?:test|live)_\w+"), "a publishable key of Stripe, made for web pages"),
    KeyKind(re.compile(r"sk_org_\w+"), "a key of a whole Stripe organization"),
    KeyKind(re.compile(r"[sr]k_(?:test|live)_\w+"), "a secret key of Stripe", "STRIPE_SECRET_KEY"),
    KeyKind(re.compile(r"whsec_\S+"), "the signing secret of a Stripe webhook", "STRIPE_WEBHOOK_SECRET"),
    KeyKind(re.compile(r"(?:we|acct|cus)_[A-Za-z0-9]{14,}"), "an id out of Stripe's dashboard, and no key"),
    KeyKind(re.compile(r"ntn_\w+|secret_[A-Za-z0-9]{30,}"), "a token of Notion", "NOTION_TOKEN"),
    KeyKind(re.compile(r"v0\d(?::|%3A)\S+"), "a cookie of Notion's web pages, and no token of an integration"),
    KeyKind(re.compile(r"sk-admin-[\w-]+"), "an admin key of OpenAI, which no model answers"),
    KeyKind(re.compile(r"sk-[\w-]{16,}"), "a key of the models", "OPENAI_API_KEY"),
    KeyKind(AGE_SECRET, "the secret key of age, which opens backups and has to be kept away from this machine"),
    KeyKind(AGE_PUBLIC, "a public key of age", "BACKUP_PUBLIC_KEY"),
)


# What stands in examples in place of a key.
PLACEHOLDER = re.compile(r"\.\.\.|…|\byour[-_]|\bchange[-_]?me\b|_x{3,}$|\bplaceholder\b", re.IGNORECASE)


def foreign(setting: str, value: str) -> str | None:
    """What is wrong where the value is a key of another kind than the setting takes; never shows it."""
    kind = next((kind for kind in KINDS if kind.shape.fullmatch(value)), None)
    if kind is None or kind.setting == setting:
        return None
    where = f"that belongs in {kind.setting}" if kind.setting else "that is never asked for here"
    return f"holds {kind.words}; {where}"


def uncovered(value: str) -> None:
    """Raise ValueError where something was copied along with a key, or in its place."""
    if value != value.strip() or CONTROL.search(value):
        raise ValueError("has a space or a line break in it or around it; write the bare value")
    if value[:1] in EDGES or value[-1:] in EDGES:
        raise ValueError("has quotes or brackets around it; write the bare value")
    if PLACEHOLDER.search(value):
        raise ValueError("is what stands in an example; put the key itself in its place")


def _checked(check: Callable[[str], None]) -> AfterValidator:
    def checked(value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            check(value.get_secret_value())
        return value

    return AfterValidator(checked)


def _shaped(shape: re.Pattern[str], words: str) -> AfterValidator:
    def check(value: str) -> None:
        if not shape.fullmatch(value):
            raise ValueError(words)

    return _checked(check)


def _webhook_secrets(value: str) -> None:
    secrets = [part.strip() for part in value.split(",") if part.strip()]
    if not secrets or not all(STRIPE_WEBHOOK.fullmatch(secret) for secret in secrets):
        raise ValueError(
            "is no signing secret of a webhook, which begins with whsec_; Stripe's dashboard shows it beside the "
            "webhook that calls PUBLIC_URL/webhooks/stripe, and `stripe listen` prints one"
        )


def _audit_keys(value: str) -> None:
    if not all(AUDIT_KEY.fullmatch(part.strip()) for part in value.split(",")):
        raise ValueError(
            "has to be 32 or more of A-Z a-z 0-9 . _ ~ + / = -, several with commas between them; "
            "`openssl rand -hex 32` makes one"
        )


BotToken = Annotated[
    SecretStr,
    _shaped(BOT_TOKEN, "does not look like a bot token (digits, a colon, 35 characters); @BotFather shows it"),
]
WebhookSecret = Annotated[
    SecretStr | None, _shaped(TELEGRAM_SECRET, "has to be 1 to 256 of A-Z a-z 0-9 _ -, or Telegram refuses it")
]
StripeKey = Annotated[
    SecretStr,
    _shaped(STRIPE_KEY, "is no secret key of Stripe, which begins with sk_test_, sk_live_, rk_test_ or rk_live_"),
]
StripeWebhookSecrets = Annotated[SecretStr, _checked(_webhook_secrets)]
NotionToken = Annotated[
    SecretStr | None,
    _shaped(NOTION_TOKEN, "is no token of a Notion integration, which begins with ntn_ (older ones: secret_)"),
]
MetricsToken = Annotated[
    SecretStr | None,
    _shaped(METRICS_TOKEN, "has to be 16 or more of A-Z a-z 0-9 . _ ~ -; `openssl rand -hex 24` makes one"),
]
AuditKey = Annotated[SecretStr | None, _checked(_audit_keys)]
SecretKey = Annotated[SecretStr | None, _checked(_audit_keys)]
ModelKey = Annotated[SecretStr, _shaped(PRINTABLE, "has characters in it that no key has; copy it once more")]


def _age_public_key(value: str) -> str:
    if value and not (AGE_PUBLIC.fullmatch(value) and _is_bech32(value)):
        raise ValueError(
            "is no public key of age (age1 and 58 letters and digits), or has a wrong letter in it; `echopilot backups "
            "--new-key` makes a pair"
        )
    return value


def _is_bech32(value: str) -> bool:
    """Whether its last six letters are the checksum of the rest."""
    prefix, _, data = value.rpartition("1")
    numbers = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    checksum = 1
    for number in [*numbers, *map(BECH32.index, data)]:
        top, checksum = checksum >> 25, (checksum & 0x1FFFFFF) << 5 ^ number
        for bit, part in enumerate(_CHECKSUM):
            checksum ^= part if top >> bit & 1 else 0
    return checksum == 1


AgePublicKey = Annotated[str, AfterValidator(_age_public_key)]
