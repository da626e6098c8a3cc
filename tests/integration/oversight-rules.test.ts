import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { recordTurnedAwayInput } from '@/lib/assistance/turned-away/schema'
import { recordTurnedAway } from '@/lib/assistance/turned-away/service'
import { listRuleRows } from '@/lib/oversight/rules/data'
import { lookAtRules } from '@/lib/oversight/rules/jobs-service'
import { RULE_WORDS } from '@/lib/oversight/rules/words'
import { listRules, viewRule } from '@/lib/oversight/rules/service'
import { openEmergency } from '@/lib/cases/emergency/service'
import { readIdentity } from '@/lib/people/identity-service'
import { registerPersonInput } from '@/lib/people/schema'
import { closeWorker } from '@/lib/platform/db/worker'
import { parseCode } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
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
    const rows = await owner<{ key: string; found: boolean }[]>`
      SELECT u.key, EXISTS (SELECT 1 FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'app' AND p.proname = 'rule_' || u.key) AS found FROM oversight_rule u ORDER BY u.key`
    expect(rows.filter(({ found }) => !found)).toEqual([])
    const queries = await owner<{ key: string }[]>`
      SELECT substr(p.proname, 6) AS key FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = 'app' AND p.proname LIKE 'rule\\_%' AND p.prorettype = 'app.rule_broken'::regtype ORDER BY 1`
    expect(queries.map(({ key }) => key)).toEqual(rows.map(({ key }) => key))
    expect(Object.keys(RULE_WORDS).sort()).toEqual(rows.map(({ key }) => key))
  })

  it('holds while nothing breaks it, over twelve months, and says so', async () => {
    valueOf(await readIdentity(harbour.caseworker, { person }))
    valueOf(await readIdentity(harbour.supervisor, { person }))
    await looked()
    const { items } = valueOf(await listRules(auditor))
    expect(items.map(({ key, state }) => `${key} ${state}`)).toEqual(items.map(({ key }) => `${key} holds`))
    expect(items.every(({ trend, lookedAt }) => trend.length === 12 && lookedAt !== null)).toBe(true)
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
    expect(rule).toMatchObject({ state: 'breach', cases: [{ kind: 'person', agency: harbour.agency.key }] })
    expect(parseCode(rule.cases[0]?.code ?? '', 'AUD')).toBe(rule.cases[0]?.code)
    expect(Object.keys(rule.cases[0] ?? {}).sort()).toEqual(['agency', 'code', 'kind', 'onDay'])
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
    const papers = recordTurnedAwayInput.parse({ reason: 'no_papers', category: 'legal', sentTo: 'nowhere' })
    valueOf(await recordTurnedAway(harbour.caseworker, papers))
    await looked()
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
