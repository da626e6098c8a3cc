-- First contact about a need: whether it was made is a fact of the need, the same for whoever may know of the need; and whoever
-- leads another agency's case has the task of it for what they find.

ALTER TABLE "need" ADD COLUMN "reached_at" TIMESTAMPTZ(3);

UPDATE public.need n SET reached_at = t.done_at
  FROM (SELECT x.case_id, x.need_id, min(x.done_at) AS done_at FROM public.task x
    WHERE x.kind = 'first_contact' AND x.done_at IS NOT NULL AND x.need_id IS NOT NULL GROUP BY 1, 2) t
  WHERE n.id = t.need_id AND n.case_id = t.case_id;

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

-- ---------------------------------------------------------------------------------------------------------------
-- Whether somebody was reached

/* A task of first contact that is done says so at its need. */
CREATE FUNCTION app.need_reached() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.need n SET reached_at = NEW.done_at WHERE n.id = NEW.need_id AND n.case_id = NEW.case_id AND n.reached_at IS NULL;
  RETURN NULL;
END
$$;

/* Nobody has to be reached about a need that waits no longer; and with another limit the task has it too, whoever's it is. */
CREATE FUNCTION app.first_contact_follows() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.task t SET version = t.version + 1, due_at = NEW.contact_due_at,
      done_at = CASE WHEN NEW.state NOT IN ('open', 'planned', 'being_met') THEN app.now() END
    WHERE t.case_id = NEW.case_id AND t.need_id = NEW.id AND t.kind = 'first_contact' AND t.done_at IS NULL;
  RETURN NULL;
END
$$;

/* Help by another agency that has begun reached the person, for both agencies. What its own help comes to, the holder's team says. */
CREATE FUNCTION app.reached_by_help() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.task t SET version = t.version + 1, done_at = app.now()
    WHERE t.case_id = NEW.case_id AND t.need_id = NEW.need_id AND t.kind = 'first_contact' AND t.done_at IS NULL;
  RETURN NULL;
END
$$;

SELECT pg_temp.amend('app.open_needs()', $was$d.contact_due_at < (SELECT app.now()) AND NOT EXISTS (
      SELECT 1 FROM public.task t
      WHERE t.case_id = d.case_id AND t.need_id = d.id AND t.kind = 'first_contact' AND t.done_at IS NOT NULL)))::int$was$,
  $new$d.contact_due_at < (SELECT app.now()) AND d.reached_at IS NULL))::int$new$);

-- ---------------------------------------------------------------------------------------------------------------
-- The tasks of whoever leads

/* What a case is led by, for those who answer for it now: its code, and the transfer's. Nothing for anybody else. */
CREATE FUNCTION app.led_by(wanted_case uuid) RETURNS TABLE (case_code text, referral_code text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT g.case_code, r.code FROM app.leading_grant(wanted_case) g JOIN public.referral r ON r.id = g.referral_id
$$;

/* Gives the first contacts that whoever led still owes to the holder's team, which is told. */
CREATE FUNCTION app.return_first_contacts(r public.referral) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  heir uuid := coalesce(app.team_successor(r.case_id, NULL), r.sent_by_id);
  back record;
BEGIN
  FOR back IN UPDATE public.task t SET agency_id = r.agency_id, owner_id = heir, version = t.version + 1
      WHERE t.case_id = r.case_id AND t.agency_id = r.to_agency_id AND t.done_at IS NULL RETURNING t.code LOOP
    PERFORM app.notify(ARRAY[heir], 'task.assigned', back.code);
  END LOOP;
END
$$;

SELECT pg_temp.amend('app.shut_referral(public.referral, timestamptz, jsonb, app.actor_context)',
  $was$IF r.kind <> 'transfer' THEN RETURN; END IF;$was$,
  $new$IF r.kind <> 'transfer' THEN RETURN; END IF;
  PERFORM app.return_first_contacts(r);$new$);

SELECT pg_temp.amend('app.add_led_need(uuid, uuid, text, text, text, text, date, timestamptz, jsonb)',
  $was$  g public.case_grant;
BEGIN$was$,
  $new$  g public.case_grant;
  task_code text := app.new_code('TSK');
BEGIN$new$);
SELECT pg_temp.amend('app.add_led_need(uuid, uuid, text, text, text, text, date, timestamptz, jsonb)',
  $was$  PERFORM app.led_need_event('need.found', new_code, g, '{}', origin, ctx);$was$,
  $new$  PERFORM app.led_need_event('need.found', new_code, g, '{}', origin, ctx);
  INSERT INTO public.task (id, code, case_id, person_id, holder_agency_id, agency_id, owner_id, kind, need_id, due_at, created_at)
    VALUES (gen_random_uuid(), task_code, g.case_id, g.person_id, g.holder_agency_id, ctx.agency_id, ctx.member_id, 'first_contact', new_id, due_at, app.now());
  PERFORM app.write_event(jsonb_build_object('type', 'task.made', 'subject', task_code, 'personId', g.person_id, 'caseId', g.case_id,
    'holderAgencyId', g.holder_agency_id, 'fields', '[]'::jsonb, 'basis', 'first_contact',
    'networkPrefix', left(origin ->> 'networkPrefix', 60), 'requestId', left(origin ->> 'requestId', 60)), ctx);$new$);

-- Who inherits tasks on a case is asked among its team; the tasks of whoever leads it are another agency's.
SELECT pg_temp.amend('app.leave_cases(uuid, app.actor_context)',
  $was$      WHERE k.owner_id = leaver AND k.done_at IS NULL) s
    WHERE t.id = s.id AND s.successor IS NOT NULL;$was$,
  $new$      WHERE k.owner_id = leaver AND k.done_at IS NULL AND k.agency_id = k.holder_agency_id
      UNION ALL
      SELECT k.id, (app.referral_receivers(r, leaver))[1] FROM public.task k
      JOIN public.case_grant g ON g.case_id = k.case_id AND g.agency_id = k.agency_id AND g.leads AND g.ended_at IS NULL
      JOIN public.referral r ON r.id = g.referral_id
      WHERE k.owner_id = leaver AND k.done_at IS NULL AND k.agency_id <> k.holder_agency_id) s
    WHERE t.id = s.id AND s.successor IS NOT NULL;$new$);
