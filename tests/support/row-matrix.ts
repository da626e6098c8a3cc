import postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { amendService } from '@/lib/assistance/services/amend-service'
import { amendServiceInput } from '@/lib/assistance/services/schema'
import { openEmergency } from '@/lib/cases/emergency/service'
import { restrictCase } from '@/lib/cases/service'
import { keepSearch } from '@/lib/people/search-service'
import { newCode, newId } from '@/lib/platform/ids'
import { loggedContact, loggedService, openNeed } from '@/tests/factories/assistance'
import { openedCase, valueOf } from '@/tests/factories/cases'
import { memberOf, outsider } from '@/tests/factories/office'
import type { TestDatabase } from '@/tests/support/database'
import { seedOneCase, type OneCase } from '@/tests/support/seed-one-case'
import { needsFoundByLead, whatIsLed, whatWasReferred } from '@/tests/support/seed-referred'

/**
 * Whose rows of a table a test tries to add again: the open case's, the restricted one's, another agency's, and what
 * the agency of the first wrote on another's case by a grant.
 */
const WHOSE = ['open', 'hidden', 'other', 'granted'] as const
type Whose = (typeof WHOSE)[number]

export type World = {
  readonly own: OneCase
  /** A restricted case of the same caseworker. */
  readonly hidden: string
  readonly other: OneCase
  /** Each kind of member, and nobody: the login role before it has a context. */
  readonly actors: ReadonlyMap<string, Actor | null>
}

/** A row of every kind in two agencies, one restricted case, and members on every side of them. */
export async function seedWorld(owner: postgres.Sql): Promise<World> {
  const [own, other] = [await seedOneCase(owner), await seedOneCase(owner)]
  const { caseworker, colleague } = own
  const hidden = (await openedCase(caseworker)).code
  await openNeed(caseworker, { case: hidden })
  await loggedService(caseworker, { case: hidden, note: 'Kind words' })
  await loggedContact(caseworker, { case: hidden, text: 'Spoke briefly' })
  valueOf(await restrictCase(caseworker, { case: hidden }))
  await owner`SELECT app.fold_rollups(1000)`
  // Once more after the fold, so that changes wait in both dimensions.
  await loggedService(caseworker, { case: hidden })
  await loggedService(caseworker)
  for (const actor of [caseworker, colleague, other.caseworker]) await whatIsTheirs(owner, actor)
  const beside = await membersBeside(owner, own)
  await casesThatWait(owner, own, hidden)
  await whatWasSaid(owner, own, other)
  for (const one of [own, other]) {
    await whatIsListed(owner, one)
    await whoWasTurnedAway(owner, one)
  }
  await whatWasReferred(owner, own, other)
  await whatWasReferred(owner, other, own)
  const help = { category: 'legal', type: 'information_advice', note: 'Kind words' } as const
  const granted = await loggedService(caseworker, { case: await codeOf(owner, other.case), ...help })
  const amended = { service: granted.code, version: granted.version, reason: 'Wrongly', type: 'civil_documents' }
  valueOf(await amendService(caseworker, amendServiceInput.parse(amended)))
  await loggedService(other.caseworker, { case: hidden, category: 'legal', type: 'information_advice' })
  await needsFoundByLead(owner, own, other)
  await whatIsLed(owner, own, other)
  // A task may go to someone off the team, who then sees the task and no more.
  await owner`
    INSERT INTO task (id, code, case_id, person_id, owner_id, kind, due_at, agency_id, holder_agency_id)
    VALUES (${newId()}, ${newCode('TSK')}, ${own.case}, ${own.person}, ${colleague.member}, 'call', now(), ${own.agency.id}, ${own.agency.id})`
  const [coordinator, auditor] = [await outsider(owner, 'coordinator'), await outsider(owner, 'auditor')]
  // A colleague's, of whom there are more and who come first, so that one policy for another tells; then their own.
  const otherAuditor = await memberOf(owner, auditor.agency, ['auditor'], null)
  for (const [member, name] of [
    [otherAuditor, 'Exports'],
    [otherAuditor, 'Looks'],
    [auditor, 'Exports'],
  ] as const)
    await owner`
      INSERT INTO saved_view (id, agency_id, member_id, name, filters, made_at)
      VALUES (${newId()}, ${member.agency}, ${member.member}, ${name}, '{}', now())`
  for (const actor of [coordinator, auditor]) {
    const { member, agency } = actor
    await tellOf(owner, actor)
    await owner`
      INSERT INTO search_handle (hash, member_id, agency_id, sealed, expires_at)
      VALUES (sha256(${member}::text::bytea), ${member}, ${agency}, ${Buffer.alloc(8)}, now() + interval '1 hour')`
  }
  const [row] = await owner<{ id: string }[]>`SELECT id FROM case_file WHERE code = ${hidden}`
  await owner`
    INSERT INTO network_holiday (network_id, on_day, name)
    SELECT network_id, '2026-12-25', 'A holiday' FROM agency WHERE id = ${own.agency.id}`
  const emergencies = await emergencyMembers(owner, own, hidden)
  await owner`
    INSERT INTO network_version (network_id, version, changed_by, fields, before, after)
    SELECT network_id, 2, ${own.admin.member}, '{name}', '{}', '{}' FROM agency WHERE id = ${own.agency.id}`
  await owner`
    INSERT INTO network_coordinator (network_id, agency_id, member_id)
    SELECT network_id, id, ${own.admin.member} FROM agency WHERE id = ${own.agency.id}`
  // Last, since a key that was invented opens nothing.
  await whatIsOfKeysAndBackups(owner)
  return {
    own,
    hidden: row?.id ?? '',
    other,
    actors: new Map<string, Actor | null>([
      ['team', caseworker],
      ['colleague', colleague],
      ['supervisor', own.supervisor],
      ...emergencies,
      ...beside,
      ['administrator', own.admin],
      ['other agency', other.caseworker],
      ['coordinator', coordinator],
      ['auditor', auditor],
      ['system', await outsider(owner, 'system_admin')],
      ['nobody', null],
    ]),
  }
}

