-- The auditor's log: every event of the network, with pseudonyms in place of persons and cases, and the proof of one event.

-- Each body that oversees has a key of its own, so that two of them can't join what they saw.
CREATE TABLE "oversight_key" (
    "agency_id" UUID NOT NULL,
    "secret" BYTEA NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "oversight_key_pkey" PRIMARY KEY ("agency_id")
);

-- Which person or case a pseudonym stands for, so that the body can ask for more about it; it outlives the record, as the log does.
CREATE TABLE "oversight_pseudonym" (
    "agency_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "code" TEXT NOT NULL,

    CONSTRAINT "oversight_pseudonym_pkey" PRIMARY KEY ("agency_id", "kind", "subject_id")
);

CREATE UNIQUE INDEX "oversight_pseudonym_agency_id_code_key" ON "oversight_pseudonym"("agency_id", "code");

ALTER TABLE "oversight_key" ADD CONSTRAINT "oversight_key_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "oversight_pseudonym" ADD CONSTRAINT "oversight_pseudonym_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.oversight_pseudonym ADD CONSTRAINT oversight_pseudonym_kind CHECK (kind IN ('person', 'case'));

-- By type and by actor the log is read in the order of its pages; the first of these also serves what administrators read.
DROP INDEX public.audit_event_accounts;
DROP INDEX "audit_event_agency_id_actor_id_id_idx";
CREATE INDEX "audit_event_agency_id_type_at_id_idx" ON "audit_event"("agency_id", "type", "at" DESC, "id" DESC);
CREATE INDEX "audit_event_agency_id_actor_id_at_id_idx" ON "audit_event"("agency_id", "actor_id", "at" DESC, "id" DESC);
CREATE INDEX "seal_checkpoint_at_idx" ON "seal_checkpoint"("at");

