"""The audit pack as a PDF: a heading for each kind of evidence, its figures, and who stands behind them."""

from collections.abc import Iterator

from bot.audit.cards import fault
from bot.decisions import cards as decisions
from bot.governance import cards as governance
from bot.governance.packs import cards
from bot.governance.packs.model import Pack, TwoKeys
from bot.incidents.model import Incident
from bot.kernel.text.fitting import plain
from bot.kernel.text.words import duration, in_a_row, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, number, reader, right_to_left
from bot.pdf.model import Block, Paper, Table, Words

NOTHING = "–"


def paper(of: Pack, brand: str) -> Paper:
    """The whole pack."""
    blocks = [
        *_section(_("Access"), _access(of)),
        *_section(_("Money by two keys"), _money(of)),
        *_section(_("Quality check"), _gate(of)),
        *_section(_("Incidents"), _incidents(of)),
        *_section(_("Backups and drills"), _backups(of)),
        *_section(_("Audit log"), _chain(of)),
        *_section(_("Policies and key figures"), _policies(of)),
        *_section(_("Decisions"), _decisions(of)),
    ]
    note = _("Made {time}", time=moment(of.now))
    return Paper(cards.title(of), brand, blocks, note, reader().language, right_to_left())


def _section(heading: str, blocks: Iterator[Block]) -> Iterator[Block]:
    found = list(blocks)
    if found:
        yield Words(heading, heading=True)
        yield from found


def _access(of: Pack) -> Iterator[Block]:
    header = [_("Who"), _("Role"), _("Sign-ins"), _("Deeds"), _("of these, only for admins")]
    rows = [
        [one.name, one.role.words, number(one.sign_ins), number(one.deeds), number(one.needing)] for one in of.access
    ]
    yield Table(header, rows, strong=[place for place, one in enumerate(of.access) if one.unused])
    unused = [one.name for one in of.access if one.unused]
    if unused:
        yield Words(_("Admin rights that nobody used for long: {names}", names=in_a_row(unused)))
    yield Words(ngettext("{n} try to sign in was refused.", "{n} tries to sign in were refused.", of.refused))


def _money(of: Pack) -> Iterator[Block]:
    if not of.money:
        yield Words(_("Nothing had to be approved."))
        return
    header = [_("What"), _("Amount"), _("When"), _("Asked by"), _("Approved by"), _("State")]
    yield Table(header, [_keys(one) for one in of.money], strong=[n for n, one in enumerate(of.money) if one.one_key])
    if any(one.one_key for one in of.money):
        yield Words(_("In bold: done without a second person's yes."))


def _keys(one: TwoKeys) -> list[str]:
    kind, _colon, subject = one.what.partition(":")
    what = _("Refund {number}", number=subject) if kind == "refund" else _("Repair {number}", number=subject)
    asked = one.asked_by or _("at the payment provider")
    state = _("done") if one.state is None else _(cards.STATES[one.state])
    return [what, str(one.amount), moment(one.at), asked, in_a_row(one.signed_by) or NOTHING, state]


def _gate(of: Pack) -> Iterator[Block]:
    gate = of.gate
    caught, probes = gate.probes
    rows = [
        [_("Drafts decided on"), number(gate.decisions)],
        [_("Passed without a person"), number(gate.passed)],
        [_("of these read by a person who saw no score"), number(gate.audits.total)],
        [_("and found bad"), number(gate.audits.bad)],
        [_("Known-bad drafts put before it"), number(probes)],
        [_("and held by it"), number(caught)],
    ]
    yield Table([_("What"), _("Figure")], rows)


def _incidents(of: Pack) -> Iterator[Block]:
    if not of.incidents:
        yield Words(_("None."))
        return
    header = [_("Incident"), _("Severity"), _("Began"), _("Lasted"), _("Closed by")]
    yield Table(header, [_incident(one, of) for one in of.incidents])


def _incident(one: Incident, of: Pack) -> list[str]:
    lasted = duration((one.closed_at or of.now) - one.opened_at)
    by = _("still open") if one.open else one.closer or _("by itself")
    name = f"{one.id} {one.title}".strip()
    return [name, one.severity.words, moment(one.opened_at), lasted, by]


def _backups(of: Pack) -> Iterator[Block]:
    if of.backups is None:
        return
    drill, verified = of.backups.drill, of.backups.verified
    rows = [[_("Made in these days"), number(of.backups_made)]]
    newest = NOTHING if of.backups.newest is None else moment(of.backups.newest.manifest.made_at)
    rows += [[_("Newest"), newest]]
    proven = NOTHING if verified is None or verified.verified_at is None else moment(verified.verified_at)
    rows += [[_("Last restored elsewhere and found sound"), proven]]
    tried = NOTHING if drill is None else moment(drill.began_at)
    rows += [[_("Last drill"), tried]]
    if drill is not None:
        rows += [[_("Its result"), _("passed in {time}", time=duration(drill.took)) if drill.passed else _("failed")]]
    rows += [[_("Encrypted"), _("yes") if of.backups.encrypted else _("no")]]
    rows += [[_("Second place"), of.backups.second or _("none")]]
    yield Table([_("What"), _("Figure")], rows)


def _chain(of: Pack) -> Iterator[Block]:
    yield Words(cards.chain(of))
    if of.chain is None:
        yield Words(of.unchecked)
        return
    if of.chain.verdict.fault is not None:
        yield Words(plain(fault(of.chain.verdict.fault)))
    yield Words(ngettext("It agrees with {n} anchor.", "It agrees with {n} anchors.", of.chain.anchors))
    if of.anchored.head is not None:
        yield Words(_("Its last link: {link}", link=of.anchored.head.link.hex()))
    if of.anchored.anchor is not None and of.anchored.anchor.at is not None:
        yield Words(_("Last kept elsewhere: {time}", time=moment(of.anchored.anchor.at)))


def _policies(of: Pack) -> Iterator[Block]:
    rows = [[governance.asks(one.policy, of.settings), number(len(one.breaches))] for one in of.policies]
    yield Table(
        [_("Policy"), _("Breaches")], rows, strong=[place for place, one in enumerate(of.policies) if one.breaches]
    )
    for one in of.policies:
        for words in governance.breaches(one):
            yield Words(words)
    for held in of.kpis:
        if held.target is not None:
            yield Words(governance.figure(held))


def _decisions(of: Pack) -> Iterator[Block]:
    if not of.decisions:
        yield Words(_("No proposal was decided on."))
    for one in of.decisions:
        said = {"number": one.id, "what": decisions.headline(one), "state": one.state.words, "name": one.decider}
        yield Words(_("{number} {what}: {state} by {name}, {time}. {why}",
                      why=one.reason, time=moment(one.decided_at or one.made_at), **said))  # fmt: skip
