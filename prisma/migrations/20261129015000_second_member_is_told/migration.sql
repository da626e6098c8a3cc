-- A lead that was accepted elsewhere waits for a second member to confirm: whoever may do that is told. Of a team of one
-- it is a supervisor, whom no notice reached.

INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES ('referral.to-confirm', true, true, false, 24);

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

/* Who may confirm what another member of theirs sent: the case's team, and the supervisors of its unit where it isn't restricted. */
CREATE FUNCTION app.second_members(r public.referral) RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce(array_agg(m.id), '{}') FROM public.member m JOIN public.case_file c ON c.id = r.case_id
  WHERE m.agency_id = r.agency_id AND m.status = 'active' AND m.id IS DISTINCT FROM r.sent_by_id
    AND (m.id = ANY (app.referral_senders(r, NULL))
      OR (NOT c.restricted AND 'supervisor' = ANY (m.roles) AND (m.unit_id IS NULL OR c.unit_id IS NULL OR m.unit_id = c.unit_id)))
$$;

SELECT pg_temp.amend('app.move_referral(text, text, jsonb, uuid, bytea, jsonb)',
  $was$ELSE app.referral_senders(r, NULL) END,$was$,
  $new$WHEN move = 'accept' AND r.kind = 'transfer' THEN ARRAY[r.sent_by_id] ELSE app.referral_senders(r, NULL) END,$new$);
SELECT pg_temp.amend('app.move_referral(text, text, jsonb, uuid, bytea, jsonb)',
  $was$  IF r.sent_at IS NOT NULL THEN
    PERFORM app.notify($was$,
  $new$  IF move = 'accept' AND r.kind = 'transfer' THEN PERFORM app.notify(app.second_members(r), 'referral.to-confirm', r.code, true); END IF;
  IF r.sent_at IS NOT NULL THEN
    PERFORM app.notify($new$);

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.second_members(public.referral) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.second_members(public.referral) TO %I', app.db_role('definer'));
END
$$;
RESET ROLE;
