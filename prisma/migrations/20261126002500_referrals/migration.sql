-- Referrals: a request from one agency to another's listed service, with exactly what the person agreed to share, and what an
-- accepted one lets the other agency do until its basis ends.

CREATE TABLE "referral" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "to_agency_id" UUID NOT NULL,
    "listed_service_id" UUID NOT NULL,
    "urgency" "urgency" NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "state_before" TEXT,
    "fields" TEXT[],
    "created_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_by_id" UUID,
    "sent_at" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "answered_by_id" UUID,
    "answered_at" TIMESTAMPTZ(3),
    "starts_on" DATE,
    "service_since" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended_why" TEXT,
    "decline_reason" TEXT,
    "outcome" TEXT,
    "feedback" TEXT,
    "clock_started_at" TIMESTAMPTZ(3),
    "acknowledge_half_at" TIMESTAMPTZ(3),
    "acknowledge_by" TIMESTAMPTZ(3),
    "acknowledge_late_at" TIMESTAMPTZ(3),
    "decide_half_at" TIMESTAMPTZ(3),
    "decide_by" TIMESTAMPTZ(3),
    "decide_late_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "overdue_at" TIMESTAMPTZ(3),
    "told" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "next_at" TIMESTAMPTZ(3),
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "referral_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "referral_need" (
    "referral_id" UUID NOT NULL,
    "need_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "accepted" BOOLEAN,

    CONSTRAINT "referral_need_pkey" PRIMARY KEY ("referral_id","need_id")
);

CREATE TABLE "referral_field" (
    "referral_id" UUID NOT NULL,
    "field" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "part" TEXT NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "referral_field_pkey" PRIMARY KEY ("referral_id","field","version")
);

CREATE TABLE "referral_text" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "written_by_id" UUID NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "referral_text_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "referral_key" (
    "referral_id" UUID NOT NULL,
    "part" TEXT NOT NULL,
    "agency_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "wrap_purpose" TEXT NOT NULL DEFAULT 'data',
    "wrap_version" INTEGER NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "referral_key_pkey" PRIMARY KEY ("referral_id","part","agency_id")
);

CREATE TABLE "case_grant" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "case_code" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "categories" TEXT[],
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "case_grant_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "referral_code_key" ON "referral"("code");

CREATE INDEX "referral_agency_id_state_id_idx" ON "referral"("agency_id", "state", "id" DESC);

CREATE INDEX "referral_to_agency_id_state_id_idx" ON "referral"("to_agency_id", "state", "id" DESC);

CREATE INDEX "referral_holder_agency_id_case_id_idx" ON "referral"("holder_agency_id", "case_id");

CREATE INDEX "referral_case_id_state_idx" ON "referral"("case_id", "state");

CREATE UNIQUE INDEX "referral_id_holder_agency_id_key" ON "referral"("id", "holder_agency_id");

CREATE UNIQUE INDEX "referral_id_holder_agency_id_case_id_key" ON "referral"("id", "holder_agency_id", "case_id");

CREATE INDEX "referral_need_agency_id_idx" ON "referral_need"("agency_id");

CREATE INDEX "referral_need_holder_agency_id_idx" ON "referral_need"("holder_agency_id");

CREATE INDEX "referral_need_need_id_idx" ON "referral_need"("need_id");

CREATE INDEX "referral_field_agency_id_idx" ON "referral_field"("agency_id");

CREATE INDEX "referral_field_holder_agency_id_idx" ON "referral_field"("holder_agency_id");

CREATE INDEX "referral_text_agency_id_idx" ON "referral_text"("agency_id");

CREATE INDEX "referral_text_holder_agency_id_idx" ON "referral_text"("holder_agency_id");

CREATE INDEX "referral_text_referral_id_written_at_idx" ON "referral_text"("referral_id", "written_at");

CREATE INDEX "referral_key_agency_id_wrap_version_idx" ON "referral_key"("agency_id", "wrap_version");

CREATE INDEX "referral_key_holder_agency_id_idx" ON "referral_key"("holder_agency_id");

CREATE UNIQUE INDEX "case_grant_referral_id_key" ON "case_grant"("referral_id");

CREATE INDEX "case_grant_agency_id_case_id_idx" ON "case_grant"("agency_id", "case_id");

CREATE INDEX "case_grant_holder_agency_id_case_id_idx" ON "case_grant"("holder_agency_id", "case_id");

CREATE UNIQUE INDEX "case_grant_referral_id_holder_agency_id_case_id_key" ON "case_grant"("referral_id", "holder_agency_id", "case_id");

