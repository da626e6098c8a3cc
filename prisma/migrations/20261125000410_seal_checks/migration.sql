-- Checks of the seal that run by themselves, their result, and who is told; what supervisors and administrators see of the log.

ALTER TABLE "seal_check" ALTER COLUMN "started_at" DROP NOT NULL, ALTER COLUMN "started_at" DROP DEFAULT;
ALTER TABLE "seal_check" ADD COLUMN "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "seal_check" ADD COLUMN "checkpoint_size" BIGINT;

INSERT INTO public.audit_event_type (type, action) VALUES ('seal.fault-found', 'create'), ('seal.fault-acknowledged', 'update');
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES ('seal.broken', true, true, true, 95);

-- ---------------------------------------------------------------------------------------------------------------
-- L08: what stands in the log stays on its line and shows what it is. Nearly every event is plain letters already.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* A text without controls, line separators, signs that turn the direction, and signs that don't show; each is a question mark. */
CREATE FUNCTION app.plain_text(raw text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_replace(raw, '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]', '?', 'g')
$$;

CREATE FUNCTION app.plain_event(event jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_object_agg(p.key, CASE
    WHEN jsonb_typeof(p.value) = 'string' AND p.key <> 'reason' THEN to_jsonb(app.plain_text(p.value #>> '{}'))
    WHEN p.key = 'fields' THEN (SELECT coalesce(jsonb_agg(app.plain_text(f)), '[]'::jsonb) FROM jsonb_array_elements_text(p.value) f)
    ELSE p.value END), '{}'::jsonb)
  FROM jsonb_each(event) p
$$;

-- Ids and digests are written as their columns show them, whatever the case of letters that they came in: who verifies
-- compares the text with the columns.
CREATE OR REPLACE FUNCTION app.event_text(id bigint, code text, at timestamptz, action text, fields text[], txid bigint, event jsonb, ctx app.actor_context)
  RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object(
    'id', id, 'code', code, 'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'agency', ctx.agency_id, 'holder', (event ->> 'holderAgencyId')::uuid, 'type', event ->> 'type', 'action', action,
    'outcome', coalesce(event ->> 'outcome', 'success'), 'purpose', event ->> 'purpose', 'actor', ctx.member_id,
    'roles', to_jsonb(coalesce(ctx.roles, '{}')), 'session', ctx.session, 'strength', ctx.strength, 'network', event ->> 'networkPrefix',
    'request', event ->> 'requestId', 'subject', event ->> 'subject', 'person', (event ->> 'personId')::uuid, 'case', (event ->> 'caseId')::uuid,
    'fields', to_jsonb(fields), 'basis', event ->> 'basis', 'before', encode(decode(event ->> 'digestBefore', 'hex'), 'hex'),
    'after', encode(decode(event ->> 'digestAfter', 'hex'), 'hex'),
    'reason', encode(sha256(decode(event ->> 'reason', 'base64')), 'hex'), 'txid', txid))::text
$$;

CREATE OR REPLACE FUNCTION app.record_event(event jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL THEN
    RAISE EXCEPTION 'An event needs a signed actor context' USING ERRCODE = '42501';
  END IF;
  RETURN app.write_event(CASE WHEN event::text ~ '[^ -~]|\\' THEN app.plain_event(event) ELSE event END, ctx);
END
$$;

CREATE OR REPLACE FUNCTION app.record_events(events jsonb) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL THEN
    RAISE EXCEPTION 'Events need a signed actor context' USING ERRCODE = '42501';
  END IF;
  IF events::text ~ '[^ -~]|\\' THEN
    events := (SELECT coalesce(jsonb_agg(app.plain_event(e.event) ORDER BY e.n), '[]'::jsonb) FROM jsonb_array_elements(events) WITH ORDINALITY e (event, n));
  END IF;
  RETURN app.write_events(events, ctx);
END
$$;

CREATE OR REPLACE FUNCTION app.account_event(event_type text, event_outcome text, event_subject text, event_fields text[], origin jsonb, ctx app.actor_context)
  RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.write_event(app.plain_event(jsonb_build_object('type', event_type, 'outcome', coalesce(event_outcome, 'success'), 'subject', event_subject,
    'fields', to_jsonb(event_fields), 'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60))), ctx);
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Checks

/* Takes the next check: one that somebody asked for, or the daily one when it is due. Null while one runs or none is due. */
CREATE FUNCTION app.begin_seal_check() RETURNS bigint
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  taken bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('app.seal_check'));
  -- One that was cut short is begun again by the next.
  IF EXISTS (SELECT 1 FROM public.seal_check c WHERE c.finished_at IS NULL AND c.started_at > clock_timestamp() - interval '2 hours') THEN
    RETURN NULL;
  END IF;
  UPDATE public.seal_check c SET started_at = clock_timestamp()
    WHERE c.id = (SELECT max(x.id) FROM public.seal_check x WHERE x.started_at IS NULL) RETURNING c.id INTO taken;
  IF taken IS NULL AND NOT EXISTS (
    SELECT 1 FROM public.seal_check c WHERE c.finished_at > clock_timestamp() - interval '24 hours') THEN
    INSERT INTO public.seal_check (started_at) VALUES (clock_timestamp()) RETURNING id INTO taken;
  END IF;
  RETURN taken;
END
$$;

/* Keeps what a check found. What was not known yet is on the log, and all who administer or oversee are told. */
CREATE FUNCTION app.finish_seal_check(check_id bigint, checked_size bigint, found_fault text, found_position bigint, found_code text,
    found_checkpoint bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  known record;
BEGIN
  SELECT c.acknowledged_at, c.acknowledged_by_id INTO known FROM public.seal_check c
    WHERE c.finished_at IS NOT NULL AND c.fault = found_fault AND c.position IS NOT DISTINCT FROM found_position
      AND c.checkpoint_size IS NOT DISTINCT FROM found_checkpoint
    ORDER BY c.acknowledged_at DESC NULLS LAST, c.id DESC LIMIT 1;
  IF found_fault IS NOT NULL AND NOT FOUND THEN
    PERFORM app.account_event('seal.fault-found', NULL, found_code, ARRAY[found_fault], '{}',
      ROW((SELECT a.id FROM public.agency a WHERE a.kind = 'operator' ORDER BY a.id LIMIT 1), NULL, NULL, NULL, '{}', 'job', 0, 0)::app.actor_context);
    PERFORM app.notify(ARRAY(SELECT m.id FROM public.member m WHERE m.status = 'active'
      AND m.roles && ARRAY['agency_admin', 'system_admin', 'auditor']::public.role[]), 'seal.broken', NULL, true);
  END IF;
  UPDATE public.seal_check c SET finished_at = clock_timestamp(), size = checked_size, fault = found_fault, position = found_position,
    code = found_code, checkpoint_size = found_checkpoint, acknowledged_at = known.acknowledged_at, acknowledged_by_id = known.acknowledged_by_id
    WHERE c.id = check_id;
END
$$;

CREATE FUNCTION app.oversees_seal() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((app.context()).roles && ARRAY['supervisor', 'auditor', 'agency_admin', 'system_admin'], false)
$$;

/* How the seal stands, for whoever administers or oversees; nothing for the others. */
CREATE FUNCTION app.seal_state() RETURNS TABLE (size bigint, root bytea, sealed_at timestamptz, note text, epoch int, origin text, public_key bytea,
    waiting int, waiting_since timestamptz, check_id bigint, checked_at timestamptz, checked_size bigint, fault text, "position" bigint, code text,
    checkpoint_size bigint, acknowledged_at timestamptz, checking boolean)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  head record;
  last record;
  waits record;
BEGIN
  IF NOT app.oversees_seal() THEN RETURN; END IF;
  SELECT h.*, c.at, c.last_txid AS at_txid, c.last_id AS at_id INTO head
    FROM app.seal_head() h LEFT JOIN public.seal_checkpoint c ON c.size = h.size;
  SELECT * INTO last FROM public.seal_check c WHERE c.finished_at IS NOT NULL ORDER BY c.id DESC LIMIT 1;
  SELECT count(*)::int AS n, min(w.at) AS since INTO waits FROM (
    SELECT e.at FROM public.audit_event e WHERE (e.txid, e.id) > (coalesce(head.at_txid, -1), coalesce(head.at_id, 0))
    ORDER BY e.txid, e.id LIMIT 10000) w;
  RETURN QUERY SELECT coalesce(head.size, 0), head.root, head.at, head.note, head.epoch, head.origin, head.public_key, waits.n, waits.since,
    last.id, last.finished_at, last.size, last.fault, last.position, last.code, last.checkpoint_size, last.acknowledged_at,
    EXISTS (SELECT 1 FROM public.seal_check c WHERE c.finished_at IS NULL AND coalesce(c.started_at, c.asked_at) > clock_timestamp() - interval '2 hours');
END
$$;

/* Whether the last check found something that nobody has dealt with; for every page of an administrator or auditor. */
CREATE FUNCTION app.seal_alarm() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT app.oversees_seal() AND coalesce((SELECT c.fault IS NOT NULL AND c.acknowledged_at IS NULL FROM public.seal_check c
    WHERE c.finished_at IS NOT NULL ORDER BY c.id DESC LIMIT 1), false)
$$;

/* Asks for a check soon. False while one runs or waits. */
CREATE FUNCTION app.ask_seal_check() RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT app.oversees_seal() THEN RETURN false; END IF;
  INSERT INTO public.seal_check (asked_at) SELECT clock_timestamp() WHERE NOT EXISTS (
    SELECT 1 FROM public.seal_check c WHERE c.finished_at IS NULL AND coalesce(c.started_at, c.asked_at) > clock_timestamp() - interval '2 hours');
  RETURN FOUND;
END
$$;

/* Says that the fault of a check is dealt with; for the system administrator alone, who runs the installation. */
CREATE FUNCTION app.acknowledge_seal_fault(check_id bigint) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  about text;
  what text;
BEGIN
  IF NOT app.holds_role('system_admin') OR NOT app.is_fresh() THEN RETURN false; END IF;
  UPDATE public.seal_check c SET acknowledged_at = clock_timestamp(), acknowledged_by_id = app.member_id()
    WHERE c.id = check_id AND c.fault IS NOT NULL AND c.acknowledged_at IS NULL RETURNING c.code, c.fault INTO about, what;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.record_event(jsonb_build_object('type', 'seal.fault-acknowledged', 'subject', about, 'fields', jsonb_build_array(what)));
  RETURN true;
END
$$;

DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('plain_text', 'plain_event', 'begin_seal_check', 'finish_seal_check', 'oversees_seal',
             'seal_state', 'seal_alarm', 'ask_seal_check', 'acknowledge_seal_fault') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    IF f.proname IN ('begin_seal_check', 'finish_seal_check') THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role('worker'));
    ELSIF f.proname IN ('seal_state', 'seal_alarm', 'ask_seal_check', 'acknowledge_seal_fault') THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I, %I', f.signature, app.db_role('member'), app.db_role('desk'), app.db_role('auditor'));
    END IF;
  END LOOP;
END
$$;
RESET ROLE;

-- ---------------------------------------------------------------------------------------------------------------
-- What each may read of the log. A supervisor reads the agency's, but for what a restricted case hides from them; those
-- who administer read what happened to accounts.

CREATE INDEX audit_event_accounts ON public.audit_event (agency_id, at DESC, id DESC)
  WHERE person_id IS NULL AND case_id IS NULL AND action IN ('sign_in', 'sign_out', 'create', 'update', 'key_operation', 'export')
    AND type ~ '^(session|member|token|agency|unit|network|key|seal|audit|installation|factor|passkey|recovery|password|backup|cover|absence|access-review)[.]';

ALTER POLICY within_rights_read ON public.audit_event USING (
  (agency_id = (SELECT app.casework_agency()) AND (
    ((SELECT app.holds_role('supervisor'))
      AND (case_id IS NULL OR EXISTS (SELECT 1 FROM public.case_file c WHERE c.id = case_id))
      AND (person_id IS NULL OR EXISTS (SELECT 1 FROM public.person p WHERE p.id = person_id)))
    OR (case_id IS NOT NULL AND app.on_team(case_id))
    OR (case_id IS NULL AND person_id IS NOT NULL AND app.person_team(person_id))))
  OR (person_id IS NULL AND case_id IS NULL AND action IN ('sign_in', 'sign_out', 'create', 'update', 'key_operation', 'export')
    AND type ~ '^(session|member|token|agency|unit|network|key|seal|audit|installation|factor|passkey|recovery|password|backup|cover|absence|access-review)[.]'
    AND ((agency_id = (SELECT app.agency_id()) AND (SELECT app.holds_role('agency_admin'))) OR (SELECT app.holds_role('system_admin'))))
);
