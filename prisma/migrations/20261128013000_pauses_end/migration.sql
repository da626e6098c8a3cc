-- A question stops a referral's clock for as long as its own decision limit, and no longer: an answer that never comes would
-- leave the person waiting without anybody late. When the pause ends and how the clock stands after it is worked out when the
-- question is asked, as all moments of a clock are, and kept with it.

ALTER TABLE "referral" ADD COLUMN "pause_ends_at" TIMESTAMPTZ(3), ADD COLUMN "pause_clock" JSONB, ADD COLUMN "unanswered_at" TIMESTAMPTZ(3);

-- Pauses from before: by the wall, which for routine is as many days as its limit has.
UPDATE public.referral r SET pause_ends_at = r.paused_at + x.stands, pause_clock = jsonb_build_object(
    'startedAt', r.clock_started_at + x.stands, 'acknowledgeHalfAt', r.acknowledge_half_at + x.stands, 'acknowledgeBy', r.acknowledge_by + x.stands,
    'acknowledgeLateAt', r.acknowledge_late_at + x.stands, 'decideHalfAt', r.decide_half_at + x.stands, 'decideBy', r.decide_by + x.stands,
    'decideLateAt', r.decide_late_at + x.stands, 'expiresAt', r.expires_at + x.stands), next_at = least(r.next_at, r.paused_at + x.stands)
  FROM (SELECT q.id, q.decide_by - q.clock_started_at AS stands FROM public.referral q) x WHERE x.id = r.id AND r.paused_at IS NOT NULL;
ALTER TABLE public.referral ADD CONSTRAINT referral_pause_ends CHECK (paused_at IS NULL OR (pause_ends_at IS NOT NULL AND pause_clock IS NOT NULL));

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES ('referral.pause-ended', 'update', false);
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES ('referral.pause-ended', true, false, false, 22);

/* Replaces one text of a function by another, and fails where the function doesn't hold it. */
CREATE FUNCTION pg_temp.amend(signature text, was text, becomes text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  source text := pg_get_functiondef(signature::regprocedure);
BEGIN
  IF position(was IN source) = 0 THEN RAISE EXCEPTION '% does not hold: %', signature, was; END IF;
  EXECUTE replace(source, was, becomes);
END
$$;
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION pg_temp.amend(text, text, text) TO %I', app.db_role('definer')); END $$;
DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* Until when a question stops the clock, and whether one is open whose pause is over: for whoever may know the referral. */
CREATE FUNCTION app.referral_pause(wanted text) RETURNS TABLE (ends_at timestamptz, unanswered boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN r.paused_at IS NOT NULL THEN r.pause_ends_at END, r.unanswered_at IS NOT NULL AND r.state IN ('sent', 'acknowledged')
  FROM public.referral r WHERE r.code = wanted AND app.referral_side(r) IS NOT NULL
$$;

-- A question whose pause is over may still be answered, and until it is the receiving side asks no other one.
SELECT pg_temp.amend('app.move_referral(text, text, jsonb, uuid, bytea, jsonb)',
  $was$next := app.referral_next(move, r.state);$was$,
  $new$next := app.referral_next(move, r.state);
  IF r.unanswered_at IS NOT NULL AND r.state IN ('sent', 'acknowledged') THEN
    next := CASE move WHEN 'answer-info' THEN r.state WHEN 'request-info' THEN NULL ELSE next END;
  END IF;$new$);
SELECT pg_temp.amend('app.move_referral(text, text, jsonb, uuid, bytea, jsonb)',
  $was$state_before = x.state, paused_at = at, version = x.version + 1$was$,
  $new$state_before = x.state, paused_at = at, version = x.version + 1,
        pause_ends_at = (detail -> 'pause' ->> 'endsAt')::timestamptz, pause_clock = detail -> 'pause' -> 'clock'$new$);
SELECT pg_temp.amend('app.move_referral(text, text, jsonb, uuid, bytea, jsonb)',
  $was$  ELSIF move = 'answer-info' THEN$was$,
  $new$  ELSIF move = 'answer-info' AND r.unanswered_at IS NOT NULL THEN
    UPDATE public.referral x SET unanswered_at = NULL, version = x.version + 1 WHERE x.id = r.id RETURNING x.* INTO r;
  ELSIF move = 'answer-info' THEN$new$);

SELECT pg_temp.amend('app.referral_next_at(public.referral, timestamptz)',
  $was$CASE WHEN r.state = 'sent' AND NOT 'ack_half' = ANY (r.told) THEN r.acknowledge_half_at END,$was$,
  $new$CASE WHEN r.state = 'info_requested' THEN r.pause_ends_at END,
      CASE WHEN r.state = 'sent' AND NOT 'ack_half' = ANY (r.told) THEN r.acknowledge_half_at END,$new$);

/* Lets the clock of a referral go on whose question got no answer in time, and tells both sides. */
CREATE FUNCTION app.end_pause(r public.referral, ctx app.actor_context) RETURNS public.referral
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  clock jsonb := r.pause_clock;
BEGIN
  UPDATE public.referral x SET state = x.state_before, state_before = NULL, paused_at = NULL, unanswered_at = x.pause_ends_at, version = x.version + 1,
      clock_started_at = (clock ->> 'startedAt')::timestamptz, acknowledge_half_at = (clock ->> 'acknowledgeHalfAt')::timestamptz,
      acknowledge_by = (clock ->> 'acknowledgeBy')::timestamptz, acknowledge_late_at = (clock ->> 'acknowledgeLateAt')::timestamptz,
      decide_half_at = (clock ->> 'decideHalfAt')::timestamptz, decide_by = (clock ->> 'decideBy')::timestamptz,
      decide_late_at = (clock ->> 'decideLateAt')::timestamptz, expires_at = (clock ->> 'expiresAt')::timestamptz
    WHERE x.id = r.id RETURNING x.* INTO r;
  PERFORM app.referral_event('referral.pause-ended', r, '{}', '{}', ctx);
  PERFORM app.notify(app.referral_senders(r, NULL) || app.referral_receivers(r, NULL), 'referral.pause-ended', r.code, r.urgency = 'emergency');
  RETURN r;
END
$$;
SELECT pg_temp.amend('app.run_referral_clock(int)',
  $was$      PERFORM app.withdraw_for_basis(r, at, ctx);
      CONTINUE;
    END IF;$was$,
  $new$      PERFORM app.withdraw_for_basis(r, at, ctx);
      CONTINUE;
    END IF;
    IF r.state = 'info_requested' AND r.pause_ends_at <= at THEN r := app.end_pause(r, ctx); END IF;$new$);

DO $$
DECLARE
  f record;
  callers text;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('referral_pause', 'end_pause') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE f.proname WHEN 'referral_pause' THEN '{member,desk,definer}' ELSE '{definer}' END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers::text[]) c);
  END LOOP;
END
$$;
RESET ROLE;
