"""What people see while they say where their invoices go."""

from collections.abc import Sequence
from dataclasses import asdict

from bot.invoices.countries import country_name
from bot.invoices.payer import BillingDetails, Given, KeptDetails
from bot.kernel.card import Button, Card, Lines, escape, first_lines, in_rows

SAVED = "Saved for your next invoices; /billing changes it."
PAGE = "You pay each invoice on Stripe's page, without an e-mail."
EMAIL_OPEN = "Still open: where should the invoice go? Write an e-mail address, or skip."
NAME_OPEN = "Still open: which name goes on the invoice? Write it; /stop ends the question."
COUNTRY_OPEN = "Still open: which country is on the invoice? Write it; /stop ends the question."
ADDRESS_OPEN = "Still open: which address goes on the invoice? Write it, or skip."
TAX_ID_OPEN = "Still open: which tax ID goes on the invoice? Write it, or skip."
FIELDS = {"email": "e-mail address", "tax_id": "tax ID", **{name: name for name in ("name", "address", "country")}}
SHOWN = 30  # letters of what a button says


def ask_email(waiting: Sequence[int], kept: str, turn: int, *, may_skip: bool) -> Card:
    """The first question; `waiting`: the briefs that start once it is answered; `turn`: which asking this is."""
    lines = Lines("Where should the invoice go?")
    if waiting:
        numbers = " and ".join(map(str, waiting))
        lines.add(f"I ask this once, then brief {numbers} starts." if len(waiting) == 1 else f"Then {numbers} start.")
    lines.add("Write an e-mail address. Name and country may come with it:")
    lines.add("Nordwind GmbH, anna@example.org, Germany")
    return Card(str(lines), _email_rows(kept, turn, may_skip=may_skip))


def ask_email_again(why: str, kept: str, turn: int, *, may_skip: bool, may_be_brief: bool) -> Card:
    """What was written is no address; `may_be_brief`: it may have been meant as something else."""
    lines = Lines("Where should the invoice go?").add(escape(why))
    if may_skip:
        lines.add("Or skip it, and you pay on Stripe's page.")
    meant = ((Button("It is a new brief", "unread"),),) if may_be_brief else ()
    return Card(str(lines), (*meant, *_email_rows(kept, turn, may_skip=may_skip)))


def _email_rows(kept: str, turn: int, *, may_skip: bool) -> tuple[tuple[Button, ...], ...]:
    rows = [(_keep(kept, "email"),)] if kept else []
    if may_skip:
        rows.append((Button("Skip: pay on Stripe's page", "billskip", turn),))
    return (*rows, (_cancel(turn),))


def _cancel(turn: int) -> Button:
    """It ends the asking that it stands under, and no later one."""
    return Button("Cancel", "billstop", turn)


def ask_name(email: str, name: str, turn: int) -> Card:
    """The second question, with a name to tap where there is one."""
    lines = Lines("Which name goes on the invoice?").add(f"It goes to {escape(email)}.")
    lines.add(f"Write the name of a person or company{', or tap yours' if name else ''}.")
    return Card(str(lines), (((_keep(name, "name"),), (_cancel(turn),)) if name else ((_cancel(turn),),)))


def ask_country(name: str, offered: Sequence[str], turn: int) -> Card:
    """The third question, with some countries to tap."""
    lines = Lines("Which country?").add(f"Where {first_lines(name, 60)} is. Tap one, or write any other.")
    buttons = [Button(country_name(code)[:SHOWN], "billland", number_of(code)) for code in offered]
    return Card(str(lines), (*in_rows(buttons), (_cancel(turn),)))


def ask_address(kept: str, turn: int) -> Card:
    """What may stand on the invoice besides."""
    lines = Lines("Which address goes on the invoice?")
    if kept:
        lines.add(f"<blockquote>{escape(kept)}</blockquote>")
    lines.add("Write street, postcode and town, like Hafenstrasse 1, 20457 Hamburg.")
    return Card(str(lines), (_leave(kept, "address"), (_cancel(turn),)))


def ask_tax_id(kept: str, turn: int) -> Card:
    """The number that companies want to see."""
    lines = Lines("Which tax ID goes on the invoice?")
    if kept:
        lines.add(f"<blockquote>{escape(kept)}</blockquote>")
    lines.add("Write it as it should be printed, like DE123456789.")
    return Card(str(lines), (_leave(kept, "tax_id"), (_cancel(turn),)))


