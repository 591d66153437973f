"""What people read about their data: what is kept, what erasure does, and the certificate of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.access.model import Person
from bot.kernel.card import Button, Card, Lines, bold, escape
from bot.kernel.text.words import duration, in_parts, moment
from bot.kernel.translation import full_date, local, ngettext, number
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.privacy.model import LISTED, Erasure, ErasureState, Theirs

BOOK_YEARS = 10  # the longest that tax laws ask for, after the end of the year
KINDS: Mapping[str, Callable[[int], str]] = {
    "briefs": lambda n: ngettext("{n} brief", "{n} briefs", n),
    "drafts": lambda n: ngettext("{n} draft", "{n} drafts", n),
    "files": lambda n: ngettext("{n} file", "{n} files", n),
    "kept": lambda n: ngettext("{n} file in Google Drive", "{n} files in Google Drive", n),
    "messages": lambda n: ngettext("{n} message", "{n} messages", n),
    "notes": lambda n: ngettext("{n} note of the team", "{n} notes of the team", n),
    "details": lambda n: ngettext("{n} billing address", "{n} billing addresses", n),
    "sessions": lambda n: ngettext("{n} session", "{n} sessions", n),
    "invoices": lambda n: ngettext("{n} invoice", "{n} invoices", n),
    "refunds": lambda n: ngettext("{n} refund", "{n} refunds", n),
}

# The same as the heads of rows.
NAMES: Mapping[str, str] = {
    "briefs": N_("Briefs"),
    "drafts": N_("Drafts"),
    "files": N_("Files"),
    "messages": N_("Messages"),
    "notes": N_("Notes of the team"),
    "details": N_("Billing addresses"),
    "sessions": N_("Sessions"),
    "invoices": N_("Invoices"),
    "refunds": N_("Refunds"),
}


def _counted(found: Mapping[str, int]) -> str:
    return in_parts([KINDS[kind](found[kind]) for kind in KINDS if found.get(kind)])


def overview(theirs: Theirs, erasure: Erasure | None, where: str, *, client: bool, now: datetime) -> Card:
    """What is kept and why, with the ways to have it and to have it erased. where: a line on where they live."""
    lines = Lines(_("Your data"))
    lines.add(_("To do your work: {things}.", things=_have(theirs)))
    lines.add(_("To answer you: your name, language, time zone and Telegram number."))
    lines.add(_("To invoice you: your billing details, {invoices}.", invoices=KINDS["invoices"](len(theirs.invoices))))
    lines.add(_("To show who did what: a log with your number, without your words."))
    lines.add(_("How long, and who else works with it: /terms"))
    first = (Button(_("My data"), "privdata"), Button(_("What I allow"), "consents"))
    if erasure is not None:
        lines.add(_under_way(erasure, now))
        return Card(str(lines), (first, *_stop(erasure)))
    lines.add(where)
    if not client:
        return Card(str(lines), (first,))
    return Card(str(lines), (first, (Button(_("Erase my data"), "privask"),)))


def _have(theirs: Theirs) -> str:
    found = {"briefs": len(theirs.briefs), "files": len(theirs.files), "messages": theirs.messages}
    return _counted(found) or _("nothing yet")


def _under_way(erasure: Erasure, now: datetime) -> str:
    if erasure.state is not ErasureState.ASKED:
        return _("Your data is being erased.")
    left = max(erasure.due_at - now, timedelta(minutes=1))
    return _("Your data is erased in {span} ({time}).", span=duration(left), time=moment(erasure.due_at))


def _stop(erasure: Erasure) -> tuple[tuple[Button, ...], ...]:
    if erasure.state is not ErasureState.ASKED:
        return ()
    return ((Button(_("Stop, keep my data"), "privstop", erasure.id),),)


def exported(size: int) -> str:
    """The words above the file."""
    mb = number(max(1, round(size / 1_000)))
    return "\n".join(
        [
            bold(_("Your data")),
            _("All that is kept about you, {kb} kB: data.json, and the files that you sent.", kb=mb),
            _("Nobody else's names or words are in it."),
        ]
    )


def link(address: str) -> Card:
    """Where the person's data is had, once."""
    lines = Lines(_("Your data is ready"))
    lines.add(_("The link is yours alone and works once, within 24 hours. After that the file comes here."))
    return Card(str(lines), ((Button(_("Download my data"), url=address),),), kept=_("A link to your data"))


def in_the_way(theirs: Theirs) -> list[str]:
    """Why nobody can be erased now; empty where nothing is under way."""
    why = []
    if theirs.open_briefs:
        names = in_parts([f"/brief_{one}" for one in theirs.open_briefs[:5]])
        why.append(_("Work is under way: {names}. Wait until it is done, or cancel it.", names=names))
    if theirs.owed:
        why.append(_("An invoice is open: /invoices. Who owes it must be known until it is paid or void."))
    if theirs.going_back:
        why.append(_("A refund to you is on its way; it needs your name until it has arrived."))
    return why


