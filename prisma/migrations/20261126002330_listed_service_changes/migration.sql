-- Who changed an entry of the directory last, and when: whoever saved at the same time is told (R03).

ALTER TABLE public.listed_service
  ADD COLUMN changed_at timestamptz(3) NOT NULL DEFAULT now(),
  ADD COLUMN changed_by_id uuid,
  ADD CONSTRAINT listed_service_agency_id_changed_by_id_fkey FOREIGN KEY (agency_id, changed_by_id)
    REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE INDEX listed_service_agency_id_changed_by_id_idx ON public.listed_service (agency_id, changed_by_id);

/* The database notes it, in domain time, whoever writes. */
CREATE FUNCTION app.stamp_listed_service() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF app.member_id() IS NOT NULL THEN
    NEW.changed_at := app.now();
    NEW.changed_by_id := app.member_id();
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION app.stamp_listed_service() FROM PUBLIC;
CREATE TRIGGER stamp_listed_service BEFORE INSERT OR UPDATE ON public.listed_service
  FOR EACH ROW EXECUTE FUNCTION app.stamp_listed_service();
DO $$ BEGIN EXECUTE format('ALTER FUNCTION app.stamp_listed_service() OWNER TO %I', app.db_role('definer')); END $$;