def saved(kept: KeptDetails, started: Sequence[int], stopped: Sequence[str], invoiced: Sequence[int]) -> Card:
    """What was kept, and which briefs it let start; `stopped` says why others did not.

    invoiced: the briefs whose invoices go on.
    """
    one = "is" if len(started) == 1 else "are"
    what = f"Brief {' and '.join(map(str, started))} {one} started" if started else "Billing details saved"
    if kept.given is Given.SKIPPED:
        lines = Lines(what if started else "You pay on Stripe's page")
        lines.add(f"{PAGE} /billing adds one.")
    else:
        lines = Lines(what).add(f"Invoices go to {_in_a_row(kept.details)}.").add(SAVED)
    if invoiced:
        lines.add(f"The invoice for brief {' and '.join(map(str, invoiced))} goes on now.")
    for why in stopped:
        lines.add(escape(why))
    more = Button("Add address or tax ID", "billmore")
    has_both = kept.details.address and kept.details.tax_id
    return Card(str(lines), ((more,),) if kept.given is Given.DETAILS and not has_both else ())


def refused(brief_id: int, field: str, details: BillingDetails) -> Card:
    """Stripe says no to what the client gave: they give something else, or skip it."""
    lines = Lines(f"Brief {brief_id} · Its invoice needs you")
    values = {**asdict(details), "country": country_name(details.country)}
    label, value = FIELDS[field], values[field]
    shown = f" “{first_lines(value, 80)}”" if value else ""
    lines.add(f"Stripe does not take your {label}{shown}, so the invoice cannot be made yet. Your work is safe.")
    lines.add("Give another by /billing, or skip and pay on Stripe's page. The invoice then comes at once.")
    give = Button("Give another", "billmore" if field in {"address", "tax_id"} else "billchange")
    return Card(str(lines), ((give,), (Button("Skip: pay on Stripe's page", "billskip"),)))


def overview(kept: KeptDetails | None) -> Card:
    """/billing: what is kept, to be changed or removed."""
    if kept is None or kept.given is not Given.DETAILS:
        lines = Lines("Billing details · none").add(PAGE if kept and kept.given is Given.SKIPPED else "I keep none.")
        return Card(str(lines), ((Button("Add details", "billchange"),),))
    lines, details = Lines("Billing details"), kept.details
    for line in (details.name, details.email, details.address, country_name(details.country)):
        if line:
            lines.add(escape(line))
    if details.tax_id:
        lines.add(f"Tax ID {escape(details.tax_id)}")
    lines.add("They go on your next invoices.")
    change = (Button("Change", "billchange"), Button("Address, tax ID", "billmore"))
    return Card(str(lines), (change, (Button("Remove", "billremove", 0, kept.version),)))


def ask_removal(kept: KeptDetails) -> Card:
    """Once more, before they are gone."""
    lines = Lines("Remove your billing details?").add("I forget them now, and Stripe before your next invoice.")
    lines.add("Invoices that you have stay as they are. I ask again when you next say yes to a quote.")
    return Card(
        str(lines),
        ((Button("Keep them", "billshow"),), (Button("Yes, remove", "billremoveyes", 0, kept.version),)),
    )


def removed() -> Card:
    """They are gone."""
    return Card(str(Lines("Billing details · removed").add("/billing adds new ones.")))


def number_of(code: str) -> int:
    """A country's code as the number that a button can carry."""
    return (ord(code[0]) - ord("A")) * 26 + ord(code[1]) - ord("A")


def code_of(number: int) -> str:
    """The code that `number_of` was given."""
    first, second = divmod(number % 676, 26)
    return chr(ord("A") + first) + chr(ord("A") + second)


def _in_a_row(details: BillingDetails) -> str:
    return escape(", ".join((details.name, details.email, country_name(details.country))))


def _keep(value: str, field: str) -> Button:
    return Button(value if len(value) <= SHOWN else f"{value[: SHOWN - 1]}…", "billkeep", choice=field)


def _leave(kept: str, field: str) -> tuple[Button, ...]:
    skip = Button("Keep it" if kept else "Skip", "billkeep", choice=field)
    return (skip, Button("Leave it off", "billoff", choice=field)) if kept else (skip,)
