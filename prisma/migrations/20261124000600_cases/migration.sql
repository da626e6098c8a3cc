-- Cases: restriction covers the person, a team passes on its work, and who can see a case is one question to the database.

-- A member is on a team once at a time.
CREATE UNIQUE INDEX assignment_active ON public.assignment (case_id, member_id) WHERE ended_at IS NULL;

-- What an audit entry may be called (trap T7).
INSERT INTO public.audit_event_type (type, action) VALUES
  ('case.closed', 'update'), ('case.reopened', 'update'), ('case.audience-viewed', 'read');

DO $$
BEGIN
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
END
$$;

/* The assigned member who takes over what another leaves: the lead, else whoever has been on the team longest. */
CREATE FUNCTION app.team_successor(wanted_case uuid, leaving uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.member_id FROM public.assignment a
  WHERE a.case_id = wanted_case AND a.ended_at IS NULL AND a.member_id IS DISTINCT FROM leaving
  ORDER BY a.lead DESC, a.started_at, a.id LIMIT 1
$$;

/*
 * Restricts a case, or lifts it. A person with an open restricted case is hidden as a whole, so restricting one case
 * restricts the person's other cases too, each for its own team; lifting is for one case at a time. Tasks of members
 * who are not assigned would be in nobody's sight: they go to the lead.
 */
CREATE OR REPLACE FUNCTION app.restrict_case(wanted_case uuid, wanted boolean) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  target record;
  sibling record;
BEGIN
  IF NOT app.on_team(wanted_case) THEN RETURN false; END IF;
  UPDATE public.case_file c SET restricted = wanted, version = c.version + 1
    WHERE c.id = wanted_case AND c.restricted <> wanted RETURNING c.id, c.person_id INTO target;
  IF NOT FOUND THEN RETURN false; END IF;
  IF wanted THEN
    FOR sibling IN
      UPDATE public.case_file c SET restricted = true, version = c.version + 1
        WHERE c.person_id = target.person_id AND c.id <> wanted_case AND NOT c.restricted
        RETURNING c.id, c.code, c.person_id, c.holder_agency_id
    LOOP
      PERFORM app.record_event(jsonb_build_object('type', 'case.restricted', 'subject', sibling.code, 'basis', 'other_case_restricted',
        'personId', sibling.person_id, 'caseId', sibling.id, 'holderAgencyId', sibling.holder_agency_id));
    END LOOP;
    UPDATE public.task t SET owner_id = app.team_successor(t.case_id, NULL), version = t.version + 1
      WHERE t.person_id = target.person_id AND t.done_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM public.assignment a
          WHERE a.case_id = t.case_id AND a.member_id = t.owner_id AND a.ended_at IS NULL);
  END IF;
  RETURN true;
END
$$;

