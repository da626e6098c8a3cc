-- Who works on a case while somebody is away, at night, or gone; and how an agency keeps its units.
--
-- Answers of functions that decide are words, which the services turn into refusals. Whoever decides is named by the
-- signed context; a token decides none of this, since each of it lets somebody read what they could not before.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

-- ---------------------------------------------------------------------------------------------------------------
-- The team

/* Whether a member is there and works on cases at all. */
CREATE FUNCTION app.does_casework(m public.member) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT m.status = 'active' AND m.roles && ARRAY['caseworker', 'supervisor']::public.role[]
$$;

/* What stands for a member in the log and in addresses of cases; lib/cases says the same (workerHandle). */
CREATE FUNCTION app.worker_handle(member uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT left(encode(sha256(convert_to('worker:' || member::text, 'UTF8')), 'hex'), 12)
$$;

/* The assigned member who takes over what another leaves: the lead, else whoever has been on the team longest; never one who is gone. */
CREATE OR REPLACE FUNCTION app.team_successor(wanted_case uuid, leaving uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.member_id FROM public.assignment a JOIN public.member m ON m.id = a.member_id
  WHERE a.case_id = wanted_case AND a.ended_at IS NULL AND a.member_id IS DISTINCT FROM leaving AND app.does_casework(m)
  ORDER BY a.lead DESC, a.started_at, a.id LIMIT 1
$$;

/*
 * Whether a member with these roles works on a case: the one rule for who is on a team, asked for whoever acts
 * (app.on_team) and for everybody else (app.case_team). Answers how: assigned, supervisor, cover, stand_in, emergency, or null.
 * Cover and standing in end by this question alone: nobody has to come and end them.
 */
CREATE OR REPLACE FUNCTION app.team_reason(wanted_case uuid, member uuid, agency uuid, unit uuid, member_roles text[], at timestamptz) RETURNS text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  c record;
BEGIN
  IF NOT coalesce(member_roles && ARRAY['caseworker', 'supervisor'], false) THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM public.assignment a
      WHERE a.case_id = wanted_case AND a.member_id = member AND a.agency_id = agency AND a.ended_at IS NULL) THEN
    RETURN 'assigned';
  END IF;
  SELECT f.unit_id, f.restricted, f.person_id INTO c FROM public.case_file f WHERE f.id = wanted_case AND f.agency_id = agency;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF NOT c.restricted THEN
    IF 'supervisor' = ANY (member_roles) AND (unit IS NULL OR c.unit_id IS NULL OR c.unit_id = unit) THEN RETURN 'supervisor'; END IF;
    IF EXISTS (SELECT 1 FROM public.unit_cover u
        WHERE u.agency_id = agency AND u.member_id = member AND u.unit_id = c.unit_id AND u.starts_at <= at AND u.ends_at > at) THEN
      RETURN 'cover';
    END IF;
    IF EXISTS (SELECT 1 FROM public.absence s
        JOIN public.assignment a ON a.member_id = s.member_id AND a.agency_id = s.agency_id AND a.case_id = wanted_case AND a.ended_at IS NULL
        WHERE s.agency_id = agency AND s.stand_in_id = member AND s.starts_at <= at AND s.ends_at > at) THEN
      RETURN 'stand_in';
    END IF;
  END IF;
  IF app.emergency_of(c.person_id, wanted_case, member, agency, member_roles, at) IS NOT NULL THEN RETURN 'emergency'; END IF;
  RETURN NULL;
END
$$;

/* Until when a place on a team holds that ends by itself; null for one that doesn't. */
CREATE FUNCTION app.place_until(wanted_case uuid, member uuid, agency uuid, reason text, at timestamptz) RETURNS timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE reason
    WHEN 'cover' THEN (SELECT max(u.ends_at) FROM public.unit_cover u JOIN public.case_file c ON c.unit_id = u.unit_id
      WHERE c.id = wanted_case AND u.agency_id = agency AND u.member_id = member AND u.starts_at <= at AND u.ends_at > at)
    WHEN 'stand_in' THEN (SELECT max(s.ends_at) FROM public.absence s JOIN public.assignment a
        ON a.member_id = s.member_id AND a.case_id = wanted_case AND a.ended_at IS NULL
      WHERE s.agency_id = agency AND s.stand_in_id = member AND s.starts_at <= at AND s.ends_at > at)
    WHEN 'emergency' THEN (SELECT max(e.ends_at) FROM public.emergency_access e JOIN public.case_file c ON c.person_id = e.person_id
      WHERE c.id = wanted_case AND e.member_id = member AND e.ended_at IS NULL) END
$$;

/* By what right whoever asks works on a case, and until when; nothing off the team. */
CREATE FUNCTION app.own_place(wanted_case uuid) RETURNS TABLE (reason text, until timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  found_reason text;
BEGIN
  IF ctx IS NULL THEN RETURN; END IF;
  found_reason := app.team_reason(wanted_case, ctx.member_id, ctx.agency_id, ctx.unit_id, ctx.roles, at);
  IF found_reason IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT found_reason, app.place_until(wanted_case, ctx.member_id, ctx.agency_id, found_reason, at);
END
$$;

/* Everybody who can read a case's content now, and why, for whoever is one of them; nothing for anybody else. */
CREATE OR REPLACE FUNCTION app.case_team(wanted_case uuid)
  RETURNS TABLE (member_id uuid, display_name text, reason text, lead boolean, since timestamptz, until timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  found_case record;
  at timestamptz := app.now();
BEGIN
  IF NOT app.on_team(wanted_case) THEN RETURN; END IF;
  SELECT c.agency_id INTO found_case FROM public.case_file c WHERE c.id = wanted_case;
  RETURN QUERY
    SELECT m.id, m.display_name, r.reason, coalesce(a.lead, false), a.started_at,
      app.place_until(wanted_case, m.id, m.agency_id, r.reason, at)
    FROM public.member m
    LEFT JOIN public.assignment a ON a.case_id = wanted_case AND a.member_id = m.id AND a.ended_at IS NULL
    CROSS JOIN LATERAL (SELECT app.team_reason(wanted_case, m.id, m.agency_id, m.unit_id, m.roles::text[], at) AS reason) r
    -- Nobody else can be on it, so nobody else is asked about: the rule itself stays in one place.
    WHERE m.agency_id = found_case.agency_id AND m.status = 'active' AND r.reason IS NOT NULL
      AND (a.id IS NOT NULL OR 'supervisor' = ANY (m.roles)
        OR EXISTS (SELECT 1 FROM public.unit_cover u WHERE u.agency_id = m.agency_id AND u.member_id = m.id)
        OR EXISTS (SELECT 1 FROM public.absence s WHERE s.agency_id = m.agency_id AND s.stand_in_id = m.id)
        OR EXISTS (SELECT 1 FROM public.emergency_access e WHERE e.member_id = m.id AND e.ended_at IS NULL))
    ORDER BY array_position(ARRAY['assigned', 'supervisor', 'cover', 'stand_in', 'emergency'], r.reason), coalesce(a.lead, false) DESC, m.display_name, m.id;
END
$$;

/* The rule by which a supervisor answers for a unit: their own, and what has none; without a unit of their own, for all. */
CREATE FUNCTION app.supervises(ctx app.actor_context, unit uuid) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce('supervisor' = ANY (ctx.roles), false) AND (ctx.unit_id IS NULL OR unit IS NULL OR ctx.unit_id = unit)
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Leaving: whoever goes, or loses the roles for cases, leaves every team in the same transaction. Cases that somebody
-- else works on pass to them; the others wait on the list, and nothing else can take them from it than a new member.

CREATE FUNCTION app.leave_cases(leaver uuid, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  at timestamptz := app.now();
  events jsonb;
BEGIN
  -- Whoever came in by an emergency takes nobody off a team: an administrator who did gives that up first.
  PERFORM app.stop_emergency(e.id, 'member', at, NULL, ctx) FROM public.emergency_access e
    WHERE e.member_id = ctx.member_id AND e.ended_at IS NULL
      AND e.person_id IN (SELECT a.person_id FROM public.assignment a WHERE a.member_id = leaver AND a.ended_at IS NULL);
  -- Two of one team who go at once take turns, or each would leave the case to the other.
  PERFORM 1 FROM public.case_file c
    WHERE c.id IN (SELECT a.case_id FROM public.assignment a WHERE a.member_id = leaver AND a.ended_at IS NULL) ORDER BY c.id FOR UPDATE;
  WITH mine AS MATERIALIZED (
    SELECT a.id, a.case_id, a.person_id, a.holder_agency_id, a.agency_id, a.lead, c.code, c.unit_id, c.restricted,
      app.team_successor(a.case_id, leaver) AS successor
    FROM public.assignment a JOIN public.case_file c ON c.id = a.case_id
    WHERE a.member_id = leaver AND a.ended_at IS NULL
  ), ended AS (
    UPDATE public.assignment a SET ended_at = greatest(at, a.started_at) FROM mine WHERE a.id = mine.id
  ), led AS (
    UPDATE public.assignment a SET lead = true FROM mine
      WHERE mine.lead AND a.case_id = mine.case_id AND a.member_id = mine.successor AND a.ended_at IS NULL
  ), waiting AS (
    INSERT INTO public.hand_over (id, case_id, person_id, holder_agency_id, agency_id, unit_id, from_member_id, restricted, since)
      SELECT gen_random_uuid(), case_id, person_id, holder_agency_id, agency_id, unit_id, leaver, restricted, at
      FROM mine WHERE successor IS NULL
      ON CONFLICT (case_id) WHERE done_at IS NULL DO NOTHING
  )
  SELECT jsonb_agg(jsonb_build_object('type', 'assignment.ended', 'subject', code, 'personId', person_id, 'caseId', case_id,
      'holderAgencyId', holder_agency_id, 'basis', 'member:' || app.worker_handle(leaver))) INTO events FROM mine;
  -- Tasks stay with the case: on those that wait they wait too, for whoever comes.
  UPDATE public.task t SET owner_id = s.successor, version = t.version + 1
    FROM (SELECT k.id, app.team_successor(k.case_id, leaver) AS successor FROM public.task k
      WHERE k.owner_id = leaver AND k.done_at IS NULL) s
    WHERE t.id = s.id AND s.successor IS NOT NULL;
  IF events IS NOT NULL THEN PERFORM app.write_events(events, ctx); END IF;
  PERFORM app.notify(ARRAY(
    SELECT DISTINCT m.id FROM public.hand_over h JOIN public.member m ON m.agency_id = h.agency_id AND m.status = 'active'
      AND 'supervisor' = ANY (m.roles) AND (m.unit_id IS NULL OR h.unit_id IS NULL OR m.unit_id = h.unit_id)
    WHERE h.from_member_id = leaver AND h.done_at IS NULL AND NOT h.restricted AND m.id IS DISTINCT FROM ctx.member_id), 'hand-over.waiting');
  -- What was promised to them or by them for a time ends with them.
  UPDATE public.unit_cover u SET ends_at = greatest(u.starts_at, at) WHERE u.member_id = leaver AND u.ends_at > at;
  UPDATE public.absence s SET ends_at = greatest(s.starts_at, at) WHERE leaver IN (s.member_id, s.stand_in_id) AND s.ends_at > at;
END
$$;

CREATE FUNCTION app.member_leaves() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF app.does_casework(OLD) AND NOT app.does_casework(NEW) THEN
    IF ctx.member_id IS NULL THEN ctx := ROW(NEW.agency_id, NULL, NULL, NULL, '{}', 'operator', 1, 0)::app.actor_context; END IF;
    PERFORM app.leave_cases(NEW.id, ctx);
  END IF;
  RETURN NULL;
END
$$;

/* An agency that has an administrator keeps one, also when two remove each other at once. The operator's administrator may still help it to a new one. */
CREATE FUNCTION app.keeps_administrator() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  wanted public.role := CASE WHEN 'system_admin' = ANY (OLD.roles) THEN 'system_admin' ELSE 'agency_admin' END;
BEGIN
  IF OLD.status = 'active' AND wanted = ANY (OLD.roles) AND NOT (NEW.status = 'active' AND wanted = ANY (NEW.roles))
     AND app.agency_id() = NEW.agency_id THEN
    PERFORM 1 FROM public.agency a WHERE a.id = NEW.agency_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT 1 FROM public.member m WHERE m.agency_id = NEW.agency_id AND m.status = 'active' AND wanted = ANY (m.roles)) THEN
      RAISE EXCEPTION 'An agency keeps an administrator' USING ERRCODE = '23514', CONSTRAINT = 'agency_keeps_administrator';
    END IF;
  END IF;
  RETURN NULL;
END
$$;

/* Whoever is put on the team of a case that waits takes it over: the lead and the tasks that lie there. */
CREATE FUNCTION app.case_taken_over() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.hand_over h SET done_at = app.now(), receiver_id = NEW.member_id, done_by_id = app.member_id()
    WHERE h.case_id = NEW.case_id AND h.done_at IS NULL
      AND EXISTS (SELECT 1 FROM public.member m WHERE m.id = NEW.member_id AND app.does_casework(m));
  IF FOUND THEN
    UPDATE public.assignment a SET lead = true WHERE a.id = NEW.id;
    UPDATE public.task t SET owner_id = NEW.member_id, version = t.version + 1
      WHERE t.case_id = NEW.case_id AND t.done_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM public.member m WHERE m.id = t.owner_id AND app.does_casework(m));
  END IF;
  RETURN NULL;
END
$$;

/*
 * The list follows the case. A case that is restricted while it waits would be in nobody's sight any more: whoever
 * restricts it, or another case of the person, takes it over.
 */
CREATE FUNCTION app.hand_over_follows() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  UPDATE public.hand_over h SET restricted = NEW.restricted, unit_id = NEW.unit_id WHERE h.case_id = NEW.id;
  IF FOUND AND NEW.restricted AND NOT OLD.restricted AND ctx.member_id IS NOT NULL
     AND EXISTS (SELECT 1 FROM public.hand_over h WHERE h.case_id = NEW.id AND h.done_at IS NULL) THEN
    INSERT INTO public.assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, started_at)
      VALUES (gen_random_uuid(), NEW.id, NEW.person_id, NEW.holder_agency_id, NEW.agency_id, ctx.member_id, app.now());
    PERFORM app.write_event(jsonb_build_object('type', 'assignment.started', 'subject', NEW.code, 'personId', NEW.person_id,
      'caseId', NEW.id, 'holderAgencyId', NEW.holder_agency_id, 'basis', 'member:' || app.worker_handle(ctx.member_id)), ctx);
  END IF;
  RETURN NULL;
END
$$;

/* Gives cases that wait to members, pair by pair, and writes each into the log; returns how many. Whoever calls has decided. */
CREATE FUNCTION app.take_over(waiting uuid[], receivers uuid[], ctx app.actor_context) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  events jsonb;
  told record;
BEGIN
  -- Cases first, as everywhere, so that two who work on the same ones never wait for each other crosswise.
  PERFORM 1 FROM public.case_file c WHERE c.id IN (SELECT h.case_id FROM public.hand_over h WHERE h.id = ANY (waiting)) ORDER BY c.id FOR SHARE;
  WITH taken AS (
    INSERT INTO public.assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, started_at)
      SELECT gen_random_uuid(), h.case_id, h.person_id, h.holder_agency_id, h.agency_id, p.receiver, app.now()
      FROM unnest(waiting, receivers) AS p (id, receiver)
      JOIN public.hand_over h ON h.id = p.id AND h.done_at IS NULL
      JOIN public.member m ON m.id = p.receiver AND m.agency_id = h.agency_id AND app.does_casework(m)
      ON CONFLICT (case_id, member_id) WHERE ended_at IS NULL DO NOTHING
      RETURNING case_id, person_id, holder_agency_id, member_id
  )
  SELECT jsonb_agg(jsonb_build_object('type', 'assignment.started', 'subject', c.code, 'personId', t.person_id, 'caseId', t.case_id,
      'holderAgencyId', t.holder_agency_id, 'basis', 'member:' || app.worker_handle(t.member_id))) INTO events
    FROM taken t JOIN public.case_file c ON c.id = t.case_id;
  IF events IS NULL THEN RETURN 0; END IF;
  -- One notice for each receiver of a batch; it names the case where there is only one.
  FOR told IN
    SELECT a.member_id, CASE WHEN count(*) = 1 THEN max(c.code) END AS subject
    FROM jsonb_array_elements(events) e JOIN public.case_file c ON c.id = (e ->> 'caseId')::uuid
    JOIN public.assignment a ON a.case_id = c.id AND a.ended_at IS NULL AND a.member_id = ANY (receivers)
    WHERE a.member_id IS DISTINCT FROM ctx.member_id GROUP BY a.member_id
  LOOP
    PERFORM app.notify(ARRAY[told.member_id], 'team.assigned', told.subject);
  END LOOP;
  RETURN app.write_events(events, ctx);
