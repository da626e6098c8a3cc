-- A receiver's own file is hidden with the case that it came from, whenever that is restricted.

INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES ('own-file.restricted', true, true, false, 28);

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

/*
 * Hides the own files that came from a case that was just restricted. They learn that it is hidden there, and not why; whoever
 * works on them lifts it when they know better. A file that nobody works on now would be in nobody's sight: it stays on the
 * list of those who give it out, and they are told. Another case of the same person is hidden too, as everywhere.
 */
CREATE FUNCTION app.own_files_follow() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  own record;
  hidden record;
BEGIN
  FOR own IN SELECT x.case_id, x.person_id, x.agency_id, c.unit_id, r.code AS referral FROM public.own_file f JOIN public.own_file_record x ON x.own_file_id = f.id
      JOIN public.case_file c ON c.id = x.case_id JOIN public.referral r ON r.id = f.referral_id
      WHERE f.case_id = NEW.id AND NOT c.restricted ORDER BY x.case_id LOOP
    IF app.team_successor(own.case_id, NULL) IS NULL THEN
      PERFORM app.notify(ARRAY(SELECT m.id FROM public.member m WHERE m.id IN (SELECT app.supervisors_of(own.agency_id))
        AND (m.unit_id IS NULL OR own.unit_id IS NULL OR m.unit_id = own.unit_id)), 'own-file.restricted', own.referral, true);
      CONTINUE;
    END IF;
    FOR hidden IN UPDATE public.case_file c SET restricted = true, version = c.version + 1
        WHERE c.person_id = own.person_id AND c.agency_id = own.agency_id AND NOT c.restricted AND app.team_successor(c.id, NULL) IS NOT NULL
        RETURNING c.id, c.code LOOP
      PERFORM app.write_event(jsonb_build_object('type', 'case.restricted', 'subject', hidden.code, 'personId', own.person_id, 'caseId', hidden.id,
        'holderAgencyId', own.agency_id, 'fields', '["restricted"]'::jsonb,
        'basis', CASE WHEN hidden.id = own.case_id THEN 'restricted_elsewhere' ELSE 'other_case_restricted' END), app.unattended(own.agency_id));
    END LOOP;
    PERFORM app.tasks_to_team(own.person_id);
    PERFORM app.notify(ARRAY(SELECT app.assigned_to(own.case_id, NULL)), 'own-file.restricted', own.referral, true);
  END LOOP;
  RETURN NULL;
END
$$;

/* Tasks of members who are not assigned would be in nobody's sight once a person is hidden: they go to the team's first. */
CREATE FUNCTION app.tasks_to_team(hidden_person uuid) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.task t SET owner_id = s.heir, version = t.version + 1
    FROM (SELECT k.id, app.team_successor(k.case_id, NULL) AS heir FROM public.task k
      WHERE k.person_id = hidden_person AND k.agency_id = k.holder_agency_id AND k.done_at IS NULL AND k.restricted AND NOT EXISTS (
        SELECT 1 FROM public.assignment a WHERE a.case_id = k.case_id AND a.member_id = k.owner_id AND a.ended_at IS NULL)) s
    WHERE t.id = s.id AND s.heir IS NOT NULL
$$;

SELECT pg_temp.amend('app.restrict_case(uuid, boolean)',
  $was$    UPDATE public.task t SET owner_id = app.team_successor(t.case_id, NULL), version = t.version + 1
      WHERE t.person_id = target.person_id AND t.agency_id = t.holder_agency_id AND t.done_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM public.assignment a
          WHERE a.case_id = t.case_id AND a.member_id = t.owner_id AND a.ended_at IS NULL);$was$,
  $new$    PERFORM app.tasks_to_team(target.person_id);$new$);
-- An emergency on a file that is hidden from elsewhere ends in the log of its own agency.
SELECT pg_temp.amend('app.restriction_ends_emergency()', $was$IF ctx.agency_id IS NULL THEN$was$,
  $new$IF ctx.agency_id IS DISTINCT FROM NEW.holder_agency_id THEN$new$);

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.own_files_follow(), app.tasks_to_team(uuid) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.tasks_to_team(uuid) TO %I', app.db_role('definer'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.own_files_follow() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER case_file_own_files AFTER UPDATE OF restricted ON public.case_file
  FOR EACH ROW WHEN (NEW.restricted AND NOT OLD.restricted) EXECUTE FUNCTION app.own_files_follow();
DO $$ BEGIN EXECUTE format('REVOKE EXECUTE ON FUNCTION app.own_files_follow() FROM %I', session_user); END $$;
