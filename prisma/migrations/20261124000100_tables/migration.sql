-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "agency_kind" AS ENUM ('government', 'ngo', 'intergovernmental', 'oversight', 'operator');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin', 'system_admin');

-- CreateEnum
CREATE TYPE "member_status" AS ENUM ('invited', 'active', 'deactivated');

-- CreateEnum
CREATE TYPE "urgency" AS ENUM ('emergency', 'urgent', 'routine');

-- CreateEnum
CREATE TYPE "need_state" AS ENUM ('open', 'planned', 'being_met', 'met', 'not_met', 'withdrawn');

-- CreateEnum
CREATE TYPE "service_status" AS ENUM ('planned', 'in_progress', 'delivered', 'interrupted', 'declined', 'unavailable', 'voided');

-- CreateEnum
CREATE TYPE "case_status" AS ENUM ('active', 'follow_up', 'closed', 'closed_referred');

-- CreateEnum
CREATE TYPE "case_stage" AS ENUM ('presumed', 'recovery_and_reflection', 'assessment', 'support_plan', 'social_inclusion_or_return', 'follow_up');

-- CreateEnum
CREATE TYPE "risk_level" AS ENUM ('high', 'medium', 'low');

-- CreateEnum
CREATE TYPE "identification_status" AS ENUM ('possible', 'actual', 'not_a_victim');

-- CreateEnum
CREATE TYPE "three_way" AS ENUM ('unknown', 'yes', 'no');

-- CreateEnum
CREATE TYPE "answer_state" AS ENUM ('stated', 'declined', 'not_asked', 'unknown');

-- CreateTable
CREATE TABLE "credential" (
    "member_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "password_hash" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("member_id")
);

-- CreateTable
CREATE TABLE "session" (
    "hash" BYTEA NOT NULL,
    "member_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "strength" INTEGER NOT NULL DEFAULT 1,
    "network_prefix" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_reason" TEXT,
    "flash" JSONB,

    CONSTRAINT "session_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "member_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "hash" BYTEA NOT NULL,
    "member_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "throttle" (
    "key" BYTEA NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "window_start" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "open_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "throttle_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "kept_form" (
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "kept_form_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "search_handle" (
    "hash" BYTEA NOT NULL,
    "member_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "search_handle_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "member_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "outcome" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("member_id","key")
);

-- CreateTable
CREATE TABLE "network" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "time_zone" TEXT NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "network_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agency" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "agency_kind" NOT NULL,
    "network_id" UUID NOT NULL,
    "country" CHAR(2) NOT NULL,
    "time_zone" TEXT NOT NULL,
    "idle_minutes" INTEGER NOT NULL DEFAULT 30,
    "product_name" TEXT,
    "leave_url" TEXT,
    "optional_attributes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agency_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agency_unit" (
    "id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agency_unit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "unit_cover" (
    "id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "unit_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "unit_cover_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "unit_id" UUID,
    "email" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "roles" "role"[],
    "status" "member_status" NOT NULL DEFAULT 'invited',
    "locale" TEXT NOT NULL DEFAULT 'en',
    "theme" TEXT NOT NULL DEFAULT 'system',
    "density" TEXT NOT NULL DEFAULT 'comfortable',
    "shortcuts" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deactivated_at" TIMESTAMPTZ(3),

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agency_key" (
    "agency_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agency_key_pkey" PRIMARY KEY ("agency_id","purpose","version")
);

-- CreateTable
CREATE TABLE "need" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "category" TEXT NOT NULL,
    "type" TEXT,
    "urgency" "urgency" NOT NULL DEFAULT 'routine',
    "state" "need_state" NOT NULL DEFAULT 'open',
    "not_met_reason" TEXT,
    "found_on" DATE NOT NULL,
    "found_by_id" UUID NOT NULL,
    "contact_due_at" TIMESTAMPTZ(3) NOT NULL,
    "met_on" DATE,
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "need_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "need_id" UUID,
    "category" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "delivered_on" DATE NOT NULL,
    "ended_on" DATE,
    "status" "service_status" NOT NULL DEFAULT 'delivered',
    "worker_id" UUID NOT NULL,
    "group_id" UUID,
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "has_note" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "entered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "service_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service_mandate" (
    "service_id" UUID NOT NULL,
    "paragraph" TEXT NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT NOT NULL,

    CONSTRAINT "service_mandate_pkey" PRIMARY KEY ("service_id","paragraph")
);

