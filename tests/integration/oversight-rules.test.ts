import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { recordTurnedAwayInput } from '@/lib/assistance/turned-away/schema'
import { recordTurnedAway } from '@/lib/assistance/turned-away/service'
import { listRuleRows } from '@/lib/oversight/rules/data'
import { GROUP_RULES } from '@/lib/oversight/rules/rules'
import { lookAtRules } from '@/lib/oversight/rules/jobs-service'
import { RULE_WORDS } from '@/lib/oversight/rules/words'
import { listRules, viewRule } from '@/lib/oversight/rules/service'
import { openEmergency } from '@/lib/cases/emergency/service'
import { readIdentity } from '@/lib/people/identity-service'
import { registerPersonInput } from '@/lib/people/schema'
import { closeWorker } from '@/lib/platform/db/worker'
import { parseCode } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { freezeNextCube } from '@/lib/reporting/cube/service'
import { loggedService } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { listedService } from '@/tests/factories/directory'
import { needsInBulk } from '@/tests/factories/needs-in-bulk'
import { caseToRefer, moved, pairOfAgencies, refer, sentReferral, type Pair } from '@/tests/factories/referrals'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let auditor: Actor
let person: string
let file: string

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner)
  auditor = await outsider(owner, 'auditor', { network: harbour.admin.network })
  person = await registeredPerson(
    harbour.caseworker,
    registerPersonInput.parse({ identity: { names: ['Rulemarker Quillon'] } }),
  )
  file = (await openedCase(harbour.caseworker, { person })).code
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

/** Looks at all rules anew, as the job does in its turns. */
async function looked(): Promise<void> {
  await owner`UPDATE oversight_rule_month SET looked_at = looked_at - interval '2 hours'`
  while ((await lookAtRules()) > 0);
}

const ruled = async (rule: string) => valueOf(await viewRule(auditor, { rule }))
const countOf = async (rule: string) => (await ruled(rule)).cases.length

