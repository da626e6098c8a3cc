-- The queue of pg-boss 10, and who may do what to it (decision 0009).
--
-- The tables are pg-boss's own: what `PgBoss.getConstructionPlans('pgboss')` of 10.4.2 prints, with two differences.
-- All queues live in one default partition, so that a new queue is a row and nobody makes tables while the application
-- runs; for the same reason its functions create_queue and delete_queue are left out. A job carries ids, never data.

CREATE SCHEMA pgboss;
CREATE TYPE pgboss.job_state AS ENUM ('created', 'retry', 'active', 'completed', 'cancelled', 'failed');

CREATE TABLE pgboss.version (
  version int primary key,
  maintained_on timestamp with time zone,
  cron_on timestamp with time zone,
  monitored_on timestamp with time zone
);
CREATE TABLE pgboss.queue (
  name text,
  policy text,
  retry_limit int,
  retry_delay int,
  retry_backoff bool,
  expire_seconds int,
  retention_minutes int,
  dead_letter text REFERENCES pgboss.queue (name),
  partition_name text,
  created_on timestamp with time zone not null default now(),
  updated_on timestamp with time zone not null default now(),
  PRIMARY KEY (name)
);
CREATE TABLE pgboss.schedule (
  name text REFERENCES pgboss.queue ON DELETE CASCADE,
  cron text not null,
  timezone text,
  data jsonb,
  options jsonb,
  created_on timestamp with time zone not null default now(),
  updated_on timestamp with time zone not null default now(),
  PRIMARY KEY (name)
);
CREATE TABLE pgboss.subscription (
  event text not null,
  name text not null REFERENCES pgboss.queue ON DELETE CASCADE,
  created_on timestamp with time zone not null default now(),
  updated_on timestamp with time zone not null default now(),
  PRIMARY KEY(event, name)
);
CREATE TABLE pgboss.job (
  id uuid not null default gen_random_uuid(),
  name text not null,
  priority integer not null default(0),
  data jsonb,
  state pgboss.job_state not null default('created'),
  retry_limit integer not null default(2),
  retry_count integer not null default(0),
  retry_delay integer not null default(0),
  retry_backoff boolean not null default false,
  start_after timestamp with time zone not null default now(),
  started_on timestamp with time zone,
  singleton_key text,
  singleton_on timestamp without time zone,
  expire_in interval not null default interval '15 minutes',
  created_on timestamp with time zone not null default now(),
  completed_on timestamp with time zone,
  keep_until timestamp with time zone NOT NULL default now() + interval '14 days',
  output jsonb,
  dead_letter text,
  policy text
) PARTITION BY LIST (name);
ALTER TABLE pgboss.job ADD PRIMARY KEY (name, id);
CREATE TABLE pgboss.archive (LIKE pgboss.job);
ALTER TABLE pgboss.archive ADD PRIMARY KEY (name, id);
ALTER TABLE pgboss.archive ADD archived_on timestamptz NOT NULL DEFAULT now();
CREATE INDEX archive_i1 ON pgboss.archive(archived_on);