-- CreateTable
CREATE TABLE "service_detail" (
    "service_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "mode" TEXT,
    "place_kind" TEXT,
    "minutes" INTEGER,
    "interpreter_used" BOOLEAN,
    "interpreter_language" TEXT,
    "amount" DECIMAL(12,2),
    "currency" CHAR(3),
    "adaptations" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "origin" TEXT,
    "outcome" TEXT,
    "proceedings" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "service_detail_pkey" PRIMARY KEY ("service_id")
);

-- CreateTable
CREATE TABLE "service_note" (
    "id" UUID NOT NULL,
    "service_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "written_by_id" UUID NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "service_note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service_version" (
    "service_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "case_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "line" JSONB NOT NULL,
    "reason" BYTEA NOT NULL,
    "changed_by_id" UUID NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "service_version_pkey" PRIMARY KEY ("service_id","version")
);

-- CreateTable
CREATE TABLE "contact_entry" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "worker_id" UUID NOT NULL,
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "has_text" BOOLEAN NOT NULL DEFAULT false,
    "voided_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "entered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contact_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact_text" (
    "contact_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,

    CONSTRAINT "contact_text_pkey" PRIMARY KEY ("contact_id")
);

-- CreateTable
CREATE TABLE "task" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "need_id" UUID,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event_type" (
    "type" TEXT NOT NULL,
    "action" TEXT NOT NULL,

    CONSTRAINT "audit_event_type_pkey" PRIMARY KEY ("type")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" BIGSERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "agency_id" UUID,
    "holder_agency_id" UUID,
    "type" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "purpose" TEXT,
    "actor_id" UUID,
    "roles" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "session" TEXT,
    "strength" INTEGER,
    "network_prefix" TEXT,
    "request_id" TEXT,
    "subject" TEXT,
    "person_id" UUID,
    "case_id" UUID,
    "fields" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "basis" TEXT,
    "digest_before" BYTEA,
    "digest_after" BYTEA,
    "reason" BYTEA,
    "canonical" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "txid" BIGINT NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_file" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "lead_agency_id" UUID NOT NULL,
    "unit_id" UUID,
    "number" INTEGER NOT NULL,
    "status" "case_status" NOT NULL DEFAULT 'active',
    "stage" "case_stage" NOT NULL DEFAULT 'presumed',
    "risk" "risk_level",
    "risk_review_due" DATE,
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "legal_hold" BOOLEAN NOT NULL DEFAULT false,
    "opened_on" DATE NOT NULL,
    "closed_on" DATE,
    "closure_reason" TEXT,
    "next_due_at" TIMESTAMPTZ(3),
    "needs_open" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "case_file_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_content" (
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "wants_support" "three_way" NOT NULL DEFAULT 'unknown',
    "data_use" "three_way" NOT NULL DEFAULT 'unknown',
    "takes_part" "three_way" NOT NULL DEFAULT 'unknown',
    "identification" "identification_status" NOT NULL DEFAULT 'possible',
    "identified_by" TEXT,
    "identified_on" DATE,
    "identification_reason" BYTEA,
    "acts" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "means" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "purposes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "recruitment" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "sectors" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "places" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "recruiter_relation" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "case_content_pkey" PRIMARY KEY ("case_id")
);

-- CreateTable
CREATE TABLE "assignment" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "lead" BOOLEAN NOT NULL DEFAULT false,
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "assignment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_service_count" (
    "case_id" UUID NOT NULL,
    "category" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "n" INTEGER NOT NULL,

    CONSTRAINT "case_service_count_pkey" PRIMARY KEY ("case_id","agency_id","category")
);

-- CreateTable
CREATE TABLE "mandate_paragraph" (
    "paragraph" TEXT NOT NULL,
    "sort" INTEGER NOT NULL,

    CONSTRAINT "mandate_paragraph_pkey" PRIMARY KEY ("paragraph")
);

-- CreateTable
CREATE TABLE "assistance_category" (
    "category" TEXT NOT NULL,
    "paragraph" TEXT NOT NULL,
    "sort" INTEGER NOT NULL,

    CONSTRAINT "assistance_category_pkey" PRIMARY KEY ("category")
);

