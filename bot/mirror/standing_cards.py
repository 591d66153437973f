"""The card of /mirror: which rows are behind, what Notion said last, and how long a resync takes."""

from collections.abc import Iterator
from datetime import timedelta

from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.text.words import clock, duration, in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext
from bot.mirror.cards import short
from bot.mirror.resync import Phase, Resync
from bot.mirror.verbs import MirrorStanding, TableStanding

LEAST = timedelta(seconds=1)
LISTED = 4  # tables whose troubles are told at length; the others are named


def card(standing: MirrorStanding, begun: str = "") -> Card:
    """How the tables stand. begun: what was just asked for."""
    made = standing.made
    lines = Lines(_headline(standing))
    if begun:
        lines.add(begun)
    wrong = [one for one in standing.tables if one.behind or one.refused or one.trouble]
    for one in wrong[:LISTED]:
        lines.add(_behind(one, standing))
    if rest := wrong[LISTED:]:
        lines.add(_("Also behind: {tables}", tables=in_a_row([one.name for one in rest])))
    if made:
        lines.add(_("Rows in Notion: {n}", n=sum(one.rows for one in made)))
    if missing := [one.name for one in standing.tables if not one.made]:
        lines.add(_("Not made yet: {tables}. Repair makes them.", tables=in_a_row(missing)))
    for line in _resyncs(standing):
        lines.add(line)
    buttons = ((Button(_("Refresh"), "mirror"), Button(_("Repair"), "nrepair"), Button(_("Resync"), "nresync")),)
    return Card(str(lines.add(_("As of {time}", time=clock(standing.at)))), buttons)


def _headline(standing: MirrorStanding) -> str:
    if standing.behind:
        return ngettext("Notion · {n} row behind", "Notion · {n} rows behind", standing.behind)
    if any(one.trouble or one.refused for one in standing.tables):
        return _("Notion is not kept up to date")
    return _("Notion · Up to date") if standing.made else _("Notion · Nothing made yet")


def _behind(one: TableStanding, standing: MirrorStanding) -> str:
    said = [short(one.trouble)] if one.trouble is not None else []
    if one.behind and one.since is not None:
        rows = ngettext("{n} row behind", "{n} rows behind", one.behind)
        said.append(_("{rows} for {time}", rows=rows, time=duration(max(LEAST, standing.at - one.since))))
    if one.refused:
        said.append(ngettext("{n} row not written", "{n} rows not written", one.refused))
    if one.error:
        said.append(_("last error: {words}", words=f"<code>{escape(first_lines(one.error, 160))}</code>"))
    return _("{table}: {trouble}", table=one.name, trouble=" · ".join(said))


def _resyncs(standing: MirrorStanding) -> Iterator[str]:
    known = [(one, one.resync) for one in standing.made if one.resync is not None]
    running = [(one, found) for one, found in known if found.phase is not Phase.DONE]
    if running:
        read = sum(found.read for _one, found in running)
        found = _found([found for _one, found in running])
        yield _("Resync under way in {tables}: {read} rows read, {found}", tables=in_a_row(
            [one.name for one, _found_ in running]), read=read, found=found)  # fmt: skip
    elif known:
        ended = [found for _one, found in known if found.ended is not None]
        newest = max(found.began for found in ended)
        last = [found for found in ended if newest - found.began < timedelta(minutes=1)]
        took = max(found.ended for found in last if found.ended is not None) - min(found.began for found in last)
        yield _("Last resync: {time}, {read} rows read, {found}, {requests} requests", time=duration(max(LEAST, took)),
                read=sum(found.read for found in last), found=_found(last),
                requests=sum(found.requests for found in last))  # fmt: skip
    if standing.made and not running:
        least, most = (duration(max(LEAST, one)) for one in standing.span)
        yield _("A resync takes {least} if nothing differs, {most} if every row does.", least=least, most=most)


def _found(resyncs: list[Resync]) -> str:
    corrected = sum(found.differing for found in resyncs)
    added, doubled = sum(found.missing for found in resyncs), sum(found.doubled for found in resyncs)
    said = _("{corrected} corrected, {added} added", corrected=corrected, added=added)
    if not doubled:
        return said
    copies = ngettext("{n} copy moved to the trash", "{n} copies moved to the trash", doubled)
    return f"{said}, {copies}"
