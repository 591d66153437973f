-- Made by `python -m bot docs` of what the migrations leave; do not edit. See storage/migrations/structure.py.
BEGIN IMMEDIATE;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE bindings (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	system TEXT NOT NULL, 
	name TEXT NOT NULL, 
	external_id TEXT NOT NULL, 
	updated_at INTEGER NOT NULL, 
	CONSTRAINT uq_bindings_tenant_system_name UNIQUE (tenant, system, name)
)
 STRICT;
CREATE TABLE inbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	source TEXT NOT NULL, 
	external_id TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	received_at INTEGER NOT NULL, 
	processed_at INTEGER, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	error TEXT, 
	CONSTRAINT uq_inbox_source_external_id UNIQUE (source, external_id)
)
 STRICT;
CREATE TABLE outbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	destination TEXT NOT NULL, 
	slot TEXT, 
	"key" TEXT, 
	payload TEXT NOT NULL, 
	state TEXT DEFAULT 'waiting' NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	error TEXT, 
	created_at INTEGER NOT NULL, 
	run_at INTEGER NOT NULL, 
	sent_at INTEGER, 
	CONSTRAINT uq_outbox_tenant_channel_key UNIQUE (tenant, channel, "key")
)
 STRICT;
CREATE TABLE people (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	telegram_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	language TEXT NOT NULL, 
	email TEXT, 
	reach TEXT DEFAULT 'open' NOT NULL, 
	created_at INTEGER NOT NULL, qa_target INTEGER, granted TEXT, removed_at INTEGER, time_zone TEXT, preferred_language TEXT, setup_shown TEXT, quiet_hours TEXT, heard TEXT, file_format TEXT, 
	CONSTRAINT uq_people_telegram_id UNIQUE (telegram_id)
)
 STRICT;
CREATE TABLE placements (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	slot TEXT NOT NULL, 
	external_id TEXT NOT NULL, 
	updated_at INTEGER NOT NULL, 
	CONSTRAINT uq_placements_channel_slot UNIQUE (channel, slot)
)
 STRICT;
CREATE TABLE postings (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	reference TEXT NOT NULL, 
	posted_at INTEGER NOT NULL, lines TEXT, reason TEXT, written_at INTEGER, 
	CONSTRAINT uq_postings_tenant_key UNIQUE (tenant, "key")
)
 STRICT;
CREATE TABLE tasks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject INTEGER NOT NULL, 
	priority INTEGER NOT NULL, 
	run_at INTEGER NOT NULL, 
	asked INTEGER DEFAULT '1' NOT NULL, 
	failures INTEGER DEFAULT '0' NOT NULL, faults INTEGER DEFAULT '0' NOT NULL, waited INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT uq_tasks_key UNIQUE ("key")
)
 STRICT;
CREATE TABLE audit (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	at INTEGER NOT NULL, stranger_id INTEGER, source TEXT, reference TEXT, "before" TEXT, "after" TEXT, 
	CONSTRAINT fk_audit_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE briefs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	client_id INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	source_key TEXT NOT NULL, 
	task_type TEXT NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	qa_target INTEGER NOT NULL, 
	language TEXT NOT NULL, 
	deadline INTEGER, 
	price_minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	attempt INTEGER DEFAULT '0' NOT NULL, 
	draft_id INTEGER, 
	note TEXT, 
	reason TEXT, 
	claimed_by INTEGER, 
	created_at INTEGER NOT NULL, 
	updated_at INTEGER NOT NULL, claimed_at INTEGER, in_review_at INTEGER, reminded INTEGER DEFAULT '0' NOT NULL, flags TEXT, held TEXT, failed_from TEXT, first_attempt INTEGER DEFAULT '1' NOT NULL, revision_of INTEGER CONSTRAINT fk_briefs_revision_of_briefs REFERENCES briefs (id), audio_seconds INTEGER, topic INTEGER DEFAULT '0' NOT NULL, asked_at INTEGER, usual_seconds INTEGER, read_by INTEGER, quote_id INTEGER, file_format TEXT, full_minor INTEGER, starts_at INTEGER, 
	CONSTRAINT fk_briefs_claimed_by_people FOREIGN KEY(claimed_by) REFERENCES people (id), 
	CONSTRAINT fk_briefs_client_id_people FOREIGN KEY(client_id) REFERENCES people (id), 
	CONSTRAINT uq_briefs_tenant_source_key UNIQUE (tenant, source_key)
)
 STRICT;
CREATE TABLE conversations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	step TEXT NOT NULL, 
	data TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	updated_at INTEGER NOT NULL, moved_by TEXT, "before" TEXT, answer TEXT, 
	CONSTRAINT fk_conversations_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_conversations_person_id_chat_id UNIQUE (person_id, chat_id)
)
 STRICT;
CREATE TABLE customers (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	stripe_id TEXT, 
	created_at INTEGER NOT NULL, attempt INTEGER DEFAULT '1' NOT NULL, account TEXT, mode TEXT, marked INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT fk_customers_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_customers_person_id UNIQUE (person_id)
)
 STRICT;
CREATE TABLE events (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	name TEXT NOT NULL, 
	data TEXT NOT NULL, 
	person_id INTEGER, 
	at INTEGER NOT NULL, 
	CONSTRAINT fk_events_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE invites (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	code_hash TEXT NOT NULL, 
	role TEXT NOT NULL, 
	created_by INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	expires_at INTEGER NOT NULL, 
	redeemed_by INTEGER, 
	redeemed_at INTEGER, revoked_at INTEGER, 
	CONSTRAINT fk_invites_created_by_people FOREIGN KEY(created_by) REFERENCES people (id), 
	CONSTRAINT fk_invites_redeemed_by_people FOREIGN KEY(redeemed_by) REFERENCES people (id), 
	CONSTRAINT uq_invites_code_hash UNIQUE (code_hash)
)
 STRICT;
CREATE TABLE posting_lines (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	posting_id INTEGER NOT NULL, 
	account TEXT NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, position INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT ck_posting_lines_not_zero CHECK (amount_minor <> 0), 
	CONSTRAINT fk_posting_lines_posting_id_postings FOREIGN KEY(posting_id) REFERENCES postings (id)
)
 STRICT;
CREATE TABLE drafts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	brief_id INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	model TEXT NOT NULL, 
	created_at INTEGER NOT NULL, prompt_id INTEGER CONSTRAINT fk_drafts_prompt_id_prompts REFERENCES prompts (id), author_id INTEGER CONSTRAINT fk_drafts_author_id_people REFERENCES people (id), format TEXT, 
	CONSTRAINT fk_drafts_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT uq_drafts_brief_id_attempt UNIQUE (brief_id, attempt)
)
 STRICT;
CREATE TABLE model_calls (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	brief_id INTEGER, 
	purpose TEXT NOT NULL, 
	prompt_version TEXT NOT NULL, 
	model TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	input_tokens INTEGER NOT NULL, 
	output_tokens INTEGER NOT NULL, 
	cost_micro_usd INTEGER NOT NULL, 
	latency_ms INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_model_calls_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id)
)
 STRICT;
CREATE TABLE decisions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	brief_id INTEGER NOT NULL, 
	draft_id INTEGER NOT NULL, 
	content_hash TEXT NOT NULL, 
	person_id INTEGER, 
	verdict TEXT NOT NULL, 
	reason TEXT, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_decisions_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT fk_decisions_draft_id_drafts FOREIGN KEY(draft_id) REFERENCES drafts (id), 
	CONSTRAINT fk_decisions_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE evaluations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	brief_id INTEGER NOT NULL, 
	draft_id INTEGER NOT NULL, 
	look INTEGER NOT NULL, 
	results TEXT NOT NULL, 
	weighted INTEGER, 
	passed INTEGER NOT NULL, 
	model TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_evaluations_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT fk_evaluations_draft_id_drafts FOREIGN KEY(draft_id) REFERENCES drafts (id), 
	CONSTRAINT uq_evaluations_draft_id_look UNIQUE (draft_id, look)
)
 STRICT;
CREATE TABLE spend (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	used_micro_usd INTEGER NOT NULL, closed_at INTEGER, opened INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT uq_spend_tenant_scope UNIQUE (tenant, scope)
)
 STRICT;
CREATE TABLE adopted_lines (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	task_type TEXT NOT NULL, 
	target INTEGER NOT NULL, 
	replaces INTEGER NOT NULL, 
	evidence TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_adopted_lines_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_adopted_lines_tenant_task_type_replaces UNIQUE (tenant, task_type, replaces)
)
 STRICT;
CREATE TABLE prompts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	task_type TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	system TEXT NOT NULL, 
	changelog TEXT NOT NULL, 
	author_id INTEGER, 
	active INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_prompts_author_id_people FOREIGN KEY(author_id) REFERENCES people (id), 
	CONSTRAINT uq_prompts_tenant_purpose_task_type_version UNIQUE (tenant, purpose, task_type, version)
)
 STRICT;
CREATE TABLE attachments (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	brief_id INTEGER, 
	source_key TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	file_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	mime_type TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	seconds INTEGER, 
	text TEXT, 
	extent TEXT, 
	created_at INTEGER NOT NULL, notes TEXT, dropped_at INTEGER, 
	CONSTRAINT fk_attachments_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT fk_attachments_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_attachments_tenant_source_key UNIQUE (tenant, source_key)
)
 STRICT;
CREATE TABLE duels (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	task_type TEXT NOT NULL, 
	prompt_a INTEGER NOT NULL, 
	prompt_b INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	ended_at INTEGER, 
	CONSTRAINT fk_duels_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_duels_prompt_a_prompts FOREIGN KEY(prompt_a) REFERENCES prompts (id), 
	CONSTRAINT fk_duels_prompt_b_prompts FOREIGN KEY(prompt_b) REFERENCES prompts (id)
)
 STRICT;
CREATE TABLE probes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	brief_id INTEGER, 
	golden TEXT NOT NULL, 
	task_type TEXT NOT NULL, 
	judge_model TEXT NOT NULL, 
	weighted INTEGER, 
	passed INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_probes_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id)
)
 STRICT;
CREATE TABLE ratings (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	brief_id INTEGER NOT NULL, 
	client_id INTEGER NOT NULL, 
	stars INTEGER NOT NULL, 
	comment TEXT, 
	revision_id INTEGER, 
	created_at INTEGER NOT NULL, task_type TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT fk_ratings_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT fk_ratings_client_id_people FOREIGN KEY(client_id) REFERENCES people (id), 
	CONSTRAINT fk_ratings_revision_id_briefs FOREIGN KEY(revision_id) REFERENCES briefs (id), 
	CONSTRAINT uq_ratings_brief_id UNIQUE (brief_id)
)
 STRICT;
CREATE TABLE reservations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	brief_id INTEGER, 
	client_id INTEGER, 
	purpose TEXT NOT NULL, 
	reserved_micro_usd INTEGER NOT NULL, 
	spent_micro_usd INTEGER, 
	created_at INTEGER NOT NULL, 
	settled_at INTEGER, 
	CONSTRAINT fk_reservations_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT fk_reservations_client_id_people FOREIGN KEY(client_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE duel_pairs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	duel_id INTEGER NOT NULL, 
	brief_id INTEGER NOT NULL, 
	text_a TEXT NOT NULL, 
	text_b TEXT NOT NULL, 
	winner TEXT, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_duel_pairs_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT fk_duel_pairs_duel_id_duels FOREIGN KEY(duel_id) REFERENCES duels (id), 
	CONSTRAINT uq_duel_pairs_duel_id_brief_id UNIQUE (duel_id, brief_id)
)
 STRICT;
