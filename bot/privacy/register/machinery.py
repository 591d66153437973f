"""Columns of what comes in, goes out and runs, of the audit log, and of what is watched."""

from collections.abc import Mapping

from bot.privacy.register.model import Declared, Erasure, Ground, Kept, Purpose, nobody

DELIVERY, SECURITY, OPERATION = Purpose.DELIVERY, Purpose.SECURITY, Purpose.OPERATION
SWEPT, DELETED, TEAM, INTEREST = Erasure.SWEPT, Erasure.DELETED, Erasure.OF_THE_TEAM, Ground.INTEREST

TABLES: Mapping[str, Declared] = {
    "inbox": Declared(
        DELIVERY,
        kept=Kept.RETENTION,
        erasure=SWEPT,
        personal={"payload": "what came, to the letter", "error": "what went wrong with it"},
        plain="source external_id received_at processed_at attempts",
    ),
    "outbox": Declared(
        DELIVERY,
        kept=Kept.RETENTION,
        erasure=SWEPT,
        personal={
            "destination": "the chat or the mail address",
            "payload": "what is told",
            "slot": "what it is about, and for which chat",
            "key": "what it is about, and for whom",
            "error": "why it could not be delivered",
        },
        plain="channel state attempts created_at run_at sent_at",
    ),
    "placements": Declared(
        DELIVERY,
        erasure=DELETED,
        personal={"slot": "what a message is about, and in which chat", "external_id": "the message's number"},
        plain="channel updated_at",
    ),
    "bindings": Declared(
        DELIVERY,
        erasure=DELETED,
        personal={
            "name": "of which brief or person a file or folder in Google Drive is",
            "external_id": "its id there; erasure deletes the file, too",
        },
        plain="system updated_at",
    ),
    "conversations": Declared(
        Purpose.WORK,
        kept=Kept.DAYS,
        erasure=DELETED,
        personal={
            "chat_id": "the chat",
            "data": "what was said so far",
            "moved_by": "the message that moved it",
            "before": "what was said before that",
            "answer": "what was answered",
        },
        by_number="person_id",
        plain="step version updated_at",
    ),
    "stopped_questions": Declared(
        Purpose.WORK,
        kept=Kept.DAYS,
        erasure=DELETED,
        personal={"chat_id": "the chat", "data": "what was said so far"},
        by_number="person_id",
        plain="step stopped_at",
    ),
    "events": Declared(
        SECURITY,
        INTEREST,
        personal={"data": "what happened, which may hold words; erasure leaves numbers and states"},
        by_number="person_id",
        plain="subject name at",
    ),
    "job_runs": nobody("job scheduled_at recorded_at state commit started_at finished_at result"),
    "job_pauses": Declared(OPERATION, by_number="person_id", plain="job until reason since"),
    "installation": nobody("code created_at oldest_code"),
    "tasks": nobody("key kind subject priority run_at asked failures faults waited"),
    "failed_tasks": nobody("kind crew subject reason trying since"),
    "second_tries": nobody("kind crew subject waits tries since"),
    "audit": Declared(
        SECURITY,
        Ground.LAW,
        Kept.CHAIN,
        Erasure.PSEUDONYM,
        by_number="person_id",
        plain="stranger_id action subject outcome source reference before after at",
    ),
    "audit_strangers": Declared(
        SECURITY, INTEREST, Kept.CHAIN, personal={"telegram_id": "the number at Telegram of somebody nobody knew"}
    ),
    "audit_unsealed": nobody("entry_id"),
    "audit_seals": nobody("place entry_id key link"),
    "audit_anchors": nobody("place link at"),
    "alerts": Declared(
        OPERATION,
        INTEREST,
        erasure=TEAM,
        personal={"told": "who of the team was shown it", "changed": "what one of the team had changed before"},
        by_number="taken_by resolved_by",
        plain="rule fingerprint severity facts version opened_at seen_at times openings openings_since came_at"
        " gone_since taken_at snoozed_until nagged_at nags resolved_at incident_id mailed_at budget_used",
    ),
    "runbook_runs": Declared(
        OPERATION, by_number="person_id", plain="alert_id alert_version action done_at facts state checked_at"
    ),
    "incidents": Declared(
        OPERATION,
        by_number="opened_by taken_by closed_by",
        plain="title severity version opened_at changed_at calm_since taken_at rung paged_at closed_at summary"
        " summary_model summary_event",
    ),
    "duties": Declared(
        OPERATION, by_number="person_id offered_by", plain="place offered_at note note_model since until"
    ),
    "secret_marks": nobody("name mark since"),
    "metric_counts": nobody("series at stretch source good bad"),
    "slo_states": nobody("slo burning burning_since step"),
    "slo_reports": nobody("slo at good bad used burn"),
    "stream_marks": nobody("stream mark"),
    "backups": nobody("name manifest made_at took_ms verified_at replicated_at gone_at"),
    "backup_trials": nobody("backup_id kind place began_at took_ms passed steps"),
    "restores": nobody("backup backup_at restored_at held stripe version"),
    "load_hours": nobody("series hour value"),
    "worker_sizes": nobody("pool size reason changed_at"),
    "processes": nobody("name host parts version started_at beat_at roles"),
    "proposals": Declared(
        OPERATION,
        INTEREST,
        erasure=TEAM,
        personal={
            "key": "what is proposed, and of whom of the team",
            "facts": "what speaks for it, also figures on one of the team",
            "reason": "why an admin decided so, in their words",
        },
        by_number="decided_by",
        plain="kind state version made_at decided_at",
    ),
    "kpi_targets": Declared(OPERATION, INTEREST, erasure=TEAM, by_number="set_by", plain="kpi target currency set_at"),
}
