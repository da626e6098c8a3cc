-- Rules for the handling of data and for equal help, looked at by a job; what breaks one is kept by month.
-- A rule is its function, app.rule_<key>(network, from, below), with its row in oversight_rule, and its words in lib/oversight/rules/words.ts.

CREATE TABLE "oversight_rule" (
    "key" TEXT NOT NULL,
    "basis" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "grade" TEXT NOT NULL,
    "sort" INTEGER NOT NULL,

    CONSTRAINT "oversight_rule_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "oversight_rule_month" (
    "network_id" UUID NOT NULL,
    "rule" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "n" INTEGER NOT NULL,
    "looked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "oversight_rule_month_pkey" PRIMARY KEY ("network_id", "rule", "month")
);

-- A single case that breaks a rule: which, where, on which day. Nothing about the person stands beside it.
CREATE TABLE "oversight_rule_case" (
    "network_id" UUID NOT NULL,
    "rule" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "agency_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "on_day" DATE NOT NULL,

    CONSTRAINT "oversight_rule_case_pkey" PRIMARY KEY ("network_id", "rule", "month", "agency_id", "kind", "subject_id", "on_day")
);

CREATE INDEX "oversight_rule_case_agency_id_idx" ON "oversight_rule_case"("agency_id");

ALTER TABLE "oversight_rule_month" ADD CONSTRAINT "oversight_rule_month_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "oversight_rule_month" ADD CONSTRAINT "oversight_rule_month_rule_fkey" FOREIGN KEY ("rule") REFERENCES "oversight_rule"("key") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "oversight_rule_case" ADD CONSTRAINT "oversight_rule_case_network_id_rule_month_fkey" FOREIGN KEY ("network_id", "rule", "month") REFERENCES "oversight_rule_month"("network_id", "rule", "month") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "oversight_rule_case" ADD CONSTRAINT "oversight_rule_case_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.oversight_rule ADD CONSTRAINT oversight_rule_grade CHECK (grade IN ('breach', 'concern', 'watch')),
  ADD CONSTRAINT oversight_rule_owner CHECK (owner IN ('data_protection', 'equal_treatment'));
ALTER TABLE public.oversight_rule_case ADD CONSTRAINT oversight_rule_case_kind CHECK (kind IN ('person', 'case', 'member', 'agency'));

INSERT INTO public.oversight_rule (key, basis, owner, grade, sort) VALUES
  ('look_off_team', 'need_to_know', 'data_protection', 'breach', 1),
  ('consent_ended_sharing_goes_on', 'purpose_limit', 'data_protection', 'breach', 2),
  ('emergency_not_reviewed', 'accountability', 'data_protection', 'concern', 3),
  ('emergency_not_justified', 'need_to_know', 'data_protection', 'concern', 4),
  ('sharing_not_justified', 'lawfulness', 'data_protection', 'breach', 5),
  ('many_persons_in_a_day', 'need_to_know', 'data_protection', 'watch', 6),
  ('everything_exported', 'accountability', 'data_protection', 'watch', 7),
  ('help_tied_to_cooperation', '8', 'equal_treatment', 'concern', 8),
  ('turned_away_for_papers', '8', 'equal_treatment', 'concern', 9),
  ('interpreter_missing', '6(c)', 'equal_treatment', 'concern', 10),
  ('special_need_not_met', '6(c)', 'equal_treatment', 'watch', 11);

