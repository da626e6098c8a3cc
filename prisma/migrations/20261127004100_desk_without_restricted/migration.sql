-- What the coordinator counts of open needs leaves out restricted cases, as every other figure does.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;
DO $$
DECLARE
  source text := pg_get_functiondef('app.desk_bottlenecks(int)'::regprocedure);
  was constant text := $was$WHERE n.state = 'open' AND n.type IS NOT NULL$was$;
BEGIN
  IF position(was IN source) = 0 THEN RAISE EXCEPTION 'app.desk_bottlenecks counts open needs another way'; END IF;
  EXECUTE replace(source, was, was || ' AND NOT n.restricted');
END
$$;
RESET ROLE;