END
$$;

/* A supervisor gives cases of their list to colleagues: one batch, all or nothing. Returns how many were still waiting. */
CREATE FUNCTION app.hand_over_cases(wanted uuid[], receivers uuid[]) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  ids uuid[];
  members uuid[];
BEGIN
  IF ctx IS NULL OR NOT 'supervisor' = ANY (ctx.roles) OR ctx.session LIKE 'token:%' THEN RETURN 0; END IF;
  SELECT array_agg(h.id ORDER BY h.id), array_agg(p.receiver ORDER BY h.id) INTO ids, members
    FROM unnest(wanted, receivers) AS p (id, receiver) JOIN public.hand_over h ON h.id = p.id
    WHERE h.agency_id = ctx.agency_id AND h.done_at IS NULL AND NOT h.restricted AND app.supervises(ctx, h.unit_id)
      -- An emergency access, here by another case of the person, changes no team: these wait for its end.
      AND NOT EXISTS (SELECT 1 FROM public.emergency_access e
        WHERE e.member_id = ctx.member_id AND e.person_id = h.person_id AND e.ended_at IS NULL);
  IF ids IS NULL THEN RETURN 0; END IF;
  RETURN app.take_over(ids, members, ctx);
END
$$;

/*
 * Says who takes over what nobody but the leaver could see: restricted cases with no other member. The administrator
 * names a colleague, never themselves, and is told nothing: the answer is the same whether there was such a case or not.
 */
