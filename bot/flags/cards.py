"""What people see of flags."""

from collections.abc import Mapping

from bot.flags.model import Flag, Mode, Switch
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext

REASON_OPEN = N_("Still open: the reason for the switch.")
ON_AGAIN = {
    Flag.INTAKE: N_("We take new briefs again. Send yours whenever you like."),
    Flag.PAYMENTS: N_("Invoices are made again. Those that waited come automatically."),
}


def listing(switches: Mapping[Flag, Switch]) -> Card:
    """Every flag with its button."""
    not_on = sum(switch.change.mode is not Mode.ON for switch in switches.values())
    lines = Lines(
        ngettext("Switches · {n} not on", "Switches · {n} not on", not_on) if not_on else _("Switches · All on")
    )
    rows = []
    for flag, switch in switches.items():
        how, then = escape(switch.change.words), flag.on if _on(switch) else flag.off
        lines.add(f"<b>{flag}</b>: {how}. {then}")
        if switch.since is not None:
            lines.add(f"   {_last(switch)}")
        rows.append(_button(switch))
    lines.add(
        _("For a part: /flags intake 25% reason, /flags intake canary 1004,1007 reason, /flags mail tenants a,b reason")
    )
    return Card(str(lines), tuple(rows))


def ask_reason(switch: Switch, mode: Mode) -> Card:
    """Why, before anything is changed."""
    flag = switch.flag
    lines = Lines(_("Switch {flag} on?", flag=flag) if mode is Mode.ON else _("Switch {flag} off?", flag=flag))
    lines.add(flag.on if mode is Mode.ON else flag.off)
    lines.add(
        _("Write the reason in a few words; the other admins read it. Until then nothing changes. /stop to leave it.")
    )
    return Card(str(lines))


def changed(switch: Switch) -> Card:
    """To whoever changed it."""
    return Card(str(_news(switch).add(_("The other admins were told."))), (_button(switch),))


def news(switch: Switch) -> Card:
    """Tell the other admins who switched what, and why."""
    return Card(str(_news(switch)), (_button(switch),))


def in_one_line(switch: Switch) -> str:
    """As /status shows it to the team."""
    return _("Switch {flag}: {how}. {last}", flag=switch.flag, how=escape(switch.change.words), last=_last(switch))


def on_again(flag: Flag) -> Card:
    """Tell somebody who was refused while it was off that it is on again."""
    return Card(_(ON_AGAIN[flag]) if flag in ON_AGAIN else _("What you asked for is possible again."))


def _news(switch: Switch) -> Lines:
    flag = switch.flag
    lines = Lines(f"{flag} · {switch.change.words}").add(flag.on if _on(switch) else flag.off)
    return lines.add(_last(switch)).add(_("/flags shows all switches."))


def _last(switch: Switch) -> str:
    by, reason = escape(switch.by), escape(switch.reason)
    if switch.since is None:
        return _("{name}: {reason}", name=by, reason=reason)
    return _("{name}, {time}: {reason}", name=by, time=moment(switch.since), reason=reason)


def _on(switch: Switch) -> bool:
    return switch.change.mode is Mode.ON


def _button(switch: Switch) -> tuple[Button, ...]:
    mode = Mode.OFF if _on(switch) else Mode.ON
    flag = switch.flag
    label = _("Switch {flag} off", flag=flag) if _on(switch) else _("Switch {flag} on", flag=flag)
    return (Button(label, f"f{mode}", version=switch.version, choice=flag),)
