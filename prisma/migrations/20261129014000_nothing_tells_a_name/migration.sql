-- What an auditor, an agency's reader or a stranger could have found out by asking in a way that nobody had meant.

-- An answer on paper goes by a code of its own. By the slip's, an auditor could have sent in lists of names as that person, and read
-- off which of them were masked.
ALTER TABLE "complaint_slip" ADD COLUMN "envelope" TEXT NOT NULL DEFAULT app.new_code('ENV'::text);
CREATE UNIQUE INDEX "complaint_slip_envelope_key" ON "complaint_slip"("envelope");

/* Replaces texts of a function by others, each of which it must hold; its result may change with that, so it is made anew. */
CREATE FUNCTION pg_temp.make_anew(signature text, changes text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  source text := pg_get_functiondef(signature::regprocedure);
  at int;
BEGIN
  FOR at IN 1 .. array_length(changes, 1) LOOP
    IF position(changes[at][1] IN source) = 0 THEN RAISE EXCEPTION '% does not hold: %', signature, changes[at][1]; END IF;
    source := replace(source, changes[at][1], changes[at][2]);
  END LOOP;
  EXECUTE format('DROP FUNCTION %s', signature::regprocedure);
  EXECUTE source;
END
$$;
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION pg_temp.make_anew(text, text[]) TO %I', app.db_role('definer')); END $$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

SELECT pg_temp.make_anew('app.complaint_slips(text)', ARRAY[
  ['TABLE(code text, printed_at', 'TABLE(code text, envelope text, printed_at'],
  ['SELECT s.code, s.printed_at', 'SELECT s.code, s.envelope, s.printed_at']]);
SELECT pg_temp.make_anew('app.read_complaint(text, jsonb)', ARRAY[
  ['case_subject text, slip text', 'case_subject text, envelope text'],
  ['THEN s.code END', 'THEN s.envelope END']]);

-- ---------------------------------------------------------------------------------------------------------------
-- A complaint is counted before anything is done with it, and kept once however often its form is sent

DROP FUNCTION app.complaint_recipient(text);
/*
 * Counts a complaint that comes in: the seconds to wait, else what seals it: the body's newest key, and the search key by which
 * names in the text are found, both wrapped. No row while no body takes complaints.
 */
CREATE FUNCTION app.open_complaint(wanted text, keys bytea[], kinds text[])
  RETURNS TABLE (wait int, body uuid, version int, wrapped bytea, holder uuid, index_version int, index_wrapped bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  seconds int := app.take_tries(keys, kinds);
BEGIN
  IF seconds > 0 THEN RETURN QUERY SELECT seconds, NULL::uuid, NULL::int, NULL::bytea, NULL::uuid, NULL::int, NULL::bytea; RETURN; END IF;
  RETURN QUERY SELECT 0, k.agency_id, k.version, k.wrapped, i.agency_id, i.version, i.wrapped
  FROM (SELECT x.agency_id, x.version, x.wrapped FROM public.agency_key x WHERE x.agency_id = app.complaints_body_of_slip(wanted) AND x.purpose = 'data'
    ORDER BY x.version DESC LIMIT 1) k
  LEFT JOIN LATERAL (SELECT x.agency_id, x.version, x.wrapped FROM public.agency_key x
    WHERE x.agency_id = coalesce((SELECT s.holder_agency_id FROM public.complaint_slip s WHERE s.code = wanted), k.agency_id) AND x.purpose = 'index'
    ORDER BY x.version DESC LIMIT 1) i ON true;
END
$$;

/* The code of a complaint that the same form made before; whoever sends it again at the same moment waits here for the first. */
CREATE FUNCTION app.complaint_made(new_id uuid) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('complaint:' || new_id::text, 0));
  RETURN (SELECT c.code FROM public.complaint c WHERE c.id = new_id);
END
$$;

DROP FUNCTION app.file_complaint(uuid, uuid, text, jsonb, bytea, int, bytea, bytea[], text[]);
/*
 * Takes a complaint with a code from paper: its own code, by which whoever holds it reads the answer. A code that is no slip's gets
 * the same answer; such a complaint is about no agency.
 */
CREATE FUNCTION app.file_complaint(new_id uuid, body uuid, slip text, told jsonb, sealed bytea, key_version int, key_wrapped bytea) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s public.complaint_slip;
  c public.complaint;
BEGIN
  c.code := app.complaint_made(new_id);
  IF c.code IS NOT NULL THEN RETURN c.code; END IF;
  IF body IS DISTINCT FROM app.complaints_body_of_slip(slip) THEN RAISE EXCEPTION 'Another body takes this complaint' USING ERRCODE = '22023'; END IF;
  SELECT x.* INTO s FROM public.complaint_slip x WHERE x.code = slip;
  c.id := new_id;
  c.code := app.new_code('CPL');
  c.agency_id := body;
  c.source := 'person';
  c.about_agency_id := s.agency_id;
  c.told_case := s.id IS NOT NULL AND (told ->> 'toldCase')::boolean;
  c.answer_by := told ->> 'answerBy';
  c.slip_id := CASE WHEN c.told_case OR c.answer_by = 'paper' THEN s.id END;
  c.subject := told ->> 'subject';
  c.ground := told ->> 'ground';
  c.locale := told ->> 'locale';
  c.sealed := file_complaint.sealed;
  c.filed_at := app.installation_now();
  c.state := 'new';
  c.version := 1;
  PERFORM app.add_complaint(c, key_version, key_wrapped);
  RETURN c.code;
END
$$;

DROP FUNCTION app.file_member_complaint(uuid, text, jsonb, bytea, int, bytea);
/*
 * The same of a signed-in member, about an agency of the network or none; who it is stays unknown unless they say otherwise. The
 * counter's key is a digest under the application's secret: a plain one of the member's id would say in a table who complained.
 */
CREATE FUNCTION app.file_member_complaint(new_id uuid, about text, told jsonb, sealed bytea, key_version int, key_wrapped bytea, keys bytea[], kinds text[])
  RETURNS TABLE (wait int, code text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  seconds int;
  c public.complaint;
BEGIN
  IF ctx IS NULL THEN RETURN; END IF;
  c.code := app.complaint_made(new_id);
  IF c.code IS NOT NULL THEN RETURN QUERY SELECT 0, c.code; RETURN; END IF;
  seconds := app.take_tries(keys, kinds);
  IF seconds > 0 THEN RETURN QUERY SELECT seconds, NULL::text; RETURN; END IF;
  c.agency_id := app.complaints_body(ctx.network_id);
  IF c.agency_id IS NULL THEN RETURN; END IF;
  c.id := new_id;
  c.code := app.new_code('CPL');
  c.source := 'member';
  c.about_agency_id := (SELECT a.id FROM public.agency a WHERE a.key = about AND a.network_id = ctx.network_id AND a.kind <> 'operator');
  c.told_case := false;
  IF (told ->> 'named')::boolean THEN
    c.member_id := ctx.member_id;
    c.member_agency_id := ctx.agency_id;
  END IF;
  c.answer_by := 'receipt';
  c.subject := told ->> 'subject';
  c.ground := told ->> 'ground';
  c.locale := told ->> 'locale';
  c.sealed := file_member_complaint.sealed;
  c.filed_at := app.now();
  c.state := 'new';
  c.version := 1;
  PERFORM app.add_complaint(c, key_version, key_wrapped);
  RETURN QUERY SELECT 0, c.code;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Findings

-- A refusal of a name is an answer. Names are looked for of those alone whom the writer may see: else whoever is off the team of a
-- restricted case could try names in an answer until one is refused.
SELECT pg_temp.make_anew('app.finding_words_key(text)', ARRAY[[
  'p.code = i ->> ''code'')', 'p.code = i ->> ''code'' AND app.own_code_of(f.agency_id, p.code) IS NOT NULL)']]);

-- That a finding has no source to show must not say that somebody complained: an event, or files of a sample, of which the reader
-- may see nothing have none either.
SELECT pg_temp.make_anew('app.findings(text, jsonb, boolean, timestamptz, uuid, int)', ARRAY[[
  'CASE WHEN p.side = ''body'' OR p.source_kind <> ''complaint'' THEN p.source_kind END,',
  'CASE WHEN p.side = ''body'' OR p.source_kind IN (''rule'', ''disparity'') OR (p.source_kind <> ''complaint'' AND (SELECT CASE p.source_kind
      WHEN ''event'' THEN app.sees_event_of(x) ELSE jsonb_array_length(app.own_items(x)) > 0 END FROM public.finding x WHERE x.id = p.id)) THEN p.source_kind END,']]);

-- ---------------------------------------------------------------------------------------------------------------
-- Samples

-- Who draws until a file is hit has chosen it.
SELECT pg_temp.make_anew('app.draw_sample(text, text, integer, integer)', ARRAY[[
  'IF app.oversight_body() IS NULL THEN RETURN NULL; END IF;',
  'IF app.oversight_body() IS NULL THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(''sample:'' || ctx.agency_id::text, 0));
  IF (SELECT count(*) FROM public.oversight_sample s WHERE s.agency_id = ctx.agency_id AND s.drawn_at > app.now() - interval ''24 hours'') >= 20 THEN RETURN ''enough''; END IF;']]);

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('complaint_slips', 'read_complaint', 'open_complaint', 'complaint_made', 'file_complaint', 'file_member_complaint',
             'finding_words_key', 'findings', 'draw_sample') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('open_complaint', 'file_complaint') THEN ARRAY['app', 'definer']
      WHEN f.proname = 'file_member_complaint' THEN ARRAY['member', 'desk', 'auditor', 'definer']
      WHEN f.proname = 'complaint_slips' THEN ARRAY['member', 'definer']
      WHEN f.proname IN ('read_complaint', 'draw_sample') THEN ARRAY['auditor', 'definer']
      WHEN f.proname IN ('finding_words_key', 'findings') THEN ARRAY['member', 'auditor', 'definer']
      ELSE ARRAY['definer']
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
END
$$;
RESET ROLE;
