import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { ENDED_BY_RESTORE } from '@/lib/backup/forget'
import { rehearse } from '@/lib/backup/rehearse'
import { findNewest, restoreBackup, type RestoreInput, type RestoreReport } from '@/lib/backup/restore'
import { parseBackupName } from '@/lib/backup/rules'
import { writeBackup, type MadeBackup } from '@/lib/backup/write'
import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { placeSealKey } from '@/lib/audit/seal/key-file'
import { sealAll } from '@/tests/support/sealed-log'
import { readIdentity } from '@/lib/people/identity-service'
import { readSealed } from '@/lib/platform/backup/sealed-file'
import { newMasterKeyLine, parseMasterKeys } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { closeAppClient } from '@/lib/platform/db/client'
import { closeWorker } from '@/lib/platform/db/worker'
import { withDatabase } from '@/lib/platform/db/migrate/adapter'
import { openLoginRoles } from '@/lib/platform/db/roles'
import { forgetEnv } from '@/lib/platform/env'
import { loggedService } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { office, ownerOf, signedIn, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import { textsIn } from '@/tests/support/stored-bytes'

const NAME = 'Amaranta Quelimane'
const NOTE = 'Came with her sister and drank tea'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let lakeside: Office
let dataDirectory: string
let directory: string
let identity: string
let made: MadeBackup
/** The number of the last event before the first backup. */
let newest: string
/** Registered, then erased after the first backup: their key is in no newer backup of the keys. */
let erased: string
let kept: string
let service: string
const targets: string[] = []

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner)
  lakeside = await office(owner)
  dataDirectory = await mkdtemp(join(tmpdir(), 'amparo-backup-'))
  directory = join(dataDirectory, 'backups')
  process.env['AMPARO_DATA_DIR'] = dataDirectory
  forgetEnv()
  identity = await generateX25519Identity()
  const names = [{ value: NAME }]
  kept = await registeredPerson(harbour.caseworker, { identity: { names } })
  erased = await registeredPerson(harbour.caseworker, { identity: { names: [{ value: 'Benedita Erased' }] } })
  const opened = await openedCase(harbour.caseworker, { person: kept })
  service = (await loggedService(harbour.caseworker, { case: opened.code, note: NOTE })).code
  await openedCase(lakeside.caseworker)
  // Enough events that the last one is not the one whose number begins with the largest digit.
  for (let looks = 0; looks < 10; looks += 1) await readIdentity(harbour.caseworker, { person: kept })
  await sealAll(owner)
  await underWay()
  made = await backUp()
  const [last] = await owner<{ id: string }[]>`SELECT max(id)::text AS id FROM audit_event`
  newest = last?.id ?? ''
})
afterAll(async () => {
  await closeAppClient()
  await closeWorker()
  delete process.env['AMPARO_DATA_DIR']
  forgetEnv()
  await rm(dataDirectory, { recursive: true, force: true })
  const admin = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined })
  for (const name of targets) await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await admin.end()
  await owner.end()
  await database.drop()
})

async function backUp(to = directory): Promise<MadeBackup> {
  const recipients = [await identityToRecipient(identity)]
  return writeBackup({ backupUrl: database.backupUrl, directory: to, recipients })
}

