-- The seal of the log: checkpoints over an RFC 6962 tree of the events' texts, signed with a key that is not in here.

-- CreateTable
CREATE TABLE "seal_key" (
    "id" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "registered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "seal_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "seal_epoch" (
    "epoch" INTEGER NOT NULL,
    "first_id" BIGINT NOT NULL,
    "first_size" BIGINT NOT NULL,
    "began_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "seal_epoch_pkey" PRIMARY KEY ("epoch")
);

-- CreateTable
CREATE TABLE "seal_checkpoint" (
    "size" BIGINT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "root" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,
    "previous" BYTEA,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "note" TEXT NOT NULL,
    "last_txid" BIGINT NOT NULL,
    "last_id" BIGINT NOT NULL,
    "leaves" BYTEA NOT NULL,
    "frontier" BYTEA NOT NULL,

    CONSTRAINT "seal_checkpoint_pkey" PRIMARY KEY ("size")
);

-- CreateTable
CREATE TABLE "seal_check" (
    "id" BIGSERIAL NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "size" BIGINT,
    "fault" TEXT,
    "position" BIGINT,
    "code" TEXT,
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by_id" UUID,

    CONSTRAINT "seal_check_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "seal_checkpoint_hash_key" ON "seal_checkpoint"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "seal_checkpoint_previous_key" ON "seal_checkpoint"("previous");

-- CreateIndex
CREATE INDEX "audit_event_txid_id_idx" ON "audit_event"("txid", "id");

-- The leaves are hashes: compressing them would cost time and save nothing.
ALTER TABLE public.seal_checkpoint ALTER COLUMN leaves SET STORAGE EXTERNAL;

INSERT INTO public.seal_epoch (epoch, first_id, first_size) VALUES (1, 0, 0);

INSERT INTO public.audit_event_type (type, action) VALUES
  ('audit.exported', 'export'), ('seal.epoch-began', 'create');

-- ---------------------------------------------------------------------------------------------------------------
-- Nobody reads or writes these tables but through the functions below; what is sealed takes no change from anybody.

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['seal_key', 'seal_epoch', 'seal_checkpoint', 'seal_check'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
    IF t <> 'seal_check' THEN
      EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION app.refuse_change()', t || '_append_only', t);
      EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change()', t || '_no_truncate', t);
    END IF;
  END LOOP;
  EXECUTE format('GRANT UPDATE ON public.seal_check TO %I', app.db_role('definer'));
  EXECUTE format('GRANT USAGE ON SEQUENCE public.seal_check_id_seq TO %I', app.db_role('definer'));
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Sealing. The order of the leaves is the epoch, then the transaction, then the event: it needs no place of its own,
-- since nothing can come before what lies below the horizon.

/* The last checkpoint with the epoch that goes on; without a checkpoint its columns are null. */
CREATE FUNCTION app.seal_head() RETURNS TABLE (epoch int, first_size bigint, size bigint, root bytea, hash bytea, note text,
    sealed_epoch int, last_txid bigint, last_id bigint, frontier bytea, origin text, public_key bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.epoch, e.first_size, c.size, c.root, c.hash, c.note, c.epoch, c.last_txid, c.last_id, c.frontier, k.origin, k.public_key
  FROM (SELECT * FROM public.seal_epoch ORDER BY epoch DESC LIMIT 1) e
  LEFT JOIN (SELECT * FROM public.seal_checkpoint ORDER BY size DESC LIMIT 1) c ON true
  LEFT JOIN (SELECT * FROM public.seal_key ORDER BY registered_at DESC, id LIMIT 1) k ON true
$$;

/* Remembers the key that seals here. False, and nothing changed, when there is one. */
CREATE FUNCTION app.register_seal_key(wanted_id text, wanted_origin text, wanted_key bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('app.seal'));
  IF EXISTS (SELECT 1 FROM public.seal_key) THEN RETURN false; END IF;
  INSERT INTO public.seal_key (id, origin, public_key) VALUES (wanted_id, wanted_origin, wanted_key);
  RETURN true;
END
$$;

/*
 * The leaves that come next, none while everything is sealed: events of transactions that no open one can precede. What
 * lies below the snapshot's horizon has ended, so whatever of it will ever be seen is seen now. In an earlier epoch, which
 * a restore has ended, everything has; its transaction numbers are another server's.
 */
CREATE FUNCTION app.seal_pending(at_most int) RETURNS TABLE (txid bigint, id bigint, leaf bytea)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  horizon bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  head record;
  stretch record;
  goes_on boolean;
BEGIN
  SELECT * INTO head FROM app.seal_head();
  FOR stretch IN SELECT e.first_id, lead(e.first_id) OVER (ORDER BY e.epoch) AS next_id FROM public.seal_epoch e ORDER BY e.epoch LOOP
    CONTINUE WHEN head.last_id >= stretch.next_id;
    goes_on := coalesce(head.last_id >= stretch.first_id, false);
    RETURN QUERY SELECT e.txid, e.id, sha256('\x00'::bytea || convert_to(e.canonical, 'UTF8')) FROM public.audit_event e
      WHERE (e.txid, e.id) > (CASE WHEN goes_on THEN head.last_txid ELSE -1 END, CASE WHEN goes_on THEN head.last_id ELSE 0 END)
        AND e.id >= stretch.first_id
        AND CASE WHEN stretch.next_id IS NULL THEN e.txid < horizon ELSE e.id < stretch.next_id END
      ORDER BY e.txid, e.id LIMIT at_most;
    IF FOUND THEN RETURN; END IF;
  END LOOP;
END
$$;

/* Appends a checkpoint to the last one. Refuses any that doesn't follow it: there is one for a size, and one after each. */
CREATE FUNCTION app.append_checkpoint(wanted_size bigint, wanted_epoch int, wanted_root bytea, wanted_hash bytea, wanted_previous bytea,
    wanted_at timestamptz, wanted_note text, wanted_txid bigint, wanted_id bigint, wanted_leaves bytea, wanted_frontier bytea) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  head record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('app.seal'));
  SELECT * INTO head FROM app.seal_head();
  IF wanted_epoch <> head.epoch OR wanted_previous IS DISTINCT FROM head.hash
     OR wanted_size - coalesce(head.size, 0) < 1
     OR octet_length(wanted_leaves) <> 32 * (wanted_size - coalesce(head.size, 0)) THEN
    RAISE EXCEPTION 'A checkpoint has to follow the last one' USING ERRCODE = '23514';
  END IF;
  INSERT INTO public.seal_checkpoint (size, epoch, root, hash, previous, at, note, last_txid, last_id, leaves, frontier)
  VALUES (wanted_size, wanted_epoch, wanted_root, wanted_hash, wanted_previous, wanted_at, wanted_note, wanted_txid, wanted_id,
    wanted_leaves, wanted_frontier);
END
$$;

/* Checkpoints after a size, for the files that hold them outside, and for verification. */
CREATE FUNCTION app.checkpoints_after(after_size bigint, at_most int) RETURNS SETOF public.seal_checkpoint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT * FROM public.seal_checkpoint WHERE size > after_size ORDER BY size LIMIT at_most
$$;

CREATE FUNCTION app.seal_epochs() RETURNS SETOF public.seal_epoch
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT * FROM public.seal_epoch ORDER BY epoch
$$;

/* Events of an epoch in the order of their leaves, for the verification that runs by itself. */
CREATE FUNCTION app.events_to_verify(from_id bigint, below_id bigint, after_txid bigint, after_id bigint, at_most int)
  RETURNS SETOF public.audit_event
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT * FROM public.audit_event e
  WHERE (e.txid, e.id) > (after_txid, after_id) AND e.id >= from_id AND (below_id IS NULL OR e.id < below_id)
  ORDER BY e.txid, e.id LIMIT at_most
$$;

/*
 * Begins a new epoch, after a restore; nothing else may be at work. Events from here on have ids above all earlier ones,
 * whatever transaction numbers this server counts. What was not sealed yet is sealed in the new epoch. Returns it.
 */
CREATE FUNCTION app.begin_seal_epoch() RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  head record;
  next_id bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('app.seal'));
  IF EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = current_database()
             AND a.usename IN (app.db_role('app'), app.db_role('worker'))) THEN
    RAISE EXCEPTION 'An epoch begins while nothing else is at work' USING ERRCODE = '55006';
  END IF;
  SELECT * INTO head FROM app.seal_head();
  SELECT greatest(coalesce(max(e.id), 0), (SELECT s.last_value FROM public.audit_event_id_seq s)) + 1 INTO next_id FROM public.audit_event e;
  PERFORM setval('public.audit_event_id_seq', next_id, false);
  INSERT INTO public.seal_epoch (epoch, first_id, first_size) VALUES (head.epoch + 1, next_id, coalesce(head.size, 0));
  PERFORM app.operator_event('seal.epoch-began', 'EPOCH-' || (head.epoch + 1)::text, '{}', NULL,
    (SELECT a.id FROM public.agency a WHERE a.kind = 'operator' ORDER BY a.id LIMIT 1));
  RETURN head.epoch + 1;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Owners and callers

DO $$
DECLARE
  f record;
BEGIN
  EXECUTE format('GRANT SELECT, UPDATE ON SEQUENCE public.audit_event_id_seq TO %I', app.db_role('definer'));
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('seal_head', 'register_seal_key', 'seal_pending', 'append_checkpoint', 'checkpoints_after',
             'seal_epochs', 'events_to_verify', 'begin_seal_epoch') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    IF f.proname <> 'begin_seal_epoch' THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f.signature, app.db_role('worker')); END IF;
    EXECUTE format('ALTER FUNCTION %s OWNER TO %I', f.signature, app.db_role('definer'));
  END LOOP;
  -- The operator's commands run as the owner.
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.seal_head(), app.register_seal_key(text, text, bytea), app.seal_pending(int),
    app.append_checkpoint(bigint, int, bytea, bytea, bytea, timestamptz, text, bigint, bigint, bytea, bytea), app.checkpoints_after(bigint, int),
    app.seal_epochs(), app.begin_seal_epoch() TO %I', session_user);
  RESET ROLE;
END
$$;
