import 'server-only'
import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'

import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { settings } from '@/lib/platform/env'
import { expectedMigrations } from '@/lib/platform/health'

import { readFigures, type Figures } from './data'

/** What there is to know of how the installation stands: from the database, and from this process. */
export type InstallationFacts = {
  readonly figures: Figures
  readonly version: string
  readonly migrationsExpected: number
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number }
  /** How far the database's clock is from this computer's, in seconds. */
  readonly clockSkew: number
  readonly origin: string
  readonly masterVersions: readonly number[]
}

/** Gathers them; throws when the database does not answer. */
export async function gatherFacts(db?: Parameters<typeof readFigures>[0]): Promise<InstallationFacts> {
  const before = Date.now()
  const figures = await readFigures(db)
  const clockSkew = Math.abs(Date.parse(figures.at) - (before + Date.now()) / 2) / 1000
  const { bavail, blocks, bsize } = await statfs(settings.dataDirectory)
  return {
    figures,
    version: applicationVersion(),
    migrationsExpected: await expectedMigrations(),
    disk: { freeBytes: bavail * bsize, totalBytes: blocks * bsize },
    clockSkew,
    origin: settings.publicOrigin,
    masterVersions: [...masterKeys().byVersion.keys()].sort((a, b) => a - b),
  }
}

function applicationVersion(): string {
  const file = join(/* turbopackIgnore: true */ process.cwd(), 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
