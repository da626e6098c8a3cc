-- The formal referral to a network's identifying authority: a referral of its own kind, with its own purpose, clock, decision and
-- reconsideration, and a route on which nobody is named (docs/decisions/0040). No help depends on any of it.

ALTER TABLE "network" ADD COLUMN "identifying_agency_id" UUID, ADD COLUMN "identifying_service_id" UUID;
ALTER TABLE "network" ADD CONSTRAINT "network_identifying_agency_id_identifying_service_id_fkey" FOREIGN KEY ("identifying_agency_id", "identifying_service_id") REFERENCES "listed_service"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE INDEX "network_identifying_agency_id_identifying_service_id_idx" ON "network"("identifying_agency_id", "identifying_service_id");
ALTER TABLE public.network ADD CONSTRAINT network_identifying CHECK ((identifying_agency_id IS NULL) = (identifying_service_id IS NULL));

ALTER TABLE "referral" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'help',
  ADD COLUMN "anonymous" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "reconsiders_id" UUID,
  ADD COLUMN "decision" "identification_status",
  ADD COLUMN "deciding_body" TEXT,
  ADD COLUMN "decided_on" DATE,
  ADD COLUMN "decision_reason" TEXT;
ALTER TABLE "referral" ADD CONSTRAINT "referral_reconsiders_id_holder_agency_id_case_id_fkey" FOREIGN KEY ("reconsiders_id", "holder_agency_id", "case_id") REFERENCES "referral"("id", "holder_agency_id", "case_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE INDEX "referral_reconsiders_id_idx" ON "referral"("reconsiders_id");

ALTER TABLE public.referral
  ADD CONSTRAINT referral_kind CHECK (kind IN ('help', 'identification')),
  ADD CONSTRAINT referral_of_help CHECK (kind <> 'help' OR (NOT anonymous AND reconsiders_id IS NULL AND decision IS NULL)),
  ADD CONSTRAINT referral_of_identification CHECK (kind <> 'identification' OR (state NOT IN ('accepted', 'in_service', 'expired') AND outcome IS NULL
    AND (state IN ('completed', 'closed')) = (decision IS NOT NULL))),
  ADD CONSTRAINT referral_decision CHECK (num_nonnulls(decision, deciding_body, decided_on, decision_reason) IN (0, 4)),
  ADD CONSTRAINT referral_decision_reason CHECK (CASE decision WHEN 'possible' THEN decision_reason IN ('reasonable_grounds', 'insufficient_information', 'other')
    WHEN 'actual' THEN decision_reason IN ('elements_established', 'child', 'other')
    WHEN 'not_a_victim' THEN decision_reason IN ('elements_not_established', 'insufficient_information', 'other_offence', 'other') ELSE true END);
-- A decision is reconsidered once; of a case one question at a time lies with the authority.
CREATE UNIQUE INDEX referral_reconsidered_once ON public.referral (reconsiders_id) WHERE state NOT IN ('withdrawn', 'declined');
CREATE UNIQUE INDEX referral_identified_once ON public.referral (case_id) WHERE kind = 'identification' AND state IN ('draft', 'sent', 'acknowledged', 'info_requested');

ALTER TABLE public.consent DROP CONSTRAINT consent_purpose,
  ADD CONSTRAINT consent_purpose CHECK (purpose IN ('case_management', 'sharing', 'statistics', 'contact', 'identification'));
ALTER TABLE public.lawful_basis DROP CONSTRAINT lawful_basis_purpose,
  ADD CONSTRAINT lawful_basis_purpose CHECK (purpose IN ('case_management', 'sharing', 'statistics', 'contact', 'identification'));
ALTER TABLE public.sharing_exception DROP CONSTRAINT sharing_exception_purpose,
  ADD CONSTRAINT sharing_exception_purpose CHECK (purpose IN ('sharing', 'contact', 'identification'));

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES ('referral.decided', 'update', false);
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES ('referral.decided', true, true, false, 24);

/* The same as networkSettings in lib/agencies/network-schema.ts: known names, numbers within reason, bases of the list. */
CREATE OR REPLACE FUNCTION app.network_settings_fit(settings jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  urgency text;
  entry jsonb;
BEGIN
  IF jsonb_typeof(settings) <> 'object'
     OR settings - ARRAY['contactHours', 'referralLimits', 'referralExpiry', 'identification', 'legalBases', 'smallNumber', 'leaveUrl'] <> '{}'::jsonb THEN
    RETURN false;
  END IF;
  FOR urgency, entry IN SELECT * FROM jsonb_each(coalesce(settings -> 'contactHours', '{}')) LOOP
    IF urgency NOT IN ('emergency', 'urgent', 'routine') OR NOT coalesce((entry ->> 'hours')::numeric BETWEEN 1 AND 8784
       AND length(entry ->> 'source') BETWEEN 1 AND 200, false) THEN
      RETURN false;
    END IF;
  END LOOP;
  FOR urgency, entry IN SELECT * FROM jsonb_each(coalesce(settings -> 'referralLimits', '{}')) LOOP
    IF urgency NOT IN ('emergency', 'urgent', 'routine') OR NOT coalesce((entry ->> 'acknowledge')::int BETWEEN 1 AND 999
       AND (entry ->> 'decide')::int BETWEEN (entry ->> 'acknowledge')::int AND 999, false) THEN
      RETURN false;
    END IF;
  END LOOP;
  entry := settings -> 'identification';
  IF entry IS NOT NULL AND NOT coalesce((entry ->> 'acknowledge')::int BETWEEN 1 AND 999 AND (entry ->> 'decide')::int BETWEEN (entry ->> 'acknowledge')::int AND 999
     AND (entry ->> 'reconsider')::int BETWEEN (entry ->> 'acknowledge')::int AND 999 AND length(entry ->> 'source') BETWEEN 1 AND 200, false) THEN
    RETURN false;
  END IF;
  IF NOT coalesce((settings ->> 'referralExpiry')::int, 3) BETWEEN 2 AND 20 THEN RETURN false; END IF;
  IF EXISTS (SELECT 1 FROM jsonb_each(coalesce(settings -> 'legalBases', '{}')) b WHERE b.key NOT IN ('case_management', 'sharing', 'statistics', 'contact', 'identification')
     OR NOT b.value <@ '["consent", "public_task", "legal_duty", "vital_interest"]' OR jsonb_array_length(b.value) = 0) THEN
    RETURN false;
  END IF;
  -- Fewer than ten people is never a number that leaves an agency.
  RETURN coalesce((settings ->> 'smallNumber')::int, 10) BETWEEN 10 AND 100
    AND coalesce(settings ->> 'leaveUrl', 'https://') ~ '^https?://' AND length(coalesce(settings ->> 'leaveUrl', '')) <= 300;
EXCEPTION WHEN data_exception THEN RETURN false;
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Which listed service is a network's identifying authority

CREATE OR REPLACE FUNCTION app.network_snapshot(wanted uuid) RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_build_object('name', n.name, 'country', n.country, 'timeZone', n.time_zone, 'workingDays', to_jsonb(n.working_days),
      'opensMinute', n.opens_minute, 'closesMinute', n.closes_minute,
      'oversight', (SELECT a.key FROM public.agency a WHERE a.id = n.oversight_agency_id),
      'coordinator', (SELECT m.code FROM public.network_coordinator c JOIN public.member m ON m.id = c.member_id WHERE c.network_id = n.id),
      'identifyingService', (SELECT s.code FROM public.listed_service s WHERE s.id = n.identifying_service_id),
      'holidays', coalesce((SELECT jsonb_object_agg(h.on_day, h.name) FROM public.network_holiday h WHERE h.network_id = n.id), '{}'),
      'areas', coalesce((SELECT jsonb_object_agg(x.key, x.name) FROM public.network_area x WHERE x.network_id = n.id), '{}'))
    || n.settings
  FROM public.network n WHERE n.id = wanted
$$;

CREATE OR REPLACE FUNCTION app.change_network(wanted uuid, expected_version int, change jsonb, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  n record;
  before jsonb;
  overseer uuid;
  identifying record;
  coordinating record;
BEGIN
  IF NOT app.administers_networks() THEN RETURN 'not_found'; END IF;
  SELECT x.id, x.version INTO n FROM public.network x WHERE x.id = wanted FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF n.version <> expected_version THEN RETURN 'stale'; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_timezone_names z WHERE z.name = change ->> 'timeZone') THEN RETURN 'zone'; END IF;
  IF change ->> 'oversight' IS NOT NULL THEN
    SELECT a.id INTO overseer FROM public.agency a WHERE a.key = change ->> 'oversight' AND a.network_id = wanted AND a.kind = 'oversight';
    IF NOT FOUND THEN RETURN 'oversight'; END IF;
  END IF;
  IF change ->> 'identifyingService' IS NOT NULL THEN
    SELECT s.id, s.agency_id INTO identifying FROM public.listed_service s WHERE s.code = change ->> 'identifyingService' AND s.network_id = wanted AND s.status = 'active';
    IF NOT FOUND THEN RETURN 'identifying_service'; END IF;
  END IF;
  IF change ->> 'coordinator' IS NOT NULL THEN
    SELECT m.id, m.agency_id INTO coordinating FROM public.member m JOIN public.agency a ON a.id = m.agency_id
      WHERE m.code = change ->> 'coordinator' AND a.network_id = wanted AND m.status = 'active' AND 'coordinator' = ANY (m.roles);
    IF NOT FOUND THEN RETURN 'coordinator'; END IF;
  END IF;
  before := app.network_snapshot(wanted);
  UPDATE public.network x SET name = change ->> 'name', country = change ->> 'country', time_zone = change ->> 'timeZone',
      working_days = ARRAY(SELECT jsonb_array_elements_text(change -> 'workingDays')::int ORDER BY 1),
      opens_minute = (change ->> 'opensMinute')::int, closes_minute = (change ->> 'closesMinute')::int,
      oversight_agency_id = overseer, settings = change -> 'settings'
    WHERE x.id = wanted;
  IF change ->> 'identifyingService' IS NULL THEN
    UPDATE public.network x SET identifying_agency_id = NULL, identifying_service_id = NULL WHERE x.id = wanted;
  ELSE
    UPDATE public.network x SET identifying_agency_id = identifying.agency_id, identifying_service_id = identifying.id WHERE x.id = wanted;
  END IF;
  DELETE FROM public.network_coordinator c WHERE c.network_id = wanted;
  IF change ->> 'coordinator' IS NOT NULL THEN
    INSERT INTO public.network_coordinator (network_id, agency_id, member_id) VALUES (wanted, coordinating.agency_id, coordinating.id);
  END IF;
  PERFORM app.note_network_change(wanted, before, origin, app.context());
  RETURN 'ok';
END
$$;

/* What agencies of a network list in legal help and residence, by agency: whoever administers networks names one as its authority. */
CREATE FUNCTION app.services_that_may_identify(wanted uuid) RETURNS TABLE (code text, name text, agency_name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s.code, s.name, a.name FROM public.listed_service s JOIN public.agency a ON a.id = s.agency_id
  WHERE app.administers_networks() AND s.network_id = wanted AND s.status = 'active' AND a.kind = 'government' AND s.category IN ('legal', 'residency')
  ORDER BY a.name, s.name LIMIT 300
$$;

/* The identifying authority of the network of whoever asks: the listed service whose receivers answer, and its agency. */
CREATE FUNCTION app.identifying_authority() RETURNS TABLE (service_id uuid, service_code text, service_name text, agency_id uuid, agency_key text, agency_name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s.id, s.code, s.name, a.id, a.key, a.name FROM public.network n JOIN public.listed_service s ON s.id = n.identifying_service_id AND s.status = 'active'
  JOIN public.agency a ON a.id = s.agency_id WHERE n.id = (app.context()).network_id
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- The transitions, as lib/referrals/rules.ts has them

/* Where a move leads from a state; null where it may not be made there. An answered question leads back: 'before'. */
CREATE OR REPLACE FUNCTION app.referral_next(move text, state text) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT t.next FROM (VALUES
    ('send', 'draft', 'sent'),
    ('acknowledge', 'sent', 'acknowledged'),
    ('request-info', 'sent', 'info_requested'), ('request-info', 'acknowledged', 'info_requested'),
    ('answer-info', 'info_requested', 'before'),
    ('accept', 'sent', 'accepted'), ('accept', 'acknowledged', 'accepted'),
    ('decline', 'sent', 'declined'), ('decline', 'acknowledged', 'declined'),
    ('start', 'accepted', 'in_service'),
    ('complete', 'accepted', 'completed'), ('complete', 'in_service', 'completed'),
    ('decide', 'acknowledged', 'completed'),
    ('withdraw', 'draft', 'withdrawn'), ('withdraw', 'sent', 'withdrawn'), ('withdraw', 'acknowledged', 'withdrawn'),
    ('withdraw', 'info_requested', 'withdrawn'), ('withdraw', 'accepted', 'withdrawn'), ('withdraw', 'in_service', 'withdrawn'),
    ('expire', 'sent', 'expired'), ('expire', 'acknowledged', 'expired'),
    ('close', 'completed', 'closed')) t (move, state, next)
  WHERE t.move = referral_next.move AND t.state = referral_next.state
$$;

/* Which side makes a move. */
CREATE OR REPLACE FUNCTION app.referral_mover(move text) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN move IN ('send', 'answer-info', 'withdraw', 'close') THEN 'sender'
    WHEN move IN ('acknowledge', 'request-info', 'accept', 'decline', 'start', 'complete', 'decide') THEN 'receiver' ELSE 'time' END
$$;

/* Which moves a kind of referral has: an authority decides, and its question neither expires nor waits for a place. */
CREATE FUNCTION app.referral_moves(kind text) RETURNS text[]
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE kind WHEN 'identification' THEN ARRAY['send', 'acknowledge', 'request-info', 'answer-info', 'decide', 'decline', 'withdraw', 'close']
    ELSE ARRAY['send', 'acknowledge', 'request-info', 'answer-info', 'accept', 'decline', 'start', 'complete', 'withdraw', 'expire', 'close'] END
$$;

/* For which purpose a referral shares. */
CREATE FUNCTION app.referral_purpose(r public.referral) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$ SELECT CASE r.kind WHEN 'identification' THEN 'identification' ELSE 'sharing' END $$;

/* What an authority may see on the route without identity: no field by which somebody is named or reached. */
CREATE FUNCTION app.is_nameless(field text) RETURNS boolean
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$ SELECT field NOT LIKE 'identity.%' AND field NOT LIKE 'contact.%' $$;

/*
 * May these fields leave with this referral now? An authority's competence is the law's, so that no agreement between two
 * agencies stands beside what the person agreed to, or what their agency rests on, for this very purpose.
 */
CREATE FUNCTION app.basis_of_referral(r public.referral, wanted_fields text[], at timestamptz)
  RETURNS TABLE (field text, allowed boolean, basis text, code text, until timestamptz, reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT b.* FROM app.sharing_basis_of(r.case_id, r.to_agency_id, 'identification', wanted_fields, at) b WHERE r.kind = 'identification'
  UNION ALL
  SELECT b.* FROM app.referral_basis_of(r.case_id, r.agency_id, r.to_agency_id, app.referral_categories(r.id), wanted_fields, at) b WHERE r.kind = 'help'
$$;

/* Whether a referral still has a basis: for at least one of its needs, or for something that an authority was told. */
CREATE OR REPLACE FUNCTION app.referral_lives(r public.referral, at timestamptz) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM app.basis_of_referral(r, CASE r.kind WHEN 'identification' THEN r.fields ELSE '{}' END, at) b WHERE b.allowed)
$$;

/* Whether the receiving side may open what was shared, by the state alone: an authority from its acknowledgement to its decision. */
CREATE FUNCTION app.package_is_open(r public.referral) RETURNS boolean
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE r.kind WHEN 'identification' THEN r.acknowledged_at IS NOT NULL AND r.state IN ('acknowledged', 'info_requested')
    ELSE r.state IN ('accepted', 'in_service') END
$$;

/* The fields that the receiving side may open of a referral now: those that left and that something living still covers. */
CREATE OR REPLACE FUNCTION app.package_fields(r public.referral, at timestamptz) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH cats AS (SELECT app.referral_categories(r.id) AS all_cats)
  SELECT coalesce(array_agg(b.field ORDER BY b.field), '{}')
  FROM cats, app.basis_of_referral(r, r.fields, at) b
  JOIN public.disclosure_field d ON d.key = b.field
  WHERE b.allowed AND b.field = ANY (r.fields) AND (d.category IS NULL OR d.category = ANY (cats.all_cats)) AND (NOT r.anonymous OR app.is_nameless(b.field))
    AND app.referral_lives(r, at)
$$;

/* When the clock's job has to look next: at the next moment of its clock, at the end of a basis, and once a day anyway. */
CREATE OR REPLACE FUNCTION app.referral_next_at(r public.referral, at timestamptz) RETURNS timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE
    WHEN r.state = 'completed' THEN r.completed_at + interval '14 days'
    WHEN r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service') THEN least(
      at + interval '1 day',
      (SELECT min(b.until) FROM app.basis_of_referral(r, r.fields, at) b WHERE b.allowed AND b.until > at),
      CASE WHEN r.state = 'sent' AND NOT 'ack_half' = ANY (r.told) THEN r.acknowledge_half_at END,
      CASE WHEN r.state = 'sent' AND NOT 'ack_by' = ANY (r.told) THEN r.acknowledge_by END,
      CASE WHEN r.state = 'sent' AND NOT 'ack_late' = ANY (r.told) THEN r.acknowledge_late_at END,
      CASE WHEN r.state IN ('sent', 'acknowledged') AND NOT 'decide_half' = ANY (r.told) THEN r.decide_half_at END,
      CASE WHEN r.state IN ('sent', 'acknowledged') AND NOT 'decide_by' = ANY (r.told) THEN r.decide_by END,
      CASE WHEN r.state IN ('sent', 'acknowledged') AND NOT 'decide_late' = ANY (r.told) THEN r.decide_late_at END,
      CASE WHEN r.kind = 'help' AND r.state IN ('sent', 'acknowledged') THEN r.expires_at END)
  END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Making, sending, moving

/*
 * Drafts a referral of a case of the actor's team to the authority, or the request to reconsider a decision: ok, not_found,
 * case_closed, no_authority, already_asked or not_decided.
 */
CREATE FUNCTION app.draft_identification(new_id uuid, new_code text, wanted_case uuid, nameless boolean, first_code text, wanted_fields text[],
    preview_key jsonb, package_key jsonb, reason_id uuid, reason bytea, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  c record;
  s record;
  first public.referral;
  r public.referral;
BEGIN
  SELECT x.* INTO c FROM public.case_file x WHERE x.id = wanted_case AND x.agency_id = ctx.agency_id AND x.holder_agency_id = ctx.agency_id FOR UPDATE;
  IF NOT FOUND OR NOT app.on_team(wanted_case) THEN RETURN 'not_found'; END IF;
  IF c.status IN ('closed', 'closed_referred') THEN RETURN 'case_closed'; END IF;
  SELECT a.* INTO s FROM app.identifying_authority() a WHERE a.agency_id <> ctx.agency_id;
  IF NOT FOUND THEN RETURN 'no_authority'; END IF;
  IF EXISTS (SELECT 1 FROM public.referral x WHERE x.case_id = wanted_case AND x.kind = 'identification' AND x.state IN ('draft', 'sent', 'acknowledged', 'info_requested')) THEN
    RETURN 'already_asked';
  END IF;
  IF first_code IS NOT NULL THEN
    SELECT x.* INTO first FROM public.referral x WHERE x.code = first_code AND x.case_id = wanted_case AND x.kind = 'identification' AND x.decision IS NOT NULL AND x.reconsiders_id IS NULL;
    IF NOT FOUND THEN RETURN 'not_decided'; END IF;
    IF EXISTS (SELECT 1 FROM public.referral x WHERE x.reconsiders_id = first.id AND x.state NOT IN ('withdrawn', 'declined')) THEN RETURN 'already_asked'; END IF;
    -- Nobody learns by a second question who was asked about without a name, and who decided is asked again.
    nameless := first.anonymous;
    s.service_id := first.listed_service_id;
    s.agency_id := first.to_agency_id;
  END IF;
  INSERT INTO public.referral (id, code, kind, anonymous, reconsiders_id, case_id, person_id, holder_agency_id, agency_id, to_agency_id, listed_service_id, urgency, fields,
      created_by_id, created_at, restricted)
    VALUES (new_id, new_code, 'identification', nameless, first.id, c.id, c.person_id, c.holder_agency_id, ctx.agency_id, s.agency_id, s.service_id, 'routine',
      ARRAY(SELECT DISTINCT f FROM unnest(wanted_fields) f JOIN public.disclosure_field d ON d.key = f WHERE d.category IS NULL AND (NOT nameless OR app.is_nameless(f)) ORDER BY f),
      ctx.member_id, app.now(), c.restricted)
    RETURNING * INTO r;
  PERFORM app.store_referral_key(r, 'preview', r.agency_id, preview_key);
  PERFORM app.store_referral_key(r, 'package', r.agency_id, package_key);
  IF reason IS NOT NULL THEN
    INSERT INTO public.referral_text (id, referral_id, kind, holder_agency_id, agency_id, sealed, written_by_id, written_at)
      VALUES (reason_id, r.id, 'reason', r.holder_agency_id, ctx.agency_id, reason, ctx.member_id, app.now());
  END IF;
  PERFORM app.referral_event('referral.drafted', r, '{}', origin, ctx);
  RETURN 'ok';
END
$$;

/*
 * Sends a draft with what was sealed for it: ok, not_found, wrong_state, case_closed, needs, no_service, no_agreement or
 * no_basis. Every field is asked of the engine once more, here.
 */
CREATE OR REPLACE FUNCTION app.send_referral(wanted text, clock jsonb, package jsonb, receiver_key jsonb, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  r public.referral;
  categories text[];
  seen text[];
BEGIN
  SELECT x.* INTO r FROM public.referral x WHERE x.code = wanted AND x.agency_id = app.casework_agency() FOR UPDATE;
  IF NOT FOUND OR app.referral_side(r) IS DISTINCT FROM 'sender' OR NOT app.on_team(r.case_id) THEN RETURN 'not_found'; END IF;
  IF app.referral_next('send', r.state) IS NULL THEN RETURN 'wrong_state'; END IF;
  IF EXISTS (SELECT 1 FROM public.case_file c WHERE c.id = r.case_id AND c.status IN ('closed', 'closed_referred')) THEN RETURN 'case_closed'; END IF;
  IF EXISTS (SELECT 1 FROM public.referral_need x JOIN public.need n ON n.id = x.need_id
      WHERE x.referral_id = r.id AND n.state NOT IN ('open', 'planned', 'being_met')) THEN RETURN 'needs'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.listed_service s WHERE s.id = r.listed_service_id AND s.status = 'active')
     OR NOT EXISTS (SELECT 1 FROM app.answers_for(r.listed_service_id, at)) THEN RETURN 'no_service'; END IF;
  categories := app.referral_categories(r.id);
  IF r.kind = 'help' AND EXISTS (SELECT 1 FROM app.basis_of_referral(r, '{}', at) b WHERE NOT b.allowed AND b.reason = 'no_agreement') THEN
    RETURN 'no_agreement';
  END IF;
  seen := ARRAY(SELECT f ->> 'field' FROM jsonb_array_elements(package) f);
  IF cardinality(seen) = 0 OR EXISTS (SELECT 1 FROM app.basis_of_referral(r, seen, at) b WHERE NOT b.allowed)
     OR EXISTS (SELECT 1 FROM unnest(categories) c WHERE NOT 'need.' || c = ANY (seen)) THEN RETURN 'no_basis'; END IF;
  IF EXISTS (SELECT 1 FROM jsonb_array_elements(package) f JOIN public.disclosure_field d ON d.key = f ->> 'field'
      WHERE f ->> 'part' = 'preview' AND d.identity <> 'none') THEN
    RAISE EXCEPTION 'What is seen before acceptance names nobody' USING ERRCODE = '23514';
  END IF;
  IF r.anonymous AND EXISTS (SELECT 1 FROM unnest(seen) f WHERE NOT app.is_nameless(f)) THEN
    RAISE EXCEPTION 'What goes to the authority without identity names nobody' USING ERRCODE = '23514';
  END IF;
  INSERT INTO public.referral_field (referral_id, field, version, part, holder_agency_id, agency_id, sealed, sealed_at)
    SELECT r.id, f ->> 'field', 1, f ->> 'part', r.holder_agency_id, r.agency_id, decode(f ->> 'sealed', 'base64'), at FROM jsonb_array_elements(package) f;
  PERFORM app.store_referral_key(r, 'preview', r.to_agency_id, receiver_key);
  UPDATE public.referral x SET state = 'sent', fields = seen, sent_at = at, sent_by_id = ctx.member_id, version = x.version + 1,
      clock_started_at = (clock ->> 'startedAt')::timestamptz, acknowledge_half_at = (clock ->> 'acknowledgeHalfAt')::timestamptz,
      acknowledge_by = (clock ->> 'acknowledgeBy')::timestamptz, acknowledge_late_at = (clock ->> 'acknowledgeLateAt')::timestamptz,
      decide_half_at = (clock ->> 'decideHalfAt')::timestamptz, decide_by = (clock ->> 'decideBy')::timestamptz,
      decide_late_at = (clock ->> 'decideLateAt')::timestamptz, expires_at = (clock ->> 'expiresAt')::timestamptz
    WHERE x.id = r.id RETURNING x.* INTO r;
  UPDATE public.referral x SET next_at = app.referral_next_at(r, at) WHERE x.id = r.id;
  -- Where a person lets nothing be seen at once, nothing has left yet.
  IF EXISTS (SELECT 1 FROM jsonb_array_elements(package) f WHERE f ->> 'part' = 'preview') THEN
    PERFORM app.write_disclosure('preview', r.case_id, r.to_agency_id, app.referral_purpose(r),
      ARRAY(SELECT f ->> 'field' FROM jsonb_array_elements(package) f WHERE f ->> 'part' = 'preview' ORDER BY 1), r.code, origin, ctx);
  END IF;
  PERFORM app.move_referral_needs(r, NULL, ARRAY['open'], 'planned', origin, ctx);
  PERFORM app.referral_event('referral.sent', r, '{}', origin, ctx);
  PERFORM app.notify(app.referral_receivers(r, NULL), 'referral.received', r.code, r.urgency <> 'routine');
  RETURN 'ok';
END
$$;

/* What an authority decided, on the case that it is about: who decided what and when. The reason stays on the referral, in a code. */
CREATE FUNCTION app.record_decision(r public.referral, origin jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  c record;
BEGIN
  UPDATE public.case_file x SET version = x.version + 1 WHERE x.id = r.case_id RETURNING x.code, x.agency_id INTO c;
  UPDATE public.case_content x SET identification = r.decision, identified_by = r.deciding_body, identified_on = r.decided_on, identification_reason = NULL, updated_at = app.now()
    WHERE x.case_id = r.case_id;
  -- In the holder's log; the authority knows the referral only.
  PERFORM app.write_event(jsonb_build_object('type', 'case.changed', 'subject', c.code, 'personId', r.person_id, 'caseId', r.case_id, 'holderAgencyId', r.holder_agency_id,
    'fields', '["identification", "identifiedBy", "identifiedOn"]'::jsonb, 'basis', r.code,
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)), app.unattended(c.agency_id));
END
$$;

/*
 * Makes one move of a referral: ok, not_found, forbidden, same_member, already_answered, wrong_state, needs or no_basis. The row is
 * locked first, so of two who answer at once the second finds it answered. `words` is what goes with it, sealed.
 */
CREATE OR REPLACE FUNCTION app.move_referral(wanted text, move text, detail jsonb, words_id uuid, words bytea, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  r public.referral;
  side text;
  next text;
  taken text[];
  open_fields text[];
  kind text;
BEGIN
  SELECT x.* INTO r FROM public.referral x WHERE x.code = wanted FOR UPDATE;
  side := app.referral_side(r);
  IF side IS NULL THEN RETURN 'not_found'; END IF;
  IF side <> app.referral_mover(move)
     OR (side = 'sender' AND NOT app.on_team(r.case_id))
     OR (side = 'receiver' AND NOT app.i_answer_for(r.listed_service_id)) THEN RETURN 'forbidden'; END IF;
  -- Whoever decided first doesn't decide again about their own decision.
  IF move IN ('decide', 'decline') AND EXISTS (SELECT 1 FROM public.referral f WHERE f.id = r.reconsiders_id AND f.answered_by_id = ctx.member_id) THEN RETURN 'same_member'; END IF;
  next := app.referral_next(move, r.state);
  IF next IS NULL OR move = 'send' OR NOT move = ANY (app.referral_moves(r.kind)) THEN
    RETURN CASE WHEN move IN ('accept', 'decline', 'decide') AND r.answered_at IS NOT NULL THEN 'already_answered' ELSE 'wrong_state' END;
  END IF;
  IF side = 'receiver' AND (move IN ('accept', 'start') OR (move = 'acknowledge' AND r.kind = 'identification')) AND NOT app.referral_lives(r, at) THEN RETURN 'no_basis'; END IF;

  IF move = 'acknowledge' THEN
    UPDATE public.referral x SET state = next, acknowledged_at = at, version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
    IF r.kind = 'identification' THEN
      PERFORM app.store_referral_key(r, 'package', r.to_agency_id, detail -> 'packageKey');
      PERFORM app.write_disclosure('package', r.case_id, r.to_agency_id, 'identification', app.package_fields(r, at), r.code, origin, ctx);
    END IF;
  ELSIF move = 'request-info' THEN
    UPDATE public.referral x SET state = next, state_before = x.state, paused_at = at, version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
  ELSIF move = 'answer-info' THEN
    UPDATE public.referral x SET state = x.state_before, state_before = NULL, paused_at = NULL, version = x.version + 1,
        clock_started_at = (detail -> 'clock' ->> 'startedAt')::timestamptz, acknowledge_half_at = (detail -> 'clock' ->> 'acknowledgeHalfAt')::timestamptz, acknowledge_by = (detail -> 'clock' ->> 'acknowledgeBy')::timestamptz,
        acknowledge_late_at = (detail -> 'clock' ->> 'acknowledgeLateAt')::timestamptz, decide_half_at = (detail -> 'clock' ->> 'decideHalfAt')::timestamptz,
        decide_by = (detail -> 'clock' ->> 'decideBy')::timestamptz, decide_late_at = (detail -> 'clock' ->> 'decideLateAt')::timestamptz,
        expires_at = (detail -> 'clock' ->> 'expiresAt')::timestamptz
      WHERE x.id = r.id RETURNING x.* INTO r;
  ELSIF move = 'accept' THEN
    taken := ARRAY(SELECT jsonb_array_elements_text(coalesce(detail -> 'needs', '[]')));
    IF cardinality(taken) > 0 AND (SELECT count(*) FROM public.referral_need x JOIN public.need n ON n.id = x.need_id
        WHERE x.referral_id = r.id AND n.code = ANY (taken)) <> cardinality(taken) THEN RETURN 'needs'; END IF;
    UPDATE public.referral_need x SET accepted = (cardinality(taken) = 0 OR n.code = ANY (taken)) FROM public.need n WHERE x.referral_id = r.id AND n.id = x.need_id;
    IF NOT app.referral_lives(r, at) THEN RAISE EXCEPTION 'No basis covers the needs that were accepted' USING ERRCODE = '42501', CONSTRAINT = 'no_basis'; END IF;
    UPDATE public.referral x SET state = next, answered_at = at, answered_by_id = ctx.member_id, acknowledged_at = coalesce(x.acknowledged_at, at),
        starts_on = (detail ->> 'startsOn')::date, overdue_at = NULL, version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
    PERFORM app.store_referral_key(r, 'package', r.to_agency_id, detail -> 'packageKey');
    INSERT INTO public.case_grant (id, referral_id, case_id, case_code, person_id, holder_agency_id, agency_id, categories, restricted, started_at)
      SELECT gen_random_uuid(), r.id, r.case_id, c.code, r.person_id, r.holder_agency_id, r.to_agency_id, app.referral_categories(r.id), c.restricted, at
      FROM public.case_file c WHERE c.id = r.case_id;
    open_fields := app.package_fields(r, at);
    PERFORM app.write_disclosure('package', r.case_id, r.to_agency_id, 'sharing', open_fields, r.code, origin, ctx);
    PERFORM app.referral_event('case-grant.started', r, app.referral_categories(r.id), origin, ctx);
    PERFORM app.move_referral_needs(r, false, ARRAY['planned'], 'open', origin, ctx);
    PERFORM app.move_referral_needs(r, true, ARRAY['open'], 'planned', origin, ctx);
  ELSIF move = 'decline' THEN
    UPDATE public.referral x SET state = next, answered_at = at, answered_by_id = ctx.member_id, ended_at = at, decline_reason = detail ->> 'declineReason',
        overdue_at = NULL, version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
    PERFORM app.move_referral_needs(r, NULL, ARRAY['planned'], 'open', origin, ctx);
  ELSIF move = 'start' THEN
    UPDATE public.referral x SET state = next, service_since = at, version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
    PERFORM app.move_referral_needs(r, true, ARRAY['open', 'planned'], 'being_met', origin, ctx);
  ELSIF move = 'complete' THEN
    UPDATE public.referral x SET state = next, completed_at = at, outcome = detail ->> 'outcome', version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
  ELSIF move = 'decide' THEN
    UPDATE public.referral x SET state = next, completed_at = at, answered_at = at, answered_by_id = ctx.member_id, overdue_at = NULL, version = x.version + 1,
        decision = (detail ->> 'decision')::public.identification_status, deciding_body = detail ->> 'decidingBody', decided_on = (detail ->> 'decidedOn')::date,
        decision_reason = detail ->> 'decisionReason'
      WHERE x.id = r.id RETURNING x.* INTO r;
    PERFORM app.record_decision(r, origin);
  ELSIF move = 'withdraw' THEN
    UPDATE public.referral x SET state = next, ended_at = at, ended_why = 'sender', paused_at = NULL, state_before = NULL, overdue_at = NULL, version = x.version + 1
      WHERE x.id = r.id RETURNING x.* INTO r;
    PERFORM app.move_referral_needs(r, NULL, ARRAY['planned', 'being_met'], 'open', origin, ctx);
  ELSE
    UPDATE public.referral x SET state = next, ended_at = at, feedback = detail ->> 'feedback', version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
  END IF;

  kind := CASE move WHEN 'request-info' THEN 'question' WHEN 'answer-info' THEN 'answer' WHEN 'decline' THEN 'decline' WHEN 'complete' THEN 'outcome' WHEN 'decide' THEN 'outcome' END;
  IF words IS NOT NULL AND kind IS NOT NULL THEN
    INSERT INTO public.referral_text (id, referral_id, kind, holder_agency_id, agency_id, sealed, written_by_id, written_at)
      VALUES (words_id, r.id, kind, r.holder_agency_id, ctx.agency_id, words, ctx.member_id, at);
  END IF;
  PERFORM app.referral_event(CASE move WHEN 'acknowledge' THEN 'referral.acknowledged' WHEN 'request-info' THEN 'referral.info-requested'
    WHEN 'answer-info' THEN 'referral.info-answered' WHEN 'accept' THEN 'referral.accepted' WHEN 'decline' THEN 'referral.declined'
    WHEN 'start' THEN 'referral.started' WHEN 'complete' THEN 'referral.completed' WHEN 'decide' THEN 'referral.decided' WHEN 'withdraw' THEN 'referral.withdrawn' ELSE 'referral.closed' END,
    r, '{}', origin, ctx);
  IF r.state IN ('declined', 'withdrawn', 'completed') THEN PERFORM app.shut_referral(r, at, origin, ctx); END IF;
  UPDATE public.referral x SET next_at = app.referral_next_at(r, at) WHERE x.id = r.id;
  IF r.sent_at IS NOT NULL THEN
    PERFORM app.notify(CASE WHEN side = 'sender' THEN app.referral_receivers(r, NULL) ELSE app.referral_senders(r, NULL) END,
      CASE move WHEN 'acknowledge' THEN 'referral.acknowledged' WHEN 'request-info' THEN 'referral.question' WHEN 'answer-info' THEN 'referral.answered'
        WHEN 'accept' THEN 'referral.accepted' WHEN 'decline' THEN 'referral.declined' WHEN 'start' THEN 'referral.started'
        WHEN 'complete' THEN 'referral.completed' WHEN 'decide' THEN 'referral.decided' WHEN 'withdraw' THEN 'referral.withdrawn' ELSE 'referral.closed' END, r.code, r.urgency = 'emergency');
  END IF;
  RETURN 'ok';
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Reading

DROP FUNCTION app.referrals(text, text, text[], uuid, uuid, int);
/* The referrals that whoever asks may know, the latest first: one by its code, or a page of a box. */
CREATE FUNCTION app.referrals(wanted text, box text, states text[], only_case uuid, before uuid, how_many int) RETURNS TABLE (
  id uuid, code text, side text, holder_id uuid, case_id uuid, case_code text, person_id uuid, state text, state_before text, urgency text,
  from_key text, from_name text, to_id uuid, to_key text, to_name text, service_code text, service_name text, service_category text, service_type text,
  fields text[], needs jsonb, created_at timestamptz, sent_at timestamptz, acknowledged_at timestamptz, answered_at timestamptz, starts_on text,
  service_since timestamptz, completed_at timestamptz, ended_at timestamptz, ended_why text, decline_reason text, outcome text, feedback text,
  clock_started_at timestamptz, acknowledge_half_at timestamptz, acknowledge_by timestamptz, acknowledge_late_at timestamptz, decide_half_at timestamptz,
  decide_by timestamptz, decide_late_at timestamptz, expires_at timestamptz, paused_at timestamptz, overdue boolean, version int,
  on_team boolean, receives boolean, answers boolean, package_open text[], package_until timestamptz,
  kind text, anonymous boolean, reconsiders text, reconsidered_by text, decision text, deciding_body text, decided_on text, decision_reason text, decided_first boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
BEGIN
  IF ctx IS NULL THEN RETURN; END IF;
  RETURN QUERY
  WITH page AS (
    SELECT x.* FROM public.referral x
    WHERE (wanted IS NULL OR x.code = wanted)
      AND (wanted IS NOT NULL OR CASE box WHEN 'in' THEN x.to_agency_id = ctx.agency_id WHEN 'out' THEN x.agency_id = ctx.agency_id
        ELSE x.agency_id IN (SELECT a.id FROM public.agency a WHERE a.network_id = ctx.network_id) END)
      AND (states IS NULL OR x.state = ANY (states)) AND (only_case IS NULL OR x.case_id = only_case) AND (before IS NULL OR x.id < before)
      AND app.referral_side(x) = CASE WHEN wanted IS NOT NULL THEN app.referral_side(x) WHEN box = 'in' THEN 'receiver' WHEN box = 'out' THEN 'sender' ELSE 'desk' END
    ORDER BY x.id DESC LIMIT how_many
  ), seen AS (
    SELECT p.*, app.referral_side(p::public.referral) AS of_side, app.on_team(p.case_id) AS is_team, app.referral_receives(p::public.referral) AS is_receiving FROM page p
  )
  SELECT r.id, r.code, r.of_side, r.holder_agency_id,
    CASE WHEN r.of_side = 'sender' OR (r.of_side = 'receiver' AND g.id IS NOT NULL) THEN r.case_id END,
    CASE WHEN r.of_side = 'sender' THEN c.code WHEN r.of_side = 'receiver' THEN g.case_code END,
    CASE WHEN r.of_side = 'sender' THEN r.person_id END,
    r.state, r.state_before, r.urgency::text, f.key, f.name, r.to_agency_id, t.key, t.name, s.code, s.name, s.category, s.type,
    CASE WHEN r.is_team THEN r.fields ELSE '{}' END,
    CASE WHEN r.of_side = 'receiver' AND r.state NOT IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service') THEN '[]' ELSE coalesce((
      SELECT jsonb_agg(jsonb_build_object('code', CASE WHEN r.of_side = 'sender' OR r.is_receiving THEN n.code END, 'category', n.category, 'type', n.type,
        'accepted', x.accepted) ORDER BY n.category, n.code)
      FROM public.referral_need x JOIN public.need n ON n.id = x.need_id
      WHERE x.referral_id = r.id AND (r.of_side <> 'receiver' OR x.accepted IS DISTINCT FROM false)), '[]') END,
    r.created_at, r.sent_at, r.acknowledged_at, r.answered_at, r.starts_on::text, r.service_since, r.completed_at, r.ended_at, r.ended_why,
    r.decline_reason, r.outcome, r.feedback, r.clock_started_at, r.acknowledge_half_at, r.acknowledge_by, r.acknowledge_late_at, r.decide_half_at,
    r.decide_by, r.decide_late_at, r.expires_at, r.paused_at, r.overdue_at IS NOT NULL AND r.state IN ('sent', 'acknowledged', 'info_requested'), r.version,
    r.is_team, r.is_receiving, r.of_side = 'receiver' AND app.i_answer_for(r.listed_service_id),
    CASE WHEN wanted IS NOT NULL AND r.of_side = 'receiver' AND r.is_receiving AND app.package_is_open((SELECT q FROM public.referral q WHERE q.id = r.id))
      THEN app.package_fields((SELECT q FROM public.referral q WHERE q.id = r.id), at) END,
    CASE WHEN wanted IS NOT NULL AND r.of_side = 'receiver' AND r.is_receiving AND app.package_is_open((SELECT q FROM public.referral q WHERE q.id = r.id))
      THEN (SELECT min(b.until) FROM app.basis_of_referral((SELECT q FROM public.referral q WHERE q.id = r.id), r.fields, at) b WHERE b.allowed) END,
    r.kind, r.anonymous, (SELECT q.code FROM public.referral q WHERE q.id = r.reconsiders_id),
    (SELECT q.code FROM public.referral q WHERE q.reconsiders_id = r.id AND q.sent_at IS NOT NULL AND q.state NOT IN ('withdrawn', 'declined')),
    -- What was decided is for those who asked and those who decided, never for a list of the network.
    CASE WHEN r.is_team OR r.is_receiving THEN r.decision::text END, CASE WHEN r.is_team OR r.is_receiving THEN r.deciding_body END,
    CASE WHEN r.is_team OR r.is_receiving THEN r.decided_on::text END, CASE WHEN r.is_team OR r.is_receiving THEN r.decision_reason END,
    EXISTS (SELECT 1 FROM public.referral q WHERE q.id = r.reconsiders_id AND q.answered_by_id = ctx.member_id)
  FROM seen r JOIN public.agency f ON f.id = r.agency_id JOIN public.agency t ON t.id = r.to_agency_id
  JOIN public.listed_service s ON s.id = r.listed_service_id JOIN public.case_file c ON c.id = r.case_id
  LEFT JOIN public.case_grant g ON g.referral_id = r.id
  ORDER BY r.id DESC;
END
$$;

/*
 * Opens the package: for the receiving side of an accepted referral, field by field as a living basis covers it at this
 * moment; for the sender's team always. The look is written before anything is handed out (invariant 2).
 */
CREATE OR REPLACE FUNCTION app.open_package(wanted text, origin jsonb)
  RETURNS TABLE (field text, part text, place text, sealed bytea, key_id uuid, wrap_version int, wrapped bytea, version int)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  r public.referral;
  side text;
  shown text[];
BEGIN
  SELECT x.* INTO r FROM public.referral x WHERE x.code = wanted FOR SHARE;
  side := app.referral_side(r);
  IF side = 'sender' AND app.on_team(r.case_id) AND r.sent_at IS NOT NULL THEN
    shown := r.fields;
  ELSIF side = 'receiver' AND app.referral_receives(r) AND app.package_is_open(r) THEN
    shown := app.package_fields(r, app.now());
  END IF;
  IF coalesce(cardinality(shown), 0) = 0 THEN RETURN; END IF;
  PERFORM app.referral_event('referral-package.opened', r, shown, origin, ctx);
  RETURN QUERY
    SELECT f.field, f.part, f.referral_id || ':' || f.field || ':' || f.version, f.sealed, k.key_id, k.wrap_version, k.wrapped, f.version
    FROM (SELECT DISTINCT ON (v.field) v.* FROM public.referral_field v WHERE v.referral_id = r.id ORDER BY v.field, v.version DESC) f
    JOIN public.referral_key k ON k.referral_id = r.id AND k.part = f.part AND k.agency_id = ctx.agency_id
    JOIN public.disclosure_field d ON d.key = f.field
    WHERE f.field = ANY (shown) ORDER BY d.sort;
END
$$;

/* Does what has fallen due of referrals; returns how many were looked at. May run twice. */
CREATE OR REPLACE FUNCTION app.run_referral_clock(at_most int) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  at timestamptz := app.installation_now();
  r public.referral;
  ctx app.actor_context;
  done int := 0;
  fallen text[];
BEGIN
  FOR r IN SELECT x.* FROM public.referral x WHERE x.next_at <= at ORDER BY x.next_at LIMIT at_most FOR UPDATE SKIP LOCKED LOOP
    done := done + 1;
    ctx := app.unattended(r.agency_id);
    IF r.state = 'completed' AND r.completed_at + interval '14 days' <= at THEN
      UPDATE public.referral x SET state = 'closed', ended_at = at, next_at = NULL, version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
      PERFORM app.referral_event('referral.closed', r, ARRAY['time'], '{}', ctx);
      PERFORM app.notify(app.referral_senders(r, NULL), 'referral.closed', r.code, false);
      CONTINUE;
    END IF;
    IF r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service') AND NOT app.referral_lives(r, at) THEN
      PERFORM app.withdraw_for_basis(r, at, ctx);
      CONTINUE;
    END IF;
    IF r.kind = 'help' AND app.referral_next('expire', r.state) IS NOT NULL AND r.expires_at <= at THEN
      UPDATE public.referral x SET state = 'expired', ended_at = at, next_at = NULL, overdue_at = coalesce(x.overdue_at, x.decide_by), version = x.version + 1
        WHERE x.id = r.id RETURNING x.* INTO r;
      PERFORM app.shut_referral(r, at, '{}', ctx);
      PERFORM app.move_referral_needs(r, NULL, ARRAY['planned'], 'open', '{}', ctx);
      PERFORM app.referral_event('referral.expired', r, '{}', '{}', ctx);
      PERFORM app.notify(app.referral_senders(r, NULL) || app.referral_receivers(r, NULL), 'referral.expired', r.code, true);
      CONTINUE;
    END IF;
    fallen := ARRAY(SELECT m.name FROM (VALUES
        ('ack_half', 'sent', r.acknowledge_half_at), ('ack_by', 'sent', r.acknowledge_by), ('ack_late', 'sent', r.acknowledge_late_at),
        ('decide_half', 'any', r.decide_half_at), ('decide_by', 'any', r.decide_by), ('decide_late', 'any', r.decide_late_at)) m (name, while, due)
      WHERE m.due <= at AND NOT m.name = ANY (r.told) AND (r.state = m.while OR (m.while = 'any' AND r.state IN ('sent', 'acknowledged'))));
    IF fallen && ARRAY['ack_half', 'decide_half'] AND NOT fallen && ARRAY['ack_by', 'decide_by', 'ack_late', 'decide_late'] THEN
      PERFORM app.notify(app.referral_receivers(r, NULL), 'referral.due', r.code, r.urgency <> 'routine');
    END IF;
    IF fallen && ARRAY['ack_by', 'decide_by'] THEN
      IF r.overdue_at IS NULL THEN PERFORM app.referral_event('referral.overdue', r, fallen, '{}', ctx); END IF;
      UPDATE public.referral x SET overdue_at = coalesce(x.overdue_at, at) WHERE x.id = r.id RETURNING x.* INTO r;
      PERFORM app.notify(app.referral_receivers(r, NULL) || app.referral_senders(r, NULL) || ARRAY(SELECT app.supervisors_of(r.to_agency_id))
        || ARRAY(SELECT app.coordinators_of(a.network_id) FROM public.agency a WHERE a.id = r.agency_id), 'referral.overdue', r.code, true);
    END IF;
    IF fallen && ARRAY['ack_late', 'decide_late'] THEN
      PERFORM app.notify(ARRAY(SELECT app.administrators_of(r.to_agency_id))
        || ARRAY(SELECT k.member_id FROM public.agency a JOIN public.network_coordinator k ON k.network_id = a.network_id WHERE a.id = r.agency_id),
        'referral.overdue', r.code, true);
    END IF;
    UPDATE public.referral x SET told = x.told || fallen WHERE x.id = r.id RETURNING x.* INTO r;
    UPDATE public.referral x SET next_at = app.referral_next_at(r, at) WHERE x.id = r.id;
  END LOOP;
  RETURN done;
END
$$;

/* Keeps new versions of fields; what the other agency may open of them by now is a line of the ledger. */
CREATE OR REPLACE FUNCTION app.keep_renewed(wanted uuid, renewed jsonb) RETURNS void
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
  IF app.package_is_open(r) AND EXISTS (SELECT 1 FROM unnest(left_by) f WHERE f NOT LIKE 'need.%') THEN
    PERFORM app.write_disclosure('package', r.case_id, r.to_agency_id, app.referral_purpose(r), left_by, r.code, '{}', ctx);
  END IF;
  PERFORM app.referral_event('referral-package.renewed', r, ARRAY(SELECT j ->> 'field' FROM jsonb_array_elements(renewed) j), '{}', ctx);
END
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('services_that_may_identify', 'identifying_authority', 'referral_moves', 'referral_purpose', 'is_nameless',
             'basis_of_referral', 'package_is_open', 'draft_identification', 'record_decision', 'referrals') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE WHEN f.proname IN ('services_that_may_identify', 'identifying_authority', 'draft_identification') THEN ARRAY['member', 'definer']
      WHEN f.proname = 'referrals' THEN ARRAY['member', 'desk', 'definer'] ELSE ARRAY['definer'] END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.referral_moves(text), app.is_nameless(text) TO %I', session_user);
END
$$;
RESET ROLE;
