-- What members are told: a kind and a code, never a name or a text. In the application always, by mail as they wish.

CREATE TABLE "notice_kind" (
    "kind" TEXT NOT NULL,
    "mail" BOOLEAN NOT NULL DEFAULT true,
    "at_once" BOOLEAN NOT NULL DEFAULT false,
    "mail_required" BOOLEAN NOT NULL DEFAULT false,
    "sort" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "notice_kind_pkey" PRIMARY KEY ("kind")
);

CREATE TABLE "notice" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "agency_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT,
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "notice_delivery" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "agency_id" UUID NOT NULL,
    "notice_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_until" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_delivery_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "notice_preference" (
    "member_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "mail" BOOLEAN NOT NULL,
    "at_once" BOOLEAN NOT NULL,

    CONSTRAINT "notice_preference_pkey" PRIMARY KEY ("member_id","kind")
);

CREATE INDEX "notice_agency_id_member_id_at_idx" ON "notice"("agency_id", "member_id", "at" DESC);
CREATE UNIQUE INDEX "notice_agency_id_id_key" ON "notice"("agency_id", "id");
CREATE UNIQUE INDEX "notice_delivery_agency_id_notice_id_channel_key" ON "notice_delivery"("agency_id", "notice_id", "channel");
CREATE INDEX "notice_preference_agency_id_member_id_idx" ON "notice_preference"("agency_id", "member_id");
-- The count in every page's header.
CREATE INDEX notice_unread ON public.notice (agency_id, member_id) WHERE read_at IS NULL;

