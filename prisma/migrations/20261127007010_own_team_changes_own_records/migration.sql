-- What a team may make of a service is checked for the agency's own records alone. PostgreSQL is content with any one
-- policy, so the wide check here let a receiver's service become of a kind that its grant is not for (requirement T12).

ALTER POLICY team_change ON public.service
  WITH CHECK (agency_id = (SELECT app.casework_agency()) AND holder_agency_id = (SELECT app.casework_agency()));
