"""What the areas bring that others read: their events, their reactions in order, and their tables of the mirror."""

from collections.abc import Collection, Mapping, Sequence

from bot.alerts import area as alerts
from bot.analytics import area as analytics
from bot.approvals import area as approvals
from bot.approvals.ports import Deed
from bot.automation import area as automation
from bot.backups import area as backups
from bot.billing import area as billing
from bot.briefs import area as briefs
from bot.calibration import area as calibration
from bot.capacity import area as capacity
from bot.consents import area as consents
from bot.decisions import area as decisions
from bot.drafting import area as drafting
from bot.drafting import prompts as drafter
from bot.drive import area as drive
from bot.dunning import area as dunning
from bot.escalation import area as escalation
from bot.experiments import area as experiments
from bot.feedback import area as feedback
from bot.finance import area as finance
from bot.flags import area as flags
from bot.forecast import area as forecast
from bot.governance import area as governance
from bot.growth import area as growth
from bot.incidents import area as incidents
from bot.intake import area as intake
from bot.intake import prompt as intake_prompt
from bot.kernel.events import Reactions, joined
from bot.ledger import area as ledger
from bot.manual_invoices import area as manual_invoices
from bot.mirror import area as mirror
from bot.mirror.model import MirrorTable
from bot.mirror.service import follow
from bot.ops import area as ops
from bot.partners import area as partners
from bot.people import area as people
from bot.privacy import area as privacy
from bot.prompts import area as prompts
from bot.prompts.model import Template
from bot.quality import judge
from bot.reconciliation import area as reconciliation
from bot.reconciliation.deed import RepairDeed
from bot.recordings import area as recordings
from bot.referrals import area as referrals
from bot.refunds import area as refunds
from bot.refunds.deed import RefundDeed
from bot.remarks import area as remarks
from bot.review import area as review
from bot.review.model import ReviewPolicy
from bot.rotation import area as rotation
from bot.security import area as security
from bot.sessions import area as sessions
from bot.shares import area as shares
from bot.slo import area as slo
from bot.step_up import area as step_up
from bot.support import area as support
from bot.tenants import area as tenants
from bot.watch import area as watch

# By area, the events that it says, each with what happened.
EVENTS: Mapping[str, Mapping[str, str]] = {
    "ops": ops.EVENTS,
    "tenants": tenants.EVENTS,
    "people": people.EVENTS,
    "flags": flags.EVENTS,
    "mirror": mirror.EVENTS,
    "prompts": prompts.EVENTS,
    "briefs": briefs.EVENTS,
    "feedback": feedback.EVENTS,
    "alerts": alerts.EVENTS,
    "review": review.EVENTS,
    "escalation": escalation.EVENTS,
    "support": support.EVENTS,
    "remarks": remarks.EVENTS,
    "intake": intake.EVENTS,
    "recordings": recordings.EVENTS,
    "drafting": drafting.EVENTS,
    "experiments": experiments.EVENTS,
    "calibration": calibration.EVENTS,
    "approvals": approvals.EVENTS,
    "billing": billing.EVENTS,
    "ledger": ledger.EVENTS,
    "manual_invoices": manual_invoices.EVENTS,
    "dunning": dunning.EVENTS,
    "reconciliation": reconciliation.EVENTS,
    "refunds": refunds.EVENTS,
    "finance": finance.EVENTS,
    "analytics": analytics.EVENTS,
    "decisions": decisions.EVENTS,
    "governance": governance.EVENTS,
    "security": security.EVENTS,
    "step_up": step_up.EVENTS,
    "rotation": rotation.EVENTS,
    "sessions": sessions.EVENTS,
    "incidents": incidents.EVENTS,
    "slo": slo.EVENTS,
    "backups": backups.EVENTS,
    "partners": partners.EVENTS,
    "shares": shares.EVENTS,
    "referrals": referrals.EVENTS,
    "growth": growth.EVENTS,
    "privacy": privacy.EVENTS,
    "consents": consents.EVENTS,
    "automation": automation.EVENTS,
}

TEMPLATES: Sequence[Template] = (drafter.TEMPLATE, judge.TEMPLATE, intake_prompt.TEMPLATE)
# What other people have to approve before it is done.
DEEDS: Sequence[Deed] = (RefundDeed(), RepairDeed())
# The databases of the mirror, by name.
TABLES: Mapping[str, MirrorTable] = {
    table.name: table
    for area in (
        automation,
        briefs,
        billing,
        watch,
        growth,
        forecast,
        partners,
        referrals,
        governance,
        capacity,
        consents,
    )
    for table in area.MIRRORS
}


def reactions(
    policy: ReviewPolicy,
    given: Collection[str] = (),
    *,
    mirrored: bool,
    kept: bool = False,
    count: slo.Count = slo.nobody,
    credited: int = 0,
) -> Reactions:
    """What follows from each event.

    policy: what review cards are measured by. given: the settings that are set. mirrored: whether there is a mirror.
    kept: whether work is kept in Google Drive. count: what counts money that moves. credited: what percentage of a
    referred client's first payment is.
    """
    rows = [dict.fromkeys(table.follows, follow(table)) for table in TABLES.values() if mirrored]
    lower = (people.reactions(given), prompts.reactions(TEMPLATES), briefs.reactions(), feedback.reactions())
    billed = (billing.reactions(), ledger.reactions(), refunds.reactions(), reconciliation.reactions())
    credit, shared = referrals.reactions(credited), shares.reactions()
    by_hand = (manual_invoices.reactions(), dunning.reactions())
    added_up = (finance.reactions(), analytics.reactions())
    watched = (*added_up, *by_hand, incidents.reactions(), slo.reactions(count), partners.reactions())
    on_rows = (growth.reactions(), automation.reactions(), drive.reactions() if kept else {})
    last = (*on_rows, governance.reactions(), security.reactions())
    return joined(*lower, review.reactions(policy), *billed, credit, shared, *watched, *last, *rows)