SELECT pg_temp.amend('app.case_taken_over()', $was$WHERE t.case_id = NEW.case_id AND t.done_at IS NULL$was$,
  $new$WHERE t.case_id = NEW.case_id AND t.agency_id = NEW.agency_id AND t.done_at IS NULL$new$);
SELECT pg_temp.amend('app.restrict_case(uuid, boolean)', $was$WHERE t.person_id = target.person_id AND t.done_at IS NULL$was$,
  $new$WHERE t.person_id = target.person_id AND t.agency_id = t.holder_agency_id AND t.done_at IS NULL$new$);

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.need_reached(), app.first_contact_follows(), app.reached_by_help(), app.led_by(uuid), app.return_first_contacts(public.referral) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.return_first_contacts(public.referral) TO %I', app.db_role('definer'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.led_by(uuid) TO %I, %I, %I', app.db_role('app'), app.db_role('member'), app.db_role('definer'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.need_reached(), app.first_contact_follows(), app.reached_by_help() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER task_reaches AFTER INSERT OR UPDATE OF done_at ON public.task
  FOR EACH ROW WHEN (NEW.kind = 'first_contact' AND NEW.done_at IS NOT NULL AND NEW.need_id IS NOT NULL) EXECUTE FUNCTION app.need_reached();
CREATE TRIGGER need_first_contact AFTER UPDATE OF state, contact_due_at ON public.need
  FOR EACH ROW WHEN (NEW.contact_due_at <> OLD.contact_due_at OR NEW.state NOT IN ('open', 'planned', 'being_met'))
  EXECUTE FUNCTION app.first_contact_follows();
CREATE TRIGGER service_reaches AFTER INSERT OR UPDATE OF status, need_id ON public.service
  FOR EACH ROW WHEN (NEW.need_id IS NOT NULL AND NEW.agency_id <> NEW.holder_agency_id AND NEW.status IN ('delivered', 'in_progress', 'interrupted'))
  EXECUTE FUNCTION app.reached_by_help();

DO $$
BEGIN
  EXECUTE format('REVOKE EXECUTE ON FUNCTION app.need_reached(), app.first_contact_follows(), app.reached_by_help() FROM %I', session_user);
  -- Whoever leads has no team on the case: those who answer for it see its tasks, and do them.
  ALTER POLICY owner_or_team_read ON public.task USING (agency_id = (SELECT app.casework_agency())
    AND ((NOT restricted AND owner_id = (SELECT app.member_id())) OR app.on_team(case_id)
      OR (holder_agency_id <> agency_id AND EXISTS (SELECT 1 FROM app.led_by(case_id)))));
  ALTER POLICY team_change ON public.task USING (agency_id = (SELECT app.casework_agency())
    AND (app.on_team(case_id) OR (holder_agency_id <> agency_id AND EXISTS (SELECT 1 FROM app.led_by(case_id)))));
END
$$;
