import 'server-only'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { appClient } from '@/lib/platform/db/client'

export type Health = {
  readonly status: 'ok' | 'unavailable'
  readonly database: 'ok' | 'unreachable'
  readonly migrations: 'ok' | 'pending' | 'unknown'
  readonly demonstration?: boolean
}

const PATIENCE_MS = 900
const ROOT = /* turbopackIgnore: true */ process.cwd()

/** Whether the application can work: the database answers within a second and has this version's migrations. */
export async function checkHealth(): Promise<Health> {
  const found = await Promise.race([readState(), sleep(PATIENCE_MS, null, { ref: false })])
  if (found === null) return { status: 'unavailable', database: 'unreachable', migrations: 'unknown' }
  const migrations = found.migrations >= (await expectedMigrations()) ? 'ok' : 'pending'
  const status = migrations === 'ok' ? 'ok' : 'unavailable'
  return { status, database: 'ok', migrations, demonstration: found.demonstration }
}

type State = { readonly migrations: number; readonly demonstration: boolean }

async function readState(): Promise<State | null> {
  try {
    const rows = await appClient().$queryRaw<State[]>`SELECT migrations, demonstration FROM app.installation_state()`
    return rows[0] ?? null
  } catch {
    // Why it does not answer is in the server's log of the requests that needed it; who asks here learns that it doesn't.
    return null
  }
}

let expected: Promise<number> | undefined

/** How many migrations this version brings. */
export async function expectedMigrations(): Promise<number> {
  expected ??= readdir(join(ROOT, 'prisma', 'migrations'), { withFileTypes: true }).then(
    (entries) => entries.filter((entry) => entry.isDirectory()).length,
  )
  return expected
}