-- CreateTable
CREATE TABLE "service_type" (
    "category" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "sort" INTEGER NOT NULL,

    CONSTRAINT "service_type_pkey" PRIMARY KEY ("category","type")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "registered_by_id" UUID NOT NULL,
    "birth_band" INTEGER,
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "case_count" INTEGER NOT NULL DEFAULT 0,
    "import_key" BYTEA,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person_key" (
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "wrap_version" INTEGER NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_key_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "person_identity" (
    "person_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "written_by_id" UUID NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_identity_pkey" PRIMARY KEY ("person_id","version")
);

-- CreateTable
CREATE TABLE "person_profile" (
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "birth_state" "answer_state" NOT NULL DEFAULT 'not_asked',
    "gender_state" "answer_state" NOT NULL DEFAULT 'not_asked',
    "gender" TEXT,
    "citizenship_state" "answer_state" NOT NULL DEFAULT 'not_asked',
    "citizenships" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "language_state" "answer_state" NOT NULL DEFAULT 'not_asked',
    "languages" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "interpreter_state" "answer_state" NOT NULL DEFAULT 'not_asked',
    "interpreter_needed" BOOLEAN,
    "disability_state" "answer_state" NOT NULL DEFAULT 'not_asked',
    "disabilities" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "pregnancy_state" "answer_state" NOT NULL DEFAULT 'not_asked',
    "pregnant" BOOLEAN,
    "dependants_state" "answer_state" NOT NULL DEFAULT 'not_asked',
    "dependants" INTEGER,
    "migration_state" "answer_state" NOT NULL DEFAULT 'not_asked',
    "migration_status" TEXT,
    "displacement_state" "answer_state" NOT NULL DEFAULT 'not_asked',
    "displacement" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_profile_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "safe_contact" (
    "person_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "written_by_id" UUID NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "safe_contact_pkey" PRIMARY KEY ("person_id","version")
);

-- CreateTable
CREATE TABLE "search_token" (
    "agency_id" UUID NOT NULL,
    "token" BYTEA NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "weight" SMALLINT NOT NULL,

    CONSTRAINT "search_token_pkey" PRIMARY KEY ("agency_id","token","person_id")
);

-- CreateTable
CREATE TABLE "rollup_delta" (
    "id" BIGSERIAL NOT NULL,
    "agency_id" UUID NOT NULL,
    "measure" TEXT NOT NULL,
    "paragraph" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "restricted" BOOLEAN NOT NULL,
    "n" INTEGER NOT NULL,

    CONSTRAINT "rollup_delta_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rollup" (
    "agency_id" UUID NOT NULL,
    "measure" TEXT NOT NULL,
    "paragraph" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "restricted" BOOLEAN NOT NULL,
    "n" BIGINT NOT NULL,

    CONSTRAINT "rollup_pkey" PRIMARY KEY ("agency_id","measure","month","paragraph","category","type","state","restricted")
);

-- CreateTable
CREATE TABLE "rollup_person" (
    "agency_id" UUID NOT NULL,
    "paragraph" TEXT NOT NULL,
    "year" INTEGER NOT NULL,
    "person_id" UUID NOT NULL,
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "n" INTEGER NOT NULL,

    CONSTRAINT "rollup_person_pkey" PRIMARY KEY ("agency_id","paragraph","year","person_id")
);

-- CreateTable
CREATE TABLE "installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "demonstration" BOOLEAN NOT NULL DEFAULT false,
    "clock_offset_seconds" BIGINT NOT NULL DEFAULT 0,
    "key_check" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "credential_agency_id_idx" ON "credential"("agency_id");

-- CreateIndex
CREATE INDEX "session_agency_id_member_id_idx" ON "session"("agency_id", "member_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- CreateIndex
CREATE INDEX "api_token_agency_id_member_id_idx" ON "api_token"("agency_id", "member_id");

-- CreateIndex
CREATE INDEX "invitation_agency_id_member_id_idx" ON "invitation"("agency_id", "member_id");

-- CreateIndex
CREATE INDEX "kept_form_agency_id_member_id_idx" ON "kept_form"("agency_id", "member_id");

-- CreateIndex
CREATE INDEX "search_handle_agency_id_member_id_idx" ON "search_handle"("agency_id", "member_id");

-- CreateIndex
CREATE INDEX "idempotency_key_agency_id_created_at_idx" ON "idempotency_key"("agency_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "network_key_key" ON "network"("key");

-- CreateIndex
CREATE UNIQUE INDEX "agency_key_key" ON "agency"("key");

-- CreateIndex
CREATE INDEX "agency_network_id_idx" ON "agency"("network_id");

-- CreateIndex
CREATE UNIQUE INDEX "agency_unit_agency_id_id_key" ON "agency_unit"("agency_id", "id");

-- CreateIndex
CREATE INDEX "unit_cover_agency_id_member_id_ends_at_idx" ON "unit_cover"("agency_id", "member_id", "ends_at");

-- CreateIndex
CREATE UNIQUE INDEX "member_email_key" ON "member"("email");

-- CreateIndex
CREATE INDEX "member_agency_id_status_idx" ON "member"("agency_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "member_agency_id_id_key" ON "member"("agency_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "need_code_key" ON "need"("code");

-- CreateIndex
CREATE INDEX "need_agency_id_state_contact_due_at_id_idx" ON "need"("agency_id", "state", "contact_due_at", "id");

-- CreateIndex
CREATE INDEX "need_agency_id_contact_due_at_id_idx" ON "need"("agency_id", "contact_due_at", "id");

-- CreateIndex
CREATE INDEX "need_holder_agency_id_case_id_idx" ON "need"("holder_agency_id", "case_id");

-- CreateIndex
CREATE UNIQUE INDEX "need_id_holder_agency_id_case_id_key" ON "need"("id", "holder_agency_id", "case_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_code_key" ON "service"("code");

-- CreateIndex
CREATE INDEX "service_agency_id_delivered_on_id_idx" ON "service"("agency_id", "delivered_on" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "service_agency_id_category_delivered_on_id_idx" ON "service"("agency_id", "category", "delivered_on" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "service_agency_id_worker_id_delivered_on_id_idx" ON "service"("agency_id", "worker_id", "delivered_on" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "service_case_id_delivered_on_id_idx" ON "service"("case_id", "delivered_on" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "service_holder_agency_id_person_id_idx" ON "service"("holder_agency_id", "person_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_id_holder_agency_id_key" ON "service"("id", "holder_agency_id");

-- CreateIndex
CREATE INDEX "service_mandate_agency_id_paragraph_idx" ON "service_mandate"("agency_id", "paragraph");

-- CreateIndex
CREATE INDEX "service_mandate_holder_agency_id_idx" ON "service_mandate"("holder_agency_id");

-- CreateIndex
CREATE INDEX "service_detail_agency_id_idx" ON "service_detail"("agency_id");

-- CreateIndex
CREATE INDEX "service_detail_holder_agency_id_idx" ON "service_detail"("holder_agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_detail_service_id_holder_agency_id_key" ON "service_detail"("service_id", "holder_agency_id");

-- CreateIndex
CREATE INDEX "service_note_service_id_idx" ON "service_note"("service_id");

-- CreateIndex
CREATE INDEX "service_note_agency_id_idx" ON "service_note"("agency_id");

-- CreateIndex
CREATE INDEX "service_note_holder_agency_id_idx" ON "service_note"("holder_agency_id");

-- CreateIndex
CREATE INDEX "service_version_agency_id_idx" ON "service_version"("agency_id");

-- CreateIndex
CREATE INDEX "service_version_holder_agency_id_idx" ON "service_version"("holder_agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "contact_entry_code_key" ON "contact_entry"("code");

-- CreateIndex
CREATE INDEX "contact_entry_case_id_occurred_at_id_idx" ON "contact_entry"("case_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "contact_entry_agency_id_occurred_at_id_idx" ON "contact_entry"("agency_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "contact_entry_holder_agency_id_idx" ON "contact_entry"("holder_agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "contact_entry_id_holder_agency_id_key" ON "contact_entry"("id", "holder_agency_id");

-- CreateIndex
CREATE INDEX "contact_text_agency_id_idx" ON "contact_text"("agency_id");

-- CreateIndex
CREATE INDEX "contact_text_holder_agency_id_idx" ON "contact_text"("holder_agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "contact_text_contact_id_holder_agency_id_key" ON "contact_text"("contact_id", "holder_agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "task_code_key" ON "task"("code");

-- CreateIndex
CREATE INDEX "task_owner_id_done_at_due_at_id_idx" ON "task"("owner_id", "done_at", "due_at", "id");

-- CreateIndex
CREATE INDEX "task_case_id_done_at_due_at_idx" ON "task"("case_id", "done_at", "due_at");

-- CreateIndex
CREATE INDEX "task_agency_id_done_at_due_at_idx" ON "task"("agency_id", "done_at", "due_at");

-- CreateIndex
CREATE INDEX "task_holder_agency_id_idx" ON "task"("holder_agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_code_key" ON "audit_event"("code");

-- CreateIndex
CREATE INDEX "audit_event_agency_id_at_id_idx" ON "audit_event"("agency_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_event_agency_id_person_id_id_idx" ON "audit_event"("agency_id", "person_id", "id" DESC);

-- CreateIndex
CREATE INDEX "audit_event_agency_id_case_id_id_idx" ON "audit_event"("agency_id", "case_id", "id" DESC);

-- CreateIndex
CREATE INDEX "audit_event_holder_agency_id_person_id_id_idx" ON "audit_event"("holder_agency_id", "person_id", "id" DESC);

-- CreateIndex
CREATE INDEX "audit_event_agency_id_actor_id_id_idx" ON "audit_event"("agency_id", "actor_id", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "case_file_code_key" ON "case_file"("code");

-- CreateIndex
CREATE INDEX "case_file_agency_id_status_opened_on_id_idx" ON "case_file"("agency_id", "status", "opened_on" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "case_file_agency_id_opened_on_id_idx" ON "case_file"("agency_id", "opened_on" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "case_file_holder_agency_id_person_id_idx" ON "case_file"("holder_agency_id", "person_id");

-- CreateIndex
CREATE UNIQUE INDEX "case_file_id_holder_agency_id_person_id_key" ON "case_file"("id", "holder_agency_id", "person_id");

-- CreateIndex
CREATE UNIQUE INDEX "case_file_person_id_number_key" ON "case_file"("person_id", "number");

-- CreateIndex
CREATE INDEX "case_content_holder_agency_id_idx" ON "case_content"("holder_agency_id");

-- CreateIndex
CREATE INDEX "case_content_agency_id_idx" ON "case_content"("agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "case_content_case_id_holder_agency_id_person_id_key" ON "case_content"("case_id", "holder_agency_id", "person_id");

-- CreateIndex
CREATE INDEX "assignment_member_id_ended_at_case_id_idx" ON "assignment"("member_id", "ended_at", "case_id");

-- CreateIndex
CREATE INDEX "assignment_case_id_ended_at_idx" ON "assignment"("case_id", "ended_at");

-- CreateIndex
CREATE INDEX "assignment_agency_id_idx" ON "assignment"("agency_id");

-- CreateIndex
CREATE INDEX "assignment_holder_agency_id_idx" ON "assignment"("holder_agency_id");

-- CreateIndex
CREATE INDEX "case_service_count_agency_id_idx" ON "case_service_count"("agency_id");

-- CreateIndex
CREATE INDEX "case_service_count_holder_agency_id_idx" ON "case_service_count"("holder_agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_code_key" ON "person"("code");

-- CreateIndex
CREATE INDEX "person_holder_agency_id_created_at_id_idx" ON "person"("holder_agency_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "person_agency_id_registered_by_id_idx" ON "person"("agency_id", "registered_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_id_holder_agency_id_key" ON "person"("id", "holder_agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_holder_agency_id_import_key_key" ON "person"("holder_agency_id", "import_key");

-- CreateIndex
CREATE INDEX "person_key_holder_agency_id_idx" ON "person_key"("holder_agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_key_person_id_holder_agency_id_key" ON "person_key"("person_id", "holder_agency_id");

-- CreateIndex
CREATE INDEX "person_identity_holder_agency_id_idx" ON "person_identity"("holder_agency_id");

-- CreateIndex
CREATE INDEX "person_profile_holder_agency_id_idx" ON "person_profile"("holder_agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_profile_person_id_holder_agency_id_key" ON "person_profile"("person_id", "holder_agency_id");

-- CreateIndex
CREATE INDEX "safe_contact_holder_agency_id_idx" ON "safe_contact"("holder_agency_id");

-- CreateIndex
CREATE INDEX "search_token_holder_agency_id_person_id_idx" ON "search_token"("holder_agency_id", "person_id");

-- CreateIndex
CREATE INDEX "rollup_delta_agency_id_id_idx" ON "rollup_delta"("agency_id", "id");

-- AddForeignKey
ALTER TABLE "agency" ADD CONSTRAINT "agency_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "agency_unit" ADD CONSTRAINT "agency_unit_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "unit_cover" ADD CONSTRAINT "unit_cover_agency_id_unit_id_fkey" FOREIGN KEY ("agency_id", "unit_id") REFERENCES "agency_unit"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "unit_cover" ADD CONSTRAINT "unit_cover_agency_id_member_id_fkey" FOREIGN KEY ("agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_agency_id_unit_id_fkey" FOREIGN KEY ("agency_id", "unit_id") REFERENCES "agency_unit"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "agency_key" ADD CONSTRAINT "agency_key_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "need" ADD CONSTRAINT "need_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_need_id_holder_agency_id_case_id_fkey" FOREIGN KEY ("need_id", "holder_agency_id", "case_id") REFERENCES "need"("id", "holder_agency_id", "case_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_agency_id_worker_id_fkey" FOREIGN KEY ("agency_id", "worker_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_category_type_fkey" FOREIGN KEY ("category", "type") REFERENCES "service_type"("category", "type") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "service_mandate" ADD CONSTRAINT "service_mandate_service_id_holder_agency_id_fkey" FOREIGN KEY ("service_id", "holder_agency_id") REFERENCES "service"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "service_mandate" ADD CONSTRAINT "service_mandate_paragraph_fkey" FOREIGN KEY ("paragraph") REFERENCES "mandate_paragraph"("paragraph") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "service_detail" ADD CONSTRAINT "service_detail_service_id_holder_agency_id_fkey" FOREIGN KEY ("service_id", "holder_agency_id") REFERENCES "service"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "service_note" ADD CONSTRAINT "service_note_service_id_holder_agency_id_fkey" FOREIGN KEY ("service_id", "holder_agency_id") REFERENCES "service"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "service_version" ADD CONSTRAINT "service_version_service_id_holder_agency_id_fkey" FOREIGN KEY ("service_id", "holder_agency_id") REFERENCES "service"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contact_entry" ADD CONSTRAINT "contact_entry_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contact_text" ADD CONSTRAINT "contact_text_contact_id_holder_agency_id_fkey" FOREIGN KEY ("contact_id", "holder_agency_id") REFERENCES "contact_entry"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_agency_id_owner_id_fkey" FOREIGN KEY ("agency_id", "owner_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_type_fkey" FOREIGN KEY ("type") REFERENCES "audit_event_type"("type") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "case_file" ADD CONSTRAINT "case_file_person_id_holder_agency_id_fkey" FOREIGN KEY ("person_id", "holder_agency_id") REFERENCES "person"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "case_file" ADD CONSTRAINT "case_file_agency_id_unit_id_fkey" FOREIGN KEY ("agency_id", "unit_id") REFERENCES "agency_unit"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "case_content" ADD CONSTRAINT "case_content_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_agency_id_member_id_fkey" FOREIGN KEY ("agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "case_service_count" ADD CONSTRAINT "case_service_count_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "assistance_category" ADD CONSTRAINT "assistance_category_paragraph_fkey" FOREIGN KEY ("paragraph") REFERENCES "mandate_paragraph"("paragraph") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "service_type" ADD CONSTRAINT "service_type_category_fkey" FOREIGN KEY ("category") REFERENCES "assistance_category"("category") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_holder_agency_id_fkey" FOREIGN KEY ("holder_agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_agency_id_registered_by_id_fkey" FOREIGN KEY ("agency_id", "registered_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "person_key" ADD CONSTRAINT "person_key_person_id_holder_agency_id_fkey" FOREIGN KEY ("person_id", "holder_agency_id") REFERENCES "person"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "person_identity" ADD CONSTRAINT "person_identity_person_id_holder_agency_id_fkey" FOREIGN KEY ("person_id", "holder_agency_id") REFERENCES "person"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "person_profile" ADD CONSTRAINT "person_profile_person_id_holder_agency_id_fkey" FOREIGN KEY ("person_id", "holder_agency_id") REFERENCES "person"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "safe_contact" ADD CONSTRAINT "safe_contact_person_id_holder_agency_id_fkey" FOREIGN KEY ("person_id", "holder_agency_id") REFERENCES "person"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "search_token" ADD CONSTRAINT "search_token_person_id_holder_agency_id_fkey" FOREIGN KEY ("person_id", "holder_agency_id") REFERENCES "person"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