/** Members off the team who opened the case in an emergency: open still, over, and a supervisor with the restricted one. */
async function emergencyMembers(owner: postgres.Sql, own: OneCase, hidden: string): Promise<[string, Actor][]> {
  const unit = newId()
  await owner`INSERT INTO agency_unit (id, agency_id, name) VALUES (${unit}, ${own.agency.id}, 'Night team')`
  const [open] = await owner<{ code: string }[]>`SELECT code FROM case_file WHERE id = ${own.case}`
  const member = async (role: 'caseworker' | 'supervisor', code: string) => {
    const actor = await memberOf(owner, own.agency.id, [role], unit)
    valueOf(await openEmergency(actor, { code, reason: 'danger', words: 'They rang the night line' }))
    return actor
  }
  const over = await member('caseworker', open?.code ?? '')
  await owner`
    UPDATE emergency_access SET ended_at = opened_at, end_reason = 'member' WHERE member_id = ${over.member}`
  return [
    ['in an emergency', await member('caseworker', open?.code ?? '')],
    ['after an emergency', over],
    ['in an emergency, restricted', await member('supervisor', hidden)],
  ]
}

/** Members who work on the unit's or a colleague's cases for a time: now, and until yesterday. */
async function membersBeside(owner: postgres.Sql, own: OneCase): Promise<readonly (readonly [string, Actor])[]> {
  const members: [string, Actor][] = []
  for (const name of ['on cover', 'cover over', 'stand-in', 'absence over'])
    members.push([name, await memberOf(owner, own.agency.id, ['caseworker'], null)])
  const [cover, coverOver, standIn, absenceOver] = members.map(([, actor]) => actor.member)
  const [now, over] = [
    { from: 1, to: -1 },
    { from: 48, to: 24 },
  ]
  for (const [member, { from, to }] of [
    [cover, now],
    [coverOver, over],
  ] as const)
    await owner`
      INSERT INTO unit_cover (id, agency_id, unit_id, member_id, starts_at, ends_at)
      VALUES (${newId()}, ${own.agency.id}, ${own.unit}, ${member ?? ''}, now() - make_interval(hours => ${from}), now() - make_interval(hours => ${to}))`
  for (const [member, { from, to }] of [
    [standIn, now],
    [absenceOver, over],
  ] as const)
    await owner`
      INSERT INTO absence (id, agency_id, member_id, stand_in_id, set_by_id, starts_at, ends_at)
      VALUES (${newId()}, ${own.agency.id}, ${own.caseworker.member}, ${member ?? ''}, ${own.caseworker.member},
        now() - make_interval(hours => ${from}), now() - make_interval(hours => ${to}))`
  return members
}

