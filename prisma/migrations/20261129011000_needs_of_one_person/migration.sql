-- How alike needs of one person fare, of each year from now on, so that errors can allow for it. What was frozen before stays as it is.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* How many people of an extract have needs of these classes of a family, one class for each of their needs: for the worker that freezes it, and nobody else. */
CREATE FUNCTION app.cube_persons(wanted uuid) RETURNS TABLE (family text, classes text[], n int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT p.family, p.classes, count(*)::int
  FROM (SELECT f.family, array_agg(f.class ORDER BY f.class) AS classes
    FROM public.cube_unit u, LATERAL (VALUES ('met', u.met), ('in_time', u.in_time), ('complete', u.complete), ('wait', u.wait), ('pace', u.pace),
      ('course', u.course), ('referral', u.referral), ('answer', u.answer), ('why', u.why)) f (family, class)
    WHERE u.cube_id = wanted AND f.class IS NOT NULL GROUP BY u.person, f.family) p
  GROUP BY 1, 2 ORDER BY 1, 2
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.cube_persons(uuid) FROM PUBLIC;
  -- The demonstration is loaded, and its periods frozen, by the owner.
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.cube_persons(uuid) TO %I, %I', app.db_role('worker'), session_user);
END
$$;
RESET ROLE;
