-- Findings: what an auditor puts to an agency, with the evidence as it was, the agency's answer, and what became of it.
-- A kind of source is two functions, app.<kind>_concerns and app.freeze_<kind>, named in app.finding_concerns and
-- app.freeze_finding, and its words in components/oversight/finding-words.ts.

CREATE TABLE "finding" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL DEFAULT app.new_code('FND'::text),
    "agency_id" UUID NOT NULL,
    "to_agency_id" UUID NOT NULL,
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "source_kind" TEXT NOT NULL,
    "source_code" TEXT NOT NULL,
    "source_item" TEXT,
    "grade" TEXT NOT NULL,
    "basis" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "headline" JSONB NOT NULL,
    "evidence" JSONB NOT NULL,
    "evidence_hash" TEXT NOT NULL,
    "evidence_at" TIMESTAMPTZ(3) NOT NULL,
    "checkpoint_size" BIGINT,
    "checkpoint_hash" BYTEA,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "answer_due" DATE NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "answered_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "action_due" DATE,
    "action_done_on" DATE,
    "told" TEXT[] NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "finding_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "finding_text" (
    "id" UUID NOT NULL,
    "finding_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "written_by_id" UUID NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "finding_text_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "finding_key" (
    "finding_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "holder_agency_id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "wrap_purpose" TEXT NOT NULL DEFAULT 'data',
    "wrap_version" INTEGER NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "finding_key_pkey" PRIMARY KEY ("finding_id","agency_id")
);

CREATE UNIQUE INDEX "finding_code_key" ON "finding"("code");

CREATE UNIQUE INDEX "finding_id_agency_id_key" ON "finding"("id", "agency_id");

CREATE INDEX "finding_agency_id_made_at_id_idx" ON "finding"("agency_id", "made_at" DESC, "id" DESC);

CREATE INDEX "finding_to_agency_id_made_at_id_idx" ON "finding"("to_agency_id", "made_at" DESC, "id" DESC);

CREATE INDEX "finding_agency_id_made_by_id_idx" ON "finding"("agency_id", "made_by_id");

CREATE INDEX "finding_text_agency_id_idx" ON "finding_text"("agency_id");

CREATE INDEX "finding_text_holder_agency_id_idx" ON "finding_text"("holder_agency_id");

CREATE INDEX "finding_text_finding_id_written_at_idx" ON "finding_text"("finding_id", "written_at");

CREATE INDEX "finding_key_agency_id_wrap_version_idx" ON "finding_key"("agency_id", "wrap_version");

CREATE INDEX "finding_key_holder_agency_id_idx" ON "finding_key"("holder_agency_id");

