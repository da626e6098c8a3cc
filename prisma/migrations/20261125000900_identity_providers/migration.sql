-- An agency's own place to sign in (OpenID Connect). Who somebody is there, issuer and subject say, and never an e-mail
-- address (requirement A10). The application's role has no right on these tables.

CREATE TABLE public.identity_provider (
  agency_id uuid NOT NULL,
  issuer text NOT NULL,
  client_id text NOT NULL,
  client_secret bytea,
  strong_acr text[] NOT NULL DEFAULT '{}',
  strong_amr text[] NOT NULL DEFAULT '{}',
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT identity_provider_pkey PRIMARY KEY (agency_id),
  CONSTRAINT identity_provider_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE public.member_identity (
  agency_id uuid NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  member_id uuid NOT NULL,
  linked_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  used_at timestamptz(3),
  CONSTRAINT member_identity_pkey PRIMARY KEY (agency_id, issuer, subject),
  CONSTRAINT member_identity_agency_id_member_id_fkey FOREIGN KEY (agency_id, member_id) REFERENCES public.member (agency_id, id)
    ON DELETE RESTRICT ON UPDATE RESTRICT
);
-- One link a member: whoever is to come in another way takes the old one off first.
CREATE UNIQUE INDEX member_identity_agency_id_member_id_key ON public.member_identity (agency_id, member_id);

INSERT INTO public.audit_event_type (type, action) VALUES
  ('provider.set', 'update'), ('provider.removed', 'delete'), ('identity.linked', 'update'), ('identity.unlinked', 'update');

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['identity_provider', 'member_identity'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
END
$$;

-- What follows is the definer's own from the start.
DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Before there is an actor

/* Whether any agency has a provider, so that the sign-in page can offer the way. */
CREATE FUNCTION app.has_providers() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM public.identity_provider)
$$;

/* The provider of an agency, by its key or its id. */
CREATE FUNCTION app.find_provider(wanted_key text, wanted_agency uuid)
  RETURNS TABLE (agency uuid, agency_key text, agency_name text, issuer text, client_id text, client_secret bytea, strong_acr text[], strong_amr text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.id, a.key, a.name, p.issuer, p.client_id, p.client_secret, p.strong_acr, p.strong_amr
  FROM public.identity_provider p JOIN public.agency a ON a.id = p.agency_id
  WHERE a.key = wanted_key OR a.id = wanted_agency
$$;

/* The agency that an invitation is of, by the invitation's secret; null when it doesn't hold. */
CREATE FUNCTION app.inviting_agency(wanted bytea) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.key FROM public.invitation i JOIN public.member m ON m.id = i.member_id AND m.status = 'invited'
    JOIN public.agency a ON a.id = m.agency_id
  WHERE i.hash = wanted AND i.used_at IS NULL AND i.expires_at > clock_timestamp()
$$;

/* Starts a session of whoever the provider has proven. False when nobody of the agency is linked to that. */
CREATE FUNCTION app.sign_in_with_provider(wanted_agency uuid, proven_issuer text, proven_subject text, proven_strength int, session_hash bytea, origin jsonb)
  RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  m record;
BEGIN
  SELECT x.id, x.agency_id INTO m
    FROM public.member_identity i
    JOIN public.identity_provider p ON p.agency_id = i.agency_id AND p.issuer = i.issuer
    JOIN public.member x ON x.id = i.member_id AND x.agency_id = i.agency_id AND x.status = 'active'
    WHERE i.agency_id = wanted_agency AND i.issuer = proven_issuer AND i.subject = proven_subject FOR UPDATE OF x;
  IF NOT FOUND THEN
    PERFORM app.account_event('session.refused', 'forbidden', NULL, ARRAY['provider'], origin, app.context_of(NULL, 'sign-in'));
    RETURN false;
  END IF;
  UPDATE public.member_identity i SET used_at = clock_timestamp() WHERE i.agency_id = m.agency_id AND i.member_id = m.id;
  PERFORM app.start_proven_session(m.id, m.agency_id, proven_strength, session_hash, origin);
  RETURN true;
END
$$;

/* A session that a provider's proof has started, with the strength that the agency lets it count for. */
CREATE FUNCTION app.start_proven_session(wanted_member uuid, wanted_agency uuid, proven_strength int, session_hash bytea, origin jsonb)
  RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO public.session (hash, member_id, agency_id, strength, network_prefix, created_at, last_seen_at, proven_at, expires_at)
    VALUES (session_hash, wanted_member, wanted_agency, CASE WHEN proven_strength = 2 THEN 2 ELSE 1 END, left(origin ->> 'networkPrefix', 60),
      clock_timestamp(), clock_timestamp(), clock_timestamp(), clock_timestamp() + interval '12 hours');
  PERFORM app.account_event('session.started', NULL, NULL, ARRAY['provider'], origin, app.context_of(wanted_member, app.session_name(session_hash)));
END
$$;

/*
 * Joins by an invitation without a password: whoever the provider has proven is the invited member from now on, and signed in. Answers
 * 'ok', 'gone' for an invitation that doesn't hold or is of another agency, 'taken' when that proof is another member's.
 */
CREATE FUNCTION app.join_with_provider(
  wanted bytea, wanted_agency uuid, proven_issuer text, proven_subject text, proven_strength int, session_hash bytea, origin jsonb
) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  joined record;
BEGIN
  IF EXISTS (SELECT 1 FROM public.member_identity i
             WHERE i.agency_id = wanted_agency AND i.issuer = proven_issuer AND i.subject = proven_subject) THEN RETURN 'taken'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.identity_provider p WHERE p.agency_id = wanted_agency AND p.issuer = proven_issuer) THEN RETURN 'gone'; END IF;
  UPDATE public.invitation i SET used_at = clock_timestamp()
    WHERE i.hash = wanted AND i.agency_id = wanted_agency AND i.used_at IS NULL AND i.expires_at > clock_timestamp()
    RETURNING i.member_id INTO joined;
  IF NOT FOUND THEN RETURN 'gone'; END IF;
  UPDATE public.member m SET status = 'active', version = m.version + 1
    WHERE m.id = joined.member_id AND m.agency_id = wanted_agency AND m.status = 'invited' RETURNING m.id, m.agency_id, m.code INTO joined;
  IF NOT FOUND THEN RETURN 'gone'; END IF;
  UPDATE public.invitation i SET used_at = clock_timestamp() WHERE i.member_id = joined.id AND i.used_at IS NULL;
  DELETE FROM public.member_identity i WHERE i.agency_id = joined.agency_id AND i.member_id = joined.id;
  INSERT INTO public.member_identity (agency_id, issuer, subject, member_id, linked_at, used_at)
    VALUES (joined.agency_id, proven_issuer, proven_subject, joined.id, clock_timestamp(), clock_timestamp());
  PERFORM app.account_event('member.joined', NULL, joined.code, ARRAY['provider', 'status'], origin, app.context_of(joined.id, 'invitation'));
  PERFORM app.start_proven_session(joined.id, joined.agency_id, proven_strength, session_hash, origin);
  RETURN 'ok';
END
$$;

/*
 * Makes a session fresh after the provider has asked its member anew, under a new id. False when the session is over or the proof is
 * somebody else's.
 */
CREATE FUNCTION app.confirm_with_provider(
  old_session bytea, new_session bytea, wanted_agency uuid, proven_issuer text, proven_subject text, proven_strength int, origin jsonb
) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s record;
BEGIN
  SELECT x.member_id INTO s FROM public.session x
    JOIN public.member m ON m.id = x.member_id AND m.status = 'active'
    JOIN public.member_identity i ON i.member_id = x.member_id AND i.agency_id = x.agency_id
      AND i.issuer = proven_issuer AND i.subject = proven_subject
    JOIN public.identity_provider p ON p.agency_id = x.agency_id AND p.issuer = i.issuer
    JOIN public.agency a ON a.id = x.agency_id
    WHERE x.hash = old_session AND x.agency_id = wanted_agency AND x.ended_at IS NULL AND x.expires_at > clock_timestamp()
      AND x.last_seen_at + make_interval(mins => a.idle_minutes) > clock_timestamp()
      -- A weaker proof than the session already rests on proves nothing new.
      AND x.strength <= proven_strength FOR UPDATE OF x;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE public.session x SET hash = new_session, proven_at = clock_timestamp(), last_seen_at = clock_timestamp() WHERE x.hash = old_session;
  PERFORM app.account_event('session.confirmed', NULL, app.session_name(old_session), ARRAY['provider'], origin,
    app.context_of(s.member_id, app.session_name(new_session)));
  RETURN true;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Under a context

/* How the one who asks may sign in: the agency's provider, and whether they are linked to it. */
CREATE FUNCTION app.own_provider() RETURNS TABLE (agency_key text, issuer text, linked_at timestamptz, has_password boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.key, p.issuer,
    (SELECT i.linked_at FROM public.member_identity i
     WHERE i.agency_id = a.id AND i.member_id = (app.context()).member_id AND i.issuer = p.issuer),
    EXISTS (SELECT 1 FROM public.credential c WHERE c.member_id = (app.context()).member_id)
  FROM public.identity_provider p JOIN public.agency a ON a.id = p.agency_id WHERE a.id = (app.context()).agency_id
$$;

/* Links the one who asks to what the provider has proven: 'ok', 'stale' without a fresh session, 'taken', 'gone'. */
CREATE FUNCTION app.link_identity(wanted_agency uuid, proven_issuer text, proven_subject text, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR NOT app.is_fresh() THEN RETURN 'stale'; END IF;
  IF ctx.agency_id <> wanted_agency
    OR NOT EXISTS (SELECT 1 FROM public.identity_provider p WHERE p.agency_id = wanted_agency AND p.issuer = proven_issuer) THEN RETURN 'gone'; END IF;
  DELETE FROM public.member_identity i WHERE i.agency_id = ctx.agency_id AND i.member_id = ctx.member_id;
  INSERT INTO public.member_identity (agency_id, issuer, subject, member_id, linked_at)
    VALUES (ctx.agency_id, proven_issuer, proven_subject, ctx.member_id, clock_timestamp()) ON CONFLICT (agency_id, issuer, subject) DO NOTHING;
  IF NOT FOUND THEN RETURN 'taken'; END IF;
  PERFORM app.account_event('identity.linked', NULL, (SELECT m.code FROM public.member m WHERE m.id = ctx.member_id), ARRAY['provider'], origin, ctx);
  RETURN 'ok';
END
$$;

/* Takes the link of the one who asks off: 'ok', 'stale', 'last_way' for somebody without a password, 'gone'. */
CREATE FUNCTION app.unlink_identity(origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR NOT app.is_fresh() THEN RETURN 'stale'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.credential c WHERE c.member_id = ctx.member_id) THEN RETURN 'last_way'; END IF;
  DELETE FROM public.member_identity i WHERE i.agency_id = ctx.agency_id AND i.member_id = ctx.member_id;
  IF NOT FOUND THEN RETURN 'gone'; END IF;
  PERFORM app.account_event('identity.unlinked', NULL, (SELECT m.code FROM public.member m WHERE m.id = ctx.member_id), ARRAY['provider'], origin, ctx);
  RETURN 'ok';
END
$$;

/* An agency's provider as the system administrator sees it: never the secret. */
CREATE FUNCTION app.view_provider(wanted_agency uuid)
  RETURNS TABLE (issuer text, client_id text, has_secret boolean, strong_acr text[], strong_amr text[], version int, linked int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT p.issuer, p.client_id, p.client_secret IS NOT NULL, p.strong_acr, p.strong_amr, p.version,
    (SELECT count(*)::int FROM public.member_identity i WHERE i.agency_id = p.agency_id AND i.issuer = p.issuer)
  FROM public.identity_provider p WHERE p.agency_id = wanted_agency AND 'system_admin' = ANY ((app.context()).roles)
$$;

/*
 * Sets an agency's provider: 'ok', 'forbidden' for anyone but a system administrator, 'unproven' without a fresh session, 'changed'
 * when it has another version by now (0 for none). Without a new secret the old one stays as long as issuer and client do.
 */
CREATE FUNCTION app.set_provider(
  wanted_agency uuid, seen_version int, new_issuer text, new_client text, new_secret bytea, new_acr text[], new_amr text[], origin jsonb
) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  old record;
BEGIN
  IF ctx IS NULL OR NOT 'system_admin' = ANY (ctx.roles) THEN RETURN 'forbidden'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'unproven'; END IF;
  PERFORM 1 FROM public.agency a WHERE a.id = wanted_agency FOR UPDATE;
  SELECT p.* INTO old FROM public.identity_provider p WHERE p.agency_id = wanted_agency;
  IF coalesce(old.version, 0) <> seen_version THEN RETURN 'changed'; END IF;
  INSERT INTO public.identity_provider AS p (agency_id, issuer, client_id, client_secret, strong_acr, strong_amr, version, changed_at)
    VALUES (wanted_agency, new_issuer, new_client, new_secret, new_acr, new_amr, 1, clock_timestamp())
    ON CONFLICT (agency_id) DO UPDATE SET issuer = excluded.issuer, client_id = excluded.client_id,
      client_secret = CASE WHEN excluded.client_secret IS NULL AND (p.issuer, p.client_id) = (excluded.issuer, excluded.client_id)
        THEN p.client_secret ELSE excluded.client_secret END,
      strong_acr = excluded.strong_acr, strong_amr = excluded.strong_amr, version = p.version + 1, changed_at = excluded.changed_at;
  PERFORM app.account_event('provider.set', NULL, (SELECT a.key FROM public.agency a WHERE a.id = wanted_agency),
    array_remove(ARRAY[
      CASE WHEN old.issuer IS DISTINCT FROM new_issuer THEN 'issuer' END,
      CASE WHEN old.client_id IS DISTINCT FROM new_client THEN 'clientId' END,
      CASE WHEN new_secret IS NOT NULL THEN 'clientSecret' END,
      CASE WHEN old.strong_acr IS DISTINCT FROM new_acr THEN 'strongAcr' END,
      CASE WHEN old.strong_amr IS DISTINCT FROM new_amr THEN 'strongAmr' END], NULL), origin, ctx);
  RETURN 'ok';
END
$$;

/* Takes an agency's provider away, and with it every session that its proofs could have started. */
CREATE FUNCTION app.remove_provider(wanted_agency uuid, seen_version int, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  gone public.identity_provider;
BEGIN
  IF ctx IS NULL OR NOT 'system_admin' = ANY (ctx.roles) THEN RETURN 'forbidden'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'unproven'; END IF;
  DELETE FROM public.identity_provider p WHERE p.agency_id = wanted_agency AND p.version = seen_version RETURNING p.* INTO gone;
  IF NOT FOUND THEN RETURN 'changed'; END IF;
  UPDATE public.session s SET ended_at = clock_timestamp(), ended_reason = 'provider_removed'
    FROM public.member_identity i
    WHERE i.agency_id = wanted_agency AND i.issuer = gone.issuer AND s.member_id = i.member_id AND s.agency_id = wanted_agency AND s.ended_at IS NULL;
  PERFORM app.account_event('provider.removed', NULL, (SELECT a.key FROM public.agency a WHERE a.id = wanted_agency), ARRAY['issuer'], origin, ctx);
  RETURN 'ok';
END
$$;

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname = ANY (ARRAY['has_providers', 'find_provider', 'inviting_agency', 'sign_in_with_provider',
             'start_proven_session', 'join_with_provider', 'confirm_with_provider', 'own_provider', 'link_identity', 'unlink_identity',
             'view_provider', 'set_provider', 'remove_provider']) LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname = 'start_proven_session' THEN '{definer}'
      WHEN f.proname IN ('own_provider', 'link_identity', 'unlink_identity', 'view_provider', 'set_provider', 'remove_provider') THEN '{member,desk,auditor}'
      ELSE '{app}'
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', '))
             FROM unnest(callers::text[]) c);
  END LOOP;
END
$$;
RESET ROLE;