ALTER TABLE "referral" ADD CONSTRAINT "referral_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral" ADD CONSTRAINT "referral_to_agency_id_fkey" FOREIGN KEY ("to_agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral" ADD CONSTRAINT "referral_to_agency_id_listed_service_id_fkey" FOREIGN KEY ("to_agency_id", "listed_service_id") REFERENCES "listed_service"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral" ADD CONSTRAINT "referral_agency_id_created_by_id_fkey" FOREIGN KEY ("agency_id", "created_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral" ADD CONSTRAINT "referral_agency_id_sent_by_id_fkey" FOREIGN KEY ("agency_id", "sent_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral" ADD CONSTRAINT "referral_to_agency_id_answered_by_id_fkey" FOREIGN KEY ("to_agency_id", "answered_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral_need" ADD CONSTRAINT "referral_need_referral_id_holder_agency_id_case_id_fkey" FOREIGN KEY ("referral_id", "holder_agency_id", "case_id") REFERENCES "referral"("id", "holder_agency_id", "case_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral_need" ADD CONSTRAINT "referral_need_need_id_holder_agency_id_case_id_fkey" FOREIGN KEY ("need_id", "holder_agency_id", "case_id") REFERENCES "need"("id", "holder_agency_id", "case_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral_field" ADD CONSTRAINT "referral_field_referral_id_holder_agency_id_fkey" FOREIGN KEY ("referral_id", "holder_agency_id") REFERENCES "referral"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral_text" ADD CONSTRAINT "referral_text_referral_id_holder_agency_id_fkey" FOREIGN KEY ("referral_id", "holder_agency_id") REFERENCES "referral"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral_text" ADD CONSTRAINT "referral_text_agency_id_written_by_id_fkey" FOREIGN KEY ("agency_id", "written_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral_key" ADD CONSTRAINT "referral_key_referral_id_holder_agency_id_fkey" FOREIGN KEY ("referral_id", "holder_agency_id") REFERENCES "referral"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "referral_key" ADD CONSTRAINT "referral_key_agency_id_wrap_purpose_wrap_version_fkey" FOREIGN KEY ("agency_id", "wrap_purpose", "wrap_version") REFERENCES "agency_key"("agency_id", "purpose", "version") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "case_grant" ADD CONSTRAINT "case_grant_referral_id_holder_agency_id_case_id_fkey" FOREIGN KEY ("referral_id", "holder_agency_id", "case_id") REFERENCES "referral"("id", "holder_agency_id", "case_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "case_grant" ADD CONSTRAINT "case_grant_case_id_holder_agency_id_person_id_fkey" FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "case_grant" ADD CONSTRAINT "case_grant_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ---------------------------------------------------------------------------------------------------------------
-- What holds whoever writes a row

ALTER TABLE public.referral
  ADD CONSTRAINT referral_other_agency CHECK (agency_id <> to_agency_id),
  ADD CONSTRAINT referral_from_holder CHECK (agency_id = holder_agency_id),
  ADD CONSTRAINT referral_state CHECK (state IN ('draft', 'sent', 'acknowledged', 'info_requested', 'accepted', 'in_service', 'completed', 'closed', 'declined', 'withdrawn', 'expired')),
  ADD CONSTRAINT referral_paused CHECK ((state = 'info_requested') = (paused_at IS NOT NULL) AND (state = 'info_requested') = (state_before IS NOT NULL)),
  ADD CONSTRAINT referral_sent CHECK (state IN ('draft', 'withdrawn') OR (sent_at IS NOT NULL AND decide_by IS NOT NULL)),
  ADD CONSTRAINT referral_declined CHECK ((state = 'declined') = (decline_reason IS NOT NULL)),
  ADD CONSTRAINT referral_decline_reason CHECK (decline_reason IN ('no_capacity', 'outside_mandate', 'outside_area', 'not_eligible', 'safety_conflict',
    'duplicate', 'insufficient_information', 'person_declined', 'other')),
  ADD CONSTRAINT referral_outcome CHECK (outcome IN ('achieved', 'partly', 'not_achieved', 'person_left', 'other')),
  ADD CONSTRAINT referral_feedback CHECK (feedback IN ('helped', 'partly', 'not_helped')),
  ADD CONSTRAINT referral_ended_why CHECK (ended_why IN ('sender', 'basis'));
ALTER TABLE public.referral_field ADD CONSTRAINT referral_field_part CHECK (part IN ('preview', 'package'));
ALTER TABLE public.referral_text ADD CONSTRAINT referral_text_kind CHECK (kind IN ('reason', 'question', 'answer', 'decline', 'outcome'));
ALTER TABLE public.referral_key
  ADD CONSTRAINT referral_key_part CHECK (part IN ('preview', 'package')),
  ADD CONSTRAINT referral_key_wrapped_by_data CHECK (wrap_purpose = 'data');
-- The clock's job looks at these only.
CREATE INDEX referral_due ON public.referral (next_at) WHERE next_at IS NOT NULL;

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES
  ('referral.drafted', 'create', false), ('referral.sent', 'update', false), ('referral.acknowledged', 'update', false),
  ('referral.info-requested', 'update', false), ('referral.info-answered', 'update', false), ('referral.accepted', 'update', false),
  ('referral.declined', 'update', false), ('referral.started', 'update', false), ('referral.completed', 'update', false),
  ('referral.closed', 'update', false), ('referral.withdrawn', 'update', false), ('referral.expired', 'update', false),
  ('referral.overdue', 'update', false), ('referral.viewed', 'read', false), ('referral.listed', 'list', false),
  ('referral.offered', 'read', false), ('referral-package.opened', 'read', false),
  ('case-grant.started', 'create', false), ('case-grant.ended', 'update', false);
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('referral.received', true, false, false, 20), ('referral.acknowledged', false, false, false, 21), ('referral.question', true, false, false, 21),
  ('referral.answered', true, false, false, 22), ('referral.accepted', true, false, false, 22), ('referral.declined', true, true, false, 23),
  ('referral.started', false, false, false, 23), ('referral.completed', true, false, false, 24), ('referral.closed', false, false, false, 24),
  ('referral.withdrawn', true, true, false, 25), ('referral.expired', true, true, false, 25), ('referral.due', true, false, false, 26),
  ('referral.overdue', true, true, false, 27);

-- ---------------------------------------------------------------------------------------------------------------
-- No role reads or writes these tables: a referral shows each side something else, and its moves take rows out of the
-- mover's own sight. A grant is read by both sides, as the place under which records stand.

DO $$
DECLARE
  t text;
  readers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member']) r);
BEGIN
  FOREACH t IN ARRAY ARRAY['referral', 'referral_need', 'referral_field', 'referral_text', 'referral_key', 'case_grant'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
  EXECUTE format('GRANT DELETE ON public.referral_key TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.case_grant TO %s', readers);
  EXECUTE format('CREATE POLICY both_read ON public.case_grant FOR SELECT TO %s USING (agency_id = (SELECT app.casework_agency())
    OR (holder_agency_id = (SELECT app.casework_agency()) AND (NOT restricted OR app.on_team(case_id))))', readers);
END
$$;

/* What was sealed and said stays so; only the seal of a key may be put under a newer key of its agency. */
CREATE TRIGGER referral_field_stays BEFORE UPDATE OR DELETE ON public.referral_field FOR EACH ROW EXECUTE FUNCTION app.only_added_to();
CREATE TRIGGER referral_text_stays BEFORE UPDATE OR DELETE ON public.referral_text FOR EACH ROW EXECUTE FUNCTION app.only_added_to();

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

CREATE FUNCTION app.spread_restriction_to_referrals() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.referral SET restricted = NEW.restricted WHERE case_id = NEW.id;
  UPDATE public.case_grant SET restricted = NEW.restricted WHERE case_id = NEW.id;
  RETURN NULL;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- The one table of transitions, as lib/referrals/rules.ts has it; a test holds the two together.

/* Where a move leads from a state; null where it may not be made there. An answered question leads back: 'before'. */
CREATE FUNCTION app.referral_next(move text, state text) RETURNS text
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
    ('withdraw', 'draft', 'withdrawn'), ('withdraw', 'sent', 'withdrawn'), ('withdraw', 'acknowledged', 'withdrawn'),
    ('withdraw', 'info_requested', 'withdrawn'), ('withdraw', 'accepted', 'withdrawn'), ('withdraw', 'in_service', 'withdrawn'),
    ('expire', 'sent', 'expired'), ('expire', 'acknowledged', 'expired'),
    ('close', 'completed', 'closed')) t (move, state, next)
  WHERE t.move = referral_next.move AND t.state = referral_next.state
$$;

/* Which side makes a move. */
CREATE FUNCTION app.referral_mover(move text) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN move IN ('send', 'answer-info', 'withdraw', 'close') THEN 'sender'
    WHEN move IN ('acknowledge', 'request-info', 'accept', 'decline', 'start', 'complete') THEN 'receiver' ELSE 'time' END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Who sees what of it

/* From which side whoever asks sees a referral's skeleton; null when for them there is none. */
CREATE FUNCTION app.referral_side(r public.referral) RETURNS text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL THEN RETURN NULL; END IF;
  IF ctx.roles && ARRAY['caseworker', 'supervisor'] THEN
    IF r.agency_id = ctx.agency_id AND ((NOT r.restricted AND r.state <> 'draft') OR app.on_team(r.case_id)) THEN RETURN 'sender'; END IF;
    IF r.to_agency_id = ctx.agency_id AND r.sent_at IS NOT NULL THEN RETURN 'receiver'; END IF;
  END IF;
  IF 'coordinator' = ANY (ctx.roles) AND r.sent_at IS NOT NULL
     AND EXISTS (SELECT 1 FROM public.agency a WHERE a.id = r.agency_id AND a.network_id = ctx.network_id) THEN
    RETURN 'desk';
  END IF;
  RETURN NULL;
END
$$;

/* Whether whoever asks answers for the receiving service, or supervises those who do. */
CREATE FUNCTION app.referral_receives(r public.referral) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  RETURN coalesce(ctx.agency_id = r.to_agency_id AND r.sent_at IS NOT NULL
    AND ('supervisor' = ANY (ctx.roles) OR app.may_answer_for(r.listed_service_id, ctx.member_id, app.now())), false);
END
$$;

/* The categories that a referral is for, those left out that the other agency did not take on. */
CREATE FUNCTION app.referral_categories(wanted uuid) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce(array_agg(DISTINCT n.category ORDER BY n.category), '{}')
  FROM public.referral_need x JOIN public.need n ON n.id = x.need_id WHERE x.referral_id = wanted AND x.accepted IS DISTINCT FROM false
$$;

/*
 * May these fields go to this agency with a referral for these categories now? The engine's answer, and beside it the
 * agreement between the two agencies: in force for the category, and as wide as the field asks. Sharing without consent
 * that names a field stands in for a missing agreement as well.
 */
CREATE FUNCTION app.referral_basis_of(wanted_case uuid, sender uuid, receiver uuid, wanted_categories text[], wanted_fields text[], at timestamptz)
  RETURNS TABLE (field text, allowed boolean, basis text, code text, until timestamptz, reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH cover AS (
    SELECT k.category, x.identity_level FROM unnest(wanted_categories) k (category)
    CROSS JOIN LATERAL app.covering_agreement(sender, receiver, 'sharing', k.category, at) x
  ), needed AS (
    SELECT coalesce(array_agg('need.' || k.category), '{}') AS keys FROM unnest(wanted_categories) k (category)
  )
  SELECT b.field, b.allowed AND (agreed.ok OR excepted.ok), b.basis, b.code, b.until,
    CASE WHEN NOT b.allowed THEN b.reason WHEN NOT (agreed.ok OR excepted.ok) THEN 'no_agreement' END
  FROM needed, app.sharing_basis_of(wanted_case, receiver, 'sharing', wanted_fields || needed.keys, at) b
  LEFT JOIN public.disclosure_field d ON d.key = b.field
  CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM cover c WHERE (d.category IS NULL OR c.category = d.category)
    AND app.identity_rank(c.identity_level) >= app.identity_rank(d.identity)) AS ok) agreed
  CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM public.sharing_exception x WHERE x.case_id = wanted_case AND x.purpose = 'sharing'
    AND x.to_agency_id = receiver AND b.field = ANY (x.fields) AND x.ended_at IS NULL AND at < x.ends_at) AS ok) excepted
