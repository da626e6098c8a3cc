-- After acceptance the case's code is for those who answer for the referral, not for everybody at their agency: who works on
-- nothing of it could join two referrals of one person by it. And a coordinator sees which referrals wait for their sender.

/* Replaces one text of a function by another, and fails where the function doesn't hold it. */
CREATE FUNCTION pg_temp.replace_in(signature text, was text, becomes text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  source text := pg_get_functiondef(signature::regprocedure);
BEGIN
  IF position(was IN source) = 0 THEN RAISE EXCEPTION '% does not hold: %', signature, was; END IF;
  EXECUTE replace(source, was, becomes);
END
$$;
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION pg_temp.replace_in(text, text, text) TO %I', app.db_role('definer')); END $$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

SELECT pg_temp.replace_in('app.referrals(text, text, text[], uuid, uuid, int)',
  $was$CASE WHEN r.of_side = 'sender' OR (r.of_side = 'receiver' AND g.id IS NOT NULL) THEN r.case_id END$was$,
  $new$CASE WHEN r.of_side = 'sender' OR (r.is_receiving AND r.of_side = 'receiver' AND g.id IS NOT NULL) THEN r.case_id END$new$);
SELECT pg_temp.replace_in('app.referrals(text, text, text[], uuid, uuid, int)',
  $was$WHEN r.of_side = 'receiver' THEN g.case_code END$was$,
  $new$WHEN r.is_receiving AND r.of_side = 'receiver' THEN g.case_code END$new$);

/* Which of these referrals wait, after a coordinator's rerouting, until their sender shares something on a basis. */
CREATE FUNCTION app.desk_awaiting_basis(codes text[]) RETURNS TABLE (code text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.code FROM public.referral r JOIN public.agency f ON f.id = r.agency_id
  WHERE r.code = ANY (codes) AND r.awaits_basis AND f.network_id = (SELECT app.desk_network())
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.desk_awaiting_basis(text[]) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.desk_awaiting_basis(text[]) TO %I', app.db_role('desk'));
END
$$;
RESET ROLE;

-- The grant tells the case's code as well: to those who answer, and where their agency's own services stand on the case, which
-- its members know as they know any of its services.
ALTER POLICY both_read ON public.case_grant USING (
  (agency_id = (SELECT app.casework_agency())
    AND (app.served(case_id) OR EXISTS (SELECT 1 FROM public.service s WHERE s.case_id = case_grant.case_id AND s.agency_id = case_grant.agency_id)))
  OR (holder_agency_id = (SELECT app.casework_agency()) AND (NOT restricted OR app.on_team(case_id))));
