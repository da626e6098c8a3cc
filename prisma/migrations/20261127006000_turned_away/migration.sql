-- Turned away at the door: that somebody asked and was not served. Codes only: who it was is asked nowhere and kept nowhere.

CREATE TABLE "turned_away" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL DEFAULT app.new_code('TAW'::text),
    "agency_id" UUID NOT NULL,
    "recorded_by_id" UUID,
    "asked_on" DATE NOT NULL,
    "entered_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "gender" TEXT,
    "age" TEXT,
    "language" TEXT,
    "migration" TEXT,
    "seen" TEXT[],
    "sent_to" TEXT NOT NULL,
    "sent_agency_id" UUID,
    "voided_at" TIMESTAMPTZ(3),
    "void_reason" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "turned_away_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "turned_away_code_key" ON "turned_away"("code");

CREATE INDEX "turned_away_agency_id_asked_on_id_idx" ON "turned_away"("agency_id", "asked_on" DESC, "id" DESC);

CREATE INDEX "turned_away_agency_id_recorded_by_id_asked_on_id_idx" ON "turned_away"("agency_id", "recorded_by_id", "asked_on" DESC, "id" DESC);

CREATE INDEX "turned_away_sent_agency_id_idx" ON "turned_away"("sent_agency_id");

ALTER TABLE "turned_away" ADD CONSTRAINT "turned_away_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "turned_away" ADD CONSTRAINT "turned_away_agency_id_recorded_by_id_fkey" FOREIGN KEY ("agency_id", "recorded_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "turned_away" ADD CONSTRAINT "turned_away_sent_agency_id_fkey" FOREIGN KEY ("sent_agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "turned_away" ADD CONSTRAINT "turned_away_category_fkey" FOREIGN KEY ("category") REFERENCES "assistance_category"("category") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- Every answer is chosen: nothing that somebody typed about a person can stand in here.
ALTER TABLE public.turned_away
  ADD CONSTRAINT turned_away_reason CHECK (reason IN ('no_capacity', 'outside_mandate', 'outside_area', 'not_eligible', 'no_papers', 'no_interpreter',
    'not_accessible', 'safety_conflict', 'closed', 'other')),
  ADD CONSTRAINT turned_away_gender CHECK (gender IN ('Feminine', 'Masculine', 'TransgenderFeminine', 'TransgenderMasculine', 'NonConforming',
    'NonSpecifiedUnknown')),
  ADD CONSTRAINT turned_away_age CHECK (age IN ('child', 'young_adult', 'adult', 'older')),
  ADD CONSTRAINT turned_away_language CHECK (language ~ '^[a-z]{3}$'),
  ADD CONSTRAINT turned_away_migration CHECK (migration IN ('citizen', 'regular', 'irregular', 'asylum')),
  ADD CONSTRAINT turned_away_seen CHECK (seen <@ ARRAY['disability', 'pregnancy', 'with_children', 'interpreter']),
  ADD CONSTRAINT turned_away_sent_to CHECK (sent_to IN ('agency', 'waiting_list', 'come_back', 'helpline', 'public_service', 'nowhere')
    AND (sent_to = 'agency' OR sent_agency_id IS NULL) AND sent_agency_id IS DISTINCT FROM agency_id),
  ADD CONSTRAINT turned_away_void CHECK ((voided_at IS NULL) = (void_reason IS NULL) AND void_reason IN ('mistake', 'twice', 'served'));

INSERT INTO public.audit_event_type (type, action) VALUES
  ('turned-away.recorded', 'create'), ('turned-away.listed', 'list'), ('turned-away.viewed', 'read'), ('turned-away.voided', 'update');

DO $$
DECLARE
  app text := quote_ident(app.db_role('app'));
  member text := quote_ident(app.db_role('member'));
BEGIN
  ALTER TABLE public.turned_away ENABLE ROW LEVEL SECURITY;
  ALTER TABLE public.turned_away FORCE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY definer_all ON public.turned_away TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.turned_away FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.turned_away TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON public.turned_away TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.turned_away TO %I', app.db_role('backup'));
  EXECUTE format('GRANT SELECT ON public.turned_away TO %s, %s', app, member);
  EXECUTE format('GRANT INSERT ON public.turned_away TO %s', member);
  EXECUTE format('GRANT UPDATE (voided_at, void_reason, version) ON public.turned_away TO %s', member);
  -- A supervisor reads what the agency recorded, a caseworker what they recorded themselves.
  EXECUTE format($p$CREATE POLICY own_read ON public.turned_away FOR SELECT TO %s, %s
    USING (agency_id = (SELECT app.casework_agency())
      AND ((SELECT app.holds_role('supervisor')) OR recorded_by_id = (SELECT app.member_id())))$p$, app, member);
  EXECUTE format($p$CREATE POLICY own_add ON public.turned_away FOR INSERT TO %s
    WITH CHECK (agency_id = (SELECT app.casework_agency()) AND recorded_by_id = (SELECT app.member_id()) AND voided_at IS NULL)$p$, member);
  EXECUTE format($p$CREATE POLICY own_void ON public.turned_away FOR UPDATE TO %s
    USING (agency_id = (SELECT app.casework_agency()) AND voided_at IS NULL
      AND ((SELECT app.holds_role('supervisor')) OR recorded_by_id = (SELECT app.member_id())))
    WITH CHECK (agency_id = (SELECT app.casework_agency()) AND voided_at IS NOT NULL)$p$, member);
END
$$;
