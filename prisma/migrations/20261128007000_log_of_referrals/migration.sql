-- A coordinator reads the log of the network's referrals: what happened to each, at which agency, by its code alone.

CREATE INDEX audit_event_referrals ON public.audit_event (at DESC, id DESC) WHERE type LIKE 'referral%' AND subject LIKE 'REF-%';
CREATE INDEX audit_event_referral ON public.audit_event (subject, at DESC, id DESC) WHERE type LIKE 'referral%' AND subject LIKE 'REF-%';

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/*
 * One page of what happened to the referrals of the coordinator's network once they were sent, the latest first; of looks, at
 * the package alone. No person, case or member, and no name of a field: those would tell what there is to tell of somebody.
 * Nothing for everybody else.
 */
CREATE FUNCTION app.desk_events(filters jsonb, is_backward boolean, cursor_at timestamptz, cursor_id bigint, how_many int) RETURNS TABLE (
  id bigint, code text, at timestamptz, sort text, type text, action text, outcome text, by text, roles text[], subject text, fields text[],
  purpose text, basis text, agency text, actor text, network text
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  own uuid := app.desk_network();
  conditions text := '';
  ordered text := CASE WHEN is_backward THEN 'e.at ASC, e.id ASC' ELSE 'e.at DESC, e.id DESC' END;
BEGIN
  IF own IS NULL THEN RETURN; END IF;
  IF filters ->> 'subject' IS NOT NULL THEN conditions := conditions || ' AND e.subject = $2'; END IF;
  IF filters ->> 'type' IS NOT NULL THEN conditions := conditions || ' AND e.type = $3'; END IF;
  IF filters ->> 'from' IS NOT NULL THEN conditions := conditions || ' AND e.at >= $4'; END IF;
  IF filters ->> 'below' IS NOT NULL THEN conditions := conditions || ' AND e.at < $5'; END IF;
  IF cursor_at IS NOT NULL THEN
    conditions := conditions || CASE WHEN is_backward THEN ' AND (e.at, e.id) > ($6, $7)' ELSE ' AND (e.at, e.id) < ($6, $7)' END;
  END IF;
  RETURN QUERY EXECUTE format($q$
    SELECT e.id, e.code, e.at, e.at::text, e.type, e.action, e.outcome, a.name, '{}'::text[], e.subject, '{}'::text[],
      CASE WHEN e.purpose ~ '^[a-z][a-z_-]{0,39}$' THEN e.purpose END, NULL::text, a.key, NULL::text, NULL::text
    FROM public.audit_event e JOIN public.agency a ON a.id = e.agency_id AND a.network_id = $1
    WHERE e.type LIKE 'referral%%' AND e.subject LIKE 'REF-%%' AND e.type NOT IN ('referral.drafted', 'referral.viewed', 'referral.listed', 'referral.offered')
      AND EXISTS (SELECT 1 FROM public.referral r JOIN public.agency f ON f.id = r.agency_id AND f.network_id = $1 WHERE r.code = e.subject AND r.sent_at IS NOT NULL) %1$s
    ORDER BY %2$s LIMIT $8$q$, conditions, ordered)
  USING own, filters ->> 'subject', filters ->> 'type', (filters ->> 'from')::timestamptz, (filters ->> 'below')::timestamptz, cursor_at, cursor_id, how_many;
END
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.desk_events(jsonb, boolean, timestamptz, bigint, int) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.desk_events(jsonb, boolean, timestamptz, bigint, int) TO %I', app.db_role('desk'));
END
$$;
RESET ROLE;
