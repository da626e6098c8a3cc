-- Findings from a sample of case files.

/* Replaces one text of a function by another, and fails where the function doesn't hold it. */
CREATE FUNCTION pg_temp.replace_in(signature text, was text, becomes text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  source text := pg_get_functiondef(signature::regprocedure);
BEGIN
  IF position(was IN source) = 0 THEN RAISE EXCEPTION '% does not hold: %', signature, was; END IF;
  EXECUTE replace(source, was, becomes);
END
$$;

DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION pg_temp.replace_in(text, text, text) TO %I', app.db_role('definer')); END $$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* The files of a body's sample of which an auditor found something to be concerned about, as they answered last. */
CREATE FUNCTION app.sample_concerned_files(body uuid, source text, item text) RETURNS TABLE (agency_id uuid, case_id uuid, questions text[], read_at timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT c.agency_id, f.case_id, array_agg(w.question ORDER BY w.question), f.read_at
  FROM public.oversight_sample s JOIN public.oversight_sample_file f ON f.sample_id = s.id JOIN public.case_file c ON c.id = f.case_id
  JOIN public.oversight_sample_answer w ON w.sample_id = f.sample_id AND w.position = f.position AND w.version = f.version AND w.answer = 'concern'
  WHERE s.code = source AND s.agency_id = body
    AND (item IS NULL OR f.case_id = (SELECT p.subject_id FROM public.oversight_pseudonym p WHERE p.agency_id = body AND p.kind = 'case' AND p.code = item))
  GROUP BY c.agency_id, f.case_id, f.read_at;
END
$$;

CREATE FUNCTION app.sample_concerns(body uuid, source text, item text) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT f.agency_id FROM app.sample_concerned_files(body, source, item) f
$$;

/* How the sample was drawn, so that it can be drawn again, and the agency's files that give concern, with what about them does. */
CREATE FUNCTION app.freeze_sample(body uuid, source text, item text, wanted uuid) RETURNS jsonb
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN (SELECT jsonb_build_object('about', jsonb_build_object('sample', s.code, 'drawnAt', s.drawn_at, 'spread', s.spread, 'size', s.size, 'seed', s.seed,
      'frameDigest', s.frame_digest), 'items', (SELECT jsonb_agg(jsonb_build_object('kind', 'case', 'code', app.pseudonym_of(body, 'case', f.case_id),
        'onDay', (f.read_at AT TIME ZONE a.time_zone)::date, 'questions', to_jsonb(f.questions)) ORDER BY f.read_at, f.case_id)
      FROM app.sample_concerned_files(body, source, item) f JOIN public.agency a ON a.id = f.agency_id WHERE f.agency_id = wanted))
    FROM public.oversight_sample s WHERE s.code = source AND s.agency_id = body
      AND EXISTS (SELECT 1 FROM app.sample_concerned_files(body, source, item) f WHERE f.agency_id = wanted));
END
$$;

SELECT pg_temp.replace_in('app.finding_concerns(text, uuid, uuid, text, text)', $was$    ELSE RETURN;$was$,
  $new$    WHEN 'sample' THEN RETURN QUERY SELECT app.sample_concerns(body, source, item);
    ELSE RETURN;$new$);

SELECT pg_temp.replace_in('app.freeze_finding(text, uuid, uuid, text, text, uuid)', $was$    WHEN 'event' THEN app.freeze_event(source)$was$,
  $new$    WHEN 'event' THEN app.freeze_event(source)
    WHEN 'sample' THEN app.freeze_sample(body, source, item, wanted)$new$);

-- An agency is told of each of its files what about it gives concern.
SELECT pg_temp.replace_in('app.own_items(public.finding)',
  $was$jsonb_build_object('kind', i.item ->> 'kind', 'code', k.code, 'onDay', i.item ->> 'onDay') ORDER BY$was$,
  $new$jsonb_strip_nulls(jsonb_build_object('kind', i.item ->> 'kind', 'onDay', i.item ->> 'onDay', 'questions', i.item -> 'questions'))
    || jsonb_build_object('code', k.code) ORDER BY$new$);

DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('sample_concerned_files', 'sample_concerns', 'freeze_sample') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role('definer'));
  END LOOP;
END
$$;
RESET ROLE;
