-- What the start and the status page ask about the installation as a whole.

/*
 * Whether the mark of demonstration data says what the log says. A mark on real data would let the clock be moved and new
 * agencies go without a second factor; its absence over invented data leaves accounts whose password is in a terminal's scroll.
 */
CREATE FUNCTION app.demonstration_recorded() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM public.audit_event e WHERE e.agency_id IS NULL AND e.type = 'installation.demonstration-loaded')
$$;

/* How many agencies, of people who are real, ask for a password only. A number, so it needs no actor. */
CREATE FUNCTION app.factor_figures() RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_build_object('waived', (SELECT count(*) FROM public.second_factor_waiver w))
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.demonstration_recorded(), app.factor_figures() FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.factor_figures() TO %I, %I', app.db_role('app'), app.db_role('member'));
  EXECUTE format('ALTER FUNCTION app.factor_figures() OWNER TO %I', app.db_role('definer'));
  EXECUTE format('ALTER FUNCTION app.demonstration_recorded() OWNER TO %I', app.db_role('definer'));
  -- The start and the operator's commands run as the owner.
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.demonstration_recorded() TO %I', session_user);
  RESET ROLE;
END
$$;
