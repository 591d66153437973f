"""Billing details as people write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.invoices.countries import codes, country_in, country_name, country_of, suggested
from bot.invoices.payer import address_of, email_of, name_of, read_at_once, tax_id_of
from bot.invoices.payer_cards import code_of, number_of
from bot.kernel.errors import Refusal

LONG = ".".join(["a" * 60] * 4)


@pytest.mark.parametrize(
    ("words", "email"),
    [
        ("anna@example.org", "anna@example.org"),
        ("  My mail is <anna.b+work@mail.example.org>.", "anna.b+work@mail.example.org"),
        ("mailto:anna@example.org", "anna@example.org"),
        ("MAILTO:anna@example.org", "anna@example.org"),
        ("E-Mail:anna@example.org", "anna@example.org"),
        ("<mailto:anna@example.org?subject=Hi>", "anna@example.org"),
        ("[anna@example.org](mailto:anna@example.org)", "anna@example.org"),
        ("anna@example.org\u200b", "anna@example.org"),
        ("\u2068anna@example.org\u2069", "anna@example.org"),
        ("\ufeffan\u00adna@example.org\u200f", "anna@example.org"),
        ("ａｎｎａ＠example．org", "anna@example.org"),
        ("anna@example.org、", "anna@example.org"),
        ("anna@example.org،", "anna@example.org"),
        ("anna@example.org!", "anna@example.org"),
        ("anna@example.org…", "anna@example.org"),
        ("anna@example.org/", "anna@example.org"),
        ("anna@example.org|Nordwind", "anna@example.org"),
        ("`anna@example.org`", "anna@example.org"),
        ("«anna@example.org»", "anna@example.org"),
        ("„anna@example.org“", "anna@example.org"),
        ("‘o'brien@example.org’", "o'brien@example.org"),
        ("anna@example.org (@anna on Telegram)", "anna@example.org"),
        ("anna@müller.example", "anna@xn--mller-kva.example"),
        ("anna@例え.jp", "anna@xn--r8jz45g.jp"),
        ("anna@xn--mller-kva.example", "anna@xn--mller-kva.example"),
        ("anna@exa!mple.org", None),
        ("anna@", None),
        ("@anna", None),
        (f"{'a' * 64}@{LONG}.example.org"[:310], None),
        (f"{'a' * 65}@example.org", None),
        ("anna@example", None),
        ("anna@@example.org", None),
        ("an..na@example.org", None),
        ("anna.@example.org", None),
        ("anna@-example.org", None),
        ("anna@example.1", None),
        ("änna@example.org", None),
        ("a@example.org,b@example.org", None),
        ("anna", None),
        ("", None),
    ],
)
def test_emails(words: str, email: str | None) -> None:
    """One address that mail can reach is taken out of what stands around it; anything else is refused."""
    if email is not None:
        assert email_of(words) == email
        return
    with pytest.raises(Refusal):
        email_of(words)


@pytest.mark.parametrize(
    ("words", "code"),
    [("Germany", "DE"), ("de", "DE"), ("Deutschland", "DE"), ("DEU", "DE"), ("U.K.", "GB"), ("England", "GB"),
     ("usa", "US"), ("Cote d'Ivoire", "CI"), ("Türkiye", "TR"), ("turkey", "TR"), ("پاکستان", "PK"),
     ("Trinidad & Tobago", "TT"), ("the netherlands", "NL"), ("EU", None), ("ZZ", None), ("Atlantis", None),
     ("Deutschland!", "DE"), ("U.S.A.", "US"), ("ประเทศไทย", "TH"), ("日本", "JP"), ("Guinea Bissau", "GW"),
     ("!", None),
     ("🇩🇪", "DE"), ("Germany 🇩🇪", "DE"), ("🇩🇪🇫🇷", None), ("🇽🇽", None), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "GB"), ("🏴", None)],
)  # fmt: skip
def test_countries(words: str, code: str | None) -> None:
    """A country is known by its code, its English name, usual other names, and its name in the languages we offer."""
    assert country_in(words) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [("Sverige", "SE"), ("Suomi", "FI"), ("Danmark", "DK"), ("Norge", "NO"), ("Česko", "CZ"), ("Magyarország", "HU"),
     ("Ελλάδα", "GR"), ("대한민국", "KR"), ("ישראל", "IL"), ("ไทย", "TH"), ("Slovensko", "SK"), ("Hrvatska", "HR"),
     ("Lietuva", "LT"), ("Eesti", "EE"), ("Србија", "RS"), ("ایران", "IR"), ("საქართველო", "GE"), ("Ísland", "IS"),
     ("Schweiz", "CH"), ("Svizzera", "CH"), ("Belgique", "BE"), ("Қазақстан", "KZ"), ("Việt Nam", "VN")],
)  # fmt: skip
def test_countries_in_their_own_languages(words: str, code: str) -> None:
    """A country is known by what its own people call it."""
    assert country_in(words) == code


def test_every_country() -> None:
    """The name that we show for a country is understood when it is written, and its button carries its code."""
    assert len(codes()) > 240
    assert {code: country_of(country_name(code)) for code in codes()} == {code: code for code in codes()}
    assert {code_of(number_of(code)) for code in codes()} == codes()


@pytest.mark.parametrize(("language", "first"), [("de", "DE"), ("pt-br", "BR"), ("en", "US"), ("xx", "US"), ("", "US")])
def test_suggested(language: str, first: str) -> None:
    """The first country to tap is the one that the app's language speaks for; there are always four."""
    assert suggested(language)[0] == first
    assert len(suggested(language)) == 4


