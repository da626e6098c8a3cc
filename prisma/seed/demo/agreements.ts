import type postgres from 'postgres'

import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { newCode, newId } from '@/lib/platform/ids'

import { Chance } from '../random'
import type { LoadedAgency } from './office'

type DemoAgreement = {
  readonly document: string
  readonly parties: readonly string[]
  readonly purposes: readonly string[]
  readonly categories: readonly string[]
  readonly identity: 'none' | 'contact' | 'full'
  /** Days from today. */
  readonly starts: number
  readonly ends: number
  /** Which parties have not signed yet. */
  readonly unsigned?: readonly string[]
}

const SEED = 1_009
const HELPING = ['harbour', 'legalaid', 'clinic', 'immigration', 'victimsupport', 'police', 'newpath']

/** The first of each pair proposed it. */
const AGREEMENTS: readonly DemoAgreement[] = [
  {
    document: 'Protocol on shared assistance, DN 2025/3',
    parties: HELPING,
    purposes: ['case_management', 'contact', 'sharing'],
    categories: CATEGORY_KEYS,
    identity: 'full',
    starts: -420,
    ends: 900,
  },
  {
    document: 'Taking over the lead, HL 2026/1',
    parties: ['harbour', 'legalaid', 'newpath'],
    purposes: ['transfer'],
    categories: CATEGORY_KEYS,
    identity: 'full',
    starts: -200,
    ends: 700,
  },
  {
    document: 'Protocol on figures for the rapporteur, DN 2025/7',
    parties: ['victimsupport', ...HELPING.filter((key) => key !== 'victimsupport'), 'rapporteur'],
    purposes: ['statistics'],
    categories: CATEGORY_KEYS,
    identity: 'none',
    starts: -300,
    ends: 1_200,
  },
  {
    document: 'Training places for residents, HN 2025/11',
    parties: ['newpath', 'harbour'],
    purposes: ['sharing'],
    categories: ['reintegration'],
    identity: 'contact',
    starts: -340,
    ends: 21,
  },
  {
    document: 'Night clinic for residents, CH 2026/2',
    parties: ['clinic', 'harbour'],
    purposes: ['sharing'],
    categories: ['medical', 'psychological'],
    identity: 'full',
    starts: 0,
    ends: 365,
    unsigned: ['harbour'],
  },
]

/** Writes the agreements between the demonstration's agencies: in force, about to end, and one that waits for a signature. */
export async function writeAgreements(
  sql: postgres.TransactionSql,
  network: string,
  agencies: readonly LoadedAgency[],
): Promise<void> {
  const chance = new Chance(SEED)
  const ids = new Map(agencies.map(({ key, id }) => [key, id]))
  const idOf = (key: string) => {
    const id = ids.get(key)
    if (id === undefined) throw new Error(`No agency ${key} in the demonstration`)
    return id
  }
  for (const agreement of AGREEMENTS) {
    const id = newId()
    const holder = idOf(agreement.parties[0] ?? '')
    const isConfirmed = agreement.unsigned === undefined
    await sql`
      INSERT INTO agreement (id, code, network_id, holder_agency_id, proposed_at, purposes, categories, identity_level, starts_on, ends_on, document, confirmed_at)
      VALUES (${id}, ${newCode('AGR', chance.draw)}, ${network}, ${holder},
        date_trunc('day', now()) + make_interval(days => ${Math.min(agreement.starts, 0) - 9}, hours => 10),
        ${sql.array([...agreement.purposes])}, ${sql.array([...agreement.categories])}, ${agreement.identity},
        current_date + ${agreement.starts}::int, current_date + ${agreement.ends}::int, ${agreement.document},
        CASE WHEN ${isConfirmed} THEN date_trunc('day', now()) + make_interval(days => ${Math.min(agreement.starts, 0) - 2}, hours => 10) END)`
    for (const [index, party] of agreement.parties.entries()) {
      const isSigned = agreement.unsigned?.includes(party) !== true
      await sql`
        INSERT INTO agreement_party (agreement_id, holder_agency_id, agency_id, signed_at)
        VALUES (${id}, ${holder}, ${idOf(party)}, CASE WHEN ${isSigned} THEN
          date_trunc('day', now()) + make_interval(days => ${Math.min(agreement.starts, 0) - (index === 0 ? 9 : 2)}, hours => 10) END)`
    }
  }
}
