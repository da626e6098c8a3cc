import { once } from 'node:events'

import postgres from 'postgres'

import { preparePerson } from '@/lib/people/prepare-service'
import type { SealingKey } from '@/lib/platform/crypto/envelope'
import { dayIn, instantIn } from '@/lib/platform/zone'

import { BulkWriter } from '../bulk-writer'
import { addCase, addPerson } from '../demo/case-rows'
import { inventCase } from '../demo/history'
import type { LoadedAgency } from '../demo/office'
import { inventPerson } from '../demo/people'
import { CASE_TABLES } from '../derived'
import { Chance } from '../random'

/** What one process loads: of every agency's persons each `of`th, beginning with `index`. */
export type Share = {
  readonly superuserUrl: string
  readonly agencies: readonly LoadedAgency[]
  readonly servicesAPerson: number
  readonly index: number
  readonly of: number
}

const SEED = 58_137
const BATCH = 500

const [share] = (await once(process, 'message')) as [Share]
await loadShare(share)
process.exit(0)

async function loadShare({ superuserUrl, agencies, servicesAPerson, index, of }: Share): Promise<void> {
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => undefined })
  // No trigger and no look at keys for each row: the rows are ours, and what triggers make is made for all at the end.
  await sql`SET session_replication_role = replica`
  const chance = new Chance(SEED + index)
  let loaded = 0
  for (const agency of agencies.map(withBuffers)) {
    for (let from = index; from < agency.persons; from += BATCH * of) {
      loaded += await sql.begin(async (tx) => {
        const writer = new BulkWriter(tx, CASE_TABLES, true)
        let batch = 0
        for (let n = from; n < Math.min(agency.persons, from + BATCH * of); n += of, batch += 1)
          addOne(writer, agency, chance, servicesAPerson)
        await writer.flush()
        return batch
      })
      process.send?.(loaded)
    }
  }
  await sql.end()
}

function addOne(writer: BulkWriter, agency: LoadedAgency, chance: Chance, services: number): void {
  const now = new Date()
  const today = dayIn(agency.timeZone, now)
  const { input } = inventPerson(chance, now.getUTCFullYear())
  const invented = inventCase(chance, agency, today, services)
  const worker = chance.pick(agency.caseworkers)
  const at = instantIn(agency.timeZone, invented.openedOn, '09:30')
  const person = preparePerson(agency.keys, input, { agency: agency.id, country: 'GB', member: worker, at })
  addPerson(writer, person)
  addCase(writer, person, invented, { agency, worker, chance, now, today })
}

/** Keys are plain byte arrays when they come from another process. */
function withBuffers(agency: LoadedAgency): LoadedAgency {
  const key = ({ id, version, bytes }: SealingKey) => ({ id, version, bytes: Buffer.from(bytes) })
  return { ...agency, keys: { data: key(agency.keys.data), index: key(agency.keys.index) } }
}