def test_at_once() -> None:
    """A name and a country beside the e-mail are taken, in any order but for the country, which is last."""
    all_three = {"email": "a@example.org", "name": "Nordwind GmbH", "country": "DE"}
    assert read_at_once("Nordwind GmbH, a@example.org, Germany") == all_three
    assert read_at_once("a@example.org\nNordwind GmbH\nDE") == all_three
    assert read_at_once("a@example.org; Nordwind GmbH") == {"email": "a@example.org", "name": "Nordwind GmbH"}
    assert read_at_once("Nordwind GmbH, Hafenstrasse 1, a@example.org, Germany") == {
        "email": "a@example.org",
        "country": "DE",
    }


@pytest.mark.parametrize("mark", ["，", "、", "،", "؛", "|", ";", "\n"])
def test_between(mark: str) -> None:
    """Name, e-mail and country may stand between the commas of any script, and with marks that nobody sees."""
    words = mark.join(("\u2067Nordwind\u2069", "\u200eanna@example.org", "Germany\u200b"))
    assert read_at_once(words) == {"email": "anna@example.org", "name": "Nordwind", "country": "DE"}


@pytest.mark.parametrize(
    ("words", "name", "country"),
    [
        *((f"{name}, a@example.org", name, None) for name in ("Jo", "Al", "Georgia", "Jordan", "Chad", "Malta", "Ben")),
        ("Norway, norway@example.org", "Norway", None),
        ("Germany, a@example.org", None, "DE"),
        ("DE, a@example.org", None, "DE"),
        ("Nordwind, Germany, a@example.org", "Nordwind", "DE"),
        ("Smith, Jordan, a@example.org", None, None),
        ("a@example.org, Georgia", None, None),
        ("a@example.org, Germany", None, "DE"),
        ("Anna, a@example.org, Georgia", "Anna", "GE"),
        ("a@example.org, Jordan, Georgia", "Jordan", "GE"),
        ("Georgia, a@example.org, Jordan", "Georgia", "JO"),
        ("Anna, a@example.org, de", "Anna", "DE"),
    ],
)
def test_names_that_are_countries(words: str, name: str | None, country: str | None) -> None:
    """A name before the address is a name; what may be either is taken for neither, and asked for."""
    found = read_at_once(words)
    assert (found.get("name"), found.get("country")) == (name, country)


def test_nothing_to_see() -> None:
    """What nobody can see is no name, no address and no number."""
    for words in ("\u3164", "\u200b \u2060", "\u2800\uffa0"):
        for read in (name_of, address_of, tax_id_of):
            with pytest.raises(Refusal):
                read(words)
    assert name_of("\u202eNordwind\u3164") == "Nordwind"


def test_lengths() -> None:
    """What is longer than Stripe takes, or says nothing, is refused before it is kept."""
    for read, longest in ((name_of, 150), (tax_id_of, 140), (address_of, 200)):
        assert len(read("a" * longest)) == longest
        for words in ("a" * (longest + 1), " ", "…"):
            with pytest.raises(Refusal):
                read(words)
    with pytest.raises(Refusal):
        address_of("a\nb\nc\nd\ne")


@given(st.text(max_size=600))
def test_any_words(words: str) -> None:
    """Whatever somebody writes is read or refused, and nothing else happens."""
    for read in (read_at_once, name_of, address_of, tax_id_of, country_of):
        with suppress(Refusal):
            read(words)
