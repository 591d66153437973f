"""What has to be true of any database of EchoPilot's, asked of one that was played: each truth with what breaks it.

A truth is a question whose rows are the exceptions to it, so that nothing may come back.
"""

from collections.abc import Callable, Mapping
from itertools import groupby

import orjson
from sqlalchemy import Connection, text

from bot.access.model import TENANT
from bot.briefs.model import TRANSITIONS, State
from bot.quality.model import WEIGHTS
from storage.migrations.migrate import engine_of

SHOWN = 3  # exceptions to each
Find = Callable[[Connection], list[str]]
# Of what was started before events said states, nothing is played, so every event that has a state says where it went.
STEPS = (
    "SELECT e.subject, e.data, b.state FROM events e JOIN briefs b ON e.subject = 'brief:' || b.id"
    " WHERE e.tenant = :tenant AND e.data LIKE '%\"state\":%' ORDER BY b.id, e.id"
)
SCORED = "SELECT id, results, weighted FROM evaluations WHERE tenant = :tenant AND weighted IS NOT NULL"
QUESTIONS: Mapping[str, str] = {
    "each entry of the ledger adds up to nothing in each currency": (
        "SELECT posting_id, currency FROM posting_lines WHERE tenant = :tenant GROUP BY posting_id, currency"
        " HAVING sum(amount_minor) <> 0"
    ),
    "every entry has lines": (
        "SELECT p.id FROM postings p WHERE p.tenant = :tenant"
        " AND NOT EXISTS (SELECT 1 FROM posting_lines l WHERE l.posting_id = p.id)"
    ),
    "what an invoice's entries say is owed is what it asks for less what came in": (
        "SELECT i.id FROM invoices i LEFT JOIN postings p ON p.reference = 'invoice:' || i.id LEFT JOIN posting_lines l"
        " ON l.posting_id = p.id AND l.account = 'receivable' WHERE i.tenant = :tenant GROUP BY i.id, i.state,"
        " i.asked_minor, i.paid_minor HAVING coalesce(sum(l.amount_minor), 0) <>"
        " CASE WHEN i.state IN ('open', 'paid', 'uncollectible') THEN i.asked_minor - i.paid_minor ELSE 0 END"
    ),
    "an invoice earns what it asks for, and one that was voided nothing": (
        "SELECT i.id FROM invoices i LEFT JOIN postings p ON p.reference = 'invoice:' || i.id LEFT JOIN posting_lines l"
        " ON l.posting_id = p.id AND l.account = 'revenue' WHERE i.tenant = :tenant GROUP BY i.id, i.state,"
        " i.asked_minor"
        " HAVING coalesce(sum(l.amount_minor), 0) <> CASE WHEN i.state = 'void' THEN 0 ELSE -i.asked_minor END"
    ),
    "an invoice asks for what its lines add up to": (
        "SELECT i.id FROM invoices i LEFT JOIN invoice_lines l ON l.invoice_id = i.id WHERE i.tenant = :tenant"
        " GROUP BY i.id, i.amount_minor HAVING coalesce(sum(l.quantity * l.unit_minor), 0) <> i.amount_minor"
    ),
    "nobody is asked twice in 90 days whether they recommend the studio": (
        "SELECT a.id FROM nps_questions a JOIN nps_questions b ON b.client_id = a.client_id AND b.id <> a.id"
        " WHERE a.tenant = :tenant AND b.created_at >= a.created_at AND b.created_at - a.created_at < 7776000000000"
    ),
    "what the ledger owes as referral credit is what is left of it": (
        "SELECT r.currency FROM referrals r WHERE r.tenant = :tenant AND r.earned_minor > 0 GROUP BY r.currency"
        " HAVING sum(r.earned_minor - r.used_minor - r.clawed_minor) <> -(SELECT coalesce(sum(l.amount_minor), 0)"
        " FROM posting_lines l WHERE l.tenant = :tenant AND l.account = 'referral credit'"
        " AND l.currency = r.currency)"
    ),
    "what the ledger owes partners is what moved it": (
        "SELECT currency, sum(minor) FROM (SELECT currency, amount_minor AS minor FROM partner_share_moves"
        " WHERE tenant = :tenant UNION ALL SELECT currency, amount_minor FROM posting_lines WHERE tenant = :tenant"
        " AND account = 'partner share') m GROUP BY currency HAVING sum(minor) <> 0"
    ),
    "a partner gets what was agreed of what was paid, less the part that went back": (
        "SELECT s.id FROM partner_shares s JOIN invoices i ON i.id = s.invoice_id LEFT JOIN (SELECT invoice_id,"
        " CAST(sum(amount_minor) AS BIGINT) AS gone FROM refunds WHERE tenant = :tenant"
        " AND state = 'succeeded' GROUP BY invoice_id) r"
        " ON r.invoice_id = s.invoice_id WHERE s.tenant = :tenant AND (i.state <> 'paid'"
        " OR s.earned_minor <> s.base_minor * s.share_bp / 10000"
        " OR s.clawed_minor <> (s.earned_minor * coalesce(r.gone, 0) + i.paid_minor - 1) / i.paid_minor)"
    ),
    "what was told of a day is held against what it had, once it is over": (
        "SELECT f.id FROM forecast_days f LEFT JOIN daily_values v ON v.tenant = f.tenant AND v.series = f.series"
        " AND v.day = f.day WHERE f.tenant = :tenant AND (f.actual <> coalesce(v.value, 0) OR (f.actual IS NULL) ="
        " EXISTS (SELECT 1 FROM daily_values d WHERE d.tenant = f.tenant AND d.series = 'load' AND d.day = f.day))"
    ),
    "of who is erased nothing but a number is known": (
        "SELECT e.id FROM erasures e JOIN people p ON p.id = e.person_id WHERE e.tenant = :tenant AND e.state = 'done'"
        " AND (p.role <> 'removed' OR p.telegram_id > 0 OR p.language <> '')"
    ),
    "nobody orders before they came in": (
        "SELECT b.id FROM briefs b JOIN people p ON p.id = b.client_id WHERE b.tenant = :tenant"
        " AND b.created_at < p.created_at"
    ),
    "an invoice is of something that is there, and a brief of its client": (
        "SELECT i.id FROM invoices i LEFT JOIN briefs b ON i.subject = 'brief:' || b.id LEFT JOIN manual_invoices m"
        " ON i.subject = 'hand:' || m.id WHERE i.tenant = :tenant"
        " AND coalesce(b.client_id, m.client_id, 0) <> i.client_id"
    ),
    "a brief is paid where its invoice is, and invoiced where that is not": (
        "SELECT b.id FROM briefs b LEFT JOIN invoices i ON i.subject = 'brief:' || b.id WHERE b.tenant = :tenant"
        " AND (b.state = 'paid') <> (coalesce(i.state, '') = 'paid')"
        " OR b.tenant = :tenant AND b.state = 'invoiced' AND i.id IS NULL"
    ),
    "what moved at Stripe is what the ledger has on that balance": (
        "SELECT currency, sum(moved) FROM (SELECT currency, gross_minor - fee_minor AS moved FROM balance_moves"
        " WHERE tenant = :tenant UNION ALL SELECT currency, -amount_minor FROM posting_lines"
        " WHERE tenant = :tenant AND account = 'stripe balance') m GROUP BY currency HAVING sum(moved) <> 0"
    ),
    "every movement at Stripe has its entry": (
        "SELECT m.stripe_id FROM balance_moves m WHERE m.tenant = :tenant"
        " AND NOT EXISTS (SELECT 1 FROM postings p WHERE p.reference = m.about)"
    ),
    "no more goes back than came in": (
        "SELECT r.invoice_id FROM refunds r JOIN invoices i ON i.id = r.invoice_id WHERE r.tenant = :tenant"
        " AND r.state NOT IN ('failed', 'cancelled') GROUP BY r.invoice_id, i.paid_minor"
        " HAVING sum(r.amount_minor) > i.paid_minor"
    ),
    "a refund that was sent stands in the ledger with its amount": (
        "SELECT r.id FROM refunds r LEFT JOIN postings p ON p.reference = 'refund:' || r.stripe_id LEFT JOIN"
        " posting_lines l ON l.posting_id = p.id AND l.account = 'refunds' WHERE r.tenant = :tenant"
        " AND r.state = 'succeeded' GROUP BY r.id, r.amount_minor"
        " HAVING coalesce(sum(l.amount_minor), 0) <> r.amount_minor"
    ),
    "nobody approves what they asked for": (
        "SELECT a.id FROM approvals a JOIN approval_signatures s ON s.approval_id = a.id WHERE a.tenant = :tenant"
        " AND s.person_id = a.asked_by"
    ),
    "what was granted has as many signatures as it needs": (
        "SELECT a.id FROM approvals a LEFT JOIN approval_signatures s ON s.approval_id = a.id AND s.yes = :yes"
        " WHERE a.tenant = :tenant AND a.state = 'granted' GROUP BY a.id, a.needed HAVING count(s.id) < a.needed"
    ),
    "who did something stands in the audit log": (
        "SELECT e.id FROM events e WHERE e.tenant = :tenant AND e.person_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM audit a WHERE a.tenant = e.tenant AND a.subject = e.subject AND a.person_id = e.person_id"
        " AND a.at = e.at AND a.action LIKE '%.' || e.name)"
    ),
    "what the audit log says of a thing happened": (
        "SELECT a.id FROM audit a WHERE a.tenant = :tenant AND a.action LIKE '%.%' AND NOT EXISTS (SELECT 1"
        " FROM events e WHERE e.subject = a.subject AND e.tenant = a.tenant AND e.person_id = a.person_id"
        " AND e.at = a.at)"
    ),
    "a brief has a draft for each attempt, and the last one is its own": (
        "SELECT b.id FROM briefs b LEFT JOIN drafts d ON d.brief_id = b.id WHERE b.tenant = :tenant"
        " GROUP BY b.id, b.attempt, b.draft_id HAVING count(d.id) <> b.attempt OR b.attempt > 0"
        " AND (max(d.attempt) <> b.attempt OR sum(CASE WHEN d.id = b.draft_id THEN 1 ELSE 0 END) <> 1)"
    ),
    "what is delivered was approved by the gate or a person": (
        "SELECT b.id FROM briefs b WHERE b.tenant = :tenant AND b.state IN ('delivered', 'invoiced', 'paid')"
        " AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.brief_id = b.id AND d.draft_id = b.draft_id"
        " AND d.verdict = 'approved')"
    ),
    "what the gate let out without a person reached its target": (
        "SELECT v.id FROM verdicts v WHERE v.tenant = :tenant AND v.passed = :yes AND v.weighted < v.target * 100"
    ),
    "ceilings of briefs are used up by what their models cost": (
        "SELECT s.scope FROM spend s LEFT JOIN model_calls c ON s.scope = 'brief:' || c.brief_id"
        " WHERE s.tenant = :tenant AND s.scope LIKE 'brief:%' GROUP BY s.scope, s.used_micro_usd"
        " HAVING coalesce(sum(c.cost_micro_usd), 0) <> s.used_micro_usd"
    ),
    "the months' ceilings add up to what models cost": (
        "SELECT kind, sum(used) FROM (SELECT 'month' AS kind, used_micro_usd AS used FROM spend WHERE tenant = :tenant"
        " AND scope LIKE 'month:%' UNION ALL SELECT 'month', -cost_micro_usd FROM model_calls WHERE tenant = :tenant) s"
        " GROUP BY kind HAVING sum(used) <> 0"
    ),
    "stars are of the client's own delivered work": (
        "SELECT r.id FROM ratings r JOIN briefs b ON b.id = r.brief_id WHERE r.tenant = :tenant AND"
        " (b.client_id <> r.client_id OR b.state NOT IN ('delivered', 'invoiced', 'paid')"
        " OR b.task_type <> r.task_type)"
    ),
    "a partner's program orders for its own client": (
        "SELECT o.id FROM partner_orders o JOIN partners p ON p.id = o.partner_id JOIN briefs b ON b.id = o.brief_id"
        " WHERE o.tenant = :tenant AND b.client_id <> p.client_id"
    ),
    "an incident is open while an alert of it is": (
        "SELECT i.id FROM incidents i LEFT JOIN alerts a ON a.incident_id = i.id AND a.resolved_at IS NULL"
        " WHERE i.tenant = :tenant GROUP BY i.id, i.closed_at HAVING (i.closed_at IS NULL) <> (count(a.id) > 0)"
    ),
    "an alert that is over was said to be": (
        "SELECT a.id FROM alerts a WHERE a.tenant = :tenant AND (a.resolved_at IS NOT NULL) <> EXISTS"
        " (SELECT 1 FROM events e WHERE e.subject = 'alert:' || a.id AND e.name = 'resolved')"
    ),
    "nothing happened after now": "SELECT id FROM events WHERE tenant = :tenant AND at > :now",
}


