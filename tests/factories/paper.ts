import type postgres from 'postgres'

import type { Office } from '@/tests/factories/office'
import { office } from '@/tests/factories/office'

/** An agency without Amparo in the network of another one: its members are taken away, as it never had any. */
export async function paperAgency(owner: postgres.Sql, network: string): Promise<Office['agency']> {
  const { agency } = await office(owner, { network })
  await owner`UPDATE agency SET on_amparo = false, contact = 'Mondays, 555 0100' WHERE id = ${agency.id}`
  return agency
}
