"""[Change this] on delivered work: for nothing, at a price, or asked of the team."""

from bot.access.buttons import Tap
from bot.briefs.model import Brief, State
from bot.kernel.card import Card
from storage.briefs import briefs, drafts
from storage.engine.database import Transaction
from tests.desk import Desk, desk
from tests.house import Providers

WISH = "The opening hours are missing: Monday to Friday, 8 to 18."


async def work(here: Desk) -> Brief:
    """A brief of Alice's that is delivered, with its text."""
    brief = await here.delivered(here.alice)

    async def written(tx: Transaction) -> Brief:
        draft = await drafts.add_draft(tx, brief, 1, "We ride.", "a-model")
        return await briefs.change(tx, brief, draft_id=draft.id)

    return await here.app.services.database.write(written)


async def wished(here: Desk, brief: Brief) -> tuple[Card, Card]:
    """What is asked, and what is answered to the wish."""
    tap = here.app.signer.pack(Tap("change", brief.id, 0), chat_id=here.alice.id)
    asked = (await here.tapped(here.alice, tap, here.alice.id)).card
    assert asked is not None
    return asked, await here.says(here.alice, WISH)


async def made(here: Desk) -> Brief:
    """The newest of Alice's briefs."""
    alice = await here.person(here.alice)
    async with here.app.services.database.reading() as connection:
        return await briefs.get(connection, alice.tenant, 1002)


async def test_free_once(stand_ins: Providers, database_url: str) -> None:
    """One change costs nothing and begins by a tap, which twice is one; the next one the team is asked for."""
    async with desk(stand_ins, database_url, changes="free") as here:
        brief = await work(here)
        asked, confirm = await wished(here, brief)
        assert "One change is free of charge" in asked.text
        assert WISH in confirm.text
        begun = (await here.taps(here.alice, "Start the change", confirm)).card
        assert begun is not None
        assert "The change costs nothing" in begun.text
        assert "I no longer have what you wrote" in str((await here.taps(here.alice, "Start the change", confirm)).card)
        change = await made(here)
        assert (change.state, change.price.minor, change.note, change.revision_of) == (State.QUEUED, 0, WISH, brief.id)
        asked, answer = await wished(here, brief)
        assert "the team reads it" in asked.text
        assert "They answer here." in answer.text


async def test_at_a_price(stand_ins: Providers, database_url: str) -> None:
    """The price is a share of the brief's, is asked first, and is the change's own; nothing is made before the tap."""
    async with desk(stand_ins, database_url, changes="priced", change_percent=30) as here:
        brief = await work(here)
        asked, confirm = await wished(here, brief)
        assert "A change costs 36.00 USD" in asked.text
        assert "A change for 36.00 USD?" in confirm.text
        begun = (await here.taps(here.alice, "Start the change", confirm)).card
        assert begun is not None
        assert "It costs 36.00 USD, with an invoice of its own" in begun.text
        change = await made(here)
        assert (change.price.minor, change.free_revision, change.note) == (3_600, False, WISH)


async def test_the_price_that_was_seen(stand_ins: Providers, database_url: str) -> None:
    """A tap at another price than today's begins nothing."""
    async with desk(stand_ins, database_url, changes="priced") as here:
        brief = await work(here)
        await wished(here, brief)
        old = here.app.signer.pack(Tap("changego", brief.id, 1_000, "priced"), chat_id=here.alice.id)
        assert "is different by now" in str((await here.tapped(here.alice, old, here.alice.id)).card)
        free = here.app.signer.pack(Tap("changego", brief.id, 0, "free"), chat_id=here.alice.id)
        assert "is different by now" in str((await here.tapped(here.alice, free, here.alice.id)).card)


async def test_something_new(stand_ins: Providers, database_url: str) -> None:
    """What was taken for the wish can be an order of its own."""
    async with desk(stand_ins, database_url, changes="free") as here:
        brief = await work(here)
        tap = here.app.signer.pack(Tap("change", brief.id, 0), chat_id=here.alice.id)
        await here.tapped(here.alice, tap, here.alice.id)
        confirm = await here.says(here.alice, "Write a slogan for a bakery in Leeds.")
        quote = (await here.taps(here.alice, "No, it is something new", confirm)).card
        assert quote is not None
        assert "Quote · 120.00 USD" in quote.text
        assert await here.waits(here.alice) is None


async def test_whose_it_is(stand_ins: Providers, database_url: str) -> None:
    """Another client's work is not changed, nor any before it is delivered; words that say nothing change nothing."""
    async with desk(stand_ins, database_url, changes="free") as here:
        brief = await work(here)
        tap = here.app.signer.pack(Tap("change", brief.id, 0), chat_id=here.bob.id)
        assert "another client's" in str((await here.tapped(here.bob, tap, here.bob.id)).card)
        quote = await here.says(here.alice, "Write a slogan for a bakery in Leeds.")
        early = here.app.signer.pack(Tap("change", quote.rows[0][0].subject, 0), chat_id=here.alice.id)
        assert "is not delivered yet" in str((await here.tapped(here.alice, early, here.alice.id)).card)
