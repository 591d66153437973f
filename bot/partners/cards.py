"""What admins read of partners."""

from collections.abc import Sequence
from datetime import datetime

from bot.access.model import Person
from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.text.words import basis_points, in_a_row, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext, number, percent
from bot.partners.model import Message, Partner, Standing, Tier

CLIENT_OPEN = N_("Still open: which client becomes a partner? Write a name or a number; /stop ends it.")
QUOTA_OPEN = N_("Still open: how many briefs may {name} order a month? Write a number; /stop ends it.")
SHARE_OPEN = N_("Still open: which share of payments does {name} get? Write a number; /stop ends it.")
ADDRESS_OPEN = N_("Still open: where is {name}'s program told of changes? Write the address; /stop ends it.")
STATES = {
    "waiting": N_("waits for the next try"),
    "delivered": N_("told"),
    "refused": N_("not told: switched off since"),
    "given up": N_("given up"),
}
Rows = tuple[tuple[Button, ...], ...]


def listing(found: Sequence[Partner], beside: Rows) -> Card:
    """All partners, each with its button."""
    lines = Lines(_("Partners · None yet") if not found else _("Partners"))
    if not found:
        lines.add(_("A partner is a client whose own program orders briefs and follows them."))
    rows: list[tuple[Button, ...]] = []
    for one in found:
        quota = ngettext("{n} brief a month", "{n} briefs a month", one.monthly_quota)
        off = "" if one.enabled else _("switched off")
        lines.add(_row(f"<b>{escape(one.name)}</b>", one.tier.words, quota, off))
        rows.append((Button(one.name[:40], "partner", one.id),))
    return Card(str(lines), (*rows, *beside, (Button(_("New partner"), "pnew"),)))


def ask_client() -> Card:
    """Who becomes one."""
    lines = Lines(_("New partner · Which client?"))
    lines.add(_("Write the client's name or number. The briefs and invoices of the program will be theirs."))
    return Card(str(lines))


def which_client(found: Sequence[Person]) -> Card:
    """Several have that name."""
    lines = Lines(_("New partner · Which of them?"))
    return Card(str(lines), tuple((Button(f"{one.name} {one.id}", "pclient", one.id),) for one in found[:8]))


def partner(standing: Standing, discount: int, now: datetime) -> Card:
    """One partner, and what can be changed."""
    one = standing.partner
    state = _("On") if one.enabled else _("Off")
    lines = Lines(_("Partner {name} · {state}", name=one.name, state=state))
    lines.add(_("Briefs this month: {used} of {quota}", used=number(standing.used), quota=number(one.monthly_quota)))
    off = _("{share} off the prices", share=percent(discount / 100)) if discount else _("at your prices")
    lines.add(_row(_("Tier: {tier}", tier=one.tier.words), off))
    if one.share_bp:
        lines.add(_("Revenue share: {share}", share=basis_points(one.share_bp)))
    lines.add(_keys(standing, now))
    told = _("Changes are told to {address}", address=escape(one.webhook_url)) if one.webhook_url else ""
    lines.add(told or _("Changes are told nowhere; the program can ask."))
    return Card(str(lines), _buttons(standing))


def _keys(standing: Standing, now: datetime) -> str:
    if not standing.keys:
        return _("No key yet: the program cannot sign in.")
    newest, older = standing.keys[0], standing.keys[1:]
    said = _("Key {id}, made {time}", id=newest.id, time=moment(newest.created_at))
    ends = [one.expires_at for one in older if one.expires_at is not None and one.expires_at > now]
    if newest.expires_at is not None:
        return _row(said, _("ends {time}", time=moment(newest.expires_at)))
    return _row(said, _("the one before ends {time}", time=moment(max(ends))) if ends else "")


def _buttons(standing: Standing) -> Rows:
    one = standing.partner
    key = Button(_("Replace key") if standing.keys else _("Make a key"), "pkeyask" if standing.keys else "pkey", one.id)
    rows: list[tuple[Button, ...]] = [
        (key, Button(_("Quota"), "pquota", one.id), Button(_("Tier"), "ptiers", one.id)),
        (Button(_("Revenue share"), "pshare", one.id), Button(_("Statement"), "pstatement", one.id)),
        (Button(_("Address"), "paddress", one.id), Button(_("Messages"), "ptold", version=one.id)),
    ]
    if one.webhook_url:
        rows.append((Button(_("Signing secret"), "psecret", one.id),))
    if standing.keys:
        rows.append((Button(_("End all keys"), "pendask", one.id),))
    label, choice = (_("Switch off"), "off") if one.enabled else (_("Switch on"), "on")
    rows.append((Button(label, "pswitch", one.id, one.version, choice=choice),))
    rows.append((Button(_("All partners"), "partners"),))
    return tuple(rows)


