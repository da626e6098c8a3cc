-- What was shared stays true at once: every field that a package may hold is renewed when it changes, an agreement
-- that reaches its last day is looked at then, and whoever received a name finds it by that name.

CREATE TABLE "grant_token" (
    "agency_id" UUID NOT NULL,
    "token" BYTEA NOT NULL,
    "referral_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,

    CONSTRAINT "grant_token_pkey" PRIMARY KEY ("agency_id","token","referral_id")
);
CREATE INDEX "grant_token_holder_agency_id_referral_id_idx" ON "grant_token"("holder_agency_id", "referral_id");
ALTER TABLE "grant_token" ADD CONSTRAINT "grant_token_referral_id_holder_agency_id_fkey" FOREIGN KEY ("referral_id", "holder_agency_id") REFERENCES "referral"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- No role reads it: what is found by it is asked of the engine first.
ALTER TABLE public.grant_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.grant_token FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
  EXECUTE format('CREATE POLICY definer_all ON public.grant_token TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.grant_token FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.grant_token TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON public.grant_token TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.grant_token TO %I', app.db_role('backup'));
END
$$;

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

-- ---------------------------------------------------------------------------------------------------------------
-- Finding by name what was shared

/* Whether a grant lets its agency find the person by name now: identity was shared in full, and something living covers it. */
CREATE FUNCTION app.finds_by_name(r public.referral, at timestamptz) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.state IN ('accepted', 'in_service') AND 'identity.names' = ANY (r.fields) AND 'identity.names' = ANY (app.package_fields(r, at))
$$;

/* With a grant goes what it was found by. */
CREATE FUNCTION app.forget_grant_tokens() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  DELETE FROM public.grant_token t WHERE t.referral_id = NEW.referral_id;
  RETURN NULL;
END
$$;