/** The open case and the restricted one as they would stand on the list of cases that wait for a new team. */
async function casesThatWait(owner: postgres.Sql, own: OneCase, hidden: string): Promise<void> {
  await owner`
    INSERT INTO hand_over (id, case_id, person_id, holder_agency_id, agency_id, unit_id, from_member_id, restricted, since)
    SELECT gen_random_uuid(), c.id, c.person_id, c.holder_agency_id, c.agency_id, c.unit_id, ${own.colleague.member}, c.restricted, now()
    FROM case_file c WHERE c.id = ${own.case} OR c.code = ${hidden}`
}

/** Of every case of two agencies: a consent that was withdrawn, an answer, a sharing without consent, a line of the ledger. */
async function whatWasSaid(owner: postgres.Sql, own: OneCase, other: OneCase): Promise<void> {
  for (const { agency, caseworker, admin } of [own, other]) {
    const by = caseworker.member
    await owner`
      INSERT INTO consent (id, code, case_id, person_id, holder_agency_id, agency_id, purpose, answer, to_kind, categories, identity,
        starts_on, given_by, method, recorded_by_id)
      SELECT gen_random_uuid(), app.new_code('CON'), c.id, c.person_id, c.holder_agency_id, c.agency_id, 'sharing', 'given', 'ngo', '{legal}', 'none',
        '2026-01-05', 'person', 'spoken', ${by} FROM case_file c WHERE c.agency_id = ${agency.id}`
    await owner`
      INSERT INTO consent_withdrawal (consent_id, case_id, person_id, holder_agency_id, agency_id, given_by, method, recorded_by_id)
      SELECT x.id, x.case_id, x.person_id, x.holder_agency_id, x.agency_id, 'person', 'spoken', ${by} FROM consent x WHERE x.agency_id = ${agency.id}`
    await owner`
      INSERT INTO case_answer (case_id, person_id, holder_agency_id, agency_id, question, answer)
      SELECT c.id, c.person_id, c.holder_agency_id, c.agency_id, 'data_use', 'yes' FROM case_file c WHERE c.agency_id = ${agency.id}`
    await owner`
      INSERT INTO sharing_exception (id, case_id, person_id, holder_agency_id, agency_id, to_agency_id, purpose, fields, basis, reason,
        made_by_id, made_at, ends_at)
      SELECT gen_random_uuid(), c.id, c.person_id, c.holder_agency_id, c.agency_id, ${own.agency.id}, 'sharing', '{need.legal}', 'legal_duty', '\\x00',
        ${by}, now(), now() + interval '1 day' FROM case_file c WHERE c.agency_id = ${agency.id}`
    await owner`
      INSERT INTO disclosure (at, case_id, person_id, holder_agency_id, agency_id, way, receiver, to_agency_id, purpose, fields, bases, basis_codes)
      SELECT now(), c.id, c.person_id, c.holder_agency_id, c.agency_id, 'print', 'agency', ${own.agency.id}, 'sharing', '{need.legal}', '{consent}',
        '{CON}' FROM case_file c WHERE c.agency_id = ${agency.id}`
    await owner`
      INSERT INTO lawful_basis (id, agency_id, purpose, basis, source) VALUES (${newId()}, ${agency.id}, 'sharing', 'consent', 'A law')`
    await owner`
      INSERT INTO member_permission (agency_id, member_id, permission, given_by_id)
      VALUES (${agency.id}, ${by}, 'share_without_consent', ${admin.member})`
  }
}

