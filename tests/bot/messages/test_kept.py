"""Sentences that rows keep, and whoever reads them."""

from datetime import UTC, datetime

from bot.kernel.money import Money
from bot.kernel.translation import Reader, reading_as
from bot.messages.kept import kept, sentence, told
from tests.pseudo_locale import LANGUAGE, installed

AT = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
SAID = kept(
    sentence("{money}: {what}.", money=Money(2_000, "USD"), what=sentence("sent back")),
    sentence("Answer by {time}.", time=AT),
)


def test_each_reads_it_in_their_language() -> None:
    """One row reads in English and in another language, what stands within a sentence too; times are the reader's."""
    with reading_as(Reader()):
        assert told(SAID) == "20.00 USD: sent back. Answer by Thu 26 Nov, 14:03 UTC."
    with installed(), reading_as(Reader(LANGUAGE, "Asia/Karachi")):
        assert "⟦sént báck···⟧" in told(SAID)
        assert "19:03" in told(SAID)


def test_text_of_before() -> None:
    """What a version before kept, or Stripe said, reads as it stands there."""
    for text in ("20.00 USD, sent back", "[{", ""):
        assert told(text) == text
