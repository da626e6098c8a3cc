-- The desk's cards say until when a question stops the clock, and that one is open whose pause is over.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* How the questions stand of referrals of the network whose desk asks. */
CREATE FUNCTION app.desk_pauses(codes text[]) RETURNS TABLE (code text, ends_at timestamptz, unanswered boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.code, CASE WHEN r.paused_at IS NOT NULL THEN r.pause_ends_at END, r.unanswered_at IS NOT NULL AND r.state IN ('sent', 'acknowledged')
  FROM public.referral r JOIN public.agency f ON f.id = r.agency_id
  WHERE r.code = ANY (codes) AND f.network_id = app.desk_network() AND (r.paused_at IS NOT NULL OR r.unanswered_at IS NOT NULL)
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.desk_pauses(text[]) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.desk_pauses(text[]) TO %I, %I', app.db_role('desk'), app.db_role('definer'));
END
$$;
RESET ROLE;
