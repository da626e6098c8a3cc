-- Grants and policies. Each table: forced row-level security, then who may do what to which rows.
-- The definer and the backup role have explicit policies; without one even they would see nothing.

DO $$
DECLARE
  t record;
  definer text := app.db_role('definer');
  backup text := app.db_role('backup');
BEGIN
  FOR t IN SELECT c.oid::regclass AS name, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> '_prisma_migrations' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t.name);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t.name);
    EXECUTE format('CREATE POLICY definer_all ON %s TO %I USING (true) WITH CHECK (true)', t.name, definer);
    EXECUTE format('CREATE POLICY backup_reads ON %s FOR SELECT TO %I USING (true)', t.name, backup);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', t.name, definer);
    EXECUTE format('GRANT SELECT ON %s TO %I', t.name, backup);
    -- Migrations and bulk loads of the owner: the owner is no superuser, and FORCE binds it too.
    EXECUTE format('CREATE POLICY owner_all ON %s TO %I USING (true) WITH CHECK (true)', t.name, current_user);
  END LOOP;
  EXECUTE format('CREATE POLICY definer_reads ON app.context_key FOR SELECT TO %I USING (true)', definer);
  EXECUTE format('GRANT SELECT ON app.context_key TO %I', definer);
  EXECUTE format('GRANT SELECT ON public._prisma_migrations TO %I, %I', definer, backup);
  EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', definer);
  -- The log takes no change from anybody, the definer included.
  EXECUTE format('REVOKE UPDATE, DELETE ON public.audit_event FROM %I', definer);
END
$$;

/* Writes one policy for several tables. */
CREATE FUNCTION app.add_policy(tables text[], name text, command text, roles text[], using_expr text, check_expr text DEFAULT NULL)
  RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t text;
  r text;
  targets text := '';
BEGIN
  FOREACH r IN ARRAY roles LOOP targets := targets || CASE WHEN targets = '' THEN '' ELSE ', ' END || quote_ident(app.db_role(r)); END LOOP;
  FOREACH t IN ARRAY tables LOOP
    EXECUTE format('GRANT %s ON public.%I TO %s', command, t, targets);
    EXECUTE format('CREATE POLICY %I ON public.%I FOR %s TO %s %s %s', name, t, command, targets,
      CASE WHEN using_expr IS NULL THEN '' ELSE 'USING (' || using_expr || ')' END,
      CASE WHEN check_expr IS NULL THEN '' ELSE 'WITH CHECK (' || check_expr || ')' END);
  END LOOP;
END
$$;

-- Reference data and the directory of agencies: anybody signed in.
SELECT app.add_policy(ARRAY['network', 'agency', 'mandate_paragraph', 'assistance_category', 'service_type', 'audit_event_type'],
  'signed_in_read', 'SELECT', ARRAY['app', 'member', 'desk', 'auditor'], '(SELECT app.member_id()) IS NOT NULL');
SELECT app.add_policy(ARRAY['agency_unit', 'unit_cover', 'member'], 'own_agency_read', 'SELECT', ARRAY['app', 'member', 'desk', 'auditor'],
  'agency_id = (SELECT app.agency_id()) OR (SELECT app.holds_role(''system_admin''))');
SELECT app.add_policy(ARRAY['agency_key'], 'own_keys_read', 'SELECT', ARRAY['app', 'member'], 'agency_id = (SELECT app.agency_id())');

-- A member's own settings, nothing else about them.
DO $$
BEGIN
  EXECUTE format('GRANT UPDATE (locale, theme, density, shortcuts) ON public.member TO %I, %I, %I',
    app.db_role('member'), app.db_role('desk'), app.db_role('auditor'));
  EXECUTE format('CREATE POLICY own_settings ON public.member FOR UPDATE TO %I, %I, %I
    USING (id = (SELECT app.member_id())) WITH CHECK (id = (SELECT app.member_id()))',
    app.db_role('member'), app.db_role('desk'), app.db_role('auditor'));
END
$$;

-- What belongs to one member.
SELECT app.add_policy(ARRAY['idempotency_key', 'search_handle'], 'own_read', 'SELECT', ARRAY['app', 'member', 'desk', 'auditor'],
  'member_id = (SELECT app.member_id())');
SELECT app.add_policy(ARRAY['idempotency_key', 'search_handle'], 'own_add', 'INSERT', ARRAY['member', 'desk', 'auditor'], NULL,
  'member_id = (SELECT app.member_id()) AND agency_id = (SELECT app.agency_id())');
SELECT app.add_policy(ARRAY['idempotency_key'], 'own_change', 'UPDATE', ARRAY['member', 'desk', 'auditor'],
  'member_id = (SELECT app.member_id())', 'member_id = (SELECT app.member_id())');

-- ---- people
-- The cheap test of the own agency stands first; the team is asked only for restricted rows.
SELECT app.add_policy(ARRAY['person'], 'agency_read', 'SELECT', ARRAY['app', 'member'],
  'holder_agency_id = (SELECT app.casework_agency()) AND (NOT restricted OR app.person_team(id))');
