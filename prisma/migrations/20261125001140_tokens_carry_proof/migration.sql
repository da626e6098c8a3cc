-- A member who signs in at their agency's provider may have no second factor of their own: the provider's was the strong
-- proof. A token that they make in such a session carries that proof, and ends as soon as it counts no more. A proof by a
-- factor of our own is not carried: there the token asks whether the member still has one.

ALTER TABLE "session" ADD COLUMN "proven_by_provider" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "api_token" ADD COLUMN "proven_by_provider" BOOLEAN NOT NULL DEFAULT false;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

CREATE OR REPLACE FUNCTION app.start_proven_session(wanted_member uuid, wanted_agency uuid, proven_strength int, session_hash bytea, origin jsonb)
  RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO public.session (hash, member_id, agency_id, strength, proven_by_provider, network_prefix, created_at, last_seen_at, proven_at, expires_at)
    VALUES (session_hash, wanted_member, wanted_agency, CASE WHEN proven_strength = 2 THEN 2 ELSE 1 END, coalesce(proven_strength = 2, false),
      left(origin ->> 'networkPrefix', 60), clock_timestamp(), clock_timestamp(), clock_timestamp(), clock_timestamp() + interval '12 hours');
  PERFORM app.account_event('session.started', NULL, NULL, ARRAY['provider'], origin, app.context_of(wanted_member, app.session_name(session_hash)));
END
$$;

CREATE OR REPLACE FUNCTION app.create_token(new_id uuid, new_hash bytea, new_name text, days int, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR ctx.session LIKE 'token:%' OR days NOT BETWEEN 1 AND 366 THEN RETURN false; END IF;
  -- The id is the form's own key: a page loaded again sends its form again, and that makes no second token.
  INSERT INTO public.api_token (id, hash, member_id, agency_id, name, created_at, expires_at, proven_by_provider)
    VALUES (new_id, new_hash, ctx.member_id, ctx.agency_id, left(new_name, 80), clock_timestamp(), clock_timestamp() + make_interval(days => days),
      EXISTS (SELECT 1 FROM public.session s WHERE s.agency_id = ctx.agency_id AND s.member_id = ctx.member_id AND s.ended_at IS NULL
        AND app.session_name(s.hash) = ctx.session AND s.proven_by_provider))
    ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.account_event('token.created', NULL, new_id::text, '{}', origin, ctx);
  RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION app.open_token(wanted bytea) RETURNS SETOF app.opened
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  t record;
  opened app.opened;
BEGIN
  SELECT x.id, x.member_id, x.last_used_at, x.expires_at, x.proven_by_provider INTO t FROM public.api_token x
    WHERE x.hash = wanted AND x.ended_at IS NULL AND x.expires_at > clock_timestamp();
  IF NOT FOUND OR (app.required_strength(t.member_id) > 1 AND NOT t.proven_by_provider AND NOT app.has_factor(t.member_id)) THEN RETURN; END IF;
  IF t.last_used_at IS NULL OR t.last_used_at < clock_timestamp() - interval '1 minute' THEN
    UPDATE public.api_token x SET last_used_at = clock_timestamp()
      WHERE x.id = (SELECT y.id FROM public.api_token y WHERE y.id = t.id FOR UPDATE SKIP LOCKED);
  END IF;
  opened := app.open_member(t.member_id, 'token:' || t.id::text, 1, t.expires_at, t.expires_at);
  IF opened.context IS NOT NULL THEN RETURN NEXT opened; END IF;
END
$$;

/* Ends tokens whose proof counts no more, and the sessions' word for it: the agency's provider went or proves something else now. */
CREATE FUNCTION app.end_proof_of_provider() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.api_token t SET ended_at = clock_timestamp() WHERE t.agency_id = OLD.agency_id AND t.proven_by_provider AND t.ended_at IS NULL;
  UPDATE public.session s SET proven_by_provider = false WHERE s.agency_id = OLD.agency_id AND s.proven_by_provider;
  RETURN NULL;
END
$$;

/* The same for one member who is linked no more. */
CREATE FUNCTION app.end_proof_of_member() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.api_token t SET ended_at = clock_timestamp()
    WHERE t.agency_id = OLD.agency_id AND t.member_id = OLD.member_id AND t.proven_by_provider AND t.ended_at IS NULL;
  UPDATE public.session s SET proven_by_provider = false
    WHERE s.agency_id = OLD.agency_id AND s.member_id = OLD.member_id AND s.proven_by_provider;
  RETURN NULL;
END
$$;

DO $$
DECLARE
  f text;
BEGIN
  FOREACH f IN ARRAY ARRAY['end_proof_of_provider', 'end_proof_of_member'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION app.%I() FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION app.%I() TO %I', f, session_user);
  END LOOP;
END
$$;
RESET ROLE;

CREATE TRIGGER identity_provider_proof_changed AFTER UPDATE ON public.identity_provider FOR EACH ROW
  WHEN ((NEW.issuer, NEW.client_id, NEW.strong_acr, NEW.strong_amr) IS DISTINCT FROM (OLD.issuer, OLD.client_id, OLD.strong_acr, OLD.strong_amr))
  EXECUTE FUNCTION app.end_proof_of_provider();
CREATE TRIGGER identity_provider_proof_gone AFTER DELETE ON public.identity_provider FOR EACH ROW EXECUTE FUNCTION app.end_proof_of_provider();
CREATE TRIGGER member_identity_proof_gone AFTER DELETE ON public.member_identity FOR EACH ROW EXECUTE FUNCTION app.end_proof_of_member();
