import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startThrowawayCluster } from '@/lib/platform/db/embedded/throwaway'
import { applyMigrations, diffSchema, migrationState } from '@/lib/platform/db/migrate/migrate'
import { readMigrations } from '@/lib/platform/db/migrate/files'
import type { ThrowawayCluster } from '@/lib/platform/db/embedded/throwaway'

let cluster: ThrowawayCluster

beforeAll(async () => {
  cluster = await startThrowawayCluster()
})

afterAll(async () => {
  await cluster.stop()
})

describe('the migrations', () => {
  it('make exactly what prisma/schema says', async () => {
    expect(await diffSchema(cluster.ownerUrl)).toBe('')
  })

  it('are applied once, in order, and leave nothing pending', async () => {
    const names = (await readMigrations()).map(({ name }) => name)
    expect(await applyMigrations(cluster.ownerUrl)).toEqual(names)
    expect(await applyMigrations(cluster.ownerUrl)).toEqual([])
    expect(await migrationState(cluster.ownerUrl)).toEqual({ pending: [], unknown: [], edited: [] })
  })
})
