-- Units that are renamed and closed, duty cover and absence that end, and the list of cases that wait for a new team.

ALTER TABLE public.agency_unit
  ADD COLUMN code text NOT NULL DEFAULT app.new_code('UNT'),
  ADD COLUMN closed_at timestamptz(3),
  ADD COLUMN version int NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX agency_unit_code_key ON public.agency_unit (code);

ALTER TABLE public.unit_cover
  ADD COLUMN code text NOT NULL DEFAULT app.new_code('COV'),
  ADD COLUMN set_by_id uuid,
  ADD COLUMN created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
CREATE UNIQUE INDEX unit_cover_code_key ON public.unit_cover (code);
CREATE INDEX unit_cover_agency_id_unit_id_ends_at_idx ON public.unit_cover (agency_id, unit_id, ends_at);
ALTER TABLE public.unit_cover ADD CONSTRAINT unit_cover_span
  CHECK (ends_at >= starts_at AND ends_at <= starts_at + interval '14 days');

-- Who is away, from when until when, and who stands in for them.
CREATE TABLE public.absence (
  id uuid NOT NULL,
  code text NOT NULL DEFAULT app.new_code('ABS'),
  agency_id uuid NOT NULL,
  member_id uuid NOT NULL,
  stand_in_id uuid NOT NULL,
  starts_at timestamptz(3) NOT NULL,
  ends_at timestamptz(3) NOT NULL,
  set_by_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT absence_pkey PRIMARY KEY (id),
  CONSTRAINT absence_span CHECK (ends_at >= starts_at AND ends_at <= starts_at + interval '62 days'),
  CONSTRAINT absence_somebody_else CHECK (stand_in_id <> member_id)
);
CREATE UNIQUE INDEX absence_code_key ON public.absence (code);
CREATE INDEX absence_agency_id_stand_in_id_ends_at_idx ON public.absence (agency_id, stand_in_id, ends_at);
CREATE INDEX absence_agency_id_member_id_ends_at_idx ON public.absence (agency_id, member_id, ends_at);
ALTER TABLE public.absence ADD CONSTRAINT absence_agency_id_member_id_fkey FOREIGN KEY (agency_id, member_id)
  REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE public.absence ADD CONSTRAINT absence_agency_id_stand_in_id_fkey FOREIGN KEY (agency_id, stand_in_id)
  REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT;

-- A case whose last member left and who has not got another one yet; kept afterwards, with who took it over and by whose word.
CREATE TABLE public.hand_over (
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  person_id uuid NOT NULL,
  holder_agency_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  unit_id uuid,
  from_member_id uuid NOT NULL,
  restricted boolean NOT NULL DEFAULT false,
  since timestamptz(3) NOT NULL,
  done_at timestamptz(3),
  receiver_id uuid,
  done_by_id uuid,
  CONSTRAINT hand_over_pkey PRIMARY KEY (id)
);
CREATE INDEX hand_over_agency_id_done_at_since_id_idx ON public.hand_over (agency_id, done_at, since, id);
CREATE INDEX hand_over_agency_id_from_member_id_idx ON public.hand_over (agency_id, from_member_id);
CREATE INDEX hand_over_holder_agency_id_idx ON public.hand_over (holder_agency_id);
CREATE UNIQUE INDEX hand_over_waiting ON public.hand_over (case_id) WHERE done_at IS NULL;
ALTER TABLE public.hand_over ADD CONSTRAINT hand_over_case_id_holder_agency_id_person_id_fkey
  FOREIGN KEY (case_id, holder_agency_id, person_id) REFERENCES public.case_file (id, holder_agency_id, person_id)
  ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE public.hand_over ADD CONSTRAINT hand_over_agency_id_from_member_id_fkey FOREIGN KEY (agency_id, from_member_id)
  REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE public.hand_over ADD CONSTRAINT hand_over_agency_id_receiver_id_fkey FOREIGN KEY (agency_id, receiver_id)
  REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT;

-- Two open units of one name would be taken for each other.
CREATE UNIQUE INDEX agency_unit_open_name ON public.agency_unit (agency_id, lower(name)) WHERE closed_at IS NULL;

CREATE INDEX case_file_agency_id_unit_id_opened_on_id_idx ON public.case_file (agency_id, unit_id, opened_on DESC, id DESC);

INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('team.assigned', true, false, false, 21), ('hand-over.waiting', true, true, false, 22),
  ('cover.set', true, true, false, 30), ('cover.ended', true, true, false, 31),
  ('absence.set', true, false, false, 32), ('absence.stand-in', true, true, false, 33), ('absence.ended', true, true, false, 34);

INSERT INTO public.audit_event_type (type, action) VALUES
  ('unit.changed', 'update'), ('unit.closed', 'update'), ('unit.listed', 'list'),
  ('cover.set', 'create'), ('cover.ended', 'update'), ('absence.set', 'create'), ('absence.ended', 'update'),
  ('team.listed', 'list'), ('hand-over.listed', 'list'), ('hand-over.receiver-named', 'update');

-- ---------------------------------------------------------------------------------------------------------------
-- Policies. Nobody writes these tables but the functions of the next migration.

CREATE FUNCTION app.unit_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT (app.context()).unit_id $$;
REVOKE ALL ON FUNCTION app.unit_id() FROM PUBLIC;

DO $$
DECLARE
  t text;
  definer text := app.db_role('definer');
  backup text := app.db_role('backup');
  readers text := format('%I, %I', app.db_role('app'), app.db_role('member'));
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.unit_id() TO %I, %I, %I, %I, %I, %I', app.db_role('app'), app.db_role('member'),
    app.db_role('desk'), app.db_role('auditor'), app.db_role('worker'), definer);
  FOREACH t IN ARRAY ARRAY['absence', 'hand_over'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, definer);
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, backup);
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO %I', t, definer);
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, backup);
    EXECUTE format('GRANT SELECT ON public.%I TO %s', t, readers);
  END LOOP;
  EXECUTE format('CREATE POLICY colleagues_read ON public.absence FOR SELECT TO %s
    USING (agency_id = (SELECT app.casework_agency()))', readers);
  -- The rule by which a supervisor is on the team of a unit's cases: theirs, and those of no unit; without a unit, all.
  EXECUTE format('CREATE POLICY supervisor_read ON public.hand_over FOR SELECT TO %s
    USING (agency_id = (SELECT app.casework_agency()) AND NOT restricted AND (SELECT app.holds_role(''supervisor''))
      AND ((SELECT app.unit_id()) IS NULL OR unit_id IS NULL OR unit_id = (SELECT app.unit_id())))', readers);
END
$$;
