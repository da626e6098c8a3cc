import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { makeBackupKey, readIdentities } from '@/lib/backup/keys'
import { findNewest } from '@/lib/backup/restore'
import { backUpNow, rehearseRestore, requestBackup, runDueBackup, viewBackups } from '@/lib/backup/service'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { closeWorker } from '@/lib/platform/db/worker'
import { forgetEnv } from '@/lib/platform/env'
import { valueOf } from '@/tests/factories/cases'
import { outsider } from '@/tests/factories/office'
import { database, harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const HOUR = 3_600_000

let system: Actor
let folder: string
let backups: string

beforeAll(async () => {
  system = await outsider(owner, 'system_admin')
  folder = await mkdtemp(join(tmpdir(), 'amparo-runs-'))
  backups = join(folder, 'backups')
  process.env['AMPARO_DATA_DIR'] = folder
  process.env['AMPARO_BACKUP_DIR'] = backups
  forgetEnv()
})
afterAll(async () => {
  await closeWorker()
  delete process.env['AMPARO_DATA_DIR']
  delete process.env['AMPARO_BACKUP_DIR']
  forgetEnv()
  await rm(folder, { recursive: true, force: true })
})

async function eventsOf(type: string): Promise<number> {
  const [row] = await owner`SELECT count(*)::int AS n FROM audit_event WHERE type = ${type}`
  return Number(row?.['n'])
}

describe('backups on the administrator’s page', () => {
  it('R06: say at first that there is no key, and then nothing is made', async () => {
    expect(valueOf(await viewBackups(system))).toMatchObject({
      hasKey: false,
      isLate: true,
      lastBackup: null,
      runs: [],
    })
    expect(await requestBackup(system)).toMatchObject({ refusal: 'conflict', reason: 'no_key' })
    await runDueBackup()
    expect(await readdir(folder)).not.toContain('backups')
  })

  it('are not for anybody else', async () => {
    for (const actor of [harbour.admin, harbour.supervisor, harbour.caseworker]) {
      expect(await viewBackups(actor)).toMatchObject({ refusal: 'forbidden' })
      expect(await requestBackup(actor)).toMatchObject({ refusal: 'forbidden' })
    }
  })

  it('are made by the job soon after someone asks, once, and each leaves its event', async () => {
    await makeBackupKey(join(folder, 'carried-away'))
    expect(await requestBackup(system)).toMatchObject({ ok: true })
    expect(await requestBackup(system)).toMatchObject({ reason: 'under_way' })
    expect(valueOf(await viewBackups(system))).toMatchObject({ isWaiting: true, hasKey: true })
    await Promise.all([runDueBackup(), runDueBackup()])
    const view = valueOf(await viewBackups(system))
    expect(view).toMatchObject({ isWaiting: false, isLate: false, lastBackup: { state: 'done', origin: 'member' } })
    expect(view.runs).toHaveLength(1)
    expect(await readdir(backups)).toHaveLength(2)
    expect([await eventsOf('backup.requested'), await eventsOf('backup.made')]).toEqual([1, 1])
  })

  it('are made by the plan when their hour has come, and not twice', async () => {
    await runDueBackup()
    expect(await eventsOf('backup.made')).toBe(1)
    const tomorrow = new Date(Date.now() + 24 * HOUR)
    await runDueBackup(tomorrow)
    expect(await eventsOf('backup.made')).toBe(2)
    expect(valueOf(await viewBackups(system)).runs[0]).toMatchObject({ origin: 'schedule', state: 'done' })
  })

  it('say what failed and how to mend it, as a code', async () => {
    await writeFile(join(folder, 'a-file'), '')
    await expect(backUpNow(database.ownerUrl, database.backupUrl, join(folder, 'a-file'))).rejects.toThrow()
    const [last] = valueOf(await viewBackups(system)).runs
    expect(last).toMatchObject({ state: 'failed', problem: 'not_writable', origin: 'operator' })
    expect(await eventsOf('backup.failed')).toBe(1)
  })

  it('give up a run whose process was killed, so that the next one begins', async () => {
    await owner`INSERT INTO backup_run (id, kind, state, origin, started_at, seen_at)
      VALUES (gen_random_uuid(), 'backup', 'running', 'schedule', now() - interval '1 hour', now() - interval '10 minutes')`
    expect(await backUpNow(database.ownerUrl, database.backupUrl)).not.toBeNull()
    const [gone] = await owner`SELECT problem FROM backup_run WHERE state = 'failed' AND problem = 'interrupted'`
    expect(gone).toBeDefined()
  })

  it('R05: keep when a restore was last rehearsed, and that one failed', async () => {
    const input = {
      file: await findNewest(backups, 'data'),
      keysFile: await findNewest(backups, 'keys'),
      identities: await readIdentities(join(folder, 'carried-away')),
      master: masterKeys(),
      onProgress: () => undefined,
    }
    await rehearseRestore(database.ownerUrl, input)
    const { lastRehearsal } = valueOf(await viewBackups(system))
    expect(lastRehearsal).toMatchObject({ kind: 'rehearsal', state: 'done' })
    const broken = join(folder, 'amparo-20260101T000000Z.data.age')
    await writeFile(broken, (await readFile(input.file)).subarray(0, 2000))
    await expect(rehearseRestore(database.ownerUrl, { ...input, file: broken })).rejects.toThrow('damaged or cut short')
    expect(valueOf(await viewBackups(system)).runs[0]).toMatchObject({ state: 'failed', problem: 'not_restorable' })
    expect(await eventsOf('backup.rehearsed')).toBe(2)
  })
})

describe('the backup key', () => {
  it('is made once into a file that nobody else reads, and this computer keeps the public half only', async () => {
    const path = join(folder, 'second')
    const recipient = await makeBackupKey(path)
    expect((await readIdentities(path)).length).toBe(1)
    const kept = await readFile(join(folder, 'backup-recipients'), 'utf8')
    expect(kept).toContain(recipient)
    expect(kept).not.toContain('SECRET')
    await expect(makeBackupKey(path)).rejects.toThrow('There is a file')
    await expect(readIdentities(join(folder, 'backup-recipients'))).rejects.toThrow('holds no backup key')
  })
})
