-- Second factors, recovery codes, reset of a forgotten password. As for sign-in, each function does the one thing and the application's
-- role has no right on the tables behind them. Times are real ones throughout.

ALTER TABLE public.credential ADD COLUMN stands_alone boolean NOT NULL DEFAULT true;
ALTER TABLE public.session ADD COLUMN challenge bytea, ADD COLUMN challenge_at timestamptz(3);

CREATE TABLE public.second_factor (
  id uuid PRIMARY KEY,
  member_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  sealed bytea,
  last_step bigint,
  credential_id bytea,
  public_key bytea,
  sign_count bigint NOT NULL DEFAULT 0,
  transports text[] NOT NULL DEFAULT ARRAY[]::text[],
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  confirmed_at timestamptz(3),
  last_used_at timestamptz(3),
  CONSTRAINT second_factor_kind CHECK ((kind = 'app' AND sealed IS NOT NULL AND public_key IS NULL)
    OR (kind = 'passkey' AND sealed IS NULL AND credential_id IS NOT NULL AND public_key IS NOT NULL AND confirmed_at IS NOT NULL))
);
CREATE UNIQUE INDEX second_factor_credential_id_key ON public.second_factor (credential_id);
CREATE INDEX second_factor_agency_id_member_id_idx ON public.second_factor (agency_id, member_id);

CREATE TABLE public.recovery_code (
  hash bytea PRIMARY KEY,
  member_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  used_at timestamptz(3)
);
CREATE INDEX recovery_code_agency_id_member_id_idx ON public.recovery_code (agency_id, member_id);

