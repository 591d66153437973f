"""Settings of words and times, for tenants that have none of their own."""

from typing import Annotated
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, Field

from bot.config.reading import ReadSettings
from bot.tenants.office_hours import OfficeHours, calendar, office_hours

LONGEST_TERMS = 50_000


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (LookupError, ValueError, OSError):
        raise ValueError("is no time zone: one of IANA's names, such as Europe/Berlin or UTC") from None
    return value


def _language(value: str) -> str:
    """The tag, also out of a list of a Linux desktop, which has a variable of the same name: "en_US:en".

    https://www.gnu.org/software/gettext/manual/html_node/The-LANGUAGE-variable.html
    """
    first = value.partition(":")[0].partition(".")[0].partition("@")[0].replace("_", "-")
    tag = "en" if first in {"C", "POSIX"} else first
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        raise ValueError("is no language: a BCP 47 tag such as en, es or pt-BR") from None
    return tag


def _hours(value: str) -> str:
    office_hours(value)
    return value


def _holidays(value: str) -> str:
    calendar(value)
    return value


def _terms(value: str) -> str:
    if len(value) > LONGEST_TERMS:
        raise ValueError(f"has more than {LONGEST_TERMS:,} characters")
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
    office_hours: Annotated[str, AfterValidator(_hours)] = Field(
        default="Mon-Fri 09:00-18:00",
        description="When people work, and so when a day ends by which something is due. Other days after a semicolon: "
        "Mon-Fri 09:00-18:00; Sat 10:00-14:00",
    )
    holidays: Annotated[str, AfterValidator(_holidays)] = Field(
        default="",
        description="On whose holidays nobody works: countries by ISO 3166, or parts of them, such as DE, DE-HH or PK; "
        "several separated by commas. Empty: holidays are days like others.",
    )

    terms: Annotated[str, AfterValidator(_terms)] = Field(
        default="",
        description="Your own terms and privacy in words, which /terms shows whole beside the short ones; plain text, "
        "best of a file that TERMS_FILE names.",
    )

    def working_hours(self) -> OfficeHours:
        """When people work."""
        return office_hours(self.office_hours, self.holidays)
