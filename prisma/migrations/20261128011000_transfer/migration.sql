-- Transfer of the lead: a referral of its own kind, by which another agency takes over the lead of a case while the holder keeps
-- the person's record and key (docs/decisions/0046). Its own purpose, both sides confirm, and what it gives ends with its basis.

ALTER TABLE "referral" ADD COLUMN "confirmed_by_id" UUID;
ALTER TABLE "referral" ADD CONSTRAINT "referral_agency_id_confirmed_by_id_fkey" FOREIGN KEY ("agency_id", "confirmed_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE INDEX "referral_agency_id_confirmed_by_id_idx" ON "referral"("agency_id", "confirmed_by_id");
ALTER TABLE "case_grant" ADD COLUMN "leads" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE public.referral
  DROP CONSTRAINT referral_kind, ADD CONSTRAINT referral_kind CHECK (kind IN ('help', 'identification', 'transfer')),
  DROP CONSTRAINT referral_of_help, ADD CONSTRAINT referral_of_help CHECK (kind = 'identification' OR (NOT anonymous AND reconsiders_id IS NULL AND decision IS NULL)),
  -- Nobody hands over a case alone: who confirms is another member than who sent it, and without that nothing is led.
  ADD CONSTRAINT referral_confirmed CHECK ((confirmed_by_id IS NULL OR (kind = 'transfer' AND confirmed_by_id <> sent_by_id AND answered_by_id IS NOT NULL))
    AND (kind <> 'transfer' OR state NOT IN ('in_service', 'completed', 'closed') OR confirmed_by_id IS NOT NULL));
-- One transfer of a case at a time, and one lead.
CREATE UNIQUE INDEX referral_transferred_once ON public.referral (case_id) WHERE kind = 'transfer' AND state IN ('draft', 'sent', 'acknowledged', 'info_requested', 'accepted');
CREATE UNIQUE INDEX case_grant_one_lead ON public.case_grant (case_id) WHERE leads AND ended_at IS NULL;
-- Whoever closes a case leads it: what another agency leads comes back first.
ALTER TABLE public.case_file ADD CONSTRAINT case_file_lead CHECK (lead_agency_id = agency_id OR status NOT IN ('closed', 'closed_referred'));

ALTER TABLE public.consent DROP CONSTRAINT consent_purpose,
  ADD CONSTRAINT consent_purpose CHECK (purpose IN ('case_management', 'sharing', 'statistics', 'contact', 'identification', 'own_file', 'transfer'));
ALTER TABLE public.lawful_basis DROP CONSTRAINT lawful_basis_purpose,
  ADD CONSTRAINT lawful_basis_purpose CHECK (purpose IN ('case_management', 'sharing', 'statistics', 'contact', 'identification', 'transfer'));
ALTER TABLE public.sharing_exception DROP CONSTRAINT sharing_exception_purpose,
  ADD CONSTRAINT sharing_exception_purpose CHECK (purpose IN ('sharing', 'contact', 'identification', 'transfer'));
ALTER TABLE public.agreement DROP CONSTRAINT agreement_purposes,
  ADD CONSTRAINT agreement_purposes CHECK (cardinality(purposes) > 0 AND purposes <@ ARRAY['case_management', 'sharing', 'statistics', 'contact', 'transfer']);

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES
  ('referral.confirmed', 'update', false), ('case.lead-moved', 'update', false), ('case.lead-returned', 'update', false), ('led-case.viewed', 'read', false);
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES ('referral.confirmed', true, true, false, 24), ('case.lead-returned', true, true, false, 24);

/* Replaces one text of a function by another, and fails where the function doesn't hold it. */
CREATE FUNCTION pg_temp.amend(signature text, was text, becomes text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  source text := pg_get_functiondef(signature::regprocedure);
BEGIN
  IF position(was IN source) = 0 THEN RAISE EXCEPTION '% does not hold: %', signature, was; END IF;
  EXECUTE replace(source, was, becomes);
END
$$;
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION pg_temp.amend(text, text, text) TO %I', app.db_role('definer')); END $$;

SELECT pg_temp.amend('app.network_settings_fit(jsonb)', $was$'contact', 'identification')$was$, $new$'contact', 'identification', 'transfer')$new$);

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

