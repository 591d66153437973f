"""How key figures and policies read."""

from collections.abc import Sequence

from bot.alerts import alert_cards
from bot.alerts.rules.catalog import BY_NAME as RULES
from bot.decisions.values import shown
from bot.governance.model import OFF_PERCENT, Held
from bot.governance.policies import Looked, Policy
from bot.governance.settings import GovernanceSettings
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.text.words import duration
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, percent

SHOWN = 3  # breaches of one policy


def kpis(found: Sequence[Held]) -> Card:
    """Every key figure beside its target."""
    off = sum(one.too_far for one in found)
    lines = Lines(
        ngettext("Key figures · {n} off target", "Key figures · {n} off target", off)
        if off
        else _("Key figures · Last 30 days")
    )
    for one in found:
        said = figure(one)
        lines.add(f"<b>{said}</b>" if one.too_far else said)
    if not any(one.target for one in found):
        lines.add(_("No target is set. An admin sets one like this: /kpis quality 85"))
    rows = (Button(_("Policies"), "policies"), Button(_("Decisions"), "decisions"), Button(_("Refresh"), "kpis"))
    return Card(str(lines), (rows,))


def figure(one: Held) -> str:
    """ "Quality score: 78, target 85 (8 % off)"."""
    title = _(one.kpi.title)
    actual = _("no figure yet") if one.actual is None else shown(one.value(one.actual))
    if one.target is None:
        if one.actual is None:
            return _("{title}: no figure yet", title=title)
        return _("{title}: {actual}, no target", title=title, actual=actual)
    target = shown(one.value(one.target.amount))
    if one.off:
        return _("{title}: {actual}, target {target} ({share} off)",
                 title=title, actual=actual, target=target, share=percent(one.off / 100))  # fmt: skip
    return _("{title}: {actual}, target {target}", title=title, actual=actual, target=target)


def target_set(one: Held) -> Card:
    """To whoever set it."""
    title = _(one.kpi.title)
    if one.target is None:
        return Card(str(Lines(_("{title} · No target", title=title)).add(_("Nobody is told of it any more."))))
    lines = Lines(_("{title} · Target {target}", title=title, target=shown(one.value(one.target.amount))))
    lines.add(escape(figure(one)))
    lines.add(_("Admins are told when it is more than {share} off. /kpis {name} off takes the target away.",
                share=percent(OFF_PERCENT / 100), name=one.kpi.name))  # fmt: skip
    return Card(str(lines))


def policies(found: Sequence[Looked], settings: GovernanceSettings) -> Card:
    """Every policy, and what breaks it now."""
    broken = sum(bool(one.breaches) for one in found)
    lines = Lines(
        ngettext("Policies · {n} broken", "Policies · {n} broken", broken) if broken else _("Policies · All kept")
    )
    for one in found:
        said = asks(one.policy, settings)
        if not one.breaches:
            lines.add(_("✓ {policy}", policy=said))
            continue
        lines.add(_("✗ <b>{policy}</b>", policy=said))
        for words in breaches(one)[:SHOWN]:
            lines.add(f"   {escape(words)}")
        if len(one.breaches) > SHOWN:
            lines.add(ngettext("and {n} more: /alerts", "and {n} more: /alerts", len(one.breaches) - SHOWN))
    rows = (Button(_("Key figures"), "kpis"), Button(_("Decisions"), "decisions"), Button(_("Refresh"), "policies"))
    return Card(str(lines), (rows, (Button(_("Audit pack"), "auditpack"),)))


def asks(policy: Policy, settings: GovernanceSettings) -> str:
    """What the policy asks for, in plain text."""
    return _(policy.asks, limit=_limit(policy, settings))


def breaches(one: Looked) -> list[str]:
    """What breaks it, as its alerts say it."""
    rule = RULES[one.policy.rule]
    return [_(rule.headline, **alert_cards.plain(breach.facts)) for breach in one.breaches]


def _limit(policy: Policy, settings: GovernanceSettings) -> str:
    if not policy.limit:
        return ""
    value: int = getattr(settings, policy.limit)
    if policy.limit.endswith("percent"):
        return percent(value / 100)
    return duration(value * alert_cards.SPANS["hours" if policy.limit.endswith("hours") else "days"])
