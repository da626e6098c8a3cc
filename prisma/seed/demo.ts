import { randomBytes } from 'node:crypto'

import postgres from 'postgres'

import { preparePerson } from '@/lib/people/prepare-service'
import { passwords } from '@/lib/platform/crypto/passwords'
import { newCode } from '@/lib/platform/ids'
import { dayIn, instantIn } from '@/lib/platform/zone'
import { freezeNextIn } from '@/lib/reporting/cube/service'

import { BulkWriter } from './bulk-writer'
import { AGENCIES } from './demo/agencies'
import { writeAgreements } from './demo/agreements'
import { addCase, addPerson } from './demo/case-rows'
import { writeBases } from './demo/bases'
import { addConsents, addException } from './demo/consents'
import { writeComplaints } from './demo/complaints'
import { writeDirectory } from './demo/directory'
import { writeFindings } from './demo/findings'
import { gathered, slowed } from './demo/disparities'
import { inventCase } from './demo/history'
import { writeAgency, writeNetwork, type LoadedAgency } from './demo/office'
import { writeIdentifications } from './demo/identification'
import { writePapers } from './demo/papers'
import { inventPerson } from './demo/people'
import { writeWhatReceiversKeep } from './demo/receivers'
import { writeReferrals } from './demo/referrals'
import { writeTransfers } from './demo/transfers'
import { writeSample } from './demo/samples'
import { writeTurnedAway } from './demo/turned-away'
import { CASE_TABLES, withoutTriggers } from './derived'
import { Chance } from './random'

type Options = { readonly password?: string; readonly onProgress: (what: string) => void }

const SEED = 58_137
const BATCH = 1_000
const SERVICES_A_CASE = 6

/**
 * Fills an empty database with the demonstration: agencies, accounts, and at least 5,000 invented persons with two
 * years of history, all in one transaction. The same day gives the same people, codes and days; keys are always new.
 *
 * Returns the password of the accounts: the one given, taken as it is, else a new one that is told this once.
 */
export async function loadDemonstration(ownerUrl: string, options: Options): Promise<{ readonly password: string }> {
  const password = options.password ?? randomBytes(12).toString('base64url')
  const passwordHash = await passwords.hash(password)
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined })
  try {
    const loaded = await owner.begin(async (sql) => {
      await sql`UPDATE installation SET demonstration = true WHERE id = 1`
      const network = await writeNetwork(sql)
      const agencies: LoadedAgency[] = []
      for (const agency of AGENCIES) agencies.push(await writeAgency(sql, network, agency, passwordHash))
      await writeAgreements(sql, network, agencies)
      await writeBases(sql, network, agencies)
      await writeDirectory(sql, network, agencies)
      await withoutTriggers(sql, () => loadCases(sql, agencies, options.onProgress))
      await writeReferrals(sql, agencies, new Date())
      await writeWhatReceiversKeep(sql, agencies, new Date())
      await writeTurnedAway(sql, agencies, new Date())
      await writeIdentifications(sql, agencies, new Date())
      await writePapers(sql, agencies, new Date())
      await writeComplaints(sql, agencies, new Date())
      await writeTransfers(sql, agencies, new Date())
      await writeSample(sql, agencies, new Date())
      await recordLoading(sql)
      return agencies
    })
    await owner`ANALYZE`
    // After the statistics of the tables: without them the database joins needs and services one by one.
    while ((await owner.begin(freezeNextIn)) > 0) options.onProgress('Freezing a period')
    await owner.begin((sql) => writeFindings(sql, loaded, new Date()))
  } finally {
    await owner.end()
  }
  return { password }
}

/** Sets the password of all demonstration accounts; ends their sessions, as any change of password does. */
export async function setDemonstrationPassword(ownerUrl: string, password: string): Promise<void> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined })
  try {
    const accounts = AGENCIES.flatMap((agency) =>
      agency.members.filter((member) => member.account).map((member) => member.email),
    )
    const [stored] = await owner<{ password_hash: string }[]>`
      SELECT c.password_hash FROM credential c JOIN member m ON m.id = c.member_id WHERE m.email = ${accounts[0] ?? ''}`

    // The same password at the next start leaves everybody signed in.
    if (stored !== undefined && (await passwords.verify(stored.password_hash, password))) return
    const hash = await passwords.hash(password)
    await owner`
      UPDATE credential SET password_hash = ${hash}, changed_at = clock_timestamp()
      WHERE member_id IN (SELECT id FROM member WHERE email IN ${owner(accounts)})`
  } finally {
    await owner.end()
  }
}

async function loadCases(
  sql: postgres.TransactionSql,
  agencies: readonly LoadedAgency[],
  onProgress: Options['onProgress'],
): Promise<void> {
  const writer = new BulkWriter(sql, CASE_TABLES)
  const chance = new Chance(SEED)
  // Answers are drawn apart, so that persons and cases stay the same whatever is asked of them.
  const answers = new Chance(SEED + 1)
  const now = new Date()
  const total = agencies.reduce((sum, agency) => sum + agency.persons, 0)
  let done = 0
  for (const agency of agencies) {
    for (let index = 0; index < agency.persons; index += 1) {
      addOne(writer, agency, agencies, { chance, answers, now, index })
      done += 1
      if (done % BATCH !== 0 && done !== total) continue
      await writer.flush()
      onProgress(`${String(done)} of ${String(total)} persons`)
    }
  }
}

function addOne(
  writer: BulkWriter,
  agency: LoadedAgency,
  agencies: readonly LoadedAgency[],
  {
    chance,
    answers,
    now,
    index,
  }: { readonly chance: Chance; readonly answers: Chance; readonly now: Date; readonly index: number },
): void {
  const today = dayIn(agency.timeZone, now)
  const input = gathered(inventPerson(chance, now.getUTCFullYear()).input, agency.key, index)
  const invented = slowed(inventCase(chance, agency, today, SERVICES_A_CASE), {
    ...{ input, index, today },
    agency: agency.key,
  })
  const worker = chance.pick(agency.caseworkers)
  const at = instantIn(agency.timeZone, invented.openedOn, '09:30')
  const person = preparePerson(agency.keys, input, {
    agency: agency.id,
    country: 'GB',
    member: worker,
    at,
    code: newCode('AMP', chance.draw),
  })
  addPerson(writer, person)
  const of = addCase(writer, person, invented, { agency, worker, chance, now, today })
  const others = agencies.filter((other) => other.id !== agency.id && other.persons > 0)
  addConsents(writer, { agency, worker, chance: answers, now, today, of, invented, others })
  addException(writer, person, { agency, worker, chance: answers, now, today, of, invented, others })
}

/** One event for the whole load, written as the definer: there is no member who did it. */
async function recordLoading(sql: postgres.TransactionSql): Promise<void> {
  await sql.unsafe(
    `SET LOCAL ROLE ${(await sql<{ role: string }[]>`SELECT quote_ident(app.db_role('definer')) AS role`)[0]?.role ?? ''}`,
  )
  await sql`SELECT app.write_event('{"type":"installation.demonstration-loaded"}'::jsonb, ROW(NULL, NULL, NULL, NULL, '{}', 'operator', 0, 0)::app.actor_context)`
  await sql.unsafe('RESET ROLE')
}