$$;

/* Whether a referral still has a basis for at least one of its needs. */
CREATE FUNCTION app.referral_lives(r public.referral, at timestamptz) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM app.referral_basis_of(r.case_id, r.agency_id, r.to_agency_id, app.referral_categories(r.id), '{}', at) b WHERE b.allowed)
$$;

/* What the team of a case is shown before it refers: which fields may go to an agency, and why not. Others get no row. */
CREATE FUNCTION app.referral_offer(wanted_case uuid, receiver uuid, wanted_categories text[], wanted_fields text[])
  RETURNS TABLE (field text, allowed boolean, basis text, code text, until timestamptz, reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT b.* FROM public.case_file c, app.referral_basis_of(wanted_case, c.agency_id, receiver, wanted_categories, wanted_fields, app.now()) b
  WHERE c.id = wanted_case AND app.on_team(wanted_case)
$$;

/* Whether whoever asks may log services of a category on another agency's case: by a grant whose basis lives now. */
CREATE FUNCTION app.may_serve(wanted_case uuid, wanted_category text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (
    SELECT 1 FROM public.case_grant g JOIN public.referral r ON r.id = g.referral_id
    WHERE g.agency_id = (SELECT app.casework_agency()) AND g.case_id = wanted_case AND g.ended_at IS NULL AND wanted_category = ANY (g.categories)
      AND r.state IN ('accepted', 'in_service') AND app.referral_receives(r)
      AND EXISTS (SELECT 1 FROM app.referral_basis_of(r.case_id, r.agency_id, r.to_agency_id, ARRAY[wanted_category], '{}', app.now()) b
        WHERE b.field = 'need.' || wanted_category AND b.allowed))
$$;

/* Whether whoever asks is among those of their agency who work, or worked, on another agency's case by a grant. */
CREATE FUNCTION app.served(wanted_case uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM public.case_grant g JOIN public.referral r ON r.id = g.referral_id
    WHERE g.agency_id = (SELECT app.casework_agency()) AND g.case_id = wanted_case AND app.referral_receives(r))
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Telling

/* The event of a referral. What the receiving side does before it knows the case says nothing of the case in its log. */
CREATE FUNCTION app.referral_event(event_type text, r public.referral, event_fields text[], origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  knows boolean := ctx.agency_id = r.agency_id OR EXISTS (SELECT 1 FROM public.case_grant g WHERE g.referral_id = r.id);
BEGIN
  PERFORM app.write_event(app.with_emergency(jsonb_strip_nulls(jsonb_build_object('type', event_type, 'subject', r.code,
    'personId', CASE WHEN knows THEN r.person_id END, 'caseId', CASE WHEN knows THEN r.case_id END,
    'holderAgencyId', r.holder_agency_id, 'fields', to_jsonb(event_fields), 'purpose', 'referral',
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60))), ctx), ctx);
END
$$;

/* Who works on it at the sender: the case's assigned members; whoever acts needs no telling. */
CREATE FUNCTION app.referral_senders(r public.referral, but uuid) RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce(array_agg(a.member_id), '{}') FROM public.assignment a
  WHERE a.case_id = r.case_id AND a.agency_id = r.agency_id AND a.ended_at IS NULL AND a.member_id IS DISTINCT FROM but
$$;

/* Who is asked to answer: the service's receivers, and where there are none now its stand-ins. */
CREATE FUNCTION app.referral_receivers(r public.referral, but uuid) RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH who AS (SELECT w.member_id, w.stands_in FROM app.answers_for(r.listed_service_id, app.installation_now()) w)
  SELECT coalesce(array_agg(w.member_id), '{}') FROM who w
  WHERE w.member_id IS DISTINCT FROM but AND (NOT w.stands_in OR NOT EXISTS (SELECT 1 FROM who o WHERE NOT o.stands_in))
$$;

CREATE FUNCTION app.supervisors_of(agency uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.id FROM public.member m WHERE m.agency_id = agency AND m.status = 'active' AND 'supervisor' = ANY (m.roles)
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- The steps that several moves share

/* The needs of a referral take on a state; those that another living referral is for stay as they are. */
CREATE FUNCTION app.move_referral_needs(r public.referral, which boolean, from_states text[], to_state text, origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  n record;
BEGIN
  FOR n IN
    UPDATE public.need x SET state = to_state::public.need_state, version = x.version + 1
    FROM public.referral_need rn
    WHERE rn.referral_id = r.id AND x.id = rn.need_id AND x.state::text = ANY (from_states) AND x.state::text <> to_state
      AND (which IS NULL OR rn.accepted IS NOT DISTINCT FROM which)
      AND (to_state <> 'open' OR NOT EXISTS (SELECT 1 FROM public.referral_need o JOIN public.referral q ON q.id = o.referral_id
        WHERE o.need_id = x.id AND o.referral_id <> r.id AND o.accepted IS DISTINCT FROM false
          AND q.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service')))
    RETURNING x.code
  LOOP
    PERFORM app.write_event(jsonb_build_object('type', 'need.changed', 'subject', n.code, 'personId', r.person_id, 'caseId', r.case_id,
      'holderAgencyId', r.holder_agency_id, 'fields', '["state"]'::jsonb, 'basis', r.code,
      'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)),
      -- In the holder's log, whoever moved the referral.
      CASE WHEN ctx.agency_id = r.agency_id THEN ctx ELSE app.unattended(r.agency_id) END);
  END LOOP;
END
$$;

/* When the clock's job has to look next: at the next moment of its clock, at the end of a basis, and once a day anyway. */
CREATE FUNCTION app.referral_next_at(r public.referral, at timestamptz) RETURNS timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE
    WHEN r.state = 'completed' THEN r.completed_at + interval '14 days'
    WHEN r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service') THEN least(
      at + interval '1 day',
      (SELECT min(b.until) FROM app.referral_basis_of(r.case_id, r.agency_id, r.to_agency_id, app.referral_categories(r.id), r.fields, at) b WHERE b.allowed AND b.until > at),
      CASE WHEN r.state = 'sent' AND NOT 'ack_half' = ANY (r.told) THEN r.acknowledge_half_at END,
      CASE WHEN r.state = 'sent' AND NOT 'ack_by' = ANY (r.told) THEN r.acknowledge_by END,
      CASE WHEN r.state = 'sent' AND NOT 'ack_late' = ANY (r.told) THEN r.acknowledge_late_at END,
      CASE WHEN r.state IN ('sent', 'acknowledged') AND NOT 'decide_half' = ANY (r.told) THEN r.decide_half_at END,
      CASE WHEN r.state IN ('sent', 'acknowledged') AND NOT 'decide_by' = ANY (r.told) THEN r.decide_by END,
      CASE WHEN r.state IN ('sent', 'acknowledged') AND NOT 'decide_late' = ANY (r.told) THEN r.decide_late_at END,
      CASE WHEN r.state IN ('sent', 'acknowledged') THEN r.expires_at END)
  END
$$;

/*
 * Ends what the receiving side has of a referral: its wrapped keys go, and its grant. The skeleton stays, and so do the
 * records that it wrote.
 */
CREATE FUNCTION app.shut_referral(r public.referral, at timestamptz, origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  DELETE FROM public.referral_key k WHERE k.referral_id = r.id AND k.agency_id = r.to_agency_id;
  UPDATE public.case_grant g SET ended_at = at WHERE g.referral_id = r.id AND g.ended_at IS NULL;
  IF FOUND THEN PERFORM app.referral_event('case-grant.ended', r, '{}', origin, ctx); END IF;
END
$$;

/* Withdraws a referral whose basis is gone; both sides are told. */
CREATE FUNCTION app.withdraw_for_basis(r public.referral, at timestamptz, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.referral x SET state = 'withdrawn', ended_why = 'basis', ended_at = at, paused_at = NULL, state_before = NULL, next_at = NULL, version = x.version + 1
    WHERE x.id = r.id RETURNING x.* INTO r;
  PERFORM app.shut_referral(r, at, '{}', ctx);
  PERFORM app.move_referral_needs(r, NULL, ARRAY['planned', 'being_met'], 'open', '{}', ctx);
  PERFORM app.referral_event('referral.withdrawn', r, ARRAY['basis'], '{}', ctx);
  PERFORM app.notify(app.referral_receivers(r, NULL) || app.referral_senders(r, NULL), 'referral.withdrawn', r.code, true);
END
$$;

/* Looks again at what rests on a case's answers: whatever has no basis any more is withdrawn in this transaction. */
CREATE FUNCTION app.recheck_referrals(wanted_case uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  r public.referral;
BEGIN
  FOR r IN SELECT x.* FROM public.referral x WHERE x.case_id = wanted_case
      AND x.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service') ORDER BY x.id FOR UPDATE LOOP
    IF app.referral_lives(r, app.installation_now()) THEN
      UPDATE public.referral x SET next_at = app.referral_next_at(r, app.installation_now()) WHERE x.id = r.id;
    ELSE
      PERFORM app.withdraw_for_basis(r, app.installation_now(), coalesce(ctx, app.unattended(r.agency_id)));
    END IF;
  END LOOP;
END
$$;

CREATE FUNCTION app.recheck_after_answer() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.recheck_referrals(NEW.case_id);
  RETURN NULL;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Making and sending

CREATE FUNCTION app.store_referral_key(r public.referral, wanted_part text, for_agency uuid, key jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  bytes bytea := decode(key ->> 'wrapped', 'base64');
BEGIN
  IF app.sealed_key(bytes) <> for_agency OR app.sealed_version(bytes) <> (key ->> 'wrapVersion')::int THEN
    RAISE EXCEPTION 'A key of a referral is wrapped under another key than its side''s' USING ERRCODE = '22023';
  END IF;
  INSERT INTO public.referral_key (referral_id, part, agency_id, holder_agency_id, key_id, wrap_version, wrapped, made_at)
    VALUES (r.id, wanted_part, for_agency, r.holder_agency_id, (key ->> 'keyId')::uuid, (key ->> 'wrapVersion')::int, bytes, app.now());
END
$$;

/* Drafts a referral of a case of the actor's team: ok, not_found, case_closed, no_service or needs. */
CREATE FUNCTION app.draft_referral(new_id uuid, new_code text, wanted_case uuid, service uuid, wanted_needs uuid[], wanted_urgency text, wanted_fields text[],
    preview_key jsonb, package_key jsonb, reason_id uuid, reason bytea, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  c record;
  s record;
  r public.referral;
BEGIN
  SELECT x.* INTO c FROM public.case_file x WHERE x.id = wanted_case AND x.agency_id = ctx.agency_id AND x.holder_agency_id = ctx.agency_id;
  IF NOT FOUND OR NOT app.on_team(wanted_case) THEN RETURN 'not_found'; END IF;
  IF c.status IN ('closed', 'closed_referred') THEN RETURN 'case_closed'; END IF;
  SELECT x.agency_id INTO s FROM public.listed_service x JOIN public.agency a ON a.id = x.agency_id
    WHERE x.id = service AND x.status = 'active' AND x.agency_id <> ctx.agency_id AND a.network_id = ctx.network_id;
  IF NOT FOUND THEN RETURN 'no_service'; END IF;
  IF cardinality(wanted_needs) = 0 OR (SELECT count(*) FROM public.need n WHERE n.id = ANY (wanted_needs) AND n.case_id = wanted_case
      AND n.state IN ('open', 'planned', 'being_met')) <> cardinality(wanted_needs) THEN RETURN 'needs'; END IF;
  INSERT INTO public.referral (id, code, case_id, person_id, holder_agency_id, agency_id, to_agency_id, listed_service_id, urgency, fields, created_by_id, created_at, restricted)
    VALUES (new_id, new_code, c.id, c.person_id, c.holder_agency_id, ctx.agency_id, s.agency_id, service, wanted_urgency::public.urgency,
      ARRAY(SELECT DISTINCT f FROM unnest(wanted_fields) f JOIN public.disclosure_field d ON d.key = f ORDER BY f), ctx.member_id, app.now(), c.restricted)
    RETURNING * INTO r;
  INSERT INTO public.referral_need (referral_id, need_id, case_id, holder_agency_id, agency_id)
    SELECT r.id, n, r.case_id, r.holder_agency_id, r.agency_id FROM unnest(wanted_needs) n;
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

/* The newest key of the agency that a draft goes to, wrapped: for the team that sends it, to wrap what is seen at once. */
CREATE FUNCTION app.receiving_key(wanted text) RETURNS TABLE (agency_id uuid, version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.agency_id, k.version, k.wrapped FROM public.referral r JOIN public.agency_key k ON k.agency_id = r.to_agency_id AND k.purpose = 'data'
  WHERE r.code = wanted AND r.state = 'draft' AND r.agency_id = app.casework_agency() AND app.on_team(r.case_id) ORDER BY k.version DESC LIMIT 1
$$;

/* The package's key as the sender has it wrapped, for whoever may accept the referral now: to wrap it for their own agency. */
CREATE FUNCTION app.package_key_to_take_over(wanted text)
  RETURNS TABLE (key_id uuid, wrapped bytea, agency_id uuid, version int, agency_wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.key_id, k.wrapped, k.agency_id, k.wrap_version, a.wrapped FROM public.referral r
  JOIN public.referral_key k ON k.referral_id = r.id AND k.part = 'package' AND k.agency_id = r.agency_id
  JOIN public.agency_key a ON a.agency_id = k.agency_id AND a.purpose = 'data' AND a.version = k.wrap_version
  WHERE r.code = wanted AND r.state IN ('sent', 'acknowledged') AND r.to_agency_id = app.casework_agency() AND app.i_answer_for(r.listed_service_id)
$$;

/*
 * Sends a draft with what was sealed for it: ok, not_found, wrong_state, case_closed, needs, no_service, no_agreement or
 * no_basis. Every field is asked of the engine once more, here.
 */
CREATE FUNCTION app.send_referral(wanted text, clock jsonb, package jsonb, receiver_key jsonb, origin jsonb) RETURNS text
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
  PERFORM app.write_disclosure('preview', r.case_id, r.to_agency_id, 'sharing',
    ARRAY(SELECT f ->> 'field' FROM jsonb_array_elements(package) f WHERE f ->> 'part' = 'preview' ORDER BY 1), r.code, origin, ctx);
  PERFORM app.move_referral_needs(r, NULL, ARRAY['open'], 'planned', origin, ctx);
  PERFORM app.referral_event('referral.sent', r, '{}', origin, ctx);
  PERFORM app.notify(app.referral_receivers(r, NULL), 'referral.received', r.code, r.urgency <> 'routine');
  RETURN 'ok';
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Moving

/*
 * Makes one move of a referral: ok, not_found, forbidden, already_answered, wrong_state, needs or no_basis. The row is
 * locked first, so of two who answer at once the second finds it answered. `words` is what goes with it, sealed.
 */
CREATE FUNCTION app.move_referral(wanted text, move text, detail jsonb, words_id uuid, words bytea, origin jsonb) RETURNS text
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
  next := app.referral_next(move, r.state);
  IF next IS NULL OR move = 'send' THEN
    RETURN CASE WHEN move IN ('accept', 'decline') AND r.answered_at IS NOT NULL THEN 'already_answered' ELSE 'wrong_state' END;
  END IF;
  IF side = 'receiver' AND move IN ('accept', 'start') AND NOT app.referral_lives(r, at) THEN RETURN 'no_basis'; END IF;

  IF move = 'acknowledge' THEN
    UPDATE public.referral x SET state = next, acknowledged_at = at, version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
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
  ELSIF move = 'withdraw' THEN
    UPDATE public.referral x SET state = next, ended_at = at, ended_why = 'sender', paused_at = NULL, state_before = NULL, overdue_at = NULL, version = x.version + 1
      WHERE x.id = r.id RETURNING x.* INTO r;
    PERFORM app.move_referral_needs(r, NULL, ARRAY['planned', 'being_met'], 'open', origin, ctx);
  ELSE
    UPDATE public.referral x SET state = next, ended_at = at, feedback = detail ->> 'feedback', version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
  END IF;

  kind := CASE move WHEN 'request-info' THEN 'question' WHEN 'answer-info' THEN 'answer' WHEN 'decline' THEN 'decline' WHEN 'complete' THEN 'outcome' END;
  IF words IS NOT NULL AND kind IS NOT NULL THEN
    INSERT INTO public.referral_text (id, referral_id, kind, holder_agency_id, agency_id, sealed, written_by_id, written_at)
      VALUES (words_id, r.id, kind, r.holder_agency_id, ctx.agency_id, words, ctx.member_id, at);
  END IF;
  PERFORM app.referral_event(CASE move WHEN 'acknowledge' THEN 'referral.acknowledged' WHEN 'request-info' THEN 'referral.info-requested'
    WHEN 'answer-info' THEN 'referral.info-answered' WHEN 'accept' THEN 'referral.accepted' WHEN 'decline' THEN 'referral.declined'
    WHEN 'start' THEN 'referral.started' WHEN 'complete' THEN 'referral.completed' WHEN 'withdraw' THEN 'referral.withdrawn' ELSE 'referral.closed' END,
    r, '{}', origin, ctx);
  IF r.state IN ('declined', 'withdrawn', 'completed') THEN PERFORM app.shut_referral(r, at, origin, ctx); END IF;
  UPDATE public.referral x SET next_at = app.referral_next_at(r, at) WHERE x.id = r.id;
  IF r.sent_at IS NOT NULL THEN
    PERFORM app.notify(CASE WHEN side = 'sender' THEN app.referral_receivers(r, NULL) ELSE app.referral_senders(r, NULL) END,
      CASE move WHEN 'acknowledge' THEN 'referral.acknowledged' WHEN 'request-info' THEN 'referral.question' WHEN 'answer-info' THEN 'referral.answered'
        WHEN 'accept' THEN 'referral.accepted' WHEN 'decline' THEN 'referral.declined' WHEN 'start' THEN 'referral.started'
        WHEN 'complete' THEN 'referral.completed' WHEN 'withdraw' THEN 'referral.withdrawn' ELSE 'referral.closed' END, r.code, r.urgency = 'emergency');
  END IF;
  RETURN 'ok';
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Reading

/* The fields that the receiving side may open of a referral now: those that left and that something living still covers. */
CREATE FUNCTION app.package_fields(r public.referral, at timestamptz) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH cats AS (SELECT app.referral_categories(r.id) AS all_cats)
  SELECT coalesce(array_agg(b.field ORDER BY b.field), '{}')
  FROM cats, app.referral_basis_of(r.case_id, r.agency_id, r.to_agency_id, cats.all_cats, r.fields, at) b
  JOIN public.disclosure_field d ON d.key = b.field
  WHERE b.allowed AND b.field = ANY (r.fields) AND (d.category IS NULL OR d.category = ANY (cats.all_cats))
    AND EXISTS (SELECT 1 FROM app.referral_basis_of(r.case_id, r.agency_id, r.to_agency_id, cats.all_cats, '{}', at) n WHERE n.allowed)
$$;

/* The referrals that whoever asks may know, the latest first: one by its code, or a page of a box. */
CREATE FUNCTION app.referrals(wanted text, box text, states text[], only_case uuid, before uuid, how_many int) RETURNS TABLE (
  id uuid, code text, side text, holder_id uuid, case_id uuid, case_code text, person_id uuid, state text, state_before text, urgency text,
  from_key text, from_name text, to_id uuid, to_key text, to_name text, service_code text, service_name text, service_category text, service_type text,
  fields text[], needs jsonb, created_at timestamptz, sent_at timestamptz, acknowledged_at timestamptz, answered_at timestamptz, starts_on text,
  service_since timestamptz, completed_at timestamptz, ended_at timestamptz, ended_why text, decline_reason text, outcome text, feedback text,
  clock_started_at timestamptz, acknowledge_half_at timestamptz, acknowledge_by timestamptz, acknowledge_late_at timestamptz, decide_half_at timestamptz,
  decide_by timestamptz, decide_late_at timestamptz, expires_at timestamptz, paused_at timestamptz, overdue boolean, version int,
  on_team boolean, receives boolean, answers boolean, package_open text[], package_until timestamptz
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
    CASE WHEN wanted IS NOT NULL AND r.of_side = 'receiver' AND r.is_receiving AND r.state IN ('accepted', 'in_service')
      THEN app.package_fields((SELECT q FROM public.referral q WHERE q.id = r.id), at) END,
    CASE WHEN wanted IS NOT NULL AND r.of_side = 'receiver' AND r.is_receiving AND r.state IN ('accepted', 'in_service')
      THEN (SELECT min(b.until) FROM app.referral_basis_of(r.case_id, r.agency_id, r.to_agency_id, app.referral_categories(r.id), r.fields, at) b WHERE b.allowed) END
  FROM seen r JOIN public.agency f ON f.id = r.agency_id JOIN public.agency t ON t.id = r.to_agency_id
  JOIN public.listed_service s ON s.id = r.listed_service_id JOIN public.case_file c ON c.id = r.case_id
  LEFT JOIN public.case_grant g ON g.referral_id = r.id
  ORDER BY r.id DESC;
END
$$;

/*
 * What is sealed of a referral and may be seen before acceptance, for the sender's team and the receiving side, with the
 * key that opens it as their own agency has it wrapped; writes the look. Of the receiving side each field is asked of the
 * engine now.
 */
CREATE FUNCTION app.read_referral(wanted text, origin jsonb)
  RETURNS TABLE (kind text, name text, place text, sealed bytea, key_id uuid, wrap_version int, wrapped bytea, at timestamptz, own boolean)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  r public.referral;
  side text;
  shown text[];
BEGIN
  SELECT x.* INTO r FROM public.referral x WHERE x.code = wanted;
  side := app.referral_side(r);
  IF side IS NULL THEN RETURN; END IF;
  PERFORM app.referral_event('referral.viewed', r, '{}', origin, ctx);
  IF side = 'sender' AND app.on_team(r.case_id) THEN
    shown := r.fields;
  ELSIF side = 'receiver' AND app.referral_receives(r) AND r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service') THEN
    shown := app.package_fields(r, app.now());
    -- What no living basis covers any more is shut as a whole, the words with it.
    IF cardinality(shown) = 0 THEN RETURN; END IF;
  ELSE
    RETURN;
  END IF;
  RETURN QUERY
    SELECT x.kind, x.name, x.place, x.sealed, k.key_id, k.wrap_version, k.wrapped, x.at, x.own FROM (
      SELECT 'field' AS kind, f.field AS name, f.referral_id || ':' || f.field || ':' || f.version AS place, f.sealed, f.sealed_at AS at, side = 'sender' AS own
      FROM (SELECT DISTINCT ON (v.field) v.* FROM public.referral_field v WHERE v.referral_id = r.id AND v.part = 'preview' ORDER BY v.field, v.version DESC) f
      WHERE f.field = ANY (shown)
      UNION ALL
      SELECT 'text', t.kind, t.id::text, t.sealed, t.written_at, t.agency_id = ctx.agency_id FROM public.referral_text t WHERE t.referral_id = r.id
    ) x JOIN public.referral_key k ON k.referral_id = r.id AND k.part = 'preview' AND k.agency_id = ctx.agency_id
    ORDER BY x.at, x.name;
END
$$;

/*
 * Opens the package: for the receiving side of an accepted referral, field by field as a living basis covers it at this
 * moment; for the sender's team always. The look is written before anything is handed out (invariant 2).
 */
CREATE FUNCTION app.open_package(wanted text, origin jsonb)
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
  ELSIF side = 'receiver' AND app.referral_receives(r) AND r.state IN ('accepted', 'in_service') THEN
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

/* The key of what both sides write, as the actor's agency has it wrapped: for whoever may write there now. */
CREATE FUNCTION app.referral_words_key(wanted text) RETURNS TABLE (key_id uuid, wrap_version int, wrapped bytea, holder uuid, person uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.key_id, k.wrap_version, k.wrapped, r.holder_agency_id, CASE WHEN r.agency_id = k.agency_id THEN r.person_id END
  FROM public.referral r JOIN public.referral_key k ON k.referral_id = r.id AND k.part = 'preview' AND k.agency_id = app.casework_agency()
  WHERE r.code = wanted AND ((r.agency_id = k.agency_id AND app.on_team(r.case_id)) OR (r.to_agency_id = k.agency_id AND app.i_answer_for(r.listed_service_id)))
$$;

/* The same for the package: for the team that seals what leaves. */
CREATE FUNCTION app.referral_keys_of_sender(wanted text) RETURNS TABLE (part text, key_id uuid, wrap_version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.part, k.key_id, k.wrap_version, k.wrapped
  FROM public.referral r JOIN public.referral_key k ON k.referral_id = r.id AND k.agency_id = r.agency_id
  WHERE r.code = wanted AND r.agency_id = app.casework_agency() AND app.on_team(r.case_id)
$$;

/* A need of a granted case by its code, for a record of the receiving side that serves it. */
CREATE FUNCTION app.granted_need(wanted_case uuid, wanted text) RETURNS TABLE (id uuid, category text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT n.id, n.category FROM public.case_grant g JOIN public.referral r ON r.id = g.referral_id
  JOIN public.referral_need x ON x.referral_id = r.id AND x.accepted JOIN public.need n ON n.id = x.need_id
  WHERE g.agency_id = app.casework_agency() AND g.case_id = wanted_case AND g.ended_at IS NULL AND n.code = wanted AND app.referral_receives(r) LIMIT 1
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- What time does

/* Does what has fallen due of referrals; returns how many were looked at. May run twice. */
CREATE FUNCTION app.run_referral_clock(at_most int) RETURNS int
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
    IF app.referral_next('expire', r.state) IS NOT NULL AND r.expires_at <= at THEN
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

-- ---------------------------------------------------------------------------------------------------------------
-- The keys of referrals go along when an agency's key changes

CREATE FUNCTION app.referral_keys_to_rewrap(rotation uuid, at_most int)
  RETURNS TABLE (referral_id uuid, part text, key_id uuid, wrap_version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.referral_id, k.part, k.key_id, k.wrap_version, k.wrapped FROM public.key_rotation r
  JOIN public.referral_key k ON k.agency_id = r.agency_id AND k.wrap_version < r.to_version
  WHERE r.id = rotation AND r.kind = 'agency' AND r.state <> 'done' LIMIT at_most
$$;

CREATE FUNCTION app.rewrap_referral_keys(rotation uuid, referrals uuid[], parts text[], olds bytea[], news bytea[]) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.key_rotation;
  moved int;
BEGIN
  SELECT * INTO r FROM public.key_rotation k WHERE k.id = rotation AND k.kind = 'agency' AND k.state <> 'done' FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  IF EXISTS (SELECT 1 FROM unnest(news) n WHERE app.sealed_key(n) <> r.agency_id OR app.sealed_version(n) <> r.to_version) THEN
    RAISE EXCEPTION 'A key was wrapped under another key than the rotation is about' USING ERRCODE = '22023';
  END IF;
  UPDATE public.referral_key k SET wrapped = n.fresh, wrap_version = r.to_version
    FROM unnest(referrals, parts, olds, news) n (referral, part, old, fresh)
    WHERE k.referral_id = n.referral AND k.part = n.part AND k.agency_id = r.agency_id AND k.wrapped = n.old;
  GET DIAGNOSTICS moved = ROW_COUNT;
  RETURN moved;
END
$$;

CREATE OR REPLACE FUNCTION app.key_rotation_left(r public.key_rotation) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF r.kind = 'master' THEN RETURN EXISTS (SELECT 1 FROM public.agency_key k WHERE app.sealed_version(k.wrapped) <> r.to_version); END IF;
  IF r.kind = 'agency' THEN
    RETURN EXISTS (SELECT 1 FROM public.person_key k WHERE k.holder_agency_id = r.agency_id AND k.wrap_version < r.to_version)
      OR EXISTS (SELECT 1 FROM public.person_key_old k WHERE k.holder_agency_id = r.agency_id AND k.wrap_version < r.to_version)
      OR EXISTS (SELECT 1 FROM public.referral_key k WHERE k.agency_id = r.agency_id AND k.wrap_version < r.to_version);
  END IF;
  -- Of a person who was erased meanwhile nothing is left to do.
  RETURN r.state = 'running' AND EXISTS (SELECT 1 FROM public.person_key k WHERE k.person_id = r.person_id AND k.version = r.from_version);
END
$$;

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('spread_restriction_to_referrals', 'referral_next', 'referral_mover', 'referral_side', 'referral_receives',
             'referral_categories', 'referral_basis_of', 'referral_lives', 'referral_offer', 'may_serve', 'served', 'referral_event', 'referral_senders',
             'referral_receivers', 'supervisors_of', 'move_referral_needs', 'referral_next_at', 'shut_referral', 'withdraw_for_basis', 'recheck_referrals',
             'recheck_after_answer', 'store_referral_key', 'draft_referral', 'receiving_key', 'package_key_to_take_over', 'send_referral', 'move_referral',
             'package_fields', 'referrals', 'read_referral', 'open_package', 'referral_words_key', 'referral_keys_of_sender', 'granted_need',
             'run_referral_clock', 'referral_keys_to_rewrap', 'rewrap_referral_keys') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('may_serve', 'served') THEN '{app,member,definer}'
      WHEN f.proname IN ('referrals', 'read_referral') THEN '{member,desk,definer}'
      WHEN f.proname IN ('referral_offer', 'draft_referral', 'receiving_key', 'package_key_to_take_over', 'send_referral', 'move_referral', 'open_package',
        'referral_words_key', 'referral_keys_of_sender', 'granted_need') THEN '{member,definer}'
      WHEN f.proname IN ('run_referral_clock', 'referral_keys_to_rewrap', 'rewrap_referral_keys') THEN '{worker,definer}'
      ELSE '{definer}'
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers::text[]) c);
  END LOOP;
  -- The owner makes the triggers, and its loads of demonstration data set them off.
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.spread_restriction_to_referrals(), app.recheck_after_answer(), app.referral_next(text, text), app.referral_mover(text), app.inherit_restriction() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER referral_restriction BEFORE INSERT ON public.referral FOR EACH ROW EXECUTE FUNCTION app.inherit_restriction();
CREATE TRIGGER case_grant_restriction BEFORE INSERT ON public.case_grant FOR EACH ROW EXECUTE FUNCTION app.inherit_restriction();
CREATE TRIGGER case_file_spread_to_referrals AFTER UPDATE OF restricted ON public.case_file
  FOR EACH ROW WHEN (NEW.restricted IS DISTINCT FROM OLD.restricted) EXECUTE FUNCTION app.spread_restriction_to_referrals();
-- Whatever changes what a person allows is looked at where it matters, before anybody asks again.
CREATE TRIGGER consent_ends_referrals AFTER INSERT ON public.consent FOR EACH ROW EXECUTE FUNCTION app.recheck_after_answer();
CREATE TRIGGER consent_withdrawal_ends_referrals AFTER INSERT ON public.consent_withdrawal FOR EACH ROW EXECUTE FUNCTION app.recheck_after_answer();
CREATE TRIGGER sharing_exception_ends_referrals AFTER UPDATE OF ended_at ON public.sharing_exception FOR EACH ROW EXECUTE FUNCTION app.recheck_after_answer();

-- ---------------------------------------------------------------------------------------------------------------
-- Services of the receiving side on the holder's case: coded lines, by a grant that lives. The cheap test comes first.

DO $$
DECLARE
  readers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member']) r);
  member text := app.db_role('member');
BEGIN
  EXECUTE format('CREATE POLICY grant_add ON public.service FOR INSERT TO %I WITH CHECK (agency_id = (SELECT app.casework_agency())
    AND holder_agency_id <> (SELECT app.casework_agency()) AND worker_id = (SELECT app.member_id()) AND NOT has_note AND app.may_serve(case_id, category))', member);
  EXECUTE format('CREATE POLICY grant_read ON public.service FOR SELECT TO %s USING (agency_id = (SELECT app.casework_agency())
    AND holder_agency_id <> (SELECT app.casework_agency()) AND restricted AND app.served(case_id))', readers);
  EXECUTE format('CREATE POLICY grant_add ON public.service_mandate FOR INSERT TO %I WITH CHECK (agency_id = (SELECT app.casework_agency())
    AND EXISTS (SELECT 1 FROM public.service s WHERE s.id = service_id AND s.agency_id = (SELECT app.casework_agency())
      AND s.holder_agency_id <> (SELECT app.casework_agency()) AND app.may_serve(s.case_id, s.category)))', member);
  EXECUTE format('CREATE POLICY grant_add ON public.service_detail FOR INSERT TO %I WITH CHECK (agency_id = (SELECT app.casework_agency())
    AND holder_agency_id <> (SELECT app.casework_agency()) AND EXISTS (SELECT 1 FROM public.service s WHERE s.id = service_id
      AND s.agency_id = (SELECT app.casework_agency()) AND s.case_id = service_detail.case_id AND app.may_serve(s.case_id, s.category)))', member);
  EXECUTE format('CREATE POLICY grant_read ON public.service_detail FOR SELECT TO %s USING (agency_id = (SELECT app.casework_agency())
    AND holder_agency_id <> (SELECT app.casework_agency()) AND app.served(case_id))', readers);
END
$$;
