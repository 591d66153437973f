"""Columns of people, of what they are signed in by, of growth and of partners."""

from collections.abc import Mapping

from bot.privacy.register.model import Declared, Erasure, Ground, Kept, Purpose, nobody

DELETED, TEAM, INTEREST = Erasure.DELETED, Erasure.OF_THE_TEAM, Ground.INTEREST
ACCOUNT, SECURITY, GROWTH = Purpose.ACCOUNT, Purpose.SECURITY, Purpose.GROWTH

TABLES: Mapping[str, Declared] = {
    "people": Declared(
        ACCOUNT,
        personal={
            "telegram_id": "their number at Telegram; erasure puts one of ours in its place",
            "name": "the name that their app says; erasure puts a number in its place",
            "language": "the language that their app says",
            "preferred_language": "the language that they chose",
            "time_zone": "the zone that they chose",
            "quiet_hours": "when they want to hear nothing",
            "heard": "what they want to hear of",
            "email": "their mail address",
            "setup_shown": "what an admin was shown of the set-up",
            "file_format": "the kind of files that they chose",
        },
        plain="role granted qa_target reach created_at removed_at",
    ),
    "invites": Declared(
        SECURITY,
        erasure=Erasure.PSEUDONYM,
        by_number="created_by redeemed_by",
        plain="code_hash role created_at expires_at redeemed_at revoked_at",
    ),
    "team_rooms": Declared(
        SECURITY,
        erasure=TEAM,
        personal={"chat_id": "a group of the team", "title": "its name"},
        by_number="bound_by",
        plain="bound_at ended_at message_id",
    ),
    "sign_in_links": Declared(SECURITY, kept=Kept.DAYS, by_number="person_id", plain="role code_hash made_at used_at"),
    "dashboard_keys": Declared(
        SECURITY,
        erasure=DELETED,
        personal={"key_hash": "a checksum of their key"},
        by_number="person_id",
        plain="made_at used_at",
    ),
    "sessions": Declared(
        SECURITY,
        INTEREST,
        erasure=DELETED,
        personal={"token_hash": "a checksum of the cookie", "device": "browser and machine, in few words"},
        by_number="person_id",
        plain="role way began_at seen_at ended_at",
    ),
    "sign_in_places": nobody("place since tries failures failed_at"),
    "tenants": nobody(
        "brand state currency prices targets ceilings time_zone language office_hours holidays terms created_at"
    ),
    "flags": Declared(
        Purpose.OPERATION, by_number="person_id", plain="flag mode percent names reason version changed_at"
    ),
    "flag_waiters": Declared(Purpose.OPERATION, kept=Kept.DAYS, by_number="person_id", plain="flag since"),
    "consents": Declared(
        SECURITY,
        Ground.LAW,
        erasure=Erasure.PSEUDONYM,
        by_number="person_id",
        plain="purpose given wording said_at replaced_at",
    ),
    "person_regions": Declared(
        Purpose.ACCOUNT,
        Ground.LAW,
        erasure=DELETED,
        personal={"region": "whose rules they say that they live under"},
        by_number="person_id",
        plain="asked_at chosen_at",
    ),
    "region_rules": Declared(
        Purpose.OPERATION, by_number="changed_by", plain="region retention_days refused changed_at version"
    ),
    "data_requests": Declared(
        SECURITY,
        Ground.LAW,
        erasure=DELETED,
        personal={"code_hash": "a checksum of the link to their data"},
        by_number="person_id",
        plain="asked_at ends_at answered_at",
    ),
    "nps_questions": Declared(
        Purpose.QUALITY,
        Ground.CONSENT,
        erasure=Erasure.PSEUDONYM,
        by_number="client_id",
        plain="brief_id state score due_at asked_at answered_at version created_at",
    ),
    "referral_codes": Declared(
        GROWTH, erasure=DELETED, personal={"code": "the code in their link"}, by_number="person_id", plain="created_at"
    ),
    "referrals": Declared(
        GROWTH,
        erasure=Erasure.PSEUDONYM,
        by_number="referrer_id person_id",
        plain="came_at invoice_id currency earned_minor used_minor clawed_minor disputed_minor version",
    ),
    "referral_uses": nobody("referral_id invoice_id amount_minor currency state version created_at"),
    "partners": Declared(
        Purpose.WORK,
        personal={"webhook_url": "where their program is told", "webhook_secret": "what signs that"},
        by_number="client_id",
        plain="tier monthly_quota enabled version created_at share_bp",
    ),
    "partner_keys": Declared(
        SECURITY,
        erasure=DELETED,
        personal={"hash": "a checksum of their key"},
        plain="partner_id created_at expires_at",
    ),
    "authenticators": Declared(
        SECURITY,
        INTEREST,
        erasure=DELETED,
        personal={"secret": "the key of their authenticator, encrypted", "pending": "that of one being set up"},
        by_number="person_id",
        plain="last_step failures failed_at set_up_at",
    ),
    "recovery_codes": Declared(
        SECURITY,
        INTEREST,
        erasure=DELETED,
        personal={"code_hash": "a checksum of their code"},
        by_number="person_id",
        plain="used_at",
    ),
    "step_ups": Declared(
        SECURITY, INTEREST, kept=Kept.DAYS, erasure=DELETED, by_number="person_id", plain="kind ends_at"
    ),
    "step_up_requests": Declared(
        SECURITY,
        INTEREST,
        kept=Kept.DAYS,
        erasure=DELETED,
        personal={"again": "what they wanted to do"},
        by_number="person_id first_by ended_by",
        plain="kind state asked_at",
    ),
    "issued_keys": nobody("purpose root salt created_at ends_at"),
    "partner_orders": Declared(
        Purpose.WORK,
        erasure=DELETED,
        personal={
            "key": "the name that their program gave it",
            "fingerprint": "a checksum of it",
            "answer": "what was answered",
        },
        plain="partner_id locked_until brief_id created_at",
    ),
    "partner_shares": nobody(
        "partner_id invoice_id reason share_bp currency base_minor earned_minor clawed_minor disputed_minor "
        "credited_minor version earned_at"
    ),
    "partner_share_moves": nobody("partner_id invoice_id kind amount_minor currency moved_at key"),
    "partner_messages": Declared(
        Purpose.WORK,
        kept=Kept.RETENTION,
        erasure=DELETED,
        personal={"payload": "what their program is told", "error": "what it answered"},
        plain="partner_id name type state attempts status took_ms created_at tried_at",
    ),
    "acquisition_costs": nobody("month currency amount_minor updated_at"),
    "growth_days": nobody("day figures updated_at"),
    "churn_told": Declared(
        GROWTH, INTEREST, erasure=Erasure.PSEUDONYM, by_number="client_id", plain="last_order created_at"
    ),
    "call_counts": nobody("bucket began_at last_at calls"),
    "erasures": Declared(
        Purpose.SECURITY,
        Ground.LAW,
        kept=Kept.UNTIL_ERASED,
        personal={
            "marks": "by what the person is recognised until everything is swept",
            "files": "names of their files until these are deleted",
        },
        by_number="person_id",
        plain="state version asked_at due_at erased_at ended_at person_since gone stays",
    ),
}
