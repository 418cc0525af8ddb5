"""Care around the visit: contacts, complaints and clocks, compensation, return calls, knowledge, the daily log."""

import sqlalchemy as sa
from alembic import op

from dispatch.database import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = (
    "'booked', 'moved', 'cancelled', 'technician_changed', 'reminder', 'on_the_way', 'running_late', 'no_access', "
    "'record_ready', 'satisfaction', 'return_call', 'outage', 'complaint_received', 'complaint_answered', "
    "'complaint_found', 'complaint_offered', 'complaint_settled', 'complaint_result', 'complaint_appealed', "
    "'complaint_regulator', 'complaint_closed'"
)
STATES = "'owed', 'claimed', 'accepted', 'delivered', 'failed', 'in_doubt', 'superseded', 'expired', 'phoned'"
MEDIA = "'sms', 'mail', 'call'"


def upgrade() -> None:
    _complaints_are_told()
    _complaints()
    _contacts_and_tasks()
    _compensation()
    _return_calls()
    _knowledge()
    _day_log()


def _complaints_are_told() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("notices") as notices:
        if not sqlite:  # there the table is made anew, without the old checks
            notices.drop_constraint("kind", type_="check")
        else:
            notices.create_check_constraint("state", f"state IN ({STATES})")
            notices.create_check_constraint("medium", f"medium IN ({MEDIA})")
        notices.create_check_constraint("kind", f"kind IN ({KINDS})")


