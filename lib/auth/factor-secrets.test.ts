import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { newMasterKeyLine } from '@/lib/platform/crypto/key-tree'

let folder: string
const given = process.env['AMPARO_MASTER_KEY']

/** This part as another process has it: with the master keys that are in the file when it first looks. */
async function ofAnotherProcess() {
  vi.resetModules()
  return import('./factor-secrets')
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amparo-factors-'))
  const file = join(folder, 'master-key')
  await writeFile(file, `${newMasterKeyLine()}\n`)
  process.env['AMPARO_MASTER_KEY_FILE'] = file
  delete process.env['AMPARO_MASTER_KEY']
})
afterEach(async () => {
  delete process.env['AMPARO_MASTER_KEY_FILE']
  if (given !== undefined) process.env['AMPARO_MASTER_KEY'] = given
  await rm(folder, { recursive: true })
})

describe('after the master key was changed at the command line', () => {
  const app = { id: '0190aaaa-0000-7000-8000-000000000001', agency: '0190aaaa-0000-7000-8000-000000000002' }

  it('C03, A04: a process that was started before opens apps and finds recovery codes of one that has the new key', async () => {
    const before = await ofAnotherProcess()
    const old = before.sealAppSecret(app, 'of before')
    const digest = before.recoveryDigest('member', 'code')
    await appendFile(join(folder, 'master-key'), `${newMasterKeyLine(2)}\n`)
    const after = await ofAnotherProcess()

    expect(before.openAppSecret(app, after.sealAppSecret(app, 'of after')).secret).toBe('of after')
    expect(after.openAppSecret(app, old)).toMatchObject({ secret: 'of before' })
    expect(after.recoveryDigest('member', 'code')).not.toBe(digest)
    expect(after.recoveryDigests('member', 'code')).toContain(digest)
  })

  it('C03: a process that has not needed the new key yet finds recovery codes under it', async () => {
    const before = await ofAnotherProcess()
    before.recoveryDigest('member', 'code')
    await appendFile(join(folder, 'master-key'), `${newMasterKeyLine(2)}\n`)
    const after = await ofAnotherProcess()
    expect(before.recoveryDigests('member', 'code')).toContain(after.recoveryDigest('member', 'code'))
  })
})
