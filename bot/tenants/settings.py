"""Settings of words and times, for tenants that have none of their own."""

from typing import Annotated
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, Field

from bot.config.reading import ReadSettings


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (LookupError, ValueError, OSError):
        raise ValueError("is no time zone: one of IANA's names, such as Europe/Berlin or UTC") from None
    return value


def _language(value: str) -> str:
    try:
        Locale.parse(value, sep="-")
    except (ValueError, UnknownLocaleError):
        raise ValueError("is no language: a BCP 47 tag such as en, es or pt-BR") from None
    return value


class WordSettings(ReadSettings):
    """Words and times"""

    language: Annotated[str, AfterValidator(_language)] = Field(
        default="en",
        description="The language of what goes to nobody in particular, such as mails, and to people whose own is not "
        "known or not spoken; a BCP 47 tag.",
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="UTC",
        description="The time zone of the business, by IANA's name: in it days and months turn, for reports and "
        "ceilings, and whoever chose no other by /timezone reads times of it.",
    )
