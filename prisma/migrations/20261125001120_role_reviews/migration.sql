-- Where an office is small a member may hold several roles. Then somebody outside of it, the system administrator, looks at
-- each change of roles afterwards: one that gives a member several roles, and any that is made by an administrator who
-- works on cases as well. It holds at once; the review says whether it should have been made.

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES ('role-review.opened', 'create', true),
  ('role-review.decided', 'update', true), ('role-review.late', 'update', true), ('role-review.listed', 'list', false);
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('role-review.due', true, false, false, 82), ('role-review.late', true, true, true, 83), ('role-review.not-agreed', true, true, true, 84);

CREATE TABLE public.role_review (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  code text NOT NULL DEFAULT app.new_code('RRV'),
  agency_id uuid NOT NULL,
  member_id uuid NOT NULL,
  changed_by_id uuid NOT NULL,
  roles_before text[] NOT NULL,
  roles_after text[] NOT NULL,
  changed_at timestamptz(3) NOT NULL,
  due_at timestamptz(3) NOT NULL,
  alarmed_at timestamptz(3),
  reviewed_at timestamptz(3),
  reviewer_id uuid,
  verdict text,
  CONSTRAINT role_review_pkey PRIMARY KEY (id),
  CONSTRAINT role_review_second_person CHECK (reviewer_id <> member_id AND reviewer_id <> changed_by_id),
  CONSTRAINT role_review_verdict CHECK (verdict IN ('agreed', 'not_agreed')
    AND (verdict IS NULL) = (reviewed_at IS NULL) AND (verdict IS NULL) = (reviewer_id IS NULL)),
  CONSTRAINT role_review_agency_id_member_id_fkey FOREIGN KEY (agency_id, member_id) REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX role_review_code_key ON public.role_review (code);
CREATE INDEX role_review_agency_id_member_id_idx ON public.role_review (agency_id, member_id);
CREATE INDEX role_review_agency_id_changed_at_idx ON public.role_review (agency_id, changed_at DESC);
CREATE INDEX role_review_waiting ON public.role_review (due_at) WHERE reviewed_at IS NULL;

ALTER TABLE public.role_review ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.role_review FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
  EXECUTE format('CREATE POLICY definer_all ON public.role_review TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.role_review FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.role_review TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON public.role_review TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.role_review TO %I', app.db_role('backup'));
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Who may review a change of roles: those who run the installation, but neither whoever made it nor whom it is about. */
CREATE FUNCTION app.role_reviewers(r public.role_review) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.id FROM public.member m
  WHERE m.status = 'active' AND 'system_admin' = ANY (m.roles) AND m.id <> r.changed_by_id AND m.id <> r.member_id
$$;

/* Opens the review of a change of roles that needs one, by whichever path it came; a command of the operator needs none. */
CREATE FUNCTION app.open_role_review() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  r public.role_review;
BEGIN
  IF ctx IS NULL OR ctx.member_id IS NULL THEN RETURN NULL; END IF;
  IF cardinality(NEW.roles) < 2 AND NOT ctx.roles && ARRAY['caseworker', 'supervisor'] THEN RETURN NULL; END IF;
  INSERT INTO public.role_review (agency_id, member_id, changed_by_id, roles_before, roles_after, changed_at, due_at)
    SELECT NEW.agency_id, NEW.id, ctx.member_id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.roles::text[] ELSE '{}' END, NEW.roles::text[],
      app.installation_now(), app.add_working_days(a.network_id, app.installation_now(), 3)
    FROM public.agency a WHERE a.id = NEW.agency_id RETURNING * INTO r;
  PERFORM app.account_event('role-review.opened', NULL, r.code, ARRAY['roles'], '{}', ctx);
  PERFORM app.notify(ARRAY(SELECT app.role_reviewers(r)), 'role-review.due', r.code, false);
  RETURN NULL;
END
$$;

/* The changes of roles that the one who asks has to do with: all for the system administrator, their own agency's for its administrators; those that wait first. */
CREATE FUNCTION app.role_reviews() RETURNS TABLE (
  code text, agency_name text, member text, name text, changed_by text, roles_before text[], roles_after text[], changed_at timestamptz,
  due_at timestamptz, reviewed_at timestamptz, reviewed_by text, verdict text, may_decide boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.code, a.name, m.code, m.display_name, b.display_name, r.roles_before, r.roles_after, r.changed_at, r.due_at, r.reviewed_at,
    v.display_name, r.verdict, r.reviewed_at IS NULL AND c.member_id IN (SELECT app.role_reviewers(r))
  FROM app.context() c, public.role_review r
  JOIN public.agency a ON a.id = r.agency_id
  JOIN public.member m ON m.id = r.member_id
  JOIN public.member b ON b.id = r.changed_by_id
  LEFT JOIN public.member v ON v.id = r.reviewer_id
  WHERE c.session LIKE 'session:%' AND ('system_admin' = ANY (c.roles) OR (r.agency_id = c.agency_id AND 'agency_admin' = ANY (c.roles)))
  ORDER BY r.reviewed_at IS NOT NULL, CASE WHEN r.reviewed_at IS NULL THEN r.due_at END, r.reviewed_at DESC LIMIT 200
$$;

/* Says whether a change of roles should have been made. Answers in words. */
CREATE FUNCTION app.review_roles(wanted text, new_verdict text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  r public.role_review;
BEGIN
  SELECT x.* INTO r FROM public.role_review x WHERE x.code = wanted FOR UPDATE;
  IF NOT FOUND OR ctx.session NOT LIKE 'session:%' OR NOT ctx.member_id IN (SELECT app.role_reviewers(r)) THEN RETURN 'not_found'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'step_up'; END IF;
  IF r.reviewed_at IS NOT NULL THEN RETURN 'wrong_state'; END IF;
  UPDATE public.role_review x SET reviewed_at = app.installation_now(), reviewer_id = ctx.member_id, verdict = new_verdict WHERE x.id = r.id;
  PERFORM app.account_event('role-review.decided', NULL, r.code, ARRAY[new_verdict], origin, ctx);
  IF new_verdict = 'not_agreed' THEN
    PERFORM app.notify(ARRAY(SELECT app.administrators_of(r.agency_id)), 'role-review.not-agreed', r.code, true);
  END IF;
  RETURN 'ok';
END
$$;

/* Raises the alarm, once, for each review that is late; returns how many. */
CREATE FUNCTION app.alarm_late_role_reviews() RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.role_review;
  done int := 0;
BEGIN
  FOR r IN SELECT x.* FROM public.role_review x WHERE x.reviewed_at IS NULL AND x.alarmed_at IS NULL AND x.due_at <= app.installation_now()
      ORDER BY x.due_at LIMIT 500 FOR UPDATE SKIP LOCKED LOOP
    UPDATE public.role_review x SET alarmed_at = app.installation_now() WHERE x.id = r.id;
    PERFORM app.account_event('role-review.late', NULL, r.code, '{}', '{}', app.unattended(r.agency_id));
    PERFORM app.notify(ARRAY(SELECT app.role_reviewers(r) UNION SELECT app.administrators_of(r.agency_id)), 'role-review.late', r.code, true);
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
           WHERE n.nspname = 'app' AND p.proname IN ('role_reviewers', 'open_role_review', 'role_reviews', 'review_roles', 'alarm_late_role_reviews') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('role_reviews', 'review_roles') THEN 'member'
      WHEN f.proname = 'alarm_late_role_reviews' THEN 'worker'
      ELSE 'definer'
    END;
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role(callers));
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.open_role_review() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER member_roles_review AFTER UPDATE ON public.member FOR EACH ROW
  WHEN (NEW.roles IS DISTINCT FROM OLD.roles) EXECUTE FUNCTION app.open_role_review();
CREATE TRIGGER member_first_roles_review AFTER INSERT ON public.member FOR EACH ROW EXECUTE FUNCTION app.open_role_review();