SELECT app.add_policy(ARRAY['person'], 'agency_add', 'INSERT', ARRAY['member'], NULL,
  'holder_agency_id = (SELECT app.casework_agency()) AND agency_id = (SELECT app.casework_agency()) AND registered_by_id = (SELECT app.member_id())');
DO $$
BEGIN
  EXECUTE format('GRANT UPDATE (birth_band, version) ON public.person TO %I', app.db_role('member'));
  EXECUTE format('CREATE POLICY team_change ON public.person FOR UPDATE TO %I
    USING (holder_agency_id = (SELECT app.casework_agency()) AND app.person_team(id))
    WITH CHECK (holder_agency_id = (SELECT app.casework_agency()))', app.db_role('member'));
END
$$;
SELECT app.add_policy(ARRAY['person_profile', 'person_key', 'safe_contact'], 'team_read', 'SELECT', ARRAY['app', 'member'],
  'holder_agency_id = (SELECT app.casework_agency()) AND app.person_team(person_id)');
SELECT app.add_policy(ARRAY['person_profile', 'person_key', 'safe_contact', 'person_identity', 'search_token'], 'team_add', 'INSERT', ARRAY['member'], NULL,
  'holder_agency_id = (SELECT app.casework_agency()) AND agency_id = (SELECT app.casework_agency()) AND app.person_team(person_id)');
SELECT app.add_policy(ARRAY['person_profile'], 'team_change', 'UPDATE', ARRAY['member'],
  'holder_agency_id = (SELECT app.casework_agency()) AND app.person_team(person_id)',
  'holder_agency_id = (SELECT app.casework_agency()) AND agency_id = (SELECT app.casework_agency())');
SELECT app.add_policy(ARRAY['search_token'], 'agency_search', 'SELECT', ARRAY['app', 'member'],
  'agency_id = (SELECT app.casework_agency())');
SELECT app.add_policy(ARRAY['search_token'], 'team_replace', 'DELETE', ARRAY['member'],
  'holder_agency_id = (SELECT app.casework_agency()) AND app.person_team(person_id)');
-- No role reads these directly: app.read_identity, app.read_service_notes and app.read_contact_texts do, and write the look.
SELECT app.add_policy(ARRAY['person_identity', 'service_note', 'contact_text'], 'nobody_reads', 'SELECT', ARRAY['app'], 'false');

-- ---- cases: skeletons for the agency's case roles, content for the team
SELECT app.add_policy(ARRAY['case_file'], 'agency_read', 'SELECT', ARRAY['app', 'member'],
  '(agency_id = (SELECT app.casework_agency()) OR holder_agency_id = (SELECT app.casework_agency())) AND (NOT restricted OR app.on_team(id))');
SELECT app.add_policy(ARRAY['case_file'], 'team_add', 'INSERT', ARRAY['member'], NULL,
  'holder_agency_id = (SELECT app.casework_agency()) AND agency_id = (SELECT app.casework_agency()) AND NOT restricted AND app.person_team(person_id)');
DO $$
BEGIN
  EXECUTE format('GRANT UPDATE (status, stage, risk, risk_review_due, legal_hold, unit_id, closed_on, closure_reason, version) ON public.case_file TO %I', app.db_role('member'));
  EXECUTE format('CREATE POLICY team_change ON public.case_file FOR UPDATE TO %I
    USING (agency_id = (SELECT app.casework_agency()) AND app.on_team(id))
    WITH CHECK (agency_id = (SELECT app.casework_agency()))', app.db_role('member'));
END
$$;
SELECT app.add_policy(ARRAY['need', 'service', 'assignment', 'case_service_count'], 'agency_read', 'SELECT', ARRAY['app', 'member'],
  '(agency_id = (SELECT app.casework_agency()) OR holder_agency_id = (SELECT app.casework_agency())) AND (NOT restricted OR app.on_team(case_id))');
SELECT app.add_policy(ARRAY['service_mandate'], 'agency_read', 'SELECT', ARRAY['app', 'member'],
  '(agency_id = (SELECT app.casework_agency()) OR holder_agency_id = (SELECT app.casework_agency())) AND (NOT restricted OR EXISTS (SELECT 1 FROM public.service s WHERE s.id = service_id))');
SELECT app.add_policy(ARRAY['contact_entry', 'case_content', 'service_detail', 'service_version'], 'team_read', 'SELECT', ARRAY['app', 'member'],
  '(agency_id = (SELECT app.casework_agency()) OR holder_agency_id = (SELECT app.casework_agency())) AND agency_id = (SELECT app.casework_agency()) AND app.on_team(case_id)');
SELECT app.add_policy(ARRAY['task'], 'owner_or_team_read', 'SELECT', ARRAY['app', 'member'],
  'agency_id = (SELECT app.casework_agency()) AND ((NOT restricted AND owner_id = (SELECT app.member_id())) OR app.on_team(case_id))');
SELECT app.add_policy(ARRAY['need', 'service', 'service_detail', 'service_note', 'service_version', 'contact_entry', 'contact_text', 'case_content', 'task', 'assignment'],
  'team_add', 'INSERT', ARRAY['member'], NULL,
  'agency_id = (SELECT app.casework_agency()) AND holder_agency_id = (SELECT app.casework_agency()) AND app.on_team(case_id)');
SELECT app.add_policy(ARRAY['service_mandate'], 'team_add', 'INSERT', ARRAY['member'], NULL,
  'agency_id = (SELECT app.casework_agency()) AND EXISTS (SELECT 1 FROM public.service s WHERE s.id = service_id AND s.agency_id = (SELECT app.casework_agency()) AND app.on_team(s.case_id))');
SELECT app.add_policy(ARRAY['service_mandate'], 'team_remove', 'DELETE', ARRAY['member'],
  'agency_id = (SELECT app.casework_agency()) AND EXISTS (SELECT 1 FROM public.service s WHERE s.id = service_id AND app.on_team(s.case_id))');
SELECT app.add_policy(ARRAY['service_detail', 'case_content'], 'team_change', 'UPDATE', ARRAY['member'],
  'agency_id = (SELECT app.casework_agency()) AND app.on_team(case_id)', 'agency_id = (SELECT app.casework_agency())');
DO $$
DECLARE
  line text;
BEGIN
  FOREACH line IN ARRAY ARRAY[
    'need:type, urgency, state, not_met_reason, contact_due_at, met_on, version',
    'service:need_id, category, type, delivered_on, ended_on, status, has_note, version',
    'contact_entry:has_text, voided_at, version',
    'task:owner_id, due_at, done_at, version'] LOOP
    EXECUTE format('GRANT UPDATE (%s) ON public.%I TO %I', split_part(line, ':', 2), split_part(line, ':', 1), app.db_role('member'));
    EXECUTE format('CREATE POLICY team_change ON public.%I FOR UPDATE TO %I
      USING (agency_id = (SELECT app.casework_agency()) AND app.on_team(case_id))
      WITH CHECK (agency_id = (SELECT app.casework_agency()))', split_part(line, ':', 1), app.db_role('member'));
  END LOOP;
END
$$;

-- ---- figures: the agency's own, restricted cases left out
SELECT app.add_policy(ARRAY['rollup', 'rollup_delta'], 'agency_read', 'SELECT', ARRAY['app', 'member'],
  'agency_id = (SELECT app.casework_agency()) AND NOT restricted');
DO $$
BEGIN
  EXECUTE format('GRANT SELECT ON public.rollup_live TO %I, %I, %I', app.db_role('app'), app.db_role('member'), app.db_role('definer'));
END
$$;

-- ---- the log
SELECT app.add_policy(ARRAY['audit_event'], 'within_rights_read', 'SELECT', ARRAY['app', 'member'],
  '(agency_id = (SELECT app.casework_agency()) AND ((case_id IS NOT NULL AND app.on_team(case_id)) OR (case_id IS NULL AND person_id IS NOT NULL AND app.person_team(person_id))))
   OR (person_id IS NULL AND case_id IS NULL AND action IN (''sign_in'', ''sign_out'', ''create'', ''update'', ''key_operation'')
       AND (type LIKE ''member.%'' OR type LIKE ''session.%'' OR type LIKE ''token.%'' OR type LIKE ''agency.%'' OR type LIKE ''unit.%'')
       AND ((agency_id = (SELECT app.agency_id()) AND (SELECT app.holds_role(''agency_admin''))) OR (SELECT app.holds_role(''system_admin''))))');

DROP FUNCTION app.add_policy(text[], text, text, text[], text, text);

-- ---- functions: owned by the definer, callable by those who need them
DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname, p.prosecdef FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('db_role', 'context', 'agency_id', 'member_id', 'roles', 'holds_role', 'casework_agency', 'now', 'on_team', 'person_team')
        THEN '{app,member,desk,auditor,worker,definer}'
      WHEN f.proname IN ('record_event') THEN '{member,desk,auditor,worker,definer}'
      WHEN f.proname IN ('read_identity', 'read_service_notes', 'read_contact_texts', 'restrict_case', 'end_assignment') THEN '{member,definer}'
      WHEN f.proname IN ('open_session', 'open_token') THEN '{app,definer}'
      WHEN f.proname IN ('installation_state') THEN '{app,worker,definer}'
      WHEN f.proname IN ('fold_rollups') THEN '{worker,definer}'
      ELSE '{definer}'
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', '))
             FROM unnest(callers::text[]) c);
    -- Last: who no longer owns a function can't revoke anything of it, and is told so by a warning only.
    IF f.prosecdef OR f.proname IN ('roll', 'count_on_case') THEN
      EXECUTE format('ALTER FUNCTION %s OWNER TO %I', f.signature, app.db_role('definer'));
    END IF;
  END LOOP;
  -- The operator's command line runs as the owner.
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.open_operator(text), app.installation_state(), app.fold_rollups(int) TO %I', session_user);
  RESET ROLE;
END
$$;