INSERT INTO public.audit_event_type (type, action) VALUES ('oversight-rule.listed', 'list'), ('oversight-rule.viewed', 'read');

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['oversight_rule', 'oversight_rule_month', 'oversight_rule_case'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
END
$$;

/* What a rule's function answers: a single case that breaks it. */
CREATE TYPE app.rule_broken AS (agency_id uuid, kind text, subject_id uuid, at timestamptz);

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Who somebody is was read by a member off every team of the person, neither supervising, covering, standing in nor in an emergency. */
CREATE FUNCTION app.rule_look_off_team(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.agency_id, 'person', e.person_id, e.at FROM public.agency a
  JOIN public.audit_event e ON e.agency_id = a.id AND e.type IN ('identity.read', 'identity.listed') AND e.at >= from_at AND e.at < below_at
    AND e.outcome = 'success' AND e.person_id IS NOT NULL AND NOT 'supervisor' = ANY (e.roles)
  WHERE a.network_id = network
    AND NOT EXISTS (SELECT 1 FROM public.assignment x WHERE x.person_id = e.person_id AND x.member_id = e.actor_id
      AND x.started_at <= e.at + interval '1 minute' AND (x.ended_at IS NULL OR x.ended_at >= e.at - interval '1 minute'))
    AND NOT EXISTS (SELECT 1 FROM public.person p WHERE p.id = e.person_id AND p.registered_by_id = e.actor_id)
    AND NOT EXISTS (SELECT 1 FROM public.emergency_access x WHERE x.person_id = e.person_id AND x.member_id = e.actor_id
      AND x.opened_at <= e.at + interval '1 minute' AND coalesce(x.ended_at, x.ends_at) >= e.at - interval '1 minute')
    AND NOT EXISTS (SELECT 1 FROM public.unit_cover x WHERE x.member_id = e.actor_id AND x.starts_at <= e.at AND x.ends_at > e.at)
    AND NOT EXISTS (SELECT 1 FROM public.absence x WHERE x.stand_in_id = e.actor_id AND x.starts_at <= e.at AND x.ends_at > e.at)
    AND NOT EXISTS (SELECT 1 FROM public.case_grant x WHERE x.person_id = e.person_id AND x.agency_id = e.agency_id)
$$;

/* A grant to another agency stands although every consent to it was withdrawn or is over, and no exception carries it. */
CREATE FUNCTION app.rule_consent_ended_sharing_goes_on(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT g.holder_agency_id, 'case', g.case_id, w.withdrawn_at FROM public.agency a
  JOIN public.case_grant g ON g.holder_agency_id = a.id AND g.ended_at IS NULL
  JOIN public.consent c ON c.case_id = g.case_id AND c.to_agency_id = g.agency_id AND c.answer = 'given'
  JOIN public.consent_withdrawal w ON w.consent_id = c.id AND w.withdrawn_at >= from_at AND w.withdrawn_at < below_at
    AND w.withdrawn_at < app.installation_now() - interval '15 minutes'
  WHERE a.network_id = network AND g.started_at < w.withdrawn_at
    AND NOT EXISTS (SELECT 1 FROM public.consent o WHERE o.case_id = g.case_id AND o.id <> c.id AND o.answer = 'given'
      AND NOT EXISTS (SELECT 1 FROM public.consent_withdrawal ow WHERE ow.consent_id = o.id))
    AND NOT EXISTS (SELECT 1 FROM public.sharing_exception x WHERE x.case_id = g.case_id AND x.to_agency_id = g.agency_id AND x.ended_at IS NULL
      AND x.ends_at > app.installation_now())
    AND NOT EXISTS (SELECT 1 FROM public.lawful_basis b WHERE b.agency_id = g.holder_agency_id AND b.purpose = 'sharing' AND b.basis <> 'consent')
$$;

/* Emergency access whose review stayed away until after its day. */
CREATE FUNCTION app.rule_emergency_not_reviewed(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT x.agency_id, 'person', x.person_id, x.review_due_at FROM public.agency a JOIN public.emergency_access x ON x.agency_id = a.id
  WHERE a.network_id = network AND x.review_due_at >= from_at AND x.review_due_at < least(below_at, app.installation_now())
    AND (x.reviewed_at IS NULL OR x.reviewed_at > x.review_due_at)
$$;

/* Emergency access that its reviewer did not find justified. */
CREATE FUNCTION app.rule_emergency_not_justified(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT x.agency_id, 'person', x.person_id, x.reviewed_at FROM public.agency a JOIN public.emergency_access x ON x.agency_id = a.id
  WHERE a.network_id = network AND x.verdict = 'not_justified' AND x.reviewed_at >= from_at AND x.reviewed_at < below_at
$$;

/* Sharing without consent that coordinator or auditor did not find justified. */
CREATE FUNCTION app.rule_sharing_not_justified(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT x.agency_id, 'case', x.case_id, f.found_at FROM public.agency a JOIN public.sharing_exception x ON x.agency_id = a.id
  JOIN public.exception_finding f ON f.exception_id = x.id AND f.verdict = 'not_justified' AND f.found_at >= from_at AND f.found_at < below_at
  WHERE a.network_id = network
$$;

/* A member who read on one day who more than forty persons are. */
CREATE FUNCTION app.rule_many_persons_in_a_day(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.agency_id, 'member', e.actor_id, min(e.at) FROM public.agency a
  JOIN public.audit_event e ON e.agency_id = a.id AND e.type IN ('identity.read', 'identity.listed') AND e.at >= from_at AND e.at < below_at
    AND e.outcome = 'success' AND e.actor_id IS NOT NULL
  WHERE a.network_id = network GROUP BY e.agency_id, e.actor_id, (e.at AT TIME ZONE a.time_zone)::date HAVING count(DISTINCT e.person_id) > 40
$$;

/* An agency took all of its own data out. */
CREATE FUNCTION app.rule_everything_exported(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.agency_id, 'member', e.actor_id, e.at FROM public.agency a
  JOIN public.audit_event_type t ON t.action = 'export'
  JOIN public.audit_event e ON e.agency_id = a.id AND e.type = t.type AND e.at >= from_at AND e.at < below_at AND e.actor_id IS NOT NULL
  WHERE a.network_id = network
$$;

/* A need was closed as not eligible or unavailable although the person is known not to take part in proceedings, or not to be a victim. */
CREATE FUNCTION app.rule_help_tied_to_cooperation(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT ON (n.case_id) n.agency_id, 'case', n.case_id, n.found_on::timestamptz FROM public.agency a
  JOIN public.need n ON n.agency_id = a.id AND n.state = 'not_met' AND n.not_met_reason = 'not_eligible'
    AND n.found_on >= from_at::date AND n.found_on < below_at::date
  JOIN public.case_content c ON c.case_id = n.case_id AND (c.identification = 'not_a_victim' OR c.takes_part = 'no')
  WHERE a.network_id = network ORDER BY n.case_id, n.found_on
$$;

/* Somebody was sent away because papers were missing. */
CREATE FUNCTION app.rule_turned_away_for_papers(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT t.agency_id, 'agency', t.agency_id, t.asked_on::timestamptz FROM public.agency a JOIN public.turned_away t ON t.agency_id = a.id
  WHERE a.network_id = network AND t.reason = 'no_papers' AND t.voided_at IS NULL AND t.asked_on >= from_at::date AND t.asked_on < below_at::date
$$;

/* A service in person or by phone without an interpreter, for somebody who needs one. */
CREATE FUNCTION app.rule_interpreter_missing(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT ON (s.case_id) s.agency_id, 'case', s.case_id, s.delivered_on::timestamptz FROM public.agency a
  JOIN public.service s ON s.agency_id = a.id AND s.status IN ('in_progress', 'delivered', 'interrupted')
    AND s.delivered_on >= from_at::date AND s.delivered_on < below_at::date
  JOIN public.service_detail d ON d.service_id = s.id AND d.interpreter_used IS FALSE
  JOIN public.person_profile p ON p.person_id = s.person_id AND p.interpreter_needed
  WHERE a.network_id = network ORDER BY s.case_id, s.delivered_on
$$;

/* A disability is known for two months, help was given, and nothing of it was ever adapted. */
CREATE FUNCTION app.rule_special_need_not_met(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.agency_id, 'case', c.id, (c.opened_on + 60)::timestamptz FROM public.agency a
  JOIN public.case_file c ON c.agency_id = a.id AND c.opened_on + 60 >= from_at::date AND c.opened_on + 60 < least(below_at, app.installation_now())::date
  JOIN public.person_profile p ON p.person_id = c.person_id AND p.disability_state = 'stated' AND NOT 'None' = ANY (p.disabilities)
  WHERE a.network_id = network
    AND EXISTS (SELECT 1 FROM public.service s WHERE s.case_id = c.id AND s.status = 'delivered')
    AND NOT EXISTS (SELECT 1 FROM public.service_detail d WHERE d.case_id = c.id AND cardinality(d.adaptations) > 0)
$$;

/*
 * Looks at every rule of every network: this month and the last one anew, and of the year before what was never looked at.
 * What a month held is replaced as a whole. Returns how many months of rules were looked at; one process at a time.
 */
CREATE FUNCTION app.look_at_rules(stale interval) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r record;
  broken int;
  done int := 0;
  now_at timestamptz := app.installation_now();
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('app.look_at_rules')) THEN RETURN 0; END IF;
  FOR r IN
    SELECT n.id AS network, u.key AS rule, m.month, (m.month::timestamp AT TIME ZONE n.time_zone) AS from_at,
      ((m.month + interval '1 month')::timestamp AT TIME ZONE n.time_zone) AS below_at
    FROM public.network n CROSS JOIN public.oversight_rule u
    CROSS JOIN LATERAL (SELECT (date_trunc('month', now_at AT TIME ZONE n.time_zone) - make_interval(months => back))::date AS month, back
      FROM generate_series(0, 11) back) m
    LEFT JOIN public.oversight_rule_month k ON k.network_id = n.id AND k.rule = u.key AND k.month = m.month
    WHERE k.looked_at IS NULL OR (m.back < 2 AND k.looked_at < now_at - stale)
    ORDER BY m.month DESC, u.sort LIMIT 60
  LOOP
    DELETE FROM public.oversight_rule_case c WHERE c.network_id = r.network AND c.rule = r.rule AND c.month = r.month;
    INSERT INTO public.oversight_rule_month (network_id, rule, month, n, looked_at) VALUES (r.network, r.rule, r.month, 0, now_at)
      ON CONFLICT (network_id, rule, month) DO UPDATE SET looked_at = excluded.looked_at;
    EXECUTE format('INSERT INTO public.oversight_rule_case (network_id, rule, month, agency_id, kind, subject_id, on_day)
      SELECT DISTINCT $1, $2, $3, b.agency_id, b.kind, b.subject_id, (b.at AT TIME ZONE n.time_zone)::date
      FROM app.%I($1, $4, $5) b JOIN public.network n ON n.id = $1 WHERE b.agency_id IS NOT NULL AND b.subject_id IS NOT NULL', 'rule_' || r.rule)
      USING r.network, r.rule, r.month, r.from_at, r.below_at;
    GET DIAGNOSTICS broken = ROW_COUNT;
    UPDATE public.oversight_rule_month k SET n = broken WHERE k.network_id = r.network AND k.rule = r.rule AND k.month = r.month;
    done := done + 1;
  END LOOP;
  RETURN done;
END
$$;

/* The register with twelve months of what broke each rule, for an auditor of the network; one rule when it is named. */
CREATE FUNCTION app.oversight_rules(wanted text) RETURNS TABLE (key text, basis text, owner text, grade text, looked_at timestamptz, trend jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT u.key, u.basis, u.owner, u.grade, max(k.looked_at),
    coalesce(jsonb_agg(jsonb_build_object('month', to_char(k.month, 'YYYY-MM'), 'n', k.n) ORDER BY k.month) FILTER (WHERE k.month IS NOT NULL), '[]')
  FROM public.oversight_rule u LEFT JOIN LATERAL (SELECT * FROM public.oversight_rule_month k
    WHERE k.network_id = (app.context()).network_id AND k.rule = u.key ORDER BY k.month DESC LIMIT 12) k ON true
  WHERE app.oversight_body() IS NOT NULL AND (wanted IS NULL OR u.key = wanted)
  GROUP BY u.key, u.basis, u.owner, u.grade, u.sort ORDER BY u.sort
$$;

/* The latest single cases that break a rule, under the body's pseudonyms: code, agency and day, nothing beside them. */
CREATE FUNCTION app.oversight_rule_cases(wanted text, how_many int) RETURNS TABLE (code text, kind text, agency text, on_day date)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  body uuid := app.oversight_body();
BEGIN
  IF body IS NULL THEN RETURN; END IF;
  RETURN QUERY
  SELECT CASE x.kind WHEN 'member' THEN (SELECT m.code FROM public.member m WHERE m.id = x.subject_id)
      WHEN 'agency' THEN NULL ELSE app.pseudonym_of(body, x.kind, x.subject_id) END, x.kind, x.key, x.on_day
  FROM (SELECT c.kind, c.subject_id, a.key, c.on_day FROM public.oversight_rule_case c JOIN public.agency a ON a.id = c.agency_id
    WHERE c.network_id = (app.context()).network_id AND c.rule = wanted ORDER BY c.on_day DESC, a.key, c.subject_id LIMIT how_many) x
  ORDER BY x.on_day DESC, x.key;
END
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND (p.proname IN ('look_at_rules', 'oversight_rules', 'oversight_rule_cases') OR p.proname LIKE 'rule\_%') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('oversight_rules', 'oversight_rule_cases') THEN ARRAY['auditor', 'definer']
      WHEN f.proname = 'look_at_rules' THEN ARRAY['worker', 'definer']
      ELSE ARRAY['definer']
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
END
$$;
RESET ROLE;
