import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import postgres from 'postgres'

import { prepareInstallation, releaseInstallation } from '@/lib/platform/boot/prepare'
import { forgetEnv } from '@/lib/platform/env'
import type { BenchOptions } from './options'

/** A loaded installation with a durable database of its own, as production has it. */
export type Instance = {
  readonly dataDirectory: string
  readonly owner: postgres.Sql
  readonly superuser: postgres.Sql
  /** What was loaded, counted. */
  readonly persons: number
  readonly services: number
  readonly loadedInSeconds: number
  readonly close: () => Promise<void>
}

/** Makes a fresh installation and fills it, or opens the one of an earlier run. */
export async function openInstance(
  options: Pick<BenchOptions, 'data'>,
  tell: (what: string) => void,
  fill: (superuserUrl: string) => Promise<unknown>,
): Promise<Instance> {
  const dataDirectory =
    options.data === undefined ? await mkdtemp(join(tmpdir(), 'amparo-bench-')) : resolve(options.data)
  process.env['AMPARO_DATA_DIR'] = dataDirectory
  delete process.env['DATABASE_URL']
  forgetEnv()
  const { ownerUrl } = await prepareInstallation({ holder: process.pid, onProgress: tell })
  const superuserUrl = await superuserOf(dataDirectory, ownerUrl)
  const connect = (url: string) => postgres(url, { max: 1, onnotice: () => undefined })
  const [owner, superuser] = [connect(ownerUrl), connect(superuserUrl)]

  const begun = performance.now()
  if ((await countOf(owner, 'person')) === 0) await fill(superuserUrl)
  // Writing goes on behind for a while; it belongs to the load, not to what is measured.
  await superuser`CHECKPOINT`
  const loadedInSeconds = Math.round((performance.now() - begun) / 1000)
  return {
    dataDirectory,
    owner,
    superuser,
    persons: await countOf(owner, 'person'),
    services: await countOf(owner, 'service'),
    loadedInSeconds,
    close: async () => {
      await Promise.all([owner.end(), superuser.end()])
      await releaseInstallation(process.pid)
      if (options.data === undefined) await discard(dataDirectory)
    },
  }
}

async function superuserOf(dataDirectory: string, ownerUrl: string): Promise<string> {
  const secrets = JSON.parse(await readFile(join(dataDirectory, 'passwords.json'), 'utf8')) as { superuser: string }
  const url = new URL(ownerUrl)
  url.username = 'postgres'
  url.password = secrets.superuser
  return url.href
}

async function countOf(sql: postgres.Sql, table: 'person' | 'service'): Promise<number> {
  const [row] = await sql<{ n: number }[]>`SELECT count(*)::int AS n FROM ${sql(table)}`
  return row?.n ?? 0
}

/** The database's own folder may lie elsewhere, where the data directory is out of its user's reach. */
async function discard(dataDirectory: string): Promise<void> {
  const elsewhere = (await readFile(join(dataDirectory, 'postgres.location'), 'utf8').catch(() => '')).trim()
  if (elsewhere !== '') await rm(elsewhere, { recursive: true, force: true })
  await rm(dataDirectory, { recursive: true, force: true })
}

/** A member of one of the loaded agencies, with an API token and a session. */
export type BenchMember = { readonly id: string; readonly agency: string; readonly email: string }

/** Starts a session of a member and returns its hash's secret; the same for a token. */
export async function signIn(
  owner: postgres.Sql,
  member: BenchMember,
  hashes: { readonly session: Uint8Array; readonly token: Uint8Array },
): Promise<void> {
  // Nobody holds a phone here: without this, neither the session nor the token would open anything.
  await owner`INSERT INTO second_factor_waiver (agency_id) VALUES (${member.agency}) ON CONFLICT DO NOTHING`
  await owner`
    INSERT INTO session (hash, member_id, agency_id, expires_at)
    VALUES (${hashes.session}, ${member.id}, ${member.agency}, clock_timestamp() + interval '12 hours')`
  await owner`
    INSERT INTO api_token (id, hash, member_id, agency_id, name, expires_at)
    VALUES (${randomUUID()}, ${hashes.token}, ${member.id}, ${member.agency}, 'bench', clock_timestamp() + interval '12 hours')`
}
