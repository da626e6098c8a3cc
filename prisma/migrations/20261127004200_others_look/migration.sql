-- Who looked at a person is told whole: also what members of another agency opened of what was shared with it, to the team
-- of the agency that holds the record. What such an event says is its type, its day and the agency; never a name.

DO $$
DECLARE
  readers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member']) r);
BEGIN
  EXECUTE format('CREATE POLICY holder_read ON public.audit_event FOR SELECT TO %s USING (
    holder_agency_id = (SELECT app.casework_agency()) AND agency_id <> (SELECT app.casework_agency()) AND person_id IS NOT NULL
    AND CASE WHEN case_id IS NOT NULL THEN app.on_team(case_id) ELSE app.person_team(person_id) END)', readers);
END
$$;
