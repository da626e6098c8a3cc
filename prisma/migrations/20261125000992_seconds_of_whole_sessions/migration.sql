-- A session that has not shown its second factor says nothing but on the pages where it is shown (requirement A01): not how
-- long it lasts, and not what waits for its member.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

CREATE OR REPLACE FUNCTION app.session_seconds_left(wanted bytea) RETURNS int
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT nullif(greatest(0, floor(extract(epoch FROM
    least(s.expires_at, s.last_seen_at + make_interval(mins => a.idle_minutes)) - clock_timestamp())))::int, 0)
  FROM public.session s JOIN public.agency a ON a.id = s.agency_id JOIN public.member m ON m.id = s.member_id AND m.status = 'active'
  WHERE s.hash = wanted AND s.ended_at IS NULL AND (s.strength > 1 OR app.required_strength(s.member_id) <= s.strength)
$$;

CREATE OR REPLACE FUNCTION app.unread_notices(wanted bytea) RETURNS int
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT (SELECT count(*)::int FROM public.notice n WHERE n.agency_id = s.agency_id AND n.member_id = s.member_id AND n.read_at IS NULL)
  FROM public.session s JOIN public.agency a ON a.id = s.agency_id JOIN public.member m ON m.id = s.member_id AND m.status = 'active'
  WHERE s.hash = wanted AND s.ended_at IS NULL AND clock_timestamp() < least(s.expires_at, s.last_seen_at + make_interval(mins => a.idle_minutes))
    AND (s.strength > 1 OR app.required_strength(s.member_id) <= s.strength)
$$;
RESET ROLE;
