import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

import postgres from 'postgres'

import type { DemoAgency } from './demo/agencies'
import { writeAgency, writeNetwork, type LoadedAgency } from './demo/office'
import { deriveAll } from './derived'
import { writeListedServices } from './volume/listed-services'
import type { Share } from './volume/load-share'
import { writeWaitingReferrals } from './volume/waiting-referrals'

export type VolumeOptions = {
  readonly persons: number
  readonly services: number
  readonly agencies: number
  readonly referrals: number
  readonly onProgress: (what: string) => void
}

/** As many as the directory of a large network lists. */
const LISTED_SERVICES = 5_000

/** How many agencies hold persons; where there are more, the rest list services and receive. */
const MOST_HOLDING = 20

/** Persons for each caseworker: what an office of ten years has. */
const PERSONS_A_CASEWORKER = 200
const LOADER = fileURLToPath(new URL('./volume/load-share.ts', import.meta.url))

/**
 * Fills an empty database of one's own with agencies of one size and any number of invented persons and services,
 * several processes at once. For measuring only: it wants the superuser, and the keys of rows are not checked one by
 * one as they come, though the mandate of all of them is in the end.
 */
export async function loadVolume(superuserUrl: string, options: VolumeOptions): Promise<readonly LoadedAgency[]> {
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => undefined })
  try {
    const agencies = await sql.begin(async (tx) => {
      const network = await writeNetwork(tx)
      const made: LoadedAgency[] = []
      for (let n = 1; n <= options.agencies; n += 1) made.push(await writeAgency(tx, network, agencyOf(n, options), ''))
      await writeListedServices(tx, network, made, LISTED_SERVICES)
      return made
    })
    await loadShares(superuserUrl, agencies, options)
    options.onProgress('Counting what was loaded')
    await sql.begin(async (tx) => {
      await tx`SET LOCAL session_replication_role = replica`
      await tx`SET LOCAL work_mem = '256MB'`
      await writeWaitingReferrals(tx, options.referrals)
      await deriveAll(tx)
    })
    options.onProgress('Collecting statistics')
    await sql`VACUUM (ANALYZE)`
    return agencies
  } finally {
    await sql.end()
  }
}

function agencyOf(n: number, { persons, agencies }: VolumeOptions): DemoAgency {
  const holding = Math.min(agencies, MOST_HOLDING)
  const upTo = (last: number) => Math.floor((persons * Math.min(last, holding)) / holding)
  const held = upTo(n) - upTo(n - 1)
  const key = `agency${String(n)}`
  const member = (name: string, role: 'caseworker' | 'supervisor') =>
    ({ email: `${name}@${key}.example`, name, roles: [role], account: false }) as const
  const caseworkers = Array.from({ length: Math.max(2, Math.ceil(held / PERSONS_A_CASEWORKER)) }, (_, index) =>
    member(`worker${String(index + 1)}`, 'caseworker'),
  )
  return {
    key,
    name: `Agency ${String(n)}`,
    kind: 'ngo',
    timeZone: 'UTC',
    persons: held,
    members: [...caseworkers, member('supervisor', 'supervisor')],
    work: { social: 45, psychological: 16, medical: 14, legal: 12, residency: 6, reintegration: 7 },
  }
}

async function loadShares(
  superuserUrl: string,
  agencies: readonly LoadedAgency[],
  { persons, services, onProgress }: VolumeOptions,
): Promise<void> {
  const processes = Math.max(2, availableParallelism())
  const done = new Array<number>(processes).fill(0)
  let told = 0
  const tell = (index: number, loaded: number) => {
    done[index] = loaded
    const sum = done.reduce((all, one) => all + one, 0)
    if (performance.now() - told < 2000 && sum < persons) return
    told = performance.now()
    onProgress(`${String(sum)} of ${String(persons)} persons`)
  }
  const shares = Array.from({ length: processes }, (_, index): Share => {
    return { superuserUrl, agencies, servicesAPerson: services / persons, index, of: processes }
  })
  await Promise.all(shares.map((share, index) => loadShare(share, (loaded) => tell(index, loaded))))
}

async function loadShare(share: Share, onLoaded: (loaded: number) => void): Promise<void> {
  const child = fork(LOADER, { execArgv: process.execArgv, serialization: 'advanced' })
  child.on('message', (loaded) => {
    onLoaded(Number(loaded))
  })
  child.send(share)
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('A process that loads persons failed')
}
