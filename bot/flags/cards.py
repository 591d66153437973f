"""What people see of flags."""

from collections.abc import Mapping

from bot.flags.model import Flag, Mode, Switch
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.words import moment

REASON_OPEN = "Still open: the reason for the switch."
ON_AGAIN = {
    Flag.INTAKE: "We take new briefs again. Send yours whenever you like.",
    Flag.PAYMENTS: "Invoices are made again. Those that waited come by themselves.",
}


def listing(switches: Mapping[Flag, Switch]) -> Card:
    """Every flag with its button."""
    not_on = sum(switch.change.mode is not Mode.ON for switch in switches.values())
    lines = Lines(f"Switches · {not_on} not on" if not_on else "Switches · All on")
    rows = []
    for flag, switch in switches.items():
        lines.add(f"<b>{flag}</b>: {escape(switch.change.words)}. {flag.on if _on(switch) else flag.off}")
        if switch.since is not None:
            lines.add(f"   {_last(switch)}")
        rows.append(_button(switch))
    lines.add(
        "For a part: /flags intake 25% reason, /flags intake canary 1004,1007 reason, /flags mail tenants a,b reason"
    )
    return Card(str(lines), tuple(rows))


def ask_reason(switch: Switch, mode: Mode) -> Card:
    """Why, before anything is changed."""
    flag = switch.flag
    lines = Lines(f"Switch {flag} {mode}?")
    lines.add(flag.on if mode is Mode.ON else flag.off)
    lines.add(
        "Write the reason in a few words; the other admins read it. Until then nothing changes. /stop to leave it."
    )
    return Card(str(lines))


def changed(switch: Switch) -> Card:
    """To whoever changed it."""
    return Card(str(_news(switch).add("The other admins were told.")), (_button(switch),))


def news(switch: Switch) -> Card:
    """To the other admins."""
    return Card(str(_news(switch)), (_button(switch),))


def in_one_line(switch: Switch) -> str:
    """As /status shows it to the team."""
    return f"Switch {switch.flag}: {escape(switch.change.words)}. {_last(switch)}"


def on_again(flag: Flag) -> Card:
    """To somebody who was refused while it was off."""
    return Card(ON_AGAIN.get(flag, "What you asked for is possible again."))


def _news(switch: Switch) -> Lines:
    flag = switch.flag
    lines = Lines(f"{flag} · {switch.change.words}").add(flag.on if _on(switch) else flag.off)
    return lines.add(_last(switch)).add("/flags shows all switches.")


def _last(switch: Switch) -> str:
    when = "" if switch.since is None else f", {moment(switch.since)}"
    return f"{escape(switch.by)}{when}: {escape(switch.reason)}"


def _on(switch: Switch) -> bool:
    return switch.change.mode is Mode.ON


def _button(switch: Switch) -> tuple[Button, ...]:
    mode = Mode.OFF if _on(switch) else Mode.ON
    return (Button(f"Switch {switch.flag} {mode}", f"f{mode}", version=switch.version, choice=switch.flag),)
