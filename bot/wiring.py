"""The only file that knows every area: builds the verbs of each on those before it."""

from collections.abc import Mapping

from bot import areas, providers
from bot.access.sealing import Sealer
from bot.adapters import places
from bot.adapters.documents.spreadsheet import workbook
from bot.adapters.languages import detect
from bot.alerts import area as alerts
from bot.analytics import area as analytics
from bot.approvals import area as approvals
from bot.ask import area as ask
from bot.audit.reading import Trail
from bot.audit.sealing import Chain
from bot.automation import area as automation
from bot.backups import area as backups
from bot.billing import area as billing
from bot.briefs import area as briefs
from bot.calibration import area as calibration
from bot.capacity import area as capacity
from bot.checks.checks import PlainChecks
from bot.consents import area as consents
from bot.core import Core
from bot.decisions import area as decisions
from bot.drafting import area as drafting
from bot.drafting.files import Files
from bot.drive import area as drive
from bot.dunning import area as dunning
from bot.escalation import area as escalation
from bot.executive.service import Executive
from bot.experiments import area as experiments
from bot.feedback import area as feedback
from bot.finance import area as finance
from bot.forecast import area as forecast
from bot.governance import area as governance
from bot.governance.packs.gathering import Evidence
from bot.governance.packs.sending import Sources
from bot.governance.service import Settings as TargetsAndPolicies
from bot.growth import area as growth
from bot.hosts import area as hosts
from bot.incidents import area as incidents
from bot.incidents.writing import Writer
from bot.intake import area as intake
from bot.invoices.ports import Payments
from bot.ledger import area as ledger
from bot.mailbox import area as mailbox
from bot.manual_invoices import area as manual_invoices
from bot.mirror import area as mirror
from bot.models import area as spending
from bot.models.ports import Models
from bot.mornings.service import Mornings
from bot.ops import version
from bot.partners import area as partners
from bot.pdf.service import Pdf
from bot.people import area as people
from bot.people.ports import Places
from bot.people.setup import said_in
from bot.privacy import area as privacy
from bot.prompts.service import Prompts
from bot.quality.model import Floors
from bot.reconciliation import area as reconciliation
from bot.recordings import area as recordings
from bot.referrals import area as referrals
from bot.refunds import area as refunds
from bot.remarks import area as remarks
from bot.replay.service import Replay
from bot.reports import area as reports
from bot.review import area as review
from bot.rotation import area as rotation
from bot.rotation.service import Rotation
from bot.security import area as security
from bot.services import Services
from bot.sessions import area as sessions
from bot.settings import Settings
from bot.shares import area as shares
from bot.slo import area as slo
from bot.slo.uptime import Look
from bot.step_up.service import StepUp
from bot.support import area as support
from bot.training.service import Training
from bot.watch import area as watch
from handlers.catalog import menu, only_for_admins