/* Takes a member off a team. A case always keeps somebody; the lead and open tasks pass on to who stays. */
CREATE OR REPLACE FUNCTION app.end_assignment(wanted_case uuid, wanted_member uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  was_lead boolean;
  successor uuid;
BEGIN
  IF NOT app.on_team(wanted_case) THEN RETURN false; END IF;
  -- Two who leave at once take turns, or both could go.
  PERFORM 1 FROM public.case_file c WHERE c.id = wanted_case FOR UPDATE;
  successor := app.team_successor(wanted_case, wanted_member);
  IF successor IS NULL THEN RETURN false; END IF;
  UPDATE public.assignment a SET ended_at = app.now()
    WHERE a.case_id = wanted_case AND a.member_id = wanted_member AND a.agency_id = app.agency_id() AND a.ended_at IS NULL
    RETURNING a.lead INTO was_lead;
  IF NOT FOUND THEN RETURN false; END IF;
  IF was_lead THEN
    UPDATE public.assignment a SET lead = true WHERE a.case_id = wanted_case AND a.member_id = successor AND a.ended_at IS NULL;
  END IF;
  UPDATE public.task t SET owner_id = successor, version = t.version + 1
    WHERE t.case_id = wanted_case AND t.owner_id = wanted_member AND t.done_at IS NULL;
  RETURN true;
END
$$;

/*
 * Whether a member with these roles works on a case: the one rule for who is on a team, asked for whoever acts
 * (app.on_team) and for everybody else (app.case_team). Answers how: assigned, supervisor, cover, or null.
 */
CREATE FUNCTION app.team_reason(wanted_case uuid, member uuid, agency uuid, unit uuid, member_roles text[], at timestamptz) RETURNS text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  c record;
BEGIN
  IF NOT coalesce(member_roles && ARRAY['caseworker', 'supervisor'], false) THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM public.assignment a
      WHERE a.case_id = wanted_case AND a.member_id = member AND a.agency_id = agency AND a.ended_at IS NULL) THEN
    RETURN 'assigned';
  END IF;
  SELECT f.unit_id INTO c FROM public.case_file f WHERE f.id = wanted_case AND NOT f.restricted AND f.agency_id = agency;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF 'supervisor' = ANY (member_roles) AND (unit IS NULL OR c.unit_id IS NULL OR c.unit_id = unit) THEN RETURN 'supervisor'; END IF;
  IF EXISTS (SELECT 1 FROM public.unit_cover u
      WHERE u.agency_id = agency AND u.member_id = member AND u.unit_id = c.unit_id AND u.starts_at <= at AND u.ends_at > at) THEN
    RETURN 'cover';
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION app.on_team(wanted_case uuid) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL THEN RETURN false; END IF;
  RETURN app.team_reason(wanted_case, ctx.member_id, ctx.agency_id, ctx.unit_id, ctx.roles,
    clock_timestamp() + make_interval(secs => ctx.clock_offset)) IS NOT NULL;
END
$$;

/* Everybody who can read a case's content now, and why, for whoever is one of them; nothing for anybody else. */
CREATE FUNCTION app.case_team(wanted_case uuid)
  RETURNS TABLE (member_id uuid, display_name text, reason text, lead boolean, since timestamptz, until timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  found_case record;
  at timestamptz := app.now();
BEGIN
  IF NOT app.on_team(wanted_case) THEN RETURN; END IF;
  SELECT c.agency_id, c.unit_id INTO found_case FROM public.case_file c WHERE c.id = wanted_case;
  RETURN QUERY
    SELECT m.id, m.display_name, r.reason, coalesce(a.lead, false), a.started_at,
      CASE WHEN r.reason = 'cover' THEN (SELECT max(u.ends_at) FROM public.unit_cover u
        WHERE u.agency_id = m.agency_id AND u.member_id = m.id AND u.unit_id = found_case.unit_id
          AND u.starts_at <= at AND u.ends_at > at) END
    FROM public.member m
    LEFT JOIN public.assignment a ON a.case_id = wanted_case AND a.member_id = m.id AND a.ended_at IS NULL
    CROSS JOIN LATERAL (SELECT app.team_reason(wanted_case, m.id, m.agency_id, m.unit_id, m.roles::text[], at) AS reason) r
    -- Nobody else can be on it, so nobody else is asked about: the rule itself stays in one place.
    WHERE m.agency_id = found_case.agency_id AND m.status = 'active' AND r.reason IS NOT NULL
      AND (a.id IS NOT NULL OR 'supervisor' = ANY (m.roles)
        OR EXISTS (SELECT 1 FROM public.unit_cover u WHERE u.agency_id = m.agency_id AND u.member_id = m.id))
    ORDER BY array_position(ARRAY['assigned', 'supervisor', 'cover'], r.reason), coalesce(a.lead, false) DESC, m.display_name, m.id;
END
$$;

DO $$
DECLARE
  signature text;
BEGIN
  FOREACH signature IN ARRAY ARRAY[
    'app.team_successor(uuid, uuid)', 'app.team_reason(uuid, uuid, uuid, uuid, text[], timestamptz)', 'app.case_team(uuid)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', signature);
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.case_team(uuid) TO %I', app.db_role('member'));
  RESET ROLE;
END
$$;
