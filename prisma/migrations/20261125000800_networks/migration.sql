-- Networks: what a jurisdiction sets for its agencies, who coordinates and who oversees it, and each change with what it
-- was before. Read by whoever is signed in, as before; changed by the system administrator alone, through one function.

INSERT INTO public.audit_event_type (type, action) VALUES ('network.listed', 'list'), ('network.changed', 'update');

/* The same as networkSettings in lib/agencies/network-schema.ts: known names, numbers within reason, bases of the list. */
CREATE FUNCTION app.network_settings_fit(settings jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  urgency text;
  entry jsonb;
BEGIN
  IF jsonb_typeof(settings) <> 'object'
     OR settings - ARRAY['contactHours', 'referralLimits', 'legalBases', 'smallNumber', 'leaveUrl'] <> '{}'::jsonb THEN
    RETURN false;
  END IF;
  FOR urgency, entry IN SELECT * FROM jsonb_each(coalesce(settings -> 'contactHours', '{}')) LOOP
    IF urgency NOT IN ('emergency', 'urgent', 'routine') OR NOT coalesce((entry ->> 'hours')::numeric BETWEEN 1 AND 8784
       AND length(entry ->> 'source') BETWEEN 1 AND 200, false) THEN
      RETURN false;
    END IF;
  END LOOP;
  FOR urgency, entry IN SELECT * FROM jsonb_each(coalesce(settings -> 'referralLimits', '{}')) LOOP
    IF urgency NOT IN ('emergency', 'urgent', 'routine') OR NOT coalesce((entry ->> 'acknowledge')::int BETWEEN 1 AND 999
       AND (entry ->> 'decide')::int BETWEEN (entry ->> 'acknowledge')::int AND 999, false) THEN
      RETURN false;
    END IF;
  END LOOP;
  IF EXISTS (SELECT 1 FROM jsonb_each(coalesce(settings -> 'legalBases', '{}')) b WHERE b.key NOT IN ('case_management', 'sharing', 'statistics', 'contact')
     OR NOT b.value <@ '["consent", "public_task", "legal_duty", "vital_interest"]' OR jsonb_array_length(b.value) = 0) THEN
    RETURN false;
  END IF;
  -- Fewer than ten people is never a number that leaves an agency.
  RETURN coalesce((settings ->> 'smallNumber')::int, 10) BETWEEN 10 AND 100
    AND coalesce(settings ->> 'leaveUrl', 'https://') ~ '^https?://' AND length(coalesce(settings ->> 'leaveUrl', '')) <= 300;
EXCEPTION WHEN data_exception THEN RETURN false;
END
$$;
ALTER TABLE public.network ADD CONSTRAINT network_settings CHECK (app.network_settings_fit(settings));

ALTER TABLE public.network ADD COLUMN oversight_agency_id uuid;
ALTER TABLE public.network ADD CONSTRAINT network_oversight_agency_id_fkey FOREIGN KEY (oversight_agency_id)
  REFERENCES public.agency (id) ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE INDEX network_oversight_agency_id_idx ON public.network (oversight_agency_id);

CREATE TABLE public.network_coordinator (
  network_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  member_id uuid NOT NULL,
  CONSTRAINT network_coordinator_pkey PRIMARY KEY (network_id),
  CONSTRAINT network_coordinator_network_id_fkey FOREIGN KEY (network_id) REFERENCES public.network (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT network_coordinator_agency_id_member_id_fkey FOREIGN KEY (agency_id, member_id) REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX network_coordinator_agency_id_member_id_idx ON public.network_coordinator (agency_id, member_id);

-- What each version changed: settings of a body, never of a person.
CREATE TABLE public.network_version (
  network_id uuid NOT NULL,
  version int NOT NULL,
  changed_at timestamptz(3) NOT NULL DEFAULT now(),
  changed_by uuid NOT NULL,
  fields text[] NOT NULL,
  before jsonb NOT NULL,
  after jsonb NOT NULL,
  CONSTRAINT network_version_pkey PRIMARY KEY (network_id, version),
  CONSTRAINT network_version_network_id_fkey FOREIGN KEY (network_id) REFERENCES public.network (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

DO $$
DECLARE
  t text;
  readers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member']) r);
BEGIN
  FOREACH t IN ARRAY ARRAY['network_coordinator', 'network_version'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
    EXECUTE format('GRANT SELECT ON public.%I TO %s', t, readers);
    EXECUTE format('CREATE POLICY administrator_reads ON public.%I FOR SELECT TO %s USING ((SELECT app.holds_role(''system_admin'')))', t, readers);
  END LOOP;
  -- Nobody rewrites what was.
  EXECUTE format('REVOKE UPDATE, DELETE ON public.network_version FROM %I', app.db_role('definer'));
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Changing a network

/* Everything a network sets, as one document. */
CREATE FUNCTION app.network_snapshot(wanted uuid) RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_build_object('name', n.name, 'country', n.country, 'timeZone', n.time_zone, 'workingDays', to_jsonb(n.working_days),
      'opensMinute', n.opens_minute, 'closesMinute', n.closes_minute,
      'oversight', (SELECT a.key FROM public.agency a WHERE a.id = n.oversight_agency_id),
      'coordinator', (SELECT m.code FROM public.network_coordinator c JOIN public.member m ON m.id = c.member_id WHERE c.network_id = n.id),
      'holidays', coalesce((SELECT jsonb_object_agg(h.on_day, h.name) FROM public.network_holiday h WHERE h.network_id = n.id), '{}'))
    || n.settings
  FROM public.network n WHERE n.id = wanted
$$;

/* Writes the version and its event after a change; nothing when nothing is different. */
CREATE FUNCTION app.note_network_change(wanted uuid, before jsonb, origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  after jsonb := app.network_snapshot(wanted);
  changed text[];
  made int;
BEGIN
  SELECT coalesce(array_agg(k ORDER BY k), '{}') INTO changed
    FROM (SELECT jsonb_object_keys(before || after) AS k) keys WHERE before -> k IS DISTINCT FROM after -> k;
  IF cardinality(changed) = 0 THEN RETURN; END IF;
  UPDATE public.network n SET version = n.version + 1 WHERE n.id = wanted RETURNING n.version INTO made;
  INSERT INTO public.network_version (network_id, version, changed_at, changed_by, fields, before, after)
    VALUES (wanted, made, clock_timestamp(), ctx.member_id, changed,
      (SELECT jsonb_object_agg(k, before -> k) FROM unnest(changed) k), (SELECT jsonb_object_agg(k, after -> k) FROM unnest(changed) k));
  PERFORM app.account_event('network.changed', NULL, (SELECT n.key FROM public.network n WHERE n.id = wanted), changed, origin, ctx);
END
$$;

/* Who may change a network: the system administrator, in a session. A token that lies about changes no clock of anybody. */
CREATE FUNCTION app.administers_networks() RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  RETURN coalesce('system_admin' = ANY (ctx.roles) AND ctx.session LIKE 'session:%', false);
END
$$;

CREATE FUNCTION app.change_network(wanted uuid, expected_version int, change jsonb, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  n record;
  before jsonb;
  overseer uuid;
  coordinating record;
BEGIN
  IF NOT app.administers_networks() THEN RETURN 'not_found'; END IF;
  SELECT x.id, x.version INTO n FROM public.network x WHERE x.id = wanted FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF n.version <> expected_version THEN RETURN 'stale'; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_timezone_names z WHERE z.name = change ->> 'timeZone') THEN RETURN 'zone'; END IF;
  IF change ->> 'oversight' IS NOT NULL THEN
    SELECT a.id INTO overseer FROM public.agency a WHERE a.key = change ->> 'oversight' AND a.network_id = wanted AND a.kind = 'oversight';
    IF NOT FOUND THEN RETURN 'oversight'; END IF;
  END IF;
  IF change ->> 'coordinator' IS NOT NULL THEN
    SELECT m.id, m.agency_id INTO coordinating FROM public.member m JOIN public.agency a ON a.id = m.agency_id
      WHERE m.code = change ->> 'coordinator' AND a.network_id = wanted AND m.status = 'active' AND 'coordinator' = ANY (m.roles);
    IF NOT FOUND THEN RETURN 'coordinator'; END IF;
  END IF;
  before := app.network_snapshot(wanted);
  UPDATE public.network x SET name = change ->> 'name', country = change ->> 'country', time_zone = change ->> 'timeZone',
      working_days = ARRAY(SELECT jsonb_array_elements_text(change -> 'workingDays')::int ORDER BY 1),
      opens_minute = (change ->> 'opensMinute')::int, closes_minute = (change ->> 'closesMinute')::int,
      oversight_agency_id = overseer, settings = change -> 'settings'
    WHERE x.id = wanted;
  DELETE FROM public.network_coordinator c WHERE c.network_id = wanted;
  IF change ->> 'coordinator' IS NOT NULL THEN
    INSERT INTO public.network_coordinator (network_id, agency_id, member_id) VALUES (wanted, coordinating.agency_id, coordinating.id);
  END IF;
  PERFORM app.note_network_change(wanted, before, origin, app.context());
  RETURN 'ok';
END
$$;

/* Adds a holiday, or takes it away when it has no name. */
CREATE FUNCTION app.set_holiday(wanted uuid, day date, holiday_name text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  before jsonb;
BEGIN
  IF NOT app.administers_networks() THEN RETURN 'not_found'; END IF;
  PERFORM 1 FROM public.network x WHERE x.id = wanted FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  before := app.network_snapshot(wanted);
  IF holiday_name IS NULL THEN
    DELETE FROM public.network_holiday h WHERE h.network_id = wanted AND h.on_day = day;
    IF NOT FOUND THEN RETURN 'not_found'; END IF;
  ELSE
    INSERT INTO public.network_holiday (network_id, on_day, name) VALUES (wanted, day, holiday_name) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN 'taken'; END IF;
  END IF;
  PERFORM app.note_network_change(wanted, before, origin, app.context());
  RETURN 'ok';
END
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname, p.prosecdef FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('network_settings_fit', 'network_snapshot', 'note_network_change', 'administers_networks',
             'change_network', 'set_holiday') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE WHEN f.proname IN ('change_network', 'set_holiday') THEN ARRAY['member', 'definer'] ELSE ARRAY['definer'] END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
    IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO %I', f.signature, app.db_role('definer')); END IF;
  END LOOP;
END
$$;