def broken(connection: Connection, now: int) -> list[str]:
    """The truths that do not hold, with some of the ids for which they do not. now: in microseconds since 1970."""
    found = []
    for truth, question in QUESTIONS.items():
        given = {name: value for name, value in (("now", now), ("yes", 1)) if f":{name}" in question}
        rows = connection.execute(text(question), given | {"tenant": TENANT}).fetchmany(SHOWN)
        found += [f"{truth}: not {', '.join(str(row[0]) for row in rows)}"] if rows else []
    return [*found, *_unreachable(connection), *_miscounted(connection)]


def broken_at(url: str, now: int) -> list[str]:
    """The same of the database at that address."""
    engine = engine_of(url, ())
    try:
        with engine.connect() as connection:
            return broken(connection, now)
    finally:
        engine.dispose()


def _unreachable(connection: Connection) -> list[str]:
    """Briefs whose events do not lead along the table of transitions to where they stand."""
    wrong = []
    rows = connection.execution_options(yield_per=10_000).execute(text(STEPS), {"tenant": TENANT})
    for subject, steps in groupby(rows, key=lambda row: row[0]):
        state, last = State.QUOTED, ""
        for _, data, stands in steps:
            after = State(orjson.loads(data)["state"])
            if after is not state and after not in TRANSITIONS[state]:
                wrong.append(f"{subject} went from {state} to {after}")
            state, last = after, stands
        if state != last:
            wrong.append(f"{subject} stands at {last}, and its events lead to {state}")
    return [f"events lead to where briefs stand: not {', '.join(wrong[:SHOWN])}"] if wrong else []


def _miscounted(connection: Connection) -> list[str]:
    """Judgements whose weighted score is not that of their criteria."""
    wrong = []
    for number, results, weighted in connection.execute(text(SCORED), {"tenant": TENANT}):
        scores = [one["score"] for one in orjson.loads(results)]
        if sum(score * weight for score, weight in zip(scores, WEIGHTS, strict=True)) != weighted:
            wrong.append(str(number))
    return [f"a judgement's score follows from its criteria: not {', '.join(wrong[:SHOWN])}"] if wrong else []
