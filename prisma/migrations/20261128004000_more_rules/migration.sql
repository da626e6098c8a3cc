-- More rules for data and equal help: of single cases, and of groups in a frozen period.
-- A rule of groups has no function here: its figures come from what of a frozen period is shown (lib/oversight/rules/rules.ts).

ALTER TABLE "oversight_rule" ADD COLUMN "measure" TEXT NOT NULL DEFAULT 'cases';

-- A group that stands worse than another in a frozen period, beyond chance. What is shown of the period says as much.
CREATE TABLE "oversight_rule_group" (
    "network_id" UUID NOT NULL,
    "rule" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "ground" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "rate" DOUBLE PRECISION NOT NULL,
    "reference_rate" DOUBLE PRECISION NOT NULL,
    "adjusted_p" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "oversight_rule_group_pkey" PRIMARY KEY ("network_id", "rule", "month", "ground", "level", "reference")
);

-- Whether the words with which a referral was declined name a ground that may not count; the words themselves are sealed.
ALTER TABLE "referral" ADD COLUMN "decline_words" TEXT;

ALTER TABLE "oversight_rule_group" ADD CONSTRAINT "oversight_rule_group_network_id_rule_month_fkey" FOREIGN KEY ("network_id", "rule", "month") REFERENCES "oversight_rule_month"("network_id", "rule", "month") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.oversight_rule ADD CONSTRAINT oversight_rule_measure CHECK (measure IN ('cases', 'groups'));
ALTER TABLE public.referral ADD CONSTRAINT referral_decline_words CHECK (decline_words IS NULL OR decline_words IN ('plain', 'ground') AND state = 'declined');

INSERT INTO public.oversight_rule (key, basis, owner, grade, measure, sort) VALUES
  ('sensitive_without_basis', 'lawfulness', 'data_protection', 'breach', 'cases', 12),
  ('package_wider_than_need', 'minimisation', 'data_protection', 'watch', 'cases', 13),
  ('sharing_not_reviewed', 'accountability', 'data_protection', 'concern', 'cases', 14),
  ('looks_outside_pattern', 'need_to_know', 'data_protection', 'watch', 'cases', 15),
  ('decline_names_ground', '8', 'equal_treatment', 'concern', 'cases', 16),
  ('child_without_best_interests', '6(c)', 'equal_treatment', 'concern', 'cases', 17),
  ('help_tied_to_status', 'Palermo 14(2)', 'equal_treatment', 'concern', 'groups', 18),
  ('not_asked_by_group', '8', 'equal_treatment', 'watch', 'groups', 19);

DO $$
BEGIN
  ALTER TABLE public.oversight_rule_group ENABLE ROW LEVEL SECURITY;
  ALTER TABLE public.oversight_rule_group FORCE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY definer_all ON public.oversight_rule_group TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.oversight_rule_group FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.oversight_rule_group TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT, INSERT ON public.oversight_rule_group TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.oversight_rule_group TO %I', app.db_role('backup'));
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/*
 * Disability, pregnancy or migration status has stood in a record for a week, and nothing carries it: no consent to case
 * management, no yes to the use of data, no lawful basis of the agency. The day is a week after the last of what made it so.
 */