/** A service that an agency lists, with an area, its room, and who answers for it: the caseworker and a colleague. */
async function whatIsListed(owner: postgres.Sql, { agency, caseworker, colleague }: OneCase): Promise<void> {
  const service = newId()
  const { network } = caseworker
  await owner`INSERT INTO network_area (network_id, key, name) VALUES (${network}, 'north', 'North district')`
  await owner`
    INSERT INTO listed_service (id, code, network_id, agency_id, category, type, name)
    VALUES (${service}, ${newCode('DIR')}, ${network}, ${agency.id}, 'legal', 'civil_documents', 'Papers')`
  await owner`INSERT INTO listed_service_room (listed_service_id, agency_id, unit) VALUES (${service}, ${agency.id}, 'places')`
  for (const { member } of [caseworker, colleague])
    await owner`INSERT INTO listed_service_receiver (listed_service_id, agency_id, member_id) VALUES (${service}, ${agency.id}, ${member})`
}

/** Who was turned away, as a caseworker and a colleague recorded it. */
async function whoWasTurnedAway(owner: postgres.Sql, { agency, caseworker, colleague }: OneCase): Promise<void> {
  for (const { member } of [caseworker, colleague])
    await owner`
      INSERT INTO turned_away (id, agency_id, recorded_by_id, asked_on, entered_at, reason, category, seen, sent_to)
      VALUES (${newId()}, ${agency.id}, ${member}, '2026-01-05', now(), 'no_capacity', 'legal', '{}', 'nowhere')`
}

async function codeOf(owner: postgres.Sql, caseId: string): Promise<string> {
  const [row] = await owner<{ code: string }[]>`SELECT code FROM case_file WHERE id = ${caseId}`
  return row?.code ?? ''
}

/** What a person's key was before, a change of each kind of key, and a backup. */
async function whatIsOfKeysAndBackups(owner: postgres.Sql): Promise<void> {
  await owner`
    INSERT INTO person_key_old (person_id, version, holder_agency_id, agency_id, wrap_purpose, wrap_version, wrapped)
    SELECT k.person_id, k.version + 100, k.holder_agency_id, k.agency_id, k.wrap_purpose, k.wrap_version, k.wrapped FROM person_key k`
  for (const kind of ['master', 'agency', 'person'])
    await owner`
      INSERT INTO key_rotation (id, kind, agency_id, person_id, subject, from_version, to_version, state, key_check, finished_at)
      SELECT gen_random_uuid(), ${kind}, CASE WHEN ${kind} <> 'master' THEN p.agency_id END, CASE WHEN ${kind} = 'person' THEN p.id END,
        ${kind}, 1, 2, 'done', CASE WHEN ${kind} = 'master' THEN '\\x00'::bytea END, now() FROM person p LIMIT 1`
  await owner`
    INSERT INTO backup_run (id, kind, state, origin, requested_at, finished_at)
    VALUES (gen_random_uuid(), 'backup', 'done', 'operator', now(), now())`
}

async function whatIsTheirs(owner: postgres.Sql, actor: Actor): Promise<void> {
  valueOf(await keepSearch(actor, { query: 'Quillon' }))
  await owner`
    INSERT INTO idempotency_key (member_id, agency_id, key, route, body_hash)
    VALUES (${actor.member}, ${actor.agency}, 'k', 'POST /persons', ${Buffer.alloc(32)})`
  await tellOf(owner, actor)
}

async function tellOf(owner: postgres.Sql, { member, agency }: Actor): Promise<void> {
  await owner`SELECT app.notify(ARRAY[${member}]::uuid[], 'task.assigned')`
  await owner`
    INSERT INTO notice_preference (member_id, agency_id, kind, mail, at_once)
    VALUES (${member}, ${agency}, 'task.assigned', true, false)`
}

/** Policies that say what members may do; those of the owner, the definer and the backup say nothing about anybody. */
const ABOUT_MEMBERS = `schemaname = 'public' AND policyname NOT IN ('owner_all', 'definer_all', 'backup_reads')
  AND roles && ARRAY['app', 'member', 'desk', 'auditor']::name[]`

