-- Each quarter the administrators of an agency go through its members: who still needs which roles. Nobody reviews themselves.

INSERT INTO public.audit_event_type (type, action) VALUES ('access-review.opened', 'create'), ('access-review.listed', 'list'),
  ('access-review.decided', 'update'), ('access-review.completed', 'update'), ('access-review.late', 'update');
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('access-review.due', true, false, false, 80), ('access-review.late', true, true, true, 81);

CREATE TABLE public.access_review (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  code text NOT NULL DEFAULT app.new_code('ARV'),
  agency_id uuid NOT NULL,
  quarter date NOT NULL,
  opened_at timestamptz(3) NOT NULL,
  due_at timestamptz(3) NOT NULL,
  completed_at timestamptz(3),
  alarmed_at timestamptz(3),
  CONSTRAINT access_review_pkey PRIMARY KEY (id),
  CONSTRAINT access_review_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX access_review_code_key ON public.access_review (code);
CREATE UNIQUE INDEX access_review_agency_id_quarter_key ON public.access_review (agency_id, quarter);
CREATE UNIQUE INDEX access_review_agency_id_id_key ON public.access_review (agency_id, id);

-- What was found of a member and what became of it: roles, tokens and covers as they were when somebody decided.
CREATE TABLE public.access_review_item (
  review_id uuid NOT NULL,
  member_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  decision text NOT NULL,
  decided_at timestamptz(3) NOT NULL,
  decided_by uuid NOT NULL,
  roles text[] NOT NULL,
  tokens int NOT NULL,
  covers int NOT NULL,
  CONSTRAINT access_review_item_pkey PRIMARY KEY (review_id, member_id),
  CONSTRAINT access_review_item_decision CHECK (decision IN ('kept', 'changed', 'removed')),
  CONSTRAINT access_review_item_not_own CHECK (decided_by <> member_id),
  CONSTRAINT access_review_item_agency_id_review_id_fkey FOREIGN KEY (agency_id, review_id) REFERENCES public.access_review (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT access_review_item_agency_id_member_id_fkey FOREIGN KEY (agency_id, member_id) REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX access_review_item_agency_id_member_id_idx ON public.access_review_item (agency_id, member_id);

-- Read through functions alone: what members hold is for those who review it.
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['access_review', 'access_review_item'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Whether the one who asks may review this member: not themselves; a colleague whom they administer; for the system administrator also the administrators of other agencies. */
CREATE FUNCTION app.reviews_access_of(target uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce((SELECT m.id <> c.member_id AND c.session LIKE 'session:%' AND (
      (m.agency_id = c.agency_id AND c.roles && ARRAY['agency_admin', 'system_admin'])
      OR ('system_admin' = ANY (c.roles) AND 'agency_admin' = ANY (m.roles)))
    FROM public.member m, app.context() c WHERE m.id = target), false)
$$;

/* The members that a review is about and nobody has decided on: those who were there when it began and haven't left. */
CREATE FUNCTION app.undecided_in(r public.access_review) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.id FROM public.member m
  WHERE m.agency_id = r.agency_id AND m.status <> 'deactivated' AND m.created_at <= r.opened_at
    AND NOT EXISTS (SELECT 1 FROM public.access_review_item i WHERE i.review_id = r.id AND i.member_id = m.id)
$$;

CREATE FUNCTION app.administrators_of(agency uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.id FROM public.member m
  WHERE m.agency_id = agency AND m.status = 'active' AND m.roles && ARRAY['agency_admin', 'system_admin']::public.role[]
$$;

/* Notes what became of a member, and ends the review with the last of them. */
CREATE FUNCTION app.note_review(r public.access_review, target public.member, wanted text, origin jsonb, ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO public.access_review_item AS i (review_id, member_id, agency_id, decision, decided_at, decided_by, roles, tokens, covers)
    VALUES (r.id, target.id, r.agency_id, wanted, app.installation_now(), ctx.member_id, target.roles::text[],
      (SELECT count(*) FROM public.api_token t WHERE t.member_id = target.id AND t.ended_at IS NULL AND t.expires_at > clock_timestamp()),
      (SELECT count(*) FROM public.unit_cover u WHERE u.agency_id = r.agency_id AND u.member_id = target.id AND u.ends_at > app.installation_now()))
    ON CONFLICT (review_id, member_id) DO UPDATE SET decision = excluded.decision, decided_at = excluded.decided_at,
      decided_by = excluded.decided_by, roles = excluded.roles, tokens = excluded.tokens, covers = excluded.covers;
  PERFORM app.account_event('access-review.decided', NULL, target.code, ARRAY[wanted], origin, ctx);
  IF NOT EXISTS (SELECT 1 FROM app.undecided_in(r)) THEN
    UPDATE public.access_review x SET completed_at = app.installation_now() WHERE x.id = r.id AND x.completed_at IS NULL;
    IF FOUND THEN PERFORM app.account_event('access-review.completed', NULL, r.code, '{}', origin, ctx); END IF;
  END IF;
END
$$;

/* Confirms that a member keeps what they hold; with `end_tokens` their tokens end. Answers in words. */
CREATE FUNCTION app.keep_access(wanted_review text, wanted_member text, end_tokens boolean, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.access_review;
  m public.member;
BEGIN
  SELECT x.* INTO r FROM public.access_review x WHERE x.code = wanted_review FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  SELECT x.* INTO m FROM public.member x WHERE x.code = wanted_member AND x.agency_id = r.agency_id FOR UPDATE;
  IF NOT FOUND OR NOT app.reviews_access_of(m.id) THEN RETURN 'not_found'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'step_up'; END IF;
  IF m.id NOT IN (SELECT app.undecided_in(r)) THEN RETURN 'wrong_state'; END IF;
  IF end_tokens THEN
    UPDATE public.api_token t SET ended_at = clock_timestamp() WHERE t.member_id = m.id AND t.ended_at IS NULL;
    IF FOUND THEN PERFORM app.account_event('token.ended', NULL, m.code, '{}', origin, app.context()); END IF;
  END IF;
  PERFORM app.note_review(r, m, 'kept', origin, app.context());
  RETURN 'ok';
END
$$;

/* A change or removal by an administrator while a review is open is its answer for that member. */
CREATE FUNCTION app.member_change_reviews() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.access_review;
BEGIN
  IF NOT app.reviews_access_of(NEW.id) THEN RETURN NULL; END IF;
  SELECT x.* INTO r FROM public.access_review x
    WHERE x.agency_id = NEW.agency_id AND x.completed_at IS NULL AND x.opened_at >= NEW.created_at ORDER BY x.quarter DESC LIMIT 1 FOR UPDATE;
  IF FOUND THEN
    PERFORM app.note_review(r, NEW, CASE WHEN NEW.status = 'deactivated' THEN 'removed' ELSE 'changed' END, '{}', app.context());
  END IF;
  RETURN NULL;
END
$$;

/* The reviews that the one who asks has to do with, the newest first. */
CREATE FUNCTION app.access_reviews() RETURNS TABLE (
  code text, agency_name text, is_own boolean, quarter date, opened_at timestamptz, due_at timestamptz, completed_at timestamptz, decided int, undecided int
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.code, a.name, r.agency_id = c.agency_id, r.quarter, r.opened_at, r.due_at, r.completed_at,
    (SELECT count(*)::int FROM public.access_review_item i WHERE i.review_id = r.id), (SELECT count(*)::int FROM app.undecided_in(r))
  FROM app.context() c, public.access_review r JOIN public.agency a ON a.id = r.agency_id
  WHERE c.session LIKE 'session:%' AND (
    (r.agency_id = c.agency_id AND c.roles && ARRAY['agency_admin', 'system_admin'])
    OR ('system_admin' = ANY (c.roles) AND r.completed_at IS NULL AND EXISTS (SELECT 1 FROM app.undecided_in(r) u WHERE app.reviews_access_of(u))))
  ORDER BY r.agency_id = c.agency_id DESC, r.quarter DESC, a.name LIMIT 100
$$;

/* The members of a review with what they hold, as far as the one who asks has to do with them. */
CREATE FUNCTION app.access_review_rows(wanted_review text) RETURNS TABLE (
  member text, name text, email text, roles text[], unit text, since timestamptz, signed_in_at timestamptz, tokens int, covers int,
  decision text, decided_at timestamptz, decided_by text, may_decide boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.code, m.display_name, m.email, coalesce(i.roles, m.roles::text[]), u.name, m.created_at,
    (SELECT max(s.created_at) FROM public.session s WHERE s.member_id = m.id),
    coalesce(i.tokens, (SELECT count(*)::int FROM public.api_token t WHERE t.member_id = m.id AND t.ended_at IS NULL AND t.expires_at > clock_timestamp())),
    coalesce(i.covers, (SELECT count(*)::int FROM public.unit_cover v WHERE v.agency_id = m.agency_id AND v.member_id = m.id AND v.ends_at > app.installation_now())),
    i.decision, i.decided_at, (SELECT d.display_name FROM public.member d WHERE d.id = i.decided_by),
    i.decision IS NULL AND app.reviews_access_of(m.id)
  FROM app.context() c, public.access_review r
  JOIN public.member m ON m.agency_id = r.agency_id AND m.created_at <= r.opened_at
  LEFT JOIN public.agency_unit u ON u.id = m.unit_id
  LEFT JOIN public.access_review_item i ON i.review_id = r.id AND i.member_id = m.id
  WHERE r.code = wanted_review AND c.session LIKE 'session:%' AND (i.decision IS NOT NULL OR (m.status <> 'deactivated' AND r.completed_at IS NULL))
    AND ((r.agency_id = c.agency_id AND c.roles && ARRAY['agency_admin', 'system_admin'])
      OR ('system_admin' = ANY (c.roles) AND 'agency_admin' = ANY (m.roles)))
  ORDER BY i.decision IS NOT NULL, m.display_name
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Jobs

/* Opens the review of the quarter for each agency that has members to review, and tells who has to do it; returns how many. */
CREATE FUNCTION app.open_access_reviews() RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  a record;
  made text;
  done int := 0;
BEGIN
  FOR a IN SELECT x.id, x.network_id, date_trunc('quarter', app.installation_now() AT TIME ZONE x.time_zone)::date AS quarter
      FROM public.agency x WHERE EXISTS (SELECT 1 FROM app.administrators_of(x.id)) LOOP
    INSERT INTO public.access_review (agency_id, quarter, opened_at, due_at)
      VALUES (a.id, a.quarter, app.installation_now(), app.add_working_days(a.network_id, app.installation_now(), 15))
      ON CONFLICT (agency_id, quarter) DO NOTHING RETURNING code INTO made;
    CONTINUE WHEN made IS NULL;
    PERFORM app.account_event('access-review.opened', NULL, made, '{}', '{}', app.unattended(a.id));
    PERFORM app.notify(ARRAY(SELECT app.administrators_of(a.id)), 'access-review.due', made, false);
    made := NULL;
    done := done + 1;
  END LOOP;
  RETURN done;
END
$$;

/* Raises the alarm, once, for each review that is late: to the agency's administrators and to the installation's. */
CREATE FUNCTION app.alarm_late_access_reviews() RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.access_review;
  done int := 0;
BEGIN
  FOR r IN SELECT x.* FROM public.access_review x WHERE x.completed_at IS NULL AND x.alarmed_at IS NULL AND x.due_at <= app.installation_now()
      ORDER BY x.due_at LIMIT 500 FOR UPDATE SKIP LOCKED LOOP
    UPDATE public.access_review x SET alarmed_at = app.installation_now() WHERE x.id = r.id;
    PERFORM app.account_event('access-review.late', NULL, r.code, '{}', '{}', app.unattended(r.agency_id));
    PERFORM app.notify(ARRAY(SELECT app.administrators_of(r.agency_id) UNION
      SELECT m.id FROM public.member m WHERE m.status = 'active' AND 'system_admin' = ANY (m.roles)), 'access-review.late', r.code, true);
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
           WHERE n.nspname = 'app' AND p.proname IN ('reviews_access_of', 'undecided_in', 'administrators_of', 'note_review', 'keep_access',
             'member_change_reviews', 'access_reviews', 'access_review_rows', 'open_access_reviews', 'alarm_late_access_reviews') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('keep_access', 'access_reviews', 'access_review_rows') THEN 'member'
      WHEN f.proname IN ('open_access_reviews', 'alarm_late_access_reviews') THEN 'worker'
      ELSE 'definer'
    END;
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role(callers));
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.member_change_reviews() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER member_change_reviews AFTER UPDATE ON public.member FOR EACH ROW
  WHEN (NEW.roles IS DISTINCT FROM OLD.roles OR NEW.unit_id IS DISTINCT FROM OLD.unit_id OR (NEW.status = 'deactivated' AND OLD.status <> 'deactivated'))
  EXECUTE FUNCTION app.member_change_reviews();
