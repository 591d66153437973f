"""Every file of handlers is joined here, by its router: what people write and tap is routed by these tables.

/help, the menus and docs/commands.md are made from them too, and from nothing else.
"""

from collections.abc import Mapping

from bot.access.buttons import Tap
from bot.access.model import GRANTS, Role
from bot.kernel.translation import gettext as _
from handlers.briefs import draft_card, lists, ratings, replay, search
from handlers.growth import growth, referrals
from handlers.intake import briefs, changes, guided, open_facts, quotes, remarks, stop, voice
from handlers.money import (
    approvals,
    billing,
    finance,
    forecast,
    invoices,
    invoicing,
    ledger,
    prices,
    pricing,
    reconcile,
    refunds,
)
from handlers.ops import (
    alerts,
    backups,
    duty,
    failed,
    flags,
    incidents,
    jobs,
    mirror,
    slo,
    still_trying,
    undelivered,
)
from handlers.partners import partners, shares, webhooks
from handlers.people import (
    clients,
    consents,
    dashboard,
    file_format,
    here,
    language,
    people,
    privacy,
    start,
    terms,
    timezone,
)
from handlers.prompts import duels, prompts
from handlers.reports import ask, export, quality, reports, rows, status
from handlers.review import queue, review, targets
from handlers.routing.places import Place
from handlers.routing.router import Action, Command, RequestHandler, Router, joined
from handlers.routing.waiting import Question
from handlers.support import asking, letters, support
from handlers.trust import audit, decisions, governance, secrets, security, step_up

ROUTERS: tuple[Router, ...] = (
    briefs.router,
    changes.router,
    draft_card.router,
    guided.router,
    lists.router,
    open_facts.router,
    quotes.router,
    ratings.router,
    remarks.router,
    replay.router,
    search.router,
    stop.router,
    voice.router,
    billing.router,
    invoices.router,
    invoicing.router,
    ledger.router,
    approvals.router,
    finance.router,
    forecast.router,
    prices.router,
    pricing.router,
    reconcile.router,
    refunds.router,
    alerts.router,
    duty.router,
    backups.router,
    failed.router,
    flags.router,
    incidents.router,
    jobs.router,
    secrets.router,
    decisions.router,
    governance.router,
    security.router,
    step_up.router,
    audit.router,
    slo.router,
    mirror.router,
    still_trying.router,
    undelivered.router,
    partners.router,
    shares.router,
    webhooks.router,
    referrals.router,
    growth.router,
    clients.router,
    dashboard.router,
    file_format.router,
    here.router,
    language.router,
    people.router,
    privacy.router,
    consents.router,
    start.router,
    terms.router,
    timezone.router,
    duels.router,
    prompts.router,
    ask.router,
    quality.router,
    reports.router,
    rows.router,
    export.router,
    status.router,
    queue.router,
    review.router,
    targets.router,
    support.router,
    letters.router,
    asking.router,
)
COMMANDS: tuple[Command, ...] = tuple(sorted((c for r in ROUTERS for c in r.commands), key=lambda c: c.rank))
BY_NAME: Mapping[str, Command] = joined((command.name, command) for command in COMMANDS)
# /brief_1042 and /job_heartbeat: what stands behind the underscore is the subject.
WITH_SUBJECT: Mapping[str, RequestHandler] = joined(
    sorted((pair for r in ROUTERS for pair in r.subjects), key=lambda p: p[0])
)
ACTIONS: Mapping[str, Action] = joined((action.name, action) for r in ROUTERS for action in r.actions)
# What a button's action means, with its choice where the action alone says it, as in versions before.
_MEANT: Mapping[str, tuple[Action, str]] = joined(
    (*((name, (action, "")) for name, action in ACTIONS.items()), *(pair for r in ROUTERS for pair in r.old))
)
# What a message does that answers one of ours, by the first button under that one.
REPLIES: Mapping[str, RequestHandler] = joined(pair for r in ROUTERS for pair in r.replies)
TAKE_FILES = frozenset(action for r in ROUTERS for action in r.take_files)
# The questions that wait for an answer in a person's own chat.
STEPS: Mapping[str, Question] = joined(pair for r in ROUTERS for pair in r.questions)


def meant_by(tap: Tap) -> tuple[Action, str] | None:
    """What a genuine button asks for and which of its choices it names; None where no version knows it any more."""
    if tap.action not in _MEANT:
        return None
    action, choice = _MEANT[tap.action]
    return action, tap.choice or choice


def place_of_command(name: str, *, with_subject: bool) -> Place:
    """Where a command's answer may be shown; of one with a subject, such as /brief_1042, in team rooms."""
    if with_subject and name in WITH_SUBJECT:
        return Place.TEAM
    command = BY_NAME.get(name)
    return command.place if command is not None else Place.ANYWHERE


def place_of_action(name: str) -> Place:
    """Where the answer to a tap may be shown; of one that is not known, in team rooms."""
    return _MEANT[name][0].place if name in _MEANT else Place.TEAM


def commands_of(role: Role) -> list[Command]:
    """The commands that a role may use."""
    return [c for c in COMMANDS if c.permission is None or c.permission in GRANTS[role]]


def menu(role: Role) -> list[tuple[str, str]]:
    """Those of a role that are listed now, as (name, summary for who reads), for Telegram's menu and /help."""
    return [(c.name, _(c.summary)) for c in commands_of(role) if c.listed()]


def only_for_admins() -> frozenset[str]:
    """The commands for admins alone, as the audit log calls them."""
    theirs = GRANTS[Role.OPERATOR]
    return frozenset(f"/{c.name}" for c in COMMANDS if c.permission is not None and c.permission not in theirs)
