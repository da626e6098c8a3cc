-- Whether an agency's own services stand on a case is one look into an index for each grant, where a policy inside a policy was
-- planned with every list of services.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Whether the agency of whoever asks logged help on a case that isn't hidden. */
CREATE FUNCTION app.agency_helped(wanted uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM public.service s WHERE s.case_id = wanted AND s.agency_id = app.casework_agency() AND NOT s.restricted)
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.agency_helped(uuid) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.agency_helped(uuid) TO %I, %I', app.db_role('app'), app.db_role('member'));
END
$$;
RESET ROLE;

ALTER POLICY both_read ON public.case_grant USING (
  (agency_id = (SELECT app.casework_agency()) AND (app.served(case_id) OR app.agency_helped(case_id)))
  OR (holder_agency_id = (SELECT app.casework_agency()) AND (NOT restricted OR app.on_team(case_id))));
