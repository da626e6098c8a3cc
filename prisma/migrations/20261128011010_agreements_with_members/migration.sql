-- Who signs an agreement has members here: an agency without Amparo can't, whoever proposes it and by which way. The form never
-- offered one; a program could name one, and nobody would ever have signed.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;
DO $do$
DECLARE
  source text := pg_get_functiondef('app.propose_agreement(uuid, jsonb, jsonb)'::regprocedure);
  was constant text := $was$x.kind <> 'operator' AND x.id <> own;$was$;
BEGIN
  IF position(was IN source) = 0 THEN RAISE EXCEPTION 'app.propose_agreement does not hold: %', was; END IF;
  EXECUTE replace(source, was, $new$x.kind <> 'operator' AND x.on_amparo AND x.id <> own;$new$);
END
$do$;
RESET ROLE;
