-- Roles, signed context, row-level security, definer functions.
--
-- Role names derive from the database's name, since role names belong to the whole cluster:
--   <db>_app      logs in; owns nothing, reads nothing until it has switched to one of the next three
--   <db>_member   caseworkers, supervisors, administrators
--   <db>_desk     coordinators: no grant on identity, notes, contact texts
--   <db>_auditor  auditors: the same, and pseudonyms only
--   <db>_worker   logs in; jobs
--   <db>_definer  owns the functions below; never logs in
--   <db>_backup   reads everything for a backup, as ciphertext

CREATE EXTENSION IF NOT EXISTS pgcrypto;

CREATE SCHEMA app;

-- Frozen when the migration runs, so that a copy of the database under another name keeps its roles.
DO $$
BEGIN
  EXECUTE format('CREATE FUNCTION app.db_role(suffix text) RETURNS text LANGUAGE sql IMMUTABLE AS %L', format('SELECT %L || suffix', current_database() || '_'));
END
$$;

DO $$
DECLARE
  suffix text;
  wanted text;
BEGIN
  FOREACH suffix IN ARRAY ARRAY['app', 'member', 'desk', 'auditor', 'worker', 'definer', 'backup'] LOOP
    wanted := app.db_role(suffix);
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I %s NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS',
        wanted, CASE WHEN suffix IN ('app', 'worker') THEN 'LOGIN' ELSE 'NOLOGIN' END);
    END IF;
  END LOOP;
  -- The owner hands functions to the definer, so it must be able to act as it; it inherits nothing from it.
  EXECUTE format('GRANT %I TO CURRENT_USER WITH SET TRUE, INHERIT FALSE', app.db_role('definer'));
  EXECUTE format('GRANT %I, %I, %I TO %I WITH SET TRUE, INHERIT FALSE',
    app.db_role('member'), app.db_role('desk'), app.db_role('auditor'), app.db_role('app'));
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I, %I, %I', current_database(),
    app.db_role('app'), app.db_role('worker'), app.db_role('backup'));
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO %I, %I', current_database(), app.db_role('app'), app.db_role('member'));
  EXECUTE format('GRANT USAGE ON SCHEMA app, public TO %I, %I, %I, %I, %I, %I, %I', app.db_role('app'), app.db_role('member'),
    app.db_role('desk'), app.db_role('auditor'), app.db_role('worker'), app.db_role('definer'), app.db_role('backup'));
  EXECUTE format('GRANT CREATE ON SCHEMA app TO %I', app.db_role('definer'));
END
$$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- The key that signs actor contexts. Nobody but the definer reads it, and it never leaves the database.
CREATE TABLE app.context_key (id int PRIMARY KEY CHECK (id = 1), secret bytea NOT NULL);
INSERT INTO app.context_key VALUES (1, gen_random_bytes(32));
ALTER TABLE app.context_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.context_key FORCE ROW LEVEL SECURITY;

INSERT INTO public.installation (id) VALUES (1);
ALTER TABLE public.installation ADD CONSTRAINT installation_single CHECK (id = 1);
ALTER TABLE public.installation ADD CONSTRAINT installation_clock CHECK (demonstration OR clock_offset_seconds = 0);

-- ---------------------------------------------------------------------------------------------------------------
-- Signed context. Text of ten fields, then its HMAC. It names the database role it is good for and the connection
-- it was made on, so neither a forged setting nor a role switch by injected SQL opens anything.

CREATE TYPE app.actor_context AS (
  agency_id uuid, member_id uuid, unit_id uuid, network_id uuid, roles text[], session text, strength int, clock_offset bigint
);

CREATE FUNCTION app.sign_context(
  db_role text, agency uuid, member uuid, unit uuid, network uuid, roles text[], session text, strength int
) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  body text;
BEGIN
  body := concat_ws('|', db_role, pg_backend_pid(), extract(epoch FROM clock_timestamp() + interval '5 minutes')::bigint,
    agency, member, coalesce(unit::text, '-'), network, array_to_string(roles, ','), session, strength,
    (SELECT i.clock_offset_seconds FROM public.installation i WHERE i.id = 1 AND i.demonstration
     UNION ALL SELECT 0 LIMIT 1));
  RETURN body || '|' || encode(public.hmac(convert_to(body, 'UTF8'), (SELECT k.secret FROM app.context_key k), 'sha256'), 'hex');
END
$$;

/* The context of this transaction, or null: absent, forged, expired, of another connection or another role. */
CREATE FUNCTION app.context() RETURNS app.actor_context
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  raw text := nullif(current_setting('app.context', true), '');
  part text[];
  body text;
