"""/report: a day, a week or a month as a picture with its figures in words, beside others, and as a file."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

from pypdf import PdfReader

from tests.dashboard import invoiced, settled
from tests.house import House

PNG = b"\x89PNG"
LANGUAGES = re.compile("^(Language|Idioma) · ")


async def earned(home: House) -> None:
    """An invoice over 120.00 USD that is paid."""
    number, _ = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    await settled(home)


async def test_report(home: House) -> None:
    """An analyst reads of the day with its picture, of its week and month in the same message, and has a file."""
    await earned(home)
    await home.dan.says("/report")
    card = await home.dan.sees("so far")
    assert card.photo is not None
    assert card.photo.startswith(PNG)
    assert "Revenue 120.00 USD, paid 120.00 USD; models cost" in card.text
    assert "of revenue" in card.text
    await home.dan.taps("Week", card)
    week = await home.dan.sees(re.compile("^Week .* so far"))
    assert (week.id, week.photo == card.photo) == (card.id, False)
    await home.dan.taps("Month", week)
    month = await home.dan.sees(re.compile(r"^\w+ 20\d\d so far"))
    assert "Revenue 120.00 USD" in month.text
    await home.dan.taps("CSV", month)
    file = (await home.dan.sees(re.compile(r"so far\n\d+ rows"))).document
    assert file is not None
    assert file.name.startswith("report-month-")
    rows = list(csv.DictReader(io.StringIO(file.data.decode(), newline="")))
    assert [row["revenue"] for row in rows if row["of"] == "total"] == ["120.00"]
    assert "120.00" in {row["revenue"] for row in rows if row["of"] == "day"}


async def test_as_a_pdf(home: House) -> None:
    """The PDF says what the card says, with each figure of its table, in the reader's language."""
    await earned(home)
    shown = (("", "Revenue", "120.00"), ("Español", "Ingresos", "120,00"), ("اردو", "", "120.00"))
    for language, revenue, amount in shown:
        if language:
            mark = home.carol.mark()
            await home.carol.says("/language")
            await home.carol.taps(language, await home.carol.sees(LANGUAGES, after=mark))
        mark = home.carol.mark()
        await home.carol.says("/report month")
        card = await home.carol.sees(re.compile(r"20\d\d"), after=mark)
        mark = home.carol.mark()
        await home.carol.taps("PDF", card)
        file = (await home.carol.sees(re.compile(r"20\d\d"), after=mark)).document
        assert file is not None
        assert file.name.endswith(".pdf")
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file.data)).pages)
        assert "EchoPilot" in text
        assert revenue in text
        assert text.count(amount) >= 3  # in words, beside the months before, and by day


async def test_another_day(home: House) -> None:
    """The day before is one tap away, with no button to what is to come; a day that moved nothing has no picture."""
    today = datetime.now(UTC).date()
    yesterday = today - timedelta(days=1)
    await home.staff()
    await home.carol.says("/report")
    card = await home.carol.sees("so far")
    assert card.photo is None
    assert "▶" not in card.labels
    await home.carol.taps("◀", card)
    before = await home.carol.sees(f"{yesterday:%A} {yesterday.day}")
    assert "so far" not in before.text
    assert "▶" in before.labels
    await home.carol.says(f"/report week {yesterday}")
    await home.carol.sees(f"Week {yesterday.isocalendar().week}")
    await home.carol.says("/report 2020-02")
    await home.carol.sees("February 2020")


async def test_what_it_does_not_know(home: House) -> None:
    """Another word, and a day that is to come, are answered by examples; a client may not read it."""
    await home.staff()
    for asked in ("year", "day 2026-13-01", "week 2025-W54", "month 1999-01"):
        await home.carol.says(f"/report {asked}")
        await home.carol.sees(
            f"I have no report “{asked}”. Try /report week, /report month, or /report day 2026-11-23."
        )
    await home.carol.says("/report day 2099-01-01")
    await home.carol.sees("1 January 2099 is still to come. /report day shows today so far.")
    await home.alice.says("/report")
    await home.alice.sees("may read reports")


async def test_in_every_language(home: House) -> None:
    """Spanish and Urdu have the same, with a picture."""
    await earned(home)
    for language, words in (("Español", "hasta ahora"), ("اردو", "اب تک")):
        mark = home.carol.mark()
        await home.carol.says("/language")
        await home.carol.taps(language, await home.carol.sees(LANGUAGES, after=mark))
        mark = home.carol.mark()
        await home.carol.says("/report week")
        assert (await home.carol.sees(words, after=mark)).photo is not None
