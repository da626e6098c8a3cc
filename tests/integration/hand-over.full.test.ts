import { expect, it } from 'vitest'

import { removeMember } from '@/lib/agencies/leaver-service'
import { AT_ONCE } from '@/lib/cases/hand-over/schema'
import { handOver, viewHandOver } from '@/lib/cases/hand-over/service'
import { valueOf } from '@/tests/factories/cases'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const CASES = 10_000

it('hands over ten thousand cases of one leaver, press by press, none lost and none doubled', async () => {
  const { agency, unit, caseworker, colleague, supervisor, admin } = harbour
  const place = { agency: agency.id, by: caseworker.member }
  await owner`
    INSERT INTO person (id, code, holder_agency_id, agency_id, registered_by_id)
    SELECT gen_random_uuid(), app_code.code, ${place.agency}, ${place.agency}, ${place.by}
    FROM (SELECT 'AMP-' || upper(lpad(to_hex(n), 9, '0')) AS code FROM generate_series(1, ${CASES}::int) n) app_code`
  await owner`
    INSERT INTO case_file (id, code, person_id, holder_agency_id, agency_id, lead_agency_id, unit_id, number, opened_on)
    SELECT gen_random_uuid(), replace(p.code, 'AMP', 'CAS'), p.id, p.holder_agency_id, p.agency_id, p.agency_id, ${unit}, 1, '2026-01-05'
    FROM person p WHERE p.agency_id = ${place.agency}`
  await owner`
    INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, lead)
    SELECT gen_random_uuid(), c.id, c.person_id, c.holder_agency_id, c.agency_id, ${place.by}, true FROM case_file c WHERE c.agency_id = ${place.agency}`
  const codeOf = async (member: string) =>
    (await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${member}`)[0]?.code ?? ''

  valueOf(await removeMember(admin, { member: await codeOf(caseworker.member) }))
  expect(valueOf(await viewHandOver(supervisor)).total).toBe(CASES)
  const members = [await codeOf(colleague.member), await codeOf(supervisor.member)]
  let left = CASES
  for (let press = 0; left > 0; press += 1) {
    const done = valueOf(await handOver(supervisor, { scope: 'all', cases: [], members }))
    expect(done).toEqual({ done: AT_ONCE, left: left - AT_ONCE })
    left = done.left
  }
  const [held] = await owner`
    SELECT count(*)::int AS n, count(DISTINCT case_id)::int AS cases,
      count(*) FILTER (WHERE member_id = ${colleague.member})::int AS half FROM assignment WHERE ended_at IS NULL`
  expect(held).toEqual({ n: CASES, cases: CASES, half: CASES / 2 })
  const events = await owner`
    SELECT type, count(DISTINCT case_id)::int AS n FROM audit_event WHERE type LIKE 'assignment.%' GROUP BY 1 ORDER BY 1`
  expect([...events]).toEqual([
    { type: 'assignment.ended', n: CASES },
    { type: 'assignment.started', n: CASES },
  ])
}, 300_000)
