"""Years of a business as rows, made by the database itself: as many briefs as one likes, and what hangs on each.

The last days are the same however many there are: what is told of a day grows with that day, and is no matter of years.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from bot.kernel.task_type import TaskType
from bot.quality.model import CRITERIA
from storage.engine.types import EPOCH
from storage.migrations.migrate import engine_of, learn_sizes

YEARS = timedelta(days=730)
LATELY, LATE_BRIEFS = timedelta(days=3), 300  # the days that are always alike, and how many briefs came in them
KEPT = timedelta(days=90)  # messages, as retention leaves them
CHUNK = 50_000
ADMIN, CLIENT = 200_001, 200_002  # Telegram ids; everybody else is another client
RARE, COMMON, NAME, NUMBER = "zeppelin", "landing", "Customer7", "INV00007"
TYPE = "CASE i % 5 " + " ".join(f"WHEN {n} THEN '{one}'" for n, one in enumerate(TaskType)) + " END"
# 20 wait for a person and 3 were stopped by a fault, however many there are in all.
STATE = (
    "CASE WHEN i > :n - 20 THEN 'in_review' WHEN i > :n - 23 THEN 'failed' WHEN i % 100 < 8 THEN 'delivered'"
    " WHEN i % 100 < 12 THEN 'cancelled' WHEN i % 100 < 15 THEN 'rejected' ELSE 'paid' END"
)
PAID = "i % 100 >= 15 AND i <= :n - 23"
SCORE = "CASE WHEN i % 10 < 7 THEN 8000 + (i * 37) % 1500 ELSE 6500 + (i * 37) % 1450 END"
HUMAN = (
    "CASE WHEN i % 10 >= 7 THEN CASE WHEN i % 3 = 0 THEN 'approved' ELSE 'sent_back' END"
    " WHEN i % 20 = 0 THEN 'approved' END"
)
AUDITED = "CASE WHEN i % 20 = 0 THEN 1 ELSE 0 END"
RESULTS = (
    "'[' || "
    + " || ',' || ".join(
        f'\'{{"criterion":"{one}","reason":"plain","quote":"","score":\' || (55 + (i * {n + 3}) % 45) || \'}}\''
        for n, one in enumerate(CRITERIA)
    )
    + " || ']'"
)
AT = "CASE WHEN i > :n - :late THEN :now - (:n - i) * :apart ELSE :now - :lately - (:n - :late - i) * :step END"
# table, its columns with how each is made of a brief's number i, and for which briefs
ROWS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("briefs", {
        "id": "1000 + i", "client_id": "1002 + i % (:people - 1)", "chat_id": f"{CLIENT}", "source_key": "'seed:' || i",
        "task_type": TYPE, "title": "'Work ' || i || ' of ' || (i % 997)", "state": STATE, "qa_target": "80",
        "text": "'Write a landing page for shop ' || (i % 9973) || ', clear and short, of two hundred words. ' ||"
        f" CASE WHEN i % (:n / 10) = 7 THEN '{RARE}' ELSE '' END",
        "language": "'en'", "price_minor": "CASE WHEN i % 100 < 8 THEN 0 ELSE 12000 END", "currency": "'USD'",
        "attempt": "1", "draft_id": "1000 + i", "in_review_at": f"CASE WHEN i > :n - 20 THEN {AT} END",
        "created_at": AT, "updated_at": AT,
    }, "1 = 1"),
    ("drafts", {"id": "1000 + i", "brief_id": "1000 + i", "attempt": "1", "text": "'Nordwind brings your parcel ' || i",
                "content_hash": "'h' || i", "model": "'gpt-6-luna'", "created_at": AT}, "1 = 1"),
    ("evaluations", {"brief_id": "1000 + i", "draft_id": "1000 + i", "look": "1", "results": RESULTS,
                     "weighted": SCORE, "passed": "CASE WHEN i % 10 < 7 THEN 1 ELSE 0 END", "model": "'gpt-6.1-terra'",
                     "created_at": AT}, "1 = 1"),
    ("verdicts", {"brief_id": "1000 + i", "draft_id": "1000 + i", "content_hash": "'h' || i", "task_type": TYPE,
                  "weighted": SCORE, "target": "80", "passed": "CASE WHEN i % 10 < 7 THEN 1 ELSE 0 END",
                  "audited": AUDITED, "blind": AUDITED,
                  "judge_model": "'gpt-6.1-terra'", "human": HUMAN, "created_at": AT,
                  "person_id": f"CASE WHEN {HUMAN} IS NOT NULL THEN 1001 END"}, f"{PAID} AND i % 100 < 80"),
    ("decisions", {"brief_id": "1000 + i", "draft_id": "1000 + i", "content_hash": "'h' || i", "verdict": "'approved'",
                   "person_id": "CASE WHEN i % 10 >= 7 THEN 1001 END", "created_at": AT}, PAID),
    ("ratings", {"brief_id": "1000 + i", "client_id": "1002 + i % (:people - 1)", "stars": "1 + i % 5",
                 "task_type": TYPE, "created_at": AT}, f"{PAID} AND i % 5 = 0"),
    ("probes", {"golden": "'invented fact'", "task_type": TYPE, "judge_model": "'gpt-6.1-terra'", "passed": "0",
                "created_at": AT}, "i % 50 = 0"),
    ("model_calls", {"brief_id": "1000 + i", "purpose": "'judge'", "prompt_version": "'judge v1'",
                     "model": "'gpt-6.1-terra'", "outcome": "'ok'", "input_tokens": "900", "output_tokens": "300",
                     "cost_micro_usd": "4000", "latency_ms": "900", "created_at": AT}, "1 = 1"),
    ("invoices", {"id": "1000 + i", "subject": "'brief:' || (1000 + i)", "client_id": "1002 + i % (:people - 1)",
                  "amount_minor": "12000", "currency": "'USD'", "state": "'paid'", "stripe_id": "'in_' || i",
                  "number": "'INV0000' || i", "asked_at": AT, "created_at": AT, "opened_at": AT, "paid_at": AT,
                  "paid_minor": "12000"}, PAID),
    ("invoice_lines", {"invoice_id": "1000 + i", "position": "1", "description": "'Work ' || i", "quantity": "1",
                       "unit_minor": "12000", "currency": "'USD'"}, PAID),
    ("refunds", {"id": "1000 + i", "invoice_id": "1000 + i", "intent": "'pi_' || i", "payment_minor": "12000",
                 "amount_minor": "2000", "currency": "'USD'", "state": "'succeeded'", "reason": "'late'",
                 "asked_by": "1001", "stripe_id": "'re_' || i", "ending": "'4242'", "created_at": AT, "updated_at": AT,
                 "sent_at": AT}, f"{PAID} AND i % 20 = 0"),
    ("approvals", {"id": "1000 + i", "kind": "'refund'", "subject": "'refund:' || (1000 + i)", "asked_by": "1001",
                   "amount_minor": "2000", "currency": "'USD'", "subject_version": "1", "needed": "1",
                   "fuse_seconds": "0", "state": "'granted'", "asked_at": AT, "expires_at": AT},
     f"{PAID} AND i % 20 = 0"),
    ("approval_signatures", {"approval_id": "1000 + i", "person_id": "1001", "yes": "1", "mark": "1", "at": AT},
     f"{PAID} AND i % 20 = 0"),
    ("postings", {"id": "1000 + 3 * i", "key": "'made:' || i", "kind": "'invoice'",
                  "reference": "'invoice:' || (1000 + i)", "posted_at": AT,
                  "lines": "'[[\"receivable\",12000,\"USD\"],[\"revenue\",-12000,\"USD\"]]'"}, PAID),
    ("postings", {"id": "1001 + 3 * i", "key": "'paid:' || i", "kind": "'payment'",
                  "reference": "'invoice:' || (1000 + i)", "posted_at": AT,
                  "lines": "'[[\"stripe balance\",11622,\"USD\"],[\"stripe fees\",378,\"USD\"],"
                  "[\"receivable\",-12000,\"USD\"]]'"}, PAID),
    ("postings", {"id": "1002 + 3 * i", "key": "'refund\\:re_' || i", "kind": "'refund'",
                  "reference": "'refund\\:re_' || i", "posted_at": AT,
                  "lines": "'[[\"refunds\",2000,\"USD\"],[\"stripe balance\",-2000,\"USD\"]]'"},
     f"{PAID} AND i % 20 = 0"),
    ("ledger_folds", {"id": "1000 + i", "zone": "'Asia/Karachi'", "since": AT, "until": f"{AT} + 1"}, "i % 50 = 0"),
    ("ledger_sums", {"fold_id": "1000 + i", "part": "'client'", "name": "'1002'", "account": "'revenue'",
                     "currency": "'USD'", "upper": "-1", "lower": "0"}, "i % 50 = 0"),
    ("balance_moves", {"stripe_id": "'txn_' || i", "category": "'charge'", "owner": "'ours'", "books": "'main'",
                       "about": "'invoice:' || (1000 + i)", "gross_minor": "12000", "fee_minor": "0",
                       "currency": "'USD'", "face_minor": "12000", "face_currency": "'USD'", "source": "'ch_' || i",
                       "intent": "'pi_' || i", "payout": "'po_' || (i / 20)", "description": "'charge'",
                       "created_at": AT}, PAID),
    ("ledger_mismatches", {"id": "1000 + i", "key": "'amount\\:invoice\\:' || i", "kind": "'amount'",
                           "about": "'invoice:' || (1000 + i)", "here_gross": "1", "here_fee": "0",
                           "here_currency": "'USD'", "found_at": AT, "closed_at": AT, "ending": "'gone'"}, PAID),
    ("ledger_repairs", {"id": "1000 + i", "mismatch_id": "1000 + i", "mismatch_version": "1", "asked_by": "1001",
                        "amount_minor": "12000", "currency": "'USD'", "state": "'done'", "created_at": AT}, PAID),
    ("paid_together", {"about": "'invoice:' || (1000 + i)", "first": "'invoice:' || (1000 + i - i % 3)"}, PAID),
    ("reconciliations", {"since": AT, "moves": "12", "ended_at": AT}, PAID),
    ("manual_invoices", {"id": "1000 + i", "client_id": "1002 + i % (:people - 1)", "made_by": "1001",
                         "key": "'seed:' || i", "created_at": AT}, "i % 20 = 0"),
    ("invoice_reminders", {"invoice_id": "1000 + i", "day": "1", "sent_at": AT}, f"{PAID} AND i % 20 = 0"),
    ("limit_passes", {"deed": "'invoice'", "key": "'manual:' || i", "person_id": "1001", "amount_minor": "12000",
                      "currency": "'USD'", "usd_cents": "12000", "at": AT}, "i % 20 = 0"),
    *(("events", {"subject": "'brief:' || (1000 + i)", "name": f"'{name}'", "data": "'{}'", "at": AT}, "1 = 1")
      for name in ("quoted", "queued", "drafting", "delivered")),
    ("audit", {"person_id": "1002", "action": "'brief.started'", "subject": "'brief:' || (1000 + i)",
               "outcome": "'done'", "at": AT}, "1 = 1"),
    ("placements", {"channel": "'telegram'", "slot": "'brief:' || (1000 + i) || '\\:progress'",
                    "external_id": "'' || i", "updated_at": AT}, "1 = 1"),
    *(("outbox", {"channel": f"'{channel}'", "destination": f"'{CLIENT}'", "payload": "'{}'", "state": "'sent'",
                  "key": f"'{key}' || i", "created_at": AT, "run_at": AT, "sent_at": AT}, f"{AT} > :now - :kept")
      for channel, key in (("telegram", "quote:"), ("telegram", "done:"), ("notion", "row:"))),
    *(("inbox", {"source": f"'{source}'", "external_id": "'' || i", "payload": "'{}'", "received_at": AT,
                 "processed_at": AT}, f"{AT} > :now - :kept") for source in ("telegram", "stripe")),
    ("metric_counts", {"series": "'web'", "at": AT, "stretch": "60", "source": "'' || i", "good": "1", "bad": "0"},
     "1 = 1"),
    ("incidents", {"id": "1000 + i", "title": "''", "severity": "'warning'", "opened_at": AT, "changed_at": AT,
                   "closed_at": f"CASE WHEN i <= :n - 200 THEN {AT} END"}, "i % 100 = 0"),
    ("alerts", {"id": "1000 + i", "rule": "'job_failed'", "fingerprint": "'job' || i", "severity": "'warning'",
                "facts": "'{\"job\":\"retention\",\"reason\":\"no\"}'", "told": "'[1001]'", "opened_at": AT,
                "seen_at": AT, "openings_since": AT, "came_at": AT, "nagged_at": AT,
                "resolved_at": f"CASE WHEN i <= :n - 50 THEN {AT} END",
                "incident_id": "CASE WHEN i % 100 = 0 THEN 1000 + i END"}, "i % 10 = 0"),
    ("runbook_runs", {"alert_id": "1000 + i", "alert_version": "1", "action": "'pause_job'", "person_id": "1001",
                      "done_at": AT, "facts": "'{}'", "state": "'helped'", "checked_at": AT}, "i % 100 = 0"),
    ("duties", {"person_id": "1001", "place": "1", "offered_at": AT, "since": AT, "until": f"{AT} + 1"},
     "i % 100 = 0"),
    ("slo_reports", {"slo": "'webhooks'", "at": AT, "good": "1", "bad": "0", "used": "0", "burn": "0"}, "i % 10 = 0"),
    ("threads", {"id": "1000 + i", "client_id": "1002 + i % (:people - 1)", "chat_id": f"{CLIENT}",
                 "name": "'Customer'", "language": "'en'", "subject": "'brief:' || (1000 + i)", "version": "1",
                 "waits": "CASE WHEN i > :n - 20 THEN 1 ELSE 0 END", "since": AT, "created_at": AT, "updated_at": AT},
     "i % 10 = 0"),
    ("thread_messages", {"thread_id": "1000 + i", "number": "1", "author_id": "1002 + i % (:people - 1)",
                         "from_team": "0", "text": "'Where is it?'", "created_at": AT}, "i % 10 = 0"),
    ("partners", {"id": "1000 + i", "client_id": "1002 + i", "tier": "'plus'", "monthly_quota": "1000", "enabled": "1",
                  "webhook_url": "'https\\://example.com'", "webhook_secret": "'whsec_eA=='",
                  "created_at": AT}, "i <= 10"),
    ("partner_orders", {"partner_id": "1001 + i % 10", "key": "'seed:' || i", "fingerprint": "'f' || i",
                        "locked_until": AT, "brief_id": "1000 + i", "answer": "'{}'", "created_at": AT}, "i % 10 = 0"),
    ("partner_messages", {"id": "1000 + i", "partner_id": "1001 + i % 10", "name": "'msg_' || i",
                          "type": "'brief.paid'", "payload": "'{}'", "state": "'delivered'", "created_at": AT},
     "i % 10 = 0"),
    ("call_counts", {"bucket": "'api:calls:' || i", "began_at": AT, "last_at": AT, "calls": "1"}, "i % 10 = 0"),
    ("attachments", {"person_id": "1002", "brief_id": "1000 + i", "source_key": "'seed:' || i", "kind": "'document'",
                     "file_id": "'f' || i", "name": "'notes.txt'", "mime_type": "'text/plain'", "size": "100",
                     "text": "'Notes'", "created_at": AT}, "i % 20 = 0"),
)  # fmt: skip
PEOPLE = (
    "INSERT INTO people (id, tenant, telegram_id, name, role, granted, language, created_at) {numbers}"
    f" SELECT 1000 + i, 'main', CASE i WHEN 1 THEN {ADMIN} WHEN 2 THEN {CLIENT} ELSE 900000000 + i END,"
    " 'Customer' || i, CASE i WHEN 1 THEN 'admin' ELSE 'client' END, CASE i WHEN 1 THEN 'admin' ELSE 'client' END,"
    " 'en', :now FROM n"
)
JOB_RUNS = (
    'INSERT INTO job_runs (tenant, job, scheduled_at, state, "commit", result) {numbers}'
    " SELECT 'main', 'heartbeat', :now - i * 3600000000, 'done', 'test', 'fine' FROM n"
)
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"


def fill(url: str, briefs: int, now: datetime) -> None:
    """Fill a migrated, empty database with so many briefs of the last two years; an admin and a client are known."""
    engine = engine_of(url, ("journal_mode=WAL", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY"))
    people = max(20, briefs // 50)
    values = {"n": briefs, "people": people, "now": _micros(now - EPOCH), "kept": _micros(KEPT)}
    values["late"] = min(LATE_BRIEFS, briefs // 2)
    values |= {"lately": _micros(LATELY), "apart": _micros(LATELY) // values["late"]}
    values["step"] = _micros(YEARS - LATELY) // (briefs - values["late"])
    with engine.connect() as connection:
        _insert(connection, PEOPLE, values, 1, people)
        _insert(connection, JOB_RUNS, values, 1, 24 * 90)
        for table, columns, which in ROWS:
            statement = _statement(table, columns, which)
            for first in range(1, briefs + 1, CHUNK):
                _insert(connection, statement, values, first, min(briefs, first + CHUNK - 1))
        if engine.dialect.name == "postgresql":
            for table in {"people", *(table for table, _, _ in ROWS)}:
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
                )
            connection.commit()
        learn_sizes(connection)
    engine.dispose()


def _statement(table: str, columns: dict[str, str], which: str) -> str:
    made = ", ".join(columns.values())
    return f"INSERT INTO {table} (tenant, {', '.join(columns)}) {{numbers}} SELECT 'main', {made} FROM n WHERE {which}"


def _insert(connection: Connection, statement: str, values: dict[str, int], first: int, last: int) -> None:
    connection.execute(text(statement.replace("{numbers}", NUMBERS)), values | {"first": first, "last": last})
    connection.commit()


def _micros(time: timedelta) -> int:
    return time // timedelta(microseconds=1)