CREATE TABLE verdicts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	brief_id INTEGER NOT NULL, 
	draft_id INTEGER NOT NULL, 
	content_hash TEXT NOT NULL, 
	task_type TEXT NOT NULL, 
	weighted INTEGER, 
	target INTEGER NOT NULL, 
	passed INTEGER NOT NULL, 
	audited INTEGER NOT NULL, 
	blind INTEGER NOT NULL, 
	prompt_id INTEGER, 
	judge_model TEXT NOT NULL, 
	human TEXT, 
	person_id INTEGER, 
	created_at INTEGER NOT NULL, 
	decided_at INTEGER, 
	CONSTRAINT fk_verdicts_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT fk_verdicts_draft_id_drafts FOREIGN KEY(draft_id) REFERENCES drafts (id), 
	CONSTRAINT fk_verdicts_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_verdicts_prompt_id_prompts FOREIGN KEY(prompt_id) REFERENCES prompts (id), 
	CONSTRAINT uq_verdicts_draft_id UNIQUE (draft_id)
)
 STRICT;
CREATE TABLE text_parts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	message_id INTEGER NOT NULL, 
	source_key TEXT NOT NULL, 
	text TEXT NOT NULL, 
	joint TEXT NOT NULL, 
	forwarded_from TEXT NOT NULL, 
	brief_id INTEGER, 
	taken INTEGER NOT NULL, 
	sent_at INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_text_parts_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT fk_text_parts_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_text_parts_person_id_chat_id_message_id UNIQUE (person_id, chat_id, message_id)
)
 STRICT;
CREATE TABLE installation (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	code TEXT NOT NULL, 
	created_at INTEGER NOT NULL, oldest_code TEXT, 
	CONSTRAINT uq_installation_tenant UNIQUE (tenant)
)
 STRICT;
CREATE TABLE billing_details (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	given TEXT NOT NULL, 
	name TEXT NOT NULL, 
	email TEXT NOT NULL, 
	country TEXT NOT NULL, 
	address TEXT NOT NULL, 
	tax_id TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	told_customer TEXT DEFAULT '' NOT NULL, 
	told_version INTEGER DEFAULT '0' NOT NULL, 
	updated_at INTEGER NOT NULL, 
	CONSTRAINT fk_billing_details_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_billing_details_person_id UNIQUE (person_id)
)
 STRICT;
CREATE TABLE payment_mismatches (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	stripe_id TEXT NOT NULL, 
	invoice_id INTEGER, 
	reason TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	noted_at INTEGER, 
	noted_by INTEGER, 
	CONSTRAINT fk_payment_mismatches_invoice_id_invoices FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT fk_payment_mismatches_noted_by_people FOREIGN KEY(noted_by) REFERENCES people (id), 
	CONSTRAINT uq_payment_mismatches_tenant_key UNIQUE (tenant, "key")
)
 STRICT;
CREATE TABLE failed_tasks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	crew TEXT NOT NULL, 
	subject INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	since INTEGER NOT NULL, trying INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT uq_failed_tasks_kind_subject UNIQUE (kind, subject)
)
 STRICT;
CREATE TABLE team_rooms (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	chat_id INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	bound_by INTEGER NOT NULL, 
	bound_at INTEGER NOT NULL, 
	ended_at INTEGER, 
	message_id INTEGER NOT NULL, 
	CONSTRAINT fk_team_rooms_bound_by_people FOREIGN KEY(bound_by) REFERENCES people (id), 
	CONSTRAINT uq_team_rooms_chat_id UNIQUE (chat_id)
)
 STRICT;
CREATE TABLE readings (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	tries INTEGER NOT NULL, 
	began_at INTEGER NOT NULL, 
	CONSTRAINT uq_readings_tenant_digest UNIQUE (tenant, digest)
)
 STRICT;
CREATE TABLE verdict_folds (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	days INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	floors TEXT NOT NULL, 
	CONSTRAINT uq_verdict_folds_tenant_days_number UNIQUE (tenant, days, number)
)
 STRICT;
CREATE TABLE verdict_counts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	fold_id INTEGER NOT NULL, 
	task_type TEXT NOT NULL, 
	prompt_id INTEGER, 
	judge_model TEXT NOT NULL, 
	passed INTEGER NOT NULL, 
	blind INTEGER NOT NULL, 
	good INTEGER, 
	decisions INTEGER NOT NULL, 
	scored INTEGER NOT NULL, 
	weighted INTEGER NOT NULL, 
	CONSTRAINT fk_verdict_counts_fold_id_verdict_folds FOREIGN KEY(fold_id) REFERENCES verdict_folds (id), 
	CONSTRAINT fk_verdict_counts_prompt_id_prompts FOREIGN KEY(prompt_id) REFERENCES prompts (id)
)
 STRICT;
CREATE TABLE label_counts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	fold_id INTEGER NOT NULL, 
	task_type TEXT NOT NULL, 
	judge_model TEXT NOT NULL, 
	points INTEGER NOT NULL, 
	good INTEGER NOT NULL, 
	labels INTEGER NOT NULL, 
	CONSTRAINT fk_label_counts_fold_id_verdict_folds FOREIGN KEY(fold_id) REFERENCES verdict_folds (id)
)
 STRICT;
CREATE TABLE flags (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	flag TEXT NOT NULL, 
	mode TEXT NOT NULL, 
	percent INTEGER DEFAULT '0' NOT NULL, 
	names TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	changed_at INTEGER NOT NULL, 
	CONSTRAINT fk_flags_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_flags_tenant_flag UNIQUE (tenant, flag)
)
 STRICT;
CREATE TABLE flag_waiters (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	flag TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	CONSTRAINT fk_flag_waiters_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_flag_waiters_flag_person_id UNIQUE (flag, person_id)
)
 STRICT;
CREATE TABLE "invoices" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	client_id INTEGER NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	stripe_id TEXT, 
	number TEXT, 
	url TEXT, 
	pdf_url TEXT, 
	asked_at INTEGER, 
	created_at INTEGER NOT NULL, 
	opened_at INTEGER, 
	paid_at INTEGER, 
	due_at INTEGER, 
	error TEXT, 
	attempt INTEGER DEFAULT '1' NOT NULL, 
	account TEXT, 
	mode TEXT, 
	marked INTEGER DEFAULT '0' NOT NULL, 
	links_at INTEGER, 
	looked_at INTEGER, 
	asked_minor INTEGER, 
	carried_minor INTEGER DEFAULT '0' NOT NULL, 
	shipping_minor INTEGER DEFAULT '0' NOT NULL, 
	paid_minor INTEGER DEFAULT '0' NOT NULL, 
	unsettled INTEGER DEFAULT '0' NOT NULL, credited_after_minor INTEGER DEFAULT '0' NOT NULL, void_asked_at INTEGER, grace_until INTEGER, due_days INTEGER, write_off_asked_at INTEGER, elsewhere_minor INTEGER DEFAULT '0' NOT NULL, credit_minor INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT fk_invoices_client_id_people FOREIGN KEY(client_id) REFERENCES people (id), 
	CONSTRAINT uq_invoices_stripe_id UNIQUE (stripe_id), 
	CONSTRAINT uq_invoices_tenant_subject UNIQUE (tenant, subject)
)
 STRICT;
CREATE TABLE invoice_lines (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	invoice_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	description TEXT NOT NULL, 
	quantity INTEGER NOT NULL, 
	unit_minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	CONSTRAINT fk_invoice_lines_invoice_id_invoices FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT uq_invoice_lines_invoice_id_position UNIQUE (invoice_id, position)
)
 STRICT;
CREATE TABLE tenants (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	brand TEXT NOT NULL, 
	state TEXT DEFAULT 'active' NOT NULL, 
	currency TEXT, 
	prices TEXT, 
	targets TEXT, 
	ceilings TEXT, 
	time_zone TEXT, 
	language TEXT, 
	created_at INTEGER NOT NULL, office_hours TEXT, holidays TEXT, terms TEXT, 
	CONSTRAINT uq_tenants_tenant UNIQUE (tenant)
)
 STRICT;
CREATE TABLE "job_runs" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	job TEXT NOT NULL, 
	scheduled_at INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	"commit" TEXT NOT NULL, 
	started_at INTEGER, 
	finished_at INTEGER, 
	result TEXT, recorded_at INTEGER, 
	CONSTRAINT uq_job_runs_tenant_job_scheduled_at UNIQUE (tenant, job, scheduled_at)
)
 STRICT;
CREATE TABLE "job_pauses" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	job TEXT NOT NULL, 
	until INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, reason TEXT DEFAULT '' NOT NULL, since INTEGER, 
	CONSTRAINT fk_job_pauses_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_job_pauses_tenant_job UNIQUE (tenant, job)
)
 STRICT;
CREATE TABLE remarks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	topic INTEGER NOT NULL, 
	source_key TEXT NOT NULL, 
	text TEXT NOT NULL, 
	files TEXT NOT NULL, 
	brief_id INTEGER, 
	invoice_id INTEGER, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_remarks_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_remarks_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT fk_remarks_invoice_id_invoices FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT uq_remarks_tenant_source_key UNIQUE (tenant, source_key)
)
 STRICT;
CREATE TABLE threads (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	client_id INTEGER, 
	chat_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	language TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	version INTEGER DEFAULT '0' NOT NULL, 
	waits INTEGER DEFAULT '0' NOT NULL, 
	since INTEGER NOT NULL, 
	reminded INTEGER DEFAULT '0' NOT NULL, 
	claimed_by INTEGER, 
	claimed_at INTEGER, 
	created_at INTEGER NOT NULL, 
	updated_at INTEGER NOT NULL, address TEXT, 
	CONSTRAINT fk_threads_client_id_people FOREIGN KEY(client_id) REFERENCES people (id), 
	CONSTRAINT fk_threads_claimed_by_people FOREIGN KEY(claimed_by) REFERENCES people (id), 
	CONSTRAINT uq_threads_tenant_chat_id_subject UNIQUE (tenant, chat_id, subject)
)
 STRICT;
CREATE TABLE thread_messages (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	thread_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	author_id INTEGER, 
	from_team INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	file_chat INTEGER, 
	file_message INTEGER, 
	file_name TEXT, 
	source_key TEXT, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_thread_messages_thread_id_threads FOREIGN KEY(thread_id) REFERENCES threads (id), 
	CONSTRAINT fk_thread_messages_author_id_people FOREIGN KEY(author_id) REFERENCES people (id), 
	CONSTRAINT uq_thread_messages_thread_id_number UNIQUE (thread_id, number), 
	CONSTRAINT uq_thread_messages_tenant_source_key UNIQUE (tenant, source_key)
)
 STRICT;
