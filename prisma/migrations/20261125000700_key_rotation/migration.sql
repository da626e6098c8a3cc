-- Keys that can be changed while people work: of the installation, of an agency, of a person.
--
-- A value says in its first bytes under which key and version it was sealed, so old and new stand side by side for as
-- long as a change takes. Each step is one transaction; a change that was cut short goes on where it stopped.

-- ---------------------------------------------------------------------------------------------------------------
-- Tables

-- A person's key has versions, and can't hang on a key of the agency that isn't there: a process that still wraps under
-- a version which is gone is refused, rather than leave a person whom nobody can read.
ALTER TABLE "person_key" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "person_key" ADD COLUMN "wrap_purpose" TEXT NOT NULL DEFAULT 'data';
ALTER TABLE "person_key" ADD CONSTRAINT "person_key_wrapped_by_data" CHECK (wrap_purpose = 'data');
DROP INDEX "person_key_holder_agency_id_idx";
CREATE INDEX "person_key_holder_agency_id_wrap_version_idx" ON "person_key"("holder_agency_id", "wrap_version");
ALTER TABLE "person_key" ADD CONSTRAINT "person_key_holder_agency_id_wrap_purpose_wrap_version_fkey"
  FOREIGN KEY ("holder_agency_id", "wrap_purpose", "wrap_version") REFERENCES "agency_key"("agency_id", "purpose", "version")
  ON DELETE RESTRICT ON UPDATE RESTRICT;

-- What a person's key was before. It goes with the key itself, so that erasing a person stays one row.
CREATE TABLE "person_key_old" (
    "person_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "wrap_purpose" TEXT NOT NULL DEFAULT 'data',
    "wrap_version" INTEGER NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "replaced_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_key_old_pkey" PRIMARY KEY ("person_id","version")
);
CREATE INDEX "person_key_old_holder_agency_id_wrap_version_idx" ON "person_key_old"("holder_agency_id", "wrap_version");
ALTER TABLE "person_key_old" ADD CONSTRAINT "person_key_old_wrapped_by_data" CHECK (wrap_purpose = 'data');
ALTER TABLE "person_key_old" ADD CONSTRAINT "person_key_old_person_id_holder_agency_id_fkey"
  FOREIGN KEY ("person_id", "holder_agency_id") REFERENCES "person_key"("person_id", "holder_agency_id") ON DELETE CASCADE ON UPDATE RESTRICT;
ALTER TABLE "person_key_old" ADD CONSTRAINT "person_key_old_holder_agency_id_wrap_purpose_wrap_version_fkey"
  FOREIGN KEY ("holder_agency_id", "wrap_purpose", "wrap_version") REFERENCES "agency_key"("agency_id", "purpose", "version")
  ON DELETE RESTRICT ON UPDATE RESTRICT;

CREATE TABLE "key_rotation" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "agency_id" UUID,
    "person_id" UUID,
    "subject" TEXT NOT NULL,
    "from_version" INTEGER NOT NULL,
    "to_version" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "key_check" BYTEA,
    "started_by_id" UUID,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "moved_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "key_rotation_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "key_rotation_agency_id_started_at_idx" ON "key_rotation"("agency_id", "started_at" DESC);
ALTER TABLE "key_rotation" ADD CONSTRAINT "key_rotation_kind" CHECK (kind IN ('master', 'agency', 'person'));
ALTER TABLE "key_rotation" ADD CONSTRAINT "key_rotation_state" CHECK (state IN ('running', 'settling', 'done'));
ALTER TABLE "key_rotation" ADD CONSTRAINT "key_rotation_about" CHECK (
  (kind = 'person') = (person_id IS NOT NULL) AND (kind = 'master') = (agency_id IS NULL) AND (kind = 'master') = (key_check IS NOT NULL));
-- Of each key, one change at a time.
CREATE UNIQUE INDEX "key_rotation_one_running" ON "key_rotation"("kind", "subject") WHERE state = 'running';

