-- What an agency writes in words on another agency's case stays its own: sealed under a key that it alone has wrapped,
-- readable for those of it who work on that case, and never for whoever holds the person.

ALTER TABLE public.referral_key DROP CONSTRAINT referral_key_part, ADD CONSTRAINT referral_key_part CHECK (part IN ('preview', 'package', 'notes'));

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Ends what the receiving side has of a referral. The key of its own notes is no part of that: they stay its own. */
CREATE OR REPLACE FUNCTION app.shut_referral(r public.referral, at timestamptz, origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  DELETE FROM public.referral_key k WHERE k.referral_id = r.id AND k.agency_id = r.to_agency_id AND k.part <> 'notes';
  UPDATE public.case_grant g SET ended_at = at WHERE g.referral_id = r.id AND g.ended_at IS NULL;
  IF FOUND THEN PERFORM app.referral_event('case-grant.ended', r, '{}', origin, ctx); END IF;
END
$$;

/*
 * The keys of what the actor's agency writes on another agency's case, the newest first: for those who work, or worked,
 * on it by a grant. `writes` says which of them seals what is written now.
 */
CREATE FUNCTION app.notes_keys(wanted_case uuid) RETURNS TABLE (key_id uuid, wrap_version int, wrapped bytea, writes boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.key_id, k.wrap_version, k.wrapped, g.ended_at IS NULL
  FROM public.case_grant g JOIN public.referral r ON r.id = g.referral_id
  JOIN public.referral_key k ON k.referral_id = g.referral_id AND k.part = 'notes' AND k.agency_id = g.agency_id
  WHERE g.agency_id = app.casework_agency() AND g.case_id = wanted_case AND app.referral_receives(r)
  ORDER BY (g.ended_at IS NULL) DESC, g.started_at DESC, g.id
$$;

/* Keeps the key of what is written on a case by a living grant, unless one is there; false without such a grant. */
CREATE FUNCTION app.keep_notes_key(wanted_case uuid, key jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.referral;
  bytes bytea := decode(key ->> 'wrapped', 'base64');
BEGIN
  SELECT x.* INTO r FROM public.case_grant g JOIN public.referral x ON x.id = g.referral_id
    WHERE g.agency_id = app.casework_agency() AND g.case_id = wanted_case AND g.ended_at IS NULL AND app.referral_receives(x)
    ORDER BY g.started_at DESC, g.id LIMIT 1;
  IF NOT FOUND THEN RETURN false; END IF;
  IF app.sealed_key(bytes) <> r.to_agency_id OR app.sealed_version(bytes) <> (key ->> 'wrapVersion')::int THEN
    RAISE EXCEPTION 'The key of notes is wrapped under another key than its agency''s' USING ERRCODE = '22023';
  END IF;
  INSERT INTO public.referral_key (referral_id, part, agency_id, holder_agency_id, key_id, wrap_version, wrapped, made_at)
    VALUES (r.id, 'notes', r.to_agency_id, r.holder_agency_id, (key ->> 'keyId')::uuid, (key ->> 'wrapVersion')::int, bytes, app.now())
    ON CONFLICT DO NOTHING;
  RETURN true;
END
$$;

/* Whether words on another agency's case are sealed under a key of those who write them. */
CREATE FUNCTION app.sealed_for_us(wanted_case uuid, sealed bytea) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM app.notes_keys(wanted_case) k WHERE k.writes AND k.key_id = app.sealed_key(sealed))
$$;

/* The needs of another agency's case that referrals which the actor answers for took on: those of a living grant, or one by its id. */
CREATE FUNCTION app.granted_needs(wanted_case uuid, wanted uuid) RETURNS TABLE (id uuid, code text, category text, type text, urgency text, state text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT n.id, n.code, n.category, n.type, n.urgency::text, n.state::text FROM public.case_grant g JOIN public.referral r ON r.id = g.referral_id
  JOIN public.referral_need x ON x.referral_id = r.id AND x.accepted JOIN public.need n ON n.id = x.need_id
  WHERE g.agency_id = app.casework_agency() AND g.case_id = wanted_case AND (g.ended_at IS NULL AND wanted IS NULL OR n.id = wanted)
    AND app.referral_receives(r) ORDER BY n.code
$$;

CREATE OR REPLACE FUNCTION app.read_service_notes(wanted_service uuid, event jsonb)
  RETURNS TABLE (id uuid, sealed bytea, written_by_id uuid, written_at timestamptz)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  found_service record;
BEGIN
  SELECT s.code, s.case_id, s.person_id, s.agency_id, s.holder_agency_id INTO found_service FROM public.service s WHERE s.id = wanted_service;
  IF NOT FOUND OR found_service.agency_id <> app.agency_id() THEN RETURN; END IF;
  IF found_service.holder_agency_id = found_service.agency_id THEN
    IF NOT app.on_team(found_service.case_id) THEN RETURN; END IF;
  ELSIF NOT app.served(found_service.case_id) THEN RETURN; END IF;
  PERFORM app.record_event(event || jsonb_build_object('type', 'service-note.read', 'subject', found_service.code,
    'personId', found_service.person_id, 'caseId', found_service.case_id, 'holderAgencyId', found_service.holder_agency_id));
  RETURN QUERY SELECT n.id, n.sealed, n.written_by_id, n.written_at FROM public.service_note n
    WHERE n.service_id = wanted_service ORDER BY n.written_at;
END
$$;

/* Everything that is sealed under a person's key and may be sealed anew. What another agency wrote is under its own key. */
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
    WHERE n.agency_id = n.holder_agency_id
  UNION ALL
  SELECT 'service_version', 'reason', v.service_id || ':' || v.version, v.agency_id, v.reason FROM public.service_version v JOIN cases ON v.case_id = cases.id
    WHERE v.agency_id = v.holder_agency_id
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

DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('notes_keys', 'keep_notes_key', 'sealed_for_us', 'granted_needs') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role('member'));
  END LOOP;
END
$$;
RESET ROLE;

-- ---------------------------------------------------------------------------------------------------------------
-- Its own records, while the grant lives: amended, voided, with a note. Both what stands and what it becomes must be of
-- a kind that the grant is for.

DO $$
DECLARE
  readers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member']) r);
  member text := app.db_role('member');
  elsewhere text := 'agency_id = (SELECT app.casework_agency()) AND holder_agency_id <> (SELECT app.casework_agency())';
  -- The service that a row beside it belongs to, which the grant must be for.
  of_service text := 'EXISTS (SELECT 1 FROM public.service s WHERE s.id = service_id AND s.agency_id = (SELECT app.casework_agency())
    AND s.holder_agency_id <> (SELECT app.casework_agency()) AND app.may_serve(s.case_id, s.category))';
BEGIN
  EXECUTE format('ALTER POLICY grant_add ON public.service WITH CHECK (%s AND worker_id = (SELECT app.member_id()) AND app.may_serve(case_id, category))', elsewhere);
  EXECUTE format('CREATE POLICY grant_change ON public.service FOR UPDATE TO %I USING (%s AND app.may_serve(case_id, category))
    WITH CHECK (%s AND app.may_serve(case_id, category))', member, elsewhere, elsewhere);
  EXECUTE format('CREATE POLICY grant_remove ON public.service_mandate FOR DELETE TO %I USING (%s AND %s)', member, elsewhere, of_service);
  EXECUTE format('CREATE POLICY grant_change ON public.service_detail FOR UPDATE TO %I USING (%s AND %s) WITH CHECK (%s)', member, elsewhere, of_service, elsewhere);
  EXECUTE format('CREATE POLICY grant_add ON public.service_note FOR INSERT TO %I WITH CHECK (%s AND written_by_id = (SELECT app.member_id())
    AND %s AND app.sealed_for_us(case_id, sealed))', member, elsewhere, of_service);
  EXECUTE format('CREATE POLICY grant_add ON public.service_version FOR INSERT TO %I WITH CHECK (%s AND changed_by_id = (SELECT app.member_id())
    AND %s AND app.sealed_for_us(case_id, reason))', member, elsewhere, of_service);
  EXECUTE format('CREATE POLICY grant_read ON public.service_version FOR SELECT TO %s USING (%s AND app.served(case_id))', readers, elsewhere);
END
$$;
