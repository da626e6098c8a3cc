-- What a consent, a withdrawal and a sharing without consent say in words is sealed under the person's key, and goes along when it changes.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Everything that is sealed under a person's key and may be sealed anew. The log is not: nobody changes a row of it. */
CREATE OR REPLACE FUNCTION app.person_texts_at_work(rotation uuid) RETURNS TABLE (tab text, col text, place text, agency_id uuid, sealed bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH p AS (SELECT r.person_id AS id FROM public.key_rotation r WHERE r.id = rotation AND r.kind = 'person' AND r.state = 'running'),
    cases AS (SELECT c.id FROM public.case_file c JOIN p ON c.person_id = p.id)
  SELECT 'person_identity', 'sealed', i.person_id || ':' || i.version, i.agency_id, i.sealed FROM public.person_identity i JOIN p ON i.person_id = p.id
  UNION ALL
  SELECT 'safe_contact', 'sealed', s.person_id || ':' || s.version, s.agency_id, s.sealed FROM public.safe_contact s JOIN p ON s.person_id = p.id
  UNION ALL
  SELECT 'case_content', 'identification_reason', c.case_id::text, c.agency_id, c.identification_reason FROM public.case_content c JOIN p ON c.person_id = p.id
    WHERE c.identification_reason IS NOT NULL
  UNION ALL
  SELECT 'service_note', 'sealed', n.id::text, n.agency_id, n.sealed FROM public.service_note n JOIN cases ON n.case_id = cases.id
  UNION ALL
  SELECT 'service_version', 'reason', v.service_id || ':' || v.version, v.agency_id, v.reason FROM public.service_version v JOIN cases ON v.case_id = cases.id
  UNION ALL
  SELECT 'contact_text', 'sealed', t.contact_id::text, t.agency_id, t.sealed FROM public.contact_text t JOIN cases ON t.case_id = cases.id
  UNION ALL
  SELECT 'emergency_access', 'reason_text', e.id::text, e.agency_id, e.reason_text FROM public.emergency_access e JOIN p ON e.person_id = p.id
    WHERE e.reason_text IS NOT NULL
  UNION ALL
  SELECT 'consent', 'sealed', s.id::text, s.agency_id, s.sealed FROM public.consent s JOIN p ON s.person_id = p.id WHERE s.sealed IS NOT NULL
  UNION ALL
  SELECT 'consent_withdrawal', 'reason', w.consent_id::text, w.agency_id, w.reason FROM public.consent_withdrawal w JOIN p ON w.person_id = p.id
    WHERE w.reason IS NOT NULL
  UNION ALL
  SELECT 'sharing_exception', 'reason', x.id::text, x.agency_id, x.reason FROM public.sharing_exception x JOIN p ON x.person_id = p.id
$$;

/* Puts the new key and everything sealed under it in place, all or nothing. */
CREATE OR REPLACE FUNCTION app.replace_person_key(
  rotation uuid, new_wrapped bytea, new_wrap_version int, all_tabs text[], all_places text[], all_olds bytea[], all_news bytea[]
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.key_rotation;
  moved int := 0;
  n int;
BEGIN
  SELECT * INTO r FROM public.key_rotation k WHERE k.id = rotation AND k.kind = 'person' AND k.state = 'running' FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'No such rotation runs' USING ERRCODE = '22023'; END IF;
  IF EXISTS (SELECT 1 FROM unnest(all_news) x WHERE app.sealed_key(x) <> r.person_id OR app.sealed_version(x) <> r.to_version) THEN
    RAISE EXCEPTION 'A text was sealed under another key than the rotation is about' USING ERRCODE = '22023';
  END IF;
  INSERT INTO public.person_key_old (person_id, version, holder_agency_id, agency_id, wrap_purpose, wrap_version, wrapped)
    SELECT k.person_id, k.version, k.holder_agency_id, k.agency_id, k.wrap_purpose, k.wrap_version, k.wrapped
    FROM public.person_key k WHERE k.person_id = r.person_id;
  UPDATE public.person_key k SET version = r.to_version, wrapped = new_wrapped, wrap_version = new_wrap_version
    WHERE k.person_id = r.person_id AND k.version = r.from_version;
  IF NOT FOUND THEN RAISE EXCEPTION 'The person''s key is not the one that the rotation is about' USING ERRCODE = '22023'; END IF;
  UPDATE public.person_identity t SET sealed = x.fresh FROM unnest(all_tabs, all_places, all_olds, all_news) x(tab, place, old, fresh)
    WHERE x.tab = 'person_identity' AND t.person_id = r.person_id AND t.person_id || ':' || t.version = x.place AND t.sealed = x.old;
  GET DIAGNOSTICS n = ROW_COUNT; moved := moved + n;
  UPDATE public.safe_contact t SET sealed = x.fresh FROM unnest(all_tabs, all_places, all_olds, all_news) x(tab, place, old, fresh)
    WHERE x.tab = 'safe_contact' AND t.person_id = r.person_id AND t.person_id || ':' || t.version = x.place AND t.sealed = x.old;
  GET DIAGNOSTICS n = ROW_COUNT; moved := moved + n;
  UPDATE public.case_content t SET identification_reason = x.fresh FROM unnest(all_tabs, all_places, all_olds, all_news) x(tab, place, old, fresh)
    WHERE x.tab = 'case_content' AND t.case_id = x.place::uuid AND t.person_id = r.person_id AND t.identification_reason = x.old;
  GET DIAGNOSTICS n = ROW_COUNT; moved := moved + n;
  UPDATE public.service_note t SET sealed = x.fresh FROM unnest(all_tabs, all_places, all_olds, all_news) x(tab, place, old, fresh)
    WHERE x.tab = 'service_note' AND t.id = x.place::uuid AND t.sealed = x.old;
  GET DIAGNOSTICS n = ROW_COUNT; moved := moved + n;
  UPDATE public.service_version t SET reason = x.fresh FROM unnest(all_tabs, all_places, all_olds, all_news) x(tab, place, old, fresh)
    WHERE x.tab = 'service_version' AND t.service_id = split_part(x.place, ':', 1)::uuid AND t.version = split_part(x.place, ':', 2)::int AND t.reason = x.old;
  GET DIAGNOSTICS n = ROW_COUNT; moved := moved + n;
  UPDATE public.contact_text t SET sealed = x.fresh FROM unnest(all_tabs, all_places, all_olds, all_news) x(tab, place, old, fresh)
    WHERE x.tab = 'contact_text' AND t.contact_id = x.place::uuid AND t.sealed = x.old;
  GET DIAGNOSTICS n = ROW_COUNT; moved := moved + n;
  UPDATE public.emergency_access t SET reason_text = x.fresh FROM unnest(all_tabs, all_places, all_olds, all_news) x(tab, place, old, fresh)
    WHERE x.tab = 'emergency_access' AND t.id = x.place::uuid AND t.person_id = r.person_id AND t.reason_text = x.old;
  GET DIAGNOSTICS n = ROW_COUNT; moved := moved + n;
  UPDATE public.consent t SET sealed = x.fresh FROM unnest(all_tabs, all_places, all_olds, all_news) x(tab, place, old, fresh)
    WHERE x.tab = 'consent' AND t.id = x.place::uuid AND t.person_id = r.person_id AND t.sealed = x.old;
  GET DIAGNOSTICS n = ROW_COUNT; moved := moved + n;
  UPDATE public.consent_withdrawal t SET reason = x.fresh FROM unnest(all_tabs, all_places, all_olds, all_news) x(tab, place, old, fresh)
    WHERE x.tab = 'consent_withdrawal' AND t.consent_id = x.place::uuid AND t.person_id = r.person_id AND t.reason = x.old;
  GET DIAGNOSTICS n = ROW_COUNT; moved := moved + n;
  UPDATE public.sharing_exception t SET reason = x.fresh FROM unnest(all_tabs, all_places, all_olds, all_news) x(tab, place, old, fresh)
    WHERE x.tab = 'sharing_exception' AND t.id = x.place::uuid AND t.person_id = r.person_id AND t.reason = x.old;
  GET DIAGNOSTICS n = ROW_COUNT; moved := moved + n;
  IF moved <> cardinality(all_tabs) THEN RAISE EXCEPTION 'Not every text of the person could be sealed anew' USING ERRCODE = '40001'; END IF;
  UPDATE public.key_rotation k SET state = 'settling', done = 1, moved_at = clock_timestamp() WHERE k.id = rotation;
  PERFORM app.key_event('key.rotated', r, app.key_actor(r), '{}');
END
$$;

RESET ROLE;