INSERT INTO public.audit_event_type (type, action) VALUES
  ('key.rotation-started', 'key_operation'), ('key.rotated', 'key_operation'), ('key.dropped', 'key_operation'), ('key.listed', 'list');

-- ---------------------------------------------------------------------------------------------------------------
-- Policies

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['person_key_old', 'key_rotation'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
  EXECUTE format('GRANT SELECT ON public.person_key_old TO %I, %I', app.db_role('app'), app.db_role('member'));
  EXECUTE format('CREATE POLICY team_read ON public.person_key_old FOR SELECT TO %I, %I
    USING (holder_agency_id = (SELECT app.casework_agency()) AND app.person_team(person_id))', app.db_role('app'), app.db_role('member'));
  -- Persons' rotations carry a code, and whoever runs the installation knows no person.
  EXECUTE format('GRANT SELECT ON public.key_rotation TO %I', app.db_role('member'));
  EXECUTE format('CREATE POLICY installation_read ON public.key_rotation FOR SELECT TO %I
    USING ((SELECT app.holds_role(''system_admin'')) AND kind <> ''person'')', app.db_role('member'));
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- What a sealed value says of its key: format (1 byte), the key's id (16), its version (2).

CREATE FUNCTION app.sealed_key(sealed bytea) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(substring(sealed FROM 2 FOR 16), 'hex')::uuid
$$;
CREATE FUNCTION app.sealed_version(sealed bytea) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT get_byte(sealed, 17) * 256 + get_byte(sealed, 18)
$$;

CREATE FUNCTION app.person_key_lock(person uuid) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT hashtextextended('person_key:' || person::text, 58137)
$$;

/*
 * The keys of persons, the newest and those before it, with the rights of whoever asks. Until the transaction ends the
 * key stays the one that was handed out: a change of it waits, since what is sealed under it meanwhile would be lost
 * from sight. Two statements, so that the rows are read after the lock was given.
 */
CREATE FUNCTION app.person_keys(wanted uuid[]) RETURNS TABLE (person_id uuid, version int, wrap_version int, wrapped bytea)
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
BEGIN
  PERFORM pg_advisory_xact_lock_shared(app.person_key_lock(x.w)) FROM (SELECT DISTINCT w FROM unnest(wanted) w ORDER BY w) x;
  RETURN QUERY
    SELECT k.person_id, k.version, k.wrap_version, k.wrapped FROM public.person_key k WHERE k.person_id = ANY (wanted)
    UNION ALL
    SELECT o.person_id, o.version, o.wrap_version, o.wrapped FROM public.person_key_old o WHERE o.person_id = ANY (wanted);
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Beginning

CREATE FUNCTION app.key_event(event_type text, r public.key_rotation, ctx app.actor_context, origin jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  -- Whose log it belongs into: the agency's whose key it is, else of whoever began.
  own app.actor_context := ctx;
BEGIN
  IF r.kind <> 'master' THEN own.agency_id := r.agency_id; END IF;
  PERFORM app.write_event(jsonb_build_object('type', event_type, 'subject', r.subject, 'personId', r.person_id,
    'holderAgencyId', CASE WHEN r.kind = 'person' THEN r.agency_id END, 'fields', jsonb_build_array(r.kind),
    'basis', format('version %s to %s', r.from_version, r.to_version),
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)), own);
END
$$;

/* Who an event of a job is by: whoever began, from here and not from a browser. */
CREATE FUNCTION app.key_actor(r public.key_rotation) RETURNS app.actor_context
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT ROW(coalesce(m.agency_id, r.agency_id), r.started_by_id, NULL, NULL, '{}', 'worker', 1, 0)::app.actor_context
  FROM (SELECT 1) one LEFT JOIN public.member m ON m.id = r.started_by_id
$$;

/*
 * Begins to change a key; answers 'ok', 'running' (it is being changed already), 'not_found', 'current' (nothing hangs on
 * another version) or 'stale' (the version given is not the next one).
 */
CREATE FUNCTION app.begin_key_rotation(
  new_id uuid, wanted_kind text, wanted text, new_version int, new_key bytea, new_check bytea, ctx app.actor_context, origin jsonb
) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.key_rotation;
  p record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('app.key_rotation'));
  r.id := new_id; r.kind := wanted_kind; r.subject := wanted; r.to_version := new_version; r.state := 'running'; r.done := 0;
  r.started_by_id := ctx.member_id; r.started_at := clock_timestamp();
  IF EXISTS (SELECT 1 FROM public.key_rotation k WHERE k.kind = wanted_kind AND k.subject = wanted AND k.state = 'running') THEN
    RETURN 'running';
  END IF;
  IF wanted_kind = 'master' THEN
    SELECT min(app.sealed_version(k.wrapped)), count(*) INTO r.from_version, r.total FROM public.agency_key k
      WHERE app.sealed_version(k.wrapped) <> new_version;
    IF r.total = 0 THEN RETURN 'current'; END IF;
    r.key_check := new_check;
  ELSIF wanted_kind = 'agency' THEN
    SELECT a.id, max(k.version) INTO r.agency_id, r.from_version FROM public.agency a
      JOIN public.agency_key k ON k.agency_id = a.id AND k.purpose = 'data' WHERE a.key = wanted GROUP BY a.id;
    IF r.agency_id IS NULL THEN RETURN 'not_found'; END IF;
    IF new_version <> r.from_version + 1 THEN RETURN 'stale'; END IF;
    INSERT INTO public.agency_key (agency_id, purpose, version, wrapped) VALUES (r.agency_id, 'data', new_version, new_key);
    SELECT count(*) INTO r.total FROM public.person_key k WHERE k.holder_agency_id = r.agency_id;
  ELSE
    SELECT x.id, k.holder_agency_id, k.version INTO p FROM public.person x JOIN public.person_key k ON k.person_id = x.id WHERE x.code = wanted;
    IF p.id IS NULL THEN RETURN 'not_found'; END IF;
    r.person_id := p.id; r.agency_id := p.holder_agency_id; r.from_version := p.version; r.to_version := p.version + 1; r.total := 1;
  END IF;
  INSERT INTO public.key_rotation SELECT r.*;
  PERFORM app.key_event('key.rotation-started', r, ctx, origin);
  RETURN 'ok';
END
$$;

/* The same for the operator's command line, which runs as the owner. */
CREATE FUNCTION app.operator_key_rotation(new_id uuid, wanted_kind text, wanted text, new_version int, new_key bytea, new_check bytea)
  RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT app.begin_key_rotation(new_id, wanted_kind, wanted, new_version, new_key, new_check,
    ROW(NULL, NULL, NULL, NULL, '{}', 'operator', 1, 0)::app.actor_context, '{}')
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Steps, for the jobs. Each hands out and takes back what the change at hand is about, and nothing else. Sealed keys and
-- sealed texts are all it sees; what opens them is the master key, which is not in the database.

/* What is under way: changes that run, and those that have moved everything and wait until nobody needs the old version. */
CREATE FUNCTION app.key_rotations_at_work()
  RETURNS TABLE (id uuid, kind text, agency_id uuid, person_id uuid, from_version int, to_version int, state text, total int, done int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.id, k.kind, k.agency_id, k.person_id, k.from_version, k.to_version, k.state, k.total, k.done
  FROM public.key_rotation k WHERE k.state <> 'done' ORDER BY k.started_at, k.id
$$;

/* The keys of agencies that hang on another master key. */
CREATE FUNCTION app.agency_keys_to_rewrap(rotation uuid, at_most int)
  RETURNS TABLE (agency_id uuid, purpose text, version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.agency_id, k.purpose, k.version, k.wrapped FROM public.key_rotation r
    JOIN public.agency_key k ON app.sealed_version(k.wrapped) <> r.to_version
  WHERE r.id = rotation AND r.kind = 'master' AND r.state <> 'done' ORDER BY k.agency_id, k.purpose, k.version LIMIT at_most
$$;

CREATE FUNCTION app.rewrap_agency_key(rotation uuid, of_agency uuid, of_purpose text, of_version int, old_wrapped bytea, new_wrapped bytea)
  RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  -- The same key in new wrapping: what another process has wrapped meanwhile stays.
  UPDATE public.agency_key k SET wrapped = new_wrapped FROM public.key_rotation r
    WHERE r.id = rotation AND r.kind = 'master' AND r.state <> 'done' AND k.agency_id = of_agency AND k.purpose = of_purpose
      AND k.version = of_version AND k.wrapped = old_wrapped AND app.sealed_version(new_wrapped) = r.to_version
      AND app.sealed_key(new_wrapped) = '00000000-0000-0000-0000-000000000000';
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE public.key_rotation r SET done = least(r.done + 1, r.total) WHERE r.id = rotation;
  RETURN true;
END
$$;

/* The data keys of the agency that a change is about: to open what is wrapped, and to wrap it anew. */
CREATE FUNCTION app.agency_keys_at_work(rotation uuid) RETURNS TABLE (agency_id uuid, version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.agency_id, k.version, k.wrapped FROM public.key_rotation r JOIN public.agency_key k ON k.agency_id = r.agency_id AND k.purpose = 'data'
  WHERE r.id = rotation AND r.state <> 'done' ORDER BY k.version
$$;

/* The keys of persons that hang on an older key of their agency. */
CREATE FUNCTION app.person_keys_to_rewrap(rotation uuid, at_most int)
  RETURNS TABLE (person_id uuid, version int, wrap_version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT x.person_id, x.version, x.wrap_version, x.wrapped FROM public.key_rotation r, LATERAL (
    SELECT k.person_id, k.version, k.wrap_version, k.wrapped FROM public.person_key k
      WHERE k.holder_agency_id = r.agency_id AND k.wrap_version < r.to_version
    UNION ALL
    SELECT o.person_id, o.version, o.wrap_version, o.wrapped FROM public.person_key_old o
      WHERE o.holder_agency_id = r.agency_id AND o.wrap_version < r.to_version
  ) x WHERE r.id = rotation AND r.kind = 'agency' AND r.state <> 'done' LIMIT at_most
$$;

CREATE FUNCTION app.rewrap_person_keys(rotation uuid, persons uuid[], versions int[], olds bytea[], news bytea[]) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.key_rotation;
  moved int;
  moved_old int;
BEGIN
  SELECT * INTO r FROM public.key_rotation k WHERE k.id = rotation AND k.kind = 'agency' AND k.state <> 'done' FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  IF EXISTS (SELECT 1 FROM unnest(news) n WHERE app.sealed_key(n) <> r.agency_id OR app.sealed_version(n) <> r.to_version) THEN
    RAISE EXCEPTION 'A key was wrapped under another key than the rotation is about' USING ERRCODE = '22023';
  END IF;
  UPDATE public.person_key k SET wrapped = n.fresh, wrap_version = r.to_version
    FROM unnest(persons, versions, olds, news) n(person, version, old, fresh)
    WHERE k.person_id = n.person AND k.version = n.version AND k.wrapped = n.old AND k.holder_agency_id = r.agency_id;
  GET DIAGNOSTICS moved = ROW_COUNT;
  UPDATE public.person_key_old k SET wrapped = n.fresh, wrap_version = r.to_version
    FROM unnest(persons, versions, olds, news) n(person, version, old, fresh)
    WHERE k.person_id = n.person AND k.version = n.version AND k.wrapped = n.old AND k.holder_agency_id = r.agency_id;
  GET DIAGNOSTICS moved_old = ROW_COUNT;
  UPDATE public.key_rotation k SET done = least(k.done + moved, k.total) WHERE k.id = rotation;
  RETURN moved + moved_old;
END
$$;

/*
 * The key of the person whom a change is about, for changing it in this transaction. Waits until nobody holds the key,
 * and whoever asks for it from now on waits for the end of this transaction.
 */
CREATE FUNCTION app.person_key_at_work(rotation uuid) RETURNS TABLE (person_id uuid, version int, wrap_version int, wrapped bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  person uuid := (SELECT r.person_id FROM public.key_rotation r WHERE r.id = rotation AND r.kind = 'person' AND r.state = 'running');
BEGIN
  IF person IS NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(app.person_key_lock(person));
  RETURN QUERY SELECT k.person_id, k.version, k.wrap_version, k.wrapped FROM public.person_key k, public.key_rotation r
    WHERE k.person_id = person AND r.id = rotation AND r.state = 'running' AND k.version = r.from_version;
END
$$;

/* Everything that is sealed under a person's key and may be sealed anew. The log is not: nobody changes a row of it. */
CREATE FUNCTION app.person_texts_at_work(rotation uuid) RETURNS TABLE (tab text, col text, place text, agency_id uuid, sealed bytea)
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
$$;

/* Puts the new key and everything sealed under it in place, all or nothing. */
CREATE FUNCTION app.replace_person_key(
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
  IF moved <> cardinality(all_tabs) THEN RAISE EXCEPTION 'Not every text of the person could be sealed anew' USING ERRCODE = '40001'; END IF;
  UPDATE public.key_rotation k SET state = 'settling', done = 1, moved_at = clock_timestamp() WHERE k.id = rotation;
  PERFORM app.key_event('key.rotated', r, app.key_actor(r), '{}');
END
$$;

/* Whether something of a rotation still hangs on another version than the new one. */
CREATE FUNCTION app.key_rotation_left(r public.key_rotation) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF r.kind = 'master' THEN RETURN EXISTS (SELECT 1 FROM public.agency_key k WHERE app.sealed_version(k.wrapped) <> r.to_version); END IF;
  IF r.kind = 'agency' THEN
    RETURN EXISTS (SELECT 1 FROM public.person_key k WHERE k.holder_agency_id = r.agency_id AND k.wrap_version < r.to_version)
      OR EXISTS (SELECT 1 FROM public.person_key_old k WHERE k.holder_agency_id = r.agency_id AND k.wrap_version < r.to_version);
  END IF;
  -- Of a person who was erased meanwhile nothing is left to do.
  RETURN r.state = 'running' AND EXISTS (SELECT 1 FROM public.person_key k WHERE k.person_id = r.person_id AND k.version = r.from_version);
END
$$;

/*
 * Takes a change one state further where it may be, and answers with its state. For an hour after everything has moved
 * the old version stays: other processes keep keys in memory for a moment, and a search text is kept for fifteen minutes.
 */
CREATE FUNCTION app.settle_key_rotation(rotation uuid) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.key_rotation;
  dropped int := 0;
BEGIN
  SELECT * INTO r FROM public.key_rotation k WHERE k.id = rotation FOR UPDATE;
  IF NOT FOUND OR r.state = 'done' OR app.key_rotation_left(r) THEN RETURN r.state; END IF;
  IF r.state = 'running' AND r.kind = 'person' THEN
    UPDATE public.key_rotation k SET state = 'done', finished_at = clock_timestamp() WHERE k.id = rotation;
    RETURN 'done';
  END IF;
  IF r.state = 'running' THEN
    UPDATE public.key_rotation k SET state = 'settling', done = k.total, moved_at = clock_timestamp() WHERE k.id = rotation;
    -- From now on the start asks for the new master key.
    IF r.kind = 'master' THEN UPDATE public.installation i SET key_check = r.key_check WHERE i.id = 1; END IF;
    PERFORM app.key_event('key.rotated', r, app.key_actor(r), '{}');
    RETURN 'settling';
  END IF;
  IF r.moved_at > clock_timestamp() - interval '1 hour' THEN RETURN 'settling'; END IF;
  IF r.kind = 'agency' THEN
    DELETE FROM public.agency_key k WHERE k.agency_id = r.agency_id AND k.purpose = 'data' AND k.version < r.to_version;
    GET DIAGNOSTICS dropped = ROW_COUNT;
  ELSIF r.kind = 'person' THEN
    -- A reason in the log stays as it was written, so the version that opens it stays for the log alone.
    DELETE FROM public.person_key_old o WHERE o.person_id = r.person_id AND o.version < r.to_version AND NOT EXISTS (
      SELECT 1 FROM public.audit_event e WHERE e.holder_agency_id = o.holder_agency_id AND e.person_id = o.person_id
        AND e.reason IS NOT NULL AND app.sealed_key(e.reason) = o.person_id AND app.sealed_version(e.reason) = o.version);
    GET DIAGNOSTICS dropped = ROW_COUNT;
  END IF;
  UPDATE public.key_rotation k SET state = 'done', finished_at = clock_timestamp() WHERE k.id = rotation;
  IF dropped > 0 THEN PERFORM app.key_event('key.dropped', r, app.key_actor(r), '{}'); END IF;
  RETURN 'done';
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Looking

/* Each agency's keys: versions, ages, under which master key, and how many persons' keys wait for the newest. */
CREATE FUNCTION app.key_list()
  RETURNS TABLE (agency_key text, purpose text, version int, master_version int, created_at timestamptz, persons bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.key, k.purpose, k.version, app.sealed_version(k.wrapped), k.created_at,
    CASE WHEN k.purpose = 'data' THEN (
      SELECT count(*) FROM public.person_key p WHERE p.holder_agency_id = k.agency_id AND p.wrap_version = k.version) ELSE 0 END
  FROM public.agency_key k JOIN public.agency a ON a.id = k.agency_id ORDER BY a.key, k.purpose, k.version
$$;

/* The same for whoever runs the installation. */
CREATE FUNCTION app.key_report()
  RETURNS TABLE (agency_key text, purpose text, version int, master_version int, created_at timestamptz, persons bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT l.* FROM app.key_list() l WHERE app.holds_role('system_admin')
$$;

DO $$
DECLARE
  f record;
  callers text;
  definer text := app.db_role('definer');
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname, p.prosecdef FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname = ANY (ARRAY['sealed_key', 'sealed_version', 'person_key_lock', 'person_keys', 'key_event', 'key_actor',
             'begin_key_rotation', 'operator_key_rotation', 'key_rotations_at_work', 'agency_keys_to_rewrap', 'rewrap_agency_key',
             'agency_keys_at_work', 'person_keys_to_rewrap', 'rewrap_person_keys', 'person_key_at_work', 'person_texts_at_work',
             'replace_person_key', 'key_rotation_left', 'settle_key_rotation', 'key_list', 'key_report']) LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('person_keys', 'person_key_lock') THEN '{member,definer}'
      WHEN f.proname = 'key_report' THEN '{member,definer}'
      WHEN f.proname IN ('key_rotations_at_work', 'agency_keys_to_rewrap', 'rewrap_agency_key', 'agency_keys_at_work', 'person_keys_to_rewrap',
        'rewrap_person_keys', 'person_key_at_work', 'person_texts_at_work', 'replace_person_key', 'settle_key_rotation') THEN '{worker,definer}'
      ELSE '{definer}'
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', '))
             FROM unnest(callers::text[]) c);
    IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO %I', f.signature, definer); END IF;
  END LOOP;
  -- The operator's commands run as the owner.
  EXECUTE format('SET LOCAL ROLE %I', definer);
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.operator_key_rotation(uuid, text, text, int, bytea, bytea), app.key_list() TO %I', session_user);
  RESET ROLE;
END
$$;