CREATE FUNCTION app.rule_sensitive_without_basis(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH touched AS (
    SELECT p.person_id FROM public.person_profile p WHERE p.updated_at >= from_at - interval '7 days' AND p.updated_at < below_at - interval '7 days'
    UNION SELECT w.person_id FROM public.consent_withdrawal w WHERE w.withdrawn_at >= from_at - interval '7 days' AND w.withdrawn_at < below_at - interval '7 days'
    -- An end in days, taken a day wider for the zones of agencies.
    UNION SELECT c.person_id FROM public.consent c WHERE c.ends_on >= (from_at - interval '9 days')::date AND c.ends_on <= (below_at - interval '6 days')::date
  )
  SELECT a.id, 'person', p.person_id, x.since FROM touched t
  JOIN public.person n ON n.id = t.person_id AND n.erased_at IS NULL
  JOIN public.agency a ON a.id = n.holder_agency_id AND a.network_id = network
  JOIN public.person_profile p ON p.person_id = t.person_id
    AND (p.disability_state = 'stated' AND p.disabilities <> '{None}' OR p.pregnancy_state = 'stated' AND p.pregnant OR p.migration_state = 'stated')
  LEFT JOIN LATERAL (
    SELECT c.answer, w.withdrawn_at, ((c.ends_on + 1)::timestamp AT TIME ZONE a.time_zone) AS ended_at
    FROM public.case_file f JOIN public.consent c ON c.case_id = f.id AND c.purpose = 'case_management'
    LEFT JOIN public.consent_withdrawal w ON w.consent_id = c.id
    WHERE f.holder_agency_id = n.holder_agency_id AND f.person_id = n.id AND NOT EXISTS (SELECT 1 FROM public.consent later WHERE later.replaces_id = c.id)
    ORDER BY c.recorded_at DESC, c.id DESC LIMIT 1) c ON true
  CROSS JOIN LATERAL (SELECT greatest(p.updated_at, c.withdrawn_at, c.ended_at) + interval '7 days' AS since) x
  WHERE x.since >= from_at AND x.since < least(below_at, app.installation_now())
    AND NOT coalesce(c.answer = 'given' AND c.withdrawn_at IS NULL AND (c.ended_at IS NULL OR c.ended_at > app.installation_now()), false)
    AND NOT EXISTS (SELECT 1 FROM public.case_file f JOIN public.case_content k ON k.case_id = f.id AND k.data_use = 'yes'
      WHERE f.holder_agency_id = n.holder_agency_id AND f.person_id = n.id)
    AND coalesce((SELECT l.basis FROM public.lawful_basis l WHERE l.agency_id = a.id AND l.purpose = 'case_management' ORDER BY l.set_at DESC, l.id DESC LIMIT 1),
      'consent') = 'consent'
$$;

/* How much of who somebody is a kind of help needs: what can be given to somebody whom one can reach, needs no more than that. */
CREATE FUNCTION app.identity_needed(wanted_category text, wanted_type text) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN (wanted_category, wanted_type) IN (('legal', 'information_advice'), ('psychological', 'crisis_support'), ('social', 'basic_needs'),
    ('social', 'interpretation'), ('social', 'safety_planning'), ('social', 'transport')) THEN 'contact' ELSE 'full' END
$$;

/* What went along with a referral for help reaches beyond the categories of its needs, or names somebody to whom the help can be given unnamed. */
CREATE FUNCTION app.rule_package_wider_than_need(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.agency_id, 'case', r.case_id, r.sent_at FROM public.agency a
  JOIN public.referral r ON r.agency_id = a.id AND r.kind = 'help' AND r.sent_at >= from_at AND r.sent_at < below_at
  JOIN public.listed_service s ON s.id = r.listed_service_id
  WHERE a.network_id = network AND EXISTS (SELECT 1 FROM public.referral_field f JOIN public.disclosure_field d ON d.key = f.field WHERE f.referral_id = r.id
    AND (d.identity = 'full' AND app.identity_needed(s.category, s.type) <> 'full'
      OR d.category IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.referral_need x JOIN public.need n ON n.id = x.need_id
        WHERE x.referral_id = r.id AND n.category = d.category)))
$$;

/* Sharing without consent that coordinator and auditor did not both look at within two weeks. */
CREATE FUNCTION app.rule_sharing_not_reviewed(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT x.agency_id, 'case', x.case_id, x.made_at + interval '14 days' FROM public.agency a
  JOIN public.sharing_exception x ON x.agency_id = a.id AND x.made_at >= from_at - interval '14 days' AND x.made_at < least(below_at, app.installation_now()) - interval '14 days'
  WHERE a.network_id = network
    AND (SELECT count(*) FROM public.exception_finding f WHERE f.exception_id = x.id AND f.found_at <= x.made_at + interval '14 days') < 2
$$;

/*
 * A member looked up five people or more in one night or weekend day although that is not their way (of twenty looks and more in the ninety
 * days before, at most one in twenty was), or twenty people and more within one hour of the clock. Whoever was on duty cover is left out.
 */
CREATE FUNCTION app.rule_looks_outside_pattern(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH looked AS MATERIALIZED (
    SELECT e.agency_id, e.actor_id, e.person_id, e.at, (e.at AT TIME ZONE a.time_zone) AS local_at,
      (e.at AT TIME ZONE a.time_zone)::time < '06:00' OR (e.at AT TIME ZONE a.time_zone)::time >= '22:00'
        OR extract(isodow FROM e.at AT TIME ZONE a.time_zone) > 5 AS is_outside
    FROM public.agency a
    JOIN public.audit_event e ON e.agency_id = a.id AND e.type IN ('identity.read', 'identity.listed') AND e.at >= from_at - interval '90 days' AND e.at < below_at
      AND e.outcome = 'success' AND e.actor_id IS NOT NULL AND e.person_id IS NOT NULL
    WHERE a.network_id = network
      AND NOT EXISTS (SELECT 1 FROM public.unit_cover x WHERE x.member_id = e.actor_id AND x.starts_at <= e.at AND x.ends_at > e.at)
  ), daytime AS (
    SELECT l.actor_id FROM looked l WHERE l.at < from_at GROUP BY 1 HAVING count(*) >= 20 AND count(*) FILTER (WHERE l.is_outside) * 20 <= count(*)
  )
  SELECT l.agency_id, 'member', l.actor_id, min(l.at) FROM looked l JOIN daytime d ON d.actor_id = l.actor_id
    WHERE l.at >= from_at AND l.is_outside GROUP BY l.agency_id, l.actor_id, l.local_at::date HAVING count(DISTINCT l.person_id) >= 5
  UNION ALL
  SELECT l.agency_id, 'member', l.actor_id, min(l.at) FROM looked l WHERE l.at >= from_at
    GROUP BY l.agency_id, l.actor_id, date_trunc('hour', l.local_at) HAVING count(DISTINCT l.person_id) >= 20
$$;

/* A referral was declined in words that name a ground, or for another reason in words that nothing was looked for in. */
CREATE FUNCTION app.rule_decline_names_ground(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.to_agency_id, 'case', r.case_id, r.answered_at FROM public.agency a
  JOIN public.referral r ON r.to_agency_id = a.id AND r.state = 'declined' AND r.answered_at >= from_at AND r.answered_at < below_at
  WHERE a.network_id = network AND (r.decline_words = 'ground' OR r.decline_reason = 'other' AND r.decline_words IS NULL)
$$;

/*
 * Whoever is a child for certain, by the band of birth years, has had a case for two weeks, and nobody spoke for them: no consent that a guardian
 * gave or that says what is best for the child, and no guardianship or child care among the services.
 */
CREATE FUNCTION app.rule_child_without_best_interests(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.agency_id, 'case', c.id, (c.opened_on + 14)::timestamptz FROM public.agency a
  JOIN public.case_file c ON c.agency_id = a.id AND c.opened_on + 14 >= from_at::date AND c.opened_on + 14 < least(below_at, app.installation_now())::date
  JOIN public.person p ON p.id = c.person_id AND p.erased_at IS NULL AND extract(year FROM c.opened_on) - p.birth_band < 18
  WHERE a.network_id = network
    AND NOT EXISTS (SELECT 1 FROM public.case_file f JOIN public.consent k ON k.case_id = f.id AND (k.child OR k.given_by = 'guardian')
      WHERE f.holder_agency_id = c.holder_agency_id AND f.person_id = c.person_id)
    AND NOT EXISTS (SELECT 1 FROM public.service s WHERE s.case_id = c.id AND s.category = 'social' AND s.type = 'childcare_guardianship'
      AND s.status IN ('planned', 'in_progress', 'delivered'))
$$;

/*
 * A need was closed as not eligible although the person is known not to take part in proceedings, not to be a victim, or, where the need isn't one
 * of residency itself, to stay without papers.
 */
CREATE OR REPLACE FUNCTION app.rule_help_tied_to_cooperation(network uuid, from_at timestamptz, below_at timestamptz) RETURNS SETOF app.rule_broken
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT ON (n.case_id) n.agency_id, 'case', n.case_id, n.found_on::timestamptz FROM public.agency a
  JOIN public.need n ON n.agency_id = a.id AND n.state = 'not_met' AND n.not_met_reason = 'not_eligible'
    AND n.found_on >= from_at::date AND n.found_on < below_at::date
  LEFT JOIN public.case_content c ON c.case_id = n.case_id
  LEFT JOIN public.person_profile p ON p.person_id = n.person_id AND p.migration_state = 'stated'
  WHERE a.network_id = network
    AND (c.identification = 'not_a_victim' OR c.takes_part = 'no' OR n.category <> 'residency' AND p.migration_status = 'Irregular')
  ORDER BY n.case_id, n.found_on
$$;

/*
 * Looks at every rule of single cases of every network: this month and the last one anew, and of the year before what was never looked at.
 * What a month held is replaced as a whole. Returns how many months of rules were looked at; one process at a time.
 */
CREATE OR REPLACE FUNCTION app.look_at_rules(stale interval) RETURNS int
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
    FROM public.network n JOIN public.oversight_rule u ON u.measure = 'cases'
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

/* A rule of groups and a frozen period that it was not held to yet, with what is shown of that period; the earliest first. */
CREATE FUNCTION app.group_rule_due() RETURNS TABLE (network_id uuid, rule text, month date, tables jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.network_id, u.key, date_trunc('month', c.ends_on)::date,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('ground', t.ground, 'cells', t.cells) ORDER BY t.ground), '[]') FROM public.cube_table t WHERE t.cube_id = c.id)
  FROM public.cube c JOIN public.oversight_rule u ON u.measure = 'groups'
  WHERE c.tables_hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.oversight_rule_month k
    WHERE k.network_id = c.network_id AND k.rule = u.key AND k.month = date_trunc('month', c.ends_on)::date)
  ORDER BY c.starts_on, c.id, u.sort LIMIT 1
$$;

/* Keeps which groups a rule found in a frozen period: once, since neither changes. */
CREATE FUNCTION app.keep_rule_groups(network uuid, wanted text, in_month date, broken jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO public.oversight_rule_month (network_id, rule, month, n, looked_at)
    SELECT network, u.key, in_month, jsonb_array_length(broken), app.installation_now() FROM public.oversight_rule u WHERE u.key = wanted AND u.measure = 'groups'
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO public.oversight_rule_group (network_id, rule, month, ground, level, reference, rate, reference_rate, adjusted_p)
    SELECT network, wanted, in_month, g ->> 'ground', g ->> 'level', g ->> 'reference', (g ->> 'rate')::float8, (g ->> 'referenceRate')::float8, (g ->> 'adjustedP')::float8
    FROM jsonb_array_elements(broken) g;
END
$$;

DROP FUNCTION app.oversight_rules(text);
/* The register with the last twelve months or periods of what broke each rule, for an auditor of the network; one rule when it is named. */
CREATE FUNCTION app.oversight_rules(wanted text) RETURNS TABLE (key text, basis text, owner text, grade text, measure text, looked_at timestamptz, trend jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT u.key, u.basis, u.owner, u.grade, u.measure, max(k.looked_at),
    coalesce(jsonb_agg(jsonb_build_object('month', to_char(k.month, 'YYYY-MM'), 'n', k.n) ORDER BY k.month) FILTER (WHERE k.month IS NOT NULL), '[]')
  FROM public.oversight_rule u LEFT JOIN LATERAL (SELECT * FROM public.oversight_rule_month k
    WHERE k.network_id = (app.context()).network_id AND k.rule = u.key ORDER BY k.month DESC LIMIT 12) k ON true
  WHERE app.oversight_body() IS NOT NULL AND (wanted IS NULL OR u.key = wanted)
  GROUP BY u.key, u.basis, u.owner, u.grade, u.measure, u.sort ORDER BY u.sort
$$;

/* The groups that a rule found in the frozen periods of the auditor's network, the latest and the surest first. */
CREATE FUNCTION app.oversight_rule_groups(wanted text) RETURNS TABLE (period text, ground text, level text, reference text, rate float8, reference_rate float8,
    adjusted_p float8)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT to_char(g.month, 'YYYY'), g.ground, g.level, g.reference, g.rate, g.reference_rate, g.adjusted_p FROM public.oversight_rule_group g
  WHERE app.oversight_body() IS NOT NULL AND g.network_id = (app.context()).network_id AND g.rule = wanted
  ORDER BY g.month DESC, g.adjusted_p, g.ground, g.level, g.reference LIMIT 200
$$;

/* Keeps whether the words of a decline name a ground: for whoever declined just now, once. */
CREATE FUNCTION app.note_decline_words(wanted text, said text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.referral r SET decline_words = said WHERE r.code = wanted AND r.state = 'declined' AND r.decline_words IS NULL
    AND r.to_agency_id = (app.context()).agency_id AND r.answered_by_id = (app.context()).member_id;
END
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('rule_sensitive_without_basis', 'identity_needed', 'rule_package_wider_than_need', 'rule_sharing_not_reviewed',
             'rule_looks_outside_pattern', 'rule_decline_names_ground', 'rule_child_without_best_interests', 'group_rule_due', 'keep_rule_groups',
             'oversight_rules', 'oversight_rule_groups', 'note_decline_words') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('oversight_rules', 'oversight_rule_groups') THEN ARRAY['auditor', 'definer']
      WHEN f.proname IN ('group_rule_due', 'keep_rule_groups') THEN ARRAY['worker', 'definer']
      WHEN f.proname = 'note_decline_words' THEN ARRAY['member', 'definer']
      ELSE ARRAY['definer']
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
END
$$;
RESET ROLE;
