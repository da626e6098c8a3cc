-- What a person allows to be done with their data, what an agency rests on beside it, what left, and the one question that
-- everything asks before anything is shared: may these fields go to this agency for this purpose now, and on which basis?

CREATE TABLE "disclosure_field" (
    "key" TEXT NOT NULL,
    "category" TEXT,
    "identity" TEXT NOT NULL,
    "sort" INTEGER NOT NULL,

    CONSTRAINT "disclosure_field_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "consent" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "replaces_id" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,
    "purpose" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "to_agency_id" UUID,
    "to_kind" TEXT,
    "categories" TEXT[],
    "identity" TEXT NOT NULL,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE,
    "given_by" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "language" TEXT,
    "interpreter" BOOLEAN NOT NULL DEFAULT false,
    "explained" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "explained_by_id" UUID,
    "withheld" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "withheld_why" TEXT,
    "child" BOOLEAN NOT NULL DEFAULT false,
    "child_view" TEXT,
    "sealed" BYTEA,
    "recorded_by_id" UUID NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consent_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "consent_withdrawal" (
    "consent_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "given_by" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "language" TEXT,
    "reason" BYTEA,
    "recorded_by_id" UUID NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consent_withdrawal_pkey" PRIMARY KEY ("consent_id")
);

CREATE TABLE "case_answer" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "question" TEXT NOT NULL,
    "answer" "three_way" NOT NULL,
    "recorded_by_id" UUID,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "case_answer_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "lawful_basis" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL DEFAULT app.new_code('LBS'::text),
    "agency_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "to_kind" TEXT,
    "basis" TEXT NOT NULL,
    "categories" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "identity" TEXT NOT NULL DEFAULT 'none',
    "source" TEXT NOT NULL,
    "set_by_id" UUID,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lawful_basis_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "sharing_exception" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL DEFAULT app.new_code('EXC'::text),
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "to_agency_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "fields" TEXT[],
    "basis" TEXT NOT NULL,
    "reason" BYTEA NOT NULL,
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "sharing_exception_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "exception_finding" (
    "exception_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "agency_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "verdict" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "exception_finding_pkey" PRIMARY KEY ("exception_id","role")
);

