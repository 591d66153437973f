"""Columns of what is ordered, drafted, judged and written about it."""

from collections.abc import Mapping

from bot.privacy.register.model import Declared, Erasure, Ground, Kept, Purpose, nobody

WORK, DELETED, BLANKED, PSEUDONYM = Purpose.WORK, Erasure.DELETED, Erasure.BLANKED, Erasure.PSEUDONYM
QUALITY, INTEREST = Purpose.QUALITY, Ground.INTEREST

TABLES: Mapping[str, Declared] = {
    "briefs": Declared(
        WORK,
        personal={
            "chat_id": "the chat that it came from",
            "source_key": "the message that it came by",
            "title": "the client's words",
            "text": "the client's words and what was read in their files",
            "note": "what somebody asked to be done differently",
            "reason": "why it was not done, in a person's words",
        },
        by_number="client_id claimed_by",
        plain="quote_id topic task_type state version qa_target language deadline price_minor currency attempt draft_id"
        " claimed_at in_review_at reminded asked_at flags held failed_from first_attempt revision_of audio_seconds"
        " usual_seconds read_by full_minor starts_at file_format created_at updated_at",
    ),
    "mornings": nobody("day kind created_at"),
    "queue_rows": nobody("page brief_number fingerprint noticed note clears taken_at"),
    "quotes": nobody("created_at"),
    "brief_notes": Declared(
        WORK,
        erasure=DELETED,
        personal={"text": "what the team wrote about a brief"},
        by_number="person_id",
        plain="brief_id created_at",
    ),
    "review_views": Declared(
        WORK,
        erasure=Erasure.OF_THE_TEAM,
        personal={"chat_id": "where one of the team opened a draft"},
        by_number="person_id",
        plain="brief_id topic message_id whole created_at",
    ),
    "attachments": Declared(
        WORK,
        erasure=DELETED,
        personal={
            "source_key": "the message that it came with",
            "file_id": "the file at Telegram",
            "name": "its name",
            "text": "what was read in it, or said in a recording",
            "notes": "what was not read of it",
        },
        by_number="person_id",
        plain="brief_id kind mime_type size seconds extent dropped_at created_at",
    ),
    "readings": nobody("digest tries began_at"),
    "text_parts": Declared(
        WORK,
        kept=Kept.RETENTION,
        erasure=DELETED,
        personal={
            "chat_id": "the chat that it came from",
            "message_id": "the message that it was",
            "source_key": "the message that it began with",
            "text": "the client's words",
            "joint": "what stands between two parts",
            "forwarded_from": "who wrote it first",
        },
        by_number="person_id",
        plain="brief_id taken sent_at created_at",
    ),
    "remarks": Declared(
        Purpose.SUPPORT,
        kept=Kept.RETENTION,
        erasure=DELETED,
        personal={
            "chat_id": "the chat that it came from",
            "source_key": "the message that it was",
            "text": "the person's words",
            "files": "names of their files",
        },
        by_number="person_id",
        plain="topic brief_id invoice_id created_at",
    ),
    "drafts": Declared(
        WORK,
        personal={"text": "work on the client's words", "content_hash": "a checksum of it"},
        by_number="author_id",
        plain="brief_id attempt model prompt_id format created_at",
    ),
    "evaluations": Declared(
        QUALITY,
        INTEREST,
        personal={"results": "scores, with reasons and quotations of the draft; erasure leaves the scores"},
        plain="brief_id draft_id look weighted passed model created_at",
    ),
    "decisions": Declared(
        QUALITY,
        INTEREST,
        personal={"content_hash": "a checksum of the draft", "reason": "what a person wrote about it"},
        by_number="person_id",
        plain="brief_id draft_id verdict created_at",
    ),
    "verdicts": Declared(
        QUALITY,
        INTEREST,
        personal={"content_hash": "a checksum of the draft"},
        by_number="person_id",
        plain="brief_id draft_id task_type weighted target passed audited blind prompt_id judge_model human created_at"
        " decided_at",
    ),
    "ratings": Declared(
        QUALITY,
        INTEREST,
        personal={"comment": "the client's words"},
        by_number="client_id",
        plain="brief_id task_type stars revision_id created_at",
    ),
    "duels": Declared(QUALITY, by_number="person_id", plain="task_type prompt_a prompt_b state created_at ended_at"),
    "duel_pairs": Declared(
        QUALITY,
        Ground.CONSENT,
        personal={"text_a": "work on the client's words", "text_b": "work on the client's words"},
        plain="duel_id brief_id winner created_at",
    ),
    "probes": nobody("brief_id golden task_type judge_model weighted passed created_at"),
    "prompts": Declared(
        QUALITY,
        by_number="author_id",
        plain="purpose task_type version system changelog active created_at",
    ),
    "adopted_lines": Declared(QUALITY, by_number="person_id", plain="task_type target replaces evidence created_at"),
    "verdict_folds": nobody("days number floors"),
    "verdict_counts": nobody("fold_id task_type prompt_id judge_model passed blind good decisions scored weighted"),
    "label_counts": nobody("fold_id task_type judge_model points good labels"),
    "star_counts": nobody("fold_id task_type stars ratings"),
    "probe_counts": nobody("fold_id task_type passed probes"),
    "model_calls": nobody(
        "brief_id purpose prompt_version model outcome input_tokens output_tokens cost_micro_usd latency_ms created_at"
    ),
    "reservations": Declared(
        Purpose.MONEY,
        INTEREST,
        erasure=PSEUDONYM,
        by_number="client_id",
        plain="brief_id purpose reserved_micro_usd spent_micro_usd created_at settled_at",
    ),
    "spend": Declared(
        Purpose.MONEY,
        INTEREST,
        erasure=PSEUDONYM,
        personal={"scope": "a client's number, of what models may cost for them"},
        plain="used_micro_usd closed_at opened",
    ),
    "model_routes": Declared(Purpose.OPERATION, by_number="person_id", plain="model until"),
    "threads": Declared(
        Purpose.SUPPORT,
        erasure=DELETED,
        personal={
            "chat_id": "the private chat",
            "name": "the name that their app says",
            "language": "the language that their app says",
            "address": "where they are answered by mail",
        },
        by_number="client_id claimed_by",
        plain="subject version waits since reminded claimed_at created_at updated_at",
    ),
    "mails": Declared(
        Purpose.SUPPORT,
        kept=Kept.RETENTION,
        erasure=DELETED,
        personal={
            "digest": "a checksum of a mail",
            "message_id": "its id",
            "ids_before": "the ids of those that it answers",
            "address": "whose it is, or whom it answers",
            "subject": "its subject",
        },
        plain="thread_id state received_at",
    ),
    "thread_messages": Declared(
        Purpose.SUPPORT,
        erasure=DELETED,
        personal={
            "text": "what client and team wrote",
            "file_chat": "the chat of a file",
            "file_message": "the message of a file",
            "file_name": "its name",
            "source_key": "the message that it was",
        },
        by_number="author_id",
        plain="thread_id number from_team created_at",
    ),
}
