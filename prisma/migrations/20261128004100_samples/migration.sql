-- Samples of case files: drawn by an auditor from a list that is frozen, read under pseudonyms, question by question.

CREATE TABLE "oversight_sample" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL DEFAULT app.new_code('SMP'::text),
    "network_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "drawn_by_id" UUID NOT NULL,
    "drawn_at" TIMESTAMPTZ(3) NOT NULL,
    "pool" TEXT NOT NULL,
    "spread" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL,
    "frame" UUID[] NOT NULL,
    "frame_digest" TEXT NOT NULL,

    CONSTRAINT "oversight_sample_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "oversight_sample_file" (
    "sample_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "agency_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "stratum" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "oversight_sample_file_pkey" PRIMARY KEY ("sample_id", "position")
);

-- What an auditor found of a file. Changing their mind adds; the latest version holds.
CREATE TABLE "oversight_sample_answer" (
    "sample_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "agency_id" UUID NOT NULL,
    "answer" TEXT NOT NULL,
    "answered_by_id" UUID NOT NULL,
    "answered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "oversight_sample_answer_pkey" PRIMARY KEY ("sample_id", "position", "version", "question")
);

CREATE UNIQUE INDEX "oversight_sample_code_key" ON "oversight_sample"("code");

CREATE UNIQUE INDEX "oversight_sample_id_agency_id_key" ON "oversight_sample"("id", "agency_id");

CREATE UNIQUE INDEX "oversight_sample_file_sample_id_position_agency_id_key" ON "oversight_sample_file"("sample_id", "position", "agency_id");

CREATE INDEX "oversight_sample_agency_id_drawn_at_id_idx" ON "oversight_sample"("agency_id", "drawn_at" DESC, "id" DESC);

CREATE INDEX "oversight_sample_agency_id_drawn_by_id_idx" ON "oversight_sample"("agency_id", "drawn_by_id");

CREATE UNIQUE INDEX "oversight_sample_file_sample_id_case_id_key" ON "oversight_sample_file"("sample_id", "case_id");

CREATE INDEX "oversight_sample_file_agency_id_idx" ON "oversight_sample_file"("agency_id");

CREATE INDEX "oversight_sample_answer_agency_id_answered_by_id_idx" ON "oversight_sample_answer"("agency_id", "answered_by_id");

