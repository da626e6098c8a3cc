-- What attacks on referrals found. Single expressions of functions are replaced where they stand, since other parts of them
-- change beside this; a migration that no longer finds its place fails.

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

-- A need's code would join two referrals of one person before anybody accepted them: until then a need has a number of its
-- referral's own, and by that it is taken on.
SELECT pg_temp.amend('app.referrals(text, text, text[], uuid, uuid, int)',
  $was$jsonb_build_object('code', CASE WHEN r.of_side = 'sender' OR r.is_receiving THEN n.code END, 'category'$was$,
  $new$jsonb_build_object('number', app.number_of_need(r.id, n.id), 'code', CASE WHEN r.of_side = 'sender' OR (r.is_receiving AND g.id IS NOT NULL) THEN n.code END, 'category'$new$);
CREATE FUNCTION app.number_of_need(wanted_referral uuid, wanted_need uuid) RETURNS int
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT count(*)::int FROM public.need own
  JOIN public.referral_need x ON x.referral_id = wanted_referral JOIN public.need n ON n.id = x.need_id
  WHERE own.id = wanted_need AND (n.category, n.code) <= (own.category, own.code)
$$;
/* The codes of needs of a referral that are asked for by number, or by code by whoever knows it. */
CREATE FUNCTION app.needs_by_number(wanted_referral uuid, numbers text[]) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce(array_agg(DISTINCT coalesce(own.code, number)), '{}') FROM unnest(numbers) number
  LEFT JOIN LATERAL (SELECT n.code FROM public.referral_need x JOIN public.need n ON n.id = x.need_id
    WHERE x.referral_id = wanted_referral AND app.number_of_need(wanted_referral, n.id)::text = number) own ON true
$$;
SELECT pg_temp.amend('app.move_referral(text, text, jsonb, uuid, bytea, jsonb)',
  $was$taken := ARRAY(SELECT jsonb_array_elements_text(coalesce(detail -> 'needs', '[]')));$was$,
  $new$taken := app.needs_by_number(r.id, ARRAY(SELECT jsonb_array_elements_text(coalesce(detail -> 'needs', '[]'))));$new$);

-- A draft that is being sent while its basis ends: whoever ends it waits for the sending, and then finds the referral sent.
SELECT pg_temp.amend('app.recheck_referrals(uuid)',
  $was$AND x.state IN ('sent', $was$, $new$AND x.state IN ('draft', 'sent', $new$);
SELECT pg_temp.amend('app.recheck_referrals(uuid)',
  $was$FOR UPDATE LOOP$was$, $new$FOR UPDATE LOOP
    CONTINUE WHEN r.state = 'draft';$new$);

/* What rests on an agreement that an agency left, or on what an agency rested on so far, is looked at when the clock next runs. */
CREATE FUNCTION app.recheck_agency_soon() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.referral r SET next_at = app.installation_now()
    WHERE NEW.agency_id IN (r.agency_id, r.to_agency_id) AND r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service');
  RETURN NULL;
END
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.number_of_need(uuid, uuid), app.needs_by_number(uuid, text[]), app.recheck_agency_soon() FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.recheck_agency_soon() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER agreement_left_ends_referrals AFTER UPDATE OF left_at ON public.agreement_party
  FOR EACH ROW WHEN (NEW.left_at IS NOT NULL) EXECUTE FUNCTION app.recheck_agency_soon();
CREATE TRIGGER lawful_basis_ends_referrals AFTER INSERT ON public.lawful_basis FOR EACH ROW EXECUTE FUNCTION app.recheck_agency_soon();
