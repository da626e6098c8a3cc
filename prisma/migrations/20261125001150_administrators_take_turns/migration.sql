-- Two administrators who remove or change each other at the same moment take turns: the second is none any more, and is told
-- so. A change of a network asks for a confirmation and knows what it was made from (requirements A11, R03).

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/*
 * Whether the one who asks may still act, once both they and the member concerned are theirs alone to change: whoever was
 * removed, or lost the role, while waiting may not. Always in one order, or two would wait for each other.
 */
CREATE FUNCTION app.acts_still(target uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  PERFORM 1 FROM public.member m WHERE m.id IN (ctx.member_id, target) ORDER BY m.id FOR UPDATE;
  RETURN ctx IS NULL OR EXISTS (SELECT 1 FROM public.member m WHERE m.id = ctx.member_id AND m.status = 'active' AND m.roles::text[] @> ctx.roles);
END
$$;

CREATE OR REPLACE FUNCTION app.change_member(target uuid, wanted_name text, wanted_roles text[], wanted_unit uuid, expected_version int, origin jsonb)
  RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  m record;
BEGIN
  IF NOT app.acts_still(target) THEN RETURN 'ended'; END IF;
  SELECT x.id, x.code, x.agency_id, x.unit_id, x.display_name, x.roles::text[] AS roles, x.version, a.kind INTO m
    FROM public.member x JOIN public.agency a ON a.id = x.agency_id WHERE x.id = target FOR UPDATE OF x;
  -- Across agencies nobody changes anybody.
  IF NOT FOUND OR m.agency_id <> ctx.agency_id OR NOT app.administers(m.agency_id, m.roles) THEN RETURN 'not_found'; END IF;
  IF m.id = ctx.member_id THEN RETURN 'own_record'; END IF;
  IF m.version <> expected_version THEN RETURN 'stale'; END IF;
  IF NOT app.roles_fit(wanted_roles, m.kind) THEN RETURN 'roles'; END IF;
  IF wanted_unit IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.agency_unit u WHERE u.id = wanted_unit AND u.agency_id = m.agency_id) THEN
    RETURN 'unit';
  END IF;
  UPDATE public.member x SET display_name = wanted_name, roles = wanted_roles::public.role[], unit_id = wanted_unit, version = x.version + 1
    WHERE x.id = target;
  PERFORM app.account_event('member.changed', NULL, m.code, array_remove(ARRAY[
    CASE WHEN m.display_name <> wanted_name THEN 'displayName' END,
    CASE WHEN NOT (m.roles @> wanted_roles AND m.roles <@ wanted_roles) THEN 'roles' END,
    CASE WHEN m.unit_id IS DISTINCT FROM wanted_unit THEN 'unit' END], NULL), origin, ctx);
  RETURN 'ok';
END
$$;

CREATE OR REPLACE FUNCTION app.deactivate_member(target uuid, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  m record;
BEGIN
  IF NOT app.acts_still(target) THEN RETURN 'ended'; END IF;
  SELECT x.id, x.code, x.agency_id, x.roles::text[] AS roles, x.status INTO m FROM public.member x WHERE x.id = target FOR UPDATE;
  IF NOT FOUND OR NOT app.administers(m.agency_id, m.roles) THEN RETURN 'not_found'; END IF;
  IF m.id = ctx.member_id THEN RETURN 'own_record'; END IF;
  IF m.status = 'deactivated' THEN RETURN 'wrong_state'; END IF;
  UPDATE public.member x SET status = 'deactivated', deactivated_at = clock_timestamp(), version = x.version + 1 WHERE x.id = target;
  PERFORM app.account_event('member.deactivated', NULL, m.code, ARRAY['status'], origin, ctx);
  RETURN 'ok';
END
$$;

/* Who may change a network: the system administrator, who has just shown that it is them. A token never has. */
CREATE OR REPLACE FUNCTION app.administers_networks() RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  RETURN coalesce('system_admin' = ANY (ctx.roles) AND app.is_fresh(), false);
END
$$;

/* Adds a holiday, or takes it away when it has no name. */
DROP FUNCTION app.set_holiday(uuid, date, text, jsonb);
CREATE FUNCTION app.set_holiday(wanted uuid, day date, holiday_name text, expected_version int, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  before jsonb;
  seen int;
BEGIN
  IF NOT app.administers_networks() THEN RETURN 'not_found'; END IF;
  SELECT x.version INTO seen FROM public.network x WHERE x.id = wanted FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF seen <> expected_version THEN RETURN 'stale'; END IF;
  before := app.network_snapshot(wanted);
  IF holiday_name IS NULL THEN
    DELETE FROM public.network_holiday h WHERE h.network_id = wanted AND h.on_day = day;
    IF NOT FOUND THEN RETURN 'not_found'; END IF;
  ELSE
    INSERT INTO public.network_holiday (network_id, on_day, name) VALUES (wanted, day, holiday_name) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN 'taken'; END IF;
  END IF;
  PERFORM app.note_network_change(wanted, before, origin, app.context());
  RETURN 'ok';
END
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.acts_still(uuid), app.set_holiday(uuid, date, text, int, jsonb) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.set_holiday(uuid, date, text, int, jsonb) TO %I', app.db_role('member'));
END
$$;
RESET ROLE;