CREATE TABLE brief_notes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	brief_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT fk_brief_notes_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT fk_brief_notes_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE review_views (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	brief_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	topic INTEGER DEFAULT '0' NOT NULL, 
	message_id INTEGER NOT NULL, 
	whole INTEGER NOT NULL, 
	CONSTRAINT uq_review_views_brief_id_chat_id_message_id_whole UNIQUE (brief_id, chat_id, message_id, whole), 
	CONSTRAINT fk_review_views_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT fk_review_views_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE stopped_questions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	step TEXT NOT NULL, 
	data TEXT NOT NULL, 
	stopped_at INTEGER NOT NULL, 
	CONSTRAINT fk_stopped_questions_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE VIRTUAL TABLE search_invoices USING fts5(words, scope, content='', detail='column', prefix='2 3 4 5 6 7 8', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE search_invoices_terms USING fts5vocab('search_invoices', 'instance');
CREATE TABLE star_counts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	fold_id INTEGER NOT NULL, 
	task_type TEXT NOT NULL, 
	stars INTEGER NOT NULL, 
	ratings INTEGER NOT NULL, 
	CONSTRAINT fk_star_counts_fold_id_verdict_folds FOREIGN KEY(fold_id) REFERENCES verdict_folds (id)
)
 STRICT;
CREATE TABLE probe_counts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	fold_id INTEGER NOT NULL, 
	task_type TEXT NOT NULL, 
	passed INTEGER NOT NULL, 
	probes INTEGER NOT NULL, 
	CONSTRAINT fk_probe_counts_fold_id_verdict_folds FOREIGN KEY(fold_id) REFERENCES verdict_folds (id)
)
 STRICT;
CREATE VIRTUAL TABLE search USING fts5(words, scope, content='', detail='column', prefix='2 3 4 5 6 7 8', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE search_terms USING fts5vocab('search', 'instance');
CREATE VIRTUAL TABLE search_people USING fts5(words, scope, content='', detail='column', prefix='2 3 4 5 6 7 8 9 10 11 12', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE search_people_terms USING fts5vocab('search_people', 'instance');
CREATE TABLE exchange_rates (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	day TEXT NOT NULL, 
	usd TEXT NOT NULL, 
	set_at INTEGER NOT NULL, 
	CONSTRAINT uq_exchange_rates_tenant_currency_day UNIQUE (tenant, currency, day)
)
 STRICT;
CREATE TABLE approvals (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	asked_by INTEGER NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	subject_version INTEGER NOT NULL, 
	needed INTEGER NOT NULL, 
	fuse_seconds INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	asked_at INTEGER NOT NULL, 
	expires_at INTEGER NOT NULL, 
	due_at INTEGER, 
	ended_by INTEGER, 
	ended_at INTEGER, 
	CONSTRAINT fk_approvals_asked_by_people FOREIGN KEY(asked_by) REFERENCES people (id), 
	CONSTRAINT fk_approvals_ended_by_people FOREIGN KEY(ended_by) REFERENCES people (id), 
	CONSTRAINT uq_approvals_tenant_subject UNIQUE (tenant, subject)
)
 STRICT;
CREATE TABLE approval_signatures (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	approval_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	yes INTEGER NOT NULL, 
	mark INTEGER NOT NULL, 
	at INTEGER NOT NULL, 
	CONSTRAINT fk_approval_signatures_approval_id_approvals FOREIGN KEY(approval_id) REFERENCES approvals (id), 
	CONSTRAINT fk_approval_signatures_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_approval_signatures_approval_id_person_id UNIQUE (approval_id, person_id)
)
 STRICT;
CREATE TABLE refunds (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	invoice_id INTEGER NOT NULL, 
	intent TEXT NOT NULL, 
	payment_minor INTEGER NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	reason TEXT NOT NULL, 
	asked_by INTEGER, 
	source_key TEXT, 
	stripe_id TEXT, 
	fee_minor INTEGER, 
	fee_currency TEXT, 
	ending TEXT NOT NULL, 
	error TEXT, 
	created_at INTEGER NOT NULL, 
	updated_at INTEGER NOT NULL, 
	sent_at INTEGER, 
	check_at INTEGER, 
	checks INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT fk_refunds_invoice_id_invoices FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT fk_refunds_asked_by_people FOREIGN KEY(asked_by) REFERENCES people (id), 
	CONSTRAINT uq_refunds_stripe_id UNIQUE (stripe_id), 
	CONSTRAINT uq_refunds_tenant_source_key UNIQUE (tenant, source_key)
)
 STRICT;
CREATE TABLE manual_invoices (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	client_id INTEGER NOT NULL, 
	made_by INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_manual_invoices_client_id_people FOREIGN KEY(client_id) REFERENCES people (id), 
	CONSTRAINT fk_manual_invoices_made_by_people FOREIGN KEY(made_by) REFERENCES people (id), 
	CONSTRAINT uq_manual_invoices_tenant_key UNIQUE (tenant, "key")
)
 STRICT;
CREATE TABLE invoice_reminders (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	invoice_id INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	sent_at INTEGER NOT NULL, 
	CONSTRAINT fk_invoice_reminders_invoice_id_invoices FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT uq_invoice_reminders_invoice_id_day UNIQUE (invoice_id, day)
)
 STRICT;
CREATE TABLE limit_holds (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	deed TEXT NOT NULL, 
	CONSTRAINT uq_limit_holds_tenant_deed UNIQUE (tenant, deed)
)
 STRICT;
CREATE TABLE limit_passes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	deed TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	person_id INTEGER, 
	amount_minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	usd_cents INTEGER NOT NULL, 
	at INTEGER NOT NULL, 
	given_back_at INTEGER, 
	CONSTRAINT fk_limit_passes_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_limit_passes_tenant_deed_key UNIQUE (tenant, deed, "key")
)
 STRICT;
CREATE TABLE balance_moves (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	stripe_id TEXT NOT NULL, 
	category TEXT NOT NULL, 
	owner TEXT, 
	books TEXT, 
	about TEXT, 
	gross_minor INTEGER NOT NULL, 
	fee_minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	face_minor INTEGER, 
	face_currency TEXT, 
	source TEXT, 
	intent TEXT, 
	payout TEXT, 
	description TEXT NOT NULL, 
	created_at INTEGER NOT NULL, account TEXT, mode TEXT, 
	CONSTRAINT uq_balance_moves_tenant_stripe_id UNIQUE (tenant, stripe_id)
)
 STRICT;
CREATE TABLE ledger_mismatches (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	about TEXT NOT NULL, 
	move TEXT, 
	here_gross INTEGER, 
	here_fee INTEGER, 
	here_currency TEXT, 
	there_gross INTEGER, 
	there_fee INTEGER, 
	there_currency TEXT, 
	entry INTEGER, 
	corrected INTEGER DEFAULT '0' NOT NULL, 
	paid INTEGER DEFAULT '0' NOT NULL, 
	found_at INTEGER NOT NULL, 
	closed_at INTEGER, 
	ending TEXT, 
	closed_by INTEGER, version INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT fk_ledger_mismatches_closed_by_people FOREIGN KEY(closed_by) REFERENCES people (id), 
	CONSTRAINT uq_ledger_mismatches_tenant_key UNIQUE (tenant, "key")
)
 STRICT;
CREATE TABLE reconciliations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	since INTEGER NOT NULL, 
	moves INTEGER NOT NULL, 
	ended_at INTEGER NOT NULL
, account TEXT, mode TEXT)
 STRICT;
CREATE TABLE closed_days (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	day TEXT NOT NULL, 
	until INTEGER NOT NULL, 
	closed_at INTEGER NOT NULL, 
	balances TEXT NOT NULL, 
	open_mismatches INTEGER NOT NULL, last_entry INTEGER, 
	CONSTRAINT uq_closed_days_tenant_day UNIQUE (tenant, day)
)
 STRICT;
CREATE TABLE quotes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	created_at INTEGER NOT NULL
)
 STRICT;
CREATE TABLE ledger_folds (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	zone TEXT NOT NULL, 
	since INTEGER NOT NULL, 
	until INTEGER NOT NULL, checksum TEXT, checked_at INTEGER, 
	CONSTRAINT uq_ledger_folds_tenant_zone_since_until UNIQUE (tenant, zone, since, until)
)
 STRICT;
CREATE TABLE ledger_sums (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	fold_id INTEGER NOT NULL, 
	part TEXT NOT NULL, 
	name TEXT NOT NULL, 
	account TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	upper INTEGER NOT NULL, 
	lower INTEGER NOT NULL, 
	CONSTRAINT fk_ledger_sums_fold_id_ledger_folds FOREIGN KEY(fold_id) REFERENCES ledger_folds (id), 
	CONSTRAINT uq_ledger_sums_fold_id_part_name_account_currency UNIQUE (fold_id, part, name, account, currency)
)
 STRICT;
CREATE TABLE ledger_repairs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	mismatch_id INTEGER NOT NULL, 
	mismatch_version INTEGER NOT NULL, 
	asked_by INTEGER NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_ledger_repairs_mismatch_id_ledger_mismatches FOREIGN KEY(mismatch_id) REFERENCES ledger_mismatches (id), 
	CONSTRAINT fk_ledger_repairs_asked_by_people FOREIGN KEY(asked_by) REFERENCES people (id)
)
 STRICT;
CREATE TABLE paid_together (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	about TEXT NOT NULL, 
	first TEXT NOT NULL, 
	CONSTRAINT uq_paid_together_tenant_about UNIQUE (tenant, about)
)
 STRICT;
CREATE TABLE backups (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	name TEXT NOT NULL, 
	manifest TEXT NOT NULL, 
	made_at INTEGER NOT NULL, 
	took_ms INTEGER NOT NULL, 
	verified_at INTEGER, 
	replicated_at INTEGER, 
	gone_at INTEGER, 
	CONSTRAINT uq_backups_tenant_name UNIQUE (tenant, name)
)
 STRICT;
CREATE TABLE backup_trials (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	backup_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	place TEXT NOT NULL, 
	began_at INTEGER NOT NULL, 
	took_ms INTEGER NOT NULL, 
	passed INTEGER NOT NULL, 
	steps TEXT NOT NULL, 
	CONSTRAINT fk_backup_trials_backup_id_backups FOREIGN KEY(backup_id) REFERENCES backups (id)
)
 STRICT;
CREATE TABLE restores (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	backup TEXT NOT NULL, 
	backup_at INTEGER NOT NULL, 
	restored_at INTEGER NOT NULL, 
	held TEXT NOT NULL, 
	stripe TEXT DEFAULT '' NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL
)
 STRICT;
CREATE TABLE metric_counts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	series TEXT NOT NULL, 
	at INTEGER NOT NULL, 
	stretch INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	good INTEGER NOT NULL, 
	bad INTEGER NOT NULL, 
	CONSTRAINT uq_metric_counts_tenant_series_at_stretch_source UNIQUE (tenant, series, at, stretch, source)
)
 STRICT;
CREATE TABLE slo_states (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	slo TEXT NOT NULL, 
	burning TEXT, 
	burning_since INTEGER, 
	step INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT uq_slo_states_tenant_slo UNIQUE (tenant, slo)
)
 STRICT;
CREATE TABLE slo_reports (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	slo TEXT NOT NULL, 
	at INTEGER NOT NULL, 
	good INTEGER NOT NULL, 
	bad INTEGER NOT NULL, 
	used INTEGER NOT NULL, 
	burn INTEGER NOT NULL, 
	CONSTRAINT uq_slo_reports_tenant_slo_at UNIQUE (tenant, slo, at)
)
 STRICT;
CREATE TABLE stream_marks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	stream TEXT NOT NULL, 
	mark INTEGER NOT NULL, 
	CONSTRAINT uq_stream_marks_tenant_stream UNIQUE (tenant, stream)
)
 STRICT;
