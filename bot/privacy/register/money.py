"""Columns of invoices, books, refunds and what is held against Stripe."""

from collections.abc import Mapping

from bot.privacy.register.model import Declared, Erasure, Ground, Kept, Purpose, nobody

MONEY, LAW, BOOKS = Purpose.MONEY, Ground.LAW, Kept.BOOKS
PSEUDONYM, KEPT = Erasure.PSEUDONYM, Erasure.KEPT

TABLES: Mapping[str, Declared] = {
    "customers": Declared(
        MONEY,
        LAW,
        BOOKS,
        PSEUDONYM,
        personal={"stripe_id": "their number at Stripe"},
        by_number="person_id",
        plain="attempt created_at account mode marked",
    ),
    "billing_details": Declared(
        MONEY,
        personal={
            "name": "who invoices are for",
            "email": "where they go",
            "address": "the address on them",
            "tax_id": "the tax number on them",
            "told_customer": "their number at Stripe",
        },
        by_number="person_id",
        plain="given country version told_version updated_at",
    ),
    "invoices": Declared(
        MONEY,
        LAW,
        BOOKS,
        personal={
            "url": "the page at Stripe, which names the client",
            "pdf_url": "the paper there",
            "error": "why Stripe refused it",
            "number": "the number on the paper",
            "stripe_id": "its number at Stripe",
        },
        also={"number": KEPT, "stripe_id": KEPT},
        by_number="client_id",
        plain="subject amount_minor currency state version asked_at created_at opened_at paid_at due_at attempt account"
        " mode marked links_at looked_at asked_minor carried_minor shipping_minor paid_minor elsewhere_minor unsettled"
        " credited_after_minor void_asked_at grace_until credit_minor due_days write_off_asked_at",
    ),
    "invoice_lines": Declared(
        MONEY,
        LAW,
        BOOKS,
        personal={"description": "what it is for, which may name the work; the paper at Stripe keeps it"},
        plain="invoice_id position quantity unit_minor currency",
    ),
    "invoice_reminders": nobody("invoice_id day sent_at"),
    "payment_mismatches": Declared(
        MONEY,
        LAW,
        BOOKS,
        KEPT,
        personal={"stripe_id": "what it is about at Stripe", "reason": "what is wrong with it, in our words"},
        by_number="noted_by",
        plain="key kind invoice_id created_at noted_at",
    ),
    "manual_invoices": Declared(MONEY, LAW, BOOKS, PSEUDONYM, by_number="client_id made_by", plain="key created_at"),
    "refunds": Declared(
        MONEY,
        LAW,
        BOOKS,
        personal={
            "reason": "why, in the team's words",
            "source_key": "the tap that asked for it",
            "ending": "last digits of the card that paid",
            "error": "why it was not made",
            "intent": "the payment at Stripe",
            "stripe_id": "its number at Stripe",
        },
        also={"intent": KEPT, "stripe_id": KEPT, "source_key": PSEUDONYM},
        by_number="asked_by",
        plain="invoice_id payment_minor amount_minor currency state version fee_minor fee_currency created_at"
        " updated_at sent_at check_at checks",
    ),
    "approvals": Declared(
        MONEY,
        LAW,
        BOOKS,
        PSEUDONYM,
        by_number="asked_by ended_by",
        plain="kind subject amount_minor currency subject_version needed fuse_seconds state version asked_at expires_at"
        " due_at ended_at",
    ),
    "approval_signatures": Declared(
        MONEY, LAW, BOOKS, PSEUDONYM, by_number="person_id", plain="approval_id yes mark at"
    ),
    "limit_holds": nobody("deed"),
    "limit_passes": Declared(
        MONEY,
        LAW,
        BOOKS,
        PSEUDONYM,
        by_number="person_id",
        plain="deed key amount_minor currency usd_cents at given_back_at",
    ),
    "postings": Declared(
        MONEY,
        LAW,
        BOOKS,
        KEPT,
        personal={"reason": "why one of the team corrected the books"},
        plain="key kind reference posted_at written_at lines",
    ),
    "posting_lines": nobody("posting_id account amount_minor currency position"),
    "exchange_rates": nobody("currency day usd set_at"),
    "closed_days": nobody("day until closed_at balances last_entry open_mismatches"),
    "ledger_folds": nobody("zone since until checksum checked_at"),
    "ledger_sums": Declared(
        MONEY,
        LAW,
        BOOKS,
        PSEUDONYM,
        personal={"name": "a client's number, or a type of work"},
        plain="fold_id part account currency upper lower",
    ),
    "balance_moves": Declared(
        MONEY,
        LAW,
        BOOKS,
        personal={
            "description": "what Stripe calls the movement",
            "stripe_id": "its number at Stripe",
            "source": "what it is of there",
            "intent": "the payment there",
        },
        also=dict.fromkeys(("stripe_id", "source", "intent"), KEPT),
        plain="account mode category owner books about gross_minor fee_minor currency face_minor face_currency payout"
        " created_at",
    ),
    "paid_together": nobody("about first"),
    "ledger_mismatches": Declared(
        MONEY,
        LAW,
        BOOKS,
        PSEUDONYM,
        by_number="closed_by",
        plain="key kind about move here_gross here_fee here_currency there_gross there_fee there_currency entry"
        " corrected paid found_at closed_at ending version",
    ),
    "ledger_repairs": Declared(
        MONEY,
        LAW,
        BOOKS,
        PSEUDONYM,
        by_number="asked_by",
        plain="mismatch_id mismatch_version amount_minor currency state version created_at",
    ),
    "reconciliations": nobody("account mode since moves ended_at"),
    "daily_counts": nobody("zone day counts checksum counted_at"),
    "daily_values": nobody("series day value"),
    "forecasts": nobody("series made_on history scale middle low80 high80 low95 high95"),
    "forecast_days": nobody("series made_on day middle low80 high80 low95 high95 naive scale actual"),
}
