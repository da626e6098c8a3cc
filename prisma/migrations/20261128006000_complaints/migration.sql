-- Complaints and feedback: of persons helped, with a code on a slip of paper, and of members. They go to the body that oversees the
-- network; the agency complained of reads nothing of them.

-- A slip that was printed for somebody: what ties a complaint to an agency, and to a case only where the person says so.
CREATE TABLE "complaint_slip" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL DEFAULT app.new_code('CMP'::text),
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "printed_by_id" UUID NOT NULL,
    "printed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "complaint_slip_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "complaint" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL DEFAULT app.new_code('CPL'::text),
    "agency_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "about_agency_id" UUID,
    "slip_id" UUID,
    "told_case" BOOLEAN NOT NULL,
    "member_id" UUID,
    "member_agency_id" UUID,
    "subject" TEXT NOT NULL,
    "ground" TEXT,
    "answer_by" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "sealed" BYTEA,
    "filed_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'new',
    "result" TEXT,
    "next_step" TEXT,
    "moved_at" TIMESTAMPTZ(3),
    "moved_by_id" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "complaint_pkey" PRIMARY KEY ("id")
);

-- The key of what somebody wrote, wrapped for the body that reads it.
CREATE TABLE "complaint_key" (
    "complaint_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "wrap_purpose" TEXT NOT NULL DEFAULT 'data',
    "wrap_version" INTEGER NOT NULL,
    "wrapped" BYTEA NOT NULL,

    CONSTRAINT "complaint_key_pkey" PRIMARY KEY ("complaint_id")
);

CREATE UNIQUE INDEX "complaint_slip_code_key" ON "complaint_slip"("code");

CREATE INDEX "complaint_slip_agency_id_case_id_idx" ON "complaint_slip"("agency_id", "case_id");

CREATE INDEX "complaint_slip_holder_agency_id_case_id_idx" ON "complaint_slip"("holder_agency_id", "case_id");

CREATE UNIQUE INDEX "complaint_slip_id_agency_id_key" ON "complaint_slip"("id", "agency_id");

CREATE UNIQUE INDEX "complaint_code_key" ON "complaint"("code");

CREATE UNIQUE INDEX "complaint_id_agency_id_key" ON "complaint"("id", "agency_id");

CREATE INDEX "complaint_agency_id_filed_at_id_idx" ON "complaint"("agency_id", "filed_at" DESC, "id" DESC);

CREATE INDEX "complaint_agency_id_state_filed_at_id_idx" ON "complaint"("agency_id", "state", "filed_at" DESC, "id" DESC);

CREATE INDEX "complaint_about_agency_id_idx" ON "complaint"("about_agency_id");

CREATE INDEX "complaint_slip_id_about_agency_id_idx" ON "complaint"("slip_id", "about_agency_id");

CREATE INDEX "complaint_member_agency_id_member_id_idx" ON "complaint"("member_agency_id", "member_id");

CREATE INDEX "complaint_key_agency_id_wrap_version_idx" ON "complaint_key"("agency_id", "wrap_version");