CREATE FUNCTION app.name_receiver(leaver uuid, receiver uuid, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  m public.member;
  ids uuid[];
BEGIN
  IF ctx IS NULL OR NOT 'agency_admin' = ANY (ctx.roles) OR NOT app.is_fresh() THEN RETURN 'not_found'; END IF;
  SELECT * INTO m FROM public.member x WHERE x.id = leaver AND x.agency_id = ctx.agency_id;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF leaver = ctx.member_id OR receiver = ctx.member_id THEN RETURN 'own_record'; END IF;
  IF app.does_casework(m) THEN RETURN 'wrong_state'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.member x WHERE x.id = receiver AND x.agency_id = ctx.agency_id AND app.does_casework(x)) THEN
    RETURN 'receiver';
  END IF;
  SELECT array_agg(h.id ORDER BY h.id) INTO ids FROM public.hand_over h
    WHERE h.agency_id = ctx.agency_id AND h.from_member_id = leaver AND h.done_at IS NULL AND h.restricted;
  PERFORM app.account_event('hand-over.receiver-named', NULL, m.code, ARRAY['receiver'], origin, ctx);
  IF ids IS NOT NULL THEN PERFORM app.take_over(ids, array_fill(receiver, ARRAY[cardinality(ids)]), ctx); END IF;
  RETURN 'ok';
