-- Rows that are added to a restricted case are hidden like those that it had, whenever they come.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

-- The case is locked against being restricted until the row is committed: a row on its way while somebody restricts the
-- case would otherwise have missed both the case's old state and the change, and stayed in sight. Whoever comes second
-- waits and sees what the first one did.
CREATE OR REPLACE FUNCTION app.inherit_restriction() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  SELECT c.restricted INTO NEW.restricted FROM public.case_file c WHERE c.id = NEW.case_id FOR SHARE;
  RETURN NEW;
END
$$;
RESET ROLE;

/* The same for what ties a service to its paragraphs, which knows its case through the service only. */
CREATE FUNCTION app.inherit_service_restriction() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  SELECT c.restricted INTO NEW.restricted FROM public.service s JOIN public.case_file c ON c.id = s.case_id
    WHERE s.id = NEW.service_id FOR SHARE OF c;
  -- A row without its service is refused by the key; it must not be refused for want of this column first.
  NEW.restricted := coalesce(NEW.restricted, true);
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION app.inherit_service_restriction() FROM PUBLIC;
CREATE TRIGGER service_mandate_restriction BEFORE INSERT ON public.service_mandate
  FOR EACH ROW EXECUTE FUNCTION app.inherit_service_restriction();
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION app.inherit_service_restriction() OWNER TO %I', app.db_role('definer'));
END
$$;

UPDATE public.service_mandate m SET restricted = s.restricted
  FROM public.service s WHERE s.id = m.service_id AND m.restricted <> s.restricted;

-- A member's repeated request stays with the agency that it was made in.
ALTER POLICY own_change ON public.idempotency_key
  WITH CHECK (member_id = (SELECT app.member_id()) AND agency_id = (SELECT app.agency_id()));
