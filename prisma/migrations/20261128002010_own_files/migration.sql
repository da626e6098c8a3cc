-- The receiver's own file: an agency that has to keep files of its own opens its own record of a person who was referred to
-- it, on a basis that is named. The link is a fact that both agencies see; neither sees the other's file.

CREATE TABLE "own_file" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "fields" TEXT[],
    "opened_by_id" UUID NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "basis_ended_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "own_file_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "own_file_record" (
    "own_file_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "known_before" BOOLEAN NOT NULL,

    CONSTRAINT "own_file_record_pkey" PRIMARY KEY ("own_file_id")
);

CREATE TABLE "own_file_basis" (
    "id" UUID NOT NULL,
    "own_file_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "duty" TEXT,
    "basis_codes" TEXT[],
    "words" BYTEA,
    "recorded_by_id" UUID NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "own_file_basis_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "own_file_referral_id_key" ON "own_file"("referral_id");

CREATE UNIQUE INDEX "own_file_referral_id_holder_agency_id_case_id_key" ON "own_file"("referral_id", "holder_agency_id", "case_id");

CREATE UNIQUE INDEX "own_file_id_agency_id_key" ON "own_file"("id", "agency_id");

CREATE INDEX "own_file_agency_id_idx" ON "own_file"("agency_id");

CREATE INDEX "own_file_holder_agency_id_person_id_idx" ON "own_file"("holder_agency_id", "person_id");

CREATE INDEX "own_file_case_id_idx" ON "own_file"("case_id");

CREATE UNIQUE INDEX "own_file_record_own_file_id_agency_id_key" ON "own_file_record"("own_file_id", "agency_id");

CREATE INDEX "own_file_record_agency_id_case_id_idx" ON "own_file_record"("agency_id", "case_id");

CREATE INDEX "own_file_record_holder_agency_id_idx" ON "own_file_record"("holder_agency_id");

CREATE INDEX "own_file_record_case_id_idx" ON "own_file_record"("case_id");

CREATE INDEX "own_file_basis_own_file_id_recorded_at_idx" ON "own_file_basis"("own_file_id", "recorded_at" DESC);

CREATE INDEX "own_file_basis_agency_id_person_id_idx" ON "own_file_basis"("agency_id", "person_id");

CREATE INDEX "own_file_basis_holder_agency_id_idx" ON "own_file_basis"("holder_agency_id");

ALTER TABLE "own_file" ADD CONSTRAINT "own_file_referral_id_holder_agency_id_case_id_fkey" FOREIGN KEY ("referral_id", "holder_agency_id", "case_id") REFERENCES "referral"("id", "holder_agency_id", "case_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "own_file" ADD CONSTRAINT "own_file_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "own_file" ADD CONSTRAINT "own_file_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "own_file" ADD CONSTRAINT "own_file_agency_id_opened_by_id_fkey" FOREIGN KEY ("agency_id", "opened_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "own_file_record" ADD CONSTRAINT "own_file_record_own_file_id_agency_id_fkey" FOREIGN KEY ("own_file_id", "agency_id") REFERENCES "own_file"("id", "agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "own_file_record" ADD CONSTRAINT "own_file_record_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "own_file_basis" ADD CONSTRAINT "own_file_basis_own_file_id_agency_id_fkey" FOREIGN KEY ("own_file_id", "agency_id") REFERENCES "own_file"("id", "agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "own_file_basis" ADD CONSTRAINT "own_file_basis_person_id_holder_agency_id_fkey" FOREIGN KEY ("person_id", "holder_agency_id") REFERENCES "person"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "own_file_basis" ADD CONSTRAINT "own_file_basis_agency_id_recorded_by_id_fkey" FOREIGN KEY ("agency_id", "recorded_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ---------------------------------------------------------------------------------------------------------------
-- What holds whoever writes a row

ALTER TABLE public.own_file
  ADD CONSTRAINT own_file_elsewhere CHECK (agency_id <> holder_agency_id),
  ADD CONSTRAINT own_file_fields CHECK (cardinality(fields) > 0);
ALTER TABLE public.own_file_record ADD CONSTRAINT own_file_record_own CHECK (agency_id = holder_agency_id);
ALTER TABLE public.own_file_basis
  ADD CONSTRAINT own_file_basis_own CHECK (agency_id = holder_agency_id),
  ADD CONSTRAINT own_file_basis_kind CHECK (kind IN ('consent', 'own_consent', 'legal_duty')),
  ADD CONSTRAINT own_file_basis_duty CHECK ((kind = 'legal_duty') = (duty IS NOT NULL)
    AND duty IN ('medical_records', 'lawyers_file', 'safeguarding', 'court_order', 'other')),
  ADD CONSTRAINT own_file_basis_words CHECK ((duty IS NOT DISTINCT FROM 'other') = (words IS NOT NULL)),
  ADD CONSTRAINT own_file_basis_codes CHECK (cardinality(basis_codes) > 0);
CREATE INDEX own_file_to_check ON public.own_file (checked_at) WHERE ended_at IS NULL;

-- A purpose, and a way of leaving, beside those that there are: other migrations add theirs to the same lists.
DO $$
DECLARE
  c record;
BEGIN
  FOR c IN SELECT x.conrelid::regclass AS tab, x.conname, pg_get_constraintdef(x.oid) AS was,
      CASE x.conname WHEN 'consent_purpose' THEN '''sharing''::text' ELSE '''statement''::text' END AS beside
      FROM pg_constraint x WHERE x.conname IN ('consent_purpose', 'disclosure_way') LOOP
    IF position(c.beside IN c.was) = 0 THEN RAISE EXCEPTION '% does not name %', c.conname, c.beside; END IF;
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.tab, c.conname);
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.tab, c.conname, replace(c.was, c.beside, c.beside || ', ''own_file''::text'));
  END LOOP;
END
$$;

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES
  ('own-file.opened', 'create', false), ('own-file.basis-recorded', 'update', false), ('own-file.basis-ended', 'update', false),
  ('own-file.ended', 'update', false);
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('own-file.opened', false, false, false, 28), ('own-file.basis-ended', true, false, false, 28), ('own-file.ended', false, false, false, 28);

-- No role reads or writes these tables: each side is shown something else of them.
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['own_file', 'own_file_record', 'own_file_basis'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
  EXECUTE format('GRANT UPDATE (basis_ended_at, ended_at, checked_at) ON public.own_file TO %I', app.db_role('definer'));
  EXECUTE format('GRANT UPDATE (words) ON public.own_file_basis TO %I', app.db_role('definer'));
END
$$;

/* Replaces one text of a function by another, and fails where the function doesn't hold it. */
CREATE FUNCTION pg_temp.replace_in(signature text, was text, becomes text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  source text := pg_get_functiondef(signature::regprocedure);
BEGIN
  IF position(was IN source) = 0 THEN RAISE EXCEPTION '% does not hold: %', signature, was; END IF;
  EXECUTE replace(source, was, becomes);
END
$$;
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION pg_temp.replace_in(text, text, text) TO %I', app.db_role('definer')); END $$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

-- ---------------------------------------------------------------------------------------------------------------
-- What a basis covers

/*
 * Of the fields of a referral, those that a kind of basis lets its receiver keep for itself, with the code that says so:
 * the person's consent to it at the sending agency, what the person told the receiver, or the receiver's own legal duty
 * as its administrator recorded it. Whether the package shows a field now is another question, asked beside this one.
 */
CREATE FUNCTION app.own_file_allowed(r public.referral, wanted_kind text, wanted_fields text[], at timestamptz) RETURNS TABLE (field text, code text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT b.field, b.code FROM app.sharing_basis_of(r.case_id, r.to_agency_id, 'own_file',
      wanted_fields || ARRAY(SELECT 'need.' || c FROM unnest(app.referral_categories(r.id)) c), at) b
  WHERE wanted_kind = 'consent' AND b.allowed AND b.basis = 'consent' AND b.field = ANY (wanted_fields)
  UNION ALL
  SELECT f, r.code FROM unnest(wanted_fields) f WHERE wanted_kind = 'own_consent'
  UNION ALL
  SELECT d.key, l.code FROM (
    SELECT x.* FROM public.lawful_basis x WHERE x.agency_id = r.to_agency_id AND x.purpose = 'case_management' AND x.to_kind IS NULL
    ORDER BY x.set_at DESC, x.id DESC LIMIT 1) l
  JOIN public.disclosure_field d ON d.key = ANY (wanted_fields) AND app.identity_rank(l.identity) >= app.identity_rank(d.identity)
    AND (cardinality(l.categories) = 0 OR d.category = ANY (l.categories) OR (d.category IS NULL AND l.categories && app.referral_categories(r.id)))
  WHERE wanted_kind = 'legal_duty' AND l.basis = 'legal_duty'
$$;

/* Whether what an own file rests on still holds for all that was copied into it. */
CREATE FUNCTION app.own_file_rests(f public.own_file, at timestamptz) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.referral;
  kind text := (SELECT b.kind FROM public.own_file_basis b WHERE b.own_file_id = f.id ORDER BY b.recorded_at DESC, b.id DESC LIMIT 1);
BEGIN
  IF kind = 'own_consent' THEN
    RETURN EXISTS (SELECT 1 FROM public.own_file_record x, app.consent_answers(x.case_id, f.agency_id, 'case_management', at) a
      WHERE x.own_file_id = f.id AND a.answer = 'given');
  END IF;
  SELECT x.* INTO r FROM public.referral x WHERE x.id = f.referral_id;
  RETURN (SELECT count(*) FROM app.own_file_allowed(r, kind, f.fields, at)) = cardinality(f.fields);
END
$$;

/* Those of the receiving agency who may open an own file now, and their referral. */
CREATE FUNCTION app.referral_for_own_file(wanted text) RETURNS public.referral
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r FROM public.referral r WHERE r.code = wanted AND r.kind = 'help' AND r.to_agency_id = app.casework_agency()
    AND app.referral_receives(r) AND app.i_answer_for(r.listed_service_id) AND app.package_is_open(r)
$$;

/* Which fields of what the package shows now a kind of basis lets them keep: for whoever may open an own file, and nothing else. */
CREATE FUNCTION app.own_file_offer(wanted text, wanted_kind text) RETURNS TABLE (field text, code text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT b.field, CASE wanted_kind WHEN 'legal_duty' THEN b.code END FROM app.referral_for_own_file(wanted) r
  CROSS JOIN LATERAL app.own_file_allowed(r, wanted_kind, app.package_fields(r, app.now()), app.now()) b
  WHERE r.id IS NOT NULL AND b.field NOT LIKE 'service.%'
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Opening, and what becomes of the basis

CREATE FUNCTION app.own_file_event(event_type text, f public.own_file, event_fields text[], event_basis text, origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.write_event(jsonb_strip_nulls(jsonb_build_object('type', event_type, 'subject', (SELECT r.code FROM public.referral r WHERE r.id = f.referral_id),
    'personId', f.person_id, 'caseId', f.case_id, 'holderAgencyId', f.holder_agency_id, 'fields', to_jsonb(event_fields), 'basis', event_basis,
    'purpose', 'own_file', 'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60))), ctx);
END
$$;

/*
 * Hands out what is to be copied, for whoever opens an own file in this transaction. Both are one: nothing is handed out of
 * what the package doesn't show at this moment or the basis doesn't cover, and the look is written first.
 */
CREATE FUNCTION app.take_for_own_file(wanted text, wanted_kind text, wanted_fields text[], origin jsonb)
  RETURNS TABLE (field text, part text, place text, sealed bytea, key_id uuid, wrap_version int, wrapped bytea, version int)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  r public.referral;
BEGIN
  PERFORM 1 FROM public.referral x WHERE x.code = wanted AND x.to_agency_id = app.casework_agency() FOR UPDATE;
  r := app.referral_for_own_file(wanted);
  IF r.id IS NULL OR EXISTS (SELECT 1 FROM public.own_file o WHERE o.referral_id = r.id) OR cardinality(wanted_fields) = 0
     OR EXISTS (SELECT 1 FROM unnest(wanted_fields) f WHERE f NOT IN (SELECT o.field FROM app.own_file_offer(wanted, wanted_kind) o)) THEN RETURN; END IF;
  PERFORM app.referral_event('referral-package.opened', r, wanted_fields, origin, app.context());
  RETURN QUERY
    SELECT f.field, f.part, f.referral_id || ':' || f.field || ':' || f.version, f.sealed, k.key_id, k.wrap_version, k.wrapped, f.version
    FROM (SELECT DISTINCT ON (v.field) v.* FROM public.referral_field v WHERE v.referral_id = r.id ORDER BY v.field, v.version DESC) f
    JOIN public.referral_key k ON k.referral_id = r.id AND k.part = f.part AND k.agency_id = r.to_agency_id
    JOIN public.disclosure_field d ON d.key = f.field WHERE f.field = ANY (wanted_fields) ORDER BY d.sort;
END
$$;

/* Writes down what an own file rests on: ok, or no_basis where that doesn't hold. */
CREATE FUNCTION app.put_own_file_basis(f public.own_file, new_id uuid, new_kind text, new_duty text, new_words bytea, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  r public.referral;
  own public.own_file_record;
  codes text[];
BEGIN
  SELECT x.* INTO r FROM public.referral x WHERE x.id = f.referral_id;
  SELECT x.* INTO own FROM public.own_file_record x WHERE x.own_file_id = f.id;
  IF new_words IS NOT NULL AND app.sealed_key(new_words) <> own.person_id THEN
    RAISE EXCEPTION 'The words of a duty are sealed under another key than the own person''s' USING ERRCODE = '22023';
  END IF;
  SELECT array_agg(DISTINCT a.code) INTO codes FROM app.own_file_allowed(r, new_kind, f.fields, at) a;
  INSERT INTO public.own_file_basis (id, own_file_id, person_id, holder_agency_id, agency_id, kind, duty, basis_codes, words, recorded_by_id, recorded_at)
    VALUES (new_id, f.id, own.person_id, f.agency_id, f.agency_id, new_kind, new_duty, coalesce(codes, ARRAY[r.code]), new_words, ctx.member_id, at);
  IF NOT app.own_file_rests(f, at) THEN
    RAISE EXCEPTION 'Nothing covers all that stands in the own file' USING ERRCODE = '42501', CONSTRAINT = 'no_basis';
  END IF;
  UPDATE public.own_file o SET basis_ended_at = NULL, checked_at = at WHERE o.id = f.id;
  UPDATE public.task t SET done_at = at, version = t.version + 1 WHERE t.case_id = own.case_id AND t.kind = 'own_file_basis' AND t.done_at IS NULL;
  RETURN 'ok';
END
$$;

/*
 * Links what was just registered to its referral: ok, not_found, exists, or no_basis. Everything is asked once more, here; the
 * line of the ledger, and the event, stand on the side of whoever holds the person.
 */
CREATE FUNCTION app.keep_own_file(wanted text, own_case text, known boolean, wanted_fields text[], basis_id uuid, new_kind text, new_duty text,
    new_words bytea, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  r public.referral;
  c public.case_file;
  f public.own_file;
  line text;
BEGIN
  PERFORM 1 FROM public.referral x WHERE x.code = wanted AND x.to_agency_id = app.casework_agency() FOR UPDATE;
  r := app.referral_for_own_file(wanted);
  IF r.id IS NULL THEN RETURN 'not_found'; END IF;
  IF EXISTS (SELECT 1 FROM public.own_file o WHERE o.referral_id = r.id) THEN RETURN 'exists'; END IF;
  SELECT x.* INTO c FROM public.case_file x WHERE x.code = own_case AND x.agency_id = r.to_agency_id AND x.holder_agency_id = r.to_agency_id;
  IF NOT FOUND OR NOT app.on_team(c.id) THEN RETURN 'not_found'; END IF;
  IF cardinality(wanted_fields) = 0
     OR EXISTS (SELECT 1 FROM unnest(wanted_fields) x WHERE x NOT IN (SELECT o.field FROM app.own_file_offer(wanted, new_kind) o)) THEN RETURN 'no_basis'; END IF;
  INSERT INTO public.own_file (id, referral_id, case_id, person_id, holder_agency_id, agency_id, fields, opened_by_id, opened_at, checked_at)
    VALUES (gen_random_uuid(), r.id, r.case_id, r.person_id, r.holder_agency_id, r.to_agency_id, wanted_fields, ctx.member_id, at, at) RETURNING * INTO f;
  INSERT INTO public.own_file_record (own_file_id, case_id, person_id, holder_agency_id, agency_id, known_before)
    VALUES (f.id, c.id, c.person_id, c.holder_agency_id, c.agency_id, known);
  PERFORM app.put_own_file_basis(f, basis_id, new_kind, new_duty, new_words, origin);
  INSERT INTO public.disclosure (at, person_id, case_id, holder_agency_id, agency_id, way, receiver, to_agency_id, purpose, fields, bases, basis_codes, subject)
    SELECT at, r.person_id, r.case_id, r.holder_agency_id, r.agency_id, 'own_file', 'agency', r.to_agency_id, 'own_file', wanted_fields, ARRAY[b.kind], b.basis_codes, r.code
    FROM public.own_file_basis b WHERE b.id = basis_id RETURNING code INTO line;
  PERFORM app.write_event(jsonb_build_object('type', 'disclosure.made', 'subject', line, 'personId', r.person_id, 'caseId', r.case_id,
    'holderAgencyId', r.holder_agency_id, 'fields', to_jsonb(wanted_fields), 'basis', new_kind, 'purpose', 'own_file',
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)), ctx);
  PERFORM app.own_file_event('own-file.opened', f, wanted_fields, concat_ws(':', new_kind, new_duty), origin, ctx);
  PERFORM app.notify(app.referral_senders(r, NULL), 'own-file.opened', r.code);
  -- What was hidden there is not in the open here.
  IF r.restricted THEN PERFORM app.restrict_case(c.id, true); END IF;
  RETURN 'ok';
END
$$;

/* The own file of a referral, for whoever works on the case that it came to: records another basis. ok, not_found, ended or no_basis. */
CREATE FUNCTION app.rebase_own_file(wanted text, basis_id uuid, new_kind text, new_duty text, new_words bytea, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  f public.own_file;
BEGIN
  SELECT o.* INTO f FROM public.own_file o JOIN public.referral r ON r.id = o.referral_id JOIN public.own_file_record x ON x.own_file_id = o.id
    WHERE r.code = wanted AND o.agency_id = app.casework_agency() AND app.on_team(x.case_id) FOR UPDATE OF o;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF f.ended_at IS NOT NULL THEN RETURN 'ended'; END IF;
  PERFORM app.put_own_file_basis(f, basis_id, new_kind, new_duty, new_words, origin);
  PERFORM app.own_file_event('own-file.basis-recorded', f, '{}', concat_ws(':', new_kind, new_duty), origin, app.context());
  RETURN 'ok';
END
$$;

/* Ends the own file of a referral, whose case was closed before: ok, not_found, ended or case_open. */
CREATE FUNCTION app.end_own_file(wanted text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  f public.own_file;
  r public.referral;
  own public.case_file;
BEGIN
  SELECT o.* INTO f FROM public.own_file o JOIN public.referral q ON q.id = o.referral_id JOIN public.own_file_record x ON x.own_file_id = o.id
    WHERE q.code = wanted AND o.agency_id = app.casework_agency() AND app.on_team(x.case_id) FOR UPDATE OF o;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF f.ended_at IS NOT NULL THEN RETURN 'ended'; END IF;
  SELECT c.* INTO own FROM public.own_file_record x JOIN public.case_file c ON c.id = x.case_id WHERE x.own_file_id = f.id;
  IF own.status NOT IN ('closed', 'closed_referred') THEN RETURN 'case_open'; END IF;
  SELECT x.* INTO r FROM public.referral x WHERE x.id = f.referral_id;
  UPDATE public.own_file o SET ended_at = app.now() WHERE o.id = f.id;
  PERFORM app.own_file_event('own-file.ended', f, '{}', NULL, origin, app.context());
  PERFORM app.notify(app.referral_senders(r, NULL), 'own-file.ended', r.code);
  RETURN 'ok';
END
$$;

/*
 * Looks again at what an own file rests on. Where that ended, those who keep it are told and get a task: to end it, or to
 * record what else it rests on. Nothing is taken from them at once, since the law may bid them to keep what they wrote.
 */
CREATE FUNCTION app.check_own_file(f public.own_file) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  at timestamptz := app.installation_now();
  ctx app.actor_context := app.unattended(f.agency_id);
  own record;
  rests boolean := app.own_file_rests(f, at);
  task_code text := app.new_code('TSK');
BEGIN
  UPDATE public.own_file o SET checked_at = at WHERE o.id = f.id;
  IF rests = (f.basis_ended_at IS NULL) THEN RETURN; END IF;
  SELECT x.case_id, x.person_id, x.agency_id, c.status NOT IN ('closed', 'closed_referred') AS is_open, (SELECT a.member_id FROM public.assignment a
      WHERE a.case_id = x.case_id AND a.ended_at IS NULL ORDER BY a.lead DESC, a.started_at, a.id LIMIT 1) AS lead
    INTO own FROM public.own_file_record x JOIN public.case_file c ON c.id = x.case_id WHERE x.own_file_id = f.id;
  UPDATE public.own_file o SET basis_ended_at = CASE WHEN rests THEN NULL ELSE at END WHERE o.id = f.id;
  IF rests THEN
    UPDATE public.task t SET done_at = at, version = t.version + 1 WHERE t.case_id = own.case_id AND t.kind = 'own_file_basis' AND t.done_at IS NULL;
    PERFORM app.own_file_event('own-file.basis-recorded', f, '{}', NULL, '{}', ctx);
    RETURN;
  END IF;
  PERFORM app.own_file_event('own-file.basis-ended', f, '{}', NULL, '{}', ctx);
  PERFORM app.notify(ARRAY(SELECT app.assigned_to(own.case_id, NULL)), 'own-file.basis-ended', (SELECT r.code FROM public.referral r WHERE r.id = f.referral_id), true);
  IF own.is_open AND own.lead IS NOT NULL THEN
    INSERT INTO public.task (id, code, case_id, person_id, holder_agency_id, agency_id, owner_id, kind, due_at, created_at)
      VALUES (gen_random_uuid(), task_code, own.case_id, own.person_id, own.agency_id, own.agency_id, own.lead, 'own_file_basis', at + interval '7 days', at);
    PERFORM app.write_event(jsonb_build_object('type', 'task.made', 'subject', task_code, 'personId', own.person_id, 'caseId', own.case_id,
      'holderAgencyId', own.agency_id, 'fields', '[]'::jsonb, 'basis', 'own_file_basis'), ctx);
  END IF;
END
$$;

/* What a person says, or takes back, at either agency is looked at in the same transaction. */
CREATE FUNCTION app.check_own_files_of_answer() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  f public.own_file;
BEGIN
  FOR f IN SELECT o.* FROM public.own_file o WHERE o.ended_at IS NULL
      AND (o.case_id = NEW.case_id OR o.id IN (SELECT x.own_file_id FROM public.own_file_record x WHERE x.case_id = NEW.case_id)) ORDER BY o.id FOR UPDATE LOOP
    PERFORM app.check_own_file(f);
  END LOOP;
  RETURN NULL;
END
$$;

/* Looks at the own files that nobody looked at for longest: a consent may have run out, an agency rest on something else. */
CREATE FUNCTION app.check_own_files(at_most int) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  f public.own_file;
  done int := 0;
BEGIN
  FOR f IN SELECT o.* FROM public.own_file o WHERE o.ended_at IS NULL AND o.checked_at < app.installation_now() - interval '5 minutes'
      ORDER BY o.checked_at LIMIT at_most FOR UPDATE SKIP LOCKED LOOP
    PERFORM app.check_own_file(f);
    done := done + 1;
  END LOOP;
  RETURN done;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- What each side sees

/*
 * The own files that an actor may know of: of a referral that is theirs on either side, or, for the team of a person who is
 * held here, all that others keep of that person. The codes of the own record are for those who work on it alone, and which
 * consent it rests on for those who recorded that.
 */
CREATE FUNCTION app.own_files(wanted text, wanted_person uuid, wanted_own_case text) RETURNS TABLE (
  referral text, side text, agency text, agency_key text, fields text[], opened_at timestamptz, basis_ended_at timestamptz, ended_at timestamptz,
  kind text, duty text, basis_codes text[], based_at timestamptz, source text, own_person text, own_case text, own_person_id uuid, on_own_team boolean,
  own_is_open boolean, known_before boolean, words_id uuid, words bytea
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.code, s.side, a.name, a.key, f.fields, f.opened_at, f.basis_ended_at, f.ended_at, b.kind, b.duty,
    CASE WHEN s.side = 'sender' AND b.kind = 'consent' OR b.kind = 'legal_duty' THEN b.basis_codes ELSE '{}' END, b.recorded_at,
    (SELECT l.source FROM public.lawful_basis l WHERE b.kind = 'legal_duty' AND l.code = b.basis_codes[1]),
    CASE WHEN t.works THEN p.code END, CASE WHEN t.works THEN c.code END, CASE WHEN t.works THEN p.id END, t.works,
    t.works AND c.status NOT IN ('closed', 'closed_referred'), CASE WHEN t.works THEN x.known_before END,
    CASE WHEN t.works AND b.words IS NOT NULL THEN b.id END, CASE WHEN t.works THEN b.words END
  FROM public.own_file f JOIN public.referral r ON r.id = f.referral_id JOIN public.agency a ON a.id = f.agency_id
  JOIN public.own_file_record x ON x.own_file_id = f.id JOIN public.person p ON p.id = x.person_id JOIN public.case_file c ON c.id = x.case_id
  JOIN LATERAL (SELECT y.* FROM public.own_file_basis y WHERE y.own_file_id = f.id ORDER BY y.recorded_at DESC, y.id DESC LIMIT 1) b ON true
  CROSS JOIN LATERAL (SELECT app.referral_side(r) AS side) s
  CROSS JOIN LATERAL (SELECT s.side = 'receiver' AND app.on_team(x.case_id) AS works) t
  WHERE CASE WHEN wanted_own_case IS NOT NULL THEN c.code = wanted_own_case AND t.works
    WHEN wanted_person IS NULL THEN r.code = wanted AND (s.side = 'sender' AND app.on_team(f.case_id)
      OR s.side = 'receiver' AND (t.works OR app.referral_receives(r)))
    ELSE f.person_id = wanted_person AND f.holder_agency_id = app.casework_agency() AND app.person_team(wanted_person) END
  ORDER BY f.opened_at
$$;

-- The words of a duty are sealed under the own person's key, and change with it.
SELECT pg_temp.replace_in('app.person_texts_at_work(uuid)', $was$SELECT 'sharing_exception', 'reason',$was$,
  $new$SELECT 'own_file_basis', 'words', o.id::text, o.agency_id, o.words FROM public.own_file_basis o JOIN p ON o.person_id = p.id WHERE o.words IS NOT NULL
  UNION ALL
  SELECT 'sharing_exception', 'reason',$new$);
SELECT pg_temp.replace_in('app.replace_person_key(uuid, bytea, int, text[], text[], bytea[], bytea[])', $was$UPDATE public.sharing_exception t SET$was$,
  $new$UPDATE public.own_file_basis t SET words = x.fresh FROM unnest(all_tabs, all_places, all_olds, all_news) x(tab, place, old, fresh)
    WHERE x.tab = 'own_file_basis' AND t.id = x.place::uuid AND t.person_id = r.person_id AND t.words = x.old;
  GET DIAGNOSTICS n = ROW_COUNT; moved := moved + n;
  UPDATE public.sharing_exception t SET$new$);

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('own_file_allowed', 'own_file_rests', 'referral_for_own_file', 'own_file_offer', 'own_file_event',
             'take_for_own_file', 'put_own_file_basis', 'keep_own_file', 'rebase_own_file', 'end_own_file', 'check_own_file', 'check_own_files_of_answer',
             'check_own_files', 'own_files') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('own_file_offer', 'take_for_own_file', 'keep_own_file', 'rebase_own_file', 'end_own_file', 'own_files') THEN 'member'
      WHEN f.proname = 'check_own_files' THEN 'worker'
    END;
    IF callers IS NOT NULL THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role(callers)); END IF;
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.check_own_files_of_answer() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER consent_own_files AFTER INSERT ON public.consent FOR EACH ROW EXECUTE FUNCTION app.check_own_files_of_answer();
CREATE TRIGGER consent_withdrawal_own_files AFTER INSERT ON public.consent_withdrawal FOR EACH ROW EXECUTE FUNCTION app.check_own_files_of_answer();
