"""/ask: a question in plain words, the query that answers it, and the rows behind it."""

import csv
import io

from sqlalchemy import func, select

from sandbox.faults import Fault
from storage.tables.models import model_calls
from tests.dashboard import invoiced, settled
from tests.house import House

HARD = "revenue this week, gimme the moolah figures"  # the rules know its words in part


async def asked(home: House) -> int:
    """How many calls of a model to choose a query are written down."""
    query = select(func.count()).select_from(model_calls).where(model_calls.c.purpose == "ask")
    async with home.running.app.services.database.reading() as connection:
        return int((await connection.execute(query)).scalar_one())


async def test_an_admin_asks(home: House) -> None:
    """The answer names query, days and rows without a call of a model, and the taps show the same rows."""
    number, _ = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    await settled(home)
    await home.carol.says("/ask what was the revenue this month?")
    card = await home.carol.sees("Earned: 120.00 USD")
    assert card.text.startswith("Revenue · ")
    assert "Query revenue, 1 row. As of " in card.text
    await home.carol.taps("Rows", card)
    rows = await home.carol.sees("Invoice made")
    assert rows.text.endswith("/invoice_1001 · Alice · 120.00 USD")
    mark = home.carol.mark()
    await home.carol.taps("CSV", card)
    file = await home.carol.sees("1 row", after=mark)
    assert file.document is not None
    (row,) = csv.DictReader(io.StringIO(file.document.data.decode(), newline=""))
    assert (row["client_name"], row["amount"], row["amount_currency"]) == ("Alice", "120.00", "USD")
    await home.carol.says("/ask why did revenue change this week?")
    change = await home.carol.sees("Moved most by clients: Alice +120.00")
    assert "Revenue was 120.00 USD, after 0.00 USD in " in change.text
    assert await asked(home) == 0


async def test_a_model_chooses(home: House) -> None:
    """What the rules do not know for sure a model reads, and its call is recorded; hostile ones it never sees."""
    await home.staff()
    await home.carol.says(f"/ask {HARD}")
    await home.carol.sees("Query revenue, 0 rows")
    assert await asked(home) == 1
    await home.carol.says("/ask what did the models cost today?")
    await home.carol.sees("for 1 call.")
    await home.carol.says("/ask delete all overdue invoices")
    none = await home.carol.sees("No query answers that")
    assert "You asked: delete all overdue invoices" in none.text
    assert await asked(home) == 1
    await home.carol.taps("Which invoices are overdue?", none)
    await home.carol.sees("No invoice is overdue.")


async def test_no_model_answers(home: House) -> None:
    """While the provider is down plain questions are answered, doubtful ones with a warning; the rest says so."""
    await home.staff()
    home.openai.faults.add(Fault("POST", "status", status=503, times=None))
    await home.carol.says("/ask which invoices are overdue?")
    await home.carol.sees("No invoice is overdue.")
    await home.carol.says(f"/ask {HARD}")
    doubtful = await home.carol.sees("No model answered, so I went by the words that I know.")
    assert "Query revenue" in doubtful.text
    await home.carol.says("/ask who ate the last biscuit?")
    none = await home.carol.sees("I could not read that question")
    await home.carol.taps("How fast did we deliver last week?", none)
    await home.carol.sees("Nothing was delivered.")


async def test_a_broken_answer_is_asked_for_once_more(home: House) -> None:
    """An answer of a model that is no choice is asked for again; a second one is taken for none."""
    await home.staff()
    home.openai.faults.add(Fault("POST", "broken_json", body="cut", times=1))
    await home.carol.says(f"/ask {HARD}")
    await home.carol.sees("Query revenue, 0 rows")
    home.openai.faults.add(Fault("POST", "broken_json", body="shape", times=2))
    await home.carol.says(f"/ask {HARD}")
    await home.carol.sees("No query answers that")


async def test_a_switch_holds(home: House) -> None:
    """With calls of models switched off no model is asked."""
    await home.staff()
    await home.carol.says("/flags")
    await home.carol.taps("Switch model_calls off", await home.carol.sees("model_calls"))
    await home.carol.says("They answer nonsense")
    await home.carol.sees("model_calls · off")
    await home.carol.says("/ask who ate the last biscuit?")
    await home.carol.sees("I could not read that question")
    assert await asked(home) == 0


async def test_who_may_ask(home: House) -> None:
    """A client is refused kindly; an analyst asks, but not what only operators see."""
    await home.staff()
    await home.alice.says("/ask what was the revenue this month?")
    await home.alice.sees("may read reports; you are a client.")
    await home.dan.says("/ask what was the revenue this month?")
    await home.dan.sees("Nothing was earned in USD.")
    await home.dan.says("/ask which incidents were there this month?")
    await home.dan.sees("may see and handle alerts; you are an analyst.")


async def test_in_other_languages(home: House) -> None:
    """A question in another language than one's own is answered too, in one's own."""
    await home.staff()
    await home.carol.says("/ask ¿Qué facturas están vencidas?")
    await home.carol.sees("No invoice is overdue.")
    mark = home.carol.mark()
    await home.carol.says("/ask کون سی انوائسز تاخیر کا شکار ہیں؟")
    await home.carol.sees("No invoice is overdue.", after=mark)


async def test_what_can_be_asked(home: House) -> None:
    """Without a question it says what can be asked, to each what they may ask."""
    await home.staff()
    await home.carol.says("/ask")
    listed = await home.carol.sees("Ask about the figures")
    assert "• Which incidents were there this month?" in listed.text
    await home.dan.says("/ask")
    fewer = await home.dan.sees("Ask about the figures")
    assert "incidents" not in fewer.text
    await home.carol.says("/ask revenue of client 9999 this month")
    await home.carol.sees("There is no client 9999.")