/** What lets somebody in or is good once, of a colleague elsewhere, for a restore to end. */
async function underWay(): Promise<void> {
  const { member } = lakeside.caseworker
  const { id: agency } = lakeside.agency
  const [bytes, more] = [randomBytes(32), randomBytes(32)]
  await owner`
    INSERT INTO second_factor (id, member_id, agency_id, kind, name, sealed, last_step, confirmed_at)
    VALUES (gen_random_uuid(), ${member}, ${agency}, 'app', 'Phone', ${bytes}, 1, now()),
      (gen_random_uuid(), ${member}, ${agency}, 'app', 'Being set up', ${bytes}, NULL, NULL)`
  await owner`INSERT INTO recovery_code (hash, member_id, agency_id) VALUES (${bytes}, ${member}, ${agency})`
  await owner`
    INSERT INTO password_reset (hash, member_id, agency_id, expires_at) VALUES (${more}, ${member}, ${agency}, now() + interval '9 minutes')`
  await owner`INSERT INTO reset_request (id, sealed) VALUES (gen_random_uuid(), ${bytes})`
  await owner`INSERT INTO factor_reset (member_id, agency_id, asked_by_id) VALUES (${member}, ${agency}, ${lakeside.admin.member})`
  await owner`
    INSERT INTO agency_export (id, agency_id, member_id, sealed, expires_at)
    VALUES (gen_random_uuid(), ${agency}, ${lakeside.admin.member}, ${bytes}, now() + interval '9 minutes')`
}

async function emptyDatabase(): Promise<string> {
  const name = `r_${randomBytes(5).toString('hex')}`
  await owner.unsafe(`CREATE DATABASE ${name}`)
  targets.push(name)
  return withDatabase(database.ownerUrl, name)
}

type Files = Partial<Pick<RestoreInput, 'file' | 'keysFile' | 'identities' | 'onSealKey'>>

async function restore(ownerUrl: string, files: Files = {}): Promise<RestoreReport> {
  return restoreBackup({
    ownerUrl,
    file: join(directory, made.file),
    keysFile: join(directory, made.keysFile),
    identities: [identity],
    master: masterKeys(),
    onProgress: () => undefined,
    ...files,
  })
}

/** Everything of every table but what a restore ends or writes itself. */
async function contentOf(url: string): Promise<Record<string, unknown>> {
  const sql = ownerOf({ ownerUrl: url })
  const tables = await sql<{ name: string }[]>`
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT IN ('_prisma_migrations', 'audit_event', 'seal_epoch')
      AND c.relname <> ALL (${Object.keys(ENDED_BY_RESTORE)}) ORDER BY 1`
  const content: Record<string, unknown> = {}
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ line: string }[]>(
      `SELECT to_jsonb(t)::text AS line FROM public.${name} t ORDER BY 1`,
    )
    content[name] = rows.map(({ line }) => line)
  }
  await sql.end()
  return content
}

async function copyWith(change: (bytes: Buffer) => Buffer): Promise<string> {
  const changed = await mkdtemp(join(directory, 'changed-'))
  const file = join(changed, made.file)
  await writeFile(file, change(Buffer.from(await readFile(join(directory, made.file)))))
  return file
}

