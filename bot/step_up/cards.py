"""What people read of step-up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.kernel.card import Button, Card, Document, Lines, escape
from bot.kernel.text.words import duration, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext
from bot.step_up.codes import in_groups
from bot.step_up.model import GUARDED, LASTS, LOST, Asked, Key, Kind, Standing, State, reset_needs

OPEN = N_("Still open: the code from your authenticator.")
NO_CODE = N_("No code is needed now, so I deleted your message. /authenticator shows how it stands.")
DELETE_IT = N_("I could not delete your message with the code: please delete it yourself.")


def needed(kind: Kind, *, by_code: bool) -> Card:
    """Before something dangerous. by_code: whether the person has an authenticator."""
    lines = Lines(_("Confirm that it is you")).add(_(GUARDED[kind].title))
    if by_code:
        lines.add(_("Write the 6-digit code from your authenticator here. I delete your message and keep no code."))
    else:
        lines.add(_("You have no authenticator, so another admin has to confirm this."))
    ask = Button(_("Ask another admin"), "suask", choice=kind)
    return Card(str(lines), ((ask,), (Button(_("Never mind"), "sunever"),)))


def confirmed(kind: Kind, again: Mapping[str, Any], recovery_left: int | None = None) -> Card:
    """The person may do it now."""
    lines = Lines(_("Confirmed for {time}", time=duration(LASTS))).add(_(GUARDED[kind].title))
    if recovery_left is not None:
        lines.add(ngettext("{n} recovery code is left.", "{n} recovery codes are left.", recovery_left))
    return _with_again(lines, again)


def _with_again(lines: Lines, again: Mapping[str, Any]) -> Card:
    if action := again.get("action"):
        go_on = Button(_("Go on"), action, again["subject"], again["version"], choice=again["choice"])
        return Card(str(lines), ((go_on,),))
    if typed := again.get("typed"):
        return Card(str(lines.add(_("Send it again: {command}", command=f"<code>{escape(typed)}</code>"))))
    return Card(str(lines.add(_("Now do it once more."))))


def asked(count: int) -> Card:
    """The other admins were asked."""
    head = ngettext("{n} other admin was asked", "{n} other admins were asked", count)
    return Card(str(Lines(head).add(_("I tell you as soon as they answer."))))


def request(of: Asked, name: str, reader: int, by: str) -> Card:
    """What another admin is asked, and what became of it. by: who answered."""
    if of.kind == LOST:
        lines = Lines(_("{name} lost their authenticator", name=name))
        what = _("If you confirm, it no longer counts, and they can set up another one.")
    else:
        lines, what = Lines(_("{name} asks you to confirm", name=name)), _(GUARDED[Kind(of.kind)].title)
    lines.add(what)
    if of.state is State.CONFIRMED:
        return Card(str(lines.add(_("Confirmed by {name}", name=escape(by)))))
    if of.state is State.REFUSED:
        return Card(str(lines.add(_("Refused by {name}", name=escape(by)))))
    if of.first_by is not None:
        lines.add(_("One admin confirmed; another one has to."))
    if of.first_by == reader:
        return Card(str(lines))
    lines.add(_("Ask them first, by phone or face to face: somebody else may hold their phone."))
    return Card(str(lines), ((Button(_("Refuse"), "suno", of.id), Button(_("Confirm"), "suyes", of.id)),))


def answered(of: Asked, by: str) -> Card:
    """To who asked."""
    if of.state is State.REFUSED:
        return Card(str(Lines(_("{name} did not confirm it", name=by)).add(_("Nothing was done."))))
    if of.kind == LOST:
        lines = Lines(_("Your authenticator no longer counts"))
        return Card(str(lines.add(_("Set up another one: /authenticator"))))
    lines = Lines(_("{name} confirmed it", name=by))
    lines.add(_("{what}: for {time}", what=_(GUARDED[Kind(of.kind)].title), time=duration(LASTS)))
    return _with_again(lines, of.again)


def standing(of: Standing, now: datetime) -> Card:
    """Whether the person has an authenticator, what it is for, and what can be done."""
    lines = Lines(_("Authenticator · Set up") if of.set_up_at else _("Authenticator · Not set up"))
    if of.set_up_at:
        lines.add(_("Since {time}", time=moment(of.set_up_at)))
        lines.add(ngettext("{n} recovery code is left.", "{n} recovery codes are left.", of.recovery_left))
    if of.locked_until:
        lines.add(_("Too many wrong codes: the next one counts in {time}.", time=duration(of.locked_until - now)))
    lines.add(_("It confirms what is dangerous:"))
    for guarded in GUARDED.values():
        lines.add(f"• {_(guarded.title)}")
    if not of.set_up_at:
        lines.add(
            _("Until then another admin confirms.")
            if of.others
            else _("You are the only admin, so until then nothing asks you.")
        )
        return Card(str(lines), ((Button(_("Set it up"), "sunew"),), (Button(_("Sessions"), "sessions"),)))
    rows = (
        (Button(_("New recovery codes"), "sucodes"), Button(_("Set up anew"), "sunew")),
        (Button(_("I lost it"), "sulost"), Button(_("Sessions"), "sessions")),
        (Button(_("Take it off"), "suoff"),),
    )
    return Card(str(lines), rows)


def key(of: Key) -> Card:
    """The key of an authenticator, which is shown this once."""
    lines = Lines(_("Scan this with your authenticator app"))
    lines.add(_("Or type in this key: {key}", key=f"<code>{in_groups(of.secret)}</code>"))
    lines.add(_("Then write the 6-digit code that it shows. I delete this message after that."))
    picture = Document.of("authenticator.png", of.picture)
    return Card(str(lines), ((Button(_("Never mind"), "sunever"),),), picture=picture)


def recovery(codes: Sequence[str]) -> Card:
    """Recovery codes, which are shown this once."""
    lines = Lines(_("Your recovery codes")).add("<code>" + "\n".join(codes) + "</code>")
    lines.add(_("Each counts once, in place of a code from your authenticator. Keep them in a password manager."))
    return Card(str(lines), ((Button(_("I saved them, delete this"), "susaved"),),))


def ask_off() -> Card:
    """Before an authenticator is taken off."""
    lines = Lines(_("Take your authenticator off?"))
    lines.add(
        _("Its codes and your recovery codes no longer count. Another admin confirms for you then, if there is one.")
    )
    return Card(str(lines), ((Button(_("Never mind"), "authenticator"),), (Button(_("Yes, take it off"), "suoffyes"),)))


def ask_lost(others: int) -> Card:
    """Before the others are asked to take it off."""
    lines = Lines(_("Did you lose your authenticator?"))
    lines.add(_("A recovery code works in place of a code. If you have none, other admins can take it off for you."))
    if others:
        many = reset_needs(others)
        lines.add(ngettext("{n} admin has to confirm.", "{n} admins have to confirm.", many))
    return Card(
        str(lines), ((Button(_("Never mind"), "authenticator"),), (Button(_("Ask the other admins"), "sulostyes"),))
    )


def locked(name: str, failures: int) -> Card:
    """To the other admins."""
    head = ngettext("{name} wrote {n} wrong code", "{name} wrote {n} wrong codes", failures, name=name)
    lines = Lines(head).add(_("Their codes do not count for a while. Ask them whether it was them."))
    return Card(str(lines.add(_("If it was not: /people takes their role away."))))


def was_set_up(name: str) -> Card:
    """To the other admins."""
    return _told(_("{name} set up an authenticator", name=name))


def has_new_recovery(name: str) -> Card:
    """To the other admins."""
    return _told(_("{name} has new recovery codes", name=name))


def was_taken_off(name: str) -> Card:
    """To the other admins."""
    return _told(_("{name} took their authenticator off", name=name))


def _told(head: str) -> Card:
    return Card(str(Lines(head).add(_("If you did not expect this, ask them. /people takes a role away."))))


def was_reset() -> Card:
    """To whose it was, where whoever runs the server took it off."""
    lines = Lines(_("Your authenticator no longer counts"))
    return Card(str(lines.add(_("It was taken off at the server. Set up another one: /authenticator"))))