CREATE TABLE incidents (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	title TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	opened_at INTEGER NOT NULL, 
	opened_by INTEGER, 
	changed_at INTEGER NOT NULL, 
	calm_since INTEGER, 
	taken_by INTEGER, 
	taken_at INTEGER, 
	rung INTEGER DEFAULT '0' NOT NULL, 
	paged_at INTEGER, 
	closed_at INTEGER, 
	closed_by INTEGER, 
	summary TEXT, 
	summary_model TEXT, 
	summary_event INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT fk_incidents_opened_by_people FOREIGN KEY(opened_by) REFERENCES people (id), 
	CONSTRAINT fk_incidents_taken_by_people FOREIGN KEY(taken_by) REFERENCES people (id), 
	CONSTRAINT fk_incidents_closed_by_people FOREIGN KEY(closed_by) REFERENCES people (id)
)
 STRICT;
CREATE TABLE alerts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	opened_at INTEGER NOT NULL, 
	seen_at INTEGER NOT NULL, 
	times INTEGER DEFAULT '1' NOT NULL, 
	openings INTEGER DEFAULT '1' NOT NULL, 
	openings_since INTEGER NOT NULL, 
	gone_since INTEGER, 
	told TEXT NOT NULL, 
	taken_by INTEGER, 
	taken_at INTEGER, 
	snoozed_until INTEGER, 
	nagged_at INTEGER, 
	nags INTEGER DEFAULT '0' NOT NULL, 
	resolved_at INTEGER, 
	resolved_by INTEGER, 
	incident_id INTEGER, came_at INTEGER, mailed_at INTEGER, budget_used INTEGER, changed TEXT, 
	CONSTRAINT fk_alerts_taken_by_people FOREIGN KEY(taken_by) REFERENCES people (id), 
	CONSTRAINT fk_alerts_resolved_by_people FOREIGN KEY(resolved_by) REFERENCES people (id), 
	CONSTRAINT fk_alerts_incident_id_incidents FOREIGN KEY(incident_id) REFERENCES incidents (id), 
	CONSTRAINT uq_alerts_tenant_rule_fingerprint UNIQUE (tenant, rule, fingerprint)
)
 STRICT;
CREATE TABLE runbook_runs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	alert_id INTEGER NOT NULL, 
	alert_version INTEGER NOT NULL, 
	action TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	done_at INTEGER NOT NULL, 
	facts TEXT NOT NULL, 
	state TEXT NOT NULL, 
	checked_at INTEGER, 
	CONSTRAINT fk_runbook_runs_alert_id_alerts FOREIGN KEY(alert_id) REFERENCES alerts (id), 
	CONSTRAINT fk_runbook_runs_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_runbook_runs_alert_id_alert_version UNIQUE (alert_id, alert_version)
)
 STRICT;
CREATE TABLE duties (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	offered_by INTEGER, 
	offered_at INTEGER NOT NULL, 
	note TEXT, 
	note_model TEXT, 
	since INTEGER, 
	until INTEGER, 
	CONSTRAINT fk_duties_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_duties_offered_by_people FOREIGN KEY(offered_by) REFERENCES people (id)
)
 STRICT;
CREATE TABLE model_routes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	model TEXT NOT NULL, 
	until INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	CONSTRAINT fk_model_routes_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_model_routes_tenant_model UNIQUE (tenant, model)
)
 STRICT;
CREATE TABLE second_tries (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	crew TEXT NOT NULL, 
	subject INTEGER NOT NULL, 
	waits INTEGER NOT NULL, 
	tries INTEGER DEFAULT '0' NOT NULL, 
	since INTEGER NOT NULL, 
	CONSTRAINT uq_second_tries_kind_subject UNIQUE (kind, subject)
)
 STRICT;
CREATE TABLE load_hours (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	series TEXT NOT NULL, 
	hour INTEGER NOT NULL, 
	value INTEGER NOT NULL, 
	CONSTRAINT uq_load_hours_tenant_series_hour UNIQUE (tenant, series, hour)
)
 STRICT;
CREATE TABLE worker_sizes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	pool TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	changed_at INTEGER NOT NULL, 
	CONSTRAINT uq_worker_sizes_tenant_pool UNIQUE (tenant, pool)
)
 STRICT;
CREATE TABLE secret_marks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	name TEXT NOT NULL, 
	mark TEXT NOT NULL, 
	since INTEGER NOT NULL, 
	CONSTRAINT uq_secret_marks_tenant_name UNIQUE (tenant, name)
)
 STRICT;
CREATE TABLE processes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	name TEXT NOT NULL, 
	host TEXT NOT NULL, 
	parts TEXT NOT NULL, 
	version TEXT NOT NULL, 
	started_at INTEGER NOT NULL, 
	beat_at INTEGER NOT NULL, 
	roles TEXT NOT NULL, 
	CONSTRAINT uq_processes_tenant_name UNIQUE (tenant, name)
)
 STRICT;
CREATE TABLE sign_in_links (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	code_hash TEXT NOT NULL, 
	made_at INTEGER NOT NULL, 
	used_at INTEGER, 
	CONSTRAINT uq_sign_in_links_code_hash UNIQUE (code_hash), 
	CONSTRAINT fk_sign_in_links_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE dashboard_keys (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	key_hash TEXT NOT NULL, 
	made_at INTEGER NOT NULL, 
	used_at INTEGER, 
	CONSTRAINT uq_dashboard_keys_key_hash UNIQUE (key_hash), 
	CONSTRAINT uq_dashboard_keys_tenant_person_id UNIQUE (tenant, person_id), 
	CONSTRAINT fk_dashboard_keys_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE sessions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	token_hash TEXT NOT NULL, 
	way TEXT NOT NULL, 
	device TEXT NOT NULL, 
	began_at INTEGER NOT NULL, 
	seen_at INTEGER NOT NULL, 
	ended_at INTEGER, 
	CONSTRAINT uq_sessions_token_hash UNIQUE (token_hash), 
	CONSTRAINT fk_sessions_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE sign_in_places (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	place TEXT NOT NULL, 
	since INTEGER NOT NULL, 
	tries INTEGER DEFAULT '0' NOT NULL, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	failed_at INTEGER, 
	CONSTRAINT uq_sign_in_places_tenant_place UNIQUE (tenant, place)
)
 STRICT;
CREATE TABLE partners (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	client_id INTEGER NOT NULL, 
	tier TEXT NOT NULL, 
	monthly_quota INTEGER NOT NULL, 
	enabled INTEGER NOT NULL, 
	webhook_url TEXT NOT NULL, 
	webhook_secret TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	created_at INTEGER NOT NULL, share_bp INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT fk_partners_client_id_people FOREIGN KEY(client_id) REFERENCES people (id), 
	CONSTRAINT uq_partners_tenant_client_id UNIQUE (tenant, client_id)
)
 STRICT;
CREATE TABLE partner_keys (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	partner_id INTEGER NOT NULL, 
	hash TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	expires_at INTEGER, 
	CONSTRAINT fk_partner_keys_partner_id_partners FOREIGN KEY(partner_id) REFERENCES partners (id)
)
 STRICT;
CREATE TABLE partner_orders (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	partner_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	locked_until INTEGER NOT NULL, 
	brief_id INTEGER, 
	answer TEXT, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_partner_orders_partner_id_partners FOREIGN KEY(partner_id) REFERENCES partners (id), 
	CONSTRAINT fk_partner_orders_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT uq_partner_orders_tenant_partner_id_key UNIQUE (tenant, partner_id, "key")
)
 STRICT;
CREATE TABLE partner_messages (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	partner_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	type TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	state TEXT DEFAULT 'waiting' NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	status INTEGER DEFAULT '0' NOT NULL, 
	took_ms INTEGER DEFAULT '0' NOT NULL, 
	error TEXT DEFAULT '' NOT NULL, 
	created_at INTEGER NOT NULL, 
	tried_at INTEGER, 
	CONSTRAINT fk_partner_messages_partner_id_partners FOREIGN KEY(partner_id) REFERENCES partners (id), 
	CONSTRAINT uq_partner_messages_tenant_partner_id_name UNIQUE (tenant, partner_id, name)
)
 STRICT;
CREATE TABLE call_counts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	bucket TEXT NOT NULL, 
	began_at INTEGER NOT NULL, 
	last_at INTEGER NOT NULL, 
	calls INTEGER NOT NULL, 
	CONSTRAINT uq_call_counts_tenant_bucket UNIQUE (tenant, bucket)
)
 STRICT;
CREATE TABLE daily_values (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	series TEXT NOT NULL, 
	day TEXT NOT NULL, 
	value INTEGER NOT NULL, 
	CONSTRAINT uq_daily_values_tenant_series_day UNIQUE (tenant, series, day)
)
 STRICT;
CREATE TABLE forecasts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	series TEXT NOT NULL, 
	made_on TEXT NOT NULL, 
	history INTEGER NOT NULL, 
	scale INTEGER NOT NULL, 
	middle INTEGER NOT NULL, 
	low80 INTEGER NOT NULL, 
	high80 INTEGER NOT NULL, 
	low95 INTEGER NOT NULL, 
	high95 INTEGER NOT NULL, 
	CONSTRAINT uq_forecasts_tenant_series_made_on UNIQUE (tenant, series, made_on)
)
 STRICT;
CREATE TABLE forecast_days (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	series TEXT NOT NULL, 
	made_on TEXT NOT NULL, 
	day TEXT NOT NULL, 
	middle INTEGER NOT NULL, 
	low80 INTEGER NOT NULL, 
	high80 INTEGER NOT NULL, 
	low95 INTEGER NOT NULL, 
	high95 INTEGER NOT NULL, 
	naive INTEGER NOT NULL, 
	scale INTEGER NOT NULL, 
	actual INTEGER, 
	CONSTRAINT uq_forecast_days_tenant_series_day_made_on UNIQUE (tenant, series, day, made_on)
)
 STRICT;
CREATE TABLE audit_strangers (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	telegram_id INTEGER, 
	CONSTRAINT uq_audit_strangers_tenant_telegram_id UNIQUE (tenant, telegram_id)
)
 STRICT;
CREATE TABLE audit_unsealed (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	entry_id INTEGER NOT NULL, 
	CONSTRAINT uq_audit_unsealed_tenant_entry_id UNIQUE (tenant, entry_id)
)
 STRICT;
CREATE TABLE audit_seals (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	entry_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	link TEXT NOT NULL, 
	CONSTRAINT uq_audit_seals_tenant_entry_id UNIQUE (tenant, entry_id), 
	CONSTRAINT uq_audit_seals_tenant_place UNIQUE (tenant, place)
)
 STRICT;
CREATE TABLE audit_anchors (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	link TEXT NOT NULL, 
	at INTEGER NOT NULL, 
	CONSTRAINT uq_audit_anchors_tenant_place UNIQUE (tenant, place)
)
 STRICT;
CREATE TABLE referral_codes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_referral_codes_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_referral_codes_code UNIQUE (code), 
	CONSTRAINT uq_referral_codes_tenant_person_id UNIQUE (tenant, person_id)
)
 STRICT;