CREATE TABLE "disclosure" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "code" TEXT NOT NULL DEFAULT app.new_code('DIS'::text),
    "at" TIMESTAMPTZ(3) NOT NULL,
    "person_id" UUID,
    "case_id" UUID,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "way" TEXT NOT NULL,
    "receiver" TEXT NOT NULL,
    "to_agency_id" UUID,
    "purpose" TEXT NOT NULL,
    "fields" TEXT[],
    "bases" TEXT[],
    "basis_codes" TEXT[],
    "subject" TEXT,
    "member_id" UUID,

    CONSTRAINT "disclosure_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "member_permission" (
    "agency_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "permission" TEXT NOT NULL,
    "given_by_id" UUID,
    "given_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_permission_pkey" PRIMARY KEY ("agency_id","member_id","permission")
);
CREATE UNIQUE INDEX "consent_code_key" ON "consent"("code");
CREATE UNIQUE INDEX "consent_replaces_id_key" ON "consent"("replaces_id");
CREATE INDEX "consent_case_id_purpose_recorded_at_idx" ON "consent"("case_id", "purpose", "recorded_at");
CREATE INDEX "consent_agency_id_idx" ON "consent"("agency_id");
CREATE INDEX "consent_holder_agency_id_idx" ON "consent"("holder_agency_id");
CREATE UNIQUE INDEX "consent_id_holder_agency_id_case_id_key" ON "consent"("id", "holder_agency_id", "case_id");
CREATE UNIQUE INDEX "consent_replaces_id_holder_agency_id_case_id_key" ON "consent"("replaces_id", "holder_agency_id", "case_id");
CREATE INDEX "consent_withdrawal_case_id_idx" ON "consent_withdrawal"("case_id");
CREATE INDEX "consent_withdrawal_agency_id_idx" ON "consent_withdrawal"("agency_id");
CREATE INDEX "consent_withdrawal_holder_agency_id_idx" ON "consent_withdrawal"("holder_agency_id");
CREATE UNIQUE INDEX "consent_withdrawal_consent_id_holder_agency_id_case_id_key" ON "consent_withdrawal"("consent_id", "holder_agency_id", "case_id");
CREATE INDEX "case_answer_case_id_recorded_at_idx" ON "case_answer"("case_id", "recorded_at");
CREATE INDEX "case_answer_agency_id_idx" ON "case_answer"("agency_id");
CREATE INDEX "case_answer_holder_agency_id_idx" ON "case_answer"("holder_agency_id");
CREATE UNIQUE INDEX "lawful_basis_code_key" ON "lawful_basis"("code");
CREATE INDEX "lawful_basis_agency_id_purpose_set_at_idx" ON "lawful_basis"("agency_id", "purpose", "set_at" DESC);
CREATE UNIQUE INDEX "sharing_exception_code_key" ON "sharing_exception"("code");
CREATE INDEX "sharing_exception_case_id_purpose_idx" ON "sharing_exception"("case_id", "purpose");
CREATE INDEX "sharing_exception_agency_id_made_at_idx" ON "sharing_exception"("agency_id", "made_at" DESC);
CREATE INDEX "sharing_exception_holder_agency_id_idx" ON "sharing_exception"("holder_agency_id");
CREATE UNIQUE INDEX "sharing_exception_id_holder_agency_id_key" ON "sharing_exception"("id", "holder_agency_id");
CREATE INDEX "exception_finding_agency_id_idx" ON "exception_finding"("agency_id");
CREATE INDEX "exception_finding_holder_agency_id_idx" ON "exception_finding"("holder_agency_id");
CREATE UNIQUE INDEX "disclosure_code_key" ON "disclosure"("code");
CREATE INDEX "disclosure_holder_agency_id_person_id_at_idx" ON "disclosure"("holder_agency_id", "person_id", "at" DESC);
CREATE INDEX "disclosure_case_id_at_idx" ON "disclosure"("case_id", "at" DESC);
CREATE INDEX "disclosure_agency_id_at_idx" ON "disclosure"("agency_id", "at" DESC);
ALTER TABLE "consent" ADD CONSTRAINT "consent_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "consent" ADD CONSTRAINT "consent_to_agency_id_fkey" FOREIGN KEY ("to_agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "consent" ADD CONSTRAINT "consent_replaces_id_holder_agency_id_case_id_fkey" FOREIGN KEY ("replaces_id", "holder_agency_id", "case_id") REFERENCES "consent"("id", "holder_agency_id", "case_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "consent" ADD CONSTRAINT "consent_agency_id_recorded_by_id_fkey" FOREIGN KEY ("agency_id", "recorded_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "consent" ADD CONSTRAINT "consent_agency_id_explained_by_id_fkey" FOREIGN KEY ("agency_id", "explained_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "consent_withdrawal" ADD CONSTRAINT "consent_withdrawal_consent_id_holder_agency_id_case_id_fkey" FOREIGN KEY ("consent_id", "holder_agency_id", "case_id") REFERENCES "consent"("id", "holder_agency_id", "case_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "consent_withdrawal" ADD CONSTRAINT "consent_withdrawal_agency_id_recorded_by_id_fkey" FOREIGN KEY ("agency_id", "recorded_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "case_answer" ADD CONSTRAINT "case_answer_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "lawful_basis" ADD CONSTRAINT "lawful_basis_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "lawful_basis" ADD CONSTRAINT "lawful_basis_agency_id_set_by_id_fkey" FOREIGN KEY ("agency_id", "set_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "sharing_exception" ADD CONSTRAINT "sharing_exception_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "sharing_exception" ADD CONSTRAINT "sharing_exception_to_agency_id_fkey" FOREIGN KEY ("to_agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "sharing_exception" ADD CONSTRAINT "sharing_exception_agency_id_made_by_id_fkey" FOREIGN KEY ("agency_id", "made_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "exception_finding" ADD CONSTRAINT "exception_finding_exception_id_holder_agency_id_fkey" FOREIGN KEY ("exception_id", "holder_agency_id") REFERENCES "sharing_exception"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "exception_finding" ADD CONSTRAINT "exception_finding_agency_id_member_id_fkey" FOREIGN KEY ("agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "disclosure" ADD CONSTRAINT "disclosure_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "disclosure" ADD CONSTRAINT "disclosure_person_id_holder_agency_id_fkey" FOREIGN KEY ("person_id", "holder_agency_id") REFERENCES "person"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "disclosure" ADD CONSTRAINT "disclosure_to_agency_id_fkey" FOREIGN KEY ("to_agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "disclosure" ADD CONSTRAINT "disclosure_agency_id_member_id_fkey" FOREIGN KEY ("agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "member_permission" ADD CONSTRAINT "member_permission_agency_id_member_id_fkey" FOREIGN KEY ("agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "member_permission" ADD CONSTRAINT "member_permission_agency_id_given_by_id_fkey" FOREIGN KEY ("agency_id", "given_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ---------------------------------------------------------------------------------------------------------------
-- What holds whoever writes a row

ALTER TABLE public.disclosure_field
  ADD CONSTRAINT disclosure_field_identity CHECK (identity IN ('none', 'contact', 'full')),
  ADD CONSTRAINT disclosure_field_category CHECK (category IN ('legal', 'psychological', 'medical', 'social', 'residency', 'reintegration'));
ALTER TABLE public.consent
  ADD CONSTRAINT consent_purpose CHECK (purpose IN ('case_management', 'sharing', 'statistics', 'contact')),
  ADD CONSTRAINT consent_answer CHECK (answer IN ('given', 'refused')),
  ADD CONSTRAINT consent_identity CHECK (identity IN ('none', 'contact', 'full')),
  ADD CONSTRAINT consent_to_kind CHECK (to_kind IS NULL OR (to_kind IN ('government', 'ngo', 'intergovernmental') AND to_agency_id IS NULL)),
  -- Nobody agrees to "anybody": whoever receives something is named, or their kind is.
  ADD CONSTRAINT consent_receiver CHECK (answer = 'refused' OR purpose IN ('case_management', 'statistics') OR to_agency_id IS NOT NULL OR to_kind IS NOT NULL),
  ADD CONSTRAINT consent_categories CHECK (cardinality(categories) > 0
    AND categories <@ ARRAY['legal', 'psychological', 'medical', 'social', 'residency', 'reintegration']),
  ADD CONSTRAINT consent_days CHECK (ends_on IS NULL OR (ends_on >= starts_on AND answer = 'given')),
  ADD CONSTRAINT consent_given_by CHECK (given_by IN ('person', 'guardian', 'other')),
  ADD CONSTRAINT consent_method CHECK (method IN ('written', 'spoken', 'interpreter')),
  ADD CONSTRAINT consent_explained CHECK (explained <@ ARRAY['interview', 'purpose', 'use', 'research', 'access', 'storage', 'withdrawal']),
  ADD CONSTRAINT consent_withheld CHECK ((cardinality(withheld) = 0) = (withheld_why IS NULL) AND withheld_why IN ('fear_of_harm', 'tell_in_person', 'other')),
  -- Of a child it is written down what is best for them, and what they themselves say.
  ADD CONSTRAINT consent_child CHECK (NOT child OR (child_view IS NOT NULL AND sealed IS NOT NULL)),
  ADD CONSTRAINT consent_child_view CHECK (child_view IN ('agrees', 'disagrees', 'too_young'));
ALTER TABLE public.consent_withdrawal
  ADD CONSTRAINT consent_withdrawal_given_by CHECK (given_by IN ('person', 'guardian', 'other')),
  ADD CONSTRAINT consent_withdrawal_method CHECK (method IN ('written', 'spoken', 'interpreter'));
ALTER TABLE public.case_answer
  ADD CONSTRAINT case_answer_question CHECK (question IN ('wants_support', 'data_use', 'takes_part'));
ALTER TABLE public.lawful_basis
  ADD CONSTRAINT lawful_basis_purpose CHECK (purpose IN ('case_management', 'sharing', 'statistics', 'contact')),
  ADD CONSTRAINT lawful_basis_basis CHECK (basis IN ('consent', 'public_task', 'legal_duty', 'vital_interest')),
  ADD CONSTRAINT lawful_basis_to_kind CHECK (to_kind IN ('government', 'ngo', 'intergovernmental')),
  ADD CONSTRAINT lawful_basis_identity CHECK (identity IN ('none', 'contact', 'full')),
  ADD CONSTRAINT lawful_basis_categories CHECK (categories <@ ARRAY['legal', 'psychological', 'medical', 'social', 'residency', 'reintegration']);
ALTER TABLE public.sharing_exception
  ADD CONSTRAINT sharing_exception_purpose CHECK (purpose IN ('sharing', 'contact')),
  ADD CONSTRAINT sharing_exception_basis CHECK (basis IN ('vital_interest', 'best_interests', 'legal_duty')),
  ADD CONSTRAINT sharing_exception_fields CHECK (cardinality(fields) > 0),
  ADD CONSTRAINT sharing_exception_days CHECK (ends_at > made_at AND ends_at <= made_at + interval '31 days'),
  ADD CONSTRAINT sharing_exception_end CHECK (ended_at IS NULL OR ended_at <= ends_at);
ALTER TABLE public.exception_finding
  ADD CONSTRAINT exception_finding_role CHECK (role IN ('coordinator', 'auditor')),
  ADD CONSTRAINT exception_finding_verdict CHECK (verdict IN ('justified', 'not_justified', 'follow_up'));
ALTER TABLE public.disclosure
  ADD CONSTRAINT disclosure_way CHECK (way IN ('preview', 'package', 'export', 'print', 'api', 'statement')),
  ADD CONSTRAINT disclosure_receiver CHECK (receiver IN ('agency', 'person', 'administrator') AND (receiver = 'agency') = (to_agency_id IS NOT NULL)),
  -- Whatever goes to another agency names what allows it.
  ADD CONSTRAINT disclosure_basis CHECK (cardinality(bases) > 0 AND (receiver <> 'agency' OR cardinality(basis_codes) > 0)),
  ADD CONSTRAINT disclosure_fields CHECK (cardinality(fields) > 0);
ALTER TABLE public.member_permission
  ADD CONSTRAINT member_permission_known CHECK (permission IN ('share_without_consent'));

INSERT INTO public.disclosure_field (key, category, identity, sort) VALUES
  ('profile.birth_band', NULL, 'none', 10), ('profile.gender', NULL, 'none', 11), ('profile.languages', NULL, 'none', 12),
  ('profile.citizenship', NULL, 'none', 13), ('profile.dependants', NULL, 'none', 14), ('profile.disability', NULL, 'none', 15),
  ('profile.residency', NULL, 'none', 16), ('case.stage', NULL, 'none', 20), ('case.risk', NULL, 'none', 21),
  ('need.legal', 'legal', 'none', 30), ('need.psychological', 'psychological', 'none', 31), ('need.medical', 'medical', 'none', 32),
  ('need.social', 'social', 'none', 33), ('need.residency', 'residency', 'none', 34), ('need.reintegration', 'reintegration', 'none', 35),
  ('service.legal', 'legal', 'none', 40), ('service.psychological', 'psychological', 'none', 41), ('service.medical', 'medical', 'none', 42),
  ('service.social', 'social', 'none', 43), ('service.residency', 'residency', 'none', 44), ('service.reintegration', 'reintegration', 'none', 45),
  ('contact.name', NULL, 'contact', 50), ('contact.channels', NULL, 'contact', 51), ('contact.rules', NULL, 'contact', 52),
  ('identity.names', NULL, 'full', 60), ('identity.birth_date', NULL, 'full', 61), ('identity.documents', NULL, 'full', 62),
  ('identity.addresses', NULL, 'full', 63), ('case.experience', NULL, 'full', 70), ('case.identification', NULL, 'full', 71);

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES
  ('consent.given', 'create', false), ('consent.refused', 'create', false), ('consent.withdrawn', 'update', false), ('consent.viewed', 'read', false),
  ('consent.listed', 'list', false), ('sharing.explained', 'read', false), ('agency.basis-set', 'create', true), ('agency.bases-listed', 'list', false),
  ('sharing-exception.made', 'create', false), ('sharing-exception.ended', 'update', false), ('sharing-exception.listed', 'list', false),
  ('sharing-exception.settled', 'update', false), ('disclosure.made', 'export', false), ('disclosure.listed', 'list', false),
  ('statement.viewed', 'read', false), ('statement.printed', 'print', false),
  ('member.permission-given', 'update', true), ('member.permission-ended', 'update', true);

INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('sharing-exception.made', true, true, false, 40);

-- ---------------------------------------------------------------------------------------------------------------
-- Who reads and writes rows

DO $$
DECLARE
  t text;
  readers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member']) r);
  team constant text := '(agency_id = (SELECT app.casework_agency()) OR holder_agency_id = (SELECT app.casework_agency()))
    AND agency_id = (SELECT app.casework_agency()) AND app.on_team(case_id)';
BEGIN
  FOREACH t IN ARRAY ARRAY['disclosure_field', 'consent', 'consent_withdrawal', 'case_answer', 'lawful_basis', 'sharing_exception', 'exception_finding',
      'disclosure', 'member_permission'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
  FOREACH t IN ARRAY ARRAY['consent', 'consent_withdrawal', 'case_answer', 'sharing_exception'] LOOP
    EXECUTE format('GRANT SELECT ON public.%I TO %s', t, readers);
    EXECUTE format('CREATE POLICY team_read ON public.%I FOR SELECT TO %s USING (%s)', t, readers, team);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['consent', 'consent_withdrawal'] LOOP
    EXECUTE format('GRANT INSERT ON public.%I TO %I', t, app.db_role('member'));
    EXECUTE format('CREATE POLICY team_add ON public.%I FOR INSERT TO %I WITH CHECK (agency_id = (SELECT app.casework_agency())
      AND holder_agency_id = (SELECT app.casework_agency()) AND recorded_by_id = (SELECT app.member_id()) AND app.on_team(case_id))', t, app.db_role('member'));
  END LOOP;
  EXECUTE format('GRANT SELECT ON public.disclosure TO %s', readers);
  EXECUTE format('CREATE POLICY team_read ON public.disclosure FOR SELECT TO %s USING (
    (agency_id = (SELECT app.casework_agency()) OR holder_agency_id = (SELECT app.casework_agency()))
    AND (person_id IS NULL OR (case_id IS NULL AND app.person_team(person_id)) OR app.on_team(case_id)))', readers);
  EXECUTE format('GRANT SELECT ON public.lawful_basis, public.member_permission TO %s', readers);
  EXECUTE format('CREATE POLICY own_agency_read ON public.lawful_basis FOR SELECT TO %s USING (agency_id = (SELECT app.agency_id()))', readers);
  EXECUTE format('CREATE POLICY own_agency_read ON public.member_permission FOR SELECT TO %s USING (agency_id = (SELECT app.agency_id()))', readers);
  EXECUTE format('GRANT SELECT ON public.disclosure_field TO %s', readers);
  EXECUTE format('CREATE POLICY signed_in_read ON public.disclosure_field FOR SELECT TO %s USING ((SELECT app.member_id()) IS NOT NULL)', readers);
  -- What may change of them: the seal under a newer key, the end of an exception, a permission that is taken back.
  EXECUTE format('GRANT UPDATE (sealed) ON public.consent TO %I', app.db_role('definer'));
  EXECUTE format('GRANT UPDATE (reason) ON public.consent_withdrawal TO %I', app.db_role('definer'));
  EXECUTE format('GRANT UPDATE (reason, ended_at) ON public.sharing_exception TO %I', app.db_role('definer'));
  EXECUTE format('GRANT DELETE ON public.member_permission TO %I', app.db_role('definer'));
END
$$;

/* Who wrote a row and when says the signed context, not the row. The owner's bulk loads have none. */
CREATE FUNCTION app.stamp_consent() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx.member_id IS NULL THEN RETURN NEW; END IF;
  NEW.recorded_by_id := ctx.member_id;
  IF TG_TABLE_NAME = 'consent' THEN NEW.recorded_at := app.now(); ELSE NEW.withdrawn_at := app.now(); END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER consent_stamped BEFORE INSERT ON public.consent FOR EACH ROW EXECUTE FUNCTION app.stamp_consent();
CREATE TRIGGER consent_withdrawal_stamped BEFORE INSERT ON public.consent_withdrawal FOR EACH ROW EXECUTE FUNCTION app.stamp_consent();

/* Versions, never edits: of a row that stands nothing changes but its seal, under a newer version of the person's key. */
CREATE FUNCTION app.keep_as_said() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  seal constant text := TG_ARGV[0];
  before jsonb := to_jsonb(OLD);
  after jsonb := to_jsonb(NEW);
BEGIN
  IF TG_NARGS > 1 AND before ->> TG_ARGV[1] IS NULL THEN before := before - TG_ARGV[1]; after := after - TG_ARGV[1]; END IF;
  IF before - seal IS DISTINCT FROM after - seal
     OR (before -> seal IS DISTINCT FROM after -> seal AND NOT coalesce(
       app.sealed_key((after ->> seal)::bytea) = OLD.person_id
       AND app.sealed_version((after ->> seal)::bytea) > app.sealed_version((before ->> seal)::bytea), false)) THEN
    RAISE EXCEPTION 'What was said stays as it was said' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER consent_kept BEFORE UPDATE ON public.consent FOR EACH ROW EXECUTE FUNCTION app.keep_as_said('sealed');
CREATE TRIGGER consent_withdrawal_kept BEFORE UPDATE ON public.consent_withdrawal FOR EACH ROW EXECUTE FUNCTION app.keep_as_said('reason');
CREATE TRIGGER sharing_exception_kept BEFORE UPDATE ON public.sharing_exception FOR EACH ROW EXECUTE FUNCTION app.keep_as_said('reason', 'ended_at');

/* The ledger, findings, bases and answers take nothing but new rows, from whomever. */
CREATE FUNCTION app.only_added_to() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['consent', 'consent_withdrawal', 'sharing_exception'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION app.only_added_to()', t || '_stays', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['case_answer', 'lawful_basis', 'exception_finding', 'disclosure'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION app.only_added_to()', t || '_stays', t);
  END LOOP;
END
$$;

-- A version follows the one it replaces, of the same purpose; what was withdrawn is asked anew, not continued.
CREATE FUNCTION app.follow_consent() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  before record;
BEGIN
  SELECT c.version, c.purpose INTO before FROM public.consent c WHERE c.id = NEW.replaces_id FOR UPDATE;
  IF before.purpose IS DISTINCT FROM NEW.purpose OR NEW.version IS DISTINCT FROM before.version + 1
     OR EXISTS (SELECT 1 FROM public.consent_withdrawal w WHERE w.consent_id = NEW.replaces_id) THEN
    RAISE EXCEPTION 'A version follows a living answer of the same purpose' USING ERRCODE = '23514', CONSTRAINT = 'consent_follows';
  END IF;
  RETURN NEW;
END
$$;

/* A withdrawal ends something given and not replaced. */
CREATE FUNCTION app.withdraw_what_lives() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  given record;
BEGIN
  SELECT c.answer, c.person_id INTO given FROM public.consent c WHERE c.id = NEW.consent_id FOR UPDATE;
  IF given.answer IS DISTINCT FROM 'given' OR given.person_id IS DISTINCT FROM NEW.person_id
     OR EXISTS (SELECT 1 FROM public.consent n WHERE n.replaces_id = NEW.consent_id) THEN
    RAISE EXCEPTION 'Only a living consent is withdrawn' USING ERRCODE = '23514', CONSTRAINT = 'consent_withdrawal_living';
  END IF;
  RETURN NEW;
END
$$;

/* What the three answers were: a line whenever one of them becomes another. */
CREATE FUNCTION app.keep_answers() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  INSERT INTO public.case_answer (case_id, person_id, holder_agency_id, agency_id, question, answer, recorded_by_id, recorded_at)
  SELECT NEW.case_id, NEW.person_id, NEW.holder_agency_id, NEW.agency_id, x.question, x.new_answer, ctx.member_id, app.now()
  FROM (VALUES ('wants_support', OLD.wants_support, NEW.wants_support), ('data_use', OLD.data_use, NEW.data_use), ('takes_part', OLD.takes_part, NEW.takes_part))
    x (question, old_answer, new_answer)
  WHERE x.old_answer IS DISTINCT FROM x.new_answer;
  RETURN NULL;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- The engine

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

CREATE FUNCTION app.identity_rank(level text) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT array_position(ARRAY['none', 'contact', 'full'], level)
$$;

/*
 * A person's answer for each category, to one receiver and purpose: the latest that lives. A withdrawal is an answer from
 * the moment it is made; what has run out, hasn't begun or was replaced is none. Where two were recorded at the same
 * moment, no comes before yes.
 */
CREATE FUNCTION app.consent_answers(wanted_case uuid, receiver uuid, wanted_purpose text, at timestamptz)
  RETURNS TABLE (category text, code text, answer text, identity text, withheld text[], until timestamptz, decided_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT ON (k.category) k.category, c.code, s.answer, c.identity, c.withheld, s.until, s.decided_at
  FROM public.consent c
  JOIN public.agency own ON own.id = c.agency_id
  JOIN public.agency target ON target.id = receiver
  LEFT JOIN public.consent_withdrawal w ON w.consent_id = c.id
  CROSS JOIN LATERAL (SELECT CASE WHEN w.consent_id IS NULL THEN c.answer ELSE 'withdrawn' END AS answer,
      coalesce(w.withdrawn_at, c.recorded_at) AS decided_at,
      CASE WHEN w.consent_id IS NULL THEN (c.ends_on + 1)::timestamp AT TIME ZONE own.time_zone END AS until) s
  CROSS JOIN LATERAL unnest(c.categories) AS k (category)
  WHERE c.case_id = wanted_case AND c.purpose = wanted_purpose
    AND (c.to_agency_id = receiver OR (c.to_agency_id IS NULL AND (c.to_kind IS NULL OR c.to_kind = target.kind::text)))
    AND NOT EXISTS (SELECT 1 FROM public.consent n WHERE n.replaces_id = c.id)
    AND (w.consent_id IS NOT NULL OR (c.starts_on::timestamp AT TIME ZONE own.time_zone <= at AND (s.until IS NULL OR at < s.until)))
  ORDER BY k.category, s.decided_at DESC, s.answer = 'given', c.id DESC
$$;

/*
 * May these fields go to this agency for this purpose now, and on which basis? One row for each field asked.
 *
 * For the definer's own functions (a referral's package, a grant, an export): they ask it again at every read, and pass
 * on only what is allowed. `basis` is `consent`, `public_task`, `legal_duty`, `vital_interest` or `exception`; `code`
 * names the consent (CON), lawful basis (LBS) or exception (EXC); `until` is when that ends, or null. Where `allowed` is
 * false `reason` says why: never_leaves, withheld, beyond_level, withdrawn, refused, not_asked.
 *
 * A field of a category follows the person's answer for that category. A field of no category (profile, contact,
 * identity) goes along with the categories asked for, or where none is, with any: it needs a given answer, and no given
 * answer that stops at a lower level or withholds it. What an agency rests on beside consent counts only where the
 * person gave no answer; a legal duty always. An exception counts for the fields it names.
 */
CREATE FUNCTION app.sharing_basis_of(wanted_case uuid, receiver uuid, wanted_purpose text, wanted_fields text[], at timestamptz)
  RETURNS TABLE (field text, allowed boolean, basis text, code text, until timestamptz, reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH asked AS (
    SELECT DISTINCT f.key, d.key IS NOT NULL AS known, d.category, d.identity
    FROM unnest(wanted_fields) AS f (key) LEFT JOIN public.disclosure_field d ON d.key = f.key
  ), file AS (
    SELECT c.agency_id, t.kind::text AS kind FROM public.case_file c
    JOIN public.person p ON p.id = c.person_id AND p.erased_at IS NULL JOIN public.agency t ON t.id = receiver
    WHERE c.id = wanted_case
  ), answers AS (
    SELECT * FROM app.consent_answers(wanted_case, receiver, wanted_purpose, at)
  ), cats AS (
    SELECT coalesce(array_agg(DISTINCT a.category), '{}') AS all_cats FROM asked a WHERE a.category IS NOT NULL
  ), standing AS (
    SELECT l.code, l.basis, l.categories, l.identity FROM public.lawful_basis l JOIN file f ON f.agency_id = l.agency_id
    WHERE l.purpose = wanted_purpose AND (l.to_kind IS NULL OR l.to_kind = f.kind)
    ORDER BY l.to_kind IS NULL, l.set_at DESC, l.id DESC LIMIT 1
  ), judged AS (
    SELECT a.key, a.known, a.category, a.identity,
      count(*) FILTER (WHERE x.answer = 'given') AS yes,
      count(*) FILTER (WHERE x.answer <> 'given') AS no,
      coalesce(bool_or(x.answer = 'given' AND app.identity_rank(x.identity) < app.identity_rank(a.identity)), false) AS beyond,
      coalesce(bool_or(x.answer = 'given' AND a.key = ANY (x.withheld)), false) AS withheld,
      coalesce(bool_or(x.answer = 'withdrawn'), false) AS withdrawn,
      (array_agg(x.code ORDER BY x.decided_at DESC, x.code) FILTER (WHERE x.answer = 'given'))[1] AS code,
      min(x.until) FILTER (WHERE x.answer = 'given') AS until
    FROM asked a CROSS JOIN cats c
    LEFT JOIN answers x ON x.category = a.category OR (a.category IS NULL AND (x.category = ANY (c.all_cats) OR cardinality(c.all_cats) = 0))
    GROUP BY a.key, a.known, a.category, a.identity
  ), based AS (
    SELECT j.*, j.yes > 0 AND NOT j.beyond AND NOT j.withheld AS consented, s.basis AS standing_basis, s.code AS standing_code,
      e.code AS exception_code, e.ends_at AS exception_until
    FROM judged j CROSS JOIN file f CROSS JOIN cats c
    LEFT JOIN standing s ON s.basis <> 'consent' AND app.identity_rank(s.identity) >= app.identity_rank(j.identity)
      AND (cardinality(s.categories) = 0 OR j.category = ANY (s.categories) OR (j.category IS NULL AND s.categories && c.all_cats))
      AND (s.basis = 'legal_duty' OR (j.yes = 0 AND j.no = 0))
    LEFT JOIN LATERAL (
      SELECT x.code, x.ends_at FROM public.sharing_exception x
      WHERE x.case_id = wanted_case AND x.purpose = wanted_purpose AND x.to_agency_id = receiver AND j.key = ANY (x.fields)
        AND x.ended_at IS NULL AND at < x.ends_at ORDER BY x.ends_at DESC, x.code LIMIT 1) e ON true
    WHERE j.known
  )
  SELECT a.key, coalesce(b.consented OR b.standing_basis IS NOT NULL OR b.exception_code IS NOT NULL, false),
    CASE WHEN b.consented THEN 'consent' WHEN b.standing_basis IS NOT NULL THEN b.standing_basis WHEN b.exception_code IS NOT NULL THEN 'exception' END,
    CASE WHEN b.consented THEN b.code WHEN b.standing_basis IS NOT NULL THEN b.standing_code ELSE b.exception_code END,
    CASE WHEN b.consented THEN b.until WHEN b.standing_basis IS NULL THEN b.exception_until END,
    CASE WHEN b.consented OR b.standing_basis IS NOT NULL OR b.exception_code IS NOT NULL THEN NULL
      WHEN NOT a.known THEN 'never_leaves' WHEN b.withheld THEN 'withheld' WHEN b.beyond THEN 'beyond_level'
      WHEN b.withdrawn THEN 'withdrawn' WHEN b.no > 0 THEN 'refused' ELSE 'not_asked' END
  FROM asked a LEFT JOIN based b ON b.key = a.key ORDER BY a.key
$$;

/* The same for whoever is on the team of the case: what a form or a page shows before anything leaves. Others get no row. */
CREATE FUNCTION app.sharing_basis(wanted_case uuid, receiver uuid, wanted_purpose text, wanted_fields text[])
  RETURNS TABLE (field text, allowed boolean, basis text, code text, until timestamptz, reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT b.* FROM app.sharing_basis_of(wanted_case, receiver, wanted_purpose, wanted_fields, app.now()) b WHERE app.on_team(wanted_case)
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- The ledger

/*
 * Writes the line of something that goes to an agency, and its event; returns the line's code. Asks the engine itself: one
 * field without a basis, and nothing is written and the transaction fails (`no_basis`). For the definer's functions that
 * hand something out; `ctx` is who does it, `subject` the code of the referral or record with which it leaves.
 */
CREATE FUNCTION app.write_disclosure(way text, wanted_case uuid, receiver uuid, purpose text, fields text[], subject text, origin jsonb, ctx app.actor_context)
  RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  at timestamptz := clock_timestamp() + make_interval(secs => coalesce(ctx.clock_offset, 0));
  c record;
  given record;
  line text;
BEGIN
  SELECT x.person_id, x.holder_agency_id, x.agency_id INTO c FROM public.case_file x WHERE x.id = wanted_case;
  SELECT bool_and(b.allowed) AS allowed, array_agg(DISTINCT b.basis) AS bases, array_agg(DISTINCT b.code) AS codes INTO given
    FROM app.sharing_basis_of(wanted_case, receiver, purpose, fields, at) b;
  IF NOT coalesce(given.allowed, false) THEN
    RAISE EXCEPTION 'No basis covers all that would leave' USING ERRCODE = '42501', CONSTRAINT = 'no_basis';
  END IF;
  INSERT INTO public.disclosure (at, person_id, case_id, holder_agency_id, agency_id, way, receiver, to_agency_id, purpose, fields, bases, basis_codes, subject, member_id)
    VALUES (at, c.person_id, wanted_case, c.holder_agency_id, c.agency_id, write_disclosure.way, 'agency', write_disclosure.receiver, write_disclosure.purpose,
      write_disclosure.fields, given.bases, given.codes, write_disclosure.subject, CASE WHEN ctx.agency_id = c.agency_id THEN ctx.member_id END)
    RETURNING code INTO line;
  PERFORM app.write_event(jsonb_build_object('type', 'disclosure.made', 'subject', line, 'personId', c.person_id, 'caseId', wanted_case,
    'holderAgencyId', c.holder_agency_id, 'fields', to_jsonb(write_disclosure.fields), 'basis', array_to_string(given.codes, ' '), 'purpose', write_disclosure.purpose,
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)), ctx);
  RETURN line;
END
$$;

/* The same for whoever is on the team of the case, who prints or hands over something themselves. */
CREATE FUNCTION app.disclose(way text, wanted_case uuid, receiver uuid, purpose text, fields text[], subject text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT app.on_team(wanted_case) THEN RAISE EXCEPTION 'Only the team of a case hands something out' USING ERRCODE = '42501'; END IF;
  RETURN app.write_disclosure(way, wanted_case, receiver, purpose, fields, subject, origin, app.context());
END
$$;

/* The line of a statement that the person themselves receives, by whoever is on their team; returns its code. */
CREATE FUNCTION app.disclose_statement(wanted_person uuid, fields text[], origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  p record;
  line text;
BEGIN
  IF NOT app.person_team(wanted_person) THEN RAISE EXCEPTION 'Only the team of a person prints their statement' USING ERRCODE = '42501'; END IF;
  SELECT x.holder_agency_id INTO p FROM public.person x WHERE x.id = wanted_person;
  INSERT INTO public.disclosure (at, person_id, holder_agency_id, agency_id, way, receiver, purpose, fields, bases, basis_codes, member_id)
    VALUES (app.now(), wanted_person, p.holder_agency_id, ctx.agency_id, 'statement', 'person', 'statement', disclose_statement.fields, ARRAY['own_right'], '{}', ctx.member_id)
    RETURNING code INTO line;
  PERFORM app.record_event(jsonb_build_object('type', 'statement.printed', 'subject', line, 'personId', wanted_person, 'holderAgencyId', p.holder_agency_id,
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)));
  RETURN line;
END
$$;

/* The line of an agency's export of all its own data: one for all persons. */
CREATE FUNCTION app.note_export() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO public.disclosure (at, holder_agency_id, agency_id, way, receiver, purpose, fields, bases, basis_codes, member_id)
    VALUES (app.installation_now(), NEW.agency_id, NEW.agency_id, 'export', 'administrator', 'export', ARRAY['all'], ARRAY['own_data'], '{}', NEW.member_id);
  RETURN NULL;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- What an agency rests on

/* Records what the administrator's agency rests on for a purpose from now on: ok, forbidden, or step_up_required. */
CREATE FUNCTION app.set_lawful_basis(new_id uuid, wanted_purpose text, kind text, wanted_basis text, wanted_categories text[], level text, law text, origin jsonb)
  RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  made text;
BEGIN
  IF ctx IS NULL OR NOT 'agency_admin' = ANY (ctx.roles) THEN RETURN 'forbidden'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'step_up_required'; END IF;
  INSERT INTO public.lawful_basis (id, agency_id, purpose, to_kind, basis, categories, identity, source, set_by_id, set_at)
    VALUES (new_id, ctx.agency_id, wanted_purpose, kind, wanted_basis, wanted_categories, level, law, ctx.member_id, app.now()) RETURNING code INTO made;
  PERFORM app.record_event(jsonb_build_object('type', 'agency.basis-set', 'subject', made, 'basis', wanted_purpose || ':' || wanted_basis,
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)));
  RETURN 'ok';
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Sharing without consent

/* Whether whoever asks may share without consent: by a permission of their own, beside the role. */
CREATE FUNCTION app.may_share_without_consent() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM public.member_permission p JOIN app.context() c ON p.agency_id = c.agency_id AND p.member_id = c.member_id
    WHERE p.permission = 'share_without_consent' AND c.roles && ARRAY['caseworker', 'supervisor'])
$$;

/* Gives a member of the administrator's agency that permission, or takes it back: ok, not_found, forbidden, step_up_required. Nobody gives it to themselves. */
CREATE FUNCTION app.set_member_permission(wanted_member text, wanted text, given boolean, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  m record;
BEGIN
  IF ctx IS NULL OR NOT 'agency_admin' = ANY (ctx.roles) THEN RETURN 'forbidden'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'step_up_required'; END IF;
  SELECT x.id, x.code INTO m FROM public.member x WHERE x.code = wanted_member AND x.agency_id = ctx.agency_id;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF m.id = ctx.member_id THEN RETURN 'forbidden'; END IF;
  IF given THEN
    INSERT INTO public.member_permission (agency_id, member_id, permission, given_by_id, given_at)
      VALUES (ctx.agency_id, m.id, wanted, ctx.member_id, app.now()) ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM public.member_permission p WHERE p.agency_id = ctx.agency_id AND p.member_id = m.id AND p.permission = wanted;
  END IF;
  IF FOUND THEN
    PERFORM app.record_event(jsonb_build_object('type', CASE WHEN given THEN 'member.permission-given' ELSE 'member.permission-ended' END,
      'subject', m.code, 'fields', jsonb_build_array(wanted),
      'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)));
  END IF;
  RETURN 'ok';
END
$$;

/* Allows fields to go to an agency without consent until a moment; the coordinators and auditors of the network are told. */
CREATE FUNCTION app.make_exception(new_id uuid, wanted_case uuid, receiver uuid, wanted_purpose text, wanted_fields text[], wanted_basis text,
    sealed bytea, until timestamptz, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  c record;
  made text;
BEGIN
  IF NOT app.on_team(wanted_case) OR NOT app.may_share_without_consent() OR NOT app.is_fresh() THEN
    RAISE EXCEPTION 'Sharing without consent needs the team, the permission and a fresh sign-in' USING ERRCODE = '42501';
  END IF;
  SELECT x.person_id, x.holder_agency_id INTO c FROM public.case_file x WHERE x.id = wanted_case AND x.agency_id = ctx.agency_id;
  IF NOT FOUND OR EXISTS (SELECT 1 FROM unnest(wanted_fields) f WHERE NOT EXISTS (SELECT 1 FROM public.disclosure_field d WHERE d.key = f)) THEN
    RAISE EXCEPTION 'No such case or field' USING ERRCODE = '42501';
  END IF;
  INSERT INTO public.sharing_exception (id, case_id, person_id, holder_agency_id, agency_id, to_agency_id, purpose, fields, basis, reason, made_by_id, made_at, ends_at)
    VALUES (new_id, wanted_case, c.person_id, c.holder_agency_id, ctx.agency_id, receiver, wanted_purpose, wanted_fields, wanted_basis, sealed, ctx.member_id, app.now(), until)
    RETURNING code INTO made;
  PERFORM app.record_event(jsonb_build_object('type', 'sharing-exception.made', 'subject', made, 'personId', c.person_id, 'caseId', wanted_case,
    'holderAgencyId', c.holder_agency_id, 'fields', to_jsonb(wanted_fields), 'basis', wanted_basis, 'purpose', wanted_purpose,
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)));
  PERFORM app.notify(ARRAY(SELECT m.id FROM public.member m JOIN public.agency a ON a.id = m.agency_id
    WHERE a.network_id = ctx.network_id AND m.status = 'active' AND m.roles::text[] && ARRAY['coordinator', 'auditor']), 'sharing-exception.made', made, true);
  RETURN made;
END
$$;

/* Ends an exception before its time, by the team of the case; false when it has ended. */
CREATE FUNCTION app.end_exception(wanted text, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  e public.sharing_exception;
BEGIN
  SELECT x.* INTO e FROM public.sharing_exception x WHERE x.code = wanted AND app.on_team(x.case_id) FOR UPDATE;
  IF NOT FOUND OR e.ended_at IS NOT NULL OR e.ends_at <= app.now() THEN RETURN false; END IF;
  UPDATE public.sharing_exception x SET ended_at = app.now() WHERE x.id = e.id;
  PERFORM app.record_event(jsonb_build_object('type', 'sharing-exception.ended', 'subject', e.code, 'personId', e.person_id, 'caseId', e.case_id,
    'holderAgencyId', e.holder_agency_id, 'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)));
  RETURN true;
END
$$;

/*
 * Exceptions in the network of the coordinator or auditor who asks, the newest first: by code, which agencies, what kind
 * of data, on which basis, until when. No person, no case, no member, no words.
 */
CREATE FUNCTION app.exception_rows(wanted text)
  RETURNS TABLE (code text, agency text, receiver text, purpose text, fields text[], basis text, made_at timestamptz, ends_at timestamptz,
    ended_at timestamptz, own_verdict text, coordinator_verdict text, auditor_verdict text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  own_role text := CASE WHEN 'coordinator' = ANY (ctx.roles) THEN 'coordinator' WHEN 'auditor' = ANY (ctx.roles) THEN 'auditor' END;
BEGIN
  IF own_role IS NULL THEN RETURN; END IF;
  RETURN QUERY
    SELECT e.code, a.name, t.name, e.purpose, e.fields, e.basis, e.made_at, e.ends_at, e.ended_at,
      max(f.verdict) FILTER (WHERE f.role = own_role), max(f.verdict) FILTER (WHERE f.role = 'coordinator'), max(f.verdict) FILTER (WHERE f.role = 'auditor')
    FROM public.sharing_exception e JOIN public.agency a ON a.id = e.agency_id JOIN public.agency t ON t.id = e.to_agency_id
    LEFT JOIN public.exception_finding f ON f.exception_id = e.id
    WHERE a.network_id = ctx.network_id AND (wanted IS NULL OR e.code = wanted)
    GROUP BY e.id, a.name, t.name
    ORDER BY (max(f.verdict) FILTER (WHERE f.role = own_role)) IS NOT NULL, e.made_at DESC, e.id LIMIT 200;
END
$$;

/* What a coordinator or auditor finds of an exception, once each: ok, not_found, wrong_state. */
CREATE FUNCTION app.settle_exception(wanted text, found_verdict text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  own_role text := CASE WHEN 'coordinator' = ANY (ctx.roles) THEN 'coordinator' WHEN 'auditor' = ANY (ctx.roles) THEN 'auditor' END;
  e record;
BEGIN
  SELECT x.id, x.code, x.holder_agency_id INTO e FROM public.sharing_exception x JOIN public.agency a ON a.id = x.agency_id
    WHERE x.code = wanted AND a.network_id = ctx.network_id;
  IF NOT FOUND OR own_role IS NULL THEN RETURN 'not_found'; END IF;
  INSERT INTO public.exception_finding (exception_id, holder_agency_id, role, agency_id, member_id, verdict, found_at)
    VALUES (e.id, e.holder_agency_id, own_role, ctx.agency_id, ctx.member_id, found_verdict, app.now()) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN 'wrong_state'; END IF;
  PERFORM app.record_event(jsonb_build_object('type', 'sharing-exception.settled', 'subject', e.code, 'basis', found_verdict,
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)));
  RETURN 'ok';
END
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('identity_rank', 'consent_answers', 'sharing_basis_of', 'sharing_basis', 'write_disclosure', 'disclose',
             'disclose_statement', 'note_export', 'set_lawful_basis', 'may_share_without_consent', 'set_member_permission', 'make_exception', 'end_exception',
             'exception_rows', 'settle_exception') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('sharing_basis', 'disclose', 'disclose_statement', 'set_lawful_basis', 'may_share_without_consent', 'set_member_permission',
        'make_exception', 'end_exception') THEN ARRAY['member']
      WHEN f.proname IN ('exception_rows', 'settle_exception') THEN ARRAY['desk', 'auditor']
      ELSE '{}'
    END;
    CONTINUE WHEN cardinality(callers) = 0;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
  -- Only to make the trigger; taken back below.
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.note_export() TO %I', session_user);
  RESET ROLE;
END
$$;

CREATE TRIGGER consent_follows BEFORE INSERT ON public.consent FOR EACH ROW WHEN (NEW.replaces_id IS NOT NULL) EXECUTE FUNCTION app.follow_consent();
CREATE TRIGGER consent_withdrawal_living BEFORE INSERT ON public.consent_withdrawal FOR EACH ROW EXECUTE FUNCTION app.withdraw_what_lives();
CREATE TRIGGER case_content_answers AFTER UPDATE OF wants_support, data_use, takes_part ON public.case_content
  FOR EACH ROW EXECUTE FUNCTION app.keep_answers();
CREATE TRIGGER agency_export_noted AFTER UPDATE OF started_at ON public.agency_export
  FOR EACH ROW WHEN (OLD.started_at IS NULL AND NEW.started_at IS NOT NULL) EXECUTE FUNCTION app.note_export();
CREATE TRIGGER agency_export_noted_at_once AFTER INSERT ON public.agency_export
  FOR EACH ROW WHEN (NEW.started_at IS NOT NULL) EXECUTE FUNCTION app.note_export();

DO $$
DECLARE
  f text;
BEGIN
  REVOKE ALL ON FUNCTION app.stamp_consent(), app.keep_as_said(), app.only_added_to(), app.follow_consent(), app.withdraw_what_lives(), app.keep_answers() FROM PUBLIC;
  FOREACH f IN ARRAY ARRAY['stamp_consent', 'follow_consent', 'withdraw_what_lives', 'keep_answers'] LOOP
    EXECUTE format('ALTER FUNCTION app.%I() OWNER TO %I', f, app.db_role('definer'));
  END LOOP;
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  EXECUTE format('REVOKE EXECUTE ON FUNCTION app.note_export() FROM %I', session_user);
  RESET ROLE;
END
$$;
