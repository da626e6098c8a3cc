-- Findings from a complaint.

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

CREATE FUNCTION app.complaint_concerns(body uuid, wanted text) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN QUERY SELECT c.about_agency_id FROM public.complaint c WHERE c.code = wanted AND c.agency_id = body AND c.about_agency_id IS NOT NULL;
END
$$;

/* What a complaint is about, in codes; the case where whoever complained says which. Nothing that anybody wrote. */
CREATE FUNCTION app.freeze_complaint(body uuid, wanted text) RETURNS jsonb
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN (SELECT jsonb_build_object('about', jsonb_build_object('complaint', c.code, 'of', c.source, 'subject', c.subject, 'ground', c.ground, 'filedAt', c.filed_at),
      'items', CASE WHEN c.told_case THEN coalesce((SELECT jsonb_agg(jsonb_build_object('kind', 'case', 'code', app.pseudonym_of(body, 'case', s.case_id),
        'onDay', (c.filed_at AT TIME ZONE 'UTC')::date)) FROM public.complaint_slip s WHERE s.id = c.slip_id), '[]') ELSE '[]' END)
    FROM public.complaint c WHERE c.code = wanted AND c.agency_id = body);
END
$$;

SELECT pg_temp.replace_in('app.finding_concerns(text, uuid, uuid, text, text)', $was$    ELSE RETURN;$was$,
  $new$    WHEN 'complaint' THEN RETURN QUERY SELECT app.complaint_concerns(body, source);
    ELSE RETURN;$new$);

SELECT pg_temp.replace_in('app.freeze_finding(text, uuid, uuid, text, text, uuid)', $was$    WHEN 'event' THEN app.freeze_event(source)$was$,
  $new$    WHEN 'event' THEN app.freeze_event(source)
    WHEN 'complaint' THEN app.freeze_complaint(body, source)$new$);

-- That somebody complained, and about which case, an agency isn't told: the auditor's words stand for themselves.
SELECT pg_temp.replace_in('app.evidence_for(public.finding, text)', $was$CASE WHEN f.source_kind = 'event' AND NOT app.sees_event_of(f) THEN$was$,
  $new$CASE WHEN f.source_kind = 'complaint' OR (f.source_kind = 'event' AND NOT app.sees_event_of(f)) THEN$new$);
SELECT pg_temp.replace_in('app.findings(text, jsonb, boolean, timestamptz, uuid, int)', $was$p.grade, p.basis, p.subject, p.source_kind,$was$,
  $new$p.grade, p.basis, p.subject, CASE WHEN p.side = 'body' OR p.source_kind <> 'complaint' THEN p.source_kind END,$new$);

DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('complaint_concerns', 'freeze_complaint') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role('definer'));
  END LOOP;
END
$$;
RESET ROLE;
