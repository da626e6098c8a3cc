import type postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { changeNetworkInput, type ChangeNetworkInput } from '@/lib/agencies/network-schema'

/** The key of an agency's network. */
export async function networkKeyOf(owner: postgres.Sql, agency: string): Promise<string> {
  const [row] = await owner<{ key: string }[]>`
    SELECT n.key FROM network n JOIN agency a ON a.network_id = n.id WHERE a.id = ${agency}`
  if (row === undefined) throw new Error('An agency without a network')
  return row.key
}

/** A change of a network as a form sends it, with what a test cares about in place of the usual. */
export function networkChange(
  network: string,
  version: number,
  over: Readonly<Record<string, unknown>> = {},
): ChangeNetworkInput {
  const referral = { acknowledge: '2', decide: '5' }
  const contact = (hours: string) => ({ hours, source: 'Protocol of 2026' })
  const consent = ['consent']
  return changeNetworkInput.parse({
    network,
    version: String(version),
    name: 'Test network',
    country: 'PT',
    timeZone: 'Europe/Lisbon',
    workingDays: ['1', '2', '3', '4', '5'],
    opens: '09:00',
    closes: '17:00',
    contactHours: { emergency: contact('24'), urgent: contact('72'), routine: contact('336') },
    referralLimits: { emergency: referral, urgent: referral, routine: referral },
    referralExpiry: '3',
    identification: { acknowledge: '2', decide: '6', reconsider: '10', source: 'Protocol of 2026' },
    legalBases: {
      case_management: consent,
      sharing: consent,
      statistics: consent,
      contact: consent,
      identification: consent,
      transfer: consent,
    },
    smallNumber: '10',
    ...over,
  })
}

/** The same member with a token of theirs instead of a session. */
export function withToken(actor: Actor): Actor {
  return { ...actor, credential: { kind: 'token', hash: Uint8Array.from(Buffer.alloc(32)) } }
}