CREATE TABLE referrals (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	referrer_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	came_at INTEGER NOT NULL, 
	invoice_id INTEGER, 
	currency TEXT, 
	earned_minor INTEGER DEFAULT '0' NOT NULL, 
	used_minor INTEGER DEFAULT '0' NOT NULL, 
	clawed_minor INTEGER DEFAULT '0' NOT NULL, 
	disputed_minor INTEGER DEFAULT '0' NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT fk_referrals_referrer_id_people FOREIGN KEY(referrer_id) REFERENCES people (id), 
	CONSTRAINT fk_referrals_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_referrals_invoice_id_invoices FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT uq_referrals_tenant_person_id UNIQUE (tenant, person_id)
)
 STRICT;
CREATE TABLE nps_questions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	client_id INTEGER NOT NULL, 
	brief_id INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	score INTEGER, 
	due_at INTEGER NOT NULL, 
	asked_at INTEGER, 
	answered_at INTEGER, 
	version INTEGER DEFAULT '1' NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_nps_questions_client_id_people FOREIGN KEY(client_id) REFERENCES people (id), 
	CONSTRAINT fk_nps_questions_brief_id_briefs FOREIGN KEY(brief_id) REFERENCES briefs (id), 
	CONSTRAINT uq_nps_questions_brief_id UNIQUE (brief_id)
)
 STRICT;
CREATE TABLE referral_uses (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	referral_id INTEGER NOT NULL, 
	invoice_id INTEGER NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_referral_uses_referral_id_referrals FOREIGN KEY(referral_id) REFERENCES referrals (id), 
	CONSTRAINT fk_referral_uses_invoice_id_invoices FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT uq_referral_uses_invoice_id_referral_id UNIQUE (invoice_id, referral_id)
)
 STRICT;
CREATE TABLE queue_rows (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	page TEXT NOT NULL, 
	brief_number INTEGER, 
	fingerprint TEXT NOT NULL, 
	noticed TEXT DEFAULT '' NOT NULL, 
	note TEXT NOT NULL, 
	clears INTEGER NOT NULL, 
	taken_at INTEGER NOT NULL, 
	CONSTRAINT uq_queue_rows_tenant_page UNIQUE (tenant, page)
)
 STRICT;
CREATE TABLE mails (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	thread_id INTEGER, 
	digest TEXT NOT NULL, 
	message_id TEXT NOT NULL, 
	ids_before TEXT NOT NULL, 
	address TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	state TEXT NOT NULL, 
	received_at INTEGER NOT NULL, 
	CONSTRAINT fk_mails_thread_id_threads FOREIGN KEY(thread_id) REFERENCES threads (id), 
	CONSTRAINT uq_mails_tenant_digest UNIQUE (tenant, digest)
)
 STRICT;
CREATE TABLE mornings (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	day TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT uq_mornings_tenant_day_kind UNIQUE (tenant, day, kind)
)
 STRICT;
CREATE TABLE churn_told (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	client_id INTEGER NOT NULL, 
	last_order INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT fk_churn_told_client_id_people FOREIGN KEY(client_id) REFERENCES people (id), 
	CONSTRAINT uq_churn_told_client_id_last_order UNIQUE (client_id, last_order)
)
 STRICT;
CREATE TABLE daily_counts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	zone TEXT NOT NULL, 
	day TEXT NOT NULL, 
	counts TEXT NOT NULL, 
	checksum TEXT NOT NULL, 
	counted_at INTEGER NOT NULL, 
	CONSTRAINT uq_daily_counts_tenant_zone_day UNIQUE (tenant, zone, day)
)
 STRICT;
CREATE TABLE acquisition_costs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	month TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	updated_at INTEGER NOT NULL, 
	CONSTRAINT uq_acquisition_costs_tenant_month_currency UNIQUE (tenant, month, currency)
)
 STRICT;
CREATE TABLE growth_days (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	day TEXT NOT NULL, 
	figures TEXT NOT NULL, 
	updated_at INTEGER NOT NULL, 
	CONSTRAINT uq_growth_days_tenant_day UNIQUE (tenant, day)
)
 STRICT;