END
$$;

/*
 * What an administrator may know of a leaver's cases: how many open ones would wait for a new team, how many others
 * work on too, and whether a supervisor is there to give them out. Restricted ones are in none of these numbers.
 */
CREATE FUNCTION app.leaver_cases(leaver uuid) RETURNS TABLE (waiting int, shared int, supervised boolean)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  m public.member;
BEGIN
  SELECT * INTO m FROM public.member x WHERE x.id = leaver AND x.agency_id = ctx.agency_id;
  IF NOT FOUND OR NOT 'agency_admin' = ANY (ctx.roles) THEN RETURN; END IF;
  RETURN QUERY SELECT count(*) FILTER (WHERE s.successor IS NULL)::int, count(*) FILTER (WHERE s.successor IS NOT NULL)::int,
      EXISTS (SELECT 1 FROM public.member x WHERE x.agency_id = ctx.agency_id AND x.status = 'active' AND x.id <> leaver
        AND 'supervisor' = ANY (x.roles) AND (x.unit_id IS NULL OR m.unit_id IS NULL OR x.unit_id = m.unit_id))
    FROM (
      SELECT app.team_successor(a.case_id, leaver) AS successor
      FROM public.assignment a JOIN public.case_file c ON c.id = a.case_id
      WHERE a.member_id = leaver AND a.ended_at IS NULL AND NOT c.restricted AND c.status IN ('active', 'follow_up')
    ) s;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Duty cover and absence. Both end at the moment that was said, or earlier, never later.

