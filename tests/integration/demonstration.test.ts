import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type postgres from 'postgres'

import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { loadDemonstration, setDemonstrationPassword } from '@/prisma/seed/demo'
import { sentencesOf } from '@/components/oversight/disparity-sayings'
import type { DisparityView } from '@/lib/oversight/disparities/schema'
import { listDisparities, runDisparity } from '@/lib/oversight/disparities/service'
import { FINDING_STATES } from '@/lib/oversight/findings/schema'
import { listFindings, prepareFinding, viewFinding } from '@/lib/oversight/findings/service'
import { readIdentity } from '@/lib/people/identity-service'
import { passwords } from '@/lib/platform/crypto/passwords'
import { viewOwnFile } from '@/lib/referrals/own-file/service'
import { REFERRAL_STATES } from '@/lib/referrals/schema'
import { listReferrals, readPackage, viewReferral } from '@/lib/referrals/service'
import { valueOf } from '@/tests/factories/cases'
import { ownerOf, signedIn } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

const PASSWORD = 'a quiet harbour at noon'

let database: TestDatabase
let owner: postgres.Sql

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  await loadDemonstration(database.ownerUrl, { password: PASSWORD, onProgress: () => undefined })
}, 120_000)
afterAll(async () => {
  await owner.end()
  await database.drop()
})

class RolledBack extends Error {}

