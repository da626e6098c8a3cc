import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startThrowawayCluster } from '@/lib/platform/db/embedded/throwaway'
import { newMasterKeyLine } from '@/lib/platform/crypto/key-tree'
import { launch, unusedPort } from '@/tests/support/application'
import { postgresStoppedIn, prepareOnly } from '@/tests/support/boot'
import type { ThrowawayCluster } from '@/lib/platform/db/embedded/throwaway'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amparo-boot-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** What `npm start` says on stderr before it ends with exit code 1; it has to be one sentence. */
async function refusal(environment: Record<string, string> = {}): Promise<string> {
  const port = Number(environment['PORT'] ?? (await unusedPort()))
  const application = launch({ dataDirectory: join(folder, 'data'), port, environment })
  const code = await new Promise((resolve) => application.process.once('close', resolve))
  const lines = application.output().trim().split('\n')
  const said = lines.filter((line) => !line.endsWith(' …'))
  expect(code, application.output()).toBe(1)
  expect(said, 'one sentence, no stack').toHaveLength(1)
  return said[0] ?? ''
}

describe('R10: a start that can not go well', () => {
  it('names the port that is taken', async () => {
    const port = await unusedPort()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    expect(await refusal({ PORT: String(port) })).toBe(
      `Port ${String(port)} is taken; stop what uses it, or set PORT to another one.`,
    )
    await new Promise((resolve) => other.close(resolve))
  })

  it('names a data directory that can not be written', async () => {
    await writeFile(join(folder, 'data'), 'a file where the directory should be')
    expect(await refusal()).toMatch(/^The data directory .+ can't be written; .+ set AMPARO_DATA_DIR/)
  })

  it('names an environment variable that makes no sense, and not its value', async () => {
    const said = await refusal({ DATABASE_URL: 'mysql://secret@localhost/x' })
    expect(said).toContain('The environment variable DATABASE_URL is not valid')
    expect(said).not.toContain('secret')
  })

  it('refuses plain http on any origin but this computer', async () => {
    expect(await refusal({ AMPARO_ORIGIN: 'http://amparo.example' })).toMatch(/plain http on amparo\.example.+https/)
  })
})

describe('R10: a master key', () => {
  const key = (): string => join(folder, 'data', 'master-key')

  beforeEach(async () => {
    await prepareOnly(join(folder, 'data'))
  })

  it('that is missing while there are data is asked for', async () => {
    await rm(key())
    expect(await refusal()).toMatch(/has data but the master key .+ is missing; put the copy from your backup/)
    expect(await postgresStoppedIn(join(folder, 'data'))).toBe(true)
  })

  it('that is another one is refused', async () => {
    await writeFile(key(), `${newMasterKeyLine()}\n`)
    expect(await refusal()).toMatch(/is not the one that this database was made with; put the copy/)
  })

  it('that others may read is refused', async () => {
    await chmod(key(), 0o644)
    expect(await refusal()).toMatch(/is open to other users; close it with: chmod 600 /)
  })

  it('that is damaged is refused without being quoted', async () => {
    const line = (await readFile(key(), 'utf8')).trim()
    await writeFile(key(), line.slice(0, -6))
    const said = await refusal()
    expect(said).toMatch(/is damaged \(.+\); put the copy/)
    expect(said).not.toContain(line.slice(2, 20))
  })
})

describe('R10: a DATABASE_URL', () => {
  let cluster: ThrowawayCluster

  beforeAll(async () => {
    cluster = await startThrowawayCluster()
  })

  afterAll(async () => {
    await cluster.stop()
  })

  const changed = (change: (url: URL) => void): string => {
    const url = new URL(cluster.ownerUrl)
    change(url)
    return url.href
  }

  it('where nothing answers is refused', async () => {
    const url = `postgresql://x:y@127.0.0.1:${String(await unusedPort())}/amparo`
    expect(await refusal({ DATABASE_URL: url })).toMatch(/^DATABASE_URL: no PostgreSQL answers at 127\.0\.0\.1:/)
  })

  it('with a wrong password is refused without repeating it', async () => {
    const said = await refusal({ DATABASE_URL: changed((url) => (url.password = 'not-the-password')) })
    expect(said).toMatch(/refuses the user or the password; correct them\.$/)
    expect(said).not.toContain('not-the-password')
  })

  it('of a database that does not exist is refused', async () => {
    const url = changed((wrong) => (wrong.pathname = '/nowhere'))
    expect(await refusal({ DATABASE_URL: url })).toMatch(/has no database "nowhere"; make it, or correct the name\.$/)
  })

  it('of a server that could lose records is refused', async () => {
    // The cluster for tests runs with fsync off, which makes it quick and no place for records.
    expect(await refusal({ DATABASE_URL: cluster.ownerUrl })).toMatch(
      /^PostgreSQL runs with fsync off .+ set fsync = on/,
    )
  })

  it('of a user who does not own the database is refused', async () => {
    const url = changed((other) => (other.pathname = '/postgres'))
    expect(await refusal({ DATABASE_URL: url })).toMatch(/does not own the database; .+ need the owner/)
  })

  it('makes no master key for a database that it refuses', async () => {
    await refusal({ DATABASE_URL: cluster.ownerUrl })
    await expect(readFile(join(folder, 'data', 'master-key'))).rejects.toThrow()
  })
})
