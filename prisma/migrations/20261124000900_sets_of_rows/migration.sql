-- Sets of rows: an import writes a thousand people as one member in a handful of statements. Rights and results stay
-- what they are for a single row; what was asked row by row is asked once, or by an index.

-- ---------------------------------------------------------------------------------------------------------------
-- Rights. A member who writes is nearly always assigned, or has just registered the person: that is one look into an
-- index, where the whole rule (app.on_team, app.person_team) is a function call for each row. The rule still decides
-- whenever the short answer is no.

DO $$
DECLARE
  t text;
  agency constant text := '(SELECT app.casework_agency())';
  just_registered constant text := 'EXISTS (SELECT 1 FROM public.person p WHERE p.id = %I.person_id AND p.case_count = 0
    AND p.holder_agency_id = (SELECT app.casework_agency()) AND p.registered_by_id = (SELECT app.member_id()))
    OR app.person_team(%I.person_id)';
  assigned constant text := 'EXISTS (SELECT 1 FROM public.assignment a WHERE a.case_id = %I.case_id AND a.ended_at IS NULL
    AND a.member_id = (SELECT app.member_id()) AND a.agency_id = (SELECT app.casework_agency()))
    OR app.on_team(%I.case_id)';
BEGIN
  FOREACH t IN ARRAY ARRAY['person_profile', 'person_key', 'safe_contact', 'person_identity', 'search_token'] LOOP
    EXECUTE format('ALTER POLICY team_add ON public.%I WITH CHECK (holder_agency_id = %s AND agency_id = %s AND (%s))',
      t, agency, agency, format(just_registered, t, t));
  END LOOP;
  EXECUTE format('ALTER POLICY team_add ON public.case_file WITH CHECK (holder_agency_id = %s AND agency_id = %s AND NOT restricted AND (%s))',
    agency, agency, format(just_registered, 'case_file', 'case_file'));
  FOREACH t IN ARRAY ARRAY['need', 'service', 'service_detail', 'service_note', 'service_version', 'contact_entry', 'contact_text',
    'case_content', 'task'] LOOP
    EXECUTE format('ALTER POLICY team_add ON public.%I WITH CHECK (agency_id = %s AND holder_agency_id = %s AND (%s))',
      t, agency, agency, format(assigned, t, t));
  END LOOP;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Audit. One statement writes any number of events. What an event's text looks like is said once, for both ways.

DO $$
BEGIN
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
END
$$;

/* The text of an event that its hash is made over. Plain, so that the planner takes it into the statement that asks. */
CREATE FUNCTION app.event_text(id bigint, code text, at timestamptz, action text, fields text[], txid bigint, event jsonb, ctx app.actor_context)
  RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object(
    'id', id, 'code', code, 'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'agency', ctx.agency_id, 'holder', event ->> 'holderAgencyId', 'type', event ->> 'type', 'action', action,
    'outcome', coalesce(event ->> 'outcome', 'success'), 'purpose', event ->> 'purpose', 'actor', ctx.member_id,
    'roles', to_jsonb(ctx.roles), 'session', ctx.session, 'strength', ctx.strength, 'network', event ->> 'networkPrefix',
    'request', event ->> 'requestId', 'subject', event ->> 'subject', 'person', event ->> 'personId', 'case', event ->> 'caseId',
    'fields', to_jsonb(fields), 'basis', event ->> 'basis', 'before', event ->> 'digestBefore', 'after', event ->> 'digestAfter',
    'reason', encode(sha256(decode(event ->> 'reason', 'base64')), 'hex'), 'txid', txid))::text
$$;

CREATE OR REPLACE FUNCTION app.write_event(event jsonb, ctx app.actor_context) RETURNS text
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
  event_canonical := app.event_text(new_id, event_code, happened, event_action, event_fields, event_txid, event, ctx);
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

/* Writes the events of a JSON array in its order and returns how many. Keys as for app.record_event. */
CREATE FUNCTION app.write_events(events jsonb, ctx app.actor_context) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  event_txid bigint := pg_current_xact_id()::text::bigint;
  unknown text;
  written int;
