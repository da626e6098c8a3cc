-- Sign-in, invitations, members, agencies, tokens. Each function does the one thing; the application's role has no right
-- on the tables behind them. Times are real ones throughout: the moved clock moves no session, token or invitation.

-- The line that a redirect carries goes by a cookie, which also serves pages before sign-in.
ALTER TABLE public.session DROP COLUMN flash;

-- People and addresses see codes; ids stay inside.
ALTER TABLE public.member ADD COLUMN code text NOT NULL DEFAULT app.new_code('MBR');
CREATE UNIQUE INDEX member_code_key ON public.member (code);

CREATE INDEX throttle_open_at_idx ON public.throttle (open_at);

INSERT INTO public.audit_event_type (type, action) VALUES
  ('member.reinvited', 'update'), ('network.created', 'create'), ('agency.listed', 'list'), ('member.listed', 'list');

-- ---------------------------------------------------------------------------------------------------------------
-- Roles

/* Whether one member may hold these roles together; lib/access/permissions.ts says the same. */
CREATE FUNCTION app.roles_together(roles public.role[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT cardinality(roles) > 0
    AND cardinality(roles) = (SELECT count(DISTINCT r) FROM unnest(roles) r)
    AND (cardinality(roles) = 1 OR NOT roles && ARRAY['coordinator', 'auditor', 'system_admin']::public.role[])
$$;

-- Holds whoever writes the row, and by whichever path.
ALTER TABLE public.member ADD CONSTRAINT member_roles_together CHECK (app.roles_together(roles));
ALTER TABLE public.member ADD CONSTRAINT member_email_lower CHECK (email = lower(email));

/* Whether a body of this kind may have a member with these roles: cases and system administration never meet. */
CREATE FUNCTION app.roles_fit(roles text[], kind public.agency_kind) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN roles <@ enum_range(NULL::public.role)::text[] THEN app.roles_together(roles::public.role[]) ELSE false END
    AND CASE WHEN kind = 'operator' THEN roles = ARRAY['system_admin'] ELSE NOT 'system_admin' = ANY (roles) END
    AND (NOT 'auditor' = ANY (roles) OR kind = 'oversight')
    AND (NOT 'coordinator' = ANY (roles) OR kind IN ('government', 'intergovernmental', 'oversight'))
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- What ends sessions and tokens at once (requirement A07)

CREATE FUNCTION app.end_credentials(wanted_member uuid, reason text) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.session SET ended_at = clock_timestamp(), ended_reason = reason WHERE member_id = wanted_member AND ended_at IS NULL;
  UPDATE public.api_token SET ended_at = clock_timestamp() WHERE member_id = wanted_member AND ended_at IS NULL;
$$;

CREATE FUNCTION app.member_moved() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF (OLD.status, OLD.roles, OLD.unit_id, OLD.agency_id, OLD.email) IS DISTINCT FROM (NEW.status, NEW.roles, NEW.unit_id, NEW.agency_id, NEW.email) THEN
    PERFORM app.end_credentials(NEW.id, CASE WHEN NEW.status = 'active' THEN 'member_changed' ELSE 'member_left' END);
  END IF;
  IF NEW.status = 'deactivated' THEN
    UPDATE public.invitation SET used_at = clock_timestamp() WHERE member_id = NEW.id AND used_at IS NULL;
    DELETE FROM public.kept_form WHERE member_id = NEW.id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER member_ends_credentials AFTER UPDATE ON public.member FOR EACH ROW EXECUTE FUNCTION app.member_moved();

CREATE FUNCTION app.password_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.end_credentials(NEW.member_id, 'password_changed');
  RETURN NULL;
END
$$;
-- A hash made anew at sign-in leaves `changed_at`, since the password stays the same.
CREATE TRIGGER credential_ends_sessions AFTER UPDATE ON public.credential FOR EACH ROW
  WHEN (OLD.changed_at IS DISTINCT FROM NEW.changed_at) EXECUTE FUNCTION app.password_changed();

-- ---------------------------------------------------------------------------------------------------------------
-- Events of someone who does not act through a context: at sign-in, by invitation, by the operator's command

CREATE FUNCTION app.context_of(wanted_member uuid, session text) RETURNS app.actor_context
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  m record;
BEGIN
  SELECT x.id, x.agency_id, x.unit_id, x.roles::text[] AS roles, a.network_id INTO m
    FROM public.member x JOIN public.agency a ON a.id = x.agency_id WHERE x.id = wanted_member;
  RETURN ROW(m.agency_id, m.id, m.unit_id, m.network_id, coalesce(m.roles, '{}'), session, 1, 0)::app.actor_context;
END
$$;

/* Writes an event about an account; of where the request came from, only these two things are taken over. */
CREATE FUNCTION app.account_event(event_type text, event_outcome text, event_subject text, event_fields text[], origin jsonb, ctx app.actor_context)
  RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.write_event(jsonb_build_object('type', event_type, 'outcome', coalesce(event_outcome, 'success'), 'subject', event_subject,
    'fields', to_jsonb(event_fields), 'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)), ctx);
END
$$;

CREATE FUNCTION app.session_name(hash bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT 'session:' || encode(substring(hash FROM 1 FOR 6), 'hex')
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Sign-in

/*
 * Begins a sign-in: takes a place in each of the counters, then answers with the hash to check, which is null for an unknown address,
 * an invited or deactivated member and a bare account alike. While a counter is closed it answers with the seconds to wait, and
 * tries in that time count for nothing, so that a stranger can slow an account down but never shut it for good.
 *
 * A try is counted before the password is checked, or a hundred at once would all pass the gate; success takes it back.
 */
CREATE FUNCTION app.begin_sign_in(wanted_email text, keys bytea[], kinds text[])
  RETURNS TABLE (member_id uuid, password_hash text, wait_seconds int)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  -- As precise as it is stored, or rounding would put it into the future.
  at timestamptz := date_trunc('milliseconds', clock_timestamp());
  opens timestamptz;
  candidate record;
BEGIN
  DELETE FROM public.throttle t WHERE t.key IN (
    SELECT x.key FROM public.throttle x WHERE x.open_at < at - interval '1 day' ORDER BY x.open_at LIMIT 20 FOR UPDATE SKIP LOCKED);
  -- In the order of the keys, so that two sign-ins never wait for each other crosswise.
  INSERT INTO public.throttle (key, failures, window_start, open_at)
    SELECT k, 0, at, at FROM unnest(keys) k ORDER BY k ON CONFLICT (key) DO NOTHING;
  PERFORM 1 FROM public.throttle t WHERE t.key = ANY (keys) ORDER BY t.key FOR UPDATE;
  SELECT max(t.open_at) INTO opens FROM public.throttle t WHERE t.key = ANY (keys);
  SELECT m.id, c.password_hash AS stored INTO candidate
    FROM public.member m JOIN public.credential c ON c.member_id = m.id WHERE m.email = lower(wanted_email) AND m.status = 'active';
  IF opens > clock_timestamp() THEN
    RETURN QUERY SELECT candidate.id, NULL::text, greatest(1, ceil(extract(epoch FROM opens - clock_timestamp())))::int;
    RETURN;
  END IF;
  UPDATE public.throttle t SET failures = c.n, window_start = CASE WHEN c.n = 1 THEN at ELSE t.window_start END,
      open_at = at + make_interval(secs => CASE WHEN c.n < c.free THEN 0 ELSE least(c.most, 2 ^ least(c.n - c.free, 20)) END)
    FROM (
      SELECT x.key, rule.free, rule.most,
        CASE WHEN x.window_start + make_interval(secs => rule.span) < at THEN 1 ELSE x.failures + 1 END AS n
      FROM unnest(keys, kinds) AS given (key, kind)
      JOIN public.throttle x ON x.key = given.key
      JOIN (VALUES
        -- kind, tries that cost nothing, longest wait in seconds, how long tries are remembered
        ('device', 5, 900, 3600),   -- this account on a browser where it has signed in before: counted apart from strangers
        ('pair', 5, 900, 3600),     -- this account from this network
        ('account', 20, 60, 3600),  -- this account from anywhere
        ('network', 60, 300, 3600), -- anything from this network
        ('all', 300, 5, 60)         -- the whole installation
      ) AS rule (kind, free, most, span) ON rule.kind = given.kind
    ) c WHERE c.key = t.key;
  RETURN QUERY SELECT candidate.id, candidate.stored::text, 0;
END
$$;

/* Ends a sign-in that worked: starts the session under a new id. False when password or member changed meanwhile. */
CREATE FUNCTION app.complete_sign_in(
  wanted_member uuid, verified_hash text, new_hash text, session_hash bytea, keys bytea[], kinds text[], origin jsonb
) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  m record;
BEGIN
  SELECT x.id, x.agency_id INTO m FROM public.member x JOIN public.credential c ON c.member_id = x.id
    WHERE x.id = wanted_member AND x.status = 'active' AND c.password_hash = verified_hash FOR UPDATE OF x;
  IF NOT FOUND THEN RETURN false; END IF;
  IF new_hash IS NOT NULL THEN UPDATE public.credential SET password_hash = new_hash WHERE member_id = m.id; END IF;
  INSERT INTO public.session (hash, member_id, agency_id, strength, network_prefix, created_at, last_seen_at, expires_at)
    VALUES (session_hash, m.id, m.agency_id, 1, left(origin ->> 'networkPrefix', 60), clock_timestamp(), clock_timestamp(),
      clock_timestamp() + interval '12 hours');
  -- What counts this account alone starts afresh; what counts others too only gives this try back.
  PERFORM 1 FROM public.throttle t WHERE t.key = ANY (keys) ORDER BY t.key FOR UPDATE;
  UPDATE public.throttle t SET open_at = date_trunc('milliseconds', clock_timestamp()),
      failures = CASE WHEN given.kind IN ('network', 'all') THEN greatest(0, t.failures - 1) ELSE 0 END
    FROM unnest(keys, kinds) AS given (key, kind) WHERE t.key = given.key;
  PERFORM app.account_event('session.started', NULL, NULL, '{}', origin, app.context_of(m.id, app.session_name(session_hash)));
  RETURN true;
END
$$;

/* Records a sign-in that did not work. The address that was typed is not kept: it may be a password in the wrong field. */
CREATE FUNCTION app.refuse_sign_in(wanted_member uuid, outcome text, origin jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.account_event('session.refused', CASE WHEN outcome = 'too_many' THEN 'too_many' ELSE 'forbidden' END, NULL, '{}', origin,
    app.context_of(wanted_member, 'sign-in'));
END
$$;

/* Ends the session with this hash; false when there is none that lives. */
CREATE FUNCTION app.end_session(wanted bytea, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  whose uuid;
BEGIN
  UPDATE public.session s SET ended_at = clock_timestamp(), ended_reason = 'signed_out'
    WHERE s.hash = wanted AND s.ended_at IS NULL RETURNING s.member_id INTO whose;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.account_event('session.ended', NULL, NULL, '{}', origin, app.context_of(whose, app.session_name(wanted)));
  RETURN true;
END
$$;

/* How many seconds a session has left, without using it; null when it is over. */
CREATE FUNCTION app.session_seconds_left(wanted bytea) RETURNS int
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT nullif(greatest(0, floor(extract(epoch FROM
    least(s.expires_at, s.last_seen_at + make_interval(mins => a.idle_minutes)) - clock_timestamp())))::int, 0)
  FROM public.session s JOIN public.agency a ON a.id = s.agency_id JOIN public.member m ON m.id = s.member_id AND m.status = 'active'
  WHERE s.hash = wanted AND s.ended_at IS NULL
$$;

/* What the pages before sign-in may know: whether this is a demonstration and its accounts, and whether anybody administers it. */
CREATE FUNCTION app.sign_in_page() RETURNS TABLE (demonstration boolean, administered boolean, accounts text[], leave_url text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT i.demonstration,
    EXISTS (SELECT 1 FROM public.member m JOIN public.credential c ON c.member_id = m.id
            WHERE m.status = 'active' AND m.roles && ARRAY['system_admin', 'agency_admin']::public.role[]),
    CASE WHEN i.demonstration THEN ARRAY(
      SELECT m.email FROM public.member m JOIN public.credential c ON c.member_id = m.id JOIN public.agency a ON a.id = m.agency_id
      WHERE m.status = 'active' ORDER BY a.created_at, a.key, m.created_at, m.email LIMIT 20) ELSE '{}' END,
    (SELECT n.settings ->> 'leaveUrl' FROM public.network n ORDER BY n.created_at LIMIT 1)
  FROM public.installation i WHERE i.id = 1
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- One's own sessions, password, tokens: under a context

CREATE FUNCTION app.own_sessions() RETURNS TABLE (handle text, started_at timestamptz, seen_at timestamptz, network text, is_this boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT encode(substring(s.hash FROM 1 FOR 6), 'hex'), s.created_at, s.last_seen_at, s.network_prefix,
    app.session_name(s.hash) = (app.context()).session
  FROM public.session s JOIN public.agency a ON a.id = s.agency_id
  WHERE s.member_id = (app.context()).member_id AND s.agency_id = (app.context()).agency_id AND s.ended_at IS NULL
    AND s.expires_at > clock_timestamp() AND s.last_seen_at + make_interval(mins => a.idle_minutes) > clock_timestamp()
  ORDER BY s.last_seen_at DESC
$$;

CREATE FUNCTION app.end_own_session(handle text, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  ended bytea;
BEGIN
  UPDATE public.session s SET ended_at = clock_timestamp(), ended_reason = 'ended_by_member'
    WHERE s.member_id = ctx.member_id AND s.agency_id = ctx.agency_id AND s.ended_at IS NULL
      AND encode(substring(s.hash FROM 1 FOR 6), 'hex') = handle RETURNING s.hash INTO ended;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.account_event('session.ended', NULL, app.session_name(ended), '{}', origin, ctx);
  RETURN true;
END
$$;

/* Sets a new password where the old one has just been shown; every session and token of the member ends with it. */
CREATE FUNCTION app.change_password(verified_hash text, new_hash text, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR ctx.session NOT LIKE 'session:%' THEN RETURN false; END IF;
  UPDATE public.credential c SET password_hash = new_hash, changed_at = clock_timestamp()
    WHERE c.member_id = ctx.member_id AND c.password_hash = verified_hash;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.account_event('member.password-changed', NULL, (SELECT m.code FROM public.member m WHERE m.id = ctx.member_id), ARRAY['password'], origin, ctx);
  RETURN true;
END
$$;

CREATE FUNCTION app.own_tokens() RETURNS TABLE (id uuid, name text, created_at timestamptz, expires_at timestamptz, last_used_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT t.id, t.name, t.created_at, t.expires_at, t.last_used_at FROM public.api_token t
  WHERE t.member_id = (app.context()).member_id AND t.agency_id = (app.context()).agency_id AND t.ended_at IS NULL AND t.expires_at > clock_timestamp()
  ORDER BY t.created_at DESC
$$;

/* Makes a token of the member who asks. A token makes no tokens, or an expiry would mean nothing. */
CREATE FUNCTION app.create_token(new_id uuid, new_hash bytea, new_name text, days int, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR ctx.session LIKE 'token:%' OR days NOT BETWEEN 1 AND 366 THEN RETURN false; END IF;
  -- The id is the form's own key: a page loaded again sends its form again, and that makes no second token.
  INSERT INTO public.api_token (id, hash, member_id, agency_id, name, created_at, expires_at)
    VALUES (new_id, new_hash, ctx.member_id, ctx.agency_id, left(new_name, 80), clock_timestamp(), clock_timestamp() + make_interval(days => days))
    ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.account_event('token.created', NULL, new_id::text, '{}', origin, ctx);
  RETURN true;
END
$$;

CREATE FUNCTION app.end_own_token(wanted uuid, origin jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  UPDATE public.api_token t SET ended_at = clock_timestamp()
    WHERE t.id = wanted AND t.member_id = ctx.member_id AND t.agency_id = ctx.agency_id AND t.ended_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.account_event('token.ended', NULL, wanted::text, '{}', origin, ctx);
  RETURN true;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Forms that arrived after their session had ended

/* Keeps a sealed form for the member whose session this was, for a day; at most twenty of them, and only soon after its end. */
CREATE FUNCTION app.keep_form(session_hash bytea, new_id uuid, form_path text, form_sealed bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  s record;
BEGIN
  SELECT x.member_id, x.agency_id INTO s FROM public.session x JOIN public.member m ON m.id = x.member_id AND m.status = 'active'
    WHERE x.hash = session_hash AND x.created_at > clock_timestamp() - interval '2 days';
  IF NOT FOUND OR octet_length(form_sealed) > 1200000 THEN RETURN false; END IF;
  DELETE FROM public.kept_form k WHERE k.member_id = s.member_id AND (k.expires_at < clock_timestamp() OR k.id NOT IN (
    SELECT y.id FROM public.kept_form y WHERE y.member_id = s.member_id ORDER BY y.created_at DESC LIMIT 19));
  INSERT INTO public.kept_form (id, member_id, agency_id, path, sealed, created_at, expires_at)
    VALUES (new_id, s.member_id, s.agency_id, left(form_path, 500), form_sealed, clock_timestamp(), clock_timestamp() + interval '1 day');
  RETURN true;
END
$$;

/* Gives the newest kept form of this page back, once, to the member whose living session this is. */
CREATE FUNCTION app.take_kept_form(session_hash bytea, form_path text) RETURNS TABLE (id uuid, sealed bytea)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  DELETE FROM public.kept_form k WHERE k.id = (
    SELECT y.id FROM public.kept_form y
    JOIN public.session s ON s.member_id = y.member_id AND s.agency_id = y.agency_id
    WHERE s.hash = session_hash AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
      AND y.path = form_path AND y.expires_at > clock_timestamp()
    ORDER BY y.created_at DESC LIMIT 1)
  RETURNING k.id, k.sealed
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Invitations. A link that is used, too old, or never was reads the same.

CREATE FUNCTION app.find_invitation(wanted bytea) RETURNS TABLE (email text, display_name text, agency_name text, locale text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.email, m.display_name, a.name, m.locale
  FROM public.invitation i JOIN public.member m ON m.id = i.member_id JOIN public.agency a ON a.id = m.agency_id
  WHERE i.hash = wanted AND i.used_at IS NULL AND i.expires_at > clock_timestamp() AND m.status = 'invited'
$$;

CREATE FUNCTION app.accept_invitation(wanted bytea, new_password_hash text, origin jsonb) RETURNS boolean
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
  INSERT INTO public.credential AS c (member_id, agency_id, password_hash, changed_at)
    VALUES (joined.id, joined.agency_id, new_password_hash, clock_timestamp())
    ON CONFLICT (member_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at;
  UPDATE public.invitation i SET used_at = clock_timestamp() WHERE i.member_id = joined.id AND i.used_at IS NULL;
  PERFORM app.account_event('member.joined', NULL, joined.code, ARRAY['password', 'status'], origin, app.context_of(joined.id, 'invitation'));
  RETURN true;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Members. An agency's administrator for their own agency, never for themselves; a system administrator for the operator's own
-- members and for administrators of agencies that have none (trap T13). Answers are words; the service turns them into refusals.

/* Whether the one who asks administers this agency's members with such roles. */
CREATE FUNCTION app.administers(wanted_agency uuid, wanted_roles text[]) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  -- A token may not: whoever finds one lying about would make themselves a member.
  IF ctx IS NULL OR ctx.session LIKE 'token:%' THEN RETURN false; END IF;
  IF ctx.agency_id = wanted_agency THEN RETURN ctx.roles && ARRAY['agency_admin', 'system_admin']; END IF;
  RETURN 'system_admin' = ANY (ctx.roles) AND wanted_roles = ARRAY['agency_admin'];
END
$$;

CREATE FUNCTION app.has_administrator(wanted_agency uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM public.member m WHERE m.agency_id = wanted_agency AND m.status = 'active' AND 'agency_admin' = ANY (m.roles))
$$;

CREATE FUNCTION app.add_invitation(wanted_member uuid, wanted_agency uuid, invitation_hash bytea) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.invitation SET used_at = clock_timestamp() WHERE member_id = wanted_member AND used_at IS NULL;
  INSERT INTO public.invitation (hash, member_id, agency_id, created_at, expires_at)
    VALUES (invitation_hash, wanted_member, wanted_agency, clock_timestamp(), clock_timestamp() + interval '72 hours');
$$;

CREATE FUNCTION app.invite_member(
  new_id uuid, wanted_agency uuid, wanted_email text, wanted_name text, wanted_roles text[], wanted_unit uuid, invitation_hash bytea, origin jsonb
) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  body_kind public.agency_kind;
BEGIN
  SELECT a.kind INTO body_kind FROM public.agency a WHERE a.id = wanted_agency;
  IF NOT FOUND OR NOT app.administers(wanted_agency, wanted_roles) THEN RETURN 'not_found'; END IF;
  IF ctx.agency_id <> wanted_agency AND app.has_administrator(wanted_agency) THEN RETURN 'has_administrator'; END IF;
  IF NOT app.roles_fit(wanted_roles, body_kind) THEN RETURN 'roles'; END IF;
  IF wanted_unit IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.agency_unit u WHERE u.id = wanted_unit AND u.agency_id = wanted_agency) THEN
    RETURN 'unit';
  END IF;
  INSERT INTO public.member (id, agency_id, unit_id, email, display_name, roles, status)
    VALUES (new_id, wanted_agency, wanted_unit, lower(wanted_email), wanted_name, wanted_roles::public.role[], 'invited')
    ON CONFLICT (email) DO NOTHING;
  IF NOT FOUND THEN RETURN 'email_taken'; END IF;
  PERFORM app.add_invitation(new_id, wanted_agency, invitation_hash);
  PERFORM app.account_event('member.invited', NULL, (SELECT m.code FROM public.member m WHERE m.id = new_id), ARRAY['email', 'displayName', 'roles', 'unit'], origin, ctx);
  RETURN 'ok';
END
$$;

/* A new link for someone who has not joined yet or who left and comes back. */
CREATE FUNCTION app.reinvite_member(target uuid, invitation_hash bytea, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  m record;
BEGIN
  SELECT x.id, x.code, x.agency_id, x.roles::text[] AS roles, x.status INTO m FROM public.member x WHERE x.id = target FOR UPDATE;
  IF NOT FOUND OR NOT app.administers(m.agency_id, m.roles) THEN RETURN 'not_found'; END IF;
  IF m.id = ctx.member_id THEN RETURN 'own_record'; END IF;
  IF m.status = 'active' THEN RETURN 'wrong_state'; END IF;
  IF ctx.agency_id <> m.agency_id AND app.has_administrator(m.agency_id) THEN RETURN 'has_administrator'; END IF;
  UPDATE public.member x SET status = 'invited', deactivated_at = NULL, version = x.version + 1 WHERE x.id = target;
  PERFORM app.add_invitation(m.id, m.agency_id, invitation_hash);
  PERFORM app.account_event('member.reinvited', NULL, m.code, ARRAY['status'], origin, ctx);
  RETURN 'ok';
END
$$;

CREATE FUNCTION app.change_member(target uuid, wanted_name text, wanted_roles text[], wanted_unit uuid, expected_version int, origin jsonb)
  RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  m record;
BEGIN
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

CREATE FUNCTION app.deactivate_member(target uuid, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  m record;
BEGIN
  SELECT x.id, x.code, x.agency_id, x.roles::text[] AS roles, x.status INTO m FROM public.member x WHERE x.id = target FOR UPDATE;
  IF NOT FOUND OR NOT app.administers(m.agency_id, m.roles) THEN RETURN 'not_found'; END IF;
  IF m.id = ctx.member_id THEN RETURN 'own_record'; END IF;
  IF m.status = 'deactivated' THEN RETURN 'wrong_state'; END IF;
  UPDATE public.member x SET status = 'deactivated', deactivated_at = clock_timestamp(), version = x.version + 1 WHERE x.id = target;
  PERFORM app.account_event('member.deactivated', NULL, m.code, ARRAY['status'], origin, ctx);
  RETURN 'ok';
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Agencies

CREATE FUNCTION app.create_agency(
  new_id uuid, new_key text, new_name text, new_kind text, wanted_network uuid, new_country text, new_zone text,
  wrapped_data bytea, wrapped_index bytea, origin jsonb
) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL OR NOT 'system_admin' = ANY (ctx.roles) OR ctx.session LIKE 'token:%' THEN RETURN 'forbidden'; END IF;
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

/* Which agencies have nobody who administers them yet; for the system administrator's list. */
CREATE FUNCTION app.unadministered_agencies() RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.id FROM public.agency a WHERE app.holds_role('system_admin') AND a.kind <> 'operator' AND NOT app.has_administrator(a.id)
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- The operator's commands run as the owner, who may write these tables, but no event; this writes theirs.

CREATE FUNCTION app.operator_event(event_type text, event_subject text, event_fields text[], about_member uuid, about_agency uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := ROW(about_agency, NULL, NULL, NULL, '{}', 'operator', 1, 0)::app.actor_context;
BEGIN
  IF about_member IS NOT NULL THEN ctx := app.context_of(about_member, 'operator'); END IF;
  PERFORM app.account_event(event_type, NULL, event_subject, event_fields, '{}', ctx);
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Owners and callers

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname, p.prosecdef FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname = ANY (ARRAY['roles_together', 'roles_fit', 'end_credentials', 'member_moved', 'password_changed',
             'context_of', 'account_event', 'session_name', 'begin_sign_in', 'complete_sign_in', 'refuse_sign_in', 'end_session', 'session_seconds_left', 'sign_in_page',
             'own_sessions', 'end_own_session', 'change_password', 'own_tokens', 'create_token', 'end_own_token', 'keep_form', 'take_kept_form',
             'find_invitation', 'accept_invitation', 'administers', 'has_administrator', 'add_invitation', 'invite_member', 'reinvite_member',
             'change_member', 'deactivate_member', 'create_agency', 'unadministered_agencies', 'operator_event']) LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('begin_sign_in', 'complete_sign_in', 'refuse_sign_in', 'end_session', 'session_seconds_left', 'sign_in_page', 'keep_form', 'take_kept_form',
        'find_invitation', 'accept_invitation') THEN '{app}'
      WHEN f.proname IN ('own_sessions', 'end_own_session', 'change_password', 'own_tokens', 'create_token', 'end_own_token')
        THEN '{member,desk,auditor}'
      WHEN f.proname IN ('invite_member', 'reinvite_member', 'change_member', 'deactivate_member', 'create_agency', 'unadministered_agencies')
        THEN '{member}'
      -- A check of the table calls it for whoever writes a member's settings.
      WHEN f.proname = 'roles_together' THEN '{member,desk,auditor,definer}'
      ELSE '{definer}'
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', '))
             FROM unnest(callers::text[]) c);
    -- Last, since after that they are no longer ours to grant; grants go along.
    IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO %I', f.signature, app.db_role('definer')); END IF;
  END LOOP;
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.operator_event(text, text, text[], uuid, uuid) TO %I', session_user);
  RESET ROLE;
END
$$;
