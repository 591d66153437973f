"""What people see of duels of prompts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.access.model import Permission, Person
from bot.experiments.model import LONGEST, STOPPED, Standing, Verdict, evidence
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.words import clock, count
from bot.prompts.model import ALL_TYPES, Version

STATES: Mapping[str, str] = {
    Verdict.RUNNING: "Not decided",
    Verdict.UNDECIDED: "No difference shown",
    STOPPED: "Stopped",
}


def named(version: Version) -> str:
    """ "version 3", or "version 2 for all types"."""
    return f"version {version.version}" + (" for all types" if version.task_type == ALL_TYPES else "")


def winner(standing: Standing) -> Version | None:
    """The version that has won, if any."""
    sides: Mapping[str, Version] = {Verdict.WON_A: standing.a, Verdict.WON_B: standing.b}
    return sides.get(standing.duel.state)


def _state(standing: Standing) -> str:
    won = winner(standing)
    return STATES[standing.duel.state] if won is None else f"{named(won).capitalize()} won"


def _figures(standing: Standing) -> str:
    tally = standing.tally
    return f"{count(tally.pairs, 'pair')}, won {tally.a} : {tally.b}" + (f", {tally.ties} tied" if tally.ties else "")


def listing(standings: Sequence[Standing]) -> Card:
    """The newest duels, with how each stands."""
    if not standings:
        return Card("No duel yet. Begin one with two versions, for example: /duel Drafting 3 5")
    lines = Lines(f"Duels · {sum(s.duel.state == Verdict.RUNNING for s in standings)} running")
    for standing in standings:
        sides = f"{named(standing.a)} against {named(standing.b)}"
        lines.add(
            f"/duel_{standing.duel.id} {standing.duel.task_type}, {sides}: "
            f"{_figures(standing)}, {_state(standing)[0].lower()}{_state(standing)[1:]}"
        )
    return Card(str(lines))


def details(standing: Standing, who: Person, now: datetime) -> Card:
    """One duel: who meets whom, the figures, and what they mean."""
    duel = standing.duel
    lines = Lines(f"Duel {duel.id} · {duel.task_type} · {_state(standing)}")
    for version in (standing.a, standing.b):
        lines.add(f"/prompt_{version.id} {named(version)}: {escape(version.changelog)}")
    lines.add(_figures(standing)).add(_meaning(standing))
    rows: tuple[tuple[Button, ...], ...] = ()
    if duel.state == Verdict.RUNNING:
        lines.add(f"Each {duel.task_type} brief is drafted with both; its client gets the one in use.")
        lines.add(f"As of {clock(now)}")
        if who.may(Permission.CHANGE_PROMPTS):
            rows = ((Button("Refresh", "dshow", duel.id), Button("Stop", "dstop", duel.id)),)
    return Card(str(lines), rows)


def _meaning(standing: Standing) -> str:
    weight = f"Evidence of a difference {evidence(standing.tally):.1f} to 1"
    if standing.duel.state == Verdict.RUNNING:
        return f"{weight}; it is decided from 20, and ends after {LONGEST} pairs"
    return weight


def confirm_stop(standing: Standing) -> Card:
    """Ask once more before a duel is stopped."""
    lines = Lines(f"Duel {standing.duel.id} · Stop it?").add(_figures(standing))
    lines.add("It ends without a winner. A new duel of the same versions begins at nothing.")
    keep = (Button("Let it run", "dshow", standing.duel.id),)
    return Card(str(lines), (keep, (Button("Stop the duel", "dstopyes", standing.duel.id),)))


def confirm_start(task_type: str, challenger: Version, in_use: Version) -> Card:
    """Ask once more before every brief of a type is drafted twice."""
    lines = Lines(f"{task_type} · Its own {named(challenger)} against {named(in_use)}?")
    lines.add(f"Each {task_type} brief is then drafted a second time and compared twice, at about the cost of a draft.")
    lines.add(f"Clients get what {named(in_use)} writes, as now. It ends when one is shown to be better.")
    keep = (Button("Leave it", "pshow", challenger.id),)
    return Card(str(lines), (keep, (Button("Start the duel", "duelyes", challenger.id, in_use.id),)))


def ended(standing: Standing, in_use: Version | None, active: Collection[Version]) -> Card:
    """The end, to admins, with what one can do about it. `in_use`: what serves the type now."""
    duel, won = standing.duel, winner(standing)
    lines = Lines(f"Duel {duel.id} · {duel.task_type} · {_state(standing)}")
    lines.add(_figures(standing)).add(_meaning(standing))
    if won is None:
        return Card(str(lines.add(f"After {LONGEST} pairs neither is shown to be better, so nothing has to change.")))
    lines.add(f"/prompt_{won.id} {escape(won.changelog)}")
    if in_use is not None and in_use.id == won.id:
        return Card(str(lines.add("It is in use already.")))
    lines.add(f"In use is {named(in_use)}." if in_use else "The program's own text is in use.")
    return Card(str(lines), ((_adopt(won, in_use, active),),))


def _adopt(won: Version, in_use: Version | None, active: Collection[Version]) -> Button:
    """The button that puts the winner in use: in its own place, or by making way for the one for all types."""
    if won.active and in_use is not None:
        return Button("Use the winner", "prest", in_use.id)
    seen = next((v.version for v in active if (v.purpose, v.task_type) == (won.purpose, won.task_type)), 0)
    return Button("Use the winner", "puse", won.id, seen)
