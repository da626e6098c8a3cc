-- Backups: their role logs in, and each run leaves a row for the administrator's page and an event.

CREATE TABLE "backup_run" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "seen_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "percent" INTEGER NOT NULL DEFAULT 0,
    "taken_at" TIMESTAMPTZ(3),
    "file" TEXT,
    "bytes" BIGINT,
    "rows" BIGINT,
    "problem" TEXT,

    CONSTRAINT "backup_run_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "backup_run_kind_requested_at_idx" ON "backup_run"("kind", "requested_at" DESC);
CREATE INDEX "backup_run_state_idx" ON "backup_run"("state");

ALTER TABLE public.backup_run
  ADD CONSTRAINT backup_run_kind CHECK (kind IN ('backup', 'rehearsal')),
  ADD CONSTRAINT backup_run_state CHECK (state IN ('requested', 'running', 'done', 'failed')),
  ADD CONSTRAINT backup_run_origin CHECK (origin IN ('schedule', 'member', 'operator')),
  ADD CONSTRAINT backup_run_percent CHECK (percent BETWEEN 0 AND 100),
  ADD CONSTRAINT backup_run_ended CHECK ((state IN ('done', 'failed')) = (finished_at IS NOT NULL) AND (state = 'failed') = (problem IS NOT NULL));

INSERT INTO public.audit_event_type (type, action) VALUES
  ('backup.listed', 'list'), ('backup.requested', 'create'), ('backup.made', 'create'), ('backup.failed', 'create'),
  ('backup.rehearsed', 'create'), ('backup.restored', 'create');

ALTER TABLE public.backup_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.backup_run FORCE ROW LEVEL SECURITY;

DO $$
DECLARE
  r text;
BEGIN
  EXECUTE format('CREATE POLICY definer_all ON public.backup_run TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.backup_run FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.backup_run TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.backup_run TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.backup_run TO %I', app.db_role('backup'));
  FOREACH r IN ARRAY ARRAY['app', 'member'] LOOP
    EXECUTE format('GRANT SELECT ON public.backup_run TO %I', app.db_role(r));
  END LOOP;
  EXECUTE format('CREATE POLICY system_admin_read ON public.backup_run FOR SELECT TO %I, %I USING ((SELECT app.holds_role(''system_admin'')))',
    app.db_role('app'), app.db_role('member'));
  -- It reads every table as it stands, sealed values sealed, writes none and may act as nobody else.
  EXECUTE format('ALTER ROLE %I LOGIN', app.db_role('backup'));
END
$$;

/* A backup at an administrator's wish: false when one is waiting or under way already. */
CREATE FUNCTION app.request_backup(run uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT app.holds_role('system_admin') THEN RAISE EXCEPTION 'Only a system administrator asks for a backup' USING ERRCODE = '42501'; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('app.backup_run'));
  IF EXISTS (SELECT 1 FROM public.backup_run b WHERE b.kind = 'backup' AND (b.state = 'requested'
      OR (b.state = 'running' AND b.seen_at > clock_timestamp() - interval '5 minutes'))) THEN
    RETURN false;
  END IF;
  INSERT INTO public.backup_run (id, kind, state, origin) VALUES (run, 'backup', 'requested', 'member');
  PERFORM app.record_event(jsonb_build_object('type', 'backup.requested'));
  RETURN true;
END
$$;

/* What the schedule decides by: whether someone asked, and when the last backups ended well and badly. */
CREATE FUNCTION app.backup_state() RETURNS TABLE (requested boolean, made_at timestamptz, failed_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM public.backup_run b WHERE b.kind = 'backup' AND b.state = 'requested'),
    (SELECT max(b.taken_at) FROM public.backup_run b WHERE b.kind = 'backup' AND b.state = 'done'),
    (SELECT max(b.finished_at) FROM public.backup_run b WHERE b.kind = 'backup' AND b.state = 'failed')
$$;

/* Begins a run: the one that was asked for, else a new one. Null while another goes on; one that went silent is given up. */
CREATE FUNCTION app.begin_backup_run(new_run uuid, wanted_kind text, wanted_origin text) RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  waiting uuid;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('app.backup_run'));
  UPDATE public.backup_run SET state = 'failed', problem = 'interrupted', finished_at = clock_timestamp()
    WHERE state = 'running' AND seen_at < clock_timestamp() - interval '5 minutes';
  IF EXISTS (SELECT 1 FROM public.backup_run b WHERE b.kind = wanted_kind AND b.state = 'running') THEN RETURN NULL; END IF;
  SELECT b.id INTO waiting FROM public.backup_run b WHERE b.kind = wanted_kind AND b.state = 'requested' ORDER BY b.requested_at LIMIT 1;
  IF waiting IS NULL THEN
    INSERT INTO public.backup_run (id, kind, state, origin) VALUES (new_run, wanted_kind, 'requested', wanted_origin) RETURNING id INTO waiting;
  END IF;
  UPDATE public.backup_run SET state = 'running', started_at = clock_timestamp(), seen_at = clock_timestamp() WHERE id = waiting;
  RETURN waiting;
END
$$;

CREATE FUNCTION app.backup_run_goes_on(run uuid, done_percent int) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.backup_run SET seen_at = clock_timestamp(), percent = done_percent WHERE id = run AND state = 'running'
$$;

/* Ends a run and writes its event. `outcome`: problem (a code) when it failed, else takenAt, file, bytes, rows. */
CREATE FUNCTION app.end_backup_run(run uuid, outcome jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ended record;
BEGIN
  UPDATE public.backup_run b SET finished_at = clock_timestamp(), state = CASE WHEN outcome ? 'problem' THEN 'failed' ELSE 'done' END,
      percent = CASE WHEN outcome ? 'problem' THEN b.percent ELSE 100 END, problem = left(outcome ->> 'problem', 60),
      taken_at = (outcome ->> 'takenAt')::timestamptz, file = left(outcome ->> 'file', 200), bytes = (outcome ->> 'bytes')::bigint,
      rows = (outcome ->> 'rows')::bigint
    WHERE b.id = run AND b.state = 'running' RETURNING b.kind, b.origin, b.problem INTO ended;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.write_event(jsonb_build_object(
      'type', CASE WHEN ended.kind = 'rehearsal' THEN 'backup.rehearsed' WHEN ended.problem IS NULL THEN 'backup.made' ELSE 'backup.failed' END,
      'outcome', coalesce(ended.problem, 'success')),
    ROW(NULL, NULL, NULL, NULL, '{}', ended.origin, 1, 0)::app.actor_context);
END
$$;

DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname = ANY (ARRAY['request_backup', 'backup_state', 'begin_backup_run', 'backup_run_goes_on', 'end_backup_run']) LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    -- The owner, too: the operator's commands run as it.
    IF f.proname = 'request_backup' THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role('member'));
    ELSE EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role('worker')); END IF;
    EXECUTE format('ALTER FUNCTION %s OWNER TO %I', f.signature, app.db_role('definer'));
  END LOOP;
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.backup_state(), app.begin_backup_run(uuid, text, text), app.backup_run_goes_on(uuid, int),
    app.end_backup_run(uuid, jsonb) TO %I', session_user);
  RESET ROLE;
END
$$;
