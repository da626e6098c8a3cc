-- Confirming anew who one is before what a stolen session must not do (requirement A11), always under a new session id (A08).

ALTER TABLE public.session ADD COLUMN proven_at timestamptz(3) NOT NULL DEFAULT now();

INSERT INTO public.audit_event_type (type, action) VALUES ('session.confirmed', 'sign_in');

-- What follows is the definer's own from the start.
DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/*
 * Whether whoever asks has shown within five minutes that it is them. By the real clock, since the moved one moves no session. A token or
 * a command shows nothing of the kind.
 */
CREATE FUNCTION app.is_fresh() RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR ctx.session NOT LIKE 'session:%' THEN RETURN false; END IF;
  RETURN EXISTS (
    SELECT 1 FROM public.session s
    WHERE s.agency_id = ctx.agency_id AND s.member_id = ctx.member_id AND s.ended_at IS NULL
      AND app.session_name(s.hash) = ctx.session AND s.proven_at > clock_timestamp() - interval '5 minutes');
END
$$;

/* Makes a session fresh after its member has shown the password again, under a new id. False when session or password changed meanwhile. */
CREATE FUNCTION app.confirm_with_password(old_session bytea, new_session bytea, verified_hash text, keys bytea[], kinds text[], origin jsonb)
  RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s record;
BEGIN
  SELECT x.member_id, x.strength INTO s FROM public.session x
    JOIN public.member m ON m.id = x.member_id AND m.status = 'active'
    JOIN public.credential c ON c.member_id = x.member_id AND c.password_hash = verified_hash
    JOIN public.agency a ON a.id = x.agency_id
    WHERE x.hash = old_session AND x.ended_at IS NULL AND x.expires_at > clock_timestamp()
      AND x.last_seen_at + make_interval(mins => a.idle_minutes) > clock_timestamp() FOR UPDATE OF x;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE public.session x SET hash = new_session, proven_at = clock_timestamp(), last_seen_at = clock_timestamp() WHERE x.hash = old_session;
  PERFORM app.give_back_tries(keys, kinds);
  PERFORM app.account_event('session.confirmed', NULL, app.session_name(old_session), '{}', origin,
    app.context_of(s.member_id, app.session_name(new_session)));
  RETURN true;
END
$$;

/* After a proof that held: what counts this account alone starts afresh; what counts others too only gives this try back. */
CREATE FUNCTION app.give_back_tries(keys bytea[], kinds text[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM 1 FROM public.throttle t WHERE t.key = ANY (keys) ORDER BY t.key FOR UPDATE;
  UPDATE public.throttle t SET open_at = date_trunc('milliseconds', clock_timestamp()),
      failures = CASE WHEN given.kind IN ('network', 'all') THEN greatest(0, t.failures - 1) ELSE 0 END
    FROM unnest(keys, kinds) AS given (key, kind) WHERE t.key = given.key;
END
$$;

/* Whether the one who asks administers this agency's members with such roles, and has just shown that it is them. */
CREATE OR REPLACE FUNCTION app.administers(wanted_agency uuid, wanted_roles text[]) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  -- A token is never fresh: whoever finds one lying about would make themselves a member.
  IF ctx IS NULL OR NOT app.is_fresh() THEN RETURN false; END IF;
  IF ctx.agency_id = wanted_agency THEN RETURN ctx.roles && ARRAY['agency_admin', 'system_admin']; END IF;
  RETURN 'system_admin' = ANY (ctx.roles) AND wanted_roles = ARRAY['agency_admin'];
END
$$;

CREATE OR REPLACE FUNCTION app.create_agency(
  new_id uuid, new_key text, new_name text, new_kind text, wanted_network uuid, new_country text, new_zone text,
  wrapped_data bytea, wrapped_index bytea, origin jsonb
) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR NOT 'system_admin' = ANY (ctx.roles) OR NOT app.is_fresh() THEN RETURN 'forbidden'; END IF;
  IF new_kind = 'operator' OR NOT new_kind = ANY (enum_range(NULL::public.agency_kind)::text[]) THEN RETURN 'kind'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.network n WHERE n.id = wanted_network) THEN RETURN 'network'; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_timezone_names z WHERE z.name = new_zone) THEN RETURN 'zone'; END IF;
  INSERT INTO public.agency (id, key, name, kind, network_id, country, time_zone)
    VALUES (new_id, new_key, new_name, new_kind::public.agency_kind, wanted_network, new_country, new_zone) ON CONFLICT (key) DO NOTHING;
  IF NOT FOUND THEN RETURN 'key_taken'; END IF;
  INSERT INTO public.agency_key (agency_id, purpose, version, wrapped) VALUES (new_id, 'data', 1, wrapped_data), (new_id, 'index', 1, wrapped_index);
  PERFORM app.account_event('agency.created', NULL, new_key, ARRAY['key', 'name', 'kind', 'network', 'country', 'timeZone'], origin, ctx);
  PERFORM app.account_event('key.created', NULL, new_key, ARRAY['data', 'index'], origin, ctx);
  RETURN 'ok';
END
$$;

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname = ANY (ARRAY['is_fresh', 'confirm_with_password', 'give_back_tries']) LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE f.proname
      WHEN 'is_fresh' THEN '{member,desk,auditor,definer}'
      WHEN 'confirm_with_password' THEN '{app}'
      ELSE '{definer}'
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', '))
             FROM unnest(callers::text[]) c);
  END LOOP;
END
$$;
RESET ROLE;
