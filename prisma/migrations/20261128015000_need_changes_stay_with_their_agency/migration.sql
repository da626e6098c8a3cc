-- What the holder's team may make of a need that another agency found is such a need again, and of its team's case: a check of
-- the case's holder alone would let pass what the policy for the agency's own needs asks more of.
ALTER POLICY holder_change ON public.need WITH CHECK (holder_agency_id = (SELECT app.casework_agency())
  AND agency_id <> (SELECT app.casework_agency()) AND app.on_team(case_id));
