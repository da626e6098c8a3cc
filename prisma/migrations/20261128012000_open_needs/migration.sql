-- An agency's open needs, counted for its year in figures.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/*
 * The living needs of the actor's agency by category and urgency, and how many are past the limit of their first contact.
 * Whether a person was reached stands in a task, which only its owner and the team read: counted here, it is the same
 * number for all of the agency. Restricted needs are left out. Nothing for roles without casework.
 */
CREATE FUNCTION app.open_needs() RETURNS TABLE (category text, urgency text, n int, late int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT d.category, d.urgency::text, count(*)::int,
    (count(*) FILTER (WHERE d.state <> 'being_met' AND d.contact_due_at < (SELECT app.now()) AND NOT EXISTS (
      SELECT 1 FROM public.task t
      WHERE t.case_id = d.case_id AND t.need_id = d.id AND t.kind = 'first_contact' AND t.done_at IS NOT NULL)))::int
  FROM public.need d
  WHERE d.agency_id = (SELECT app.casework_agency()) AND d.state IN ('open', 'planned', 'being_met') AND NOT d.restricted
  GROUP BY 1, 2
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.open_needs() FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.open_needs() TO %I, %I', app.db_role('member'), app.db_role('definer'));
END
$$;
RESET ROLE;