CREATE FUNCTION app.only_shorter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF to_jsonb(NEW) - 'ends_at' IS DISTINCT FROM to_jsonb(OLD) - 'ends_at' OR NEW.ends_at > OLD.ends_at THEN
    RAISE EXCEPTION 'Cover and absence can be ended, nothing else' USING ERRCODE = '23514', CONSTRAINT = 'ends_as_said';
  END IF;
  RETURN NEW;
END
$$;

/* Puts a colleague on duty cover for a unit: by its supervisor or the agency's administrator, never by themselves. */
CREATE FUNCTION app.set_cover(new_id uuid, unit uuid, who uuid, starts timestamptz, ends timestamptz, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  begins timestamptz := greatest(starts, at);
BEGIN
  IF ctx IS NULL OR ctx.session LIKE 'token:%' THEN RETURN 'forbidden'; END IF;
  -- Locked, so that two who set the same cover at once are told so.
  PERFORM 1 FROM public.agency_unit u WHERE u.id = unit AND u.agency_id = ctx.agency_id AND u.closed_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN 'unit'; END IF;
  IF NOT ('agency_admin' = ANY (ctx.roles) OR app.supervises(ctx, unit)) THEN RETURN 'forbidden'; END IF;
  IF who = ctx.member_id THEN RETURN 'own_record'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.member m WHERE m.id = who AND m.agency_id = ctx.agency_id AND app.does_casework(m)) THEN RETURN 'member'; END IF;
  IF ends <= begins OR ends > begins + interval '14 days' OR begins > at + interval '62 days' THEN RETURN 'dates'; END IF;
  -- The same form sent again, by a second press or a page loaded anew.
  IF EXISTS (SELECT 1 FROM public.unit_cover u WHERE u.id = new_id AND u.set_by_id = ctx.member_id) THEN RETURN 'ok'; END IF;
  IF EXISTS (SELECT 1 FROM public.unit_cover u WHERE u.agency_id = ctx.agency_id AND u.unit_id = unit AND u.member_id = who
      AND u.starts_at < ends AND u.ends_at > begins) THEN RETURN 'overlap'; END IF;
  INSERT INTO public.unit_cover (id, agency_id, unit_id, member_id, starts_at, ends_at, set_by_id)
    VALUES (new_id, ctx.agency_id, unit, who, begins, ends, ctx.member_id);
  PERFORM app.account_event('cover.set', NULL, (SELECT u.code FROM public.unit_cover u WHERE u.id = new_id),
    ARRAY['unit', 'member', 'startsAt', 'endsAt'], origin, ctx);
  PERFORM app.notify(ARRAY[who], 'cover.set');
  RETURN 'ok';
END
$$;

