-- The coordinator's desk: what waits between agencies, by its limit and without identity, and what moves it on.

CREATE TABLE "desk_act" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "words" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "desk_act_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "desk_act_referral_id_at_idx" ON "desk_act"("referral_id", "at" DESC);

CREATE INDEX "desk_act_agency_id_idx" ON "desk_act"("agency_id");

CREATE INDEX "desk_act_holder_agency_id_idx" ON "desk_act"("holder_agency_id");

ALTER TABLE "desk_act" ADD CONSTRAINT "desk_act_referral_id_holder_agency_id_fkey" FOREIGN KEY ("referral_id", "holder_agency_id") REFERENCES "referral"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "desk_act" ADD CONSTRAINT "desk_act_agency_id_member_id_fkey" FOREIGN KEY ("agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.desk_act
  ADD CONSTRAINT desk_act_kind CHECK (kind IN ('reminded', 'asked', 'escalated')),
  -- Words are chosen and never typed: nothing about a person can slip into them.
  ADD CONSTRAINT desk_act_words CHECK ((kind = 'asked') = (words IS NOT NULL)
    AND words IN ('answer_soon', 'part_of_it', 'later_start', 'answer_question', 'other_agency', 'ask_consent'));

-- Each lane is read by its limit, and never counted row by row to find its first page.
CREATE INDEX referral_unseen ON public.referral (acknowledge_by, id) WHERE state = 'sent';
CREATE INDEX referral_undecided ON public.referral (decide_by, id) WHERE state IN ('acknowledged', 'info_requested');
CREATE INDEX referral_unplaced ON public.referral (ended_at, id) WHERE state IN ('declined', 'expired');
CREATE INDEX referral_sent_at ON public.referral (sent_at) WHERE sent_at IS NOT NULL;

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES
  ('referral.reminded', 'update', false), ('referral.asked', 'update', false), ('referral.escalated', 'update', false),
  ('desk.viewed', 'list', false);
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('referral.reminded', true, false, false, 26), ('referral.asked', true, false, false, 26), ('referral.escalated', true, true, false, 27);

DO $$
BEGIN
  ALTER TABLE public.desk_act ENABLE ROW LEVEL SECURITY;
  ALTER TABLE public.desk_act FORCE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY definer_all ON public.desk_act TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.desk_act FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.desk_act TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT, INSERT ON public.desk_act TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.desk_act TO %I', app.db_role('backup'));
END
$$;
CREATE TRIGGER desk_act_stays BEFORE UPDATE OR DELETE ON public.desk_act FOR EACH ROW EXECUTE FUNCTION app.only_added_to();

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* The network whose desk whoever asks works at; null for everybody but a coordinator. */
CREATE FUNCTION app.desk_network() RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT (app.context()).network_id WHERE 'coordinator' = ANY ((app.context()).roles)
$$;

/* In which lane of the desk a referral lies: nobody has seen it, somebody has and decides, it needs another agency. */
CREATE FUNCTION app.desk_lane(state text) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN state = 'sent' THEN 'unseen' WHEN state IN ('acknowledged', 'info_requested') THEN 'undecided'
    WHEN state IN ('declined', 'expired') THEN 'unplaced' END
$$;

/* Whether nobody else was asked since for a need that this referral was for and that is still open. */
CREATE FUNCTION app.needs_an_agency(wanted uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM public.referral_need rn JOIN public.need n ON n.id = rn.need_id AND n.state = 'open'
    WHERE rn.referral_id = wanted AND NOT EXISTS (SELECT 1 FROM public.referral_need o JOIN public.referral q ON q.id = o.referral_id
      WHERE o.need_id = rn.need_id AND o.referral_id <> wanted AND q.id > wanted AND q.state <> 'draft'))
$$;

/*
 * What waits in a lane of the coordinator's desk, the soonest limit first; one referral when it is named. Codes, agencies,
 * kinds of help and times: never a person, a case or a word that somebody typed.
 */
CREATE FUNCTION app.desk_waiting(lane text, wanted text, filters jsonb, after_at timestamptz, after_id uuid, how_many int) RETURNS TABLE (
  id uuid, code text, in_lane text, state text, urgency text, from_name text, to_name text, service_name text, category text, type text,
  clock_started_at timestamptz, acknowledge_half_at timestamptz, acknowledge_by timestamptz, acknowledge_late_at timestamptz,
  decide_half_at timestamptz, decide_by timestamptz, decide_late_at timestamptz, expires_at timestamptz, paused_at timestamptz, decline_reason text,
  ended_at timestamptz, sort_at timestamptz, fitting int, with_room int, reminded_at timestamptz, escalated_at timestamptz
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  network uuid := app.desk_network();
  at timestamptz := app.now();
BEGIN
  IF network IS NULL THEN RETURN; END IF;
  RETURN QUERY EXECUTE format($q$
    WITH page AS MATERIALIZED (
      SELECT r.*, %1$s AS by_at, s.category AS of_category, s.type AS of_type, s.name AS named, f.name AS sender, t.name AS receiver
      FROM public.referral r JOIN public.listed_service s ON s.id = r.listed_service_id
      JOIN public.agency f ON f.id = r.agency_id JOIN public.agency t ON t.id = r.to_agency_id
      WHERE %2$s AND f.network_id = $1 AND ($2 IS NULL OR s.category = $2) AND ($3 IS NULL OR r.urgency::text = $3) AND ($4 IS NULL OR $4 IN (f.key, t.key))
        AND ($5 IS NULL OR (%1$s, r.id) > ($5, $6))
      ORDER BY %1$s, r.id LIMIT $7
    )
    SELECT r.id, r.code, app.desk_lane(r.state), r.state, r.urgency::text, r.sender, r.receiver, r.named, r.of_category, r.of_type,
      r.clock_started_at, r.acknowledge_half_at, r.acknowledge_by, r.acknowledge_late_at, r.decide_half_at, r.decide_by, r.decide_late_at,
      r.expires_at, r.paused_at, r.decline_reason, r.ended_at, r.by_at,
      offers.n, offers.room,
      (SELECT max(d.at) FROM public.desk_act d WHERE d.referral_id = r.id AND d.kind = 'reminded'),
      (SELECT max(d.at) FROM public.desk_act d WHERE d.referral_id = r.id AND d.kind = 'escalated')
    FROM page r LEFT JOIN LATERAL (
      SELECT count(*)::int AS n, (count(*) FILTER (WHERE room.available > 0))::int AS room
      FROM public.listed_service o LEFT JOIN public.listed_service_room room ON room.listed_service_id = o.id
      WHERE o.network_id = $1 AND o.status = 'active' AND o.category = r.of_category AND o.type = r.of_type AND o.agency_id NOT IN (r.agency_id, r.to_agency_id)
    ) offers ON app.desk_lane(r.state) = 'unplaced'
    ORDER BY r.by_at, r.id$q$,
    CASE lane WHEN 'unseen' THEN 'r.acknowledge_by' WHEN 'undecided' THEN 'r.decide_by' WHEN 'unplaced' THEN 'r.ended_at'
      ELSE 'coalesce(r.ended_at, r.decide_by)' END,
    CASE lane WHEN 'unseen' THEN $s$r.state = 'sent'$s$ WHEN 'undecided' THEN $s$r.state IN ('acknowledged', 'info_requested')$s$
      WHEN 'unplaced' THEN $s$r.state IN ('declined', 'expired') AND r.ended_at > $8 - interval '30 days' AND app.needs_an_agency(r.id)$s$
      ELSE 'r.code = $9 AND app.desk_lane(r.state) IS NOT NULL' END)
    USING network, filters ->> 'category', filters ->> 'urgency', filters ->> 'agency', after_at, after_id, how_many, at, wanted;
END
$$;

/* How much lies in each lane, and how much of it is late. */
CREATE FUNCTION app.desk_counts(filters jsonb) RETURNS TABLE (lane text, n int, late int)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  network uuid := app.desk_network();
  at timestamptz := app.now();
BEGIN
  IF network IS NULL THEN RETURN; END IF;
  RETURN QUERY
  SELECT app.desk_lane(r.state), count(*)::int, (count(*) FILTER (WHERE r.overdue_at IS NOT NULL))::int
  FROM public.referral r JOIN public.listed_service s ON s.id = r.listed_service_id
  JOIN public.agency f ON f.id = r.agency_id AND f.network_id = network JOIN public.agency t ON t.id = r.to_agency_id
  WHERE (r.state IN ('sent', 'acknowledged', 'info_requested') OR (r.state IN ('declined', 'expired') AND r.ended_at > at - interval '30 days' AND app.needs_an_agency(r.id)))
    AND (filters ->> 'category' IS NULL OR s.category = filters ->> 'category') AND (filters ->> 'urgency' IS NULL OR r.urgency::text = filters ->> 'urgency')
    AND (filters ->> 'agency' IS NULL OR filters ->> 'agency' IN (f.key, t.key))
  GROUP BY 1;
END
$$;

/* Where it sticks: by kind of help what waits, what is late, what was declined for want of room in 30 days, who offers it. */
CREATE FUNCTION app.desk_bottlenecks(how_many int) RETURNS TABLE (category text, type text, waiting int, late int, no_room int, needs int, offered_by int)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  network uuid := app.desk_network();
  at timestamptz := app.now();
BEGIN
  IF network IS NULL THEN RETURN; END IF;
  RETURN QUERY
  WITH moved AS (
    SELECT s.category, s.type, count(*) FILTER (WHERE r.state IN ('sent', 'acknowledged', 'info_requested')) AS waiting,
      count(*) FILTER (WHERE r.state IN ('sent', 'acknowledged', 'info_requested') AND r.overdue_at IS NOT NULL) AS late,
      count(*) FILTER (WHERE r.decline_reason = 'no_capacity') AS no_room
    FROM public.referral r JOIN public.listed_service s ON s.id = r.listed_service_id JOIN public.agency f ON f.id = r.agency_id
    WHERE f.network_id = network AND (r.state IN ('sent', 'acknowledged', 'info_requested') OR (r.state = 'declined' AND r.ended_at > at - interval '30 days'))
    GROUP BY 1, 2
  ), open_needs AS (
    SELECT n.category, n.type, count(*) AS needs FROM public.need n JOIN public.agency a ON a.id = n.agency_id AND a.network_id = network
    WHERE n.state = 'open' AND n.type IS NOT NULL GROUP BY 1, 2
  )
  SELECT coalesce(m.category, o.category), coalesce(m.type, o.type), coalesce(m.waiting, 0)::int, coalesce(m.late, 0)::int, coalesce(m.no_room, 0)::int,
    coalesce(o.needs, 0)::int,
    (SELECT count(DISTINCT s.agency_id)::int FROM public.listed_service s WHERE s.network_id = network AND s.status = 'active'
       AND s.category = coalesce(m.category, o.category) AND s.type = coalesce(m.type, o.type))
  FROM moved m FULL JOIN open_needs o ON o.category = m.category AND o.type = m.type
  ORDER BY coalesce(m.late, 0) * 3 + coalesce(m.no_room, 0) * 2 + coalesce(m.waiting, 0) DESC, coalesce(o.needs, 0) DESC, 1, 2 LIMIT how_many;
END
$$;

/* Why referrals were declined in 30 days. */
CREATE FUNCTION app.desk_declines() RETURNS TABLE (reason text, n int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.decline_reason, count(*)::int FROM public.referral r JOIN public.agency f ON f.id = r.agency_id
  WHERE f.network_id = app.desk_network() AND r.state = 'declined' AND r.ended_at > app.now() - interval '30 days' GROUP BY 1 ORDER BY 2 DESC, 1
$$;

/* Who refers to whom in 90 days, and what became of it. */
CREATE FUNCTION app.desk_matrix() RETURNS TABLE (from_key text, from_name text, to_key text, to_name text, sent int, waiting int, late int, accepted int,
  declined int, expired int, hours_to_answer double precision)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  network uuid := app.desk_network();
BEGIN
  IF network IS NULL THEN RETURN; END IF;
  RETURN QUERY
  SELECT f.key, f.name, t.key, t.name, x.sent, x.waiting, x.late, x.accepted, x.declined, x.expired, x.hours FROM (
    SELECT r.agency_id, r.to_agency_id, count(*)::int AS sent,
      (count(*) FILTER (WHERE r.state IN ('sent', 'acknowledged', 'info_requested')))::int AS waiting,
      (count(*) FILTER (WHERE r.state IN ('sent', 'acknowledged', 'info_requested') AND r.overdue_at IS NOT NULL))::int AS late,
      (count(*) FILTER (WHERE r.state IN ('accepted', 'in_service', 'completed', 'closed')))::int AS accepted,
      (count(*) FILTER (WHERE r.state = 'declined'))::int AS declined, (count(*) FILTER (WHERE r.state = 'expired'))::int AS expired,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.answered_at - r.sent_at) / 3600) AS hours
    FROM public.referral r WHERE r.sent_at > app.now() - interval '90 days' GROUP BY 1, 2) x
  JOIN public.agency f ON f.id = x.agency_id AND f.network_id = network JOIN public.agency t ON t.id = x.to_agency_id
  ORDER BY x.sent DESC, f.key, t.key;
END
$$;

/* What the coordinators did about a referral, the latest first, for whoever may know its skeleton. */
CREATE FUNCTION app.desk_acts(wanted text) RETURNS TABLE (kind text, words text, at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT d.kind, d.words, d.at FROM public.referral r JOIN public.desk_act d ON d.referral_id = r.id
  WHERE r.code = wanted AND app.referral_side(r) IS NOT NULL ORDER BY d.at DESC LIMIT 50
$$;

/* Changes whenever anything that waits does: what an open desk asks every few seconds. Null for everybody else. */
CREATE FUNCTION app.desk_mark() RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT count(*) || '.' || coalesce(sum(r.version), 0) || '.' || count(r.overdue_at)
  FROM public.referral r JOIN public.agency f ON f.id = r.agency_id
  WHERE f.network_id = app.desk_network() AND r.state IN ('sent', 'acknowledged', 'info_requested') HAVING app.desk_network() IS NOT NULL
$$;

/*
 * Reminds whoever answers, asks one side something in words to choose from, or passes a referral on to those above who
 * answers. The coordinator never answers for an agency. Twice in a row helps nobody: an hour, or a day upwards, lies between.
 */
CREATE FUNCTION app.act_at_desk(wanted text, act text, chosen text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  network uuid := app.desk_network();
  now_at timestamptz := app.now();
  told_of text := CASE act WHEN 'reminded' THEN 'referral.reminded' WHEN 'asked' THEN 'referral.asked' WHEN 'escalated' THEN 'referral.escalated' END;
  to_sender boolean := chosen IN ('answer_question', 'other_agency', 'ask_consent');
  r public.referral;
BEGIN
  IF network IS NULL THEN RETURN 'forbidden'; END IF;
  SELECT x.* INTO r FROM public.referral x JOIN public.agency f ON f.id = x.agency_id AND f.network_id = network
    WHERE x.code = wanted AND x.sent_at IS NOT NULL FOR UPDATE OF x;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF app.desk_lane(r.state) IS NULL OR (app.desk_lane(r.state) = 'unplaced' AND NOT coalesce(to_sender, false)) THEN RETURN 'wrong_state'; END IF;
  IF EXISTS (SELECT 1 FROM public.desk_act d WHERE d.referral_id = r.id AND d.kind = act AND d.words IS NOT DISTINCT FROM chosen
             AND d.at > now_at - CASE WHEN act = 'escalated' THEN interval '1 day' ELSE interval '1 hour' END) THEN
    RETURN 'too_soon';
  END IF;
  INSERT INTO public.desk_act (id, referral_id, holder_agency_id, agency_id, member_id, kind, words, at)
    VALUES (gen_random_uuid(), r.id, r.holder_agency_id, ctx.agency_id, ctx.member_id, act, chosen, now_at);
  PERFORM app.referral_event(told_of, r, array_remove(ARRAY[chosen], NULL), origin, ctx);
  PERFORM app.notify(CASE
    WHEN act = 'escalated' THEN ARRAY(SELECT app.supervisors_of(r.to_agency_id)) || ARRAY(SELECT app.administrators_of(r.to_agency_id))
    WHEN coalesce(to_sender, false) THEN app.referral_senders(r, NULL) ELSE app.referral_receivers(r, NULL) END,
    told_of, r.code, r.urgency <> 'routine');
  RETURN 'ok';
END
$$;

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('desk_network', 'desk_lane', 'needs_an_agency', 'desk_waiting', 'desk_counts', 'desk_bottlenecks', 'desk_declines'
            , 'desk_matrix', 'desk_acts', 'desk_mark', 'act_at_desk') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname = 'desk_acts' THEN '{member,desk,definer}'
      WHEN f.proname IN ('desk_waiting', 'desk_counts', 'desk_bottlenecks', 'desk_declines', 'desk_matrix', 'desk_mark', 'act_at_desk') THEN '{desk,definer}'
      ELSE '{definer}'
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers::text[]) c);
  END LOOP;
END
$$;
RESET ROLE;