BEGIN
  IF raw IS NULL THEN RETURN NULL; END IF;
  part := string_to_array(raw, '|');
  IF coalesce(array_length(part, 1), 0) <> 12 THEN RETURN NULL; END IF;
  body := array_to_string(part[1:11], '|');
  IF encode(public.hmac(convert_to(body, 'UTF8'), (SELECT k.secret FROM app.context_key k), 'sha256'), 'hex') <> part[12] THEN
    RETURN NULL;
  END IF;
  IF part[1] <> coalesce(nullif(current_setting('role'), 'none'), session_user)
     OR part[2]::int <> pg_backend_pid()
     OR part[3]::bigint < extract(epoch FROM clock_timestamp()) THEN
    RETURN NULL;
  END IF;
  RETURN ROW(part[4]::uuid, part[5]::uuid, nullif(part[6], '-')::uuid, part[7]::uuid, string_to_array(part[8], ','),
    part[9], part[10]::int, part[11]::bigint)::app.actor_context;
END
$$;

CREATE FUNCTION app.agency_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT (app.context()).agency_id $$;
CREATE FUNCTION app.member_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT (app.context()).member_id $$;
CREATE FUNCTION app.roles() RETURNS text[] LANGUAGE sql STABLE AS $$ SELECT (app.context()).roles $$;
CREATE FUNCTION app.holds_role(role text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT coalesce(role = ANY ((app.context()).roles), false) $$;
/* The agency whose cases this member may work on, or null for roles without cases. */
CREATE FUNCTION app.casework_agency() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT c.agency_id FROM app.context() c WHERE c.roles && ARRAY['caseworker', 'supervisor']
$$;
/* Domain time: the clock, moved only on an installation marked as demonstration or test. */
CREATE FUNCTION app.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT clock_timestamp() + make_interval(secs => coalesce((app.context()).clock_offset, 0))
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Teams. A restricted case has its assigned members only; any other also its supervisor and whoever covers its unit.

CREATE FUNCTION app.on_team(wanted_case uuid) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR NOT ctx.roles && ARRAY['caseworker', 'supervisor'] THEN RETURN false; END IF;
  RETURN EXISTS (
    SELECT 1 FROM public.assignment a
    WHERE a.case_id = wanted_case AND a.member_id = ctx.member_id AND a.agency_id = ctx.agency_id AND a.ended_at IS NULL
  ) OR EXISTS (
    SELECT 1 FROM public.case_file c
    WHERE c.id = wanted_case AND NOT c.restricted AND c.agency_id = ctx.agency_id AND (
      ('supervisor' = ANY (ctx.roles) AND (ctx.unit_id IS NULL OR c.unit_id IS NULL OR c.unit_id = ctx.unit_id))
      OR EXISTS (
        SELECT 1 FROM public.unit_cover u
        WHERE u.agency_id = ctx.agency_id AND u.member_id = ctx.member_id AND u.unit_id = c.unit_id
          AND u.starts_at <= clock_timestamp() + make_interval(secs => ctx.clock_offset)
          AND u.ends_at > clock_timestamp() + make_interval(secs => ctx.clock_offset)
      )
    )
  );
END
$$;

/* Who works with a person: the team of any of their cases; before the first case, whoever registered them. */
CREATE FUNCTION app.person_team(wanted_person uuid) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  found_person record;
BEGIN
  IF ctx IS NULL OR NOT ctx.roles && ARRAY['caseworker', 'supervisor'] THEN RETURN false; END IF;
  SELECT p.holder_agency_id, p.agency_id, p.registered_by_id, p.case_count, p.restricted INTO found_person
    FROM public.person p WHERE p.id = wanted_person;
  IF NOT FOUND OR found_person.holder_agency_id <> ctx.agency_id THEN RETURN false; END IF;
  IF found_person.case_count = 0 THEN
    RETURN found_person.registered_by_id = ctx.member_id OR 'supervisor' = ANY (ctx.roles);
  END IF;
  IF found_person.restricted THEN
    -- An open restricted case hides the whole person: only its own team works with them.
    RETURN EXISTS (
      SELECT 1 FROM public.case_file c JOIN public.assignment a ON a.case_id = c.id
      WHERE c.person_id = wanted_person AND c.restricted AND c.status NOT IN ('closed', 'closed_referred')
        AND a.member_id = ctx.member_id AND a.agency_id = ctx.agency_id AND a.ended_at IS NULL
    );
  END IF;
  RETURN EXISTS (SELECT 1 FROM public.case_file c WHERE c.person_id = wanted_person AND app.on_team(c.id));
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Audit. Who acts comes from the signed context, the action from the type: a caller can choose neither.

INSERT INTO public.audit_event_type (type, action) VALUES
  ('session.started', 'sign_in'), ('session.refused', 'sign_in'), ('session.ended', 'sign_out'),
  ('member.invited', 'create'), ('member.joined', 'update'), ('member.changed', 'update'), ('member.deactivated', 'update'),
  ('member.password-changed', 'update'), ('token.created', 'create'), ('token.ended', 'update'),
  ('agency.created', 'create'), ('agency.changed', 'update'), ('unit.created', 'create'),
  ('installation.clock-moved', 'update'), ('installation.demonstration-loaded', 'create'), ('key.created', 'key_operation'),
  ('access.refused', 'refusal'),
  ('person.registered', 'create'), ('person.viewed', 'read'), ('person.changed', 'update'), ('person.searched', 'search'),
  ('person.listed', 'list'), ('identity.read', 'read'), ('identity.listed', 'list'), ('identity.changed', 'update'),
  ('safe-contact.changed', 'update'),
  ('case.opened', 'create'), ('case.viewed', 'read'), ('case.changed', 'update'), ('case.listed', 'list'),
  ('case.restricted', 'update'), ('case.unrestricted', 'update'),
  ('assignment.started', 'create'), ('assignment.ended', 'update'),
  ('need.found', 'create'), ('need.viewed', 'read'), ('need.changed', 'update'), ('need.listed', 'list'),
  ('service.logged', 'create'), ('service.viewed', 'read'), ('service.listed', 'list'), ('service.amended', 'update'),
  ('service.voided', 'update'), ('service-note.written', 'create'), ('service-note.read', 'read'),
  ('contact.logged', 'create'), ('contact.viewed', 'read'), ('contact.listed', 'list'), ('contact.voided', 'update'),
  ('contact-text.read', 'read'),
  ('task.made', 'create'), ('task.done', 'update'), ('task.snoozed', 'update'), ('task.listed', 'list'),
  ('audit.listed', 'list'), ('mandate.listed', 'list'),
  ('import.run', 'create');

CREATE FUNCTION app.new_code(prefix text) RETURNS text
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public AS $$
DECLARE
  alphabet constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  bytes bytea := public.gen_random_bytes(8);
  body text := '';
  total int := 0;
  digit int;
BEGIN
  FOR i IN 0..7 LOOP
    digit := get_byte(bytes, i) & 31;
    body := body || substr(alphabet, digit + 1, 1);
    -- Luhn mod 32 from the right: the rightmost of eight is doubled.
    digit := CASE WHEN i % 2 = 1 THEN digit * 2 ELSE digit END;
    total := total + digit / 32 + digit % 32;
  END LOOP;
  RETURN prefix || '-' || body || substr(alphabet, (32 - total % 32) % 32 + 1, 1);
END
$$;

/*
 * Writes one event in the caller's transaction and returns its code. Keys of `event`: type (of the list), outcome, purpose, subject,
 * personId, caseId, holderAgencyId, fields[], basis, requestId, networkPrefix, digestBefore, digestAfter, reason (base64).
 */
CREATE FUNCTION app.record_event(event jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL THEN
    RAISE EXCEPTION 'An event needs a signed actor context' USING ERRCODE = '42501';
  END IF;
  RETURN app.write_event(event, ctx);
END
$$;

CREATE FUNCTION app.write_event(event jsonb, ctx app.actor_context) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  new_id bigint := nextval('public.audit_event_id_seq');
  event_code text := app.new_code('EVT');
  happened timestamptz := clock_timestamp();
  event_action text;
  event_fields text[] := ARRAY(SELECT jsonb_array_elements_text(coalesce(event -> 'fields', '[]'::jsonb)));
  event_txid bigint := pg_current_xact_id()::text::bigint;
  event_canonical text;
BEGIN
  SELECT t.action INTO event_action FROM public.audit_event_type t WHERE t.type = event ->> 'type';
  IF event_action IS NULL THEN
    RAISE EXCEPTION 'No event type %', event ->> 'type' USING ERRCODE = '23503';
  END IF;
  event_canonical := jsonb_strip_nulls(jsonb_build_object(
    'id', new_id, 'code', event_code, 'at', to_char(happened AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'agency', ctx.agency_id, 'holder', event ->> 'holderAgencyId', 'type', event ->> 'type', 'action', event_action,
    'outcome', coalesce(event ->> 'outcome', 'success'), 'purpose', event ->> 'purpose', 'actor', ctx.member_id,
    'roles', to_jsonb(ctx.roles), 'session', ctx.session, 'strength', ctx.strength, 'network', event ->> 'networkPrefix',
    'request', event ->> 'requestId', 'subject', event ->> 'subject', 'person', event ->> 'personId', 'case', event ->> 'caseId',
    'fields', to_jsonb(event_fields), 'basis', event ->> 'basis', 'before', event ->> 'digestBefore', 'after', event ->> 'digestAfter',
    'reason', CASE WHEN event ->> 'reason' IS NULL THEN NULL ELSE encode(sha256(decode(event ->> 'reason', 'base64')), 'hex') END,
    'txid', event_txid))::text;
  INSERT INTO public.audit_event (id, code, at, agency_id, holder_agency_id, type, action, outcome, purpose, actor_id, roles, session,
    strength, network_prefix, request_id, subject, person_id, case_id, fields, basis, digest_before, digest_after, reason,
    canonical, hash, txid)
  VALUES (new_id, event_code, happened, ctx.agency_id, (event ->> 'holderAgencyId')::uuid, event ->> 'type', event_action,
    coalesce(event ->> 'outcome', 'success'), event ->> 'purpose', ctx.member_id, coalesce(ctx.roles, '{}'), ctx.session, ctx.strength,
    event ->> 'networkPrefix', event ->> 'requestId', event ->> 'subject', (event ->> 'personId')::uuid, (event ->> 'caseId')::uuid,
    event_fields, event ->> 'basis', decode(event ->> 'digestBefore', 'hex'), decode(event ->> 'digestAfter', 'hex'),
    decode(event ->> 'reason', 'base64'), event_canonical, sha256(convert_to(event_canonical, 'UTF8')), event_txid);
  RETURN event_code;
END
$$;

CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The log accepts inserts only' USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON public.audit_event
  FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON public.audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();

-- ---------------------------------------------------------------------------------------------------------------
-- Looks. Sealed content has no SELECT grant: these functions check the team, write the event, then answer.

CREATE FUNCTION app.read_identity(wanted uuid[], event jsonb)
  RETURNS TABLE (person_id uuid, version int, sealed bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  readable uuid[] := ARRAY(SELECT w FROM unnest(wanted) w WHERE app.person_team(w));
  looked uuid;
BEGIN
  FOREACH looked IN ARRAY readable LOOP
    PERFORM app.record_event(event || jsonb_build_object(
      'type', CASE WHEN cardinality(wanted) = 1 THEN 'identity.read' ELSE 'identity.listed' END,
      'personId', looked, 'holderAgencyId', app.agency_id(),
      'subject', (SELECT p.code FROM public.person p WHERE p.id = looked)));
  END LOOP;
  RETURN QUERY SELECT DISTINCT ON (i.person_id) i.person_id, i.version, i.sealed
    FROM public.person_identity i WHERE i.person_id = ANY (readable) ORDER BY i.person_id, i.version DESC;
END
$$;

CREATE FUNCTION app.read_service_notes(wanted_service uuid, event jsonb)
  RETURNS TABLE (id uuid, sealed bytea, written_by_id uuid, written_at timestamptz)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  found_service record;
BEGIN
  SELECT s.code, s.case_id, s.person_id, s.agency_id, s.holder_agency_id INTO found_service FROM public.service s WHERE s.id = wanted_service;
  IF NOT FOUND OR found_service.agency_id <> app.agency_id() OR NOT app.on_team(found_service.case_id) THEN RETURN; END IF;
  PERFORM app.record_event(event || jsonb_build_object('type', 'service-note.read', 'subject', found_service.code,
    'personId', found_service.person_id, 'caseId', found_service.case_id, 'holderAgencyId', found_service.holder_agency_id));
  RETURN QUERY SELECT n.id, n.sealed, n.written_by_id, n.written_at FROM public.service_note n
    WHERE n.service_id = wanted_service ORDER BY n.written_at;
END
$$;

CREATE FUNCTION app.read_contact_texts(wanted uuid[], event jsonb)
  RETURNS TABLE (contact_id uuid, sealed bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  found_contact record;
  readable uuid[] := '{}';
BEGIN
  FOR found_contact IN
    SELECT c.id, c.code, c.case_id, c.person_id, c.holder_agency_id FROM public.contact_entry c
    WHERE c.id = ANY (wanted) AND c.agency_id = app.agency_id() AND app.on_team(c.case_id)
  LOOP
    readable := readable || found_contact.id;
    PERFORM app.record_event(event || jsonb_build_object('type', 'contact-text.read', 'subject', found_contact.code,
      'personId', found_contact.person_id, 'caseId', found_contact.case_id, 'holderAgencyId', found_contact.holder_agency_id));
  END LOOP;
  RETURN QUERY SELECT t.contact_id, t.sealed FROM public.contact_text t WHERE t.contact_id = ANY (readable);
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Moves that may take a row out of the mover's own sight go through one function each.

CREATE FUNCTION app.restrict_case(wanted_case uuid, wanted boolean) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT app.on_team(wanted_case) THEN RETURN false; END IF;
  UPDATE public.case_file c SET restricted = wanted, version = c.version + 1 WHERE c.id = wanted_case AND c.restricted <> wanted;
  RETURN FOUND;
END
$$;

CREATE FUNCTION app.end_assignment(wanted_case uuid, wanted_member uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT app.on_team(wanted_case) THEN RETURN false; END IF;
  -- A case always keeps somebody: an assigned member may go only when another stays.
  PERFORM 1 FROM public.case_file c WHERE c.id = wanted_case FOR UPDATE;
  IF (SELECT count(*) FROM public.assignment a WHERE a.case_id = wanted_case AND a.ended_at IS NULL) < 2 THEN RETURN false; END IF;
  UPDATE public.assignment a SET ended_at = app.now()
    WHERE a.case_id = wanted_case AND a.member_id = wanted_member AND a.agency_id = app.agency_id() AND a.ended_at IS NULL;
  RETURN FOUND;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Derived columns.

CREATE FUNCTION app.spread_restriction() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NEW.restricted <> OLD.restricted THEN
    UPDATE public.need SET restricted = NEW.restricted WHERE case_id = NEW.id;
    UPDATE public.service_mandate m SET restricted = NEW.restricted FROM public.service s WHERE s.case_id = NEW.id AND m.service_id = s.id;
    UPDATE public.service SET restricted = NEW.restricted WHERE case_id = NEW.id;
    UPDATE public.contact_entry SET restricted = NEW.restricted WHERE case_id = NEW.id;
    UPDATE public.task SET restricted = NEW.restricted WHERE case_id = NEW.id;
    UPDATE public.assignment SET restricted = NEW.restricted WHERE case_id = NEW.id;
    UPDATE public.case_service_count SET restricted = NEW.restricted WHERE case_id = NEW.id;
  END IF;
  IF NEW.restricted <> OLD.restricted OR NEW.status <> OLD.status THEN
    UPDATE public.person p SET restricted = EXISTS (
      SELECT 1 FROM public.case_file c WHERE c.person_id = NEW.person_id AND c.restricted AND c.status NOT IN ('closed', 'closed_referred'))
      WHERE p.id = NEW.person_id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER case_file_spread AFTER UPDATE OF restricted, status ON public.case_file
  FOR EACH ROW EXECUTE FUNCTION app.spread_restriction();

CREATE FUNCTION app.count_case() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.person SET case_count = case_count + 1, restricted = restricted OR NEW.restricted WHERE id = NEW.person_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER case_file_count AFTER INSERT ON public.case_file FOR EACH ROW EXECUTE FUNCTION app.count_case();

-- A row of a case always carries the case's own restriction, whatever the writer sent.
CREATE FUNCTION app.inherit_restriction() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  SELECT c.restricted INTO NEW.restricted FROM public.case_file c WHERE c.id = NEW.case_id;
  RETURN NEW;
END
$$;
CREATE TRIGGER need_restriction BEFORE INSERT ON public.need FOR EACH ROW EXECUTE FUNCTION app.inherit_restriction();
CREATE TRIGGER service_restriction BEFORE INSERT ON public.service FOR EACH ROW EXECUTE FUNCTION app.inherit_restriction();
CREATE TRIGGER contact_restriction BEFORE INSERT ON public.contact_entry FOR EACH ROW EXECUTE FUNCTION app.inherit_restriction();
CREATE TRIGGER task_restriction BEFORE INSERT ON public.task FOR EACH ROW EXECUTE FUNCTION app.inherit_restriction();
CREATE TRIGGER assignment_restriction BEFORE INSERT ON public.assignment FOR EACH ROW EXECUTE FUNCTION app.inherit_restriction();

CREATE FUNCTION app.case_next_due() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.case_file c SET next_due_at = (
    SELECT min(t.due_at) FROM public.task t WHERE t.case_id = NEW.case_id AND t.done_at IS NULL)
    WHERE c.id = NEW.case_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER task_next_due AFTER INSERT OR UPDATE OF due_at, done_at ON public.task
  FOR EACH ROW EXECUTE FUNCTION app.case_next_due();

CREATE FUNCTION app.case_needs_open() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.case_file c SET needs_open = (
    SELECT count(*) FROM public.need n WHERE n.case_id = NEW.case_id AND n.state IN ('open', 'planned', 'being_met'))
    WHERE c.id = NEW.case_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER need_open_count AFTER INSERT OR UPDATE OF state ON public.need
  FOR EACH ROW EXECUTE FUNCTION app.case_needs_open();

-- The team of a new case begins with whoever opened it. Bulk loads, which have no actor, write their teams themselves.
CREATE FUNCTION app.first_assignment() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF app.member_id() IS NOT NULL THEN
    INSERT INTO public.assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, lead, started_at)
    VALUES (gen_random_uuid(), NEW.id, NEW.person_id, NEW.holder_agency_id, NEW.agency_id, app.member_id(), true, app.now());
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER case_file_team AFTER INSERT ON public.case_file FOR EACH ROW EXECUTE FUNCTION app.first_assignment();

-- ---------------------------------------------------------------------------------------------------------------
-- Mandate: a service without its category's paragraph and paragraph 9 can't be stored, by any path (invariant 1).

CREATE FUNCTION app.require_mandate() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  wanted uuid;
  category_paragraph text;
BEGIN
  -- Not a CASE: an expression that names a column which the row lacks fails even where it isn't reached.
  IF TG_TABLE_NAME = 'service' THEN wanted := NEW.id; ELSE wanted := OLD.service_id; END IF;
  SELECT c.paragraph INTO category_paragraph
    FROM public.service s JOIN public.assistance_category c ON c.category = s.category WHERE s.id = wanted;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF (SELECT count(*) FROM public.service_mandate m
      WHERE m.service_id = wanted AND m.paragraph IN (category_paragraph, '9')) < 2 THEN
    RAISE EXCEPTION 'A service rests on paragraph % and paragraph 9 of A/RES/58/137', category_paragraph
      USING ERRCODE = '23514', CONSTRAINT = 'service_mandate_required';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER service_mandate_required AFTER INSERT OR UPDATE OF category ON public.service
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.require_mandate();
CREATE CONSTRAINT TRIGGER service_mandate_kept AFTER UPDATE OR DELETE ON public.service_mandate
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.require_mandate();

-- ---------------------------------------------------------------------------------------------------------------
-- Rollups, first form: deltas by trigger, folded by one job.

CREATE FUNCTION app.roll(
  agency uuid, measure text, paragraph text, category text, type text, state text, on_day date, restricted boolean, n int
) RETURNS void LANGUAGE sql VOLATILE AS $$
  INSERT INTO public.rollup_delta (agency_id, measure, paragraph, category, type, state, month, restricted, n)
  VALUES (agency, measure, paragraph, category, type, state, date_trunc('month', on_day)::date, restricted, n)
$$;

CREATE FUNCTION app.roll_service(s public.service, wanted_paragraph text, sign int) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  in_year int := extract(year FROM s.delivered_on)::int;
  now_counted int;
BEGIN
  PERFORM app.roll(s.agency_id, 'services', wanted_paragraph, s.category, s.type, s.status::text, s.delivered_on, s.restricted, sign);
  IF s.status NOT IN ('in_progress', 'delivered', 'interrupted') THEN RETURN; END IF;
  -- A person counts once a year and paragraph: when their first service comes, and no longer when their last one goes.
  INSERT INTO public.rollup_person AS r (agency_id, paragraph, year, person_id, restricted, n)
    VALUES (s.agency_id, wanted_paragraph, in_year, s.person_id, s.restricted, sign)
    ON CONFLICT (agency_id, paragraph, year, person_id) DO UPDATE SET n = r.n + sign
    RETURNING r.n INTO now_counted;
  IF (sign = 1 AND now_counted = 1) OR (sign = -1 AND now_counted = 0) THEN
    PERFORM app.roll(s.agency_id, 'persons', wanted_paragraph, '', '', '', make_date(in_year, 1, 1), s.restricted, sign);
  END IF;
END
$$;

CREATE FUNCTION app.roll_mandate_row() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s public.service;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT * INTO s FROM public.service WHERE id = NEW.service_id;
    PERFORM app.roll_service(s, NEW.paragraph, 1);
  ELSE
    SELECT * INTO s FROM public.service WHERE id = OLD.service_id;
    IF FOUND THEN PERFORM app.roll_service(s, OLD.paragraph, -1); END IF;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER service_mandate_roll AFTER INSERT OR DELETE ON public.service_mandate
  FOR EACH ROW EXECUTE FUNCTION app.roll_mandate_row();

CREATE FUNCTION app.count_on_case(s public.service, sign int) RETURNS void
  LANGUAGE sql VOLATILE AS $$
  INSERT INTO public.case_service_count AS c (case_id, category, person_id, holder_agency_id, agency_id, restricted, n)
  SELECT s.case_id, s.category, s.person_id, s.holder_agency_id, s.agency_id, s.restricted, sign WHERE s.status <> 'voided'
  ON CONFLICT (case_id, agency_id, category) DO UPDATE SET n = c.n + sign
$$;

CREATE FUNCTION app.roll_service_row() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  m record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM app.count_on_case(NEW, 1);
    RETURN NULL;
  END IF;
  IF (OLD.category, OLD.type, OLD.delivered_on, OLD.status, OLD.restricted)
     IS NOT DISTINCT FROM (NEW.category, NEW.type, NEW.delivered_on, NEW.status, NEW.restricted) THEN
    RETURN NULL;
  END IF;
  IF OLD.category <> NEW.category OR (OLD.status = 'voided') <> (NEW.status = 'voided') THEN
    PERFORM app.count_on_case(OLD, -1);
    PERFORM app.count_on_case(NEW, 1);
  END IF;
  FOR m IN SELECT paragraph FROM public.service_mandate WHERE service_id = NEW.id LOOP
    PERFORM app.roll_service(OLD, m.paragraph, -1);
    -- The person row remembers under which restriction it was counted.
    UPDATE public.rollup_person SET restricted = NEW.restricted
      WHERE agency_id = NEW.agency_id AND paragraph = m.paragraph AND person_id = NEW.person_id AND n = 0;
    PERFORM app.roll_service(NEW, m.paragraph, 1);
  END LOOP;
  RETURN NULL;
END
$$;
CREATE TRIGGER service_roll AFTER INSERT OR UPDATE OF category, type, delivered_on, status, restricted ON public.service
  FOR EACH ROW EXECUTE FUNCTION app.roll_service_row();

CREATE FUNCTION app.roll_need_row() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM app.roll(OLD.agency_id, 'needs', '', OLD.category, '', OLD.state::text, OLD.found_on, OLD.restricted, -1);
  END IF;
  PERFORM app.roll(NEW.agency_id, 'needs', '', NEW.category, '', NEW.state::text, NEW.found_on, NEW.restricted, 1);
  RETURN NULL;
END
$$;
CREATE TRIGGER need_roll AFTER INSERT OR UPDATE OF category, state, found_on, restricted ON public.need
  FOR EACH ROW EXECUTE FUNCTION app.roll_need_row();

CREATE FUNCTION app.roll_case_row() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM app.roll(OLD.agency_id, 'cases', '', '', '', OLD.status::text, OLD.opened_on, OLD.restricted, -1);
  END IF;
  PERFORM app.roll(NEW.agency_id, 'cases', '', '', '', NEW.status::text, NEW.opened_on, NEW.restricted, 1);
  RETURN NULL;
END
$$;
CREATE TRIGGER case_file_roll AFTER INSERT OR UPDATE OF status, opened_on, restricted ON public.case_file
  FOR EACH ROW EXECUTE FUNCTION app.roll_case_row();

/* Folds waiting deltas into the figures; returns how many. One folder at a time; writers are never waited for. */
CREATE FUNCTION app.fold_rollups(at_most int DEFAULT 100000) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  folded int;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('app.fold_rollups')) THEN RETURN 0; END IF;
  WITH taken AS (
    DELETE FROM public.rollup_delta d WHERE d.id IN (SELECT id FROM public.rollup_delta ORDER BY id LIMIT at_most) RETURNING d.*
  ), summed AS (
    INSERT INTO public.rollup AS r (agency_id, measure, paragraph, category, type, state, month, restricted, n)
    SELECT agency_id, measure, paragraph, category, type, state, month, restricted, sum(n) FROM taken
    GROUP BY agency_id, measure, paragraph, category, type, state, month, restricted
    ON CONFLICT (agency_id, measure, month, paragraph, category, type, state, restricted) DO UPDATE SET n = r.n + excluded.n
  )
  SELECT count(*) INTO folded FROM taken;
  RETURN folded;
END
$$;

-- Figures as of now: what is folded and what still waits.
CREATE VIEW public.rollup_live WITH (security_invoker = true) AS
  SELECT agency_id, measure, paragraph, category, type, state, month, restricted, n FROM public.rollup
  UNION ALL
  SELECT agency_id, measure, paragraph, category, type, state, month, restricted, n FROM public.rollup_delta;

-- ---------------------------------------------------------------------------------------------------------------
-- Before there is an actor: each function does the one thing.

CREATE TYPE app.opened AS (
  context text, db_role text, agency_id uuid, member_id uuid, unit_id uuid, network_id uuid, agency_key text, agency_name text,
  agency_kind text, time_zone text, product_name text, leave_url text, idle_minutes int, display_name text, email text, roles text[],
  locale text, theme text, density text, shortcuts boolean, strength int, demonstration boolean, at timestamptz,
  expires_at timestamptz, idle_at timestamptz
);

CREATE FUNCTION app.open_member(wanted_member uuid, session text, strength int, expires_at timestamptz, idle_at timestamptz)
  RETURNS app.opened LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  m record;
  db_role text;
  signed text;
BEGIN
  SELECT mm.id, mm.agency_id, mm.unit_id, mm.display_name, mm.email, mm.roles::text[] AS roles, mm.locale, mm.theme, mm.density, mm.shortcuts,
      a.network_id, a.key, a.name, a.kind::text AS kind, a.time_zone, a.product_name, a.leave_url, a.idle_minutes
    INTO m FROM public.member mm JOIN public.agency a ON a.id = mm.agency_id WHERE mm.id = wanted_member AND mm.status = 'active';
  IF NOT FOUND THEN RETURN NULL; END IF;
  db_role := app.db_role(CASE WHEN 'auditor' = ANY (m.roles) THEN 'auditor' WHEN 'coordinator' = ANY (m.roles) THEN 'desk' ELSE 'member' END);
  signed := app.sign_context(db_role, m.agency_id, m.id, m.unit_id, m.network_id, m.roles, session, strength);
  RETURN ROW(signed, db_role, m.agency_id, m.id, m.unit_id, m.network_id, m.key, m.name, m.kind, m.time_zone, m.product_name, m.leave_url,
    m.idle_minutes, m.display_name, m.email, m.roles, m.locale, m.theme, m.density, m.shortcuts, strength,
    (SELECT i.demonstration FROM public.installation i WHERE i.id = 1),
    clock_timestamp() + make_interval(secs => (SELECT i.clock_offset_seconds FROM public.installation i WHERE i.id = 1 AND i.demonstration
      UNION ALL SELECT 0 LIMIT 1)),
    expires_at, idle_at)::app.opened;
END
$$;

/* Opens a session: null when it never was, has ended, is too old or lay idle. Times are real ones: the moved clock moves no session. */
CREATE FUNCTION app.open_session(wanted bytea) RETURNS SETOF app.opened
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s record;
  opened app.opened;
BEGIN
  SELECT x.member_id, x.strength, x.expires_at, x.last_seen_at, a.idle_minutes INTO s
    FROM public.session x JOIN public.agency a ON a.id = x.agency_id
    WHERE x.hash = wanted AND x.ended_at IS NULL AND x.expires_at > clock_timestamp()
      AND x.last_seen_at + make_interval(mins => a.idle_minutes) > clock_timestamp();
  IF NOT FOUND THEN RETURN; END IF;
  -- At most once a minute, and never waiting for another request of the same session.
  IF s.last_seen_at < clock_timestamp() - interval '1 minute' THEN
    UPDATE public.session x SET last_seen_at = clock_timestamp()
      WHERE x.hash = (SELECT y.hash FROM public.session y WHERE y.hash = wanted FOR UPDATE SKIP LOCKED);
  END IF;
  opened := app.open_member(s.member_id, 'session:' || encode(substring(wanted FROM 1 FOR 6), 'hex'), s.strength, s.expires_at,
    greatest(s.last_seen_at, clock_timestamp() - interval '1 minute') + make_interval(mins => s.idle_minutes));
  IF opened.context IS NOT NULL THEN RETURN NEXT opened; END IF;
END
$$;

CREATE FUNCTION app.open_token(wanted bytea) RETURNS SETOF app.opened
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  t record;
  opened app.opened;
BEGIN
  SELECT x.id, x.member_id, x.last_used_at, x.expires_at INTO t FROM public.api_token x
    WHERE x.hash = wanted AND x.ended_at IS NULL AND x.expires_at > clock_timestamp();
  IF NOT FOUND THEN RETURN; END IF;
  IF t.last_used_at IS NULL OR t.last_used_at < clock_timestamp() - interval '1 minute' THEN
    UPDATE public.api_token x SET last_used_at = clock_timestamp()
      WHERE x.id = (SELECT y.id FROM public.api_token y WHERE y.id = t.id FOR UPDATE SKIP LOCKED);
  END IF;
  opened := app.open_member(t.member_id, 'token:' || t.id::text, 1, t.expires_at, t.expires_at);
  IF opened.context IS NOT NULL THEN RETURN NEXT opened; END IF;
END
$$;

/* For the operator's command line, which already holds the owner's rights: acts as a member, no more. */
CREATE FUNCTION app.open_operator(wanted_email text) RETURNS SETOF app.opened
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  opened app.opened;
BEGIN
  opened := app.open_member((SELECT m.id FROM public.member m WHERE m.email = lower(wanted_email)), 'operator', 1,
    clock_timestamp() + interval '5 minutes', clock_timestamp() + interval '5 minutes');
  IF opened.context IS NOT NULL THEN RETURN NEXT opened; END IF;
END
$$;

/* What anybody may know of the installation: whether it is a demonstration, its migrations, its key check. */
CREATE FUNCTION app.installation_state() RETURNS TABLE (demonstration boolean, key_check bytea, migrations int, at timestamptz, agencies boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT i.demonstration, i.key_check, (SELECT count(*)::int FROM public._prisma_migrations m WHERE m.finished_at IS NOT NULL),
    clock_timestamp() + make_interval(secs => i.clock_offset_seconds), EXISTS (SELECT 1 FROM public.agency)
  FROM public.installation i WHERE i.id = 1
$$;