/** Tables of ours that some member has any right on. */
export async function tablesOfMatrix(owner: postgres.Sql): Promise<string[]> {
  const rows = await owner.unsafe<{ name: string }[]>(
    `SELECT DISTINCT tablename AS name FROM pg_policies WHERE ${aboutMembers()} ORDER BY 1`,
  )
  return rows.map(({ name }) => name)
}

/** The condition with the roles' own names, which begin with the database's. */
export function aboutMembers(): string {
  return ABOUT_MEMBERS.replace(/'(app|member|desk|auditor)'/g, "'amparo_$1'")
}

type Samples = Readonly<Record<Whose, string | null>>

/** Asks the database, as each actor, what they may read, change, move, delete and add in a table: a line each. */
export async function matrixOf(
  database: TestDatabase,
  owner: postgres.Sql,
  world: World,
  tables: readonly string[],
): Promise<string[]> {
  const app = postgres(database.appUrl, { max: 1, onnotice: () => undefined })
  const lines: string[] = []
  try {
    for (const table of tables) {
      const columns = await columnsOf(owner, table)
      const samples = await samplesOf(owner, world, table, columns)
      for (const [name, actor] of world.actors) {
        const line = await undone(app, (sql) => lineOf(sql, actor, world, table, columns, samples))
        lines.push(`${table} | ${name} | ${line}`)
      }
    }
  } finally {
    await app.end()
  }
  return lines
}

async function columnsOf(owner: postgres.Sql, table: string): Promise<string[]> {
  const rows = await owner<{ name: string }[]>`
    SELECT attname AS name FROM pg_attribute
    WHERE attrelid = ${table}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`
  return rows.map(({ name }) => name)
}

async function samplesOf(
  owner: postgres.Sql,
  world: World,
  table: string,
  columns: readonly string[],
): Promise<Samples> {
  const sample = async (whose: Whose): Promise<string | null> => {
    if (whose === 'granted' && !(columns.includes('agency_id') && columns.includes('holder_agency_id'))) return null
    // The holder's own before what others wrote on its cases: which id comes first is chance.
    const ownFirst = columns.includes('holder_agency_id')
      ? owner`holder_agency_id IS DISTINCT FROM agency_id,`
      : owner``
    const [found] = await owner<{ row: string }[]>`
      SELECT to_jsonb(t)::text AS row FROM ${owner(table)} t
      WHERE ${belongsTo(owner, world, whose, table, columns)} ORDER BY ${ownFirst} to_jsonb(t)::text LIMIT 1`
    return found?.row ?? null
  }
  return {
    open: await sample('open'),
    hidden: await sample('hidden'),
    other: await sample('other'),
    granted: await sample('granted'),
  }
}

/** Which rows of a table are whose, by the columns that it has. */
function belongsTo(owner: postgres.Sql, world: World, whose: Whose, table: string, columns: readonly string[]) {
  if (whose === 'granted')
    return owner`agency_id = ${world.own.agency.id} AND holder_agency_id = ${world.other.agency.id}`
  const side = whose === 'other' ? world.other : world.own
  const on = whose === 'hidden' ? world.hidden : side.case
  const member = whose === 'hidden' ? world.own.colleague.member : side.caseworker.member
  const has = (column: string) => columns.includes(column)
  if (table === 'saved_view') {
    const auditor = world.actors.get('auditor')?.member ?? ''
    return owner`${whose} <> 'other' AND (member_id = ${auditor}) = (${whose} = 'open')`
  }
  if (has('case_id')) return owner`case_id = ${on}`
  if (table === 'case_file') return owner`id = ${on}`
  if (has('service_id')) return owner`service_id IN (SELECT id FROM service WHERE case_id = ${on})`
  if (has('member_id')) return owner`member_id = ${member}`
  if (has('person_id')) return owner`person_id = (SELECT person_id FROM case_file WHERE id = ${on})`
  if (table === 'person') return owner`id = (SELECT person_id FROM case_file WHERE id = ${on})`
  if (has('agency_id')) return owner`agency_id = ${side.agency.id}`
  return owner`${whose} = 'open'`
}

