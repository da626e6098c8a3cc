-- An agency takes its own data out. Which agency that is says the row of the export, never a caller.

CREATE TABLE "agency_export" (
    "id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "member_id" UUID,
    "sealed" BYTEA,
    "ticket" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "rows" BIGINT,

    CONSTRAINT "agency_export_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "agency_export_ticket_key" ON "agency_export"("ticket");
CREATE INDEX "agency_export_agency_id_member_id_created_at_idx" ON "agency_export"("agency_id", "member_id", "created_at" DESC);

INSERT INTO public.audit_event_type (type, action) VALUES
  ('export.prepared', 'export'), ('export.started', 'export'), ('export.finished', 'export');

ALTER TABLE public.agency_export ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.agency_export FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
  EXECUTE format('CREATE POLICY definer_all ON public.agency_export TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.agency_export FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.agency_export TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.agency_export TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.agency_export TO %I', app.db_role('backup'));
END
$$;

/* Makes an export ready for its administrator, who has just shown that it is them. False for anybody else. */
CREATE FUNCTION app.prepare_export(new_id uuid, passphrase bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR NOT 'agency_admin' = ANY (ctx.roles) OR NOT app.is_fresh() THEN RETURN false; END IF;
  -- An earlier one that was not fetched ends here, and with it its passphrase.
  UPDATE public.agency_export SET sealed = NULL, expires_at = clock_timestamp()
    WHERE agency_id = ctx.agency_id AND member_id = ctx.member_id AND started_at IS NULL;
  INSERT INTO public.agency_export (id, agency_id, member_id, sealed, expires_at)
    VALUES (new_id, ctx.agency_id, ctx.member_id, passphrase, clock_timestamp() + interval '10 minutes');
  PERFORM app.record_event(jsonb_build_object('type', 'export.prepared'));
  RETURN true;
END
$$;

/* Until when the member's own export can be fetched; null when there is none. */
CREATE FUNCTION app.ready_export() RETURNS timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT max(x.expires_at) FROM public.agency_export x
  WHERE x.agency_id = app.agency_id() AND x.member_id = app.member_id() AND app.holds_role('agency_admin')
    AND x.started_at IS NULL AND x.sealed IS NOT NULL AND x.expires_at > clock_timestamp()
$$;

/* Begins to fetch the member's own export, once. From here on the ticket reads the rows. */
CREATE FUNCTION app.start_export(new_ticket bytea) RETURNS TABLE (id uuid, sealed bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ready record;
BEGIN
  IF NOT app.holds_role('agency_admin') THEN RETURN; END IF;
  SELECT x.id, x.sealed INTO ready FROM public.agency_export x
    WHERE x.agency_id = app.agency_id() AND x.member_id = app.member_id() AND x.started_at IS NULL AND x.sealed IS NOT NULL
      AND x.expires_at > clock_timestamp()
    ORDER BY x.created_at DESC LIMIT 1 FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE public.agency_export x SET started_at = clock_timestamp(), sealed = NULL, ticket = new_ticket WHERE x.id = ready.id;
  PERFORM app.record_event(jsonb_build_object('type', 'export.started'));
  RETURN QUERY SELECT ready.id::uuid, ready.sealed::bytea;
END
$$;

/* The same at the operator's command, of the agency with this key. False when there is none. */
CREATE FUNCTION app.operator_export(new_id uuid, agency_key text, new_ticket bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  found_agency uuid := (SELECT a.id FROM public.agency a WHERE a.key = agency_key);
BEGIN
  IF found_agency IS NULL THEN RETURN false; END IF;
  INSERT INTO public.agency_export (id, agency_id, ticket, expires_at, started_at)
    VALUES (new_id, found_agency, new_ticket, clock_timestamp(), clock_timestamp());
  PERFORM app.operator_event('export.started', NULL, '{}', NULL, found_agency);
  RETURN true;
END
$$;

/* The export that a ticket is for, as long as it is under way. */
CREATE FUNCTION app.export_of(ticket_text text) RETURNS public.agency_export
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT x FROM public.agency_export x
  WHERE x.ticket = sha256(convert_to(ticket_text, 'UTF8')) AND x.finished_at IS NULL AND x.started_at > clock_timestamp() - interval '6 hours'
$$;

/* What the agency of this export wrote into one table, a row as JSON. Of another agency there is no way to ask. */
CREATE FUNCTION app.export_rows(ticket_text text, tab text) RETURNS SETOF text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  exported uuid := (app.export_of(ticket_text)).agency_id;
  own text := CASE WHEN tab = 'agency' THEN 'id' ELSE 'agency_id' END;
BEGIN
  IF exported IS NULL THEN RAISE EXCEPTION 'No export is under way with this ticket' USING ERRCODE = '42501'; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname = tab AND a.attname = own AND NOT a.attisdropped) THEN
    RAISE EXCEPTION 'The table % is of no agency', tab USING ERRCODE = '42501';
  END IF;
  RETURN QUERY EXECUTE format('SELECT to_jsonb(t)::text FROM public.%I t WHERE t.%I = $1', tab, own) USING exported;
END
$$;

CREATE FUNCTION app.finish_export(ticket_text text, row_count bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  done public.agency_export := app.export_of(ticket_text);
BEGIN
  IF done.id IS NULL THEN RETURN; END IF;
  UPDATE public.agency_export SET finished_at = clock_timestamp(), rows = row_count WHERE id = done.id;
  PERFORM app.operator_event('export.finished', NULL, '{}', done.member_id, done.agency_id);
END
$$;

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('prepare_export', 'ready_export', 'start_export', 'operator_export', 'export_of',
             'export_rows', 'finish_export') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE WHEN f.proname IN ('prepare_export', 'ready_export', 'start_export') THEN 'member'
      WHEN f.proname IN ('export_rows', 'finish_export') THEN 'app' ELSE 'definer' END;
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role(callers));
    EXECUTE format('ALTER FUNCTION %s OWNER TO %I', f.signature, app.db_role('definer'));
  END LOOP;
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.operator_export(uuid, text, bytea), app.export_rows(text, text), app.finish_export(text, bigint) TO %I', session_user);
  RESET ROLE;
END
$$;
