-- How large the database is, its tables tell; asking for the database as a whole takes the right to connect to it, which the
-- role that owns these functions has no use for, and on our own server does not have.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

CREATE OR REPLACE FUNCTION app.installation_figures() RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_build_object(
    'at', clock_timestamp(),
    'demonstration', (SELECT i.demonstration FROM public.installation i WHERE i.id = 1),
    'migrations', (SELECT count(*) FROM public._prisma_migrations m WHERE m.finished_at IS NOT NULL),
    'database', jsonb_build_object(
      'version', split_part(current_setting('server_version'), ' ', 1),
      'connections', (SELECT count(*) FROM pg_stat_activity a WHERE a.datname = current_database()),
      'mostConnections', current_setting('max_connections')::int,
      'bytes', (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'app', 'pgboss') AND c.relkind = 'r')),
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
RESET ROLE;
