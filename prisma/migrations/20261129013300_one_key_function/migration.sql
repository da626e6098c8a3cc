-- The keys of an oversight body have one way to its auditors: app.body_keys, for findings and for complaints alike.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;
DO $$
DECLARE
  source text := pg_get_functiondef('app.read_complaint(text, jsonb)'::regprocedure);
  part text;
BEGIN
  FOREACH part IN ARRAY ARRAY[', body_wrapped bytea', ', x.wrapped
    FROM (SELECT 1) one', '
    LEFT JOIN public.agency_key x ON x.agency_id = k.agency_id AND x.purpose = k.wrap_purpose AND x.version = k.wrap_version'] LOOP
    IF position(part IN source) = 0 THEN RAISE EXCEPTION 'app.read_complaint does not hold: %', part; END IF;
    source := replace(source, part, CASE WHEN part LIKE '%one' THEN '
    FROM (SELECT 1) one' ELSE '' END);
  END LOOP;
  DROP FUNCTION app.read_complaint(text, jsonb);
  EXECUTE source;
  REVOKE ALL ON FUNCTION app.read_complaint(text, jsonb) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.read_complaint(text, jsonb) TO %I, %I', app.db_role('auditor'), app.db_role('definer'));
END
$$;
RESET ROLE;