CREATE TABLE erasures (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	asked_at INTEGER NOT NULL, 
	due_at INTEGER NOT NULL, 
	erased_at INTEGER, 
	ended_at INTEGER, 
	person_since INTEGER NOT NULL, 
	gone TEXT, 
	stays TEXT, 
	marks TEXT, 
	files TEXT, 
	CONSTRAINT fk_erasures_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE issued_keys (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	root TEXT NOT NULL, 
	salt TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	ends_at INTEGER
)
 STRICT;
CREATE TABLE partner_shares (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	partner_id INTEGER NOT NULL, 
	invoice_id INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	share_bp INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	base_minor INTEGER NOT NULL, 
	earned_minor INTEGER NOT NULL, 
	clawed_minor INTEGER DEFAULT '0' NOT NULL, 
	disputed_minor INTEGER DEFAULT '0' NOT NULL, 
	credited_minor INTEGER DEFAULT '0' NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	earned_at INTEGER NOT NULL, 
	CONSTRAINT fk_partner_shares_partner_id_partners FOREIGN KEY(partner_id) REFERENCES partners (id), 
	CONSTRAINT fk_partner_shares_invoice_id_invoices FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT uq_partner_shares_tenant_invoice_id UNIQUE (tenant, invoice_id)
)
 STRICT;
CREATE TABLE partner_share_moves (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	partner_id INTEGER NOT NULL, 
	invoice_id INTEGER, 
	kind TEXT NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	moved_at INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	CONSTRAINT fk_partner_share_moves_partner_id_partners FOREIGN KEY(partner_id) REFERENCES partners (id), 
	CONSTRAINT fk_partner_share_moves_invoice_id_invoices FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT uq_partner_share_moves_tenant_key UNIQUE (tenant, "key")
)
 STRICT;
CREATE TABLE proposals (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	made_at INTEGER NOT NULL, 
	decided_at INTEGER, 
	decided_by INTEGER, 
	reason TEXT, 
	CONSTRAINT fk_proposals_decided_by_people FOREIGN KEY(decided_by) REFERENCES people (id), 
	CONSTRAINT uq_proposals_tenant_key UNIQUE (tenant, "key")
)
 STRICT;
CREATE TABLE kpi_targets (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	kpi TEXT NOT NULL, 
	target INTEGER NOT NULL, 
	currency TEXT, 
	set_by INTEGER NOT NULL, 
	set_at INTEGER NOT NULL, 
	CONSTRAINT fk_kpi_targets_set_by_people FOREIGN KEY(set_by) REFERENCES people (id), 
	CONSTRAINT uq_kpi_targets_tenant_kpi UNIQUE (tenant, kpi)
)
 STRICT;
CREATE TABLE consents (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	purpose TEXT NOT NULL, 
	given INTEGER NOT NULL, 
	wording INTEGER NOT NULL, 
	said_at INTEGER NOT NULL, 
	replaced_at INTEGER, 
	CONSTRAINT fk_consents_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE person_regions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	region TEXT, 
	asked_at INTEGER, 
	chosen_at INTEGER, 
	CONSTRAINT uq_person_regions_tenant_person_id UNIQUE (tenant, person_id), 
	CONSTRAINT fk_person_regions_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE region_rules (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	region TEXT NOT NULL, 
	retention_days INTEGER, 
	refused TEXT DEFAULT '' NOT NULL, 
	changed_by INTEGER NOT NULL, 
	changed_at INTEGER NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT uq_region_rules_tenant_region UNIQUE (tenant, region), 
	CONSTRAINT fk_region_rules_changed_by_people FOREIGN KEY(changed_by) REFERENCES people (id)
)
 STRICT;
CREATE TABLE data_requests (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	code_hash TEXT NOT NULL, 
	asked_at INTEGER NOT NULL, 
	ends_at INTEGER NOT NULL, 
	answered_at INTEGER, 
	CONSTRAINT uq_data_requests_code_hash UNIQUE (code_hash), 
	CONSTRAINT fk_data_requests_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE authenticators (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	secret TEXT NOT NULL, 
	pending TEXT NOT NULL, 
	last_step INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	failed_at INTEGER, 
	set_up_at INTEGER, 
	CONSTRAINT uq_authenticators_tenant_person_id UNIQUE (tenant, person_id), 
	CONSTRAINT fk_authenticators_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE recovery_codes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	code_hash TEXT NOT NULL, 
	used_at INTEGER, 
	CONSTRAINT uq_recovery_codes_tenant_person_id_code_hash UNIQUE (tenant, person_id, code_hash), 
	CONSTRAINT fk_recovery_codes_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE step_ups (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	ends_at INTEGER NOT NULL, 
	CONSTRAINT uq_step_ups_tenant_person_id_kind UNIQUE (tenant, person_id, kind), 
	CONSTRAINT fk_step_ups_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE TABLE step_up_requests (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tenant TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	again TEXT NOT NULL, 
	state TEXT NOT NULL, 
	first_by INTEGER, 
	ended_by INTEGER, 
	asked_at INTEGER NOT NULL, 
	CONSTRAINT fk_step_up_requests_first_by_people FOREIGN KEY(first_by) REFERENCES people (id), 
	CONSTRAINT fk_step_up_requests_ended_by_people FOREIGN KEY(ended_by) REFERENCES people (id), 
	CONSTRAINT fk_step_up_requests_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
 STRICT;
CREATE INDEX ix_inbox_waiting ON inbox (source, id) WHERE processed_at IS NULL;
CREATE INDEX ix_outbox_slot_waiting ON outbox (slot) WHERE state = 'waiting';
CREATE INDEX ix_outbox_waiting ON outbox (channel, id) WHERE state = 'waiting';
CREATE INDEX ix_postings_tenant_posted_at ON postings (tenant, posted_at);
CREATE INDEX ix_tasks_run_at ON tasks (run_at);
CREATE INDEX ix_audit_tenant_at ON audit (tenant, at);
CREATE INDEX ix_briefs_client_id_id ON briefs (client_id, id);
CREATE INDEX ix_briefs_tenant_created_at ON briefs (tenant, created_at);
CREATE INDEX ix_briefs_tenant_state_id ON briefs (tenant, state, id);
CREATE INDEX ix_events_subject ON events (subject, id);
CREATE INDEX ix_events_tenant_name_at ON events (tenant, name, at);
CREATE INDEX ix_posting_lines_tenant_account ON posting_lines (tenant, account);
CREATE INDEX ix_model_calls_brief_id ON model_calls (brief_id);
CREATE INDEX ix_model_calls_tenant_created_at ON model_calls (tenant, created_at);
CREATE INDEX ix_decisions_brief_id ON decisions (brief_id);
CREATE INDEX ix_decisions_tenant_created_at ON decisions (tenant, created_at);
CREATE INDEX ix_evaluations_brief_id ON evaluations (brief_id);
CREATE INDEX ix_adopted_lines_tenant_task_type ON adopted_lines (tenant, task_type, id);
CREATE INDEX ix_attachments_brief_id ON attachments (brief_id);
CREATE UNIQUE INDEX ix_duels_running ON duels (tenant, task_type) WHERE state = 'running';
CREATE INDEX ix_probes_tenant_created_at ON probes (tenant, created_at);
CREATE INDEX ix_reservations_open ON reservations (id) WHERE settled_at IS NULL;
CREATE INDEX ix_verdicts_tenant_created_at ON verdicts (tenant, created_at);
CREATE INDEX ix_drafts_prompt_id ON drafts (prompt_id, id);
CREATE INDEX ix_text_parts_tenant_source_key ON text_parts (tenant, source_key);
CREATE INDEX ix_postings_tenant_reference ON postings (tenant, reference);
CREATE INDEX ix_payment_mismatches_tenant_noted_at ON payment_mismatches (tenant, noted_at);
CREATE INDEX ix_outbox_undeliverable ON outbox (channel, destination) WHERE state = 'undeliverable';
CREATE INDEX ix_briefs_tenant_id ON briefs (tenant, id);
CREATE INDEX ix_briefs_held ON briefs (id) WHERE held IS NOT NULL;
CREATE INDEX ix_inbox_processed_at ON inbox (processed_at) WHERE processed_at IS NOT NULL;
CREATE INDEX ix_inbox_source_received_at ON inbox (source, received_at);
CREATE INDEX ix_outbox_ended ON outbox (created_at) WHERE state != 'waiting';
CREATE INDEX ix_text_parts_created_at ON text_parts (created_at);
CREATE INDEX ix_model_calls_prompt_version ON model_calls (tenant, prompt_version, created_at);
CREATE INDEX ix_people_tenant_id ON people (tenant, id);
CREATE INDEX ix_people_tenant_role ON people (tenant, role, id);
CREATE INDEX ix_verdicts_tenant_task_type ON verdicts (tenant, task_type, id);
CREATE INDEX ix_verdicts_brief_id ON verdicts (brief_id);
CREATE INDEX ix_ratings_tenant_created_at_stars ON ratings (tenant, created_at, stars);
CREATE INDEX ix_people_own_line ON people (tenant, id) WHERE qa_target IS NOT NULL;
CREATE INDEX ix_verdict_counts_fold_id ON verdict_counts (fold_id);
CREATE INDEX ix_label_counts_fold_id ON label_counts (fold_id);
CREATE INDEX ix_invoices_tenant_state_id ON invoices (tenant, state, id);
CREATE INDEX ix_invoices_client_id_id ON invoices (client_id, id);
CREATE INDEX ix_invoices_tenant_id ON invoices (tenant, id);
CREATE INDEX ix_invoices_not_at_stripe ON invoices (id) WHERE state IN ('new', 'unknown');
CREATE INDEX ix_invoices_missing ON invoices (id) WHERE state = 'missing';
CREATE INDEX ix_invoices_may_change ON invoices (id) WHERE state IN ('open', 'uncollectible') OR unsettled > 0;
CREATE INDEX ix_job_runs_scheduled_at ON job_runs (scheduled_at);
CREATE INDEX ix_remarks_created_at ON remarks (created_at);
CREATE INDEX ix_placements_external_id ON placements (channel, external_id);
CREATE INDEX ix_threads_waiting ON threads (tenant, since, id) WHERE waits = 1;
CREATE INDEX ix_threads_updated_at ON threads (updated_at);
CREATE INDEX ix_brief_notes_brief_id ON brief_notes (brief_id, id);
CREATE INDEX ix_briefs_waiting_deadline ON briefs (tenant, deadline, id) WHERE state = 'in_review' AND deadline IS NOT NULL;
CREATE INDEX ix_invoices_waits_for_client ON invoices (tenant, client_id, id) WHERE state IN ('details', 'open', 'uncollectible');
CREATE INDEX ix_ratings_client_id_id ON ratings (client_id, id);
CREATE INDEX ix_stopped_questions_person_id ON stopped_questions (person_id);
CREATE INDEX ix_stopped_questions_stopped_at ON stopped_questions (stopped_at);
CREATE INDEX ix_ratings_tenant_task_type ON ratings (tenant, task_type, created_at, stars);
CREATE INDEX ix_star_counts_fold_id ON star_counts (fold_id);
CREATE INDEX ix_probe_counts_fold_id ON probe_counts (fold_id);
CREATE UNIQUE INDEX ix_posting_lines_posting_id_position ON posting_lines (posting_id, position);
CREATE INDEX ix_postings_tenant_id ON postings (tenant, id);
CREATE INDEX ix_approvals_under_way ON approvals (id) WHERE state IN ('fuse', 'waiting');
CREATE INDEX ix_refunds_invoice_id_id ON refunds (invoice_id, id);
CREATE INDEX ix_refunds_tenant_id ON refunds (tenant, id);
CREATE INDEX ix_refunds_under_way ON refunds (id) WHERE state IN ('approved', 'reserved', 'sent', 'unknown');
CREATE INDEX ix_limit_passes_tenant_deed_at ON limit_passes (tenant, deed, at);
CREATE INDEX ix_balance_moves_tenant_created_at ON balance_moves (tenant, created_at);
CREATE INDEX ix_balance_moves_books_about ON balance_moves (books, about);
CREATE INDEX ix_balance_moves_books_created_at ON balance_moves (books, created_at);
CREATE INDEX ix_balance_moves_intent ON balance_moves (tenant, intent);
CREATE INDEX ix_balance_moves_tenant_payout ON balance_moves (tenant, payout);
CREATE INDEX ix_balance_moves_not_known ON balance_moves (id) WHERE owner IS NULL;
CREATE INDEX ix_ledger_mismatches_open ON ledger_mismatches (tenant, id) WHERE closed_at IS NULL;
CREATE INDEX ix_reconciliations_tenant_id ON reconciliations (tenant, id);
CREATE INDEX ix_closed_days_tenant_until ON closed_days (tenant, until);
CREATE UNIQUE INDEX ix_briefs_quote_id ON briefs (quote_id) WHERE quote_id IS NOT NULL;
CREATE INDEX ix_briefs_waits_for_yes ON briefs (tenant, client_id, id) WHERE state = 'quoted';
CREATE INDEX ix_briefs_revision_of ON briefs (revision_of) WHERE revision_of IS NOT NULL;
CREATE INDEX ix_text_parts_brief_id ON text_parts (brief_id) WHERE brief_id IS NOT NULL;
CREATE INDEX ix_remarks_brief_id ON remarks (brief_id) WHERE brief_id IS NOT NULL;
CREATE INDEX ix_probes_brief_id ON probes (brief_id) WHERE brief_id IS NOT NULL;
CREATE INDEX ix_ratings_revision_id ON ratings (revision_id) WHERE revision_id IS NOT NULL;
CREATE INDEX ix_reservations_brief_id ON reservations (brief_id) WHERE brief_id IS NOT NULL;
CREATE INDEX ix_duel_pairs_brief_id ON duel_pairs (brief_id);
CREATE INDEX ix_ledger_sums_tenant_fold_id ON ledger_sums (tenant, fold_id, part);
CREATE INDEX ix_postings_written_at ON postings (tenant, written_at) WHERE written_at IS NOT NULL;
CREATE UNIQUE INDEX ix_ledger_repairs_waits ON ledger_repairs (tenant, mismatch_id) WHERE state IN ('approved', 'requested');
CREATE INDEX ix_paid_together_tenant_first ON paid_together (tenant, first);
CREATE INDEX ix_metric_counts_stretch_at ON metric_counts (stretch, at);
CREATE INDEX ix_slo_reports_tenant_at ON slo_reports (tenant, at);
CREATE INDEX ix_incidents_open ON incidents (tenant, id) WHERE closed_at IS NULL;
CREATE INDEX ix_incidents_tenant_id ON incidents (tenant, id);
CREATE INDEX ix_incidents_opened_at ON incidents (tenant, opened_at);
CREATE INDEX ix_alerts_open ON alerts (tenant, id) WHERE resolved_at IS NULL;
CREATE INDEX ix_alerts_opened_at ON alerts (tenant, opened_at);
CREATE INDEX ix_alerts_incident_id ON alerts (incident_id, id);
CREATE INDEX ix_alerts_resolved_at ON alerts (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX ix_runbook_runs_unchecked ON runbook_runs (tenant, id) WHERE state = 'done';
CREATE UNIQUE INDEX ix_duties_now ON duties (tenant, place) WHERE since IS NOT NULL AND until IS NULL;
CREATE INDEX ix_load_hours_hour ON load_hours (hour);
CREATE INDEX ix_conversations_over ON conversations (updated_at) WHERE step = '';
CREATE INDEX ix_job_runs_job_tenant_id ON job_runs (job, tenant, id);
CREATE INDEX ix_alerts_mailed ON alerts (tenant, id) WHERE mailed_at IS NOT NULL;
CREATE INDEX ix_duties_stands ON duties (tenant, person_id) WHERE until IS NULL;
CREATE INDEX ix_attachments_file_id ON attachments (file_id);
CREATE INDEX ix_sign_in_links_made_at ON sign_in_links (made_at);
CREATE INDEX ix_sessions_person_id ON sessions (person_id, id);
CREATE INDEX ix_sessions_seen_at ON sessions (seen_at);
CREATE INDEX ix_sign_in_places_since ON sign_in_places (since);
CREATE INDEX ix_audit_tenant_id ON audit (tenant, id);
CREATE INDEX ix_audit_subject_id ON audit (tenant, subject, id);
CREATE INDEX ix_audit_action_id ON audit (tenant, action, id);
CREATE INDEX ix_partners_tenant_id ON partners (tenant, id);
CREATE INDEX ix_partner_keys_partner_id ON partner_keys (partner_id, id);
CREATE INDEX ix_partner_orders_brief_id ON partner_orders (brief_id) WHERE brief_id IS NOT NULL;
CREATE INDEX ix_partner_orders_partner_id_created_at ON partner_orders (partner_id, created_at) WHERE brief_id IS NOT NULL;
CREATE INDEX ix_partner_messages_partner_id ON partner_messages (partner_id, id);
CREATE INDEX ix_partner_messages_created_at ON partner_messages (created_at);
CREATE INDEX ix_call_counts_last_at ON call_counts (last_at);
CREATE INDEX ix_refunds_tenant_state_id ON refunds (tenant, state, id);
CREATE INDEX ix_postings_tenant_kind_id ON postings (tenant, kind, id);
CREATE INDEX ix_ledger_mismatches_tenant_ending_id ON ledger_mismatches (tenant, ending, id);
CREATE INDEX ix_daily_values_day ON daily_values (day);
CREATE INDEX ix_forecasts_made_on ON forecasts (made_on);
CREATE INDEX ix_forecast_days_tenant_series_made_on ON forecast_days (tenant, series, made_on);
CREATE INDEX ix_forecast_days_day ON forecast_days (day);
CREATE INDEX ix_audit_person_id ON audit (tenant, person_id, id);
CREATE INDEX ix_referrals_tenant_id ON referrals (tenant, id);
CREATE INDEX ix_referrals_tenant_came_at ON referrals (tenant, came_at);
CREATE INDEX ix_referrals_referrer_id_came_at ON referrals (referrer_id, came_at);
CREATE INDEX ix_referrals_invoice_id ON referrals (invoice_id) WHERE invoice_id IS NOT NULL;
CREATE INDEX ix_referrals_has_credit ON referrals (referrer_id, id) WHERE earned_minor > used_minor + clawed_minor;
CREATE INDEX ix_nps_questions_client_id_id ON nps_questions (client_id, id);
CREATE INDEX ix_nps_questions_tenant_answered_at ON nps_questions (tenant, answered_at, score);
CREATE INDEX ix_nps_questions_waits ON nps_questions (tenant, due_at) WHERE state = 'waits';
CREATE INDEX ix_people_tenant_role_created_at ON people (tenant, role, created_at);
CREATE INDEX ix_queue_rows_tenant_id ON queue_rows (tenant, id);
CREATE INDEX ix_queue_rows_tenant_taken_at ON queue_rows (tenant, taken_at);
CREATE INDEX ix_queue_rows_brief_number ON queue_rows (brief_number) WHERE brief_number IS NOT NULL;
CREATE INDEX ix_mails_tenant_message_id ON mails (tenant, message_id);
CREATE INDEX ix_mails_tenant_address_received_at ON mails (tenant, address, received_at);
CREATE INDEX ix_mails_thread_id ON mails (thread_id, id);
CREATE INDEX ix_mails_in_no_thread ON mails (received_at) WHERE thread_id IS NULL;
CREATE INDEX ix_briefs_open ON briefs (tenant, state, client_id) WHERE state IN ('approved', 'deferred', 'delivered', 'drafting', 'failed', 'in_review', 'judging', 'queued') AND (state != 'delivered' OR price_minor > 0);
CREATE INDEX ix_briefs_open_updated_at ON briefs (updated_at) WHERE state IN ('approved', 'deferred', 'delivered', 'drafting', 'failed', 'in_review', 'judging', 'queued') AND (state != 'delivered' OR price_minor > 0);
CREATE UNIQUE INDEX ix_erasures_under_way ON erasures (tenant, person_id) WHERE state IN ('asked', 'erased');
CREATE INDEX ix_erasures_person_id ON erasures (person_id, id);
CREATE INDEX ix_erasures_erased ON erasures (id) WHERE erased_at IS NOT NULL;
CREATE INDEX ix_attachments_person_id ON attachments (person_id);
CREATE INDEX ix_remarks_person_id ON remarks (person_id);
CREATE UNIQUE INDEX uq_issued_keys_newest ON issued_keys (tenant, purpose) WHERE ends_at IS NULL;
CREATE INDEX ix_partner_shares_invoice_id ON partner_shares (invoice_id);
CREATE INDEX ix_partner_share_moves_partner_id_moved_at ON partner_share_moves (partner_id, moved_at);
CREATE INDEX ix_proposals_tenant_id ON proposals (tenant, id);
CREATE INDEX ix_proposals_tenant_state_id ON proposals (tenant, state, id);
CREATE INDEX ix_proposals_decided_by ON proposals (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX ix_kpi_targets_set_by ON kpi_targets (set_by);
CREATE INDEX ix_approvals_tenant_asked_at ON approvals (tenant, asked_at);
CREATE INDEX ix_refunds_tenant_created_at ON refunds (tenant, created_at);
CREATE UNIQUE INDEX ix_consents_counts ON consents (tenant, person_id, purpose) WHERE replaced_at IS NULL;
CREATE INDEX ix_consents_person_id ON consents (person_id, id);
CREATE INDEX ix_person_regions_tenant_region ON person_regions (tenant, region, person_id);
CREATE INDEX ix_data_requests_open ON data_requests (tenant, asked_at, id) WHERE answered_at IS NULL;
CREATE INDEX ix_data_requests_person_id ON data_requests (person_id, id);
INSERT INTO alembic_version VALUES ('0064');
INSERT INTO sqlite_sequence VALUES ('bindings', 1000);
INSERT INTO sqlite_sequence VALUES ('inbox', 1000);
INSERT INTO sqlite_sequence VALUES ('outbox', 1000);
INSERT INTO sqlite_sequence VALUES ('people', 1000);
INSERT INTO sqlite_sequence VALUES ('placements', 1000);
INSERT INTO sqlite_sequence VALUES ('postings', 1000);
INSERT INTO sqlite_sequence VALUES ('tasks', 1000);
INSERT INTO sqlite_sequence VALUES ('audit', 1000);
INSERT INTO sqlite_sequence VALUES ('briefs', 1000);
INSERT INTO sqlite_sequence VALUES ('conversations', 1000);
INSERT INTO sqlite_sequence VALUES ('customers', 1000);
INSERT INTO sqlite_sequence VALUES ('events', 1000);
INSERT INTO sqlite_sequence VALUES ('invites', 1000);
INSERT INTO sqlite_sequence VALUES ('posting_lines', 1000);
INSERT INTO sqlite_sequence VALUES ('drafts', 1000);
INSERT INTO sqlite_sequence VALUES ('model_calls', 1000);
INSERT INTO sqlite_sequence VALUES ('decisions', 1000);
INSERT INTO sqlite_sequence VALUES ('evaluations', 1000);
INSERT INTO sqlite_sequence VALUES ('spend', 1000);
INSERT INTO sqlite_sequence VALUES ('adopted_lines', 1000);
INSERT INTO sqlite_sequence VALUES ('prompts', 1000);
INSERT INTO sqlite_sequence VALUES ('attachments', 1000);
INSERT INTO sqlite_sequence VALUES ('duels', 1000);
INSERT INTO sqlite_sequence VALUES ('probes', 1000);
INSERT INTO sqlite_sequence VALUES ('ratings', 1000);
INSERT INTO sqlite_sequence VALUES ('reservations', 1000);
INSERT INTO sqlite_sequence VALUES ('duel_pairs', 1000);
INSERT INTO sqlite_sequence VALUES ('verdicts', 1000);
INSERT INTO sqlite_sequence VALUES ('text_parts', 1000);
INSERT INTO sqlite_sequence VALUES ('installation', 1000);
INSERT INTO sqlite_sequence VALUES ('billing_details', 1000);
INSERT INTO sqlite_sequence VALUES ('payment_mismatches', 1000);
INSERT INTO sqlite_sequence VALUES ('failed_tasks', 1000);
INSERT INTO sqlite_sequence VALUES ('team_rooms', 1000);
INSERT INTO sqlite_sequence VALUES ('readings', 1000);
INSERT INTO sqlite_sequence VALUES ('verdict_folds', 1000);
INSERT INTO sqlite_sequence VALUES ('verdict_counts', 1000);
INSERT INTO sqlite_sequence VALUES ('label_counts', 1000);
INSERT INTO sqlite_sequence VALUES ('flags', 1000);
INSERT INTO sqlite_sequence VALUES ('flag_waiters', 1000);
INSERT INTO sqlite_sequence VALUES ('invoices', 1000);
INSERT INTO sqlite_sequence VALUES ('invoice_lines', 1000);
INSERT INTO sqlite_sequence VALUES ('tenants', 1000);
INSERT INTO sqlite_sequence VALUES ('job_runs', 1000);
INSERT INTO sqlite_sequence VALUES ('job_pauses', 1000);
INSERT INTO sqlite_sequence VALUES ('remarks', 1000);
INSERT INTO sqlite_sequence VALUES ('threads', 1000);
INSERT INTO sqlite_sequence VALUES ('thread_messages', 1000);
INSERT INTO sqlite_sequence VALUES ('brief_notes', 1000);
INSERT INTO sqlite_sequence VALUES ('review_views', 1000);
INSERT INTO sqlite_sequence VALUES ('stopped_questions', 1000);
INSERT INTO sqlite_sequence VALUES ('star_counts', 1000);
INSERT INTO sqlite_sequence VALUES ('probe_counts', 1000);
INSERT INTO sqlite_sequence VALUES ('exchange_rates', 1000);
INSERT INTO sqlite_sequence VALUES ('approvals', 1000);
INSERT INTO sqlite_sequence VALUES ('approval_signatures', 1000);
INSERT INTO sqlite_sequence VALUES ('refunds', 1000);
INSERT INTO sqlite_sequence VALUES ('manual_invoices', 1000);
INSERT INTO sqlite_sequence VALUES ('invoice_reminders', 1000);
INSERT INTO sqlite_sequence VALUES ('limit_holds', 1000);
INSERT INTO sqlite_sequence VALUES ('limit_passes', 1000);
INSERT INTO sqlite_sequence VALUES ('balance_moves', 1000);
INSERT INTO sqlite_sequence VALUES ('ledger_mismatches', 1000);
INSERT INTO sqlite_sequence VALUES ('reconciliations', 1000);
INSERT INTO sqlite_sequence VALUES ('closed_days', 1000);
INSERT INTO sqlite_sequence VALUES ('quotes', 1000);
INSERT INTO sqlite_sequence VALUES ('ledger_folds', 1000);
INSERT INTO sqlite_sequence VALUES ('ledger_sums', 1000);
INSERT INTO sqlite_sequence VALUES ('ledger_repairs', 1000);
INSERT INTO sqlite_sequence VALUES ('paid_together', 1000);
INSERT INTO sqlite_sequence VALUES ('backups', 1000);
INSERT INTO sqlite_sequence VALUES ('backup_trials', 1000);
INSERT INTO sqlite_sequence VALUES ('restores', 1000);
INSERT INTO sqlite_sequence VALUES ('metric_counts', 1000);
INSERT INTO sqlite_sequence VALUES ('slo_states', 1000);
INSERT INTO sqlite_sequence VALUES ('slo_reports', 1000);
INSERT INTO sqlite_sequence VALUES ('stream_marks', 1000);
INSERT INTO sqlite_sequence VALUES ('incidents', 1000);
INSERT INTO sqlite_sequence VALUES ('alerts', 1000);
INSERT INTO sqlite_sequence VALUES ('runbook_runs', 1000);
INSERT INTO sqlite_sequence VALUES ('duties', 1000);
INSERT INTO sqlite_sequence VALUES ('model_routes', 1000);
INSERT INTO sqlite_sequence VALUES ('second_tries', 1000);
INSERT INTO sqlite_sequence VALUES ('load_hours', 1000);
INSERT INTO sqlite_sequence VALUES ('worker_sizes', 1000);
INSERT INTO sqlite_sequence VALUES ('secret_marks', 1000);
INSERT INTO sqlite_sequence VALUES ('sign_in_links', 1000);
INSERT INTO sqlite_sequence VALUES ('dashboard_keys', 1000);
INSERT INTO sqlite_sequence VALUES ('sessions', 1000);
INSERT INTO sqlite_sequence VALUES ('sign_in_places', 1000);
INSERT INTO sqlite_sequence VALUES ('partners', 1000);
INSERT INTO sqlite_sequence VALUES ('partner_keys', 1000);
INSERT INTO sqlite_sequence VALUES ('partner_orders', 1000);
INSERT INTO sqlite_sequence VALUES ('partner_messages', 1000);
INSERT INTO sqlite_sequence VALUES ('call_counts', 1000);
INSERT INTO sqlite_sequence VALUES ('daily_values', 1000);
INSERT INTO sqlite_sequence VALUES ('forecasts', 1000);
INSERT INTO sqlite_sequence VALUES ('forecast_days', 1000);
INSERT INTO sqlite_sequence VALUES ('audit_strangers', 1000);
INSERT INTO sqlite_sequence VALUES ('audit_unsealed', 1000);
INSERT INTO sqlite_sequence VALUES ('audit_seals', 1000);
INSERT INTO sqlite_sequence VALUES ('audit_anchors', 1000);
INSERT INTO sqlite_sequence VALUES ('referral_codes', 1000);
INSERT INTO sqlite_sequence VALUES ('referrals', 1000);
INSERT INTO sqlite_sequence VALUES ('nps_questions', 1000);
INSERT INTO sqlite_sequence VALUES ('referral_uses', 1000);
INSERT INTO sqlite_sequence VALUES ('queue_rows', 1000);
INSERT INTO sqlite_sequence VALUES ('mails', 1000);
INSERT INTO sqlite_sequence VALUES ('daily_counts', 1000);
INSERT INTO sqlite_sequence VALUES ('acquisition_costs', 1000);
INSERT INTO sqlite_sequence VALUES ('growth_days', 1000);
INSERT INTO sqlite_sequence VALUES ('mornings', 1000);
INSERT INTO sqlite_sequence VALUES ('churn_told', 1000);
INSERT INTO sqlite_sequence VALUES ('erasures', 1000);
INSERT INTO sqlite_sequence VALUES ('issued_keys', 1000);
INSERT INTO sqlite_sequence VALUES ('partner_shares', 1000);
INSERT INTO sqlite_sequence VALUES ('partner_share_moves', 1000);
INSERT INTO sqlite_sequence VALUES ('proposals', 1000);
INSERT INTO sqlite_sequence VALUES ('kpi_targets', 1000);
INSERT INTO sqlite_sequence VALUES ('consents', 1000);
INSERT INTO sqlite_sequence VALUES ('person_regions', 1000);
INSERT INTO sqlite_sequence VALUES ('region_rules', 1000);
INSERT INTO sqlite_sequence VALUES ('data_requests', 1000);
INSERT INTO sqlite_sequence VALUES ('authenticators', 1000);
INSERT INTO sqlite_sequence VALUES ('recovery_codes', 1000);
INSERT INTO sqlite_sequence VALUES ('step_ups', 1000);
INSERT INTO sqlite_sequence VALUES ('step_up_requests', 1000);
CREATE TRIGGER invoices_search_added AFTER INSERT ON invoices BEGIN INSERT INTO search_invoices (rowid, words, scope) SELECT new.id * 4 + 2, new.number, 't' || hex(new.tenant) || 'k2' || ' ' || 't' || hex(new.tenant) || 'k2' || 'c' || new.client_id WHERE new.number IS NOT NULL; END;
CREATE TRIGGER invoices_search_changed AFTER UPDATE OF number ON invoices BEGIN INSERT INTO search_invoices (search_invoices, rowid, words, scope) SELECT 'delete', old.id * 4 + 2, old.number, 't' || hex(old.tenant) || 'k2' || ' ' || 't' || hex(old.tenant) || 'k2' || 'c' || old.client_id WHERE old.number IS NOT NULL; INSERT INTO search_invoices (rowid, words, scope) SELECT new.id * 4 + 2, new.number, 't' || hex(new.tenant) || 'k2' || ' ' || 't' || hex(new.tenant) || 'k2' || 'c' || new.client_id WHERE new.number IS NOT NULL; END;
CREATE TRIGGER invoices_search_dropped AFTER DELETE ON invoices BEGIN INSERT INTO search_invoices (search_invoices, rowid, words, scope) SELECT 'delete', old.id * 4 + 2, old.number, 't' || hex(old.tenant) || 'k2' || ' ' || 't' || hex(old.tenant) || 'k2' || 'c' || old.client_id WHERE old.number IS NOT NULL; END;
CREATE TRIGGER briefs_search_added AFTER INSERT ON briefs BEGIN INSERT INTO search (rowid, words, scope) SELECT new.id * 4 + 0, new.title || ' ' || new.text, 't' || hex(new.tenant) || 'k0' || ' ' || 't' || hex(new.tenant) || 'k0' || 'c' || new.client_id WHERE new.text <> ''; END;
CREATE TRIGGER briefs_search_dropped AFTER DELETE ON briefs BEGIN INSERT INTO search (search, rowid, words, scope) SELECT 'delete', old.id * 4 + 0, old.title || ' ' || old.text, 't' || hex(old.tenant) || 'k0' || ' ' || 't' || hex(old.tenant) || 'k0' || 'c' || old.client_id WHERE old.text <> ''; END;
CREATE TRIGGER people_search_added AFTER INSERT ON people BEGIN INSERT INTO search_people (rowid, words, scope) SELECT new.id * 4 + 1, new.name, 't' || hex(new.tenant) || 'k1' || ' ' || 't' || hex(new.tenant) || 'k1' || 'c' || new.id WHERE new.role = 'client'; END;
CREATE TRIGGER people_search_changed AFTER UPDATE OF name, role ON people BEGIN INSERT INTO search_people (search_people, rowid, words, scope) SELECT 'delete', old.id * 4 + 1, old.name, 't' || hex(old.tenant) || 'k1' || ' ' || 't' || hex(old.tenant) || 'k1' || 'c' || old.id WHERE old.role = 'client'; INSERT INTO search_people (rowid, words, scope) SELECT new.id * 4 + 1, new.name, 't' || hex(new.tenant) || 'k1' || ' ' || 't' || hex(new.tenant) || 'k1' || 'c' || new.id WHERE new.role = 'client'; END;
CREATE TRIGGER people_search_dropped AFTER DELETE ON people BEGIN INSERT INTO search_people (search_people, rowid, words, scope) SELECT 'delete', old.id * 4 + 1, old.name, 't' || hex(old.tenant) || 'k1' || ' ' || 't' || hex(old.tenant) || 'k1' || 'c' || old.id WHERE old.role = 'client'; END;
CREATE TRIGGER postings_check BEFORE INSERT ON postings BEGIN
    SELECT RAISE(ABORT, 'a posting is written with its lines, two at least')
        WHERE new.lines IS NULL OR json_type(new.lines) IS NOT 'array' OR json_array_length(new.lines) < 2;
    SELECT RAISE(ABORT, 'a posting with this id is there') WHERE EXISTS (SELECT 1 FROM postings WHERE id = new.id);
    SELECT RAISE(ABORT, 'a line is an account, whole minor units other than 0, and a currency')
        FROM json_each(new.lines) AS line WHERE line.type <> 'array' OR json_array_length(line.value) <> 3
        OR json_type(line.value, '$[0]') IS NOT 'text' OR typeof(json_extract(line.value, '$[1]')) <> 'integer'
        OR json_type(line.value, '$[1]') IS NOT 'integer' OR json_extract(line.value, '$[1]') = 0
        OR json_type(line.value, '$[2]') IS NOT 'text'
        OR json_extract(line.value, '$[2]') NOT GLOB '[A-Z][A-Z][A-Z]';
    SELECT RAISE(ABORT, 'the posting does not balance') FROM (
        SELECT sum(json_extract(value, '$[1]') >> 32) AS upper, sum(json_extract(value, '$[1]') & 4294967295) AS lower
        FROM json_each(new.lines) GROUP BY json_extract(value, '$[2]')
    ) WHERE lower & 4294967295 <> 0 OR upper + (lower >> 32) <> 0;
END;
CREATE TRIGGER postings_spread AFTER INSERT ON postings BEGIN
    INSERT INTO posting_lines (tenant, posting_id, position, account, amount_minor, currency)
        SELECT new.tenant, new.id, key + 1, json_extract(value, '$[0]'), json_extract(value, '$[1]'),
        json_extract(value, '$[2]') FROM json_each(new.lines);
END;
CREATE TRIGGER posting_lines_check BEFORE INSERT ON posting_lines BEGIN
    SELECT RAISE(ABORT, 'lines are made of what is posted') WHERE NOT EXISTS (
        SELECT 1 FROM postings, json_each(postings.lines) AS line
        WHERE postings.id = new.posting_id AND postings.tenant = new.tenant AND line.key = new.position - 1
        AND line.value = json_array(new.account, new.amount_minor, new.currency)
    );
    SELECT RAISE(ABORT, 'this line is there') WHERE EXISTS (SELECT 1 FROM posting_lines WHERE id = new.id)
        OR EXISTS (SELECT 1 FROM posting_lines WHERE posting_id = new.posting_id AND position = new.position);
END;
CREATE TRIGGER postings_update BEFORE UPDATE ON postings BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER postings_delete BEFORE DELETE ON postings BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER posting_lines_update BEFORE UPDATE ON posting_lines BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER posting_lines_delete BEFORE DELETE ON posting_lines BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER postings_closed BEFORE INSERT ON postings BEGIN
    SELECT RAISE(ABORT, 'the books of that day are closed: only a correction is dated into it')
        WHERE new.kind <> 'correction' AND new.posted_at < (SELECT max(until) FROM closed_days WHERE tenant = new.tenant);
END;
CREATE TRIGGER briefs_numbered AFTER UPDATE OF id ON briefs BEGIN UPDATE sqlite_sequence SET seq = max(seq, new.id) WHERE name = 'briefs'; UPDATE attachments SET brief_id = new.id WHERE brief_id = old.id; UPDATE text_parts SET brief_id = new.id WHERE brief_id = old.id; UPDATE remarks SET brief_id = new.id WHERE brief_id = old.id; UPDATE threads SET subject = 'brief:' || new.id WHERE tenant = old.tenant AND subject = 'brief:' || old.id AND chat_id = (SELECT telegram_id FROM people WHERE people.id = old.client_id); END;
CREATE TRIGGER briefs_search_changed AFTER UPDATE OF id, title, text ON briefs BEGIN INSERT INTO search (search, rowid, words, scope) SELECT 'delete', old.id * 4 + 0, old.title || ' ' || old.text, 't' || hex(old.tenant) || 'k0' || ' ' || 't' || hex(old.tenant) || 'k0' || 'c' || old.client_id WHERE old.text <> ''; INSERT INTO search (rowid, words, scope) SELECT new.id * 4 + 0, new.title || ' ' || new.text, 't' || hex(new.tenant) || 'k0' || ' ' || 't' || hex(new.tenant) || 'k0' || 'c' || new.client_id WHERE new.text <> ''; END;
CREATE TRIGGER closed_days_replace BEFORE INSERT ON closed_days BEGIN SELECT RAISE(ABORT, 'a closed day is not changed') WHERE EXISTS (SELECT 1 FROM closed_days WHERE id = new.id OR (tenant = new.tenant AND day = new.day)); END;
CREATE TRIGGER closed_days_update BEFORE UPDATE ON closed_days BEGIN SELECT RAISE(ABORT, 'a closed day is not changed'); END;
CREATE TRIGGER closed_days_delete BEFORE DELETE ON closed_days BEGIN SELECT RAISE(ABORT, 'a closed day is not changed'); END;
CREATE TRIGGER audit_waits AFTER INSERT ON audit BEGIN
    INSERT INTO audit_unsealed (tenant, entry_id) VALUES (new.tenant, new.id);
END;
CREATE TRIGGER audit_replace BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to') WHERE EXISTS (SELECT 1 FROM audit WHERE id = new.id); END;
CREATE TRIGGER audit_seals_replace BEFORE INSERT ON audit_seals BEGIN SELECT RAISE(ABORT, 'the audit log is only added to') WHERE EXISTS (SELECT 1 FROM audit_seals WHERE id = new.id); END;
CREATE TRIGGER audit_anchors_replace BEFORE INSERT ON audit_anchors BEGIN SELECT RAISE(ABORT, 'the audit log is only added to') WHERE EXISTS (SELECT 1 FROM audit_anchors WHERE id = new.id); END;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_seals_update BEFORE UPDATE ON audit_seals BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_seals_delete BEFORE DELETE ON audit_seals BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_anchors_update BEFORE UPDATE ON audit_anchors BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_anchors_delete BEFORE DELETE ON audit_anchors BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
COMMIT;