/* Ends a cover now: by whoever may set it, or by the member who covers. */
CREATE FUNCTION app.end_cover(wanted_code text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  u record;
BEGIN
  IF ctx IS NULL OR ctx.session LIKE 'token:%' THEN RETURN 'not_found'; END IF;
  SELECT x.id, x.unit_id, x.member_id, x.ends_at INTO u FROM public.unit_cover x
    WHERE x.code = wanted_code AND x.agency_id = ctx.agency_id FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF NOT ('agency_admin' = ANY (ctx.roles) OR app.supervises(ctx, u.unit_id) OR u.member_id = ctx.member_id) THEN RETURN 'forbidden'; END IF;
  IF u.ends_at <= at THEN RETURN 'wrong_state'; END IF;
  UPDATE public.unit_cover x SET ends_at = greatest(x.starts_at, at) WHERE x.id = u.id;
  PERFORM app.account_event('cover.ended', NULL, wanted_code, ARRAY['endsAt'], origin, ctx);
  PERFORM app.notify(array_remove(ARRAY[u.member_id], ctx.member_id), 'cover.ended');
  RETURN 'ok';
END
$$;

/*
 * Says that a member is away and who stands in: by the member, or by a supervisor of their unit, who can't name
 * themselves. The one who stands in works on the cases that the other is assigned to, restricted ones apart.
 */
CREATE FUNCTION app.set_absence(new_id uuid, who uuid, stand_in uuid, starts timestamptz, ends timestamptz, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  begins timestamptz := greatest(starts, at);
  m public.member;
BEGIN
  IF ctx IS NULL OR ctx.session LIKE 'token:%' OR NOT ctx.roles && ARRAY['caseworker', 'supervisor'] THEN RETURN 'forbidden'; END IF;
  SELECT * INTO m FROM public.member x WHERE x.id = who AND x.agency_id = ctx.agency_id FOR UPDATE;
  IF NOT FOUND OR NOT app.does_casework(m) THEN RETURN 'member'; END IF;
  IF who <> ctx.member_id AND NOT app.supervises(ctx, m.unit_id) THEN RETURN 'forbidden'; END IF;
  IF stand_in = who THEN RETURN 'stand_in'; END IF;
  IF stand_in = ctx.member_id THEN RETURN 'own_record'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.member x WHERE x.id = stand_in AND x.agency_id = ctx.agency_id AND app.does_casework(x)) THEN RETURN 'stand_in'; END IF;
  IF ends <= begins OR ends > begins + interval '62 days' OR begins > at + interval '366 days' THEN RETURN 'dates'; END IF;
  IF EXISTS (SELECT 1 FROM public.absence s WHERE s.id = new_id AND s.set_by_id = ctx.member_id) THEN RETURN 'ok'; END IF;
  IF EXISTS (SELECT 1 FROM public.absence s WHERE s.agency_id = ctx.agency_id AND s.member_id = who AND s.starts_at < ends AND s.ends_at > begins) THEN
    RETURN 'overlap';
  END IF;
  IF EXISTS (SELECT 1 FROM public.absence s WHERE s.agency_id = ctx.agency_id AND s.member_id = stand_in AND s.starts_at < ends AND s.ends_at > begins) THEN
    RETURN 'stand_in_away';
  END IF;
  INSERT INTO public.absence (id, agency_id, member_id, stand_in_id, starts_at, ends_at, set_by_id)
    VALUES (new_id, ctx.agency_id, who, stand_in, begins, ends, ctx.member_id);
  PERFORM app.account_event('absence.set', NULL, (SELECT s.code FROM public.absence s WHERE s.id = new_id),
    ARRAY['member', 'standIn', 'startsAt', 'endsAt'], origin, ctx);
  PERFORM app.notify(ARRAY[stand_in], 'absence.stand-in');
  PERFORM app.notify(array_remove(ARRAY[who], ctx.member_id), 'absence.set');
  RETURN 'ok';
END
$$;

/* Ends an absence now: by the member who is back, or by a supervisor of their unit. */
CREATE FUNCTION app.end_absence(wanted_code text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  s record;
BEGIN
  IF ctx IS NULL OR ctx.session LIKE 'token:%' THEN RETURN 'not_found'; END IF;
  SELECT x.id, x.member_id, x.stand_in_id, x.ends_at, m.unit_id INTO s FROM public.absence x JOIN public.member m ON m.id = x.member_id
    WHERE x.code = wanted_code AND x.agency_id = ctx.agency_id FOR UPDATE OF x;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF NOT (s.member_id = ctx.member_id OR app.supervises(ctx, s.unit_id)) THEN RETURN 'forbidden'; END IF;
  IF s.ends_at <= at THEN RETURN 'wrong_state'; END IF;
  UPDATE public.absence x SET ends_at = greatest(x.starts_at, at) WHERE x.id = s.id;
  PERFORM app.account_event('absence.ended', NULL, wanted_code, ARRAY['endsAt'], origin, ctx);
  PERFORM app.notify(array_remove(ARRAY[s.member_id, s.stand_in_id], ctx.member_id), 'absence.ended');
  RETURN 'ok';
END
$$;

/* What a member is told of a task while they are away, their stand-in is told too: if the case is theirs to read. */
CREATE FUNCTION app.tell_stand_in() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.notify(ARRAY(
    SELECT m.id FROM public.absence s JOIN public.member m ON m.id = s.stand_in_id
    JOIN public.task t ON t.code = NEW.subject AND t.agency_id = s.agency_id
    WHERE s.agency_id = NEW.agency_id AND s.member_id = NEW.member_id AND s.starts_at <= NEW.at AND s.ends_at > NEW.at
      AND app.team_reason(t.case_id, m.id, m.agency_id, m.unit_id, m.roles::text[], NEW.at) IS NOT NULL), NEW.kind, NEW.subject, NEW.urgent);
  RETURN NULL;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Units: by the agency's administrator, who sees numbers of cases and no case.

CREATE FUNCTION app.keeps_units() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce('agency_admin' = ANY (c.roles) AND c.session NOT LIKE 'token:%', false) FROM app.context() c
$$;

/* The same, having just shown that it is them: units decide who reads what, so changing them is administering members. */
CREATE FUNCTION app.changes_units() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT app.keeps_units() AND app.is_fresh()
$$;

/* How many members and open cases each unit has, and those without one (unit null). Restricted cases are not counted. */
CREATE FUNCTION app.unit_counts() RETURNS TABLE (unit uuid, members int, cases int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT n.unit_id, sum(n.members)::int, sum(n.cases)::int FROM (
    SELECT m.unit_id, count(*) AS members, 0 AS cases FROM public.member m
      WHERE m.agency_id = (SELECT app.agency_id()) AND m.status <> 'deactivated' GROUP BY 1
    UNION ALL
    SELECT c.unit_id, 0, count(*) FROM public.case_file c
      WHERE c.agency_id = (SELECT app.agency_id()) AND NOT c.restricted AND c.status IN ('active', 'follow_up') GROUP BY 1
  ) n WHERE (SELECT app.keeps_units()) GROUP BY 1
$$;

CREATE FUNCTION app.add_unit(new_id uuid, new_name text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF NOT app.changes_units() THEN RETURN 'forbidden'; END IF;
  IF EXISTS (SELECT 1 FROM public.agency_unit u WHERE u.id = new_id AND u.agency_id = ctx.agency_id) THEN RETURN 'ok'; END IF;
  INSERT INTO public.agency_unit (id, agency_id, name) VALUES (new_id, ctx.agency_id, new_name)
    ON CONFLICT (agency_id, lower(name)) WHERE closed_at IS NULL DO NOTHING;
  IF NOT FOUND THEN RETURN 'name_taken'; END IF;
  PERFORM app.account_event('unit.created', NULL, (SELECT u.code FROM public.agency_unit u WHERE u.id = new_id), ARRAY['name'], origin, ctx);
  RETURN 'ok';
END
$$;

CREATE FUNCTION app.rename_unit(target uuid, new_name text, expected_version int, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  u record;
BEGIN
  IF NOT app.changes_units() THEN RETURN 'forbidden'; END IF;
  SELECT x.id, x.code, x.version INTO u FROM public.agency_unit x
    WHERE x.id = target AND x.agency_id = ctx.agency_id AND x.closed_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF u.version <> expected_version THEN RETURN 'stale'; END IF;
  IF EXISTS (SELECT 1 FROM public.agency_unit x WHERE x.agency_id = ctx.agency_id AND x.closed_at IS NULL AND x.id <> target AND lower(x.name) = lower(new_name)) THEN
    RETURN 'name_taken';
  END IF;
  UPDATE public.agency_unit x SET name = new_name, version = x.version + 1 WHERE x.id = target;
  PERFORM app.account_event('unit.changed', NULL, u.code, ARRAY['name'], origin, ctx);
  RETURN 'ok';
END
$$;

/* Moves members into a unit, or out of any (null). Nobody moves themselves; a moved member signs in again. */
CREATE FUNCTION app.move_members(target uuid, who uuid[], origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  moved record;
BEGIN
  IF NOT app.changes_units() THEN RETURN 'forbidden'; END IF;
  IF ctx.member_id = ANY (who) THEN RETURN 'own_record'; END IF;
  IF target IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.agency_unit u WHERE u.id = target AND u.agency_id = ctx.agency_id AND u.closed_at IS NULL) THEN
    RETURN 'unit';
  END IF;
  FOR moved IN
    UPDATE public.member m SET unit_id = target, version = m.version + 1
      WHERE m.id = ANY (who) AND m.agency_id = ctx.agency_id AND m.unit_id IS DISTINCT FROM target RETURNING m.code
  LOOP
    PERFORM app.account_event('member.changed', NULL, moved.code, ARRAY['unit'], origin, ctx);
  END LOOP;
  RETURN 'ok';
END
$$;

/* Moves every case of a unit, or every case without one (null), to another place, each with its event. */
CREATE FUNCTION app.move_cases(from_unit uuid, target uuid, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  events jsonb;
BEGIN
  WITH moved AS (
    UPDATE public.case_file c SET unit_id = target, version = c.version + 1
      WHERE c.agency_id = ctx.agency_id AND c.unit_id IS NOT DISTINCT FROM from_unit
      RETURNING c.id, c.code, c.person_id, c.holder_agency_id
  )
  SELECT jsonb_agg(jsonb_build_object('type', 'case.changed', 'subject', m.code, 'personId', m.person_id, 'caseId', m.id,
      'holderAgencyId', m.holder_agency_id, 'fields', jsonb_build_array('unit'))) INTO events FROM moved m;
  IF events IS NOT NULL THEN PERFORM app.write_events(events, ctx); END IF;
END
$$;

/* Takes the cases that stand in no unit into one: for an office that begins to have units. */
CREATE FUNCTION app.take_unplaced_cases(target uuid, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  u record;
BEGIN
  IF NOT app.changes_units() THEN RETURN 'forbidden'; END IF;
  SELECT x.code INTO u FROM public.agency_unit x WHERE x.id = target AND x.agency_id = ctx.agency_id AND x.closed_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  PERFORM app.move_cases(NULL, target, ctx);
  PERFORM app.account_event('unit.changed', NULL, u.code, ARRAY['cases'], origin, ctx);
  RETURN 'ok';
END
$$;

/*
 * Closes a unit. Where its members and cases go is always said, whether it has any or not, so that the question tells
 * nothing of restricted ones; its cover ends. Whoever is in it can't close it: nobody changes their own unit.
 */
CREATE FUNCTION app.close_unit(target uuid, into_unit uuid, expected_version int, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  u record;
  answer text;
BEGIN
  IF NOT app.changes_units() THEN RETURN 'forbidden'; END IF;
  -- Stronger than what a new case or member holds on its unit: those on their way are waited for, later ones see it closed.
  PERFORM 1 FROM public.agency_unit x WHERE x.id IN (target, into_unit) AND x.agency_id = ctx.agency_id ORDER BY x.id FOR UPDATE;
  SELECT x.code, x.version INTO u FROM public.agency_unit x WHERE x.id = target AND x.agency_id = ctx.agency_id AND x.closed_at IS NULL;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF u.version <> expected_version THEN RETURN 'stale'; END IF;
  IF into_unit = target OR (into_unit IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM public.agency_unit x WHERE x.id = into_unit AND x.agency_id = ctx.agency_id AND x.closed_at IS NULL)) THEN
    RETURN 'unit';
  END IF;
  answer := app.move_members(into_unit, ARRAY(SELECT m.id FROM public.member m WHERE m.agency_id = ctx.agency_id AND m.unit_id = target), origin);
  IF answer <> 'ok' THEN RETURN answer; END IF;
  PERFORM app.move_cases(target, into_unit, ctx);
  UPDATE public.unit_cover c SET ends_at = greatest(c.starts_at, at) WHERE c.agency_id = ctx.agency_id AND c.unit_id = target AND c.ends_at > at;
  UPDATE public.agency_unit x SET closed_at = at, version = x.version + 1 WHERE x.id = target;
  PERFORM app.account_event('unit.closed', NULL, u.code, ARRAY['closedAt'], origin, ctx);
  RETURN 'ok';
END
$$;

CREATE FUNCTION app.refuse_closed_unit() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  -- After the row's key was checked, which waits for whoever is closing the unit.
  IF EXISTS (SELECT 1 FROM public.agency_unit u WHERE u.id = NEW.unit_id AND u.closed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'A closed unit takes nobody and nothing' USING ERRCODE = '23514', CONSTRAINT = 'unit_open';
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION app.refuse_closed_units() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added a JOIN public.agency_unit u ON u.id = a.unit_id WHERE u.closed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'A closed unit takes nobody and nothing' USING ERRCODE = '23514', CONSTRAINT = 'unit_open';
  END IF;
  RETURN NULL;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Callers, triggers

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname = ANY (ARRAY['does_casework', 'worker_handle', 'place_until', 'own_place', 'supervises', 'leave_cases',
             'member_leaves', 'keeps_administrator', 'case_taken_over', 'hand_over_follows', 'take_over', 'hand_over_cases', 'name_receiver',
             'leaver_cases', 'only_shorter', 'set_cover', 'end_cover', 'set_absence', 'end_absence', 'tell_stand_in', 'keeps_units', 'changes_units', 'unit_counts', 'add_unit',
             'rename_unit', 'move_members', 'move_cases', 'take_unplaced_cases', 'close_unit', 'refuse_closed_unit', 'refuse_closed_units']) LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    IF f.proname IN ('own_place', 'hand_over_cases', 'name_receiver', 'leaver_cases', 'set_cover', 'end_cover', 'set_absence', 'end_absence',
        'unit_counts', 'add_unit', 'rename_unit', 'move_members', 'take_unplaced_cases', 'close_unit') THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role('member'));
    ELSIF f.proname IN ('member_leaves', 'keeps_administrator', 'case_taken_over', 'hand_over_follows', 'only_shorter', 'tell_stand_in', 'refuse_closed_unit', 'refuse_closed_units') THEN
      -- Only to make the triggers; taken back below.
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, session_user);
    END IF;
  END LOOP;
  RESET ROLE;
END
$$;

CREATE TRIGGER member_leaves_cases AFTER UPDATE OF status, roles ON public.member FOR EACH ROW EXECUTE FUNCTION app.member_leaves();
CREATE TRIGGER member_keeps_administrator AFTER UPDATE OF status, roles ON public.member FOR EACH ROW EXECUTE FUNCTION app.keeps_administrator();
CREATE TRIGGER member_unit_open AFTER INSERT OR UPDATE OF unit_id ON public.member
  FOR EACH ROW WHEN (NEW.unit_id IS NOT NULL) EXECUTE FUNCTION app.refuse_closed_unit();
CREATE TRIGGER assignment_takes_over AFTER INSERT ON public.assignment
  FOR EACH ROW WHEN (NEW.ended_at IS NULL) EXECUTE FUNCTION app.case_taken_over();
CREATE TRIGGER case_file_hand_over AFTER UPDATE OF restricted, unit_id ON public.case_file FOR EACH ROW EXECUTE FUNCTION app.hand_over_follows();
CREATE TRIGGER case_file_unit_open AFTER UPDATE OF unit_id ON public.case_file
  FOR EACH ROW WHEN (NEW.unit_id IS NOT NULL AND NEW.unit_id IS DISTINCT FROM OLD.unit_id) EXECUTE FUNCTION app.refuse_closed_unit();
CREATE TRIGGER case_file_units_open AFTER INSERT ON public.case_file REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_closed_units();
CREATE TRIGGER notice_reaches_stand_in AFTER INSERT ON public.notice
  FOR EACH ROW WHEN (NEW.subject LIKE 'TSK-%') EXECUTE FUNCTION app.tell_stand_in();
CREATE TRIGGER unit_cover_ends BEFORE UPDATE ON public.unit_cover FOR EACH ROW EXECUTE FUNCTION app.only_shorter();
CREATE TRIGGER absence_ends BEFORE UPDATE ON public.absence FOR EACH ROW EXECUTE FUNCTION app.only_shorter();

-- Members who had left before this was here leave their cases now.
DO $$
DECLARE
  m record;
BEGIN
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  FOR m IN SELECT x.id, x.agency_id FROM public.member x WHERE NOT app.does_casework(x)
      AND EXISTS (SELECT 1 FROM public.assignment a WHERE a.member_id = x.id AND a.ended_at IS NULL) LOOP
    PERFORM app.leave_cases(m.id, ROW(m.agency_id, NULL, NULL, NULL, '{}', 'operator', 1, 0)::app.actor_context);
  END LOOP;
  EXECUTE format('REVOKE EXECUTE ON FUNCTION app.member_leaves(), app.keeps_administrator(), app.case_taken_over(), app.hand_over_follows(),
    app.only_shorter(), app.tell_stand_in(), app.refuse_closed_unit(), app.refuse_closed_units() FROM %I', session_user);
  RESET ROLE;
END
$$;