describe('the register of rules', () => {
  it('has of each rule its query and its words in every language', async () => {
    const rows = await owner<{ key: string; measure: string }[]>`SELECT key, measure FROM oversight_rule ORDER BY key`
    const keysOf = (measure: string) => rows.filter((row) => row.measure === measure).map(({ key }) => key)
    const queries = await owner<{ key: string }[]>`
      SELECT substr(p.proname, 6) AS key FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = 'app' AND p.proname LIKE 'rule\\_%' AND p.prorettype = 'app.rule_broken'::regtype ORDER BY 1`
    expect(queries.map(({ key }) => key)).toEqual(keysOf('cases'))
    expect(Object.keys(GROUP_RULES).sort()).toEqual(keysOf('groups'))
    expect(Object.keys(RULE_WORDS).sort()).toEqual(rows.map(({ key }) => key))
  })

  it('holds while nothing breaks it, over twelve months, and says so', async () => {
    valueOf(await readIdentity(harbour.caseworker, { person }))
    valueOf(await readIdentity(harbour.supervisor, { person }))
    await looked()
    const { items } = valueOf(await listRules(auditor))
    const state = { cases: 'holds', groups: 'not_looked_at' }
    expect(items.map((one) => `${one.key} ${one.state}`).sort()).toEqual(
      items.map(({ key, measure }) => `${key} ${state[measure]}`).sort(),
    )
    const months = items.filter(({ measure }) => measure === 'cases')
    expect(months.every(({ trend, lookedAt }) => trend.length === 12 && lookedAt !== null)).toBe(true)
    expect(await lookAtRules(), 'nothing is stale').toBe(0)
  })

  it('finds a look by somebody off the team, and none by emergency access, which it asks to be reviewed', async () => {
    valueOf(await openEmergency(harbour.colleague, { code: file, reason: 'danger', words: 'They rang the night line' }))
    valueOf(await readIdentity(harbour.colleague, { person }))
    await looked()
    expect(await countOf('look_off_team')).toBe(0)
    // As an error in the software would let it through: the log alone tells.
    const curious = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    await owner`
      INSERT INTO audit_event (code, at, agency_id, type, action, outcome, actor_id, roles, person_id, canonical, hash, txid)
      SELECT app.new_code('EVT'), now(), ${harbour.agency.id}, 'identity.read', 'read', 'success', ${curious.member}, '{caseworker}', p.id, '{}', '', 1
      FROM person p WHERE p.code = ${person}`
    await looked()
    const rule = await ruled('look_off_team')
    expect(rule).toMatchObject({
      state: 'breach',
      cases: [{ kind: 'person', agency: harbour.agency.key, agencyName: harbour.agency.name }],
    })
    expect(parseCode(rule.cases[0]?.code ?? '', 'AUD')).toBe(rule.cases[0]?.code)
    expect(Object.keys(rule.cases[0] ?? {}).sort()).toEqual(['agency', 'agencyName', 'code', 'kind', 'onDay'])
    expect(JSON.stringify(rule)).not.toMatch(/AMP-|CAS-|Quillon/)
    await owner`ALTER TABLE emergency_access DISABLE TRIGGER USER`
    await owner`UPDATE emergency_access SET review_due_at = now() - interval '1 hour'`
    await owner`ALTER TABLE emergency_access ENABLE TRIGGER USER`
    await looked()
    expect(await countOf('emergency_not_reviewed')).toBe(1)
  })

  it('finds a service without the interpreter that is needed, a need closed for want of cooperation, and papers asked at the door', async () => {
    const [row] = await owner<{ id: string; person: string }[]>`
      SELECT id, person_id AS person FROM case_file WHERE code = ${file}`
    if (row === undefined) throw new Error('A case')
    await owner`
      UPDATE person_profile SET interpreter_state = 'stated', interpreter_needed = true WHERE person_id = ${row.person}`
    await owner`
      INSERT INTO need (id, code, case_id, person_id, holder_agency_id, agency_id, category, urgency, state, not_met_reason, found_on, found_by_id, contact_due_at)
      SELECT gen_random_uuid(), app.new_code('NED'), ${row.id}, ${row.person}, a.id, a.id, 'residency', 'routine', 'not_met', 'not_eligible', current_date,
        ${harbour.caseworker.member}, now() FROM agency a WHERE a.id = ${harbour.agency.id}`
    await loggedService(harbour.caseworker, { case: file, interpreterUsed: true })
    await looked()
    expect(await countOf('interpreter_missing'), 'an interpreter was there').toBe(0)
    await loggedService(harbour.caseworker, { case: file, interpreterUsed: false })
    const papers = recordTurnedAwayInput.parse({ reason: 'no_papers', category: 'legal', sentTo: 'nowhere' })
    valueOf(await recordTurnedAway(harbour.caseworker, papers))
    await looked()
    expect(await ruled('interpreter_missing')).toMatchObject({ state: 'concern', cases: [{ kind: 'case' }] })
    expect(await countOf('help_tied_to_cooperation'), 'not eligible alone breaks nothing').toBe(0)
    expect(await ruled('turned_away_for_papers')).toMatchObject({
      state: 'concern',
      cases: [{ code: null, kind: 'agency' }],
    })
    await owner`
      INSERT INTO case_content (case_id, person_id, holder_agency_id, agency_id, takes_part)
      VALUES (${row.id}, ${row.person}, ${harbour.agency.id}, ${harbour.agency.id}, 'no')
      ON CONFLICT (case_id) DO UPDATE SET takes_part = 'no'`
    await looked()
    expect(await ruled('help_tied_to_cooperation')).toMatchObject({ state: 'concern', cases: [{ kind: 'case' }] })
    const { items } = valueOf(await listRules(auditor))
    expect(items[0]).toMatchObject({ key: 'look_off_team', state: 'breach' })
  })

  it('is the auditor’s of the network alone, by page, API and database', async () => {
    const stranger = await outsider(owner, 'auditor')
    await looked()
    expect(valueOf(await viewRule(stranger, { rule: 'look_off_team' })).cases).toEqual([])
    const token = await tokenFor(owner, auditor)
    const list = await callApi('GET', '/oversight/rules', { token })
    expect((list.body['items'] as { text: string }[])[0]?.text).toContain('A look by any other member')
    const one = await callApi('GET', '/oversight/rules/look_off_team', { token })
    expect(one.body).toMatchObject({
      key: 'look_off_team',
      state: 'breach',
      basis: 'need_to_know',
      cases: [{ kind: 'person' }],
    })
    expect((await callApi('GET', '/oversight/rules/no_such_rule', { token })).status).toBe(404)
    const coordinator = await outsider(owner, 'coordinator', { network: harbour.admin.network })
    for (const actor of [harbour.caseworker, harbour.supervisor, harbour.admin, coordinator]) {
      expect(await listRules(actor)).toMatchObject({ refusal: 'forbidden' })
      expect(await viewRule(actor, { rule: 'look_off_team' })).toMatchObject({ refusal: 'not_found' })
      const asked = withActor(actor, async (tx) => ok(await listRuleRows(tx, null)))
      await expect(asked).rejects.toThrow(/permission denied/)
    }
  })
})