-- ---------------------------------------------------------------------------------------------------------------
-- What it rests on

CREATE OR REPLACE FUNCTION app.referral_purpose(r public.referral) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$ SELECT CASE r.kind WHEN 'help' THEN 'sharing' ELSE r.kind END $$;

/*
 * May these fields go to this agency for a purpose that agencies agree about, with what is for these categories now? The engine's
 * answer, and beside it the agreement between the two: in force for purpose and category, and as wide as the field asks. Sharing
 * without consent that names a field stands in for a missing agreement as well.
 */
CREATE FUNCTION app.agreed_basis_of(wanted_case uuid, sender uuid, receiver uuid, wanted_purpose text, wanted_categories text[], wanted_fields text[], at timestamptz)
  RETURNS TABLE (field text, allowed boolean, basis text, code text, until timestamptz, reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH cover AS (
    SELECT k.category, x.identity_level FROM unnest(wanted_categories) k (category)
    CROSS JOIN LATERAL app.covering_agreement(sender, receiver, wanted_purpose, k.category, at) x
  ), needed AS (
    SELECT coalesce(array_agg('need.' || k.category), '{}') AS keys FROM unnest(wanted_categories) k (category)
  )
  SELECT b.field, b.allowed AND (agreed.ok OR excepted.ok), b.basis, b.code, b.until,
    CASE WHEN NOT b.allowed THEN b.reason WHEN NOT (agreed.ok OR excepted.ok) THEN 'no_agreement' END
  FROM needed, app.sharing_basis_of(wanted_case, receiver, wanted_purpose, wanted_fields || needed.keys, at) b
  LEFT JOIN public.disclosure_field d ON d.key = b.field
  CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM cover c WHERE (d.category IS NULL OR c.category = d.category)
    AND app.identity_rank(c.identity_level) >= app.identity_rank(d.identity)) AS ok) agreed
  CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM public.sharing_exception x WHERE x.case_id = wanted_case AND x.purpose = wanted_purpose
    AND x.to_agency_id = receiver AND b.field = ANY (x.fields) AND x.ended_at IS NULL AND at < x.ends_at) AS ok) excepted
$$;

