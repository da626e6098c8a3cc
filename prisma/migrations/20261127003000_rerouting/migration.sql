-- The coordinator's way on for a referral that nobody took: another listed service is asked, and nothing of the person goes
-- there. What goes along is sealed when the sender's team shares it, on a basis for that agency. And every referral says by
-- which version of the working calendar its clock was counted.

ALTER TABLE "referral" ADD COLUMN "rerouted_from_id" UUID, ADD COLUMN "needs_from_id" UUID, ADD COLUMN "awaits_basis" BOOLEAN NOT NULL DEFAULT false, ADD COLUMN "calendar_version" INTEGER;

CREATE INDEX "referral_needs_from_id_holder_agency_id_idx" ON "referral"("needs_from_id", "holder_agency_id");

CREATE INDEX "referral_rerouted_from_id_holder_agency_id_idx" ON "referral"("rerouted_from_id", "holder_agency_id");

ALTER TABLE "referral" ADD CONSTRAINT "referral_rerouted_from_id_holder_agency_id_fkey" FOREIGN KEY ("rerouted_from_id", "holder_agency_id") REFERENCES "referral"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral" ADD CONSTRAINT "referral_needs_from_id_holder_agency_id_fkey" FOREIGN KEY ("needs_from_id", "holder_agency_id") REFERENCES "referral"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.referral
  -- What no basis was recorded for is neither accepted nor talked about, whatever a function says.
  ADD CONSTRAINT referral_awaits_basis CHECK (awaits_basis = (needs_from_id IS NOT NULL) AND (NOT awaits_basis OR rerouted_from_id IS NOT NULL
    AND state IN ('sent', 'acknowledged', 'declined', 'withdrawn', 'expired'))),
  DROP CONSTRAINT referral_ended_why,
  ADD CONSTRAINT referral_ended_why CHECK (ended_why IN ('sender', 'basis', 'elsewhere'));
ALTER TABLE public.desk_act
  DROP CONSTRAINT desk_act_kind,
  ADD CONSTRAINT desk_act_kind CHECK (kind IN ('reminded', 'asked', 'escalated', 'rerouted'));

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES ('referral.rerouted', 'update', false);
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('referral.rerouted', true, true, false, 24), ('referral.shared', true, false, false, 22);

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* What is asked of a referral of which something was shared keeps its text; one that waits for its first basis has none to lose. */
ALTER FUNCTION app.referral_lives(public.referral, timestamptz) RENAME TO referral_rests_on_a_basis;
CREATE FUNCTION app.referral_lives(r public.referral, at timestamptz) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.awaits_basis OR app.referral_rests_on_a_basis(r, at)
$$;

