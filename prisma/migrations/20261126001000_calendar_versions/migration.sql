-- A date that was counted in working days says by which version of its network's calendar. When holidays change later, the
-- date stays, and whoever follows it finds in network_version what the calendar was when it was counted.

ALTER TABLE public.emergency_access ADD COLUMN calendar_version int;
ALTER TABLE public.role_review ADD COLUMN calendar_version int;
ALTER TABLE public.access_review ADD COLUMN calendar_version int;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/*
 * Notes the version beside the date, and keeps it. Stable: it reads what the statement reads that counts the date, so that
 * a change of the calendar at the same moment can't come between the two.
 */
CREATE FUNCTION app.note_calendar_version() RETURNS trigger
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    NEW.calendar_version := OLD.calendar_version;
  ELSE
    NEW.calendar_version := coalesce(NEW.calendar_version,
      (SELECT n.version FROM public.network n JOIN public.agency a ON a.network_id = n.id WHERE a.id = NEW.agency_id));
  END IF;
  RETURN NEW;
END
$$;

DROP FUNCTION app.emergency_rows(text, text);
DROP FUNCTION app.role_reviews();
DROP FUNCTION app.access_reviews();

/*
 * Accesses as those see them who have to do with them: never what was read. The code of the case or person is for its
 * team and, while nothing hides it, for the agency; the words of the reason stay sealed, and open for the team alone.
 */
CREATE FUNCTION app.emergency_rows(wanted text, wanted_standing text)
  RETURNS TABLE (id uuid, code text, standing text, member text, agency text, person uuid, subject text, reason_code text, reason_text bytea,
    opened_at timestamptz, ends_at timestamptz, ended_at timestamptz, end_reason text, review_due_at timestamptz, calendar_version int, late boolean,
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
      e.review_due_at, e.calendar_version, e.reviewed_at IS NULL AND e.review_due_at <= at,
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

/* The changes of roles that the one who asks has to do with: all for the system administrator, their own agency's for its administrators; those that wait first. */
CREATE FUNCTION app.role_reviews() RETURNS TABLE (
  code text, agency_name text, member text, name text, changed_by text, roles_before text[], roles_after text[], changed_at timestamptz,
  due_at timestamptz, calendar_version int, reviewed_at timestamptz, reviewed_by text, verdict text, may_decide boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.code, a.name, m.code, m.display_name, b.display_name, r.roles_before, r.roles_after, r.changed_at, r.due_at, r.calendar_version, r.reviewed_at,
    v.display_name, r.verdict, r.reviewed_at IS NULL AND c.member_id IN (SELECT app.role_reviewers(r))
  FROM app.context() c, public.role_review r
  JOIN public.agency a ON a.id = r.agency_id
  JOIN public.member m ON m.id = r.member_id
  JOIN public.member b ON b.id = r.changed_by_id
  LEFT JOIN public.member v ON v.id = r.reviewer_id
  WHERE c.session LIKE 'session:%' AND ('system_admin' = ANY (c.roles) OR (r.agency_id = c.agency_id AND 'agency_admin' = ANY (c.roles)))
  ORDER BY r.reviewed_at IS NOT NULL, CASE WHEN r.reviewed_at IS NULL THEN r.due_at END, r.reviewed_at DESC LIMIT 200
$$;

/* The reviews that the one who asks has to do with, the newest first. */
CREATE FUNCTION app.access_reviews() RETURNS TABLE (
  code text, agency_name text, is_own boolean, quarter date, opened_at timestamptz, due_at timestamptz, calendar_version int, completed_at timestamptz, decided int, undecided int
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.code, a.name, r.agency_id = c.agency_id, r.quarter, r.opened_at, r.due_at, r.calendar_version, r.completed_at,
    (SELECT count(*)::int FROM public.access_review_item i WHERE i.review_id = r.id), (SELECT count(*)::int FROM app.undecided_in(r))
  FROM app.context() c, public.access_review r JOIN public.agency a ON a.id = r.agency_id
  WHERE c.session LIKE 'session:%' AND (
    (r.agency_id = c.agency_id AND c.roles && ARRAY['agency_admin', 'system_admin'])
    OR ('system_admin' = ANY (c.roles) AND r.completed_at IS NULL AND EXISTS (SELECT 1 FROM app.undecided_in(r) u WHERE app.reviews_access_of(u))))
  ORDER BY r.agency_id = c.agency_id DESC, r.quarter DESC, a.name LIMIT 100
$$;

DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('emergency_rows', 'role_reviews', 'access_reviews') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role('member'));
  END LOOP;
  REVOKE ALL ON FUNCTION app.note_calendar_version() FROM PUBLIC;
  -- Only to make the triggers.
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.note_calendar_version() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER emergency_access_calendar BEFORE INSERT OR UPDATE ON public.emergency_access
  FOR EACH ROW EXECUTE FUNCTION app.note_calendar_version();
CREATE TRIGGER role_review_calendar BEFORE INSERT OR UPDATE ON public.role_review
  FOR EACH ROW EXECUTE FUNCTION app.note_calendar_version();
CREATE TRIGGER access_review_calendar BEFORE INSERT OR UPDATE ON public.access_review
  FOR EACH ROW EXECUTE FUNCTION app.note_calendar_version();