/* What a referral that the actor's agency has accepted may be found by, sealed, with the key that opens it. */
CREATE FUNCTION app.identity_to_index(wanted text) RETURNS TABLE (field text, place text, sealed bytea, key_id uuid, wrap_version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT f.field, f.referral_id || ':' || f.field || ':' || f.version, f.sealed, k.key_id, k.wrap_version, k.wrapped
  FROM public.referral r CROSS JOIN LATERAL (SELECT app.package_fields(r, app.now()) AS open) o
  JOIN LATERAL (SELECT DISTINCT ON (v.field) v.* FROM public.referral_field v WHERE v.referral_id = r.id AND v.part = 'package' ORDER BY v.field, v.version DESC) f
    ON f.field = ANY (o.open) AND (f.field LIKE 'identity.%' OR f.field = 'contact.channels')
  JOIN public.referral_key k ON k.referral_id = r.id AND k.part = 'package' AND k.agency_id = r.to_agency_id
  WHERE r.code = wanted AND r.to_agency_id = app.casework_agency() AND app.i_answer_for(r.listed_service_id) AND app.finds_by_name(r, app.now())
$$;

CREATE FUNCTION app.put_grant_tokens(r public.referral, tokens bytea[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  DELETE FROM public.grant_token t WHERE t.referral_id = r.id;
  INSERT INTO public.grant_token (agency_id, token, referral_id, holder_agency_id)
    SELECT DISTINCT r.to_agency_id, x, r.id, r.holder_agency_id FROM unnest(tokens) x;
END
$$;

/* Keeps what a referral is found by, for whoever has just accepted it; nothing where it names nobody. */
CREATE FUNCTION app.keep_grant_tokens(wanted text, tokens bytea[]) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.referral;
BEGIN
  SELECT x.* INTO r FROM public.referral x WHERE x.code = wanted FOR UPDATE;
  IF r.to_agency_id IS DISTINCT FROM app.casework_agency() OR NOT app.i_answer_for(r.listed_service_id) OR NOT app.finds_by_name(r, app.now()) THEN RETURN false; END IF;
  PERFORM app.put_grant_tokens(r, tokens);
  RETURN true;
END
$$;

/*
 * The referrals whose person has some of these tokens, and which (by place), for those who work on them: only what the
 * engine lets them open by name at this moment.
 */
CREATE FUNCTION app.granted_candidates(digests text[], weights float8[], proposes boolean[])
  RETURNS TABLE (code text, from_agency text, matched int[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH wanted AS MATERIALIZED (
    SELECT decode(w.digest, 'hex') AS token, w.weight, w.proposes, (w.place - 1)::int AS place
    FROM unnest(digests, weights, proposes) WITH ORDINALITY AS w(digest, weight, proposes, place)
  ), found AS MATERIALIZED (
    SELECT t.referral_id, array_agg(w.place) AS matched, sum(w.weight) AS rough
    FROM wanted w JOIN public.grant_token t ON t.agency_id = (SELECT app.casework_agency()) AND t.token = w.token
    GROUP BY t.referral_id HAVING bool_or(w.proposes)
  )
  SELECT r.code, a.name, f.matched FROM (SELECT * FROM found ORDER BY rough DESC, referral_id LIMIT 100) f
  JOIN public.referral r ON r.id = f.referral_id JOIN public.agency a ON a.id = r.agency_id
  WHERE app.referral_receives(r) AND app.finds_by_name(r, app.now()) ORDER BY f.rough DESC, r.code
$$;

/* The digests of somebody whom another agency holds, so that nobody writes their name into a note. */
CREATE FUNCTION app.granted_tokens(person uuid) RETURNS TABLE (token bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT t.token FROM public.referral r JOIN public.grant_token t ON t.referral_id = r.id AND t.agency_id = r.to_agency_id
  WHERE r.person_id = person AND r.to_agency_id = app.casework_agency() AND r.holder_agency_id <> r.to_agency_id AND app.referral_receives(r)
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Renewal, of every field

/* What is known beside identity may stand in a package as well: a change of it is carried on like one of a name. */
CREATE FUNCTION app.renew_packages_of_case() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  whose uuid := CASE WHEN TG_TABLE_NAME = 'person' THEN (to_jsonb(NEW) ->> 'id')::uuid ELSE (to_jsonb(NEW) ->> 'person_id')::uuid END;
BEGIN
  IF EXISTS (SELECT 1 FROM public.referral r WHERE r.holder_agency_id = NEW.holder_agency_id AND r.person_id = whose
      AND r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service')) THEN
    PERFORM app.enqueue('referral-renewal', jsonb_build_object('person', whose), NULL, whose::text);
  END IF;
  RETURN NULL;
END
$$;

DROP FUNCTION app.packages_to_renew(uuid);
DROP FUNCTION app.package_versions(uuid);

/*
 * The living referrals of a person, with what sealing their new versions takes: the newest identity and safe contact, what
 * is coded of person, case and needs, the person's key, the referral's two keys, and whether the other agency finds the
 * person by name. Of what is sealed, sealed values and wrapped keys alone.
 */
CREATE FUNCTION app.packages_to_renew(wanted uuid) RETURNS TABLE (
  referral uuid, holder uuid, receiver uuid, open text[], finds_by_name boolean, key_id uuid, wrap_version int, wrapped bytea,
  preview_key_id uuid, preview_wrap_version int, preview_wrapped bytea, person_key_version int, person_wrap_version int,
  person_wrapped bytea, identity_version int, identity bytea, contact_version int, contact bytea, contact_at timestamptz,
  birth_band int, profile jsonb, on_case jsonb, needs jsonb
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.id, r.holder_agency_id, r.to_agency_id, app.package_fields(r, app.installation_now()), app.finds_by_name(r, app.installation_now()),
    k.key_id, k.wrap_version, k.wrapped, v.key_id, v.wrap_version, v.wrapped, p.version, p.wrap_version, p.wrapped,
    i.version, i.sealed, c.version, c.sealed, c.written_at, s.birth_band,
    jsonb_build_object('birthState', f.birth_state, 'genderState', f.gender_state, 'gender', f.gender, 'citizenshipState', f.citizenship_state,
      'citizenships', f.citizenships, 'languageState', f.language_state, 'languages', f.languages, 'interpreterState', f.interpreter_state,
      'interpreterNeeded', f.interpreter_needed, 'disabilityState', f.disability_state, 'disabilities', f.disabilities,
      'pregnancyState', f.pregnancy_state, 'pregnant', f.pregnant, 'dependantsState', f.dependants_state, 'dependants', f.dependants,
      'migrationState', f.migration_state, 'migrationStatus', f.migration_status, 'displacementState', f.displacement_state,
      'displacement', f.displacement),
    jsonb_build_object('stage', o.stage, 'risk', o.risk, 'content', CASE WHEN t.case_id IS NOT NULL THEN jsonb_build_object('acts', t.acts,
      'means', t.means, 'purposes', t.purposes, 'sectors', t.sectors, 'identification', t.identification, 'identifiedBy', t.identified_by,
      'identifiedOn', t.identified_on) END),
    (SELECT jsonb_agg(jsonb_build_object('code', n.code, 'category', n.category, 'type', n.type, 'urgency', n.urgency))
      FROM public.referral_need x JOIN public.need n ON n.id = x.need_id WHERE x.referral_id = r.id)
  FROM public.referral r
  JOIN public.referral_key k ON k.referral_id = r.id AND k.part = 'package' AND k.agency_id = r.agency_id
  JOIN public.referral_key v ON v.referral_id = r.id AND v.part = 'preview' AND v.agency_id = r.agency_id
  JOIN public.person_key p ON p.person_id = r.person_id
  JOIN public.person s ON s.id = r.person_id
  JOIN public.person_profile f ON f.person_id = r.person_id
  JOIN public.case_file o ON o.id = r.case_id
  LEFT JOIN public.case_content t ON t.case_id = r.case_id
  JOIN LATERAL (SELECT x.version, x.sealed FROM public.person_identity x WHERE x.person_id = r.person_id ORDER BY x.version DESC LIMIT 1) i ON true
  LEFT JOIN LATERAL (SELECT x.version, x.sealed, x.written_at FROM public.safe_contact x WHERE x.person_id = r.person_id ORDER BY x.version DESC LIMIT 1) c ON true
  WHERE r.person_id = wanted AND r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service')
$$;

/* The newest version of each field of a referral, for the job that compares them with what holds now. */
CREATE FUNCTION app.package_versions(wanted uuid) RETURNS TABLE (field text, part text, version int, sealed bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT ON (f.field) f.field, f.part, f.version, f.sealed FROM public.referral_field f
  WHERE f.referral_id = wanted ORDER BY f.field, f.version DESC
$$;

/* By which key, and in which country, an agency that received something finds people. */
CREATE FUNCTION app.index_of_receiver(agency uuid) RETURNS TABLE (version int, wrapped bytea, country text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.version, k.wrapped, a.country FROM public.agency_key k JOIN public.agency a ON a.id = k.agency_id
  WHERE k.agency_id = agency AND k.purpose = 'index'
    AND EXISTS (SELECT 1 FROM public.referral r WHERE r.to_agency_id = agency AND r.state IN ('accepted', 'in_service'))
  ORDER BY k.version DESC LIMIT 1
$$;

/* What a living referral is found by after a change; nothing, where it names nobody any more. */
CREATE FUNCTION app.renew_grant_tokens(wanted uuid, tokens bytea[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.referral;
BEGIN
  SELECT x.* INTO r FROM public.referral x WHERE x.id = wanted FOR UPDATE;
  PERFORM app.put_grant_tokens(r, CASE WHEN app.finds_by_name(r, app.installation_now()) THEN tokens ELSE '{}' END);
END
$$;

-- What app.keep_renewed keeps is of either part by now: what the other agency may open of it, because its key is wrapped for
-- it, is a line of the ledger. Single expressions are replaced where they stand, since others of it change beside this.
SELECT pg_temp.replace_in('app.keep_renewed(uuid, jsonb)', $was$(f ->> 'version')::int, 'package', r.holder_agency_id$was$,
  $new$(f ->> 'version')::int, f ->> 'part', r.holder_agency_id$new$);
SELECT pg_temp.replace_in('app.keep_renewed(uuid, jsonb)',
  $was$f IN (SELECT j ->> 'field' FROM jsonb_array_elements(renewed) j) OR f LIKE 'need.%');$was$,
  $new$f IN (SELECT j ->> 'field' FROM jsonb_array_elements(renewed) j WHERE EXISTS (SELECT 1 FROM public.referral_key k
    WHERE k.referral_id = r.id AND k.agency_id = r.to_agency_id AND k.part = j ->> 'part')) OR f LIKE 'need.%');$new$);
SELECT pg_temp.replace_in('app.keep_renewed(uuid, jsonb)',
  $was$AND EXISTS (SELECT 1 FROM unnest(left_by) f WHERE f NOT LIKE 'need.%') THEN$was$,
  $new$AND EXISTS (SELECT 1 FROM jsonb_array_elements(renewed) j WHERE j ->> 'field' = ANY (left_by))
     OR EXISTS (SELECT 1 FROM jsonb_array_elements(renewed) j WHERE j ->> 'part' = 'preview' AND j ->> 'field' = ANY (left_by)) THEN$new$);
SELECT pg_temp.replace_in('app.keep_renewed(uuid, jsonb)', $was$app.write_disclosure('package',$was$,
  $new$app.write_disclosure(CASE WHEN EXISTS (SELECT 1 FROM public.referral_key k WHERE k.referral_id = r.id AND k.agency_id = r.to_agency_id
      AND k.part = 'package') THEN 'package' ELSE 'preview' END,$new$);

-- ---------------------------------------------------------------------------------------------------------------
-- The last day of an agreement

/* A referral is looked at when an agreement that it may rest on reaches its last day. */
CREATE FUNCTION app.look_at_agreements() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  NEW.next_at := least(NEW.next_at, (
    SELECT min((a.ends_on + 1)::timestamp AT TIME ZONE n.time_zone) FROM public.agreement_party s
    JOIN public.agreement_party t ON t.agreement_id = s.agreement_id AND t.agency_id = NEW.to_agency_id AND t.left_at IS NULL
    JOIN public.agreement a ON a.id = s.agreement_id AND a.ended_at IS NULL JOIN public.network n ON n.id = a.network_id
    WHERE s.agency_id = NEW.agency_id AND s.left_at IS NULL AND (a.ends_on + 1)::timestamp AT TIME ZONE n.time_zone > app.installation_now()));
  RETURN NEW;
END
$$;

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('finds_by_name', 'forget_grant_tokens', 'identity_to_index', 'put_grant_tokens', 'keep_grant_tokens',
             'granted_candidates', 'granted_tokens', 'renew_packages_of_case', 'packages_to_renew', 'package_versions', 'index_of_receiver',
             'renew_grant_tokens', 'look_at_agreements') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('identity_to_index', 'keep_grant_tokens', 'granted_candidates', 'granted_tokens') THEN 'member'
      WHEN f.proname IN ('packages_to_renew', 'package_versions', 'index_of_receiver', 'renew_grant_tokens') THEN 'worker'
    END;
    IF callers IS NOT NULL THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role(callers)); END IF;
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.forget_grant_tokens(), app.renew_packages_of_case(), app.look_at_agreements() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER case_grant_forgets_tokens AFTER UPDATE OF ended_at ON public.case_grant
  FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION app.forget_grant_tokens();
CREATE TRIGGER person_renews_packages AFTER UPDATE OF birth_band ON public.person
  FOR EACH ROW WHEN (OLD.birth_band IS DISTINCT FROM NEW.birth_band) EXECUTE FUNCTION app.renew_packages_of_case();
CREATE TRIGGER person_profile_renews_packages AFTER UPDATE ON public.person_profile
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION app.renew_packages_of_case();
CREATE TRIGGER case_file_renews_packages AFTER UPDATE OF stage, risk ON public.case_file
  FOR EACH ROW WHEN ((OLD.stage, OLD.risk) IS DISTINCT FROM (NEW.stage, NEW.risk)) EXECUTE FUNCTION app.renew_packages_of_case();
CREATE TRIGGER case_content_renews_packages AFTER UPDATE ON public.case_content
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION app.renew_packages_of_case();
CREATE TRIGGER need_renews_packages AFTER UPDATE OF type, urgency ON public.need
  FOR EACH ROW WHEN ((OLD.type, OLD.urgency) IS DISTINCT FROM (NEW.type, NEW.urgency)) EXECUTE FUNCTION app.renew_packages_of_case();
-- What the person says anew may open or shut the name to the other agency's search.
CREATE TRIGGER consent_renews_packages AFTER INSERT ON public.consent FOR EACH ROW EXECUTE FUNCTION app.renew_packages_of_case();
CREATE TRIGGER consent_withdrawal_renews_packages AFTER INSERT ON public.consent_withdrawal FOR EACH ROW EXECUTE FUNCTION app.renew_packages_of_case();
CREATE TRIGGER sharing_exception_renews_packages AFTER INSERT OR UPDATE OF ended_at ON public.sharing_exception
  FOR EACH ROW EXECUTE FUNCTION app.renew_packages_of_case();
CREATE TRIGGER referral_looks_at_agreements BEFORE UPDATE OF next_at ON public.referral
  FOR EACH ROW WHEN (NEW.next_at IS NOT NULL) EXECUTE FUNCTION app.look_at_agreements();
