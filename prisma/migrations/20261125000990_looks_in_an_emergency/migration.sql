-- A look in an emergency names the access that it rests on (requirement T15), also in the text that is made plain for the seal.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

CREATE OR REPLACE FUNCTION app.record_event(event jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL THEN
    RAISE EXCEPTION 'An event needs a signed actor context' USING ERRCODE = '42501';
  END IF;
  RETURN app.write_event(app.with_emergency(CASE WHEN event::text ~ '[^ -~]|\\' THEN app.plain_event(event) ELSE event END, ctx), ctx);
END
$$;

CREATE OR REPLACE FUNCTION app.record_events(events jsonb) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL THEN
    RAISE EXCEPTION 'Events need a signed actor context' USING ERRCODE = '42501';
  END IF;
  IF events::text ~ '[^ -~]|\\' THEN
    events := (SELECT coalesce(jsonb_agg(app.plain_event(e.event) ORDER BY e.n), '[]'::jsonb) FROM jsonb_array_elements(events) WITH ORDINALITY e (event, n));
  END IF;
  IF EXISTS (SELECT 1 FROM public.emergency_access e WHERE e.member_id = ctx.member_id AND e.ended_at IS NULL) THEN
    events := (SELECT coalesce(jsonb_agg(app.with_emergency(e.event, ctx) ORDER BY e.n), '[]'::jsonb) FROM jsonb_array_elements(events) WITH ORDINALITY e (event, n));
  END IF;
  RETURN app.write_events(events, ctx);
END
$$;
RESET ROLE;