def services_of(
    settings: Settings,
    core: Core,
    bot_name: str,
    payments: Payments,
    models: Models,
    looks: Mapping[str, Look],
    turning: Rotation,
) -> Services:
    """The verbs of every area on these adapters, each area on those before it. looks: see `bot.slo.area.build`;
    turning: the keys that buttons are signed by, too.
    """
    people_verbs = people.build(core, settings, Places(places.called, places.zone_at))
    allowed = consents.build(core, settings.openai_base_url)
    spend = spending.build(core, settings, models, allowed.refused_for)
    prompts = Prompts(core.database, areas.TEMPLATES)
    briefs_verbs = briefs.build(core)
    alerts_verbs, of_alerts = alerts.build(core, settings, models)
    review_verbs = review.build(core, settings, settings, PlainChecks(detect))
    policy = review_verbs.policy
    support_verbs, of_support = support.build(core, review_verbs)
    read, documents = intake.Settings(settings, settings, settings), providers.documents_of(settings, core.draining)
    intake_verbs, of_intake = intake.build(core, read, documents, spend, prompts, policy)
    remarks_verbs, of_remarks = remarks.build(core)
    spoken, of_recordings = recordings.build(core, intake_verbs.policy, spend, alerts_verbs.failed_tasks)
    duels, of_experiments = experiments.build(core, settings, spend)
    write, failures = drafting.Settings(settings, settings), briefs_verbs.failures
    files = Files(workbook, providers.deliverables_of())
    production, of_drafting = drafting.build(core, write, spend, prompts, policy, duels, failures, files)
    approving, of_approvals = approvals.build(core, areas.DEEDS)
    billing_verbs, of_billing = billing.build(core, settings, payments)
    ledger_verbs = ledger.build(core, settings)
    reconciled, of_books = reconciliation.build(core, settings, payments, billing_verbs, ledger_verbs, approving)
    refund_verbs, of_refunds = refunds.build(core, settings, settings, payments, approving)
    partner_verbs, of_partners = partners.build(core, settings, intake_verbs, providers.tokens_of(), turning)
    running = version.current()
    load, of_load = capacity.build(core, settings, settings, settings, providers.machine_of(settings))
    of_watch = (of_alerts, of_load)
    signed_in, of_sessions = sessions.build(core, settings)
    ahead, of_forecast = forecast.build(core, settings)
    backed_up = backups.build(core, providers.vault_of(settings), str(running), settings.bot_number)
    pdf = Pdf(providers.typesetter_of())
    private, compliance, of_privacy = privacy.build(core, areas.TABLES.values(), allowed, pdf)
    of_outside = (of_approvals, of_billing, of_refunds, of_books, of_partners)
    given, mirrored = said_in(settings), bool(settings.notion_token)
    core.database.reactions = areas.reactions(
        policy,
        given,
        mirrored=mirrored,
        kept=settings.google_drive,
        count=core.metrics.money,
        credited=settings.referral_percent,
    )
    return Services(
        settings=settings,
        version=running,
        database=core.database,
        queue=core.queue,
        chat=core.chat,
        bot_name=bot_name,
        menu=menu,
        draining=core.draining,
        people=people_verbs,
        models=spend,
        flags=core.flags,
        tenants=core.tenants,
        metrics=core.metrics,
        slo=(levels := slo.build(core, settings, prompts, intake_verbs, looks)),
        mornings=Mornings(core.database, core.queue, core.tenants, levels.uptime.troubles),
        prompts=prompts,
        briefs=briefs_verbs,
        feedback=feedback.build(core, settings),
        replay=Replay(core.database),
        alerts=alerts_verbs,
        review=review_verbs,
        escalation=escalation.build(core, policy),
        support=support_verbs,
        mailbox=mailbox.build(
            core, settings, settings, providers.mailbox_of(settings), documents, support_verbs.escalation
        ),
        remarks=remarks_verbs,
        intake=intake_verbs,
        recordings=spoken,
        drafting=production,
        experiments=duels,
        calibration=(judged := calibration.build(core, settings)),
        approvals=approving,
        billing=billing_verbs,
        refunds=refund_verbs,
        ledger=ledger_verbs,
        reconciliation=reconciled,
        dunning=dunning.build(core, settings, billing_verbs.invoices),
        manual_invoices=manual_invoices.build(core, settings, settings, settings, payments, billing_verbs.invoices),
        finance=(money := finance.build(core, settings, settings, settings, providers.painter_of())),
        analytics=analytics.build(core, money.figures),
        forecast=ahead,
        watch=(watching := watch.build(core, settings, settings, alerts_verbs.failed_tasks, money.guards)),
        incidents=incidents.build(core, spend, settings.draft_model, watching.mailing),
        backups=backed_up,
        capacity=load,
        sessions=signed_in,
        audit=Trail(core.database),
        chain=(log := Chain(core.database, providers.audit_keys_of(settings))),
        rotation=turning,
        decisions=decisions.build(core),
        step_up=StepUp(core.database, Sealer(turning.roots.by_mark, turning.roots.newest)),
        security=security.build(core, settings, running, providers.advisories_of(), providers.certificates_of()),
        hosts=hosts.build(core, running),
        partners=partner_verbs,
        shares=shares.build(core),
        referrals=referrals.build(core, settings),
        growth=(grown := growth.build(core, settings)),
        privacy=private,
        consents=allowed,
        compliance=compliance,
        mirror=mirror.build(core, settings, areas.TABLES),
        drive=drive.build(core, settings),
        automation=automation.build(core, intake_verbs),
        ask=ask.build(core, spend, settings, settings),
        reports=(
            reported := reports.build(
                core,
                settings,
                settings,
                money.charts,
                pdf,
                areas.TABLES.values(),
                backed_up.backups.standing,
                kept=settings.google_drive,
            )
        ),
        governance=governance.build(
            core,
            TargetsAndPolicies(settings, settings, settings),
            only_for_admins(),
            Sources(
                Evidence(log, backed_up.backups.standing, Floors(settings.qa_floors)),
                pdf,
                reported.recipients,
            ),
        ),
        executive=Executive(
            core.database,
            core.tenants,
            reported.periods,
            ahead.ahead,
            grown.leaving,
            Writer(core.database, spend, settings.draft_model),
            reported.recipients,
        ),
        training=Training(core.database, core.tenants, judged, Floors(settings.qa_floors), pdf, reported.recipients),
        brought=(
            *of_watch,
            of_support,
            of_intake,
            of_remarks,
            of_recordings,
            of_drafting,
            of_experiments,
            of_sessions,
            of_forecast,
            rotation.area(),
            of_privacy,
            *of_outside,
        ),
    )
