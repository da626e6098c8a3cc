-- What else is sealed under keys that change: the reason of an emergency access under the person's, the secret that an
-- agency shares with its provider under one that derives from the master key. And how old the backups are, for watching.

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
  IF moved <> cardinality(all_tabs) THEN RAISE EXCEPTION 'Not every text of the person could be sealed anew' USING ERRCODE = '40001'; END IF;
  UPDATE public.key_rotation k SET state = 'settling', done = 1, moved_at = clock_timestamp() WHERE k.id = rotation;
  PERFORM app.key_event('key.rotated', r, app.key_actor(r), '{}');
END
$$;

/* The secrets of agencies' providers that were sealed under another master key than the one that is being moved to. */
CREATE FUNCTION app.client_secrets_to_reseal(rotation uuid) RETURNS TABLE (agency_id uuid, client_secret bytea)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
BEGIN
  -- In this language, since the table comes with a later migration.
  RETURN QUERY SELECT p.agency_id, p.client_secret FROM public.key_rotation r
    JOIN public.identity_provider p ON app.sealed_version(p.client_secret) <> r.to_version
    WHERE r.id = rotation AND r.kind = 'master' AND r.state <> 'done';
END
$$;

CREATE FUNCTION app.reseal_client_secret(rotation uuid, of_agency uuid, old_secret bytea, new_secret bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.identity_provider p SET client_secret = new_secret FROM public.key_rotation r
    WHERE r.id = rotation AND r.kind = 'master' AND r.state <> 'done' AND p.agency_id = of_agency AND p.client_secret = old_secret
      AND app.sealed_key(new_secret) = of_agency AND app.sealed_version(new_secret) = r.to_version;
  RETURN FOUND;
END
$$;

CREATE OR REPLACE FUNCTION app.key_rotation_left(r public.key_rotation) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF r.kind = 'master' THEN
    RETURN EXISTS (SELECT 1 FROM public.agency_key k WHERE app.sealed_version(k.wrapped) <> r.to_version)
      OR EXISTS (SELECT 1 FROM public.identity_provider p WHERE app.sealed_version(p.client_secret) <> r.to_version);
  END IF;
  IF r.kind = 'agency' THEN
    RETURN EXISTS (SELECT 1 FROM public.person_key k WHERE k.holder_agency_id = r.agency_id AND k.wrap_version < r.to_version)
      OR EXISTS (SELECT 1 FROM public.person_key_old k WHERE k.holder_agency_id = r.agency_id AND k.wrap_version < r.to_version);
  END IF;
  -- Of a person who was erased meanwhile nothing is left to do.
  RETURN r.state = 'running' AND EXISTS (SELECT 1 FROM public.person_key k WHERE k.person_id = r.person_id AND k.version = r.from_version);
END
$$;

/* How old the backups are: when the last good one was taken, the last rehearsal, and whether the last run of each failed. */
CREATE FUNCTION app.backup_figures() RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_build_object(
    'takenAt', (SELECT max(b.taken_at) FROM public.backup_run b WHERE b.kind = 'backup' AND b.state = 'done'),
    'rehearsedAt', (SELECT max(b.finished_at) FROM public.backup_run b WHERE b.kind = 'rehearsal' AND b.state = 'done'),
    'problem', (SELECT b.problem FROM public.backup_run b WHERE b.kind = 'backup' AND b.state IN ('done', 'failed') ORDER BY b.finished_at DESC LIMIT 1))
$$;
REVOKE ALL ON FUNCTION app.client_secrets_to_reseal(uuid), app.reseal_client_secret(uuid, uuid, bytea, bytea), app.backup_figures() FROM PUBLIC;
DO $$
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.client_secrets_to_reseal(uuid), app.reseal_client_secret(uuid, uuid, bytea, bytea) TO %I', app.db_role('worker'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.backup_figures() TO %I, %I', app.db_role('app'), app.db_role('member'));
END
$$;
RESET ROLE;

/* An access is opened, ended and reviewed once each; nothing else of it ever changes but the seal of its reason, under a
   newer version of the same person's key. */
CREATE OR REPLACE FUNCTION app.keep_emergency_access() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (OLD.id, OLD.code, OLD.person_id, OLD.case_id, OLD.agency_id, OLD.member_id, OLD.reason_code, OLD.opened_at, OLD.ends_at, OLD.review_due_at)
       IS DISTINCT FROM (NEW.id, NEW.code, NEW.person_id, NEW.case_id, NEW.agency_id, NEW.member_id, NEW.reason_code, NEW.opened_at, NEW.ends_at, NEW.review_due_at)
     OR (OLD.reason_text IS NOT NULL AND OLD.reason_text IS DISTINCT FROM NEW.reason_text AND NOT coalesce(
       app.sealed_key(NEW.reason_text) = OLD.person_id AND app.sealed_version(NEW.reason_text) > app.sealed_version(OLD.reason_text), false))
     OR (OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.end_reason) IS DISTINCT FROM (NEW.ended_at, NEW.end_reason))
     OR (OLD.reviewed_at IS NOT NULL AND (OLD.reviewed_at, OLD.reviewer_id, OLD.verdict, OLD.verdict_reason)
       IS DISTINCT FROM (NEW.reviewed_at, NEW.reviewer_id, NEW.verdict, NEW.verdict_reason)) THEN
    RAISE EXCEPTION 'An emergency access is opened, ended and reviewed once each' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