def key(one: Partner, secret: str, hours: int) -> Card:
    """A new key, this once."""
    lines = Lines(_("Key for {name} · Shown only now", name=one.name))
    lines.add(f"<code>{escape(secret)}</code>")
    lines.add(_("Pass it on by a safe way, then delete this message. Only a fingerprint of it is kept here."))
    if hours:
        lines.add(ngettext("An older key counts for {n} hour more.", "An older key counts for {n} hours more.", hours))
    lines.add(_("How a program uses it: docs/api.md"))
    lines.add(_("/partners goes on."))
    lost = Lines(_("Key for {name} · Not shown", name=one.name))
    lost.add(_("It could not be shown just now, and is kept nowhere. Replace it by another one."))
    # without a button, for a tap brings the message's text back to us, and what comes is written down
    return Card(str(lines), kept=str(lost))


def ask_replace(one: Partner, hours: int) -> Card:
    """Before a key takes the place of one that is used."""
    lines = Lines(_("Replace the key of {name}?", name=one.name))
    lines.add(
        ngettext(
            "The old key counts for {n} hour more, so that the program can change over.",
            "The old key counts for {n} hours more, so that the program can change over.",
            hours,
        )
        if hours
        else _("The old key ends at once.")
    )
    return Card(str(lines), ((Button(_("Make the new key"), "pkey", one.id),), _back(one)))


def ask_end(one: Partner) -> Card:
    """Before all keys end."""
    lines = Lines(_("End all keys of {name}?", name=one.name))
    lines.add(_("Its program is signed out at once, and can do nothing until it has a new key."))
    return Card(str(lines), (_back(one), (Button(_("End them now"), "pend", one.id),)))


def tiers(standing: Standing, discounts: dict[Tier, int]) -> Card:
    """Which there are."""
    one = standing.partner
    lines = Lines(_("Tier of {name}: {tier}", name=one.name, tier=one.tier.words))
    for tier in Tier:
        off = _("{share} off", share=percent(discounts[tier] / 100)) if discounts[tier] else _("your prices")
        times = ngettext("{n} time the calls", "{n} times the calls", tier.times)
        quota = ngettext("{n} brief a month", "{n} briefs a month", tier.quota)
        lines.add(_row(f"<b>{tier.words}</b>", off, times, quota))
    taps = [Button(tier.words, "ptier", one.id, one.version, choice=tier) for tier in Tier if tier is not one.tier]
    return Card(str(lines), (*in_rows(taps), _back(one)))


def ask_quota(one: Partner) -> Card:
    """How many briefs a month."""
    lines = Lines(_("Quota of {name}: {n}", name=one.name, n=number(one.monthly_quota)))
    lines.add(_("Write how many briefs it may order in a calendar month (UTC), such as 250."))
    return Card(str(lines), (_back(one),))


def ask_share(one: Partner) -> Card:
    """Which share of payments it gets."""
    lines = Lines(_("Share of {name}: {share}", name=one.name, share=basis_points(one.share_bp)))
    lines.add(_("Write the percentage that it gets of each payment by a client who came by its link, and of each for "
                "a brief that its program orders, such as 12.5. 0 ends it."))  # fmt: skip
    lines.add(_("It counts for payments from now on, without taxes. A refund takes the same part back."))
    return Card(str(lines), (_back(one),))


def ask_address(one: Partner) -> Card:
    """Where its program is told of changes."""
    lines = Lines(_("Where is {name}'s program told of changes?", name=one.name))
    lines.add(_("Write the address, such as {example}. Only public addresses by https are called.",
                example="<code>https://example.com/echopilot</code>"))  # fmt: skip
    nowhere = ((Button(_("Tell it nowhere"), "pnowhere", one.id),),) if one.webhook_url else ()
    return Card(str(lines), (_back(one), *nowhere))


def secret(one: Partner) -> Card:
    """What the program checks signatures by."""
    lines = Lines(_("Signing secret of {name}", name=one.name)).add(f"<code>{escape(one.webhook_secret)}</code>")
    lines.add(_("By it the program sees that a message is ours (Standard Webhooks). Pass it on by a safe way."))
    return Card(str(lines), (_back(one), (Button(_("Another secret"), "pnewsecret", one.id),)))


def told(one: Partner, found: Sequence[Message], beside: Rows) -> Card:
    """What its program was told, the newest first."""
    lines = Lines(
        _("Messages to {name}", name=one.name) if found else _("Messages to {name} · None yet", name=one.name)
    )
    rows: list[tuple[Button, ...]] = []
    for message in found:
        status = _("answered {status}", status=message.status) if message.status else escape(message.error)
        tries = ngettext("{n} try", "{n} tries", message.attempts)
        said = _row(moment(message.created_at), _(STATES[message.state]), tries, status if message.attempts else "")
        lines.add(f"<code>{escape(message.name)}</code> {escape(message.type)}: {said}")
        rows.append((Button(_("Send {name} again", name=message.name), "psend", message.id, one.id),))
    return Card(str(lines), (*rows, *beside, _back(one)))


def _row(*parts: str) -> str:
    """What there is to say, side by side."""
    return in_a_row(part for part in parts if part)


def _back(one: Partner) -> tuple[Button, ...]:
    return (Button(_("Back"), "partner", one.id),)