CREATE OR REPLACE FUNCTION app.referral_basis_of(wanted_case uuid, sender uuid, receiver uuid, wanted_categories text[], wanted_fields text[], at timestamptz)
  RETURNS TABLE (field text, allowed boolean, basis text, code text, until timestamptz, reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT * FROM app.agreed_basis_of(wanted_case, sender, receiver, 'sharing', wanted_categories, wanted_fields, at)
$$;

CREATE OR REPLACE FUNCTION app.basis_of_referral(r public.referral, wanted_fields text[], at timestamptz)
  RETURNS TABLE (field text, allowed boolean, basis text, code text, until timestamptz, reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT b.* FROM app.sharing_basis_of(r.case_id, r.to_agency_id, 'identification', wanted_fields, at) b WHERE r.kind = 'identification'
  UNION ALL
  SELECT b.* FROM app.agreed_basis_of(r.case_id, r.agency_id, r.to_agency_id, app.referral_purpose(r), app.referral_categories(r.id), wanted_fields, at) b
  WHERE r.kind <> 'identification'
$$;

/* The categories that a referral is for: those of its needs, left out what the other agency did not take on; of a transfer those it hands over. */
CREATE OR REPLACE FUNCTION app.referral_categories(wanted uuid) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce(array_agg(DISTINCT x.category ORDER BY x.category), '{}') FROM (
    SELECT n.category FROM public.referral_need x JOIN public.need n ON n.id = x.need_id WHERE x.referral_id = wanted AND x.accepted IS DISTINCT FROM false
    UNION ALL
    SELECT d.category FROM public.referral r CROSS JOIN unnest(r.fields) f JOIN public.disclosure_field d ON d.key = f
    WHERE r.id = wanted AND r.kind = 'transfer' AND f LIKE 'need.%') x
$$;

/* What the team of a case is shown before it hands over the lead: which fields may go to an agency, and why not. Others get no row. */
CREATE FUNCTION app.transfer_offer(wanted_case uuid, receiver uuid, wanted_fields text[])
  RETURNS TABLE (field text, allowed boolean, basis text, code text, until timestamptz, reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT b.* FROM public.case_file c, app.agreed_basis_of(wanted_case, c.agency_id, receiver, 'transfer',
    ARRAY(SELECT d.category FROM public.disclosure_field d WHERE d.key = ANY (wanted_fields) AND d.key LIKE 'need.%'), wanted_fields, app.now()) b
  WHERE c.id = wanted_case AND app.on_team(wanted_case)
$$;

/* The listed services whose receivers a team could ask to take over the lead: of agencies that agreed about it, or that a recorded exception names. */
CREATE FUNCTION app.services_to_lead(wanted_case uuid, how_many int) RETURNS TABLE (code text, name text, category text, type text, agency_key text, agency_name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH who AS MATERIALIZED (
    SELECT a.id, a.key, a.name FROM public.case_file c JOIN public.agency a ON a.network_id = (app.context()).network_id AND a.id NOT IN (c.agency_id, c.lead_agency_id)
    WHERE c.id = wanted_case AND app.on_team(wanted_case) AND (
      EXISTS (SELECT 1 FROM public.assistance_category k CROSS JOIN LATERAL app.covering_agreement(c.agency_id, a.id, 'transfer', k.category, app.now()) x)
      OR EXISTS (SELECT 1 FROM public.sharing_exception x WHERE x.case_id = c.id AND x.purpose = 'transfer' AND x.to_agency_id = a.id AND x.ended_at IS NULL AND app.now() < x.ends_at))
  )
  SELECT s.code, s.name, s.category, s.type, w.key, w.name FROM who w JOIN public.listed_service s ON s.agency_id = w.id AND s.status = 'active'
  WHERE EXISTS (SELECT 1 FROM app.answers_for(s.id, app.now())) ORDER BY w.name, s.name, s.code LIMIT how_many
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Its moves

CREATE OR REPLACE FUNCTION app.referral_moves(kind text) RETURNS text[]
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE kind WHEN 'identification' THEN ARRAY['send', 'acknowledge', 'request-info', 'answer-info', 'decide', 'decline', 'withdraw', 'close']
    WHEN 'transfer' THEN ARRAY['send', 'acknowledge', 'request-info', 'answer-info', 'accept', 'decline', 'confirm', 'complete', 'withdraw', 'expire', 'close']
    ELSE ARRAY['send', 'acknowledge', 'request-info', 'answer-info', 'accept', 'decline', 'start', 'complete', 'withdraw', 'expire', 'close'] END
$$;
SELECT pg_temp.amend('app.referral_next(text, text)', $was$('start', 'accepted', 'in_service'),$was$, $new$('start', 'accepted', 'in_service'), ('confirm', 'accepted', 'in_service'),$new$);
SELECT pg_temp.amend('app.referral_mover(text)', $was$('send', 'answer-info', 'withdraw', 'close')$was$, $new$('send', 'answer-info', 'confirm', 'withdraw', 'close')$new$);

/* Whether the receiving side may open what was shared, by the state alone: an authority from its acknowledgement to its decision, who takes over the lead once both sides confirmed. */
CREATE OR REPLACE FUNCTION app.package_is_open(r public.referral) RETURNS boolean
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE r.kind WHEN 'identification' THEN r.acknowledged_at IS NOT NULL AND r.state IN ('acknowledged', 'info_requested')
    WHEN 'transfer' THEN r.state = 'in_service' ELSE r.state IN ('accepted', 'in_service') END
$$;
SELECT pg_temp.amend('app.finds_by_name(public.referral, timestamptz)', $was$r.state IN ('accepted', 'in_service') AND$was$,
  $new$(r.state = 'in_service' OR (r.state = 'accepted' AND r.kind = 'help')) AND$new$);
SELECT pg_temp.amend('app.send_referral(text, jsonb, jsonb, jsonb, jsonb)', $was$IF r.kind = 'help' AND$was$, $new$IF r.kind <> 'identification' AND$new$);
SELECT pg_temp.amend('app.receiving_key(text)', $was$r.state = 'draft'$was$, $new$(r.state = 'draft' OR (r.state = 'accepted' AND r.kind = 'transfer'))$new$);
-- What a package holds of needs is of those that it hands over: of a transfer, all that somebody still has to do something about.
SELECT pg_temp.amend('app.packages_to_renew(uuid)', $was$FROM public.referral_need x JOIN public.need n ON n.id = x.need_id WHERE x.referral_id = r.id)$was$,
  $new$FROM public.need n WHERE EXISTS (SELECT 1 FROM public.referral_need x WHERE x.referral_id = r.id AND x.need_id = n.id)
        OR (r.kind = 'transfer' AND n.case_id = r.case_id AND n.state IN ('open', 'planned', 'being_met')))$new$);
-- Of two who must differ, the second: who decided first doesn't decide again, and who sent a transfer doesn't confirm it.
SELECT pg_temp.amend('app.referrals(text, text, text[], uuid, uuid, int)', $was$q.answered_by_id = ctx.member_id)$was$,
  $new$q.answered_by_id = ctx.member_id) OR (r.kind = 'transfer' AND r.sent_by_id = ctx.member_id)$new$);