CREATE TABLE pgboss.job_all (LIKE pgboss.job INCLUDING DEFAULTS);
ALTER TABLE pgboss.job_all ADD PRIMARY KEY (name, id);
ALTER TABLE pgboss.job_all ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE pgboss.job_all ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX job_all_i1 ON pgboss.job_all (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short';
CREATE UNIQUE INDEX job_all_i2 ON pgboss.job_all (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton';
CREATE UNIQUE INDEX job_all_i3 ON pgboss.job_all (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately';
CREATE UNIQUE INDEX job_all_i4 ON pgboss.job_all (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL;
CREATE INDEX job_all_i5 ON pgboss.job_all (name, start_after) INCLUDE (priority, created_on, id) WHERE state < 'active';
ALTER TABLE pgboss.job ATTACH PARTITION pgboss.job_all DEFAULT;
INSERT INTO pgboss.version(version) VALUES ('24');

-- ---------------------------------------------------------------------------------------------------------------
-- What ran last: one row for each periodic job, whichever process took the turn.

CREATE TABLE "job_run" (
    "job" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "succeeded_at" TIMESTAMPTZ(3),
    "done" INTEGER,
    "error" TEXT,

    CONSTRAINT "job_run_pkey" PRIMARY KEY ("job")
);

-- ---------------------------------------------------------------------------------------------------------------
-- Rights. The worker runs the queue; the definer puts jobs in and shows them; the roles of the application have none.

DO $$
DECLARE
  t record;
  worker constant text := app.db_role('worker');
  definer constant text := app.db_role('definer');
  backup constant text := app.db_role('backup');
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA pgboss TO %I, %I, %I', worker, definer, backup);
  FOR t IN SELECT c.oid::regclass AS name, c.relname, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE (n.nspname = 'pgboss' OR (n.nspname = 'public' AND c.relname = 'job_run')) AND c.relkind IN ('r', 'p') LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t.name);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t.name);
    EXECUTE format('CREATE POLICY definer_all ON %s TO %I USING (true) WITH CHECK (true)', t.name, definer);
    EXECUTE format('CREATE POLICY backup_reads ON %s FOR SELECT TO %I USING (true)', t.name, backup);
    EXECUTE format('CREATE POLICY owner_all ON %s TO %I USING (true) WITH CHECK (true)', t.name, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', t.name, definer);
    EXECUTE format('GRANT SELECT ON %s TO %I', t.name, backup);
    IF t.nspname = 'pgboss' AND t.relname <> 'job_all' THEN
      EXECUTE format('CREATE POLICY worker_all ON %s TO %I USING (true) WITH CHECK (true)', t.name, worker);
    END IF;
  END LOOP;
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON pgboss.job, pgboss.archive TO %I', worker);
  EXECUTE format('GRANT SELECT ON pgboss.queue, pgboss.schedule, pgboss.subscription, pgboss.version TO %I', worker);
  EXECUTE format('GRANT UPDATE (maintained_on) ON pgboss.version TO %I', worker);
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Domain time where nobody acts: in jobs. The moved clock of demonstration data counts, as it does in app.now(). */
CREATE FUNCTION app.clock_offset() RETURNS interval
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT make_interval(secs => coalesce((SELECT i.clock_offset_seconds FROM public.installation i WHERE i.id = 1 AND i.demonstration), 0))
$$;

/*
 * Puts a job into a queue, in the caller's transaction: it exists when what caused it does, and not otherwise.
 * `start_after` is domain time. While a job with the same `singleton` waits, no second one is made; then the answer is null.
 */
CREATE FUNCTION app.enqueue(queue text, payload jsonb, start_after timestamptz DEFAULT NULL, singleton text DEFAULT NULL) RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  new_id uuid := gen_random_uuid();
  starts timestamptz := coalesce(start_after - app.clock_offset(), now());
  q pgboss.queue%ROWTYPE;
BEGIN
  SELECT * INTO q FROM pgboss.queue k WHERE k.name = queue;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'No queue %', queue USING ERRCODE = '23503';
  END IF;
  IF jsonb_typeof(payload) <> 'object' OR pg_column_size(payload) > 4000 THEN
    RAISE EXCEPTION 'A job carries a few ids' USING ERRCODE = '23514';
  END IF;
  INSERT INTO pgboss.job (id, name, data, start_after, singleton_key, dead_letter, expire_in, keep_until, retry_limit, retry_delay, retry_backoff, policy)
  VALUES (new_id, queue, payload, starts, coalesce(singleton, new_id::text), q.dead_letter,
    make_interval(secs => coalesce(q.expire_seconds, 900)), starts + make_interval(mins => coalesce(q.retention_minutes, 20160)),
    coalesce(q.retry_limit, 2), coalesce(q.retry_delay, 0), coalesce(q.retry_backoff, false), q.policy)
  ON CONFLICT DO NOTHING;
  RETURN CASE WHEN FOUND THEN new_id END;
END
$$;

/* Waiting jobs start by domain time: when the clock of demonstration data is moved, so are they. */
CREATE FUNCTION app.move_waiting_jobs() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE pgboss.job j SET start_after = j.start_after - make_interval(secs => NEW.clock_offset_seconds - OLD.clock_offset_seconds)
    WHERE j.state IN ('created', 'retry') AND j.start_after > now();
  RETURN NULL;
END
$$;

/*
 * Takes the turn of a periodic job: true for one process only, when the turn is due. That is after `every_seconds`, and
 * a minute after a turn that failed.
 */
CREATE FUNCTION app.begin_job_turn(wanted text, every_seconds int) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO public.job_run AS r (job, started_at) VALUES (wanted, clock_timestamp())
  ON CONFLICT (job) DO UPDATE SET started_at = excluded.started_at, finished_at = NULL
    -- A tenth early: processes that ask at the same pace would otherwise miss every other turn.
    WHERE r.started_at <= clock_timestamp() - make_interval(secs => every_seconds * 0.9)
      OR (r.error IS NOT NULL AND r.finished_at <= clock_timestamp() - make_interval(secs => least(every_seconds, 60)));
  RETURN FOUND;
END
$$;

CREATE FUNCTION app.end_job_turn(wanted text, work_done int, error_class text) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.job_run r SET finished_at = clock_timestamp(), done = work_done, error = left(error_class, 80),
    succeeded_at = CASE WHEN error_class IS NULL THEN clock_timestamp() ELSE r.succeeded_at END
  WHERE r.job = wanted
$$;

DO $$
DECLARE
  worker constant text := app.db_role('worker');
BEGIN
  REVOKE ALL ON FUNCTION app.clock_offset(), app.enqueue(text, jsonb, timestamptz, text), app.move_waiting_jobs(),
    app.begin_job_turn(text, int), app.end_job_turn(text, int, text) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.enqueue(text, jsonb, timestamptz, text) TO %I, %I, %I, %I',
    app.db_role('member'), app.db_role('desk'), app.db_role('auditor'), worker);
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.clock_offset(), app.begin_job_turn(text, int), app.end_job_turn(text, int, text) TO %I', worker);
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.clock_offset(), app.enqueue(text, jsonb, timestamptz, text), app.move_waiting_jobs() TO %I', session_user);
  RESET ROLE;
END
$$;

CREATE TRIGGER installation_moves_jobs AFTER UPDATE OF clock_offset_seconds ON public.installation
  FOR EACH ROW WHEN (OLD.clock_offset_seconds <> NEW.clock_offset_seconds) EXECUTE FUNCTION app.move_waiting_jobs();
