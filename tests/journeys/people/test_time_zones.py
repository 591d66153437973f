"""Everybody's own time zone and language, over the wire."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.house import OPEN_BRIEF, House, Providers, house
from tests.pseudo_locale import installed, pseudo
from tests.reviewing import decides


async def test_a_location_sets_it(home: House) -> None:
    """A location that Alice shares sets the zone of what she reads; the edits of a live one say nothing."""
    await home.staff()
    shared = await home.alice.sends_location(31.55, 74.34)
    await home.alice.sees("Your time zone · Asia/Karachi")
    mark = home.alice.mark()
    await home.alice.moves(shared, 52.52, 13.4)
    await home.alice.says("/whoami")
    seen = await home.alice.sees("Time zone Asia/Karachi", after=mark)
    assert seen.labels == ["Change time zone", "Change language", "Change file format", "Use the studio's time"]
    assert sum("Your time zone" in one.text for one in home.alice.messages()) == 1


async def test_two_admins_read_one_report(stand_ins: Providers, database_url: str) -> None:
    """A report is of the studio's day, and says that day also to whom it is another one already."""
    async with house(stand_ins, database_url, time_zone="Pacific/Kiritimati") as home:
        await home.carol.says("/timezone Pacific/Pago_Pago")  # 25 hours behind
        await home.carol.sees("Your time zone · Pacific/Pago_Pago")
        await home.carol.says("/report day")
        report = await home.carol.sees("No brief handed in")
        there = datetime.now(UTC).astimezone(ZoneInfo("Pacific/Kiritimati"))
        assert f"{there:%A} {there.day}" in report.text


async def test_each_is_told_in_their_zone(home: House) -> None:
    """One event is told to several people, each in the times of their own zone."""
    await home.staff()
    await home.carol.says("/timezone Karachi")
    await home.carol.sees("Your time zone · Asia/Karachi")
    number = await home.brief(OPEN_BRIEF)
    await decides(home.bob, "Take it", await home.bob.sees(f"Brief {number} · Needs your decision"))
    await home.bob.sees(re.compile(r"until \d\d:\d\d UTC"))
    await home.carol.sees(re.compile(r"until \d\d:\d\d GMT\+5"))


async def test_a_language_of_their_own(home: House) -> None:
    """Whoever chooses another language is answered in it, and finds it in their menu."""
    await home.staff()
    with installed():
        await home.alice.says("/language en-XA")
        await home.alice.sees(re.compile("Lángúágé"))
        assert home.alice.commands()["help"] == pseudo("What you can do here")
        assert home.bob.commands()["help"] == "What you can do here"
