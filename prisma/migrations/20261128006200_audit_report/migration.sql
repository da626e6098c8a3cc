-- Reports of those who oversee: each is kept as the text that was handed out, with its digest.

CREATE TABLE "audit_report" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "agency_id" UUID NOT NULL,
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "from_day" DATE NOT NULL,
    "to_day" DATE NOT NULL,
    "text" TEXT NOT NULL,
    "digest" TEXT NOT NULL,

    CONSTRAINT "audit_report_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "audit_report_code_key" ON "audit_report"("code");

CREATE INDEX "audit_report_agency_id_made_at_id_idx" ON "audit_report"("agency_id", "made_at" DESC, "id" DESC);

ALTER TABLE "audit_report" ADD CONSTRAINT "audit_report_agency_id_made_by_id_fkey" FOREIGN KEY ("agency_id", "made_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.audit_report ADD CONSTRAINT audit_report_days CHECK (from_day <= to_day),
  ADD CONSTRAINT audit_report_text CHECK (length(text) <= 2000000),
  ADD CONSTRAINT audit_report_digest CHECK (digest = encode(sha256(convert_to(text, 'UTF8')), 'hex'));

INSERT INTO public.audit_event_type (type, action) VALUES ('audit-report.made', 'create'), ('audit-report.listed', 'list'), ('audit-report.viewed', 'read');

DO $$
BEGIN
  ALTER TABLE public.audit_report ENABLE ROW LEVEL SECURITY;
  ALTER TABLE public.audit_report FORCE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY definer_all ON public.audit_report TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.audit_report FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.audit_report TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT, INSERT ON public.audit_report TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.audit_report TO %I', app.db_role('backup'));
END
$$;
CREATE TRIGGER audit_report_stays BEFORE UPDATE OR DELETE ON public.audit_report FOR EACH ROW EXECUTE FUNCTION app.only_added_to();

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Keeps a report of the auditor's body; false for everybody else. */
CREATE FUNCTION app.keep_audit_report(new_id uuid, new_code text, from_day date, to_day date, new_text text, new_digest text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF app.oversight_body() IS NULL THEN RETURN false; END IF;
  INSERT INTO public.audit_report (id, code, agency_id, made_by_id, made_at, from_day, to_day, text, digest)
    VALUES (new_id, new_code, ctx.agency_id, ctx.member_id, app.now(), keep_audit_report.from_day, keep_audit_report.to_day, new_text, new_digest);
  RETURN true;
END
$$;

/* The reports of the auditor's body, the latest first; one when it is named, then with its text. */
CREATE FUNCTION app.audit_reports(wanted text, how_many int) RETURNS TABLE (code text, made_at timestamptz, from_day text, to_day text, digest text, text text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.code, r.made_at, r.from_day::text, r.to_day::text, r.digest, CASE WHEN wanted IS NOT NULL THEN r.text END
  FROM public.audit_report r WHERE r.agency_id = app.oversight_body() AND (wanted IS NULL OR r.code = wanted)
  ORDER BY r.made_at DESC, r.id DESC LIMIT least(how_many, 200)
$$;

/* How often each rule was broken in a period, and at how many agencies. */
CREATE FUNCTION app.report_rules(from_day date, to_day date) RETURNS TABLE (rule text, n int, agencies int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.rule, count(*)::int, count(DISTINCT c.agency_id)::int FROM public.oversight_rule_case c
  WHERE app.oversight_body() IS NOT NULL AND c.network_id = (app.context()).network_id AND c.on_day BETWEEN from_day AND to_day GROUP BY c.rule
$$;

/* The findings that the body made in a period, and how they stand. */
CREATE FUNCTION app.report_findings(from_at timestamptz, below_at timestamptz) RETURNS TABLE (code text, agency text, source text, grade text, basis text, state text,
    evidence_hash text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT f.code, a.key, f.source_kind, f.grade, f.basis, f.state, f.evidence_hash FROM public.finding f JOIN public.agency a ON a.id = f.to_agency_id
  WHERE f.agency_id = app.oversight_body() AND f.sent_at >= from_at AND f.sent_at < below_at ORDER BY f.sent_at, f.code
$$;

/* The complaints that came in to the body in a period, by what they are about and by how they stand. */
CREATE FUNCTION app.report_complaints(from_at timestamptz, below_at timestamptz) RETURNS TABLE (subject text, state text, n int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.subject, c.state, count(*)::int FROM public.complaint c
  WHERE c.agency_id = app.oversight_body() AND c.filed_at >= from_at AND c.filed_at < below_at GROUP BY GROUPING SETS ((c.subject), (c.state))
$$;

DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('keep_audit_report', 'audit_reports', 'report_rules', 'report_findings', 'report_complaints') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I', f.signature, app.db_role('auditor'), app.db_role('definer'));
  END LOOP;
END
$$;
RESET ROLE;
