"""/mirror: what is behind, what Notion said last, resync and repair."""

from bot.areas import TABLES
from sandbox.notion.errors import planned
from tests.house import House, Providers, house
from tests.journeys.mirror.test_resync import by_brief, ended, some_briefs


async def test_what_is_behind(home: House) -> None:
    """While Notion does not answer, the card says how many rows wait, in which database, and what Notion said."""
    await home.staff()
    home.notion.faults.add(planned(".*", 503, times=None))
    await home.brief()
    await home.alice.sees("To pay")
    mark = home.carol.mark()
    await home.carol.says("/mirror")
    card = await home.carol.sees("behind", after=mark)
    assert "Job Log: 1 row behind for" in card.text
    assert "Not made yet: " in card.text
    home.notion.faults.clear()
    await home.notion.wait_for("Job Log", lambda rows: [row["State"] for row in rows] == ["invoiced"], timeout=40)


async def test_resync_by_a_tap(home: House) -> None:
    """An admin's tap puts a database right that somebody changed, and the card says what it took and what it found."""
    await some_briefs(home, 2)
    before = by_brief(home)
    home.notion.fill(home.notion.pages("Job Log")[0], {"State": {"select": {"name": "lost"}}})
    await home.carol.says("/mirror")
    card = await home.carol.sees("Notion · Up to date")
    assert "A resync takes 2 s if nothing differs" in card.text or "A resync takes 1 s if nothing differs" in card.text
    await home.carol.taps("Resync", card)
    await home.carol.sees("The resync has begun")
    await ended(home, "Job Log")
    await home.notion.wait_for("Job Log", lambda _: by_brief(home) == before)
    await ended(home, "Finance")
    mark = home.carol.mark()
    await home.carol.says("/mirror")
    seen = await home.carol.sees("Last resync", after=mark)
    assert "4 rows read, 1 corrected, 0 added, 3 requests" in seen.text


async def test_repair_by_a_tap(home: House) -> None:
    """An admin's tap makes every database."""
    await home.staff()
    await home.carol.says("/mirror")
    card = await home.carol.sees("Notion · Nothing made yet")
    await home.carol.taps("Repair", card)
    await home.carol.sees("The repair has begun")
    for name in TABLES:
        await home.notion.wait_for(name, lambda _, name=name: bool(home.notion.tables(name)), timeout=60)  # type: ignore[misc]


async def test_without_notion(stand_ins: Providers, database_url: str) -> None:
    """Where nothing is copied to Notion, the command says what is to be set."""
    async with house(stand_ins, database_url, notion_token=None, notion_parent_page_id="") as home:
        await home.carol.says("/mirror")
        await home.carol.sees("NOTION_TOKEN and NOTION_PARENT_PAGE_ID are not set")


async def test_others_may_not(home: House) -> None:
    """An operator is told who may."""
    await home.staff()
    await home.bob.says("/mirror")
    await home.bob.sees("Only admins may look after Notion")
