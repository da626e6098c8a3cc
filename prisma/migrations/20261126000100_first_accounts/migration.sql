-- The page for signing in to a demonstration names the accounts that came with it. Members who join later have passwords
-- of their own and pushed them out of the list.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

CREATE OR REPLACE FUNCTION app.sign_in_page() RETURNS TABLE (demonstration boolean, administered boolean, accounts text[], leave_url text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT i.demonstration,
    EXISTS (SELECT 1 FROM public.member m JOIN public.credential c ON c.member_id = m.id
            WHERE m.status = 'active' AND m.roles && ARRAY['system_admin', 'agency_admin']::public.role[]),
    CASE WHEN i.demonstration THEN ARRAY(
      SELECT first.email FROM (
        SELECT m.email, a.created_at AS since, a.key FROM public.member m JOIN public.credential c ON c.member_id = m.id
        JOIN public.agency a ON a.id = m.agency_id WHERE m.status = 'active' ORDER BY m.created_at, m.email LIMIT 20) first
      ORDER BY first.since, first.key, first.email) ELSE '{}' END,
    (SELECT n.settings ->> 'leaveUrl' FROM public.network n ORDER BY n.created_at LIMIT 1)
  FROM public.installation i WHERE i.id = 1
$$;
RESET ROLE;
