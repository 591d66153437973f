"""Every query says whose rows it means."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import and_, delete, or_, select, update

from sandbox.history.seed import fill
from storage.billing import invoices as invoice_rows
from storage.briefs import attachments as attachment_rows
from storage.briefs import briefs as brief_rows
from storage.briefs import drafts as draft_rows
from storage.core import job_runs, outbox
from storage.privacy import erasures as erasure_rows
from storage.tables.briefs import briefs, drafts
from storage.tables.people import people
from storage.tables.tenants import tenants
from tests.house import OPEN_BRIEF, Providers, house
from tests.storage.scopes import open_to_all, unscoped
from tests.storage.test_query_plans import read_all

# Who comes in, and what a number alone names: so the tenant becomes known, and everything after is kept to it.
DOORS = {
    "SELECT people, tenants WHERE people.telegram_id = ?",
    "SELECT people WHERE people.telegram_id = ?",
    "UPDATE people WHERE people.telegram_id = ?",
    "SELECT invites WHERE invites.code_hash = ?",
    "SELECT team_rooms, people WHERE team_rooms.chat_id = ?",
    "SELECT partner_keys WHERE partner_keys.id = ?",
    "SELECT referral_codes WHERE referral_codes.code = ?",
    "SELECT sessions WHERE sessions.token_hash = ? AND sessions.ended_at IS NULL",
    "UPDATE sign_in_links WHERE sign_in_links.code_hash = ? AND sign_in_links.used_at IS NULL",
    "UPDATE dashboard_keys WHERE dashboard_keys.key_hash = ?",
}
# A task carries a row's number, a webhook Stripe's, a mail that came back ours. Only these very statements may, and
# none that looks the same.
BY_NUMBER = (
    brief_rows.LOAD,
    draft_rows.LOAD,
    attachment_rows.LOAD,
    job_runs.LOAD,
    outbox.SENT_ITEM,
    invoice_rows._LOAD,
    invoice_rows._LOAD_LOCKED,
    invoice_rows._KNOWN_AS,
    erasure_rows.LOAD,
)
# Runs of jobs of every tenant: the clock's, those of one job for whoever looks after all, and the old ones.
OF_EVERY_RUN = (job_runs._NEWEST_TIMES, job_runs._NEWEST_OF_EACH, job_runs._FORGET)
# Of a brief, an invoice or a client that was read before, tenant and all.
OF_ONE = {
    "UPDATE invoices WHERE invoices.id = ?",
    "UPDATE invoices WHERE invoices.id = ? AND invoices.version = ?",
    "SELECT customers WHERE customers.person_id = ?",
    "UPDATE customers WHERE customers.person_id = ? AND customers.stripe_id IS NULL",
}
# What is done for all tenants alike: the machinery, and the jobs that look after it.
MACHINERY = ("inbox", "tasks", "failed_tasks", "second_tries", "readings", "job_pauses", "tenants")
FOR_ALL = {
    "DELETE attachments WHERE attachments.brief_id IS NULL AND attachments.created_at < ?",
    "DELETE attachments WHERE attachments.dropped_at < ? AND attachments.brief_id IS NULL",
    "DELETE load_hours WHERE load_hours.hour < ?",
    "DELETE daily_values WHERE daily_values.day < ?",
    "DELETE forecast_days WHERE forecast_days.day < ?",
    "DELETE forecasts WHERE forecasts.made_on < ?",
    "DELETE partner_messages WHERE partner_messages.created_at < ?",
    "DELETE call_counts WHERE call_counts.last_at < ?",
    "UPDATE outbox WHERE outbox.state = 'waiting' AND +outbox.run_at > ?",
    "SELECT outbox WHERE outbox.state = 'waiting'",  # how many, by channel: the installation's row Status
    "SELECT job_runs WHERE job_runs.scheduled_at >= ? AND job_runs.scheduled_at < ? AND job_runs.state IN"
    " (__[POSTCOMPILE_state_1])",
    "SELECT audit_unsealed WHERE all",  # which tenants have entries to be sealed
    "DELETE sessions WHERE sessions.seen_at < ?",
    "DELETE sign_in_links WHERE sign_in_links.made_at < ?",
    "DELETE sign_in_places WHERE sign_in_places.since < ?",
    "DELETE step_ups WHERE step_ups.ends_at < ?",
    "DELETE step_up_requests WHERE step_up_requests.asked_at < ?",
    "DELETE text_parts WHERE text_parts.created_at < ?",
    "DELETE stopped_questions WHERE stopped_questions.stopped_at < ?",
    "DELETE mails WHERE mails.received_at < ? AND mails.thread_id IS NULL",
    "DELETE mails WHERE mails.thread_id IN (__[POSTCOMPILE_thread_id_1])",
    "DELETE conversations WHERE conversations.step = '' AND conversations.updated_at < ?",
    "DELETE threads WHERE threads.updated_at < ? AND +threads.waits = ? AND threads.subject IN"
    " (__[POSTCOMPILE_subject_1])",
    "DELETE thread_messages WHERE thread_messages.thread_id IN (SELECT threads.id FROM threads WHERE"
    " threads.updated_at < ? AND +threads.waits = ? AND threads.subject IN (__[POSTCOMPILE_subject_1]))",
    "SELECT threads WHERE threads.updated_at < ? AND +threads.waits = ? AND threads.subject IN"
    " (__[POSTCOMPILE_subject_1])",
    "SELECT erasures WHERE erasures.erased_at IS NOT NULL AND +erasures.erased_at >= ?",
    "SELECT erasures WHERE erasures.state IN ('asked', 'erased') AND +erasures.due_at < ?",
    # whose books they are in, whatever account they were on
    "UPDATE balance_moves WHERE balance_moves.books = ? AND balance_moves.about IN (__[POSTCOMPILE_about_1])",
    "SELECT alerts WHERE alerts.resolved_at IS NOT NULL AND alerts.resolved_at < ?",
    "DELETE runbook_runs WHERE runbook_runs.alert_id IN (__[POSTCOMPILE_alert_id_1])",
    "DELETE alerts WHERE alerts.id IN (__[POSTCOMPILE_id_1])",
    "DELETE remarks WHERE remarks.created_at < ?",
    "SELECT outbox WHERE outbox.channel = ? AND outbox.state = 'waiting' AND outbox.run_at <= ? AND outbox.id NOT IN"
    " (SELECT value FROM json_each(?))",  # a sender's
    "SELECT outbox WHERE outbox.state = 'waiting' AND +outbox.created_at < ?",
    "SELECT outbox WHERE outbox.state != 'waiting' AND outbox.created_at < ?",
    "DELETE outbox WHERE outbox.id IN (SELECT outbox.id FROM outbox WHERE outbox.state != 'waiting' AND"
    " outbox.created_at < ? ORDER BY outbox.created_at)",
    "SELECT briefs WHERE +briefs.state IN (__[POSTCOMPILE_param_1]) AND briefs.held IS NOT NULL",
    "SELECT briefs WHERE briefs.state IN ('approved', 'deferred', 'delivered', 'drafting', 'failed', 'in_review',"
    " 'judging', 'queued') AND briefs.state != 'delivered' OR briefs.price_minor > 0 AND briefs.updated_at < ? AND NOT"
    " (briefs.held IS NOT NULL AND briefs.updated_at > ?) AND +briefs.state IN (__[POSTCOMPILE_param_1])",
    "SELECT reservations WHERE reservations.settled_at IS NULL AND reservations.created_at < ?",
    "SELECT approvals WHERE approvals.state IN ('fuse', 'waiting') AND +approvals.expires_at < ? OR"
    " +approvals.due_at < ?",
    "SELECT refunds WHERE refunds.state IN ('approved', 'reserved', 'sent', 'unknown') AND +refunds.stripe_id IS NULL"
    " AND refunds.state = ? AND +refunds.check_at < ? AND refunds.checks < ? OR refunds.state != ? AND"
    " +refunds.updated_at < ?",
    "SELECT invoices WHERE invoices.state IN ('new', 'unknown') AND coalesce(invoices.asked_at,"
    " invoices.grace_until, invoices.created_at) < ?",
    "SELECT invoices WHERE invoices.state IN ('open', 'uncollectible') OR invoices.unsettled > 0",
    "SELECT invoices WHERE invoices.state IN ('open', 'uncollectible') OR invoices.unsettled > 0 AND"
    " +invoices.stripe_id IS NOT NULL",
    "SELECT invoices WHERE invoices.state = 'missing' AND +invoices.stripe_id IS NOT NULL AND invoices.account IS NULL"
    " OR invoices.account = ? AND invoices.mode IS NULL OR invoices.mode = ?",
}


@pytest.mark.timeout(400)  # it walks everything that there is
async def test_every_query_takes_the_tenant(stand_ins: Providers, database_url: str) -> None:
    """No statement of a brief's way, a reading command or a job reads or changes rows of whichever tenant."""
    await asyncio.to_thread(fill, database_url, 200, datetime.now(UTC))
    with unscoped(*BY_NUMBER, *OF_EVERY_RUN) as found:
        async with house(stand_ins, database_url) as home:
            await home.carol.says("/start")
            await home.carol.sees("Welcome")
            await home.staff()
            number = await home.brief(OPEN_BRIEF)
            await home.bob.taps("Approve", await home.bob.sees(f"Brief {number} · Needs your decision"))
            await home.alice.sees("To pay")
            await home.pay(number)
            await home.alice.sees(f"Brief {number} · Paid")
            await read_all(home.running.app.services)
    of_machinery = {one for one in found if one.split(" WHERE ")[0].split()[1] in MACHINERY}
    open_ones = sorted(found - of_machinery - DOORS - OF_ONE - FOR_ALL)
    assert not open_ones, "\n".join(open_ones)


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        (select(briefs).where(briefs.c.id == 1), False),
        (select(briefs).where(briefs.c.tenant == "main", briefs.c.id == 1), True),
        (select(briefs).where(or_(briefs.c.id == 1, and_(briefs.c.tenant == "main", briefs.c.id == 2))), False),
        (select(people).outerjoin(tenants, tenants.c.tenant == people.c.tenant).where(people.c.id == 1), False),
        (select(drafts).where(drafts.c.tenant == "main", drafts.c.brief_id.in_(select(briefs.c.id))), False),
        (update(briefs).where(briefs.c.id == 1).values(note="x"), False),
        (delete(briefs).where(briefs.c.tenant == "main"), True),
    ],
)
def test_what_counts_as_kept(statement: object, kept: bool) -> None:
    """A statement is kept to a tenant where each query in it compares its own tables' with one from outside."""
    assert (list(open_to_all(statement)) == []) is kept
