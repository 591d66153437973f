"""What admins read of secrets: how old each is, when it is due, and who replaces it."""

from collections.abc import Mapping
from datetime import datetime

from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.text.words import duration
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext
from bot.rotation.model import SOON, TURNS, Given, Inventory, Own, Purpose

SHOWN = 8
LOST: Mapping[Purpose, str] = {
    Purpose.BUTTONS: N_("Buttons under messages from before the last change stop working; their commands still do."),
    Purpose.API_TOKENS: N_("Partners' programs have to exchange their keys once more."),
    Purpose.WEBHOOK: N_("What Telegram sends with the secret of before is refused; it sends that again."),
}


def inventory(of: Inventory, now: datetime, days: int) -> Card:
    """Every secret; what is due first."""
    due = [one for one in of.given if one.due <= now]
    none = _("Secrets · None is old")
    lines = Lines(ngettext("Secrets · {n} to replace", "Secrets · {n} to replace", len(due)) if due else none)
    if of.unknown:
        lines.add(_("This host lacks a secret that others have: set the same SECRET_KEY everywhere."))
    lines.add(_("<b>EchoPilot replaces these itself</b>"))
    for one in of.own:
        lines.add(_own(one, now))
    if any(one.from_token for one in of.own):
        lines.add(_("Some still come from the bot's token. With PostgreSQL, set SECRET_KEY on every host."))
    lines.add(_("<b>You replace these where they were issued</b>"))
    for given in of.given[:SHOWN]:
        lines.add(_given(given, now))
    if len(of.given) > SHOWN:
        lines.add(ngettext("and {n} more, younger", "and {n} more, younger", len(of.given) - SHOWN))
    if not of.given:
        lines.add(_("They are listed after the first security scan: /security"))
    lines.add(ngettext("Due after {n} day.", "Due after {n} days.", days))
    turns = [Button(_(TURNS[one.purpose].title), "secretshow", choice=one.purpose.name.lower()) for one in of.own]
    return Card(str(lines), (*in_rows(turns, 1), (Button(_("Refresh"), "secrets"),)))


def shown(own: Own, now: datetime, done: str = "") -> Card:
    """One purpose, with what can be done. done: what just was."""
    lines = Lines(_(TURNS[own.purpose].title))
    if done:
        lines.add(done)
    lines.add(_age(own, now))
    lines.add(_until(own.purpose))
    if own.older:
        words = ngettext("{n} key of before still counts.", "{n} keys of before still count.", own.older)
        lines.add(words).add(_("If somebody may have it, end it now; what was made with it stops working."))
    rows = [(Button(_("Replace it now"), "secretturn", choice=own.purpose.name.lower()),)]
    if own.older:
        rows.append((Button(_("End older keys"), "secretask", choice=own.purpose.name.lower()),))
    return Card(str(lines), (*rows, (Button(_("Back"), "secrets"),)))


def ask(purpose: Purpose, older: int) -> Card:
    """Before what was made with older keys stops working."""
    lines = Lines(ngettext("End {n} key of before?", "End {n} keys of before?", older)).add(_(LOST[purpose]))
    yes = Button(_("Yes, end them"), "secretend", choice=purpose.name.lower())
    return Card(str(lines), ((yes, Button(_("Never mind"), "secretshow", choice=purpose.name.lower())),))


def _own(own: Own, now: datetime) -> str:
    return _("{title}: {age}", title=_(TURNS[own.purpose].title), age=_age(own, now))


def _age(own: Own, now: datetime) -> str:
    if own.since is None or own.due is None:
        return _("no key yet")
    if own.due <= now:
        return _("{age} old, replaced tonight", age=duration(now - own.since))
    return _("{age} old, replaced in {left}", age=duration(now - own.since), left=duration(own.due - now))


def _until(purpose: Purpose) -> str:
    turns = TURNS[purpose]
    return _("A new one comes every {every}; the one before counts for {overlap} more, so that nothing breaks.",
             every=duration(turns.every), overlap=duration(turns.overlap))  # fmt: skip


def _given(given: Given, now: datetime) -> str:
    name, age = f"<code>{escape(given.setting.upper())}</code>", duration(now - given.since)
    if given.due <= now:
        return _("{name}: {age} old, <b>replace it</b>", name=name, age=age)
    if given.due - now <= SOON:
        return _("{name}: {age} old, due in {left}", name=name, age=age, left=duration(given.due - now))
    return _("{name}: {age} old", name=name, age=age)