/* Whether nobody else was asked since for a need that this referral was for and that is still open. */
CREATE OR REPLACE FUNCTION app.needs_an_agency(wanted uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT NOT EXISTS (SELECT 1 FROM public.referral q WHERE q.rerouted_from_id = wanted)
    AND EXISTS (SELECT 1 FROM public.referral_need rn JOIN public.need n ON n.id = rn.need_id AND n.state = 'open'
      WHERE rn.referral_id = (SELECT coalesce(r.needs_from_id, r.id) FROM public.referral r WHERE r.id = wanted) AND NOT EXISTS (SELECT 1 FROM public.referral_need o JOIN public.referral q ON q.id = o.referral_id
        WHERE o.need_id = rn.need_id AND o.referral_id <> wanted AND q.id > wanted AND q.state <> 'draft'))
$$;

/* What a coordinator may reroute: what waits for an answer, and what needs another agency; once, while the new one is open. */
CREATE FUNCTION app.may_reroute(r public.referral) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce(CASE app.desk_lane(r.state) WHEN 'unplaced' THEN r.ended_at > app.now() - interval '30 days' AND app.needs_an_agency(r.id)
      ELSE app.desk_lane(r.state) IS NOT NULL END, false)
    AND NOT EXISTS (SELECT 1 FROM public.referral q WHERE q.rerouted_from_id = r.id AND q.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service'))
    AND EXISTS (SELECT 1 FROM public.case_file c WHERE c.id = r.case_id AND c.status NOT IN ('closed', 'closed_referred'))
$$;

/*
 * The listed services that could take a referral of the coordinator's desk, in the order of the directory, those of its very
 * kind first. Only the kind of help, its urgency and the sender's agreements are asked about: never anything of the person.
 */
CREATE FUNCTION app.services_to_route(wanted text, how_many int)
  RETURNS TABLE (
    id uuid, code text, agency_id uuid, category text, type text, name text, description text, status text, min_age int, max_age int,
    genders text[], languages text[], interpreters boolean, areas text[], step_free boolean, with_children boolean, opening jsonb, version int,
    agency_key text, agency_name text, zone text, unit text, available int, maximum int, room_at timestamptz, room_version int,
    receivers int, stand_ins int, open_now boolean, fit_age text, fit_gender text, fit_area text, fit_access text, fit_language text,
    fit_room text, fit_agreement text, rank int, answers boolean
  ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s.*, false
  FROM public.referral r JOIN public.agency f ON f.id = r.agency_id AND f.network_id = app.desk_network()
  JOIN public.listed_service x ON x.id = r.listed_service_id
  CROSS JOIN LATERAL app.ranked_services(r.agency_id, f.network_id,
    jsonb_build_object('category', x.category, 'urgency', r.urgency, 'forPerson', true), app.now(), NULL, NULL, NULL, 201) s
  WHERE r.code = wanted AND app.may_reroute(r) AND s.status = 'active' AND s.receivers + s.stand_ins > 0 AND s.fit_agreement = 'fits'
    AND s.agency_id NOT IN (r.agency_id, r.to_agency_id)
  ORDER BY s.type <> x.type, s.rank, s.name, s.id LIMIT how_many
$$;

/* The newest keys of the agency that refers and of the one that is asked instead, wrapped: for the one step of rerouting. */
CREATE FUNCTION app.keys_to_reroute(wanted text, service text) RETURNS TABLE (side text, agency_id uuid, version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT ON (k.agency_id) CASE WHEN k.agency_id = r.agency_id THEN 'sender' ELSE 'receiver' END, k.agency_id, k.version, k.wrapped
  FROM public.referral r JOIN app.services_to_route(wanted, 201) s ON s.code = service
  JOIN public.agency_key k ON k.agency_id IN (r.agency_id, s.agency_id) AND k.purpose = 'data'
  WHERE r.code = wanted ORDER BY k.agency_id, k.version DESC
$$;

/*
 * Asks another listed service instead: ok, forbidden, not_found, wrong_state or no_service. The new referral has the kind of
 * help that its service is for, an urgency and a clock; no need, no field and no word goes with it. What still waits elsewhere
 * goes on waiting until the sender shares with the new one: the coordinator takes nothing from anybody.
 */
CREATE FUNCTION app.reroute_referral(wanted text, service text, new_id uuid, new_code text, clock jsonb, keys jsonb, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  network uuid := app.desk_network();
  at timestamptz := app.now();
  r public.referral;
  n public.referral;
  target record;
BEGIN
  IF network IS NULL THEN RETURN 'forbidden'; END IF;
  SELECT x.* INTO r FROM public.referral x JOIN public.agency f ON f.id = x.agency_id AND f.network_id = network
    WHERE x.code = wanted AND x.sent_at IS NOT NULL FOR UPDATE OF x;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF NOT app.may_reroute(r) THEN RETURN 'wrong_state'; END IF;
  SELECT s.id, s.agency_id INTO target FROM app.services_to_route(wanted, 201) s WHERE s.code = service;
  IF NOT FOUND THEN RETURN 'no_service'; END IF;
  INSERT INTO public.referral (id, code, case_id, person_id, holder_agency_id, agency_id, to_agency_id, listed_service_id, urgency, state, fields, created_by_id,
      created_at, sent_at, restricted, rerouted_from_id, needs_from_id, awaits_basis, clock_started_at, acknowledge_half_at, acknowledge_by, acknowledge_late_at,
      decide_half_at, decide_by, decide_late_at, expires_at)
    VALUES (new_id, new_code, r.case_id, r.person_id, r.holder_agency_id, r.agency_id, target.agency_id, target.id, r.urgency, 'sent', r.fields, r.created_by_id,
      at, at, r.restricted, r.id, coalesce(r.needs_from_id, r.id), true, (clock ->> 'startedAt')::timestamptz, (clock ->> 'acknowledgeHalfAt')::timestamptz, (clock ->> 'acknowledgeBy')::timestamptz,
      (clock ->> 'acknowledgeLateAt')::timestamptz, (clock ->> 'decideHalfAt')::timestamptz, (clock ->> 'decideBy')::timestamptz,
      (clock ->> 'decideLateAt')::timestamptz, (clock ->> 'expiresAt')::timestamptz)
    RETURNING * INTO n;
  PERFORM app.store_referral_key(n, 'preview', n.agency_id, keys -> 'senderPreview');
  PERFORM app.store_referral_key(n, 'package', n.agency_id, keys -> 'senderPackage');
  PERFORM app.store_referral_key(n, 'preview', n.to_agency_id, keys -> 'receiverPreview');
  UPDATE public.referral x SET next_at = app.referral_next_at(n, at) WHERE x.id = n.id;
  INSERT INTO public.desk_act (id, referral_id, holder_agency_id, agency_id, member_id, kind, at)
    SELECT gen_random_uuid(), x, r.holder_agency_id, ctx.agency_id, ctx.member_id, 'rerouted', at FROM unnest(ARRAY[r.id, n.id]) x;
  PERFORM app.referral_event('referral.rerouted', r, '{}', origin, ctx);
  PERFORM app.referral_event('referral.rerouted', n, '{}', origin, ctx);
  PERFORM app.notify(app.referral_senders(n, NULL), 'referral.rerouted', n.code, true);
  PERFORM app.notify(app.referral_receivers(n, NULL), 'referral.received', n.code, n.urgency <> 'routine');
  RETURN 'ok';
END
$$;

/*
 * Where a referral came from and went on to, as far as whoever asks may know: both codes for the sender's team and the desk;
 * for the receiving side only that it was rerouted to them, since two referrals must not be joined. The needs are those that
 * sharing would be for.
 */
CREATE FUNCTION app.referral_routing(wanted text) RETURNS TABLE (rerouted boolean, awaits_basis boolean, from_code text, to_code text, needs text[],
    calendar_version int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.rerouted_from_id IS NOT NULL, r.awaits_basis,
    CASE WHEN x.knows THEN (SELECT o.code FROM public.referral o WHERE o.id = r.rerouted_from_id) END,
    CASE WHEN x.knows THEN (SELECT q.code FROM public.referral q WHERE q.rerouted_from_id = r.id ORDER BY q.id DESC LIMIT 1) END,
    CASE WHEN x.is_team AND r.awaits_basis THEN ARRAY(SELECT n.code FROM public.referral_need rn JOIN public.need n ON n.id = rn.need_id
      WHERE rn.referral_id = r.needs_from_id AND n.state IN ('open', 'planned', 'being_met') ORDER BY n.code) ELSE '{}' END,
    r.calendar_version
  FROM public.referral r
  CROSS JOIN LATERAL (SELECT app.referral_side(r) AS side) s
  CROSS JOIN LATERAL (SELECT s.side = 'sender' AND app.on_team(r.case_id) AS is_team, s.side IN ('sender', 'desk') AS knows) x
  WHERE r.code = wanted AND s.side IS NOT NULL
$$;

/* Ends what another agency has taken on, or is about to; its receivers are told. The needs go along. */
CREATE FUNCTION app.end_elsewhere(wanted uuid, at timestamptz, origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.referral;
BEGIN
  UPDATE public.referral x SET state = 'withdrawn', ended_why = 'elsewhere', ended_at = at, paused_at = NULL, state_before = NULL, overdue_at = NULL,
      next_at = NULL, version = x.version + 1
    WHERE x.id = wanted AND x.state IN ('sent', 'acknowledged', 'info_requested') RETURNING x.* INTO r;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.shut_referral(r, at, origin, ctx);
  PERFORM app.referral_event('referral.withdrawn', r, ARRAY['elsewhere'], origin, ctx);
  PERFORM app.notify(app.referral_receivers(r, NULL) || app.referral_senders(r, NULL), 'referral.withdrawn', r.code, true);
END
$$;

/*
 * Shares what was sealed with the agency that a coordinator asked: ok, not_found, wrong_state, case_closed, needs, no_service,
 * no_agreement or no_basis. Every field is asked of the engine once more, here. The clock begins anew: before, nobody could
 * have said yes.
 */
CREATE FUNCTION app.share_rerouted(wanted text, clock jsonb, package jsonb, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  r public.referral;
  categories text[];
  seen text[];
BEGIN
  -- In the order in which an answer to the first one locks them.
  PERFORM 1 FROM public.referral x WHERE x.id = (SELECT y.rerouted_from_id FROM public.referral y WHERE y.code = wanted) FOR UPDATE;
  SELECT x.* INTO r FROM public.referral x WHERE x.code = wanted AND x.agency_id = app.casework_agency() FOR UPDATE;
  IF NOT FOUND OR app.referral_side(r) IS DISTINCT FROM 'sender' OR NOT app.on_team(r.case_id) THEN RETURN 'not_found'; END IF;
  IF NOT r.awaits_basis OR r.state NOT IN ('sent', 'acknowledged') THEN RETURN 'wrong_state'; END IF;
  IF EXISTS (SELECT 1 FROM public.case_file c WHERE c.id = r.case_id AND c.status IN ('closed', 'closed_referred')) THEN RETURN 'case_closed'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.listed_service s WHERE s.id = r.listed_service_id AND s.status = 'active')
     OR NOT EXISTS (SELECT 1 FROM app.answers_for(r.listed_service_id, at)) THEN RETURN 'no_service'; END IF;
  categories := ARRAY(SELECT DISTINCT n.category FROM public.referral_need rn JOIN public.need n ON n.id = rn.need_id
    WHERE rn.referral_id = r.needs_from_id AND n.state IN ('open', 'planned', 'being_met') ORDER BY 1);
  IF cardinality(categories) = 0 THEN RETURN 'needs'; END IF;
  IF EXISTS (SELECT 1 FROM app.referral_basis_of(r.case_id, r.agency_id, r.to_agency_id, categories, '{}', at) b WHERE NOT b.allowed AND b.reason = 'no_agreement') THEN
    RETURN 'no_agreement';
  END IF;
  seen := ARRAY(SELECT f ->> 'field' FROM jsonb_array_elements(package) f);
  IF EXISTS (SELECT 1 FROM app.referral_basis_of(r.case_id, r.agency_id, r.to_agency_id, categories, seen, at) b WHERE NOT b.allowed)
     OR EXISTS (SELECT 1 FROM unnest(categories) c WHERE NOT 'need.' || c = ANY (seen)) THEN RETURN 'no_basis'; END IF;
  IF EXISTS (SELECT 1 FROM jsonb_array_elements(package) f JOIN public.disclosure_field d ON d.key = f ->> 'field'
      WHERE f ->> 'part' = 'preview' AND d.identity <> 'none') THEN
    RAISE EXCEPTION 'What is seen before acceptance names nobody' USING ERRCODE = '23514';
  END IF;
  INSERT INTO public.referral_need (referral_id, need_id, case_id, holder_agency_id, agency_id)
    SELECT r.id, rn.need_id, r.case_id, r.holder_agency_id, r.agency_id FROM public.referral_need rn JOIN public.need n ON n.id = rn.need_id
    WHERE rn.referral_id = r.needs_from_id AND n.state IN ('open', 'planned', 'being_met');
  INSERT INTO public.referral_field (referral_id, field, version, part, holder_agency_id, agency_id, sealed, sealed_at)
    SELECT r.id, f ->> 'field', 1, f ->> 'part', r.holder_agency_id, r.agency_id, decode(f ->> 'sealed', 'base64'), at FROM jsonb_array_elements(package) f;
  UPDATE public.referral x SET awaits_basis = false, needs_from_id = NULL, fields = seen, sent_by_id = ctx.member_id, overdue_at = NULL, told = '{}', version = x.version + 1,
      clock_started_at = (clock ->> 'startedAt')::timestamptz, acknowledge_half_at = (clock ->> 'acknowledgeHalfAt')::timestamptz,
      acknowledge_by = (clock ->> 'acknowledgeBy')::timestamptz, acknowledge_late_at = (clock ->> 'acknowledgeLateAt')::timestamptz,
      decide_half_at = (clock ->> 'decideHalfAt')::timestamptz, decide_by = (clock ->> 'decideBy')::timestamptz,
      decide_late_at = (clock ->> 'decideLateAt')::timestamptz, expires_at = (clock ->> 'expiresAt')::timestamptz
    WHERE x.id = r.id RETURNING x.* INTO r;
  UPDATE public.referral x SET next_at = app.referral_next_at(r, at) WHERE x.id = r.id;
  PERFORM app.write_disclosure('preview', r.case_id, r.to_agency_id, 'sharing',
    ARRAY(SELECT f ->> 'field' FROM jsonb_array_elements(package) f WHERE f ->> 'part' = 'preview' ORDER BY 1), r.code, origin, ctx);
  PERFORM app.move_referral_needs(r, NULL, ARRAY['open'], 'planned', origin, ctx);
  PERFORM app.referral_event('referral.sent', r, '{}', origin, ctx);
  PERFORM app.notify(app.referral_receivers(r, NULL), 'referral.shared', r.code, r.urgency <> 'routine');
  PERFORM app.end_elsewhere(r.rerouted_from_id, at, origin, ctx);
  RETURN 'ok';
END
$$;

/* The agency that was asked first takes it on after all: what still waits for a basis elsewhere is not needed any more. */
CREATE FUNCTION app.end_what_was_rerouted() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.end_elsewhere(q.id, NEW.answered_at, '{}', app.unattended(NEW.agency_id))
    FROM public.referral q WHERE q.rerouted_from_id = NEW.id AND q.awaits_basis;
  RETURN NULL;
END
$$;

/*
 * Notes by which version of the network's calendar a clock was counted, and keeps it until the clock is counted anew: when
 * holidays change later, the limits stay, and network_version has what the calendar was. Stable, as note_calendar_version.
 */
CREATE FUNCTION app.note_referral_calendar() RETURNS trigger
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NEW.clock_started_at IS NULL THEN
    NEW.calendar_version := NULL;
  ELSIF TG_OP = 'UPDATE' AND NEW.clock_started_at IS NOT DISTINCT FROM OLD.clock_started_at THEN
    NEW.calendar_version := OLD.calendar_version;
  ELSE
    NEW.calendar_version := (SELECT n.version FROM public.network n JOIN public.agency a ON a.network_id = n.id WHERE a.id = NEW.agency_id);
  END IF;
  RETURN NEW;
END
$$;

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('referral_lives', 'may_reroute', 'services_to_route', 'keys_to_reroute', 'reroute_referral', 'referral_routing',
             'end_elsewhere', 'share_rerouted', 'end_what_was_rerouted', 'note_referral_calendar') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname = 'referral_routing' THEN '{member,desk,definer}'
      WHEN f.proname = 'share_rerouted' THEN '{member,definer}'
      WHEN f.proname IN ('services_to_route', 'keys_to_reroute', 'reroute_referral') THEN '{desk,definer}'
      ELSE '{definer}'
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers::text[]) c);
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.end_what_was_rerouted(), app.note_referral_calendar() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER referral_taken_after_all AFTER UPDATE OF state ON public.referral
  FOR EACH ROW WHEN (NEW.state = 'accepted' AND OLD.state <> 'accepted') EXECUTE FUNCTION app.end_what_was_rerouted();
CREATE TRIGGER referral_calendar BEFORE INSERT OR UPDATE ON public.referral FOR EACH ROW EXECUTE FUNCTION app.note_referral_calendar();