BEGIN
  SELECT e ->> 'type' INTO unknown FROM jsonb_array_elements(events) e
    WHERE NOT EXISTS (SELECT 1 FROM public.audit_event_type t WHERE t.type = e ->> 'type') LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'No event type %', unknown USING ERRCODE = '23503';
  END IF;
  INSERT INTO public.audit_event (id, code, at, agency_id, holder_agency_id, type, action, outcome, purpose, actor_id, roles, session,
    strength, network_prefix, request_id, subject, person_id, case_id, fields, basis, digest_before, digest_after, reason,
    canonical, hash, txid)
  SELECT g.id, g.code, g.at, ctx.agency_id, (event ->> 'holderAgencyId')::uuid, event ->> 'type', g.action,
    coalesce(event ->> 'outcome', 'success'), event ->> 'purpose', ctx.member_id, coalesce(ctx.roles, '{}'), ctx.session, ctx.strength,
    event ->> 'networkPrefix', event ->> 'requestId', event ->> 'subject', (event ->> 'personId')::uuid, (event ->> 'caseId')::uuid,
    g.fields, event ->> 'basis', decode(event ->> 'digestBefore', 'hex'), decode(event ->> 'digestAfter', 'hex'),
    decode(event ->> 'reason', 'base64'), g.canonical, sha256(convert_to(g.canonical, 'UTF8')), event_txid
  FROM (
    SELECT n.*, app.event_text(n.id, n.code, n.at, n.action, n.fields, event_txid, n.event, ctx) AS canonical
    FROM (
      SELECT nextval('public.audit_event_id_seq') AS id, app.new_code('EVT') AS code, clock_timestamp() AS at, t.action, e.event,
        ARRAY(SELECT jsonb_array_elements_text(coalesce(e.event -> 'fields', '[]'::jsonb))) AS fields
      FROM jsonb_array_elements(events) WITH ORDINALITY e (event, n)
      JOIN public.audit_event_type t ON t.type = e.event ->> 'type'
      ORDER BY e.n OFFSET 0
    ) n OFFSET 0
  ) g;
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN written;
END
$$;

/* Writes several events of whoever acts; returns how many. */
CREATE FUNCTION app.record_events(events jsonb) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL THEN
    RAISE EXCEPTION 'Events need a signed actor context' USING ERRCODE = '42501';
  END IF;
  RETURN app.write_events(events, ctx);
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- New cases: first team member, the person's count and the figures, once for all rows of a statement.

CREATE OR REPLACE FUNCTION app.first_assignment() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  -- Bulk loads of the owner, which have no actor, write their teams themselves.
  IF ctx IS NOT NULL THEN
    INSERT INTO public.assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, lead, started_at)
    SELECT gen_random_uuid(), c.id, c.person_id, c.holder_agency_id, c.agency_id, ctx.member_id, true, app.now() FROM added c;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION app.count_case() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.person p SET case_count = p.case_count + c.n, restricted = p.restricted OR c.restricted
    FROM (SELECT person_id, count(*) AS n, bool_or(restricted) AS restricted FROM added GROUP BY person_id) c
    WHERE p.id = c.person_id;
  RETURN NULL;
END
$$;

CREATE FUNCTION app.roll_added_cases() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.roll(c.agency_id, 'cases', '', '', '', c.status::text, c.opened_on, c.restricted, c.n::int)
    FROM (SELECT agency_id, status, date_trunc('month', opened_on)::date AS opened_on, restricted, count(*) AS n
      FROM added GROUP BY 1, 2, 3, 4) c;
  RETURN NULL;
END
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.event_text(bigint, text, timestamptz, text, text[], bigint, jsonb, app.actor_context),
    app.write_events(jsonb, app.actor_context), app.record_events(jsonb), app.roll_added_cases() FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.record_events(jsonb) TO %I, %I, %I, %I',
    app.db_role('member'), app.db_role('desk'), app.db_role('auditor'), app.db_role('worker'));
  -- Only to make the triggers; taken back below.
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.first_assignment(), app.count_case(), app.roll_added_cases() TO %I', session_user);
  RESET ROLE;
END
$$;

DROP TRIGGER case_file_team ON public.case_file;
DROP TRIGGER case_file_count ON public.case_file;
DROP TRIGGER case_file_roll ON public.case_file;
CREATE TRIGGER case_file_count AFTER INSERT ON public.case_file REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION app.count_case();
CREATE TRIGGER case_file_roll_added AFTER INSERT ON public.case_file REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION app.roll_added_cases();
CREATE TRIGGER case_file_team AFTER INSERT ON public.case_file REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION app.first_assignment();

DO $$
BEGIN
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.roll_case_row() TO %I', session_user);
  RESET ROLE;
END
$$;
CREATE TRIGGER case_file_roll AFTER UPDATE OF status, opened_on, restricted ON public.case_file
  FOR EACH ROW EXECUTE FUNCTION app.roll_case_row();

DO $$
BEGIN
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  EXECUTE format('REVOKE EXECUTE ON FUNCTION app.first_assignment(), app.count_case(), app.roll_added_cases(), app.roll_case_row() FROM %I', session_user);
  RESET ROLE;
END
$$;
