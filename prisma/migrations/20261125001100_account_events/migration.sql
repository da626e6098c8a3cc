-- Which events are about accounts and the installation, and so for those who administer, is said once: beside the type.
-- A look is none: administrators read what was changed, not who read what.

ALTER TABLE "audit_event_type" ADD COLUMN "of_accounts" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE public.audit_event_type ADD CONSTRAINT audit_event_type_of_accounts
  CHECK (NOT of_accounts OR action NOT IN ('list', 'read', 'search', 'refusal'));

UPDATE public.audit_event_type SET of_accounts = true
  WHERE action NOT IN ('list', 'read', 'search', 'refusal')
    AND (split_part(type, '.', 1) IN ('session', 'member', 'token', 'agency', 'unit', 'network', 'key', 'seal', 'audit', 'installation', 'backup',
        'cover', 'absence', 'access-review', 'export', 'provider', 'job')
      OR type IN ('identity.linked', 'identity.unlinked', 'notice.preferences-changed'));

DROP INDEX public.audit_event_accounts;
CREATE INDEX audit_event_accounts ON public.audit_event (agency_id, type, at DESC, id DESC)
  WHERE person_id IS NULL AND case_id IS NULL AND action NOT IN ('list', 'read', 'search', 'refusal');

ALTER POLICY within_rights_read ON public.audit_event USING (
  (agency_id = (SELECT app.casework_agency()) AND (
    ((SELECT app.holds_role('supervisor'))
      AND (case_id IS NULL OR EXISTS (SELECT 1 FROM public.case_file c WHERE c.id = case_id))
      AND (person_id IS NULL OR EXISTS (SELECT 1 FROM public.person p WHERE p.id = person_id)))
    OR (case_id IS NOT NULL AND app.on_team(case_id))
    OR (case_id IS NULL AND person_id IS NOT NULL AND app.person_team(person_id))))
  OR (person_id IS NULL AND case_id IS NULL AND type IN (SELECT t.type FROM public.audit_event_type t WHERE t.of_accounts)
    AND ((agency_id = (SELECT app.agency_id()) AND (SELECT app.holds_role('agency_admin'))) OR (SELECT app.holds_role('system_admin'))))
);
