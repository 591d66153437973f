"""A fresh reader's: a studio of two admins whose backup was put back, over the wire."""

from pathlib import Path
from typing import Any

from bot.access.model import Role
from tests.house import Providers, house
from tests.journeys.ops.test_restore import KEY, commanded, promise


async def test_two_admins(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """Carol lets go what waits: Bob, the other admin, is asked, and can say yes."""
    changes: dict[str, Any] = {"backup_public_key": KEY.public, "backup_second_place": str(tmp_path / "second")}
    (tmp_path / "key").write_text(f"{KEY.secret}\n")
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        services = home.running.app.services
        carol = await services.people.joining.identify(home.carol.id, "Carol", "en")
        bob = await services.people.joining.identify(home.bob.id, "Bob", "en")
        await services.people.roles.change_role(carol, bob.id, bob.role, Role.ADMIN)
        settings, alice = home.settings, home.alice
    await promise(new_sqlite_url, alice.id)
    await commanded("backup", settings)
    await commanded("restore", settings, key=str(tmp_path / "key"))
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        card = await home.carol.sees("Stripe was asked: looked at")
        mark = home.bob.mark()
        await home.carol.taps("Send 1 to clients", card)
        ask = await home.carol.sees("Confirm that it is you")
        await home.carol.taps("Ask another admin", ask)
        await home.carol.sees("1 other admin was asked")
        await home.bob.sees("Carol asks you to confirm", after=mark)


async def test_what_is_held_is_seen(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """/status does not say that all is well while nothing goes out; /backups leads to what waits."""
    changes: dict[str, Any] = {"backup_public_key": KEY.public, "backup_second_place": str(tmp_path / "second")}
    (tmp_path / "key").write_text(f"{KEY.secret}\n")
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        settings, alice = home.settings, home.alice
    await promise(new_sqlite_url, alice.id)
    await commanded("backup", settings)
    await commanded("restore", settings, key=str(tmp_path / "key"))
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        await home.carol.sees("Stripe was asked: looked at")
        await home.carol.says("/status")
        await home.carol.sees("Last checked")
        await home.carol.says("/backups")
        backups = await home.carol.sees("Backups · ")
        status = next(seen for seen in home.carol.messages() if "Last checked" in seen.text)
        assert "All is well" not in status.text
        assert "estore" in backups.text
