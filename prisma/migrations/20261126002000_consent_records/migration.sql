-- Consents as they are worked with: what was said in words opens only through a function that writes the look, the team is
-- told when a consent is withdrawn or runs out, and rows say whether there are words at all.

ALTER TABLE public.consent ADD COLUMN has_texts boolean NOT NULL DEFAULT false;
ALTER TABLE public.consent_withdrawal ADD COLUMN has_reason boolean NOT NULL DEFAULT false;
CREATE INDEX consent_ends_on_idx ON public.consent (ends_on);

-- Of which consents the team was told that they had run out.
CREATE TABLE public.consent_told (
  consent_id uuid NOT NULL,
  case_id uuid NOT NULL,
  holder_agency_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  told_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT consent_told_pkey PRIMARY KEY (consent_id),
  CONSTRAINT consent_told_consent_id_holder_agency_id_case_id_fkey FOREIGN KEY (consent_id, holder_agency_id, case_id)
    REFERENCES public.consent (id, holder_agency_id, case_id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX consent_told_consent_id_holder_agency_id_case_id_key ON public.consent_told (consent_id, holder_agency_id, case_id);
CREATE INDEX consent_told_agency_id_idx ON public.consent_told (agency_id);
CREATE INDEX consent_told_holder_agency_id_idx ON public.consent_told (holder_agency_id);

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES
  ('consent-text.read', 'read', false), ('sharing-exception.read', 'read', false);
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('consent.withdrawn', true, true, false, 41), ('consent.ended', true, false, false, 42);

DO $$
DECLARE
  readers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member']) r);
  t text;
  kept text;
BEGIN
  ALTER TABLE public.consent_told ENABLE ROW LEVEL SECURITY;
  ALTER TABLE public.consent_told FORCE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY definer_all ON public.consent_told TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.consent_told FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.consent_told TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT, INSERT ON public.consent_told TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.consent_told TO %I', app.db_role('backup'));
  -- No member reads the sealed columns directly: the functions below do, and write the look.
  FOREACH t IN ARRAY ARRAY['consent', 'consent_withdrawal', 'sharing_exception'] LOOP
    kept := (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
      WHERE a.attrelid = format('public.%I', t)::regclass AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attname <> CASE t WHEN 'consent' THEN 'sealed' ELSE 'reason' END);
    EXECUTE format('REVOKE SELECT ON public.%I FROM %s', t, readers);
    EXECUTE format('GRANT SELECT (%s) ON public.%I TO %s', kept, t, readers);
  END LOOP;
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* What was said in words, of consents and their withdrawals, for the team of their case; the look is written first. */
CREATE FUNCTION app.read_consent_texts(wanted uuid, event jsonb) RETURNS TABLE (place text, sealed bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  c record;
BEGIN
  SELECT x.id, x.code, x.case_id, x.person_id, x.holder_agency_id INTO c FROM public.consent x
    WHERE x.id = wanted AND x.agency_id = app.casework_agency() AND app.on_team(x.case_id);
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.record_event(event || jsonb_build_object('type', 'consent-text.read', 'subject', c.code, 'personId', c.person_id,
    'caseId', c.case_id, 'holderAgencyId', c.holder_agency_id));
  RETURN QUERY
    SELECT 'consent', x.sealed FROM public.consent x WHERE x.id = c.id AND x.sealed IS NOT NULL
    UNION ALL SELECT 'consent_withdrawal', w.reason FROM public.consent_withdrawal w WHERE w.consent_id = c.id AND w.reason IS NOT NULL;
END
$$;

/* Why something was shared without consent, for the team of its case; the look is written first. */
CREATE FUNCTION app.read_exception_reason(wanted uuid, event jsonb) RETURNS TABLE (sealed bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  x record;
BEGIN
  SELECT e.id, e.code, e.case_id, e.person_id, e.holder_agency_id INTO x FROM public.sharing_exception e
    WHERE e.id = wanted AND e.agency_id = app.casework_agency() AND app.on_team(e.case_id);
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.record_event(event || jsonb_build_object('type', 'sharing-exception.read', 'subject', x.code, 'personId', x.person_id,
    'caseId', x.case_id, 'holderAgencyId', x.holder_agency_id));
  RETURN QUERY SELECT e.reason FROM public.sharing_exception e WHERE e.id = x.id;
END
$$;

/* Whoever is assigned to a case, but for one member. */
CREATE FUNCTION app.assigned_to(wanted_case uuid, but uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.member_id FROM public.assignment a WHERE a.case_id = wanted_case AND a.ended_at IS NULL AND a.member_id IS DISTINCT FROM but
$$;

/* Tells the team at once that a consent is withdrawn. The owner's bulk loads tell nobody. */
CREATE FUNCTION app.tell_of_withdrawal() RETURNS trigger
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  code text;
BEGIN
  IF ctx.member_id IS NULL THEN RETURN NULL; END IF;
  SELECT c.code INTO code FROM public.consent c WHERE c.id = NEW.consent_id;
  PERFORM app.notify(ARRAY(SELECT app.assigned_to(NEW.case_id, ctx.member_id)), 'consent.withdrawn', code, true);
  RETURN NULL;
END
$$;

/* Tells the team of consents that have run out; returns of how many. What ended more than a quarter of a year ago is no news. */
CREATE FUNCTION app.tell_of_ended_consents() RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  c record;
  done int := 0;
BEGIN
  FOR c IN
    SELECT x.id, x.code, x.case_id, x.holder_agency_id, x.agency_id FROM public.consent x JOIN public.agency a ON a.id = x.agency_id
    WHERE x.answer = 'given' AND x.ends_on BETWEEN (app.installation_now() - interval '90 days')::date AND (app.installation_now() + interval '1 day')::date
      AND (x.ends_on + 1)::timestamp AT TIME ZONE a.time_zone <= app.installation_now()
      AND NOT EXISTS (SELECT 1 FROM public.consent_told t WHERE t.consent_id = x.id)
      AND NOT EXISTS (SELECT 1 FROM public.consent_withdrawal w WHERE w.consent_id = x.id)
      AND NOT EXISTS (SELECT 1 FROM public.consent n WHERE n.replaces_id = x.id)
    ORDER BY x.ends_on, x.id LIMIT 500
  LOOP
    INSERT INTO public.consent_told (consent_id, case_id, holder_agency_id, agency_id, told_at)
      VALUES (c.id, c.case_id, c.holder_agency_id, c.agency_id, app.installation_now()) ON CONFLICT DO NOTHING;
    CONTINUE WHEN NOT FOUND;
    PERFORM app.notify(ARRAY(SELECT app.assigned_to(c.case_id, NULL)), 'consent.ended', c.code, false);
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
           WHERE n.nspname = 'app' AND p.proname IN ('read_consent_texts', 'read_exception_reason', 'assigned_to', 'tell_of_withdrawal', 'tell_of_ended_consents') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('read_consent_texts', 'read_exception_reason') THEN ARRAY['member']
      WHEN f.proname = 'tell_of_ended_consents' THEN ARRAY['worker']
      ELSE '{}'
    END;
    CONTINUE WHEN cardinality(callers) = 0;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
  -- Only to make the trigger; taken back below.
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.tell_of_withdrawal() TO %I', session_user);
  RESET ROLE;
END
$$;

CREATE TRIGGER consent_withdrawal_told AFTER INSERT ON public.consent_withdrawal FOR EACH ROW EXECUTE FUNCTION app.tell_of_withdrawal();

DO $$
BEGIN
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  EXECUTE format('REVOKE EXECUTE ON FUNCTION app.tell_of_withdrawal() FROM %I', session_user);
  RESET ROLE;
END
$$;
