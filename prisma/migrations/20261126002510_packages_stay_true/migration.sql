-- What was shared with a referral stays true: when who somebody is changes, or how to reach them safely, each living referral
-- that took it along gets a new version, by a job that is put into the queue with the change.

INSERT INTO pgboss.queue (name, policy, retry_limit, retry_delay, retry_backoff, expire_seconds, retention_minutes)
  VALUES ('referral-renewal', 'short', 12, 15, true, 120, 525600);
INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES ('referral-package.renewed', 'update', false);

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

CREATE FUNCTION app.renew_packages_later() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.referral r WHERE r.holder_agency_id = NEW.holder_agency_id AND r.person_id = NEW.person_id
      AND r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service')) THEN
    PERFORM app.enqueue('referral-renewal', jsonb_build_object('person', NEW.person_id), NULL, NEW.person_id::text);
  END IF;
  RETURN NULL;
END
$$;

/*
 * The living referrals of a person, with what sealing their new versions takes: the newest identity and safe contact, the
 * person's key, the package's key, and the holder's keys that both are wrapped under. Sealed values and wrapped keys alone.
 */
CREATE FUNCTION app.packages_to_renew(wanted uuid) RETURNS TABLE (
  referral uuid, holder uuid, fields text[], key_id uuid, wrap_version int, wrapped bytea, person_key_version int, person_wrap_version int,
  person_wrapped bytea, identity_version int, identity bytea, contact_version int, contact bytea, contact_at timestamptz
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.id, r.holder_agency_id, r.fields, k.key_id, k.wrap_version, k.wrapped, p.version, p.wrap_version, p.wrapped, i.version, i.sealed, c.version, c.sealed, c.written_at
  FROM public.referral r
  JOIN public.referral_key k ON k.referral_id = r.id AND k.part = 'package' AND k.agency_id = r.agency_id
  JOIN public.person_key p ON p.person_id = r.person_id
  JOIN LATERAL (SELECT x.version, x.sealed FROM public.person_identity x WHERE x.person_id = r.person_id ORDER BY x.version DESC LIMIT 1) i ON true
  LEFT JOIN LATERAL (SELECT x.version, x.sealed, x.written_at FROM public.safe_contact x WHERE x.person_id = r.person_id ORDER BY x.version DESC LIMIT 1) c ON true
  WHERE r.person_id = wanted AND r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service')
$$;

/* The newest version of each field of a referral's package, for the job that compares them with what holds now. */
CREATE FUNCTION app.package_versions(wanted uuid) RETURNS TABLE (field text, version int, sealed bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT ON (f.field) f.field, f.version, f.sealed FROM public.referral_field f
  WHERE f.referral_id = wanted AND f.part = 'package' ORDER BY f.field, f.version DESC
$$;

/* The data keys of an agency that holds a person with a living referral. */
CREATE FUNCTION app.keys_of_renewal(agency uuid) RETURNS TABLE (version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.version, k.wrapped FROM public.agency_key k WHERE k.agency_id = agency AND k.purpose = 'data'
    AND EXISTS (SELECT 1 FROM public.referral r WHERE r.agency_id = agency AND r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service'))
$$;

/* Keeps new versions of fields; what the other agency may open of them by now is a line of the ledger. */
CREATE FUNCTION app.keep_renewed(wanted uuid, renewed jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.referral;
  at timestamptz := app.installation_now();
  -- Domain time also for the ledger, whose lines are written by a context.
  ctx app.actor_context;
  left_by text[];
BEGIN
  SELECT x.* INTO r FROM public.referral x WHERE x.id = wanted AND x.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service') FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  ctx := app.unattended(r.agency_id);
  ctx.clock_offset := extract(epoch FROM app.clock_offset())::bigint;
  INSERT INTO public.referral_field (referral_id, field, version, part, holder_agency_id, agency_id, sealed, sealed_at)
    SELECT r.id, f ->> 'field', (f ->> 'version')::int, 'package', r.holder_agency_id, r.agency_id, decode(f ->> 'sealed', 'base64'), at
    FROM jsonb_array_elements(renewed) f WHERE f ->> 'field' = ANY (r.fields)
    ON CONFLICT DO NOTHING;
  UPDATE public.referral x SET version = x.version + 1 WHERE x.id = r.id;
  left_by := ARRAY(SELECT f FROM unnest(app.package_fields(r, at)) f WHERE f IN (SELECT j ->> 'field' FROM jsonb_array_elements(renewed) j) OR f LIKE 'need.%');
  IF r.state IN ('accepted', 'in_service') AND EXISTS (SELECT 1 FROM unnest(left_by) f WHERE f NOT LIKE 'need.%') THEN
    PERFORM app.write_disclosure('package', r.case_id, r.to_agency_id, 'sharing', left_by, r.code, '{}', ctx);
  END IF;
  PERFORM app.referral_event('referral-package.renewed', r, ARRAY(SELECT j ->> 'field' FROM jsonb_array_elements(renewed) j), '{}', ctx);
END
$$;

DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('renew_packages_later', 'packages_to_renew', 'package_versions', 'keys_of_renewal', 'keep_renewed') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    IF f.proname <> 'renew_packages_later' THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role('worker')); END IF;
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.renew_packages_later() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER safe_contact_renews_packages AFTER INSERT ON public.safe_contact FOR EACH ROW EXECUTE FUNCTION app.renew_packages_later();
CREATE TRIGGER person_identity_renews_packages AFTER INSERT ON public.person_identity FOR EACH ROW EXECUTE FUNCTION app.renew_packages_later();
CREATE INDEX referral_person ON public.referral (holder_agency_id, person_id);