def _contacts_and_tasks() -> None:
    op.create_table(
        "contacts",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("logged_at", UtcDateTime(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("caller", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("suggested", sa.String(length=12), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("understood", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("work_order_id", sa.Uuid(), nullable=True),
        sa.Column("complaint_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("result", sa.String(length=500), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('phone', 'web', 'mail', 'sms', 'messenger', 'counter')", name=op.f("ck_contacts_channel")
        ),
        sa.CheckConstraint("kind IN ('consultation', 'request', 'fault', 'complaint')", name=op.f("ck_contacts_kind")),
        sa.CheckConstraint("waited IS NULL OR waited BETWEEN 0 AND 86400", name=op.f("ck_contacts_waited")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contacts_account_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_contacts_complaint_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_contacts_customer_id")),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_contacts_line_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_contacts_visit_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_contacts_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("number", name=op.f("uq_contacts_number")),
    )
    op.create_index(op.f("ix_contacts_account_id"), "contacts", ["account_id"], unique=False)
    op.create_index(op.f("ix_contacts_at"), "contacts", ["at"], unique=False)
    op.create_index(op.f("ix_contacts_complaint_id"), "contacts", ["complaint_id"], unique=False)
    op.create_index(op.f("ix_contacts_customer_id"), "contacts", ["customer_id"], unique=False)
    op.create_index("ix_contacts_phone_at", "contacts", ["phone", "at"], unique=False)
    op.create_table(
        "care_tasks",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("complaint_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=4), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=120), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('promise', 'question', 'prevention')", name=op.f("ck_care_tasks_kind")),
        sa.CheckConstraint("state IN ('open', 'done', 'void')", name=op.f("ck_care_tasks_state")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_care_tasks_complaint_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_care_tasks_contact_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_care_tasks_customer_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_care_tasks_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_tasks")),
    )
    op.create_index(op.f("ix_care_tasks_complaint_id"), "care_tasks", ["complaint_id"], unique=False)
    op.create_index(op.f("ix_care_tasks_contact_id"), "care_tasks", ["contact_id"], unique=False)
    op.create_index(op.f("ix_care_tasks_customer_id"), "care_tasks", ["customer_id"], unique=False)
    op.create_index(op.f("ix_care_tasks_owner_id"), "care_tasks", ["owner_id"], unique=False)
    op.create_index("ix_care_tasks_state_due_at", "care_tasks", ["state", "due_at"], unique=False)


def _complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("device_model", sa.String(length=80), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("wish", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("appeals", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("final_by", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("link_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('phone', 'web', 'mail', 'sms', 'messenger', 'counter', 'return_call', 'link')",
            name=op.f("ck_complaints_channel"),
        ),
        sa.CheckConstraint(
            "state IN ('registered', 'answered', 'found', 'offered', 'settled', 'told', 'appealed', 'regulator', "
            "'closed', 'withdrawn')",
            name=op.f("ck_complaints_state"),
        ),
        sa.CheckConstraint("severity BETWEEN 1 AND 3", name=op.f("ck_complaints_severity")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_complaints_area_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_complaints_customer_id")),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_complaints_line_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_complaints_owner_id")),
        sa.ForeignKeyConstraint(["registered_by"], ["accounts.id"], name=op.f("fk_complaints_registered_by")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_complaints_technician_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_complaints_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("link_id", name=op.f("uq_complaints_link_id")),
        sa.UniqueConstraint("number", name=op.f("uq_complaints_number")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_complaints_token_hash")),
    )
    op.create_index(op.f("ix_complaints_area_id"), "complaints", ["area_id"], unique=False)
    op.create_index(op.f("ix_complaints_customer_id"), "complaints", ["customer_id"], unique=False)
    op.create_index(op.f("ix_complaints_device_model"), "complaints", ["device_model"], unique=False)
    op.create_index(op.f("ix_complaints_line_id"), "complaints", ["line_id"], unique=False)
    op.create_index(op.f("ix_complaints_owner_id"), "complaints", ["owner_id"], unique=False)
    op.create_index(op.f("ix_complaints_registered_at"), "complaints", ["registered_at"], unique=False)
    op.create_index("ix_complaints_state_final_by", "complaints", ["state", "final_by"], unique=False)
    op.create_index(op.f("ix_complaints_technician_id"), "complaints", ["technician_id"], unique=False)
    op.create_index(op.f("ix_complaints_visit_id"), "complaints", ["visit_id"], unique=False)
    op.create_table(
        "complaint_rounds",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("answer_by", UtcDateTime(), nullable=False),
        sa.Column("investigate_by", UtcDateTime(), nullable=False),
        sa.Column("solve_by", UtcDateTime(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("found_at", UtcDateTime(), nullable=True),
        sa.Column("offered_at", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=500), nullable=False),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("satisfied_note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_rounds_complaint_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_complaint_rounds_owner_id")),
        sa.PrimaryKeyConstraint("complaint_id", "round", name=op.f("pk_complaint_rounds")),
    )
    op.create_index(op.f("ix_complaint_rounds_cause"), "complaint_rounds", ["cause"], unique=False)
    op.create_table(
        "complaint_steps",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_complaint_steps_account_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_steps_complaint_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_complaint_steps_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_steps")),
    )
    op.create_index("ix_complaint_steps_complaint_id_at", "complaint_steps", ["complaint_id", "at"], unique=False)
    op.create_table(
        "complaint_evidence",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("gathered_at", UtcDateTime(), nullable=False),
        sa.Column("gathered_by", sa.String(length=120), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_evidence_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_evidence")),
    )
    op.create_index(op.f("ix_complaint_evidence_complaint_id"), "complaint_evidence", ["complaint_id"], unique=False)
    op.create_table(
        "complaint_options",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("remedy", sa.String(length=30), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("chosen_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_complaint_options_amount")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_options_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_options")),
        sa.UniqueConstraint(
            "complaint_id", "round", "letter", name=op.f("uq_complaint_options_complaint_id_round_letter")
        ),
    )


def _compensation() -> None:
    op.create_table(
        "compensations",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("rule", sa.String(length=30), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("work_order_id", sa.Uuid(), nullable=True),
        sa.Column("complaint_id", sa.Uuid(), nullable=True),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_by", sa.String(length=120), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("exported_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_compensations_decided")),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'declined')", name=op.f("ck_compensations_state")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_compensations_amount")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_compensations_complaint_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_compensations_customer_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["accounts.id"], name=op.f("fk_compensations_proposer_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_compensations_visit_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_compensations_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compensations")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_compensations_dedupe_key")),
        sa.UniqueConstraint("number", name=op.f("uq_compensations_number")),
    )
    op.create_index(op.f("ix_compensations_complaint_id"), "compensations", ["complaint_id"], unique=False)
    op.create_index(op.f("ix_compensations_customer_id"), "compensations", ["customer_id"], unique=False)
    op.create_index("ix_compensations_state_proposed_at", "compensations", ["state", "proposed_at"], unique=False)
    op.create_index(op.f("ix_compensations_visit_id"), "compensations", ["visit_id"], unique=False)


def _return_calls() -> None:
    op.create_table(
        "return_calls",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.JSON(), nullable=False),
        sa.Column("fixed", sa.String(length=6), nullable=True),
        sa.Column("conduct", sa.Integer(), nullable=True),
        sa.Column("overall", sa.Integer(), nullable=True),
        sa.Column("recommend", sa.Integer(), nullable=True),
        sa.Column("demanded", sa.Boolean(), nullable=True),
        sa.Column("demanded_what", sa.String(length=500), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=120), nullable=True),
        sa.Column("complaint_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("fixed IS NULL OR fixed IN ('yes', 'partly', 'no')", name=op.f("ck_return_calls_fixed")),
        sa.CheckConstraint(
            "state IN ('due', 'done', 'unreached', 'by_link', 'void')", name=op.f("ck_return_calls_state")
        ),
        sa.CheckConstraint("conduct IS NULL OR conduct BETWEEN 1 AND 5", name=op.f("ck_return_calls_conduct")),
        sa.CheckConstraint("overall IS NULL OR overall BETWEEN 1 AND 5", name=op.f("ck_return_calls_overall")),
        sa.CheckConstraint("recommend IS NULL OR recommend BETWEEN 0 AND 10", name=op.f("ck_return_calls_recommend")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_return_calls_complaint_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_return_calls_customer_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_return_calls_technician_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_return_calls_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_calls")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_return_calls_visit_id")),
    )
    op.create_index(op.f("ix_return_calls_customer_id"), "return_calls", ["customer_id"], unique=False)
    op.create_index("ix_return_calls_state_next_at", "return_calls", ["state", "next_at"], unique=False)
    op.create_index(op.f("ix_return_calls_technician_id"), "return_calls", ["technician_id"], unique=False)


def _knowledge() -> None:
    op.create_table(
        "knowledge_entries",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("inner", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("review_on", sa.String(length=10), nullable=True),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("not_helped", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('article', 'script', 'dial_code', 'case')", name=op.f("ck_knowledge_entries_kind")
        ),
        sa.CheckConstraint("state IN ('live', 'retired')", name=op.f("ck_knowledge_entries_state")),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_knowledge_entries_owner_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_knowledge_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_knowledge_entries_key")),
    )
    op.create_index(op.f("ix_knowledge_entries_kind"), "knowledge_entries", ["kind"], unique=False)
    op.create_index(op.f("ix_knowledge_entries_owner_id"), "knowledge_entries", ["owner_id"], unique=False)
    op.create_index(op.f("ix_knowledge_entries_review_on"), "knowledge_entries", ["review_on"], unique=False)
    op.create_table(
        "knowledge_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("body_zh", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("tags", sa.String(length=300), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["knowledge_entries.number"], name=op.f("fk_knowledge_versions_number")),
        sa.PrimaryKeyConstraint("number", "version", name=op.f("pk_knowledge_versions")),
    )
    op.create_table(
        "knowledge_words",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["knowledge_entries.number"], name=op.f("fk_knowledge_words_number")),
        sa.PrimaryKeyConstraint("word", "number", name=op.f("pk_knowledge_words")),
    )
    op.create_index(op.f("ix_knowledge_words_number"), "knowledge_words", ["number"], unique=False)
    op.create_table(
        "knowledge_votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_knowledge_votes_account_id")),
        sa.ForeignKeyConstraint(["number"], ["knowledge_entries.number"], name=op.f("fk_knowledge_votes_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_votes")),
        sa.UniqueConstraint("number", "account_id", name=op.f("uq_knowledge_votes_number_account_id")),
    )


def _day_log() -> None:
    op.create_table(
        "day_log_lines",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("taken_by", sa.String(length=120), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('note', 'handover')", name=op.f("ck_day_log_lines_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_day_log_lines_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_log_lines")),
    )
    op.create_index(op.f("ix_day_log_lines_day"), "day_log_lines", ["day"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