ALTER TABLE "notice" ADD CONSTRAINT "notice_agency_id_member_id_fkey" FOREIGN KEY ("agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "notice" ADD CONSTRAINT "notice_kind_fkey" FOREIGN KEY ("kind") REFERENCES "notice_kind"("kind") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "notice_delivery" ADD CONSTRAINT "notice_delivery_agency_id_notice_id_fkey" FOREIGN KEY ("agency_id", "notice_id") REFERENCES "notice"("agency_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;
ALTER TABLE "notice_preference" ADD CONSTRAINT "notice_preference_agency_id_member_id_fkey" FOREIGN KEY ("agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "notice_preference" ADD CONSTRAINT "notice_preference_kind_fkey" FOREIGN KEY ("kind") REFERENCES "notice_kind"("kind") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- W10, trap T9: what a notice is about is a code or nothing, whoever writes it.
ALTER TABLE public.notice ADD CONSTRAINT notice_subject_is_a_code
  CHECK (subject IS NULL OR subject ~ '^[A-Z]{3}-[0-9A-HJKMNP-TV-Z]{9}$');
ALTER TABLE public.notice_kind ADD CONSTRAINT notice_kind_is_a_name CHECK (kind ~ '^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$');
ALTER TABLE public.notice_delivery ADD CONSTRAINT notice_delivery_states
  CHECK (channel = 'mail' AND state IN ('waiting', 'sent', 'skipped') AND (state = 'waiting') = (ended_at IS NULL));

INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('task.assigned', true, false, false, 10),
  ('case.joined', true, false, false, 20),
  ('account.roles-changed', true, true, true, 90);

-- Mail. The queue gives up after twelve tries, which is about a day and a half, and then waits for an administrator.
INSERT INTO pgboss.queue (name, policy, retry_limit, retry_delay, retry_backoff, expire_seconds, retention_minutes)
  VALUES ('notice-mail', 'short', 12, 15, true, 120, 525600);

DO $$
DECLARE
  t text;
  member constant text := app.db_role('member');
  desk constant text := app.db_role('desk');
  auditor constant text := app.db_role('auditor');
  reader constant text := app.db_role('app');
BEGIN
  FOREACH t IN ARRAY ARRAY['notice_kind', 'notice', 'notice_delivery', 'notice_preference'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;

  EXECUTE format('GRANT SELECT ON public.notice_kind TO %I, %I, %I, %I', reader, member, desk, auditor);
  EXECUTE format('CREATE POLICY signed_in_read ON public.notice_kind FOR SELECT TO %I, %I, %I, %I
    USING ((SELECT app.member_id()) IS NOT NULL)', reader, member, desk, auditor);

  -- A notice is its member's own; they say that it is read and change nothing else of it.
  EXECUTE format('GRANT SELECT ON public.notice TO %I, %I, %I, %I', reader, member, desk, auditor);
  EXECUTE format('CREATE POLICY own_read ON public.notice FOR SELECT TO %I, %I, %I, %I
    USING (agency_id = (SELECT app.agency_id()) AND member_id = (SELECT app.member_id()))', reader, member, desk, auditor);
  EXECUTE format('GRANT UPDATE (read_at) ON public.notice TO %I, %I, %I', member, desk, auditor);
  EXECUTE format('CREATE POLICY own_change ON public.notice FOR UPDATE TO %I, %I, %I
    USING (agency_id = (SELECT app.agency_id()) AND member_id = (SELECT app.member_id()))
    WITH CHECK (agency_id = (SELECT app.agency_id()) AND member_id = (SELECT app.member_id()))', member, desk, auditor);

  EXECUTE format('GRANT SELECT ON public.notice_preference TO %I, %I, %I, %I', reader, member, desk, auditor);
  EXECUTE format('CREATE POLICY own_read ON public.notice_preference FOR SELECT TO %I, %I, %I, %I
    USING (member_id = (SELECT app.member_id()))', reader, member, desk, auditor);
  EXECUTE format('GRANT INSERT, UPDATE (mail, at_once) ON public.notice_preference TO %I, %I, %I', member, desk, auditor);
  EXECUTE format('CREATE POLICY own_add ON public.notice_preference FOR INSERT TO %I, %I, %I
    WITH CHECK (member_id = (SELECT app.member_id()) AND agency_id = (SELECT app.agency_id()))', member, desk, auditor);
  EXECUTE format('CREATE POLICY own_change ON public.notice_preference FOR UPDATE TO %I, %I, %I
    USING (member_id = (SELECT app.member_id()))
    WITH CHECK (member_id = (SELECT app.member_id()) AND agency_id = (SELECT app.agency_id()))', member, desk, auditor);
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* The moment itself when it falls into working hours, else when they next begin: Monday to Friday, 8:00 to 18:00 there. */
CREATE FUNCTION app.next_working_moment(zone text, moment timestamptz) RETURNS timestamptz
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE
  there timestamp := moment AT TIME ZONE zone;
  day date := there::date;
BEGIN
  IF extract(isodow FROM day) < 6 AND there::time >= '08:00' AND there::time < '18:00' THEN RETURN moment; END IF;
  IF there::time >= '08:00' THEN day := day + 1; END IF;
  WHILE extract(isodow FROM day) > 5 LOOP day := day + 1; END LOOP;
  RETURN (day + time '08:00') AT TIME ZONE zone;
END
$$;

/*
 * Tells members something, in the caller's transaction: a notice for each that is active, and where they want mail a
 * delivery with its job. For the definer's functions and for jobs; members of an agency go through app.notify_colleagues.
 */
CREATE FUNCTION app.notify(members uuid[], kind text, subject text DEFAULT NULL, urgent boolean DEFAULT false) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  told record;
  new_notice uuid;
  new_delivery uuid;
  happened timestamptz := clock_timestamp() + app.clock_offset();
  due timestamptz;
  n int := 0;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.notice_kind k WHERE k.kind = notify.kind) THEN
    RAISE EXCEPTION 'No kind of notice %', notify.kind USING ERRCODE = '23503';
  END IF;
  FOR told IN
    SELECT DISTINCT m.id, m.agency_id, a.time_zone, k.mail_required OR coalesce(p.mail, k.mail) AS mail, coalesce(p.at_once, k.at_once) AS at_once
    FROM public.member m JOIN public.agency a ON a.id = m.agency_id
    JOIN public.notice_kind k ON k.kind = notify.kind
    LEFT JOIN public.notice_preference p ON p.member_id = m.id AND p.kind = notify.kind
    WHERE m.id = ANY (members) AND m.status = 'active' ORDER BY m.id
  LOOP
    INSERT INTO public.notice (agency_id, member_id, kind, subject, urgent, at)
      VALUES (told.agency_id, told.id, notify.kind, notify.subject, coalesce(notify.urgent, false), happened) RETURNING id INTO new_notice;
    n := n + 1;
    CONTINUE WHEN NOT told.mail;
    due := CASE WHEN notify.urgent OR told.at_once THEN happened ELSE app.next_working_moment(told.time_zone, happened) END;
    INSERT INTO public.notice_delivery (agency_id, notice_id, channel, due_at)
      VALUES (told.agency_id, new_notice, 'mail', due) RETURNING id INTO new_delivery;
    PERFORM app.enqueue('notice-mail', jsonb_build_object('delivery', new_delivery), CASE WHEN due > happened THEN due END, new_delivery::text);
  END LOOP;
  RETURN n;
END
$$;

/* The same for whoever is signed in: to members of their own agency, and to any for the system administrator. */
CREATE FUNCTION app.notify_colleagues(members uuid[], kind text, subject text, urgent boolean) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
BEGIN
  IF ctx IS NULL THEN
    RAISE EXCEPTION 'A notice needs a signed actor context' USING ERRCODE = '42501';
  END IF;
  RETURN app.notify(ARRAY(SELECT m.id FROM public.member m WHERE m.id = ANY (members)
    AND (m.agency_id = ctx.agency_id OR 'system_admin' = ANY (ctx.roles))), kind, subject, urgent);
END
$$;

/*
 * Takes a delivery for the one process that will send it, for `lease_seconds`: a little less than the queue waits for a
 * job, so that a job that is tried again finds the claim of a process that died over. `answer` is `send` with what the
 * mail says; `ended` when it was sent, or is no longer wanted; `taken` while another process has it.
 */
CREATE FUNCTION app.claim_delivery(wanted uuid) RETURNS TABLE (
  answer text, email text, locale text, kind text, subject text, urgent boolean, product_name text, lease_seconds float8
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  d record;
  lease constant float8 := (SELECT q.expire_seconds * 0.75 FROM pgboss.queue q WHERE q.name = 'notice-mail');
BEGIN
  SELECT x.id, x.state, x.claimed_until, n.kind, n.subject, n.urgent, m.email, m.locale, m.status, a.product_name,
      k.mail_required OR coalesce(p.mail, k.mail) AS wanted_mail INTO d
    FROM public.notice_delivery x JOIN public.notice n ON n.id = x.notice_id AND n.agency_id = x.agency_id
    JOIN public.member m ON m.id = n.member_id JOIN public.agency a ON a.id = m.agency_id
    JOIN public.notice_kind k ON k.kind = n.kind
    LEFT JOIN public.notice_preference p ON p.member_id = m.id AND p.kind = n.kind
    WHERE x.id = wanted FOR UPDATE OF x;
  IF NOT FOUND OR d.state <> 'waiting' THEN
    RETURN QUERY SELECT 'ended', NULL::text, NULL::text, NULL::text, NULL::text, NULL::boolean, NULL::text, NULL::float8;
  ELSIF d.claimed_until > clock_timestamp() THEN
    RETURN QUERY SELECT 'taken', NULL::text, NULL::text, NULL::text, NULL::text, NULL::boolean, NULL::text, NULL::float8;
  ELSIF d.status <> 'active' OR NOT d.wanted_mail THEN
    UPDATE public.notice_delivery x SET state = 'skipped', ended_at = clock_timestamp(), claimed_until = NULL WHERE x.id = wanted;
    RETURN QUERY SELECT 'ended', NULL::text, NULL::text, NULL::text, NULL::text, NULL::boolean, NULL::text, NULL::float8;
  ELSE
    UPDATE public.notice_delivery x SET claimed_until = clock_timestamp() + make_interval(secs => lease), attempts = x.attempts + 1
      WHERE x.id = wanted;
    RETURN QUERY SELECT 'send', d.email, d.locale, d.kind, d.subject, d.urgent, d.product_name, lease;
  END IF;
END
$$;

/* What came of a delivery that was claimed: sent for good, or free for the next try. */
CREATE FUNCTION app.end_delivery(wanted uuid, was_sent boolean) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.notice_delivery x SET claimed_until = NULL, state = CASE WHEN was_sent THEN 'sent' ELSE x.state END,
    ended_at = CASE WHEN was_sent THEN clock_timestamp() END
  WHERE x.id = wanted AND x.state = 'waiting'
$$;

/* Whoever changes a member's roles, by whichever way: the member is told. */
CREATE FUNCTION app.tell_of_roles() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM app.notify(ARRAY[NEW.id], 'account.roles-changed', NULL, false);
  RETURN NULL;
END
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.next_working_moment(text, timestamptz), app.notify(uuid[], text, text, boolean),
    app.notify_colleagues(uuid[], text, text, boolean), app.claim_delivery(uuid), app.end_delivery(uuid, boolean), app.tell_of_roles() FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.notify(uuid[], text, text, boolean), app.claim_delivery(uuid), app.end_delivery(uuid, boolean) TO %I',
    app.db_role('worker'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.notify_colleagues(uuid[], text, text, boolean) TO %I, %I, %I',
    app.db_role('member'), app.db_role('desk'), app.db_role('auditor'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.notify(uuid[], text, text, boolean), app.tell_of_roles() TO %I', session_user);
  RESET ROLE;
END
$$;

CREATE TRIGGER member_told_of_roles AFTER UPDATE OF roles ON public.member
  FOR EACH ROW WHEN (NEW.roles IS DISTINCT FROM OLD.roles) EXECUTE FUNCTION app.tell_of_roles();
