-- Agreements between agencies of one network: who may pass what to whom, for which purpose, until when. Proposed by one
-- agency, in force once each of the others has signed. No person stands in one.

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES
  ('agreement.listed', 'list', false), ('agreement.viewed', 'read', false), ('agreement.proposed', 'create', true),
  ('agreement.signed', 'update', true), ('agreement.declined', 'update', true), ('agreement.ended', 'update', true);
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('agreement.proposed', true, false, false, 60), ('agreement.in-force', true, false, false, 61),
  ('agreement.declined', true, false, false, 62), ('agreement.left', true, true, false, 63),
  ('agreement.ending', true, false, false, 64), ('agreement.expired', true, true, false, 65);

CREATE TABLE public.agreement (
  id uuid NOT NULL,
  code text NOT NULL DEFAULT app.new_code('AGR'),
  network_id uuid NOT NULL,
  -- Who proposed it and keeps the document.
  holder_agency_id uuid NOT NULL,
  proposed_by_id uuid,
  proposed_at timestamptz(3) NOT NULL,
  purposes text[] NOT NULL,
  categories text[] NOT NULL,
  identity_level text NOT NULL,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  document text NOT NULL,
  confirmed_at timestamptz(3),
  ended_at timestamptz(3),
  -- How many times its parties were told that it ends: a month before, a week before, and when it had.
  told int NOT NULL DEFAULT 0,
  version int NOT NULL DEFAULT 1,
  CONSTRAINT agreement_pkey PRIMARY KEY (id),
  CONSTRAINT agreement_purposes CHECK (cardinality(purposes) > 0 AND purposes <@ ARRAY['case_management', 'sharing', 'statistics', 'contact']),
  CONSTRAINT agreement_categories CHECK (cardinality(categories) > 0
    AND categories <@ ARRAY['legal', 'psychological', 'medical', 'social', 'residency', 'reintegration']),
  CONSTRAINT agreement_identity_level CHECK (identity_level IN ('none', 'contact', 'full')),
  CONSTRAINT agreement_dates CHECK (ends_on >= starts_on AND ends_on <= starts_on + 3660),
  CONSTRAINT agreement_document CHECK (length(document) BETWEEN 1 AND 120),
  CONSTRAINT agreement_network_id_fkey FOREIGN KEY (network_id) REFERENCES public.network (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT agreement_holder_agency_id_fkey FOREIGN KEY (holder_agency_id) REFERENCES public.agency (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT agreement_holder_agency_id_proposed_by_id_fkey FOREIGN KEY (holder_agency_id, proposed_by_id)
    REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX agreement_code_key ON public.agreement (code);
CREATE UNIQUE INDEX agreement_id_holder_agency_id_key ON public.agreement (id, holder_agency_id);
CREATE INDEX agreement_holder_agency_id_proposed_by_id_idx ON public.agreement (holder_agency_id, proposed_by_id);
CREATE INDEX agreement_network_id_proposed_at_id_idx ON public.agreement (network_id, proposed_at DESC, id DESC);
-- The job that tells of an end looks only at these.
CREATE INDEX agreement_to_tell ON public.agreement (ends_on) WHERE confirmed_at IS NOT NULL AND ended_at IS NULL AND told < 3;

CREATE TABLE public.agreement_party (
  agreement_id uuid NOT NULL,
  holder_agency_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  signed_at timestamptz(3),
  signed_by_id uuid,
  left_at timestamptz(3),
  CONSTRAINT agreement_party_pkey PRIMARY KEY (agreement_id, agency_id),
  CONSTRAINT agreement_party_left CHECK (left_at IS NULL OR signed_at IS NOT NULL),
  CONSTRAINT agreement_party_agreement_id_holder_agency_id_fkey FOREIGN KEY (agreement_id, holder_agency_id)
    REFERENCES public.agreement (id, holder_agency_id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT agreement_party_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT agreement_party_agency_id_signed_by_id_fkey FOREIGN KEY (agency_id, signed_by_id)
    REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX agreement_party_agency_id_agreement_id_idx ON public.agreement_party (agency_id, agreement_id);
CREATE INDEX agreement_party_agency_id_signed_by_id_idx ON public.agreement_party (agency_id, signed_by_id);

-- Read and written through functions alone: a policy on parties that asks for parties would go round in circles.
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['agreement', 'agreement_party'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
END
$$;

/* What two agencies agreed on stays as it was signed; a change is a new agreement. */
CREATE FUNCTION app.keep_agreement() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (OLD.id, OLD.code, OLD.network_id, OLD.holder_agency_id, OLD.proposed_by_id, OLD.proposed_at, OLD.purposes, OLD.categories, OLD.identity_level,
       OLD.starts_on, OLD.ends_on, OLD.document)
     IS DISTINCT FROM (NEW.id, NEW.code, NEW.network_id, NEW.holder_agency_id, NEW.proposed_by_id, NEW.proposed_at, NEW.purposes, NEW.categories,
       NEW.identity_level, NEW.starts_on, NEW.ends_on, NEW.document)
     OR (OLD.confirmed_at IS NOT NULL AND OLD.confirmed_at IS DISTINCT FROM NEW.confirmed_at)
     OR (OLD.ended_at IS NOT NULL AND OLD.ended_at IS DISTINCT FROM NEW.ended_at) THEN
    RAISE EXCEPTION 'An agreement stays as it was signed' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION app.keep_agreement() FROM PUBLIC;
CREATE TRIGGER keep_agreement BEFORE UPDATE ON public.agreement FOR EACH ROW EXECUTE FUNCTION app.keep_agreement();

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* How an agreement stands at a moment; its days are those of its network's zone, the last one counting in. */
CREATE FUNCTION app.agreement_state(a public.agreement, at timestamptz) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE
    WHEN a.ended_at <= at AND a.confirmed_at IS NULL THEN 'declined'
    WHEN a.ended_at <= at THEN 'ended'
    WHEN d.today > a.ends_on THEN 'expired'
    WHEN a.confirmed_at IS NULL OR a.confirmed_at > at THEN 'proposed'
    WHEN d.today < a.starts_on THEN 'coming'
    ELSE 'in_force' END
  FROM (SELECT (at AT TIME ZONE n.time_zone)::date AS today FROM public.network n WHERE n.id = a.network_id) d
$$;

/*
 * The agreement under which the sender may pass data of a category to the receiver for a purpose at a moment: its code and
 * the most it lets through of who the person is. The widest where several cover it; no row where none does. For functions
 * that share and for those that read what was shared; members ask app.agreement_towards.
 */
CREATE FUNCTION app.covering_agreement(sender uuid, receiver uuid, wanted_purpose text, wanted_category text, at timestamptz)
  RETURNS TABLE (code text, identity_level text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.code, a.identity_level
  FROM public.agreement_party s
  JOIN public.agreement_party r ON r.agreement_id = s.agreement_id AND r.agency_id = receiver AND (r.left_at IS NULL OR r.left_at > at)
  JOIN public.agreement a ON a.id = s.agreement_id
  WHERE s.agency_id = sender AND sender <> receiver AND (s.left_at IS NULL OR s.left_at > at)
    AND wanted_purpose = ANY (a.purposes) AND wanted_category = ANY (a.categories) AND app.agreement_state(a, at) = 'in_force'
  ORDER BY array_position(ARRAY['full', 'contact', 'none'], a.identity_level), a.code LIMIT 1
$$;

/* Whether an agreement in force lets the sender pass data of a category to the receiver for a purpose at a moment. */
CREATE FUNCTION app.agreement_covers(sender uuid, receiver uuid, wanted_purpose text, wanted_category text, at timestamptz) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM app.covering_agreement(sender, receiver, wanted_purpose, wanted_category, at))
$$;

/* The same from the asking member's agency, now. */
CREATE FUNCTION app.agreement_towards(receiver uuid, wanted_purpose text, wanted_category text) RETURNS TABLE (code text, identity_level text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT x.code, x.identity_level
  FROM app.context() c, app.covering_agreement(c.agency_id, receiver, wanted_purpose, wanted_category, app.now()) x
  WHERE c.roles && ARRAY['caseworker', 'supervisor']
$$;

/* Who administers a party, signed in themselves: a token that lies about binds no agency. */
CREATE FUNCTION app.signs_for() RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.agency_id FROM app.context() c WHERE 'agency_admin' = ANY (c.roles) AND c.session LIKE 'session:%'
$$;

CREATE FUNCTION app.coordinators_of(network uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.id FROM public.member m JOIN public.agency x ON x.id = m.agency_id
  WHERE x.network_id = network AND m.status = 'active' AND 'coordinator' = ANY (m.roles)
$$;

/* The administrators of an agreement's parties, those of one agency left out. */
CREATE FUNCTION app.agreement_signers(wanted uuid, but uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s FROM public.agreement_party p, app.administrators_of(p.agency_id) s
  WHERE p.agreement_id = wanted AND p.agency_id IS DISTINCT FROM but AND p.left_at IS NULL
$$;

/* Proposes an agreement, signed by the proposer. Answers in words; the same id a second time makes no second one. */
CREATE FUNCTION app.propose_agreement(new_id uuid, proposal jsonb, origin jsonb) RETURNS TABLE (answer text, code text)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  own uuid := app.signs_for();
  others uuid[];
  made text;
BEGIN
  IF own IS NULL THEN RETURN QUERY SELECT 'forbidden', NULL::text; RETURN; END IF;
  IF NOT app.is_fresh() THEN RETURN QUERY SELECT 'step_up', NULL::text; RETURN; END IF;
  SELECT coalesce(array_agg(x.id), '{}') INTO others FROM public.agency x
    WHERE x.key IN (SELECT jsonb_array_elements_text(proposal -> 'parties')) AND x.network_id = ctx.network_id AND x.kind <> 'operator' AND x.id <> own;
  IF cardinality(others) = 0 OR cardinality(others) <> jsonb_array_length(proposal -> 'parties') THEN RETURN QUERY SELECT 'parties', NULL::text; RETURN; END IF;
  SELECT a.code INTO made FROM public.agreement a WHERE a.id = new_id AND a.holder_agency_id = own;
  IF FOUND THEN RETURN QUERY SELECT 'ok', made; RETURN; END IF;
  INSERT INTO public.agreement (id, network_id, holder_agency_id, proposed_by_id, proposed_at, purposes, categories, identity_level, starts_on, ends_on, document)
    VALUES (new_id, ctx.network_id, own, ctx.member_id, app.now(),
      ARRAY(SELECT DISTINCT jsonb_array_elements_text(proposal -> 'purposes') ORDER BY 1),
      ARRAY(SELECT DISTINCT jsonb_array_elements_text(proposal -> 'categories') ORDER BY 1),
      proposal ->> 'identity', (proposal ->> 'startsOn')::date, (proposal ->> 'endsOn')::date, proposal ->> 'document')
    RETURNING agreement.code INTO made;
  INSERT INTO public.agreement_party (agreement_id, holder_agency_id, agency_id, signed_at, signed_by_id)
    SELECT new_id, own, x, CASE WHEN x = own THEN app.now() END, CASE WHEN x = own THEN ctx.member_id END FROM unnest(others || own) x;
  PERFORM app.account_event('agreement.proposed', NULL, made, '{}', origin, ctx);
  PERFORM app.notify(ARRAY(SELECT app.agreement_signers(new_id, own)), 'agreement.proposed', made, false);
  RETURN QUERY SELECT 'ok', made;
END
$$;

/* Signs for the asking administrator's agency; with the last signature the agreement is in force. */
CREATE FUNCTION app.sign_agreement(wanted text, expected_version int, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  own uuid := app.signs_for();
  a public.agreement;
BEGIN
  SELECT x.* INTO a FROM public.agreement x WHERE x.code = wanted
    AND EXISTS (SELECT 1 FROM public.agreement_party p WHERE p.agreement_id = x.id AND p.agency_id = own) FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'step_up'; END IF;
  IF app.agreement_state(a, app.now()) <> 'proposed' THEN RETURN 'wrong_state'; END IF;
  IF a.version <> expected_version THEN RETURN 'stale'; END IF;
  UPDATE public.agreement_party p SET signed_at = app.now(), signed_by_id = ctx.member_id
    WHERE p.agreement_id = a.id AND p.agency_id = own AND p.signed_at IS NULL;
  IF NOT FOUND THEN RETURN 'wrong_state'; END IF;
  PERFORM app.account_event('agreement.signed', NULL, a.code, '{}', origin, ctx);
  IF EXISTS (SELECT 1 FROM public.agreement_party p WHERE p.agreement_id = a.id AND p.signed_at IS NULL) THEN
    UPDATE public.agreement x SET version = x.version + 1 WHERE x.id = a.id;
  ELSE
    UPDATE public.agreement x SET version = x.version + 1, confirmed_at = app.now() WHERE x.id = a.id;
    PERFORM app.notify(ARRAY(SELECT app.agreement_signers(a.id, own)), 'agreement.in-force', a.code, false);
  END IF;
  RETURN 'ok';
END
$$;

/*
 * Ends an agreement for the asking administrator's agency: a proposal for all, declined or withdrawn; one in force for this
 * agency, and for all as soon as fewer than two are left.
 */
CREATE FUNCTION app.end_agreement(wanted text, expected_version int, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  own uuid := app.signs_for();
  a public.agreement;
  told uuid[];
BEGIN
  SELECT x.* INTO a FROM public.agreement x WHERE x.code = wanted
    AND EXISTS (SELECT 1 FROM public.agreement_party p WHERE p.agreement_id = x.id AND p.agency_id = own) FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'step_up'; END IF;
  IF app.agreement_state(a, app.now()) NOT IN ('proposed', 'coming', 'in_force') THEN RETURN 'wrong_state'; END IF;
  IF a.version <> expected_version THEN RETURN 'stale'; END IF;
  told := ARRAY(SELECT app.agreement_signers(a.id, own));
  IF a.confirmed_at IS NULL THEN
    UPDATE public.agreement x SET version = x.version + 1, ended_at = app.now() WHERE x.id = a.id;
    PERFORM app.account_event('agreement.declined', NULL, a.code, '{}', origin, ctx);
    PERFORM app.notify(told, 'agreement.declined', a.code, false);
    RETURN 'ok';
  END IF;
  UPDATE public.agreement_party p SET left_at = app.now() WHERE p.agreement_id = a.id AND p.agency_id = own AND p.left_at IS NULL;
  IF NOT FOUND THEN RETURN 'wrong_state'; END IF;
  UPDATE public.agreement x SET version = x.version + 1, ended_at = CASE
      WHEN (SELECT count(*) FROM public.agreement_party p WHERE p.agreement_id = a.id AND p.left_at IS NULL) < 2 THEN app.now() END
    WHERE x.id = a.id;
  PERFORM app.account_event('agreement.ended', NULL, a.code, '{}', origin, ctx);
  PERFORM app.notify(told || ARRAY(SELECT app.coordinators_of(a.network_id)), 'agreement.left', a.code, false);
  RETURN 'ok';
END
$$;

/*
 * The agreements that the asking member may know: those their agency is or was a party of; for coordinator and auditor those
 * of their network. The latest proposed first, from after a position; one alone by its code.
 */
CREATE FUNCTION app.agreements(wanted text, states text[], after_at timestamptz, after_id uuid, how_many int) RETURNS TABLE (
  id uuid, code text, state text, own_standing text, holder text, proposed_at timestamptz, purposes text[], categories text[], identity_level text,
  starts_on date, ends_on date, document text, confirmed_at timestamptz, ended_at timestamptz, version int, parties jsonb
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.id, a.code, s.state,
    (SELECT CASE WHEN p.left_at IS NOT NULL THEN 'out' WHEN p.signed_at IS NOT NULL THEN 'signed' ELSE 'asked' END
      FROM public.agreement_party p WHERE p.agreement_id = a.id AND p.agency_id = c.agency_id),
    (SELECT x.key FROM public.agency x WHERE x.id = a.holder_agency_id), a.proposed_at, a.purposes, a.categories, a.identity_level,
    a.starts_on, a.ends_on, a.document, a.confirmed_at, a.ended_at, a.version,
    (SELECT jsonb_agg(jsonb_build_object('agency', x.key, 'name', x.name, 'signedAt', p.signed_at, 'leftAt', p.left_at) ORDER BY x.name, x.key)
      FROM public.agreement_party p JOIN public.agency x ON x.id = p.agency_id WHERE p.agreement_id = a.id)
  FROM app.context() c, public.agreement a, LATERAL (SELECT app.agreement_state(a, app.now()) AS state) s
  WHERE a.network_id = c.network_id AND (wanted IS NULL OR a.code = wanted) AND (states IS NULL OR s.state = ANY (states))
    AND (after_at IS NULL OR (a.proposed_at, a.id) < (after_at, after_id))
    AND (c.roles && ARRAY['coordinator', 'auditor'] OR (c.roles && ARRAY['caseworker', 'supervisor', 'agency_admin']
      AND a.id IN (SELECT p.agreement_id FROM public.agreement_party p WHERE p.agency_id = c.agency_id)))
  ORDER BY a.proposed_at DESC, a.id DESC LIMIT least(how_many, 201)
$$;

/* Tells the parties and the coordinator a month before an agreement ends, a week before, and once it has; returns how many were told of. */
CREATE FUNCTION app.tell_of_ending_agreements() RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r record;
  done int := 0;
BEGIN
  FOR r IN SELECT x.* FROM (
        SELECT a.*, (app.installation_now() AT TIME ZONE n.time_zone)::date AS today FROM public.agreement a JOIN public.network n ON n.id = a.network_id
        WHERE a.confirmed_at IS NOT NULL AND a.ended_at IS NULL AND a.told < 3
          AND a.ends_on <= (app.installation_now() + interval '32 days')::date) x
      WHERE (x.told < 1 AND x.ends_on - x.today <= 30) OR (x.told < 2 AND x.ends_on - x.today <= 7) OR x.ends_on < x.today
      ORDER BY x.ends_on LIMIT 500 LOOP
    UPDATE public.agreement a SET told = CASE WHEN r.ends_on < r.today THEN 3 WHEN r.ends_on - r.today <= 7 THEN 2 ELSE 1 END
      WHERE a.id = r.id AND a.told = r.told;
    CONTINUE WHEN NOT FOUND;
    PERFORM app.notify(ARRAY(SELECT app.agreement_signers(r.id, NULL) UNION SELECT app.coordinators_of(r.network_id)),
      CASE WHEN r.ends_on < r.today THEN 'agreement.expired' ELSE 'agreement.ending' END, r.code, false);
    done := done + 1;
  END LOOP;
  RETURN done;
END
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('agreement_state', 'covering_agreement', 'agreement_covers', 'agreement_towards', 'signs_for',
             'coordinators_of', 'agreement_signers', 'propose_agreement', 'sign_agreement', 'end_agreement', 'agreements', 'tell_of_ending_agreements') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('agreement_towards', 'propose_agreement', 'sign_agreement', 'end_agreement') THEN ARRAY['member']
      WHEN f.proname = 'agreements' THEN ARRAY['member', 'desk', 'auditor']
      WHEN f.proname = 'tell_of_ending_agreements' THEN ARRAY['worker']
      ELSE ARRAY['definer']
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
END
$$;
RESET ROLE;
