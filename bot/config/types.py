"""What single settings may hold. Where a value cannot be right, the words say why and never quote a secret."""

import re
from collections.abc import Callable
from decimal import Decimal
from email.utils import getaddresses
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from bot.config import cron as cron_times
from bot.config.addresses import (
    IN_AN_EXAMPLE,
    TO_FILL,
    address,
    database_address,
    host,
    networks,
    ping_address,
    pooler_address,
)
from bot.config.mail_addresses import MailAddress
from bot.kernel.task_type import TaskType

MODEL = re.compile(r"[^\s\"'<>]{1,200}")
BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9_.-]+)*/?")
MAIL_FOLDER = re.compile(r"[ -~]{1,200}")
NO_MAILBOX_AT = {143: "at which mail is read in the open", 25: "at which mail is sent", 465: "at which mail is sent",
                 587: "at which mail is sent", 110: "which is POP3", 995: "which is POP3"}  # fmt: skip
REGION = re.compile(r"[a-z0-9-]{1,50}")
PAGE_ID = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
LEAST_CEILING = Decimal("0.000001")  # USD; what models cost is counted in such steps
READ_AT = {110: "POP3", 143: "IMAP", 993: "IMAP", 995: "POP3"}
# Who "writes" what Telegram says itself, what anonymous admins say in groups, and what channels say.
OF_TELEGRAM = frozenset({777000, 1087968824, 136817688})
LARGEST_ID = 2**52  # https://core.telegram.org/bots/api#user


def _odd(value: int) -> int:
    if value % 2 == 0:
        raise ValueError("is even, and of an even number there is no median")
    return value


def _model(value: str) -> str:
    if "://" in value:
        raise ValueError("is an address, and a model is told by its name; the address belongs in OPENAI_BASE_URL")
    if not MODEL.fullmatch(value):
        raise ValueError("is no name of a model: one word, without quotes")
    return value


def _model_or_none(value: str) -> str:
    return _model(value) if value else value


def _page_id(value: str) -> str:
    if value and not PAGE_ID.fullmatch(value):
        raise ValueError(
            "is no id of a Notion page: the 32 characters 0-9 a-f at the end of the page's address, without the rest"
        )
    return value


def _user_name(value: str) -> str:
    if any(ord(letter) < 32 for letter in value):
        raise ValueError("has a line break in it")
    return value


def split_commas(value: Any) -> Any:
    """The parts between commas, as a tuple; what is no text stays as it is."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _health_path(value: str) -> str:
    path = Path(value)
    if not path.is_absolute():
        raise ValueError("has to be a file's whole path, beginning with /")
    if value.endswith("/") or _is(path.is_dir):
        raise ValueError("names a folder; add the name of the file")
    if not _is(path.parent.is_dir):
        raise ValueError("stands in a folder that is not there; make it first")
    return value


def _folder(value: str) -> str:
    """A whole path, since commands are run elsewhere too; "" for none."""
    if not value:
        return value
    _plain_path(value)
    path = Path(value)
    if not path.is_absolute():
        raise ValueError("has to be a folder's whole path, beginning with /")
    if not _is(path.exists) and not _is(path.parent.is_dir):
        raise ValueError("stands in a folder that is not there; make that first")
    return value


def _plain_path(value: str) -> None:
    if value.startswith("~") or "$" in value:
        raise ValueError("has a ~ or a $ in it, which nobody fills in here; write the path itself")
    if _is(Path(value).exists) and not _is(Path(value).is_dir):
        raise ValueError("names a file; name a folder")


def _is(look: Callable[[], bool]) -> bool:
    """What a look at a path finds; raises ValueError where the system lets nobody look."""
    try:
        return look()
    except OSError as error:
        raise ValueError(f"cannot be looked at: {error.strerror}") from None


def _second_place(value: str) -> str:
    if value.startswith("s3:") and not BUCKET.fullmatch(value):
        raise ValueError("is no bucket; write s3://bucket, or s3://bucket/folder")
    if "://" in value and not value.startswith("s3:"):
        raise ValueError("is neither s3://bucket nor a folder; the address of the store belongs in BACKUP_BUCKET_URL")
    if value and not value.startswith("s3:"):
        if not Path(value).is_absolute():
            raise ValueError("has to be s3://bucket/folder, or a folder's whole path, beginning with /")
        _plain_path(value)  # a disk that is not there just now is the jobs' trouble, and no reason not to start
    return value.rstrip("/")


def _region(value: str) -> str:
    if not REGION.fullmatch(value):
        raise ValueError("is no name of a region, such as eu-central-1")
    return value


def _people(value: tuple[int, ...]) -> tuple[int, ...]:
    if not value:
        raise ValueError(
            "is not set, and without an admin nobody can let anybody in; @userinfobot in Telegram tells your id"
        )
    if any(number < 0 for number in value):
        raise ValueError("names a group (a number below 0); an admin is a person, and @userinfobot tells your id")
    if not all(0 < number < LARGEST_ID for number in value):
        raise ValueError("has a number that no person in Telegram has; @userinfobot tells your id")
    if not OF_TELEGRAM.isdisjoint(value):
        raise ValueError("has a number of Telegram's own, behind which is no person; @userinfobot tells your id")
    return value


def _port_of_mail(value: int) -> int:
    """https://www.iana.org/assignments/service-names-port-numbers"""
    if value in READ_AT:
        raise ValueError(f"is {value}, at which mail is read ({READ_AT[value]}); it is sent at 587 or 465")
    return value