describe('a backup', () => {
  it('R05: holds every table, is read back, and leaves two files that only their owner opens', async () => {
    const names = await readdir(directory)
    expect(names.toSorted()).toEqual([made.file, made.keysFile].toSorted())
    expect(made.rows).toBeGreaterThan(100)
    for (const name of names) {
      const bytes = await readFile(join(directory, name))
      expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1')
    }
  })

  it('A stolen backup says nothing that identifies, not even with the backup key', async () => {
    const outside = Buffer.concat(
      await Promise.all([made.file, made.keysFile].map((name) => readFile(join(directory, name)))),
    )
    expect(textsIn(outside, [NAME, NOTE, harbour.agency.name])).toEqual([])
    const inside: Buffer[] = []
    for await (const piece of readSealed(join(directory, made.file), [identity])) inside.push(piece)
    const text = Buffer.concat(inside)
    expect(textsIn(text, [NAME, 'Amaranta', NOTE])).toEqual([])
    // It is the right text: what may be known stands in it.
    expect(text.includes(harbour.agency.name)).toBe(true)
    const keys = await owner<{ table: string }[]>`
      SELECT table_schema || '.' || table_name AS table FROM information_schema.columns WHERE column_name = 'wrapped' AND data_type = 'bytea'`
    expect(keys.length).toBeGreaterThan(2)
    for (const { table } of keys) expect(text.includes(`{"table":"${table}"`), table).toBe(false)
    expect(text.includes('context_key')).toBe(false)
  })

  it('is refused when the role of backups would leave out rows, and then leaves no file', async () => {
    const superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined })
    const elsewhere = await mkdtemp(join(directory, 'partial-'))
    await superuser`ALTER POLICY backup_reads ON need USING (category = 'legal')`
    await expect(backUp(elsewhere)).rejects.toThrow('may not read all of public.need')
    await superuser`ALTER POLICY backup_reads ON need USING (true)`
    await superuser`CREATE POLICY narrow ON need AS RESTRICTIVE FOR SELECT USING (false)`
    await expect(backUp(elsewhere)).rejects.toThrow('may not read all of public.need')
    await superuser`DROP POLICY narrow ON need`
    await superuser.end()
    expect(await readdir(elsewhere)).toEqual([])
    await expect(backUp(elsewhere)).resolves.toMatchObject({ rows: made.rows })
  })

  it('leaves no file that looks whole when it is cut short, and the next one clears what is left', async () => {
    const elsewhere = await mkdtemp(join(directory, 'cut-'))
    const superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined })
    const cut = writeBackup({
      backupUrl: database.backupUrl,
      directory: elsewhere,
      recipients: [await identityToRecipient(identity)],
      onProgress: async (percent) => {
        if (percent > 20)
          await superuser`
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE usename = 'amparo_backup' AND datname = ${new URL(database.ownerUrl).pathname.slice(1)}`
      },
    })
    await expect(cut).rejects.toThrow()
    await superuser.end()
    const left = await readdir(elsewhere)
    expect(left.length).toBeGreaterThan(0)
    expect(left.filter((name) => parseBackupName(name) !== null)).toEqual([])
    for (const name of left)
      await expect(restore('postgresql://nobody@127.0.0.1:1/none', { file: join(elsewhere, name) })).rejects.toThrow(
        /damaged or cut short|not a backup of the data/,
      )
    const whole = await backUp(elsewhere)
    expect((await readdir(elsewhere)).toSorted()).toEqual([whole.file, whole.keysFile].toSorted())
  })

  it('can write nothing: its role reads', async () => {
    const backup = ownerOf({ ownerUrl: database.backupUrl })
    await expect(backup`DELETE FROM person`).rejects.toThrow('permission denied')
    await expect(backup`UPDATE member SET display_name = ''`).rejects.toThrow('permission denied')
    await expect(backup`SELECT secret FROM app.context_key`).rejects.toThrow('permission denied')
    await expect(backup`SET ROLE amparo_definer`).rejects.toThrow('permission denied')
    expect((await backup`SELECT count(*)::int AS n FROM person`)[0]?.['n']).toBeGreaterThan(0)
    await backup.end()
  })
})