def preview(theirs: Theirs) -> Card:
    """What goes, what stays and why, before anybody says yes."""
    why = in_the_way(theirs)
    lines = Lines(_("Erase my data · not asked for yet"))
    if why:
        for line in why:
            lines.add(line)
        lines.add(_("Then ask again: /privacy"))
        return Card(str(lines), ((Button(_("My data"), "privdata"),),))
    lines.add(_("Goes: your name, settings and contact data; {things}, with every text in them.", things=_have(theirs)))
    lines.add(_stays_short(len(theirs.invoices)))
    lines.add(_("Quotes end, and a referral credit is lost. You can come back later as somebody new."))
    lines.add(_("It happens 24 hours after your yes. Until then one tap stops it."))
    yes = (Button(_("Yes, erase my data"), "privyes"),)
    return Card(str(lines), ((Button(_("My data"), "privdata"), Button(_("Back"), "priv")), yes))


def _stays_short(invoices: int) -> str:
    if not invoices:
        return _("Stays: the log of who did what, under a number instead of your name.")
    return _(
        "Stays, under a number instead of your name: {invoices} with their bookings, since tax law asks for it; "
        "and the log of who did what.",
        invoices=KINDS["invoices"](invoices),
    )


def asked(erasure: Erasure, now: datetime) -> Card:
    """That it will happen, and how to stop it."""
    lines = Lines(_("Erasure {number} · Waiting", number=erasure.id))
    lines.add(_under_way(erasure, now))
    lines.add(_("Nothing is changed before that. Then I send you a certificate, and do not know you any more."))
    return Card(str(lines), _stop(erasure))


def stopped(erasure: Erasure) -> Card:
    """That everything stays."""
    lines = Lines(_("Erasure {number} · Stopped", number=erasure.id))
    return Card(str(lines.add(_("Everything stays as it was. /privacy shows what is kept."))))


def put_off(erasure: Erasure, why: Sequence[str]) -> Card:
    """That it did not happen yet."""
    lines = Lines(_("Erasure {number} · Put off", number=erasure.id))
    for line in why:
        lines.add(line)
    lines.add(_("I try again on {time}.", time=moment(erasure.due_at)))
    return Card(str(lines), _stop(erasure))


def certificate(erasure: Erasure, now: datetime) -> Card:
    """What went, what stays, why and until when, and what cannot be reached from here."""
    lines = Lines(_("Certificate of erasure {number}", number=erasure.id))
    lines.add(_("Erased on {time}: your name, settings and contact data.", time=moment(now)))
    gone = _counted(erasure.gone)
    if gone:
        lines.add(_("Erased with them: {things}.", things=gone))
    lines.add(_("Also: search, messages in and out, and copies of your files."))
    if erasure.stays:
        years = full_date(local(now).date().replace(year=local(now).year + BOOK_YEARS, month=12, day=31))
        lines.add(
            _(
                "Stays until {day}: {things} with bookings, as client number {client}, since tax law asks for it.",
                day=years,
                things=_counted(erasure.stays),
                client=erasure.person_id,
            )
        )
    lines.add(_("Stays: the log of who did what, with that number alone, so that it can be proven."))
    lines.add(
        _(
            "Backups made before are deleted by {day}; whatever is restored from one is erased again.",
            day=full_date(local(now + LISTED).date()),
        )
    )
    lines.add(
        _(
            "Out of reach: this chat and messages that the team has in Telegram, e-mails that were sent, old versions "
            "of pages in Notion and rows there that never became a brief, and what the payment provider has to keep of "
            "your payments."
        )
    )
    return Card(str(lines))


def told_team(erasure: Erasure) -> Card:
    """For admins: a number and no name, since their chats cannot be reached later."""
    lines = Lines(_("Erasure {number} · Waiting", number=erasure.id))
    lines.add(_("Client <code>{id}</code> asked to be erased on {time}.", id=erasure.person_id,
                time=moment(erasure.due_at)))  # fmt: skip
    lines.add(_("Delete rows of the Automation Queue that name them and never became a brief: I do not find those."))
    return Card(str(lines.add(_("Nothing else is to be done. /privacy lists who asked."))))


def deadline(erasure: Erasure, due: datetime, now: datetime) -> Card:
    """For admins: an erasure that is to be done by law until then, and is not."""
    if due <= now:
        lines = Lines(_("Erasure {number} · Deadline passed", number=erasure.id))
        lines.add(_("It was to be done by {day}.", day=full_date(local(due).date())))
    else:
        lines = Lines(_("Erasure {number} · Deadline near", number=erasure.id))
        left = duration(due - now)
        lines.add(_("It has to be done in {span}, by {day}.", span=left, day=full_date(local(due).date())))
    lines.add(
        _("Client <code>{id}</code> asked for it; open work or money may stand in the way.", id=erasure.person_id)
    )
    return Card(str(lines.add(_("Settle that first, and the rest is done then: /invoices, /briefs"))))


def waiting(found: Sequence[tuple[Erasure, Person]], now: datetime) -> Card:
    """For admins: who asked, and until when."""
    lines = Lines(_("Requests to be erased"))
    if not found:
        lines.add(_("Nobody asked to be erased."))
    for erasure, person in found:
        if erasure.state is ErasureState.ASKED:
            left = max(erasure.due_at - now, timedelta(minutes=1))
            said = (escape(person.name), duration(left), moment(erasure.due_at))
            lines.add(_("{name}: erased in {span} ({time})", name=said[0], span=said[1], time=said[2]))
        else:
            lines.add(_("{name}: being erased", name=escape(person.name)))
    return Card(str(lines), ((Button(_("My data"), "privdata"), Button(_("Regions"), "regions")),))
