-- Whoever is removed while they act has ended, and is not asked to confirm who they are (requirements A07, A11).

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Whether the session that the context was opened with has been ended meanwhile. A token's context has none. */
CREATE FUNCTION app.session_has_ended() RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR ctx.session NOT LIKE 'session:%' THEN RETURN false; END IF;
  RETURN NOT EXISTS (
    SELECT 1 FROM public.session s
    WHERE s.agency_id = ctx.agency_id AND s.member_id = ctx.member_id AND s.ended_at IS NULL AND app.session_name(s.hash) = ctx.session);
END
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.session_has_ended() FROM PUBLIC;
  EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION app.session_has_ended() TO %s', string_agg(quote_ident(app.db_role(r)), ', '))
    FROM unnest(ARRAY['app', 'member', 'desk', 'auditor']) r);
END
$$;
RESET ROLE;