async function lineOf(
  sql: postgres.TransactionSql,
  actor: Actor | null,
  world: World,
  table: string,
  columns: readonly string[],
  samples: Samples,
): Promise<string> {
  if (actor?.credential.kind === 'session') {
    await sql`
      SELECT set_config('app.context', o.context, true), set_config('role', o.db_role, true)
      FROM app.open_session(${actor.credential.hash}) o`
  }
  const told = [
    `read ${await tried(sql, (one) => one`SELECT count(*)::int AS n FROM ${one(table)}`)}`,
    `change ${await changed(sql, table, columns)}`,
    `move ${await moved(sql, table, columns, world.other.agency.id)}`,
    `delete ${await tried(sql, (one) => one`DELETE FROM ${one(table)}`)}`,
  ]
  const added: string[] = []
  for (const whose of WHOSE) {
    // What no agency ever writes on another's case has no fourth answer.
    if (whose === 'granted' && samples.granted === null) continue
    added.push(await addedAgain(sql, table, columns, samples[whose]))
  }
  return `${told.join(' | ')} | add ${added.join(' ')}`
}

/** Carries an answer out of a transaction that is undone. */
class Undone extends Error {
  constructor(readonly told: string) {
    super('Undone')
  }
}

type Begins = { readonly begin: (work: (sql: postgres.TransactionSql) => Promise<never>) => Promise<unknown> }

async function undone(sql: Begins, work: (sql: postgres.TransactionSql) => Promise<string>): Promise<string> {
  try {
    await sql.begin(async (inside) => {
      throw new Undone(await work(inside))
    })
  } catch (error) {
    if (error instanceof Undone) return error.told
    throw error
  }
  return ''
}

/** A count, `-` where there is no right at all, `no` where a policy refuses, else the SQLSTATE that a row came to. */
async function tried(
  sql: postgres.TransactionSql,
  statement: (one: postgres.TransactionSql) => PromiseLike<postgres.RowList<postgres.Row[]>>,
): Promise<string> {
  try {
    return await undone({ begin: (work) => sql.savepoint(work) }, async (one) => {
      const rows = await statement(one)
      return String(rows[0]?.['n'] ?? rows.count)
    })
  } catch (error) {
    const { code, message } = error as postgres.PostgresError
    if (code !== '42501') return code
    return message.includes('row-level security') ? 'no' : '-'
  }
}

async function mayUpdate(sql: postgres.TransactionSql, table: string, columns: readonly string[]): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    SELECT c AS name FROM unnest(${sql.array([...columns])}::text[]) WITH ORDINALITY AS u(c, place)
    WHERE has_column_privilege(${table}::regclass, c, 'UPDATE') ORDER BY place`
  return rows.map(({ name }) => name)
}

/** With and without reading the rows: where nothing of a row is read, the policy for changes counts alone. */
async function changed(sql: postgres.TransactionSql, table: string, columns: readonly string[]): Promise<string> {
  const column = (await mayUpdate(sql, table, columns)).at(-1)
  if (column === undefined) return '-'
  const seen = await tried(sql, (one) => one`UPDATE ${one(table)} SET ${one(column)} = ${one(column)}`)
  const unseen = await tried(sql, (one) => one`UPDATE ${one(table)} SET ${one(column)} = DEFAULT`)
  return `${seen} ${unseen}`
}

/** Hands every row to another agency. */
async function moved(
  sql: postgres.TransactionSql,
  table: string,
  columns: readonly string[],
  agency: string,
): Promise<string> {
  if (!(await mayUpdate(sql, table, columns)).includes('agency_id')) return '-'
  return tried(sql, (one) => one`UPDATE ${one(table)} SET agency_id = ${agency}`)
}

/** Adds a row that is there already: what a policy lets through stops at its key (23505), after the policy was asked. */
async function addedAgain(
  sql: postgres.TransactionSql,
  table: string,
  columns: readonly string[],
  row: string | null,
): Promise<string> {
  if (row === null) return '·'
  return tried(
    sql,
    (one) => one`
      INSERT INTO ${one(table)} (${one([...columns])}) OVERRIDING SYSTEM VALUE
      SELECT ${one([...columns])} FROM jsonb_populate_record(NULL::${one.unsafe(`"${table}"`)}, ${row}::text::jsonb)`,
  )
}
