-- People: a member drops their own search texts once they have run out.

DO $$
DECLARE
  r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['member', 'desk', 'auditor'] LOOP
    EXECUTE format('GRANT DELETE ON public.search_handle TO %I', app.db_role(r));
    EXECUTE format('CREATE POLICY own_drop_%s ON public.search_handle FOR DELETE TO %I USING (member_id = (SELECT app.member_id()))', r, app.db_role(r));
  END LOOP;
END
$$;