CREATE TABLE public.factor_reset (
  member_id uuid PRIMARY KEY,
  agency_id uuid NOT NULL,
  asked_by_id uuid NOT NULL,
  asked_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX factor_reset_agency_id_idx ON public.factor_reset (agency_id);

-- Agencies that ask for a password only. Without a row a second factor is required: what is forgotten is safe.
CREATE TABLE public.second_factor_waiver (
  agency_id uuid PRIMARY KEY,
  since timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE public.password_reset (
  hash bytea PRIMARY KEY,
  member_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3)
);
CREATE INDEX password_reset_agency_id_member_id_idx ON public.password_reset (agency_id, member_id);

CREATE TABLE public.reset_request (
  id uuid PRIMARY KEY,
  sealed bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX reset_request_created_at_idx ON public.reset_request (created_at);

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['second_factor', 'recovery_code', 'factor_reset', 'second_factor_waiver', 'password_reset', 'reset_request'] LOOP
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

INSERT INTO public.audit_event_type (type, action) VALUES
  ('session.strengthened', 'sign_in'), ('member.factor-added', 'update'), ('member.factor-removed', 'update'),
  ('member.factor-reset-asked', 'update'), ('member.factors-reset', 'update'), ('member.recovery-codes-made', 'update'),
  ('member.recovery-code-used', 'update'), ('member.password-reset', 'update'), ('member.password-reset-asked', 'update'),
  ('member.password-reset-sent', 'update'), ('agency.second-factor-required', 'update'), ('agency.second-factor-waived', 'update');

INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('account.new-network', true, true, true, 91), ('account.factor-added', true, true, true, 92), ('account.factor-removed', true, true, true, 93),
  ('account.factors-reset', true, true, true, 94), ('account.factor-reset-asked', true, true, true, 95),
  ('account.recovery-code-used', true, true, true, 96), ('account.password-changed', true, true, true, 97);

-- A link is good for ten minutes: a mail that could not be sent by then is not worth sending.
INSERT INTO pgboss.queue (name, policy, retry_limit, retry_delay, retry_backoff, expire_seconds, retention_minutes)
  VALUES ('password-reset', 'standard', 5, 10, true, 60, 60);

-- Demonstration data go without, and every page says so.
INSERT INTO public.second_factor_waiver (agency_id)
  SELECT a.id FROM public.agency a WHERE (SELECT i.demonstration FROM public.installation i WHERE i.id = 1);

-- What follows is the definer's own from the start.
DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

CREATE FUNCTION app.waive_in_demonstration() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF (SELECT i.demonstration FROM public.installation i WHERE i.id = 1) THEN
    INSERT INTO public.second_factor_waiver (agency_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- How strong a sign-in has to be (requirement A01)

CREATE FUNCTION app.has_factor(wanted_member uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM public.second_factor f JOIN public.member m ON m.agency_id = f.agency_id AND m.id = f.member_id
    WHERE m.id = wanted_member AND f.confirmed_at IS NOT NULL)
$$;

/* Whether this member always signs in with a second factor, whatever the password is like. */
CREATE FUNCTION app.asks_second_factor(wanted_member uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT app.has_factor(wanted_member) OR NOT EXISTS (
    SELECT 1 FROM public.member m JOIN public.second_factor_waiver w ON w.agency_id = m.agency_id WHERE m.id = wanted_member)
$$;

/* 2 where the agency asks for a second factor, where the member has one, and where the password is too short to stand alone. */
CREATE FUNCTION app.required_strength(wanted_member uuid) RETURNS int
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN app.asks_second_factor(wanted_member)
    OR EXISTS (SELECT 1 FROM public.credential c WHERE c.member_id = wanted_member AND NOT c.stands_alone) THEN 2 ELSE 1 END
$$;

/* Opens a session: null when it never was, has ended, is too old, lay idle, or still lacks the second factor. Times are real ones. */
CREATE OR REPLACE FUNCTION app.open_session(wanted bytea) RETURNS SETOF app.opened
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s record;
  opened app.opened;
BEGIN
  SELECT x.member_id, x.strength, x.expires_at, x.last_seen_at, a.idle_minutes INTO s
    FROM public.session x JOIN public.agency a ON a.id = x.agency_id
    WHERE x.hash = wanted AND x.ended_at IS NULL AND x.expires_at > clock_timestamp()
      AND x.last_seen_at + make_interval(mins => a.idle_minutes) > clock_timestamp();
  IF NOT FOUND OR (s.strength < 2 AND s.strength < app.required_strength(s.member_id)) THEN RETURN; END IF;
  -- At most once a minute, and never waiting for another request of the same session.
  IF s.last_seen_at < clock_timestamp() - interval '1 minute' THEN
    UPDATE public.session x SET last_seen_at = clock_timestamp()
      WHERE x.hash = (SELECT y.hash FROM public.session y WHERE y.hash = wanted FOR UPDATE SKIP LOCKED);
  END IF;
  opened := app.open_member(s.member_id, 'session:' || encode(substring(wanted FROM 1 FOR 6), 'hex'), s.strength, s.expires_at,
    greatest(s.last_seen_at, clock_timestamp() - interval '1 minute') + make_interval(mins => s.idle_minutes));
  IF opened.context IS NOT NULL THEN RETURN NEXT opened; END IF;
END
$$;

/* Opens a token, of a member who has what their agency asks for. */
CREATE OR REPLACE FUNCTION app.open_token(wanted bytea) RETURNS SETOF app.opened
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  t record;
  opened app.opened;
BEGIN
  SELECT x.id, x.member_id, x.last_used_at, x.expires_at INTO t FROM public.api_token x
    WHERE x.hash = wanted AND x.ended_at IS NULL AND x.expires_at > clock_timestamp();
  IF NOT FOUND OR (app.required_strength(t.member_id) > 1 AND NOT app.has_factor(t.member_id)) THEN RETURN; END IF;
  IF t.last_used_at IS NULL OR t.last_used_at < clock_timestamp() - interval '1 minute' THEN
    UPDATE public.api_token x SET last_used_at = clock_timestamp()
      WHERE x.id = (SELECT y.id FROM public.api_token y WHERE y.id = t.id FOR UPDATE SKIP LOCKED);
  END IF;
  opened := app.open_member(t.member_id, 'token:' || t.id::text, 1, t.expires_at, t.expires_at);
  IF opened.context IS NOT NULL THEN RETURN NEXT opened; END IF;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Tries, counted before anything is checked

/*
 * Takes a place in each of the counters; the seconds to wait, 0 when the try may go on. While a counter is closed, tries count for
 * nothing, so that a stranger can slow an account down but never shut it for good.
 *
 * A try is counted before it is checked, or a hundred at once would all pass the gate; success takes it back.
 */
CREATE FUNCTION app.take_tries(keys bytea[], kinds text[]) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  -- As precise as it is stored, or rounding would put it into the future.
  at timestamptz := date_trunc('milliseconds', clock_timestamp());
  opens timestamptz;
BEGIN
  DELETE FROM public.throttle t WHERE t.key IN (
    SELECT x.key FROM public.throttle x WHERE x.open_at < at - interval '1 day' ORDER BY x.open_at LIMIT 20 FOR UPDATE SKIP LOCKED);
  -- In the order of the keys, so that two sign-ins never wait for each other crosswise.
  INSERT INTO public.throttle (key, failures, window_start, open_at)
    SELECT k, 0, at, at FROM unnest(keys) k ORDER BY k ON CONFLICT (key) DO NOTHING;
  PERFORM 1 FROM public.throttle t WHERE t.key = ANY (keys) ORDER BY t.key FOR UPDATE;
  SELECT max(t.open_at) INTO opens FROM public.throttle t WHERE t.key = ANY (keys);
  IF opens > clock_timestamp() THEN RETURN greatest(1, ceil(extract(epoch FROM opens - clock_timestamp())))::int; END IF;
  UPDATE public.throttle t SET failures = c.n, window_start = CASE WHEN c.n = 1 THEN at ELSE t.window_start END,
      open_at = at + make_interval(secs => CASE WHEN c.n < c.free THEN 0 ELSE least(c.most, 2 ^ least(c.n - c.free, 20)) END)
    FROM (
      SELECT x.key, rule.free, rule.most,
        CASE WHEN x.window_start + make_interval(secs => rule.span) < at THEN 1 ELSE x.failures + 1 END AS n
      FROM unnest(keys, kinds) AS given (key, kind)
      JOIN public.throttle x ON x.key = given.key
      JOIN (VALUES
        -- kind, tries that cost nothing, longest wait in seconds, how long tries are remembered
        ('device', 5, 900, 3600),       -- this account on a browser where it has signed in before: counted apart from strangers
        ('pair', 5, 900, 3600),         -- this account from this network
        ('account', 20, 60, 3600),      -- this account from anywhere
        ('network', 60, 300, 3600),     -- anything from this network
        ('all', 300, 5, 60),            -- the whole installation
        ('factor', 5, 900, 3600),       -- codes of a member's second factor, who has shown the password already
        ('reset', 3, 900, 3600),        -- links to set a new password, asked for one address
        ('reset-network', 20, 300, 3600),
        ('reset-all', 120, 5, 60)
      ) AS rule (kind, free, most, span) ON rule.kind = given.kind
    ) c WHERE c.key = t.key;
  RETURN 0;
END
$$;

/*
 * Begins a sign-in: takes a place in the counters, then answers with the hash to check, which is null for an unknown address, an
 * invited or deactivated member and a bare account alike, and while a counter is closed.
 */
CREATE OR REPLACE FUNCTION app.begin_sign_in(wanted_email text, keys bytea[], kinds text[])
  RETURNS TABLE (member_id uuid, password_hash text, wait_seconds int)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  wait int := app.take_tries(keys, kinds);
  candidate record;
BEGIN
  SELECT m.id, c.password_hash AS stored INTO candidate
    FROM public.member m JOIN public.credential c ON c.member_id = m.id WHERE m.email = lower(wanted_email) AND m.status = 'active';
  RETURN QUERY SELECT candidate.id, CASE WHEN wait = 0 THEN candidate.stored::text END, wait;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- What is told to a member about their own account

CREATE FUNCTION app.tell_member(whose uuid, what text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.notify(ARRAY[whose], what, NULL, true);
END
$$;

/* Whether this member has signed in from this network within 90 days, or never signed in before at all. */
CREATE FUNCTION app.knows_network(wanted_member uuid, wanted_agency uuid, wanted_network text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT NOT EXISTS (SELECT 1 FROM public.session s WHERE s.agency_id = wanted_agency AND s.member_id = wanted_member)
    OR EXISTS (SELECT 1 FROM public.session s WHERE s.agency_id = wanted_agency AND s.member_id = wanted_member
      AND s.network_prefix IS NOT DISTINCT FROM wanted_network AND s.created_at > clock_timestamp() - interval '90 days')
$$;

/* Ends a sign-in whose password fits: starts the session under a new id. False when password or member changed meanwhile. */
CREATE OR REPLACE FUNCTION app.complete_sign_in(
  wanted_member uuid, verified_hash text, new_hash text, session_hash bytea, keys bytea[], kinds text[], origin jsonb
) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  m record;
  network text := left(origin ->> 'networkPrefix', 60);
BEGIN
  SELECT x.id, x.agency_id INTO m FROM public.member x JOIN public.credential c ON c.member_id = x.id
    WHERE x.id = wanted_member AND x.status = 'active' AND c.password_hash = verified_hash FOR UPDATE OF x;
  IF NOT FOUND THEN RETURN false; END IF;
  IF new_hash IS NOT NULL THEN UPDATE public.credential SET password_hash = new_hash WHERE member_id = m.id; END IF;
  IF NOT app.knows_network(m.id, m.agency_id, network) THEN PERFORM app.tell_member(m.id, 'account.new-network'); END IF;
  INSERT INTO public.session (hash, member_id, agency_id, strength, network_prefix, created_at, last_seen_at, proven_at, expires_at)
    VALUES (session_hash, m.id, m.agency_id, 1, network, clock_timestamp(), clock_timestamp(), clock_timestamp(),
      clock_timestamp() + interval '12 hours');
  PERFORM app.give_back_tries(keys, kinds);
  PERFORM app.account_event('session.started', NULL, NULL, '{}', origin, app.context_of(m.id, app.session_name(session_hash)));
  RETURN true;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Sessions that may not have the second factor yet

/* The session with this hash while it lives, whatever its strength. */
CREATE FUNCTION app.living_session(wanted bytea) RETURNS public.session
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s FROM public.session s JOIN public.agency a ON a.id = s.agency_id
    JOIN public.member m ON m.id = s.member_id AND m.agency_id = s.agency_id AND m.status = 'active'
  WHERE s.hash = wanted AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
    AND s.last_seen_at + make_interval(mins => a.idle_minutes) > clock_timestamp()
$$;

/*
 * Whether this session may add a second factor: the first one with the password alone, soon after it; a further one only with the
 * strength that is asked for, and freshly shown. 'ok', 'ended' or 'step_up'.
 */
CREATE FUNCTION app.may_enrol(s public.session) RETURNS text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF s.hash IS NULL OR (s.strength < 2 AND app.has_factor(s.member_id)) THEN RETURN 'ended'; END IF;
  IF s.proven_at < clock_timestamp() - (CASE WHEN s.strength < app.required_strength(s.member_id) THEN interval '30 minutes' ELSE interval '5 minutes' END)
  THEN RETURN 'step_up'; END IF;
  RETURN 'ok';
END
$$;

/* What the pages of the second factor may know of whoever has this session. */
CREATE FUNCTION app.sign_in_state(wanted bytea) RETURNS TABLE (
  member_id uuid, agency_id uuid, code text, email text, strength int, required int, enrol text, apps int, passkeys int, codes_left int
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.id, m.agency_id, m.code, m.email, s.strength, app.required_strength(m.id),
    app.may_enrol(s),
    (SELECT count(*)::int FROM public.second_factor f WHERE f.agency_id = m.agency_id AND f.member_id = m.id AND f.kind = 'app' AND f.confirmed_at IS NOT NULL),
    (SELECT count(*)::int FROM public.second_factor f WHERE f.agency_id = m.agency_id AND f.member_id = m.id AND f.kind = 'passkey'),
    (SELECT count(*)::int FROM public.recovery_code r WHERE r.agency_id = m.agency_id AND r.member_id = m.id AND r.used_at IS NULL)
  FROM app.living_session(wanted) s JOIN public.member m ON m.id = s.member_id
$$;

/* Lets a session go on under a new id, freshly shown and with a second factor. */
CREATE FUNCTION app.strengthen_session(old_session bytea, new_session bytea) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.session SET hash = new_session, strength = 2, proven_at = clock_timestamp(), last_seen_at = clock_timestamp(),
    challenge = NULL, challenge_at = NULL WHERE hash = old_session
$$;

/* Ends every other session and every token of a member whose second factor changed (requirement A07). */
CREATE FUNCTION app.end_other_credentials(wanted_member uuid, kept bytea, reason text) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.session SET ended_at = clock_timestamp(), ended_reason = reason
    WHERE member_id = wanted_member AND ended_at IS NULL AND hash <> kept;
  UPDATE public.api_token SET ended_at = clock_timestamp() WHERE member_id = wanted_member AND ended_at IS NULL;
$$;

/* The context of events about a session that has shown, or is showing, its second factor. */
CREATE FUNCTION app.context_with_factor(wanted_member uuid, session_hash bytea) RETURNS app.actor_context
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context_of(wanted_member, app.session_name(session_hash));
BEGIN
  ctx.strength := 2;
  RETURN ctx;
END
$$;

CREATE FUNCTION app.factor_added(s public.session, new_session bytea, kind text, origin jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.strengthen_session(s.hash, new_session);
  PERFORM app.end_other_credentials(s.member_id, new_session, 'factor_changed');
  PERFORM app.account_event('member.factor-added', NULL, (SELECT m.code FROM public.member m WHERE m.id = s.member_id), ARRAY[kind], origin,
    app.context_with_factor(s.member_id, new_session));
  PERFORM app.tell_member(s.member_id, 'account.factor-added');
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Adding

/* Keeps the sealed secret of an authenticator app until its first code shows that it was taken over. */
CREATE FUNCTION app.begin_app(session_hash bytea, new_id uuid, new_sealed bytea) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s public.session := app.living_session(session_hash);
  answer text := app.may_enrol(s);
BEGIN
  IF answer <> 'ok' THEN RETURN answer; END IF;
  DELETE FROM public.second_factor f WHERE f.agency_id = s.agency_id AND f.member_id = s.member_id AND f.confirmed_at IS NULL;
  IF (SELECT count(*) FROM public.second_factor f WHERE f.agency_id = s.agency_id AND f.member_id = s.member_id) >= 10 THEN RETURN 'too_many'; END IF;
  INSERT INTO public.second_factor (id, member_id, agency_id, kind, name, sealed)
    VALUES (new_id, s.member_id, s.agency_id, 'app', '', new_sealed);
  RETURN 'ok';
END
$$;

CREATE FUNCTION app.pending_app(session_hash bytea) RETURNS TABLE (id uuid, agency_id uuid, sealed bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT f.id, f.agency_id, f.sealed FROM app.living_session(session_hash) s JOIN public.second_factor f ON f.agency_id = s.agency_id AND f.member_id = s.member_id
  WHERE f.confirmed_at IS NULL AND f.kind = 'app' AND app.may_enrol(s) = 'ok'
$$;

CREATE FUNCTION app.confirm_app(session_hash bytea, wanted uuid, step bigint, new_session bytea, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s public.session := app.living_session(session_hash);
  answer text := app.may_enrol(s);
BEGIN
  IF answer <> 'ok' THEN RETURN answer; END IF;
  UPDATE public.second_factor f SET confirmed_at = clock_timestamp(), last_used_at = clock_timestamp(), last_step = step
    WHERE f.id = wanted AND f.agency_id = s.agency_id AND f.member_id = s.member_id AND f.kind = 'app' AND f.confirmed_at IS NULL;
  IF NOT FOUND THEN RETURN 'ended'; END IF;
  PERFORM app.factor_added(s, new_session, 'app', origin);
  RETURN 'ok';
END
$$;

CREATE FUNCTION app.keep_challenge(session_hash bytea, new_challenge bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s public.session := app.living_session(session_hash);
BEGIN
  IF s.hash IS NULL THEN RETURN false; END IF;
  UPDATE public.session SET challenge = new_challenge, challenge_at = clock_timestamp() WHERE hash = s.hash;
  RETURN true;
END
$$;

/* Gives the challenge back once, within five minutes. */
CREATE FUNCTION app.take_challenge(session_hash bytea) RETURNS bytea
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  taken record;
BEGIN
  SELECT s.challenge, s.challenge_at INTO taken FROM public.session s WHERE s.hash = session_hash FOR UPDATE;
  UPDATE public.session SET challenge = NULL, challenge_at = NULL WHERE hash = session_hash;
  RETURN CASE WHEN taken.challenge_at > clock_timestamp() - interval '5 minutes' THEN taken.challenge END;
END
$$;

CREATE FUNCTION app.add_passkey(
  session_hash bytea, new_id uuid, new_name text, new_credential bytea, new_key bytea, new_count bigint, new_transports text[], new_session bytea, origin jsonb
) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s public.session := app.living_session(session_hash);
  answer text := app.may_enrol(s);
BEGIN
  IF answer <> 'ok' THEN RETURN answer; END IF;
  IF (SELECT count(*) FROM public.second_factor f WHERE f.agency_id = s.agency_id AND f.member_id = s.member_id) >= 10 THEN RETURN 'too_many'; END IF;
  INSERT INTO public.second_factor (id, member_id, agency_id, kind, name, credential_id, public_key, sign_count, transports, confirmed_at, last_used_at)
    VALUES (new_id, s.member_id, s.agency_id, 'passkey', left(new_name, 60), new_credential, new_key, new_count, new_transports[1:10],
      clock_timestamp(), clock_timestamp())
    ON CONFLICT (credential_id) DO NOTHING;
  IF NOT FOUND THEN RETURN 'known'; END IF;
  PERFORM app.factor_added(s, new_session, 'passkey', origin);
  RETURN 'ok';
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Showing

/* What a code or a passkey is to be checked against. */
CREATE FUNCTION app.factors_of(session_hash bytea) RETURNS TABLE (
  id uuid, agency_id uuid, member_id uuid, kind text, name text, sealed bytea, last_step bigint, credential_id bytea, public_key bytea, sign_count bigint,
  transports text[], created_at timestamptz, last_used_at timestamptz
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT f.id, f.agency_id, f.member_id, f.kind, f.name, f.sealed, f.last_step, f.credential_id, f.public_key, f.sign_count, f.transports, f.created_at, f.last_used_at
  FROM app.living_session(session_hash) s JOIN public.second_factor f ON f.agency_id = s.agency_id AND f.member_id = s.member_id
  WHERE f.confirmed_at IS NOT NULL ORDER BY f.created_at
$$;

CREATE FUNCTION app.factor_shown(s public.session, new_session bytea, kind text, origin jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.strengthen_session(s.hash, new_session);
  PERFORM app.account_event(CASE WHEN s.strength < 2 THEN 'session.strengthened' ELSE 'session.confirmed' END, NULL, app.session_name(s.hash),
    ARRAY[kind], origin, app.context_with_factor(s.member_id, new_session));
END
$$;

/* Takes a code of an authenticator app, each of its half minutes once (requirement A04); the comparison and the change are one statement. */
CREATE FUNCTION app.show_app(session_hash bytea, wanted uuid, step bigint, new_sealed bytea, new_session bytea, keys bytea[], kinds text[], origin jsonb)
  RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s public.session := app.living_session(session_hash);
BEGIN
  UPDATE public.second_factor f SET last_step = step, last_used_at = clock_timestamp(), sealed = coalesce(new_sealed, f.sealed)
    WHERE f.id = wanted AND f.agency_id = s.agency_id AND f.member_id = s.member_id AND f.kind = 'app' AND f.confirmed_at IS NOT NULL
      AND (f.last_step IS NULL OR f.last_step < step);
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.give_back_tries(keys, kinds);
  PERFORM app.factor_shown(s, new_session, 'app', origin);
  RETURN true;
END
$$;

/* Takes an answer of a passkey. A counter that does not grow is that of a copy, unless the key counts nothing at all. */
CREATE FUNCTION app.show_passkey(session_hash bytea, wanted uuid, new_count bigint, new_session bytea, origin jsonb)
  RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s public.session := app.living_session(session_hash);
BEGIN
  UPDATE public.second_factor f SET sign_count = new_count, last_used_at = clock_timestamp()
    WHERE f.id = wanted AND f.agency_id = s.agency_id AND f.member_id = s.member_id AND f.kind = 'passkey'
      AND (f.sign_count < new_count OR (f.sign_count = 0 AND new_count = 0));
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.factor_shown(s, new_session, 'passkey', origin);
  RETURN true;
END
$$;

/* Takes a recovery code, once, and tells its member. `hashes` are the digests of one code under each key that there has been. */
CREATE FUNCTION app.show_recovery_code(session_hash bytea, hashes bytea[], new_session bytea, keys bytea[], kinds text[], origin jsonb)
  RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s public.session := app.living_session(session_hash);
BEGIN
  UPDATE public.recovery_code r SET used_at = clock_timestamp()
    WHERE r.hash = ANY (hashes) AND r.agency_id = s.agency_id AND r.member_id = s.member_id AND r.used_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.give_back_tries(keys, kinds);
  PERFORM app.factor_shown(s, new_session, 'recovery-code', origin);
  PERFORM app.account_event('member.recovery-code-used', NULL, (SELECT m.code FROM public.member m WHERE m.id = s.member_id), '{}', origin,
    app.context_with_factor(s.member_id, new_session));
  PERFORM app.tell_member(s.member_id, 'account.recovery-code-used');
  RETURN true;
END
$$;

/* Makes a session fresh with the password, of members without a second factor only: for the others it is not enough. */
CREATE OR REPLACE FUNCTION app.confirm_with_password(old_session bytea, new_session bytea, verified_hash text, keys bytea[], kinds text[], origin jsonb)
  RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s public.session := app.living_session(old_session);
BEGIN
  IF s.hash IS NULL OR s.strength < app.required_strength(s.member_id) OR app.has_factor(s.member_id)
    OR NOT EXISTS (SELECT 1 FROM public.credential c WHERE c.member_id = s.member_id AND c.password_hash = verified_hash) THEN RETURN false; END IF;
  UPDATE public.session x SET hash = new_session, proven_at = clock_timestamp(), last_seen_at = clock_timestamp() WHERE x.hash = s.hash;
  PERFORM app.give_back_tries(keys, kinds);
  PERFORM app.account_event('session.confirmed', NULL, app.session_name(old_session), ARRAY['password'], origin,
    app.context_of(s.member_id, app.session_name(new_session)));
  RETURN true;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Recovery codes and removal, by the member: under a context, freshly shown

CREATE FUNCTION app.make_recovery_codes(hashes bytea[], origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF NOT app.is_fresh() THEN RETURN 'step_up'; END IF;
  IF NOT app.has_factor(ctx.member_id) THEN RETURN 'no_factor'; END IF;
  DELETE FROM public.recovery_code r WHERE r.agency_id = ctx.agency_id AND r.member_id = ctx.member_id;
  INSERT INTO public.recovery_code (hash, member_id, agency_id) SELECT h, ctx.member_id, ctx.agency_id FROM unnest(hashes) h;
  PERFORM app.account_event('member.recovery-codes-made', NULL, (SELECT m.code FROM public.member m WHERE m.id = ctx.member_id), '{}', origin, ctx);
  RETURN 'ok';
END
$$;

CREATE FUNCTION app.remove_own_factor(wanted uuid, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  removed record;
  this_session bytea;
BEGIN
  IF NOT app.is_fresh() THEN RETURN 'step_up'; END IF;
  PERFORM 1 FROM public.member m WHERE m.id = ctx.member_id FOR UPDATE;
  SELECT f.kind INTO removed FROM public.second_factor f
    WHERE f.id = wanted AND f.agency_id = ctx.agency_id AND f.member_id = ctx.member_id AND f.confirmed_at IS NOT NULL;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF NOT EXISTS (SELECT 1 FROM public.second_factor f
    WHERE f.id <> wanted AND f.agency_id = ctx.agency_id AND f.member_id = ctx.member_id AND f.confirmed_at IS NOT NULL) THEN
    IF NOT EXISTS (SELECT 1 FROM public.second_factor_waiver w WHERE w.agency_id = ctx.agency_id) THEN RETURN 'last_factor'; END IF;
    DELETE FROM public.recovery_code r WHERE r.agency_id = ctx.agency_id AND r.member_id = ctx.member_id;
  END IF;
  DELETE FROM public.second_factor f WHERE f.id = wanted;
  SELECT s.hash INTO this_session FROM public.session s
    WHERE s.agency_id = ctx.agency_id AND s.member_id = ctx.member_id AND s.ended_at IS NULL AND app.session_name(s.hash) = ctx.session;
  PERFORM app.end_other_credentials(ctx.member_id, this_session, 'factor_changed');
  PERFORM app.account_event('member.factor-removed', NULL, (SELECT m.code FROM public.member m WHERE m.id = ctx.member_id), ARRAY[removed.kind], origin, ctx);
  PERFORM app.tell_member(ctx.member_id, 'account.factor-removed');
  RETURN 'ok';
END
$$;

/* Ends every session of one's own but the present one; how many there were. */
CREATE FUNCTION app.end_own_other_sessions(origin jsonb) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  ended bytea;
  n int := 0;
BEGIN
  FOR ended IN
    UPDATE public.session s SET ended_at = clock_timestamp(), ended_reason = 'ended_by_member'
      WHERE s.agency_id = ctx.agency_id AND s.member_id = ctx.member_id AND s.ended_at IS NULL AND app.session_name(s.hash) <> ctx.session RETURNING s.hash
  LOOP
    PERFORM app.account_event('session.ended', NULL, app.session_name(ended), '{}', origin, ctx);
    n := n + 1;
  END LOOP;
  RETURN n;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- By an administrator of the same agency (requirement A12), never about themselves

CREATE FUNCTION app.own_administrator() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.session LIKE 'session:%' AND c.roles && ARRAY['agency_admin', 'system_admin'] FROM app.context() c WHERE c.agency_id IS NOT NULL
$$;

/* A colleague's living sessions. */
CREATE FUNCTION app.sessions_of(target uuid) RETURNS TABLE (handle text, started_at timestamptz, seen_at timestamptz, network text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT encode(substring(s.hash FROM 1 FOR 6), 'hex'), s.created_at, s.last_seen_at, s.network_prefix
  FROM public.session s JOIN public.agency a ON a.id = s.agency_id
  WHERE app.own_administrator() AND s.agency_id = (app.context()).agency_id AND s.member_id = target AND s.ended_at IS NULL
    AND s.expires_at > clock_timestamp() AND s.last_seen_at + make_interval(mins => a.idle_minutes) > clock_timestamp()
  ORDER BY s.last_seen_at DESC
$$;

CREATE FUNCTION app.end_session_of(target uuid, handle text, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  ended bytea;
BEGIN
  IF NOT coalesce(app.own_administrator(), false) THEN RETURN false; END IF;
  UPDATE public.session s SET ended_at = clock_timestamp(), ended_reason = 'ended_by_administrator'
    WHERE s.agency_id = ctx.agency_id AND s.member_id = target AND s.ended_at IS NULL
      AND encode(substring(s.hash FROM 1 FOR 6), 'hex') = handle RETURNING s.hash INTO ended;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.account_event('session.ended', NULL, app.session_name(ended), '{}', origin, ctx);
  RETURN true;
END
$$;

/* What an administrator may know of a colleague's second factor: that it is there, never what it is. */
CREATE FUNCTION app.factor_state_of(target uuid) RETURNS TABLE (apps int, passkeys int, codes_left int, required boolean, asked_at timestamptz, asked_by text, asked_by_me boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT
    (SELECT count(*)::int FROM public.second_factor f WHERE f.agency_id = m.agency_id AND f.member_id = m.id AND f.kind = 'app' AND f.confirmed_at IS NOT NULL),
    (SELECT count(*)::int FROM public.second_factor f WHERE f.agency_id = m.agency_id AND f.member_id = m.id AND f.kind = 'passkey'),
    (SELECT count(*)::int FROM public.recovery_code r WHERE r.agency_id = m.agency_id AND r.member_id = m.id AND r.used_at IS NULL),
    app.required_strength(m.id) > 1, r.asked_at, b.display_name, r.asked_by_id = (app.context()).member_id
  FROM public.member m
  LEFT JOIN public.factor_reset r ON r.agency_id = m.agency_id AND r.member_id = m.id AND r.asked_at > clock_timestamp() - interval '24 hours'
  LEFT JOIN public.member b ON b.id = r.asked_by_id
  WHERE app.own_administrator() AND m.id = target AND m.agency_id = (app.context()).agency_id
$$;

/* Takes away every second factor of a member, with all sessions and tokens; whoever calls has decided that it may. */
CREATE FUNCTION app.take_factors(target uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  n int;
BEGIN
  DELETE FROM public.second_factor f USING public.member m WHERE m.id = target AND f.agency_id = m.agency_id AND f.member_id = m.id;
  GET DIAGNOSTICS n = ROW_COUNT;
  DELETE FROM public.recovery_code r USING public.member m WHERE m.id = target AND r.agency_id = m.agency_id AND r.member_id = m.id;
  DELETE FROM public.factor_reset r WHERE r.member_id = target;
  PERFORM app.end_credentials(target, 'factor_changed');
  PERFORM app.tell_member(target, 'account.factors-reset');
  RETURN n > 0;
END
$$;

/*
 * Removes a lost second factor, by two administrators: the first asks, another confirms within a day. One alone would need no more
 * than a colleague's password to become them.
 */
CREATE FUNCTION app.reset_factors(target uuid, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  m record;
  asked record;
BEGIN
  IF NOT coalesce(app.own_administrator(), false) THEN RETURN 'not_found'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'step_up'; END IF;
  SELECT x.id, x.code, x.agency_id INTO m FROM public.member x WHERE x.id = target AND x.agency_id = ctx.agency_id FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF m.id = ctx.member_id THEN RETURN 'own_record'; END IF;
  IF NOT app.has_factor(m.id) THEN RETURN 'wrong_state'; END IF;
  SELECT r.asked_by_id INTO asked FROM public.factor_reset r WHERE r.member_id = m.id AND r.asked_at > clock_timestamp() - interval '24 hours';
  IF NOT FOUND THEN
    INSERT INTO public.factor_reset AS r (member_id, agency_id, asked_by_id) VALUES (m.id, m.agency_id, ctx.member_id)
      ON CONFLICT (member_id) DO UPDATE SET asked_by_id = excluded.asked_by_id, asked_at = clock_timestamp();
    PERFORM app.account_event('member.factor-reset-asked', NULL, m.code, '{}', origin, ctx);
    PERFORM app.tell_member(m.id, 'account.factor-reset-asked');
    RETURN 'asked';
  END IF;
  IF asked.asked_by_id = ctx.member_id THEN RETURN 'second_person'; END IF;
  PERFORM app.take_factors(m.id);
  PERFORM app.account_event('member.factors-reset', NULL, m.code, '{}', origin, ctx);
  RETURN 'ok';
END
$$;

/* The operator's command, where there is no second administrator; it runs as the owner and is recorded as the operator's. */
CREATE FUNCTION app.operator_reset_factors(target uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT app.take_factors(target) THEN RETURN false; END IF;
  PERFORM app.operator_event('member.factors-reset', (SELECT m.code FROM public.member m WHERE m.id = target), '{}', target, NULL);
  RETURN true;
END
$$;

/* Whether an agency asks for a second factor; for the system administrator. */
CREATE FUNCTION app.asks_for_factor(wanted_agency uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN app.holds_role('system_admin') THEN NOT EXISTS (SELECT 1 FROM public.second_factor_waiver w WHERE w.agency_id = wanted_agency) END
$$;

CREATE FUNCTION app.ask_for_factor(wanted_agency uuid, wanted boolean, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  wanted_key text := (SELECT a.key FROM public.agency a WHERE a.id = wanted_agency);
BEGIN
  IF ctx IS NULL OR NOT 'system_admin' = ANY (ctx.roles) OR ctx.session NOT LIKE 'session:%' THEN RETURN 'forbidden'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'step_up'; END IF;
  IF wanted_key IS NULL THEN RETURN 'not_found'; END IF;
  IF wanted THEN
    DELETE FROM public.second_factor_waiver w WHERE w.agency_id = wanted_agency;
  ELSE
    INSERT INTO public.second_factor_waiver (agency_id) VALUES (wanted_agency) ON CONFLICT DO NOTHING;
  END IF;
  IF FOUND THEN
    PERFORM app.account_event(CASE WHEN wanted THEN 'agency.second-factor-required' ELSE 'agency.second-factor-waived' END, NULL, wanted_key,
      ARRAY['secondFactor'], origin, ctx);
  END IF;
  RETURN 'ok';
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- A forgotten password (requirements A06, A13). What is asked for is one sealed row, for known and unknown addresses alike; the worker
-- opens it later and makes the link.

CREATE FUNCTION app.ask_reset(new_id uuid, new_sealed bytea, keys bytea[], kinds text[]) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  wait int := app.take_tries(keys, kinds);
BEGIN
  IF wait > 0 THEN RETURN wait; END IF;
  INSERT INTO public.reset_request (id, sealed) VALUES (new_id, new_sealed);
  PERFORM app.enqueue('password-reset', jsonb_build_object('request', new_id));
  RETURN 0;
END
$$;

/* The same by an administrator, for a colleague who can sign in. */
CREATE FUNCTION app.ask_reset_for(target uuid, new_id uuid, new_sealed bytea, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  m record;
BEGIN
  IF NOT coalesce(app.own_administrator(), false) THEN RETURN 'not_found'; END IF;
  IF NOT app.is_fresh() THEN RETURN 'step_up'; END IF;
  SELECT x.id, x.code, x.status INTO m FROM public.member x WHERE x.id = target AND x.agency_id = ctx.agency_id;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF m.status <> 'active' THEN RETURN 'wrong_state'; END IF;
  INSERT INTO public.reset_request (id, sealed) VALUES (new_id, new_sealed);
  PERFORM app.enqueue('password-reset', jsonb_build_object('request', new_id));
  PERFORM app.account_event('member.password-reset-sent', NULL, m.code, '{}', origin, ctx);
  RETURN 'ok';
END
$$;

/* What a request holds, within ten minutes; the older ones go. */
CREATE FUNCTION app.find_reset_request(request uuid) RETURNS TABLE (sealed bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  DELETE FROM public.reset_request r WHERE r.created_at < clock_timestamp() - interval '10 minutes';
  RETURN QUERY SELECT r.sealed FROM public.reset_request r WHERE r.id = request;
END
$$;

/* Makes the link of a request; where to send it, or nothing for an address that nobody active has. The link before it stops working. */
CREATE FUNCTION app.make_reset(request uuid, wanted_email text, reset_hash bytea) RETURNS TABLE (email text, locale text)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  m record;
BEGIN
  PERFORM 1 FROM public.reset_request r WHERE r.id = request FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT x.id, x.agency_id, x.code, x.email, x.locale INTO m FROM public.member x JOIN public.credential c ON c.member_id = x.id
    WHERE x.email = lower(wanted_email) AND x.status = 'active';
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE public.password_reset p SET used_at = clock_timestamp() WHERE p.agency_id = m.agency_id AND p.member_id = m.id AND p.used_at IS NULL;
  INSERT INTO public.password_reset (hash, member_id, agency_id, expires_at)
    VALUES (reset_hash, m.id, m.agency_id, clock_timestamp() + interval '10 minutes');
  PERFORM app.account_event('member.password-reset-asked', NULL, m.code, '{}', '{}', app.context_of(m.id, 'reset'));
  RETURN QUERY SELECT m.email, m.locale;
END
$$;

CREATE FUNCTION app.end_reset_request(request uuid) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  DELETE FROM public.reset_request WHERE id = request
$$;

/* Whom a link is for, and whether the password will stand beside a second factor. One that is used, too old or never was reads the same. */
CREATE FUNCTION app.find_reset(wanted bytea) RETURNS TABLE (email text, display_name text, agency_name text, beside_factor boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.email, m.display_name, a.name, app.asks_second_factor(m.id)
  FROM public.password_reset p JOIN public.member m ON m.id = p.member_id AND m.agency_id = p.agency_id JOIN public.agency a ON a.id = m.agency_id
  WHERE p.hash = wanted AND p.used_at IS NULL AND p.expires_at > clock_timestamp() AND m.status = 'active'
$$;

/* Sets a new password by a link, once. Every session and token ends; a second factor is asked for at the next sign-in as ever. */
CREATE FUNCTION app.complete_reset(wanted bytea, new_hash text, is_long boolean, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  whose uuid;
  m record;
BEGIN
  UPDATE public.password_reset p SET used_at = clock_timestamp()
    WHERE p.hash = wanted AND p.used_at IS NULL AND p.expires_at > clock_timestamp() RETURNING p.member_id INTO whose;
  IF NOT FOUND THEN RETURN false; END IF;
  SELECT x.id, x.code INTO m FROM public.member x WHERE x.id = whose AND x.status = 'active' FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE public.credential c SET password_hash = new_hash, changed_at = clock_timestamp(), stands_alone = is_long WHERE c.member_id = m.id;
  PERFORM app.end_credentials(m.id, 'password_changed');
  PERFORM app.account_event('member.password-reset', NULL, m.code, ARRAY['password'], origin, app.context_of(m.id, 'reset'));
  PERFORM app.tell_member(m.id, 'account.password-changed');
  RETURN true;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Kept forms are of sessions that may open something: whoever knows the password alone neither plants one nor reads one.

CREATE OR REPLACE FUNCTION app.keep_form(session_hash bytea, new_id uuid, form_path text, form_sealed bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s record;
BEGIN
  SELECT x.member_id, x.agency_id INTO s FROM public.session x JOIN public.member m ON m.id = x.member_id AND m.status = 'active'
    WHERE x.hash = session_hash AND x.created_at > clock_timestamp() - interval '2 days' AND x.strength >= app.required_strength(x.member_id);
  IF NOT FOUND OR octet_length(form_sealed) > 1200000 THEN RETURN false; END IF;
  DELETE FROM public.kept_form k WHERE k.member_id = s.member_id AND (k.expires_at < clock_timestamp() OR k.id NOT IN (
    SELECT y.id FROM public.kept_form y WHERE y.member_id = s.member_id ORDER BY y.created_at DESC LIMIT 19));
  INSERT INTO public.kept_form (id, member_id, agency_id, path, sealed, created_at, expires_at)
    VALUES (new_id, s.member_id, s.agency_id, left(form_path, 500), form_sealed, clock_timestamp(), clock_timestamp() + interval '1 day');
  RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION app.take_kept_form(session_hash bytea, form_path text) RETURNS TABLE (id uuid, sealed bytea)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  DELETE FROM public.kept_form k WHERE k.id = (
    SELECT y.id FROM public.kept_form y
    JOIN public.session s ON s.member_id = y.member_id AND s.agency_id = y.agency_id
    WHERE s.hash = session_hash AND s.ended_at IS NULL AND s.expires_at > clock_timestamp() AND s.strength >= app.required_strength(s.member_id)
      AND y.path = form_path AND y.expires_at > clock_timestamp()
    ORDER BY y.created_at DESC LIMIT 1)
  RETURNING k.id, k.sealed
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Passwords know whether they may stand alone

DROP FUNCTION app.change_password(text, text, jsonb);
CREATE FUNCTION app.change_password(verified_hash text, new_hash text, is_long boolean, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR ctx.session NOT LIKE 'session:%' THEN RETURN false; END IF;
  UPDATE public.credential c SET password_hash = new_hash, changed_at = clock_timestamp(), stands_alone = is_long
    WHERE c.member_id = ctx.member_id AND c.password_hash = verified_hash;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.account_event('member.password-changed', NULL, (SELECT m.code FROM public.member m WHERE m.id = ctx.member_id), ARRAY['password'], origin, ctx);
  PERFORM app.tell_member(ctx.member_id, 'account.password-changed');
  RETURN true;
END
$$;

/* Whether the password of whoever asks stands beside a second factor. */
CREATE FUNCTION app.own_beside_factor() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT app.asks_second_factor((app.context()).member_id)
$$;

DROP FUNCTION app.find_invitation(bytea);
CREATE FUNCTION app.find_invitation(wanted bytea) RETURNS TABLE (email text, display_name text, agency_name text, locale text, beside_factor boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.email, m.display_name, a.name, m.locale, app.asks_second_factor(m.id)
  FROM public.invitation i JOIN public.member m ON m.id = i.member_id JOIN public.agency a ON a.id = m.agency_id
  WHERE i.hash = wanted AND i.used_at IS NULL AND i.expires_at > clock_timestamp() AND m.status = 'invited'
$$;

DROP FUNCTION app.accept_invitation(bytea, text, jsonb);
CREATE FUNCTION app.accept_invitation(wanted bytea, new_password_hash text, is_long boolean, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  whose uuid;
  joined record;
BEGIN
  UPDATE public.invitation i SET used_at = clock_timestamp()
    WHERE i.hash = wanted AND i.used_at IS NULL AND i.expires_at > clock_timestamp() RETURNING i.member_id INTO whose;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE public.member m SET status = 'active', version = m.version + 1 WHERE m.id = whose AND m.status = 'invited'
    RETURNING m.id, m.agency_id, m.code INTO joined;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO public.credential AS c (member_id, agency_id, password_hash, changed_at, stands_alone)
    VALUES (joined.id, joined.agency_id, new_password_hash, clock_timestamp(), is_long)
    ON CONFLICT (member_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at, stands_alone = excluded.stands_alone;
  UPDATE public.invitation i SET used_at = clock_timestamp() WHERE i.member_id = joined.id AND i.used_at IS NULL;
  PERFORM app.account_event('member.joined', NULL, joined.code, ARRAY['password', 'status'], origin, app.context_of(joined.id, 'invitation'));
  RETURN true;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Callers

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname = ANY (ARRAY['waive_in_demonstration', 'has_factor', 'required_strength', 'take_tries', 'tell_member',
             'knows_network', 'living_session', 'sign_in_state', 'may_enrol', 'strengthen_session', 'end_other_credentials', 'context_with_factor',
             'factor_added', 'begin_app', 'pending_app', 'confirm_app', 'keep_challenge', 'take_challenge', 'add_passkey', 'factors_of', 'factor_shown',
             'show_app', 'show_passkey', 'show_recovery_code', 'make_recovery_codes', 'remove_own_factor', 'end_own_other_sessions', 'own_administrator',
             'sessions_of', 'end_session_of', 'factor_state_of', 'take_factors', 'reset_factors', 'operator_reset_factors', 'asks_for_factor',
             'ask_for_factor', 'ask_reset', 'ask_reset_for', 'find_reset_request', 'make_reset', 'end_reset_request', 'find_reset', 'asks_second_factor',
             'complete_reset', 'change_password', 'own_beside_factor', 'find_invitation', 'accept_invitation']) LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('sign_in_state', 'begin_app', 'pending_app', 'confirm_app', 'keep_challenge', 'take_challenge', 'add_passkey', 'factors_of',
        'take_tries', 'show_app', 'show_passkey', 'show_recovery_code', 'ask_reset', 'find_reset', 'complete_reset', 'find_invitation',
        'accept_invitation') THEN '{app,definer}'
      WHEN f.proname IN ('make_recovery_codes', 'remove_own_factor', 'end_own_other_sessions', 'change_password', 'own_beside_factor')
        THEN '{member,desk,auditor}'
      WHEN f.proname IN ('sessions_of', 'end_session_of', 'factor_state_of', 'reset_factors', 'asks_for_factor', 'ask_for_factor', 'ask_reset_for')
        THEN '{member}'
      WHEN f.proname IN ('find_reset_request', 'make_reset', 'end_reset_request') THEN '{worker}'
      ELSE '{definer}'
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', '))
             FROM unnest(callers::text[]) c);
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.operator_reset_factors(uuid), app.required_strength(uuid), app.has_factor(uuid), app.waive_in_demonstration() TO %I',
    session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER agency_waived AFTER INSERT ON public.agency FOR EACH ROW EXECUTE FUNCTION app.waive_in_demonstration();
