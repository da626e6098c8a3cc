-- What was shared of services stays true as the rest of a package does: a service that is logged, amended or voided on the
-- case renews the field of its category.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/*
 * The coded lines of the services on the case of a living referral, as its sender's team would see them: the latest 201, for
 * the job that compares them with what was sealed.
 */
CREATE FUNCTION app.services_to_renew(wanted uuid) RETURNS TABLE (category text, type text, delivered_on text, status text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s.category, s.type, s.delivered_on::text, s.status::text FROM public.referral r JOIN public.service s ON s.case_id = r.case_id
  WHERE r.id = wanted AND r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service')
    AND EXISTS (SELECT 1 FROM unnest(r.fields) f WHERE f LIKE 'service.%')
  ORDER BY s.delivered_on DESC, s.id DESC LIMIT 201
$$;

/* Only where a package holds the field: services are written far more often than they are shared. */
CREATE FUNCTION app.renew_packages_of_services() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  whose uuid;
BEGIN
  FOR whose IN SELECT DISTINCT r.person_id FROM written s JOIN public.referral r ON r.holder_agency_id = s.holder_agency_id AND r.person_id = s.person_id
      AND r.case_id = s.case_id AND r.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service')
      AND EXISTS (SELECT 1 FROM unnest(r.fields) f WHERE f LIKE 'service.%') LOOP
    PERFORM app.enqueue('referral-renewal', jsonb_build_object('person', whose), NULL, whose::text);
  END LOOP;
  RETURN NULL;
END
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.services_to_renew(uuid), app.renew_packages_of_services() FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.services_to_renew(uuid) TO %I', app.db_role('worker'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.renew_packages_of_services() TO %I', session_user);
END
$$;
RESET ROLE;

CREATE TRIGGER service_renews_packages AFTER INSERT ON public.service REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION app.renew_packages_of_services();
CREATE TRIGGER service_change_renews_packages AFTER UPDATE ON public.service REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION app.renew_packages_of_services();
