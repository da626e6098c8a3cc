import { randomBytes } from 'node:crypto'

import postgres from 'postgres'
import type { TestProject } from 'vitest/node'

import { startThrowawayCluster } from '@/lib/platform/db/embedded/throwaway'
import { applyMigrations } from '@/lib/platform/db/migrate/migrate'

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be added to
  interface ProvidedContext {
    readonly cluster: { readonly superuserUrl: string; readonly ownerUrl: string; readonly appPassword: string }
  }
}

let running: Promise<{ readonly provided: TestCluster; readonly stop: () => Promise<void> }> | undefined
let users = 0

type TestCluster = { readonly superuserUrl: string; readonly ownerUrl: string; readonly appPassword: string }

/** One real PostgreSQL for the whole run, with one migrated database that each test file copies. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  running ??= start()
  users += 1
  const { provided, stop } = await running
  project.provide('cluster', provided)
  return async () => {
    users -= 1
    if (users === 0) await stop()
  }
}

async function start() {
  const cluster = await startThrowawayCluster()
  await applyMigrations(cluster.ownerUrl)
  const appPassword = randomBytes(12).toString('hex')
  const superuser = postgres(cluster.superuserUrl, { max: 1, onnotice: () => undefined })
  // Passwords come with the start, not with the migration.
  await superuser.unsafe(`ALTER ROLE amparo_app PASSWORD '${appPassword}'`)
  await superuser.unsafe(`ALTER ROLE amparo_worker PASSWORD '${appPassword}'`)
  await superuser.unsafe(`ALTER ROLE amparo_backup PASSWORD '${appPassword}'`)
  // A template may have no connection while it is copied.
  await superuser.unsafe('ALTER DATABASE amparo ALLOW_CONNECTIONS false')
  await superuser`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'amparo'`
  await superuser.end()
  const provided: TestCluster = { superuserUrl: cluster.superuserUrl, ownerUrl: cluster.ownerUrl, appPassword }
  return { provided, stop: cluster.stop }
}