async function count(query: string): Promise<number> {
  const [row] = await owner.unsafe<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${query}`)
  return row?.n ?? -1
}

describe('the demonstration data', () => {
  it('hold referrals in every state, and what was shared opens for who accepted it', async () => {
    const states = await owner<{ state: string }[]>`SELECT DISTINCT state FROM referral`
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(REFERRAL_STATES))
    const [receiver] = await owner<{ id: string; agency: string }[]>`
      SELECT id, agency_id AS agency FROM member WHERE email = 'caseworker@legalaid.example'`
    const actor = await signedIn(owner, receiver?.agency ?? '', receiver?.id ?? '')
    const { items } = valueOf(await listReferrals(actor, { box: 'in', states: ['accepted', 'in_service'], limit: 10 }))
    expect(items.length).toBeGreaterThan(0)
    // The lead moves, and what goes with it opens, once both sides have confirmed.
    const open = items.filter(({ kind, state }) => kind !== 'transfer' || state === 'in_service')
    expect(open.map(({ kind }) => kind)).toContain('transfer')
    for (const { code } of open) {
      const opened = valueOf(await readPackage(actor, { referral: code }))
      expect(opened.fields.map(({ field }) => field)).toContain('identity.names')
      expect(valueOf(await viewReferral(actor, { referral: code })).texts).toMatchObject([{ kind: 'reason' }])
    }
  })

  it('hold what a receiver keeps of its own: a note on the case that it helps on, and a file by law', async () => {
    const [clinic] = await owner<{ id: string; agency: string }[]>`
      SELECT id, agency_id AS agency FROM member WHERE email = 'caseworker@clinic.example'`
    const actor = await signedIn(owner, clinic?.agency ?? '', clinic?.id ?? '')
    const [kept] = await owner<{ referral: string; service: string }[]>`
      SELECT r.code AS referral, s.code AS service FROM own_file f JOIN referral r ON r.id = f.referral_id
      JOIN service s ON s.case_id = f.case_id AND s.agency_id = f.agency_id`
    const file = valueOf(await viewOwnFile(actor, { referral: kept?.referral ?? '' }))
    expect(file).toMatchObject({ basis: { kind: 'legal_duty', duty: 'medical_records' }, basisEndedAt: null })
    expect(valueOf(await readIdentity(actor, { person: file.own?.person ?? '' })).names).toHaveLength(1)
    expect(valueOf(await readServiceNotes(actor, { service: kept?.service ?? '' }))).toHaveLength(1)
  })

  it('hold findings in every state, which the agency reads under its own codes', async () => {
    const states = await owner<{ state: string }[]>`SELECT DISTINCT state FROM finding`
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(FINDING_STATES))
    const [member] = await owner<{ id: string; agency: string }[]>`
      SELECT id, agency_id AS agency FROM member WHERE email = 'supervisor@harbour.example'`
    const supervisor = await signedIn(owner, member?.agency ?? '', member?.id ?? '')
    for (const { code } of valueOf(await listFindings(supervisor, {})).items) {
      const { evidence, texts } = valueOf(await viewFinding(supervisor, { finding: code }))
      expect(evidence.holds).toBe(true)
      expect(evidence.items[0]?.code).toMatch(/^CAS-/)
      expect(texts.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['statement', 'asked']))
    }
  })

  it('hold at least 5,000 persons with needs, services and contacts over two years', async () => {
    expect(await count('person')).toBeGreaterThanOrEqual(5_000)
    expect(await count('service')).toBeGreaterThan(20_000)
    expect(await count('need')).toBeGreaterThan(7_000)
    expect(await count('contact_entry')).toBeGreaterThan(5_000)
    const [span] = await owner`SELECT max(delivered_on) - min(delivered_on) AS days FROM service`
    expect(Number(span?.['days'])).toBeGreaterThan(650)
  })

  it('list what each agency offers, for which its first caseworker answers and the second doesn’t', async () => {
    const rows = await owner<{ agency: string; services: number; answering: string[] }[]>`
      SELECT a.key AS agency, count(DISTINCT s.id)::int AS services, array_agg(DISTINCT m.email ORDER BY m.email) FILTER (WHERE NOT r.stands_in) AS answering
      FROM agency a JOIN listed_service s ON s.agency_id = a.id
      LEFT JOIN listed_service_receiver r ON r.listed_service_id = s.id LEFT JOIN member m ON m.id = r.member_id
      GROUP BY a.key ORDER BY a.key`
    expect(Object.fromEntries(rows.map(({ agency, answering }) => [agency, answering]))).toEqual({
      clinic: ['caseworker@clinic.example'],
      harbour: ['caseworker@harbour.example'],
      immigration: ['caseworker@immigration.example'],
      legalaid: ['caseworker@legalaid.example'],
      newpath: ['worker3@newpath.example'],
      police: null,
    })
    expect(rows.every(({ services }) => services > 0)).toBe(true)
    const answersAnyway = await count(
      `listed_service_receiver r JOIN member m ON m.id = r.member_id WHERE m.email LIKE 'caseworker2@%'`,
    )
    expect(answersAnyway).toBe(0)
    expect(await count(`listed_service_room WHERE updated_at > now()`)).toBe(0)
  })

  it('are named by the page for signing in, also when many have joined since', async () => {
    await owner
      .begin(async (tx) => {
        const named = async () => {
          await tx`DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$`
          const [page] = await tx<{ accounts: string[] }[]>`SELECT accounts FROM app.sign_in_page()`
          await tx`RESET ROLE`
          return page?.accounts ?? []
        }
        const before = await named()
        await tx`
          INSERT INTO member (id, agency_id, unit_id, email, display_name, roles, status, created_at)
          SELECT gen_random_uuid(), m.agency_id, m.unit_id, 'new' || n || '@amparo.example', 'Newcomer', m.roles, 'active',
            m.created_at + interval '1 hour'
          FROM member m, generate_series(1, 30) n WHERE m.email = 'system@amparo.example'`
        await tx`
          INSERT INTO credential (member_id, agency_id, password_hash)
          SELECT m.id, m.agency_id, 'none' FROM member m WHERE m.display_name = 'Newcomer'`
        const after = await named()
        expect(before).toHaveLength(11)
        expect(after.filter((one) => !one.startsWith('new'))).toEqual(before)
        throw new RolledBack()
      })
      .catch((error: unknown) => {
        if (!(error instanceof RolledBack)) throw error
      })
  })

  it('hold the accounts of the contract, with the password as it was given', async () => {
    const accounts = await owner<{ email: string; password_hash: string; roles: string[] }[]>`
      SELECT m.email, c.password_hash, m.roles::text[] AS roles FROM member m JOIN credential c ON c.member_id = m.id ORDER BY 1`
    expect(accounts.map((row) => row.email)).toEqual([
      'admin@harbour.example',
      'auditor@rapporteur.example',
      'caseworker2@harbour.example',
      'caseworker2@legalaid.example',
      'caseworker@clinic.example',
      'caseworker@harbour.example',
      'caseworker@immigration.example',
      'caseworker@legalaid.example',
      'coordinator@victimsupport.example',
      'supervisor@harbour.example',
      'system@amparo.example',
    ])
    expect(await passwords.verify(accounts[0]?.password_hash ?? null, PASSWORD)).toBe(true)
    await setDemonstrationPassword(database.ownerUrl, 'another one by the sea')
    const [changed] = await owner`SELECT password_hash FROM credential LIMIT 1`
    expect(await passwords.verify(String(changed?.['password_hash']), 'another one by the sea')).toBe(true)
  })

  it('invariant 1: rest every service on its paragraphs', async () => {
    const bare =
      await count(`service s WHERE (SELECT count(*) FROM service_mandate m JOIN assistance_category c ON c.category = s.category
      WHERE m.service_id = s.id AND m.paragraph IN (c.paragraph, '9')) <> 2`)
    expect(bare).toBe(0)
  })

  it('agree with the figures that pages show', async () => {
    const wrong = await owner`
      SELECT * FROM (SELECT agency_id, paragraph, sum(n) AS n FROM rollup_live WHERE measure = 'services' GROUP BY 1, 2) r
      FULL JOIN (SELECT s.agency_id, m.paragraph, count(*) AS n FROM service s JOIN service_mandate m ON m.service_id = s.id GROUP BY 1, 2) b
      USING (agency_id, paragraph) WHERE r.n IS DISTINCT FROM b.n`
    expect([...wrong]).toEqual([])
  })

  it('P04: hold frozen periods, in which the language that waits longer at the shelter is found', async () => {
    const [member] = await owner<{ id: string; agency: string }[]>`
      SELECT id, agency_id AS agency FROM member WHERE email = 'auditor@rapporteur.example'`
    const auditor = await signedIn(owner, member?.agency ?? '', member?.id ?? '')
    const { periods } = valueOf(await listDisparities(auditor)).choices
    expect(periods.length).toBeGreaterThanOrEqual(1)
    const question = { outcome: 'met_in_time', agency: 'harbour' } as const
    const found = valueOf(
      await runDisparity(auditor, { ...question, ground: 'language', period: periods[0]?.period ?? '', adjustFor: [] }),
    )
    expect(found.comparisons.filter(({ verdict }) => verdict === 'worse').map(({ group }) => group)).toEqual(['ron'])
    // Nothing was planted between genders.
    const { comparisons } = valueOf(
      await runDisparity(auditor, { ...question, ground: 'gender', period: periods[0]?.period ?? '', adjustFor: [] }),
    )
    expect(comparisons.length).toBeGreaterThan(0)
    expect(comparisons.filter(({ verdict }) => verdict !== 'not_shown')).toEqual([])
  })

  it('P04: hold a group that only seems to wait longer: over the API, what differs as it is doesn’t within agencies', async () => {
    const [member] = await owner<{ id: string; agency: string }[]>`
      SELECT id, agency_id AS agency FROM member WHERE email = 'auditor@rapporteur.example'`
    const auditor = await signedIn(owner, member?.agency ?? '', member?.id ?? '')
    const token = await tokenFor(owner, auditor)
    const { periods } = valueOf(await listDisparities(auditor)).choices
    const ask = async (adjustFor: readonly string[]) => {
      const body = { outcome: 'met_in_time', ground: 'migration', period: periods[0]?.period, adjustFor }
      const asked = await callApi('POST', '/oversight/disparities', { token, body })
      expect(asked.status).toBe(201)
      const view = asked.body as unknown as DisparityView
      return { view, worker: view.comparisons.find(({ group }) => group === 'Labour') ?? expect.fail('Not told') }
    }
    const crude = await ask([])
    expect([crude.worker.verdict, crude.worker.change]).toEqual(['worse', 'none'])
    expect(crude.worker.riskRatio?.estimate).toBeLessThan(0.9)
    const within = await ask(['agency'])
    // It is gone, or points the other way: at the agency that is slow for everybody, they are a little quicker than others.
    expect(within.worker.verdict).not.toBe('worse')
    expect(['gone', 'turned']).toContain(within.worker.change)
    expect(within.worker.mantelHaenszel?.riskRatio?.estimate).toBeGreaterThan(0.9)
    expect(within.view.clustered?.factor).toBeGreaterThanOrEqual(1)
    // Which its page says in a sentence.
    expect(sentencesOf(crude.worker).map(({ says }) => says)).toContain('worse')
    expect(sentencesOf(within.worker).map(({ says }) => says)).toContain(within.worker.change)
    // And a finding can rest on it.
    const source = { from: 'disparity', code: within.view.code } as const
    expect(valueOf(await prepareFinding(auditor, source)).agencies.map(({ key }) => key)).toContain('legalaid')
  })

  it('lie in the past, with what is due around today', async () => {
    expect(
      await count(
        'service s JOIN agency a ON a.id = s.agency_id WHERE s.delivered_on > (now() AT TIME ZONE a.time_zone)::date',
      ),
    ).toBe(0)
    expect(await count("task WHERE done_at IS NULL AND due_at < now() + interval '1 day'")).toBeGreaterThan(20)
    expect(await count('case_file WHERE restricted')).toBeGreaterThan(20)
    expect(await count('person WHERE restricted')).toBeGreaterThan(5)
  })

  it('hold answers of every kind: yes, no, withdrawn, asked again, over, about to end; and what agencies rest on', async () => {
    const living = `consent c WHERE answer = 'given' AND NOT EXISTS (SELECT 1 FROM consent n WHERE n.replaces_id = c.id)
      AND NOT EXISTS (SELECT 1 FROM consent_withdrawal w WHERE w.consent_id = c.id)`
    expect(await count(`${living} AND (ends_on IS NULL OR ends_on >= current_date)`)).toBeGreaterThan(5_000)
    expect(await count(`${living} AND ends_on < current_date`)).toBeGreaterThan(200)
    expect(await count(`${living} AND ends_on BETWEEN current_date AND current_date + 14`)).toBeGreaterThan(5)
    expect(await count("consent WHERE answer = 'refused'")).toBeGreaterThan(200)
    expect(await count('consent_withdrawal')).toBeGreaterThan(50)
    expect(await count('consent WHERE replaces_id IS NOT NULL')).toBeGreaterThan(50)
    expect(await count('consent WHERE recorded_at > now()')).toBe(0)
    expect(await count('lawful_basis')).toBeGreaterThan(5)
    expect(await count('sharing_exception')).toBeGreaterThan(0)
    expect(await count("member_permission WHERE permission = 'share_without_consent'")).toBeGreaterThan(0)
  })

  it('switch the triggers on again', async () => {
    expect(await count("pg_trigger WHERE tgenabled <> 'O' AND NOT tgisinternal")).toBe(0)
  })
})