describe('each rule of single cases, broken once and missed by a little', () => {
  let pair: Pair
  let body: Actor

  beforeAll(async () => {
    pair = await pairOfAgencies(owner)
    body = await outsider(owner, 'auditor', { network: pair.harbour.admin.network })
  })

  const found = async (rule: string) => {
    await looked()
    const { cases, state } = valueOf(await viewRule(body, { rule }))
    for (const one of cases) expect(Object.keys(one).sort()).toEqual(['agency', 'agencyName', 'code', 'kind', 'onDay'])
    return { n: cases.length, kinds: [...new Set(cases.map(({ kind }) => kind))], state }
  }

  it('finds sensitive facts that rest on nothing for a week', async () => {
    const { harbour: home } = pair
    const recorded = async (profile: object, days: number) => {
      const code = await registeredPerson(home.caseworker, registerPersonInput.parse({ profile }))
      const on = (await openedCase(home.caseworker, { person: code })).code
      await owner`UPDATE person_profile SET updated_at = now() - make_interval(days => ${days})
        WHERE person_id = (SELECT id FROM person WHERE code = ${code})`
      return on
    }
    const migration = { migration: { state: 'stated', value: 'Irregular' } }
    await recorded(migration, 6)
    await recorded({ disability: { state: 'stated', values: ['None'] } }, 8)
    await recorded({ migration: { state: 'declined' } }, 8)
    await answered(await recorded(migration, 8), 'given')
    await owner`UPDATE case_content SET data_use = 'yes' WHERE case_id = (SELECT id FROM case_file WHERE code = ${await recorded(migration, 8)})`
    expect((await found('sensitive_without_basis')).n).toBe(0)
    await answered(await recorded(migration, 8), 'refused')
    expect(await found('sensitive_without_basis')).toEqual({ n: 1, kinds: ['person'], state: 'breach' })
    await owner`
      INSERT INTO lawful_basis (id, agency_id, purpose, basis, source) VALUES (gen_random_uuid(), ${home.agency.id}, 'case_management', 'public_task', 'Act')`
    expect((await found('sensitive_without_basis')).n).toBe(0)
  })

  it('finds a package that names somebody for help that needs no name, or tells of more than the needs', async () => {
    await sentReferral(owner, pair, { identity: 'contact' })
    const papers = await listedService(pair.legalaid, { type: 'civil_documents', name: 'Papers' })
    const of = await caseToRefer(owner, pair)
    const named = { case: of.case, needs: [of.need], directoryService: papers.code, send: true }
    const { code } = valueOf(await refer(pair.harbour.caseworker, named))
    expect((await found('package_wider_than_need')).n, 'a way to reach them; a name for papers').toBe(0)
    await sentReferral(owner, pair, { identity: 'full' })
    expect(await found('package_wider_than_need')).toEqual({ n: 1, kinds: ['case'], state: 'watch' })
    // As an error in the software would let it through.
    await owner`
      INSERT INTO referral_field (referral_id, field, part, holder_agency_id, agency_id, sealed, sealed_at)
      SELECT id, 'need.medical', 'package', holder_agency_id, agency_id, '', now() FROM referral WHERE code = ${code}`
    expect((await found('package_wider_than_need')).n).toBe(2)
  })

  it('finds sharing without consent that coordinator and auditor didn’t both look at within two weeks', async () => {
    const shared = async (days: number, looks: readonly (readonly [string, number])[]) => {
      const on = await openedCase(pair.harbour.caseworker)
      const { member, agency } = pair.harbour.supervisor
      const [made] = await owner<{ id: string }[]>`
        INSERT INTO sharing_exception (id, case_id, person_id, holder_agency_id, agency_id, to_agency_id, purpose, fields, basis, reason, made_by_id, made_at, ends_at)
        SELECT gen_random_uuid(), c.id, c.person_id, c.holder_agency_id, c.agency_id, ${pair.legalaid.agency.id}, 'sharing', '{need.legal}', 'vital_interest', '',
          ${member}, now() - make_interval(days => ${days}), now() - make_interval(days => ${days - 1}) FROM case_file c WHERE c.code = ${on.code} RETURNING id`
      for (const [role, after] of looks)
        await owner`
          INSERT INTO exception_finding (exception_id, holder_agency_id, role, agency_id, member_id, verdict, found_at)
          VALUES (${made?.id ?? ''}, ${agency}, ${role}, ${agency}, ${member}, 'justified', now() - make_interval(days => ${days - after}))`
    }
    const both = (auditorAfter: number) => [['coordinator', 3] as const, ['auditor', auditorAfter] as const]
    await shared(13, [])
    await shared(15, both(13))
    expect((await found('sharing_not_reviewed')).n).toBe(0)
    await shared(17, both(15))
    await shared(16, [['coordinator', 1]])
    expect(await found('sharing_not_reviewed')).toEqual({ n: 2, kinds: ['case'], state: 'concern' })
  })

  it('finds a decline whose words name a ground, and one whose words nobody searched', async () => {
    const declined = async (detail: object) => {
      const { referral } = await sentReferral(owner, pair, { identity: 'contact' })
      valueOf(await moved(pair.legalaid.caseworker, referral, 'decline', { ...detail }))
      return referral
    }
    await declined({ declineReason: 'no_capacity' })
    const full = await declined({ declineReason: 'other', text: 'The house is full until Monday' })
    expect((await found('decline_names_ground')).n).toBe(0)
    await declined({ declineReason: 'no_capacity', text: 'No room for women with children' })
    expect(await found('decline_names_ground')).toEqual({ n: 1, kinds: ['case'], state: 'concern' })
    await owner`UPDATE referral SET decline_words = NULL WHERE code = ${full}`
    expect((await found('decline_names_ground')).n).toBe(2)
  })

  it('finds a child for whom nobody spoke', async () => {
    const since = async (birth: number, days: number) => {
      const person = await registeredPerson(
        pair.harbour.caseworker,
        registerPersonInput.parse({ profile: { birth: { state: 'stated', value: birth } } }),
      )
      const on = (await openedCase(pair.harbour.caseworker, { person })).code
      await owner`UPDATE case_file SET opened_on = opened_on - ${days}::int WHERE code = ${on}`
      return on
    }
    const year = new Date().getUTCFullYear()
    await since(year - 30, 15)
    // Of the band of five years some are of age.
    await since(year - 18, 15)
    await since(year - 10, 13)
    await answered(await since(year - 10, 15), 'given', { by: 'guardian' })
    await loggedService(pair.harbour.caseworker, { case: await since(year - 10, 15), type: 'childcare_guardianship' })
    expect((await found('child_without_best_interests')).n).toBe(0)
    await since(year - 10, 15)
    expect(await found('child_without_best_interests')).toEqual({ n: 1, kinds: ['case'], state: 'concern' })
  })

  it('finds looks at night that are not a member’s way, and twenty people within an hour', async () => {
    const looks = async (who: Actor, people: number, at: string, days = 1) => {
      await owner`
        INSERT INTO audit_event (code, at, agency_id, type, action, outcome, actor_id, roles, person_id, canonical, hash, txid)
        SELECT app.new_code('EVT'), ${at}::timestamp AT TIME ZONE 'UTC' - make_interval(days => d) + make_interval(secs => n), ${who.agency}, 'identity.read',
          'read', 'success', ${who.member}, '{supervisor}', gen_random_uuid(), '{}', '', 1 FROM generate_series(1, ${people}) n, generate_series(0, ${days - 1}) d`
    }
    const member = () => memberOf(owner, pair.harbour.agency.id, ['supervisor'], null)
    const month = new Date().toISOString().slice(0, 7)
    const [before] = await owner<{ weekday: string }[]>`
      SELECT d::date::text AS weekday FROM generate_series(${`${month}-01`}::date - 14, ${`${month}-01`}::date - 2, interval '1 day') d
      WHERE extract(isodow FROM d) = 5 ORDER BY d DESC LIMIT 1`
    const [daily, nightly, few] = [await member(), await member(), await member()]
    for (const who of [daily, few]) await looks(who, 5, `${before?.weekday ?? ''} 12:00`, 5)
    await looks(nightly, 5, `${before?.weekday ?? ''} 23:00`, 5)
    await looks(nightly, 5, `${month}-01 23:30`)
    await looks(few, 4, `${month}-01 23:30`)
    await looks(await member(), 19, `${month}-02 12:10`)
    expect((await found('looks_outside_pattern')).n).toBe(0)
    await looks(daily, 5, `${month}-01 23:30`)
    await looks(await member(), 20, `${month}-02 12:10`)
    expect(await found('looks_outside_pattern')).toEqual({ n: 2, kinds: ['member'], state: 'watch' })
  })

  it('finds a need of whoever stays without papers closed as not eligible, and none of residency itself', async () => {
    const closed = async (category: string) => {
      const person = await registeredPerson(
        pair.harbour.caseworker,
        registerPersonInput.parse({ profile: { migration: { state: 'stated', value: 'Irregular' } } }),
      )
      const on = (await openedCase(pair.harbour.caseworker, { person })).code
      await owner`
        INSERT INTO need (id, code, case_id, person_id, holder_agency_id, agency_id, category, urgency, state, not_met_reason, found_on, found_by_id, contact_due_at)
        SELECT gen_random_uuid(), app.new_code('NED'), c.id, c.person_id, c.agency_id, c.agency_id, ${category}, 'routine', 'not_met', 'not_eligible', current_date,
          ${pair.harbour.caseworker.member}, now() FROM case_file c WHERE c.code = ${on}`
    }
    await closed('residency')
    expect((await found('help_tied_to_cooperation')).n).toBe(0)
    await closed('medical')
    expect((await found('help_tied_to_cooperation')).n).toBe(1)
  })
})

