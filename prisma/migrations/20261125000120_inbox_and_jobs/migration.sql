-- The count in the header, and what the system administrator sees of the background jobs and does about them.

INSERT INTO public.audit_event_type (type, action) VALUES
  ('notice.listed', 'list'), ('notice.read', 'update'), ('notice.preferences-changed', 'update'),
  ('job.listed', 'list'), ('job.retried', 'update'), ('job.dropped', 'update');

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

-- Working hours are those of the network's own calendar.
DROP FUNCTION app.next_working_moment(text, timestamptz);

/*
 * Tells members something, in the caller's transaction: a notice for each that is active, and where they want mail a
 * delivery with its job. For the definer's functions and for jobs; members of an agency go through app.notify_colleagues.
 */
CREATE OR REPLACE FUNCTION app.notify(members uuid[], kind text, subject text DEFAULT NULL, urgent boolean DEFAULT false) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  told record;
  new_notice uuid;
  new_delivery uuid;
  happened timestamptz := clock_timestamp() + app.clock_offset();
  due timestamptz;
  n int := 0;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.notice_kind k WHERE k.kind = notify.kind) THEN
    RAISE EXCEPTION 'No kind of notice %', notify.kind USING ERRCODE = '23503';
  END IF;
  FOR told IN
    SELECT DISTINCT m.id, m.agency_id, a.network_id, k.mail_required OR coalesce(p.mail, k.mail) AS mail, coalesce(p.at_once, k.at_once) AS at_once
    FROM public.member m JOIN public.agency a ON a.id = m.agency_id
    JOIN public.notice_kind k ON k.kind = notify.kind
    LEFT JOIN public.notice_preference p ON p.member_id = m.id AND p.kind = notify.kind
    WHERE m.id = ANY (members) AND m.status = 'active' ORDER BY m.id
  LOOP
    INSERT INTO public.notice (agency_id, member_id, kind, subject, urgent, at)
      VALUES (told.agency_id, told.id, notify.kind, notify.subject, coalesce(notify.urgent, false), happened) RETURNING id INTO new_notice;
    n := n + 1;
    CONTINUE WHEN NOT told.mail;
    due := CASE WHEN notify.urgent OR told.at_once THEN happened ELSE app.next_working_moment(told.network_id, happened) END;
    INSERT INTO public.notice_delivery (agency_id, notice_id, channel, due_at)
      VALUES (told.agency_id, new_notice, 'mail', due) RETURNING id INTO new_delivery;
    PERFORM app.enqueue('notice-mail', jsonb_build_object('delivery', new_delivery), CASE WHEN due > happened THEN due END, new_delivery::text);
  END LOOP;
  RETURN n;
END
$$;

/* How many notices the member of a living session has not read. Asking is no use of the session. */
CREATE FUNCTION app.unread_notices(wanted bytea) RETURNS int
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT (SELECT count(*)::int FROM public.notice n WHERE n.agency_id = s.agency_id AND n.member_id = s.member_id AND n.read_at IS NULL)
  FROM public.session s JOIN public.agency a ON a.id = s.agency_id JOIN public.member m ON m.id = s.member_id AND m.status = 'active'
  WHERE s.hash = wanted AND s.ended_at IS NULL AND clock_timestamp() < least(s.expires_at, s.last_seen_at + make_interval(mins => a.idle_minutes))
$$;

/* The queues, with how much is in each. For the system administrator; anybody else gets nothing. */
CREATE FUNCTION app.queue_overview() RETURNS TABLE (queue text, waiting int, working int, failed int, oldest timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT q.name, count(*) FILTER (WHERE j.state IN ('created', 'retry'))::int, count(*) FILTER (WHERE j.state = 'active')::int,
    count(*) FILTER (WHERE j.state = 'failed')::int,
    min(j.start_after) FILTER (WHERE j.state IN ('created', 'retry') AND j.start_after <= now())
  FROM pgboss.queue q LEFT JOIN pgboss.job j ON j.name = q.name
  WHERE app.holds_role('system_admin') GROUP BY q.name ORDER BY q.name
$$;

/* Jobs that were tried as often as their queue says. Of the error its kind alone; never what the job carries. */
CREATE FUNCTION app.failed_jobs(at_most int) RETURNS TABLE (job uuid, queue text, since timestamptz, tries int, error text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT j.id, j.name, j.completed_on, j.retry_count + 1, CASE
      WHEN j.output #>> '{value,message}' LIKE 'job failed by timeout%' THEN 'Timeout'
      ELSE left(coalesce(j.output ->> 'error', 'unknown'), 80) END
  FROM pgboss.job j WHERE j.state = 'failed' AND app.holds_role('system_admin') ORDER BY j.completed_on DESC, j.id LIMIT at_most
$$;

/* The periodic jobs and their last turns. */
CREATE FUNCTION app.periodic_jobs() RETURNS TABLE (job text, started_at timestamptz, finished_at timestamptz, succeeded_at timestamptz, done int, error text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.job, r.started_at, r.finished_at, r.succeeded_at, r.done, r.error FROM public.job_run r
  WHERE app.holds_role('system_admin') ORDER BY r.job
$$;

/* A failed job gets one more try, at once. */
CREATE FUNCTION app.retry_job(wanted_queue text, wanted uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT app.holds_role('system_admin') THEN RETURN false; END IF;
  UPDATE pgboss.job j SET state = 'retry', retry_limit = j.retry_limit + 1, start_after = now(), completed_on = NULL
    WHERE j.name = wanted_queue AND j.id = wanted AND j.state = 'failed';
  RETURN FOUND;
END
$$;

/* A failed job is given up; the mail that it was for counts as not sent for good. */
CREATE FUNCTION app.drop_job(wanted_queue text, wanted uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  dropped jsonb;
BEGIN
  IF NOT app.holds_role('system_admin') THEN RETURN false; END IF;
  UPDATE pgboss.job j SET state = 'cancelled' WHERE j.name = wanted_queue AND j.id = wanted AND j.state = 'failed'
    RETURNING j.data INTO dropped;
  IF NOT FOUND THEN RETURN false; END IF;
  IF wanted_queue = 'notice-mail' THEN
    UPDATE public.notice_delivery d SET state = 'skipped', ended_at = clock_timestamp(), claimed_until = NULL
      WHERE d.id = (dropped ->> 'delivery')::uuid AND d.state = 'waiting';
  END IF;
  RETURN true;
END
$$;

/* Notices that were read three months ago, and any that are a year old, have served their time. Their mails go along. */
CREATE FUNCTION app.sweep_notices() RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  swept int;
BEGIN
  DELETE FROM public.notice n WHERE n.at < clock_timestamp() - interval '1 year'
    OR (n.read_at < clock_timestamp() - interval '90 days'
      AND NOT EXISTS (SELECT 1 FROM public.notice_delivery d WHERE d.notice_id = n.id AND d.agency_id = n.agency_id AND d.state = 'waiting'));
  GET DIAGNOSTICS swept = ROW_COUNT;
  RETURN swept;
END
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.unread_notices(bytea), app.queue_overview(), app.failed_jobs(int), app.periodic_jobs(),
    app.retry_job(text, uuid), app.drop_job(text, uuid), app.sweep_notices() FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.unread_notices(bytea) TO %I', app.db_role('app'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.queue_overview(), app.failed_jobs(int), app.periodic_jobs(), app.retry_job(text, uuid), app.drop_job(text, uuid) TO %I',
    app.db_role('member'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.sweep_notices() TO %I', app.db_role('worker'));
  RESET ROLE;
END
$$;
