"""What admins read of proposals."""

from datetime import datetime

from bot.capacity.model import Concurrency, Drafted, Route
from bot.kernel.card import Card, Lines, escape
from bot.kernel.text.words import duration, share, usd
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number


def better_model(route: Route) -> Card:
    """A model that would do as well for less."""
    better = escape(route.better.model)
    lines = Lines(_("Proposal · {model} for {type}", model=better, type=route.task_type.words))
    lines.add(_("Now, over 30 days: {figures}", figures=_drafted(route.present, route.present_cost)))
    lines.add(_("Instead: {figures}", figures=_drafted(route.better, route.better_cost)))
    lines.add(
        _("Your last 30 days would have cost {money} less, for {n} drafts.",
          money=usd(route.saved), n=number(route.present.decided))
    )  # fmt: skip
    setting = f"DRAFT_MODEL_{route.task_type.name}"
    return Card(str(lines.add(_("To adopt it: set {setting} and restart. Nothing was changed.", setting=setting))))


def _drafted(one: Drafted, cost: int) -> str:
    said = {"model": escape(one.model), "share": share(one.approved, one.decided), "money": usd(cost)}
    return _("{model} approved {share}, {money} a draft", **said)


def concurrency(found: Concurrency, now: datetime) -> Card:
    """Another number of tasks at once, which held."""
    lines = Lines(_("Proposal · {n} tasks at once", n=number(found.proposed)))
    lines.add(
        _("The setting says {present}; workers have run {n} for {time}: {reason}",
          present=number(found.present), n=number(found.proposed), time=duration(now - found.since),
          reason=escape(found.reason))
    )  # fmt: skip
    lines.add(
        _("Tasks waited in {busy} of the {hours} hours of the last 30 days.",
          busy=number(found.waited), hours=number(found.hours))
    )  # fmt: skip
    return Card(
        str(lines.add(_("To adopt it: set {setting} and restart. Nothing was changed.", setting="WORKER_CONCURRENCY")))
    )
