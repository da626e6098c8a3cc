import type postgres from 'postgres'

import { newId } from '@/lib/platform/ids'
import type { OneCase } from '@/tests/support/seed-one-case'

/** Every case of an agency, referred to the other one's listed service and accepted, with all that lets it live. */
export async function whatWasReferred(owner: postgres.Sql, from: OneCase, to: OneCase): Promise<void> {
  const by = from.caseworker.member
  const agreement = newId()
  await owner`
    INSERT INTO agreement (id, network_id, holder_agency_id, proposed_at, purposes, categories, identity_level, starts_on, ends_on, document, confirmed_at)
    VALUES (${agreement}, ${from.caseworker.network}, ${from.agency.id}, '2020-01-01', '{sharing,transfer}', '{legal}', 'full', '2020-01-01', '2029-12-31', 'Protocol',
      '2020-01-01')`
  for (const { agency } of [from, to])
    await owner`
      INSERT INTO agreement_party (agreement_id, holder_agency_id, agency_id, signed_at) VALUES (${agreement}, ${from.agency.id}, ${agency.id}, '2020-01-01')`
  await owner`
    INSERT INTO need (id, code, case_id, person_id, holder_agency_id, agency_id, category, urgency, state, found_on, found_by_id, contact_due_at)
    SELECT gen_random_uuid(), app.new_code('NED'), c.id, c.person_id, c.holder_agency_id, c.agency_id, 'legal', 'routine', 'planned', '2026-01-05', ${by}, now()
    FROM case_file c WHERE c.agency_id = ${from.agency.id}`
  await owner`
    INSERT INTO consent (id, code, case_id, person_id, holder_agency_id, agency_id, purpose, answer, to_agency_id, categories, identity,
      starts_on, given_by, method, recorded_by_id, recorded_at)
    SELECT gen_random_uuid(), app.new_code('CON'), c.id, c.person_id, c.holder_agency_id, c.agency_id, 'sharing', 'given', ${to.agency.id}, '{legal}', 'full',
      '2026-01-05', 'person', 'spoken', ${by}, clock_timestamp() FROM case_file c WHERE c.agency_id = ${from.agency.id}`
  await owner`
    INSERT INTO referral (id, code, case_id, person_id, holder_agency_id, agency_id, to_agency_id, listed_service_id, urgency, state, fields, created_by_id,
      created_at, sent_at, answered_at, decide_by)
    SELECT gen_random_uuid(), app.new_code('REF'), c.id, c.person_id, c.holder_agency_id, c.agency_id, s.agency_id, s.id, 'routine', 'accepted',
      '{need.legal}', ${by}, now(), now(), now(), now() FROM case_file c, listed_service s WHERE c.agency_id = ${from.agency.id} AND s.agency_id = ${to.agency.id}`
  await owner`
    INSERT INTO referral_need (referral_id, need_id, case_id, holder_agency_id, agency_id, accepted)
    SELECT DISTINCT ON (r.id) r.id, n.id, r.case_id, r.holder_agency_id, r.agency_id, true FROM referral r JOIN need n ON n.case_id = r.case_id
      AND n.category = 'legal' WHERE r.agency_id = ${from.agency.id} ORDER BY r.id, n.id`
  await owner`
    INSERT INTO case_grant (id, referral_id, case_id, case_code, person_id, holder_agency_id, agency_id, categories, started_at)
    SELECT gen_random_uuid(), r.id, r.case_id, c.code, r.person_id, r.holder_agency_id, r.to_agency_id, '{legal}', now()
    FROM referral r JOIN case_file c ON c.id = r.case_id WHERE r.agency_id = ${from.agency.id}`
  await owner`
    INSERT INTO paper_referral (id, code, direction, case_id, person_id, holder_agency_id, agency_id, other_name, urgency, categories, needs, fields, consent_says,
      state, created_by_id, created_at)
    SELECT gen_random_uuid(), app.new_code('PRF'), 'in', c.id, c.person_id, c.holder_agency_id, c.agency_id, 'Old town surgery', 'routine', '{medical}', '{}', '{}',
      'signed', 'received', ${by}, now() FROM case_file c WHERE c.agency_id = ${from.agency.id}`
  await owner`
    INSERT INTO paper_step (id, paper_referral_id, case_id, holder_agency_id, agency_id, step, happened_on, entered_by_id, entered_at)
    SELECT gen_random_uuid(), p.id, p.case_id, p.holder_agency_id, p.agency_id, 'received', '2026-01-05', ${by}, now()
    FROM paper_referral p WHERE p.agency_id = ${from.agency.id}`
  await owner`
    INSERT INTO desk_act (id, referral_id, holder_agency_id, agency_id, member_id, kind, at)
    SELECT gen_random_uuid(), r.id, r.holder_agency_id, ${from.agency.id}, ${from.supervisor.member}, 'reminded', now()
    FROM referral r WHERE r.agency_id = ${from.agency.id}`
}