ALTER TABLE "complaint_slip" ADD CONSTRAINT "complaint_slip_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "complaint_slip" ADD CONSTRAINT "complaint_slip_agency_id_printed_by_id_fkey" FOREIGN KEY ("agency_id", "printed_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "complaint" ADD CONSTRAINT "complaint_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "complaint" ADD CONSTRAINT "complaint_about_agency_id_fkey" FOREIGN KEY ("about_agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "complaint" ADD CONSTRAINT "complaint_slip_id_about_agency_id_fkey" FOREIGN KEY ("slip_id", "about_agency_id") REFERENCES "complaint_slip"("id", "agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "complaint" ADD CONSTRAINT "complaint_member_agency_id_member_id_fkey" FOREIGN KEY ("member_agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "complaint" ADD CONSTRAINT "complaint_agency_id_moved_by_id_fkey" FOREIGN KEY ("agency_id", "moved_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "complaint_key" ADD CONSTRAINT "complaint_key_complaint_id_agency_id_fkey" FOREIGN KEY ("complaint_id", "agency_id") REFERENCES "complaint"("id", "agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "complaint_key" ADD CONSTRAINT "complaint_key_agency_id_wrap_purpose_wrap_version_fkey" FOREIGN KEY ("agency_id", "wrap_purpose", "wrap_version") REFERENCES "agency_key"("agency_id", "purpose", "version") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.complaint_slip ADD CONSTRAINT complaint_slip_own CHECK (agency_id = holder_agency_id);
ALTER TABLE public.complaint
  ADD CONSTRAINT complaint_source CHECK (source IN ('person', 'member')),
  ADD CONSTRAINT complaint_subject CHECK (subject IN ('refused_help', 'treated_unequally', 'data_shared', 'treated_badly', 'waited_too_long', 'other', 'praise')),
  ADD CONSTRAINT complaint_ground CHECK ((subject = 'treated_unequally' OR ground IS NULL) AND ground IN ('gender', 'age', 'origin', 'language', 'religion',
    'disability', 'sexuality', 'papers', 'cooperation', 'other')),
  ADD CONSTRAINT complaint_answer_by CHECK (answer_by IN ('paper', 'receipt', 'none')),
  ADD CONSTRAINT complaint_locale CHECK (locale IN ('en', 'zh-Hans')),
  ADD CONSTRAINT complaint_of_person CHECK (source = 'member' OR member_id IS NULL),
  ADD CONSTRAINT complaint_of_member CHECK (source = 'person' OR (slip_id IS NULL AND NOT told_case AND answer_by <> 'paper')),
  ADD CONSTRAINT complaint_named CHECK ((member_id IS NULL) = (member_agency_id IS NULL)),
  -- Without a tick, and without an answer on paper, nothing says which slip it was.
  ADD CONSTRAINT complaint_unlinked CHECK (slip_id IS NULL OR told_case OR answer_by = 'paper'),
  ADD CONSTRAINT complaint_state CHECK (state IN ('new', 'looked_at', 'answered', 'closed')),
  ADD CONSTRAINT complaint_result CHECK (result IN ('right', 'partly_right', 'not_right', 'not_clear', 'thanks')),
  ADD CONSTRAINT complaint_next_step CHECK (next_step IN ('agency_changes', 'agency_asked', 'looked_into_further', 'other_office', 'nothing_more')),
  ADD CONSTRAINT complaint_answer CHECK ((result IS NULL) = (next_step IS NULL) AND (state <> 'answered' OR result IS NOT NULL)
    AND (state NOT IN ('new', 'looked_at') OR result IS NULL)),
  ADD CONSTRAINT complaint_moved CHECK ((state = 'new') = (moved_at IS NULL) AND (moved_at IS NULL) = (moved_by_id IS NULL));

INSERT INTO public.audit_event_type (type, action) VALUES
  ('complaint-slip.printed', 'print'), ('complaint-slip.listed', 'list'), ('complaint.filed', 'create'), ('complaint.listed', 'list'),
  ('complaint.viewed', 'read'), ('complaint.changed', 'update');
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES ('complaint.filed', true, false, false, 95);

-- No role of members has any right on these: everything goes by the functions below.
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['complaint_slip', 'complaint', 'complaint_key'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
  EXECUTE format('GRANT UPDATE (state, result, next_step, moved_at, moved_by_id, version) ON public.complaint TO %I', app.db_role('definer'));
  EXECUTE format('GRANT UPDATE (wrapped, wrap_version) ON public.complaint_key TO %I', app.db_role('definer'));
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

SELECT pg_temp.replace_in('app.take_tries(bytea[], text[])', $was$('reset-all', 120, 5, 60)$was$,
  $new$('reset-all', 120, 5, 60),
        ('complaint-code', 5, 900, 3600),     -- complaints with one code, or of one member
        ('complaint-network', 20, 300, 3600), -- a shelter sends all of its complaints from one network
        ('complaint-all', 120, 5, 60),
        ('receipt-network', 60, 300, 3600),   -- looks at how a complaint stands
        ('receipt-all', 300, 5, 60)$new$);

-- ---------------------------------------------------------------------------------------------------------------
-- The slip

/* Prints a slip for the person of a case, by its team: the slip's code, or null. */
CREATE FUNCTION app.print_complaint_slip(wanted text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  c record;
  made text;
BEGIN
  SELECT x.* INTO c FROM public.case_file x WHERE x.code = wanted AND x.agency_id = app.casework_agency() AND x.holder_agency_id = x.agency_id;
  IF NOT FOUND OR NOT app.on_team(c.id) THEN RETURN NULL; END IF;
  INSERT INTO public.complaint_slip (id, case_id, person_id, holder_agency_id, agency_id, printed_by_id, printed_at)
    VALUES (gen_random_uuid(), c.id, c.person_id, c.holder_agency_id, c.agency_id, ctx.member_id, app.now()) RETURNING code INTO made;
  PERFORM app.record_event(jsonb_build_object('type', 'complaint-slip.printed', 'subject', made, 'personId', c.person_id, 'caseId', c.id,
    'holderAgencyId', c.holder_agency_id, 'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)));
  RETURN made;
END
$$;

/* The slips that were printed for a case, the latest first; nothing but to its team. Whether one was used is told to nobody. */
CREATE FUNCTION app.complaint_slips(wanted text) RETURNS TABLE (code text, printed_at timestamptz, printed_by text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s.code, s.printed_at, m.display_name FROM public.case_file c JOIN public.complaint_slip s ON s.case_id = c.id AND s.agency_id = c.agency_id
  JOIN public.member m ON m.id = s.printed_by_id
  WHERE c.code = wanted AND c.agency_id = app.casework_agency() AND app.on_team(c.id) ORDER BY s.printed_at DESC, s.id DESC LIMIT 200
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Where a complaint goes

/* The body that takes complaints of a network: the one that the network names, else the oldest; it has an auditor who can read them. */
CREATE FUNCTION app.complaints_body(network uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.id FROM public.agency a JOIN public.network n ON n.id = a.network_id WHERE n.id = network AND a.kind = 'oversight'
    AND EXISTS (SELECT 1 FROM public.member m WHERE m.agency_id = a.id AND m.status = 'active' AND 'auditor' = ANY (m.roles::text[]))
  ORDER BY a.id IS DISTINCT FROM n.oversight_agency_id, a.created_at, a.key LIMIT 1
$$;

/* The same for a slip. A code that is no slip's goes to the first network's body, so that no answer tells which codes there are. */
CREATE FUNCTION app.complaints_body_of_slip(wanted text) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce(
    (SELECT app.complaints_body(a.network_id) FROM public.complaint_slip s JOIN public.agency a ON a.id = s.agency_id WHERE s.code = wanted),
    (SELECT b.body FROM public.network n, LATERAL (SELECT app.complaints_body(n.id) AS body) b WHERE b.body IS NOT NULL ORDER BY n.created_at, n.id LIMIT 1))
$$;

/* What seals a complaint before anybody is signed in: the body's newest key, and the search key by which names in the text are found; both wrapped. */
CREATE FUNCTION app.complaint_recipient(wanted text) RETURNS TABLE (body uuid, version int, wrapped bytea, holder uuid, index_version int, index_wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.agency_id, k.version, k.wrapped, i.agency_id, i.version, i.wrapped
  FROM (SELECT x.agency_id, x.version, x.wrapped FROM public.agency_key x WHERE x.agency_id = app.complaints_body_of_slip(wanted) AND x.purpose = 'data'
    ORDER BY x.version DESC LIMIT 1) k
  LEFT JOIN LATERAL (SELECT x.agency_id, x.version, x.wrapped FROM public.agency_key x
    WHERE x.agency_id = coalesce((SELECT s.holder_agency_id FROM public.complaint_slip s WHERE s.code = wanted), k.agency_id) AND x.purpose = 'index'
    ORDER BY x.version DESC LIMIT 1) i ON true
$$;

/* Which of these digests are the slip's person's own, so that they are masked before anybody reads the text. */
CREATE FUNCTION app.complaint_own_tokens(wanted text, digests bytea[]) RETURNS TABLE (token bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT t.token FROM public.complaint_slip s JOIN public.search_token t ON t.agency_id = s.holder_agency_id AND t.person_id = s.person_id
  WHERE s.code = wanted AND t.token = ANY (digests)
$$;

/* The same for a signed-in member: the body of their own network. */
CREATE FUNCTION app.complaint_recipient_of_member() RETURNS TABLE (body uuid, version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.agency_id, k.version, k.wrapped FROM public.agency_key k
  WHERE k.agency_id = app.complaints_body((app.context()).network_id) AND k.purpose = 'data' ORDER BY k.version DESC LIMIT 1
$$;

/* Adds a complaint, its key and its event, and tells the body's auditors. The event is the body's, of nobody, and from nowhere. */
CREATE FUNCTION app.add_complaint(c public.complaint, key_version int, key_wrapped bytea) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  network uuid;
BEGIN
  IF (c.sealed IS NULL) <> (key_wrapped IS NULL) OR length(c.sealed) > 16000
     OR (key_wrapped IS NOT NULL AND (app.sealed_key(key_wrapped) <> c.agency_id OR app.sealed_version(key_wrapped) <> key_version)) THEN
    RAISE EXCEPTION 'A complaint is sealed for the body that reads it' USING ERRCODE = '22023';
  END IF;
  INSERT INTO public.complaint SELECT c.*;
  IF key_wrapped IS NOT NULL THEN
    INSERT INTO public.complaint_key (complaint_id, agency_id, wrap_version, wrapped) VALUES (c.id, c.agency_id, key_version, key_wrapped);
  END IF;
  SELECT a.network_id INTO network FROM public.agency a WHERE a.id = c.agency_id;
  PERFORM app.write_event(jsonb_build_object('type', 'complaint.filed', 'subject', c.code),
    ROW(c.agency_id, NULL, NULL, network, '{}', 'complaint', 0, 0)::app.actor_context);
  PERFORM app.notify(ARRAY(SELECT m.id FROM public.member m WHERE m.agency_id = c.agency_id AND m.status = 'active' AND 'auditor' = ANY (m.roles::text[])),
    'complaint.filed', c.code);
END
$$;

/*
 * Takes a complaint with a code from paper: the seconds to wait, else its own code, by which whoever holds it reads the answer. A code that
 * is no slip's gets the same answer; such a complaint is about no agency.
 */
CREATE FUNCTION app.file_complaint(new_id uuid, body uuid, slip text, told jsonb, sealed bytea, key_version int, key_wrapped bytea, keys bytea[], kinds text[])
  RETURNS TABLE (wait int, code text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  seconds int := app.take_tries(keys, kinds);
  s public.complaint_slip;
  c public.complaint;
BEGIN
  IF seconds > 0 THEN RETURN QUERY SELECT seconds, NULL::text; RETURN; END IF;
  IF body IS DISTINCT FROM app.complaints_body_of_slip(slip) THEN RAISE EXCEPTION 'Another body takes this complaint' USING ERRCODE = '22023'; END IF;
  SELECT x.* INTO s FROM public.complaint_slip x WHERE x.code = slip;
  c.id := new_id;
  c.code := app.new_code('CPL');
  c.agency_id := body;
  c.source := 'person';
  c.about_agency_id := s.agency_id;
  c.told_case := s.id IS NOT NULL AND (told ->> 'toldCase')::boolean;
  c.answer_by := told ->> 'answerBy';
  c.slip_id := CASE WHEN c.told_case OR c.answer_by = 'paper' THEN s.id END;
  c.subject := told ->> 'subject';
  c.ground := told ->> 'ground';
  c.locale := told ->> 'locale';
  c.sealed := sealed;
  c.filed_at := app.installation_now();
  c.state := 'new';
  c.version := 1;
  PERFORM app.add_complaint(c, key_version, key_wrapped);
  RETURN QUERY SELECT 0, c.code;
END
$$;

/* The same of a signed-in member, about an agency of the network or none; who it is stays unknown unless they say otherwise. */
CREATE FUNCTION app.file_member_complaint(new_id uuid, about text, told jsonb, sealed bytea, key_version int, key_wrapped bytea)
  RETURNS TABLE (wait int, code text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  seconds int;
  c public.complaint;
BEGIN
  IF ctx IS NULL THEN RETURN; END IF;
  seconds := app.take_tries(ARRAY[sha256(convert_to('complaint:' || ctx.member_id::text, 'UTF8'))], ARRAY['complaint-code']);
  IF seconds > 0 THEN RETURN QUERY SELECT seconds, NULL::text; RETURN; END IF;
  c.agency_id := app.complaints_body(ctx.network_id);
  IF c.agency_id IS NULL THEN RETURN; END IF;
  c.id := new_id;
  c.code := app.new_code('CPL');
  c.source := 'member';
  c.about_agency_id := (SELECT a.id FROM public.agency a WHERE a.key = about AND a.network_id = ctx.network_id AND a.kind <> 'operator');
  c.told_case := false;
  IF (told ->> 'named')::boolean THEN
    c.member_id := ctx.member_id;
    c.member_agency_id := ctx.agency_id;
  END IF;
  c.answer_by := 'receipt';
  c.subject := told ->> 'subject';
  c.ground := told ->> 'ground';
  c.locale := told ->> 'locale';
  c.sealed := sealed;
  c.filed_at := app.now();
  c.state := 'new';
  c.version := 1;
  PERFORM app.add_complaint(c, key_version, key_wrapped);
  RETURN QUERY SELECT 0, c.code;
END
$$;

/* How a complaint stands, for whoever holds its code: the seconds to wait, or its state and answer; no row without such a complaint. */
CREATE FUNCTION app.complaint_answer(wanted text, keys bytea[], kinds text[]) RETURNS TABLE (wait int, state text, result text, next_step text)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  seconds int := app.take_tries(keys, kinds);
BEGIN
  IF seconds > 0 THEN RETURN QUERY SELECT seconds, NULL::text, NULL::text, NULL::text; RETURN; END IF;
  RETURN QUERY SELECT 0, c.state, c.result, c.next_step FROM public.complaint c WHERE c.code = wanted;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- The body that reads and answers

/* One page of the complaints of the auditor's body, the latest first. */
CREATE FUNCTION app.complaints(wanted_state text, wanted_subject text, is_backward boolean, cursor_at timestamptz, cursor_id uuid, how_many int) RETURNS TABLE (
  id uuid, code text, filed_at timestamptz, sort text, source text, subject text, state text, agency text, agency_name text, has_text boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.id, c.code, c.filed_at, c.filed_at::text, c.source, c.subject, c.state, a.key, a.name, c.sealed IS NOT NULL
  FROM public.complaint c LEFT JOIN public.agency a ON a.id = c.about_agency_id
  WHERE c.agency_id = app.oversight_body() AND (wanted_state IS NULL OR c.state = wanted_state) AND (wanted_subject IS NULL OR c.subject = wanted_subject)
    AND (cursor_at IS NULL OR CASE WHEN is_backward THEN (c.filed_at, c.id) > (cursor_at, cursor_id) ELSE (c.filed_at, c.id) < (cursor_at, cursor_id) END)
  ORDER BY CASE WHEN is_backward THEN c.filed_at END ASC, CASE WHEN is_backward THEN c.id END ASC, c.filed_at DESC, c.id DESC LIMIT how_many
$$;

/* One complaint, for an auditor of its body; the look is written first. The case is a pseudonym, and told only where the person said so. */
CREATE FUNCTION app.read_complaint(wanted text, look jsonb) RETURNS TABLE (
  id uuid, code text, filed_at timestamptz, source text, subject text, ground text, state text, agency text, agency_name text, case_subject text, slip text,
  member text, answer_by text, locale text, result text, next_step text, moved_at timestamptz, version int, sealed bytea, wrap_version int, wrapped bytea, body_wrapped bytea
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  body uuid := app.oversight_body();
  c public.complaint;
BEGIN
  SELECT x.* INTO c FROM public.complaint x WHERE x.code = wanted AND x.agency_id = body;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.record_event(jsonb_build_object('type', 'complaint.viewed', 'subject', c.code, 'purpose', 'oversight',
    'networkPrefix', left(look ->> 'networkPrefix', 60), 'requestId', left(look ->> 'requestId', 60)));
  RETURN QUERY SELECT c.id, c.code, c.filed_at, c.source, c.subject, c.ground, c.state, a.key, a.name,
      CASE WHEN c.told_case THEN app.pseudonym_of(body, 'case', s.case_id) END, CASE WHEN c.answer_by = 'paper' THEN s.code END,
      m.code, c.answer_by, c.locale, c.result, c.next_step, c.moved_at, c.version, c.sealed, k.wrap_version, k.wrapped, x.wrapped
    FROM (SELECT 1) one LEFT JOIN public.agency a ON a.id = c.about_agency_id LEFT JOIN public.complaint_slip s ON s.id = c.slip_id
    LEFT JOIN public.member m ON m.id = c.member_id LEFT JOIN public.complaint_key k ON k.complaint_id = c.id
    LEFT JOIN public.agency_key x ON x.agency_id = k.agency_id AND x.purpose = k.wrap_purpose AND x.version = k.wrap_version;
END
$$;

/* Whether a complaint may go from one state to another. As lib/oversight/complaints/rules.ts has it; a test holds the two together. */
CREATE FUNCTION app.complaint_may_move(was text, becomes text) RETURNS boolean
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT (was, becomes) IN (('new', 'looked_at'), ('new', 'answered'), ('new', 'closed'), ('looked_at', 'answered'), ('looked_at', 'closed'),
    ('answered', 'answered'), ('answered', 'closed'))
$$;

/* Moves a complaint of the auditor's body: ok, not_found, stale or wrong_state. */
CREATE FUNCTION app.move_complaint(wanted text, expected_version int, becomes text, came_to text, then_comes text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  c public.complaint;
BEGIN
  SELECT x.* INTO c FROM public.complaint x WHERE x.code = wanted AND x.agency_id = app.oversight_body() FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF c.version <> expected_version THEN RETURN 'stale'; END IF;
  IF NOT app.complaint_may_move(c.state, becomes) THEN RETURN 'wrong_state'; END IF;
  UPDATE public.complaint x SET state = becomes, result = CASE WHEN becomes = 'answered' THEN came_to ELSE x.result END,
      next_step = CASE WHEN becomes = 'answered' THEN then_comes ELSE x.next_step END, moved_at = app.now(), moved_by_id = ctx.member_id, version = x.version + 1
    WHERE x.id = c.id;
  PERFORM app.record_event(jsonb_build_object('type', 'complaint.changed', 'subject', c.code, 'fields', jsonb_build_array(becomes),
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)));
  RETURN 'ok';
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- The keys of complaints go along when the body's key changes

CREATE FUNCTION app.complaint_keys_to_rewrap(rotation uuid, at_most int) RETURNS TABLE (complaint_id uuid, wrap_version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.complaint_id, k.wrap_version, k.wrapped FROM public.key_rotation r
  JOIN public.complaint_key k ON k.agency_id = r.agency_id AND k.wrap_version < r.to_version
  WHERE r.id = rotation AND r.kind = 'agency' AND r.state <> 'done' LIMIT at_most
$$;

CREATE FUNCTION app.rewrap_complaint_keys(rotation uuid, complaints uuid[], olds bytea[], news bytea[]) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.key_rotation;
  moved int;
BEGIN
  SELECT * INTO r FROM public.key_rotation k WHERE k.id = rotation AND k.kind = 'agency' AND k.state <> 'done' FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  IF EXISTS (SELECT 1 FROM unnest(news) n WHERE app.sealed_key(n) <> r.agency_id OR app.sealed_version(n) <> r.to_version) THEN
    RAISE EXCEPTION 'A key was wrapped under another key than the rotation is about' USING ERRCODE = '22023';
  END IF;
  UPDATE public.complaint_key k SET wrapped = n.fresh, wrap_version = r.to_version FROM unnest(complaints, olds, news) n (complaint, old, fresh)
    WHERE k.complaint_id = n.complaint AND k.agency_id = r.agency_id AND k.wrapped = n.old;
  GET DIAGNOSTICS moved = ROW_COUNT;
  RETURN moved;
END
$$;

SELECT pg_temp.replace_in('app.key_rotation_left(public.key_rotation)',
  $was$OR EXISTS (SELECT 1 FROM public.referral_key k WHERE k.agency_id = r.agency_id AND k.wrap_version < r.to_version)$was$,
  $new$OR EXISTS (SELECT 1 FROM public.referral_key k WHERE k.agency_id = r.agency_id AND k.wrap_version < r.to_version)
      OR EXISTS (SELECT 1 FROM public.complaint_key k WHERE k.agency_id = r.agency_id AND k.wrap_version < r.to_version)$new$);

-- A complaint is about nobody as far as its code tells, so the log names it to the body's auditors, as it does members and agreements.
SELECT pg_temp.replace_in('app.oversight_events(jsonb, boolean, timestamptz, bigint, int)', $was$'^(MBR|UNT|$was$, $new$'^(CPL|MBR|UNT|$new$);

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('print_complaint_slip', 'complaint_slips', 'complaints_body', 'complaints_body_of_slip', 'complaint_recipient',
             'complaint_own_tokens', 'complaint_recipient_of_member', 'add_complaint', 'file_complaint', 'file_member_complaint', 'complaint_answer', 'complaints',
             'read_complaint', 'complaint_may_move', 'move_complaint', 'complaint_keys_to_rewrap', 'rewrap_complaint_keys') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('complaint_recipient', 'complaint_own_tokens', 'file_complaint', 'complaint_answer') THEN ARRAY['app', 'definer']
      WHEN f.proname IN ('complaint_recipient_of_member', 'file_member_complaint') THEN ARRAY['member', 'desk', 'auditor', 'definer']
      WHEN f.proname IN ('print_complaint_slip', 'complaint_slips') THEN ARRAY['member', 'definer']
      WHEN f.proname IN ('complaints', 'read_complaint', 'move_complaint') THEN ARRAY['auditor', 'definer']
      WHEN f.proname IN ('complaint_keys_to_rewrap', 'rewrap_complaint_keys') THEN ARRAY['worker', 'definer']
      ELSE ARRAY['definer']
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.complaint_may_move(text, text) TO %I', session_user);
END
$$;
RESET ROLE;
