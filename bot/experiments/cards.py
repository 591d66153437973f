"""What people see of duels of prompts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from bot.access.model import Permission, Person
from bot.experiments.model import LONGEST, STOPPED, Standing, Verdict, evidence
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.text.words import clock
from bot.kernel.translation import decimal, ngettext, number
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.prompts.cards import changelog_of, type_words
from bot.prompts.model import ALL_TYPES, Version

STATES: Mapping[str, str] = {
    Verdict.RUNNING: N_("Not decided"),
    Verdict.UNDECIDED: N_("No difference shown"),
    STOPPED: N_("Stopped"),
}
STATES_WITHIN: Mapping[str, str] = {  # a sentence
    Verdict.RUNNING: N_("not decided"),
    Verdict.UNDECIDED: N_("no difference shown"),
    STOPPED: N_("stopped"),
}


def named(version: Version) -> str:
    """ "version 3", or "version 2 for all types", within a sentence."""
    if version.task_type == ALL_TYPES:
        return _("version {version} for all types", version=version.version)
    return _("version {version}", version=version.version)


def winner(standing: Standing) -> Version | None:
    """The version that has won, if any."""
    sides: Mapping[str, Version] = {Verdict.WON_A: standing.a, Verdict.WON_B: standing.b}
    return sides.get(standing.duel.state)


def _state(standing: Standing) -> str:
    won = winner(standing)
    if won is None:
        return _(STATES[standing.duel.state])
    if won.task_type == ALL_TYPES:
        return _("Version {version} for all types won", version=won.version)
    return _("Version {version} won", version=won.version)


def _state_within(standing: Standing) -> str:
    won = winner(standing)
    return _(STATES_WITHIN[standing.duel.state]) if won is None else _("{version} won", version=named(won))


def _figures(standing: Standing) -> str:
    tally = standing.tally
    pairs = ngettext("{n} pair", "{n} pairs", tally.pairs)
    if not tally.ties:
        return _("{pairs}, won {a} : {b}", pairs=pairs, a=number(tally.a), b=number(tally.b))
    return ngettext(
        "{pairs}, won {a} : {b}, {n} tied", "{pairs}, won {a} : {b}, {n} tied", tally.ties,
        pairs=pairs, a=number(tally.a), b=number(tally.b),
    )  # fmt: skip


def listing(standings: Sequence[Standing]) -> Card:
    """The newest duels, with how each stands."""
    if not standings:
        return Card(_("No duel yet. Begin one with two versions, for example: /duel Drafting 3 5"))
    running = sum(s.duel.state == Verdict.RUNNING for s in standings)
    lines = Lines(ngettext("Duels · {n} running", "Duels · {n} running", running))
    for standing in standings:
        lines.add(
            _(
                "/duel_{id} {type}, {a} against {b}: {figures}, {state}",
                id=standing.duel.id,
                type=type_words(standing.duel.task_type),
                a=named(standing.a),
                b=named(standing.b),
                figures=_figures(standing),
                state=_state_within(standing),
            )
        )
    return Card(str(lines))


def details(standing: Standing, who: Person, now: datetime) -> Card:
    """One duel: who meets whom, the figures, and what they mean."""
    duel = standing.duel
    lines = Lines(_headline(standing))
    for version in (standing.a, standing.b):
        lines.add(f"/prompt_{version.id} {named(version)}: {escape(changelog_of(version))}")
    lines.add(_figures(standing)).add(_meaning(standing))
    rows: tuple[tuple[Button, ...], ...] = ()
    if duel.state == Verdict.RUNNING:
        of_type = type_words(duel.task_type)
        lines.add(_("Each {type} brief is drafted with both; its client gets the one in use.", type=of_type))
        lines.add(_("As of {time}", time=clock(now)))
        if who.may(Permission.CHANGE_PROMPTS):
            rows = ((Button(_("Refresh"), "dshow", duel.id), Button(_("Stop"), "dstop", duel.id)),)
    return Card(str(lines), rows)


def _headline(standing: Standing) -> str:
    return _(
        "Duel {duel} · {type} · {state}",
        duel=standing.duel.id,
        type=type_words(standing.duel.task_type),
        state=_state(standing),
    )


def _meaning(standing: Standing) -> str:
    weight = decimal(Decimal(evidence(standing.tally)), 1, grouped=False)
    if standing.duel.state != Verdict.RUNNING:
        return _("Evidence of a difference {weight} to 1", weight=weight)
    return ngettext(
        "Evidence of a difference {weight} to 1; it is decided from 20, and ends after {n} pair",
        "Evidence of a difference {weight} to 1; it is decided from 20, and ends after {n} pairs",
        LONGEST,
        weight=weight,
    )


def confirm_stop(standing: Standing) -> Card:
    """Ask once more before a duel is stopped."""
    lines = Lines(_("Duel {duel} · Stop it?", duel=standing.duel.id)).add(_figures(standing))
    lines.add(_("It ends without a winner. A new duel of the same versions starts from zero."))
    keep = (Button(_("Let it run"), "dshow", standing.duel.id),)
    return Card(str(lines), (keep, (Button(_("Stop the duel"), "dstopyes", standing.duel.id),)))


def confirm_start(task_type: str, challenger: Version, in_use: Version) -> Card:
    """Ask once more before every brief of a type is drafted twice."""
    of_type = type_words(task_type)
    # Translators: a prompt of the type's own is to meet the one in use.
    lines = Lines(
        _("{type} · Its own {version} against {other}?", type=of_type, version=named(challenger), other=named(in_use))
    )
    lines.add(
        _(
            "Each {type} brief is then drafted a second time and compared twice, at about the cost of a draft.",
            type=of_type,
        )
    )
    lines.add(
        _(
            "Clients get the text of {version}, as now. The duel ends when one is shown to be better.",
            version=named(in_use),
        )
    )
    keep = (Button(_("Leave it"), "pshow", challenger.id),)
    return Card(str(lines), (keep, (Button(_("Start the duel"), "duelyes", challenger.id, in_use.id),)))


def ended(standing: Standing, in_use: Version | None, active: Collection[Version]) -> Card:
    """The end, to admins, with what one can do about it. `in_use`: what serves the type now."""
    won = winner(standing)
    lines = Lines(_headline(standing)).add(_figures(standing)).add(_meaning(standing))
    if won is None:
        neither = ngettext(
            "After {n} pair neither is shown to be better, so nothing has to change.",
            "After {n} pairs neither is shown to be better, so nothing has to change.",
            LONGEST,
        )
        return Card(str(lines.add(neither)))
    lines.add(f"/prompt_{won.id} {escape(changelog_of(won))}")
    if in_use is not None and in_use.id == won.id:
        return Card(str(lines.add(_("It is in use already."))))
    lines.add(_("In use is {version}.", version=named(in_use)) if in_use else _("The built-in text is in use."))
    return Card(str(lines), ((_adopt(won, in_use, active),),))


def _adopt(won: Version, in_use: Version | None, active: Collection[Version]) -> Button:
    """The button that puts the winner in use: in its own place, or by making way for the one for all types."""
    if won.active and in_use is not None:
        return Button(_("Use the winner"), "prest", in_use.id)
    seen = next((v.version for v in active if (v.purpose, v.task_type) == (won.purpose, won.task_type)), 0)
    return Button(_("Use the winner"), "puse", won.id, seen)
