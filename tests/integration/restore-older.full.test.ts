import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { restoreBackup, type RestoreReport } from '@/lib/backup/restore'
import { writeBackup, type MadeBackup } from '@/lib/backup/write'
import { newKey, wrapAgencyKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { withDatabase } from '@/lib/platform/db/migrate/adapter'
import { readMigrations } from '@/lib/platform/db/migrate/files'
import { applyMigrations, migrationState } from '@/lib/platform/db/migrate/migrate'
import { openLoginRoles } from '@/lib/platform/db/roles'
import { newId } from '@/lib/platform/ids'
import { ownerOf } from '@/tests/factories/office'
import { database, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

/** The first release that had the seal and backups; what came later made tables beside those of its keys. */
const OLDER = '20261125000610'

const made: string[] = []
const agency = newId()
let directory: string
let identity: string
let old: string
let before: MadeBackup
let after: MadeBackup

async function emptyDatabase(): Promise<string> {
  const name = `o_${randomBytes(5).toString('hex')}`
  await owner.unsafe(`CREATE DATABASE ${name}`)
  made.push(name)
  return withDatabase(database.ownerUrl, name)
}

async function backUp(ownerUrl: string): Promise<MadeBackup> {
  const password = randomBytes(12).toString('hex')
  const { backup } = await openLoginRoles(ownerUrl, { app: password, worker: password, backup: password })
  return writeBackup({ backupUrl: backup, directory, recipients: [await identityToRecipient(identity)] })
}

function restore(ownerUrl: string, file: string, keysFile: string): Promise<RestoreReport> {
  const files = { file: join(directory, file), keysFile: join(directory, keysFile) }
  return restoreBackup({
    ownerUrl,
    ...files,
    identities: [identity],
    master: masterKeys(),
    onProgress: () => undefined,
  })
}

async function expectRestored(ownerUrl: string): Promise<void> {
  expect(await migrationState(ownerUrl)).toMatchObject({ pending: [], unknown: [] })
  const sql = ownerOf({ ownerUrl })
  const [found] = await sql`
    SELECT (SELECT count(*)::int FROM agency WHERE id = ${agency}) AS agencies,
      (SELECT count(*)::int FROM agency_key WHERE agency_id = ${agency}) AS keys,
      (SELECT count(*)::int FROM audit_event WHERE type = 'backup.restored') AS restored`
  expect(found).toEqual({ agencies: 1, keys: 1, restored: 1 })
  await sql.end()
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'amparo-older-'))
  identity = await generateX25519Identity()
  old = await emptyDatabase()
  await applyMigrations(
    old,
    undefined,
    (await readMigrations()).filter(({ name }) => name < OLDER),
  )
  const sql = ownerOf({ ownerUrl: old })
  const network = newId()
  await sql`INSERT INTO network (id, key, name, country, time_zone) VALUES (${network}, 'n', 'Network', 'GB', 'UTC')`
  await sql`
    INSERT INTO agency (id, key, name, kind, network_id, country, time_zone)
    VALUES (${agency}, 'harbour', 'Harbour', 'ngo', ${network}, 'GB', 'UTC')`
  await sql`
    INSERT INTO agency_key (agency_id, purpose, version, wrapped)
    VALUES (${agency}, 'data', 1, ${wrapAgencyKey(masterKeys(), 'data', newKey(agency))})`
  await sql.end()
  before = await backUp(old)
  await applyMigrations(old)
  after = await backUp(old)
})
afterAll(async () => {
  await rm(directory, { recursive: true })
  const admin = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined })
  for (const name of made) await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await admin.end()
})

describe('a restore of what an older version backed up', () => {
  it('R05, R09: goes into the tables of that version, which are migrated on', async () => {
    const target = await emptyDatabase()
    await rm(join(directory, after.keysFile))
    const report = await restore(target, before.file, before.keysFile)
    expect(report.rows).toBe(before.rows)
    await expectRestored(target)
    after = await backUp(old)
  })

  it('C04: takes the newest keys, though a newer version backed them up', async () => {
    const target = await emptyDatabase()
    const report = await restore(target, before.file, after.keysFile)
    expect(report.rows).toBeGreaterThan(0)
    await expectRestored(target)
  })
})