ALTER TABLE "finding" ADD CONSTRAINT "finding_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "finding" ADD CONSTRAINT "finding_to_agency_id_fkey" FOREIGN KEY ("to_agency_id") REFERENCES "agency"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "finding" ADD CONSTRAINT "finding_agency_id_made_by_id_fkey" FOREIGN KEY ("agency_id", "made_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "finding_text" ADD CONSTRAINT "finding_text_finding_id_holder_agency_id_fkey" FOREIGN KEY ("finding_id", "holder_agency_id") REFERENCES "finding"("id", "agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "finding_text" ADD CONSTRAINT "finding_text_agency_id_written_by_id_fkey" FOREIGN KEY ("agency_id", "written_by_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "finding_key" ADD CONSTRAINT "finding_key_finding_id_holder_agency_id_fkey" FOREIGN KEY ("finding_id", "holder_agency_id") REFERENCES "finding"("id", "agency_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "finding_key" ADD CONSTRAINT "finding_key_agency_id_wrap_purpose_wrap_version_fkey" FOREIGN KEY ("agency_id", "wrap_purpose", "wrap_version") REFERENCES "agency_key"("agency_id", "purpose", "version") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.finding
  ADD CONSTRAINT finding_parties CHECK (agency_id <> to_agency_id),
  ADD CONSTRAINT finding_source CHECK (source_kind IN ('rule', 'disparity', 'sample', 'complaint', 'event')),
  ADD CONSTRAINT finding_grade CHECK (grade IN ('breach', 'concern', 'watch')),
  ADD CONSTRAINT finding_basis CHECK (basis IN ('8', '6(c)', 'Palermo 14(2)', 'need_to_know', 'purpose_limit', 'minimisation', 'accuracy', 'lawfulness',
    'security', 'accountability')),
  ADD CONSTRAINT finding_subject CHECK (subject IN ('looks', 'sharing', 'emergency', 'accounts', 'equal_help', 'special_needs', 'time_to_help',
    'record_keeping', 'conduct')),
  ADD CONSTRAINT finding_state CHECK (state IN ('draft', 'sent', 'answered', 'accepted', 'reopened', 'withdrawn')),
  ADD CONSTRAINT finding_sent CHECK ((sent_at IS NULL) = (state IN ('draft', 'withdrawn'))),
  ADD CONSTRAINT finding_answered CHECK (state NOT IN ('answered', 'accepted') OR (answered_at IS NOT NULL AND action_due IS NOT NULL)),
  ADD CONSTRAINT finding_closed CHECK ((closed_at IS NOT NULL) = (state IN ('accepted', 'withdrawn'))),
  ADD CONSTRAINT finding_done CHECK (action_done_on IS NULL OR state IN ('answered', 'accepted'));
ALTER TABLE public.finding_text
  ADD CONSTRAINT finding_text_kind CHECK (kind IN ('statement', 'asked', 'answer', 'action', 'reopened'));

INSERT INTO public.audit_event_type (type, action) VALUES
  ('finding.opened', 'create'), ('finding.changed', 'update'), ('finding.sent', 'update'), ('finding.answered', 'update'), ('finding.accepted', 'update'),
  ('finding.reopened', 'update'), ('finding.action-done', 'update'), ('finding.withdrawn', 'update'), ('finding.listed', 'list'), ('finding.viewed', 'read');
INSERT INTO public.notice_kind (kind, mail, at_once, mail_required, sort) VALUES
  ('finding.received', true, true, false, 50), ('finding.answered', true, false, false, 51), ('finding.accepted', true, false, false, 52),
  ('finding.reopened', true, true, false, 53), ('finding.action-done', true, false, false, 54), ('finding.due', true, false, false, 55),
  ('finding.overdue', true, true, false, 56);

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['finding', 'finding_text', 'finding_key'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
  EXECUTE format('GRANT UPDATE ON public.finding, public.finding_key TO %I', app.db_role('definer'));
END
$$;
-- What was written stays; that of a draft is followed by a later text of its kind.
CREATE TRIGGER finding_text_stays BEFORE UPDATE OR DELETE ON public.finding_text FOR EACH ROW EXECUTE FUNCTION app.only_added_to();

/* What a finding is about and the evidence it rests on stay as they were frozen; once sent, so do its grade and basis. */
CREATE FUNCTION app.keep_finding() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.id, OLD.code, OLD.agency_id, OLD.to_agency_id, OLD.made_by_id, OLD.made_at, OLD.source_kind, OLD.source_code, OLD.source_item,
       OLD.headline, OLD.evidence, OLD.evidence_hash, OLD.evidence_at, OLD.checkpoint_size, OLD.checkpoint_hash)
     IS DISTINCT FROM (NEW.id, NEW.code, NEW.agency_id, NEW.to_agency_id, NEW.made_by_id, NEW.made_at, NEW.source_kind, NEW.source_code, NEW.source_item,
       NEW.headline, NEW.evidence, NEW.evidence_hash, NEW.evidence_at, NEW.checkpoint_size, NEW.checkpoint_hash)
     OR (OLD.state <> 'draft' AND ((OLD.grade, OLD.basis, OLD.subject, OLD.sent_at) IS DISTINCT FROM (NEW.grade, NEW.basis, NEW.subject, NEW.sent_at)
       OR NEW.state = 'draft' OR OLD.state = 'withdrawn')) THEN
    RAISE EXCEPTION 'A finding stays as it was made' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION app.keep_finding() FROM PUBLIC;
CREATE TRIGGER finding_stays BEFORE UPDATE OR DELETE ON public.finding FOR EACH ROW EXECUTE FUNCTION app.keep_finding();

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Sources. A kind answers two questions: which agencies something concerns, and what of it is evidence against one of them.
-- Evidence is {about, items}: what it is, and the single records under the body's pseudonyms.

/* Which record a body's pseudonym, or a member's code, stands for. */
CREATE FUNCTION app.overseen_subject(body uuid, network uuid, wanted text) RETURNS TABLE (kind text, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT p.kind, p.subject_id FROM public.oversight_pseudonym p WHERE p.agency_id = body AND p.code = wanted
  UNION ALL
  SELECT 'member', m.id FROM public.member m JOIN public.agency a ON a.id = m.agency_id WHERE m.code = wanted AND a.network_id = network
$$;

CREATE FUNCTION app.rule_concerns(body uuid, network uuid, source text, item text) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT c.agency_id FROM public.oversight_rule_case c
  WHERE c.network_id = network AND c.rule = source
    AND (item IS NULL OR (c.kind, c.subject_id) IN (SELECT s.kind, s.id FROM app.overseen_subject(body, network, item) s))
$$;

/* The latest cases of one agency that break a rule, or the one that was picked. */
CREATE FUNCTION app.freeze_rule(body uuid, network uuid, source text, item text, wanted uuid) RETURNS jsonb
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH broken AS (
    SELECT c.kind, c.subject_id, c.on_day FROM public.oversight_rule_case c WHERE c.network_id = network AND c.rule = source AND c.agency_id = wanted
      AND (item IS NULL OR (c.kind, c.subject_id) IN (SELECT s.kind, s.id FROM app.overseen_subject(body, network, item) s))
  ), latest AS (SELECT * FROM broken ORDER BY on_day DESC, subject_id LIMIT 200)
  SELECT jsonb_build_object('about', jsonb_build_object('rule', r.key, 'owner', r.owner, 'count', (SELECT count(*) FROM broken),
      'lookedAt', (SELECT max(m.looked_at) FROM public.oversight_rule_month m WHERE m.network_id = network AND m.rule = r.key)),
    'items', (SELECT jsonb_agg(jsonb_build_object('kind', l.kind, 'onDay', l.on_day, 'code', CASE l.kind
        WHEN 'member' THEN (SELECT m.code FROM public.member m WHERE m.id = l.subject_id)
        WHEN 'agency' THEN NULL ELSE app.pseudonym_of(body, l.kind, l.subject_id) END) ORDER BY l.on_day DESC, l.subject_id) FROM latest l))
  FROM public.oversight_rule r WHERE r.key = source AND EXISTS (SELECT 1 FROM broken)
$$;

CREATE FUNCTION app.disparity_concerns(body uuid, network uuid, source text) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.id FROM public.disparity_run r JOIN public.agency a ON a.network_id = r.network_id AND a.kind IN ('government', 'ngo', 'intergovernmental')
  WHERE r.network_id = network AND r.code = source AND (r.question ->> 'agency' IS NULL OR a.key = r.question ->> 'agency')
$$;

/* The question, the figures that it got, and the cube that they follow from. */
CREATE FUNCTION app.freeze_disparity(network uuid, source text) RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_build_object('about', jsonb_build_object('disparity', r.code, 'question', r.question, 'figures', r.figures, 'figuresHash', r.figures_hash,
    'codeVersion', r.code_version, 'ranAt', r.ran_at, 'cube', c.code, 'extractHash', c.extract_hash, 'tablesHash', c.tables_hash), 'items', '[]'::jsonb)
  FROM public.disparity_run r JOIN public.cube c ON c.id = r.cube_id WHERE r.network_id = network AND r.code = source
$$;

CREATE FUNCTION app.event_concerns(network uuid, source text) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.agency_id FROM public.audit_event e JOIN public.agency a ON a.id = e.agency_id
  WHERE e.code = source AND a.network_id = network AND a.kind <> 'oversight'
$$;

/* One event as the auditor sees it, with the leaf that the seal's tree has of it. */
CREATE FUNCTION app.freeze_event(source text) RETURNS jsonb
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_build_object('about', jsonb_build_object('event', e.code, 'at', e.at, 'type', e.type, 'action', e.action, 'outcome', e.outcome, 'actor', e.actor,
      'roles', to_jsonb(e.roles), 'purpose', e.purpose, 'basis', e.basis, 'record', e.record, 'fields', to_jsonb(e.fields),
      'leaf', (SELECT encode(sha256('\x00'::bytea || convert_to(x.canonical, 'UTF8')), 'hex') FROM public.audit_event x WHERE x.id = e.id)),
    'items', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', s.kind, 'code', s.code, 'onDay', (e.at AT TIME ZONE 'UTC')::date)), '[]')
      FROM (VALUES ('person', e.subject), ('case', e.case_subject)) s (kind, code) WHERE s.code IS NOT NULL))
  FROM app.oversight_events(jsonb_build_object('event', source), false, NULL, NULL, 1) e
$$;

/* The agencies of the network that a source concerns. */
CREATE FUNCTION app.finding_concerns(source_kind text, body uuid, network uuid, source text, item text) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  CASE source_kind
    WHEN 'rule' THEN RETURN QUERY SELECT app.rule_concerns(body, network, source, item);
    WHEN 'disparity' THEN RETURN QUERY SELECT app.disparity_concerns(body, network, source);
    WHEN 'event' THEN RETURN QUERY SELECT app.event_concerns(network, source);
    ELSE RETURN;
  END CASE;
END
$$;

/* The evidence of a source against one agency, as it is now; null when there is none. */
CREATE FUNCTION app.freeze_finding(source_kind text, body uuid, network uuid, source text, item text, wanted uuid) RETURNS jsonb
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN CASE source_kind
    WHEN 'rule' THEN app.freeze_rule(body, network, source, item, wanted)
    WHEN 'disparity' THEN app.freeze_disparity(network, source)
    WHEN 'event' THEN app.freeze_event(source)
  END;
END
$$;

/* What a finding's one sentence is made of. */
CREATE FUNCTION app.finding_headline(source_kind text, evidence jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT jsonb_strip_nulls(CASE source_kind
    WHEN 'rule' THEN jsonb_build_object('rule', evidence #>> '{about,rule}')
    WHEN 'disparity' THEN jsonb_build_object('outcome', evidence #>> '{about,question,outcome}', 'ground', evidence #>> '{about,question,ground}',
      'period', evidence #>> '{about,question,period}')
    WHEN 'event' THEN jsonb_build_object('type', evidence #>> '{about,type}', 'outcome', evidence #>> '{about,outcome}')
    ELSE '{}' END)
$$;

/* A source as the form for a new finding needs it: what it is, whom it concerns, how a rule grades it; null when it isn't there. */
CREATE FUNCTION app.finding_source(source_kind text, source text, item text) RETURNS jsonb
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  body uuid := app.oversight_body();
  network uuid := (app.context()).network_id;
  concerned uuid[];
BEGIN
  IF body IS NULL THEN RETURN NULL; END IF;
  concerned := ARRAY(SELECT a.id FROM public.agency a WHERE a.network_id = network AND a.id <> body
    AND a.id IN (SELECT app.finding_concerns(source_kind, body, network, source, item)) ORDER BY a.name, a.key);
  IF cardinality(concerned) = 0 THEN RETURN NULL; END IF;
  RETURN jsonb_build_object(
    'headline', app.finding_headline(source_kind, app.freeze_finding(source_kind, body, network, source, item, concerned[1])),
    'agencies', (SELECT jsonb_agg(jsonb_build_object('key', a.key, 'name', a.name) ORDER BY a.name, a.key) FROM public.agency a WHERE a.id = ANY (concerned)),
    'grade', CASE source_kind WHEN 'rule' THEN (SELECT r.grade FROM public.oversight_rule r WHERE r.key = source) WHEN 'disparity' THEN 'concern' END,
    'basis', CASE source_kind WHEN 'rule' THEN (SELECT r.basis FROM public.oversight_rule r WHERE r.key = source) WHEN 'disparity' THEN '8' END);
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Who sees a finding, and what of it

/* From where whoever asks sees a finding: `body` that made it, `agency` that it was sent to; null for everybody else. */
CREATE FUNCTION app.finding_side(f public.finding) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE
    WHEN 'auditor' = ANY (c.roles) AND c.agency_id = f.agency_id THEN 'body'
    WHEN c.agency_id = f.to_agency_id AND f.sent_at IS NOT NULL
      AND ('supervisor' = ANY (c.roles) OR (f.subject = 'accounts' AND 'agency_admin' = ANY (c.roles))) THEN 'agency' END
  FROM app.context() c
$$;

/* Who of the agency is told of a finding. */
CREATE FUNCTION app.finding_answerers(f public.finding) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT app.supervisors_of(f.to_agency_id) UNION SELECT a FROM app.administrators_of(f.to_agency_id) a WHERE f.subject = 'accounts'
$$;

CREATE FUNCTION app.finding_auditors(f public.finding) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.id FROM public.member m WHERE m.agency_id = f.agency_id AND m.status = 'active' AND 'auditor' = ANY (m.roles)
$$;

/*
 * The code under which whoever asks knows what a body's pseudonym stands for; null for what isn't theirs to see: a
 * restricted case off its team, a person whom such a case hides, another agency's record.
 */
CREATE FUNCTION app.own_code_of(body uuid, pseudonym text) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE p.kind
    WHEN 'person' THEN (SELECT x.code FROM public.person x WHERE x.id = p.subject_id AND x.holder_agency_id = app.casework_agency()
      AND (NOT x.restricted OR app.person_team(x.id)))
    WHEN 'case' THEN coalesce(
      (SELECT x.code FROM public.case_file x WHERE x.id = p.subject_id AND app.casework_agency() IN (x.agency_id, x.holder_agency_id)
        AND (NOT x.restricted OR app.on_team(x.id))
        AND NOT EXISTS (SELECT 1 FROM public.person h WHERE h.id = x.person_id AND h.restricted AND NOT app.person_team(h.id))),
      (SELECT g.case_code FROM public.case_grant g WHERE g.case_id = p.subject_id AND g.agency_id = app.casework_agency() AND g.ended_at IS NULL
        AND NOT g.restricted LIMIT 1)) END
  FROM public.oversight_pseudonym p WHERE p.agency_id = body AND p.code = pseudonym
$$;

/* The single records of a finding as the agency knows them. What the reader may not see is left out, and not counted. */
CREATE FUNCTION app.own_items(f public.finding) RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('kind', i.item ->> 'kind', 'code', k.code, 'onDay', i.item ->> 'onDay') ORDER BY i.place), '[]')
  FROM jsonb_array_elements(f.evidence -> 'items') WITH ORDINALITY i (item, place)
  CROSS JOIN LATERAL (SELECT CASE WHEN i.item ->> 'kind' = 'member' THEN i.item ->> 'code' ELSE app.own_code_of(f.agency_id, i.item ->> 'code') END AS code) k
  WHERE k.code IS NOT NULL OR i.item ->> 'kind' = 'agency'
$$;

/* Whether the agency's reader may see the event that a finding is about: one of somebody whom they may not see is left out. */
CREATE FUNCTION app.sees_event_of(f public.finding) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_array_length(app.own_items(f)) = jsonb_array_length(f.evidence -> 'items')
$$;

/* The headline for the reader's side. */
CREATE FUNCTION app.headline_for(f public.finding, side text) RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN side = 'agency' AND f.source_kind = 'event' AND NOT app.sees_event_of(f) THEN '{}' ELSE f.headline END
$$;

/*
 * The evidence for the reader's side. An agency sees what concerns it and no more: the rule and its own records, the
 * question with the figures when it was asked of this agency alone, the event when it may see whom it is about.
 */
CREATE FUNCTION app.evidence_for(f public.finding, side text) RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN side = 'body' THEN f.evidence ELSE jsonb_build_object('items', CASE WHEN f.source_kind = 'event' AND NOT app.sees_event_of(f) THEN '[]'
      ELSE app.own_items(f) END, 'about', CASE f.source_kind
    WHEN 'rule' THEN jsonb_build_object('rule', f.evidence #> '{about,rule}', 'owner', f.evidence #> '{about,owner}')
    WHEN 'disparity' THEN jsonb_build_object('question', f.evidence #> '{about,question}', 'figures', CASE
      WHEN f.evidence #>> '{about,question,agency}' IS NOT NULL THEN f.evidence #> '{about,figures}' END)
    WHEN 'event' THEN CASE WHEN app.sees_event_of(f) THEN f.evidence -> 'about' ELSE '{}' END
    ELSE '{}' END) END
$$;

/* Whether something is overdue on a day: the answer, or the action that was promised; null when nothing is. */
CREATE FUNCTION app.finding_late(f public.finding, today date) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN f.state IN ('sent', 'reopened') AND f.answer_due < today THEN 'answer'
    WHEN f.state IN ('answered', 'accepted') AND f.action_done_on IS NULL AND f.action_due < today THEN 'action' END
$$;

/*
 * One page of the findings that whoever asks may know, the latest first; one alone by its code. The body sees all that it
 * made, the agency those that were sent to it. Filters: state, agency (its key), late.
 */
CREATE FUNCTION app.findings(wanted text, filters jsonb, is_backward boolean, cursor_at timestamptz, cursor_id uuid, how_many int) RETURNS TABLE (
  id uuid, code text, side text, state text, late text, grade text, basis text, subject text, source_kind text, source_code text, source_item text, headline jsonb,
  agency text, agency_name text, body_name text, made_at timestamptz, sort text, sent_at timestamptz, answer_due text, answered_at timestamptz,
  closed_at timestamptz, action_due text, action_done_on text, version int
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH mine AS (
    -- Two looks into indexes that stand in the order of the page, each for one side.
    SELECT f.* FROM app.context() c JOIN public.finding f ON f.agency_id = c.agency_id WHERE 'auditor' = ANY (c.roles)
    UNION ALL
    SELECT f.* FROM app.context() c JOIN public.finding f ON f.to_agency_id = c.agency_id WHERE c.roles && ARRAY['supervisor', 'agency_admin']
  ), page AS MATERIALIZED (
    SELECT f.*, s.side, l.late, a.key AS agency_key, a.name AS agency_name, b.name AS body_name
    FROM mine f JOIN public.agency a ON a.id = f.to_agency_id JOIN public.agency b ON b.id = f.agency_id
    CROSS JOIN LATERAL (SELECT app.finding_side(x) AS side FROM public.finding x WHERE x.id = f.id) s
    CROSS JOIN LATERAL (SELECT app.finding_late(x, (app.now() AT TIME ZONE a.time_zone)::date) AS late FROM public.finding x WHERE x.id = f.id) l
    WHERE s.side IS NOT NULL AND (wanted IS NULL OR f.code = wanted)
      AND (filters ->> 'state' IS NULL OR f.state = filters ->> 'state') AND (filters ->> 'agency' IS NULL OR a.key = filters ->> 'agency')
      AND (filters ->> 'late' IS NULL OR l.late IS NOT NULL)
      AND (cursor_at IS NULL OR CASE WHEN is_backward THEN (f.made_at, f.id) > (cursor_at, cursor_id) ELSE (f.made_at, f.id) < (cursor_at, cursor_id) END)
    ORDER BY CASE WHEN is_backward THEN f.made_at END ASC, CASE WHEN is_backward THEN f.id END ASC, f.made_at DESC, f.id DESC LIMIT how_many
  )
  SELECT p.id, p.code, p.side, p.state, p.late, p.grade, p.basis, p.subject, p.source_kind,
    CASE WHEN p.side = 'body' OR p.source_kind = 'rule' THEN p.source_code END, CASE WHEN p.side = 'body' THEN p.source_item END,
    (SELECT app.headline_for(x, p.side) FROM public.finding x WHERE x.id = p.id), p.agency_key, p.agency_name, p.body_name, p.made_at, p.made_at::text, p.sent_at,
    p.answer_due::text, p.answered_at, p.closed_at, p.action_due::text, p.action_done_on::text, p.version
  FROM page p ORDER BY CASE WHEN is_backward THEN p.made_at END ASC, CASE WHEN is_backward THEN p.id END ASC, p.made_at DESC, p.id DESC
$$;

/* How many findings stand in each state, and how many of those are late, for whoever asks. */
CREATE FUNCTION app.finding_counts() RETURNS TABLE (state text, n int, late int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT f.state, count(*)::int, count(app.finding_late(f, (app.now() AT TIME ZONE a.time_zone)::date))::int
  FROM app.context() c JOIN public.finding f ON c.agency_id IN (f.agency_id, f.to_agency_id) JOIN public.agency a ON a.id = f.to_agency_id
  WHERE app.finding_side(f) IS NOT NULL GROUP BY f.state
$$;

/*
 * The evidence of a finding for whoever asks, with what it rests on: its digest, whether what is kept still has it, when it
 * was frozen, and the seal's last checkpoint then.
 */
CREATE FUNCTION app.finding_evidence(wanted text) RETURNS TABLE (evidence jsonb, digest text, holds boolean, as_of timestamptz, checkpoint_size bigint,
    checkpoint_hash text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT app.evidence_for(f, app.finding_side(f)), f.evidence_hash, f.evidence_hash = encode(sha256(convert_to(f.evidence::text, 'UTF8')), 'hex'),
    f.evidence_at, f.checkpoint_size, encode(f.checkpoint_hash, 'hex')
  FROM public.finding f WHERE f.code = wanted AND app.finding_side(f) IS NOT NULL
$$;

/* What was written in a finding, sealed, with the key as the reader's side has it wrapped; the look is written first. */
CREATE FUNCTION app.read_finding(wanted text, origin jsonb) RETURNS TABLE (kind text, own boolean, at timestamptz, place uuid, sealed bytea, holder uuid,
    key_id uuid, wrap_version int, wrapped bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  ctx app.actor_context := app.context();
  f public.finding;
BEGIN
  SELECT x.* INTO f FROM public.finding x WHERE x.code = wanted;
  IF NOT FOUND OR app.finding_side(f) IS NULL THEN RETURN; END IF;
  PERFORM app.account_event('finding.viewed', NULL, f.code, '{}', origin, ctx);
  -- Of what a draft was changed to, the last one counts.
  RETURN QUERY SELECT t.kind, t.agency_id = ctx.agency_id, t.written_at, t.id, t.sealed, t.holder_agency_id, k.key_id, k.wrap_version, k.wrapped
    FROM public.finding_text t JOIN public.finding_key k ON k.finding_id = f.id AND k.agency_id = ctx.agency_id
    WHERE t.finding_id = f.id AND (t.kind NOT IN ('statement', 'asked') OR NOT EXISTS (SELECT 1 FROM public.finding_text l
      WHERE l.finding_id = f.id AND l.kind = t.kind AND (l.written_at, l.id) > (t.written_at, t.id)))
    ORDER BY t.written_at, array_position(ARRAY['statement', 'asked', 'answer', 'action', 'reopened'], t.kind), t.id;
END
$$;

/*
 * The key of what both sides write, as the reader's side has it wrapped, and for an agency the persons whom the evidence is
 * about: its answer is searched for who they are, since the auditor reads it.
 */
CREATE FUNCTION app.finding_words_key(wanted text) RETURNS TABLE (key_id uuid, wrap_version int, wrapped bytea, holder uuid, persons uuid[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.key_id, k.wrap_version, k.wrapped, f.agency_id, CASE WHEN app.finding_side(f) = 'agency' THEN ARRAY(
      SELECT DISTINCT CASE p.kind WHEN 'person' THEN p.subject_id ELSE (SELECT c.person_id FROM public.case_file c WHERE c.id = p.subject_id) END
      FROM jsonb_array_elements(f.evidence -> 'items') i JOIN public.oversight_pseudonym p ON p.agency_id = f.agency_id AND p.code = i ->> 'code') ELSE '{}' END
  FROM public.finding f JOIN public.finding_key k ON k.finding_id = f.id AND k.agency_id = (app.context()).agency_id
  WHERE f.code = wanted AND app.finding_side(f) IS NOT NULL
$$;

/* The keys of the body that whoever asks oversees for, under which the keys of its findings are wrapped. */
CREATE FUNCTION app.body_keys() RETURNS TABLE (agency_id uuid, version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.agency_id, k.version, k.wrapped FROM public.agency_key k WHERE k.agency_id = app.oversight_body() AND k.purpose = 'data' ORDER BY k.version
$$;

/* The newest key of the agency that a draft is for, wrapped: for the body that sends it. */
CREATE FUNCTION app.finding_receiving_key(wanted text) RETURNS TABLE (agency_id uuid, version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.agency_id, k.version, k.wrapped FROM public.finding f JOIN public.agency_key k ON k.agency_id = f.to_agency_id AND k.purpose = 'data'
  WHERE f.code = wanted AND f.state = 'draft' AND app.finding_side(f) = 'body' ORDER BY k.version DESC LIMIT 1
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Making and moving

CREATE FUNCTION app.store_finding_key(f public.finding, for_agency uuid, key jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  bytes bytea := decode(key ->> 'wrapped', 'base64');
BEGIN
  IF app.sealed_key(bytes) <> for_agency OR app.sealed_version(bytes) <> (key ->> 'wrapVersion')::int THEN
    RAISE EXCEPTION 'A key of a finding is wrapped under another key than its side''s' USING ERRCODE = '22023';
  END IF;
  INSERT INTO public.finding_key (finding_id, agency_id, holder_agency_id, key_id, wrap_version, wrapped, made_at)
    VALUES (f.id, for_agency, f.agency_id, (key ->> 'keyId')::uuid, (key ->> 'wrapVersion')::int, bytes, app.now());
END
$$;

/* Keeps texts of one side, of the kinds that a step writes. */
CREATE FUNCTION app.store_finding_texts(f public.finding, texts jsonb, kinds text[], ctx app.actor_context) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  own_key uuid := (SELECT k.key_id FROM public.finding_key k WHERE k.finding_id = f.id AND k.agency_id = ctx.agency_id);
BEGIN
  IF EXISTS (SELECT 1 FROM jsonb_array_elements(texts) t WHERE NOT t ->> 'kind' = ANY (kinds)
      OR app.sealed_key(decode(t ->> 'sealed', 'base64')) IS DISTINCT FROM own_key) THEN
    RAISE EXCEPTION 'A text of a finding is of another step, or under another key' USING ERRCODE = '22023';
  END IF;
  INSERT INTO public.finding_text (id, finding_id, kind, holder_agency_id, agency_id, sealed, written_by_id, written_at)
    SELECT (t ->> 'id')::uuid, f.id, t ->> 'kind', f.agency_id, ctx.agency_id, decode(t ->> 'sealed', 'base64'), ctx.member_id, app.now()
    FROM jsonb_array_elements(texts) t;
END
$$;

/* Opens a finding, as a draft, and freezes its evidence: ok, forbidden, not_found, agency (not one that it concerns) or due. */
CREATE FUNCTION app.open_finding(draft jsonb, key jsonb, texts jsonb, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  body uuid := app.oversight_body();
  concerned public.agency;
  frozen jsonb;
  c record;
  f public.finding;
BEGIN
  IF body IS NULL THEN RETURN 'forbidden'; END IF;
  IF NOT EXISTS (SELECT app.finding_concerns(draft ->> 'from', body, ctx.network_id, draft ->> 'source', draft ->> 'item')) THEN RETURN 'not_found'; END IF;
  SELECT a.* INTO concerned FROM public.agency a WHERE a.key = draft ->> 'agency' AND a.network_id = ctx.network_id AND a.id <> body
    AND a.id IN (SELECT app.finding_concerns(draft ->> 'from', body, ctx.network_id, draft ->> 'source', draft ->> 'item'));
  IF NOT FOUND THEN RETURN 'agency'; END IF;
  IF (draft ->> 'answerDue')::date < (app.now() AT TIME ZONE concerned.time_zone)::date THEN RETURN 'due'; END IF;
  frozen := app.freeze_finding(draft ->> 'from', body, ctx.network_id, draft ->> 'source', draft ->> 'item', concerned.id);
  IF frozen IS NULL THEN RETURN 'not_found'; END IF;
  SELECT x.size, x.hash INTO c FROM public.seal_checkpoint x ORDER BY x.size DESC LIMIT 1;
  INSERT INTO public.finding (id, code, agency_id, to_agency_id, made_by_id, made_at, source_kind, source_code, source_item, grade, basis, subject, headline,
      evidence, evidence_hash, evidence_at, checkpoint_size, checkpoint_hash, answer_due)
    VALUES ((draft ->> 'id')::uuid, draft ->> 'code', body, concerned.id, ctx.member_id, app.now(), draft ->> 'from', draft ->> 'source', draft ->> 'item',
      draft ->> 'grade', draft ->> 'basis', draft ->> 'subject', app.finding_headline(draft ->> 'from', frozen), frozen,
      encode(sha256(convert_to(frozen::text, 'UTF8')), 'hex'), app.now(), c.size, c.hash, (draft ->> 'answerDue')::date)
    RETURNING * INTO f;
  PERFORM app.store_finding_key(f, body, key);
  PERFORM app.store_finding_texts(f, texts, ARRAY['statement', 'asked'], ctx);
  PERFORM app.account_event('finding.opened', NULL, f.code, '{}', origin, ctx);
  RETURN 'ok';
END
$$;

/* Changes what a draft says: ok, not_found, wrong_state, stale or due. Its evidence stays. */
CREATE FUNCTION app.change_finding(wanted text, expected_version int, draft jsonb, texts jsonb, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  f public.finding;
BEGIN
  SELECT x.* INTO f FROM public.finding x WHERE x.code = wanted FOR UPDATE;
  IF NOT FOUND OR app.finding_side(f) IS DISTINCT FROM 'body' THEN RETURN 'not_found'; END IF;
  IF f.state <> 'draft' THEN RETURN 'wrong_state'; END IF;
  IF f.version <> expected_version THEN RETURN 'stale'; END IF;
  IF (draft ->> 'answerDue')::date < (app.now() AT TIME ZONE (SELECT a.time_zone FROM public.agency a WHERE a.id = f.to_agency_id))::date THEN RETURN 'due'; END IF;
  UPDATE public.finding x SET grade = draft ->> 'grade', basis = draft ->> 'basis', subject = draft ->> 'subject', answer_due = (draft ->> 'answerDue')::date,
    version = x.version + 1 WHERE x.id = f.id;
  PERFORM app.store_finding_texts(f, texts, ARRAY['statement', 'asked'], ctx);
  PERFORM app.account_event('finding.changed', NULL, f.code, ARRAY['grade', 'basis', 'subject', 'answerDue', 'text'], origin, ctx);
  RETURN 'ok';
END
$$;

/* The state that a move leads to; null where it may not be made. */
CREATE FUNCTION app.finding_next(move text, state text) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE
    WHEN move = 'send' AND state = 'draft' THEN 'sent'
    WHEN move = 'withdraw' AND state = 'draft' THEN 'withdrawn'
    WHEN move = 'answer' AND state IN ('sent', 'reopened') THEN 'answered'
    WHEN move = 'done' AND state IN ('answered', 'accepted') THEN state
    WHEN move = 'accept' AND state = 'answered' THEN 'accepted'
    WHEN move = 'reopen' AND state IN ('answered', 'accepted') THEN 'reopened' END
$$;

/*
 * Makes one move of a finding, with its row locked: ok, not_found, forbidden (a move of the other side), wrong_state,
 * already_answered, already_done, or due for a day that doesn't fit.
 */
CREATE FUNCTION app.move_finding(wanted text, move text, detail jsonb, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  at timestamptz := app.now();
  f public.finding;
  today date;
  next_state text;
BEGIN
  SELECT x.* INTO f FROM public.finding x WHERE x.code = wanted FOR UPDATE;
  IF NOT FOUND OR app.finding_side(f) IS NULL THEN RETURN 'not_found'; END IF;
  IF app.finding_side(f) <> (CASE WHEN move IN ('answer', 'done') THEN 'agency' ELSE 'body' END) THEN RETURN 'forbidden'; END IF;
  next_state := app.finding_next(move, f.state);
  IF next_state IS NULL THEN RETURN CASE WHEN move = 'answer' THEN 'already_answered' ELSE 'wrong_state' END; END IF;
  today := (at AT TIME ZONE (SELECT a.time_zone FROM public.agency a WHERE a.id = f.to_agency_id))::date;
  CASE move
    WHEN 'send' THEN
      IF f.answer_due < today THEN RETURN 'due'; END IF;
      UPDATE public.finding x SET state = 'sent', sent_at = at, version = x.version + 1 WHERE x.id = f.id;
      PERFORM app.store_finding_key(f, f.to_agency_id, detail -> 'key');
      PERFORM app.notify(ARRAY(SELECT app.finding_answerers(f)), 'finding.received', f.code, f.grade = 'breach');
    WHEN 'withdraw' THEN
      UPDATE public.finding x SET state = 'withdrawn', closed_at = at, version = x.version + 1 WHERE x.id = f.id;
    WHEN 'answer' THEN
      IF (detail ->> 'actionDue')::date < today THEN RETURN 'due'; END IF;
      UPDATE public.finding x SET state = 'answered', answered_at = at, action_due = (detail ->> 'actionDue')::date, action_done_on = NULL, told = '{}',
        version = x.version + 1 WHERE x.id = f.id;
      PERFORM app.store_finding_texts(f, detail -> 'texts', ARRAY['answer', 'action'], ctx);
      PERFORM app.notify(ARRAY(SELECT app.finding_auditors(f)), 'finding.answered', f.code, false);
    WHEN 'done' THEN
      IF f.action_done_on IS NOT NULL THEN RETURN 'already_done'; END IF;
      IF (detail ->> 'doneOn')::date > today OR (detail ->> 'doneOn')::date < (f.sent_at - interval '1 day')::date THEN RETURN 'due'; END IF;
      UPDATE public.finding x SET action_done_on = (detail ->> 'doneOn')::date, version = x.version + 1 WHERE x.id = f.id;
      PERFORM app.notify(ARRAY(SELECT app.finding_auditors(f)), 'finding.action-done', f.code, false);
    WHEN 'accept' THEN
      UPDATE public.finding x SET state = 'accepted', closed_at = at, version = x.version + 1 WHERE x.id = f.id;
      PERFORM app.notify(ARRAY(SELECT app.finding_answerers(f)), 'finding.accepted', f.code, false);
    WHEN 'reopen' THEN
      IF (detail ->> 'answerDue')::date < today THEN RETURN 'due'; END IF;
      UPDATE public.finding x SET state = 'reopened', closed_at = NULL, answer_due = (detail ->> 'answerDue')::date, action_due = NULL, action_done_on = NULL,
        told = '{}', version = x.version + 1 WHERE x.id = f.id;
      PERFORM app.store_finding_texts(f, detail -> 'texts', ARRAY['reopened'], ctx);
      PERFORM app.notify(ARRAY(SELECT app.finding_answerers(f)), 'finding.reopened', f.code, f.grade = 'breach');
  END CASE;
  PERFORM app.account_event(CASE move WHEN 'send' THEN 'finding.sent' WHEN 'withdraw' THEN 'finding.withdrawn' WHEN 'answer' THEN 'finding.answered'
    WHEN 'done' THEN 'finding.action-done' WHEN 'accept' THEN 'finding.accepted' WHEN 'reopen' THEN 'finding.reopened' END, NULL, f.code, '{}', origin, ctx);
  RETURN 'ok';
END
$$;

/* Tells of answers that are due in three days, and of answers and actions that are late; returns how many were told of. */
CREATE FUNCTION app.tell_of_due_findings() RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r record;
  f public.finding;
  done int := 0;
BEGIN
  FOR r IN SELECT x.id, w.word FROM public.finding x JOIN public.agency a ON a.id = x.to_agency_id
      CROSS JOIN LATERAL (SELECT (app.installation_now() AT TIME ZONE a.time_zone)::date AS today) d
      CROSS JOIN LATERAL (SELECT coalesce(app.finding_late(x, d.today),
        CASE WHEN x.state IN ('sent', 'reopened') AND x.answer_due <= d.today + 3 THEN 'soon' END) AS word) w
      WHERE x.state IN ('sent', 'reopened', 'answered', 'accepted') AND w.word IS NOT NULL AND NOT w.word = ANY (x.told)
      ORDER BY x.answer_due, x.id LIMIT 500 LOOP
    UPDATE public.finding x SET told = x.told || r.word WHERE x.id = r.id AND NOT r.word = ANY (x.told) RETURNING x.* INTO f;
    CONTINUE WHEN NOT FOUND;
    IF r.word = 'soon' THEN
      PERFORM app.notify(ARRAY(SELECT app.finding_answerers(f)), 'finding.due', f.code, false);
    ELSE
      PERFORM app.notify(ARRAY(SELECT app.finding_answerers(f) UNION SELECT app.finding_auditors(f)), 'finding.overdue', f.code, false);
    END IF;
    done := done + 1;
  END LOOP;
  RETURN done;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- The keys of findings go along when an agency's key changes

CREATE FUNCTION app.finding_keys_to_rewrap(rotation uuid, at_most int) RETURNS TABLE (finding_id uuid, key_id uuid, wrap_version int, wrapped bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.finding_id, k.key_id, k.wrap_version, k.wrapped FROM public.key_rotation r
  JOIN public.finding_key k ON k.agency_id = r.agency_id AND k.wrap_version < r.to_version
  WHERE r.id = rotation AND r.kind = 'agency' AND r.state <> 'done' LIMIT at_most
$$;

CREATE FUNCTION app.rewrap_finding_keys(rotation uuid, findings uuid[], olds bytea[], news bytea[]) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r public.key_rotation;
  moved int;
BEGIN
  SELECT * INTO r FROM public.key_rotation k WHERE k.id = rotation AND k.kind = 'agency' AND k.state <> 'done' FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  IF EXISTS (SELECT 1 FROM unnest(news) n WHERE app.sealed_key(n) <> r.agency_id OR app.sealed_version(n) <> r.to_version) THEN
    RAISE EXCEPTION 'A key was wrapped under another key than the rotation is about' USING ERRCODE = '22023';
  END IF;
  UPDATE public.finding_key k SET wrapped = n.fresh, wrap_version = r.to_version
    FROM unnest(findings, olds, news) n (finding, old, fresh)
    WHERE k.finding_id = n.finding AND k.agency_id = r.agency_id AND k.wrapped = n.old;
  GET DIAGNOSTICS moved = ROW_COUNT;
  RETURN moved;
END
$$;

CREATE OR REPLACE FUNCTION app.key_rotation_left(r public.key_rotation) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF r.kind = 'master' THEN RETURN EXISTS (SELECT 1 FROM public.agency_key k WHERE app.sealed_version(k.wrapped) <> r.to_version); END IF;
  IF r.kind = 'agency' THEN
    RETURN EXISTS (SELECT 1 FROM public.person_key k WHERE k.holder_agency_id = r.agency_id AND k.wrap_version < r.to_version)
      OR EXISTS (SELECT 1 FROM public.person_key_old k WHERE k.holder_agency_id = r.agency_id AND k.wrap_version < r.to_version)
      OR EXISTS (SELECT 1 FROM public.referral_key k WHERE k.agency_id = r.agency_id AND k.wrap_version < r.to_version)
      OR EXISTS (SELECT 1 FROM public.finding_key k WHERE k.agency_id = r.agency_id AND k.wrap_version < r.to_version);
  END IF;
  -- Of a person who was erased meanwhile nothing is left to do.
  RETURN r.state = 'running' AND EXISTS (SELECT 1 FROM public.person_key k WHERE k.person_id = r.person_id AND k.version = r.from_version);
END
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('overseen_subject', 'rule_concerns', 'freeze_rule', 'disparity_concerns', 'freeze_disparity',
             'event_concerns', 'freeze_event', 'finding_concerns', 'freeze_finding', 'finding_headline', 'finding_source', 'finding_side', 'finding_answerers',
             'finding_auditors', 'own_code_of', 'own_items', 'sees_event_of', 'headline_for', 'evidence_for', 'finding_late', 'findings', 'finding_counts',
             'finding_evidence', 'read_finding', 'finding_words_key', 'body_keys', 'finding_receiving_key', 'store_finding_key', 'store_finding_texts', 'open_finding',
             'change_finding', 'finding_next', 'move_finding', 'tell_of_due_findings', 'finding_keys_to_rewrap', 'rewrap_finding_keys') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('findings', 'finding_counts', 'finding_evidence', 'read_finding', 'finding_words_key', 'move_finding') THEN ARRAY['member', 'auditor']
      WHEN f.proname IN ('finding_source', 'open_finding', 'change_finding', 'body_keys', 'finding_receiving_key') THEN ARRAY['auditor']
      WHEN f.proname IN ('tell_of_due_findings', 'finding_keys_to_rewrap', 'rewrap_finding_keys') THEN ARRAY['worker']
      ELSE ARRAY['definer']
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
END
$$;
RESET ROLE;
