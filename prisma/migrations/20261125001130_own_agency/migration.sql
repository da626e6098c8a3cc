-- What an agency sets for itself: the word in place of the product's name, where "Leave" leads, and after how long without
-- doing anything its members are signed out.

ALTER TABLE public.agency
  ADD CONSTRAINT agency_idle_minutes CHECK (idle_minutes BETWEEN 5 AND 30),
  ADD CONSTRAINT agency_product_name CHECK (product_name <> '' AND length(product_name) <= 40),
  ADD CONSTRAINT agency_leave_url CHECK (leave_url ~ '^https?://' AND length(leave_url) <= 300);

/* Changes what an agency sets for itself; for its administrator, who has just shown that it is them. Answers in words. */
CREATE FUNCTION app.change_own_agency(wanted_product text, wanted_leave text, wanted_idle int, expected_version int, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  a public.agency;
  changed text[];
BEGIN
  IF ctx IS NULL OR ctx.session NOT LIKE 'session:%' OR NOT 'agency_admin' = ANY (ctx.roles) THEN RETURN 'not_found'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'step_up'; END IF;
  SELECT x.* INTO a FROM public.agency x WHERE x.id = ctx.agency_id FOR UPDATE;
  IF a.version <> expected_version THEN RETURN 'stale'; END IF;
  changed := array_remove(ARRAY[
    CASE WHEN a.product_name IS DISTINCT FROM wanted_product THEN 'productName' END,
    CASE WHEN a.leave_url IS DISTINCT FROM wanted_leave THEN 'leaveUrl' END,
    CASE WHEN a.idle_minutes <> wanted_idle THEN 'idleMinutes' END], NULL);
  IF cardinality(changed) = 0 THEN RETURN 'ok'; END IF;
  UPDATE public.agency x SET product_name = wanted_product, leave_url = wanted_leave, idle_minutes = wanted_idle, version = x.version + 1
    WHERE x.id = a.id;
  PERFORM app.account_event('agency.changed', NULL, a.key, changed, origin, ctx);
  RETURN 'ok';
END
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.change_own_agency(text, text, int, int, jsonb) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.change_own_agency(text, text, int, int, jsonb) TO %I', app.db_role('member'));
  EXECUTE format('ALTER FUNCTION app.change_own_agency(text, text, int, int, jsonb) OWNER TO %I', app.db_role('definer'));
END
$$;
