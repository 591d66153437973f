"""Who an invoice goes to: billing details, and how they are read from what people write.

What cannot be read is a Refusal that says how it is written. Lengths are those that Stripe takes.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.invoices.countries import country_in
from bot.invoices.typed import BETWEEN, addresses_in, others_beside
from bot.kernel.errors import Refusal
from bot.kernel.text.storable import says_something, visible
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number

LONGEST_EMAIL, LONGEST_NAME, LONGEST_LINE, LONGEST_TAX_ID = 512, 150, 200, 140
ADDRESS_LINES = 4
# One "@", a domain with a dot, only what mail carries without agreements of its own: RFC 5321 without its quoted forms.
_EMAIL = re.compile(
    r"(?=.{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_AROUND = "<>()[]\"'“”,;: ."
SHORT_NAME = 3  # letters: Al, Jo and Ben are codes of countries as well
# Countries that people are called by, first name or last.
_NAMES = frozenset({
    "albania", "alemania", "america", "andorra", "argentina", "armenia", "austria", "brasil", "brazil", "britain",
    "ceylon", "chad", "china", "croatia", "cuba", "cyprus", "dominica", "egypt", "england", "france", "francia",
    "georgia", "germania", "guernsey", "holland", "india", "iran", "ireland", "israel", "italia", "jersey", "jordan",
    "kenya", "lebanon", "mali", "malta", "martinique", "montserrat", "oman", "romania", "samoa", "scotland",
    "somalia", "syria", "trinidad", "vietnam", "wales",
})  # fmt: skip


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
    found = addresses_in(words)
    if len(found) > 1:
        raise Refusal(_("Those are several e-mail addresses, and the invoice goes to one. Write just that one."))
    if not found and not words.strip():
        raise Refusal(_("I see no e-mail address in that. Write it like anna@example.org."))
    if not found:
        said = words.strip()[:40]
        raise Refusal(_("I see no e-mail address in “{said}”. Write it like anna@example.org.", said=said))
    if len(found[0]) > LONGEST_EMAIL or not _EMAIL.fullmatch(found[0]):
        address = found[0][:60]
        raise Refusal(
            _("Mail cannot reach “{address}”. Please check it: it should look like anna@example.org.", address=address)
        )
    return found[0]


def is_email(words: str) -> bool:
    """Whether somebody wrote an e-mail address and nothing else."""
    found = addresses_in(words)
    return len(found) == 1 and _EMAIL.fullmatch(found[0]) is not None and not others_beside(words)


def is_skip(words: str) -> bool:
    """Whether somebody wrote the word that skips a question, in English or their language, instead of tapping it."""
    # Translators: what somebody writes who does not want to answer a question, and what stands on the button for that.
    return words.strip(_AROUND).casefold() in {"skip", _("Skip").casefold()}


def name_of(words: str) -> str:
    """The name of a person or company."""
    name = " ".join(visible(words).split())
    if not says_something(name):
        raise Refusal(_("I see no name in that. Write it as it should stand on the invoice, like Nordwind GmbH."))
    if len(name) > LONGEST_NAME:
        raise Refusal(
            _(
                "That name has {letters} characters; an invoice takes at most {most}. Write a shorter one.",
                letters=number(len(name)),
                most=number(LONGEST_NAME),
            )
        )
    return name


def address_of(words: str) -> str:
    """Street, postcode and town, in lines."""
    lines = [" ".join(line.split()).strip(",") for line in visible(words).strip().splitlines()]
    lines = [line for line in lines if line]
    if not says_something(words):
        raise Refusal(
            _("I see no address in that. Write street, postcode and town, like Hafenstrasse 1, 20457 Hamburg.")
        )
    if len(lines) > ADDRESS_LINES or max(map(len, lines)) > LONGEST_LINE:
        raise Refusal(
            _(
                "An address on an invoice has at most {lines} lines of {letters} characters. Write just "
                "street, postcode and town.",
                lines=number(ADDRESS_LINES),
                letters=number(LONGEST_LINE),
            )
        )
    return "\n".join(lines)


def tax_id_of(words: str) -> str:
    """A tax or VAT number, as it should be printed."""
    tax_id = " ".join(visible(words).split())
    if not says_something(tax_id):
        raise Refusal(_("I see no number in that. Write your tax ID like DE123456789, or tap Skip."))
    if len(tax_id) > LONGEST_TAX_ID:
        most = number(LONGEST_TAX_ID)
        raise Refusal(_("A tax ID has at most {most} characters. Write just the number, like DE123456789.", most=most))
    return tax_id


def read_at_once(words: str) -> dict[str, str]:
    """What somebody wrote who was asked for an e-mail: perhaps a name and a country too, between commas or on lines.

    What can be a name and a country is a name before the address, and behind it a country once a name was given; where
    it is not clear, nothing is taken, and it is asked for. Raises Refusal where there is no one e-mail address in it.
    """
    email = email_of(words)
    before, behind = _beside(words)
    said, at_the_end = {"email": email}, behind or before
    if at_the_end and (code := country_in(at_the_end[-1])):
        sure = not _may_be_name(at_the_end[-1], email)
        named = bool(behind) and len(before) + len(behind) > 1
        if sure or named:
            said["country"] = code
        if sure or behind:
            at_the_end.pop()
    others = before + behind
    if len(others) == 1 and any(map(str.isalpha, others[0])):
        said["name"] = name_of(others[0])
    return said


def _beside(words: str) -> tuple[list[str], list[str]]:
    """The parts before the one that has the address in it, and those behind."""
    parts = [part.strip() for part in BETWEEN.split(visible(words)) if part.strip()]
    at = next((number for number, part in enumerate(parts) if addresses_in(part)), len(parts))
    return parts[:at], [part for part in parts[at + 1 :] if not addresses_in(part)]


def _may_be_name(words: str, email: str) -> bool:
    """Whether a country is called as people are, or short as they are, or as the mailbox is."""
    plain = words.strip(_AROUND).casefold()
    short = len(plain) <= SHORT_NAME and not words.isupper() and plain.isalpha()
    return short or plain in _NAMES or plain in email.partition("@")[0].casefold()
