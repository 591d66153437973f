"""What every entry (a chat, a job, a web request) may call: one frozen bundle, built by `bot.wiring`."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.access.model import Role
from bot.alerts import area as alerts
from bot.analytics.service import Analytics
from bot.approvals.service import Approvals
from bot.ask.service import Ask
from bot.audit.reading import Trail
from bot.audit.sealing import Chain
from bot.automation.service import Automation
from bot.backups import area as backups
from bot.billing import area as billing
from bot.briefs import area as briefs
from bot.briefs.model import Brief
from bot.calibration.service import Quality
from bot.capacity import area as capacity
from bot.consents.service import Consents
from bot.core import Area
from bot.decisions.service import Decisions
from bot.drafting.pipeline import Production
from bot.drive.service import Kept
from bot.dunning.service import Dunning
from bot.escalation.service import Reminders
from bot.executive.service import Executive
from bot.experiments.service import Duels
from bot.feedback import area as feedback
from bot.finance import area as finance
from bot.flags.service import Flags
from bot.forecast import area as forecast
from bot.governance import area as governance
from bot.growth import area as growth
from bot.hosts import area as hosts
from bot.incidents import area as incidents
from bot.intake import area as intake
from bot.kernel.tasks import TaskQueue
from bot.ledger import area as ledger
from bot.mailbox.service import Inbox
from bot.manual_invoices.service import ManualInvoices
from bot.messages.ports import Chat
from bot.mirror.verbs import MirrorVerbs
from bot.models.spending import Spend
from bot.mornings.service import Mornings
from bot.ops.metrics import Metrics
from bot.ops.version import Version
from bot.partners import area as partners
from bot.people import area as people
from bot.privacy.compliance import Compliance
from bot.privacy.service import Privacy
from bot.prompts.service import Prompts
from bot.reconciliation import area as reconciliation
from bot.recordings.service import Recordings
from bot.referrals.service import Referrals
from bot.refunds import area as refunds
from bot.remarks.service import Remarks
from bot.replay.service import Replay
from bot.reports import area as reports
from bot.review import area as review
from bot.rotation.service import Rotation
from bot.security.service import Security
from bot.sessions.service import Sessions
from bot.settings import Settings
from bot.shares.service import Shares
from bot.slo import area as slo
from bot.step_up.service import StepUp
from bot.support import area as support
from bot.tenants.service import Tenants
from bot.training.service import Training
from bot.watch import area as watch
from storage.engine.database import Database

Menu = Callable[[Role], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Services:
    """The verbs of every area, and what they stand on.

    bot_name: the bot's user name, for links. menu: the commands that a role may use, as (name, summary).
    draining: set once the process is to stop; long work ends at its next step. brought: what the areas bring.
    """

    settings: Settings
    version: Version
    database: Database
    queue: TaskQueue
    chat: Chat
    bot_name: str
    menu: Menu
    draining: asyncio.Event
    people: people.Verbs
    models: Spend
    prompts: Prompts
    briefs: briefs.Verbs
    feedback: feedback.Verbs
    replay: Replay
    alerts: alerts.Verbs
    review: review.Verbs
    escalation: Reminders[Brief]
    support: support.Verbs
    mailbox: Inbox
    remarks: Remarks
    intake: intake.Verbs
    mornings: Mornings
    recordings: Recordings
    drafting: Production
    experiments: Duels
    calibration: Quality
    approvals: Approvals
    billing: billing.Verbs
    refunds: refunds.Verbs
    ledger: ledger.Verbs
    reconciliation: reconciliation.Verbs
    manual_invoices: ManualInvoices
    dunning: Dunning
    finance: finance.Verbs
    analytics: Analytics
    forecast: forecast.Verbs
    backups: backups.Verbs
    reports: reports.Verbs
    executive: Executive
    training: Training
    watch: watch.Verbs
    incidents: incidents.Verbs
    flags: Flags
    tenants: Tenants
    metrics: Metrics
    slo: slo.Verbs
    capacity: capacity.Verbs
    rotation: Rotation
    step_up: StepUp
    security: Security
    hosts: hosts.Verbs
    sessions: Sessions
    audit: Trail
    chain: Chain
    decisions: Decisions
    governance: governance.Verbs
    partners: partners.Verbs
    shares: Shares
    ask: Ask
    referrals: Referrals
    growth: growth.Verbs
    privacy: Privacy
    consents: Consents
    compliance: Compliance
    mirror: MirrorVerbs
    drive: Kept
    automation: Automation
    brought: Sequence[Area] = ()
