import { z } from 'zod'

import type { CaseAudience } from '@/lib/cases/team-schema'
import type { CategoryKey } from '@/lib/mandate/categories'

import { recordCode } from '../fields'
import type { NeedState, Urgency } from '../needs/schema'
import type { ServiceDetailView, ServiceRecordView } from './schema'

/** A need that a service may serve. */
export type NeedChoice = {
  readonly code: string
  readonly category: CategoryKey
  readonly type: string | null
  readonly urgency: Urgency
  readonly state: NeedState
}

/** What is taken over from this member's last service on this case. */
export type LastTimeView = Pick<
  ServiceDetailView,
  'mode' | 'placeKind' | 'minutes' | 'interpreterUsed' | 'interpreterLanguage'
>

/** What the forms on a case start from. */
export type ServiceFormView = {
  readonly case: string
  readonly person: string
  /** Of the agency's zone. */
  readonly today: string
  readonly yesterday: string
  /** The last day of which a closed case takes an entry; null while it is open. */
  readonly closedOn: string | null
  readonly needs: readonly NeedChoice[]
  readonly lastTime: LastTimeView | null
  readonly audience: CaseAudience
}

export type CaseChoiceView = { readonly code: string; readonly person: string; readonly number: number }

/**
 * A service, and what the form that amends it starts from. On another agency's case no person and no team is known: those
 * read it who answer for the referral.
 */
export type AmendmentFormView = {
  readonly service: ServiceRecordView
  readonly form: Omit<ServiceFormView, 'person' | 'audience'> & {
    readonly person: string | null
    readonly audience: CaseAudience | null
  }
}

export const chooseCaseInput = z.strictObject({ code: recordCode })
export type ChooseCaseInput = z.infer<typeof chooseCaseInput>
