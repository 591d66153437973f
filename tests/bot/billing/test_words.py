"""Every text of billing, in a language that nobody speaks: what was not translated is found."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import product

import pytest

from bot.access.model import Role
from bot.billing import cards, team_cards
from bot.billing.telling import About, show, thank, to_operators
from bot.billing.webhooks import _moved, _of_payout
from bot.invoices import charges, countries, payer, statuses
from bot.invoices import payer_cards as detail_cards
from bot.invoices.model import Invoice, InvoiceLine, InvoiceState, Mismatch, Returned
from bot.invoices.payer import BillingDetails, Given, KeptDetails
from bot.invoices.remote import RemoteNotice, RemotePayout
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.text.words import day
from bot.kernel.translation import Reader, reading_as
from storage.billing import invoices as billing
from storage.core import outbox
from storage.engine.database import Transaction
from storage.people import people
from tests.bot.review.test_cards_in_groups import GROUP, brief_in
from tests.pseudo_locale import LANGUAGE, escaped, installed
from tests.storage.conftest import opened

NOW = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
DATA = ("Solar lamp", "Anna", "anna@example.org", "DE1", "Hafenstrasse 1", "EP-0001", "no luck", "in_1", "USD", "UTC")
KEPT = KeptDetails(
    7, Given.DETAILS, BillingDetails("Anna", "anna@example.org", "DE", "Hafenstrasse 1", "DE1"), 1, "", 0
)
BARE = KeptDetails(7, Given.DETAILS, BillingDetails("Anna", "anna@example.org"), 1, "", 0)
SKIPPED = KeptDetails(7, Given.SKIPPED, BillingDetails("Anna"), 1, "", 0)
INVOICE = Invoice(
    55, "main", "brief:1042", 7, Money(12_000, "USD"), InvoiceState.OPEN, 1, "in_1", "EP-0001", "https://pay.example.org/1",
    "https://pay.example.org/1.pdf", NOW, NOW, NOW, None, "no luck", due_at=NOW,
)  # fmt: skip


LINES = (InvoiceLine("Solar lamp", 3, Money(4_000, "USD")), *[InvoiceLine("Solar lamp", 1, Money(1, "USD"))] * 13)
BACK = (None, Returned(Money(2_000, "USD"), Money(0, "USD")), Returned(Money(0, "USD"), Money(1_000, "USD")))
ODD: tuple[dict[str, object], ...] = (
    {"asked_minor": 12_500},
    {"write_off_asked_at": NOW},
    {"state": InvoiceState.NEW, "grace_until": NOW},
)


@pytest.fixture(autouse=True)
def pseudo() -> Iterator[None]:
    with installed(), reading_as(Reader(LANGUAGE)):
        yield


def invoice(**values: object) -> Invoice:
    return Invoice(**{name: getattr(INVOICE, name) for name in Invoice.__dataclass_fields__} | values)


def invoice_cards() -> list[Card]:
    every = [invoice(state=state) for state in InvoiceState] + [
        invoice(due_at=None),
        invoice(state=InvoiceState.PAID, paid_minor=12_000, paid_at=NOW, credited_after_minor=500),
        invoice(paid_minor=5_000),
        invoice(asked_minor=12_500, carried_minor=500),
        invoice(asked_minor=12_900, shipping_minor=900),
        invoice(asked_minor=11_000),
        invoice(asked_minor=13_000),
        invoice(asked_minor=0, carried_minor=-12_000),
        invoice(state=InvoiceState.PAID, paid_minor=13_000),
        invoice(subject="hand:55"),
        invoice(void_asked_at=NOW),
    ]
    return [
        *(cards.invoice_card(one, "Solar lamp") for one in every),
        *(cards.receipt(one, "Solar lamp") for one in every),
        *(card(one, "Solar lamp") for one in every for card in (cards.voided, cards.stays)),
        *(cards.looked_at(one, "Solar lamp", back) for one in every for back in BACK),
        *(cards.listing("", every, {}, {one.id: back for one in every}, ()) for back in BACK if back is not None),
        cards.listing("", every, {7: "Anna"}, {}, ()),
        cards.comes_later(INVOICE),
        cards.comes_later(invoice(subject="hand:55")),
        cards.invoice_elsewhere(1042, "Anna"),
        cards.receipt_elsewhere(1042, "Anna"),
    ]


def cards_of_the_team() -> list[Card]:
    return [team_cards.noted(9, "Anna", NOW), *team_cards_of("brief:1042"), *team_cards_of("hand:55")]


def team_cards_of(subject: str) -> list[Card]:
    one = invoice(subject=subject)
    unbooked = [Mismatch(9, kind, "in_1", 55, one.brief_id, "no luck", NOW) for kind in team_cards.HEADS]
    states = [invoice(subject=subject, state=state) for state in InvoiceState]
    odd = [invoice(subject=subject, **values) for values in ODD]
    return [
        *(make(one, "Solar lamp") for make in (team_cards.refused, team_cards.details_refused)),
        team_cards.refused(invoice(subject=subject, error=None), "Solar lamp"),
        team_cards.asked_again(one, "Anna", NOW),
        *(team_cards.ended(invoice(subject=subject, state=state), "Solar lamp") for state in team_cards.WHAT_ENDED),
        team_cards.found_again(one, "Solar lamp"),
        *(team_cards.not_written_off(at, "Solar lamp", why) for at in states for why in ("", "no luck")),
        team_cards.ask_to_void(one, "Solar lamp"),
        team_cards.ask_to_write_off(one, "Solar lamp"),
        *(team_cards.overview(at, LINES, "Anna", back, may=True) for at in (*states, *odd) for back in BACK),
        *(team_cards.not_voided(at, "Solar lamp", why) for at in states for why in ("", "no luck")),
        *(team_cards.not_booked(9, kind, "in_1", "no luck", one) for kind in team_cards.HEADS),
        *(Card(team_cards.in_one_line(mismatch)) for mismatch in unbooked),
        *(Card(team_cards.stopped_in_one_line(one), ((team_cards.anew_in_list(one),),)) for one in states),
        Card(team_cards.is_asked_again(one)),
        Card(cards.found(one)),
    ]


def cards_of_what_was_not_booked() -> list[Card]:
    """Of refunds, disputes and payouts in every state, and for every reason."""
    moved = [
        RemoteNotice("re_1", kind, status, Money(2_000, "USD"), "pi_1", reason, NOW)
        for kind, known in (("refund", statuses.REFUND), ("dispute", statuses.DISPUTE))
        for status, reason in product((*known, "in_1"), (*statuses.REASONS, None))
    ]
    payouts = [RemotePayout("po_1", status, Money(2_000, "USD"), NOW) for status in (*statuses.PAYOUT, "in_1")]
    told = [*map(_moved, moved), *map(_of_payout, payouts)]
    return [team_cards.not_booked(9, what.kind, "in_1", what.reason, None) for what in told]


def cards_of_details() -> list[Card]:
    return [
        *(
            detail_cards.ask_email(waiting, "", 1, may_skip=True)
            for waiting in ((), ("Solar lamp",), ("Solar lamp",) * 3)
        ),
        detail_cards.ask_email_again("", "anna@example.org", 1, may_skip=True, may_be_brief=True),
        *(detail_cards.ask_name("anna@example.org", name, 1) for name in ("", "Anna")),
        detail_cards.ask_country("Anna", (), 1),
        *(ask(kept, 1) for ask in (detail_cards.ask_address, detail_cards.ask_tax_id) for kept in ("", "DE1")),
        *(detail_cards.saved(one, (), (), [INVOICE, invoice(subject="hand:55")]) for one in (KEPT, BARE, SKIPPED)),
        *(detail_cards.saved(one, (1042, 1043), ("no luck",), ()) for one in (KEPT, BARE, SKIPPED)),
        *(
            detail_cards.refused(invoice(subject=subject), field, one.details)
            for subject in ("brief:1042", "hand:55")
            for field in detail_cards.REFUSED
            for one in (KEPT, SKIPPED)
        ),
        *(detail_cards.overview(one) for one in (None, KEPT, BARE, SKIPPED)),
        detail_cards.ask_removal(KEPT),
        detail_cards.removed(),
    ]


@pytest.mark.parametrize("every", [invoice_cards, cards_of_the_team, cards_of_what_was_not_booked, cards_of_details])
def test_no_words_escape(every: Callable[[], Sequence[Card]]) -> None:
    """Nothing that billing shows stays English for somebody who does not read it."""
    country = countries.country_name("DE")
    texts = [part for card in every() for part in (card.text, *(one.label for row in card.rows for one in row))]
    assert {text: words for text in texts if (words := escaped(text, (*DATA, country, day(NOW), "Thu", "Nov")))} == {}


REFUSALS: Sequence[Callable[[], object]] = (
    partial(payer.email_of, "anna@example.org, no@example.org"),
    partial(payer.email_of, "  "),
    partial(payer.email_of, "Anna"),
    partial(payer.email_of, "anna@x"),
    partial(payer.name_of, "?"),
    partial(payer.name_of, "Anna" * 50),
    partial(payer.address_of, "?"),
    partial(payer.address_of, "Anna\n" * 9),
    partial(payer.tax_id_of, "?"),
    partial(payer.tax_id_of, "DE1" * 50),
    partial(countries.country_of, "Anna"),
    partial(countries.country_of, "Germny"),
    partial(charges.check_currency, "USD "),
    partial(charges.check_step, Money(1, "UGX")),
    partial(charges.check_step, Money(1, "KWD")),
    partial(charges.check_price, Money(1, "USD")),
)


@pytest.mark.parametrize("refused", REFUSALS)
def test_no_refusal_escapes(refused: Callable[[], object]) -> None:
    """Nor does what is refused, or asked again."""
    data = (*DATA, "anna@x", "Germny", countries.country_name("DE"), "Germany", "UGX", "KWD", "DE")
    with pytest.raises(Refusal) as said:
        refused()
    assert escaped(str(said.value), data) == []


def test_skip_in_ones_own_words() -> None:
    """Whoever writes what their button for it says skips the question, and so does who writes the English word."""
    assert [payer.is_skip(words) for words in ("⟦skíp·⟧", "Skip.", "ship")] == [True, True, False]


async def test_each_is_told_in_their_language(sqlite_url: str) -> None:
    """An invoice of a brief from a group is told to its client and to the group in the client's language."""

    async def work(tx: Transaction) -> list[str]:
        await people.enroll(tx, "main", 2001, "Olga", Role.OPERATOR, LANGUAGE)
        brief = await brief_in(tx, GROUP, 0, "1", language=LANGUAGE)
        made = await billing.invoice_for(tx, brief)
        what = About(brief, brief.title)
        await show(tx, made, what)
        await thank(tx, made, what)
        await to_operators(tx, made, 1, partial(team_cards.refused, made, brief.title))
        return [item.payload["text"] for item in await outbox.due(tx.connection, "telegram", tx.now, 100)]

    async with opened(sqlite_url) as database:
        with reading_as(Reader()):
            texts = await database.write(work)
    assert len(texts) == 5
    assert [text for text in texts if escaped(text, ("Alice", *DATA))] == []