ALTER TABLE "oversight_sample" ADD CONSTRAINT "oversight_sample_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "oversight_sample" ADD CONSTRAINT "oversight_sample_agency_id_drawn_by_id_fkey" FOREIGN KEY ("agency_id", "drawn_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "oversight_sample_file" ADD CONSTRAINT "oversight_sample_file_sample_id_agency_id_fkey" FOREIGN KEY ("sample_id", "agency_id") REFERENCES "oversight_sample"("id", "agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "oversight_sample_answer" ADD CONSTRAINT "oversight_sample_answer_sample_id_position_agency_id_fkey" FOREIGN KEY ("sample_id", "position", "agency_id") REFERENCES "oversight_sample_file"("sample_id", "position", "agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "oversight_sample_answer" ADD CONSTRAINT "oversight_sample_answer_agency_id_answered_by_id_fkey" FOREIGN KEY ("agency_id", "answered_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.oversight_sample
  ADD CONSTRAINT oversight_sample_pool CHECK (pool IN ('ordinary', 'restricted')),
  ADD CONSTRAINT oversight_sample_spread CHECK (spread IN ('random', 'agency', 'category')),
  ADD CONSTRAINT oversight_sample_size CHECK (size BETWEEN 1 AND 100),
  ADD CONSTRAINT oversight_sample_seed CHECK (seed >= 0);
ALTER TABLE public.oversight_sample_answer
  ADD CONSTRAINT oversight_sample_answer_question CHECK (question IN ('consent', 'mandate', 'response', 'looks', 'adapted')),
  ADD CONSTRAINT oversight_sample_answer_answer CHECK (answer IN ('in_order', 'concern', 'cannot_tell'));

INSERT INTO public.audit_event_type (type, action) VALUES ('oversight-sample.listed', 'list'), ('oversight-sample.drawn', 'create'),
  ('oversight-sample.viewed', 'read'), ('oversight-sample.file-viewed', 'read'), ('oversight-sample.answered', 'update');

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['oversight_sample', 'oversight_sample_file', 'oversight_sample_answer'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
    IF t <> 'oversight_sample_file' THEN
      EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION app.only_added_to()', t || '_stays', t);
    END IF;
  END LOOP;
  EXECUTE format('GRANT UPDATE ON public.oversight_sample_file TO %I', app.db_role('definer'));
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* The digest of a list of case files, which is in the order of its ids. */
CREATE FUNCTION app.frame_digest(frame uuid[]) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT encode(sha256(convert_to(array_to_string(frame, E'\n'), 'UTF8')), 'hex')
$$;

/*
 * Which files of a list a seed picks: in the order of the digests of seed and id. Spread over agencies or categories (that of
 * the first need), each of them gives its first file, then each its second, and so on, so that the small ones are read as closely as the large.
 */
CREATE FUNCTION app.sample_picks(frame uuid[], spread text, seed int, size int) RETURNS TABLE ("position" int, case_id uuid, stratum text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH listed AS (
    SELECT c.id, sha256(convert_to(seed::text || ':' || c.id::text, 'UTF8')) AS drawn, CASE spread
      WHEN 'agency' THEN a.key
      WHEN 'category' THEN coalesce((SELECT n.category FROM public.need n WHERE n.holder_agency_id = c.holder_agency_id AND n.case_id = c.id
        ORDER BY n.created_at, n.id LIMIT 1), 'none')
      ELSE '' END AS stratum
    FROM unnest(frame) f (id) JOIN public.case_file c ON c.id = f.id JOIN public.agency a ON a.id = c.agency_id
  ), ranked AS (SELECT l.*, row_number() OVER (PARTITION BY l.stratum ORDER BY l.drawn) AS turn FROM listed l)
  SELECT (row_number() OVER (ORDER BY r.turn, r.drawn))::int, r.id, r.stratum FROM ranked r ORDER BY r.turn, r.drawn LIMIT size
$$;

/*
 * Draws a sample for a body: of the ordinary files of its network or of the restricted ones, never of both, so that no file is told to be
 * restricted among others. How many restricted files there are is not told: fewer than asked for, or than 11, and nothing is drawn. Null then, and where there are none.
 */
CREATE FUNCTION app.draw_sample_for(body uuid, member uuid, network uuid, pool text, spread text, size int, seed int, at timestamptz) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  new_id uuid := gen_random_uuid();
  listed uuid[];
  drawn text;
BEGIN
  listed := ARRAY(SELECT c.id FROM public.agency a JOIN public.case_file c ON c.agency_id = a.id
    JOIN public.person p ON p.id = c.person_id AND p.erased_at IS NULL
    -- A person with an open restricted case is hidden as a whole, with the other files.
    WHERE a.network_id = network AND (c.restricted OR p.restricted) = (pool = 'restricted') ORDER BY c.id);
  IF cardinality(listed) < (CASE pool WHEN 'restricted' THEN greatest(11, size) ELSE 1 END) THEN RETURN NULL; END IF;
  INSERT INTO public.oversight_sample (id, network_id, agency_id, drawn_by_id, drawn_at, pool, spread, size, seed, frame, frame_digest)
    VALUES (new_id, network, body, member, at, pool, spread, size, seed, listed, app.frame_digest(listed)) RETURNING code INTO drawn;
  INSERT INTO public.oversight_sample_file (sample_id, position, agency_id, case_id, stratum)
    SELECT new_id, p.position, body, p.case_id, p.stratum FROM app.sample_picks(listed, spread, seed, size) p;
  RETURN drawn;
END
$$;

/* Draws a sample for the body of whoever asks; null for everybody but an auditor, and where too few are there. */
CREATE FUNCTION app.draw_sample(pool text, spread text, size int, seed int) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF app.oversight_body() IS NULL THEN RETURN NULL; END IF;
  RETURN app.draw_sample_for(ctx.agency_id, ctx.member_id, ctx.network_id, pool, spread, size, seed, app.now());
END
$$;

/* The samples of the auditor's body, the latest first, with how far they are read; one by its code. */
CREATE FUNCTION app.samples(wanted text, how_many int) RETURNS TABLE (id uuid, code text, drawn_at timestamptz, pool text, spread text, size int, seed int, frame_size int,
    frame_digest text, files int, read int, concerns int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s.id, s.code, s.drawn_at, s.pool, s.spread, s.size, s.seed, CASE s.pool WHEN 'ordinary' THEN cardinality(s.frame) END, s.frame_digest, f.n, f.read, f.concerns
  FROM public.oversight_sample s CROSS JOIN LATERAL (
    SELECT count(*)::int AS n, count(x.read_at)::int AS read, count(*) FILTER (WHERE EXISTS (SELECT 1 FROM public.oversight_sample_answer w
      WHERE w.sample_id = x.sample_id AND w.position = x.position AND w.version = x.version AND w.answer = 'concern'))::int AS concerns
    FROM public.oversight_sample_file x WHERE x.sample_id = s.id) f
  WHERE s.agency_id = app.oversight_body() AND (wanted IS NULL OR s.code = wanted) ORDER BY s.drawn_at DESC, s.id DESC LIMIT least(how_many, 200)
$$;

/* Whether drawing again from the list that was frozen gives the same files. */
CREATE FUNCTION app.sample_repeats(wanted text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT app.frame_digest(s.frame) = s.frame_digest AND NOT EXISTS (
    SELECT 1 FROM app.sample_picks(s.frame, s.spread, s.seed, s.size) p
    FULL JOIN (SELECT f.position, f.case_id, f.stratum FROM public.oversight_sample_file f WHERE f.sample_id = s.id) f
      ON f.position = p.position AND f.case_id = p.case_id AND f.stratum = p.stratum
    WHERE p.position IS NULL OR f.position IS NULL)
  FROM public.oversight_sample s WHERE s.code = wanted AND s.agency_id = app.oversight_body()
$$;

/* The files of a sample of the auditor's body in their order, under the body's pseudonyms, with what was found of each. */
CREATE FUNCTION app.sample_files(wanted text) RETURNS TABLE ("position" int, code text, agency text, agency_name text, stratum text, version int, read_at timestamptz, answers jsonb)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  body uuid := app.oversight_body();
BEGIN
  RETURN QUERY SELECT f.position, app.pseudonym_of(body, 'case', f.case_id), a.key, a.name, f.stratum, f.version, f.read_at,
    (SELECT jsonb_object_agg(w.question, w.answer) FROM public.oversight_sample_answer w
      WHERE w.sample_id = f.sample_id AND w.position = f.position AND w.version = f.version)
  FROM public.oversight_sample s JOIN public.oversight_sample_file f ON f.sample_id = s.id
  JOIN public.case_file c ON c.id = f.case_id JOIN public.agency a ON a.id = c.agency_id
  WHERE s.code = wanted AND s.agency_id = body ORDER BY f.position;
END
$$;

/* Which case a file of a sample stands for; null for what isn't the auditor's body's. */
CREATE FUNCTION app.sampled_case(wanted_sample text, wanted_file text) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT f.case_id FROM public.oversight_sample s
  JOIN public.oversight_pseudonym p ON p.agency_id = s.agency_id AND p.kind = 'case' AND p.code = wanted_file
  JOIN public.oversight_sample_file f ON f.sample_id = s.id AND f.case_id = p.subject_id
  WHERE s.code = wanted_sample AND s.agency_id = app.oversight_body()
$$;

/*
 * How a file was handled, masked: what was done and when, by which agency, on what basis, and how often in which role it was looked at. Nothing
 * of who the person is, nothing that anybody typed, and nothing by which they could be told from others: no profile, no type of a service (some
 * are for children, or for one sex), no adaptation's kind, no language, no place, nobody who consented for them. Null for what isn't sampled.
 */
CREATE FUNCTION app.masked_file(wanted_sample text, wanted_file text) RETURNS jsonb
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  c public.case_file;
  zone text;
  today date;
  network uuid := (app.context()).network_id;
BEGIN
  SELECT x.* INTO c FROM public.case_file x WHERE x.id = app.sampled_case(wanted_sample, wanted_file);
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT a.time_zone INTO zone FROM public.agency a WHERE a.id = c.agency_id;
  today := (app.now() AT TIME ZONE zone)::date;
  RETURN jsonb_build_object(
    'status', c.status, 'openedOn', c.opened_on, 'closedOn', c.closed_on,
    'needs', (SELECT coalesce(jsonb_agg(jsonb_build_object('category', n.category, 'urgency', n.urgency, 'state', n.state, 'foundOn', n.found_on,
        'dueOn', (n.contact_due_at AT TIME ZONE zone)::date, 'notMetReason', n.not_met_reason,
        'servedOn', (SELECT min(s.delivered_on) FROM public.service s WHERE s.case_id = c.id AND s.need_id = n.id AND s.status IN ('in_progress', 'delivered', 'interrupted')))
        ORDER BY n.found_on, n.id), '[]') FROM public.need n WHERE n.holder_agency_id = c.holder_agency_id AND n.case_id = c.id),
    'services', (SELECT coalesce(jsonb_agg(jsonb_build_object('category', s.category, 'on', s.delivered_on, 'status', s.status, 'agency', a.name,
        'paragraphs', (SELECT coalesce(jsonb_agg(m.paragraph ORDER BY m.paragraph), '[]') FROM public.service_mandate m WHERE m.service_id = s.id),
        'isAdapted', coalesce((SELECT cardinality(d.adaptations) > 0 FROM public.service_detail d WHERE d.service_id = s.id), false),
        'changes', (SELECT count(*) FROM public.service_version v WHERE v.service_id = s.id)) ORDER BY s.delivered_on DESC, s.id), '[]')
      FROM (SELECT x.* FROM public.service x WHERE x.case_id = c.id ORDER BY x.delivered_on DESC, x.id LIMIT 100) s JOIN public.agency a ON a.id = s.agency_id),
    'consents', (SELECT coalesce(jsonb_agg(jsonb_build_object('purpose', k.purpose, 'answer', k.answer, 'categories', k.categories, 'identity', k.identity,
        'agency', a.name, 'kind', k.to_kind, 'on', (k.recorded_at AT TIME ZONE zone)::date, 'endsOn', k.ends_on,
        'withdrawnOn', (SELECT (w.withdrawn_at AT TIME ZONE zone)::date FROM public.consent_withdrawal w WHERE w.consent_id = k.id),
        'isReplaced', EXISTS (SELECT 1 FROM public.consent later WHERE later.replaces_id = k.id)) ORDER BY k.recorded_at, k.id), '[]')
      FROM public.consent k LEFT JOIN public.agency a ON a.id = k.to_agency_id WHERE k.case_id = c.id),
    'exceptions', (SELECT coalesce(jsonb_agg(jsonb_build_object('agency', a.name, 'basis', x.basis, 'on', (x.made_at AT TIME ZONE zone)::date,
        'endsOn', (coalesce(x.ended_at, x.ends_at) AT TIME ZONE zone)::date,
        'findings', (SELECT count(*) FROM public.exception_finding f WHERE f.exception_id = x.id)) ORDER BY x.made_at, x.id), '[]')
      FROM public.sharing_exception x JOIN public.agency a ON a.id = x.to_agency_id WHERE x.case_id = c.id),
    'referrals', (SELECT coalesce(jsonb_agg(jsonb_build_object('agency', a.name, 'urgency', r.urgency, 'state', r.state, 'sentAt', r.sent_at,
        'acknowledgedAt', r.acknowledged_at, 'decideBy', r.decide_by, 'answeredAt', r.answered_at, 'endedAt', coalesce(r.completed_at, r.ended_at),
        'declineReason', r.decline_reason) ORDER BY r.sent_at, r.id), '[]')
      FROM public.referral r JOIN public.agency a ON a.id = r.to_agency_id WHERE r.case_id = c.id AND r.sent_at IS NOT NULL),
    'disclosures', (SELECT coalesce(jsonb_agg(jsonb_build_object('way', d.way, 'agency', a.name, 'on', (d.at AT TIME ZONE zone)::date, 'bases', d.bases,
        'fields', cardinality(d.fields)) ORDER BY d.at DESC, d.id), '[]')
      FROM (SELECT x.* FROM public.disclosure x WHERE x.case_id = c.id ORDER BY x.at DESC, x.id LIMIT 100) d LEFT JOIN public.agency a ON a.id = d.to_agency_id),
    'looks', (SELECT coalesce(jsonb_agg(jsonb_build_object('role', l.role, 'agency', l.name, 'looks', l.looks, 'members', l.members, 'identity', l.identity)
        ORDER BY l.looks DESC, l.name, l.role), '[]')
      FROM (SELECT a.name, coalesce(e.roles[1], 'system') AS role, count(*) AS looks, count(DISTINCT e.actor_id) AS members,
          count(*) FILTER (WHERE e.type IN ('identity.read', 'identity.listed')) AS identity
        FROM public.agency a CROSS JOIN LATERAL (
          SELECT e.* FROM public.audit_event e WHERE e.agency_id = a.id AND e.case_id = c.id
          UNION ALL SELECT e.* FROM public.audit_event e WHERE e.agency_id = a.id AND e.person_id = c.person_id AND e.case_id IS NULL) e
        WHERE a.network_id = network AND e.action IN ('read', 'list', 'search') AND e.outcome = 'success' GROUP BY 1, 2) l),
    'reviews', jsonb_build_object(
      'riskDueOn', CASE WHEN c.status IN ('active', 'follow_up') AND c.risk_review_due < today THEN c.risk_review_due END,
      'tasksLate', (SELECT count(*) FROM public.task t WHERE t.case_id = c.id AND t.done_at IS NULL AND t.due_at < app.now()),
      'emergencies', (SELECT count(*) FROM public.emergency_access x WHERE x.case_id = c.id OR x.case_id IS NULL AND x.person_id = c.person_id),
      'emergenciesLate', (SELECT count(*) FROM public.emergency_access x WHERE (x.case_id = c.id OR x.case_id IS NULL AND x.person_id = c.person_id)
        AND coalesce(x.reviewed_at, app.now()) > x.review_due_at)),
    -- Under the same pseudonym these are in the register.
    'rules', (SELECT coalesce(jsonb_agg(jsonb_build_object('rule', b.rule, 'on', b.on_day) ORDER BY b.on_day DESC, b.rule), '[]') FROM public.oversight_rule_case b
      WHERE b.network_id = network AND (b.kind = 'case' AND b.subject_id = c.id OR b.kind = 'person' AND b.subject_id = c.person_id)));
END
$$;

/* Keeps what an auditor found of a file: ok, not_found, or stale when somebody of the body has answered since. */
CREATE FUNCTION app.answer_sample_file(wanted_sample text, wanted_file text, seen int, answers jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  f public.oversight_sample_file;
BEGIN
  SELECT x.* INTO f FROM public.oversight_sample_file x JOIN public.oversight_sample s ON s.id = x.sample_id AND s.code = wanted_sample
    WHERE x.case_id = app.sampled_case(wanted_sample, wanted_file) FOR UPDATE OF x;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF f.version <> seen THEN RETURN 'stale'; END IF;
  UPDATE public.oversight_sample_file x SET version = f.version + 1, read_at = app.now() WHERE x.sample_id = f.sample_id AND x.position = f.position;
  INSERT INTO public.oversight_sample_answer (sample_id, position, version, question, agency_id, answer, answered_by_id, answered_at)
    SELECT f.sample_id, f.position, f.version + 1, q.key, ctx.agency_id, q.value, ctx.member_id, app.now() FROM jsonb_each_text(answers) q;
  RETURN 'ok';
END
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('frame_digest', 'sample_picks', 'draw_sample_for', 'draw_sample', 'samples', 'sample_repeats', 'sample_files',
             'sampled_case', 'masked_file', 'answer_sample_file') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE WHEN f.proname IN ('draw_sample', 'samples', 'sample_repeats', 'sample_files', 'masked_file', 'answer_sample_file')
      THEN ARRAY['auditor', 'definer'] ELSE ARRAY['definer'] END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
  -- The demonstration's sample is drawn by the owner.
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.draw_sample_for(uuid, uuid, uuid, text, text, int, int, timestamptz) TO %I', session_user);
END
$$;
RESET ROLE;