def _port_of_mailbox(value: int) -> int:
    if value in NO_MAILBOX_AT:
        raise ValueError(f"is {value}, {NO_MAILBOX_AT[value]}; a mailbox is read over TLS, at 993")
    return value


def _mail_folder(value: str) -> str:
    if not MAIL_FOLDER.fullmatch(value) or value != value.strip():
        raise ValueError("is no folder of a mailbox; write it in plain letters as the server has it, like INBOX")
    return value


def _mail_address(value: str) -> str:
    if value:
        _recipient(value)
        if len(getaddresses([value])) != 1:
            raise ValueError("names several mail addresses, and a sender is one")
    return value


def _mail_addresses(value: tuple[str, ...]) -> tuple[str, ...]:
    for one in value:
        _recipient(one)
    return value


def _recipient(value: str) -> None:
    if TO_FILL.search(MailAddress.parse(value).plain):
        raise ValueError(IN_AN_EXAMPLE)


def _two_amounts(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        read, written = (Decimal(part) for part in value.split("/"))
    except (ValueError, ArithmeticError):
        raise ValueError("write model=read/written, such as 0.4/2") from None
    if not all(amount.is_finite() and 0 <= amount <= 1_000 for amount in (read, written)):
        raise ValueError("is not between 0 and 1000 USD for a million tokens")
    return read, written


def _ceiling(value: Decimal) -> Decimal:
    if 0 < value < LEAST_CEILING:
        raise ValueError("is under a millionth of a dollar, which would count as no ceiling; write 0 for none")
    return value


def pairs(words: str) -> BeforeValidator:
    """Reads name=value, several separated by semicolons; `words` says how one is written."""

    def split(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = [part.partition("=") for part in value.split(";") if part.strip()]
        if any(not mark or not name.strip() for name, mark, _ in found):
            raise ValueError(f"write {words}, several separated by semicolons")
        names = [name.strip() for name, _, _ in found]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"names “{twice}” twice")
        return {name.strip(): given.strip() for name, _, given in found}

    return BeforeValidator(split)


def _cron_times(value: dict[str, str]) -> dict[str, str]:
    for name, cron in value.items():
        try:
            cron_times.check(cron)
        except ValueError as error:
            raise ValueError(f"“{cron}” for {name} is no cron time: {error}") from None
    return value


Address = Annotated[str, AfterValidator(address)]
PingAddress = Annotated[str, AfterValidator(ping_address)]
CronTimes = Annotated[dict[str, str], NoDecode, pairs("job=cron"), AfterValidator(_cron_times)]
Folder = Annotated[str, AfterValidator(_folder)]
SecondPlace = Annotated[str, AfterValidator(_second_place)]
Region = Annotated[str, AfterValidator(_region)]
HealthPath = Annotated[str, AfterValidator(_health_path)]
DatabaseAddress = Annotated[str, AfterValidator(database_address)]
PoolerAddress = Annotated[str, AfterValidator(pooler_address)]
Host = Annotated[str, AfterValidator(host)]
Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_commas), AfterValidator(networks)]
Odd = Annotated[int, AfterValidator(_odd)]
Rate = Annotated[float, Field(ge=0.01, le=1_000_000, allow_inf_nan=False)]
Minutes = Annotated[int, Field(ge=1, le=525_600)]
Model = Annotated[str, AfterValidator(_model)]
ModelOrNone = Annotated[str, AfterValidator(_model_or_none)]
PageId = Annotated[str, AfterValidator(_page_id)]
UserName = Annotated[str, AfterValidator(_user_name)]
PeopleIds = Annotated[tuple[int, ...], NoDecode, BeforeValidator(split_commas), AfterValidator(_people)]
ImapPort = Annotated[int, Field(ge=1, le=65535), AfterValidator(_port_of_mailbox)]
ImapFolder = Annotated[str, AfterValidator(_mail_folder)]
MailPort = Annotated[int, Field(ge=1, le=65535), AfterValidator(_port_of_mail)]
Sender = Annotated[str, AfterValidator(_mail_address)]
Recipients = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_commas), AfterValidator(_mail_addresses)]
Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max", "default"]
ModelPrice = Annotated[tuple[Decimal, Decimal], BeforeValidator(_two_amounts)]
Points = Annotated[int, Field(ge=0, le=100)]
Usd = Annotated[Decimal, Field(ge=0, le=1_000_000), AfterValidator(_ceiling)]
Price = Annotated[Decimal, Field(ge=0, le=10**12)]


def in_names(task_type: TaskType) -> str:
    """The type as it stands in the names of settings."""
    return task_type.value.lower().replace("-", "_")
