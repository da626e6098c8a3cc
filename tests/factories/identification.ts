import type postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { referForIdentificationInput } from '@/lib/referrals/identification/schema'
import { referForIdentification } from '@/lib/referrals/identification/service'
import type { ReferralView } from '@/lib/referrals/schema'
import type { Result } from '@/lib/platform/result'
import { openedCase, registeredPerson } from '@/tests/factories/cases'
import { listedService } from '@/tests/factories/directory'
import { office, type Office } from '@/tests/factories/office'
import { agreedTo, MARKERS } from '@/tests/factories/referrals'

/** An agency that helps, and its network's authority, whose first caseworker and colleague receive. No agreement is theirs. */
export type WithAuthority = {
  readonly harbour: Office
  readonly police: Office
  readonly service: { readonly id: string; readonly code: string }
}

export async function officeAndAuthority(owner: postgres.Sql): Promise<WithAuthority> {
  const harbour = await office(owner)
  const police = await office(owner, { network: harbour.admin.network, kind: 'government' })
  const service = await listedService(
    police,
    { name: 'Identification' },
    { receivers: [police.caseworker, police.colleague] },
  )
  await owner`UPDATE network SET identifying_agency_id = ${police.agency.id}, identifying_service_id = ${service.id} WHERE id = ${harbour.admin.network}`
  return { harbour, police, service }
}

/** A case whose person lets the authority know this much; returns its code and the consent's id. */
export async function caseToIdentify(
  owner: postgres.Sql,
  { harbour, police }: Pick<WithAuthority, 'harbour' | 'police'>,
  over: Parameters<typeof agreedTo>[3] = {},
): Promise<{ readonly case: string; readonly person: string; readonly consent: string }> {
  const person = await registeredPerson(harbour.caseworker, {
    identity: { names: [{ value: MARKERS.name }], phones: [{ value: MARKERS.phone }] },
    profile: { birth: { state: 'stated', value: 1996 }, gender: { state: 'stated', value: 'Feminine' } },
    safeContact: { channels: { text: { safe: true, from: '10:00', until: '14:00' } } },
  })
  const on = await openedCase(harbour.caseworker, { person })
  const consent = await agreedTo(owner, on.code, police, { purpose: 'identification', ...over })
  return { case: on.code, person, consent }
}

/** Asks the authority as a form does. */
export function asked(actor: Actor, input: Readonly<Record<string, unknown>>): Promise<Result<ReferralView>> {
  return referForIdentification(actor, referForIdentificationInput.parse(input))
}

/** A decision that fits. */
export const DECIDED = {
  decision: 'actual',
  decidingBody: 'Police',
  decidedOn: '2026-01-02',
  decisionReason: 'elements_established',
} as const
