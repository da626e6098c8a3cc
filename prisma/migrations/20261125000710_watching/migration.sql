-- Watching: what the installation can tell of itself, in numbers; and keys changed from the administrator's page.

/*
 * How the installation stands. Numbers, times and names of jobs: nothing of anybody, so it needs no actor, as the check of
 * health needs none.
 */
CREATE FUNCTION app.installation_figures() RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_build_object(
    'at', clock_timestamp(),
    'demonstration', (SELECT i.demonstration FROM public.installation i WHERE i.id = 1),
    'migrations', (SELECT count(*) FROM public._prisma_migrations m WHERE m.finished_at IS NOT NULL),
    'database', jsonb_build_object(
      'version', split_part(current_setting('server_version'), ' ', 1),
      'connections', (SELECT count(*) FROM pg_stat_activity a WHERE a.datname = current_database()),
      'mostConnections', current_setting('max_connections')::int,
      'bytes', pg_database_size(current_database())),
    'queue', (SELECT jsonb_build_object(
        'waiting', count(*) FILTER (WHERE j.state IN ('created', 'retry')),
        'overdue', count(*) FILTER (WHERE j.state IN ('created', 'retry') AND j.start_after < now() - interval '10 minutes'),
        'active', count(*) FILTER (WHERE j.state = 'active'),
        'failed', count(*) FILTER (WHERE j.state = 'failed')) FROM pgboss.job j),
    'jobs', coalesce((SELECT jsonb_agg(jsonb_build_object('job', r.job, 'startedAt', r.started_at, 'succeededAt', r.succeeded_at,
        'error', r.error) ORDER BY r.job) FROM public.job_run r), '[]'),
    'seal', (SELECT jsonb_build_object('size', coalesce(s.size, 0), 'waiting', w.n, 'waitingSince', w.since,
        'fault', (SELECT c.fault FROM public.seal_check c WHERE c.finished_at IS NOT NULL ORDER BY c.id DESC LIMIT 1))
      FROM (SELECT 1) one LEFT JOIN (SELECT c.size, c.last_id FROM public.seal_checkpoint c ORDER BY c.size DESC LIMIT 1) s ON true,
        LATERAL (SELECT count(*) AS n, min(x.at) AS since FROM (
          SELECT e.at FROM public.audit_event e WHERE e.id > coalesce(s.last_id, 0) ORDER BY e.id LIMIT 10000) x) w),
    'keys', (SELECT jsonb_build_object(
        'masterVersions', coalesce((SELECT jsonb_agg(DISTINCT app.sealed_version(k.wrapped)) FROM public.agency_key k), '[]'),
        'changing', (SELECT count(*) FROM public.key_rotation r WHERE r.state = 'running'),
        'oldest', (SELECT min(k.created_at) FROM public.agency_key k WHERE k.purpose = 'data'))))
$$;

/* Begins to change a key from the administrator's page; who they are was shown a moment ago. */
CREATE FUNCTION app.start_key_rotation(new_id uuid, wanted_kind text, wanted text, new_version int, new_key bytea, new_check bytea, origin jsonb)
  RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR NOT 'system_admin' = ANY (ctx.roles) OR wanted_kind NOT IN ('master', 'agency') THEN RETURN 'forbidden'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'step_up_required'; END IF;
  RETURN app.begin_key_rotation(new_id, wanted_kind, wanted, new_version, new_key, new_check, ctx, origin);
END
$$;

INSERT INTO public.audit_event_type (type, action) VALUES ('installation.viewed', 'read');

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.installation_figures(), app.start_key_rotation(uuid, text, text, int, bytea, bytea, jsonb) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.installation_figures() TO %I, %I', app.db_role('app'), app.db_role('member'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.start_key_rotation(uuid, text, text, int, bytea, bytea, jsonb) TO %I', app.db_role('member'));
  EXECUTE format('ALTER FUNCTION app.installation_figures() OWNER TO %I', app.db_role('definer'));
  EXECUTE format('ALTER FUNCTION app.start_key_rotation(uuid, text, text, int, bytea, bytea, jsonb) OWNER TO %I', app.db_role('definer'));
END
$$;