SELECT pg_temp.amend('app.run_referral_clock(int)', $was$r.kind = 'help' AND app.referral_next('expire', r.state) IS NOT NULL AND$was$,
  $new$(r.kind <> 'identification' AND app.referral_next('expire', r.state) IS NOT NULL OR r.kind = 'transfer' AND r.state = 'accepted') AND$new$);
SELECT pg_temp.amend('app.referral_next_at(public.referral, timestamptz)', $was$r.kind = 'help' AND r.state IN ('sent', 'acknowledged') THEN$was$,
  $new$r.kind <> 'identification' AND r.state IN ('sent', 'acknowledged') OR r.kind = 'transfer' AND r.state = 'accepted' THEN$new$);

/* Drafts the transfer of the lead of a case of the actor's team: ok, not_found, case_closed, no_service, leads_already or under_way. */
CREATE FUNCTION app.draft_transfer(new_id uuid, new_code text, wanted_case uuid, service uuid, wanted_urgency text, wanted_fields text[],
    preview_key jsonb, package_key jsonb, reason_id uuid, reason bytea, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  c record;
  s record;
  r public.referral;
BEGIN
  SELECT x.* INTO c FROM public.case_file x WHERE x.id = wanted_case AND x.agency_id = ctx.agency_id AND x.holder_agency_id = ctx.agency_id FOR UPDATE;
  IF NOT FOUND OR NOT app.on_team(wanted_case) THEN RETURN 'not_found'; END IF;
  IF c.status IN ('closed', 'closed_referred') THEN RETURN 'case_closed'; END IF;
  SELECT x.agency_id INTO s FROM public.listed_service x JOIN public.agency a ON a.id = x.agency_id
    WHERE x.id = service AND x.status = 'active' AND x.agency_id <> ctx.agency_id AND a.network_id = ctx.network_id;
  IF NOT FOUND THEN RETURN 'no_service'; END IF;
  IF s.agency_id = c.lead_agency_id THEN RETURN 'leads_already'; END IF;
  IF EXISTS (SELECT 1 FROM public.referral x WHERE x.case_id = wanted_case AND x.kind = 'transfer' AND x.state IN ('draft', 'sent', 'acknowledged', 'info_requested', 'accepted')) THEN
    RETURN 'under_way';
  END IF;
  INSERT INTO public.referral (id, code, kind, case_id, person_id, holder_agency_id, agency_id, to_agency_id, listed_service_id, urgency, fields, created_by_id, created_at, restricted)
    VALUES (new_id, new_code, 'transfer', c.id, c.person_id, c.holder_agency_id, ctx.agency_id, s.agency_id, service, wanted_urgency::public.urgency,
      ARRAY(SELECT DISTINCT f FROM unnest(wanted_fields) f JOIN public.disclosure_field d ON d.key = f ORDER BY f), ctx.member_id, app.now(), c.restricted)
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

/* Moves the lead to whoever accepted it: the grant that leads, what was shared, the ledger. Who led before leads no more. */
CREATE FUNCTION app.move_lead(r public.referral, package_key jsonb, at timestamptz, origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  c record;
  former public.referral;
BEGIN
  FOR former IN SELECT x.* FROM public.case_grant g JOIN public.referral x ON x.id = g.referral_id
      WHERE g.case_id = r.case_id AND g.leads AND g.ended_at IS NULL AND x.id <> r.id FOR UPDATE OF x LOOP
    UPDATE public.referral x SET state = 'withdrawn', ended_why = 'elsewhere', ended_at = at, next_at = NULL, version = x.version + 1
      WHERE x.id = former.id RETURNING x.* INTO former;
    PERFORM app.shut_referral(former, at, origin, ctx);
    PERFORM app.referral_event('referral.withdrawn', former, ARRAY['elsewhere'], origin, ctx);
    PERFORM app.notify(app.referral_receivers(former, NULL), 'referral.withdrawn', former.code, true);
  END LOOP;
  PERFORM app.store_referral_key(r, 'package', r.to_agency_id, package_key);
  UPDATE public.case_file x SET lead_agency_id = r.to_agency_id, version = x.version + 1 WHERE x.id = r.case_id RETURNING x.code, x.restricted INTO c;
  INSERT INTO public.case_grant (id, referral_id, case_id, case_code, person_id, holder_agency_id, agency_id, categories, leads, restricted, started_at)
    VALUES (gen_random_uuid(), r.id, r.case_id, c.code, r.person_id, r.holder_agency_id, r.to_agency_id, app.referral_categories(r.id), true, c.restricted, at);
  PERFORM app.write_disclosure('package', r.case_id, r.to_agency_id, 'transfer', app.package_fields(r, at), r.code, origin, ctx);
  PERFORM app.referral_event('case-grant.started', r, app.referral_categories(r.id), origin, ctx);
  PERFORM app.lead_event('case.lead-moved', r, c.code, origin, ctx);
  -- By name they find the person once their own index knows it: the next run of the renewal sees to that.
  PERFORM app.enqueue('referral-renewal', jsonb_build_object('person', r.person_id), NULL, r.person_id::text);
END
$$;

/* That the lead moved, or came back: in the holder's log, whoever did it. */
CREATE FUNCTION app.lead_event(event_type text, r public.referral, case_code text, origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT app.write_event(jsonb_build_object('type', event_type, 'subject', case_code, 'personId', r.person_id, 'caseId', r.case_id,
    'holderAgencyId', r.holder_agency_id, 'fields', '["lead"]'::jsonb, 'basis', r.code,
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)),
    CASE WHEN ctx.agency_id = r.agency_id THEN ctx ELSE app.unattended(r.agency_id) END)
$$;

/*
 * Ends what the receiving side has of a referral, and with a transfer the lead, which falls back to the holder. The key of its own
 * notes is no part of that: they stay its own.
 */
CREATE OR REPLACE FUNCTION app.shut_referral(r public.referral, at timestamptz, origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  led text;
BEGIN
  DELETE FROM public.referral_key k WHERE k.referral_id = r.id AND k.agency_id = r.to_agency_id AND k.part <> 'notes';
  UPDATE public.case_grant g SET ended_at = at WHERE g.referral_id = r.id AND g.ended_at IS NULL;
  IF FOUND THEN PERFORM app.referral_event('case-grant.ended', r, '{}', origin, ctx); END IF;
  IF r.kind <> 'transfer' THEN RETURN; END IF;
  UPDATE public.case_file x SET lead_agency_id = x.agency_id, version = x.version + 1
    WHERE x.id = r.case_id AND x.lead_agency_id = r.to_agency_id RETURNING x.code INTO led;
  IF FOUND THEN
    PERFORM app.lead_event('case.lead-returned', r, led, origin, ctx);
    PERFORM app.notify(app.referral_senders(r, ctx.member_id), 'case.lead-returned', led, true);
  END IF;
END
$$;

SELECT pg_temp.amend('app.move_referral(text, text, jsonb, uuid, bytea, jsonb)',
  $was$next := app.referral_next(move, r.state);$was$,
  $new$IF move = 'confirm' AND r.sent_by_id = ctx.member_id THEN RETURN 'same_member'; END IF;
  next := app.referral_next(move, r.state);$new$);
SELECT pg_temp.amend('app.move_referral(text, text, jsonb, uuid, bytea, jsonb)',
  $was$IF next IS NULL OR move = 'send' OR$was$, $new$IF next IS NULL OR move = 'send' OR (r.kind = 'transfer' AND move = 'complete' AND r.state = 'accepted') OR$new$);
SELECT pg_temp.amend('app.move_referral(text, text, jsonb, uuid, bytea, jsonb)',
  $was$IF side = 'receiver' AND (move IN ('accept', 'start')$was$,
  $new$IF move = 'confirm' AND NOT app.referral_lives(r, at) THEN RETURN 'no_basis'; END IF;
  IF move = 'confirm' AND EXISTS (SELECT 1 FROM public.case_file c WHERE c.id = r.case_id AND c.status IN ('closed', 'closed_referred')) THEN RETURN 'case_closed'; END IF;
  IF side = 'receiver' AND (move IN ('accept', 'start')$new$);
SELECT pg_temp.amend('app.move_referral(text, text, jsonb, uuid, bytea, jsonb)',
  $was$  ELSIF move = 'accept' THEN$was$,
  $new$  ELSIF move = 'accept' AND r.kind = 'transfer' THEN
    UPDATE public.referral x SET state = next, answered_at = at, answered_by_id = ctx.member_id, acknowledged_at = coalesce(x.acknowledged_at, at),
        starts_on = (detail ->> 'startsOn')::date, overdue_at = NULL, version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
  ELSIF move = 'confirm' THEN
    UPDATE public.referral x SET state = next, service_since = at, confirmed_by_id = ctx.member_id, version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
    PERFORM app.move_lead(r, detail -> 'packageKey', at, origin, ctx);
  ELSIF move = 'accept' THEN$new$);
SELECT pg_temp.amend('app.move_referral(text, text, jsonb, uuid, bytea, jsonb)',
  $was$WHEN 'start' THEN 'referral.started'$was$, $new$WHEN 'start' THEN 'referral.started' WHEN 'confirm' THEN 'referral.confirmed'$new$);

-- ---------------------------------------------------------------------------------------------------------------
-- What whoever leads may do: the needs of the case, and what a grant lets do, in the categories that were handed over

SELECT pg_temp.amend('app.may_serve(uuid, text)', $was$app.referral_basis_of(r.case_id, r.agency_id, r.to_agency_id, ARRAY[wanted_category]$was$,
  $new$app.agreed_basis_of(r.case_id, r.agency_id, r.to_agency_id, app.referral_purpose(r), ARRAY[wanted_category]$new$);

/* The grant by which whoever asks leads another agency's case now: theirs to answer for, and alive. */
CREATE FUNCTION app.leading_grant(wanted_case uuid) RETURNS SETOF public.case_grant
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT g.* FROM public.case_grant g JOIN public.referral r ON r.id = g.referral_id
  WHERE g.agency_id = app.casework_agency() AND g.case_id = wanted_case AND g.leads AND g.ended_at IS NULL
    AND r.state = 'in_service' AND app.referral_receives(r) AND app.referral_lives(r, app.now())
$$;

/* The cases of other agencies that the actor's agency leads, by what they were handed over with, for those who answer for them. */
CREATE FUNCTION app.led_cases(wanted text) RETURNS TABLE (case_id uuid, case_code text, person_id uuid, holder_id uuid, referral_code text, holder_key text, holder_name text,
    since timestamptz, categories text[], needs_open int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT g.case_id, g.case_code, g.person_id, g.holder_agency_id, r.code, a.key, a.name, g.started_at,
    ARRAY(SELECT k FROM unnest(g.categories) k WHERE app.may_serve(g.case_id, k) ORDER BY k),
    (SELECT count(*)::int FROM public.need n WHERE n.case_id = g.case_id AND n.category = ANY (g.categories) AND n.state IN ('open', 'planned', 'being_met'))
  FROM public.case_grant g JOIN public.referral r ON r.id = g.referral_id JOIN public.agency a ON a.id = g.holder_agency_id
  WHERE g.agency_id = app.casework_agency() AND g.leads AND g.ended_at IS NULL AND (wanted IS NULL OR g.case_code = wanted)
    AND EXISTS (SELECT 1 FROM app.leading_grant(g.case_id))
  ORDER BY g.started_at DESC, g.case_code LIMIT 200
$$;

/* The agencies that work on a case by a grant that lives, for its team. */
CREATE FUNCTION app.case_grantees(wanted_case uuid) RETURNS TABLE (agency_name text, referral text, leads boolean, since timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.name, r.code, g.leads, g.started_at FROM public.case_grant g JOIN public.referral r ON r.id = g.referral_id JOIN public.agency a ON a.id = g.agency_id
  WHERE g.case_id = wanted_case AND g.ended_at IS NULL AND app.on_team(wanted_case) ORDER BY g.leads DESC, a.name, r.code
$$;

/* The needs of a case that the actor's agency leads, in the categories that something living covers. */
CREATE FUNCTION app.led_needs(wanted_case uuid) RETURNS TABLE (id uuid, code text, category text, type text, urgency text, state text, found_on text, contact_due_at timestamptz,
    created_at timestamptz, version int, finder text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT n.id, n.code, n.category, n.type, n.urgency::text, n.state::text, n.found_on::text, n.contact_due_at, n.created_at, n.version, a.name
  FROM app.leading_grant(wanted_case) g JOIN public.need n ON n.case_id = g.case_id AND n.category = ANY (g.categories) JOIN public.agency a ON a.id = n.agency_id
  WHERE app.may_serve(g.case_id, n.category) ORDER BY n.state NOT IN ('open', 'planned', 'being_met'), n.urgency, n.contact_due_at, n.id LIMIT 500
$$;

/* What whoever leads did to a need: in their own log as theirs, and in the holder's as what the transfer brought about. */
CREATE FUNCTION app.led_need_event(event_type text, need_code text, g public.case_grant, changed text[], origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  event jsonb := jsonb_build_object('type', event_type, 'subject', need_code, 'personId', g.person_id, 'caseId', g.case_id, 'holderAgencyId', g.holder_agency_id,
    'fields', to_jsonb(changed), 'basis', (SELECT r.code FROM public.referral r WHERE r.id = g.referral_id),
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60));
BEGIN
  PERFORM app.write_event(event, ctx);
  PERFORM app.write_event(event, app.unattended(g.holder_agency_id));
END
$$;

/* Adds a need to a case that the actor's agency leads: ok, not_found or no_basis. */
CREATE FUNCTION app.add_led_need(wanted_case uuid, new_id uuid, new_code text, wanted_category text, wanted_type text, wanted_urgency text, wanted_found_on date, due_at timestamptz, origin jsonb)
  RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  g public.case_grant;
BEGIN
  SELECT x.* INTO g FROM app.leading_grant(wanted_case) x;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF NOT wanted_category = ANY (g.categories) OR NOT app.may_serve(wanted_case, wanted_category) THEN RETURN 'no_basis'; END IF;
  INSERT INTO public.need (id, code, case_id, person_id, holder_agency_id, agency_id, category, type, urgency, found_on, found_by_id, contact_due_at, created_at)
    VALUES (new_id, new_code, g.case_id, g.person_id, g.holder_agency_id, ctx.agency_id, wanted_category, wanted_type, wanted_urgency::public.urgency, wanted_found_on,
      ctx.member_id, due_at, app.now());
  PERFORM app.led_need_event('need.found', new_code, g, '{}', origin, ctx);
  RETURN 'ok';
END
$$;

/* Moves a need of a case that the actor's agency leads: ok, not_found or stale. Which moves there are, the rules of needs say. */
CREATE FUNCTION app.move_led_need(wanted_case uuid, wanted text, seen int, becomes text, reason text, met date, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  g public.case_grant;
BEGIN
  SELECT x.* INTO g FROM app.leading_grant(wanted_case) x;
  IF NOT FOUND OR NOT EXISTS (SELECT 1 FROM app.led_needs(wanted_case) n WHERE n.code = wanted) THEN RETURN 'not_found'; END IF;
  UPDATE public.need n SET state = becomes::public.need_state, not_met_reason = CASE becomes WHEN 'not_met' THEN reason END, met_on = CASE becomes WHEN 'met' THEN met END,
      version = n.version + 1 WHERE n.code = wanted AND n.case_id = g.case_id AND n.version = seen;
  IF NOT FOUND THEN RETURN 'stale'; END IF;
  PERFORM app.led_need_event('need.changed', wanted, g, ARRAY['state'], origin, ctx);
  RETURN 'ok';
END
$$;

-- The needs that a grant is for: those that a referral took on, and with the lead all of its categories.
CREATE OR REPLACE FUNCTION app.granted_needs(wanted_case uuid, wanted uuid) RETURNS TABLE (id uuid, code text, category text, type text, urgency text, state text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT n.id, n.code, n.category, n.type, n.urgency::text, n.state::text FROM public.case_grant g JOIN public.referral r ON r.id = g.referral_id
  JOIN public.need n ON n.case_id = g.case_id
  WHERE g.agency_id = app.casework_agency() AND g.case_id = wanted_case AND (g.ended_at IS NULL AND wanted IS NULL OR n.id = wanted)
    AND (EXISTS (SELECT 1 FROM public.referral_need x WHERE x.referral_id = r.id AND x.need_id = n.id AND x.accepted)
      OR (g.leads AND n.category = ANY (g.categories) AND (g.ended_at IS NULL OR n.created_at < g.ended_at)))
    AND app.referral_receives(r) ORDER BY n.code
$$;
CREATE OR REPLACE FUNCTION app.granted_need(wanted_case uuid, wanted text) RETURNS TABLE (id uuid, category text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT n.id, n.category FROM public.case_grant g JOIN public.referral r ON r.id = g.referral_id JOIN public.need n ON n.case_id = g.case_id
  WHERE g.agency_id = app.casework_agency() AND g.case_id = wanted_case AND g.ended_at IS NULL AND n.code = wanted AND app.referral_receives(r)
    AND (EXISTS (SELECT 1 FROM public.referral_need x WHERE x.referral_id = r.id AND x.need_id = n.id AND x.accepted) OR (g.leads AND n.category = ANY (g.categories))) LIMIT 1
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('agreed_basis_of', 'transfer_offer', 'services_to_lead', 'draft_transfer', 'move_lead', 'lead_event', 'leading_grant',
             'led_cases', 'led_needs', 'led_need_event', 'add_led_need', 'move_led_need', 'case_grantees') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE WHEN f.proname IN ('transfer_offer', 'services_to_lead', 'draft_transfer', 'led_cases', 'led_needs', 'add_led_need', 'move_led_need', 'case_grantees')
      THEN ARRAY['member', 'definer'] ELSE ARRAY['definer'] END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
END
$$;
RESET ROLE;

-- What whoever led found on a case stays on it: once the lead is back, the holder's team goes on with it.
DO $$
BEGIN
  EXECUTE format('CREATE POLICY holder_change ON public.need FOR UPDATE TO %I USING (holder_agency_id = (SELECT app.casework_agency())
    AND agency_id <> (SELECT app.casework_agency()) AND app.on_team(case_id)) WITH CHECK (holder_agency_id = (SELECT app.casework_agency()))', app.db_role('member'));
END
$$;
