-- The desk is narrowed by area as well: what waits for a service there, or for one that serves every area.

/* Replaces one text of a function by another, and fails where the function doesn't hold it. */
CREATE FUNCTION pg_temp.amend(signature text, was text, becomes text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  source text := pg_get_functiondef(signature::regprocedure);
BEGIN
  IF position(was IN source) = 0 THEN RAISE EXCEPTION '% does not hold: %', signature, was; END IF;
  EXECUTE replace(source, was, becomes);
END
$$;
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION pg_temp.amend(text, text, text) TO %I', app.db_role('definer')); END $$;
DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

SELECT pg_temp.amend('app.desk_waiting(text, text, jsonb, timestamptz, uuid, int)',
  $was$AND ($4 IS NULL OR $4 IN (f.key, t.key))$was$,
  $new$AND ($4 IS NULL OR $4 IN (f.key, t.key))
        AND ($10 IS NULL OR s.areas = '{}' OR $10 = ANY (s.areas))$new$);
SELECT pg_temp.amend('app.desk_waiting(text, text, jsonb, timestamptz, uuid, int)',
  $was$after_at, after_id, how_many, at, wanted;$was$, $new$after_at, after_id, how_many, at, wanted, filters ->> 'area';$new$);

SELECT pg_temp.amend('app.desk_counts(jsonb)', $was$  only_agency text := filters ->> 'agency';$was$,
  $new$  only_agency text := filters ->> 'agency';
  only_area text := filters ->> 'area';$new$);
SELECT pg_temp.amend('app.desk_counts(jsonb)',
  $was$WHERE only_category IS NOT NULL AND s.category = only_category)$was$,
  $new$WHERE (only_category IS NOT NULL OR only_area IS NOT NULL)
    AND (only_category IS NULL OR s.category = only_category) AND (only_area IS NULL OR s.areas = '{}' OR only_area = ANY (s.areas)))$new$);
SELECT pg_temp.amend('app.desk_counts(jsonb)', $was$AND (only_category IS NULL OR r.listed_service_id IN$was$,
  $new$AND (only_category IS NULL AND only_area IS NULL OR r.listed_service_id IN$new$);
RESET ROLE;
