-- Whoever opens a case is on its team, also a member without a unit: a row IS NOT NULL only if every field of it is, and
-- the context of such a member has none for the unit, so nobody was put on the team and the case could not be opened.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

CREATE OR REPLACE FUNCTION app.first_assignment() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  -- Bulk loads of the owner, which have no actor, write their teams themselves.
  IF ctx.member_id IS NOT NULL THEN
    INSERT INTO public.assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, lead, started_at)
    SELECT gen_random_uuid(), c.id, c.person_id, c.holder_agency_id, c.agency_id, ctx.member_id, true, app.now() FROM added c;
  END IF;
  RETURN NULL;
END
$$;
RESET ROLE;
