-- The auditor's first page, and views of the log that an auditor keeps under a name.

CREATE TABLE "saved_view" (
    "id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "filters" JSONB NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "saved_view_agency_id_member_id_idx" ON "saved_view"("agency_id", "member_id");

ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_agency_id_member_id_fkey" FOREIGN KEY ("agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.saved_view
  ADD CONSTRAINT saved_view_name CHECK (length(name) BETWEEN 1 AND 60 AND name !~ '[[:cntrl:]]'),
  ADD CONSTRAINT saved_view_filters CHECK (jsonb_typeof(filters) = 'object' AND length(filters::text) <= 1000);

INSERT INTO public.audit_event_type (type, action) VALUES ('saved-view.changed', 'update'), ('oversight-home.viewed', 'list');

DO $$
DECLARE
  auditor text := quote_ident(app.db_role('auditor'));
BEGIN
  ALTER TABLE public.saved_view ENABLE ROW LEVEL SECURITY;
  ALTER TABLE public.saved_view FORCE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY definer_all ON public.saved_view TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.saved_view FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.saved_view TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT ON public.saved_view TO %I', app.db_role('backup'));
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON public.saved_view TO %s', auditor);
  EXECUTE format('GRANT UPDATE (name) ON public.saved_view TO %s', auditor);
  -- A view is its member's own.
  EXECUTE format($p$CREATE POLICY own_read ON public.saved_view FOR SELECT TO %s
    USING (agency_id = (SELECT app.agency_id()) AND member_id = (SELECT app.member_id()))$p$, auditor);
  EXECUTE format($p$CREATE POLICY own_add ON public.saved_view FOR INSERT TO %s
    WITH CHECK (agency_id = (SELECT app.agency_id()) AND member_id = (SELECT app.member_id()))$p$, auditor);
  EXECUTE format($p$CREATE POLICY own_rename ON public.saved_view FOR UPDATE TO %s
    USING (agency_id = (SELECT app.agency_id()) AND member_id = (SELECT app.member_id()))
    WITH CHECK (agency_id = (SELECT app.agency_id()) AND member_id = (SELECT app.member_id()))$p$, auditor);
  EXECUTE format($p$CREATE POLICY own_drop ON public.saved_view FOR DELETE TO %s
    USING (agency_id = (SELECT app.agency_id()) AND member_id = (SELECT app.member_id()))$p$, auditor);
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* When the auditor last looked at their first page, in a session before this one: the log itself says so. */
CREATE FUNCTION app.last_visit() RETURNS timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.at FROM public.audit_event e
  WHERE app.oversight_body() IS NOT NULL AND e.agency_id = (app.context()).agency_id AND e.actor_id = (app.context()).member_id
    AND e.type = 'oversight-home.viewed' AND e.session IS DISTINCT FROM (app.context()).session
  ORDER BY e.at DESC, e.id DESC LIMIT 1
$$;

/* How often each rule was broken since a day, at how many agencies, and how often since another. */
CREATE FUNCTION app.oversight_rule_counts(from_day date, fresh_day date) RETURNS TABLE (rule text, n int, agencies int, fresh int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.rule, count(*)::int, count(DISTINCT c.agency_id)::int, (count(*) FILTER (WHERE c.on_day >= fresh_day))::int
  FROM public.oversight_rule_case c
  WHERE app.oversight_body() IS NOT NULL AND c.network_id = (app.context()).network_id AND c.month >= from_day GROUP BY c.rule
$$;

/* How many complaints of the body stand how, since when the oldest, and how many came in since a moment. */
CREATE FUNCTION app.complaint_counts(since timestamptz) RETURNS TABLE (state text, n int, oldest timestamptz, fresh int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.state, count(*)::int, min(c.filed_at), (count(*) FILTER (WHERE c.filed_at >= since))::int
  FROM public.complaint c WHERE c.agency_id = app.oversight_body() GROUP BY c.state
$$;

DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('last_visit', 'oversight_rule_counts', 'complaint_counts') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I', f.signature, app.db_role('auditor'), app.db_role('definer'));
  END LOOP;
END
$$;
RESET ROLE;