describe('rules of groups', () => {
  it('find in a frozen year who was helped or asked far less, by what is shown, and hold where nothing is far', async () => {
    const place = await office(owner)
    const { network } = place.admin
    const body = await outsider(owner, 'auditor', { network })
    const made = (language: string, met: number, n: number) =>
      needsInBulk(
        owner,
        place,
        Array.from({ length: n }, (_, at) => ({ language, foundOn: '2025-05-05', servedOn: null, met: at < met })),
      )
    const [helped, left] = [await made('eng', 60, 90), await made('tir', 30, 90)]
    await owner`UPDATE case_content SET takes_part = 'yes' WHERE person_id = ANY (${helped})`
    await owner`UPDATE case_content SET takes_part = 'no' WHERE person_id = ANY (${left})`
    // Alike of status: the same share of each was met.
    await owner`
      UPDATE person_profile SET migration_state = 'stated', migration_status = CASE WHEN array_position(${[...helped, ...left]}::uuid[], person_id) % 2 = 0 THEN 'Refugee' ELSE 'Irregular' END
      WHERE person_id = ANY (${[...helped, ...left]})`
    // Everybody who speaks English was asked, and a third of the others.
    const asked = [...helped, ...left.slice(0, 30)]
    await owner`UPDATE person_profile SET dependants_state = 'declined', displacement_state = 'declined' WHERE person_id = ANY (${asked})`
    await owner`
      INSERT INTO safe_contact (person_id, version, holder_agency_id, agency_id, sealed, written_by_id)
      SELECT id, 1, holder_agency_id, agency_id, '', registered_by_id FROM person WHERE id = ANY (${asked})`
    while ((await freezeNextCube()) > 0);
    await looked()
    const status = valueOf(await viewRule(body, { rule: 'help_tied_to_status' }))
    expect(status).toMatchObject({
      state: 'concern',
      measure: 'groups',
      cases: [],
      trend: [{ month: '2025-12', n: 1 }],
      groups: [{ period: '2025', ground: 'cooperation', group: 'no', reference: 'yes' }],
    })
    expect(status.groups[0]?.rate).toBeCloseTo(1 / 3)
    expect(status.groups[0]?.adjustedP).toBeLessThan(0.05)
    const { state, groups } = valueOf(await viewRule(body, { rule: 'not_asked_by_group' }))
    expect(state).toBe('watch')
    expect(groups.map(({ ground, group }) => `${ground} ${group}`)).toEqual(['cooperation no', 'language tir'])
    // Another network's auditor learns nothing of it.
    expect(valueOf(await viewRule(auditor, { rule: 'help_tied_to_status' }))).toMatchObject({
      groups: [],
      state: 'not_looked_at',
    })
    const token = await tokenFor(owner, body)
    const answer = await callApi('GET', '/oversight/rules/help_tied_to_status', { token })
    expect(answer.body).toMatchObject({ basis: 'Palermo 14(2)', groups: [{ group: 'no', reference: 'yes' }] })
  })
})

/** What the person of a case answers about the keeping of their record. */
async function answered(on: string, answer: 'given' | 'refused', { by = 'person' } = {}): Promise<void> {
  await owner`
    INSERT INTO consent (id, code, case_id, person_id, holder_agency_id, agency_id, purpose, answer, categories, identity, starts_on, given_by, method,
      recorded_by_id, recorded_at)
    SELECT gen_random_uuid(), app.new_code('CON'), c.id, c.person_id, c.holder_agency_id, c.agency_id, 'case_management', ${answer}, '{legal}', 'none',
      '2020-01-01', ${by}, 'spoken', (SELECT a.member_id FROM assignment a WHERE a.case_id = c.id LIMIT 1), clock_timestamp()
    FROM case_file c WHERE c.code = ${on}`
}
