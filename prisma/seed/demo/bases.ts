import type postgres from 'postgres'

import type { LegalBasis, Purpose } from '@/lib/agencies/network-schema'
import type { IdentityLevel } from '@/lib/consent/fields'
import type { ReceiverKind } from '@/lib/consent/schema'
import type { CategoryKey } from '@/lib/mandate/categories'
import { newCode, newId } from '@/lib/platform/ids'

import { Chance } from '../random'
import type { LoadedAgency } from './office'

type DemoBasis = {
  readonly agency: string
  readonly purpose: Purpose
  readonly to?: ReceiverKind
  readonly basis: LegalBasis
  readonly categories?: readonly CategoryKey[]
  readonly identity?: IdentityLevel
  readonly source: string
  /** Days before today. */
  readonly ago: number
}

const SEED = 2_026

/** What the demonstration's network lets its agencies rest on. */
const ALLOWED: Readonly<Record<Purpose, readonly LegalBasis[]>> = {
  case_management: ['consent', 'public_task', 'legal_duty'],
  sharing: ['consent', 'public_task', 'legal_duty', 'vital_interest'],
  statistics: ['consent', 'public_task'],
  contact: ['consent', 'vital_interest'],
  identification: ['consent', 'legal_duty'],
  transfer: ['consent'],
}

/** In the order in which they were set: a later one takes the place of an earlier one. */
const BASES: readonly DemoBasis[] = [
  ...['harbour', 'legalaid', 'clinic', 'newpath'].map((agency): DemoBasis => {
    return { agency, purpose: 'sharing', basis: 'consent', source: 'Decision of the board, 2025/2', ago: 400 }
  }),
  {
    agency: 'clinic',
    purpose: 'case_management',
    basis: 'legal_duty',
    identity: 'full',
    source: 'Medical Records Act, section 4',
    ago: 350,
  },
  {
    agency: 'legalaid',
    purpose: 'case_management',
    basis: 'legal_duty',
    identity: 'full',
    source: 'Rules of the bar, section 50',
    ago: 340,
  },
  {
    agency: 'immigration',
    purpose: 'case_management',
    basis: 'public_task',
    source: 'Residence Act, section 14',
    ago: 500,
  },
  {
    agency: 'immigration',
    purpose: 'sharing',
    to: 'government',
    basis: 'public_task',
    source: 'Residence Act, section 14',
    ago: 480,
  },
  {
    agency: 'immigration',
    purpose: 'sharing',
    to: 'government',
    basis: 'public_task',
    categories: ['residency'],
    identity: 'contact',
    source: 'Residence Act, section 14, as changed',
    ago: 120,
  },
  {
    agency: 'victimsupport',
    purpose: 'case_management',
    basis: 'public_task',
    source: 'Assistance Act, section 3',
    ago: 500,
  },
  {
    agency: 'victimsupport',
    purpose: 'statistics',
    basis: 'public_task',
    source: 'Assistance Act, section 9',
    ago: 300,
  },
]

/** Writes what the demonstration's agencies rest on beside consent, and who of them may share without it: supervisors. */
export async function writeBases(
  sql: postgres.TransactionSql,
  network: string,
  agencies: readonly LoadedAgency[],
): Promise<void> {
  const chance = new Chance(SEED)
  const ids = new Map(agencies.map(({ key, id }) => [key, id]))
  await sql`UPDATE network SET settings = settings || ${sql.json({ legalBases: ALLOWED })} WHERE id = ${network}`
  for (const said of BASES) {
    const agency = ids.get(said.agency)
    if (agency === undefined) throw new Error(`No agency ${said.agency} in the demonstration`)
    await sql`
      INSERT INTO lawful_basis (id, code, agency_id, purpose, to_kind, basis, categories, identity, source, set_by_id, set_at)
      VALUES (${newId()}, ${newCode('LBS', chance.draw)}, ${agency}, ${said.purpose}, ${said.to ?? null}, ${said.basis},
        ${sql.array([...(said.categories ?? [])])}::text[], ${said.identity ?? 'none'}, ${said.source},
        (SELECT id FROM member WHERE agency_id = ${agency} AND 'agency_admin' = ANY (roles) ORDER BY email LIMIT 1),
        date_trunc('day', now()) - make_interval(days => ${said.ago}) + interval '10 hours')`
  }
  await sql`
    INSERT INTO member_permission (agency_id, member_id, permission)
    SELECT m.agency_id, m.id, 'share_without_consent' FROM member m JOIN agency a ON a.id = m.agency_id
    WHERE a.network_id = ${network} AND 'supervisor' = ANY (m.roles)`
}
