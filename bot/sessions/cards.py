"""What people read in the chat of signing in to the pages."""

from datetime import datetime

from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.text.words import duration, in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext
from bot.sessions.model import Session, Standing


def link(address: str, inside: str) -> Card:
    """A link to sign in by. inside: the address to open inside Telegram, "" where there is none."""
    lines = Lines(_("Your dashboard")).add(_("Sign in within 10 minutes; the link works once, and only for you."))
    rows = [(Button(_("Open the dashboard"), url=address),)]
    if inside:
        rows.append((Button(_("Open inside Telegram"), web_app=inside),))
    rows.append((Button(_("Sessions"), "sessions"),))
    lines.add(_("It only shows: everything is done here in the chat."))
    return Card(str(lines), tuple(rows))


def key(made: str, address: str) -> Card:
    """A new dashboard key, which is shown this once."""
    lines = Lines(_("Your dashboard key")).add(f"<code>{escape(made)}</code>")
    lines.add(_("I show it this once. Keep it in a password manager, then delete this message."))
    lines.add(_("Sign in with it at {address}. The key before no longer works.", address=escape(address)))
    return Card(str(lines), ((Button(_("Sessions"), "sessions"),),))


def standing(of: Standing, now: datetime, beside: tuple[tuple[Button, ...], ...] = ()) -> Card:
    """Where the person is signed in, and how to end that. beside: the ways to the pages beside this one."""
    count = of.open
    lines = Lines(ngettext("{n} open session", "{n} open sessions", count) if count else _("You are signed in nowhere"))
    for one in of.sessions:
        lines.add(_line(one, now))
    if count:
        lines.add(_("A session ends after 30 minutes without use, and after 12 hours in any case."))
    ends = [Button(_("End {id}", id=one.id), "sessionend", one.id) for one in of.sessions]
    rows = [*in_rows(ends, 3), *beside]
    if count:
        rows.append((Button(_("End all"), "sessionsend"),))
    if of.key:
        lines.add(_("You have a dashboard key. /dashboard key makes a new one in its place."))
        rows.append((Button(_("End the key"), "keyend"),))
    return Card(str(lines), tuple(rows))


def _line(one: Session, now: datetime) -> str:
    device = escape(one.device) or _("unknown browser")
    used = _("used {time} ago", time=duration(now - one.seen_at))
    return in_a_row((f"{one.id}: {device}", one.way.words, used))