describe('a restore', () => {
  let target: string

  beforeAll(async () => {
    target = await emptyDatabase()
  })

  it.each([
    ['a changed byte', (bytes: Buffer) => flip(bytes, bytes.length - 100), 'is damaged or cut short'],
    ['a changed header', (bytes: Buffer) => flip(bytes, 300), /is damaged or cut short|does not open/],
    ['a cut end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1000), 'is damaged or cut short'],
    ['a file that ends after its header', (bytes: Buffer) => bytes.subarray(0, 400), /is damaged or cut short/],
  ])('R05: refuses %s with one sentence', async (_, change, sentence) => {
    await expect(restore(target, { file: await copyWith(change) })).rejects.toThrow(sentence)
    await expect(restore(target, { file: await copyWith(change) })).rejects.toThrow(/^[^\n]+$/)
  })

  it('refuses a wrong backup key, a wrong master key and the wrong one of the two files', async () => {
    const other = await generateX25519Identity()
    await expect(restore(target, { identities: [other] })).rejects.toThrow('This key does not open')
    const master = parseMasterKeys(newMasterKeyLine())
    const input = { identities: [identity], master, onProgress: () => undefined, ownerUrl: target }
    const [file, keysFile] = [join(directory, made.file), join(directory, made.keysFile)]
    await expect(restoreBackup({ ...input, file, keysFile })).rejects.toThrow('check the master key')
    await expect(restore(target, { file: keysFile })).rejects.toThrow('is not a backup of the data')
  })

  it('leaves nothing half when it is killed, and can be run again', async () => {
    const running = restoreBackup({
      ownerUrl: target,
      file: join(directory, made.file),
      keysFile: join(directory, made.keysFile),
      identities: [identity],
      master: masterKeys(),
      onProgress: (what) => {
        if (what === 'Reading the backup') void killWhileLoading(target)
      },
    })
    await expect(running).rejects.toThrow()
    const sql = ownerOf({ ownerUrl: target })
    const [found] =
      await sql`SELECT (SELECT count(*)::int FROM agency) AS agencies, (SELECT count(*)::int FROM pg_trigger t
      JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled = 'D') AS off`
    expect(found).toEqual({ agencies: 0, off: 0 })
    await sql.end()
  })

  it('R05: brings every row back, with triggers, keys and policies in force, and ends what was under way', async () => {
    const before = await contentOf(database.ownerUrl)
    const report = await restore(target)
    expect(report).toMatchObject({ rows: made.rows, personsWithoutKey: 0, keysWithoutPerson: 0, sealKeyBackedUp: true })
    expect(report.opened).toBeGreaterThan(1)
    expect(report.lastEvent?.id).toBe(newest)
    expect(await contentOf(target)).toEqual(before)

    const sql = ownerOf({ ownerUrl: target })
    const [left] = await sql`
      SELECT (SELECT count(*)::int FROM session WHERE ended_at IS NULL) AS sessions,
        (SELECT count(*)::int FROM recovery_code WHERE used_at IS NULL) AS codes,
        (SELECT count(*)::int FROM password_reset WHERE used_at IS NULL) AS links,
        (SELECT count(*)::int FROM reset_request) AS requests, (SELECT count(*)::int FROM factor_reset) AS resets,
        (SELECT count(*)::int FROM second_factor) AS factors, (SELECT min(last_step) > 1 FROM second_factor) AS moved,
        (SELECT count(*)::int FROM agency_export WHERE sealed IS NOT NULL) AS exports`
    const nothing = { sessions: 0, codes: 0, links: 0, requests: 0, resets: 0, exports: 0 }
    expect(left).toEqual({ ...nothing, factors: 1, moved: true })
    const [restored] = await sql`SELECT count(*)::int AS n FROM audit_event WHERE type = 'backup.restored'`
    expect(restored?.['n']).toBe(1)
    const epochs = await sql`SELECT epoch FROM seal_epoch ORDER BY epoch`
    expect(epochs.map((row) => Number(row['epoch']))).toEqual([1, 2])
    await expect(sql`DELETE FROM audit_event`).rejects.toThrow('The log accepts inserts only')
    const same = `SELECT count(*)::int AS n FROM pg_constraint WHERE contype = 'f' UNION ALL
      SELECT count(*)::int FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O' UNION ALL
      SELECT count(*)::int FROM pg_class WHERE relforcerowsecurity`
    expect([...(await sql.unsafe(same))]).toEqual([...(await owner.unsafe(same))])
    await sql.end()
  })

  it('R05: gives the key back that seals the log, from the backup of the keys alone', async () => {
    const key = join(dataDirectory, 'seal-key')
    const before = await readFile(key, 'utf8')
    const given: string[] = []
    await restore(await emptyDatabase(), { onSealKey: (pem) => given.push(pem) })
    expect(given).toEqual([before])
    expect(placeSealKey(before)).toBe('same')
    await rm(key)
    expect(placeSealKey(before)).toBe('placed')
    expect(await readFile(key, 'utf8')).toBe(before)
    const data: Buffer[] = []
    for await (const piece of readSealed(join(directory, made.file), [identity])) data.push(piece)
    expect(Buffer.concat(data).includes('PRIVATE KEY')).toBe(false)
  })

  it('works afterwards: a member signs in anew, reads the person, writes, and the log goes on', async () => {
    await inRestored(target, async (caseworker) => {
      expect(valueOf(await readIdentity(caseworker, { person: kept })).names).toMatchObject([{ value: NAME }])
      expect(valueOf(await readServiceNotes(caseworker, { service }))).toMatchObject([{ text: NOTE }])
      await registeredPerson(caseworker, { identity: { names: [{ value: 'After Restore' }] } })
    })
  })

  it('refuses a database that holds anything, or tables of another program', async () => {
    await expect(restore(target)).rejects.toThrow('The database is not empty')
    const strange = await emptyDatabase()
    const sql = ownerOf({ ownerUrl: strange })
    await sql`CREATE TABLE recipes (id int)`
    await sql.end()
    await expect(restore(strange)).rejects.toThrow('tables of another program')
  })
})

describe('erased stays erased', () => {
  it('C04: an older backup with the newest keys leaves an erased person unreadable, and says so', async () => {
    await owner`DELETE FROM person_key k USING person p WHERE p.id = k.person_id AND p.code = ${erased}`
    await registeredPerson(harbour.caseworker, { identity: { names: [{ value: 'Came Later' }] } })
    const later = await backUp()

    await expect(restore(await emptyDatabase())).rejects.toThrow('There is a newer backup of the keys')
    const target = await emptyDatabase()
    const report = await restore(target, { keysFile: await findNewest(directory, 'keys') })
    expect(basename(await findNewest(directory, 'keys'))).toBe(later.keysFile)
    expect(report).toMatchObject({ personsWithoutKey: 1, keysWithoutPerson: 1 })
    await inRestored(target, async (caseworker) => {
      await expect(readIdentity(caseworker, { person: erased })).rejects.toThrow('No key')
      expect(valueOf(await readIdentity(caseworker, { person: kept })).names).toMatchObject([{ value: NAME }])
    })
  })
})

describe('a rehearsal', () => {
  it('R05: restores into a throw-away database and says how old the backup is and how long it took', async () => {
    const said: string[] = []
    const report = await rehearse({
      file: await findNewest(directory, 'data'),
      keysFile: await findNewest(directory, 'keys'),
      identities: [identity],
      master: masterKeys(),
      onProgress: (what) => said.push(what),
    })
    expect(report.rows).toBeGreaterThan(100)
    expect(report.opened).toBeGreaterThan(1)
    expect(report.hoursOld).toBeLessThan(1)
    expect(report.seconds).toBeGreaterThan(0)
    expect(report.sealed).toBeGreaterThan(0)
    expect(said.at(-1)).toBe('Looking at what was restored')
  })
})

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes
}

/** Ends the restoring connection as soon as it holds its tables, as a kill of the process would. */
async function killWhileLoading(url: string): Promise<void> {
  const superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined })
  const name = new URL(url).pathname.slice(1)
  for (let killed = 0; killed === 0;) {
    const rows = await superuser`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = ${name} AND query LIKE 'COPY%' AND pid <> pg_backend_pid()`
    killed = rows.length
  }
  await superuser.end()
}

/** Points this process at a restored database and acts there as the caseworker. */
async function inRestored(url: string, work: (caseworker: Actor) => Promise<void>): Promise<void> {
  const before = process.env['DATABASE_APP_URL']
  await closeAppClient()
  const password = randomBytes(12).toString('hex')
  const roles = await openLoginRoles(url, { app: password, worker: password, backup: password })
  process.env['DATABASE_APP_URL'] = roles.app
  forgetEnv()
  const sql = ownerOf({ ownerUrl: url })
  expect(await identify(harbour.caseworker.credential)).toBeNull()
  await work(await signedIn(sql, harbour.agency.id, harbour.caseworker.member))
  await sql.end()
  await closeAppClient()
  process.env['DATABASE_APP_URL'] = before
  forgetEnv()
}
