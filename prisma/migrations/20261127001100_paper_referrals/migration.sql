-- To and from agencies without Amparo: a form on paper, what was on it and why it could be (the ledger says so), and each step of
-- it with the day on which it happened and the day on which it was typed in.

ALTER TABLE "agency" ADD COLUMN "on_amparo" BOOLEAN NOT NULL DEFAULT true, ADD COLUMN "contact" TEXT;
ALTER TABLE public.agency ADD CONSTRAINT agency_contact CHECK (on_amparo = (contact IS NULL) AND length(contact) BETWEEN 1 AND 500);

CREATE TABLE "paper_referral" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "other_agency_id" UUID,
    "other_name" TEXT,
    "urgency" "urgency" NOT NULL,
    "categories" TEXT[],
    "needs" TEXT[],
    "fields" TEXT[],
    "consent_says" TEXT,
    "state" TEXT NOT NULL,
    "created_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "paper_referral_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "paper_step" (
    "id" UUID NOT NULL,
    "paper_referral_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "happened_on" DATE NOT NULL,
    "way" TEXT,
    "decline_reason" TEXT,
    "outcome" TEXT,
    "entered_by_id" UUID NOT NULL,
    "entered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "paper_step_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "paper_referral_code_key" ON "paper_referral"("code");

CREATE UNIQUE INDEX "paper_referral_id_holder_agency_id_case_id_key" ON "paper_referral"("id", "holder_agency_id", "case_id");

CREATE INDEX "paper_referral_agency_id_case_id_idx" ON "paper_referral"("agency_id", "case_id");

CREATE INDEX "paper_referral_holder_agency_id_case_id_idx" ON "paper_referral"("holder_agency_id", "case_id");

CREATE INDEX "paper_referral_other_agency_id_idx" ON "paper_referral"("other_agency_id");

CREATE INDEX "paper_step_paper_referral_id_idx" ON "paper_step"("paper_referral_id");

CREATE INDEX "paper_step_agency_id_idx" ON "paper_step"("agency_id");

CREATE INDEX "paper_step_holder_agency_id_idx" ON "paper_step"("holder_agency_id");

ALTER TABLE "paper_referral" ADD CONSTRAINT "paper_referral_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "paper_referral" ADD CONSTRAINT "paper_referral_other_agency_id_fkey" FOREIGN KEY ("other_agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "paper_referral" ADD CONSTRAINT "paper_referral_agency_id_created_by_id_fkey" FOREIGN KEY ("agency_id", "created_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "paper_step" ADD CONSTRAINT "paper_step_paper_referral_id_holder_agency_id_case_id_fkey" FOREIGN KEY ("paper_referral_id", "holder_agency_id", "case_id") REFERENCES "paper_referral"("id", "holder_agency_id", "case_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "paper_step" ADD CONSTRAINT "paper_step_agency_id_entered_by_id_fkey" FOREIGN KEY ("agency_id", "entered_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.paper_referral
  ADD CONSTRAINT paper_referral_direction CHECK (direction IN ('out', 'in')),
  ADD CONSTRAINT paper_referral_own CHECK (agency_id = holder_agency_id),
  ADD CONSTRAINT paper_referral_other CHECK ((other_agency_id IS NULL) <> (other_name IS NULL) AND (direction = 'in' OR other_agency_id IS NOT NULL)
    AND other_agency_id IS DISTINCT FROM agency_id AND length(other_name) BETWEEN 1 AND 120),
  ADD CONSTRAINT paper_referral_state CHECK (state IN ('prepared', 'handed_over', 'received', 'acknowledged', 'accepted', 'declined', 'completed', 'withdrawn')),
  ADD CONSTRAINT paper_referral_out CHECK (CASE direction WHEN 'out' THEN state <> 'received' AND consent_says IS NULL AND cardinality(fields) > 0
    ELSE state NOT IN ('prepared', 'handed_over', 'withdrawn') AND consent_says IS NOT NULL AND cardinality(fields) = 0 END),
  ADD CONSTRAINT paper_referral_consent CHECK (consent_says IN ('signed', 'spoken', 'guardian', 'nothing')),
  ADD CONSTRAINT paper_referral_for CHECK (cardinality(categories) > 0);
ALTER TABLE public.paper_step
  ADD CONSTRAINT paper_step_step CHECK (step IN ('handed_over', 'received', 'acknowledged', 'accepted', 'declined', 'completed', 'withdrawn')),
  ADD CONSTRAINT paper_step_way CHECK ((step = 'handed_over') = (way IS NOT NULL) AND way IN ('by_hand', 'sealed_envelope', 'phone')),
  ADD CONSTRAINT paper_step_declined CHECK ((step = 'declined') = (decline_reason IS NOT NULL) AND decline_reason IN ('no_capacity', 'outside_mandate',
    'outside_area', 'not_eligible', 'safety_conflict', 'duplicate', 'insufficient_information', 'person_declined', 'other')),
  ADD CONSTRAINT paper_step_completed CHECK ((step = 'completed') = (outcome IS NOT NULL) AND outcome IN ('achieved', 'partly', 'not_achieved', 'person_left', 'other'));

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES
  ('paper-referral.prepared', 'create', false), ('paper-referral.received', 'create', false), ('paper-referral.moved', 'update', false),
  ('paper-referral.viewed', 'read', false), ('paper-referral.printed', 'print', false);

DO $$
DECLARE
  t text;
  readers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member']) r);
BEGIN
  FOREACH t IN ARRAY ARRAY['paper_referral', 'paper_step'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
    EXECUTE format('GRANT SELECT ON public.%I TO %s', t, readers);
    EXECUTE format('CREATE POLICY team_read ON public.%I FOR SELECT TO %s USING (agency_id = (SELECT app.casework_agency()) AND app.on_team(case_id))', t, readers);
  END LOOP;
  EXECUTE format('GRANT UPDATE (state, version) ON public.paper_referral TO %I', app.db_role('definer'));
  EXECUTE format('GRANT UPDATE (on_amparo, contact) ON public.agency TO %I', app.db_role('definer'));
END
$$;
CREATE TRIGGER paper_step_stays BEFORE UPDATE OR DELETE ON public.paper_step FOR EACH ROW EXECUTE FUNCTION app.only_added_to();

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Adds an agency without Amparo: nobody signs in there, and it is reached as its contact says. Answers as app.create_agency. */
CREATE FUNCTION app.create_paper_agency(new_id uuid, new_key text, new_name text, new_kind text, wanted_network uuid, new_country text, new_zone text,
    new_contact text, wrapped_data bytea, wrapped_index bytea, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  answer text := app.create_agency(new_id, new_key, new_name, new_kind, wanted_network, new_country, new_zone, wrapped_data, wrapped_index, origin);
BEGIN
  IF answer = 'ok' THEN UPDATE public.agency a SET on_amparo = false, contact = new_contact WHERE a.id = new_id; END IF;
  RETURN answer;
END
$$;

/* Whoever has no Amparo has no members there. */
CREATE FUNCTION app.member_needs_amparo() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.agency a WHERE a.id = NEW.agency_id AND NOT a.on_amparo) THEN
    RAISE EXCEPTION 'An agency without Amparo has no members' USING ERRCODE = '23514', CONSTRAINT = 'member_needs_amparo';
  END IF;
  RETURN NEW;
END
$$;

/* Where a step leads; null where it can't be. As lib/referrals/paper/rules.ts has it; a test holds the two together. */
CREATE FUNCTION app.paper_next(direction text, state text, step text) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT paper_next.step FROM (VALUES
    ('out', 'prepared', '{handed_over,withdrawn}'::text[]), ('out', 'handed_over', '{acknowledged,accepted,declined,withdrawn}'),
    ('out', 'acknowledged', '{accepted,declined,withdrawn}'), ('out', 'accepted', '{completed,withdrawn}'),
    ('in', 'received', '{acknowledged,accepted,declined}'), ('in', 'acknowledged', '{accepted,declined}'), ('in', 'accepted', '{completed}')) t (direction, state, steps)
  WHERE t.direction = paper_next.direction AND t.state = paper_next.state AND paper_next.step = ANY (t.steps)
$$;

/* Whether something living covers all that a paper says, now. */
CREATE FUNCTION app.paper_lives(p public.paper_referral, at timestamptz) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce(bool_and(b.allowed), false) FROM app.sharing_basis_of(p.case_id, p.other_agency_id, 'sharing', p.fields, at) b
$$;

/* The event of a paper, in the log of the agency whose case it is. */
CREATE FUNCTION app.paper_event(event_type text, p public.paper_referral, event_fields text[], origin jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.record_event(jsonb_build_object('type', event_type, 'subject', p.code, 'personId', p.person_id, 'caseId', p.case_id, 'holderAgencyId', p.holder_agency_id,
    'fields', to_jsonb(event_fields), 'purpose', 'referral', 'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)));
END
$$;

/* Prepares a form for an agency without Amparo: ok, not_found, case_closed, no_agency, needs or no_basis. */
CREATE FUNCTION app.prepare_paper(new_id uuid, new_code text, wanted_case uuid, receiver uuid, wanted_needs text[], wanted_urgency text, wanted_fields text[], origin jsonb)
  RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  c record;
  p public.paper_referral;
BEGIN
  SELECT x.* INTO c FROM public.case_file x WHERE x.id = wanted_case AND x.agency_id = ctx.agency_id AND x.holder_agency_id = ctx.agency_id;
  IF NOT FOUND OR NOT app.on_team(wanted_case) THEN RETURN 'not_found'; END IF;
  IF c.status IN ('closed', 'closed_referred') THEN RETURN 'case_closed'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.agency a WHERE a.id = receiver AND NOT a.on_amparo AND a.network_id = ctx.network_id) THEN RETURN 'no_agency'; END IF;
  IF cardinality(wanted_needs) = 0 OR (SELECT count(*) FROM public.need n WHERE n.code = ANY (wanted_needs) AND n.case_id = wanted_case
      AND n.state IN ('open', 'planned', 'being_met')) <> cardinality(wanted_needs) THEN RETURN 'needs'; END IF;
  INSERT INTO public.paper_referral (id, code, direction, case_id, person_id, holder_agency_id, agency_id, other_agency_id, urgency, categories, needs, fields, state,
      created_by_id, created_at)
    SELECT new_id, new_code, 'out', c.id, c.person_id, c.holder_agency_id, ctx.agency_id, receiver, wanted_urgency::public.urgency,
      ARRAY(SELECT DISTINCT n.category FROM public.need n WHERE n.code = ANY (wanted_needs) ORDER BY 1), wanted_needs, wanted_fields, 'prepared', ctx.member_id, app.now()
    RETURNING * INTO p;
  IF EXISTS (SELECT 1 FROM unnest(p.categories) k WHERE NOT 'need.' || k = ANY (p.fields)) OR NOT app.paper_lives(p, app.now()) THEN
    RAISE EXCEPTION 'No basis covers all that would leave' USING ERRCODE = '42501', CONSTRAINT = 'no_basis';
  END IF;
  PERFORM app.paper_event('paper-referral.prepared', p, p.fields, origin);
  RETURN 'ok';
END
$$;

/* Prints a form for its team: the line of the ledger, or null where nothing covers it (any more) or it is over. */
CREATE FUNCTION app.print_paper(wanted text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  p public.paper_referral;
BEGIN
  SELECT x.* INTO p FROM public.paper_referral x WHERE x.code = wanted AND x.direction = 'out' AND x.agency_id = ctx.agency_id FOR SHARE;
  IF NOT FOUND OR NOT app.on_team(p.case_id) OR p.state NOT IN ('prepared', 'handed_over') OR NOT app.paper_lives(p, app.now()) THEN RETURN NULL; END IF;
  PERFORM app.paper_event('paper-referral.printed', p, p.fields, origin);
  RETURN app.write_disclosure('print', p.case_id, p.other_agency_id, 'sharing', p.fields, p.code, origin, ctx);
END
$$;

/* Whether whoever asks has just printed this form, by its line of the ledger: for a quarter of an hour. */
CREATE FUNCTION app.has_printed_paper(wanted text, line text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM public.disclosure d WHERE d.code = line AND d.subject = wanted AND d.way = 'print' AND d.member_id = (app.context()).member_id
    AND d.at > app.now() - interval '15 minutes')
$$;

/* Types in a form that came on paper, on a case of the actor's team: ok or not_found. */
CREATE FUNCTION app.take_in_paper(new_id uuid, new_code text, wanted_case uuid, sender uuid, sender_name text, came_on date, wanted_urgency text, wanted_categories text[],
    wanted_needs text[], says text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  c record;
  p public.paper_referral;
BEGIN
  SELECT x.* INTO c FROM public.case_file x WHERE x.id = wanted_case AND x.agency_id = ctx.agency_id AND x.holder_agency_id = ctx.agency_id;
  IF NOT FOUND OR NOT app.on_team(wanted_case) THEN RETURN 'not_found'; END IF;
  INSERT INTO public.paper_referral (id, code, direction, case_id, person_id, holder_agency_id, agency_id, other_agency_id, other_name, urgency, categories, needs, fields,
      consent_says, state, created_by_id, created_at)
    VALUES (new_id, new_code, 'in', c.id, c.person_id, c.holder_agency_id, ctx.agency_id,
      (SELECT a.id FROM public.agency a WHERE a.id = sender AND NOT a.on_amparo AND a.network_id = ctx.network_id), sender_name, wanted_urgency::public.urgency,
      wanted_categories, wanted_needs, '{}', says, 'received', ctx.member_id, app.now())
    RETURNING * INTO p;
  INSERT INTO public.paper_step (id, paper_referral_id, case_id, holder_agency_id, agency_id, step, happened_on, entered_by_id, entered_at)
    VALUES (gen_random_uuid(), p.id, p.case_id, p.holder_agency_id, p.agency_id, 'received', came_on, ctx.member_id, app.now());
  PERFORM app.paper_event('paper-referral.received', p, p.categories, origin);
  RETURN 'ok';
END
$$;

/*
 * Writes down a step of a form with the day on which it happened: ok, not_found, stale, wrong_state, not_printed, no_basis or order (before
 * the step that stands). What was handed over can't be called back: only handing over asks once more whether something covers it.
 */
CREATE FUNCTION app.step_paper(wanted text, expected_version int, next_step text, on_day date, handed text, reason text, came_of_it text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  p public.paper_referral;
  to_state text;
  n record;
BEGIN
  SELECT x.* INTO p FROM public.paper_referral x WHERE x.code = wanted AND x.agency_id = ctx.agency_id FOR UPDATE;
  IF NOT FOUND OR NOT app.on_team(p.case_id) THEN RETURN 'not_found'; END IF;
  IF app.paper_next(p.direction, p.state, next_step) IS NULL THEN RETURN 'wrong_state'; END IF;
  IF p.version <> expected_version THEN RETURN 'stale'; END IF;
  IF EXISTS (SELECT 1 FROM public.paper_step s WHERE s.paper_referral_id = p.id AND s.happened_on > on_day) THEN RETURN 'order'; END IF;
  IF next_step = 'handed_over' THEN
    IF NOT EXISTS (SELECT 1 FROM public.disclosure d WHERE d.case_id = p.case_id AND d.subject = p.code AND d.way = 'print') THEN RETURN 'not_printed'; END IF;
    IF NOT app.paper_lives(p, app.now()) THEN RETURN 'no_basis'; END IF;
  END IF;
  INSERT INTO public.paper_step (id, paper_referral_id, case_id, holder_agency_id, agency_id, step, happened_on, way, decline_reason, outcome, entered_by_id, entered_at)
    VALUES (gen_random_uuid(), p.id, p.case_id, p.holder_agency_id, p.agency_id, next_step, on_day, handed, reason, came_of_it, ctx.member_id, app.now());
  UPDATE public.paper_referral x SET state = next_step, version = x.version + 1 WHERE x.id = p.id RETURNING x.* INTO p;
  PERFORM app.paper_event('paper-referral.moved', p, ARRAY[next_step], origin);
  -- The needs wait while the other agency has the form, and are open again when it won't help.
  to_state := CASE WHEN p.direction = 'in' THEN NULL WHEN next_step IN ('handed_over', 'accepted') THEN 'planned' WHEN next_step IN ('declined', 'withdrawn') THEN 'open' END;
  FOR n IN UPDATE public.need x SET state = to_state::public.need_state, version = x.version + 1
      WHERE to_state IS NOT NULL AND x.case_id = p.case_id AND x.code = ANY (p.needs) AND x.state::text IN ('open', 'planned') AND x.state::text <> to_state
        AND (to_state = 'planned' OR NOT EXISTS (SELECT 1 FROM public.referral_need o JOIN public.referral q ON q.id = o.referral_id
          WHERE o.need_id = x.id AND o.accepted IS DISTINCT FROM false AND q.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service')))
      RETURNING x.code LOOP
    PERFORM app.record_event(jsonb_build_object('type', 'need.changed', 'subject', n.code, 'personId', p.person_id, 'caseId', p.case_id, 'holderAgencyId', p.holder_agency_id,
      'fields', '["state"]'::jsonb, 'basis', p.code));
  END LOOP;
  RETURN 'ok';
END
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('create_paper_agency', 'member_needs_amparo', 'paper_next', 'paper_lives', 'paper_event', 'prepare_paper', 'print_paper',
             'has_printed_paper', 'take_in_paper', 'step_paper') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE WHEN f.proname IN ('member_needs_amparo', 'paper_next', 'paper_lives', 'paper_event') THEN ARRAY['definer'] ELSE ARRAY['member', 'definer'] END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.member_needs_amparo(), app.paper_next(text, text, text) TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER member_needs_amparo BEFORE INSERT OR UPDATE OF agency_id ON public.member FOR EACH ROW EXECUTE FUNCTION app.member_needs_amparo();