/** A case of an agency that another one leads, with a first contact that a colleague there owes. */
export async function whatIsLed(owner: postgres.Sql, own: OneCase, lead: OneCase): Promise<void> {
  const by = own.caseworker.member
  await owner`
    INSERT INTO consent (id, code, case_id, person_id, holder_agency_id, agency_id, purpose, answer, to_agency_id, categories, identity,
      starts_on, given_by, method, recorded_by_id, recorded_at)
    SELECT gen_random_uuid(), app.new_code('CON'), c.id, c.person_id, c.holder_agency_id, c.agency_id, 'transfer', 'given', ${lead.agency.id}, '{legal}', 'full',
      '2026-01-05', 'person', 'spoken', ${by}, clock_timestamp() FROM case_file c WHERE c.id = ${own.case}`
  await owner`
    INSERT INTO referral (id, code, case_id, person_id, holder_agency_id, agency_id, to_agency_id, listed_service_id, kind, urgency, state, fields, created_by_id,
      created_at, sent_at, sent_by_id, answered_at, answered_by_id, service_since, confirmed_by_id, decide_by)
    SELECT gen_random_uuid(), app.new_code('REF'), c.id, c.person_id, c.holder_agency_id, c.agency_id, s.agency_id, s.id, 'transfer', 'routine', 'in_service',
      '{need.legal}', ${by}, now(), now(), ${by}, now(), ${lead.caseworker.member}, now(), ${own.supervisor.member}, now()
    FROM case_file c, listed_service s WHERE c.id = ${own.case} AND s.agency_id = ${lead.agency.id}`
  await owner`
    INSERT INTO case_grant (id, referral_id, case_id, case_code, person_id, holder_agency_id, agency_id, categories, leads, started_at)
    SELECT gen_random_uuid(), r.id, r.case_id, c.code, r.person_id, r.holder_agency_id, r.to_agency_id, '{legal}', true, now()
    FROM referral r JOIN case_file c ON c.id = r.case_id WHERE r.kind = 'transfer' AND r.case_id = ${own.case}`
  await owner`
    INSERT INTO task (id, code, case_id, person_id, owner_id, kind, due_at, agency_id, holder_agency_id)
    VALUES (${newId()}, app.new_code('TSK'), ${own.case}, ${own.person}, ${lead.colleague.member}, 'first_contact', now(), ${lead.agency.id}, ${own.agency.id})`
}

/** A need on each case of an agency that another one found while it led. */
export async function needsFoundByLead(owner: postgres.Sql, own: OneCase, lead: OneCase): Promise<void> {
  await owner`
    INSERT INTO need (id, code, case_id, person_id, holder_agency_id, agency_id, category, urgency, state, found_on, found_by_id, contact_due_at)
    SELECT gen_random_uuid(), app.new_code('NED'), c.id, c.person_id, c.holder_agency_id, ${lead.agency.id}, 'legal', 'routine', 'planned', '2026-01-05',
      ${lead.caseworker.member}, now() FROM case_file c WHERE c.agency_id = ${own.agency.id}`
}
