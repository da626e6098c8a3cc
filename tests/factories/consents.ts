import type { Actor } from '@/lib/access/actor'
import {
  recordConsentInput,
  withdrawConsentInput,
  type ConsentView,
  type RecordConsentInput,
  type WithdrawConsentInput,
} from '@/lib/consent/schema'
import { recordConsent, withdrawConsent } from '@/lib/consent/service'
import type { Result } from '@/lib/platform/result'

import { valueOf } from './cases'

type Said = Omit<RecordConsentInput, 'purpose' | 'categories'> & Partial<RecordConsentInput>

/** An answer as a form or the API would send it, by default a yes to legal help from an organisation of the network. */
export function answer(actor: Actor, said: Said): Promise<Result<ConsentView>> {
  const receiver = said.agency === undefined && said.agencyKind === undefined ? { agencyKind: 'ngo' as const } : {}
  return recordConsent(
    actor,
    recordConsentInput.parse({ purpose: 'sharing', categories: ['legal'], ...receiver, ...said }),
  )
}

/** The same, which must be taken. */
export async function consented(actor: Actor, said: Said): Promise<ConsentView> {
  return valueOf(await answer(actor, said))
}

/** A person's word that they no longer agree. */
export function withdrawn(actor: Actor, said: WithdrawConsentInput): Promise<Result<ConsentView>> {
  return withdrawConsent(actor, withdrawConsentInput.parse(said))
}
