-- Emergency access: a member of the agency who is on nobody's team opens one case, or one person, by its exact code, with
-- a reason, for four hours at most. The team and the supervisors are told at once, every look names the access that it
-- rests on, and a second person reviews it within three working days.
--
-- No role of the application has any right on the table: everything goes through the functions below, so there is no list
-- to read and no row to change.

CREATE TABLE "emergency_access" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL DEFAULT app.new_code('EMG'::text),
    "person_id" UUID NOT NULL,
    "case_id" UUID,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "reason_code" TEXT NOT NULL,
    "reason_text" BYTEA,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,
    "review_due_at" TIMESTAMPTZ(3) NOT NULL,
    "alarmed_at" TIMESTAMPTZ(3),
    "reviewed_at" TIMESTAMPTZ(3),
    "reviewer_id" UUID,
    "verdict" TEXT,
    "verdict_reason" TEXT,

    CONSTRAINT "emergency_access_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "emergency_access_code_key" ON "emergency_access"("code");
CREATE INDEX "emergency_access_agency_id_opened_at_idx" ON "emergency_access"("agency_id", "opened_at" DESC);
CREATE INDEX "emergency_access_holder_agency_id_person_id_idx" ON "emergency_access"("holder_agency_id", "person_id");
CREATE INDEX "emergency_access_member_id_idx" ON "emergency_access"("member_id");
ALTER TABLE "emergency_access" ADD CONSTRAINT "emergency_access_person_id_holder_agency_id_fkey"
  FOREIGN KEY ("person_id", "holder_agency_id") REFERENCES "person"("id", "holder_agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "emergency_access" ADD CONSTRAINT "emergency_access_case_id_holder_agency_id_person_id_fkey"
  FOREIGN KEY ("case_id", "holder_agency_id", "person_id") REFERENCES "case_file"("id", "holder_agency_id", "person_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "emergency_access" ADD CONSTRAINT "emergency_access_agency_id_member_id_fkey"
  FOREIGN KEY ("agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- What holds whoever writes the row: four hours at most, an end never put off, a reviewer who is somebody else.
ALTER TABLE "emergency_access"
  ADD CONSTRAINT emergency_access_hours CHECK (ends_at > opened_at AND ends_at <= opened_at + interval '4 hours'),
  ADD CONSTRAINT emergency_access_end CHECK ((ended_at IS NULL) = (end_reason IS NULL) AND (ended_at IS NULL OR ended_at <= ends_at)),
  ADD CONSTRAINT emergency_access_end_reason CHECK (end_reason IN ('member', 'time', 'member_changed', 'restricted', 'assigned')),
  ADD CONSTRAINT emergency_access_second_person CHECK (reviewer_id <> member_id),
  ADD CONSTRAINT emergency_access_verdict CHECK (
    (reviewed_at IS NULL) = (verdict IS NULL) AND (verdict IS NULL) = (reviewer_id IS NULL) AND (verdict IS NULL) = (verdict_reason IS NULL)
    AND verdict IN ('justified', 'not_justified', 'follow_up'));

-- One at a time for a member and a person; also what tells at once that a member has none.
CREATE UNIQUE INDEX emergency_access_living ON public.emergency_access (member_id, person_id) WHERE ended_at IS NULL;
CREATE INDEX emergency_access_unreviewed ON public.emergency_access (agency_id, review_due_at) WHERE reviewed_at IS NULL;

ALTER TABLE public.emergency_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.emergency_access FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
  EXECUTE format('CREATE POLICY definer_all ON public.emergency_access TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.emergency_access FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.emergency_access TO %I USING (true) WITH CHECK (true)', current_user);
  -- No DELETE for anybody: an access that was is never unmade.
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON public.emergency_access TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.emergency_access TO %I', app.db_role('backup'));
END
$$;

/* An access is opened, ended and reviewed once each; nothing else of it ever changes, and its end least of all. */
CREATE FUNCTION app.keep_emergency_access() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (OLD.id, OLD.code, OLD.person_id, OLD.case_id, OLD.agency_id, OLD.member_id, OLD.reason_code, OLD.opened_at, OLD.ends_at, OLD.review_due_at)
       IS DISTINCT FROM (NEW.id, NEW.code, NEW.person_id, NEW.case_id, NEW.agency_id, NEW.member_id, NEW.reason_code, NEW.opened_at, NEW.ends_at, NEW.review_due_at)
     OR (OLD.reason_text IS NOT NULL AND OLD.reason_text IS DISTINCT FROM NEW.reason_text)
     OR (OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.end_reason) IS DISTINCT FROM (NEW.ended_at, NEW.end_reason))
     OR (OLD.reviewed_at IS NOT NULL AND (OLD.reviewed_at, OLD.reviewer_id, OLD.verdict, OLD.verdict_reason)
       IS DISTINCT FROM (NEW.reviewed_at, NEW.reviewer_id, NEW.verdict, NEW.verdict_reason)) THEN
    RAISE EXCEPTION 'An emergency access is opened, ended and reviewed once each' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER emergency_access_kept BEFORE UPDATE ON public.emergency_access FOR EACH ROW EXECUTE FUNCTION app.keep_emergency_access();

/* No access without its reason in words: asked at commit, since the words are sealed under a key that the access itself opens. */
CREATE FUNCTION app.require_emergency_reason() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.emergency_access e WHERE e.id = NEW.id AND e.reason_text IS NULL) THEN
    RAISE EXCEPTION 'An emergency access needs its reason' USING ERRCODE = '23514', CONSTRAINT = 'emergency_access_reason_required';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER emergency_access_reason_required AFTER INSERT ON public.emergency_access
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.require_emergency_reason();

INSERT INTO public.audit_event_type (type, action) VALUES
  ('emergency-access.opened', 'create'), ('emergency-access.ended', 'update'), ('emergency-access.viewed', 'read'),
  ('emergency-access.reviewed', 'update'), ('emergency-access.review-missing', 'update'), ('emergency-access.listed', 'list');

INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('emergency-access.opened', true, true, true, 30),
  ('emergency-access.review-due', true, true, false, 31),
  ('emergency-access.review-missing', true, true, true, 32);

-- ---------------------------------------------------------------------------------------------------------------
-- Who is on a team now

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Domain time where nobody acts: for jobs, and for pages that ask how long is left. */
CREATE FUNCTION app.installation_now() RETURNS timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT clock_timestamp() + make_interval(secs => coalesce((SELECT i.clock_offset_seconds FROM public.installation i WHERE i.id = 1 AND i.demonstration), 0))
$$;

/*
 * The code of the access through which a member works with a person now, or null. `wanted_case` null asks about the person
 * alone. Whatever restriction hides is for supervisors, from the moment that it hides it.
 */
CREATE FUNCTION app.emergency_of(wanted_person uuid, wanted_case uuid, member uuid, agency uuid, member_roles text[], at timestamptz) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.code FROM public.emergency_access e
    JOIN public.person p ON p.id = e.person_id LEFT JOIN public.case_file f ON f.id = wanted_case
  WHERE e.member_id = member AND e.agency_id = agency AND e.person_id = wanted_person AND e.ended_at IS NULL
    AND (wanted_case IS NULL OR e.case_id IS NULL OR e.case_id = wanted_case)
    AND e.opened_at <= at AND e.ends_at > at
    AND coalesce(member_roles && ARRAY['caseworker', 'supervisor'], false)
    AND ('supervisor' = ANY (member_roles) OR NOT (p.restricted OR coalesce(f.restricted, false)))
$$;

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
  END IF;
  IF app.emergency_of(c.person_id, wanted_case, member, agency, member_roles, at) IS NOT NULL THEN RETURN 'emergency'; END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION app.case_team(wanted_case uuid)
  RETURNS TABLE (member_id uuid, display_name text, reason text, lead boolean, since timestamptz, until timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  found_case record;
  at timestamptz := app.now();
BEGIN
  IF NOT app.on_team(wanted_case) THEN RETURN; END IF;
  SELECT c.agency_id, c.unit_id, c.person_id INTO found_case FROM public.case_file c WHERE c.id = wanted_case;
  RETURN QUERY
    SELECT m.id, m.display_name, r.reason, coalesce(a.lead, false), a.started_at,
      CASE r.reason
        WHEN 'cover' THEN (SELECT max(u.ends_at) FROM public.unit_cover u
          WHERE u.agency_id = m.agency_id AND u.member_id = m.id AND u.unit_id = found_case.unit_id
            AND u.starts_at <= at AND u.ends_at > at)
        WHEN 'emergency' THEN (SELECT e.ends_at FROM public.emergency_access e
          WHERE e.member_id = m.id AND e.person_id = found_case.person_id AND e.ended_at IS NULL)
      END
    FROM public.member m
    LEFT JOIN public.assignment a ON a.case_id = wanted_case AND a.member_id = m.id AND a.ended_at IS NULL
    CROSS JOIN LATERAL (SELECT app.team_reason(wanted_case, m.id, m.agency_id, m.unit_id, m.roles::text[], at) AS reason) r
    -- Nobody else can be on it, so nobody else is asked about: the rule itself stays in one place.
    WHERE m.agency_id = found_case.agency_id AND m.status = 'active' AND r.reason IS NOT NULL
      AND (a.id IS NOT NULL OR 'supervisor' = ANY (m.roles)
        OR EXISTS (SELECT 1 FROM public.unit_cover u WHERE u.agency_id = m.agency_id AND u.member_id = m.id)
        OR EXISTS (SELECT 1 FROM public.emergency_access e WHERE e.member_id = m.id AND e.ended_at IS NULL))
    ORDER BY array_position(ARRAY['assigned', 'supervisor', 'cover', 'emergency'], r.reason), coalesce(a.lead, false) DESC, m.display_name, m.id;
END
$$;

CREATE OR REPLACE FUNCTION app.person_team(wanted_person uuid) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  found_person record;
BEGIN
  IF ctx IS NULL OR NOT ctx.roles && ARRAY['caseworker', 'supervisor'] THEN RETURN false; END IF;
  SELECT p.holder_agency_id, p.agency_id, p.registered_by_id, p.case_count, p.restricted INTO found_person
    FROM public.person p WHERE p.id = wanted_person;
  IF NOT FOUND OR found_person.holder_agency_id <> ctx.agency_id THEN RETURN false; END IF;
  IF found_person.case_count = 0 AND (found_person.registered_by_id = ctx.member_id OR 'supervisor' = ANY (ctx.roles)) THEN
    RETURN true;
  END IF;
  IF found_person.restricted THEN
    -- An open restricted case hides the whole person: only its own team works with them.
    IF EXISTS (
      SELECT 1 FROM public.case_file c JOIN public.assignment a ON a.case_id = c.id
      WHERE c.person_id = wanted_person AND c.restricted AND c.status NOT IN ('closed', 'closed_referred')
        AND a.member_id = ctx.member_id AND a.agency_id = ctx.agency_id AND a.ended_at IS NULL
    ) THEN
      RETURN true;
    END IF;
  ELSIF EXISTS (SELECT 1 FROM public.case_file c WHERE c.person_id = wanted_person AND app.on_team(c.id)) THEN
    RETURN true;
  END IF;
  RETURN app.emergency_of(wanted_person, NULL, ctx.member_id, ctx.agency_id, ctx.roles,
    clock_timestamp() + make_interval(secs => ctx.clock_offset)) IS NOT NULL;
END
$$;

/* Whether whoever acts works on this case or, where no case is named, with this person. */
CREATE FUNCTION app.works_with(wanted_person uuid, wanted_case uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN wanted_case IS NULL THEN app.person_team(wanted_person) ELSE app.on_team(wanted_case) END
$$;

/* Whether whoever acts works on a case, or with a person, by an emergency access and in no other way. */
CREATE FUNCTION app.by_emergency(wanted_person uuid, wanted_case uuid) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.emergency_access e WHERE e.member_id = ctx.member_id AND e.ended_at IS NULL) THEN RETURN false; END IF;
  IF wanted_case IS NOT NULL THEN
    RETURN coalesce(app.team_reason(wanted_case, ctx.member_id, ctx.agency_id, ctx.unit_id, ctx.roles, app.now()) = 'emergency', false);
  END IF;
  RETURN app.emergency_of(wanted_person, NULL, ctx.member_id, ctx.agency_id, ctx.roles, app.now()) IS NOT NULL;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Every look names the access that it rests on, whoever wrote the event

/* The event as it goes on record: a look through an emergency access has that as its basis and its purpose. */
CREATE FUNCTION app.with_emergency(event jsonb, ctx app.actor_context) RETURNS jsonb
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  through text;
BEGIN
  IF event ->> 'personId' IS NULL
     OR NOT EXISTS (SELECT 1 FROM public.emergency_access e WHERE e.member_id = ctx.member_id AND e.ended_at IS NULL) THEN
    RETURN event;
  END IF;
  through := app.emergency_of((event ->> 'personId')::uuid, (event ->> 'caseId')::uuid, ctx.member_id, ctx.agency_id, ctx.roles,
    clock_timestamp() + make_interval(secs => ctx.clock_offset));
  IF through IS NULL THEN RETURN event; END IF;
  IF EXISTS (SELECT 1 FROM public.audit_event_type t WHERE t.type = event ->> 'type' AND t.action IN ('read', 'list', 'search', 'print', 'export')) THEN
    RETURN event || jsonb_build_object('basis', through, 'purpose', 'emergency');
  END IF;
  RETURN event || jsonb_build_object('basis', coalesce(event ->> 'basis', through));
END
$$;

CREATE OR REPLACE FUNCTION app.record_event(event jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL THEN
    RAISE EXCEPTION 'An event needs a signed actor context' USING ERRCODE = '42501';
  END IF;
  RETURN app.write_event(app.with_emergency(event, ctx), ctx);
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
  IF EXISTS (SELECT 1 FROM public.emergency_access e WHERE e.member_id = ctx.member_id AND e.ended_at IS NULL) THEN
    events := (SELECT coalesce(jsonb_agg(app.with_emergency(e.event, ctx) ORDER BY e.n), '[]')
      FROM jsonb_array_elements(events) WITH ORDINALITY e (event, n));
  END IF;
  RETURN app.write_events(events, ctx);
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Opening, ending, telling

/* Who reviews an access: another supervisor of the agency; where there is none, whoever administers the installation. */
CREATE FUNCTION app.emergency_reviewers(e public.emergency_access) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN QUERY SELECT m.id FROM public.member m
    WHERE m.agency_id = e.agency_id AND m.status = 'active' AND m.id <> e.member_id AND 'supervisor' = ANY (m.roles);
  IF NOT FOUND THEN
    RETURN QUERY SELECT m.id FROM public.member m
      WHERE m.status = 'active' AND m.id <> e.member_id AND 'system_admin' = ANY (m.roles);
  END IF;
END
$$;

/* Who is told that an access was opened: those assigned, or who registered a person without a case; and the reviewers. */
CREATE FUNCTION app.emergency_team(e public.emergency_access) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.member_id FROM public.assignment a JOIN public.case_file c ON c.id = a.case_id
    JOIN public.member m ON m.id = a.member_id AND m.status = 'active'
    WHERE c.person_id = e.person_id AND (e.case_id IS NULL OR c.id = e.case_id) AND a.ended_at IS NULL AND a.member_id <> e.member_id
  UNION
  SELECT p.registered_by_id FROM public.person p JOIN public.member m ON m.id = p.registered_by_id AND m.status = 'active'
    WHERE p.id = e.person_id AND p.case_count = 0 AND p.registered_by_id <> e.member_id
  UNION
  SELECT r FROM app.emergency_reviewers(e) r
$$;

/* A context for what happens without anybody acting: when time runs out, and when a review stays away. */
CREATE FUNCTION app.unattended(agency uuid) RETURNS app.actor_context LANGUAGE sql IMMUTABLE AS $$
  SELECT ROW(agency, NULL, NULL, NULL, '{}'::text[], 'worker', 1, 0)::app.actor_context
$$;

CREATE FUNCTION app.emergency_event(event_type text, e public.emergency_access, event_basis text, sealed bytea, origin jsonb, ctx app.actor_context)
  RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.write_event(jsonb_build_object('type', event_type, 'subject', e.code, 'personId', e.person_id, 'caseId', e.case_id,
    'holderAgencyId', e.holder_agency_id, 'basis', event_basis, 'purpose', 'emergency', 'reason', encode(sealed, 'base64'),
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)), ctx);
END
$$;

/* Ends an access, writes its stop and tells the reviewers that it waits for them; false when it has ended already. */
CREATE FUNCTION app.stop_emergency(wanted uuid, why text, at timestamptz, origin jsonb, ctx app.actor_context) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  e public.emergency_access;
BEGIN
  UPDATE public.emergency_access x SET ended_at = least(at, x.ends_at), end_reason = CASE WHEN x.ends_at <= at THEN 'time' ELSE why END
    WHERE x.id = wanted AND x.ended_at IS NULL RETURNING x.* INTO e;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.emergency_event('emergency-access.ended', e, e.end_reason, NULL, origin, ctx);
  PERFORM app.notify(ARRAY(SELECT app.emergency_reviewers(e)), 'emergency-access.review-due', e.code, true);
  RETURN true;
END
$$;

/*
 * Opens an access to the case or person with exactly this code, for whoever is on nobody's team of it. No row for a code that
 * names nothing of the agency and for one that is hidden from this member: both are the same question to the same tables.
 * `on_team` when the member needs none. The reason in words has to follow in the same transaction.
 */
CREATE FUNCTION app.open_emergency_access(new_id uuid, wanted text, wanted_reason text)
  RETURNS TABLE (outcome text, code text, person uuid, address text, ends_at timestamptz)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  target record;
  overdue uuid;
  opened public.emergency_access;
BEGIN
  IF ctx IS NULL OR NOT ctx.roles && ARRAY['caseworker', 'supervisor'] OR NOT app.is_fresh() THEN RETURN; END IF;
  SELECT p.id AS person_id, p.code AS person_code, f.id AS case_id, f.code AS case_code, p.holder_agency_id,
      p.restricted OR coalesce(f.restricted, false) AS hidden INTO target
    FROM public.person p LEFT JOIN public.case_file f ON f.person_id = p.id AND f.code = wanted AND f.agency_id = ctx.agency_id
    WHERE (p.code = wanted OR p.id = (SELECT c.person_id FROM public.case_file c WHERE c.code = wanted AND c.agency_id = ctx.agency_id))
      AND p.holder_agency_id = ctx.agency_id AND p.erased_at IS NULL;
  IF NOT FOUND THEN RETURN; END IF;
  address := CASE WHEN target.case_id IS NULL THEN '/persons/' || target.person_code ELSE '/cases/' || target.case_code END;
  IF app.works_with(target.person_id, target.case_id) THEN
    RETURN QUERY SELECT 'on_team', NULL::text, target.person_id, address, NULL::timestamptz;
    RETURN;
  END IF;
  IF target.hidden AND NOT 'supervisor' = ANY (ctx.roles) THEN RETURN; END IF;
  -- One of theirs that ran out, or that is about another case of the person, ends before a new one begins.
  FOR overdue IN SELECT e.id FROM public.emergency_access e
      WHERE e.member_id = ctx.member_id AND e.person_id = target.person_id AND e.ended_at IS NULL LOOP
    PERFORM app.stop_emergency(overdue, 'member', at, NULL, ctx);
  END LOOP;
  INSERT INTO public.emergency_access (id, person_id, case_id, holder_agency_id, agency_id, member_id, reason_code, opened_at, ends_at, review_due_at)
    VALUES (new_id, target.person_id, target.case_id, target.holder_agency_id, ctx.agency_id, ctx.member_id, wanted_reason, at,
      at + interval '4 hours', app.add_working_days(ctx.network_id, at, 3))
    RETURNING * INTO opened;
  RETURN QUERY SELECT 'opened', opened.code, opened.person_id, address, opened.ends_at;
END
$$;

/* Adds the reason in words to an access just opened, writes its start and tells the team and the reviewers. */
CREATE FUNCTION app.state_emergency_reason(wanted uuid, sealed bytea, origin jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  e public.emergency_access;
BEGIN
  UPDATE public.emergency_access x SET reason_text = sealed
    WHERE x.id = wanted AND x.member_id = ctx.member_id AND x.reason_text IS NULL AND x.ended_at IS NULL RETURNING x.* INTO e;
  IF NOT FOUND THEN RAISE EXCEPTION 'No emergency access waits for its reason' USING ERRCODE = '42501'; END IF;
  PERFORM app.emergency_event('emergency-access.opened', e, e.reason_code, sealed, origin, ctx);
  PERFORM app.notify(ARRAY(SELECT app.emergency_team(e)), 'emergency-access.opened', e.code, true);
END
$$;

/* "End now". */
CREATE FUNCTION app.end_emergency_access(wanted text, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  own uuid;
BEGIN
  SELECT e.id INTO own FROM public.emergency_access e WHERE e.code = wanted AND e.member_id = ctx.member_id;
  RETURN own IS NOT NULL AND app.stop_emergency(own, 'member', app.now(), origin, ctx);
END
$$;

/*
 * What the bar on a page of this case or person says, for the session that shows it: without using the session, and for
 * whoever asks with the access's own code how long is left.
 */
CREATE FUNCTION app.own_emergency(session_hash bytea, wanted text)
  RETURNS TABLE (code text, reason_code text, ends_at timestamptz, seconds_left int, reviewers text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.code, e.reason_code, e.ends_at, ceil(extract(epoch FROM e.ends_at - app.installation_now()))::int,
    ARRAY(SELECT m.display_name FROM app.emergency_reviewers(e) r JOIN public.member m ON m.id = r ORDER BY 1 LIMIT 3)
  FROM public.session s JOIN public.agency a ON a.id = s.agency_id
    JOIN public.member m ON m.id = s.member_id AND m.status = 'active'
    JOIN public.emergency_access e ON e.member_id = m.id AND e.ended_at IS NULL
    JOIN public.person p ON p.id = e.person_id
    LEFT JOIN public.case_file f ON f.code = wanted AND f.person_id = e.person_id AND (e.case_id IS NULL OR e.case_id = f.id)
  WHERE s.hash = session_hash AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
    AND s.last_seen_at + make_interval(mins => a.idle_minutes) > clock_timestamp()
    AND (e.code = wanted OR p.code = wanted OR f.id IS NOT NULL)
    AND app.emergency_of(e.person_id, coalesce(f.id, e.case_id), m.id, m.agency_id, m.roles::text[], app.installation_now()) IS NOT NULL
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- What ends an access at once, and what it never allows

/* Another role, another unit, another agency, or no membership: whatever was open, ends. */
CREATE FUNCTION app.member_ends_emergency() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  living uuid;
BEGIN
  IF ctx.agency_id IS NULL THEN ctx := app.unattended(OLD.agency_id); END IF;
  FOR living IN SELECT e.id FROM public.emergency_access e WHERE e.member_id = NEW.id AND e.ended_at IS NULL LOOP
    PERFORM app.stop_emergency(living, 'member_changed', app.installation_now(), NULL, ctx);
  END LOOP;
  RETURN NULL;
END
$$;

/* A person who is hidden from now on is hidden from those too who had come in as caseworkers. */
CREATE FUNCTION app.restriction_ends_emergency() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  living uuid;
BEGIN
  IF ctx.agency_id IS NULL THEN ctx := app.unattended(NEW.holder_agency_id); END IF;
  FOR living IN SELECT e.id FROM public.emergency_access e JOIN public.member m ON m.id = e.member_id
      WHERE e.holder_agency_id = NEW.holder_agency_id AND e.person_id = NEW.id AND e.ended_at IS NULL AND NOT 'supervisor' = ANY (m.roles) LOOP
    PERFORM app.stop_emergency(living, 'restricted', app.installation_now(), NULL, ctx);
  END LOOP;
  RETURN NULL;
END
$$;

/*
 * Whoever came in through an emergency may help, but may not stay: they change no team, and open and close no case of the
 * person. And whoever is put on the team meanwhile needs the access no longer.
 */
CREATE FUNCTION app.emergency_changes_no_team() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  living uuid;
BEGIN
  IF ctx.member_id IS NOT NULL AND EXISTS (SELECT 1 FROM added a JOIN public.emergency_access e
      ON e.member_id = ctx.member_id AND e.person_id = a.person_id AND e.ended_at IS NULL AND e.ends_at > app.now()) THEN
    RAISE EXCEPTION 'An emergency access changes no team and opens no case' USING ERRCODE = '42501';
  END IF;
  IF TG_TABLE_NAME = 'assignment' THEN
    FOR living IN SELECT e.id FROM added a JOIN public.emergency_access e
        ON e.member_id = a.member_id AND e.person_id = a.person_id AND e.ended_at IS NULL AND (e.case_id IS NULL OR e.case_id = a.case_id) LOOP
      PERFORM app.stop_emergency(living, 'assigned', app.now(), NULL, ctx);
    END LOOP;
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION app.emergency_ends_no_work() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx.member_id IS NOT NULL AND app.emergency_of(NEW.person_id,
      (to_jsonb(NEW) ->> CASE TG_TABLE_NAME WHEN 'case_file' THEN 'id' ELSE 'case_id' END)::uuid,
      ctx.member_id, ctx.agency_id, ctx.roles, app.now()) IS NOT NULL THEN
    RAISE EXCEPTION 'An emergency access restricts and closes no case and takes nobody off a team' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Review

/* How an access stands to whoever asks: own, review, team, oversee, or null for everybody else. */
CREATE FUNCTION app.emergency_standing(e public.emergency_access) RETURNS text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL THEN RETURN NULL; END IF;
  IF e.member_id = ctx.member_id THEN RETURN 'own'; END IF;
  IF ctx.member_id IN (SELECT app.emergency_reviewers(e)) THEN RETURN 'review'; END IF;
  IF app.works_with(e.person_id, e.case_id) THEN RETURN 'team'; END IF;
  -- A review that stays away concerns who administers the agency, who still sees no more than when, why and how much.
  IF e.alarmed_at IS NOT NULL AND e.agency_id = ctx.agency_id AND 'agency_admin' = ANY (ctx.roles) THEN RETURN 'oversee'; END IF;
  RETURN NULL;
END
$$;

/*
 * Accesses as those see them who have to do with them: never what was read. The code of the case or person is for its
 * team and, while nothing hides it, for the agency; the words of the reason stay sealed, and open for the team alone.
 */
CREATE FUNCTION app.emergency_rows(wanted text, wanted_standing text)
  RETURNS TABLE (id uuid, code text, standing text, member text, agency text, person uuid, subject text, reason_code text, reason_text bytea,
    opened_at timestamptz, ends_at timestamptz, ended_at timestamptz, end_reason text, review_due_at timestamptz, late boolean,
    looks int, changes int, reviewed_at timestamptz, reviewer text, verdict text, verdict_reason text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
BEGIN
  RETURN QUERY
    SELECT e.id, e.code, s.standing, m.display_name, a.name, e.person_id,
      CASE WHEN t.team OR (e.agency_id = ctx.agency_id AND ctx.roles && ARRAY['caseworker', 'supervisor'] AND NOT (p.restricted OR coalesce(f.restricted, false)))
        THEN coalesce(f.code, p.code) END,
      e.reason_code, CASE WHEN t.team THEN e.reason_text END,
      e.opened_at, e.ends_at, coalesce(e.ended_at, CASE WHEN e.ends_at <= at THEN e.ends_at END),
      coalesce(e.end_reason, CASE WHEN e.ends_at <= at THEN 'time' END),
      e.review_due_at, e.reviewed_at IS NULL AND e.review_due_at <= at,
      n.looks, n.changes, e.reviewed_at, r.display_name, e.verdict, e.verdict_reason
    FROM public.emergency_access e
    JOIN public.person p ON p.id = e.person_id JOIN public.member m ON m.id = e.member_id JOIN public.agency a ON a.id = e.agency_id
    LEFT JOIN public.case_file f ON f.id = e.case_id LEFT JOIN public.member r ON r.id = e.reviewer_id
    CROSS JOIN LATERAL (SELECT app.emergency_standing(e) AS standing) s
    CROSS JOIN LATERAL (SELECT app.works_with(e.person_id, e.case_id) AS team) t
    CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE v.action IN ('read', 'list', 'search', 'print', 'export'))::int AS looks,
        count(*) FILTER (WHERE v.action NOT IN ('read', 'list', 'search', 'print', 'export'))::int AS changes
      FROM public.audit_event v WHERE v.agency_id = e.agency_id AND v.actor_id = e.member_id AND v.person_id = e.person_id AND v.basis = e.code) n
    WHERE s.standing IS NOT NULL AND (wanted IS NULL OR e.code = wanted) AND (wanted_standing IS NULL OR s.standing = wanted_standing)
      AND (wanted IS NOT NULL OR e.agency_id = ctx.agency_id OR 'system_admin' = ANY (ctx.roles))
      AND (wanted IS NOT NULL OR e.reviewed_at IS NULL OR e.reviewed_at > at - interval '90 days')
    ORDER BY e.reviewed_at IS NOT NULL, CASE WHEN e.reviewed_at IS NULL THEN e.review_due_at END, e.reviewed_at DESC, e.id
    LIMIT 200;
END
$$;

/* What was done through an access, the first first: when and what kind, never of which record nor what it held. */
CREATE FUNCTION app.emergency_looks(wanted text) RETURNS TABLE (at timestamptz, type text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT v.at, v.type FROM public.emergency_access e
    JOIN public.audit_event v ON v.agency_id = e.agency_id AND v.actor_id = e.member_id AND v.person_id = e.person_id AND v.basis = e.code
  WHERE e.code = wanted AND app.emergency_standing(e) IS NOT NULL ORDER BY v.id LIMIT 500
$$;

/* Says what came of a review, once, by somebody else than who opened it, after it has ended. */
CREATE FUNCTION app.review_emergency_access(wanted text, new_verdict text, new_reason text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  e public.emergency_access;
BEGIN
  SELECT x.* INTO e FROM public.emergency_access x WHERE x.code = wanted FOR UPDATE;
  IF NOT FOUND OR app.emergency_standing(e) IS NULL THEN RETURN 'not_found'; END IF;
  IF app.emergency_standing(e) <> 'review' OR ctx.session LIKE 'token:%' THEN RETURN 'forbidden'; END IF;
  IF e.reviewed_at IS NOT NULL THEN RETURN 'wrong_state'; END IF;
  IF e.ended_at IS NULL THEN
    IF e.ends_at > app.now() THEN RETURN 'still_open'; END IF;
    PERFORM app.stop_emergency(e.id, 'time', app.now(), NULL, app.unattended(e.agency_id));
  END IF;
  UPDATE public.emergency_access x SET reviewed_at = app.now(), reviewer_id = ctx.member_id, verdict = new_verdict, verdict_reason = new_reason
    WHERE x.id = e.id RETURNING x.* INTO e;
  PERFORM app.emergency_event('emergency-access.reviewed', e, new_verdict || ':' || new_reason, NULL, origin, ctx);
  RETURN 'ok';
END
$$;

/* The look at one access, on record. */
CREATE FUNCTION app.record_emergency_view(wanted text, origin jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  e public.emergency_access;
BEGIN
  SELECT x.* INTO e FROM public.emergency_access x WHERE x.code = wanted;
  IF NOT FOUND OR app.emergency_standing(e) IS NULL THEN RAISE EXCEPTION 'No such emergency access' USING ERRCODE = '42501'; END IF;
  PERFORM app.emergency_event('emergency-access.viewed', e, app.emergency_standing(e), NULL, origin, app.context());
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Jobs

/* Ends what has run out, each with its stop event; returns how many. Asked twice at once, each is ended once. */
CREATE FUNCTION app.end_due_emergencies() RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  due record;
  done int := 0;
BEGIN
  FOR due IN SELECT e.id, e.agency_id FROM public.emergency_access e
      WHERE e.ended_at IS NULL AND e.ends_at <= app.installation_now() ORDER BY e.ends_at LIMIT 500 FOR UPDATE SKIP LOCKED LOOP
    IF app.stop_emergency(due.id, 'time', app.installation_now(), NULL, app.unattended(due.agency_id)) THEN done := done + 1; END IF;
  END LOOP;
  RETURN done;
END
$$;

/* Raises the alarm, once, for each access whose review stays away: on record, to the reviewers and the agency's administrators. */
CREATE FUNCTION app.alarm_missing_reviews() RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  e public.emergency_access;
  done int := 0;
BEGIN
  FOR e IN SELECT x.* FROM public.emergency_access x
      WHERE x.reviewed_at IS NULL AND x.alarmed_at IS NULL AND x.review_due_at <= app.installation_now()
      ORDER BY x.review_due_at LIMIT 500 FOR UPDATE SKIP LOCKED LOOP
    UPDATE public.emergency_access x SET alarmed_at = app.installation_now() WHERE x.id = e.id;
    PERFORM app.emergency_event('emergency-access.review-missing', e, NULL, NULL, NULL, app.unattended(e.agency_id));
    PERFORM app.notify(ARRAY(SELECT app.emergency_reviewers(e) UNION SELECT m.id FROM public.member m
      WHERE m.agency_id = e.agency_id AND m.status = 'active' AND 'agency_admin' = ANY (m.roles)), 'emergency-access.review-missing', e.code, true);
    done := done + 1;
  END LOOP;
  RETURN done;
END
$$;

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('installation_now', 'works_with', 'by_emergency', 'emergency_of', 'with_emergency', 'emergency_reviewers', 'emergency_team',
             'unattended', 'emergency_event', 'stop_emergency', 'open_emergency_access', 'state_emergency_reason', 'end_emergency_access', 'own_emergency',
             'member_ends_emergency', 'restriction_ends_emergency', 'emergency_changes_no_team', 'emergency_ends_no_work', 'emergency_standing',
             'emergency_rows', 'emergency_looks', 'review_emergency_access', 'record_emergency_view', 'end_due_emergencies', 'alarm_missing_reviews') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('open_emergency_access', 'state_emergency_reason', 'end_emergency_access', 'emergency_rows', 'emergency_looks',
        'review_emergency_access', 'record_emergency_view', 'by_emergency') THEN 'member'
      WHEN f.proname = 'own_emergency' THEN 'app'
      WHEN f.proname IN ('end_due_emergencies', 'alarm_missing_reviews') THEN 'worker'
    END;
    CONTINUE WHEN callers IS NULL;
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role(callers));
  END LOOP;
  -- Only to make the triggers; taken back below.
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.member_ends_emergency(), app.restriction_ends_emergency(), app.emergency_changes_no_team(),
    app.emergency_ends_no_work() TO %I', session_user);
  RESET ROLE;
END
$$;

CREATE TRIGGER member_ends_emergency AFTER UPDATE ON public.member FOR EACH ROW
  WHEN ((OLD.status, OLD.roles, OLD.unit_id, OLD.agency_id) IS DISTINCT FROM (NEW.status, NEW.roles, NEW.unit_id, NEW.agency_id))
  EXECUTE FUNCTION app.member_ends_emergency();
CREATE TRIGGER person_restriction_ends_emergency AFTER UPDATE OF restricted ON public.person FOR EACH ROW
  WHEN (NEW.restricted AND NOT OLD.restricted) EXECUTE FUNCTION app.restriction_ends_emergency();
CREATE TRIGGER case_file_no_emergency AFTER INSERT ON public.case_file REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION app.emergency_changes_no_team();
CREATE TRIGGER assignment_no_emergency AFTER INSERT ON public.assignment REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION app.emergency_changes_no_team();
-- Before the change, which may take the case out of the access's reach.
CREATE TRIGGER case_file_no_emergency_end BEFORE UPDATE ON public.case_file FOR EACH ROW
  WHEN (OLD.restricted <> NEW.restricted OR OLD.closed_on IS DISTINCT FROM NEW.closed_on OR OLD.legal_hold <> NEW.legal_hold
    OR OLD.unit_id IS DISTINCT FROM NEW.unit_id)
  EXECUTE FUNCTION app.emergency_ends_no_work();
CREATE TRIGGER assignment_no_emergency_end BEFORE UPDATE ON public.assignment FOR EACH ROW
  WHEN (OLD.ended_at IS DISTINCT FROM NEW.ended_at) EXECUTE FUNCTION app.emergency_ends_no_work();

DO $$
BEGIN
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  EXECUTE format('REVOKE EXECUTE ON FUNCTION app.member_ends_emergency(), app.restriction_ends_emergency(), app.emergency_changes_no_team(),
    app.emergency_ends_no_work() FROM %I', session_user);
  -- The operator's command that moves the clock runs what falls due by it.
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.end_due_emergencies(), app.alarm_missing_reviews() TO %I', session_user);
  RESET ROLE;
  REVOKE ALL ON FUNCTION app.keep_emergency_access(), app.require_emergency_reason() FROM PUBLIC;
  EXECUTE format('ALTER FUNCTION app.require_emergency_reason() OWNER TO %I', app.db_role('definer'));
END
$$;

-- Whoever came in by an emergency puts nobody on the team; the triggers say the same of every other way.
ALTER POLICY team_add ON public.assignment WITH CHECK (agency_id = (SELECT app.casework_agency())
  AND holder_agency_id = (SELECT app.casework_agency()) AND app.on_team(case_id) AND NOT app.by_emergency(person_id, case_id));