INSERT INTO public.audit_event_type (type, action) VALUES ('audit.proved', 'read');

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['oversight_key', 'oversight_pseudonym'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* The body that whoever asks oversees for; null for everybody but an auditor. */
CREATE FUNCTION app.oversight_body() RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT (app.context()).agency_id WHERE 'auditor' = ANY ((app.context()).roles)
$$;

/* A code of a kind whose eight signs are drawn from these bytes, with its check sign. */
CREATE FUNCTION app.code_from(prefix text, bytes bytea) RETURNS text
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public AS $$
DECLARE
  alphabet constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  body text := '';
  total int := 0;
  digit int;
BEGIN
  FOR i IN 0..7 LOOP
    digit := get_byte(bytes, i) & 31;
    body := body || substr(alphabet, digit + 1, 1);
    digit := CASE WHEN i % 2 = 1 THEN digit * 2 ELSE digit END;
    total := total + digit / 32 + digit % 32;
  END LOOP;
  RETURN prefix || '-' || body || substr(alphabet, (32 - total % 32) % 32 + 1, 1);
END
$$;

/* What a body calls a person or a case: the same each time, another for each body, and of no use to find who it is. */
CREATE FUNCTION app.pseudonym_of(body uuid, wanted_kind text, wanted uuid) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  found_code text;
  body_secret bytea;
BEGIN
  IF wanted IS NULL THEN RETURN NULL; END IF;
  SELECT p.code INTO found_code FROM public.oversight_pseudonym p WHERE p.agency_id = body AND p.kind = wanted_kind AND p.subject_id = wanted;
  IF FOUND THEN RETURN found_code; END IF;
  INSERT INTO public.oversight_key (agency_id, secret) VALUES (body, public.gen_random_bytes(32)) ON CONFLICT DO NOTHING;
  SELECT k.secret INTO body_secret FROM public.oversight_key k WHERE k.agency_id = body;
  -- Eight signs meet by chance once in a million persons; the next try is keyed too.
  FOR try IN 0..20 LOOP
    found_code := app.code_from('AUD', public.hmac(convert_to(wanted_kind || ':' || wanted::text || ':' || try::text, 'UTF8'), body_secret, 'sha256'));
    INSERT INTO public.oversight_pseudonym (agency_id, kind, subject_id, code) VALUES (body, wanted_kind, wanted, found_code) ON CONFLICT DO NOTHING;
    SELECT p.code INTO found_code FROM public.oversight_pseudonym p WHERE p.agency_id = body AND p.kind = wanted_kind AND p.subject_id = wanted;
    IF FOUND THEN RETURN found_code; END IF;
  END LOOP;
  RAISE EXCEPTION 'No pseudonym is free';
END
$$;

/* What one of the auditor's views of the log is of; null is everything. */
CREATE FUNCTION app.oversight_types(view text) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN view IS NULL THEN NULL ELSE coalesce(array_agg(t.type), '{}') END FROM public.audit_event_type t
  WHERE CASE view
    WHEN 'looks' THEN t.action IN ('read', 'list', 'search') AND NOT t.of_accounts
    WHEN 'refusals' THEN t.action = 'refusal' OR t.type = 'session.refused'
    WHEN 'exports' THEN t.action IN ('export', 'print') OR t.type LIKE 'export.%'
    WHEN 'emergencies' THEN t.type LIKE 'emergency-access.%'
    WHEN 'exceptions' THEN t.type LIKE 'sharing-exception.%' OR t.type LIKE 'consent.%'
    WHEN 'rights' THEN t.action NOT IN ('list', 'read', 'search') AND split_part(t.type, '.', 1) IN ('member', 'agency', 'network', 'access-review', 'role-review',
      'agreement', 'provider', 'unit', 'cover', 'absence')
    ELSE false END
$$;

/*
 * One page of the log for an auditor: the events of the network's agencies, the latest first. Persons and cases stand under
 * their pseudonyms; of other records only the kind is told, since an agency's own code would name the person to that agency.
 * What isn't a coded word is left out. Everybody but an auditor gets nothing.
 */
CREATE FUNCTION app.oversight_events(filters jsonb, is_backward boolean, cursor_at timestamptz, cursor_id bigint, how_many int) RETURNS TABLE (
  id bigint, code text, at timestamptz, sort text, type text, action text, outcome text, agency text, actor text, roles text[], subject text,
  case_subject text, record text, purpose text, basis text, fields text[]
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  body uuid := app.oversight_body();
  agencies uuid[];
  types text[] := app.oversight_types(filters ->> 'view');
  about_kind text;
  about_id uuid;
  who uuid;
  conditions text := '';
  ordered text := CASE WHEN is_backward THEN 'e.at ASC, e.id ASC' ELSE 'e.at DESC, e.id DESC' END;
  source text;
BEGIN
  IF body IS NULL THEN RETURN; END IF;
  SELECT array_agg(a.id) INTO agencies FROM public.agency a
    WHERE a.network_id = ctx.network_id AND (filters ->> 'agency' IS NULL OR a.key = filters ->> 'agency');
  IF agencies IS NULL THEN RETURN; END IF;
  IF filters ->> 'type' IS NOT NULL THEN
    IF types IS NOT NULL AND NOT filters ->> 'type' = ANY (types) THEN RETURN; END IF;
    types := ARRAY[filters ->> 'type'];
  END IF;
  IF filters ->> 'from' IS NOT NULL THEN conditions := conditions || ' AND e.at >= $3'; END IF;
  IF filters ->> 'below' IS NOT NULL THEN conditions := conditions || ' AND e.at < $4'; END IF;
  IF cursor_at IS NOT NULL THEN
    conditions := conditions || CASE WHEN is_backward THEN ' AND (e.at, e.id) > ($5, $6)' ELSE ' AND (e.at, e.id) < ($5, $6)' END;
  END IF;
  IF filters ->> 'event' IS NOT NULL THEN conditions := conditions || ' AND e.code = $11'; END IF;
  IF filters ->> 'actor' IS NOT NULL THEN
    SELECT m.id INTO who FROM public.member m WHERE m.code = filters ->> 'actor' AND m.agency_id = ANY (agencies);
    IF NOT FOUND THEN RETURN; END IF;
    conditions := conditions || ' AND e.actor_id = $8';
  END IF;
  IF filters ->> 'subject' IS NOT NULL THEN
    SELECT p.kind, p.subject_id INTO about_kind, about_id FROM public.oversight_pseudonym p WHERE p.agency_id = body AND p.code = filters ->> 'subject';
    IF NOT FOUND THEN RETURN; END IF;
    conditions := conditions || CASE about_kind WHEN 'person' THEN ' AND e.person_id = $9' ELSE ' AND e.case_id = $9' END;
  END IF;
  -- Each source is a few looks into an index that stands in the order of the page, among however many other events.
  IF filters ->> 'event' IS NOT NULL THEN
    source := 'SELECT e.* FROM public.audit_event e WHERE e.agency_id = ANY ($1)' || conditions;
  ELSIF about_id IS NOT NULL OR who IS NOT NULL THEN
    source := format('SELECT l.* FROM unnest($1) a(id), LATERAL (SELECT e.* FROM public.audit_event e WHERE e.agency_id = a.id AND ($2 IS NULL OR e.type = ANY ($2)) %s
      ORDER BY %s LIMIT $7) l', conditions, ordered);
  ELSIF types IS NULL THEN
    source := format('SELECT l.* FROM unnest($1) a(id), LATERAL (SELECT e.* FROM public.audit_event e WHERE e.agency_id = a.id %s
      ORDER BY %s LIMIT $7) l', conditions, ordered);
  ELSE
    source := format('SELECT l.* FROM unnest($1) a(id), unnest($2) t(type), LATERAL (SELECT e.* FROM public.audit_event e
      WHERE e.agency_id = a.id AND e.type = t.type %s ORDER BY %s LIMIT $7) l', conditions, ordered);
  END IF;
  RETURN QUERY EXECUTE format($q$
    WITH page AS MATERIALIZED (SELECT e.* FROM (%1$s) e ORDER BY %2$s LIMIT $7)
    SELECT e.id, e.code, e.at, e.at::text, e.type, e.action, e.outcome, a.key, m.code, e.roles,
      app.pseudonym_of($10, 'person', coalesce(e.person_id, p.id, c.person_id)), app.pseudonym_of($10, 'case', coalesce(e.case_id, c.id)),
      CASE WHEN e.subject ~ '^(MBR|UNT|AGR|DIR|COV|ABS|ARV|RRV|LBS|EPOCH)-[0-9A-Z]+$' THEN e.subject
        WHEN e.subject ~ '^[A-Z]{3}-[0-9A-Z]{9}$' THEN left(e.subject, 3) END,
      CASE WHEN e.purpose ~ '^[a-z][a-z_-]{0,39}$' THEN e.purpose END,
      CASE WHEN e.basis ~ '^[a-z][a-z_-]{0,39}(:[a-z][a-z_-]{0,39})?$' OR e.basis ~ '^A/RES/58/137 [0-9a-z()]{1,8}$' THEN e.basis
        WHEN e.basis ~ '^member:' THEN 'member'
        WHEN e.basis ~ '^[A-Z]{3}-[0-9A-Z]{9}' THEN left(e.basis, 3) END,
      ARRAY(SELECT f FROM unnest(e.fields) f WHERE f ~ '^[A-Za-z][A-Za-z0-9_.:-]{0,59}$')
    FROM page e JOIN public.agency a ON a.id = e.agency_id LEFT JOIN public.member m ON m.id = e.actor_id
    LEFT JOIN public.person p ON e.person_id IS NULL AND e.subject LIKE 'AMP-%%' AND p.code = e.subject AND p.holder_agency_id = ANY ($12)
    LEFT JOIN public.case_file c ON e.case_id IS NULL AND e.subject LIKE 'CAS-%%' AND c.code = e.subject AND c.holder_agency_id = ANY ($12)
    ORDER BY %2$s$q$, source, ordered)
  USING agencies, types, (filters ->> 'from')::timestamptz, (filters ->> 'below')::timestamptz, cursor_at, cursor_id, how_many, who,
    about_id, body, filters ->> 'event', agencies;
END
$$;

/* The agencies of the network, for an auditor's choice. */
CREATE FUNCTION app.overseen_agencies() RETURNS TABLE (key text, name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.key, a.name FROM public.agency a WHERE app.oversight_body() IS NOT NULL AND a.network_id = (app.context()).network_id ORDER BY a.name, a.key
$$;

/*
 * What proves that an event is in the sealed log: its leaf, and the checkpoint that was the first to seal it, with what the
 * tree was before. For an auditor an event of the network; for others one of their agency, which their own rights let them
 * read or not. Nothing while it isn't sealed yet.
 */
CREATE FUNCTION app.event_proof(wanted text) RETURNS TABLE (leaf bytea, size bigint, note text, leaves bytea, previous_size bigint, previous_frontier bytea,
    origin text, public_key bytea)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  found_event record;
  wanted_leaf bytea;
  c public.seal_checkpoint;
BEGIN
  SELECT e.at, e.canonical, e.agency_id INTO found_event FROM public.audit_event e WHERE e.code = wanted AND (
    e.agency_id = ctx.agency_id
    OR (app.oversight_body() IS NOT NULL AND e.agency_id IN (SELECT a.id FROM public.agency a WHERE a.network_id = ctx.network_id)));
  IF NOT FOUND THEN RETURN; END IF;
  wanted_leaf := sha256('\x00'::bytea || convert_to(found_event.canonical, 'UTF8'));
  -- Sealed soon after it happened; the two clocks may differ a little.
  SELECT * INTO c FROM public.seal_checkpoint x
    WHERE x.at >= found_event.at - interval '10 minutes' AND position(wanted_leaf IN x.leaves) > 0 ORDER BY x.at, x.size LIMIT 1;
  IF NOT FOUND THEN RETURN QUERY SELECT wanted_leaf, NULL::bigint, NULL::text, NULL::bytea, NULL::bigint, NULL::bytea, NULL::text, NULL::bytea; RETURN; END IF;
  RETURN QUERY SELECT wanted_leaf, c.size, c.note, c.leaves, coalesce(p.size, 0), p.frontier, k.origin, k.public_key
    FROM (SELECT 1) one LEFT JOIN public.seal_checkpoint p ON p.hash = c.previous
    LEFT JOIN (SELECT * FROM public.seal_key ORDER BY registered_at DESC, id LIMIT 1) k ON true;
END
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('oversight_body', 'code_from', 'pseudonym_of', 'oversight_types', 'oversight_events', 'overseen_agencies',
             'event_proof') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('oversight_events', 'overseen_agencies', 'oversight_types') THEN ARRAY['auditor', 'definer']
      WHEN f.proname = 'event_proof' THEN ARRAY['member', 'auditor', 'definer']
      ELSE ARRAY['definer']
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
END
$$;
RESET ROLE;
