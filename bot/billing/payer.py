"""Who an invoice goes to: billing details, and how they are read from what people write.

What cannot be read is a Refusal that says how it is written. Lengths are those that Stripe takes.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.billing.countries import country_in
from bot.kernel.errors import Refusal

LONGEST_EMAIL, LONGEST_NAME, LONGEST_LINE, LONGEST_TAX_ID = 512, 150, 200, 140
ADDRESS_LINES = 4
# One "@", a domain with a dot, only what mail carries without agreements of its own: RFC 5321 without its quoted forms.
_EMAIL = re.compile(
    r"(?=.{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_AROUND = "<>()[]\"'“”,;: ."


class Given(StrEnum):
    """What a person said when they were asked. SKIPPED is remembered, after REMOVED they are asked once more."""

    DETAILS = "details"
    SKIPPED = "skipped"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class BillingDetails:
    """What an invoice says of its payer. Empty texts are not given; `country` is a code of ISO 3166-1, alpha-2."""

    name: str
    email: str = ""
    country: str = ""
    address: str = ""
    tax_id: str = ""


@dataclass(frozen=True, slots=True)
class KeptDetails:
    """A row of `billing_details`. `version` grows with every change.

    told_customer, told_version: which of them the provider was last told, and for which of its customers.
    """

    person_id: int
    given: Given
    details: BillingDetails
    version: int
    told_customer: str
    told_version: int


def email_of(words: str) -> str:
    """The one address in what somebody wrote."""
    found = [word.strip(_AROUND).removeprefix("mailto:") for word in re.split(r"[\s,;]+", words) if "@" in word]
    if len(found) > 1:
        raise Refusal("Those are several e-mail addresses, and the invoice goes to one. Write just that one.")
    if not found:
        where = f"“{words.strip()[:40]}”" if words.strip() else "that"
        raise Refusal(f"I see no e-mail address in {where}. Write it like anna@example.org.")
    if len(found[0]) > LONGEST_EMAIL or not _EMAIL.fullmatch(found[0]):
        raise Refusal(f"Mail cannot reach “{found[0][:60]}”. Please check it: it should look like anna@example.org.")
    return found[0]


def is_email(words: str) -> bool:
    """Whether somebody wrote an e-mail address and nothing else."""
    return _EMAIL.fullmatch(words.strip().strip(_AROUND).removeprefix("mailto:")) is not None


def is_skip(words: str) -> bool:
    """Whether somebody wrote the word that skips a question, instead of tapping it."""
    return words.strip(_AROUND).casefold() == "skip"


def name_of(words: str) -> str:
    """The name of a person or company."""
    name = " ".join(words.split())
    if not any(map(str.isalnum, name)):
        raise Refusal("I see no name in that. Write it as it should stand on the invoice, like Nordwind GmbH.")
    if len(name) > LONGEST_NAME:
        raise Refusal(f"That name has {len(name)} letters; an invoice holds {LONGEST_NAME}. Write a shorter one.")
    return name


def address_of(words: str) -> str:
    """Street, postcode and town, in lines."""
    lines = [" ".join(line.split()).strip(",") for line in words.strip().splitlines()]
    lines = [line for line in lines if line]
    if not any(map(str.isalnum, words)):
        raise Refusal("I see no address in that. Write street, postcode and town, like Hafenstrasse 1, 20457 Hamburg.")
    if len(lines) > ADDRESS_LINES or max(map(len, lines)) > LONGEST_LINE:
        raise Refusal(
            f"An invoice holds {ADDRESS_LINES} lines of {LONGEST_LINE} letters for the address, and that is more. "
            "Write just street, postcode and town."
        )
    return "\n".join(lines)


def tax_id_of(words: str) -> str:
    """A tax or VAT number, as it should be printed."""
    tax_id = " ".join(words.split())
    if not any(map(str.isalnum, tax_id)):
        raise Refusal("I see no number in that. Write your tax ID like DE123456789, or tap Skip.")
    if len(tax_id) > LONGEST_TAX_ID:
        raise Refusal(f"A tax ID has at most {LONGEST_TAX_ID} characters. Write just the number, like DE123456789.")
    return tax_id


def read_at_once(words: str) -> dict[str, str]:
    """What somebody wrote who was asked for an e-mail: perhaps a name and a country too, between commas or on lines.

    Raises Refusal where there is no one e-mail address in it.
    """
    said = {"email": email_of(words)}
    others = [part.strip() for part in re.split(r"[\n,;]", words) if part.strip() and "@" not in part]
    if others and (code := country_in(others[-1])):
        said["country"] = code
        others.pop()
    if len(others) == 1 and any(map(str.isalpha, others[0])):
        said["name"] = name_of(others[0])
    return said
